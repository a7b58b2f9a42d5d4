"""Impact cards beside the log: whether each was written before the pupils began, and whether its review is past."""

import numpy as np
import pandas as pd

BEFORE, AFTER, NO_DAY, NOT_YET = (
    "written before the start",
    "written after the start",
    "no day written: counted as after the start",
    "written, not started yet",
)
STANDINGS = (BEFORE, AFTER, NO_DAY, NOT_YET)


def judge_cards(cards: pd.DataFrame, log: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Say of each card (row) when its pupils began and whether it was written before that.

    Parameters
    ----------
    cards : pandas.DataFrame
        ``intervention`` and ``aim`` (texts), ``start_date``, ``review_date`` and ``written_on`` (dates or missing).
    log : pandas.DataFrame
        INTERVENTIONS.
    day : pandas.Timestamp
        The last day of the report.

    Returns
    -------
    pandas.DataFrame
        The cards, with ``began_on`` (the first start in the log of an intervention of that name, whatever its
        capitals, from the day written where that is known and otherwise of all; missing where none has begun by
        the day), ``standing`` (one of STANDINGS) and ``is_review_past``.

    Notes
    -----
    A card that plans a further group names its ``start_date``: only starts from then on are its own. One that was
    written on the first day itself was written before the start. Without a day it cannot be told, and counts as after.
    """
    begun = [first_start(log, card, day) for card in cards.to_dict("records")]
    began_on = pd.Series(begun, index=cards.index, dtype="datetime64[ns]")
    written = pd.to_datetime(cards["written_on"])
    cases = {NOT_YET: began_on.isna(), NO_DAY: written.isna(), AFTER: written > began_on}
    standing = np.select([case.to_numpy() for case in cases.values()], list(cases), default=BEFORE)
    return cards.assign(
        began_on=began_on,
        standing=standing.astype(object),
        is_review_past=pd.to_datetime(cards["review_date"]) <= day,
    )


def first_start(log: pd.DataFrame, card: dict, day: pd.Timestamp) -> pd.Timestamp:
    """Return when a card's pupils first began (a day); NaT where none of the log's rows has by a day.

    Examples
    --------
    >>> log = pd.DataFrame({"intervention": ["Mentor", "mentor"], "start_date": ["2026-09-14", "2026-11-09"]})
    >>> first_start(log, {"intervention": "Mentor", "start_date": pd.NaT}, pd.Timestamp("2026-11-20")).date().isoformat()
    '2026-09-14'
    """
    is_it = log["intervention"].astype(str).str.casefold() == str(card["intervention"]).strip().casefold()
    starts = pd.to_datetime(log.loc[is_it, "start_date"])
    planned = card["start_date"]
    if pd.notna(planned):
        starts = starts[starts >= planned]
    starts = starts[starts <= day]
    return starts.min() if len(starts) else pd.NaT
