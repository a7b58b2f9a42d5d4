"""One member's sheet: what is theirs to do, the pupils that their roles are told about, and how the work stands."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.action_log import OVERDUE
from attendance_lib.analysis.caseloads import (
    CONTACT_DAYS,
    load_of,
    reasons_found,
    reviews_held,
)
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.staff import Member
from attendance_lib.display import (
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Kind,
    Sentences,
    Table,
)
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.caseloads.caseload import OVERDUE_REVIEW, Caseload
from attendance_lib.papers.caseloads.fill_in import sheets_to_fill_in
from attendance_lib.papers.caseloads.pupils import COLUMNS, own_table
from attendance_lib.papers.shared import listed, masthead, not_exported
from attendance_lib.reports.papers import CASELOADS
from attendance_lib.rules.readers import UNKNOWN, Fact, Scope, reader_of

SHOWN_PUPILS = 25
FILL_IN = "Write what comes of it in the workbook of this sheet: the next run reads it, and every copy of it."
MAY_NOT = (
    "How often the pupils of a caseload attend is never a measure of anybody's work: the hardest cases go to whoever is best with "
    "them, and pupils chosen when they were at their worst come back a little whatever is done."
)


def sheet_of(caseload: Caseload) -> Iterator[Document | Heading | Sentences | Table | KeyFigures]:
    """Yield what a member's sheet shows, in order."""
    yield head(caseload)
    yield to_do_words(caseload)
    yield from under("Yours to do", *sheets_to_fill_in(caseload))
    yield from under("Your pupils", own_pupils(caseload))
    if figures := own_figures(caseload):
        yield Heading("How the work stands", 2)
        yield KeyFigures(name="own_figures", title="Key figures", figures=figures)
        yield how_to_read()
    yield what_is_told(caseload.member)


def under(heading: str, *tables: Table) -> Iterator[Heading | Table]:
    """Yield tables below a heading; none that is empty and has no blank rows, since the sentences above have said so."""
    filled = [table for table in tables if len(table.frame) or table.blank_rows]
    if filled:
        yield Heading(heading, 2)
        yield from filled


def head(caseload: Caseload) -> Document:
    """Return what heads a sheet: whose it is, and that it is for nobody else."""
    member = caseload.member
    return replace(
        masthead(caseload.pack, CASELOADS),
        title=f"Caseload of {member.name}",
        audience=f"For {member.name}, {member.role_names}",
        confidentiality=f"Confidential. For {member.name} alone; do not copy, forward or leave on view.",
    )


def to_do_words(caseload: Caseload) -> Sentences:
    """Say in counts what is to be done: now, and by the end of the second school week after the period."""
    ahead = Span(caseload.pack.school.calendar, caseload.pack.date_from, caseload.pack.date_to).ahead
    actions, reviews = caseload.open_actions, caseload.reviews
    overdue = int((actions["standing"] == OVERDUE).sum())
    soon = int(((actions["standing"] != OVERDUE) & (actions["due_date"] <= ahead)).sum())
    late = int((reviews["standing"] == OVERDUE_REVIEW).sum())
    by = format_date(ahead.date())
    items = (
        f"{format_count(len(actions), 'action')} {in_number(len(actions), 'is', 'are')} yours: {format_count(overdue)} overdue, "
        f"{format_count(soon)} due by {by}."
        if len(actions)
        else "No action is yours.",
        f"{format_count(len(reviews), 'review')} {in_number(len(reviews), 'is', 'are')} yours to hold by {by}, "
        f"{format_count(late)} of them overdue."
        if len(reviews)
        else f"No review is yours to hold by {by}.",
        f"{format_count(len(caseload.contacts), 'home')} of your cases {in_number(len(caseload.contacts), 'has', 'have')} not been "
        f"reached for {CONTACT_DAYS} school days or more."
        if len(caseload.contacts)
        else contacts_empty(caseload),
        FILL_IN,
    )
    return Sentences(name="to_do_words", title="Today and the next two weeks", style="lead", items=items)


def contacts_empty(caseload: Caseload) -> str:
    """Return what is said where no home is owed a word."""
    if not caseload.led:
        return "You lead the case of no pupil over a line."
    if caseload.pack.school.contacts is None:
        return not_exported("contacts")
    return f"Every home of your cases was reached within the last {CONTACT_DAYS} school days."


def own_pupils(caseload: Caseload) -> Table:
    """Return the pupils whom the roles are told about and who give concern."""
    return own_table(
        Table(
            name="own_pupils",
            title="Pupils who give concern",
            frame=caseload.pupils,
            columns=COLUMNS,
            row_header="pupil_name",
            shown_rows=SHOWN_PUPILS,
            note="Pupils who missed 5% of their sessions or more this year, or are over a notice threshold, the most absent first.",
        ),
        caseload.seen,
    )


def own_figures(caseload: Caseload) -> tuple[KeyFigure, ...]:
    """Return how the work stands: coverage, the longest quiet, reviews, reasons found, load; only what there is work of."""
    pack, cases, courses = caseload.pack, caseload.cases, caseload.courses
    return (
        *((coverage(cases), quietest(cases)) if len(cases) else ()),
        *((reasons(caseload),) if caseload.counts_n else ()),
        *((reviews(courses, pack), load(courses, pack)) if len(courses) else ()),
    )


def load(courses: pd.DataFrame, pack: Pack) -> KeyFigure:
    """Return the load of the period (see ``caseloads.load_of``)."""
    words = "tier weights of all that is led, added up over the period's school weeks"
    return KeyFigure("load", "Load of the period", load_of(courses, pack), Kind.COUNT, words)


def coverage(cases: pd.DataFrame) -> KeyFigure:
    """Return of how many pupils over a line (rows of ``pupils_known``) something is agreed."""
    have = int((~cases["is_bare"].astype(bool)).sum())
    return KeyFigure(
        "covered",
        "Over a line, with something agreed",
        have,
        Kind.COUNT,
        f"of {format_count(len(cases), 'pupil')}; nothing is agreed for {format_count(len(cases) - have)}",
    )


def quietest(cases: pd.DataFrame) -> KeyFigure:
    """Return for how many school days nothing was done for the pupil over a line of whom that is longest true."""
    days = int(cases["untouched_days"].max()) if len(cases) else 0
    return KeyFigure(
        "quietest",
        "Longest quiet, school days",
        days,
        Kind.COUNT,
        "since anything was done or agreed for one of these pupils",
    )


def reviews(courses: pd.DataFrame, pack: Pack) -> KeyFigure:
    """Return of how many reviews that fell due this school year something is written down."""
    held = reviews_held(courses, pack)
    return KeyFigure(
        "reviews_held",
        "Reviews written down",
        held.count,
        Kind.COUNT,
        f"of {format_count(held.of)} that fell due this school year",
    )


def reasons(caseload: Caseload) -> KeyFigure:
    """Return how many N marks of the pupils answered for were cleared in time."""
    register = caseload.pack.enrolled.year_to_date
    ids = register.pupils["pupil_id"].astype(str)
    found = reasons_found(register.where_pupils(ids.isin(caseload.answers_for).to_numpy()), caseload.pack)
    return n_figure(found, has_history=register.has_history)


def n_figure(found: object, *, has_history: bool) -> KeyFigure:
    """Return the figure of N marks cleared in time."""
    history = "" if has_history else "; the export does not tell what a mark was before"
    return KeyFigure(
        "reasons_found",
        "N cleared in five school days",
        found.count,
        Kind.COUNT,
        f"of {format_count(found.of)} whose fifth day is past{history}",
    )


def how_to_read() -> Sentences:
    """Say what the figures count, and what they are not."""
    items = (
        "Over a line: persistent or severe absence year to date, or a notice threshold met now. Something is agreed: an open "
        "action, running support or plan, an open contract or notice to improve.",
        "Load: tier 3 support or a support plan counts 3 for each school week in which it was open, tier 2 counts 2, tier 1 "
        "counts 1. It tells how much is asked of you, not how well you do it.",
        MAY_NOT,
    )
    return Sentences(name="how_to_read", style="note", items=items)


def what_is_told(member: Member) -> Sentences:
    """Say what each role of a member's is told, about whom, and that the rest is on no sheet of theirs."""
    items = (*(role_in_words(role) for role in member.roles), WHY_SO)
    return Sentences(name="what_is_told", style="note", items=items)


WHY_SO = (
    "Of pupils of whom something is yours to do, each role is told its kinds of fact, and what is to be done. Nothing else is in "
    "this sheet, its workbook or its tables. If you need more, ask the attendance lead or the safeguarding lead."
)


def role_in_words(role: object) -> str:
    """Return what a role is told and about whom, as a sentence."""
    reader = reader_of(role.role)
    told = listed([fact.value for fact in Fact if fact in reader.facts])
    if reader is UNKNOWN:
        return f"{role.role}: not a role that the table of who sees what knows, so told {told} of own tasks only."
    if reader.scope is Scope.GIVEN and not (role.year_groups or role.forms):
        return f"{role.role}: the school file gives no years or forms for it, so it is told about nobody but own tasks."
    return f"{role.role}, about {about_whom(role, reader.scope)}: {told}."


def about_whom(role: object, scope: Scope) -> str:
    """Return about whom a role is told, in words."""
    years = [f"Year {year}" for year in role.year_groups]
    given = listed([*years, *role.forms]) if years or role.forms else ""
    whom = {Scope.SEVERE: "severely absent pupils", Scope.NEEDS: "pupils with special educational needs"}.get(
        scope
    )
    if scope is Scope.NOBODY:
        return "pupils of own tasks"
    if whom:
        return f"{whom} of {given}" if given else whom
    return given or "all pupils"
