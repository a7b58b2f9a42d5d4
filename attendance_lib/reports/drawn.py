"""What a pack holds of a draw: its list, its record and its poster; and the draw held again from them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.reports.poster import write_poster
from attendance_lib.rules.draw import draw_faults
from attendance_lib.rules.signs import escaped_in_json

if TYPE_CHECKING:
    from nbformat import NotebookNode

LIST, RECORD = "list.txt", "draw.json"


def write_draw(notebook: "NotebookNode", folder: Path) -> list[str]:
    """Write what a notebook says of a draw into its pack: the list, the record and, once drawn, the poster; return warnings.

    Raises
    ------
    DisclosureError
        If anything but its own lines could be read from the poster.
    """
    from attendance_lib.display.kinds import DRAW_MIME
    from attendance_lib.display.notebook import records_of

    warnings: list[str] = []
    for kept in records_of(notebook, DRAW_MIME):
        (folder / LIST).write_text(kept["list"], encoding="utf-8", newline="\n")
        text = json.dumps(kept["draw"], ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (folder / RECORD).write_text(escaped_in_json(text), encoding="utf-8", newline="\n")
        warnings += write_poster(kept["poster"], folder)
    return warnings


def draw_findings(pack: Path) -> tuple[list[str], list[str]]:
    """Return the faults and the notes of the draw in a pack, having drawn again from its list; none where it draws nothing."""
    if not (pack / RECORD).is_file() or not (pack / LIST).is_file():
        return [], []
    try:
        told = json.loads((pack / RECORD).read_bytes())
        text = (pack / LIST).read_bytes().decode("utf-8")
    except ValueError:
        return [f"{RECORD} or {LIST}: cannot be read, so the draw cannot be made again"], []
    if not isinstance(told, dict):
        return [f"{RECORD}: is no record of a draw"], []
    return [f"draw: {fault}" for fault in draw_faults(text, told)], list(draw_notes(told))


def draw_notes(told: Mapping[str, object]) -> Iterator[str]:
    """Yield what whoever checks a draw compares with what was published before it."""
    drawn = f", drawn with {told.get('public_value')}" if told.get("public_value") else ", not drawn yet"
    yield f"draw {told.get('draw')}{drawn}: compare the list's hash {told.get('list_hash')} with the one published before"
