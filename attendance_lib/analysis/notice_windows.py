"""Who has met, or is near, a penalty notice threshold: unauthorised sessions in windows of school weeks or terms.

A window slides by whole school weeks (weeks with at least one session, over holidays and from one school
year into the next), never by days. Source: Working together to improve school attendance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.pack.cohorts import was_of_school_age
from attendance_lib.register.grid import LETTER_OF_CELL, MISSING, NOT_ON_ROLL, Register, cell_of
from attendance_lib.rules.calendar import school_year_of
from attendance_lib.rules.codes import NO_REASON_YET
from attendance_lib.rules.notices import (
    UNAUTHORISED_CODES,
    NoticeRule,
)

BY_PARENT = ("pupil_id", "parent", "acted_on_through_date", "notices_in_three_years")
CODE_SESSIONS = {code: f"{code.lower()}_sessions" for code in UNAUTHORISED_CODES}


@dataclass(frozen=True, eq=False)
class People:
    """One row per pupil (enrolments taken together) and parent, and the sessions up to the day it is judged on.

    Each pupil has a row for every parent who is not named (``parent`` empty) and one for each who got a penalty notice.
    ``pupils`` has ``pupil_id``, ``date_of_birth``, ``year_group``, ``is_on_roll``, ``parent``, ``acted_on_through_date``
    and ``notices_in_three_years``; ``cells`` is the grid, shape (rows of pupils, sessions).
    """

    pupils: pd.DataFrame
    cells: np.ndarray
    sessions: pd.DataFrame

    @cached_property
    def days(self) -> np.ndarray:
        """The date of each session (datetime64[D], shape (sessions,)).

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])})
        >>> People(pd.DataFrame(), np.zeros((0, 1)), sessions).days.astype(str).tolist()
        ['2026-11-05']
        """
        return self.sessions["date"].to_numpy().astype("datetime64[D]")

    @cached_property
    def is_of_age(self) -> np.ndarray:
        """Whether each pupil was of compulsory school age at each session: boolean, shape (pupils, sessions).

        Where no date of birth is known, Years 1 to 11 stand in for the ages.

        Examples
        --------
        >>> pupils = pd.DataFrame({"date_of_birth": [pd.NaT, pd.NaT], "year_group": [11, 12]})
        >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])})
        >>> People(pupils, np.zeros((2, 1)), days).is_of_age.tolist()
        [[True], [False]]
        """
        return was_of_school_age(self.pupils, self.days)

    @cached_property
    def is_open(self) -> np.ndarray:
        """Whether each session is later than those a notice was issued to the parent for: boolean, shape (pupils, sessions).

        Examples
        --------
        >>> pupils = pd.DataFrame({"acted_on_through_date": pd.to_datetime(["2026-11-05", None])})
        >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06"])})
        >>> People(pupils, np.zeros((2, 2)), days).is_open.tolist()  # a notice was issued about the first pupil's first day
        [[False, True], [True, True]]
        """
        acted = self.pupils["acted_on_through_date"].to_numpy().astype("datetime64[D]")[:, None]
        return np.isnat(acted) | (self.days > acted)

    @property
    def is_listed(self) -> np.ndarray:
        """Whether each pupil is on roll and of compulsory school age on the last day: boolean, shape (pupils,).

        Examples
        --------
        >>> pupils = {"date_of_birth": pd.NaT, "year_group": [11, 11, 12], "is_on_roll": [True, False, True]}
        >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])})
        >>> People(pd.DataFrame(pupils), np.zeros((3, 1)), days).is_listed.tolist()
        [True, False, False]
        """
        return self.pupils["is_on_roll"].to_numpy(dtype=bool) & self.is_of_age[:, -1]


def people_of(register: Register, on: date, by_parent: pd.DataFrame | None = None) -> People:
    """Return the pupils of a register as they stand on a day.

    Parameters
    ----------
    register : Register
        The whole school's, over every session known: its weeks are the school weeks.
    on : datetime.date
        The day it is judged on; later sessions do not count.
    by_parent : pandas.DataFrame, optional
        One row per pupil and parent who got a penalty notice (``penalty_notices.notices_by_parent``): absence up to
        ``acted_on_through_date`` does not count again for that parent, and does for every other.

    Returns
    -------
    People
        One row per pupil identifier and parent, in the register's order, parents who are not named first.
    """
    upto = register.where_sessions(register.sessions["date"] <= pd.Timestamp(on))
    number, ids = pd.factorize(upto.pupils["pupil_id"].astype(str))
    cells = np.full((len(ids), upto.codes.shape[1]), NOT_ON_ROLL, dtype=np.uint8)
    # A pupil who left and came back has two rows: on a session of one the other is off roll.
    for row, codes in zip(number, upto.codes, strict=True):
        cells[row] = np.where(cells[row] == NOT_ON_ROLL, codes, cells[row])
    pupils = last_enrolments(upto.pupils.assign(is_on_roll=register.is_on_roll(on)), on)
    pupils = for_each_parent(
        pupils, pd.DataFrame(columns=list(BY_PARENT)) if by_parent is None else by_parent
    )
    return People(pupils, cells[pd.Index(ids).get_indexer(pupils["pupil_id"])], upto.sessions)


def for_each_parent(pupils: pd.DataFrame, by_parent: pd.DataFrame) -> pd.DataFrame:
    """Return the pupils once for the parents who got no penalty notice and once for each who did (see ``People``).

    Examples
    --------
    >>> by_parent = pd.DataFrame({"pupil_id": ["1"], "parent": ["A"], "acted_on_through_date": [None]})
    >>> both = for_each_parent(pd.DataFrame({"pupil_id": ["1", "2"]}), by_parent.assign(notices_in_three_years=2))
    >>> both[["pupil_id", "parent", "notices_in_three_years"]].values.tolist()
    [['1', '', 0], ['1', 'A', 2], ['2', '', 0]]
    """
    others = pupils.assign(parent="", acted_on_through_date=pd.NaT, notices_in_three_years=0)
    named = pupils.assign(place=np.arange(len(pupils))).merge(by_parent, on="pupil_id")
    both = pd.concat([others.assign(place=np.arange(len(pupils))), named.astype(others.dtypes.to_dict())])
    both = both.sort_values("place", kind="stable", ignore_index=True).drop(columns="place")
    return both.astype({"acted_on_through_date": "datetime64[s]"})


def last_enrolments(pupils: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return each pupil's last enrolment, on roll if any is, with the year group of the day (one row per pupil).

    Examples
    --------
    >>> pupils = {"pupil_id": ["1", "1"], "date_of_birth": pd.NaT, "reference_year": [2025, 2026], "year_group": [7, 8]}
    >>> found = last_enrolments(pd.DataFrame(pupils | {"is_on_roll": [False, True]}), date(2026, 11, 20))
    >>> found[["pupil_id", "year_group", "is_on_roll"]].values.tolist()  # left in Year 7, back in Year 8
    [['1', 8, True]]
    """
    years_ago = pupils["reference_year"] - int(school_year_of(on)[:4])
    now = pupils.assign(pupil_id=pupils["pupil_id"].astype(str), year_group=pupils["year_group"] - years_ago)
    grouped = now.groupby("pupil_id", sort=False, as_index=False)
    return grouped.agg({"date_of_birth": "last", "year_group": "last", "is_on_roll": "any"})


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of one rule over the sessions of people, each ending at a session.

    Examples
    --------
    >>> from attendance_lib.rules.notices import Span
    >>> days = pd.to_datetime(["2026-11-05", "2026-11-12", "2026-11-19"])  # one session in each of three school weeks
    >>> pupils = pd.DataFrame({"date_of_birth": [pd.NaT], "year_group": [9], "acted_on_through_date": [pd.NaT]})
    >>> cells = np.array([[cell_of(code) for code in "OUI"]])
    >>> people = People(pupils, cells, pd.DataFrame({"date": days, "school_week": [8, 9, 10]}))
    >>> windows = Windows(NoticeRule("Two in two weeks", 2, 2, Span.SCHOOL_WEEKS, date(2026, 9, 1)), people)
    >>> windows.running.tolist(), windows.current  # illness counts for nothing
    ([[1, 2, 1]], slice(1, 3, None))
    >>> windows.count_code("U").tolist(), windows.falling_out().tolist()
    ([1], [1])
    >>> windows.first_met().astype(str).tolist()
    ['2026-11-12']
    """

    rule: NoticeRule
    people: People

    @cached_property
    def periods(self) -> np.ndarray:
        """The number of each session's school week or term, from 0: shape (sessions,).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> people = People(pd.DataFrame(), np.zeros((0, 3)), pd.DataFrame({"school_week": [7, 7, 8]}))
        >>> Windows(SimpleNamespace(span="school_week", length=10), people).periods.tolist()
        [0, 0, 1]
        """
        return pd.factorize(self.people.sessions[self.rule.span])[0]

    @cached_property
    def starts(self) -> np.ndarray:
        """The column of the first session of the window that ends at each session: shape (sessions,).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> people = People(pd.DataFrame(), np.zeros((0, 4)), pd.DataFrame({"school_week": [7, 7, 8, 9]}))
        >>> Windows(SimpleNamespace(span="school_week", length=2), people).starts.tolist()  # the last window is of weeks 8 and 9
        [0, 0, 0, 2]
        """
        return np.searchsorted(self.periods, self.periods - self.rule.length + 1)

    @cached_property
    def may_count(self) -> np.ndarray:
        """Whether a session would count if its code does: by date, age and action taken; shape (pupils, sessions).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> days = np.array(["2026-08-31", "2026-09-01"], dtype="datetime64[D]")
        >>> people = SimpleNamespace(days=days, is_of_age=np.array([[True, True]]), is_open=np.array([[True, True]]))
        >>> Windows(SimpleNamespace(from_date=date(2026, 9, 1), to_date=date(2027, 8, 31)), people).may_count.tolist()
        [[False, True]]
        """
        days = self.people.days
        is_dated = (days >= np.datetime64(self.rule.from_date)) & (days <= np.datetime64(self.rule.to_date))
        return is_dated & self.people.is_of_age & self.people.is_open

    @cached_property
    def is_counted(self) -> np.ndarray:
        """Whether each session counts towards the threshold: boolean, shape (pupils, sessions).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> days = np.array(["2026-11-05", "2026-11-06"], dtype="datetime64[D]")
        >>> people = SimpleNamespace(days=days, is_of_age=True, is_open=True, cells=np.array([[cell_of("O"), cell_of("N")]]))
        >>> rules = [SimpleNamespace(from_date=days[0], to_date=days[1], codes=codes) for codes in ("ON", "O")]
        >>> [Windows(rule, people).is_counted.tolist() for rule in rules]  # N counts where the rule has it
        [[[True, True]], [[True, False]]]
        """
        counts = np.zeros(np.iinfo(np.uint8).max + 1, dtype=bool)
        counts[[cell_of(code) for code in self.rule.codes]] = True
        return counts[self.people.cells] & self.may_count

    @cached_property
    def running(self) -> np.ndarray:
        """The sessions counted in the window that ends at each session: shape (pupils, sessions)."""
        total = np.pad(np.cumsum(self.is_counted, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
        return total[:, 1:] - total[:, self.starts]

    @property
    def current(self) -> slice:
        """The columns of the window that ends on the last day."""
        return slice(int(self.starts[-1]), len(self.periods))

    def count_code(self, code: str) -> np.ndarray:
        """Return the sessions of a code in the current window, whether or not the rule counts it: shape (pupils,)."""
        held = (self.people.cells == cell_of(code)) & self.may_count
        return held[:, self.current].sum(axis=1)

    def count_missing(self) -> np.ndarray:
        """Return the marks missing in the current window, of sessions that would count if their code did: shape (pupils,)."""
        return ((self.people.cells == MISSING) & self.may_count)[:, self.current].sum(axis=1)

    def falling_out(self) -> np.ndarray:
        """Return the sessions counted that drop out when the window moves on by one week or term: shape (pupils,)."""
        oldest = self.periods == self.periods[-1] - self.rule.length + 1
        return self.is_counted[:, oldest].sum(axis=1)

    def first_met(self) -> np.ndarray:
        """Return the date on which the threshold was first met (datetime64[D], shape (pupils,)); missing if it was not.

        It looks back over the windows that end within the current one. A spell at the threshold that
        began before them is dated by its own first day.
        """
        is_met = self.running >= self.rule.sessions
        back = self.current.start
        short = np.where(is_met[:, :back], -1, np.arange(back)).max(axis=1, initial=-1)
        column = np.where(is_met[:, back], short + 1, back + is_met[:, back:].argmax(axis=1))
        return np.where(is_met[:, back:].any(axis=1), self.people.days[column], np.datetime64("NaT"))


def count_windows(people: People, rules: Sequence[NoticeRule], on: date) -> pd.DataFrame:
    """Count each pupil's unauthorised sessions in the current window of each rule in force.

    Parameters
    ----------
    people : People
        See ``people_of``.
    rules : sequence of NoticeRule
        Those not in force on the day are left out.
    on : datetime.date
        The day it is judged on.

    Returns
    -------
    pandas.DataFrame
        One row per rule, pupil on roll and of compulsory school age and row of ``People``, rules in their order:
        ``pupil_id``, ``person`` (the row), ``parent`` and ``notices_in_three_years`` (of ``People``),
        ``rule``, ``counted_sessions``, ``needed_sessions``, ``first_met_date`` (missing if
        not met), ``peak_sessions`` (the most in any window ending within the current one),
        ``window_start_date``, ``window_end_date``, ``g_sessions``, ``n_sessions``, ``o_sessions``,
        ``u_sessions``, ``missing_sessions`` (marks), ``counted_without_n_sessions``, ``falling_out_sessions`` (when the window
        moves on), ``sessions_to_threshold``, ``acted_on_through_date``, ``has_been_met``, ``is_met_now``,
        ``is_met_only_with_n`` (now) and ``is_near``. All counts are sessions.
    """
    in_force = [rule for rule in rules if rule.is_in_force(on)] if len(people.sessions) else []
    counted = [count_under(Windows(rule, people)) for rule in in_force]
    return pd.concat(counted, ignore_index=True) if counted else pd.DataFrame(columns=list(WINDOW_COLUMNS))


WINDOW_COLUMNS = (
    "pupil_id", "person", "parent", "notices_in_three_years",
    "rule", "counted_sessions", "needed_sessions", "first_met_date", "peak_sessions", "window_start_date",
    "window_end_date", *CODE_SESSIONS.values(), "missing_sessions", "falling_out_sessions", "acted_on_through_date",
    "counted_without_n_sessions", "sessions_to_threshold", "has_been_met", "is_met_now", "is_met_only_with_n", "is_near",
)  # fmt: skip


def count_under(windows: Windows) -> pd.DataFrame:
    """Return one rule's rows of ``count_windows``: one per pupil listed and parent, counts in sessions."""
    people, rule, days = windows.people, windows.rule, windows.people.days
    found = pd.DataFrame(
        {
            "pupil_id": people.pupils["pupil_id"],
            "person": np.arange(len(people.pupils)),
            "parent": people.pupils["parent"],
            "notices_in_three_years": people.pupils["notices_in_three_years"],
            "rule": rule.name,
            "counted_sessions": windows.running[:, -1],
            "needed_sessions": rule.sessions,
            "first_met_date": windows.first_met().astype("datetime64[s]"),
            "peak_sessions": windows.running[:, windows.current].max(axis=1),
            "window_start_date": days[windows.current.start].astype("datetime64[s]"),
            "window_end_date": days[-1].astype("datetime64[s]"),
            **{name: windows.count_code(code) for code, name in CODE_SESSIONS.items()},
            "missing_sessions": windows.count_missing(),
            "falling_out_sessions": windows.falling_out(),
            "acted_on_through_date": people.pupils["acted_on_through_date"],
        }
    )
    return found[people.is_listed].pipe(judge, rule)


def judge(found: pd.DataFrame, rule: NoticeRule) -> pd.DataFrame:
    """Add what a rule makes of the sessions counted, row by row (see ``count_windows``): two counts of sessions and five flags.

    Examples
    --------
    >>> from attendance_lib.rules.notices import national_framework
    >>> found = pd.DataFrame({"counted_sessions": [10, 10, 7], "n_sessions": [0, 1, 0], "first_met_date": pd.NaT})
    >>> judge(found, national_framework())[["is_met_now", "is_met_only_with_n", "is_near"]].values.tolist()
    [[True, False, False], [True, True, False], [False, False, True]]
    """
    n_counted = found[CODE_SESSIONS[NO_REASON_YET]] if rule.counts_n else 0
    without_n = found["counted_sessions"] - n_counted
    is_met = found["counted_sessions"] >= rule.sessions
    return found.assign(
        counted_without_n_sessions=without_n,
        sessions_to_threshold=(rule.sessions - found["counted_sessions"]).clip(lower=0),
        has_been_met=found["first_met_date"].notna(),
        is_met_now=is_met,
        is_met_only_with_n=is_met & (without_n < rule.sessions),
        is_near=~is_met & (found["counted_sessions"] >= rule.near_from),
    )


def sessions_counted(people: People, rules: Sequence[NoticeRule], windows: pd.DataFrame) -> pd.DataFrame:
    """List the sessions counted in the current window.

    Parameters
    ----------
    people : People
        As for ``count_windows``.
    rules : sequence of NoticeRule
        The rules of those windows.
    windows : pandas.DataFrame
        The rows of ``count_windows`` whose sessions are wanted.

    Returns
    -------
    pandas.DataFrame
        One row per row of the windows and session counted, in the order of the windows and then of time:
        ``pupil_id``, ``rule``, ``date``, ``session`` (AM or PM) and ``code``.
    """
    by_name = {rule.name: rule for rule in rules}
    listed = [
        sessions_under(Windows(by_name[name], people), rows)
        for name, rows in windows.groupby("rule", sort=False)
    ]
    return pd.concat(listed, ignore_index=True) if listed else pd.DataFrame(columns=SESSION_COLUMNS)


SESSION_COLUMNS = ["pupil_id", "rule", "date", "session", "code"]


def sessions_under(windows: Windows, listed: pd.DataFrame) -> pd.DataFrame:
    """Return one rule's rows of ``sessions_counted`` (one per session counted), for the windows listed and in their order."""
    row = listed["person"].to_numpy()
    who, column = np.nonzero(windows.is_counted[row][:, windows.current])
    column = column + windows.current.start
    sessions = windows.people.sessions.iloc[column]
    letters = np.vectorize(LETTER_OF_CELL.get, otypes=[object])(windows.people.cells[row[who], column])
    return pd.DataFrame(
        {
            "pupil_id": listed["pupil_id"].to_numpy()[who],
            "rule": windows.rule.name,
            "date": sessions["date"].to_numpy(),
            "session": sessions["session"].to_numpy(),
            "code": letters,
        }
    )
