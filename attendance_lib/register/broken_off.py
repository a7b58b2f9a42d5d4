"""Exports that break off: so many marks missing from a period that no figure of it would be true."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from attendance_lib.errors import counted
from attendance_lib.register.grid import CLOSED, FIRST_CODE, NOT_ON_ROLL, Register
from attendance_lib.rules.thresholds import (
    BREAKS_OFF,
    BREAKS_OFF_OUT_OF,
    FEWEST_BROKEN_OFF,
    FEWEST_MISSING,
    LOSS_LIMIT_RATE,
    MISSING_REFUSED,
    MISSING_REFUSED_OUT_OF,
    WEEK_OF_SCHOOL_DAYS,
)

REMEDY = (
    "Export the marks again. If they are missing in the registers too, have these completed, name sessions without school under "
    "'closures' (of single year groups too), or give leaving dates; 'attendance run inspection' lists what is missing."
)


def problems_of_period(register: Register, first: date, last: date) -> Iterator[str]:
    """Yield why a period cannot be reported on, nothing where it can.

    Parameters
    ----------
    register : Register
        The school's register, from its first mark to the last register day.
    first, last : datetime.date
        The period, both included; sessions before the first mark and after the last one count for nothing.

    Yields
    ------
    str
        What is missing, and the remedy: more than one in ten of the marks due at sessions with any mark, and forty at
        least; or all marks of the last five school days of pupils who have marks before, where these are four or more and
        more than one in fifty of those due. Both are decided on counts.
    """
    yield from too_many_missing(register.between(first, last))
    yield from broken_off(register.between(register.first_date, last), first)


def too_many_missing(period: Register) -> Iterator[str]:
    """Yield that more of a period's marks are missing than the limit.

    Examples
    --------
    >>> import pandas as pd
    >>> day, marks = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])}), np.arange(400)[:, None]
    >>> said = [too_many_missing(Register(np.where(marks < gone, 0, FIRST_CODE), pd.DataFrame(), day)) for gone in (40, 41)]
    >>> [len(list(each)) for each in said]  # 40 of 400 marks are not more than one in ten
    [0, 1]
    """
    marks, missing = due_and_missing(period)
    if missing >= FEWEST_MISSING and missing * MISSING_REFUSED_OUT_OF > marks * MISSING_REFUSED:
        rate = f"{missing / marks:.1%}, limit {MISSING_REFUSED / MISSING_REFUSED_OUT_OF:.0%}"
        days = f"from {period.first_date} to {period.last_date}"
        yield f"{missing:,} of the {counted(marks, 'mark')} due {days} are missing ({rate}). {REMEDY}"


def missing_percent(period: Register) -> int:
    """Return the marks missing of those due in a period, in whole percent; 0 within the limit from which it is reported.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = np.array([[FIRST_CODE], [FIRST_CODE], [FIRST_CODE], [0]], dtype=np.uint8)
    >>> missing_percent(Register(codes, pd.DataFrame(index=range(4)), pd.DataFrame(index=[0])))
    25
    """
    marks, missing = due_and_missing(period)
    return round(100 * missing / marks) if marks and missing / marks > LOSS_LIMIT_RATE else 0


def due_and_missing(period: Register) -> tuple[int, int]:
    """Return how many marks are due and missing at the sessions with any mark: those without one may be closures.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = np.array([[FIRST_CODE, 0], [0, 0]], dtype=np.uint8)  # nobody has a mark of the second session
    >>> due_and_missing(Register(codes, pd.DataFrame(index=[0, 1]), pd.DataFrame(index=[0, 1])))
    (2, 1)
    """
    is_marked = period.codes >= FIRST_CODE
    is_due = due(period) & is_marked.any(axis=0)
    return int(is_due.sum()), int((is_due & ~is_marked).sum())


def broken_off(upto: Register, first: date) -> Iterator[str]:
    """Yield that pupils with marks before have none on the last five school days, if these lie within the period.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.DataFrame({"date": pd.bdate_range("2026-11-02", periods=6)})
    >>> silent = [[FIRST_CODE, 0, 0, 0, 0, 0]] * 4  # a mark on the Monday and none on the five school days after it
    >>> registers = [Register(np.array(silent[:pupils]), pd.DataFrame(), days) for pupils in (3, 4)]
    >>> [len(list(broken_off(each, date(2026, 11, 2)))) for each in registers]  # three pupils may be ill
    [0, 1]
    """
    days = upto.sessions["date"].drop_duplicates()
    if len(days) <= WEEK_OF_SCHOOL_DAYS or days.iloc[-WEEK_OF_SCHOOL_DAYS].date() < first:
        return
    is_week = (upto.sessions["date"] >= days.iloc[-WEEK_OF_SCHOOL_DAYS]).to_numpy()
    is_due, is_marked = due(upto), upto.codes >= FIRST_CODE
    expected = is_due[:, is_week].all(axis=1) & (is_marked & is_due)[:, ~is_week].any(axis=1)
    silent = int((expected & ~is_marked[:, is_week].any(axis=1)).sum())
    pupils = int(expected.sum())
    if silent >= FEWEST_BROKEN_OFF and silent * BREAKS_OFF_OUT_OF > pupils * BREAKS_OFF:
        week = f"from {days.iloc[-WEEK_OF_SCHOOL_DAYS].date()} to {days.iloc[-1].date()}"
        yield (
            f"{silent:,} of {counted(pupils, 'pupil')} with marks before have none {week}, so the export seems to break off. "
            f"{REMEDY}"
        )


def due(register: Register) -> np.ndarray:
    """Return at which sessions a mark is due (boolean, shape (pupils, sessions)).

    Examples
    --------
    >>> import pandas as pd
    >>> cells = np.array([[FIRST_CODE, CLOSED, NOT_ON_ROLL]], dtype=np.uint8)
    >>> due(Register(cells, pd.DataFrame(index=[0]), pd.DataFrame(index=range(3)))).tolist()
    [[True, False, False]]
    """
    return (register.codes != NOT_ON_ROLL) & (register.codes != CLOSED)
