"""The head of the sheet: of which register it is, what is unknown, how many are unexplained, and when to shred it."""

from dataclasses import replace

from attendance_lib.display import Document, Parts, Sentences
from attendance_lib.display.format import format_count, format_weekday
from attendance_lib.errors import counted, in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.daily.calls import calls_of, still_open
from attendance_lib.papers.daily.lists import reasons_due
from attendance_lib.papers.daily.moment import HALF_NAMES, is_afternoon, session_of
from attendance_lib.papers.daily.registers import bounds_of, forms_not_taken, not_registered
from attendance_lib.papers.fortnightly.data_notes import files_read, rule_sources
from attendance_lib.papers.shared import listed, masthead
from attendance_lib.reports.papers import DAILY
from attendance_lib.rules.sources import LATE_AFTER_N, REASON_FOR_N

OLDEST_AGE = 5


def daily_masthead(pack: Pack) -> Document:
    """Return what heads the paper, with the session that it stands after."""
    told, when = masthead(pack, DAILY), HALF_NAMES[session_of(pack)]
    day = format_weekday(pack.date_to)
    return replace(told, title=f"{told.title}, {when}", period=f"{day}, after the {when} register")


def what_to_know(pack: Pack) -> Sentences:
    """Return the sentences at the top: attendance as far as it is known, what is unknown, whom to call."""
    bounds = bounds_of(pack)
    items = (
        f"Attendance this {HALF_NAMES[session_of(pack)]} {bounds.words}.",
        _registers(pack),
        _calls(pack),
        _ages(pack),
    )
    return Sentences(name="daily_words", style="lead", items=tuple(filter(None, items)))


def _registers(pack: Pack) -> str:
    forms, pupils = len(forms_not_taken(pack)), len(not_registered(pack))
    if not forms:
        return ""
    return (
        f"{counted(forms, 'register is', 'registers are')} not taken, of {format_count(pupils, 'pupil')}: of "
        f"{in_number(pupils, 'that pupil', 'them')} nothing is known, and nothing below is complete."
    )


def _calls(pack: Pack) -> str:
    found = calls_of(pack)
    new, first = int(found["is_new"].sum()), int((found["order"] == 1).sum())
    if is_afternoon(pack):
        return f"{counted(new, 'pupil is', 'pupils are')} newly unexplained since the morning, {format_count(len(found))} in all."
    open_still = len(still_open(pack))
    urgent = f", {format_count(first)} of them first in the order" if first else ""
    return (
        f"{counted(new, 'pupil is', 'pupils are')} unexplained now{urgent}; {format_count(open_still)} more "
        f"{in_number(open_still, 'is', 'are')} open from the last school day."
    )


def _ages(pack: Pack) -> str:
    """How many N marks there are by age in school days, and what the rule asks."""
    found = reasons_due(pack)
    if found.empty or is_afternoon(pack):
        return ""
    ages = [(age, int((found["age"] == age).sum())) for age in range(OLDEST_AGE)]
    young = (
        listed([f"{format_count(count)} of {age}" for age, count in ages if count])
        if found["age"].min() < OLDEST_AGE
        else ""
    )
    due, late = int(found["is_due"].sum()), int(found["is_overdue"].sum())
    return (
        f"N by age in school days: {f'{young}; ' if young else ''}{format_count(due)} due today (the fifth); "
        f"{format_count(late)} overdue, which must become O."
    )


def how_to_keep(pack: Pack) -> Parts:
    """Say how long the sheet may be kept, what it leaves out, and the rules about N; the workbook has their texts and the files."""
    items = (
        "Shred this sheet tonight. It holds no diagnosis and no more of a reason than a code's group; write none on it.",
        f"N: a reason by the fifth school day, else O ({REASON_FOR_N.paragraph}; not five working days, as the guidance says too). "
        f"Who comes after the register closed: U, or a better code ({LATE_AFTER_N.paragraph}). Texts and files read: the workbook.",
    )
    words = Sentences(name="how_to_keep", style="note", items=items)
    return Parts("how_to_keep_parts", (words,), (rule_sources(pack), files_read(pack)))
