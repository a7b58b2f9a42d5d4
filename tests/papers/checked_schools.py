"""A school to be checked, and what its page, its workbook and the terminal say."""

from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path

from openpyxl import load_workbook

from attendance_lib import cli
from tests.school_file import details
from tests.workbook_tabs import tabs_of

SCHOOL = (
    details()
    + """\
calendar:
  terms:
    - {school_year: "202627", name: autumn, half_terms: [{start: 2026-09-07, end: 2026-10-23}]}
  inset: [2026-09-09]
  closures:
    - {date: 2026-09-10, reason: "boiler"}
"""
)
PUPILS = """\
pupil_id,upn,surname,forename,year_group,form,date_of_birth,sex,admission_date,leaving_date
001,Z990003000001,Ó Briain,Zoë,7,7A,2015-01-02,F,2025-09-07,
002,Z990003000002,O'Neill,Nullina,8,8A,2014-02-03,M,2025-09-03,
003,Z990003000003,李,Truelove,8,8A,2014-05-06,F,2025-09-03,
"""
# Monday, Tuesday and Friday: INSET is on Wednesday and the boiler on Thursday.
DAYS = ("2026-09-07", "2026-09-08", "2026-09-11")
MARKS = "pupil_id,date,session,code,minutes_late\n" + "".join(
    f"{pupil},{day},{session},{code},\n"
    for pupil in ("001", "002", "003")
    for day in DAYS
    for session, code in (("AM", "/"), ("PM", "\\"))
)


@dataclass
class Page:
    """A check: its exit code, the terminal's text with its lines joined, the HTML's text and each sheet's cells.

    Page and workbook are kept as they were made and read when a test asks what they say.
    """

    code: int
    out: str
    err: str
    folder: Path | None
    page: str = ""
    book: bytes = b""

    @cached_property
    def html(self):
        return text_of(self.page)

    @cached_property
    def sheets(self):
        return sheets_of(self.book)

    @property
    def said(self):
        return " ".join(self.out.split())

    def says(self, text):
        cells = " ".join(str(cell) for rows in self.sheets.values() for row in rows for cell in row if cell)
        return text in self.said, text in self.html, text in cells


class TextOf(HTMLParser):
    """The text of a page, without tags and style."""

    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)


def text_of(page):
    parser = TextOf()
    parser.feed(page)
    return " ".join(" ".join(parser.parts).split())


def sheets_of(content):
    with closing(load_workbook(BytesIO(content), read_only=True)) as book:
        names = {tab: name for name, tab in tabs_of(book).items()}
        return {
            names.get(sheet.title, sheet.title): list(sheet.iter_rows(values_only=True))
            for sheet in book.worksheets
        }


def write_school(folder):
    """Make a folder the project of the small school."""
    for name in ("notebooks", "params"):
        (folder / name).mkdir()
    for name, text in (("demo.yml", SCHOOL), ("pupils.csv", PUPILS), ("marks.csv", MARKS)):
        (folder / "params" / name).write_text(text, encoding="utf-8")
    return folder


def check_in(folder, changes, argv=()):
    """Check the small school of the working directory after changes (file name to (old, new) or new text); return the page."""
    for name, change in (changes or {}).items():
        path = folder / "params" / name
        text = change if isinstance(change, str) else path.read_text(encoding="utf-8").replace(*change)
        path.write_text(text, encoding="utf-8")
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(("check", *argv))
    pages = sorted(folder.rglob("check.html"))
    if not pages:
        return Page(code, out.getvalue(), err.getvalue(), None)
    page = pages[-1].read_text(encoding="utf-8")
    book = pages[-1].with_suffix(".xlsx").read_bytes()
    return Page(code, out.getvalue(), err.getvalue(), pages[-1].parent, page, book)
