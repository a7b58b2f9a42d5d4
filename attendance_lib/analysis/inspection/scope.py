"""What is inspected: the register of one school year up to a day, what came before it, and what else is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from attendance_lib.errors import Severity
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.ledger import IntakeLog
from attendance_lib.intake.settings.school_file import StaffMember
from attendance_lib.pack.cohorts import was_of_school_age
from attendance_lib.register.build import find_places
from attendance_lib.register.grid import CLOSED, NOT_ON_ROLL, Register, cell_of
from attendance_lib.rules import sources
from attendance_lib.rules.calendar import SESSIONS, SchoolCalendar
from attendance_lib.rules.notices import NoticeRule
from attendance_lib.rules.pupils import year_name

NO_FORM = "(no form)"
SECONDS_IN_MINUTE = 60
# A planned closure, and premises that were shut: such a session is no school for the pupil, so it breaks no run.
SHUT_CODES = ("#", "Z", "Y3", "Y4")
NO_DAY = date.min


@dataclass(frozen=True, eq=False)
class Scope:
    """The enrolments inspected, over every session known up to the day ``on``.

    ``minutes`` are the minutes late, shape (pupils, sessions), NaN where none are known;
    ``close_minutes`` how long each session's register is open and ``closes_at`` when it closes; ``recorded_at``
    when each mark was made, of the same shape, NaT where that is not known; ``left_out_marks`` the marks without a
    place in the register and ``doubtful_marks`` those that reading could not take as they stand. Things are to be
    fixed in ``year``; what came before it only tells how long a run is.
    """

    register: Register
    calendar: SchoolCalendar
    on: date
    minutes: np.ndarray
    close_minutes: Mapping[str, float]
    closes_at: Mapping[str, time]
    recorded_at: np.ndarray
    left_out_marks: pd.DataFrame
    doubtful_marks: pd.DataFrame
    log: IntakeLog
    interventions: pd.DataFrame | None = None
    part_time: pd.DataFrame | None = None
    lessons: pd.DataFrame | None = None
    notice_rules: Sequence[NoticeRule] = ()
    staff: Sequence[StaffMember] = ()

    @cached_property
    def year(self) -> Register:
        """The school year's own sessions, with each pupil's year group as it is in that year."""
        return self.register.year_to_date(self.on)

    @cached_property
    def before(self) -> int:
        """The number of sessions before the school year: a column of ``year`` is so much further in ``register``."""
        return len(self.register.sessions) - len(self.year.sessions)

    @cached_property
    def days(self) -> np.ndarray:
        """The date of each session known (datetime64[D], shape (sessions,))."""
        return self.register.sessions["date"].to_numpy().astype("datetime64[D]")

    @cached_property
    def is_morning(self) -> np.ndarray:
        """Whether each session of the year is a morning (boolean, shape (sessions,))."""
        return (self.year.sessions["session"] == SESSIONS[0]).to_numpy()

    @cached_property
    def closes_after(self) -> np.ndarray:
        """After how many minutes each session of the year's register closed (shape (sessions,))."""
        return np.where(self.is_morning, *(self.close_minutes[session] for session in SESSIONS))

    @cached_property
    def forms(self) -> tuple[np.ndarray, list[str]]:
        """The number of each enrolment's form (shape (pupils,)) and the forms; the year group where none is recorded."""
        pupils = self.year.pupils
        form = (
            pupils["form"].astype(object).fillna("").astype(str)
            if "form" in pupils
            else pd.Series("", index=pupils.index)
        )
        years = [NO_FORM if pd.isna(year) else year_name(int(year)) for year in pupils["year_group"]]
        named = form.where(form != "", pd.Series(years, index=pupils.index))
        numbers, names = pd.factorize(named, sort=True)
        return numbers, list(names)

    @cached_property
    def form_names(self) -> np.ndarray:
        """The form of each enrolment (text, shape (pupils,))."""
        numbers, names = self.forms
        return np.array(names, dtype=object)[numbers]

    @cached_property
    def pupil_ids(self) -> np.ndarray:
        """The identifier of each enrolment's pupil (text, shape (pupils,))."""
        return self.register.pupils["pupil_id"].astype(str).to_numpy(dtype=object)

    def holds(self, *letters: str) -> np.ndarray:
        """Return which cells of the year hold one of these codes (boolean, shape (pupils, sessions))."""
        return holds(self.year, letters)

    @cached_property
    def is_of_age(self) -> np.ndarray:
        """Whether each pupil is of compulsory school age at each session of the register (boolean, shape (pupils, sessions)).

        Years 1 to 11 stand in for an unknown birthday.
        """
        return was_of_school_age(self.year.pupils, self.days)

    @cached_property
    def is_due(self) -> np.ndarray:
        """Which cells of the year want a mark: on roll and open (boolean, shape (pupils, sessions))."""
        return is_due(self.year)

    @cached_property
    def is_of_year(self) -> np.ndarray:
        """Which enrolments have a session of the school year: who left before is in no form of it (boolean, shape (pupils,))."""
        return self.is_due.any(axis=1)

    def by_form(self, cells: np.ndarray) -> np.ndarray:
        """Count cells (boolean, shape (pupils, sessions)) in each form: shape (forms, sessions)."""
        return self.reduce_forms(np.add, cells, np.int32)

    def reduce_forms(self, how: np.ufunc, cells: np.ndarray, kind: type) -> np.ndarray:
        """Combine the cells of each form's pupils (shape (pupils, sessions)) into one: shape (forms, sessions)."""
        order = np.argsort(self.forms[0], kind="stable")
        starts = np.searchsorted(self.forms[0][order], np.arange(len(self.forms[1])))
        return how.reduceat(cells[order], starts, axis=0, dtype=kind)


def holds(register: Register, letters: Sequence[str]) -> np.ndarray:
    """Return which cells hold one of these codes (boolean, shape (pupils, sessions))."""
    wanted = np.zeros(np.iinfo(np.uint8).max + 1, dtype=bool)
    wanted[[cell_of(letter) for letter in letters]] = True
    return wanted[register.codes]


def is_due(register: Register) -> np.ndarray:
    """Return which cells want a mark: on roll and open (boolean, shape (pupils, sessions))."""
    return (register.codes != NOT_ON_ROLL) & (register.codes != CLOSED)


def is_skipped(register: Register) -> np.ndarray:
    """Return which cells are no school for the pupil and break no run (boolean, shape (pupils, sessions)).

    Examples
    --------
    >>> register = Register(np.array([[NOT_ON_ROLL, CLOSED, cell_of("Y4"), cell_of("I"), 0]]), pd.DataFrame(), pd.DataFrame())
    >>> is_skipped(register).tolist()  # Y4: the site was shut; a missing mark is a session all the same
    [[True, True, True, False, False]]
    """
    return ~is_due(register) | holds(register, SHUT_CODES)


@dataclass(frozen=True)
class Order:
    """What to inspect: up to which day, whom (values that a column of the pupils may have) and under which notice rules."""

    on: date
    where: Mapping[str, Sequence] = field(default_factory=dict)
    notice_rules: Sequence[NoticeRule] = ()


def scope_of(school: School, whole: Register, left_out_marks: pd.DataFrame, order: Order) -> Scope:
    """Return what is inspected of a school.

    Parameters
    ----------
    school : School
        Settings, logs and marks with their minutes late.
    whole : Register
        The whole school's.
    left_out_marks : pandas.DataFrame
        The marks that contradict the roll or the calendar (see ``Placement``).
    order : Order
        The day on which things are judged, and whom they are about. No basis is chosen: the register is the
        law's for every pupil on it.

    Returns
    -------
    Scope
        Ready for the checks.
    """
    known = whole.where_sessions(whole.sessions["date"] <= pd.Timestamp(order.on))
    register = known.where_pupils(members(known, order))
    of_them = left_out_marks["pupil_id"].astype(str).isin(register.pupils["pupil_id"].astype(str))
    return Scope(
        register=register,
        calendar=school.calendar,
        on=order.on,
        minutes=minutes_late(register, school.marks),
        close_minutes=close_minutes(school),
        closes_at=closing_times(school),
        recorded_at=recorded_at(register, school.marks),
        left_out_marks=left_out_marks[of_them],
        doubtful_marks=doubtful_marks_of(school, whole, register, order),
        log=school.log,
        interventions=school.interventions,
        part_time=school.part_time,
        lessons=school.lessons,
        notice_rules=order.notice_rules,
        staff=school.settings.staff,
    )


def members(register: Register, order: Order) -> np.ndarray:
    """Return which enrolments are inspected, by what they are in the school year of a day (boolean, shape (pupils,)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pupils = pd.DataFrame({"year_group": [7, 8], "fsm": [True, True]})
    >>> register = SimpleNamespace(year_to_date=lambda day: SimpleNamespace(pupils=pupils))
    >>> [members(register, Order(date(2026, 11, 20), where)).tolist() for where in ({"year_group": [8]}, {})]
    [[False, True], [True, True]]
    """
    pupils = register.year_to_date(order.on).pupils
    chosen = np.ones(len(pupils), dtype=bool)
    for column, values in order.where.items():
        chosen &= pupils[column].isin(list(values)).to_numpy(dtype=bool)
    return chosen


def doubtful_marks_of(school: School, whole: Register, register: Register, order: Order) -> pd.DataFrame:
    """Return the doubtful marks of the school year, one row each: of the pupils inspected, and of nobody known if it is of all.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> school = SimpleNamespace(doubtful_marks=pd.DataFrame({"pupil_id": ["1", "2", "9"]}))  # 9 is on no roll
    >>> whole, part = (SimpleNamespace(pupils=pd.DataFrame({"pupil_id": ids})) for ids in (["1", "2"], ["1"]))
    >>> orders = ((whole, Order(date(2026, 11, 20))), (part, Order(date(2026, 11, 20), {"year_group": [8]})))
    >>> [doubtful_marks_of(school, whole, *order)["pupil_id"].tolist() for order in orders]
    [['1', '2', '9'], ['1']]
    """
    marks = school.doubtful_marks
    ids = marks["pupil_id"].astype(str)
    of_them = ids.isin(register.pupils["pupil_id"].astype(str))
    if not order.where:
        of_them |= ~ids.isin(whole.pupils["pupil_id"].astype(str))
    return marks[of_them]


def minutes_late(register: Register, marks: pd.DataFrame) -> np.ndarray:
    """Return the minutes late of each cell, NaN where none are recorded (shape (pupils, sessions)).

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1"], "admission_date": [pd.NaT]})
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 2), "session": ["AM", "PM"]})
    >>> marks = sessions.assign(pupil_id="1", minutes_late=[12, None])
    >>> minutes_late(Register(np.zeros((1, 2), dtype=np.uint8), pupils, sessions), marks).tolist()
    [[12.0, nan]]
    """
    return in_cells(register, marks, "minutes_late", np.full(register.codes.shape, np.nan, dtype=np.float32))


def recorded_at(register: Register, marks: pd.DataFrame) -> np.ndarray:
    """Return when each mark was made (datetime64[s]), NaT where that is not known (shape (pupils, sessions))."""
    unknown = np.full(register.codes.shape, np.datetime64("NaT"), dtype="datetime64[s]")
    return in_cells(register, marks, "recorded_at", unknown)


def in_cells(register: Register, marks: pd.DataFrame, name: str, cells: np.ndarray) -> np.ndarray:
    """Write what is known of marks into the cells where they stand, and return these (shape (pupils, sessions))."""
    if name in marks and register.codes.size:
        known = marks[marks[name].notna()]
        places = find_places(register.pupils, register.sessions, known)
        placed = ((places["row"] >= 0) & (places["column"] >= 0)).to_numpy()
        row, column = (places[axis].to_numpy()[placed] for axis in ("row", "column"))
        cells[row, column] = known[name].to_numpy(dtype=cells.dtype)[placed]
    return cells


def closing_times(school: School) -> dict[str, time]:
    """Return the time at which the register of each session closes."""
    registers = school.settings.school.registers
    return {"AM": registers.AM.closes, "PM": registers.PM.closes}


def close_minutes(school: School) -> dict[str, float]:
    """Return for how many minutes the register of each session is open.

    Minutes late count from when the register opens.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> half = SimpleNamespace(opens=time(8, 50), closes=time(9, 20))
    >>> school = SimpleNamespace(registers=SimpleNamespace(AM=half, PM=half))
    >>> close_minutes(SimpleNamespace(settings=SimpleNamespace(school=school)))
    {'AM': 30.0, 'PM': 30.0}
    """
    registers = school.settings.school.registers
    times = {"AM": registers.AM, "PM": registers.PM}
    open_for = {
        session: datetime.combine(NO_DAY, each.closes) - datetime.combine(NO_DAY, each.opens)
        for session, each in times.items()
    }
    return {session: span.total_seconds() / SECONDS_IN_MINUTE for session, span in open_for.items()}


if TYPE_CHECKING:
    from attendance_lib.analysis.inspection.scope import Scope
GUIDANCE, SUSPENSIONS = sources.GUIDANCE.cited, sources.SUSPENSIONS.cited
WORK_EXPERIENCE, SCHOOL_YEAR = sources.WORK_EXPERIENCE.cited, sources.SCHOOL_YEAR.cited
CHECKLIST = "Local authorities' register inspection checklists (good practice, no rule of law)"
OURS = "Ours: a line beyond which it is worth a look, not a rule of law"


@dataclass(frozen=True)
class Check:
    """One check of a register inspection, declared beside the function that finds what is wrong.

    ``rule`` names it in tables, ``check`` says it to a reader; then its weight, what to do, and where it comes from. ``find``
    returns one row per thing to fix, of this check or of several that one look finds. ``lacks`` says why a register cannot be
    checked for it, and is empty text where it can.

    What a check without ``names_pupil`` finds is a class, a register, a file or the calendar, and never a pupil. Each thing
    that one ``is_dated_by_mark`` finds is a mark and dated by it: what was found by a date stays found, and spans of time add
    up. What the others find is open at a date: a run of one code, or an illness of so many days, is dated anew as it grows.
    """

    rule: str
    check: str
    severity: Severity
    what_to_do: str
    source: str
    find: Callable[["Scope"], pd.DataFrame]
    lacks: Callable[["Scope"], str] | None = None
    names_pupil: bool = True
    is_dated_by_mark: bool = False


# A suspension: provision is due from the sixth school day in a row; 45 school days a school year are the most.
LONGEST_SUSPENSION_DAYS, MOST_SUSPENDED_DAYS = 5, 45
# Sickness return and attendance return to the local authority.
ILLNESS_DAYS, UNAUTHORISED_DAYS = 15, 10
# A school meets for 380 sessions in a school year; ten more are the five INSET days that a calendar forgot.
YEAR_SESSIONS, TOO_MANY_SESSIONS = 380, 390
# Ours: leave for exceptional circumstances is short; two school weeks are worth a question.
LEAVE_DAYS = 10
# April to July; from Year 11; and work experience in the last two years of compulsory schooling.
EXAM_MONTHS = (4, 7)
STUDY_LEAVE_FROM_YEAR, WORK_EXPERIENCE_FROM_YEAR = 11, 10
# Ours: four school weeks without a review, bridging gaps of less than a week (one day a week at another place is a run).
ARRANGEMENT_CODES = ("B", "C2", "D", "K", "Y7")
ARRANGEMENT_DAYS, ARRANGEMENT_GAP_DAYS = 20, 4
# Ours: a class small enough may well be all ill, or all there for a week.
BULK_PUPILS, FULL_CLASS_PUPILS, FULL_CLASS_SESSIONS = 5, 10, 10
# Ours: so many school days without a mark at the beginning or end of being on roll are a wrong date, not forgotten marks.
UNMARKED_DAYS = 5
# Ours: a class does something far more often than others from ten times on, for three pupils, and at three times their rate.
FAR_MORE_TIMES, FAR_MORE_PUPILS, FAR_MORE_OFTEN = 10, 3, 3
# Ours: amendments of a class made on one day, long after; fewer, or of fewer pupils, is one pupil's reason found late.
AMENDED_MARKS, AMENDED_PUPILS = 10, 3
# Ours: minutes late of which nine in ten are multiples of five, or one figure, were not read off a clock.
ROUND_MINUTES, ROUNDED_MARKS, ROUNDED_IN_TEN = 5, 20, 9
# Codes that a whole class has for good reason: present, a closure, or travel and premises that fail for all.
WHOLE_CLASS_CODES = ("/", "\\", "#", "Z", "Y2", "Y3", "Y4", "Y6")
MUST, SHOULD = Severity.MUST, Severity.SHOULD
