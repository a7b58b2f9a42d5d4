"""The periods a paper compares: this one, the one before, the same one last year and the year to date."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.cohorts import Selection
from attendance_lib.register import Register


@dataclass(frozen=True, eq=False)
class Periods:
    """A period of a school's register and what it is compared with, for the enrolments selected.

    ``register`` is the whole school's, over every session known; ``date_from`` and ``date_to`` bound the
    period. Who is selected is decided within each school year, so last year's Year 11 is compared with this one.
    """

    register: Register
    date_from: date
    date_to: date
    selection: Selection = Selection()

    @cached_property
    def year_to_date(self) -> Register:
        """The school year's sessions up to the end of the period."""
        return self.selection.of(self.register.year_to_date(self.date_to))

    @cached_property
    def current(self) -> Register:
        """The period's own sessions; rows as in ``year_to_date``."""
        return self.year_to_date.between(self.date_from, self.date_to)

    @cached_property
    def year_to_previous(self) -> Register:
        """The same school year up to the last day before the period; rows as in ``year_to_date``."""
        return self.year_to_date.where_sessions(
            self.year_to_date.sessions["date"] < pd.Timestamp(self.date_from)
        )

    @cached_property
    def previous_end(self) -> date | None:
        """The last school day before the period, in any school year; None where the register begins with it."""
        before = self.register.sessions.loc[
            self.register.sessions["date"] < pd.Timestamp(self.date_from), "date"
        ]
        return before.iloc[-1].date() if len(before) else None

    @cached_property
    def previous(self) -> Register:
        """The school weeks just before the period, as many as it has, over a holiday if need be.

        Where they reach back into the last school year, only the later year's weeks are taken.
        """
        weeks = self.current.sessions["school_week"]
        week = self.register.sessions["school_week"]
        first, count = (weeks.iloc[0], weeks.iloc[-1] - weeks.iloc[0] + 1) if len(weeks) else (0, 0)
        kept = self.register.where_sessions((week >= first - count) & (week < first))
        return (
            self.selection.of(kept.in_school_year(kept.sessions["school_year"].iloc[-1]))
            if len(kept.sessions)
            else kept
        )

    @cached_property
    def last_year(self) -> Register:
        """Last year's sessions of the same half term, week of the half term, weekday and session."""
        kept = self.register.where_sessions(
            is_same_time_last_year(self.register.sessions, self.current.sessions)
        )
        return (
            self.selection.of(kept.in_school_year(kept.sessions["school_year"].iloc[-1]))
            if len(kept.sessions)
            else kept
        )

    @cached_property
    def last_year_to_date(self) -> Register:
        """Last school year's sessions up to the same week of the same half term; none where it is not known."""
        if self.last_year.sessions.empty:
            return self.last_year
        return self.selection.of(self.register.year_to_date(self.last_year.last_date))


def is_same_time_last_year(everything: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
    """Return which of all sessions stand where the given ones stand, one school year before (boolean, one per session)."""
    if sessions.empty:
        return np.zeros(len(everything), dtype=bool)
    year = sessions["school_year"].iloc[-1]
    places = position_in_year(everything)
    is_given = everything["date"].isin(sessions["date"]) & (everything["school_year"] == year)
    wanted = places[is_given.to_numpy()].drop_duplicates()
    matched = places.merge(wanted, on=POSITION, how="left", indicator="found")["found"] == "both"
    return (matched & (everything["school_year"] == year_before(year)).to_numpy()).to_numpy()


POSITION = ["half_term", "week", "weekday", "session"]


def position_in_year(sessions: pd.DataFrame) -> pd.DataFrame:
    """Return where each session stands in its school year, one row per session in the same order.

    Returns
    -------
    pandas.DataFrame
        ``half_term`` (without its school year), ``week`` (of the half term, from 1), ``weekday`` (Monday 0) and ``session``.
    """
    week = sessions.groupby("half_term", sort=False)["week_beginning"].rank(method="dense")
    weekday = sessions["date"].dt.day_of_week
    return pd.DataFrame(
        {
            "half_term": sessions["half_term"].str[len("202627-") :],
            "week": week.astype(int),
            "weekday": weekday,
            "session": sessions["session"],
        }
    ).reset_index(drop=True)


def year_before(school_year: str) -> str:
    """Return the school year before one.

    Examples
    --------
    >>> year_before("202627"), year_before("200001")
    ('202526', '199900')
    """
    first = int(school_year[:4]) - 1
    return f"{first}{(first + 1) % 100:02d}"
