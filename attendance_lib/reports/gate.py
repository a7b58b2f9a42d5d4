"""The gate: a request is checked and the exports are read once before any kernel starts."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.casebook.book import Casebook, Published
from attendance_lib.errors import DisclosureError, InputError, counted
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.files import sha256
from attendance_lib.reports.folder import recover_below
from attendance_lib.reports.names import school_folder
from attendance_lib.reports.period import newest_weeks
from attendance_lib.reports.printed import TOLD_LOGS
from attendance_lib.reports.published import (
    REMEDY,
    SEPARATOR,
    RecordFolder,
    history_of,
    named_packs,
    published_packs,
    record_of,
)
from attendance_lib.reports.published_names import named_files
from attendance_lib.reports.request import (
    Job,
    RunRequest,
    check_request,
    place_of,
    settle,
)
from attendance_lib.reports.shelves import Shelves

if TYPE_CHECKING:
    from attendance_lib.intake.checked_school import CheckedSchool, School
    from attendance_lib.intake.school_store import SchoolStore
    from attendance_lib.intake.settings.school_file import Settings
    from attendance_lib.register.grid import Register


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
        logs={name: getattr(school, name) for name in TOLD_LOGS},
        parameters=job.parameters | other_published(job, say),
    )


def read_exported(settings: "Settings", store: "SchoolStore | None" = None) -> "School":
    """Return the school, having read and checked every export, unless a store has that of the same exports.

    What had to be read is put into the store, for the next paper, and held for what is forked from this process.

    Raises
    ------
    InputError
        If the exports are refused, with the problems that ``attendance check`` tells.
    """
    from attendance_lib.intake.school_store import open_school

    return open_school(settings, store, keeps=True, holds=True)


def store_in(out: Path) -> "SchoolStore":
    """Return where schools that were read are kept beside the packs of a folder."""
    from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore

    return SchoolStore(out.resolve() / STORE_FOLDER)


def register_of(school: "School") -> "Register":
    """Return the register of a school, held for what is forked from this process."""
    from attendance_lib.register.held import held_register

    return held_register(school.pupils, school.marks, school.calendar, holds=True).register


def check_reaches(last: date, marks_to: date | None) -> None:
    """Refuse exports that end before the day that a paper waits for, so that it is not made from half its marks.

    Raises
    ------
    InputError
        If the last register taken is before that day; codes entered ahead do not count.

    Examples
    --------
    >>> check_reaches(date(2026, 11, 20), date(2026, 11, 20)), check_reaches(date(2026, 11, 19), None)
    (None, None)
    >>> check_reaches(date(2026, 11, 19), date(2026, 11, 20))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: the last register taken is of 2026-11-19, and this paper waits for marks of 2026-11-20. ...
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
    from attendance_lib.register.broken_off import missing_percent, problems_of_period

    request, paper = job.request, job.request.paper
    register = register_of(school)
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
    if not request.paper.is_published or request.earlier is not None:
        return {}
    records = published_before(job, place_of(job).pack.name, say)
    return {"previous_pack": SEPARATOR.join(request.project.relative(record) for record in records)}


def keep_published(job: Job, folder: Path, made_at: str, say: Callable[[str], None]) -> None:
    """Keep the record of a published paper for all that come after; a paper made again from its receipt is kept already."""
    if job.request.paper.is_published and job.request.earlier is None:
        keep(job, folder, made_at, say)


def input_files(job: Job) -> dict[str, Path]:
    """Return every file that the report is made from, by the name that its receipt gives it."""
    from attendance_lib.intake.settings.sources import export_files

    request = job.request
    own = [job.notebook] if request.project.is_own(request.report) else []
    files = [request.school_file, request.cohorts, *export_files(job.settings), *records_read(job), *own]
    return named_files(files, request.project, is_published=request.paper.is_published)


def input_hashes(job: Job) -> dict[str, str]:
    """Return the SHA-256 of every file that the report is made from, by the name that its receipt gives it."""
    return {name: sha256(path) for name, path in input_files(job).items()}


def records_read(job: Job) -> list[Path]:
    """Return the records of published packs that a paper reads: a published one others of its kind, another those it repeats.

    Raises
    ------
    RequestError
        If one is not there.
    DisclosureError
        If one is missing or was changed.
    """
    paper = job.request.paper
    if paper.repeats:
        return history_of(job.request.school_file, job.settings.school.urn, paper.repeats).records()
    if not paper.is_published:
        return []
    return [record_of(job.request.project.absolute(pack)) for pack in named_packs(job.earlier)]


@dataclass(frozen=True)
class KeptTwice:
    """The records of a report in the folder and in the casebook; ``say`` tells what was put back.

    ``may_begin`` says that a casebook which is not there may be begun: not where packs name one that is lost.
    """

    folder: RecordFolder
    book: Casebook
    report: str
    say: Callable[[str], None]
    may_begin: bool = True

    def put_back(self) -> None:
        """Put back into the folder what only the casebook holds.

        Raises
        ------
        DisclosureError
            If the two contradict each other: what readers hold would not be known.
        CasebookError
            If the casebook cannot be read.
        """
        told = self.book.published_in_any_copy(self.report)
        held = {path.name: path.read_bytes() for path in self.folder.files()}
        texts = {each.record.encode() for each in told}
        for each in told:
            self._check(each, held, texts)
        missing = [each for each in told if each.record.encode() not in held.values()]
        for each in missing:
            self.folder.put_back(each.name, each.record.encode())
        if missing:
            count = counted(len(missing), "record", "records")
            self.say(f"{count} of published papers put back from the casebook into {self.folder.folder}.")

    def _check(self, told: Published, held: dict[str, bytes], texts: set[bytes]) -> None:
        """Refuse a file in the place of a record that the casebook holds, if neither is anywhere in the other."""
        here = next((name for name in held if name.split("_")[0] == told.name.split("_")[0]), None)
        if here and told.record.encode() not in held.values() and held[here] not in texts:
            raise DisclosureError(
                f"{self.folder.folder / here} is not what {self.book.path} says was published then, so it is not known what "
                "governors hold and no further report can be made safe. If the file was changed or is of another school, "
                "move it away: the next run puts back what the casebook holds. If the casebook is of another school, "
                "put the right one back."
            )

    def keep(self, record: Path, told: Published, made_at: str) -> None:
        """Keep the record of a paper that is about to leave the school, and in the casebook what only the folder holds.

        Parameters
        ----------
        record : pathlib.Path
            Its file.
        told : Published
            Which paper it is; record and name are filled in here.
        made_at : str
            When (ISO).
        """
        self.folder.add(record)
        if not (self.may_begin or self.book.path.exists()):
            self.say(
                f"{self.book.path} is not there, though packs name it: what is published is kept in {self.folder.folder} only."
            )
            return
        known = {each.record for each in self.book.published()}
        new = [path for path in self.folder.records() if path.read_bytes().decode() not in known]
        for path in new:
            days = told.report_key if path.read_bytes() == record.read_bytes() else (self.report, "", "", "")
            self.book.publish(Published(*days, path.read_bytes().decode(), path.name), made_at)
        if len(new) > 1:
            self.say(
                f"{counted(len(new) - 1, 'record', 'records')} of earlier published papers added to the casebook."
            )


# Records of this layout do not say over which days a count was made, so nothing can be concluded from them beside ours.
UNDATED_LAYOUT = 1


def published_before(job: Job, making: str, say: Callable[[str], None]) -> list[Path]:
    """Return the records of all that was published of a report, having taken in those that were given and those of packs here.

    Parameters
    ----------
    job : Job
        Of a published paper.
    making : str
        The name of the pack that it makes.
    say : callable
        Tells a line.

    Raises
    ------
    RequestError
        If a pack holds no record.
    DisclosureError
        If a record is missing, was changed, or cannot be read beside ours, or the casebook holds another.
    CasebookError
        If the casebook cannot be read.
    """
    shelves, history = shelves_of(job), history_for(job)
    kept_twice(job, say).put_back()
    packs = published_packs(folder / report for folder in shelves.folders for report in read_together(job))
    here = list(map(record_of, readable_packs(packs, making)))
    given = list(map(record_of, job.request.given))
    history.give(map(checked_record, given))
    for record in (*records_under(job, shelves.urns[1:]), *here):
        if not history.holds(record):
            history.add(checked_record(record))
    return history.records()


def read_together(job: Job) -> list[str]:
    """Return the reports that readers of a published paper hold: its own, and all of a school's that are kept with it."""
    history, request = job.request.paper.history, job.request
    others = (replace(request, report=name).paper for name in request.project.reports())
    return list(dict.fromkeys([history, *(paper.name for paper in others if paper.history == history)]))


def history_for(job: Job) -> RecordFolder:
    """Return where what a job's report publishes is kept."""
    return history_of(job.request.school_file, job.settings.school.urn, job.request.paper.history)


def shelves_of(job: Job) -> Shelves:
    """Return the folders of a job's school."""
    return Shelves(job.settings, job.request.out.resolve())


def kept_twice(job: Job, say: Callable[[str], None]) -> KeptTwice:
    """Return where what a job's report publishes is kept, the casebook of its packs too."""
    shelves = shelves_of(job)
    return KeptTwice(
        history_for(job), shelves.book, job.request.paper.history, say, may_begin=not shelves.known()
    )


def keep(job: Job, pack: Path, made_at: str, say: Callable[[str], None]) -> None:
    """Keep the record of a published pack that is about to appear, made by a job at a time (ISO)."""
    period, request = job.period, job.request
    days = (period.date_from.isoformat(), period.date_to.isoformat())
    # A school's own paper is kept among those of the report that its readers hold, apart from any of the same days.
    of = f"{request.cohort}, {request.report}" if request.paper.read_beside else request.cohort
    told = Published(request.paper.history, *days, of, "")
    kept_twice(job, say).keep(record_of(pack), told, made_at)


def records_under(job: Job, urns: Iterable[str]) -> list[Path]:
    """Return the records that were kept of a job's report while its school had other numbers."""
    histories = (history_of(job.request.school_file, urn, job.request.paper.history) for urn in urns)
    return [record for history in histories for record in history.records()]


def checked_record(record: Path) -> Path:
    """Return the file of a record, if it is one: once kept among the others it could never be taken away again.

    Raises
    ------
    DisclosureError
        If it is none, or one that cannot be compared with ours. The disclosure step asks more of its figures.
    """
    held = held_in(record)
    if not {"layout", "level", "partitions", "counts"} <= held.keys():
        raise DisclosureError(f"{record} is no record of a published report. {REMEDY}")
    if held["layout"] == UNDATED_LAYOUT:
        raise DisclosureError(made_by_another_version(record))
    return record


def readable_packs(packs: Iterable[Path], making: str) -> list[Path]:
    """Return those of all published packs, the oldest first, whose records say over which days they counted.

    Others must be made again first, the oldest first: while one is made again, it and those after it are passed over. One of
    which a newer version lies in another folder, as of a school that was renamed since, is made again already.

    Raises
    ------
    DisclosureError
        Naming the oldest of those others.
    """
    old = {pack: is_undated(record_of(pack)) for pack in packs}
    readable = [pack for pack, is_old in old.items() if not is_old]
    remade = {pack.name for pack in readable}
    waiting = [pack for pack, is_old in old.items() if is_old and pack.name not in remade]
    if waiting and waiting[0].name != making:
        raise DisclosureError(made_by_another_version(waiting[0]))
    return readable


def is_undated(record: Path) -> bool:
    """Whether a record does not say over which days a count was made."""
    return held_in(record).get("layout") == UNDATED_LAYOUT


def held_in(record: Path) -> dict:
    """Return what a file of JSON holds; nothing if it is none."""
    try:
        held = json.loads(record.read_bytes())
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def made_by_another_version(pack: Path) -> str:
    """Say why a report that an earlier version made stops others, and what to do.

    Examples
    --------
    >>> made_by_another_version(Path("governors/2026-07-17")).partition(",")[0]
    'governors/2026-07-17 was made by an earlier version'
    """
    return (
        f"{pack} was made by an earlier version, whose record does not say over which days each count was made: no other "
        "report can be made safe beside it. Make that report again with --replace, for the same days and cohort, and send it to "
        "its readers in place of the old one. If there are several such reports, begin with this one, the oldest."
    )
