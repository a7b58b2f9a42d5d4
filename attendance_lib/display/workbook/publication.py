"""The publication profile: a spreadsheet that a screen reader can follow and anybody may hold.

Source: Government Analysis Function, Releasing statistics in spreadsheets, and its checklist for
accessible spreadsheets.
"""

import textwrap
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from attendance_lib.display.columns import figure
from attendance_lib.display.format import is_suppressed
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.workbook import cells
from attendance_lib.display.workbook.cells import Figure
from attendance_lib.display.workbook.sheet import (
    PUBLICATION,
    Layout,
    fit_page,
    object_name,
    sheet_names,
    write_lines,
    write_table,
)
from attendance_lib.display.workbook.tables import NOTES, WorkbookProperties, table_of
from attendance_lib.errors import DisclosureError

COVER = "cover"
CONTENTS = "contents"
# The Analysis Function's shorthand.
NO_VALUE, WITHHELD, DOES_NOT_APPLY = "[x]", "[c]", "[z]"
COVER_WIDTH, LINE_HEIGHT = 100, 16  # characters and points
TABLE_STYLE = "TableStyleLight1"

ABOUT = (
    "About this workbook",
    "Each worksheet holds one table, which starts in column A under a title and any notes that belong to it.",
    "The worksheet called contents lists every table, with a link. The worksheet called notes explains the columns.",
    "Some cells hold shorthand in place of a value.",
    f"{NO_VALUE} stands for not available: there was nothing to count, or nothing to compare with.",
    f"{WITHHELD} stands for confidential: the value is withheld so that no pupil can be recognised.",
    f"{DOES_NOT_APPLY} stands for not applicable: a sentence among the notes is about no column and has no unit.",
    "Rates are per cent of possible sessions unless the notes say otherwise. A session is half a school day.",
)


def check_publishable(payloads: Iterable[dict], path: Path) -> None:
    """Raise unless no payload holds anything personal.

    Parameters
    ----------
    payloads : iterable of dict
        Payloads of ``display/model.py``, charts with their tables.
    path : pathlib.Path
        The workbook to be written, for the message.

    Raises
    ------
    DisclosureError
        If a table has a personal column, or a list of sentences is personal; names every one.

    Examples
    --------
    >>> columns = [{"name": "surname", "personal": True}]
    >>> check_publishable([{"type": "table", "name": "plans", "columns": columns}], Path("governors.xlsx"))
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: governors.xlsx, table 'plans', column 'surname' holds personal data.
    Leave it out of the published workbook, or use the working profile.
    """
    problems = [
        f"{path.name}, {place} holds personal data."
        for payload in payloads
        for place in personal_places(payload)
    ]
    if problems:
        raise DisclosureError(
            "\n".join([*problems, "Leave it out of the published workbook, or use the working profile."])
        )


def personal_places(payload: dict) -> list[str]:
    """Return the personal parts of a payload in words, such as ``table 'plans', column 'surname'``.

    Examples
    --------
    >>> columns = [{"name": "year_group", "personal": False}, {"name": "surname", "personal": True}]
    >>> personal_places({"type": "table", "name": "plans", "columns": columns})
    ["table 'plans', column 'surname'"]
    """
    if payload["type"] == "chart":
        return personal_places(payload["table"]) if payload["table"] else []
    if payload["type"] == "sentences":
        return [f"sentences {payload['name']!r}"] if payload["personal"] else []
    columns = payload.get("columns", [])
    return [
        f"table {payload['name']!r}, column {column['name']!r}" for column in columns if column["personal"]
    ]


def add_publication_sheets(book: Workbook, tables: list[dict], properties: WorkbookProperties) -> None:
    """Add the cover, the contents, the notes and one sheet for each table.

    Parameters
    ----------
    book : openpyxl.Workbook
        A workbook without sheets.
    tables : list of dict
        Table payloads without personal columns, in order.
    properties : WorkbookProperties
        What the cover says.
    """
    ordered = sorted(tables, key=lambda table: table["name"] != NOTES)
    names = sheet_names([table["name"] for table in ordered], reserved=(COVER, CONTENTS))
    layouts = [
        Layout(name, published(table), _intro(table)) for name, table in zip(names, ordered, strict=True)
    ]
    _add_cover(book.create_sheet(COVER), properties)
    _add_contents(book, layouts, [len(table["rows"]) for table in ordered])
    for layout in layouts:
        _add_table(book, layout)


def published(table: dict) -> dict:
    """Return a table with no blank cell: missing values as ``[x]``, flags as yes and no.

    Examples
    --------
    >>> published({"columns": [{"kind": "flag"}, {"kind": "rate"}], "rows": [[False, None]], "empty_text": "None."})["rows"]
    [['no', '[x]']]
    """
    kinds = [Kind(column["kind"]) for column in table["columns"]]
    missing = DOES_NOT_APPLY if table.get("name") == NOTES else NO_VALUE
    rows = [
        [published_value(value, kind, missing) for value, kind in zip(row, kinds, strict=True)]
        for row in table["rows"]
    ]
    # An Excel table needs a row, so an empty one says so in its first cell.
    return table | {"rows": rows or [[table["empty_text"], *[NO_VALUE] * (len(kinds) - 1)]]}


def published_value(value: object, kind: Kind, missing: str = NO_VALUE) -> object:
    """Return a value as a published cell shows it, never blank.

    Examples
    --------
    >>> [published_value(value, Kind.FLAG) for value in (True, False, None, "c")]
    ['yes', 'no', '[x]', '[c]']
    """
    raw = value.value if isinstance(value, Figure) else value
    if raw is None or raw in ("", []):
        return missing
    if is_suppressed(raw):
        return WITHHELD
    if kind is Kind.FLAG:
        return "yes" if raw else "no"
    return value


def _intro(table: dict) -> tuple[str, ...]:
    return tuple(line for line in ("This worksheet contains one table.", table["note"]) if line)


def _add_cover(worksheet: Worksheet, properties: WorkbookProperties) -> None:
    told = properties.title, properties.school, properties.period, properties.confidentiality
    lines = [*filter(None, told), *ABOUT]
    write_lines(worksheet, lines, PUBLICATION)
    worksheet.column_dimensions["A"].width = COVER_WIDTH
    for number, line in enumerate(lines[1:], 2):
        worksheet.cell(number, 1).alignment = cells.WRAPPED
        worksheet.row_dimensions[number].height = LINE_HEIGHT * len(textwrap.wrap(line, COVER_WIDTH))
    about = next(row[0] for row in worksheet.iter_rows() if row[0].value == ABOUT[0])
    about.style = "Headline 2"
    about.font, about.border = cells.font(PUBLICATION.size, cells.DARK_BLUE, bold=True), cells.Border()
    fit_page(worksheet, COVER_WIDTH)


def _add_contents(book: Workbook, layouts: list[Layout], counts: list[int]) -> None:
    columns = [
        Column("worksheet", "Worksheet", width=34),
        Column("title", "Title", width=70),
        figure("rows", meaning=""),
    ]
    rows = [
        [layout.sheet, layout.table["title"], count] for layout, count in zip(layouts, counts, strict=True)
    ]
    table = table_of(CONTENTS, "Contents", columns, rows)
    sheets = tuple(layout.sheet for layout in layouts)
    _add_table(book, Layout(CONTENTS, table, ("This worksheet contains one table.",), leads_to=sheets))


def _add_table(book: Workbook, layout: Layout) -> None:
    worksheet = book.create_sheet(layout.sheet)
    write_table(worksheet, layout, PUBLICATION)
    worksheet.add_table(table_object(layout))


def table_object(layout: Layout) -> Table:
    """Return the Excel Table object of a layout, which tells a screen reader where the headings are.

    Its columns are named here because openpyxl, naming them itself, would add filter buttons.
    """
    name = object_name(layout.sheet)
    made = Table(displayName=name, name=name, ref=layout.ref)
    made.tableColumns = [
        TableColumn(id=number, name=heading) for number, heading in enumerate(layout.headings, 1)
    ]
    made.tableStyleInfo = TableStyleInfo(name=TABLE_STYLE, showRowStripes=False, showColumnStripes=False)
    return made
