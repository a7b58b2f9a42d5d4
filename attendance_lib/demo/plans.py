"""What the demo school wrote down of attendance support plans and part-time timetables, some of it amiss, with its truth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.demo.register import AUTHORISED, PLACE, UNAUTHORISED, DemoRegister
from attendance_lib.intake.support_tables import MET, NOT_MET, PART_TIME, PARTLY_MET, PLANS

THIS_YEAR = "2026-09-01"
HEAVY, FEWEST_SESSIONS = 12, 60
"""Plans are of so many pupils on roll who missed most this year, of those with at least so many sessions."""
# Agreed on, first and last day of the target, review: the earlier plan, and those in force on the last day of the registers.
FIRST = ("2026-09-14", "2026-09-14", "2026-10-23", "2026-10-22")
SECOND = ("2026-10-22", "2026-11-02", "2026-12-11", "2026-12-11")
LATER = (
    ("2026-09-22", "2026-09-23", "2026-11-06", "2026-11-06"), ("2026-09-24", "2026-09-28", "2026-11-13", "2026-11-12"),
    ("2026-09-17", "2026-09-21", "2026-10-23", "2026-10-28"),  # in the half-term holiday
    ("2026-10-12", "2026-10-12", "2026-11-20", "2026-11-20"), ("2026-10-19", "2026-10-19", "2026-11-27", "2026-11-27"),
    ("2026-11-04", "2026-11-05", "2026-12-18", "2026-12-21"),  # in the Christmas holiday
    ("2026-11-12", "", "", ""),
)  # fmt: skip
RUNNING_AGAIN, OF_LEAVER = 5, ("2026-09-15", "2026-09-15", "2026-10-23", "2026-11-10")
BARRIERS = (
    "anxiety about coming in",
    "sleep and mornings",
    "friendships",
    "a long-term illness",
    "the journey",
    "caring at home",
)
AGENCIES = ("School nurse", "CAMHS", "Early help team", "", "Young carers service", "")
GOING_WELL = (
    "Comes in every time there is art. Gets on well with the form.", "Helps younger pupils at lunch and likes science.",
    "Has been on time each day that they came.", "Talks to the key adult when things are hard.",
)  # fmt: skip
DOES = {
    "pupil": (
        "Goes to the library at 8.30 to meet the key adult", "Packs a bag the evening before",
        "Says by text if the morning is hard",
    ),
    "parent": (
        "Rings school by 8.30 on any day of absence", "Phones off at 10 pm on school nights", "Brings the pupil to the gate",
    ),
    "school": (
        "Key adult meets the pupil at the gate each morning", "A quiet room for the first lesson",
        "Work sent home within a day",
    ),
    "agency": ("Sees the pupil every fortnight", "Writes to school about what helps"),
}  # fmt: skip
ADJUSTMENTS = ("Late start on Mondays", "Time-out card", "Uniform exemption", "Sits near the door")
NEXT_STEPS = {
    MET: "a new target for the second half", PARTLY_MET: "keep what helps, look at mornings", NOT_MET: "meet with the agency",
}  # fmt: skip
ANSWERS = ("accepted", "accepted", "declined", "no answer yet")


@dataclass(frozen=True)
class Planned:
    """The two tables, and what a reader must find in them."""

    plans: pd.DataFrame
    part_time: pd.DataFrame
    truth: dict[str, object]


def support_plans(register: DemoRegister, rng: np.random.Generator) -> Planned:
    """Write the log of support plans and that of part-time timetables.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Planned
        A dozen plans that run, some after an earlier one, some with their review overdue or in a holiday, one of a pupil who
        left; a row for each run of C2 of the year but one, some without what the law's guidance asks for.
    """
    rows = [*_plans(register, rng)]
    table = pd.DataFrame(rows, columns=list(PLANS.column_names), dtype=object).fillna("")
    table = table.sort_values(["opened_on", "pupil_id"], kind="stable", ignore_index=True)
    table["plan_id"] = [f"SP{number:03d}" for number in range(1, len(table) + 1)]
    timetables, lacking = _part_time(register)
    return Planned(table, timetables, {"plans": _truth(table), "part_time": lacking})


def _missed(register: DemoRegister) -> np.ndarray:
    return register.holds((*AUTHORISED, *UNAUTHORISED)) & register.is_open()


def _heaviest(register: DemoRegister) -> np.ndarray:
    """Enrolments on roll who missed most this year, but for those whose marks are planted."""
    year = register.sessions_between(THIS_YEAR, "2026-11-20")
    share = _missed(register)[:, year].sum(axis=1) / np.maximum(register.is_open()[:, year].sum(axis=1), 1)
    fits = (
        register.roll.is_on_roll[:, -1]
        & ~register.kept
        & (register.is_open()[:, year].sum(axis=1) >= FEWEST_SESSIONS)
    )
    order = np.argsort(np.where(fits, -share, 1.0), kind="stable")
    return order[:HEAVY]


def _plans(register: DemoRegister, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    pupils = _heaviest(register)
    for place, row in enumerate(pupils):
        if place < RUNNING_AGAIN:
            first = _reviewed(register, row, rng)
            yield first
            yield _plan(register, row, SECOND, rng) | {name: first[name] for name in ("agencies", "barrier")}
        else:
            yield _plan(register, row, LATER[place - RUNNING_AGAIN], rng)
    table, days = register.roll.table, register.timetable.days
    left = table["leaving_date"].between(
        pd.Timestamp("2026-09-25"), pd.Timestamp(days[-1]) - pd.Timedelta(days=1)
    )
    again = table["pupil_id"].duplicated(keep=False)
    (row, *_) = np.flatnonzero((left & ~again).to_numpy() & ~register.kept)
    yield _plan(register, row, OF_LEAVER, rng)


def _plan(
    register: DemoRegister, row: int, days: tuple[str, str, str, str], rng: np.random.Generator
) -> dict[str, object]:
    opened, first, last, review = days
    person = register.roll.table.iloc[row]
    lead = next(
        (each.role for each in register.timetable.staff if person["year_group"] in each.year_groups),
        "Attendance lead",
    )
    agency, answer = str(rng.choice(AGENCIES)), str(rng.choice(ANSWERS))
    told = {
        "pupil_id": person["pupil_id"], "opened_on": opened, "lead": lead if first else "", "agencies": agency,
        "barrier": str(rng.choice(BARRIERS)), "going_well": str(rng.choice(GOING_WELL)),
        "target_sessions": _target(register, row, first, rng) if first else "", "target_from": first, "target_to": last,
        "review_on": review, "adjustment": str(rng.choice(ADJUSTMENTS)), "adjustment_offered_on": opened,
        "adjustment_answer": answer, "adjustment_since": first if answer == "accepted" else "",
        "early_help_offered_on": opened, "early_help_answer": str(rng.choice(ANSWERS)),
        "copy_given_on": opened if first else "",
    }  # fmt: skip
    for who in ("pupil", "parent", "school", *(["agency"] if agency else [])):
        told |= {f"{who}_does": str(rng.choice(DOES[who])), f"{who}_by": first or opened}
    return told


def _target(register: DemoRegister, row: int, first: str, rng: np.random.Generator) -> int:
    """A target within reach: about a third of what was missed in as many weeks before, at least 2."""
    before = str(np.datetime64(first) - np.timedelta64(42, "D"))
    missed = int(_missed(register)[row, register.sessions_between(before, first)].sum())
    return max(2, missed // 3 + int(rng.integers(0, 2)))


def _reviewed(register: DemoRegister, row: int, rng: np.random.Generator) -> dict[str, object]:
    """An earlier plan, of which the review found what the register holds."""
    plan = _plan(register, row, FIRST, rng)
    missed = int(
        _missed(register)[row, register.sessions_between(plan["target_from"], plan["target_to"])].sum()
    )
    target = plan["target_sessions"]
    outcome = MET if missed <= target else PARTLY_MET if missed <= 2 * target else NOT_MET
    return plan | {
        "reviewed_on": FIRST[3],
        "closed_on": FIRST[3],
        "outcome": outcome,
        "next_step": NEXT_STEPS[outcome],
    }


def _truth(plans: pd.DataFrame) -> dict[str, object]:
    """What stands on the last day of the registers, by the numbers of the plans."""
    numbers = {
        "overdue": ["2026-11-06", "2026-11-12", "2026-10-28"],
        "due": ["2026-11-20", "2026-11-27"],
        "review_in_holiday": ["2026-10-28", "2026-12-21"],
        "of_leaver": ["2026-11-10"],
    }
    found = {
        name: plans.loc[plans["review_on"].isin(days), "plan_id"].tolist() for name, days in numbers.items()
    }
    last = plans.drop_duplicates("pupil_id", keep="last")
    running = last[~last["plan_id"].isin(found["of_leaver"])]
    return found | {"running": dict(zip(running["pupil_id"], running["plan_id"], strict=True))}


# Each row lacks what stands here; the first run has no row at all.
LACKING = (None, ("date_to", "review_date"), ("agreed_by", "agreed_on", "authority_told_on"), ("hours",))


def _part_time(register: DemoRegister) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Return a row for each pupil with C2 in the year but one, and of whom something is missing what that is."""
    held = (
        (register.cells == PLACE["C2"])
        & register.sessions_between(THIS_YEAR, "2026-11-20")[None, :]
        & register.is_open()
    )
    rows, told = [], {}
    for place, row in enumerate(np.flatnonzero(held.any(axis=1))):
        pupil = str(register.roll.table["pupil_id"].iloc[row])
        lacks = LACKING[place] if place < len(LACKING) else ()
        if lacks is None:
            told[pupil] = ["row"]
            continue
        whole = _timetable(pupil, register.timetable.days, np.flatnonzero(held[row]) // 2)
        rows.append(whole | dict.fromkeys(lacks, ""))
        told |= {pupil: list(lacks)} if lacks else {}
    return pd.DataFrame(rows, columns=list(PART_TIME.column_names)), told


def _timetable(pupil: str, days: np.ndarray, places: np.ndarray) -> dict[str, object]:
    """Return a pupil's part-time timetable: from the first of the school days at these places to the last, or still running."""
    first, last = days[places[0]], days[places[-1]]
    end = np.datetime64("2026-12-11") if last >= days[-3] else last
    return {
        "pupil_id": pupil, "date_from": str(first), "date_to": str(end), "hours": 15, "ambition": "full time by the end date",
        "review_date": str(max(first, end - np.timedelta64(7, "D"))), "agreed_by": "mother", "agreed_on": str(first),
        "authority_told_on": str(first), "note": "",
    }  # fmt: skip
