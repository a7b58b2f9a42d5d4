"""What the demo school knows of parents and of cases that it considered, some of it amiss, with what a reader must find."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.demo.register import CODES, UNAUTHORISED, DemoRegister
from attendance_lib.demo.roll import BOYS, GIRLS
from attendance_lib.intake.support_tables import CONSIDERED, PARENTS

WINDOW_WEEKS, THRESHOLD = 10, 10
SECOND_PARENT_SHARE, LIVES_WITH_SECOND_SHARE, NO_ADDRESS_SHARE = 0.72, 0.6, 0.03
INTERPRETER_SHARE, LANGUAGES = 0.03, ("Polish", "Urdu", "Ukrainian", "Arabic")
PERIOD_DAYS, RECEIVED_AFTER_DAYS = 42, 3
# Who is planted, in the order of pupils at the threshold without N, missing mark, special need or notice: all of leave, or not.
HOLIDAY, OTHERS = "holiday_could_go", (
    "not_met", "running", "third", "two_addresses", "no_parent", "rows_differ", "loose_notice", "disability", "not_appropriate",
)  # fmt: skip


@dataclass(frozen=True)
class Families:
    """The two tables, the log of notices with parents named, and what a reader must find."""

    parents: pd.DataFrame
    considered: pd.DataFrame
    notices: pd.DataFrame
    truth: dict[str, str]


def families(register: DemoRegister, notices: pd.DataFrame, rng: np.random.Generator) -> Families:
    """Write the parents of every pupil, and plant one case of each kind among those at the national threshold.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    notices : pandas.DataFrame
        The log of notices, one row a notice by the day it was issued, of which each parent is "parent 1" or "parent 2".
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Families
        ``truth`` names the pupil of each planted case.
    """
    parents = _parents(register, set(notices.loc[notices["parent"] == "parent 2", "pupil_id"]), rng)
    planted = _chosen(register, set(notices["pupil_id"]))
    first = parents.drop_duplicates("pupil_id").set_index("pupil_id")["name"]
    named = _named(notices, parents)
    more = pd.DataFrame(_notices_planted(planted, first))
    log = pd.concat([named, more], ignore_index=True)
    dated = log["issued_on"] = pd.to_datetime(log["issued_on"])
    order = (
        dated.to_frame()
        .assign(pupil=log["pupil_id"])
        .sort_values(["issued_on", "pupil"], kind="stable")
        .index
    )
    return Families(
        _spoiled(parents, planted), pd.DataFrame(_considered(planted), columns=list(CONSIDERED.column_names)),
        log.loc[order].reset_index(drop=True), planted,
    )  # fmt: skip


def _parents(register: DemoRegister, with_second: set[str], rng: np.random.Generator) -> pd.DataFrame:
    """Return one or two parents of each pupil, in order of pupils."""
    roll = register.roll.table.drop_duplicates("pupil_id").sort_values(
        "pupil_id", kind="stable", ignore_index=True
    )
    count = len(roll)
    mother_first = rng.random(count) < 0.75
    drawn = {"mother": rng.choice(np.array(GIRLS), count), "father": rng.choice(np.array(BOYS), count)}
    second = (rng.random(count) < SECOND_PARENT_SHARE) | roll["pupil_id"].isin(with_second).to_numpy()
    together = rng.random(count) < LIVES_WITH_SECOND_SHARE
    first = _each(roll, np.where(mother_first, "mother", "father"), drawn, rng)
    other = _each(roll, np.where(mother_first, "father", "mother"), drawn, rng)
    first = first.assign(parent_id="R" + roll["pupil_id"] + "-1", lives_with=1)
    other = other.assign(parent_id="R" + roll["pupil_id"] + "-2", lives_with=together.astype(int))[second]
    both = pd.concat([first, other])[list(PARENTS.column_names)]
    return both.sort_values(["pupil_id", "parent_id"], kind="stable", ignore_index=True)


def _each(
    roll: pd.DataFrame, relation: np.ndarray, drawn: dict[str, np.ndarray], rng: np.random.Generator
) -> pd.DataFrame:
    """Return one parent of each pupil (row), a mother or a father, whose forenames are drawn."""
    count = len(roll)
    language = np.where(rng.random(count) < INTERPRETER_SHARE, rng.choice(LANGUAGES, count), "")
    forename = np.where(relation == "mother", drawn["mother"], drawn["father"])
    names = zip(forename, roll["surname"], strict=True)
    return pd.DataFrame(
        {
            "pupil_id": roll["pupil_id"],
            "name": [f"{first} {surname}" for first, surname in names],
            "relation": relation,
            "has_responsibility": 1,
            "addresses": np.where(rng.random(count) < NO_ADDRESS_SHARE, 0, 1),
            "interpreter": language,
        }
    )


def _chosen(register: DemoRegister, noticed: set[str]) -> dict[str, str]:
    """Choose the pupils of the planted cases: counted here from the finished register, by the last ten school weeks."""
    weeks = np.unique(register.timetable.mondays)[-WINDOW_WEEKS:]
    inside = np.repeat(np.isin(register.timetable.mondays, weeks), 2)
    here = register.is_open()[:, inside]
    cells = register.cells[:, inside]
    held = {code: (cells == CODES.index(code)) & here for code in UNAUTHORISED}
    counted = sum(held.values()).sum(axis=1)
    leave = held["G"].sum(axis=1)
    gaps = (held["N"] | ((cells == CODES.index("")) & here)).sum(axis=1)
    table = register.roll.table
    plain = (counted >= THRESHOLD) & (gaps == 0) & register.roll.is_on_roll[:, -1]
    plain &= ~table["pupil_id"].isin(noticed).to_numpy() & (table["sen_status"] == "N").to_numpy()
    ids = table["pupil_id"].to_numpy()
    last_leave = np.where(
        held["G"].any(axis=1), held["G"].shape[1] - 1 - held["G"][:, ::-1].argmax(axis=1), -1
    )
    holidays = np.flatnonzero(plain & (leave == counted))
    others = sorted(ids[plain & (leave == 0)])
    return {HOLIDAY: ids[holidays[last_leave[holidays].argmax()]], **dict(zip(OTHERS, others, strict=False))}


def _named(notices: pd.DataFrame, parents: pd.DataFrame) -> pd.DataFrame:
    """Return the log of notices with the names of parents, the end of notices to improve and the receipt of penalty notices."""
    place = notices["parent"].str[-1]
    key = "R" + notices["pupil_id"] + "-" + place
    improve, penalty = notices["kind"] == "notice to improve", notices["kind"] == "penalty notice"
    return notices.assign(
        parent=key.map(parents.set_index("parent_id")["name"]),
        ends_on=(notices["issued_on"] + pd.Timedelta(days=PERIOD_DAYS)).where(improve),
        received_on=(notices["issued_on"] + pd.Timedelta(days=RECEIVED_AFTER_DAYS)).where(penalty),
    )


# The notices of the planted cases: whose, which, issued, ends, its state, and the last absence that was acted on.
NOTICES = (
    ("not_met", "notice to improve", "2026-09-28", "2026-11-06", "not met", None),
    ("running", "notice to improve", "2026-11-09", "2026-12-18", "active", None),
    ("third", "penalty notice", "2025-11-10", None, "paid", "2025-10-24"),
    ("third", "penalty notice", "2026-05-11", None, "unpaid", "2026-04-24"),
    ("third", "penalty notice", "2024-06-10", None, "paid", "2024-05-24"),
    ("loose_notice", "penalty notice", "2026-03-09", None, "paid", "2026-02-27"),
)


def _day(written: str | None) -> pd.Timestamp:
    return pd.Timestamp(written) if written else pd.NaT


def _notices_planted(planted: dict[str, str], first: pd.Series) -> list[dict[str, object]]:
    """Return the notices of the planted cases, to the first parent unless they name nobody."""
    return [
        {
            "notice_id": f"PX{number:02d}",
            "pupil_id": planted[name],
            "parent": "" if name == "loose_notice" else first[planted[name]],
            "kind": kind,
            "issued_on": pd.Timestamp(issued),
            "status": status,
            "acted_on_through_date": _day(through),
            "ends_on": _day(ends),
        }
        for number, (name, kind, issued, ends, status, through) in enumerate(NOTICES, start=1)
        if name in planted
    ]


def _considered(planted: dict[str, str]) -> list[dict[str, object]]:
    """Return what the school recorded when it considered the planted cases."""
    usual = {
        "considered_on": "2026-11-18",
        "considered_by": "Attendance lead",
        "support_appropriate": 1,
        "disability_related": 0,
    }
    leave = {"support_appropriate": 0, "leave_asked_on": "2026-10-19", "leave_refused_on": "2026-10-21"}
    own = {
        HOLIDAY: leave, "not_met": {"authority_consulted_on": "2026-11-17"}, "running": {}, "third": {}, "two_addresses": {},
        "rows_differ": {}, "disability": {"disability_related": 1}, "not_appropriate": {"support_appropriate": 0},
    }  # fmt: skip
    return [{"pupil_id": planted[name]} | usual | more for name, more in own.items() if name in planted]


def _spoiled(parents: pd.DataFrame, planted: dict[str, str]) -> pd.DataFrame:
    """Return the parents with what is amiss of the planted cases: two addresses, nobody, and two rows that differ."""
    of = parents["pupil_id"]
    first = parents["parent_id"].str.endswith("-1")
    addresses = (
        parents["addresses"].mask(of.isin(planted.values()), 1).mask(of == planted["two_addresses"], 2)
    )
    spoiled = parents.assign(addresses=addresses)
    twice = spoiled[(of == planted["rows_differ"]) & first].assign(relation="aunt", lives_with=0)
    kept = pd.concat([spoiled[of != planted["no_parent"]], twice])
    return kept.sort_values(["pupil_id", "parent_id"], kind="stable", ignore_index=True)
