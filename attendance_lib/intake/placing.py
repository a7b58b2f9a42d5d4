"""Whether each mark has a place: in a session that the calendar has open, for a pupil who was on roll."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.last_register import GAP_DAYS, Registers, find_registers
from attendance_lib.intake.ledger import Finding, Ledger, Repair, Severity
from attendance_lib.intake.openness import (
    Openness,
    find_openness,
    is_on_roll,
    is_open_to,
    session_numbers,
)
from attendance_lib.intake.reconcile import Place, Reconciled
from attendance_lib.rules.calendar import SchoolCalendar, school_year_of, year_in_words

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
    """In which file and row a mark stands; ``names`` are the roll's identifiers by the files' names of pupils."""

    read: Reconciled
    names: Mapping[str, str]

    def of(self, mark: pd.Series) -> Place:
        """Return the file and the row of a mark, a row of MARKS."""
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
        MARKS of pupils whom the roll has, ``pupil_id`` a category of its identifiers.
    pupils : pandas.DataFrame
        PUPILS.
    calendar : SchoolCalendar
        The school's calendar.
    where : Whereabouts
        What tells the row of a mark.
    ledger : Ledger
        Where it is written; marks without a place count as left out.

    Returns
    -------
    Placed
        Closure marks with which calendar or roll agree are in none of its tables.
    """
    openness = find_openness(marks, calendar)
    on_roll = is_on_roll(marks, pupils)
    says_closed = marks["code"].isin(CLOSED_CODES).to_numpy()
    is_open = (openness == Openness.OPEN) | is_open_to(marks, pupils, calendar, openness)
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
    """Return the last register day of marks of pupils whom the roll has, before it is known which have a place."""
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
    """Yield the kinds of contradiction: what the calendar does not reach is told apart from what it has closed."""
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
    """
    first, last = calendar.span
    beyond = (days < pd.Timestamp(first)) | (days > pd.Timestamp(last))
    counts = days[beyond].value_counts()
    years = pd.Series([school_year_of(day.date()) for day in counts.index], index=counts.index, dtype="str")
    of_year = counts.groupby(years).agg(["size", "sum"])
    lived = of_year.index[(of_year["size"] > 1) | (of_year["sum"] >= MARKS_OF_A_YEAR)]
    return days.isin(years.index[years.isin(lived)]).to_numpy()


def outside_words(days: pd.Series, calendar: SchoolCalendar) -> str:
    """Return of which school years days outside the calendar are, and where it begins or ends."""
    first, last = calendar.span
    years = sorted({school_year_of(day.date()) for day in days.drop_duplicates()})
    sides = (
        (f"before the calendar's first day ({first})", (days < pd.Timestamp(first)).any()),
        (f"after the calendar's last day ({last})", (days > pd.Timestamp(last)).any()),
    )
    return (
        f"{' and '.join(map(year_in_words, years))}, {' or '.join(words for words, is_so in sides if is_so)},"
    )
