"""The first weeks of a school year, in which a rate is of few sessions: last year's final figures and support stand instead."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from attendance_lib.analysis.measures import flag_absence, pupil_totals, rate, span_figures
from attendance_lib.analysis.support import support_by_pupil
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.pack.periods import is_held_whole, year_before
from attendance_lib.register.grid import Register
from attendance_lib.rules.calendar import year_in_words
from attendance_lib.rules.thresholds import is_in_first_weeks

# What last year's final figures and support of a pupil are called.
FINAL_COLUMNS = {
    "last_year_absence_sessions": "Int64",
    "last_year_possible_sessions": "Int64",
    "last_year_attendance_rate": "float64",
    "was_persistently_absent": "boolean",
    "was_severely_absent": "boolean",
    "last_year_has_support": "boolean",
    "last_year_support_text": "object",
}


@dataclass(frozen=True, eq=False)
class LastYear:
    """Last school year as it ended: in words, the headline's counts and rates, and each pupil's (one row per identifier)."""

    words: str
    figures: pd.Series
    pupils: pd.DataFrame


@derived
def sessions_so_far(pack: Pack) -> int:
    """Return how many sessions a pack's school year has held by the end of the period: no pupil's rate is of more."""
    return len(pack.register.year_to_date(pack.date_to).sessions)


def is_early(pack: Pack) -> bool:
    """Whether a pack ends in the first weeks of its school year."""
    return is_in_first_weeks(sessions_so_far(pack))


@derived
def last_year_of(pack: Pack) -> LastYear | None:
    """Return last school year as it ended; None where the exports do not hold it whole."""
    year = year_before(pack.periods.current.sessions["school_year"].iloc[-1])
    if not is_held_whole(pack.register.sessions, year):
        return None
    register = pack.register.in_school_year(year)
    return LastYear(
        year_in_words(year),
        span_figures(pack.periods.selection.of(register)),
        final_by_pupil(register).merge(final_support(pack, year), on="pupil_id", how="left", validate="1:1"),
    )


def final_by_pupil(register: Register) -> pd.DataFrame:
    """Return each pupil's whole school year, all enrolments of one pupil together.

    Parameters
    ----------
    register : Register
        Of one school year.

    Returns
    -------
    pandas.DataFrame
        One row per ``pupil_id`` with a possible session: ``last_year_absence_sessions`` and
        ``last_year_possible_sessions`` (sessions), ``last_year_attendance_rate`` (a fraction),
        ``was_persistently_absent`` and ``was_severely_absent``.
    """
    counted = ["absence_sessions", "possible_sessions", "attended_sessions"]
    totals = pupil_totals(register)
    known = totals[totals["possible_sessions"] > 0].astype({"pupil_id": str})
    final = flag_absence(known.groupby("pupil_id", as_index=False)[counted].sum())
    return pd.DataFrame(
        {
            "pupil_id": final["pupil_id"],
            "last_year_absence_sessions": final["absence_sessions"],
            "last_year_possible_sessions": final["possible_sessions"],
            "last_year_attendance_rate": rate(final["attended_sessions"], final["possible_sessions"]),
            "was_persistently_absent": final["is_persistently_absent"],
            "was_severely_absent": final["is_severely_absent"],
        }
    )


def final_support(pack: Pack, school_year: str) -> pd.DataFrame:
    """Return what support was on file for each pupil on the last day of a school year (one row per ``pupil_id``)."""
    ended = date(int(school_year[:4]) + 1, 7, 31)
    support = support_by_pupil(pack.school, ended)[["pupil_id", "has_support", "support_text"]]
    return support.rename(columns={name: f"last_year_{name}" for name in ("has_support", "support_text")})


def with_last_year(pupils: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Add last year's final figures and support to pupils (rows with ``pupil_id``); missing where nothing is held of them.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order with FINAL_COLUMNS; whom nothing is held of was over no line.
    """
    final = last_year_of(pack)
    held = pd.DataFrame(columns=["pupil_id", *FINAL_COLUMNS]) if final is None else final.pupils
    known = pupils.merge(held.astype(FINAL_COLUMNS), on="pupil_id", how="left", validate="m:1")
    known.index = pupils.index
    nothing = {"was_persistently_absent": False, "was_severely_absent": False, "last_year_support_text": ""}
    return known.fillna(nothing)
