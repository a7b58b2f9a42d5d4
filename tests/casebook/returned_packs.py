"""A pack's workbook with what staff did to it."""

import csv
import io
from datetime import date

import openpyxl
import pandas as pd

from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.model import Table
from attendance_lib.display.workbook.tables import WorkbookProperties

PACK = "pk00000000ab12"
PROPERTIES = WorkbookProperties("Pack", "Larkmoor", "9 to 20 November 2026", "", "2026-11-20", "990001", PACK)
ACTIONS = Table(
    "actions",
    "Actions",
    pd.DataFrame(
        {"action_id": ["0021", "b7"], "action": ["Ring home", "=1+1"], "due_date": [date(2026, 11, 20), None], "note": [None] * 2}
    ),
    (
        Column("action_id", "Action"),
        Column("action", "What", editable=True),
        Column("due_date", "Due", Kind.DATE, editable=True),
        Column("note", "Note", editable=True),
    ),
    note="Fill in at the meeting.",
    blank_rows=2,
)  # fmt: skip
GROUPS = Table("groups", "Groups", pd.DataFrame({"group": ["Year 7"]}), (Column("group", "Group"),))
NAMES = ("action_id", "action", "due_date", "note")
FIRST = 7  # title, number, note, what to fill in, names, headings


def rows_of(path):
    sheet = openpyxl.load_workbook(path)["Actions"]
    return [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]


def as_csv(rows, path, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path
