"""What a notebook cell can show: a table, key figures, sentences or a chart.

Each is a frozen value that holds typed figures, never formatted ones. Its payload (plain JSON) is
the one source of the HTML, the PDF, the workbook and the CSV, so that they cannot disagree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import ClassVar, Protocol, Self

import numpy as np
import pandas as pd

from attendance_lib.display.format import format_date
from attendance_lib.display.html import to_html
from attendance_lib.display.kinds import (
    DRAW_MIME,
    HANDED_MIME,
    MIME,
    PASSED_MIME,
    RECORD_MIME,
    UNITS,
    Column,
    Kind,
)
from attendance_lib.display.text import to_text
from attendance_lib.rules.signs import harmless


@dataclass(frozen=True)
class Table:
    """A titled table with typed values.

    ``name`` is also the CSV's and the sheet's name. ``row_header`` names the column whose cells head
    their rows (the first by default). ``shown_rows`` limits the page, never the workbook or the CSV.
    ``empty_text`` is what a reader sees when there is no row. ``blank_rows`` leaves room at the foot of
    the working workbook's sheet for rows that staff add. ``is_written_by_hand`` leaves room in each row for a pen.
    ``grouped_by`` names a column by whose values the rows shown stand together, each value said once, above its rows.
    """

    name: str
    title: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    note: str = ""
    row_header: str = ""
    shown_rows: int | None = None
    empty_text: str = "None."
    blank_rows: int = 0
    is_written_by_hand: bool = False
    grouped_by: str = ""

    def payload(self) -> dict:
        """Return the table as plain JSON: column declarations and rows of raw values.

        Examples
        --------
        >>> forms = pd.DataFrame({"form": ["7A", "7B"], "late": [3, None]})
        >>> payload = Table("late", "Late by form", forms, (Column("form", "Form"), Column("late", "Late", Kind.COUNT))).payload()
        >>> payload["row_header"], payload["rows"]
        ('form', [['7A', 3.0], ['7B', None]])
        """
        values = (plain_values(self.frame[column.name]) for column in self.columns)
        by_hand = {"is_written_by_hand": True} if self.is_written_by_hand else {}
        grouped = {"grouped_by": self.grouped_by} if self.grouped_by else {}
        return {
            **by_hand,
            **grouped,
            "type": "table",
            "name": self.name,
            "title": harmless(self.title),
            "note": harmless(self.note),
            "row_header": self.row_header or self.columns[0].name,
            "shown_rows": self.shown_rows,
            "empty_text": harmless(self.empty_text),
            "blank_rows": self.blank_rows,
            "columns": list(map(declared, self.columns)),
            "rows": list(map(list, zip(*values, strict=True))),
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload())


def declared(column: Column) -> dict:
    """Return a column as plain JSON, with its unit; links only where it has any.

    Examples
    --------
    >>> said = declared(Column("attendance_rate", "Attendance", Kind.RATE))
    >>> said["unit"], "links" in said
    ('fraction 0 to 1', False)
    """
    said = plain(asdict(column)) | {"unit": UNITS[column.kind]}
    return said if column.links else {name: value for name, value in said.items() if name != "links"}


@dataclass(frozen=True)
class PassedTable(Table):
    """A table that has passed the disclosure step, with the record of what passed with it, which no rendering reads."""

    record: dict = field(default_factory=dict, repr=False)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return super()._repr_mimebundle_() | {PASSED_MIME: self.record}


@dataclass(frozen=True)
class Comparison:
    """A second figure beside a key figure, such as last fortnight's or England's."""

    label: str
    value: float | None
    kind: Kind


@dataclass(frozen=True)
class KeyFigure:
    """One large figure with its label, its counts in words and what it is compared with."""

    name: str
    label: str
    value: float | str | None
    kind: Kind
    detail: str = ""
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class KeyFigures:
    """A row of key figures, four to eight, read left to right."""

    name: str
    title: str
    figures: tuple[KeyFigure, ...]
    note: str = ""

    def payload(self) -> dict:
        """Return the figures as plain JSON.

        Examples
        --------
        >>> KeyFigures("now", "This morning", (KeyFigure("late", "Late", 12, Kind.COUNT),)).payload()["figures"][0]["value"]
        12
        """
        return {"type": "key_figures"} | plain(asdict(self))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload())


@dataclass(frozen=True)
class Sentences:
    """Sentences written from figures: a ``lead`` (what to know first), ``points``, a plain ``note`` or a ``poster``'s lines."""

    name: str
    items: tuple[str, ...]
    style: str = "points"
    title: str = ""
    personal: bool = False

    def payload(self) -> dict:
        """Return the sentences as plain JSON.

        Examples
        --------
        >>> Sentences("order", ("Ring home.",)).payload()
        {'type': 'sentences', 'name': 'order', 'items': ['Ring home.'], 'style': 'points', 'title': '', 'personal': False}
        """
        return {"type": "sentences"} | plain(asdict(self))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload())


@dataclass(frozen=True)
class RecordedNote(Sentences):
    """Sentences with a record that the run keeps, under a type of its own (``mime``) that no rendering reads."""

    record: dict = field(default_factory=dict, repr=False)
    mime: ClassVar[str]

    def payload(self) -> dict:
        """Return the sentences as plain JSON; the record goes beside them.

        Examples
        --------
        >>> note = DisclosureNote("withheld", ("Two counts are withheld.",), record={"level": 5})
        >>> note.payload()["items"], "record" in note.payload()
        (['Two counts are withheld.'], False)
        """
        said = super().payload()
        del said["record"]
        return said

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload()) | {self.mime: self.record}


class DisclosureNote(RecordedNote):
    """What a published paper withheld, in words, with the record that the next such paper must know of."""

    mime = RECORD_MIME


class DrawNote(RecordedNote):
    """How a draw is made, in words, with its list, what was drawn and what its poster says."""

    mime = DRAW_MIME


class HandedNote(RecordedNote):
    """Which documents a pack holds for single readers, in words, with the documents (see ``Handed``)."""

    mime = HANDED_MIME

    @classmethod
    def of(cls, name: str, items: tuple[str, ...], documents: Iterable["Handed"]) -> Self:
        """Return the note of some documents."""
        record = {"documents": [document.payload() for document in documents]}
        return cls(name, items, style="note", record=record)


@dataclass(frozen=True)
class Chart:
    """A picture (SVG text) with its text alternative and the table it was drawn from.

    ``narrow`` is the same drawn for a narrow screen, which the page alone shows.
    """

    name: str
    title: str
    svg: str = field(repr=False)
    alt: str
    table: Table | None = None
    narrow: str = field(default="", repr=False)

    def payload(self) -> dict:
        """Return the chart as plain JSON, its table inside."""
        table = self.table.payload() if self.table is not None else None
        return {
            "type": "chart",
            "name": self.name,
            "title": harmless(self.title),
            "svg": harmless(self.svg),
            "narrow": harmless(self.narrow),
            "alt": harmless(self.alt),
            "table": table,
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload()) | {"image/svg+xml": harmless(self.svg)}


@dataclass(frozen=True)
class Heading:
    """A heading that the library writes, where a notebook cannot know it; level 3 stands under a notebook's level 2.

    ``starts_page`` begins a page of the PDF with it; ``anchor`` is a name by which other papers link to it. What stands under
    one of several that ``folds``, such as a pupil's sheet, folds away on a narrow screen.
    """

    text: str
    level: int = 3
    starts_page: bool = False
    anchor: str = ""
    folds: bool = False

    def payload(self) -> dict:
        """Return the heading as a block of prose is.

        Examples
        --------
        >>> Heading("Year 7", folds=True).payload()
        {'folds': True, 'type': 'heading', 'name': '', 'level': 3, 'spans': [{'text': 'Year 7', 'style': 'plain'}]}
        """
        spans = [{"text": harmless(self.text), "style": "plain"}]
        page = {"starts_page": True} if self.starts_page else {}
        place = {"anchor": self.anchor} if self.anchor else {}
        fold = {"folds": True} if self.folds else {}
        return page | place | fold | {"type": "heading", "name": "", "level": self.level, "spans": spans}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload())


@dataclass(frozen=True)
class Parts:
    """Several things that one cell shows one under the other, such as a card for each of a list not known beforehand.

    ``shown`` is what the page shows, headings with it; ``tables`` are what the workbook and the CSV hold of it, one for
    all cards, instead of the small tables shown (where empty, the tables shown are what they hold).
    """

    name: str
    shown: tuple[Heading | Table | KeyFigures | Sentences | Chart, ...]
    tables: tuple[Table, ...] = ()

    def payload(self) -> dict:
        """Return the parts as plain JSON, each as it would be alone."""
        return {
            "type": "parts",
            "name": self.name,
            "shown": [part.payload() for part in self.shown],
            "tables": [table.payload() for table in self.tables],
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload())


class Named(Protocol):
    """A school as a masthead has it."""

    name: str
    urn: str


@dataclass(frozen=True)
class Document:
    """What a paper is: the masthead of the report and the facts on its every page.

    ``period`` and ``cohort`` are words ("9 to 20 November 2026", "Year 9"); ``date`` is the ISO date that
    the PDF carries, the last day of the period, never the day of printing; ``audience`` says who reads
    it and ``confidentiality`` how it must be kept. ``shows`` are the headings of the parts that the page and the PDF
    have, for a paper that comes down to a page; empty for all of them. The workbook and the CSV hold all in any case.
    ``is_large_print`` has its letters larger. ``folds`` says what folds away on a phone, so that its first screen holds what
    comes first: for each table or sentences, by name, the words to unfold them by (empty for their own title).
    ``folded_from`` is the heading from which on the parts are an annex: each of them folds there, and the PDF prints
    contents. On a wide screen and on paper all stands open.
    """

    name: str
    title: str
    school: str
    period: str
    date: str
    urn: str = ""
    cohort: str = ""
    audience: str = ""
    confidentiality: str = ""
    shows: tuple[str, ...] = ()
    is_large_print: bool = False
    folded_from: str = ""
    folds: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, school: Named, days: tuple[date, date], **said: object) -> Self:
        """Return what heads a paper of a school over some days, from the first to the last; ``said`` is the rest.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> days = (date(2026, 11, 9), date(2026, 11, 20))
        >>> paper = Document.of(SimpleNamespace(name="Larkmoor Academy", urn="990001"), days, title="Punctuality")
        >>> paper.period, paper.date
        ('9 November 2026 to 20 November 2026', '2026-11-20')
        """
        first, last = map(format_date, days)
        return cls(
            name="document",
            school=school.name,
            urn=school.urn,
            period=f"{first} to {last}",
            date=days[1].isoformat(),
            **said,
        )

    def payload(self) -> dict:
        """Return the facts as plain JSON.

        Examples
        --------
        >>> facts = Document("document", "Punctuality", "Larkmoor Academy", "", "2026-11-20").payload()
        >>> facts["cohort"], "folds" in facts  # a fact that few papers have is there only where it is so
        ('', False)
        """
        told = {"type": "document"} | plain(asdict(self))
        return {name: fact for name, fact in told.items() if fact or name not in SELDOM}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return bundle(self.payload())


# Facts that few papers have.
SELDOM = frozenset({"is_large_print", "folds", "folded_from"})


@dataclass(frozen=True)
class Handed:
    """A document of a pack that is for one reader: where it goes, who that is in words, what it shows and what it may.

    ``folder`` is within the pack, ``name`` that of its files; ``parts`` begin with its masthead. ``seen`` are the pupils
    (identifiers) about whom the reader may be told each kind of fact (see ``rules/readers.py``), None for a document in which no
    pupil may be found, ``OF_ITS_PUPIL`` for one that is all of one pupil. ``leaves_school`` says that its page is read again
    before it goes, and may say nothing besides its parts. ``is_for_word`` makes of it a document that people edit in Word, in
    place of a workbook, tables and notebook.
    """

    folder: str
    name: str
    reader: str
    parts: tuple[Document | Heading | Table | KeyFigures | Sentences | Chart, ...]
    seen: Mapping[str, Iterable[str]] | str | None
    leaves_school: bool = False
    is_for_word: bool = False

    def payload(self) -> dict:
        """Return the document as plain JSON, its parts as ``payloads``.

        Examples
        --------
        >>> Handed("staff/kim", "sheet", "a tutor", (), {"marks": {"13", "12"}}).payload()["seen"]  # in order
        {'marks': ['12', '13']}
        """
        seen = self.seen
        if isinstance(seen, Mapping):
            seen = {str(fact): sorted(pupils) for fact, pupils in seen.items()}
        return {
            "folder": self.folder,
            "name": self.name,
            "reader": self.reader,
            "seen": seen,
            "leaves_school": self.leaves_school,
            "is_for_word": self.is_for_word,
            "payloads": [part.payload() for part in self.parts],
        }


def bundle(payload: dict) -> dict:
    """Return the MIME bundle of a payload: HTML for the screen, text for nbval, data for the PDF."""
    return {"text/html": to_html(without_narrow(payload)), "text/plain": to_text(payload), MIME: payload}


def without_narrow(payload: dict) -> dict:
    """Return a payload as JupyterLab shows it, which has room for the wide charts.

    Examples
    --------
    >>> without_narrow({"type": "parts", "shown": [{"type": "chart", "narrow": "<svg/>"}]})
    {'type': 'parts', 'shown': [{'type': 'chart', 'narrow': ''}]}
    """
    if payload["type"] == "parts":
        return payload | {"shown": [without_narrow(part) for part in payload["shown"]]}
    return payload | {"narrow": ""} if "narrow" in payload else payload


def plain_values(values: pd.Series) -> Iterator[object]:
    """Yield a column's values as plain JSON values; every kind of missing value becomes ``None``.

    Examples
    --------
    >>> list(plain_values(pd.Series([1.5, None])))
    [1.5, None]
    """
    return (plain(value) for value in values.tolist())


def is_missing(value: object) -> bool:
    """Whether a single value is one of those that stand for nothing.

    Examples
    --------
    >>> [is_missing(value) for value in (None, float("nan"), pd.NaT, pd.NA, 0, "")]
    [True, True, True, True, False, False]
    """
    is_nan = isinstance(value, float) and bool(np.isnan(value))
    return value is None or value is pd.NaT or value is pd.NA or is_nan


def plain(value: object) -> object:
    """Return a value as plain JSON: harmless text, ISO dates, lists for tuples, ``None`` for missing.

    Examples
    --------
    >>> plain((1, float("nan"), date(2026, 11, 20)))
    [1, None, '2026-11-20']
    """
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if is_missing(value):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if isinstance(value, np.generic) else value
