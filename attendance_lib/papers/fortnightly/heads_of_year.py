"""One page for each head of year: who is on the priority list and why, what was agreed last, and room to write."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.staff import Member, staff_of
from attendance_lib.display import Column, Heading, Parts, Sentences, Table
from attendance_lib.display.format import format_count
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.fortnightly.priority import agreed_last, priority_pupils
from attendance_lib.rules.pupils import year_name

# As many rows as an A4 page on its side holds, each with room for a pen.
ON_A_PAGE = 12


def heads_of_year(pack: Pack) -> Parts:
    """Return the priority list, a page for each year group; the workbook and the CSV have it as one table."""
    listed = priority_pupils(pack)
    agreed, frame = agreed_last(pack), listed.frame
    last = [
        agreed.get(pupil) or support
        for pupil, support in zip(frame["pupil_id"], frame["support_text"], strict=True)
    ]
    told = frame.assign(reasons=frame["why"].map(without_points), last=last, **dict.fromkeys(BY_HAND))
    years = sorted(map(int, told["year_group"].unique()))
    pages = [
        part for year in years for part in (head_of(year, years, pack), *page_of(year, told, listed, pack))
    ]
    return Parts("heads_of_year", tuple(pages) or (listed,), (listed,))


def head_of(year: int, years: Sequence[int], pack: Pack) -> Heading:
    """Return what heads the page of a year group, one of several: its name and who leads it.

    A page of its own is handed to its head; year groups that nobody is named for follow each other.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> head = SimpleNamespace(name="Ms Okafor", roles=[SimpleNamespace(role="Head of Year", year_groups=[8])])
    >>> pack = SimpleNamespace(results={staff_of: SimpleNamespace(members=[head])})
    >>> [(page.text, page.starts_page) for page in (head_of(year, [7, 8], pack) for year in (7, 8))]
    [('Year 7', False), ('Year 8: Ms Okafor', True)]
    """
    leads = ", ".join(member.name for member in heads_of(year, pack))
    before = [heads_of(each, pack) for each in years if each < year][-1:]
    return Heading(
        ": ".join(filter(None, (year_name(year), leads))),
        starts_page=bool(before) and bool(leads or before[0]),
        folds=len(years) > 1,
    )


def page_of(year: int, told: pd.DataFrame, listed: Table, pack: Pack) -> Iterator[Sentences | Table]:
    """Yield what is on the page of a year group, under its head (``told`` has one row per pupil of the list, in its order)."""
    theirs = told[told["year_group"] == year].reset_index(drop=True)
    on_roll = int((totals_of(pack)["year_group"] == year).sum())
    # A mark that every row bears tells nobody apart.
    columns = {column.name: replace(column, highlights=()) for column in (*listed.columns, *OWN_COLUMNS)}
    yield Table(
        name=f"year_{year}",
        title="Whom to talk about",
        frame=theirs.head(ON_A_PAGE),
        columns=tuple(columns[each] for each in ON_THE_PAGE if each in columns and columns[each].shown),
        row_header="pupil_name",
        note=f"{format_count(len(theirs))} of {format_count(on_roll, 'pupil')} {in_number(len(theirs), 'is', 'are')} on the "
        "priority list; these come first.",
        is_written_by_hand=True,
    )
    others = theirs.iloc[ON_A_PAGE:]
    if len(others):
        named = "; ".join(
            f"{name} {form}" for name, form in zip(others["pupil_name"], others["form"], strict=True)
        )
        said = (f"Also on the list, in its order: {named}.",)
        yield Sentences(f"others_of_year_{year}", said, style="note", personal=True)


def without_points(why: str) -> str:
    """Return why a pupil is on the list, without the points that make its order.

    Examples
    --------
    >>> without_points("8: now persistently absent +4; falling +2; on a plan \N{MINUS SIGN}1")
    'Now persistently absent; falling; on a plan'
    """
    words = POINTS.sub("", why)
    return words[:1].upper() + words[1:]


POINTS = re.compile("^[\N{MINUS SIGN}\\d]+: | [+\N{MINUS SIGN}]\\d+(?=;|$)")


def heads_of(year: int, pack: Pack) -> list[Member]:
    """Return who in the school file's staff is head of a year group.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> roles = {"Ms Okafor": ("Head of Years 8 and 9", [8, 9]), "Mr Ash": ("Tutor", [8]), "Ms Yew": ("Head of Year", [10])}
    >>> staff = [SimpleNamespace(name=name, roles=[SimpleNamespace(role=is_, year_groups=of)]) for name, (is_, of) in roles.items()]
    >>> [each.name for each in heads_of(8, SimpleNamespace(results={staff_of: SimpleNamespace(members=staff)}))]
    ['Ms Okafor']
    """
    return [
        member
        for member in staff_of(pack).members
        if any(HEAD in role.role.casefold() and year in role.year_groups for role in member.roles)
    ]


HEAD = "head of"
BY_HAND = {"to_do": ("Agreed now", 28), "who": ("Who", 10), "by": ("By", 8)}
OWN_COLUMNS = (
    Column(
        "reasons", "Why now", meaning="The reasons that put the pupil on the list", personal=True, width=30
    ),
    Column(
        "last",
        "Agreed last, or support on file",
        meaning="What was agreed last and what became of it",
        personal=True,
        width=34,
    ),
    *(
        Column(name, heading, meaning="To be written by hand", editable=True, width=width)
        for name, (heading, width) in BY_HAND.items()
    ),
)
ON_THE_PAGE = (
    *(
        "pupil_name",
        "form",
        "reasons",
        "last_year_attendance_rate",
        "attendance_rate",
        "period_attendance_rate",
    ),
    *("distance", "year_chance", "may_miss", "last"),
    *BY_HAND,
)
