"""What is asked of a paper that leaves the school: nothing in it but what has passed the disclosure step."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import DisclosureError, RequestError
from attendance_lib.reports.execute import INJECTED_TAG
from attendance_lib.reports.files import sha256
from attendance_lib.reports.receipt import RECEIPT, packs_in, read_receipt
from attendance_lib.rules.signs import escaped_in_json

if TYPE_CHECKING:
    from nbformat import NotebookNode

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
    from attendance_lib.display.payloads import payloads_of, records_of
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
    import nbformat

    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    nbformat.write(notebook, path)


def tell_parameters(notebook: "NotebookNode", parameters: dict[str, object]) -> None:
    """Put into an executed notebook, in place, the parameters as its receipt tells them, in its cell and its metadata."""
    from papermill.translators import PythonTranslator

    notebook.metadata["papermill"] = {"parameters": parameters}
    for cell in notebook.cells:
        if INJECTED_TAG in cell.metadata.get("tags", ()):
            cell["source"] = PythonTranslator.codify(parameters, "Parameters")


def write_record(notebook: "NotebookNode", tables: Path) -> None:
    """Write what was published and what withheld, for the papers that come after."""
    from attendance_lib.display.payloads import records_of

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
