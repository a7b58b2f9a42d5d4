"""A few payloads as a document that people edit in Word: real headings, table heads that repeat, its language, title and day."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from attendance_lib.display.shown import ShownTable, shown_table

LANGUAGE = "en-GB"
MARGIN, ROW_BY_HAND = Cm(1.8), Cm(1.0)
GRID, BULLET, LETTERS = "TableGrid", "List Bullet", "Arial"
# Of each style: size of its letters, space before and after, in points. A family's plan is to be one page in Word too.
STYLES = {
    "Normal": (10.5, 0, 3),
    "Title": (20, 0, 4),
    "Heading 1": (13, 8, 2),
    "Heading 2": (11, 6, 2),
    BULLET: (10.5, 0, 2),
}
# Characters of a column's longest text, at least and at most, in whose proportion columns share the page's width.
NARROWEST, WIDE, WIDEST = 8, 26, 44
# A cell's edges, in characters: without them a date would be broken over two lines.
EDGES = 3
PAGE_WIDTH = Cm(21.0) - 2 * MARGIN
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
    add_title(made, document["title"], 0)
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
    for name, (size, before, after) in STYLES.items():
        style = made.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        set_letters(style.element.get_or_add_rPr())
    normal = made.styles["Normal"]
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    normal.element.get_or_add_rPr().append(language)
    properties = made.core_properties
    properties.title, properties.author, properties.language = document["title"], document["school"], LANGUAGE
    properties.comments, properties.last_modified_by, properties.revision = "", "", 1
    day = datetime.fromisoformat(document["date"]) if document["date"] else FIRST_DAY
    properties.created = properties.modified = day


def set_letters(properties: OxmlElement) -> None:
    """Give a style its letters by name: Word's template names those of its theme, which another program lacks."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), LETTERS)


def add_text(made: Document, text: str, style: str | None = None, *, is_strong: bool = False) -> None:
    """Add a paragraph, unless it says nothing."""
    if text:
        write(add_styled(made, style), text, is_strong=is_strong)


def add_title(made: Document, text: str, level: int) -> None:
    """Add a heading; that of level 0 is the title."""
    add_styled(made, f"Heading {level}" if level else "Title").add_run(text)


def add_styled(made: Document, style: str | None) -> Paragraph:
    """Return a new paragraph in a style, which the template identifies by its name without spaces.

    Given the name, python-docx asks every time which of all the styles is the default: a quarter of a document's making.
    """
    paragraph = made.add_paragraph()
    if style:
        paragraph._p.style = style.replace(" ", "")
    return paragraph


def write(paragraph: Paragraph, text: str, *, is_strong: bool = False) -> None:
    """Write a text into a paragraph; what is not strong says nothing of it, since its style is not."""
    run = paragraph.add_run(text)
    if is_strong:
        run.bold = True


def add_heading(made: Document, payload: dict) -> None:
    """Add a heading; that of level 2 in a paper is the first below the title."""
    add_title(made, "".join(span["text"] for span in payload["spans"]), payload["level"] - 1)


def add_sentences(made: Document, payload: dict) -> None:
    """Add sentences, as points or as paragraphs."""
    add_text(made, payload["title"], is_strong=True)
    for item in payload["items"]:
        add_text(made, item, BULLET if payload["style"] == "points" else None)


def add_table(made: Document, payload: dict) -> None:
    """Add a table with its title and note above it; in place of one without rows, what that means."""
    table = shown_table(payload)
    add_title(made, table.title, 2)
    add_text(made, " ".join(table.remarks))
    if not table.rows:
        add_text(made, table.empty_text)
        return
    grid = made.add_table(1 + len(table.rows) + len(table.groups), len(table.columns))
    grid._tbl.tblStyle_val = GRID  # as in ``add_styled``
    set_widths(grid, characters_of(table, payload["columns"]))
    for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
        write(cell.paragraphs[0], column.heading, is_strong=True)
    repeat_head(grid)
    by_hand = bool(payload.get("is_written_by_hand"))
    fill_rows(grid, table, ROW_BY_HAND if by_hand else None)
    keep_rows_whole(grid, is_one_piece=by_hand)


def fill_rows(grid: WordTable, table: ShownTable, height: int | None) -> None:
    """Write the rows of a table below its head, each group under its title; ``height`` (EMU) is None where text settles it."""
    lines = iter(grid.rows[1:])
    for at, row in enumerate(table.rows):
        if at in table.group_at:
            first, *_, last = next(lines).cells
            write(first.merge(last).paragraphs[0], table.group_at[at].title, is_strong=True)
        line = next(lines)
        for cell, shown, column in zip(line.cells, row, table.columns, strict=True):
            write(cell.paragraphs[0], shown.text, is_strong=column.heads_row)
        if height:
            line.height = height


def characters_of(table: ShownTable, declared: Sequence[dict]) -> list[int]:
    """Return in which proportion the columns of a table share the page's width: characters, the one with most text at most WIDEST.

    One that is still to be filled in has the width that is declared of it.

    Examples
    --------
    What is still to be signed has the width that is declared of it.

    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> columns = [Column("day", "Day"), Column("agreed", "Agreed"), Column("signed", "Signed", editable=True, width=20)]
    >>> table = table_of("plan", "Plan", columns, [["Mon", "In by the first bell, " * 3, None]])
    >>> characters_of(shown_table(table), table["columns"])
    [11, 44, 23]
    """
    texts = [[row[at].text for row in table.rows] for at in range(len(table.columns))]
    fullest = max(range(len(texts)), key=lambda at: sum(map(len, texts[at])))
    widths = []
    for at, column in enumerate(table.columns):
        longest = max(NARROWEST, len(column.heading), *map(len, texts[at]))
        if not "".join(texts[at]).strip():
            widths.append(min((declared[column.place]["width"] or longest) + EDGES, WIDEST))
        else:
            widths.append(min(longest + EDGES, WIDEST if at == fullest else WIDE))
    return widths


def set_widths(grid: WordTable, longest: Sequence[int]) -> None:
    """Share the page's width among columns in proportion to their characters."""
    grid.autofit = False
    for column, length in zip(grid.columns, longest, strict=True):
        column.width = PAGE_WIDTH * length // sum(longest)
        for cell in column.cells:
            cell.width = column.width


def keep_rows_whole(grid: WordTable, *, is_one_piece: bool) -> None:
    """Let no row be torn over two pages; a table that is one piece, such as that of signatures, stands on one."""
    for line in grid.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell in line.cells:
            format_of_cell = cell.paragraphs[0].paragraph_format
            format_of_cell.space_after = Pt(1)
            if is_one_piece:
                format_of_cell.keep_with_next = True


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
