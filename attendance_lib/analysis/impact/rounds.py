"""Rounds: those who began one intervention in a term, each with its own estimate, and their pools by kind and by barrier."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.courses import LEAD_BANDS, NOT_RECORDED, Study
from attendance_lib.analysis.impact.evaluate import Evaluation, Impact, evaluate_sets
from attendance_lib.analysis.impact.pools import POOL_COLUMNS, pool_rounds, with_false_discovery
from attendance_lib.analysis.impact.risk_sets import RiskSets
from attendance_lib.analysis.impact.verdicts import FEWEST_PUPILS, SELF_TEST_OFF, Verdict, lack
from attendance_lib.analysis.logs import is_filled

ROUND_COLUMNS = [
    "intervention",
    "kind",
    "round",
    "pupils",
    "comparison_pupils",
    "estimate",
    "low",
    "high",
    "se",
    "p_value",
    "possible_sessions",
    "not_comparable",
    "pupil_ids",
]


@dataclass(frozen=True)
class Rounds:
    """The estimates of a study's rounds; each is worked out once, however many tables ask for it."""

    study: Study
    known: dict[tuple, Impact]

    def of_everyone(self) -> pd.DataFrame:
        """Return one row per intervention and round (see ``by_kind``); ``kind`` is empty."""
        return self.by_kind(pd.Series("", self.study.courses.index))

    def by_kind(self, kinds: pd.Series) -> pd.DataFrame:
        """Estimate each round for each kind of pupil or course in it.

        Parameters
        ----------
        kinds : pandas.Series
            A text for each row of ``study.courses``; missing where a course is of no kind and is left out.

        Returns
        -------
        pandas.DataFrame
            ROUND_COLUMNS, one row per intervention, kind and round with anyone evaluated. The pupils
            of the kind are treated; those compared are everyone comparable, as in the estimate of the whole.
            Effects are fractions of possible sessions; ``round`` is the term, or the first and the last;
            ``not_comparable`` is why the round may be in no pool (empty where it may), whatever its size: too few
            pupils like them, or a verdict that the self-test has taken back;
            ``pupil_ids`` are the pupils in it.
        """
        courses = self.study.courses.assign(kind=kinds)
        courses = courses[(courses["landed"] != "") & courses["kind"].notna()]
        rows = [
            (*key, term, *self._figures(key[0], of_round))
            for key, part in courses.groupby(["intervention", "kind"], sort=True)
            for term, of_round in split_in_rounds(part)
        ]
        return pd.DataFrame(rows, columns=ROUND_COLUMNS)

    def _figures(self, intervention: str, courses: pd.DataFrame) -> tuple:
        enrolments = np.sort(courses["enrolment"].to_numpy())
        place, evaluation = (intervention, *enrolments.tolist()), self._evaluation(intervention)
        if place not in self.known:
            self.known[place] = impact_among(evaluation, enrolments)
        impact = self.known[place]
        figures = (
            impact.estimate,
            impact.low,
            impact.high,
            impact.se,
            impact.p_value,
            impact.possible_sessions,
        )
        likeness, ids = impact.likeness, tuple(courses["pupil_id"])
        is_capped = evaluation.impact.judgement.reason == SELF_TEST_OFF
        lacking = SELF_TEST_OFF if is_capped else unlike(impact)
        return (likeness.pupils, likeness.comparison_pupils, *figures, lacking, ids)

    def _evaluation(self, intervention: str) -> Evaluation:
        return next(each for each in self.study.evaluations if each.impact.intervention == intervention)


def split_in_rounds(courses: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Split courses of one intervention by the term in which they began, small terms taken together with the next.

    Returns
    -------
    list of (str, pandas.DataFrame)
        The term, or the first and the last, and its courses, in order: at least as many in each as a verdict
        needs, where there are so many at all. A range from two or three pupils is so wide that it adds nothing
        to a pool; the same pupils in one round with others do. Two rounds are taken as one: they cannot show how
        much rounds differ, and Hartung and Knapp's range of two is of no use.

    Examples
    --------
    >>> terms = ["202526-autumn", "202526-spring", "202526-summer"]
    >>> courses = pd.DataFrame({"term": np.repeat(terms, 8), "week": np.repeat([3, 15, 27], 8)})
    >>> [len(part) for _, part in split_in_rounds(courses)], [term for term, _ in split_in_rounds(courses.head(16))]
    ([8, 8, 8], ['202526-autumn to 202526-spring'])
    """
    ordered = courses.sort_values("week", kind="stable")
    terms = [part for _, part in ordered.groupby("term", sort=False)]
    joined: list[pd.DataFrame] = []
    for part in terms:
        is_small = bool(joined) and len(joined[-1]) < FEWEST_PUPILS
        joined = [*joined[:-1], pd.concat([joined[-1], part])] if is_small else [*joined, part]
    if len(joined) > 1 and len(joined[-1]) < FEWEST_PUPILS:
        joined = [*joined[:-2], pd.concat(joined[-2:])]
    joined = joined if len(joined) >= FEWEST_ROUNDS else [pd.concat(joined)]
    return [(term_span(part["term"]), part) for part in joined]


FEWEST_ROUNDS = 3


def term_span(terms: pd.Series) -> str:
    """Return the first and the last of some terms (one per row, in order), or the only one.

    Examples
    --------
    >>> term_span(pd.Series(["202526-autumn", "202526-spring"])), term_span(pd.Series(["202526-autumn"]))
    ('202526-autumn to 202526-spring', '202526-autumn')
    """
    first, last = terms.iloc[0], terms.iloc[-1]
    return first if first == last else f"{first} to {last}"


def impact_among(evaluation: Evaluation, enrolments: Iterable[int]) -> Impact:
    """Estimate the same for some of those treated only; those compared stay everyone comparable.

    Parameters
    ----------
    evaluation : Evaluation
        With an estimate.
    enrolments : iterable of int
        Rows in the register of some of those treated.
    """
    sets = sets_among(evaluation.expectation.sets, enrolments)
    return evaluate_sets(sets, evaluation.question).measured


def sets_among(sets: RiskSets, enrolments: Iterable[int]) -> RiskSets:
    """Return the risk sets in which only some are treated: their start weeks, and in these all who are compared.

    Examples
    --------
    >>> from attendance_lib.analysis.impact.risk_sets import ROW_ARRAYS
    >>> row = dict.fromkeys(ROW_ARRAYS, np.array([1, 2, 3, 4])) | {"week": np.array([3, 3, 9, 9])}
    >>> sets = RiskSets(**row | {"is_treated": np.array([True, False, True, False])}, window_weeks=6, left_out={})
    >>> sets_among(sets, [1]).enrolment.tolist()  # whoever is compared in the other's week goes with it
    [1, 2]
    """
    chosen = sets.is_treated & np.isin(sets.enrolment, list(enrolments))
    weeks = np.unique(sets.week[chosen])
    kept = sets.where(chosen | (~sets.is_treated & np.isin(sets.week, weeks)))
    return replace(kept, left_out={})


def unlike(impact: Impact) -> str:
    """Return what those treated lack in comparison pupils, were they as many as a verdict needs; empty where nothing.

    A round may be as small as it is, since pooling is for small rounds, but not without anyone like it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.analysis.impact.verdicts import Likeness
    >>> alike = [Likeness(2, compared, close_share=1.0, mean_gap=0.0) for compared in (500, 23)]  # of eight 24 would be needed
    >>> [unlike(SimpleNamespace(likeness=each)) for each in alike]
    ['', 'too few pupils to compare with']
    """
    likeness = impact.likeness
    return lack(replace(likeness, pupils=max(likeness.pupils, FEWEST_PUPILS)))


def rounds_of(study: Study) -> Rounds:
    """Return a study's rounds, none of them worked out yet."""
    return Rounds(study, {})


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

        Examples
        --------
        >>> helped = {"barrier": ["anxiety"], "intervention": ["Mentor"], "verdict": [Verdict.HELPED], "basis": [SAME]}
        >>> courses = pd.DataFrame({"pupil_id": ["1", "2"], "barrier": "anxiety"})
        >>> had = pd.DataFrame({"pupil_id": ["1"], "intervention": ["Mentor"]})
        >>> Suggestions(pd.DataFrame(helped)).to_try(courses, had)["intervention"].tolist()
        [nan, 'Mentor']
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

    Examples
    --------
    >>> courses = {"intervention": "Mentor", "lead_band": [LEAD_BANDS[0], LEAD_BANDS[1], ""], "lead_days": [None, 6, None]}
    >>> found = lead_times(pd.DataFrame(courses))  # one began before the line was crossed, one cannot be placed
    >>> found[["intervention", "starts", "before_starts", "median_lead_days"]].values.tolist()
    [['Mentor', 2, 1, 6.0], ['All', 2, 1, 6.0]]
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
