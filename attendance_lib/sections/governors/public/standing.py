"""Where enrolments stand: bands of absence, and who joined, left and stayed in persistent and severe absence."""

import pandas as pd

from attendance_lib.analysis.bands import band_counts
from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate
from attendance_lib.analysis.flows import LINES
from attendance_lib.sections.governors.workings import Workings

BANDS, FLOWS = "bands", "flows"
THEN = "compared_enrolments"
MEASURES = {"persistent": "persistently_absent", "severe": "severely_absent"}
MOVES = ("stayed", "left", "gone", "joined", "new")


def public_bands(workings: Workings) -> PublicTable:
    """Return the enrolments in each band now and at the point compared with, with their shares."""
    now, then = (
        band_counts(totals) for totals in (workings.spans.year_to_date, workings.spans.compared_to_date)
    )
    frame = now.assign(
        all_enrolments=now["enrolments"].sum(),
        share_rate=shares(now["enrolments"]),
        compared_enrolments=then["enrolments"],
        compared_all_enrolments=then["enrolments"].sum(),
        compared_share_rate=shares(then["enrolments"]),
    )
    before = workings.then(workings.compared_to_date)
    return PublicTable(
        name=BANDS,
        title="Attendance bands, year to date",
        frame=frame,
        rows=tuple({"band": band} | workings.now for band in frame["band"]),
        counts=(
            Count("enrolments"),
            Count(THEN, before),
            Count("all_enrolments", {"band": EVERY_BAND}, is_shown=False),
            Count("compared_all_enrolments", before | {"band": EVERY_BAND}, is_shown=False),
        ),
        rates=(
            Rate("share_rate", ("enrolments",), "all_enrolments"),
            Rate("compared_share_rate", (THEN,), "compared_all_enrolments"),
        ),
    )


EVERY_BAND = "any"


def shares(counts: pd.Series) -> pd.Series:
    """Return each count over their sum (fractions; missing where there is none)."""
    whole = counts.sum()
    return counts / whole if whole else counts.astype(float) * float("nan")


def public_flows(workings: Workings) -> PublicTable:
    """Return who joined, left and stayed in persistent and severe absence since the last half term's end, as counts.

    Where the register begins with this half term there is nothing to follow from, and the table has no row.
    """
    is_known = bool(len(workings.flow_from.sessions))
    frame = workings.flows if is_known else workings.flows.iloc[:0]
    then = workings.then(workings.flow_from)
    since = {"since": then["as_at"]}
    return PublicTable(
        name=FLOWS,
        title="Who joined, left and stayed",
        frame=frame,
        rows=tuple({"measure": MEASURES[line]} | workings.now for line in list(LINES)[: len(frame)]),
        counts=(
            Count("before", then),
            *(Count(move, {"move": move} | since) for move in MOVES),
            Count("after"),
        ),
    )
