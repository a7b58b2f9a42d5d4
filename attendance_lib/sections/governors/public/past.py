"""What earlier reports left out of spans that this one does not print: counted anew, so that it can be protected as then."""

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.casework import ALL_KINDS
from attendance_lib.analysis.code_use import use_of_codes
from attendance_lib.analysis.disclosure.model import AFTER, TO, Coordinates, Count, PublicTable, Unit
from attendance_lib.analysis.disclosure.read_back import Record
from attendance_lib.analysis.support import known_columns
from attendance_lib.intake.schema import NOTICES
from attendance_lib.register import Register
from attendance_lib.sections.governors.public.absence import SESSIONS_WITH
from attendance_lib.sections.governors.public.casework import ISSUED
from attendance_lib.sections.governors.workings import Workings

PAST = "left_out_before"


def public_past(workings: Workings, records: Iterable[Record]) -> PublicTable:
    """Return the sessions and notices that earlier reports left out, with the pupils behind them; none of it is shown.

    Without them the step would know only that they are protected, and not that so many sessions of so few pupils need to
    be uncertain by more than the level.
    """
    rows = list(left_out(workings, records))
    counted = [counted_again(workings, row) for row in rows]
    frame = pd.DataFrame(counted, columns=["count", "pupils"])
    counts = (Count("count", unit=Unit.SESSIONS, is_shown=False, people="pupils"),)
    return PublicTable(PAST, "Left out before", frame, tuple(rows), counts)


def left_out(workings: Workings, records: Iterable[Record]) -> Iterator[Coordinates]:
    """Yield the coordinates of the sessions and notices of this cohort and year that earlier reports left out, each once."""
    seen = set()
    for each in (count for record in records for count in record.counts if count.is_left_out):
        where = each.coordinates
        rest = {
            name: value
            for name, value in where.items()
            if name not in ("measure", "codes", "kind", AFTER, TO)
        }
        is_ours = rest == workings.everyone and is_counted(where) and is_of_this_year(workings, where)
        if is_ours and (key := tuple(sorted(where.items()))) not in seen:
            seen.add(key)
            yield where


def is_counted(where: Coordinates) -> bool:
    """Whether coordinates are of sessions with some codes or of notices, over a span."""
    named = {"codes": SESSIONS_WITH["measure"], "kind": ISSUED["measure"]}
    return {AFTER, TO} <= where.keys() and any(
        name in where and where.get("measure") == measure for name, measure in named.items()
    )


def is_of_this_year(workings: Workings, where: Coordinates) -> bool:
    """Whether a span lies within the school year to date."""
    whole = workings.over(workings.periods.year_to_date)
    return whole[AFTER] <= where[AFTER] and where[TO] <= whole[TO]


def counted_again(workings: Workings, where: Coordinates) -> tuple[int, int]:
    """Return how many sessions or notices some coordinates are of, and of how many pupils."""
    first, last = (date.fromisoformat(where[name]) for name in (AFTER, TO))
    register = between(workings.periods.year_to_date, first, last)
    if "codes" in where:
        used = use_of_codes(register, {"": tuple(where["codes"].split("+"))}).iloc[0]
        return int(used["sessions"]), int(used["pupils"])
    log = known_columns(workings.pack.school.notices, list(NOTICES.column_names))
    members = workings.pack.register.pupils.loc[workings.members, "pupil_id"]
    days = log["issued_on"]
    is_held = log["pupil_id"].isin(members) & (days > pd.Timestamp(first)) & (days <= pd.Timestamp(last))
    held = log[is_held & ((where["kind"] == ALL_KINDS) | (log["kind"] == where["kind"]))]
    return len(held), int(held["pupil_id"].nunique())


def between(register: Register, after: date, to: date) -> Register:
    """Return a register's sessions later than one day and not later than another."""
    days = register.sessions["date"].to_numpy().astype("datetime64[D]")
    return register.where_sessions((days > np.datetime64(after)) & (days <= np.datetime64(to)))
