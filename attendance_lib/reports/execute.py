"""Execute a report's notebook with papermill, and make what comes out the same twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attendance_lib.errors import AttendanceError, NotebookError
from attendance_lib.reports.progress import Progress
from attendance_lib.rules.signs import harmless

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from papermill.exceptions import PapermillExecutionError

INJECTED_TAG = "injected-parameters"
ERROR_MARKER_TAG = "papermill-error-cell-tag"
# What a cell printed names a file of Python by folders that are this machine's: of a cell after the process, of a library
# wherever it was installed.
FOLDERS = re.compile(r"(?:[A-Za-z]:)?[^\s\"']*[/\\](?=[^/\\\s\"':]+\.py\b)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FRAMES = ("File ", "Cell In")
WITHHELD = "message withheld, since it may name a pupil; run the notebook in JupyterLab to see it"


@dataclass(frozen=True)
class Execution:
    """A notebook to execute with parameters, in a folder, to a file; a failed one is left at ``failed``."""

    notebook: Path
    parameters: dict[str, object]
    folder: Path
    output: Path
    failed: Path


def execute(execution: Execution, progress: Progress) -> "NotebookNode":
    """Return the executed notebook, written to ``execution.output`` without times or machine paths.

    Raises
    ------
    AttendanceError
        Of the notebook's own kind, where a cell raised one.
    NotebookError
        If a cell failed otherwise; the executed notebook is left at ``execution.failed``.
    """
    import nbformat

    try:
        executed = run_papermill(execution, progress)
    except CellFailedError as failure:
        write_failed(execution)
        raise error_of(execution, failure.error) from None
    tidy(executed, execution.parameters)
    nbformat.write(executed, execution.output)
    return executed


class CellFailedError(Exception):
    """A cell that failed, with papermill's account of it."""

    def __init__(self, error: "PapermillExecutionError") -> None:
        super().__init__()
        self.error = error


def run_papermill(execution: Execution, progress: Progress) -> "NotebookNode":
    """Execute a notebook in this interpreter's kernel, saving once at the end and ending the kernel at once.

    Raises
    ------
    NotebookError
        If the kernel does not start or ends by itself; CellFailedError if a cell fails.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    # An empty IPython folder, so that a person's start-up files do not run inside a report.
    with TemporaryDirectory() as ipython_folder:
        try:
            return papermill.execute_notebook(
                escaped(execution.notebook),
                escaped(execution.output),
                parameters=execution.parameters,
                progress_bar=progress.cells(execution.notebook.stem),
                extra_arguments=[f"--ipython-dir={ipython_folder}"],
                resources={"metadata": {"path": str(execution.folder)}},
                **kernel_options(),
            )
        except PapermillExecutionError as error:
            raise CellFailedError(error) from None
        except RuntimeError as error:
            # nbclient's and jupyter_client's way to say that the process is gone.
            raise NotebookError(
                f"{execution.notebook.name}: the kernel did not start, or ended by itself ({error}). "
                "Close other programs, as memory may be short, and run it again."
            ) from error


def kernel_options() -> dict[str, object]:
    """Return how papermill is to run a kernel: this interpreter's, saving nothing on the way, ended at once."""
    from attendance_lib.reports.kernel import KERNEL_NAME, ReportKernelManager

    return {
        "kernel_name": KERNEL_NAME,
        "language": "python",
        "kernel_manager_class": ReportKernelManager,
        "request_save_on_cell_execute": False,
        "autosave_cell_every": 0,
        "shutdown_kernel": "immediate",
    }


def escaped(path: Path) -> str:
    """Return a path for papermill, which would fill in what stands in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def tidy(notebook: "NotebookNode", parameters: dict[str, object]) -> None:
    """Take out of an executed notebook, in place, all that differs between two runs; its parameters stay."""
    notebook.metadata["papermill"] = {"parameters": parameters}
    notebook.cells = [
        cell for cell in notebook.cells if ERROR_MARKER_TAG not in cell.metadata.get("tags", ())
    ]
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED_TAG in cell.metadata.get("tags", ()):
            cell["id"] = INJECTED_TAG
    for output in streams(notebook):
        output["text"] = harmless(FOLDERS.sub("", COLOUR.sub("", output["text"])))


def streams(notebook: "NotebookNode") -> Iterator["NotebookNode"]:
    """Yield what cells printed, rather than showed."""
    for cell in notebook.cells:
        yield from (output for output in cell.get("outputs", ()) if output["output_type"] == "stream")


def printed_warnings(notebook: "NotebookNode") -> list[str]:
    """Return a line for each cell that wrote to stderr, by its number alone: what it wrote may name a pupil."""
    return [
        f"cell {cell.execution_count} wrote to stderr"
        for cell in notebook.cells
        if any(
            output["output_type"] == "stream" and output["name"] == "stderr"
            for output in cell.get("outputs", ())
        )
    ]


def write_failed(execution: Execution) -> None:
    """Leave the executed notebook beside the pack, its failing cell last, without any message that may name a pupil."""
    import nbformat

    notebook = nbformat.read(execution.output, as_version=4)
    tidy(notebook, execution.parameters)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                scrub(output)
    nbformat.write(notebook, execution.failed)


def scrub(output: "NotebookNode") -> None:
    """Keep of an error, in place, where it arose; keep its message only if it is one of ours."""
    if output["ename"] not in own_errors():
        output["evalue"] = WITHHELD
    entries = (COLOUR.sub("", entry) for entry in output["traceback"])
    frames = [entry for entry in entries if entry.startswith(FRAMES)]
    output["traceback"] = [*frames, f"{output['ename']}: {output['evalue']}"]


def error_of(execution: Execution, error: "PapermillExecutionError") -> AttendanceError:
    """Return the error to raise for a failed cell: the cell's own if it is one of ours, with its exit code."""
    own = own_errors().get(error.ename)
    if own:
        return own(error.evalue)
    return NotebookError(
        f"{execution.notebook.name}, cell {error.exec_count}: stopped by {error.ename}. "
        f"Open {execution.failed.name}, beside the packs, to see where."
    )


def own_errors() -> dict[str, type[AttendanceError]]:
    """Return the errors a user can act on, by name."""
    return {error.__name__: error for error in AttendanceError.__subclasses__()}
