"""What a pack prints for staff to fill in, and the log beside it, as the casebook knows sheets."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from attendance_lib.casebook.reviews import ABOUT as REVIEWED
from attendance_lib.casebook.reviews import KEY as REVIEW_ID
from attendance_lib.casebook.reviews import SHEET as REVIEWS
from attendance_lib.casebook.reviews import logged_reviews
from attendance_lib.casebook.sheets import (
    Cell,
    Kind,
    LogSheet,
    PrintedColumn,
    PrintedPack,
    PrintedRow,
    PrintedSheet,
)
from attendance_lib.display import Kind as Shown
from attendance_lib.display.kinds import NUMERIC
from attendance_lib.intake.declared import Column as LoggedColumn
from attendance_lib.intake.declared import Kind as Logged
from attendance_lib.intake.schema import ACTIONS, INTERVENTIONS
from attendance_lib.intake.staff.cards import KNOWN_HEADINGS
from attendance_lib.intake.staff.cells import ACTION_STATUSES, LOG_STATUS_WORDS, STATUS_WORDS, logged_status
from attendance_lib.intake.support_tables import PLANS
from attendance_lib.intake.values import as_text

if TYPE_CHECKING:
    import pandas as pd
    from nbformat import NotebookNode

    from attendance_lib.display.workbook.sheet import Layout
    from attendance_lib.display.workbook.tables import WorkbookProperties

STATUS = "status"


class Identity(NamedTuple):
    """The columns of a sheet that say which row is which: its key, whom or what it is about, and what is to be done."""

    key: str
    about: str = ""
    words: str = ""


# A sheet that is not named here is known by the cells that head its rows.
IDENTITIES = {
    "actions": Identity("action_id", "pupil_id", "action"),
    "impact_card": Identity("card_id", "intervention", "aim"),
    "calls": Identity("call_id", "pupil_id", "outcome"),
    "plans": Identity("plan_id", "pupil_id", "school_does"),
    "asks": Identity("ask_id", "pupil_id", "what"),
    "considered": Identity("case_id", "pupil_id", "note"),
    REVIEWS: Identity(REVIEW_ID, REVIEWED, "reviewed"),
}
ALSO_SAID = {("actions", STATUS): tuple(STATUS_WORDS.items())} | {
    (PLANS.name, column.name): column.spellings for column in PLANS.columns if column.spellings
}


class Facts(NamedTuple):
    """Which pack it is: school, report, period (ISO dates), cohort, and the values that set it apart from others of these."""

    urn: str
    report: str
    date_from: str
    date_to: str
    cohort: str
    values: str = ""


def printed_pack(
    payloads: Iterable[dict], properties: "WorkbookProperties", facts: Facts, basis: int
) -> PrintedPack | None:
    """Return what a pack prints for staff to fill in; None if it has no such sheet.

    Parameters
    ----------
    payloads : iterable of dict
        What the executed notebook shows (``display/notebook.py``).
    properties : WorkbookProperties
        The particulars that its workbook is written with.
    facts : Facts
        Which pack it is.
    basis : int
        What of the casebook it was written from (``State.basis``), 0 without one.
    """
    from attendance_lib.display.workbook.working import sheets_to_fill_in

    sheets = tuple(map(printed_sheet, sheets_to_fill_in(payloads, properties)))
    first, last = (date.fromisoformat(day) for day in (facts.date_from, facts.date_to))
    urn, report, cohort, values = facts.urn, facts.report, facts.cohort, facts.values
    return PrintedPack(urn, report, first, last, cohort, basis, sheets, values) if sheets else None


def printed_sheet(layout: "Layout") -> PrintedSheet:
    """Return one sheet as it is printed: all its columns, and its rows with their marks, blank ones too."""
    table = layout.table
    identity = IDENTITIES.get(table["name"], Identity(table["row_header"]))
    columns = [
        printed_column(table["name"], each, heading)
        for each, heading in zip(table["columns"], layout.headings, strict=True)
    ]
    at = [column.name for column in columns].index(identity.key)
    blank = [[None] * len(columns)] * layout.blank_rows
    rows = (
        PrintedRow(mark, as_text(cells[at]), tuple(cells))
        for mark, cells in zip(layout.marks, [*typed_rows(table), *blank], strict=True)
    )
    return PrintedSheet(table["name"], tuple(columns), tuple(rows), *identity, tab=layout.sheet)


def printed_column(sheet: str, column: dict, heading: str) -> PrintedColumn:
    """Return a column of a payload as the casebook compares its cells."""
    also_called = tuple(
        known for known, name in KNOWN_HEADINGS.items() if name == column["name"] and sheet == ACTIONS.name
    )
    return PrintedColumn(
        column["name"],
        heading,
        kind_of(column),
        bool(column["editable"]),
        tuple(column["choices"]),
        also_called,
        ALSO_SAID.get((sheet, column["name"]), ()),
    )


def kind_of(column: dict) -> Kind:
    """Return how a column's cells are compared.

    Examples
    --------
    >>> kind_of({"kind": "date", "choices": ()}), kind_of({"kind": "text", "choices": ("a",)})
    (<Kind.DATE: 'date'>, <Kind.CHOICE: 'choice'>)
    """
    if column["choices"]:
        return Kind.CHOICE
    shown = Shown(column["kind"])
    return Kind.DATE if shown is Shown.DATE else Kind.NUMBER if shown in NUMERIC else Kind.TEXT


def typed_rows(table: dict) -> Iterator[list[Cell]]:
    """Yield the rows of a table payload as its workbook's cells hold them.

    Examples
    --------
    >>> columns = [{"kind": "date"}, {"kind": "text"}, {"kind": "count"}]
    >>> list(typed_rows({"columns": columns, "rows": [["2026-11-20", "7A", None]]}))
    [[datetime.date(2026, 11, 20), '7A', None]]
    """
    from attendance_lib.display.workbook.cells import clean_text, typed_value

    kinds = [Shown(column["kind"]) for column in table["columns"]]
    for row in table["rows"]:
        typed = [typed_value(value, kind) for value, kind in zip(row, kinds, strict=True)]
        yield [clean_text(value) if isinstance(value, str) else value for value in typed]


# The logs that staff also write in packs, each by the number of its rows.
LOGGED = {table.name: (table, IDENTITIES[table.name].key) for table in (ACTIONS, PLANS)}
# Those of which the casebook is told: the log of interventions for what it says of reviews.
TOLD_LOGS = (*LOGGED, INTERVENTIONS.name)


def log_sheets(logs: "Mapping[str, pd.DataFrame | None]") -> tuple[LogSheet, ...]:
    """Return the school's logs that staff also write in packs as the casebook compares them; none that it does not export.

    Parameters
    ----------
    logs : mapping of str to pandas.DataFrame or None
        Tables of the schema by their name.
    """
    own = [log_sheet(name, logs[name]) for name in LOGGED if logs.get(name) is not None]
    courses = logs.get(INTERVENTIONS.name)
    return (*own, *([] if courses is None else [logged_reviews(courses)]))


def log_sheet(name: str, log: "pd.DataFrame") -> LogSheet:
    """Return one log as the casebook compares it.

    Examples
    --------
    >>> import pandas as pd
    >>> due = pd.Timestamp("2026-11-20")
    >>> row = {"action_id": "A1", "owner": None, "due_date": due, "status": "Completed"}
    >>> log_sheet("actions", pd.DataFrame([row])).rows
    {'A1': {'action_id': 'A1', 'owner': None, 'due_date': datetime.date(2026, 11, 20), 'status': 'done'}}
    """
    table, key = LOGGED[name]
    names = [each for each in table.column_names if each in log.columns]
    rows = {
        as_text(row[key]): {each: logged_cell(each, row[each]) for each in names}
        for row in log[names].astype(object).where(log[names].notna(), None).to_dict("records")
    }
    columns = tuple(log_column(column) for column in table.columns if column.name in names)
    return LogSheet(name, columns, rows, about=IDENTITIES[name].about)


def log_column(column: LoggedColumn) -> PrintedColumn:
    """Return a column of a log as its cells are compared.

    Examples
    --------
    >>> {column.name: log_column(column).kind.value for column in ACTIONS.columns if column.name in ("owner", "due_date", "status")}
    {'owner': 'text', 'due_date': 'date', 'status': 'choice'}
    """
    name = column.name
    if name == STATUS:
        return PrintedColumn(
            name, name, Kind.CHOICE, choices=ACTION_STATUSES, also_said=tuple(LOG_STATUS_WORDS.items())
        )
    if column.values:
        return PrintedColumn(name, name, Kind.CHOICE, choices=column.values, also_said=column.spellings)
    kinds = {Logged.DATE: Kind.DATE, Logged.WHOLE: Kind.NUMBER}
    return PrintedColumn(name, name, kinds.get(column.kind, Kind.TEXT))


def logged_cell(name: str, value: object) -> Cell:
    """Return a cell of the log: a status in our words, a day as a date, any other text; None where it is blank.

    Examples
    --------
    >>> from datetime import datetime
    >>> logged_cell("status", "Completed"), logged_cell("owner", " "), logged_cell("due_date", datetime(2026, 11, 20))
    ('done', None, datetime.date(2026, 11, 20))
    """
    if name == STATUS:
        return logged_status(value)
    if isinstance(value, int):
        return value
    return value.date() if hasattr(value, "date") else as_text(value) or None


def properties_of(notebook: "NotebookNode") -> "WorkbookProperties":
    """Return what the workbook says about itself: the facts of the page, and the last day of the report as its only date."""
    from attendance_lib.display.notebook import flow_of
    from attendance_lib.display.workbook.tables import WorkbookProperties

    document = flow_of(notebook).document
    facts = {name: document[name] for name in ("title", "school", "period", "confidentiality", "urn")}
    return WorkbookProperties(
        **facts, date=document["date"] or notebook.metadata["papermill"]["parameters"]["date_to"]
    )
