"""The evidence sheet of each parent, in the order in which a reader at the authority checks it."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.notice_cases import ParentCase
from attendance_lib.analysis.notice_evidence import files_of
from attendance_lib.display import Heading, Parts, Sentences, Table
from attendance_lib.display.format import format_date
from attendance_lib.errors import counted
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.notices.evidence_tables import TABLES, Sheet, said_or, together
from attendance_lib.papers.notices.gate_page import cases_by_pupil, names_of
from attendance_lib.rules.notice_gate import Case
from attendance_lib.rules.notices import MUST_CONSIDER, UNAUTHORISED_CODES, offence_in_words

MOST_SHEETS = 3
NONE_COULD_GO = (
    "No referral could go today. For one pupil's sheets, whatever the answer, make the paper with "
    "--set pupil=<pupil ID>."
)


def evidence_sheets(pack: Pack, pupil: str) -> Parts | Sentences:
    """Return the evidence sheets of one pupil, one for each parent; without a pupil, of the cases that could go, a few at most.

    Returns
    -------
    Parts
        The page shows the sheets; the workbook and the CSV hold one table of each kind for all of them.
    """
    known = list(cases_by_pupil(pack, pupil))
    cases = [each for each in known if each.rule.is_national] or known
    if not cases:
        said = (
            f"No pupil {pupil} of this cohort is at a threshold. Check the pupil ID."
            if pupil
            else NONE_COULD_GO
        )
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
        hidden = {"pupil_name", "pupil_id", "parent"}
        columns = tuple(
            replace(column, shown=False) if column.name in hidden else column for column in table.columns
        )
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
