"""Who takes part in interventions, and what these truly do to absence."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance_lib.demo.absence import HIGHEST_RISK, Risks, draw_days
from attendance_lib.demo.roll import Roll
from attendance_lib.demo.timetable import Timetable
from attendance_lib.rules.calendar import monday_of

# The interventions the demo school runs, with what each truly does


@dataclass(frozen=True)
class Scheme:
    """An intervention as the school runs it.

    Attributes
    ----------
    name : str
        What staff call it.
    tier : int
        1 for everyone, 2 targeted, 3 individual.
    lead : str
        Role of the member of staff who leads it.
    barrier : str
        The barrier it is meant for.
    effect_points : float
        True effect on attendance while it runs, in percentage points.
    starts : tuple of (str, int)
        Each start date and how many pupils began; 0 pupils for a whole-school scheme.
    weeks : int
        Calendar weeks to the Friday it ends; 0 where no end is set.
    cost : float
        Pounds for each pupil who takes part.
    agency : str
        Outside agency, if there is one.
    lateness_factor : float
        What it leaves of lateness while it runs.
    """

    name: str
    tier: int
    lead: str
    barrier: str
    effect_points: float
    starts: tuple[tuple[str, int], ...]
    weeks: int = 0
    cost: float = 0.0
    agency: str = ""
    lateness_factor: float = 1.0


SCHEMES = (
    Scheme("First-day calls", 1, "Attendance officer", "", 0.0, (("2025-09-03", 0),)),
    Scheme("Punctuality raffle", 1, "Attendance lead", "punctuality", 0.4, (("2026-04-13", 0),), cost=180.0,
           lateness_factor=0.8),
    Scheme("Mentor", 2, "Attendance lead", "safety and relationships", 5.0,
           (("2025-11-10", 8), ("2025-12-01", 6), ("2026-01-12", 10), ("2026-02-23", 8)), 12, 96.0),
    Scheme("Mentor", 2, "Attendance lead", "safety and relationships", 5.0,
           (("2026-09-14", 10), ("2026-09-28", 8), ("2026-11-09", 6)), 9, 72.0),
    Scheme("Breakfast club", 2, "Family liaison officer", "poverty", 0.0,
           (("2026-01-12", 24), ("2026-02-23", 10)), 12, 58.5),
    Scheme("Breakfast club", 2, "Family liaison officer", "poverty", 0.0, (("2026-09-14", 14), ("2026-11-16", 5))),
    Scheme("Attendance report card", 2, "Head of Year 9", "parental attitude", -3.0,
           (("2025-11-17", 10), ("2026-01-19", 12), ("2026-04-20", 12)), 6),
    Scheme("Attendance report card", 2, "Head of Year 9", "parental attitude", -3.0,
           (("2026-09-21", 9), ("2026-11-03", 8), ("2026-11-16", 6)), 3),
    Scheme("Home visit", 2, "Attendance officer", "family and home", 2.0,
           (("2025-10-06", 8), ("2025-12-01", 8), ("2026-01-26", 8), ("2026-03-02", 8), ("2026-10-05", 8),
            ("2026-11-09", 6), ("2026-11-16", 5)), 2, 24.0),
    Scheme("ELSA sessions", 2, "ELSA", "mental health", 0.0,
           (("2026-01-19", 8), ("2026-04-20", 8), ("2026-10-05", 7)), 7, 140.0),
    Scheme("Transport help", 2, "Family liaison officer", "transport", 4.0, (("2026-01-12", 9),), 26, 310.0,
           "Local authority transport team"),
    Scheme("Transport help", 2, "Family liaison officer", "transport", 4.0, (("2026-09-07", 7), ("2026-11-16", 3)), 0,
           120.0, "Local authority transport team"),
    Scheme("EBSA phased return", 3, "SENCo", "EBSA", 6.0,
           (("2025-11-10", 4), ("2026-02-23", 5)), 14, 420.0, "Educational psychology service"),
    Scheme("EBSA phased return", 3, "SENCo", "EBSA", 6.0, (("2026-10-05", 4), ("2026-11-10", 3)), 12, 380.0,
           "Educational psychology service"),
    Scheme("Early help plan", 3, "Designated safeguarding lead", "family and home", 0.0,
           (("2026-03-02", 6), ("2026-09-28", 5)), 7, 0.0, "Family hub"),
)  # fmt: skip


def lateness_left(timetable: Timetable) -> np.ndarray:
    """Give the factor that whole-school schemes leave of lateness on each open day (shape (days,))."""
    factor = np.ones(len(timetable.days))
    for scheme in SCHEMES:
        if scheme.lateness_factor < 1:
            factor[timetable.day(scheme.starts[0][0]) :] *= scheme.lateness_factor
    return factor


LOOK_BACK_DAYS = 25
"""School days of register that staff look back over when they choose pupils."""
JUDGEMENT_NOISE, PASSED_OVER, LOTTERY = 0.05, 0.45, 0.25
ONE_AT_A_TIME = timedelta(weeks=8)
TWO_AT_ONCE_EVERY = 4
TIER_ABSENCE = {2: (0.08, 0.36), 3: (0.3, 0.95)}
LOWEST_RISK = 0.005
WHOLE_SCHOOL = -1
PERCENT = 100
FAR_AHEAD = pd.Timestamp("2099-12-31")


@dataclass(frozen=True)
class Participation:
    """Who took part in what.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row per pupil and start: ``scheme`` (position in `SCHEMES`), ``enrolment`` (`WHOLE_SCHOOL` for Tier 1),
        ``start_date`` and ``end_date`` (missing where none is set).
    """

    rows: pd.DataFrame

    def days_running(self, timetable: Timetable) -> np.ndarray:
        """Say for each row and open day whether the intervention was running; rows by days.

        Examples
        --------
        >>> rows = pd.DataFrame({"start_date": pd.Timestamp("2026-11-10"), "end_date": pd.to_datetime(["2026-11-11", None])})
        >>> days = np.array(["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12"], dtype="datetime64[D]")
        >>> timetable = Timetable(days, np.array(["202627"] * 4), np.array([1] * 4), {}, (), ())
        >>> Participation(rows).days_running(timetable).tolist()
        [[False, True, True, False], [False, True, True, True]]
        """
        start = self.rows["start_date"].to_numpy(dtype="datetime64[D]")[:, None]
        end = self.rows["end_date"].fillna(FAR_AHEAD).to_numpy(dtype="datetime64[D]")[:, None]
        return (timetable.days >= start) & (timetable.days <= end)


@dataclass(frozen=True)
class Draws:
    """The risks, what interventions change them by, and the chance: together they give the days away.

    Attributes
    ----------
    risks : Risks
        Daily risks had nothing been done.
    change : numpy.ndarray
        Points of attendance that interventions add; enrolments by days.
    chance : numpy.ndarray
        Uniform numbers, as `draw_days` wants them.
    """

    risks: Risks
    change: np.ndarray
    chance: np.ndarray

    def days(
        self, timetable: Timetable, who: np.ndarray | slice = slice(None), change: np.ndarray | None = None
    ) -> np.ndarray:
        """Give the days away of some enrolments (shape (enrolments, days)), with the change as it is or another one."""
        points = self.change[who] if change is None else change
        shifted = _shifted(self.risks.ill[who], self.risks.other[who], points)
        return draw_days(timetable, shifted, self.risks.stays[who], self.chance[:, who])


def choose_pupils(
    timetable: Timetable, roll: Roll, away: np.ndarray, rng: np.random.Generator
) -> Participation:
    """Choose who takes part: pupils who have been away a good deal of late, as far as staff can tell.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    away : numpy.ndarray
        Whether each enrolment was away on each day, had nothing been done; enrolments by days.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Participation
        One row per pupil and start; an intervention ends when its pupil leaves.
    """
    rows: list[tuple[int, int, date, date | None]] = []
    for place, scheme in enumerate(SCHEMES):
        for start, pupils in scheme.starts:
            fits = (
                _dipping(timetable.day(start), scheme.tier, (roll, away), rng) if pupils else [WHOLE_SCHOOL]
            )
            begins = date.fromisoformat(start)
            new = [enrolment for enrolment in fits if _is_free(enrolment, scheme, begins, rows)][
                : max(pupils, 1)
            ]
            rows += [(place, enrolment, begins, _end(scheme, begins)) for enrolment in new]
    dated = {"start_date": "datetime64[s]", "end_date": "datetime64[s]"}
    table = pd.DataFrame(rows, columns=["scheme", "enrolment", *dated]).astype(dated)
    left = table["enrolment"].map(roll.table["leaving_date"])
    return Participation(table.assign(end_date=pd.concat([table["end_date"], left], axis=1).min(axis=1)))


def _dipping(day: int, tier: int, pupils: tuple[Roll, np.ndarray], rng: np.random.Generator) -> list[int]:
    """Enrolments in the order staff would take them: most days away lately first, with noise, some passed over."""
    roll, away = pupils
    since = max(day - LOOK_BACK_DAYS, 0)
    recent = away[:, since:day].mean(axis=1)
    seen = recent + JUDGEMENT_NOISE * rng.standard_normal(len(recent))
    low, high = TIER_ABSENCE[tier]
    here = roll.is_on_roll[:, since] & roll.is_on_roll[:, day]
    fits = here & (seen > low) & (seen < high) & (rng.random(len(recent)) > PASSED_OVER)
    order = np.argsort(-seen - LOTTERY * rng.random(len(recent)), kind="stable")
    return [int(enrolment) for enrolment in order if fits[enrolment]]


def _is_free(
    enrolment: int, scheme: Scheme, begins: date, rows: list[tuple[int, int, date, date | None]]
) -> bool:
    """Whether a pupil can start: not in this scheme before, and not in another of late (one pupil in four may be)."""
    before = [(SCHEMES[place].name, since) for place, who, since, _ in rows if who == enrolment]
    if enrolment == WHOLE_SCHOOL:
        return True
    busy = (
        any(abs(begins - since) < ONE_AT_A_TIME for _, since in before) and enrolment % TWO_AT_ONCE_EVERY > 0
    )
    return not busy and scheme.name not in [name for name, _ in before]


def _end(scheme: Scheme, begins: date) -> date | None:
    """The Friday on which a scheme ends, if one is set."""
    return monday_of(begins) + timedelta(weeks=scheme.weeks) - timedelta(days=3) if scheme.weeks else None


def change_by(timetable: Timetable, roll: Roll, taking_part: Participation) -> np.ndarray:
    """Add up what interventions change attendance by, while they run (shape (enrolments, days)).

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    taking_part : Participation
        Who takes part.

    Returns
    -------
    numpy.ndarray
        Points of attendance (percent of days) added; enrolments by days.
    """
    change = np.zeros(roll.is_on_roll.shape)
    running = taking_part.days_running(timetable)
    for row, (scheme, enrolment) in enumerate(taking_part.rows[["scheme", "enrolment"]].to_numpy()):
        who = slice(None) if enrolment == WHOLE_SCHOOL else enrolment
        change[who] += running[row] * SCHEMES[scheme].effect_points
    return change


def _shifted(ill: np.ndarray, other: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Risks after interventions, the parts of illness and unauthorised absence as they were."""
    whole = ill + other
    wanted = np.clip(whole - points / PERCENT, np.minimum(LOWEST_RISK, whole), HIGHEST_RISK)
    factor = np.divide(wanted, whole, out=np.ones_like(whole), where=whole > 0)
    return ill * factor, other * factor


def true_effects(timetable: Timetable, roll: Roll, taking_part: Participation, draws: Draws) -> list[dict]:
    """State what each scheme truly did.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    taking_part : Participation
        Who took part.
    draws : Draws
        What the register came from.

    Returns
    -------
    list of dict
        One entry per scheme and start: the planted effect in points, and what it came to among those who took
        part while it ran, in points of days, against the same draws of chance without this scheme.
    """
    running = taking_part.days_running(timetable)
    entries = []
    for (place, start), rows in taking_part.rows.groupby(["scheme", "start_date"]):
        scheme, who = SCHEMES[place], rows["enrolment"].to_numpy()
        ids = [] if scheme.tier == 1 else sorted(roll.table["pupil_id"].iloc[who])
        who = np.arange(len(roll.table)) if scheme.tier == 1 else who
        during = running[rows.index] & roll.is_on_roll[who]
        points = scheme.effect_points
        realised = _realised(timetable, draws, who, during * points) if points else 0.0
        entries.append({
            "intervention": scheme.name, "tier": scheme.tier, "start_date": str(start.date()), "pupil_ids": ids,
            "effect_points": points, "realised_points": realised, "lateness_factor": scheme.lateness_factor,
        })  # fmt: skip
    return entries


def _realised(timetable: Timetable, draws: Draws, who: np.ndarray, points: np.ndarray) -> float:
    """What a scheme came to: days away had it not run less days away as they were, in points."""
    with_it = draws.days(timetable, who) > 0
    without = draws.days(timetable, who, draws.change[who] - points) > 0
    during = points != 0
    return round(float(PERCENT * (without[during].mean() - with_it[during].mean())), 2)
