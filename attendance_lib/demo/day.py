"""What the demo school knows besides its registers: planned absence, the signing-in desk, who is at risk, families, rewards."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from attendance_lib.demo.register import PLACE, DemoRegister
from attendance_lib.intake.schema import OVERRIDE_REASONS, OVERRIDES, REDRAWS
from attendance_lib.rules.calendar import SESSIONS

PLANNED_CODES = ("C", "E", "M", "V", "W", "R", "T", "C2", "S")
KNOWN_BEFORE, LOOK_BACK_DAYS = 0.7, 25
"""Share of such absence that somebody wrote down beforehand, and how many school days the desk's files reach back."""
ILL_WITH_ESTIMATE = 14
AHEAD = (("M", 12), ("C", 4), ("V", 3))
OPENS = {"AM": (8, 40), "PM": (13, 10)}
SIGNED_IN_SHARE = 0.8
FLAGS = {
    "youth_justice": 0.003,
    "previously_looked_after": 0.012,
    "missing_history": 0.008,
    "medical_risk": 0.025,
}
ALONE_SHARE, ALONE_UNKNOWN = 0.45, 0.05
ROUTES = ("Bus 7", "Bus 12", "Bus 31", "taxi", "walks", "car")
ROUTE_SHARES = (0.12, 0.1, 0.06, 0.02, 0.4, 0.3)
LATE_BUS, LATE_BUS_DAYS, LATE_BUS_RIDERS = "Bus 31", ("2026-11-09", "2026-11-17"), 14
"""A bus that was late twice, and how many who came late on each of the two mornings came by it."""
AREAS = tuple(f"LK{number}" for number in range(1, 8))
NUMBER_SHARES = (0.01, 0.14, 0.5, 0.25, 0.1)
FAMILIES_SHARE = 0.22
LATE_FAMILY_DAYS = ("2026-09-08", "2026-09-16", "2026-09-24", "2026-09-30", "2026-10-02", "2026-10-05")
LATE_FAMILY_MINUTES = 8
"""Mornings on which two of one family came late, before the weeks that the desk's files reach back to."""


def planned_absence(register: DemoRegister, rng: np.random.Generator) -> pd.DataFrame:
    """List what was known beforehand: appointments, leave, suspensions and visits, past and to come.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per spell, in order of first day and pupil, with the columns of the ``planned`` table.
    """
    rows = [
        *_spells(register, PLANNED_CODES, KNOWN_BEFORE, rng),
        *_ill(register, rng),
        *_ahead(register, rng),
    ]
    table = pd.DataFrame(
        rows, columns=["pupil_id", "date_from", "date_to", "session", "code", "expected_back", "note"]
    )
    return table.sort_values(["date_from", "pupil_id", "session"], ignore_index=True)


def _spells(
    register: DemoRegister, codes: tuple[str, ...], share: float, rng: np.random.Generator
) -> list[tuple]:
    """Runs of one code over school days that reach into the last weeks, as far as they were known."""
    first = len(register.timetable.days) - LOOK_BACK_DAYS
    pairs = register.cells.reshape(len(register.cells), -1, 2)[:, first:]
    found = []
    for code in codes:
        holds = pairs == PLACE[code]
        for session, wanted in (
            ("", holds.all(axis=2)),
            *((s, _only(holds, h)) for h, s in enumerate(SESSIONS)),
        ):
            for row, start, end in _runs(wanted):
                if rng.random() < share:
                    found.append(_planned(register, (row, first + start, first + end), session, code))
    return found


def _only(holds: np.ndarray, half: int) -> np.ndarray:
    return holds[:, :, half] & ~holds[:, :, 1 - half]


def _runs(wanted: np.ndarray) -> list[tuple[int, int, int]]:
    """First and last position of each run of true values, row by row."""
    edges = np.diff(np.pad(wanted.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1] - 1
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))


def _planned(register: DemoRegister, run: tuple[int, int, int], session: str, code: str) -> tuple:
    row, start, end = run
    days = register.timetable.days
    back = days[end + 1] if end + 1 < len(days) else _next_weekday(days[end])
    pupil = register.roll.table["pupil_id"].iloc[row]
    return pupil, days[start], days[end], session, code, back, ""


def _next_weekday(day: np.datetime64) -> np.datetime64:
    return np.busday_offset(day, 1, roll="forward")


def _ill(register: DemoRegister, rng: np.random.Generator) -> list[tuple]:
    """Pupils ill on the last day whose families said until when."""
    last = len(register.timetable.days) - 1
    ill = np.flatnonzero((register.cells[:, -2:] == PLACE["I"]).all(axis=1))
    chosen = rng.choice(ill, min(ILL_WITH_ESTIMATE, len(ill)), replace=False)
    lengths = rng.integers(0, 3, len(chosen))
    rows = []
    for row, more in zip(chosen, lengths, strict=True):
        pupil, start, end, session, code, _, note = _planned(register, (row, last, last), "", "I")
        until = np.busday_offset(end, int(more), roll="forward")
        rows.append((pupil, start, until, session, code, _next_weekday(until), note))
    return rows


def _ahead(register: DemoRegister, rng: np.random.Generator) -> list[tuple]:
    """What is known of the week after the last register."""
    next_days = np.busday_offset(register.timetable.days[-1], np.arange(1, 6), roll="forward")
    on_roll = np.flatnonzero(register.roll.is_on_roll[:, -1])
    rows = []
    for code, count in AHEAD:
        for row in rng.choice(on_roll, count, replace=False):
            day = rng.choice(next_days)
            session = str(rng.choice(SESSIONS)) if code == "M" else ""
            pupil = register.roll.table["pupil_id"].iloc[row]
            back = day if session == "AM" else _next_weekday(day)
            rows.append((pupil, day, day, session, code, back, ""))
    return rows


def signing_in(register: DemoRegister, rng: np.random.Generator) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """List who signed in late or out early at the desk in the last weeks.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per signature in order of time, with the columns of the ``sign_ins`` table.
    list of dict
        The marks of N of pupils who signed in all the same, on the last day.
    """
    first = len(register.timetable.days) - LOOK_BACK_DAYS
    rows = []
    for code, direction in (("L", "in"), ("U", "in"), ("M", "out")):
        for row, session in np.argwhere(register.cells[:, 2 * first :] == PLACE[code]):
            if rng.random() < SIGNED_IN_SHARE:
                rows.append(_signed(register, (int(row), 2 * first + int(session)), direction, rng))
    unexplained = np.flatnonzero(register.cells[:, -2] == PLACE["N"])
    there = rng.choice(unexplained, min(2, len(unexplained)), replace=False)
    last = register.sessions - 2
    rows += [_signed(register, (int(row), last), "in", rng) for row in there]
    table = pd.DataFrame(rows, columns=["pupil_id", "time", "direction"])
    marks = [
        {
            "pupil_id": str(register.roll.table["pupil_id"].iloc[row]),
            "date": str(register.timetable.days[-1]),
            "session": "AM",
        }
        for row in there
    ]
    return table.sort_values(["time", "pupil_id"], ignore_index=True), marks


def _signed(register: DemoRegister, cell: tuple[int, int], direction: str, rng: np.random.Generator) -> tuple:
    """One signature: minutes after the register opened as it says, or some time in the session."""
    row, session = cell
    day = register.timetable.date_of(session // 2)
    opens = datetime(day.year, day.month, day.day, *OPENS[SESSIONS[session % 2]])
    minutes = int(register.minutes_late[row, session])
    minutes = minutes if minutes >= 0 else int(rng.integers(5, 90))
    return (
        register.roll.table["pupil_id"].iloc[row],
        (opens + timedelta(minutes=minutes)).isoformat(),
        direction,
    )


def more_of_pupils(
    register: DemoRegister, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """Say of each enrolment what a daily briefing asks: risks, the way to school, contact numbers, family.

    Parameters
    ----------
    register : DemoRegister
        The finished register; who was late on two mornings tells who came by the late bus. Written into: brothers and sisters
        who come late together.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    dict of str to numpy.ndarray
        Columns of the ``pupils`` table, one value per enrolment; a returner's two agree.
    dict of str to object
        What of it was planted: the bus that was late with its mornings, and the family whose two are late together.
    """
    ids = register.roll.table["pupil_id"].to_numpy()
    _, first, pupil = np.unique(ids, return_index=True, return_inverse=True)
    count = len(first)
    alone = np.where(rng.random(count) < ALONE_UNKNOWN, "", (rng.random(count) < ALONE_SHARE).astype(int))
    columns = {name: (rng.random(count) < share).astype(int) for name, share in FLAGS.items()}
    columns |= {
        "travels_alone": alone.astype(object),
        "transport": _transport(register, first, rng),
        "contact_numbers": rng.choice(len(NUMBER_SHARES), count, p=NUMBER_SHARES),
        "family_id": _families(count, rng),
        "postcode_area": rng.choice(np.array(AREAS, dtype=object), count),
    }
    together = _late_family(columns["family_id"], register, first)
    told = {
        "late_bus": {"transport": LATE_BUS, "dates": list(LATE_BUS_DAYS)},
        "late_family": sorted(map(str, ids[together])),
    }
    return {name: values[pupil] for name, values in columns.items()}, told


def _transport(register: DemoRegister, first: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How each pupil comes; on two mornings many of those who were late came by the same bus."""
    routes = rng.choice(np.array(ROUTES, dtype=object), len(first), p=ROUTE_SHARES)
    # The second morning draws from a stream of its own, so that nothing else moves with it.
    for day, stream in zip(LATE_BUS_DAYS, (rng, *rng.spawn(1)), strict=True):
        late = np.flatnonzero(register.holds(("L", "U"))[first, 2 * register.timetable.day(day)])
        routes[stream.choice(late, LATE_BUS_RIDERS, replace=False)] = LATE_BUS
    return routes


def _late_family(family: np.ndarray, register: DemoRegister, first: np.ndarray) -> np.ndarray:
    """Let the first two brothers or sisters who were never late this year be so on the same mornings; return their enrolments."""
    mornings = np.array([2 * register.timetable.day(day) for day in LATE_FAMILY_DAYS])
    never = ~register.holds(("L", "U"))[:, mornings[0] :].any(axis=1) & ~register.kept
    came = never & (register.cells[:, mornings] == PLACE["/"]).all(axis=1)
    families = (first[family == number] for number in np.unique(family))
    rows = next(rows for rows in families if len(rows) == 2 and came[rows].all())
    register.cells[np.ix_(rows, mornings)] = PLACE["L"]
    register.minutes_late[np.ix_(rows, mornings)] = LATE_FAMILY_MINUTES
    return rows


def _families(count: int, rng: np.random.Generator) -> np.ndarray:
    """Number the families: most have one pupil here, some two."""
    family = np.arange(count)
    siblings = rng.permutation(np.flatnonzero(rng.random(count) < FAMILIES_SHARE))
    for one, other in zip(siblings[::2], siblings[1::2], strict=False):
        family[other] = family[one]
    return np.char.add("F", np.char.zfill(family.astype(str), 4))


# Rewards: whose lateness is excused, a prize that was given up, and who is not to be named

EXCUSED, EXCUSED_FROM, STILL_SHARE = 12, "2026-09-07", 0.5
ENDED = "2026-11-11"
UNNAMED_SHARE = 0.06


def overrides(register: DemoRegister, rng: np.random.Generator) -> pd.DataFrame:
    """List whose lateness and absence is excused, mostly of pupils who are often late.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per agreement, by pupil, with the columns of the ``overrides`` table, from day to day.
    """
    late = register.holds(("L", "U")).sum(axis=1) * register.roll.is_on_roll[:, -1]
    rows = rng.choice(len(late), EXCUSED, replace=False, p=late / late.sum())
    table = pd.DataFrame(
        {
            "pupil_id": register.roll.table["pupil_id"].to_numpy()[rows],
            "date_from": EXCUSED_FROM,
            "date_to": np.where(rng.random(EXCUSED) < STILL_SHARE, "", ENDED),
            "excuse": rng.choice(OVERRIDE_REASONS, EXCUSED),
        }
    )
    return table[list(OVERRIDES.column_names)].sort_values("pupil_id", kind="stable", ignore_index=True)


def redraws() -> pd.DataFrame:
    """Return the one prize that was given up, in one row of the ``redraws`` table: the second of the raffle of a week.

    Examples
    --------
    >>> redraws()["given_up_because"].tolist()
    ['did not want it']
    """
    row = ("raffle 2026-11-09 2026-11-13", 2, "did not want it", "2026-11-17")
    return pd.DataFrame([row], columns=list(REDRAWS.column_names))


def not_to_be_named(register: DemoRegister, rng: np.random.Generator) -> np.ndarray:
    """Say of each enrolment (one per row of the roll, all years) whether the pupil is not to be named in public (0 or 1)."""
    _, pupil = np.unique(register.roll.table["pupil_id"].to_numpy(), return_inverse=True)
    return (rng.random(pupil.max() + 1) < UNNAMED_SHARE).astype(int)[pupil]
