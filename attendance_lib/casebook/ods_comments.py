"""The comments attached to cells of an OpenDocument workbook, which the library that reads its cells leaves out."""

from collections.abc import Mapping
from xml.parsers import expat

from attendance_lib.casebook.sheets import Stray

SIGN = b"<office:annotation"
CELLS = ("table:table-cell", "table:covered-table-cell")
ROW, COMMENT, PARAGRAPH = "table:table-row", "office:annotation", "text:p"


class OdsComments:
    """Reads the part of an OpenDocument workbook that holds its sheets; ``found`` are the comments in it so far."""

    def __init__(self) -> None:
        self.found: list[Stray] = []
        self._sheet, self._row, self._column = "", 0, 0
        self._cells_on, self._rows_on = 1, 1
        self._words: list[str] | None = None
        self._is_said = False

    def read(self, content: bytes) -> tuple[Stray, ...]:
        """Return the comments, in the order of the cells.

        Raises
        ------
        xml.parsers.expat.ExpatError
            If this is no XML.
        ValueError
            If a count in it is no number.
        """
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)  # noqa: FBT003 - this is all of it
        return tuple(self.found)

    def _begin(self, name: str, said: Mapping[str, str]) -> None:
        if name == "table:table":
            self._sheet, self._row = said.get("table:name", ""), 0
        elif name == ROW:
            self._row, self._column = self._row + 1, 0
            self._rows_on = int(said.get("table:number-rows-repeated", "1"))
        elif name in CELLS:
            self._column += 1
            self._cells_on = int(said.get("table:number-columns-repeated", "1"))
        elif name == COMMENT:
            self._words = []
        elif name == PARAGRAPH and self._words is not None:
            self._words.append("")
            self._is_said = True

    def _text(self, text: str) -> None:
        if self._words and self._is_said:
            self._words[-1] += text

    def _end(self, name: str) -> None:
        if name == ROW:
            self._row += self._rows_on - 1
        elif name in CELLS:
            self._column += self._cells_on - 1
        elif name == PARAGRAPH:
            self._is_said = False
        elif name == COMMENT and self._words is not None:
            words = "\n".join(self._words).strip()
            self._words = None
            if words:
                self.found.append(Stray(self._sheet, self._row, self._column, f"comment: {words}"))
