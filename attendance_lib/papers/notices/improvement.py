"""Notices to improve: where each stands in counts, and the draft of one with the eight things that guidance asks for."""

import pandas as pd

from attendance_lib.analysis.notice_cases import ParentCase
from attendance_lib.analysis.notice_evidence import files_of
from attendance_lib.analysis.notices_to_improve import Standing, notices_to_improve
from attendance_lib.display import Column, Heading, Highlight, Kind, Parts, Sentences, Table, Tone
from attendance_lib.display.columns import shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import counted
from attendance_lib.intake.settings.authority_file import NoticeToImprove
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.notices.gate_page import PARENT, cases_by_pupil, names_of, national, with_names
from attendance_lib.rules.authorities import Unit, end_of_school_weeks
from attendance_lib.rules.calendar import short_day
from attendance_lib.rules.sources import IMPROVEMENT_CONTENTS

SHOWN_NOTICES = 25


def improvement_table(pack: Pack) -> Table:
    """Return where each notice to improve stands, in counts: what is left, what is used, when it ends, what came of it."""
    rows = of_those_on_roll(pack)
    rows = rows.assign(is_over=rows["standing"].isin([Standing.MET, Standing.NOT_MET, Standing.CLOSED]))
    rows = rows.sort_values(["is_over", "ends_on"], kind="stable", ignore_index=True)
    asks = pack.school.settings.authority.notice_to_improve
    return Table(
        name="notices_to_improve",
        title="Where each stands",
        frame=with_names(pack, rows),
        columns=COLUMNS,
        shown_rows=SHOWN_NOTICES,
        row_header="pupil_name",
        note=_note(asks),
        empty_text="No notice to improve is on file for this school year."
        if pack.school.notices is not None
        else "The school exports no log of notices (exports, notices).",
    )


def of_those_on_roll(pack: Pack) -> pd.DataFrame:
    """Return the rows of ``notices_to_improve`` of pupils of the cohort who are on roll on the pack's last day."""
    rows = notices_to_improve(pack)
    return rows[rows["pupil_id"].isin(names_of(pack).index)].reset_index(drop=True)


def _note(asks: NoticeToImprove) -> str:
    allowed = asks.unauthorised_allowed
    early = asks.early
    return " ".join(
        (
            "A period is counted from the day after the notice was issued to its last day; a session still N is among the "
            "unauthorised, and uses nothing of what is allowed before its reason is known.",
            f"The authority allows {counted(allowed.sessions, 'unauthorised session')}."
            if allowed
            else "How many unauthorised sessions are allowed is not in the authority's profile: the notice itself says it.",
            f"Before the end: {early.how}."
            if early
            else "Whether the authority may be asked before the end is not in its profile.",
            "Whether it improved enough is said by people, and in the end by the authority.",
        )
    )


COLUMNS = (
    *shown("pupil_name", "pupil_id", "form"),
    PARENT,
    Column("issued_on", "Issued", Kind.DATE, "When it was issued", personal=True),
    Column("ends_on", "Last day", Kind.DATE, "Last day of the period", personal=True),
    Column(
        "standing", "Now", meaning="Where it stands on the last day of the paper", personal=True, width=20,
        highlights=(
            Highlight("equals", Standing.OUTCOME_DUE.value, Tone.CAUTION),
            Highlight("equals", Standing.NO_END.value, Tone.CAUTION),
        ),
    ),
    Column("school_days_left", "School days left", Kind.COUNT, "School days after the paper's last day, to its last day"),
    Column("sessions_left", "Possible left", Kind.COUNT, "Sessions still to come in the period"),
    Column("possible_sessions", "Possible so far", Kind.COUNT, "Possible sessions of the period up to the paper's last day"),
    Column("unauthorised_sessions", "Unauthorised", Kind.COUNT, "Sessions of G, N, O and U in the period"),
    Column("allowed_sessions", "Allowed", Kind.COUNT, "Unauthorised sessions that the authority allows; blank if not known"),
    Column("n_sessions", "Still N", Kind.COUNT, "Of these, N"),
    Column("missing_sessions", "No mark", Kind.COUNT, "Marks missing in the period"),
    Column("early_after_sessions", "Early after", Kind.COUNT, "Possible sessions before it may be asked", shown=False),
)  # fmt: skip


# The draft of a notice to improve

BLANK = "____________________"
NOT_NEEDED = "No draft is needed: the pupil is not at the national threshold."
HOW_TO_ASK = "For drafts, one for each parent, and the evidence sheets of one pupil make the paper with --set pupil=<pupil ID>."


def improvement_drafts(pack: Pack, pupil: str) -> Parts | Sentences:
    """Return a draft for each parent of one pupil at the national threshold; how to get one where no pupil is named."""
    cases = national(cases_by_pupil(pack, pupil)) if pupil else ()
    if not cases:
        said = NOT_NEEDED if pupil else HOW_TO_ASK
        return Sentences(name="improvement_drafts", style="note", items=(said,))
    cited = Sentences("draft_source", (f"The eight points: {IMPROVEMENT_CONTENTS.cited}.",), style="note")
    return Parts("improvement_drafts", (*(part for each in cases for part in _draft(pack, each)), cited))


def _draft(pack: Pack, each: ParentCase) -> tuple[Heading, Sentences]:
    name = names_of(pack).loc[each.pupil_id, "pupil_name"]
    items = (
        f"1. Attendance and the absences. {_absences(each)} The dates are in the sheet that goes with this notice.",
        "2. Why attendance matters. Being at school helps children learn, make friends and stay safe. By section 7 of the "
        "Education Act 1996 each parent must see that a child of compulsory school age has a suitable full-time education.",
        f"3. Support so far. {_support(pack, each)}",
        f"4. Further support that is offered: {BLANK}. Offers made before and not taken: {BLANK}.",
        "5. If attendance does not improve enough, a penalty notice may be asked for, or the case may go to court.",
        f"6. The period. {_period(pack)}",
        f"7. What is enough. From {BLANK} to {BLANK}: {_enough(pack)} This is set for this family: {BLANK}.",
        f"8. A notice may be asked for before the period ends if {_early(pack)}.",
        "Signed for the school, and date: " + BLANK,
    )
    title = f"Draft: notice to improve to {each.parent}, about {name}"
    return Heading(title), Sentences(
        name=f"draft_{each.pupil_id}",
        title=f"{_not_asked(each)}To be read, completed and decided by a person. Considering comes first: this is a draft, not a "
        "decision.",
        items=items,
        personal=True,
    )


def _not_asked(each: ParentCase) -> str:
    """Say that no notice to improve is asked of a case, and why, as a sentence with a blank after it; empty where one is."""
    if each.case.needs_support:
        return ""
    why = (
        "every session is leave in term time (G)"
        if each.case.is_holiday
        else "support was recorded as not appropriate"
    )
    return f"Not asked for here: {why}. "


def _absences(each: ParentCase) -> str:
    case, window = each.case, each.window
    codes = ", ".join(
        f"{count} of {code}" for code in "GNOU" if (count := int(window[f"{code.lower()}_sessions"]))
    )
    between = f"{format_date(case.window_start)} and {format_date(case.on)}"
    return f"Between {between} {counted(case.counted, 'session')} were missed without permission ({codes})."


def _support(pack: Pack, each: ParentCase) -> str:
    files = files_of(pack, each.pupil_id, each.listed)
    told = []
    if files.interventions is not None:
        told += [f"{row['intervention']} from {short_day(row['start_date'])}" for row in files.interventions]
    if files.plans is not None:
        told += [f"support plan of {short_day(row['opened_on'])}" for row in files.plans]
    if files.contacts:
        told.append(f"{counted(len(files.contacts), 'contact')} with home this school year")
    return f"{'; '.join(told)}." if told else f"None is on file: {BLANK}."


def _period(pack: Pack) -> str:
    """Say how long the authority's notices run, and when one that begins with the next school week would end."""
    asks = pack.school.settings.authority.notice_to_improve
    said = f"From {BLANK} to {BLANK} (three to six weeks)."
    if asks.length is None:
        return f"{said} The authority's own length is not in its profile."
    said += f" The authority's is {asks.length.count} {asks.length.unit}"
    said += f", at most {asks.longest.count} {asks.longest.unit}." if asks.longest else "."
    if asks.length.unit is not Unit.SCHOOL_WEEKS:
        return said
    end = end_of_school_weeks(pack.school.calendar, pack.date_to, asks.length.count)
    return f"{said} From the next school week on that is to {format_date(end)}." if end else said


def _enough(pack: Pack) -> str:
    allowed = pack.school.settings.authority.notice_to_improve.unauthorised_allowed
    return (
        f"no more than {BLANK} unauthorised sessions."
        if allowed is None
        else f"no more than {counted(allowed.sessions, 'unauthorised session')}."
    )


def _early(pack: Pack) -> str:
    early = pack.school.settings.authority.notice_to_improve.early
    return f"{BLANK} (the authority: {early.how})" if early else BLANK


def improvement_words(pack: Pack) -> Sentences:
    """Say how many notices to improve run, and how many ended without a word on how.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> early, due, met = Standing.EARLY, Standing.OUTCOME_DUE, Standing.MET
    >>> notices = pd.DataFrame({"pupil_id": list("1239"), "standing": [early, due, met, early]})  # the last has left
    >>> on_roll = pd.DataFrame(index=list("123"))
    >>> improvement_words(SimpleNamespace(results={notices_to_improve: notices, names_of: on_roll})).items
    ('1 notice to improve running, 1 ended without an outcome written down.',)
    """
    standing = of_those_on_roll(pack)["standing"]
    running = int(standing.isin([Standing.RUNNING, Standing.OVER_ALLOWANCE, Standing.EARLY]).sum())
    due = int((standing == Standing.OUTCOME_DUE).sum())
    said = f"{format_count(running, 'notice')} to improve running, {format_count(due)} ended without an outcome written down."
    return Sentences(name="improvement_words", items=(said,))
