"""The winners' poster of a draw: a page of its own that leaves the school, and the check that nothing else can be read from it."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import DisclosureError
from attendance_lib.reports.pages import write_html, write_pdf

if TYPE_CHECKING:
    from nbformat import NotebookNode

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
