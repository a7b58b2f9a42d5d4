"""Execute a report's notebook with papermill, and make what comes out the same twice."""

import builtins
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from attendance_lib.errors import AttendanceError, NotebookError, system_remedy
from attendance_lib.reports.files import private_file
from attendance_lib.reports.progress import Progress
from attendance_lib.reports.scratch import scratch
from attendance_lib.rules.signs import harmless

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from papermill.exceptions import PapermillExecutionError

    from attendance_lib.reports.kernel import ReportKernelManager

INJECTED_TAG = "injected-parameters"
ERROR_MARKER_TAG = "papermill-error-cell-tag"
# What a cell printed names a file of Python by folders that are this machine's: of a cell after the process, of a library
# wherever it was installed.
FOLDERS = re.compile(r"(?:[A-Za-z]:)?[^\s\"']*[/\\](?=[^/\\\s\"':]+\.py\b)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ERROR_NUMBER = re.compile(r"\[Errno (\d+)\]")
FRAMES = ("File ", "Cell In")
WITHHELD = "message withheld, since it may name a pupil; run the notebook in JupyterLab to see it"


@dataclass(frozen=True)
class Execution:
    """A notebook to execute with parameters, in a folder, to a file; a failed one is left at ``failed``.

    ``shown`` are parameters that the executed notebook says otherwise than they were given: without the folder of a run,
    so that two runs have the same bytes. ``environment`` is what the kernel's has besides its own.
    """

    notebook: Path
    parameters: dict[str, object]
    folder: Path
    output: Path
    failed: Path
    shown: Mapping[str, object] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


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
    tidy(executed, execution.parameters, execution.shown)
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

    from attendance_lib.reports.kernel import kernel_in, why_it_ended

    # What it would log of a kernel that ends by itself is told below, in one line and with its cause.
    logging.getLogger(papermill.__name__).setLevel(logging.CRITICAL)
    # Empty folders in place of a person's own, so that their start-up files do not run inside a report.
    with scratch() as private:
        manager = kernel_in(private, execution.environment)
        try:
            return papermill.execute_notebook(
                escaped(execution.notebook),
                escaped(execution.output),
                parameters=execution.parameters,
                progress_bar=progress.cells(execution.notebook.stem),
                resources={"metadata": {"path": str(execution.folder)}},
                **kernel_options(manager),
            )
        except PapermillExecutionError as error:
            raise CellFailedError(error) from None
        except RuntimeError as error:
            # nbclient's and jupyter_client's way to say that the process is gone.
            raise NotebookError(
                f"{execution.notebook.name}: the kernel did not start, or ended before the notebook did: {why_it_ended(manager)}"
            ) from error


def kernel_options(manager: "type[ReportKernelManager]") -> dict[str, object]:
    """Return how papermill is to run a kernel: this interpreter's, saving nothing on the way, ended at once."""
    from attendance_lib.reports.kernel import KERNEL_NAME

    return {
        "kernel_name": KERNEL_NAME,
        "language": "python",
        "kernel_manager_class": manager,
        "request_save_on_cell_execute": False,
        "autosave_cell_every": 0,
        "shutdown_kernel": "immediate",
    }


def escaped(path: Path) -> str:
    """Return a path for papermill, which would fill in what stands in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def tidy(
    notebook: "NotebookNode",
    parameters: dict[str, object],
    shown: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Take out of an executed notebook, in place, all that differs between two runs; its parameters stay, as ``shown``."""
    notebook.metadata["papermill"] = {"parameters": parameters | dict(shown)}
    notebook.cells = [
        cell for cell in notebook.cells if ERROR_MARKER_TAG not in cell.metadata.get("tags", ())
    ]
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED_TAG in cell.metadata.get("tags", ()):
            cell["id"] = INJECTED_TAG
            cell["source"] = as_shown(cell["source"], shown)
    for output in streams(notebook):
        output["text"] = harmless(FOLDERS.sub("", COLOUR.sub("", output["text"])))


def as_shown(source: str, shown: Mapping[str, object]) -> str:
    r"""Return the cell of parameters with some of them as they are shown.

    Examples
    --------
    >>> as_shown('cohort = "all"\ncasebook = "/home/m/casebook.sqlite@3"', {"casebook": "casebook.sqlite@3"})
    'cohort = "all"\ncasebook = "casebook.sqlite@3"'
    """
    lines = ((line, line.partition(" = ")[0]) for line in source.split("\n"))
    return "\n".join(f"{name} = {json.dumps(shown[name])}" if name in shown else line for line, name in lines)


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
    tidy(notebook, execution.parameters, execution.shown)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                scrub(output)
    with private_file(execution.failed) as stream:
        nbformat.write(notebook, stream)


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
        f"{execution.notebook.name}, cell {error.exec_count}: stopped by {error.ename}{reason_of(error)}. "
        f"Open {execution.failed.name}, beside the packs, to see where.{remedy_of(error)}"
    )


def reason_of(error: "PapermillExecutionError") -> str:
    """Return why the operating system refused a cell, in its own words alone; "" if it did not.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> reason_of(SimpleNamespace(ename="OSError", evalue="[Errno 5] Input/output error: 'Ada.csv'"))
    ' (Input/output error)'
    """
    number = system_number(error)
    return f" ({os.strerror(number)})" if number else ""


def remedy_of(error: "PapermillExecutionError") -> str:
    """Return what to do about what the operating system refused a cell; "" if it refused nothing."""
    number = system_number(error)
    return f" {system_remedy(number)}" if number else ""


def system_number(error: "PapermillExecutionError") -> int | None:
    """Return the number of an error of the operating system; None if a cell failed otherwise."""
    kind = getattr(builtins, error.ename, None)
    found = ERROR_NUMBER.match(error.evalue)
    return int(found[1]) if found and isinstance(kind, type) and issubclass(kind, OSError) else None


def own_errors() -> dict[str, type[AttendanceError]]:
    """Return the errors a user can act on, by name."""
    return {error.__name__: error for error in AttendanceError.__subclasses__()}
