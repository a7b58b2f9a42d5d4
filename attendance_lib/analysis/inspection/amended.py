"""Marks amended long after their session: after the fifth school day, by when a reason is due."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import form_things, no_things
from attendance_lib.analysis.inspection.words import in_marks, in_pupils, in_year
from attendance_lib.analysis.reasons import DAYS_TO_EXPLAIN
from attendance_lib.register.grid import LETTER_OF_CELL, MISSING
from attendance_lib.rules.inspection import AMENDED_MARKS, AMENDED_PUPILS


def made_in_year(scope: Scope) -> pd.DataFrame:
    """Return the amendments made in the school year and up to its last day (see ``Register.amendments``)."""
    made = scope.register.amendments
    return made[made["amended_on"].between(pd.Timestamp(scope.year.first_date), pd.Timestamp(scope.on))]


def days_passed(scope: Scope, edits: pd.DataFrame) -> np.ndarray:
    """Return how many school days after its session each mark was amended (shape (amendments,)).

    The day of the session is day 0; a day that is no school day counts as the school day before it.
    """
    school_days = np.array(scope.calendar.school_days, dtype="datetime64[D]")
    made, of = edits["amended_on"].to_numpy().astype("datetime64[D]"), scope.days[edits["column"].to_numpy()]
    return np.searchsorted(school_days, made, side="right") - np.searchsorted(school_days, of, side="right")


def long_after(scope: Scope) -> pd.DataFrame:
    """Return the amendments of the year's marks made after the fifth school day, with ``form`` (a number) and the cell ``now``."""
    edits = made_in_year(scope)
    edits = edits[
        (edits["column"] >= scope.before).to_numpy() & (days_passed(scope, edits) > DAYS_TO_EXPLAIN)
    ]
    return edits.assign(
        form=scope.forms[0][edits["row"]], now=scope.register.codes[edits["row"], edits["column"]]
    )


def amended_together(scope: Scope) -> pd.DataFrame:
    """Return each day on which ten marks or more of three pupils or more of a form were amended after their fifth school day."""
    edits = long_after(scope)
    many = edits.groupby(["form", "amended_on"])["row"].transform("size") >= AMENDED_MARKS
    if not many.any():
        return no_things()
    edits = edits[many].assign(column=edits.loc[many, "column"] - scope.before)
    days = edits.groupby(["form", "amended_on"], as_index=False).agg(
        first=("column", "min"), last=("column", "max"), marks=("column", "size"), pupils=("row", "nunique")
    )
    found = days[days["pupils"] >= AMENDED_PUPILS].rename(columns={"form": "row"})
    keys = edits.set_index(["form", "amended_on"])
    detail = [
        f"{in_marks(each.marks)} of {in_pupils(each.pupils)} amended on {in_year(each.amended_on.to_datetime64())}: "
        f"{in_changes(keys.loc[[(each.row, each.amended_on)]])}"
        for each in found.itertuples()
    ]
    return form_things(scope, "amended_together", found, detail).assign(
        known_date=found["amended_on"].to_numpy()
    )


def in_changes(edits: pd.DataFrame) -> str:
    """Return what became what, most often first, with how many."""
    became = edits["amended_from"].map(in_code) + " to " + edits["now"].map(in_code)
    counts = became.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    return ", ".join(f"{change} ({count})" for change, count in counts.items())


def in_code(cell: int) -> str:
    """Return the code of a cell, in words where there is none.

    Examples
    --------
    >>> in_code(MISSING)
    'no mark'
    """
    return "no mark" if cell == MISSING else LETTER_OF_CELL[cell]
