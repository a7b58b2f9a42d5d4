"""What became of pupils who left, as the school file says: counts of pupils like any other."""

import pandas as pd

from attendance_lib.analysis.disclosure.model import Count, PublicTable
from attendance_lib.sections.governors.workings import Workings

LEAVERS = "pupils_who_left"
SAID_AT_A_DATE = "because nothing else tells where a pupil went, and what the school file says at a date it may put right later"


def public_leavers(workings: Workings) -> PublicTable:
    """Return where pupils went who left this year, one row per destination; no row where the school file names none.

    They are of the whole school.
    """
    named = workings.pack.school.settings.governance.pupils_who_left
    frame = pd.DataFrame(
        [(each.destination, each.pupils) for each in named], columns=["destination", "pupils"]
    )
    return PublicTable(
        name=LEAVERS,
        title="What became of pupils who left",
        frame=frame,
        rows=tuple(workings.at_end | {"left_to": each.destination} for each in named),
        counts=(Count("pupils", {"measure": "pupils_who_left"}, alone=SAID_AT_A_DATE),),
    )
