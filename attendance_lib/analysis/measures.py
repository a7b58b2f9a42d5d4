"""Rates and absence flags, made from counts of sessions and never from other rates.

Source of every definition: DfE, Pupil absence in schools in England, methodology.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from attendance_lib.register.grid import Register
from attendance_lib.register.tally import tally
from attendance_lib.rules.thresholds import AT_RISK, BANDS, PERSISTENT_ABSENCE, SEVERE_ABSENCE

# How many enrolments stand in each of DfE's bands of absence


def band_counts(totals: pd.DataFrame) -> pd.DataFrame:
    """Count the enrolments in each band.

    Parameters
    ----------
    totals : pandas.DataFrame
        PUPIL_TOTALS of a year to date.

    Returns
    -------
    pandas.DataFrame
        One row per band, from the most to the least attendance: ``band`` (its name), ``label`` (attendance) and
        ``enrolments`` (those with a possible session).

    Examples
    --------
    >>> band_counts(pd.DataFrame({"band": ["severe", "above_95", "above_95", ""]}))["enrolments"].tolist()
    [2, 0, 0, 0, 0, 1]
    """
    counted = totals["band"].value_counts()
    return pd.DataFrame(
        {
            "band": [band.name for band in BANDS],
            "label": [band.label for band in BANDS],
            "enrolments": [int(counted.get(band.name, 0)) for band in BANDS],
        }
    )


RATE_OF = {
    "attendance_rate": "attended_sessions",
    "absence_rate": "absence_sessions",
    "authorised_absence_rate": "authorised_absence_sessions",
    "unauthorised_absence_rate": "unauthorised_absence_sessions",
    "late_before_close_rate": "late_before_close_sessions",
    "late_after_close_rate": "late_after_close_sessions",
}
ENROLMENT = "enrolment"


def rate(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return part / whole as fractions (0 to 1), row by row; missing where the whole is 0.

    Examples
    --------
    >>> rate(pd.Series([1, 0]), pd.Series([4, 0])).tolist()
    [0.25, nan]
    """
    return part.astype(float) / whole.astype(float).where(whole > 0)


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Add the rates of a tally: fractions (0 to 1) of possible sessions, missing where nothing was possible.

    Parameters
    ----------
    counts : pandas.DataFrame
        A tally (``register/tally.py``): one row per group, counts in sessions.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns and RATE_OF's rates, of those counts that are there.

    Examples
    --------
    >>> with_rates(pd.DataFrame({"possible_sessions": [40], "absence_sessions": [5]}))
       possible_sessions  absence_sessions  absence_rate
    0                 40                 5         0.125
    """
    known = {name: part for name, part in RATE_OF.items() if part in counts}
    return counts.assign(
        **{name: rate(counts[part], counts["possible_sessions"]) for name, part in known.items()}
    )


def flag_absence(totals: pd.DataFrame) -> pd.DataFrame:
    """Add whether each row is persistently absent, severely absent or at risk, decided on counts of sessions.

    Parameters
    ----------
    totals : pandas.DataFrame
        One row per enrolment, with ``absence_sessions`` and ``possible_sessions``.

    Returns
    -------
    pandas.DataFrame
        The same rows and ``is_persistently_absent`` (10 % or more missed), ``is_severely_absent``
        (50 % or more; these are persistently absent too), ``is_at_risk`` (5 % to under 10 %) and ``band``
        (a name of ``rules.bands``; empty where nothing was possible).

    Examples
    --------
    >>> flags = flag_absence(pd.DataFrame({"absence_sessions": [2, 3], "possible_sessions": [30, 30]}))
    >>> flags["is_persistently_absent"].tolist(), flags["is_at_risk"].tolist()
    ([False, True], [True, False])
    """
    absence, possible = totals["absence_sessions"], totals["possible_sessions"]
    persistent = PERSISTENT_ABSENCE.is_met(absence, possible)
    return totals.assign(
        is_persistently_absent=persistent,
        is_severely_absent=SEVERE_ABSENCE.is_met(absence, possible),
        is_at_risk=AT_RISK.is_met(absence, possible) & ~persistent,
        band=band_names(absence, possible),
    )


def is_short_enrolment(possible_sessions: pd.Series, fewest_sessions: int) -> pd.Series:
    """Return which enrolments (rows) are too short for their rates to be read without care: counted all the same.

    Parameters
    ----------
    possible_sessions : pandas.Series
        Sessions, one value per enrolment.
    fewest_sessions : int
        From how many possible sessions an enrolment is no longer short (``short_enrolment_sessions`` of the school file).

    Returns
    -------
    pandas.Series of bool
        In the same order; an enrolment without a possible session is in no rate, and so not short.

    Examples
    --------
    >>> is_short_enrolment(pd.Series([0, 19, 20]), 20).tolist()
    [False, True, False]
    """
    return (possible_sessions > 0) & (possible_sessions < fewest_sessions)


def band_names(absence: pd.Series, possible: pd.Series) -> np.ndarray:
    """Return the name of each enrolment's band of absence (shape (rows,)); empty where nothing was possible.

    ``absence`` and ``possible`` are counts of sessions, one per enrolment.

    Examples
    --------
    >>> band_names(pd.Series([5, 10, 0]), pd.Series([100, 100, 0])).tolist()
    ['at_risk', 'above_85', '']
    """
    return np.select(
        [band.lower.is_met(absence, possible) for band in reversed(BANDS)],
        [band.name for band in reversed(BANDS)],
        default="",
    )


def pupil_totals(register: Register) -> pd.DataFrame:
    """Count each enrolment's sessions over the register's dates, with rates and flags.

    Parameters
    ----------
    register : Register
        Usually a year to date: persistent absence is a measure over time, not of a fortnight.

    Returns
    -------
    pandas.DataFrame
        PUPIL_TOTALS: one row per enrolment in the register's order (index 0, 1, ...), the columns of
        ``register.pupils``, the counts (sessions), the rates (fractions) and the flags.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> cells = np.array([[cell_of(letter) for letter in "/I////////"]], dtype=np.uint8)
    >>> sessions = pd.DataFrame({"date": pd.bdate_range("2026-11-02", periods=10)})
    >>> found = pupil_totals(Register(cells, pd.DataFrame({"pupil_id": ["1"]}), sessions))
    >>> found[["possible_sessions", "absence_sessions", "is_persistently_absent"]].values.tolist()  # 1 of 10 is 10 %
    [[10, 1, True]]
    """
    numbered = register.pupils.assign(**{ENROLMENT: np.arange(len(register.pupils))})
    counts = tally(Register(register.codes, numbered, register.sessions), by_pupil=[ENROLMENT])
    return register.pupils.join(counts.drop(columns=ENROLMENT)).pipe(with_rates).pipe(flag_absence)


def count_flags(totals: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count enrolments, and those persistently and severely absent or at risk, by groups of pupils.

    Parameters
    ----------
    totals : pandas.DataFrame
        PUPIL_TOTALS of a year to date.
    by : sequence of str
        Columns of pupils; none means all together.

    Returns
    -------
    pandas.DataFrame
        One row per group, ascending: ``enrolments`` (with at least one possible session),
        ``persistently_absent_enrolments``, ``severely_absent_enrolments``, ``at_risk_enrolments`` and their
        rates (fractions of enrolments).

    Examples
    --------
    >>> totals = flag_absence(pd.DataFrame({"possible_sessions": [100, 100, 100, 0], "absence_sessions": [9, 10, 50, 0]}))
    >>> flags = count_flags(totals).iloc[0]  # whoever was never expected is in no count
    >>> [int(flags[f"{name}enrolments"]) for name in ("", "persistently_absent_", "severely_absent_")]
    [3, 2, 1]
    """
    counted = totals[totals["possible_sessions"] > 0].assign(everyone=0)
    grouped = counted.groupby(list(by) or "everyone", observed=True, dropna=False)
    counts = grouped.agg(
        enrolments=("possible_sessions", "size"),
        persistently_absent_enrolments=("is_persistently_absent", "sum"),
        severely_absent_enrolments=("is_severely_absent", "sum"),
        at_risk_enrolments=("is_at_risk", "sum"),
    ).reset_index(drop=not by)
    if not by and counts.empty:
        counts = pd.DataFrame([[0] * 4], columns=list(counts.columns))
    return counts.assign(
        persistent_absence_rate=rate(counts["persistently_absent_enrolments"], counts["enrolments"]),
        severe_absence_rate=rate(counts["severely_absent_enrolments"], counts["enrolments"]),
        at_risk_rate=rate(counts["at_risk_enrolments"], counts["enrolments"]),
    )


# The headline measures of a paper over every period they are compared over

MEASURES = {
    "attendance_rate": "Attendance",
    "authorised_absence_rate": "Authorised absence",
    "unauthorised_absence_rate": "Unauthorised absence",
    "late_before_close_rate": "Late before the register closed (L)",
    "late_after_close_rate": "Late after the register closed (U)",
    "persistent_absence_rate": "Persistent absence (10% or more missed)",
    "severe_absence_rate": "Severe absence (50% or more missed)",
}


def span_figures(register: Register) -> pd.Series:
    """Return the counts (sessions, enrolments) and rates (fractions) of a register, one value each, indexed by name.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-09", "2026-11-09", "2026-11-10", "2026-11-10"])
    >>> from attendance_lib.register.grid import cell_of
    >>> cells = [[cell_of(letter) for letter in ("/", "I", "N", "Y1")]]  # Y1 is no possible session
    >>> pupils = pd.DataFrame({"pupil_id": ["1"]})
    >>> register = Register(np.array(cells, dtype=np.uint8), pupils, pd.DataFrame({"date": days}))
    >>> span_figures(register)[["possible_sessions", "attendance_rate", "unauthorised_absence_rate"]].round(4).tolist()
    [3.0, 0.3333, 0.3333]
    """
    sessions = with_rates(tally(register)).iloc[0]
    return pd.concat([sessions, count_flags(pupil_totals(register)).iloc[0]]).astype(float)
