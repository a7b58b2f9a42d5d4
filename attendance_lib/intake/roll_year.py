"""Which school year the roll is of, by evidence: an MIS promotes its pupils in the summer, whatever the date of the last mark."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.errors import counted
from attendance_lib.intake.ledger import Finding, Ledger
from attendance_lib.intake.pupils import AGE_IN_YEAR_0, ages
from attendance_lib.intake.tables import TableRead
from attendance_lib.rules.calendar import AUGUST, school_year_of, year_from, year_in_words
from attendance_lib.rules.pupils import LAST_EARLY_YEAR

# So many of a roll are never one year out of step in one direction by themselves: three of four, and at least four.
MOST_OF, OUT_OF, FEWEST_OUT_OF_STEP = 3, 4, 4
# Dates of birth are evidence when half of the roll has one.
KNOWN_OF, OUT_OF_KNOWN = 1, 2
LAST_OF_AUGUST = 31
# In these months an MIS may promote its pupils.
SUMMER = (6, 7)


@dataclass(frozen=True, eq=False)
class RollYear:
    """A roll and the last register day of its marks.

    ``marks`` are MARKS of its pupils, ``newest_mark`` the day of the newest of all marks, also outside the calendar;
    ``strangers`` counts the pupils of the marks whom the roll does not have.
    """

    roll: TableRead
    last: date
    year_groups: Collection[int]
    marks: pd.DataFrame
    newest_mark: date
    strangers: int = 0

    def settle(self, ledger: Ledger) -> TableRead:
        """Return the roll with the year groups that its pupils were in on the last register day, or refuse it.

        Parameters
        ----------
        ledger : Ledger
            Where it is written what was found.

        Returns
        -------
        TableRead
            PUPILS. A roll of after the change of school year is shifted back by one where dates of birth prove it;
            one of before it lacks the new pupils and is refused, as is one that only its year groups give away.
        """
        if self.is_out_of_step(1) and self.has_no_eldest:
            self._refuse(self.years[0] - 1, "nobody of its highest year group has a mark in", ledger)
        elif self.is_out_of_step(1):
            ledger.find(self._finding(1, "older", "before", self.remedy))
        elif self.is_out_of_step(-1):
            return self._shifted(ledger)
        elif not self.is_known:
            self._settle_unknown(ledger)
        return self.roll

    def _settle_unknown(self, ledger: Ledger) -> None:
        """Refuse a roll without dates of birth whose year groups and marks give it away."""
        if self.has_no_eldest and self.strangers >= FEWEST_OUT_OF_STEP:
            self._refuse(self.years[0] - 1, "nobody of its highest year group has a mark in", ledger)
        elif self.has_no_youngest and self.may_be_promoted:
            self._refuse(
                self.years[0] + 1, "nobody of the lowest year group was on roll at the end of", ledger
            )

    def _refuse(self, year: int, why: str, ledger: Ledger) -> None:
        roll, marks = (year_in_words(year_from(first)) for first in (year, self.years[0]))
        message = (
            f"the pupils file is of {roll}, the marks end in {marks}: {why} {marks}, "
            f"so every year group would be a year wrong. {self.remedy}"
        )
        ledger.refuse(self.roll.finding("roll_of_another_year", self.is_staying, message))

    @property
    def remedy(self) -> str:
        """What to do."""
        return f"Export the pupils as they were on {self.last}, or the marks to the same day as the pupils."

    @cached_property
    def years(self) -> tuple[int, date]:
        """The first calendar year of the school year of the last register day, and the last day of that year."""
        first = int(school_year_of(self.last)[:4])
        return first, date(first + 1, AUGUST, LAST_OF_AUGUST)

    @property
    def newest_year(self) -> int:
        """The first calendar year of the school year of the newest mark."""
        return int(school_year_of(self.newest_mark)[:4])

    @cached_property
    def year(self) -> np.ndarray:
        """The year group of each enrolment as exported; missing where it has none or is of the early years."""
        year = self.roll.rows["year_group"].to_numpy(dtype=float, na_value=np.nan)
        return np.where(year > LAST_EARLY_YEAR, year, np.nan)

    @cached_property
    def step(self) -> np.ndarray:
        """How many years each enrolment is older than its year group; missing where either is not known."""
        age = ages(self.roll.rows["date_of_birth"], self.last).to_numpy(dtype=float, na_value=np.nan)
        return age - AGE_IN_YEAR_0 - self.year

    @cached_property
    def is_staying(self) -> np.ndarray:
        """Whether each enrolment goes on beyond the school year, so that a change of school year has promoted it."""
        leaving = self.roll.rows["leaving_date"]
        return (leaving.isna() | (leaving > pd.Timestamp(self.years[1]))).to_numpy()

    @cached_property
    def is_to_come(self) -> np.ndarray:
        """Whether each enrolment begins after the last register day."""
        return (self.roll.rows["admission_date"] > pd.Timestamp(self.last)).to_numpy()

    @cached_property
    def is_leaver(self) -> np.ndarray:
        """Whether each enrolment ended in the school year of the last register day."""
        begin = pd.Timestamp(self.years[0], AUGUST, 1)
        return (self.roll.rows["leaving_date"] >= begin).to_numpy() & ~self.is_staying

    @property
    def is_known(self) -> bool:
        """Return whether dates of birth are evidence about those staying."""
        known = (np.isfinite(self.step) & self.is_staying).sum()
        return bool(known >= FEWEST_OUT_OF_STEP and OUT_OF_KNOWN * known >= KNOWN_OF * self.is_staying.sum())

    @property
    def has_no_eldest(self) -> bool:
        """Whether the highest year group of the roll has marks, and none of the school year of the last register day."""
        highest = self.roll.rows["pupil_id"][
            self.is_staying & (self.year == np.nanmax(self.year, initial=LAST_EARLY_YEAR))
        ]
        theirs = self.marks[self.marks["pupil_id"].isin(highest)]
        begin = pd.Timestamp(self.years[0], AUGUST, 1)
        return theirs["pupil_id"].nunique() >= FEWEST_OUT_OF_STEP and not (theirs["date"] >= begin).any()

    @property
    def has_no_youngest(self) -> bool:
        """Whether nobody on roll on the last register day is in the lowest year group of the school, and some in the highest."""
        here = self.year[~self.is_to_come & self.is_staying]
        return min(self.year_groups) not in here and max(self.year_groups) in here

    @property
    def may_be_promoted(self) -> bool:
        """Whether marks or pupils of the next school year are there already, or the marks end in its last months."""
        is_over = self.newest_year > self.years[0] or self.last.month in SUMMER
        return is_over or self.is_to_come.sum() >= FEWEST_OUT_OF_STEP

    def is_out_of_step(self, years: int, among: np.ndarray | None = None) -> bool:
        """Whether most of those staying, or of others (boolean), are so many years older than their year group."""
        known = np.isfinite(self.step) & (self.is_staying if among is None else among)
        count = int((known & (self.step == years)).sum())
        return bool(count >= FEWEST_OUT_OF_STEP and OUT_OF * count >= MOST_OF * known.sum())

    def _finding(self, years: int, side: str, which: str, remedy: str) -> Finding:
        known = np.isfinite(self.step) & self.is_staying
        where = known & (self.step == years)
        message = (
            f"{int(where.sum()):,} of {counted(int(known.sum()), 'pupil')} are a year {side} than their year group: "
            f"the roll seems to be of {which} the change of school year, and the marks not. {remedy}"
        )
        return self.roll.finding("roll_of_another_year", where, message)

    def _shifted(self, ledger: Ledger) -> TableRead:
        """Return the roll a year back; those who come later stay as they are, and who left, unless they too are out of step."""
        leavers = self.is_leaver & self.is_out_of_step(-1, self.is_leaver)
        moved = ((self.is_staying & ~self.is_to_come) | leavers) & np.isfinite(self.year)
        roll, marks = (year_in_words(year_from(first)) for first in (self.years[0] + 1, self.years[0]))
        done = (
            f"The pupils file is of {roll}, the marks end in {marks}, so the year groups of "
            f"{counted(int(moved.sum()), 'enrolment')} were taken as one lower; forms are as exported. {self.remedy}"
        )
        ledger.find(self._finding(-1, "younger", "after", done))
        rows = self.roll.rows.assign(year_group=self.roll.rows["year_group"] - moved.astype(int))
        return TableRead(rows, self.roll.files, self.roll.numbers)
