"""What passes between the casebook and the rest: a sheet as a pack printed it, and a file as it came back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

PACK_ID_LENGTH = 12
DIFFERING = "differing"
SETTLED = "settled"
PART = " > "


class Kind(StrEnum):
    """How the cells of a column are compared: as text, as dates, as one of some words, as numbers."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    NUMBER = "number"


@dataclass(frozen=True)
class Unread:
    """A cell of which the program saved no value, such as a formula without its result: what stands there, and why."""

    raw: str
    why: str


Cell = str | int | float | bool | date | Unread | None


@dataclass(frozen=True)
class PrintedColumn:
    """One column of a printed sheet.

    ``is_editable`` if staff may fill it in; ``also_called`` are further headings by which it is known; ``also_said``
    pairs of a word and the one of ``choices`` that it means.
    """

    name: str
    heading: str
    kind: Kind = Kind.TEXT
    is_editable: bool = False
    choices: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    also_said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PrintedRow:
    """One row of a printed sheet: its token within the sheet, its row key (empty for a blank row) and its cells."""

    token: str
    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class PrintedSheet:
    """A sheet as a pack prints it, for staff to fill in.

    ``key`` names the column that shows the row key, ``about`` the one that says whom or what a row is about, and
    ``words`` the one that says what is to be done. A row of which both have changed is another row. Either may be empty.
    ``tab`` is what its tab says, by which it is known in a file that lost the hidden sheet with its name.
    """

    name: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]
    key: str
    about: str = ""
    words: str = ""
    tab: str = ""

    @cached_property
    def by_name(self) -> dict[str, PrintedColumn]:
        """The columns by name.

        Examples
        --------
        >>> sheet = PrintedSheet("actions", (PrintedColumn("action_id", "No"), PrintedColumn("note", "Note")), (), "action_id")
        >>> sheet.by_name["note"].heading
        'Note'
        """
        return {column.name: column for column in self.columns}

    @cached_property
    def by_token(self) -> dict[str, PrintedRow]:
        """The rows by token, blank ones too.

        Examples
        --------
        >>> rows = (PrintedRow("001", "A1", ("A1",)), PrintedRow("002", "", ("",)))
        >>> list(PrintedSheet("actions", (PrintedColumn("action_id", "No"),), rows, "action_id").by_token)
        ['001', '002']
        """
        return {row.token: row for row in self.rows}

    @cached_property
    def by_key(self) -> dict[str, PrintedRow]:
        """The rows that have a key, by it.

        Examples
        --------
        >>> rows = (PrintedRow("001", "A1", ("A1",)), PrintedRow("002", "", ("",)))
        >>> list(PrintedSheet("actions", (PrintedColumn("action_id", "No"),), rows, "action_id").by_key)
        ['A1']
        """
        return {row.key: row for row in self.rows if row.key}

    @cached_property
    def places(self) -> dict[str, int]:
        """The position of each column.

        Examples
        --------
        >>> PrintedSheet("actions", (PrintedColumn("action_id", "No"), PrintedColumn("note", "Note")), (), "action_id").places
        {'action_id': 0, 'note': 1}
        """
        return {column.name: at for at, column in enumerate(self.columns)}

    def cell(self, row: PrintedRow, name: str) -> Cell:
        """Return a printed cell; None where the sheet has no such column.

        Examples
        --------
        >>> row = PrintedRow("001", "A1", ("A1",))
        >>> sheet = PrintedSheet("actions", (PrintedColumn("action_id", "No"),), (row,), "action_id")
        >>> sheet.cell(row, "action_id"), sheet.cell(row, "note")
        ('A1', None)
        """
        return row.cells[self.places[name]] if name in self.places else None

    def text(self, row: PrintedRow, name: str) -> str:
        """Return a cell of a sheet that holds canonical text; empty where the sheet has no such column.

        Examples
        --------
        >>> row = PrintedRow("001", "A1", ("A1", None))
        >>> sheet = PrintedSheet("actions", (PrintedColumn("action_id", "No"), PrintedColumn("note", "Note")), (row,), "action_id")
        >>> sheet.text(row, "action_id"), sheet.text(row, "note")
        ('A1', '')
        """
        return str(self.cell(row, name) or "")


@dataclass(frozen=True)
class PrintedPack:
    """What a pack prints for staff to fill in.

    ``basis`` is ``State.basis`` of the state that it was written from; ``values`` tells packs of one report, period and
    cohort apart that were made with other parameters.
    """

    urn: str
    report: str
    date_from: date
    date_to: date
    cohort: str
    basis: int
    sheets: tuple[PrintedSheet, ...]
    values: str = ""

    @cached_property
    def pack_id(self) -> str:
        """The pack's name: a hash of all that it prints, the same wherever it is made from the same inputs.

        Examples
        --------
        >>> from dataclasses import replace
        >>> pack = PrintedPack("990001", "fortnightly", date(2026, 11, 9), date(2026, 11, 20), "all", 0, ())
        >>> [replace(pack, basis=basis).pack_id == pack.pack_id for basis in (0, 1)]  # what was known then is part of it
        [True, False]
        """
        return "pk" + hashlib.sha256(canonical(self).encode()).hexdigest()[:PACK_ID_LENGTH]

    def token_text(self, row: PrintedRow) -> str:
        """Return what stands in the hidden column of a row: the pack and the row's token in its sheet."""
        return f"{self.pack_id}/{row.token}"


@dataclass(frozen=True)
class ReturnedRow:
    """One row of a returned sheet under its headings: its number in the file (from 1), the token's text, its cells."""

    number: int
    token: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ReturnedSheet:
    """A sheet of a returned file, as it is: nothing is left out but the hidden column of tokens.

    ``names`` is the hidden row of our column names (as long as ``headings``, empty text where a column has none), or empty
    where it was lost; ``declared`` what the hidden sheet of columns says: heading to our name.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[ReturnedRow, ...]
    names: tuple[str, ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stray:
    """A cell with text outside the sheets that a pack prints: a sheet that staff added, a line above the headings."""

    sheet: str
    row: int
    column: int
    text: str


@dataclass(frozen=True)
class ReturnedFile:
    """A file that may hold what staff wrote.

    ``path`` says where it lies, always in the same way; ``changed_at`` (ISO) when it was last changed on disk or inside;
    ``pack_ids`` and ``urn`` what heading, properties and defined name say; ``said_by`` and ``said_at`` who saved it last
    and when, empty where the file does not say. ``problem`` says what is wrong with a file that cannot be opened, with the
    remedy; it has no sheets.
    """

    path: str
    sha256: str
    sheets: tuple[ReturnedSheet, ...]
    changed_at: str = ""
    urn: str = ""
    pack_ids: tuple[str, ...] = ()
    program: str = ""
    said_by: str = ""
    said_at: str = ""
    strays: tuple[Stray, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class LogSheet:
    """A log that the school exports, as it is now: its rows by key, each with cells by our column names."""

    name: str
    columns: tuple[PrintedColumn, ...]
    rows: Mapping[str, Mapping[str, Cell]]
    about: str = ""


def part_path(path: str, sheet: str) -> str:
    """Return how a sheet is called that belongs to another pack than the rest of its file.

    Examples
    --------
    >>> part_path("p2/fortnightly.xlsx", "last time"), file_path("p2/fortnightly.xlsx > last time")
    ('p2/fortnightly.xlsx > last time', 'p2/fortnightly.xlsx')
    """
    return f"{path}{PART}{sheet}"


def file_path(path: str) -> str:
    """Return the path of the file in which something lies that was read.

    Examples
    --------
    >>> file_path("returned/packs.zip > caseload.xlsx")
    'returned/packs.zip'
    """
    return path.partition(PART)[0]


def cell_key(sheet: str, row_key: str, column: str) -> str:
    """Return the row key by which the sheet of statements that differ names a cell.

    Examples
    --------
    >>> cell_key("actions", "A0021", "note")
    'actions, A0021, note'
    """
    return ", ".join((sheet, row_key, column))


def canonical(value: object) -> str:
    """Return a dataclass, or anything of JSON with dates in it, as one text, the same wherever it is made.

    Examples
    --------
    >>> canonical({"b": date(2026, 11, 20), "a": (1, None)})
    '{"a":[1,null],"b":"2026-11-20"}'
    """
    return json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is None:
        raise TypeError(f"{type(value).__name__} cannot be written as JSON")
    return {name: getattr(value, name) for name in fields}
