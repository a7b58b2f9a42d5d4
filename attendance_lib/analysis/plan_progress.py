"""A plan's target in sessions: of how many, how many are missed so far, and how many it would be at the present pace."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.logs import day_or_none
from attendance_lib.analysis.weeks import last_school_weeks
from attendance_lib.intake.support_tables import MET, NOT_MET, PARTLY_MET
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.grid import Register
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.codes import ABSENT, POSSIBLE

# The present pace is that of the last six school weeks, and is said of as many sessions as make a short enrolment, or more.
PACE_WEEKS = 6


@dataclass(frozen=True)
class Progress:
    """Where a plan's target stands; all figures are sessions.

    ``of`` are the sessions of the target's days by the calendar, for the pupil's year group; ``missed`` and ``possible`` those
    by the pack's last day, as the register has them; ``to_come`` those of the calendar after it. ``pace_missed`` of
    ``pace_possible`` were missed in the last six school weeks; ``at_pace`` is what would be missed of all if it went on so, None
    where too little is known or nothing is to come. ``problem`` says why the target cannot be used as it stands; empty if it can.
    """

    target: int | None
    first: date | None
    last: date | None
    of: int = 0
    missed: int = 0
    possible: int = 0
    to_come: int = 0
    pace_missed: int = 0
    pace_possible: int = 0
    at_pace: int | None = None
    problem: str = ""

    @property
    def finding(self) -> str:
        """What the register says once all days of the target are past; empty before, or without a target.

        Met, partly met (no more than twice as many missed), or not met.

        Examples
        --------
        >>> [Progress(5, None, None, missed=missed, possible=40).finding for missed in (5, 10, 11)] == [MET, PARTLY_MET, NOT_MET]
        True
        """
        if self.target is None or self.to_come or not self.possible:
            return ""
        return (
            MET if self.missed <= self.target else PARTLY_MET if self.missed <= 2 * self.target else NOT_MET
        )


def progress_of(pack: Pack, plan: Mapping) -> Progress:
    """Return where the target of a plan (a row of ``plans_of``) stands on a pack's last day."""
    target = None if pd.isna(plan["target_sessions"]) else int(plan["target_sessions"])
    first, last = day_or_none(plan["target_from"]), day_or_none(plan["target_to"])
    own = register_of(pack, plan["pupil_id"])
    pace_missed, pace_possible = counted_between(own, *pace_days(pack))
    begun = Progress(target, first, last, pace_missed=pace_missed, pace_possible=pace_possible)
    if first is None or last is None:
        return replace(begun, problem="it has no first or no last day")
    if first > last:
        return replace(begun, problem="it ends before it begins")
    return _counted(begun, pack, own)


def _counted(begun: Progress, pack: Pack, own: Register) -> Progress:
    """Return where a target stands whose days are known, from the pupil's register."""
    days = open_days(pack.school.calendar, year_group_of(own), begun.first, begun.last)
    to_come = int((days > np.datetime64(pack.date_to)).sum())
    missed, possible = counted_between(own, begun.first, min(begun.last, pack.date_to))
    enough = to_come and begun.pace_possible >= pack.fewest_sessions
    at_pace = rounded_share(begun.pace_missed * to_come, begun.pace_possible) if enough else None
    return replace(
        begun,
        of=len(days),
        missed=missed,
        possible=possible,
        to_come=to_come,
        at_pace=None if at_pace is None else missed + at_pace,
        problem=problem_of(begun.target, (begun.first, begun.last), len(days), pack.school.calendar),
    )


def problem_of(target: int | None, days: tuple[date, date], sessions: int, calendar: SchoolCalendar) -> str:
    """Return why a target cannot be used as it stands; empty if it can.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> days = (date(2026, 11, 9), date(2026, 11, 20))
    >>> problem_of(4, days, 20, calendar), problem_of(20, days, 20, calendar)
    ('', 'it is 20 of only 20 sessions')
    """
    first, last = calendar.span
    if not sessions:
        return "there is no school on any of its days"
    if days[0] < first or days[1] > last:
        return f"the school calendar reaches from {first} to {last}, so only some of its days are counted"
    if target is None:
        return "it says no number of sessions"
    return f"it is {target} of only {sessions} sessions" if target >= sessions else ""


def register_of(pack: Pack, pupil_id: str) -> Register:
    """Return the register of one pupil, every enrolment, up to a pack's last day."""
    own = pack.register.pupils["pupil_id"].astype(str) == pupil_id
    return pack.register.where_pupils(own.to_numpy()).between(pack.register.first_date, pack.date_to)


@derived
def pace_days(pack: Pack) -> tuple[date, date]:
    """Return the first and last day of the last six school weeks."""
    return pack.school.calendar.weeks_ending(pack.date_to, PACE_WEEKS)


def counted_between(own: Register, first: date, last: date) -> tuple[int, int]:
    """Return how many sessions of a register, from one day to another, were missed and how many were possible.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"])})
    >>> own = Register(np.array([[cell_of(code) for code in ("I", "Y1", "/")]]), pd.DataFrame(), days)  # Y1 was not possible
    >>> counted_between(own, date(2026, 11, 5), date(2026, 11, 9)), counted_between(own, date(2026, 11, 9), date(2026, 11, 5))
    ((1, 2), (0, 0))
    """
    if first > last:
        return 0, 0
    span = own.between(first, last)
    return int(np.isin(span.categories, ABSENT).sum()), int(np.isin(span.categories, POSSIBLE).sum())


def year_group_of(own: Register) -> int | None:
    """Return a pupil's year group; None where it is not known.

    Examples
    --------
    >>> years = ([8, 9], [None, None])  # of several enrolments the last one that says
    >>> [year_group_of(Register(np.zeros((2, 0)), pd.DataFrame({"year_group": each}), pd.DataFrame())) for each in years]
    [9, None]
    """
    known = own.pupils["year_group"].dropna()
    return int(known.iloc[-1]) if len(known) else None


def open_days(calendar: SchoolCalendar, year_group: int | None, first: date, last: date) -> np.ndarray:
    """Return the date of each session open to a year group from one day to another (datetime64[D], one per session).

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> len(open_days(calendar, 8, date(2026, 11, 6), date(2026, 11, 9)))  # Friday and Monday
    4
    """
    rows = calendar.open_sessions
    within = rows["date"].between(pd.Timestamp(first), pd.Timestamp(last))
    is_open = np.array([year_group not in closed for closed in rows["closed_year_groups"]], dtype=bool)
    return rows.loc[within & is_open, "date"].to_numpy().astype("datetime64[D]")


def rounded_share(part: int, whole: int) -> int:
    """Return a quotient of whole numbers, rounded half up.

    Examples
    --------
    >>> rounded_share(7, 2), rounded_share(10, 4), rounded_share(9, 4)
    (4, 3, 2)
    """
    return (2 * part + whole) // (2 * whole)


MOST_WEEKS = 20


def weeks_of(pack: Pack, progress: Progress, pupil_id: str) -> pd.DataFrame:
    """Return a pupil's school weeks of the year to date, the last twenty at the most, those without a possible session left out.

    Returns
    -------
    pandas.DataFrame
        One row per school week in order: ``week_beginning``, ``missed`` and ``possible`` (sessions), and ``of_target`` (whether
        the week has days of the plan's target).
    """
    year = last_school_weeks(register_of(pack, pupil_id).year_to_date(pack.date_to), MOST_WEEKS)
    counted = pd.DataFrame(
        {
            "week_beginning": year.sessions["week_beginning"],
            "missed": np.isin(year.categories, ABSENT).sum(axis=0),
            "possible": np.isin(year.categories, POSSIBLE).sum(axis=0),
            "date": year.sessions["date"],
        }
    )
    first, last = (pd.Timestamp(day) if day else pd.NaT for day in (progress.first, progress.last))
    is_of_target = (counted["date"] >= first) & (counted["date"] <= last)
    weeks = counted.assign(of_target=is_of_target).groupby("week_beginning", as_index=False)
    summed = weeks.agg({"missed": "sum", "possible": "sum", "of_target": "any"})
    return summed[summed["possible"] > 0].reset_index(drop=True)
