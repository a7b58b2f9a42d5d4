"""Three to five sentences that say what moved and where, each with its numbers. Written from figures, never by hand."""

import pandas as pd

from attendance_lib.analysis.groups import group_rates
from attendance_lib.analysis.movement import SINCE, count_crossings, count_new
from attendance_lib.analysis.reasons import GROUP_OF, reasons_compared
from attendance_lib.display import Sentences
from attendance_lib.display.format import (
    as_percent,
    format_change,
    format_count,
    format_percent,
    format_points,
)
from attendance_lib.errors import in_number
from attendance_lib.rules.codes import NO_REASON_YET
from attendance_lib.sections.comparators import beside_england
from attendance_lib.sections.pack import Pack

# Below this a year group or a reason is not said to have moved (fraction of possible sessions).
WORTH_SAYING = 0.002
NOTHING_POSSIBLE = (
    "No pupil of this paper has a possible session in the period, so there is no attendance to tell."
)


def what_moved(pack: Pack) -> Sentences:
    """Return the sentences of the front page: attendance, where it moved, why, and who crossed the line."""
    sentences = (
        overall(pack),
        by_year_group(pack),
        by_reason(pack),
        over_the_line(pack),
        compared_with_england(pack),
    )
    return Sentences(
        name="what_moved", title="What moved", style="lead", items=tuple(filter(None, sentences))
    )


def overall(pack: Pack) -> str:
    """Return how attendance moved on the period before and on last year."""
    now = pack.headline.loc["attendance_rate"]
    if pd.isna(now["current"]):
        return NOTHING_POSSIBLE
    parts = [
        f"{format_change(now['current'] - now[span])} on {words} ({format_percent(now[span])})"
        for span, words in (("previous", "the period before"), ("last_year", "the same weeks last year"))
        if pd.notna(now[span])
    ]
    moved = f": {' and '.join(parts)}" if parts else f"; {nothing_before(pack)}"
    return f"Attendance this period was {format_percent(now['current'])}{moved}."


def nothing_before(pack: Pack) -> str:
    """Return why there is nothing to compare a period with."""
    if pack.roll.previous_end:
        return "it is the first of the school year, and the weeks before it are of other year groups"
    return "there are no earlier marks to compare with"


def by_year_group(pack: Pack) -> str:
    """Return which year groups' attendance rose and fell most on the period before; empty if none moved."""
    groups = group_rates(pack.periods, "year_group").dropna(subset="change_rate")
    moved = groups[groups["change_rate"].abs() >= WORTH_SAYING].sort_values("change_rate", kind="stable")
    falls, rises = moved[moved["change_rate"] < 0].head(1), moved[moved["change_rate"] > 0].tail(1)
    words = [
        f"{verb} most in {row.group} ({format_points(row.change_rate)} points, to {format_percent(row.period_attendance_rate)})"
        for verb, rows in (("fell", falls), ("rose", rises))
        for row in rows.itertuples()
    ]
    return f"It {' and '.join(words)}." if words else ""


def by_reason(pack: Pack) -> str:
    """Return which reason for absence grew and which shrank most on the period before; empty if none moved.

    "No reason yet" is never said to have grown: the newest weeks always hold more of it, until reasons are found.
    """
    reasons = reasons_compared(pack.periods.current, pack.periods.previous, pack.periods.year_to_date)
    settled = reasons[reasons["reason"] != GROUP_OF[NO_REASON_YET]]
    moved = settled[settled["change_rate"].abs() >= WORTH_SAYING].sort_values("change_rate", kind="stable")
    grew, shrank = moved[moved["change_rate"] > 0].tail(1), moved[moved["change_rate"] < 0].head(1)
    words = [
        f"{row.reason.lower()} {verb} by {abs(as_percent(row.change_rate))} points to {format_percent(row.reason_rate)} of sessions"
        for verb, rows in (("grew", grew), ("shrank", shrank))
        for row in rows.itertuples()
    ]
    return f"Of the reasons, {' and '.join(words)}." if words else ""


def over_the_line(pack: Pack) -> str:
    """Return how many pupils on roll are persistently absent, and how many joined and left since the last period."""
    totals = pack.totals
    persistent = int(totals["is_persistently_absent"].sum())
    verb = "is" if persistent == 1 else "are"
    any_age = ", whatever their age," if pack.whom.left_out else ""
    now = f"{format_count(persistent, 'pupil')} on roll{any_age} {verb} persistently absent"
    severe = f"{format_count(int(totals['is_severely_absent'].sum()))} of them severely"
    since = (
        count_crossings(pack.crossings)
        .pipe(lambda table: table[table["cause"] == SINCE])
        .set_index("line")
        .loc["persistent"]
    )
    joined, left = format_count(int(since["joined"])), format_count(int(since["left"]))
    new = int(count_new(pack.roll)["persistent"])
    told = (
        f", {format_count(new)} {in_number(new, 'is', 'are')} new to the school and over it," if new else ""
    )
    moved = f"; {joined} crossed into it in this period{told} and {left} out of it"
    return f"{now}, {severe}{moved if len(pack.periods.year_to_previous.sessions) else ''}."


def compared_with_england(pack: Pack) -> str:
    """Return the year to date beside England's at the same point; empty where there is none for the phase."""
    ours = pack.headline.loc["attendance_rate", "year_to_date"]
    return beside_england(ours, pack.england.get("attendance_rate"), (pack.date_from, pack.date_to))
