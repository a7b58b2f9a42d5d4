"""A grid of marks as a spreadsheet holds it, and what is read of it."""

from datetime import date, datetime

import openpyxl


def save(path, rows, *, date_format="DD/MM/YYYY", epoch=None, title="Marks"):
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, date)):
        cell.number_format = date_format
    book.save(path)


MONDAY, TUESDAY = datetime(2026, 9, 14), datetime(2026, 9, 15)
EXPECTED = {
    ("001", "09-14", "AM"): "/",
    ("001", "09-14", "PM"): "\\",
    ("001", "09-15", "AM"): "L",
    ("002", "09-14", "AM"): "I",
}
ROWS = [
    ["001", "Ó Briain", "/", "\\", "L", "", 1.0],
    ["002", "O'Neill", "I", "", "-", None, 1.0],
    ["Total pupils", 2],
]
