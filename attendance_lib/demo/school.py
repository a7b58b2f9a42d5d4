"""The demo school, put together and written as the export files a school has."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from attendance_lib.demo import amendments, files, logs, occasions, planted
from attendance_lib.demo.absence import make_risks, write_absence
from attendance_lib.demo.book import ATTENDING, AUTHORISED, UNAUTHORISED, Book, blank_book
from attendance_lib.demo.casework import intervention_log
from attendance_lib.demo.lateness import write_lateness, write_minutes
from attendance_lib.demo.participation import Draws, change_by, choose_pupils, true_effects
from attendance_lib.demo.roll import SCHOOL_YEARS, make_roll
from attendance_lib.demo.schemes import lateness_left
from attendance_lib.demo.timetable import read_timetable

SCHOOL_FILE = Path(__file__).resolve().parents[2] / "params" / "demo.yml"
KEY_ADULT_DAYS_AWAY, INDIVIDUAL_TIER = 0.12, 3
STREAMS = ("roll", "risks", "days", "choice", "halves", "occasions", "lateness", "planted", "after", "logs")
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
class _School:
    """The demo school before it is written."""

    book: Book
    pupils: pd.DataFrame
    amended: pd.DataFrame
    sheets: dict[str, pd.DataFrame]
    truth: dict[str, object]


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
        ``amended_marks.csv``, ``logs.xlsx`` and ``truth.json``.

    Notes
    -----
    Every pupil and member of staff is invented.
    """
    school = _make_school(school_file, seed)
    folder.mkdir(parents=True, exist_ok=True)
    files.write_csv(school.pupils, folder / "pupils.csv")
    for year in SCHOOL_YEARS:
        name = f"marks_{year[:4]}-{year[4:]}.csv"
        files.write_csv(files.weekly_wide(school.book, year), folder / name, with_mark=True)
    files.write_csv(files.late_arrivals(school.book), folder / "late_arrivals.csv")
    files.write_csv(school.amended, folder / "amended_marks.csv")
    files.write_workbook(school.sheets, folder / "logs.xlsx")
    files.write_truth({"seed": seed, **school.truth}, folder / "truth.json")
    names = ("pupils.csv", "marks_2025-26.csv", "marks_2026-27.csv", "late_arrivals.csv", "amended_marks.csv",
             "logs.xlsx", "truth.json")  # fmt: skip
    on_roll = int(school.book.roll.is_on_roll[:, -1].sum())
    return DemoSummary(folder, seed, names, len(school.pupils), on_roll, int(school.book.is_open().sum()))


def _make_school(school_file: Path, seed: int) -> _School:
    """Put the school together, step by step."""
    rng = {name: np.random.default_rng([seed, number]) for number, name in enumerate(STREAMS)}
    timetable = read_timetable(school_file)
    roll = make_roll(timetable, rng["roll"])
    risks = make_risks(timetable, roll, rng["risks"])
    nothing_done = Draws(risks, np.zeros(risks.ill.shape), rng["days"].random((2, *risks.ill.shape)))
    taking_part = choose_pupils(timetable, roll, nothing_done.days(timetable) > 0, rng["choice"])
    draws = replace(nothing_done, change=change_by(timetable, roll, taking_part))
    days = draws.days(timetable)

    book = blank_book(timetable, roll)
    write_absence(book, days, rng["halves"])
    occasions.write_occasions(book, risks.lasting, rng["occasions"])
    write_lateness(book, risks.lasting, lateness_left(timetable), rng["lateness"])
    _close(book)
    taken = np.concatenate([taking_part.rows["enrolment"], risks.falling, risks.returning])
    reserved = planted.reserve_pupils(book, risks.lasting, taken[taken >= 0].astype(int), rng["planted"])
    amended, happened = _after(book, reserved, rng["after"])

    log = intervention_log(book, taking_part, days > 0, rng["logs"])
    concern = (days[:, -30:] > 0).mean(axis=1)
    sheets = {
        "Interventions": log,
        "Actions": logs.action_log(book, concern, rng["logs"]),
        "Contacts": logs.contact_log(book, days > 0, rng["logs"]),
        "Notices": logs.notice_log(book, rng["logs"]),
    }
    ids = roll.table["pupil_id"]
    truth = {
        "calendar": _calendar_truth(book),
        "latent": _latent_truth(book, risks.lasting),
        "falling": sorted(ids.iloc[risks.falling]),
        "returning": sorted(ids.iloc[risks.returning]),
        **happened,
        "interventions": true_effects(timetable, roll, taking_part, draws),
        "totals": _totals(book),
    }
    return _School(book, _with_key_adults(book, concern, log), amended, sheets, truth)


def _close(book: Book) -> None:
    """Stamp closed sessions, and blank what is off roll."""
    book.put(book.closed(), "#")
    book.put(~np.repeat(book.roll.is_on_roll, 2, axis=1), "")


def _after(book: Book, reserved: np.ndarray, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, object]]:
    """Let happen to the marks what happens after they are made; the amendments, and what to check."""
    obsolete = amendments.write_obsolete(book, rng)
    missing = amendments.write_gaps(book, rng)
    changed = amendments.write_unknown_reasons(book, rng)
    forgotten = amendments.write_forgotten(book, changed, rng)
    facts = planted.write_planted(book, reserved)
    write_minutes(book, rng)
    settled = len(changed)
    changed = amendments.add_late_edits(book, changed, rng)
    amended = amendments.amended_marks(book, changed, rng)
    late = changed.iloc[settled:]
    edits = amendments.Cells(late["row"].to_numpy(), late["session_number"].to_numpy()).listed(book)
    happened = {
        "planted": facts, "missing_marks": missing, "missing_register": amendments.MISSING_REGISTER,
        "obsolete_codes": obsolete, "forgotten_n": forgotten, "late_edits": edits, "amended_marks": len(amended),
    }  # fmt: skip
    return amended, happened


def _calendar_truth(book: Book) -> dict[str, dict[str, int]]:
    """Open days, sessions of each year group and school weeks of each school year."""
    timetable, figures = book.timetable, {}
    for year in SCHOOL_YEARS:
        days = timetable.school_years == year
        open_sessions = {f"year_{g}": int((~shut[np.repeat(days, 2)]).sum()) for g, shut in timetable.closed.items()}
        weeks = len(np.unique(timetable.mondays[days]))
        figures[year] = {"open_days": int(days.sum()), "school_weeks": weeks, **open_sessions}
    return figures


def _latent_truth(book: Book, lasting: np.ndarray) -> dict[str, float]:
    """Summary of the latent propensities: a share of school days, before season and interventions."""
    shares = {f"quantile_{q}": float(np.quantile(lasting, q / 100)) for q in (10, 25, 50, 75, 90, 95)}
    fsm = book.roll.has("fsm")
    groups = {"fsm_mean": lasting[fsm].mean(), "not_fsm_mean": lasting[~fsm].mean(), "mean": lasting.mean()}
    return {name: round(float(value), 4) for name, value in {**groups, **shares}.items()}


def _totals(book: Book) -> dict[str, dict[str, int]]:
    """Counts of each school year: possible, absence, authorised and unauthorised sessions, lates and N."""
    years = np.repeat(book.timetable.school_years, 2)
    kinds = {
        "possible_sessions": (*ATTENDING, *AUTHORISED, *UNAUTHORISED), "authorised_absence_sessions": AUTHORISED,
        "unauthorised_absence_sessions": UNAUTHORISED, "late_before_close_sessions": ("L",),
        "late_after_close_sessions": ("U",), "n_sessions": ("N",),
    }  # fmt: skip
    return {
        year: {name: int(book.holds(codes)[:, years == year].sum()) for name, codes in kinds.items()}
        for year in SCHOOL_YEARS
    }


def _with_key_adults(book: Book, concern: np.ndarray, log: pd.DataFrame) -> pd.DataFrame:
    """Name a key adult for pupils who are often away, in an individual intervention or known to social care."""
    table = book.roll.table
    individual = set(log.loc[log["tier"] == INDIVIDUAL_TIER, "pupil_id"])
    cared_for = book.roll.has("child_in_need") | book.roll.has("looked_after") | book.roll.has("sen_status", "E")
    named = cared_for | (concern > KEY_ADULT_DAYS_AWAY) | table["pupil_id"].isin(individual).to_numpy()
    heads = {year: person.name for person in book.timetable.staff for year in person.year_groups}
    others = [person.name for person in book.timetable.staff if not person.year_groups]
    shared = np.resize(np.array(others, dtype=object), len(table))
    adults = np.where(cared_for, shared, table["year_group"].map(heads).to_numpy())
    return table.assign(key_adult=np.where(named, adults, ""))
