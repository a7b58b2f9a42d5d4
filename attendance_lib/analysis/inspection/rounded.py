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
    groups = by_taker(late)
    enough = groups[groups["marks"] >= ROUNDED_MARKS]
    found = enough[is_rounded(enough)]
    if len(found) == len(enough) > 1:
        found = by_taker(late.assign(form=WHOLE_SCHOOL, taker=""))
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
    return pd.DataFrame(
        {"place": place, "minutes": minutes[row, column].astype(int), "form": form, "taker": taker}
    )


def by_taker(late: pd.DataFrame) -> pd.DataFrame:
    """Count the late marks of each taker or form.

    Parameters
    ----------
    late : pandas.DataFrame
        What ``late_marks`` returns.

    Returns
    -------
    pandas.DataFrame
        One row per form and taker: ``first`` and ``last`` (columns of the register), ``marks``, ``round`` (those of
        a multiple of five minutes), ``alike`` (those of the commonest figure) and ``figure`` (that, in minutes).
    """
    named = late.drop_duplicates(["form", "taker"]).reset_index(drop=True)
    group = pd.MultiIndex.from_frame(named[["form", "taker"]]).get_indexer(
        pd.MultiIndex.from_frame(late[["form", "taker"]])
    )
    figures, figure = np.unique(late["minutes"], return_inverse=True)
    counts = np.zeros((len(named), len(figures)), dtype=np.int64)
    np.add.at(counts, (group, figure), 1)
    # Late marks are in order of pupils, not of time.
    place, ends = late["place"].to_numpy(), np.full((2, len(named)), [[np.iinfo(np.int64).max], [-1]])
    np.minimum.at(ends[0], group, place)
    np.maximum.at(ends[1], group, place)
    return named[["form", "taker"]].assign(
        first=ends[0], last=ends[1], marks=counts.sum(axis=1),
        round=counts[:, figures % ROUND_MINUTES == 0].sum(axis=1), alike=counts.max(axis=1),
        figure=figures[counts.argmax(axis=1)],
    )  # fmt: skip


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
