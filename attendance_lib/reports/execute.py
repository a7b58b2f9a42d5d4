"""Execute a report's notebook with papermill, and make what comes out the same twice."""

import builtins
import json
import logging
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import zmq
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets import default

from attendance_lib.errors import AttendanceError, NotebookError, system_remedy
from attendance_lib.reports.files import private_file
from attendance_lib.reports.forked import SETTLED, WaitingKernel, can_fork
from attendance_lib.reports.scratch import scratch
from attendance_lib.rules.signs import harmless

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from papermill.exceptions import PapermillExecutionError


# How far a run has come: a line on a terminal, nothing anywhere else, and the seconds of each step for the receipt


@dataclass
class Progress:
    """The steps of one run; ``seconds`` holds what each took."""

    shown: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show a step while it runs and note how long it took, in seconds."""
        start = perf_counter()
        with shown_line(name) if self.shown else nullcontext():
            yield
        self.seconds[name] = round(perf_counter() - start, 2)

    def cells(self, name: str) -> dict[str, object] | bool:
        """Return what papermill is to show while it executes cells."""
        return {"desc": name, "leave": False} if self.shown else False


def shown_line(name: str) -> AbstractContextManager:
    """Return a line on the terminal that goes with the block, without the thread by which tqdm would look after it.

    A process that has another thread cannot be forked, and a kernel is forked between two steps (``forked.can_fork``).
    """
    from tqdm import tqdm

    tqdm.monitor_interval = 0
    return tqdm(desc=name, bar_format="{desc} ...", leave=False)


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
    try:
        executed = run_papermill(execution, progress)
    except CellFailedError as failure:
        write_failed(execution)
        raise error_of(execution, failure.error) from None
    tidy(executed, execution.parameters, execution.shown)
    write_executed(executed, execution.output)
    return executed


def write_executed(notebook: "NotebookNode", path: Path, *, is_published: bool = False) -> None:
    """Write an executed notebook as a pack holds it (see ``display.notebook``)."""
    from attendance_lib.display.notebook import notebook_text

    text = notebook_text(notebook, is_packed=not is_published)
    path.write_text(text, encoding="utf-8", newline="\n")


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

    # What it would log of a kernel that ends by itself is reported below, in one line and with its cause.
    logging.getLogger(papermill.__name__).setLevel(logging.CRITICAL)
    # Empty folders in place of a person's own, so that their start-up files do not run inside a report.
    with waiting_kernel() as waiting, scratch() as private:
        manager = kernel_in(private, execution.environment, waiting)
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


@contextmanager
def waiting_kernel() -> Iterator[WaitingKernel | None]:
    """Give a kernel that waits for its command, ended with the block if it never got one; None where none can be forked."""
    waiting = WaitingKernel() if can_fork() else None
    try:
        yield waiting
    finally:
        if waiting:
            waiting.dismiss()


def kernel_options(manager: "type[ReportKernelManager]") -> dict[str, object]:
    """Return how papermill is to run a kernel: this interpreter's, saving nothing on the way, ended at once."""
    return {
        "kernel_name": KERNEL_NAME,
        "language": "python",
        "kernel_manager_class": manager,
        "request_save_on_cell_execute": False,
        "autosave_cell_every": 0,
        "shutdown_kernel": "immediate",
    }


def escaped(path: Path) -> str:
    """Return a path for papermill, which would fill in what stands in braces.

    Examples
    --------
    >>> escaped(Path("notebooks/{draft}.ipynb"))
    'notebooks/{{draft}}.ipynb'
    """
    return str(path).replace("{", "{{").replace("}", "}}")


def tidy(
    notebook: "NotebookNode",
    parameters: dict[str, object],
    shown: Mapping[str, object] = MappingProxyType({}),
) -> None:
    r"""Take out of an executed notebook, in place, all that differs between two runs; its parameters stay, as ``shown``.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> warned = new_output("stream", name="stderr", text="\x1b[33m/home/ann/office/rates.py:3: no marks")
    >>> notebook = new_notebook(cells=[new_code_cell(metadata={"papermill": {"duration": 0.1}}, outputs=[warned])])
    >>> tidy(notebook, {"cohort": "all"})
    >>> notebook.cells[0].metadata, notebook.cells[0].outputs[0].text
    ({}, 'rates.py:3: no marks')
    """
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
    """Return a line for each cell that wrote to stderr, by its number alone: what it wrote may name a pupil.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> said = new_output("stream", name="stderr", text="no marks of Ada Archer")
    >>> printed_warnings(new_notebook(cells=[new_code_cell(execution_count=3, outputs=[said])]))
    ['cell 3 wrote to stderr']
    """
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
    """Keep of an error, in place, where it arose; keep its message only if it is one of ours.

    Examples
    --------
    >>> error = {"ename": "KeyError", "evalue": "'Ada'", "traceback": ["Cell In[3], line 1", "KeyError: 'Ada'"]}
    >>> scrub(error)
    >>> print(*error["traceback"], sep=": ")
    Cell In[3], line 1: KeyError: message withheld, since it may name a pupil; run the notebook in JupyterLab to see it
    """
    if output["ename"] not in own_errors():
        output["evalue"] = WITHHELD
    entries = (COLOUR.sub("", entry) for entry in output["traceback"])
    frames = [entry for entry in entries if entry.startswith(FRAMES)]
    output["traceback"] = [*frames, f"{output['ename']}: {output['evalue']}"]


def error_of(execution: Execution, error: "PapermillExecutionError") -> AttendanceError:
    """Return the error to raise for a failed cell: the cell's own if it is one of ours, with its exit code.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(notebook=Path("impact.ipynb"), failed=Path("2026-10-23.failed.ipynb"))
    >>> print(error_of(run, SimpleNamespace(ename="InputError", evalue="marks.csv is empty.", exec_count=3)))
    marks.csv is empty.
    >>> print(error_of(run, SimpleNamespace(ename="KeyError", evalue="'Ada Archer'", exec_count=3)))
    impact.ipynb, cell 3: stopped by KeyError. Open 2026-10-23.failed.ipynb, beside the packs, to see where.
    """
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
    >>> said = reason_of(SimpleNamespace(ename="OSError", evalue="[Errno 5] Input/output error: 'Ada.csv'"))
    >>> said == f" ({os.strerror(5)})"  # in the words of this machine, without the file's name
    True
    """
    number = system_number(error)
    return f" ({os.strerror(number)})" if number else ""


def remedy_of(error: "PapermillExecutionError") -> str:
    """Return what to do about what the operating system refused a cell; "" if it refused nothing.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> remedy_of(SimpleNamespace(ename="OSError", evalue="[Errno 5] Input/output error: 'Ada.csv'"))
    ' Check the drive, and run this again.'
    """
    number = system_number(error)
    return f" {system_remedy(number)}" if number else ""


def system_number(error: "PapermillExecutionError") -> int | None:
    """Return the number of an error of the operating system; None if a cell failed otherwise.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> said = "[Errno 28] No space left on device"
    >>> [system_number(SimpleNamespace(ename=name, evalue=said)) for name in ("OSError", "PermissionError", "ValueError")]
    [28, 28, None]
    """
    kind = getattr(builtins, error.ename, None)
    found = ERROR_NUMBER.match(error.evalue)
    return int(found[1]) if found and isinstance(kind, type) and issubclass(kind, OSError) else None


def own_errors() -> dict[str, type[AttendanceError]]:
    """Return the errors a user can act on, by name.

    Examples
    --------
    >>> "InputError" in own_errors(), "KeyError" in own_errors()
    (True, False)
    """
    return {error.__name__: error for error in AttendanceError.__subclasses__()}


# A kernel that is always this interpreter, whatever kernels a machine has installed, with a settled environment

KERNEL_NAME = "python3"

# What could make two runs differ: the width of text tables, the clock, and what is settled before Python starts.
ENVIRONMENT = {"COLUMNS": "120", "SOURCE_DATE_EPOCH": "0"} | SETTLED

# What a kernel and its libraries keep for a person. Nothing of that may reach a report, nor need the person's home.
PRIVATE_FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
TEMPORARY = ("TMPDIR", "TEMP", "TMP")
# Matplotlib's list of fonts takes seconds to make, so it is private only where it cannot be kept.
FONTS = "MPLCONFIGDIR"
A_BLOCK = 4096
WORDS = "kernel.txt"
# An error's class as the last line of a traceback has it, and its number if it is of the system; never its message.
LAST_ERROR = re.compile(
    r"^([A-Z]\w*(?:Error|Exception|Exit|Interrupt))\b(?::\s*\[Errno (\d+)\])?", re.MULTILINE
)
KILLED = -9
MEMORY = "as the system does when memory is short. Close other programs, and run it again."
AGAIN = "Run it again."

# The kernel works in the project's folder, and must import this library even where it is not installed.
LIBRARY = Path(__file__).parents[2]


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that runs this code, with a private folder in place of the person's home."""

    private: Path
    extra: Mapping[str, str] = MappingProxyType({})

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - the signature it overrides
        """Return the kernel of this interpreter, under any name."""
        settled = ENVIRONMENT | private_folders(self.private) | {"PYTHONPATH": import_path()} | self.extra
        return KernelSpec(env=settled, **get_kernel_dict())


class ReportKernelManager(AsyncKernelManager):
    """Starts the kernel of ``ThisInterpreter``; what passes between us and it is encrypted, since it names pupils.

    What the process itself writes goes to a file in ``private``, for the same reason; ``exit_codes`` gets the code of
    one that ended by itself. ``extra`` is what its environment has besides. A kernel that is ``waiting`` is taken if it answers.
    """

    private: ClassVar[Path]
    extra: ClassVar[Mapping[str, str]]
    exit_codes: ClassVar[list[int]]
    waiting: ClassVar[WaitingKernel | None] = None

    async def _async_launch_kernel(self, kernel_cmd: list[str], **how: Any) -> None:
        with (self.private / WORDS).open("wb") as words:
            if not self._takes_waiting(kernel_cmd, how):
                await super()._async_launch_kernel(kernel_cmd, **how | {"stdout": words, "stderr": words})

    def _takes_waiting(self, kernel_cmd: list[str], how: Mapping[str, Any]) -> bool:
        """Let the kernel that waits be this one, if there is one and it answers."""
        if self.waiting is None:
            return False
        process = self.waiting.start(kernel_cmd, how["env"], how["cwd"], self.private / WORDS)
        if process is None:
            return False
        provisioner = self.provisioner
        provisioner.process, provisioner.pid, provisioner.pgid = process, process.pid, process.pid
        self._reconcile_connection_info(provisioner.connection_info)
        return True

    async def _async_is_alive(self) -> bool:
        code = await self.provisioner.poll() if self.has_kernel else None
        if code is not None:
            self.exit_codes.append(code)
        return self.has_kernel and code is None

    is_alive = _async_is_alive

    @default("kernel_spec_manager")
    def _this_interpreter(self) -> KernelSpecManager:
        found = ThisInterpreter(parent=self)
        found.private, found.extra = self.private, self.extra
        return found

    @default("transport_encryption")
    def _encrypted(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"


def import_path() -> str:
    """Return the kernel's PYTHONPATH: this library, then what the person has set."""
    return os.pathsep.join(filter(None, (str(LIBRARY), os.environ.get("PYTHONPATH"))))


def kernel_in(
    private: Path, extra: Mapping[str, str] = MappingProxyType({}), waiting: WaitingKernel | None = None
) -> type[ReportKernelManager]:
    """Return the manager of one kernel that keeps to a private folder, with more in its environment; one that waits, if given."""
    own = {"private": private, "extra": extra, "exit_codes": [], "waiting": waiting}
    return type("PrivateKernelManager", (ReportKernelManager,), own)


def private_folders(private: Path) -> dict[str, str]:
    """Return the environment that keeps a kernel to a private folder, made where need be."""
    folders = {name: str(private / name.lower()) for name in PRIVATE_FOLDERS}
    fonts = {} if keeps_fonts() else {FONTS: str(private / FONTS.lower())}
    for folder in (folders | fonts).values():
        Path(folder).mkdir(exist_ok=True)
    return folders | fonts | dict.fromkeys(TEMPORARY, str(private))


def keeps_fonts() -> bool:
    """Whether matplotlib can keep its list of fonts where it is used to."""
    try:
        return all(map(is_writable, font_folders()))
    except RuntimeError:  # the account has no home
        return False


def font_folders() -> list[Path]:
    """Return where matplotlib would keep its settings and its list of fonts.

    Raises
    ------
    RuntimeError
        If the account has no home.
    """
    named = os.environ.get(FONTS)
    if named:
        return [Path(named)]
    home = Path.home()
    if not sys.platform.startswith(("linux", "freebsd")):
        return [home / ".matplotlib"]
    defaults = {"XDG_CONFIG_HOME": home / ".config", "XDG_CACHE_HOME": home / ".cache"}
    return [Path(os.environ.get(name) or folder) / "matplotlib" for name, folder in defaults.items()]


def is_writable(folder: Path) -> bool:
    """Whether a file can be written in a folder, which is made if need be: asked by doing it, for disks may be full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(A_BLOCK))
    except OSError:
        return False
    return True


def why_it_ended(manager: type[ReportKernelManager]) -> str:
    """Return why a kernel ended by itself, as far as can be known without what it may have said of pupils, and a remedy.

    Examples
    --------
    >>> why_it_ended(type("", (), {"exit_codes": [-9]}))
    'it was killed, as the system does when memory is short. Close other programs, and run it again.'
    """
    code = next(iter(manager.exit_codes), None)
    if code is None:
        return f"it did not answer. {AGAIN}"
    if code == KILLED:
        return f"it was killed, {MEMORY}"
    if code < 0:
        return f"it was ended by signal {-code} ({signal.strsignal(-code)}). {AGAIN}"
    return last_error(manager.private / WORDS) or f"it ended with code {code}. {AGAIN}"


def last_error(words: Path) -> str:
    """Return the kind of the last error among what a process wrote, with a remedy; "" if there is none."""
    found = list(LAST_ERROR.finditer(words.read_text(encoding="utf-8", errors="replace")))
    if not found:
        return ""
    kind, number = found[-1].groups()
    if not number:
        return f"it was stopped by {kind}. {AGAIN}"
    return f"it was stopped by {kind}: {os.strerror(int(number))}. {system_remedy(int(number))}"
