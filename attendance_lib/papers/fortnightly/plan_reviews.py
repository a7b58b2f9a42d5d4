"""Support plans in the fortnightly pack: whose review is overdue or due, and whose target's days are past."""

import pandas as pd

from attendance_lib.analysis.plan_progress import progress_of
from attendance_lib.analysis.plans import plans_of
from attendance_lib.display import Column, Highlight, Kind, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.links import plan_pages
from attendance_lib.papers.shared import pupil_names

OVERDUE, DUE = "Review overdue", "Review due"
SHOWN_ROWS = 20
NO_LOG = (
    "No log of support plans is exported. To add it, name its file under exports, plans in the school file."
)


def plan_reviews(pack: Pack) -> Table:
    """Return the support plans whose review is overdue, or due within two school weeks, the oldest first."""
    plans = plans_of(pack)
    running = int(plans["is_running"].sum())
    return Table(
        name="plan_reviews",
        title="Support plans to review",
        frame=plans_to_review(pack),
        columns=COLUMNS,
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note=f"{format_count(running, 'plan')} {in_number(running, 'runs', 'run')}. `attendance run plan` makes the "
        "copies of each, and the sheet to fill in.",
        empty_text=NO_LOG
        if pack.school.plans is None and plans.empty
        else "No review of a support plan is overdue or due.",
    )


def plans_to_review(pack: Pack) -> pd.DataFrame:
    """Return the plans of pupils on roll that are to be reviewed by the day two school weeks on, the oldest review first.

    Returns
    -------
    pandas.DataFrame
        One row per plan: the columns of ``plans_of``, ``standing``, ``missed`` and ``possible`` (sessions under its target, none
        before the first), ``finding``, ``plan_page``, ``pupil_name`` and ``form``.
    """
    plans, pupils = plans_of(pack), pack.roll.current.pupils
    waiting = plans[plans["is_running"] & (plans["is_review_overdue"] | plans["is_review_due"])]
    ordered = waiting.sort_values(["review_day", "plan_id"], kind="stable")
    named = pupils.assign(pupil_name=pupil_names(pupils))[["pupil_id", "pupil_name", "form"]]
    progress = [progress_of(pack, plan) for plan in ordered.to_dict("records")]
    return ordered.assign(
        standing=ordered["is_review_overdue"].map({True: OVERDUE, False: DUE}),
        missed=[each.missed if each.possible else None for each in progress],
        possible=[each.possible or None for each in progress],
        finding=[each.finding or None for each in progress],
        plan_page=ordered["plan_id"].map(plan_pages(pack)),
    ).merge(named.astype({"pupil_id": str}), on="pupil_id", how="inner", validate="m:1")


COLUMNS = (
    *shown("pupil_name", "form"),
    figure("plan_id", links=(("", "plan_page"),)),
    Column(
        "standing", "Stands", meaning="Overdue, or due within two school weeks", width=15,
        highlights=(Highlight("equals", OVERDUE, Tone.ALERT), Highlight("equals", DUE, Tone.CAUTION)),
    ),
    *shown("review_day", "lead_practitioner"),
    Column("target_sessions", "Target: miss at most", Kind.COUNT, "Sessions of the target's days", personal=True, width=9),
    figure("missed", heading="Missed"),
    *shown("possible", "finding"),
    Column("history", "Earlier plans", meaning="What came of the pupil's plans before", personal=True, width=30, once=True),
    *shown("pupil_id", "plan_page"),
)  # fmt: skip
