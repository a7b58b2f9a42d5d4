"""How a published table is shown: its columns declared, and the sign for what was withheld explained beside it."""

from collections.abc import Iterable

import pandas as pd

from attendance_lib.display import Column, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import is_suppressed

WITHHELD = "c: withheld so that no pupil can be recognised."
# With the measure in full, for a report is read beside no other.
PERSISTENT = figure(
    "persistently_absent_enrolments",
    meaning="Enrolments that missed 10% or more of their possible sessions, year to date",
    width=12,
)
SEVERE = figure(
    "severely_absent_enrolments",
    meaning="Enrolments that missed 50% or more of their possible sessions, year to date; persistently absent too",
    width=10,
)


def published_table(
    name: str,
    title: str,
    frame: pd.DataFrame,
    columns: Iterable[Column],
    note: str = "",
    *,
    empty_text: str = "None.",
) -> Table:
    """Return a safe table as it is shown, saying what ``c`` means if it holds one.

    Parameters
    ----------
    name, title : str
        What files and readers call it.
    frame : pandas.DataFrame
        Rows of protected tables alone.
    columns : iterable of Column
        Those shown, the first of them naming the row.
    note, empty_text : str
        What is next to the table, and in place of it where it has no row.

    Examples
    --------
    >>> schools = pd.DataFrame({"school": ["Ashfield"], "persistent": ["c"]})
    >>> columns = [Column("school", "School"), Column("persistent", "Persistent")]
    >>> published_table("schools", "Schools", schools, columns, "Year to date.").note == f"Year to date. {WITHHELD}"
    True
    """
    columns = tuple(columns)
    is_withheld = any(frame[column.name].map(is_suppressed).any() for column in columns)
    notes = (note, WITHHELD if is_withheld else "")
    return Table(
        name=name,
        title=title,
        frame=frame.reset_index(drop=True),
        columns=columns,
        note=" ".join(filter(None, notes)),
        row_header=columns[0].name,
        empty_text=empty_text,
    )


def without_signs(values: pd.Series) -> pd.Series:
    """Return a column of figures (fractions, counts) with what was withheld missing, row by row, as charts draw it (a gap).

    Examples
    --------
    >>> without_signs(pd.Series([0.9, "c"], dtype=object)).tolist()
    [0.9, nan]
    """
    return pd.to_numeric(values.where(~values.map(is_suppressed)), errors="coerce")
