"""A file that staff may have written in, read as it is: its sheets with their marks, and what it says about itself.

Nothing is judged here but whether the file can be opened. Which pack a file belongs to, and what in it is new, is
found by the casebook from what it knows to have been printed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from attendance_lib.casebook.opened import Opened, open_returned
from attendance_lib.casebook.sheets import Cell, ReturnedFile, ReturnedRow, ReturnedSheet, Stray, Unread
from attendance_lib.errors import InputError
from attendance_lib.intake.headings import plain
from attendance_lib.intake.staff.cards import HEADINGS, KNOWN_HEADINGS
from attendance_lib.intake.values import as_text
from attendance_lib.rules.pack_marks import HEADING, PACK_ID, TOKEN, TOKEN_HEADING, TOKEN_NAME

COLUMNS_SHEET, OWN_SHEETS = "columns", ("columns", "read me")
READ_FROM_DECLARED = 4  # sheet, heading, name, whether it is filled in
TABLE_DECLARED = 5  # the place of the name by which we know the sheet, whatever its tab says
KNOWN = KNOWN_HEADINGS | HEADINGS
HEADER_LEAST = 3  # known headings that make a row the header row
HEADER_WITHIN = 60  # rows from the top in which the headings are looked for
MOST_STRAYS = 500


def read_returned(path: Path, name: str, sha256: str = "") -> ReturnedFile:
    """Read a file that staff may have written in.

    Parameters
    ----------
    path : pathlib.Path
        A workbook (.xlsx or .ods) or CSV, under whatever name.
    name : str
        How the casebook and messages call it.
    sha256 : str, optional
        The hash of its content, where that is known already.

    Returns
    -------
    ReturnedFile
        Its sheets as they are; of a file that cannot be opened only ``problem``, which says why and what to do.

    Examples
    --------
    >>> import errno, os
    >>> problem = read_returned(Path("no/such/actions.xlsx"), "actions.xlsx").problem
    >>> problem == f"cannot be read ({os.strerror(errno.ENOENT)})"  # in the words of this machine
    True
    """
    known = {"path": name, "sha256": sha256}
    try:
        content = path.read_bytes()
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        known |= {"sha256": sha256 or hashlib.sha256(content).hexdigest(), "changed_at": changed}
        return ReturnedFile(**known | facts_of(open_returned(content, path.suffix, name)))
    except OSError as error:
        return ReturnedFile(**known, sheets=(), problem=f"cannot be read ({error.strerror})")
    except InputError as error:
        return ReturnedFile(**known, sheets=(), problem=str(error).removeprefix(f"{name}: "))


def facts_of(opened: Opened) -> dict[str, object]:
    """Return what an opened file holds, as the fields of ``ReturnedFile``.

    Examples
    --------
    >>> sheets = [Opened(("Notes",), lambda name: [["ask the office"]], about=about) for about in ("", "pk0123456789ab")]
    >>> [(facts["pack_ids"], len(facts["strays"])) for facts in map(facts_of, sheets)]  # a file of no pack is not ours to read
    [((), 0), (('pk0123456789ab',), 1)]
    """
    found = sheets_in(opened)
    tables = [sheet for sheet in found if sheet.header is not None]
    heading = next(filter(None, (sheet.heading for sheet in found)), ("", ""))
    pack_ids = tuple(dict.fromkeys([*filter(None, [heading[0]]), *PACK_ID.findall(opened.about)]))
    is_ours = bool(pack_ids or any(sheet.is_marked for sheet in tables))
    strays = [*opened.comments, *chain.from_iterable(map(RawSheet.strays, found))] if is_ours else []
    return {
        "sheets": tuple(sheet.returned() for sheet in tables),
        "urn": heading[1],
        "pack_ids": pack_ids,
        "program": opened.program,
        "said_by": opened.said_by,
        "said_at": opened.said_at,
        "strays": tuple(strays[:MOST_STRAYS]),
    }


def sheets_in(opened: Opened) -> list["RawSheet"]:
    """Return the sheets of an opened file that may hold what staff wrote.

    Examples
    --------
    >>> opened = Opened(("Read me", "actions", "Mine"), lambda name: [], "", "", "", "", ())
    >>> [sheet.name for sheet in sheets_in(opened)]
    ['actions', 'Mine']
    """
    declared = declared_of(opened)
    return [RawSheet(each, opened.read(each), declared) for each in opened.names if is_wanted(each, declared)]


@dataclass(frozen=True)
class Declared:
    """What the hidden sheet ``columns`` says of one sheet: heading to our name, whether any is filled in, lines above.

    ``table`` is our name of the sheet; empty in a workbook of before tabs had names that people say, whose tabs are our names.
    """

    names: Mapping[str, str]
    is_filled_in: bool
    lines: frozenset[str]
    table: str = ""


def declared_of(opened: Opened) -> dict[str, Declared]:
    """Return what the hidden sheet says of each sheet, by its name in small letters; nothing where it was lost.

    Examples
    --------
    >>> rows = [["actions", "Pupil", "pupil_id", ""], ["actions", "Action", "action", "yes"]]
    >>> opened = Opened((COLUMNS_SHEET,), lambda name: rows, "", "", "", "", ())
    >>> declared_of(opened)["actions"].names
    {'Pupil': 'pupil_id', 'Action': 'action'}
    """
    name = next((name for name in opened.names if name.strip().casefold() == COLUMNS_SHEET), None)
    told: dict[str, list[tuple[str, ...]]] = {}
    tables: dict[str, str] = {}
    for row in [] if name is None else opened.read(name):
        if len(row) >= READ_FROM_DECLARED:
            sheet, *said = map(as_text, row[:READ_FROM_DECLARED])
            told.setdefault(sheet.casefold(), []).append(tuple(said))
            tables[sheet.casefold()] = as_text(row[TABLE_DECLARED]) if len(row) > TABLE_DECLARED else ""
    return {sheet: declared_by(said, tables[sheet]) for sheet, said in told.items()}


def declared_by(said: list[tuple[str, str, str]], table: str) -> Declared:
    """Return what rows of the hidden sheet say of one sheet: heading, our name, and whether it is filled in.

    Examples
    --------
    >>> found = declared_by([("Pupil", "pupil_id", ""), ("Action", "action", "yes"), ("Year 7", "", "")], "actions")
    >>> found.names, found.is_filled_in, found.lines
    ({'Pupil': 'pupil_id', 'Action': 'action'}, True, frozenset({'Year 7'}))
    """
    return Declared(
        {heading: name for heading, name, _ in said if name},
        any(editable for _, name, editable in said if name),
        frozenset(line for line, name, _ in said if not name),
        table,
    )


def is_wanted(name: str, declared: Mapping[str, Declared]) -> bool:
    """Whether a sheet may hold what staff wrote: one to fill in, or one that no pack made.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> declared = {"actions": SimpleNamespace(is_filled_in=True), "groups": SimpleNamespace(is_filled_in=False)}
    >>> [is_wanted(name, declared) for name in (" Actions", "groups", "Notes of Ms Okafor")]
    [True, False, True]
    """
    key = name.strip().casefold()
    return key not in OWN_SHEETS and (key not in declared or declared[key].is_filled_in)


@dataclass(frozen=True)
class RawSheet:
    """The cells of a sheet (rows from the top), and what every sheet was declared to hold."""

    name: str
    cells: Sequence[Sequence[Cell]]
    all_declared: Mapping[str, Declared]

    @property
    def declared(self) -> Declared:
        """What this sheet was declared to hold; nothing where it was renamed or the declaration was lost.

        Examples
        --------
        >>> declared = {"actions": declared_by([("Pupil", "pupil_id", "")], "actions")}
        >>> RawSheet(" Actions", [], declared).declared.names, RawSheet("Renamed", [], declared).declared.names
        ({'Pupil': 'pupil_id'}, {})
        """
        return self.all_declared.get(self.name.strip().casefold(), Declared({}, False, frozenset()))  # noqa: FBT003

    @property
    def names_row(self) -> int | None:
        """The row (from 0) of our columns' names; None where it was lost.

        Examples
        --------
        >>> RawSheet("actions", [["Actions"], [TOKEN_NAME, "note"], ["", "Note"]], {}).names_row
        1
        """
        return next((at for at, row in self.top() if TOKEN_NAME in row), None)

    @property
    def header(self) -> int | None:
        """The row (from 0) of the headings; None where this is no table of a pack.

        Examples
        --------
        >>> RawSheet("actions", [["Actions"], [TOKEN_NAME, "note"], ["", "Note"]], {}).header
        2
        """
        if self.names_row is not None:
            return self.names_row + 1
        marked = next((at for at, row in self.top() if TOKEN_HEADING in row), None)
        if marked is not None:
            return marked
        known = {plain(heading): name for heading, name in self.declared.names.items()} | KNOWN
        counts = [(len({known.get(plain(cell)) for cell in row if isinstance(cell, str)} - {None}), -at)
                  for at, row in self.top()]  # fmt: skip
        most, at = max(counts, default=(0, 0))
        return -at if most >= HEADER_LEAST else None

    def top(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield the rows among which the headings are, with their numbers from 0."""
        return ((at, row) for at, row in enumerate(self.cells[:HEADER_WITHIN]))

    @property
    def token_column(self) -> int | None:
        """The position of the rows' marks; None where they were lost.

        Examples
        --------
        >>> RawSheet("actions", [["A1", "pk0123456789ab/017"]], {}).token_column
        1
        """
        rows = [
            self.cells[at] for at in (self.names_row, self.header) if at is not None and at < len(self.cells)
        ]
        signs = (TOKEN_NAME, TOKEN_HEADING)
        found = (at for row in rows for at, cell in enumerate(row) if cell in signs)
        by_content = (at for row in self.cells for at, cell in enumerate(row) if is_token(cell))
        return next(found, next(by_content, None))

    @property
    def is_marked(self) -> bool:
        """Whether any row bears its mark.

        Examples
        --------
        >>> [RawSheet("actions", [["A1", mark]], {}).is_marked for mark in ("pk0123456789ab/017", "017")]
        [True, False]
        """
        at = self.token_column
        return at is not None and any(is_token(row[at]) for row in self.cells if at < len(row))

    @property
    def heading(self) -> tuple[str, str] | None:
        """The pack and the school that the line above the table names.

        Examples
        --------
        >>> RawSheet("actions", [["Pack pk0123456789ab of school 990001"]], {}).heading, RawSheet("Mine", [["Notes"]], {}).heading
        (('pk0123456789ab', '990001'), None)
        """
        texts = (cell for _, row in self.top() for cell in row if isinstance(cell, str))
        match = next(filter(None, map(HEADING.search, texts)), None)
        return (match[1], match[2] or "") if match else None

    def returned(self) -> ReturnedSheet:
        """Return the sheet as the casebook takes it: everything under its headings but the column of marks.

        Examples
        --------
        >>> rows = [["Actions", None], [TOKEN_NAME, "note"], ["", "Note"], ["pk0123456789ab/017", "rang home"], [None, ""]]
        >>> sheet = RawSheet("actions", rows, {}).returned()
        >>> sheet.headings, [(row.number, row.token, row.cells) for row in sheet.rows]
        (('Note',), [(4, 'pk0123456789ab/017', ('rang home',))])
        """
        at, header = self.token_column, self.header or 0
        names = self.cells[self.names_row] if self.names_row is not None else ()
        width = max(map(len, self.cells[header:]), default=0)
        below = list(enumerate(self.cells[header + 1 :], header + 2))
        return ReturnedSheet(
            self.declared.table or self.name,
            tuple(
                map(as_text, without(at, padded(self.cells[header] if self.cells[header:] else (), width)))
            ),
            tuple(
                ReturnedRow(number, token_in(row, at), tuple(without(at, padded(row, width))))
                for number, row in below
                if any(map(is_said, without(at, row)))
            ),
            tuple(map(as_text, without(at, padded(names, width)))) if names else (),
            dict(self.declared.names),
        )

    def strays(self) -> Iterator[Stray]:
        """Yield the text that stands outside the table: above it and not printed there, or on a sheet that staff added.

        Examples
        --------
        >>> list(RawSheet("Mine", [["ask the office", " "]], {}).strays())
        [Stray(sheet='Mine', row=1, column=1, text='ask the office')]
        """
        header = len(self.cells) if self.header is None else self.header
        for number, row in enumerate(self.cells[:header]):
            yield from (
                Stray(self.name, number + 1, column + 1, as_text(cell))
                for column, cell in enumerate(row)
                if is_said(cell) and number != self.names_row and not self.is_printed(column, as_text(cell))
            )

    def is_printed(self, column: int, text: str) -> bool:
        """Whether a line above the table is one that the pack wrote there; where that is not known, all under the title are.

        Examples
        --------
        >>> sheet = RawSheet("actions", [["Actions"], [TOKEN_NAME, "note"], ["", "Note"]], {})  # what was declared was lost
        >>> sheet.is_printed(0, "Actions"), sheet.is_printed(1, "ask the office")
        (True, False)
        """
        if self.header is None or HEADING.fullmatch(text):
            return self.header is not None
        return text in self.declared.lines if self.declared.lines else column == 0


def padded(row: Sequence[Cell], width: int) -> list[Cell]:
    """Return a row as long as a width, with blank cells at its end.

    Examples
    --------
    >>> padded(["A1", "rang"], 4), padded(["A1", "rang", "open"], 2)
    (['A1', 'rang', None, None], ['A1', 'rang'])
    """
    return [*row, *[None] * (width - len(row))][:width]


def without(at: int | None, row: Sequence[Cell]) -> list[Cell]:
    """Return a row without the cell at a position.

    Examples
    --------
    >>> without(0, ["mark", "A1", "rang"]), without(None, ["A1", "rang"])
    (['A1', 'rang'], ['A1', 'rang'])
    """
    return [cell for number, cell in enumerate(row) if number != at]


def token_in(row: Sequence[Cell], at: int | None) -> str:
    """Return a row's mark, empty where it has none.

    Examples
    --------
    >>> row = ["pk0123456789ab/017", "A1"]
    >>> token_in(row, 0), token_in(row, 1), token_in(row, None)
    ('pk0123456789ab/017', '', '')
    """
    return as_text(row[at]) if at is not None and at < len(row) and is_token(row[at]) else ""


def is_token(cell: Cell) -> bool:
    """Whether a cell holds a row's mark.

    Examples
    --------
    >>> is_token("pk0123456789ab/017"), is_token("017"), is_token(17)
    (True, False, False)
    """
    return isinstance(cell, str) and TOKEN.fullmatch(cell.strip()) is not None


def is_said(cell: Cell) -> bool:
    """Whether a cell holds anything but blanks.

    Examples
    --------
    >>> is_said("rang"), is_said(" "), is_said(None), is_said(0)
    (True, False, False, True)
    """
    return isinstance(cell, Unread) or as_text(cell) != ""
