"""Which sheet, column and row of a pack is which in a file that came back, whatever was sorted, added, deleted or reworded."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from attendance_lib.casebook.sheets import Kind, PrintedRow, PrintedSheet, ReturnedRow, ReturnedSheet
from attendance_lib.casebook.spelling import (
    folded,
    folded_key,
    is_as_printed,
    is_like,
    meaning,
    plain_meaning,
    written,
)
from attendance_lib.intake.headings import plain


@dataclass(frozen=True)
class FoundColumns:
    """Where our columns stand in a returned sheet.

    ``reworded`` are columns found though their heading differs, ``extra`` the positions that are none of ours, ``missing``
    the names of ours that are not there.
    """

    positions: Mapping[str, int]
    reworded: tuple[str, ...]
    extra: tuple[int, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class FoundRow:
    """A returned row and the row that it is.

    ``printed`` is the pack's row where it printed one; ``how`` is ``key``, ``token``, ``words``, ``template`` (a printed row
    written over for another matter) or ``new``.
    """

    row: ReturnedRow
    key: str
    how: str
    printed: PrintedRow | None = None


@dataclass
class AddedRows:
    """The rows that staff added to a sheet of a pack, so far as known.

    ``abouts`` and ``words`` hold, by row key, all that was ever said in those columns, folded; ``here`` and ``gone`` the keys
    that tokens had in earlier readings of this file, and of files that are no longer there. ``give`` gives a new row its
    number; ``known`` finds a row of the casebook that the pack did not print. ``claimed`` are the keys of those that a row of
    the file says word for word.
    """

    abouts: dict[str, set[str]]
    words: dict[str, set[str]]
    here: Mapping[str, str]
    gone: Mapping[str, tuple[str, ...]]
    give: Callable[[str, str], str]
    known: Callable[[str], PrintedRow | None]
    claimed: set[str] = field(default_factory=set)

    @cached_property
    def by_words(self) -> dict[str, list[str]]:
        """The keys of the rows of which words were ever said.

        Examples
        --------
        >>> added = AddedRows({}, {"2026-11-20/1": {"ring home"}, "2026-11-20/2": {"ring home"}}, {}, {}, None, None)
        >>> dict(added.by_words)
        {'ring home': ['2026-11-20/1', '2026-11-20/2']}
        """
        found: dict[str, list[str]] = defaultdict(list)
        for key, known in self.words.items():
            for words in known:
                found[words].append(key)
        return found

    def add(self, key: str, about: str, words: str) -> None:
        """Add a row.

        Examples
        --------
        >>> added = AddedRows({}, {}, {}, {}, None, None)
        >>> added.add("2026-11-20/1", "3401", "ring home")
        >>> added.abouts, dict(added.by_words)
        ({'2026-11-20/1': {'3401'}}, {'ring home': ['2026-11-20/1']})
        """
        self.by_words[words].append(key)
        self.abouts[key], self.words[key] = {about}, {words}


# Sheets


def find_sheet(sheet: ReturnedSheet, printed: Mapping[str, PrintedSheet]) -> PrintedSheet | None:
    """Return the printed sheet that a returned one is: by its name, else the one most of whose columns it has.

    Examples
    --------
    >>> from attendance_lib.casebook.sheets import PrintedColumn
    >>> columns = tuple(PrintedColumn(name, name.title()) for name in ("action", "owner", "due"))
    >>> printed = {"actions": PrintedSheet("actions", columns, (), "action")}
    >>> two, one = (ReturnedSheet("Sheet1", headings, ()) for headings in (("Action", "Owner"), ("Action",)))
    >>> find_sheet(two, printed).name, find_sheet(one, printed)  # most of its columns, or not
    ('actions', None)
    """
    if sheet.name in printed:
        return printed[sheet.name]
    # A tab as people say it, in a file that lost the hidden sheet which says our name. A CSV names no sheet, and a casebook of
    # before keeps no tab: two blank names are not one.
    said = _as_said(sheet.name)
    named = (each for each in printed.values() if said and said in (_as_said(each.tab), _as_said(each.name)))
    return next(named, None) or _sheet_with_columns(sheet, printed)


def _sheet_with_columns(sheet: ReturnedSheet, printed: Mapping[str, PrintedSheet]) -> PrintedSheet | None:
    """Return the printed sheet most of whose columns a returned one has."""
    shared = {name: len(named_columns(sheet, each)) for name, each in printed.items()}
    best = max(shared, key=shared.get, default=None)
    return printed[best] if best and shared[best] * 2 > len(printed[best].columns) else None


def _as_said(name: str) -> str:
    return folded(name.replace("_", " "))


# Columns


def find_columns(sheet: ReturnedSheet, printed: PrintedSheet) -> FoundColumns:
    """Say where our columns stand in a returned sheet.

    Notes
    -----
    By the hidden row of names, then the headings, then, where just one column is missing and just one unknown stands where it
    stood with cells mostly as printed, that one. A column that was put in another's place is not taken for it.

    Examples
    --------
    >>> from attendance_lib.casebook.sheets import PrintedColumn
    >>> columns = tuple(PrintedColumn(name, name.title()) for name in ("action", "owner", "due"))
    >>> sheet = ReturnedSheet("actions", ("Owner", "Mine", "Action"), ())
    >>> found = find_columns(sheet, PrintedSheet("actions", columns, (), "action"))
    >>> dict(found.positions), found.extra, found.missing
    ({'owner': 0, 'action': 2}, (1,), ('due',))
    """
    positions = named_columns(sheet, printed)
    positions |= _in_its_place(sheet, printed, positions)
    known = known_headings(sheet, printed)
    reworded = [name for name, at in positions.items() if known.get(plain(sheet.headings[at])) != name]
    missing, extra = _left_over(sheet, printed, positions)
    return FoundColumns(positions, tuple(reworded), tuple(extra), tuple(missing))


def _left_over(
    sheet: ReturnedSheet, printed: PrintedSheet, positions: Mapping[str, int]
) -> tuple[list[str], list[int]]:
    """Return the printed columns that have no position, and the positions that are no printed column's."""
    missing = [column.name for column in printed.columns if column.name not in positions]
    return missing, [at for at in range(len(sheet.headings)) if at not in positions.values()]


def _in_its_place(
    sheet: ReturnedSheet, printed: PrintedSheet, positions: Mapping[str, int]
) -> dict[str, int]:
    """Return the position of the only missing column if just one unknown column stands in its place; else nothing."""
    missing, extra = _left_over(sheet, printed, positions)
    # A hidden row of names that is still there names every column that is ours.
    if len(missing) != 1 or set(sheet.names) & printed.by_name.keys():
        return {}
    standing = [at for at in extra if _stands_for(at, missing[0], positions, printed)]
    if len(standing) != 1 or not _is_mostly_as_printed(sheet, printed, positions, missing[0], standing[0]):
        return {}
    return {missing[0]: standing[0]}


def named_columns(sheet: ReturnedSheet, printed: PrintedSheet) -> dict[str, int]:
    """Return the positions of the columns that the hidden row of names or the headings tell, the first of each name.

    Examples
    --------
    >>> from attendance_lib.casebook.sheets import PrintedColumn
    >>> printed = PrintedSheet("actions", (PrintedColumn("action", "Action"), PrintedColumn("owner", "Owner")), (), "action")
    >>> named_columns(ReturnedSheet("actions", ("Whose", "Action"), (), names=("owner", "")), printed)
    {'owner': 0, 'action': 1}
    """
    found: dict[str, int] = {}
    for at, name in enumerate(sheet.names):
        if name in printed.by_name:
            found.setdefault(name, at)
    headings = known_headings(sheet, printed)
    for at, heading in enumerate(sheet.headings):
        name = headings.get(plain(heading))
        is_named = at < len(sheet.names) and sheet.names[at] in printed.by_name
        if name and not is_named:
            found.setdefault(name, at)
    return found


def known_headings(sheet: ReturnedSheet, printed: PrintedSheet) -> dict[str, str]:
    """Return our name of each heading that the print, its hidden sheet or our list of other headings knows.

    Examples
    --------
    >>> from attendance_lib.casebook.sheets import PrintedColumn
    >>> owner = PrintedColumn("owner", "Owner", also_called=("Lead",))
    >>> known_headings(ReturnedSheet("actions", (), ()), PrintedSheet("actions", (owner,), (), "owner"))
    {'lead': 'owner', 'owner': 'owner'}
    """
    also = {plain(heading): column.name for column in printed.columns for heading in column.also_called}
    declared = {plain(heading): name for heading, name in sheet.declared.items() if name in printed.by_name}
    return also | declared | {plain(column.heading): column.name for column in printed.columns}


def _stands_for(at: int, name: str, positions: Mapping[str, int], printed: PrintedSheet) -> bool:
    """Whether a position is beside the neighbour that a missing column had in the print."""
    # Blank before the first and after the last: no column is called that.
    names = ["", *(column.name for column in printed.columns), ""]
    here, standing = names.index(name), {position: each for each, position in positions.items()}
    return standing.get(at - 1) == names[here - 1] or standing.get(at + 1) == names[here + 1]


def _is_mostly_as_printed(
    sheet: ReturnedSheet, printed: PrintedSheet, positions: Mapping[str, int], name: str, at: int
) -> bool:
    column = printed.by_name[name]
    same = [
        is_as_printed(row.cells[at], meaning(row.cells[at], column), printed.text(before, name), column)
        for row in sheet.rows
        if (before := _printed_row(row, printed, positions)) is not None and before.key
    ]
    return sum(same) * 2 > len(same)


def _printed_row(row: ReturnedRow, printed: PrintedSheet, positions: Mapping[str, int]) -> PrintedRow | None:
    key = written(row.cells[positions[printed.key]]) if printed.key in positions else ""
    return printed.by_key.get(key) or printed.by_token.get(row.token.rpartition("/")[2])


# Rows


def meant_key(typed: str, fits: list[str]) -> str | None:
    """Return the key that one as typed means, of those that fit it folded: itself, else the only one; None where none or several.

    Examples
    --------
    >>> meant_key("a21", ["A0021"]), meant_key("a21", ["A21", "A0021"]), meant_key("A21", ["A21", "A0021"])
    ('A0021', None, 'A21')
    """
    if typed in fits:
        return typed
    return fits[0] if len(fits) == 1 else None


@dataclass(frozen=True)
class RowMatcher:
    """Says which row each row of a returned sheet is.

    Examples
    --------
    >>> from attendance_lib.casebook.sheets import PrintedColumn
    >>> columns = (PrintedColumn("action_id", "No"), PrintedColumn("action", "Action"))
    >>> row = PrintedRow("001", "A0021", ("A0021", "Ring home"))
    >>> printed = PrintedSheet("actions", columns, (row,), "action_id", words="action")
    >>> added = AddedRows({}, {}, {}, {}, lambda about, words: "2026-11-20/1", lambda key: None)
    >>> matcher = RowMatcher("pk1", printed, FoundColumns({"action_id": 0, "action": 1}, (), (), ()), added)
    >>> rows = [ReturnedRow(2, "", ("a21", "Ring home")), ReturnedRow(3, "", (None, "Visit")), ReturnedRow(4, "", (None, None))]
    >>> [(found.key, found.how) for found in matcher.find(rows)]
    [('A0021', 'key'), ('2026-11-20/1', 'new')]
    >>> matcher.token(ReturnedRow(2, "pk1/001", ())), matcher.token(ReturnedRow(2, "pk2/001", ()))  # of this pack, of another
    ('001', '')
    """

    pack_id: str
    printed: PrintedSheet
    columns: FoundColumns
    added: AddedRows

    @cached_property
    def kinds(self) -> dict[int, Kind]:
        """The kind of each column of ours, by its position in the file."""
        return {at: self.printed.by_name[name].kind for name, at in self.columns.positions.items()}

    def find(self, rows: Iterable[ReturnedRow]) -> list[FoundRow]:
        """Return every row that holds anything, with the row that it is."""
        filled = [row for row in rows if any(map(written, row.cells)) and not self.is_bare(row)]
        has_tokens = not any(self.contradicts(row) for row in filled)
        taken = {before.key for row in filled if (before := self.by_key(row))}
        self.added.claimed |= self.claimed_by(filled)
        return [self.found(row, taken, has_tokens=has_tokens) for row in filled]

    def claimed_by(self, rows: Iterable[ReturnedRow]) -> set[str]:
        """Return the keys of the added rows that rows without a key say word for word."""
        unkeyed = (self.matter_in(row) for row in rows if not self.by_key(row))
        return {key for matter in unkeyed if (key := self.same_added(*matter, ""))}

    def found(self, row: ReturnedRow, taken: set[str], *, has_tokens: bool) -> FoundRow:
        """Return which row a row is; ``taken`` are the printed keys that other rows of the sheet bear."""
        token = self.token(row) if has_tokens else ""
        before, how = self.by_key(row), "key"
        if before is None:
            before, how = self.printed.by_token.get(token), "token"
        if before is None or not before.key:
            return self.unkeyed(row, token, taken, "new")
        is_copy = how == "token" and before.key in taken
        if self.is_other(row, before, is_copy=is_copy):
            return self.unkeyed(row, token, None, "template")
        return FoundRow(row, before.key, how, before)

    def unkeyed(self, row: ReturnedRow, token: str, taken: set[str] | None, how: str) -> FoundRow:
        """Return which row a row without a key is: one with the same matter and words, one mended, or a new one."""
        about, words = self.matter_in(row)
        if taken is not None and not token and (before := self.same_printed(about, words, taken)):
            return FoundRow(row, before.key, "words", before)
        key = self.same_added(about, words, token) or self.mended(about, words, token)
        if key is None:
            key = self.added.give(
                *(self.says(row, name) for name in (self.printed.about, self.printed.words))
            )
            self.added.add(key, about, words)
            return FoundRow(row, key, how)
        return FoundRow(row, key, "template" if how == "template" else "words")

    def is_unknown(self, row: ReturnedRow) -> bool:
        """Whether neither key nor token tells a row that the pack printed with a key, or that the casebook knows."""
        before = self.printed.by_token.get(self.token(row))
        return self.by_key(row) is None and (before is None or not before.key)

    def by_key(self, row: ReturnedRow) -> PrintedRow | None:
        """Return the row whose key a row bears: as it stands, or folded where that fits one row only."""
        key = self.says(row, self.printed.key)
        if not key:
            return None
        fits = self.folded_keys.get(folded_key(key), [])
        meant = meant_key(key, fits)
        return self.printed.by_key[meant] if meant else self.added.known(key)

    @cached_property
    def folded_keys(self) -> dict[str, list[str]]:
        """The printed keys, by how they are compared.

        Examples
        --------
        >>> rows = (PrintedRow("001", "A0021", ()), PrintedRow("002", "A21", ()))  # a workbook may drop noughts
        >>> RowMatcher("pk1", PrintedSheet("actions", (), rows, "action_id"), None, None).folded_keys
        {'a21': ['A0021', 'A21']}
        """
        folded_alike: dict[str, list[str]] = {}
        for key in self.printed.by_key:
            folded_alike.setdefault(folded_key(key), []).append(key)
        return folded_alike

    def is_bare(self, row: ReturnedRow) -> bool:
        """Whether a row that is none of the print's holds nothing but choices and days, as where a column was filled down."""
        if not self.printed.words or not self.is_unknown(row):
            return False
        filled = {self.kinds.get(at) for at, cell in enumerate(row.cells) if written(cell)}
        return bool(filled) and filled <= {Kind.CHOICE, Kind.DATE}

    def contradicts(self, row: ReturnedRow) -> bool:
        """Whether a row's token is not its key's, as after a sort that left the hidden column out."""
        before, token = self.by_key(row), self.token(row)
        return before is not None and bool(before.token) and bool(token) and token != before.token

    def token(self, row: ReturnedRow) -> str:
        """Return a row's token, empty if it has none of this pack's."""
        pack_id, _, token = row.token.strip().rpartition("/")
        return token if pack_id == self.pack_id else ""

    def says(self, row: ReturnedRow, name: str) -> str:
        """Return what a row says in one of our columns, as canonical text; empty where the column is missing."""
        if name not in self.columns.positions:
            return ""
        return plain_meaning(row.cells[self.columns.positions[name]], self.printed.by_name[name])

    def is_other(self, row: ReturnedRow, before: PrintedRow, *, is_copy: bool) -> bool:
        """Whether both the matter and the words of a printed row were written over: it was used for another one.

        Of a copy of a row that still stands in the file, without its number, other words are enough.
        """
        names = (self.printed.about, self.printed.words)
        if not set(names) <= self.columns.positions.keys() or not self.says(row, self.printed.words):
            return False
        return not any(self.is_same(row, before, name) for name in (names[1:] if is_copy else names))

    def is_same(self, row: ReturnedRow, before: PrintedRow, name: str) -> bool:
        """Whether a cell is as it was printed."""
        cell, column = row.cells[self.columns.positions[name]], self.printed.by_name[name]
        return is_as_printed(cell, meaning(cell, column), self.printed.text(before, name), column)

    def same_printed(self, about: str, words: str, taken: set[str]) -> PrintedRow | None:
        """Return the one printed row with this matter and these words that bears no key in the file any more."""
        fits = [
            row
            for row in self.printed.by_key.values()
            if words and row.key not in taken and self.matter_of(row) == (about, words)
        ]
        return fits[0] if len(fits) == 1 else None

    def matter_in(self, row: ReturnedRow) -> tuple[str, str]:
        """Return what a returned row is about and its words, for comparing."""
        about, words = (self.says(row, name) for name in (self.printed.about, self.printed.words))
        return folded_key(about), folded(words)

    def matter_of(self, row: PrintedRow) -> tuple[str, str]:
        """Return what a printed row is about and its words, for comparing."""
        about, words = (self.printed.text(row, name) for name in (self.printed.about, self.printed.words))
        return folded_key(about), folded(words)

    def same_added(self, about: str, words: str, token: str) -> str | None:
        """Return the added row that has this matter and these words in any file of the pack: the one of this token first.

        Examples
        --------
        >>> keys = ("2026-11-20/2", "2026-11-20/10")
        >>> abouts, words = {key: {"3401"} for key in keys}, {key: {"ring home"} for key in keys}
        >>> matcher = RowMatcher("pk1", None, None, AddedRows(abouts, words, {"007": keys[1]}, {}, None, None))
        >>> [matcher.same_added("3401", "ring home", token) for token in ("", "007")]  # the first, else the one that stood there
        ['2026-11-20/2', '2026-11-20/10']
        """
        here = self.added.here.get(token)
        fits = [
            key
            for key in self.added.by_words.get(words, ())
            if about in self.added.abouts[key] and (words or key == here)
        ]
        return here if here in fits else min(fits, key=_number, default=None)

    def mended(self, about: str, words: str, token: str) -> str | None:
        """Return the added row that stood at this token, in this file or one that is gone, with like words.

        Examples
        --------
        >>> added = AddedRows({"2026-11-20/1": {"3401"}}, {"2026-11-20/1": {"ring hoem"}}, {"007": "2026-11-20/1"}, {}, None, None)
        >>> matcher = RowMatcher("pk1", None, None, added)
        >>> [matcher.mended("3401", words, "007") for words in ("ring home", "letter to parents")]
        ['2026-11-20/1', None]
        """
        if not token:
            return None
        candidates = [*filter(None, [self.added.here.get(token)]), *self.added.gone.get(token, ())]
        return next((key for key in candidates if self.is_mended(key, about, words)), None)

    def is_mended(self, key: str, about: str, words: str) -> bool:
        """Whether an added row's words, or blanks, became these; not where another row still says it, of somebody else.

        Examples
        --------
        >>> added = AddedRows({"2026-11-20/1": {"3401"}}, {"2026-11-20/1": {"ring home"}}, {}, {}, None, None, {"2026-11-20/1"})
        >>> matcher = RowMatcher("pk1", None, None, added)  # another row of the file still says it
        >>> [matcher.is_mended("2026-11-20/1", about, "ring home") for about in ("3401", "3402")]
        [True, False]
        """
        known = self.added.words[key]
        if key in self.added.claimed and about not in self.added.abouts[key]:
            return False
        return any(is_like(each, words) for each in known) or (
            about in self.added.abouts[key] and "" in {words, *known}
        )


def _number(key: str) -> tuple[str, int]:
    day, _, number = key.rpartition("/")
    return day, int(number) if number.isdigit() else 0


def repeated_keys(found: Iterable[FoundRow]) -> list[str]:
    """Return the keys that more than one row of a sheet has, in order of the first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> repeated_keys(SimpleNamespace(key=key) for key in ("A2", "A1", "A3", "A1", "A2"))
    ['A2', 'A1']
    """
    return [key for key, count in Counter(each.key for each in found).items() if count > 1]
