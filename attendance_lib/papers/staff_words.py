"""What staff wrote that somebody has to look at: words that differ, words the log does not have, and what was noted about files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from attendance_lib.casebook.sheets import DIFFERING, cell_key
from attendance_lib.casebook.staff_rows import known_rows
from attendance_lib.casebook.state import (
    RULE,
    Beside,
    CellState,
    EarlierPrint,
    Notice,
    RowState,
    Saying,
    natural,
)
from attendance_lib.display import Column, Parts, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.errors import counted, in_number
from attendance_lib.pack.pack import Pack

SHOWN_ROWS = 20
BLANK_WORD, NOT_THERE = "(blank)", "(not there)"
LOG_WORD = "the log"
WHERE_TO_WRITE = "Write it under a heading of the table to have it shown there."
WORDS_OF_ROWS = ("action", "intervention")
Fields = Mapping[str, str]


def written_in(row: RowState | None, column: str) -> str | None:
    """Return what staff wrote in a cell of a row; None where it is blank or nobody wrote in the row.

    Examples
    --------
    >>> written_in(None, "outcome")
    """
    return (row.value(column) if row else "") or None


def fields_of(columns: Iterable[Column]) -> dict[str, str]:
    """Return the heading of each column that staff fill in, by name: those of which words are reported.

    Examples
    --------
    >>> fields_of((Column("pupil_name", "Pupil"), Column("outcome", "What came of it", editable=True)))
    {'outcome': 'What came of it'}
    """
    return {column.name: column.heading for column in columns if column.editable}


def differing(pack: Pack, sheet: str, keys: Iterable[str], fields: Fields) -> Table:
    """Return the cells of which several statements stand and differ, to be settled (one row each).

    Parameters
    ----------
    pack : Pack
        Of which the casebook is read.
    sheet : str
        The sheet that is filled in.
    keys : iterable of str
        The rows that this paper's readers may see.
    fields : mapping of str to str
        Heading by column name.
    """
    cells = [cell for cell in cells_of(pack, sheet, keys, fields) if cell.is_differing]
    rows = [
        {
            "cell": cell_key(sheet, cell.row_key, cell.column),
            "row_key": cell.row_key,
            "field": fields[cell.column],
            "shown": cell.value or BLANK_WORD,
            "others": "; ".join(map(said_in_words, others(cell))),
            "settled": None,
        }
        for cell in cells
    ]
    return Table(
        name=DIFFERING,
        title="Where what was written differs",
        frame=frame_of(rows, DIFFERING_COLUMNS),
        columns=DIFFERING_COLUMNS,
        shown_rows=SHOWN_ROWS,
        note=f"{RULE} To settle one here, write what holds under Settled; what is typed into the sheet itself settles it too.",
        empty_text="Nothing that was written differs.",
    )


def _cell_to_enter(cell: CellState, fields: Fields) -> dict[str, object]:
    return {
        "row_key": cell.row_key,
        "field": fields[cell.column],
        "shown": cell.value or BLANK_WORD,
        "logged": cell.logged or BLANK_WORD,
        "said_by": cell.standing[0].said_by,
        "path": cell.standing[0].path,
    }


def to_enter(pack: Pack, sheet: str, keys: Iterable[str], fields: Fields) -> Table:
    """Return what staff wrote that the log does not say (one row per cell), to be entered there."""
    keys = list(keys)
    cells = [cell for cell in cells_of(pack, sheet, keys, fields) if cell.is_to_enter]
    rows = [*rows_to_enter(pack, sheet, keys), *(_cell_to_enter(cell, fields) for cell in cells)]
    return Table(
        name="to_enter",
        title="To enter in the log",
        frame=frame_of(rows, TO_ENTER_COLUMNS),
        columns=TO_ENTER_COLUMNS,
        shown_rows=SHOWN_ROWS,
        note=to_enter_words(len(rows)),
        empty_text="The log says all that was written.",
    )


def to_enter_words(count: int) -> str:
    """Return how many entries no log says; empty if there is none.

    Examples
    --------
    >>> to_enter_words(1).partition(".")[0], to_enter_words(0)
    ('1 entry was written that the log does not say', '')
    """
    if not count:
        return ""
    entries = f"{counted(count, 'entry', 'entries')} {in_number(count, 'was', 'were')}"
    return f"{entries} written that the log does not say. Once the log says it too, it leaves this list."


def rows_to_enter(pack: Pack, sheet: str, keys: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield a row of ``to_enter`` for each row of a sheet that the log lacks as a whole, where there is a log.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> held = {"A9": False, "A10": False, "A1": True, "A2": None}  # None: there is no log
    >>> rows = {"actions": {key: RowState("actions", key, "pack", {}, is_in_log=is_held) for key, is_held in held.items()}}
    >>> pack = SimpleNamespace(casebook=SimpleNamespace(rows=rows))
    >>> [row["row_key"] for row in rows_to_enter(pack, "actions", held)]
    ['A9', 'A10']
    """
    rows = known_rows(pack.casebook, sheet)
    for key in sorted(set(keys) & rows.keys(), key=natural):
        if rows[key].is_in_log is False:
            yield {"row_key": key, "field": "All of it"} | words_to_enter(rows[key])


def words_to_enter(row: RowState) -> dict[str, str]:
    """Return the words that a row is known by, who wrote them and in which file; blanks where it has none.

    Examples
    --------
    >>> said = Saying(1, 1, 0, "workbook", "rang home", path="Copy of a.xlsx", said_by="M. Okafor")
    >>> words_to_enter(RowState("actions", "A1", "pack", {"action": CellState("actions", "A1", "action", (said,), None)}))
    {'shown': 'rang home', 'logged': '(not there)', 'said_by': 'M. Okafor', 'path': 'Copy of a.xlsx'}
    >>> words_to_enter(RowState("actions", "A2", "pack", {}))["shown"]
    '(blank)'
    """
    words = next((cell for cell in row.cells.values() if cell.column in WORDS_OF_ROWS), None)
    if words is None:
        return {"shown": BLANK_WORD, "logged": NOT_THERE, "said_by": "", "path": ""}
    said = words.standing[0]
    return {"shown": words.value, "logged": NOT_THERE, "said_by": said.said_by, "path": said.path}


def _noted(pack: Pack, report: str, own: set[str]) -> Iterator[dict[str, object]]:
    """What was noted since the last pack, and the words beside tables that no note has; of a cohort, only on its ``own`` rows."""
    if not pack.casebook:
        return
    since = revision_before(pack, report)

    def new(
        rows: Iterable[Notice | Beside], is_own: Callable[[Notice | Beside], bool]
    ) -> list[Notice | Beside]:
        return [each for each in rows if each.revision > since and (not pack.cohort.where or is_own(each))]

    notices = new(pack.casebook.notices, lambda each: each.row_key in own or not (each.row_key or each.value))
    beside = new(pack.casebook.beside, lambda each: each.row_key in own)
    yield from map(notice_row, notices)
    noted = {(each.path, each.value) for each in notices}
    yield from (beside_row(each) for each in beside if (each.path, each.value) not in noted)


def told_of_files(pack: Pack, report: str, keys: Iterable[str]) -> Table:
    """Return what was noted about files and rows, and written beside tables, since the last pack of a report (one row each).

    Parameters
    ----------
    pack : Pack
        Of which the casebook is read.
    report : str
        The report.
    keys : iterable of str
        The rows that this paper's readers may see: a cohort's are told no words about others.
    """
    return Table(
        name="told_of_files",
        title="What the files that came back had in them",
        frame=frame_of(list(_noted(pack, report, set(keys))), TOLD_COLUMNS),
        columns=TOLD_COLUMNS,
        shown_rows=SHOWN_ROWS,
        note="Since the last pack. All of it is kept in the casebook, whatever is done about it.",
        empty_text="Nothing to say: every file that came back was read in full.",
    )


def notice_row(notice: Notice) -> dict[str, str]:
    """Return a notice as a row of ``told_of_files``.

    Examples
    --------
    >>> row = notice_row(Notice("a.xlsx", "two rows have one number", "Keep one", sheet="Actions", row="row 7", value="A1"))
    >>> row["place"], row["words"]
    ('Actions, row 7', 'A1')
    """
    place = ", ".join(filter(None, (notice.sheet, notice.row_key or notice.row, notice.column)))
    words = {"what": notice.what, "words": notice.value, "remedy": notice.remedy}
    return {"path": notice.path, "place": place} | words


def beside_row(word: Beside) -> dict[str, str]:
    """Return a word that belongs to no cell as a row of ``told_of_files``.

    Examples
    --------
    >>> row = beside_row(Beside(3, "a.xlsx", "Actions", "A1", "my notes", "ask again", said_by="M. Okafor"))
    >>> row["place"], row["what"]
    ('Actions, A1, my notes', 'written by M. Okafor beside the table')
    """
    place = ", ".join(filter(None, (word.sheet, word.row_key, word.column)))
    by = f" by {word.said_by}" if word.said_by else ""
    words = {"what": f"written{by} beside the table", "words": word.value, "remedy": WHERE_TO_WRITE}
    return {"path": word.path, "place": place} | words


def revision_before(pack: Pack, report: str) -> int:
    """Return the revision at which the last pack of a report was registered; 0 if there was none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> revision_before(SimpleNamespace(casebook=None), "fortnightly")  # a school without a casebook
    0
    """
    last = last_print(pack, report)
    return last.revision if last else 0


def last_print(pack: Pack, report: str) -> EarlierPrint | None:
    """Return what the last pack of a report, for the same cohort, printed; None if there was none."""
    known = pack.casebook
    return known.print_before(report, pack.cohort.name, pack.date_to.isoformat()) if known else None


def what_came_back(tables: Sequence[Table], nothing: str) -> Parts:
    """Return what somebody has to look at: the tables that hold anything, or one line where none does; the workbook has all.

    Examples
    --------
    >>> empty, filled = (Table("to_enter", "To enter", pd.DataFrame({"row": rows}), ()) for rows in ([], ["A1"]))
    >>> [part.name for part in what_came_back((empty, filled), "Nothing.").shown]
    ['to_enter']
    >>> what_came_back((empty,), "Nothing.").shown[0].items
    ('Nothing.',)
    """
    filled = tuple(table for table in tables if len(table.frame))
    return Parts(
        "came_back", filled or (Sentences("came_back_words", (nothing,), style="note"),), tuple(tables)
    )


def combined(tables: Sequence[Table], note: Callable[[int], str] | None = None) -> Table:
    """Return tables of the same columns as one, for the sheets of one paper; ``note`` says what is said of so many rows.

    Examples
    --------
    >>> tables = [Table("to_enter", "To enter", pd.DataFrame({"row": rows}), ()) for rows in (["A1"], ["P1", "P2"])]
    >>> whole = combined(tables, lambda rows: f"{rows} to enter.")
    >>> whole.frame["row"].tolist(), whole.note
    (['A1', 'P1', 'P2'], '3 to enter.')
    """
    whole = pd.concat([table.frame for table in tables], ignore_index=True)
    return replace(tables[0], frame=whole, note=note(len(whole)) if note else tables[0].note)


def cells_of(pack: Pack, sheet: str, keys: Iterable[str], fields: Fields) -> Iterator[CellState]:
    """Yield the known cells of a sheet that staff fill in, of rows in the order of their numbers."""
    rows = known_rows(pack.casebook, sheet)
    for key in sorted(set(keys) & rows.keys(), key=natural):
        yield from (rows[key].cells[name] for name in fields if name in rows[key].cells)


def others(cell: CellState) -> list[Saying]:
    """Return the statements that differ from the one shown, each value once.

    Examples
    --------
    >>> told = [Saying(number, 1, 0, "workbook", value) for number, value in enumerate(("rang", "wrote", "rang", "wrote"))]
    >>> [saying.value for saying in others(CellState("actions", "A1", "note", tuple(told), None))]
    ['wrote']
    """
    different = {saying.value: saying for saying in reversed(cell.standing[1:]) if saying.value != cell.value}
    return list(reversed(different.values()))


def said_in_words(saying: Saying) -> str:
    """Return a statement with who or what said it.

    Examples
    --------
    >>> said_in_words(Saying(1, 1, 0, "workbook", "rang home", path="fortnightly/a/Copy of b.xlsx", said_by="M. Okafor"))
    'rang home (M. Okafor, Copy of b.xlsx)'
    >>> said_in_words(Saying(1, 1, 0, "log", ""))
    '(blank) (the log)'
    """
    place = saying.path.rpartition("/")[2] or LOG_WORD
    return f"{saying.value or BLANK_WORD} ({', '.join(filter(None, (saying.said_by, place)))})"


def frame_of(rows: list[dict], columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return rows as a table with all columns, also where there is none."""
    return pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)


ROW = Column("row_key", "Number", meaning="The number of the action or card", width=14)
FIELD = Column("field", "Field", meaning="The heading under which it was written", width=14)
SHOWN = Column("shown", "Shown", meaning="What this paper shows", personal=True, width=34)
FILE = Column("path", "File", meaning="The file that it was read in", personal=True, width=30)
DIFFERING_COLUMNS = (
    Column("cell", "Cell", meaning="Which cell it is, for the next pack", shown=False, width=20),
    ROW,
    FIELD,
    SHOWN,
    Column("others", "Also written", meaning="What else was written, by whom and in which file", personal=True, width=44),
    Column("settled", "Settled", meaning="Write what holds; blank: go on showing both", personal=True, editable=True, width=34),
)  # fmt: skip
TO_ENTER_COLUMNS = (
    ROW,
    FIELD,
    SHOWN,
    Column("logged", "In the log", meaning="What the school's log says", personal=True, width=34),
    Column("said_by", "By", meaning="Who saved the file last, where it says", personal=True, width=18),
    FILE,
)
TOLD_COLUMNS = (
    FILE,
    Column("place", "Where", meaning="Sheet, row and column", width=24),
    Column("what", "What was found", meaning="What was found in the file", width=44),
    Column("words", "It says", meaning="What stands there", personal=True, width=30),
    figure("remedy", meaning="What to do about it"),
)
