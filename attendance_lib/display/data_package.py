"""What the CSVs of a paper hold, as programs read it: a Frictionless Data Package beside them.

Source: Data Package (v1), Tabular Data Resource and Table Schema, https://specs.frictionlessdata.io.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from attendance_lib.display.format import is_suppressed
from attendance_lib.display.kinds import Kind
from attendance_lib.rules.signs import escaped_in_json
from attendance_lib.rules.thresholds import SUPPRESSED

FILE = "datapackage.json"
PROFILE = "tabular-data-package"
# A count is whole, but for figures that are worked out of counts, such as a mean.
TYPES = {
    Kind.TEXT: "string",
    Kind.COUNT: "integer",
    Kind.NUMBER: "number",
    Kind.RATE: "number",
    Kind.POINTS: "number",
    Kind.DATE: "date",
    Kind.FLAG: "boolean",
    Kind.SPARK: "string",
}
MISSING = ("", SUPPRESSED)
# What tells rows apart; figures do not, however different they are.
TELLS_APART = frozenset({Kind.TEXT, Kind.DATE})
LONGEST_KEY = 5
# The place of a row in its list, where nothing else tells rows apart.
NUMBER = "number"
# What two pupils may have alike, where their identifier is next to it.
PUPIL_ID, SHARED = "pupil_id", frozenset({"pupil_name", "form", "year_group"})


def write_data_package(tables: Iterable[dict], entries: Iterable[dict], folder: Path) -> Path:
    """Write the description of the CSVs of a folder.

    Parameters
    ----------
    tables : iterable of dict
        Table payloads, each written as CSV already.
    entries : iterable of dict
        Their entries in the index (see ``csv_tables.index_entry``).
    folder : pathlib.Path
        The folder.

    Returns
    -------
    pathlib.Path
        ``datapackage.json``: of each file its columns with type, unit and meaning, which of them are personal, what tells
        its rows apart, and what stands for a missing value.
    """
    package = {
        "profile": PROFILE,
        "name": "attendance-paper",
        "resources": [resource(table, entry) for table, entry in zip(tables, entries, strict=True)],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    path = folder / FILE
    path.write_bytes(escaped_in_json(text).encode("utf-8"))
    return path


def resource(table: dict, entry: dict) -> dict:
    """Return what one CSV holds."""
    key = primary_key(table)
    schema = {
        "fields": [field(column, entry_of, values) for column, entry_of, values in columns_of(table, entry)],
        "missingValues": missing_values(table),
    }
    return {
        "name": table["name"].lower().replace("_", "-"),
        "path": entry["file"],
        "profile": "tabular-data-resource",
        "title": table["title"],
        "description": " ".join(filter(None, (table["note"], entry["reading"]))),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "personal": entry["personal"],
        "schema": schema | ({"primaryKey": key} if key else {}),
    }


def columns_of(table: dict, entry: dict) -> Iterator[tuple[dict, dict, list]]:
    """Yield each column with its entry in the index and its values.

    Examples
    --------
    >>> table = {"columns": [{"name": "form"}, {"name": "late"}], "rows": [["7A", 3], ["7B", 0]]}
    >>> [values for _, _, values in columns_of(table, {"columns": [{}, {}]})]
    [['7A', '7B'], [3, 0]]
    """
    for number, (column, told) in enumerate(zip(table["columns"], entry["columns"], strict=True)):
        yield column, told, [row[number] for row in table["rows"]]


def field(column: dict, entry: dict, values: list) -> dict:
    """Return what one column holds; its unit and whether it is personal are properties that the standard leaves to us.

    Examples
    --------
    >>> column = {"name": "late", "heading": "Late", "kind": "count", "meaning": ""}
    >>> field(column, {"unit": "", "personal": False}, [3, 0])
    {'name': 'late', 'title': 'Late', 'type': 'integer', 'personal': False}
    """
    told = {
        "name": column["name"],
        "title": column["heading"],
        "type": type_of(Kind(column["kind"]), values),
        "description": column["meaning"],
        "unit": entry["unit"],
        "personal": entry["personal"],
    }
    return {name: value for name, value in told.items() if value != ""}


def type_of(kind: Kind, values: Iterable[object]) -> str:
    """Return the type of a column by what it is declared to be, unless its values are otherwise.

    Examples
    --------
    >>> type_of(Kind.COUNT, [3, "c", None]), type_of(Kind.COUNT, [2.5]), type_of(Kind.NUMBER, [1, "Autumn 1"])
    ('integer', 'number', 'string')
    """
    held = [value for value in values if value is not None and not is_suppressed(value)]
    declared = TYPES[kind]
    if declared in ("integer", "number") and any(isinstance(value, str) for value in held):
        return "string"
    if declared == "integer" and any(value != int(value) for value in held):
        return "number"
    return declared


def missing_values(table: dict) -> list[str]:
    """Return what stands for a missing value in a table: an empty field, and ``c`` where a value was withheld.

    Examples
    --------
    >>> missing_values({"rows": [["7A", 12]]}), missing_values({"rows": [["7A", "c"]]})
    ([''], ['', 'c'])
    """
    is_withheld = any(is_suppressed(value) for row in table["rows"] for value in row)
    return list(MISSING) if is_withheld else [""]


def primary_key(table: dict) -> list[str]:
    """Return the leading columns that tell the rows apart, as few as needed, each filled in every row; none if none do.

    A pupil's identifier comes first and stands for the name, the form and the year group, which two pupils may share; else
    the column that heads the rows.

    Examples
    --------
    >>> columns = [{"name": name, "kind": "text"} for name in ("form", "weekday", "pupil_id")]
    >>> rows = [["7A", "Monday", "1"], ["7A", "Friday", "1"]]
    >>> primary_key({"columns": columns, "row_header": "form", "rows": rows})
    ['pupil_id', 'weekday']
    >>> primary_key({"columns": columns[:2], "row_header": "form", "rows": [row[:2] for row in rows]})
    ['form', 'weekday']
    """
    values = {
        column["name"]: [row[at] for row in table["rows"]] for at, column in enumerate(table["columns"])
    }
    telling = [
        column["name"]
        for column in table["columns"]
        if Kind(column["kind"]) in TELLS_APART or column["name"] == NUMBER
    ]
    likely = dict.fromkeys([table["row_header"], *telling])
    filled = {name: values[name] for name in likely if is_filled_throughout(values[name])}
    key = shortest_key(of_pupils(filled) if PUPIL_ID in filled else filled)
    return key if len(key) <= LONGEST_KEY else []


def of_pupils(columns: dict[str, list[object]]) -> dict[str, list[object]]:
    """Return columns (one value a row) with the pupil's identifier first, without those that two pupils may share.

    Examples
    --------
    >>> list(of_pupils({"form": ["7A", "7A"], "weekday": ["Mon", "Tue"], "pupil_id": ["1", "2"]}))
    ['pupil_id', 'weekday']
    """
    own = {name: values for name, values in columns.items() if name not in SHARED}
    return {PUPIL_ID: columns[PUPIL_ID]} | own


def is_filled_throughout(values: Iterable[object]) -> bool:
    """Whether a column has a value in every row, none of them suppressed.

    Examples
    --------
    >>> is_filled_throughout(["7A", "7B"]), is_filled_throughout(["7A", ""]), is_filled_throughout([12, "c"])
    (True, False, False)
    """
    return not any(value in (None, "") or is_suppressed(value) for value in values)


def shortest_key(columns: dict[str, list[object]]) -> list[str]:
    """Return the leading columns that tell all rows apart, and of those between the first and the last only what is needed.

    Parameters
    ----------
    columns : dict of str to list
        The values (one a row) of each column that may be part of a key, the likeliest column first.

    Returns
    -------
    list of str
        The names in their order; empty where not even all columns tell the rows apart.

    Examples
    --------
    >>> shortest_key({"form": ["7A", "7A", "7B"], "room": [1, 1, 1], "weekday": ["Mon", "Tue", "Mon"]})
    ['form', 'weekday']
    """
    names = list(columns)
    leading = (names[:length] for length in range(1, len(names) + 1))
    key = next((each for each in leading if tells_apart(columns, each)), [])
    for name in key[-2:0:-1]:
        fewer = [each for each in key if each != name]
        key = fewer if tells_apart(columns, fewer) else key
    return key


def tells_apart(columns: dict[str, list[object]], key: list[str]) -> bool:
    """Whether no two rows agree, as text, in all the columns of a key.

    Examples
    --------
    >>> columns = {"form": ["7A", "7A"], "weekday": ["Mon", "Tue"]}
    >>> tells_apart(columns, ["form"]), tells_apart(columns, ["form", "weekday"])
    (False, True)
    """
    rows = list(zip(*(map(str, columns[name]) for name in key), strict=True))
    return len(set(rows)) == len(rows)
