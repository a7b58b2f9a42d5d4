"""One defect for each check of the inspection that looks at a form's habits, at amendments and at how pupils are registered.

None changes how a session counts, so that every figure of the school stays as it is.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance_lib.demo.amendments import Cells
from attendance_lib.demo.defects import LAST_YEAR, THIS_YEAR, Place, Planting
from attendance_lib.demo.files import WEEKDAYS
from attendance_lib.demo.register import BUS_FAILURE, CODES, PLACE, PRESENT, DemoRegister
from attendance_lib.demo.roll import LEFT_YEAR_11
from attendance_lib.rules.calendar import SESSIONS, monday_of

SPRING = ("2026-01-12", "2026-03-20")
NOT_TAKEN_OFF = "2026-07-17"
UNEXPLAINED, OF_ONE_PUPIL = 16, 3
TOGETHER, TOGETHER_ON = 14, "2026-04-24"
OFTEN, OFTEN_AFTER = 30, (7, 18)
ROUNDED_TO = 5


@dataclass(frozen=True)
class Habits:
    """What was planted.

    Attributes
    ----------
    changes : pandas.DataFrame
        Further amendments, as those of the register.
    unexplained : list of dict
        The marks of one form that were left at N.
    found : dict of str to list
        For each check of the inspection, where it must find something.
    """

    changes: pd.DataFrame
    unexplained: list[Place]
    found: dict[str, list[Place]]


def plant_habits(planting: Planting, rng: np.random.Generator) -> Habits:
    """Plant a defect for each check that looks at more than single marks.

    Parameters
    ----------
    planting : Planting
        The register with the other defects in it, written into.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Habits
        What was planted, and where each check must find it.
    """
    register = planting.register
    forms = rng.permutation([f"{year}{letter}" for year in (8, 9, 10) for letter in "ABCDEF"]).tolist()
    unexplained = _leave_unexplained(planting, forms[0], rng)
    _round_minutes(register, forms[1])
    together = _amend(planting, _ill(planting, forms[2], TOGETHER, rng), TOGETHER_ON, rng)
    often = _amend(planting, _ill(planting, forms[3], OFTEN, rng), "", rng)
    found = {
        "whole_site_closed": [_close(planting, rng)],
        "n_often": [{"form": forms[0]}],
        "minutes_rounded": [{"form": forms[1]}],
        "amended_together": [{"form": forms[2]}],
        "amended_often": [{"form": forms[3]}],
    }
    return Habits(pd.concat([together, often], ignore_index=True), unexplained.listed(register), found)


def misregister(
    planting: Planting, rng: np.random.Generator
) -> tuple[dict[str, object], dict[str, list[Place]]]:
    """Record pupils otherwise than they are: one dual registered, one registered here alone, one not taken off the roll.

    Parameters
    ----------
    planting : Planting
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple
        ``enrolment_status`` and ``leaving_date`` of each enrolment as the pupils file has them, and where the checks
        must find something.
    """
    roll, elsewhere = planting.register.roll, planting.register.holds(("D",)).any(axis=1)
    never = rng.choice(np.flatnonzero(roll.whole_time() & ~elsewhere & ~planting.used))
    status = np.full(len(elsewhere), "C", dtype=object)
    status[never] = "M"
    leavers = roll.has("leaving_date", pd.Timestamp(LEFT_YEAR_11))
    gone = rng.choice(np.flatnonzero(leavers & ~planting.used))
    leaving = roll.table["leaving_date"].mask(np.arange(len(leavers)) == gone, pd.Timestamp(NOT_TAKEN_OFF))
    ids = roll.table["pupil_id"].astype(str)
    away = [{"pupil_id": pupil_id} for pupil_id in ids[elsewhere]]
    stopped = {
        "pupil_id": ids[gone],
        "date": str(LEFT_YEAR_11 + timedelta(days=1)),
        "end_date": NOT_TAKEN_OFF,
    }
    return {"enrolment_status": status, "leaving_date": leaving}, {
        "marks_stop": [stopped],
        "dual_tally": away,
        "dual_status": away,
        "dual_without_d": [{"pupil_id": ids[never]}],
    }


def _free(planting: Planting, form: str, codes: tuple[str, ...]) -> np.ndarray:
    """The cells of a form in spring that hold one of the codes and that nobody amended."""
    register = planting.register
    of_form = register.roll.has("form", form) & ~planting.used
    return of_form[:, None] & register.holds(codes) & register.sessions_between(*SPRING) & ~planting.changed


def _of_several(cells: np.ndarray, count: int, rng: np.random.Generator) -> Cells:
    """So many of the cells, few of any one enrolment."""
    rows, sessions = np.nonzero(cells)
    order = rng.permutation(len(rows))
    rows, sessions = rows[order], sessions[order]
    few = pd.Series(rows).groupby(rows).cumcount().to_numpy() < OF_ONE_PUPIL
    return Cells(rows[few][:count], sessions[few][:count])


def _leave_unexplained(planting: Planting, form: str, rng: np.random.Generator) -> Cells:
    """Leave unauthorised absence of a form at N."""
    cells = _of_several(_free(planting, form, ("O",)), UNEXPLAINED, rng)
    planting.register.cells[cells.rows, cells.sessions] = PLACE["N"]
    return cells


def _ill(planting: Planting, form: str, count: int, rng: np.random.Generator) -> Cells:
    """Marks of illness of a form's pupils."""
    return _of_several(_free(planting, form, ("I",)), count, rng)


def _amend(planting: Planting, cells: Cells, on: str, rng: np.random.Generator) -> pd.DataFrame:
    """Have marks been medical appointments until somebody amended them, on one day or some time after each."""
    timetable = planting.register.timetable
    days = timetable.day(on) if on else cells.sessions // 2 + rng.integers(*OFTEN_AFTER, len(cells.rows))
    return pd.DataFrame(
        {"row": cells.rows, "session_number": cells.sessions, "amended_from": "M", "amended_day": days}
    )


def _round_minutes(register: DemoRegister, form: str) -> None:
    """Round a form's minutes late of last year to multiples of five: those of L down, though not to none, those of U up."""
    late = (
        register.roll.has("form", form)[:, None]
        & register.sessions_between(*LAST_YEAR)
        & (register.minutes_late >= 0)
    )
    minutes, after_close = register.minutes_late[late], register.holds(("U",))[late]
    down = np.maximum(minutes - minutes % ROUNDED_TO, ROUNDED_TO)
    register.minutes_late[late] = np.where(after_close, minutes + -minutes % ROUNDED_TO, down)


def _close(planting: Planting, rng: np.random.Generator) -> Place:
    """Call it the whole site's closure that a pupil's bus did not come."""
    session = 2 * planting.register.timetable.day(BUS_FAILURE[0])
    stranded = planting.register.cells[:, session] == PLACE["Y1"]
    row = int(rng.choice(np.flatnonzero(stranded & ~planting.used)))
    planting.register.cells[row, session] = PLACE["Y4"]
    planting.used[row] = True
    return planting.place(row, session)


# What goes wrong in the demo school's exports alone: a strange code, a row twice, a pupil whom the roll does not have

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
        """Have a weekly file hold a text where the check names the pupil and the day alone.

        Examples
        --------
        >>> slips = Slips()
        >>> slips.say_of_pupil("mark_off_roll", {"pupil_id": "12", "date": "2026-11-09", "session": "AM"}, "/")
        >>> slips.weekly, slips.found
        ({('12', '2026-11-09', 'AM'): '/'}, {'mark_off_roll': [{'pupil_id': '12', 'date': '2026-11-09'}]})
        """
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
    slips, register = Slips(), planting.register
    row, session = planting.one_cell(PRESENT)
    register.cells[row, session] = PLACE[""]
    slips.say("unknown_code", planting.place(row, session), NO_CODE)
    slips.say("code_spelling", planting.place(*planting.one_cell(("I",))), "i")
    slips.say("sources_differ", planting.place(*_late_morning(planting)), "/")
    slips.say_of_pupil("mark_off_roll", planting.place(*_just_off_roll(planting)), "/")
    on_roll = np.flatnonzero(register.roll.whole_time())
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
    register = planting.register
    mornings = register.holds(("L",)) & register.sessions_between(*THIS_YEAR) & ~planting.changed
    mornings[:, 1::2] = False
    row = planting.one_of(np.flatnonzero(mornings.any(axis=1)))
    return row, int(planting.rng.choice(np.flatnonzero(mornings[row])))


def _just_off_roll(planting: Planting) -> tuple[int, int]:
    """Choose a morning of this year just before an admission or after a leaving, in a week partly on roll."""
    register = planting.register
    on_roll = register.roll.is_on_roll
    _, week = np.unique(register.timetable.mondays, return_inverse=True)
    same_week = week[1:] == week[:-1]
    left, joined = np.zeros_like(on_roll), np.zeros_like(on_roll)
    left[:, 1:] = ~on_roll[:, 1:] & on_roll[:, :-1] & same_week
    joined[:, :-1] = ~on_roll[:, :-1] & on_roll[:, 1:] & same_week
    here = (left | joined) & register.sessions_between(*THIS_YEAR)[:: len(SESSIONS)]
    here &= ~register.closed()[:, :: len(SESSIONS)]
    # Who comes back is on roll by another enrolment.
    ids = register.roll.table["pupil_id"]
    here[ids.duplicated(keep=False).to_numpy()] = False
    row = planting.one_of(np.flatnonzero(here.any(axis=1)))
    return row, len(SESSIONS) * int(np.flatnonzero(here[row])[0])


def _repeat_late_rows(planting: Planting, slips: Slips) -> None:
    """Have the list of late arrivals hold one arrival twice, and another a second time as U."""
    register = planting.register
    for rule, code in (("repeated_rows", "L"), ("conflicting_rows", "U")):
        row, session = planting.one_cell(("L",))
        place, minutes = planting.place(row, session), int(register.minutes_late[row, session])
        known = None if minutes < 0 else minutes
        late = known if code == "L" else TYPED_TWICE_MINUTES
        slips.late.append({**place, "code": code, "minutes_late": late})
        slips.found[rule] = [place]


def weekly_with_slips(wide: pd.DataFrame, slips: Slips) -> pd.DataFrame:
    """Put what the exports say otherwise into a weekly file.

    Parameters
    ----------
    wide : pandas.DataFrame
        What ``by_weeks`` gives.
    slips : Slips
        What is said otherwise.

    Returns
    -------
    pandas.DataFrame
        The same columns; in the week of the pupil whom the roll does not have, one row more.

    Examples
    --------
    >>> slips = Slips(weekly={("000012", "2026-09-08", "AM"): "A"})
    >>> wide = pd.DataFrame([{"StudentId": "000012", "CalendarStartDate": "2026-09-07T00:00:00", "MonAM": "/", "TueAM": "/"}])
    >>> weekly_with_slips(wide, slips)[["MonAM", "TueAM"]].values.tolist()
    [['/', 'A']]
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

    Examples
    --------
    >>> late = pd.DataFrame([{"pupil_id": "12", "date": "2026-11-09", "session": "AM", "code": "L", "minutes_late": 8}])
    >>> slips = Slips(late=[{"pupil_id": "12", "date": "2026-11-09", "session": "AM", "code": "U", "minutes_late": 34}])
    >>> late_with_slips(late.astype({"minutes_late": "Int16"}), slips)["code"].tolist()
    ['U', 'L']
    """
    further = pd.DataFrame(slips.late).astype({"minutes_late": "Int16"})
    both = pd.concat([further[list(late.columns)], late], ignore_index=True)
    return both.sort_values(["pupil_id", "date", "session"], kind="stable", ignore_index=True)


def register_times(register: DemoRegister) -> pd.DataFrame:
    """List when each mark of one form's week was made, as a system exports it that keeps the time.

    Parameters
    ----------
    register : DemoRegister
        The finished register.

    Returns
    -------
    pandas.DataFrame
        One row per mark, in order of pupil, date and session: ``code`` and ``recorded_at``. A register is taken a
        few minutes after it opens, but for those of `LATE_REGISTERS`.
    """
    where = register.roll.has("form", TIMED_FORM)[:, None] & register.sessions_between(*TIMED_DAYS)
    rows, sessions = np.nonzero(where & register.is_open() & ~register.holds(("",)))
    days = register.timetable.days[sessions // 2].astype(str)
    halves = np.array(SESSIONS)[sessions % 2]
    moments = [
        LATE_REGISTERS.get((str(day), str(half)), _in_time(str(day), str(half), int(session)))
        for day, half, session in zip(days, halves, sessions, strict=True)
    ]
    return pd.DataFrame({
        "pupil_id": register.roll.table["pupil_id"].to_numpy()[rows], "date": days, "session": halves,
        "code": np.array(CODES)[register.cells[rows, sessions]], "recorded_at": moments,
    })  # fmt: skip


def _in_time(day: str, half: str, session: int) -> str:
    """The moment at which a register was taken that was taken in time."""
    minutes = REGISTER_OPENS[half] + session % REGISTER_TAKES
    return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:00"
