"""The impact cards that staff filled in, read back from an impact pack's own workbook as they left it."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from attendance_lib.errors import InputError, quoted
from attendance_lib.intake.filled_sheet import Cell, SheetPlan, open_filled_sheet
from attendance_lib.intake.headings import plain
from attendance_lib.intake.pack_cells import CELL_ERROR, Problem, typed_date, typed_text
from attendance_lib.intake.values import as_text

CARD_COLUMNS = (
    "intervention",
    "for_whom",
    "aim",
    "measure",
    "comparison",
    "start_date",
    "review_date",
    "written_on",
    "written_by",
)
COMPARISONS = ("by lot", "waiting list", "a rule kept to", "similar pupils", "none")
CARD_DATES = ("start_date", "review_date", "written_on")
HEADINGS = {plain(name): name for name in CARD_COLUMNS}
BLANK = "is blank. Write what is to be done, or clear the whole row"


def typed_card_cell(name: str, value: object) -> Cell:
    """Return a cell of a card as its type, ``None`` where it is blank.

    Examples
    --------
    >>> typed_card_cell("comparison", " Waiting  List "), typed_card_cell("start_date", "11/01/2027")
    ('waiting list', datetime.date(2027, 1, 11))
    >>> typed_card_cell("comparison", "a coin").text
    "'a coin' is no comparison. Use one of: by lot, waiting list, a rule kept to, similar pupils, none"
    """
    text = as_text(value)
    if CELL_ERROR.fullmatch(text):
        return Problem(f"holds the error {text}. Type the value itself")
    if text == "":
        return Problem(BLANK) if name == "intervention" else None
    return TYPES.get(name, typed_text)(value)


def typed_comparison(value: object) -> str | Problem:
    """Return how a card says that it will be judged, in our words, whatever its case and spacing.

    Examples
    --------
    >>> typed_comparison("  By Lot "), typed_comparison("chance").text
    ('by lot', "'chance' is no comparison. Use one of: by lot, waiting list, a rule kept to, similar pupils, none")
    """
    words = " ".join(as_text(value).casefold().split())
    if words in COMPARISONS:
        return words
    return Problem(f"{quoted(as_text(value))} is no comparison. Use one of: {', '.join(COMPARISONS)}")


TYPES: dict[str, Callable[[object], Cell]] = {
    "comparison": typed_comparison,
    **dict.fromkeys(CARD_DATES, typed_date),
}
CARD_SHEET = SheetPlan(
    "impact_card", CARD_COLUMNS, ("intervention", "aim"), HEADINGS, CARD_DATES, typed_card_cell
)


def no_cards() -> pd.DataFrame:
    """Return the empty table of cards (no row)."""
    return pd.DataFrame(
        {name: pd.Series([], dtype="datetime64[s]" if name in CARD_DATES else "str") for name in CARD_COLUMNS}
    ).assign(source_row=pd.Series([], dtype="int64"))


def read_pack_cards(path: Path) -> pd.DataFrame:
    """Return the impact cards of a pack's workbook as staff left them.

    Parameters
    ----------
    path : pathlib.Path
        The impact pack's ``.xlsx``, saved by Excel or LibreOffice.

    Returns
    -------
    pandas.DataFrame
        One row per filled row of the sheet ``impact_card``, in its order: CARD_COLUMNS (dates as datetime64[s], the
        rest text; ``comparison`` one of COMPARISONS) and ``source_row``. Blank cells are missing.

    Raises
    ------
    InputError
        If the file cannot be opened or has no such sheet or column; or with one line for each cell that cannot be
        read, or a row that does not say what is to be done.
    """
    sheet = open_filled_sheet(path, CARD_SHEET)
    problems = [text for _, text in sorted(sheet.cell_problems())]
    if problems:
        raise InputError(*problems)
    return sheet.table()
