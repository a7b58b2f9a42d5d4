"""Many small estimates put together: a random-effects pool by type, and false discoveries kept in check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from scipy import stats

from attendance_lib.analysis.distributions import chance_of_normal, normal_quantile, t_quantile
from attendance_lib.analysis.impact.courses import LEAD_BANDS, NOT_RECORDED
from attendance_lib.analysis.impact.expectation import POWER, REACH
from attendance_lib.analysis.impact.rounds import Rounds
from attendance_lib.analysis.impact.verdicts import (
    FEW_PUPILS,
    FEWEST_PUPILS,
    NOBODY_LEFT,
    SELF_TEST_OFF,
    Judgement,
    Verdict,
    cautious,
    judge_range,
)
from attendance_lib.analysis.support import is_filled

CONFIDENCE = 0.95
FALSE_DISCOVERY_RATE = 0.05


@dataclass(frozen=True)
class Pool:
    """A random-effects pool of estimates (fractions).

    ``between_variance`` is how much true effects differ from group to group (tau squared), ``heterogeneity`` is
    Cochran's Q and ``i_squared`` the share of the spread that is more than chance.
    """

    groups: int
    estimate: float
    se: float
    low: float
    high: float
    between_variance: float
    heterogeneity: float
    i_squared: float


def pool_estimates(estimates: Iterable[float], errors: Iterable[float]) -> Pool:
    """Pool estimates by DerSimonian and Laird's random effects, with Hartung and Knapp's range.

    Parameters
    ----------
    estimates, errors : iterable of float
        Estimates and their standard errors, in one unit; missing ones are left out.

    Returns
    -------
    Pool
        ``se`` is DerSimonian and Laird's; the range is Hartung and Knapp's (t quantile), and never narrower
        than DerSimonian and Laird's. Of one group the group itself; of none, missing.

    Notes
    -----
    DerSimonian and Laird, Controlled Clinical Trials 7 (1986) 177-188; Hartung and Knapp, Statistics in Medicine
    20 (2001) 3875-3889, with the guard of Jackson et al. (2017) against ranges that are too narrow.

    Examples
    --------
    >>> pool = pool_estimates([0.01, 0.03], [0.02, 0.02])
    >>> round(pool.estimate, 4), round(pool.se, 4), pool.between_variance
    (0.02, 0.0141, 0.0)
    """
    effects, se = known_pairs(estimates, errors)
    if not len(effects):
        return Pool(0, *[float("nan")] * 7)
    weight = 1 / se**2
    spread = float((weight * (effects - np.average(effects, weights=weight)) ** 2).sum())
    between = between_variance(weight, spread)
    weight = 1 / (se**2 + between)
    estimate, error = float(np.average(effects, weights=weight)), float(1 / np.sqrt(weight.sum()))
    reach = reach_of(effects - estimate, weight, error)
    freedom = len(effects) - 1
    # Of one group nothing but rounding is left as spread, and the share of that would be all or nothing.
    share = max(0.0, (spread - freedom) / spread) if freedom and spread > 0 else 0.0
    return Pool(len(effects), estimate, error, estimate - reach, estimate + reach, between, spread, share)


def known_pairs(estimates: Iterable[float], errors: Iterable[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the estimates and errors (both fractions) that are there and above zero error (shape (groups,)).

    Examples
    --------
    >>> [part.tolist() for part in known_pairs([0.1, 0.2, float("nan")], [0.01, 0.0, 0.02])]
    [[0.1], [0.01]]
    """
    effects, se = np.array(list(estimates), dtype=float), np.array(list(errors), dtype=float)
    known = np.isfinite(effects) & np.isfinite(se) & (se > 0)
    return effects[known], se[known]


def between_variance(weight: np.ndarray, spread: float) -> float:
    """Return DerSimonian and Laird's tau squared from fixed-effect weights (shape (groups,)) and Cochran's Q; at least 0.

    Examples
    --------
    >>> [float(between_variance(np.ones(2), spread)) for spread in (3.0, 0.5)]
    [2.0, 0.0]
    """
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, (spread - (len(weight) - 1)) / scale) if scale > 0 else 0.0


def reach_of(deviations: np.ndarray, weight: np.ndarray, error: float) -> float:
    """Return half the 95 % range: Hartung and Knapp's with a t quantile, at least DerSimonian and Laird's.

    ``deviations`` from the pooled estimate, in its unit, and ``weight`` have the shape (groups,).
    """
    plain = error * normal_quantile((1 + CONFIDENCE) / 2)
    freedom = len(deviations) - 1
    if freedom < 1:
        return plain
    knapp = float(np.sqrt((weight * deviations**2).sum() / freedom / weight.sum()))
    return max(plain, knapp * t_quantile((1 + CONFIDENCE) / 2, freedom))


def q_values(p_values: np.ndarray) -> np.ndarray:
    """Return the false discovery rate (a fraction) at which each of several findings would just be made (shape (findings,)).

    Benjamini and Yekutieli's (2001), which holds however the findings hang together: the same pupils are compared
    with several schemes. Missing values stay missing and do not count.

    Examples
    --------
    >>> q_values(np.array([0.01, 0.04, 0.5])).round(4).tolist()
    [0.055, 0.11, 0.9167]
    """
    found = np.full(len(p_values), np.nan)
    known = np.isfinite(p_values)
    if known.any():
        found[known] = stats.false_discovery_control(p_values[known], method="by")
    return found


def with_false_discovery(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``q_value`` and ``stands_among_many`` (q at most 5 %) to a table of impacts (rows) with ``p_value``."""
    q = q_values(table["p_value"].to_numpy(dtype=float))
    return table.assign(q_value=q, stands_among_many=q <= FALSE_DISCOVERY_RATE)


# Pools of rounds: what many small estimates say together, with a verdict that has the reasons of a single one

NOT_COMPARABLE = "no round had enough similar pupils"
POOL_COLUMNS = [
    "verdict",
    "reason",
    "rounds",
    "pupils",
    "estimate",
    "low",
    "high",
    "cautious_estimate",
    "smallest_effect",
    "between_sd",
    "i_squared",
    "possible_sessions",
    "rounds_left_out",
    "pupils_left_out",
    "p_value",
]


def pool_rounds(rounds: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Pool rounds within each value of some columns by random effects.

    Parameters
    ----------
    rounds : pandas.DataFrame
        ``Rounds.by_kind``.
    by : sequence of str
        Columns of ``rounds``, such as ``["intervention"]`` or ``["kind"]``.

    Returns
    -------
    pandas.DataFrame
        One row per value, ascending: the columns, POOL_COLUMNS, ``q_value`` and ``stands_among_many`` (false
        discovery rate at most 5 % over the rows). Effects are fractions of possible sessions; ``pupils`` are
        different pupils; rounds without enough similar pupils are left out and counted.
    """
    rows = [(*key, *pool_of(part)) for key, part in rounds.groupby(list(by), sort=True)]
    return with_false_discovery(pd.DataFrame(rows, columns=[*by, *POOL_COLUMNS]))


def pool_of(rounds: pd.DataFrame) -> tuple:
    """Return POOL_COLUMNS of some rounds (one row each): counts, differences of fractions and what may be said."""
    taken = rounds[rounds["not_comparable"] == ""]
    pool = with_own_range(pool_estimates(taken["estimate"], taken["se"]), taken)
    pupils = len(pupils_in(taken))
    error = (pool[1][1] - pool[1][0]) / (2 * REACH)
    least = error * (REACH + normal_quantile(POWER))
    judgement = judge_pool(pool[1], least, (pupils, len(rounds)))
    if judgement.reason == NOT_COMPARABLE and (rounds["not_comparable"] == SELF_TEST_OFF).all():
        judgement = Judgement(Verdict.TOO_FEW, SELF_TEST_OFF)
    estimate = pool[0].estimate
    return (
        str(judgement.verdict),
        judgement.reason,
        len(taken),
        pupils,
        estimate,
        *pool[1],
        cautious(estimate, error),
        least,
        sqrt(pool[0].between_variance),
        pool[0].i_squared,
        int(taken["possible_sessions"].sum()),
        len(rounds) - len(taken),
        len(pupils_in(rounds) - pupils_in(taken)),
        chance_of_normal(estimate / error) if error > 0 else np.nan,
    )


def with_own_range(pool: Pool, rounds: pd.DataFrame) -> tuple[Pool, tuple[float, float]]:
    """Return a pool with its range (fractions); of one round (row) that round's own, so that no two tables differ on it."""
    if len(rounds) == 1:
        return pool, (float(rounds["low"].iloc[0]), float(rounds["high"].iloc[0]))
    return pool, (pool.low, pool.high)


def pupils_in(rounds: pd.DataFrame) -> set[str]:
    """Return the different pupils in some rounds (one row each, ``pupil_ids`` a collection of identifiers).

    Examples
    --------
    >>> sorted(pupils_in(pd.DataFrame({"pupil_ids": [("1", "2"), ("2",)]})))
    ['1', '2']
    """
    return {pupil for ids in rounds["pupil_ids"] for pupil in ids}


def judge_pool(span: tuple[float, float], smallest_effect: float, sizes: tuple[int, int]) -> Judgement:
    """Say what may be said of a pool.

    Parameters
    ----------
    span : (float, float)
        The 95 % range (fractions).
    smallest_effect : float
        The smallest effect that would have been seen (80 % power).
    sizes : (int, int)
        Pupils pooled, and rounds there were, pooled or not.

    Examples
    --------
    >>> judge_pool((0.01, 0.05), 0.03, (30, 3)).verdict.value, judge_pool((0.01, 0.05), 0.03, (7, 3)).reason
    ('likely helped', 'too few pupils')
    >>> judge_pool((-0.04, 0.08), 0.09, (30, 3)).reason, judge_pool((-0.01, 0.03), 0.03, (30, 3)).verdict.value
    ('range too wide', 'no clear effect')
    """
    (low, high), (pupils, rounds) = span, sizes
    if pupils < FEWEST_PUPILS:
        lacking = NOBODY_LEFT if not rounds else NOT_COMPARABLE if not pupils else FEW_PUPILS
        return Judgement(Verdict.TOO_FEW, lacking)
    return judge_range(low, high, smallest_effect)


# What to try next, drawn from the school's own log: what has helped pupils with the same barrier, and how surely

SAME, OTHER = "pupils with this barrier", "pupils with other barriers"
READINGS = {
    (SAME, Verdict.HELPED): "Worth trying: it likely helped pupils with this barrier",
    (OTHER, Verdict.HELPED): "Worth trying with care: it likely helped, but pupils with other barriers",
    (SAME, Verdict.NO_CLEAR_EFFECT): "Nothing to suggest it by: no clear effect for this barrier",
    (SAME, Verdict.WORSE): "Not as it is: pupils with this barrier likely attended less than expected",
    (SAME, Verdict.TOO_FEW): "Too few to tell: no ground to suggest it, and none to stop it",
}
# First what may be suggested, then what is known not to, then what is not known.
ORDER = (Verdict.HELPED, Verdict.NO_CLEAR_EFFECT, Verdict.WORSE, Verdict.TOO_FEW)


@dataclass(frozen=True)
class Suggestions:
    """The evidence for each barrier (``suggest``), from which a pupil's suggestion is taken."""

    table: pd.DataFrame

    def to_try(self, courses: pd.DataFrame, everything: pd.DataFrame) -> pd.DataFrame:
        """Find what each course's pupil could try next.

        Parameters
        ----------
        courses : pandas.DataFrame
            The courses in question: ``pupil_id`` and ``barrier``.
        everything : pandas.DataFrame
            Every course, so that nothing is suggested that the pupil has had.

        Returns
        -------
        pandas.DataFrame
            One row per course, in order: the first row of ``table`` for its barrier that likely helped and that
            the pupil has not had, with ``basis`` missing where there is none.
        """
        helped = self.table[self.table["verdict"] == Verdict.HELPED]
        asked = courses[["pupil_id"]].assign(place=range(len(courses)), barrier=barriers_of(courses))
        offered = asked.merge(helped, on="barrier")
        had = everything[["pupil_id", "intervention"]].drop_duplicates().assign(has_had=True)
        offered = offered.merge(had, on=["pupil_id", "intervention"], how="left")
        first = offered[offered["has_had"].isna()].drop_duplicates("place")
        kept = first.drop(columns=["pupil_id", "barrier", "has_had"])
        return asked.merge(kept, on="place", how="left").drop(columns=["place", "pupil_id"])


def barriers_of(courses: pd.DataFrame) -> pd.Series:
    """Return each course's barrier (one per row), and that none is recorded where none is.

    Examples
    --------
    >>> barriers_of(pd.DataFrame({"barrier": ["anxiety", " "]})).tolist() == ["anxiety", NOT_RECORDED]
    True
    """
    return courses["barrier"].astype(object).where(is_filled(courses["barrier"]), NOT_RECORDED)


def suggest(rounds: Rounds) -> Suggestions:
    """Set out for each barrier of the log what has been tried with it, what came of it, and what helped elsewhere.

    Parameters
    ----------
    rounds : Rounds
        Of the study.

    Returns
    -------
    Suggestions
        Its table has one row per barrier and intervention tried with it, and one per intervention that likely
        helped without having been tried with it: ``barrier``, ``intervention``, ``basis`` (whom the
        evidence is of), ``pools.POOL_COLUMNS`` and ``reading``. By barrier, best known to help first.
    """
    barriers = barriers_of(rounds.study.courses)
    own = pool_rounds(rounds.by_kind(barriers), ["kind", "intervention"]).rename(columns={"kind": "barrier"})
    everyone = pool_rounds(rounds.of_everyone(), ["intervention"])
    elsewhere = pd.DataFrame({"barrier": own["barrier"].unique()}).merge(
        everyone[everyone["verdict"] == Verdict.HELPED], how="cross"
    )
    table = pd.concat(
        [own.assign(basis=SAME), elsewhere.assign(basis=OTHER)]
        if len(elsewhere)
        else [own.assign(basis=SAME)]
    )
    table = table.drop_duplicates(["barrier", "intervention"])
    reading = [
        READINGS[(basis, Verdict(verdict))]
        for basis, verdict in zip(table["basis"], table["verdict"], strict=True)
    ]
    rank = table["verdict"].map({str(verdict): place for place, verdict in enumerate(ORDER)})
    ordered = table.assign(reading=reading, rank=rank, is_other=table["basis"] == OTHER).sort_values(
        ["barrier", "rank", "is_other", "cautious_estimate", "intervention"],
        ascending=[True, True, True, False, True],
        ignore_index=True,
    )
    return Suggestions(ordered.drop(columns=["rank", "is_other"]))


# For strategy: the school's interventions pooled by type, tier, barrier, group, lead time and dose

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
