"""For strategy: the school's interventions pooled by type, tier, barrier, group, lead time and dose."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.courses import NOT_RECORDED
from attendance_lib.analysis.impact.pooling import with_false_discovery
from attendance_lib.analysis.impact.pools import POOL_COLUMNS, pool_rounds
from attendance_lib.analysis.impact.rounds import Rounds
from attendance_lib.analysis.impact.suggestions import barriers_of
from attendance_lib.analysis.impact.triggers import LEAD_BANDS
from attendance_lib.analysis.support import is_filled

TYPE, TIER, BARRIER, FSM, SEND, LEAD, DOSE = (
    "Type",
    "Tier",
    "Barrier",
    "Free school meals",
    "Special educational needs",
    "Lead time",
    "Dose",
)
ELIGIBLE, NOT_ELIGIBLE = "Eligible", "Not eligible"
HAS_SEN, NO_SEN = "SEN support or EHC plan", "No SEN"
SHORT_DOSE_WEEKS, LONG_DOSE_WEEKS = 3, 6
DOSE_BANDS = (
    f"ran in up to {SHORT_DOSE_WEEKS} school weeks",
    f"ran in {SHORT_DOSE_WEEKS + 1} to {LONG_DOSE_WEEKS} school weeks",
    f"ran in {LONG_DOSE_WEEKS + 1} school weeks or more",
)


def kinds_of(courses: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what each course is by each way of grouping (texts, one per row of ``Study.courses``)."""
    tier = courses["tier"].astype(object).where(is_filled(courses["tier"]), NOT_RECORDED).astype(str)
    return {
        TIER: tier.where(tier == NOT_RECORDED, "Tier " + tier),
        BARRIER: barriers_of(courses),
        FSM: courses["is_fsm"].map({True: ELIGIBLE, False: NOT_ELIGIBLE}),
        SEND: courses["has_sen"].map({True: HAS_SEN, False: NO_SEN}),
        LEAD: courses["lead_band"],
        DOSE: dose_bands(courses["weeks_run"]),
    }


def dose_bands(weeks_run: pd.Series) -> pd.Series:
    """Return the band of each dose, the school weeks of the window in which it ran (one per row).

    Examples
    --------
    >>> [band[:14] for band in dose_bands(pd.Series([1, 3, 4, 6, 7]))]
    ['ran in up to 3', 'ran in up to 3', 'ran in 4 to 6 ', 'ran in 4 to 6 ', 'ran in 7 schoo']
    """
    is_short, is_middle = weeks_run <= SHORT_DOSE_WEEKS, weeks_run <= LONG_DOSE_WEEKS
    return pd.Series(np.select([is_short, is_middle], DOSE_BANDS[:2], default=DOSE_BANDS[2]), weeks_run.index)


def pools(rounds: Rounds) -> pd.DataFrame:
    """Pool the rounds by type, tier, barrier, group, lead time (school days) and dose (school weeks).

    Parameters
    ----------
    rounds : Rounds
        Of a study.

    Returns
    -------
    pandas.DataFrame
        One row per value of each way of grouping: ``group``, ``value`` and ``pools.POOL_COLUMNS``, with ``q_value``
        and ``stands_among_many`` over all rows. Bands stand in their own order, all else in alphabetical order. In a
        pool of several interventions a pupil counts once (``counts_once``).
    """
    by_type = pool_rounds(rounds.of_everyone(), ["intervention"]).rename(columns={"intervention": "value"})
    kinds = kinds_of(rounds.study.courses)
    others = [pool_kind(rounds, kind).assign(group=group) for group, kind in kinds.items()]
    table = pd.concat([by_type.assign(group=TYPE), *others], ignore_index=True)
    return with_false_discovery(table[["group", "value", *POOL_COLUMNS]])


def pool_kind(rounds: Rounds, kinds: pd.Series) -> pd.DataFrame:
    """Pool the rounds by one kind of course: one row per value, ``value`` and ``pools.POOL_COLUMNS``; bands in their order."""
    once = kinds.where(counts_once(rounds.study.courses, kinds))
    found = pool_rounds(rounds.by_kind(once), ["kind"]).rename(columns={"kind": "value"})
    place = {band: number for number, band in enumerate((*LEAD_BANDS, *DOSE_BANDS, HAS_SEN, NO_SEN))}
    return (
        found.assign(place=found["value"].map(place).fillna(0))
        .sort_values(["place", "value"])
        .drop(columns="place")
    )


def counts_once(courses: pd.DataFrame, kinds: pd.Series) -> pd.Series:
    """Return which courses count in a pool of their kind: of several by one pupil the first that could be evaluated.

    A pool takes its rounds as independent. The same pupil in two of them, often over the same weeks, would count as two
    pupils, and make the range narrower than what is known.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``Study.courses``.
    kinds : pandas.Series
        What each course is, missing where it is in no pool.

    Returns
    -------
    pandas.Series
        Booleans, one per course. Of courses begun in one week the first by the intervention's name counts.

    Examples
    --------
    >>> courses = pd.DataFrame({"pupil_id": ["1", "1", "2"], "intervention": ["A", "B", "B"], "week": [9, 5, 5]})
    >>> courses = courses.assign(landed="within")
    >>> counts_once(courses, pd.Series("Tier 2", courses.index)).tolist()
    [False, True, True]
    """
    told = courses.assign(kind=kinds)[(courses["landed"] != "") & kinds.notna()]
    first = told.sort_values(["week", "intervention"]).drop_duplicates(["kind", "pupil_id"])
    return pd.Series(courses.index.isin(first.index), courses.index)


def doses_within(rounds: Rounds) -> pd.DataFrame:
    """Pool by dose (school weeks) within each intervention that pupils had in more than one band of dose.

    Returns
    -------
    pandas.DataFrame
        ``intervention``, ``value`` (the band) and ``pools.POOL_COLUMNS``, with the false discovery rate: within one
        intervention, since across them a long dose is another kind of work.
    """
    kinds = dose_bands(rounds.study.courses["weeks_run"])
    found = pool_rounds(rounds.by_kind(kinds), ["intervention", "kind"]).rename(columns={"kind": "value"})
    several = found.groupby("intervention")["value"].transform("size") > 1
    place = found["value"].map({band: number for number, band in enumerate(DOSE_BANDS)})
    ordered = found.assign(place=place)[several].sort_values(["intervention", "place"], ignore_index=True)
    return with_false_discovery(ordered.drop(columns=["place", "q_value", "stands_among_many"]))


def lead_times(courses: pd.DataFrame) -> pd.DataFrame:
    """Count for each intervention how long after the trigger pupils started.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``Study.courses``.

    Returns
    -------
    pandas.DataFrame
        One row per intervention and one for all together (``intervention`` is "All"), by name: ``starts`` (courses
        placed in the register), a count for each of ``triggers.LEAD_BANDS`` (columns ``before_starts``,
        ``soon_starts``, ``later_starts``, ``late_starts``) and ``median_lead_days`` (school days, of those
        who started after the trigger; missing where none did).
    """
    placed = courses[courses["lead_band"] != ""]
    both = pd.concat([placed.assign(intervention=ALL, place=1), placed.assign(place=0)])
    marked = both.assign(
        **{name: both["lead_band"] == band for name, band in zip(BAND_COLUMNS, LEAD_BANDS, strict=True)}
    )
    grouped = marked.groupby(["place", "intervention"], as_index=False).agg(
        starts=("lead_band", "size"),
        **{name: (name, "sum") for name in BAND_COLUMNS},
        median_lead_days=("lead_days", "median"),
    )
    return grouped.drop(columns="place")


ALL = "All"
BAND_COLUMNS = ("before_starts", "soon_starts", "later_starts", "late_starts")


def difference_between(first: Mapping[str, float], second: Mapping[str, float]) -> tuple[float, float, float]:
    """Return the difference of two pools' estimates with its 95 % range (fractions), as if they were independent.

    Examples
    --------
    >>> low = {"estimate": 0.01, "low": -0.02, "high": 0.04}
    >>> high = {"estimate": 0.03, "low": -0.01, "high": 0.07}
    >>> [round(figure, 3) for figure in difference_between(high, low)]
    [0.02, -0.03, 0.07]
    """
    halves = [(pool["high"] - pool["low"]) / 2 for pool in (first, second)]
    half = float(np.sqrt(np.square(halves).sum()))
    change = first["estimate"] - second["estimate"]
    return change, change - half, change + half
