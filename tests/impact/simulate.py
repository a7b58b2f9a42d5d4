"""Invented schools in which the true effect of an intervention is known: for the proof, never for a report.

Every pupil has a propensity to be absent, deviations from it that persist from week to week, a share of it that is
illness, and spells; there is a season of illness with waves. Staff choose pupils whose last weeks look bad to them.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from attendance_lib.register import NOT_ON_ROLL, Register, cell_of

DAYS, WEEKS = 5, 38
SCHEME, OTHER = "Scheme", "Another scheme"
LOWEST_CHANCE, HIGHEST_CHANCE = 0.005, 0.98


@dataclass(frozen=True)
class World:
    """How an invented school is made, and what its scheme truly does.

    ``effect`` is in points of attendance. ``persistence`` is the weekly deviations' AR(1) coefficient.
    ``selection``: "dip" (staff's choice among those whose last five weeks look below the line), "long dip" (a longer
    look back, the worst first), or "everyone below" (all under 90 % of the year so far).
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


@dataclass(frozen=True, eq=False)
class Invented:
    """A register, its log, and the true mean effect on those treated over their windows (a fraction)."""

    register: Register
    interventions: pd.DataFrame
    truth: float


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


def invent_pupils(world, random):
    """Pupils with their logit of daily absence, share of illness and characteristics."""
    size = world.pupils
    fsm, sen = random.random(size) < 0.27, random.random(size) < 0.18
    year_group = random.integers(7, 12, size)
    level = -4.05 + 1.0 * random.standard_normal(size) + 0.5 * fsm + 0.35 * sen + 0.06 * (year_group - 9)
    admitted = np.where(random.random(size) < 0.03, "2025-10-06", "2020-09-01")
    left = np.where(random.random(size) < 0.025, "2026-03-06", None)
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


def weekly_chances(world, level, weeks, random):
    """Each pupil's chance of illness and of other absence in each week, had nothing been done."""
    size, rho = len(level), world.persistence
    drift = np.empty((size, weeks))
    drift[:, 0] = random.standard_normal(size)
    for week in range(1, weeks):
        drift[:, week] = rho * drift[:, week - 1] + np.sqrt(1 - rho**2) * random.standard_normal(size)
    time = np.arange(weeks) % WEEKS
    wave = np.exp(-0.5 * ((time - random.integers(10, 22)) / 2.0) ** 2)
    season = 1 + world.season * (0.35 * np.sin(np.pi * time / WEEKS) + 0.5 * wave)
    other = logistic(level[:, None] - 0.25 + 0.8 * drift)
    ill = 0.022 * np.exp(0.5 * random.standard_normal(size))[:, None] * season
    begins = random.random((size, weeks)) < 0.008
    spell = begins.astype(float)
    spell[:, 1:] += begins[:, :-1] * (random.random((size, weeks - 1)) < 0.5)
    ill = np.clip(ill + 0.5 * np.minimum(spell, 1), 0, 0.9)
    return ill, other * (1 - ill)


def choose(world, away, random, weeks):
    """Who starts in which week: (pupils, weeks) of the scheme, and of another one besides."""
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
    others = random.choice(len(away), world.others, replace=False)
    return chosen, list(zip(others, random.integers(base + 4, base + 30, world.others), strict=True))


def candidates_at(world, away, place, random):
    """Pupils whom staff would choose in a week, in the order they would take them."""
    week, base = place
    since = {"dip": week - 5, "long dip": week - 9, "everyone below": base}[world.selection]
    rate = away[:, max(since, 0) : week].mean(axis=1)
    if world.selection == "everyone below":
        return np.flatnonzero(rate > 0.10)
    seen = rate + world.judgement_noise * random.standard_normal(len(rate))
    fits = (seen > world.line) & (seen < 0.5) & (random.random(len(rate)) < (0.9 if world.share_chosen else 0.6))
    order = -seen if world.selection == "long dip" else random.random(len(rate)) - 0.5 * seen
    return np.array([pupil for pupil in np.argsort(order, kind="stable") if fits[pupil]], dtype=int)


def change_of(world, shape, chosen, effect):
    """Points (as fractions) added to attendance by a scheme, for every pupil and week."""
    change = np.zeros(shape)
    for pupil, week in chosen:
        run = min(world.window, shape[1] - week)
        fade = np.linspace(2, 0, world.window)[:run] if world.is_fading else 1.0
        change[pupil, week : week + run] += effect / 100 * fade
    return change


def invent(world, seed):
    """Invent a school and return its register, log and truth."""
    random = np.random.default_rng(seed)
    weeks = WEEKS * (2 if world.has_last_year else 1)
    pupils, level = invent_pupils(world, random)
    ill, other = weekly_chances(world, level, weeks, random)
    draws = random.random((world.pupils, weeks, DAYS))
    kind = random.random((world.pupils, weeks, DAYS))
    before = absent_days(draws, np.clip(ill + other, LOWEST_CHANCE, HIGHEST_CHANCE))
    chosen, others = choose(world, before.mean(axis=2), random, weeks)
    shape = (world.pupils, weeks)
    plain = ill + other
    without = np.clip(plain - change_of(world, shape, others, world.other_effect), LOWEST_CHANCE, HIGHEST_CHANCE)
    change = change_of(world, shape, chosen, world.effect)
    chance = np.clip(without - change, LOWEST_CHANCE, HIGHEST_CHANCE)
    is_ill = kind < (ill / np.maximum(plain, LOWEST_CHANCE))[:, :, None]
    register = as_register(world, pupils, absent_days(draws, chance), is_ill)
    return Invented(register, log_of(pupils, chosen, others, register), true_effect(world, chosen, without - chance, pupils))


def absent_days(draws, chance):
    return draws < chance[:, :, None]


def true_effect(world, chosen, gained, pupils):
    """The mean over those treated of what their chance of attending gained over the window."""
    staying = pupils["leaving_date"].isna().to_numpy()
    gains = [gained[pupil, week : week + world.window].mean() for pupil, week in chosen if staying[pupil]]
    return float(np.mean(gains)) if gains else 0.0


def as_register(world, pupils, absent, is_ill):
    """Marks from days away: both sessions of a day alike; sessions before admission and after leaving are not on roll."""
    sessions = sessions_of(2 if world.has_last_year else 1)
    away = np.where(is_ill, cell_of("I"), cell_of("O")) if world.has_reasons else np.full(absent.shape, cell_of("N"))
    day = np.where(absent, away, 0).reshape(len(pupils), -1).astype(np.uint8)
    codes = np.repeat(day, 2, axis=1)
    present = np.tile([cell_of("/"), cell_of("\\")], codes.shape[1] // 2).astype(np.uint8)
    codes = np.where(codes == 0, present, codes)
    dates = sessions["date"].to_numpy()[None, :]
    off = dates < pupils["admission_date"].to_numpy()[:, None]
    leaving = pupils["leaving_date"].fillna(pd.Timestamp("2099-01-01")).to_numpy()[:, None]
    codes[off | (dates > leaving)] = NOT_ON_ROLL
    return Register(codes, pupils, sessions)


def log_of(pupils, chosen, others, register):
    """The interventions log."""
    mondays = register.sessions["week_beginning"].to_numpy()[:: 2 * DAYS]
    rows = [(SCHEME, pupil, week) for pupil, week in chosen] + [(OTHER, pupil, week) for pupil, week in others]
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
