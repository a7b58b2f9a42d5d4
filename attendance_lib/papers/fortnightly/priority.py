"""Priority pupils: whom to talk about, in an order whose rule is printed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from attendance_lib.analysis.action_log import CLOSED
from attendance_lib.analysis.first_weeks import is_early
from attendance_lib.analysis.headline import returned_of
from attendance_lib.analysis.measures import is_short_enrolment
from attendance_lib.analysis.notice_cases import gates_in_words
from attendance_lib.analysis.plans import running_plans
from attendance_lib.analysis.priority import priority_of, rule_in_words, rule_of
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, hiding, shown
from attendance_lib.display.format import format_count
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.cases import merged_actions
from attendance_lib.papers.chances import with_year_end, year_end_columns, year_end_words
from attendance_lib.papers.first_weeks import columns_of, first_weeks_words
from attendance_lib.papers.links import gate_pages, plan_pages
from attendance_lib.papers.shared import (
    FLAGS_MEANING,
    pupil_flags,
    pupil_names,
    returned_words,
)
from attendance_lib.register.grid import Register
from attendance_lib.rules.calendar import short_day
from attendance_lib.rules.codes import ATTENDED, POSSIBLE
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
    columns, at_the_end = columns_with_year_end(pack), [short_enrolment_column(pack.fewest_sessions)]
    return Table(
        name="priority_pupils",
        title="Priority pupils",
        frame=with_year_end(priority_rows(pack), pack),
        columns=columns_of(pack, columns, before="attendance_rate", at_the_end=at_the_end),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note=f"{first_weeks_words(pack).strip() if is_early(pack) else later_words(pack)}{year_end_words(pack)} {FLAGS_MEANING}."
        f"{returned_words(returned_of(pack))}",
        empty_text="Nobody is over a line, near one or falling fast.",
    )


@derived
def priority_rows(pack: Pack) -> pd.DataFrame:
    """Return the pupils of the priority list, in its order, with what is on file of each, in words.

    Returns
    -------
    pandas.DataFrame
        One row per pupil: the columns of ``priority_of`` (counts in sessions, rates in [0, 1]), the plan and the gate of a notice
        with the pages that tell of them, ``support_text``, ``pupil_name``, ``flags``, ``is_short_enrolment``, ``distance`` (to
        and from persistent absence) and ``reasons_and_pattern``.
    """
    listed, plans = priority_of(pack), running_plans(pack)
    numbers, versions, reviews = (
        listed["pupil_id"].map(plans[name].to_dict()) for name in ("plan_id", "version", "review_day")
    )
    gates = listed["pupil_id"].map(gates_in_words(pack))
    reasons = zip(listed["code_groups"], listed["pattern"], strict=True)
    return listed.assign(
        plan_id=numbers,
        plan_page=numbers.map(plan_pages(pack)),
        gate=gates,
        gate_page=listed["pupil_id"].where(gates.notna()).map(gate_pages(pack)),
        support_text=with_plan(listed["support_text"], plans_in_words(numbers, versions, reviews), gates),
        pupil_name=pupil_names(listed),
        flags=pupil_flags(listed),
        is_short_enrolment=is_short_enrolment(listed["possible_sessions"], pack.fewest_sessions),
        distance=distances(listed["sessions_until_persistent"], listed["sessions_to_leave_persistent"]),
        reasons_and_pattern=[". ".join(filter(None, texts)) for texts in reasons],
    )


def plans_in_words(numbers: pd.Series, versions: pd.Series, reviews: pd.Series) -> list[str]:
    """Return the support plan that runs for each pupil (one text per row): its number, version and review; empty for none.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2026-12-11", None]))
    >>> plans_in_words(pd.Series(["SP013", None]), pd.Series([2, None]), days)
    ['Plan SP013, version 2, review 11 Dec', '']
    """
    rows = zip(numbers, versions, reviews, strict=True)
    return [
        f"Plan {number}, version {version:.0f}{f', review {short_day(day)}' if pd.notna(day) else ''}"
        if pd.notna(number)
        else ""
        for number, version, day in rows
    ]


def with_plan(support: pd.Series, plans: Sequence[str], gates: pd.Series) -> list[str]:
    """Return support on file in words with the plan that runs and the gate of a notice before it (one text per row).

    Examples
    --------
    >>> with_plan(pd.Series(["2 contacts", ""]), ["Plan SP013, version 2", ""], pd.Series(["gate: 2 to do", None]))
    ['Plan SP013, version 2; gate: 2 to do; 2 contacts', '']
    """
    known = zip(plans, gates.astype(object).fillna(""), support, strict=True)
    return ["; ".join(filter(None, parts)) for parts in known]


SIX_WEEKS = "Six weeks: attendance in each of the last six school weeks, oldest first."
TO_OR_FROM = (
    " To or from 10%: how many more sessions missed in a row would make the pupil persistently absent, or how many attended in a "
    "row would end it."
)


def later_words(pack: Pack) -> str:
    """Say, once the first weeks are over, what the columns are that the page shows beside the rates."""
    return SIX_WEEKS if year_end_columns(pack) else f"{SIX_WEEKS}{TO_OR_FROM}"


# How far it is to a line, and the weeks of this year: what few sessions cannot tell makes room for last year on the page.
OF_LATER_WEEKS = ("distance", "recent_weeks")


def without_lines(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns of the first weeks, in which some stay in the workbook alone."""
    return hiding(columns, OF_LATER_WEEKS)


def columns_with_year_end(pack: Pack) -> list[Column]:
    """Return the columns of the list: the end of the year, where it is proved, in place of the distance to the line."""
    columns, ends = without_lines(COLUMNS) if is_early(pack) else COLUMNS, year_end_columns(pack)
    place = [column.name for column in columns].index("distance")
    distance = replace(columns[place], shown=columns[place].shown and not ends)
    return [*columns[:place], distance, *ends, *columns[place + 1 :]]


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
    figure(
        "support_text",
        meaning="The support plan by its number (attendance run plan), what stands in the way of a referral (gate: attendance run "
        "notices), interventions, contacts and notices this school year",
        links=(("plan_id", "plan_page"), ("gate", "gate_page")),
    ),
    Column("flags", "Flags", meaning=FLAGS_MEANING, personal=True, width=16),
    *shown("pupil_id", "year_group"),
    figure(
        "plan_id", meaning="The support plan that runs: attendance run plan makes its copies", shown=False,
        links=(("", "plan_page"),),
    ),
    *shown("plan_page"), figure("gate", links=(("", "gate_page"),)), *shown("gate_page"),
    figure("code_groups", shown=False, width=32),
    figure("pattern", shown=False, width=28),
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


# The one fact that sets a pupil apart, for the first page: what all on the list have in common tells a meeting nothing

# From so many sessions missed one after the other, up to the last register, a spell is what there is to say.
LONG_SPELL = 10
# From so many unauthorised sessions, if they are most of what was missed.
MANY_UNAUTHORISED = 10


def facts_apart(pack: Pack, listed: pd.DataFrame) -> list[str]:
    """Return the one fact that sets each listed pupil apart, the first that there is.

    Parameters
    ----------
    pack : Pack
        Whose list.
    listed : pandas.DataFrame
        Rows of ``priority_of``.

    Returns
    -------
    list of str
        One per row: what was agreed last and whether it was done; since when the pupil has not been in; how much is
        unauthorised; the reason for two thirds or more; the pattern; else the reasons in order.
    """
    agreed, away = agreed_last(pack), absent_since(pack.roll.year_to_date)
    rows = listed.to_dict("records")
    return [agreed.get(row["pupil_id"]) or away.get(row["pupil_id"]) or of_the_year(row) for row in rows]


def agreed_last(pack: Pack) -> dict[str, str]:
    """Return what was agreed last for each pupil and what became of it by the end of the period, in words.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> actions = pd.DataFrame({"pupil_id": "1", "action_id": ["A1", "A2"], "action": ["ring home", "visit"], "status": "open"})
    >>> actions = actions.assign(raised_on=pd.to_datetime(["2026-11-02", "2026-11-09"]), due_date=pd.Timestamp(2026, 11, 13))
    >>> agreed_last(SimpleNamespace(date_to="2026-11-20", results={merged_actions: actions}))
    {'1': 'Agreed 9 Nov: visit; not done, due 13 Nov'}
    """
    actions, end = merged_actions(pack), pd.Timestamp(pack.date_to)
    known = actions[actions["pupil_id"].notna() & (actions["raised_on"] <= end)]
    last = known.sort_values(["raised_on", "action_id"], kind="stable").drop_duplicates(
        "pupil_id", keep="last"
    )
    return {
        row["pupil_id"]: f"Agreed {short_day(row['raised_on'])}: {row['action']}; {became(row, end)}"
        for row in last.to_dict("records")
    }


def became(action: Mapping[str, object], end: pd.Timestamp) -> str:
    """Return what became of an action by a day.

    Examples
    --------
    >>> became({"status": "open", "due_date": pd.Timestamp(2026, 11, 13)}, pd.Timestamp(2026, 11, 20))
    'not done, due 13 Nov'
    """
    if action["status"] in CLOSED:
        done = "" if pd.isna(action["completed_on"]) else f" {short_day(action['completed_on'])}"
        return f"{action['status']}{done}"
    if pd.isna(action["due_date"]):
        return "not done yet"
    return f"{'not done, ' if action['due_date'] < end else ''}due {short_day(action['due_date'])}"


def absent_since(register: Register) -> dict[str, str]:
    """Return since when pupils have missed every possible session up to the last register, if those are many, in words.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> codes = np.array([[cell_of(code) for code in marks] for marks in ("//" + "I" * 10, "///" + "I" * 9)], dtype=np.uint8)
    >>> sessions = pd.DataFrame({"date": pd.date_range("2026-11-02", periods=6).repeat(2)})
    >>> absent_since(Register(codes, pd.DataFrame({"pupil_id": ["1", "2"]}), sessions.reset_index(drop=True)))
    {'1': 'Not in since 3 Nov: 10 sessions'}
    """
    known = np.isin(register.categories, POSSIBLE)
    attended = np.isin(register.categories, ATTENDED)
    days, said = register.sessions["date"], {}
    for pupil, possible, was_in in zip(register.pupils["pupil_id"], known, attended, strict=True):
        begun = np.flatnonzero(was_in)[-1] + 1 if was_in.any() else 0
        missed = np.flatnonzero(possible[begun:]) + begun
        if len(missed) >= LONG_SPELL:
            said[pupil] = (
                f"Not in since {short_day(days.iloc[missed[0]])}: {format_count(len(missed), 'session')}"
            )
    return said


def of_the_year(row: Mapping[str, object]) -> str:
    """Return what stands out in a pupil's absence of the year to date (a row of ``priority_of``).

    Examples
    --------
    >>> counts = {"absence_sessions": 20, "unauthorised_absence_sessions": 4, "pattern": "mostly Mondays"}
    >>> of_the_year(counts | {"code_groups": "Illness 14, No reason yet 6"})
    'Illness 14 of 20'
    >>> of_the_year(counts | {"code_groups": "Illness 13, No reason yet 7"})
    'Mostly Mondays'
    """
    missed, unauthorised = int(row["absence_sessions"]), int(row["unauthorised_absence_sessions"])
    if unauthorised >= MANY_UNAUTHORISED and 2 * unauthorised > missed:
        return f"{format_count(unauthorised)} of {format_count(missed)} missed are unauthorised"
    first = row["code_groups"].partition(", ")[0]
    reason, _, count = first.rpartition(" ")
    if count and 3 * int(count) >= 2 * missed:
        return f"{reason} {count} of {format_count(missed)}"
    pattern = row["pattern"]
    return pattern[:1].upper() + pattern[1:] if pattern else row["code_groups"]
