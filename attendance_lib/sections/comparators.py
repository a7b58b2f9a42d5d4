"""How a published figure is told where it stands beside a school's own: on a card, in a note, in a sentence."""

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from attendance_lib.display import Comparison, Kind
from attendance_lib.display.format import format_percent, format_points
from attendance_lib.rules.benchmarks import Benchmark, in_words
from attendance_lib.rules.england_to_date import is_near_point


def england_on_a_card(figure: Benchmark | None) -> tuple[Comparison, ...]:
    """Return England's figure as a card compares with it; nothing where there is none.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> [each.label for each in england_on_a_card(benchmark("daily", "all", "absence_rate"))], england_on_a_card(None)
    (['England, daily, to 10 Jul 2026'], ())
    """
    return (Comparison(england_label(figure), figure.rate, Kind.RATE),) if figure else ()


def england_label(figure: Benchmark) -> str:
    """Return how a card or a chart names England's figure: the day it ends on, since there is no room for more.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> england_label(benchmark("daily", "secondary", "absence_rate"))
    'England, daily, to 10 Jul 2026'
    """
    return f"England, daily, to {in_words(figure.ends)}" if figure.ends else "England, daily"


def figure_words(figure: Benchmark, period: tuple[date, date]) -> str:
    """Say what a figure is and how it is older than a period, if it is.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> figure_words(benchmark("daily", "secondary", "absence_rate"), (date(2026, 9, 3), date(2026, 10, 23)))
    'England, daily data, 8 Sep 2025 to 10 Jul 2026 (older than the period: it ends on 10 Jul 2026; another part of the year)'
    """
    told = [figure.age_beside(*period), ANOTHER_PART if is_of_another_part(figure, period[1]) else ""]
    said = "; ".join(filter(None, told))
    return f"{figure.label} ({said})" if said else figure.label


ANOTHER_PART = "another part of the year"


def is_of_another_part(figure: Benchmark | None, day: date) -> bool:
    """Whether a figure of a year to date stands beside ours of another part of the year, so that the two are not alike."""
    return figure is not None and figure.ends is not None and not is_near_point(figure, day)


def heading_of(name: str, figures: Iterable[Benchmark | None], day: date) -> str:
    """Return how a column of others' figures is headed beside a year to date: with the day it ends on if that is not like ours.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> figure = benchmark("daily", "all", "absence_rate")
    >>> heading_of("England", [figure], date(2026, 10, 23)), heading_of("England", [figure], date(2026, 7, 17))
    ('England, year to 10 Jul 2026', 'England')
    """
    ends = [figure.ends for figure in figures if figure and is_of_another_part(figure, day)]
    return f"{name}, year to {in_words(max(ends))}" if ends else name


def dates_told(figures: Mapping[str, Benchmark], period: tuple[date, date]) -> str:
    """Say which days the figures of a column cover, and name the measures whose figure covers other days than most.

    Parameters
    ----------
    figures : mapping of str to Benchmark
        By the name of the measure; a name's part in brackets is not told.
    period : tuple of datetime.date
        The first and the last day of the paper.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> absence, persistent = (benchmark("daily", "all", name) for name in ("absence_rate", "persistent_absence_rate"))
    >>> dates_told({"Absence": absence, "Persistent absence (10% or more missed)": persistent}, (date(2026, 7, 6),) * 2)
    'England, daily data, 8 Sep 2025 to 10 Jul 2026'
    """
    named: dict[str, list[str]] = {}
    for name, figure in figures.items():
        named.setdefault(figure_words(figure, period), []).append(name.partition(" (")[0])
    most, *others = sorted(named, key=lambda words: -len(named[words])) or [""]
    return "; ".join((most, *(f"{', '.join(named[words]).lower()}: {words}" for words in others)))


def beside_england(ours: float | None, figure: Benchmark | None, period: tuple[date, date]) -> str:
    """Say how a school's attendance stands beside England's at the same point of the year, and how old England's is.

    Parameters
    ----------
    ours : float or None
        The school's attendance, year to date (fraction).
    figure : Benchmark or None
        England's attendance that may stand beside it.
    period : tuple of datetime.date
        The first and the last day of the paper.

    Returns
    -------
    str
        One sentence; empty where either is missing.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> beside_england(0.93, benchmark("daily", "secondary", "attendance_rate"), (date(2026, 7, 6), date(2026, 7, 10)))
    "Year to date, attendance is 93.0%, 1.5 points above England's 91.5% (England, daily data, 8 Sep 2025 to 10 Jul 2026)."
    """
    if figure is None or pd.isna(ours):
        return ""
    gap = ours - figure.rate
    side = "above" if gap > 0 else "below"
    how = f"{format_points(abs(gap)).lstrip('+')} points {side}" if round(gap, 3) else "the same as"
    age = figure.age_beside(*period)
    return (
        f"Year to date, attendance is {format_percent(ours)}, {how} England's {format_percent(figure.rate)} "
        f"({figure.label}{'; ' + age if age else ''})."
    )
