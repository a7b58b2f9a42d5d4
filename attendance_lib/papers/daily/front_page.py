"""The head of the sheet: of which register it is, what is unknown, how many are unexplained, and when to shred it."""

from dataclasses import replace
from datetime import datetime

import pandas as pd

from attendance_lib.display import Document, Parts, Sentences
from attendance_lib.display.format import format_count, format_weekday
from attendance_lib.errors import SettingsError, counted, in_number, quoted
from attendance_lib.pack.opening import text_of
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.daily.calls import FLAGS, calls_of, signatures, still_open
from attendance_lib.papers.daily.lists import reasons_due
from attendance_lib.papers.daily.moment import HALF_NAMES, is_afternoon, session_of
from attendance_lib.papers.daily.registers import bounds_of, forms_not_taken, not_registered
from attendance_lib.papers.data_notes import files_read, rule_sources
from attendance_lib.papers.shared import listed, masthead
from attendance_lib.reports.papers import DAILY
from attendance_lib.rules.sources import LATE_AFTER_N, REASON_FOR_N

OLDEST_AGE, NAMED_FORMS = 5, 4
FIRST, *_, LAST_FLAG = FLAGS
# On a phone the first screen holds the head and the sentences, and of everything else what it is and of how many.
FOLDS = {
    "registers_not_taken": "",
    "calls_now": "",
    "calls_open": "",
    "order_of_calls": "How the order is made",
    "today_page": "",
    "headcount_words": "",
    "how_to_keep": "How to keep the sheet",
    "came_back_words": "What staff wrote",
    "contacts_to_enter": "",
}


def daily_masthead(pack: Pack) -> Document:
    """Return what heads the paper, with the session that it stands after."""
    told, when = masthead(pack, DAILY), HALF_NAMES[session_of(pack)]
    return replace(told, title=f"{told.title}, {when}", period=format_weekday(pack.date_to), folds=FOLDS)


def what_to_know(pack: Pack, extracted: str = "") -> Sentences:
    """Return the sentences at the top: of when it is, attendance as far as it is known, what is unknown, whom to call.

    Parameters
    ----------
    pack : Pack
        As it stood after a register.
    extracted : str
        When the registers were exported, as whoever did it says ("2026-11-20T09:12"); empty where nobody does. No export
        of the layouts read here holds it, and the time of a file is not that of its marks.

    Raises
    ------
    SettingsError
        If it is no such time, or one before the register opened.
    """
    bounds = bounds_of(pack)
    items = (
        f"{_extracted(pack, extracted)}{'' if len(forms_not_taken(pack)) else ' Every register is in.'}",
        f"Attendance this {HALF_NAMES[session_of(pack)]} {bounds.words}.",
        _registers(pack),
        _calls(pack),
        _ages(pack),
    )
    return Sentences(name="daily_words", style="lead", items=tuple(filter(None, items)))


def _extracted(pack: Pack, extracted: str) -> str:
    if extracted:
        when, moment = HALF_NAMES[session_of(pack)], _moment(extracted)
        times = getattr(pack.school.settings.school.registers, session_of(pack))
        opens = datetime.combine(pack.date_to, times.opens)
        if moment < opens:
            raise SettingsError(
                f"Parameter 'extracted': {quoted(extracted)} is before the {when} register of {pack.date_to} opened "
                f"({opens:%H:%M}). Write when the registers were exported, or leave it out."
            )
        return f"Registers extracted {format_weekday(moment.date())} at {moment:%H:%M}."
    desk = signatures(pack)["time"]
    known = f"; desk to {desk.iloc[-1]:%H:%M}" if len(desk) else ""
    return f"Time of extract not given{known}."


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text_of(text, "extracted"), "%Y-%m-%dT%H:%M")
    except ValueError as reason:
        raise SettingsError(
            f"Parameter 'extracted': {quoted(text)} is not a time. Write it as in \"2026-11-20T09:12\"."
        ) from reason


def _registers(pack: Pack) -> str:
    names, pupils = forms_not_taken(pack)["form"].tolist(), len(not_registered(pack))
    if not names:
        return ""
    told = [
        *names[:NAMED_FORMS],
        *([f"{format_count(len(names) - NAMED_FORMS)} more"] if len(names) > NAMED_FORMS else []),
    ]
    return (
        f"{in_number(len(names), 'Register', 'Registers')} not taken: {listed(told)}; {format_count(pupils, 'pupil')} unknown, "
        "nothing below is complete."
    )


def _calls(pack: Pack) -> str:
    found = calls_of(pack)
    new = int(found["is_new"].sum())
    if is_afternoon(pack):
        return f"{counted(new, 'pupil is', 'pupils are')} newly unexplained since the morning, {format_count(len(found))} in all."
    open_still = len(still_open(pack))
    first, flagged = (
        int((found["order"] == FIRST).sum()),
        int(found["order"].between(FIRST + 1, LAST_FLAG).sum()),
    )
    of_these = [
        f", {format_count(first)} known to social care or youth justice" if first else "",
        f", {format_count(flagged)} with {'another' if first else 'a'} flag" if flagged else "",
    ]
    return (
        f"{counted(new, 'pupil is', 'pupils are')} unexplained now{''.join(of_these)}; "
        f"{format_count(open_still)} more {in_number(open_still, 'is', 'are')} still open."
    )


def _ages(pack: Pack) -> str:
    """How many N marks there are by age in school days, and what the rule asks."""
    found = reasons_due(pack)
    if found.empty or is_afternoon(pack):
        return ""
    ages = _by_age(found)
    due, late = int(found["is_due"].sum()), int(found["is_overdue"].sum())
    return (
        f"N marks: {format_count(due)} due today, {format_count(late)} overdue{' (must become O)' if late else ''}"
        f"{f'; by age in school days {ages}' if ages else ''}."
    )


def _by_age(found: pd.DataFrame) -> str:
    """How many N marks there are of each age (school days) of which there is one."""
    counts = [(age, int((found["age"] == age).sum())) for age in range(OLDEST_AGE)]
    return ", ".join(f"{age}: {format_count(count)}" for age, count in counts if count)


def how_to_keep(pack: Pack) -> Parts:
    """Say how long the sheet may be kept, what it leaves out, and the rules about N; the workbook has their texts and the files."""
    items = (
        "Shred this sheet tonight. It holds no diagnosis and no more of a reason than a code's group; write none on it.",
        f"N: a reason by the fifth school day, else O ({REASON_FOR_N.paragraph}; not five working days, as the guidance says too). "
        f"Who comes after the register closed: U, or a better code ({LATE_AFTER_N.paragraph}). Texts and files read: the workbook.",
    )
    words = Sentences(name="how_to_keep", style="note", items=items)
    return Parts("how_to_keep_parts", (words,), (rule_sources(pack), files_read(pack)))
