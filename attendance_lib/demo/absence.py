"""How likely each pupil is to be away on each day, and the days they are.

The model: each pupil's own propensity with a long tail, weekly deviations that persist, an illness season, a Friday
effect, more absence towards the end of a half term, spells rather than single days, and the effects of
interventions. Absence is illness or unauthorised; other reasons are written over it afterwards.
"""

from dataclasses import dataclass

import numpy as np

from attendance_lib.demo.register import DemoRegister
from attendance_lib.demo.roll import Roll
from attendance_lib.demo.timetable import Timetable

# Share of school days lost to illness and unauthorised absence at points of the distribution of pupils.
QUANTILES = (0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.87, 0.93, 0.955, 0.97, 0.985, 1)
DAILY_ABSENCE = (0.002, 0.006, 0.015, 0.031, 0.069, 0.096, 0.125, 0.168, 0.42, 0.66, 0.85, 0.96)
CHARACTERISTIC_SHIFTS = {
    "fsm": 0.62, "eal": -0.2, "looked_after": 0.1, "child_in_need": 0.6, "child_protection": 0.3, "young_carer": 0.3,
}  # fmt: skip
SEN_SHIFTS = {"N": 0.0, "K": 0.45, "E": 0.6}
ETHNICITY_SHIFTS = {"CHNE": -0.5, "BAFR": -0.4, "AIND": -0.3, "WIRT": 1.0, "WROM": 0.8}
YEAR_GROUP_SHIFT, MIDDLE_YEAR_GROUP = 0.08, 9
YEAR_TO_YEAR_NOISE = 0.35
PERSISTENCE, WEEKLY_DEVIATION = 0.85, 0.45
ILLNESS_BY_MONTH = {
    9: 0.78,
    10: 0.95,
    11: 1.2,
    12: 1.38,
    1: 1.2,
    2: 1.15,
    3: 1.0,
    4: 0.9,
    5: 0.88,
    6: 0.9,
    7: 0.9,
}
OTHER_BY_MONTH = {
    9: 0.86,
    10: 0.96,
    11: 1.0,
    12: 1.1,
    1: 0.98,
    2: 1.0,
    3: 1.04,
    4: 1.04,
    5: 1.06,
    6: 1.1,
    7: 1.2,
}
WEEKDAYS = (0.92, 0.84, 0.82, 0.86, 1.56)
END_OF_HALF_TERM = 0.35
STAYS_AWAY, STAYS_AWAY_LONG, LONG_ABSENCE, OVER_WEEKEND = 0.48, 0.4, 0.6, 0.55
# Of days away, the share with one session only.
ILL_AFTERNOON, ILL_MORNING, OTHER_AFTERNOON, OTHER_MORNING = 0.12, 0.04, 0.2, 0.14
HIGHEST_RISK = 0.96
FALLING, RETURNING = 16, 10
FALLS_FROM, RETURNS_FROM = "2026-10-12", "2026-11-03"
FALLING_LASTING, RETURNING_LASTING = (0.02, 0.07), (0.12, 0.5)
FALLS_BY, RETURNS_BY = 6.0, 0.15


@dataclass(frozen=True)
class Risks:
    """Daily risks of absence, without any intervention.

    Attributes
    ----------
    ill, other : numpy.ndarray
        Chance of illness and of unauthorised absence; enrolments by days.
    propensity : numpy.ndarray
        Latent propensity of each enrolment, a share of days, before season and weekly deviations.
    stays : numpy.ndarray
        Chance for each enrolment that a day is like the day before.
    falling, returning : numpy.ndarray
        Enrolments whose absence rises, or drops, for good in autumn 2026.
    """

    ill: np.ndarray
    other: np.ndarray
    propensity: np.ndarray
    stays: np.ndarray
    falling: np.ndarray
    returning: np.ndarray


def make_risks(timetable: Timetable, roll: Roll, rng: np.random.Generator) -> Risks:
    """Draw how likely each pupil is to be away on each day.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Risks
        Enrolments by days, between 0 and 1.
    """
    score = _scores(roll, rng)
    by_year = _propensity_by_year(score, rng)
    is_later = (timetable.school_years != timetable.school_years[0]).astype(int)
    weekly = _weekly_deviations(timetable, len(score), rng)
    changed, falling, returning = _changes(timetable, roll, by_year[:, 1], rng)
    daily = by_year[:, is_later] * weekly * changed
    share_other = _share_other(by_year.mean(axis=1), roll, rng)[:, None]
    ill = daily * (1 - share_other) * _calendar_shape(timetable, ILLNESS_BY_MONTH)
    other = daily * share_other * _calendar_shape(timetable, OTHER_BY_MONTH)
    scale = np.minimum(1, HIGHEST_RISK / np.maximum(ill + other, HIGHEST_RISK))
    propensity = by_year.mean(axis=1)
    stays = STAYS_AWAY + STAYS_AWAY_LONG * np.clip(propensity / LONG_ABSENCE, 0, 1)
    return Risks(ill * scale, other * scale, propensity, stays, falling, returning)


def _scores(roll: Roll, rng: np.random.Generator) -> np.ndarray:
    """Latent score of each enrolment: group differences and the pupil's own."""
    table = roll.table
    shifts = sum(table[column].to_numpy() * shift for column, shift in CHARACTERISTIC_SHIFTS.items())
    shifts = shifts + table["sen_status"].map(SEN_SHIFTS).to_numpy()
    shifts = shifts + table["ethnicity"].map(ETHNICITY_SHIFTS).fillna(0).to_numpy()
    shifts = shifts + YEAR_GROUP_SHIFT * (table["year_group"].to_numpy() - MIDDLE_YEAR_GROUP)
    return shifts + rng.standard_normal(len(table))


def _propensity_by_year(score: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Propensity of each enrolment in the two school years: the distribution of pupils at the rank of its score."""
    noisy = score[:, None] + YEAR_TO_YEAR_NOISE * rng.standard_normal((len(score), 2))
    ranks = (noisy.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") + 0.5) / len(score)
    return np.interp(ranks, QUANTILES, DAILY_ABSENCE)


def _share_other(propensity: np.ndarray, roll: Roll, rng: np.random.Generator) -> np.ndarray:
    """Share of a pupil's absence that is unauthorised: larger where there is more of it."""
    middle = np.interp(propensity, [0.0, 0.03, 0.1, 0.3, 0.6], [0.14, 0.24, 0.45, 0.56, 0.6])
    middle = np.clip(middle + 0.06 * (roll.table["fsm"].to_numpy() - 0.25), 0.05, 0.9)
    return rng.beta(4 * middle, 4 * (1 - middle))


def _weekly_deviations(timetable: Timetable, enrolments: int, rng: np.random.Generator) -> np.ndarray:
    """Multipliers that persist from week to week, with mean one."""
    weeks, week_of_day = np.unique(timetable.mondays, return_inverse=True)
    shocks = rng.standard_normal((enrolments, len(weeks)))
    deviations = np.empty_like(shocks)
    deviations[:, 0] = shocks[:, 0]
    for week in range(1, len(weeks)):
        fresh = np.sqrt(1 - PERSISTENCE**2) * shocks[:, week]
        deviations[:, week] = PERSISTENCE * deviations[:, week - 1] + fresh
    return np.exp(WEEKLY_DEVIATION * deviations - WEEKLY_DEVIATION**2 / 2)[:, week_of_day]


def _calendar_shape(timetable: Timetable, by_month: dict[int, float]) -> np.ndarray:
    """Multiplier of each day: season, weekday and the way through the half term."""
    months = timetable.days.astype("datetime64[M]").astype(int) % 12 + 1
    season = np.array([by_month[month] for month in months])
    weekday = np.array(WEEKDAYS)[timetable.weekdays]
    return season * weekday * (1 + END_OF_HALF_TERM * (_way_through(timetable.half_terms) ** 3 - 0.25))


def _way_through(half_terms: np.ndarray) -> np.ndarray:
    """How far through its half term each day is, from 0 to 1, taking 35 days as a whole one."""
    starts = np.searchsorted(half_terms, half_terms)
    return np.minimum((np.arange(len(half_terms)) - starts) / 34, 1)


def _changes(
    timetable: Timetable, roll: Roll, propensity: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Multipliers of pupils whose absence changes for good in autumn 2026, and who they are."""
    changed = np.ones(roll.is_on_roll.shape)
    falling, returning = (
        rng.choice(
            np.flatnonzero(roll.whole_time() & (propensity > low) & (propensity < high)),
            number,
            replace=False,
        )
        for (low, high), number in ((FALLING_LASTING, FALLING), (RETURNING_LASTING, RETURNING))
    )
    changed[np.ix_(falling, timetable.days >= np.datetime64(FALLS_FROM))] = FALLS_BY
    changed[np.ix_(returning, timetable.days >= np.datetime64(RETURNS_FROM))] = RETURNS_BY
    return changed, np.sort(falling), np.sort(returning)


def draw_days(
    timetable: Timetable, risks: tuple[np.ndarray, np.ndarray], stays: np.ndarray, chance: np.ndarray
) -> np.ndarray:
    """Turn daily risks into days away, in spells.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    risks : tuple of numpy.ndarray
        Chance of illness and of unauthorised absence; enrolments by days.
    stays : numpy.ndarray
        Chance for each enrolment that a day is like the day before.
    chance : numpy.ndarray
        Uniform numbers, 2 by enrolments by days: the same numbers give the same days, so that a register with
        an intervention can be set beside the same register without it.

    Returns
    -------
    numpy.ndarray
        ``uint8``, enrolments by days: 0 attended, 1 ill, 2 unauthorised absence.

    Notes
    -----
    With some probability a pupil does what they did the day before, otherwise the day is drawn afresh; over a
    long time the share of days away is the risk itself.

    Examples
    --------
    A pupil who always does as on the day before is away from the first day on; one who never does is drawn afresh.

    >>> days = np.array(["2026-11-10", "2026-11-11", "2026-11-12"], dtype="datetime64[D]")
    >>> timetable = Timetable(days, np.array(["202627"] * 3), np.array([1, 1, 1]), {}, (), ())
    >>> risks, chance = np.full((2, 3), 0.1), np.array([[[0.5] * 3] * 2, [[0.05, 0.15, 0.5]] * 2])
    >>> draw_days(timetable, (risks, risks), np.array([1.0, 0.0]), chance).tolist()
    [[1, 1, 1], [1, 2, 0]]
    """
    ill, other = risks
    drawn = np.where(chance[1] < ill, 1, np.where(chance[1] < ill + other, 2, 0)).astype(np.uint8)
    carry = np.array([OVER_WEEKEND if monday else 1.0 for monday in timetable.weekdays == 0])
    carry[timetable.last_days() + 1] = 0
    days = drawn.copy()
    for day in range(1, days.shape[1]):
        keeps = chance[0][:, day] < stays * carry[day]
        days[:, day] = np.where(keeps, days[:, day - 1], drawn[:, day])
    return days


def write_absence(register: DemoRegister, days: np.ndarray, rng: np.random.Generator) -> None:
    """Write days away (shape (enrolments, days)) into the register, some of them for one session only.

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    days : numpy.ndarray
        What `draw_days` gives.
    rng : numpy.random.Generator
        Source of chance.
    """
    chance = rng.random(days.shape)
    for state, code, afternoon, morning in (
        (1, "I", ILL_AFTERNOON, ILL_MORNING),
        (2, "O", OTHER_AFTERNOON, OTHER_MORNING),
    ):
        away = np.stack(
            [(days == state) & (chance >= afternoon), (days == state) & (chance < 1 - morning)], axis=2
        )
        register.put(away.reshape(register.cells.shape), code)
