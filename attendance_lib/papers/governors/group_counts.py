"""Year groups and other groups of pupils: attendance, gaps, persistent and severe absence."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.groups import YEAR_GROUPS, counted, groups_of, of_group
from attendance_lib.disclosure.tables import Count, PublicTable, Rate, Unit
from attendance_lib.papers.coordinates import as_at
from attendance_lib.papers.governors.changes import counts_now_and_then, held_then
from attendance_lib.papers.governors.workings import MEASURE_OF, Workings, coordinate_of, table_of_report
from attendance_lib.register.grid import Register
from attendance_lib.rules.groups import Group

YEARS, GROUPS, EMPTY = "year_groups", "groups", "empty_groups"
# What says of each row how many are in its group: some, else it had no row.
GROUP_SIZES = ("enrolments",)
NARROWED, WIDENED, WITHIN_CHANCE, NO_COMPARISON = "Narrowed", "Widened", "Within chance", "Nothing to compare"
ROSE, FELL = "Rose", "Fell"
ABSENCE = {"measure": "absence_sessions"}


@table_of_report(place=40)
def public_year_groups(workings: Workings) -> PublicTable:
    """Return the year groups, one row each (see ``public_group_table``)."""
    return public_group_table(workings, YEARS, "Year groups")


@table_of_report(place=50)
def public_groups(workings: Workings) -> PublicTable:
    """Return the groups of every other characteristic, one row each (see ``public_group_table``)."""
    return public_group_table(workings, GROUPS, "Groups of pupils")


def cells_of(table: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """Yield each row's values of some columns, in the unit of each column.

    Examples
    --------
    >>> list(cells_of(pd.DataFrame({"gap_rate": [0.02], "pupils": [31], "gap_low": [0.0]}), ["gap_low", "gap_rate"]))
    [(0.0, 0.02)]
    """
    return zip(*(table[name] for name in columns), strict=True)


def public_group_table(workings: Workings, name: str, title: str) -> PublicTable:
    """Return groups of pupils against everyone else as they would be published were none small.

    Returns
    -------
    PublicTable
        One row per group: the counts of ``group_gaps``, what is rounded of its rates, and in words how the gap
        and persistent absence moved (``gap_reading``, ``persistent_reading``). The compared half term's counts,
        all sessions and what is counted of everybody (EVERYONE) are not shown.
    """
    table = workings.groups
    table = table[(table["characteristic"] == YEAR_GROUPS) == (name == YEARS)].reset_index(drop=True)
    frame = table.drop(columns=["column", "value"]).assign(
        **counts_then(workings, table),
        **of_everyone(workings),
        gap_reading=[gap_in_words(*row) for row in cells_of(table, GAP_FIGURES)],
        persistent_reading=[change_in_words(*row, (ROSE, FELL)) for row in cells_of(table, CHANGE_FIGURES)],
    )
    groups = tuple(
        {column: coordinate_of(value)} for column, value in zip(table["column"], table["value"], strict=True)
    )
    counts = (
        *(replace(count, by_row=groups) for count in group_counts(workings)),
        *counts_of_everyone(workings),
    )
    return PublicTable(name, title, frame, (workings.everyone,) * len(groups), counts, GROUP_RATES)


def counts_then(workings: Workings, table: pd.DataFrame) -> dict[str, pd.Series | None]:
    """Return the groups' counts (one per row) at what they are compared with, missing where the exports hold no such session.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> none_held = SimpleNamespace(compared=SimpleNamespace(sessions=[]))
    >>> set(counts_then(none_held, pd.DataFrame()).values())  # missing, and not nought
    {None}
    """
    is_held = bool(len(workings.compared.sessions))
    names = ("compared_period_enrolments", THEN_SESSIONS, *PERSISTENT[1:])
    return {name: table[name] if is_held else None for name in names}


def of_everyone(workings: Workings) -> dict[str, float | None]:
    """Return what is counted of everybody, now and at what it is compared with, by columns that begin with EVERYONE."""
    now, then = counts_now_and_then(workings)
    named = {f"{EVERYONE}{name}": value for name, value in (now | held_then(workings, then)).items()}
    return {name: value for name, value in named.items() if name in (*GAP_NOW, *GAP_THEN)}


@table_of_report(place=60)
def public_empty_groups(workings: Workings) -> PublicTable:
    """Return the groups of which nobody is counted: they have no row, which tells a reader that they are 0.

    So are their sessions: those of all other groups together are then everybody's.
    """
    groups = groups_without_row(workings)
    compared = counted(workings.spans.compared)
    missed = pd.Series([None if len(of_group(group, compared)) else 0 for group in groups], dtype="Int64")
    none = [0] * len(groups)
    spans = {NOW_SESSIONS: workings.periods.current, THEN_SESSIONS: workings.compared}
    sessions = (
        Count(name, workings.over_of_groups(register) | ABSENCE, None, Unit.SESSIONS, is_shown=False)
        for name, register in spans.items()
    )
    return PublicTable(
        name=EMPTY,
        title="Groups without a pupil",
        frame=pd.DataFrame({"enrolments": none, NOW_SESSIONS: none, THEN_SESSIONS: missed}),
        rows=tuple(workings.everyone | {group.column: coordinate_of(group.value)} for group in groups),
        counts=(Count("enrolments", as_at(workings.periods.date_to), is_shown=False), *sessions),
    )


def groups_without_row(workings: Workings) -> list[Group]:
    """Return the groups of the register that have no row in the table of groups, and could have one in this cohort's."""
    with_row = set(zip(workings.groups["column"], map(coordinate_of, workings.groups["value"]), strict=True))
    return [
        group
        for group in groups_of(workings.periods.register.pupils)
        if (group.column, coordinate_of(group.value)) not in with_row and is_open_to(workings, group)
    ]


def is_open_to(workings: Workings, group: Group) -> bool:
    """Whether somebody of the cohort could be in a group: of the characteristics that it is chosen by it has some values alone.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> girls = SimpleNamespace(pack=SimpleNamespace(cohort=SimpleNamespace(where={"sex": ["F"]})))
    >>> groups = (SimpleNamespace(column=column, value=value) for column, value in (("sex", "M"), ("sex", "F"), ("year_group", 7)))
    >>> [is_open_to(girls, group) for group in groups]
    [False, True, True]
    """
    where = workings.pack.cohort.where
    return group.column not in where or coordinate_of(group.value) in map(coordinate_of, where[group.column])


GAP_FIGURES = ["gap_rate", "compared_gap_rate", "gap_change_rate", "gap_low", "gap_high"]
CHANGE_FIGURES = ["persistent_change_rate", "persistent_low", "persistent_high"]
NOW_SESSIONS, THEN_SESSIONS = "absence_sessions", "compared_absence_sessions"
# A gap is to everyone else, who are everybody less the group: it tells of both, and there is none where both are the same.
# Whether they are stands in the sizes.
EVERYONE = "everyone_"
SIZES = ("enrolments", f"{EVERYONE}enrolments")
GAP_NOW = (*SIZES, NOW_SESSIONS, f"{EVERYONE}{NOW_SESSIONS}", f"{EVERYONE}period_enrolments")
GAP_THEN = (
    *SIZES, THEN_SESSIONS, "compared_period_enrolments", f"{EVERYONE}{THEN_SESSIONS}", f"{EVERYONE}compared_period_enrolments",
)  # fmt: skip
PERSISTENT = (
    "persistently_absent_enrolments",
    "compared_persistently_absent_enrolments",
    "compared_enrolments",
)
GROUP_RATES = (
    Rate("persistent_absence_rate", ("persistently_absent_enrolments",), "enrolments"),
    Rate("severe_absence_rate", ("severely_absent_enrolments",), "enrolments"),
    Rate("attendance_rate", (NOW_SESSIONS,), "period_enrolments"),
    Rate("gap_rate", GAP_NOW, "period_enrolments"),
    Rate("gap_standing", GAP_NOW, "period_enrolments"),
    Rate("compared_attendance_rate", (THEN_SESSIONS,), "compared_period_enrolments"),
    Rate("compared_gap_rate", GAP_THEN, "compared_period_enrolments"),
    *(
        Rate(name, (*GAP_NOW, *GAP_THEN), "period_enrolments")
        for name in ("gap_change_rate", "gap_low", "gap_high", "gap_reading")
    ),
    *(
        Rate(name, PERSISTENT, "enrolments")
        for name in ("persistent_change_rate", "persistent_low", "persistent_high", "persistent_reading")
    ),
)


def group_counts(workings: Workings) -> tuple[Count, ...]:
    """Return what the columns of counts count: now, in the half term, and at what they are compared with."""
    now, then = (
        as_at(day) for day in (workings.periods.date_to, workings.last_day(workings.compared_to_date))
    )
    half_term, half_term_then = workings.periods.current, workings.compared
    return (
        Count("enrolments", now),
        *(Count(column, now | {"measure": measure}, "enrolments") for column, measure in MEASURE_OF.items()),
        *session_counts(workings, half_term, (NOW_SESSIONS, "period_enrolments")),
        *session_counts(workings, half_term_then, (THEN_SESSIONS, "compared_period_enrolments")),
        Count("compared_enrolments", then, is_shown=False),
        Count(
            "compared_persistently_absent_enrolments",
            then | {"measure": "persistently_absent"},
            "compared_enrolments",
            is_shown=False,
        ),
    )


def counts_of_everyone(workings: Workings) -> tuple[Count, ...]:
    """Return what the columns that begin with EVERYONE count: what other tables print, so that here it is worth nothing."""
    now, then = workings.periods.current, workings.compared
    counts = (
        Count(f"{EVERYONE}enrolments", as_at(workings.periods.date_to), is_shown=False),
        *session_counts(workings, now, (f"{EVERYONE}{NOW_SESSIONS}", f"{EVERYONE}period_enrolments")),
        *session_counts(
            workings, then, (f"{EVERYONE}{THEN_SESSIONS}", f"{EVERYONE}compared_period_enrolments")
        ),
    )
    return tuple(replace(count, worth=0) for count in counts)


def session_counts(workings: Workings, register: Register, columns: tuple[str, str]) -> tuple[Count, Count]:
    """Return what two columns count that are not shown: a group's absence (sessions) in a register, and of how many enrolments."""
    sessions, enrolments = columns
    return (
        Count(enrolments, workings.enrolled_of_groups(register), is_shown=False),
        Count(
            sessions, workings.over_of_groups(register) | ABSENCE, enrolments, Unit.SESSIONS, is_shown=False
        ),
    )


def gap_in_words(gap: float, before: float, change: float, low: float, high: float) -> str:
    """Say how a gap moved: only a change that chance alone would hardly bring is called one.

    Parameters
    ----------
    gap, before, change, low, high : float
        The gap, the one it is compared with, their difference and its 95 % range (differences of fractions).

    Examples
    --------
    >>> gap_in_words(-0.03, -0.06, 0.03, 0.01, 0.05), gap_in_words(-0.03, -0.04, 0.01, -0.01, 0.03)
    ('Narrowed', 'Within chance')
    >>> gap_in_words(0.04, 0.01, 0.03, 0.01, 0.05)
    'Widened'
    """
    if pd.isna(change):
        return NO_COMPARISON
    if not (low > 0 or high < 0):
        return WITHIN_CHANCE
    return NARROWED if abs(gap) < abs(before) else WIDENED


def change_in_words(change: float, low: float, high: float, words: tuple[str, str]) -> str:
    """Say whether a change is one (the first word where up, the second where down) or within chance.

    Examples
    --------
    >>> change_in_words(0.02, 0.01, 0.03, ("rose", "fell")), change_in_words(-0.02, -0.03, -0.01, ("rose", "fell"))
    ('rose', 'fell')
    >>> change_in_words(0.02, -0.01, 0.05, ("rose", "fell")) == WITHIN_CHANCE
    True
    """
    if pd.isna(change):
        return NO_COMPARISON
    if not (low > 0 or high < 0):
        return WITHIN_CHANCE
    return words[0] if change > 0 else words[1]
