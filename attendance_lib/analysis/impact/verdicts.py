"""What may be said of an estimate: likely helped, no clear effect, likely worse, or too few to tell and why."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

FEWEST_PUPILS = 8
FEWEST_CLOSE_SHARE = 0.6
WIDEST_GAP = 0.07
COMPARISONS_FOR_EACH, MOST_COMPARISONS_NEEDED = 3, 60
EFFECT_TO_BE_SEEN = 0.06
# Effects of attendance work are mostly within 6 points either way: a spread of 3 points about nothing.
PRIOR_SPREAD = 0.03


class Verdict(StrEnum):
    """What the evidence allows to be said."""

    HELPED = "likely helped"
    NO_CLEAR_EFFECT = "no clear effect"
    WORSE = "likely worse"
    TOO_FEW = "too few to tell"


FEW_PUPILS = "too few pupils"
FEW_SIMILAR = "too few similar pupils"
UNLIKE = "those compared were not like them"
FEW_COMPARED = "too few pupils to compare with"
RANGE_TOO_WIDE = "range too wide"
NOBODY_LEFT = "nobody could be evaluated"
SELF_TEST_OFF = "on this register the self-test is far off"


@dataclass(frozen=True)
class Likeness:
    """How like the treated those are whom they are compared with.

    ``close_share`` is the share of treated pupils with at least ten comparison pupils of their start week within
    5 points of their own expected attendance; ``mean_gap`` the mean difference from their nearest comparison
    pupils in expected attendance or recent absence, whichever is wider (a fraction of sessions).
    """

    pupils: int
    comparison_pupils: int
    close_share: float
    mean_gap: float


@dataclass(frozen=True)
class Judgement:
    """A verdict, and the reason where it is "too few to tell" (otherwise empty)."""

    verdict: Verdict
    reason: str = ""


def lack(likeness: Likeness) -> str:
    """Return what is lacking for any verdict; empty where nothing is.

    Examples
    --------
    >>> lack(Likeness(pupils=7, comparison_pupils=500, close_share=1.0, mean_gap=0.0))
    'too few pupils'
    >>> lack(Likeness(pupils=8, comparison_pupils=24, close_share=0.6, mean_gap=0.07))
    ''
    """
    needed = min(COMPARISONS_FOR_EACH * likeness.pupils, MOST_COMPARISONS_NEEDED)
    cases = {
        FEW_PUPILS: likeness.pupils < FEWEST_PUPILS,
        FEW_COMPARED: likeness.comparison_pupils < needed,
        FEW_SIMILAR: likeness.close_share < FEWEST_CLOSE_SHARE,
        UNLIKE: likeness.mean_gap > WIDEST_GAP,
    }
    return next((reason for reason, is_so in cases.items() if is_so), "")


def judge(low: float, high: float, smallest_effect: float, likeness: Likeness) -> Judgement:
    """Say what may be said of a range.

    Parameters
    ----------
    low, high : float
        The 95 % range of the effect (fractions of possible sessions).
    smallest_effect : float
        The smallest effect that would have been seen (80 % power).
    likeness : Likeness
        How like the comparison pupils are.

    Examples
    --------
    >>> alike = Likeness(pupils=20, comparison_pupils=500, close_share=1.0, mean_gap=0.01)
    >>> judge(0.01, 0.05, 0.04, alike).verdict.value, judge(-0.01, 0.09, 0.08, alike)
    ('likely helped', Judgement(verdict=<Verdict.TOO_FEW: 'too few to tell'>, reason='range too wide'))
    """
    if reason := lack(likeness):
        return Judgement(Verdict.TOO_FEW, reason)
    return judge_range(low, high, smallest_effect)


def judge_range(low: float, high: float, smallest_effect: float) -> Judgement:
    """Return the verdict of a range whose pupils are enough and alike (see ``judge``).

    Examples
    --------
    >>> judge_range(-0.01, 0.04, 0.05).verdict.value, judge_range(-0.01, 0.09, 0.07).reason
    ('no clear effect', 'range too wide')
    """
    if low > 0:
        return Judgement(Verdict.HELPED)
    if high < 0:
        return Judgement(Verdict.WORSE)
    is_visible = smallest_effect <= EFFECT_TO_BE_SEEN
    return Judgement(Verdict.NO_CLEAR_EFFECT) if is_visible else Judgement(Verdict.TOO_FEW, RANGE_TOO_WIDE)


def cautious(estimate: float, se: float) -> float:
    """Return an estimate drawn towards nothing, as the best-looking of many is partly luck (a fraction).

    Examples
    --------
    >>> cautious(0.06, 0.03)
    0.03
    """
    prior = np.square(PRIOR_SPREAD)
    return float(estimate * prior / (prior + np.square(se)))
