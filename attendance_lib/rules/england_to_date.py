"""England's year to date as DfE published it through each year, kept in ``england_year_to_date.csv``.

DfE publishes its daily series about every fortnight, each time for the school year so far. A school's autumn is to
stand beside England's autumn, not beside a whole year with its winter: absence rises through the year.

Read in: DfE's attendance data dashboard (github.com/dfe-analytical-services/attendance-data-dashboard), the national
rows of ``data/EES_ytd_data.csv`` at each release from 28 September 2023 to 23 July 2026, percentages rounded to four
decimals; the dates covered from ``global.R`` of the same release. Two of those dates were not brought up to date by
DfE and are corrected here: the release of 18 December 2025 ends on 5 December (two weeks of sessions were added), that
of 7 August 2025 on 18 July 2025 (Explore education statistics, week 29 of 2025).
"""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from attendance_lib.rules.benchmarks import YEAR_TO_DATE, Benchmark, Series, in_words
from attendance_lib.rules.calendar import school_year_of

FIGURES = Path(__file__).with_name("england_year_to_date.csv")
DAYS_IN_YEAR = 365.25
# DfE publishes about two weeks after the last day covered, and pauses for holidays.
NEAR_DAYS = 42

BREAK = date(2025, 9, 8)
BREAK_IN_SERIES = (
    "DfE's daily series has a break on 8 September 2025. Since then the figure for all phases together is sessions over "
    "sessions; before, each phase was weighted by its pupils in the school census. Figures of one phase are worked out "
    "as before. Until then the series was called official statistics in development, since then official statistics."
)


@cache
def england_to_date() -> tuple[Benchmark, ...]:
    """Return every figure of every release, the oldest first; all are of the daily series.

    Examples
    --------
    >>> figures = [each for each in england_to_date() if (each.phase, each.measure) == ("secondary", "absence_rate")]
    >>> figures[-1].percent, figures[-1].label
    ('8.4898', 'England, daily data, 8 Sep 2025 to 10 Jul 2026')
    """
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return tuple(figure for row in csv.DictReader(file) for figure in figures_of(row))


def figures_of(row: dict[str, str]) -> Iterable[Benchmark]:
    """Yield the figures of one phase in one release; a measure that DfE left out yields none.

    Examples
    --------
    >>> row = {"school_year": "202526", "phase": "all", "first_date": "2025-09-08", "last_date": "2025-09-19",
    ...     "published": "2025-10-02", "absence_rate": "5.5", "persistent_absence_rate": ""}
    >>> [(figure.measure, figure.percent, figure.covers) for figure in figures_of(row)]
    [('absence_rate', '5.5', '8 Sep 2025 to 19 Sep 2025')]
    """
    first, last, published = (
        date.fromisoformat(row[name]) for name in ("first_date", "last_date", "published")
    )
    source = (
        f"DfE, Pupil attendance in schools (attendance data dashboard, data file of {in_words(published)})"
    )
    for measure in (name for name in row if name.endswith("_rate")):
        if row[measure]:
            yield Benchmark(
                Series.DAILY, row["phase"], "", "", measure, row["school_year"], YEAR_TO_DATE,
                first, last, row[measure], source, published,
            )  # fmt: skip


def at_same_point(figures: Iterable[Benchmark], day: date) -> Benchmark | None:
    """Return the figure that may stand beside a year to date which ends on a day.

    Parameters
    ----------
    figures : iterable of Benchmark
        Figures of one measure, phase and area.
    day : datetime.date
        The last day of the school's own figure.

    Returns
    -------
    Benchmark or None
        Of the day's own school year the one whose end is nearest to the day, if it is within NEAR_DAYS; otherwise the
        one that ends nearest to the same point of its own year, in the day's year or the newest year before it.
        None where there is no figure up to the day's school year.

    Examples
    --------
    >>> attendance = [each for each in england_to_date() if (each.phase, each.measure) == ("all", "attendance_rate")]
    >>> at_same_point(attendance, date(2026, 10, 23)).label
    'England, daily data, 8 Sep 2025 to 24 Oct 2025'
    >>> at_same_point(attendance, date(2025, 12, 19)).covers
    '8 Sep 2025 to 19 Dec 2025'
    """
    year = school_year_of(day)
    dated = [each for each in figures if each.ends and each.school_year <= year]
    newest = max((each.school_year for each in dated if each.school_year < year), default=year)

    def distance(figure: Benchmark) -> tuple[bool, int, bool, int]:
        days = abs(days_from_point(figure, day))
        is_own = figure.school_year == year
        return not (is_own and days <= NEAR_DAYS), days, not is_own, -figure.ends.toordinal()

    return min((each for each in dated if each.school_year in (year, newest)), key=distance, default=None)


def is_near_point(figure: Benchmark, day: date) -> bool:
    """Whether a figure ends near the same point of its school year as a day, so that the two are of one part of the year.

    Examples
    --------
    >>> is_near_point(england_to_date()[-1], date(2026, 10, 23)), is_near_point(england_to_date()[-1], date(2025, 7, 18))
    (False, True)
    """
    return figure.ends is not None and abs(days_from_point(figure, day)) <= NEAR_DAYS


def days_from_point(figure: Benchmark, day: date) -> int:
    """Return how many days after a day of the school year a figure ends, each in its own school year.

    Examples
    --------
    >>> days_from_point(england_to_date()[-1], date(2024, 7, 12))
    -2
    """
    years = int(school_year_of(day)[:4]) - int(figure.school_year[:4])
    return (figure.ends + timedelta(days=round(DAYS_IN_YEAR * years)) - day).days


def series_notes(figures: Iterable[Benchmark]) -> list[str]:
    """Return what must be said of the series of figures that are shown: the break, where one is from before it.

    Examples
    --------
    >>> series_notes(england_to_date()[-1:]), len(series_notes(england_to_date()[:1]))
    ([], 1)
    """
    daily = [each for each in figures if each.series is Series.DAILY]
    is_before = any(each.school_year < school_year_of(BREAK) for each in daily)
    return [BREAK_IN_SERIES] if is_before else []
