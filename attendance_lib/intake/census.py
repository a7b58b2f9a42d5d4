"""School Census tables: sessions by code for each pupil over a term. Enough for rates and persistent absence, for no more."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.errors import InputError, counted
from attendance_lib.intake.declared import TEXT, WHOLE, Column, Kind, Table
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import Finding, Ledger, Severity, refusal_of
from attendance_lib.intake.schema import CENSUS_SESSIONS
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.tables import TableRead, read_table
from attendance_lib.rules.codes import Category, code_in_force

CENSUS_PUPILS = Table(
    "census pupils",
    ("pupil_id",),
    (
        Column(
            "pupil_id", TEXT, "The pupil's row in this table", is_required=True,
            also_called=("pupilonrolltableid", "pupilnolongeronrolltableid"),
        ),
        Column("upn", TEXT, "Unique pupil number", is_personal=True),
        Column("year_group", Kind.YEAR_GROUP, "National curriculum year", also_called=("ncyearactual", "ncyearleaving")),
        Column(
            "stated_possible_sessions", WHOLE, "Possible sessions as the school stated them", "sessions",
            also_called=("termlysessionspossible",),
        ),
    ),
)  # fmt: skip
# The heading must be there; a count may be blank in a return as collected, and then is reported.
SESSIONS_AS_COLLECTED = replace(
    CENSUS_SESSIONS,
    columns=tuple(
        replace(column, is_required=column.name != "sessions") for column in CENSUS_SESSIONS.columns
    ),
)
COUNTED: dict[str, tuple[Category, ...]] = {
    "present_sessions": (Category.PRESENT,),
    "approved_activity_sessions": (Category.APPROVED_ACTIVITY,),
    "authorised_absence_sessions": (Category.AUTHORISED_ABSENCE,),
    "unauthorised_absence_sessions": (Category.UNAUTHORISED_ABSENCE,),
    "absence_sessions": (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE),
    "unclassified_sessions": (Category.UNCLASSIFIED,),
}


@dataclass(frozen=True, eq=False)
class CensusCounts:
    """One row a pupil with counts in sessions, and what was found wrong; there is not a date in it."""

    rows: pd.DataFrame
    findings: tuple[Finding, ...]


def read_census_counts(pupils: Export, sessions: Export, on: date) -> CensusCounts:
    """Read a term's sessions by code for each pupil from the tables of a School Census.

    Parameters
    ----------
    pupils : Export
        The table of pupils, with the possible sessions that the school stated.
    sessions : Export
        The table of sessions by code (``attendancereason``).
    on : datetime.date
        A day of the term, by whose set of codes the reasons are classified.

    Returns
    -------
    CensusCounts
        One row a pupil, in the order of the pupils' table, with what ``with_rates`` and ``flag_absence`` need:
        ``possible_sessions``, ``absence_sessions`` and its parts; from 2020/21 on possible sessions are counted
        from the codes, before then (only absences were collected) taken as stated. Pupils without possible
        sessions stay; a pupil with more absence than possible sessions is left out with a finding.

    Raises
    ------
    InputError
        If a file is no such table, or no pupil of it can be right.

    Notes
    -----
    Source: DfE School Census; up to 2019/20 schools returned absences alone, since then every session.
    """
    ledger = Ledger()
    roll = read_table(CENSUS_PUPILS, (Source("pupils", 0, "", (pupils,)),), ledger)
    counts = read_table(SESSIONS_AS_COLLECTED, (Source("sessions", 0, "", (sessions,)),), ledger)
    if roll is None or counts is None or ledger.refusals:
        raise refusal_of(ledger.refusals)
    _report_blank(counts, "sessions", ledger)
    _report_blank(roll, "stated_possible_sessions", ledger)
    rows = _with_possible(roll.rows, _by_pupil(counts.rows, on))
    is_possible = (rows["absence_sessions"] <= rows["possible_sessions"]).to_numpy(dtype=bool)
    _report(rows, ~is_possible, ledger)
    if not is_possible.any():
        raise InputError(
            f"{sessions.label}: every pupil has more absence than possible sessions. Check both tables."
        )
    return CensusCounts(rows[is_possible].reset_index(drop=True), tuple(ledger.findings))


def _by_pupil(counts: pd.DataFrame, on: date) -> pd.DataFrame:
    """Add up sessions by category for each pupil; a code not in force is unclassified."""
    in_force = {letter: code_in_force(letter, on) for letter in counts["code"].unique()}
    category = counts["code"].map(
        {letter: code.category if code else Category.UNCLASSIFIED for letter, code in in_force.items()}
    )
    sessions = counts["sessions"].fillna(0)
    added = {name: sessions.where(category.isin(wanted), 0) for name, wanted in COUNTED.items()}
    return pd.DataFrame(added).groupby(counts["pupil_id"]).sum()


def _with_possible(roll: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Join the counts to the pupils; possible sessions are counted where the census holds attendance too."""
    absent = dict.fromkeys([*counts.columns, "stated_possible_sessions"], 0)
    rows = roll.join(counts, on="pupil_id").fillna(absent)
    attended = rows["present_sessions"] + rows["approved_activity_sessions"]
    holds_attendance = bool((attended > 0).any())
    possible = attended + rows["absence_sessions"] if holds_attendance else rows["stated_possible_sessions"]
    return rows.assign(possible_sessions=possible, attended_sessions=possible - rows["absence_sessions"])


def _report_blank(read: TableRead, name: str, ledger: Ledger) -> None:
    blank = read.rows[name].isna().to_numpy()
    if blank.any():
        ledger.find(
            read.finding(
                "blank_counts",
                blank,
                f"{counted(int(blank.sum()), 'row has', 'rows have')} no {name}, which counts as 0.",
            )
        )


def _report(rows: pd.DataFrame, is_impossible: np.ndarray, ledger: Ledger) -> None:
    unclassified = int(rows["unclassified_sessions"].sum())
    differ = int((rows["possible_sessions"] != rows["stated_possible_sessions"]).sum())
    for rule, count, one, several, rest in (
        (
            "impossible_counts", int(is_impossible.sum()), "pupil with", "pupils with",
            "more absence than possible sessions left out",
        ),
        (
            "code_not_in_force", unclassified, "session has", "sessions have",
            "a code that was not in force, and is in neither side of a rate",
        ),
        (
            "possible_as_stated", differ, "pupil has", "pupils have",
            "other possible sessions by code than as stated; the codes hold",
        ),
    ):  # fmt: skip
        if count:
            message = f"{counted(count, one, several)} {rest}. Correct the return."
            ledger.find(Finding(rule, Severity.MUST, message, count=count))
