"""The tables of a paper as CSV, so that every number can be checked without a browser.

UTF-8 with a byte order mark, because Excel opens a file without one in the machine's old code page
and spoils names with accents; pandas reads it with ``encoding="utf-8-sig"``. Lines end in LF.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from attendance_lib.display.columns import shown
from attendance_lib.display.data_package import write_data_package
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.workbook.tables import of_type, table_of, tables_of
from attendance_lib.rules.signs import escaped_in_json

ENCODING = "utf-8-sig"
LINE_END = "\n"
LIST_SEPARATOR = ";"
INDEX = "index.json"
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
FORMULA_LIKE = re.compile(r"'*[=+\-@\t\r\n]")  # OWASP, CSV injection
ESCAPED = re.compile(r"'+[=+\-@\t\r\n]")
READING = (
    "UTF-8 with a byte order mark; missing values are empty; dates are ISO; rates are fractions; lists are joined "
    "by semicolons. A text that begins with any apostrophes and then = + - @, tab, carriage return or line feed has one "
    "apostrophe more than the original, so that no spreadsheet evaluates it: remove one."
)

# What a figure by itself is compared with: a key of a table has no empty part.
ITSELF = "itself"


def write_tables(payloads: Iterable[dict], folder: Path) -> list[dict]:
    """Write one CSV for each table, chart's table and row of key figures, an index of them, and the same for programs.

    Parameters
    ----------
    payloads : iterable of dict
        Payloads of ``display/model.py``, in the order of the paper.
    folder : pathlib.Path
        An existing folder; each file is ``<name>.csv`` and the index ``index.json``.

    Returns
    -------
    list of dict
        The index, one entry per file: name, file, title, note, rows, personal, reading and columns
        (name, heading, unit, meaning, personal).

    Raises
    ------
    ValueError
        If two different tables have one name, or a name is no file name: a fault in a section.
    """
    payloads = list(payloads)
    figures = [figures_table(payload) for payload in of_type(payloads, "key_figures")]
    tables = tables_of([*payloads, *figures])
    for table in tables:
        write_csv(table, folder)
    index = [index_entry(table) for table in tables]
    text = json.dumps(index, ensure_ascii=False, indent=2) + "\n"
    (folder / INDEX).write_bytes(escaped_in_json(text).encode("utf-8"))
    write_data_package(tables, index, folder)
    return index


def figures_table(payload: dict) -> dict:
    """Return a row of key figures as a tidy table.

    Parameters
    ----------
    payload : dict
        A payload of type ``key_figures``.

    Returns
    -------
    dict
        A table payload: one row per figure (``comparison`` is ``itself``, so that figure and comparison are a key), followed
        by one per comparison, each value raw with its unit.

    Examples
    --------
    >>> late = {"name": "late", "label": "Late", "value": 12, "kind": "count", "detail": "of 310", "comparisons": ()}
    >>> figures_table({"name": "now", "title": "This morning", "note": "", "figures": [late]})["rows"]
    [['late', 'Late', 'itself', 12, 'count', 'of 310']]
    """
    columns = [
        Column("figure", "Figure", meaning="The figure's name."),
        Column("label", "Label", meaning="What is counted or measured."),
        Column(
            "comparison",
            "Comparison",
            meaning=f"What the figure is compared with; {ITSELF} where it stands alone.",
        ),
        Column("value", "Value", Kind.NUMBER, "The value, unrounded, in the unit of its row."),
        Column(
            "kind", "Kind", meaning="count, number, rate (a fraction) or points (a difference of fractions)."
        ),
        *shown("detail"),
    ]
    rows = [row for figure in payload["figures"] for row in _figure_rows(figure)]
    return table_of(payload["name"], payload["title"], columns, rows) | {"note": payload["note"]}


def _figure_rows(figure: dict) -> list[list]:
    start = [figure["name"], figure["label"]]
    own = [*start, ITSELF, figure["value"], figure["kind"], figure["detail"]]
    compared = figure["comparisons"]
    return [own, *([*start, item["label"], item["value"], item["kind"], None] for item in compared)]


def write_csv(table: dict, folder: Path) -> Path:
    """Write one table payload as ``<name>.csv``: a row of column names, then raw values.

    Parameters
    ----------
    table : dict
        A table payload.
    folder : pathlib.Path
        An existing folder.

    Returns
    -------
    pathlib.Path
        The file.
    """
    path = folder / file_name(table["name"])
    kinds = [Kind(column["kind"]) for column in table["columns"]]
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file, lineterminator=LINE_END)
        writer.writerow([column["name"] for column in table["columns"]])
        writer.writerows(
            [field(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in table["rows"]
        )
    return path


def file_name(name: str) -> str:
    """Return the file name of a table; a table's name is letters, digits, ``_`` and ``-``.

    Raises
    ------
    ValueError
        If the name holds any other sign.

    Examples
    --------
    >>> file_name("priority_pupils")
    'priority_pupils.csv'
    """
    if not FILE_NAME.fullmatch(name):
        raise ValueError(
            f"A table is called {name!r}, which is no file name. Use letters, digits and underscores."
        )
    return f"{name}.csv"


def field(value: object, kind: Kind) -> str:
    """Return a raw value as the text of a CSV field; a number keeps every digit.

    Parameters
    ----------
    value : object
        A plain JSON value: fractions for rates, points and sparks.
    kind : Kind
        The column's kind.

    Examples
    --------
    >>> field(0.1 + 0.2, Kind.RATE), field(186.0, Kind.COUNT), field(None, Kind.DATE), field(True, Kind.FLAG)
    ('0.30000000000000004', '186', '', 'true')
    >>> field([0.94, None, 0.88], Kind.SPARK), field("=1+1", Kind.TEXT), field(-0.02, Kind.POINTS)
    ('0.94;;0.88', "'=1+1", '-0.02')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, list):
        return escaped(LIST_SEPARATOR.join(plain_field(item) for item in value))
    return WHOLE.get(kind, plain_field)(value)


def plain_field(value: object) -> str:
    """Return text as it is, true and false in small letters, a number with every digit.

    Examples
    --------
    >>> plain_field(None), plain_field(True), plain_field("7A"), plain_field(0.1)
    ('', 'true', '7A', '0.1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else repr(value)


def whole(value: float) -> str:
    """Return a count without the decimal point that pandas gives it where another is missing.

    Examples
    --------
    >>> whole(12.0), whole(12.5)
    ('12', '12.5')
    """
    return repr(int(value)) if float(value).is_integer() else repr(value)


WHOLE: dict[Kind, Callable[[float], str]] = {Kind.COUNT: whole}


def escaped(text: str) -> str:
    """Return text that no spreadsheet evaluates; `unescaped` gives it back.

    Examples
    --------
    >>> escaped("=1+1"), escaped("'=1+1"), escaped("'tis")
    ("'=1+1", "''=1+1", "'tis")
    """
    return f"'{text}" if FORMULA_LIKE.match(text) else text


def unescaped(text: str) -> str:
    """Return the original of an `escaped` text.

    Examples
    --------
    >>> unescaped("'=1+1"), unescaped("''=1+1"), unescaped("'tis")
    ('=1+1', "'=1+1", "'tis")
    """
    return text[1:] if ESCAPED.match(text) else text


def index_entry(table: dict) -> dict:
    """Return a table's entry in the index: what each column is, its unit, and whether it is personal.

    Examples
    --------
    >>> table = table_of("calls", "Calls", [Column("surname", "Surname", personal=True)], [["Archer"]])
    >>> entry = index_entry(table)
    >>> entry["file"], entry["rows"], entry["personal"]
    ('calls.csv', 1, True)
    """
    return {
        "name": table["name"],
        "file": file_name(table["name"]),
        "title": table["title"],
        "note": table["note"],
        "rows": len(table["rows"]),
        "personal": any(column["personal"] for column in table["columns"]),
        "reading": READING,
        "columns": [
            {key: column[key] for key in ("name", "heading", "unit", "meaning", "personal")}
            for column in table["columns"]
        ],
    }
