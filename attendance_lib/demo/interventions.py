"""Interventions of three tiers: who took part, when, and what they truly did."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance_lib.demo.absence import HIGHEST_RISK, Risks
from attendance_lib.demo.roll import Roll
from attendance_lib.demo.timetable import Timetable

LOOK_BACK_DAYS = 25
"""School days of register that staff look back over when they choose pupils."""
JUDGEMENT_NOISE, PASSED_OVER = 0.05, 0.45
TIER_ABSENCE = {2: (0.07, 0.5), 3: (0.25, 0.95)}
MET, PARTLY = 0.05, 0.0
LOWEST_RISK = 0.005
NOT_WORKING = (
    "sessions missed because of absence", "family did not engage", "started too late in the term",
    "does not meet the underlying need", "staff absence interrupted it",
)  # fmt: skip
TARGETS = ("no more than 3 sessions missed in 6 weeks", "attend every Monday and Friday", "in by the first bell daily")


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


@dataclass(frozen=True)
class Participation:
    """Who took part in what.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row per pupil and start: ``scheme`` (position in `SCHEMES`), ``enrolment`` (-1 for the whole school),
        ``start_date`` and ``end_date`` (missing where none is set).
    """

    rows: pd.DataFrame

    def days_running(self, timetable: Timetable) -> np.ndarray:
        """Say for each row and open day whether the intervention was running; rows by days."""
        start = self.rows["start_date"].to_numpy(dtype="datetime64[D]")[:, None]
        end = self.rows["end_date"].fillna(pd.Timestamp("2099-12-31")).to_numpy(dtype="datetime64[D]")[:, None]
        return (timetable.days >= start) & (timetable.days <= end)


def choose_pupils(timetable: Timetable, roll: Roll, away: np.ndarray, rng: np.random.Generator) -> Participation:
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
        One row per pupil and start.
    """
    taken: dict[str, set[int]] = {}
    rows = []
    for place, scheme in enumerate(SCHEMES):
        for start, pupils in scheme.starts:
            already = taken.setdefault(scheme.name, set())
            chosen = _dipping(timetable.day(start), scheme.tier, roll, away, rng) if pupils else [-1]
            new = [enrolment for enrolment in chosen if enrolment not in already][: max(pupils, 1)]
            already.update(new)
            rows += [(place, enrolment, date.fromisoformat(start), _end(scheme, start)) for enrolment in new]
    columns = ["scheme", "enrolment", "start_date", "end_date"]
    dated = {"start_date": "datetime64[s]", "end_date": "datetime64[s]"}
    return Participation(pd.DataFrame(rows, columns=columns).astype(dated))


def _dipping(day: int, tier: int, roll: Roll, away: np.ndarray, rng: np.random.Generator) -> list[int]:
    """Enrolments in the order staff would take them: most days away lately first, with noise, some passed over."""
    recent = away[:, max(day - LOOK_BACK_DAYS, 0) : day].mean(axis=1)
    low, high = TIER_ABSENCE[tier]
    seen = recent + JUDGEMENT_NOISE * rng.standard_normal(len(recent))
    here = roll.is_on_roll[:, max(day - LOOK_BACK_DAYS, 0)] & roll.is_on_roll[:, day]
    fits = here & (seen > low) & (seen < high) & (rng.random(len(recent)) > PASSED_OVER)
    # Not the worst first: the line is low and the choice among those below it is partly a lottery.
    order = np.argsort(-seen - 0.1 * rng.random(len(recent)), kind="stable")
    return [int(enrolment) for enrolment in order if fits[enrolment]]


def _end(scheme: Scheme, start: str) -> date | None:
    """The Friday on which a scheme ends, if one is set."""
    monday = date.fromisoformat(start) - timedelta(date.fromisoformat(start).weekday())
    return monday + timedelta(7 * scheme.weeks - 3) if scheme.weeks else None


def apply_effects(timetable: Timetable, risks: Risks, taking_part: Participation) -> tuple[np.ndarray, np.ndarray]:
    """Lower (or raise) the risks of those who take part, by the true effects, while the interventions run.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    risks : Risks
        Daily risks without any intervention.
    taking_part : Participation
        Who takes part.

    Returns
    -------
    tuple of numpy.ndarray
        Risks of illness and of unauthorised absence; enrolments by days.
    """
    change = np.zeros(risks.ill.shape)
    running = taking_part.days_running(timetable)
    for row, (scheme, enrolment) in enumerate(taking_part.rows[["scheme", "enrolment"]].to_numpy()):
        who = slice(None) if enrolment < 0 else enrolment
        change[who] += running[row] * SCHEMES[scheme].effect_points / 100
    whole = risks.ill + risks.other
    factor = np.clip(whole - change, np.minimum(LOWEST_RISK, whole), HIGHEST_RISK) / np.maximum(whole, LOWEST_RISK / 5)
    return risks.ill * factor, risks.other * factor


def lateness_left(timetable: Timetable) -> np.ndarray:
    """Give the factor that whole-school schemes leave of lateness on each open day."""
    factor = np.ones(len(timetable.days))
    for scheme in SCHEMES:
        if scheme.lateness_factor < 1:
            factor[timetable.day(scheme.starts[0][0]) :] *= scheme.lateness_factor
    return factor


def intervention_log(
    timetable: Timetable, roll: Roll, taking_part: Participation, away: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Write the log that staff keep of interventions.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    taking_part : Participation
        Who took part.
    away : numpy.ndarray
        Whether each enrolment was away on each day, as it turned out.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per pupil and intervention, in order of start date, with the columns of the ``interventions`` table.
    """
    rows = taking_part.rows
    schemes = [SCHEMES[place] for place in rows["scheme"]]
    ids = np.append(roll.table["pupil_id"].to_numpy(), "")[rows["enrolment"].to_numpy()]
    outcomes = _outcomes(timetable, taking_part, away)
    reviews = rows["start_date"] + pd.to_timedelta(rng.choice([14, 28, 42], len(rows)), "D")
    log = pd.DataFrame({
        "pupil_id": ids, "intervention": [s.name for s in schemes], "tier": [s.tier for s in schemes],
        "start_date": rows["start_date"], "end_date": rows["end_date"], "lead": [s.lead for s in schemes],
        "agency": [s.agency for s in schemes], "barrier": [s.barrier for s in schemes],
        "target": rng.choice(TARGETS, len(rows)), "cost": [s.cost for s in schemes],
        "review_date": _on_school_days(timetable, reviews), "outcome": outcomes,
        "reason_not_working": np.where(outcomes == "not met", rng.choice(NOT_WORKING, len(rows)), ""),
        "next_step": np.select([outcomes == "met", outcomes == "not met", outcomes == "partly met"],
                               ["close", "escalate", "continue"], ""),
    })  # fmt: skip
    return log.sort_values(["start_date", "intervention", "pupil_id"], ignore_index=True)


def _outcomes(timetable: Timetable, taking_part: Participation, away: np.ndarray) -> np.ndarray:
    """What staff wrote down when an intervention ended: absence during it against absence before it."""
    running = taking_part.days_running(timetable)
    outcomes = np.full(len(running), "", dtype=object)
    for row, (enrolment, ended) in enumerate(_ended(taking_part.rows, timetable)):
        if ended and enrolment >= 0:
            start = int(running[row].argmax())
            before = away[enrolment, max(start - LOOK_BACK_DAYS, 0) : start].mean()
            gain = before - away[enrolment, running[row]].mean()
            outcomes[row] = "met" if gain > MET else "partly met" if gain > PARTLY else "not met"
    return outcomes


def _ended(rows: pd.DataFrame, timetable: Timetable) -> list[tuple[int, bool]]:
    """Each enrolment with whether its intervention ended before the last week of the register."""
    ended = rows["end_date"] < pd.Timestamp(timetable.mondays[-1])
    return list(zip(rows["enrolment"], ended, strict=True))


def _on_school_days(timetable: Timetable, dates: pd.Series) -> pd.Series:
    """Move dates that fall in a holiday to the next open day; dates after the register stay."""
    places = np.searchsorted(timetable.days, dates.to_numpy(dtype="datetime64[D]"))
    moved = timetable.days[np.minimum(places, len(timetable.days) - 1)]
    return pd.Series(np.where(places < len(timetable.days), moved, dates.to_numpy(dtype="datetime64[D]")), dates.index)


def true_effects(timetable: Timetable, roll: Roll, taking_part: Participation, without_and_with: tuple) -> list[dict]:
    """State what each scheme truly did.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    taking_part : Participation
        Who took part.
    without_and_with : tuple of numpy.ndarray
        Days away of the same pupils had nothing been done, and as it turned out.

    Returns
    -------
    list of dict
        One entry per scheme and start: planted effect in points, and what it came to among those who took part,
        counted in days on the same draws of chance (with every other intervention as it was).
    """
    running = taking_part.days_running(timetable)
    entries = []
    for (place, start), rows in taking_part.rows.groupby(["scheme", "start_date"]):
        who = rows["enrolment"].to_numpy()
        mask = roll.is_on_roll & running[rows.index[0]] if who[0] < 0 else _mask(roll, who, running[rows.index])
        without, with_it = ((grid > 0)[mask].mean() for grid in without_and_with)
        entries.append({
            "intervention": SCHEMES[place].name, "tier": SCHEMES[place].tier, "start_date": str(start.date()),
            "effect_points": SCHEMES[place].effect_points, "realised_points": round(100 * (without - with_it), 2),
            "lateness_factor": SCHEMES[place].lateness_factor,
            "pupil_ids": [] if who[0] < 0 else sorted(roll.table["pupil_id"].iloc[who]),
        })  # fmt: skip
    return entries


def _mask(roll: Roll, enrolments: np.ndarray, running: np.ndarray) -> np.ndarray:
    """Cells of those who took part while it ran."""
    mask = np.zeros(roll.is_on_roll.shape, dtype=bool)
    mask[enrolments] = running
    return mask & roll.is_on_roll
