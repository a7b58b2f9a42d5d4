"""A series of reports of an invented school is published and attacked; what must hold is worked out here from the truth."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, wraps
from io import StringIO
from unittest.mock import patch
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from attendance_lib.disclosure.read_back import Record, checked
from attendance_lib.disclosure.tables import PublicTable
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.settings.school_file import Cohort
from attendance_lib.pack.pack import Pack, pack_of
from attendance_lib.papers.governors import opening
from attendance_lib.papers.governors.opening import publish_tables, tables_of
from attendance_lib.papers.governors.published import Published
from attendance_lib.papers.governors.workings import Build, Workings
from tests.intruder.attack import (
    HIDDEN,
    MOST,
    Known,
    NoSuchSchoolError,
    Paper,
    Place,
    Solver,
    Unknown,
    read_papers,
)
from tests.intruder.schools import HALVES, SESSIONS, Invented

OPEN = {day.date(): int(count) for day, count in SESSIONS.groupby("date").size().items()}
COHORTS = {
    "all": Cohort(name="all", title="Whole school"),
    "send": Cohort(name="send", title="SEND", where={"sen_status": ["K", "E"]}),
    "fsm": Cohort(name="fsm", title="FSM", where={"fsm": [True]}),
    "year_12": Cohort(name="year_12", title="Year 12", where={"year_group": [12]}),
    "sixth_form": Cohort(name="sixth_form", title="Sixth form", where={"year_group": [12, 13]}),
    "reception": Cohort(name="reception", title="Reception", where={"year_group": [0]}),
}
YEAR_OUTSIDE = {
    year: ("outside", f"{year} (outside the headline)") for year in ("Reception", "Year 12", "Year 13")
}
PARTS = {
    "send": (("SEN", "SEN support"), ("SEN", "EHC plan")),
    "fsm": (("Free school meals", "Yes"),),
    "year_12": (YEAR_OUTSIDE["Year 12"],),
    "sixth_form": (YEAR_OUTSIDE["Year 12"], YEAR_OUTSIDE["Year 13"]),
    "reception": (YEAR_OUTSIDE["Reception"],),
    "all": (),
}


@dataclass(frozen=True)
class Made:
    """One report: what its readers hold, and the tables as they were before anything was left out."""

    paper: Paper
    truth: dict[str, pd.DataFrame]
    record: Record
    counts: int
    withheld: int
    seconds: float


@dataclass
class Outcome:
    """What came of a series: figures attacked, those made out, and reports that were not made."""

    size: int
    attacked: int = 0
    narrowed: list[str] = field(default_factory=list)
    as_c_says: int = 0
    blanks: list[str] = field(default_factory=list)
    wrong: str = ""
    stopped: list[str] = field(default_factory=list)
    printed: int = 0
    withheld: int = 0
    seconds: list[float] = field(default_factory=list)


@lru_cache(maxsize=8)
def pack_at(school: Invented, report: int, half: int, cohort: str) -> Pack:
    """Open a school for one of its reports: for the last few that were asked for the pack that there is."""
    period = (HALVES[half].start, HALVES[half].end)
    return pack_of(school.seen(report), period, COHORTS[cohort], pd.DataFrame())


def counted_once(build: Build) -> Build:
    """Return what makes a table, counting once a pack: all that is planted here is in what is done to the table afterwards.

    What earlier reports left out has a row in some tables; nothing else of those reports is in any.
    """
    made: WeakKeyDictionary[Pack, dict[frozenset, PublicTable]] = WeakKeyDictionary()

    @wraps(build)
    def table(workings: Workings) -> PublicTable:
        of_pack = made.setdefault(workings.pack, {})
        if workings.left_out not in of_pack:
            of_pack[workings.left_out] = build(workings)
        return of_pack[workings.left_out]

    return table


BUILDERS = tuple(map(counted_once, opening.BUILDERS))


@patch.object(opening, "BUILDERS", BUILDERS)
def make(
    pack: Pack,
    cohort: str,
    earlier: Sequence[Record],
    change: Callable[[dict], dict] = dict,
    *,
    is_told: bool = False,
) -> Made:
    """Publish a report; ``change`` plants a fault in its tables, and its reader ``is_told`` what its rates are made of."""
    start = time.process_time()
    workings = Workings(pack, tuple(earlier))
    before = tables_of(workings)
    report = publish_tables(before, workings)
    seconds = time.process_time() - start
    report = replace(report, tables=change(report.tables))
    return replace(made_of(report, before, workings, cohort, is_told=is_told), seconds=seconds)


def made_of(
    report: Published, before: Sequence[PublicTable], workings: Workings, cohort: str, *, is_told: bool
) -> Made:
    """What its readers hold of a report, and what was behind it."""
    truth = {table.name: table.frame for table in before}
    paper = Paper(
        {name: frame.to_csv(index=False, date_format="%Y-%m-%d") for name, frame in report.tables.items()},
        workings.pack.date_from,
        workings.pack.date_to,
        workings.level,
        cohort,
        PARTS[cohort],
        told_of(truth) if is_told else {},
    )
    shown, hidden = figures_of(report.tables)
    return Made(paper, truth, checked(report.record), shown + hidden, hidden, 0.0)


def told_of(truth: dict[str, pd.DataFrame]) -> dict[tuple[str, int, str], tuple[float, float]]:
    """The sessions behind each rate to the last, and those behind a week's as far as its rounded rate tells them."""
    told = {
        (table, line, column): (value, value)
        for table, frame in truth.items()
        for line in range(len(frame))
        for column in frame
        if column.endswith("_rate") and (value := count_behind(frame.iloc[line], column, table)) is not None
    }
    weeks = truth["weekly_attendance"][["least_sessions", "most_sessions"]].dropna()
    return told | {
        ("weekly_attendance", line, "attendance_rate"): (low, high) for line, low, high in weeks.itertuples()
    }


def figures_of(tables: dict[str, pd.DataFrame]) -> tuple[int, int]:
    """How many printed figures are numbers, and how many read c."""
    cells = [value for frame in tables.values() for name in frame for value in frame[name]]
    hidden = sum(isinstance(value, str) and value == "c" for value in cells)
    return sum(isinstance(value, (int, float)) and not pd.isna(value) for value in cells), hidden


def attack_series(made: Sequence[Made], size: int, sessions: dict[date, int] = OPEN) -> Outcome:
    """Let the reader attack all of a series at once, and judge what he finds; ``sessions`` are those of each open day."""
    outcome = Outcome(
        size, printed=sum(each.counts for each in made), withheld=sum(each.withheld for each in made)
    )
    outcome.seconds = [each.seconds for each in made]
    known = read_papers([each.paper for each in made], sessions)
    outcome.blanks = [" ".join(map(str, place)) for place in known.blanks]
    try:
        judge(outcome, made, known, sessions)
    except NoSuchSchoolError as error:
        outcome.wrong = f"nothing fits: {error}"
    return outcome


def judge(outcome: Outcome, made: Sequence[Made], known: Known, sessions: dict[date, int] = OPEN) -> None:
    """Attack each withheld figure, and each piece of time that follows from printed ones, that must not be made out."""
    tie_versions(made, known)
    check_true(made, known)
    solver, wanted = Solver(known), list(targets(made, known))
    solver.look_around((names, needed) for _, names, _, needed in wanted)
    for place, names, value, needed in wanted:
        found = solver.bounds(names, needed)
        outcome.attacked += 1
        said = " ".join(map(str, place))
        if found.values >= needed:
            continue
        least = pass_mark(needed, made[place[0]].paper.level)
        if made[place[0]].paper.parts and found.values < least:
            least = least_of_a_cohort(made, place[0], sessions, names, least)
        if not found.low <= value <= found.high:
            outcome.wrong = f"{said}: {value} is not among {found.low:g} to {found.high:g}"
        if found.values < least:
            outcome.narrowed.append(
                f"{said}: {value} is {found.low:g} to {found.high:g}, {least} values are asked"
            )
        else:
            outcome.as_c_says += 1


def check_true(made: Sequence[Made], known: Known) -> None:
    """Refuse what he takes for known where the school itself, with the true count of each figure, does not fit it."""
    true = Known(list(known.sums))
    for (report, table, line, column), names in known.figures.items():
        value = count_behind(made[report].truth[table].iloc[line], column, table)
        if value is not None:
            true.between(names, value, value)
    solver = Solver(true)
    solver.world(np.zeros(len(solver.part)), np.arange(len(solver.part)))


def least_of_a_cohort(
    made: Sequence[Made], report: int, sessions: dict[date, int], names: tuple[Unknown, ...], least: int
) -> float:
    """With how few values a cohort's figure passes: all that the reports before it leave, and later ones what they and it leave.

    Both are meant of a reader who knows the sessions behind each rate. What its own report takes beyond the first is not passed.
    """
    least = min(least, left_before(made, report, sessions, names))
    here = [each.paper for each in made[: report + 1]]
    if len(made) == len(here) or Solver(read_papers(here, sessions)).bounds(names, MOST).values < least:
        return least
    known = [replace(each.paper, told=told_of(each.truth)) for each in made[: report + 1]]
    return min(least, Solver(read_papers(known, sessions)).bounds(names, MOST).values)


def left_before(
    made: Sequence[Made], report: int, sessions: dict[date, int], names: tuple[Unknown, ...]
) -> float:
    """How many values of a cohort's figure the reports before it leave, if it says nothing: it is a part of the school.

    To a reader who knows the sessions behind each of their rates: what he has no more than is not taken from anybody.
    """
    papers = [replace(each.paper, told=told_of(each.truth)) for each in made[:report]]
    solver = Solver(read_papers([*papers, silent(made[report].paper)], sessions))
    return solver.bounds(names, MOST).values if all(name in solver.column for name in names) else MOST


def silent(paper: Paper) -> Paper:
    """The same paper where every figure reads c."""
    return replace(paper, files={name: silenced(text) for name, text in paper.files.items()}, told={})


def silenced(text: str) -> str:
    """A table of CSV in which c stands in place of each figure; what is blank stays so."""
    frame = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    figures = [name for name in frame if name.endswith(FIGURES)]
    return frame.assign(**{name: frame[name].where(frame[name] == "", HIDDEN) for name in figures}).to_csv(
        index=False
    )


FIGURES = ("_rate", "_low", "_high", "enrolments", "_sessions", "pupils", "_notices", "_things")


def tie_versions(made: Sequence[Made], known: Known) -> None:
    """Tell the reader which figures of a report made again are as they were, though both read c: he may know who was corrected."""
    for (number, *rest), names in list(known.figures.items()):
        for earlier, other in enumerate(made[:number]):
            place = (earlier, *rest)
            if (
                place in known.figures
                and is_again(made[number], other)
                and is_unchanged(made[number], other, *rest)
            ):
                known.same(known.figures[place], names)


def is_again(later: Made, earlier: Made) -> bool:
    """Whether a report is of the same days and cohort as another."""
    return (later.paper.cohort, later.paper.last) == (earlier.paper.cohort, earlier.paper.last)


def is_unchanged(later: Made, earlier: Made, table: str, line: int, column: str) -> bool:
    """Whether the true count behind a figure is the same in both reports."""
    rows = [each.truth[table].iloc[line] for each in (later, earlier) if line < len(each.truth[table])]
    counts = [count_behind(row, column, table) for row in rows]
    return len(counts) > 1 and None not in counts and counts[0] == counts[1]


def count_behind(row: pd.Series, column: str, table: str) -> int | None:
    """The true count behind a figure; None where there is none."""
    name = column.replace("_rate", "_sessions")
    if table in ("year_groups", "groups", "year_groups_outside") and column == "attendance_rate":
        name = "absence_sessions"
    return None if name not in row or pd.isna(row[name]) else int(row[name])


def pass_mark(needed: int, level: int) -> int:
    """With how few values a figure passes: those that c has by itself, one in the level fewer; of fewer than the level all."""
    return needed if needed < level else needed * (level - 1) // level


Target = tuple[Place, tuple[Unknown, ...], int, int]


def targets(made: Sequence[Made], known: Known) -> Iterator[Target]:
    """Every figure behind which so few are: its place, what it is, its value and how many values it needs."""
    for place, names in known.figures.items():
        report, table, line, column = place
        row = made[report].truth[table].iloc[line]
        paper = made[report].paper
        value, needed = truth_of(row, column, table, paper.level)
        if needed:
            yield place, names, value, needed


def truth_of(row: pd.Series, column: str, table: str, level: int) -> tuple[int, int]:
    """The true count behind a figure, and how many values it must keep; 0 where it may be told."""
    name, value = column.replace("_rate", "_sessions"), count_behind(row, column, table)
    if value is None:
        return 0, 0
    when = name.split("_")[0]
    people = row.get(f"{when}_pupils", None) if name.endswith(("_sessions", "_notices", "_things")) else None
    if people is not None and 0 < int(people) < level:
        return value, level * max(1, -(-value // int(people)))
    return value, level if 0 < value < level else 0


def series_of(
    school: Invented, halves: Sequence[int], cohorts: Sequence[str] = (), *, again: bool = False
) -> tuple[list[Made], list[str]]:
    """Publish a report for each half term, each knowing those before, and cohorts'; then the last one re-made.

    All cohorts have a report of the last half term, the first of them one of that before, and the second one before that: the whole
    school's next report knows them.
    """
    made: list[Made] = []
    stopped: list[str] = []
    for number, half in enumerate(halves):
        left = len(halves) - 1 - number
        for cohort in ("all", *(cohorts[left - 1 : left] if left else cohorts)):
            add(made, stopped, pack_at(school, number, half, cohort), cohort)
    if again:
        add(
            made, stopped, pack_at(school.edited(halves[-1]), len(school.edits) + 1, halves[-1], "all"), "all"
        )
    return made, stopped


def add(made: list[Made], stopped: list[str], pack: Pack, cohort: str) -> None:
    try:
        made.append(make(pack, cohort, [each.record for each in made]))
    except DisclosureError as error:
        stopped.append(f"{cohort} {pack.date_to}: {error}")


def run_series(
    school: Invented, halves: Sequence[int], cohorts: Sequence[str] = (), *, again: bool = False
) -> Outcome:
    """Publish and attack one series, all versions together."""
    made, stopped = series_of(school, halves, cohorts, again=again)
    outcome = attack_series(made, school.size) if made else Outcome(school.size)
    outcome.seconds, outcome.stopped = [each.seconds for each in made], stopped
    return outcome
