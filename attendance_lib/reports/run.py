"""Make a report's pack: gate, notebook, renderings, receipt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from attendance_lib.casebook.disk import reference_to
from attendance_lib.errors import ChangedInputsError, InputError, counted
from attendance_lib.reports.desk import (
    Desk,
    Printed,
    WrittenFrom,
    newly_written_from,
    print_in,
    written_from_again,
)
from attendance_lib.reports.draws import keep_list, list_written
from attendance_lib.reports.execute import Execution, Progress, execute, printed_warnings
from attendance_lib.reports.files import hashes_below, naming
from attendance_lib.reports.folder import PackPlace, building, check_free, check_not_open, own_values
from attendance_lib.reports.gate import input_files, input_hashes, keep_published, pass_gate, store_in
from attendance_lib.reports.handed import prints_of, take_documents, write_documents
from attendance_lib.reports.own_papers import with_own_papers
from attendance_lib.reports.parameters import CASEBOOK, values_in_words
from attendance_lib.reports.printed import Facts
from attendance_lib.reports.project import Project
from attendance_lib.reports.published import SEPARATOR, drop_warnings, tell_parameters
from attendance_lib.reports.published_names import Found, told_parameters
from attendance_lib.reports.receipt import Receipt, read_receipt, rules_in_force, versions_of, write_receipt
from attendance_lib.reports.render import render
from attendance_lib.reports.request import Job, RunRequest, place_of
from attendance_lib.reports.scratch import scratch
from attendance_lib.reports.shelves import Shelves
from attendance_lib.reports.verify import inputs_not_as_they_were


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
    job = pass_gate(request, run.progress, run.say)
    place = place_of(job)
    check_free(place, replace=request.replace)
    check_not_open(place)
    is_published = request.paper.is_published
    shelves = Shelves(job.settings, request.out.resolve())
    for line in shelves.under_another_name(request.project):
        run.say(line)
    desk = Desk(shelves, run.say, started.isoformat(timespec="seconds"))
    with run.progress.step("Taking in what staff wrote"), naming(place.folder):
        source = source_of(job, desk)
        written = list_written(job, desk)
    job = replace(job, parameters=job.parameters | source.shown | written)
    with (
        building(place, replace=request.replace, say=run.say, is_published=is_published) as folder,
        scratch(),
    ):
        inputs = input_hashes(job)
        built = build(job, place, folder, (source, run.progress))
        check_unchanged(inputs, input_hashes(job))
        write_receipt(receipt_of(job, folder, inputs, (built, source), times_of(run, started)), folder)
        keep_published(job, folder, desk.made_at, run.say)
        keep_list(job, folder, desk)
        if request.earlier is None:
            for workbook, printed in built.prints.items():
                desk.register(printed, folder / workbook, place.pack / workbook)
    return place.pack


def times_of(run: Run, started: datetime) -> dict[str, object]:
    """Return when a run began and ended, and what each of its steps took, in seconds.

    Examples
    --------
    >>> run = Run(Progress(seconds={"HTML": 0.52}), clock=lambda: datetime(2026, 11, 20, 8, 5, 59, 999, tzinfo=UTC))
    >>> times_of(run, datetime(2026, 11, 20, 8, tzinfo=UTC))
    {'started': '2026-11-20T08:00:00+00:00', 'ended': '2026-11-20T08:05:59+00:00', 'seconds': {'HTML': 0.52}}
    """
    began, ended = (each.isoformat(timespec="seconds") for each in (started, run.clock()))
    return {"started": began, "ended": ended, "seconds": run.progress.seconds}


def source_of(job: Job, desk: Desk) -> WrittenFrom:
    """Return what of the casebook a pack is written from, having taken in what is new; nothing if its report reads none.

    Raises
    ------
    CasebookError
        If the casebook cannot be used, with the remedy.
    """
    request = job.request
    if CASEBOOK not in job.parameters:
        return WrittenFrom()
    if request.earlier is not None:
        return written_from_again(request.earlier, request.project, desk.shelves.urns)
    about = (request.report, request.cohort, job.period.date_to.isoformat())
    return newly_written_from(desk, desk.take_in(job.logs), about, request.project)


@dataclass(frozen=True)
class Built:
    """What building a pack came to: warnings for the receipt, and what its workbooks print for staff to fill in, if anything.

    ``prints`` is by the path of the workbook within the pack: its own, and those of documents that are each for one reader.
    """

    warnings: list[str]
    prints: "Printed" = field(default_factory=dict)


def build(job: Job, place: PackPlace, folder: Path, at: tuple[WrittenFrom, Progress]) -> Built:
    """Execute and render into a folder."""
    source, progress = at
    target = folder / job.request.report
    execution = Execution(
        job.notebook,
        job.parameters | source.parameters,
        job.request.project.root,
        target.with_suffix(".ipynb"),
        place.failed,
        source.shown,
        told_to_kernel(job.request),
    )
    with progress.step("Notebook"):
        notebook = execute(execution, progress)
    warnings, is_published = printed_warnings(notebook), job.request.paper.is_published
    if is_published:
        tell_parameters(notebook, parameters_told(job))
        drop_warnings(notebook, target.with_suffix(".ipynb"))
    printed = None if is_published else print_in(notebook, facts_of_job(job), source.basis)
    documents = take_documents(notebook, target.with_suffix(".ipynb"))
    handed = prints_of(documents, facts_of_job(job), source.basis)
    pack_id = printed.pack_id if printed else ""
    is_own = bool(job.request.paper.read_beside)
    rendered = render(notebook, target, progress, is_published=is_published, is_own=is_own, pack_id=pack_id)
    if documents:
        with progress.step("Documents"):
            rendered += write_documents(documents, folder, handed)
    own = {f"{target.name}.xlsx": printed} if printed else {}
    return Built(warnings + rendered, own | handed)


def told_to_kernel(request: RunRequest) -> dict[str, str]:
    """Return the variables by which a kernel finds the school that the gate has read; a notebook has no parameter for it."""
    from attendance_lib.intake.school_store import STORE_VARIABLE

    return {STORE_VARIABLE: str(store_in(request.out).folder)}


def facts_of_job(job: Job) -> Facts:
    """Return which pack a job makes."""
    period, request = job.period, job.request
    days = (period.date_from.isoformat(), period.date_to.isoformat())
    return Facts(
        job.settings.school.urn, request.report, *days, request.cohort, values_in_words(job.parameters)
    )


def parameters_told(job: Job) -> dict[str, object]:
    """Return the notebook's parameters as its receipt tells them: those of a published paper without folders elsewhere."""
    if not job.request.paper.is_published:
        return job.parameters
    return told_parameters(job.parameters, input_files(job), job.request.project)


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the files, in order, whose hashes differ or that only one side has.

    Examples
    --------
    >>> differing({"pupils.csv": "1f", "marks.csv": "2a"}, {"pupils.csv": "1f", "marks.csv": "3c", "logs.csv": "4b"})
    ['logs.csv', 'marks.csv']
    """
    return sorted({name for name, _ in before.items() ^ after.items()})


def check_unchanged(before: dict[str, str], after: dict[str, str]) -> None:
    """Refuse a pack whose inputs changed while it was made.

    Raises
    ------
    InputError
        One line for each file that changed.

    Examples
    --------
    >>> check_unchanged({"pupils.csv": "1f", "marks.csv": "2a"}, {"pupils.csv": "1f", "marks.csv": "3c"})
    Traceback (most recent call last):
    attendance_lib.errors.InputError: marks.csv changed while the report was made. Run it again.
    """
    changed = differing(before, after)
    if changed:
        raise InputError(*(f"{path} changed while the report was made. Run it again." for path in changed))


def receipt_of(
    job: Job, folder: Path, inputs: dict[str, str], made: tuple[Built, WrittenFrom], times: dict
) -> Receipt:
    """Return the receipt of what a folder holds."""
    built, source = made
    request, school = job.request, job.settings.school
    return Receipt(
        report=request.report,
        school={"name": school.name, "urn": school.urn},
        date_from=job.period.date_from.isoformat(),
        date_to=job.period.date_to.isoformat(),
        cohort=request.cohort,
        parameters=parameters_told(job),
        inputs=inputs,
        outputs=hashes_below(folder),
        rules=rules_in_force(job.settings, job.period.date_to),
        versions=versions_of(request.project.root),
        warnings=built.warnings,
        casebook=source.receipt(f"{request.report}.xlsx", built.prints),
        missing_percent=job.missing_percent,
        marks_to=request.marks_to.isoformat() if request.marks_to else "",
        times=times,
    )


# Make a pack again from its receipt, elsewhere, and compare bytes


def rerun_differences(pack: Path, project: Project, run: Run, school_file: Path | None = None) -> list[str]:
    """Return a line for each file whose bytes differ when the pack is made again from its receipt.

    The new files are compared with the receipt's hashes, so a workbook filled in since does not count. ``school_file`` is
    as ``verify_pack`` takes it.

    Raises
    ------
    ChangedInputsError
        If an input is not what it was: other bytes would tell nothing, so nothing is made.
    AttendanceError
        If the report can no longer be made.
    """
    receipt = read_receipt(pack)
    found = Found(pack, receipt, project, school_file)
    if changed := list(inputs_not_as_they_were(found)):
        what = counted(len(changed), "input has", "inputs have")
        raise ChangedInputsError(
            "\n".join([f"{pack}: not made again, for {what} changed or gone since it was made:", *changed])
        )
    with scratch() as folder:
        request = request_of(found, folder)
        again = read_receipt(run_report(request, run))
    if (told := receipt.casebook.get("head")) and again.casebook.get("head") != told:
        revision = receipt.casebook.get("revision")
        return [
            f"casebook: its revision {revision} is not the one that this pack was written from, "
            "so the pack cannot be made again as it was"
        ]
    differ = differing(receipt.outputs, again.outputs)
    return [f"{name}: comes out different when made again" for name in differ]


def request_of(found: Found, out: Path) -> RunRequest:
    """Return the request that a receipt tells of."""
    receipt, project = found.receipt, with_own_papers(found.project, found.needed_school())
    return RunRequest(
        report=receipt.report,
        project=project,
        school_file=found.needed_school(),
        out=out,
        date_from=date.fromisoformat(receipt.date_from),
        date_to=date.fromisoformat(receipt.date_to),
        cohort=receipt.cohort,
        cohorts_file=found.cohorts,
        earlier=earlier_of(found),
        values=own_values(receipt),
    )


def earlier_of(found: Found) -> str:
    """Return what a pack read of earlier papers: the casebook at its revision, or the other papers of its readers.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> earlier_of(SimpleNamespace(receipt=SimpleNamespace(casebook={"file": "casebook-990001.sqlite", "revision": 12})))
    'casebook-990001.sqlite@12'
    """
    known = found.receipt.casebook
    if "revision" in known:
        return reference_to(str(known["file"]), int(known["revision"]))
    return SEPARATOR.join(map(found.project.relative, found.previous_packs))
