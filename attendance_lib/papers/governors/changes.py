"""How the headline figures moved, with what chance leaves open."""

from collections.abc import Mapping

import pandas as pd

from attendance_lib.analysis.groups import attendance_estimate, counted, share, wilson_change
from attendance_lib.disclosure.tables import Count, PublicTable, Rate, Unit
from attendance_lib.papers.governors.workings import Workings, table_of_report
from attendance_lib.register.grid import Register

CHANGES, THEN = "changes", "compared_"
PERSISTENT, SESSIONS = "persistently_absent_enrolments", "absence_sessions"
ALL, ALL_OF_THE_HALF_TERM = "enrolments", "period_enrolments"


@table_of_report(place=20)
def public_changes(workings: Workings) -> PublicTable:
    """Return how attendance in the half term and persistent absence in the year moved, with what chance leaves open.

    One row: ``attendance_change_rate`` with ``attendance_low`` and ``attendance_high``, and the same with
    ``persistent_``; missing where there is nothing to compare with. A change and its range tell the counts that they are made
    from, now and then, so these stand beside them; but for the enrolments of the years to date they are not shown.
    """
    spans = workings.spans
    (now, then) = counts_now_and_then(workings)
    attendance = attendance_estimate(spans.current) - attendance_estimate(spans.compared)
    persistent = wilson_change((now[PERSISTENT], now[ALL]), (then[PERSISTENT], then[ALL]))
    figures = {
        "attendance_change_rate": attendance.value,
        "attendance_low": attendance.interval.low,
        "attendance_high": attendance.interval.high,
        "persistent_change_rate": share(now[PERSISTENT], now[ALL]) - share(then[PERSISTENT], then[ALL]),
        "persistent_low": persistent.low,
        "persistent_high": persistent.high,
    }
    return PublicTable(
        name=CHANGES,
        title="How the headline figures moved",
        frame=pd.DataFrame([now | held_then(workings, then) | figures]),
        rows=({},),
        counts=(
            *counts_over(workings, "", workings.periods.year_to_date, workings.periods.current),
            *counts_over(workings, THEN, workings.compared_to_date, workings.compared),
        ),
        rates=tuple(Rate(name, *MADE_FROM[name.partition("_")[0]]) for name in figures),
    )


MADE_FROM = {
    "attendance": (
        (SESSIONS, f"{THEN}{SESSIONS}", f"{THEN}{ALL_OF_THE_HALF_TERM}"),
        ALL_OF_THE_HALF_TERM,
    ),
    "persistent": ((PERSISTENT, f"{THEN}{PERSISTENT}", f"{THEN}{ALL}"), ALL),
}


def counts_now_and_then(workings: Workings) -> tuple[dict[str, int], dict[str, int]]:
    """Return the counts of everybody that changes are made from, by their columns: now, and at what they are compared with."""
    spans = workings.spans
    now, then = (spans.year_to_date, spans.current), (spans.compared_to_date, spans.compared)
    return counts_behind(*now), counts_behind(*then)


def counts_behind(year: pd.DataFrame, half_term: pd.DataFrame) -> dict[str, int]:
    """Return the counts that changes are made from, by their columns (enrolments, and sessions missed in the half term).

    Both are PUPIL_TOTALS, one row per enrolment: of the year to date and of the half term at its end.

    Examples
    --------
    >>> totals = pd.DataFrame({"possible_sessions": [0, 40, 40], "absence_sessions": [0, 5, 1]})
    >>> counts_behind(totals.assign(is_persistently_absent=[False, True, False]), totals)
    {'enrolments': 2, 'persistently_absent_enrolments': 1, 'period_enrolments': 2, 'absence_sessions': 6}
    """
    here = counted(year)
    return {
        ALL: len(here),
        PERSISTENT: int(here["is_persistently_absent"].sum()),
        ALL_OF_THE_HALF_TERM: len(counted(half_term)),
        SESSIONS: int(half_term["absence_sessions"].sum()),
    }


def held_then(workings: Workings, counts: Mapping[str, int]) -> dict[str, float | None]:
    """Return the counts compared with by their columns, missing where the exports hold no such session.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> registers = (SimpleNamespace(sessions=sessions) for sessions in (["AM"], []))
    >>> [held_then(SimpleNamespace(compared=register), {"enrolments": 120}) for register in registers]  # none held is not none
    [{'compared_enrolments': 120.0}, {'compared_enrolments': None}]
    """
    is_held = bool(len(workings.compared.sessions))
    return {f"{THEN}{name}": float(count) if is_held else None for name, count in counts.items()}


def counts_over(
    workings: Workings, prefix: str, year: Register, half_term: Register
) -> tuple[Count, Count, Count, Count]:
    """Return what the columns of one year's counts count."""
    standing, enrolled = f"{prefix}{ALL}", f"{prefix}{ALL_OF_THE_HALF_TERM}"
    at_end, missed = workings.then(year), workings.over(half_term)
    return (
        Count(standing, at_end),
        Count(f"{prefix}{PERSISTENT}", at_end | {"measure": "persistently_absent"}, standing, is_shown=False),
        Count(enrolled, workings.enrolled(half_term), is_shown=False),
        Count(f"{prefix}{SESSIONS}", missed | {"measure": SESSIONS}, enrolled, Unit.SESSIONS, is_shown=False),
    )
