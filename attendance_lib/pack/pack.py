"""A school opened for one period and cohort, and how what is worked out of it is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, wraps
from html import escape
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
import pandas as pd

from attendance_lib.casebook.state import State
from attendance_lib.errors import SettingsError
from attendance_lib.intake.checked_school import School
from attendance_lib.pack.cohorts import CURRENT_ROLL, DFE_COMPARABLE, ENROLLED, OUTSIDE_AGES, Selection
from attendance_lib.pack.periods import Periods
from attendance_lib.register.grid import NOT_ON_ROLL, Register
from attendance_lib.register.held import held_register

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Cohort


@dataclass(frozen=True)
class Whom:
    """Whom a headline counts on the last day of its period; all figures are numbers of enrolments.

    ``counted`` of the ``on_roll`` on roll are in it, with ``leavers`` who left in the school year; ``left_out`` tells
    how many on roll of each year group are not.
    """

    basis: str
    on_roll: int
    counted: int
    leavers: int
    left_out: Mapping[int, int]

    @property
    def is_beside_england(self) -> bool:
        """Whether it counts whom DfE counts, so that England's figures may be compared with it.

        Examples
        --------
        >>> Whom(DFE_COMPARABLE, 100, 98, 2, {}).is_beside_england, Whom("current_roll", 100, 100, 0, {}).is_beside_england
        (True, False)
        """
        return self.basis == DFE_COMPARABLE


def whom_it_counts(periods: Periods) -> Whom:
    """Count whom the headline of some periods counts and leaves out, among the enrolments of its cohort.

    Examples
    --------
    >>> missing = dict.fromkeys(("date_of_birth", "admission_date", "leaving_date"), pd.NaT)
    >>> pupils = pd.DataFrame({"year_group": [11, 12], "reference_year": [2026, 2026], **missing})
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"]), "school_year": ["202627"]})
    >>> periods = Periods(Register(np.full((2, 1), 3), pupils, sessions), date(2026, 11, 5), date(2026, 11, 5))
    >>> whom = whom_it_counts(periods)  # by default those whom DfE counts
    >>> whom.counted, whom.on_roll, whom.left_out
    (1, 2, {12: 1})
    """
    year = periods.register.year_to_date(periods.date_to)
    year = year.where_pupils(periods.selection.meets_conditions(year.pupils))
    on_roll, counted = year.is_on_roll(year.last_date), periods.selection.members(year)
    years = year.pupils["year_group"][on_roll & ~counted].value_counts().sort_index()
    return Whom(
        basis=periods.selection.basis,
        on_roll=int(on_roll.sum()),
        counted=int((on_roll & counted).sum()),
        leavers=int((counted & ~on_roll & was_enrolled(year)).sum()),
        left_out={int(group): int(count) for group, count in years.items()},
    )


def was_enrolled(register: Register) -> np.ndarray:
    """Return which enrolments were on roll at any session of a register (boolean, shape (pupils,)).

    Examples
    --------
    >>> cells = np.array([[NOT_ON_ROLL, NOT_ON_ROLL], [NOT_ON_ROLL, 0]])  # the second has a session, though no mark of it yet
    >>> was_enrolled(Register(cells, pd.DataFrame(), pd.DataFrame())).tolist()
    [False, True]
    """
    return (register.codes != NOT_ON_ROLL).any(axis=1)


def selection_that_counts(wanted: Selection, register: Register) -> Selection:
    """Return whom a headline counts: of a cohort in which nobody is of the ages that DfE counts, everyone enrolled.

    Parameters
    ----------
    wanted : Selection
        The cohort on the basis that it asks for.
    register : Register
        The whole school's, the school year to date.

    Notes
    -----
    A sixth form has a headline of its own pupils, beside which no figure of England's stands.

    Examples
    --------
    >>> pupils = pd.DataFrame({"year_group": [12], "date_of_birth": pd.to_datetime(["2009-10-01"])})
    >>> sixth_form = Register(np.full((1, 1), 3), pupils, pd.DataFrame({"school_year": ["202627"]}))
    >>> selection_that_counts(Selection(DFE_COMPARABLE), sixth_form).basis
    'enrolled'
    """
    everyone = replace(wanted, basis=ENROLLED)
    if wanted.basis != DFE_COMPARABLE or counts_anybody(wanted, register):
        return wanted
    return everyone if counts_anybody(everyone, register) else wanted


def counts_anybody(selection: Selection, register: Register) -> bool:
    """Whether a selection has an enrolment that was on roll at a session of a register.

    Examples
    --------
    >>> pupils = pd.DataFrame({"year_group": [12], "date_of_birth": pd.to_datetime(["2009-10-01"])})
    >>> sixth_form = Register(np.full((1, 1), 3), pupils, pd.DataFrame({"school_year": ["202627"]}))
    >>> [counts_anybody(Selection(basis), sixth_form) for basis in (DFE_COMPARABLE, ENROLLED)]
    [False, True]
    """
    return bool(was_enrolled(selection.of(register)).any())


@dataclass(frozen=True, eq=False, repr=False)
class Pack:
    """Everything a section reads.

    ``register`` is the whole school's; ``periods`` are about the cohort on its own basis (headlines),
    ``roll`` about the cohort's pupils on roll at the end of the period, each one person (lists of people). ``left_out``
    counts marks without a place in the register, of which ``left_out_marks`` are those that contradict the roll
    or the calendar; ``casebook`` is all that staff wrote in earlier packs (None where there is none);
    ``meetings`` are the days of the pastoral meetings held by the end of the period, by the last day of each one's pack.
    """

    school: School
    register: Register
    periods: Periods
    roll: Periods
    cohort: "Cohort"
    left_out: pd.DataFrame
    casebook: State | None = None
    left_out_marks: pd.DataFrame = field(default_factory=pd.DataFrame)
    results: dict[Callable[["Pack"], object], object] = field(default_factory=dict, init=False, repr=False)
    meetings: Mapping[date, date] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Name the school, cohort and days, and what the register holds; never anything of a pupil."""
        return (
            f"{self.school.settings.school.name}, {self.cohort.title}, {self.date_from} to {self.date_to}: "
            f"{self.whom.counted:,} enrolments in the headline. {self.register!r}"
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"

    @property
    def date_from(self) -> date:
        """The first day of the period."""
        return self.periods.date_from

    @property
    def date_to(self) -> date:
        """The last day of the period, on which everything is judged."""
        return self.periods.date_to

    @property
    def fewest_sessions(self) -> int:
        """The possible sessions below which an enrolment is called short, as the school file has it."""
        return self.school.settings.rules.short_enrolment_sessions

    @cached_property
    def whom(self) -> Whom:
        """Whom the headline counts, and whom of the cohort's pupils on roll it leaves out."""
        return whom_it_counts(self.periods)

    @cached_property
    def enrolled(self) -> Periods:
        """The periods of everyone of the cohort, whatever their age: what every register must hold is due for all."""
        return replace(self.periods, selection=replace(self.periods.selection, basis=ENROLLED))

    @cached_property
    def outside(self) -> Periods | None:
        """The periods of those whom a headline on DfE's basis leaves out, for rows of their own; None on another basis."""
        chosen = replace(self.periods.selection, basis=OUTSIDE_AGES)
        return replace(self.periods, selection=chosen) if self.whom.is_beside_england else None

    def of_cohort(self, cohort: "Cohort") -> "Pack":
        """Return the pack of a cohort of the same school over the same days."""
        counted, on_roll = selections_of(cohort, self.register, self.date_to)
        return replace(
            self,
            cohort=cohort,
            periods=replace(self.periods, selection=counted),
            roll=replace(self.roll, selection=on_roll),
        )


def selections_of(cohort: "Cohort", register: Register, to: date) -> tuple[Selection, Selection]:
    """Return whom the headline of a cohort counts up to a day, and who of it is on roll then, each one person."""
    counted = selection_that_counts(Selection(cohort.basis, cohort.where), register.year_to_date(to))
    return counted, Selection(CURRENT_ROLL, cohort.where, of_persons=True)


Result = TypeVar("Result")


def derived(make: Callable[[Pack], Result]) -> Callable[[Pack], Result]:
    """Return a function of a pack that works its result out once a pack, however often it is asked.

    So an analysis belongs to itself, and a pack need not know of any.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> asked = []
    >>> answer = derived(lambda pack: asked.append(pack.name) or len(asked))
    >>> autumn = SimpleNamespace(name="autumn", results={})
    >>> answer(autumn), answer(autumn), asked
    (1, 1, ['autumn'])
    """

    @wraps(make)
    def kept(pack: Pack) -> Result:
        if kept not in pack.results:
            pack.results[kept] = make(pack)
        return cast("Result", pack.results[kept])

    return kept


def pack_of(
    school: School, period: tuple[date, date], cohort: "Cohort", casebook: State | None = None
) -> Pack:
    """Return the pack of a school that has been read (see ``open_pack``), with what its casebook knows.

    Raises
    ------
    SettingsError
        If the register holds no session in the period.
    """
    placed = held_register(school.pupils, school.marks, school.calendar)
    register = placed.register
    counted, on_roll = selections_of(cohort, register, period[1])
    periods = Periods(register, *period, selection=counted)
    if periods.current.sessions.empty:
        known = (
            f"{register.first_date} to {register.last_date}"
            if len(register.sessions)
            else "no session at all"
        )
        raise SettingsError(
            f"There are no marks from {period[0]} to {period[1]}; the exports hold {known}. Choose a period within them."
        )
    roll = Periods(register, *period, selection=on_roll)
    return Pack(school, register, periods, roll, cohort, placed.left_out, casebook, placed.left_out_marks)
