"""Conditional formats: a column's highlights as rules that follow what staff type."""

from datetime import date

from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from attendance_lib.display.kinds import Kind, Tone
from attendance_lib.display.workbook.cells import Typed, typed_value
from attendance_lib.display.workbook.layout import Layout
from attendance_lib.display.workbook.styles import tone_style

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
