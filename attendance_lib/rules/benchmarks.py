"""England's figures as DfE published them, kept in ``benchmarks.csv`` with the series, dates and source of each.

DfE publishes absence twice: the *daily* series (quick, revised, no severe absence) and the *census* series
(accredited, months later). They differ for the same year, so a lookup always names the series.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from attendance_lib.rules.calendar import school_year_of

FIGURES = Path(__file__).with_name("benchmarks.csv")
LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
PHASES = ("all", "primary", "secondary", "special")

# Sessions not required because of COVID-19 were possible but not absence, so these years compare with no other.
NOT_COMPARABLE_YEARS = frozenset({"202021", "202122"})

# What a period reaches up to in its year, so that of two figures for one year the later can be known.
WEEK, YEAR_TO_DATE, FULL_YEAR = "week", "year to date", "full year"
PERIODS = (
    WEEK, "autumn term", "spring term", "summer term", "autumn and spring terms", YEAR_TO_DATE, FULL_YEAR
)  # fmt: skip
WHOLE_YEAR = frozenset({YEAR_TO_DATE, FULL_YEAR})


class Series(StrEnum):
    """Which of DfE's two series a figure is from."""

    DAILY = "daily"
    CENSUS = "census"


class Level(StrEnum):
    """Whom a figure is about."""

    ENGLAND = "england"
    LOCAL_AUTHORITY = "local_authority"
    SIMILAR_SCHOOLS = "similar_schools"


SERIES_NAMES = {Series.DAILY: "daily data", Series.CENSUS: "census"}


@dataclass(frozen=True)
class Source:
    """Where a figure was read, and the date of that release or file where it is known."""

    title: str
    published: date | None = None


DASHBOARD = "DfE, Pupil attendance in schools (attendance data dashboard, data file"
SOURCES = {
    "daily_202526": Source(f"{DASHBOARD} of 23 July 2026)", date(2026, 7, 23)),
    "daily_202425": Source(f"{DASHBOARD} of 7 August 2025)", date(2025, 8, 7)),
    "daily_earlier": Source(f"{DASHBOARD}, last of each year)"),
    "ees_commentary": Source("DfE, Explore education statistics, commentary of the release"),
    "lait": Source("DfE, Local Authority Interactive Tool, data of 8 April 2026", date(2026, 4, 8)),
    "bands": Source("DfE, Absence distributions dashboard, data of 15 July 2025", date(2025, 7, 15)),
    "part_year": Source("DfE, Pupil absence in schools in England, term releases"),
}


@dataclass(frozen=True)
class Benchmark:
    """One published figure, for England unless ``level`` and ``area`` say otherwise.

    Attributes
    ----------
    series : Series
        DAILY or CENSUS.
    phase : str
        One of PHASES.
    characteristic, value : str
        The pupils it is about, as in PUPILS (``"fsm"``, ``"True"``), or ``"code"`` and a code's letter
        for a reason; both empty for everyone.
    measure : str
        A rate's name as in ``analysis/measures.py``, such as ``"absence_rate"``.
    school_year, period : str
        Such as "202526" and "year to date"; ``first_date`` and ``last_date`` are None where DfE's file does not say.
    percent : str
        The published percentage, with just the digits published.
    level, area : Level and str
        Whom it is about, and what that is called.
    """

    series: Series
    phase: str
    characteristic: str
    value: str
    measure: str
    school_year: str
    period: str
    first_date: date | None
    last_date: date | None
    percent: str
    source: str
    published: date | None
    level: Level = Level.ENGLAND
    area: str = "England"

    @property
    def rate(self) -> float:
        """The figure as a fraction (0 to 1).

        Examples
        --------
        >>> whom, when = ("secondary", "", "", "absence_rate"), ("202425", "full year", None, None)
        >>> Benchmark(Series.CENSUS, *whom, *when, "8.15", "", None).rate
        0.0815
        """
        return float(Decimal(self.percent) / 100)

    @property
    def label(self) -> str:
        """The figure's origin in words, as a table that shows it must say; of one that the school typed with its source.

        Examples
        --------
        >>> benchmark(Series.DAILY, "secondary", "absence_rate").label
        'England, daily data, 8 Sep 2025 to 10 Jul 2026'
        >>> benchmark(Series.CENSUS, "secondary", "absence_rate").label
        'England, census, school year 2024/25'
        """
        typed = "" if self.level is Level.ENGLAND else f", from {self.source}"
        return f"{self.area}, {SERIES_NAMES[self.series]}, {self.covers}{typed}"

    @property
    def covers(self) -> str:
        """The time covered, in words: dates where they are known for the daily series, otherwise year and term.

        Examples
        --------
        >>> benchmark(Series.CENSUS, "secondary", "absence_rate").covers
        'school year 2024/25'
        """
        year = f"{self.school_year[:4]}/{self.school_year[4:]}"
        if self.series is Series.DAILY and self.first_date and self.last_date:
            return f"{in_words(self.first_date)} to {in_words(self.last_date)}"
        if self.series is Series.DAILY and self.period == YEAR_TO_DATE and self.ends:
            verb = "to" if self.last_date else "published"
            return f"school year {year} to date, {verb} {in_words(self.ends)}"
        return f"school year {year}" if self.period in WHOLE_YEAR else f"{self.period} {year}"

    @property
    def ends(self) -> date | None:
        """The last day it covers, or the day it was published where that is not known; None where neither is.

        Examples
        --------
        >>> benchmark(Series.DAILY, "secondary", "absence_rate").ends
        datetime.date(2026, 7, 10)
        """
        return self.last_date or self.published

    def age_beside(self, date_from: date, date_to: date) -> str:
        """Return in words how the figure is older than a period (of days) it is next to; empty where it is not.

        Examples
        --------
        >>> figure = benchmark(Series.DAILY, "secondary", "absence_rate")
        >>> figure.age_beside(date(2026, 9, 3), date(2026, 10, 23))
        'older than the period: it ends on 10 Jul 2026'
        >>> figure.age_beside(date(2026, 6, 1), date(2026, 7, 17))
        'ends on 10 Jul 2026, before the period does'
        >>> figure.age_beside(date(2026, 6, 1), date(2026, 7, 10))
        ''
        """
        if self.school_year < school_year_of(date_from) and not self.last_date:
            return (
                f"older than the period: it is of school year {self.school_year[:4]}/{self.school_year[4:]}"
            )
        if not self.ends or self.ends >= date_to:
            return ""
        verb = "ends on" if self.last_date else "was published on"
        if self.ends < date_from:
            return f"older than the period: it {verb} {in_words(self.ends)}"
        return f"{verb} {in_words(self.ends)}, before the period {'does' if self.last_date else 'ends'}"

    @property
    def is_comparable(self) -> bool:
        """Whether the year may be compared with others: not 2020/21 and 2021/22.

        Examples
        --------
        >>> from dataclasses import replace
        >>> figure = benchmark(Series.CENSUS, "secondary", "absence_rate")
        >>> figure.is_comparable, replace(figure, school_year="202021").is_comparable
        (True, False)
        """
        return self.school_year not in NOT_COMPARABLE_YEARS

    @property
    def newness(self) -> tuple[str, int]:
        """What orders figures from the oldest to the newest: school year, then how far into it.

        Examples
        --------
        >>> from dataclasses import replace
        >>> figure = benchmark(Series.CENSUS, "secondary", "absence_rate")
        >>> figure.newness > replace(figure, school_year="202324").newness
        True
        """
        return self.school_year, PERIODS.index(self.period)


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Return every figure, in the order of the file."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return tuple(_from_row(row) for row in csv.DictReader(file))


def benchmark(
    series: Series | str, phase: str, measure: str, school_year: str | None = None
) -> Benchmark | None:
    """Return England's figure for everyone over a whole school year (or the year to date).

    Parameters
    ----------
    series : Series or str
        ``"daily"`` or ``"census"``; never chosen for the caller, and another word is a ValueError.
    phase : str
        ``"all"``, ``"primary"``, ``"secondary"`` or ``"special"``; another phase has no figure.
    measure : str
        A rate's name, such as ``"persistent_absence_rate"``.
    school_year : str, optional
        Such as "202425"; the newest if not given.

    Returns
    -------
    Benchmark or None
        None where DfE published none, such as severe absence in the daily series.

    Examples
    --------
    >>> benchmark("census", "all", "persistent_absence_rate", "202425").percent
    '18.14'
    >>> benchmark("daily", "all", "persistent_absence_rate", "202425").percent
    '18.70'
    >>> benchmark("daily", "all", "severe_absence_rate") is None
    True
    """
    for_everyone = [each for each in _figures(series, phase, "", measure) if each.period in WHOLE_YEAR]
    found = [each for each in for_everyone if school_year in (None, each.school_year)]
    return max(found, key=lambda each: each.newness, default=None)


def acknowledgement(figures: Iterable[Benchmark]) -> str:
    """Return the sentence that must be printed with figures shown: their sources, and the licence.

    Examples
    --------
    >>> acknowledgement([benchmark("census", "all", "absence_rate")])[:60]
    'DfE, Local Authority Interactive Tool, data of 8 April 2026.'
    """
    sources = dict.fromkeys(figure.source for figure in figures)
    return f"{'; '.join(sources)}. {LICENCE}" if sources else ""


def _figures(series: Series | str, phase: str, characteristic: str, measure: str) -> list[Benchmark]:
    wanted = (Series(series), phase, characteristic, measure)
    return [
        each
        for each in benchmarks()
        if (each.series, each.phase, each.characteristic, each.measure) == wanted
    ]


def _from_row(row: dict[str, str]) -> Benchmark:
    source = SOURCES[row["source"]]
    known = {
        "series": Series(row["series"]),
        "first_date": _date_or_none(row["first_date"]),
        "last_date": _date_or_none(row["last_date"]),
        "source": source.title,
        "published": source.published,
    }
    return Benchmark(**{**row, **known})


def _date_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def in_words(day: date) -> str:
    """Return a day as a label has it.

    Examples
    --------
    >>> in_words(date(2026, 7, 10))
    '10 Jul 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


# England's year to date as DfE published it through each year, kept in ``england_year_to_date.csv``

ENGLAND_TO_DATE = Path(__file__).with_name("england_year_to_date.csv")
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
    with ENGLAND_TO_DATE.open(encoding="utf-8", newline="") as file:
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
    """Return the figure that may be compared with a year to date which ends on a day.

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
