"""How the impact paper says a difference, a range, a verdict and who was left out; the words are the same everywhere."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Protocol, TypeVar

import pandas as pd

from attendance_lib.analysis.impact.log import Cost
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Chart, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_points, format_pounds, format_span
from attendance_lib.intake.checked_school import School
from attendance_lib.papers.shared import NOT_KNOWN

NO_INTERVENTION = "No intervention that is asked about started in these days."

# What tables leave to the workbook of the finding that they show in words.
FINDING = (figure("verdict", shown=False), figure("reason", shown=False))


STANDS_NOT = "may be the luck of looking at many"
NO_COST, NONE_REGAINED = "no cost recorded", "no session was regained"


# The last bits of a sum depend on how many cores add it up; a table that is compared with another run's leaves them out.
PLACES = 9


def without_last_bits(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table with its fractions and other figures that are not counts to PLACES places; dates as they are.

    Examples
    --------
    >>> without_last_bits(pd.DataFrame({"rate": [0.1 + 0.2], "pupils": [3]})).values.tolist()
    [[0.3, 3.0]]
    """
    figures = frame.select_dtypes("float").columns
    return frame.assign(**{name: frame[name].round(PLACES) for name in figures})


def verdict_words(verdict: str, reason: str, *, stands: bool) -> str:
    """Return a verdict with what must be known beside it: why there is none, or that it may be one of many by chance.

    Examples
    --------
    >>> verdict_words("too few to tell", "range too wide", stands=False)
    'too few to tell: range too wide'
    >>> verdict_words("likely helped", "", stands=False)
    'likely helped, but may be the luck of looking at many'
    """
    if reason:
        return f"{verdict}: {reason}"
    is_finding = verdict in (Verdict.HELPED, Verdict.WORSE)
    return f"{verdict}, but {STANDS_NOT}" if is_finding and not stands else str(verdict)


def at_first_words(whole: Verdict, at_first: Verdict) -> str:
    """Return the finding of the first six weeks where the whole window has another verdict; empty where it has not.

    Examples
    --------
    >>> at_first_words(Verdict.NO_CLEAR_EFFECT, Verdict.HELPED), at_first_words(Verdict.HELPED, Verdict.NO_CLEAR_EFFECT)
    ('likely helped over the first six school weeks', '')
    """
    is_another = at_first in (Verdict.HELPED, Verdict.WORSE) and at_first is not whole
    return f"{at_first} over the first six school weeks" if is_another else ""


NEVER_DELAYED = (
    "support that is statutory, for safeguarding, for SEND or for severe absence is never delayed for it"
)


def difference_words(estimate: float, low: float, high: float) -> str:
    """Return a difference with its range.

    Examples
    --------
    >>> difference_words(0.022, -0.015, 0.065)
    '+2.2 points (range −1.5 to +6.5)'
    """
    return f"{format_points(estimate)} points (range {format_span(low, high)})"


def sessions_words(low: float, high: float) -> str:
    """Return a range of sessions regained; empty where there is none.

    Examples
    --------
    >>> sessions_words(-70.8, 303.5), sessions_words(float("nan"), float("nan"))
    ('−71 to +304', '')
    """
    if pd.isna(low) or pd.isna(high):
        return ""
    return f"{signed(low)} to {signed(high)}"


def unbroken(text: str) -> str:
    r"""Return a range for a table's cell, which no line may end inside.

    Examples
    --------
    >>> unbroken("1 to 2") == "1\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}2"
    True
    """
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def signed(count: float) -> str:
    """Return a count with its sign.

    Examples
    --------
    >>> signed(3), signed(-1200), signed(0.2)  # what is nothing in whole numbers has no sign
    ('+3', '−1,200', '0')
    """
    text = format_count(count)
    return f"+{text}" if count > 0 and text != "0" else text


def cost_words(cost: Cost) -> str:
    """Return the cost of a session regained as a range in words, of how many pupils it is known, or that none is recorded.

    Examples
    --------
    >>> missing = float("nan")
    >>> cost_words(Cost(960.0, 10, 10, 8.0, missing)), cost_words(Cost(300.0, 6, 30, 7.494, 15.949))
    ('at least £8; perhaps no session was regained', '£7.49 to £15.95 (cost recorded for 6 of 30)')
    >>> cost_words(Cost(960.0, 10, 10, missing, missing)), cost_words(Cost(0.0, 0, 10, missing, missing))
    ('no session was regained', 'no cost recorded')
    """
    if not cost.pupils_with_cost:
        return NO_COST
    if not cost.at_least > 0:
        return NONE_REGAINED
    least = format_pounds(cost.at_least)
    said = (
        f"{least} to {format_pounds(cost.at_most)}"
        if cost.at_most > 0
        else f"at least {least}; perhaps {NONE_REGAINED}"
    )
    known, everyone = format_count(cost.pupils_with_cost), format_count(cost.pupils)
    return (
        said if cost.pupils_with_cost == cost.pupils else f"{said} (cost recorded for {known} of {everyone})"
    )


def left_out_words(left_out: dict[str, int]) -> str:
    """Return who was left out and why, the most first.

    Examples
    --------
    >>> left_out_words({"pupil not in the register": 1, "too few sessions before the start": 3})
    'too few sessions before the start 3, pupil not in the register 1'
    """
    ordered = sorted(left_out.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{reason} {format_count(rows)}" for reason, rows in ordered)


class OfASchool(Protocol):
    """What a section of the impact paper is asked with."""

    @property
    def school(self) -> School:
        """The school's files."""


Paper = TypeVar("Paper", bound=OfASchool)
Shown = TypeVar("Shown", bound=Table | Chart | Sentences)


def of_the_log(section: Callable[[Paper], Shown]) -> Callable[[Paper], Shown]:
    """Let a section show nothing of a school without a log of interventions: the first page says so, and what to do.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> lead = of_the_log(lambda paper: Sentences("lead", ("Nothing could be evaluated.",)))
    >>> logs = ("interventions.csv", None)
    >>> [lead(SimpleNamespace(school=SimpleNamespace(interventions=log))).items for log in logs]
    [('Nothing could be evaluated.',), ()]
    """

    @wraps(section)
    def shown(paper: Paper) -> Shown:
        found = section(paper)
        return found if paper.school.interventions is not None else without_a_log(found)

    return shown


def without_a_log(shown: Shown) -> Shown:
    """Return sentences without a word, and a table without its note: that explains columns, of which there are none.

    Examples
    --------
    >>> without_a_log(Sentences("lead", ("Nothing could be evaluated.",))).items
    ()
    """
    if isinstance(shown, Table):
        return replace(shown, note="", empty_text=NOT_KNOWN)
    return replace(shown, items=()) if isinstance(shown, Sentences) else shown
