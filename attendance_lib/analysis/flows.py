"""Who joined, left and stayed in persistent and severe absence between two points in time, as counts of pupils."""

from dataclasses import dataclass

import pandas as pd

from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.register import Register

LINES = {
    "persistent": ("Persistent absence (10% or more missed)", "is_persistently_absent"),
    "severe": ("Severe absence (50% or more missed)", "is_severely_absent"),
}


@dataclass(frozen=True)
class Standing:
    """Where each enrolment stood at one time: columns ``counted`` and one flag a line, by pupil and admission."""

    table: pd.DataFrame

    @classmethod
    def at(cls, register: Register) -> "Standing":
        """Return where the enrolments of a year to date stand at its end."""
        totals = pupil_totals(register)
        flags = {name: totals[column].to_numpy(dtype=bool) for name, (_, column) in LINES.items()}
        key = pd.MultiIndex.from_frame(totals[["pupil_id", "admission_date"]])
        return cls(pd.DataFrame({"counted": (totals["possible_sessions"] > 0).to_numpy()} | flags, index=key))


def flows(then: Standing, now: Standing) -> pd.DataFrame:
    """Set two points in time, each the end of a year to date, beside each other, enrolment by enrolment.

    Parameters
    ----------
    then, now : Standing
        At the end of the last half term and of this one.

    Returns
    -------
    pandas.DataFrame
        One row per line, persistent then severe: ``line`` (in words) and counts of enrolments: ``before``,
        ``stayed``, ``left`` (counted still, and no longer at the limit), ``gone`` (no longer counted at this
        school), ``joined`` (counted before, and newly at the limit), ``new`` (first counted since, and at the
        limit) and ``after``. ``before`` is stayed, left and gone; ``after`` is stayed, joined and new.
    """
    return pd.DataFrame([{"line": LINES[name][0]} | _moves(then, now, name) for name in LINES])


def _moves(then: Standing, now: Standing, name: str) -> dict[str, int]:
    sides = [
        side.table[["counted", name]].add_suffix(f"_{when}") for side, when in ((then, "then"), (now, "now"))
    ]
    both = sides[0].join(sides[1], how="outer").astype("boolean").fillna(value=False).astype(bool)
    was, is_now = both[f"{name}_then"], both[f"{name}_now"]
    counted_then, counted_now = both["counted_then"], both["counted_now"]
    found = {
        "before": was,
        "stayed": was & is_now,
        "left": was & ~is_now & counted_now,
        "gone": was & ~counted_now,
        "joined": ~was & is_now & counted_then,
        "new": ~was & is_now & ~counted_then,
        "after": is_now,
    }
    return {what: int(rows.sum()) for what, rows in found.items()}
