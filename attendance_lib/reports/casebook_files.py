"""``attendance casebook``: all of a school's casebook written out for people, and the proof that it is whole."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.casebook.book import ExportedTable
from attendance_lib.errors import CasebookError, counted
from attendance_lib.reports.desk import Desk
from attendance_lib.reports.files import PRIVATE_FILE, PRIVATE_FOLDER
from attendance_lib.reports.shelves import CASEBOOK_FOLDER, Shelves

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings

CONFIDENTIALITY = "Confidential: holds what staff wrote about pupils."


def desk_of(school_file: Path, out: Path, say: Callable[[str], None], now: datetime) -> Desk:
    """Return the casebook of a school whose packs are below a folder.

    Raises
    ------
    SettingsError
        If the school file cannot be used.
    CasebookError
        If there is no casebook.
    """
    from attendance_lib.intake.settings.loading import load_settings

    desk = Desk(Shelves(load_settings(school_file), out.resolve()), say, now.isoformat(timespec="seconds"))
    if not desk.book.path.exists():
        never = (
            f"{desk.book.path} is not there: a school's casebook begins with its first pack. "
            "Name the folder of packs with --packs if they are not in outputs."
        )
        raise CasebookError("\n".join(casebook_problems(desk)) or never)
    return desk


def accept_loss(school_file: Path, out: Path, say: Callable[[str], None], now: datetime) -> str:
    """Give up what packs name of a school's casebook and is lost; return what comes of it as one line.

    Raises
    ------
    SettingsError
        If the school file cannot be used.
    CasebookError
        If the casebook is there and cannot be used.
    """
    from attendance_lib.intake.settings.loading import load_settings

    desk = Desk(Shelves(load_settings(school_file), out.resolve()), say, now.isoformat(timespec="seconds"))
    if not desk.accept_loss():
        return f"{desk.book.path}: nothing that packs name of it is lost"
    packs = counted(len(desk.unknown_packs()), "pack", "packs")
    return f"{desk.book.path}: the next run reads {packs} anew, with their workbooks"


def erase_pupil(desk: Desk, pupil: str) -> Iterator[str]:
    """Empty what a casebook holds about a pupil, who is not named in what is said of it; yield that as lines.

    Parameters
    ----------
    desk : Desk
        The casebook.
    pupil : str
        The pupil's number.

    Raises
    ------
    CasebookError
        If the casebook cannot be used or written, or the number is blank.

    Examples
    --------
    >>> list(erase_pupil(None, " "))
    Traceback (most recent call last):
    attendance_lib.errors.CasebookError: No pupil's number was given, so nothing was erased: name one with --pupil.
    """
    if not pupil.strip():
        raise CasebookError("No pupil's number was given, so nothing was erased: name one with --pupil.")
    erasure = desk.book.erase(pupil.strip(), desk.made_at)
    if erasure.emptied:
        yield f"{counted(erasure.emptied, 'entry was', 'entries were')} emptied in {desk.book.path}"
    else:
        yield f"{desk.book.path} holds nothing about a pupil of that number: see that it is typed as in the packs."
    if forget_reading(desk):
        yield "Removed: what was kept of the exports as last read. The next run reads them anew."
    yield "Rows about this pupil in workbooks and in the log are not read any more."
    yield "Not touched: packs that were made, the log, exports, backups and the casebooks of other machines (erase there too)."
    for path in erasure.still_named:
        yield f"May still name the pupil: {path}"


def forget_reading(desk: Desk) -> bool:
    """Remove what is kept of a school's exports beside its packs, which may name a pupil; return whether there was any.

    Raises
    ------
    CasebookError
        If the system refuses.
    """
    from attendance_lib.reports.gate import store_in

    store = store_in(desk.shelves.out)
    try:
        return store.forget(desk.shelves.settings)
    except OSError as error:
        raise CasebookError(
            f"{store.folder} could not be cleared ({error.strerror}). Remove it, since what it keeps of the exports may name "
            "the pupil."
        ) from None


def casebook_problems(desk: Desk) -> list[str]:
    """Return one line for each thing that is wrong with a casebook, and with what receipts say of it; none if it is whole."""
    return desk.book.check(desk.shelves.known())


def prove_whole(desk: Desk) -> str:
    """Return in one line that a casebook is whole and is the one that the packs' receipts name, with its number of entries.

    Raises
    ------
    CasebookError
        If it is not: one line for each thing that is wrong.
    """
    problems = casebook_problems(desk)
    if problems:
        raise CasebookError("\n".join(problems))
    return f"{desk.book.path}: whole, {desk.book.state().entries:,} entries"


def export_casebook(desk: Desk, folder: Path | None) -> Path:
    """Write all of a casebook as a workbook and as CSV into a folder, which only this account may enter; return the folder.

    Parameters
    ----------
    desk : Desk
        The casebook.
    folder : pathlib.Path or None
        Where to write; None for the folder ``casebook`` beside it.

    Raises
    ------
    CasebookError
        If the casebook cannot be used, or the folder not written to.
    """
    tables = [payload_of(table) for table in desk.book.export()]
    target = folder or desk.book.path.parent / CASEBOOK_FOLDER
    try:
        target.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        target.chmod(PRIVATE_FOLDER)
        write_export(tables, desk.shelves.settings, target)
    except OSError as error:
        raise CasebookError(
            f"{target} cannot be written to ({error.strerror}). Choose another folder with --out."
        ) from None
    return target


def payload_of(table: ExportedTable) -> dict:
    """Return a table of the casebook as a table of a paper.

    Examples
    --------
    >>> shown = payload_of(ExportedTable("words_written", ("pupil_id", "words"), (("12", None),)))
    >>> shown["title"], shown["rows"]
    ('Words written', [['12', '']])
    """
    from attendance_lib.display.kinds import Column
    from attendance_lib.display.workbook.tables import table_of

    columns = [Column(name, name.replace("_", " "), personal=True) for name in table.columns]
    rows = [["" if value is None else str(value) for value in row] for row in table.rows]
    return table_of(table.name, table.name.replace("_", " ").capitalize(), columns, rows)


def write_export(tables: list[dict], settings: "Settings", folder: Path) -> None:
    """Write tables as one workbook and as CSV with their index, readable by this account alone."""
    from attendance_lib.display.csv_tables import write_tables
    from attendance_lib.display.workbook.book import write_workbook
    from attendance_lib.display.workbook.tables import WorkbookProperties

    school = settings.school
    last_day = settings.build_calendar().school_days[-1].isoformat()
    properties = WorkbookProperties("Casebook", school.name, "", CONFIDENTIALITY, last_day, school.urn)
    umask = os.umask(0o777 - PRIVATE_FOLDER)
    try:
        write_workbook(tables, folder / "casebook.xlsx", properties)
        write_tables(tables, folder)
    finally:
        os.umask(umask)
    for path in folder.iterdir():
        path.chmod(PRIVATE_FILE)
