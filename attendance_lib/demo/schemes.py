"""The interventions the demo school runs, with what each truly does."""

from dataclasses import dataclass

import numpy as np

from attendance_lib.demo.timetable import Timetable


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
