"""The pages of a notebook, HTML and PDF, and the check that one which leaves the school says nothing but its own words."""

from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import DisclosureError, counted

if TYPE_CHECKING:
    from nbformat import NotebookNode


def notebook_of(payloads: Iterable[dict]) -> "NotebookNode":
    """Return a notebook that shows payloads of ``display/model.py``, a cell each, and knows nothing else."""
    from nbformat import from_dict
    from nbformat.v4 import nbformat, nbformat_minor

    from attendance_lib.display.model import bundle

    # Not by nbformat's own makers: they ask of every part whether it is valid, which takes as long as making a page of it.
    cells = [
        {
            "id": f"shown-{number}",
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "source": "",
            "outputs": [{"output_type": "display_data", "metadata": {}, "data": bundle(payload)}],
        }
        for number, payload in enumerate(payloads)
    ]
    return from_dict({"nbformat": nbformat, "nbformat_minor": nbformat_minor, "metadata": {}, "cells": cells})


def write_html(notebook: "NotebookNode", path: Path) -> tuple[str, ...]:
    """Write the HTML, one file that fetches nothing; return the exporter's warnings."""
    from attendance_lib.display.exporters import html_exporter

    text, resources = html_exporter().from_notebook_node(notebook)
    path.write_text(text, encoding="utf-8", newline="\n")
    return resources["attendance"]["warnings"]


def write_pdf(notebook: "NotebookNode", path: Path) -> tuple[str, ...]:
    """Write the PDF; return the exporter's warnings, such as that it could not be tagged."""
    from attendance_lib.display.exporters import AttendancePDFExporter

    content, resources = AttendancePDFExporter().from_notebook_node(notebook)
    path.write_bytes(content)
    return resources["attendance"]["warnings"]


# What the page of every paper says, whatever it is about.
FURNITURE = ("Skip to the report", "Contents")
UNREAD = frozenset({"style"})
SAID_BY_ATTRIBUTES = frozenset({"alt", "aria-label", "title", "content", "data", "value", "placeholder"})


def check_said(page: str, allowed: Collection[str], name: str) -> None:
    """Refuse a page from which anything but its own words can be read.

    Raises
    ------
    DisclosureError
        If there is: how much, not what, for it may name a pupil.

    Examples
    --------
    >>> check_said("<p>Attendance</p><p>Ada Archer was late</p>", {"Attendance"}, "governors.html")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: governors.html says 1 thing besides its own lines, so it is not published. ...
    """
    reader = Reader()
    reader.feed(page)
    reader.close()
    others = [text for text in reader.texts() if text not in allowed and text not in FURNITURE]
    if others:
        raise DisclosureError(
            f"{name} says {counted(len(others), 'thing')} besides its own lines, so it is not published. "
            "This is a fault of the library."
        )


class Reader(HTMLParser):
    """Reads all that a page says, to the eye, to a screen reader or to whoever looks into its source."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[tuple[str, str]] = []
        self.inside: list[str] = []

    def texts(self) -> Iterator[str]:
        """Yield what was said, runs of text within one element together.

        Examples
        --------
        >>> reader = Reader()
        >>> reader.feed('<style>p {}</style><p>Years 7 &amp; 8</p>')
        >>> list(reader.texts())
        ['Years 7 & 8']
        """
        yield from (text for place, text in self.said if text and place not in UNREAD)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read what attributes say in words.

        Examples
        --------
        >>> reader = Reader()
        >>> reader.feed('<meta content="a page"><a href="a.html" title="Ada Archer"></a>')
        >>> list(reader.texts())
        ['Ada Archer']
        """
        is_meta = tag == "meta"
        self.said += [
            (tag, value) for name, value in attrs if name in SAID_BY_ATTRIBUTES and value and not is_meta
        ]
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those that were never closed within it.

        Examples
        --------
        >>> reader = Reader()
        >>> reader.feed("<section><div><p>Years 7 and 8</div>")
        >>> reader.inside
        ['section']
        """
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Read text."""
        self.said.append((self.inside[-1] if self.inside else "", data.strip()))

    def handle_comment(self, data: str) -> None:
        """Read a comment, which a page of ours has none of.

        Examples
        --------
        >>> reader = Reader()
        >>> reader.feed("<p>Attendance</p><!--Ada--><!---->")
        >>> list(reader.texts())
        ['Attendance', 'Ada', 'an empty comment']
        """
        self.said.append(("comment", data or "an empty comment"))
