"""Lesson registers beside the session registers: which are one and the same, and who was in school but not in a lesson."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.grid import LETTER_OF_CELL, Register
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE, Category, code_in_force

# Ours. Registers taken apart hardly ever agree on who was late or not there; one that is copied agrees on nearly all.
COPIED_SHARE, FEWEST_EVENTS = 0.9, 20
# A period lies in the half of the day with which it agrees on nearly all days on which the halves differ.
SAME_HALF_SHARE, FEWEST_DIFFERING = 0.85, 20
PRESENT = ("/", "\\", LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE)


@dataclass(frozen=True, eq=False)
class Lessons:
    """The lessons of a pack's period, one row per pupil and lesson, and what is known of their registers.

    ``rows`` are LESSONS with ``row`` (of the register of people), ``half`` (AM or PM; missing where the period's is not known),
    ``session_code``, ``is_taken``, ``is_in_school`` (the session's mark is of a pupil who was there), ``is_copied`` (the register
    is the session's own), ``is_planned`` (an absence from it was known beforehand), ``is_checkable`` and ``is_missed``. ``periods``
    has one row a period: ``period``, ``half``, ``events``, ``agreeing`` and ``is_copied``.
    """

    register: Register
    rows: pd.DataFrame
    periods: pd.DataFrame

    @cached_property
    def checkable(self) -> pd.DataFrame:
        """The rows of lessons at which it can be checked whether a pupil in school was there: taken, and no copy of the session."""
        return self.rows[self.rows["is_checkable"]]

    @cached_property
    def missed(self) -> pd.DataFrame:
        """The rows of lessons missed by pupils who were in school that session, without a reason."""
        return self.rows[self.rows["is_missed"]]

    @cached_property
    def registers(self) -> pd.DataFrame:
        """The lesson registers, one row per class and period of a day, with whether any pupil has a mark in it.

        ``date``, ``period``, ``class``, ``subject``, ``teacher``, ``pupils`` (a count) and ``is_taken``.

        Examples
        --------
        >>> rows = {"class": ["8a", "8a", None], "pupil_id": ["1", "2", "3"], "is_taken": [False, True, False]}
        >>> rows = pd.DataFrame(rows).assign(date="2026-11-05", period="P1", subject="Art", teacher="Ms Ash")
        >>> Lessons(None, rows, None).registers[["class", "pupils", "is_taken"]].values.tolist()  # one mark is a register taken
        [['8a', 2, True], ['not named', 1, False]]
        """
        key = ["date", "period", "class"]
        rows = self.rows.assign(**{"class": self.rows["class"].fillna("not named")})
        return rows.groupby(key, as_index=False).agg(
            subject=("subject", "first"),
            teacher=("teacher", "first"),
            pupils=("pupil_id", "nunique"),
            is_taken=("is_taken", "any"),
        )


@derived
def lessons_of(pack: Pack) -> Lessons | None:
    """Return the lessons of a pack's period; None where no lessons are exported for it.

    Notes
    -----
    Missed while in school is a lesson marked as unauthorised or not yet explained (N, O, or a code of the school's own that
    stands for one) in a half-day whose session has the pupil present, with no absence planned for it. Only the two daily
    sessions are statutory: this counts in no attendance rate. Source: DfE, Working together to improve school attendance.
    """
    exported = pack.school.lessons
    if exported is None:
        return None
    register = pack.roll.current
    known = _in_register(exported, register)
    if known.empty:
        return None
    periods = _periods(known, register, pack)
    half = known["period"].map(periods.set_index("period")["half"])
    session = _session_codes(known, half, register)
    copied = known["period"].isin(periods.loc[periods["is_copied"], "period"])
    code = known["code"]
    rows = known.assign(
        half=half,
        session_code=session,
        is_taken=code.notna(),
        is_in_school=session.isin(PRESENT) & ~_before_arrival(known, half, session),
        is_copied=copied,
        is_planned=_planned(known, half, pack.school.planned),
    )
    unexplained = code.isin(_unexplained_codes(pack)) & (code != LATE_AFTER_CLOSE)
    is_checkable = rows["is_taken"] & rows["is_in_school"] & ~rows["is_copied"]
    is_missed = is_checkable & unexplained & ~rows["is_planned"]
    return Lessons(register, rows.assign(is_checkable=is_checkable, is_missed=is_missed), periods)


def _before_arrival(known: pd.DataFrame, half: pd.Series, session: pd.Series) -> pd.Series:
    """Say of each lesson whether it is the first of a half-day to which the pupil came after the register closed."""
    first = known.groupby([known["row"], known["date"], half], dropna=False)["period"].transform("min")
    return (session == LATE_AFTER_CLOSE) & (known["period"] == first)


def _unexplained_codes(pack: Pack) -> list[str]:
    found = {letter: code_in_force(letter, pack.date_to) for letter in LETTER_OF_CELL.values()}
    return [
        letter for letter, code in found.items() if code and code.category is Category.UNAUTHORISED_ABSENCE
    ]


def _in_register(exported: pd.DataFrame, register: Register) -> pd.DataFrame:
    rows = pd.Series(np.arange(len(register.pupils)), index=register.pupils["pupil_id"].astype(str))
    days = register.sessions["date"].unique()
    here = exported["pupil_id"].isin(rows.index) & exported["date"].isin(days)
    known = exported[here].sort_values(["pupil_id", "date", "period"], ignore_index=True)
    return known.assign(row=known["pupil_id"].map(rows).to_numpy())


def _columns(register: Register) -> pd.Series:
    """The column of each session by its date and half of the day."""
    keys = pd.MultiIndex.from_arrays([register.sessions["date"], register.sessions["session"]])
    return pd.Series(np.arange(len(keys)), index=keys)


def _session_codes(known: pd.DataFrame, half: pd.Series, register: Register) -> pd.Series:
    """The session's code at each lesson (one row each); missing where the half of the day is not known or was closed."""
    keys = pd.MultiIndex.from_arrays([known["date"], half.astype(object)])
    column = _columns(register).reindex(keys).to_numpy()
    is_known = ~np.isnan(column)
    cells = register.codes[known["row"].to_numpy()[is_known], column[is_known].astype(int)]
    codes = np.full(len(known), None, dtype=object)
    codes[is_known] = [LETTER_OF_CELL.get(cell) for cell in cells.tolist()]
    return pd.Series(codes, index=known.index)


def _periods(known: pd.DataFrame, register: Register, pack: Pack) -> pd.DataFrame:
    """Say of each period in which half of the day it lies, and whether its register is a copy of the session's."""
    said = pack.school.settings.lessons
    named = dict.fromkeys(said.morning, SESSIONS[0]) | dict.fromkeys(said.afternoon, SESSIONS[1])
    taken = known[known["code"].notna()]
    both = {half: _session_codes(taken, pd.Series(half, index=taken.index), register) for half in SESSIONS}
    rows = []
    for period in sorted(known["period"].unique()):
        here = taken["period"] == period
        codes = {half: both[half][here] for half in SESSIONS}
        half = named.get(period) if named else _half_of(taken.loc[here, "code"], codes)
        events, agreeing = _agreement(taken.loc[here, "code"], codes[half]) if half else (0, 0)
        is_copied = events >= FEWEST_EVENTS and agreeing >= COPIED_SHARE * events
        rows.append((period, half, events, agreeing, is_copied))
    return pd.DataFrame(rows, columns=["period", "half", "events", "agreeing", "is_copied"])


def _half_of(lesson: pd.Series, sessions: dict[str, pd.Series]) -> str | None:
    """Tell the half of the day of a period by the days on which a pupil was there for one half alone; None if that is unclear."""
    there = {half: codes.isin(PRESENT) for half, codes in sessions.items()}
    known = sessions[SESSIONS[0]].notna() & sessions[SESSIONS[1]].notna()
    differ = known & (there[SESSIONS[0]] != there[SESSIONS[1]])
    if int(differ.sum()) < FEWEST_DIFFERING:
        return None
    was_there = lesson.isin(PRESENT)[differ]
    agree = {half: int((was_there == there[half][differ]).sum()) for half in SESSIONS}
    half = max(SESSIONS, key=lambda each: agree[each])
    return half if agree[half] >= SAME_HALF_SHARE * int(differ.sum()) else None


def _agreement(lesson: pd.Series, session: pd.Series) -> tuple[int, int]:
    """Count the marks on which two registers taken apart would differ, late or unexplained in either, and those that agree."""
    told = (LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE, "N")
    present_alike = {"\\": "/"}
    one, other = lesson.replace(present_alike), session.replace(present_alike)
    events = (one.isin(told) | other.isin(told)) & other.notna()
    return int(events.sum()), int((events & (one == other)).sum())


def _planned(known: pd.DataFrame, half: pd.Series, planned: pd.DataFrame | None) -> pd.Series:
    """Say of each lesson whether an absence from it was known beforehand (boolean, one per row)."""
    if planned is None or planned.empty:
        return pd.Series(data=False, index=known.index)
    spells = planned.assign(date_to=planned["date_to"].fillna(planned["date_from"]))
    joined = known[["pupil_id", "date"]].assign(place=known.index, half=half).merge(spells, on="pupil_id")
    inside = (joined["date_from"] <= joined["date"]) & (joined["date"] <= joined["date_to"])
    inside &= joined["session"].isna() | (joined["session"] == joined["half"])
    return pd.Series(known.index.isin(joined.loc[inside, "place"]), index=known.index)


def whole_day_codes(found: Lessons) -> int:
    """Count the pupil-days on which every lesson holds one code of absence, which is one fact and not several.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"pupil_id": list("112233"), "code": list("II/I//"), "date": "2026-11-05", "is_taken": True})
    >>> whole_day_codes(SimpleNamespace(rows=rows))  # ill all day, late for one lesson, there all day
    1
    """
    rows = found.rows[found.rows["is_taken"]]
    by_day = rows.groupby(["pupil_id", "date"])["code"].agg(["nunique", "size", "first"])
    return int(((by_day["nunique"] == 1) & (by_day["size"] > 1) & ~by_day["first"].isin(PRESENT)).sum())
