"""Four to six sentences for the first page: what changed, how sure one can be, and what governors may want to ask."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.groups import BEYOND_CHANCE
from attendance_lib.display import Sentences
from attendance_lib.display.format import (
    as_percent,
    format_change,
    format_count,
    format_date,
    format_percent,
    format_points,
    is_suppressed,
)
from attendance_lib.errors import Severity
from attendance_lib.papers.first_weeks import from_few
from attendance_lib.papers.governors.absence import reason_frame
from attendance_lib.papers.governors.compliance import checks
from attendance_lib.papers.governors.group_counts import NARROWED, WIDENED, WITHIN_CHANCE
from attendance_lib.papers.governors.published import AS_CENSUS, Published, known, last_year, span
from attendance_lib.papers.governors.spans import HALF_TERM, YEAR_TO_DATE
from attendance_lib.papers.published_tables import without_signs
from attendance_lib.papers.shared import beside_england, is_of_another_part, listed
from attendance_lib.rules.calendar import year_in_words

MOST_QUESTIONS = MOST_GROUPS = 3
# A gap or a difference from England is worth a question from here on (fraction of sessions).
WORTH_ASKING = 0.01


def what_changed(report: Published) -> Sentences:
    """Return the sentences of the first page, each from the published tables alone."""
    sentences = (
        attendance_words(report),
        persistent_words(report),
        flow_words(report),
        england_words(report),
        group_words(report),
        questions(report),
    )
    return Sentences(
        name="what_changed",
        title="What changed, how sure we can be, and what to ask",
        style="lead",
        items=tuple(filter(None, sentences)),
    )


def attendance_words(report: Published) -> str:
    """Say how attendance in the half term moved, and whether chance alone would move it so.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(span="half term", compared="the half term before", is_beside_last_year=True)
    >>> spans = pd.DataFrame({"span": [HALF_TERM], "attendance_rate": [0.94]})
    >>> tables = {"spans": spans, "changes": pd.DataFrame({"attendance_change_rate": [float("nan")]})}
    >>> attendance_words(Published(facts, tables, None, {}, 0, 0, 0))
    'Attendance this half term was 94.0%; there is nothing earlier to compare it with.'
    >>> attendance_words(Published(facts, tables | {"spans": spans.replace(0.94, "c")}, None, {}, 0, 0, 0))
    'Attendance in the half term cannot be given for so few pupils.'
    """
    now, span_word = known(span(report, HALF_TERM), "attendance_rate"), report.facts.span
    if now is None:
        return f"Attendance in the {span_word} cannot be given for so few pupils."
    row = report.tables["changes"].iloc[0]
    if is_suppressed(row["attendance_change_rate"]):
        return f"Attendance this {span_word} was {format_percent(now)}; how it moved is withheld."
    change = known(row, "attendance_change_rate")
    if change is None:
        return f"Attendance this {span_word} was {format_percent(now)}; there is nothing earlier to compare it with."
    said = f"Attendance this {span_word} was {format_percent(now)}, {format_change(change)} on {report.facts.compared}"
    season = (
        ""
        if report.facts.is_beside_last_year
        else f" Attendance also differs from {span_word} to {span_word} by season."
    )
    return f"{said}; {sureness(row, 'attendance')}.{season}"


def sureness(row: pd.Series, measure: str) -> str:
    """Say whether a change (a difference of fractions) is more than chance would bring, with the range that chance leaves open.

    ``row`` holds the measure with the endings ``_low`` and ``_high``.

    Examples
    --------
    >>> sureness(pd.Series({"gap_low": -0.02, "gap_high": -0.01}), "gap")
    'that is more than chance alone would bring (−2.0 to −1.0 points)'
    """
    low, high = known(row, f"{measure}_low"), known(row, f"{measure}_high")
    if low is None or high is None:
        return "how sure that is cannot be said"
    between = f"({format_points(low)} to {format_points(high)} points)"
    if low > 0 or high < 0:
        return f"that is more than chance alone would bring {between}"
    return f"that is within what chance alone would bring {between}, so it is not called a change"


def persistent_words(report: Published) -> str:
    """Say how many pupils are persistently and severely absent, and whether that moved.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = {"persistently_absent_enrolments": [11], "persistent_absence_rate": [0.183], "severely_absent_enrolments": ["c"]}
    >>> tables = {"spans": pd.DataFrame({"span": [YEAR_TO_DATE]} | counts), "changes": pd.DataFrame([{}])}
    >>> persistent_words(Published(SimpleNamespace(is_early=False), tables, None, {}, 0, 0, 0))
    '11 pupils (18.3%) are persistently absent.'
    """
    row, moved = span(report, YEAR_TO_DATE), report.tables["changes"].iloc[0]
    count, rate = known(row, "persistently_absent_enrolments"), known(row, "persistent_absence_rate")
    if count is None or rate is None:
        return ""
    severe = known(row, "severely_absent_enrolments")
    told = f"{format_count(count, 'pupil')} ({format_percent(rate)}) {'is' if count == 1 else 'are'} persistently absent"
    told += f", {format_count(severe)} of them severely" if severe is not None else ""
    if report.facts.is_early:
        told = f"{final_words(report)}So far this year {told}, {from_few(report.facts.year_sessions)}"
    change = known(moved, "persistent_change_rate")
    if change is None:
        return f"{told}."
    return f"{told}; the rate is {format_change(change)} on {report.facts.compared_to_date}, and {sureness(moved, 'persistent')}."


def final_words(report: Published) -> str:
    """Say what persistent and severe absence came to in all of last year, with a blank after it; empty where that is not held.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> held = pd.DataFrame({"span": ["202526"], "persistent_absence_rate": [0.2], "severe_absence_rate": ["c"]})
    >>> final_words(Published(SimpleNamespace(date_to=date(2026, 9, 25)), {"whole_years": held}, None, {}, 0, 0, 0))
    'In all of 2025/26 20.0% of pupils were persistently absent, as the census counts. '
    """
    row = report.row("whole_years", "span", last_year(report))
    persistent, severe = (known(row, f"{line}_absence_rate") for line in ("persistent", "severe"))
    if persistent is None:
        return ""
    of_them = f" and {format_percent(severe)} severely" if severe is not None else ""
    year = year_in_words(last_year(report))
    return f"In all of {year} {format_percent(persistent)} of pupils were persistently{of_them} absent, {AS_CENSUS}. "


def flow_words(report: Published) -> str:
    """Say how many joined, left and stayed in persistent absence since the last half term ended, as far as is published.

    Not in the first weeks of a year, in which a few days of absence would stand beside all of last year.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> flows = pd.DataFrame({"line": "persistent", "move": ["stayed", "joined", "left"], "enrolments": [11, "c", 0]})
    >>> facts = SimpleNamespace(since=date(2026, 10, 23), is_early=False)
    >>> flow_words(SimpleNamespace(tables={"flows": flows}, facts=facts))
    'Of persistent absence since 23 October 2026: 11 stayed in it. The rest is withheld.'
    """
    flows = report.tables["flows"]
    here = flows[flows["line"] == "persistent"].set_index("move")["enrolments"]
    since = report.facts.since
    if not len(here) or since is None or report.facts.is_early:
        return ""
    counts = {move: known(here, move) for move in FLOW_WORDS}
    told = [f"{format_count(count)} {FLOW_WORDS[move]}" for move, count in counts.items() if count]
    if not told:
        return ""
    rest = " The rest is withheld." if None in counts.values() else ""
    return f"Of persistent absence since {format_date(since)}: {listed(told)}.{rest}"


FLOW_WORDS = {
    "stayed": "stayed in it",
    "joined": "are newly in it",
    "left": "left it or are no longer counted",
}


def england_words(report: Published) -> str:
    """Say how attendance stands beside England's at the same point, and how old England's figure is."""
    facts = report.facts
    return beside_england(
        known(span(report, YEAR_TO_DATE), "attendance_rate"),
        report.comparators.in_year("attendance_rate", facts.date_to),
        (facts.date_from, facts.date_to),
    )


def group_words(report: Published) -> str:
    """Say which group is furthest below everyone else by more than chance, and which gaps moved by more than chance.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> groups = pd.DataFrame({"phrase": ["girls", "SEN"], "gap_rate": [0.01, -0.04], "gap_standing": BEYOND_CHANCE})
    >>> groups["gap_reading"] = ""  # nothing to compare with
    >>> group_words(SimpleNamespace(tables={"groups": groups, "year_groups": groups.head(0)}))
    "The widest gap is that of SEN: their attendance is 4.0 points below everyone else's."
    """
    groups = group_rows(report, "groups")
    if groups.empty:
        return ""
    moved = moved_words(pd.concat([group_rows(report, "year_groups"), groups], ignore_index=True))
    wide = beyond_chance(groups)
    if wide.empty:
        return f"{NO_WIDE_GAP}{moved}."
    widest = wide.loc[wide["gap_rate"].idxmin()]
    below = f"their attendance is {abs(as_percent(widest['gap_rate']))} points below everyone else's"
    return f"The widest gap is that of {widest['phrase']}: {below}{moved}."


NO_WIDE_GAP = (
    "No group's attendance is below everyone else's by more than chance would bring among so many groups"
)


def beyond_chance(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the groups (rows, with ``gap_rate`` as a fraction) below everyone else by more than chance would make any of them.

    Examples
    --------
    >>> groups = pd.DataFrame({"phrase": ["girls", "SEN"], "gap_standing": BEYOND_CHANCE, "gap_rate": [0.01, -0.04]})
    >>> beyond_chance(groups)["phrase"].tolist()
    ['SEN']
    """
    return groups[(groups["gap_standing"] == BEYOND_CHANCE) & (groups["gap_rate"] < 0)]


def moved_words(groups: pd.DataFrame) -> str:
    """Say which gaps moved by more than chance would bring, as the end of a sentence; empty where none could be compared.

    ``groups`` holds one row per group: ``phrase``, ``gap_reading`` and ``gap_rate`` (a difference of fractions).

    Examples
    --------
    >>> groups = pd.DataFrame({"phrase": ["SEN", "girls"], "gap_reading": [NARROWED, WITHIN_CHANCE], "gap_rate": [-0.02, 0.0]})
    >>> moved_words(groups[1:])
    "; no group's gap moved by more than chance would bring"
    """
    moved = groups[groups["gap_reading"].isin((NARROWED, WIDENED))]
    if moved.empty:
        is_known = groups["gap_reading"].eq(WITHIN_CHANCE).any()
        return "; no group's gap moved by more than chance would bring" if is_known else ""
    told_of = zip(moved["phrase"], moved["gap_reading"], moved["gap_rate"], strict=True)
    named = [f"{phrase} {reading.lower()} to {format_points(gap)} points" for phrase, reading, gap in told_of]
    more = f" and {format_count(len(named) - MOST_GROUPS, 'other')} moved" if len(named) > MOST_GROUPS else ""
    return f"; by more than chance would bring, the gap of {listed(named[:MOST_GROUPS])}{more}"


def group_rows(report: Published, table: str) -> pd.DataFrame:
    """Return the rows of a table of groups whose gap (``gap_rate``, a difference of fractions) is published.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> groups = pd.DataFrame({"phrase": ["girls", "SEN"], "gap_rate": [0.01, "c"]})
    >>> group_rows(SimpleNamespace(tables={"groups": groups}), "groups")["phrase"].tolist()
    ['girls']
    """
    groups = report.tables[table]
    if groups.empty:
        return groups
    return (
        groups.assign(gap_rate=without_signs(groups["gap_rate"]))
        .dropna(subset="gap_rate")
        .reset_index(drop=True)
    )


def questions(report: Published) -> str:
    """Return what governors may want to ask, from what the tables show; at most three questions."""
    asked = list(questions_of(report))[:MOST_QUESTIONS]
    return f"Governors may want to ask: {' '.join(asked)}" if asked else ""


def questions_of(report: Published) -> Iterator[str]:
    """Yield the questions, the most telling first."""
    groups = group_rows(report, "groups")
    wide = beyond_chance(groups) if len(groups) else groups
    if len(wide) and wide["gap_rate"].min() <= -WORTH_ASKING:
        widest = wide.loc[wide["gap_rate"].idxmin()]
        yield f"What is being done for {widest['phrase']}, and how will we know that it works?"
    flows = report.tables["flows"]
    stayed = known(flows[flows["line"] == "persistent"].set_index("move")["enrolments"], "stayed")
    if stayed and not report.facts.is_early:
        yield f"What would it take for the {format_count(stayed)} who stayed in persistent absence?"
    reason = reason_above_england(report)
    if reason:
        yield f"Why is absence for {reason} higher here than in England?"
    found = checks(report)
    if (found["is_found"] & (found["severity"] == Severity.MUST.value)).any():
        yield "When will the faults in the registers be put right?"


def reason_above_england(report: Published) -> str:
    """Return the reason whose rate is furthest above England's in the year to date; empty if none is by enough.

    England's reasons of another part of the year are not asked about: illness has its season.
    """
    day = report.facts.date_to
    if any(is_of_another_part(figure, day) for figure in report.comparators.reasons(day).values()):
        return ""
    table = reason_frame(report)
    above = without_signs(table["year_rate"]) - table["england_rate"]
    if above.dropna().empty or above.max() < WORTH_ASKING:
        return ""
    return str(table.loc[above.idxmax(), "group"]).lower()
