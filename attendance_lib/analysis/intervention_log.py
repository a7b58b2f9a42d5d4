"""Interventions in progress: dates, dose and plain counts. Nothing here says what an intervention did for anybody."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.logs import is_filled, is_review_due, known_columns
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.rules.calendar import SchoolCalendar

# One pastoral cycle: what ends or is reviewed by the next meeting is on this one's table.
WEEKS_AHEAD = 2
# A plan runs for six school weeks before it is reviewed (local authorities' guidance under WTISA).
LONG_WEEKS = 6

STARTED, ENDING, OVERDUE, DUE, NO_CHANGE = (
    "Started",
    "Ending",
    "Review overdue",
    "Review due",
    "No change recorded",
)
REASONS = {
    "is_started": STARTED,
    "is_ending": ENDING,
    "is_review_overdue": OVERDUE,
    "is_review_due": DUE,
    "has_no_change_recorded": NO_CHANGE,
}
GROUPS = {"tier": "Tier", "intervention": "Intervention", "lead": "Lead"}
NOT_RECORDED = "Not recorded"


@dataclass(frozen=True)
class Span:
    """A period and the school's calendar, by which it is judged what is coming and how long something has run."""

    calendar: SchoolCalendar
    date_from: date
    date_to: date

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """The first and last day (columns ``min`` and ``max``) of each school week, a week with at least one session; in order.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
        >>> len(Span(calendar, date(2026, 11, 9), date(2026, 11, 20)).weeks)
        7
        """
        return self.calendar.open_sessions.groupby("school_week")["date"].agg(["min", "max"])

    @cached_property
    def ahead(self) -> pd.Timestamp:
        """The last day of the second school week after the period; the period's own last day if the calendar ends.

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
        >>> Span(calendar, date(2026, 11, 9), date(2026, 11, 20)).ahead.date().isoformat()
        '2026-12-04'
        """
        coming = self.weeks[self.weeks["min"] > pd.Timestamp(self.date_to)].head(WEEKS_AHEAD)
        return coming["max"].iloc[-1] if len(coming) else pd.Timestamp(self.date_to)

    def count_weeks(self, start: pd.Series, end: pd.Series) -> np.ndarray:
        """Return the school weeks that each run from start to end touches: shape (rows,).

        Examples
        --------
        >>> from attendance_lib.rules.calendar import HalfTerm, Term
        >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
        >>> runs = pd.DataFrame({"start": pd.to_datetime(["2026-11-04"]), "end": pd.to_datetime(["2026-11-16"])})
        >>> Span(calendar, date(2026, 11, 9), date(2026, 11, 20)).count_weeks(runs["start"], runs["end"]).tolist()
        [3]
        """
        after = np.searchsorted(self.weeks["min"].to_numpy(), end.to_numpy(), side="right")
        before = np.searchsorted(self.weeks["max"].to_numpy(), start.to_numpy(), side="left")
        return np.maximum(after - before, 0)


def judge_interventions(interventions: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Say of each intervention begun by the end of a period what is due with it.

    Parameters
    ----------
    interventions : pandas.DataFrame
        INTERVENTIONS.
    span : Span
        The period and the calendar.

    Returns
    -------
    pandas.DataFrame
        One row per intervention begun by the period's end, in the order of the log: INTERVENTIONS,
        ``is_running`` (on the last day), ``is_started`` and ``has_ended`` (in the period), ``is_ending``
        (in the period, or after it within two school weeks), ``is_review_overdue`` and
        ``is_review_due`` (within two school weeks; neither where an outcome or a next step is written),
        ``has_no_change_recorded`` (running longer than six school weeks with neither written),
        ``weeks_so_far`` (school weeks in which it ran) and ``why`` (the flags in words).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = {"date_from": date(2026, 11, 9), "date_to": date(2026, 11, 20), "ahead": pd.Timestamp("2026-12-04")}
    >>> log = {"start_date": pd.to_datetime(["2026-10-05"] * 2), "review_date": pd.to_datetime(["2026-11-19", "2026-11-20"])}
    >>> span = SimpleNamespace(**days, count_weeks=lambda start, end: np.array([6, 7]))
    >>> judge_interventions(pd.DataFrame(log), span)["why"].tolist()
    ['Review overdue', 'Review due; No change recorded']
    """
    start, end = pd.Timestamp(span.date_from), pd.Timestamp(span.date_to)
    rows = known_columns(interventions, list(INTERVENTIONS.column_names))
    rows = rows[rows["start_date"] <= end].assign(
        is_running=lambda known: known["end_date"].isna() | (known["end_date"] >= end)
    )
    is_due = is_review_due(rows, end) & (rows["review_date"] <= span.ahead)
    weeks = span.count_weeks(rows["start_date"], rows["end_date"].fillna(end).clip(upper=end))
    is_written = is_filled(rows["outcome"]) | is_filled(rows["next_step"])
    judged = rows.assign(
        is_started=rows["start_date"] >= start,
        has_ended=rows["end_date"].between(start, end),
        is_ending=rows["end_date"].between(start, span.ahead),
        is_review_overdue=is_due & (rows["review_date"] < end),
        is_review_due=is_due & (rows["review_date"] >= end),
        has_no_change_recorded=rows["is_running"] & (weeks > LONG_WEEKS) & ~is_written,
        weeks_so_far=weeks,
    )
    return judged.assign(why=reasons_in_words(judged))


def reasons_in_words(judged: pd.DataFrame) -> list[str]:
    """Return why each intervention is on the table (one text per row); empty if it is not.

    Examples
    --------
    >>> reasons_in_words(pd.DataFrame({flag: [flag in ("is_started", "is_review_due")] for flag in REASONS}))
    ['Started; Review due']
    """
    held = judged[list(REASONS)].to_numpy(dtype=bool)
    return ["; ".join(word for word, yes in zip(REASONS.values(), row, strict=True) if yes) for row in held]


def to_discuss(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the interventions of single pupils with anything due: overdue reviews first, then by review and end date.

    One row per intervention of those judged, with all their columns (days as datetime64[s]).

    Examples
    --------
    >>> quiet = dict.fromkeys(("is_review_due", "is_ending", "is_started"), False)
    >>> judged = {"pupil_id": ["1", "2", "3"], "why": ["starts", "overdue", ""], "is_review_overdue": [False, True, False]}
    >>> judged = pd.DataFrame(judged).assign(**quiet, intervention="Mentoring", review_date=pd.NaT, start_date=pd.NaT)
    >>> to_discuss(judged)["pupil_id"].tolist()
    ['2', '1']
    """
    rows = judged[(judged["why"] != "") & is_filled(judged["pupil_id"])]
    keys = ["is_review_overdue", "is_review_due", "is_ending", "is_started"]
    by = [*keys, "review_date", "start_date", "intervention", "pupil_id"]
    return rows.sort_values(
        by, ascending=[False] * len(keys) + [True] * (len(by) - len(keys)), ignore_index=True
    )


def count_interventions(judged: pd.DataFrame) -> pd.DataFrame:
    """Count interventions by tier, by type and by lead.

    Parameters
    ----------
    judged : pandas.DataFrame
        ``judge_interventions``.

    Returns
    -------
    pandas.DataFrame
        One row per tier, type and lead with anything running or ended in the period, in that order and
        ascending: ``group`` (Tier, Intervention, Lead), ``value``, ``pupils`` (different pupils; those of
        a whole-school scheme are not counted), ``started``, ``ending``, ``running``, ``reviews_overdue``
        (interventions) and ``median_weeks_so_far`` (school weeks, of those running).
    """
    now = judged[judged["is_running"] | judged["has_ended"]]
    return pd.concat(
        [count_by(now, column).assign(group=label) for column, label in GROUPS.items()], ignore_index=True
    )


def count_by(now: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows of ``count_interventions`` for one column.

    Returns
    -------
    pandas.DataFrame
        One row per ``value`` of the column: counts of pupils, starts, endings, courses running and overdue reviews, and
        ``median_weeks_so_far`` (school weeks of those running).

    Examples
    --------
    >>> now = {"lead": "Ms Okafor", "pupil_id": ["1", "1"], "is_running": [True, False], "weeks_so_far": [3, 9]}
    >>> now |= {"is_started": [True, False], "is_ending": False, "is_review_overdue": [False, True]}
    >>> count_by(pd.DataFrame(now), "lead")[["value", "pupils", "running", "median_weeks_so_far"]].values.tolist()
    [['Ms Okafor', 1, 1, 3.0]]
    """
    named = now[column].astype(object).where(is_filled(now[column]), NOT_RECORDED).astype(str)
    own = now["pupil_id"].where(is_filled(now["pupil_id"]))
    grouped = now.assign(
        value=named, pupil_id=own, weeks=now["weeks_so_far"].where(now["is_running"])
    ).groupby("value", as_index=False)
    return grouped.agg(
        pupils=("pupil_id", "nunique"),
        started=("is_started", "sum"),
        ending=("is_ending", "sum"),
        running=("is_running", "sum"),
        reviews_overdue=("is_review_overdue", "sum"),
        median_weeks_so_far=("weeks", "median"),
    )


# What a log's costs say: one rule of which are recorded, for every paper that adds them up


def recorded_costs(costs: pd.Series) -> pd.Series:
    """Return costs (pounds, one per row) with those that are not recorded missing.

    A nought says nothing: systems write it where nobody filled in a cost.

    Examples
    --------
    >>> recorded_costs(pd.Series([96.0, 0.0, None])).tolist()
    [96.0, nan, nan]
    """
    known = pd.to_numeric(costs).astype(float)
    return known.where(known > 0)
