"""What every command reads and writes alike, each by itself."""

from contextlib import nullcontext
from datetime import date

import click
import pytest

from attendance_lib import terminal
from attendance_lib.errors import RequestError
from attendance_lib.reports import due_run, front_door


def project_in(folder):
    (folder / "notebooks").mkdir(parents=True)
    (folder / "params").mkdir()
    return folder


def test_a_date_is_read_as_iso_and_nothing_else():
    assert terminal.DATE.convert("2026-11-20", None, None) == date(2026, 11, 20)
    assert terminal.DATE.convert(date(2026, 11, 20), None, None) == date(2026, 11, 20)
    with pytest.raises(click.BadParameter, match="20/11/2026"):
        terminal.DATE.convert("20/11/2026", None, None)


def test_the_project_is_the_one_here_else_that_of_what_is_named(tmp_path, monkeypatch):
    here, there, nowhere = project_in(tmp_path / "a"), project_in(tmp_path / "b"), tmp_path / "c"
    nowhere.mkdir()
    monkeypatch.chdir(here / "notebooks")
    assert terminal.the_project(there / "params" / "demo.yml").root == here
    monkeypatch.chdir(nowhere)
    assert terminal.the_project(there / "params" / "demo.yml").root == there
    with pytest.raises(RequestError):
        terminal.the_project(None)


def test_without_the_demo_schools_file_a_school_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(project_in(tmp_path / "a"))
    with pytest.raises(RequestError, match="Name your school's file with --school"):
        terminal.default_school()
    (tmp_path / "a" / "params" / "demo.yml").touch()
    assert terminal.default_school() == tmp_path / "a" / "params" / "demo.yml"


def test_lines_for_people_and_results_go_apart_and_neither_drives_a_terminal(capsys):
    terminal.tell("read \x1b[2J")
    terminal.show("made \x1b[2J")
    said = capsys.readouterr()
    assert (said.err, said.out) == ("read \ufffd[2J\n", "made \ufffd[2J\n")


def test_a_run_that_nobody_watches_shows_no_progress(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    assert not terminal.watched_run().progress.shown


@pytest.mark.parametrize("stopped", [False, True])
def test_papers_are_listed_once_they_are_made_also_when_that_is_stopped(monkeypatch, stopped):
    done = []

    def make_missing(request, hands):
        done.append(hands.make)
        if stopped:
            raise KeyboardInterrupt
        return 11

    monkeypatch.setattr(due_run, "make_missing", make_missing)
    monkeypatch.setattr(front_door, "keep_front_door", lambda request, say: done.append(request))
    with pytest.raises(KeyboardInterrupt) if stopped else nullcontext():
        assert terminal.make_what_is_due("a request") == 11
    assert done == [due_run.make_unlisted, "a request"]
