"""Rounds: those who began one intervention in a term, all of them or those of one kind, each with its own estimate."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.courses import Study
from attendance_lib.analysis.impact.evaluate import Evaluation, Impact, evaluate_sets
from attendance_lib.analysis.impact.risk_sets import RiskSets
from attendance_lib.analysis.impact.verdicts import FEWEST_PUPILS, SELF_TEST_OFF, lack

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
    """Return the risk sets in which only some are treated: their start weeks, and in these all who are compared."""
    chosen = sets.is_treated & np.isin(sets.enrolment, list(enrolments))
    weeks = np.unique(sets.week[chosen])
    kept = sets.where(chosen | (~sets.is_treated & np.isin(sets.week, weeks)))
    return replace(kept, left_out={})


def unlike(impact: Impact) -> str:
    """Return what those treated lack in comparison pupils, were they as many as a verdict needs; empty where nothing.

    A round may be as small as it is, since pooling is for small rounds, but not without anyone like it.
    """
    likeness = impact.likeness
    return lack(replace(likeness, pupils=max(likeness.pupils, FEWEST_PUPILS)))


def rounds_of(study: Study) -> Rounds:
    """Return a study's rounds, none of them worked out yet."""
    return Rounds(study, {})
