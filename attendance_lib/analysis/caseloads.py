"""What can fairly be said of the work for pupils who are often away: coverage, neglect, reviews, reasons found, and load.

Never the attendance of a caseload: the hardest cases go to whoever is best with them, and those who were worst when they were
chosen come back a little towards their own average whatever is done.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.action_log import CLOSED
from attendance_lib.analysis.contact_log import contacts_known, last_reached
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.logs import issued
from attendance_lib.analysis.reasons import DAYS_TO_EXPLAIN
from attendance_lib.analysis.staff import courses_of
from attendance_lib.pack.pack import Pack
from attendance_lib.register.grid import Register, cell_of
from attendance_lib.rules.calendar import start_of_year
from attendance_lib.rules.codes import NO_REASON_YET

# Home is owed a word where nobody was reached in two school weeks: one pastoral cycle. No guidance sets a number.
CONTACT_DAYS = 10
# A tier 3 course, for one pupil, is three times the work of a tier 1 course. Ours: no norm of caseloads was found in public.
TIER_WEIGHTS = {1: 1, 2: 2, 3: 3}


def school_days_since(days: pd.Series, pack: Pack) -> np.ndarray:
    """Return how many school days lie after each day up to a pack's last (shape (rows,)); a missing day counts from term's start.

    That is the first school day of the school year.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> open_days = np.array(["2026-11-05", "2026-11-06", "2026-11-09"], dtype="datetime64[D]").tolist()  # and a weekend
    >>> school = SimpleNamespace(calendar=SimpleNamespace(school_days=open_days))
    >>> pack = SimpleNamespace(school=school, date_to=open_days[-1])
    >>> school_days_since(pd.Series(pd.to_datetime(["2026-11-06", "2026-11-09", None])), pack).tolist()
    [1, 0, 2]
    """
    calendar = np.array(pack.school.calendar.school_days, dtype="datetime64[D]")
    begun = calendar[calendar >= np.datetime64(start_of_year(pack.date_to))][:1].astype("datetime64[s]")[0]
    dated = (
        days.fillna(pd.Timestamp(begun)).clip(lower=pd.Timestamp(begun)).to_numpy().astype("datetime64[D]")
    )
    upto = np.searchsorted(calendar, np.datetime64(pack.date_to), side="right")
    return np.maximum(upto - np.searchsorted(calendar, dated, side="right"), 0)


def last_touched(actions: pd.DataFrame, pack: Pack) -> pd.Series:
    """Return the day on which anything was last done or agreed for each pupil, by identifier.

    Parameters
    ----------
    actions : pandas.DataFrame
        ``action_log.merge_actions``.
    pack : Pack
        Judged on its last day.

    Returns
    -------
    pandas.Series
        The last day of a contact with home, of an action agreed or done, of an intervention or plan begun, or of a notice
        issued; no row where nothing is on file.
    """
    contacts = contacts_known(pack)
    notices = issued(pack.school.notices, pack.date_to)
    courses = courses_of(pack)
    done = actions[actions["status"].isin(CLOSED)]
    parts = [
        actions[["pupil_id", "raised_on"]],
        done[["pupil_id", "completed_on"]],
        courses[["pupil_id", "start_date"]],
        notices[["pupil_id", "issued_on"]],
        *([] if contacts is None else [contacts[["pupil_id", "date"]]]),
    ]
    touched = pd.concat(
        [part.set_axis(["pupil_id", "day"], axis="columns") for part in parts if len(part)] or [NOTHING]
    )
    touched = touched[touched["pupil_id"].notna() & (touched["day"] <= pd.Timestamp(pack.date_to))]
    return touched.astype({"pupil_id": str, "day": "datetime64[s]"}).groupby("pupil_id")["day"].max()


NOTHING = pd.DataFrame({"pupil_id": pd.Series(dtype=object), "day": pd.Series(dtype="datetime64[s]")})


def untouched_days(pupil_ids: pd.Series, actions: pd.DataFrame, pack: Pack) -> np.ndarray:
    """Return for how many school days nothing was done or agreed for each pupil (shape (rows,)): at most the school year's."""
    return school_days_since(last_touched(actions, pack).reindex(pupil_ids.astype(str)), pack)


def contacts_owed(pupil_ids: pd.Series, pack: Pack) -> pd.DataFrame:
    """Return the pupils whose home nobody has reached for CONTACT_DAYS school days, longest first.

    Returns
    -------
    pandas.DataFrame
        One row per pupil: ``pupil_id``, ``last_reached_date`` (missing if never) and ``since_days`` (school days, of the school
        year). No row where the school keeps no log of contacts: then nothing is known.
    """
    contacts = contacts_known(pack)
    reached = last_reached(contacts, pack).reindex(pupil_ids.astype(str)).astype("datetime64[s]")
    found = pd.DataFrame(
        {
            "pupil_id": pupil_ids.astype(str).to_numpy(dtype=object),
            "last_reached_date": reached.to_numpy(),
            "since_days": school_days_since(reached, pack),
        }
    )
    owed = found[(found["since_days"] >= CONTACT_DAYS) & (contacts is not None)]
    return owed.sort_values(["since_days", "pupil_id"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class OutOf:
    """So many out of so many."""

    count: int
    of: int


def reviews_held(courses: pd.DataFrame, pack: Pack) -> OutOf:
    """Return of how many reviews that fell due this school year something is written down.

    A log of interventions does not say on which day a review was held, so one that was held late counts.
    """
    start, end = pd.Timestamp(start_of_year(pack.date_to)), pd.Timestamp(pack.date_to)
    due = courses[courses["review_date"].between(start, end, inclusive="left")]
    return OutOf(int(due["is_written"].sum()), len(due))


def reasons_found(register: Register, pack: Pack) -> OutOf:
    """Return how many N marks were cleared by the fifth school day after their session, of those whose fifth day is past.

    Parameters
    ----------
    register : Register
        The year to date of the pupils asked about.
    pack : Pack
        Judged on its last day.

    Notes
    -----
    The law's clock: SI 2024/208, regulation 10. Marks that were N and are not are known only where the export tells what a mark
    was before it was amended; without that only those still N count, and none of them is cleared.
    """
    cell, edits = cell_of(NO_REASON_YET), register.amendments
    days = np.array(pack.school.calendar.school_days, dtype="datetime64[D]")
    dates = register.sessions["date"].to_numpy().astype("datetime64[D]")
    place = np.searchsorted(days, dates, side="right") - 1
    is_past = place + DAYS_TO_EXPLAIN < np.searchsorted(days, np.datetime64(pack.date_to), side="left")
    was_n = edits[(edits["amended_from"] == cell).to_numpy() & is_past[edits["column"].to_numpy()]]
    cleared_on = (
        np.searchsorted(days, was_n["amended_on"].to_numpy().astype("datetime64[D]"), side="right") - 1
    )
    is_cleared = register.codes[was_n["row"].to_numpy(), was_n["column"].to_numpy()] != cell
    in_time = is_cleared & (cleared_on - place[was_n["column"].to_numpy()] <= DAYS_TO_EXPLAIN)
    still = (register.codes == cell) & is_past
    return OutOf(int(in_time.sum()), int(is_cleared.sum()) + int(still.sum()))


def load_of(courses: pd.DataFrame, pack: Pack) -> int:
    """Return the load of a period: of each of its school weeks, the tier weights of what was open in it, added up.

    Examples
    --------
    One tier 3 course open in both weeks of a fortnight and one tier 2 course open in the first: 3 + 3 + 2 = 8.
    """
    span = Span(pack.school.calendar, pack.date_from, pack.date_to)
    start, end = pd.Timestamp(pack.date_from), pd.Timestamp(pack.date_to)
    open_then = courses[(courses["start_date"] <= end) & ~(courses["end_date"] < start)]
    weeks = span.count_weeks(
        open_then["start_date"].clip(lower=start), open_then["end_date"].fillna(end).clip(upper=end)
    )
    weights = open_then["tier"].map(TIER_WEIGHTS).fillna(1).to_numpy(dtype=int)
    return int((weeks * weights).sum())
