"""One school of many: its due papers made, its counts written for the trust, and what came of it reported without any pupil.

The same function runs here, in a process beside this one or on another machine. Whatever happens to a school stays with it.
"""

import hashlib
import json
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from attendance_lib.errors import FAULT, AttendanceError, InputError, RequestError, refused_by_system
from attendance_lib.intake.school_counts import (
    CountsAsked,
    SchoolCounts,
    counts_file,
    read_counts,
    write_counts,
)
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.reports.due import DueRequest
from attendance_lib.reports.due_run import DONE, Hands, make_in_a_process, make_missing
from attendance_lib.reports.files import private_file
from attendance_lib.reports.own_papers import with_own_papers
from attendance_lib.reports.papers import GOVERNORS_REPORT
from attendance_lib.reports.project import Project
from attendance_lib.reports.published import history_of
from attendance_lib.rules.signs import escaped_in_json

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings

try:
    import resource
except ImportError:  # Windows, where nothing bounds a worker
    resource = None

MADE, KEPT, TAKEN_IN, FAILED = "made", "kept", "taken in", ""
# A school that is named by its file of counts, not by its school file, made them itself.
SENT_AS = ".json"
# What a worker may take at most unless it is set otherwise: a school of 2,000 pupils takes about 0.6 GB.
MEMORY_GB = 4
GIGABYTE, MEGABYTE, KILOBYTE = 2**30, 2**20, 2**10
# Linux: where a process's greatest memory stands, and how it is begun anew.
STATUS, CLEAR, PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs"), "VmHWM:"
FORGET_PEAK = "5"
# Threads of one worker see to one school at a time, so that its memory is that of one school.
ONE_AT_A_TIME = threading.Lock()
WHY = {
    2: "The system refused a file, or there was too little memory",
    10: "Its school file cannot be used",
    11: "Its exports were refused",
    12: "Its counts cannot be made safe to send",
    FAULT: "A fault of this program",
}
# Of one school they are reported by their kind, and the others go on.
FAULTS = (
    ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
SENT_REFUSED = "The counts that it sent were refused"
ENDED = "Its worker was ended before it was done"


# How counts are made, which reports leave to the papers: the counts and the record of what they tell.
Counting = Callable[[CountsAsked], tuple[SchoolCounts, dict]]


@dataclass(frozen=True)
class SchoolTask:
    """What is to be done for one school: papers due on a day, and counts up to a day; ``memory`` is in bytes, 0 for no limit."""

    project: Project
    school_file: Path
    out: Path
    on: date
    to: date
    sees: str
    counts: Path
    memory: int = MEMORY_GB * GIGABYTE


@dataclass(frozen=True)
class SchoolDone:
    """What came of a school, without any pupil: exit code, papers made, its counts, seconds, megabytes and what was reported.

    ``counts`` is ``made``, ``kept`` (what it is made from has not changed), ``taken in`` (the school made them) or empty; ``why``
    says in a few words, without any file, why there are none. ``seconds`` are on the clock; ``peak_mb`` is the most memory that
    its worker and any paper took.
    """

    school_file: str
    name: str
    urn: str = ""
    exit_code: int = DONE
    papers: tuple[str, ...] = ()
    counts: str = FAILED
    why: str = ""
    seconds: float = 0.0
    peak_mb: int = 0
    said: tuple[str, ...] = field(default_factory=tuple)


def see_to(task: SchoolTask, counting: Counting, clock: Callable[[], datetime]) -> SchoolDone:
    """Make a school's due papers and its counts, and return what came of it; nothing that goes wrong is raised."""
    with ONE_AT_A_TIME:
        started = perf_counter()
        bound_memory(task.memory)
        begin_peak()
        done = _seen_to(task, counting, clock)
        return replace(
            done, seconds=round(perf_counter() - started, 2), peak_mb=peak_mb(had_papers=bool(done.papers))
        )


def _seen_to(task: SchoolTask, counting: Counting, clock: Callable[[], datetime]) -> SchoolDone:
    done = SchoolDone(str(task.school_file), name=task.school_file.stem)
    try:
        if is_sent(done):
            return taken_in(task, done)
        settings = load_settings(task.school_file)
        done = replace(done, name=settings.school.name, urn=settings.school.urn)
        code, papers, said = papers_due(task, clock)
        done = replace(done, exit_code=code, papers=papers, said=said)
        return replace(done, counts=counted_or_kept(task, settings, counting))
    except AttendanceError as error:
        return stopped(done, error)
    except OSError as error:
        return stopped(done, refused_by_system(error))
    except MemoryError:
        return stopped(
            done, RequestError(f"{task.school_file}: needs more than the memory of a worker. Raise --memory.")
        )
    except FAULTS as error:
        return stopped(done, None, type(error).__name__)


def is_sent(done: SchoolDone) -> bool:
    """Whether a school is named by counts that it made itself and sent.

    Examples
    --------
    >>> [is_sent(SchoolDone(file, "Larkmoor")) for file in ("sent/990001.json", "params/larkmoor.yml")]
    [True, False]
    """
    return done.school_file.endswith(SENT_AS)


def taken_in(task: SchoolTask, done: SchoolDone) -> SchoolDone:
    """Take in the counts that a school made itself and sent (``attendance impact export``).

    Raises
    ------
    InputError
        If the file is damaged or of another form, or its counts end on another day than the trust's paper.
    """
    told = read_counts(task.school_file)
    if told.up_to != task.to.isoformat():
        raise InputError(
            f"{task.school_file} holds counts up to {told.up_to}, and the trust's paper is up to {task.to}. Ask the school for "
            f"those: attendance impact export --to {task.to}"
        )
    write_counts(told, counts_file(task.counts, told.urn))
    return replace(done, name=told.name, urn=told.urn, counts=TAKEN_IN)


def stopped(done: SchoolDone, error: AttendanceError | None, fault: str = "") -> SchoolDone:
    """Return what came of a school that an error stopped; the message of a fault of ours may name a pupil, and is left out.

    Examples
    --------
    >>> done = stopped(SchoolDone("larkmoor.yml", "Larkmoor"), None, "KeyError")
    >>> done.why, done.said
    ('A fault of this program', ('larkmoor.yml: stopped by KeyError, a fault of the library.',))
    """
    code = error.exit_code if error else FAULT
    line = str(error) if error else f"{done.school_file}: stopped by {fault}, a fault of the library."
    said = tuple(dict.fromkeys((*done.said, *line.splitlines())))
    why = SENT_REFUSED if is_sent(done) and code == InputError.exit_code else WHY.get(code, WHY[FAULT])
    return replace(done, exit_code=done.exit_code or code, why=why, said=said)


def papers_due(
    task: SchoolTask, clock: Callable[[], datetime]
) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Make a school's due papers, and return the exit code of the first failure, the papers made, and what was reported."""
    made: list[str] = []
    said: list[str] = []
    request = DueRequest(with_own_papers(task.project, task.school_file), task.school_file, task.out, task.on)
    code = make_missing(request, Hands(make_in_a_process, say=said.append, show=made.append, clock=clock))
    return code, tuple(made), tuple(said)


# Counts, made once


def counted_or_kept(task: SchoolTask, settings: "Settings", counting: Counting) -> str:
    """Write a school's counts unless they are there from the same inputs; return which of the two.

    What they tell is kept beside what the school published, so that no later report of it betrays what they withhold.

    Raises
    ------
    InputError
        If an export cannot be read.
    """
    path, key = counts_file(task.counts, settings.school.urn), made_from(task, settings)
    if is_kept(path, key):
        return KEPT
    # Under the URNs that the school had, too: the last of them is its own, to which is added.
    urns = (*(each.urn for each in settings.school.formerly), settings.school.urn)
    histories = [history_of(task.school_file, urn, GOVERNORS_REPORT.name) for urn in urns]
    published = tuple(record for history in histories for record in history.records())
    cohorts = task.project.params / "cohorts.yml"
    asked = CountsAsked(task.school_file, cohorts, task.to, task.sees, published)
    told, record = counting(asked)
    # The record first: counts that are there have been told.
    keep_record(task.counts / f".{settings.school.urn}.record", record, histories[-1].add)
    write_counts(replace(told, made_from=key), path)
    return MADE


def export_counts(task: SchoolTask, settings: "Settings", counting: Counting) -> Path:
    """Write the counts of one school for its trust, as ``attendance trust`` does where it sees to the school; return the file.

    Raises
    ------
    SettingsError, InputError, DisclosureError
        If the school file or its exports cannot be used, or the counts cannot be made safe.
    """
    counted_or_kept(task, settings, counting)
    return counts_file(task.counts, settings.school.urn)


def made_from(task: SchoolTask, settings: "Settings") -> str:
    """Return the SHA-256 of all that a school's counts are made from; empty if an export cannot be read."""
    from attendance_lib.intake.school_store import key_of

    read = key_of(settings)
    asked = [read, task.to.isoformat(), task.sees, library_hash()]
    return hashlib.sha256(json.dumps(asked).encode("ascii")).hexdigest() if read else ""


@cache
def library_hash() -> str:
    """Return the SHA-256 of this library's code and figures: its version alone does not distinguish commits."""
    library = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for path in library.rglob("*") if path.suffix in (".py", ".csv")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_kept(path: Path, key: str) -> bool:
    """Whether a file of counts is there that was made from the same.

    Examples
    --------
    >>> is_kept(Path("990001.json"), "")  # an export cannot be read, so nobody knows what they would be made from
    False
    """
    try:
        return bool(key) and read_counts(path).made_from == key
    except InputError:
        return False


def keep_record(half: Path, record: dict, add: Callable[[Path], None]) -> None:
    """Add a record to what was published, by way of a file that goes."""
    half.parent.mkdir(parents=True, exist_ok=True)
    try:
        text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        with private_file(half) as file:
            file.write(escaped_in_json(text))
        add(half)
    finally:
        half.unlink(missing_ok=True)


# Memory


def bound_memory(most: int) -> None:
    """Let this process and what it starts take so many bytes of address space at the most, where the system has such a limit."""
    if resource is not None and most:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


def begin_peak() -> None:
    """Let this process's greatest memory count from now on, where the system can."""
    with suppress(OSError):
        CLEAR.write_text(FORGET_PEAK)


def peak_mb(*, had_papers: bool) -> int:
    """Return the greatest memory of this process since ``begin_peak``, and of papers it had made, in megabytes; 0 if unknown."""
    if resource is None:
        return 0
    unit = MEGABYTE if sys.platform == "darwin" else KILOBYTE
    own = linux_peak() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
    papers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // unit if had_papers else 0
    return max(own, papers)


def linux_peak() -> int:
    """Return the greatest memory of this process as Linux tells it, in megabytes; 0 elsewhere."""
    try:
        lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // KILOBYTE for line in lines if line.startswith(PEAK)), 0)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
