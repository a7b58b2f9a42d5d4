"""How a chance is said: of ten pupils like this one, what would have to happen, and the facts behind it. No score, no "will"."""

from math import floor

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.weeks import of_categories
from attendance_lib.analysis.outlook.backtest import CHECK, OURS
from attendance_lib.analysis.outlook.chances import CERTAIN
from attendance_lib.analysis.outlook.marks import Known
from attendance_lib.analysis.outlook.outlook import Outlook, Told
from attendance_lib.analysis.outlook.rules import RULES
from attendance_lib.analysis.outlook.school import HORIZON_WORDS, Horizon
from attendance_lib.display.format import format_count, format_date, format_percent
from attendance_lib.papers.chances import NOT_TOLD, of_ten
from attendance_lib.rules.codes import ABSENT, Category
from attendance_lib.rules.thresholds import FIRST_WEEKS_SESSIONS

# Of half the sessions a school has too few pupils for tenths: words, from so many per cent on.
POSSIBLE_FROM, LIKELY_FROM = 10, 50
RECENT_WEEKS, FEWEST_IN_A_ROW = 3, 4
MOSTLY, MOSTLY_OF = 3, 4


def back_words(told: Told, row: int) -> str:
    """Return the chance of one person (position) of ending below 10 % missed."""
    if told.need[row] <= 0:
        return "cannot any more"
    if told.need[row] > told.left[row]:
        return "certain"
    return NOT_TOLD if told.cannot[row] else of_ten(CERTAIN - int(told.chance[row]))


def severe_words(told: Told, row: int) -> str:
    """Return in a word how likely one person (position) is to miss half or more; no tenths, of which nobody could know."""
    if told.need[row] <= 0:
        return "certain"
    if told.need[row] > told.left[row]:
        return "cannot"
    if told.cannot[row]:
        return NOT_TOLD
    percent = int(told.chance[row])
    return "unlikely" if percent < POSSIBLE_FROM else "possible" if percent < LIKELY_FROM else "likely"


def end_words(horizon: Horizon) -> str:
    """Return what an end is and when, such as "end of term, 18 December 2026"."""
    return f"end of the {HORIZON_WORDS[horizon.kind]}, {format_date(horizon.last_day)}"


def told_by_words(by: str) -> str:
    """Return what chances are worked out by, in words that a meeting can use.

    Examples
    --------
    >>> told_by_words(OURS)
    "the pupil's own weeks of this year and last"
    """
    if by == OURS:
        return "the pupil's own weeks of this year and last"
    if by == CHECK:
        return "sessions missed this year and a quarter of last year's, drawn to the school's average"
    return f"a simple rule: {RULES[by].words}"


# The two or three facts behind each


def facts(outlook: Outlook) -> list[str]:
    """Return what stands behind each person's chance, in counts of sessions (one text per person)."""
    known = outlook.known
    recent = np.flatnonzero(known.is_this_year & (np.arange(len(known.years)) <= known.week))[-RECENT_WEEKS:]
    late = known.absent[:, recent].sum(axis=1), known.possible[:, recent].sum(axis=1)
    in_a_row, ill = last_in_a_row(outlook), known.ill[:, known.is_this_year].sum(axis=1)
    return [
        fact(known, row, (late[0][row], late[1][row]), in_a_row[row], ill[row]) for row in range(len(ill))
    ]


def fact(known: Known, row: int, late: tuple[int, int], in_a_row: int, ill: int) -> str:
    """Return the facts of one person (position): so far and why, last year, and the last weeks or a spell in progress."""
    absent, possible = int(known.absent_so_far[row]), int(known.possible_so_far[row])
    parts = [
        f"{format_count(absent)} of {format_count(possible)} missed{reason_words(int(ill), absent)}",
        last_year_words(known, row),
    ]
    if in_a_row >= FEWEST_IN_A_ROW:
        parts.append(f"away the last {format_count(in_a_row)}")
    elif late[1]:
        parts.append(f"last {RECENT_WEEKS} weeks {format_count(late[0])} of {format_count(late[1])}")
    return "; ".join(parts)


def reason_words(ill: int, absent: int) -> str:
    """Say whether illness is most of what was missed, or hardly any; nothing in between or of few sessions.

    Examples
    --------
    >>> reason_words(9, 10), reason_words(1, 10), reason_words(5, 10)
    (', mostly ill', ', hardly any of it ill', '')
    """
    if absent < FEWEST_IN_A_ROW:
        return ""
    if ill * MOSTLY_OF >= absent * MOSTLY:
        return ", mostly ill"
    return ", hardly any of it ill" if ill * MOSTLY_OF <= absent * (MOSTLY_OF - MOSTLY) else ""


def last_year_words(known: Known, row: int) -> str:
    """Return what one person (position) missed last year, where that is held."""
    possible = int(known.possible_last_year[row])
    if possible < FIRST_WEEKS_SESSIONS:
        return "no last year here"
    absent = int(known.absent_last_year[row])
    return f"last year {format_percent(absent / possible, 0)} of {format_count(possible)}"


def last_in_a_row(outlook: Outlook) -> np.ndarray:
    """Return how many of each person's last possible sessions were missed one after the other (shape (persons,))."""
    how = outlook.school.persons.categories
    absent, present = (
        of_categories(how, ABSENT),
        of_categories(how, (Category.PRESENT, Category.APPROVED_ACTIVITY)),
    )
    last = np.where(present.any(axis=1), how.shape[1] - 1 - present[:, ::-1].argmax(axis=1), -1)
    return (absent & (np.arange(how.shape[1]) > last[:, None])).sum(axis=1)


def base_words(told: Told, people: pd.DataFrame) -> list[str]:
    """Return of each year group how many in 100 are likely to end over the line: the base beside each chance.

    ``people`` are those on roll (one row each), with ``row`` and ``year_group``; one text per row.
    """
    said = pd.Series(told.chance[people["row"].to_numpy()] / CERTAIN, index=people.index)
    usual = said.groupby(people["year_group"].astype(object).fillna("")).transform("mean")
    return [f"{format_count(floor(100 * each + 0.5))} in 100" for each in usual]
