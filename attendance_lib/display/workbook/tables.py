"""The tables that a list of payloads holds, and the tables made of its figures, sentences and meanings."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from attendance_lib.display.columns import shown
from attendance_lib.display.kinds import UNITS, Column, Kind
from attendance_lib.display.workbook.cells import Figure

# What a workbook says about itself: title, school, period, confidentiality and date


@dataclass(frozen=True)
class WorkbookProperties:
    """The particulars printed on the first sheet, in the footer and in the document's properties.

    ``date`` is an ISO date. It is the only date in the file, so that two writes give the same bytes. ``urn`` is the
    school's number and ``pack_id`` the pack's, by which what staff fill in is known again; a workbook without one is not
    read back.
    """

    title: str
    school: str
    period: str
    confidentiality: str
    date: str
    urn: str = ""
    pack_id: str = ""

    @property
    def moment(self) -> datetime:
        """Return the start of ``date`` in UTC, which dates the document and the parts of its zip.

        Examples
        --------
        >>> WorkbookProperties("Pack", "Larkmoor Academy", "9 to 20 November 2026", "", "2026-11-20").moment.isoformat()
        '2026-11-20T00:00:00+00:00'
        """
        return datetime.fromisoformat(self.date).replace(tzinfo=UTC)

    @property
    def subject(self) -> str:
        """Return the school and the period in one line.

        Examples
        --------
        >>> [WorkbookProperties("Impact", "Larkmoor Academy", period, "", "2026-11-20").subject for period in ("Autumn", "")]
        ['Larkmoor Academy, Autumn', 'Larkmoor Academy']
        """
        return ", ".join(part for part in (self.school, self.period) if part)


SUMMARY = "summary"
NOTES = "notes"
CELL_UNITS = UNITS | {
    Kind.RATE: "per cent",
    Kind.POINTS: "percentage points",
    Kind.DATE: "date",
    Kind.FLAG: "yes or blank",
    Kind.SPARK: "per cent, oldest first",
}


def tables_of(payloads: Iterable[dict]) -> list[dict]:
    """Return each table once, in the order shown; a chart's table only where no table has its name.

    Parameters
    ----------
    payloads : iterable of dict
        Payloads of ``display/model.py``.

    Returns
    -------
    list of dict
        Table payloads with distinct names.

    Raises
    ------
    ValueError
        If two different tables have one name: a fault in a section, since one would overwrite the other.

    Examples
    --------
    >>> table = {"type": "table", "name": "weeks", "columns": [], "rows": []}
    >>> chart = {"type": "chart", "table": table}
    >>> len(tables_of([table, chart, table])), len(tables_of([chart]))
    (1, 1)
    """
    payloads = list(payloads)
    shown = {payload["name"] for payload in payloads if payload["type"] == "table"}
    found: dict[str, dict] = {}
    for table in filter(None, (_table_of(payload, shown) for payload in payloads)):
        first = found.setdefault(table["name"], table)
        if (first["columns"], first["rows"]) != (table["columns"], table["rows"]):
            raise ValueError(f"Two different tables are called {table['name']!r}. Give each its own name.")
    return list(found.values())


def _table_of(payload: dict, shown: set[str]) -> dict | None:
    if payload["type"] == "table":
        return payload
    table = payload["table"] if payload["type"] == "chart" else None
    return None if table is None or table["name"] in shown else table


def of_type(payloads: Iterable[dict], kind: str) -> list[dict]:
    """Return the payloads of one type, such as ``key_figures``, in order."""
    return [payload for payload in payloads if payload["type"] == kind]


def table_of(name: str, title: str, columns: Iterable[Column], rows: list[list]) -> dict:
    """Return a table payload of rows that are plain already (see ``Table.payload``).

    Examples
    --------
    >>> table = table_of("weeks", "Weeks", [Column("rate", "Attendance", Kind.RATE)], [[0.93]])
    >>> table["row_header"], table["columns"][0]["unit"]
    ('rate', 'fraction 0 to 1')
    """
    declared = [asdict(column) | {"unit": UNITS[column.kind]} for column in columns]
    return {
        "type": "table",
        "name": name,
        "title": title,
        "note": "",
        "row_header": declared[0]["name"],
        "shown_rows": None,
        "empty_text": "None.",
        "blank_rows": 0,
        "columns": declared,
        "rows": rows,
    }


def summary_table(payloads: Iterable[dict]) -> dict | None:
    """Return all key figures as one table, or ``None`` where there are none.

    Returns
    -------
    dict or None
        One row per figure: its label, its value, its detail in words, then one column for each label
        of a comparison in the order first met. Values are ``Figure``, each with its own kind.

    Examples
    --------
    >>> last = {"label": "Last year", "value": 0.93, "kind": "rate"}
    >>> figure = {"label": "Attendance", "value": 0.94, "kind": "rate", "detail": "", "comparisons": [last]}
    >>> table = summary_table([{"type": "key_figures", "title": "At a glance", "figures": [figure]}])
    >>> [column["heading"] for column in table["columns"]]
    ['Section', 'Figure', 'Value', 'Last year', 'Detail']
    """
    groups = of_type(payloads, "key_figures")
    if not groups:
        return None
    figures = [figure for group in groups for figure in group["figures"]]
    labels = list(dict.fromkeys(item["label"] for figure in figures for item in figure["comparisons"]))
    columns = [
        Column("section", "Section", meaning="The part of the report the figure belongs to.", width=26),
        Column("figure", "Figure", meaning="What is counted or measured.", width=30),
        Column("value", "Value", Kind.NUMBER, "The figure, in its own unit.", width=12),
        *(_comparison_column(number, label) for number, label in enumerate(labels, 1)),
        *shown("detail"),
    ]
    rows = [_summary_row(group, figure, labels) for group in groups for figure in group["figures"]]
    return table_of(SUMMARY, "Key figures", columns, rows) | {"row_header": "figure"}


def _comparison_column(number: int, label: str) -> Column:
    return Column(f"comparison_{number}", label, Kind.NUMBER, f"The same figure: {label}.", width=16)


def _summary_row(group: dict, figure: dict, labels: list[str]) -> list:
    compared = {item["label"]: Figure(item["value"], item["kind"]) for item in figure["comparisons"]}
    value = Figure(figure["value"], figure["kind"])
    return [
        group["title"],
        figure["label"],
        value,
        *(compared.get(label) for label in labels),
        figure["detail"],
    ]


def notes_table(payloads: Iterable[dict]) -> dict:
    """Return the report's sentences and the meaning of each column as one table.

    Returns
    -------
    dict
        One row per sentence (and per note of a row of key figures), then one per column with a meaning
        of each table: section, item, unit, note.

    Examples
    --------
    >>> said = {"type": "sentences", "name": "next_steps", "title": "", "items": ["Ring home."]}
    >>> notes_table([said])["rows"]
    [['Next steps', None, None, 'Ring home.']]
    """
    payloads = list(payloads)
    columns = [
        Column("section", "Section", meaning="The part of the report, or the table.", width=34),
        Column("item", "Item", meaning="The column that is explained.", width=28),
        Column("unit", "Unit", meaning="The unit of the column in this workbook.", width=22),
        Column("note", "Note", meaning="What it says.", width=90),
    ]
    rows = [*_sentence_rows(payloads), *_meaning_rows(tables_of(payloads))]
    return table_of(NOTES, "Notes and definitions", columns, rows)


def _sentence_rows(payloads: list[dict]) -> list[list]:
    said = [
        (sentences["title"] or name_in_words(sentences["name"]), item)
        for sentences in of_type(payloads, "sentences")
        for item in sentences["items"]
    ]
    noted = [(group["title"], group["note"]) for group in of_type(payloads, "key_figures") if group["note"]]
    return [[section, None, None, text] for section, text in said + noted]


def name_in_words(name: str) -> str:
    """Return what sentences without a title are called among the notes.

    Examples
    --------
    >>> name_in_words("intervention_words"), name_in_words("why_figures_differ")
    ('Intervention', 'Why figures differ')
    """
    return name.removesuffix("_words").replace("_", " ").capitalize()


def _meaning_rows(tables: list[dict]) -> list[list]:
    return [
        [
            table["title"],
            column["heading"] or column["name"],
            CELL_UNITS[Kind(column["kind"])],
            column["meaning"],
        ]
        for table in tables
        for column in table["columns"]
        if column["meaning"]
    ]
