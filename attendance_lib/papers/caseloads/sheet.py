"""One member's sheet: what is theirs to do, the pupils that their roles are told about, and how the work stands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.action_log import OVERDUE
from attendance_lib.analysis.caseloads import (
    CONTACT_DAYS,
    load_of,
    reasons_found,
    reviews_held,
)
from attendance_lib.analysis.contact_log import CALLS
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.plans import plans_of
from attendance_lib.analysis.staff import PLAN, Member
from attendance_lib.casebook import plans
from attendance_lib.casebook import reviews as review_rows
from attendance_lib.casebook.staff_rows import known_rows, sheet_number, typed_or_none
from attendance_lib.display import (
    Column,
    Document,
    Heading,
    Highlight,
    KeyFigure,
    KeyFigures,
    Kind,
    Parts,
    Sentences,
    Table,
    Tone,
)
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.intake.schema import ACTIONS
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.caseloads.caseload import COLUMNS, OVERDUE_REVIEW, Caseload, own_table
from attendance_lib.papers.cases import merged_actions
from attendance_lib.papers.shared import listed, masthead, not_exported
from attendance_lib.papers.staff_columns import (
    COMPLETED_ON,
    NOTE,
    OUTCOME,
    REACHED_OR_NOT,
    STATUS,
    TRIES,
    WHO,
    to_fill_in,
)
from attendance_lib.papers.staff_words import (
    combined,
    differing,
    fields_of,
    to_enter,
    to_enter_words,
    told_of_files,
    what_came_back,
    written_in,
)
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
    """Yield tables below a heading; none that is empty and has no blank rows, since the sentences above have said so.

    Examples
    --------
    >>> empty = pd.DataFrame({"action": []})
    >>> actions = Table("actions", "Actions", empty, (), blank_rows=3)
    >>> len(list(under("To do", Table("plans", "Plans", empty, ())))), len(list(under("To do", actions)))  # with the heading
    (0, 2)
    """
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


def actions_in_words(actions: pd.DataFrame, ahead: pd.Timestamp) -> str:
    """Say how many actions (one row each) are a member's, overdue and due by a day.

    Examples
    --------
    >>> due = pd.to_datetime(["2026-11-13", "2026-11-27", "2026-12-18"])
    >>> actions = pd.DataFrame({"standing": [OVERDUE, "open", "open"], "due_date": due})
    >>> actions_in_words(actions, pd.Timestamp(2026, 12, 4))
    '3 actions are yours: 1 overdue, 1 due by 4 December 2026.'
    """
    if actions.empty:
        return "No action is yours."
    overdue = int((actions["standing"] == OVERDUE).sum())
    soon = int(((actions["standing"] != OVERDUE) & (actions["due_date"] <= ahead)).sum())
    return (
        f"{format_count(len(actions), 'action')} {in_number(len(actions), 'is', 'are')} yours: {format_count(overdue)} overdue, "
        f"{format_count(soon)} due by {format_date(ahead.date())}."
    )


def to_do_words(caseload: Caseload) -> Sentences:
    """Say in counts what is to be done: now, and by the end of the second school week after the period."""
    ahead = Span(caseload.pack.school.calendar, caseload.pack.date_from, caseload.pack.date_to).ahead
    reviews = caseload.reviews
    late = int((reviews["standing"] == OVERDUE_REVIEW).sum())
    by = format_date(ahead.date())
    items = (
        actions_in_words(caseload.open_actions, ahead),
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
    """Return what is said where no home is owed a word.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> contacts_empty(SimpleNamespace(led=frozenset()))
    'You lead the case of no pupil over a line.'
    >>> contacts_empty(SimpleNamespace(led={"1"}, pack=SimpleNamespace(school=SimpleNamespace(contacts=None)))).partition(".")[0]
    'No log of contacts with home is exported'
    """
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
    """Return the load of the period: tier weights of ``courses`` (one row each), added up over its school weeks."""
    words = "tier weights of all that is led, added up over the period's school weeks"
    return KeyFigure("load", "Load of the period", load_of(courses, pack), Kind.COUNT, words)


def coverage(cases: pd.DataFrame) -> KeyFigure:
    """Return of how many pupils over a line (rows of ``pupils_known``) something is agreed.

    Examples
    --------
    >>> coverage(pd.DataFrame({"is_bare": [True, False, False]})).detail
    'of 3 pupils; nothing is agreed for 1'
    """
    have = int((~cases["is_bare"].astype(bool)).sum())
    return KeyFigure(
        "covered",
        "Over a line, with something agreed",
        have,
        Kind.COUNT,
        f"of {format_count(len(cases), 'pupil')}; nothing is agreed for {format_count(len(cases) - have)}",
    )


def quietest(cases: pd.DataFrame) -> KeyFigure:
    """Return for how many school days nothing was done for the pupil over a line (rows of ``pupils_known``) left longest.

    Examples
    --------
    >>> quietest(pd.DataFrame({"untouched_days": [4, 31, 12]})).value
    31
    """
    days = int(cases["untouched_days"].max()) if len(cases) else 0
    return KeyFigure(
        "quietest",
        "Longest quiet, school days",
        days,
        Kind.COUNT,
        "since anything was done or agreed for one of these pupils",
    )


def reviews(courses: pd.DataFrame, pack: Pack) -> KeyFigure:
    """Return of how many reviews that fell due this school year (of rows of ``staff.courses_of``) something is written down."""
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
    """Return the figure of N marks cleared in time.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> n_figure(SimpleNamespace(count=3, of=5), has_history=False).detail
    'of 5 whose fifth day is past; the export does not tell what a mark was before'
    """
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
    """Return what a role is told and about whom, as a sentence.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> role_in_words(SimpleNamespace(role="Tutor", year_groups=[], forms=["8A"]))
    'Tutor, about 8A: name and form, band of attendance and pattern of absence.'
    >>> role_in_words(SimpleNamespace(role="Caretaker", year_groups=[8], forms=[]))
    'Caretaker: not a role that the table of who sees what knows, so told name and form of own tasks only.'
    """
    reader = reader_of(role.role)
    told = listed([fact.value for fact in Fact if fact in reader.facts])
    if reader is UNKNOWN:
        return f"{role.role}: not a role that the table of who sees what knows, so told {told} of own tasks only."
    if is_bare(role):
        return f"{role.role}: the school file gives no years or forms for it, so it is told about nobody but own tasks."
    return f"{role.role}, about {about_whom(role, reader.scope)}: {told}."


def is_bare(role: object) -> bool:
    """Whether a role is for the years or forms that the school file gives, and it gives none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> roles = [("Head of Year 8", []), ("Head of Year 8", [8]), ("SENCo", [])]  # the file says the year, not the role's name
    >>> [is_bare(SimpleNamespace(role=role, year_groups=years, forms=[])) for role, years in roles]
    [True, False, False]
    """
    return reader_of(role.role).scope is Scope.GIVEN and not (role.year_groups or role.forms)


def about_whom(role: object, scope: Scope) -> str:
    """Return about whom a role is told, in words.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> role = SimpleNamespace(year_groups=[7], forms=["8A"])
    >>> about_whom(role, Scope.GIVEN), about_whom(role, Scope.SEVERE), about_whom(role, Scope.NOBODY)
    ('Year 7 and 8A', 'severely absent pupils of Year 7 and 8A', 'pupils of own tasks')
    """
    if scope is Scope.NOBODY:
        return "pupils of own tasks"
    parts = [*(f"Year {year}" for year in role.year_groups), *role.forms]
    whom = WHOM_IN_SCOPE.get(scope)
    if not parts:
        return whom or "all pupils"
    return f"{whom} of {listed(parts)}" if whom else listed(parts)


WHOM_IN_SCOPE = {
    Scope.SEVERE: "severely absent pupils",
    Scope.NEEDS: "pupils with special educational needs",
}


# The sheets of a caseload that its member fills in: actions, reviews of plans and of other support, and homes to reach

SHOWN_ROWS, BLANK_ROWS = 15, 8


def sheets_to_fill_in(caseload: Caseload) -> Iterator[Table]:
    """Yield what is the member's to do, as the member may see it."""
    for table in (own_actions(caseload), own_plans(caseload), own_reviews(caseload), own_contacts(caseload)):
        yield own_table(table, caseload.seen)


def own_actions(caseload: Caseload) -> Table:
    """Return the member's actions: overdue first."""
    return Table(
        name=ACTIONS.name,
        title="Actions",
        frame=caseload.actions,
        columns=ACTION_COLUMNS,
        row_header="action_id",
        shown_rows=SHOWN_ROWS,
        note="The same as on the sheet of the fortnightly pack. New actions go into the blank rows at the foot of the workbook's.",
        empty_text="No action is yours.",
        blank_rows=BLANK_ROWS,
    )


ACTION_COLUMNS = (
    figure("action_id"),
    figure("pupil_id", meaning="The pupil in the school's records; fill in for a new action about one pupil", editable=True),
    *shown("pupil_name", "form"),
    Column(
        "standing", "Stands", meaning="Where it stands on the last day", width=14,
        highlights=(Highlight("equals", OVERDUE, Tone.ALERT),),
    ),
    figure("action", editable=True),
    figure("owner", editable=True, shown=False, width=22),
    figure("due_date", editable=True),
    STATUS, COMPLETED_ON, NOTE,
    figure("next_step", editable=True, shown=False, width=30),
)  # fmt: skip


def own_plans(caseload: Caseload) -> Table:
    """Return the support plans that are the member's to review."""
    known = plans_of(caseload.pack).set_index("plan_id", drop=False)
    rows = caseload.reviews[caseload.reviews["reviewed"] == PLAN].reset_index(drop=True)
    said = known.reindex(rows["number"])
    told = {name: said[name].to_numpy() for name in (*PLAN_SAYS, "review_on")}
    return Table(
        name=plans.SHEET,
        title="Plans to review",
        frame=rows.assign(plan_id=rows["number"], **told),
        columns=PLAN_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note="The same as on the sheet of the paper on plans; there a new target is a new plan.",
    )


PLAN_SAYS = ("reviewed_on", "outcome", "next_step", "note")
REVIEW_STANDS = Column(
    "standing", "Stands", meaning="Overdue with nothing written down, or due within two school weeks", width=12,
    highlights=(Highlight("equals", OVERDUE_REVIEW, Tone.ALERT),),
)  # fmt: skip
PLAN_COLUMNS = (
    figure("plan_id", meaning="The plan's number", width=14),
    *shown("pupil_name", "form"),
    REVIEW_STANDS,
    to_fill_in("review_on"),
    *(to_fill_in(name) for name in PLAN_SAYS),
    figure("pupil_id"),
)


def own_reviews(caseload: Caseload) -> Table:
    """Return the reviews of other support that are the member's to hold."""
    rows = caseload.reviews[caseload.reviews["reviewed"] != PLAN].reset_index(drop=True)
    log = caseload.pack.school.interventions
    said = {} if log is None else log.assign(number=review_rows.review_numbers(log)).set_index("number")
    told = {
        name: said[name].reindex(rows["number"]).to_numpy() if name in said else None
        for name in review_rows.WRITTEN
    }
    return Table(
        name=review_rows.SHEET,
        title="Other support to review",
        frame=rows.assign(review_id=rows["number"], **told),
        columns=REVIEW_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note="Where it did not work, write why and what is next.",
    )


REVIEW_COLUMNS = (
    Column(review_rows.KEY, "Review", meaning="The row's number; leave it", shown=False, width=14),
    *shown("pupil_name", "form"),
    Column("reviewed", "What", meaning="The intervention", personal=True, width=26),
    figure("review_date", meaning="When the review is due"),
    REVIEW_STANDS,
    figure(
        "outcome", meaning="What came of it: met, partly met or not met", shown=True, editable=True, width=16
    ),
    Column(
        "reason_not_working",
        "If not, why",
        meaning="Why it did not work",
        personal=True,
        editable=True,
        width=24,
    ),
    figure("next_step", editable=True, width=24),
    figure("pupil_id"),
)


def calls_written(numbers: Sequence[str], caseload: Caseload) -> dict[str, Sequence[object]]:
    """Return what the casebook has of calls, a value per number in each column; made by the sheet's member unless it says who.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> caseload = SimpleNamespace(pack=SimpleNamespace(casebook=None), member=SimpleNamespace(name="Ms Okafor"))
    >>> calls_written(["K1"], caseload)["made_by"]
    ['Ms Okafor']
    """
    known = known_rows(caseload.pack.casebook, CALLS)
    said = {
        name: [written_in(known.get(number), name) for number in numbers]
        for name in ("tried_on", "tries", "reached", "made_by", "outcome")
    }
    return said | {
        "tried_on": pd.to_datetime([typed_or_none(each or "") for each in said["tried_on"]]),
        "made_by": [each or caseload.member.name for each in said["made_by"]],
    }


def own_contacts(caseload: Caseload) -> Table:
    """Return the homes that are the member's to reach."""
    pack, day = caseload.pack, caseload.pack.date_to
    urn = pack.school.settings.school.urn
    numbers = [sheet_number(urn, day, pupil) for pupil in caseload.contacts["pupil_id"]]
    told = calls_written(numbers, caseload)
    return Table(
        name=CALLS,
        title="Homes to reach",
        frame=caseload.contacts.assign(call_id=numbers, date=pd.Timestamp(day), **told),
        columns=CONTACT_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note="Pupils over a line whose case you lead, and whose home nobody of the school has reached for "
        f"{CONTACT_DAYS} school days or more. A message left is a try; a dash means never. The number of days is ours. What you "
        "write counts as a contact with home.",
    )


CONTACT_COLUMNS = (
    figure("call_id"),
    *shown("pupil_name", "form"),
    Column("last_reached_date", "Last reached", Kind.DATE, meaning="When somebody at home was last reached", personal=True),
    Column(
        "since_days", "School days since", Kind.COUNT, meaning="School days since then, of this school year", personal=True,
    ),
    Column(
        "tried_on", "Day", Kind.DATE, meaning="The day on which you tried; blank: the last day of this sheet", personal=True,
        editable=True,
    ),
    TRIES, REACHED_OR_NOT, WHO, OUTCOME,
    figure("date", meaning="The last day of this sheet", shown=False),
    figure("pupil_id"),
)  # fmt: skip


def came_back(pack: Pack) -> Parts:
    """Return what of all that was written on sheets of staff somebody has to look at: to settle, to enter, noted about files."""
    fields = {
        (ACTIONS.name, tuple(merged_actions(pack)["action_id"])): fields_of(ACTION_COLUMNS),
        (plans.SHEET, tuple(plans_of(pack)["plan_id"])): fields_of(PLAN_COLUMNS),
        (review_rows.SHEET, tuple(known_rows(pack.casebook, review_rows.SHEET))): fields_of(REVIEW_COLUMNS),
        (CALLS, tuple(known_rows(pack.casebook, CALLS))): fields_of(CONTACT_COLUMNS),
    }
    tables = (
        combined([differing(pack, *sheet, named) for sheet, named in fields.items()]),
        combined([to_enter(pack, *sheet, named) for sheet, named in fields.items()], to_enter_words),
        told_of_files(pack, CASELOADS.name, [key for _, keys in fields for key in keys]),
    )
    return what_came_back(
        tables,
        "What staff wrote on their sheets: all of it was read, nothing differs, and the logs say it too.",
    )
