"""Risk sets: for each start week, the pupils who began and those they are compared with, over the same weeks."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.history import (
    ABSENCES,
    History,
    expected_after_starts,
    has_history,
    known_at,
    later_weeks,
    until_own_start,
)
from attendance_lib.analysis.impact.weeks import Starts, WeekCounts

WINDOW_WEEKS = 12
AFTER_SESSIONS = 30

LITTLE_BEFORE = "too few sessions before the start"
LITTLE_AFTER = "too few sessions after the start so far, or left"
NOBODY = "no comparison pupil in the start week"
OUTCOMES = ("attendance_rate", "illness_rate", "unauthorised_absence_rate", "possible_share")
ROW_ARRAYS = (
    "enrolment",
    "cluster",
    "week",
    "is_treated",
    "is_whole",
    "features",
    "outcomes",
    "recent_rate",
    "dip",
    "possible_sessions",
)


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Treated and comparison pupils of every start week, one under the other: one row per pupil and start week.

    Attributes
    ----------
    enrolment, cluster, week : numpy.ndarray
        Row in the register, number of the pupil, and position of the start week: shape (rows,).
    is_treated : numpy.ndarray
        Whether the row's pupil began in that week; the others had not begun before and do not begin in it.
    is_whole : numpy.ndarray
        Whether the row's outcomes are its own throughout. They are not of those who begin later within the window:
        theirs from their own start on are what was expected of them then (``later_starts``), and they help to learn
        what to expect but are no placebo and count as no comparison pupil.
    features : numpy.ndarray
        What was known at the start (``history.FEATURES``): shape (rows, features).
    outcomes : numpy.ndarray
        OUTCOMES over the window, as fractions of possible sessions (the last one of open sessions): shape (rows, 4).
    recent_rate, dip : numpy.ndarray
        Absence of the last six weeks, and how far it stands above the year to date (fractions).
    possible_sessions : numpy.ndarray
        In the window.
    window_weeks : int
        The longest window asked for.
    left_out : dict of str to int
        Pupils who began but cannot be evaluated, by reason.

    Examples
    --------
    >>> row = dict.fromkeys(ROW_ARRAYS, np.array([5, 6, 6]))  # rows of pupils 5, 6 and 6
    >>> row |= {"is_treated": np.array([True, False, False]), "is_whole": np.array([True, True, False])}
    >>> sets = RiskSets(**row, window_weeks=6, left_out={})
    >>> sets.where(sets.may_stand_in).cluster.tolist(), sets.comparison_pupils
    ([6], 1)
    >>> sets.treating(np.array([False, True, True])).pupils
    2
    """

    enrolment: np.ndarray
    cluster: np.ndarray
    week: np.ndarray
    is_treated: np.ndarray
    is_whole: np.ndarray
    features: np.ndarray
    outcomes: np.ndarray
    recent_rate: np.ndarray
    dip: np.ndarray
    possible_sessions: np.ndarray
    window_weeks: int
    left_out: dict[str, int]

    def where(self, keep: np.ndarray) -> "RiskSets":
        """Return the rows kept (boolean, one per row)."""
        return replace(self, **{name: getattr(self, name)[keep] for name in ROW_ARRAYS})

    def treating(self, is_treated: np.ndarray) -> "RiskSets":
        """Return the same rows with others taken as treated (boolean, one per row)."""
        return replace(self, is_treated=is_treated)

    @cached_property
    def weeks(self) -> np.ndarray:
        """The start weeks of all rows, each once, ascending (positions in the weeks of the register)."""
        return np.unique(self.week)

    @property
    def pupils(self) -> int:
        """How many pupils began."""
        return int(self.is_treated.sum())

    @property
    def comparison_pupils(self) -> int:
        """How many different pupils they are compared with who do not begin within the window."""
        return len(np.unique(self.cluster[self.may_stand_in]))

    @property
    def may_stand_in(self) -> np.ndarray:
        """Which rows are comparison pupils with nothing but attendance of their own (boolean, one per row)."""
        return ~self.is_treated & self.is_whole


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked: an intervention of a log, in a register, over so many school weeks."""

    counts: WeekCounts
    starts: Starts
    intervention: str
    window_weeks: int = WINDOW_WEEKS

    @cached_property
    def first_weeks(self) -> np.ndarray:
        """The week in which each enrolment's pupil first began; NEVER where not (shape (enrolments,))."""
        return self.starts.first_weeks(self.intervention, self.counts.pupils["pupil_id"])

    @cached_property
    def others(self) -> pd.DataFrame:
        """Starts of other interventions, one row for each enrolment of the pupil: ``enrolment`` and ``week``."""
        return self.starts.other_weeks(self.intervention, self.counts.pupils["pupil_id"])

    @cached_property
    def placed(self) -> pd.DataFrame:
        """The rows of the log that can be placed.

        Examples
        --------
        >>> rows = pd.DataFrame({"intervention": "Mentor", "week": [9, -1], "left_out": ["", "no start date recorded"]})
        >>> Question(None, Starts(rows), "Mentor").placed["week"].tolist()
        [9]
        """
        rows = self.starts.of(self.intervention)
        return rows[rows["left_out"] == ""]

    @cached_property
    def after_own_start(self) -> dict[int, np.ndarray]:
        """What those who begin within a window of weeks were heading for, by its end (``later_starts.expected_after_starts``).

        By the position of that end: the expected ABSENCES, in sessions, shape (enrolments, 3).
        """
        return expected_after_starts(self.counts, self.first_weeks, self.stops, self.histories)

    @cached_property
    def stops(self) -> dict[int, int]:
        """The position after the window's last week, for each week in which pupils who can be placed began.

        Examples
        --------
        >>> counts = WeekCounts(None, pd.DataFrame({"school_year": ["202627"] * 30}), {})
        >>> rows = pd.DataFrame({"intervention": "Mentor", "week": [25, 9, 9], "left_out": ""})
        >>> Question(counts, Starts(rows), "Mentor", window_weeks=12).stops  # the later window ends with the year
        {9: 21, 25: 30}
        """
        return {int(week): self.stop(int(week)) for week in np.unique(self.placed["week"])}

    @cached_property
    def histories(self) -> dict[int, History]:
        """What was known at each week in which somebody began."""
        weeks = {*self.stops, *later_weeks(self.first_weeks, self.stops)}
        return {week: known_at(self.counts, week, self.others) for week in sorted(weeks)}

    def stop(self, week: int) -> int:
        """Return the position after the window's last week: the window ends with the school year.

        Examples
        --------
        >>> weeks = pd.DataFrame({"school_year": ["202526"] * 3 + ["202627"] * 20})
        >>> question = Question(WeekCounts(pd.DataFrame(), weeks, {}), Starts(pd.DataFrame()), "Mentor", window_weeks=12)
        >>> question.stop(1), question.stop(3)
        (3, 15)
        """
        return min(week + self.window_weeks, self.counts.year_stop(week))


def build_risk_sets(question: Question) -> RiskSets:
    """Set the pupils who began beside those who did not, start week by start week.

    Parameters
    ----------
    question : Question
        The intervention, the register and the window.

    Returns
    -------
    RiskSets
        Rows in an order that depends on nobody's name: by start week, then by what is known and what came.
    """
    rows = question.placed
    lost = dict(rows_out(question.starts.of(question.intervention)))
    parts = []
    for week in np.unique(rows["week"].to_numpy()):
        began = rows.loc[rows["week"] == week, "enrolment"].to_numpy()
        part, missing = of_week(question, int(week), began)
        parts.append(part)
        for reason, pupils in missing.items():
            lost[reason] = lost.get(reason, 0) + pupils
    joined = {
        name: np.concatenate([part[name] for part in parts]) if parts else np.zeros((0, 1))
        for name in ROW_ARRAYS
    }
    lost = {reason: pupils for reason, pupils in lost.items() if pupils}
    sets = RiskSets(**joined, window_weeks=question.window_weeks, left_out=lost)
    return in_stable_order(sets) if parts else sets.where(np.zeros(0, dtype=bool))


def rows_out(rows: pd.DataFrame) -> pd.Series:
    """Return how many rows of the log could not be placed, by reason.

    Examples
    --------
    >>> rows_out(pd.DataFrame({"left_out": ["", "no start date", "no start date"]})).to_dict()
    {'no start date': 2}
    """
    return rows.loc[rows["left_out"] != "", "left_out"].value_counts(sort=False)


def of_week(question: Question, week: int, began: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Return the rows of one start week, and how many who began cannot be evaluated, by reason."""
    counts, stop = question.counts, question.stop(week)
    is_before = has_history(counts, week)
    is_after = counts.total("possible", week, stop) >= AFTER_SESSIONS
    first = question.first_weeks
    may_compare = (
        is_before & is_after & (first > week) & np.isfinite(question.after_own_start[stop]).all(axis=1)
    )
    treated = began[is_before[began] & is_after[began]]
    missing = {
        LITTLE_BEFORE: int((~is_before[began]).sum()),
        LITTLE_AFTER: int((is_before[began] & ~is_after[began]).sum()),
    }
    compared = np.flatnonzero(may_compare)
    if not (may_compare & (first >= stop)).any():
        missing[NOBODY], treated = len(treated), treated[:0]
    chosen = np.concatenate([treated, compared if len(treated) else compared[:0]])
    return measured(question, (week, stop), (chosen, len(treated))), missing


def measured(
    question: Question, span: tuple[int, int], chosen: tuple[np.ndarray, int]
) -> dict[str, np.ndarray]:
    """Return ROW_ARRAYS of one start week (one row per enrolment): those who began first, then those they are compared with."""
    counts, (week, stop), (rows, treated) = question.counts, span, chosen
    history = question.histories[week]
    possible = counts.total("possible", week, stop)[rows]
    is_treated = np.arange(len(rows)) < treated
    own, untreated = outcomes_over(counts, span)[rows], untreated_outcomes(question, span)[rows]
    return {
        "enrolment": rows,
        "cluster": counts.clusters[rows],
        "week": np.full(len(rows), week),
        "is_treated": is_treated,
        "is_whole": is_treated | (question.first_weeks[rows] >= stop),
        "features": history.features[rows],
        "outcomes": np.where(is_treated[:, None], own, untreated),
        "recent_rate": history.recent_rate[rows],
        "dip": history.dip[rows],
        "possible_sessions": possible,
    }


def outcomes_over(counts: WeekCounts, span: tuple[int, int]) -> np.ndarray:
    """Return OUTCOMES of each enrolment over a span of weeks (fractions, shape (enrolments, 4)); NaN where not possible.

    Examples
    --------
    >>> sessions = {"absence": (2, 0), "illness": (1, 0), "unauthorised": (0, 0), "possible": (10, 0), "not_possible": (0, 0)}
    >>> running = {name: np.array([[0, one], [0, other]]) for name, (one, other) in sessions.items()}
    >>> outcomes_over(WeekCounts(None, None, running), (0, 1)).tolist()
    [[0.8, 0.1, 0.0, 1.0], [nan, nan, nan, nan]]
    """
    return as_rates(counts, span, np.column_stack([counts.total(name, *span) for name in ABSENCES]))


def untreated_outcomes(question: Question, span: tuple[int, int]) -> np.ndarray:
    """Return OUTCOMES over a span with the attendance expected from an enrolment's own start on, if it begins within.

    Fractions of the sessions of the weeks ``span``, shape (enrolments, outcomes).
    """
    own = until_own_start(question.counts, span, question.first_weeks)
    return as_rates(question.counts, span, own + question.after_own_start[span[1]])


def as_rates(counts: WeekCounts, span: tuple[int, int], absences: np.ndarray) -> np.ndarray:
    """Return OUTCOMES from sessions of ABSENCES over a span of weeks (fractions, shape (enrolments, 4)).

    Examples
    --------
    >>> counts = WeekCounts(None, None, dict.fromkeys(("possible", "not_possible"), np.array([[0, 10]])))
    >>> as_rates(counts, (0, 1), np.array([[2.0, 1.0, 0.0]])).tolist()  # 2 of 10 missed, and 10 of 20 were possible
    [[0.8, 0.1, 0.0, 0.5]]
    """
    possible = counts.total("possible", *span)
    there = possible + counts.total("not_possible", *span)
    away, ill, unauthorised = absences.T / np.where(possible > 0, possible, np.nan)
    return np.column_stack([1 - away, ill, unauthorised, possible / np.where(there > 0, there, np.nan)])


def in_stable_order(sets: RiskSets) -> RiskSets:
    """Sort the rows by start week, group, outcomes and features, so that no label and no order of input matters.

    One sum with weights that no two histories share by design stands for the sixteen columns: sorting by all of them
    took a quarter of the time of an estimate.
    """
    columns = (*sets.features.T, *sets.outcomes.T, sets.possible_sessions)
    mark = np.zeros(len(sets.week))
    for place, column in enumerate(columns):
        mark += np.nan_to_num(column) * np.sqrt(2 + place)
    return sets.where(np.lexsort([mark, ~sets.is_treated, sets.week]))
