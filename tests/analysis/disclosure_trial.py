"""Two reports of an invented school are protected and attacked; what must hold is worked out here from the rules."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from attendance_lib.analysis.disclosure import Protected, PublicTable, protect
from tests.analysis.disclosure_attacker import Attack, Coordinates, read_tables
from tests.analysis.invented_reports import FIRST, SECOND, InventedSchool, invent, report_tables

GROUP_LIMIT = 10
BAND_ORDER = ("above_95", "at_risk", "persistent_not_severe", "severely_absent")
UNPRINTED = ("looked_after", "social_worker")  # of which nobody prints those who are not
WIDER = {"severely_absent": "persistently_absent", "persistent_not_severe": "persistently_absent"}


@dataclass(frozen=True)
class Truth:
    """A count as it is: its value, the size of its group (None if it has none) and whether it counts sessions."""

    value: int
    of: Coordinates | None
    is_sessions: bool


@dataclass(frozen=True)
class Trial:
    """What came of one school: what the attacker could narrow too far, and what protection cost.

    ``as_c_says`` are the counts that he could narrow to what ``c`` says by itself: 4 values at level 5.
    """

    pupils: int
    attacked: int
    found: tuple[str, ...]
    as_c_says: int
    counts: int
    suppressed: int
    seconds: tuple[float, float]


def truths_of(tables: Iterable[PublicTable]) -> dict[Coordinates, Truth]:
    """Every count of some tables before protection, and those that follow from them by subtraction."""
    printed = {}
    for table in tables:
        columns = {count.column: count for count in table.counts}
        for count in table.counts:
            for row, where in enumerate(table.rows):
                of = {**where, **columns[count.out_of].coordinates}.items() if count.out_of else None
                printed[frozenset({**where, **count.coordinates}.items())] = Truth(
                    int(table.frame[count.column].iloc[row]),
                    None if of is None else frozenset(of),
                    count.unit == "sessions",
                )
    return printed | dict(complements(printed))


def complements(printed: dict[Coordinates, Truth]) -> Iterator[tuple[Coordinates, Truth]]:
    """Those who are not looked after, or have no social worker: nobody prints them, everybody can subtract."""
    for what, truth in printed.items():
        for name in UNPRINTED:
            if (name, "yes") in what and not truth.is_sessions:
                whole = printed[what - {(name, "yes")}]
                of = truth.of and (truth.of - {(name, "yes")}) | {(name, "no")}
                yield (
                    (what - {(name, "yes")}) | {(name, "no")},
                    Truth(whole.value - truth.value, of, is_sessions=False),
                )


def width_needed(what: Coordinates, truths: dict[Coordinates, Truth], level: int) -> int:
    """How many values a count must still be able to have; 0 where it may be printed."""
    truth = truths[what]
    size = truths[truth.of].value if truth.of in truths else 0
    if truth.value == 0 and is_zero_by_a_printed_zero(what, truths):
        return 0
    if 0 < truth.value < level and not truth.is_sessions:
        return level
    if 0 < size < GROUP_LIMIT and not any((name, "no") in what for name in UNPRINTED):
        return level * max(1, -(-truth.value // size)) if truth.is_sessions else min(level, size + 1)
    return level if 0 < truth.value < level else 0


def is_zero_by_a_printed_zero(what: Coordinates, truths: dict[Coordinates, Truth]) -> bool:
    """Whether a wider count of ten enrolments or more is 0: of the whole school, of all persistent absence, or both."""
    names = {name for name, _ in what} - {"as_at", "measure", "flow", "since"}
    groups = [what, frozenset(pair for pair in what if pair[0] not in names)]
    wider = [frozenset((name, WIDER.get(value, value)) for name, value in group) for group in groups]
    return any(
        truths[each].value == 0 and (truths[each].of is None or truths[truths[each].of].value >= GROUP_LIMIT)
        for each in {*groups, *wider} - {what}
        if each in truths
    )


@cache
def invented(seed: int) -> tuple[InventedSchool, tuple[list[PublicTable], list[PublicTable]]]:
    """A school and the tables of its two reports before protection."""
    school = invent(seed)
    return school, (report_tables(school, FIRST), report_tables(school, SECOND))


@cache
def protected(seed: int, level: int = 5) -> tuple[tuple[Protected, Protected], tuple[float, float]]:
    """The two reports of a school, the second made knowing the first, and the processor seconds that each took."""
    school, (first_tables, second_tables) = invented(seed)
    start = time.process_time()
    first = protect(first_tables, level, school.partitions)
    between = time.process_time()
    second = protect(second_tables, level, school.partitions, [first.record])
    return (first, second), (between - start, time.process_time() - between)


def run_trial(seed: int, level: int = 5) -> Trial:
    """Protect and attack two reports of one invented school."""
    school, tables = invented(seed)
    reports, seconds = protected(seed, level)
    attacked, found, as_c_says = attack_reports(
        school, tables, tuple(report.tables for report in reports), level
    )
    return Trial(
        pupils=len(school.pupils),
        attacked=attacked,
        found=found,
        as_c_says=as_c_says,
        counts=reports[1].counts,
        suppressed=reports[1].suppressed_counts,
        seconds=seconds,
    )


def attack_reports(
    school: InventedSchool, tables: tuple, published: tuple, level: int
) -> tuple[int, tuple[str, ...], int]:
    """Attack two reports together: how many counts, those narrowed too far, how many to what ``c`` says."""
    attack = Attack(school.characteristics)
    for before, after in zip(tables, published, strict=True):
        attack.know(read_tables(before, after))
    attack.know_the_school([FIRST, SECOND])
    attack.know_the_flow(FIRST, SECOND)
    truths = truths_of(table for report in tables for table in report)
    needed = {what: width for what in truths if (width := width_needed(what, truths, level))}
    widths = attack.ranges([attack.atoms(what) for what in needed], list(needed.values()))
    found = tuple(
        f"{sorted(what)}: {width:g} values, not {needed[what]}"
        for what, width in zip(needed, widths, strict=True)
        if width < pass_mark(needed[what], level)
    )
    short = sum(width < needed[what] for what, width in zip(needed, widths, strict=True))
    return len(needed), found, int(short) - len(found)


def pass_mark(needed: int, level: int) -> int:
    """With how few values a count still passes: all that it needs, or what ``c`` says by itself, 1 to 4 at level 5.

    Of sessions as many as so many pupils have. What needs fewer than the level, in a group of so few, needs them all.
    """
    return needed if needed < level else needed // level * (level - 1)
