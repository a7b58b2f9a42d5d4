"""What was asked of whom at the last meeting and whether it was done, and what is asked at this one: a sheet to fill in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from attendance_lib.casebook.staff_rows import known_rows, sheet_number, typed_or_none
from attendance_lib.casebook.state import EarlierPrint, RowState, natural
from attendance_lib.display import Column, Highlight, Kind, Parts, Table, Tone
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date
from attendance_lib.display.shown import tab_named
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.authority.pupils import ASKED_OF, asked_in_counts
from attendance_lib.papers.staff_words import (
    differing,
    fields_of,
    last_print,
    told_of_files,
    what_came_back,
)
from attendance_lib.reports.papers import AUTHORITY_MEETING

# The sheet, what staff write of a row, and the answers to whether it was done.
SHEET, KEY = "asks", "ask_id"
WRITTEN = ("of", "what", "pupil_id", "by_date", "done", "came_of_it")
DONE, PARTLY, NOT_DONE, DROPPED = ANSWERS = ("done", "partly done", "not done", "no longer asked")
CLOSED = (DONE, DROPPED)
BEFORE, NOW = "Asked before", "For this meeting"
NO_WORD = "No word yet"
BLANK_ROWS = 15

# Part of the meeting, minutes, and what it is about. No guidance sets the minutes: they are ours, for one hour.
AGENDA = (
    ("Attendance of the school beside England and the authority", 5),
    ("What was asked at the last meeting, and whether it was done", 5),
    ("Severe absence, pupil by pupil: plan, lead practitioner, what stands in the way", 25),
    ("Persistent absence where several agencies are needed", 10),
    ("Returns, children missing education and part-time timetables", 10),
    ("What is asked of whom, by when", 5),
)


@derived
def asks_of(pack: Pack) -> pd.DataFrame:
    """Return what was asked before and is not settled, or was settled since the last paper, and what this meeting is to ask.

    Returns
    -------
    pandas.DataFrame
        One row per ask, those of before first: ``ask_id``, ``stands`` (BEFORE or NOW), ``of``, ``what``, ``pupil_id`` (of one about
        one pupil), ``pupils`` (how many it was about when it was asked), ``pupils_now`` (about how many the files say the same
        now), ``asked_on`` and ``by_date`` (days), ``done`` (one of ANSWERS) and ``came_of_it``. What the files ask again while it
        is open from before is one ask.
    """
    counts = {(row["of"], row["what"]): row["pupils"] for row in asked_in_counts(pack).to_dict("records")}
    told = [*before(pack), *added_now(pack)]
    told += not_open(suggested(pack, counts), told)
    names = (KEY, "stands", "asked_on", "pupils", "pupils_now", *WRITTEN)
    rows = [row | {"pupils_now": counts.get((row["of"], row["what"]))} for row in told]
    table = pd.DataFrame(rows, columns=list(names), dtype=object)
    days = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in ("asked_on", "by_date")}
    sizes = {name: pd.to_numeric(table[name]).astype("Int64") for name in ("pupils", "pupils_now")}
    return table.assign(**days, **sizes)


def not_open(rows: Iterable[dict[str, object]], told: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Return the asks that ask of nobody what is asked and open already.

    Examples
    --------
    >>> told = [{"of": "School", "what": "a plan", "done": None}, {"of": "School", "what": "a visit", "done": DONE}]
    >>> not_open([{"of": "School", "what": "a plan"}, {"of": "School", "what": "a visit"}], told)
    [{'of': 'School', 'what': 'a visit'}]
    """
    still_open = {(row["of"], row["what"]) for row in told if row["done"] not in CLOSED}
    return [row for row in rows if (row["of"], row["what"]) not in still_open]


def before(pack: Pack) -> Iterator[dict[str, object]]:
    """Yield what stood on the last paper of a meeting, or was added to it, and was not settled on it."""
    last = last_print(pack, AUTHORITY_MEETING.name)
    printed = last.cells.get(SHEET, {}) if last else {}
    rows = known_rows(pack.casebook, SHEET)
    added = [key for key, row in rows.items() if key not in printed and is_added(row, pack, last)]
    for key in sorted({*printed, *added}, key=natural):
        said = printed.get(key, {})
        if said.get("done") not in CLOSED:
            row = as_ask(key, rows.get(key), said)
            if row["what"] or row["of"]:
                yield row | {"stands": BEFORE}


def is_added(row: RowState, pack: Pack, last: EarlierPrint | None) -> bool:
    """Whether staff added a row at a meeting before, and no later paper has printed it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = RowState(SHEET, "K1", "pack", {}, pack_id="pk1", cohort="all", date_to="2026-10-02")
    >>> pack = SimpleNamespace(cohort=SimpleNamespace(name="all"), date_to=date(2026, 11, 6))
    >>> is_added(row, pack, None), is_added(row, pack, SimpleNamespace(date_to="2026-10-16"))  # a later paper has printed it
    (True, False)
    """
    day = pack.date_to.isoformat()
    return (
        bool(row.pack_id)
        and row.cohort == pack.cohort.name
        and row.date_to < day
        and (not last or row.date_to >= last.date_to)
    )


def added_now(pack: Pack) -> Iterator[dict[str, object]]:
    """Yield what staff added to a paper of this very day, which is made again."""
    for key, row in sorted(known_rows(pack.casebook, SHEET).items(), key=lambda each: natural(each[0])):
        if row.pack_id and row.cohort == pack.cohort.name and row.date_to == pack.date_to.isoformat():
            yield as_ask(key, row, {}) | {"stands": NOW}


def suggested(pack: Pack, counts: Mapping[tuple[str, str], int]) -> Iterator[dict[str, object]]:
    """Yield what the files ask (see ``pupils.asked_in_counts``), with what staff wrote of it."""
    urn, rows = pack.school.settings.school.urn, known_rows(pack.casebook, SHEET)
    for (of, what), pupils in counts.items():
        key = sheet_number(urn, pack.date_to, f"{of}/{what}")
        said = {"of": of, "what": what, "pupils": pupils, "asked_on": pack.date_to.isoformat()}
        yield as_ask(key, rows.get(key), said) | {"stands": NOW}


def as_ask(key: str, row: RowState | None, printed: Mapping[str, object]) -> dict[str, object]:
    """Return a row of ``asks_of``: of each cell what staff wrote, else what was printed.

    Examples
    --------
    >>> ask = as_ask("K1", None, {"of": "School", "what": "visit", "by_date": "20/11/2026", "asked_on": "2026-11-06", "done": ""})
    >>> ask["asked_on"], ask["by_date"], ask["done"]
    (datetime.date(2026, 11, 6), datetime.date(2026, 11, 20), None)
    """
    written = cells_written(row) if row else {}
    told = {name: written.get(name, printed.get(name)) or None for name in WRITTEN}
    asked = str(printed.get("asked_on") or (row.date_to if row else ""))
    days = {"asked_on": typed_or_none(asked), "by_date": typed_or_none(str(told["by_date"] or ""))}
    return {KEY: key, "pupils": printed.get("pupils") or None} | told | days


def cells_written(row: RowState) -> dict[str, str]:
    """Return what staff wrote in a row, by column; a cell that they emptied is blank.

    Examples
    --------
    >>> from attendance_lib.casebook.state import CellState, Saying
    >>> said = {"done": "partly done", "what": "", "note": "ask again"}  # the last in a column of their own
    >>> cells = {name: CellState(SHEET, "K1", name, (Saying(1, 1, 0, "workbook", text),), None) for name, text in said.items()}
    >>> cells_written(RowState(SHEET, "K1", "pack", cells))
    {'what': '', 'done': 'partly done'}
    """
    return {name: row.value(name) for name in WRITTEN if name in row.cells}


def asks(pack: Pack) -> Parts:
    """Return what was asked before with what came of it, on the page; the workbook has all of it in a sheet to fill in."""
    return Parts("asks_parts", (asked_before(pack),), (working_sheet(pack),))


def asked_before(pack: Pack) -> Table:
    """Return what was asked at meetings before, with whether it was done.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> asks = pd.DataFrame({"stands": [BEFORE, BEFORE, NOW], "what": ["visit", "ring", "write"], "done": [DONE, None, None]})
    >>> table = asked_before(SimpleNamespace(casebook=None, results={asks_of: asks}))
    >>> table.frame["done"].tolist(), table.note.partition(". ")[0]
    (['done', 'No word yet'], '2 asks were open before; 1 is done')
    """
    known = asks_of(pack)
    frame = known[known["stands"] == BEFORE].reset_index(drop=True)
    done = int((frame["done"] == DONE).sum())
    last = last_print(pack, AUTHORITY_MEETING.name)
    since = f"on the paper up to {format_date(date.fromisoformat(last.date_to))}" if last else "before"
    return Table(
        name="asked_before",
        title="What was asked before, and whether it was done",
        frame=frame.assign(done=frame["done"].fillna(NO_WORD)),
        columns=BEFORE_COLUMNS,
        row_header="what",
        note=f"{format_count(len(frame), 'ask')} {in_number(len(frame), 'was', 'were')} open {since}; {format_count(done)} "
        f"{in_number(done, 'is', 'are')} done. Now: for how many pupils the files ask the same today."
        if len(frame)
        else "",
        empty_text=f"Nothing is on file of an earlier meeting: write in the workbook's sheet {tab_named(SHEET)} what this one "
        "agrees, and the next paper says what came of it.",
    )


def working_sheet(pack: Pack) -> Table:
    """Return the sheet of asks that is filled in at the meeting and after it."""
    return Table(
        name=SHEET,
        title="What is asked of whom",
        frame=asks_of(pack),
        columns=SHEET_COLUMNS,
        row_header=KEY,
        note="Fill this in at the meeting, and what came of it after: the next paper for the authority reads it, and every copy. "
        "Other asks go into the blank rows at the foot.",
        empty_text="Nothing is asked yet.",
        blank_rows=BLANK_ROWS,
    )


def came_back(pack: Pack) -> Parts:
    """Return what of the sheets that came back somebody has to look at."""
    keys = list(known_rows(pack.casebook, SHEET))
    tables = (
        differing(pack, SHEET, keys, fields_of(SHEET_COLUMNS)),
        told_of_files(pack, AUTHORITY_MEETING.name, keys),
    )
    return what_came_back(
        tables, "What was written on the sheets of earlier meetings: all of it was read, and nothing differs."
    )


OF = figure("of_whom")
WHAT = Column("what", "What", meaning="What is asked", personal=True, width=56)
ASKED_ON = Column(
    "asked_on", "Asked", Kind.DATE, meaning="The last day of the paper on which it was first asked"
)
PUPILS = figure("pupils", meaning="For how many pupils, when it was asked")
PUPILS_NOW = Column("pupils_now", "Now", Kind.COUNT, meaning="For how many pupils the files ask the same now")
BY = Column("by_date", "By", Kind.DATE, meaning="By when it is to be done")
WHETHER = Column(
    "done", "Done?", meaning="Whether it was done: choose from the list", width=14,
    highlights=(Highlight("equals", NOT_DONE, Tone.ALERT), Highlight("equals", NO_WORD, Tone.CAUTION),
                Highlight("equals", DONE, Tone.GOOD)),
)  # fmt: skip
CAME_OF_IT = Column("came_of_it", "What came of it", meaning="As written", personal=True, width=34)
BEFORE_COLUMNS = (OF, WHAT, ASKED_ON, PUPILS, PUPILS_NOW, BY, WHETHER, CAME_OF_IT)


def to_write(column: Column, **more: object) -> Column:
    """Return a column as staff fill it in."""
    return replace(column, editable=True, **more)


SHEET_COLUMNS = (
    Column(
        KEY,
        "Ask",
        meaning="The number; leave it blank for a new one: the next paper gives one",
        width=14,
    ),
    Column("stands", "Stands", meaning="Asked before, or for this meeting", width=16),
    to_write(OF, choices=ASKED_OF),
    to_write(WHAT),
    figure(
        "pupil_id",
        meaning="The pupil in the school's records, where it is about one",
        shown=True,
        editable=True,
    ),
    ASKED_ON,
    PUPILS,
    PUPILS_NOW,
    to_write(BY),
    to_write(WHETHER, choices=ANSWERS),
    to_write(CAME_OF_IT),
)
