"""Names of sheets and headings that Excel accepts, each different from the others."""

import re
from collections.abc import Iterable

SHEET_LIMIT = 31
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NOT_IN_TABLE_NAMES = re.compile(r"\W")


def sheet_names(names: Iterable[str], reserved: Iterable[str] = ()) -> list[str]:
    """Return one sheet name for each name: at most 31 characters, distinct whatever the case.

    Parameters
    ----------
    names : iterable of str
        Names of tables.
    reserved : iterable of str
        Sheet names already in use.

    Returns
    -------
    list of str
        In the order of ``names``; a name already taken gets a number.

    Examples
    --------
    >>> sheet_names(["actions", "who/what", "Actions"])
    ['actions', 'who_what', 'Actions_2']
    """
    safe = [NOT_IN_SHEET_NAMES.sub("_", name).strip("'")[:SHEET_LIMIT] or "sheet" for name in names]
    return distinct(safe, limit=SHEET_LIMIT, form="{name}_{n}", taken=reserved)


def heading_names(columns: Iterable[dict]) -> list[str]:
    """Return the heading of each column; a repeated one gets a number, an empty one the column's name.

    Examples
    --------
    >>> heading_names([{"heading": "%", "name": "a"}, {"heading": "%", "name": "b"}, {"heading": "", "name": "c"}])
    ['%', '% (2)', 'c']
    """
    return distinct(
        [column["heading"] or column["name"] for column in columns], limit=255, form="{name} ({n})"
    )


def distinct(names: list[str], *, limit: int, form: str, taken: Iterable[str] = ()) -> list[str]:
    """Return the names with a number added to each that is taken, within a length in characters."""
    used = {name.casefold() for name in taken}
    chosen = []
    for name in names:
        chosen.append(_free_name(name, limit, form, used))
        used.add(chosen[-1].casefold())
    return chosen


def _free_name(name: str, limit: int, form: str, used: set[str]) -> str:
    candidate, n = name[:limit], 1
    while candidate.casefold() in used:
        n += 1
        extra = len(form.format(name="", n=n))
        candidate = form.format(name=name[: limit - extra], n=n)
    return candidate


def object_name(sheet: str) -> str:
    """Return the name of the Excel Table object on a sheet: letters, digits and underscores only.

    Examples
    --------
    >>> object_name("7A by week")
    'table_7A_by_week'
    """
    return f"table_{NOT_IN_TABLE_NAMES.sub('_', sheet)}"
