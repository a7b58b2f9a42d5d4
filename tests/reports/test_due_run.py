"""Making what is due: once, oldest first, whatever happens to the one before, and what is told of it."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest

from attendance_lib.errors import FAULT, RequestError
from attendance_lib.lock import locked
from attendance_lib.reports import due_run
from attendance_lib.reports.due import UNLISTED
from attendance_lib.reports.due_run import (
    Hands,
    Made,
    make_in_a_process,
    make_missing,
    make_unlisted,
    modules_of,
    own_exit_codes,
)
from tests.reports.due_school import SCHOOL, request_on, with_meeting, write_pack

MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
BEFORE, NOW, HALF_TERM = "2026-11-06", "2026-11-20", "2026-10-23"


class Maker:
    """Stands in for the command: puts a pack in place, or fails for the last days that it is told to fail for."""

    def __init__(self, project, **failing):
        self.project, self.failing, self.asked = project, failing, []

    def __call__(self, arguments, folder):
        given = dict(zip(arguments[2::2], arguments[3::2], strict=True))
        self.asked.append((arguments[1], given.get("--from"), given["--to"]))
        self.given, self.folder = given, folder
        if given["--to"] in self.failing:
            code, line = self.failing[given["--to"]]
            return Made(code, (line,))
        write_pack(
            self.project,
            arguments[1],
            given.get("--from", "2026-09-03"),
            given["--to"],
            personal=arguments[1] != "governors",
        )
        return Made(0, ())


@pytest.fixture
def school(project):
    return with_meeting(project)


def run_with(school, maker, **asked):
    """Run, and return the exit code with what was said, shown and logged."""
    said, shown = [], []
    code = make_missing(request_on(school, **asked), Hands(maker, said.append, shown.append, lambda: MORNING))
    log = (school.outputs / SCHOOL / "due.log").read_text(encoding="utf-8").splitlines()
    return code, said, shown, [line.removeprefix("2026-11-23T06:30:00+00:00 ") for line in log]


def test_what_is_missing_is_made_oldest_first_over_its_own_days(school):
    maker = Maker(school)
    code, said, shown, log = run_with(school, maker)
    assert (code, said) == (0, [])
    assert maker.asked == [
        ("governors", "2026-09-03", HALF_TERM),
        ("fortnightly", "2026-10-19", BEFORE),
        ("fortnightly", "2026-11-09", NOW),
    ]
    assert shown[0] == "made governors 2026-09-03 to 2026-10-23"
    assert log == ["run for 2026-11-23: 3 to make", *shown]


def test_a_pack_waits_for_marks_of_its_last_day(school):
    maker = Maker(school)
    run_with(school, maker)
    assert maker.given["--marks-to"] == NOW
    assert Path(maker.given["--school"]) == school.params / "demo.yml"
    assert (Path(maker.given["--out"]), maker.folder) == (school.outputs, school.root)


def test_a_report_waits_for_marks_of_the_day_on_which_its_register_has_settled(school):
    """The fifth school day after the half term is Friday 6 November."""
    maker = Maker(school)
    run_with(school, maker, on=date(2026, 11, 7), since=date(2026, 11, 7))
    assert (maker.asked, maker.given["--marks-to"]) == (
        [("governors", "2026-09-03", HALF_TERM)],
        "2026-11-06",
    )


def test_the_evaluation_is_made_of_the_whole_record(project):
    school = with_meeting(project, reports=("impact",))
    maker = Maker(school)
    run_with(school, maker)
    assert maker.asked == [("impact", None, HALF_TERM)]
    assert run_with(school, Maker(school))[3][-1] == "run for 2026-11-23: 0 to make"


def test_called_again_nothing_is_made_again(school):
    run_with(school, Maker(school))
    maker = Maker(school)
    code, said, shown, log = run_with(school, maker)
    assert (code, said, shown, maker.asked) == (0, [], [], [])
    assert log[-1] == "run for 2026-11-23: 0 to make"


def test_a_report_without_a_notebook_is_not_tried_and_no_failure(project):
    school = with_meeting(project, reports=())
    maker = Maker(school)
    assert (run_with(school, maker)[0], maker.asked) == (0, [])


# One failure


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        ({BEFORE: (13, "a.ipynb, cell 4: stopped by KeyError.")}, 13),
        ({NOW: (11, "a.csv, row 3: refused.")}, 11),
        ({NOW: (11, "a.csv, row 3: refused."), BEFORE: (13, "a.ipynb, cell 4: stopped.")}, 13),
        ({NOW: (13, "a.ipynb, cell 4: stopped."), BEFORE: (11, "a.csv, row 3: refused.")}, 11),
        ({HALF_TERM: (12, "a table cannot be made safe.")}, 12),
    ],
)
def test_the_others_are_made_and_the_exit_code_is_that_of_the_first_failure(school, failing, code):
    maker = Maker(school, **failing)
    found, said, shown, log = run_with(school, maker)
    assert (found, len(maker.asked), len(shown)) == (code, 3, 3 - len(failing))
    assert set(said) > {line for _, line in failing.values()}
    assert len([line for line in log if line.startswith("failed")]) == len(failing)


def test_what_failed_is_tried_again_and_nothing_else(school):
    run_with(school, Maker(school, **{BEFORE: (13, "stopped.")}))
    maker = Maker(school)
    assert run_with(school, maker)[0] == 0
    assert maker.asked == [("fortnightly", "2026-10-19", BEFORE)]


def test_an_event_is_one_line_of_the_log(school):
    _, _, _, log = run_with(school, Maker(school, **{NOW: (11, "a.csv, row 3:\n\nrefused.")}))
    assert log[-1] == "failed fortnightly 2026-11-09 to 2026-11-20, exit code 11: a.csv, row 3: refused."
    assert len(log) == 4


# Handed over


@pytest.fixture
def with_drive(project):
    """The school with two folders to hand over to, of which the published one is not connected."""
    (project.root / "drive").mkdir()
    return with_meeting(project, "hand_over: {published: '../gone', personal: '../drive'}\n")


def test_what_is_made_is_handed_over_once_and_a_failure_of_that_is_told(with_drive):
    code, said, shown, log = run_with(with_drive, Maker(with_drive))
    pack = f"{SCHOOL}/fortnightly/2026-11-09_{NOW}"
    assert code == 10
    assert said == [f"{with_drive.params / 'demo.yml'}: hand_over names {with_drive.root / 'gone'}, which is not there. "
                    "Connect the drive, or correct the path."]  # fmt: skip
    assert (
        shown[-1] == f"handed over fortnightly 2026-11-09 to 2026-11-20: {with_drive.root / 'drive' / pack}"
    )
    assert [line.partition(",")[0] for line in log[4:]] == [
        "hand-over failed governors 2026-09-03 to 2026-10-23",
        "handed over fortnightly 2026-10-19 to 2026-11-06",
        "handed over fortnightly 2026-11-09 to 2026-11-20",
    ]
    code, _, shown, log = run_with(with_drive, Maker(with_drive))
    assert (code, shown, len(log)) == (10, [], 9)


def test_a_hand_over_that_failed_is_tried_again(with_drive):
    run_with(with_drive, Maker(with_drive))
    (with_drive.root / "gone").mkdir()
    code, _, shown, _ = run_with(with_drive, Maker(with_drive))
    assert (code, len(shown)) == (0, 1)
    assert (
        with_drive.root / "gone" / SCHOOL / "governors" / f"2026-09-03_{HALF_TERM}" / "receipt.json"
    ).is_file()


def test_a_pack_that_failed_is_the_first_failure(with_drive):
    assert run_with(with_drive, Maker(with_drive, **{NOW: (13, "stopped.")}))[0] == 13


# Two at once


def test_while_another_run_is_at_it_this_one_leaves_it_to_that(school):
    maker = Maker(school)
    with locked(school.outputs / SCHOOL / ".lock-due", "it"):
        code, said, _, log = run_with(school, maker)
    assert (code, maker.asked) == (0, [])
    assert said == ["Another run is making what is due; this one leaves it to that."]
    assert log == ["left to another run"]
    assert run_with(school, maker)[0] == 0
    assert len(maker.asked) == 3


def test_what_another_run_made_before_the_lock_was_ours_is_not_made_again(school, monkeypatch):
    """The other run ends just before this one has its lock."""

    @contextmanager
    def locked_after_another(path, what):
        write_pack(school, "fortnightly", "2026-11-09", NOW)
        with locked(path, what):
            yield

    monkeypatch.setattr(due_run, "locked", locked_after_another)
    maker = Maker(school)
    run_with(school, maker)
    assert ("fortnightly", "2026-11-09", NOW) not in maker.asked
    assert len(maker.asked) == 2


def test_a_pack_that_somebody_is_making_by_hand_is_left_to_them(school):
    maker = Maker(school, **{NOW: (2, "is being made by another run.")})
    with locked(school.outputs / SCHOOL / "fortnightly" / f".lock-2026-11-09_{NOW}", "it"):
        code, said, _, log = run_with(school, maker)
    assert (code, said) == (0, [])
    assert log[-1] == "left to another run: fortnightly 2026-11-09 to 2026-11-20"


def test_the_lock_is_let_go_whatever_happens(school):
    class BrokenError(Exception):
        pass

    def broken(arguments, folder):
        raise BrokenError

    with pytest.raises(BrokenError):
        run_with(school, broken)
    assert run_with(school, Maker(school))[0] == 0


def test_a_folder_that_cannot_be_written_to_is_refused(school):
    school.outputs.write_text("a file")
    with pytest.raises(RequestError, match="cannot be written to"):
        run_with(school, Maker(school))


# The process that makes a pack


@pytest.mark.parametrize(
    ("code", "stderr", "made"),
    [
        (0, "", Made(0, ())),
        (0, "a note\n\n", Made(0, ("a note",))),
        (13, "cell 4: stopped.\nmore", Made(13, ("cell 4: stopped.", "more"))),
        (
            1,
            "Traceback (most recent call last):\n  File 'a.py'\nKeyError: 'Ada Surname'",
            Made(FAULT, ("Stopped by KeyError, a fault of the library. To see it: attendance run 'x y'",)),
        ),
        (
            1,
            "Traceback\npandas.errors.MergeError: Ada Surname",
            Made(
                FAULT,
                (
                    "Stopped by pandas.errors.MergeError, a fault of the library. To see it: attendance run 'x y'",
                ),
            ),
        ),
        (-9, "", Made(FAULT, ("Stopped by the system, with code -9. To see it: attendance run 'x y'",))),
    ],
)
def test_what_a_process_says_is_passed_on_unless_it_may_name_a_pupil(
    monkeypatch, tmp_path, code, stderr, made
):
    monkeypatch.setattr(due_run, "ended", lambda command, folder: (code, stderr))
    assert make_in_a_process(["run", "x y"], tmp_path) == made


def test_the_process_is_the_command_of_this_interpreter(project):
    """Without a cohort of that name the command refuses before anything is read."""
    made = make_in_a_process(["run", "tiny", "--cohort", "year_77"], project.root)
    assert made == Made(10, ("cohorts.yml: there is no cohort 'year_77'. Did you mean 'year_7'?",))


@pytest.mark.parametrize("failing", [False, True])
def test_a_command_is_told_that_its_paper_is_listed_later_and_no_other_is(monkeypatch, tmp_path, failing):
    told = []

    def make(arguments, folder):
        told.append(os.environ.get(UNLISTED))
        if failing:
            raise KeyboardInterrupt
        return Made(0)

    monkeypatch.setattr(due_run, "make_in_a_process", make)
    with pytest.raises(KeyboardInterrupt) if failing else nullcontext():
        assert make_unlisted(["run", "tiny"], tmp_path) == Made(0)
    assert told == ["1"]
    assert UNLISTED not in os.environ


def test_every_error_of_ours_is_passed_on():
    assert own_exit_codes() == {0, 2, 10, 11, 12, 13}


# For real: two commands at once, each with a kernel if it needs one

DAYS = [date(2026, 11, day) for day in (*range(9, 14), *range(16, 21))]


def write_exports(params):
    marks = [
        f"{pupil},{day},{session},/" for day in DAYS for session in ("AM", "PM") for pupil in ("p1", "p2")
    ]
    marks = [line.replace(",PM,/", ",PM,\\") for line in marks]
    (params / "marks_1.csv").write_text(
        "\n".join(["pupil_id,date,session,code", *marks, ""]), encoding="utf-8"
    )
    pupils = "pupil_id,surname,forename,year_group\np1,Surname,Ségolène,7\np2,Other,Ada,8\n"
    (params / "pupils.csv").write_text(pupils, encoding="utf-8")


def test_two_commands_started_together_make_the_pack_once(tmp_path, write_project):
    school = with_meeting(write_project(tmp_path / "school"), reports=("fortnightly",))
    write_exports(school.params)
    command = [
        sys.executable,
        "-m",
        "attendance_lib",
        "due",
        "--on",
        "2026-11-23",
        "--since",
        "2026-11-23",
        "--run",
    ]
    both = [
        subprocess.Popen(command, cwd=school.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [each.communicate() for each in both]
    assert [each.returncode for each in both] == [0, 0], told
    log = (school.outputs / SCHOOL / "due.log").read_text(encoding="utf-8")
    assert len(re.findall(r"(?m)^\S+ made fortnightly 2026-11-09 to 2026-11-20$", log)) == 1
    assert [path.name for path in (school.outputs / SCHOOL / "fortnightly").iterdir()] == [
        "2026-11-09_2026-11-20"
    ]
    assert sum("made fortnightly" in out for out, _ in told) == 1
    assert "Surname" not in log + "".join(text for each in told for text in each)


def test_what_notebooks_import_of_ours_is_known_and_one_that_cannot_be_read_stops_nothing(tmp_path):
    cells = [
        nbformat.v4.new_markdown_cell("from attendance_lib.errors import counted"),
        nbformat.v4.new_code_cell("from attendance_lib.papers import shared\nfrom pathlib import Path"),
        nbformat.v4.new_code_cell("from attendance_lib.papers.fortnightly import (\n    agenda, codes,\n)"),
    ]
    good, broken = tmp_path / "good.ipynb", tmp_path / "broken.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), good)
    broken.write_text("{")
    papers = "attendance_lib.papers"
    ours = [
        papers,
        f"{papers}.shared",
        f"{papers}.fortnightly",
        f"{papers}.fortnightly.agenda",
        f"{papers}.fortnightly.codes",
    ]
    assert modules_of([tmp_path / "none.ipynb", broken, good]) == ours


def test_whatever_goes_wrong_while_the_school_is_read_ahead_each_paper_is_tried(school, monkeypatch):
    def at_fault(settings, out):
        raise KeyError("Ada")

    monkeypatch.setattr(due_run, "can_fork", lambda: True)
    monkeypatch.setattr(due_run, "import_ahead", list)
    monkeypatch.setattr(due_run, "read_ahead", at_fault)
    maker = Maker(school)
    code, said, *_ = run_with(school, maker)
    assert (code, "Ada" in "".join(said)) == (0, False)
    assert ("fortnightly", "2026-11-09", NOW) in maker.asked
