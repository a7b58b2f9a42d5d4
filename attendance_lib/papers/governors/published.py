"""The tables of the governors' report as they may be published, and the facts around them."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from attendance_lib.analysis.comparators import Comparators
from attendance_lib.display.format import is_suppressed
from attendance_lib.intake.settings.school_file import GovernanceSettings, SchoolDetails
from attendance_lib.pack.periods import year_before
from attendance_lib.rules.benchmarks import Level
from attendance_lib.rules.calendar import school_year_of
from attendance_lib.rules.thresholds import is_in_first_weeks

MEASURES = {
    "attendance_rate": "Attendance",
    "absence_rate": "Overall absence",
    "authorised_absence_rate": "Authorised absence",
    "unauthorised_absence_rate": "Unauthorised absence",
    "persistent_absence_rate": "Persistent absence (10% or more missed)",
    "severe_absence_rate": "Severe absence (50% or more missed)",
}
LEVELS = {
    Level.ENGLAND: ("england_rate", "England"),
    Level.LOCAL_AUTHORITY: ("local_authority_rate", "Local authority"),
    Level.SIMILAR_SCHOOLS: ("similar_schools_rate", "Similar schools"),
}


LEAVERS = "pupils_who_left"


CHECKS_TABLE, REGISTER_CHECKS, RECONCILIATION = "checks_of_marks", "checks_of_registers", "reconciliation"


OUTSIDE = "year_groups_outside"
OTHER_LABEL = "Other year groups, by the pupils' ages"


@dataclass(frozen=True)
class Facts:
    """What the report says besides its tables: nothing of it is about a pupil.

    ``half_term`` is the name of the half term, and ``span`` what the school calls any half term, such as "term" where terms
    have no halves. ``compared`` is what the half term is compared with in words, and ``compared_to_date`` what the year to date is;
    both empty where the exports hold neither. ``since`` is the day that flows are counted from, None without one, and
    ``is_from_last_year`` says that it is of the last school year, ``is_beside_last_year`` that figures are compared with
    last year's; ``counted`` is the basis of the headline; ``own_codes`` are the codes of the school's own system with the
    register code that each stands for. ``year_sessions`` are those of the school year so far, in whose first weeks rates of
    the year to date are of too few sessions to stand alone.
    """

    school: SchoolDetails
    date_from: date
    date_to: date
    half_term: str
    span: str
    sessions: int
    year_sessions: int
    cohort: str
    compared: str
    compared_to_date: str
    since: date | None
    is_beside_last_year: bool
    is_from_last_year: bool
    whole_years: tuple[str, ...]
    last_mark: date
    level: int
    short_enrolment_sessions: int
    left_out: tuple[str, ...]
    counted: str
    is_of_cohort: bool = False
    own_codes: tuple[tuple[str, str], ...] = ()
    governance: GovernanceSettings = field(default_factory=GovernanceSettings)

    @property
    def is_early(self) -> bool:
        """Whether the report ends in the first weeks of its school year."""
        return is_in_first_weeks(self.year_sessions)

    @property
    def everyone(self) -> str:
        """Whom groups are set beside: the whole school, or the pupils of a cohort's report."""
        return "all pupils of this report" if self.is_of_cohort else "the whole school"

    @property
    def empty_text(self) -> str:
        """What stands in place of a table that a cohort's report does not hold."""
        return WHOLE_SCHOOL_TEXT if self.is_of_cohort else ""


WHOLE_SCHOOL_TEXT = "Given in the whole school's report only."


@dataclass(frozen=True, eq=False)
class Published:
    """The report: its facts, its safe tables by name, what its figures stand beside, and the record of what it withheld.

    ``withheld`` are the titles of tables of which no count is shown.
    """

    facts: Facts
    tables: dict[str, pd.DataFrame]
    comparators: Comparators
    record: dict
    counts: int
    suppressed_counts: int
    earlier: int
    corrected_counts: int = 0
    withheld: tuple[str, ...] = ()

    def row(self, table: str, column: str, value: str) -> pd.Series:
        """Return the first row (counts, fractions) of a table whose column holds a value; a row of nothing where there is none.

        Examples
        --------
        >>> report = Published(None, {"spans": pd.DataFrame({"span": ["year"], "label": ["Year to date"]})}, None, {}, 0, 0, 0)
        >>> report.row("spans", "span", "year")["label"], report.row("spans", "span", "half_term").empty
        ('Year to date', True)
        """
        frame = self.tables[table]
        found = frame[frame[column] == value]
        return found.iloc[0] if len(found) else pd.Series(dtype=object)


def known(row: pd.Series, column: str) -> float | None:
    """Return a figure (a count, or a fraction) of a published row; None where it was withheld, is missing or has no such column.

    Examples
    --------
    >>> row = pd.Series({"shown": 0.2, "withheld": "c"})
    >>> known(row, "shown"), known(row, "withheld"), known(row, "other")
    (0.2, None, None)
    """
    value = row.get(column)
    return None if is_suppressed(value) or pd.isna(value) else float(value)


def of_every_age(report: Published) -> str:
    """Say of a table that pupils of every age are in it, where the headline leaves some out; else empty.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [of_every_age(SimpleNamespace(tables={OUTSIDE: years})) for years in (["Year 12"], [])]
    [' Pupils of every age count here.', '']
    """
    return " Pupils of every age count here." if len(report.tables[OUTSIDE]) else ""


AS_CENSUS = "as the census counts"


def last_year(report: Published) -> str:
    """Return the school year before the report's, such as "202526".

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [last_year(SimpleNamespace(facts=SimpleNamespace(date_to=day))) for day in (date(2026, 7, 31), date(2026, 9, 3))]
    ['202425', '202526']
    """
    return year_before(school_year_of(report.facts.date_to))


def span(report: Published, name: str) -> pd.Series:
    """Return the row of the headline figures (counts, fractions) of one span; of nothing where the exports do not hold it."""
    return report.row("spans", "span", name)
