"""The spans of a half-termly report: the half term before, the same point of up to three earlier years, and whole years."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.cohorts import LAST_YEAR_GROUP
from attendance_lib.analysis.periods import Periods, year_before
from attendance_lib.register import CLOSED, Register
from attendance_lib.rules.bank_holidays import last_monday

EARLIER_YEARS = 3
MAY, OCTOBER = 5, 10


@dataclass(frozen=True, eq=False)
class HalfTerms:
    """A half term (or the part of one) and what it is compared with, for the enrolments selected."""

    periods: Periods

    @property
    def school_year(self) -> str:
        """The school year of the half term, such as "202627"."""
        return self.periods.current.sessions["school_year"].iloc[-1]

    @cached_property
    def previous(self) -> Register:
        """The half term before, in its own school year's year groups; no sessions where the register begins later.

        Across school years it holds other children: it serves to follow the same ones, not to compare rates.
        """
        register = self.periods.register
        earlier = register.where_sessions(register.sessions["date"] < self._first_day)
        if earlier.sessions.empty:
            return earlier
        last = earlier.sessions.iloc[-1]
        kept = earlier.where_sessions(earlier.sessions["half_term"] == last["half_term"])
        return self.periods.selection.of(kept.in_school_year(last["school_year"]))

    @cached_property
    def previous_of_year(self) -> Register:
        """The half term before in the same school year, whose rates may stand beside this one's; no sessions without one."""
        before = self.previous
        return before.where_sessions(
            (before.sessions["school_year"] == self.school_year).to_numpy(dtype=bool)
        )

    @property
    def _first_day(self) -> np.datetime64:
        return self.periods.current.sessions["date"].iloc[0]

    @cached_property
    def earlier_years(self) -> tuple[Periods, ...]:
        """The same half term of up to three earlier school years that the register holds, the latest first."""
        found: list[Periods] = []
        here = self.periods
        while len(found) < EARLIER_YEARS and len(here.last_year.sessions):
            then = here.last_year
            here = replace(here, date_from=then.first_date, date_to=then.last_date)
            found.append(here)
        return tuple(found)

    @cached_property
    def whole_years(self) -> dict[str, Register]:
        """Each earlier school year that the register holds from its first half term to its last, as the census counts it."""
        year, found = year_before(self.school_year), {}
        while len(found) < EARLIER_YEARS and is_held_whole(self.periods.register.sessions, year):
            found[year] = census_year(self.periods.selection.of(self.periods.register.in_school_year(year)))
            year = year_before(year)
        return found


def is_held_whole(sessions: pd.DataFrame, school_year: str) -> bool:
    """Whether sessions reach from September of a school year to after its spring bank holiday, however its terms are called."""
    days = sessions.loc[sessions["school_year"] == school_year, "date"]
    start = int(school_year[:4])
    return (
        bool(len(days))
        and days.min() < pd.Timestamp(start, OCTOBER, 1)
        and days.max() > spring_bank_holiday(start + 1)
    )


def spring_bank_holiday(year: int) -> pd.Timestamp:
    """Return the last Monday in May, after which DfE's last half term of a school year begins.

    Examples
    --------
    >>> spring_bank_holiday(2026)
    Timestamp('2026-05-25 00:00:00')
    """
    return pd.Timestamp(last_monday(year, MAY))


def census_year(register: Register) -> Register:
    """Return a school year as the census statistics count it: without Year 11 in the last half term.

    Notes
    -----
    DfE's full-year statistics leave out the sessions of 15-year-olds after the spring bank holiday, when
    most are on study leave or have left. Source: DfE, Pupil absence in schools in England, methodology; NCER.
    """
    leaves = (register.pupils["year_group"] == LAST_YEAR_GROUP).fillna(value=False).to_numpy(dtype=bool)
    late = (register.sessions["date"] > spring_bank_holiday(register.last_date.year)).to_numpy()
    codes = np.where(leaves[:, None] & late[None, :], np.uint8(CLOSED), register.codes)
    return replace(register, codes=codes)
