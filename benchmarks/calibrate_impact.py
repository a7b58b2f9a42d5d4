"""How often the impact estimate is right, over invented schools whose true effect is known.

``make calibrate`` runs it: 500 schools in every cell, and 1,000 others of the smallest group; two processes, fixed
seeds. Every school is written down as it is done (``build/calibration``), so that a run that was stopped goes on where
it was; other code begins anew. The table goes to ``docs/impact_calibration.md``. Fewer schools for a look:
``.venv/bin/python -m benchmarks.calibrate_impact 60`` (or two numbers: of the main table, and under stress).
Bias and root mean square error are in points of attendance.
"""

import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from attendance_lib.analysis.impact.evaluate import Evaluation, evaluate
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.self_test import RUNS, SelfTest
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.weeks import WeekCounts, count_weeks, place_starts
from attendance_lib.analysis.impact.workings import weighted_line
from benchmarks.resumable import collect
from tests.analysis.impact.simulate import SCHEME, World, invent, plan_school

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "impact_calibration.md"
BUILD = ROOT / "build" / "calibration"
ENGINE = ROOT / "attendance_lib" / "analysis" / "impact"
POOLED_SECTION = "## The same intervention in several schools"
SEED, SCHOOLS = 20270101, 500
SIZES, EFFECTS, STRESS_EFFECTS = (8, 15, 30, 60), (-3.0, 0.0, 2.0, 5.0), (0.0, 5.0)
POINTS = 100
AT_ONCE, NOBODY_TREATED = World(start_weeks=(0,)), World(treated=0)
STRESS = {
    "longer look back, worst first": World(selection="long dip"),
    "stronger illness season": World(season=2.5),
    "faster persistence (0.5)": World(persistence=0.5),
    "slower persistence (0.95)": World(persistence=0.95),
    "fading effect": World(is_fading=True),
    "severe only": World(line=0.2, treated=15),
    "starts early in the year": World(first_start=4, start_weeks=(0, 1, 2)),
    "no reason codes": World(has_reasons=False),
    "no last year": World(has_last_year=False),
    "school of 300": World(pupils=300, treated=15, others=20),
    "six in ten dippers treated": replace(AT_ONCE, share_chosen=0.6),
    "everyone under 90 %": replace(AT_ONCE, selection="everyone below"),
}


@dataclass(frozen=True)
class Found:
    """What was found in one school for one world and effect; figures as fractions, None where there is none.

    ``pretended_helped`` and ``pretended_worse`` count the pretended groups of the self-test, and ``said`` is the verdict after
    it has had its say: None where it was not asked.
    """

    world: str
    effect: float
    seed: int
    verdict: str
    pupils: int
    truth: float | None
    estimate: float | None
    low: float | None
    high: float | None
    milliseconds: float
    naive: float | None
    naive_low: float | None
    naive_high: float | None
    weighted_truth: float | None
    weighted: float | None
    weighted_low: float | None
    weighted_high: float | None
    weighted_verdict: str
    pretended_helped: int | None = None
    pretended_worse: int | None = None
    said: str | None = None


MAIN = {f"{size} pupils": World(treated=size) for size in SIZES}
# The tables, in the order in which they are run: worlds by name, and the effects tried in each.
TABLES = {
    "main": (MAIN, EFFECTS),
    "stress": (STRESS, STRESS_EFFECTS),
    "eight": ({"8 pupils": MAIN["8 pupils"]}, EFFECTS),
    "self_test": (MAIN, STRESS_EFFECTS),
}
# The bias of a group of 8 is known to 0.3 points from 500 schools, no better than its limit: 1,000 others, on seeds of their own.
SCHOOLS_OF_EIGHT = 1000
# A self-test takes as long as fifteen estimates, and what it takes back is rare whatever the effect.
SCHOOLS_OF_SELF_TEST = 100
SEEDS = {
    "main": SEED,
    "stress": SEED,
    "eight": SEED + SCHOOLS,
    "self_test": SEED + SCHOOLS + SCHOOLS_OF_EIGHT,
}


def schools_of(task: tuple[str, int]) -> list[Found]:
    """Return what is found in one invented school, told again for every world and effect of a table."""
    (worlds, effects), seed = TABLES[task[0]], task[1]
    # Worlds that share their pupils follow one another, so that these are invented once.
    ordered = sorted(worlds.items(), key=lambda each: str(shared_by(each[1])))
    found = [found for name, world in ordered for found in effects_of(name, world, effects, seed)]
    return [tested(*each) if task[0] == "self_test" else each[0] for each in found]


def tested(found: Found, evaluation: Evaluation) -> Found:
    """Add what the self-test says, and the verdict after it."""
    test = evaluation.self_test
    said = str(evaluation.impact.verdict)
    return replace(found, pretended_helped=test.helped, pretended_worse=test.worse, said=said)


def effects_of(
    name: str, world: World, effects: tuple[float, ...], seed: int
) -> Iterator[tuple[Found, Evaluation]]:
    """Evaluate one world's scheme with each effect: the same pupils, chosen in the same weeks."""
    plan = plan_school(world, seed)
    counts = counts_without(replace(NOBODY_TREATED, **shared_by(world)), seed)
    starts = place_starts(plan.interventions, counts)
    rows = np.array(sorted({pupil for pupil, _ in plan.chosen}), dtype=int)
    for effect in effects:
        changed = invent(replace(world, effect=effect), seed, rows)
        question = Question(recounted(counts, count_weeks(changed.register), rows), starts, SCHEME)
        begin = time.process_time()
        evaluation = evaluate(question)
        taken = (time.process_time() - begin) * 1000
        yield found_in(evaluation, changed.gains, taken, (name, effect, seed)), evaluation


def shared_by(world: World) -> dict[str, object]:
    """Return the settings of a world on which its register depends before the scheme."""
    names = ("pupils", "persistence", "season", "has_last_year", "others", "other_effect", "has_reasons")
    return {name: getattr(world, name) for name in names}


@lru_cache(maxsize=1)
def counts_without(world: World, seed: int) -> WeekCounts:
    """Count the register in which nobody had the scheme."""
    return count_weeks(invent(world, seed).register)


def recounted(counts: WeekCounts, changed: WeekCounts, rows: np.ndarray) -> WeekCounts:
    """Return counts of sessions with some enrolments' (rows) replaced: only those treated differ from effect to effect.

    Examples
    --------
    >>> counts = WeekCounts(None, None, {"absent": np.array([[0, 1], [0, 2]])})
    >>> changed = WeekCounts(None, None, {"absent": np.array([[0, 9]])})
    >>> recounted(counts, changed, np.array([1])).running["absent"].tolist()
    [[0, 1], [0, 9]]
    """
    running = {name: total.copy() for name, total in counts.running.items()}
    for name, total in running.items():
        total[rows] = changed.running[name]
    return WeekCounts(counts.pupils, counts.weeks, running)


def found_in(evaluation: Evaluation, gains: np.ndarray, taken: float, which: tuple[str, float, int]) -> Found:
    """Return what was found, before a self-test, with the mean true gain of those evaluated (fractions; ``gains`` one per row)."""
    impact, line, own = evaluation.measured, weighted_line(evaluation), np.zeros(0)
    if evaluation.expectation is not None:
        sets = evaluation.expectation.sets
        own = gains[sets.enrolment[sets.is_treated].astype(int)]
    truths = (mean_or_none(own), mean_or_none(own * line.shares) if len(line.shares) else None)
    naive = impact.before_after
    figures = (impact.estimate, impact.low, impact.high, taken, naive.change, naive.low, naive.high)
    weighted = (line.estimate, line.low, line.high)
    return Found(
        *which, str(impact.verdict), impact.likeness.pupils, truths[0], *map(known_or_none, figures),
        truths[1], *map(known_or_none, weighted), str(line.judgement.verdict),
    )  # fmt: skip


def mean_or_none(gains: np.ndarray) -> float | None:
    """Return the mean of some gains (fractions, shape (n,)); None of nobody's.

    Examples
    --------
    >>> mean_or_none(np.array([0.02, 0.04])), mean_or_none(np.array([]))
    (0.03, None)
    """
    return float(gains.mean()) if len(gains) else None


def known_or_none(figure: float) -> float | None:
    """Return a figure; None where it is missing.

    Examples
    --------
    >>> known_or_none(0.02), known_or_none(float("nan"))
    (0.02, None)
    """
    return figure if np.isfinite(figure) else None


def fingerprint() -> str:
    """Return a mark of what the figures come from: the engine, the invented schools and the worlds."""
    files = [*sorted(ENGINE.glob("*.py")), ROOT / "tests" / "analysis" / "impact" / "simulate.py"]
    told = b"".join(path.read_bytes() for path in files) + repr(TABLES).encode()
    return hashlib.sha256(told).hexdigest()[:12]


def schools_as_rows(task: tuple[str, int]) -> list[dict]:
    """Return what is found in one invented school as plain rows."""
    return [asdict(each) for each in schools_of(task)]


def found_in_all(wanted: dict[str, int]) -> dict[str, list[Found]]:
    """Run the schools that are not written down yet, and return what is found in the first so many of each table."""
    tasks = [(part, SEEDS[part] + number) for part, schools in wanted.items() for number in range(schools)]
    done = collect(tasks, schools_as_rows, BUILD / f"{fingerprint()}.jsonl")
    return {
        part: [Found(**each) for task in tasks if task[0] == part for each in done[task]] for part in wanted
    }


HEADINGS = ("truth", "bias", "rmse", "cover", "helped", "worse", "no clear effect", "too few", "naive bias",
            "naive cover", "naive helped")  # fmt: skip


def row_of(found: list[Found]) -> list[str]:
    """Return the figures of one cell of the table: HEADINGS."""
    known = [each for each in found if each.truth is not None]
    truth, estimate, naive = (
        np.array([getattr(each, name) for each in known]) for name in ("truth", "estimate", "naive")
    )
    error = (estimate - truth) * POINTS
    shares = [np.mean([each.verdict == verdict for each in found]) for verdict in (
        Verdict.HELPED, Verdict.WORSE, Verdict.NO_CLEAR_EFFECT, Verdict.TOO_FEW)]  # fmt: skip
    return [
        f"{truth.mean() * POINTS:+z.2f}",
        f"{error.mean():+z.2f}",
        f"{np.sqrt((error**2).mean()):.2f}",
        percent(np.mean([each.low <= each.truth <= each.high for each in known])),
        *map(percent, shares),
        f"{((naive - truth) * POINTS).mean():+z.2f}",
        percent(np.mean([each.naive_low <= each.truth <= each.naive_high for each in known])),
        percent(np.mean([each.naive_low > 0 for each in known])),
    ]


WEIGHTED_HEADINGS = ("shown", "truth", "bias", "rmse", "of the headline", "cover", "helped", "of the headline", "worse",
                     "of the headline")  # fmt: skip


def weighted_row(found: list[Found]) -> list[str]:
    """Return the figures of the weighted line in one cell, where it is shown, beside the headline's: WEIGHTED_HEADINGS.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> weighted_row([SimpleNamespace(weighted=None)])[:3]  # the line is shown in none of the schools
    ['0.0 %', '–', '–']
    """
    shown = [each for each in found if each.weighted is not None]
    if not shown:
        return [percent(0.0), *["–"] * (len(WEIGHTED_HEADINGS) - 1)]
    weighted, truth, low, high, headline, of_headline = (
        np.array([getattr(each, name) for each in shown])
        for name in ("weighted", "weighted_truth", "weighted_low", "weighted_high", "estimate", "truth")
    )
    return [
        percent(len(shown) / len(found)),
        f"{truth.mean() * POINTS:+z.2f}",
        f"{((weighted - truth) * POINTS).mean():+z.2f}",
        f"{root_mean_square((weighted - truth) * POINTS):.2f}",
        f"{root_mean_square((headline - of_headline) * POINTS):.2f}",
        percent(np.mean((low <= truth) & (truth <= high))),
        *verdict_shares(found),
    ]


def verdict_shares(found: list[Found]) -> list[str]:
    """Return how often the weighted line and the headline are given as having helped, then as worse, in per cent.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> schools = [SimpleNamespace(weighted_verdict=Verdict.HELPED, verdict=verdict) for verdict in (Verdict.HELPED, Verdict.WORSE)]
    >>> verdict_shares(schools)
    ['100.0 %', '50.0 %', '0.0 %', '50.0 %']
    """
    return [
        percent(np.mean([getattr(each, name) == verdict for each in found]))
        for verdict in (Verdict.HELPED, Verdict.WORSE)
        for name in ("weighted_verdict", "verdict")
    ]


def root_mean_square(errors: np.ndarray) -> float:
    """Return the root of the mean square of errors, in their unit (percentage points here), of any shape.

    Examples
    --------
    >>> root_mean_square(np.array([1.0, -7.0]))
    5.0
    """
    return float(np.sqrt((errors**2).mean()))


SELF_TEST_HEADINGS = ("pretended: helped", "pretended: worse", "far off", "verdicts", "taken back")


def self_test_row(found: list[Found]) -> list[str]:
    """Return the figures of the self-test in one cell: SELF_TEST_HEADINGS."""
    verdicts = [each for each in found if each.verdict != Verdict.TOO_FEW]
    tests = [SelfTest(RUNS, each.pretended_helped, each.pretended_worse, 0.0, 0.0) for each in found]
    return [
        percent(np.mean([each.pretended_helped for each in found]) / RUNS),
        percent(np.mean([each.pretended_worse for each in found]) / RUNS),
        percent(np.mean([test.is_far_off for test in tests])),
        str(len(verdicts)),
        str(sum(each.said != each.verdict for each in verdicts)),
    ]


def percent(share: float) -> str:
    """Return a share in percent with one place.

    Examples
    --------
    >>> percent(0.0525), percent(1)
    ('5.2 %', '100.0 %')
    """
    return f"{share * POINTS:.1f} %"


KINDS = {
    "table": (HEADINGS, row_of),
    "weighted": (WEIGHTED_HEADINGS, weighted_row),
    "taken_back": (SELF_TEST_HEADINGS, self_test_row),
}


def table(part: str, kind: str, found: list[Found]) -> str:
    """Return a Markdown table of one of KINDS with a row for each world and effect."""
    headings, row = KINDS[kind]
    lines = [f"| school | effect | {' | '.join(headings)} |", "|---|" + "---:|" * (len(headings) + 1)]
    worlds, effects = TABLES[part]
    for name in worlds:
        for effect in effects:
            cell = [each for each in found if (each.world, each.effect) == (name, effect)]
            lines.append(f"| {name} | {effect:+.0f} | {' | '.join(row(cell))} |")
    return "\n".join(lines)


def document(found: dict[str, list[Found]], wanted: dict[str, int]) -> str:
    """Return the page for the documentation."""
    text = (Path(__file__).parent / "calibrate_impact.md").read_text(encoding="utf-8")
    taken = np.median([each.milliseconds for part in found.values() for each in part])
    tables = {
        f"{part}_{kind}": table(part, kind, found[part])
        for part in found
        for kind in (("taken_back",) if part == "self_test" else ("table", "weighted"))
    }
    return text.format(seed=SEED, milliseconds=f"{taken:.0f}", runs=RUNS, **wanted, **tables)


def main(wanted: dict[str, int]) -> None:
    """Run the schools and write the tables: to the documentation if these are enough, to the screen otherwise."""
    page = document(found_in_all(wanted), wanted)
    if wanted["main"] >= SCHOOLS:
        # The section on several schools is the last, and of a run of its own.
        _, heading, pooled = DOCUMENT.read_text(encoding="utf-8").partition(f"\n{POOLED_SECTION}")
        DOCUMENT.write_text(f"{page}{heading}{pooled}", encoding="utf-8", newline="\n")
    sys.stdout.write(page)


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]] or [SCHOOLS]
    eight = SCHOOLS_OF_EIGHT if given[0] >= SCHOOLS else given[0]
    self_tests = min(SCHOOLS_OF_SELF_TEST, given[0])
    main({"main": given[0], "stress": given[-1], "eight": eight, "self_test": self_tests})
