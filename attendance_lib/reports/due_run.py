"""Make the packs that are missing, each once, whatever happens to the one before; hand over what is finished."""

import ast
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import FAULT, AttendanceError, refused_by_system
from attendance_lib.imports import imports_without_slow_checker
from attendance_lib.lock import HeldError, is_held, locked
from attendance_lib.reports.due import (
    UNLISTED,
    Asked,
    DueRequest,
    Shelf,
    Standing,
    folder_of,
    name_asked,
    standing_on,
)
from attendance_lib.reports.folder import recover_below
from attendance_lib.reports.forked import can_fork, forked_command
from attendance_lib.reports.hand_over import HandOver
from attendance_lib.reports.papers import Span, paper_of, values_asked
from attendance_lib.reports.parameters import read_notebook
from attendance_lib.reports.period import Period
from attendance_lib.rules.signs import harmless

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings

# The log of the scheduler's runs: one line an event, with its time, and nothing about any pupil


@dataclass(frozen=True)
class EventLog:
    """A text file that only grows; delete it when it is too long."""

    path: Path
    clock: Callable[[], datetime]

    def write(self, event: str) -> None:
        """Add a line: the time, and the event harmless and with its line breaks taken out."""
        line = f"{self.clock().isoformat(timespec='seconds')} {' '.join(harmless(event).split())}\n"
        with self.path.open("a", encoding="utf-8", newline="\n") as log:
            log.write(line)


DONE = 0
LOG, LOCK = "due.log", ".lock-due"
# An error's class as the last line of a traceback has it: its message, which may hold a name, comes after the colon.
ERROR_CLASS = re.compile(r"([A-Za-z_][\w.]*)(?::|$)")


@dataclass(frozen=True)
class Made:
    """What a command that makes a pack came to: its exit code and the lines for people that it wrote."""

    exit_code: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hands:
    """What a run works with: how it makes a pack, tells people, prints results and reads the clock."""

    make: Callable[[list[str], Path], Made]
    say: Callable[[str], None]
    show: Callable[[str], None]
    clock: Callable[[], datetime]


def make_missing(request: DueRequest, hands: Hands) -> int:
    """Make what is due or was missed, oldest first, and hand over every pack that is there.

    Parameters
    ----------
    request : DueRequest
        The day, the school and the folder of packs.
    hands : Hands
        How packs are made and who is told.

    Returns
    -------
    int
        0 if nothing failed, also when another run is at it; else the exit code of the first failure.

    Raises
    ------
    SettingsError
        If the school file cannot be used.
    """
    from attendance_lib.intake.settings.loading import load_settings

    folder = folder_of(request, load_settings(request.school_file))
    recover_below(folder, hands.say)
    log = EventLog(folder / LOG, hands.clock)
    try:
        with locked(folder / LOCK, "What is due"):
            # Looked up under the lock: what another run has just made is made.
            return DueRun(standing_on(request), hands, log).run()
    except HeldError:
        hands.say("Another run is making what is due; this one leaves it to that.")
        log.write("left to another run")
        return DONE


@dataclass(frozen=True)
class DueRun:
    """One run under the lock."""

    standing: Standing
    hands: Hands
    log: EventLog

    def run(self) -> int:
        """Make and hand over, and return the exit code of the first failure."""
        missing = [each for each in self.standing.asked if each.is_wanting]
        self.log.write(f"run for {self.standing.request.on}: {len(missing)} to make")
        if missing and can_fork():
            self.prepare(missing)
        codes = [*(self.make(each) for each in missing), *self.hand_over()]
        return next((code for code in codes if code != DONE), DONE)

    def prepare(self, missing: list[Asked]) -> None:
        """Import and read once what several papers need; what goes wrong is told by the papers that it stops."""
        request = self.standing.request
        import_ahead(map(request.project.notebook, dict.fromkeys(each.report for each in missing)))
        with suppress(Exception):
            read_ahead(self.standing.settings, request.out)

    def make(self, asked: Asked) -> int:
        """Make one pack and tell what came of it."""
        request = self.standing.request
        made = self.hands.make(command_of(asked, request), request.project.root)
        if made.exit_code != DONE and self.is_being_made(asked):
            return self.tell(DONE, f"left to another run: {label(asked)}")
        for line in made.lines:
            self.hands.say(line)
        if made.exit_code == DONE:
            self.hands.show(f"made {label(asked)}")
            return self.tell(DONE, f"made {label(asked)}")
        why = f"failed {label(asked)}, exit code {made.exit_code}"
        self.hands.say(why)
        return self.tell(made.exit_code, f"{why}: {next(iter(made.lines), 'it said nothing')}")

    def is_being_made(self, asked: Asked) -> bool:
        """Whether another run, started by hand, is making this pack or has just made it."""
        occasion = asked.occasion
        # A whole record begins where its report has it, so that only the end of the name is known.
        _, _, end = name_asked(occasion.kind, Period(occasion.first, occasion.last)).partition("_")
        locks = (self.standing.folder / asked.report).glob(f".lock-*_{end}")
        shelf = Shelf(self.standing.request, self.standing.settings)
        return any(map(is_held, locks)) or shelf.pack_of(occasion) is not None

    def hand_over(self) -> Iterator[int]:
        """Hand over every pack that is there now; yield the exit code of each that was copied or failed."""
        request = self.standing.request
        is_changed = any(each.is_wanting for each in self.standing.asked)
        standing = standing_on(request) if is_changed else self.standing
        copier = HandOver(self.standing.settings, request.out.resolve(), self.hands.say)
        yield self.recover(copier)
        for asked in standing.asked:
            if asked.pack:
                yield self.copy(copier, asked.pack, label(asked))

    def recover(self, copier: HandOver) -> int:
        """Clear what killed runs left where packs are handed over, and tell if the system refuses."""
        try:
            copier.recover()
        except (OSError, AttendanceError) as refusal:
            error = refused_by_system(refusal) if isinstance(refusal, OSError) else refusal
            self.hands.say(str(error))
            return self.tell(error.exit_code, f"not cleared: {error}")
        return DONE

    def copy(self, copier: HandOver, pack: Path, name: str) -> int:
        """Hand over one pack and tell what came of it."""
        try:
            copy = copier.copy(pack)
        except AttendanceError as error:
            self.hands.say(str(error))
            return self.tell(
                error.exit_code, f"hand-over failed {name}, exit code {error.exit_code}: {error}"
            )
        if copy:
            self.hands.show(f"handed over {name}: {copy}")
            self.tell(DONE, f"handed over {name}")
        return DONE

    def tell(self, code: int, event: str) -> int:
        """Log an event and return its exit code."""
        self.log.write(event)
        return code


def label(asked: Asked) -> str:
    """Return what an occasion's pack is called in messages and in the log, with what is asked for beyond the defaults.

    Examples
    --------
    >>> from datetime import date
    >>> from attendance_lib.reports.due import Status
    >>> from attendance_lib.rules.occasions import AFTERNOON_SHEET, Occasion
    >>> label(Asked(Occasion(date(2026, 11, 9), AFTERNOON_SHEET, *[date(2026, 11, 9)] * 3), "daily", Status.DUE))
    'daily 2026-11-09 to 2026-11-09, PM'
    """
    values = "".join(f", {value}" for value in values_asked(asked.occasion.kind).values())
    return f"{asked.report} {asked.occasion.first} to {asked.occasion.last}{values}"


def command_of(asked: Asked, request: DueRequest) -> list[str]:
    """Return the arguments of ``attendance`` that make an occasion's pack; a whole record begins where its report has it.

    Examples
    --------
    >>> from datetime import date
    >>> from types import SimpleNamespace
    >>> from attendance_lib.reports.due import Status
    >>> from attendance_lib.rules.occasions import IMPACT, LATENESS, Occasion
    >>> request, days = SimpleNamespace(school_file=Path("school.yml"), out=Path("packs")), [date(2026, 10, 23)] * 4
    >>> kinds = {"punctuality": LATENESS, "impact": IMPACT}
    >>> asked = [Asked(Occasion(days[0], kind, *days[1:]), report, Status.DUE) for report, kind in kinds.items()]
    >>> ["--from" in command_of(each, request) for each in asked]
    [True, False]
    """
    occasion = asked.occasion
    is_whole = paper_of(asked.report).span is Span.WHOLE_RECORD
    begin = [] if is_whole else ["--from", str(occasion.first)]
    values = [
        part for name, value in values_asked(occasion.kind).items() for part in ("--set", f"{name}={value}")
    ]
    return [
        *("run", asked.report, "--school", str(request.school_file.resolve()), *begin, *values),
        *("--to", str(occasion.last), "--marks-to", str(occasion.marks_to)),
        *("--out", str(request.out.resolve())),
    ]


def make_in_a_process(arguments: list[str], folder: Path) -> Made:
    """Run ``attendance`` in a process of its own, so that nothing that ends it ends this run.

    Lines of ours are passed on; of a fault of the library only the kind of error is, since its message may name
    a pupil.
    """
    command = [sys.executable, "-W", "ignore", "-m", "attendance_lib", *arguments]
    code, said = ended_fork(arguments, folder) if can_fork() else ended(command, folder)
    lines = tuple(line for line in said.splitlines() if line.strip())
    if code in own_exit_codes():
        return Made(code, lines)
    return Made(FAULT, (fault_line(code, lines, arguments),))


def make_unlisted(arguments: list[str], folder: Path) -> Made:
    """Be ``make_in_a_process`` of one who lists the papers when they are made: the page is not written after each of them."""
    os.environ[UNLISTED] = "1"
    try:
        return make_in_a_process(arguments, folder)
    finally:
        del os.environ[UNLISTED]


def ended_fork(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run ``attendance`` as ``ended`` runs a command, in a process that starts with all that this one has imported."""
    heard, said = os.pipe()
    process = forked_command(partial(as_command, arguments), folder, said)
    os.close(said)
    try:
        with os.fdopen(heard, encoding="utf-8", errors="replace") as stream:
            lines = stream.read()
        code = process.wait()
    finally:
        process.terminate()
        process.wait()
    return code, lines


def as_command(arguments: list[str]) -> int:
    """Be ``python -m attendance_lib`` with arguments, which ends by leaving Python."""
    sys.argv[:] = ["attendance", *arguments]
    runpy.run_module("attendance_lib", run_name="__main__")
    return DONE


# What every paper needs to be made, of which none opens or starts anything when it is imported.
NEEDED_BY_ALL = (
    "attendance_lib.reports.run", "attendance_lib.display.csv_tables", "attendance_lib.display.html", "attendance_lib.display.pdf",
    "attendance_lib.display.workbook.book", "ipykernel.kernelapp", "papermill",
)  # fmt: skip


def import_ahead(notebooks: Iterable[Path]) -> None:
    """Import what papers need, theirs and their notebooks', so that processes forked from this one need not."""
    with imports_without_slow_checker():
        for name in (*NEEDED_BY_ALL, *modules_of(notebooks)):
            # What cannot be imported is told by the paper that needs it.
            with suppress(ImportError):
                import_module(name)


def read_ahead(settings: "Settings", out: Path) -> None:
    """Read a school and build its register as the gate does, so that no process forked from this one need do so.

    Raises
    ------
    InputError
        If the exports are refused.
    """
    from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore, open_school
    from attendance_lib.register.held import held_register

    school = open_school(settings, SchoolStore(out.resolve() / STORE_FOLDER), keeps=True, holds=True)
    held_register(school.pupils, school.marks, school.calendar, holds=True)


def modules_of(notebooks: Iterable[Path]) -> list[str]:
    """Return the modules of this library that notebooks import, in the order first met; of one that cannot be read none."""
    found: dict[str, None] = {}
    for notebook in notebooks:
        with suppress(OSError, AttendanceError, SyntaxError):
            cells = (
                cell["source"] for cell in read_notebook(notebook)["cells"] if cell["cell_type"] == "code"
            )
            imports = [
                each
                for source in cells
                for each in ast.walk(ast.parse(source))
                if isinstance(each, ast.ImportFrom)
            ]
            for each in imports:
                found |= dict.fromkeys(
                    [str(each.module), *(f"{each.module}.{name.name}" for name in each.names)]
                )
    return [name for name in found if name.startswith("attendance_lib.")]


def ended(command: list[str], folder: Path) -> tuple[int, str]:
    """Run a command in a folder and return its exit code and what it wrote to stderr; if this run is stopped, so is it."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, encoding="utf-8", errors="replace", **pipes) as process:
        try:
            _, said = process.communicate()
        finally:
            if process.poll() is None:
                process.terminate()
    return process.returncode, said


def own_exit_codes() -> set[int]:
    """Return the exit codes whose lines are ours and hold nothing about a pupil.

    Examples
    --------
    >>> DONE in own_exit_codes(), FAULT in own_exit_codes()
    (True, False)
    """
    return {DONE, *(error.exit_code for error in AttendanceError.__subclasses__())}


def fault_line(code: int, lines: tuple[str, ...], arguments: list[str]) -> str:
    """Return what is reported of a process that stopped by a fault of the library, or was stopped.

    Examples
    --------
    >>> fault_line(1, ("Traceback ...", "KeyError: 'Ada'"), ["run", "fortnightly"])
    'Stopped by KeyError, a fault of the library. To see it: attendance run fortnightly'
    """
    found = ERROR_CLASS.match(lines[-1]) if lines else None
    cause = f"{found[1]}, a fault of the library" if found else f"the system, with code {code}"
    return f"Stopped by {cause}. To see it: attendance {shlex.join(arguments)}"
