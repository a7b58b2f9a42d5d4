"""Compare a pack with its receipt: what is missing, changed or extra, and what staff have filled in since."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attendance_lib.reports.files import OPEN_FILES, hashes_below, sha256
from attendance_lib.reports.filled_in import workbook_differences
from attendance_lib.reports.project import Project
from attendance_lib.reports.published_names import Found
from attendance_lib.reports.receipt import RECEIPT, Receipt, read_receipt


@dataclass(frozen=True)
class Findings:
    """What was found: ``faults`` make a pack differ from its receipt, ``notes`` do not."""

    faults: tuple[str, ...]
    notes: tuple[str, ...]


def verify_pack(pack: Path, project: Project, school_file: Path | None = None) -> Findings:
    """Return every difference between a pack and its receipt, each by name.

    A workbook in which only cells meant to be filled in have changed is a note; so is an input that has
    changed or gone since the pack was made, for the pack is still what the receipt says. ``school_file`` is needed where
    it lies outside the project and the receipt, of a published paper, does not tell where.

    Raises
    ------
    RequestError
        If the folder has no receipt that can be read.
    """
    receipt = read_receipt(pack)
    found = hashes_below(pack)
    notes = [*open_files(found), *changed_inputs(Found(pack, receipt, project, school_file))]
    faults = [*missing_files(receipt, found), *extra_files(receipt, found), *changed_files(receipt, found)]
    if is_changed(receipt.workbook, receipt, found):
        (differences, note) = workbook_findings(pack, receipt)
        faults, notes = faults + differences, notes + note
    return Findings(tuple(faults), tuple(notes))


def is_changed(name: str, receipt: Receipt, found: dict[str, str]) -> bool:
    """Whether a file is there but not as the receipt has it."""
    return name in found and name in receipt.outputs and found[name] != receipt.outputs[name]


def changed_files(receipt: Receipt, found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each changed file but the workbook, which is looked into instead."""
    changed = (name for name in receipt.outputs if is_changed(name, receipt, found))
    return (f"{name}: changed since it was made" for name in changed if name != receipt.workbook)


def missing_files(receipt: Receipt, found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each file that is no longer there."""
    return (f"{name}: is missing" for name in receipt.outputs if name not in found)


def extra_files(receipt: Receipt, found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each file that the pack was not made with."""
    known = {RECEIPT, *receipt.outputs}
    return (
        f"{name}: is not part of the pack"
        for name in found
        if name not in known and not name.startswith(OPEN_FILES)
    )


def open_files(found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each sign that somebody has the workbook open."""
    return (f"{name}: the workbook is open somewhere" for name in found if name.startswith(OPEN_FILES))


def changed_inputs(found: Found) -> Iterator[str]:
    """Yield a line for each input that is not what it was, or cannot be looked for."""
    for name, path in found.inputs().items():
        if path is None:
            yield f"input {name}: lies outside the project and was not compared; --school names the school file"
    yield from inputs_not_as_they_were(found)


def inputs_not_as_they_were(found: Found) -> Iterator[str]:
    """Yield a line for each input that was looked for and is not what it was."""
    for name, path in found.inputs().items():
        if path is None:
            continue
        if not path.is_file():
            yield f"input {name}: is no longer there"
        elif sha256(path) != found.receipt.inputs[name]:
            yield f"input {name}: changed since the pack was made"


def workbook_findings(pack: Path, receipt: Receipt) -> tuple[list[str], list[str]]:
    """Return the faults and the notes of a workbook that has changed."""
    differences = workbook_differences(pack, receipt)
    filled_in = [] if differences else [f"{receipt.workbook}: filled in since it was made"]
    return [f"{receipt.workbook}: {difference}" for difference in differences], filled_in
