"""One member's sheet: what is theirs to do, the pupils that their roles are told about, and how the work stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.action_log import CLOSED, OVERDUE
from attendance_lib.analysis.caseloads import (
    CONTACT_DAYS,
    contacts_owed,
    load_of,
    reasons_found,
    reviews_held,
)
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.staff import Member, case_leads, courses_led, is_meant, pupils_of, seen_by
from attendance_lib.display import (
    Column,
    Document,
    Heading,
    Highlight,
    KeyFigure,
    KeyFigures,
    Kind,
    Sentences,
    Table,
    Tone,
)
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.agreed import listed_actions
from attendance_lib.papers.caseloads.pupils import COLUMNS, for_reader
from attendance_lib.papers.cases import pupils_known
from attendance_lib.papers.shared import listed, masthead, not_exported, pupil_names
from attendance_lib.reports.papers import CASELOADS
from attendance_lib.rules.readers import UNKNOWN, Fact, Scope, Seen, reader_of

SHOWN_PUPILS, SHOWN_ROWS = 25, 15
OVERDUE_REVIEW, REVIEW_DUE = "Overdue", "Due"
MAY_NOT = (
    "How often the pupils of a caseload attend is never a measure of anybody's work: the hardest cases go to whoever is best with "
    "them, and pupils chosen when they were at their worst come back a little whatever is done."
)


@dataclass(frozen=True, eq=False)
class Caseload:
    """What a pack knows of one member's work."""

    member: Member
    pack: Pack

    @cached_property
    def actions(self) -> pd.DataFrame:
        """The actions that are the member's to do, or were done since the last pack (see ``agreed.listed_actions``)."""
        found = listed_actions(self.pack)
        return found[is_meant(self.member, found["owner"], found["pupil_id"], self.pack)].reset_index(
            drop=True
        )

    @cached_property
    def open_actions(self) -> pd.DataFrame:
        """Those of ``actions`` that are not closed."""
        return self.actions[~self.actions["status"].isin(CLOSED)]

    @cached_property
    def courses(self) -> pd.DataFrame:
        """The plans and interventions that the member leads (see ``staff.courses_of``)."""
        return courses_led(self.member, self.pack)

    @cached_property
    def reviews(self) -> pd.DataFrame:
        """Those of ``courses`` whose review is overdue or due within two school weeks, the earliest first."""
        due = self.courses[self.courses["is_review_overdue"] | self.courses["is_review_due"]]
        named = due.merge(everyone_named(self.pack), on="pupil_id", how="left", validate="m:1")
        standing = np.where(named["is_review_overdue"], OVERDUE_REVIEW, REVIEW_DUE)
        told = named.assign(reviewed=named["what"], standing=standing)
        return told.sort_values(["review_date", "pupil_id", "what"], ignore_index=True)

    @cached_property
    def led(self) -> frozenset[str]:
        """The pupils on roll who are over a line and whose case the member leads (identifiers)."""
        cases = pupils_known(self.pack)
        cases = cases[cases["is_over"]]
        meant = is_meant(self.member, case_leads(cases["pupil_id"], self.pack), cases["pupil_id"], self.pack)
        return frozenset(cases["pupil_id"][meant])

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """The homes of ``led`` that nobody has reached for long (see ``caseloads.contacts_owed``)."""
        owed = contacts_owed(pd.Series(sorted(self.led), dtype=object), self.pack)
        return owed.merge(everyone_named(self.pack), on="pupil_id", how="left", validate="1:1")

    @cached_property
    def own(self) -> frozenset[str]:
        """The pupils of whom something is the member's own to do: an open action, running support, a case."""
        running = self.courses[self.courses["is_running"]]["pupil_id"]
        return frozenset(self.actions["pupil_id"].dropna().astype(str)) | frozenset(running) | self.led

    @cached_property
    def seen(self) -> Seen:
        """The pupils about whom the member may be told each kind of fact."""
        return seen_by(self.member, self.own, self.pack)

    @cached_property
    def answers_for(self) -> frozenset[str]:
        """The pupils for whom the roles answer, and those of ``own``."""
        return self.own.union(*(pupils_of(role, self.pack) for role in self.member.roles))

    @cached_property
    def pupils(self) -> pd.DataFrame:
        """The pupils of ``answers_for`` who give concern (see ``pupils_known``), in an order that tells no more than they may."""
        known = pupils_known(self.pack)
        kept = known[known["pupil_id"].isin(self.answers_for) & known["is_concern"]]
        may_count = kept["pupil_id"].isin(self.seen[Fact.COUNTS])
        told = kept.assign(
            bare_first=kept["is_bare"] & kept["pupil_id"].isin(self.seen[Fact.PLAN]),
            missed=kept["absence_sessions"].where(may_count, 0),
        )
        by = ["band_place", "bare_first", "missed", "pupil_name", "pupil_id"]
        return told.sort_values(by, ascending=[False, False, False, True, True], ignore_index=True)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """Those of ``pupils`` who are over a line and of whose plans the member may be told: of others no count tells any."""
        return self.pupils[
            self.pupils["is_over"] & self.pupils["pupil_id"].isin(self.seen[Fact.PLAN] | self.led)
        ]

    @property
    def counts_n(self) -> bool:
        """Whether a role of the member's is to clear N marks."""
        return any(reader.counts_n for reader in self.member.readers)

    @property
    def has_work(self) -> bool:
        """Whether there is anything to tell."""
        return bool(len(self.actions) or len(self.courses) or self.answers_for)


@derived
def everyone_named(pack: Pack) -> pd.DataFrame:
    """Return name and form of everybody on the roll file, one row per ``pupil_id``."""
    pupils = pack.school.pupils.drop_duplicates("pupil_id", keep="last")
    ids = pupils["pupil_id"].astype(str)
    return pd.DataFrame({"pupil_id": ids, "pupil_name": pupil_names(pupils), "form": pupils["form"]}).astype(
        object
    )


def sheet_of(caseload: Caseload) -> Iterator[Document | Heading | Sentences | Table | KeyFigures]:
    """Yield what a member's sheet shows, in order."""
    yield head(caseload)
    yield to_do_words(caseload)
    yield from under("Yours to do", own_actions(caseload), own_reviews(caseload), own_contacts(caseload))
    yield from under("Your pupils", own_pupils(caseload))
    if figures := own_figures(caseload):
        yield Heading("How the work stands", 2)
        yield KeyFigures(name="own_figures", title="Key figures", figures=figures)
        yield how_to_read()
    yield what_is_told(caseload.member)


def under(heading: str, *tables: Table) -> Iterator[Heading | Table]:
    """Yield tables below a heading; none that is empty, since the sentences above have said so."""
    filled = [table for table in tables if len(table.frame)]
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
        else contacts_empty(caseload.pack),
    )
    return Sentences(name="to_do_words", title="Today and the next two weeks", style="lead", items=items)


def contacts_empty(pack: Pack) -> str:
    """Return what is said where no home is owed a word."""
    if pack.school.contacts is None:
        return not_exported("contacts")
    return f"Every home of your cases was reached within the last {CONTACT_DAYS} school days."


def own_table(caseload: Caseload, table: Table) -> Table:
    """Return a table as the member may see it."""
    frame, columns = for_reader(table.frame, table.columns, caseload.seen)
    header = table.row_header if table.row_header in {column.name for column in columns} else ""
    return replace(table, frame=frame, columns=columns, row_header=header)


def own_actions(caseload: Caseload) -> Table:
    """Return the member's actions: overdue first."""
    return Table(
        name="own_actions",
        title="Actions",
        frame=caseload.actions,
        columns=ACTION_COLUMNS,
        row_header="action_id",
        shown_rows=SHOWN_ROWS,
        note="Write what became of them in the workbook of the fortnightly pack, or in the log.",
    )


ACTION_COLUMNS = (
    figure("action_id"),
    *shown("pupil_name", "form"),
    Column(
        "standing", "Stands", meaning="Where it stands on the last day", width=14,
        highlights=(Highlight("equals", OVERDUE, Tone.ALERT),),
    ),
    figure("action"),
    figure("due_date"),
    Column("note", "Note", meaning="What staff wrote", personal=True, width=24),
    figure("pupil_id"),
)  # fmt: skip


def own_reviews(caseload: Caseload) -> Table:
    """Return the reviews that are the member's to hold."""
    return own_table(
        caseload,
        Table(
            name="own_reviews",
            title="Reviews",
            frame=caseload.reviews,
            columns=REVIEW_COLUMNS,
            row_header="pupil_name",
            shown_rows=SHOWN_ROWS,
        ),
    )


REVIEW_COLUMNS = (
    *shown("pupil_name", "form"),
    Column("reviewed", "What", meaning="The plan or the intervention", personal=True, width=26),
    figure("review_date", meaning="When the review is due"),
    Column(
        "standing", "Stands", meaning="Overdue with nothing written down, or due within two school weeks", width=12,
        highlights=(Highlight("equals", OVERDUE_REVIEW, Tone.ALERT),),
    ),
    figure("pupil_id"),
)  # fmt: skip


def own_contacts(caseload: Caseload) -> Table:
    """Return the homes that are the member's to reach."""
    return own_table(
        caseload,
        Table(
            name="own_contacts",
            title="Homes to reach",
            frame=caseload.contacts,
            columns=CONTACT_COLUMNS,
            row_header="pupil_name",
            shown_rows=SHOWN_ROWS,
            note="Pupils over a line whose case you lead, and whose home nobody of the school has reached for "
            f"{CONTACT_DAYS} school days or more. A message left is a try; a dash means never. The number of days is ours.",
        ),
    )


CONTACT_COLUMNS = (
    *shown("pupil_name", "form"),
    Column("last_reached_date", "Last reached", Kind.DATE, meaning="When somebody at home was last reached", personal=True),
    Column(
        "since_days", "School days since", Kind.COUNT, meaning="School days since then, of this school year", personal=True,
    ),
    figure("pupil_id"),
)  # fmt: skip


def own_pupils(caseload: Caseload) -> Table:
    """Return the pupils whom the roles are told about and who give concern."""
    return own_table(
        caseload,
        Table(
            name="own_pupils",
            title="Pupils who give concern",
            frame=caseload.pupils,
            columns=COLUMNS,
            row_header="pupil_name",
            shown_rows=SHOWN_PUPILS,
            note="Pupils who missed 5% of their sessions or more this year, or are over a notice threshold, the most absent first.",
        ),
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
