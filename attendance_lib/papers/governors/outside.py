"""Year groups that the headline leaves out, such as a sixth form and Reception: rows of their own, beside nothing of England's."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import pupil_totals, rate
from attendance_lib.analysis.reconciliation import COUNTS
from attendance_lib.disclosure.tables import Count, Partition, PublicTable, Rate, Unit
from attendance_lib.pack.cohorts import CURRENT_ROLL, FIRST_YEAR_GROUP, LAST_YEAR_GROUP
from attendance_lib.pack.periods import Periods
from attendance_lib.papers.governors.published import OTHER_LABEL, OUTSIDE
from attendance_lib.papers.governors.workings import MEASURE_OF, WHATEVER_THEIR_AGE, Workings, table_of_report
from attendance_lib.rules.pupils import year_name

# Pupils whose age is not that of their year group are one row, so that no single one is found by a row of their own.
OTHER_YEARS = "other"
ADDED = {"definition": CURRENT_ROLL, "against": "added"}


@table_of_report(place=170, whole_school_only=True)
def public_outside(workings: Workings) -> PublicTable:
    """Return the year groups on roll that the headline leaves out, one row each; no row where there is no such year group.

    The counts are those by which the current roll exceeds the headline, so that the two tables add up.
    """
    totals = outside_totals(workings)
    years = years_with_rows(workings, totals)
    rows = [year_row(name, totals[totals["year"] == name]) for name in years]
    return PublicTable(
        name=OUTSIDE,
        title="Year groups outside the headline",
        frame=pd.DataFrame(rows, columns=list(OUTSIDE_COLUMNS)),
        rows=tuple(ADDED | {"outside_year": name} for name in years),
        counts=outside_counts(workings),
        rates=(
            Rate("persistent_absence_rate", (COUNTS[1],), "enrolments"),
            Rate("severe_absence_rate", (COUNTS[2],), "enrolments"),
            Rate("attendance_rate", ("absence_sessions",), "period_enrolments"),
        ),
    )


def outside_counts(workings: Workings) -> tuple[Count, ...]:
    """Return the counts of ``public_outside`` to protect, as differences to the headline's: COUNTS, and those of the half term."""
    now, missed = workings.periods.current, "absence_sessions"
    enrolled = workings.enrolled(now) | {"difference_in": "enrolments"}
    return (
        *(
            Count(name, workings.at_end | {"difference_in": name}, None if name == "enrolments" else "enrolments")
            for name in COUNTS
        ),
        Count("period_enrolments", enrolled, is_shown=False),
        Count(
            missed, workings.over(now) | {"difference_in": missed}, "period_enrolments", Unit.SESSIONS, is_shown=False
        ),
    )  # fmt: skip


OUTSIDE_COLUMNS = (
    "label", "enrolments", "persistently_absent_enrolments", "severely_absent_enrolments", "persistent_absence_rate",
    "severe_absence_rate", "period_enrolments", "absence_sessions", "attendance_rate",
)  # fmt: skip


def of_outside(workings: Workings) -> Iterator[Partition]:
    """Yield that those whom the headline leaves out are those of each year group."""
    totals = outside_totals(workings)
    years = years_with_rows(workings, totals)
    if years:
        yield Partition(ADDED, tuple(ADDED | {"outside_year": name} for name in years))
        for year in years[:-1] if not workings.named else ():
            yield from of_a_cohort(workings, year, totals[totals["year"] == year])


def of_a_cohort(workings: Workings, year: str, totals: pd.DataFrame) -> Iterator[Partition]:
    """Yield what a report on a year group as a cohort has in common with its row here (PUPIL_TOTALS of ``outside_totals``).

    The row is of those on roll, the cohort of everyone enrolled: of the one as many as of the other, or more by those who left.
    Where pupils who came back make it fewer nothing follows. Another date may differ, so this holds at this one.
    """
    everyone = totals_of(workings.pack.enrolled)
    of_year = everyone["year_group"].eq(int(year)).fillna(value=False) & (everyone["possible_sessions"] > 0)
    mine, theirs = year_row(year, everyone[of_year]), year_row(year, totals)
    for column, (measure, where) in cohort_columns(workings).items():
        part = ADDED | {"outside_year": year, "difference_in": measure} | where
        whole = {"year_group": year} | WHATEVER_THEIR_AGE | MEASURED.get(measure, {}) | where
        if mine[column] >= theirs[column]:
            left = ({**part, "since": "left"},) if mine[column] > theirs[column] else ()
            yield Partition(whole, (part, *left))


def cohort_columns(workings: Workings) -> dict[str, tuple[str, dict[str, str]]]:
    """Return what each column of counts measures and the coordinates of its date or span."""
    now, at_end = workings.periods.current, workings.at_end
    return {
        **{name: (name, at_end) for name in COUNTS},
        "period_enrolments": ("enrolments", workings.enrolled(now)),
        "absence_sessions": ("absence_sessions", workings.over(now)),
    }


MEASURED = {name: {"measure": measure} for name, measure in MEASURE_OF.items()} | {
    "absence_sessions": {"measure": "absence_sessions"}
}


def outside_totals(workings: Workings) -> pd.DataFrame:
    """Return PUPIL_TOTALS of the enrolments on roll that the headline leaves out, one row each, with ``year`` and the half term's.

    ``period_possible`` and ``period_absence`` are sessions of the half term; ``year`` is the year group as text, or
    OTHER_YEARS.
    """
    roll = workings.pack.roll
    totals = totals_of(roll)
    counted = workings.periods.selection.members(roll.year_to_date)
    chosen = totals[~counted & (totals["possible_sessions"] > 0)]
    fits = ~chosen["year_group"].between(FIRST_YEAR_GROUP, LAST_YEAR_GROUP)
    return chosen.assign(year=np.where(fits, chosen["year_group"].astype(str), OTHER_YEARS))


def totals_of(periods: Periods) -> pd.DataFrame:
    """Return rows of PUPIL_TOTALS of a year to date, with ``period_possible`` and ``period_absence`` (the half term's sessions)."""
    period = pupil_totals(periods.current)
    return pupil_totals(periods.year_to_date).assign(
        period_possible=period["possible_sessions"], period_absence=period["absence_sessions"]
    )


def years_with_rows(workings: Workings, totals: pd.DataFrame) -> list[str]:
    """Return the year groups of ``outside_totals`` that have a row, and those of whom an earlier version withheld how many."""
    before = workings.left_out_before(
        "outside_year", ADDED | workings.at_end | {"difference_in": "enrolments"}
    )
    return years_outside(pd.DataFrame({"year": [*totals["year"], *before]}))


def years_outside(totals: pd.DataFrame) -> list[str]:
    """Return the year groups that have a row, youngest first, then the others; none where none is a year group of its own.

    Examples
    --------
    >>> years_outside(pd.DataFrame({"year": ["12", "other", "0"]})), years_outside(pd.DataFrame({"year": ["other"]}))
    (['0', '12', 'other'], [])
    """
    years = sorted({name for name in totals["year"] if name != OTHER_YEARS}, key=int)
    return [*years, OTHER_YEARS] if years else []


def year_row(name: str, totals: pd.DataFrame) -> dict[str, object]:
    """Return one year group's counts and rates (fractions), from its rows of PUPIL_TOTALS.

    Examples
    --------
    >>> flags = {"is_persistently_absent": [True, False], "is_severely_absent": False}
    >>> totals = pd.DataFrame({"period_possible": [20, 0], "period_absence": [2, 0], **flags})  # one left before the half term
    >>> row = year_row("12", totals)
    >>> row["label"], row["enrolments"], row["period_enrolments"], float(row["attendance_rate"])
    ('Year 12 (outside the headline)', 2, 1, 0.9)
    """
    held = totals[totals["period_possible"] > 0]
    possible, absence = held["period_possible"].sum(), held["period_absence"].sum()
    counts = [
        len(totals),
        int(totals["is_persistently_absent"].sum()),
        int(totals["is_severely_absent"].sum()),
    ]
    shares = rate(pd.Series(counts[1:]), pd.Series([counts[0]] * 2))
    return {
        "label": OTHER_LABEL if name == OTHER_YEARS else f"{year_name(int(name))} (outside the headline)",
        **dict(zip(COUNTS, counts, strict=True)),
        "persistent_absence_rate": shares[0],
        "severe_absence_rate": shares[1],
        "period_enrolments": len(held),
        "absence_sessions": int(absence),
        "attendance_rate": 1 - absence / possible if possible else None,
    }
