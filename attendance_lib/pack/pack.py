"""TODO."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pandas as pd

from attendance_lib.analysis.comparators import Comparators, comparators_of
from attendance_lib.analysis.inspection.inspect import (
    inspect_register,
    sessions_expected,
    summarise,
    unchecked,
)
from attendance_lib.analysis.inspection.scope import Order, Scope, scope_of
from attendance_lib.analysis.measures import MEASURES, headline_figures, pupil_totals, span_figures
from attendance_lib.analysis.movement import crossings
from attendance_lib.analysis.notice_windows import (
    People,
    count_windows,
    notice_rules,
    notices_by_parent,
    people_of,
)
from attendance_lib.analysis.priority import priority_list
from attendance_lib.analysis.reasons import unexplained
from attendance_lib.analysis.support import support_by_pupil
from attendance_lib.casebook.state import State
from attendance_lib.errors import SettingsError
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.settings.school_file import Cohort
from attendance_lib.pack.cohorts import CURRENT_ROLL, ENROLLED, OUTSIDE_AGES, Selection
from attendance_lib.pack.periods import HalfTerms, Periods, is_held_whole, year_before
from attendance_lib.pack.whom import Whom, selection_that_counts, whom_it_counts
from attendance_lib.register import Register, build_register
from attendance_lib.register.persons import count_returned
from attendance_lib.rules.benchmarks import Benchmark
from attendance_lib.rules.calendar import year_in_words
from attendance_lib.rules.notices import NoticeRule


@dataclass(frozen=True, eq=False)
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
    cohort: Cohort
    left_out: pd.DataFrame
    casebook: State | None = None
    left_out_marks: pd.DataFrame = field(default_factory=pd.DataFrame)
    meetings: Mapping[date, date] = field(default_factory=dict)

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

    @cached_property
    def totals(self) -> pd.DataFrame:
        """PUPIL_TOTALS of the cohort's pupils on roll, year to date (one row per person)."""
        return pupil_totals(self.roll.year_to_date)

    @cached_property
    def returned(self) -> int:
        """How many of the cohort's pupils on roll left this school year and came back."""
        return count_returned(self.register.year_to_date(self.date_to), self.totals["pupil_id"])

    @cached_property
    def headline(self) -> pd.DataFrame:
        """The headline counts (sessions) and rates (fractions), one row each and one column per span (``analysis/headline.py``)."""
        return headline_figures(self.periods)

    @cached_property
    def final_last_year(self) -> tuple[str, pd.Series] | None:
        """Last school year in words and its headline counts and rates over the whole of it; None where it is not held whole."""
        held = HalfTerms(self.periods)
        year = year_before(held.school_year)
        if not is_held_whole(self.register.sessions, year):
            return None
        return year_in_words(year), span_figures(
            self.periods.selection.of(self.register.in_school_year(year))
        )

    @cached_property
    def england(self) -> dict[str, Benchmark]:
        """England's figure of each headline measure that may stand beside the year to date, where DfE publishes one."""
        found = {measure: self.beside.in_year(measure, self.date_to) for measure in MEASURES}
        return {measure: figure for measure, figure in found.items() if figure}

    @cached_property
    def beside(self) -> Comparators:
        """What may stand beside the headline: of others nothing unless it counts whom DfE counts; the school's own targets."""
        return self.comparators if self.whom.is_beside_england else replace(self.comparators, figures=())

    @cached_property
    def comparators(self) -> Comparators:
        """What the school's figures may stand beside: England, its local authority, similar schools, its targets."""
        return comparators_of(self.school)

    @cached_property
    def crossings(self) -> pd.DataFrame:
        """The pupils on roll who crossed a line in the period (one row per crossing, see ``analysis/movement.py``)."""
        return crossings(self.roll)

    @cached_property
    def unexplained(self) -> pd.DataFrame:
        """The missing marks and the N marks of everyone's year to date (one row per mark, see ``analysis/reasons.py``)."""
        return unexplained(self.enrolled.year_to_date, self.school.calendar, self.date_to)

    @cached_property
    def support(self) -> pd.DataFrame:
        """What support is on file for each pupil on the last day of the period (one row per pupil identifier; counts and days)."""
        return support_by_pupil(self.school, self.date_to)

    @cached_property
    def notice_rules(self) -> tuple[NoticeRule, ...]:
        """The notice rules in force on the last day of the period."""
        rules = notice_rules(self.school.settings.rules.notices)
        return tuple(rule for rule in rules if rule.is_in_force(self.date_to))

    @cached_property
    def people(self) -> People:
        """The whole school's pupils by parent, with what penalty notices used up (see ``analysis/notice_windows.py``)."""
        return people_of(self.register, self.date_to, notices_by_parent(self.school.notices, self.date_to))

    @cached_property
    def notice_windows(self) -> pd.DataFrame:
        """The current window of each notice rule, pupil of the cohort on roll and parent (one row each, counts in sessions)."""
        windows = count_windows(self.people, self.notice_rules, self.date_to)
        return windows[windows["pupil_id"].isin(self.totals["pupil_id"])].reset_index(drop=True)

    @cached_property
    def inspected(self) -> Scope:
        """The cohort's registers of the school year, as the inspection sees them."""
        order = Order(self.date_to, self.cohort.where, self.notice_rules)
        return scope_of(self.school, self.register, self.left_out_marks, order)

    @cached_property
    def things_to_fix(self) -> pd.DataFrame:
        """What the inspection found (one row per thing to fix, see ``analysis/inspection``)."""
        return inspect_register(self.inspected)

    @cached_property
    def inspection_summary(self) -> pd.DataFrame:
        """What each check of the inspection found (one row per rule)."""
        return summarise(self.things_to_fix, self.date_from, unchecked(self.inspected))

    @cached_property
    def sessions_expected(self) -> pd.DataFrame:
        """The marks that the cohort's registers should hold and those they hold (one row per enrolment)."""
        return sessions_expected(self.inspected)

    @cached_property
    def priority(self) -> pd.DataFrame:
        """The pupils to talk about, in order (one row per pupil; sessions and fractions, see ``analysis/priority.py``)."""
        return priority_list(self.roll, self.crossings, self.support)


def pack_of(school: School, period: tuple[date, date], cohort: Cohort, casebook: State | None = None) -> Pack:
    """Return the pack of a school that has been read (see ``open_pack``), with what its casebook knows.

    Raises
    ------
    SettingsError
        If the register holds no session in the period.
    """
    placed = build_register(school.pupils, school.marks, school.calendar)
    register, where = placed.register, cohort.where
    chosen = selection_that_counts(Selection(cohort.basis, where), register.year_to_date(period[1]))
    periods = Periods(register, *period, selection=chosen)
    if periods.current.sessions.empty:
        known = (
            f"{register.first_date} to {register.last_date}"
            if len(register.sessions)
            else "no session at all"
        )
        raise SettingsError(
            f"There are no marks from {period[0]} to {period[1]}; the exports hold {known}. Choose a period within them."
        )
    roll = Periods(register, *period, selection=Selection(CURRENT_ROLL, where, of_persons=True))
    return Pack(school, register, periods, roll, cohort, placed.left_out, casebook, placed.left_out_marks)
