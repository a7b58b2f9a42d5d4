"""The logs that staff keep beside the register: actions, contacts and legal notices."""

import numpy as np
import pandas as pd

from attendance_lib.demo.participation import LOOK_BACK_DAYS, SCHEMES, Participation
from attendance_lib.demo.register import UNAUTHORISED, DemoRegister
from attendance_lib.demo.timetable import Timetable

# The log of interventions as staff keep it

MET, PARTLY = 0.05, 0.0
REVIEW_AFTER_DAYS = (14, 28, 42)
NOT_WORKING = (
    "sessions missed because of absence", "family did not engage", "started too late in the term",
    "does not meet the underlying need", "staff absence interrupted it",
)  # fmt: skip
TARGETS = (
    "no more than 3 sessions missed in 6 weeks",
    "attend every Monday and Friday",
    "in by the first bell daily",
)
COLUMNS = [
    "pupil_id", "intervention", "tier", "start_date", "end_date", "lead", "agency", "barrier", "target", "cost",
    "review_date", "outcome", "reason_not_working", "next_step",
]  # fmt: skip
NEXT_STEPS = {"met": "close", "partly met": "continue", "not met": "escalate"}


def intervention_log(
    register: DemoRegister, taking_part: Participation, away: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Write the log that staff keep of interventions.

    Parameters
    ----------
    register : DemoRegister
        The register.
    taking_part : Participation
        Who took part.
    away : numpy.ndarray
        Whether each enrolment was away on each day, as it turned out.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per pupil and intervention, in order of start date, with the columns of the ``interventions``
        table; ``pupil_id`` is empty for whole-school schemes.
    """
    rows = taking_part.rows
    ids = np.append(register.roll.table["pupil_id"].to_numpy(), "")[rows["enrolment"].to_numpy()]
    reviews = rows["start_date"] + pd.to_timedelta(rng.choice(REVIEW_AFTER_DAYS, len(rows)), "D")
    targets = np.where(ids == "", "", rng.choice(TARGETS, len(rows)))
    outcomes = _outcomes(register.timetable, taking_part, away)
    reasons = np.where(outcomes == "not met", rng.choice(NOT_WORKING, len(rows)), "")
    log = pd.DataFrame({"pupil_id": ids, **_scheme_columns(rows["scheme"])}).assign(
        start_date=rows["start_date"], end_date=rows["end_date"], target=targets,
        review_date=_on_school_days(register.timetable, reviews), outcome=outcomes, reason_not_working=reasons,
        next_step=[NEXT_STEPS.get(outcome, "") for outcome in outcomes],
    )  # fmt: skip
    return log[COLUMNS].sort_values(["start_date", "intervention", "pupil_id"], ignore_index=True)


def _scheme_columns(places: pd.Series) -> dict[str, list]:
    """What the log says of the scheme itself."""
    schemes = [SCHEMES[place] for place in places]
    columns = {
        "intervention": "name",
        "tier": "tier",
        "lead": "lead",
        "agency": "agency",
        "barrier": "barrier",
        "cost": "cost",
    }
    return {column: [getattr(scheme, name) for scheme in schemes] for column, name in columns.items()}


def _outcomes(timetable: Timetable, taking_part: Participation, away: np.ndarray) -> np.ndarray:
    """What staff wrote down when an intervention ended: absence during it against absence before it."""
    running = taking_part.days_running(timetable)
    ended = (taking_part.rows["end_date"] < pd.Timestamp(timetable.mondays[-1])).to_numpy()
    outcomes = np.full(len(running), "", dtype=object)
    for row, enrolment in enumerate(taking_part.rows["enrolment"]):
        if ended[row] and running[row].any():
            start = int(running[row].argmax())
            before = away[enrolment, max(start - LOOK_BACK_DAYS, 0) : start].mean()
            outcomes[row] = _judged(before - away[enrolment, running[row]].mean())
    return outcomes


def _judged(gain: float) -> str:
    """The word staff use for a gain, a share of days."""
    return "met" if gain > MET else "partly met" if gain > PARTLY else "not met"


def _on_school_days(timetable: Timetable, dates: pd.Series) -> pd.Series:
    """Move dates that fall in a holiday to the next open day; dates after the register stay."""
    wanted = dates.to_numpy(dtype="datetime64[D]")
    places = np.searchsorted(timetable.days, wanted)
    moved = timetable.days[np.minimum(places, timetable.last)]
    return pd.Series(np.where(places > timetable.last, wanted, moved), dates.index)


ACTIONS_AT_A_MEETING = 14
ACTION_MEETINGS = 5
"""How many of the latest pastoral meetings left actions on file."""
ACTIONS = (
    "Ring home and agree how absence is reported", "Meet parents and write an attendance plan",
    "Ask the school nurse about medical evidence", "Review the timetable with the pupil",
    "Refer to early help", "Home visit", "Check the bus pass", "Move to the morning check-in group",
    "Speak to the form tutor about lateness", "Ask the SENCo for an observation", "Send the attendance letter",
)  # fmt: skip
CONCERN_DAYS_AWAY, HEAD_OF_YEAR_SHARE, NOTICE_SHARE = 0.08, 0.5, 0.3
STATUSES = ("open", "in progress", "done", "dropped")
# Chance of each status by how many meetings ago the action was raised, the latest first.
STATUS_SHARES = (
    (0.5, 0.34, 0.16, 0.0),
    (0.22, 0.28, 0.45, 0.05),
    (0.1, 0.14, 0.7, 0.06),
    (0.05, 0.07, 0.8, 0.08),
)
NOTES = {
    "open": ("", "", "parents away until Monday", "waiting for a date"),
    "in progress": ("left a message", "meeting booked", "form sent, not yet returned", ""),
    "done": ("parents supportive", "plan signed", "pupil seen, will report back", ""),
    "dropped": ("pupil has left", "no longer needed"),
}
CONTACT_SHARE = 0.06
"""Share of days with absence after which somebody wrote a contact down."""
MODES = {"phone call": 0.44, "text": 0.3, "email": 0.1, "letter": 0.07, "meeting": 0.05, "home visit": 0.04}
PEOPLE = {
    "mother": 0.5,
    "father": 0.24,
    "carer": 0.08,
    "grandparent": 0.06,
    "pupil": 0.07,
    "social worker": 0.05,
}
OUTCOMES = {
    "reason given": 0.4, "no answer": 0.22, "message left": 0.16, "meeting agreed": 0.08, "expected back tomorrow": 0.1,
    "concern passed to safeguarding lead": 0.04,
}  # fmt: skip
NOTICE_SESSIONS = 10
NOTICES_FROM_SESSIONS = 24
NOTICE_KINDS = (
    ("penalty notice", ("issued", "paid", "paid", "paid", "unpaid", "withdrawn")),
    ("notice to improve", ("active", "met", "not met")),
    ("attendance contract", ("active", "completed", "refused")),
)
NOTICE_KIND_SHARES = (0.45, 0.3, 0.25)
NOTICE_DELAYS = (7, 28)
SETTLED_WEEKS = 6


def action_log(register: DemoRegister, concern: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Write the actions that earlier pastoral meetings raised.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    concern : numpy.ndarray
        For each enrolment, the share of recent days away.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per action, oldest first, with the columns of the ``actions`` table.
    """
    last = register.timetable.date_of(-1)
    meetings = [day for day in register.timetable.meetings if day <= last][-ACTION_MEETINGS:]
    count = ACTIONS_AT_A_MEETING * len(meetings)
    raised = pd.Series(
        pd.to_datetime(np.repeat(np.array(meetings, dtype="datetime64[D]"), ACTIONS_AT_A_MEETING))
    )
    due = raised + pd.to_timedelta(rng.choice([3, 7, 10, 14], count), "D")
    statuses = _statuses(raised, meetings, rng)
    done_on = (raised + pd.to_timedelta(rng.integers(1, 32, count), "D")).clip(upper=pd.Timestamp(last))
    rows = _concerning(register, concern, count, rng)
    return pd.DataFrame({
        "action_id": [f"A{number:04d}" for number in range(1, count + 1)],
        "pupil_id": register.roll.table["pupil_id"].to_numpy()[rows], "raised_on": raised,
        "action": rng.choice(ACTIONS, count), "owner": _owners(register, rows, rng), "due_date": due,
        "status": statuses, "completed_on": done_on.where(statuses == "done"),
        "note": [str(rng.choice(NOTES[status])) for status in statuses],
    })  # fmt: skip


def _statuses(raised: pd.Series, meetings: list, rng: np.random.Generator) -> np.ndarray:
    """A status for each action: the older, the likelier it is done."""
    ago = (
        len(meetings)
        - 1
        - np.searchsorted(np.array(meetings, dtype="datetime64[D]"), raised.to_numpy("datetime64[D]"))
    )
    shares = np.cumsum(STATUS_SHARES, axis=1)[np.minimum(ago, len(STATUS_SHARES) - 1)]
    return np.array(STATUSES, dtype=object)[(rng.random((len(raised), 1)) >= shares[:, :-1]).sum(axis=1)]


def _concerning(
    register: DemoRegister, concern: np.ndarray, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Enrolments that a meeting would talk about: still on roll, the more so the more they are away."""
    weight = np.where(register.roll.is_on_roll[:, -1] & (concern > CONCERN_DAYS_AWAY), concern, 0.0)
    return rng.choice(len(weight), count, p=weight / weight.sum())


def _owners(register: DemoRegister, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Roles of the staff who own the actions: the pupil's head of year, or one of the others."""
    heads = {year: person.role for person in register.timetable.staff for year in person.year_groups}
    others = [person.role for person in register.timetable.staff if not person.year_groups]
    years = register.roll.table["year_group"].to_numpy()[rows]
    return np.where(
        rng.random(len(rows)) < HEAD_OF_YEAR_SHARE,
        [heads[year] for year in years],
        rng.choice(others, len(rows)),
    )


def contact_log(register: DemoRegister, away: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Write the contacts with home that followed absence.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    away : numpy.ndarray
        Whether each enrolment was away on each day.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per contact, oldest first.
    """
    days, rows = np.nonzero((away & register.roll.is_on_roll & (rng.random(away.shape) < CONTACT_SHARE)).T)
    count = len(rows)
    return pd.DataFrame({
        "contact_id": [f"C{number:05d}" for number in range(1, count + 1)],
        "pupil_id": register.roll.table["pupil_id"].to_numpy()[rows],
        "date": pd.to_datetime(register.timetable.days[days]), "mode": _mixed(MODES, count, rng),
        "made_by": _owners(register, rows, rng), "person_contacted": _mixed(PEOPLE, count, rng),
        "outcome": _mixed(OUTCOMES, count, rng),
    })  # fmt: skip


def _mixed(shares: dict[str, float], count: int, rng: np.random.Generator) -> np.ndarray:
    """Words drawn in given shares."""
    return rng.choice(list(shares), count, p=list(shares.values()))


def notice_log(register: DemoRegister, rng: np.random.Generator) -> pd.DataFrame:
    """Write penalty notices, notices to improve and attendance contracts, for pupils with much unauthorised absence.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per notice by the day it was issued, oldest first.
    """
    rows, through = _noticed(register, rng)
    issued = through + pd.to_timedelta(rng.integers(*NOTICE_DELAYS, len(rows)), "D")
    last = pd.Timestamp(register.timetable.date_of(-1))
    # A notice of the last weeks is still where every notice begins.
    is_fresh = issued > last - pd.Timedelta(weeks=SETTLED_WEEKS)
    kinds = [NOTICE_KINDS[kind] for kind in rng.choice(len(NOTICE_KINDS), len(rows), p=NOTICE_KIND_SHARES)]
    log = pd.DataFrame({
        "pupil_id": register.roll.table["pupil_id"].to_numpy()[rows],
        "parent": rng.choice(["parent 1", "parent 2"], len(rows), p=[0.8, 0.2]),
        "kind": [kind for kind, _ in kinds], "issued_on": issued,
        "status": [_status(ways, rng, fresh=new) for (_, ways), new in zip(kinds, is_fresh, strict=True)],
        "acted_on_through_date": through,
    })  # fmt: skip
    log = log[log["issued_on"] <= last].sort_values(["issued_on", "pupil_id"], ignore_index=True)
    log.insert(0, "notice_id", [f"P{number:03d}" for number in range(1, len(log) + 1)])
    return log


def _noticed(register: DemoRegister, rng: np.random.Generator) -> tuple[np.ndarray, pd.Series]:
    """Enrolments with much unauthorised absence that were acted on, and the day it had come to that."""
    missed = register.holds(UNAUTHORISED) & register.is_open() & ~register.kept[:, None]
    total = np.cumsum(missed, axis=1)
    rows = np.flatnonzero((total[:, -1] >= NOTICES_FROM_SESSIONS) & (rng.random(len(total)) < NOTICE_SHARE))
    limits = rng.integers(NOTICE_SESSIONS, NOTICES_FROM_SESSIONS, len(rows))
    reached = (total[rows] >= limits[:, None]).argmax(axis=1)
    return rows, pd.Series(pd.to_datetime(register.timetable.days[reached // 2]))


def _status(statuses: tuple[str, ...], rng: np.random.Generator, *, fresh: bool) -> str:
    """Where a notice stands: the first status while it is fresh, any later."""
    return statuses[0] if fresh else str(rng.choice(statuses))
