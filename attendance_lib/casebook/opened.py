"""A workbook or CSV opened within bounds: the cells of its sheets, and what the file says about itself."""

import html
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from xml.parsers import expat
from xml.parsers.expat import ExpatError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import CalamineError, CalamineWorkbook

from attendance_lib.casebook.sheets import Cell, Stray, Unread
from attendance_lib.errors import InputError
from attendance_lib.intake.files.delimited import read_delimited
from attendance_lib.intake.files.export import decode
from attendance_lib.intake.files.workbook import DAMAGE, open_parts, open_spreadsheet
from attendance_lib.intake.values import as_text

# The comments attached to cells of an OpenDocument workbook, which the library that reads its cells leaves out

SIGN = b"<office:annotation"
CELLS = ("table:table-cell", "table:covered-table-cell")
ROW, COMMENT, PARAGRAPH = "table:table-row", "office:annotation", "text:p"


class OdsComments:
    """Reads the part of an OpenDocument workbook that holds its sheets; ``found`` are the comments in it so far."""

    def __init__(self) -> None:
        self.found: list[Stray] = []
        self._sheet, self._row, self._column = "", 0, 0
        self._cells_on, self._rows_on = 1, 1
        self._words: list[str] | None = None
        self._is_said = False

    def read(self, content: bytes) -> tuple[Stray, ...]:
        """Return the comments, in the order of the cells.

        Raises
        ------
        xml.parsers.expat.ExpatError
            If this is no XML.
        ValueError
            If a count in it is no number.

        Examples
        --------
        >>> cell = "<table:table-cell><office:annotation><text:p>rang</text:p></office:annotation></table:table-cell>"
        >>> row = f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{cell}</table:table-row>'
        >>> OdsComments().read(f'<table:table table:name="actions">{row}</table:table>'.encode())
        (Stray(sheet='actions', row=1, column=3, text='comment: rang'),)
        """
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)  # noqa: FBT003 - this is all of it
        return tuple(self.found)

    def _begin(self, name: str, said: Mapping[str, str]) -> None:
        if name == "table:table":
            self._sheet, self._row = said.get("table:name", ""), 0
        elif name == ROW:
            self._row, self._column = self._row + 1, 0
            self._rows_on = int(said.get("table:number-rows-repeated", "1"))
        elif name in CELLS:
            self._column += 1
            self._cells_on = int(said.get("table:number-columns-repeated", "1"))
        elif name == COMMENT:
            self._words = []
        elif name == PARAGRAPH and self._words is not None:
            self._words.append("")
            self._is_said = True

    def _text(self, text: str) -> None:
        if self._words and self._is_said:
            self._words[-1] += text

    def _end(self, name: str) -> None:
        if name == ROW:
            self._row += self._rows_on - 1
        elif name in CELLS:
            self._column += self._cells_on - 1
        elif name == PARAGRAPH:
            self._is_said = False
        elif name == COMMENT and self._words is not None:
            words = "\n".join(self._words).strip()
            self._words = None
            if words:
                self.found.append(Stray(self._sheet, self._row, self._column, f"comment: {words}"))


COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_FILE = b"PK"
DELIMITED = (".csv", ".tsv")
COMMENT_PARTS = ("xl/comments", "xl/threadedComments")
# What Excel sets before the words of a comment that can be answered, for programs that know only the older kind.
BEFORE_COMMENT = re.compile(r"\A\[Threaded comment\].*?Comment:\s*", re.DOTALL)
SHEET_PARTS, ODS_PART = "xl/worksheets/", "content.xml"
# Parts that say what the file is; of each no more is read than any program writes.
ABOUT = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "xl/workbook.xml", "meta.xml")
ABOUT_BYTES = 1_000_000
ODS_BYTES = 60_000_000
LAST_SAVED_BY = re.compile(r"<cp:lastModifiedBy>([^<]*)<")
FIRST_CREATOR = re.compile(r"<meta:initial-creator>([^<]*)<")
CREATOR = re.compile(r"<dc:creator>([^<]*)<")
MADE_AT = re.compile(r"<(?:dcterms:created|meta:creation-date)[^>]*>([^<]*)<")
SAVED_AT = re.compile(r"<(?:dcterms:modified|dc:date)[^>]*>([^<]*)<")
PROGRAM = re.compile(r"<(?:Application|meta:generator)>([^<]*)<")
# A formula or an error among the cells of a sheet.
WITHOUT_VALUE = re.compile(rb"""<(?:\w+:)?f[\s>/]|\bt=["']e["']""")
# A row that is said to stand there often is written once and unpacked to as many: none of a school's is.
ODS_ROW = re.compile(
    rb'<table:table-row\b[^>]*number-rows-repeated="(\d+)"[^>]*>(.*?)</table:table-row>', re.DOTALL
)
ODS_SAID = (b"office:value", b"<text:p")
MOST_REPEATED = 1_000
FORMULA, ERROR = "f", "e"
MIDNIGHT = time()
SAVE_PLAINLY = "Open it, take the password off if it has one, and save it as an Excel workbook (.xlsx)."
# What openpyxl raises for parts that no program writes so.
ODD_PARTS = (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, *DAMAGE)

Rows = list[list[Cell]]


@dataclass(frozen=True)
class Opened:
    """A file whose size is within bounds: the names of its sheets, ``read`` for the cells of one, and what it says about itself.

    ``about`` is the text of the parts in which the pack's number may stand; ``said_by`` and ``said_at`` say who saved the
    file last and when, empty where it does not. ``comments`` are those attached to cells, each where it stands.
    """

    names: tuple[str, ...]
    read: Callable[[str], Rows]
    about: str = ""
    program: str = ""
    said_by: str = ""
    said_at: str = ""
    comments: tuple[Stray, ...] = ()


def open_returned(content: bytes, ending: str, label: str) -> Opened:
    r"""Open a file by what it holds, whatever its name says.

    Raises
    ------
    InputError
        If it is empty, damaged, locked, an old workbook, or holds more than any pack does.

    Examples
    --------
    >>> opened = open_returned(b"No,Note\nA1,rang\n", ".csv", "actions.csv")
    >>> opened.read("")
    [['No', 'Note'], ['A1', 'rang']]
    >>> open_returned(b"", ".csv", "actions.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: actions.csv: the file is empty. ...
    """
    if not content.strip(b"\0 \r\n\t"):
        raise InputError(
            f"{label}: the file is empty. If it held anything, take it back from a backup or an earlier version."
        )
    if content.startswith(COMPOUND_FILE):
        raise InputError(f"{label}: the workbook has a password, or is an old .xls. {SAVE_PLAINLY}")
    if content.startswith(ZIP_FILE):
        return open_book(content, label)
    if ending.casefold() not in DELIMITED:
        raise InputError(
            f"{label}: this is no workbook; it is damaged or of another kind. Save it as .xlsx again."
        )
    rows = plain_rows(read_delimited(decode(content, label), label))
    return Opened(("",), lambda name: rows)  # noqa: ARG005 - it has one sheet


def open_book(content: bytes, label: str) -> Opened:
    """Open a zipped workbook, Excel's or OpenDocument's.

    Raises
    ------
    InputError
        If it is damaged or holds more than any pack does.

    Examples
    --------
    >>> open_book(b"PK", "actions.xlsx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: actions.xlsx: the workbook is cut short or damaged. Open it, save it as .xlsx again, ...
    """
    with open_parts(content, label) as parts:
        held = parts.namelist()
        about = about_of(parts)
        if ODS_PART in held:
            check_repeated(parts, label)
            return open_ods(content, label, about, ods_comments(part_of(parts, ODS_PART, label), label))
        has_unread = lacks_values(parts, label)
    book = open_spreadsheet(content, label)
    has_comments = any(name.startswith(COMMENT_PARTS) for name in held)
    comments = comments_in(content, label) if has_comments else ()

    def read(name: str) -> Rows:
        rows = plain_rows(book.read(name))
        return with_unread(rows, content, name, label) if has_unread else rows

    return Opened(tuple(book.names), read, about, *said(about), comments)


def lacks_values(parts: zipfile.ZipFile, label: str) -> bool:
    """Whether a sheet of Excel's has a formula, whose value may be missing, or an error.

    Examples
    --------
    >>> content = io.BytesIO()
    >>> with zipfile.ZipFile(content, "w") as parts:
    ...     parts.writestr("xl/worksheets/sheet1.xml", "<c><f>A1+1</f></c>")
    >>> lacks_values(zipfile.ZipFile(content), "actions.xlsx")
    True
    """
    sheets = [name for name in parts.namelist() if name.startswith(SHEET_PARTS)]
    return any(WITHOUT_VALUE.search(part_of(parts, name, label)) for name in sheets)


def comments_in(content: bytes, label: str) -> tuple[Stray, ...]:
    """Return the comments attached to cells of an Excel workbook.

    Raises
    ------
    InputError
        If the workbook is damaged.

    Examples
    --------
    >>> comments_in(b"PK", "actions.xlsx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: actions.xlsx: the workbook is damaged. ...
    """
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it would lose on saving (Excel's own drop-downs); nothing is saved here.
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(io.BytesIO(content))
        return tuple(
            Stray(sheet.title, cell.row, cell.column, f"comment: {words_of(cell.comment.text)}")
            for sheet in book.worksheets
            for cell in chain.from_iterable(sheet.iter_rows())
            if cell.comment
        )
    except ODD_PARTS:
        raise InputError(f"{label}: the workbook is damaged. {SAVE_PLAINLY}") from None


def words_of(comment: str) -> str:
    r"""Return what somebody wrote in a comment.

    Examples
    --------
    >>> words_of("[Threaded comment]\n\nYour version of Excel...\n\nComment:\n    rang home ")
    'rang home'
    """
    return BEFORE_COMMENT.sub("", comment).strip()


def part_of(parts: zipfile.ZipFile, name: str, label: str) -> bytes:
    """Return a part of a workbook, which has been found to be of a size that can be.

    Raises
    ------
    InputError
        If it is damaged.
    """
    try:
        return parts.read(name)
    except DAMAGE:
        raise InputError(f"{label}: the workbook is cut short, locked or damaged. {SAVE_PLAINLY}") from None


def about_of(parts: zipfile.ZipFile) -> str:
    """Return the text of the parts that say what a workbook is; nothing of a damaged one, whose sheets may be whole.

    Examples
    --------
    >>> content = io.BytesIO()
    >>> with zipfile.ZipFile(content, "w") as parts:
    ...     parts.writestr("docProps/core.xml", "<dc:creator>Ada Lovelace</dc:creator>")
    >>> about_of(zipfile.ZipFile(content))
    '<dc:creator>Ada Lovelace</dc:creator>'
    """
    try:
        texts = [parts.open(name).read(ABOUT_BYTES) for name in ABOUT if name in parts.namelist()]
    except DAMAGE:
        return ""
    return "\n".join(text.decode("utf-8", errors="replace") for text in texts)


def said(about: str) -> tuple[str, str, str]:
    """Return the program, who saved last and when, as a workbook's parts tell them; empty where they do not.

    One saved at the very moment it was made has been saved by nobody since: so packs come out, and so programs leave them
    that convert without anybody looking. Nor is the name that made it, a school's, that of a person.

    Examples
    --------
    >>> said("<Application>Microsoft Excel</Application><cp:lastModifiedBy>M &amp; O</cp:lastModifiedBy>")
    ('Microsoft Excel', 'M & O', '')
    """
    is_excel = "<cp:" in about
    who, maker = (LAST_SAVED_BY, CREATOR) if is_excel else (CREATOR, FIRST_CREATOR)
    program, said_by, made_by = (first_in(about, each) for each in (PROGRAM, who, maker))
    said_at, made_at = first_in(about, SAVED_AT), first_in(about, MADE_AT)
    if made_at and made_at == said_at:
        return program, "", ""
    return program, "" if said_by == made_by else said_by, said_at


def first_in(text: str, pattern: re.Pattern[str]) -> str:
    """Return what a pattern's group matches first in XML, as text; empty where it matches nowhere.

    Examples
    --------
    >>> first_in("<dc:creator> M. O&apos;Hara </dc:creator>", re.compile("<dc:creator>(.*?)</dc:creator>"))
    "M. O'Hara"
    >>> first_in("<a/>", re.compile("<dc:creator>(.*?)</dc:creator>"))
    ''
    """
    match = pattern.search(text)
    return html.unescape(match[1]).strip() if match else ""


def check_repeated(parts: zipfile.ZipFile, label: str) -> None:
    """Refuse an OpenDocument workbook that unpacks to far more than it holds.

    Raises
    ------
    InputError
        If it does, or is damaged.

    Examples
    --------
    >>> content = io.BytesIO()
    >>> with zipfile.ZipFile(content, "w") as parts:
    ...     row = '<table:table-row table:number-rows-repeated="1001"><text:p>open</text:p></table:table-row>'
    ...     parts.writestr("content.xml", row)
    >>> check_repeated(zipfile.ZipFile(content), "actions.ods")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: actions.ods: the workbook unpacks to more than any pack holds. Do not open it; ...
    """
    if parts.getinfo(ODS_PART).file_size > ODS_BYTES:
        repeated = [MOST_REPEATED + 1]
    else:
        rows = ODS_ROW.findall(part_of(parts, ODS_PART, label))
        repeated = [int(count) for count, row in rows if any(sign in row for sign in ODS_SAID)]
    if max(repeated, default=0) > MOST_REPEATED:
        raise InputError(
            f"{label}: the workbook unpacks to more than any pack holds. Do not open it; ask where it came from."
        )


def ods_comments(part: bytes, label: str) -> tuple[Stray, ...]:
    """Return the comments attached to cells of an OpenDocument workbook, of which this is the part with its sheets.

    Raises
    ------
    InputError
        If it is damaged.

    Examples
    --------
    >>> ods_comments(b"no comment, so it is not even parsed", "actions.ods")
    ()
    >>> ods_comments(b"<office:annotation", "actions.ods")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: actions.ods: the workbook is damaged. ...
    """
    try:
        return OdsComments().read(part) if SIGN in part else ()
    except (ExpatError, ValueError):
        raise InputError(f"{label}: the workbook is damaged. {SAVE_PLAINLY}") from None


def open_ods(content: bytes, label: str, about: str, comments: tuple[Stray, ...]) -> Opened:
    """Open an OpenDocument workbook.

    Raises
    ------
    InputError
        If it is damaged.

    Examples
    --------
    >>> open_ods(b"PK", "actions.ods", "", ())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: actions.ods: the workbook is damaged. ...
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = tuple(book.sheet_names)
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except (CalamineError, ValueError):
        raise InputError(f"{label}: the workbook is damaged. {SAVE_PLAINLY}") from None
    return Opened(names, lambda name: plain_rows(sheets[name]), about, *said(about), comments)


def with_unread(rows: Rows, content: bytes, name: str, label: str) -> Rows:
    """Return the rows of a sheet of an Excel workbook in which cells without a value say what stands there instead.

    Raises
    ------
    InputError
        If the workbook is damaged.
    """
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it would lose on saving (Excel's own drop-downs); nothing is saved here.
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(io.BytesIO(content), read_only=True)
        for row in book[name].iter_rows():
            for cell in row:
                if cell.data_type in (FORMULA, ERROR):
                    fill_blank(
                        rows, (cell.row - 1, cell.column - 1), unread(cell.data_type, as_text(cell.value))
                    )
        book.close()
    except ODD_PARTS:
        raise InputError(f"{label}: the workbook is damaged. {SAVE_PLAINLY}") from None
    return rows


def fill_blank(rows: Rows, place: tuple[int, int], found: Unread) -> None:
    """Put what stands in a cell (row and column from 0) where reading has left it blank.

    Examples
    --------
    >>> rows = [["A1"]]
    >>> fill_blank(rows, (1, 1), unread("e", "#DIV/0!"))
    >>> rows[1][0], rows[1][1].raw
    (None, '#DIV/0!')
    """
    row, column = place
    rows.extend([] for _ in range(len(rows), row + 1))
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    if as_text(rows[row][column]) == "":
        rows[row][column] = found


def unread(kind: str, raw: str) -> Unread:
    """Return what stands in a cell of which no value can be read, and why.

    Examples
    --------
    >>> unread("e", "#DIV/0!").why
    'holds the error #DIV/0!'
    """
    return Unread(raw, "holds a formula without its result" if kind == FORMULA else f"holds the error {raw}")


def plain_rows(rows: Iterable[Iterable[object]]) -> Rows:
    """Return the rows of a sheet with their cells as the casebook compares them.

    Examples
    --------
    >>> plain_rows([["A1", "", datetime(2026, 11, 20)]])
    [['A1', None, datetime.date(2026, 11, 20)]]
    """
    return [[as_cell(value) for value in row] for row in rows]


def as_cell(value: object) -> Cell:
    """Return a cell as the casebook compares it: a moment at midnight is a day, a length of time its text, blank None.

    Examples
    --------
    >>> as_cell(datetime(2026, 11, 20)), as_cell(""), as_cell(2103.0)
    (datetime.date(2026, 11, 20), None, 2103.0)
    """
    if value in (None, ""):
        return None
    if isinstance(value, datetime) and value.time() == MIDNIGHT:
        return value.date()
    return value if isinstance(value, str | int | float | bool | date) else str(value)
