"""The first page: what the period was, the key figures, what moved and where, and the first ten to talk about."""

from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.comparators import england_of
from attendance_lib.analysis.first_weeks import is_early, last_year_of, sessions_so_far, with_last_year
from attendance_lib.analysis.groups import moves_beyond_chance
from attendance_lib.analysis.headline import headline_of, totals_of
from attendance_lib.analysis.measures import MEASURES, pupil_totals
from attendance_lib.analysis.movement import SINCE, count_crossings, count_new, crossings_of
from attendance_lib.analysis.reasons import GROUP_OF, reasons_compared, unexplained_of
from attendance_lib.display import Column, Comparison, KeyFigure, KeyFigures, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import (
    as_percent,
    format_change,
    format_count,
    format_date,
    format_percent,
    format_points,
)
from attendance_lib.errors import counted, in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.first_weeks import first_weeks_words, of_both_years, rates_words, so_far
from attendance_lib.papers.fortnightly.priority import facts_apart, priority_pupils
from attendance_lib.papers.shared import beside_england, dates_told, england_on_a_card, of_every_age
from attendance_lib.register.grid import Register
from attendance_lib.rules.benchmarks import Benchmark, acknowledgement
from attendance_lib.rules.codes import NO_REASON_YET

FIRST_TEN = 10


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
    """Return when the newest known edit of a mark was made, as the end of a sentence; empty without a history.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = (["2026-11-05", "2026-11-09"], [])
    >>> [last_edit(SimpleNamespace(amendments=pd.DataFrame({"amended_on": pd.to_datetime(each)}))) for each in days]
    ['; the newest edit is of 9 November 2026', '']
    """
    edits = register.amendments["amended_on"]
    return f"; the newest edit is of {format_date(edits.max().date())}" if len(edits) else ""


def entered_ahead(pack: Pack) -> str:
    """Return which codes are entered ahead of the last register, as the end of a sentence; empty where none is.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> planned = pd.DataFrame({"code": ["V", "C", "V"], "date": pd.to_datetime(["2026-12-07", "2026-11-24", "2026-12-11"])})
    >>> entered_ahead(SimpleNamespace(school=SimpleNamespace(planned_marks=planned)))
    '; 3 marks entered ahead (C, V) to 11 December 2026, in no rate'
    """
    planned = pack.school.planned_marks
    if planned.empty:
        return ""
    codes = ", ".join(sorted(planned["code"].astype(str).unique()))
    until = format_date(planned["date"].max().date())
    return f"; {format_count(len(planned), 'mark')} entered ahead ({codes}) to {until}, in no rate"


def count_due(pack: Pack) -> dict[str, int]:
    """Return how many marks are missing and how many are N: in the period, and overdue in the year to date.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> due = pd.DataFrame({"what": ["N", "N", "missing"], "is_overdue": [True, False, False]})
    >>> due["date"] = pd.to_datetime(["2026-10-05", "2026-11-10", "2026-11-09"])
    >>> count_due(SimpleNamespace(date_from="2026-11-09", results={unexplained_of: due}))
    {'missing': 1, 'N': 1, 'missing_overdue': 0, 'N_overdue': 1}
    """
    due = unexplained_of(pack)
    here = due["date"] >= pd.Timestamp(pack.date_from)
    counts = {what: int((here & (due["what"] == what)).sum()) for what in ("missing", "N")}
    overdue = {
        f"{what}_overdue": int((due["is_overdue"] & (due["what"] == what)).sum()) for what in ("missing", "N")
    }
    return counts | overdue


def key_figures(pack: Pack) -> KeyFigures:
    """Return the figures to know first, each with its counts and what it is compared with."""
    figures = headline_of(pack)
    return KeyFigures(
        name="key_figures",
        title="Key figures",
        figures=(
            _period_figure(figures, "attendance", "Attendance this period"),
            _period_figure(figures, "unauthorised_absence", "Unauthorised absence this period"),
            _year_figure(figures, england_of(pack).get("attendance_rate")),
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
        comparisons=known(
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
            *known(
                Comparison(
                    "on last year to date", now["year_to_date"] - now["last_year_to_date"], Kind.POINTS
                )
            ),
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
    england = england_of(pack).get(f"{measure}_rate") if measure == "persistent_absence" else None
    figure = _flag_figure(headline_of(pack), measure, england)
    return _final_figure(pack, measure, figure) if is_early(pack) else figure


def _final_figure(pack: Pack, measure: str, figure: KeyFigure) -> KeyFigure:
    """Return last year's final rate in place of a figure of few sessions; no rate where last year is not held whole."""
    final, told = last_year_of(pack), so_far(figure.detail, sessions_so_far(pack))
    label, column = FLAG_FIGURES[measure]
    if final is None:
        return replace(figure, value=None, detail=f"too early to say: {told}", comparisons=())
    counts = (
        f"{format_count(final.figures[column])} of {format_count(final.figures['enrolments'], 'enrolment')}"
    )
    return replace(
        figure,
        label=label.replace("year to date", f"in all of {final.words}"),
        value=final.figures[f"{measure}_rate"],
        detail=f"{counts}; {told}",
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
        comparisons=known(
            Comparison("in the period before", rates["previous"], Kind.RATE),
            Comparison("in the same weeks last year", rates["last_year"], Kind.RATE),
        ),
    )


def known(*comparisons: Comparison) -> tuple[Comparison, ...]:
    """Return the comparisons for which there are marks; the note under the headline figures says which there are none for.

    Examples
    --------
    >>> told = known(Comparison("last year", float("nan"), Kind.RATE), Comparison("England", 0.93, Kind.RATE))
    >>> [each.label for each in told]
    ['England']
    """
    return tuple(each for each in comparisons if pd.notna(each.value))


def _sessions_of(figures: pd.DataFrame, count: str, span: str) -> str:
    return f"{format_count(figures.loc[count, span])} of {format_count(figures.loc['possible_sessions', span], 'session')}"


def headline(pack: Pack) -> Table:
    """Return the headline measures: this period, the year to date, what they changed by, and England."""
    rates = headline_of(pack).loc[list(MEASURES)]
    england = england_of(pack)
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
    columns = tuple(
        replace(column, shown=column.name not in CHANGES or frame[column.name].notna().any())
        for column in headline_columns(pack.school.calendar.span_word)
    )
    return Table("headline", "Headline figures", frame, columns, note=_headline_note(pack))


# The changes that the headline figures show, by the span that they are changes on.
CHANGES = {
    "change_rate": "previous",
    "change_on_last_year_rate": "last_year",
    "year_change_rate": "last_year_to_date",
}


def without_comparison(pack: Pack) -> str:
    """Say what this paper cannot be compared with and why, as sentences with a blank before each; empty if with everything.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> possible = pd.DataFrame({"previous": [0], "last_year": [12_000]}, index=["possible_sessions"])
    >>> without_comparison(SimpleNamespace(roll=SimpleNamespace(previous_end=None), results={headline_of: possible}))
    ' No change on the period before: there are no earlier marks to compare with.'
    """
    possible = headline_of(pack).loc["possible_sessions"]
    before = "" if possible["previous"] else f" No change on the period before: {nothing_before(pack)}."
    last_year = (
        ""
        if possible["last_year"]
        else " No change on last year: the exports hold no marks of the same weeks."
    )
    return before + last_year


def _headline_note(pack: Pack) -> str:
    named = {MEASURES[measure]: figure for measure, figure in england_of(pack).items()}
    told = dates_told(named, (pack.date_from, pack.date_to))
    beside = f" Beside the year to date: {told}. {acknowledgement(named.values())}" if told else ""
    return (
        "Changes are in percentage points. Persistent and severe absence are measured over the year to date only."
        f"{without_comparison(pack)}{rates_words(pack)}{beside}"
    )


def headline_columns(span_word: str) -> tuple[Column, ...]:
    """Return the columns of the headline measures; ``span_word`` is what a half term is called."""
    before = "This period less as many school weeks before it, on the same weekdays"
    last_year = f"Same {span_word}, week, weekday and session"
    to_date = "Year to date less last year to the same week"
    dfe = "DfE's daily series for the school's phase; its dates are in the note"
    return (
        figure("measure", width=36),
        Column("period_rate", "This period", Kind.RATE, meaning="Share of the period's possible sessions"),
        figure("change_rate", heading="on the period before", meaning=before),
        Column("change_on_last_year_rate", "on same weeks last year", Kind.POINTS, meaning=last_year),
        figure("year_to_date_rate", meaning="From the start of the school year to the end of the period"),
        Column("year_change_rate", "on last year to date", Kind.POINTS, meaning=to_date),
        figure("england_rate", meaning=dfe),
    )


def first_ten(pack: Pack) -> Table:
    """Return the ten pupils to talk about first, from the priority list (see ``priority.priority_pupils``)."""
    listed = priority_pupils(pack)
    frame, keep = listed.frame.head(FIRST_TEN), IN_FIRST_WEEKS if is_early(pack) else IN_LATER_WEEKS
    told = frame.assign(apart=facts_apart(pack, frame))
    columns = {column.name: replace(column, highlights=()) for column in (*listed.columns, APART)}
    return Table(
        name="first_ten",
        title="The first ten to talk about",
        frame=told.assign(support_text=of_both_years(told)) if is_early(pack) else told,
        columns=tuple(columns[name] for name in keep),
        note="Each head of year's page has the rest, and why each is on the list; the data notes have the rule for its order."
        + first_weeks_words(pack),
        empty_text="Nobody is over a line, near one or falling fast.",
    )


APART = Column(
    "apart", "What sets them apart",
    meaning="The first that there is: what was agreed last and whether it was done; since when not in; how much is unauthorised; "
    "the reason for most; the pattern", personal=True, width=44,
)  # fmt: skip
# What leads from a pupil's line to the plan and to the gate of a notice.
LINKED = ("support_text", "plan_id", "plan_page", "gate", "gate_page")
IN_LATER_WEEKS = ("pupil_name", "form", "apart", "attendance_rate", "period_attendance_rate", *LINKED)
IN_FIRST_WEEKS = (
    *("pupil_name", "form", "apart", "last_year_attendance_rate"),
    *("absence_sessions", "possible_sessions", *LINKED),
)

# Three to five sentences that say what moved and where, each with its numbers. Written from figures, never by hand

# So many groups are named that moved.
MOST_NAMED = 3
# Below this a reason is not said to have moved (fraction of possible sessions).
WORTH_SAYING = 0.002
NOTHING_POSSIBLE = (
    "No pupil of this paper has a possible session in the period, so there is no attendance to tell."
)


def what_moved(pack: Pack) -> Sentences:
    """Return the sentences of the front page: attendance, where it moved, why, and who crossed the line."""
    sentences = (
        overall(pack),
        by_group(pack),
        by_reason(pack),
        over_the_line(pack),
        compared_with_england(pack),
    )
    return Sentences(
        name="what_moved", title="What moved", style="lead", items=tuple(filter(None, sentences))
    )


def overall(pack: Pack) -> str:
    """Return how attendance moved on the period before and on last year.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> spans = {"current": [0.94], "previous": [0.931], "last_year": [0.94]}
    >>> overall(SimpleNamespace(results={headline_of: pd.DataFrame(spans, index=["attendance_rate"])})).partition(": ")[2]
    'up 0.9 percentage points on the period before (93.1%) and unchanged on the same weeks last year (94.0%).'
    """
    now = headline_of(pack).loc["attendance_rate"]
    if pd.isna(now["current"]):
        return NOTHING_POSSIBLE
    parts = [
        f"{format_change(now['current'] - now[span])} on {words} ({format_percent(now[span])})"
        for span, words in (("previous", "the period before"), ("last_year", "the same weeks last year"))
        if pd.notna(now[span])
    ]
    moved = f": {' and '.join(parts)}" if parts else f"; {nothing_before(pack)}"
    return f"Attendance this period was {format_percent(now['current'])}{moved}."


def nothing_before(pack: Pack) -> str:
    """Return why there is nothing to compare a period with.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> nothing_before(SimpleNamespace(roll=SimpleNamespace(previous_end="2026-07-17")))  # marks there are, of last year
    'it is the first of the school year, and the weeks before it are of other year groups'
    """
    if pack.roll.previous_end:
        return "it is the first of the school year, and the weeks before it are of other year groups"
    return "there are no earlier marks to compare with"


def by_group(pack: Pack) -> str:
    """Return which year groups, groups and forms moved most on the period before, beyond chance; empty with nothing before."""
    if pack.periods.previous.sessions.empty or pack.periods.current.sessions.empty:
        return ""
    moved = moves_beyond_chance(pupil_totals(pack.periods.current), pupil_totals(pack.periods.previous))
    if moved.empty:
        return "No year group, group of pupils or form moved by more than chance."
    first = moved.head(MOST_NAMED)
    words = [
        f"{phrase} ({format_points(change)} points, to {format_percent(rate)})"
        for phrase, change, rate in zip(
            first["phrase"], first["change_rate"], first["attendance_rate"], strict=True
        )
    ]
    more = f", and {counted(len(moved) - MOST_NAMED, 'other', 'others')}" if len(moved) > MOST_NAMED else ""
    return f"By more than chance moved: {', '.join(words)}{more}."


def by_reason(pack: Pack) -> str:
    """Return which reason for absence grew and which shrank most on the period before; empty if none moved.

    "No reason yet" is never said to have grown: the newest weeks always hold more of it, until reasons are found.
    """
    reasons = reasons_compared(pack.periods.current, pack.periods.previous, pack.periods.year_to_date)
    settled = reasons[reasons["reason"] != GROUP_OF[NO_REASON_YET]]
    moved = settled[settled["change_rate"].abs() >= WORTH_SAYING].sort_values("change_rate", kind="stable")
    grew, shrank = moved[moved["change_rate"] > 0].tail(1), moved[moved["change_rate"] < 0].head(1)
    words = [
        f"{row['reason'].lower()} {verb} by {abs(as_percent(row['change_rate']))} points to {format_percent(row['reason_rate'])} "
        "of sessions"
        for verb, rows in (("grew", grew), ("shrank", shrank))
        for row in rows.to_dict("records")
    ]
    return f"Of the reasons, {' and '.join(words)}." if words else ""


def over_the_line(pack: Pack) -> str:
    """Return how many pupils on roll are persistently absent, and how many joined and left since the last period."""
    if is_early(pack):
        return over_it_last_year(pack)
    totals = totals_of(pack)
    persistent = int(totals["is_persistently_absent"].sum())
    any_age = ", whatever their age," if pack.whom.left_out else ""
    now = (
        f"{format_count(persistent, 'pupil')} on roll{any_age} {in_number(persistent, 'is', 'are')} persistently absent"
        f"{beside_the_card(pack, persistent)}"
    )
    severe = f"{format_count(int(totals['is_severely_absent'].sum()))} of them severely"
    return f"{now}, {severe}{over_it_since(pack) if len(pack.periods.year_to_previous.sessions) else ''}."


def over_it_since(pack: Pack) -> str:
    """Return how many became persistently absent, and ceased to be, since the last period; part of a sentence."""
    counts = count_crossings(crossings_of(pack))
    since = counts[counts["cause"] == SINCE].set_index("line").loc["persistent"]
    joined, left = format_count(int(since["joined"])), format_count(int(since["left"]))
    new = int(count_new(pack.roll)["persistent"])
    too = f", {format_count(new)} {in_number(new, 'is', 'are')} new to the school and over it," if new else ""
    return f"; {joined} crossed into it in this period{too} and {left} out of it"


def beside_the_card(pack: Pack, persistent: int) -> str:
    """Return why the card above counts another number of persistently absent pupils, in brackets; empty where it does not.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = pd.DataFrame({"year_to_date": [41]}, index=["persistently_absent_enrolments"])
    >>> pack = SimpleNamespace(whom=SimpleNamespace(left_out=3), results={headline_of: counts})
    >>> beside_the_card(pack, 43), beside_the_card(pack, 41)
    (' (the card counts 41: only ages 5 to 15, and leavers too)', '')
    """
    on_the_card = int(headline_of(pack).loc["persistently_absent_enrolments", "year_to_date"])
    if on_the_card == persistent:
        return ""
    ages = "only ages 5 to 15, and " if pack.whom.left_out else ""
    return f" (the card counts {format_count(on_the_card)}: {ages}leavers too)"


def over_it_last_year(pack: Pack) -> str:
    """Return how many pupils on roll were persistently absent last year, and how much was missed so far of how few sessions.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> totals = pd.DataFrame({"pupil_id": ["1", "2"], "is_persistently_absent": True, "is_severely_absent": [True, False]})
    >>> over_it_last_year(SimpleNamespace(results={totals_of: totals, last_year_of: None, sessions_so_far: 14}))
    'So far this year 2 pupils on roll missed a tenth or more and 1 half or more, of no more than 14 sessions each.'
    """
    totals = with_last_year(totals_of(pack), pack)
    final, sessions = last_year_of(pack), format_count(sessions_so_far(pack), "session")
    tenth, half = (int(totals[f"is_{line}_absent"].sum()) for line in ("persistently", "severely"))
    here = (
        f"So far this year {format_count(tenth, 'pupil')} on roll missed a tenth or more and {format_count(half)} half or more, "
        f"of no more than {sessions} each."
    )
    if final is None:
        return here
    persistent, severe = (int(totals[f"was_{line}_absent"].sum()) for line in ("persistently", "severely"))
    verb = in_number(persistent, "was", "were")
    return (
        f"{format_count(persistent, 'pupil')} now on roll {verb} persistently absent in all of {final.words}, "
        f"{format_count(severe)} of them severely. {here}"
    )


def compared_with_england(pack: Pack) -> str:
    """Return the year to date beside England's at the same point; empty where there is none for the phase."""
    ours = headline_of(pack).loc["attendance_rate", "year_to_date"]
    return beside_england(ours, england_of(pack).get("attendance_rate"), (pack.date_from, pack.date_to))
