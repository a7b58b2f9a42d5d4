"""A working workbook's sheets by the names that its tables have in the folder of tables: the tabs say what people say."""

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet


def tabs_of(book: Workbook) -> dict[str, str]:
    """Return the tab of each table by the table's name, as the hidden sheet has them."""
    return {row[5]: row[0] for row in book["columns"].iter_rows(min_row=2, values_only=True)}


def tab(book: Workbook, name: str) -> Worksheet:
    """Return the sheet of a table."""
    return book[tabs_of(book)[name]]
