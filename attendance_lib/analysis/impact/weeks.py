"""A register counted once by pupil and school week, so that every window after that is one subtraction."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.register.grid import Register, cell_of
from attendance_lib.rules.codes import ABSENT, POSSIBLE, Category

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
        """Return each enrolment's sessions from one week up to, but without, another (positions in ``weeks``), one per row.

        Examples
        --------
        >>> counts = WeekCounts(pd.DataFrame(), pd.DataFrame(), {"absence": np.array([[0, 2, 2, 5]])})  # 2, 0 and 3 in a week
        >>> counts.total("absence", 1, 3).tolist(), counts.total("absence", -4, 1).tolist()
        ([3.0], [2.0])
        """
        upto = self.running[name]
        first, stop = max(first, 0), max(stop, 0)
        return (upto[:, stop] - upto[:, min(first, stop)]).astype(float)

    @cached_property
    def years(self) -> np.ndarray:
        """The first calendar year of each week's school year: shape (weeks,).

        Examples
        --------
        >>> weeks = pd.DataFrame({"school_year": ["202526", "202627", "202627"]})
        >>> WeekCounts(pd.DataFrame(), weeks, {}).years.tolist()
        [2025, 2026, 2026]
        """
        return self.weeks["school_year"].str[:4].astype(int).to_numpy()

    @cached_property
    def has_sen(self) -> np.ndarray:
        """Whether each enrolment has SEN support or a plan: 1.0 or 0.0, a fraction of one; shape (enrolments,).

        Examples
        --------
        >>> WeekCounts(pd.DataFrame({"sen_status": ["K", "N", None]}), pd.DataFrame(), {}).has_sen.tolist()
        [1.0, 0.0, 0.0]
        """
        status = self.pupils["sen_status"].astype(object)
        return (status.notna() & ~status.isin(NO_SEN)).to_numpy(dtype=float)

    @cached_property
    def is_fsm(self) -> np.ndarray:
        """Whether each enrolment is eligible for free school meals: 1.0 or 0.0, a fraction of one; shape (enrolments,).

        Examples
        --------
        >>> WeekCounts(pd.DataFrame({"fsm": [True, None, False]}), pd.DataFrame(), {}).is_fsm.tolist()
        [1.0, 0.0, 0.0]
        """
        return (self.pupils["fsm"].astype(object) == True).to_numpy(dtype=float)  # noqa: E712 - missing is not eligible

    @cached_property
    def year_groups_ahead(self) -> np.ndarray:
        """Each enrolment's year group less the calendar year in which it was that (one per row); NaN where not recorded.

        Examples
        --------
        >>> pupils = pd.DataFrame({"year_group": [8, None], "reference_year": [2026, 2026]})
        >>> WeekCounts(pupils, pd.DataFrame(), {}).year_groups_ahead.tolist()
        [-2018.0, nan]
        """
        ahead = self.pupils["year_group"] - self.pupils["reference_year"]
        return ahead.to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def clusters(self) -> np.ndarray:
        """A number for each enrolment's pupil: two enrolments of one pupil share it. Shape (enrolments,).

        Examples
        --------
        >>> WeekCounts(pd.DataFrame({"pupil_id": ["1", "2", "1"]}), pd.DataFrame(), {}).clusters.tolist()
        [0, 1, 0]
        """
        return pd.factorize(self.pupils["pupil_id"])[0]

    def year_start(self, week: int) -> int:
        """Return the position of the first week of a week's school year.

        Examples
        --------
        >>> weeks = pd.DataFrame({"school_year": ["202526", "202627", "202627"]})
        >>> WeekCounts(pd.DataFrame(), weeks, {}).year_start(2)
        1
        """
        return int(np.searchsorted(self.years, self.years[week], side="left"))

    def year_stop(self, week: int) -> int:
        """Return the position after the last week of a week's school year.

        Examples
        --------
        >>> weeks = pd.DataFrame({"school_year": ["202526", "202627", "202627"]})
        >>> [WeekCounts(pd.DataFrame(), weeks, {}).year_stop(week) for week in (0, 1)]
        [1, 3]
        """
        return int(np.searchsorted(self.years, self.years[week], side="right"))

    def year_group(self, week: int) -> np.ndarray:
        """Return each enrolment's year group as it was in a week; 0 where not recorded. Shape (enrolments,).

        Examples
        --------
        >>> pupils = pd.DataFrame({"year_group": [8, None], "reference_year": [2026, 2026]})
        >>> WeekCounts(pupils, pd.DataFrame({"school_year": ["202526"]}), {}).year_group(0).tolist()  # a year before
        [7.0, 0.0]
        """
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

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"])
    >>> sessions = pd.DataFrame({"date": days, "school_week": [8, 8, 9], "week_beginning": days, "school_year": "202627"})
    >>> cells = np.array([[cell_of(letter) for letter in ("I", "Y1", "/")]], dtype=np.uint8)  # in Y1 nobody could come
    >>> counts = count_weeks(Register(cells, pd.DataFrame(index=[0]), sessions))
    >>> [counts.running[name].tolist() for name in ("possible", "absence", "not_possible")]
    [[[0, 1, 2]], [[0, 1, 1]], [[0, 1, 1]]]
    """
    number = register.sessions["school_week"].to_numpy()
    starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1]]) if len(number) else np.zeros(0, dtype=int)
    how = register.categories
    marks = {
        "possible": of_categories(how, POSSIBLE),
        "absence": of_categories(how, ABSENT),
        "illness": of_categories(how, ABSENT) & (register.codes == cell_of(ILLNESS)),
        "unauthorised": of_categories(how, UNAUTHORISED),
        "not_possible": of_categories(how, NOT_POSSIBLE),
    }
    running = {name: running_totals(marked, starts) for name, marked in marks.items()}
    return WeekCounts(register.pupils, week_table(register.sessions), running)


def of_categories(how: np.ndarray, wanted: tuple[Category, ...]) -> np.ndarray:
    """Return which cells count in one of the wanted ways (boolean, shape of ``how``).

    Examples
    --------
    >>> how = np.array([Category.PRESENT, Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE])
    >>> of_categories(how, (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE)).tolist()
    [False, True, True]
    """
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
    """Return one row per school week: WEEK_COLUMNS.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-09-02", "2026-09-03"])  # a school year that begins on a Wednesday
    >>> sessions = {"date": days, "school_week": 0, "week_beginning": pd.Timestamp("2026-08-31"), "school_year": "202627"}
    >>> week_table(pd.DataFrame(sessions))[["week_beginning", "first_date", "last_date"]].astype(str).values.tolist()
    [['2026-08-31', '2026-09-02', '2026-09-03']]
    """
    grouped = sessions.groupby("school_week", as_index=False, sort=True)
    return grouped.agg(
        week_beginning=("week_beginning", "first"),
        school_year=("school_year", "first"),
        first_date=("date", "min"),
        last_date=("date", "max"),
        sessions=("date", "size"),
    )


# Who began an intervention in which school week, and which rows of the log are left out and why

NO_START_DATE = "no start date recorded"
NEVER_STARTED = "ended before it started"
NOT_YET_STARTED = "starts after the last week of the register"
BEFORE_REGISTER = "started before the first week of the register"
NOT_IN_REGISTER = "pupil not in the register"
NOT_ON_ROLL = "pupil not on roll at the start"
HAD_IT_BEFORE = "had it before: the first start is the one that counts"
WHOLE_SCHOOL = "for the whole school: no pupil named"
STARTS_COLUMNS = (
    "intervention",
    "pupil_id",
    "start_date",
    "end_date",
    "cost",
    "row",
    "enrolment",
    "week",
    "left_out",
)


@dataclass(frozen=True, eq=False)
class Starts:
    """The rows of an interventions log placed in a register's weeks.

    ``table`` has one row per row of the log, STARTS_COLUMNS: ``row`` (position in the log), ``enrolment`` (row in
    the register, negative where there is none) and ``week`` (position of the first whole or mostly whole week, -1
    where there is none), and ``left_out`` (the reason, or empty).
    """

    table: pd.DataFrame

    def of(self, intervention: str) -> pd.DataFrame:
        """Return the rows of one intervention, one per course (days and weeks as in ``table``).

        Examples
        --------
        >>> starts = Starts(pd.DataFrame({"intervention": ["Mentoring", "Club", "Mentoring"], "week": [3, 4, 9]}))
        >>> starts.of("Mentoring")["week"].tolist(), len(starts.of("Choir"))
        ([3, 9], 0)
        """
        return self.table.iloc[self.places.get(intervention, [])]

    @cached_property
    def places(self) -> dict[str, np.ndarray]:
        """Where the rows of each intervention stand in the table (positions from 0, shape (rows,), by its name).

        Examples
        --------
        >>> starts = Starts(pd.DataFrame({"intervention": ["Mentoring", "Club", "Mentoring"]}))
        >>> starts.places["Mentoring"].tolist()
        [0, 2]
        """
        return dict(self.table.groupby("intervention", sort=False, observed=True).indices)

    def first_weeks(self, intervention: str, pupil_ids: pd.Series) -> np.ndarray:
        """Return the week in which each enrolment's pupil first began an intervention; NEVER where the pupil did not.

        ``pupil_ids`` has one identifier per enrolment. A pupil who left and came back has two, and has begun in both; a start
        that cannot be evaluated still keeps its pupil from being compared. Shape (enrolments,).

        Examples
        --------
        >>> starts = Starts(pd.DataFrame({"intervention": "Mentor", "pupil_id": ["1", "1"], "week": [9, 4], "enrolment": [1, 0]}))
        >>> weeks = starts.first_weeks("Mentor", pd.Series(["1", "2", "1"]))  # pupil 1 left and came back
        >>> weeks.tolist() == [4, NEVER, 4]
        True
        """
        rows = self.of(intervention)
        first = rows[is_known(rows)].groupby(rows["pupil_id"].astype(object))["week"].min()
        return pupil_ids.astype(object).map(first).fillna(NEVER).to_numpy(dtype=np.int64)

    def other_weeks(self, intervention: str, pupil_ids: pd.Series) -> pd.DataFrame:
        """Return every start of another intervention by a named pupil: ``enrolment`` and ``week``.

        One row per start and enrolment of its pupil; ``pupil_ids`` has one identifier per enrolment.

        Examples
        --------
        >>> rows = {"intervention": ["Mentor", "Club"], "pupil_id": ["1", "1"], "week": [9, 4], "enrolment": [0, 0]}
        >>> Starts(pd.DataFrame(rows)).other_weeks("Mentor", pd.Series(["2", "1"])).values.tolist()
        [[1, 4]]
        """
        rows = self.table
        others = rows.loc[is_known(rows) & (rows["intervention"] != intervention), ["pupil_id", "week"]]
        enrolments = pd.DataFrame(
            {"pupil_id": pupil_ids.to_numpy(dtype=object), "enrolment": np.arange(len(pupil_ids))}
        )
        return others.astype({"pupil_id": object}).merge(enrolments, on="pupil_id")[["enrolment", "week"]]


NEVER = np.iinfo(np.int32).max
NO_SUCH_PUPIL, AWAY = -1, -2


def is_known(rows: pd.DataFrame) -> pd.Series:
    """Return which rows of the log name a pupil of the register and a week that it has (boolean, one per row).

    Examples
    --------
    >>> is_known(pd.DataFrame({"enrolment": [0, NO_SUCH_PUPIL, 1], "week": [3, 3, -1]})).tolist()
    [True, False, False]
    """
    return (rows["enrolment"] != NO_SUCH_PUPIL) & (rows["week"] >= 0)


def place_starts(interventions: pd.DataFrame, counts: WeekCounts) -> Starts:
    """Place each row of the log in the school week it counts from.

    Parameters
    ----------
    interventions : pandas.DataFrame
        INTERVENTIONS.
    counts : WeekCounts
        The register by weeks.

    Returns
    -------
    Starts
        One row per row of the log, sorted by intervention, start date and enrolment.

    Notes
    -----
    A start counts from the first school week of which at least half the school days lie on or after the start
    date: a Monday or Tuesday start counts from its own week, a Thursday start from the next. Of several
    starts by one pupil the first counts. A start before the register's first week places no pupil in a window,
    but the pupil is compared with nobody.

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1"], "admission_date": [pd.NaT], "leaving_date": [pd.NaT]})
    >>> mondays = pd.to_datetime(["2026-11-02", "2026-11-09"])
    >>> weeks = pd.DataFrame({"first_date": mondays, "last_date": mondays + pd.Timedelta(days=4)})
    >>> log = pd.DataFrame({"intervention": "Mentor", "pupil_id": "1", "start_date": mondays})
    >>> place_starts(log, WeekCounts(pupils, weeks, {})).table[["week", "left_out"]].values.tolist()
    [[0, ''], [1, 'had it before: the first start is the one that counts']]
    """
    rows = interventions.reindex(columns=["intervention", "pupil_id", "start_date", "end_date", "cost"])
    rows = rows.assign(
        start_date=pd.to_datetime(rows["start_date"]),
        end_date=pd.to_datetime(rows["end_date"]),
        cost=pd.to_numeric(rows["cost"]),
        row=np.arange(len(rows)),
    )
    week = start_weeks(rows["start_date"], counts.weeks)
    enrolment = enrolments_on(rows, counts.pupils)
    placed = rows.assign(
        enrolment=enrolment, week=week, left_out=reasons_out(rows, counts, (week, enrolment))
    )
    placed = placed.sort_values(["intervention", "start_date", "enrolment"], ignore_index=True, kind="stable")
    counted = (placed["left_out"] == "") | (placed["left_out"] == BEFORE_REGISTER)
    again = placed[counted].duplicated(["intervention", "pupil_id"])
    repeats = again[again].index
    placed.loc[repeats, "left_out"] = HAD_IT_BEFORE
    return Starts(placed)


def start_weeks(dates: pd.Series, weeks: pd.DataFrame) -> np.ndarray:
    """Return the position of the week from which each start counts: shape (rows,); -1 where there is none.

    Examples
    --------
    >>> first, last = pd.to_datetime(["2026-11-02", "2026-11-09"]), pd.to_datetime(["2026-11-06", "2026-11-13"])
    >>> weeks = pd.DataFrame({"first_date": first, "last_date": last})
    >>> start_weeks(pd.Series(pd.to_datetime(["2026-11-04", "2026-11-05", "2026-11-12"])), weeks).tolist()
    [0, 1, -1]
    """
    first = weeks["first_date"].to_numpy().astype("datetime64[D]")
    last = weeks["last_date"].to_numpy().astype("datetime64[D]")
    middle = first + ((last - first + 1) // 2)
    days = dates.to_numpy().astype("datetime64[D]")
    found = np.searchsorted(middle, days, side="left")
    return np.where(np.isnat(days) | (found >= len(weeks)), -1, found)


def enrolments_on(rows: pd.DataFrame, pupils: pd.DataFrame) -> np.ndarray:
    """Return the enrolment of each row's pupil on the day its course starts; shape (rows,).

    NO_SUCH_PUPIL where nobody has the identifier, AWAY where the pupil was not on roll then.

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1"], "admission_date": pd.to_datetime(["2026-11-02"]), "leaving_date": [pd.NaT]})
    >>> rows = {"pupil_id": ["1", "1", "9"], "start_date": pd.to_datetime(["2026-11-02", "2026-10-30", "2026-11-02"])}
    >>> enrolments_on(pd.DataFrame(rows), pupils).tolist() == [0, AWAY, NO_SUCH_PUPIL]
    True
    """
    roll = pd.DataFrame(
        {
            "pupil_id": pupils["pupil_id"].astype(object),
            "enrolment": np.arange(len(pupils)),
            "admission": pd.to_datetime(pupils["admission_date"]),
            "leaving": pd.to_datetime(pupils["leaving_date"]),
        }
    )
    wanted = rows[["pupil_id", "start_date"]].astype({"pupil_id": object}).assign(row=np.arange(len(rows)))
    both = wanted[wanted["pupil_id"].notna()].merge(roll, on="pupil_id")
    found = np.where(np.isin(np.arange(len(rows)), both["row"]), AWAY, NO_SUCH_PUPIL)
    is_then = (both["admission"].isna() | (both["admission"] <= both["start_date"])) & (
        both["leaving"].isna() | (both["leaving"] >= both["start_date"])
    )
    found[both.loc[is_then, "row"]] = both.loc[is_then, "enrolment"]
    return found


def reasons_out(rows: pd.DataFrame, counts: WeekCounts, places: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return why each row of the log cannot be placed; an empty text where it can (shape (rows,)).

    Examples
    --------
    >>> counts = WeekCounts(pd.DataFrame(), pd.DataFrame({"first_date": pd.to_datetime(["2026-09-03"])}), {})
    >>> begun, ended = pd.to_datetime(["2026-11-09", None]), pd.to_datetime(["2026-11-02", None])
    >>> rows = pd.DataFrame({"pupil_id": ["1", None], "start_date": begun, "end_date": ended})
    >>> reasons_out(rows, counts, (np.array([9, -1]), np.array([0, NO_SUCH_PUPIL]))).tolist()
    ['ended before it started', 'for the whole school: no pupil named']
    """
    week, enrolment = places
    no_pupil = rows["pupil_id"].isna() | (rows["pupil_id"].astype(object) == "")
    before = rows["start_date"] < counts.weeks["first_date"].min()
    cases = {
        WHOLE_SCHOOL: no_pupil,
        NO_START_DATE: rows["start_date"].isna(),
        NEVER_STARTED: rows["end_date"] < rows["start_date"],
        NOT_IN_REGISTER: enrolment == NO_SUCH_PUPIL,
        NOT_ON_ROLL: enrolment == AWAY,
        BEFORE_REGISTER: before,
        NOT_YET_STARTED: week < 0,
    }
    return np.select([np.asarray(case, dtype=bool) for case in cases.values()], list(cases), default="")
