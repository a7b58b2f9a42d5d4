"""A run with a real kernel, once for the whole module: what the pack holds, and what a failed run leaves."""

import re
import shutil
from datetime import UTC, date, datetime

import nbformat
import pytest

from attendance_lib.errors import InputError, NotebookError, RequestError, SettingsError
from attendance_lib.reports import run
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.receipt import read_receipt
from attendance_lib.reports.request import RunRequest, place_of
from attendance_lib.reports.run import Run, rerun_differences, run_report
from attendance_lib.reports.verify import verify_pack
from tests.reports.without_exports import without_exports

MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
NAME = "2026-11-09_2026-11-20"


@pytest.fixture(scope="module")
def made(tmp_path_factory, write_project):
    """The tiny project with the pack that one run made."""
    project = write_project(tmp_path_factory.mktemp("made") / "project {1}")
    with pytest.MonkeyPatch.context() as patch:
        without_exports(patch)
        request = RunRequest("tiny", project, project.params / "demo.yml", project.outputs)
        pack = run_report(request, Run(Progress(), clock=lambda: MORNING))
    return project, pack


def test_the_pack_is_named_for_school_report_and_period(made):
    project, pack = made
    assert pack.relative_to(project.root).as_posix() == f"outputs/st-marys-990002/tiny/{NAME}"


def test_the_pack_holds_every_rendering_and_nothing_is_left_beside_it(made):
    _, pack = made
    expected = {
        "receipt.json",
        "tables/actions.csv",
        "tables/datapackage.json",
        "tables/index.json",
        "tiny.html",
        "tiny.ipynb",
        "tiny.pdf",
        "tiny.xlsx",
    }
    assert set(hashes_below(pack)) == expected
    assert [path.name for path in pack.parent.iterdir()] == [NAME]


def test_the_notebook_ran_in_the_project_with_its_parameters(made):
    _, pack = made
    notebook = nbformat.read(pack / "tiny.ipynb", as_version=4)
    assert notebook.cells[3].outputs[0].data["text/plain"] == "all True"
    assert notebook.metadata.papermill == {"parameters": read_receipt(pack).parameters}


def test_no_time_and_no_path_of_this_machine_is_in_the_notebook(made):
    project, pack = made
    text = (pack / "tiny.ipynb").read_text(encoding="utf-8")
    assert [
        word
        for word in ("start_time", "duration", "iopub", "T08:", "/tmp", str(project.root.parent))
        if word in text
    ] == []


def test_the_receipt_tells_inputs_parameters_rules_and_versions(made):
    _, pack = made
    receipt = read_receipt(pack)
    assert list(receipt.inputs) == [
        "params/demo.yml",
        "params/cohorts.yml",
        "params/pupils.csv",
        "params/marks_1.csv",
    ]
    assert receipt.parameters["date_from"] == receipt.date_from == "2026-11-09"
    assert "Persistent absence: 1 in 10 possible sessions or more" in {rule["name"] for rule in receipt.rules}
    assert {"attendance_lib", "python", "commit", "pandas", "papermill", "typst"} <= set(receipt.versions)
    assert receipt.times["started"] == receipt.times["ended"] == "2026-11-23T08:30:00+00:00"


def test_made_again_every_byte_is_the_same_and_the_pack_verifies(made, monkeypatch):
    project, pack = made
    without_exports(monkeypatch)
    assert rerun_differences(pack, project, Run()) == []
    assert verify_pack(pack, project).faults == ()


def test_a_pack_that_comes_out_different_is_told_file_by_file(made, monkeypatch):
    project, pack = made
    without_exports(monkeypatch)
    copied = lambda job, place, folder, at: shutil.copy(pack / "tiny.html", folder) and run.Built([])  # noqa: E731
    monkeypatch.setattr(run, "build", copied)
    different = rerun_differences(pack, project, Run())
    assert different[0] == "tables/actions.csv: comes out different when made again"
    assert "tiny.html: comes out different when made again" not in different


# What a failing cell leaves; the one other kernel of this module.


@pytest.fixture(scope="module")
def failed(tmp_path_factory, write_project):
    """A failed --replace: the project, the hashes of its outputs before, and the error."""
    project = write_project(tmp_path_factory.mktemp("failed") / "project")
    request = RunRequest(
        "tiny", project, project.params / "demo.yml", project.outputs, cohort="year_7", replace=True
    )
    with pytest.MonkeyPatch.context() as patch:
        without_exports(patch)
        patch.setattr(
            run,
            "build",
            lambda job, place, folder, progress: (
                (folder / "tiny.xlsx").write_text("earlier") and run.Built([])
            ),
        )
        run_report(request)
        patch.undo()
        without_exports(patch)
        before = hashes_below(project.outputs)
        with pytest.raises(NotebookError) as caught:
            run_report(request)
    return project, before, caught.value


def test_a_failed_run_leaves_the_earlier_pack_as_it_was(failed):
    project, before, _ = failed
    after = hashes_below(project.outputs)
    assert set(after) - set(before) == {f"st-marys-990002/tiny/{NAME}_year_7.failed.ipynb"}
    assert {name: after[name] for name in before} == before


def test_the_error_names_notebook_and_cell_but_no_pupil(failed):
    _, _, error = failed
    assert str(error).startswith(
        "tiny.ipynb, cell 4: stopped by KeyError. Open 2026-11-09_2026-11-20_year_7.failed.ipynb"
    )
    assert error.__cause__ is None
    assert "Surname" not in str(error)


def test_the_failed_notebook_shows_where_without_the_message(failed):
    project, _, _ = failed
    notebook = nbformat.read(next(project.outputs.rglob("*.failed.ipynb")), as_version=4)
    output = notebook.cells[-1].outputs[0]
    assert output.ename == "KeyError"
    assert output.evalue.startswith("message withheld")
    assert "----> 8" in output.traceback[0]
    assert [
        cell for cell in notebook.cells if "papermill-error-cell-tag" in cell.metadata.get("tags", ())
    ] == []


# Without a kernel: what is refused before one would start.


@pytest.mark.usefixtures("no_kernel")
def test_a_missing_export_is_refused_by_name(project, request_for):
    (project.params / "marks_1.csv").unlink()
    with pytest.raises(SettingsError, match=r"exports.marks: there is no file 'marks_\*.csv'"):
        run_report(request_for())


@pytest.mark.parametrize(
    ("marks_to", "is_refused"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True), (None, False)]
)
def test_exports_that_end_before_the_day_waited_for_are_refused(
    request_for, monkeypatch, marks_to, is_refused
):
    monkeypatch.setattr(run, "build", lambda *given: run.Built([]))
    request = request_for(marks_to=marks_to)
    if not is_refused:
        assert run_report(request).is_dir()
        return
    with pytest.raises(
        InputError, match="last register taken is of 2026-11-20, and this paper waits for marks of 2026-11-21"
    ):
        run_report(request)


def test_inputs_that_change_during_the_run_are_refused(project, request_for, monkeypatch):
    monkeypatch.setattr(
        run, "build", lambda *given: (project.params / "pupils.csv").write_text("other") and run.Built([])
    )
    with pytest.raises(
        InputError, match=r"^params/pupils.csv changed while the report was made. Run it again.$"
    ):
        run_report(request_for())
    assert list(project.outputs.rglob("*.*")) == []


@pytest.mark.parametrize("sign", ["~$tiny.xlsx", ".~lock.tiny.xlsx#"])
def test_a_pack_whose_workbook_is_open_somewhere_is_not_replaced(request_for, sign):
    request = request_for(replace=True)
    pack = place_of(run.pass_gate(request, Progress(), run.nobody)).pack
    pack.mkdir(parents=True)
    (pack / "receipt.json").write_text("{}")
    (pack / sign).write_text("M. Okafor")
    said = re.escape(f"{sign} says that somebody has the workbook open. Close it")
    with pytest.raises(RequestError, match=said):
        run_report(request)
    assert sorted(path.name for path in pack.iterdir()) == sorted([sign, "receipt.json"])
