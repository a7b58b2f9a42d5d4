"""The sheet of plans that staff fill in, and what somebody has to look at of all that was written on it."""

import pandas as pd

from attendance_lib.casebook.plans import PAPER, SHEET
from attendance_lib.display import Parts, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.intake.support_tables import PLANS
from attendance_lib.papers.plan.opening import OpenPlans
from attendance_lib.papers.staff_columns import HEADINGS, to_fill_in
from attendance_lib.papers.staff_words import differing, fields_of, to_enter, told_of_files, what_came_back

BLANK_ROWS = 10


def rows_to_fill_in(opened: OpenPlans) -> pd.DataFrame:
    """Return the rows of the sheet: SHEET_COLUMNS of the plans that are open on the last day, then of those to be begun."""
    begun = [case.plan for case in opened.cases if case.is_new]
    kept = opened.plans[opened.plans["is_open"]]
    parts = [each for each in (kept, pd.DataFrame(begun, columns=list(PLANS.column_names))) if len(each)]
    rows = pd.concat(parts, ignore_index=True) if parts else kept
    frame = rows.astype({"pupil_id": object}).assign(
        pupil_name=rows["pupil_id"].map(opened.names), form=rows["pupil_id"].map(opened.people["form"])
    )
    return frame.reindex(columns=[column.name for column in SHEET_COLUMNS])


def working_sheet(opened: OpenPlans) -> Table:
    """Return the sheet that staff fill in: the plans that run, that of a pupil who left, and one to be begun."""
    return Table(
        name=SHEET,
        title="Plans",
        frame=rows_to_fill_in(opened),
        columns=SHEET_COLUMNS,
        row_header="plan_id",
        note="Fill in this sheet of the workbook; the next run reads it, and every copy of it. A plan with a new target is a new "
        "plan: write it in a blank row at the foot, with the pupil's ID.",
        empty_text="No plan runs.",
        blank_rows=BLANK_ROWS,
    )


def keys_of(opened: OpenPlans) -> list[str]:
    """Return the numbers of the plans that this paper's readers may see; of the whole school all that was written."""
    known = opened.pack.casebook
    everything = (
        known.rows.get(SHEET, {}) if known and not opened.pupil and not opened.pack.cohort.where else {}
    )
    return list(
        dict.fromkeys(
            [*opened.plans["plan_id"], *(case.plan["plan_id"] for case in opened.cases), *everything]
        )
    )


def came_back(opened: OpenPlans) -> Parts:
    """Return what was written that somebody has to look at: to settle, to enter, noted about files; one line if nothing."""
    pack, keys, fields = opened.pack, keys_of(opened), fields_of(SHEET_COLUMNS)
    tables = (
        differing(pack, SHEET, keys, fields),
        to_enter(pack, SHEET, keys, fields),
        told_of_files(pack, PAPER, keys),
    )
    return what_came_back(
        tables,
        "What staff wrote on earlier sheets: all of it was read, nothing differs, and the log says it too.",
    )


SHEET_COLUMNS = (
    figure(
        "plan_id",
        meaning="The plan's number; leave it blank for a new one: the next pack gives one",
        width=14,
    ),
    figure(
        "pupil_id",
        meaning="The pupil in the school's records; fill in for a new plan",
        shown=True,
        editable=True,
    ),
    *shown("pupil_name", "form"),
    *(to_fill_in(name) for name in HEADINGS),
)
