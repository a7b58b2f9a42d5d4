"""The case-by-case consideration that the law asks for, as a sheet that is filled in and read back, and what came back."""

from collections.abc import Container, Iterator, Mapping

import pandas as pd

from attendance_lib.analysis.considered import (
    ANSWERS,
    DATES,
    FLAGS,
    KEY,
    NO,
    PAPER,
    SHEET,
    WRITTEN,
    YES,
    considered_to_enter,
    considered_written,
)
from attendance_lib.analysis.notice_cases import NOT_ON_FILE, ParentCase, cases_of
from attendance_lib.analysis.notice_evidence import files_of
from attendance_lib.casebook.staff_rows import known_rows, sheet_number, typed_or_none
from attendance_lib.casebook.state import RowState
from attendance_lib.display import Column, Kind, Parts, Sentences, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count
from attendance_lib.display.shown import tab_named
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.notices.gate_page import ORDER, met_now, names_of, national, with_names
from attendance_lib.papers.staff_words import (
    differing,
    fields_of,
    told_of_files,
    what_came_back,
    written_in,
)

BLANK_ROWS = 10
WRITTEN_BEFORE = "Written before"


def consider_sheet(pack: Pack) -> Parts:
    """Say where the consideration is written down; the workbook has a row for each case, to be filled in."""
    table = working_sheet(pack)
    waiting = sum(is_to_consider(each) for each in cases_at_threshold(pack))
    words = (
        f"{format_count(waiting, 'case')} {in_number(waiting, 'waits', 'wait')} to be considered. Consider each by itself, and "
        f"write in the workbook's sheet {tab_named(SHEET)} when, who, and whether support is appropriate: the next run reads it."
    )
    return Parts("considering", (Sentences("considering_words", (words,)),), (table,))


def cases_at_threshold(pack: Pack) -> list[ParentCase]:
    """Return the cases at the national threshold on a pack's last day, each parent apart, those that could go first."""
    return sorted(met_now(national(cases_of(pack))), key=lambda each: ORDER.index(each.gate.answer))


def is_to_consider(each: ParentCase) -> bool:
    """Whether nobody has considered a case since its threshold was met.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> to_do = (["support", "considered"], ["support"], [])
    >>> gates = (SimpleNamespace(to_do=[SimpleNamespace(name=name) for name in names]) for names in to_do)
    >>> [is_to_consider(SimpleNamespace(gate=gate)) for gate in gates]
    [True, False, False]
    """
    return any(check.name == "considered" for check in each.gate.to_do)


def cases_to_consider(pack: Pack) -> pd.DataFrame:
    """Return the cases at the threshold on the last day, then those of pupils on roll that were written before.

    Returns
    -------
    pandas.DataFrame
        One row per case: KEY, ``pupil_id``, ``parent``, ``answer`` (of the gate, or WRITTEN_BEFORE) and what staff wrote, WRITTEN.
    """
    known = known_rows(pack.casebook, SHEET)
    rows = [row_of(pack, each, known) for each in cases_at_threshold(pack)]
    rows += rows_written_before(pack, known, {row[KEY] for row in rows})
    names = [KEY, "pupil_id", "parent", "answer", *WRITTEN]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in DATES})


def rows_written_before(
    pack: Pack, known: Mapping[str, RowState], here: Container[object]
) -> Iterator[dict[str, object]]:
    """Yield what staff wrote of pupils on roll on an earlier sheet, but for the cases that are listed here."""
    written = considered_written(pack)[[KEY, "pupil_id", "parent"]]
    of_roll = written[written["pupil_id"].isin(names_of(pack).index)]
    for row in of_roll.to_dict("records"):
        if row[KEY] not in here:
            yield row | said_of(known.get(str(row[KEY]))) | {"answer": WRITTEN_BEFORE}


def working_sheet(pack: Pack) -> Table:
    """Return the sheet of cases at the national threshold, each parent apart, with what was written of each."""
    return Table(
        name=SHEET,
        title="Cases to consider",
        frame=with_names(pack, cases_to_consider(pack)),
        columns=SHEET_COLUMNS,
        row_header="pupil_name",
        note="One row for each parent. A record counts from the day under Considered on; the gate reads it on the next run. "
        "A case that was not listed goes into the blank rows at the foot.",
        empty_text="Nobody is at the national threshold.",
        blank_rows=BLANK_ROWS,
    )


def row_of(pack: Pack, each: ParentCase, known: Mapping[str, RowState]) -> dict[str, object]:
    """Return a case as a row of the sheet, with what is on record of it; a threshold met anew is a case of its own."""
    first_met = each.case.first_met or each.case.on
    key = sheet_number("", first_met, f"{each.pupil_id}/{each.parent}")
    parent = None if each.parent == NOT_ON_FILE else each.parent
    row = {KEY: key, "pupil_id": each.pupil_id, "parent": parent, "answer": each.gate.answer.value}
    said = said_of(known.get(key))
    if is_to_consider(each) or any(said.values()):
        return row | said
    return row | as_written(files_of(pack, each.pupil_id, each.listed).considered[-1])


def as_written(record: Mapping[str, object]) -> dict[str, object]:
    """Return a record of the file as staff would have written it into the sheet.

    Examples
    --------
    >>> record = dict.fromkeys(WRITTEN, float("nan")) | dict(zip(FLAGS, (True, False), strict=False))
    >>> written = as_written(record)
    >>> [written[name] for name in FLAGS], written[DATES[0]]  # not known stays blank
    (['yes', 'no'], None)
    """
    flags = {name: {True: YES, False: NO}.get(record[name]) for name in FLAGS}
    return {name: record[name] if pd.notna(record[name]) else None for name in WRITTEN} | flags


def said_of(row: RowState | None) -> dict[str, object]:
    """Return what staff wrote of a case, days as dates."""
    said = {name: written_in(row, name) for name in WRITTEN}
    return said | {name: typed_or_none(said[name] or "") for name in DATES}


def came_back(pack: Pack) -> Parts:
    """Return what of the sheets that came back somebody has to look at: records to enter, to settle, noted about files."""
    written = considered_written(pack)
    keys = written.loc[written["pupil_id"].isin(names_of(pack).index), KEY].tolist()
    tables = (
        records_to_enter(pack),
        differing(pack, SHEET, keys, fields_of(SHEET_COLUMNS)),
        told_of_files(pack, PAPER, keys),
    )
    return what_came_back(
        tables,
        "What was written on earlier sheets: all of it was read, nothing differs, and the log has every record.",
    )


def records_to_enter(pack: Pack) -> Table:
    """Return the records on sheets that the school's log of what it considered does not have."""
    told = considered_to_enter(pack)
    told = told[told["pupil_id"].isin(names_of(pack).index)]
    return Table(
        name="considered_to_enter",
        title="To enter in the log of what was considered",
        frame=with_names(pack, told[[KEY, "pupil_id", "parent", "considered_on", "considered_by"]].reset_index(drop=True)),
        columns=TO_ENTER_COLUMNS,
        row_header="pupil_name",
        note="Written on sheets of this paper. They count here; each leaves this list once the log has a record of that pupil, "
        "parent and day." if len(told) else "",
        empty_text="Every record that was written is in the log.",
    )  # fmt: skip


NUMBER = Column(KEY, "Case", meaning="The row's number; leave it", shown=False, width=14)
PUPIL = figure(
    "pupil_id",
    meaning="The pupil in the school's records; fill in for another case",
    shown=True,
    editable=True,
)
PARENT = figure("parent", meaning="Whose case it is; blank for each of the child's parents", editable=True)
HEADINGS = {
    "considered_on": ("Considered on", "When the case was considered; without a day it is no record"),
    "considered_by": ("By", "Who considered it"),
    "support_appropriate": (
        "Support appropriate?",
        "Whether support is appropriate here; no, as for a holiday in term time",
    ),
    "disability_related": (
        "Disability or need?",
        "Whether the absence arises from a disability or a need that is not met",
    ),
    "early_help_offered_on": ("Early help offered", "When early help was offered"),
    "authority_consulted_on": ("Authority consulted", "When the local authority was consulted"),
    "leave_asked_on": (
        "Leave asked for",
        "When leave was asked for, or parents were told that a notice would follow",
    ),
    "leave_refused_on": ("Leave refused", "When the school refused the leave in writing"),
    "note": ("Note", "Why: what was weighed, and what was decided"),
}


def to_fill_in(name: str) -> Column:
    """Return a column of the log of what was considered, as staff fill it in."""
    heading, meaning = HEADINGS[name]
    kind = Kind.DATE if name in DATES else Kind.TEXT
    choices = ANSWERS if name in FLAGS else ()
    width = 34 if name == "note" else 16 if kind is Kind.TEXT else None
    return Column(name, heading, kind, meaning, personal=True, editable=True, choices=choices, width=width)


SHEET_COLUMNS = (
    NUMBER, *shown("pupil_name", "form"), PUPIL, PARENT,
    Column("answer", "The gate says", meaning="Could a referral go today?", personal=True, width=26),
    *(to_fill_in(name) for name in HEADINGS),
)  # fmt: skip
TO_ENTER_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form"),
    figure("parent"),
    Column("considered_on", "Considered on", Kind.DATE, meaning="As written", personal=True),
    Column("considered_by", "By", meaning="Who considered it, as written", personal=True, width=18),
    NUMBER,
)
