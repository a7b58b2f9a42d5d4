"""Year groups and groups with their gaps, attendance bands, and the flow in and out of persistent and severe absence."""

import pandas as pd

from attendance_lib.display import Chart, Column, Kind, Table
from attendance_lib.display.charts import group_gap_chart, weekly_attendance_chart
from attendance_lib.display.format import format_date
from attendance_lib.sections.governors.front import span
from attendance_lib.sections.governors.public.spans import HALF_TERM
from attendance_lib.sections.governors.public.standing import BANDS, FLOWS, MOVES
from attendance_lib.sections.governors.published import Published, known
from attendance_lib.sections.governors.tables import (
    ENROLMENTS,
    PERSISTENT,
    PERSISTENT_RATE,
    SEVERE,
    published_table,
    without_signs,
)

WHOLE_OF = {"persistent": "Persistent absence (10% or more)", "severe": "Severe absence (50% or more)"}


def weeks(report: Published) -> Chart:
    """Return attendance by school week, this year beside last where the exports hold it, from the published table."""
    table = report.tables["weekly_attendance"]
    shown = table.assign(
        attendance_rate=without_signs(table["attendance_rate"]), last_year_rate=without_signs(table["last_year_rate"])
    )
    return weekly_attendance_chart(shown, "How did attendance move week by week?")


def year_groups(report: Published) -> Table:
    """Return the year groups against everyone else."""
    return group_table(report, "year_groups", "Year groups", "Year group")


def groups(report: Published) -> Table:
    """Return the groups of every other characteristic against everyone else."""
    return group_table(report, "groups", "Groups of pupils", "Group")


def group_table(report: Published, name: str, title: str, heading: str) -> Table:
    """Return a table of groups: attendance, gap and how it moved, persistent and severe absence."""
    frame = report.tables[name]
    compared = report.facts.compared
    columns = (
        Column("label", heading, meaning="The group", width=32),
        ENROLMENTS,
        Column("attendance_rate", "Attendance", Kind.RATE, "Attendance in the half term", width=11),
        Column("gap_rate", "Gap", Kind.POINTS, "The group's attendance less that of everyone not in it, half term", width=8),
        *([Column("compared_gap_rate", "Gap then", Kind.POINTS, f"The same gap in {compared}", width=8),
           Column("gap_reading", "Gap moved", meaning="Narrowed or widened only where that is more than chance alone would bring", width=14),
           Column("gap_low", "Chance, from", Kind.POINTS, "Lower end of the 95% range of the gap's change", shown=False),
           Column("gap_high", "Chance, to", Kind.POINTS, "Upper end of the 95% range of the gap's change", shown=False)] if compared else []),
        PERSISTENT,
        PERSISTENT_RATE,
        *([Column("persistent_reading", "Persistent absence moved", meaning=f"Persistent absence on {report.facts.compared_to_date}", width=14)]
          if report.facts.compared_to_date else []),
        SEVERE,
    )  # fmt: skip
    return published_table(name, title, frame, columns, group_note(report))


def group_note(report: Published) -> str:
    """Say what gaps are, what they are compared with and how chance is judged."""
    facts = report.facts
    told = ["Gap: percentage points, the group against everyone else, in the half term."]
    if facts.compared:
        told.append(f"Gap then: in {facts.compared}; persistent absence is compared with {facts.compared_to_date}.")
        told.append(
            "How it moved: within chance unless the 95% range, with pupils and not sessions as the unit, leaves no change out."
        )
    return " ".join(told)


def group_gaps(report: Published) -> Chart:
    """Return the chart of the groups' attendance against the whole school's, from the published tables."""
    shown = pd.concat([report.tables["year_groups"], report.tables["groups"]], ignore_index=True)
    shown = shown.assign(
        attendance_rate=without_signs(shown["attendance_rate"]), enrolments=without_signs(shown["enrolments"])
    )
    drawn = shown.dropna(subset=["attendance_rate", "enrolments"])
    whole = known(span(report, HALF_TERM), "attendance_rate")
    columns = ["characteristic", "group", "enrolments", "attendance_rate"]
    return group_gap_chart(drawn[columns], float("nan") if whole is None else whole)


def bands(report: Published) -> Table:
    """Return how many pupils stand in each of DfE's bands, beside the point compared with."""
    then = report.facts.compared_to_date
    return published_table(
        BANDS,
        "Attendance bands, year to date",
        report.tables[BANDS],
        (
            Column("label", "Attendance", meaning="DfE's bands: each holds its upper edge, so exactly 95% is in 90% to 95%", width=20),
            ENROLMENTS,
            Column("share_rate", "Share", Kind.RATE, "Share of all pupils", width=10),
            *([Column("compared_enrolments", "Pupils then", Kind.COUNT, f"Pupils at {then}", width=12),
               Column("compared_share_rate", "Share then", Kind.RATE, f"Share at {then}", width=10)] if then else []),
        ),
        "A pupil on exactly 90.0% is persistently absent. " + (f"Then: {then}." if then else ""),
    )  # fmt: skip


def flows(report: Published) -> Table:
    """Return who joined, left and stayed in persistent and severe absence since the last half term ended, as counts."""
    long, since = report.tables[FLOWS], report.facts.since
    lines = list(dict.fromkeys(long["line"]))
    frame = pd.DataFrame(
        [
            {"line": WHOLE_OF[line]} | long[long["line"] == line].set_index("move")["enrolments"].to_dict()
            for line in lines
        ],
        columns=["line", *MOVES],
    )
    return published_table(
        FLOWS,
        "Who joined, left and stayed" + (f" since {format_date(since)}" if since else ""),
        frame,
        FLOW_COLUMNS,
        flow_note(report),
        empty_text="The exports begin with this half term, so there is nothing to follow from.",
    )


FLOW_COLUMNS = (
    Column("line", "Line", meaning="What is counted, over a year to date", width=32),
    Column("before", "Before", Kind.COUNT, "Pupils at the end of the last half term", width=10),
    Column("left", "Left", Kind.COUNT, "Counted still, and no longer at the limit", width=10),
    Column("gone", "No longer counted", Kind.COUNT, "At the limit before, and no longer counted at this school", width=12),
    Column("stayed", "Stayed", Kind.COUNT, "At the limit then and now", width=10),
    Column("joined", "Joined", Kind.COUNT, "Counted before, and newly at the limit", width=10),
    Column("new", "New to the count", Kind.COUNT, "First counted since, and at the limit", width=12),
    Column("after", "Now", Kind.COUNT, "Pupils at the end of this half term", width=10),
)


def flow_note(report: Published) -> str:
    """Say how the counts add up, and that the measure starts afresh each September."""
    facts = report.facts
    told = "Before is left, no longer counted and stayed; now is stayed, joined and new."
    if facts.since and facts.since.year == facts.date_to.year and facts.since.month >= AUGUST or not facts.since:
        return told
    if facts.half_term.startswith("Autumn") and facts.half_term.endswith("first half"):
        return f"{told} The measure starts afresh each September: before is last year as a whole, so its Year 11 is no longer counted."
    return told


AUGUST = 8
