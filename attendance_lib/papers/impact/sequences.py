"""Changes of intervention: what each pupil had first, what then, the sessions of each, and what was written down."""

import pandas as pd

from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.impact.courses import ABOVE, BELOW, WITHIN
from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.what_next import changes_of
from attendance_lib.display import Column, Kind, Sentences, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count
from attendance_lib.papers.impact.not_working import recorded_in_words, with_names
from attendance_lib.papers.impact_words import of_the_log

SHOWN_ROWS = 12
LANDED = {
    BELOW: "lower than pupils like them",
    WITHIN: "as pupils like them",
    ABOVE: "higher than pupils like them",
}
NO_CHANGE_YET = "No pupil on roll has had more than one intervention."


def changes(paper: ImpactPaper) -> pd.DataFrame:
    """Return the courses (rows, in sessions) of the cohort's pupils on roll who had two or more interventions, in order."""
    return changes_of(paper.study.courses, totals_of(paper.pack)["pupil_id"])


@of_the_log
def sequences_lead(paper: ImpactPaper) -> Sentences:
    """Say how many pupils had one intervention after another, and how many began another before the first could be judged."""
    rows = changes(paper)
    if rows.empty:
        return Sentences("sequences_lead", (NO_CHANGE_YET,))
    pupils, most = rows["pupil_id"].nunique(), int(rows["steps"].max())
    overlapped = int(rows["is_overlapped"].sum())
    later = int(rows["later_intervention"].notna().sum())
    items = (
        f"{format_count(pupils, 'pupil')} on roll {'has' if pupils == 1 else 'have'} had more than one intervention, the most "
        f"{format_count(most)}.",
        f"In {format_count(overlapped)} of {format_count(later, 'change')} the next began while the weeks of the one before "
        "were still being counted: what came of the two cannot be told apart for that pupil.",
    )
    return Sentences("sequences_lead", items if later else items[:1])


@of_the_log
def sequences(paper: ImpactPaper) -> Table:
    """Return the courses of each pupil who had more than one, in order, with the sessions of each and what is recorded."""
    rows = with_names(changes(paper), paper)
    by = ["steps", "pupil_name", "pupil_id", "step"]
    ordered = rows.sort_values(by, ascending=[False, True, True, True], kind="stable", ignore_index=True)
    frame = ordered.assign(
        order=[order_words(row) for row in with_same_day(ordered).to_dict("records")],
        as_like_pupils=ordered["landed"].map(LANDED).where(ordered["landed"] != "", ordered["left_out"]),
        recorded=recorded_in_words(ordered),
    )
    return Table(
        name="sequences",
        title="Changes of intervention, pupil by pupil",
        frame=frame,
        columns=SEQUENCE_COLUMNS,
        shown_rows=whole_pupils(ordered),
        row_header="pupil_name",
        note="Most interventions first. Sessions are those of the weeks after each start (at most "
        f"{format_count(paper.criteria.window_weeks, 'school week')}), whether or not it still ran; where the next began in them, "
        "they count for both. Expected: what pupils with the same history attended over the same weeks. A pupil picked at a low "
        "point mostly does better next, whatever is tried: compare with expected, not with the one before.",
        empty_text=NO_CHANGE_YET,
    )


def whole_pupils(ordered: pd.DataFrame) -> int:
    """Return how many rows to show so that no pupil's sequence is cut in two.

    Examples
    --------
    >>> whole_pupils(pd.DataFrame({"step": [1, 2, 1], "steps": [2, 2, 2]}))
    2
    """
    last = ordered["step"].eq(ordered["steps"]).head(SHOWN_ROWS).to_numpy()
    return int(last.nonzero()[0].max() + 1) if last.any() else SHOWN_ROWS


def with_same_day(ordered: pd.DataFrame) -> pd.DataFrame:
    """Add to each course (row) ``is_same_day``: whether it began on the day on which the pupil's course before it began.

    Examples
    --------
    >>> with_same_day(pd.DataFrame({"pupil_id": ["1", "1"], "start_date": ["2026-09-14", "2026-09-14"]}))["is_same_day"].tolist()
    [False, True]
    """
    before = ordered.groupby("pupil_id", sort=False)["start_date"].shift()
    return ordered.assign(is_same_day=ordered["start_date"] == before)


def order_words(row: dict) -> str:
    """Return a course's place in a pupil's sequence.

    Examples
    --------
    >>> order_words({"step": 2, "steps": 3, "is_same_day": False}), order_words({"step": 3, "steps": 3, "is_same_day": True})
    ('2 of 3', '3 of 3, same day')
    """
    place = f"{row['step']} of {row['steps']}"
    return f"{place}, same day" if row["is_same_day"] else place


SEQUENCE_COLUMNS = (
    *shown("pupil_name", "form"),
    Column("order", "Order", meaning="Which of the pupil's interventions", width=12),
    figure("intervention", meaning="What was tried", width=22),
    figure("start_date"),
    figure("end_date", heading="Ended"),
    figure("possible_sessions", meaning="Possible sessions in the window"),
    Column("expected_sessions", "Expected", Kind.NUMBER, "Sessions expected to be attended in the window"),
    figure("attended_sessions"),
    figure("as_like_pupils", meaning="Where the pupil landed beside pupils like them; or why there is no expectation", width=26),
    figure("recorded"),
    figure("next_step", meaning="What is done next, as recorded", width=14),
    figure("pupil_id"),
    Column("step", "Step", Kind.COUNT, "Place in the pupil's sequence", shown=False),
    Column("steps", "Steps", Kind.COUNT, "How many the pupil had", shown=False),
    *shown("weeks_run", "low_sessions", "high_sessions"),
    Column("is_overlapped", "Overlaps", Kind.FLAG, "The next began while this one's weeks were being counted", shown=False),
    figure("barrier", shown=False),
    figure("outcome", width=14),
    figure("reason_not_working"),
)  # fmt: skip
