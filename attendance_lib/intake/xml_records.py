"""Records of an XML file: the elements below the root, each with its fields. A document type, and so any entity, is refused.

The parser walks through the file and calls back for every tag. That is slow for a million marks, so where it stands
between two records, those that match the plain pattern of the last one are read by it and the parser goes on behind them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from xml.parsers import expat

from attendance_lib.errors import InputError
from attendance_lib.intake.plain_xml import Record, plain_record, plain_records
from attendance_lib.intake.records import MAX_FIELD_CHARACTERS, MAX_FIELDS, Records, RecordTable

FIRST_CHARACTERS = 4_096
CHUNK_CHARACTERS = 4_194_304
MAX_DEPTH = 100
RECORD_DEPTH, FIELD_DEPTH = 2, 3
# What is told of a record's field: a name in brackets or a prefix says where it was declared, not what it is.
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
            raise self._too_long()
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
        """Refuse what has grown out of all proportion; asked after each part of the file, so that no more is held."""
        if sum(map(len, self.texts)) > MAX_FIELD_CHARACTERS:
            raise self._too_long()
        if len(self.fields) > MAX_FIELDS:
            raise InputError(
                f"{self.label}: a record has more than {MAX_FIELDS} fields, which no export has. Export the file again."
            )

    def _too_long(self) -> InputError:
        return InputError(
            f"{self.label}: a field is longer than {MAX_FIELD_CHARACTERS:,} characters. Export the file again."
        )

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
