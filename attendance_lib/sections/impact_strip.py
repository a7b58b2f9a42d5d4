"""The strip of the fortnightly pack: what the impact paper says, on the same data, of the interventions now in progress."""

from attendance_lib.display import Table
from attendance_lib.sections.impact_front import RANKING_COLUMNS, ranking_frame
from attendance_lib.sections.impact_paper import impact_so_far
from attendance_lib.sections.logs import not_exported
from attendance_lib.sections.pack import Pack

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
        empty_text=not_exported("interventions")
        if pack.school.interventions is None
        else "No intervention with named pupils is in progress.",
    )
