"""Make a report's pack: gate, notebook, renderings, receipt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from attendance_lib.errors import InputError
from attendance_lib.reports.execute import Execution, execute, printed_warnings
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.gate import input_hashes, keep_published, pass_gate, place_of
from attendance_lib.reports.pack import PackPlace, building, check_free
from attendance_lib.reports.papers import paper_of
from attendance_lib.reports.progress import Progress
from attendance_lib.reports.published import drop_warnings
from attendance_lib.reports.receipt import Receipt, versions_of, write_receipt
from attendance_lib.reports.render import render
from attendance_lib.reports.request import Job, RunRequest
from attendance_lib.reports.rules_in_force import rules_in_force


def utc_now() -> datetime:
    """Return the time, which goes into receipts and nowhere else."""
    return datetime.now(UTC)


def nobody(message: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Run:
    """How a run shows how far it has come, tells what the user should know, and reads the clock."""

    progress: Progress = field(default_factory=Progress)
    say: Callable[[str], None] = nobody
    clock: Callable[[], datetime] = utc_now


def run_report(request: RunRequest, run: Run | None = None) -> Path:
    """Make a report and return the folder of its pack, which appears whole or not at all.

    Parameters
    ----------
    request : RunRequest
        What is asked for.
    run : Run, optional
        Progress, messages and clock; by default nothing is shown.

    Returns
    -------
    pathlib.Path
        The pack's folder.

    Raises
    ------
    AttendanceError
        Whatever refuses the request, the inputs or the notebook; an earlier pack is then as it was.
    """
    run = run or Run()
    started = run.clock()
    job = pass_gate(request, run.progress)
    place = place_of(job)
    check_free(place, replace=request.replace)
    with building(place, replace=request.replace, say=run.say) as folder:
        inputs = input_hashes(job)
        warnings = build(job, place, folder, run.progress)
        check_unchanged(inputs, input_hashes(job))
        times = {
            "started": started.isoformat(timespec="seconds"),
            "ended": run.clock().isoformat(timespec="seconds"),
        }
        keep_published(job, folder)
        write_receipt(
            receipt_of(job, folder, inputs, warnings, times | {"seconds": run.progress.seconds}), folder
        )
    return place.pack


def build(job: Job, place: PackPlace, folder: Path, progress: Progress) -> list[str]:
    """Execute and render into a folder; return the warnings for the receipt."""
    target = folder / job.request.report
    execution = Execution(
        job.notebook, job.parameters, job.request.project.root, target.with_suffix(".ipynb"), place.failed
    )
    with progress.step("Notebook"):
        notebook = execute(execution, progress)
    warnings, is_published = printed_warnings(notebook), paper_of(job.request.report).is_published
    if is_published:
        drop_warnings(notebook, target.with_suffix(".ipynb"))
    return warnings + render(notebook, target, progress, is_published=is_published)


def check_unchanged(before: dict[str, str], after: dict[str, str]) -> None:
    """Refuse a pack whose inputs changed while it was made.

    Raises
    ------
    InputError
        One line for each file that changed.
    """
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    if changed:
        raise InputError(*(f"{path} changed while the report was made. Run it again." for path in changed))


def receipt_of(job: Job, folder: Path, inputs: dict[str, str], warnings: list[str], times: dict) -> Receipt:
    """Return the receipt of what a folder holds."""
    request, school = job.request, job.settings.school
    return Receipt(
        report=request.report,
        school={"name": school.name, "urn": school.urn},
        date_from=job.period.date_from.isoformat(),
        date_to=job.period.date_to.isoformat(),
        cohort=request.cohort,
        parameters=job.parameters,
        inputs=inputs,
        outputs=hashes_below(folder),
        rules=rules_in_force(job.settings, job.period.date_to),
        versions=versions_of(request.project.root),
        warnings=warnings,
        times=times,
    )
