"""Contacts with home: the school's log, the tries that staff wrote on the daily paper's sheets, and support on file with both."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.logs import match_pupils, not_logged
from attendance_lib.analysis.support import support_by_pupil
from attendance_lib.casebook.staff_rows import known_rows, printed_rows, typed_or_none
from attendance_lib.casebook.state import RowState, State
from attendance_lib.intake.schema import CONTACTS
from attendance_lib.pack.pack import Pack, derived

# The sheet of the daily paper that is filled in, the paper, and its columns that are words of staff about a try.
CALLS, DAILY, CASELOADS = "calls", "daily", "caseloads"
WORDS = ("tries", "reached", "made_by", "outcome")
SPOKEN, LEFT_MESSAGE, NO_ANSWER, VISITED = REACHED = ("spoken to", "message left", "no answer", "visited")
# In a log of free words these say that nobody was reached.
NOT_REACHED = (
    "no answer",
    "no reply",
    "not reached",
    "message left",
    "left message",
    "left a message",
    "voicemail",
)
CALL, VISIT = "phone call", "visit"


def written_calls(known: State | None) -> pd.DataFrame:
    """Return the tries that staff wrote on the sheets of the daily paper and of caseloads.

    Parameters
    ----------
    known : State or None
        The casebook; None where there is none.

    Returns
    -------
    pandas.DataFrame
        One row per row of a sheet on which anything was written about a try, by its number: the columns of CONTACTS, and
        ``tries``. ``date`` is the day written, else the sheet's; ``outcome`` whether somebody was reached, and what was said.
        ``pupil_id`` is as written, empty where a row that staff added names nobody.

    Examples
    --------
    >>> from attendance_lib.casebook.state import CellState, Saying
    >>> said = CellState(CALLS, "7", "reached", (Saying(1, 1, 0, "workbook", "no answer"),), None)
    >>> row = RowState(CALLS, "7", "pack", {"reached": said}, date_to="2026-11-20")
    >>> written_calls(State(1, "", 1, 1, {CALLS: {"7": row}}))[["contact_id", "mode", "outcome"]].values.tolist()
    [['7', 'phone call', 'no answer']]
    """
    rows = known_rows(known, CALLS)
    printed = printed_rows(known, CALLS, DAILY, CASELOADS) if rows else {}
    written = [key for key, row in sorted(rows.items()) if any(map(row.value, WORDS))]
    found = [_as_contact(key, rows[key], printed.get(key, {})) for key in written]
    table = pd.DataFrame(found, columns=[*CONTACTS.column_names, "tries"])
    table = table.astype({"date": "datetime64[s]", "pupil_id": object})
    return table[table["date"].notna()].reset_index(drop=True)


def _as_contact(key: str, row: RowState, printed: Mapping[str, str]) -> dict[str, str]:
    said = {name: row.value(name) for name in WORDS}
    return {
        "contact_id": key,
        "pupil_id": row.value("pupil_id") or printed.get("pupil_id", ""),
        "date": typed_or_none(row.value("tried_on") or printed.get("date") or row.date_to),
        "mode": VISIT if said["reached"] == VISITED else CALL,
        "made_by": said["made_by"] or printed.get("made_by", ""),
        "person_contacted": "",
        "outcome": "; ".join(filter(None, (said["reached"], said["outcome"]))),
        "tries": said["tries"],
    }


@derived
def everything_written(pack: Pack) -> pd.DataFrame:
    """Return the tries written by a pack's day (rows of ``written_calls``), and ``is_known``: whether the roll has the pupil."""
    told, ids = written_calls(pack.casebook), pack.school.pupils["pupil_id"].astype(str)
    told = match_pupils(told[told["date"] <= pd.Timestamp(pack.date_to)].reset_index(drop=True), ids)
    return told.assign(is_known=told["pupil_id"].isin(ids))


@derived
def calls_written(pack: Pack) -> pd.DataFrame:
    """Return the tries written by a pack's day, of pupils on the school's roll (rows of ``written_calls``)."""
    told = everything_written(pack)
    return told[told["is_known"]].drop(columns="is_known").reset_index(drop=True)


@derived
def calls_to_enter(pack: Pack) -> pd.DataFrame:
    """Return the tries written that the school's log of contacts does not have, one row each.

    Those of which the log has none of that pupil on that day, whoever made it.
    """
    return not_logged(calls_written(pack), pack.school.contacts, ["pupil_id", "date"])


@derived
def contacts_known(pack: Pack) -> pd.DataFrame | None:
    """Return CONTACTS, one row per contact and its day; None without a log and a sheet.

    The school's log, and what was written on the daily paper's sheets and is not in it.
    """
    told, logged = calls_to_enter(pack)[list(CONTACTS.column_names)], pack.school.contacts
    if told.empty:
        return logged
    if logged is None:
        return told
    return pd.concat([logged.astype({"pupil_id": object}), told], ignore_index=True)


@derived
def support_of(pack: Pack) -> pd.DataFrame:
    """Return what support is on file for each pupil on a pack's last day (one row per pupil identifier; counts and days).

    Where the school keeps a log of contacts, what was written on the daily paper's sheets counts as if it stood there.
    """
    school, logged = pack.school, pack.school.contacts
    if logged is not None and len(calls_to_enter(pack)):
        school = replace(school, contacts=contacts_known(pack))
    return support_by_pupil(school, pack.date_to)


def last_reached(contacts: pd.DataFrame | None, pack: Pack) -> pd.Series:
    """Return the day on which somebody at home was last reached by a pack's day, by pupil identifier.

    A contact of which the log says that nobody answered, or that a message was left, is a try, and reached nobody.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = pd.to_datetime(["2026-11-09", "2026-11-16", "2026-11-23"])
    >>> log = pd.DataFrame({"pupil_id": 1, "date": days, "outcome": ["Spoke to mother", "Left message", "Spoke to father"]})
    >>> last_reached(log, SimpleNamespace(date_to="2026-11-20")).astype(str).to_dict()  # a message is a try
    {'1': '2026-11-09'}
    """
    if contacts is None:
        return pd.Series(dtype="datetime64[s]")
    known = contacts[contacts["date"] <= pd.Timestamp(pack.date_to)]
    words = known["outcome"].astype(object).fillna("").astype(str).str.casefold()
    reached = [not any(said in text for said in NOT_REACHED) for text in words]
    return known[reached].astype({"pupil_id": str}).groupby("pupil_id")["date"].max()
