"""Where enrolments stand: bands of absence, and who joined, left and stayed in persistent and severe absence."""

import pandas as pd

from attendance_lib.analysis.bands import band_counts
from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate
from attendance_lib.analysis.flows import LINES
from attendance_lib.sections.governors.workings import Workings

BANDS, FLOWS = "bands", "flows"
THEN = "compared_enrolments"
MEASURES = {"persistent": "persistently_absent", "severe": "severely_absent"}
# In the order shown: before is stayed, left and gone; after is stayed, joined and new.
MOVES = ("before", "left", "gone", "stayed", "joined", "new", "after")
EVERY_BAND = {"band": "any"}


def public_bands(workings: Workings) -> PublicTable:
    """Return the enrolments in each band now and at the point compared with, with their shares."""
    now, then = (
        band_counts(totals) for totals in (workings.spans.year_to_date, workings.spans.compared_to_date)
    )
    frame = now.assign(
        all_enrolments=now["enrolments"].sum(),
        share_rate=shares(now["enrolments"]),
        compared_enrolments=known_counts(then["enrolments"]),
        compared_all_enrolments=known_counts(then["enrolments"]).sum(min_count=1),
        compared_share_rate=shares(then["enrolments"]),
    )
    before = workings.then(workings.compared_to_date)
    return PublicTable(
        name=BANDS,
        title="Attendance bands, year to date",
        frame=frame,
        rows=tuple({"band": band} | workings.at_end for band in frame["band"]),
        counts=(
            Count("enrolments"),
            Count(THEN, before),
            Count("all_enrolments", EVERY_BAND, is_shown=False),
            Count("compared_all_enrolments", before | EVERY_BAND, is_shown=False),
        ),
        rates=(
            Rate("share_rate", ("enrolments",), "all_enrolments"),
            Rate("compared_share_rate", (THEN,), "compared_all_enrolments"),
        ),
    )


def known_counts(counts: pd.Series) -> pd.Series:
    """Return counts (Int64, one per row), missing where there is nobody in any: that time is not held.

    Examples
    --------
    >>> known_counts(pd.Series([0, 3])).tolist(), known_counts(pd.Series([0, 0])).tolist()
    ([0, 3], [<NA>, <NA>])
    """
    return counts.astype("Int64") if counts.sum() else counts.astype("Int64") * pd.NA


def shares(counts: pd.Series) -> pd.Series:
    """Return each row's count over their sum (fractions; missing where there is none).

    Examples
    --------
    >>> shares(pd.Series([1, 3])).tolist(), shares(pd.Series([0])).tolist()
    ([0.25, 0.75], [nan])
    """
    whole = counts.sum()
    return counts / whole if whole else counts.astype(float) * float("nan")


def public_flows(workings: Workings) -> PublicTable:
    """Return who joined, left and stayed in persistent and severe absence since the last half term's end.

    One row per line and move, so that each count has coordinates of its own; where the register begins with this
    half term there is nothing to follow from, and the table has no row.
    """
    then = workings.then(workings.flow_from)
    counted = workings.flows.assign(line=list(LINES)).set_index("line")
    keys = [(line, move) for line in LINES for move in MOVES] if len(workings.flow_from.sessions) else []
    frame = pd.DataFrame(
        [(line, move, counted.loc[line, move]) for line, move in keys],
        columns=["line", "move", "enrolments"],
    )
    return PublicTable(
        name=FLOWS,
        title="Who joined, left and stayed",
        frame=frame,
        rows=tuple(flow_coordinates(line, move, (then, workings.at_end)) for line, move in keys),
        counts=(Count("enrolments", is_none_hidden=True),),
    )


def flow_coordinates(line: str, move: str, times: tuple[dict, dict]) -> dict[str, str]:
    """Return the coordinates of one count of ``public_flows``: before and after are those of other tables."""
    then, now = times
    if move in ("before", "after"):
        return {"measure": MEASURES[line]} | (then if move == "before" else now)
    return now | {"flow": line, "move": move, "since": then["as_at"]}
