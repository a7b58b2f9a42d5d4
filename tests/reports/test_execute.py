"""What is taken out of an executed notebook, and what of an error reaches a person (kernel runs are in test_run.py)."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from papermill.exceptions import PapermillExecutionError

from attendance_lib.errors import InputError, NotebookError, SettingsError
from attendance_lib.imports import SLOW_CHECKER, imports_without_slow_checker
from attendance_lib.reports.execute import Execution, error_of, printed_warnings, scrub, tidy

ROOT = Path(__file__).parents[2]
EXECUTION = Execution(
    Path("notebooks/tiny.ipynb"), {}, Path(), Path("tiny.ipynb"), Path("out/pack.failed.ipynb")
)


def failure(name, message):
    return PapermillExecutionError(3, 7, "source", name, message, [])


@pytest.mark.parametrize("error", [InputError, SettingsError])
def test_an_error_of_ours_keeps_its_message_and_exit_code(error):
    found = error_of(
        EXECUTION, failure(error.__name__, "marks.csv, row 3: refused.\nmarks.csv, row 4: refused.")
    )
    assert type(found) is error
    assert str(found) == "marks.csv, row 3: refused.\nmarks.csv, row 4: refused."


def test_another_error_is_told_by_notebook_cell_and_kind_alone():
    found = error_of(EXECUTION, failure("KeyError", "Ségolène Surname"))
    assert type(found) is NotebookError
    assert (
        str(found)
        == "tiny.ipynb, cell 7: stopped by KeyError. Open pack.failed.ipynb, beside the packs, to see where."
    )


TRACEBACK = [
    "\x1b[31m-----\x1b[39m",
    "\x1b[31mKeyError\x1b[39m    Traceback (most recent call last)",
    "File \x1b[36m~/lib/pandas.py:10\x1b[39m, in get(key)\n---> 10 return table[key]",
    "\x1b[31mKeyError\x1b[39m: 'Ségolène Surname'",
    "\nThe above exception was the direct cause of the following exception:\n",
    "\x1b[36mCell In[3], line 1\x1b[39m\n----> 1 show(pack)",
    "\x1b[31mValueError\x1b[39m: two lines\nSégolène Surname",
]


def test_of_a_traceback_the_frames_stay_and_every_message_goes():
    said = {"ename": "ValueError", "evalue": "two lines\nSégolène Surname", "traceback": TRACEBACK}
    output = nbformat.v4.new_output("error", **said)
    scrub(output)
    assert "Surname" not in str(output)
    assert [entry.splitlines()[0] for entry in output.traceback[:-1]] == [
        "File ~/lib/pandas.py:10, in get(key)",
        "Cell In[3], line 1",
    ]
    assert output.traceback[-1].startswith("ValueError: message withheld")


def test_the_message_of_an_error_of_ours_stays():
    output = nbformat.v4.new_output(
        "error", ename="InputError", evalue="row 3: refused.", traceback=TRACEBACK
    )
    scrub(output)
    assert output.traceback[-1] == "InputError: row 3: refused."


@pytest.fixture
def executed():
    """A notebook as papermill leaves it."""
    ran = {
        "tags": [],
        "papermill": {"duration": 0.1},
        "execution": {"iopub.status.busy": "2026-11-23T08:00:00Z"},
    }
    warned = nbformat.v4.new_output(
        "stream", name="stderr", text="/tmp/ipykernel_4711/123.py:1: UserWarning: Surname\n"
    )
    cells = [
        nbformat.v4.new_code_cell("a = 1", metadata={"tags": ["injected-parameters"], "papermill": {}}),
        nbformat.v4.new_code_cell("warn()", id="warn", metadata=ran, outputs=[warned], execution_count=2),
        nbformat.v4.new_markdown_cell("words", id="words"),
    ]
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"papermill": {"start_time": "now", "output_path": "/home/x"}}
    )


def test_times_paths_and_chance_are_taken_out_and_parameters_stay(executed):
    tidy(executed, {"cohort": "all"})
    assert executed.metadata == {"papermill": {"parameters": {"cohort": "all"}}}
    assert [cell.id for cell in executed.cells] == ["injected-parameters", "warn", "words"]
    assert executed.cells[1].metadata == {"tags": []}
    assert executed.cells[1].outputs[0].text == "123.py:1: UserWarning: Surname\n"


def test_what_a_cell_wrote_to_stderr_is_told_by_its_number_alone(executed):
    assert printed_warnings(executed) == ["cell 2 wrote to stderr"]


def test_the_slow_checker_is_left_out_of_a_block_of_imports_only(monkeypatch):
    monkeypatch.delitem(sys.modules, SLOW_CHECKER, raising=False)
    with imports_without_slow_checker(), pytest.raises(ImportError):
        __import__(SLOW_CHECKER)
    assert SLOW_CHECKER not in sys.modules


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("/tmp/ipykernel_77/12345.py:3: UserWarning: x", "12345.py:3: UserWarning: x"),
        ("/home/ann/.venv/lib/python3.11/site-packages/pandas/core/a.py:9: x", "a.py:9: x"),
        (r"C:\Users\ann\lib\a.py:9: x", "a.py:9: x"),
        ("rate 3/4 of a.csv", "rate 3/4 of a.csv"),
        ("\x1b[31mred\x1b[0m\x1b]0;t\x07\u202e", "red�]0;t�"),
    ],
)
def test_what_a_cell_printed_names_no_folder_of_this_machine_and_drives_no_terminal(printed, kept):
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("stream", name="stderr", text=printed)])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    tidy(notebook, {})
    assert notebook.cells[0].outputs[0]["text"] == kept


def test_no_command_imports_the_slow_checker():
    script = (
        "import sys, attendance_lib.reports.front_door, papermill; print('rfc3987_syntax' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == ["False"]
