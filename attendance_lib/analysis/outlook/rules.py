"""What a school would say without a model: a few simple rules, each with the shares of an earlier year."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from attendance_lib.analysis.outlook.chances import line_of_log_odds, log_odds, settled
from attendance_lib.analysis.outlook.marks import Known
from attendance_lib.rules.thresholds import FIRST_WEEKS_SESSIONS, Threshold

# The first 20 school days, in school weeks, and what counts as few, some and many days missed of them (sessions).
FIRST_DAYS_WEEKS = 4
MISSED_FROM = (1, 3, 5, 9)
# A curve is not drawn to anything: it has two numbers and a year group's pupils to learn them from.
FREELY = (0.01, 0.01)
# A share of few pupils is drawn to everybody's by so many.
SHARE_PUPILS = 1.0
NO_LAST_YEAR = 2


@dataclass(frozen=True)
class Rule:
    """A simple rule.

    ``words`` is what it looks at. ``cells`` puts each pupil into a cell whose share of an earlier year is the chance (whole
    numbers, shape (pupils,)); without it the chance is a curve of the year to date. ``needs_last_year`` says that an earlier
    year can teach it only where the year before that is known too.
    """

    words: str
    cells: Callable[[Known, Threshold], np.ndarray] | None = None
    needs_last_year: bool = False


def over_so_far(known: Known, line: Threshold) -> np.ndarray:
    """Return who is over the line in the sessions so far (1) or not (0); shape (pupils,).

    Examples
    --------
    >>> from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
    >>> absent, possible = np.array([[1], [0]]), np.array([[10], [0]])
    >>> over_so_far(Known(absent, possible, np.array([2026]), 0, absent, possible), PERSISTENT_ABSENCE).tolist()
    [1, 0]
    """
    return line.is_met(known.absent_so_far, known.possible_so_far).astype(int)


def over_last_year(known: Known, line: Threshold) -> np.ndarray:
    """Return who was over the line last year (1), was not (0), or has too few marks of it (NO_LAST_YEAR); shape (pupils,).

    Examples
    --------
    >>> from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
    >>> absent, possible = np.array([[6, 0], [5, 0], [5, 0]]), np.array([[60, 0], [60, 0], [59, 0]])
    >>> over_last_year(Known(absent, possible, np.array([2025, 2026]), 1, absent, possible), PERSISTENT_ABSENCE).tolist()
    [1, 0, 2]
    """
    over = line.is_met(known.absent_last_year, known.possible_last_year).astype(int)
    return np.where(known.possible_last_year < FIRST_WEEKS_SESSIONS, NO_LAST_YEAR, over)


def missed_at_first(known: Known, _: Threshold) -> np.ndarray:
    """Return how many of MISSED_FROM each pupil's sessions missed in the first weeks reach (shape (pupils,)).

    Examples
    --------
    >>> absent = np.array([[0, 0, 0, 0, 9], [2, 2, 0, 0, 0]])  # the fifth week is none of the first
    >>> known = Known(absent, absent, np.full(5, 2026), 4, absent, absent)
    >>> missed_at_first(known, None).tolist()  # of 1, 3, 5 and 9 sessions, 4 reach two
    [0, 2]
    """
    first = np.flatnonzero(known.is_this_year)[:FIRST_DAYS_WEEKS]
    return np.digitize(known.absent[:, first].sum(axis=1), MISSED_FROM)


def of_both(known: Known, line: Threshold) -> np.ndarray:
    """Return each pupil's place in the two-by-two of so far and last year (shape (pupils,)).

    Examples
    --------
    >>> from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
    >>> absent, possible = np.array([[6, 0], [6, 1], [0, 1]]), np.array([[60, 10], [60, 10], [59, 10]])  # last year, this year
    >>> of_both(Known(absent, possible, np.array([2025, 2026]), 1, absent, possible), PERSISTENT_ABSENCE).tolist()
    [1, 4, 5]
    """
    return over_so_far(known, line) * (NO_LAST_YEAR + 1) + over_last_year(known, line)


RULES = {
    "year_to_date": Rule("absence so far this year"),
    "last_year": Rule("over the line last year or not", over_last_year, needs_last_year=True),
    "first_days": Rule("days missed of the first 20", missed_at_first),
    "both": Rule("over the line so far or not, last year or not", of_both, needs_last_year=True),
}


def rate_so_far(known: Known) -> np.ndarray:
    """Return each pupil's rate this year, half a session and half a possible one more (fractions, shape (pupils,)).

    Examples
    --------
    >>> absent, possible = np.array([[0], [1]]), np.array([[0], [9]])
    >>> rate_so_far(Known(absent, possible, np.array([2026]), 0, absent, possible)).tolist()  # 0.5 of 1, and 1.5 of 10
    [0.5, 0.15]
    """
    return (known.absent_so_far + 0.5) / (known.possible_so_far + 1)


def told_by(
    rule: Rule, line: Threshold, known: Known, taught: tuple[Known, np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return the chances that a rule gives (fractions, shape (pupils,)).

    Parameters
    ----------
    rule : Rule
        Which.
    line : Threshold
        The line.
    known : Known
        What is known of those whose chances are asked for.
    taught : tuple
        What was known in the week that teaches the shares, who ended over the line, and whose ends may teach (both boolean,
        shape (pupils,)).
    """
    then, over, who = taught
    if rule.cells is None:
        intercept, slope = line_of_log_odds(rate_so_far(then)[who], over[who], FREELY)
        return settled(expit(intercept + slope * log_odds(rate_so_far(known))))
    cells, here = rule.cells(then, line)[who], rule.cells(known, line)
    count = max(int(cells.max(initial=0)), int(here.max(initial=0))) + 1
    every = (int(over[who].sum()) + SHARE_PUPILS / 2) / (int(who.sum()) + SHARE_PUPILS)
    came = np.bincount(cells, over[who], count) + SHARE_PUPILS * every
    return (came / (np.bincount(cells, minlength=count) + SHARE_PUPILS))[here]
