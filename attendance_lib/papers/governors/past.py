"""What earlier reports left out of spans that this one does not print: counted anew, so that it can be protected as then."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.inspect import findings_of
from attendance_lib.analysis.logs import known_columns
from attendance_lib.analysis.reasons import use_of_codes
from attendance_lib.disclosure.read_back import Record
from attendance_lib.disclosure.tables import AFTER, TO, Coordinates, Count, Key, PublicTable, Unit, key_of
from attendance_lib.intake.schema import NOTICES
from attendance_lib.papers.governors.absence_counts import SESSIONS_WITH
from attendance_lib.papers.governors.casework_counts import ALL_KINDS
from attendance_lib.papers.governors.casework_tables import ISSUED
from attendance_lib.papers.governors.workings import WHATEVER_THEIR_AGE, Workings, coordinate_of
from attendance_lib.register.grid import Register

PAST = "left_out_before"
# What adds up over time, by the coordinate that tells apart its kinds.
MEASURES = {"codes": SESSIONS_WITH["measure"], "kind": ISSUED["measure"], "check": "things"}


def public_past(workings: Workings) -> PublicTable:
    """Return the sessions, notices and things that earlier reports left out, with the pupils behind them; none of it is shown.

    Without them the step would know only that they are protected, and not that so many sessions of so few pupils need to
    be uncertain by more than the level.
    """
    found = list(left_out(workings, workings.earlier))
    counted = [counted_again(whose, row) for whose, row in found]
    frame = pd.DataFrame(counted, columns=["count", "pupils"])
    counts = (Count("count", unit=Unit.SESSIONS, is_shown=False, people="pupils"),)
    return PublicTable(PAST, "Left out before", frame, tuple(row for _, row in found), counts)


def left_out(workings: Workings, records: Iterable[Record]) -> Iterator[tuple[Workings, Coordinates]]:
    """Yield what earlier reports left out of this year that adds up over time, each once, and whose workings count it.

    It is this report's own, and in the whole school's any cohort's: what the school had is more than its cohort had.
    """
    of = cache(lambda named: of_whom(workings, dict(named)))
    for key, where in left_out_once(records).items():
        if is_counted(where) and is_of_this_year(workings, where):
            whose = of(tuple((name, value) for name, value in key if name not in NOT_OF_WHOM))
            if whose is not None and is_of(whose, where):
                yield whose, where


def left_out_once(records: Iterable[Record]) -> dict[Key, Coordinates]:
    """Return what records say was left out, by its key, in the order in which they first say it."""
    found: dict[Key, Coordinates] = {}
    for count in (count for record in records for count in record.counts if count.is_left_out):
        found.setdefault(key_of(count.coordinates), count.coordinates)
    return found


# What coordinates say besides whom they are about, and where they say it apart from their age.
OF_WHAT = ("measure", *MEASURES, AFTER, TO)
NOT_OF_WHOM = (*OF_WHAT, *WHATEVER_THEIR_AGE)


def of_whom(workings: Workings, named: Coordinates) -> Workings | None:
    """Return the workings of those who are ``named``; None where this report does not hold them."""
    pupils = workings.pack.register.pupils
    if named == workings.named:
        return workings
    if workings.named or not set(named) <= set(pupils):
        return None
    where = {column: values_of(pupils[column], value.split("+")) for column, value in named.items()}
    cohort = workings.pack.cohort.model_copy(update={"where": where})
    return replace(workings, pack=workings.pack.of_cohort(cohort))


def values_of(values: pd.Series, coordinates: Iterable[str]) -> list[object]:
    """Return the values of a column (one per row) that some coordinates name; one that no pupil has any more stays a word.

    Examples
    --------
    >>> values_of(pd.Series([True, None, False], dtype="boolean"), ["yes"]), values_of(pd.Series([7, 8]), ["7", "9"])
    ([True], [7, '9'])
    """
    held = {coordinate_of(value): value for value in values.dropna().unique().tolist()}
    return [held.get(each, each) for each in coordinates]


def is_of(workings: Workings, where: Coordinates) -> bool:
    """Whether coordinates are of all whom some workings count: notices are of everybody, whatever their age.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sixth_form = SimpleNamespace(named={"year_group": "12"}, everyone={"year_group": "12", "aged": "outside"})
    >>> is_of(sixth_form, {"kind": "penalty notice", "year_group": "12"}), is_of(sixth_form, {"codes": "I", "year_group": "12"})
    (True, False)
    """
    rest = {name: value for name, value in where.items() if name not in OF_WHAT}
    return rest == (workings.named if "kind" in where else workings.everyone)


def is_counted(where: Coordinates) -> bool:
    """Whether coordinates are of sessions with some codes, of notices or of things that a check dates by a mark, over a span.

    Examples
    --------
    >>> span = {AFTER: "2026-07-31", TO: "2026-10-23"}
    >>> is_counted(span | {"measure": "sessions_with_codes", "codes": "I"}), is_counted({"as_at": "2026-10-23"})
    (True, False)
    """
    return {AFTER, TO} <= where.keys() and any(
        name in where and where.get("measure") == measure for name, measure in MEASURES.items()
    )


def is_of_this_year(workings: Workings, where: Coordinates) -> bool:
    """Whether a span lies within the school year to date.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> year, periods = {AFTER: "2026-07-31", TO: "2026-10-23"}, SimpleNamespace(year_to_date=None)
    >>> workings = SimpleNamespace(over=lambda register: year, periods=periods)
    >>> spans = (("2026-07-31", "2026-10-23"), ("2026-07-31", "2026-12-18"), ("2025-07-31", "2026-10-23"))
    >>> [is_of_this_year(workings, {AFTER: after, TO: to}) for after, to in spans]
    [True, False, False]
    """
    whole = workings.over(workings.periods.year_to_date)
    return whole[AFTER] <= where[AFTER] and where[TO] <= whole[TO]


def counted_again(workings: Workings, where: Coordinates) -> tuple[int, int]:
    """Return how many sessions, notices or things some coordinates are of, and of how many pupils."""
    first, last = (date.fromisoformat(where[name]) for name in (AFTER, TO))
    if "check" in where:
        things = findings_of(workings.pack)
        found = things[(things["rule"] == where["check"]) & within(things["known_date"], first, last)]
        return len(found), int(found.loc[found["pupil_id"] != "", "pupil_id"].nunique())
    if "kind" in where:
        return notices_again(workings, where["kind"], (first, last))
    register = between(workings.periods.year_to_date, first, last)
    used = use_of_codes(register, {"": tuple(where["codes"].split("+"))}).iloc[0]
    return int(used["sessions"]), int(used["pupils"])


def notices_again(workings: Workings, kind: str, days: tuple[date, date]) -> tuple[int, int]:
    """Return how many notices of a kind were issued in a span to pupils of the report, and to how many."""
    log = known_columns(workings.pack.school.notices, list(NOTICES.column_names))
    members = workings.pack.register.pupils.loc[workings.members, "pupil_id"]
    is_held = log["pupil_id"].isin(members) & within(log["issued_on"], *days)
    held = log[is_held & ((kind == ALL_KINDS) | (log["kind"] == kind))]
    return len(held), int(held["pupil_id"].nunique())


def within(days: pd.Series, after: date, to: date) -> pd.Series:
    """Return which days (one per row) are later than one day and not later than another; a missing one is not.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2026-09-07", "2026-09-08", "2026-09-09", None]))
    >>> within(days, date(2026, 9, 7), date(2026, 9, 8)).tolist()
    [False, True, False, False]
    """
    return (days > pd.Timestamp(after)) & (days <= pd.Timestamp(to))


def between(register: Register, after: date, to: date) -> Register:
    """Return a register's sessions later than one day and not later than another.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-10-23", "2026-11-02", "2026-11-03"])})
    >>> register = Register(np.zeros((1, 3), dtype=np.uint8), pd.DataFrame({"pupil_id": ["1"]}), days)
    >>> between(register, date(2026, 10, 23), date(2026, 11, 2)).sessions["date"].dt.day.tolist()  # after the one, up to the other
    [2]
    """
    days = register.sessions["date"].to_numpy().astype("datetime64[D]")
    return register.where_sessions((days > np.datetime64(after)) & (days <= np.datetime64(to)))
