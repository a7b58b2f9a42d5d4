"""Payloads of every kind for the workbook, with what Excel might take for a formula."""

from datetime import date

import pandas as pd

from attendance_lib.display.kinds import Column, Highlight, Kind, Tone
from attendance_lib.display.model import Chart, Comparison, KeyFigure, KeyFigures, Sentences, Table
from attendance_lib.display.workbook.tables import WorkbookProperties

PROPERTIES = WorkbookProperties(
    "Fortnightly pastoral pack",
    "Larkmoor & Hay Academy",
    "9 to 20 November 2026",
    "Confidential",
    "2026-11-20",
    "990001",
    "pk00000000ab12",
)
DANGEROUS = ['=HYPERLINK("http://example.org","x")', "+44 20", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "#N/A"]
STATUSES = ("open", "in progress", "done")
GROUP_COLUMNS = (
    Column("group", "Group", meaning="Whom the row counts."),
    Column("enrolments", "Enrolments", Kind.COUNT),
    Column("attendance_rate", "Attendance", Kind.RATE, "Attended sessions of possible sessions."),
    Column("change", "Change", Kind.POINTS),
    Column("is_small", "Small group", Kind.FLAG),
    Column("last_six_weeks", "Last six weeks", Kind.SPARK),
    Column("extracted_on", "Extracted", Kind.DATE),
)
GROUPS = Table(
    "groups",
    "Attendance by group",
    pd.DataFrame(
        {
            "group": ["Year 7", "007"],
            "enrolments": [200.0, None],
            "attendance_rate": [0.923, None],
            "change": [-0.021, 0.07],
            "is_small": [True, False],
            "last_six_weeks": [(0.94, 0.925, 0.88, None, 0.9, 0.85), ()],
            "extracted_on": [date(2026, 11, 20), None],
        }
    ),
    GROUP_COLUMNS,
    note="Rates are of possible sessions.",
)
ACTIONS = Table(
    "actions",
    "Actions",
    pd.DataFrame(
        {
            "action_id": [f"{n:03}" for n in range(len(DANGEROUS))],
            "action": DANGEROUS,
            "attendance_rate": [0.9] * len(DANGEROUS),
            "due_date": [date(2026, 11, 20)] * len(DANGEROUS),
            "status": ["open"] * len(DANGEROUS),
        }
    ),
    (
        Column("action_id", "Action number", personal=True),
        Column("action", "Action agreed", editable=True),
        Column(
            "attendance_rate", "Attendance", Kind.RATE, highlights=(Highlight("at_most", 0.9, Tone.ALERT),)
        ),
        Column("due_date", "Due", Kind.DATE, editable=True),
        Column("status", "Status", meaning="Where it stands.", editable=True, choices=STATUSES),
    ),
    blank_rows=5,
)
EMPTY = Table(
    "crossed", "Who crossed a line", GROUPS.frame.iloc[:0], GROUP_COLUMNS, empty_text="Nobody crossed."
)
FIGURES = KeyFigures(
    "headline",
    "This fortnight",
    (
        KeyFigure(
            "attendance",
            "Attendance",
            0.923,
            Kind.RATE,
            "12 of 13",
            (Comparison("Last year", 0.93, Kind.RATE),),
        ),
        KeyFigure("lates", "Lates", 412, Kind.COUNT),
    ),
)
SENTENCES = Sentences("lead", ("Attendance fell.", "=1+1"), title="First")
CHART = Chart(
    "heat", "Heat", "<svg/>", "A picture.", Table("heat_map", "By week", GROUPS.frame, GROUP_COLUMNS[:3])
)
WORKING = [part.payload() for part in (SENTENCES, FIGURES, ACTIONS, GROUPS, EMPTY, CHART)]


def row_under(worksheet, heading, below=1):
    header = next(row for row in worksheet.iter_rows() if heading in [cell.value for cell in row])
    cells = worksheet[header[0].row + below]
    return {head.value: cell for head, cell in zip(header, cells, strict=True)}


SAFE = [part.payload() for part in (SENTENCES, FIGURES, GROUPS, EMPTY, CHART)]
