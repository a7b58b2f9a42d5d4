"""What was published before a paper, which it must not betray, taken from every place where it may be known."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from attendance_lib.casebook.book import Published
from attendance_lib.errors import DisclosureError
from attendance_lib.reports.history import RecordFolder, history_of
from attendance_lib.reports.kept_twice import KeptTwice
from attendance_lib.reports.published import REMEDY, published_packs, record_of
from attendance_lib.reports.request import Job
from attendance_lib.reports.shelves import Shelves

# Records of this layout do not say over which days a count was made, so nothing can be told from them beside ours.
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
    packs = published_packs(folder / job.request.report for folder in shelves.folders)
    here = [record_of(pack) for pack in readable_packs(packs, making)]
    given = [record_of(path) for path in job.request.given]
    history.give(map(checked_record, given))
    for record in (*records_under(job, shelves.urns[1:]), *here):
        if not history.holds(record):
            history.add(checked_record(record))
    return history.records()


def history_for(job: Job) -> RecordFolder:
    """Return where what a job's report publishes is kept."""
    return history_of(job.request.school_file, job.settings.school.urn, job.request.report)


def shelves_of(job: Job) -> Shelves:
    """Return the folders of a job's school."""
    return Shelves(job.settings, job.request.out.resolve())


def kept_twice(job: Job, say: Callable[[str], None]) -> KeptTwice:
    """Return where what a job's report publishes is kept, the casebook of its packs too."""
    shelves = shelves_of(job)
    return KeptTwice(history_for(job), shelves.book, job.request.report, say, may_begin=not shelves.known())


def keep(job: Job, pack: Path, made_at: str, say: Callable[[str], None]) -> None:
    """Keep the record of a published pack that is about to appear, made by a job at a time (ISO)."""
    period, request = job.period, job.request
    days = (period.date_from.isoformat(), period.date_to.isoformat())
    told = Published(request.report, *days, request.cohort, "")
    kept_twice(job, say).keep(record_of(pack), told, made_at)


def records_under(job: Job, urns: Iterable[str]) -> list[Path]:
    """Return the records that were kept of a job's report while its school had other numbers."""
    histories = (history_of(job.request.school_file, urn, job.request.report) for urn in urns)
    return [record for history in histories for record in history.records()]


def checked_record(record: Path) -> Path:
    """Return the file of a record, if it is one: once kept among the others it could never be taken away again.

    Raises
    ------
    DisclosureError
        If it is none, or one that cannot stand beside ours. The disclosure step asks more of its figures.
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
    """Say why a report that an earlier version made stops others, and what to do."""
    return (
        f"{pack} was made by an earlier version, whose record does not say over which days each count was made: no other "
        "report can be made safe beside it. Make that report again with --replace, for the same days and cohort, and send it to "
        "its readers in place of the old one. If there are several such reports, begin with this one, the oldest."
    )
