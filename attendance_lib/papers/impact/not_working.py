"""The impact paper's third part: what shows no clear effect after a fair trial, what staff wrote down, and what to try next."""

from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.impact.courses import (
    BELOW,
    FAIR_NO_EFFECT,
    FAIR_TRIAL,
    UNFAIR,
    WITHIN,
    count_fair_trials,
    standing_of,
)
from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.pools import FALSE_DISCOVERY_RATE
from attendance_lib.analysis.impact.rounds import OTHER, SAME
from attendance_lib.analysis.impact.verdicts import (
    FEW_PUPILS,
    NOBODY_LEFT,
    RANGE_TOO_WIDE,
    SELF_TEST_OFF,
    Verdict,
)
from attendance_lib.analysis.impact.what_next import (
    MET,
    RECORDED,
    count_recorded,
    pupils_without_effect,
    small_letters,
)
from attendance_lib.analysis.intervention_log import NO_CHANGE
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import (
    format_count,
    format_percent,
    format_points,
    format_short_date,
    format_span,
)
from attendance_lib.papers.impact_words import (
    FINDING,
    NEVER_DELAYED,
    STANDS_NOT,
    of_the_log,
    verdict_words,
    without_last_bits,
)
from attendance_lib.papers.shared import listed, pupil_names
from attendance_lib.papers.shared import listed as in_words

# What the school's own log suggests for each barrier, with the strength of that evidence; never a suggestion without it

NOTHING_YET = (
    "As yet nothing in the log is likely to have helped pupils with the barrier it was tried for, so nothing can be suggested "
    "from it"
)


def suggested(paper: ImpactPaper, courses: pd.DataFrame) -> list[str]:
    """Return what could be tried next for each course's pupil, with its evidence, in words (one text per row).

    Empty where nothing is likely to have helped; nothing that there are too few to tell of is suggested.
    """
    found = paper.suggestions.to_try(courses, paper.study.courses)
    return [suggestion_words(row) if pd.notna(row["basis"]) else "" for row in found.to_dict("records")]


def suggestion_words(row: dict) -> str:
    """Return a suggestion with whom its evidence is of and how strong it is.

    Examples
    --------
    >>> suggestion_words({"intervention": "Mentor", "basis": SAME, "estimate": 0.041, "low": 0.012, "high": 0.07,
    ...     "pupils": 56, "rounds": 3, "stands_among_many": True})
    'Mentor: likely helped pupils with this barrier (+4.1 points, range +1.2 to +7.0; 56 pupils in 3 rounds)'
    """
    luck = "" if row["stands_among_many"] else f"; {STANDS_NOT}"
    return f"{row['intervention']}: likely helped {row['basis']} ({evidence_words(row)}{luck})"


def evidence_words(row: dict) -> str:
    """Return a pooled estimate with its range, pupils and rounds; how many were left out where there is no estimate.

    Examples
    --------
    >>> evidence_words({"estimate": 0.04, "low": 0.01, "high": 0.07, "pupils": 40, "rounds": 3})
    '+4.0 points, range +1.0 to +7.0; 40 pupils in 3 rounds'
    """
    if pd.isna(row["estimate"]):
        return f"no estimate; {format_count(row['pupils_left_out'], 'pupil')} without enough pupils like them"
    size = f"{format_count(row['pupils'], 'pupil')} in {format_count(row['rounds'], 'round')}"
    return f"{format_points(row['estimate'])} points, range {format_span(row['low'], row['high'])}; {size}"


@of_the_log
def suggestions_lead(paper: ImpactPaper) -> Sentences:
    """Say what the log suggests for which barriers; that it suggests nothing yet where it does not."""
    name = "suggestions_lead"
    table = paper.suggestions.table
    helped = table[table["verdict"] == Verdict.HELPED]
    own = [
        f"{barrier}: {listed(list(rows['intervention']))}"
        for barrier, rows in helped[helped["basis"] == SAME].groupby("barrier")
    ]
    told = (
        f"Likely to have helped pupils with the same barrier: {'; '.join(own)}." if own else f"{NOTHING_YET}."
    )
    others = sorted(helped.loc[helped["basis"] == OTHER, "intervention"].unique())
    more = (
        f"For barriers with nothing of their own, {listed(others)} likely helped pupils with other barriers."
        if others
        else ""
    )
    return Sentences(name, tuple(filter(None, (told, more, too_few_in_words(table)))))


def too_few_in_words(table: pd.DataFrame) -> str:
    """Say of how many pairs (rows) of a barrier and an intervention too little is known; empty where of none.

    Examples
    --------
    >>> pairs = pd.DataFrame({"verdict": [Verdict.TOO_FEW, Verdict.HELPED], "basis": [SAME, SAME]})
    >>> too_few_in_words(pairs)[:59]
    'Of 1 of the 2 pairs of barrier and intervention that were t'
    """
    unknown = int((table["verdict"] == Verdict.TOO_FEW).sum())
    if not unknown:
        return ""
    own = int((table["basis"] == SAME).sum())
    return (
        f"Of {format_count(unknown)} of the {format_count(own, 'pair')} of barrier and intervention that were tried, there are "
        "too few to tell: they are neither suggested nor advised against."
    )


@of_the_log
def suggestions(paper: ImpactPaper) -> Table:
    """Return for each barrier what has been tried, what came of it, how surely, and what it allows to be suggested."""
    table = paper.suggestions.table
    rows = table.to_dict("records")
    frame = table.assign(
        said=[verdict_words(row["verdict"], row["reason"], stands=row["stands_among_many"]) for row in rows],
        evidence=[evidence_words(row) for row in rows],
    )
    return Table(
        name="suggestions",
        title="What has helped pupils with the same barrier",
        frame=frame,
        columns=SUGGESTION_COLUMNS,
        row_header="barrier",
        note="From this school's log alone: pupils with the barrier who began the intervention, against everyone comparable, "
        "pooled over terms (random effects). Only what likely helped is suggested. Held at a false discovery rate of "
        f"{format_percent(FALSE_DISCOVERY_RATE, 0)}; what is not, {STANDS_NOT}.",
        empty_text="No intervention that is asked about could be evaluated for any barrier.",
    )


SUGGESTION_COLUMNS = (
    Column("barrier", "Barrier", meaning="What keeps pupils from attending, as recorded", width=22),
    figure("intervention", meaning="What was tried", width=22),
    figure(
        "said",
        highlights=(
            Highlight("equals", str(Verdict.HELPED), Tone.GOOD), Highlight("equals", str(Verdict.WORSE), Tone.ALERT),
        ),
    ),
    Column("evidence", "Evidence", meaning="Pooled difference, its 95% range, pupils and rounds", width=34),
    Column("basis", "Of", meaning="Whom the evidence is of", width=20, once=True),
    Column("reading", "What it allows", meaning="Whether it may be suggested", width=36, once=True),
    *FINDING,
    figure("rounds", shown=False),
    figure("pupils", meaning="Different pupils pooled", shown=False),
    figure("estimate", meaning="Pooled difference of actual and expected attendance", shown=False),
    *shown("range_from", "range_to", "cautious_estimate"),
    figure("pupils_left_out", meaning="Pupils in rounds without enough pupils like them", shown=False),
    *shown("q_value", "stands_among_many"),
)  # fmt: skip


SHOWN_ROWS = 15
LANDED = {BELOW: "lower than pupils like them", WITHIN: "as pupils like them"}
NO_FAIR_TRIAL = "No pupil on roll had a fair trial without a clear effect and still misses 10% or more."
ALL_HELPED = "No intervention that is asked about is without a clear effect."
STEPS = {
    str(Verdict.WORSE): "Stop or change it before the next group starts, and ask the pupils why",
    FAIR_NO_EFFECT: "Decide before its next review what it is for, and change one part of it",
    UNFAIR: "Let it run to a fair trial before it is judged",
    f"{Verdict.TOO_FEW}: {FEW_PUPILS}": "No sign either way: go on, and let terms add up",
    f"{Verdict.TOO_FEW}: {RANGE_TOO_WIDE}": "No sign either way: go on, and let terms add up",
    f"{Verdict.TOO_FEW}: {SELF_TEST_OFF}": "No sign that can be trusted: find what is amiss (its card says where to look)",
    f"{Verdict.TOO_FEW}: {NOBODY_LEFT}": "No sign either way: go on, and keep start dates in the log",
}
NOBODY_LIKE = (
    "No sign either way: start the next group from a waiting list or by lot, so that there is someone to compare with; "
    f"{NEVER_DELAYED}"
)


def listed_pupils(paper: ImpactPaper) -> pd.DataFrame:
    """Return the courses of the cohort's pupils on roll after a fair trial without a clear effect (one row each, in sessions)."""
    return pupils_without_effect(paper.study.courses, totals_of(paper.pack)["pupil_id"])


def standings(paper: ImpactPaper) -> pd.DataFrame:
    """Return the interventions that are not likely to have helped, with what may be said of each (one row each, fractions)."""
    fair = count_fair_trials(paper.study.courses)
    left = [each for each in paper.ranked if each.impact.verdict is not Verdict.HELPED]
    names = [each.impact.intervention for each in left]
    trials = fair.reindex(names, fill_value=0).tolist()
    told = [standing_of(each.impact.judgement, count) for each, count in zip(left, trials, strict=True)]
    known = paper.impacts.set_index("intervention").loc[names].reset_index()
    return known.assign(standing=told, fair_trials=trials)


@of_the_log
def not_working_lead(paper: ImpactPaper) -> Sentences:
    """Say how many interventions and pupils show no clear effect after a fair trial, and what is on record of them."""
    name = "not_working_lead"
    items = (interventions_in_words(standings(paper)), *pupils_in_words(listed_pupils(paper)), FAIR_TRIAL)
    return Sentences(name, tuple(filter(None, items)))


def interventions_in_words(standing: pd.DataFrame) -> str:
    """Return a sentence on the interventions (rows) without a clear effect; empty where there is none of any kind.

    Examples
    --------
    >>> standing = pd.DataFrame({"intervention": ["Mentor"], "standing": [str(Verdict.TOO_FEW)], "verdict": [Verdict.TOO_FEW]})
    >>> interventions_in_words(standing).partition(". ")[0]
    'No intervention is known to be without a clear effect'
    """
    if standing.empty:
        return ""
    found = [
        f"{verdict}: {in_words(list(rows['intervention']))}"
        for verdict, rows in standing.groupby("standing", sort=False)
        if verdict in (str(Verdict.WORSE), FAIR_NO_EFFECT, UNFAIR)
    ]
    unknown = int((standing["verdict"] == Verdict.TOO_FEW).sum())
    rest = f"Of {format_count(unknown)} there are too few to tell, which is no sign that they do not work."
    told = "; ".join(found) if found else "no intervention is known to be without a clear effect"
    start = f"{told[0].upper()}{told[1:]}."
    return f"{start} {rest}" if unknown else start


def pupils_in_words(listed: pd.DataFrame) -> tuple[str, ...]:
    """Return sentences on the pupils after a fair trial, those without a change recorded and those written down as met.

    ``listed`` is ``listed_pupils``, one row per course.

    Examples
    --------
    >>> listed = pd.DataFrame({"pupil_id": ["1", "1"], "is_not_begun": False, "outcome": ["Met", None]})
    >>> _, bare, met = pupils_in_words(listed.assign(has_no_change_recorded=[False, True]))
    >>> bare.partition(":")[0], met.partition(",")[0]
    ('1 of these has no change recorded', 'For 1 the outcome is written down as met')
    """
    if listed.empty:
        return (NO_FAIR_TRIAL,)
    bare, waiting = int(listed["has_no_change_recorded"].sum()), int(listed["is_not_begun"].sum())
    met = int((small_letters(listed["outcome"]) == MET).sum())
    items = (
        f"{format_count(listed['pupil_id'].nunique(), 'pupil')} on roll had a fair trial of an intervention, still missed 10% or "
        f"more in its window and landed where pupils like them land, or lower: {format_count(len(listed), 'course')} in all.",
        f"{format_count(bare)} of these {'has' if bare == 1 else 'have'} no change recorded: no outcome, no next step and nothing "
        "begun since. Act on these first.",
        f"For {format_count(waiting)} a next step is written, but nothing has begun since."
        if waiting
        else "",
        f"For {format_count(met)} the outcome is written down as met, though the pupil landed where pupils like them land without "
        "it: attendance picked at a low point mostly rises of itself."
        if met
        else "",
    )
    return tuple(filter(None, items))


@of_the_log
def interventions_not_working(paper: ImpactPaper) -> Table:
    """Return the interventions that are not likely to have helped, with what may be said and what to do next."""
    rows = standings(paper)
    told = rows.to_dict("records")
    frame = rows.assign(
        said=[
            row["standing"]
            if row["reason"]
            else verdict_words(row["standing"], "", stands=row["stands_among_many"])
            for row in told
        ],
        span=[format_span(row["low"], row["high"]) for row in told],
        what_to_do=[step_words(row) for row in told],
    )
    return Table(
        name="not_working",
        title="Interventions that are not likely to have helped",
        frame=without_last_bits(frame),
        columns=NOT_WORKING_COLUMNS,
        row_header="intervention",
        note=f"{FAIR_TRIAL} Too few to tell is no sign that an intervention does not work.",
        empty_text=ALL_HELPED,
    )


def step_words(row: dict) -> str:
    """Return what the evidence allows as a next step, with the gain that is not ruled out where there is no clear effect.

    Examples
    --------
    >>> step_words({"standing": FAIR_NO_EFFECT, "high": 0.056})
    'Decide before its next review what it is for, and change one part of it; a gain of up to 5.6 points is not ruled out'
    """
    step = STEPS.get(row["standing"], NOBODY_LIKE)
    if row["standing"] != FAIR_NO_EFFECT:
        return step
    gain = format_points(row["high"]).removeprefix("+")
    return f"{step}; a gain of up to {gain} points is not ruled out"


@of_the_log
def pupils_not_working(paper: ImpactPaper) -> Table:
    """Return the pupils on roll after a fair trial without a clear effect: what is recorded, and what to try."""
    frame = rows_not_working(paper)
    has_any = bool((frame["suggestion"] != "").any())
    return Table(
        name="pupils_not_working",
        title="Pupils without a clear effect after a fair trial",
        frame=frame,
        columns=tuple(
            replace(column, shown=has_any) if column.name == "suggestion" else column
            for column in PUPIL_COLUMNS
        ),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note="No change recorded first: neither outcome nor next step is written, and nothing else has begun. One pupil's "
        "attendance is mostly chance: a reason to talk, not a judgement of the pupil or of who helps. Expected: that of "
        "pupils with the same history over the same weeks; about 80 in 100 pupils like them land in the range. A course may "
        "have helped a pupil on this list and not shown.",
        empty_text=NO_FAIR_TRIAL,
    )


def rows_not_working(paper: ImpactPaper) -> pd.DataFrame:
    """Return ``listed_pupils`` (one row per course, with its sessions) with names, rates in [0, 1], and what is recorded."""
    rows = with_names(listed_pupils(paper), paper)
    return rows.assign(
        window_attendance_rate=rows["attended_sessions"] / rows["possible_sessions"],
        expected_attendance_rate=rows["expected_sessions"] / rows["possible_sessions"],
        as_like_pupils=rows["landed"].map(LANDED),
        recorded=recorded_in_words(rows),
        what_next=[since_words(row) for row in rows.to_dict("records")],
        suggestion=suggested(paper, rows),
    )


def with_names(courses: pd.DataFrame, paper: ImpactPaper) -> pd.DataFrame:
    """Add ``pupil_name``, ``form`` and ``year_group`` of pupils on roll to courses (rows), in the same order."""
    totals = totals_of(paper.pack)
    named = totals.assign(pupil_name=pupil_names(totals))[["pupil_id", "pupil_name", "form", "year_group"]]
    return courses.merge(named.drop_duplicates("pupil_id"), on="pupil_id", how="left", validate="m:1")


def since_words(row: dict) -> str:
    """Return the next step as written and what has begun since, or that no change is recorded.

    Examples
    --------
    >>> since_words({"next_step": "escalate", "later_intervention": None, "is_not_begun": True})
    'escalate; nothing begun since'
    >>> since_words({"next_step": None, "later_intervention": "Mentor", "later_start_date": "2026-11-09", "is_not_begun": False})
    'Mentor from 9 Nov 26'
    """
    step = "" if pd.isna(row["next_step"]) else str(row["next_step"]).strip()
    later = row["later_intervention"]
    began = "" if pd.isna(later) else f"{later} from {format_short_date(row['later_start_date'])}"
    waits = "nothing begun since" if row["is_not_begun"] else ""
    return "; ".join(filter(None, (step, began, waits))) or NO_CHANGE


def recorded_in_words(courses: pd.DataFrame) -> list[str]:
    """Return outcome and reason as written, one text per row; empty where neither is.

    Examples
    --------
    >>> recorded_in_words(pd.DataFrame({"outcome": ["not met", None], "reason_not_working": ["family moved", None]}))
    ['not met: family moved', '']
    """
    parts = courses[["outcome", "reason_not_working"]].astype(object).fillna("").astype(str)
    return [
        ": ".join(filter(None, row))
        for row in zip(parts["outcome"], parts["reason_not_working"], strict=True)
    ]


@of_the_log
def what_is_recorded(paper: ImpactPaper) -> Table:
    """Return what staff wrote down of the courses listed: barriers, reasons, outcomes and next steps, with counts."""
    listed = listed_pupils(paper)
    return Table(
        name="recorded",
        title="Barriers, reasons and next steps recorded",
        frame=count_recorded(listed),
        columns=RECORDED_COLUMNS,
        row_header="value",
        note=f"Of the {format_count(len(listed), 'course')} in the list of pupils. A reason that is not recorded cannot be acted "
        f"on; {NO_CHANGE.lower()} is something to act on.",
        empty_text=NO_FAIR_TRIAL,
    )


NOT_WORKING_COLUMNS = (
    figure("intervention"),
    figure(
        "said", meaning="The verdict, and whether there was a fair trial",
        highlights=(Highlight("equals", str(Verdict.WORSE), Tone.ALERT), Highlight("equals", FAIR_NO_EFFECT, Tone.CAUTION)),
    ),
    figure("pupils"),
    Column("fair_trials", "Fair trials", Kind.COUNT, FAIR_TRIAL),
    *shown("estimate", "span", "smallest_effect"),
    Column("barriers", "Barriers", meaning="Barriers it was used for, the most frequent first", width=22),
    Column("what_to_do", "Next", meaning="What the evidence allows as a next step", width=36),
    *FINDING,
    *shown("range_from", "range_to"),
)  # fmt: skip
PUPIL_COLUMNS = (
    *shown("pupil_name", "form"),
    figure("intervention", meaning="What was tried", width=18),
    figure("start_date"),
    Column("window_attendance_rate", "Attendance", Kind.RATE, "Attended out of possible sessions in the window"),
    Column("expected_attendance_rate", "Expected", Kind.RATE, "Expected of pupils with the same history over the same weeks"),
    figure("as_like_pupils"),
    figure("barrier", width=16),
    figure("recorded", width=24, once=True),
    Column(
        "what_next", "Since then", meaning="Next step recorded, what has begun since, or no change recorded", personal=True,
        width=18, once=True, highlights=(Highlight("equals", NO_CHANGE, Tone.ALERT),),
    ),
    Column("suggestion", "To consider", meaning="What the log says helped pupils with the same barrier, and how surely", width=30),
    *shown("pupil_id", "year_group", "weeks_run"),
    Column("weeks_since", "Weeks since", Kind.COUNT, "School weeks of the window that have passed", shown=False),
    figure("attended_sessions", shown=False),
    figure("possible_sessions", meaning="Possible sessions in the window", shown=False),
    Column("expected_sessions", "Sessions expected", Kind.NUMBER, "Sessions expected in the window", shown=False),
    *shown("low_sessions", "high_sessions"),
    figure("outcome", width=16),
    figure("reason_not_working"),
    figure("next_step", meaning="What is done next, as recorded", shown=False, width=16),
    Column("later_intervention", "Began since", meaning="The next intervention to begin", shown=False, width=18),
    Column("later_start_date", "On", Kind.DATE, "When it began", shown=False),
)  # fmt: skip
RECORDED_COLUMNS = (
    Column("recorded", "Recorded", meaning=f"Which field of the log: {', '.join(RECORDED.values()).lower()}", width=24),
    Column(
        "value", "Value", meaning="What staff wrote; or that nothing is recorded", width=40,
        highlights=(Highlight("equals", NO_CHANGE, Tone.ALERT),),
    ),
    Column("courses", "Courses", Kind.COUNT, "Courses of an intervention"),
    figure("pupils", meaning="Different pupils"),
)  # fmt: skip
