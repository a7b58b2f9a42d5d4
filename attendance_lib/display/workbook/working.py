"""The working profile: filters, frozen panes, drop-downs and shaded cells for staff to fill in."""

import textwrap
from collections.abc import Iterable
from copy import copy
from datetime import date

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from attendance_lib.display.kinds import Kind, Tone
from attendance_lib.display.shown import tab_of
from attendance_lib.display.workbook import cells
from attendance_lib.display.workbook.cells import Typed, tone_style, typed_value, write_text
from attendance_lib.display.workbook.sheet import (
    WORKING,
    Layout,
    fit_page,
    sheet_names,
    within,
    write_lines,
    write_table,
)
from attendance_lib.display.workbook.tables import WorkbookProperties, notes_table, summary_table, tables_of
from attendance_lib.rules.pack_marks import PROPERTY, heading_of

# Conditional formats: a column's highlights as rules that follow what staff type

COMPARISONS = {"at_least": ">=", "at_most": "<=", "equals": "="}


def add_highlights(worksheet: Worksheet, layout: Layout) -> None:
    """Add a conditional format for each highlight of each column, the first that holds winning.

    Parameters
    ----------
    worksheet : openpyxl.worksheet.worksheet.Worksheet
        The sheet the table is on.
    layout : Layout
        What stands where; a table without rows gets none.
    """
    if layout.last_row < layout.first_row:
        return
    for index, column in enumerate(layout.table["columns"]):
        cell = f"{get_column_letter(index + 1)}{layout.first_row}"
        for highlight in column["highlights"]:
            worksheet.conditional_formatting.add(
                layout.span(index), _rule(highlight, cell, Kind(column["kind"]))
            )


def _rule(highlight: dict, cell: str, kind: Kind) -> Rule:
    formula = condition(highlight, cell, kind)
    return Rule(
        type="expression", dxf=tone_style(Tone(highlight["tone"]), kind), stopIfTrue=True, formula=[formula]
    )


def condition(highlight: dict, cell: str, kind: Kind) -> str:
    """Return the formula of a highlight; a blank cell never meets it, though Excel counts it as 0.

    Parameters
    ----------
    highlight : dict
        ``when`` (``at_least``, ``at_most`` or ``equals``) and ``value`` in the payload's units.
    cell : str
        The first cell of the range, such as ``C5``.
    kind : Kind
        The column's kind, which decides the cell's unit.

    Examples
    --------
    >>> condition({"when": "at_most", "value": 0.9}, "C5", Kind.RATE)
    'AND(ISNUMBER(C5),C5<=0.9)'
    >>> condition({"when": "equals", "value": "overdue"}, "D5", Kind.TEXT)
    'AND(D5<>"",D5="overdue")'
    """
    value = literal(typed_value(highlight["value"], kind))
    filled = f"ISNUMBER({cell})" if value[0] != '"' else f'{cell}<>""'
    return f"AND({filled},{cell}{COMPARISONS[highlight['when']]}{value})"


def literal(value: Typed) -> str:
    """Return a typed value as it is written in a formula.

    Examples
    --------
    >>> literal("done"), literal('a "no" twice'), literal(date(2026, 11, 20)), literal(0.9)
    ('"done"', '"a ""no"" twice"', 'DATE(2026,11,20)', '0.9')
    """
    if isinstance(value, date):
        return f"DATE({value.year},{value.month},{value.day})"
    if isinstance(value, (int, float)):
        return repr(value)
    doubled = (value or "").replace('"', '""')
    return f'"{doubled}"'


# What staff may type into the columns they fill in

FIRST_DATE = "36526"  # Excel's number of 1 January 2000
LIST_LIMIT = 255  # characters in a list written into the rule: Microsoft, Excel specifications and limits
PROMPT_LIMIT = 255
TITLE_LIMIT = 32


def add_validations(worksheet: Worksheet, layout: Layout) -> None:
    """Add a rule to each editable column, over its rows and the blank rows at the foot.

    Parameters
    ----------
    worksheet : openpyxl.worksheet.worksheet.Worksheet
        The sheet the table is on.
    layout : Layout
        What stands where; a table without rows gets no rule.

    Raises
    ------
    ValueError
        If a list of choices cannot be written into a rule: a fault in the section's column.
    """
    if layout.last_row < layout.first_row:
        return
    for index, column in enumerate(layout.table["columns"]):
        rule = validation(column) if column["editable"] else None
        if rule is not None:
            rule.add(layout.span(index))
            worksheet.add_data_validation(rule)


def validation(column: dict) -> DataValidation | None:
    """Return the rule of an editable column, or ``None`` where any text will do.

    Choices are a list, dates are on or after 1 January 2000, counts are whole numbers from 0,
    rates lie between 0 % and 100 %.

    Examples
    --------
    >>> rule = validation({"choices": ["agreed", "refused"], "kind": "text", "heading": "Answer", "meaning": ""})
    >>> rule.type, rule.formula1, rule.prompt
    ('list', '"agreed,refused"', 'Choose one of: agreed, refused.')
    """
    rule = _choice_rule(column) if column["choices"] else _typed_rule(Kind(column["kind"]))
    if rule is None:
        return None
    rule.allow_blank = rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle = rule.promptTitle = column["heading"][:TITLE_LIMIT]
    rule.prompt = (column["meaning"] or rule.error)[:PROMPT_LIMIT]
    return rule


def _choice_rule(column: dict) -> DataValidation:
    choices = ",".join(column["choices"])
    if len(choices) > LIST_LIMIT or any("," in choice for choice in column["choices"]):
        raise ValueError(
            f"Column {column['name']!r}: {len(choices)} characters of choices do not fit a drop-down. "
            f"Use at most {LIST_LIMIT}, and no comma in a choice."
        )
    quoted = choices.replace('"', '""')
    return DataValidation(
        "list", f'"{quoted}"', error=f"Choose one of: {choices.replace(',', ', ')}."[:PROMPT_LIMIT]
    )


def _typed_rule(kind: Kind) -> DataValidation | None:
    rules = {
        Kind.DATE: ("date", "greaterThanOrEqual", FIRST_DATE, None, "Type a date such as 24/11/2026."),
        Kind.COUNT: ("whole", "greaterThanOrEqual", "0", None, "Type a whole number, 0 or more."),
        Kind.RATE: ("decimal", "between", "0", "1", "Type a per cent from 0% to 100%."),
        Kind.FLAG: ("list", None, '"yes"', None, "Choose yes, or leave the cell blank."),
    }
    if kind not in rules:
        return None
    type_, operator, low, high, error = rules[kind]
    return DataValidation(type_, low, high, operator=operator, error=error)


READ_ME = "Read me"
COLUMNS = "columns"
COLUMNS_HEADINGS = ["sheet", "heading", "name", "editable", "meaning", "table"]  # read by the casebook
FROZEN_LIMIT = 60  # characters: more would leave no room to scroll beside the frozen columns
PRINTED_ROWS = 45
# Microsoft, Excel specifications and limits: all of a header or footer, with its codes.
BAND_LIMIT = 255
BAND_CODES = 40  # what the marks of sides and sizes and "page 1 of 2" take of it
BAND_LINE = 72  # characters: with those, the other end of the line still has room on an upright page
BAND_SIZE = 8  # points, so that the two ends of a line do not meet on an upright page
READ_ME_WIDTHS = (32, 62, 8, 11, 26)

HOW_TO = (
    "Type only in the shaded cells, under the headings in dark pink. Cells with a list show an arrow when you click them.",
    "Dates are day, month, year: 24/11/2026. Leave a cell blank where there is nothing to say.",
    "To add a row, use the shaded blank rows at the foot of the table; type a pupil's number as it stands in other rows.",
    "You may sort, filter, hide columns and insert rows. Please do not rename sheets or headings: the next report reads them.",
    "Each long sheet prints its first rows; for all of them clear its print area.",
    "Save the file in its folder, under any name, as a workbook (.xlsx, .ods) or CSV without a password; copies are read too.",
)
# Where there is nothing to fill in, nothing of a workbook is read back.
HOW_TO_READ = (
    "There is nothing to fill in. Sort and filter as you like; the notes say what each column means.",
)
FILL_IN_LINE = "To fill in: {headings}."


def add_working_sheets(book: Workbook, tables: list[dict], properties: WorkbookProperties) -> None:
    """Add the first sheet, a sheet for each table and the hidden sheet by which entries are read back.

    Parameters
    ----------
    book : openpyxl.Workbook
        A workbook without sheets.
    tables : list of dict
        Table payloads, in order.
    properties : WorkbookProperties
        What the first sheet, the header and the footer say.
    """
    layouts = working_layouts(tables, properties)
    layouts = sorted(layouts, key=lambda layout: not is_filled_in(layout.table))
    _add_read_me(book.create_sheet(READ_ME), layouts, properties)
    for layout in layouts:
        _add_table(book.create_sheet(layout.sheet), layout, properties)
    _add_columns(book.create_sheet(COLUMNS), layouts)
    _add_identity(book, properties.pack_id)


def working_layouts(tables: list[dict], properties: WorkbookProperties) -> list[Layout]:
    """Return the sheet of each table, in order; those to fill in bear the number of the pack, if it has one.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> columns = [Column("form", "Form"), Column("said", "Said", editable=True)]
    >>> calls = table_of("calls", "Calls", columns, [["7A", ""], ["7B", ""]])
    >>> properties = WorkbookProperties("", "", "", "", "2026-11-20", pack_id="pk0000000000aa")
    >>> [layout.marks for layout in working_layouts([calls, calls | {"name": "visits", "title": "Visits"}], properties)]
    [['001', '002'], ['003', '004']]
    """
    names = sheet_names(map(tab_of, tables), reserved=(READ_ME, COLUMNS))
    layouts: list[Layout] = []
    marked = 0
    for name, table in zip(names, tables, strict=True):
        pack_id = properties.pack_id if is_filled_in(table) else ""
        heading = (heading_of(pack_id, properties.urn),) if pack_id else ()
        layouts.append(Layout(name, table, (*heading, *_intro(table)), table["blank_rows"], pack_id, marked))
        marked += len(layouts[-1].marks) if is_filled_in(table) else 0
    return layouts


def is_filled_in(table: dict) -> bool:
    """Whether a table has a column that staff fill in.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> columns = [Column("form", "Form"), Column("said", "Said", editable=True)]
    >>> [is_filled_in(table_of("calls", "Calls", columns[:count], [])) for count in (1, 2)]
    [False, True]
    """
    return any(column["editable"] for column in table["columns"])


def _intro(table: dict) -> tuple[str, ...]:
    editable = [column["heading"] or column["name"] for column in table["columns"] if column["editable"]]
    fill_in = FILL_IN_LINE.format(headings=", ".join(editable)) if editable else ""
    empty = "" if table["rows"] else table["empty_text"]
    return tuple(filter(None, (table["note"], fill_in, empty)))


def _add_table(worksheet: Worksheet, layout: Layout, properties: WorkbookProperties) -> None:
    write_table(worksheet, layout, WORKING)
    worksheet.auto_filter.ref = layout.ref
    worksheet.freeze_panes = frozen_cell(layout)
    add_validations(worksheet, layout)
    add_highlights(worksheet, layout)
    _set_page(worksheet, properties)
    if not is_filled_in(layout.table):
        _print_first(worksheet, layout)
    else:
        worksheet.sheet_properties.tabColor = cells.DARK_PINK


def _print_first(worksheet: Worksheet, layout: Layout) -> None:
    """Print a sheet on one page, of a long one the first rows: the whole workbook is a file to keep, not five hundred pages."""
    last = get_column_letter(len(layout.headings))
    worksheet.print_area = f"A1:{last}{min(layout.last_row, layout.header_row + PRINTED_ROWS)}"
    worksheet.page_setup.fitToHeight = 1


def frozen_cell(layout: Layout) -> str:
    """Return the cell at which panes freeze: under the header, right of the row header where it fits.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> forms = table_of("forms", "Forms", [Column("form", "Form"), Column("said", "Said")], [["7A", ""]])
    >>> frozen_cell(Layout("Forms", forms))
    'B3'
    """
    frozen = layout.row_header + 1
    fits = sum(layout.widths[:frozen]) <= FROZEN_LIMIT
    return f"{get_column_letter(frozen + 1 if fits else 1)}{layout.first_row}"


def _set_page(worksheet: Worksheet, properties: WorkbookProperties) -> None:
    room = BAND_LIMIT - BAND_CODES
    worksheet.oddHeader.left.text = band_text(properties.title, room // 2)
    worksheet.oddHeader.right.text = band_text(properties.subject, room // 2)
    worksheet.oddFooter.left.text = band_text(properties.confidentiality, room)
    worksheet.oddFooter.right.text = "&A, page &P of &N"
    for band in (worksheet.oddHeader, worksheet.oddFooter):
        band.left.size = band.right.size = BAND_SIZE


def band_text(text: str, room: int) -> str:
    """Return text for a header or a footer, where ``&`` starts a code: in lines, and of one too long its whole sentences or words.

    The first sheet has all of it.

    Examples
    --------
    >>> band_text("St Mary & St John", 100)
    'St Mary && St John'
    >>> band_text("Confidential: personal data. For heads of year; do not copy, forward or leave on view.", 200).splitlines()
    ['Confidential: personal data. For heads of year; do not copy, forward or', 'leave on view.']
    >>> band_text("Confidential. For heads of year; do not copy it.", 20), band_text("A school of a very long name", 20)
    ('Confidential.', 'A school of a ...')
    """
    doubled = text.replace("&", "&&")
    if len(doubled) > room:
        whole = doubled[: room + 1].rpartition(". ")[0]
        doubled = f"{whole}." if whole else textwrap.shorten(doubled, room, placeholder=" ...")
    return "\n".join(textwrap.wrap(doubled, BAND_LINE))


def _add_read_me(worksheet: Worksheet, layouts: list[Layout], properties: WorkbookProperties) -> None:
    has_entries = any(is_filled_in(layout.table) for layout in layouts)
    title, how_to = ("How to fill in", HOW_TO) if has_entries else ("How to read", HOW_TO_READ)
    lines = [properties.title, properties.subject, properties.confidentiality, "", f"{title} this workbook"]
    write_lines(worksheet, [*lines, *how_to, "", "What the colours and signs mean"], WORKING)
    for heading in (len(lines), len(lines) + len(how_to) + 2):
        worksheet.cell(heading, 1).font = cells.font(bold=True)
    row = _add_legend(worksheet, len(lines) + len(how_to) + 3, has_entries=has_entries)
    _add_sheet_list(worksheet, row + 2, layouts)
    for number, width in enumerate(READ_ME_WIDTHS, 1):
        worksheet.column_dimensions[get_column_letter(number)].width = width
    worksheet.sheet_view.showGridLines = False
    fit_page(worksheet, sum(READ_ME_WIDTHS))
    _set_page(worksheet, properties)


def _add_legend(worksheet: Worksheet, row: int, *, has_entries: bool) -> int:
    """Say what colours mean from a row down; return the last row written."""
    if has_entries:
        fill_in = worksheet.cell(row, 1)
        write_text(fill_in, "shaded, with a border: fill in")
        fill_in.font, fill_in.fill, fill_in.border = cells.font(), cells.solid(cells.FILL_IN), cells.BOX
    row -= not has_entries
    for tone in cells.TONES.values():
        row += 1
        cell = worksheet.cell(row, 1)
        write_text(cell, f"{tone.symbol} bold: {tone.meaning}")
        cell.font, cell.fill = cells.font(colour=tone.text, bold=True), cells.solid(tone.fill)
    return row


def _add_sheet_list(worksheet: Worksheet, row: int, layouts: list[Layout]) -> None:
    headings = ["Sheet", "What it shows", "Rows", "To fill in", "In the folder of tables"]
    _write_rows(worksheet, row, [headings], cells.font(colour=cells.WHITE, bold=True))
    for column in range(1, len(READ_ME_WIDTHS) + 1):
        worksheet.cell(row, column).fill = cells.solid(cells.DARK_BLUE)
    values = [
        [
            layout.sheet,
            layout.table["title"],
            len(layout.table["rows"]),
            "yes" if is_filled_in(layout.table) else "",
            layout.table["name"],
        ]
        for layout in layouts
    ]
    _write_rows(worksheet, row + 1, values, cells.font())
    for number, layout in enumerate(layouts, row + 1):
        name = worksheet.cell(number, 1)
        name.hyperlink, name.font = within(layout.sheet), cells.link_font()


def _write_rows(worksheet: Worksheet, first: int, rows: list[list], face: cells.Font) -> None:
    pattern = worksheet.cell(first, 1)
    pattern.font, pattern.border, pattern.alignment = face, cells.GRID, cells.WRAPPED
    style = copy(pattern._style)  # as in sheet.py: made once, not looked up again
    for row, values in enumerate(rows, first):
        for number, value in enumerate(values, 1):
            cell = worksheet.cell(row, number)
            cell._style = copy(style)
            if isinstance(value, str):
                write_text(cell, value)
            else:
                cell.value = value


def _add_columns(worksheet: Worksheet, layouts: list[Layout]) -> None:
    worksheet.sheet_state = "hidden"
    rows = [COLUMNS_HEADINGS, *(row for layout in layouts for row in _column_rows(layout))]
    _write_rows(worksheet, 1, rows, cells.font())


def _column_rows(layout: Layout) -> list[list[str]]:
    columns = [
        [
            layout.sheet,
            heading,
            column["name"],
            "yes" if column["editable"] else "",
            column["meaning"],
            layout.table["name"],
        ]
        for heading, column in zip(layout.headings, layout.table["columns"], strict=True)
    ]
    # Of a sheet to fill in also the lines above the table, so that what somebody writes there is distinguished from them.
    lines = [layout.table["title"], *layout.lines] if layout.pack_id else []
    return [*columns, *([layout.sheet, line, "", "", "", layout.table["name"]] for line in lines)]


def _add_identity(book: Workbook, pack_id: str) -> None:
    """Say which pack this is where a document keeps it through most programs, besides on the sheets themselves."""
    if pack_id:
        book.properties.identifier = pack_id
        book.custom_doc_props.append(StringProperty(name=PROPERTY, value=pack_id))
        book.defined_names.add(DefinedName(PROPERTY, attr_text=f'"{pack_id}"'))


def sheets_to_fill_in(payloads: Iterable[dict], properties: WorkbookProperties) -> list[Layout]:
    """Return the sheets of a working workbook that staff fill in, as ``write_workbook`` lays them out."""
    layouts = working_layouts(_all_tables(list(payloads)), properties)
    return [layout for layout in layouts if is_filled_in(layout.table)]


def _all_tables(payloads: list[dict]) -> list[dict]:
    own = [summary_table(payloads), *tables_of(payloads), notes_table(payloads)]
    return [table for table in own if table is not None]
