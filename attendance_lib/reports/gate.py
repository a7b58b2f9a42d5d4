"""The gate: a request is checked and the exports are read once before any kernel starts."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import InputError, RequestError
from attendance_lib.reports.files import OPEN_FILES, sha256
from attendance_lib.reports.history import history_of
from attendance_lib.reports.pack import (
    PackPlace,
    find_previous_pack,
    named_apart,
    pack_name,
    read_back_from,
    report_folder,
)
from attendance_lib.reports.papers import paper_of
from attendance_lib.reports.period import Period
from attendance_lib.reports.progress import Progress
from attendance_lib.reports.published import SEPARATOR, named_packs, published_packs, record_of
from attendance_lib.reports.request import (
    WHOLE_SCHOOL,
    Job,
    RunRequest,
    check_request,
    own_values,
    settle,
    settle_request_period,
    values_apart,
)

if TYPE_CHECKING:
    from attendance_lib.intake.school import CheckedSchool
    from attendance_lib.intake.settings import Settings


def pass_gate(request: RunRequest, progress: Progress) -> Job:
    """Return the job of a request that nothing in the settings or the exports refuses.

    Raises
    ------
    AttendanceError
        Whatever ``check_request`` refuses, and an InputError for exports that intake refuses.
    """
    with progress.step("Checking the settings"):
        settings = check_request(request)
    with progress.step("Reading the exports"):
        newest = newest_mark(settings)
    check_reaches(newest, request.marks_to)
    return settle(request, settings, newest, previous_pack(request, settings, newest))


def newest_mark(settings: "Settings") -> date:
    """Return the date of the newest mark, having read and checked every export.

    Raises
    ------
    InputError
        If the exports are refused, with the problems that ``attendance check`` tells.
    """
    return read_exports(settings).accepted().marks["date"].max().date()


def check_reaches(newest: date, marks_to: date | None) -> None:
    """Refuse exports that end before the day that a paper waits for, so that it is not made from half its marks.

    Raises
    ------
    InputError
        If the newest mark is before that day.
    """
    if marks_to and newest < marks_to:
        raise InputError(
            f"the newest mark is of {newest}, and this paper waits for marks of {marks_to}. Export the marks again, "
            "or name the days without school under 'calendar'."
        )


def read_exports(settings: "Settings") -> "CheckedSchool":
    """Return the exports as read and judged; a report and ``attendance check`` both come through here."""
    from attendance_lib.intake.school import read_school_checked

    return read_school_checked(settings)


def previous_pack(request: RunRequest, settings: "Settings", newest: date) -> str:
    """Return the pack to compare with, relative to the project: the one asked for, else the latest earlier one, else "".

    A published paper must not betray what any other of its readers' papers withholds, so it is given the records of all
    that was ever published: the version that it replaces, too.
    """
    if request.previous_pack is not None:
        return request.previous_pack
    period = settle_request_period(request, settings.build_calendar(), newest)
    if paper_of(request.report).is_published:
        return SEPARATOR.join(
            request.project.relative(record) for record in published_before(request, settings)
        )
    found = find_previous_pack(packs_of(request, settings), request.cohort, period, own_values(request))
    return request.project.relative(read_back_from(found)) if found else ""


def published_before(request: RunRequest, settings: "Settings") -> list[Path]:
    """Return the records of all that was published of a report, having taken in those that were given and those of packs here.

    Raises
    ------
    DisclosureError
        If one is missing.
    """
    history = history_of(request.school_file, settings.school.urn, request.report)
    history.give(record_of(path) for path in request.earlier)
    for pack in published_packs(request.out.resolve(), settings.school.urn, request.report):
        history.add(record_of(pack))
    return history.records()


def keep_published(job: Job, folder: Path) -> None:
    """Keep the record of a published paper for all that come after; a paper made again from its receipt is kept already."""
    if paper_of(job.request.report).is_published and job.request.previous_pack is None:
        history = history_of(job.request.school_file, job.settings.school.urn, job.request.report)
        history.add(record_of(folder))


def packs_of(request: RunRequest, settings: "Settings") -> Path:
    """Return the folder in which this report's packs of this school are."""
    return report_folder(request.out.resolve(), (settings.school.name, settings.school.urn), request.report)


def place_of(job: Job) -> PackPlace:
    """Return where a job's pack goes."""
    return place_in(job.request, job.settings, job.period)


def place_in(request: RunRequest, settings: "Settings", period: Period) -> PackPlace:
    """Return where the pack of a request goes once its period is settled."""
    name = pack_name(period, request.cohort, WHOLE_SCHOOL)
    return PackPlace(packs_of(request, settings), named_apart(name, values_apart(request)))


def input_hashes(job: Job) -> dict[str, str]:
    """Return the SHA-256 of every file the report is made from, by its path relative to the project."""
    project = job.request.project
    files = [job.request.school_file, job.request.cohorts, *export_files(job.settings), *previous_files(job)]
    return {project.relative(path): sha256(path) for path in dict.fromkeys(path.resolve() for path in files)}


def export_files(settings: "Settings") -> list[Path]:
    """Return the files of all exports that the school file names, in its order, then those of DfE's that it leads to."""
    from attendance_lib.intake.sources import DFE_KEYS, dfe_files, find_sources

    kinds = type(settings.exports).model_fields
    exports = [
        export.path for kind in kinds for source in find_sources(settings, kind) for export in source.exports
    ]
    return [*exports, *(path for key in DFE_KEYS for path in dfe_files(settings, key))]


def previous_files(job: Job) -> list[Path]:
    """Return what a report reads of the previous pack: the workbook that staff filled in, or the records if published.

    Raises
    ------
    RequestError
        If there is none.
    """
    previous = job.parameters["previous_pack"]
    if paper_of(job.request.report).is_published:
        return [record_of(job.request.project.absolute(pack)) for pack in named_packs(str(previous))]
    folder = job.request.project.absolute(str(previous))
    found = sorted(path for path in folder.glob("*.xlsx") if not path.name.startswith(OPEN_FILES))
    if previous and not found:
        raise RequestError(
            f"the previous pack {previous} holds no workbook. Put its folder back, or name another."
        )
    return found if previous else []
