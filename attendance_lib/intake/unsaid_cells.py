"""The cells of a sheet that hold something and yet read as blank: a formula that nobody worked out, and an error such as #N/A.

Staff's entries are read from such sheets, so a cell that is not blank must never be taken for one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from attendance_lib.errors import InputError
from attendance_lib.intake.cell_places import column_of
from attendance_lib.intake.workbook_parts import SAVE_AGAIN, open_parts, unpack

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ROW_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

Place = tuple[int, int]


@dataclass(frozen=True)
class UnsaidCells:
    """Places (row, column, from 0) of cells of one sheet: with a formula but no value, and with an error for a value."""

    formulas: frozenset[Place] = frozenset()
    errors: frozenset[Place] = frozenset()

    @property
    def places(self) -> frozenset[Place]:
        """All of them."""
        return self.formulas | self.errors


@dataclass
class _Walk:
    """Where a walk through the cells of a sheet has come to: a cell need not say where it is."""

    row: int = 0
    column: int = 0
    formulas: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)

    def begin_row(self, row: Element) -> None:
        said = row.get("r", "")
        self.row, self.column = int(said) if ROW_NUMBER.fullmatch(said) else self.row + 1, 0

    def take(self, cell: Element) -> None:
        found = REFERENCE.fullmatch(cell.get("r", ""))
        self.column = column_of(found[1].encode()) if found else self.column + 1
        place = ((int(found[2]) if found else self.row) - 1, self.column - 1)
        parts = {_plain(part.tag): part for part in cell}
        if cell.get("t") == "e":
            self.errors.add(place)
        elif "f" in parts and cell.get("t") != "str" and not _text_of(parts.get("v")):
            self.formulas.add(place)


def unsaid_cells(content: bytes, sheet: str, label: str) -> UnsaidCells:
    """Return the cells of a sheet that hold something and read as blank.

    Parameters
    ----------
    content : bytes
        A workbook that `spreadsheet.open_spreadsheet` has opened, so that its parts are well-formed and of bounded size.
    sheet : str
        The sheet's name.
    label : str
        How messages name the workbook.

    Raises
    ------
    InputError
        If the workbook is damaged.
    """
    part = _part_of(content, sheet, label)
    if part is None:
        return UnsaidCells()
    walk = _Walk()
    for event, element in _events(content, part, label):
        kind = _plain(element.tag)
        if event == "start" and kind == "row":
            walk.begin_row(element)
        elif event == "end" and kind == "c":
            walk.take(element)
        elif kind == "row":
            element.clear()
    return UnsaidCells(frozenset(walk.formulas), frozenset(walk.errors))


def _part_of(content: bytes, sheet: str, label: str) -> str | None:
    """Return the part that holds a sheet; None if the workbook does not say."""
    named = (each for each in _elements(content, WORKBOOK, label) if _plain(each.tag) == "sheet")
    relation = next((_attribute(each, "id") for each in named if each.get("name") == sheet), None)
    related = (each for each in _elements(content, RELATIONS, label) if each.get("Id") == relation)
    target = next((each.get("Target") for each in related), None)
    return None if target is None else normpath(join("/xl", target)).lstrip("/")


def _elements(content: bytes, part: str, label: str) -> Iterator[Element]:
    return (element for event, element in _events(content, part, label) if event == "start")


def _events(content: bytes, part: str, label: str) -> Iterator[tuple[str, Element]]:
    parser = XMLPullParser(("start", "end"))
    with open_parts(content, label) as workbook:
        if part not in workbook.namelist():
            return
        try:
            for piece in unpack(workbook, part, label):
                parser.feed(piece)
                yield from parser.read_events()
        except (ParseError, ValueError):
            raise InputError(
                f"{label}: the workbook is damaged (it is not well-formed XML). {SAVE_AGAIN}"
            ) from None


def _attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if _plain(key) == name), None)


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text_of(element: Element | None) -> str:
    return "" if element is None else element.text or ""
