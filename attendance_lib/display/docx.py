"""A few payloads as a document that people edit in Word: real headings, table heads that repeat, its language, title and day."""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable

from attendance_lib.display.shown import shown_table

LANGUAGE = "en-GB"
MARGIN, SIZE, ROW_BY_HAND = Cm(1.8), Pt(10.5), Cm(1.0)
GRID, BULLET = "Table Grid", "List Bullet"
SAID = ("school", "period", "cohort", "audience")


def docx_of(document: dict, payloads: Iterable[dict]) -> bytes:
    """Return a document of what some payloads show, the same bytes each time.

    Parameters
    ----------
    document : dict
        The payload of the masthead (``model.Document``).
    payloads : iterable of dict
        Sentences, headings, tables and charts in order; a chart is its table here, since Word takes no SVG from the library.

    Returns
    -------
    bytes
        The file.
    """
    made = docx.Document()
    set_up(made, document)
    made.add_heading(document["title"], 0)
    add_text(made, " · ".join(document[name] for name in SAID if document[name]))
    add_text(made, document["confidentiality"], is_strong=True)
    for payload in payloads:
        WRITERS[payload["type"]](made, payload)
    return saved(made, datetime.fromisoformat(document["date"]) if document["date"] else FIRST_DAY)


FIRST_DAY = datetime(1980, 1, 1)


def set_up(made: Document, document: dict) -> None:
    """Set the page, the letters, the language and the properties."""
    for section in made.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    normal = made.styles["Normal"]
    normal.font.size, normal.font.name = SIZE, "Arial"
    normal.paragraph_format.space_after = Pt(4)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    normal.element.get_or_add_rPr().append(language)
    properties = made.core_properties
    properties.title, properties.author, properties.language = document["title"], document["school"], LANGUAGE
    properties.comments, properties.last_modified_by, properties.revision = "", "", 1
    day = datetime.fromisoformat(document["date"]) if document["date"] else FIRST_DAY
    properties.created = properties.modified = day


def add_text(made: Document, text: str, style: str | None = None, *, is_strong: bool = False) -> None:
    """Add a paragraph, unless it says nothing."""
    if text:
        made.add_paragraph(style=style).add_run(text).bold = is_strong


def add_heading(made: Document, payload: dict) -> None:
    """Add a heading; that of level 2 in a paper is the first below the title."""
    made.add_heading("".join(span["text"] for span in payload["spans"]), payload["level"] - 1)


def add_sentences(made: Document, payload: dict) -> None:
    """Add sentences, as points or as paragraphs."""
    add_text(made, payload["title"], is_strong=True)
    for item in payload["items"]:
        add_text(made, item, BULLET if payload["style"] == "points" else None)


def add_table(made: Document, payload: dict) -> None:
    """Add a table with its title and note above it; in place of one without rows, what that means."""
    table = shown_table(payload)
    made.add_heading(table.title, 2)
    add_text(made, " ".join(table.remarks))
    if not table.rows:
        add_text(made, table.empty_text)
        return
    grid = made.add_table(1, len(table.columns), style=GRID)
    for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
        cell.paragraphs[0].add_run(column.heading).bold = True
    repeat_head(grid)
    for at, row in enumerate(table.rows):
        if at in table.group_at:
            first, *_, last = grid.add_row().cells
            first.merge(last).paragraphs[0].add_run(table.group_at[at].title).bold = True
        line = grid.add_row()
        for cell, shown, column in zip(line.cells, row, table.columns, strict=True):
            cell.paragraphs[0].add_run(shown.text).bold = column.heads_row
        if payload.get("is_written_by_hand"):
            line.height = ROW_BY_HAND
    made.add_paragraph()


def repeat_head(grid: WordTable) -> None:
    """Mark the first row as the head, which a screen reader reads and every page repeats."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(head)


def add_chart(made: Document, payload: dict) -> None:
    """Add what a chart shows in words, and its table."""
    add_text(made, payload["alt"])
    if payload["table"]:
        add_table(made, payload["table"])


def saved(made: Document, moment: datetime) -> bytes:
    """Return a document's file with one moment on each of its parts."""
    held, again = io.BytesIO(), io.BytesIO()
    made.save(held)
    with zipfile.ZipFile(held) as parts, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, max(moment, FIRST_DAY).timetuple()[:6])
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(part, parts.read(name))
    return again.getvalue()


WRITERS: dict[str, Callable[[Document, dict], None]] = {
    "heading": add_heading,
    "sentences": add_sentences,
    "table": add_table,
    "chart": add_chart,
}
