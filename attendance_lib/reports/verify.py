"""Compare a pack with its receipt: what is missing, changed or extra, and what staff have filled in since."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from attendance_lib.errors import InputError
from attendance_lib.reports.drawn import draw_findings
from attendance_lib.reports.files import OPEN_FILES, hashes_below, sha256
from attendance_lib.reports.parameters import read_notebook
from attendance_lib.reports.project import Project
from attendance_lib.reports.published import TABLES
from attendance_lib.reports.published_names import Found
from attendance_lib.reports.receipt import RECEIPT, Receipt, read_receipt
from attendance_lib.reports.scratch import scratch
from attendance_lib.rules.pack_marks import TOKEN_HEADING

# Whether a changed workbook was only filled in: nothing but cells meant for staff differs from how it was made

COLUMNS = "columns"
SHEET, HEADING, NAME, EDITABLE = "sheet", "heading", "name", "editable"
DECIMALS = 9  # spreadsheets keep 15 significant digits and may save one fewer

Row = tuple[object, ...]
Book = dict[str, list[Row]]


def workbook_differences(pack: Path, receipt: Receipt, workbook: str) -> list[str]:
    """Return what differs between a workbook of a pack, by its path within it, and the one made, other than cells to fill in.

    Rows may have been sorted, and rows added where the sheet has room for them.
    """
    notebook = PurePosixPath(workbook).with_suffix(".ipynb").as_posix()
    if not (pack / notebook).is_file() or sha256(pack / notebook) != receipt.outputs.get(notebook):
        return [f"changed, and {notebook}, which tells what was in it, is not as it was made"]
    try:
        now = sheets_of(pack / workbook)
    except InputError:
        return ["is no longer a workbook that can be read"]
    with scratch() as folder:
        made = write_again(pack / notebook, folder, receipt.prints[workbook])
        return list(differences(sheets_of(made), now))


def sheets_of(path: Path) -> Book:
    """Return the rows of every sheet of a workbook, blank cells as None, whole numbers as integers, dates as ISO text."""
    from attendance_lib.intake.files.workbook import open_workbook

    book = open_workbook(path)
    return {name: [tuple(map(plain, row)) for row in book.read(name).tolist()] for name in book.names}


def write_again(notebook: Path, folder: Path, pack_id: str) -> Path:
    """Write the workbook of an executed notebook, and its tables, into a folder; return the workbook."""
    from attendance_lib.reports.render import write_data

    target = folder / notebook.stem
    write_data(read_notebook(notebook), target, pack_id=pack_id)
    return target.with_suffix(".xlsx")


def differences(made: Book, now: Book) -> Iterator[str]:
    """Yield a line for each sheet whose fixed cells differ.

    Examples
    --------
    Filled-in cells are no difference.

    >>> columns = [("sheet", "heading", "name", "editable"), ("Calls", "Pupil", "pupil_id", 0), ("Calls", "Said", "said", 1)]
    >>> made = {"columns": columns, "Calls": [("Pupil", "Said"), ("12", None)]}
    >>> list(differences(made, made | {"Calls": [("Pupil", "Said"), ("12", "Flu")]}))
    []
    >>> list(differences(made, made | {"Calls": [("Pupil", "Said"), ("13", None)]}))
    ["sheet 'Calls' differs in cells that are not for filling in"]
    """
    declared = columns_of(made)
    for sheet, rows in made.items():
        columns = declared.get(sheet, {})
        if sheet not in now:
            yield f"sheet '{sheet}' is missing"
        elif not same_rows(fixed(rows, columns), fixed(now[sheet], columns), may_grow=any(columns.values())):
            yield f"sheet '{sheet}' differs in cells that are not for filling in"


def columns_of(book: Book) -> dict[str, dict[str, bool]]:
    """Return, for each sheet of a table, its headings and whether each is for staff to fill in.

    Examples
    --------
    >>> names = ("sheet", "heading", "name", "editable")
    >>> columns_of({"columns": [names, ("Calls", "Today", None, None), ("Calls", "Said", "said", 1)]})
    {'Calls': {'Said': True}}
    """
    names, *rows = book[COLUMNS]
    found: dict[str, dict[str, bool]] = {}
    for row in (dict(zip(names, values, strict=True)) for values in rows):
        if row[NAME] is None:  # a line above a table
            continue
        found.setdefault(row[SHEET], {})[row[HEADING]] = bool(row[EDITABLE])
    return found


def fixed(rows: list[Row], columns: dict[str, bool]) -> Counter[Row]:
    """Return rows without the cells that are for filling in, each with how often it stands there.

    Examples
    --------
    >>> fixed([("Pupil", "Said"), ("12", "Flu"), (None, None)], {"Pupil": False, "Said": True})
    Counter({('Pupil',): 1, ('12',): 1})
    """
    editable = editable_positions(rows, columns)
    kept = (tuple(value for index, value in enumerate(row) if index not in editable) for row in rows)
    return Counter(trimmed for row in kept if (trimmed := without_blank_end(row)))


def editable_positions(rows: list[Row], columns: dict[str, bool]) -> set[int]:
    """Return the positions (from 0) of the columns to fill in and of the rows' marks, found by the row that holds all headings.

    Examples
    --------
    >>> columns = {"Pupil": False, "Said": True}
    >>> editable_positions([("Calls of the day",), ("Pupil", "Said")], columns), editable_positions([("Pupil", "Says")], columns)
    ({1}, set())
    """
    header = next((row for row in rows if columns and set(columns) <= set(row)), ())
    return {index for index, heading in enumerate(header) if columns.get(heading) or heading == TOKEN_HEADING}


def same_rows(made: Counter[Row], now: Counter[Row], *, may_grow: bool) -> bool:
    """Whether every row made is still there, and none was added where none may be.

    Examples
    --------
    >>> made, longer, shorter = Counter("ab"), Counter("abc"), Counter("a")
    >>> [same_rows(made, longer, may_grow=grows) for grows in (False, True)], same_rows(made, shorter, may_grow=True)
    ([False, True], False)
    """
    return not made - now and (may_grow or not now - made)


def plain(value: object) -> object:
    """Return a cell's value as it is whichever spreadsheet saved it: blank text is no value, a whole number an integer.

    Examples
    --------
    >>> plain(3.0), plain(""), plain(datetime(2026, 11, 20)), plain("0012")
    (3, None, '2026-11-20', '0012')
    """
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, DECIMALS)
    return value if value != "" else None


def without_blank_end(row: Row) -> Row:
    """Return a row without the blank cells at its end.

    Examples
    --------
    >>> without_blank_end(("12", None, "Flu", None, None))
    ('12', None, 'Flu')
    """
    while row and row[-1] is None:
        row = row[:-1]
    return row


@dataclass(frozen=True)
class Findings:
    """What was found: ``faults`` make a pack differ from its receipt, ``notes`` do not."""

    faults: tuple[str, ...]
    notes: tuple[str, ...]


def verify_pack(pack: Path, project: Project, school_file: Path | None = None) -> Findings:
    """Return every difference between a pack and its receipt, each by name.

    A workbook in which only cells meant to be filled in have changed is a note; so is an input that has
    changed or gone since the pack was made, for the pack is still what the receipt says.
    A draw is held again from the pack's list. ``school_file`` is needed where
    it lies outside the project and the receipt, of a published paper, does not tell where.

    Raises
    ------
    RequestError
        If the folder has no receipt that can be read.
    """
    receipt = read_receipt(pack)
    found = hashes_below(pack)
    notes = [*open_files(found), *changed_inputs(Found(pack, receipt, project, school_file))]
    if without_tables(receipt, found):
        notes.append(f"{TABLES}: none is here, as in a copy that was handed over")
    faults = [*missing_files(receipt, found), *extra_files(receipt, found), *changed_files(receipt, found)]
    drawn_faults, drawn_notes = draw_findings(pack)
    faults, notes = faults + drawn_faults, notes + drawn_notes
    for workbook in receipt.prints:
        if is_changed(workbook, receipt, found):
            (differences, note) = workbook_findings(pack, receipt, workbook)
            faults, notes = faults + differences, notes + note
    return Findings(tuple(faults), tuple(notes))


def is_changed(name: str, receipt: Receipt, found: dict[str, str]) -> bool:
    """Whether a file is there but not as the receipt has it.

    Examples
    --------
    >>> made = Receipt("impact", {}, "2026-11-09", "2026-11-20", "all", {}, {}, {"impact.pdf": "1f"}, [], {}, [])
    >>> [is_changed("impact.pdf", made, found) for found in ({"impact.pdf": "2e"}, {"impact.pdf": "1f"}, {})]  # gone is not changed
    [True, False, False]
    """
    return name in found and name in receipt.outputs and found[name] != receipt.outputs[name]


def changed_files(receipt: Receipt, found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each changed file but the workbooks, which are looked into instead.

    Examples
    --------
    >>> outputs = {"impact.pdf": "1f", "impact.xlsx": "1f"}
    >>> made = Receipt("impact", {}, "2026-11-09", "2026-11-20", "all", {}, {}, outputs, [], {}, [])
    >>> list(changed_files(made, {"impact.pdf": "2e", "impact.xlsx": "2e"}))
    ['impact.pdf: changed since it was made']
    """
    changed = (name for name in receipt.outputs if is_changed(name, receipt, found))
    return (f"{name}: changed since it was made" for name in changed if name not in receipt.prints)


def missing_files(receipt: Receipt, found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each file that is no longer there; tables only if some are here: a copy that was handed over has none.

    Examples
    --------
    >>> outputs = {"impact.pdf": "1f", "tables/aims.csv": "2e", "tables/costs.csv": "3d"}
    >>> made = Receipt("impact", {}, "2026-11-09", "2026-11-20", "all", {}, {}, outputs, [], {}, [])
    >>> list(missing_files(made, {})), list(missing_files(made, {"impact.pdf": "1f", "tables/aims.csv": "2e"}))
    (['impact.pdf: is missing'], ['tables/costs.csv: is missing'])
    """
    stays = f"{TABLES}/" if without_tables(receipt, found) else None
    missing = (name for name in receipt.outputs if name not in found)
    return (f"{name}: is missing" for name in missing if not (stays and name.startswith(stays)))


def without_tables(receipt: Receipt, found: dict[str, str]) -> bool:
    """Whether a pack with names has none of the tables that it was made with, as a copy that was handed over.

    Examples
    --------
    >>> made = Receipt("impact", {}, "2026-11-09", "2026-11-20", "all", {}, {}, {"tables/aims.csv": "1f"}, [], {}, [])
    >>> [without_tables(made, found) for found in ({"impact.pdf": "1f"}, {"tables/aims.csv": "2e"})]
    [True, False]
    """
    made, here = (any(name.startswith(f"{TABLES}/") for name in names) for names in (receipt.outputs, found))
    return made and not here and not receipt.paper.is_published


def extra_files(receipt: Receipt, found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each file that the pack was not made with.

    Examples
    --------
    >>> made = Receipt("impact", {}, "2026-11-09", "2026-11-20", "all", {}, {}, {"impact.pdf": "1f"}, [], {}, [])
    >>> list(extra_files(made, {"impact.pdf": "1f", "minutes.docx": "2e", "~$impact.xlsx": "3d"}))
    ['minutes.docx: is not part of the pack']
    """
    known = {RECEIPT, *receipt.outputs}
    return (
        f"{name}: is not part of the pack"
        for name in found
        if name not in known and not name.startswith(OPEN_FILES)
    )


def open_files(found: dict[str, str]) -> Iterator[str]:
    """Yield a line for each sign that somebody has the workbook open.

    Examples
    --------
    >>> list(open_files({"~$fortnightly.xlsx": "", "fortnightly.xlsx": ""}))
    ['~$fortnightly.xlsx: the workbook is open somewhere']
    """
    return (f"{name}: the workbook is open somewhere" for name in found if name.startswith(OPEN_FILES))


def changed_inputs(found: Found) -> Iterator[str]:
    """Yield a line for each input that is not what it was, or cannot be looked for."""
    for name, path in found.inputs().items():
        if path is None:
            yield f"input {name}: lies outside the project and was not compared; --school names the school file"
    yield from inputs_not_as_they_were(found)


def inputs_not_as_they_were(found: Found) -> Iterator[str]:
    """Yield a line for each input that was looked for and is not what it was."""
    for name, path in found.inputs().items():
        if path is None:
            continue
        if not path.is_file():
            yield f"input {name}: is no longer there"
        elif sha256(path) != found.receipt.inputs[name]:
            yield f"input {name}: changed since the pack was made"


def workbook_findings(pack: Path, receipt: Receipt, workbook: str) -> tuple[list[str], list[str]]:
    """Return the faults and the notes of a workbook that has changed."""
    differences = workbook_differences(pack, receipt, workbook)
    filled_in = [] if differences else [f"{workbook}: filled in since it was made"]
    return [f"{workbook}: {difference}" for difference in differences], filled_in
