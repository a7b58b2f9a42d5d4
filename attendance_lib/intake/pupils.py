"""The roll: one row an enrolment, checked for what cannot be so. Messages give row numbers, never a pupil's details."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.ledger import Finding, Ledger, Repair, Severity
from attendance_lib.intake.schema import PUPILS
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.tables import TableRead, read_table
from attendance_lib.rules.calendar import AUGUST, school_year_of, year_from, year_in_words
from attendance_lib.rules.pupils import LAST_EARLY_YEAR

YOUNGEST, OLDEST = 2, 19
AGE_IN_YEAR_0 = 4
YEARS_OUT_OF_STEP = 1
# Ours: more brothers and sisters at one school than any list of families has.
LARGEST_FAMILY = 12
ALWAYS, STILL = pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01")
# Pupils' ages are taken on 31 August, the day before a school year begins (DfE, School census guide).
AGE_MONTH, AGE_DAY = 8, 31


def read_pupils(
    sources: Iterable[Source], ledger: Ledger, school_days: Collection[date] = ()
) -> TableRead | None:
    """Read the roll and refuse enrolments that cannot be so.

    Parameters
    ----------
    sources : iterable of Source
        The files of pupils.
    ledger : Ledger
        Where findings and refusals are written.
    school_days : collection of datetime.date
        The days on which the school is open (see ``read_table``).

    Returns
    -------
    TableRead or None
        PUPILS, one row an enrolment, ordered by identifier and admission; None without a readable file.
    """
    read = read_table(PUPILS, sources, ledger, school_days)
    if read is None or not len(read.rows):
        return None
    _report_year_codes(read.rows["year_group"], ledger)
    roll = _ordered(_without_repeats(_with_one_spelling_of_forms(read, ledger), ledger))
    roll = _without_large_families(roll, ledger)
    _refuse_impossible_dates(roll, ledger)
    _refuse_overlaps(roll, ledger)
    return roll


def with_plain_years(pupils: pd.DataFrame) -> pd.DataFrame:
    """Return PUPILS (one row per enrolment) with plain whole numbers for year groups, unless a pupil is in none.

    Examples
    --------
    >>> rolls = [pd.DataFrame({"year_group": pd.array(years, dtype="Int64")}) for years in ([7, 8], [7, None])]
    >>> [str(with_plain_years(roll)["year_group"].dtype) for roll in rolls]
    ['int64', 'Int64']
    """
    return pupils if pupils["year_group"].isna().any() else pupils.astype({"year_group": "int64"})


def _report_year_codes(years: pd.Series, ledger: Ledger) -> None:
    """Write down what became of the School Census's codes for pupils in no year group and in the early years."""
    early = years[years <= LAST_EARLY_YEAR].dropna()
    for rule, count, message in (
        (
            "without_year_group",
            int(years.isna().sum()),
            "year group X: in no year group, counted in the whole school and in no year's row",
        ),
        ("early_years", len(early), "year groups E1 and E2 were read as the years before nursery"),
    ):
        ledger.repair(Repair(rule, "", count, message))


# What is odd of pupils' ages, by its rule: the words for one, for several, and what is wrong with what remedy.
ODD_AGES = {
    "impossible_age": (
        "would be", "would be", f"younger than {YOUNGEST} or older than {OLDEST}. Correct date_of_birth.",
    ),
    "age_against_year": ("is", "are", "more than a year out of step with the year group. Check both."),
    "year_group_elsewhere": ("is", "are", "in a year group that the school file does not name. Check year_group."),
}  # fmt: skip


def check_ages(roll: TableRead, on: date, year_groups: Iterable[int], ledger: Ledger) -> None:
    """Write down pupils whose age or year group cannot be right.

    Parameters
    ----------
    roll : TableRead
        PUPILS.
    on : datetime.date
        The last date of the marks; ages are taken on the 31 August before it.
    year_groups : iterable of int
        The school's year groups.
    ledger : Ledger
        Where findings are written.

    Examples
    --------
    >>> born = pd.to_datetime(["2012-03-01", "2012-03-01"])  # both 14 on 31 August 2026, and so of Year 10
    >>> rows = pd.DataFrame({"date_of_birth": born, "year_group": [10, 8], "leaving_date": pd.NaT})
    >>> ledger = Ledger()
    >>> check_ages(TableRead(rows, np.array(["roll.csv"] * 2), np.array([2, 3])), date(2026, 11, 20), range(7, 12), ledger)
    >>> print(*ledger.findings)
    roll.csv, row 3: 1 pupil is more than a year out of step with the year group. Check both.
    """
    for rule, where in _odd_ages(roll.rows, on, year_groups).items():
        if where.any():
            *verb, what = ODD_AGES[rule]
            count = int(where.sum())
            message = f"{counted(count, 'pupil')} {in_number(count, *verb)} {what}"
            ledger.find(roll.finding(rule, where, message))


def _odd_ages(pupils: pd.DataFrame, on: date, year_groups: Iterable[int]) -> dict[str, np.ndarray]:
    """Return by rule which enrolments (boolean) are odd; an age that is impossible is not compared with the year group."""
    age = ages(pupils["date_of_birth"], on).to_numpy()
    year = pupils["year_group"].to_numpy(dtype=float, na_value=np.nan)
    is_plain = year > LAST_EARLY_YEAR
    impossible = (age < YOUNGEST) | (age > OLDEST)
    is_here = pupils["leaving_date"].isna().to_numpy()
    is_far = np.abs(age - AGE_IN_YEAR_0 - year) > YEARS_OUT_OF_STEP
    return {
        "impossible_age": impossible,
        "age_against_year": ~impossible & is_here & is_plain & is_far,
        "year_group_elsewhere": is_plain & ~np.isin(year, list(year_groups)),
    }


def ages(date_of_birth: pd.Series, on: date) -> pd.Series:
    """Return ages (one per row) in whole years on the 31 August on or before a day (missing where the birth date is).

    Examples
    --------
    >>> ages(pd.Series(pd.to_datetime(["2013-08-31", "2013-09-01"])), date(2026, 2, 13)).tolist()
    [12, 11]
    """
    year = on.year if (on.month, on.day) >= (AGE_MONTH, AGE_DAY) else on.year - 1
    born = date_of_birth.dt
    had_no_birthday = (born.month > AGE_MONTH) & born.month.notna()
    return year - born.year - had_no_birthday.astype(int)


def _with_one_spelling_of_forms(read: TableRead, ledger: Ledger) -> TableRead:
    """Write a form such as 07A as 7A where the roll has both: they are one form in two reports of SIMS."""
    forms = read.rows["form"]
    bare = forms.str.removeprefix("0")
    is_other = (forms.notna() & (forms != bare)).astype(bool) & bare.isin(forms)
    message = "forms were written with and without a leading zero, and were given the spelling without"
    ledger.repair(Repair("form_spelling", "", int(is_other.sum()), message))
    rows = read.rows.assign(form=forms.mask(is_other, bare))
    return TableRead(rows, read.files, read.numbers)


def _without_large_families(read: TableRead, ledger: Ledger) -> TableRead:
    """Take as unknown a family that more pupils share than any has, such as "none": of them nothing is told as of a family."""
    family = read.rows["family_id"]
    size = read.rows["pupil_id"].groupby(family).transform("nunique")
    wrong = (size > LARGEST_FAMILY).to_numpy(dtype=bool)
    if wrong.any():
        rows = counted(int(wrong.sum()), "row")
        message = (
            f"a family_id is shared by more than {LARGEST_FAMILY} pupils, and so no family's ({rows}). It is taken as missing; "
            "leave it empty where it is not known, and export again."
        )
        ledger.find(read.finding("family_too_large", wrong, message))
    return TableRead(read.rows.assign(family_id=family.mask(wrong)), read.files, read.numbers)


def _without_repeats(read: TableRead, ledger: Ledger) -> TableRead:
    repeats = read.rows.duplicated().to_numpy()
    ledger.repair(
        Repair(
            "repeated_pupils",
            "",
            int(repeats.sum()),
            "rows of pupils that repeat another row in full were dropped",
        )
    )
    return read.where(~repeats)


def _ordered(read: TableRead) -> TableRead:
    order = read.rows.sort_values(["pupil_id", "admission_date"], kind="stable").index.to_numpy()
    return TableRead(read.rows.iloc[order].reset_index(drop=True), read.files[order], read.numbers[order])


def _refuse_impossible_dates(roll: TableRead, ledger: Ledger) -> None:
    backwards = (roll.rows["leaving_date"] < roll.rows["admission_date"]).to_numpy()
    if backwards.any():
        rows = counted(int(backwards.sum()), "row")
        message = f"leaving_date is before admission_date ({rows}). Correct one of the two and export again."
        ledger.refuse(roll.finding("leaves_before_admission", backwards, message))


def _refuse_overlaps(roll: TableRead, ledger: Ledger) -> None:
    """Refuse a pupil with two enrolments at once; one after the other is how a pupil comes back."""
    same = roll.rows["pupil_id"].eq(roll.rows["pupil_id"].shift())
    earlier_end = roll.rows["leaving_date"].fillna(STILL).groupby(roll.rows["pupil_id"]).cummax().shift()
    overlaps = (same & (roll.rows["admission_date"].fillna(ALWAYS) <= earlier_end)).to_numpy()
    if overlaps.any():
        rows = counted(int(overlaps.sum()), "row")
        message = (
            f"the pupil_id stands in another row too, and the two are on roll at the same time ({rows}). "
            "Keep one row a pupil, or give the leaving_date of the earlier enrolment."
        )
        ledger.refuse(roll.finding("overlapping_enrolments", overlaps, message))


def never_on_roll(roll: TableRead, strangers: Iterable[str]) -> Finding | None:
    """Return a finding about rows of pupils none of whose marks is of a day on which the roll has them; None without any.

    Examples
    --------
    >>> roll = TableRead(pd.DataFrame({"pupil_id": ["12", "13"]}), np.array(["roll.csv"] * 2), np.array([2, 3]))
    >>> str(never_on_roll(roll, ["13"])).partition(" all of")[0], never_on_roll(roll, [])
    ('roll.csv, row 3: 1 row is of a pupil', None)
    """
    where = roll.rows["pupil_id"].isin(list(strangers)).to_numpy()
    if not where.any():
        return None
    rows = counted(int(where.sum()), "row is of a pupil", "rows are of pupils")
    message = (
        f"{rows} all of whose marks are before admission_date or after leaving_date, so that one of the two cannot be right. "
        "Correct the dates in the roll."
    )
    return roll.finding("never_on_roll", where, message)


def without_marks(roll: TableRead, marked: pd.Index) -> Finding | None:
    """Return a finding about pupils on the roll who have no mark at all, None if there are none.

    Examples
    --------
    >>> roll = TableRead(pd.DataFrame({"pupil_id": ["12", "13"]}), np.array(["roll.csv"] * 2), np.array([2, 3]))
    >>> print(without_marks(roll, pd.Index(["12"])))
    roll.csv, row 3, column 'pupil_id': 1 enrolment has no mark at all. Check that the marks cover every year group and form.
    """
    bare = ~np.isin(roll.rows["pupil_id"], marked)
    if not bare.any():
        return None
    enrolments = counted(int(bare.sum()), "enrolment has", "enrolments have")
    message = f"{enrolments} no mark at all. Check that the marks cover every year group and form."
    return Finding("pupils_without_marks", Severity.MUST, message, str(roll.files[np.argmax(bare)]), "pupil_id", int(bare.sum()),
                   int(roll.numbers[np.argmax(bare)]))  # fmt: skip


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
        """What to do.

        Examples
        --------
        >>> RollYear(None, date(2026, 7, 17), (7,), None, date(2026, 7, 17)).remedy
        'Export the pupils as they were on 2026-07-17, or the marks to the same day as the pupils.'
        """
        return f"Export the pupils as they were on {self.last}, or the marks to the same day as the pupils."

    @cached_property
    def years(self) -> tuple[int, date]:
        """The first calendar year of the school year of the last register day, and the last day of that year.

        Examples
        --------
        >>> [RollYear(None, day, (7,), None, day).years[0] for day in (date(2026, 7, 31), date(2026, 8, 1))]
        [2025, 2026]
        """
        first = int(school_year_of(self.last)[:4])
        return first, date(first + 1, AUGUST, LAST_OF_AUGUST)

    @property
    def newest_year(self) -> int:
        """The first calendar year of the school year of the newest mark.

        Examples
        --------
        >>> RollYear(None, date(2026, 7, 17), (7,), None, date(2026, 9, 4)).newest_year  # no register of it yet
        2026
        """
        return int(school_year_of(self.newest_mark)[:4])

    @cached_property
    def year(self) -> np.ndarray:
        """The year group of each enrolment (row) as exported; missing where it has none or is of the early years.

        Examples
        --------
        >>> roll = TableRead(pd.DataFrame({"year_group": pd.array([7, None, -3], dtype="Int64")}), None, None)
        >>> RollYear(roll, date(2026, 11, 20), (7,), None, date(2026, 11, 20)).year.tolist()
        [7.0, nan, nan]
        """
        year = self.roll.rows["year_group"].to_numpy(dtype=float, na_value=np.nan)
        return np.where(year > LAST_EARLY_YEAR, year, np.nan)

    @cached_property
    def step(self) -> np.ndarray:
        """How many years each enrolment (row) is older than its year group; missing where either is not known.

        Examples
        --------
        >>> born = pd.to_datetime(["2015-08-31", "2014-08-31", None])
        >>> rows = pd.DataFrame({"date_of_birth": born, "year_group": pd.array([7] * 3, dtype="Int64")})
        >>> RollYear(TableRead(rows, None, None), date(2026, 11, 20), (7,), None, date(2026, 11, 20)).step.tolist()
        [0.0, 1.0, nan]
        """
        age = ages(self.roll.rows["date_of_birth"], self.last).to_numpy(dtype=float, na_value=np.nan)
        return age - AGE_IN_YEAR_0 - self.year

    @cached_property
    def is_staying(self) -> np.ndarray:
        """Whether each enrolment (row) goes on beyond the school year, so that a change of school year has promoted it.

        Examples
        --------
        >>> leaving = pd.to_datetime([None, "2026-07-17", "2027-07-16", "2027-09-01"])
        >>> roll = TableRead(pd.DataFrame({"leaving_date": leaving}), None, None)
        >>> RollYear(roll, date(2026, 11, 20), (7,), None, date(2026, 11, 20)).is_staying.tolist()
        [True, False, False, True]
        """
        leaving = self.roll.rows["leaving_date"]
        return (leaving.isna() | (leaving > pd.Timestamp(self.years[1]))).to_numpy()

    @cached_property
    def is_to_come(self) -> np.ndarray:
        """Whether each enrolment (row) begins after the last register day.

        Examples
        --------
        >>> roll = TableRead(pd.DataFrame({"admission_date": pd.to_datetime(["2026-11-20", "2026-11-23", None])}), None, None)
        >>> RollYear(roll, date(2026, 11, 20), (7,), None, date(2026, 11, 20)).is_to_come.tolist()
        [False, True, False]
        """
        return (self.roll.rows["admission_date"] > pd.Timestamp(self.last)).to_numpy()

    @cached_property
    def is_leaver(self) -> np.ndarray:
        """Whether each enrolment (row) ended in the school year of the last register day.

        Examples
        --------
        >>> leaving = pd.to_datetime([None, "2026-07-17", "2026-10-23", "2027-09-01"])
        >>> roll = TableRead(pd.DataFrame({"leaving_date": leaving}), None, None)
        >>> RollYear(roll, date(2026, 11, 20), (7,), None, date(2026, 11, 20)).is_leaver.tolist()
        [False, False, True, False]
        """
        begin = pd.Timestamp(self.years[0], AUGUST, 1)
        return (self.roll.rows["leaving_date"] >= begin).to_numpy() & ~self.is_staying

    @property
    def is_known(self) -> bool:
        """Return whether dates of birth are evidence about those staying.

        Examples
        --------
        >>> rows = pd.DataFrame({"date_of_birth": pd.to_datetime(["2015-03-02"] * 4 + [None] * 5), "leaving_date": pd.NaT})
        >>> rows["year_group"] = pd.array([7] * 9, dtype="Int64")
        >>> rolls = [TableRead(rows.head(count), None, None) for count in (8, 9)]  # half of the roll has a date of birth, or less
        >>> [RollYear(roll, date(2026, 11, 20), (7,), None, date(2026, 11, 20)).is_known for roll in rolls]
        [True, False]
        """
        known = (np.isfinite(self.step) & self.is_staying).sum()
        return bool(known >= FEWEST_OUT_OF_STEP and OUT_OF_KNOWN * known >= KNOWN_OF * self.is_staying.sum())

    @property
    def has_no_eldest(self) -> bool:
        """Whether the highest year group of the roll has marks, and none of the school year of the last register day.

        Examples
        --------
        >>> marks = pd.DataFrame({"pupil_id": list("abcd"), "date": pd.Timestamp("2026-07-17"), "leaving_date": pd.NaT})
        >>> roll = TableRead(marks.assign(year_group=pd.array([11] * 4, dtype="Int64")), None, None)
        >>> lasts = (date(2026, 7, 17), date(2026, 9, 4))  # in September those of last year's year 11 have no mark
        >>> [bool(RollYear(roll, last, (7, 11), marks, last).has_no_eldest) for last in lasts]
        [False, True]
        """
        highest = self.roll.rows["pupil_id"][
            self.is_staying & (self.year == np.nanmax(self.year, initial=LAST_EARLY_YEAR))
        ]
        theirs = self.marks[self.marks["pupil_id"].isin(highest)]
        begin = pd.Timestamp(self.years[0], AUGUST, 1)
        return theirs["pupil_id"].nunique() >= FEWEST_OUT_OF_STEP and not (theirs["date"] >= begin).any()

    @property
    def has_no_youngest(self) -> bool:
        """Whether nobody on roll on the last register day is in the lowest year group of the school, and some in the highest.

        Examples
        --------
        >>> rows = pd.DataFrame({"admission_date": pd.to_datetime(["2026-09-03", None]), "leaving_date": pd.NaT})
        >>> roll = TableRead(rows.assign(year_group=pd.array([7, 11], dtype="Int64")), None, None)
        >>> lasts = (date(2026, 7, 17), date(2026, 9, 4))  # in July the year 7 of the roll is to come
        >>> [RollYear(roll, last, (7, 11), None, last).has_no_youngest for last in lasts]
        [True, False]
        """
        here = self.year[~self.is_to_come & self.is_staying]
        return min(self.year_groups) not in here and max(self.year_groups) in here

    @property
    def may_be_promoted(self) -> bool:
        """Whether marks or pupils of the next school year are there already, or the marks end in its last months.

        Examples
        --------
        >>> roll = TableRead(pd.DataFrame({"admission_date": pd.to_datetime([None])}), None, None)
        >>> may, june, september = date(2026, 5, 22), date(2026, 6, 1), date(2026, 9, 4)
        >>> ends = ((may, may), (may, september), (june, june))  # the last register, and the newest mark
        >>> [bool(RollYear(roll, last, (7,), None, newest).may_be_promoted) for last, newest in ends]
        [False, True, True]
        """
        is_over = self.newest_year > self.years[0] or self.last.month in SUMMER
        return is_over or self.is_to_come.sum() >= FEWEST_OUT_OF_STEP

    def is_out_of_step(self, years: int, among: np.ndarray | None = None) -> bool:
        """Whether most of those staying, or of others (boolean, one a row), are so many years older than their year group.

        Examples
        --------
        Three of three are too few; four of five are most, four of six are not.

        >>> rows = pd.DataFrame({"date_of_birth": pd.to_datetime(["2014-08-31"] * 4 + ["2015-08-31"] * 2), "leaving_date": pd.NaT})
        >>> rows["year_group"] = pd.array([7] * 6, dtype="Int64")
        >>> rolls = [TableRead(rows.head(count), None, None) for count in (3, 5, 6)]
        >>> [RollYear(roll, date(2026, 11, 20), (7,), None, date(2026, 11, 20)).is_out_of_step(1) for roll in rolls]
        [False, True, False]
        """
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
