"""The windows at, lately at or near a notice threshold, as every list of them has them: by pupil and parent, in order."""

import numpy as np
import pandas as pd

from attendance_lib.rules.notices import offence_in_words
from attendance_lib.sections.pack import Pack
from attendance_lib.sections.people import pupil_names


def at_or_near(pack: Pack) -> pd.DataFrame:
    """Return the windows (rows, in sessions) at, lately at or near a threshold, with names, parents and support on file.

    A pupil under a notice to improve is among those of the national threshold whatever the count. Parents for whom a
    pupil's window is the same share a row. Rules stand in their order; in each come first those who meet the threshold
    and have no support on file, then those with support, longest over first; then those near it, the most sessions
    first; then those under a notice to improve alone, and last those who meet it no longer.
    """
    named = pack.totals.assign(pupil_name=pupil_names(pack.totals))[
        ["pupil_id", "pupil_name", "form", "year_group"]
    ]
    known = pack.notice_windows.merge(named, on="pupil_id", validate="m:1").merge(
        pack.support, on="pupil_id", how="left", validate="m:1"
    )
    national = [rule.name for rule in pack.notice_rules if rule.is_national]
    is_warned = (known["notices_to_improve_now"].fillna(0) > 0) & known["rule"].isin(national)
    others = known.groupby(["rule", "pupil_id"])["person"].transform("size") > 1
    known = known.assign(is_under_notice_to_improve=is_warned, has_other_parents=others)
    listed = known[(known["has_been_met"] | known["is_near"]).astype(bool) | is_warned]
    return with_log_known(in_order(for_like_parents(listed), pack), pack)


def with_log_known(listed: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return the windows (rows) saying that earlier notices are not known where the school exports no log of them."""
    return listed if pack.school.notices is not None else listed.assign(offence_text=NO_LOG)


NO_LOG = "not known"


def in_order(listed: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return the windows (rows) in the order of ``at_or_near``."""
    place = {rule.name: place for place, rule in enumerate(pack.notice_rules)}
    placed = listed.assign(place=listed["rule"].map(place), turn=turns(listed))
    return placed.sort_values(ORDER, ascending=[True, True, True, False, True, True], ignore_index=True).drop(
        columns=["place", "turn"]
    )


ORDER = ["place", "turn", "first_met_date", "counted_sessions", "pupil_name", "person"]
# What must be the same for two parents to share a row: what their windows count. It then tells the earliest day met.
SAME_WINDOW = ["rule", "pupil_id", "counted_sessions", "falling_out_sessions", "has_been_met"]


def for_like_parents(listed: pd.DataFrame) -> pd.DataFrame:
    """Join the parents of a pupil whose windows count the same: one row each, with ``parents_text`` and ``offence_text``.

    ``listed`` has one row per window, counts in sessions; ``has_other_parents`` is whether the pupil has further ones.
    """
    who = listed["parent"].mask(listed["parent"] == "", ANY_OTHER)
    offence = [offence_in_words(notices) for notices in listed["notices_in_three_years"]]
    named = listed.assign(who=who, offence=offence).assign(
        told=lambda rows: rows["who"] + ": " + rows["offence"]
    )
    joined = named.groupby(SAME_WINDOW, dropna=False, sort=False)
    is_alone = joined["who"].transform("size") == 1
    return named.assign(
        parents_text=joined["who"].transform("; ".join).where(named["has_other_parents"], EACH),
        offence_text=named["offence"].where(is_alone, joined["told"].transform("; ".join)),
        acted_on_through_date=joined["acted_on_through_date"].transform("max"),
        notices_in_three_years=joined["notices_in_three_years"].transform("max"),
    ).drop_duplicates(SAME_WINDOW)


EACH, ANY_OTHER = "Each parent", "Any other parent"


def turns(known: pd.DataFrame) -> np.ndarray:
    """Return each window's turn in the list, 0 first (shape (rows,)); see ``at_or_near``."""
    met, has_support = (
        known[name].fillna(value=False).astype(bool) for name in ("is_met_now", "has_support")
    )
    warned = known["is_under_notice_to_improve"] & ~known["has_been_met"].astype(bool)
    return np.select(
        [met & ~has_support, met, known["is_near"].astype(bool), warned], [0, 1, 2, 3], default=4
    )
