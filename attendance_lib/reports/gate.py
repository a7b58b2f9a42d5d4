"""The gate: a request is checked and the exports are read once before any kernel starts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import InputError
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.folder import PackPlace, recover_below, sha256
from attendance_lib.reports.names import pack_name, report_folder, school_folder
from attendance_lib.reports.papers import paper_of
from attendance_lib.reports.period import Period, newest_weeks
from attendance_lib.reports.printed import LOGGED
from attendance_lib.reports.published import SEPARATOR, keep, named_packs, published_before, record_of
from attendance_lib.reports.published_names import named_files
from attendance_lib.reports.request import (
    Job,
    RunRequest,
    check_request,
    settle,
    values_apart,
)

if TYPE_CHECKING:
    from attendance_lib.intake.checked_school import CheckedSchool, School
    from attendance_lib.intake.school_store import SchoolStore
    from attendance_lib.intake.settings.school_file import Settings


def pass_gate(request: RunRequest, progress: Progress, say: Callable[[str], None]) -> Job:
    """Return the job of a request that nothing in the settings or the exports refuses.

    What killed runs left of this school's packs is cleared first: a pack that they hid may be the one to compare with.

    Raises
    ------
    AttendanceError
        Whatever ``check_request`` refuses, and an InputError for exports that intake refuses.
    """
    with progress.step("Checking the settings"):
        settings = check_request(request)
        recover_below(school_folder(request.out.resolve(), settings.school.name_and_urn), say)
    with progress.step("Reading the exports"):
        school = read_exported(settings, store_in(request.out))
    check_reaches(school.last_register_day, request.marks_to)
    job = settle(request, settings, school.last_register_day)
    job = replace(job, missing_percent=check_whole(school, job))
    return replace(
        job,
        logs={name: getattr(school, name) for name in LOGGED},
        parameters=job.parameters | other_published(job, say),
    )


def read_exported(settings: "Settings", store: "SchoolStore | None" = None) -> "School":
    """Return the school, having read and checked every export, unless a store has that of the same exports.

    What had to be read is put into the store, for the kernel and the next paper.

    Raises
    ------
    InputError
        If the exports are refused, with the problems that ``attendance check`` tells.
    """
    from attendance_lib.intake.school_store import open_school

    return open_school(settings, store, keeps=True)


def store_in(out: Path) -> "SchoolStore":
    """Return where schools that were read are kept beside the packs of a folder."""
    from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore

    return SchoolStore(out.resolve() / STORE_FOLDER)


def check_reaches(last: date, marks_to: date | None) -> None:
    """Refuse exports that end before the day that a paper waits for, so that it is not made from half its marks.

    Raises
    ------
    InputError
        If the last register taken is before that day; codes entered ahead do not count.
    """
    if marks_to and last < marks_to:
        raise InputError(
            f"the last register taken is of {last}, and this paper waits for marks of {marks_to}. Export the marks again, "
            "or name the days without school under 'calendar'."
        )


def check_whole(school: "School", job: Job) -> int:
    """Refuse exports that lack too many marks of the period, so that no paper tells untrue figures of it; return the percent.

    A published paper, and one that the schedule makes, is not made either while the newest registers break off: what
    ``attendance check`` refuses goes to nobody. A paper that is for finding missing marks is made all the same, as is one
    made again from its receipt.

    Raises
    ------
    InputError
        If they do (see ``register.broken_off``).
    """
    from attendance_lib.register import build_register
    from attendance_lib.register.broken_off import missing_percent, problems_of_period

    request, paper = job.request, paper_of(job.request.report)
    register = build_register(school.pupils, school.marks, school.calendar).register
    periods = [(job.period.date_from, job.period.date_to)]
    if paper.is_published or request.marks_to:
        periods.append(newest_weeks(school.calendar, school.last_register_day))
    problems = [problem for period in periods for problem in problems_of_period(register, *period)]
    if problems and request.earlier is None and not paper.lists_missing:
        raise InputError(*dict.fromkeys(problems))
    return missing_percent(register.between(*periods[0]))


def read_exports(settings: "Settings") -> "CheckedSchool":
    """Return the exports as read and judged, which ``attendance check`` tells of whether or not they are refused."""
    from attendance_lib.intake.school import read_school_checked

    return read_school_checked(settings)


def other_published(job: Job, say: Callable[[str], None]) -> dict[str, object]:
    """Return the parameter of a published paper that names all others of its readers, relative to the project.

    It must not betray what any of them withholds, so it is given the records of all that was ever published: the version
    that it replaces, too. Other papers have no such parameter.
    """
    request = job.request
    if not paper_of(request.report).is_published or request.earlier is not None:
        return {}
    records = published_before(job, place_of(job).pack.name, say)
    return {"previous_pack": SEPARATOR.join(request.project.relative(record) for record in records)}


def keep_published(job: Job, folder: Path, made_at: str, say: Callable[[str], None]) -> None:
    """Keep the record of a published paper for all that come after; a paper made again from its receipt is kept already."""
    if paper_of(job.request.report).is_published and job.request.earlier is None:
        keep(job, folder, made_at, say)


def packs_of(request: RunRequest, settings: "Settings") -> Path:
    """Return the folder in which this report's packs of this school are."""
    return report_folder(request.out.resolve(), settings.school.name_and_urn, request.report)


def place_of(job: Job) -> PackPlace:
    """Return where a job's pack goes."""
    return place_in(job.request, job.settings, job.period)


def place_in(request: RunRequest, settings: "Settings", period: Period) -> PackPlace:
    """Return where the pack of a request goes once its period is settled."""
    name = pack_name(period, request.cohort, values_apart(request))
    return PackPlace(packs_of(request, settings), name)


def input_files(job: Job) -> dict[str, Path]:
    """Return every file that the report is made from, by the name that its receipt gives it."""
    from attendance_lib.intake.settings.sources import export_files

    files = [job.request.school_file, job.request.cohorts, *export_files(job.settings), *records_read(job)]
    return named_files(files, job.request.project, is_published=paper_of(job.request.report).is_published)


def input_hashes(job: Job) -> dict[str, str]:
    """Return the SHA-256 of every file that the report is made from, by the name that its receipt gives it."""
    return {name: sha256(path) for name, path in input_files(job).items()}


def records_read(job: Job) -> list[Path]:
    """Return the records of other published packs that a published paper reads.

    Raises
    ------
    RequestError
        If one is not there.
    """
    if not paper_of(job.request.report).is_published:
        return []
    return [record_of(job.request.project.absolute(pack)) for pack in named_packs(job.earlier)]
