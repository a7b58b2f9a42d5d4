"""What School Census counts tell: rates and persistent absence of a term, and nothing that needs a date."""

from datetime import date

import pandas as pd

from attendance_lib.analysis.measures import count_flags, flag_absence, with_rates
from attendance_lib.display import Column, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date
from attendance_lib.intake.census import CensusCounts
from attendance_lib.reports.papers import CENSUS
from attendance_lib.rules.pupils import year_name

WHOM = (
    "All pupils of the table are counted, whatever their age; DfE's published figures count those aged 5 to 15 on 31 August, which "
    "these tables do not tell. Year groups outside those ages have rows of their own."
)
ALL, NO_YEAR = "All year groups", "Not stated"
ADDED = (
    "possible_sessions",
    "attended_sessions",
    "absence_sessions",
    "authorised_absence_sessions",
    "unauthorised_absence_sessions",
)
COLUMNS = (
    figure("group", heading="Year group", meaning="The national curriculum year as the census states it"),
    figure("enrolments", meaning="Pupils with at least one possible session"),
    Column("possible_sessions", "Possible sessions", Kind.COUNT, meaning="Sessions at which the pupils could have attended"),
    figure("attendance", meaning="Sessions attended of those possible"),
    Column("absence_rate", "Absence", Kind.RATE, meaning="Sessions missed of those possible"),
    Column("authorised_absence_rate", "Authorised", Kind.RATE, meaning="Authorised absence of possible sessions"),
    Column("unauthorised_absence_rate", "Unauthorised", Kind.RATE, meaning="Unauthorised absence of possible sessions"),
    figure("persistently_absent_enrolments", meaning="Missed 10% or more of their own"),
    figure("persistent_absence_rate", heading="Of enrolments", meaning="Persistently absent, of enrolments"),
    figure("severely_absent_enrolments", meaning="Missed 50% or more; persistently absent too"),
)  # fmt: skip


def what_census_counts_are(counts: CensusCounts, on: date) -> Sentences:
    """Say what the counts are good for, by which codes they were read, and what was wrong with them.

    Parameters
    ----------
    counts : CensusCounts
        One row a pupil, in sessions.
    on : datetime.date
        The day whose set of codes classified the reasons.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = SimpleNamespace(rows=pd.DataFrame({"pupil_id": ["1"]}), findings=["1 row has no year group."])
    >>> what_census_counts_are(counts, date(2026, 12, 18)).items[-2:]
    ('1 pupil; codes read as in force on 18 December 2026.', '1 row has no year group.')
    """
    return Sentences(
        "census",
        (
            "School Census counts have no dates: they give the rates and the persistent absence of their term, and neither a "
            "fortnight, a pattern, a notice threshold nor a register.",
            WHOM,
            f"{format_count(len(counts.rows), 'pupil')}; codes read as in force on {format_date(on)}.",
            *map(str, counts.findings),
        ),
        title=CENSUS.title,
    )


def census_absence(counts: CensusCounts) -> Table:
    """Return attendance, absence and persistent absence of a term by year group, and of all.

    Parameters
    ----------
    counts : CensusCounts
        One row a pupil, in sessions.

    Returns
    -------
    Table
        One row per year group, ascending, then those without one and all together; counts of enrolments and sessions,
        rates as fractions.
    """
    flagged = flag_absence(counts.rows)
    by_year = [_row(_named(year), rows) for year, rows in flagged.groupby("year_group", dropna=False)]
    frame = pd.DataFrame([*by_year, _row(ALL, flagged)])
    return Table(name="census_absence", title="Absence of the term", frame=frame, columns=COLUMNS)


def _named(year: float) -> str:
    return NO_YEAR if pd.isna(year) else year_name(int(year))


def _row(name: str, flagged: pd.DataFrame) -> dict[str, object]:
    sessions = with_rates(flagged[list(ADDED)].sum().to_frame().T).iloc[0]
    return {"group": name} | sessions.to_dict() | count_flags(flagged).iloc[0].to_dict()
