"""The first page: what the report is, the key figures, and the headline measures beside England and the school's targets."""

import pandas as pd

from attendance_lib.display import Comparison, Document, KeyFigure, KeyFigures, Kind, Sentences
from attendance_lib.display.format import format_count, is_suppressed
from attendance_lib.pack.cohorts import CURRENT_ROLL, DFE_COMPARABLE, ENROLLED
from attendance_lib.papers.first_weeks import so_far
from attendance_lib.papers.governors.published import (
    AS_CENSUS,
    MEASURES,
    OTHER_LABEL,
    OUTSIDE,
    RECONCILIATION,
    Published,
    known,
    last_year,
    span,
)
from attendance_lib.papers.governors.spans import FLAGS, HALF_TERM, HALF_TERM_BEFORE, YEAR_TO_DATE
from attendance_lib.papers.shared import england_on_a_card, listed
from attendance_lib.reports.papers import GOVERNORS_REPORT
from attendance_lib.rules.calendar import year_in_words
from attendance_lib.rules.thresholds import SUPPRESSED


def masthead(report: Published) -> Document:
    """Return what heads the paper: title, school, period, cohort and that no pupil can be identified."""
    facts = report.facts
    return Document.of(
        facts.school,
        (facts.date_from, facts.date_to),
        title=GOVERNORS_REPORT.title,
        cohort=facts.cohort,
        audience=f"For {GOVERNORS_REPORT.reader}",
        confidentiality=GOVERNORS_REPORT.confidentiality,
        folded_from=GOVERNORS_REPORT.folded_from,
    )


def purpose(report: Published) -> Sentences:
    """Return what the report is for, and the period and the pupils that it covers."""
    facts = report.facts
    return Sentences(
        name="purpose",
        style="note",
        items=(
            f"For governors to see how attendance stands, whom absence falls on, what is being done and what to ask. "
            f"{facts.half_term}: {format_count(facts.sessions, 'session')} (half days). "
            f"{whom_it_counts(report)}",
        ),
    )


def whom_it_counts(report: Published) -> str:
    """Say whom the headline counts, and how many on roll it leaves out, as far as that is published.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> roll = pd.DataFrame({"definition": [CURRENT_ROLL], "added_enrolments": [30], "enrolments": [630]})
    >>> tables = {RECONCILIATION: roll, OUTSIDE: pd.DataFrame({"label": ["Year 12 (outside the headline)"]})}
    >>> report = Published(SimpleNamespace(counted=DFE_COMPARABLE), tables, None, {}, 0, 0, 0)
    >>> whom_it_counts(report).rpartition("date. ")[2]
    '30 of the 630 pupils on roll are left out by their age: Year 12, in rows of their own.'
    """
    if report.facts.counted != DFE_COMPARABLE:
        return OTHER_BASES[report.facts.counted]
    roll = report.row(RECONCILIATION, "definition", CURRENT_ROLL)
    outside, on_roll = known(roll, "added_enrolments"), known(roll, "enrolments")
    if outside == 0:
        return f"{AS_DFE}; every pupil on roll is among them."
    named = years_named(report.tables[OUTSIDE])
    if None in (outside, on_roll):
        any_at_all = "" if named else ", if there are any,"
        return f"{AS_DFE}. Pupils on roll of other ages{any_at_all} are left out{named}."
    return f"{AS_DFE}. {format_count(outside)} of the {format_count(on_roll, 'pupil')} on roll are left out by their age{named}."


def years_named(outside: pd.DataFrame) -> str:
    """Return the year groups outside the headline (a row each) that have a name, as the end of a sentence.

    Examples
    --------
    >>> years_named(pd.DataFrame({"label": ["Year 12 (sixth form)", OTHER_LABEL]})), years_named(pd.DataFrame({"label": []}))
    (': Year 12, in rows of their own', '')
    """
    years = [label.partition(" (")[0] for label in outside["label"] if label != OTHER_LABEL]
    return f": {listed(years)}, in rows of their own" if years else ""


AS_DFE = "Counted as DfE counts: pupils aged 5 to 15 on 31 August, leavers to their leaving date"
OTHER_BASES = {
    ENROLLED: "None of these pupils was aged 5 to 15 on 31 August, whom DfE counts: everyone enrolled is counted, leavers to "
    "their leaving date, and no figure of England's stands beside them.",
    CURRENT_ROLL: "Counted on the current roll, whatever the pupils' age, without leavers; no figure of England's stands beside "
    "that.",
}


def key_figures(report: Published) -> KeyFigures:
    """Return the figures to know first, each with what it is compared with."""
    return KeyFigures(
        name="key_figures",
        title="Key figures",
        figures=(
            half_term_figure(report),
            year_figure(report, "attendance_rate", "Attendance, this year"),
            year_figure(report, "unauthorised_absence_rate", "Unauthorised, this year"),
            flag_figure(report, "persistent_absence_rate", "Persistent absence, this year"),
            flag_figure(report, "severe_absence_rate", "Severe absence, this year"),
        ),
    )


def half_term_figure(report: Published) -> KeyFigure:
    """Return attendance in the half term beside what it is compared with."""
    spans = {name: span(report, name) for name in (HALF_TERM, HALF_TERM_BEFORE, f"{HALF_TERM}_1")}
    word = report.facts.span
    others = tuple(
        Comparison(label, known(spans[name], "attendance_rate"), Kind.RATE)
        for name, label in ((HALF_TERM_BEFORE, f"the {word} before"), (f"{HALF_TERM}_1", f"same {word} last year"))
        if known(spans[name], "attendance_rate") is not None
    )  # fmt: skip
    return KeyFigure(
        name="half_term_attendance_rate",
        label=f"Attendance this {word}",
        value=shown(spans[HALF_TERM], "attendance_rate"),
        kind=Kind.RATE,
        comparisons=others,
    )


def year_figure(report: Published, measure: str, label: str, detail: str = "") -> KeyFigure:
    """Return a measure of the year to date beside last year's, England's and the school's own target."""
    now = shown(span(report, YEAR_TO_DATE), measure)
    then = known(span(report, f"{YEAR_TO_DATE}_1"), measure)
    last_year = (Comparison("same point last year", then, Kind.RATE),) if then is not None else ()
    return KeyFigure(
        name=f"year_to_date_{measure}",
        label=label,
        value=now,
        kind=Kind.RATE,
        detail=WITHHELD if now == SUPPRESSED else detail,
        comparisons=(*last_year, *beside(report, measure)),
    )


WITHHELD = "withheld: too few pupils"


def flag_figure(report: Published, measure: str, label: str) -> KeyFigure:
    """Return persistent or severe absence with its counts; in the first weeks of a year, of all of last year.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = {"span": [YEAR_TO_DATE], "severely_absent_enrolments": ["c"], "severe_absence_rate": ["c"], "enrolments": [600]}
    >>> none = SimpleNamespace(in_year=lambda measure, day: None, target=lambda measure: None)
    >>> report = Published(SimpleNamespace(is_early=False, date_to=None), {"spans": pd.DataFrame(row)}, none, {}, 0, 0, 0)
    >>> flag_figure(report, "severe_absence_rate", "Severe absence").detail
    'withheld: too few pupils'
    """
    row = span(report, YEAR_TO_DATE)
    count, whole = known(row, FLAGS[measure]), known(row, "enrolments")
    is_withheld = count is None or whole is None
    detail = "" if is_withheld else f"{format_count(count)} of {format_count(whole, 'pupil')}"
    if report.facts.is_early:
        return final_figure(report, measure, detail)
    return year_figure(report, measure, label, detail)


def final_figure(report: Published, measure: str, detail: str) -> KeyFigure:
    """Return last year's final rate as the census counts it, beside England's census, with how little this year's rests on.

    ``detail`` are this year's counts in words; empty where they are withheld. No rate where last year is not held whole.
    """
    label, year = MEASURES[measure].partition(" (")[0], last_year(report)
    value = shown(report.row("whole_years", "span", year), measure)
    england = report.comparators.full_year(measure, year) if value is not None else None
    told = so_far(detail or WITHHELD, report.facts.year_sessions)
    beside_it = (Comparison(f"England, {year_in_words(year)}", england.rate, Kind.RATE),) if england else ()
    return KeyFigure(
        name=f"last_year_{measure}",
        label=f"{label}, {year_in_words(year)}",
        value=value,
        kind=Kind.RATE,
        detail=f"too early to say: {told}" if value is None else f"{AS_CENSUS}; {told}",
        comparisons=beside_it,
    )


def shown(row: pd.Series, column: str) -> float | str | None:
    """Return a figure (a fraction) of a published row as a card shows it: ``c`` where it was withheld, None where there is none.

    Examples
    --------
    >>> row = pd.Series({"attendance_rate": 0.93, "severe_absence_rate": "c"}, dtype=object)
    >>> shown(row, "attendance_rate"), shown(row, "severe_absence_rate"), shown(row, "absence_rate")
    (0.93, 'c', None)
    """
    return SUPPRESSED if is_suppressed(row.get(column)) else known(row, column)


def beside(report: Published, measure: str) -> tuple[Comparison, ...]:
    """Return what stands beside a measure of the year to date: England in the daily series, and the school's target.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> target = SimpleNamespace(source="governors, June 2026", percent=8.5)
    >>> comparators = SimpleNamespace(in_year=lambda measure, day: None, target=lambda measure: target)
    >>> report = SimpleNamespace(comparators=comparators, facts=SimpleNamespace(date_to="2026-10-23"))
    >>> [(each.label, each.value) for each in beside(report, "severe_absence_rate")]
    [('our target (governors, June 2026)', 0.085)]
    """
    england = england_on_a_card(report.comparators.in_year(measure, report.facts.date_to))
    target = report.comparators.target(measure)
    goal = (Comparison(f"our target ({target.source})", target.percent / 100, Kind.RATE),) if target else ()
    return (*england, *goal)
