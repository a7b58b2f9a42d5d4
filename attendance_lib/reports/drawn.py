"""What a pack holds of a draw: its list, its record and its poster; and the draw held again from them."""

import json
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import DisclosureError
from attendance_lib.reports.pages import write_html, write_pdf
from attendance_lib.rules.draw import draw_faults
from attendance_lib.rules.signs import escaped_in_json

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The poster: a page that shows the winners and nothing besides

NAME = "poster"
# What the page of every paper says, whatever it is about.
FURNITURE = ("Skip to the report",)
UNREAD = frozenset({"style"})
SAID_BY_ATTRIBUTES = frozenset({"alt", "aria-label", "title", "content", "data", "value", "placeholder"})


def write_poster(poster: Mapping[str, object], folder: Path) -> list[str]:
    """Write a poster as HTML and PDF into a pack, unless nobody has won yet; return the warnings of its making.

    Parameters
    ----------
    poster : mapping of str to object
        ``title``, ``school``, ``period``, ``date`` (ISO) and ``lines``, one a winner.
    folder : pathlib.Path
        The pack.

    Raises
    ------
    DisclosureError
        If the page says anything besides.
    """
    if not poster["lines"]:
        return []
    page, notebook = folder / f"{NAME}.html", poster_notebook(poster)
    warnings = [*write_html(notebook, page), *write_pdf(notebook, folder / f"{NAME}.pdf")]
    check_poster(page.read_text(encoding="utf-8"), poster)
    return warnings


def poster_notebook(poster: Mapping[str, object]) -> "NotebookNode":
    """Return a notebook that shows the poster and knows nothing else."""
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from attendance_lib.display.kinds import MIME
    from attendance_lib.display.model import Document, Sentences

    facts = {name: str(poster[name]) for name in ("title", "school", "period", "date")}
    shown = (
        Document(name=NAME, **facts),
        Sentences(name="winners", style="poster", items=tuple(poster["lines"])),
    )
    cells = [
        new_code_cell(outputs=[new_output("display_data", {MIME: each.payload()})], id=each.name)
        for each in shown
    ]
    return new_notebook(cells=cells)


def check_poster(page: str, poster: Mapping[str, object]) -> None:
    """Refuse a page from which anything but the poster's own words can be read.

    Raises
    ------
    DisclosureError
        If there is: how much, not what, for it may name a pupil.
    """
    said = [str(poster[name]) for name in ("title", "school", "period")]
    whole = " – ".join(said)
    allowed = {*FURNITURE, *said, " · ".join(said[1:]), whole, *map(str, poster["lines"])}
    reader = Reader()
    reader.feed(page)
    reader.close()
    others = [text for text in reader.texts() if text not in allowed]
    if others:
        raise DisclosureError(
            f"{NAME}.html says {len(others)} things besides its own lines, so it is not published. This is a fault of the library."
        )


class Reader(HTMLParser):
    """Reads all that a page says, to the eye, to a screen reader or to whoever looks into its source."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[tuple[str, str]] = []
        self.inside: list[str] = []

    def texts(self) -> Iterator[str]:
        """Yield what was said, runs of text within one element together."""
        yield from (text for place, text in self.said if text and place not in UNREAD)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read what attributes say in words."""
        is_meta = tag == "meta"
        self.said += [
            (tag, value) for name, value in attrs if name in SAID_BY_ATTRIBUTES and value and not is_meta
        ]
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those that were never closed within it."""
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Read text."""
        self.said.append((self.inside[-1] if self.inside else "", data.strip()))

    def handle_comment(self, data: str) -> None:
        """Read a comment, which a page of ours has none of."""
        self.said.append(("comment", data or "an empty comment"))


# The list of tickets and the record, from which the draw is held again

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
