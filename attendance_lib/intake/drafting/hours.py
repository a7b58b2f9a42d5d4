"""The hours of a school's day by its marks: when registers open and close, and in which half of the day a period lies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.errors import counted
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.lessons import read_lessons
from attendance_lib.intake.placing import PRESENT
from attendance_lib.intake.settings.school_file import LessonSettings
from attendance_lib.intake.settings.sources import Source
from attendance_lib.rules.calendar import SESSIONS

# So many marks with a time tell when registers open; of fewer nothing is said.
FEWEST_TIMED = 20
IN_TIME = ("/", "\\")
LATE, AFTER_CLOSE = "L", "U"
MINUTES_IN_HOUR, STEP = 60, 5
# Of the times in which registers were taken, this share lies before they opened: a clock that goes wrong, a mark put in later.
EARLY_SHARE = 0.05
SPANS = range(STEP, 2 * MINUTES_IN_HOUR, STEP)
NUMBERS = re.compile(r"\d+|\D+")


@dataclass(frozen=True)
class Hours:
    """When a register opens and closes, as HH:MM, and what that was seen from."""

    opens: str
    closes: str
    why: str


def register_times(marks: pd.DataFrame) -> dict[str, Hours | None]:
    """Return the hours of the register of each session; None where its marks do not tell.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS; when they were made (``recorded_at``) tells when a register opens, and the minutes of those late before it
        closed (L) and after (U) for how long it is open.

    Examples
    --------
    >>> register_times(pd.DataFrame({"session": ["AM"], "code": ["/"]}))  # no mark says when it was made
    {'AM': None, 'PM': None}
    """
    return {session: _hours(marks[(marks["session"] == session).to_numpy()]) for session in SESSIONS}


def _hours(marks: pd.DataFrame) -> Hours | None:
    if not {"recorded_at", "minutes_late"} <= set(marks):
        return None
    in_time = marks[marks["code"].isin(IN_TIME) & marks["recorded_at"].notna()]
    at = in_time["recorded_at"].dt
    same_day = (at.normalize() == in_time["date"]) & ((at.hour > 0) | (at.minute > 0))
    minutes = np.sort((at.hour * MINUTES_IN_HOUR + at.minute)[same_day].to_numpy())
    late = marks.loc[(marks["code"] == LATE).to_numpy(), "minutes_late"].dropna()
    after = marks.loc[(marks["code"] == AFTER_CLOSE).to_numpy(), "minutes_late"].dropna()
    if len(minutes) < FEWEST_TIMED or late.empty or after.empty:
        return None
    first = int(minutes[int(len(minutes) * EARLY_SHARE)])
    opens = first - first % STEP
    open_for = min(SPANS, key=lambda span: int((late > span).sum() + (after <= span).sum()))
    why = (
        f"marks in time begin at {_clock(first)} ({counted(len(minutes), 'mark')} with a time), and {open_for} minutes best tell "
        f"{counted(len(late), 'L')} from {counted(len(after), 'U')}: put in the school's own"
    )
    return Hours(_clock(opens), _clock(opens + open_for), why)


def _clock(minutes: int) -> str:
    """Return a time of day.

    Examples
    --------
    >>> _clock(521)
    '08:41'
    """
    return f"{minutes // MINUTES_IN_HOUR:02d}:{minutes % MINUTES_IN_HOUR:02d}"


def periods_by_session(
    sources: Iterable[Source], pupils: pd.DataFrame, marks: pd.DataFrame
) -> dict[str, list[str]]:
    """Return which periods lie in the morning and which in the afternoon, by the days on which a pupil was here for one half.

    Parameters
    ----------
    sources : iterable of Source
        The files of lessons.
    pupils, marks : pandas.DataFrame
        PUPILS and MARKS, one row an enrolment and one a session of a pupil.

    Returns
    -------
    dict of str to list of str
        The periods of ``morning`` and ``afternoon``; one of which no such day tells is in neither.
    """
    found: dict[str, list[str]] = {"morning": [], "afternoon": []}
    lessons = read_lessons(sources, pupils, LessonSettings(), Ledger())
    if lessons is None or lessons.empty:
        return found
    here = marks.assign(here=marks["code"].isin(PRESENT), pupil_id=marks["pupil_id"].astype(str))
    single = here.drop_duplicates(["pupil_id", "date", "session"])
    halves = single.pivot(index=["pupil_id", "date"], columns="session", values="here")
    halves = halves.reindex(columns=list(SESSIONS)).dropna()
    differing = halves[halves["AM"] != halves["PM"]].astype(bool)
    taken = lessons.dropna(subset=["code"]).assign(pupil_id=lessons["pupil_id"].astype(str))
    both = taken.merge(differing.reset_index(), on=["pupil_id", "date"])
    as_morning = both["code"].isin(PRESENT) == both["AM"]
    share = as_morning.groupby(both["period"].astype(str)).mean()
    for period in sorted(share.index, key=_natural):
        found["morning" if share[period] >= 1 / 2 else "afternoon"].append(period)
    return found


def _natural(period: str) -> list[tuple[bool, int, str]]:
    """Return a key by which P2 comes before P10."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in NUMBERS.findall(period)]
