"""Two ways of inventing schools whose later absence is known, week by week: for the proof of the outlook, never for a report.

*Simulator*: the school of ``tests/analysis/impact/simulate.py`` (propensity, weekly deviations that persist, illness with
a wave, spells). *Demo*: the demo school's way of being absent (``attendance_lib/demo/absence.py``), day by day. Each
makes three school years of 38 weeks; the first teaches only rules that need a third year of marks.
"""

from dataclasses import dataclass, replace

import numpy as np

from attendance_lib.analysis.outlook.marks import WeeklyMarks
from attendance_lib.demo import absence as demo
from tests.analysis.impact import simulate

YEARS, WEEKS, DAYS = 3, 38, 5
YEAR_11_STOPS = 33
HALF_TERMS = (7, 14, 20, 25, 31, 38)
YEAR_GROUPS = range(7, 12)
JOIN, LEAVE = 0.03, 0.025
HABIT_OF = 4
# The demo school's leave, holidays, suspensions and the like, as a factor on its illness and unauthorised absence.
OTHER_REASONS = 1.15
MONTHS = np.repeat((9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7), (4, 3, 4, 3, 4, 3, 4, 3, 4, 4, 2))


@dataclass(frozen=True)
class World:
    """How a school is made.

    ``shift`` is added to everybody's log odds of absence in the last year; ``has_habits`` has some pupils keep to a weekday.
    """

    size: int = 1000
    persistence: float | None = None
    drift: float = 1.0
    season: float = 1.0
    shift: float = 0.0
    are_levels_redrawn: bool = False
    closed: tuple[int, ...] = ()
    has_habits: bool = False


@dataclass(frozen=True, eq=False)
class Days:
    """What stands behind the marks of an invented school: shape (pupils, weeks, days) each.

    ``missed`` are sessions missed, ``is_ill`` says whether illness was why.
    """

    missed: np.ndarray
    is_ill: np.ndarray


def invent(kind: str, world: World, seed: int) -> WeeklyMarks:
    """Return a school's three years of marks by week."""
    return invent_days(kind, world, seed)[0]


def invent_days(kind: str, world: World, seed: int) -> tuple[WeeklyMarks, Days]:
    """Return the same school's marks with the days behind them."""
    random = np.random.default_rng([seed, len(kind), world.size])
    entry = np.repeat(np.arange(-4, YEARS), world.size // len(YEAR_GROUPS))
    group = 7 + np.arange(YEARS) - entry[:, None]
    is_on_roll = np.repeat((group >= YEAR_GROUPS[0]) & (group <= YEAR_GROUPS[-1]), WEEKS, axis=1)
    is_on_roll &= turnover(is_on_roll, random)
    week = np.tile(np.arange(WEEKS), YEARS)
    is_open = np.repeat(group, WEEKS, axis=1) < YEAR_GROUPS[-1]
    is_open |= (week < YEAR_11_STOPS)[None, :]
    years = np.repeat(np.arange(YEARS), WEEKS)
    is_open &= ~((years == YEARS - 1) & np.isin(week, world.closed))[None, :]
    plan = 2 * DAYS * is_open.astype(int)
    possible = plan * is_on_roll
    drawn = {"simulator": simulated, "demo": as_in_demo}[kind](world, len(entry), random)
    days = Days(drawn.missed * (possible > 0)[..., None], drawn.is_ill)
    absent, ill = days.missed.sum(axis=2), (days.missed * days.is_ill).sum(axis=2)
    marks = WeeklyMarks(
        absent, ill, possible, plan, is_on_roll, years, YEARS * WEEKS - 1, np.zeros(len(entry), dtype=int)
    )
    return marks, days


def without_first_year(marks: WeeklyMarks) -> WeeklyMarks:
    """Return the last two school years: what a school with one finished year has."""
    kept = slice(WEEKS, None)
    names = ("absent", "ill", "possible", "plan", "is_on_roll")
    return replace(
        marks,
        **{name: getattr(marks, name)[:, kept] for name in names},
        years=marks.years[kept],
        last_week=marks.last_week - WEEKS,
    )


def turnover(roll: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return who has come and not yet gone (boolean, shape of ``roll``): some join after the fifth week of a year, some leave."""
    here = np.ones_like(roll)
    for year in range(YEARS):
        joins = random.random(len(roll)) < JOIN
        here[joins, : year * WEEKS + 5] &= False
        leaves = random.random(len(roll)) < LEAVE
        here[leaves, year * WEEKS + random.integers(8, 34) :] &= False
    return here


def habits(world: World, pupils: int, random: np.random.Generator) -> np.ndarray:
    """Return how much likelier a pupil is to be away on each weekday than on average (shape (pupils, days)).

    Where there are habits, one pupil in HABIT_OF has a day that is six times as likely as each of the others.

    Examples
    --------
    >>> habits(World(), 2, np.random.default_rng(1)).tolist()  # no day is likelier where there are no habits
    [[1.0, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]]
    >>> habits(World(has_habits=True), 500, np.random.default_rng(1)).mean(axis=1).tolist() == [1.0] * 500
    True
    """
    if not world.has_habits:
        return np.ones((pupils, DAYS))
    is_own = random.integers(0, DAYS, pupils)[:, None] == np.arange(DAYS)
    return np.where(random.random(pupils)[:, None] * HABIT_OF < 1, np.where(is_own, 3.0, 0.5), 1.0)


def simulated(world: World, pupils: int, random: np.random.Generator) -> Days:
    """Return the days of the impact simulator."""
    _, level = simulate.invent_pupils(pupils, random)
    level = np.repeat(level[:, None], YEARS, axis=1)
    if world.are_levels_redrawn:
        own = random.standard_normal(level.shape)
        level = level.mean() + 0.8 * (level - level.mean()) + 0.6 * level.std() * own
    level[:, -1] += world.shift
    how = (simulate.DRIFT_SPREAD * world.drift, world.persistence or 0.8, world.season)
    chance, ill = weekly_chances(level, how, random)
    ill = np.minimum(ill, chance)
    other = (chance - ill)[..., None] * habits(world, pupils, random)[:, None, :]
    drawn = random.random(other.shape)
    is_ill = drawn < ill[..., None]
    return Days(2 * (is_ill | (drawn < ill[..., None] + other)), is_ill)


def weekly_chances(
    level: np.ndarray, how: tuple[float, float, float], random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return each pupil's daily chance of absence in each week, and of illness alone (shapes (pupils, weeks)).

    As ``simulate.weekly_chances`` has them, by the year's level.
    """
    strength, rho, season_strength = how
    drift = ar1(len(level), YEARS * WEEKS, rho, random)
    time = np.arange(YEARS * WEEKS) % WEEKS
    wave = np.exp(-0.5 * ((time - np.repeat(random.integers(10, 22, YEARS), WEEKS)) / 2.0) ** 2)
    season = 1 + season_strength * (0.35 * np.sin(np.pi * time / WEEKS) + 0.5 * wave)
    lasting = np.repeat(level, WEEKS, axis=1)
    usual = simulate.logistic(lasting + strength * drift)
    begin = np.minimum(simulate.LONG_SPELL * simulate.logistic(lasting) / 0.05, 0.2)
    long = simulate.spells(begin, simulate.LONG_SPELL_LASTS, random)
    other = np.maximum(usual, simulate.LONG_SPELL_AWAY * long)
    ill = (
        simulate.ILLNESS
        * np.exp(simulate.ILLNESS_SPREAD * random.standard_normal(len(level)))[:, None]
        * season
    )
    short = simulate.spells(np.full(usual.shape, simulate.ILL_SPELL), simulate.ILL_SPELL_LASTS, random)
    ill = np.clip(ill + simulate.ILL_SPELL_AWAY * short, 0, 0.9)
    return np.clip(ill + other * (1 - ill), simulate.LOWEST_CHANCE, simulate.HIGHEST_CHANCE), ill


def ar1(pupils: int, weeks: int, rho: float, random: np.random.Generator) -> np.ndarray:
    """Return deviations of variance one that persist from week to week: shape (pupils, weeks).

    Examples
    --------
    >>> kept = ar1(3, 4, 1.0, np.random.default_rng(1))  # what persists wholly never changes
    >>> kept.shape, bool((kept == kept[:, :1]).all())
    ((3, 4), True)
    """
    drift = random.standard_normal((pupils, weeks))
    for week in range(1, weeks):
        drift[:, week] = rho * drift[:, week - 1] + np.sqrt(1 - rho**2) * drift[:, week]
    return drift


def as_in_demo(world: World, pupils: int, random: np.random.Generator) -> Days:
    """Return days in the demo school's way."""
    score = 1.15 * random.standard_normal(pupils)
    noise = demo.YEAR_TO_YEAR_NOISE * (3.0 if world.are_levels_redrawn else 1.0)
    noisy = score[:, None] + noise * random.standard_normal((pupils, YEARS))
    ranks = (noisy.argsort(axis=0).argsort(axis=0) + 0.5) / pupils
    lasting = np.interp(ranks, demo.QUANTILES, demo.DAILY_ABSENCE)
    lasting[:, -1] *= np.exp(world.shift)
    rho, spread = world.persistence or demo.PERSISTENCE, demo.WEEKLY_DEVIATION * world.drift
    weekly = np.exp(spread * ar1(pupils, YEARS * WEEKS, rho, random) - spread**2 / 2)
    daily = np.repeat(lasting, WEEKS, axis=1) * weekly
    middle = np.interp(lasting.mean(axis=1), [0.0, 0.03, 0.1, 0.3, 0.6], [0.14, 0.24, 0.45, 0.56, 0.6])
    share = random.beta(4 * middle, 4 * (1 - middle))[:, None]
    months = np.tile(MONTHS, YEARS)
    ill, other = (
        np.array([1 + world.season * (shape[month] - 1) for month in months])
        for shape in (demo.ILLNESS_BY_MONTH, demo.OTHER_BY_MONTH)
    )
    way = np.concatenate([np.linspace(0, 1, n) for n in np.diff((0, *HALF_TERMS))] * YEARS)
    of_illness, of_other = (1 - share) * ill, share * other
    risk = OTHER_REASONS * daily * (of_illness + of_other) * (1 + demo.END_OF_HALF_TERM * (way**3 - 0.25))
    stays = demo.STAYS_AWAY + demo.STAYS_AWAY_LONG * np.clip(lasting.mean(axis=1) / demo.LONG_ABSENCE, 0, 1)
    weekdays = demo.WEEKDAYS * habits(world, pupils, random)
    risks = np.minimum(risk, demo.HIGHEST_RISK), of_illness / (of_illness + of_other)
    return days_away(risks, stays, weekdays, random)


def days_away(
    risks: tuple[np.ndarray, np.ndarray], stays: np.ndarray, weekdays: np.ndarray, random: np.random.Generator
) -> Days:
    """Turn weekly risks into days away, in spells, some for one session only (``demo.absence.draw_days``).

    ``risks`` are the risk and which share of it is illness (shape (pupils, weeks) each), ``weekdays`` how much likelier each
    pupil is to be away on each day (shape (pupils, days)).
    """
    risk, share_ill = risks
    pupils, weeks = risk.shape
    away, ill = np.zeros(pupils, dtype=bool), np.zeros(pupils, dtype=bool)
    missed = np.zeros((pupils, weeks, DAYS), dtype=int)
    is_ill = np.zeros(missed.shape, dtype=bool)
    halves = (demo.ILL_AFTERNOON + demo.ILL_MORNING + demo.OTHER_AFTERNOON + demo.OTHER_MORNING) / 2
    starts = {0, *(year * WEEKS + half for year in range(YEARS) for half in HALF_TERMS)}
    for week in range(weeks):
        for day in range(DAYS):
            fresh = random.random(pupils) < risk[:, week] * weekdays[:, day]
            fresh_ill = random.random(pupils) < share_ill[:, week]
            carry = 0.0 if day == 0 and week in starts else demo.OVER_WEEKEND if day == 0 else 1.0
            is_alike = random.random(pupils) < stays * carry
            away, ill = np.where(is_alike, away, fresh), np.where(is_alike, ill, fresh_ill)
            missed[:, week, day] = away * np.where(random.random(pupils) < halves, 1, 2)
            is_ill[:, week, day] = away & ill
    return Days(missed, is_ill)
