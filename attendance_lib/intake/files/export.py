"""One export file: its bytes, what kind of file it is, and its sheets of cells."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from attendance_lib.errors import InputError
from attendance_lib.intake.files.delimited import read_delimited
from attendance_lib.intake.files.records import Records, read_json_records, read_xml_records
from attendance_lib.intake.files.workbook import Spreadsheet, open_spreadsheet
from attendance_lib.intake.ledger import Repair
from attendance_lib.intake.sheet import Sheet
from attendance_lib.rules.signs import one_line

# Files that are called a table and are none: web pages and other documents, each refused with the remedy that works

HEAD_CHARACTERS = 4_096
WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b",
    re.DOTALL,
)
IN_EXCEL = "Open it in Excel and save it as .xlsx, or export CSV."
# What the beginning of a text shows, what it is, and what to do.
SIGNS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r".*urn:schemas-microsoft-com:office:spread", re.DOTALL), "an XML spreadsheet of 2003", "Save it as .xlsx or CSV."),
    (WEB_PAGE, "a web page (HTML)", IN_EXCEL),
    (re.compile(r"\s*mime-version:"), "a web page in one file (MHTML)", IN_EXCEL),
    (re.compile(r"\s*\{\\rtf"), "a text document (RTF)", "Export CSV or xlsx."),
    (re.compile(r"\s*%pdf-"), "a PDF, from which no table can be read", "Export CSV or xlsx."),
)  # fmt: skip


def refuse_foreign(text: str, label: str) -> None:
    """Refuse a text that is no export, whatever it is called.

    Parameters
    ----------
    text : str
        The file as text.
    label : str
        How messages name it.

    Raises
    ------
    InputError
        With what the file is, and what to save instead.

    Examples
    --------
    >>> refuse_foreign("<html><table>", "marks.xls")
    Traceback (most recent call last):
    ...
    attendance_lib.errors.InputError: marks.xls: this is a web page (HTML) named .xls. ...
    """
    head = text[:HEAD_CHARACTERS].lower().lstrip("\ufeff")
    found = next(((what, remedy) for sign, what, remedy in SIGNS if sign.match(head)), None)
    if found:
        suffix = PurePath(label).suffix
        named = f" named {suffix}" if suffix else ""
        raise InputError(f"{label}: this is {found[0]}{named}. {found[1]}")


MAX_FILE_BYTES = 500_000_000
SAMPLE_BYTES = 65_536
BYTE_ORDER_MARK = "\ufeff"
ZIP_MAGIC = b"PK\x03\x04"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"
UTF16_NULS_SHARE = 0.3


@dataclass(frozen=True)
class Export:
    """A file that a school exported, and what the school file says of it: its sheet, its columns, its codes."""

    path: Path
    sheet: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    date_order: str = ""
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How messages name the file.

        Examples
        --------
        >>> Export(Path("exports/autumn/marks.csv")).label
        'marks.csv'
        """
        return one_line(self.path.name)

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file.

        Raises
        ------
        InputError
            If the file is empty, larger than the limit, or cannot be opened.
        """
        try:
            return self._bytes()
        except OSError as error:
            raise InputError(
                f"{self.label}: the file cannot be opened ({error.strerror}). Close it in other programs, "
                "or ask for the right to read it."
            ) from None

    def _bytes(self) -> bytes:
        size = self.path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise InputError(
                f"{self.label}: {size:,} bytes is more than the limit of {MAX_FILE_BYTES:,}. Split the export by term."
            )
        if not size:
            raise InputError(f"{self.label}: the file is empty. Export it again.")
        return self.path.read_bytes()

    @cached_property
    def sha256(self) -> str:
        """The file's digest, as the receipt quotes it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_spreadsheet(self) -> bool:
        """Whether the content is that of an xlsx workbook, whatever the file is called."""
        return self.content.startswith(ZIP_MAGIC)

    @cached_property
    def text(self) -> str:
        """The file as text, decoded by its own marks: UTF-8, UTF-16 or Windows-1252.

        Raises
        ------
        InputError
            If it is not text.
        """
        return decode(self.content, self.label)

    @cached_property
    def encoding(self) -> str:
        """The encoding that the content shows."""
        return find_encoding(self.content)

    @property
    def encoding_repair(self) -> Repair:
        """What was done about the file's encoding, to write into a ledger; it touched nothing in UTF-8."""
        is_guessed = not self.is_spreadsheet and self.encoding == "cp1252"
        return Repair(
            "encoding", self.label, int(is_guessed), "the file is not UTF-8 and was read as Windows-1252"
        )

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets that may hold the data: the one named, or each visible one; in XML and JSON each list of records.

        Raises
        ------
        InputError
            If the file cannot be read, or lacks the sheet named.
        """
        if self.is_spreadsheet:
            return tuple(self._workbook_sheets())
        refuse_foreign(self.text, self.label)
        text = self.text.lstrip(f"{BYTE_ORDER_MARK} \t\r\n")
        if text[:1] == "<":
            return tuple(self._record_sheets(read_xml_records(text, self.label)))
        if text[:1] in ("{", "["):
            return tuple(self._record_sheets(read_json_records(text, self.label)))
        return (Sheet(self.label, "", read_delimited(self.text, self.label)),)

    @cached_property
    def error_cells(self) -> list[str]:
        """The cells of a workbook that hold an error such as #N/A, by reference; none in other files."""
        return self.workbook.error_cells if self.is_spreadsheet else []

    @property
    def formula_cells(self) -> list[str]:
        """The cells of a workbook with a formula that no program has worked out, by reference; none in other files."""
        return self.workbook.condensed.formula_cells if self.is_spreadsheet else []

    @cached_property
    def workbook(self) -> Spreadsheet:
        """The file as a workbook.

        Raises
        ------
        InputError
            If it cannot be read as one.
        """
        return open_spreadsheet(self.content, self.label)

    @property
    def hidden_sheets(self) -> int:
        """How many sheets of a workbook are hidden and not named by the school file, and so not read."""
        return (
            len(self.workbook.names) - len(self.workbook.visible)
            if self.is_spreadsheet and not self.sheet
            else 0
        )

    def _workbook_sheets(self) -> Iterator[Sheet]:
        for name in self.workbook.wanted(self.sheet):
            cells = self.workbook.read(name)
            yield Sheet(f"{self.label}, sheet '{name}'", name, cells, self.workbook.day_zero)

    def _record_sheets(self, lists: list[Records]) -> Iterator[Sheet]:
        """Yield records as sheets; their names come from the file and so are not shown."""
        for number, records in enumerate(lists, start=1):
            which = f" of list {number}" if len(lists) > 1 else ""
            yield Sheet(f"{self.label} (its records{which} from row 2)", records.name, records.cells)


def find_encoding(content: bytes) -> str:
    """Return the encoding that bytes show: by byte order mark, by NUL bytes, else UTF-8 if it fits, else Windows-1252.

    Examples
    --------
    >>> find_encoding("Siân".encode("utf-8")), find_encoding("Siân".encode("cp1252"))
    ('utf-8', 'cp1252')
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return name
    head = content[:SAMPLE_BYTES]
    for name, start in (("utf-16-be", 0), ("utf-16-le", 1)):
        if head[start::2].count(0) > UTF16_NULS_SHARE * len(head):
            return name
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode(content: bytes, label: str) -> str:
    """Return bytes as text.

    Raises
    ------
    InputError
        If the bytes are an old or locked workbook, or no text at all.

    Examples
    --------
    >>> decode("Siân".encode("cp1252"), "pupils.csv")
    'Siân'
    """
    if content.startswith(OLD_OFFICE_MAGIC):
        raise InputError(
            f"{label}: this is an old .xls workbook or one with a password. Save it as .xlsx without a password, or as CSV."
        )
    encoding = find_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise InputError(
            f"{label}: this is not text in UTF-8, UTF-16 or Windows-1252. Save it as CSV UTF-8."
        ) from None
    if "\0" in text:
        raise InputError(
            f"{label}: this is not a text file (there are NUL characters in it). Save it as CSV UTF-8 or xlsx."
        )
    return text
