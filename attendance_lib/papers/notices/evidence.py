"""The evidence sheet of each parent, in the order in which a reader at the authority checks it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from attendance_lib.analysis.notice_cases import ParentCase
from attendance_lib.analysis.notice_evidence import Files, Row, files_of
from attendance_lib.analysis.notice_windows import sessions_counted
from attendance_lib.analysis.penalty_notices import people_in
from attendance_lib.analysis.plans import plan_in_words
from attendance_lib.display import Column, Heading, Kind, Parts, Sentences, Table
from attendance_lib.display.columns import hiding, shown
from attendance_lib.display.format import format_date
from attendance_lib.errors import counted
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.notices.gate_page import PARENT, cases_by_pupil, names_of, national
from attendance_lib.papers.shared import framed
from attendance_lib.register.grid import CLOSED, LETTER_OF_CELL, MISSING, NOT_ON_ROLL, cell_of
from attendance_lib.rules.authorities import EVIDENCE_WORDS, Unit, last_day_of
from attendance_lib.rules.calendar import SESSIONS, school_year_of, year_from, year_in_words
from attendance_lib.rules.notice_gate import Case
from attendance_lib.rules.notices import MUST_CONSIDER, UNAUTHORISED_CODES, NoticeKind, offence_in_words

MOST_SHEETS = 3
NOT_AT_ONE = "No pupil {} of this cohort is at a threshold. Check the pupil ID."
NONE_COULD_GO = (
    "No referral could go today. For one pupil's sheets, whatever the answer, make the paper with "
    "--set pupil=<pupil ID>."
)


@dataclass(frozen=True, eq=False)
class Sheet:
    """One parent's case, and the logs behind it."""

    pack: Pack
    each: ParentCase
    files: Files

    @property
    def who(self) -> dict[str, str]:
        """The pupil and the parent, as every table names them."""
        name = names_of(self.pack).loc[self.each.pupil_id, "pupil_name"]
        return {"pupil_name": name, "pupil_id": self.each.pupil_id, "parent": self.each.parent}


def evidence_sheets(pack: Pack, pupil: str) -> Parts | Sentences:
    """Return the evidence sheets of one pupil, one for each parent; without a pupil, of the cases that could go, a few at most.

    Returns
    -------
    Parts
        The page shows the sheets; the workbook and the CSV hold one table of each kind for all of them.
    """
    known = cases_by_pupil(pack, pupil)
    cases = national(known) or known
    if not cases:
        said = NOT_AT_ONE.format(pupil) if pupil else NONE_COULD_GO
        return Sentences(name="evidence_sheets", style="note", items=(said,))
    sheets = [Sheet(pack, each, files_of(pack, each.pupil_id, each.listed)) for each in cases]
    page = sheets if pupil else sheets[:MOST_SHEETS]
    parts = [part for sheet in page for part in _sheet(sheet, folds=len(page) > 1)]
    page_parts = (*_how_to_send(len(sheets) - len(page)), *parts)
    return Parts("evidence_sheets", page_parts, tuple(together(sheets)))


def _how_to_send(more: int) -> Iterator[Sentences]:
    """Yield what stands before the sheets; ``more`` is how many are not on the page."""
    apart = "Each sheet is of one parent and holds nothing of another: send the authority that parent's pages alone."
    yield Sentences(name="sheets_apart", style="note", items=(apart,))
    if more:
        said = f"{counted(more, 'further sheet is', 'further sheets are')} in the workbook alone."
        yield Sentences(name="more_sheets", style="note", items=(said,))


def _sheet(sheet: Sheet, *, folds: bool) -> Iterator[Heading | Sentences | Table]:
    """Yield one parent's sheet, in the order of the authority's reader."""
    yield Heading(f"Evidence sheet: {sheet.each.parent}, about {sheet.who['pupil_name']}", folds=folds)
    yield Sentences(name="evidence_who", items=tuple(_who(sheet)), personal=True)
    for make in TABLES:
        table = make([sheet])
        columns = hiding(table.columns, {"pupil_name", "pupil_id", "parent"})
        first = next(column.name for column in columns if column.shown)
        # Each sheet has the same parts: who reads a page by its tables is told whose each one is.
        title = f"{table.title} ({sheet.each.parent}, {sheet.who['pupil_name']})"
        yield replace(table, title=title, columns=columns, row_header=first)
    yield Sentences(
        name="evidence_signed",
        style="note",
        items=(
            MUST_CONSIDER,
            "I certify that these particulars are from the school's registers and records. Name, post, signature, date: "
            "________________________________",
        ),
    )


def _who(sheet: Sheet) -> Iterator[str]:
    """Yield who it is about and who the parent is, with what is not known said."""
    pack, each = sheet.pack, sheet.each
    pupils = pack.school.pupils
    row = pupils[pupils["pupil_id"].astype(str) == each.pupil_id].iloc[-1]
    names = names_of(pack).loc[each.pupil_id]
    born = format_date(row["date_of_birth"].date()) if pd.notna(row["date_of_birth"]) else "not known"
    admitted = format_date(row["admission_date"].date()) if pd.notna(row["admission_date"]) else "not known"
    yield (
        f"Pupil: {names['pupil_name']}, born {born}, Year {names['year_group']}, form {names['form']}; on roll since {admitted}; "
        f"of compulsory school age on {format_date(each.case.on)}."
    )
    yield f"Parent: {_parent(each)}"
    yield _threshold(each)
    if each.case.notices is not None:
        yield _which_notice(each.case)


def _threshold(each: ParentCase) -> str:
    case = each.case
    codes = ", ".join(
        f"{code} {int(each.window[f'{code.lower()}_sessions'])}"
        for code in UNAUTHORISED_CODES
        if each.window[f"{code.lower()}_sessions"]
    )
    days = f"{format_date(case.window_start)} to {format_date(case.on)}"
    return (
        f"{each.rule.name}, {each.rule.in_words}: {counted(case.counted, 'session')} ({codes}) from {days}; first met on "
        f"{format_date(case.first_met)}. Still N: {case.n}. Marks missing: {case.missing}."
    )


def _which_notice(case: Case) -> str:
    if case.loose_notices:
        return (
            f"Which notice this would be for this parent and child is not known: {counted(case.loose_notices, 'penalty notice')} "
            "of the child names no parent on the list."
        )
    return f"A notice would be the {offence_in_words(case.notices)} for this parent and child."


def _parent(each: ParentCase) -> str:
    row = each.listed
    if row is None:
        return f"{each.parent}; not on the list of parents, so that nothing else is known."
    yes_no = {True: "yes", False: "no"}

    def said(value: object) -> str:
        return "not known" if pd.isna(value) else yes_no[bool(value)]

    held = "not known" if pd.isna(row["addresses"]) else str(int(row["addresses"]))
    relation, spoken = (
        said_or(row["relation"], "relation not known"),
        said_or(row["interpreter"], "none on file"),
    )
    return (
        f"{each.parent} ({relation}); parental responsibility: {said(row['has_responsibility'])}; the child lives there: "
        f"{said(row['lives_with'])}; addresses held: {held}; interpreter: {spoken}."
    )


# The tables: of one parent on the page, of all of them in the workbook


TICK = "☐"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
SIGNS = LETTER_OF_CELL | {MISSING: "no mark", NOT_ON_ROLL: "", CLOSED: "#"}
# Paid in full within 28 days of its receipt, or half of the first notice within 21, both counted from the day it is received.
HALF_DAYS, FULL_DAYS = 21, 28


# The tables of a sheet, each of one parent on the page and of all of them in the workbook


def _sessions(sheets: list[Sheet]) -> Table:
    rows = [sheet.who | row for sheet in sheets for row in _days(sheet)]
    empty = "No session is counted."
    return _table("evidence_sessions", "1. The sessions, by date and code", rows, SESSION_COLUMNS, empty)


def _days(sheet: Sheet) -> Iterator[dict[str, object]]:
    """Yield each day with a session counted: the codes of its morning and its afternoon, as far as they count."""
    counted = sessions_counted(people_in(sheet.pack), (sheet.each.rule,), pd.DataFrame([sheet.each.window]))
    for day, halves in counted.groupby("date"):
        codes = dict(zip(halves["session"], halves["code"], strict=True))
        yield {
            "date": day,
            **{
                name: codes.get(half, "") for name, half in zip(("am_code", "pm_code"), SESSIONS, strict=True)
            },
        }


def _certificate(sheets: list[Sheet]) -> Table:
    rows = [sheet.who | row for sheet in _each_pupil(sheets) for row in certificate(sheet.pack, sheet.each)]
    note = (
        "Registration certificate, this and last school year: one line a school week, morning and afternoon of each day as in the "
        "register. / \\ present; # closed to the pupil; a blank is not on roll, or no school."
    )
    table = _table(
        "registration_certificate",
        "2. Registration certificate",
        rows,
        CERTIFICATE_COLUMNS,
        "No school week.",
    )
    return replace(table, note=note)


def _each_pupil(sheets: list[Sheet]) -> list[Sheet]:
    """Return one sheet of each pupil where there are several: a certificate is the same for each parent."""
    return list({sheet.each.pupil_id: sheet for sheet in reversed(sheets)}.values())[::-1]


def certificate(pack: Pack, each: ParentCase) -> Iterator[dict[str, object]]:
    """Yield the school weeks of this and last year of one pupil: marks of each day, possible and unauthorised sessions (counts)."""
    people, row = people_in(pack), int(each.window["person"])
    this = school_year_of(pack.date_to)
    sessions = people.sessions.assign(cell=people.cells[row])
    sessions = sessions[sessions["school_year"].isin((this, year_from(int(this[:4]) - 1)))]
    unauthorised = [cell_of(code) for code in UNAUTHORISED_CODES]
    for monday, week in sessions.groupby("week_beginning"):
        by_day = week.groupby(week["date"].dt.day_of_week)["cell"].agg(list)
        yield {
            "of_school_year": year_in_words(week["school_year"].iloc[0]),
            "week_beginning": monday,
            **{
                name.lower(): " ".join(filter(None, (SIGNS[cell] for cell in by_day.get(number, []))))
                for number, name in enumerate(DAYS)
            },
            "unauthorised_in_week": int(np.isin(week["cell"], unauthorised).sum()),
            "missing_in_week": int((week["cell"] == MISSING).sum()),
        }


def _contacts(sheets: list[Sheet]) -> Table:
    rows = [
        sheet.who
        | {
            "date": row["date"],
            "what_was_done": row["mode"],
            "by_whom": row["made_by"],
            "what_came": _joined(row["person_contacted"], row["outcome"]),
        }
        for sheet in sheets
        if sheet.files.contacts is not None
        for row in sheet.files.contacts
    ]
    empty = "No contact with home is on file for this school year, or none are exported."
    return _table(
        "evidence_contacts", "3. Contacts, visits and letters, this school year", rows, LOG_COLUMNS, empty
    )


def _support(sheets: list[Sheet]) -> Table:
    rows = [row for sheet in sheets for row in (*_intervention_rows(sheet), *_plan_rows(sheet))]
    return _table(
        "evidence_support",
        "4. Support, the plan and its reviews",
        rows,
        LOG_COLUMNS,
        "No support is on file, or none is exported.",
    )


def _intervention_rows(sheet: Sheet) -> Iterator[dict[str, object]]:
    for row in sheet.files.interventions or ():
        ended = f"to {format_date(row['end_date'])}" if pd.notna(row["end_date"]) else "in progress"
        detail = _joined(ended, row["outcome"], row["next_step"])
        yield sheet.who | _done(row["start_date"], row["intervention"], _text(row["agency"]), detail)


def _plan_rows(sheet: Sheet) -> Iterator[dict[str, object]]:
    for row in sheet.files.plans or ():
        most = row["target_sessions"]
        target = f"target: miss no more than {most} sessions" if pd.notna(most) else ""
        answer = f"early help: {row['early_help_answer']}" if row["early_help_answer"] else ""
        detail = _joined(plan_in_words(row, sheet.pack.date_to), target, row["next_step"], answer)
        yield sheet.who | _done(row["opened_on"], "support plan", _text(row["lead"]), detail)


def _done(day: object, what: object, by_whom: str, came: str) -> dict[str, object]:
    """A row of LOG_COLUMNS, but for whom it is about."""
    return {"date": day, "what_was_done": what, "by_whom": by_whom, "what_came": came}


def _notices(sheets: list[Sheet]) -> Table:
    rows = [
        sheet.who | _done(row["issued_on"], row["kind"], "", _notice_in_words(row))
        for sheet in sheets
        for row in sheet.files.notices or ()
    ]
    empty = "No notice to this parent is on file, or none are exported."
    title = "5. Notice to improve and earlier notices to this parent"
    return _table("evidence_notices", title, rows, LOG_COLUMNS, empty)


def _notice_in_words(row: Mapping[str, object]) -> str:
    ends, through = row["ends_on"], row["acted_on_through_date"]
    return _joined(
        row["status"],
        f"to {format_date(ends)}" if pd.notna(ends) else "",
        f"for absence to {format_date(through)}" if pd.notna(through) else "",
        *_clocks(row),
    )


def _clocks(row: Row) -> tuple[str, ...]:
    """Say by when a penalty notice is to be paid: the days run from its receipt, which is the first of them."""
    if row["notice_kind"] != NoticeKind.PENALTY_NOTICE:
        return ()
    if pd.isna(row["received_on"]):
        return ("day of receipt not known, from which 21 and 28 days run",)
    first = row["received_on"].date()
    half, full = (format_date(day_of_clock(first, days)) for days in (HALF_DAYS, FULL_DAYS))
    return (f"received {format_date(first)}; day 21 {half}, day 28 {full}",)


def day_of_clock(received: date, days: int) -> date:
    """Return the last of so many days that begin with the day on which a notice is received.

    Examples
    --------
    >>> day_of_clock(date(2026, 11, 2), 21)
    datetime.date(2026, 11, 22)
    """
    return received + timedelta(days=days - 1)


def _considered(sheets: list[Sheet]) -> Table:
    flags = {True: "yes", False: "no"}
    rows = [
        sheet.who
        | {
            "date": row["considered_on"],
            "what_was_done": "considered",
            "by_whom": _text(row["considered_by"]),
            "what_came": _joined(
                f"support appropriate: {flags.get(row['support_appropriate'], 'not said')}",
                f"arises from a disability or need: {flags.get(row['disability_related'], 'not said')}",
                row["note"],
            ),
        }
        for sheet in sheets
        if sheet.files.considered is not None
        for row in sheet.files.considered
    ]
    empty = "Nobody has recorded that the case was considered."
    return _table("evidence_considered", "6. What the school considered", rows, LOG_COLUMNS, empty)


def _checklist(sheets: list[Sheet]) -> Table:
    rows = [
        sheet.who | {"asked_for": EVIDENCE_WORDS[kind], "on_file": _on_file(held), "tick": TICK}
        for sheet in sheets
        for kind, held in sheet.each.evidence.items()
    ]
    empty = "What the authority asks for is not known: its profile names no evidence."
    return _table("evidence_checklist", "7. What the authority asks for", rows, CHECKLIST_COLUMNS, empty)


def _on_file(held: str | None) -> str:
    if held is None:
        return "not known from the exports: attach"
    return held or "missing"


def _timeline(sheets: list[Sheet]) -> Table:
    rows = [
        sheet.who | {"timeline_step": step, "timeline_day": day, "said": said}
        for sheet in sheets
        for step, day, said in _steps(sheet)
    ]
    return _table("evidence_timeline", "8. The timeline", rows, TIMELINE_COLUMNS, "No step.")


def _steps(sheet: Sheet) -> Iterator[tuple[str, date | None, str]]:
    case = sheet.each.case
    yield "Threshold first met", case.first_met, ""
    yield "Considered", case.considered_on, "" if case.considered_on else "not recorded"
    if case.needs_support:
        yield from _improvement_steps(case)
    left = f"{sheet.each.days_left} {sheet.each.deadline_unit} left"
    yield "Deadline for the referral", case.deadline, left if case.deadline else "none known of"
    yield _reply_due(sheet.pack, case)


def _improvement_steps(case: Case) -> Iterator[tuple[str, date | None, str]]:
    given, outcome = case.improvement, {True: "met", False: "not met", None: "no outcome yet"}
    if given:
        yield "Notice to improve issued", given.issued_on, ""
        yield "Notice to improve ends", given.ends_on, outcome[given.was_met]
    else:
        yield "Notice to improve issued", None, "none to this parent"
        yield "Notice to improve ends", None, ""


def _reply_due(pack: Pack, case: Case) -> tuple[str, date | None, str]:
    reply, step = pack.school.settings.authority.reply, "Reply due if it is sent today"
    if not reply:
        return step, None, "the authority's time is not known"
    due = last_day_of(pack.school.calendar, case.on, reply.within, Unit(reply.unit))
    return step, due, f"{reply.within} {reply.unit}"


def _joined(*parts: object) -> str:
    return "; ".join(_text(part) for part in parts if _text(part))


def said_or(value: object, otherwise: str) -> str:
    """Return what is said, or what stands there where nothing is.

    Examples
    --------
    >>> said_or("mother", "not known"), said_or(None, "not known")
    ('mother', 'not known')
    """
    return _text(value) or otherwise


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _table(name: str, title: str, rows: list[dict], columns: tuple[Column, ...], empty: str) -> Table:
    frame = framed(rows, columns)
    return Table(
        name=name, title=title, frame=frame, columns=columns, row_header="pupil_name", empty_text=empty
    )


TABLES: tuple[Callable[[list[Sheet]], Table], ...] = (
    _sessions, _certificate, _contacts, _support, _notices, _considered, _checklist, _timeline,
)  # fmt: skip


def together(sheets: list[Sheet]) -> Iterator[Table]:
    """Yield each table of the sheets, of all of them."""
    for make in TABLES:
        table = make(sheets)
        yield replace(table, title=table.title.partition(". ")[2])


WHO = (*shown("pupil_name", "pupil_id"), PARENT)
SESSION_COLUMNS = (
    *WHO,
    *shown("date"),
    Column("am_code", "AM", meaning="Code of the morning, if it counts", personal=True, width=6),
    Column("pm_code", "PM", meaning="Code of the afternoon, if it counts", personal=True, width=6),
)
CERTIFICATE_COLUMNS = (
    *shown("pupil_name", "pupil_id"),
    Column("of_school_year", "School year", meaning="School year of the week", width=10),
    *shown("week_beginning"),
    *(Column(day.lower(), day, meaning=f"Marks of {day}, morning and afternoon", personal=True, width=8) for day in DAYS),
    Column("unauthorised_in_week", "G N O U", Kind.COUNT, "Unauthorised sessions of the week"),
    Column("missing_in_week", "No mark", Kind.COUNT, "Marks missing in the week"),
)  # fmt: skip
LOG_COLUMNS = (
    *WHO,
    *shown("date"),
    Column("what_was_done", "What", meaning="What it was", personal=True, width=20),
    Column("by_whom", "By", meaning="Member of staff, lead or agency", personal=True, width=20),
    Column("what_came", "What came of it", meaning="What came of it, as recorded", personal=True, width=60),
)
CHECKLIST_COLUMNS = (
    *WHO,
    Column("asked_for", "Asked for", meaning="What the authority asks to see", width=50),
    Column("on_file", "On file", meaning="What the exports show of it", personal=True, width=40),
    Column("tick", "Attached", meaning="To tick by hand", width=10),
)
TIMELINE_COLUMNS = (
    *WHO,
    Column("timeline_step", "Step", meaning="What happens on the day", width=32),
    Column("timeline_day", "Day", Kind.DATE, "When", personal=True),
    Column("said", "Besides", meaning="What is known besides", personal=True, width=30),
)
