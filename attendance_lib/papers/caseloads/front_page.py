"""The attendance lead's page: for whom a sheet was made, what is nobody's, the team's work together, and who sees what."""

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from attendance_lib.analysis.action_log import CLOSED
from attendance_lib.analysis.caseloads import reasons_found
from attendance_lib.analysis.staff import Member, Staff, case_leads, courses_of, plain, staff_of
from attendance_lib.display import Column, Document, Handed, HandedNote, KeyFigures, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count
from attendance_lib.errors import SettingsError, in_number, nearest
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.caseloads.caseload import Caseload
from attendance_lib.papers.caseloads.sheet import (
    MAY_NOT,
    coverage,
    is_bare,
    load,
    n_figure,
    quietest,
    reviews,
    role_in_words,
    sheet_of,
)
from attendance_lib.papers.cases import listed_actions, pupils_known
from attendance_lib.papers.shared import listed, masthead
from attendance_lib.reports.names import slug
from attendance_lib.reports.papers import CASELOADS
from attendance_lib.rules.readers import READERS, UNKNOWN, Fact, reader_of

FOLDER, NAME = "staff", "caseload"
# Of one or two people together a figure is a figure of each.
FEWEST_TOGETHER = 3
NO_STAFF = (
    "The school file names no staff, so no sheet was made. Name them under 'staff': role, name and, where a role is for some "
    "pupils only, year_groups or forms."
)


def caseloads_masthead(pack: Pack) -> Document:
    """Return what heads the paper (see ``shared.masthead``)."""
    return masthead(pack, CASELOADS)


@derived
def caseloads_of(pack: Pack) -> tuple[Caseload, ...]:
    """Return the caseload of each member of staff who has one, in the order of the school file."""
    every = (Caseload(member, pack) for member in staff_of(pack).members)
    return tuple(caseload for caseload in every if caseload.has_work)


def asked_for(pack: Pack, staff: str) -> tuple[Caseload, ...]:
    """Return the caseloads to make: of the one named, by name or role, or all.

    Raises
    ------
    SettingsError
        If the school file has nobody of that name or role; the nearest is named.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> staff = Staff((Member("Ms Okafor", ()),), {}, {})
    >>> asked_for(SimpleNamespace(results={staff_of: staff}), "Ms Okafo")
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: The school file has no member of staff 'Ms Okafo'. Did you mean 'Ms Okafor'?
    """
    if not plain(staff):
        return caseloads_of(pack)
    known = staff_of(pack)
    meant = members_called(plain(staff), known)
    if not meant:
        names = list(names_and_roles(known.members))
        raise SettingsError(f"The school file has no member of staff '{staff}'. {nearest(staff, names)}")
    return tuple(Caseload(member, pack) for member in meant)


def members_called(said: str, known: Staff) -> Sequence[Member]:
    """Return the members of staff of a name; where nobody has it, those of a role so called.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> known = SimpleNamespace(by_name={"dsl": ["D. S. L."]}, by_role={"dsl": [("Ms Ash", "DSL")], "senco": [("Mr Yew", "SENCo")]})
    >>> members_called("dsl", known), members_called("senco", known), members_called("head", known)  # a name goes before a role
    (['D. S. L.'], ['Mr Yew'], [])
    """
    return known.by_name.get(said) or [member for member, _ in known.by_role.get(said, ())]


def names_and_roles(members: Iterable[Member]) -> Iterator[str]:
    """Yield what each member of staff may be asked for by: the name, and the roles.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> list(names_and_roles([Member("Ms Okafor", (SimpleNamespace(role="DSL"), SimpleNamespace(role="Head of Year")))]))
    ['Ms Okafor', 'DSL', 'Head of Year']
    """
    for member in members:
        yield from (member.name, *(role.role for role in member.roles))


def sheets_handed(pack: Pack, staff: str) -> HandedNote:
    """Return how many sheets were made, with the sheets: one for each member of staff, or for the one named."""
    made = asked_for(pack, staff)
    folders = folder_names([caseload.member.name for caseload in made])
    documents = [
        Handed(f"{FOLDER}/{folder}", NAME, caseload.member.name, tuple(sheet_of(caseload)), caseload.seen)
        for folder, caseload in zip(folders, made, strict=True)
    ]
    count = format_count(len(made), "sheet")
    said = (
        f"{count} {in_number(len(made), 'is', 'are')} in the folder '{FOLDER}' of this pack, a folder each. Hand each to its "
        "person alone, on paper or as the folder; never the whole pack."
        if made
        else NO_STAFF
    )
    return HandedNote.of("sheets_handed", (said,), documents)


def folder_names(names: list[str]) -> list[str]:
    """Return the folder of each name: readable, and no two alike.

    Examples
    --------
    >>> folder_names(["L. Ó Dálaigh", "L. O Dalaigh", "赵"])
    ['l-o-dalaigh', 'l-o-dalaigh-2', 'member-3']
    """
    made: list[str] = []
    for number, name in enumerate(names, start=1):
        words = slug(name) or f"member-{number}"
        made.append(words if words not in made else f"{words}-{number}")
    return made


def what_to_know(pack: Pack) -> Sentences:
    """Say what the lead must know before the sheets go out: what is nobody's, and roles that are told little."""
    nobody = nobodys(pack)
    items = (
        *([NO_STAFF] if not staff_of(pack).members else []),
        *own_words(pack),
        nobodys_words(nobody),
        *unclear_roles(pack),
    )
    return Sentences(name="caseload_words", title="What to know", style="lead", items=items)


def nobodys_words(nobody: pd.DataFrame) -> str:
    """Say how much is open under names that the school file does not have (one row per name, as ``nobodys``).

    Examples
    --------
    >>> nobodys_words(pd.DataFrame({"owner": ["Ms Gone"], "count": [3]})).partition(": ")[0]
    "3 open actions or plans in the logs are on nobody's sheet"
    """
    if nobody.empty:
        return "Everything open in the logs is somebody's."
    names = [name for name in nobody["owner"] if name != NO_NAME]
    count = int(nobody["count"].sum())
    why = (
        f"{format_count(len(names), 'name')} there {in_number(len(names), 'is', 'are')} not among the school file's staff. Has "
        "somebody left?"
        if names
        else "no name stands there."
    )
    return (
        f"{format_count(count, 'open action or plan', 'open actions or plans')} in the logs {in_number(count, 'is', 'are')} on "
        f"nobody's sheet: {why}"
    )


def own_words(pack: Pack) -> Iterator[str]:
    """Yield how many are over a line whose case nobody leads."""
    cases = pupils_known(pack)
    cases = cases[cases["is_over"]]
    without = int(pd.Series(case_leads(cases["pupil_id"], pack)).map(plain).eq("").sum())
    if without:
        yield (
            f"Nobody is named for {format_count(without)} of the {format_count(len(cases), 'pupil')} over a line: no lead "
            "of a plan or of support, no key adult."
        )


def unclear_roles(pack: Pack) -> Iterator[str]:
    """Yield which roles the table of who sees what does not know, or that lack years or forms.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> roles = [SimpleNamespace(role=role, year_groups=[], forms=[]) for role in ("Caretaker", "Tutor")]
    >>> pack = SimpleNamespace(results={staff_of: SimpleNamespace(members=[SimpleNamespace(roles=roles)])})
    >>> [said.partition(", for ")[2] for said in unclear_roles(pack)]
    ['the table below does not know the role: Caretaker.', 'the school file gives no year_groups or forms: Tutor.']
    """
    roles = [role for member in staff_of(pack).members for role in member.roles]
    unknown = {role.role for role in roles if reader_of(role.role) is UNKNOWN}
    if unknown:
        yield f"Told of own tasks alone, for the table below does not know the role: {listed(sorted(unknown))}."
    bare = {role.role for role in roles if is_bare(role)}
    if bare:
        yield f"Told of own tasks alone, for the school file gives no year_groups or forms: {listed(sorted(bare))}."


def nobodys(pack: Pack) -> pd.DataFrame:
    """Return the names and roles in the logs that no row of the school file's staff has, with what is open of theirs.

    One row per name: ``owner``, ``actions``, ``courses`` and ``count`` of both; most first.
    """
    staff = staff_of(pack)
    lost = [
        (kind, str(name).strip() if plain(name) else NO_NAME)
        for kind, name, pupil in open_work(pack)
        if not staff.meant_by(name, pupil)
    ]
    found = pd.DataFrame(lost, columns=["kind", "owner"], dtype=object)
    sizes = found.groupby(["owner", "kind"]).size().unstack(fill_value=0)
    counts = sizes.reindex(columns=["actions", "courses"], fill_value=0).reset_index()
    table = counts.assign(count=counts["actions"] + counts["courses"])
    return table.sort_values(["count", "owner"], ascending=[False, True], ignore_index=True)


def open_work(pack: Pack) -> Iterator[tuple[str, object, object]]:
    """Yield all that is open in the logs: ``actions`` or ``courses``, the name that stands there, and about whom it is."""
    actions, courses = listed_actions(pack), courses_of(pack)
    pending, running = actions[~actions["status"].isin(CLOSED)], courses[courses["is_running"]]
    for owner, pupil in zip(pending["owner"], pending["pupil_id"], strict=True):
        yield "actions", owner, pupil
    for lead, pupil in zip(running["lead"], running["pupil_id"], strict=True):
        yield "courses", lead, pupil


NO_NAME = "(nobody named)"


def on_nobodys_sheet(pack: Pack) -> Table:
    """Return what is open in the logs under names that the school file does not have."""
    return Table(
        name="on_nobodys_sheet",
        title="On nobody's sheet",
        frame=nobodys(pack),
        columns=NOBODYS_COLUMNS,
        row_header="owner",
        note="Correct the name in the log, hand the work on, or add the person under 'staff' in the school file. Pupils' names "
        "stand in the fortnightly pack.",
        empty_text="Everything open in the logs is somebody's.",
    )


NOBODYS_COLUMNS = (
    figure("owner", heading="Name in the log", meaning="As written", width=28),
    Column("actions", "Open actions", Kind.COUNT, meaning="Actions not closed"),
    Column(
        "courses", "Support running", Kind.COUNT, meaning="Plans and interventions of single pupils that run"
    ),
    figure("count", heading="Together", meaning="Both"),
)


def who_gets_a_sheet(pack: Pack, staff: str) -> Table:
    """Return for whom a sheet was made and what it is about: nothing of anybody's work."""
    made = asked_for(pack, staff)
    names = [caseload.member.name for caseload in made]
    rows = [
        {
            "member": caseload.member.name,
            "roles": caseload.member.role_names,
            "told": " ".join(role_in_words(role) for role in caseload.member.roles),
            "folder": f"{FOLDER}/{folder}",
        }
        for caseload, folder in zip(made, folder_names(names), strict=True)
    ]
    return Table(
        name="who_gets_a_sheet",
        title="Who gets a sheet",
        frame=pd.DataFrame(rows, columns=["member", "roles", "told", "folder"], dtype=object),
        columns=MEMBER_COLUMNS,
        row_header="member",
        empty_text="Nobody: see what to know.",
    )


MEMBER_COLUMNS = (
    Column("member", "Member of staff", meaning="As in the school file", personal=True, width=20),
    Column("roles", "Roles", meaning="All that the school file gives", width=24),
    Column("told", "Is told", meaning="Of which pupils, which kinds of fact", width=60),
    Column("folder", "Folder", meaning="Within this pack", width=22),
)


def who_sees_what() -> Table:
    """Return the table of who sees what: a role a row, a kind of fact a column.

    Examples
    --------
    >>> table = who_sees_what().frame.set_index("role")
    >>> table.loc[["Tutor", "Head of year", "Safeguarding lead", "Any other role"], "social_care"].tolist()
    ['', '', 'yes', '']
    """
    rows = [
        {"role": reader.name, "scope": reader.scope.value}
        | {fact.name.lower(): "yes" if fact in reader.facts or fact is Fact.OWN else "" for fact in Fact}
        for reader in (*READERS, UNKNOWN)
    ]
    return Table(
        name="who_sees_what",
        title="Who sees what",
        frame=pd.DataFrame(rows, dtype=object),
        columns=SEES_COLUMNS,
        row_header="role",
        note="Every sheet is held against this table before it is written; one that tells more is not made. Who holds two roles is "
        "told of each pupil what either may be told of that pupil.",
    )


SEES_COLUMNS = (
    Column("role", "Role", meaning="The kind of role, known by how its name begins", width=18),
    Column(
        "scope",
        "Of which pupils",
        meaning="Narrowed to the years and forms that the school file gives",
        width=28,
    ),
    *(
        Column(fact.name.lower(), fact.value.capitalize(), meaning=f"Is told {fact.value}", width=9)
        for fact in Fact
    ),
)


def team_figures(pack: Pack) -> KeyFigures | Sentences:
    """Return how the work of all stands together; of fewer than three people nothing.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> team_figures(SimpleNamespace(results={caseloads_of: ("one", "another")})).items
    ('Nothing is said of the work of fewer than 3 people together.',)
    """
    if len(caseloads_of(pack)) < FEWEST_TOGETHER:
        said = f"Nothing is said of the work of fewer than {format_count(FEWEST_TOGETHER)} people together."
        return Sentences(name="team_figures", style="note", items=(said,))
    known = pupils_known(pack)
    cases, courses = known[known["is_over"]], courses_of(pack)
    register = pack.enrolled.year_to_date
    return KeyFigures(
        name="team_figures",
        title="Key figures of all together",
        figures=(
            coverage(cases),
            quietest(cases),
            reviews(courses, pack),
            n_figure(reasons_found(register, pack), has_history=register.has_history),
            load(courses, pack),
        ),
        note=f"Nobody is compared with anybody. {MAY_NOT}",
    )  # fmt: skip
