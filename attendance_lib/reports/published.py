"""What is asked of a paper that leaves the school: nothing in it but what has passed the disclosure step."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from attendance_lib.errors import DisclosureError, RequestError
from attendance_lib.reports.execute import INJECTED_TAG, write_executed
from attendance_lib.reports.files import sha256
from attendance_lib.reports.receipt import RECEIPT, packs_in, read_receipt
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
    """Return the history of a report of a school: beside its school file whatever the school is called, and wherever packs go.

    Examples
    --------
    >>> history_of(Path("params/larkmoor.yml"), "990001", "governors").folder.parts[-4:]
    ('params', 'published', '990001', 'governors')
    """
    return RecordFolder(school_file.resolve().parent / FOLDER / urn / report)


# What was published is kept twice, beside the school file and in the casebook: what the one misses comes back from the other


RECORD = "disclosure.json"
TABLES = "tables"
SEPARATOR = ";"
REMEDY = "Put its folder back as it was made, or move it away."


def check_published(notebook: "NotebookNode", target: Path, *, is_own: bool = False) -> None:
    """Refuse an executed notebook that holds anything personal, or anything that is not known to be safe.

    Of a school's own paper, which no test of ours has seen, only tables that have passed the step are known to be.

    Raises
    ------
    DisclosureError
        One line for each personal column or sentence and each output that no section made, by the cell's
        number, or if the disclosure step was not passed exactly once.

    Examples
    --------
    >>> from nbformat.v4 import new_notebook
    >>> check_published(new_notebook(), Path("governors"))
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: governors: the disclosure step was passed 0 times, not once. Show its note in one cell.
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
    elif is_own:
        problems += not_passed(notebook, target.name)
    if problems:
        raise DisclosureError("\n".join(problems))


PROSE = ("document", "heading")


def not_passed(notebook: "NotebookNode", name: str) -> Iterator[str]:
    """Yield a line for each output that is neither the disclosure note, nor a table that passed with it, nor a heading."""
    from attendance_lib.display.kinds import MIME, PASSED_MIME, RECORD_MIME
    from attendance_lib.display.notebook import payload_in, records_of

    (record,) = records_of(notebook)
    for number, cell in enumerate(notebook.cells):
        for data in (
            output.get("data", {}) for output in cell.get("outputs", ()) if MIME in output.get("data", {})
        ):
            has_passed = RECORD_MIME in data or data.get(PASSED_MIME) == record
            if not has_passed and payload_in(data)["type"] not in PROSE:
                yield (
                    f"{name}, cell {number}: it shows what has not passed the disclosure step. Show tables of "
                    "published() alone."
                )


def unknown_outputs(notebook: "NotebookNode", name: str) -> Iterator[str]:
    """Yield a line for each cell that printed something or shows what is none of our tables, sentences or charts.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> printed = new_code_cell("print(name)", outputs=[new_output("stream", text="Ada Archer")])
    >>> list(unknown_outputs(new_notebook(cells=[printed]), "governors"))
    ['governors, cell 0: it printed or shows something that has not passed the disclosure step.']
    """
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
    packs = [pack for folder in folders for pack in packs_in(folder) if read_receipt(pack).paper.is_published]
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
