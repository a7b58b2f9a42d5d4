"""Invented schools in which the true effect of an intervention is known: for the proof, never for a report.

Every pupil has a propensity to be absent, deviations from it that persist from week to week, a share of it that is
illness, and spells; there is a season of illness with waves. Staff choose pupils whose last weeks look bad to them.
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from attendance_lib.register.grid import NOT_ON_ROLL, Register, cell_of

DAYS, WEEKS = 5, 38
SCHEME, OTHER = "Scheme", "Another scheme"
LOWEST_CHANCE, HIGHEST_CHANCE = 0.005, 0.98
MOST_POINTS, BISECTIONS = 40.0, 20


# What a propensity to be absent is made of, chosen once so that a school of 1,000 has the attendance of an English
# secondary school (92 %, about 22 % persistently absent, 1 to 3 % severely), and not touched since.
LEVEL, LEVEL_SPREAD, FSM_MORE, SEN_MORE, YEAR_MORE = -4.8, 1.6, 0.5, 0.35, 0.06
DRIFT_SPREAD = 1.0
# A pupil's daily chance of illness out of season, and how much pupils differ in it (log scale).
ILLNESS, ILLNESS_SPREAD = 0.015, 0.5
# Spells: illness of a week or two; and weeks on end of hardly coming, likelier the more a pupil is away anyway.
ILL_SPELL, ILL_SPELL_LASTS, ILL_SPELL_AWAY = 0.008, 0.5, 0.5
LONG_SPELL, LONG_SPELL_LASTS, LONG_SPELL_AWAY = 0.01, 0.6, 0.6
LATE_JOINERS, LEAVERS = 0.03, 0.025
LOOK_BACK = (4, 5, 6)
SPOKEN_OF_AT = 0.3


@dataclass(frozen=True)
class World:
    """How an invented school is made, and what its scheme truly does.

    ``effect`` is in points of attendance. ``persistence`` is the weekly deviations' AR(1) coefficient.
    ``selection``: "dip" (staff's choice among those whose last four to six weeks look below the line), "long dip" (a
    longer look back, the worst first), or "everyone below" (all under 90 % of the year so far).
    ``judgement_noise`` is how far staff are out in what they think a pupil's absence rate has been (standard
    deviation); ``share_chosen`` is the share of those below the line whom they take, where it is not a fixed number.
    """

    treated: int = 30
    effect: float = 0.0
    pupils: int = 1000
    persistence: float = 0.8
    selection: str = "dip"
    line: float = 0.10
    judgement_noise: float = 0.05
    is_fading: bool = False
    has_reasons: bool = True
    has_last_year: bool = True
    first_start: int = 8
    start_weeks: tuple[int, ...] = (0, 3, 6, 10, 14)
    season: float = 1.0
    other_effect: float = 2.0
    others: int = 60
    share_chosen: float = 0.0
    window: int = 12

    @property
    def base(self):
        """What the school is made from before anything is done: two worlds alike in this share their pupils."""
        return self.pupils, self.persistence, self.season, self.has_last_year


@dataclass(frozen=True, eq=False)
class Base:
    """A school had nothing been done: weekly chances of illness and of other absence, and the draws of chance."""

    pupils: pd.DataFrame
    ill: np.ndarray
    other: np.ndarray
    draws: np.ndarray
    kind: np.ndarray

    @property
    def plain(self):
        return self.ill + self.other


@dataclass(frozen=True, eq=False)
class Plan:
    """Who starts the scheme in which week, the log, and every pupil's weekly chance of absence without the scheme."""

    base: Base
    without: np.ndarray
    chosen: list
    interventions: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Invented:
    """A register, its log, and what each pupil treated truly gained over the window (a fraction; NaN for the others)."""

    register: Register
    interventions: pd.DataFrame
    gains: np.ndarray

    def truth_of(self, enrolments):
        """The true mean effect on some of those treated."""
        return float(self.gains[np.asarray(enrolments, dtype=int)].mean())

    @property
    def truth(self):
        return float(np.nanmean(self.gains)) if np.isfinite(self.gains).any() else 0.0


@cache
def sessions_of(years: int) -> pd.DataFrame:
    """The sessions of one or two school years of 38 whole weeks from September 2025 or 2024."""
    parts = []
    for year, first in ((2024, "2024-09-02"), (2025, "2025-09-01"))[-years:]:
        mondays = pd.date_range(first, periods=WEEKS, freq="7D").repeat(2 * DAYS)
        day = np.tile(np.repeat(np.arange(DAYS), 2), WEEKS)
        parts.append(
            pd.DataFrame(
                {
                    "date": (mondays + pd.to_timedelta(day, unit="D")).astype("datetime64[s]"),
                    "session": np.tile(["AM", "PM"], WEEKS * DAYS),
                    "week_beginning": mondays.astype("datetime64[s]"),
                    "school_year": f"{year}{(year + 1) % 100}",
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.assign(school_week=np.arange(len(table)) // (2 * DAYS) + 1)


def logistic(x):
    return 1 / (1 + np.exp(-x))


@lru_cache(maxsize=2)
def invent_base(base, seed):
    """A school before anything is done, the same for every scheme and effect tried in it."""
    pupils, persistence, season, has_last_year = base
    random = np.random.default_rng(seed)
    weeks = WEEKS * (2 if has_last_year else 1)
    table, level = invent_pupils(pupils, random)
    ill, other = weekly_chances(level, (persistence, season), weeks, random)
    shape = (pupils, weeks, DAYS)
    return Base(table, ill, other, random.random(shape), random.random(shape))


def invent_pupils(size, random):
    """Pupils with their logit of daily absence, share of illness and characteristics."""
    fsm, sen = random.random(size) < 0.27, random.random(size) < 0.18
    year_group = random.integers(7, 12, size)
    level = LEVEL + LEVEL_SPREAD * random.standard_normal(size)
    level += FSM_MORE * fsm + SEN_MORE * sen + YEAR_MORE * (year_group - 9)
    admitted = np.where(random.random(size) < LATE_JOINERS, "2025-10-06", "2020-09-01")
    left = np.where(random.random(size) < LEAVERS, "2026-03-06", None)
    table = pd.DataFrame(
        {
            "pupil_id": [f"{number:05d}" for number in range(size)],
            "year_group": year_group,
            "reference_year": 2025,
            "fsm": fsm,
            "sen_status": np.where(sen, "K", "N"),
            "admission_date": pd.to_datetime(admitted).astype("datetime64[s]"),
            "leaving_date": pd.to_datetime(pd.Series(left, dtype=object)).astype("datetime64[s]"),
        }
    )
    return table, level


def weekly_chances(level, how, weeks, random):
    """Each pupil's chance of illness and of other absence in each week, had nothing been done."""
    size, (rho, strength) = len(level), how
    drift = np.empty((size, weeks))
    drift[:, 0] = random.standard_normal(size)
    for week in range(1, weeks):
        drift[:, week] = rho * drift[:, week - 1] + np.sqrt(1 - rho**2) * random.standard_normal(size)
    time = np.arange(weeks) % WEEKS
    wave = np.exp(-0.5 * ((time - random.integers(10, 22)) / 2.0) ** 2)
    season = 1 + strength * (0.35 * np.sin(np.pi * time / WEEKS) + 0.5 * wave)
    usual = logistic(level[:, None] + DRIFT_SPREAD * drift)
    chance = np.broadcast_to(LONG_SPELL * logistic(level)[:, None] / 0.05, usual.shape)
    other = np.maximum(usual, LONG_SPELL_AWAY * spells(np.minimum(chance, 0.2), LONG_SPELL_LASTS, random))
    ill = ILLNESS * np.exp(ILLNESS_SPREAD * random.standard_normal(size))[:, None] * season
    short = spells(np.full(usual.shape, ILL_SPELL), ILL_SPELL_LASTS, random)
    ill = np.clip(ill + ILL_SPELL_AWAY * short, 0, 0.9)
    return ill, other * (1 - ill)


def spells(begin, lasts, random):
    """Weeks in a spell (1.0 or 0.0): each begins by chance and goes on into the next week by chance."""
    begins, goes_on = random.random(begin.shape) < begin, random.random(begin.shape) < lasts
    inside = begins.copy()
    for week in range(1, begin.shape[1]):
        inside[:, week] |= inside[:, week - 1] & goes_on[:, week]
    return inside.astype(float)


def choose(world, away, random, weeks):
    """Who starts the scheme in which week: (pupil, week) pairs."""
    base = weeks - WEEKS
    spread = [base + world.first_start + after for after in world.start_weeks]
    wanted = np.diff(np.linspace(0, world.treated, len(spread) + 1).round().astype(int))
    chosen, taken = [], np.zeros(len(away), dtype=bool)
    for week, number in zip(spread, wanted, strict=True):
        candidates = candidates_at(world, away, (week, base), random)
        candidates = candidates[~taken[candidates]]
        size = int(world.share_chosen * len(candidates)) if world.share_chosen else number
        some = candidates if world.selection == "everyone below" else candidates[:size]
        taken[some] = True
        chosen += [(pupil, week) for pupil in some]
    return chosen


def candidates_at(world, away, place, random):
    """Pupils whom staff would choose in a week, in the order they would take them."""
    week, base = place
    look_back = int(random.choice(LOOK_BACK))
    since = {"dip": week - look_back, "long dip": week - 9, "everyone below": base}[world.selection]
    rate = away[:, max(since, 0) : week].mean(axis=1)
    if world.selection == "everyone below":
        return np.flatnonzero(rate > 0.10)
    seen = rate + world.judgement_noise * random.standard_normal(len(rate))
    # The worse it looks, the likelier that staff come to speak of the pupil; some are always passed over.
    spoken_of = random.random(len(rate)) < (
        0.9 if world.share_chosen else np.clip(seen / SPOKEN_OF_AT, 0, 0.8)
    )
    fits = (seen > world.line) & (seen < 0.5) & spoken_of
    order = -seen if world.selection == "long dip" else random.random(len(rate))
    return np.array([pupil for pupil in np.argsort(order, kind="stable") if fits[pupil]], dtype=int)


def change_of(world, shape, chosen, effect):
    """Points (as fractions) added to attendance by a scheme, for every pupil and week."""
    change = np.zeros(shape)
    for pupil, week in chosen:
        run = min(world.window, shape[1] - week)
        fade = np.linspace(2, 0, world.window)[:run] if world.is_fading else 1.0
        change[pupil, week : week + run] += effect / 100 * fade
    return change


@lru_cache(maxsize=2)
def plan_school(world, seed):
    """Who starts what in which week: the same for every effect, for staff choose before there is any.

    The pupils and the draws of chance depend on the seed and ``world.base`` alone, so that schools that differ in
    nothing but the scheme's effect have the same pupils, chosen in the same weeks.
    """
    base = invent_base(world.base, seed)
    others, without, away = invent_others(world.base, (world.others, world.other_effect, world.window), seed)
    # Staff see the register as it is, with the other scheme's effect in it.
    chosen = choose(world, away, np.random.default_rng([seed, 1]), away.shape[1])
    return Plan(base, without, chosen, log_of(world, base.pupils, chosen, others))


@lru_cache(maxsize=2)
def invent_others(base, scheme, seed):
    """Who starts another scheme in which week, the chances of absence with it, and the share of days away each week."""
    others, effect, window = scheme
    school, world = invent_base(base, seed), World(window=window)
    who = choose_others((others, *school.plain.shape), np.random.default_rng([seed, 2]))
    without = clipped(school.plain - change_of(world, school.plain.shape, who, effect))
    return who, without, absent_days(school.draws, without).mean(axis=2)


def invent(world, seed, rows=slice(None)):
    """Invent a school, or some rows of it, and return its register, log and truth."""
    plan = plan_school(replace(world, effect=0.0), seed)
    base = plan.base
    chance = clipped(
        plan.without - change_of(world, plan.without.shape, plan.chosen, points_for(world, plan))
    )
    is_ill = base.kind[rows] < (base.ill / np.maximum(base.plain, LOWEST_CHANCE))[rows, :, None]
    absent = absent_days(base.draws[rows], chance[rows])
    register = as_register(world, base.pupils.iloc[rows].reset_index(drop=True), absent, is_ill)
    return Invented(register, plan.interventions, gained(world, plan, chance))


def points_for(world, plan):
    """Points to take off each chance of absence so that those treated gain ``world.effect`` on average.

    Nobody can be absent less than hardly ever: who is seldom away gains less, so the others must gain more.
    """
    low, high = (0.0, MOST_POINTS) if world.effect > 0 else (-MOST_POINTS, 0.0)
    if not world.effect or not plan.chosen:
        return 0.0
    pupils, weeks = (np.array(each) for each in zip(*plan.chosen, strict=True))
    without = plan.without[pupils[:, None], weeks[:, None] + np.arange(world.window)]
    fade = np.linspace(2, 0, world.window) if world.is_fading else 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        gain = (without - clipped(without - middle / 100 * fade)).mean()
        low, high = (middle, high) if 100 * gain < world.effect else (low, middle)
    return middle


def clipped(chance):
    return np.clip(chance, LOWEST_CHANCE, HIGHEST_CHANCE)


def choose_others(sizes, random):
    """Who starts the other scheme in which week: anybody."""
    others, pupils, weeks = sizes
    begin = weeks - WEEKS
    who = random.choice(pupils, others, replace=False)
    return list(zip(who, random.integers(begin + 4, begin + 30, others), strict=True))


def absent_days(draws, chance):
    return draws < chance[:, :, None]


def gained(world, plan, chance):
    """What each pupil's chance of attending gained over the window while on roll; NaN for those not treated."""
    leaving = plan.base.pupils["leaving_date"].fillna(pd.Timestamp("2099-01-01")).to_numpy()
    last = np.searchsorted(mondays_of(world), leaving)
    gains = np.full(len(chance), np.nan)
    for pupil, week in plan.chosen:
        span = slice(week, max(min(week + world.window, last[pupil]), week + 1))
        gains[pupil] = (plan.without[pupil, span] - chance[pupil, span]).mean()
    return gains


def mondays_of(world):
    return sessions_of(2 if world.has_last_year else 1)["week_beginning"].to_numpy()[:: 2 * DAYS]


def as_register(world, pupils, absent, is_ill):
    """Marks from days away: both sessions of a day alike; sessions before admission and after leaving are not on roll."""
    sessions = sessions_of(2 if world.has_last_year else 1)
    away = (
        np.where(is_ill, cell_of("I"), cell_of("O"))
        if world.has_reasons
        else np.full(absent.shape, cell_of("N"))
    )
    day = np.where(absent, away, 0).reshape(len(pupils), -1).astype(np.uint8)
    codes = np.repeat(day, 2, axis=1)
    present = np.tile([cell_of("/"), cell_of("\\")], codes.shape[1] // 2).astype(np.uint8)
    codes = np.where(codes == 0, present, codes)
    dates = sessions["date"].to_numpy()[None, :]
    off = dates < pupils["admission_date"].to_numpy()[:, None]
    leaving = pupils["leaving_date"].fillna(pd.Timestamp("2099-01-01")).to_numpy()[:, None]
    codes[off | (dates > leaving)] = NOT_ON_ROLL
    return Register(codes, pupils, sessions)


def log_of(world, pupils, chosen, others):
    """The interventions log."""
    mondays = mondays_of(world)
    rows = [(SCHEME, pupil, week) for pupil, week in chosen] + [
        (OTHER, pupil, week) for pupil, week in others
    ]
    ids = pupils["pupil_id"].to_numpy()
    return pd.DataFrame(
        {
            "intervention": [name for name, _, _ in rows],
            "pupil_id": [ids[pupil] for _, pupil, _ in rows],
            "start_date": pd.to_datetime([mondays[week] for _, _, week in rows]).astype("datetime64[s]"),
            "end_date": pd.NaT,
            "cost": 50.0,
        }
    )
