"""Year groups and groups with their gaps, attendance bands, and the flow in and out of persistent and severe absence."""

import pandas as pd

from attendance_lib.display import Chart, Column, Kind, Sentences, Table
from attendance_lib.display.charts import beside_chart, group_gap_chart, weekly_attendance_chart
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_date
from attendance_lib.papers.first_weeks import from_few
from attendance_lib.papers.governors.published import OUTSIDE, Published, known, span
from attendance_lib.papers.governors.spans import BANDS, FLOWS, HALF_TERM, MOVES
from attendance_lib.papers.published_tables import (
    PERSISTENT,
    SEVERE,
    published_table,
    without_signs,
)

WHOLE_OF = {"persistent": "Persistent absence (10% or more)", "severe": "Severe absence (50% or more)"}


def weeks(report: Published) -> Chart | Sentences:
    """Return attendance by school week, this year beside last where the exports hold it; words where so few are on roll.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> held = pd.DataFrame({"attendance_rate": [float("nan")] * 2})
    >>> weeks(SimpleNamespace(tables={"weekly_attendance": held})).items
    ("Attendance is not given week by week: with so few pupils on roll a week's rate would tell who was away.",)
    """
    table = report.tables["weekly_attendance"]
    if table["attendance_rate"].isna().all():
        return Sentences(name="weekly_attendance", style="note", items=(TOO_FEW_FOR_WEEKS,))
    shown = table.assign(
        attendance_rate=without_signs(table["attendance_rate"]),
        last_year_rate=without_signs(table["last_year_rate"]),
    )
    return weekly_attendance_chart(shown, "How did attendance move week by week?")


TOO_FEW_FOR_WEEKS = (
    "Attendance is not given week by week: with so few pupils on roll a week's rate would tell who was away."
)


def year_groups(report: Published) -> Table:
    """Return the year groups against everyone else, and below them those that the headline leaves out, beside nothing."""
    frame = pd.concat([report.tables["year_groups"], report.tables[OUTSIDE]], ignore_index=True)
    note = OUTSIDE_NOTE if len(report.tables[OUTSIDE]) else ""
    return group_table(report, frame, ("year_groups", "Year groups", "Year group"), note)


def groups(report: Published) -> Table:
    """Return the groups of every other characteristic against everyone else."""
    return group_table(report, report.tables["groups"], ("groups", "Groups of pupils", "Group"))


OUTSIDE_NOTE = (
    " Outside the headline: pupils on roll not aged 5 to 15 on 31 August, whom DfE's figures and ours above do not count; "
    "they are in no gap."
)


GAP_STANDING = Column(
    "gap_standing",
    "Gap against chance",
    shown=False,
    width=14,
    meaning="Whether the gap is wider than chance would make any of so many groups' gaps",
)


def group_table(report: Published, frame: pd.DataFrame, words: tuple[str, str, str], note: str = "") -> Table:
    """Return a table of groups: attendance, gap and how it moved, persistent and severe absence; no row for a group of nobody.

    ``frame`` has one row per group (enrolments, fractions); ``words`` are the table's name and title and the heading of its rows.
    """
    facts, (name, title, heading) = report.facts, words
    columns = (
        Column("label", heading, meaning="The group", width=32),
        figure("pupils_counted"),
        figure("attendance", meaning=f"Attendance in the {facts.span}", width=11),
        figure("gap_rate", meaning=f"The group's attendance less everyone else's, {facts.span}", width=8),
        GAP_STANDING,
        *(gap_columns(facts.compared) if facts.compared else ()),
        PERSISTENT,
        figure("persistent_absence"),
        *(persistent_columns(facts.compared_to_date) if facts.compared_to_date else ()),
        SEVERE,
    )
    # A published nought alone: what is withheld may be nobody, too, and keeps its row.
    held = frame[~(frame["enrolments"] == 0)]
    return published_table(name, title, held, columns, group_note(report) + note)


def gap_columns(compared: str) -> tuple[Column, ...]:
    """Return the columns of how a gap moved since what it is compared with; its range is left to the workbook."""
    return (
        Column("compared_gap_rate", "Gap then", Kind.POINTS, f"The same gap in {compared}", width=8),
        Column(
            "gap_reading",
            "Gap moved",
            meaning="Narrowed or widened only beyond what chance would bring",
            width=14,
        ),
        Column("gap_low", "Gap moved, from", Kind.POINTS, "Lower end of the change's 95% range", shown=False),
        Column("gap_high", "Gap moved, to", Kind.POINTS, "Upper end of the change's 95% range", shown=False),
    )


def persistent_columns(compared: str) -> tuple[Column, ...]:
    """Return the column of how persistent absence moved; its range is left to the workbook."""
    moved = "Persistent absence moved"
    return (
        Column(
            "persistent_reading", moved, meaning=f"On {compared}: rose or fell only beyond chance", width=14
        ),
        Column(
            "persistent_low",
            f"{moved}, from",
            Kind.POINTS,
            "Lower end of the change's 95% range",
            shown=False,
        ),
        Column(
            "persistent_high", f"{moved}, to", Kind.POINTS, "Upper end of the change's 95% range", shown=False
        ),
    )


def group_note(report: Published) -> str:
    """Say what gaps are, what they are compared with and how chance is judged.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> group_note(SimpleNamespace(facts=SimpleNamespace(span="term", compared="", is_early=False, year_sessions=90)))
    'Gap: percentage points, the group against everyone else, in the term.'
    """
    facts = report.facts
    told = [f"Gap: percentage points, the group against everyone else, in the {facts.span}."]
    if facts.compared:
        told.append(
            f"Gap then: in {facts.compared}; persistent absence is compared with {facts.compared_to_date}."
        )
        told.append(
            "How it moved: within chance unless the 95% range, with pupils and not sessions as the unit, leaves no change out."
        )
    return " ".join(told) + few_words(report)


def few_words(report: Published) -> str:
    """Say in the first weeks of a year on how few sessions its absence flags rest, after a blank; else empty.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> few_words(SimpleNamespace(facts=SimpleNamespace(year_sessions=14, is_early=True)))
    ' Persistent and severe absence of this year are from no more than 14 sessions each so far.'
    """
    few = from_few(report.facts.year_sessions)
    return f" Persistent and severe absence of this year are {few} so far." if report.facts.is_early else ""


def group_gaps(report: Published) -> Chart | Sentences:
    """Return the chart of the groups' attendance against the whole school's; words where too few pupils are behind it."""
    shown = pd.concat([report.tables["year_groups"], report.tables["groups"]], ignore_index=True)
    shown = shown.assign(
        attendance_rate=without_signs(shown["attendance_rate"]), enrolments=without_signs(shown["enrolments"])
    )
    drawn = shown.dropna(subset=["attendance_rate", "enrolments"])
    whole = known(span(report, HALF_TERM), "attendance_rate")
    if whole is None or drawn.empty:
        return Sentences(name="group_gaps", style="note", items=(TOO_FEW_TO_DRAW,))
    return group_gap_chart(
        drawn[["characteristic", "group", "enrolments", "attendance_rate"]], whole, report.facts.everyone
    )


TOO_FEW_TO_DRAW = "The groups are not drawn, as too few pupils are behind them."


def bands(report: Published) -> Table:
    """Return how many pupils stand in each of DfE's bands, beside the point compared with."""
    then = report.facts.compared_to_date
    compared = (
        Column("compared_enrolments", "Pupils then", Kind.COUNT, f"Pupils at {then}", width=12),
        Column("compared_share_rate", "Share then", Kind.RATE, f"Share at {then}", width=10),
    )
    return published_table(
        BANDS,
        "Attendance bands, year to date",
        report.tables[BANDS],
        (
            Column("label", "Attendance", meaning="DfE's bands: each holds its upper edge", width=20),
            figure("pupils_counted"),
            figure("share_rate", width=10),
            *(compared if then else ()),
        ),
        "DfE's bands: a pupil on exactly 90.0% is persistently absent, one on exactly 95.0% stands below it."
        + (f" Then: {then}." if then else ""),
    )


def bands_drawn(report: Published) -> Chart | Sentences:
    """Return the chart of the bands, beside the point compared with; words where too few pupils are behind them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> held, facts = pd.DataFrame({"share_rate": ["c", "c"]}), SimpleNamespace(compared_to_date="")
    >>> bands_drawn(SimpleNamespace(tables={BANDS: held}, facts=facts)).items
    ('The bands are not drawn, as too few pupils are behind them.',)
    """
    table, then = report.tables[BANDS], report.facts.compared_to_date
    series = {"share_rate": "Now"} | ({"compared_share_rate": then[:1].upper() + then[1:]} if then else {})
    if without_signs(table["share_rate"]).isna().all():
        return Sentences(name="bands_drawn", style="note", items=(NO_BANDS,))
    return beside_chart("bands_drawn", "How is attendance spread over the pupils?", table, series)


NO_BANDS = "The bands are not drawn, as too few pupils are behind them."


def flows(report: Published) -> Table:
    """Return who joined, left and stayed in persistent and severe absence since the last half term ended, as counts.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(since=None, span="term", empty_text="", is_from_last_year=False, is_early=True, year_sessions=14)
    >>> moves = pd.DataFrame({"line": "persistent", "move": list(MOVES), "enrolments": [14, 3, 11, "c", "c"]})
    >>> flows(SimpleNamespace(tables={FLOWS: moves}, facts=facts)).frame[list(MOVES)].values.tolist()  # one row a line
    [[14, 3, 11, 'c', 'c']]
    """
    long, since = report.tables[FLOWS], report.facts.since
    rows = [
        {"line": WHOLE_OF[line]} | moves.set_index("move")["enrolments"].to_dict()
        for line, moves in long.groupby("line", sort=False)
    ]
    return published_table(
        FLOWS,
        "Who came into persistent and severe absence, who stayed and who left"
        + (f" since {format_date(since)}" if since else ""),
        pd.DataFrame(rows, columns=["line", *MOVES]),
        flow_columns(report.facts.span),
        flow_note(report),
        empty_text=report.facts.empty_text
        or f"The exports begin with this {report.facts.span}, so there is nothing to follow from.",
    )


def flow_columns(span_word: str) -> tuple[Column, ...]:
    """Return the columns of who moved; ``span_word`` is what a half term is called."""
    counts = (
        ("before", "Before", f"Pupils at the end of the last {span_word}"),
        ("left", "Left", "No longer at the limit, or no longer counted at this school"),
        ("stayed", "Stayed", "At the limit then and now"),
        ("joined", "Newly in it", "Newly at the limit, or new to this school and at it"),
        ("after", "Now", f"Pupils at the end of this {span_word}"),
    )
    return (
        Column("line", "Line", meaning="What is counted, over a year to date", width=32),
        *(Column(name, heading, Kind.COUNT, meaning, width=10) for name, heading, meaning in counts),
    )


def flow_note(report: Published) -> str:
    """Say how the counts add up, and that the measure starts afresh each September."""
    told = (
        "Before is left and stayed; now is stayed and newly in it. Who left is no longer at the limit or no longer counted; who is "
        "newly in it has come to the limit or is new here. Here c may be none, too."
    )
    afresh = (
        " The measure starts afresh each September: before is last year as a whole; those of it who are "
        "gone from the roll, or past the ages counted, are among who left."
    )
    return f"{told}{afresh if report.facts.is_from_last_year else ''}{few_words(report)}"
