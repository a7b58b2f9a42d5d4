"""Where a pupil's plan, the gate of a notice and an impact card lie: pages of other packs of the school's folder, as links.

The casebook knows which packs were made and whom they list, and a pack's receipt names the revision that it was written from.
So a pack made again has the links that it had, and one made later changes none.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from attendance_lib.analysis.considered import PAPER as NOTICES_PAPER
from attendance_lib.analysis.considered import SHEET as CASES_SHEET
from attendance_lib.casebook.plans import PAPER as PLAN_PAPER
from attendance_lib.casebook.plans import SHEET as PLANS_SHEET
from attendance_lib.casebook.state import EarlierPrint
from attendance_lib.pack.pack import Pack
from attendance_lib.reports.names import pack_name, slug
from attendance_lib.reports.papers import IMPACT_PAPER
from attendance_lib.reports.period import Period

# From a pack's folder to that of all packs of its school.
UP = "../.."


def made_packs(pack: Pack, report: str) -> Iterator[tuple[EarlierPrint, PurePosixPath]]:
    """Yield the packs of a report that were made, the oldest first, each with its folder within the school's.

    Of several made at one place the last one lies there.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> paths = ("plan/2026-11-06/plan.xlsx", "plan/2026-11-06/plan.xlsx", "plan/2026-11-06/Copy of plan.xlsx")
    >>> prints = [EarlierPrint(at, "", "plan", "all", "", "2026-11-06", 0, {}, path) for at, path in enumerate(paths)]
    >>> pack = SimpleNamespace(casebook=SimpleNamespace(prints=prints))
    >>> [(each.revision, str(folder)) for each, folder in made_packs(pack, "plan")]
    [(1, 'plan/2026-11-06')]
    """
    known = pack.casebook.prints if pack.casebook else ()
    there = {each.path: each for each in known if re.fullmatch(rf"{report}/[^/]+/{report}\.xlsx", each.path)}
    for each in sorted(there.values(), key=lambda made: (made.date_to, made.revision)):
        yield each, PurePosixPath(each.path).parent


def plan_pages(pack: Pack) -> dict[str, str]:
    """Return where each plan stands in the newest pack of plans that lists it, by the plan's number.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = {PLANS_SHEET: {"SP013": {}}}
    >>> prints = [
    ...     EarlierPrint(at, f"pk{at}", "plan", "all", "", f"2026-{at}-06", 0, cells, f"plan/2026-{at}-06/plan.xlsx")
    ...     for at in (10, 11)
    ... ]
    >>> plan_pages(SimpleNamespace(casebook=SimpleNamespace(prints=prints)))  # the newest that lists it
    {'SP013': '../../plan/2026-11-06/plan.html#plan-sp013'}
    """
    return {
        plan: f"{UP}/{folder}/{PLAN_PAPER}.html#{plan_anchor(plan)}"
        for made, folder in made_packs(pack, PLAN_PAPER)
        for plan in made.cells.get(PLANS_SHEET, {})
        if plan
    }


def plan_anchor(plan_id: str) -> str:
    """Return the name of a plan's place in the page of plans.

    Examples
    --------
    >>> plan_anchor("SP013")
    'plan-sp013'
    """
    return f"plan-{slug(plan_id)}"


def gate_pages(pack: Pack) -> dict[str, str]:
    """Return where the gate of each pupil stands in the newest paper on notices that has it, by the pupil's identifier.

    One of a single pupil's evidence is that pupil's alone.
    """
    return {
        pupil: f"{UP}/{folder}/{NOTICES_PAPER}.html"
        for made, folder in made_packs(pack, NOTICES_PAPER)
        for pupil in sorted({row["pupil_id"] for row in made.cells.get(CASES_SHEET, {}).values()})
        if pupil and folder.name in names_about(made, pupil)
    }


def names_about(made: EarlierPrint, pupil: str) -> tuple[str, str]:
    """Return how the folder of a pack is called that shows a pupil: one of everybody, or of just that pupil.

    Examples
    --------
    >>> made = EarlierPrint(1, "pk1", "notices", "all", "2026-11-09", "2026-11-20", 0, {})
    >>> names_about(made, "003401")
    ('2026-11-09_2026-11-20', '2026-11-09_2026-11-20_pupil-003401')
    """
    period = Period.of(made.date_from, made.date_to)
    return tuple(pack_name(period, made.cohort, values) for values in ({}, {"pupil": pupil}))


def card_pages(pack: Pack, interventions: Iterable[str | None]) -> list[str | None]:
    """Return where the card of each intervention (one per row) stands in the newest paper on impact; None where there is none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> card_pages(SimpleNamespace(casebook=None), ["Mentoring", None])  # no paper on impact was made
    [None, None]
    """
    folders = [
        folder
        for made, folder in made_packs(pack, IMPACT_PAPER.name)
        if folder.name == pack_name(Period.of(made.date_from, made.date_to), made.cohort, {})
    ]
    page = f"{UP}/{folders[-1]}/{IMPACT_PAPER.name}.html" if folders else ""
    return [f"{page}#{card_anchor(name)}" if page and name else None for name in interventions]


def card_anchor(intervention: str) -> str:
    """Return the name of a card's place in the paper on impact.

    Examples
    --------
    >>> card_anchor("EBSA phased return")
    'card-ebsa-phased-return'
    """
    return f"card-{slug(intervention)}"
