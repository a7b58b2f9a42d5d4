"""Interventions with what their evaluation allows to be said, and statutory action, both as counts."""

import pandas as pd

from attendance_lib.disclosure.tables import Count, PublicTable, Rate, Unit
from attendance_lib.pack.periods import Periods
from attendance_lib.papers.coordinates import as_at
from attendance_lib.papers.governors.absence_counts import registers_of
from attendance_lib.papers.governors.casework_counts import (
    ALL_KINDS,
    EFFECTS,
    count_notices,
    interventions_in_aggregate,
)
from attendance_lib.papers.governors.workings import Workings, table_of_report

INTERVENTIONS, NOTICES = "interventions", "statutory_action"
ISSUED = {"measure": "notices_issued"}
ONE_DAY = pd.Timedelta(days=1)
NO_LOG = pd.DataFrame({"pupil_id": pd.Series([], dtype="str")})


@table_of_report(place=120)
def public_interventions(workings: Workings) -> PublicTable:
    """Return each intervention: for how many, at what cost, and what its evaluation allows to be said."""
    pack = workings.pack
    register = pack.register.between(pack.register.first_date, pack.date_to)
    log = NO_LOG if pack.school.interventions is None else pack.school.interventions
    had = HAD | workings.held_over(register)
    before = workings.left_out_before("intervention", had)
    frame = (
        interventions_in_aggregate(log, register, workings.members, before)
        if len(log) or before
        else pd.DataFrame(columns=INTERVENTION_COLUMNS)
    )
    rows = tuple({"intervention": name} | workings.named for name in frame["intervention"])
    said = (*EFFECTS, "cost", "is_cost_in_part")
    return PublicTable(
        name=INTERVENTIONS,
        title="Interventions: what was tried, at what cost, and what can be said",
        frame=frame.reset_index(drop=True),
        rows=rows,
        counts=(
            # Over a span and at no date, so that those who had it by an earlier report are known to be among them.
            Count("pupils", had, unit=Unit.PUPILS),
            Count("evaluated_pupils", {"measure": "pupils_evaluated"} | as_at(pack.date_to), "pupils"),
        ),
        rates=tuple(Rate(name, ("pupils", "evaluated_pupils"), "pupils") for name in said),
    )


HAD = {"measure": "pupils_with_the_intervention"}
INTERVENTION_COLUMNS = (
    "intervention",
    "is_own",
    "tier",
    "pupils",
    "cost",
    "is_cost_in_part",
    "evaluated_pupils",
    *EFFECTS,
)


@table_of_report(place=130)
def public_notices(workings: Workings) -> PublicTable:
    """Return the notices of each kind issued in the half term, earlier in the year (not shown) and the year to date."""
    log = workings.pack.school.notices
    registers, spans = registers_of(workings), spans_of_days(workings.periods)
    pupil_ids = workings.pack.register.pupils.loc[workings.members, "pupil_id"]
    table = count_notices(NO_LOG if log is None else log, pupil_ids, spans, kinds_before(workings))
    return PublicTable(
        name=NOTICES,
        title="Statutory action",
        frame=table,
        rows=tuple({"kind": kind} for kind in table["kind"]),
        counts=tuple(
            Count(
                f"{when}_notices",
                ISSUED | workings.held_over(register),
                unit=Unit.SESSIONS,
                is_shown=when != "earlier",
                people=f"{when}_pupils",
            )
            for when, register in registers.items()
        ),
    )


def kinds_before(workings: Workings) -> list[str]:
    """Return the kinds of notices of which an earlier version of this report withheld a count: they keep their rows."""
    spans = (ISSUED | workings.held_over(register) for register in registers_of(workings).values())
    found = {kind for span in spans for kind in workings.left_out_before("kind", span)}
    return sorted(found - {ALL_KINDS})


def spans_of_days(periods: Periods) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    """Return the first and last day of each of PERIODS; the days of a holiday belong to the half term after it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> year = SimpleNamespace(first_date="2026-09-03", last_date="2026-12-18")
    >>> before = SimpleNamespace(last_date="2026-10-23", sessions=["AM"])
    >>> spans = spans_of_days(SimpleNamespace(year_to_date=year, year_to_previous=before))
    >>> {name: [f"{day:%d %b}" for day in days] for name, days in spans.items()}
    {'period': ['24 Oct', '18 Dec'], 'earlier': ['03 Sep', '23 Oct'], 'year': ['03 Sep', '18 Dec']}
    """
    year, earlier = periods.year_to_date, periods.year_to_previous
    first, last = pd.Timestamp(year.first_date), pd.Timestamp(year.last_date)
    begun = pd.Timestamp(earlier.last_date) + ONE_DAY if len(earlier.sessions) else first
    return {"period": (begun, last), "earlier": (first, begun - ONE_DAY), "year": (first, last)}
