"""What the register inspection found, as counts, and persistent absence under each definition in use."""

import pandas as pd

from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate
from attendance_lib.analysis.reconciliation import COUNTS, reconcile_persistent_absence
from attendance_lib.rules.disclosure import SUPPRESSED
from attendance_lib.sections.governors.public.spans import MEASURE_OF
from attendance_lib.sections.governors.workings import Workings

CHECKS, REGISTER_CHECKS, RECONCILIATION = "checks_of_marks", "checks_of_registers", "reconciliation"
CHECK_WORDS = ("rule", "severity", "check", "result")
SPANS = {"year": {}, "period": {"span": "half_term"}, "earlier": {"span": "before_the_half_term"}}


def public_checks(workings: Workings) -> PublicTable:
    """Return the checks whose findings name pupils, and those that found nothing, with how many things they found.

    ``year_things`` in the year to date, ``period_things`` of these in the half term; those before it and the pupils
    concerned are not shown. Things that concern fewer pupils than the level are ``c`` from the first.
    """
    checks = check_counts(workings)
    frame = checks[~is_of_registers(checks)].reset_index(drop=True)
    few = {when: (frame[f"{when}_pupils"] > 0) & (frame[f"{when}_pupils"] < workings.level) for when in SPANS}
    masked = {
        f"{when}_things": frame[f"{when}_things"].astype(object).mask(few[when], SUPPRESSED) for when in SPANS
    }
    return PublicTable(
        name=CHECKS,
        title="Register compliance",
        frame=frame.assign(**masked),
        rows=tuple({"check": rule} | workings.at_end for rule in frame["rule"]),
        counts=tuple(
            Count(
                f"{when}_{what}",
                {"measure": what if what == "things" else "pupils_of_things"} | span,
                is_shown=what == "things" and when != "earlier",
            )
            for when, span in SPANS.items()
            for what in ("things", "pupils")
        ),
    )


def public_register_checks(workings: Workings) -> PublicTable:
    """Return the checks whose findings are registers or classes and name no pupil: counts of no pupils, shown as they are."""
    checks = check_counts(workings)
    frame = checks.loc[is_of_registers(checks), [*CHECK_WORDS, "year_things", "period_things"]]
    return PublicTable(
        name=REGISTER_CHECKS,
        title="Register compliance",
        frame=frame.reset_index(drop=True),
        rows=({},) * len(frame),
        counts=(),
        plain=("year_things", "period_things"),
    )


def is_of_registers(checks: pd.DataFrame) -> pd.Series:
    """Return which checks found something that names no pupil (boolean, one per row).

    Examples
    --------
    >>> is_of_registers(pd.DataFrame({"year_things": [2, 2, 0], "year_pupils": [0, 1, 0]})).tolist()
    [True, False, False]
    """
    return (checks["year_things"] > 0) & (checks["year_pupils"] == 0)


def check_counts(workings: Workings) -> pd.DataFrame:
    """Count what each check found, and the pupils named, in each of SPANS (one row per rule that could be checked)."""
    pack = workings.pack
    things, summary = pack.things_to_fix, pack.inspection_summary
    is_new = things["known_date"] >= pd.Timestamp(pack.date_from)
    held = {"year": things, "period": things[is_new], "earlier": things[~is_new]}
    counts = {}
    for when, found in held.items():
        named = found[found["pupil_id"] != ""]
        counts[f"{when}_things"] = found.groupby("rule").size()
        counts[f"{when}_pupils"] = named.groupby("rule")["pupil_id"].nunique()
    checked = summary.loc[summary["things"].notna(), list(CHECK_WORDS)]
    rules = checked["rule"]
    return checked.assign(
        **{name: rules.map(count).fillna(0).astype(int) for name, count in counts.items()}
    ).reset_index(drop=True)


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
        rows=tuple(
            ({"definition": name} if place else {}) | workings.at_end
            for place, name in enumerate(frame["definition"])
        ),
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
    """Add how many enrolments are in both, and leave the headline, which differs from nothing, without differences.

    One row per definition; ``both_``, ``added_`` and ``removed_`` columns are counts of enrolments (Int64).
    """
    is_other = table.index > 0
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
