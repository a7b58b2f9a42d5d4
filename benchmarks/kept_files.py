"""Good files of the kinds that the program reads back or is given, and their readers, for ``fuzz_readers.py`` to spoil."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from attendance_lib.casebook.returned import read_returned
from attendance_lib.disclosure.read_back import read_record, read_records
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.model import Table
from attendance_lib.display.workbook.book import write_workbook
from attendance_lib.display.workbook.tables import WorkbookProperties
from attendance_lib.errors import DisclosureError, InputError
from attendance_lib.intake.dfe import REQUIRED, Release, read_release
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.kept_json import read_json
from attendance_lib.intake.settings.authority_file import load_authority
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.school_file import load_cohorts
from attendance_lib.intake.settings.yaml import load_strict
from attendance_lib.intake.staff.cards import ACTION_COLUMNS, CARD_COLUMNS
from attendance_lib.reports.hand_over import TABLES_INDEX
from attendance_lib.reports.papers import every_occasion
from attendance_lib.reports.parameters import check_parameters, own_defaults, read_notebook
from attendance_lib.reports.project import Project
from attendance_lib.reports.published_names import Found
from attendance_lib.reports.receipt import commit_of, read_receipt
from attendance_lib.reports.run import request_of
from attendance_lib.reports.verify import sheets_of

Reader = Callable[[Path], object]

PROFILE = Path(__file__).resolve().parents[1] / "params" / "authorities" / "buckinghamshire.yml"
DAY, LATER = "2026-09-03", "2026-10-23"
HASH = "0123456789abcdef" * 4


def count(
    about: dict[str, str], out_of: dict[str, str] | None, value: int | str, unit: str = "enrolments"
) -> dict:
    """Return one count as a record of what was published has it."""
    rest = {"told": None, "pupils": None, "none_hidden": False}
    return {"coordinates": about, "out_of": out_of, "unit": unit, "value": value} | rest


def counts(sex: str, enrolments: int, absent: int | str) -> list[dict]:
    """Return what a report published of the girls or the boys: how many they are, and how many are persistently absent.

    Examples
    --------
    >>> [each["value"] for each in counts("F", 120, "fewer than 10")]
    [120, 'fewer than 10', 310]
    """
    group = {"as_at": LATER, "sex": sex}
    return [
        count(group, None, enrolments),
        count(group | {"measure": "persistently_absent"}, group, absent),
        count(group | {"measure": "absence"}, group, 310, "sessions"),
    ]


RECORD = {
    "layout": 2,
    "level": 5,
    "partitions": [{"whole": {}, "parts": [{"sex": "F"}, {"sex": "M"}]}],
    "counts": [count({"as_at": LATER}, None, 100), *counts("F", 60, 12), *counts("M", 40, "c")],
}
RECEIPT = {
    "report": "governors",
    "school": {"name": "St Ségolène's", "urn": "990002"},
    "date_from": DAY,
    "date_to": LATER,
    "cohort": "all",
    "parameters": {
        "school_file": "params/demo.yml",
        "date_from": DAY,
        "date_to": LATER,
        "cohort": "all",
        "cohorts_file": "params/cohorts.yml",
        "previous_pack": "",
        "tier": 2,
    },
    "inputs": {"params/demo.yml": HASH, "outputs/demo_exports/marks.csv": HASH},
    "outputs": {"governors.html": HASH, "governors.xlsx": HASH, "tables/index.json": HASH},
    "rules": [{"name": "Severe absence", "from_date": "2015-09-01", "source": "DfE"}],
    "versions": {"python": "3.11.7", "pyarrow": None},
    "warnings": [],
    "times": {"started": "2026-11-29T18:52:24+00:00", "seconds": {"HTML": 0.52}},
    "format": 1,
}
INDEX = [
    {
        "name": name,
        "file": f"{name}.csv",
        "title": "Actions",
        "note": "",
        "rows": 2,
        "personal": personal,
        "reading": "UTF-8.",
        "columns": [
            {
                "name": "pupil",
                "heading": "Pupil",
                "unit": "text",
                "meaning": "Who.",
                "personal": personal,
            }
        ],
    }
    for name, personal in (("actions", True), ("groups", False))
]
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A paper"},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["parameters"]},
            "source": ['date_from: str = "2026-09-03"  # first day\n', "tier: int = 2  # of support"],
            "outputs": [],
            "execution_count": None,
        },
    ],
}
COHORTS = """
all: {title: "Whole school"}
year_7: {title: "Year 7", basis: current_roll, where: {year_group: [7], fsm: [true]}}
"""
SCHOOL = """
school:
  name: "St Mary's"
  urn: "990002"
  phase: secondary
  year_groups: [7, 8]
  registers:
    AM: {opens: "08:40", closes: "09:10"}
    PM: {opens: "13:00", closes: "13:20"}
exports:
  pupils: {path: "pupils.csv"}
  marks: {path: "marks_*.csv", columns: {code: "Mark"}, codes: {I01: "I", X06: "X"}}
calendar:
  terms:
    - school_year: "202627"
      name: autumn
      half_terms:
        - {start: 2026-09-03, end: 2026-10-23}
        - {start: 2026-11-02, end: 2026-12-18}
  inset: [2026-09-03]
  closures:
    - {date: 2026-09-14, reason: "No water", year_groups: [7], session: AM}
  week_labels: {A: [2026-09-07]}
rules:
  suppression_level: 5
  short_enrolment_sessions: 20
meetings:
  pastoral: {first: 2026-09-08, every_school_weeks: 2}
benchmarks:
  targets:
    attendance: {percent: 95.0, source: "School plan"}
governance:
  attendance_champion: "A. Byrne"
  policy_reviewed: 2026-07-01
  training: [{date: 2026-09-02, about: "Codes"}]
  authority_meetings: [2026-10-01]
  pupils_who_left: [{destination: "Another school", pupils: 2}]
"""
PARAMETERS = 'date_from: "2026-09-03"\ntier: 2\n'


def dfe_file() -> str:
    """Return a file of two rows as DfE publishes it: England, and one local authority."""
    plain = dict.fromkeys(REQUIRED, "1.5") | {
        "time_period": "202627",
        "time_identifier": "Academic year",
        "education_phase": "Secondary",
        "possible_sessions": "1000",
        "attendance_perc": "93.5",
        "overall_absence_perc": "6.5",
    }
    national = {"geographic_level": "National", "new_la_code": "", "la_name": "", "old_la_code": ""}
    local = {"geographic_level": "Local authority", "new_la_code": "E06000001", "la_name": "Hartlepool"}
    local |= {"old_la_code": "805"}
    rows = [plain | national, plain | local]
    return "\n".join([",".join(REQUIRED), *(",".join(row[name] for name in REQUIRED) for row in rows)]) + "\n"


def workbook_of(name: str, columns: tuple[str, ...], rows: list[dict], dates: tuple[str, ...]) -> bytes:
    """Return a pack's workbook with one sheet to fill in."""
    frame = pd.DataFrame([{column: row.get(column) for column in columns} for row in rows])
    shown = tuple(
        Column(column, column, Kind.DATE if column in dates else Kind.TEXT, editable=True)
        for column in columns
    )
    table = Table(name, name, frame, shown, blank_rows=2)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.xlsx"
        write_workbook([table.payload()], path, WorkbookProperties("Pack", "School", "Period", "", LATER))
        return path.read_bytes()


def actions_book() -> bytes:
    """Return a workbook with two actions, as a pack writes it."""
    rows = [
        {"action_id": "001", "pupil_id": "0101", "action": "Ring home", "status": "open", "raised_on": date(2026, 9, 8)},
        {"action_id": "002", "pupil_id": "0102", "action": "=meet", "status": "done", "due_date": date(2026, 9, 9)},
    ]  # fmt: skip
    return workbook_of("actions", ACTION_COLUMNS, rows, ("raised_on", "due_date", "completed_on"))


def cards_book() -> bytes:
    """Return a workbook with one impact card, as a pack writes it."""
    row = {"intervention": "Breakfast club", "aim": "On time", "comparison": "by lot", "start_date": date(2026, 9, 8)}  # fmt: skip
    return workbook_of("impact_card", CARD_COLUMNS, [row], ("start_date", "review_date", "written_on"))


def returned_of(path: Path) -> object:
    """Read a file as one that staff have filled in.

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    found = read_returned(path, path.name)
    if found.problem:
        raise InputError(found.problem)
    return found.sheets


def receipt_of(path: Path) -> object:
    """Read a file as the receipt of a pack, and what its rerun would ask for."""
    pack = path.with_name("pack")
    pack.mkdir(exist_ok=True)
    (pack / "receipt.json").write_bytes(path.read_bytes())
    receipt = read_receipt(pack)
    return request_of(Found(pack, receipt, Project(path.parent)), pack)


def commit_in(path: Path) -> object:
    """Read a file as the head of a git folder; nothing is refused there, and nothing is but a commit."""
    folder = path.with_name("project") / ".git"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "HEAD").write_bytes(path.read_bytes())
    return commit_of(folder.parent) or ""


def index_of(path: Path) -> object:
    """Read a file as the index of a pack's tables."""
    return read_json(path, TABLES_INDEX, DisclosureError, "Make it again.")


def parameters_of(path: Path) -> object:
    """Read a file as a notebook with parameters."""
    return read_notebook(path) and (own_defaults(path), check_parameters(path, {"date_from": DAY, "tier": 2}))


def record_of(path: Path) -> object:
    """Read a file as the record of what was published."""
    return read_records([read_record(path)])


def settings_of(path: Path) -> object:
    """Read a file as a school file, and count its calendar."""
    settings = load_settings(path)
    return settings.build_calendar().school_days, every_occasion(settings.occasions())


def dfe_of(path: Path) -> object:
    """Read a file as one of DfE's."""
    return read_release(Release(Export(path), date(2026, 11, 5)), "E06000001")


def texts() -> dict[str, tuple[str, Reader]]:
    """Return the good text of each kind of file, with its reader."""
    return {
        "disclosure.json": (json.dumps(RECORD), record_of),
        "receipt.json": (json.dumps(RECEIPT), receipt_of),
        "index.json": (json.dumps(INDEX), index_of),
        "notebook": (json.dumps(NOTEBOOK), parameters_of),
        "cohorts.yml": (COHORTS, load_cohorts),
        "authority profile": (PROFILE.read_text(encoding="utf-8"), load_authority),
        "school file": (SCHOOL, settings_of),
        "parameters.yml": (PARAMETERS, load_strict),
        "DfE file": (dfe_file(), dfe_of),
        "git head": ("0123456789abcdef0123456789abcdef01234567\n", commit_in),
    }


def books() -> dict[str, tuple[bytes, Reader]]:
    """Return the good workbook of each kind, with its reader."""
    return {
        "actions": (actions_book(), returned_of),
        "impact card": (cards_book(), returned_of),
        "verified": (actions_book(), sheets_of),
    }
