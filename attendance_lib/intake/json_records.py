"""Records of a JSON file: every list of objects in it, each object a record."""

import json
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from types import NoneType
from typing import Any

from attendance_lib.errors import InputError
from attendance_lib.intake.records import MAX_FIELDS, Records, RecordTable

MAX_CHARACTERS = 300_000_000
MAX_PARTS = 12_000_000
DEEPEST_LIST = 6
DEEPEST_FIELD = 4
PLAIN_OR_NONE = {str, int, float, bool, NoneType}
# So few records are as well added one by one.
FEW = 8
# How JSON writes half of a character beyond the first 65,536; two of them are a whole one.
HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
# What interfaces put around the thing itself.
WRAPPER = "data"
# How PHP writes a date, and so the systems written in it.
MOMENT = {"date", "timezone_type", "timezone"}
UTC, OFFSET = frozenset({"UTC", "Z", "GMT", "Etc/UTC"}), re.compile(r"[+-]\d{2}:\d{2}")


def read_json_records(text: str, label: str) -> list[Records]:
    """Return the records of a JSON file, the most numerous first.

    Parameters
    ----------
    text : str
        The whole file.
    label : str
        How messages name it.

    Returns
    -------
    list of Records
        One for each list of objects, named by the key that leads to it; fields of objects inside a record
        have both names with a full stop between, without the wrapper "data".

    Raises
    ------
    InputError
        If it is not JSON, is nested out of all proportion, or holds more than any export.

    Examples
    --------
    >>> read_json_records('{"marks": [{"pupil": {"data": {"id": 7}}, "code": "/"}]}', "a.json")[0].cells.tolist()
    [['pupil.id', 'code'], [7, '/']]
    """
    tables: dict[str, RecordTable] = {}
    for name, records in _objects(_document(text, label), "", DEEPEST_LIST):
        if name not in tables:
            tables[name] = RecordTable(label)
        for fields, alike in groupby(records, key=tuple):
            _add(tables[name], fields, list(alike))
    if HALF_CHARACTER.search(text):
        for table in tables.values():
            table.check_characters()
    found = sorted(tables.items(), key=lambda item: -item[1].count)
    return [Records(name, table.as_cells()) for name, table in found]


def _add(table: RecordTable, fields: tuple[str, ...], records: list[dict[str, Any]]) -> None:
    """Add records with the same fields: column by column if they are many and plain, for that takes a third of the time."""
    if len(records) > FEW and len(fields) <= MAX_FIELDS:
        columns = {name: list(map(itemgetter(name), records)) for name in fields}
        kinds = {name: set(map(type, column)) for name, column in columns.items()}
        if all(each <= PLAIN_OR_NONE for each in kinds.values()):
            filled = {
                name: ["" if value is None else value for value in column]
                if NoneType in kinds[name]
                else column
                for name, column in columns.items()
            }
            table.add_columns(filled, len(records))
            return
    for record in records:
        table.add(dict(_fields(record, "", DEEPEST_FIELD)))


def _document(text: str, label: str) -> Any:
    parts = text.count(",") + text.count("[") + text.count("{")
    if len(text) > MAX_CHARACTERS or parts > MAX_PARTS:
        raise InputError(
            f"{label}: {len(text):,} characters and {parts:,} values are more than any export has "
            f"(limits {MAX_CHARACTERS:,} and {MAX_PARTS:,}). Split the export by term."
        )
    try:
        return json.loads(text, parse_constant=lambda name: "")  # noqa: ARG005 - NaN is no value
    except RecursionError:
        reason = "is nested more deeply than any export"
    except json.JSONDecodeError as error:
        reason = f"is not JSON (it goes wrong at line {error.lineno}, character {error.colno})"
    except ValueError:
        reason = "holds a number of thousands of digits"
    raise InputError(f"{label}: this file {reason}. Export it again.")


def _objects(part: Any, name: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the objects of each list with the list's name; an object outside any list is a record if it holds no list."""
    if depth and isinstance(part, dict):
        inside = [(key, value) for key, value in part.items() if isinstance(value, dict | list)]
        if not any(isinstance(value, list) for _, value in inside) and len(inside) < len(part):
            yield name, [part]
            return
        for key, value in inside:
            yield from _objects(value, name if key == WRAPPER else key, depth - 1)
    elif depth and isinstance(part, list):
        records = [item for item in part if isinstance(item, dict)]
        if records:
            yield name, records


def _moment(value: dict[str, Any]) -> str:
    """Return a date as an object of PHP's as one text: with its zone only if that is UTC or an offset."""
    zone = str(value["timezone"])
    return f"{value['date']}{'Z' if zone in UTC else zone if OFFSET.fullmatch(zone) else ''}"


def _fields(record: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, object]]:
    """Yield the plain values of a record with their names; lists inside a record hold records of their own and are left."""
    for key, value in record.items():
        name = above if key == WRAPPER and above else f"{above}.{key}" if above else key
        if isinstance(value, dict) and value.keys() == MOMENT:
            yield name, _moment(value)
        elif isinstance(value, dict) and depth:
            yield from _fields(value, name, depth - 1)
        elif not isinstance(value, dict | list):
            yield name, "" if value is None else value
