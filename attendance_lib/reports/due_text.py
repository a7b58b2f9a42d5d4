"""How the papers stand, as the lines that ``attendance due`` prints."""

import shlex
from collections.abc import Iterator
from datetime import time
from typing import TYPE_CHECKING

from attendance_lib.errors import InputError
from attendance_lib.reports.due import Asked, Standing, Status, counts_of, in_its_words
from attendance_lib.reports.due_run import command_of, label
from attendance_lib.reports.papers import ASKED_FOR, asked_for, paper_of, what_is_asked
from attendance_lib.reports.period import Period
from attendance_lib.reports.receipt import Receipt, read_receipt

if TYPE_CHECKING:
    from attendance_lib.rules.occasions import Occasion


# Packs that were made from exports with marks missing, and could be made again now that the exports are whole


def mended(standing: Standing) -> Iterator[str]:
    """Yield an offer to make a pack again, for each that lacked marks which the exports hold by now.

    The exports are read only if there is a pack that lacked marks.
    """
    packs = ((each, read_receipt(each.pack)) for each in standing.asked if each.pack)
    lacking = [(asked, receipt) for asked, receipt in packs if receipt.missing_percent]
    now = missing_now(standing, [receipt for _, receipt in lacking]) if lacking else []
    for (asked, receipt), percent in zip(lacking, now, strict=False):
        if percent == 0:
            yield offer(asked, receipt, standing)


def missing_now(standing: Standing, receipts: list[Receipt]) -> list[int]:
    """Return the percent of marks missing by now in the period of each pack; empty while the exports are refused.

    They are not read again if a paper has been made of them, and what is read here the next paper need not read.
    """
    from attendance_lib.register.broken_off import missing_percent
    from attendance_lib.reports.gate import read_exported, register_of, store_in

    try:
        school = read_exported(standing.settings, store_in(standing.request.out))
    except InputError:
        return []
    register = register_of(school)
    periods = [Period.of(receipt.date_from, receipt.date_to) for receipt in receipts]
    return [missing_percent(register.between(each.date_from, each.date_to)) for each in periods]


def offer(asked: Asked, receipt: Receipt, standing: Standing) -> str:
    """Return what is reported of a pack that can be made again, with the command."""
    command = shlex.join(["attendance", *command_of(asked, standing.request), "--replace"])
    return (
        f"{label(asked)} was made when {receipt.missing_percent}% of the marks due were missing, and the exports hold them now. "
        f"To make it again: {command}"
    )


COUNTED = {Status.NO_NOTEBOOK: "without a notebook"}
STATUS_WIDTH = max(len(status) for status in Status)
REPORT_WIDTH = max(len(report) for report in ASKED_FOR.values())


def standing_text(standing: Standing) -> str:
    """Return how the papers stand: a line for each occasion that counts, those to be made first, and for the next ones."""
    order = list(Status)
    asked = sorted(standing.asked, key=lambda each: order.index(each.status))
    return "\n".join(
        [
            heading(standing),
            *(asked_line(each, standing) for each in asked),
            *earlier_line(standing),
            *(coming_line(each, standing) for each in standing.coming),
            *waiting_line(standing),
        ]
    )


def standing_notes(standing: Standing) -> list[str]:
    """Return what to know beside that: what the school file lacks, packs never made, and packs to make again."""
    return [*standing.notes, *never_made(standing), *waiting_draws(standing), *mended(standing)]


def waiting_draws(standing: Standing) -> Iterator[str]:
    """Yield a line on each list that waits for its public value, with the command that draws."""
    from attendance_lib.reports.due import Shelf

    lists = [each for each in standing.asked if each.pack and paper_of(each.report).is_drawn]
    packs = Shelf(standing.request, standing.settings).packs if lists else []
    drawn = {draw_of(receipt) for _, receipt in packs if receipt.parameters.get("public_value")}
    for asked in lists:
        if draw_of(read_receipt(asked.pack)) not in drawn:
            command = shlex.join(
                ["attendance", *command_of(asked, standing.request), "--set", "public_value=..."]
            )
            yield (
                f"{label(asked)}, {about(asked.occasion, standing)}: the list is written, and the draw waits for "
                f"{standing.settings.incentives.public_value}. To draw: {command}"
            )


def draw_of(receipt: Receipt) -> tuple[str, ...]:
    """Return which draw a pack is of, whether or not it was drawn."""
    kind = str(receipt.parameters.get("draw", ""))
    return receipt.report, receipt.date_from, receipt.date_to, receipt.cohort, kind


def never_made(standing: Standing) -> Iterator[str]:
    """Yield a line on each pack that is missing from before, though its report had been begun: an outage, not a late start."""
    from attendance_lib.reports.due import Shelf

    packs = Shelf(standing.request, standing.settings).packs if standing.missing else []
    for asked in standing.missing:
        last = asked.occasion.last.isoformat()
        if any(receipt.report == asked.report and receipt.date_to < last for _, receipt in packs):
            yield (
                f"Never made: {asked.report} {asked.occasion.first} to {last}, {about(asked.occasion, standing)}. "
                f"To make it: attendance due --run --since {asked.occasion.due}"
            )


def heading(standing: Standing) -> str:
    """Return the first line: school, day and counts.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> asked = tuple(Asked(None, "impact", status) for status in (Status.DUE, Status.NO_NOTEBOOK, Status.DUE))
    >>> settings = SimpleNamespace(school=SimpleNamespace(name="Larkmoor Academy"))
    >>> request = SimpleNamespace(on=date(2026, 11, 20))
    >>> [heading(SimpleNamespace(asked=each, settings=settings, request=request)) for each in (asked, ())]
    ['Larkmoor Academy on 2026-11-20: 2 due, 1 without a notebook', 'Larkmoor Academy on 2026-11-20: nothing is due']
    """
    counts = counts_of(standing.asked)
    told = ", ".join(f"{counts[status]} {COUNTED.get(status, status)}" for status in Status if counts[status])
    return f"{standing.settings.school.name} on {standing.request.on}: {told or 'nothing is due'}"


def asked_line(asked: Asked, standing: Standing) -> str:
    """Return the line of one occasion.

    Examples
    --------
    >>> from datetime import date
    >>> from types import SimpleNamespace
    >>> from attendance_lib.rules.occasions import Occasion
    >>> standing = SimpleNamespace(settings=SimpleNamespace(build_calendar=lambda: SimpleNamespace(span_word="half term")))
    >>> days = [date(2026, 11, 9), date(2026, 11, 20), date(2026, 11, 20)]
    >>> asked = Asked(Occasion(days[1], "pastoral", *days, date(2026, 11, 24)), "fortnightly", Status.NO_NOTEBOOK)
    >>> asked_line(asked, standing).partition("2026-11-20  ")[2]
    "pack for the pastoral meeting on 2026-11-24: no notebook 'fortnightly' in this project"
    """
    tail = about(asked.occasion, standing)
    if asked.pack:
        tail = f"{tail}: {standing.request.project.relative(asked.pack)}"
    if asked.status is Status.NO_NOTEBOOK:
        tail = f"{tail}: no notebook '{asked.report}' in this project"
    return columns(asked.status, asked.report, asked.occasion, tail)


def earlier_line(standing: Standing) -> Iterator[str]:
    """Yield a line on the missing packs of before, if any.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [line.partition(". ")[0] for line in earlier_line(SimpleNamespace(missing_before=2, since="2026-11-02"))]
    ['Before 2026-11-02 2 more without a pack, which --run leaves alone']
    """
    if standing.missing_before:
        yield (
            f"Before {standing.since} {standing.missing_before} more without a pack, which --run leaves alone. "
            "Add --since DATE to count from an earlier day."
        )


def waiting_line(standing: Standing) -> Iterator[str]:
    """Yield a line on what waits for the next school year's terms, if they are missing.

    Examples
    --------
    >>> from pathlib import Path
    >>> from types import SimpleNamespace
    >>> settings = SimpleNamespace(file=Path("params/larkmoor.yml"))
    >>> [line.partition(": ")[2] for line in waiting_line(SimpleNamespace(waiting="2027-07-16", settings=settings))]
    ["add them under 'calendar' in larkmoor.yml"]
    """
    if standing.waiting:
        yield (
            f"{'next':<{STATUS_WIDTH}}  every pack and report after {standing.waiting} waits for the next school year's terms: "
            f"add them under 'calendar' in {standing.settings.file.name}"
        )


def coming_line(occasion: "Occasion", standing: Standing) -> str:
    """Return the line of an occasion that is due later.

    Examples
    --------
    >>> from datetime import date
    >>> from types import SimpleNamespace
    >>> from attendance_lib.rules.occasions import Occasion
    >>> standing = SimpleNamespace(settings=SimpleNamespace(build_calendar=lambda: SimpleNamespace(span_word="half term")))
    >>> days = [date(2026, 11, 9), date(2026, 11, 20), date(2026, 11, 20)]
    >>> weeks = Occasion(days[1], "pastoral", *days, None, time(15, 30))
    >>> coming_line(weeks, standing).rpartition(", ")[2]
    'due on 2026-11-20 at 15:30'
    """
    at = f" at {occasion.at:%H:%M}" if occasion.at > time.min else ""
    return columns(
        "next", asked_for(occasion.kind), occasion, f"{about(occasion, standing)}, due on {occasion.due}{at}"
    )


def about(occasion: "Occasion", standing: Standing) -> str:
    """Return what an occasion asks for, in words."""
    meeting = f" on {occasion.meeting}" if occasion.meeting else ""
    return f"{in_its_words(what_is_asked(occasion), standing)}{meeting}"


def columns(status: str, report: str, occasion: "Occasion", tail: str) -> str:
    """Return one line with its first three parts in columns.

    Examples
    --------
    >>> from datetime import date
    >>> from attendance_lib.rules.occasions import Occasion
    >>> weeks = Occasion(date(2026, 11, 23), "pastoral", date(2026, 11, 9), date(2026, 11, 20), date(2026, 11, 20))
    >>> columns("due", "fortnightly", weeks, "pack for the pastoral meeting")
    'due          fortnightly  2026-11-09 to 2026-11-20  pack for the pastoral meeting'
    """
    return f"{status:<{STATUS_WIDTH}}  {report:<{REPORT_WIDTH}}  {occasion.first} to {occasion.last}  {tail}"
