"""The register that a command built before others were forked from it: with all that it has worked out, they have it too.

Only a command holds one. In a notebook that a person works in, a table may be changed between two askings.
"""

import pandas as pd

from attendance_lib.register.build import Placement, build_register
from attendance_lib.rules.calendar import SchoolCalendar

# At most one, with what it was built from.
_HELD: list[tuple[tuple[pd.DataFrame, pd.DataFrame, SchoolCalendar], Placement]] = []


def held_register(
    pupils: pd.DataFrame, marks: pd.DataFrame, calendar: SchoolCalendar, *, holds: bool = False
) -> Placement:
    """Return the register that is held of these very tables, else one that is built (see ``build_register``).

    Parameters
    ----------
    pupils, marks : pandas.DataFrame
        One row per enrolment, and per mark.
    calendar : SchoolCalendar
        The school's.
    holds : bool
        Whether to hold what had to be built, in place of an earlier one.
    """
    asked = (pupils, marks, calendar)
    for built_from, placement in _HELD:
        if all(one is other for one, other in zip(built_from, asked, strict=True)):
            return placement
    placement = build_register(*asked)
    if holds:
        _HELD[:] = [(asked, placement)]
    return placement
