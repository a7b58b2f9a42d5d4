"""Whether each mark has a place: in a session that the calendar has open, for a pupil who was on roll."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.last_register import find_last_register_day
from attendance_lib.intake.ledger import Finding, Ledger, Repair, Severity
from attendance_lib.intake.openness import Openness, find_openness, is_on_roll, is_open_to
from attendance_lib.intake.reconcile import Place, Reconciled
from attendance_lib.rules.calendar import SchoolCalendar

CLOSED_CODES = ("#", "Z")


@dataclass(frozen=True, eq=False)
class Placed:
    """Marks up to the last register day, with those that have no place, and the ``planned`` ones after it (both MARKS).

    ``never_on_roll`` are the pupils who have marks, none of them on a day on which the roll has them.
    """

    marks: pd.DataFrame
    planned: pd.DataFrame
    last_day: date | None
    never_on_roll: tuple[str, ...] = ()


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
    _report_contradictions(marks, (says_closed, is_open, on_roll), where, ledger)
    has_place = is_open & on_roll
    last_day = find_last_register_day(marks[has_place & ~says_closed], pupils, calendar)
    is_later = (marks["date"] > pd.Timestamp(last_day)).to_numpy() if last_day else False
    planned = has_place & is_later
    kept, later = marks[~agreed & ~planned], marks[planned]
    never = _never(marks["pupil_id"], on_roll)
    return Placed(kept.reset_index(drop=True), later.reset_index(drop=True), last_day, never)


def last_day_of(marks: pd.DataFrame, pupils: pd.DataFrame, calendar: SchoolCalendar) -> date | None:
    """Return the last register day of marks of pupils whom the roll has, before it is known which have a place."""
    said = ~marks["code"].isin(CLOSED_CODES).to_numpy()
    return find_last_register_day(marks[said & is_on_roll(marks, pupils)], pupils, calendar)


def _never(pupils: pd.Series, is_so: np.ndarray) -> tuple[str, ...]:
    """Return the pupils (a category) who occur, and for none of whose rows something is so."""
    places, names = pupils.cat.codes.to_numpy(), pupils.cat.categories
    rows = np.bincount(places, minlength=len(names))
    so = np.bincount(places[is_so], minlength=len(names))
    return tuple(names[(rows > 0) & (so == 0)])


def _report_contradictions(
    marks: pd.DataFrame, facts: tuple[np.ndarray, np.ndarray, np.ndarray], where: Whereabouts, ledger: Ledger
) -> None:
    """Write down marks that contradict calendar or roll; each counts once, and those that find no place as left out."""
    says_closed, is_open, on_roll = facts
    for rule, is_so, verb, what in (
        ("marked_when_closed", ~says_closed & ~is_open, ("was", "were"), "made when the calendar has the session closed"),
        ("marked_off_roll", ~says_closed & is_open & ~on_roll, ("was", "were"), "made before admission or after leaving"),
        (
            "closed_when_open", says_closed & is_open & on_roll, ("says", "say"),
            "closed (#, Z) when the calendar has the session open",
        ),
    ):  # fmt: skip
        if not is_so.any():
            continue
        first = marks.iloc[int(np.argmax(is_so))]
        count, (file, row) = int(is_so.sum()), where.of(first)
        is_lost = rule != "closed_when_open"
        left_out = f" and {in_number(count, 'is', 'are')} left out" if is_lost else ""
        where_first = f"{in_number(count, 'it is', 'the first is')} of {first['date'].date()}"
        message = (
            f"{counted(count, 'mark')} {in_number(count, *verb)} {what}{left_out}; {where_first}. "
            "Correct the register, the roll or the calendar."
        )
        finding = Finding(rule, Severity.MUST, message, file, "date", count, row or None)
        (ledger.drop if is_lost else ledger.find)(finding)
