"""What of the evidence that an authority may ask for is on file for one pupil and parent, as far as exports can show it.

An empty text says that the export has nothing; None that nothing is exported from which it could be known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from attendance_lib.analysis.considered import considered_known
from attendance_lib.analysis.contact_log import contacts_known
from attendance_lib.analysis.logs import issued, known_columns, own_interventions, this_year
from attendance_lib.analysis.parents import known_notices, plain_name
from attendance_lib.analysis.plans import plans_of
from attendance_lib.errors import counted
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.authorities import BY_HAND, Evidence
from attendance_lib.rules.calendar import short_day, start_of_year
from attendance_lib.rules.notices import NoticeKind

# A row of a table, by column; and some in their order. A pupil has few, which pandas would take longer to choose than to read.
Row = Mapping[str, object]
Rows = Sequence[Row]
LETTER_WORDS, VISIT_WORDS, EARLY_HELP = ("letter", "post", "email", "e-mail"), ("visit",), "early help"
CONTACT_COLUMNS = ("pupil_id", "date", "mode", "made_by", "person_contacted", "outcome")


@dataclass(frozen=True, eq=False)
class Files:
    """The logs of the school year of one pupil and parent; None where the school exports none."""

    contacts: Rows | None
    interventions: Rows | None
    plans: Rows | None
    notices: Rows | None
    considered: Rows | None
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


ByPupil = dict[str, list[Row]] | None


def by_pupil(log: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the rows of a log by the identifier of their pupil, in their order.

    Examples
    --------
    >>> log = pd.DataFrame({"pupil_id": ["2", "1", "2"], "date": ["5 Oct", "6 Oct", "9 Oct"]})
    >>> [row["date"] for row in by_pupil(log)["2"]]
    ['5 Oct', '9 Oct']
    """
    found: dict[str, list[Row]] = {}
    for row in log.assign(pupil_id=log["pupil_id"].astype(str)).to_dict("records"):
        found.setdefault(row["pupil_id"], []).append(row)
    return found


@derived
def _files_kept(_: Pack) -> dict[tuple[str, str], Files]:
    return {}


def files_of(pack: Pack, pupil_id: str, parent: Row | None) -> Files:
    """Return the logs of one pupil and parent (a row of ``parents.parents_of``; None for a parent who is not on the list)."""
    kept, key = _files_kept(pack), (pupil_id, "" if parent is None else parent["parent_id"])
    if key not in kept:
        logs = (_contacts_by_pupil, _interventions_by_pupil, _plans_by_pupil)
        own = [None if (rows := log(pack)) is None else rows.get(pupil_id, []) for log in logs]
        kept[key] = Files(
            *own, _of_parent(_notices_by_pupil(pack), pupil_id, parent, everyone=False),
            _of_parent(_considered_by_pupil(pack), pupil_id, parent, everyone=True), parent, _siblings(pack).get(pupil_id),
        )  # fmt: skip
    return kept[key]


def _of_parent(log: ByPupil, pupil_id: str, parent: Row | None, *, everyone: bool) -> Rows | None:
    """Return a pupil's rows that mean one parent, with those that mean every parent if asked; None where none are exported."""
    if log is None:
        return None
    names = {""} if everyone else set()
    if parent is not None:
        names |= {parent["parent"].casefold(), parent["parent_id"].casefold()}
    return [row for row in log.get(pupil_id, []) if row["parent"].casefold() in names]


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
    """Return what is on file of each kind of evidence that exports can show, in a few words (see the head of this file).

    Examples
    --------
    >>> files = dict.fromkeys(("contacts", "interventions", "plans", "notices", "considered", "parent", "siblings"))
    >>> visit = {"mode": "Home visit", "date": pd.Timestamp("2026-11-09")}
    >>> held = evidence_on_file(Files(**files | {"contacts": [visit]}))
    >>> held[Evidence.VISITS], held[Evidence.LETTERS], held[Evidence.PLAN]  # one, none, and no log of plans to say
    ('1, last 9 Nov', '', None)
    """
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


def _contacts(contacts: Rows | None, words: tuple[str, ...]) -> str | None:
    if contacts is None:
        return None
    found = [row for row in contacts if _is_any_of(row["mode"], words)]
    return f"{len(found)}, last {short_day(found[-1]['date'])}" if found else ""


def _is_any_of(mode: object, words: tuple[str, ...]) -> bool:
    """Whether the mode of a contact, as a log writes it, names one of some ways."""
    return any(word in _text(mode).casefold() for word in words)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _family(siblings: int | None) -> str | None:
    return (
        None
        if siblings is None
        else f"{counted(siblings, 'brother or sister', 'brothers and sisters')} at this school"
    )


def _plan(plans: Rows | None) -> str | None:
    if plans is None:
        return None
    return "; ".join(f"{row['plan_id']} of {short_day(row['opened_on'])}" for row in plans)


def _review(plans: Rows | None) -> str | None:
    if plans is None:
        return None
    days = [row["reviewed_on"] for row in plans if not pd.isna(row["reviewed_on"])]
    return f"{len(days)}, last {short_day(max(days))}" if days else ""


def _improvement(notices: Rows | None) -> str | None:
    if notices is None:
        return None
    found = [row for row in notices if row["notice_kind"] == NoticeKind.NOTICE_TO_IMPROVE]
    return f"issued {short_day(found[-1]['issued_on'])}; attach the copy" if found else ""


def _early_help(files: Files) -> str | None:
    """Say when early help was offered or began, as far as any of the logs tells."""
    offered = [
        _dated(files.considered, "early_help_offered_on"),
        _dated(files.plans, "early_help_offered_on"),
    ]
    support = files.interventions
    if support is not None:
        began = [
            row for row in support if EARLY_HELP in f"{row['intervention']} {_text(row['agency'])}".casefold()
        ]
        offered.append(f"from {short_day(began[-1]['start_date'])}" if began else "")
    return _first_known(offered)


def _agencies(files: Files) -> str | None:
    columns = ((files.plans, "agencies"), (files.interventions, "agency"))
    told = [None if log is None else ", ".join(_filled(log, column)) for log, column in columns]
    return _first_known(told)


def _filled(log: Rows, column: str) -> list[str]:
    """Return what a column of a log says, each once."""
    return list(dict.fromkeys(said for row in log if (said := _text(row[column])).strip()))


def _first_known(told: list[str | None]) -> str | None:
    """Return the first that says something, else an empty text; None where none of the logs is exported."""
    known = [each for each in told if each is not None]
    return next(filter(None, known), "") if known else None


def _dated(log: Rows | None, column: str) -> str | None:
    if log is None:
        return None
    days = [row[column] for row in log if not pd.isna(row[column])]
    return short_day(days[-1]) if days else ""
