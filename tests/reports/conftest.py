"""A project of two files and a notebook of four cells: enough to run, quick to execute."""

import json
from pathlib import Path

import nbformat
import pytest

from attendance_lib.reports import run
from attendance_lib.reports.folder import PackPlace
from attendance_lib.reports.project import Project
from attendance_lib.reports.request import RunRequest
from tests.reports.without_exports import without_exports
from tests.school_file import autumn, details

SCHOOL = details("St Mary's", "990002", marks=' {path: "marks_*.csv"}') + autumn("2026-09-03")
COHORTS = """
all: {title: "Whole school"}
year_7: {title: "Year 7", where: {year_group: [7]}}
"""
PARAMETERS = """
school_file: str = "params/demo.yml"  # the school file
date_from: str = "2026-11-09"  # first day
date_to: str = "2026-11-20"  # last day
cohort: str = "all"  # a cohort's name
cohorts_file: str = "params/cohorts.yml"  # named cohorts
casebook: str = ""  # the casebook and its revision
""".strip()
TABLE = {
    "type": "table", "name": "actions", "title": "Actions", "note": "", "row_header": "action_id", "shown_rows": None,
    "empty_text": "None.", "blank_rows": 3, "rows": [["a1", "p1", None, 0.25], ["a2", "p2", None, 0.1]],
    "columns": [
        {"name": name, "heading": heading, "kind": kind, "meaning": "", "personal": False, "shown": True, "unit": kind,
         "editable": name == "status", "choices": (), "highlights": (), "width": None}
        for name, heading, kind in (
            ("action_id", "Action", "text"), ("pupil_id", "Pupil", "text"),
            ("status", "Status", "text"), ("absence_rate", "Absence", "rate"),
        )
    ],
}  # fmt: skip
SHOW = f"""
from pathlib import Path

from IPython.display import display

found = Path("params/marks_1.csv").is_file()
display({{"application/vnd.attendance+json": {TABLE!r}, "text/plain": f"{{cohort}} {{found}}"}}, raw=True)
""".strip()
# A cell that fails as a report does: by a fault whose message holds a name, or by an error of ours.
FAIL = """
class InputError(Exception):
    pass


if cohort == "year_7" and Path("refuse").exists():
    raise InputError("marks.csv, row 3: refused.\\nmarks.csv, row 4: refused.")
if cohort == "year_7":
    raise KeyError("Ségolène Surname")
""".strip()


def tiny_notebook(parameters=PARAMETERS):
    cells = [
        nbformat.v4.new_markdown_cell("# Tiny pack", id="title"),
        nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(SHOW, id="show"),
        nbformat.v4.new_code_cell(FAIL, id="fail"),
    ]
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )


def project_at(root: Path) -> Project:
    for folder in ("notebooks", "params"):
        (root / folder).mkdir(parents=True)
    nbformat.write(tiny_notebook(), root / "notebooks" / "tiny.ipynb")
    (root / "params" / "demo.yml").write_text(SCHOOL, encoding="utf-8")
    (root / "params" / "cohorts.yml").write_text(COHORTS, encoding="utf-8")
    (root / "params" / "pupils.csv").write_text("pupil_id\np1\np2\n", encoding="utf-8")
    (root / "params" / "marks_1.csv").write_text("pupil_id\n", encoding="utf-8")
    return Project(root)


@pytest.fixture(scope="session")
def write_project():
    """Write the tiny project to a folder."""
    return project_at


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The tiny project, its newest mark of 20 November 2026 known without reading the exports."""
    without_exports(monkeypatch)
    return project_at(tmp_path / "project {1}")


@pytest.fixture
def request_for(project):
    """Make a request of the tiny project."""

    def make(**asked):
        return RunRequest(
            **{
                "report": "tiny",
                "project": project,
                "school_file": project.params / "demo.yml",
                "out": project.outputs,
            }
            | asked
        )

    return make


@pytest.fixture(scope="session")
def tiny_table():
    """The payload that the tiny notebook shows, as it is in an executed notebook."""
    return json.loads(json.dumps(TABLE))


@pytest.fixture(name="tiny_notebook", scope="module")
def fresh_notebook():
    """The tiny notebook, not executed."""
    return tiny_notebook()


@pytest.fixture
def place(tmp_path):
    """Where a pack may go; there is none yet."""
    return PackPlace(tmp_path / "tiny", "2026-11-09_2026-11-20")


@pytest.fixture
def no_kernel(monkeypatch):
    """Fail the test if a notebook is executed."""
    monkeypatch.setattr(run, "build", lambda *given: pytest.fail("a kernel would have started"))
