"""A workbook condensed: its sheets hold every different cell once, and beside them stands where each was.

A register of a million marks is made of a few thousand different cells. What a cell means (its type, its format, the
text it shares) is the business of a library, and asking it of each different cell once takes a fraction of the time.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np

from attendance_lib.errors import InputError
from attendance_lib.intake.coded import joined
from attendance_lib.intake.well_formed import WellFormed
from attendance_lib.intake.workbook_parts import SAVE_AGAIN, WorkbookPart, go_through, open_parts, unpack

# What a library needs to read cells; pictures and other kinds of workbook stay behind.
NEEDED = (".xml", ".rels")
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = b"</sheetData></worksheet>"


@dataclass(frozen=True, eq=False)
class SheetPlaces:
    """Where the cells of a sheet stand: ``rows``, ``columns`` (from 0) and ``which`` of the different cells each is."""

    rows: np.ndarray
    columns: np.ndarray
    which: np.ndarray

    def spread(self, different: list[object]) -> np.ndarray:
        """Return the sheet (object), shape (rows, columns) up to the last that holds anything.

        Parameters
        ----------
        different : list of object
            What the different cells mean, in their order; empty text for nothing.

        Examples
        --------
        >>> places = SheetPlaces(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([1, 0, 1]))
        >>> places.spread(["/", "AM"]).tolist()
        [['AM', '/'], ['', 'AM']]
        """
        values = np.empty(len(different), dtype=object)
        values[:] = different
        holds = (values != "")[self.which]
        rows, columns, which = self.rows[holds], self.columns[holds], self.which[holds]
        cells = np.full((rows.max(initial=-1) + 1, columns.max(initial=-1) + 1), "", dtype=object)
        cells[rows, columns] = values[which]
        return cells


@dataclass(frozen=True, eq=False)
class Condensed:
    """What is known of a condensed workbook: ``places`` of the cells of each sheet that was condensed, by its part's name.

    ``error_cells`` are the references of the cells with an error such as #N/A, of all sheets, ``formula_cells`` of those
    with a formula that no program has worked out; reading leaves them blank.
    """

    places: dict[str, SheetPlaces]
    error_cells: list[str]
    formula_cells: list[str] = field(default_factory=list)

    def add(self, name: str, part: WorkbookPart) -> bytes | None:
        """Add a part and return the sheet that stands for it, None if the part stays as it is."""
        self.error_cells.extend(part.error_cells)
        self.formula_cells.extend(part.formula_cells)
        if not part.is_plain:
            return None
        said = joined([piece.said for piece in part.pieces])
        rows, columns = (
            np.concatenate([getattr(piece, which) for piece in part.pieces]) - 1
            for which in ("rows", "columns")
        )
        self.places[name] = SheetPlaces(rows, columns, said.places)
        return _sheet_of(name, said.values)

    def cells_of(self, rows: list[list[object]]) -> np.ndarray | None:
        """Return the cells that the rows of a condensed sheet stand for (object), None if the sheet is as it was.

        Raises
        ------
        ValueError
            If rows are missing or too many.
        """
        places = self.places.get(str(rows[0][0])) if rows and rows[0] else None
        if places is None:
            return None
        first, *different, last = (row[0] for row in rows)
        if last != first or len(different) != 1 + places.which.max(initial=-1):
            raise ValueError("the library saw other cells")
        return places.spread(different)


def condense(content: bytes, label: str) -> tuple[bytes, Condensed]:
    """Return a workbook in which each plain sheet holds its different cells once, and where they stood.

    The first cell of a condensed sheet is the name of its part, the different cells follow below it, one a row, and the
    last is that name again. A sheet that is written in an unusual way is left as it is.

    Parameters
    ----------
    content : bytes
        The workbook.
    label : str
        How messages name it.

    Returns
    -------
    bytes
        The workbook, with nothing in it but what cells need.
    Condensed
        Where its cells stood.

    Raises
    ------
    InputError
        If it is damaged or locked, unpacks to more than any school's export does, or a sheet reaches over more cells
        than the limit, whatever its stated dimension says.
    """
    packed, condensed = io.BytesIO(), Condensed({}, [])
    with open_parts(content, label) as workbook, _new_archive(packed) as small:
        for name in dict.fromkeys(workbook.namelist()):
            if name.endswith(NEEDED):
                part = go_through(unpack(workbook, name, label), label)
                part.check_extent(label)
                rewritten = condensed.add(name, part)
                kept = [rewritten] if rewritten else unpack(workbook, name, label)
                if not (_keep(small, name, kept) and (not rewritten or part.skeleton.at_end())):
                    raise InputError(
                        f"{label}: the workbook is damaged (it is not well-formed XML). {SAVE_AGAIN}"
                    )
    return packed.getvalue(), condensed


def _new_archive(stream: io.BytesIO) -> zipfile.ZipFile:
    """Return an archive to write into: packed, for a sheet that is left as it is can be a hundred times as large unpacked."""
    return zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1)


def _keep(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> bool:
    """Write a part into an archive, piece by piece, and return whether it is well-formed."""
    looked_at = WellFormed()
    with archive.open(name, "w") as part:
        for piece in pieces:
            looked_at.feed(piece)
            part.write(piece)
    return looked_at.at_end()


def _sheet_of(name: str, said: np.ndarray) -> bytes:
    """Return the XML of a sheet with a cell a row: the name of its part, what the different cells say, and the name again."""
    sign = f' t="inlineStr"><is><t>{escape(name)}</t></is></c>'.encode()
    rows = (
        b'<row r="%d"><c r="A%d"%b</row>' % (row, row, text)
        for row, text in enumerate([sign, *said, sign], 1)
    )
    return HEAD + b"".join(rows) + FOOT
