"""One pupil's course of one intervention: a row of the log with the sessions of its window, actual and expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.evaluate import Evaluation, evaluate_all, pupil_ranges
from attendance_lib.analysis.impact.history import has_history
from attendance_lib.analysis.impact.risk_sets import (
    AFTER_SESSIONS,
    LITTLE_AFTER,
    LITTLE_BEFORE,
    NOBODY,
    WINDOW_WEEKS,
)
from attendance_lib.analysis.impact.verdicts import FEWEST_PUPILS, Judgement, Verdict
from attendance_lib.analysis.impact.weeks import WHOLE_SCHOOL, Starts, WeekCounts, count_weeks, place_starts
from attendance_lib.analysis.intervention_log import LONG_WEEKS
from attendance_lib.register.grid import Register
from attendance_lib.rules.codes import ABSENT, ATTENDED
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SHORT_ENROLMENT_SESSIONS

LOG_COLUMNS = [
    "pupil_id",
    "intervention",
    "tier",
    "start_date",
    "end_date",
    "lead",
    "barrier",
    "outcome",
    "reason_not_working",
    "next_step",
]
BELOW, WITHIN, ABOVE = "below", "within", "above"
NOT_RECORDED = "Not recorded"
NOT_ASKED = "not asked about"


def courses_of(
    log: pd.DataFrame, starts: Starts, counts: WeekCounts, evaluations: Sequence[Evaluation]
) -> pd.DataFrame:
    """Set what the log says of each pupil's course of an intervention beside what the register says.

    Parameters
    ----------
    log : pandas.DataFrame
        INTERVENTIONS.
    starts : Starts
        The same rows, placed.
    counts : WeekCounts
        The register by weeks.
    evaluations : sequence of Evaluation
        Of the interventions.

    Returns
    -------
    pandas.DataFrame
        One row per row of the log that names a pupil, by intervention and start: the log's columns; ``enrolment``
        and ``week`` (-1 where not known); ``left_out`` (why there is no estimate; empty where there is);
        ``school_year``; ``term`` of the first week (such as 202627-autumn); ``is_fsm`` and ``has_sen``; ``weeks_since`` (school
        weeks of the window that have passed) and ``weeks_run`` (of these, those in which it ran);
        ``possible_sessions``, ``attended_sessions`` and ``absence_sessions`` of the window;
        ``expected_sessions``, ``low_sessions`` and ``high_sessions`` (between them about 80 % of like pupils
        land) and ``landed`` (below, within, above; empty without an estimate).
    """
    told = log.reindex(columns=LOG_COLUMNS).reset_index(drop=True)
    placed = starts.table.loc[
        starts.table["left_out"] != WHOLE_SCHOOL, ["row", "enrolment", "week", "left_out"]
    ]
    rows = placed.merge(told, left_on="row", right_index=True, validate="1:1").reset_index(drop=True)
    length = evaluations[0].question.window_weeks if evaluations else WINDOW_WEEKS
    rows = rows.pipe(with_pupil_facts, counts).pipe(with_window, counts, length)
    names = {each.impact.intervention for each in evaluations}
    asked = (rows["left_out"] != "") | rows["intervention"].isin(names)
    rows = rows.assign(left_out=rows["left_out"].astype(object).where(asked, NOT_ASKED))
    return rows.pipe(with_expectation, evaluations).pipe(with_reasons, counts)


def with_pupil_facts(rows: pd.DataFrame, counts: WeekCounts) -> pd.DataFrame:
    """Add to each course (row) ``school_year`` of its first week, ``is_fsm`` and ``has_sen``; missing and False where not known.

    Examples
    --------
    >>> pupils = pd.DataFrame({"fsm": [True], "sen_status": ["K"]})
    >>> counts = WeekCounts(pupils, pd.DataFrame({"school_year": ["202627"]}), {})
    >>> rows = with_pupil_facts(pd.DataFrame({"enrolment": [0, -1], "week": [0, -1]}), counts)  # the second has no place
    >>> rows[["school_year", "is_fsm", "has_sen"]].values.tolist()
    [['202627', True, True], [nan, False, False]]
    """
    is_known = (rows["enrolment"] >= 0).to_numpy()
    who, week = (
        rows["enrolment"].clip(lower=0).to_numpy(dtype=int),
        rows["week"].clip(lower=0).to_numpy(dtype=int),
    )
    year = counts.weeks["school_year"].to_numpy()[week] if len(counts.weeks) else ""
    return rows.assign(
        school_year=pd.Series(year, rows.index, dtype=object).where(rows["week"] >= 0),
        is_fsm=is_known & (counts.is_fsm[who] > 0),
        has_sen=is_known & (counts.has_sen[who] > 0),
    )


def with_window(rows: pd.DataFrame, counts: WeekCounts, length: int) -> pd.DataFrame:
    """Add the weeks and the sessions of each course's window; 0 where the course is not placed.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``weeks_since`` (school weeks of the window that have passed), ``weeks_run`` (of those, the weeks in
        which it ran) and ``possible_sessions``, ``absence_sessions`` and ``attended_sessions`` of the window.

    Examples
    --------
    >>> weeks = pd.DataFrame({"school_year": "202526", "first_date": pd.to_datetime(["2026-06-29", "2026-07-06", "2026-07-13"])})
    >>> counts = WeekCounts(None, weeks, {"possible": np.array([[0, 10, 20, 30]]), "absence": np.array([[0, 1, 1, 4]])})
    >>> rows = pd.DataFrame({"enrolment": [0, 0], "week": [1, -1], "end_date": pd.to_datetime(["2026-07-10", None])})
    >>> with_window(rows, counts, 12)[["weeks_since", "weeks_run", "absence_sessions"]].values.tolist()  # to the year's end
    [[2, 1, 3], [0, 0, 0]]
    """
    week = rows["week"].to_numpy(dtype=int)
    years_end = np.array([counts.year_stop(each) if each >= 0 else -1 for each in week], dtype=int)
    stop = np.minimum(week + length, years_end)
    is_placed = (rows["enrolment"] >= 0).to_numpy() & (week >= 0)
    firsts = counts.weeks["first_date"].to_numpy()
    ran_until = np.searchsorted(firsts, rows["end_date"].fillna(FAR_AHEAD).to_numpy(), side="right")
    who = rows["enrolment"].clip(lower=0).to_numpy(dtype=int)
    since, upto = np.where(is_placed, week, 0), np.where(is_placed, stop, 0)
    possible, absent = (
        counts.running[name][who, upto] - counts.running[name][who, since] for name in ("possible", "absence")
    )
    return rows.assign(
        weeks_since=upto - since,
        weeks_run=np.clip(np.minimum(ran_until, upto) - since, 0, None),
        possible_sessions=possible,
        absence_sessions=absent,
        attended_sessions=possible - absent,
    )


FAR_AHEAD = pd.Timestamp("2199-12-31")


def with_expectation(rows: pd.DataFrame, evaluations: Sequence[Evaluation]) -> pd.DataFrame:
    """Add the sessions expected of each pupil, the range of like pupils and where the pupil landed.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``expected_sessions``, ``low_sessions`` and ``high_sessions`` (missing where there is no estimate)
        and ``landed`` (BELOW, WITHIN, ABOVE, or empty).
    """
    ranges = [pupil_ranges(each).assign(intervention=each.impact.intervention) for each in evaluations]
    columns = ["intervention", "enrolment", "expected_rate", "low", "high", "is_below", "is_above"]
    known = pd.concat([table[columns] for table in ranges if len(table)] or [NO_RANGES])
    first = rows["left_out"] == ""
    merged = rows.merge(known.assign(left_out=""), on=["intervention", "enrolment", "left_out"], how="left")
    landed = np.select(
        [merged["expected_rate"].isna(), merged["is_below"] == True, merged["is_above"] == True],  # noqa: E712
        ["", BELOW, ABOVE],
        default=WITHIN,
    )
    sessions = {
        f"{name}_sessions": merged[column] * merged["possible_sessions"]
        for name, column in (("expected", "expected_rate"), ("low", "low"), ("high", "high"))
    }
    kept = merged.drop(columns=["expected_rate", "low", "high", "is_below", "is_above"])
    return kept.assign(**sessions, landed=np.where(first, landed, ""))


NO_RANGES = pd.DataFrame(
    {
        "intervention": pd.Series(dtype=object),
        "enrolment": pd.Series(dtype=int),
        **{name: pd.Series(dtype=float) for name in ("expected_rate", "low", "high")},
        **{name: pd.Series(dtype=bool) for name in ("is_below", "is_above")},
    }
)


def with_reasons(rows: pd.DataFrame, counts: WeekCounts) -> pd.DataFrame:
    """Say of the courses (rows) that are placed but have no estimate why: too few sessions before or after, or nobody alike."""
    bare = (rows["left_out"] == "") & (rows["landed"] == "")
    weeks, whose = rows.loc[bare, "week"], rows.loc[bare, "enrolment"]
    little_before = [not has_history(counts, week)[who] for week, who in zip(weeks, whose, strict=True)]
    reasons = np.select(
        [np.array(little_before, dtype=bool), rows.loc[bare, "possible_sessions"] < AFTER_SESSIONS],
        [LITTLE_BEFORE, LITTLE_AFTER],
        default=NOBODY,
    )
    left_out = rows["left_out"].astype(object).copy()
    left_out[bare] = reasons
    return rows.assign(left_out=left_out)


# Whether a pupil's course of an intervention was long enough for anything to be said of it: a fair trial

# A plan runs for six school weeks before it is reviewed (local authorities' guidance under WTISA).
FAIR_WEEKS = LONG_WEEKS
FAIR_SESSIONS = AFTER_SESSIONS
# Of the school weeks that the intervention usually runs, a pupil had at least one in so many.
USUAL_SHARE = 2

TOO_EARLY = f"fewer than {FAIR_WEEKS} school weeks since the start"
FEW_SESSIONS = f"fewer than {FAIR_SESSIONS} possible sessions since the start"
SHORT_DOSE = "ran in fewer than half the school weeks it usually runs"
FAIR_TRIAL = (
    f"A fair trial: at least {FAIR_WEEKS} school weeks since the start, at least {FAIR_SESSIONS} possible sessions in its "
    "window, and run in at least half as many school weeks as that intervention usually runs (its median)."
)

UNFAIR = "no clear effect, but too few had a fair trial"
FAIR_NO_EFFECT = "no clear effect after a fair trial"


def with_fair_trial(courses: pd.DataFrame) -> pd.DataFrame:
    """Say of each course whether it was a fair trial, and if not why.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``courses.courses_of``.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``usual_weeks`` (median of ``weeks_run`` of the intervention's courses that began six
        school weeks ago or more; missing where there is none), ``not_fair`` (why it was not a fair trial: the
        reason it has no estimate, or the first of TOO_EARLY, FEW_SESSIONS and SHORT_DOSE) and ``is_fair_trial``.

    Examples
    --------
    >>> known = {"intervention": "Mentor", "left_out": "", "possible_sessions": 100}
    >>> rows = [{"weeks_since": 12, "weeks_run": run} | known for run in (9, 8, 3)]
    >>> with_fair_trial(pd.DataFrame(rows))[["usual_weeks", "is_fair_trial"]].to_numpy().tolist()
    [[8.0, True], [8.0, True], [8.0, False]]
    """
    is_long = courses["weeks_since"] >= FAIR_WEEKS
    weeks = courses["weeks_run"].where(is_long & (courses["left_out"] == ""))
    usual = weeks.groupby(courses["intervention"]).transform("median")
    is_short = courses["weeks_run"] * USUAL_SHARE < usual
    reasons = np.select(
        [
            courses["left_out"] != "",
            ~is_long,
            courses["possible_sessions"] < FAIR_SESSIONS,
            is_short,
        ],
        [courses["left_out"], TOO_EARLY, FEW_SESSIONS, SHORT_DOSE],
        default="",
    )
    return courses.assign(usual_weeks=usual, not_fair=reasons, is_fair_trial=reasons == "")


def count_fair_trials(courses: pd.DataFrame) -> pd.Series:
    """Return how many pupils had a fair trial of each intervention (a count, indexed by name, ascending).

    Examples
    --------
    >>> count_fair_trials(pd.DataFrame({"intervention": ["B", "A", "A"], "is_fair_trial": [False, True, True]})).to_dict()
    {'A': 2, 'B': 0}
    """
    return courses.groupby("intervention")["is_fair_trial"].sum().astype(int)


def standing_of(judgement: Judgement, fair_trials: int) -> str:
    """Say of an intervention what may be said of it after so many fair trials.

    Examples
    --------
    >>> standing_of(Judgement(Verdict.NO_CLEAR_EFFECT), 7), standing_of(Judgement(Verdict.NO_CLEAR_EFFECT), 8)
    ('no clear effect, but too few had a fair trial', 'no clear effect after a fair trial')
    """
    if judgement.verdict is Verdict.TOO_FEW:
        return f"{judgement.verdict}: {judgement.reason}"
    if judgement.verdict is Verdict.NO_CLEAR_EFFECT:
        return FAIR_NO_EFFECT if fair_trials >= FEWEST_PUPILS else UNFAIR
    return str(judgement.verdict)


# How long a pupil waited: from the day that called for an intervention to the day it started, in school days

SOON_DAYS, LATE_DAYS = 10, 30
BEFORE = "before the line was crossed"
SOON = f"within {SOON_DAYS} school days"
LATER = f"{SOON_DAYS + 1} to {LATE_DAYS} school days after"
LATE = f"more than {LATE_DAYS} school days after"
LEAD_BANDS = (BEFORE, SOON, LATER, LATE)
TRIGGER = (
    "The trigger is the first school day of the school year at the end of which the pupil had missed 10% or more of at least "
    f"{SHORT_ENROLMENT_SESSIONS} possible sessions, year to date (persistent absence). Lead time is the school days from "
    "then to the start."
)


def first_triggers(register: Register) -> pd.DataFrame:
    """Find the first day of each school year on which each enrolment was persistently absent.

    Parameters
    ----------
    register : Register
        Of any number of school years.

    Returns
    -------
    pandas.DataFrame
        One row per enrolment and school year: ``enrolment`` (row in the register), ``school_year`` and
        ``trigger_date`` (missing where the line was never crossed). Decided on counts at the end of each day.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> sessions = pd.DataFrame({"date": pd.bdate_range("2026-09-07", periods=10).repeat(2), "school_year": "202627"})
    >>> cells = np.array([[cell_of(letter) for letter in "II" + "/" * 18]], dtype=np.uint8)
    >>> first_triggers(Register(cells, pd.DataFrame(), sessions))["trigger_date"].astype(str).tolist()  # at the 20th session
    ['2026-09-18']
    """
    years = register.sessions["school_year"].to_numpy()
    tables = [triggers_of_year(register, years == year, year) for year in np.unique(years)]
    return pd.concat(tables or [triggers_of_year(register, years == "", "")], ignore_index=True)


def triggers_of_year(register: Register, is_of_year: np.ndarray, school_year: str) -> pd.DataFrame:
    """Return ``first_triggers`` of one school year's sessions (boolean, one per session)."""
    how = register.categories[:, is_of_year]
    days = register.sessions["date"].to_numpy()[is_of_year]
    absent = np.cumsum(np.isin(how, ABSENT), axis=1)
    possible = absent + np.cumsum(np.isin(how, ATTENDED), axis=1)
    is_over = PERSISTENT_ABSENCE.is_met(absent, possible) & (possible >= SHORT_ENROLMENT_SESSIONS)
    is_days_end = np.append(days[1:] != days[:-1], True) if len(days) else np.zeros(0, dtype=bool)
    over, ends = is_over[:, is_days_end], days[is_days_end]
    first = over.argmax(axis=1) if len(ends) else np.zeros(len(how), dtype=int)
    dates = ends[first] if len(ends) else np.full(len(how), np.datetime64("NaT"), dtype="datetime64[s]")
    found = pd.Series(dates).where(over.any(axis=1))
    return pd.DataFrame(
        {
            "enrolment": np.arange(len(how)),
            "school_year": school_year,
            "trigger_date": found.astype("datetime64[s]"),
        }
    )


def with_lead_time(courses: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Add when each course was called for, and how many school days passed before it started.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``courses.courses_of``: ``enrolment``, ``school_year`` and ``start_date``.
    register : Register
        The same register.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``trigger_date`` (missing where the line was not crossed in that school year),
        ``lead_days`` (school days after the trigger up to the start; missing where the start came first) and
        ``lead_band`` (of LEAD_BANDS; empty where the course is not placed).
    """
    found = courses.merge(
        first_triggers(register), on=["enrolment", "school_year"], how="left", validate="m:1"
    )
    days = np.unique(register.sessions["date"].to_numpy())
    trigger, start = found["trigger_date"].to_numpy(), found["start_date"].to_numpy()
    passed = np.searchsorted(days, start, side="right") - np.searchsorted(days, trigger, side="right")
    was_called_for = found["trigger_date"].notna() & (found["trigger_date"] <= found["start_date"])
    lead = pd.Series(passed, found.index).where(was_called_for).astype("Int64")
    return found.assign(lead_days=lead, lead_band=lead_bands(lead, found["school_year"].notna()))


def lead_bands(lead_days: pd.Series, is_placed: pd.Series) -> np.ndarray:
    """Return the band of each lead time in school days (shape (rows,)).

    Examples
    --------
    >>> lead_bands(pd.Series([pd.NA, 0, 10, 11, 31], dtype="Int64"), pd.Series([True] * 5)).tolist() == [
    ...     BEFORE, SOON, SOON, LATER, LATE]
    True
    """
    days = lead_days.to_numpy(dtype=float, na_value=-1.0)
    return np.select(
        [~is_placed.to_numpy(dtype=bool), days < 0, days <= SOON_DAYS, days <= LATE_DAYS],
        ["", BEFORE, SOON, LATER],
        default=LATE,
    )


# One school's interventions, evaluated once, for every table that is drawn from them


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
