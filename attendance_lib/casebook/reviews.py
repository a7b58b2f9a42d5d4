"""Reviews of interventions that staff write down on their sheets, and the school's log of interventions with them."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from attendance_lib.casebook.sheets import Kind, LogSheet, PrintedColumn
from attendance_lib.casebook.staff_rows import sheet_number, shown_cell
from attendance_lib.casebook.state import RowState, State
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.values import as_text

# The sheet, and what staff write on it of a log of interventions.
SHEET, KEY, ABOUT = "reviews", "review_id", "pupil_id"
WRITTEN = ("outcome", "reason_not_working", "next_step")
# A log of interventions numbers nothing: what tells its rows apart (intake/schema.py) makes the number of a review.
ROW = ("pupil_id", "intervention", "start_date")


def review_numbers(interventions: pd.DataFrame) -> list[str]:
    """Return the number of each intervention's review (one per row): the same whenever it is made, and no word about the pupil."""
    rows = zip(*(interventions[name] for name in ROW), strict=True)
    return [sheet_number("", day.date(), f"{pupil}/{what}") for pupil, what, day in rows]


def logged_reviews(interventions: pd.DataFrame) -> LogSheet:
    """Return what a log of interventions says of reviews of single pupils' courses, as the casebook compares it."""
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
    written: Mapping[str, RowState] = known.rows.get(SHEET, {}) if known else {}
    log = school.interventions
    if log is None or not any(row.cells for row in written.values()):
        return school
    missing = {name: None for name in WRITTEN if name not in log}
    rows = log.assign(**missing)
    keys = [number if number in written else None for number in (review_numbers(rows) if len(rows) else ())]
    told = {
        name: pd.Series(
            [
                shown_cell(name, {name: value}, written[key]) if key else value
                for key, value in zip(keys, rows[name], strict=True)
            ],
            index=rows.index,
            dtype=object,
        ).astype(log[name].dtype if name in log else object)
        for name in WRITTEN
    }
    return replace(school, interventions=rows.assign(**told))
