"""A table of whatever an analyst asked for, its columns declared by what they are called and hold."""

import re
from collections.abc import Collection

import pandas as pd

from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.model import Table
from attendance_lib.errors import SettingsError, quoted

# A table's name is that of its CSV file and of its place in the workbook.
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*")
RATE, DIFFERENCE, AGAINST = "_rate", "difference_rate", "_against"
HEADINGS = {"pupil_id": "Pupil ID", DIFFERENCE: "Difference"}
# On the page; a count by how it counts, or by code, is a column of the workbook and the CSV.
ON_THE_PAGE = ("possible_sessions", "attended_sessions", "absence_sessions", "sessions")
MEANINGS = {
    "enrolments": "Enrolments with a possible session, each once in a row",
    "possible_sessions": "Sessions that could be attended",
    "attended_sessions": "Sessions attended, approved activities with them",
    "attendance_rate": "Attended out of possible sessions",
    "absence_rate": "Missed out of possible sessions",
    DIFFERENCE: "Attendance less that of the other side",
}


def asked_table(
    name: str, title: str, frame: pd.DataFrame, note: str = "", personal: Collection[str] = ()
) -> Table:
    """Return a data frame as a table of a paper.

    Parameters
    ----------
    name, title : str
        What files and readers call it.
    frame : pandas.DataFrame
        One row a group or pupil: columns that end in ``_rate`` are fractions, whole numbers are counts.
    note : str
        What is next to it, such as whom it counts.
    personal : collection of str
        The columns that say who a pupil is.

    Raises
    ------
    SettingsError
        If no file could bear the name.

    Examples
    --------
    >>> asked_table("Year 7", "Year 7", pd.DataFrame({"enrolments": [180]}))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: A table cannot be called 'Year 7', for its file is. Write small letters, ...
    >>> [column.heading for column in asked_table("forms", "Forms", pd.DataFrame({"pupil_id": ["12"], "late_rate": [0.1]})).columns]
    ['Pupil ID', 'Late rate']
    """
    if not PLAIN_NAME.fullmatch(name):
        raise SettingsError(
            f"A table cannot be called {quoted(name)}, for its file is. Write small letters, digits and underscores."
        )
    columns = tuple(
        Column(
            each,
            HEADINGS.get(each) or each.replace("_", " ").capitalize(),
            kind_of(frame[each]),
            MEANINGS.get(each, ""),
            personal=each in personal,
            shown=not each.endswith("_sessions") or each in ON_THE_PAGE,
        )
        for each in map(str, frame.columns)
    )
    texts = [column.name for column in columns if column.kind is Kind.TEXT]
    return Table(name, title, pd.DataFrame(frame).astype(dict.fromkeys(texts, object)), columns, note)


def kind_of(values: pd.Series) -> Kind:
    """Return what a column holds, by its name and its values.

    Examples
    --------
    >>> kind_of(pd.Series([0.9], name="attendance_rate")), kind_of(pd.Series([3], name="enrolments"))
    (<Kind.RATE: 'rate'>, <Kind.COUNT: 'count'>)
    """
    if values.name == DIFFERENCE:
        return Kind.POINTS
    if str(values.name).removesuffix(AGAINST).endswith(RATE):
        return Kind.RATE
    tests = {
        Kind.FLAG: pd.api.types.is_bool_dtype,
        Kind.DATE: pd.api.types.is_datetime64_any_dtype,
        Kind.COUNT: pd.api.types.is_integer_dtype,
        Kind.NUMBER: pd.api.types.is_numeric_dtype,
    }
    return next((kind for kind, is_so in tests.items() if is_so(values)), Kind.TEXT)
