"""What a cell says, whichever program saved it: one text for it, and whether it is as it was printed."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from attendance_lib.casebook.sheets import Cell, Kind, PrintedColumn, Unread
from attendance_lib.errors import quoted
from attendance_lib.intake.staff.cells import CELL_ERROR, Problem, typed_date, typed_text
from attendance_lib.intake.values import Order, as_number, as_text, resolve_dates

LIKE = 0.6  # of the words of an added row, so that a mended slip is the same action and another one is not
SURROGATES = re.compile("[\ud800-\udfff]")
FORMULA_SIGNS = ("=", "+", "-", "@")
APOSTROPHE = "'"


def written(value: Cell) -> str:
    """Return a cell as text, just as it stands there.

    Examples
    --------
    >>> written(" rang home "), written(3400.0), written(None)
    ('rang home', '3400', '')
    """
    if isinstance(value, Unread):
        return value.raw
    return SURROGATES.sub("\ufffd", typed_text(value))


def meaning(value: Cell, column: PrintedColumn, order: Order | None = None) -> str | Problem:
    """Return what a cell says as canonical text: a date as ISO, one of the column's words as we write it, blank as nothing.

    Parameters
    ----------
    value : Cell
        What the file holds.
    column : PrintedColumn
        Its column.
    order : Order, optional
        How the file's dates in this column are written, where the column proves it; else the day comes first.

    Examples
    --------
    >>> due = PrintedColumn("due_date", "Due", Kind.DATE)
    >>> meaning("2026-10-02 0:00:00", due), meaning("2/10/26", due), meaning("soon", due).text
    ('2026-10-02', '2026-10-02', "'soon' is not a date. Type day, month and year, as in 24/11/2026")
    """
    text = written(value)
    if isinstance(value, Unread):
        return Problem(value.why)
    if CELL_ERROR.fullmatch(text):
        return Problem(f"holds the error {text}. Type the value itself")
    if text == "":
        return ""
    if column.kind is Kind.DATE:
        return _date_meaning(value, order)
    return _word_meaning(text, column) if column.kind is Kind.CHOICE else _bare_meaning(text, column)


def plain_meaning(value: Cell, column: PrintedColumn) -> str:
    """Return what a cell of a print or a log says, as canonical text; where that cannot be told, just as it stands there.

    Examples
    --------
    >>> due = PrintedColumn("due_date", "Due", Kind.DATE)
    >>> plain_meaning("2/10/26", due), plain_meaning("soon", due)
    ('2026-10-02', 'soon')
    """
    said = meaning(value, column)
    return written(value) if isinstance(said, Problem) else said


def _date_meaning(value: Cell, order: Order | None) -> str | Problem:
    if isinstance(value, str) and order is Order.MONTH_FIRST:
        value = resolve_dates([value], order).found.get(value, value)
    found = typed_date(value)
    return found if isinstance(found, Problem) else found.isoformat()


def _word_meaning(text: str, column: PrintedColumn) -> str | Problem:
    said = {folded(word): word for word in column.choices} | {
        folded(word): means for word, means in column.also_said
    }
    if folded(text) in said:
        return said[folded(text)]
    return Problem(f"{quoted(text)} is none of the words to choose from: {', '.join(column.choices)}")


def _bare_meaning(text: str, column: PrintedColumn) -> str:
    number = as_number(text) if column.kind is Kind.NUMBER else None
    return text if number is None else as_text(number)


def folded(text: str) -> str:
    """Return words for comparing: one space between them, no capitals, no hyphens.

    Examples
    --------
    >>> folded("In-Progress "), folded("in  progress")
    ('in progress', 'in progress')
    """
    return " ".join(text.replace("-", " ").casefold().split())


def folded_key(text: str) -> str:
    """Return a row key for comparing: no capitals, no spaces, no leading zeros of its numbers.

    Examples
    --------
    >>> folded_key(" a0021"), folded_key("A21"), folded_key("000")
    ('a21', 'a21', '0')
    """
    return re.sub(r"\d+", lambda digits: digits[0].lstrip("0") or "0", "".join(text.casefold().split()))


def is_as_printed(value: Cell, said: str | Problem, printed: str, column: PrintedColumn) -> bool:
    """Whether a cell is as it was printed, in any spelling that a program gives it.

    Parameters
    ----------
    value : Cell
        What the file holds.
    said : str or Problem
        Its ``meaning``.
    printed : str
        Canonical text of what was printed.
    column : PrintedColumn
        Their column.

    Notes
    -----
    A spreadsheet drops the leading zeros of a number, and may set an apostrophe before a formula's sign.

    Examples
    --------
    >>> number = PrintedColumn("action_id", "No")
    >>> [is_as_printed(cell, "", printed, number) for cell, printed in ((21, "0021"), ("'=1+1", "=1+1"), (22, "0021"))]
    [True, True, False]
    """
    text = written(value)
    if printed in (said, text):
        return True
    if text.removeprefix(APOSTROPHE) == printed and printed.startswith(FORMULA_SIGNS):
        return True
    is_number = isinstance(value, int | float) or text.isdigit()
    return (
        column.kind is Kind.TEXT and is_number and printed.isdigit() and text == (printed.lstrip("0") or "0")
    )


def order_of(values: Iterable[Cell]) -> Order | None:
    """Return whether a column's dates typed as text have the month first, where one of them proves it.

    Examples
    --------
    >>> order_of(["10/02/2026", "10/15/2026"]), order_of(["10/02/2026", None])
    (<Order.MONTH_FIRST: 'month_first'>, None)
    """
    return resolve_dates(value for value in values if isinstance(value, str)).order


def is_like(one: str, other: str) -> bool:
    """Whether two texts are the same words but for a slip that was mended.

    Examples
    --------
    >>> is_like("Ring hoem", "Ring home"), is_like("Ring home", "Letter to parents"), is_like("", "Ring home")
    (True, False, False)
    """
    return SequenceMatcher(None, folded(one), folded(other), autojunk=False).ratio() >= LIKE
