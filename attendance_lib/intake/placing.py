"""Whose mark it is, when a marks file names pupils in another way than the roll does."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.ledger import Finding, Ledger, Repair, Severity
from attendance_lib.intake.reconcile import Place, Reconciled
from attendance_lib.rules.calendar import SchoolCalendar, school_year_of, year_in_words
from attendance_lib.rules.codes import CODES, Category
from attendance_lib.rules.thresholds import OUT_OF, REGISTER_TAKEN


@dataclass(frozen=True)
class Identified:
    """The roll's identifier for each name used in the marks, and how many names needed which repair."""

    pupil_id: dict[str, str]
    by_upn: int
    by_zeros: int


def identify(used: Iterable[str], pupils: pd.DataFrame) -> Identified:
    """Match the identifiers used in marks with the roll's (PUPILS, one row per enrolment).

    Parameters
    ----------
    used : iterable of str
        The distinct identifiers of the marks.
    pupils : pandas.DataFrame
        PUPILS of one or several school years.

    Returns
    -------
    Identified
        First the identifier as it is, then the unique pupil number in any case, then the identifier without the
        leading zeros that a spreadsheet drops; the last two only where one pupil alone fits.

    Examples
    --------
    >>> roll = pd.DataFrame({"pupil_id": ["003400", "003401"], "upn": ["A1", "A2"]})
    >>> identify(["003400", "3401", "A1", "9"], roll).pupil_id
    {'003400': '003400', '3401': '003401', 'A1': '003400'}
    """
    ids = pupils["pupil_id"].drop_duplicates()
    numbered = pupils.dropna(subset="upn").drop_duplicates(["pupil_id", "upn"])
    by_upn = _whose_alone(numbered["upn"].str.upper(), numbered["pupil_id"])
    by_zeros = _whose_alone(ids.str.lstrip("0"), ids)
    known = set(ids)
    upn = {name: by_upn[name.upper()] for name in used if name not in known and name.upper() in by_upn}
    zeros = {
        name: by_zeros[short]
        for name in used
        if name not in known | upn.keys() and (short := name.lstrip("0")) in by_zeros
    }
    return Identified({name: name for name in used if name in known} | zeros | upn, len(upn), len(zeros))


def _whose_alone(names: pd.Series, ids: pd.Series) -> dict[str, str]:
    """Return the pupil of each name that one pupil alone has."""
    counts = Counter(names)
    return {name: pupil for name, pupil in zip(names, ids, strict=True) if counts[name] == 1}


# Whether a mark's session was open by the calendar, and whether its pupil was on roll


class SchoolOpen(IntEnum):
    """A session by the calendar; ``PARTLY`` if it was closed for some year groups."""

    CLOSED = 0
    PARTLY = 1
    OPEN = 2


def find_school_open(marks: pd.DataFrame, calendar: SchoolCalendar) -> np.ndarray:
    """Return whether the school was open in each mark's session.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS.
    calendar : SchoolCalendar
        The school's calendar.

    Returns
    -------
    numpy.ndarray
        ``SchoolOpen`` numbers, shape (marks,).

    Examples
    --------
    >>> from attendance_lib.rules.calendar import Closure, HalfTerm, Term
    >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),))
    >>> calendar = SchoolCalendar((autumn,), closures=(Closure(date(2026, 11, 4), year_groups=(7,)),))
    >>> marks = pd.DataFrame({"date": pd.to_datetime(["2026-11-01", "2026-11-03", "2026-11-04"]), "session": "AM"})
    >>> [SchoolOpen(number).name for number in find_school_open(marks, calendar)]
    ['CLOSED', 'OPEN', 'PARTLY']
    """
    sessions = calendar.open_sessions
    partly = sessions["closed_year_groups"].map(len).to_numpy() > 0
    numbers = session_numbers(sessions["date"], sessions["session"])
    wanted = session_numbers(marks["date"], marks["session"])
    school_open = np.full(len(marks), SchoolOpen.CLOSED)
    school_open[np.isin(wanted, numbers)] = SchoolOpen.OPEN
    school_open[np.isin(wanted, numbers[partly])] = SchoolOpen.PARTLY
    return school_open


def is_open_to(
    rows: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar, school_open: np.ndarray
) -> np.ndarray:
    """Return whether each row's session was open to the year group that its pupil was in at the time.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``pupil_id``, ``date`` and ``session``; the pupils are in ``pupils``.
    pupils : pandas.DataFrame
        PUPILS.
    calendar : SchoolCalendar
        The school's calendar.
    school_open : numpy.ndarray
        ``find_school_open`` of the rows.

    Returns
    -------
    numpy.ndarray
        Boolean, shape (rows,).
    """
    is_open = school_open == SchoolOpen.OPEN
    partly = np.flatnonzero(school_open == SchoolOpen.PARTLY)
    if len(partly):
        is_open[partly] = _is_open_partly(rows.iloc[partly], pupils, calendar)
    return is_open


def _is_open_partly(rows: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> list[bool]:
    sessions = calendar.open_sessions
    numbers = session_numbers(sessions["date"], sessions["session"])
    closed_to = dict(zip(numbers.tolist(), sessions["closed_year_groups"], strict=True))
    # The roll has the year group that a pupil is in now; a year earlier it was the one before.
    starts = sessions.assign(start=sessions["school_year"].str[:4].astype(int))
    start_of = dict(zip(numbers.tolist(), starts["start"].tolist(), strict=True))
    latest = starts.loc[starts["date"] <= rows["date"].max(), "start"].max()
    year_of = pupils.drop_duplicates("pupil_id", keep="last").set_index("pupil_id")["year_group"]
    years = rows["pupil_id"].astype(object).map(year_of).to_numpy(dtype=float, na_value=np.nan)
    wanted = session_numbers(rows["date"], rows["session"]).tolist()
    return [
        year - (latest - start_of.get(number, latest)) not in closed_to.get(number, ())
        for year, number in zip(years, wanted, strict=True)
    ]


def session_numbers(days: pd.Series, sessions: pd.Series) -> np.ndarray:
    """Return one whole number for each row's date and session, in order of time.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["1970-01-02", "1970-01-02"]))
    >>> session_numbers(days, pd.Series(["AM", "PM"])).tolist()
    [2, 3]
    """
    return days.to_numpy().astype("datetime64[D]").astype(np.int64) * 2 + (sessions == "PM").to_numpy()


def is_on_roll(marks: pd.DataFrame, pupils: pd.DataFrame) -> np.ndarray:
    """Return whether each mark lies within an enrolment of its pupil, first and last day included.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS, with ``pupil_id`` as a category.
    pupils : pandas.DataFrame
        PUPILS; a missing admission date means always, a missing leaving date means still.

    Returns
    -------
    numpy.ndarray
        Boolean, shape (marks,); false for a pupil who is not in ``pupils``.

    Examples
    --------
    >>> first, last = pd.Timestamp("2026-11-03"), pd.Timestamp("2026-11-04")
    >>> pupils = pd.DataFrame({"pupil_id": ["12"], "admission_date": first, "leaving_date": last})
    >>> marks = pd.DataFrame({"pupil_id": pd.Categorical(["12"] * 4), "date": pd.date_range("2026-11-02", "2026-11-05")})
    >>> is_on_roll(marks, pupils).tolist()
    [False, True, True, False]
    """
    names, places = marks["pupil_id"].cat.categories, marks["pupil_id"].cat.codes.to_numpy()
    days = marks["date"].to_numpy().astype("datetime64[D]")
    number = pupils.groupby("pupil_id").cumcount()
    found = np.zeros(len(marks), dtype=bool)
    # A second or third turn only where a pupil left and came back.
    for turn in range(int(number.max()) + 1 if len(number) else 0):
        enrolment = (
            pupils[number == turn].set_index("pupil_id")[["admission_date", "leaving_date"]].reindex(names)
        )
        has_one = np.isin(names, pupils.loc[number == turn, "pupil_id"])[places]
        admission = enrolment["admission_date"].to_numpy().astype("datetime64[D]")[places]
        leaving = enrolment["leaving_date"].to_numpy().astype("datetime64[D]")[places]
        found |= (
            has_one & (np.isnat(admission) | (admission <= days)) & (np.isnat(leaving) | (days <= leaving))
        )
    return found


# The registers taken, which do not reach from the oldest mark to the newest: codes are entered ahead, and dates are mistyped

NOT_POSSIBLE, PRESENT = (
    frozenset(code.letter for code in CODES if code.category is category)
    for category in (Category.NOT_POSSIBLE, Category.PRESENT)
)
# Ours: no school goes so many school days without any mark between its first registers, and of a date that was mistyped there
# is one mark, or one for each tenth of those expected at most.
GAP_DAYS, MISTYPED_OF = 10, 10


class Registers(NamedTuple):
    """How far the registers taken reach, as session numbers (``session_numbers``) and the last one's day.

    ``first`` is None unless single marks are dated long before the first register; ``last`` and ``day`` are None without any mark.
    """

    first: int | None
    last: int | None
    day: date | None


def find_registers(marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> Registers:
    """Find the last session at which a fair share of those expected has a mark, and the first if marks are dated long before it.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS of pupils on roll on their day.
    pupils : pandas.DataFrame
        PUPILS.
    calendar : SchoolCalendar
        The school's calendar.

    Returns
    -------
    Registers
        Where no session has such a share (a handful of pupils, few marks), the last session with a mark. An afternoon belongs
        to the day if anybody is marked present in it: nobody is ahead. Else, as at midday, the morning is the last session.

    Notes
    -----
    Expected are those on roll for whose year group the session was open, who have a mark at all, without those
    whose mark means that attendance was not possible or not required (D, X, Y...): such codes are entered for a
    year ahead. The share (``rules.thresholds``) is decided on counts.
    """
    counts = SessionCounts.of(marks, pupils, calendar)
    used = np.flatnonzero(counts.marked)[::-1]
    with_marks = [*used, *np.flatnonzero(counts.excused)[::-1]]
    last = next((each for each in used if counts.is_taken(each)), with_marks[0] if with_marks else None)
    if last is None:
        return Registers(None, None, None)
    day = counts.sessions["date"].iloc[last]
    of_day = np.flatnonzero((counts.sessions["date"] == day).to_numpy() & (counts.present > 0))
    number = int(counts.numbers[max([last, *of_day])])
    return Registers(first_after_strays(counts), number, day.date())


class SessionCounts(NamedTuple):
    """The open sessions with their numbers and how many are ``marked``, ``excused`` and ``present`` in each (shape (sessions,)).

    Who is present is marked, too.
    """

    sessions: pd.DataFrame
    numbers: np.ndarray
    marked: np.ndarray
    excused: np.ndarray
    present: np.ndarray
    roll: pd.DataFrame

    @classmethod
    def of(cls, marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> "SessionCounts":
        """Count marks (MARKS, one row each) in the calendar's open sessions; the roll is of those pupils who have a mark."""
        sessions = calendar.open_sessions
        numbers = session_numbers(sessions["date"], sessions["session"])
        wanted = session_numbers(marks["date"], marks["session"])
        is_open = np.isin(wanted, numbers)
        place = np.searchsorted(numbers, wanted[is_open])
        excused, present = (
            marks["code"].isin(codes).to_numpy()[is_open] for codes in (NOT_POSSIBLE, PRESENT)
        )
        counted = (np.bincount(place[here], minlength=len(numbers)) for here in (~excused, excused, present))
        return cls(sessions, numbers, *counted, pupils[pupils["pupil_id"].isin(marks["pupil_id"].unique())])

    def expected(self, place: int) -> int:
        """Return how many enrolments were due at a session, without those who were excused.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-09"]), "closed_year_groups": [()]})
        >>> roll = pd.DataFrame({"year_group": [7] * 30, "admission_date": pd.NaT, "leaving_date": pd.NaT})
        >>> SessionCounts(sessions, None, np.array([3]), np.array([2]), np.array([3]), roll).expected(0)
        28
        """
        return due_at(self.sessions.iloc[place], self.roll) - int(self.excused[place])

    def is_taken(self, place: int) -> bool:
        """Whether a fair share of those expected at a session has a mark."""
        return is_taken(self.marked[place], self.expected(place))

    def is_mistyped(self, place: int) -> bool:
        """Whether a session has so few marks that mistyped dates may have brought them there.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-09"]), "closed_year_groups": [()]})
        >>> roll = pd.DataFrame({"year_group": [7] * 30, "admission_date": pd.NaT, "leaving_date": pd.NaT})
        >>> [SessionCounts(sessions, None, np.array([marked]), np.array([0]), None, roll).is_mistyped(0) for marked in (3, 4)]
        [True, False]
        """
        marks = int(self.marked[place] + self.excused[place])
        return marks == 1 or MISTYPED_OF * marks <= due_at(self.sessions.iloc[place], self.roll)


def first_after_strays(counts: SessionCounts) -> int | None:
    """Return the number of the first session with a mark after a long gap with single marks before it; None if there is none.

    Examples
    --------
    One mark, or five of 30 pupils, in the first of fifteen sessions, and none before the fourteenth.

    >>> sessions = pd.DataFrame({"date": pd.date_range("2026-11-02", periods=15), "closed_year_groups": [()] * 15})
    >>> roll = pd.DataFrame({"year_group": [7] * 30, "admission_date": pd.NaT, "leaving_date": pd.NaT})
    >>> marked = [np.array([strays] + [0] * 12 + [30, 30]) for strays in (1, 5)]
    >>> [first_after_strays(SessionCounts(sessions, np.arange(15), each, np.zeros(15, int), each, roll)) for each in marked]
    [13, None]
    """
    days = pd.factorize(counts.sessions["date"])[0]
    used = np.flatnonzero(counts.marked + counts.excused)
    taken = next((place for place, each in enumerate(used) if counts.is_taken(each)), 0)
    gaps = np.flatnonzero(np.diff(days[used[: taken + 1]]) > GAP_DAYS)
    if not len(gaps) or not all(map(counts.is_mistyped, used[: gaps[-1] + 1])):
        return None
    return int(counts.numbers[used[gaps[-1] + 1]])


def is_taken(marked: int, expected: int) -> bool:
    """Whether so many marks are a fair share of those expected.

    Examples
    --------
    >>> is_taken(1, 2), is_taken(1, 3), is_taken(0, 0)
    (True, False, False)
    """
    return bool(marked > 0 and OUT_OF * marked >= REGISTER_TAKEN * expected)


def due_at(session: pd.Series, pupils: pd.DataFrame) -> int:
    """Return how many enrolments were on roll at a session (a row of ``open_sessions``) and in a year group it was open to.

    Examples
    --------
    >>> session = pd.Series({"date": pd.Timestamp("2026-11-09"), "closed_year_groups": (11,)})
    >>> pupils = pd.DataFrame({"year_group": [7, 8, 11], "admission_date": pd.Timestamp("2026-09-03"),
    ...     "leaving_date": pd.to_datetime([None, "2026-10-23", None])})
    >>> due_at(session, pupils)  # one has left, and one is of a year group to which the session was closed
    1
    """
    day = session["date"]
    on_roll = ~(pupils["admission_date"] > day) & ~(pupils["leaving_date"] < day)
    return int((on_roll & ~pupils["year_group"].isin(session["closed_year_groups"])).sum())


# Whether each mark has a place: in a session that the calendar has open, for a pupil who was on roll

CLOSED_CODES = ("#", "Z")
# Of so many stray marks each is named with its row, of more the first.
MOST_NAMED = 5
# Of one day outside the calendar so many marks are a school day, and fewer a date mistyped.
MARKS_OF_A_YEAR = 20


@dataclass(frozen=True, eq=False)
class Placed:
    """Marks up to the last register, with those that have no place, and the ``planned`` ones after it (both MARKS).

    ``registers`` is how far registers reach; ``never_on_roll`` are the pupils who have marks, none of them on a day on which
    the roll has them.
    """

    marks: pd.DataFrame
    planned: pd.DataFrame
    registers: Registers
    never_on_roll: tuple[str, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The day of the last register."""
        return self.registers.day


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """The file and row of a mark; ``names`` are the roll's identifiers by the files' names of pupils."""

    read: Reconciled
    names: Mapping[str, str]

    def of(self, mark: pd.Series) -> Place:
        """Return the file and the row of a mark, a row of MARKS (one session of a pupil)."""
        named = [name for name, pupil in self.names.items() if pupil == mark["pupil_id"]]
        found = self.read.place_of(named, mark["date"].date(), str(mark["session"]))
        return found or ("", 0)


def place_marks(
    marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar, where: Whereabouts, ledger: Ledger
) -> Placed:
    """Tell marks that have a place from those that have none, and those of registers taken from those entered ahead.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS of pupils whom the roll has, one row a session of a pupil, ``pupil_id`` a category of its identifiers.
    pupils : pandas.DataFrame
        PUPILS, one row an enrolment.
    calendar : SchoolCalendar
        The school's calendar: its days and sessions.
    where : Whereabouts
        What identifies the row of a mark.
    ledger : Ledger
        Where it is written; marks without a place count as left out.

    Returns
    -------
    Placed
        Closure marks with which calendar or roll agree are in none of its tables.
    """
    school_open = find_school_open(marks, calendar)
    on_roll = is_on_roll(marks, pupils)
    says_closed = marks["code"].isin(CLOSED_CODES).to_numpy()
    is_open = (school_open == SchoolOpen.OPEN) | is_open_to(marks, pupils, calendar, school_open)
    agreed = says_closed & (~is_open | ~on_roll)
    message = "closure marks (#, Z) agree with the calendar or the roll and are not kept"
    ledger.repair(Repair("closed_sessions", "", int(agreed.sum()), message))
    _report_contradictions(marks, (says_closed, is_open, on_roll), calendar, where, ledger)
    has_place = is_open & on_roll
    registers = find_registers(marks[has_place & ~says_closed], pupils, calendar)
    numbers = session_numbers(marks["date"], marks["session"])
    planned = has_place & (registers.last is not None) & (numbers > (registers.last or 0))
    stray = has_place & (numbers < (registers.first or 0))
    _report_strays(marks[stray], where, ledger)
    kept, later = marks[~agreed & ~planned & ~stray], marks[planned]
    never = _never(marks["pupil_id"], on_roll)
    return Placed(kept.reset_index(drop=True), later.reset_index(drop=True), registers, never)


def _report_strays(strays: pd.DataFrame, where: Whereabouts, ledger: Ledger) -> None:
    """Write down single marks (rows) long before the first register, with file, row and date; they are left out."""
    told = [strays.iloc[[place]] for place in range(len(strays))] if len(strays) <= MOST_NAMED else [strays]
    for marks in told:
        count, first = len(marks), marks.iloc[0]
        file, row = where.of(first)
        message = (
            f"{counted(count, 'mark stands', 'marks stand')} more than {GAP_DAYS} school days before all others, so that the "
            f"{in_number(count, 'date', 'dates')} may be mistyped, and {in_number(count, 'is', 'are')} left out; "
            f"{in_number(count, 'it is', 'the first is')} of {first['date'].date()}. "
            "Correct the date, or export the marks between, too."
        )
        ledger.drop(Finding("marked_long_before", Severity.MUST, message, file, "date", count, row or None))


def last_day_of(marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> date | None:
    """Return the last register day of marks (one row each) of pupils whom the roll has, before it is known which have a place."""
    said = ~marks["code"].isin(CLOSED_CODES).to_numpy()
    return find_registers(marks[said & is_on_roll(marks, pupils)], pupils, calendar).day


def _never(pupils: pd.Series, is_so: np.ndarray) -> tuple[str, ...]:
    """Return the pupils (a category) who occur, and for none of whose rows something is so."""
    places, names = pupils.cat.codes.to_numpy(), pupils.cat.categories
    rows = np.bincount(places, minlength=len(names))
    so = np.bincount(places[is_so], minlength=len(names))
    return tuple(names[(rows > 0) & (so == 0)])


def _report_contradictions(
    marks: pd.DataFrame,
    facts: tuple[np.ndarray, np.ndarray, np.ndarray],
    calendar: SchoolCalendar,
    where: Whereabouts,
    ledger: Ledger,
) -> None:
    """Write down marks that contradict calendar or roll; each counts once, and those that find no place as left out."""
    for contradiction in _contradictions(marks, facts, calendar):
        is_so = contradiction.is_so
        if not is_so.any():
            continue
        first = marks.iloc[int(np.argmax(is_so))]
        count, (file, row) = int(is_so.sum()), where.of(first)
        is_lost = contradiction.rule != "closed_when_open"
        left_out = f" and {in_number(count, 'is', 'are')} left out" if is_lost else ""
        where_first = f"{in_number(count, 'it is', 'the first is')} of {first['date'].date()}"
        what = f"{in_number(count, *contradiction.verb)} {contradiction.what}"
        message = f"{counted(count, 'mark')} {what}{left_out}; {where_first}. {contradiction.remedy}"
        finding = Finding(contradiction.rule, Severity.MUST, message, file, "date", count, row or None)
        (ledger.drop if is_lost else ledger.find)(finding)


@dataclass(frozen=True, eq=False)
class _Contradiction:
    """Marks (boolean) that contradict calendar or roll, in words."""

    rule: str
    is_so: np.ndarray
    verb: tuple[str, str]
    what: str
    remedy: str = "Correct the register, the roll or the calendar."


def _contradictions(
    marks: pd.DataFrame, facts: tuple[np.ndarray, np.ndarray, np.ndarray], calendar: SchoolCalendar
) -> Iterator[_Contradiction]:
    """Yield the kinds of contradiction: days beyond the calendar are distinguished from days on which it is closed."""
    says_closed, is_open, on_roll = facts
    outside = ~says_closed & is_outside(marks["date"], calendar)
    yield _Contradiction(
        "outside_calendar",
        outside,
        ("is", "are"),
        f"of {outside_words(marks.loc[outside, 'date'], calendar)}",
        "Add the terms of that year under 'calendar', where those of all years stand together; or correct the date.",
    )
    closed = ~says_closed & ~is_open & ~outside
    yield _Contradiction(
        "marked_when_closed", closed, ("was", "were"), "made when the calendar has the session closed"
    )
    off_roll = ~says_closed & is_open & ~on_roll
    yield _Contradiction(
        "marked_off_roll", off_roll, ("was", "were"), "made before admission or after leaving"
    )
    when_open = says_closed & is_open & on_roll
    what = "closed (#, Z) when the calendar has the session open"
    yield _Contradiction("closed_when_open", when_open, ("says", "say"), what)


def is_outside(days: pd.Series, calendar: SchoolCalendar) -> np.ndarray:
    """Return whether each day is of a school year that the calendar does not reach (boolean, one per day).

    Its days lie before the first term or after the last one; a single stray day with few marks is a mistyped date, and no year.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),)),))
    >>> days = pd.Series(pd.to_datetime(["2025-11-03", "2025-11-04", "2026-11-09", "2062-11-09"]))
    >>> is_outside(days, calendar).tolist()  # the last is one day alone: a date mistyped
    [True, True, False, False]
    """
    first, last = calendar.span
    beyond = (days < pd.Timestamp(first)) | (days > pd.Timestamp(last))
    counts = days[beyond].value_counts()
    years = pd.Series([school_year_of(day.date()) for day in counts.index], index=counts.index, dtype="str")
    of_year = counts.groupby(years).agg(["size", "sum"])
    lived = of_year.index[(of_year["size"] > 1) | (of_year["sum"] >= MARKS_OF_A_YEAR)]
    return days.isin(years.index[years.isin(lived)]).to_numpy()


def outside_words(days: pd.Series, calendar: SchoolCalendar) -> str:
    """Return of which school years days outside the calendar are (one per mark), and where it begins or ends.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> halves = (HalfTerm(pd.Timestamp("2026-09-03").date(), pd.Timestamp("2026-10-23").date()),)
    >>> outside_words(pd.Series(pd.to_datetime(["2026-06-05"])), SchoolCalendar((Term("202627", "autumn", halves),)))
    "2025/26, before the calendar's first day (2026-09-03),"
    """
    first, last = calendar.span
    years = sorted({school_year_of(day.date()) for day in days.drop_duplicates()})
    sides = (
        (f"before the calendar's first day ({first})", (days < pd.Timestamp(first)).any()),
        (f"after the calendar's last day ({last})", (days > pd.Timestamp(last)).any()),
    )
    return (
        f"{' and '.join(map(year_in_words, years))}, {' or '.join(words for words, is_so in sides if is_so)},"
    )
