"""How often the outlook is right, over invented schools whose later absence is known: docs/outlook_calibration.md.

``make calibrate`` runs it. Every school is written down as it is done (``build/calibration``), so that a run that was
stopped goes on where it was; other code begins anew. Fewer schools for a look: ``.venv/bin/python -m
benchmarks.calibrate_outlook 20``.
"""

import hashlib
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
from scipy.special import expit, logit

from attendance_lib.analysis.outlook.backtest import (
    CHECK,
    OURS,
    Tried,
    arithmetic_first,
    best_of,
    simple,
    try_week,
    weeks_about,
    whole,
)
from attendance_lib.analysis.outlook.level_and_drift import numbers_of
from attendance_lib.analysis.outlook.marks import Known, WeeklyMarks, needed
from attendance_lib.analysis.outlook.rules import RULES, over_so_far
from attendance_lib.rules.thresholds import (
    FIRST_WEEKS_SESSIONS,
    PERSISTENT_ABSENCE,
    SEVERE_ABSENCE,
    Threshold,
)
from benchmarks import outlook_predictors
from benchmarks.outlook_predictors import skill, table, with_error
from benchmarks.outlook_schools import HALF_TERMS, WEEKS, World, invent, without_first_year
from benchmarks.resumable import collect

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "outlook_calibration.md"
BUILD = ROOT / "build" / "calibration"
SEED, SCHOOLS, PERCENTS = 20270901, 300, 101
KINDS = ("simulator", "demo")
WEEKS_TRIED = (2, 4, 7, 14, 28)
# After how many weeks it is asked what the school's own back-test on its last year chooses.
CHOSEN_AFTER, CHOSEN_IN, NAMED_PER_1000 = (4, 28), ("main", "200 on roll"), 25
SEVERE_AFTER = (4, 14)
# Of schools of 200, and of each other world, fewer are made.
SMALL, SMALL_SCHOOLS, STRESSED = 200, 60, 60
# Of schools on which something else is tried, so many of each kind and world.
TRIED = 60
# What is aimed at after four weeks, to the end of the year: the least and the most of each of HEADINGS.
AIMED_AFTER = 4
AIMS = {
    "all: two cells": (20, 100), "all: curve": (12, 100), "under: two cells": (12, 100), "under: best rule": (5, 100),
    "slope": (0.9, 1.1), "worst tenth": (-6, 6), "gap": (-2, 2),
}  # fmt: skip
WORLDS = {
    "main": World(),
    "200 on roll": World(size=SMALL),
    "levels drawn anew each year": World(are_levels_redrawn=True),
    "a much better year": World(shift=-0.35),
    "a much worse year": World(shift=0.35),
    "little persistence (0.6)": World(persistence=0.6),
    "much persistence (0.95)": World(persistence=0.95),
    "stronger drift": World(drift=1.4),
    "stronger season": World(season=2.0),
    "closed for four weeks": World(closed=(16, 17, 18, 19)),
}
METHOD = ("marks", "level_and_drift", "chances", "rules", "backtest")
WHOM = ("is_asked", "is_under")


def school(task: tuple[str, str, int]) -> list[dict]:
    """Return what is found in one invented school, a row for each week, horizon and line."""
    kind, name, seed = task
    marks = invent(kind, WORLDS[name], seed)
    return list(rows_of(marks, name))


def rows_of(marks: WeeklyMarks, name: str) -> Iterator[dict]:
    """Yield the rows of one school: chances by three years for the rules that need them, by two for everything else."""
    known = without_first_year(marks)
    for week in WEEKS_TRIED if name == "main" else (4, 14):
        now = known.at(WEEKS + week - 1)
        for horizon, end, line in questions_of(week, name):
            begin = time.process_time()
            tried = try_week(known, now, WEEKS + end, line, numbers_of(now))
            taken = time.process_time() - begin
            said = tried.said | favoured(marks, now, end, line)
            if horizon == "year" and week in CHOSEN_AFTER and name in CHOSEN_IN:
                said["shown"] = said[choice(known, now)]
            yield {"week": week, "horizon": horizon, "seconds": taken} | found(tried, said, now)


def questions_of(week: int, name: str) -> Iterator[tuple[str, int, Threshold]]:
    """Yield what is asked of a week of schools: what is said, up to which week of the year, and of which line.

    Examples
    --------
    >>> [(horizon, end) for horizon, end, _ in questions_of(10, "main")]
    [('year', 38), ('half term', 14)]
    """
    yield "year", WEEKS, PERSISTENT_ABSENCE
    yield "half term", next(end for end in HALF_TERMS if end > week), PERSISTENT_ABSENCE
    if name == "main" and week in SEVERE_AFTER:
        yield "year, 50 %", WEEKS, SEVERE_ABSENCE


def favoured(marks: WeeklyMarks, now: Known, end: int, line: Threshold) -> dict[str, np.ndarray]:
    """Return the chances of the simplest rule, and of those that only a third year of marks can teach (fractions, one per pupil).

    The simplest: over the line so far or not, each with last year's share.
    """
    here, stop = marks.at(now.week + WEEKS), 2 * WEEKS + end
    need, left = needed(here, stop, line), here.left(stop)
    then = marks.at(now.week)
    came = marks.is_over(then, WEEKS + end, line)[then.is_here]
    cells = over_so_far(then, line)[then.is_here]
    shares = np.array(
        [came[cells == cell].mean() if (cells == cell).any() else came.mean() for cell in (0, 1)]
    )
    told = {
        name: arithmetic_first(simple(marks, here, stop, line, RULES[name], now.week), need, left)
        for name in ("last_year", "both")
    }
    return told | {"two_cells": whole(shares[over_so_far(here, line)])}


def choice(marks: WeeklyMarks, now: Known) -> str:
    """Return the name of what the school's own back-test on its last year chooses for the year."""
    weeks = weeks_about(marks, now, WEEKS)
    return best_of(
        [try_week(marks, marks.at(week), WEEKS, PERSISTENT_ABSENCE, numbers_of(now)) for week in weeks]
    )


def of_some(tried: Tried, said: dict[str, np.ndarray], mask: np.ndarray) -> dict:
    """Return the figures of ``found`` of some pupils (``mask``: boolean, shape (pupils,)), chances being fractions.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> tried, said = SimpleNamespace(came=np.array([True, False])), {OURS: np.array([0.5, 0.0])}
    >>> found = [of_some(tried, said, np.array(mask)) for mask in ([True, False], [True, True], [False, False])]
    >>> [(each["pupils"], each["came"], each["brier"][OURS]) for each in found]
    [(1, 1, 0.25), (2, 1, 0.125), (0, 0, 0.0)]
    """
    came = tried.came[mask]
    percent = np.rint(100 * said[OURS][mask]).astype(int)
    return {
        "pupils": int(mask.sum()),
        "came": int(came.sum()),
        "brier": {
            name: float(np.square(chance[mask] - came).mean()) if mask.any() else 0.0
            for name, chance in said.items()
        },
        "told": np.bincount(percent, minlength=PERCENTS).tolist(),
        "seen": np.bincount(percent, came, PERCENTS).astype(int).tolist(),
    }


def found(tried: Tried, said: dict[str, np.ndarray], now: Known) -> dict:
    """Return the figures of one week of one school: squared misses, counts by whole per cent, and who was named.

    ``said`` are chances (fractions, shape (pupils,)) by method.
    """
    new = tried.is_under & (now.possible_last_year < FIRST_WEEKS_SESSIONS)
    masks = {each: getattr(tried, each) for each in WHOM} | {"is_new": new}
    row: dict = {which: of_some(tried, said, mask) for which, mask in masks.items()}
    named = max(NAMED_PER_1000 * int(tried.is_asked.sum()) // 1000, 1)
    rate = now.absent_so_far / np.maximum(now.possible_so_far, 1)
    for name in (OURS, "year_to_date", "both"):
        order = np.lexsort((np.arange(len(rate)), -rate, -said[name], ~tried.is_under))[:named]
        row[f"found_{name}"] = int((tried.came & tried.is_under)[order].sum())
    return row | {
        "named": named,
        "is_shown_ours": bool(np.array_equal(said.get("shown", said[OURS]), said[OURS])),
    }


def fingerprint(*more: Path) -> str:
    """Return a mark of what the figures come from: the method, the invented schools, what is asked of them, and ``more`` files."""
    method = [ROOT / "attendance_lib" / "analysis" / "outlook" / f"{name}.py" for name in METHOD]
    files = [
        *method,
        ROOT / "benchmarks" / "outlook_schools.py",
        ROOT / "tests" / "analysis" / "impact" / "simulate.py",
        *more,
    ]
    told = b"".join(path.read_bytes() for path in files) + repr((WORLDS, WEEKS_TRIED, SEVERE_AFTER)).encode()
    return hashlib.sha256(told).hexdigest()[:12]


def fewer(whole: int, schools: int) -> int:
    """Return how many schools are made where a whole run makes ``whole``, two at least.

    Examples
    --------
    >>> fewer(SCHOOLS, 10), fewer(SCHOOLS // 2, 10), fewer(SCHOOLS // 100, 10)
    (10, 5, 2)
    """
    return max(whole * schools // SCHOOLS, 2)


def tasks_of(schools: int) -> list[tuple[str, str, int]]:
    """Return what is to be done: so many schools of each kind and size, fewer of each other world."""
    counts = dict.fromkeys(WORLDS, fewer(STRESSED, schools)) | {
        "main": schools,
        "200 on roll": fewer(SMALL_SCHOOLS, schools),
    }
    return [(kind, name, SEED + place) for name in WORLDS for kind in KINDS for place in range(counts[name])]


# Tables


def best_simple(rows: list[dict], which: str) -> str:
    """Return the simple rule that misses least over all schools.

    Examples
    --------
    >>> missed = dict.fromkeys(("two_cells", "year_to_date", "last_year", "first_days"), 0.2)
    >>> best_simple([{"is_asked": {"brier": missed | {"both": 0.1}}}], "is_asked")
    'both'
    """
    names = ("two_cells", "year_to_date", "last_year", "first_days", "both")
    return min(names, key=lambda name: np.mean([row[which]["brier"][name] for row in rows]))


def calibration(rows: list[dict], which: str) -> tuple[float, float, float]:
    """Return the slope of the log odds, the worst tenth and the mean gap (said less seen, points), pooled over schools.

    Examples
    --------
    Said were chances of 10 and 90 %, and it came for 20 and 80 of 100: too sure, and on average right.

    >>> told, seen = np.zeros(PERCENTS), np.zeros(PERCENTS)
    >>> told[[10, 90]], seen[[10, 90]] = 100, [20, 80]
    >>> [round(float(each), 2) for each in calibration([{"is_asked": {"told": told, "seen": seen}}], "is_asked")]
    [0.63, -10.0, 0.0]
    """
    told, seen = (np.sum([row[which][name] for row in rows], axis=0) for name in ("told", "seen"))
    said = told * np.arange(PERCENTS) / 100
    mean_gap = 100 * (said.sum() - seen.sum()) / told.sum()
    return slope_of(told, seen), worst_tenth(told, seen), mean_gap


def slope_of(told: np.ndarray, seen: np.ndarray) -> float:
    """Return the slope of the log odds of what came on those of what was said, by logistic regression: 1 is as said.

    ``told`` and ``seen`` are counts of pupils and of those who crossed the line, by the whole percentage that was
    said of them, both of shape (PERCENTS,); who was at 0 or 100 per cent has no odds and is left out.
    """
    inner = slice(1, PERCENTS - 1)
    x, n, y = logit(np.arange(PERCENTS)[inner] / 100), told[inner], seen[inner]
    line = np.array([0.0, 1.0])
    columns = np.column_stack([np.ones(len(x)), x])
    for _ in range(25):
        chance = expit(columns @ line)
        weight = (n * chance * (1 - chance))[:, None]
        line = line + np.linalg.solve((columns * weight).T @ columns, columns.T @ (y - n * chance))
    return line[1]


def worst_tenth(told: np.ndarray, seen: np.ndarray) -> float:
    """Return the widest gap (said less seen, in points) among tenths of the pupils by what was said; as for ``slope_of``."""
    said = told * np.arange(PERCENTS) / 100
    tenth = np.minimum((np.cumsum(told) - told / 2) / told.sum() * 10, 9).astype(int)
    here = [tenth == each for each in np.unique(tenth[told > 0])]
    gaps = [100 * (said[at].sum() - seen[at].sum()) / told[at].sum() for at in here]
    return max(gaps, key=abs)


HEADINGS = (
    "schools", "all: two cells", "all: curve", "under: two cells", "under: best rule", "which", "slope", "worst tenth", "gap",
    "slope under", "worse than two cells",
)  # fmt: skip


def row_of(rows: list[dict]) -> list[str]:
    """Return the figures of one cell of the tables: HEADINGS."""
    best = best_simple(rows, "is_under")
    slope, worst, gap = calibration(rows, "is_asked")
    worse = np.mean(
        [row["is_asked"]["brier"][OURS] > 1.01 * row["is_asked"]["brier"]["two_cells"] for row in rows]
    )
    return [
        str(len(rows)),
        with_error(skill(rows, "is_asked", OURS, "two_cells")),
        with_error(skill(rows, "is_asked", OURS, "year_to_date")),
        with_error(skill(rows, "is_under", OURS, "two_cells")),
        with_error(skill(rows, "is_under", OURS, best)),
        best.replace("_", " "),
        f"{slope:.2f}",
        f"{worst:+.1f}",
        f"{gap:+.1f}",
        f"{calibration(rows, 'is_under')[0]:.2f}",
        f"{100 * worse:.0f} %",
    ]


Found = dict[tuple[str, str, int], list[dict]]


def rows_for(done: Found, kind: str, name: str, week: int, horizon: str) -> list[dict]:
    """Return the rows of all schools of one cell.

    Examples
    --------
    >>> rows = [{"week": week, "horizon": "year"} for week in (4, 14)]
    >>> rows_for({("demo", "main", 1): rows, ("demo", "200 on roll", 1): rows}, "demo", "main", 14, "year")
    [{'week': 14, 'horizon': 'year'}]
    """
    return [
        row
        for task, rows in done.items()
        if task[:2] == (kind, name)
        for row in rows
        if (row["week"], row["horizon"]) == (week, horizon)
    ]


def main_table(done: Found, horizon: str) -> str:
    """Return the table of the main schools by week, of one horizon."""
    cells = [
        [kind, str(week), *row_of(rows_for(done, kind, "main", week, horizon))]
        for kind in KINDS
        for week in WEEKS_TRIED
    ]
    return table(("schools", "after weeks", *HEADINGS[1:]), [[*row[:2], *row[3:]] for row in cells])


def severe_table(done: Found) -> str:
    """Return the table of the line of 50 %, of which no per cents are shown."""
    cells = [
        [kind, str(week), *row_of(rows_for(done, kind, "main", week, "year, 50 %"))[1:]]
        for kind in KINDS
        for week in SEVERE_AFTER
    ]
    return table(("schools", "after weeks", *HEADINGS[1:]), cells)


def worlds_table(done: Found) -> str:
    """Return the table of every world after four and fourteen weeks, with what was aimed at and missed."""
    cells = []
    for name, kind, week in product(WORLDS, KINDS, (AIMED_AFTER, 14)):
        row = row_of(rows_for(done, kind, name, week, "year"))
        title = "1,000 on roll" if name == "main" else name
        cells.append([title, f"{kind}, {week} weeks", *row, missed(row) if week == AIMED_AFTER else ""])
    return table(("world", "kind and weeks", *HEADINGS, "missed"), cells)


def missed(row: list[str]) -> str:
    """Return which of AIMS a row of HEADINGS, as it is printed, misses.

    Examples
    --------
    >>> missed(["60", "20.0 (0.5)", "11.9 (0.5)", "12.1 (0.4)", "5.0 (0.3)", "both", "1.11", "-6.0", "+1.9", "1.0", "0 %"])
    'all: curve, slope'
    """
    printed = dict(zip(HEADINGS, row, strict=True))
    found = [
        name
        for name, (least, most) in AIMS.items()
        if not least <= float(printed[name].split(" ")[0]) <= most
    ]
    return ", ".join(found) or "none"


def list_table(done: Found) -> str:
    """Return how many crossers stand among those named, by week."""
    lines = []
    for kind in KINDS:
        for week in WEEKS_TRIED:
            rows = rows_for(done, kind, "main", week, "year")
            total = lambda name, rows=rows: sum(row[name] for row in rows)  # noqa: E731 - one line of the table
            came, named = sum(row["is_under"]["came"] for row in rows), total("named")
            shares = [
                f"{total(f'found_{name}') / len(rows):.1f} ({100 * total(f'found_{name}') / came:.0f} %, "
                f"{100 * total(f'found_{name}') / named:.0f} %)"
                for name in (OURS, "year_to_date", "both")
            ]
            lines.append([kind, str(week), f"{named / len(rows):.0f}", f"{came / len(rows):.0f}", *shares])
    return table(("schools", "after weeks", "named", "crossed", "ours", "so far", "two by two"), lines)


def choice_table(done: Found) -> str:
    """Return what the school's own back-test chose, and what that costs or saves."""
    lines = []
    for name, kind, week in product(("main", "200 on roll"), KINDS, CHOSEN_AFTER):
        tried = rows_for(done, kind, name, week, "year")
        rows = [row for row in tried if "shown" in row["is_asked"]["brier"]]
        if rows:
            lines.append([name, f"{kind}, {week} weeks", *choice_figures(rows)])
    headings = ("size", "kind and weeks", "beaten by the curve", "fell back", "ours", "shown", "check")
    return table(headings, lines)


def choice_figures(rows: list[dict]) -> list[str]:
    """Return how often the curve beat the method in some schools, how often these fell back on it, and the skill of each choice.

    Examples
    --------
    >>> briers = [{OURS: ours, "year_to_date": 0.2, "shown": min(ours, 0.2), CHECK: 0.1} for ours in (0.1, 0.3)]
    >>> shown = [{"pupils": 9, "brier": brier} for brier in briers]
    >>> rows = [{"is_asked": each, "is_shown_ours": is_ours} for each, is_ours in zip(shown, (True, False), strict=True)]
    >>> choice_figures(rows)[:2]  # in one of two schools the curve missed less, and there the school fell back on it
    ['50 %', '50 %']
    """
    misses = [row["is_asked"]["brier"] for row in rows]
    beaten = np.mean([miss[OURS] > miss["year_to_date"] for miss in misses])
    ours = np.mean([row["is_shown_ours"] for row in rows])
    methods = (OURS, "shown", CHECK)
    skills = (with_error(skill(rows, "is_asked", method, "year_to_date")) for method in methods)
    return [f"{100 * beaten:.0f} %", f"{100 * (1 - ours):.0f} %", *skills]


def new_table(done: Found) -> str:
    """Return the skill for pupils without marks of last year."""
    lines = [
        [
            kind,
            str(week),
            with_error(skill(rows_for(done, kind, "main", week, "year"), "is_new", OURS, "two_cells")),
        ]
        for kind in KINDS
        for week in WEEKS_TRIED
    ]
    return table(("schools", "after weeks", "two cells"), lines)


def document(done: Found, tried: Found, schools: int) -> str:
    """Return the page for the documentation; ``tried`` is what was found of what else was tried."""
    text = (Path(__file__).parent / "calibrate_outlook.md").read_text(encoding="utf-8")
    taken = np.median([row["seconds"] for rows in done.values() for row in rows])
    return text.format(
        seed=SEED, schools=schools, stressed=fewer(STRESSED, schools), small=SMALL, small_schools=fewer(SMALL_SCHOOLS, schools),
        milliseconds=f"{1000 * taken:.0f}", year=main_table(done, "year"), half_term=main_table(done, "half term"),
        severe=severe_table(done), lists=list_table(done), choice=choice_table(done), new=new_table(done),
        worlds=worlds_table(done), tried=fewer(TRIED, schools), tried_seed=outlook_predictors.SEED,
        tried_year=outlook_predictors.predictors_table(tried, KINDS, "year"),
        tried_half_term=outlook_predictors.predictors_table(tried, KINDS, "half term"),
    )  # fmt: skip


def main(schools: int) -> None:
    """Run the schools and write the tables: to the documentation if these are enough, to the screen otherwise."""
    done = collect(tasks_of(schools), school, BUILD / f"outlook_{fingerprint()}.jsonl")
    tried = collect(
        outlook_predictors.tasks_of(KINDS, fewer(TRIED, schools)),
        outlook_predictors.predictors,
        BUILD / f"outlook_tried_{fingerprint(Path(outlook_predictors.__file__))}.jsonl",
    )
    page = document(done, tried, schools)
    if schools >= SCHOOLS:
        DOCUMENT.write_text(page, encoding="utf-8", newline="\n")
    sys.stdout.write(page)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SCHOOLS)
