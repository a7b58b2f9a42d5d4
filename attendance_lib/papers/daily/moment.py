"""A pack as it stood after one register of one day: what came later is not known yet, whatever the exports hold."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.findings import SchoolDays
from attendance_lib.analysis.inspection.scope import Order, Scope, scope_of
from attendance_lib.errors import InputError, SettingsError, quoted
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.grid import MISSING, Register, cell_of
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import ABSENT, LATE_AFTER_CLOSE, Category

MORNING, AFTERNOON = SESSIONS
HALF_NAMES = {MORNING: "morning", AFTERNOON: "afternoon"}


def at_session(pack: Pack, session: str) -> Pack:
    """Return a pack as it stood after a register of its last day, which alone becomes its period.

    Parameters
    ----------
    pack : Pack
        As opened, with every mark that the exports hold.
    session : str
        ``AM`` or ``PM``. Of a morning no later mark is known, even where the exports hold the afternoon's.

    Raises
    ------
    SettingsError
        If it is neither.
    InputError
        If the exports hold no such register of that day.

    Examples
    --------
    >>> at_session(None, "noon")
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: Parameter 'session': 'noon' is not known. Write "AM" or "PM".
    """
    if session not in SESSIONS:
        raise SettingsError(f'Parameter \'session\': {quoted(session)} is not known. Write "AM" or "PM".')
    cut = _up_to(pack, pack.date_to, session)
    if cut is None:
        held = pack.register.sessions.loc[
            pack.register.sessions["date"] == pd.Timestamp(pack.date_to), "session"
        ]
        known = " and ".join(HALF_NAMES[half] for half in held) or "no session"
        raise InputError(
            f"There are no {HALF_NAMES[session]} marks of {pack.date_to}; the exports hold {known} of that day. Export the marks "
            'again, or choose the other one with --set session="AM" or "PM".'
        )
    return cut


def _up_to(pack: Pack, day: date, session: str) -> Pack | None:
    sessions = pack.register.sessions
    place = np.flatnonzero((sessions["date"] == pd.Timestamp(day)) & (sessions["session"] == session))
    return _cut(pack, int(place[0])) if len(place) else None


def _cut(pack: Pack, last: int) -> Pack:
    """Return a pack of which no session after a column is known; its period is that session's day."""
    register = pack.register.where_sessions(np.arange(len(pack.register.sessions)) <= last)
    day = register.last_date
    periods, roll = (
        replace(each, register=register, date_from=day, date_to=day) for each in (pack.periods, pack.roll)
    )
    return replace(pack, register=register, periods=periods, roll=roll)


def session_of(pack: Pack) -> str:
    """Return the session after which a pack stands: the last one of its last day."""
    return str(pack.roll.current.sessions["session"].iloc[-1])


def is_afternoon(pack: Pack) -> bool:
    """Whether a pack stands after an afternoon's register, and so tells only what is new.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = [pd.DataFrame({"session": halves}) for halves in (["AM"], ["AM", "PM"])]
    >>> [is_afternoon(SimpleNamespace(roll=SimpleNamespace(current=SimpleNamespace(sessions=day)))) for day in days]
    [False, True]
    """
    return session_of(pack) == AFTERNOON


@derived
def morning_of(pack: Pack) -> Pack | None:
    """Return the pack of the same day's morning; None for a morning, and where there was none."""
    return _up_to(pack, pack.date_to, MORNING) if is_afternoon(pack) else None


@derived
def day_before(pack: Pack) -> Pack | None:
    """Return the pack as it stood at the end of the last school day before; None where the register begins with the day."""
    place = np.flatnonzero(pack.register.sessions["date"] < pd.Timestamp(pack.date_to))
    return _cut(pack, int(place[-1])) if len(place) else None


Found = Callable[[Pack], pd.DataFrame]


def new_since_morning(pack: Pack, find: Found) -> pd.DataFrame:
    """Return the rows found now that were not found in the morning of the day; of a morning all that are found.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> morning = SimpleNamespace(late=pd.DataFrame({"pupil_id": ["1"]}))
    >>> pack = SimpleNamespace(late=pd.DataFrame({"pupil_id": ["1", "2"]}), results={morning_of: morning})
    >>> new_since_morning(pack, lambda told: told.late)["pupil_id"].tolist()
    ['2']
    """
    found, morning = find(pack), morning_of(pack)
    if morning is None or found.empty:
        return found
    before = set(_cells(find(morning)))
    return found[[row not in before for row in _cells(found)]].reset_index(drop=True)


def _cells(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    return rows.itertuples(index=False, name=None)


@derived
def scope_at(pack: Pack) -> Scope:
    """Return what the checks of a register inspection look at, up to a pack's session: whom its cohort has."""
    return scope_of(
        pack.school, pack.register, pack.left_out_marks, Order(pack.date_to, where=pack.cohort.where)
    )


def roll_ids(pack: Pack) -> pd.Series:
    """Return the identifiers of who is on roll (text, rows of ``roll.year_to_date``)."""
    return pack.roll.year_to_date.pupils["pupil_id"].astype(str)


def at_last_session(register: Register) -> Register:
    """Return a register of its last session alone: the one after which a pack stands."""
    return register.where_sessions(np.arange(len(register.sessions)) == len(register.sessions) - 1)


def now_codes(pack: Pack) -> np.ndarray:
    """Return the cell of each pupil on roll at the pack's session (uint8, shape (pupils,), rows of ``roll.year_to_date``)."""
    return pack.roll.year_to_date.codes[:, -1]


def is_here(register: Register) -> np.ndarray:
    """Return which cells are of a pupil on site: present, late, or come after the register closed; shape (enrolments, sessions).

    Examples
    --------
    >>> cells = np.array([[cell_of(code) for code in "/LUIB"]], dtype=np.uint8)
    >>> register = Register(cells, pd.DataFrame(index=[0]), pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 5)}))
    >>> is_here(register).tolist()  # who is taught elsewhere (B) attends and is not on site
    [[True, True, True, False, False]]
    """
    return (register.categories == Category.PRESENT) | (register.codes == cell_of(LATE_AFTER_CLOSE))


def is_away(register: Register) -> np.ndarray:
    """Return which cells are of a pupil who did not come: any absence but a late arrival; shape (enrolments, sessions).

    Examples
    --------
    >>> cells = np.array([[cell_of(code) for code in "INUB"]], dtype=np.uint8)
    >>> register = Register(cells, pd.DataFrame(index=[0]), pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 4)}))
    >>> is_away(register).tolist()  # who came after the register closed (U) is absent by it and did come
    [[True, True, False, False]]
    """
    return np.isin(register.categories, ABSENT) & (register.codes != cell_of(LATE_AFTER_CLOSE))


@derived
def days_away(pack: Pack) -> pd.DataFrame:
    """Say for how many whole school days each pupil on roll had been away just before the day.

    Returns
    -------
    pandas.DataFrame
        One row per pupil of ``roll.year_to_date``: ``days`` (school days of this school year, in a row, up to the last one
        before; 0 if the pupil came then) and ``since`` (the first of them; the day itself where there is none).

    Notes
    -----
    A day without a session for the pupil, over weekends and holidays too, and one without any mark, neither lengthens nor ends
    it: what is not known is not counted.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09"]), "session": "AM"})
    >>> codes = np.array([[cell_of(code) for code in marks] for marks in ("/IIN", "IL/N")], dtype=np.uint8)
    >>> roll = SimpleNamespace(year_to_date=Register(codes, pd.DataFrame({"pupil_id": ["1", "2"]}), days))
    >>> days_away(SimpleNamespace(date_to="2026-11-09", roll=roll, results={}))["days"].tolist()  # since Thursday, none
    [2, 0]
    """
    year = pack.roll.year_to_date
    before = year.where_sessions((year.sessions["date"] < pd.Timestamp(pack.date_to)).to_numpy(dtype=bool))
    today = np.datetime64(pack.date_to, "s")
    if before.sessions.empty:
        return pd.DataFrame({"days": 0, "since": np.full(len(year.pupils), today)})
    days = SchoolDays(before)
    due = days.due - days.count(before.codes == MISSING)
    away = (days.count(is_away(before)) == due) & (due > 0)
    came = ~away & (due > 0)
    in_run = (away & ~np.logical_or.accumulate(came[:, ::-1], axis=1)[:, ::-1]).astype(bool)
    dates = before.sessions["date"].to_numpy().astype("datetime64[s]")[days.starts]
    first = np.where(in_run.any(axis=1), dates[in_run.argmax(axis=1)], today)
    return pd.DataFrame({"days": in_run.sum(axis=1), "since": first})
