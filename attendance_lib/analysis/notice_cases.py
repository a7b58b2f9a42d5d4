"""Each case at a notice threshold, one per rule, pupil and parent, with the facts that the gate decides on and its answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.logs import day_or_none
from attendance_lib.analysis.notice_evidence import Files, Row, Rows, by_pupil, files_of, issued_notices
from attendance_lib.analysis.notice_windows import Windows, sessions_under
from attendance_lib.analysis.notices_to_improve import notices_to_improve
from attendance_lib.analysis.parents import parents_of
from attendance_lib.analysis.penalty_notices import counting_to_limit, people_in, rules_of, windows_of
from attendance_lib.intake.settings.authority_file import Authority, Deadline
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.grid import cell_of
from attendance_lib.rules.authorities import BY_HAND, Evidence, Unit, days_until, last_day_of
from attendance_lib.rules.codes import CODES, Category
from attendance_lib.rules.notice_gate import Answer, Case, Gate, Improvement, gate
from attendance_lib.rules.notices import NoticeKind, NoticeRule

NOT_ON_FILE = "Parent not on file"
SEN = ("K", "E")
OF_SUPPORT = (Evidence.NOTICE_TO_IMPROVE, Evidence.PLAN, Evidence.PLAN_REVIEW)
# What evidence holds that is not on file, and what is added to its name.
NOT_HELD = {"": "", None: " (not exported)"}


@dataclass(frozen=True, eq=False)
class ParentCase:
    """One parent's case under one rule: who, the window (a row of ``windows_of``), the facts and what the gate says of them.

    ``evidence`` is what is on file of what the authority asks for (see ``notice_evidence``); ``days_left`` are the days to its
    deadline, in ``deadline_unit`` (None where none is known, has begun or is ahead); ``person`` the row of ``people_in``.
    """

    pupil_id: str
    parent: str
    rule: NoticeRule
    window: Row
    listed: Row | None
    case: Case
    gate: Gate
    evidence: dict[Evidence, str | None]
    days_left: int | None
    deadline_unit: str


@derived
def cases_of(pack: Pack) -> tuple[ParentCase, ...]:
    """Return every case at a threshold on a pack's last day, or at one earlier in the window, in the order of rules and pupils."""
    windows = windows_of(pack)
    of_one = ["rule", "pupil_id"]
    some_met = windows.groupby(of_one, sort=False)["has_been_met"].transform("any")
    found: dict[tuple[str, str], list[Row]] = {}
    for row in windows[some_met].to_dict("records"):
        found.setdefault((row["rule"], row["pupil_id"]), []).append(row)
    return tuple(
        _case_of(pack, window, listed)
        for rows in found.values()
        for window, listed in _by_parent(pack, rows)
        if window["has_been_met"]
    )


@derived
def gates_in_words(pack: Pack) -> dict[str, str]:
    """Return how much stands in the way of a referral of each pupil at the national threshold now, in words, by identifier.

    Where parents of one pupil differ, the fewest and the most are given.
    """
    found: dict[str, set[int]] = {}
    for each in cases_of(pack):
        if each.rule.is_national and each.gate.answer is not Answer.NOT_MET:
            found.setdefault(each.pupil_id, set()).add(len(each.gate.to_do))
    return {pupil: to_do_in_words(counts) for pupil, counts in found.items()}


def to_do_in_words(counts: set[int]) -> str:
    """Return how many things are to do at the gate, of the parents of one pupil.

    Examples
    --------
    >>> to_do_in_words({2}), to_do_in_words({1, 3}), to_do_in_words({0})
    ('gate: 2 to do', 'gate: 1 to 3 to do', 'gate: decide')
    """
    least, most = min(counts), max(counts)
    if not most:
        return "gate: decide"
    return f"gate: {least} to {most} to do" if least < most else f"gate: {most} to do"


def _by_parent(pack: Pack, rows: Rows) -> Iterator[tuple[Row, Row | None]]:
    """Yield the window of each parent of a pupil with the parent's row; of the names in the log alone where none is listed.

    A parent who got a penalty notice has a window of their own, every other the one of which no notice used anything up.
    """
    listed = _listed(pack).get(rows[0]["pupil_id"], [])
    own = {row["parent"]: row for row in rows}
    if not listed:
        yield from ((row, None) for row in own.values())
    for parent in listed:
        yield own.get(parent["parent"], own[""]), parent


@derived
def _listed(pack: Pack) -> dict[str, list[Row]]:
    """Return the parents on the list of each pupil (rows of ``parents_of``)."""
    found: dict[str, list[Row]] = {}
    for parent in parents_of(pack).to_dict("records"):
        found.setdefault(parent["pupil_id"], []).append(parent)
    return found


def _case_of(pack: Pack, window: Row, listed: Row | None) -> ParentCase:
    rule = next(each for each in rules_of(pack) if each.name == window["rule"])
    view = _View(pack, rule, window, files_of(pack, window["pupil_id"], listed))
    case = view.case()
    name = listed["parent"] if listed is not None else window["parent"] or NOT_ON_FILE
    deadline = view.authority.deadline_for(holiday=case.is_holiday)
    unit = deadline.unit if deadline else ""
    ahead = case.deadline is not None and case.deadline >= case.on
    left = days_until(pack.school.calendar, case.on, case.deadline, Unit(unit)) if ahead else None
    held = {kind: view.files.evidence[kind] for kind in view.authority.evidence_for(holiday=case.is_holiday)}
    return ParentCase(window["pupil_id"], name, rule, window, listed, case, gate(case), held, left, unit)


# What a record of considering decides, as a case names it.
DECIDED = ("considered_on", "disability_related", "support_appropriate")


@dataclass(frozen=True, eq=False)
class _View:
    """One window, and the logs from which the facts of its case are read."""

    pack: Pack
    rule: NoticeRule
    window: Row
    files: Files

    @property
    def authority(self) -> Authority:
        return self.pack.school.settings.authority

    @property
    def on(self) -> date:
        return self.pack.date_to

    def case(self) -> Case:
        window = self.window
        is_holiday = 0 < window["counted_sessions"] == window["g_sessions"]
        decided = self._decided()
        improvement = self._improvement()
        deadline, doubt = self._deadline(improvement, is_holiday=is_holiday)
        support_asked = not is_holiday and decided.get("support_appropriate") is not False
        return Case(
            **self._sessions(),
            **self._parent(),
            **{name: decided.get(name) for name in DECIDED},
            on=self.on,
            counts_n=self.rule.counts_n,
            first_met=day_or_none(window["first_met_date"]),
            window_start=window["window_start_date"].date(),
            is_of_age=True if self._pupil("date_of_birth") is not None else None,
            **self._notices(),
            has_need=self._has_need(),
            is_supported=self._is_supported(),
            improvement=improvement,
            lacking=self._lacking(is_holiday=is_holiday, support_asked=support_asked),
            deadline=deadline,
            deadline_doubt=doubt,
            improvement_issuer=self._improvement_issuer(),
        )

    def _sessions(self) -> dict[str, int]:
        """Return the sessions of the window that a case counts, by their name there."""
        names = ("counted", "needed", "n", "missing", "g")
        return {name: int(self.window[f"{name}_sessions"]) for name in names}

    def _parent(self) -> dict[str, object]:
        """Return what a case says of the parent on the list, by its name there."""
        parent = self.files.parent
        if parent is None:
            return {"parent_is_listed": False, "addresses": None, "parent_doubt": ""}
        addresses = None if pd.isna(parent["addresses"]) else int(parent["addresses"])
        return {"parent_is_listed": True, "addresses": addresses, "parent_doubt": parent["doubt"]}

    def _pupil(self, column: str) -> object:
        value = _pupils_known(self.pack)[self.window["pupil_id"]].get(column)
        return None if pd.isna(value) else value

    def _has_need(self) -> bool:
        return self._pupil("sen_status") in SEN or self._pupil("medical_risk") in (True, 1)

    def _notices(self) -> dict[str, object]:
        """Return what a case says of notices so far, by its name there; numbers of penalty notices are None without a log."""
        is_known, loose = self.pack.school.notices is not None, loose_notices(self.pack)
        return {
            "notices_are_known": is_known,
            "notices": int(self.window["notices_in_three_years"]) if is_known else None,
            "loose_notices": None if loose is None else int(loose.get(self.window["pupil_id"], 0)),
            "loose_improvements": self._loose_improvements(),
        }

    def _is_supported(self) -> bool | None:
        if self.files.plans:
            return True
        known = _has_support(self.pack)[self.window["pupil_id"]]
        return None if pd.isna(known) else bool(known)

    def _improvement(self) -> Improvement | None:
        """Return the parent's newest notice to improve."""
        if self.files.parent is None or self.pack.school.notices is None:
            return None
        given = _improvements(self.pack).get(self.window["pupil_id"], [])
        theirs = [row for row in given if row["parent"] == self.files.parent["parent"]]
        if not theirs:
            return None
        row = sorted(theirs, key=lambda each: each["issued_on"])[-1]
        early = row["early_after_sessions"]
        return Improvement(
            row["issued_on"].date(),
            day_or_none(row["ends_on"]),
            row["was_met"],
            None if pd.isna(early) else bool(row["possible_sessions"] >= early),
        )

    def _loose_improvements(self) -> int:
        """Return how many notices to improve of the child name no one parent on the list and did not end before the window."""
        given = _improvements(self.pack).get(self.window["pupil_id"], [])
        # A last day that is not known is not before any other.
        return sum(
            not row["is_listed"] and not row["ends_on"] < self.window["window_start_date"] for row in given
        )

    def _decided(self) -> dict[str, object]:
        """What the newest record of considering says, of this parent or of every one; nothing where there is none."""
        found = self.files.considered
        if not found:
            return {}
        row = found[-1]
        flags = {
            name: None if pd.isna(row[name]) else bool(row[name])
            for name in ("support_appropriate", "disability_related")
        }
        return flags | {"considered_on": row["considered_on"].date()}

    def _lacking(self, *, is_holiday: bool, support_asked: bool) -> tuple[str, ...]:
        """What the authority asks for and is not on file, in words; what is attached by hand is not among it."""
        asked = self.authority.evidence_for(holiday=is_holiday)
        not_asked = BY_HAND if support_asked else (*BY_HAND, *OF_SUPPORT)
        held = self.files.evidence
        return tuple(
            kind.value.replace("_", " ") + NOT_HELD[held[kind]]
            for kind in asked
            if kind not in not_asked and held[kind] in NOT_HELD
        )

    def _improvement_issuer(self) -> str:
        issuer = self.authority.notice_to_improve.issuer
        return issuer.by if issuer else ""

    def _deadline(self, improvement: Improvement | None, *, is_holiday: bool) -> tuple[date | None, str]:
        """The authority's deadline for the case, and what is in doubt about it; nothing before its clock has begun."""
        asked = self.authority.deadline_for(holiday=is_holiday)
        start = self._clock_starts(asked, improvement) if asked else None
        if asked is None or start is None:
            return None, ""
        last = last_day_of(self.pack.school.calendar, start, asked.within, Unit(asked.unit))
        return (
            last,
            "" if last else "Add the next terms to the calendar: the authority's deadline lies beyond it.",
        )

    def _clock_starts(self, asked: Deadline, improvement: Improvement | None) -> date | None:
        if asked.since == "return_to_school":
            return came_back(self.pack, self.rule, self.window)
        if asked.since == "end_of_notice_to_improve":
            return improvement.ends_on if improvement else None
        return day_or_none(self.window["first_met_date"])


@derived
def _pupils_known(pack: Pack) -> dict[str, dict[str, object]]:
    """Return what the last enrolment that says it says of each pupil, by identifier and column."""
    pupils = pack.school.pupils
    asked = [name for name in ("date_of_birth", "sen_status", "medical_risk") if name in pupils]
    return pupils.groupby(pupils["pupil_id"].astype(str))[asked].last().to_dict("index")


@derived
def _improvements(pack: Pack) -> dict[str, list[Row]]:
    """Return the rows of ``notices_to_improve`` of each pupil."""
    return by_pupil(notices_to_improve(pack))


@derived
def _has_support(pack: Pack) -> dict[str, object]:
    known = support_of(pack)
    return dict(zip(known["pupil_id"], known["has_support"], strict=True))


@derived
def loose_notices(pack: Pack) -> pd.Series | None:
    """Return how many penalty notices of three years name nobody on a child's list of parents, by pupil; None without a log.

    Of a child without a list these are the notices that name nobody at all.
    """
    rows = issued_notices(pack)
    if rows is None:
        return None
    rows = rows[(rows["notice_kind"] == NoticeKind.PENALTY_NOTICE) & counting_to_limit(rows, pack.date_to)]
    has_list = rows["pupil_id"].isin(parents_of(pack)["pupil_id"])
    is_loose = ~rows["is_listed"] & (has_list | (rows["parent"] == ""))
    return is_loose.groupby(rows["pupil_id"]).sum()


HERE = [cell_of(code.letter) for code in CODES if code.category is Category.PRESENT]


def came_back(pack: Pack, rule: NoticeRule, window: Row) -> date | None:
    """Return the first day on which a pupil attended after the last session counted in a window; None if not yet."""
    counted = sessions_under(_windows_by_rule(pack)[rule.name], pd.DataFrame([window]))
    people, row = people_in(pack), int(window["person"])
    present = np.isin(people.cells[row], HERE)
    after = people.days[present & (people.days > np.datetime64(counted["date"].max(), "D"))]
    return after[0].item() if len(after) else None


@derived
def _windows_by_rule(pack: Pack) -> dict[str, Windows]:
    """Return the windows of each rule of a pack, by its name."""
    return {rule.name: Windows(rule, people_in(pack)) for rule in rules_of(pack)}
