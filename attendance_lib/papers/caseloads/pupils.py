"""What a sheet shows of pupils, and what is left of a table for one reader."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from attendance_lib.display import Column, Highlight, Kind, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.papers.cases import NOTHING_AGREED
from attendance_lib.rules.readers import FACT_OF, Seen


def for_reader(
    frame: pd.DataFrame, columns: Iterable[Column], seen: Seen
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return a table as its reader may see it: cells that may not be told are emptied, and columns of which none may left out.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per thing about a pupil, with ``pupil_id``.
    columns : iterable of Column
        Those of the table.
    seen : Seen
        The pupils about whom the reader may be told each kind of fact.
    """
    told = {column.name: frame["pupil_id"].isin(seen[FACT_OF[column.name]]) for column in columns}
    kept = tuple(column for column in columns if told[column.name].any() or frame.empty)
    shown_cells = {
        column.name: frame[column.name].astype(object).where(told[column.name], None) for column in kept
    }
    return frame.assign(**shown_cells), kept


def own_table(table: Table, seen: Seen) -> Table:
    """Return a table as its reader may see it (see ``for_reader``)."""
    frame, columns = for_reader(table.frame, table.columns, seen)
    header = table.row_header if table.row_header in {column.name for column in columns} else ""
    return replace(table, frame=frame, columns=columns, row_header=header)


COLUMNS = (
    *shown("pupil_name", "form"),
    Column("band", "Band", meaning="The band of attendance, year to date", personal=True, width=14),
    figure("absence_sessions", heading="Missed", width=8),
    figure("possible_sessions", heading="of", width=6),
    *shown("pattern", "code_groups"),
    figure(
        "plan", meaning="What runs for the pupil; that nothing is agreed for one over a line",
        highlights=(Highlight("equals", NOTHING_AGREED, Tone.ALERT),),
    ),
    figure("led_by"),
    Column("next_review_date", "Next review", Kind.DATE, meaning="Of the plan or the support", personal=True, shown=False),
    *shown("untouched_days", "last_contact_date"),
    Column("notices", "Notices open", meaning="Notices and contracts of this school year", personal=True, width=16),
    Column("needs", "Needs", meaning="Special educational needs", personal=True, width=15),
    Column("social_care", "Safeguarding", meaning="What the pupils file says of social care and risk", personal=True, width=20),
    *shown("pupil_id", "year_group"),
)  # fmt: skip
