"""The receipt of a paper that leaves the school tells no folder of the machine, and its inputs are found all the same."""

import json
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from attendance_lib.errors import RequestError
from attendance_lib.reports import gate, receipt, request
from attendance_lib.reports.files import hashes_below, sha256
from attendance_lib.reports.papers import Paper
from attendance_lib.reports.published import tell_parameters
from attendance_lib.reports.published_names import Found, leads_out, named_files, told_parameters
from attendance_lib.reports.receipt import Receipt, read_receipt, write_receipt
from attendance_lib.reports.request import Job, check_request
from attendance_lib.reports.run import request_of
from attendance_lib.reports.verify import verify_pack

DATES = {"date_from": "2026-09-03", "date_to": "2026-10-23"}


@pytest.fixture
def home(project, monkeypatch, tmp_path):
    """Somebody's folder outside the project, with a school file, exports of one name in two folders, and two packs."""
    folder = tmp_path / "home" / "ann.lee"
    (folder / "a").mkdir(parents=True)
    text = (project.params / "demo.yml").read_text(encoding="utf-8")
    (folder / "my.yml").write_text(text.replace("marks_*.csv", "*/marks.csv"), encoding="utf-8")
    (folder / "b").mkdir()
    for name in ("pupils.csv", "a/marks.csv", "b/marks.csv"):
        (folder / name).write_text(f"pupil_id\n{name}\n", encoding="utf-8")
    for name in ("2026-06-01_2026-07-17", "2026-04-13_2026-05-22"):
        tables = folder / "packs" / "governors" / name / "tables"
        tables.mkdir(parents=True)
        (tables / "disclosure.json").write_text("{}", encoding="utf-8")
        made = hashes_below(tables.parent)
        write_receipt(
            Receipt("governors", {}, "2026-06-01", "2026-07-17", "all", {}, {}, made, [], {}, []),
            tables.parent,
        )
    for place in (receipt, request):
        monkeypatch.setattr(
            place, "paper_of", lambda report, parameters=(): Paper(report, title="", is_published=True)
        )
    return folder


@pytest.fixture
def pack(home, project, request_for):
    """A pack made from them, without a kernel."""
    request = request_for(school_file=home / "my.yml", out=home / "packs")
    packs = home / "packs" / "governors"
    previous = ";".join(
        project.relative(packs / name) for name in ("2026-04-13_2026-05-22", "2026-06-01_2026-07-17")
    )
    given = DATES | {"school_file": project.relative(home / "my.yml"), "cohorts_file": "params/cohorts.yml"}
    job = Job(request, check_request(request), None, given | {"cohort": "all", "previous_pack": previous})
    files = gate.input_files(job)
    made = packs / "2026-09-03_2026-10-23"
    made.mkdir()
    (made / "tiny.html").write_text("<p>", encoding="utf-8")
    told = told_parameters(job.parameters, files, project)
    inputs = {name: sha256(path) for name, path in files.items()}
    write_receipt(
        Receipt("tiny", {}, *DATES.values(), "all", told, inputs, hashes_below(made), [], {}, []), made
    )
    return made


def test_the_receipt_names_files_outside_the_project_by_themselves_alone(pack, home):
    receipt = read_receipt(pack)
    assert list(receipt.inputs) == [
        "elsewhere/my.yml",
        "params/cohorts.yml",
        "elsewhere/pupils.csv",
        "elsewhere/marks.csv",
        "elsewhere/2/marks.csv",
        "elsewhere/2026-04-13_2026-05-22/tables/disclosure.json",
        "elsewhere/2026-06-01_2026-07-17/tables/disclosure.json",
    ]
    assert receipt.parameters["school_file"] == "elsewhere/my.yml"
    assert (
        receipt.parameters["previous_pack"]
        == "elsewhere/2026-04-13_2026-05-22;elsewhere/2026-06-01_2026-07-17"
    )
    text = (pack / "receipt.json").read_text(encoding="utf-8")
    assert ".." not in text
    assert "ann" not in text


def test_with_the_school_file_every_input_is_found_and_compared(pack, project, home):
    found = verify_pack(pack, project, home / "my.yml")
    assert (found.faults, found.notes) == ((), ())
    (home / "b" / "marks.csv").write_text("other", encoding="utf-8")
    notes = verify_pack(pack, project, home / "my.yml").notes
    assert notes == ("input elsewhere/2/marks.csv: changed since the pack was made",)


def test_without_it_those_beside_the_pack_are_compared_and_the_others_told(pack, project, home):
    shutil.rmtree(home / "packs" / "governors" / "2026-06-01_2026-07-17")
    notes = verify_pack(pack, project).notes
    outside = ("my.yml", "pupils.csv", "marks.csv", "2/marks.csv")
    why = "lies outside the project and was not compared; --school names the school file"
    gone = "input elsewhere/2026-06-01_2026-07-17/tables/disclosure.json: is no longer there"
    assert notes == (*(f"input elsewhere/{name}: {why}" for name in outside), gone)


def test_a_rerun_asks_for_what_was_asked_for_and_says_what_it_lacks(pack, project, home):
    receipt = read_receipt(pack)
    request = request_of(Found(pack, receipt, project, home / "my.yml"), home / "out")
    assert request.school_file == home / "my.yml"
    assert request.cohorts == (project.params / "cohorts.yml").resolve()
    packs = home / "packs" / "governors"
    assert [project.absolute(each) for each in request.earlier.split(";")] == [
        packs / "2026-04-13_2026-05-22",
        packs / "2026-06-01_2026-07-17",
    ]
    with pytest.raises(
        RequestError, match="does not tell the folder of its school file.* Name the file with --school"
    ):
        request_of(Found(pack, receipt, project), home / "out")


def test_what_lies_in_the_project_is_named_as_ever(project):
    files = [project.params / "demo.yml", project.params / "pupils.csv", project.params / "demo.yml"]
    names = ["params/demo.yml", "params/pupils.csv"]
    assert list(named_files(files, project, is_published=True)) == names
    assert list(named_files(files, project, is_published=False)) == names


def test_a_paper_that_stays_in_school_keeps_the_way_to_its_inputs(project, tmp_path):
    (name,) = named_files([tmp_path / "exports" / "marks.csv"], project, is_published=False)
    assert leads_out(name)
    assert project.absolute(name) == tmp_path / "exports" / "marks.csv"


def test_a_notebook_says_the_parameters_as_its_receipt_does():
    injected = new_code_cell(
        "school_file = '../../home/ann/my.yml'", metadata={"tags": ["injected-parameters"]}
    )
    notebook = new_notebook(cells=[new_code_cell("x"), injected], metadata={"papermill": {"parameters": {}}})
    tell_parameters(notebook, {"school_file": "elsewhere/my.yml", "tier": 2})
    assert injected["source"] == '# Parameters\nschool_file = "elsewhere/my.yml"\ntier = 2\n'
    assert "ann" not in nbformat.writes(notebook)
    assert json.loads(nbformat.writes(notebook))["metadata"]["papermill"]["parameters"]["tier"] == 2
