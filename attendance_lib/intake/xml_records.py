"""Records of an XML file: the elements below the root, each with its fields. A document type, and so any entity, is refused."""

import re
from xml.parsers import expat

from attendance_lib.errors import InputError
from attendance_lib.intake.records import MAX_FIELD_CHARACTERS, Records, RecordTable

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
        self.record: dict[str, object] = {}
        self.depth, self.text = 0, ""
        self.known: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - the parser gives both
        self.depth += 1
        self.text = ""
        if self.depth > MAX_DEPTH:
            raise InputError(
                f"{self.label}: elements stand in one another more than {MAX_DEPTH} deep. Export the file again."
            )

    def characters(self, text: str) -> None:
        self.text += text
        if len(self.text) > MAX_FIELD_CHARACTERS:
            raise InputError(
                f"{self.label}: a field is longer than {MAX_FIELD_CHARACTERS:,} characters. Export the file again."
            )

    def end(self, tag: str) -> None:
        if self.depth == FIELD_DEPTH:
            if tag in self.record:
                raise InputError(
                    f"{self.label}: a record names the field '{PREFIX.sub('', tag)[:40]}' twice. Keep one of the two."
                )
            self.record[tag] = self.known.setdefault(self.text, self.text)
        elif self.depth == RECORD_DEPTH:
            self.tables.setdefault(tag, RecordTable(self.label)).add(self.record)
            self.record = {}
        self.depth -= 1
        self.text = ""

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
    collector = _Collector(label)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.characters
    parser.StartDoctypeDeclHandler = collector.document_type
    try:
        for start in range(0, len(text), CHUNK_CHARACTERS):
            _feed(parser, text[start : start + CHUNK_CHARACTERS].encode("utf-8"), label)
        parser.Parse(b"", True)  # noqa: FBT003 - positional only
    except expat.ExpatError as error:
        raise InputError(
            f"{label}: this is not well-formed XML (it breaks off or goes wrong at line {error.lineno}). Export the file again."
        ) from None
    tables = sorted(collector.tables.items(), key=lambda item: -item[1].count)
    return [Records(PREFIX.sub("", name), table.as_cells()) for name, table in tables]


def _feed(parser: expat.XMLParserType, chunk: bytes, label: str) -> None:
    """Parse a part of the file; a tag that outgrows it would be read over and over again."""
    before = parser.CurrentByteIndex
    parser.Parse(chunk, False)  # noqa: FBT003 - positional only
    if len(chunk) > MAX_FIELD_CHARACTERS and parser.CurrentByteIndex == before:
        raise InputError(
            f"{label}: a tag is longer than {MAX_FIELD_CHARACTERS:,} characters. Export the file again."
        )
