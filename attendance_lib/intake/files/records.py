"""Records of XML and JSON files as tables: one row a record, one column a field, the fields' names in the first row."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from types import NoneType
from typing import Any
from xml.parsers import expat

import numpy as np

from attendance_lib.errors import InputError, counted

MAX_FIELDS = 500
MAX_CELLS = 60_000_000
MAX_FIELD_CHARACTERS = 1_000_000


@dataclass(frozen=True, eq=False)
class Records:
    """The records of one name: ``cells`` (object), the first row the fields' names, a field that a record lacks empty."""

    name: str
    cells: np.ndarray


@dataclass
class RecordTable:
    """A table that grows by one record at a time; a field unknown so far is a new column."""

    label: str
    count: int = 0
    columns: dict[str, list[object]] = field(default_factory=dict)

    def add(self, record: dict[str, object]) -> None:
        """Add one record.

        Raises
        ------
        InputError
            If the file has more fields or more cells than any export.

        Examples
        --------
        >>> table = RecordTable("marks.json")
        >>> for record in ({"id": 1}, {"id": 2, "code": "/"}):
        ...     table.add(record)
        >>> table.as_cells().tolist()
        [['id', 'code'], [1, ''], [2, '/']]
        """
        if len(record) > MAX_FIELDS:
            raise InputError(
                f"{self.label}: a record has {len(record):,} fields, more than any export (limit {MAX_FIELDS})."
            )
        for name, value in record.items():
            column = self.columns.get(name)
            if column is None:
                column = self.columns[name] = []
            if len(column) < self.count:
                column.extend([""] * (self.count - len(column)))
            column.append(value)
        self.count += 1
        self.check_size()

    def add_columns(self, columns: dict[str, list[object]], count: int) -> None:
        """Add so many records at once that all have the same fields, given as columns.

        Raises
        ------
        InputError
            If the file has more fields or more cells than any export.

        Examples
        --------
        >>> table = RecordTable("marks.json")
        >>> table.add_columns({"id": [1, 2], "code": ["/", "I"]}, 2)
        >>> table.as_cells().tolist()
        [['id', 'code'], [1, '/'], [2, 'I']]
        """
        for name, values in columns.items():
            column = self.columns.setdefault(name, [])
            column.extend([""] * (self.count - len(column)))
            column.extend(values)
        self.count += count
        self.check_size()

    def check_size(self) -> None:
        """Refuse more fields or cells than any export has.

        Raises
        ------
        InputError
            If there are more.

        Examples
        --------
        >>> RecordTable("marks.json", 1, {str(number): [] for number in range(501)}).check_size()  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        attendance_lib.errors.InputError: marks.json: 501 fields in 1 record are more than any export has (limits 500 fields, ...
        """
        if len(self.columns) > MAX_FIELDS or len(self.columns) * self.count > MAX_CELLS:
            size = f"{counted(len(self.columns), 'field')} in {counted(self.count, 'record')}"
            raise InputError(
                f"{self.label}: {size} are more than any export has "
                f"(limits {MAX_FIELDS} fields, {MAX_CELLS:,} cells). Split the export by term."
            )

    def as_cells(self) -> np.ndarray:
        """Return the table (object), shape (records + 1, fields).

        Examples
        --------
        >>> table = RecordTable("marks.json")
        >>> table.add({"id": 1, "code": "/"})
        >>> table.add({"id": 2})  # what a record lacks is empty text
        >>> table.as_cells().tolist()
        [['id', 'code'], [1, '/'], [2, '']]
        """
        cells = np.full((self.count + 1, len(self.columns)), "", dtype=object)
        for position, (name, column) in enumerate(self.columns.items()):
            cells[0, position] = name
            cells[1 : len(column) + 1, position] = _object_array(column)
        return cells

    def check_characters(self) -> None:
        r"""Refuse half a character, which no other file could hold.

        Raises
        ------
        InputError
            If a text holds one.

        Examples
        --------
        >>> RecordTable("marks.json", 1, {"note": ["\ud83d"]}).check_characters()  # half of a picture
        Traceback (most recent call last):
        attendance_lib.errors.InputError: marks.json: a text holds half a character (a lone surrogate). Export the file again.
        """
        texts = {
            text for name in self.columns for text in (name, *self.columns[name]) if isinstance(text, str)
        }
        try:
            "".join(texts).encode("utf-8")
        except UnicodeEncodeError:
            raise InputError(
                f"{self.label}: a text holds half a character (a lone surrogate). Export the file again."
            ) from None


def _object_array(values: list[object]) -> np.ndarray:
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells


# Records of a JSON file: every list of objects in it, each object a record

MAX_CHARACTERS = 300_000_000
MAX_PARTS = 12_000_000
DEEPEST_LIST = 6
DEEPEST_FIELD = 4
PLAIN_OR_NONE = {str, int, float, bool, NoneType}
# So few records are as well added one by one.
FEW = 8
# How JSON writes half of a character beyond the first 65,536; two of them are a whole one.
HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
# What interfaces put around the thing itself.
WRAPPER = "data"
# How PHP writes a date, and so the systems written in it.
MOMENT = {"date", "timezone_type", "timezone"}
UTC, OFFSET = frozenset({"UTC", "Z", "GMT", "Etc/UTC"}), re.compile(r"[+-]\d{2}:\d{2}")


def read_json_records(text: str, label: str) -> list[Records]:
    """Return the records of a JSON file, the most numerous first.

    Parameters
    ----------
    text : str
        The whole file.
    label : str
        How messages name it.

    Returns
    -------
    list of Records
        One for each list of objects, named by the key that leads to it; fields of objects inside a record
        have both names with a full stop between, without the wrapper "data".

    Raises
    ------
    InputError
        If it is not JSON, is nested out of all proportion, or holds more than any export.

    Examples
    --------
    >>> read_json_records('{"marks": [{"pupil": {"data": {"id": 7}}, "code": "/"}]}', "a.json")[0].cells.tolist()
    [['pupil.id', 'code'], [7, '/']]
    """
    tables: dict[str, RecordTable] = {}
    for name, records in _objects(_document(text, label), "", DEEPEST_LIST):
        if name not in tables:
            tables[name] = RecordTable(label)
        for fields, alike in groupby(records, key=tuple):
            _add(tables[name], fields, list(alike))
    if HALF_CHARACTER.search(text):
        for table in tables.values():
            table.check_characters()
    found = sorted(tables.items(), key=lambda item: -item[1].count)
    return [Records(name, table.as_cells()) for name, table in found]


def _add(table: RecordTable, fields: tuple[str, ...], records: list[dict[str, Any]]) -> None:
    """Add records with the same fields: column by column if they are many and plain, for that takes a third of the time."""
    is_large = len(records) > FEW and len(fields) <= MAX_FIELDS
    columns = _plain_columns(fields, records) if is_large else None
    if columns is not None:
        table.add_columns(columns, len(records))
        return
    for record in records:
        table.add(dict(_fields(record, "", DEEPEST_FIELD)))


def _plain_columns(fields: tuple[str, ...], records: list[dict[str, Any]]) -> dict[str, list[object]] | None:
    """Return records column by column; None if any field of any of them holds more than a plain value."""
    columns = {name: _plain_column(name, records) for name in fields}
    return None if None in columns.values() else columns


def _plain_column(name: str, records: list[dict[str, Any]]) -> list[object] | None:
    """Return a field of all records with empty text for what is missing; None if any holds more than a plain value."""
    column = list(map(itemgetter(name), records))
    kinds = set(map(type, column))
    if not kinds <= PLAIN_OR_NONE:
        return None
    return ["" if value is None else value for value in column] if NoneType in kinds else column


def _refuse_oversized(text: str, label: str) -> None:
    parts = text.count(",") + text.count("[") + text.count("{")
    if len(text) > MAX_CHARACTERS or parts > MAX_PARTS:
        raise InputError(
            f"{label}: {len(text):,} characters and {parts:,} values are more than any export has "
            f"(limits {MAX_CHARACTERS:,} and {MAX_PARTS:,}). Split the export by term."
        )


def _document(text: str, label: str) -> Any:
    _refuse_oversized(text, label)
    try:
        return json.loads(text, parse_constant=lambda name: "")  # noqa: ARG005 - NaN is no value
    except RecursionError:
        reason = "is nested more deeply than any export"
    except json.JSONDecodeError as error:
        reason = f"is not JSON (it goes wrong at line {error.lineno}, character {error.colno})"
    except ValueError:
        reason = "holds a number of thousands of digits"
    raise InputError(f"{label}: this file {reason}. Export it again.")


def _objects(part: Any, name: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the objects of each list with the list's name; an object outside any list is a record if it holds no list."""
    if depth and isinstance(part, dict):
        yield from _objects_inside(part, name, depth)
    elif depth and isinstance(part, list):
        records = [item for item in part if isinstance(item, dict)]
        if records:
            yield name, records


def _objects_inside(
    part: dict[str, Any], name: str, depth: int
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    inside = {key: value for key, value in part.items() if isinstance(value, dict | list)}
    if len(inside) < len(part) and list not in map(type, inside.values()):
        yield name, [part]
        return
    for key, value in inside.items():
        yield from _objects(value, name if key == WRAPPER else key, depth - 1)


def _moment(value: dict[str, Any]) -> str:
    """Return a date as an object of PHP's as one text: with its zone only if that is UTC or an offset."""
    zone = str(value["timezone"])
    return f"{value['date']}{'Z' if zone in UTC else zone if OFFSET.fullmatch(zone) else ''}"


def _fields(record: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, object]]:
    """Yield the plain values of a record with their names; lists inside a record hold records of their own and are left."""
    for key, value in record.items():
        name = (above if key == WRAPPER else f"{above}.{key}") if above else key
        if isinstance(value, dict) and value.keys() == MOMENT:
            yield name, _moment(value)
        elif isinstance(value, dict) and depth:
            yield from _fields(value, name, depth - 1)
        elif not isinstance(value, dict | list):
            yield name, "" if value is None else value


# Plain records of XML: flat elements whose fields hold text alone, as systems write them by the million

# Text without a tag, a reference, a character that XML forbids or a return that the parser would change.
PLAIN_TEXT = rf"[^<&>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]{{0,{MAX_FIELD_CHARACTERS}}}+"
SPACE = r"[ \t\r\n]*+"
SPACES = re.compile(SPACE)
# Pieces small enough that what is found in one stays in the processor's cache.
PIECE_CHARACTERS = 65_536
# A plain record: the whole of it, and the text of each of its fields.
Record = tuple[str, ...]


def plain_record(tag: str, fields: Iterable[str]) -> re.Pattern[str]:
    r"""Return the pattern that a record matches if it has some of the fields in their order and nothing else.

    What it matches is well-formed wherever an element may be. It never goes back over what it has matched.

    Parameters
    ----------
    tag, fields : str, iterable of str
        The name of the record's element and of its fields'; the first group is the whole with the space behind it,
        then one a field, without a match if it is absent.

    Examples
    --------
    >>> pattern = plain_record("P", ["A", "B", "C"])
    >>> pattern.match("<P><A>1</A>\n<C/></P>\n").groups("")
    ('<P><A>1</A>\n<C/></P>\n', '1', '', '')
    >>> pattern.match("<P><A>1 &amp; 2</A></P>") is None
    True
    """
    parts = (rf"(?:<{name}(?:/>|>({PLAIN_TEXT})</{name}>){SPACE})?+" for name in map(re.escape, fields))
    return re.compile(rf"(<{re.escape(tag)}>{SPACE}{''.join(parts)}</{re.escape(tag)}>{SPACE})")


def plain_records(
    text: str, place: int, tag: str, pattern: re.Pattern[str]
) -> Iterator[tuple[list[Record], int]]:
    """Yield the plain records that follow one another from a place on, piece by piece, and where each piece ends.

    The pieces grow with what was found, so that looking for more than there is costs no more than what there was.

    Parameters
    ----------
    text, place : str, int
        The file's text, and where to look: white space before the first record is skipped.
    tag, pattern : str, re.Pattern
        The name of the record's element and its pattern.

    Examples
    --------
    >>> pattern = plain_record("P", ["A"])
    >>> [(len(found), end) for found, end in plain_records(" <P><A>1</A></P> <P/> <P></P>", 0, "P", pattern)]
    [(1, 17)]
    """
    size, closing = 0, f"</{tag}>"
    place = SPACES.match(text, place).end()
    while first := pattern.match(text, place):
        last = text.rfind(closing, first.end(), place + size)
        piece = text[place : first.end() if last < 0 else last + len(closing)]
        found, read = _without_gap(pattern, piece)
        yield found, place + read
        if read < len(piece):
            return
        place, size = SPACES.match(text, place + read).end(), min(2 * (size + read), PIECE_CHARACTERS)


def _without_gap(pattern: re.Pattern[str], piece: str) -> tuple[list[Record], int]:
    """Return the records at the beginning of a piece that have nothing between them, and how long they are."""
    found = pattern.findall(piece)
    read = sum(map(len, map(itemgetter(0), found)))
    if read == len(piece):
        return found, read
    found, read = [], 0
    while match := pattern.match(piece, read):
        found.append(match.groups(""))
        read = match.end()
    return found, read


# Records of an XML file: the elements below the root, each with its fields. A document type, and so any entity, is refused

FIRST_CHARACTERS = 4_096
CHUNK_CHARACTERS = 4_194_304
MAX_DEPTH = 100
RECORD_DEPTH, FIELD_DEPTH = 2, 3
# The name of a record's field: a name in brackets or a prefix says where it was declared, not what it is.
PREFIX = re.compile(r"^.*:")


class _Collector:
    """Gathers fields into records while the parser walks through the file, so that the tree is never held."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.tables: dict[str, RecordTable] = {}
        self.depth = 0
        self.texts: list[str] = []
        self.fields: list[str] = []
        self.values: list[str] = []
        self.alike: tuple[str, list[str]] = ("", [])
        self.rows: list[Sequence[str]] = []
        self.known: dict[str, str] = {}
        self.pattern_of = ("", 0)
        self.pattern: re.Pattern[str] | None = None
        self.is_in_section = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - the parser gives both
        self.depth += 1
        self.texts.clear()
        if self.depth > MAX_DEPTH:
            raise InputError(
                f"{self.label}: elements stand in one another more than {MAX_DEPTH} deep. Export the file again."
            )

    def end(self, tag: str) -> None:
        if self.depth == FIELD_DEPTH:
            self.fields.append(tag)
            self.values.append("".join(self.texts))
        elif self.depth == RECORD_DEPTH:
            self._end_record(tag)
        else:
            self.texts.clear()
        self.depth -= 1

    def _end_record(self, tag: str) -> None:
        if self.alike != (tag, self.fields):
            self.flush()
            self._check_names()
            self.alike = (tag, self.fields)
        self.rows.append(self.values)
        self.fields, self.values = [], []

    @property
    def plain(self) -> re.Pattern[str] | None:
        """The pattern of records like the last one, None before the first, within one and where tags are text."""
        if self.is_in_section or self.depth != RECORD_DEPTH - 1 or not self.alike[0]:
            return None
        self.flush()
        tag, columns = self.alike[0], self.tables[self.alike[0]].columns
        if (tag, len(columns)) != self.pattern_of:
            self.pattern, self.pattern_of = plain_record(tag, columns), (tag, len(columns))
        return self.pattern

    def add_plain(self, records: list[Record]) -> None:
        """Add records like the last one, with a text for every column of their table."""
        tag = self.alike[0]
        self.alike = (tag, list(self.tables[tag].columns))
        _, *columns = zip(*records, strict=True)
        self._add(columns, len(records))

    def flush(self) -> None:
        """Move the rows gathered into their table."""
        if max(map(len, chain(*self.rows)), default=0) > MAX_FIELD_CHARACTERS:
            raise InputError(self._too_long())
        if self.rows:
            self._add(zip(*self.rows, strict=True), len(self.rows))
            self.rows = []

    def _add(self, columns: Iterable[tuple[str, ...]], count: int) -> None:
        tag, fields = self.alike
        # The same text again is the same object: a million marks hold a few thousand texts.
        known = (list(map(self.known.setdefault, column, column)) for column in columns)
        table = self.tables.setdefault(tag, RecordTable(self.label))
        table.add_columns(dict(zip(fields, known, strict=True)), count)

    def _check_names(self) -> None:
        counts = Counter(self.fields)
        twice = next((field for field in counts if counts[field] > 1), None)
        if twice is not None:
            raise InputError(
                f"{self.label}: a record names the field '{PREFIX.sub('', twice)[:40]}' twice. Keep one of the two."
            )

    def check_size(self) -> None:
        """Refuse what has grown out of all proportion; called after each part of the file, so that no more is held."""
        if sum(map(len, self.texts)) > MAX_FIELD_CHARACTERS:
            raise InputError(self._too_long())
        if len(self.fields) > MAX_FIELDS:
            raise InputError(
                f"{self.label}: a record has more than {MAX_FIELDS} fields, which no export has. Export the file again."
            )

    def _too_long(self) -> str:
        return f"{self.label}: a field is longer than {MAX_FIELD_CHARACTERS:,} characters. Export the file again."

    def start_section(self) -> None:
        self.is_in_section = True

    def end_section(self) -> None:
        self.is_in_section = False

    def document_type(self, *names: object) -> None:  # noqa: ARG002 - the parser gives four
        raise InputError(
            f"{self.label}: the file declares a document type (<!DOCTYPE), which no export needs and which can make "
            "a small file fill the memory. Do not open it; ask where it came from."
        )


def read_xml_records(text: str, label: str) -> list[Records]:
    r"""Return the records of an XML file by the name of their element, the most numerous first.

    Parameters
    ----------
    text : str
        The whole file, already decoded: what it declares of its encoding is often wrong and is not looked at.
    label : str
        How messages name it.

    Returns
    -------
    list of Records
        One for each name of element right below the root.

    Raises
    ------
    InputError
        If the file is not well formed, declares a document type, or holds more than any export.

    Examples
    --------
    >>> read_xml_records("<Report><Record><Adno>0034</Adno><Reg/></Record></Report>", "a.xml")[0].cells.tolist()
    [['Adno', 'Reg'], ['0034', '']]
    """
    walk = _Walk(text, _Collector(label))
    try:
        walk.to_the_end()
    except expat.ExpatError as error:
        raise InputError(
            f"{label}: this is not well-formed XML (it breaks off or goes wrong at line {error.lineno}). Export the file again."
        ) from None
    tables = sorted(walk.collector.tables.items(), key=lambda item: -item[1].count)
    return [Records(PREFIX.sub("", name), table.as_cells()) for name, table in tables]


class _Walk:
    """The way through a file's text: by the parser, and by the pattern of plain records where one can be."""

    def __init__(self, text: str, collector: _Collector) -> None:
        self.text, self.collector = text, collector
        self.place, self.fed, self.step = 0, 0, FIRST_CHARACTERS
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = collector.start
        self.parser.EndElementHandler = collector.end
        self.parser.CharacterDataHandler = collector.texts.append
        self.parser.StartCdataSectionHandler = collector.start_section
        self.parser.EndCdataSectionHandler = collector.end_section
        self.parser.StartDoctypeDeclHandler = collector.document_type

    def to_the_end(self) -> None:
        while self.place < len(self.text):
            is_whole = self._parse(self._next_end())
            self.collector.check_size()
            pattern = self.collector.plain if is_whole else None
            if pattern is None or not self._read_plain(pattern):
                self.step = min(2 * self.step + 1, CHUNK_CHARACTERS)
            else:
                self.step = 0
        self.collector.flush()
        self.parser.Parse(b"", True)  # noqa: FBT003 - positional only

    def _next_end(self) -> int:
        """Return where to parse to: the end of a record if one is not too far, for only there the pattern can begin."""
        least = self.place + self.step
        tag = f"</{self.collector.alike[0]}>"
        found = self.text.find(tag, least, least + CHUNK_CHARACTERS)
        return min(least + 1, len(self.text)) if found < 0 else found + len(tag)

    def _parse(self, end: int) -> bool:
        """Parse to a place and return whether nothing of it is left over; a tag that outgrows its part is refused."""
        before, chunk = self.parser.CurrentByteIndex, self.text[self.place : end].encode("utf-8")
        self.parser.Parse(chunk, False)  # noqa: FBT003 - positional only
        self.place, self.fed = end, self.fed + len(chunk)
        after = self.parser.CurrentByteIndex
        if self.fed - after > MAX_FIELD_CHARACTERS and after == before:
            raise InputError(
                f"{self.collector.label}: a tag is longer than {MAX_FIELD_CHARACTERS:,} characters. Export the file again."
            )
        return after == self.fed

    def _read_plain(self, pattern: re.Pattern[str]) -> bool:
        """Read the plain records that follow; the parser is given their lines alone, so that it still counts them."""
        start, tag = self.place, self.collector.alike[0]
        for records, end in plain_records(self.text, start, tag, pattern):
            self.collector.add_plain(records)
            self.place = end
        lines = self.text.count("\n", start, self.place)
        self.parser.Parse(b"\n" * lines, False)  # noqa: FBT003 - positional only
        # Lines between records are no field's text, and would pile up until they seem to be a field out of all proportion.
        self.collector.texts.clear()
        self.fed += lines
        return self.place > start
