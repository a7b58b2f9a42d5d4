"""A school as read from its exports: settings, calendar, roll, marks, logs and the account of how they were read."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from attendance_lib.intake.ledger import IntakeLog, no_doubt, refusal_of
from attendance_lib.rules.benchmarks import Benchmark
from attendance_lib.rules.calendar import SchoolCalendar

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings


@dataclass(frozen=True, eq=False, repr=False)
class School:
    """Everything a paper is made from. Tables are those of ``schema.py``; an optional one is None where there is none.

    ``benchmarks`` are the figures from outside that the school file leads to or holds; the project's own are in ``rules``.
    ``marks`` go up to the last register taken, on ``last_register_day``; ``planned_marks`` are those entered ahead of it.
    ``doubtful_marks`` are the sessions whose marks could not be used as they are (see ``reconcile.Reconciled``).
    """

    settings: "Settings"
    calendar: SchoolCalendar
    pupils: pd.DataFrame
    marks: pd.DataFrame
    lessons: pd.DataFrame | None
    interventions: pd.DataFrame | None
    actions: pd.DataFrame | None
    contacts: pd.DataFrame | None
    notices: pd.DataFrame | None
    log: IntakeLog
    benchmarks: tuple[Benchmark, ...] = ()
    doubtful_marks: pd.DataFrame = field(default_factory=no_doubt)
    planned_marks: pd.DataFrame = field(default_factory=pd.DataFrame)
    last_register_day: date | None = None
    planned: pd.DataFrame | None = None
    sign_ins: pd.DataFrame | None = None
    overrides: pd.DataFrame | None = None
    redraws: pd.DataFrame | None = None
    plans: pd.DataFrame | None = None
    part_time: pd.DataFrame | None = None
    parents: pd.DataFrame | None = None
    considered: pd.DataFrame | None = None

    def __repr__(self) -> str:
        """Say which school it is and how many rows each table has, with its columns; never a row."""
        tables = {name: table for name, table in vars(self).items() if isinstance(table, pd.DataFrame)}
        said = [
            f"{name}: {len(table):,} rows of {', '.join(table)}"
            for name, table in tables.items()
            if len(table)
        ]
        return "\n".join([f"{self.settings.school.name} ({self.settings.school.urn})", *said])


@dataclass(frozen=True, eq=False)
class CheckedSchool:
    """What became of a reading, whether or not it may be used.

    ``school`` is None where reading had to stop; ``problems`` holds every reason to refuse, one line each,
    and is empty for a school that may be used.
    """

    settings: "Settings"
    school: School | None
    log: IntakeLog
    problems: tuple[str, ...]

    def accepted(self) -> School:
        """Return the school.

        Raises
        ------
        InputError
            If anything refuses it: the first 20 problems and a count.

        Examples
        --------
        >>> CheckedSchool(None, None, None, ("marks.csv: the file is empty. Export it again.",)).accepted()
        Traceback (most recent call last):
        attendance_lib.errors.InputError: marks.csv: the file is empty. Export it again.
        """
        if self.school is None or self.problems:
            raise refusal_of(self.problems)
        return self.school
