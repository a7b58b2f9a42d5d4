"""One small defect for each check of the register inspection that nothing else in the demo school sets off: in the marks.

What goes wrong in the exports alone stands in `slips`. Both say where, for the truth.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.demo.amendments import MISSING_REGISTER
from attendance_lib.demo.register import AUTHORISED, PLACE, PRESENT, UNAUTHORISED, VISITS, DemoRegister
from attendance_lib.rules.calendar import SESSIONS

AWAY = tuple(code for code in (*AUTHORISED, *UNAUTHORISED) if code != "N")
"""Absence whose reason is known: N stays where it is, for the truth tells of it."""
LAST_YEAR, THIS_YEAR = ("2025-09-03", "2026-07-17"), ("2026-09-03", "2026-11-20")
SUSPENDED_DAYS, SUSPENDED_RUN = 46, 5
FULL_SESSIONS, FULL_PUPILS = 10, 10
FULL_FROM, FULL_UNTIL = "2026-09-07", "2026-10-16"
EARLY_MINUTES = 22
Place = dict[str, str]


@dataclass(frozen=True)
class Defect:
    """One code where it does not belong.

    Attributes
    ----------
    rule : str
        The check that must find it.
    code : str
        What is written.
    first, last : str
        The first and the last session: a date with AM or PM.
    over : tuple of str
        What the sessions hold before; those who hold it in most of them come first.
    years : tuple of int
        The year groups that it may befall; none means all.
    """

    rule: str
    code: str
    first: str
    last: str
    over: tuple[str, ...] = PRESENT
    years: tuple[int, ...] = ()


DEFECTS = (
    Defect("wrong_half_day", "/", "2026-10-13PM", "2026-10-13PM"),
    Defect("closure_code_open", "#", "2026-11-10AM", "2026-11-10AM"),
    Defect("x_of_school_age", "X", "2026-10-02PM", "2026-10-02PM", years=(9, 10, 11)),
    # The last Friday in June 2026 was the 26th: from then on last year's Year 11 was past compulsory school age.
    Defect("c2_not_of_school_age", "C2", "2026-06-30PM", "2026-06-30PM", years=(11,)),
    Defect("work_experience_year", "W", "2026-10-14AM", "2026-10-14PM", years=(9,)),
    Defect("study_leave_year", "S", "2026-11-11PM", "2026-11-11PM", years=(10,)),
    Defect("study_leave_season", "S", "2026-11-11AM", "2026-11-11AM", years=(11,)),
    Defect("religious_days", "R", "2026-09-21AM", "2026-09-22PM"),
    Defect("interview_days", "J1", "2026-11-04AM", "2026-11-05PM", years=(11,)),
    Defect("n_before_holiday", "N", "2026-10-23PM", "2026-10-23PM", over=("O",)),
    # These last long, so they befall pupils who were away then for another reason.
    Defect("leave_long", "C", "2026-03-02AM", "2026-03-13PM", over=AWAY),
    Defect("suspension_sixth_day", "E", "2026-06-08AM", "2026-06-15PM", over=AWAY),
    Defect("unauthorised_return", "O", "2026-05-11AM", "2026-05-22PM", over=AWAY),
    Defect("illness_return", "I", "2025-11-10AM", "2025-11-28PM", over=AWAY),
)


@dataclass(frozen=True, eq=False)
class Planting:
    """A register into which defects are planted, each in a pupil of its own.

    Attributes
    ----------
    register : DemoRegister
        The register, written into.
    amendments : pandas.DataFrame
        ``row`` and ``session_number`` of the marks that are amended.
    rng : numpy.random.Generator
        Source of chance.
    """

    register: DemoRegister
    amendments: pd.DataFrame
    rng: np.random.Generator

    @cached_property
    def used(self) -> np.ndarray:
        """Which enrolments something is planted in, in any of the school years (boolean, shape (enrolments,))."""
        return self.register.kept.copy()

    @cached_property
    def changed(self) -> np.ndarray:
        """Which cells are amended (boolean, shape (enrolments, sessions))."""
        changed = np.zeros(self.register.cells.shape, dtype=bool)
        changed[self.amendments["row"], self.amendments["session_number"]] = True
        return changed

    def one_of(self, rows: np.ndarray) -> int:
        """Choose one of the enrolments (rows of the roll) that are not used yet, and use it."""
        chosen = int(self.rng.choice(rows[~self.used[rows]]))
        self.used[chosen] = True
        return chosen

    def one_cell(self, codes: tuple[str, ...], span: tuple[str, str] = THIS_YEAR) -> tuple[int, int]:
        """Choose a cell with one of these codes that nobody amended, in an enrolment of its own."""
        cells = self.register.holds(codes) & self.register.sessions_between(*span) & ~self.changed
        row = self.one_of(np.flatnonzero(cells.any(axis=1)))
        return row, int(self.rng.choice(np.flatnonzero(cells[row])))

    def place(self, row: int, first: int, last: int | None = None) -> Place:
        """Say where sessions of an enrolment are: the half of the day for one, the last day for more."""
        register, days = self.register, self.register.timetable.days.astype(str)
        told = {"pupil_id": str(register.roll.table["pupil_id"].iloc[row]), "date": str(days[first // 2])}
        if last is None or last == first:
            return {**told, "session": SESSIONS[first % 2]}
        return {**told, "end_date": str(days[last // 2])}


def plant_defects(planting: Planting) -> dict[str, list[Place]]:
    """Plant a defect for each check of the inspection that looks at marks.

    Parameters
    ----------
    planting : Planting
        The finished register, written into.

    Returns
    -------
    dict of str to list
        For each check, where it must find something: what is known of ``pupil_id``, ``form``, ``date``,
        ``end_date`` and ``session``.
    """
    found = {each.rule: [_write(planting, each)] for each in DEFECTS}
    return {
        **found,
        "suspension_year": [_suspend_often(planting)],
        "pupil_unmarked": [_unmark(planting)],
        "full_class": [_fill_class(planting)],
        "late_before_close": [_come_early(planting)],
        "late_without_minutes": [_forget_minutes(planting)],
        "bulk_code": _visits(planting.register),
        "travelling": [_first_run(planting, "T")],
        "arrangement_unreviewed": [_first_run(planting, "D")],
    }


def _sessions(register: DemoRegister, defect: Defect) -> np.ndarray:
    """Positions of the sessions of a defect."""
    first, last = (
        2 * register.timetable.day(each[:10]) + SESSIONS.index(each[10:])
        for each in (defect.first, defect.last)
    )
    return np.arange(first, last + 1)


def _write(planting: Planting, defect: Defect) -> Place:
    """Write a code where it does not belong, in one of the pupils whom it changes least."""
    register, sessions = planting.register, _sessions(planting.register, defect)
    fits = register.holds(defect.over)[:, sessions].sum(axis=1)
    ordinary = register.holds((*PRESENT, *AWAY, "L", "B", "K"))[:, sessions].all(axis=1) & ~planting.used
    if defect.years:
        ordinary &= np.isin(register.roll.year_groups[:, sessions[0] // 2], defect.years)
    if len(sessions) <= len(SESSIONS):
        ordinary &= ~planting.changed[:, sessions].any(axis=1)
    row = planting.one_of(np.flatnonzero(ordinary & (fits == fits[ordinary].max())))
    register.cells[row, sessions] = PLACE[defect.code]
    return planting.place(row, int(sessions[0]), int(sessions[-1]))


def _suspend_often(planting: Planting) -> Place:
    """Make E of the absence of the pupil who was away most last year, on more days than the law allows, never six in a row."""
    register = planting.register
    away = register.holds(AWAY).reshape(len(register.cells), -1, len(SESSIONS)).all(axis=2)
    away &= register.sessions_between(*LAST_YEAR)[:: len(SESSIONS)]
    often = np.flatnonzero(~planting.used)
    row = planting.one_of(often[[away[often].sum(axis=1).argmax()]])
    register.cells[row, register.holds(("E",))[row]] = PLACE["O"]
    days: list[int] = []
    for day in np.flatnonzero(away[row]).tolist():
        if days[-SUSPENDED_RUN:] != list(range(day - SUSPENDED_RUN, day)) and len(days) < SUSPENDED_DAYS:
            days.append(day)
    register.put_days(np.full(len(days), row), np.array(days), "E")
    return planting.place(row, len(SESSIONS) * days[0], len(SESSIONS) * days[-1] + 1)


def _unmark(planting: Planting) -> Place:
    """Take every mark of this year from a pupil who was never away and on roll least of it, yet for more than two days."""
    register, this_year = planting.register, planting.register.sessions_between(*THIS_YEAR)
    due = register.is_open() & this_year
    away = (due & ~register.holds((*PRESENT, "L"))).any(axis=1)
    free = ~planting.used & ~away & (due.sum(axis=1) > 2 * len(SESSIONS))
    few = np.where(free, due.sum(axis=1), register.sessions)
    row = planting.one_of(np.flatnonzero(few == few.min()))
    register.cells[row, due[row]] = PLACE[""]
    sessions = np.flatnonzero(due[row])
    return planting.place(row, int(sessions[0]), int(sessions[-1]))


def _fill_class(planting: Planting) -> Place:
    """Mark everybody in a form present for ten sessions: the form and the sessions in which fewest marks change."""
    register = planting.register
    odd = register.is_open() & ~register.holds(PRESENT)
    forms = sorted(set(register.roll.table["form"]))
    member = np.array([register.roll.has("form", form) for form in forms], dtype=np.int32)
    row, start = np.unravel_index(_cost(planting, member, odd).argmin(), (len(forms), register.sessions))
    where = odd & member[row].astype(bool)[:, None]
    where[:, :start] = where[:, start + FULL_SESSIONS :] = False
    rows, sessions = np.nonzero(where)
    register.cells[rows, sessions] = np.array([PLACE[code] for code in PRESENT])[sessions % len(SESSIONS)]
    planting.used[rows] = True
    # The register may have been full before as well.
    not_full = np.flatnonzero((member[row] @ (register.is_open() & ~register.holds(PRESENT)))[:start])
    first = int(not_full[-1]) + 1
    return {"form": forms[row], "date": str(register.timetable.days[first // 2])}


def _cost(planting: Planting, member: np.ndarray, odd: np.ndarray) -> np.ndarray:
    """How many marks of each form change if it is full for the ten sessions from each one on; very many where it must not be."""
    register = planting.register
    never = planting.changed | register.holds(("", "H", "J", "N")) | planting.used[:, None]
    weight = member @ (odd + len(odd) * (odd & never).astype(np.int32))
    later = np.cumsum(np.pad(weight, ((0, 0), (1, FULL_SESSIONS))), axis=1)
    cost = later[:, FULL_SESSIONS:-1] - later[:, : -FULL_SESSIONS - 1]
    free = register.sessions_between(FULL_FROM, FULL_UNTIL)
    return np.where(free & (member @ register.is_open().astype(np.int32) >= FULL_PUPILS), cost, weight.sum())


def _come_early(planting: Planting) -> Place:
    """Give a U fewer minutes than the register was open."""
    row, session = planting.one_cell(("U",))
    planting.register.minutes_late[row, session] = EARLY_MINUTES
    return planting.place(row, session)


def _forget_minutes(planting: Planting) -> Place:
    """Leave out the minutes of an L."""
    row, session = planting.one_cell(("L",))
    planting.register.minutes_late[row, session] = -1
    return planting.place(row, session)


def _visits(register: DemoRegister) -> list[Place]:
    """Say which forms were away on a visit to the last pupil, for whole days of this year."""
    found, on_visit, due = [], register.holds(("V",)), register.is_open()
    for day, year_group, letters in VISITS:
        sessions = len(SESSIONS) * register.timetable.day(day) + np.arange(len(SESSIONS))
        for letter in letters:
            form = f"{year_group}{letter}"
            rows = register.roll.has("form", form) & due[:, sessions[0]]
            if day >= THIS_YEAR[0] and on_visit[np.ix_(rows, sessions)].all():
                found.append({"form": form, "date": day})
    return found


def _first_run(planting: Planting, code: str) -> Place:
    """Say when the first pupil who has a code has it for the first time."""
    rows, sessions = np.nonzero(planting.register.holds((code,)))
    return {key: value for key, value in planting.place(rows[0], sessions[0]).items() if key != "session"}


# Pupils whose marks of 2026/27 are written by hand, to stand on the thresholds and beside them

FIRST_DAY = "2026-09-03"
CLEARED_FROM = "2025-09-03"
"""From this day on a planted pupil has no unauthorised absence but what is planted."""
UNREMARKABLE = (0.01, 0.05)
YEAR_7 = 7


@dataclass(frozen=True)
class Fact:
    """One planted pupil.

    Attributes
    ----------
    name : str
        What is true of the pupil.
    marks : dict of str to str
        For each code, where it stands: dates with ``AM``, ``PM`` or nothing for the whole day, parted by blanks.
    expected : dict of str to int
        Counts that a check must find.
    """

    name: str
    marks: dict[str, str]
    expected: dict[str, int]


TEN = "2026-09-21 2026-10-05 2026-10-12PM 2026-10-19 2026-11-09PM 2026-11-12"
FACTS = (
    Fact("exactly_ninety_percent", {"I": "2026-09-14 2026-09-15 2026-10-08 2026-11-05 2026-11-13"},
         {"possible_sessions": 100, "absence_sessions": 10}),
    Fact("one_session_above_ninety_percent", {"I": "2026-09-14 2026-09-15 2026-10-08 2026-11-05 2026-11-13AM"},
         {"possible_sessions": 100, "absence_sessions": 9, "sessions_to_persistent_absence": 2}),
    Fact("one_session_from_persistent_absence",
         {"I": "2026-09-10 2026-09-11 2026-10-01 2026-11-10 2026-11-18AM", "Y7": "2026-10-14AM"},
         {"possible_sessions": 99, "absence_sessions": 9, "sessions_to_persistent_absence": 1}),
    Fact("three_sessions_from_persistent_absence", {"I": "2026-09-24 2026-09-25 2026-11-03 2026-11-16"},
         {"possible_sessions": 100, "absence_sessions": 8, "sessions_to_persistent_absence": 3}),
    Fact("five_sessions_from_persistent_absence", {"I": "2026-09-29 2026-10-16 2026-11-19"},
         {"possible_sessions": 100, "absence_sessions": 6, "sessions_to_persistent_absence": 5}),
    Fact("exactly_ninety_five_percent", {"I": "2026-09-22 2026-10-20 2026-11-06PM"},
         {"possible_sessions": 100, "absence_sessions": 5}),
    Fact("exactly_fifty_percent",
         {"I": " ".join(f"2026-10-{day:02d}" for day in (1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 19, 20))
          + " 2026-11-09 2026-11-10 2026-11-11 2026-11-12 2026-11-13 2026-11-16 2026-11-17 2026-11-18 2026-11-19"
          " 2026-11-20 2026-11-06"},
         {"possible_sessions": 100, "absence_sessions": 50}),
    Fact("ten_unauthorised_in_ten_school_weeks", {"O": TEN}, {"most_in_ten_school_weeks": 10, "n_sessions": 0}),
    Fact("nine_unauthorised_in_ten_school_weeks", {"O": TEN.removesuffix("2026-11-12") + "2026-11-12AM", "I": "2026-11-16"},
         {"most_in_ten_school_weeks": 9, "n_sessions": 0}),
    Fact("ten_unauthorised_with_four_n", {"O": "2026-09-28 2026-10-13 2026-11-05", "N": "2026-11-17 2026-11-18"},
         {"most_in_ten_school_weeks": 10, "n_sessions": 4}),
    Fact("ten_unauthorised_but_over_eleven_school_weeks",
         {"O": "2026-09-04PM 2026-09-30 2026-10-07 2026-10-21 2026-11-18 2026-11-10PM"},
         {"most_in_ten_school_weeks": 9, "n_sessions": 0}),
    Fact("fourteen_over_two_terms",
         {"O": "2026-04-21 2026-04-22 2026-04-23 2026-09-17 2026-10-01 2026-10-22 2026-11-11"},
         {"most_in_ten_school_weeks": 8, "summer_term_sessions": 6, "autumn_term_sessions": 8}),
)  # fmt: skip


def reserve_pupils(
    register: DemoRegister, propensity: np.ndarray, taken: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Choose the pupils to plant, one row of the roll each: on roll throughout, unremarkable, and in nothing else.

    Parameters
    ----------
    register : DemoRegister
        The register; the pupils are marked as kept.
    propensity : numpy.ndarray
        Latent propensity of each enrolment: a share of school days (0 to 1).
    taken : numpy.ndarray
        Enrolments that something else happens to.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        One enrolment for each of `FACTS`.
    """
    low, high = UNREMARKABLE
    free = (
        register.roll.whole_time()
        & (propensity > low)
        & (propensity < high)
        & (register.roll.year_groups[:, -1] > YEAR_7)
    )
    free &= ~register.roll.has("form", MISSING_REGISTER[0])
    free[taken] = False
    chosen = rng.choice(np.flatnonzero(free), len(FACTS), replace=False)
    register.kept[chosen] = True
    return chosen


def write_planted(register: DemoRegister, enrolments: np.ndarray) -> list[dict[str, object]]:
    """Write the marks (sessions) of the planted pupils, one row of the register each.

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    enrolments : numpy.ndarray
        What `reserve_pupils` gives.

    Returns
    -------
    list of dict
        Name of each fact, the pupil's identifier and the counts to be found.
    """
    facts = []
    for fact, enrolment in zip(FACTS, enrolments, strict=True):
        _clear(register, enrolment)
        for code, where in fact.marks.items():
            register.cells[enrolment, _sessions_named(register, where)] = PLACE[code]
        facts.append(
            {"fact": fact.name, "pupil_id": register.roll.table["pupil_id"].iloc[enrolment], **fact.expected}
        )
    return facts


def _clear(register: DemoRegister, enrolment: int) -> None:
    """Make a pupil present all through 2026/27, and in the year before wherever the absence was unauthorised."""
    present = np.tile(np.array([PLACE["/"], PLACE["\\"]], dtype=np.uint8), register.sessions // 2)
    sessions = np.arange(register.sessions)
    this_year = sessions >= 2 * register.timetable.day(FIRST_DAY)
    before = (sessions >= 2 * register.timetable.day(CLEARED_FROM)) & register.holds(UNAUTHORISED)[enrolment]
    cleared = (this_year | before) & register.is_open()[enrolment]
    register.cells[enrolment, cleared] = present[cleared]


def _sessions_named(register: DemoRegister, where: str) -> list[int]:
    """Positions of the sessions that a planted fact names."""
    sessions = []
    for item in where.split():
        day, half = 2 * register.timetable.day(item[:10]), item[10:]
        sessions += [day + SESSIONS.index(half)] if half else [day, day + 1]
    return sessions
