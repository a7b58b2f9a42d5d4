"""The command line: what it prints, where, and its exit codes."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from attendance_lib import cli
from attendance_lib.errors import (
    AttendanceError,
    CasebookError,
    DisclosureError,
    InputError,
    NotebookError,
    RequestError,
    SettingsError,
)
from attendance_lib.intake.settings import loading
from attendance_lib.reports import due, due_run, due_text, front_door, run, verify
from attendance_lib.reports.due import Standing
from attendance_lib.reports.verify import Findings

ROOT = Path(__file__).parents[1]


@dataclass
class Said:
    """What a command said and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def attendance(capsys, monkeypatch, tmp_path):
    """Run the command in an empty project, whose demo school's file is empty too."""
    for folder in ("notebooks", "params"):
        (tmp_path / folder).mkdir()
    (tmp_path / "params" / "demo.yml").write_text("")
    monkeypatch.chdir(tmp_path)

    def call(*argv):
        code = cli.main(argv)
        return Said(code, *capsys.readouterr())

    return call


@pytest.fixture
def requests(monkeypatch):
    """The requests that `attendance run` makes, in place of running them."""
    made = []

    def run_report(request, how):
        made.append(request)
        return request.out / "pack"

    monkeypatch.setattr(run, "run_report", run_report)
    monkeypatch.setattr(front_door, "keep_front_door", lambda request, say: made.append(request.school_file))
    return made


def test_run_reads_what_is_set_by_the_notebooks_own_types(attendance, requests, tmp_path):
    write_notebook(tmp_path / "notebooks" / "impact.ipynb", "tier: int = 0")
    said = attendance("run", "impact", "--set", "tier=2")
    assert (said.code, requests[0].values) == (0, {"tier": 2})


def test_run_refuses_what_is_set_for_no_parameter(attendance, requests, tmp_path):
    write_notebook(tmp_path / "notebooks" / "impact.ipynb", "tier: int = 0")
    said = attendance("run", "impact", "--set", "tear=2")
    assert (said.code, requests) == (10, [])
    assert said.err == "impact.ipynb: unknown parameter 'tear'. Did you mean 'tier'?\n"


def write_notebook(path, parameters):
    cell = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), path)


def test_run_hands_on_what_was_asked_and_prints_where_the_pack_is(attendance, requests, tmp_path):
    said = attendance(
        "run",
        "fortnightly",
        "--from",
        "2026-11-09",
        "--to",
        "2026-11-20",
        "--cohort",
        "year_7",
        "--replace",
        "--out",
        "there",
    )
    asked = requests[0]
    assert (said.code, said.out, said.err) == (0, "there/pack\n".replace("/", str(Path("/"))[-1]), "")
    assert (asked.report, asked.cohort, asked.replace) == ("fortnightly", "year_7", True)
    assert (str(asked.date_from), str(asked.date_to)) == ("2026-11-09", "2026-11-20")
    assert asked.project.root == tmp_path


COHORTS = """
year_7: {title: "Year 7", where: {year_group: [7]}}
both: {title: "Both", where: {year_group: [7, 8]}}
year_7_fsm: {title: "Year 7 on free school meals", where: {year_group: [7], fsm: [true]}}
year_8: {title: "Year 8", where: {year_group: [8]}}
"""


@pytest.fixture
def years(attendance, monkeypatch, tmp_path):
    """A school with Years 7 and 8, and its cohorts."""
    school = SimpleNamespace(school=SimpleNamespace(year_groups=(7, 8)), own_folder=None)
    monkeypatch.setattr(loading, "load_settings", lambda path: school)
    (tmp_path / "params" / "cohorts.yml").write_text(COHORTS)


@pytest.mark.usefixtures("years")
def test_run_split_by_year_group_makes_a_pack_for_each_on_the_cohort_of_that_year_alone(attendance, requests):
    said = attendance("run", "fortnightly", "--split", "year_group", "--replace")
    assert (said.code, [asked.cohort for asked in requests if not isinstance(asked, Path)]) == (
        0,
        ["year_7", "year_8"],
    )
    assert said.out.count("pack") == 2


@pytest.mark.usefixtures("years")
def test_run_split_says_which_cohort_is_missing_and_makes_nothing(attendance, requests, tmp_path):
    (tmp_path / "params" / "cohorts.yml").write_text(COHORTS.replace("year_8:", "old:").replace("[8]", "[9]"))
    said = attendance("run", "fortnightly", "--split", "year_group")
    assert (said.code, requests) == (10, [])
    assert said.err == (
        "cohorts.yml: no cohort is year_group 8 alone. Add a line such as "
        'year_8: {title: "Year 8", where: {year_group: [8]}}.\n'
    )


@pytest.mark.usefixtures("years")
def test_run_split_takes_no_cohort_besides(attendance, requests):
    said = attendance("run", "fortnightly", "--split", "year_group", "--cohort", "year_7")
    assert (said.code, requests) == (2, [])


def test_run_alone_takes_the_demo_school_and_leaves_the_dates_to_the_calendar(attendance, requests, tmp_path):
    attendance("run", "fortnightly")
    asked = requests[0]
    assert (asked.school_file, asked.out) == (tmp_path / "params" / "demo.yml", tmp_path / "outputs")
    assert (asked.date_from, asked.date_to, asked.cohort, asked.replace) == (None, None, "all", False)


def test_the_project_is_found_from_a_folder_below_it(attendance, requests, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "notebooks")
    attendance("run", "fortnightly")
    assert requests[0].project.root == tmp_path


@pytest.mark.parametrize(
    ("error", "code"),
    [(RequestError, 2), (SettingsError, 10), (InputError, 11), (DisclosureError, 12), (NotebookError, 13)],
)
def test_each_error_a_user_can_act_on_is_a_line_on_stderr_with_its_own_exit_code(
    attendance, monkeypatch, error, code
):
    def refuse(request, how):
        raise error("marks.csv, row 3: refused.")

    monkeypatch.setattr(run, "run_report", refuse)
    said = attendance("run", "fortnightly")
    assert (said.code, said.out, said.err) == (code, "", "marks.csv, row 3: refused.\n")


def test_every_error_has_an_exit_code_of_its_own():
    # A casebook is input: what a scheduler does about it is the same.
    codes = [error.exit_code for error in AttendanceError.__subclasses__() if error is not CasebookError]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError(), "Memory ran out. Close other programs, and run this again."),
        (
            OSError(28, "No space left on device", "a.html"),
            "a.html: No space left on device. Free some space there, or",
        ),
        (
            OSError(30, "Read-only file system", "a.html"),
            "a.html: Read-only file system. Let this account read and write",
        ),
        (
            OSError(5, "Input/output error"),
            "a file, or what this command prints: Input/output error. Check the drive,",
        ),
        (OSError("odd"), "a file, or what this command prints: odd. Check the drive, and run this again."),
    ],
)
@pytest.mark.parametrize("argv", [("run", "fortnightly"), ("verify", "pack"), ("verify", "pack", "--rerun")])
def test_what_the_system_refuses_is_a_line_and_never_the_exit_code_of_a_pack_that_differs(
    attendance, monkeypatch, argv, error, line
):
    def refuse(*given):
        raise error

    monkeypatch.setattr(run, "run_report", refuse)
    monkeypatch.setattr(verify, "verify_pack", lambda *given: Findings((), ()) if len(argv) > 2 else refuse())
    monkeypatch.setattr(run, "rerun_differences", refuse)
    said = attendance(*argv)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(line)


def test_a_file_that_ends_too_early_is_a_fault_and_no_interrupt(attendance, monkeypatch):
    def end(pack, project, school_file):
        raise EOFError("marshal data too short")

    monkeypatch.setattr(verify, "verify_pack", end)
    said = attendance("verify", "pack")
    assert said.code == 70
    assert said.err.strip().endswith("EOFError: marshal data too short")


def test_a_fault_of_ours_keeps_its_traceback_but_its_exit_code_is_not_that_of_a_pack_that_differs(
    attendance, monkeypatch
):
    monkeypatch.setattr(verify, "verify_pack", lambda pack, project, school_file: {}["missing"])
    said = attendance("verify", "pack")
    assert (said.code, said.out) == (70, "")
    assert said.err.startswith("Traceback")
    assert said.err.endswith("KeyError: 'missing'\n")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("rn",), "attendance: No such command 'rn'. Did you mean 'run'?"),
        (("run", "fortnightly", "--cohrt", "x"), "attendance: No such option '--cohrt'."),
        (("run", "fortnightly", "--from", "9/11/2026"), "attendance: Invalid value for '--from': '9/11/2026' is not a date. Write"),
        (("run", "fortnightly", "--to", "2026-02-30"), "attendance: Invalid value for '--to': '2026-02-30' is not a day"),
        (("due", "--on", "tomorrow"), "attendance: Invalid value for '--on': 'tomorrow' is not a date. Write"),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_read_is_one_line_and_exit_code_2(attendance, argv, message):
    said = attendance(*argv)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(message)
    assert said.err.count("\n") == 1


def test_without_a_command_the_help_is_shown(attendance):
    said = attendance()
    assert said.code == 2
    assert "Commands:" in said.err


@pytest.mark.parametrize(
    "argv",
    [
        ("--help",),
        ("run", "--help"),
        ("check", "-h"),
        ("verify", "--help"),
        ("due", "--help"),
        ("demo", "--help"),
        ("--version",),
    ],
)
def test_help_and_version_are_no_error(attendance, argv):
    said = attendance(*argv)
    assert (said.code, said.err) == (0, "")


def test_without_a_school_file_it_says_how_to_name_one(attendance, tmp_path):
    (tmp_path / "params" / "demo.yml").unlink()
    said = attendance("run", "fortnightly")
    assert said.code == 2
    assert said.err.endswith("demo.yml is not there. Name your school's file with --school.\n")


def test_outside_a_project_it_says_so(attendance, tmp_path):
    (tmp_path / "notebooks").rmdir()
    said = attendance("run", "fortnightly")
    assert said.code == 2
    assert "is outside the project: no folder 'notebooks' here or above." in said.err


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Findings((), ()), Said(0, "pack: as it was made\n", "")),
        (Findings((), ("a.xlsx: filled in",)), Said(0, "pack: as it was made\n", "a.xlsx: filled in\n")),
        (
            Findings(("a.html: is missing",), ("a note",)),
            Said(1, "pack: differs from its receipt (1)\n", "a note\na.html: is missing\n"),
        ),
    ],
)
def test_verify_tells_each_difference_and_only_a_fault_makes_its_exit_code_1(
    attendance, monkeypatch, found, said
):
    monkeypatch.setattr(verify, "verify_pack", lambda pack, project, school_file: found)
    assert attendance("verify", "pack") == said


def test_verify_makes_it_again_only_when_asked(attendance, monkeypatch):
    monkeypatch.setattr(verify, "verify_pack", lambda pack, project, school_file: Findings((), ()))
    monkeypatch.setattr(
        run,
        "rerun_differences",
        lambda pack, project, how, school_file: ["a.pdf: comes out different when made again"],
    )
    assert attendance("verify", "pack").code == 0
    assert attendance("verify", "pack", "--rerun").err == "a.pdf: comes out different when made again\n"


@pytest.fixture
def due_requests(monkeypatch, tmp_path):
    """What `attendance due` asks for, in place of looking it up; what --run makes ends with exit code 11."""
    asked = []

    def standing_on(request):
        asked.append(request)
        return Standing(request, None, request.on, (), 0, (), ("a note",))

    monkeypatch.setattr(due, "standing_on", standing_on)
    monkeypatch.setattr(due_text, "standing_text", lambda standing: "the lines")
    monkeypatch.setattr(due_run, "make_missing", lambda request, hands: asked.append("made") or 11)
    return asked


def test_due_lists_for_a_day_and_makes_nothing(attendance, due_requests, tmp_path):
    said = attendance("due", "--on", "2026-11-23", "--since", "2026-09-01", "--out", "there")
    assert said == Said(0, "the lines\n", "a note\n")
    (request,) = due_requests
    assert (str(request.on), str(request.since), str(request.out)) == ("2026-11-23", "2026-09-01", "there")
    assert request.school_file == tmp_path / "params" / "demo.yml"


def test_due_is_about_today_unless_told_otherwise(attendance, due_requests):
    attendance("due")
    (request,) = due_requests
    assert abs((date.today() - request.on).days) <= 1
    assert request.since is None


def test_due_run_makes_them_then_lists_and_ends_with_the_exit_code_of_the_first_failure(
    attendance, due_requests
):
    said = attendance("due", "--run")
    assert (said.code, said.out) == (11, "the lines\n")
    assert due_requests[0] == "made"


def test_help_answers_without_importing_pandas_or_papermill():
    late = "sys.exit('pandas' in sys.modules or 'papermill' in sys.modules)"
    script = f"import sys; from attendance_lib.cli import main; main(['run', '--help']); {late}"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "attendance_lib", "rn"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("attendance: No such command 'rn'")


def test_a_message_drives_no_terminal_and_turns_no_line(attendance, monkeypatch):
    def refuse(*given):
        raise RequestError("outputs/\x1b[2J\u202epack\x9b has no receipt.json.\nA second line.")

    monkeypatch.setattr(verify, "verify_pack", refuse)
    assert attendance("verify", "pack").err == "outputs/�[2Jpack� has no receipt.json.\nA second line.\n"


def test_a_result_drives_no_terminal(attendance, monkeypatch):
    monkeypatch.setattr(verify, "verify_pack", lambda pack, project, school_file: Findings((), ()))
    assert attendance("verify", "a\x1b[2Jb").out == "a�[2Jb: as it was made\n"


def test_a_name_that_is_no_text_can_be_told(attendance, monkeypatch):
    monkeypatch.setattr(
        verify, "verify_pack", lambda pack, project, school_file: Findings((), ("\udcff: x",))
    )
    assert attendance("verify", "pack").err == "�: x\n"


# A project laid out and a school file drafted

ROLL = "pupil_id,surname,forename,year_group,admission_date\n" + "".join(
    f"{n},A,B,7,2025-09-03\n" for n in range(10)
)
MARKS = "pupil_id,date,session,code\n" + "".join(
    f"{n},2026-09-{day:02d},{session},/\n"
    for day in range(7, 12)
    for n in range(10)
    for session in ("AM", "PM")
)


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "my exports"
    folder.mkdir()
    (folder / "roll.csv").write_text(ROLL)
    (folder / "marks.csv").write_text(MARKS)
    return folder


def test_init_drafts_a_school_file_and_ends_with_what_to_type_next(attendance, exports, tmp_path):
    said = attendance("init", str(exports), "--name", "Elm School", "--urn", "123456")
    assert said.code == 0, said.err
    assert said.out.endswith(
        "Written: params/my_school.yml. To fill in: AM (line 15), PM (line 16).\n"
        "Type next:\n"
        "  attendance check --school params/my_school.yml\n"
        "  attendance run fortnightly --school params/my_school.yml\n"
    )
    written = (tmp_path / "params" / "my_school.yml").read_text(encoding="utf-8")
    assert 'path: "../my exports/marks.csv"' in written
    assert (tmp_path / "notebooks" / "fortnightly.ipynb").is_file()


def test_init_writes_nothing_over(attendance, exports, tmp_path):
    for name in ("my_school.yml", "demo.yml"):
        (tmp_path / "params" / name).write_text("mine")
    said = attendance("init", str(exports))
    assert said.code == 2
    assert "my_school.yml is there already and is left as it is." in said.err
    assert not (tmp_path / "params" / "cohorts.yml").exists()
    again = attendance("init", str(exports), "--school", "params/other.yml")
    assert "changed here and left as they are: params/demo.yml." in again.out
    assert [(tmp_path / "params" / name).read_text() for name in ("my_school.yml", "demo.yml")] == [
        "mine",
        "mine",
    ]


def test_init_in_the_folder_of_the_exports_reads_nothing_of_the_project(attendance, exports, monkeypatch):
    monkeypatch.chdir(exports)
    (exports / "notebooks").mkdir()
    said = attendance("init", ".")
    assert said.code == 0, said.err
    assert "not read" not in said.out
    assert 'path: "../marks.csv"' in (exports / "params" / "my_school.yml").read_text(encoding="utf-8")


def test_init_without_exports_lays_out_the_project_alone(attendance, tmp_path):
    said = attendance("init")
    assert said.out.endswith("Type next:\n  attendance demo\n  attendance run fortnightly\n")
    assert not (tmp_path / "params" / "my_school.yml").exists()


def test_init_of_no_folder_says_so(attendance):
    assert (
        attendance("init", "nowhere").err
        == "nowhere: there is no such folder. Name the folder that holds the exports.\n"
    )


def test_help_of_run_shows_examples(attendance):
    assert (
        "  attendance run impact --school params/my_school.yml --set tier=2"
        in attendance("run", "--help").out
    )


def test_run_without_a_report_lists_them(attendance):
    attendance("init")
    said = attendance("run")
    assert said.code == 0
    assert "  fortnightly   Fortnightly pastoral pack, for the pastoral meeting\n" in said.out
    assert "explore" not in said.out


def test_help_shows_examples(attendance):
    assert "  attendance init exports/ " in attendance("--help").out
