"""The page at the door of a school's packs: every paper by date with links to its files, what is due, and what comes next."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from attendance_lib.display.exporters import Page, written_page
from attendance_lib.display.format import format_date
from attendance_lib.display.html import paragraphs, style_sheet
from attendance_lib.errors import AttendanceError, counted, refused_by_system
from attendance_lib.reports.due import UNLISTED, DueRequest, Standing, in_its_words, standing_on
from attendance_lib.reports.files import private_file
from attendance_lib.reports.names import WHOLE_SCHOOL, slug
from attendance_lib.reports.papers import CHECK, PAPERS, Paper, asked_for, paper_of, what_is_asked
from attendance_lib.reports.parameters import COMMON
from attendance_lib.reports.receipt import Receipt
from attendance_lib.reports.shelves import Shelves, kept_of

if TYPE_CHECKING:
    from attendance_lib.rules.occasions import Occasion

PAGE = "index.html"
# The files of a pack that people open, and what each is called.
FILES = {"html": "Page", "pdf": "PDF", "xlsx": "Workbook"}
# Of a paper so many of the newest packs are in sight; the earlier ones are folded.
IN_SIGHT = 10
CONFIDENTIAL = "Confidential: its links lead to packs with names. For those who may read them; published papers stand apart."
TO_MAKE = "To make what is due: attendance due --run"

Pack = tuple[Path, Receipt]


def keep_front_door(request: DueRequest, say: Callable[[str], None]) -> Path | None:
    """Write the page anew and return it; what stops it is said and stops nothing else, for the packs are there.

    A command whose paper another lists (``due.UNLISTED``) writes none.

    Parameters
    ----------
    request : DueRequest
        The school, the folder of its packs and the day.
    say : callable
        Told why there is no new page.
    """
    if os.environ.get(UNLISTED):
        return None
    try:
        standing = standing_on(request)
        page = front_door(standing)
        if not standing.folder.is_dir():
            return None
        place = standing.folder / PAGE
        # Half a page is never seen: it is written beside and put in place.
        beside = place.with_name(f".{PAGE}")
        with private_file(beside) as file:
            file.write(page)
        beside.replace(place)
    except (AttendanceError, OSError) as refusal:
        error = refused_by_system(refusal) if isinstance(refusal, OSError) else refusal
        say(f"The list of papers was not written: {error}")
        return None
    return place


def front_door(standing: Standing) -> str:
    """Return the page as HTML: no script, nothing fetched, links within the school's folder alone."""
    settings = standing.settings
    shelves = Shelves(settings, standing.request.out.resolve())
    packs = [(pack, receipt) for pack, receipt in shelves.packs if standing.folder in pack.parents]
    papers = [(paper, packs_of(paper, packs)) for paper in [*PAPERS.values(), *papers_besides(packs)]]
    parts = [
        *due_parts(standing),
        *papers_parts("Papers with names", papers, standing.folder),
        *checks_part(standing.folder),
        *papers_parts(
            "Published papers: no pupil can be found in them", papers, standing.folder, is_published=True
        ),
    ]
    on = f"{settings.school.name} (URN {settings.school.urn}) · {format_date(standing.request.on)}"
    return written_page(
        Page(
            title=escape(f"Papers of {settings.school.name}"),
            heading=escape("Papers"),
            style=style_sheet("parts.css") + style_sheet("page.css"),
            masthead=f'<div class="att att-masthead"><p class="att-facts">{escape(on)}</p></div>',
            contents=(),
            parts=tuple(parts),
            footer=paragraphs((CONFIDENTIAL,), ""),
        )
    )


def papers_besides(packs: Iterable[Pack]) -> list[Paper]:
    """Return the papers of packs that a school has of its own, in order of name."""
    own = {
        (receipt.report, receipt.paper.is_published): receipt.paper
        for _, receipt in packs
        if receipt.report not in PAPERS
    }
    return [paper for _, paper in sorted(own.items())]


def packs_of(paper: Paper, packs: Iterable[Pack]) -> list[Pack]:
    """Return the packs of one paper, the newest days first, then by whom they are of.

    Examples
    --------
    >>> made = [("b", "2026-10-23", "year_7"), ("a", "2026-10-23", "all"), ("c", "2026-12-18", "all")]
    >>> packs = [(Path(name), Receipt("impact", {}, "2026-09-07", to, whom, {}, {}, {}, [], {}, [])) for name, to, whom in made]
    >>> [pack.name for pack, _ in packs_of(PAPERS["impact"], packs)]
    ['c', 'a', 'b']
    """
    own = [each for each in packs if each[1].paper == paper]
    ordered = sorted(own, key=lambda each: (each[1].cohort != WHOLE_SCHOOL, each[1].cohort, each[0].name))
    return sorted(ordered, key=lambda each: (each[1].date_to, each[1].date_from), reverse=True)


def due_parts(standing: Standing) -> Iterator[str]:
    """Yield what is due or was missed, and what comes next."""
    wanting = [each for each in standing.asked if each.is_wanting]
    yield heading("Due now")
    if wanting:
        rows = [[*cells_of(each.report, each.occasion, standing), each.status.value] for each in wanting]
        yield table("Papers to make", ("Paper", "Days", "What for", "State"), rows)
        yield paragraphs((TO_MAKE,), "att-foot")
    else:
        yield paragraphs(("Nothing is due.",), "")
    coming = [
        [*cells_of(asked_for(each.kind), each, standing), format_date(each.due)] for each in standing.coming
    ]
    if coming:
        yield table("Next", ("Paper", "Days", "What for", "Due on"), coming)


def cells_of(report: str, occasion: "Occasion", standing: Standing) -> list[str]:
    """Return the escaped cells of a paper that is asked for."""
    meeting = f" on {format_date(occasion.meeting)}" if occasion.meeting else ""
    what = f"{in_its_words(what_is_asked(occasion), standing)}{meeting}"
    return [escape(paper_of(report).title), days(occasion.first, occasion.last), escape(what)]


def papers_parts(
    title: str, papers: Iterable[tuple[Paper, list[Pack]]], folder: Path, *, is_published: bool = False
) -> Iterator[str]:
    """Yield the packs of each paper of a sort that has any, newest first, under one heading; nothing if none has."""
    found = [(paper, packs) for paper, packs in papers if packs and paper.is_published == is_published]
    if not found:
        return
    yield heading(title)
    for paper, packs in found:
        rows = [pack_row(each, packs, folder) for each in packs]
        heads = ("Days", "Of whom", "Made", "Open", "Kept of earlier makings")
        yield table(paper.title, heads, rows[:IN_SIGHT])
        if len(rows) > IN_SIGHT:
            earlier = counted(len(rows) - IN_SIGHT, "earlier one", "earlier ones")
            older = table(f"{paper.title}, earlier", heads, rows[IN_SIGHT:])
            yield f"<details><summary>{escape(earlier)}</summary>{older}</details>"


def checks_part(folder: Path) -> Iterator[str]:
    """Yield the checks of the exports, the newest first, each named after its last day with marks; nothing if none was made."""
    made = sorted((folder / CHECK.name).glob(f"[!.]*/{CHECK.name}.html"), reverse=True)
    if made:
        rows = [[escape(page.parent.name), link(page, FILES["html"], folder)] for page in made[:IN_SIGHT]]
        yield table(CHECK.title, ("Marks to", "Open"), rows)


def pack_row(made: Pack, packs: Iterable[Pack], folder: Path) -> list[str]:
    """Return the escaped cells of a pack: its days, whom it is of, when it was made, links, and what earlier makings left."""
    pack, receipt = made
    whom = "Whole school" if receipt.cohort == WHOLE_SCHOOL else receipt.cohort.replace("_", " ")
    ended = str(receipt.times.get("ended", ""))[:16].replace("T", " ")
    newer = "superseded" if is_superseded(made, packs) else ""
    links = [
        link(pack / f"{receipt.report}.{ending}", name, folder)
        for ending, name in FILES.items()
        if (pack / f"{receipt.report}.{ending}").is_file()
    ]
    kept = [link(each, each.name.rpartition("_")[2], folder) for each in kept_of(pack)]
    return [
        days(date.fromisoformat(receipt.date_from), date.fromisoformat(receipt.date_to)),
        escape(", ".join((whom, *own_values(pack, receipt)))),
        escape(", ".join(filter(None, (ended, newer)))),
        " ".join(links),
        " ".join(kept),
    ]


def own_values(pack: Path, receipt: Receipt) -> Iterator[str]:
    """Yield what a pack was asked for beyond the defaults, in words; its folder is named after it.

    Examples
    --------
    >>> parameters = {"cohort": "all", "tier": 2, "weeks": 6}
    >>> receipt = Receipt("impact", {}, "2026-09-07", "2026-10-23", "all", parameters, {}, {}, [], {}, [])
    >>> list(own_values(Path("impact/2026-09-07_2026-10-23_tier-2"), receipt))
    ['tier 2']
    """
    for name, value in sorted(receipt.parameters.items()):
        if name not in COMMON and f"{slug(name)}-{slug(str(value))}" in pack.name:
            yield f"{name} {value}".replace("_", " ")


def is_superseded(made: Pack, packs: Iterable[Pack]) -> bool:
    """Whether another pack of the same paper says the same of more days: begun on the same day, and up to a later one.

    A published report is never superseded by another: what it has said stays said.

    Examples
    --------
    >>> from dataclasses import replace
    >>> newer = (Path("b"), Receipt("impact", {}, "2026-09-07", "2026-12-18", "all", {}, {}, {}, [], {}, []))
    >>> older = (Path("a"), replace(newer[1], date_to="2026-10-23"))
    >>> [is_superseded(each, [older, newer]) for each in (older, newer)]
    [True, False]
    """
    pack, receipt = made

    def of_whom(each: Receipt, folder: Path) -> tuple[str, ...]:
        return each.date_from, each.cohort, *own_values(folder, each)

    return not receipt.paper.is_published and any(
        other.date_to > receipt.date_to and of_whom(other, folder) == of_whom(receipt, pack)
        for folder, other in packs
    )


def link(path: Path, name: str, folder: Path) -> str:
    """Return a link to a file of the school's folder, relative to it, so that the folder may be moved.

    Examples
    --------
    >>> link(Path("outputs/larkmoor/impact/a pack.html"), "Tiers 2 & 3", Path("outputs/larkmoor"))
    '<a href="impact/a%20pack.html">Tiers 2 &amp; 3</a>'
    """
    return f'<a href="{quote(path.relative_to(folder).as_posix())}">{escape(name)}</a>'


def days(first: date, last: date) -> str:
    """Return a period in words.

    Examples
    --------
    >>> days(date(2026, 11, 9), date(2026, 11, 20)), days(date(2026, 11, 20), date(2026, 11, 20))
    ('9 November 2026 to 20 November 2026', '20 November 2026')
    """
    return format_date(first) if first == last else f"{format_date(first)} to {format_date(last)}"


def heading(text: str) -> str:
    """Return a heading of the page.

    Examples
    --------
    >>> heading("Tiers 2 & 3")
    '<h2>Tiers 2 &amp; 3</h2>'
    """
    return f"<h2>{escape(text)}</h2>"


def table(title: str, heads: tuple[str, ...], rows: list[list[str]]) -> str:
    """Return a table of cells that are escaped already; the first of a row is its head. A column that is empty is left out.

    Examples
    --------
    >>> ["Kept" in table("Impact", ("Days", "Kept"), [["autumn", kept]]) for kept in ("1", "")]
    [True, False]
    """
    held = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    head = "".join(f'<th scope="col" class="att-k">{escape(heads[place])}</th>' for place in held)
    body = "".join(f"<tr>{''.join(cell(row[place], place) for place in held)}</tr>" for row in rows)
    name = escape(title)
    return (
        f'<div class="att att-table"><div class="att-scroll" role="region" tabindex="0" aria-label="{name}">'
        f"<table><caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def cell(text: str, place: int) -> str:
    """Return a cell of a row; the first is its head.

    Examples
    --------
    >>> cell("PDF", 1)
    '<td>PDF</td>'
    """
    return f"<td>{text}</td>" if place else f'<th scope="row">{text}</th>'
