"""Hearing a returned file: what each of its cells says of which cell of the pack, and what is told of the rest."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

from attendance_lib.casebook.chain import Draft
from attendance_lib.casebook.ledger import CellPlace, Heard, Ledger, Pack, Reading, RowNote, Said
from attendance_lib.casebook.matching import (
    AddedRows,
    FoundColumns,
    FoundRow,
    RowMatcher,
    find_columns,
    find_sheet,
    meant_key,
    repeated_keys,
)
from attendance_lib.casebook.rule import value_at
from attendance_lib.casebook.sheets import (
    DIFFERING,
    SETTLED,
    Cell,
    Kind,
    PrintedColumn,
    PrintedRow,
    PrintedSheet,
    ReturnedFile,
    ReturnedRow,
    ReturnedSheet,
    Stray,
    canonical,
    file_path,
)
from attendance_lib.casebook.spelling import folded, folded_key, is_as_printed, meaning, order_of, written
from attendance_lib.casebook.state import Notice
from attendance_lib.errors import counted, in_number, quoted
from attendance_lib.intake.staff.cells import Problem
from attendance_lib.intake.values import Order, as_text

# The rows that staff added to a sheet of a pack: what is known of them, and the number that a new one gets


@dataclass(frozen=True)
class Additions:
    """The rows that staff added to a sheet of a pack, as one reading of a file meets them."""

    ledger: Ledger
    pack: Pack
    reading: Reading
    printed: PrintedSheet
    is_gone: Callable[[Reading], bool]

    def known(self) -> AddedRows:
        """Return what is known of them."""
        rows = self.ledger.rows[self.printed.name].items()
        notes = {key: note for key, note in rows if note.pack_id == self.pack.pack_id}
        return AddedRows(
            {
                key: set(map(folded_key, {note.about} | self.ever_said(key, self.printed.about)))
                for key, note in notes.items()
            },
            {
                key: set(map(folded, {note.words} | self.ever_said(key, self.printed.words)))
                for key, note in notes.items()
            },
            dict(self.tokens_of(self.reading.line)),
            self.gone_tokens(),
            self.give_number,
            self.known_row,
        )

    def ever_said(self, key: str, column: str) -> set[str]:
        """Return everything ever said in a column of a row."""
        return self.ledger.ever_said((self.printed.name, key, column))

    def tokens_of(self, line: int) -> dict[str, str]:
        """Return the keys that tokens had in a file."""
        return self.ledger.added[line].get(self.printed.name, {})

    def gone_tokens(self) -> dict[str, tuple[str, ...]]:
        """Return the keys that tokens had in files of this pack that are no longer there."""
        lasts = {reading.line: reading for reading in self.ledger.of_pack(self.pack.pack_id)}
        lasts.pop(self.reading.line, None)
        found = defaultdict(tuple)
        for last in filter(self.is_gone, lasts.values()):
            for token, key in self.tokens_of(last.line).items():
                found[token] += (key,)
        return found

    def give_number(self, about: str, words: str) -> str:
        """Give a row that staff added the next number of the pack's last day.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger, pack = Ledger(empty_store("990001")), SimpleNamespace(pack_id="pk1", date_to="2026-11-20")
        >>> printed = PrintedSheet("actions", (), (), "action_id")
        >>> additions = Additions(ledger, pack, SimpleNamespace(entry=None), printed, None)
        >>> [additions.give_number(about, "ring home") for about in ("3401", "3402")]
        ['2026-11-20/1', '2026-11-20/2']
        """
        day, name = self.pack.date_to, self.printed.name
        key = f"{day}/{self.ledger.numbers[name, day] + 1}"
        note = canonical(asdict(RowNote("pack", self.pack.pack_id, about, words)))
        self.ledger.add(Draft("row", name, key, value=note, reading=self.reading.entry))
        return key

    def known_row(self, key: str) -> PrintedRow | None:
        """Return a row of the casebook that this pack did not print, as it stood when the pack was made.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> from attendance_lib.casebook.chain import empty_store
        >>> ledger = Ledger(empty_store("990001"))
        >>> ledger.rows["actions"]["A0021"] = RowNote("log", "", "3401", "")
        >>> additions = Additions(ledger, SimpleNamespace(basis=0), None, PrintedSheet("actions", (), (), "action_id"), None)
        >>> additions.known_row("a21").key, additions.known_row("A22")
        ('A0021', None)
        """
        name = self.printed.name
        fits = [each for each in self.ledger.rows[name] if folded_key(each) == folded_key(key)]
        meant = meant_key(key, fits)
        if meant is None:
            return None
        values = (
            value_at(self.ledger, (name, meant, column.name), self.pack.basis)
            for column in self.printed.columns
        )
        return PrintedRow("", meant, tuple(values))


# Telling staff what is odd about a sheet that came back: its columns, its days, and the rows that were moved or say too little

KEPT = "is kept, and nothing is done with it"


@dataclass(frozen=True)
class Teller:
    """Tells what is odd about one sheet of a file: ``say`` tells staff, ``keep`` keeps a word that is said of no cell."""

    say: Callable[..., None]
    keep: Callable[..., None]
    sheet: ReturnedSheet
    printed: PrintedSheet
    columns: FoundColumns

    def tell_columns(self) -> None:
        """Tell which columns are reworded, none of ours, or missing.

        Examples
        --------
        >>> printed = PrintedSheet("actions", (PrintedColumn("note", "Note"),), (), "action_id")
        >>> gone = FoundColumns({}, (), (), missing=("note",))
        >>> Teller(lambda what, cell: print(f"{cell[2]}: {what}"), None, None, printed, gone).tell_columns()
        Note: this column is not in the file; what was said in it stays
        """
        name, printed = self.printed.name, self.printed.by_name
        for column in self.columns.reworded:
            heading = heading_of(self.sheet, self.columns.positions[column])
            self.say(
                f"this column is read as '{printed[column].heading}', whose place it has",
                cell=(name, "", heading),
            )
        for at in self.columns.extra:
            if any(written(row.cells[at]) for row in self.sheet.rows):
                self.say(
                    f"this column is none of the pack's; it {KEPT}",
                    cell=(name, "", heading_of(self.sheet, at)),
                )
        for column in self.columns.missing:
            what = "this column is not in the file; what was said in it stays"
            self.say(what, cell=(name, "", printed[column].heading))

    def tell_orders(self, orders: Mapping[str, Order | None]) -> None:
        """Tell in which columns the month was taken to come first, since it makes another day of what a colleague typed.

        Examples
        --------
        >>> printed = PrintedSheet("actions", (PrintedColumn("due_date", "Due", Kind.DATE),), (), "action_id")
        >>> teller = Teller(lambda what, remedy, cell: print(f"{cell[2]}: {remedy}"), None, None, printed, None)
        >>> teller.tell_orders({"due_date": Order.MONTH_FIRST, "raised_on": None})  # of the other column nothing says it
        Due: Check them; type day, month and year.
        """
        for name in (name for name, order in orders.items() if order is Order.MONTH_FIRST):
            what = "days typed here as text are read with the month first, since one of them can be read in no other way"
            self.say(
                what,
                "Check them; type day, month and year.",
                cell=(self.printed.name, "", self.printed.by_name[name].heading),
            )

    def tell_marks(self, matcher: RowMatcher) -> None:
        """Tell which rows were moved without their hidden marks: a part of the table was sorted, and cells may have stayed.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> sheet = SimpleNamespace(rows=[ReturnedRow(at, "", ()) for at in (4, 5, 9)])
        >>> teller = Teller(lambda what, *_, **__: print(what), None, sheet, PrintedSheet("actions", (), (), "action_id"), None)
        >>> teller.tell_marks(SimpleNamespace(contradicts=lambda row: row.number < 9))
        rows 4, 5 were moved in part, as by sorting some columns only; each was read as its number says
        >>> teller.tell_marks(SimpleNamespace(contradicts=lambda row: row.number == 9))
        row 9 was moved in part, as by sorting some columns only; it was read as its number says
        """
        moved = [str(row.number) for row in self.sheet.rows if matcher.contradicts(row)]
        if moved:
            rows = f"{in_number(len(moved), 'row')} {', '.join(moved)} {in_number(len(moved), 'was', 'were')}"
            each = in_number(len(moved), "it", "each")
            what = (
                f"{rows} moved in part, as by sorting some columns only; {each} was read as its number says"
            )
            remedy = "Check that what stands in each row belongs to its number; sort the whole table."
            self.say(what, remedy, cell=(self.printed.name, "", ""))

    def tell_bare(self, rows: list[ReturnedRow]) -> None:
        """Keep, as one word, and tell, what stands in rows that say nothing of whom or what: no actions are made of them.

        Examples
        --------
        >>> printed, rows = PrintedSheet("actions", (), (), "action_id"), [ReturnedRow(at, "", ("open",)) for at in (7, 8)]
        >>> teller = Teller(lambda what, *_, **__: print(what), lambda cell, text: print(cell[1], text), None, printed, None)
        >>> teller.tell_bare(rows)
        row 7 to 8 open
        2 rows say neither whom nor what it is about; what stands there is kept, and nothing is done with it
        """
        if rows:
            place = "row " + " to ".join(dict.fromkeys(str(row.number) for row in (rows[0], rows[-1])))
            words = (written(cell) for row in rows for cell in row.cells)
            text = ", ".join(dict.fromkeys(filter(None, words)))
            self.keep((self.printed.name, place, ""), text)
            what = f"{counted(len(rows), 'row says', 'rows say')} neither whom nor what it is about; what stands there {KEPT}"
            self.say(
                what, "Write what is to be done.", cell=(self.printed.name, "", ""), row=place, value=text
            )

    def tell_nowhere(self, found: FoundRow) -> None:
        """Keep, and tell, what stands in a row that names no cell of any table, where statements are settled.

        Examples
        --------
        >>> printed = PrintedSheet(DIFFERING, (), (), "")
        >>> teller = Teller(lambda what, *_, **__: print(what), lambda cell, text: print(cell[1], text), None, printed, None)
        >>> teller.tell_nowhere(FoundRow(ReturnedRow(7, "", ("A1", None, "rang")), "A1", "new"))
        row 7 A1 | rang
        this row is none of those to be settled; it is kept, and nothing is done with it
        """
        text = " | ".join(filter(None, map(written, found.row.cells)))
        self.keep((self.printed.name, place_of(found), ""), text)
        what = f"this row is none of those to be settled; it {KEPT}"
        remedy = "Write it in the table itself."
        self.say(what, remedy, cell=(self.printed.name, "", ""), row=place_of(found), value=text)

    def tell_repeated(self, rows: list[FoundRow]) -> None:
        """Tell which rows stand twice.

        Examples
        --------
        >>> teller = Teller(lambda what, *_, **__: print(what), None, None, PrintedSheet("actions", (), (), "action_id"), None)
        >>> teller.tell_repeated([FoundRow(ReturnedRow(at, "", ()), key, "key") for at, key in ((4, "A1"), (5, "A2"), (9, "A1"))])
        rows 4 and 9 are both A1; what they say is kept side by side
        >>> teller.tell_repeated([FoundRow(ReturnedRow(at, "", ()), "A1", "key") for at in (4, 5, 9)])
        rows 4, 5 and 9 are all A1; what they say is kept side by side
        """
        name = self.printed.name
        for key in repeated_keys(rows):
            *first, last = [str(each.row.number) for each in rows if each.key == key]
            how_many = in_number(len(first), "both", "all")
            what = (
                f"rows {', '.join(first)} and {last} are {how_many} {key}; what they say is kept side by side"
            )
            self.say(what, "Clear the number of one if it is another matter.", cell=(name, key, ""))

    def tell_written_over(self, rows: list[FoundRow]) -> None:
        """Tell which printed rows were used for another matter.

        Examples
        --------
        >>> teller = Teller(lambda what, *_, **__: print(what), None, None, PrintedSheet("actions", (), (), "action_id"), None)
        >>> teller.tell_written_over([FoundRow(ReturnedRow(4, "", ()), "2026-11-20/1", how) for how in ("key", "template")])
        the row was written over for another matter, known as 2026-11-20/1
        """
        for found in rows:
            if found.how == "template":
                what = f"the row was written over for another matter, known as {found.key}"
                cell = (self.printed.name, found.key, "")
                self.say(what, "Next time write it in a blank row.", cell=cell, row=place_of(found))


def place_of(found: FoundRow) -> str:
    """Say where a row stands in its file.

    Examples
    --------
    >>> place_of(FoundRow(ReturnedRow(7, "", ()), "A1", "key"))
    'row 7'
    """
    return f"row {found.row.number}"


def heading_of(sheet: ReturnedSheet, at: int) -> str:
    """Return a column's heading, or which column it is where it has none.

    Examples
    --------
    >>> sheet = ReturnedSheet("actions", ("No", ""), ())
    >>> heading_of(sheet, 0), heading_of(sheet, 1)
    ('No', 'number 2')
    """
    return written(sheet.headings[at]) or f"number {at + 1}"


CSV = ".csv"
FIGURES = re.compile(r"[-\d.,%£\s]*")


@dataclass(frozen=True)
class Listener:
    """Hears one file of a pack. ``tell`` takes notices, ``is_gone`` says of a reading whether its file is there no more."""

    ledger: Ledger
    file: ReturnedFile
    pack: Pack
    reading: Reading
    tell: Callable[[Notice], None]
    is_gone: Callable[[Reading], bool]
    heard: Heard = field(default_factory=Heard)

    def hear(self) -> Heard:
        """Hear all that the file says."""
        for sheet in self.file.sheets:
            printed = find_sheet(sheet, self.pack.sheets)
            if printed is None:
                self.hear_foreign(sheet)
            else:
                self.hear_sheet(sheet, printed)
        for stray in self.file.strays:
            self.hear_stray(stray)
        self.tell_missing_sheets()
        return self.heard

    def hear_sheet(self, sheet: ReturnedSheet, printed: PrintedSheet) -> None:
        """Hear a sheet of the pack, and tell if another one was heard as the same."""
        if printed in self.heard.sheets:
            what = f"this sheet is read as '{printed.name}' too, and what it says counts"
            self.say(what, "Delete it if it is an older copy.", cell=(sheet.name, "", ""))
        self.heard.sheets.append(printed)
        SheetListener(self, sheet, printed, find_columns(sheet, printed)).hear()

    def hear_stray(self, stray: Stray) -> None:
        """Keep, and tell, text that stands outside the tables.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> file, pack, reading = SimpleNamespace(path="p1/a.xlsx"), SimpleNamespace(basis=0), SimpleNamespace(entry=7)
        >>> listener = Listener(None, file, pack, reading, lambda notice: print(notice.what), None)
        >>> listener.hear_stray(Stray("actions", 1, 2, "ask the office"))
        this is outside the tables of the pack; it is kept, and nothing is done with it
        >>> [(word.row_key, word.col, word.value) for word in listener.heard.extra]
        [('row 1', 'column 2', 'ask the office')]
        """
        row = f"row {stray.row}"
        self.keep((stray.sheet, row, f"column {stray.column}"), stray.text)
        what = f"this is outside the tables of the pack; it {KEPT}"
        self.say(what, cell=(stray.sheet, "", ""), row=row, value=stray.text)

    def hear_foreign(self, sheet: ReturnedSheet) -> None:
        """Keep a sheet that is none of the pack's, row by row.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> file, pack, reading = SimpleNamespace(path="p1/a.xlsx"), SimpleNamespace(basis=0), SimpleNamespace(entry=7)
        >>> listener = Listener(None, file, pack, reading, lambda notice: None, None)
        >>> listener.hear_foreign(ReturnedSheet("Mine", ("Who", "What"), (ReturnedRow(2, "", ("3401", "rang")),)))
        >>> [(word.sheet, word.row_key, word.value) for word in listener.heard.extra]
        [('Mine', 'row 2', '3401 | rang')]
        """
        for row in sheet.rows:
            if text := " | ".join(filter(None, map(written, row.cells))):
                self.keep((sheet.name, f"row {row.number}", ""), text)
        self.say(f"this sheet is none of the pack's; it {KEPT}", cell=(sheet.name, "", ""))

    def tell_missing_sheets(self) -> None:
        """Tell which sheets of the pack are not in the file, unless it can hold only one.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> pack = SimpleNamespace(sheets={name: SimpleNamespace(name=name, rows=[name]) for name in ("actions", "plans")})
        >>> for file in (SimpleNamespace(path="p1/a.xlsx"), SimpleNamespace(path="p1/a.csv")):  # a CSV can hold only one
        ...     heard = Heard(sheets=[pack.sheets["actions"]])
        ...     Listener(None, file, pack, file, lambda notice: print(notice.sheet), None, heard).tell_missing_sheets()
        plans
        """
        found = {sheet.name for sheet in self.heard.sheets}
        if file_path(self.reading.path) != self.reading.path:
            return
        for name, sheet in self.pack.sheets.items():
            if found and name not in found and sheet.rows and not self.reading.path.lower().endswith(CSV):
                self.say(
                    "this sheet of the pack is not in the file; what was said of its rows stays",
                    cell=(name, "", ""),
                )

    def say(
        self, what: str, remedy: str = "", *, cell: CellPlace = ("", "", ""), row: str = "", value: str = ""
    ) -> None:
        """Tell staff something about this file."""
        sheet, key, column = cell
        self.tell(Notice(self.file.path, what, remedy, sheet, row, column, value, key))

    def keep(self, cell: CellPlace, text: str, kind: str = "extra") -> None:
        """Keep a word that cannot be taken in as said of a cell."""
        self.heard.extra.append(
            Draft(kind, *cell, value=text, basis=self.pack.basis, reading=self.reading.entry)
        )


@dataclass(frozen=True)
class SheetListener:
    """Hears one sheet of the pack in a file."""

    file: Listener
    sheet: ReturnedSheet
    printed: PrintedSheet
    columns: FoundColumns

    @cached_property
    def teller(self) -> Teller:
        """What tells staff of the sheet."""
        return Teller(self.file.say, self.file.keep, self.sheet, self.printed, self.columns)

    @property
    def additions(self) -> Additions:
        """The rows that staff added to this sheet of the pack."""
        return Additions(self.file.ledger, self.file.pack, self.file.reading, self.printed, self.file.is_gone)

    def hear(self) -> None:
        """Hear what the sheet says, and tell what is odd about it."""
        matcher = RowMatcher(self.file.pack.pack_id, self.printed, self.columns, self.additions.known())
        rows = matcher.find(row for row in self.sheet.rows if not self.hear_line(row, matcher))
        orders = self.orders()
        self.teller.tell_columns()
        self.teller.tell_orders(orders)
        self.teller.tell_marks(matcher)
        self.teller.tell_bare(list(filter(matcher.is_bare, self.sheet.rows)))
        for found in rows:
            self.hear_found(found, matcher, orders)
        self.teller.tell_repeated(rows)
        self.teller.tell_written_over(rows)

    def hear_found(self, found: FoundRow, matcher: RowMatcher, orders: dict[str, Order | None]) -> None:
        """Hear one row: its cells, and what stands beside them; of one that means no row anywhere nothing is taken."""
        if self.printed.name == DIFFERING and found.printed is None:
            self.teller.tell_nowhere(found)
            return
        self.note_row(found, matcher)
        self.hear_row(found, orders)
        self.hear_beside(found)
        self.hear_number(found)

    def orders(self) -> dict[str, Order | None]:
        """Return in which order each column of days has day and month; None where nothing tells.

        Examples
        --------
        >>> printed = PrintedSheet("actions", (PrintedColumn("due_date", "Due", Kind.DATE),), (), "action_id")
        >>> rows = tuple(ReturnedRow(at, "", (day,)) for at, day in ((4, "10/02/2026"), (5, "10/15/2026")))  # the second proves it
        >>> sheet, columns = ReturnedSheet("actions", ("Due",), rows), FoundColumns({"due_date": 0}, (), (), ())
        >>> SheetListener(None, sheet, printed, columns).orders()
        {'due_date': <Order.MONTH_FIRST: 'month_first'>}
        """
        return {
            name: order_of(row.cells[at] for row in self.sheet.rows)
            for name, at in self.columns.positions.items()
            if self.printed.by_name[name].kind is Kind.DATE
        }

    def note_row(self, found: FoundRow, matcher: RowMatcher) -> None:
        """Note that the file has a row, and of one that the pack did not print which token it stands at."""
        self.file.heard.rows.add((self.printed.name, found.key))
        if found.printed is None and (token := matcher.token(found.row)):
            self.file.heard.added[self.printed.name][token] = found.key

    def hear_line(self, row: ReturnedRow, matcher: RowMatcher) -> bool:
        """Keep a line that is no row of the table, such as one written below it, and return whether it is one.

        It has nothing in any of our columns but that of the numbers, and none of those is one that we know.
        """
        ours = {at for name, at in self.columns.positions.items() if name != self.printed.key}
        texts = [(at, text) for at, cell in enumerate(row.cells) if (text := written(cell))]
        is_line = bool(texts) and not ours & {at for at, _ in texts} and matcher.is_unknown(row)
        if is_line:
            place = f"row {row.number}"
            for at, text in texts:
                self.file.keep((self.printed.name, place, heading_of(self.sheet, at)), text)
            what = f"this line is no row of the table; it {KEPT}"
            self.file.say(what, cell=(self.printed.name, "", ""), row=place, value=texts[0][1])
        return is_line

    def hear_row(self, found: FoundRow, orders: dict) -> None:
        """Hear what the cells of a row say in our columns."""
        for name, at in self.columns.positions.items():
            if name != self.printed.key:
                cell = self.target_of(found.key, name)
                column = self.column_of(cell) or self.printed.by_name[name]
                printed = self.printed.text(found.printed, name) if found.printed else ""
                said = meaning(found.row.cells[at], column, orders.get(name))
                fixed = not self.printed.by_name[name].is_editable
                self.hear_cell(
                    Hearing(cell, column, found.row.cells[at], said, printed, is_fixed=fixed), found
                )

    def hear_cell(self, hearing: "Hearing", found: FoundRow) -> None:
        """Hear one cell: as printed, a statement, or a word that can only be kept."""
        is_known, is_own = found.printed is not None, found.printed is not None and bool(found.printed.token)
        raw = written(hearing.value)
        if hearing.is_as_printed or (raw == "" and not is_own):
            # A blank cell of a row that this pack did not print says nothing of a row known otherwise.
            if is_own or not is_known:
                self.file.heard.said.append(
                    Said(hearing.cell, hearing.printed, raw, hearing.printed, is_as_printed=True)
                )
        elif isinstance(hearing.said, Problem):
            self.file.keep(hearing.cell, raw, kind="unread")
            what = hearing.without_value(raw).removesuffix(".")
            self.file.say(f"{what}; it {KEPT}", cell=hearing.cell, row=place_of(found), value=raw)
        elif is_own and hearing.is_fixed:
            self.hear_fixed(hearing, found, raw)
        else:
            self.file.heard.said.append(
                Said(hearing.cell, hearing.said, raw, hearing.printed, is_as_printed=False)
            )

    def hear_fixed(self, hearing: "Hearing", found: FoundRow, raw: str) -> None:
        """Keep a word written where nothing is for filling in; a figure there is only another way to show it.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> file = SimpleNamespace(keep=lambda cell, text: print(text), say=lambda *_, **__: None)
        >>> rate = SimpleNamespace(cell=None, column=PrintedColumn("rate", "Attendance", Kind.NUMBER))
        >>> for raw in ("93.1 %", "ask why"):  # the first is only another way to show the figure
        ...     SheetListener(file, None, None, None).hear_fixed(rate, FoundRow(ReturnedRow(4, "", ()), "A1", "key"), raw)
        ask why
        """
        if hearing.column.kind is Kind.NUMBER and FIGURES.fullmatch(raw):
            return
        self.file.keep(hearing.cell, raw)
        what = f"this column is not for filling in; what stands there {KEPT}"
        self.file.say(what, "Write it in another column.", cell=hearing.cell, row=place_of(found), value=raw)

    def hear_beside(self, found: FoundRow) -> None:
        """Keep what stands in columns that are none of ours."""
        for at in self.columns.extra:
            if text := written(found.row.cells[at]):
                self.file.keep((self.printed.name, found.key, heading_of(self.sheet, at)), text)

    def hear_number(self, found: FoundRow) -> None:
        """Keep a number that was typed by hand."""
        at = self.columns.positions.get(self.printed.key)
        typed = written(found.row.cells[at]) if at is not None else ""
        if typed and found.printed is None and found.how != "template":
            cell = (self.printed.name, found.key, self.printed.key)
            self.file.keep(cell, typed)
            what = f"no pack and no log gave this number, so the row is known as {found.key}"
            self.file.say(what, cell=cell, row=place_of(found), value=typed)

    def target_of(self, key: str, name: str) -> CellPlace:
        """Return the cell that a cell is about: in the sheet of statements that differ, the one that its row names.

        Examples
        --------
        >>> actions, differing = (PrintedSheet(name, (), (), "") for name in ("actions", DIFFERING))
        >>> SheetListener(None, None, actions, None).target_of("A1", "note")
        ('actions', 'A1', 'note')
        >>> SheetListener(None, None, differing, None).target_of("actions, A1, note", SETTLED)
        ('actions', 'A1', 'note')
        """
        if (self.printed.name, name) != (DIFFERING, SETTLED):
            return self.printed.name, key, name
        sheet, _, rest = key.partition(", ")
        row_key, _, column = rest.rpartition(", ")
        return sheet, row_key, column

    def column_of(self, cell: CellPlace) -> PrintedColumn | None:
        """Return the column of a cell as the pack printed it; None if it did not."""
        sheet = self.file.pack.sheets.get(cell[0])
        return sheet.by_name.get(cell[2]) if sheet else None


@dataclass(frozen=True)
class Hearing:
    """One cell as it is heard: of which cell and column, what stands there, what that says, and what was printed.

    ``is_fixed`` if it is none that staff fill in.
    """

    cell: CellPlace
    column: PrintedColumn
    value: Cell
    said: str | Problem
    printed: str
    is_fixed: bool

    @property
    def is_as_printed(self) -> bool:
        """Whether the cell is as it was printed.

        Examples
        --------
        >>> number = PrintedColumn("action_id", "No")
        >>> Hearing(("actions", "0021", "action_id"), number, 21, "21", "0021", is_fixed=True).is_as_printed
        True
        """
        return is_as_printed(self.value, self.said, self.printed, self.column)

    def without_value(self, raw: str) -> str:
        """Return what is wrong with the cell without what stands there: it goes to a console.

        Examples
        --------
        >>> due = PrintedColumn("due_date", "Due", Kind.DATE)
        >>> hearing = Hearing(("actions", "A1", "due_date"), due, "soon", meaning("soon", due), "", is_fixed=False)
        >>> hearing.without_value("soon")
        'what stands here is not a date. Type day, month and year, as in 24/11/2026'
        """
        text = self.said.text
        for shown in (quoted(as_text(self.value)), quoted(raw)):
            text = text.replace(shown, "what stands here")
        return text
