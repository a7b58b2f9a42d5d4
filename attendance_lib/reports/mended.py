"""Packs that were made from exports with marks missing, and could be made again now that the exports are whole."""

import shlex
from collections.abc import Iterator

from attendance_lib.reports.due import Asked, Standing
from attendance_lib.reports.due_run import command_of, label
from attendance_lib.reports.period import Period
from attendance_lib.reports.receipt import Receipt, read_receipt


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
    """Return the percent of marks missing by now in the period of each pack; empty while the exports are refused."""
    from attendance_lib.register import build_register
    from attendance_lib.register.broken_off import missing_percent
    from attendance_lib.reports.gate import read_exports

    checked = read_exports(standing.settings)
    if checked.school is None or checked.problems:
        return []
    school = checked.school
    register = build_register(school.pupils, school.marks, school.calendar).register
    periods = [Period.of(receipt.date_from, receipt.date_to) for receipt in receipts]
    return [missing_percent(register.between(each.date_from, each.date_to)) for each in periods]


def offer(asked: Asked, receipt: Receipt, standing: Standing) -> str:
    """Return what is told of a pack that can be made again, with the command."""
    command = shlex.join(["attendance", *command_of(asked, standing.request), "--replace"])
    return (
        f"{label(asked)} was made when {receipt.missing_percent}% of the marks due were missing, and the exports hold them now. "
        f"To make it again: {command}"
    )
