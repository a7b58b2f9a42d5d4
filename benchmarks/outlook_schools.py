"""Two ways of inventing schools whose later absence is known, week by week: for the proof of the outlook, never for a report.

*Simulator*: the school of ``tests/analysis/impact/simulate.py`` (propensity, weekly deviations that persist, illness with
a wave, spells). *Demo*: the demo school's way of being absent (``attendance_lib/demo/absence.py``), day by day. Each
makes three school years of 38 weeks; the first teaches only rules that need a third year of marks.
"""

from dataclasses import dataclass

import numpy as np

from attendance_lib.analysis.outlook.marks import WeeklyMarks
from attendance_lib.demo import absence as demo
from tests.analysis.impact import simulate

YEARS, WEEKS, DAYS = 3, 38, 5
YEAR_11_STOPS = 33
HALF_TERMS = (7, 14, 20, 25, 31, 38)
YEAR_GROUPS = range(7, 12)
JOIN, LEAVE = 0.03, 0.025
# The demo school's leave, holidays, suspensions and the like, as a factor on its illness and unauthorised absence.
OTHER_REASONS = 1.15
MONTHS = np.repeat((9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7), (4, 3, 4, 3, 4, 3, 4, 3, 4, 4, 2))


@dataclass(frozen=True)
class World:
    """How a school is made. ``shift`` is added to everybody's log odds of absence in the last year."""

    size: int = 1000
    persistence: float | None = None
    drift: float = 1.0
    season: float = 1.0
    shift: float = 0.0
    are_levels_redrawn: bool = False
    closed: tuple[int, ...] = ()


def invent(kind: str, world: World, seed: int) -> WeeklyMarks:
    """Return a school's three years of marks by week."""
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
    absent = {"simulator": simulated, "demo": as_in_demo}[kind](world, len(entry), random)
    possible = plan * is_on_roll
    return WeeklyMarks(
        np.minimum(absent, possible) * (possible > 0), possible, plan, is_on_roll, years, YEARS * WEEKS - 1,
        np.zeros(len(entry), dtype=int),
    )  # fmt: skip


def turnover(roll: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return who has come and not yet gone (boolean, shape of ``roll``): some join after the fifth week of a year, some leave."""
    here = np.ones_like(roll)
    for year in range(YEARS):
        joins = random.random(len(roll)) < JOIN
        here[joins, : year * WEEKS + 5] &= False
        leaves = random.random(len(roll)) < LEAVE
        here[leaves, year * WEEKS + random.integers(8, 34) :] &= False
    return here


def simulated(world: World, pupils: int, random: np.random.Generator) -> np.ndarray:
    """Return sessions missed a week by the impact simulator: shape (pupils, weeks)."""
    _, level = simulate.invent_pupils(pupils, random)
    level = np.repeat(level[:, None], YEARS, axis=1)
    if world.are_levels_redrawn:
        own = random.standard_normal(level.shape)
        level = level.mean() + 0.8 * (level - level.mean()) + 0.6 * level.std() * own
    level[:, -1] += world.shift
    how = (simulate.DRIFT_SPREAD * world.drift, world.persistence or 0.8, world.season)
    chance = weekly_chances(level, how, random)
    return 2 * random.binomial(DAYS, chance)


def weekly_chances(
    level: np.ndarray, how: tuple[float, float, float], random: np.random.Generator
) -> np.ndarray:
    """Return each pupil's daily chance of absence in each week, as ``simulate.weekly_chances`` has it, by the year's level."""
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
    return np.clip(ill + other * (1 - ill), simulate.LOWEST_CHANCE, simulate.HIGHEST_CHANCE)


def ar1(pupils: int, weeks: int, rho: float, random: np.random.Generator) -> np.ndarray:
    """Return deviations of variance one that persist from week to week: shape (pupils, weeks)."""
    drift = random.standard_normal((pupils, weeks))
    for week in range(1, weeks):
        drift[:, week] = rho * drift[:, week - 1] + np.sqrt(1 - rho**2) * drift[:, week]
    return drift


def as_in_demo(world: World, pupils: int, random: np.random.Generator) -> np.ndarray:
    """Return sessions missed a week in the demo school's way: shape (pupils, weeks)."""
    score = 1.15 * random.standard_normal(pupils)
    noise = demo.YEAR_TO_YEAR_NOISE * (3.0 if world.are_levels_redrawn else 1.0)
    noisy = score[:, None] + noise * random.standard_normal((pupils, YEARS))
    ranks = (noisy.argsort(axis=0).argsort(axis=0) + 0.5) / pupils
    lasting = np.interp(ranks, demo.QUANTILES, demo.DAILY_ABSENCE)
    lasting[:, -1] *= np.exp(world.shift)
    rho, spread = world.persistence or demo.PERSISTENCE, demo.WEEKLY_DEVIATION * world.drift
    weekly = np.exp(spread * ar1(pupils, YEARS * WEEKS, rho, random) - spread**2 / 2)
    daily = np.repeat(lasting, WEEKS, axis=1) * weekly
    share = np.interp(lasting.mean(axis=1), [0.0, 0.03, 0.1, 0.3, 0.6], [0.14, 0.24, 0.45, 0.56, 0.6])[
        :, None
    ]
    months = np.tile(MONTHS, YEARS)
    ill, other = (
        np.array([1 + world.season * (shape[month] - 1) for month in months])
        for shape in (demo.ILLNESS_BY_MONTH, demo.OTHER_BY_MONTH)
    )
    way = np.concatenate([np.linspace(0, 1, n) for n in np.diff((0, *HALF_TERMS))] * YEARS)
    risk = (
        OTHER_REASONS
        * daily
        * ((1 - share) * ill + share * other)
        * (1 + demo.END_OF_HALF_TERM * (way**3 - 0.25))
    )
    stays = demo.STAYS_AWAY + demo.STAYS_AWAY_LONG * np.clip(lasting.mean(axis=1) / demo.LONG_ABSENCE, 0, 1)
    return sessions_away(np.minimum(risk, demo.HIGHEST_RISK), stays, random)


def sessions_away(risk: np.ndarray, stays: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Turn weekly risks into sessions away, in spells, some days for one session only (``demo.absence.draw_days``)."""
    pupils, weeks = risk.shape
    away, missed = np.zeros(pupils, dtype=bool), np.zeros((pupils, weeks), dtype=int)
    halves = (demo.ILL_AFTERNOON + demo.ILL_MORNING + demo.OTHER_AFTERNOON + demo.OTHER_MORNING) / 2
    starts = {0, *(year * WEEKS + half for year in range(YEARS) for half in HALF_TERMS)}
    for week in range(weeks):
        for day in range(DAYS):
            fresh = random.random(pupils) < risk[:, week] * demo.WEEKDAYS[day]
            carry = 0.0 if day == 0 and week in starts else demo.OVER_WEEKEND if day == 0 else 1.0
            away = np.where(random.random(pupils) < stays * carry, away, fresh)
            missed[:, week] += away * np.where(random.random(pupils) < halves, 1, 2)
    return missed
