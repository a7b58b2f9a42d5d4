"""The first page: what the period was, the key figures, what moved and where, and the first ten to talk about."""

from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.headline import MEASURES
from attendance_lib.display import Column, Comparison, Document, KeyFigure, KeyFigures, Kind, Sentences, Table
from attendance_lib.display.format import format_count, format_date
from attendance_lib.register import Register
from attendance_lib.rules.benchmarks import Benchmark, acknowledgement
from attendance_lib.sections.comparators import dates_told, england_on_a_card
from attendance_lib.sections.pack import Pack
from attendance_lib.sections.priority import priority_pupils
from attendance_lib.sections.whom import of_every_age

CONFIDENTIAL = (
    "Confidential: personal data. For the pastoral meeting only; do not copy, forward or leave on view."
)
FIRST_TEN = 10
# Six school weeks: before them a rate over the year to date is of so few sessions that a cold makes a pupil persistently absent.
EARLY_SESSIONS = 60


def masthead(pack: Pack) -> Document:
    """Return what heads the paper: title, school, period, cohort and how it must be kept."""
    settings = pack.school.settings
    return Document(
        name="document",
        title="Fortnightly pastoral pack",
        school=settings.school.name,
        urn=settings.school.urn,
        period=f"{format_date(pack.date_from)} to {format_date(pack.date_to)}",
        date=pack.date_to.isoformat(),
        cohort=pack.cohort.title,
        audience="For the pastoral meeting",
        confidentiality=CONFIDENTIAL,
    )


def period_facts(pack: Pack) -> Sentences:
    """Return the period in words: school weeks, sessions, how new the marks are, missing marks and unresolved N."""
    sessions = pack.periods.current.sessions
    weeks = sessions.drop_duplicates("school_week")
    labels = [label for label in weeks["week_label"] if label]
    named = f" ({', '.join(f'week {label}' for label in labels)})" if labels else ""
    due = count_due(pack)
    return Sentences(
        name="period_facts",
        style="note",
        items=(
            f"{format_count(len(weeks), 'school week')}{named}, {format_count(len(sessions), 'session')}. "
            f"Marks run to {format_date(pack.register.last_date)}{last_edit(pack.register)}{entered_ahead(pack)}. "
            f"This period has {format_count(due['missing'], 'missing mark')} and "
            f"{format_count(due['N'], 'session')} still N (no reason yet). "
            f"Of the year to date, {format_count(due['missing_overdue'], 'missing mark')} and "
            f"{format_count(due['N_overdue'], 'N mark')} "
            f"are more than five school days old.{of_every_age(pack)}",
        ),
    )


def last_edit(register: Register) -> str:
    """Return when the newest known edit of a mark was made, as the end of a sentence; empty without a history."""
    edits = register.amendments["amended_on"]
    return f"; the newest edit is of {format_date(edits.max().date())}" if len(edits) else ""


def entered_ahead(pack: Pack) -> str:
    """Return which codes are entered ahead of the last register, as the end of a sentence; empty where none is."""
    planned = pack.school.planned_marks
    if planned.empty:
        return ""
    codes = ", ".join(sorted(planned["code"].astype(str).unique()))
    until = format_date(planned["date"].max().date())
    return f"; {format_count(len(planned), 'mark')} entered ahead ({codes}) to {until}, in no rate"


def count_due(pack: Pack) -> dict[str, int]:
    """Return how many marks are missing and how many are N: in the period, and overdue in the year to date."""
    due = pack.unexplained
    here = due["date"] >= pd.Timestamp(pack.date_from)
    counts = {what: int((here & (due["what"] == what)).sum()) for what in ("missing", "N")}
    overdue = {
        f"{what}_overdue": int((due["is_overdue"] & (due["what"] == what)).sum()) for what in ("missing", "N")
    }
    return counts | overdue


def key_figures(pack: Pack) -> KeyFigures:
    """Return the figures to know first, each with its counts and what it is compared with."""
    figures = pack.headline
    return KeyFigures(
        name="key_figures",
        title="Key figures",
        figures=(
            _period_figure(figures, "attendance", "Attendance this period"),
            _period_figure(figures, "unauthorised_absence", "Unauthorised absence this period"),
            _year_figure(figures, pack.england.get("attendance_rate")),
            _flag_of(pack, "persistent_absence"),
            _flag_of(pack, "severe_absence"),
            _late_figure(figures),
        ),
    )


COUNT_OF = {"attendance": "attended_sessions", "unauthorised_absence": "unauthorised_absence_sessions"}
FLAG_FIGURES = {
    "persistent_absence": ("Persistent absence year to date", "persistently_absent_enrolments"),
    "severe_absence": ("Severe absence year to date", "severely_absent_enrolments"),
}


def _period_figure(figures: pd.DataFrame, measure: str, label: str) -> KeyFigure:
    now = figures.loc[f"{measure}_rate"]
    return KeyFigure(
        name=f"period_{measure}_rate",
        label=label,
        value=now["current"],
        kind=Kind.RATE,
        detail=_sessions_of(figures, COUNT_OF[measure], "current"),
        comparisons=(
            Comparison("on the period before", now["current"] - now["previous"], Kind.POINTS),
            Comparison("on the same weeks last year", now["current"] - now["last_year"], Kind.POINTS),
        ),
    )


def _year_figure(figures: pd.DataFrame, england: Benchmark | None) -> KeyFigure:
    now = figures.loc["attendance_rate"]
    return KeyFigure(
        name="year_to_date_attendance_rate",
        label="Attendance year to date",
        value=now["year_to_date"],
        kind=Kind.RATE,
        detail=_sessions_of(figures, "attended_sessions", "year_to_date"),
        comparisons=(
            Comparison("on last year to date", now["year_to_date"] - now["last_year_to_date"], Kind.POINTS),
            *england_on_a_card(england),
        ),
    )


def _flag_figure(figures: pd.DataFrame, measure: str, england: Benchmark | None) -> KeyFigure:
    label, column = FLAG_FIGURES[measure]
    count, before = figures.loc[column], figures.loc["enrolments", "year_to_previous"]
    earlier = (
        (Comparison("enrolments before the period", count["year_to_previous"], Kind.COUNT),) if before else ()
    )
    return KeyFigure(
        name=f"{measure}_rate",
        label=label,
        value=figures.loc[f"{measure}_rate", "year_to_date"],
        kind=Kind.RATE,
        detail=f"{format_count(count['year_to_date'])} of {format_count(figures.loc['enrolments', 'year_to_date'], 'enrolment')}",
        comparisons=earlier + england_on_a_card(england),
    )


def _flag_of(pack: Pack, measure: str) -> KeyFigure:
    """Return persistent or severe absence: early in a school year last year's final rate, with how little this year's rests on."""
    england = pack.england.get(f"{measure}_rate") if measure == "persistent_absence" else None
    figure, sessions = _flag_figure(pack.headline, measure, england), len(pack.periods.year_to_date.sessions)
    if pack.final_last_year is None or sessions >= EARLY_SESSIONS:
        return figure
    year, final = pack.final_last_year
    label, column = FLAG_FIGURES[measure]
    return replace(
        figure,
        label=label.replace("year to date", f"in all of {year}"),
        value=final[f"{measure}_rate"],
        detail=f"{format_count(final[column])} of {format_count(final['enrolments'], 'enrolment')}; this year so far "
        f"{figure.detail}, from no more than {format_count(sessions, 'session')} each",
        comparisons=(),
    )


def _late_figure(figures: pd.DataFrame) -> KeyFigure:
    before, after = (figures.loc[f"late_{when}_close_sessions"] for when in ("before", "after"))
    # Spans differ in length, so that only shares of their possible sessions compare.
    rates = (before + after) / figures.loc["possible_sessions"].where(figures.loc["possible_sessions"] > 0)
    return KeyFigure(
        name="late_rate",
        label="Late arrivals this period",
        value=rates["current"],
        kind=Kind.RATE,
        detail=f"{format_count(before['current'])} before closing (L), {format_count(after['current'])} after (U)",
        comparisons=(
            Comparison("in the period before", rates["previous"], Kind.RATE),
            Comparison("in the same weeks last year", rates["last_year"], Kind.RATE),
        ),
    )


def _sessions_of(figures: pd.DataFrame, count: str, span: str) -> str:
    return f"{format_count(figures.loc[count, span])} of {format_count(figures.loc['possible_sessions', span], 'session')}"


def headline(pack: Pack) -> Table:
    """Return the headline measures: this period, the year to date, what they changed by, and England."""
    rates = pack.headline.loc[list(MEASURES)]
    england = pack.england
    frame = pd.DataFrame(
        {
            "measure": list(MEASURES.values()),
            "period_rate": rates["current"].to_numpy(),
            "change_rate": (rates["current"] - rates["previous"]).to_numpy(),
            "change_on_last_year_rate": (rates["current"] - rates["last_year"]).to_numpy(),
            "year_to_date_rate": rates["year_to_date"].to_numpy(),
            "year_change_rate": (rates["year_to_date"] - rates["last_year_to_date"]).to_numpy(),
            "england_rate": [england[name].rate if name in england else None for name in MEASURES],
        }
    )
    return Table(
        name="headline",
        title="Headline figures",
        frame=frame,
        columns=HEADLINE_COLUMNS,
        note=_headline_note(pack),
    )


def _headline_note(pack: Pack) -> str:
    named = {MEASURES[measure]: figure for measure, figure in pack.england.items()}
    told = dates_told(named, (pack.date_from, pack.date_to))
    beside = f" Beside the year to date: {told}. {acknowledgement(named.values())}" if told else ""
    return f"Changes are in percentage points. Persistent and severe absence are measured over the year to date only.{beside}"


HEADLINE_COLUMNS = (
    Column("measure", "Measure", meaning="What is measured", width=36),
    Column("period_rate", "This period", Kind.RATE, meaning="Share of the period's possible sessions"),
    Column(
        "change_rate",
        "on the period before",
        Kind.POINTS,
        meaning="This period less as many school weeks before it, on the same weekdays",
    ),
    Column(
        "change_on_last_year_rate",
        "on same weeks last year",
        Kind.POINTS,
        meaning="Same half term, week, weekday and session",
    ),
    Column(
        "year_to_date_rate",
        "Year to date",
        Kind.RATE,
        meaning="From the start of the school year to the end of the period",
    ),
    Column(
        "year_change_rate",
        "on last year to date",
        Kind.POINTS,
        meaning="Year to date less last year to the same week",
    ),
    Column(
        "england_rate",
        "England",
        Kind.RATE,
        meaning="DfE's daily series for the school's phase; its dates are in the note",
    ),
)


def first_ten(pack: Pack) -> Table:
    """Return the ten pupils to talk about first, from the priority list (see ``priority.priority_pupils``)."""
    listed = priority_pupils(pack)
    keep = ("pupil_name", "form", "why", "attendance_rate", "period_attendance_rate", "support_text")
    return Table(
        name="first_ten",
        title="The first ten to talk about",
        frame=listed.frame.head(FIRST_TEN),
        columns=tuple(column for column in listed.columns if column.name in keep),
        note="The whole list, and the rule for its order, are under Priority pupils.",
        empty_text="Nobody is over a line, near one or falling fast.",
    )
