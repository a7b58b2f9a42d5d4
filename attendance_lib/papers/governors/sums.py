"""What adds up to what among the published counts: what a reader with a pencil could work out."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, permutations

import numpy as np
import pandas as pd

from attendance_lib.analysis.movement import FLOW_LINES
from attendance_lib.analysis.reasons import absence_codes
from attendance_lib.analysis.reconciliation import COUNTS, definitions_beside
from attendance_lib.disclosure.tables import AFTER, TO, Coordinates, Partition
from attendance_lib.pack.cohorts import LAST_YEAR_GROUP
from attendance_lib.pack.pack import was_enrolled
from attendance_lib.papers.governors.absence_counts import (
    EVERY_CODE,
    LATE_CODES,
    SESSIONS_WITH,
    codes_coordinate,
    reason_groups,
)
from attendance_lib.papers.governors.casework_counts import ALL_KINDS
from attendance_lib.papers.governors.outside import of_outside
from attendance_lib.papers.governors.spans import (
    CENSUS,
    EVERY_BAND,
    MEASURES,
    PERSISTENT_BANDS,
    TOGETHER,
    coordinate_of_move,
)
from attendance_lib.papers.governors.workings import (
    MEASURE_OF,
    YES,
    Workings,
    coordinate_of,
    coordinate_of_any,
)
from attendance_lib.register.grid import Register
from attendance_lib.rules.codes import CODES, Category
from attendance_lib.rules.groups import (
    DECLARED,
    ETHNICITY,
    GROUPS,
    YES_OR_NO,
    ethnic_groups,
    is_so,
)
from attendance_lib.rules.pupils import ORDER
from attendance_lib.rules.thresholds import BANDS, SMALLEST_RATE_BASE

PERSISTENT, SEVERE = MEASURES["persistent"], MEASURES["severe"]
AUTHORISED, UNAUTHORISED, ABSENCE = (
    "authorised_absence_sessions", "unauthorised_absence_sessions", "absence_sessions",
)  # fmt: skip


# Whose groups, by the values of a column, are everyone; and those that other columns tell.
SEVERAL = tuple(column for column in DECLARED if column not in YES_OR_NO)
YEAR_GROUP = "year_group"
TOLD_BY_OTHERS = tuple(group for group in GROUPS if group.of)


def partitions_of(workings: Workings) -> tuple[Partition, ...]:
    """Return everything that adds up among the report's counts."""
    everyone = workings.periods.register.pupils
    return (
        *of_groups(everyone), *of_years(workings.periods.register), *of_nested_in(workings), *of_cohort(workings),
        *of_absence(), *of_standing(workings), *of_codes(workings), *of_authority(workings), *of_things(),
        *of_census(everyone), *of_definitions(workings), *of_outside(workings), *of_notices(workings),
    )  # fmt: skip


def of_groups(pupils: pd.DataFrame) -> Iterator[Partition]:
    """Yield the characteristics whose groups are everyone; whoever is not known to be in a group is outside it.

    ``pupils`` holds one row per enrolment of the whole school, for a cohort's report stands beside the whole school's. Year
    groups are not what they were last year: see ``of_years``.
    """
    for column in SEVERAL:
        if column != YEAR_GROUP and is_known_of_all(pupils, column):
            values = sorted({coordinate_of(value) for value in pupils[column]})
            yield Partition({}, tuple({column: value} for value in values))
    yield Partition({}, tuple({ETHNICITY: group} for group in ORDER))
    for flag in (*YES_OR_NO, *(group.column for group in TOLD_BY_OTHERS)):
        yield Partition({}, ({flag: "yes"}, {flag: "no"}))


def is_known_of_all(pupils: pd.DataFrame, column: str) -> bool:
    """Whether there are pupils (one row each), all with a value of a column.

    Examples
    --------
    >>> pupils = pd.DataFrame({"sex": ["F", "M"], "home_language": ["English", None]})
    >>> is_known_of_all(pupils, "sex"), is_known_of_all(pupils, "home_language"), is_known_of_all(pupils[:0], "sex")
    (True, False, False)
    """
    return len(pupils) > 0 and column in pupils and bool(pupils[column].notna().all())


def of_years(register: Register) -> Iterator[Partition]:
    """Yield that the year groups are everyone: those of any school year of the whole school's register.

    This year's Year 11 was last year's Year 10, of which a school may have none now.
    """
    years = [register.in_school_year(year) for year in register.sessions["school_year"].unique()]
    held = [each.pupils.loc[was_enrolled(each), "year_group"] for each in years]
    if held and all(each.notna().all() for each in held):
        values = sorted({coordinate_of(value) for each in held for value in each})
        yield Partition({}, tuple({"year_group": value} for value in values))


def of_nested_in(workings: Workings) -> Iterator[Partition]:
    """Yield the groups of a report that lie within another (see ``of_nested_groups``)."""
    here = workings.periods.year_to_date
    earlier = [year.year_to_date.pupils for year in workings.half_terms.earlier_years]
    since = workings.over_of_groups(here)[AFTER]
    yield from of_nested_groups(here.pupils, workings.everyone, earlier, since)


def of_nested_groups(
    pupils: pd.DataFrame, everyone: Coordinates, earlier: Iterable[pd.DataFrame] = (), since: str = ""
) -> Iterator[Partition]:
    """Yield the groups that lie wholly within another, as free school meals within the pupil premium.

    ``pupils`` holds one row per enrolment of ``everyone`` counted: what lies within another in a cohort need not do so in the
    school. Year groups, sexes, kinds of need and ethnic groups are looked at as well as
    what is yes or no; of fewer than ten nothing is said, and that they are within another is no more than chance. ``earlier``
    holds the same of earlier years: what does not hold in all of these, as that Year 1 are girls, holds ``since`` a day.

    Examples
    --------
    >>> pupils = pd.DataFrame({"fsm": [True] * 10 + [False] * 10, "pupil_premium": [True] * 12 + [False] * 8})
    >>> [(each.whole, each.parts[0]) for each in of_nested_groups(pupils, {})]
    [({'pupil_premium': 'yes'}, {'fsm': 'yes'})]
    """
    groups = groups_to_compare(pupils)
    years = [group_flags(each) for each in earlier]
    for inner, outer in permutations(groups, 2):
        if inner[0] != outer[0] and lies_within(inner, outer, groups):
            is_always = all(lies_within(inner, outer, year) for year in years)
            yield nested(inner, outer, everyone, "" if is_always else since)


def groups_to_compare(pupils: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """Return who is in each group (boolean, one per row) that is neither small nor everybody.

    Examples
    --------
    >>> list(groups_to_compare(pd.DataFrame({"sex": ["F"] * 12 + ["M"] * 9, "year_group": 7})))
    [('sex', 'F')]
    """
    found = group_flags(pupils).items()
    return {name: here for name, here in found if here.sum() >= SMALLEST_RATE_BASE and not here.all()}


def nested(inner: tuple[str, str], outer: tuple[str, str], everyone: Coordinates, since: str) -> Partition:
    """Return that a group within another, and the rest of that, add up to it, since a day or always (empty).

    Examples
    --------
    >>> nested(("free_school_meals", "yes"), ("pupil_premium", "yes"), {}, "").whole
    {'pupil_premium': 'yes'}
    """
    rest = {NOT_IN: f"{'='.join(outer)} but not {'='.join(inner)}"}
    parts = tuple({**everyone, **each} for each in (dict([inner]), rest))
    return Partition({**everyone, **dict([outer])}, parts, since)


NOT_IN = "less"


def lies_within(
    inner: tuple[str, str], outer: tuple[str, str], flags: Mapping[tuple[str, str], np.ndarray]
) -> bool:
    """Whether nobody is in a group and not in another, by who is in each (boolean, one per row; see ``group_flags``).

    Examples
    --------
    >>> meals, premium = ("free_school_meals", "yes"), ("pupil_premium", "yes")
    >>> flags = {meals: np.array([True, False, False]), premium: np.array([True, True, False])}
    >>> lies_within(meals, premium, flags), lies_within(premium, meals, flags)
    (True, False)
    """
    return inner not in flags or not (flags[inner] & ~flags.get(outer, np.zeros_like(flags[inner]))).any()


def group_flags(pupils: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """Return who is in each group that is published or is a cohort (boolean, one per row), by its coordinate.

    Examples
    --------
    >>> flags = group_flags(pd.DataFrame({"fsm": [True, None, False]}))
    >>> flags["fsm", "yes"].tolist()  # not known to be in the group is outside it
    [True, False, False]
    """
    found = {(flag, YES): is_so(pupils[flag]) for flag in YES_OR_NO if flag in pupils}
    for group in TOLD_BY_OTHERS:
        if all(column in pupils for column in group.columns):
            found[group.column, YES] = group.members(pupils)
    return found | value_flags(pupils)


def value_flags(pupils: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """Return who has each value of a characteristic with several (boolean, one per row), by its coordinate.

    Examples
    --------
    >>> {name: flags.tolist() for name, flags in value_flags(pd.DataFrame({"year_group": [7, 8, 7]})).items()}
    {('year_group', '7'): [True, False, True], ('year_group', '8'): [False, True, False]}
    """
    named = pupils.assign(**{ETHNICITY: ethnic_groups(pupils)}) if ETHNICITY in pupils else pupils
    held = [column for column in (*SEVERAL, ETHNICITY) if column in named]
    return {
        (column, coordinate_of(value)): (named[column] == value).fillna(value=False).to_numpy(dtype=bool)
        for column in held
        for value in named[column].dropna().unique()
    }


def of_cohort(workings: Workings) -> Iterator[Partition]:
    """Yield that a cohort of several values of one characteristic is the sum of their groups, and a part of the school.

    The second says what the first does not where nothing is counted by group: of lateness no group's is given.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> workings = SimpleNamespace(pack=SimpleNamespace(cohort=SimpleNamespace(where={"sen_status": ["K", "E"]})))
    >>> [each.whole for each in of_cohort(workings)]  # the sum of its groups, and a part of everybody
    [{'sen_status': 'E+K'}, {}]
    """
    for column, values in workings.pack.cohort.where.items():
        each = sorted({coordinate_of(value) for value in values})
        if len(each) > 1:
            joined = {column: coordinate_of_any(values)}
            yield Partition(joined, tuple({column: value} for value in each))
            yield Partition({}, (joined, {NOT_IN: f"everyone but {column}={joined[column]}"}))


def of_census(pupils: pd.DataFrame) -> Iterator[Partition]:
    """Yield that a whole year as the census counts it is the year to date at its end, where no Year 11 is left out of it.

    ``pupils`` holds one row per enrolment of the whole school.

    Examples
    --------
    >>> [len(list(of_census(pd.DataFrame({"year_group": years})))) for years in ([9, 10], [10, 11])]
    [1, 0]
    """
    if "year_group" in pupils and not (pupils["year_group"] == LAST_YEAR_GROUP).any():
        yield Partition({}, (CENSUS,))


def of_absence() -> Iterator[Partition]:
    """Yield what makes up absence: severe is persistent absence, bands make both, and sessions add up.

    Examples
    --------
    >>> [each.parts for each in of_absence() if each.whole == {"measure": "severely_absent"}]
    [({'band': 'severe'},)]
    """
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
    """Yield the flows: before is stayed and left; after is stayed and joined; severe who stayed were persistent."""
    then, now = workings.then(workings.flow_from)["as_at"], workings.at_end["as_at"]
    for line in FLOW_LINES:
        flow = {"flow": line, "since": then}
        stayed, left, joined = (
            flow | {"move": coordinate_of_move(move)} for move in ("stayed", "left", "joined")
        )
        before = tuple(each | {"as_at": now} for each in (stayed, left))
        yield Partition({"measure": MEASURES[line], "as_at": then}, before)
        yield measure_of(MEASURES[line], stayed, joined)
    for whole, parts in TOGETHER.items():
        yield Partition({"move": coordinate_of_move(whole)}, tuple({"move": part} for part in parts))
    yield Partition(
        {"flow": "persistent", "move": "stayed"},
        ({"flow": "severe", "move": "stayed"}, {"flow": "persistent_only", "move": "stayed"}),
    )


def of_codes(workings: Workings) -> Iterator[Partition]:
    """Yield the codes of absence, which make up all of it, what is shown of them together, and those of lateness."""
    shown = reason_groups(workings).values()
    yield measure_of(ABSENCE, *map(sessions_with, shown))
    for together in shown:
        parts = [codes for codes in absence_codes().values() if set(codes) < set(together)]
        if parts:
            yield Partition(sessions_with(together), tuple(map(sessions_with, parts)))
    before, after, both = map(sessions_with, LATE_CODES.values())
    yield Partition(both, (before, after))
    yield measure_of("late_before_close_sessions", before)
    yield measure_of("late_after_close_sessions", after)


def of_authority(workings: Workings) -> Iterator[Partition]:
    """Yield that authorised absence is the codes that the law calls so, and unauthorised absence those that it does not."""
    kinds = {AUTHORISED: Category.AUTHORISED_ABSENCE, UNAUTHORISED: Category.UNAUTHORISED_ABSENCE}
    for measure, category in kinds.items():
        held = {code.letter for code in CODES if code.category is category}
        yield measure_of(
            measure,
            *(sessions_with(codes) for codes in reason_groups(workings).values() if held.issuperset(codes)),
        )


def sessions_with(codes: tuple[str, ...]) -> Coordinates:
    """Return the coordinates of the sessions for which some codes were used.

    Examples
    --------
    >>> sessions_with(("L", "U"))
    {'measure': 'sessions_with_codes', 'codes': 'L+U'}
    """
    return SESSIONS_WITH | codes_coordinate(codes)


def of_things() -> Iterator[Partition]:
    """Yield that what a check finds open at a date is what was known before the half term and what was not.

    What is dated by a mark adds up over time of itself, as sessions and notices do.
    """
    yield Partition(
        {"measure": "things"}, tuple({"measure": "things", "known": when} for when in ("period", "earlier"))
    )


def of_notices(workings: Workings) -> Iterator[Partition]:
    """Yield that the notices of all kinds are those of each kind, up to the end of the period: another kind may come later."""
    log = workings.pack.school.notices
    kinds = [] if log is None else sorted(log["kind"].dropna().unique())
    if kinds:
        of_kind = {"measure": "notices_issued", TO: workings.over(workings.periods.current)[TO]}
        yield Partition(of_kind | {"kind": ALL_KINDS}, tuple(of_kind | {"kind": kind} for kind in kinds))


def of_definitions(workings: Workings) -> Iterator[Partition]:
    """Yield what each definition of persistent absence has in common with the headline, adds and leaves out.

    What its words rule out is known to every reader: one that counts the headline's own but for a few leaves those few to
    whoever subtracts, unless its own count is withheld.
    """
    basis = workings.periods.selection.basis
    for definition in definitions_beside(basis)[1:]:
        here = {"definition": definition.name}
        for name in COUNTS:
            whole = {"measure": MEASURE_OF[name]} if name in MEASURE_OF else {}
            both, added, removed = (here | moved(name, against) for against in ("both", "added", "removed"))
            removes, adds = not definition.moves_nobody(name), not definition.adds_nobody(basis, name)
            yield Partition(whole, (both, removed) if removes else (both,))
            # A cohort may be counted on another basis than the school: what its own basis rules out is said of it alone.
            of_whom = {} if definition.is_within else workings.everyone
            yield Partition(
                of_whom | whole | here, tuple(of_whom | part for part in ((both, added) if adds else (both,)))
            )
        if definition.is_by_member:
            yield from of_moved_members(here)
    yield from of_the_same_enrolments(workings)


def of_moved_members(here: Coordinates) -> Iterator[Partition]:
    """Yield that of those whom a definition moves some are persistently absent, and of these some severely, as in the headline."""
    for outer, inner in pairwise(COUNTS):
        for against in ("both", "added", "removed"):
            rest = moved(f"{outer} but not {inner}", against)
            yield Partition(here | moved(outer, against), (here | moved(inner, against), here | rest))


def moved(name: str, against: str) -> Coordinates:
    """Return the coordinates of how many enrolments are counted in one of COUNTS in two definitions, or in one alone."""
    return {"difference_in": name, "against": against}


def of_the_same_enrolments(workings: Workings) -> Iterator[Partition]:
    """Yield that a definition which here counts the very enrolments and lines of the headline gives its figures.

    That nobody was added or removed is printed, so a reader who finds the headline withheld looks for it there. It is so at
    this date alone: another report's registers may differ.
    """
    table = workings.reconciled.set_index("definition")
    moved = table[[f"{move}_{name}" for name in COUNTS for move in ("added", "removed")]]
    for definition in table.index[1:]:
        if (moved.loc[definition] == 0).all():
            for name in COUNTS:
                whole = ({"measure": MEASURE_OF[name]} if name in MEASURE_OF else {}) | workings.at_end
                yield Partition(whole, (whole | {"definition": definition},))
