"""One school's interventions, evaluated once, for every table that is drawn from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from attendance_lib.analysis.impact.courses import courses_of
from attendance_lib.analysis.impact.evaluate import Evaluation, evaluate_all
from attendance_lib.analysis.impact.fair_trial import with_fair_trial
from attendance_lib.analysis.impact.risk_sets import WINDOW_WEEKS
from attendance_lib.analysis.impact.starts import Starts, place_starts
from attendance_lib.analysis.impact.triggers import with_lead_time
from attendance_lib.analysis.impact.week_counts import WeekCounts, count_weeks
from attendance_lib.register import Register


@dataclass(frozen=True, eq=False)
class Study:
    """A register, its log of interventions and what was estimated of each.

    ``log`` is INTERVENTIONS and ``starts`` the same rows placed in the weeks of ``counts``; ``evaluations`` has one
    entry per intervention that names pupils.
    """

    register: Register
    counts: WeekCounts
    starts: Starts
    log: pd.DataFrame
    evaluations: Sequence[Evaluation]

    @cached_property
    def courses(self) -> pd.DataFrame:
        """Every pupil's course of every intervention (one row each), with its fair trial, lead time (school days) and term."""
        plain = courses_of(self.log, self.starts, self.counts, self.evaluations)
        return with_lead_time(with_fair_trial(plain), self.register).assign(term=self._terms(plain["week"]))

    def _terms(self, weeks: pd.Series) -> list[str]:
        """The term of each week (a position in ``counts.weeks``); empty where there is none."""
        terms = self.register.sessions.groupby("school_week", sort=True)["term"].first().tolist()
        return [terms[week] if week >= 0 else "" for week in weeks]


def study_of(register: Register, log: pd.DataFrame, window_weeks: int = WINDOW_WEEKS) -> Study:
    """Evaluate a log of interventions (one row per course).

    Parameters
    ----------
    register : Register
        Every session up to the day that is judged.
    log : pandas.DataFrame
        INTERVENTIONS.
    window_weeks : int
        School weeks after the start.
    """
    counts = count_weeks(register)
    starts = place_starts(log, counts)
    return Study(register, counts, starts, log, evaluate_all(counts, starts, window_weeks))
