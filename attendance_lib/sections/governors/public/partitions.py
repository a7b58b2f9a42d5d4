"""What adds up to what among the published counts: what a reader with a pencil could work out."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.casework import ALL_KINDS
from attendance_lib.analysis.code_use import absence_codes
from attendance_lib.analysis.disclosure.model import Coordinates, Partition
from attendance_lib.analysis.flows import LINES
from attendance_lib.analysis.gaps import SOCIAL_CARE, SOCIAL_WORKER, is_so
from attendance_lib.analysis.reconciliation import COUNTS, definitions_beside
from attendance_lib.rules.bands import BANDS
from attendance_lib.rules.ethnic_groups import ORDER
from attendance_lib.sections.governors.public.absence import (
    EVERY_CODE,
    LATE_CODES,
    SESSIONS_WITH,
    SPAN_OF,
    codes_coordinate,
)
from attendance_lib.sections.governors.public.outside import of_outside
from attendance_lib.sections.governors.public.spans import MEASURE_OF
from attendance_lib.sections.governors.public.standing import EVERY_BAND, MEASURES, MOVES
from attendance_lib.sections.governors.workings import Workings, coordinate_of

PERSISTENT, SEVERE = MEASURES["persistent"], MEASURES["severe"]
PERSISTENT_BANDS = ("above_85", "above_80", "above_50", "severe")
# Counted in sessions, notices or things, so that the half term and the year before it make the year to date.
ADDED_OVER_TIME = ("sessions_with_codes", "notices_issued", "things")
FLAGS = ("fsm", "pupil_premium", "eal", "looked_after")
AUTHORISED, UNAUTHORISED, ABSENCE = (
    "authorised_absence_sessions", "unauthorised_absence_sessions", "absence_sessions",
)  # fmt: skip


def partitions_of(workings: Workings) -> tuple[Partition, ...]:
    """Return everything that adds up among the report's counts."""
    pupils = workings.periods.year_to_date.pupils
    return (
        *of_groups(pupils), *of_nested_groups(pupils), *of_absence(), *of_standing(workings),
        *of_codes(), *of_time(), *of_definitions(workings), *of_outside(workings), *of_notices(workings),
    )  # fmt: skip


def of_groups(pupils: pd.DataFrame) -> Iterator[Partition]:
    """Yield the characteristics whose groups are everyone; whoever is not known to be in a group is outside it.

    ``pupils`` holds one row per enrolment.
    """
    for column in ("year_group", "sex", "sen_status"):
        if column in pupils and pupils[column].notna().all() and len(pupils):
            values = sorted({coordinate_of(value) for value in pupils[column]})
            yield Partition({}, tuple({column: value} for value in values))
    yield Partition({}, tuple({"ethnicity": group} for group in ORDER))
    for flag in (*FLAGS, SOCIAL_WORKER):
        yield Partition({}, ({flag: "yes"}, {flag: "no"}))


def of_nested_groups(pupils: pd.DataFrame) -> Iterator[Partition]:
    """Yield the groups that lie wholly within another at this school, as free school meals within the pupil premium.

    ``pupils`` holds one row per enrolment.
    """
    flags = {flag: is_so(pupils[flag]) for flag in FLAGS if flag in pupils}
    if all(column in pupils for column in SOCIAL_CARE):
        flags[SOCIAL_WORKER] = is_so(pupils[SOCIAL_CARE[0]]) | is_so(pupils[SOCIAL_CARE[1]])
    for inner, is_inner in flags.items():
        for outer, is_outer in flags.items():
            if inner != outer and is_inner.any() and not (is_inner & ~is_outer).any():
                yield Partition({outer: "yes"}, ({inner: "yes"}, {outer: "yes", inner: "no"}))


def of_absence() -> Iterator[Partition]:
    """Yield what makes up absence: severe is persistent absence, bands make both, and sessions add up."""
    yield measure_of(PERSISTENT, {"measure": SEVERE}, {"measure": "persistently_not_severely_absent"})
    yield measure_of(PERSISTENT, *({"band": band} for band in PERSISTENT_BANDS))
    yield measure_of(SEVERE, {"band": "severe"})
    yield measure_of(ABSENCE, {"measure": AUTHORISED}, {"measure": UNAUTHORISED})
    yield Partition({}, tuple({"band": band.name} for band in BANDS))
    yield Partition({}, (EVERY_BAND,))
    yield Partition({}, (EVERY_CODE,))


def measure_of(measure: str, *parts: Coordinates) -> Partition:
    """Return the partition of a measure's count."""
    return Partition({"measure": measure}, parts)


def of_standing(workings: Workings) -> Iterator[Partition]:
    """Yield the flows: before is stayed, left and gone; after is stayed, joined and new; severe who stayed were persistent."""
    then, now = workings.then(workings.flow_from)["as_at"], workings.at_end["as_at"]
    for line in LINES:
        moved = {move: {"flow": line, "move": move, "since": then} for move in MOVES}
        before = tuple(moved[move] | {"as_at": now} for move in ("stayed", "left", "gone"))
        yield Partition({"measure": MEASURES[line], "as_at": then}, before)
        yield measure_of(MEASURES[line], *(moved[move] for move in ("stayed", "joined", "new")))
    yield Partition(
        {"flow": "persistent", "move": "stayed"},
        ({"flow": "severe", "move": "stayed"}, {"flow": "persistent_only", "move": "stayed"}),
    )


def of_codes() -> Iterator[Partition]:
    """Yield the codes of absence, which make up all of it, and those of lateness."""
    yield measure_of(ABSENCE, *(SESSIONS_WITH | codes_coordinate(letters) for letters in absence_codes().values()))  # fmt: skip
    before, after, both = LATE_CODES.values()
    parts = tuple(SESSIONS_WITH | codes_coordinate(letters) for letters in (before, after))
    yield Partition(SESSIONS_WITH | codes_coordinate(both), parts)
    yield measure_of("late_before_close_sessions", parts[0])
    yield measure_of("late_after_close_sessions", parts[1])


def of_time() -> Iterator[Partition]:
    """Yield that the half term and the year before it make the year to date, of what is added over time."""
    for measure in ADDED_OVER_TIME:
        parts = (SPAN_OF["period"], SPAN_OF["earlier"])
        yield measure_of(measure, *({"measure": measure} | span for span in parts))


def of_notices(workings: Workings) -> Iterator[Partition]:
    """Yield that the notices of all kinds are those of each kind."""
    log = workings.pack.school.notices
    kinds = [] if log is None else sorted(log["kind"].dropna().unique())
    if kinds:
        of_kind = {"measure": "notices_issued"}
        yield Partition(of_kind | {"kind": ALL_KINDS}, tuple(of_kind | {"kind": kind} for kind in kinds))


def of_definitions(workings: Workings) -> Iterator[Partition]:
    """Yield what each definition of persistent absence has in common with the headline, adds and leaves out."""
    for definition in (each.name for each in definitions_beside(workings.periods.selection.basis)[1:]):
        for name in COUNTS:
            whole = {"measure": MEASURE_OF[name]} if name in MEASURE_OF else {}
            here = {"definition": definition}
            both, added, removed = (
                here | {"difference_in": name, "against": against} for against in ("both", "added", "removed")
            )
            yield Partition(whole, (both, removed))
            yield Partition(whole | here, (both, added))
