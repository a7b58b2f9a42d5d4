"""A trial of the casebook: whatever staff do in whatever order, held against a slow model that knows who said what.

The model shares no code and no idea of storage with the casebook. It knows for certain what the casebook has to find out
(which row a row is, which heading a column had), and keeps of every statement the whole set of statements that its writer
had before their eyes, where the casebook keeps one number.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

from attendance_lib.casebook.disk import open_store
from tests.casebook.desk import COLUMNS, FIRST_DAY, LOGGED, STATUSES, URN, Desk, Paper, Row, paper_of

Dice = Callable[[int], int]
FILLED = ("action", "owner", "due_date", "status", "note")
TEXTS = ("owner", "note")
HEADINGS = {column.name: column.heading for column in COLUMNS}
FIXED = ("action_id", "pupil_name", "days_overdue")
SPOKEN = {"completed": "done", "ongoing": "in progress"}


# The model


@dataclass(eq=False)
class Statement:
    """One statement: what it says, which statements its writer knew, in which run it was read; which files hold it."""

    value: str
    source: str
    knew: frozenset[int]
    run: int
    number: int
    pack: "ModelPack | None" = None
    holders: dict[int, bool] = field(default_factory=dict)
    place: tuple = ()


@dataclass(eq=False)
class ModelPack:
    """One pack: its last day, what it printed, and the statements known when it was made."""

    pack_id: str
    day: date
    printed: dict[str, dict[str, str]]
    knew: frozenset[int]
    known: dict[str, dict[str, str]] = field(default_factory=dict)
    added: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    heard: list[tuple[int, set[Statement]]] = field(default_factory=list)
    extra: dict[tuple, Statement] = field(default_factory=dict)


@dataclass(eq=False)
class Line:
    """One file over time: of which pack, where, what it looked like, which statements it holds, which row was at a token."""

    number: int
    pack: ModelPack
    path: str
    looks: object
    held: set[Statement] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)


class Model:
    """All that was said in a school."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        self.rows: list[str] = []
        self.log: dict[str, dict[str, str]] = {}
        self.packs: dict[str, ModelPack] = {}
        self.lines: list[Line] = []
        self.at: dict[str, Line] = {}
        self.shas: dict[str, str] = {}
        self.runs = 0
        self.count = 0

    def heads(self, cell: tuple[str, str]) -> list[str]:
        said = self.cells[cell]
        standing = [
            one
            for one in said
            if not any(one.number in other.knew for other in said)
            and (not one.holders or any(one.holders.values()))
        ]
        standing.sort(
            key=lambda one: (len(one.knew), one.run, one.source == "workbook", one.number), reverse=True
        )
        return [one.value for one in standing]

    def shown(self, cell: tuple[str, str]) -> str:
        return (self.heads(cell) or [""])[0]

    def everything(self) -> frozenset[int]:
        return frozenset(one.number for said in self.cells.values() for one in said)

    def say(
        self, cell: tuple[str, str], value: str, source: str, knew: frozenset[int], pack: ModelPack | None
    ) -> Statement:
        self.count += 1
        one = Statement(value, source, knew, self.runs, self.count, pack, place=cell)
        self.cells[cell].append(one)
        return one

    # A run

    def run(self, log: dict[str, dict] | None, files: dict[str, Paper]) -> None:
        self.runs += 1
        knew = self.everything()
        if log is not None:
            self.read_log(log, knew)
        for path, paper in sorted(files.items(), key=lambda item: (item[1].changed, item[0])):
            sha = paper.returned(path).sha256
            if self.shas.get(path) != sha:
                self.shas[path] = sha
                self.read(path, paper, set(files))

    def read_log(self, log: dict[str, dict], knew: frozenset[int]) -> None:
        for key in sorted(log):
            if key not in self.rows:
                self.rows.append(key)
            for column in LOGGED:
                value = canon(column.name, log[key].get(column.name))
                if value != self.log.get(key, {}).get(column.name, ""):
                    self.log.setdefault(key, {})[column.name] = value
                    self.say((key, column.name), value, "log", knew, None)

    def is_gone(self, line: Line, present: set[str]) -> bool:
        return line.path not in present or self.at[line.path] is not line

    def line_for(self, path: str, paper: Paper, present: set[str]) -> Line:
        pack, looks = self.packs[paper.pack_id], looks_of(paper)
        here = self.at.get(path)
        if here is None or here.pack is not pack:
            free = [
                line
                for line in self.lines
                if line.pack is pack and line.looks == looks and self.is_gone(line, present)
            ]
            here = free[0] if free else self.new_line(pack, path)
        here.path, here.looks, self.at[path] = path, looks, here
        return here

    def new_line(self, pack: ModelPack, path: str) -> Line:
        line = Line(len(self.lines), pack, path, None)
        self.lines.append(line)
        return line

    def read(self, path: str, paper: Paper, present: set[str]) -> None:
        line = self.line_for(path, paper, present)
        pack, before = line.pack, sorted(line.held, key=lambda one: one.number)
        seen, typed, extra = self.contents(line, paper, present)
        known = [self.find(cell, value, pack) for cell, values in typed.items() for value in values]
        known += [pack.extra.get(each) for each in extra]
        is_copy = None not in known and (
            not known or any(set(known) == said for number, said in pack.heard if number != line.number)
        )
        is_there = {
            one: one.place in extra if one.source == "extra" else one.value in typed.get(one.place, ())
            for one in before
        }
        held = [
            self.find(cell, value, pack) or self.say(cell, value, "workbook", pack.knew, pack)
            for cell, values in typed.items()
            for value in values
        ]
        held += [
            pack.extra.setdefault(each, Statement(each[2], "extra", frozenset(), 0, -1, pack, place=each))
            for each in extra
        ]
        line.held = set(held)
        for one in held:
            one.holders[line.number] = True
        for one in before:
            if one.source != "extra" and one.place in seen and one.value not in seen[one.place]:
                if any(is_there.values()) and not is_copy:
                    self.type_over(line, one, is_back=not typed.get(one.place))
            elif one.source != "extra":
                line.held.add(one)
        if held:
            pack.heard.append((line.number, set(held)))

    def type_over(self, line: Line, one: Statement, *, is_back: bool) -> None:
        one.holders[line.number] = False
        if is_back:
            pack, (key, name) = line.pack, one.place
            printed = pack.printed.get(key, {}).get(name, "")
            back = self.find(one.place, printed, pack) or self.say(
                one.place, printed, "workbook", pack.knew, pack
            )
            line.held.add(back)
            back.holders[line.number] = True

    def find(self, cell: tuple[str, str], value: str, pack: ModelPack) -> Statement | None:
        return next(
            (
                one
                for one in self.cells[cell]
                if one.source == "workbook" and (one.value, one.pack) == (value, pack)
            ),
            None,
        )

    def contents(self, line: Line, paper: Paper, present: set[str]) -> tuple[dict, dict, list]:
        """Return what a file says of each cell at all, where it is not as printed, and what can only be kept."""
        seen, typed, extra = defaultdict(set), defaultdict(dict), {}
        tokens = dict(line.tokens)
        for row in paper.rows:
            if row.truth is None:
                continue
            key = self.row_of(line, tokens, paper, row, present)
            for heading in paper.headings:
                name = paper.name_of(heading)
                value = canon(name, row.cells.get(heading))
                if not name or value.startswith("unread"):
                    extra |= {(key, name or heading, value): True} if value else {}
                elif says(line.pack, key, name, value):
                    seen[key, name].add(value)
                    if value != line.pack.printed.get(key, {}).get(name, ""):
                        typed[key, name][value] = True
        return seen, typed, list(extra)

    def row_of(self, line: Line, tokens: dict[str, str], paper: Paper, row: Row, present: set[str]) -> str:
        """Return the key of a row: a printed one's, or the number that an added one has or gets."""
        if row.truth in line.pack.printed or row.truth in line.pack.known:
            return row.truth
        about, words = (canon(name, row.cells.get(paper.heading(name))) for name in ("pupil_id", "action"))
        token = row.token if paper.tokens_count() else ""
        added = line.pack.added
        fits = [key for key, (abouts, said) in added.items() if about in abouts and words in said]
        others = [
            each
            for each in self.lines
            if each is not line and each.pack is line.pack and self.is_gone(each, present)
        ]
        candidates = [each[token] for each in (tokens, *(other.tokens for other in others)) if token in each]
        fits = [each for each in candidates[:1] if token in tokens and each in fits] or fits
        mended = [key for key in candidates if any(words[:8] == said[:8] for said in added[key][1])]
        key = [*fits[:1], *mended][0] if fits or mended else self.number(line.pack)
        for known, each in zip(added.setdefault(key, (set(), set())), (about, words), strict=True):
            known.add(each)
        if token:
            line.tokens[token] = key
        return key

    def number(self, pack: ModelPack) -> str:
        day = pack.day.isoformat()
        numbers = [int(key.rpartition("/")[2]) for key in self.rows if key.startswith(f"{day}/")]
        key = f"{day}/{max(numbers, default=0) + 1}"
        self.rows.append(key)
        return key


def says(pack: ModelPack, key: str, name: str, value: str) -> bool:
    """Whether a cell says anything: of a row that the pack did not print only what is written into it anew does."""
    if key in pack.printed:
        return name not in FIXED
    return name != "action_id" and (key not in pack.known or value not in ("", pack.known[key][name]))


def canon(name: str, value: object) -> str:
    """What a cell says, by the trial's own lights."""
    text = "" if value is None else value.isoformat() if isinstance(value, date) else str(value).strip()
    if name == "due_date" and text.endswith(" 0:00:00"):
        return text[:10]
    return SPOKEN.get(text.lower(), text.lower()) if name == "status" else text


def looks_of(paper: Paper) -> object:
    return paper.headings[:], sorted(
        (row.token, *(canon("", row.cells.get(each)) for each in paper.headings)) for row in paper.rows
    )


# What is tried


WEIGHTS = {
    "run": 14,
    "make": 7,
    "make_again": 3,
    "make_cohort": 4,
    "fill": 26,
    "type_over": 8,
    "clear": 6,
    "take_back": 6,
    "unread": 2,
    "echo": 5,
    "known_row": 3,
    "add_row": 8,
    "mend": 4,
    "template": 3,
    "double": 3,
    "delete_row": 3,
    "key_otherwise": 3,
    "copy": 6,
    "copy_over": 4,
    "rename": 4,
    "hand_over": 3,
    "delete_file": 1,
    "resave": 4,
    "convert": 3,
    "paste": 2,
    "sort": 4,
    "partial_sort": 3,
    "reword": 3,
    "add_column": 3,
    "delete_column": 2,
    "log_cell": 6,
    "log_row": 3,
    "log_row_gone": 1,
    "log_back": 1,
}
OPERATIONS = [name for name, weight in WEIGHTS.items() for _ in range(weight)]


class Trial:
    """One school over one sequence of operations, each chosen by ``dice``."""

    def __init__(self, folder, dice: Dice) -> None:
        self.desk, self.model, self.dice = Desk(folder, {}), Model(), dice
        self.words = 0
        self.done: Counter[str] = Counter()
        self.old_states = {}
        self.old_logs: list[dict] = []
        for _ in range(3):
            self.log_row()
        self.make()

    def act(self) -> str:
        """Do one operation; one that cannot be done now is left out."""
        name = OPERATIONS[self.dice(len(OPERATIONS))]
        if getattr(self, name)() is not False:
            self.done[name] += 1
        return name

    # Choices

    def word(self) -> str:
        """A new word, unlike every other."""
        self.words += 1
        made = hashlib.sha256(str(self.words).encode()).digest()
        return "".join(chr(ord("a") + each % 26) for each in made[:14])

    def value(self, name: str):
        if name == "due_date":
            self.words += 1
            return date(2027, 1, 1) + timedelta(days=self.words)
        if name == "status":
            return (*STATUSES, "Completed", "Ongoing")[self.dice(6)]
        return self.word()

    def pick(self, choices: list):
        return choices[self.dice(len(choices))] if choices else None

    def path(self) -> str | None:
        """A file; the newest ones more often."""
        paths = sorted(self.desk.files, key=lambda path: -self.desk.files[path].changed)
        return paths[min(self.dice(len(paths)), self.dice(len(paths)))] if paths else None

    def row(self, path: str, *, is_printed: bool | None = None) -> Row | None:
        paper = self.desk.files[path]
        printed = self.model.packs[paper.pack_id].printed
        return self.pick(
            [
                row
                for row in paper.rows
                if row.truth and (is_printed is None or (row.truth in printed) == is_printed)
            ]
        )

    def cell(self) -> tuple | None:
        """A file, a row of it and one of its columns that staff fill in."""
        path = self.path()
        row = self.row(path) if path else None
        return (path, row, self.pick(self.open_columns(path, row))) if row else None

    def typed_cell(self) -> tuple | None:
        """A file, a row of it and a column in which something is typed, the words that tell a row apart from others left out."""
        return self.pick(
            [
                (path, row, name)
                for path, paper in sorted(self.desk.files.items())
                for row in paper.rows
                for name in (self.open_columns(path, row) if row.truth else ())
                if name != "action" and self.is_typed(path, row, name)
            ]
        )

    def open_columns(self, path: str, row: Row) -> list[str]:
        """The columns of a row that staff fill in; not the words of an action that they know by its number alone."""
        is_known = row.truth in self.pack_of(path).known
        return [
            name
            for name in FILLED
            if name in self.desk.files[path].columns() and not (is_known and name == "action")
        ]

    def pack_of(self, path: str) -> ModelPack:
        return self.model.packs[self.desk.files[path].pack_id]

    def is_typed(self, path: str, row: Row, name: str) -> bool:
        paper = self.desk.files[path]
        printed = self.model.packs[paper.pack_id].printed.get(row.truth, {}).get(name, "")
        return canon(name, row.cells.get(paper.heading(name))) != printed

    def put(self, path: str, row: Row, name: str, value) -> None:
        row.cells[self.desk.files[path].heading(name)] = value
        self.desk.touch(path)

    # Operations

    def run(self) -> None:
        self.desk.run()
        self.model.run(self.desk.log, self.desk.files)
        self.hold()

    def make(
        self,
        path: str | None = None,
        cohort: str = "whole_school",
        keys: list[str] | None = None,
        day: date | None = None,
    ) -> None:
        self.run()
        before = set(self.model.rows) if keys is None else set(keys)
        day = day or FIRST_DAY + timedelta(days=14 * (self.desk.packs + 1))
        path = path or f"p{self.desk.packs + 1}/fortnightly.xlsx"
        pack = self.newest = self.desk.make(path, cohort, day, keys)
        printed = {
            key: {name: key if name == "action_id" else self.model.shown((key, name)) for name in HEADINGS}
            for key in before
        }
        mine = {
            row.key: {c.name: canon(c.name, cell) for c, cell in zip(COLUMNS, row.cells, strict=True)}
            for row in pack.sheets[0].rows
            if row.key
        }
        assert mine == printed
        known = self.model.packs.get(pack.pack_id)
        others = {
            key: {name: self.model.shown((key, name)) for name in HEADINGS}
            for key in self.model.rows
            if key not in printed
        }
        self.model.packs[pack.pack_id] = known or ModelPack(
            pack.pack_id, day, printed, self.model.everything(), others
        )
        self.registered(path)

    def registered(self, path: str) -> None:
        paper = self.desk.files[path]
        self.model.at[path] = self.model.new_line(self.model.packs[paper.pack_id], path)
        self.model.at[path].looks = None
        self.model.shas[path] = paper.returned(path).sha256

    def make_again(self) -> bool | None:
        """Make a pack again at its place, the file that lay there being kept elsewhere."""
        paths = [
            path for path in self.desk.files if path.endswith("/fortnightly.xlsx") and path.startswith("p")
        ]
        path = self.pick(sorted(paths))
        if path is None:
            return False
        day = self.pack_of(path).day
        self.run()
        self.desk.rename(path, f"kept/{self.desk.clock}.xlsx")
        self.make(path, day=day)
        return None

    def make_cohort(self) -> None:
        self.run()
        keys = [key for key in self.model.rows if self.dice(2)]
        self.make(f"p{self.desk.packs + 1}c/fortnightly.xlsx", "year_11", keys)

    def fill(self) -> bool | None:
        if (found := self.cell()) is None:
            return False
        path, row, name = found
        return self.put(path, row, name, self.value(name))

    def type_over(self) -> bool | None:
        if (found := self.typed_cell()) is None:
            return False
        path, row, name = found
        return self.put(path, row, name, self.value(name))

    def clear(self) -> bool | None:
        """Blank a cell; that of the words of a row stays, without which nothing tells the row."""
        if (found := self.cell()) is None or found[2] in ("action", "status"):
            return False
        path, row, name = found
        return self.put(path, row, name, None)

    def take_back(self) -> bool | None:
        """Put a cell back as it was printed."""
        if (found := self.typed_cell()) is None:
            return False
        path, row, name = found
        printed = self.pack_of(path).printed.get(row.truth, {}).get(name, "")
        return self.put(path, row, name, printed or None)

    def echo(self) -> bool | None:
        """Write into one file what another of the same pack says."""
        if (found := self.typed_cell()) is None:
            return False
        path, row, name = found
        pack_id, value = self.desk.files[path].pack_id, row.cells.get(self.desk.files[path].heading(name))
        others = [
            other
            for other, paper in self.desk.files.items()
            if other != path and paper.pack_id == pack_id and name in paper.columns()
        ]
        other = self.pick(sorted(others))
        same = [each for each in self.desk.files[other].rows if each.truth == row.truth] if other else []
        return self.put(other, same[0], name, value) if same else False

    def known_row(self) -> bool | None:
        """Write of an action that the pack did not print, by its number, into a blank row."""
        path = self.pick(sorted(path for path in self.desk.files if self.pack_of(path).known))
        blank = [row for row in self.desk.files[path].rows if row.truth is None] if path else []
        key = self.pick(sorted(self.pack_of(path).known)) if blank else None
        if key is None or "note" not in self.desk.files[path].columns():
            return False
        blank[0].truth, blank[0].cells[self.desk.files[path].heading("action_id")] = key, key.lower()
        return self.put(path, blank[0], "note", self.word())

    def unread(self) -> bool | None:
        if (found := self.cell()) is None or found[2] not in ("due_date", "status"):
            return False
        path, row, name = found
        return self.put(path, row, name, f"unread {self.word()}")

    def add_row(self) -> bool | None:
        path = self.path()
        blank = [row for row in self.desk.files[path].rows if row.truth is None] if path else []
        if not blank or not {"pupil_id", "action"} <= set(self.desk.files[path].columns()):
            return False
        self.fill_new(path, blank[0], f"added {self.word()}")
        return None

    def fill_new(self, path: str, row: Row, truth: str) -> None:
        paper = self.desk.files[path]
        row.truth = truth
        values = {"pupil_id": f"{2000 + self.dice(50):06d}", "action": self.word(), "note": self.word()}
        row.cells |= {paper.heading(name): value for name, value in values.items() if name in paper.columns()}
        self.desk.touch(path)

    def mend(self) -> bool | None:
        """Mend a slip in the words of an added row."""
        path = self.path()
        row = self.row(path, is_printed=False) if path else None
        if row is None or row.truth in self.pack_of(path).known:
            return False
        heading = self.desk.files[path].heading("action")
        row.cells[heading] = f"{row.cells[heading]}{'xyz'[self.dice(3)]}"
        self.desk.touch(path)
        return None

    def template(self) -> bool | None:
        path = self.path()
        row = self.row(path, is_printed=True) if path else None
        if row is None or not {"pupil_id", "action", "action_id"} <= set(self.desk.files[path].columns()):
            return False
        for name in FILLED:
            if name in self.desk.files[path].columns():
                row.cells[self.desk.files[path].heading(name)] = None
        self.fill_new(path, row, f"template {self.word()}")
        row.cells[self.desk.files[path].heading("pupil_id")] = f"{3000 + self.words:06d}"
        return None

    def double(self) -> bool | None:
        path = self.path()
        row = self.row(path) if path else None
        if row is None or "note" not in self.desk.files[path].columns():
            return False
        rows = self.desk.files[path].rows
        other = deepcopy(row)
        rows.insert(rows.index(row) + 1, other)
        return self.put(path, other, "note", self.word())

    def delete_row(self) -> bool | None:
        path = self.path()
        row = self.row(path) if path else None
        if row is None:
            return False
        self.desk.files[path].rows.remove(row)
        self.desk.touch(path)
        return None

    def key_otherwise(self) -> bool | None:
        """Write a number in another case, or clear it where the token still tells the row."""
        path = self.path()
        row = self.row(path, is_printed=True) if path else None
        if row is None or "action_id" not in self.desk.files[path].columns():
            return False
        paper = self.desk.files[path]
        can_clear = paper.tokens_count() and paper.origin[row.truth] == row.token
        heading = self.desk.files[path].heading("action_id")
        row.cells[heading] = (
            None if can_clear and self.dice(2) else str(row.cells[heading] or row.truth).lower()
        )
        self.desk.touch(path)
        return None

    def copy(self) -> bool | None:
        if (path := self.path()) is None:
            return False
        self.desk.copy(path, f"{path} ({self.desk.clock})")
        return None

    def copy_over(self) -> bool | None:
        """Save one file over another."""
        path, other = self.path(), self.path()
        if path is None or path == other:
            return False
        self.desk.copy(path, other)
        self.desk.resave(other)
        return None

    def rename(self) -> bool | None:
        if (path := self.path()) is None:
            return False
        self.desk.rename(path, f"renamed {self.desk.clock}.xlsx")
        return None

    def hand_over(self) -> None:
        """Copy the newest pack, as it was made, to the drive."""
        path = f"/drive/{self.desk.clock}.xlsx"
        self.desk.files[path] = paper_of(self.newest)
        self.desk.touch(path)
        self.desk.book.register_pack(
            self.newest, path, self.desk.files[path].returned(path).sha256, self.desk.tick()
        )
        self.registered(path)

    def delete_file(self) -> bool | None:
        if (path := self.path()) is None or len(self.desk.files) == 1:
            return False
        self.run()
        del self.desk.files[path]
        return None

    def resave(self) -> bool | None:
        return self.desk.resave(path) if (path := self.path()) else False

    def convert(self) -> bool | None:
        """Save as CSV and back: every cell is text, dates as LibreOffice writes them."""
        if (path := self.path()) is None:
            return False
        for row in self.desk.files[path].rows:
            row.cells = {
                heading: f"{cell} 0:00:00" if isinstance(cell, date) else cell
                for heading, cell in row.cells.items()
            }
        return self.desk.resave(path)

    def paste(self) -> bool | None:
        """Paste the table into a new book, where every column and number still tells what it is."""
        path = self.path()
        if path is None or not self.desk.files[path].is_plain():
            return False
        return self.desk.paste(path, with_heading=True)

    def sort(self) -> bool | None:
        return (
            self.desk.sort(path, self.pick(["action", "owner", "note"]), reverse=bool(self.dice(2)))
            if self.sortable(path := self.path())
            else False
        )

    def partial_sort(self) -> bool | None:
        path = self.path()
        if not self.sortable(path) or not self.desk.files[path].has_all_keys():
            return False
        return self.desk.sort(path, self.pick(["action", "owner", "note"]), with_tokens=False)

    def sortable(self, path: str | None) -> bool:
        return path is not None and {"action", "owner", "note"} <= set(self.desk.files[path].columns())

    def reword(self) -> bool | None:
        path = self.path()
        names = [name for name in TEXTS if name in self.desk.files[path].columns()] if path else []
        if not names or not self.desk.files[path].names:
            return False
        return self.desk.reword(path, self.pick(names), f"Update {self.word()}")

    def add_column(self) -> bool | None:
        path = self.path()
        if path is None or not self.desk.files[path].names:
            return False
        paper, heading = self.desk.files[path], f"Phone {self.word()}"
        self.desk.add_column(path, self.dice(len(paper.headings) + 1), heading)
        row = self.row(path)
        if row is not None:
            row.cells[heading] = self.word()
        return None

    def delete_column(self) -> bool | None:
        path = self.path()
        names = [name for name in TEXTS if name in self.desk.files[path].columns()] if path else []
        if not names or not self.desk.files[path].names:
            return False
        return self.desk.delete_column(path, self.pick(names))

    def log_cell(self) -> bool | None:
        key = self.pick(sorted(self.desk.log))
        if key is None:
            return False
        name = self.pick(["owner", "status", "note", "due_date"])
        self.keep_log()
        self.desk.log[key][name] = self.value(name)
        return None

    def log_row(self) -> None:
        self.keep_log()
        self.words += 1
        self.desk.log[f"A{self.words:04d}"] = {
            "pupil_id": f"{1000 + self.words:06d}", "action": self.word(), "owner": self.word(), "status": "open",
            "due_date": self.value("due_date"),
        }  # fmt: skip

    def log_row_gone(self) -> bool | None:
        if len(self.desk.log) < 2:
            return False
        self.keep_log()
        del self.desk.log[self.pick(sorted(self.desk.log))]
        return None

    def log_back(self) -> bool | None:
        """Put an older export of the log in its place."""
        if not self.old_logs:
            return False
        self.desk.log = deepcopy(self.pick(self.old_logs))
        return None

    def keep_log(self) -> None:
        self.old_logs = [*self.old_logs[-3:], deepcopy(self.desk.log)]

    # What must hold

    def hold(self) -> None:
        """Hold the casebook against the model, and against itself."""
        book, path = self.desk.book, self.desk.book.path
        content, state = path.read_bytes() if path.exists() else b"", book.state()
        rows = state.rows.get("actions", {})
        assert list(rows) == self.model.rows
        said = {
            (key, name): [saying.value for saying in cell.standing]
            for key, row in rows.items()
            for name, cell in row.cells.items()
        }
        assert said == {cell: heads for cell in self.model.cells if (heads := self.model.heads(cell))}
        self.hold_words(content)
        self.desk.run()
        assert (path.read_bytes() if path.exists() else b"") == content
        self.hold_old(state)

    def hold_words(self, content: bytes) -> None:
        """Every word in a file is an entry, and no entry stands there twice."""
        entries = open_store(content, "", (URN,)).entries if content else []
        packs = {
            entry.entry: json.loads(entry.value)["pack_id"] for entry in entries if entry.kind == "reading"
        }
        said = Counter(
            (entry.kind, packs[entry.reading], entry.cell, entry.value)
            for entry in entries
            if entry.kind in ("set", "extra", "unread")
        )
        assert [each for each, count in said.items() if count > 1] == []
        for paper in self.desk.files.values():
            assert self.typed_words(paper) <= {
                value for _, pack_id, _, value in said if pack_id == paper.pack_id
            }

    def typed_words(self, paper: Paper) -> set[str]:
        printed = self.model.packs[paper.pack_id].printed
        return {
            canon(name, row.cells.get(heading))
            for row in paper.rows
            if row.truth
            for heading in paper.headings
            if (name := paper.name_of(heading)) != "action_id"
            and canon(name, row.cells.get(heading)) not in ("", printed.get(row.truth, {}).get(name, ""))
            and not (row.truth in printed and name in FIXED)
        }

    def hold_old(self, state) -> None:
        """Old revisions stand as they were: one of them is looked at."""
        self.old_states[state.revision] = state
        revision = self.pick(sorted(self.old_states))
        assert self.desk.book.state(revision) == self.old_states[revision]
