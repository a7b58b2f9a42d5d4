"""A register counted once by pupil and school week, so that every window after that is one subtraction."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.register import Register, cell_of
from attendance_lib.rules.codes import Category

ATTENDED = (Category.PRESENT, Category.APPROVED_ACTIVITY)
ABSENT = (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE)
UNAUTHORISED = (Category.UNAUTHORISED_ABSENCE,)
NOT_POSSIBLE = (Category.NOT_POSSIBLE,)
ILLNESS = "I"
WEEK_COLUMNS = ("school_week", "week_beginning", "school_year", "first_date", "last_date", "sessions")
NO_SEN = ("N", "")


@dataclass(frozen=True, eq=False)
class WeekCounts:
    """Sessions of each enrolment in each school week, added up from the register's beginning.

    Attributes
    ----------
    pupils : pandas.DataFrame
        One row per enrolment, as in the register.
    weeks : pandas.DataFrame
        One row per school week, in order: WEEK_COLUMNS (``sessions`` is the number of open sessions).
    running : dict of str to numpy.ndarray
        Running totals in sessions, shape (enrolments, weeks + 1): ``possible``, ``absence``, ``illness``,
        ``unauthorised`` and ``not_possible`` (codes outside the denominator).
    """

    pupils: pd.DataFrame
    weeks: pd.DataFrame
    running: dict[str, np.ndarray]

    def total(self, name: str, first: int, stop: int) -> np.ndarray:
        """Return each enrolment's sessions from one week up to, but without, another (positions in ``weeks``), one per row."""
        upto = self.running[name]
        first, stop = max(first, 0), max(stop, 0)
        return (upto[:, stop] - upto[:, min(first, stop)]).astype(float)

    @cached_property
    def years(self) -> np.ndarray:
        """The first calendar year of each week's school year: shape (weeks,)."""
        return self.weeks["school_year"].str[:4].astype(int).to_numpy()

    @cached_property
    def has_sen(self) -> np.ndarray:
        """Whether each enrolment has SEN support or a plan (1.0 or 0.0): shape (enrolments,)."""
        status = self.pupils["sen_status"].astype(object)
        return (status.notna() & ~status.isin(NO_SEN)).to_numpy(dtype=float)

    @cached_property
    def is_fsm(self) -> np.ndarray:
        """Whether each enrolment is eligible for free school meals (1.0 or 0.0): shape (enrolments,)."""
        return (self.pupils["fsm"].astype(object) == True).to_numpy(dtype=float)  # noqa: E712 - missing is not eligible

    @cached_property
    def year_groups_ahead(self) -> np.ndarray:
        """Each enrolment's year group less the calendar year in which it was that (one per row); NaN where not recorded."""
        ahead = self.pupils["year_group"] - self.pupils["reference_year"]
        return ahead.to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def clusters(self) -> np.ndarray:
        """A number for each enrolment's pupil: two enrolments of one pupil share it. Shape (enrolments,)."""
        return pd.factorize(self.pupils["pupil_id"])[0]

    def year_start(self, week: int) -> int:
        """Return the position of the first week of a week's school year."""
        return int(np.searchsorted(self.years, self.years[week], side="left"))

    def year_stop(self, week: int) -> int:
        """Return the position after the last week of a week's school year."""
        return int(np.searchsorted(self.years, self.years[week], side="right"))

    def year_group(self, week: int) -> np.ndarray:
        """Return each enrolment's year group as it was in a week; 0 where not recorded. Shape (enrolments,)."""
        return np.nan_to_num(self.year_groups_ahead + self.years[week])


def count_weeks(register: Register) -> WeekCounts:
    """Count a register by enrolment and school week.

    Parameters
    ----------
    register : Register
        Every session known, so that history can reach back into last year.

    Returns
    -------
    WeekCounts
        Running totals in sessions. Missing marks and sessions not possible are in no rate.
    """
    number = register.sessions["school_week"].to_numpy()
    starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1]]) if len(number) else np.zeros(0, dtype=int)
    how = register.categories
    marks = {
        "possible": of_categories(how, (*ATTENDED, *ABSENT)),
        "absence": of_categories(how, ABSENT),
        "illness": of_categories(how, ABSENT) & (register.codes == cell_of(ILLNESS)),
        "unauthorised": of_categories(how, UNAUTHORISED),
        "not_possible": of_categories(how, NOT_POSSIBLE),
    }
    running = {name: running_totals(marked, starts) for name, marked in marks.items()}
    return WeekCounts(register.pupils, week_table(register.sessions), running)


def of_categories(how: np.ndarray, wanted: tuple[Category, ...]) -> np.ndarray:
    """Return which cells count in one of the wanted ways (boolean, shape of ``how``)."""
    is_wanted = np.zeros(max(Category) + 1, dtype=bool)
    is_wanted[list(wanted)] = True
    return is_wanted[how]


def running_totals(marked: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Add up marked sessions by week and then along the weeks: shape (enrolments, weeks + 1), in sessions.

    Examples
    --------
    >>> running_totals(np.array([[True, False, True, True]]), np.array([0, 2])).tolist()
    [[0, 1, 3]]
    """
    upto = np.zeros((len(marked), marked.shape[1] + 1), dtype=np.int32)
    np.cumsum(marked, axis=1, out=upto[:, 1:])
    return upto[:, np.r_[starts, marked.shape[1]]]


def week_table(sessions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per school week: WEEK_COLUMNS."""
    grouped = sessions.groupby("school_week", as_index=False, sort=True)
    return grouped.agg(
        week_beginning=("week_beginning", "first"),
        school_year=("school_year", "first"),
        first_date=("date", "min"),
        last_date=("date", "max"),
        sessions=("date", "size"),
    )
