"""Whom to call, in a printed order; what is still open of the day before; and what staff wrote about the tries."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from attendance_lib.analysis.contact_log import (
    CALLS,
    DAILY,
    calls_to_enter,
    calls_written,
    contacts_known,
    everything_written,
    last_reached,
    support_of,
)
from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.inspection.findings import head_of
from attendance_lib.analysis.plans import running_plans
from attendance_lib.casebook.staff_rows import known_rows, sheet_number
from attendance_lib.casebook.state import RowState
from attendance_lib.display import Column, Highlight, Kind, Parts, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_weekday
from attendance_lib.display.shown import tab_named
from attendance_lib.errors import counted, in_number
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.daily.moment import (
    HALF_NAMES,
    day_before,
    days_away,
    is_afternoon,
    is_here,
    morning_of,
    now_codes,
    roll_ids,
    scope_at,
    session_of,
)
from attendance_lib.papers.daily.registers import not_registered
from attendance_lib.papers.shared import joined_where, listed, not_exported, pupil_names
from attendance_lib.papers.staff_columns import OUTCOME, REACHED_OR_NOT, TRIES, WHO
from attendance_lib.papers.staff_words import (
    differing,
    fields_of,
    told_of_files,
    what_came_back,
    written_in,
)
from attendance_lib.register.grid import MISSING, cell_of
from attendance_lib.rules.codes import NO_REASON_YET

SHOWN_CALLS, SHOWN_OPEN, BLANK_ROWS = 25, 8, 10
BOXES = "☐☐☐"
# The order of calls: from schools' published first-day procedures and the guidance's (see docs/house.md); ours to print.
FLAGS = {
    1: ("child_protection", "looked_after", "child_in_need", "youth_justice"),
    2: ("missing_history",),
    3: ("medical_risk",),
    4: ("travels_alone",),
}
NO_CONTACT, OVER_A_LINE, OTHERS = 5, 6, 7
ORDER_OF_CALLS = {
    1: "child protection, looked after, social worker or youth justice",
    2: "went missing before",
    3: "cannot call for help",
    4: "travels alone",
    NO_CONTACT: "nobody reached earlier in the spell",
    OVER_A_LINE: "10% or more missed, or a plan",
    OTHERS: "others",
}
FLAG_NAMES = {
    "child_protection": "child protection plan",
    "looked_after": "looked after",
    "child_in_need": "social worker (child in need)",
    "youth_justice": "youth justice",
    "missing_history": "went missing before",
    "medical_risk": "cannot call for help",
    "travels_alone": "travels alone",
}
NOW, STILL_OPEN = "Unexplained now", "Open from the day before"
WRITTEN_BESIDE, NOBODY = "Written on a sheet of the day", "No such pupil: correct the pupil ID"


@derived
def unexplained_now(pack: Pack) -> np.ndarray:
    """Return who on roll has no reason at the session (boolean, rows of ``roll.year_to_date``): N, or no mark in a register taken.

    Nothing is known of a pupil whose form has no register yet: that pupil is on no list of calls.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = np.array([[cell_of("N")], [MISSING], [MISSING], [cell_of("I")]], dtype=np.uint8)
    >>> roll = SimpleNamespace(codes=cells, pupils=pd.DataFrame({"pupil_id": ["1", "2", "3", "4"]}))
    >>> pack = SimpleNamespace(roll=SimpleNamespace(year_to_date=roll), results={not_registered: frozenset({"3"})})
    >>> unexplained_now(pack).tolist()  # of the third nothing is known: the form has no register yet
    [True, True, False, False]
    """
    cells = now_codes(pack)
    unknown = roll_ids(pack).isin(not_registered(pack)).to_numpy()
    return (cells == cell_of(NO_REASON_YET)) | ((cells == MISSING) & ~unknown)


def last_at_the_desk(pack: Pack, direction: str) -> dict[str, str]:
    """Return who was last at the desk to come in, or to go out, on the day up to the session, and when (HH:MM by pupil).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> signs = pd.DataFrame({"pupil_id": ["1", "1", "2"], "direction": ["in", "out", "in"]})
    >>> signs["time"] = pd.to_datetime(["2026-11-05 09:20", "2026-11-05 11:00", "2026-11-05 09:40"])
    >>> after = SimpleNamespace(current=SimpleNamespace(sessions=pd.DataFrame({"session": ["AM", "PM"]})))
    >>> pack = SimpleNamespace(school=SimpleNamespace(sign_ins=signs), roll=after, date_to=pd.Timestamp(2026, 11, 5))
    >>> last_at_the_desk(pack, "in"), last_at_the_desk(pack, "out")
    ({'2': '09:40'}, {'1': '11:00'})
    """
    last = signatures(pack).drop_duplicates("pupil_id", keep="last")
    last = last[last["direction"] == direction]
    return {pupil: f"{time:%H:%M}" for pupil, time in zip(last["pupil_id"], last["time"], strict=True)}


def signatures(pack: Pack) -> pd.DataFrame:
    """Return the signatures of the day in order of time (rows of ``sign_ins``): of a morning those before the afternoon."""
    rows = pack.school.sign_ins
    if rows is None:
        return pd.DataFrame({"pupil_id": [], "time": pd.to_datetime([]), "direction": []})
    day = rows[rows["time"].dt.normalize() == pd.Timestamp(pack.date_to)].astype({"pupil_id": str})
    if not is_afternoon(pack):
        opens = pack.school.settings.school.registers.PM.opens
        day = day[np.array([each.time() < opens for each in day["time"]], dtype=bool)]
    return day.sort_values(["time", "pupil_id", "direction"], ignore_index=True)


@derived
def spells(pack: Pack) -> pd.DataFrame:
    """Say which school day of being away this is for each pupil on roll: ``day`` (from 1) and ``since`` (rows of the roll).

    One who was here in the morning and not in the afternoon is on the first.
    """
    before, year = days_away(pack), pack.roll.year_to_date
    today = (year.sessions["date"] == pd.Timestamp(pack.date_to)).to_numpy(dtype=bool)
    came = is_here(year)[:, today].any(axis=1)
    since = before["since"].where(~came, pd.Timestamp(pack.date_to))
    return pd.DataFrame({"day": before["days"].where(~came, 0) + 1, "since": since})


@derived
def calls_of(pack: Pack) -> pd.DataFrame:
    """Return the pupils to call: unexplained now and not signed in, in the printed order.

    Returns
    -------
    pandas.DataFrame
        One row per pupil: the roll's columns, ``pupil_name``, ``order`` (1 to 7), ``mark`` (N, or no mark), ``day`` and ``since``
        (of the spell), ``last_reached``, ``not_known`` (flags of which nothing is known, in words), ``is_new`` (not so this
        morning) and ``date``.
    """
    year = pack.roll.year_to_date
    is_in = roll_ids(pack).isin(last_at_the_desk(pack, "in")).to_numpy()
    at = np.flatnonzero(unexplained_now(pack) & ~is_in)
    pupils = year.pupils.iloc[at].reset_index(drop=True)
    ids = pupils["pupil_id"].astype(str)
    spell = spells(pack).iloc[at].reset_index(drop=True)
    frame = pupils.assign(
        pupil_name=pupil_names(pupils),
        mark=np.where(now_codes(pack)[at] == MISSING, "no mark", NO_REASON_YET),
        day=spell["day"], since=spell["since"], last_reached=_reached(pack, ids),
        not_known=_not_known(pupils), date=pd.Timestamp(pack.date_to),
    )  # fmt: skip
    morning = morning_of(pack)
    told = set(calls_of(morning)["pupil_id"]) if morning else set()
    frame = frame.assign(order=_order(pack, frame, at), is_new=~frame["pupil_id"].isin(told))
    return _in_order(pack, frame)


def _reached(pack: Pack, pupil_ids: pd.Series) -> np.ndarray:
    return last_reached(contacts_known(pack), pack).reindex(pupil_ids).to_numpy()


def _order(pack: Pack, frame: pd.DataFrame, at: np.ndarray) -> np.ndarray:
    """The place of each pupil in the order of calls (1 to 7); a flag of which nothing is known raises nobody."""
    is_of = [np.logical_or.reduce([_flag(frame, name) for name in names]) for names in FLAGS.values()]
    unreached = (frame["day"] > 1) & ~(frame["last_reached"] >= frame["since"])
    totals = totals_of(pack).iloc[at]
    over = totals["is_persistently_absent"].to_numpy(dtype=bool) | _has_plan(pack, frame)
    conditions = [*is_of, unreached.to_numpy(dtype=bool), over]
    return np.select(conditions, [*FLAGS, NO_CONTACT, OVER_A_LINE], default=OTHERS)


def _flag(frame: pd.DataFrame, name: str) -> np.ndarray:
    if name not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame[name].astype("boolean").fillna(value=False).to_numpy(dtype=bool)


def _has_plan(pack: Pack, frame: pd.DataFrame) -> np.ndarray:
    known = support_of(pack).set_index("pupil_id")[["interventions_now", "formal_support_now"]]
    ids = frame["pupil_id"].astype(str)
    counts = known.reindex(ids)
    return (counts.fillna(0) > 0).any(axis=1).to_numpy(dtype=bool) | ids.isin(
        running_plans(pack).index
    ).to_numpy()


def _not_known(pupils: pd.DataFrame) -> list[str]:
    """The flags of the order of which nothing is known of each pupil, in words (one text per row)."""
    known = pupils.reindex(columns=list(FLAG_NAMES))
    return joined_where({words: known[name].isna().to_numpy() for name, words in FLAG_NAMES.items()}, ", ")


def _in_order(pack: Pack, frame: pd.DataFrame) -> pd.DataFrame:
    """Within a place the youngest come first in a primary school; elsewhere those who travel alone, then the longest away."""
    is_primary = pack.school.settings.school.phase == "primary"
    year = frame["year_group"].astype("float64").fillna(np.inf)
    first = year if is_primary else (~_flag(frame, "travels_alone")).astype(float)
    keyed = frame.assign(first=first, longest=-frame["day"], old=~frame["is_new"])
    by = ["old", "order", "first", "longest", "pupil_name", "pupil_id"]
    return keyed.sort_values(by, kind="stable", ignore_index=True).drop(columns=["first", "longest", "old"])


@derived
def still_open(pack: Pack) -> pd.DataFrame:
    """Return who was unexplained at the end of the last school day before, still is for it, and is not to be called today anyway.

    Returns
    -------
    pandas.DataFrame
        One row per pupil on roll, by name: the roll's columns, ``pupil_name``, ``mark`` (N), ``date`` (that day) and
        ``last_reached``. None in an afternoon: nothing of it is new.
    """
    before, year = day_before(pack), pack.roll.year_to_date
    day = pd.Timestamp(before.date_to) if before and not is_afternoon(pack) else pd.NaT
    columns = (year.sessions["date"] == day).to_numpy(dtype=bool)
    was = (year.codes[:, columns] == cell_of(NO_REASON_YET)).any(axis=1)
    pupils = year.pupils[was & ~unexplained_now(pack)].reset_index(drop=True)
    frame = pupils.assign(
        pupil_name=pupil_names(pupils), mark=NO_REASON_YET, date=day, last_reached=_reached(pack, pupils["pupil_id"].astype(str))
    )  # fmt: skip
    return frame.sort_values(["pupil_name", "pupil_id"], kind="stable", ignore_index=True)


# The sheet that staff fill in: both lists in one, each row with the words that stand for it


def _sheet(pack: Pack, frame: pd.DataFrame, stands: str, keys: list[str] | None = None) -> pd.DataFrame:
    """Rows of calls with their numbers and what staff wrote of them (``NAMES``)."""
    numbers = _numbers(pack, frame) if keys is None else keys
    known = known_rows(pack.casebook, CALLS)
    words = pd.DataFrame(
        [_said(known.get(key)) for key in numbers], columns=list(WRITTEN), index=frame.index, dtype=object
    )
    told = frame.reindex(columns=[name for name in NAMES if name not in WRITTEN])
    owner = words["owner"].fillna(_owners(pack, told))
    return told.assign(**words.assign(owner=owner), call_id=numbers, stands=stands)[list(NAMES)].astype(
        object
    )


def _numbers(pack: Pack, frame: pd.DataFrame) -> list[str]:
    """The number of each call (row) on the sheet: of its day and pupil."""
    urn, whom = pack.school.settings.school.urn, zip(frame["date"], frame["pupil_id"], strict=True)
    return [sheet_number(urn, day.date(), str(pupil)) for day, pupil in whom]


def _owners(pack: Pack, told: pd.DataFrame) -> pd.Series:
    """Whose each call is until somebody writes another name: the key adult's, else the head of year's (texts)."""
    heads = [head_of(scope_at(pack), str(form)).partition(" (")[0] or None for form in told["form"]]
    adult = told["key_adult"].astype(object)
    return adult.where(adult.notna(), pd.Series(heads, index=told.index, dtype=object))


def _said(row: RowState | None) -> dict[str, str | None]:
    values = {name: written_in(row, name) for name in WRITTEN}
    return values | {"tries": values["tries"] or BOXES}


def calls(pack: Pack) -> Parts:
    """Return whom to call now and what is still open of the day before; the workbook has both in the sheet to fill in."""
    now = _sheet(pack, calls_of(pack), NOW)
    old = _sheet(pack, still_open(pack), STILL_OPEN)
    sheet = pd.concat([now, old], ignore_index=True) if len(old) else now
    added = _added(pack, set(sheet["call_id"]))
    tables = (_working_sheet(pd.concat([sheet, added], ignore_index=True) if len(added) else sheet),)
    return Parts("calls_parts", (_now_table(pack, now), *_open_table(pack, old)), tables)


def _added(pack: Pack, here: set[str]) -> pd.DataFrame:
    """The rows that staff added to a sheet of the day, which stay on it, and of any day those that name no pupil of the roll."""
    told = everything_written(pack)
    is_of_day = told["is_known"] & (told["date"] == pd.Timestamp(pack.date_to))
    is_mistaken = ~told["is_known"] & (not pack.cohort.where)
    told = told[(is_of_day | is_mistaken) & ~told["contact_id"].isin(here)].reset_index(drop=True)
    pupils = pack.roll.current.pupils
    people = pupils.assign(pupil_name=pupil_names(pupils), pupil_id=pupils["pupil_id"].astype(str))
    frame = told[["pupil_id", "date", "contact_id", "is_known"]].merge(people, on="pupil_id", how="left")
    if pack.cohort.where:
        frame = frame[frame["pupil_name"].notna()].reset_index(drop=True)
    sheet = _sheet(pack, frame, WRITTEN_BESIDE, frame["contact_id"].tolist())
    return sheet.assign(stands=np.where(frame["is_known"], WRITTEN_BESIDE, NOBODY))


def _working_sheet(frame: pd.DataFrame) -> Table:
    return Table(
        name=CALLS,
        title="Calls",
        frame=frame,
        columns=SHEET_COLUMNS,
        row_header="call_id",
        note="Write how often you tried, whom you reached and what came of it; no diagnosis. The next run reads it, and every copy "
        "of it, and counts it as a contact with home. Other calls go into the blank rows at the foot, with the pupil's ID.",
        empty_text="Nobody is to be called.",
        blank_rows=BLANK_ROWS,
    )


def _now_table(pack: Pack, now: pd.DataFrame) -> Table:
    found = calls_of(pack)
    rows = now.assign(order=found["order"], day=found["day"])[found["is_new"].to_numpy(dtype=bool)]
    before, afternoon = len(now) - len(rows), is_afternoon(pack)
    note = (
        f"{counted(before, 'pupil stands', 'pupils stand')} on the morning's sheet and {in_number(before, 'is', 'are')} "
        "unexplained still; the workbook has them too."
        if before
        else ""
    )
    return Table(
        name="calls_now",
        title=f"Call in this order ({format_count(len(rows))}{' new since the morning' if afternoon else ''})",
        frame=rows.head(SHOWN_CALLS).reset_index(drop=True),
        columns=NOW_COLUMNS,
        row_header="pupil_name",
        note=_more(rows, SHOWN_CALLS) + note,
        empty_text=f"Nobody is {'newly ' if afternoon else ''}without a reason this {HALF_NAMES[session_of(pack)]}.",
    )


def _more(rows: pd.DataFrame, most: int) -> str:
    """How many rows the page leaves to the workbook, whose sheet has another name than the page's table."""
    return (
        f"The first {most} of {format_count(len(rows))}; all are in the workbook, sheet {tab_named(CALLS)}. "
        if len(rows) > most
        else ""
    )


def _open_table(pack: Pack, old: pd.DataFrame) -> tuple[Table, ...]:
    if is_afternoon(pack):
        return ()
    before = day_before(pack)
    day = format_weekday(before.date_to) if before else "the day before"
    table = Table(
        name="calls_open",
        title=f"Still open from {day} ({format_count(len(old))})",
        frame=old.head(SHOWN_OPEN),
        columns=OPEN_COLUMNS,
        row_header="pupil_name",
        note=_more(old, SHOWN_OPEN) + ("Who is unexplained today too stands above." if len(old) else ""),
        empty_text="Nothing else is open from the last school day.",
    )
    return (table,)


def order_of_calls(pack: Pack) -> Sentences:
    """Say the order of the calls, and which flags it could not look at."""
    primary = pack.school.settings.school.phase == "primary"
    within = "the youngest first" if primary else "travelling alone first, then longest away"
    order = "; ".join(f"({place}) {words}" for place, words in ORDER_OF_CALLS.items())
    said = [f"Order: {order}; within each, {within}.", *unknown_flags(pack.roll.current.pupils)]
    if pack.school.contacts is None:
        said.append(not_exported("contacts"))
    return Sentences(name="order_of_calls", style="note", items=(" ".join(filter(None, said)),))


def unknown_flags(pupils: pd.DataFrame) -> Iterator[str]:
    """Say which flags of FLAG_NAMES are unknown of everybody, and of how many pupils (one row each) others are.

    Examples
    --------
    >>> pupils = pd.DataFrame({name: [True, None] for name in FLAG_NAMES}).drop(columns="looked_after")
    >>> list(unknown_flags(pupils))[0]
    'Not exported, so unknown of everybody and never taken for no: looked after.'
    """
    missing = {
        words: int(pupils[name].isna().sum()) if name in pupils else len(pupils)
        for name, words in FLAG_NAMES.items()
    }
    gone = [words for words, count in missing.items() if count == len(pupils)]
    if gone:
        yield f"Not exported, so unknown of everybody and never taken for no: {listed(gone)}."
    some = [
        f"{words} of {format_count(count, 'pupil')}"
        for words, count in missing.items()
        if 0 < count < len(pupils)
    ]
    if some:
        yield f"Unknown, and not taken for no: {listed(some)}."


# What staff wrote that somebody has to look at


def keys_of(pack: Pack) -> list[str]:
    """Return the numbers of the rows of calls that this paper's readers may see."""
    rows = known_rows(pack.casebook, CALLS)
    if not pack.cohort.where:
        return list(rows)
    told = calls_written(pack)
    return [key for key in told.loc[told["pupil_id"].isin(roll_ids(pack)), "contact_id"] if key in rows]


def came_back(pack: Pack) -> Parts:
    """Return what somebody has to look at of what was written: to enter, to settle, noted about files; one line if nothing."""
    keys = keys_of(pack)
    tables = (
        contacts_to_enter(pack),
        differing(pack, CALLS, keys, fields_of(SHEET_COLUMNS)),
        told_of_files(pack, DAILY, keys),
    )
    return what_came_back(
        tables,
        "What staff wrote on earlier sheets: all of it was read, nothing differs, and every try is in the log of contacts.",
    )


def contacts_to_enter(pack: Pack) -> Table:
    """Return the tries written on the sheets that the school's log of contacts does not have, the newest first."""
    told, own = calls_to_enter(pack), pack.roll.current.pupils
    people = own.assign(pupil_name=pupil_names(own), pupil_id=own["pupil_id"].astype(str))
    frame = told.merge(people[["pupil_id", "pupil_name", "form"]], on="pupil_id")
    order = {"by": ["date", "pupil_name", "contact_id"], "ascending": [False, True, True]}
    return Table(
        name="contacts_to_enter",
        title="To enter in the log of contacts",
        frame=frame.sort_values(**order, kind="stable", ignore_index=True),
        columns=CONTACT_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_OPEN,
        note="Written on sheets of this paper. They count as contacts here; each leaves this list once the log has a contact with "
        "that pupil on that day." if len(frame) else "",
        empty_text="Every try that was written down is in the log.",
    )  # fmt: skip


WRITTEN = ("tries", "reached", "made_by", "outcome", "owner")
OWNER = figure(
    "owner",
    meaning="Who follows it up: who is written here, else the key adult, else who has the form or its year group",
    editable=True,
    width=18,
)
MARK = Column("mark", "Mark", meaning="N, or no mark", personal=True, width=9)
LAST_REACHED = Column(
    "last_reached", "Last reached", Kind.DATE, "When somebody at home was last reached, by the log and these sheets", personal=True,
)  # fmt: skip
NUMBERS = Column("contact_numbers", "Numbers", Kind.COUNT, "Emergency numbers held", personal=True, width=9,
                 highlights=(Highlight("at_most", 1, Tone.CAUTION),))  # fmt: skip
ORDER = Column("order", "No.", Kind.COUNT, "Place in the order of calls, 1 to 7", personal=True, width=5)
DAY = Column("day", "Day", Kind.COUNT, "Which school day in a row without coming, whatever the reason on the earlier ones",
             personal=True, width=6)  # fmt: skip
SHEET_COLUMNS = (
    figure("call_id"),
    Column("stands", "Stands", meaning="Unexplained now, or open from the day before", width=20),
    ORDER,
    figure("date", meaning="Day of the absence"),
    figure("pupil_id", meaning="The pupil in the school's records; fill in for another call", shown=True, editable=True),
    *shown("pupil_name", "form", "year_group"),
    MARK, DAY, LAST_REACHED, NUMBERS,
    Column("not_known", "Not known", meaning="Flags of which nothing is known; never taken for no", personal=True, width=24),
    TRIES, REACHED_OR_NOT, WHO, OUTCOME, OWNER,
)  # fmt: skip
NAMES = (*(column.name for column in SHEET_COLUMNS), "key_adult")
NOW_COLUMNS = (ORDER, *shown("pupil_name", "form"), DAY, NUMBERS, LAST_REACHED, MARK, TRIES, WHO)
OPEN_COLUMNS = (*shown("pupil_name", "form"), OWNER, LAST_REACHED, TRIES, WHO)
CONTACT_COLUMNS = (
    figure("date", meaning="Day of the try"), *shown("pupil_name", "form", "pupil_id"),
    Column("mode", "How", meaning="Call or visit", personal=True, width=12),
    figure("tries", meaning="As written", width=10),
    figure("made_by", width=16),
    figure("outcome", meaning="Whether anybody was reached, and what was written", shown=True, width=36),
    Column("contact_id", "Call", meaning="The row's number on the sheet", shown=False, width=14),
)  # fmt: skip
