"""One kind of mark that is gone throughout: then the export is at fault, and no register."""

from collections.abc import Collection

import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.rules.codes import CODES
from attendance_lib.rules.thresholds import LOSS_LIMIT_RATE

HALVES = {"AM": "morning", "PM": "afternoon"}
# Codes of which every school has some in a fortnight; among fewer marks one may be absent by chance.
USUAL_CODES = ("/", "L", "I")
FEWEST_MARKS = 1_000
MEANINGS = {code.letter: code.meaning.partition(",")[0].lower() for code in CODES}


def lost_half(sessions: pd.DataFrame) -> str:
    """Return AM or PM if a half or more of its marks are missing and hardly any of the other half, else empty text.

    Parameters
    ----------
    sessions : pandas.DataFrame
        ``Coverage.sessions``.
    """
    counts = sessions.groupby("session", observed=True)[["missing_marks", "due_marks"]].sum()
    if set(counts.index) != set(HALVES):
        return ""
    rates = counts["missing_marks"] / counts["due_marks"].clip(lower=1)
    worse, better = ("AM", "PM") if rates["AM"] > rates["PM"] else ("PM", "AM")
    is_half = 2 * counts.loc[worse, "missing_marks"] >= counts.loc[worse, "due_marks"]
    return worse if is_half and rates[better] <= LOSS_LIMIT_RATE else ""


def lost_kind_words(sessions: pd.DataFrame, codes: Collection[str]) -> str:
    """Return what kind of mark is gone and what to do, empty text if none is.

    Parameters
    ----------
    sessions : pandas.DataFrame
        ``Coverage.sessions``.
    codes : collection of str
        The codes that the register holds.
    """
    half = lost_half(sessions)
    if half:
        missing, due = sessions.loc[sessions["session"] == half, ["missing_marks", "due_marks"]].sum()
        of_half = counted(due, f"mark due of {HALVES[half]}s", f"marks due of {HALVES[half]}s")
        share = f"{missing:,} of {of_half} {in_number(missing, 'is', 'are')} missing"
        backslash = (
            " A backslash, the sign for present in the afternoon, is easily lost." if half == "PM" else ""
        )
        return (
            f"{share} and hardly any of the other half of the day, so that the export is at fault and no register."
            f"{backslash} Export the {HALVES[half]}s too."
        )
    gone = [code for code in USUAL_CODES if code not in codes]
    if gone and int(sessions["due_marks"].sum()) >= FEWEST_MARKS:
        named = ", ".join(f"{code} ({MEANINGS[code]})" for code in gone)
        return (
            f"no mark at all is {named}, so that the export seems to leave that code out. Export every code."
        )
    return ""
