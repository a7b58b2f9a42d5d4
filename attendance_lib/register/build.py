"""From tidy marks to the grid. Marks that cannot be placed are counted with the reason, never lost in silence."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from attendance_lib.register.grid import (
    CELL_OF_LETTER,
    CLOSED,
    MISSING,
    NOT_ON_ROLL,
    Register,
    cell_of,
    no_amendments,
    on_roll,
)
from attendance_lib.rules.calendar import SESSIONS, SchoolCalendar

# Marks that say "closed" or "not yet on roll" agree with a cell that is so; they are not errors.
SAYS_CLOSED = np.array([cell_of("#"), cell_of("Z")])

AGREES = "agrees with a closed session or a pupil not on roll"
NO_SESSION = "no open session in the calendar"
OFF_ROLL = "before admission or after leaving"
CLOSED_FOR_YEAR_GROUP = "session closed for the year group"


@dataclass(frozen=True)
class Placement:
    """A register and the marks that have no place in it.

    ``left_out`` has ``reason`` and ``marks`` (a count); ``left_out_marks`` are the marks themselves with their
    ``reason``, without those that agree with a closed session or a pupil not on roll.
    """

    register: Register
    left_out: pd.DataFrame
    left_out_marks: pd.DataFrame = field(default_factory=pd.DataFrame)


def build_register(pupils: pd.DataFrame, marks: pd.DataFrame, calendar: SchoolCalendar) -> Placement:
    """Place every mark in the grid of the calendar's open sessions.

    Parameters
    ----------
    pupils : pandas.DataFrame
        PUPILS (see ``intake/schema.py``): one row per enrolment; a pupil who left and came back has two.
    marks : pandas.DataFrame
        MARKS: one row per pupil, date and session; codes are letters known to ``rules.codes``.
    calendar : SchoolCalendar
        Sessions before the first mark and after the last one are left out of the grid.

    Returns
    -------
    Placement
        The register, and one row per reason for which marks could not be placed, with their count.

    Notes
    -----
    Order of rows does not matter: enrolments are sorted by identifier and admission date, and where two
    marks claim one cell the reader has already settled which holds (see ``intake``).
    """
    roll = pupils.sort_values(["pupil_id", "admission_date"], na_position="first", ignore_index=True)
    sessions = taken_sessions(calendar.sessions(), marks)
    roll = roll.assign(reference_year=reference_years(roll, sessions))
    codes = empty_grid(roll, sessions)
    places = find_places(roll, sessions, marks)
    letter, letters = pd.factorize(marks["code"])
    cells = np.array([CELL_OF_LETTER[each] for each in letters], dtype=np.uint8)[letter]
    reason = reasons_out(places, codes, cells)
    kept = reason == ""
    codes[places["row"].to_numpy()[kept], places["column"].to_numpy()[kept]] = cells[kept]
    register = Register(
        codes, roll, sessions, changes(marks, places, kept), has_history="amended_on" in marks
    )
    return Placement(register, count_reasons(reason), wrongly_left_out(marks, reason))


def taken_sessions(sessions: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Return the open sessions from the first to the last one that has any mark but ``#`` and ``Z`` (one row per session).

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-09-03", "2026-09-04", "2026-09-07"]), "session": ["AM"] * 3})
    >>> taken_sessions(days, days.assign(code=["#", "/", "L"]))["date"].dt.day.tolist()
    [4, 7]
    """
    taken = ~marks["code"].isin(["#", "Z"]).to_numpy()
    where = np.flatnonzero(np.isin(slots(sessions), np.unique(slots(marks)[taken])))
    return sessions.iloc[where[0] : where[-1] + 1].reset_index(drop=True) if len(where) else sessions.iloc[:0]


def slots(rows: pd.DataFrame) -> np.ndarray:
    """Return one number for each row's date and session, ascending in time (shape (rows,)).

    Examples
    --------
    >>> rows = pd.DataFrame({"date": pd.to_datetime(["1970-01-02", "1970-01-02"]), "session": ["AM", "PM"]})
    >>> slots(rows).tolist()
    [2, 3]
    """
    days = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return days * len(SESSIONS) + (rows["session"] == SESSIONS[1]).to_numpy()


def reference_years(pupils: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
    """Return the first calendar year of the school year that each enrolment's exported year group belongs to.

    An export states the year group of the last school year in which the pupil was on roll. Shape (pupils,).

    Examples
    --------
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2025-09-03", "2026-09-03"]), "school_year": ["202526", "202627"]})
    >>> reference_years(pd.DataFrame({"leaving_date": pd.to_datetime([None, "2026-07-17"])}), sessions).tolist()
    [2026, 2025]
    """
    days = sessions["date"].to_numpy().astype("datetime64[D]")
    years = sessions["school_year"].str[:4].astype(int).to_numpy()
    if not len(days):
        return np.zeros(len(pupils), dtype=int)
    leaving = pupils["leaving_date"].to_numpy().astype("datetime64[D]")
    last = np.where(np.isnat(leaving), days[-1], leaving)
    return years[np.clip(np.searchsorted(days, last, side="right") - 1, 0, None)]


def empty_grid(pupils: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
    """Return a grid (uint8, pupils x sessions: one row per enrolment, one column per session) without a mark.

    Its cells are missing marks, closed sessions (to some year groups) and sessions off roll.

    Examples
    --------
    >>> pupils = pd.DataFrame({"year_group": [7, 8], "reference_year": 2026, "admission_date": pd.NaT, "leaving_date": pd.NaT})
    >>> sessions = {"date": pd.to_datetime(["2026-11-05"]), "school_year": ["202627"], "closed_year_groups": [(7,)]}
    >>> empty_grid(pupils, pd.DataFrame(sessions)).ravel().tolist() == [CLOSED, MISSING]
    True
    """
    grid = np.full((len(pupils), len(sessions)), MISSING, dtype=np.uint8)
    for column in np.flatnonzero(sessions["closed_year_groups"].map(len)):
        years_ago = pupils["reference_year"] - int(sessions["school_year"].iloc[column][:4])
        closed = (pupils["year_group"] - years_ago).isin(sessions["closed_year_groups"].iloc[column])
        grid[closed.to_numpy(dtype=bool), column] = CLOSED
    grid[~on_roll(pupils, sessions["date"])] = NOT_ON_ROLL
    return grid


def find_places(pupils: pd.DataFrame, sessions: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Return each mark's ``row`` (an enrolment) and ``column`` (a session) in the grid, -1 where there is none; a row per mark.

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "1"], "admission_date": pd.to_datetime([None, "2026-11-09"])})
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-09"]), "session": ["AM", "AM"]})
    >>> find_places(pupils, sessions, sessions.assign(pupil_id="1")).values.tolist()  # who came back has a row each time
    [[0, 0], [1, 1]]
    >>> find_places(pupils, sessions, sessions.tail(1).assign(pupil_id="2", session="PM")).values.tolist()
    [[-1, -1]]
    """
    column = positions(slots(sessions), slots(marks))
    number, ids = pd.factorize(marks["pupil_id"])
    first, last = enrolment_rows(pupils)
    row = np.array([first.get(pupil_id, -1) for pupil_id in ids.astype(str)], dtype=np.int64)[number]
    final = np.array([last.get(pupil_id, -1) for pupil_id in ids.astype(str)], dtype=np.int64)[number]
    admission = pupils["admission_date"].to_numpy().astype("datetime64[D]")
    days = marks["date"].to_numpy().astype("datetime64[D]")
    # Step through the second and later enrolments of those few pupils who came back.
    for _ in range(int((final - row).max(initial=0))):
        row = row + ((row < final) & (days >= admission[np.minimum(row + 1, len(pupils) - 1)]))
    return pd.DataFrame({"row": row, "column": column})


def positions(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return where each wanted number stands among known ascending ones; -1 where it does not (shape of ``wanted``).

    Examples
    --------
    >>> positions(np.array([3, 5, 9]), np.array([9, 4, 3])).tolist()
    [2, -1, 0]
    """
    if not len(known):
        return np.full(len(wanted), -1)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[place] == wanted, place, -1)


def enrolment_rows(pupils: pd.DataFrame) -> tuple[dict[str, int], dict[str, int]]:
    """Return the first and the last grid row (numbers from 0) of each pupil identifier.

    Examples
    --------
    >>> enrolment_rows(pd.DataFrame({"pupil_id": ["1", "2", "2"]}))
    ({'1': 0, '2': 1}, {'1': 0, '2': 2})
    """
    rows = pd.Series(np.arange(len(pupils)), index=pupils["pupil_id"].astype(str)).groupby(level=0)
    return rows.min().to_dict(), rows.max().to_dict()


def reasons_out(places: pd.DataFrame, grid: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Return why each mark has no place in the grid of sessions; an empty text where it has one (shape (marks,)).

    Parameters
    ----------
    places : pandas.DataFrame
        ``find_places``, one row per mark.
    grid : numpy.ndarray
        ``empty_grid``, shape (enrolments, sessions).
    cells : numpy.ndarray
        What each mark writes into its cell (uint8, shape (marks,)).

    Examples
    --------
    >>> places = pd.DataFrame({"row": [0, 0, -1], "column": [0, 1, 0]})
    >>> grid = np.array([[MISSING, NOT_ON_ROLL]], dtype=np.uint8)
    >>> reasons_out(places, grid, np.full(3, cell_of("/"))).tolist()
    ['', 'before admission or after leaving', 'pupil not in the pupils file']
    """
    row, column = places["row"].to_numpy(), places["column"].to_numpy()
    found = (row >= 0) & (column >= 0)
    state = np.where(
        found, grid[np.where(found, row, 0), np.where(found, column, 0)] if grid.size else MISSING, MISSING
    )
    agrees = np.isin(cells, SAYS_CLOSED) & ((column < 0) | (state != MISSING))
    # Nearly every mark has its place: the reasons are worked out for the few that have not.
    reasons = np.full(len(cells), "", dtype=object)
    out = agrees | ~found | np.isin(state, [NOT_ON_ROLL, CLOSED])
    reasons[out] = np.select(
        [each[out] for each in (agrees, row < 0, column < 0, state == NOT_ON_ROLL, state == CLOSED)],
        [
            AGREES,
            "pupil not in the pupils file",
            NO_SESSION,
            OFF_ROLL,
            CLOSED_FOR_YEAR_GROUP,
        ],
        default="",
    )
    return reasons


def count_reasons(reason: np.ndarray) -> pd.DataFrame:
    """Return one row per reason for leaving marks out, with ``marks`` (a count, one a session), most first.

    Examples
    --------
    >>> count_reasons(np.array(["", OFF_ROLL, OFF_ROLL], dtype=object))["marks"].tolist()
    [2]
    """
    counts = pd.Series(reason[reason != ""], dtype=object).value_counts()
    return pd.DataFrame({"reason": counts.index, "marks": counts.to_numpy()})


def wrongly_left_out(marks: pd.DataFrame, reason: np.ndarray) -> pd.DataFrame:
    """Return the marks (rows) that contradict the roll or the calendar: pupil, ``date``, ``session``, ``code``, ``reason``.

    Examples
    --------
    >>> marks = pd.DataFrame({"pupil_id": ["1", "1"], "date": ["2026-09-07"] * 2, "session": ["AM", "PM"], "code": ["/", "#"]})
    >>> wrongly_left_out(marks, np.array([NO_SESSION, AGREES], dtype=object))["code"].tolist()
    ['/']
    """
    wrong = (reason != "") & (reason != AGREES)
    return (
        marks.loc[wrong, ["pupil_id", "date", "session", "code"]]
        .assign(reason=reason[wrong])
        .reset_index(drop=True)
    )


def changes(marks: pd.DataFrame, places: pd.DataFrame, kept: np.ndarray) -> pd.DataFrame:
    """Return the register's amendments: marks placed in the grid that are known to have been changed.

    Returns
    -------
    pandas.DataFrame
        One row per changed mark: ``row`` and ``column`` of its session in the grid, ``amended_from`` (a cell, uint8) and
        ``amended_on`` (datetime64[s]).

    Examples
    --------
    >>> marks = pd.DataFrame({"amended_from": ["N", None], "amended_on": pd.to_datetime(["2026-11-12", None])})
    >>> places = pd.DataFrame({"row": [0, 1], "column": [4, 4]})
    >>> changes(marks, places, np.array([True, True]))[["row", "column"]].values.tolist()
    [[0, 4]]
    """
    if "amended_on" not in marks:
        return no_amendments()
    changed = kept & marks["amended_on"].notna().to_numpy()
    before = marks.loc[changed, "amended_from"].astype(object).map(CELL_OF_LETTER).fillna(MISSING)
    return pd.DataFrame(
        {
            "row": places["row"].to_numpy()[changed],
            "column": places["column"].to_numpy()[changed],
            "amended_from": before.to_numpy().astype(np.uint8),
            "amended_on": marks.loc[changed, "amended_on"].to_numpy(),
        }
    )
