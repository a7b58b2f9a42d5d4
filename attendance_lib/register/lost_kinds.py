"""One kind of mark that is gone throughout: then the export is at fault, and no register."""

from collections.abc import Collection

import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.rules.codes import CODES
from attendance_lib.rules.thresholds import LOSS_LIMIT_RATE

HALVES = {"AM": "morning", "PM": "afternoon"}
# Codes of which every school has some, and among how many marks one may be absent by chance. Late before the register closed
# are 2.8% of sessions in England's secondary schools, 1.1% in primary and 0.3% in the special schools of a tenth of local
# authorities (DfE, 2025/26): of 3,000 marks 8 at least are to be expected, so that none is no chance.
FEWEST_MARKS = {"/": 100, "L": 3_000, "I": 1_000}
# A school week of half days: over fewer, a register or two that was not taken looks the same.
FEWEST_SESSIONS = 5
MEANINGS = {code.letter: code.meaning.partition(",")[0].lower() for code in CODES}


def lost_half(sessions: pd.DataFrame) -> str:
    """Return AM or PM if a half or more of its marks are missing and hardly any of the other half, else empty text.

    They must be missing at most of its sessions, of which there is a school week's at least: a register or two that nobody
    took is no half that is gone.

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
    missing = sessions.loc[sessions["session"] == worse, "missing_marks"] > 0
    is_spread = len(missing) >= FEWEST_SESSIONS and 2 * missing.sum() >= len(missing)
    return worse if is_half and is_spread and rates[better] <= LOSS_LIMIT_RATE else ""


def lost_kind_words(sessions: pd.DataFrame, codes: Collection[str], half: str = "") -> str:
    """Return what kind of mark is gone and what to do, empty text if none is.

    Parameters
    ----------
    sessions : pandas.DataFrame
        ``Coverage.sessions``, those that hold a mark.
    codes : collection of str
        The codes that the register holds.
    half : str
        ``lost_half`` of all sessions.
    """
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
    gone = lost_codes(sessions, codes)
    if gone:
        named = ", ".join(f"{code} ({MEANINGS[code]})" for code in gone)
        out = in_number(len(gone), "that code", "those codes")
        return f"no mark at all is {named}, so that the export seems to leave {out} out. Export every code."
    return ""


def lost_codes(sessions: pd.DataFrame, codes: Collection[str]) -> list[str]:
    """Return the usual codes of which there is none among so many marks that chance does not explain it.

    ``sessions`` (counts of marks) and ``codes`` are as for ``lost_kind_words``.
    """
    held = int((sessions["due_marks"] - sessions["missing_marks"]).sum())
    return [code for code, fewest in FEWEST_MARKS.items() if code not in codes and held >= fewest]
