"""A school's desk: packs are made on it, and staff fill in, copy, sort and lose their files, all in memory but the casebook."""

import hashlib
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from attendance_lib.casebook.book import Casebook, Found, TakenIn
from attendance_lib.casebook.disk import open_store
from attendance_lib.casebook.sheets import (
    Kind,
    LogSheet,
    PrintedColumn,
    PrintedPack,
    PrintedRow,
    PrintedSheet,
    ReturnedFile,
    ReturnedRow,
    ReturnedSheet,
    Stray,
)
from attendance_lib.casebook.state import State

URN = "990001"
STATUSES = ("open", "in progress", "done", "cancelled")
COLUMNS = (
    PrintedColumn("action_id", "Action"),
    PrintedColumn("pupil_id", "Pupil ID", is_editable=True),
    PrintedColumn("pupil_name", "Pupil"),
    PrintedColumn("action", "What", is_editable=True),
    PrintedColumn("owner", "Owner", is_editable=True, also_called=("Lead",)),
    PrintedColumn("raised_on", "Raised", Kind.DATE),
    PrintedColumn("due_date", "Due", Kind.DATE, is_editable=True),
    PrintedColumn("days_overdue", "Days overdue", Kind.NUMBER),
    PrintedColumn(
        "status",
        "Status",
        Kind.CHOICE,
        is_editable=True,
        choices=STATUSES,
        also_said=(("completed", "done"), ("ongoing", "in progress")),
    ),
    PrintedColumn("note", "Note", is_editable=True),
)
LOGGED = tuple(column for column in COLUMNS if column.name not in ("action_id", "pupil_name", "days_overdue"))
BLANK_ROWS = 4
FIRST_DAY = date(2026, 9, 4)


@dataclass
class Row:
    """A row of a file: its token's text and its cells by heading; ``truth`` is which row it really is (None: blank)."""

    token: str
    cells: dict
    truth: str | None = None


@dataclass
class Paper:
    """A file as staff have it before them: our names over the headings, rows in order, what else stands in it.

    ``truth`` is which heading each of our columns really has now, ``origin`` the token that each printed row had.
    """

    pack_id: str
    names: list[str]
    headings: list[str]
    rows: list[Row]
    truth: dict[str, str] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)
    urn: str = URN
    sheet: str = "actions"
    program: str = ""
    said_by: str = ""
    saves: int = 0
    changed: int = 0
    has_carriers: bool = True
    strays: tuple[Stray, ...] = ()
    others: tuple[ReturnedSheet, ...] = ()

    def returned(self, path: str) -> ReturnedFile:
        rows = tuple(
            ReturnedRow(number, row.token, tuple(row.cells.get(heading) for heading in self.headings))
            for number, row in enumerate(self.rows, 6)
        )
        sheet = ReturnedSheet(self.sheet, tuple(self.headings), rows, tuple(self.names))
        text = repr((self.headings, self.names, rows, self.strays, self.others, self.saves))
        return ReturnedFile(
            path=path,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            sheets=(sheet, *self.others),
            changed_at=f"{self.changed:06d}",
            urn=self.urn if self.has_carriers else "",
            pack_ids=(self.pack_id,) if self.has_carriers else (),
            program=self.program,
            said_by=self.said_by,
            strays=self.strays,
        )

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.cells.get(self.heading("action_id")) == key)

    def blank_row(self) -> Row:
        return next(row for row in self.rows if not any(row.cells.values()))

    def heading(self, name: str) -> str:
        return self.truth[name]

    def columns(self) -> list[str]:
        """Our columns that are still there, from left to right."""
        return sorted(self.truth, key=lambda name: self.headings.index(self.truth[name]))

    def name_of(self, heading: str) -> str:
        """Which of our columns a heading is; empty for one that staff added."""
        return next((name for name, each in self.truth.items() if each == heading), "")

    def tokens_count(self) -> bool:
        """Whether no row that bears a number has another row's token."""
        keyed = ((str(row.cells.get(self.truth["action_id"]) or "").upper(), row.token) for row in self.rows)
        return not any(token and self.origin.get(key, token) != token for key, token in keyed)

    def has_all_keys(self) -> bool:
        return all(row.cells.get(self.truth["action_id"]) for row in self.rows if row.truth in self.origin)

    def is_plain(self) -> bool:
        """Whether nothing but headings and numbers is needed to tell what is what."""
        return self.headings == [column.heading for column in COLUMNS] and self.has_all_keys()


@dataclass
class Desk:
    """One school: its casebook, its log (row key to cells), its files by path."""

    folder: Path
    log: dict[str, dict] | None = None
    files: dict[str, Paper] = field(default_factory=dict)
    clock: int = 0
    packs: int = 0
    last: TakenIn | None = None

    @property
    def book(self) -> Casebook:
        return Casebook(self.folder / f"casebook-{URN}.sqlite", URN, ("123456",))

    # What the school does

    def tick(self) -> str:
        self.clock += 1
        return f"2026-11-20T08:00:00.{self.clock:06d}"

    def run(self) -> TakenIn:
        files = tuple(paper.returned(path) for path, paper in self.files.items())
        self.last = self.book.take_in(Found(files, self.logs()), self.tick())
        return self.last

    def logs(self) -> tuple[LogSheet, ...]:
        return () if self.log is None else (LogSheet("actions", LOGGED, deepcopy(self.log)),)

    def make(
        self, path: str, cohort: str = "whole_school", day: date | None = None, keys=None
    ) -> PrintedPack:
        """Take in, then make a pack of all rows (or those of ``keys``) and put its file at a path."""
        self.run()
        self.packs += 1
        day = day or FIRST_DAY + timedelta(days=14 * self.packs)
        pack = self.printed(self.book.state(), day, cohort, keys)
        paper = paper_of(pack)
        self.book.register_pack(pack, path, paper.returned(path).sha256, self.tick())
        self.files[path] = paper
        self.touch(path)
        return pack

    def printed(self, state: State, day: date, cohort: str = "whole_school", keys=None) -> PrintedPack:
        rows = state.rows.get("actions", {})
        shown = [key for key in rows if keys is None or key in keys]
        lines = [
            *(
                (
                    key,
                    tuple(
                        typed(column, rows[key].value(column.name) if column.name != "action_id" else key)
                        for column in COLUMNS
                    ),
                )
                for key in shown
            ),
            *((("", (None,) * len(COLUMNS)),) * BLANK_ROWS),
        ]
        sheet = PrintedSheet(
            "actions",
            COLUMNS,
            tuple(PrintedRow(f"{at:03d}", key, cells) for at, (key, cells) in enumerate(lines, 1)),
            "action_id",
            "pupil_id",
            "action",
        )
        return PrintedPack(URN, "fortnightly", day - timedelta(days=11), day, cohort, state.basis, (sheet,))

    def touch(self, path: str) -> None:
        self.clock += 1
        self.files[path].changed = self.clock

    # What staff do

    def fill(self, path: str, key: str, **cells) -> None:
        paper = self.files[path]
        for name, value in cells.items():
            paper.row(key).cells[paper.heading(name)] = value
        self.touch(path)

    def add(self, path: str, **cells) -> Row:
        paper = self.files[path]
        row = paper.blank_row()
        row.cells |= {paper.heading(name): value for name, value in cells.items()}
        self.touch(path)
        return row

    def copy(self, path: str, other: str) -> None:
        self.files[other] = deepcopy(self.files[path])

    def rename(self, path: str, other: str) -> None:
        self.files[other] = self.files.pop(path)

    def resave(self, path: str, program: str = "LibreOffice") -> None:
        paper = self.files[path]
        paper.saves, paper.program, paper.said_by = paper.saves + 1, program, ""
        self.touch(path)

    def paste(self, path: str, *, with_heading: bool = False) -> None:
        """Paste the table into a new book: tokens, names and every other carrier are lost, but maybe the heading."""
        paper = self.files[path]
        paper.has_carriers, paper.names = with_heading, []
        for row in paper.rows:
            row.token = ""
        self.resave(path)

    def sort(self, path: str, name: str, *, with_tokens: bool = True, reverse: bool = False) -> None:
        paper = self.files[path]
        tokens = [row.token for row in paper.rows]
        paper.rows.sort(
            key=lambda row: (not any(row.cells.values()), str(row.cells.get(paper.heading(name)) or "")),
            reverse=reverse,
        )
        if not with_tokens:
            for row, token in zip(paper.rows, tokens, strict=True):
                row.token = token
        self.touch(path)

    def reword(self, path: str, name: str, heading: str) -> None:
        paper = self.files[path]
        before = paper.heading(name)
        paper.headings = [heading if each == before else each for each in paper.headings]
        paper.truth[name] = heading
        for row in paper.rows:
            row.cells[heading] = row.cells.pop(before, None)
        self.touch(path)

    def add_column(self, path: str, at: int, heading: str) -> None:
        paper = self.files[path]
        paper.headings.insert(at, heading)
        if paper.names:
            paper.names.insert(at, "")
        self.touch(path)

    def delete_column(self, path: str, name: str) -> None:
        paper = self.files[path]
        at = paper.headings.index(paper.heading(name))
        for row in paper.rows:
            row.cells.pop(paper.headings[at], None)
        del paper.headings[at], paper.truth[name]
        if paper.names:
            del paper.names[at]
        self.touch(path)

    def delete_row(self, path: str, key: str) -> None:
        paper = self.files[path]
        paper.rows.remove(paper.row(key))
        self.touch(path)

    # What is known

    def shown(self, key: str, name: str) -> str:
        return self.book.state().rows["actions"][key].value(name)

    def said(self, key: str, name: str) -> list[str]:
        """All that stands, the value shown first."""
        cells = self.book.state().rows["actions"][key].cells
        return [saying.value for saying in cells[name].standing] if name in cells else []

    def differs(self, key: str, name: str) -> bool:
        return self.book.state().rows["actions"][key].cells[name].is_differing

    def rows(self) -> list[str]:
        return list(self.book.state().rows.get("actions", {}))

    def told(self) -> str:
        """Everything that the last take-in told, as one text."""
        return "\n".join(notice.line for notice in self.last.notices)


def typed(column: PrintedColumn, text: str):
    if text and column.kind is Kind.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text or None


def paper_of(pack: PrintedPack) -> Paper:
    sheet = pack.sheets[0]
    rows = [
        Row(
            pack.token_text(row),
            {column.heading: cell for column, cell in zip(sheet.columns, row.cells, strict=True)},
            row.key or None,
        )
        for row in sheet.rows
    ]
    names, headings = [column.name for column in COLUMNS], [column.heading for column in COLUMNS]
    origin = {row.truth: row.token for row in rows if row.truth}
    return Paper(pack.pack_id, names, headings, rows, dict(zip(names, headings, strict=True)), origin)


# The packs and the log of most cases

P1, P2, P3 = "p1/fortnightly.xlsx", "p2/fortnightly.xlsx", "p3/fortnightly.xlsx"
COPY = "p1/fortnightly (1).xlsx"


def log():
    return {
        "A0021": {"pupil_id": "002103", "action": "Ring home", "owner": "KS", "due_date": date(2026, 10, 2), "status": "open"},
        "A0022": {"pupil_id": "002104", "action": "Meet parents", "owner": "TB", "due_date": date(2026, 10, 9), "status": "open",
                  "note": "asked twice"},
        "A0023": {"pupil_id": "002105", "action": "Letter", "owner": "KS", "status": "done"},
    }  # fmt: skip


def take(desk: Desk, file: ReturnedFile) -> None:
    """Take one file in, with what the log says."""
    desk.last = desk.book.take_in(Found((file,), desk.logs()), desk.tick())


def kept(desk: Desk) -> set[str]:
    """All words that are kept without being said of a cell."""
    entries = open_store(desk.book.path.read_bytes(), "", (URN,)).entries
    return {entry.value for entry in entries if entry.kind in ("extra", "unread")}
