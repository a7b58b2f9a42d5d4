"""What the operating system refuses, really refused: one line with the file and a remedy, and never the exit code 1.

Each command runs in a process of its own, so that limits, signals, closed pipes and homes are real.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from tests.reports.due_school import write_pack
from tests.reports.forked_commands import CAN_FORK, ForkedCommand

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and signals as Unix has them")

ROOT = Path(__file__).parents[2]
# The command, its exports known without reading them; a limit on the size of files, in bytes, if the first argument says so.
COMMAND = """
import signal
import sys
from datetime import date
from types import SimpleNamespace

from attendance_lib.cli import main
from attendance_lib.reports import gate

logs = dict.fromkeys(("actions", "plans", "interventions"))
gate.read_exported = lambda settings, store: SimpleNamespace(last_register_day=date(2026, 11, 20), **logs)
gate.check_whole = lambda school, job: 0
# A test run in the background ignores an interrupt, and by nohup a hang-up, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
limit = int(sys.argv.pop(1))
if limit:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main())
"""
NAME = "2026-11-09_2026-11-20"


def started(program, arguments, cwd, variables, stdout=None, *, anew=not CAN_FORK):
    """Start a program of Python: ``anew``, or in a process that is forked from one that has imported what it needs."""
    with Path(os.devnull).open("w") as nowhere:
        printed = nowhere.fileno() if stdout is None else stdout
        if not anew:
            return ForkedCommand(program, arguments, cwd, variables, printed)
        command = [sys.executable, "-W", "ignore", "-c", program, *arguments]
        told = {"stdout": printed, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        return subprocess.Popen(command, cwd=cwd, env=variables, **told)


class Started:
    """A command in the tiny project, with a folder of its own for temporary files."""

    def __init__(self, project, *argv, limit=0, stdout=None, anew=not CAN_FORK, **environment):
        self.temporary = project.root / "temporary"
        self.temporary.mkdir(exist_ok=True)
        variables = os.environ | {"TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)} | environment
        if limit:
            # Python would cut its own compiled files short as well, and trip over them in every later test.
            variables["PYTHONDONTWRITEBYTECODE"] = "1"
        variables = {name: value for name, value in variables.items() if value is not None}
        self.process = started(COMMAND, [str(limit), *argv], project.root, variables, stdout, anew=anew)

    def ended(self):
        """Return the exit code and the lines on stderr; nothing temporary may be left."""
        _, said = self.process.communicate(timeout=120)
        assert list(self.temporary.iterdir()) == []
        return self.process.returncode, [line for line in said.splitlines() if line]


@pytest.fixture
def stopping_at(project):
    """Let the last cell of the tiny notebook do something."""

    def write(source):
        notebook = nbformat.read(project.notebook("tiny"), as_version=4)
        notebook.cells[3].source = source
        nbformat.write(notebook, project.notebook("tiny"))

    return write


def pack_as_made(project):
    return str(write_pack(project, "tiny", *NAME.split("_")))


def left(project):
    return sorted(path.name for path in project.outputs.rglob("*") if path.is_file())


def test_a_file_that_cannot_be_written_is_told_with_its_folder_and_nothing_is_left(project):
    code, said = Started(project, "run", "tiny", limit=1000).ended()
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith(f"{project.outputs}/st-marys-990002/tiny")
    assert (
        "File too large. Raise the limit on the size of files (ulimit -f), or choose another folder: --out"
        in said[0]
    )
    assert left(project) == []


def test_what_a_cell_cannot_write_is_told_without_its_path(project, stopping_at):
    stopping_at("import tempfile\nPath(tempfile.gettempdir(), 'Ada Surname').write_bytes(bytes(300_000))")
    code, said = Started(project, "run", "tiny", limit=200_000).ended()
    assert (code, len(said)) == (13, 1)
    assert said[0].startswith(
        "tiny.ipynb, cell 4: stopped by OSError (File too large). Open 2026-11-09_2026-11-20.failed"
    )
    assert "Raise the limit" in said[0]
    assert "Surname" not in said[0]
    (failed,) = project.outputs.rglob("*.failed.ipynb")
    assert failed.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("argv", [("check",), ("demo", "there")])
def test_the_other_commands_that_write_tell_it_too(project, argv):
    code, said = Started(project, *argv, limit=1000).ended()
    assert (code, len(said)) == (2, 1)
    assert "File too large" in said[0]


@pytest.mark.parametrize("home", ["/dev/null/home", None])
def test_no_report_needs_a_home(project, stopping_at, home):
    stopping_at("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.close()")
    places = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "MPLCONFIGDIR", "IPYTHONDIR"))
    assert Started(project, "run", "tiny", anew=True, HOME=home, **places).ended() == (0, [])
    (receipt,) = project.outputs.rglob("receipt.json")
    assert '"warnings": []' in receipt.read_text(encoding="utf-8")


def test_a_persons_own_settings_of_notebooks_do_not_reach_a_report(project):
    start_up = project.root / "mine" / "profile_default" / "startup"
    start_up.mkdir(parents=True)
    (start_up / "hello.py").write_text("raise SystemExit('mine')")
    assert Started(project, "run", "tiny", IPYTHONDIR=str(start_up.parents[1])).ended() == (0, [])


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        (
            "os.kill(os.getpid(), 9)",
            "it was killed, as the system does when memory is short. Close other programs",
        ),
        ("os.kill(os.getpid(), 11)", "it was ended by signal 11 (Segmentation fault). Run it again."),
        ("os._exit(3)", "it ended with code 3. Run it again."),
        (
            "os.write(2, b\"Traceback\\nPermissionError: [Errno 13] Permission denied: 'Ada Surname'\\n\")\nos._exit(1)",
            "it was stopped by PermissionError: Permission denied. Let this account read and write there, or choose",
        ),
        ("os.write(2, b'KeyError: Ada Surname')\nos._exit(1)", "it was stopped by KeyError. Run it again."),
    ],
)
def test_a_kernel_that_ends_by_itself_says_why_in_one_line_and_nothing_of_what_it_said_of_pupils(
    project, stopping_at, how, cause
):
    stopping_at(f"import os\n{how}")
    code, said = Started(project, "run", "tiny").ended()
    assert (code, len(said)) == (13, 1)
    assert said[0].startswith(
        f"tiny.ipynb: the kernel did not start, or ended before the notebook did: {cause}"
    )
    assert "Surname" not in said[0]
    assert left(project) == []


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_run_that_is_stopped_clears_up_and_says_nothing(project, stopping_at, number, code):
    stopping_at("import time\nPath('begun').touch()\ntime.sleep(60)")
    started = Started(project, "run", "tiny")
    deadline = time.monotonic() + 60
    while not (project.root / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    started.process.send_signal(number)
    assert started.ended() == (code, [])
    assert left(project) == []
    assert list((project.outputs / "st-marys-990002" / "tiny").iterdir()) == []


@pytest.mark.parametrize(("before", "code"), [("SIG_DFL", 129), ("SIG_IGN", 0)])
def test_a_command_that_was_started_to_outlive_its_terminal_does(before, code):
    script = (
        "import os, signal, sys\nfrom attendance_lib.endings import Ending\n"
        f"signal.signal(signal.SIGHUP, signal.{before})\n"
        "with Ending() as ending:\n    os.kill(os.getpid(), signal.SIGHUP)\nsys.exit(ending.code)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == code


@pytest.mark.parametrize("argv", [("verify", "PACK"), ("due",), ("--help",)])
def test_a_reader_that_has_gone_is_no_difference_and_nothing_to_tell(project, argv):
    argv = [pack_as_made(project) if each == "PACK" else each for each in argv]
    reader, writer = os.pipe()
    os.close(reader)
    started = Started(project, *argv, stdout=writer)
    os.close(writer)
    assert started.ended() == (141, [])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("argv", [("verify", "PACK"), ("due",)])
def test_what_cannot_be_printed_is_told_and_is_no_difference(project, argv):
    argv = [pack_as_made(project) if each == "PACK" else each for each in argv]
    with Path("/dev/full").open("w") as full:
        code, said = Started(project, *argv, stdout=full.fileno()).ended()
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith("a file, or what this command prints: No space left on device. Free some space")


@pytest.mark.parametrize(
    "waits",
    [
        "ended([sys.executable, '-c', child], Path())",
        pytest.param(
            "ended_fork([child], Path())",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there"),
        ),
    ],
    ids=["started", "forked"],
)
def test_the_command_that_a_stopped_run_waits_for_is_stopped_too(tmp_path, waits):
    script = f"""
import sys
from pathlib import Path

from attendance_lib.endings import Ending
from attendance_lib.reports import due_run
from attendance_lib.reports.due_run import ended, ended_fork

due_run.as_command = lambda arguments: exec(arguments[0])
child = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid()) + ' '); time.sleep(60)"
with Ending() as ending:
    {waits}
sys.exit(ending.code)
"""
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    process = started(script, (), tmp_path, variables)
    deadline = time.monotonic() + 60
    while not (pid := tmp_path / "pid").exists() or not pid.read_text().endswith(" "):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
