"""Priority pupils: whom to talk about, in an order whose rule is printed."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.first_weeks import is_early
from attendance_lib.analysis.measures import is_short_enrolment, returned_of
from attendance_lib.analysis.plans import running_plans
from attendance_lib.analysis.priority import priority_of, rule_in_words, rule_of
from attendance_lib.analysis.support import short_day
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.first_weeks import columns_of, first_weeks_words
from attendance_lib.papers.shared import (
    FLAGS_MEANING,
    pupil_flags,
    pupil_names,
    returned_words,
)
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE

SHOWN_ROWS = 30
# Beyond a half term or so of full attendance the exact number tells a meeting nothing.
FARTHEST_SESSIONS = 80


def priority_counts(pack: Pack) -> Sentences:
    """Return how many pupils are in each category, and the rule for the order."""
    counts = priority_of(pack)["category"].value_counts()
    rule = rule_of(pack)
    words = [
        f"{label.lower()} {format_count(int(counts[label]))}"
        for _, label in rule.categories
        if label in counts
    ]
    total = format_count(len(priority_of(pack)), "pupil")
    items = (
        f"{total} to consider: {', '.join(words)}. Each stands in the first category that fits."
        if words
        else "No pupil to consider.",
        rule_in_words(rule),
    )
    return Sentences(name="priority_counts", items=items, style="note")


def priority_pupils(pack: Pack) -> Table:
    """Return the priority list: the first rows on the page, all of them in the workbook."""
    listed = priority_of(pack)
    plans = running_plans(pack)
    numbers, reviews = (listed["pupil_id"].map(plans[name].to_dict()) for name in ("plan_id", "review_day"))
    frame = listed.assign(
        plan_id=numbers,
        support_text=with_plan(listed["support_text"], numbers, reviews),
        pupil_name=pupil_names(listed),
        flags=pupil_flags(listed),
        is_short_enrolment=is_short_enrolment(listed["possible_sessions"], pack.fewest_sessions),
        distance=distances(listed["sessions_until_persistent"], listed["sessions_to_leave_persistent"]),
        reasons_and_pattern=[
            ". ".join(filter(None, texts))
            for texts in zip(listed["code_groups"], listed["pattern"], strict=True)
        ],
    )
    return Table(
        name="priority_pupils",
        title="Priority pupils",
        frame=frame,
        columns=columns_of(
            pack,
            without_lines(COLUMNS) if is_early(pack) else COLUMNS,
            before="attendance_rate",
            at_the_end=[short_enrolment_column(pack.fewest_sessions)],
        ),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note=f"{first_weeks_words(pack).strip() if is_early(pack) else OF_LATER_COLUMNS} {FLAGS_MEANING}."
        f"{returned_words(returned_of(pack))}",
        empty_text="Nobody is over a line, near one or falling fast.",
    )


def with_plan(support: pd.Series, numbers: pd.Series, reviews: pd.Series) -> list[str]:
    """Return support on file in words with the support plan that runs before it (one text per row): its number and its review.

    Examples
    --------
    >>> with_plan(pd.Series(["2 contacts", ""]), pd.Series(["SP013", None]), pd.Series(pd.to_datetime(["2026-12-11", None])))
    ['Plan SP013, review 11 Dec; 2 contacts', '']
    """
    told = [
        f"Plan {number}{f', review {short_day(day)}' if pd.notna(day) else ''}" if pd.notna(number) else ""
        for number, day in zip(numbers, reviews, strict=True)
    ]
    return ["; ".join(filter(None, both)) for both in zip(told, support, strict=True)]


OF_LATER_COLUMNS = (
    "Six weeks: attendance in each of the last six school weeks, oldest first. To or from 10%: how many more sessions missed in a "
    "row would make the pupil persistently absent, or how many attended in a row would end it."
)

# How far it is to a line, and the weeks of this year: what few sessions cannot tell makes room for last year on the page.
OF_LATER_WEEKS = ("distance", "recent_weeks")


def without_lines(columns: Sequence[Column]) -> list[Column]:
    """Return the columns of the first weeks, in which some stay in the workbook alone."""
    return [replace(each, shown=each.shown and each.name not in OF_LATER_WEEKS) for each in columns]


def distances(until: pd.Series, leave: pd.Series) -> list[str]:
    """Say how far each pupil is from the line of persistent absence, in sessions (one text per row).

    Examples
    --------
    >>> distances(pd.Series([3, None], dtype="Int64"), pd.Series([None, 24], dtype="Int64"))
    ['3 to reach', '24 to leave']
    """
    return [_distance(near, far) for near, far in zip(until, leave, strict=True)]


def short_enrolment_column(fewest_sessions: int) -> Column:
    """Return the column that flags enrolments of few possible sessions."""
    return Column(
        "is_short_enrolment",
        "Short enrolment",
        Kind.FLAG,
        meaning=f"Fewer than {fewest_sessions} possible sessions: read the rate with care",
        shown=False,
    )


def _distance(near: object, far: object) -> str:
    if pd.isna(far):
        return f"{near} to reach"
    return f"{far} to leave" if far <= FARTHEST_SESSIONS else f"over {FARTHEST_SESSIONS}"


COLUMNS = (
    *shown("pupil_name", "form"),
    Column("why", "Why now", meaning="The reasons that put the pupil on the list, and in its order", personal=True, width=30),
    figure("attendance_rate"),
    figure("absence_sessions", heading="Missed", width=8),
    figure("possible_sessions", heading="of", width=8),
    figure(
        "period_attendance_rate",
        highlights=(Highlight("at_most", 1 - PERSISTENT_ABSENCE.missed / PERSISTENT_ABSENCE.out_of, Tone.CAUTION),), width=9,
    ),
    Column(
        "recent_weeks", "Six weeks", Kind.SPARK,
        meaning="Attendance in each of the last six school weeks, oldest first", width=12,
    ),
    Column("distance", "To or from 10%", meaning="Sessions to reach, or to leave, persistent absence", width=11),
    Column(
        "reasons_and_pattern", "Sessions missed by reason; pattern",
        meaning="Absence by group of codes, year to date, and what stands out", personal=True, width=34,
    ),
    figure("support_text", meaning="The support plan by its number, interventions, contacts and notices this school year"),
    Column("flags", "Flags", meaning=FLAGS_MEANING, personal=True, width=16),
    *shown("pupil_id", "year_group"),
    Column("plan_id", "Plan", meaning="The support plan that runs: attendance run plan makes its copies", shown=False, width=9),
    Column(
        "code_groups", "Reasons",
        meaning="Sessions of absence by group of codes, year to date", personal=True, shown=False, width=32,
    ),
    Column(
        "pattern", "Pattern",
        meaning="A weekday or half of the day that stands out against the school's own rate", personal=True, shown=False, width=28,
    ),
    Column("category", "Category", meaning="The first category that fits", personal=True, shown=False, width=28),
    Column("points", "Points", Kind.COUNT, meaning="Points of the rule for the order", shown=False),
    Column("highest_tier", "Tier", Kind.COUNT, meaning="Highest tier of support now", personal=True, shown=False),
    figure("key_adult", shown=False),
    figure("last_contact_date", meaning="Last contact with home on file", shown=False),
    Column(
        "next_review_date", "Plan review", Kind.DATE,
        meaning="Next review of support, or one overdue", personal=True, shown=False,
    ),
    Column("sessions_until_persistent", "Sessions until persistent absence", Kind.COUNT, meaning="If missed in a row", shown=False),
    Column(
        "sessions_to_leave_persistent", "Sessions to leave persistent absence", Kind.COUNT,
        meaning="If attended in a row", shown=False,
    ),
)  # fmt: skip
