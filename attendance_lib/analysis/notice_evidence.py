"""What of the evidence that an authority may ask for is on file for one pupil and parent, as far as exports can show it.

An empty text says that the export has nothing; None that nothing is exported from which it could be known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.considered import considered_known
from attendance_lib.analysis.contact_log import contacts_known
from attendance_lib.analysis.logs import is_filled, issued, known_columns, own_interventions, this_year
from attendance_lib.analysis.parents import known_notices, plain_name
from attendance_lib.analysis.plans import plans_of
from attendance_lib.errors import counted
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.authorities import BY_HAND, Evidence
from attendance_lib.rules.calendar import short_day, start_of_year
from attendance_lib.rules.notices import NoticeKind

# A row of a table, by column.
Row = Mapping[str, object]
LETTER_WORDS, VISIT_WORDS, EARLY_HELP = ("letter", "post", "email", "e-mail"), ("visit",), "early help"
CONTACT_COLUMNS = ("pupil_id", "date", "mode", "made_by", "person_contacted", "outcome")


@dataclass(frozen=True, eq=False)
class Files:
    """The logs of the school year of one pupil and parent; None where the school exports none."""

    contacts: pd.DataFrame | None
    interventions: pd.DataFrame | None
    plans: pd.DataFrame | None
    notices: pd.DataFrame | None
    considered: pd.DataFrame | None
    parent: Row | None
    siblings: int | None

    @cached_property
    def evidence(self) -> dict[Evidence, str | None]:
        """What is on file of each kind of evidence, in a few words (see the head of this file)."""
        return evidence_on_file(self)


@derived
def _contacts_by_pupil(pack: Pack) -> "ByPupil":
    """Return the contacts with home of the school year up to a pack's last day, oldest first."""
    logged = contacts_known(pack)
    if logged is None:
        return None
    rows = known_columns(logged, list(CONTACT_COLUMNS))
    start, end = pd.Timestamp(start_of_year(pack.date_to)), pd.Timestamp(pack.date_to)
    return by_pupil(rows[rows["date"].between(start, end)].sort_values("date", kind="stable"))


@derived
def _interventions_by_pupil(pack: Pack) -> "ByPupil":
    """Return the pupils' own interventions that run or ended in the school year, oldest first."""
    logged = pack.school.interventions
    if logged is None:
        return None
    rows = this_year(own_interventions(logged, pack.date_to), pd.Timestamp(start_of_year(pack.date_to)))
    agency = logged["agency"].reindex(rows.index) if "agency" in logged else None
    return by_pupil(rows.assign(agency=agency).sort_values("start_date", kind="stable"))


@derived
def _plans_by_pupil(pack: Pack) -> "ByPupil":
    """Return the plans that run or were agreed, reviewed or closed in the school year, oldest first."""
    plans, start = plans_of(pack), pd.Timestamp(start_of_year(pack.date_to))
    if plans.empty and pack.school.plans is None:
        return None
    dated = plans[["opened_on", "reviewed_on", "closed_on"]].max(axis=1) >= start
    return by_pupil(plans[plans["is_running"] | dated])


@derived
def issued_notices(pack: Pack) -> pd.DataFrame | None:
    """Return the notices issued by a pack's last day and not withdrawn, oldest first (see ``support.issued``); None without a log.

    With each parent as the list of parents has it, ``is_listed`` and ``received_on``.
    """
    known = known_notices(pack)
    if known is None:
        return None
    rows = issued(known, pack.date_to)
    received = known["received_on"].reindex(rows.index) if "received_on" in known else pd.NaT
    rows = rows.assign(is_listed=known["is_listed"].reindex(rows.index).astype(bool), received_on=received)
    return rows.sort_values("issued_on", kind="stable", ignore_index=True)


@derived
def _notices_by_pupil(pack: Pack) -> "ByPupil":
    rows = issued_notices(pack)
    return None if rows is None else by_pupil(rows)


@derived
def _considered_by_pupil(pack: Pack) -> "ByPupil":
    """Return what the school recorded of considering a notice, by a pack's last day, the newest last."""
    given = considered_known(pack)
    if given is None:
        return None
    rows = given[given["considered_on"] <= pd.Timestamp(pack.date_to)]
    rows = rows.assign(parent=rows["parent"].map(plain_name).astype(object))
    return by_pupil(rows.sort_values("considered_on", kind="stable"))


@dataclass(frozen=True, eq=False)
class _Grouped:
    """The rows of a log by pupil, and the log without a row for those of whom it says nothing."""

    rows: dict[str, pd.DataFrame]
    nothing: pd.DataFrame

    def of(self, pupil_id: str) -> pd.DataFrame:
        return self.rows.get(pupil_id, self.nothing)


ByPupil = _Grouped | None


def by_pupil(log: pd.DataFrame) -> _Grouped:
    """Return the rows of a log by the identifier of their pupil."""
    named = log.assign(pupil_id=log["pupil_id"].astype(str))
    groups = {pupil: rows.reset_index(drop=True) for pupil, rows in named.groupby("pupil_id", sort=False)}
    return _Grouped(groups, named.iloc[:0])


@derived
def _files_kept(_: Pack) -> dict[tuple[str, str], Files]:
    return {}


def files_of(pack: Pack, pupil_id: str, parent: Row | None) -> Files:
    """Return the logs of one pupil and parent (a row of ``parents.parents_of``; None for a parent who is not on the list)."""
    kept, key = _files_kept(pack), (pupil_id, "" if parent is None else parent["parent_id"])
    if key not in kept:
        logs = (_contacts_by_pupil, _interventions_by_pupil, _plans_by_pupil)
        own = [None if (grouped := log(pack)) is None else grouped.of(pupil_id) for log in logs]
        kept[key] = Files(
            *own, _of_parent(_notices_by_pupil(pack), pupil_id, parent, everyone=False),
            _of_parent(_considered_by_pupil(pack), pupil_id, parent, everyone=True), parent, _siblings(pack).get(pupil_id),
        )  # fmt: skip
    return kept[key]


def _of_parent(log: ByPupil, pupil_id: str, parent: Row | None, *, everyone: bool) -> pd.DataFrame | None:
    """Return a pupil's rows that mean one parent, with those that mean every parent if asked; None where none are exported."""
    if log is None:
        return None
    rows = log.of(pupil_id)
    names = {""} if everyone else set()
    if parent is not None:
        names |= {parent["parent"].casefold(), parent["parent_id"].casefold()}
    is_theirs = np.array([name.casefold() in names for name in rows["parent"]], dtype=bool)
    return rows[is_theirs].reset_index(drop=True)


@derived
def _siblings(pack: Pack) -> dict[str, int]:
    """Return how many brothers and sisters each pupil of a known family has at the school."""
    pupils = pack.school.pupils
    if "family_id" not in pupils:
        return {}
    known = pupils.assign(pupil_id=pupils["pupil_id"].astype(str)).dropna(subset="family_id")
    members = known.groupby("family_id")["pupil_id"].transform("nunique")
    return dict(zip(known["pupil_id"], (members - 1).astype(int), strict=True))


def evidence_on_file(files: Files) -> dict[Evidence, str | None]:
    """Return what is on file of each kind of evidence that exports can show, in a few words (see the head of this file)."""
    contacts, plans, considered = files.contacts, files.plans, files.considered
    return {
        Evidence.REGISTRATION_CERTIFICATE: "in this paper",
        Evidence.PARENT_DETAILS: _parent(files.parent),
        Evidence.CONTACTS: _contacts(contacts, ("",)),
        Evidence.LETTERS: _contacts(contacts, LETTER_WORDS),
        Evidence.VISITS: _contacts(contacts, VISIT_WORDS),
        Evidence.PLAN: _plan(plans),
        Evidence.PLAN_REVIEW: _review(plans),
        Evidence.NOTICE_TO_IMPROVE: _improvement(files.notices),
        Evidence.EARLY_HELP: _early_help(files),
        Evidence.AGENCIES: _agencies(files),
        Evidence.SIBLINGS: _family(files.siblings),
        Evidence.LEAVE_APPLICATION: _dated(considered, "leave_asked_on"),
        Evidence.LEAVE_REFUSAL: _dated(considered, "leave_refused_on"),
        Evidence.AUTHORITY_CONSULTED: _dated(considered, "authority_consulted_on"),
        **dict.fromkeys(BY_HAND),
    }


def _parent(parent: Row | None) -> str | None:
    if parent is None:
        return ""
    held = parent["addresses"]
    return "named, with an address" if not pd.isna(held) and held >= 1 else ""


def _contacts(contacts: pd.DataFrame | None, words: tuple[str, ...]) -> str | None:
    if contacts is None:
        return None
    modes = contacts["mode"].astype(object).fillna("").astype(str).str.casefold()
    found = contacts[[any(word in mode for word in words) for mode in modes]]
    return f"{len(found)}, last {short_day(found['date'].iloc[-1])}" if len(found) else ""


def _family(siblings: int | None) -> str | None:
    return (
        None
        if siblings is None
        else f"{counted(siblings, 'brother or sister', 'brothers and sisters')} at this school"
    )


def _plan(plans: pd.DataFrame | None) -> str | None:
    if plans is None:
        return None
    return "; ".join(f"{row.plan_id} of {short_day(row.opened_on)}" for row in plans.itertuples())


def _review(plans: pd.DataFrame | None) -> str | None:
    if plans is None:
        return None
    days = plans["reviewed_on"].dropna()
    return f"{len(days)}, last {short_day(days.max())}" if len(days) else ""


def _improvement(notices: pd.DataFrame | None) -> str | None:
    if notices is None:
        return None
    found = notices[notices["notice_kind"] == NoticeKind.NOTICE_TO_IMPROVE]
    return f"issued {short_day(found['issued_on'].iloc[-1])}; attach the copy" if len(found) else ""


def _early_help(files: Files) -> str | None:
    """Say when early help was offered or began, as far as any of the logs tells."""
    offered = [
        _dated(files.considered, "early_help_offered_on"),
        _dated(files.plans, "early_help_offered_on"),
    ]
    support = files.interventions
    if support is not None:
        words = (
            support["intervention"].astype(str)
            + " "
            + support["agency"].astype(object).fillna("").astype(str)
        )
        began = support[np.array([EARLY_HELP in text.casefold() for text in words], dtype=bool)]
        offered.append(f"from {short_day(began['start_date'].iloc[-1])}" if len(began) else "")
    return _first_known(offered)


def _agencies(files: Files) -> str | None:
    columns = ((files.plans, "agencies"), (files.interventions, "agency"))
    told = [None if log is None else ", ".join(_filled(log[column])) for log, column in columns]
    return _first_known(told)


def _filled(column: pd.Series) -> list[str]:
    return list(dict.fromkeys(column[is_filled(column)].astype(str)))


def _first_known(told: list[str | None]) -> str | None:
    """Return the first that says something, else an empty text; None where none of the logs is exported."""
    known = [each for each in told if each is not None]
    return next(filter(None, known), "") if known else None


def _dated(considered: pd.DataFrame | None, column: str) -> str | None:
    if considered is None:
        return None
    days = considered[column].dropna()
    return short_day(days.iloc[-1]) if len(days) else ""
