"""How the impact paper says a difference, a range, a verdict and who was left out; the words are the same everywhere."""

import pandas as pd

from attendance_lib.analysis.impact.cost import Cost
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display.format import format_count, format_points, format_span

STANDS_NOT = "may be the luck of looking at many"
NO_COST = "no cost recorded"


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
    """Return a count with its sign."""
    text = format_count(count)
    return f"+{text}" if count > 0 and text != "0" else text


def cost_words(cost: Cost) -> str:
    """Return the cost of a session regained as a range in words, or that none is recorded.

    Examples
    --------
    >>> cost_words(Cost(960.0, 10, 8.0, float("nan"))), cost_words(Cost(960.0, 10, 8.0, 16.0))
    ('£8.00 or more, perhaps none', '£8.00 to £16.00')
    >>> cost_words(Cost(960.0, 10, float("nan"), float("nan"))), cost_words(Cost(0.0, 10, 0.0, 0.0))
    ('none was regained', 'no cost recorded')
    """
    if not (cost.pupils_with_cost and cost.total > 0):
        return NO_COST
    if not cost.at_least > 0:
        return "none was regained"
    least = f"£{cost.at_least:,.2f}"
    return f"{least} to £{cost.at_most:,.2f}" if cost.at_most > 0 else f"{least} or more, perhaps none"


def left_out_words(left_out: dict[str, int]) -> str:
    """Return who was left out and why, the most first.

    Examples
    --------
    >>> left_out_words({"pupil not in the register": 1, "too few sessions before the start": 3})
    'too few sessions before the start 3, pupil not in the register 1'
    """
    ordered = sorted(left_out.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{reason} {format_count(rows)}" for reason, rows in ordered)
