"""A notebook of the school's own, in the folder that its school file names, is a paper like any other."""

import json
from datetime import date

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from attendance_lib.errors import DisclosureError, RequestError, SettingsError
from attendance_lib.reports.due import standing_on
from attendance_lib.reports.due_run import command_of
from attendance_lib.reports.files import sha256
from attendance_lib.reports.front_door import front_door
from attendance_lib.reports.own_papers import report_named, with_own_papers
from attendance_lib.reports.papers import paper_of
from attendance_lib.reports.published import check_published
from attendance_lib.reports.receipt import read_receipt
from attendance_lib.reports.request import RunRequest
from attendance_lib.reports.run import run_report
from attendance_lib.reports.verify import verify_pack
from tests.reports.conftest import PARAMETERS
from tests.reports.due_school import request_on, write_pack

OWN = "own_papers: {folder: ../our_papers, every_school_weeks: {fridays: 2}}\n"


@pytest.fixture
def own(project, tiny_notebook):
    """The tiny project, its school file naming a folder that holds a notebook of its own."""
    path = project.params / "demo.yml"
    path.write_text(path.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    (project.root / "our_papers").mkdir()
    nbformat.write(tiny_notebook, project.root / "our_papers" / "fridays.ipynb")
    return with_own_papers(project, path)


def asked(own, report):
    return RunRequest(report, own, own.params / "demo.yml", own.outputs)


def named(own, file):
    return report_named(str(own.root / file), own, own.params / "demo.yml")


def test_it_is_made_like_any_other_paper_and_its_receipt_tells_its_notebook(own):
    pack = run_report(asked(own, named(own, "our_papers/fridays.ipynb")))
    assert (pack.parent.name, pack.name) == ("fridays", "2026-11-09_2026-11-20")
    made = {path.name for path in pack.iterdir()}
    assert {"fridays.html", "fridays.pdf", "fridays.xlsx", "fridays.ipynb", "tables", "receipt.json"} <= made
    notebook = own.root / "our_papers" / "fridays.ipynb"
    assert read_receipt(pack).inputs["our_papers/fridays.ipynb"] == sha256(notebook)
    notebook.write_text(notebook.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert "input our_papers/fridays.ipynb: changed since the pack was made" in verify_pack(pack, own).notes


def test_it_is_listed_beside_the_projects_own(own):
    assert own.reports() == ("fridays", "tiny")
    assert named(own, "notebooks/tiny.ipynb") == "tiny"
    assert report_named("tiny", own, own.params / "demo.yml") == "tiny"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("our_papers/gone.ipynb", "there is no such notebook"),
        ("elsewhere.ipynb", "lies outside .*our_papers, the folder of the school's own papers. Put it there"),
        (
            "our_papers/governors.ipynb",
            "'governors' is a paper of the project. Give the notebook another name",
        ),
        ("our_papers/tiny.ipynb", "'tiny' is a paper of the project"),
        ("our_papers/Our Fridays.ipynb", "Write it with small letters a to z, digits and underscores"),
    ],
)
def test_what_cannot_be_a_paper_is_refused_with_the_remedy(own, tiny_notebook, file, why):
    if "gone" not in file:
        nbformat.write(tiny_notebook, own.root / file)
    with pytest.raises(RequestError, match=why):
        named(own, file)


def test_without_a_folder_in_the_school_file_it_says_what_to_write_there(project, tiny_notebook):
    nbformat.write(tiny_notebook, project.root / "mine.ipynb")
    with pytest.raises(RequestError, match="own_papers:\n  folder: "):
        named(project, "mine.ipynb")


def test_a_school_file_that_cannot_be_used_is_refused_for_what_is_wrong_with_it(own):
    (own.params / "demo.yml").write_text("school: 1\n", encoding="utf-8")
    assert with_own_papers(own, own.params / "demo.yml") == own
    with pytest.raises(SettingsError, match="demo.yml"):
        named(own, "our_papers/fridays.ipynb")


def test_the_schedule_asks_for_it_every_so_many_school_weeks(own):
    """Weeks begin on 3 and 7 September: the sixth block of two ends on 27 November, the fifth on 13 November."""
    request = request_on(own, on=date(2026, 11, 23))
    of_ours = [each for each in standing_on(request).asked if each.report == "fridays"]
    assert [(each.status.value, str(each.occasion.first), str(each.occasion.last)) for each in of_ours] == [
        ("due", "2026-11-02", "2026-11-13")
    ]
    command = command_of(of_ours[0], request)
    assert command[:2] == ["run", "fridays"]
    assert command[command.index("--from") + 1] == "2026-11-02"
    write_pack(own, "fridays", "2026-11-02", "2026-11-13")
    (made,) = (each for each in standing_on(request).asked if each.report == "fridays")
    assert made.status.value == "made"
    page = front_door(standing_on(request))
    assert "the school&#x27;s own paper on these weeks" in page
    assert "<caption>Fridays</caption>" in page


def test_a_paper_that_asks_for_what_was_published_is_published_itself(own, tiny_notebook):
    declared = f'{PARAMETERS}\nprevious_pack: str = ""'
    nbformat.write(
        new_notebook(
            cells=[new_code_cell(declared, metadata={"tags": ["parameters"]})],
            metadata=tiny_notebook.metadata,
        ),
        own.root / "our_papers" / "for_parents.ipynb",
    )
    paper = asked(own, "for_parents").paper
    assert (paper.is_published, paper.history) == (True, "governors")
    assert not asked(own, "fridays").paper.is_published
    assert paper_of("for_parents", {"previous_pack": ""}) == paper


NOTE = {
    "type": "sentences",
    "name": "withheld",
    "items": [],
    "style": "points",
    "title": "",
    "personal": False,
}
TABLE = {"type": "table", "name": "days", "title": "", "note": "", "row_header": "day", "shown_rows": None,
         "empty_text": "", "blank_rows": 0, "columns": [], "rows": []}  # fmt: skip
RECORD = {"counts": [1]}
OURS, PASSED = "application/vnd.attendance+json", "application/vnd.attendance.passed+json"
OF_RECORD = "application/vnd.attendance.disclosure+json"


@pytest.mark.parametrize(
    ("shown", "is_refused"),
    [
        ({OURS: TABLE, PASSED: RECORD}, False),
        ({OURS: TABLE}, True),
        ({OURS: TABLE, PASSED: {"counts": [2]}}, True),
        ({OURS: {**NOTE, "items": ["Three pupils of Year 9."]}}, True),
        ({OURS: {"type": "document", "name": "document", "title": "Days"}}, False),
    ],
    ids=["passed", "a table of one's own", "of another making", "sentences", "masthead"],
)
def test_a_published_paper_of_ones_own_shows_only_what_has_passed_the_step(tmp_path, shown, is_refused):
    notebook = new_notebook(
        cells=[
            new_code_cell("a", outputs=[new_output("execute_result", json.loads(json.dumps(data)))])
            for data in ({OURS: NOTE, OF_RECORD: RECORD}, shown)
        ]
    )
    if not is_refused:
        check_published(notebook, tmp_path / "days", is_own=True)
        return
    with pytest.raises(
        DisclosureError, match="days, cell 1: it shows what has not passed the disclosure step"
    ):
        check_published(notebook, tmp_path / "days", is_own=True)
