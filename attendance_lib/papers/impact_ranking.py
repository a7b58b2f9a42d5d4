"""The strip of the fortnightly pack: what the impact paper says, on the same data, of the interventions now in progress."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.log import cost_of
from attendance_lib.analysis.impact.paper import ImpactPaper, impact_so_far
from attendance_lib.analysis.impact.verdicts import EFFECT_TO_BE_SEEN, RANGE_TOO_WIDE, Verdict
from attendance_lib.display import Column, Highlight, Kind, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_span
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.impact_words import (
    FINDING,
    cost_words,
    sessions_words,
    unbroken,
    verdict_words,
    without_last_bits,
)
from attendance_lib.papers.shared import NOT_KNOWN


def ranking_frame(paper: ImpactPaper) -> pd.DataFrame:
    """Return ``paper.impacts`` (a row per intervention; differences as fractions, costs in pounds) with words for each."""
    columns = {
        "said": lambda row, _: verdict_words(row["verdict"], row["reason"], stands=row["stands_among_many"]),
        "span": lambda row, _: unbroken(format_span(row["low"], row["high"])),
        "sessions": lambda row, _: unbroken(sessions_words(row["sessions_low"], row["sessions_high"])),
        "cost": lambda _, cost: cost_words(cost),
        "total_cost": lambda _, cost: cost.total,
        "pupils_with_cost": lambda _, cost: cost.pupils_with_cost,
        "cost_at_least": lambda _, cost: cost.at_least,
        "cost_at_most": lambda _, cost: cost.at_most,
        "pupils_needed": lambda row, _: pupils_needed(row),
    }
    rows = list(zip(paper.impacts.to_dict("records"), map(cost_of, paper.ranked), strict=True))
    words = {name: [said(*each) for each in rows] for name, said in columns.items()}
    return without_last_bits(paper.impacts.assign(**words))


def pupils_needed(row: dict) -> float:
    """Return with about how many pupils an effect of six points would show; missing where the range is not what lacks.

    The range narrows with the square root of the pupils.

    Examples
    --------
    >>> pupils_needed({"reason": "range too wide", "pupils": 16, "smallest_effect": 0.09})
    36.0
    """
    if row["reason"] != RANGE_TOO_WIDE:
        return float("nan")
    return float(np.ceil(round(row["pupils"] * (row["smallest_effect"] / EFFECT_TO_BE_SEEN) ** 2, 6)))


RANKING_COLUMNS = (
    figure("intervention"),
    Column("tiers", "Tier", meaning="How intensive it is: 1 for everyone, 2 for a group, 3 for one pupil", width=5),
    figure(
        "said", meaning="likely helped, no clear effect, likely worse, or too few to tell and why",
        highlights=(
            Highlight("equals", str(Verdict.HELPED), Tone.GOOD), Highlight("equals", str(Verdict.WORSE), Tone.ALERT),
        ),
        width=48,
    ),
    *shown("pupils", "estimate", "span"),
    figure("cautious_estimate", meaning="The difference drawn towards nothing: the best of many is partly luck", shown=True),
    figure("smallest_effect"),
    Column("sessions", "Sessions regained", meaning="Range: difference times possible sessions", width=14),
    Column("cost", "Cost of a session", meaning="Of one regained by those whose cost is recorded, as a range", width=32),
    Column("at_first", "First six weeks", meaning="What they say where that is another finding", shown=False, width=30),
    Column("pupils_needed", "Pupils needed", Kind.COUNT, "With about so many pupils an effect of 6 points would show", shown=False),
    *FINDING,
    *shown("range_from", "range_to"),
    Column("sessions_regained", "Sessions regained, estimate", Kind.NUMBER, "Difference times possible sessions", shown=False),
    Column("sessions_low", "Sessions regained from", Kind.NUMBER, "Lower end of the range", shown=False),
    Column("sessions_high", "Sessions regained to", Kind.NUMBER, "Upper end of the range", shown=False),
    figure("possible_sessions", meaning="Possible sessions of the pupils in their windows", shown=False),
    Column("total_cost", "Cost in all", Kind.NUMBER, "Pounds recorded for the pupils evaluated", shown=False),
    Column("pupils_with_cost", "Cost recorded for", Kind.COUNT, "Pupils evaluated whose cost is recorded", shown=False),
    Column("cost_at_least", "Cost at least", Kind.NUMBER, "Pounds for a session, if the most were regained", shown=False),
    Column("cost_at_most", "Cost at most", Kind.NUMBER, "Pounds for a session, if the fewest; missing if none", shown=False),
    figure("comparison_pupils", shown=False),
    Column("left_out", "Left out", Kind.COUNT, "Entries of the log left out", shown=False),
    *shown("break_even", "q_value", "stands_among_many"),
)  # fmt: skip


SHOWN_ROWS = 8
STRIP = (
    "intervention",
    "tiers",
    "said",
    "pupils",
    "estimate",
    "span",
    "cautious_estimate",
    "verdict",
    "low",
    "high",
)


def impact_strip(pack: Pack) -> Table:
    """Return one row per intervention in progress on the last day, in the order of the impact paper."""
    ranked = ranking_frame(impact_so_far(pack))
    shown = {column.name: column for column in RANKING_COLUMNS}
    return Table(
        name="impact_strip",
        title="What can be said so far of those in progress",
        frame=ranked[ranked["running"] > 0].reset_index(drop=True),
        columns=tuple(shown[name] for name in STRIP),
        row_header="intervention",
        shown_rows=SHOWN_ROWS,
        note="Difference: attendance less that expected of like pupils over the same weeks, in points, with its range, of all who "
        "began since the register begins. From the impact paper (attendance run impact), which says how.",
        empty_text=NOT_KNOWN
        if pack.school.interventions is None
        else "No intervention with named pupils is in progress.",
    )
