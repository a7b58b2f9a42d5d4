"""The family copy: one page in plain English, made from a few facts and nothing else that the school knows.

What it may hold is what ``Family`` holds: no code, rank, flag, barrier or staff note, nobody else and no figure of anybody else.
Its fixed sentences are read by an average 11-year-old; a test measures them. The file copy says the target in the same words.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from attendance_lib.analysis.logs import day_or_none
from attendance_lib.analysis.plan_progress import Progress
from attendance_lib.display import Document, Heading, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date, format_weekday
from attendance_lib.display.model import Column
from attendance_lib.papers.plan.opening import Case

WHO = {"pupil": "", "parent": "Parent or carer", "school": "School", "agency": "Others who help"}
WELCOME = (
    "We want {name} to feel safe and happy at school, and to be here each day. We made this plan with you. Tell us at any time if "
    "it does not help, and we will change it."
)
WHAT_A_SESSION_IS = "A school day has two sessions: the morning is one and the afternoon is one."
NO_TARGET = "We will agree a target when we meet."
NO_DAY = "We will agree a day to look at how it went."
LATE = "We meant to meet on {day}. We will agree a new day with you."
NOT_SAID = "We will write this down when we meet."
WHAT_NEXT = (
    ("If the target is met", "Well done! We say what helped, and we keep it going."),
    ("If it is partly met", "We keep what helps, change what does not, and set a new target with you."),
    (
        "If it is not met",
        "We meet with you again soon. We ask what gets in the way and who else can help. If school still has to think about "
        "other steps, we tell you first.",
    ),
)
SIGNING = (
    "We sign to show that we talked about this plan and will try it. It is not a legal paper. You keep this copy. Ask us if you "
    "would like it in another language, or read out to you."
)
ROOM = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Family:
    """All that the family copy may say: the pupil's first name, the plan's own words and the figures of its target."""

    name: str
    school: str
    day: date
    agreed_on: date | None
    going_well: str
    target: str
    pace: str
    does: tuple[tuple[str, str, date | None], ...]
    review_day: date | None


def family_of(case: Case, school: str, day: date) -> Family:
    """Return what the family copy of a case, made on a day, may say."""
    plan = case.plan
    return Family(
        name=case.forename,
        school=school,
        day=day,
        agreed_on=None if case.is_new else day_or_none(plan["opened_on"]),
        going_well=plan["going_well"] or "",
        target=target_words(case.progress),
        pace=pace_words(case.progress),
        does=tuple(
            (said, plan[f"{who}_does"] or "", day_or_none(plan[f"{who}_by"]))
            for who, said in who_does(case).items()
        ),
        review_day=day_or_none(plan["review_day"]),
    )


def who_does(case: Case) -> dict[str, str]:
    """Return who does a part of the plan, each as the family reads it; an agency only where the plan has one.

    Examples
    --------
    >>> who_does(Case({"forename": "Ada"}, {"agencies": "", "agency_does": ""}, None, is_new=False))
    {'pupil': 'Ada', 'parent': 'Parent or carer', 'school': 'School'}
    >>> who_does(Case({"forename": "Ada"}, {"agencies": "Early Help", "agency_does": ""}, None, is_new=False))["agency"]
    'Early Help'
    """
    plan = case.plan
    called = WHO | {"pupil": case.forename, "agency": plan["agencies"] or WHO["agency"]}
    if not (plan["agencies"] or plan["agency_does"]):
        del called["agency"]
    return called


def family_document(family: Family) -> Document:
    """Return what heads the family copy."""
    agreed = f"Agreed on {format_date(family.agreed_on)}" if family.agreed_on else ""
    return Document(
        name="document",
        title=f"Our plan for {family.name}",
        school=family.school,
        period=agreed,
        date=family.day.isoformat(),
        confidentiality=f"For {family.name} and family",
        is_large_print=True,
    )


def family_parts(family: Family) -> tuple[Heading | Sentences | Table, ...]:
    """Return the family copy below its head, in order."""
    target = " ".join(filter(None, (family.target or NO_TARGET, family.pace if family.target else "")))
    return (
        Sentences("welcome", (WELCOME.format(name=family.name),), style="lead"),
        Heading("What is going well", 2),
        Sentences("going_well", (family.going_well or NOT_SAID,)),
        Heading("Our target", 2),
        Sentences("target", (target,), style="lead"),
        Sentences("sessions", (WHAT_A_SESSION_IS,)),
        who_does_what(family),
        Heading("We meet again", 2),
        Sentences("review", (review_words(family),)),
        what_happens_next(),
        signatures(family),
    )


def review_words(family: Family) -> str:
    """Say when everybody meets again.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = (date(2026, 12, 11), date(2026, 11, 13), None)
    >>> soon, late, none = (review_words(SimpleNamespace(day=date(2026, 11, 20), review_day=day)) for day in days)
    >>> soon, none
    ('On Friday 11 December 2026 we look at how it went.', 'We will agree a day to look at how it went.')
    >>> late
    'We meant to meet on Friday 13 November 2026. We will agree a new day with you.'
    """
    day = family.review_day
    if day is None:
        return NO_DAY
    return (
        f"On {full_weekday(day)} we look at how it went."
        if day >= family.day
        else LATE.format(day=full_weekday(day))
    )


def full_weekday(day: date) -> str:
    """Write a day as people say it.

    Examples
    --------
    >>> full_weekday(date(2026, 12, 11))
    'Friday 11 December 2026'
    """
    return f"{day:%A} {format_date(day)}"


def who_does_what(family: Family) -> Table:
    """Return who does what, and by when."""
    rows = [(who, what or ROOM, full_weekday_short(by)) for who, what, by in family.does]
    return Table(
        name="who_does_what",
        title="Who does what, and by when",
        frame=pd.DataFrame(rows, columns=["who", "what", "by_text"], dtype=object),
        columns=WHO_COLUMNS,
    )


def full_weekday_short(day: date | None) -> str:
    """Write by when something is done; room to write where nothing is agreed.

    Examples
    --------
    >>> full_weekday_short(date(2026, 11, 9))
    'Mon 9 Nov'
    """
    return format_weekday(day) if day else ROOM


def what_happens_next() -> Table:
    """Return what happens next, by how it goes."""
    return Table(
        name="what_next",
        title="What happens next",
        frame=pd.DataFrame(WHAT_NEXT, columns=["when", "then"], dtype=object),
        columns=NEXT_COLUMNS,
    )


def signatures(family: Family) -> Table:
    """Return where everybody signs."""
    who = [name for name, _, _ in family.does]
    frame = pd.DataFrame({"who": who}, dtype=object).assign(name=ROOM, signed=ROOM, on=ROOM)
    return Table(
        name="signatures",
        title="Signatures",
        frame=frame,
        columns=SIGNED_COLUMNS,
        note=SIGNING,
        is_written_by_hand=True,
    )


WHO_COLUMNS = (
    figure("who", width=16),
    figure("what_is_done"),
    Column("by_text", "By when", meaning="From when, or by when", width=12),
)
NEXT_COLUMNS = (
    Column("when", "How it goes", meaning="How the target stands at the review", width=18),
    Column("then", "Then", meaning="What is done then", width=70),
)
SIGNED_COLUMNS = (
    figure("who", meaning="Who signs", width=16),
    Column("name", "Name", meaning="In print", width=24),
    Column("signed", "Signed", meaning="Signature", width=28),
    Column("on", "Date", meaning="Day of signing", width=12),
)


# A plan's target in words, the same on both copies: always in sessions, never in per cent


def span_words(first: date, last: date) -> str:
    """Return two days as a span in words, the year once.

    Examples
    --------
    >>> span_words(date(2026, 11, 2), date(2026, 12, 11)), span_words(date(2026, 12, 1), date(2027, 1, 8))
    ('from 2 November to 11 December 2026', 'from 1 December 2026 to 8 January 2027')
    """
    start = format_date(first)
    return f"from {start.rpartition(' ')[0] if first.year == last.year else start} to {format_date(last)}"


def target_words(progress: Progress) -> str:
    """Return the target as one sentence; empty where there is none that can be said.

    Examples
    --------
    >>> from datetime import date
    >>> target_words(Progress(4, date(2026, 11, 2), date(2026, 12, 11), of=58))
    'Miss no more than 4 of the 58 sessions from 2 November to 11 December 2026.'
    """
    if progress.target is None or not progress.of:
        return ""
    sessions = format_count(progress.of, "session")
    return (
        f"Miss no more than {progress.target} of the {sessions} {span_words(progress.first, progress.last)}."
    )


def pace_words(progress: Progress) -> str:
    """Return what is missed of the target's sessions so far and where the present pace leads; empty where nothing can be said.

    Examples
    --------
    >>> from datetime import date
    >>> first, last = date(2026, 11, 2), date(2026, 12, 11)
    >>> pace_words(Progress(4, first, last, of=58, to_come=58, at_pace=11))
    'At the present pace it would be 11.'
    >>> pace_words(Progress(4, first, last, of=58, missed=3, possible=28, to_come=30, at_pace=9))
    'So far it is 3 of 28. At the present pace it would be 9 in all.'
    >>> pace_words(Progress(4, first, last, of=58, missed=3, possible=58))
    'It came to 3 of 58.'
    """
    if not progress.of:
        return ""
    begins = "So far it is" if progress.to_come else "It came to"
    so_far = f"{begins} {progress.missed} of {progress.possible}." if progress.possible else ""
    ahead = ""
    if progress.at_pace is not None:
        ahead = f"At the present pace it would be {progress.at_pace}{' in all' if so_far else ''}."
    return " ".join(filter(None, (so_far, ahead)))
