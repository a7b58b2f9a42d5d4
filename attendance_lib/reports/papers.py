"""The papers, each declared once. What else must know of one asks here: the schedule, the gate, receipts, mastheads and tests."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from attendance_lib.rules.occasions import (
    AFTERNOON_SHEET,
    AUTHORITY,
    GOVERNORS,
    IMPACT,
    LATENESS,
    LESSON_MARKS,
    MORNING_SHEET,
    NOTICE_ENDS,
    OWN,
    PASTORAL,
    PLAN_REVIEWS,
    PRIZE_POT,
    RAFFLE,
    Occasion,
    Occasions,
)
from attendance_lib.rules.occasions import CASELOADS as CASELOADS_DUE


class Span(StrEnum):
    """The days that a paper covers by default."""

    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    HALF_TERM = "half term"
    WHOLE_RECORD = "whole record"


class MadeBy(StrEnum):
    """What makes a paper."""

    RUN = "attendance run, from the notebook of its name"
    COMMAND = "a command of its own, named as it is"
    HAND = "whoever opens the notebook of its name"
    TRUST = "attendance trust, from the notebook of its name"


@dataclass(frozen=True)
class Asking:
    """What the calendar asks of a paper: the kind of occasion, what it is in words (``{span}`` is a half term), and its days.

    ``is_for_a_meeting`` says that each of its occasions has a meeting; a kind may have others that have none. ``values`` are of
    parameters of the notebook, where one paper is asked for in several ways; those that are its defaults are left out.
    ``lasts_a_day`` says that it is asked for on its own day alone: nobody makes yesterday's calls.
    """

    kind: str
    words: str
    days: Callable[[Occasions], Iterator[Occasion]]
    is_for_a_meeting: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    lasts_a_day: bool = False


@dataclass(frozen=True)
class Paper:
    """One kind of paper.

    ``title``, ``reader`` and ``confidentiality`` head it. ``occasions`` is when it is due. ``is_published`` says that it leaves
    the school: no personal column, small numbers suppressed, and the publication profile of the workbook; ``lists_missing``
    that it is for finding missing marks, and so is made of any; ``is_drawn`` that it writes down a list before it draws;
    ``is_handed_out`` that it holds documents which are each for one reader, so that no folder may hold a copy of it all;
    ``repeats`` is the published paper whose figures its page without names repeats; ``read_beside`` the one whose readers hold
    this published paper too, so that neither may betray what the other withholds. ``folded_from`` is the heading from which
    on its parts are looked up rather than read: folded on a narrow screen, and with contents in the PDF. ``leads_to`` are the
    papers whose newest packs its pages have links to; a published one has none.
    """

    name: str
    title: str
    reader: str = ""
    confidentiality: str = ""
    span: Span = Span.FORTNIGHT
    occasions: tuple[Asking, ...] = ()
    is_published: bool = False
    lists_missing: bool = False
    is_drawn: bool = False
    is_handed_out: bool = False
    repeats: str = ""
    folded_from: str = ""
    read_beside: str = ""
    leads_to: tuple[str, ...] = ()
    made_by: MadeBy = MadeBy.RUN

    @property
    def history(self) -> str:
        """The report under whose name it is kept what its readers were told: one's own, or that of what they read beside it.

        Examples
        --------
        >>> PAPERS["governors"].history, Paper("fridays", "Fridays", is_published=True, read_beside="governors").history
        ('governors', 'governors')
        """
        return self.read_beside or self.name


FORTNIGHTLY = Paper(
    "fortnightly",
    title="Fortnightly pastoral pack",
    reader="the pastoral meeting",
    confidentiality="Confidential: personal data. For the pastoral meeting only; do not copy, forward or leave on view.",
    folded_from="Heads of year",
    leads_to=("plan", "notices", "impact"),
    occasions=(
        Asking(PASTORAL, "pack for the pastoral meeting", Occasions.pastoral, is_for_a_meeting=True),
        Asking(PASTORAL, "pack of the last weeks of the school year", Occasions.last_weeks),
    ),
)
INSPECTION = Paper(
    "inspection",
    title="Register inspection",
    reader="the attendance officer",
    confidentiality="Confidential: personal data. For the attendance officer; do not copy, forward or leave on view.",
    lists_missing=True,
)
DAILY = Paper(
    "daily",
    title="The day",
    reader="those who make the calls",
    confidentiality="Confidential: personal data. Do not copy or leave on view; shred it tonight.",
    span=Span.DAY,
    occasions=(
        Asking(MORNING_SHEET, "sheet of the morning", Occasions.mornings, lasts_a_day=True),
        Asking(
            AFTERNOON_SHEET,
            "sheet of the afternoon",
            Occasions.afternoons,
            values={"session": "PM"},
            lasts_a_day=True,
        ),
    ),
    lists_missing=True,
)
PUNCTUALITY = Paper(
    "punctuality",
    title="Punctuality",
    reader="the pastoral team",
    confidentiality="Confidential: personal data. For the pastoral team; do not copy, forward or leave on view.",
    folded_from="Everyone who was late",
    occasions=(Asking(LATENESS, "punctuality in these weeks", Occasions.punctuality),),
)
LESSONS = Paper(
    "lessons",
    title="Lessons",
    reader="heads of year and the attendance officer",
    confidentiality=(
        "Confidential: personal data. For heads of year and the attendance officer; do not copy, forward or leave on view."
    ),
    occasions=(Asking(LESSON_MARKS, "lessons in these weeks", Occasions.lessons),),
)
OUTLOOK = Paper(
    "outlook",
    title="Outlook",
    reader="heads of year and the attendance lead",
    confidentiality=(
        "Confidential: personal data. For heads of year and the attendance lead; do not copy, forward or leave on view. Never a "
        "ground for a sanction, a notice or a refusal."
    ),
    folded_from="How far to trust it",
)
IMPACT_PAPER = Paper(
    "impact",
    title="Did it work?",
    reader="the pastoral team and leaders",
    confidentiality=(
        "Confidential: personal data. For the pastoral team and senior leaders; do not copy, forward or leave on view."
    ),
    span=Span.WHOLE_RECORD,
    folded_from="What is not working and why",
    occasions=(Asking(IMPACT, "impact evaluation at the end of the {span}", Occasions.impact),),
)
GOVERNORS_REPORT = Paper(
    "governors",
    title="Attendance report to governors",
    reader="the governing board",
    confidentiality=(
        "No pupil can be identified in this report. Figures that few pupils are behind are withheld and marked c."
    ),
    span=Span.HALF_TERM,
    folded_from="Why sessions were missed",
    occasions=(Asking(GOVERNORS, "governors' report on the {span}", Occasions.governors),),
    is_published=True,
)
CHECK = Paper(
    "check",
    title="Check of the exports",
    reader="whoever exports them",
    confidentiality="Counts, dates and places in files; no pupil's details. For use in school.",
    folded_from="Roll and marks",
    made_by=MadeBy.COMMAND,
)
CENSUS = Paper(
    "census",
    title="What School Census counts tell",
    reader="whoever has only those",
    made_by=MadeBy.COMMAND,
)
EXPLORE = Paper("explore", title="Explore", reader="an analyst", made_by=MadeBy.HAND)
NOTICES = Paper(
    "notices",
    title="Penalty notices",
    reader="the attendance officer",
    confidentiality=(
        "Confidential: personal data. Meeting the threshold: the school must consider a notice, case by case."
    ),
    folded_from="The authority and the rules",
    occasions=(Asking(NOTICE_ENDS, "outcome of notices to improve that ended", Occasions.notice_ends),),
)
INCENTIVES = Paper(
    "incentives",
    title="Raffle and prize pot",
    reader="whoever runs the draw, and the governor who may check it",
    confidentiality=(
        "Confidential: personal data. For whoever runs or checks the draw; of this pack only the list's hash and the poster are "
        "published."
    ),
    span=Span.WEEK,
    occasions=(
        Asking(RAFFLE, "raffle of the week", Occasions.raffle),
        Asking(PRIZE_POT, "prize pot", Occasions.prize_pot, values={"draw": PRIZE_POT}),
    ),
    is_drawn=True,
)
PLAN = Paper(
    "plan",
    title="Attendance support action plan",
    reader="those who lead it, the family and the agencies that take part",
    confidentiality="Confidential: personal data. Of this pack only a pupil's own family copy is handed to the family.",
    occasions=(Asking(PLAN_REVIEWS, "plans for the reviews of the week", Occasions.plan_reviews),),
    leads_to=("impact",),
)
CASELOADS = Paper(
    "caseloads",
    title="Caseloads",
    reader="the attendance lead, who hands each member of staff their own sheet",
    confidentiality=(
        "Confidential: personal data. For the attendance lead. Hand each folder of staff to its person alone, never the whole pack."
    ),
    occasions=(
        Asking(
            CASELOADS_DUE,
            "sheets of staff for the pastoral meeting",
            Occasions.caseloads,
            is_for_a_meeting=True,
        ),
    ),
    is_handed_out=True,
)
AUTHORITY_MEETING = Paper(
    "authority",
    title="Targeting support meeting",
    reader="those of the school and the local authority who support these pupils",
    confidentiality=(
        "Confidential: names pupils. For those at the meeting who are entitled to these names; others get the page without any."
    ),
    occasions=(
        Asking(
            AUTHORITY, "paper for the targeting support meeting", Occasions.authority, is_for_a_meeting=True
        ),
    ),
    repeats="governors",
)
TRUST_PAPER = Paper(
    "trust",
    title="Attendance across the trust",
    reader="the trust's board and its schools' heads",
    confidentiality="No pupil can be identified in this paper. Not a league table.",
    is_published=True,
    made_by=MadeBy.TRUST,
)
# Of papers due on one day the first here is made first.
PAPERS = {
    paper.name: paper
    for paper in (
        FORTNIGHTLY,
        DAILY,
        INSPECTION,
        PUNCTUALITY,
        LESSONS,
        OUTLOOK,
        IMPACT_PAPER,
        NOTICES,
        GOVERNORS_REPORT,
        INCENTIVES,
        PLAN,
        CASELOADS,
        AUTHORITY_MEETING,
        TRUST_PAPER,
        CHECK,
        CENSUS,
        EXPLORE,
    )
}


# By this parameter a notebook is given what was published before; one of a school's own that asks for it is published.
GIVEN_WHAT_WAS_PUBLISHED = "previous_pack"


def paper_of(report: str, parameters: Container[str] = ()) -> Paper:
    """Return what sets a report apart; a report that is not named here is a school's own and covers a fortnight.

    Parameters
    ----------
    report : str
        Its name.
    parameters : container of str
        The names of its notebook's parameters: a school's own paper stays in school unless it asks for what was published.

    Examples
    --------
    >>> paper_of("governors").span.value, paper_of("fortnightly").is_published, paper_of("our_own").span.value
    ('half term', False, 'fortnight')
    >>> paper_of("our_own", ["previous_pack"]).is_published
    True
    """
    if report in PAPERS:
        return PAPERS[report]
    is_published = GIVEN_WHAT_WAS_PUBLISHED in parameters
    beside = GOVERNORS_REPORT.name if is_published else ""
    title = report.replace("_", " ").capitalize()
    return Paper(report, title=title, is_published=is_published, read_beside=beside)


def papers_made_by(maker: MadeBy) -> tuple[str, ...]:
    """Return the names of the papers that are made in one way, in the order of PAPERS.

    Examples
    --------
    >>> papers_made_by(MadeBy.COMMAND)
    ('check', 'census')
    """
    return tuple(paper.name for paper in PAPERS.values() if paper.made_by is maker)


# The papers that the calendar asks for


# The paper that each kind of occasion asks for.
ASKED_FOR = {asking.kind: paper.name for paper in PAPERS.values() for asking in paper.occasions}
# What its notebook is given beyond the defaults.
VALUES_ASKED = {asking.kind: dict(asking.values) for paper in PAPERS.values() for asking in paper.occasions}
OF_ONE_DAY = frozenset(
    asking.kind for paper in PAPERS.values() for asking in paper.occasions if asking.lasts_a_day
)


def asked_for(kind: str) -> str:
    """Return the report that a kind of occasion asks for.

    Examples
    --------
    >>> asked_for("pastoral"), asked_for("own:fridays")
    ('fortnightly', 'fridays')
    """
    return ASKED_FOR.get(kind) or kind.removeprefix(OWN)


def values_asked(kind: str) -> dict[str, str]:
    """Return what the notebook of a kind of occasion is given beyond its defaults.

    Examples
    --------
    >>> values_asked(MORNING_SHEET), values_asked(AFTERNOON_SHEET)
    ({}, {'session': 'PM'})
    """
    return VALUES_ASKED.get(kind, {})


def kinds_of(occasions: Occasions) -> list[str]:
    """Return every kind of occasion that a school may have, those of its own papers last.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import SchoolCalendar
    >>> from attendance_lib.rules.occasions import Rhythm
    >>> kinds_of(Occasions(SchoolCalendar(()), Rhythm(own_every_weeks={"fridays": 2})))[-1]
    'own:fridays'
    """
    return [*ASKED_FOR, *(f"{OWN}{name}" for name in occasions.rhythm.own_every_weeks)]


def every_occasion(occasions: Occasions) -> list[Occasion]:
    """Return every occasion that a school has of any paper, by the day it is due, those of one day in the order of PAPERS.

    Raises
    ------
    CannotCountError
        If the first meeting lies outside the calendar.
    """
    left_out = occasions.rhythm.left_out
    askings = [
        asking for paper in PAPERS.values() for asking in paper.occasions if asking.kind not in left_out
    ]
    declared = (occasion for asking in askings for occasion in asking.days(occasions))
    return sorted([*declared, *occasions.own()], key=lambda each: each.due)


def what_is_asked(occasion: Occasion) -> str:
    """Return what an occasion asks for, in words.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2026, 7, 17)] * 3
    >>> [what_is_asked(Occasion(days[0], PASTORAL, *days, meeting)) for meeting in (days[0], None)]
    ['pack for the pastoral meeting', 'pack of the last weeks of the school year']
    """
    if occasion.kind.startswith(OWN):
        return "the school's own paper on these weeks"
    askings = PAPERS[ASKED_FOR[occasion.kind]].occasions
    meets = occasion.meeting is not None
    return next(
        each.words for each in askings if each.kind == occasion.kind and each.is_for_a_meeting == meets
    )
