"""What the governor report is worked out from: pupils' own figures, which nothing but the disclosure step may read."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.flows import Standing, flows
from attendance_lib.analysis.gaps import Spans, group_gaps
from attendance_lib.analysis.half_terms import HalfTerms
from attendance_lib.analysis.periods import Periods
from attendance_lib.register import Register
from attendance_lib.sections.pack import Pack

YES = "yes"


@dataclass(frozen=True, eq=False)
class Workings:
    """A pack seen as a governor report: its half term, what that is compared with, and who is counted."""

    pack: Pack

    @property
    def level(self) -> int:
        """The smallest count that may be shown besides 0, as the school file says."""
        return self.pack.school.settings.rules.suppression_level

    @cached_property
    def periods(self) -> Periods:
        """The half term of the cohort, compared with half terms of other years by their own dates."""
        days = self.pack.school.calendar.open_sessions.groupby("half_term")["date"].max()
        ends = {name: day.date() for name, day in days.items()}
        return replace(self.pack.periods, half_term_ends=ends)

    @cached_property
    def half_terms(self) -> HalfTerms:
        """The half term before, earlier years and whole years."""
        return HalfTerms(self.periods)

    @cached_property
    def has_last_year(self) -> bool:
        """Whether the exports hold the same half term of last year."""
        return bool(len(self.periods.last_year.sessions))

    @cached_property
    def compared(self) -> Register:
        """What the half term is compared with: the same one last year, or where that is not held the one before."""
        return self.periods.last_year if self.has_last_year else self.half_terms.previous

    @cached_property
    def compared_to_date(self) -> Register:
        """What the year to date is compared with: the same point last year, or the end of the half term before."""
        return self.periods.last_year_to_date if self.has_last_year else self.periods.year_to_previous

    @cached_property
    def spans(self) -> Spans:
        """Every enrolment over every span that groups are compared over."""
        registers = (
            self.periods.current, self.compared, self.periods.year_to_date, self.compared_to_date,
        )  # fmt: skip
        return Spans.of(*registers)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Every group against everyone else, one row each (fractions; see ``analysis/gaps.py``)."""
        return group_gaps(self.spans)

    @cached_property
    def flow_from(self) -> Register:
        """Where enrolments are followed from: the end of the last half term, which may be of the last school year."""
        if len(self.periods.year_to_previous.sessions):
            return self.periods.year_to_previous
        before = self.half_terms.previous
        if before.sessions.empty:
            return before
        return self.periods.selection.of(self.periods.register.year_to_date(before.last_date))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Who joined, left and stayed in persistent and severe absence: one row per line, counts at two days (see ``flows``)."""
        return flows(Standing.at(self.flow_from), Standing.at(self.periods.year_to_date))

    @cached_property
    def members(self) -> np.ndarray:
        """Whether each enrolment of the whole register is of the cohort, on whatever basis (boolean, one per row)."""
        return self.periods.selection.meets_conditions(self.pack.register.pupils)

    @cached_property
    def everyone(self) -> dict[str, str]:
        """The coordinates of everybody counted: nothing for the whole school, else the cohort's conditions."""
        cohort = self.pack.cohort
        if any(len(values) > 1 for values in cohort.where.values()):
            return {"cohort": cohort.name}
        return {column: coordinate_of(values[0]) for column, values in cohort.where.items()}

    @cached_property
    def at_end(self) -> dict[str, str]:
        """The coordinates of everybody counted in the year to date."""
        return self.everyone | as_at(self.periods.date_to)

    def then(self, register: Register) -> dict[str, str]:
        """Return the coordinates of everybody counted in a year to an earlier date (any date where there is none)."""
        return self.everyone | as_at(register.last_date if len(register.sessions) else date.min)


def as_at(day: date) -> dict[str, str]:
    """Return the coordinate of a year to date.

    Examples
    --------
    >>> as_at(date(2026, 10, 23))
    {'as_at': '2026-10-23'}
    """
    return {"as_at": day.isoformat()}


def coordinate_of(value: object) -> str:
    """Return a value as coordinates write it.

    Examples
    --------
    >>> coordinate_of(True), coordinate_of(7), coordinate_of("K")
    ('yes', '7', 'K')
    """
    if isinstance(value, bool):
        return YES if value else "no"
    return str(value)
