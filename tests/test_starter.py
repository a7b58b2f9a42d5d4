"""What a new project begins with: the files of this version by name, and nothing that somebody keeps beside them."""

from attendance_lib import starter
from attendance_lib.reports.papers import MadeBy, papers_made_by


def test_every_file_named_is_there_once():
    files = starter.starter_files()
    assert [name for name, path in files.items() if not path.is_file()] == []
    assert len(files) == len(starter.NAMES)


def test_every_paper_that_a_notebook_makes_has_its_notebook_and_its_parameters():
    papers = set(papers_made_by(MadeBy.RUN))
    assert papers <= set(starter.REPORTS)
    assert {f"notebooks/{name}.ipynb" for name in papers} <= set(starter.NAMES)
    assert {f"params/{name}.yml" for name in papers} <= set(starter.NAMES)


def test_a_file_that_somebody_keeps_beside_them_is_not_shipped():
    assert not [name for name in starter.NAMES if "*" in name or "my_school" in name]


def test_a_wheel_s_own_folder_goes_before_what_lies_beside_the_library(tmp_path, monkeypatch):
    monkeypatch.setattr(starter, "SHIPPED", tmp_path)
    assert starter.starter_folder() == tmp_path
    assert starter.demo_school_file() == tmp_path / "params" / "demo.yml"
    monkeypatch.setattr(starter, "SHIPPED", tmp_path / "none")
    assert starter.starter_folder() == starter.LIBRARY.parent
