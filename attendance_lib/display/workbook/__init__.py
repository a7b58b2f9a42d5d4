"""The Excel workbook of a paper: for working in, or for publishing.

``write_workbook`` takes payloads only (see ``display/model.py``), so its figures are those of the page.
"""

from attendance_lib.display.workbook.book import write_workbook
from attendance_lib.display.workbook.tables import WorkbookProperties
from attendance_lib.display.workbook.working import sheets_to_fill_in

__all__ = ["WorkbookProperties", "sheets_to_fill_in", "write_workbook"]
