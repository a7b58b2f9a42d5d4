"""Which of a log's interventions a paper asks about: by days, tier, name and pupils. What is not asked about still counts.

A start outside what is asked keeps its pupil from being compared, and is known of a pupil as another intervention.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.risk_sets import WINDOW_WEEKS
from attendance_lib.analysis.impact.weeks import HAD_IT_BEFORE, NOT_YET_STARTED, Starts
from attendance_lib.analysis.intervention_log import Span, recorded_costs
from attendance_lib.analysis.logs import is_filled
from attendance_lib.errors import SettingsError, nearest, quoted

OUTSIDE_DAYS = "started outside the days asked for"
OTHER_PUPILS = "pupil outside the cohort asked for"
NOT_ASKED = (OUTSIDE_DAYS, OTHER_PUPILS)
TIERS = (1, 2, 3)


@dataclass(frozen=True)
class Criteria:
    """What is asked about; 0 and empty texts mean all.

    Attributes
    ----------
    tier : int
        1, 2 or 3.
    intervention : str
        The name (the type) of an intervention as the log has it, whatever its capitals.
    term : str
        A term as the calendar names it, such as "202627-autumn": interventions that started in it.
    window_weeks : int
        The most school weeks that pupils are followed for.
    """

    tier: int = 0
    intervention: str = ""
    term: str = ""
    window_weeks: int = WINDOW_WEEKS


def days_chosen(criteria: Criteria, span: Span) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day on which an intervention asked about may have started.

    Raises
    ------
    SettingsError
        If the calendar has no such term, or none of it lies in the span.

    Examples
    --------
    >>> from datetime import date
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 12, 18)),))
    >>> span = Span(SchoolCalendar((autumn,)), date(2026, 7, 1), date(2026, 11, 20))
    >>> [day.date().isoformat() for day in days_chosen(Criteria(term="202627-autumn"), span)]
    ['2026-09-07', '2026-11-20']
    """
    first, last = pd.Timestamp(span.date_from), pd.Timestamp(span.date_to)
    if not criteria.term:
        return first, last
    days = span.calendar.open_sessions.groupby("term", sort=False)["date"].agg(["min", "max"])
    if criteria.term not in days.index:
        raise SettingsError(
            f"There is no term {quoted(criteria.term)} in the calendar. {nearest(criteria.term, days.index)}"
        )
    first, last = max(first, days.loc[criteria.term, "min"]), min(last, days.loc[criteria.term, "max"])
    if first > last:
        raise SettingsError(
            f"Term {quoted(criteria.term)} has no day from {span.date_from} to {span.date_to}. Choose another term or other dates."
        )
    return first, last


def log_chosen(
    log: pd.DataFrame, criteria: Criteria, days: tuple[pd.Timestamp, pd.Timestamp]
) -> pd.DataFrame:
    """Return the rows of a log that are asked about, whoever the pupil.

    Parameters
    ----------
    log : pandas.DataFrame
        INTERVENTIONS.
    criteria : Criteria
        Tier and name.
    days : tuple of pandas.Timestamp
        The first and last day of a start (``days_chosen``).

    Raises
    ------
    SettingsError
        If the tier is none, or the log has no intervention of that name.

    Examples
    --------
    >>> log = pd.DataFrame({"start_date": pd.to_datetime(["2026-10-05"]), "intervention": ["Mentoring"], "tier": [2]})
    >>> days = pd.Timestamp("2026-09-03"), pd.Timestamp("2026-11-20")
    >>> len(log_chosen(log, Criteria(intervention="mentoring"), days)), len(log_chosen(log, Criteria(tier=1), days))
    (1, 0)
    >>> log_chosen(log, Criteria(intervention="Mentring"), days)
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: The log has no intervention 'Mentring'. Did you mean 'Mentoring'?
    """
    rows = log[log["start_date"].between(*days) | log["start_date"].isna()]
    if criteria.tier not in (0, *TIERS):
        raise SettingsError(f"Parameter 'tier': {criteria.tier} is no tier. Use 1, 2 or 3, or 0 for all.")
    if criteria.tier:
        rows = rows[pd.to_numeric(rows["tier"]) == criteria.tier]
    if not criteria.intervention:
        return rows.reset_index(drop=True)
    names = log["intervention"].astype(str)
    if criteria.intervention.casefold() not in set(names.str.casefold()):
        raise SettingsError(
            f"The log has no intervention {quoted(criteria.intervention)}. {nearest(criteria.intervention, sorted(names.unique()))}"
        )
    is_it = rows["intervention"].astype(str).str.casefold() == criteria.intervention.casefold()
    return rows[is_it].reset_index(drop=True)


def names_chosen(rows: pd.DataFrame, pupils: pd.Series, *, for_everyone: bool) -> list[str]:
    """Return the interventions that rows of the log name, in alphabetical order.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``log_chosen``.
    pupils : pandas.Series
        Identifiers of the pupils asked about.
    for_everyone : bool
        Those for the whole school (no pupil named), or those for named pupils of whom one is asked about.

    Examples
    --------
    >>> rows = pd.DataFrame({"pupil_id": ["3401", "3402", None], "intervention": ["Mentoring", "Mentoring", "Breakfast club"]})
    >>> one = pd.Series(["3401"])
    >>> names_chosen(rows, one, for_everyone=False), names_chosen(rows, one, for_everyone=True)
    (['Mentoring'], ['Breakfast club'])
    """
    is_named = is_filled(rows["pupil_id"])
    is_it = ~is_named if for_everyone else is_named & ~only_others(rows["pupil_id"], pupils)
    return sorted(rows.loc[is_it, "intervention"].unique())


def only_others(pupil_ids: pd.Series, pupils: pd.Series) -> np.ndarray:
    """Return which rows name a pupil who is not asked about (boolean, one per row).

    Examples
    --------
    >>> only_others(pd.Series(["1", "2"]), pd.Series(["1"])).tolist()
    [False, True]
    """
    return ~pupil_ids.isin(pupils).to_numpy(dtype=bool)


def narrowed(starts: Starts, days: tuple[pd.Timestamp, pd.Timestamp], members: np.ndarray) -> Starts:
    """Return a log's starts (as many rows) with those not asked about left out, each with that as its reason.

    Parameters
    ----------
    starts : Starts
        Of the whole log.
    days : tuple of pandas.Timestamp
        The first and last day of a start (``days_chosen``).
    members : numpy.ndarray
        Whether each enrolment of the register is asked about (boolean).

    Examples
    --------
    >>> begun = pd.to_datetime(["2026-07-06", "2026-10-05", "2026-10-05"])
    >>> starts = Starts(pd.DataFrame({"start_date": begun, "enrolment": [0, 1, 0], "left_out": ""}))
    >>> days = pd.Timestamp("2026-09-03"), pd.Timestamp("2026-11-20")
    >>> narrowed(starts, days, np.array([True, False])).table["left_out"].tolist()
    ['started outside the days asked for', 'pupil outside the cohort asked for', '']
    """
    table = starts.table
    begun = table["start_date"]
    enrolment = table["enrolment"].to_numpy()
    is_outside = (begun.notna() & ~begun.between(*days)).to_numpy()
    is_other = (enrolment >= 0) & ~members[np.maximum(enrolment, 0)] if len(members) else enrolment >= 0
    may_change = table["left_out"].isin(("", NOT_YET_STARTED)).to_numpy()
    reasons = np.select([is_outside & may_change, is_other & may_change], NOT_ASKED, table["left_out"])
    return Starts(table.assign(left_out=reasons))


# Impact cards beside the log: whether each was written before the pupils began, and whether its review is past

BEFORE, AFTER, NO_DAY, NOT_YET = (
    "written before the start",
    "written after the start",
    "no day written: counted as after the start",
    "written, not started yet",
)
STANDINGS = (BEFORE, AFTER, NO_DAY, NOT_YET)


def judge_cards(cards: pd.DataFrame, log: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Say of each card (row) when its pupils began and whether it was written before that.

    Parameters
    ----------
    cards : pandas.DataFrame
        ``intervention`` and ``aim`` (texts), ``start_date``, ``review_date`` and ``written_on`` (dates or missing).
    log : pandas.DataFrame
        INTERVENTIONS.
    day : pandas.Timestamp
        The last day of the report.

    Returns
    -------
    pandas.DataFrame
        The cards, with ``began_on`` (the first start in the log of an intervention of that name, whatever its
        capitals, from the day written where that is known and otherwise of all; missing where none has begun by
        the day), ``standing`` (one of STANDINGS) and ``is_review_past``.

    Notes
    -----
    A card that plans a further group names its ``start_date``: only starts from then on are its own. One that was
    written on the first day itself was written before the start. Without a day it cannot be known, and counts as after.

    Examples
    --------
    >>> log = pd.DataFrame({"intervention": ["Mentor"], "start_date": pd.to_datetime(["2026-09-14"])})
    >>> written = pd.to_datetime(["2026-09-14", "2026-09-15", None])  # the first day itself is not too late
    >>> cards = pd.DataFrame({"intervention": "mentor", "start_date": pd.NaT, "review_date": pd.NaT, "written_on": written})
    >>> [standing.partition(":")[0] for standing in judge_cards(cards, log, pd.Timestamp("2026-11-20"))["standing"]]
    ['written before the start', 'written after the start', 'no day written']
    """
    begun = [first_start(log, card, day) for card in cards.to_dict("records")]
    began_on = pd.Series(begun, index=cards.index, dtype="datetime64[ns]")
    written = pd.to_datetime(cards["written_on"])
    cases = {NOT_YET: began_on.isna(), NO_DAY: written.isna(), AFTER: written > began_on}
    standing = np.select([case.to_numpy() for case in cases.values()], list(cases), default=BEFORE)
    return cards.assign(
        began_on=began_on,
        standing=standing.astype(object),
        is_review_past=pd.to_datetime(cards["review_date"]) <= day,
    )


def first_start(log: pd.DataFrame, card: dict, day: pd.Timestamp) -> pd.Timestamp:
    """Return when a card's pupils first began (a day); NaT where none of the log's rows has by a day.

    Examples
    --------
    >>> log = pd.DataFrame({"intervention": ["Mentor", "mentor"], "start_date": ["2026-09-14", "2026-11-09"]})
    >>> first_start(log, {"intervention": "Mentor", "start_date": pd.NaT}, pd.Timestamp("2026-11-20")).date().isoformat()
    '2026-09-14'
    """
    is_it = log["intervention"].astype(str).str.casefold() == str(card["intervention"]).strip().casefold()
    starts = pd.to_datetime(log.loc[is_it, "start_date"])
    planned = card["start_date"]
    if pd.notna(planned):
        starts = starts[starts >= planned]
    starts = starts[starts <= day]
    return starts.min() if len(starts) else pd.NaT


# What a session regained cost: a range, never one figure where there may be none, of those whose cost is recorded


@dataclass(frozen=True)
class Cost:
    """The cost in pounds of those whose cost is recorded, and of a session that they regained.

    ``pupils_with_cost`` of the ``pupils`` evaluated have a cost recorded for all they had within their window.
    ``at_least`` is the cost of a session if as many were regained as the range allows; ``at_most`` if as few, and
    missing where there may be none. Both are missing where none were regained, or no cost is recorded.
    """

    total: float
    pupils_with_cost: int
    pupils: int
    at_least: float
    at_most: float


def cost_of(evaluation: Evaluation) -> Cost:
    """Return what an intervention cost those whose cost is recorded, and the range for each session they regained (pounds).

    Costs and sessions are of the same pupils: to set the costs known against everybody's sessions would make a session the
    cheaper the less the log tells.
    """
    impact, costs = evaluation.impact, costs_of_treated(evaluation)
    known = costs.dropna(subset=["cost"])
    possible = int(known["possible_sessions"].sum())
    sessions = (impact.low * possible, impact.high * possible)
    return cost_range(float(known["cost"].sum()), (len(known), len(costs)), sessions)


def costs_of_treated(evaluation: Evaluation) -> pd.DataFrame:
    """Return what each pupil evaluated cost within the window.

    Returns
    -------
    pandas.DataFrame
        One row per pupil evaluated: ``enrolment``, ``possible_sessions`` of the window and ``cost`` in pounds, of the course that
        counts and of any more of it begun within the window, whose sessions count too; missing where that of any is.
    """
    if evaluation.expectation is None:
        return pd.DataFrame({"enrolment": [], "possible_sessions": [], "cost": []})
    question, sets = evaluation.question, evaluation.expectation.sets
    week = sets.week[sets.is_treated]
    treated = pd.DataFrame(
        {
            "enrolment": sets.enrolment[sets.is_treated].astype(int),
            "possible_sessions": sets.possible_sessions[sets.is_treated],
            "first_week": week,
            "stop": [question.stop(int(each)) for each in week],
        }
    )
    rows = question.starts.of(question.intervention)
    rows = rows.loc[rows["left_out"].isin(("", HAD_IT_BEFORE)), ["enrolment", "week", "cost"]]
    courses = treated.merge(rows.assign(cost=recorded_costs(rows["cost"])), on="enrolment")
    courses = courses[courses["week"].between(courses["first_week"], courses["stop"], inclusive="left")]
    costs = courses.groupby("enrolment")["cost"].agg(lambda each: each.sum(skipna=False))
    return treated[["enrolment", "possible_sessions"]].assign(
        cost=treated["enrolment"].map(costs).astype(float)
    )


def cost_range(total: float, pupils: tuple[int, int], sessions: tuple[float, float]) -> Cost:
    """Return the cost of a session regained (pounds).

    Parameters
    ----------
    total : float
        Pounds.
    pupils : (int, int)
        Those whose cost it is, and all evaluated.
    sessions : (float, float)
        The range of sessions that those whose cost it is regained.

    Examples
    --------
    >>> cost_range(960.0, (10, 10), (60.0, 120.0))
    Cost(total=960.0, pupils_with_cost=10, pupils=10, at_least=8.0, at_most=16.0)
    >>> cost_range(960.0, (10, 10), (-20.0, 120.0)).at_most
    nan
    """
    (known, everyone), (low, high) = pupils, sessions
    missing = float("nan")
    if not known:
        return Cost(0.0, 0, everyone, missing, missing)
    return Cost(
        total, known, everyone, total / high if high > 0 else missing, total / low if low > 0 else missing
    )


# What the log says of each intervention: who leads it, for what barrier, when it began, how long it ran, what it cost

FACT_COLUMNS = [
    "intervention",
    "tiers",
    "barriers",
    "leads",
    "agencies",
    "pupils_in_log",
    "start_days",
    "first_start_date",
    "last_start_date",
    "running",
    "median_weeks",
    "median_cost",
]


def log_facts(rows: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Say of each intervention what the log tells.

    Parameters
    ----------
    rows : pandas.DataFrame
        INTERVENTIONS (``criteria.log_chosen``).
    span : Span
        The days covered and the calendar, which count the school weeks of each run.

    Returns
    -------
    pandas.DataFrame
        One row per intervention, by name: FACT_COLUMNS. ``tiers``, ``barriers``, ``leads`` and ``agencies`` are texts,
        the most frequent first; ``pupils_in_log`` counts different pupils, ``start_days`` different days,
        ``running`` rows that run on the last day; ``median_weeks`` is the dose, in school weeks so far, and
        ``median_cost`` pounds for each row that has a cost.
    """
    last = pd.Timestamp(span.date_to)
    end = rows["end_date"].fillna(last).clip(upper=last)
    weeks = span.count_weeks(rows["start_date"].fillna(last), end)
    rows = rows.assign(
        weeks=np.where(rows["start_date"].notna(), weeks, np.nan),
        is_running=(rows["start_date"] <= last) & (rows["end_date"].isna() | (rows["end_date"] >= last)),
    )
    facts = [facts_of(name, part) for name, part in rows.groupby("intervention", sort=True)]
    return pd.DataFrame(facts, columns=FACT_COLUMNS)


def facts_of(name: str, rows: pd.DataFrame) -> tuple:
    """Return the facts of one intervention from its rows of the log, in the order of FACT_COLUMNS (dates, weeks, pounds)."""
    return (
        name,
        *(in_order_of_frequency(rows[column]) for column in ("tier", "barrier", "lead", "agency")),
        int(rows.loc[is_filled(rows["pupil_id"]), "pupil_id"].nunique()),
        int(rows["start_date"].nunique()),
        rows["start_date"].min(),
        rows["start_date"].max(),
        int(rows["is_running"].sum()),
        float(rows["weeks"].median()),
        float(recorded_costs(rows["cost"]).median()),
    )


def in_order_of_frequency(values: pd.Series) -> str:
    """Return the different values of a column as a text, the most frequent first, then in alphabetical order.

    Examples
    --------
    >>> in_order_of_frequency(pd.Series(["SENCo", "ELSA", "ELSA", None]))
    'ELSA, SENCo'
    """
    filled = values[is_filled(values)].astype(object).astype(str)
    counts = filled.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    return ", ".join(counts.index)
