"""What the register inspection found, as counts, and persistent absence under each definition in use."""

import pandas as pd

from attendance_lib.analysis.cohorts import DFE_COMPARABLE
from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate
from attendance_lib.analysis.reconciliation import COUNTS, reconcile_persistent_absence
from attendance_lib.sections.governors.public.spans import MEASURE_OF
from attendance_lib.sections.governors.workings import Workings

CHECKS, RECONCILIATION = "register_checks", "reconciliation"
SHOWN_CHECKS = ("rule", "severity", "check", "result", "things", "new_things", "earlier_things")


def public_checks(workings: Workings) -> PublicTable:
    """Return every check of the registers with how many things it found, in the year and of these in the half term."""
    summary = workings.pack.inspection_summary
    frame = summary.assign(earlier_things=summary["things"] - summary["new_things"])[list(SHOWN_CHECKS)]
    return PublicTable(
        name=CHECKS,
        title="Register compliance",
        frame=frame.reset_index(drop=True),
        rows=tuple({"check": rule} | workings.now for rule in frame["rule"]),
        counts=(
            Count("things", {"measure": "things"}),
            Count("new_things", {"measure": "things", "span": "half_term"}),
            Count("earlier_things", {"measure": "things", "span": "before_the_half_term"}, is_shown=False),
        ),
    )


def public_reconciliation(workings: Workings) -> PublicTable:
    """Return persistent and severe absence under each definition, and how many enrolments make each difference.

    The first definition is the headline's, so that its counts are those of every other table. For the others a
    count is the headline's plus those added less those removed; ``both_`` holds those in both and is not shown.
    """
    short = workings.pack.school.settings.rules.short_enrolment_sessions
    table = reconcile_persistent_absence(workings.periods, short)
    frame = compared_only(table)
    moves = [
        Count(
            f"{move}_{name}",
            {"difference_in": name, "against": move},
            is_shown=move != "both",
        )
        for name in COUNTS
        for move in ("added", "removed", "both")
    ]
    return PublicTable(
        name=RECONCILIATION,
        title="Persistent absence under each definition in use",
        frame=frame,
        rows=tuple(definition_of(name) | workings.now for name in frame["definition"]),
        counts=(
            Count("enrolments"),
            *(Count(column, {"measure": measure}, "enrolments") for column, measure in MEASURE_OF.items()),
            *moves,
        ),
        rates=(
            Rate("persistent_absence_rate", ("persistently_absent_enrolments",), "enrolments"),
            Rate("severe_absence_rate", ("severely_absent_enrolments",), "enrolments"),
        ),
    )


def compared_only(table: pd.DataFrame) -> pd.DataFrame:
    """Add how many enrolments are in both, and leave the headline, which differs from nothing, without differences."""
    is_other = table["definition"] != DFE_COMPARABLE
    moves = {
        f"{move}_{name}": table[f"{move}_{name}"].astype("Int64").where(is_other)
        for name in COUNTS
        for move in ("added", "removed")
    }
    both = {
        f"both_{name}": (table[name] - table[f"added_{name}"]).astype("Int64").where(is_other)
        for name in COUNTS
    }
    return table.assign(**moves, **both)


def definition_of(name: str) -> dict[str, str]:
    """Return the coordinates of a definition: none for the headline's own."""
    return {} if name == DFE_COMPARABLE else {"definition": name}

