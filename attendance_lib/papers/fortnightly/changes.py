"""What changed since last time: who crossed a line, and what later edits of old marks did, kept apart."""

import pandas as pd

from attendance_lib.analysis.headline import returned_of, totals_of
from attendance_lib.analysis.movement import (
    BY_EDIT,
    SINCE,
    STANDING_LABELS,
    count_crossings,
    count_new,
    crossings_of,
    late_edits,
)
from attendance_lib.display import Column, Kind, Sentences, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.first_weeks import (
    columns_of,
    first_weeks_words,
    rates_words,
    severe_last_year_first,
)
from attendance_lib.papers.shared import (
    pupil_names,
    returned_words,
)

LINES = {
    "severe": "Severe absence (50% or more missed)",
    "persistent": "Persistent absence (10% or more missed)",
    "at_risk": "At risk (5% to under 10% missed)",
}
DIRECTIONS = {True: "\N{DOWNWARDS ARROW} worse", False: "\N{UPWARDS ARROW} better"}
SHOWN_ROWS = 26
FIRST_PERIOD = "This is the school year's first period, so there is nothing to compare with."


def crossing_counts(pack: Pack) -> Table:
    """Return how many joined and left each line, by what happened since and by edits of earlier marks."""
    crossed = count_crossings(crossings_of(pack))
    counts = crossed.pivot(index="line", columns="cause", values=["joined", "left"]).reindex(list(LINES))
    frame = pd.DataFrame(
        {
            "line": list(LINES.values()),
            "joined": counts[("joined", SINCE)].to_numpy(),
            "left": counts[("left", SINCE)].to_numpy(),
            "new": count_new(pack.roll).reindex(LINES).to_numpy(),
            "joined_by_edit": counts[("joined", BY_EDIT)].to_numpy(),
            "left_by_edit": counts[("left", BY_EDIT)].to_numpy(),
            "enrolments": _standing_now(pack),
        }
    )
    of_whom = f"{ON_ROLL if pack.whom.left_out else ''}{returned_words(returned_of(pack))}"
    note = f"{_history_note(pack)}{rates_words(pack)}{of_whom}"
    return Table("crossing_counts", "Lines crossed since the last period", frame, COUNT_COLUMNS, note=note)


ON_ROLL = " Everyone on roll is counted here, whatever their age."


def _standing_now(pack: Pack) -> list[int]:
    flags = ("is_severely_absent", "is_persistently_absent", "is_at_risk")
    return [int(totals_of(pack)[flag].sum()) for flag in flags]


def _history_note(pack: Pack) -> str:
    before = pack.roll.year_to_previous
    if before.sessions.empty:
        return FIRST_PERIOD
    if not pack.register.has_history:
        return (
            "The export carries no history of edits, so edits of earlier marks cannot be told apart from what happened since. "
            "Export amended marks to see them apart."
        )
    return (
        f"Both compare the year to date on {format_date(before.last_date)} with {format_date(pack.date_to)}. "
        f"By edits: marks dated up to "
        f"{format_date(before.last_date)} that were changed after that day moved the pupil over the line."
    )


COUNT_COLUMNS = (
    Column("line", "Line", meaning="The line crossed, year to date", width=40),
    Column(
        "joined",
        "Crossed into it",
        Kind.COUNT,
        meaning="Pupils who crossed into it through sessions in the period",
    ),
    Column(
        "left",
        "Crossed out of it",
        Kind.COUNT,
        meaning="Pupils who crossed out of it through sessions in the period",
    ),
    Column(
        "new",
        "New pupils over it",
        Kind.COUNT,
        meaning="Pupils there who had no session before the period, and crossed nothing",
    ),
    Column(
        "joined_by_edit",
        "Into it by edits",
        Kind.COUNT,
        meaning="Pupils moved into it by later edits of earlier marks",
    ),
    Column(
        "left_by_edit",
        "Out of it by edits",
        Kind.COUNT,
        meaning="Pupils moved out of it by later edits of earlier marks",
    ),
    Column("enrolments", "Now", Kind.COUNT, meaning="Pupils on roll, whatever their age, who are there now"),
)


def crossed_rows(pack: Pack) -> pd.DataFrame:
    """Return who crossed a line, the worse first.

    Returns
    -------
    pandas.DataFrame
        One row per crossing: the columns of ``totals_of`` (sessions of the year to date, and rates in [0, 1]), ``pupil_name``,
        ``was`` and ``now`` (standings), ``move`` and ``direction`` (words), and ``cause`` (SINCE or BY_EDIT).
    """
    found = crossings_of(pack)
    found = pd.concat([found[found["is_worse"].astype(bool)], found[~found["is_worse"].astype(bool)]])
    people = totals_of(pack).iloc[found["row"].to_numpy()].reset_index(drop=True)
    was, now = (found[name].map(STANDING_LABELS) for name in ("was", "now"))
    words = zip(found["is_worse"], was.str.lower(), now.str.lower(), strict=True)
    return people.assign(
        pupil_name=pupil_names(people),
        was=was.to_numpy(),
        now=now.to_numpy(),
        move=[
            f"{'Worse' if worse else 'Better'}: from {before} to {after}" for worse, before, after in words
        ],
        direction=found["is_worse"].map(DIRECTIONS).to_numpy(),
        cause=found["cause"].to_numpy(),
    )


def crossed_pupils(pack: Pack) -> Table:
    """Return the pupils who crossed into persistent or severe absence or at risk, and those who left, worst first."""
    return Table(
        name="crossed_pupils",
        title="Pupils who crossed a line",
        frame=severe_last_year_first(crossed_rows(pack), pack),
        columns=columns_of(pack, PUPIL_COLUMNS, before="attendance_rate"),
        shown_rows=SHOWN_ROWS,
        grouped_by="move",
        note=f"{first_weeks_words(pack)}{returned_words(returned_of(pack))}".strip(),
        empty_text="Nobody crossed a line since the last period.",
    )


PUPIL_COLUMNS = (
    *shown("pupil_name", "form"),
    Column("move", "Move", meaning="From where to where", personal=True, width=40),
    Column("direction", "Direction", meaning="Worse or better", width=12, shown=False),
    Column(
        "was", "Was", meaning="Where the pupil stood before the period", personal=True, width=30, shown=False
    ),
    Column(
        "now", "Is now", meaning="Where the pupil stands at its end", personal=True, width=30, shown=False
    ),
    *shown("attendance_rate", "absence_sessions", "possible_sessions"),
    Column(
        "cause",
        "Because of",
        meaning="Sessions since, or later edits of marks before the period",
        width=22,
        once=True,
    ),
    figure("pupil_id"),
)


def edits(pack: Pack) -> Table:
    """Return what later edits did to marks dated before the period."""
    return Table(
        name="late_edits",
        title="Edits since then to marks before the period",
        frame=late_edits(pack.roll.year_to_previous),
        columns=(
            Column("edit", "What the edit did", meaning="How the mark counted before and after", width=44),
            figure("marks"),
            figure("pupils_counted", meaning="Pupils with such a mark", width=None),
        ),
        note=_edit_note(pack),
        empty_text="None that the export shows.",
    )


def _edit_note(pack: Pack) -> str:
    return (
        ""
        if pack.register.has_history
        else "The export carries no history of edits (recorded_at, amended_from, amended_on)."
    )


def change_sentence(pack: Pack) -> Sentences:
    """Return the crossings in one sentence; in a year's first period, that there is nothing to compare with.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> crossed = pd.DataFrame({"cause": [SINCE, SINCE, SINCE, BY_EDIT], "is_worse": [True, True, False, True]})
    >>> before = SimpleNamespace(sessions=pd.DataFrame({"session": ["AM"]}))
    >>> pack = SimpleNamespace(roll=SimpleNamespace(year_to_previous=before), results={crossings_of: crossed})
    >>> change_sentence(pack).items[0].partition(";")[0]
    '2 pupils moved down over a line and 1 pupil up over one through sessions in this period'
    """
    if pack.roll.year_to_previous.sessions.empty:
        return Sentences(name="change_sentence", items=(FIRST_PERIOD,), style="note")
    since = crossings_of(pack)[crossings_of(pack)["cause"] == SINCE]
    worse, better = int(since["is_worse"].sum()), int((~since["is_worse"].astype(bool)).sum())
    by_edit = len(crossings_of(pack)) - len(since)
    text = (
        f"{format_count(worse, 'pupil')} moved down over a line and {format_count(better, 'pupil')} up over one through "
        f"sessions in this period; {format_count(by_edit, 'pupil')} moved by later edits of earlier marks."
    )
    return Sentences(name="change_sentence", items=(text,), style="note")
