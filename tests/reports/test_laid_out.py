"""A project laid out from what the library holds: whole, and never over what a person wrote."""

import subprocess
from pathlib import Path

import pytest

from attendance_lib.reports import laid_out
from attendance_lib.reports.laid_out import lay_out, project_at
from attendance_lib.reports.papers import MadeBy, papers_made_by
from attendance_lib.reports.project import Project
from attendance_lib.starter import INDEX, NAMES, REPORTS, starter_files

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """What a version ships: two files, which a test may change as the next version does."""
    folder = tmp_path / "library"
    for name, said in (("notebooks/a.ipynb", "a1"), ("params/b.yml", "b1")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(said)
    files = {name: folder / name for name in ("notebooks/a.ipynb", "params/b.yml")}
    monkeypatch.setattr(laid_out, "starter_files", lambda: files)
    return files


@pytest.fixture
def project(tmp_path):
    (tmp_path / "school").mkdir()
    return Project(tmp_path / "school")


def test_a_new_project_has_every_file(shipped, project):
    assert lay_out(project).new == ("notebooks/a.ipynb", "params/b.yml")
    assert (project.root / "notebooks" / "a.ipynb").read_text() == "a1"


def test_laying_out_again_changes_nothing(shipped, project):
    lay_out(project)
    assert list(lay_out(project).lines()) == []


def test_a_newer_version_renews_what_nobody_changed_and_names_what_somebody_did(shipped, project):
    lay_out(project)
    (project.root / "notebooks" / "a.ipynb").write_text("mine")
    for name, path in shipped.items():
        path.write_text(f"{name} 2")
    again = lay_out(project)
    assert (again.renewed, again.kept) == (("params/b.yml",), ("notebooks/a.ipynb",))
    assert (project.root / "notebooks" / "a.ipynb").read_text() == "mine"
    left = "changed here and left as they are: notebooks/a.ipynb."
    assert any(line.startswith(left) for line in again.lines())


def test_a_file_that_was_there_before_is_somebody_s(shipped, project):
    (project.root / "params").mkdir()
    (project.root / "params" / "b.yml").write_text("mine")
    assert lay_out(project).kept == ("params/b.yml",)


def test_a_checkout_needs_nothing():
    assert list(lay_out(Project(ROOT)).lines()) == []


def test_outside_a_project_this_folder_becomes_one(tmp_path):
    assert project_at(tmp_path) == Project(tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "below").mkdir()
    assert project_at(tmp_path / "below") == Project(tmp_path)


def test_every_paper_s_notebook_is_shipped_and_every_file_is_there():
    made = {*papers_made_by(MadeBy.RUN), *papers_made_by(MadeBy.HAND), *papers_made_by(MadeBy.TRUST), INDEX}
    assert {f"notebooks/{name}.ipynb" for name in made} == {
        name for name in NAMES if name.endswith(".ipynb") and name.count("/") == 1
    }
    assert set(REPORTS) == set(papers_made_by(MadeBy.RUN))
    assert [name for name, path in starter_files().items() if not path.is_file()] == []


def test_everything_that_git_keeps_in_params_and_notebooks_is_shipped():
    command = ["git", "ls-files", "params", "notebooks"]
    kept = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if kept.returncode:
        pytest.skip("this is no checkout")
    assert set(kept.stdout.split()) == set(NAMES)
