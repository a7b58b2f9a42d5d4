"""What the school's own log suggests for each barrier, with the strength of that evidence; never a suggestion without it."""

import pandas as pd

from attendance_lib.analysis.impact.pooling import FALSE_DISCOVERY_RATE
from attendance_lib.analysis.impact.suggestions import OTHER, SAME
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.format import format_count, format_percent, format_points, format_span
from attendance_lib.sections.impact_columns import AMONG_MANY, CAUTIOUS, FINDING, RANGE_ENDS
from attendance_lib.sections.impact_paper import ImpactPaper
from attendance_lib.sections.impact_words import STANDS_NOT, verdict_words
from attendance_lib.sections.logs import in_words, not_exported

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


def suggestions_lead(paper: ImpactPaper) -> Sentences:
    """Say what the log suggests for which barriers; that it suggests nothing yet where it does not."""
    name = "suggestions_lead"
    if paper.school.interventions is None:
        return Sentences(name, (not_exported("interventions"),))
    table = paper.suggestions.table
    helped = table[table["verdict"] == Verdict.HELPED]
    own = [
        f"{barrier}: {in_words(list(rows['intervention']))}"
        for barrier, rows in helped[helped["basis"] == SAME].groupby("barrier")
    ]
    told = (
        f"Likely to have helped pupils with the same barrier: {'; '.join(own)}." if own else f"{NOTHING_YET}."
    )
    others = sorted(helped.loc[helped["basis"] == OTHER, "intervention"].unique())
    more = (
        f"For barriers with nothing of their own, {in_words(others)} likely helped pupils with other barriers."
        if others
        else ""
    )
    return Sentences(name, tuple(filter(None, (told, more, too_few_in_words(table)))))


def too_few_in_words(table: pd.DataFrame) -> str:
    """Say of how many pairs (rows) of a barrier and an intervention too little is known; empty where of none."""
    unknown = int((table["verdict"] == Verdict.TOO_FEW).sum())
    if not unknown:
        return ""
    own = int((table["basis"] == SAME).sum())
    return (
        f"Of {format_count(unknown)} of the {format_count(own, 'pair')} of barrier and intervention that were tried, there are "
        "too few to tell: they are neither suggested nor advised against."
    )


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
        empty_text="No intervention that is asked about could be evaluated for any barrier."
        if paper.school.interventions is not None
        else not_exported("interventions"),
    )


SUGGESTION_COLUMNS = (
    Column("barrier", "Barrier", meaning="What keeps pupils from attending, as recorded", width=22),
    Column("intervention", "Intervention", meaning="What was tried", width=22),
    Column(
        "said", "What can be said", meaning="The verdict of the pool, and why there is none", width=30,
        highlights=(
            Highlight("equals", str(Verdict.HELPED), Tone.GOOD), Highlight("equals", str(Verdict.WORSE), Tone.ALERT),
        ),
    ),
    Column("evidence", "Evidence", meaning="Pooled difference, its 95% range, pupils and rounds", width=34),
    Column("basis", "Of", meaning="Whom the evidence is of", width=20),
    Column("reading", "What it allows", meaning="Whether it may be suggested", width=36),
    *FINDING,
    Column("rounds", "Rounds", Kind.COUNT, "Rounds pooled", shown=False),
    Column("pupils", "Pupils", Kind.COUNT, "Different pupils pooled", shown=False),
    Column("estimate", "Difference", Kind.POINTS, "Pooled difference of actual and expected attendance", shown=False),
    *RANGE_ENDS,
    CAUTIOUS,
    Column("pupils_left_out", "Left out", Kind.COUNT, "Pupils in rounds without enough pupils like them", shown=False),
    *AMONG_MANY,
)  # fmt: skip
