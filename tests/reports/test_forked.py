"""What is forked from this process: only where that is safe, with none of what it holds, and ended with it."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from attendance_lib.reports.forked import SETTLED
from tests.reports.conftest import project_at

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")


def said_by(script, *arguments, **environment):
    """What a script prints in a process from which kernels can be forked."""
    settled = os.environ | SETTLED | {"PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=False, env=settled,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


CAN = """
import threading
from attendance_lib.reports.forked import can_fork
print(can_fork())
done = threading.Event()
other = threading.Thread(target=done.wait)
other.start()
print(can_fork())
done.set()
other.join()
"""


def test_a_process_is_forked_while_it_has_one_thread_and_a_settled_order_of_sets():
    assert said_by(CAN) == ["True", "False"]
    assert said_by(CAN, PYTHONHASHSEED="random") == ["False", "False"]
    # Where the system does not say how many threads there are.
    assert said_by(
        f"from attendance_lib.reports import forked\nforked.THREADS = forked.Path('/none')\n{CAN}"
    ) == [
        "False",
        "False",
    ]


AFTER_STEPS = """
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.forked import can_fork
for shown in (False, True):
    with Progress(shown).step("Reading the exports"):
        print(can_fork())
"""


def test_a_run_that_says_how_far_it_has_come_can_still_fork_its_kernel():
    assert said_by(AFTER_STEPS) == ["True", "True"]


COMMAND = """
import os, sys, warnings
from pathlib import Path
from attendance_lib.lock import take
from attendance_lib.reports.forked import forked_command
folder, held = sys.argv[1:]
descriptor = take(Path(held))
heard, said = os.pipe()

def run():
    os.close(descriptor) if os.path.exists(f"/proc/self/fd/{descriptor}") else print("let go", file=sys.stderr)
    warnings.warn("of a library")
    print("result")
    print(os.getcwd(), file=sys.stderr)
    raise SystemExit(11)

process = forked_command(run, folder, said)
os.close(said)
print(*os.fdopen(heard).read().split(), process.wait(), process.poll())
"""


def test_a_forked_command_has_its_own_folder_and_exit_code_and_no_lock_of_ours(tmp_path):
    assert said_by(COMMAND, tmp_path, tmp_path / ".lock") == ["let", "go", str(tmp_path), "11", "11"]


FAULT = """
import os
from attendance_lib.reports.forked import forked

def fails():
    raise KeyError("Ada")

def is_killed():
    os.kill(os.getpid(), 9)

print(forked(fails, ()).wait(), forked(is_killed, ()).wait())
"""


def test_a_fault_ends_the_forked_process_alone():
    assert said_by(FAULT) == ["1", "-9"]


WAITING = """
import os, pathlib, sys
from attendance_lib.reports import forked
words = pathlib.Path(sys.argv[1]) / "words"
left = forked.WaitingKernel()
left.dismiss()
print(left.process.returncode)
killed = forked.WaitingKernel()
killed.process.kill()
print(killed.start(["python", "-f", "nowhere"], dict(os.environ), sys.argv[1], words))
forked.PATIENCE_SECONDS = 0
late = forked.WaitingKernel()
print(late.start(["python", "-f", "nowhere"], dict(os.environ), sys.argv[1], words), late.process.returncode)
"""


def test_a_kernel_that_is_not_wanted_or_does_not_answer_in_time_is_ended(tmp_path):
    assert said_by(WAITING, tmp_path) == ["-9", "None", "None", "-9"]


RUN = """
import sys
from pathlib import Path
from attendance_lib.reports import execute
from attendance_lib.reports.forked import WaitingKernel
root, is_late = Path(sys.argv[1]), sys.argv[2] == "late"
started, start = [], WaitingKernel.start

def watched(self, *told):
    started.append(None if is_late else start(self, *told))
    return started[-1]

WaitingKernel.start = watched
target = root / "tiny.ipynb"
execution = execute.Execution(root / "notebooks" / "tiny.ipynb", {"cohort": "all"}, root, target, root / "failed.ipynb")
execute.execute(execution, execute.Progress())
print(len(started), started[0] is None or started[0].returncode)
"""


def test_a_forked_kernel_shows_what_a_plain_one_does_which_takes_its_place_when_it_does_not_answer(tmp_path):
    assert said_by(RUN, project_at(tmp_path / "forked").root, "in time") == ["1", "-9"]
    assert said_by(RUN, project_at(tmp_path / "plain").root, "late") == ["1", "True"]
    forked, plain = (tmp_path / name / "tiny.ipynb" for name in ("forked", "plain"))
    assert forked.read_bytes() == plain.read_bytes()
    assert "True" in nbformat.read(forked, as_version=4).cells[3].outputs[0]["data"]["text/plain"]
