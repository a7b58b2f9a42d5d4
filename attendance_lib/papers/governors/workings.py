"""What the governor report is worked out from: pupils' own figures, which nothing but the disclosure step may read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import ModuleType

import numpy as np
import pandas as pd

from attendance_lib.analysis.groups import Spans, group_gaps, groups_of, year_group_of
from attendance_lib.analysis.movement import Standing, flows
from attendance_lib.analysis.reconciliation import reconcile_persistent_absence
from attendance_lib.disclosure.read_back import Record
from attendance_lib.disclosure.tables import AFTER, TO, Key, PublicTable, key_of
from attendance_lib.pack.cohorts import Selection
from attendance_lib.pack.pack import Pack, selection_that_counts
from attendance_lib.pack.periods import HalfTerms, Periods
from attendance_lib.papers.coordinates import JULY, as_at, days_of, span_of
from attendance_lib.register.grid import Register
from attendance_lib.rules.groups import Group

MEASURE_OF = {
    "persistently_absent_enrolments": "persistently_absent",
    "severely_absent_enrolments": "severely_absent",
}


YES = "yes"
WHATEVER_THEIR_AGE = {"aged": "outside"}


@dataclass(frozen=True, eq=False)
class Workings:
    """A pack seen as a governor report: its half term, what that is compared with, and who is counted.

    ``earlier`` are the records of what reports before it published.
    """

    pack: Pack
    earlier: tuple[Record, ...] = ()

    @property
    def level(self) -> int:
        """The smallest count that may be shown besides 0, as the school file says."""
        return self.pack.school.settings.rules.suppression_level

    @cached_property
    def periods(self) -> Periods:
        """The half term of the cohort, compared with half terms of other years by their own dates."""
        days = self.pack.school.calendar.open_sessions.groupby("half_term")["date"].max()
        ends = {name: day.date() for name, day in days.items()}
        return replace(self.pack.periods, half_term_ends=ends)

    @cached_property
    def half_terms(self) -> HalfTerms:
        """The half term before, earlier years and whole years."""
        return HalfTerms(self.periods)

    @cached_property
    def reconciled(self) -> pd.DataFrame:
        """Persistent and severe absence of the year's days under each definition (one row each, counts of enrolments)."""
        return reconcile_persistent_absence(
            self.periods, self.pack.school.settings.rules.short_enrolment_sessions
        )

    @cached_property
    def has_last_year(self) -> bool:
        """Whether the exports hold the same half term of last year."""
        return bool(len(self.periods.last_year.sessions))

    @cached_property
    def compared(self) -> Register:
        """What the half term is compared with: the same one last year, or where that is not held the one before."""
        return self.periods.last_year if self.has_last_year else self.half_terms.previous_of_year

    @cached_property
    def compared_to_date(self) -> Register:
        """What the year to date is compared with: the same point last year, or the end of the half term before."""
        return self.periods.last_year_to_date if self.has_last_year else self.periods.year_to_previous

    @cached_property
    def spans(self) -> Spans:
        """Every enrolment over every span that groups are compared over."""
        registers = (
            self.periods.current, self.compared, self.periods.year_to_date, self.compared_to_date,
        )  # fmt: skip
        return Spans.of(*registers)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Every group against everyone else, one row each (fractions; see ``analysis/groups.py``)."""
        return group_gaps(self.spans, self.groups_that_read_c)

    @cached_property
    def groups_that_read_c(self) -> list[Group]:
        """The groups whose size an earlier version of this report withheld: they keep their rows, be nobody in them by now."""
        groups = {
            (group.column, coordinate_of(group.value)): group
            for group in groups_of(self.periods.register.pupils)
        }
        for year in self.left_out_before("year_group", self.at_end):
            groups.setdefault(("year_group", year), year_group_of(int(year)))
        return [
            group
            for (column, value), group in groups.items()
            if key_of({**self.at_end, column: value}) in self.left_out
        ]

    @cached_property
    def left_out(self) -> frozenset[Key]:
        """The coordinates of all that earlier reports left out."""
        return frozenset(
            key_of(count.coordinates)
            for record in self.earlier
            for count in record.counts
            if count.is_left_out
        )

    def left_out_before(self, name: str, where: Mapping[str, str]) -> list[str]:
        """Return the values of a coordinate for which an earlier report left out a count of just that and ``where``, in order.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> withheld = ({"year_group": "7"}, {"year_group": "8", "measure": "severely_absent"}, {"year_group": "9"})
        >>> record = SimpleNamespace(counts=[SimpleNamespace(coordinates=where, is_left_out=True) for where in withheld])
        >>> Workings(None, (record,)).left_out_before("year_group", {})
        ['7', '9']
        """
        found = (dict(key) for key in self.left_out)
        return sorted(mine[name] for mine in found if name in mine and mine == {**where, name: mine[name]})

    @cached_property
    def flow_from(self) -> Register:
        """Where enrolments are followed from: the end of the last half term, which may be of the last school year."""
        if len(self.periods.year_to_previous.sessions):
            return self.periods.year_to_previous
        before = self.half_terms.previous
        if before.sessions.empty:
            return before
        return self.periods.selection.of(self.periods.register.year_to_date(before.last_date))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Who joined, left and stayed in persistent and severe absence: one row per line, counts at two days (see ``flows``)."""
        return flows(Standing.at(self.flow_from), Standing.at(self.periods.year_to_date))

    @cached_property
    def members(self) -> np.ndarray:
        """Whether each enrolment of the whole register is of the cohort, on whatever basis (boolean, one per row)."""
        return self.periods.selection.meets_conditions(self.pack.register.pupils)

    @cached_property
    def named(self) -> dict[str, str]:
        """The coordinates of everybody of the cohort whatever their age: nothing for the whole school, else its conditions.

        Of several values of one characteristic they name all: such a cohort is the sum of their groups.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> pack = SimpleNamespace(cohort=SimpleNamespace(where={"sen_status": ["K", "E"]}))
        >>> Workings(pack).named, Workings(SimpleNamespace(cohort=SimpleNamespace(where={}))).named
        ({'sen_status': 'E+K'}, {})
        """
        return {column: coordinate_of_any(values) for column, values in self.pack.cohort.where.items()}

    @cached_property
    def everyone(self) -> dict[str, str]:
        """The coordinates of everybody counted: those of the cohort that are of the ages which the whole school's headline counts.

        A cohort of which nobody is, such as Year 12, is counted by itself: the whole school's report has none of it among its
        year groups, and all of it outside its headline (see ``outside``).
        """
        return self.named | (WHATEVER_THEIR_AGE if self.is_outside else {})

    @cached_property
    def is_outside(self) -> bool:
        """Whether the whole school's headline counts none of the cohort, whose own counts all of it."""
        everybody = Selection(self.pack.cohort.basis)
        year = self.pack.register.year_to_date(self.periods.date_to)
        return self.periods.selection.basis != selection_that_counts(everybody, year).basis

    def held_over(self, register: Register) -> dict[str, str]:
        """Return the coordinates of what everybody of the cohort had over a register's sessions, whatever their age."""
        return self.named | self.over_of_groups(register)

    def over(self, register: Register) -> dict[str, str]:
        """Return the coordinates of what everybody counted had over a register's sessions (see ``span_of``)."""
        return self.over_days(days_of(register.sessions))

    def over_days(self, days: Sequence[date]) -> dict[str, str]:
        """Return the coordinates of what everybody counted had from the first to the last of some days."""
        return self.everyone | span_of(self.school_days, days)

    def over_of_groups(self, register: Register) -> dict[str, str]:
        """Return the coordinates that ``over`` adds to those of a group."""
        return span_of(self.school_days, days_of(register.sessions))

    def enrolled_of_groups(self, register: Register) -> dict[str, str]:
        """Return the coordinates that ``enrolled`` adds to those of a group."""
        span = self.over_of_groups(register)
        is_of_year = span[AFTER] in (JULY.format(span[TO][:4]), JULY.format(int(span[TO][:4]) - 1))
        return as_at(self.last_day(register)) if is_of_year else span

    @cached_property
    def school_days(self) -> list[date]:
        """The days with a session in the register, in order."""
        return days_of(self.periods.register.sessions)

    def enrolled(self, register: Register) -> dict[str, str]:
        """Return the coordinates of the enrolments with a session of a register: of a year to date those at its end."""
        return self.everyone | self.enrolled_of_groups(register)

    @cached_property
    def at_end(self) -> dict[str, str]:
        """The coordinates of everybody counted in the year to date."""
        return self.everyone | as_at(self.periods.date_to)

    def then(self, register: Register) -> dict[str, str]:
        """Return the coordinates of everybody counted in a year to an earlier date (any date where there is none)."""
        return self.everyone | as_at(self.last_day(register))

    @staticmethod
    def last_day(register: Register) -> date:
        """Return the last day of a register; a day before all others where it holds no session.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> registers = (SimpleNamespace(last_date=date(2026, 10, 23), sessions=["AM"]), SimpleNamespace(sessions=[]))
        >>> [Workings.last_day(register) for register in registers]
        [datetime.date(2026, 10, 23), datetime.date(1, 1, 1)]
        """
        return register.last_date if len(register.sessions) else date.min


def coordinate_of_any(values: Iterable[object]) -> str:
    """Return the coordinate of the groups with any of some values.

    Examples
    --------
    >>> coordinate_of_any(["K", "E"]), coordinate_of_any([True])
    ('E+K', 'yes')
    """
    return "+".join(sorted({coordinate_of(value) for value in values}))


def coordinate_of(value: object) -> str:
    """Return a value as coordinates write it.

    Examples
    --------
    >>> coordinate_of(True), coordinate_of(7), coordinate_of("K")
    ('yes', '7', 'K')
    """
    if isinstance(value, bool):
        return YES if value else "no"
    return str(value)


Build = Callable[[Workings], PublicTable]
PLACE, WHOLE_SCHOOL_ONLY = "_place_in_the_report", "_whole_school_only"


def table_of_report(*, place: int, whole_school_only: bool = False) -> Callable[[Build], Build]:
    """Declare that a function makes a table of the report; nothing else has to know it.

    Parameters
    ----------
    place : int
        Where its counts come among the others': the disclosure step asks of them in this order, so another order may withhold
        other figures. A new table comes last, after what is published already.
    whole_school_only : bool
        Whether a cohort's report leaves it out.
    """

    def declare(build: Build) -> Build:
        setattr(build, PLACE, place)
        setattr(build, WHOLE_SCHOOL_ONLY, whole_school_only)
        return build

    return declare


def declared_in(modules: Iterable[ModuleType]) -> tuple[Build, ...]:
    """Return the functions that make the tables of the report, in their order.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> later = table_of_report(place=20)(lambda workings: "groups")
    >>> first = table_of_report(place=10, whole_school_only=True)(lambda workings: "spans")
    >>> [build(None) for build in declared_in([SimpleNamespace(later=later, other=len), SimpleNamespace(first=first)])]
    ['spans', 'groups']
    """
    found = {each for module in modules for each in vars(module).values() if hasattr(each, PLACE)}
    return tuple(sorted(found, key=lambda each: getattr(each, PLACE)))


def is_whole_school_only(build: Build) -> bool:
    """Whether a cohort's report leaves a table out.

    Examples
    --------
    >>> [is_whole_school_only(table_of_report(place=1, whole_school_only=only)(lambda workings: None)) for only in (True, False)]
    [True, False]
    """
    return getattr(build, WHOLE_SCHOOL_ONLY)
