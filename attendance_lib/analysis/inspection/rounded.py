"""Minutes late that were not read off a clock: nearly all multiples of five, or nearly all one figure."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.teachers import takers_of
from attendance_lib.analysis.inspection.things import WHOLE_SCHOOL, no_things, placed
from attendance_lib.analysis.inspection.words import in_minutes
from attendance_lib.rules.codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE
from attendance_lib.rules.inspection import ROUND_MINUTES, ROUNDED_IN_TEN, ROUNDED_MARKS

RULE, TEN = "minutes_rounded", 10


def rounded_minutes(scope: Scope) -> pd.DataFrame:
    """Return each register taker or form whose minutes late of the year are nearly all round, or nearly all alike.

    At least 20 late marks with minutes, nine in ten of them multiples of five minutes or one and the same figure.
    They are of who took the register where lessons are exported, else of the form; one thing only where it is so of
    everybody with that many late marks, for then it is how the school enters them.
    """
    late = late_marks(scope)
    if len(late) < ROUNDED_MARKS:
        return no_things()
    groups = late.groupby(["form", "taker"], as_index=False).agg(**SUMS)
    enough = groups[groups["marks"] >= ROUNDED_MARKS]
    found = enough[is_rounded(enough)]
    if len(found) == len(enough) > 1:
        found = (
            late.assign(form=WHOLE_SCHOOL, taker="").groupby(["form", "taker"], as_index=False).agg(**SUMS)
        )
    return as_things(scope, found)


def late_marks(scope: Scope) -> pd.DataFrame:
    """Return the late marks of the year with minutes: ``place`` (column of the register), ``minutes``, ``form`` and ``taker``.

    The form is empty where the taker is known, and the taker where not.
    """
    minutes = scope.minutes[:, scope.before :]
    row, column = np.nonzero(scope.holds(LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE) & ~np.isnan(minutes))
    place = column + scope.before
    sessions = scope.register.sessions.iloc[place]
    taker = takers_of(scope, sessions[["date", "session"]].assign(pupil_id=scope.pupil_ids[row]))
    form = np.where(taker == "", scope.form_names[row], "")
    late = pd.DataFrame(
        {"place": place, "minutes": minutes[row, column].astype(int), "form": form, "taker": taker}
    )
    return late.assign(is_round=late["minutes"] % ROUND_MINUTES == 0)


def commonest(minutes: pd.Series) -> int:
    """Return the figure that occurs most often, the least of equals."""
    return int(minutes.mode().iloc[0])


def most_alike(minutes: pd.Series) -> int:
    """Return how many are the figure that occurs most often."""
    return int((minutes == commonest(minutes)).sum())


SUMS = {
    "first": ("place", "min"), "last": ("place", "max"), "marks": ("minutes", "size"), "round": ("is_round", "sum"),
    "alike": ("minutes", most_alike), "figure": ("minutes", commonest),
}  # fmt: skip


def is_rounded(groups: pd.DataFrame) -> pd.Series:
    """Return which groups have nearly all their minutes round or alike."""
    return TEN * groups[["round", "alike"]].max(axis=1) >= ROUNDED_IN_TEN * groups["marks"]


def as_things(scope: Scope, found: pd.DataFrame) -> pd.DataFrame:
    """Return the groups found as things to fix."""
    if found.empty:
        return no_things()
    details = [in_words(each) for each in found.itertuples()]
    return placed(scope, RULE, found).assign(
        form=found["form"].to_numpy(), taker=found["taker"].to_numpy(), pupil_id="", detail=details
    )


def in_words(group: object) -> str:
    """Return what is odd about a group's minutes: that they are alike, else that they are round."""
    if TEN * group.alike >= ROUNDED_IN_TEN * group.marks:
        return f"{group.alike:,} of {group.marks:,} late marks have {in_minutes(group.figure)}"
    return f"{group.round:,} of {group.marks:,} late marks have 5, 10, 15 ... minutes"
