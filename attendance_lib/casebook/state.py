"""What the casebook knows at a revision: one value a cell by a printed rule, and all that differs beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

RULE = (
    "Shown is what was said by whoever knew most: the words written on the latest pack, of those the ones taken in last, and of "
    "one run the workbook's before the log's. What a later pack had printed, or what was typed over in the same file, counts "
    "as answered. Where several still stand and differ, all are listed until a later pack settles it."
)


@dataclass(frozen=True)
class Saying:
    """One statement about one cell: who said what, on which pack, in which file.

    ``source`` is ``log`` or ``workbook``; ``value`` canonical text (dates ISO, blank empty); ``pack_id``, ``path``,
    ``said_by`` and ``said_at`` are empty for the log's.
    """

    entry: int
    revision: int
    basis: int
    source: str
    value: str
    raw: str = ""
    pack_id: str = ""
    path: str = ""
    said_by: str = ""
    said_at: str = ""


@dataclass(frozen=True)
class CellState:
    """One cell at a revision: the value shown, all statements that stand (the shown one first), and what the log says."""

    sheet: str
    row_key: str
    column: str
    standing: tuple[Saying, ...]
    logged: str | None

    @property
    def value(self) -> str:
        """The value shown.

        Examples
        --------
        >>> told = (Saying(2, 1, 0, "workbook", "wrote"), Saying(1, 1, 0, "log", "rang"))
        >>> CellState("actions", "A1", "note", told, "rang").value
        'wrote'
        """
        return self.standing[0].value

    @property
    def is_differing(self) -> bool:
        """Whether statements that stand say different things.

        Examples
        --------
        >>> told = [Saying(number, 1, 0, "workbook", value) for number, value in enumerate(("rang", "wrote"))]
        >>> CellState("actions", "A1", "note", tuple(told), "rang").is_differing
        True
        """
        return len({saying.value for saying in self.standing}) > 1

    @property
    def is_to_enter(self) -> bool:
        """Whether the log says something else than what is shown: a workbook's words, or an old pack's where no log has them.

        Examples
        --------
        >>> said = (Saying(1, 1, 0, "workbook", "rang"),)
        >>> [CellState("actions", "A1", "note", said, logged).is_to_enter for logged in ("", "rang", None)]  # None: not logged
        [True, False, False]
        """
        return self.logged is not None and self.logged != self.value


@dataclass(frozen=True)
class RowState:
    """One row at a revision.

    ``origin`` is ``log`` or ``pack``; for a row that staff added, ``pack_id``, ``report``, ``cohort`` and ``date_to`` (ISO)
    are of the pack in which they did. ``is_in_log`` is None where no log of this sheet was ever read.
    """

    sheet: str
    key: str
    origin: str
    cells: Mapping[str, CellState]
    is_in_log: bool | None = None
    pack_id: str = ""
    report: str = ""
    cohort: str = ""
    date_to: str = ""

    def value(self, column: str) -> str:
        """Return the value shown of a column, empty where nothing was ever said of it.

        Examples
        --------
        >>> said = CellState("actions", "A1", "note", (Saying(1, 1, 0, "workbook", "rang"),), None)
        >>> row = RowState("actions", "A1", "pack", {"note": said})
        >>> row.value("note"), row.value("owner")
        ('rang', '')
        """
        return self.cells[column].value if column in self.cells else ""


@dataclass(frozen=True)
class Notice:
    """Something that staff are told: what was found where, and what to do about it.

    ``line`` holds no value and may go to a console; ``value`` (what stands there) is for the pack alone. ``row`` says where
    in the file, ``row_key`` which row it is; ``revision`` when it was told (0: not kept).
    """

    path: str
    what: str
    remedy: str = ""
    sheet: str = ""
    row: str = ""
    column: str = ""
    value: str = ""
    row_key: str = ""
    revision: int = 0

    @property
    def line(self) -> str:
        """The notice as one line without what stands in the cell.

        Examples
        --------
        >>> Notice("a.xlsx", "two rows have one number", "Keep one", sheet="Actions", row="row 7", value="Ada was away").line
        "a.xlsx, sheet 'Actions', row 7: two rows have one number. Keep one"
        """
        place = ", ".join(
            part
            for part in (
                self.path,
                f"sheet '{self.sheet}'" if self.sheet else "",
                self.row,
                f"column '{self.column}'" if self.column else "",
            )
            if part
        )
        return " ".join(filter(None, (f"{place}: {self.what}.", self.remedy)))


@dataclass(frozen=True)
class Beside:
    """A word that belongs to no cell of the pack: in a column or sheet that staff added, or above the table."""

    revision: int
    path: str
    sheet: str
    row_key: str
    column: str
    value: str
    said_by: str = ""


@dataclass(frozen=True)
class EarlierPrint:
    """What an earlier pack printed, registered at a revision: ``cells`` by sheet, row key and column, canonical text.

    ``path`` is that of its workbook within the school's folder; empty where that is not known.
    """

    revision: int
    pack_id: str
    report: str
    cohort: str
    date_from: str
    date_to: str
    basis: int
    cells: Mapping[str, Mapping[str, Mapping[str, str]]]
    path: str = ""


@dataclass(frozen=True)
class State:
    """All that the casebook knows at a revision (0: nothing yet).

    ``head`` is the hash of its last entry, ``entries`` how many there are, ``basis`` the latest revision that changed any
    statement: it goes into the packs written from this state. ``erasures`` counts those made so far, up to the newest revision:
    what they emptied is in no old revision any more.
    """

    revision: int
    head: str
    entries: int
    basis: int
    rows: Mapping[str, Mapping[str, RowState]]
    notices: tuple[Notice, ...] = ()
    prints: tuple[EarlierPrint, ...] = ()
    beside: tuple[Beside, ...] = ()
    erasures: int = 0

    def print_before(self, report: str, cohort: str, date_to: str) -> EarlierPrint | None:
        """Return the newest print of a report and a cohort that ends before a day (ISO), so that a pack never sees itself.

        Examples
        --------
        >>> ends = ("2026-11-06", "2026-11-20")
        >>> prints = tuple(EarlierPrint(at, f"pk{at}", "fortnightly", "all", "", end, 0, {}) for at, end in enumerate(ends))
        >>> State(2, "", 2, 2, {}, prints=prints).print_before("fortnightly", "all", "2026-11-20").pack_id
        'pk0'
        """
        found = [
            each
            for each in self.prints
            if (each.report, each.cohort) == (report, cohort) and each.date_to < date_to
        ]
        return max(found, key=lambda each: (each.date_to, each.revision), default=None)


def natural(key: str) -> list[tuple[int, str]]:
    """Return a sort key by which numbers within text stand in the order of numbers.

    Examples
    --------
    >>> sorted(["a10", "a9", "2026-11-20/2"], key=natural)
    ['a9', 'a10', '2026-11-20/2']
    """
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", key) if part]
