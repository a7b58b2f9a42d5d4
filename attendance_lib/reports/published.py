"""What is asked of a paper that leaves the school: nothing in it but what has passed the disclosure step."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from attendance_lib.casebook.book import Casebook, Published
from attendance_lib.errors import DisclosureError, RequestError, counted
from attendance_lib.reports.execute import INJECTED_TAG, write_executed
from attendance_lib.reports.folder import sha256
from attendance_lib.reports.receipt import RECEIPT, packs_in, read_receipt
from attendance_lib.reports.request import Job
from attendance_lib.reports.shelves import Shelves
from attendance_lib.rules.signs import escaped_in_json

if TYPE_CHECKING:
    from nbformat import NotebookNode


# What was published: the record of every report and version that left a school, kept by URN beside its school file

FOLDER = "published"
DIGITS, HASH = 4, 16


class History(Protocol):
    """Records of what was published, oldest first, to which one may be added and none taken away."""

    def records(self) -> list[Path]:
        """Return the files of all records, oldest first; a gap is refused."""
        ...

    def add(self, record: Path) -> None:
        """Keep a copy of a record, unless one that is the same is kept already."""
        ...


@dataclass(frozen=True)
class RecordFolder:
    """A history in files of a folder, each named by its number and by a hash of itself and of the name before it.

    So no record can be lost, changed or put in between without its being seen, but for the last.
    """

    folder: Path

    def files(self) -> list[Path]:
        """Return the files that bear a record's name, oldest first, whatever they hold."""
        return sorted(self.folder.glob(f"{'[0-9]' * DIGITS}_*.json"))

    def records(self) -> list[Path]:
        """Return the files of all records, oldest first.

        Raises
        ------
        DisclosureError
            If one is missing or was changed: what readers hold would not be known.
        """
        found, before = self.files(), ""
        for number, path in enumerate(found, start=1):
            if path.name != name_of(number, path.read_bytes(), before):
                raise DisclosureError(self._gap(number))
            before = path.name
        return found

    def add(self, record: Path) -> None:
        """Keep a copy of a record, unless one that is the same is kept already.

        Raises
        ------
        DisclosureError
            If another was added meanwhile, which the new one does not know of.
        """
        if self.holds(record):
            return
        held, content = self.records(), record.read_bytes()
        self.folder.mkdir(parents=True, exist_ok=True)
        name = name_of(len(held) + 1, content, held[-1].name if held else "")
        if any(self.folder.glob(f"{name[:DIGITS]}_*.json")):
            raise DisclosureError(
                "Another report of this school was published meanwhile. Make this one again."
            )
        (self.folder / name).write_bytes(content)

    def put_back(self, name: str, content: bytes) -> None:
        """Write a record at its own place, or after all others where that is taken: two machines published at the same time.

        Raises
        ------
        DisclosureError
            If it is to come after others, and one of those is missing.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(path.name[:DIGITS] == name[:DIGITS] for path in self.files()):
            held = self.records()
            name = name_of(len(held) + 1, content, held[-1].name)
        (self.folder / name).write_bytes(content)

    def holds(self, record: Path) -> bool:
        """Whether a record is kept already, word for word."""
        content = record.read_bytes()
        return any(path.read_bytes() == content for path in self.records())

    def give(self, records: Iterable[Path]) -> None:
        """Put records back that are missing, or add those of reports that were published elsewhere.

        Raises
        ------
        DisclosureError
            If one is asked for that none of these is.
        """
        for record in records:
            self._fill(record.read_bytes())
            self.add(record)

    def _fill(self, content: bytes) -> None:
        """Write a record at the first place where one is missing and this is the one."""
        names = {path.name[:DIGITS]: path.name for path in self.files()}
        number = next(place for place in range(1, len(names) + 2) if f"{place:0{DIGITS}d}" not in names)
        before = names.get(f"{number - 1:0{DIGITS}d}", "")
        name = name_of(number, content, before)
        after = names.get(f"{number + 1:0{DIGITS}d}")
        if after and after == name_of(number + 1, (self.folder / after).read_bytes(), name):
            (self.folder / name).write_bytes(content)

    def _gap(self, number: int) -> str:
        return (
            f"Of what was published before, record {number} is missing from {self.folder} or was changed, so it is not known "
            "what governors hold and no further report can be made safe. Put the file back from a copy, or name the folder "
            "of that earlier report with --earlier. One that was changed may be moved away: if the casebook of these packs "
            "holds it, the next run puts it back."
        )


def name_of(number: int, content: bytes, before: str) -> str:
    """Return the name of a record's file.

    Examples
    --------
    >>> name_of(1, b"{}", "")
    '0001_44136fa355b3678a.json'
    """
    return f"{number:0{DIGITS}d}_{hashlib.sha256(before.encode() + content).hexdigest()[:HASH]}.json"


def history_of(school_file: Path, urn: str, report: str) -> RecordFolder:
    """Return the history of a report of a school: beside its school file whatever the school is called, and wherever packs go."""
    return RecordFolder(school_file.resolve().parent / FOLDER / urn / report)


# What was published is kept twice, beside the school file and in the casebook: what the one misses comes back from the other


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


RECORD = "disclosure.json"
TABLES = "tables"
SEPARATOR = ";"
REMEDY = "Put its folder back as it was made, or move it away."


def check_published(notebook: "NotebookNode", target: Path) -> None:
    """Refuse an executed notebook that holds anything personal, or anything that is not known to be safe.

    Raises
    ------
    DisclosureError
        One line for each personal column or sentence and each output that no section made, by the cell's
        number, or if the disclosure step was not passed exactly once.
    """
    from attendance_lib.display.notebook import payloads_of, records_of
    from attendance_lib.display.workbook.publication import check_publishable

    check_publishable(payloads_of(notebook), target.with_suffix(".xlsx"))
    problems = list(unknown_outputs(notebook, target.name))
    passed = len(records_of(notebook))
    if passed != 1:
        problems.append(
            f"{target.name}: the disclosure step was passed {passed} times, not once. Show its note in one cell."
        )
    if problems:
        raise DisclosureError("\n".join(problems))


def unknown_outputs(notebook: "NotebookNode", name: str) -> Iterator[str]:
    """Yield a line for each cell that printed something or shows what is none of our tables, sentences or charts."""
    from attendance_lib.display.kinds import MIME

    for number, cell in enumerate(notebook.cells):
        outputs = cell.get("outputs", ())
        if any(MIME not in output.get("data", {}) for output in outputs):
            yield f"{name}, cell {number}: it printed or shows something that has not passed the disclosure step."


def drop_warnings(notebook: "NotebookNode", path: Path) -> None:
    """Take what cells wrote to stderr out of an executed notebook, in place and in its file: it may name a pupil.

    The receipt says of each such cell that it did.
    """
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    write_executed(notebook, path, is_published=True)


def tell_parameters(notebook: "NotebookNode", parameters: dict[str, object]) -> None:
    """Put into an executed notebook, in place, the parameters as its receipt tells them, in its cell and its metadata."""
    from papermill.translators import PythonTranslator

    notebook.metadata["papermill"] = {"parameters": parameters}
    for cell in notebook.cells:
        if INJECTED_TAG in cell.metadata.get("tags", ()):
            cell["source"] = PythonTranslator.codify(parameters, "Parameters")


def write_record(notebook: "NotebookNode", tables: Path) -> None:
    """Write what was published and what withheld, for the papers that come after."""
    from attendance_lib.display.notebook import records_of

    (record,) = records_of(notebook)
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (tables / RECORD).write_text(escaped_in_json(text), encoding="utf-8", newline="\n")


def published_packs(folders: Iterable[Path]) -> list[Path]:
    """Return all published packs in a report's folders, under whatever name the school had then, the oldest first.

    Those of later periods and of other cohorts count as well: what one paper says another must not betray.

    Raises
    ------
    RequestError
        If a pack's receipt cannot be read, or its record is gone: to pass it over could betray a pupil.
    DisclosureError
        If its record has changed since.
    """
    packs = [pack for folder in folders for pack in packs_in(folder)]
    for pack in packs:
        record_of(pack)
    return sorted(packs, key=lambda pack: (read_receipt(pack).date_to, pack.name))


def record_of(pack: Path) -> Path:
    """Return the file in which a published pack says what it withheld; a file is one itself.

    Raises
    ------
    RequestError
        If it is not there.
    DisclosureError
        If it is not as it was made.
    """
    path = pack if pack.suffix == ".json" else pack / TABLES / RECORD
    if not path.is_file():
        raise RequestError(
            f"{pack} holds no {TABLES}/{RECORD}, by which later papers know what it told. {REMEDY}"
        )
    if path != pack:
        check_as_made(pack, f"{TABLES}/{RECORD}", REMEDY)
    return path


def check_as_made(pack: Path, name: str, remedy: str) -> None:
    """Refuse a file of a pack that is not the one its receipt tells of.

    Raises
    ------
    DisclosureError
        If it differs: whatever it says now, it is not what was published.
    RequestError
        If the receipt cannot be read.
    """
    if sha256(pack / name) != read_receipt(pack).outputs.get(name):
        raise DisclosureError(f"{pack / name} has changed since it was made, by its {RECEIPT}. {remedy}")


def named_packs(text: str) -> list[str]:
    """Return the records, or folders with one, that the parameter ``previous_pack`` of a published paper names.

    Examples
    --------
    >>> named_packs("a/b; a/c"), named_packs("")
    (['a/b', 'a/c'], [])
    """
    return [each.strip() for each in text.split(SEPARATOR) if each.strip()]


# What was published before a paper, which it must not betray, taken from every place where it may be known

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
