"""What goes wrong in the demo school's exports alone: a strange code, a row twice, a pupil whom the roll does not have."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.demo.book import CODES, PLACE, PRESENT, Book
from attendance_lib.demo.defects import THIS_YEAR, Place, Planting
from attendance_lib.demo.files import WEEKDAYS
from attendance_lib.rules.calendar import SESSIONS, monday_of

NO_CODE = "A"
INSET_DAY = "2026-11-02"
STRANGER, STRANGER_WEEK = "009998", "2026-11-09"
TYPED_TWICE_MINUTES = 34
TIMED_FORM, TIMED_DAYS = "8D", ("2026-11-09", "2026-11-13")
LATE_REGISTERS = {("2026-11-10", "AM"): "2026-11-10T09:24:00", ("2026-11-12", "PM"): "2026-11-13T08:47:00"}
"""The registers of one form that were taken after they closed, and when."""
REGISTER_OPENS = {"AM": 8 * 60 + 41, "PM": 13 * 60 + 11}
REGISTER_TAKES = 6


@dataclass(frozen=True)
class Slips:
    """What the exports say otherwise than the register.

    Attributes
    ----------
    weekly : dict
        Text of single cells of the weekly files, by pupil, date and session.
    late : pandas.DataFrame
        Further rows of the list of late arrivals.
    found : dict of str to list
        For each check of the inspection, where it must find something.
    """

    weekly: dict[tuple[str, str, str], str] = field(default_factory=dict)
    late: list[dict[str, object]] = field(default_factory=list)
    found: dict[str, list[Place]] = field(default_factory=dict)

    def say(self, rule: str, place: Place, text: str) -> None:
        """Have a weekly file hold a text in one place."""
        self.weekly[place["pupil_id"], place["date"], place["session"]] = text
        self.found[rule] = [place]

    def say_of_pupil(self, rule: str, place: Place, text: str) -> None:
        """Have a weekly file hold a text where the check names the pupil and the day alone."""
        self.say(rule, place, text)
        self.found[rule] = [{name: value for name, value in place.items() if name != "session"}]


def slip(planting: Planting) -> Slips:
    """Decide what goes wrong in the exports.

    Parameters
    ----------
    planting : Planting
        The finished register; one mark is taken out of it, because the exports hold no code there.

    Returns
    -------
    Slips
        What the exports say, and where each check must find it.
    """
    slips, book = Slips(), planting.book
    row, session = planting.one_cell(PRESENT)
    book.cells[row, session] = PLACE[""]
    slips.say("unknown_code", planting.place(row, session), NO_CODE)
    slips.say("code_spelling", planting.place(*planting.one_cell(("I",))), "i")
    slips.say("sources_differ", planting.place(*_late_morning(planting)), "/")
    slips.say_of_pupil("mark_off_roll", planting.place(*_just_off_roll(planting)), "/")
    on_roll = np.flatnonzero(book.roll.whole_time())
    closed = {**planting.place(planting.one_of(on_roll), 0), "date": INSET_DAY, "session": "AM"}
    slips.say("mark_when_closed", closed, "/")
    _repeat_late_rows(planting, slips)
    slips.found["pupil_not_listed"] = [{"pupil_id": STRANGER, "date": STRANGER_WEEK}]
    slips.found["register_late"] = [
        {"form": TIMED_FORM, "date": day, "session": half} for day, half in LATE_REGISTERS
    ]
    return slips


def _late_morning(planting: Planting) -> tuple[int, int]:
    """Choose a late mark of a morning."""
    book = planting.book
    mornings = book.holds(("L",)) & book.sessions_between(*THIS_YEAR) & ~planting.changed
    mornings[:, 1::2] = False
    row = planting.one_of(np.flatnonzero(mornings.any(axis=1)))
    return row, int(planting.rng.choice(np.flatnonzero(mornings[row])))


def _just_off_roll(planting: Planting) -> tuple[int, int]:
    """Choose a morning of this year just before an admission or after a leaving, in a week partly on roll."""
    book = planting.book
    on_roll = book.roll.is_on_roll
    _, week = np.unique(book.timetable.mondays, return_inverse=True)
    same_week = week[1:] == week[:-1]
    left, joined = np.zeros_like(on_roll), np.zeros_like(on_roll)
    left[:, 1:] = ~on_roll[:, 1:] & on_roll[:, :-1] & same_week
    joined[:, :-1] = ~on_roll[:, :-1] & on_roll[:, 1:] & same_week
    here = (left | joined) & book.sessions_between(*THIS_YEAR)[:: len(SESSIONS)]
    here &= ~book.closed()[:, :: len(SESSIONS)]
    # Who comes back is on roll by another enrolment.
    ids = book.roll.table["pupil_id"]
    here[ids.duplicated(keep=False).to_numpy()] = False
    row = planting.one_of(np.flatnonzero(here.any(axis=1)))
    return row, len(SESSIONS) * int(np.flatnonzero(here[row])[0])


def _repeat_late_rows(planting: Planting, slips: Slips) -> None:
    """Have the list of late arrivals hold one arrival twice, and another a second time as U."""
    book = planting.book
    for rule, code in (("repeated_rows", "L"), ("conflicting_rows", "U")):
        row, session = planting.one_cell(("L",))
        place, minutes = planting.place(row, session), int(book.minutes_late[row, session])
        known = None if minutes < 0 else minutes
        late = known if code == "L" else TYPED_TWICE_MINUTES
        slips.late.append({**place, "code": code, "minutes_late": late})
        slips.found[rule] = [place]


def weekly_with_slips(wide: pd.DataFrame, slips: Slips) -> pd.DataFrame:
    """Put what the exports say otherwise into a weekly file.

    Parameters
    ----------
    wide : pandas.DataFrame
        What ``weekly_wide`` gives.
    slips : Slips
        What is said otherwise.

    Returns
    -------
    pandas.DataFrame
        The same columns; in the week of the pupil whom the roll does not have, one row more.
    """
    changed = wide.copy()
    key = pd.MultiIndex.from_frame(wide[["StudentId", "CalendarStartDate"]])
    for (pupil_id, day, half), text in slips.weekly.items():
        marked = date.fromisoformat(day)
        here = key.get_indexer([(pupil_id, f"{monday_of(marked)}T00:00:00")])
        if here[0] >= 0:
            changed.iloc[here[0], changed.columns.get_loc(WEEKDAYS[marked.weekday()] + half)] = text
    week = f"{STRANGER_WEEK}T00:00:00"
    if week not in set(wide["CalendarStartDate"]):
        return changed
    codes = {day + half: code for day in WEEKDAYS for half, code in zip(SESSIONS, PRESENT, strict=True)}
    stranger = pd.DataFrame([{"StudentId": STRANGER, "CalendarStartDate": week, **codes}])
    both = pd.concat([changed, stranger], ignore_index=True)
    return both.sort_values(["StudentId", "CalendarStartDate"], ignore_index=True)


def late_with_slips(late: pd.DataFrame, slips: Slips) -> pd.DataFrame:
    """Put the rows that are there twice into the list of late arrivals, before the rows they repeat.

    Parameters
    ----------
    late : pandas.DataFrame
        What ``late_arrivals`` gives.
    slips : Slips
        What is said otherwise.

    Returns
    -------
    pandas.DataFrame
        The same columns, in order of pupil, date and session.
    """
    further = pd.DataFrame(slips.late).astype({"minutes_late": "Int16"})
    both = pd.concat([further[list(late.columns)], late], ignore_index=True)
    return both.sort_values(["pupil_id", "date", "session"], kind="stable", ignore_index=True)


def register_times(book: Book) -> pd.DataFrame:
    """List when each mark of one form's week was made, as a system exports it that keeps the time.

    Parameters
    ----------
    book : Book
        The finished register.

    Returns
    -------
    pandas.DataFrame
        One row per mark, in order of pupil, date and session: ``code`` and ``recorded_at``. A register is taken a
        few minutes after it opens, but for those of `LATE_REGISTERS`.
    """
    where = book.roll.has("form", TIMED_FORM)[:, None] & book.sessions_between(*TIMED_DAYS)
    rows, sessions = np.nonzero(where & book.is_open() & ~book.holds(("",)))
    days = book.timetable.days[sessions // 2].astype(str)
    halves = np.array(SESSIONS)[sessions % 2]
    moments = [
        LATE_REGISTERS.get((str(day), str(half)), _in_time(str(day), str(half), int(session)))
        for day, half, session in zip(days, halves, sessions, strict=True)
    ]
    return pd.DataFrame({
        "pupil_id": book.roll.table["pupil_id"].to_numpy()[rows], "date": days, "session": halves,
        "code": np.array(CODES)[book.cells[rows, sessions]], "recorded_at": moments,
    })  # fmt: skip


def _in_time(day: str, half: str, session: int) -> str:
    """The moment at which a register was taken that was taken in time."""
    minutes = REGISTER_OPENS[half] + session % REGISTER_TAKES
    return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:00"
