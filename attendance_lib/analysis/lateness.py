"""Late arrivals one by one, with the minutes that were written down: none is ever assumed."""

import numpy as np
import pandas as pd

from attendance_lib.intake.checked_school import School
from attendance_lib.register.grid import LETTER_OF_CELL, Register, cell_of
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE, Category

LATE = (LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE)
# The widest is 30: a register should not stay open for longer. Source: DfE, Working together, paragraph on registers.
BANDS = ((1, 5, "1 to 5 minutes"), (6, 15, "6 to 15"), (16, 30, "16 to 30"), (31, None, "over 30"))
NO_MINUTES = "no minutes written down"


def is_late(register: Register) -> np.ndarray:
    """Return which marks are late arrivals, before the register closed or after (boolean, shape (pupils, sessions)).

    Examples
    --------
    >>> cells = np.array([[cell_of("/"), cell_of("L"), cell_of("U")]], dtype=np.uint8)
    >>> is_late(Register(cells, pd.DataFrame(index=[0]), pd.DataFrame(index=range(3)))).tolist()
    [[False, True, True]]
    """
    return np.isin(register.codes, [cell_of(letter) for letter in LATE])


def could_be_on_time(register: Register) -> np.ndarray:
    """Return in which sessions each pupil came, on time or late (boolean, shape (pupils, sessions)): absence is neither.

    Examples
    --------
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 4)})
    >>> could_be_on_time(Register(np.array([[cell_of(letter) for letter in "/LUI"]]), pd.DataFrame(), sessions)).tolist()
    [[True, True, True, False]]
    """
    return (register.categories == Category.PRESENT) | is_late(register)


def late_marks(register: Register, school: School) -> pd.DataFrame:
    """List the late arrivals of a register.

    Parameters
    ----------
    register : Register
        The pupils and sessions in question.
    school : School
        Whose marks hold the minutes.

    Returns
    -------
    pandas.DataFrame
        One row per late mark, by pupil and time: ``row`` and ``column`` (positions in the register), ``pupil_id``, ``date``,
        ``session``, ``code`` (L or U) and ``minutes_late`` (minutes; missing where none were written down).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> slots = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06"]), "session": ["AM", "AM"]})
    >>> marks = slots.assign(pupil_id="1", code=["L", "U"], minutes_late=[0, 45])
    >>> register = Register(np.array([[cell_of("L"), cell_of("U")]]), pd.DataFrame({"pupil_id": ["1"]}), slots)
    >>> late_marks(register, SimpleNamespace(marks=marks))[["code", "minutes_late"]].values.tolist()  # no minutes say nothing
    [['L', <NA>], ['U', 45]]
    """
    rows, columns = np.nonzero(is_late(register))
    sessions = register.sessions.iloc[columns]
    found = pd.DataFrame(
        {
            "row": rows,
            "column": columns,
            "pupil_id": register.pupils["pupil_id"].to_numpy()[rows],
            "date": sessions["date"].to_numpy(),
            "session": sessions["session"].to_numpy(),
            "code": [LETTER_OF_CELL[cell] for cell in register.codes[rows, columns].tolist()],
        }
    )
    return found.assign(minutes_late=_minutes(found, school.marks))


def _minutes(found: pd.DataFrame, marks: pd.DataFrame) -> pd.Series:
    key = ["pupil_id", "date", "session"]
    if "minutes_late" not in marks:
        return pd.Series(pd.NA, index=found.index, dtype="Int64")
    known = marks[marks["code"].isin(LATE) & marks["minutes_late"].notna()]
    known = known[[*key, "minutes_late"]].astype({"pupil_id": str}).drop_duplicates(key)
    joined = found[key].astype({"pupil_id": str}).merge(known, on=key, how="left")["minutes_late"]
    # A late mark of no minutes says nothing of how late it was.
    return joined.where(joined > 0).astype("Int64")


def in_bands(late: pd.DataFrame) -> pd.DataFrame:
    """Count late marks by how late they were.

    Parameters
    ----------
    late : pandas.DataFrame
        LATE marks (``late_marks``).

    Returns
    -------
    pandas.DataFrame
        One row per band and one for those without minutes: ``band`` (words) and, in sessions, ``late_before_close_sessions``
        and ``late_after_close_sessions``.

    Examples
    --------
    >>> late = pd.DataFrame({"code": ["L", "L", "U"], "minutes_late": pd.array([5, None, 31], dtype="Int64")})
    >>> in_bands(late)["late_before_close_sessions"].tolist(), in_bands(late)["late_after_close_sessions"].tolist()
    ([1, 0, 0, 0, 1], [0, 0, 0, 1, 0])
    """
    minutes = late["minutes_late"]
    inside = [
        (minutes >= low) & (minutes <= (high or minutes.max())).fillna(value=False) for low, high, _ in BANDS
    ]
    rows = [*(each.fillna(value=False) for each in inside), minutes.isna()]
    words = [*(name for _, _, name in BANDS), NO_MINUTES]

    def counted(letter: str) -> list[int]:
        return [int((row & (late["code"] == letter)).sum()) for row in rows]

    return pd.DataFrame(
        {
            "band": words,
            "late_before_close_sessions": counted(LATE_BEFORE_CLOSE),
            "late_after_close_sessions": counted(LATE_AFTER_CLOSE),
        }
    )


def in_half(register: Register, half: str) -> Register:
    """Return the sessions of one half of the day, ``"AM"`` or ``"PM"``.

    Raises
    ------
    ValueError
        If it is neither.

    Examples
    --------
    >>> sessions = pd.DataFrame({"session": ["AM", "PM", "AM"]})
    >>> in_half(Register(np.zeros((1, 3), dtype=np.uint8), pd.DataFrame(index=[0]), sessions), "PM").codes.shape
    (1, 1)
    """
    if half not in SESSIONS:
        raise ValueError(f"{half!r} is not one of {', '.join(SESSIONS)}.")
    return register.where_sessions((register.sessions["session"] == half).to_numpy(dtype=bool))
