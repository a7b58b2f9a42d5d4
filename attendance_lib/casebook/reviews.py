"""Reviews of interventions that staff write down on their sheets, and the school's log of interventions with them."""

from dataclasses import replace

import pandas as pd

from attendance_lib.casebook.sheets import Kind, LogSheet, PrintedColumn
from attendance_lib.casebook.staff_rows import known_rows, sheet_number, shown_cell
from attendance_lib.casebook.state import RowState, State
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.values import as_text

# The sheet, and what staff write on it of a log of interventions.
SHEET, KEY, ABOUT = "reviews", "review_id", "pupil_id"
WRITTEN = ("outcome", "reason_not_working", "next_step")
# A log of interventions numbers nothing: what tells its rows apart (intake/schema.py) makes the number of a review.
ROW = ("pupil_id", "intervention", "start_date")


def review_numbers(interventions: pd.DataFrame) -> list[str]:
    """Return the number of each intervention's review: the same whenever it is made, and no word about the pupil.

    Parameters
    ----------
    interventions : pandas.DataFrame
        One row per intervention, with the columns ROW; ``start_date`` as days.

    Returns
    -------
    list of str
        One per row, in its order.

    Examples
    --------
    >>> rows = {"pupil_id": ["3401"], "intervention": ["Mentoring"], "start_date": [pd.Timestamp("2026-11-02")]}
    >>> number, again = (review_numbers(pd.DataFrame(rows))[0] for _ in range(2))
    >>> number == again, "3401" in number
    (True, False)
    """
    rows = zip(*(interventions[name] for name in ROW), strict=True)
    return [sheet_number("", day.date(), f"{pupil}/{what}") for pupil, what, day in rows]


def logged_reviews(interventions: pd.DataFrame) -> LogSheet:
    """Return what a log of interventions says of reviews of single pupils' courses, as the casebook compares it.

    Parameters
    ----------
    interventions : pandas.DataFrame
        One row per intervention, with ``review_date`` (a day; missing where there was no review) and any columns of WRITTEN.

    Examples
    --------
    >>> day = pd.Timestamp("2026-11-02")
    >>> row = {"pupil_id": "3401", "intervention": "Mentoring", "start_date": day, "review_date": day, "outcome": "on track"}
    >>> list(logged_reviews(pd.DataFrame([row, row | {"review_date": pd.NaT}])).rows.values())
    [{'pupil_id': '3401', 'outcome': 'on track'}]
    """
    rows = interventions[interventions["review_date"].notna() & interventions["pupil_id"].notna()]
    names = [name for name in WRITTEN if name in rows]
    said = {
        number: {ABOUT: str(row[ABOUT])} | {name: as_text(row[name]) or None for name in names}
        for number, row in zip(review_numbers(rows), rows.to_dict("records"), strict=True)
    }
    columns = tuple(PrintedColumn(name, name, Kind.TEXT) for name in names)
    return LogSheet(SHEET, columns, said, about=ABOUT)


def with_reviews(school: School, known: State | None) -> School:
    """Return a school whose log of interventions says what staff wrote of reviews, as the casebook's rule has it."""
    written = known_rows(known, SHEET)
    log = school.interventions
    if log is None or not any(row.cells for row in written.values()):
        return school
    said = list(map(written.get, review_numbers(log)))
    told = {name: _with_written(log, name, said) for name in WRITTEN}
    return replace(school, interventions=log.assign(**told))


def _with_written(log: pd.DataFrame, name: str, said: list[RowState | None]) -> pd.Series:
    """Return a column of a log of interventions where of each row what staff wrote counts; None where they wrote nothing."""
    logged = log[name] if name in log else pd.Series([None] * len(log), log.index, dtype=object)
    shown = [
        value if row is None else shown_cell(name, {name: value}, row)
        for row, value in zip(said, logged, strict=True)
    ]
    return pd.Series(shown, index=log.index, dtype=object).astype(logged.dtype)
