"""Support in progress: interventions that started, end or are up for review (dates, dose, plain counts), and plans to review."""

import pandas as pd

from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.intervention_log import (
    LONG_WEEKS,
    OVERDUE,
    REASONS,
    WEEKS_AHEAD,
    Span,
    count_interventions,
    judge_interventions,
    to_discuss,
)
from attendance_lib.analysis.logs import is_filled
from attendance_lib.analysis.plan_progress import progress_of
from attendance_lib.analysis.plans import plans_of
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.links import plan_pages
from attendance_lib.papers.shared import (
    NOT_KNOWN,
    not_exported,
    pupil_names,
)

SHOWN_ROWS = 30
# Identifiers are text even where there is none, or they would fit no pupil's.
NO_LOG = pd.DataFrame({"pupil_id": pd.Series([], dtype="str")})


def span_of(pack: Pack) -> Span:
    """Return the period and the calendar it is judged by."""
    return Span(pack.school.calendar, pack.date_from, pack.date_to)


def judged_interventions(pack: Pack) -> pd.DataFrame:
    """Return the interventions (rows, with days) for everyone and for the cohort's pupils on roll (see ``judge_interventions``)."""
    log = pack.school.interventions
    if log is None:
        return judge_interventions(NO_LOG, span_of(pack))
    judged = judge_interventions(log, span_of(pack))
    return judged[judged["pupil_id"].isin(totals_of(pack)["pupil_id"]) | ~is_filled(judged["pupil_id"])]


def intervention_counts(pack: Pack) -> Sentences:
    """Say how many interventions run for how many pupils, and what is due with them."""
    if pack.school.interventions is None:
        return Sentences(name="intervention_counts", items=(not_exported("interventions"),))
    judged = judged_interventions(pack)
    own = judged[is_filled(judged["pupil_id"])]
    running = own[own["is_running"]]
    for_all = int(judged["is_running"].sum()) - len(running)
    unchanged = int(own["has_no_change_recorded"].sum())
    items = (
        f"{format_count(len(running), 'intervention')} {are(len(running))} in progress for "
        f"{format_count(running['pupil_id'].nunique(), 'pupil')}, and {format_count(for_all, 'scheme')} for the whole school.",
        due_in_words(own, pack),
        f"{format_count(unchanged)} {'has' if unchanged == 1 else 'have'} run longer than {LONG_WEEKS} school weeks with no "
        "outcome and no next step recorded.",
        *overdue_schemes(judged[~is_filled(judged["pupil_id"])]),
    )
    return Sentences(name="intervention_counts", items=items)


def overdue_schemes(for_all: pd.DataFrame) -> tuple[str, ...]:
    """Return a sentence on the schemes for the whole school (one row each) whose review's day is past; none where there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> scheme = {"intervention": "Breakfast club", "review_date": pd.Timestamp(2026, 11, 2), "is_review_overdue": True}
    >>> overdue_schemes(pd.DataFrame([scheme]))
    ('Of the schemes for the whole school the review is overdue of Breakfast club (due 2 November 2026).',)
    """
    overdue = for_all[for_all["is_review_overdue"]].sort_values(
        ["review_date", "intervention"], kind="stable"
    )
    if overdue.empty:
        return ()
    cells = zip(overdue["intervention"], overdue["review_date"], strict=True)
    named = (f"{intervention} (due {format_date(day)})" for intervention, day in cells)
    return (f"Of the schemes for the whole school the review is overdue of {', '.join(named)}.",)


def due_in_words(own: pd.DataFrame, pack: Pack) -> str:
    """Return a sentence on what started, ends and is up for review by the day two school weeks on (``own``: one row per course)."""
    by = format_date(span_of(pack).ahead)
    started, ended, ending, overdue, due = (
        int(own[flag].sum())
        for flag in ("is_started", "has_ended", "is_ending", "is_review_overdue", "is_review_due")
    )
    return (
        f"{format_count(started)} started and {format_count(ended)} ended in the period; {format_count(ending - ended)} more "
        f"{'ends' if ending - ended == 1 else 'end'} by {by}. {format_count(overdue, 'review')} {are(overdue)} overdue and "
        f"{format_count(due)} more {are(due)} due by {by}."
    )


def are(count: int) -> str:
    """Return the verb for a count.

    Examples
    --------
    >>> are(1), are(0), are(2)
    ('is', 'are', 'are')
    """
    return "is" if count == 1 else "are"


def interventions_to_discuss(pack: Pack) -> Table:
    """Return the interventions with anything due: started, ending, review due or overdue, no change recorded."""
    totals = totals_of(pack).assign(pupil_name=pupil_names(totals_of(pack)))
    named = totals[["pupil_id", "pupil_name", "form", "year_group", "attendance_rate"]]
    listed = to_discuss(judged_interventions(pack))
    return Table(
        name="interventions",
        title="Interventions started, ending or up for review",
        frame=listed.merge(named, on="pupil_id", how="left", validate="m:1"),
        columns=INTERVENTION_COLUMNS,
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        grouped_by="why",
        note=f"Ending and due: in the period or within {WEEKS_AHEAD} school weeks after it. No change recorded: running longer "
        f"than {LONG_WEEKS} school weeks with no outcome and no next step written down. Weeks are school weeks in which it ran. "
        "Pupils on roll only.",
        empty_text=missing_or(pack, "No intervention started, ends or is up for review."),
    )


def intervention_groups(pack: Pack) -> Table:
    """Return how many interventions run, started and end, by tier, by type and by lead."""
    return Table(
        name="intervention_groups",
        title="Interventions by tier, type and lead",
        frame=count_interventions(judged_interventions(pack)),
        columns=GROUP_COLUMNS,
        row_header="value",
        grouped_by="group",
        shown_rows=0,
        note="Counts of interventions running or ended in the period. A pupil may have several; a scheme for the whole school "
        "counts no pupil.",
        empty_text=missing_or(pack, "No intervention is in progress."),
    )


def missing_or(pack: Pack, text: str) -> str:
    """Return what an empty table says: that nothing is known, for the log is missing, or the text.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> logs = (None, "interventions.csv")
    >>> [missing_or(SimpleNamespace(school=SimpleNamespace(interventions=log)), "None is due.") for log in logs]
    ['Not known.', 'None is due.']
    """
    return NOT_KNOWN if pack.school.interventions is None else text


INTERVENTION_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form", "year_group", "intervention"),
    figure("tier", once=True),
    figure("lead", meaning="Member of staff who leads it", width=22),
    Column("why", "Why listed", meaning=f"What is due with it: {', '.join(REASONS.values())}", width=26),
    figure("start_date"),
    figure("end_date"),
    figure("review_date"),
    Column("weeks_so_far", "Weeks", Kind.COUNT, "School weeks in which it has run so far"),
    figure("attendance_rate"),
    Column(
        "is_review_overdue", OVERDUE, Kind.FLAG, "Its review day is past, with no outcome and no next step written down",
        shown=False, highlights=(Highlight("equals", value=True, tone=Tone.ALERT),),
    ),
    Column("is_started", "Started in period", Kind.FLAG, "Begun in the period", shown=False),
    Column("is_ending", "Ending", Kind.FLAG, "Ends in the period or within two school weeks after it", shown=False),
    Column("is_review_due", "Review due", Kind.FLAG, "Review due within two school weeks", shown=False),
    Column(
        "has_no_change_recorded", "No change recorded", Kind.FLAG,
        "Running longer than six school weeks with no outcome and no next step written down", shown=False,
    ),
    Column("agency", "Agency", meaning="Outside agency that takes part", shown=False, width=24),
    figure("outcome"),
    figure("next_step", shown=False),
)  # fmt: skip
GROUP_COLUMNS = (
    figure("grouped_by", meaning="What the interventions are grouped by: tier, type or lead", width=14),
    figure("which", meaning="The tier, type or lead", width=30),
    figure("pupils", meaning="Different pupils who take part or did in the period"),
    Column("running", "Running", Kind.COUNT, "Interventions running on the last day of the period"),
    Column("started", "Started", Kind.COUNT, "Interventions begun in the period"),
    Column("ending", "Ending", Kind.COUNT, "Interventions that end in the period or within two school weeks after it"),
    Column("reviews_overdue", "Reviews overdue", Kind.COUNT, "Interventions whose review day is past with nothing written down"),
    Column(
        "median_weeks_so_far", "Median weeks", Kind.NUMBER, "Median of the school weeks that those running have run so far",
    ),
)  # fmt: skip


# Support plans: whose review is overdue or due, and whose target's days are past


REVIEW_OVERDUE, REVIEW_DUE = "Review overdue", "Review due"
SHOWN_PLANS = 20
NO_LOG_OF_PLANS = (
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
        columns=PLAN_COLUMNS,
        shown_rows=SHOWN_PLANS,
        row_header="pupil_name",
        note=f"{format_count(running, 'plan')} {in_number(running, 'runs', 'run')}. `attendance run plan` makes the "
        "copies of each, and the sheet to fill in.",
        empty_text=NO_LOG_OF_PLANS
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
        standing=ordered["is_review_overdue"].map({True: REVIEW_OVERDUE, False: REVIEW_DUE}),
        missed=[each.missed if each.possible else None for each in progress],
        possible=[each.possible or None for each in progress],
        finding=[each.finding or None for each in progress],
        plan_page=ordered["plan_id"].map(plan_pages(pack)),
    ).merge(named.astype({"pupil_id": str}), on="pupil_id", how="inner", validate="m:1")


PLAN_COLUMNS = (
    *shown("pupil_name", "form"),
    figure("plan_id", links=(("", "plan_page"),)),
    Column(
        "standing", "Stands", meaning="Overdue, or due within two school weeks", width=15,
        highlights=(Highlight("equals", REVIEW_OVERDUE, Tone.ALERT), Highlight("equals", REVIEW_DUE, Tone.CAUTION)),
    ),
    *shown("review_day", "lead_practitioner"),
    Column("target_sessions", "Target: miss at most", Kind.COUNT, "Sessions of the target's days", personal=True, width=9),
    figure("missed", heading="Missed"),
    *shown("possible", "finding"),
    Column("history", "Earlier plans", meaning="What came of the pupil's plans before", personal=True, width=30, once=True),
    *shown("pupil_id", "plan_page"),
)  # fmt: skip
