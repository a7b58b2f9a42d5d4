"""The demo school, put together and written as the export files a school has."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from attendance_lib.demo import amendments
from attendance_lib.demo.absence import make_risks, write_absence
from attendance_lib.demo.day import (
    more_of_pupils,
    not_to_be_named,
    overrides,
    planned_absence,
    redraws,
    signing_in,
)
from attendance_lib.demo.defects import Planting, plant_defects, reserve_pupils, write_planted
from attendance_lib.demo.families import families
from attendance_lib.demo.files import (
    by_weeks,
    calendar_figures,
    defects_before,
    late_arrivals,
    latent_figures,
    totals,
    write_csv,
    write_truth,
    write_workbook,
)
from attendance_lib.demo.habits import (
    Slips,
    late_with_slips,
    misregister,
    plant_habits,
    register_times,
    slip,
    weekly_with_slips,
)
from attendance_lib.demo.lessons import make_lessons
from attendance_lib.demo.logs import action_log, contact_log, intervention_log, notice_log
from attendance_lib.demo.participation import (
    Draws,
    Participation,
    change_by,
    choose_pupils,
    lateness_left,
    true_effects,
)
from attendance_lib.demo.plans import support_plans
from attendance_lib.demo.register import (
    DemoRegister,
    blank_book,
    write_lateness,
    write_minutes,
    write_occasions,
)
from attendance_lib.demo.roll import SCHOOL_YEARS, Roll, make_roll
from attendance_lib.demo.timetable import Timetable, timetable_of
from attendance_lib.intake.schema import PUPILS
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.starter import demo_school_file

SCHOOL_FILE = demo_school_file()
KEY_ADULT_DAYS_AWAY, INDIVIDUAL_TIER, RECENT_DAYS = 0.12, 3, 30
STREAMS = (
    "roll",
    "risks",
    "days",
    "choice",
    "halves",
    "occasions",
    "lateness",
    "planted",
    "after",
    "logs",
    "defects",
    "habits",
    "lessons",
    "day",
    "rewards",
    "plans",
    "families",
)
"""Each part of the school draws from its own stream, so that a change to one leaves the others as they were."""


@dataclass(frozen=True)
class DemoSummary:
    """What was written.

    Attributes
    ----------
    folder : pathlib.Path
        Where.
    seed : int
        The seed; the same seed gives the same bytes.
    files : tuple of str
        Names of the files.
    enrolments : int
        Rows of ``pupils.csv``.
    on_roll : int
        Pupils on roll on the last day.
    marks : int
        Marks on sessions that took place.
    """

    folder: Path
    seed: int
    files: tuple[str, ...]
    enrolments: int
    on_roll: int
    marks: int


@dataclass(frozen=True)
class _Drawn:
    """What chance decided before any mark was written."""

    timetable: Timetable
    roll: Roll
    taking_part: Participation
    draws: Draws
    days: np.ndarray


@dataclass(frozen=True)
class _Filled:
    """The finished register, where it is amended, and what happened to the marks."""

    register: DemoRegister
    changes: pd.DataFrame
    happened: dict[str, object]


@dataclass(frozen=True)
class _Planted:
    """The defects: what the exports say otherwise, further amendments, how pupils are registered, and what the truth tells."""

    slips: Slips
    changes: pd.DataFrame
    registered: dict[str, object]
    told: dict[str, object]


@dataclass(frozen=True)
class _Subject:
    """What one subject adds to the exports: its files and sheets by name, what the truth tells of them, and columns of the roll."""

    tables: dict[str, pd.DataFrame]
    truth: dict[str, object]
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    sheets: dict[str, pd.DataFrame] = field(default_factory=dict)


def write_demo(folder: Path, seed: int = 2026, *, school_file: Path = SCHOOL_FILE) -> DemoSummary:
    """Write the exports of the demo school and their truth.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write; made if it does not exist. Files of the same names are replaced.
    seed : int
        The same seed gives the same bytes.
    school_file : pathlib.Path
        The school file that holds the calendar and the staff.

    Returns
    -------
    DemoSummary
        What was written: ``pupils.csv``, ``marks_<year>.csv`` for each school year, ``late_arrivals.csv``,
        ``amended_marks.csv``, ``register_times.csv``, ``lessons.csv``, ``planned.csv``, ``sign_ins.csv``, ``overrides.csv``,
        ``redraws.csv``, ``plans.csv``, ``part_time.csv``, ``parents.csv``, ``considered.csv``, ``logs.xlsx``
        and ``truth.json``.

    Notes
    -----
    Every pupil and member of staff is invented.
    """
    rng = {name: np.random.default_rng([seed, number]) for number, name in enumerate(STREAMS)}
    drawn = _draw(school_file, rng)
    filled = _fill(drawn, rng)
    register, sheets = filled.register, _write_logs(drawn, filled.register, rng["logs"])
    planted = _plant(filled, rng)
    pupils = _with_key_adults(register, _concern(drawn), sheets["Interventions"])
    subjects = _subjects(register, sheets["Notices"], rng)
    pupils = pupils.assign(**planted.registered, **_merged(subject.columns for subject in subjects))
    tables = {
        "pupils.csv": pupils[list(PUPILS.column_names)],
        **_marks(filled, planted, rng),
        **_merged(subject.tables for subject in subjects),
    }
    truth = _tell_truth(drawn, filled, seed) | planted.told | _merged(each.truth for each in subjects)
    truth["defects"] |= {"part_time_incomplete": [{"pupil_id": pupil} for pupil in truth["part_time"]]}
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_csv(table, folder / name, with_mark=name.startswith("marks_"))
    write_workbook(sheets | _merged(subject.sheets for subject in subjects), folder / "logs.xlsx")
    write_truth(truth, folder / "truth.json")
    return _summary(folder, seed, (*tables, "logs.xlsx", "truth.json"), register)


def _merged(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {name: each for part in parts for name, each in part.items()}


def _subjects(
    register: DemoRegister, notices: pd.DataFrame, rng: dict[str, np.random.Generator]
) -> list[_Subject]:
    """Write what the school knows besides its marks; of the log of notices one that names the parents."""
    lessons = make_lessons(register, rng["lessons"])
    told = {"truants": lessons.truants, "third_and_fifth": lessons.third_and_fifth}
    day = _day(register, rng["day"])
    plans = support_plans(register, rng["plans"])
    known = families(register, notices, rng["families"])
    unnamed = {"no_publicity": not_to_be_named(register, rng["rewards"])}
    return [
        _Subject({"lessons.csv": lessons.table}, told),
        day,
        _Subject(
            {"overrides.csv": overrides(register, rng["rewards"]), "redraws.csv": redraws()}, {}, unnamed
        ),
        _Subject({"plans.csv": plans.plans, "part_time.csv": plans.part_time}, plans.truth),
        _Subject(
            {"parents.csv": known.parents, "considered.csv": known.considered},
            {"notice_cases": known.truth},
            sheets={"Notices": known.notices},
        ),
    ]


def _day(register: DemoRegister, rng: np.random.Generator) -> _Subject:
    """Write what is known at the desk: who signs in or out, who comes how, and which absence is planned."""
    sign_ins, here = signing_in(register, rng)
    more, shared = more_of_pupils(register, rng)
    tables = {"planned.csv": planned_absence(register, rng), "sign_ins.csv": sign_ins}
    return _Subject(tables, {"signed_in_with_n": here, **shared}, more)


def _plant(filled: _Filled, rng: dict[str, np.random.Generator]) -> _Planted:
    """Plant the defects: last of all, so that nothing else moves with them."""
    planting = Planting(filled.register, filled.changes, rng["defects"])
    defects, slips = plant_defects(planting), slip(planting)
    habits = plant_habits(planting, rng["habits"])
    registered, misregistered = misregister(planting, rng["habits"])
    told = {
        "amended_marks": len(filled.changes) + len(habits.changes),
        "unexplained_in_one_form": habits.unexplained,
        "defects": defects_before(filled.happened) | defects | slips.found | habits.found | misregistered,
    }
    return _Planted(slips, habits.changes, registered, told)


def _marks(
    filled: _Filled, planted: _Planted, rng: dict[str, np.random.Generator]
) -> dict[str, pd.DataFrame]:
    """Lay out the marks as the files that hold them."""
    register = filled.register
    weekly = {year: weekly_with_slips(by_weeks(register, year), planted.slips) for year in SCHOOL_YEARS}
    settled = amendments.amended_marks(register, filled.changes, rng["after"])
    further = amendments.amended_marks(register, planted.changes, rng["habits"])
    return {
        **{f"marks_{year[:4]}-{year[4:]}.csv": table for year, table in weekly.items()},
        "late_arrivals.csv": late_with_slips(late_arrivals(register), planted.slips),
        "amended_marks.csv": amendments.in_order(settled, further),
        "register_times.csv": register_times(register),
    }


def _summary(folder: Path, seed: int, files: tuple[str, ...], register: DemoRegister) -> DemoSummary:
    """Sum up what was written."""
    on_roll = int(register.roll.is_on_roll[:, -1].sum())
    return DemoSummary(folder, seed, files, len(register.roll.table), on_roll, int(register.is_open().sum()))


def _draw(school_file: Path, rng: dict[str, np.random.Generator]) -> _Drawn:
    """Draw the pupils, who takes part in what, and the days they are away."""
    timetable = timetable_of(load_settings(school_file))
    roll = make_roll(timetable, rng["roll"])
    risks = make_risks(timetable, roll, rng["risks"])
    nothing_done = Draws(risks, np.zeros(risks.ill.shape), rng["days"].random((2, *risks.ill.shape)))
    taking_part = choose_pupils(timetable, roll, nothing_done.days(timetable) > 0, rng["choice"])
    draws = replace(nothing_done, change=change_by(timetable, roll, taking_part))
    return _Drawn(timetable, roll, taking_part, draws, draws.days(timetable))


def _fill(drawn: _Drawn, rng: dict[str, np.random.Generator]) -> _Filled:
    """Write the register, then let happen to the marks what happens after they are made."""
    register, risks = blank_book(drawn.timetable, drawn.roll), drawn.draws.risks
    write_absence(register, drawn.days, rng["halves"])
    write_occasions(register, risks.propensity, rng["occasions"])
    write_lateness(register, risks.propensity, lateness_left(drawn.timetable), rng["lateness"])
    _close(register)
    taken = np.concatenate([drawn.taking_part.rows["enrolment"], risks.falling, risks.returning])
    reserved = reserve_pupils(register, risks.propensity, taken[taken >= 0].astype(int), rng["planted"])
    return _after(register, reserved, rng["after"])


def _write_logs(drawn: _Drawn, register: DemoRegister, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Write the logs, by the name of their sheet."""
    away = drawn.days > 0
    return {
        "Interventions": intervention_log(register, drawn.taking_part, away, rng),
        "Actions": action_log(register, _concern(drawn), rng),
        "Contacts": contact_log(register, away, rng),
        "Notices": notice_log(register, rng),
    }


def _concern(drawn: _Drawn) -> np.ndarray:
    """Share of recent days that each enrolment was away."""
    return (drawn.days[:, -RECENT_DAYS:] > 0).mean(axis=1)


def _tell_truth(drawn: _Drawn, filled: _Filled, seed: int) -> dict[str, object]:
    """Say what a check must find."""
    ids, risks = drawn.roll.table["pupil_id"], drawn.draws.risks
    return {
        "seed": seed,
        "calendar": calendar_figures(filled.register),
        "latent": latent_figures(filled.register, risks.propensity),
        "falling": sorted(ids.iloc[risks.falling]),
        "returning": sorted(ids.iloc[risks.returning]),
        **filled.happened,
        "interventions": true_effects(drawn.timetable, drawn.roll, drawn.taking_part, drawn.draws),
        "totals": totals(filled.register),
    }


def _close(register: DemoRegister) -> None:
    """Stamp closed sessions, and blank what is off roll."""
    register.put(register.closed(), "#")
    register.put(~np.repeat(register.roll.is_on_roll, 2, axis=1), "")


def _after(
    register: DemoRegister, reserved: np.ndarray, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Let happen to the marks what happens after they are made."""
    obsolete = amendments.write_obsolete(register, rng)
    missing = amendments.write_gaps(register, rng)
    changed = amendments.write_unknown_reasons(register, rng)
    forgotten = amendments.write_forgotten(register, changed, rng)
    five_days_old = amendments.write_five_days_old(register, changed)
    facts = write_planted(register, reserved)
    write_minutes(register, rng)
    settled = len(changed)
    changed = amendments.add_late_edits(register, changed, rng)
    late = changed.iloc[settled:]
    edits = amendments.Cells(late["row"].to_numpy(), late["session_number"].to_numpy()).listed(register)
    happened = {
        "planted": facts, "missing_marks": missing, "missing_register": amendments.MISSING_REGISTER,
        "obsolete_codes": obsolete, "forgotten_n": forgotten, "n_five_days_old": five_days_old, "late_edits": edits,
        "late_edits_of_u": [edit for edit, code in zip(edits, late["amended_from"], strict=True) if code == "U"],
        "amended_marks": len(changed),
    }  # fmt: skip
    return _Filled(register, changed, happened)


def _with_key_adults(register: DemoRegister, concern: np.ndarray, log: pd.DataFrame) -> pd.DataFrame:
    """Name a key adult for pupils who are often away, in an individual intervention or known to social care."""
    table = register.roll.table
    individual = set(log.loc[log["tier"] == INDIVIDUAL_TIER, "pupil_id"])
    cared_for = (
        register.roll.has("child_in_need")
        | register.roll.has("looked_after")
        | register.roll.has("sen_status", "E")
    )
    named = cared_for | (concern > KEY_ADULT_DAYS_AWAY) | table["pupil_id"].isin(individual).to_numpy()
    heads = {year: person.name for person in register.timetable.staff for year in person.year_groups}
    others = [person.name for person in register.timetable.staff if not person.year_groups]
    shared = np.resize(np.array(others, dtype=object), len(table))
    adults = np.where(cared_for, shared, table["year_group"].map(heads).to_numpy())
    return table.assign(key_adult=np.where(named, adults, ""))
