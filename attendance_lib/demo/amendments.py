"""What happens to marks after they are made: codes not yet known (N), amendments, gaps and obsolete codes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.demo.register import CODES, PLACE, DemoRegister
from attendance_lib.rules.calendar import SESSIONS

FIRST_AS_N_SHARE = 0.4
"""Share of spells of absence whose first day was N until the reason was known."""
DELAYS, DELAY_SHARES = (0, 1, 2, 3, 4, 5, 8), (0.27, 0.24, 0.18, 0.12, 0.09, 0.06, 0.04)
FORGOTTEN = (("2025-09-03", "2026-07-17", 150), ("2026-09-07", "2026-10-23", 14))
"""N marks that nobody followed up: first and last date, and how many."""
REASON_WITHIN = 5
"""School days within which the reason for an N must be found."""
LATE_EDITS = (("I", "O", 18), ("C", "G", 4), ("L", "U", 4))
"""Marks of early autumn that were changed weeks later: the code now, the code before, how many."""
LATE_EDITS_OF, LATE_EDITS_ON = ("2026-09-07", "2026-10-16"), ("2026-11-09", "2026-11-20")
EDITED_LATE_MINUTES = (34, 52)
OBSOLETE = (("H", "C", 4), ("J", "M", 3))
"""Codes withdrawn on 19 August 2024 that somebody still typed in 2026: code, in place of, how many."""
OBSOLETE_FROM, OBSOLETE_TO = "2026-01-12", "2026-11-13"
MISSING_SHARE = 0.001
MISSING_REGISTER = ("9C", "2026-10-06")
MORNING_MINUTES, AFTERNOON_MINUTES = 8 * 60 + 40, 13 * 60 + 10
REGISTER_TAKES = 16


@dataclass(frozen=True)
class Cells:
    """Some cells of the register, by enrolment and session."""

    rows: np.ndarray
    sessions: np.ndarray

    def listed(self, register: DemoRegister) -> list[dict[str, str]]:
        """List the cells by pupil, date and session."""
        ids = register.roll.table["pupil_id"].to_numpy()[self.rows]
        days = register.timetable.days[self.sessions // 2].astype(str)
        return [
            {"pupil_id": str(pupil_id), "date": str(day), "session": SESSIONS[session % 2]}
            for pupil_id, day, session in zip(ids, days, self.sessions, strict=True)
        ]


def write_obsolete(register: DemoRegister, rng: np.random.Generator) -> dict[str, list[dict[str, str]]]:
    """Put codes that are no longer in force in place of the right ones.

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    dict of str to list
        For each obsolete code, the marks that hold it.
    """
    written = {}
    in_time = register.sessions_between(OBSOLETE_FROM, OBSOLETE_TO) & ~register.kept[:, None]
    for code, instead_of, count in OBSOLETE:
        cells = _draw(in_time & register.holds((instead_of,)), count, rng)
        register.cells[cells.rows, cells.sessions] = PLACE[code]
        written[code] = cells.listed(register)
    return written


def write_gaps(register: DemoRegister, rng: np.random.Generator) -> list[dict[str, str]]:
    """Leave marks out: scattered ones, and one form's registers of one day.

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    list of dict
        Every missing mark on a session that took place, in order of pupil and date.
    """
    form, day = MISSING_REGISTER
    gone = (rng.random(register.cells.shape) < MISSING_SHARE) & ~register.kept[:, None]
    gone |= register.roll.has("form", form)[:, None] & register.sessions_between(day, day)
    gone &= register.is_open() & ~register.holds(("H", "J"))
    register.put(gone, "")
    return Cells(*np.nonzero(gone)).listed(register)


def write_unknown_reasons(register: DemoRegister, rng: np.random.Generator) -> pd.DataFrame:
    """Record the first mark of many absences as N and amend it when the reason is known, if it is by now.

    Parameters
    ----------
    register : DemoRegister
        The register, written into: marks whose amendment would fall after the last day, or that nobody
        followed up, are N.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per amended mark: ``row``, ``session_number``, ``amended_from``, ``amended_day``.
    """
    away = register.holds(("I", "O", "M"))
    begins = away & ~np.pad(away, ((0, 0), (1, 0)))[:, :-1]
    first_as_n = begins & (rng.random(away.shape) < FIRST_AS_N_SHARE) & ~register.kept[:, None]
    # The afternoon of the same day waits for the same reason.
    follows = np.pad(first_as_n, ((0, 0), (1, 0)))[:, :-1] & (
        register.cells == np.roll(register.cells, 1, axis=1)
    )
    follows[:, ::2] = False
    delays = rng.choice(DELAYS, (len(away), len(register.timetable.days)), p=DELAY_SHARES)
    rows, sessions = np.nonzero(first_as_n | (follows & away))
    amended = sessions // 2 + delays[rows, sessions // 2]
    # A year's registers are settled before the next begins.
    in_time = (amended < len(register.timetable.days)) & _same_year(register, sessions // 2, amended)
    unsettled = ~in_time & (amended >= len(register.timetable.days))
    register.cells[rows[unsettled], sessions[unsettled]] = PLACE["N"]
    amendments = pd.DataFrame(
        {"row": rows[in_time], "session_number": sessions[in_time], "amended_from": "N"}
    )
    return amendments.assign(amended_day=amended[in_time])


def _same_year(register: DemoRegister, days: np.ndarray, later: np.ndarray) -> np.ndarray:
    """Whether both days are in one school year; False for days after the last."""
    years = np.append(register.timetable.school_years, "")
    return years[days] == years[np.minimum(later, len(years) - 1)]


def write_forgotten(
    register: DemoRegister, amendments: pd.DataFrame, rng: np.random.Generator
) -> list[dict[str, str]]:
    """Leave some unauthorised absences (sessions) at N for good, beside the amendments (one row each).

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    amendments : pandas.DataFrame
        Marks that were amended; these are left alone.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    list of dict
        The marks.
    """
    written, free = [], _free(register, amendments)
    for start, end, count in FORGOTTEN:
        cells = _draw(free & register.holds(("O",)) & register.sessions_between(start, end), count, rng)
        register.cells[cells.rows, cells.sessions] = PLACE["N"]
        written += cells.listed(register)
    return written


def write_five_days_old(register: DemoRegister, amendments: pd.DataFrame) -> list[dict[str, str]]:
    """Leave one unauthorised absence at N whose reason is due on the last day, the fifth school day after it.

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    amendments : pandas.DataFrame
        One row per mark that was amended; these are left alone.

    Returns
    -------
    list of dict
        The mark.
    """
    morning = register.sessions - 2 * (REASON_WITHIN + 1)
    found = np.flatnonzero((_free(register, amendments) & register.holds(("O",)))[:, morning])[:1]
    register.cells[found, morning] = PLACE["N"]
    return Cells(found, np.full(len(found), morning)).listed(register)


def add_late_edits(
    register: DemoRegister, amendments: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Record that some marks of early autumn were unauthorised until somebody changed them weeks later (one row per edit).

    Parameters
    ----------
    register : DemoRegister
        The register; only the minutes of late arrivals that were after the close are written.
    amendments : pandas.DataFrame
        What `write_unknown_reasons` gives.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        The amendments with the late edits below them; these do not begin with N.
    """
    days = np.flatnonzero(register.sessions_between(*LATE_EDITS_ON)[::2])
    free = _free(register, amendments) & register.sessions_between(*LATE_EDITS_OF)
    edits = []
    for code, before, count in LATE_EDITS:
        cells = _draw(free & register.holds((code,)), count, rng)
        edit = {"row": cells.rows, "session_number": cells.sessions, "amended_from": before}
        edits.append(pd.DataFrame(edit).assign(amended_day=rng.choice(days, len(cells.rows))))
        if code == "L":
            register.minutes_late[cells.rows, cells.sessions] = rng.integers(
                *EDITED_LATE_MINUTES, len(cells.rows)
            )
    return pd.concat([amendments, *edits], ignore_index=True)


def amended_marks(register: DemoRegister, amendments: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Write the amendments as the export of marks that were changed.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    amendments : pandas.DataFrame
        What `add_late_edits` gives.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per amended mark, in order of pupil, date and session, with ``code`` as it stands now.
    """
    ordered = amendments.sort_values(["row", "session_number"], ignore_index=True)
    rows, sessions = ordered["row"].to_numpy(), ordered["session_number"].to_numpy()
    minutes = np.where(sessions % 2 == 0, MORNING_MINUTES, AFTERNOON_MINUTES) + rng.integers(
        0, REGISTER_TAKES, len(rows)
    )
    dates = register.timetable.days[sessions // 2]
    return pd.DataFrame({
        "pupil_id": register.roll.table["pupil_id"].to_numpy()[rows], "date": dates.astype(str),
        "session": np.array(SESSIONS)[sessions % 2], "code": np.array(CODES)[register.cells[rows, sessions]],
        "recorded_at": (dates.astype("datetime64[s]") + minutes * np.timedelta64(60, "s")).astype(str),
        "amended_from": ordered["amended_from"],
        "amended_on": register.timetable.days[ordered["amended_day"].to_numpy()].astype(str),
    })  # fmt: skip


def in_order(amended: pd.DataFrame, further: pd.DataFrame) -> pd.DataFrame:
    """Put further amended marks into the export of those that were changed.

    Parameters
    ----------
    amended, further : pandas.DataFrame
        What `amended_marks` gives.

    Returns
    -------
    pandas.DataFrame
        The rows of both, in order of pupil, date and session.
    """
    both = pd.concat([amended, further], ignore_index=True)
    return both.sort_values(["pupil_id", "date", "session"], ignore_index=True)


def _free(register: DemoRegister, amendments: pd.DataFrame) -> np.ndarray:
    """Cells that are neither planted nor amended already."""
    free = np.broadcast_to(~register.kept[:, None], register.cells.shape).copy()
    free[amendments["row"], amendments["session_number"]] = False
    return free


def _draw(free: np.ndarray, count: int, rng: np.random.Generator) -> Cells:
    """Draw some of the free cells."""
    rows, sessions = np.nonzero(free)
    chosen = np.sort(rng.choice(len(rows), count, replace=False))
    return Cells(rows[chosen], sessions[chosen])
