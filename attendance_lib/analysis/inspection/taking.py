"""Registers taken after they closed, as far as the export says when marks were made."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.gaps import FEWEST, TAKEN_CODES
from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import form_things
from attendance_lib.analysis.inspection.words import in_year

LATEST = np.iinfo(np.int64).max


def taken_at(scope: Scope) -> np.ndarray:
    """Return which marks of the year tell when their register was taken (boolean, shape (pupils, sessions)).

    A mark that taking a register makes, with the moment at which it was made. Other codes may be entered ahead
    or long after, by the office.
    """
    return scope.holds(*TAKEN_CODES) & ~np.isnat(scope.recorded_at[:, scope.before :])


def knows_when_taken(scope: Scope) -> np.ndarray:
    """Return which registers tell when they were taken: boolean, shape (forms, sessions).

    At least two of their marks and half of them do; the moments of a few amended marks say nothing of a register.
    """
    known, taken = scope.by_form(taken_at(scope)), scope.by_form(scope.holds(*TAKEN_CODES))
    return (known >= FEWEST) & (2 * known >= taken)


def late_registers(scope: Scope) -> pd.DataFrame:
    """Return each form's session of which not one mark was made before the register closed."""
    moments = np.where(taken_at(scope), scope.recorded_at[:, scope.before :].astype(np.int64), LATEST)
    first = scope.reduce_forms(np.minimum, moments, np.int64)
    closes = closing_moments(scope)
    late = knows_when_taken(scope) & (first > closes.astype(np.int64))
    row, column = np.nonzero(late)
    begun = first[late].astype("datetime64[s]")
    detail = [
        f"First mark {in_words(at, closed)}; the register closed at {clock(closed)}"
        for at, closed in zip(begun, closes[column], strict=True)
    ]
    return form_things(
        scope, "register_late", pd.DataFrame({"row": row, "first": column, "last": column}), detail
    )


def closing_moments(scope: Scope) -> np.ndarray:
    """Return when each session of the year's register closed (datetime64[s], shape (sessions,))."""
    after_midnight = {
        session: np.timedelta64(at.hour * 3600 + at.minute * 60 + at.second, "s")
        for session, at in scope.closes_at.items()
    }
    days = scope.days[scope.before :].astype("datetime64[s]")
    return days + np.array(
        [after_midnight[each] for each in scope.year.sessions["session"]], "timedelta64[s]"
    )


def in_words(at: np.datetime64, closed: np.datetime64) -> str:
    """Return when a register was begun: the time alone on its own day.

    Examples
    --------
    >>> in_words(np.datetime64("2026-10-06T09:26:10"), np.datetime64("2026-10-06T09:10:00"))
    'at 09:26'
    """
    is_same_day = at.astype("datetime64[D]") == closed.astype("datetime64[D]")
    return f"at {clock(at)}" if is_same_day else f"on {in_year(at)} at {clock(at)}"


def clock(at: np.datetime64) -> str:
    """Return the time of a moment, to the minute."""
    return str(at.astype("datetime64[m]"))[-5:]
