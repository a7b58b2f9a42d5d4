"""How often the impact estimate is right, over invented schools whose true effect is known.

Run from the project's folder with ``.venv/bin/python -m benchmarks.calibrate_impact [schools] [worlds]`` (100 schools a
cell if not given; worlds are "main", "stress" or both). One process, fixed seeds; one Markdown row for each cell as it
is done. Bias and rmse are in points of attendance; "cover" is the share of schools whose 95 % range holds the true
effect; "naive" is before and after over six weeks.
"""

import sys
import time
from dataclasses import replace

import numpy as np

from attendance_lib.analysis.impact.evaluate import Impact, evaluate
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.starts import place_starts
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.week_counts import count_weeks
from tests.impact.simulate import SCHEME, World, invent

SEED = 20261124
SIZES, EFFECTS = (8, 15, 30, 60), (-3.0, 0.0, 2.0, 5.0)
POINTS = 100
STRESS = {
    "as in the main table": World(),
    "longer look back, worst first": World(selection="long dip"),
    "stronger season": World(season=2.5),
    "faster persistence (0.5)": World(persistence=0.5),
    "slower persistence (0.95)": World(persistence=0.95),
    "fading": World(is_fading=True),
    "severe only": World(line=0.2, treated=15),
    "starts early": World(first_start=4, start_weeks=(0, 1, 2)),
    "no reason codes": World(has_reasons=False),
    "no last year": World(has_last_year=False),
    "school of 300": World(pupils=300, treated=15, others=20),
    "six in ten dippers treated": World(share_chosen=0.6, start_weeks=(0,)),
    "everyone under 90 %": World(selection="everyone below", start_weeks=(0,)),
}
STRESS_EFFECTS = (0.0, 5.0)
HEADINGS = ("world", "pupils", "effect", "truth", "bias", "rmse", "cover", "helped", "worse", "no clear", "too few", "ms",
            "naive bias", "naive cover", "naive helped")  # fmt: skip
EVALUATED = Verdict.HELPED, Verdict.WORSE, Verdict.NO_CLEAR_EFFECT, Verdict.TOO_FEW


def one_school(world: World, seed: int) -> tuple[Impact, float, float]:
    """Return the impact found in one invented school, its true effect and the milliseconds the estimate took."""
    school = invent(world, seed)
    counts = count_weeks(school.register)
    starts = place_starts(school.interventions, counts)
    begin = time.process_time()
    impact = evaluate(Question(counts, starts, SCHEME)).impact
    return impact, school.truth, (time.process_time() - begin) * 1000


def cell(world: World, schools: int) -> list[float]:
    """Return the figures of one cell of the table, after world, pupils and effect."""
    found = [one_school(world, SEED + number) for number in range(schools)]
    impacts = [impact for impact, _, _ in found if np.isfinite(impact.estimate)]
    truth = np.array([true for impact, true, _ in found if np.isfinite(impact.estimate)])
    verdicts = [impact.verdict for impact, _, _ in found]
    ours = accuracy(
        truth, *(np.array([getattr(each, name) for each in impacts]) for name in ("estimate", "low", "high"))
    )
    naive = [each.before_after for each in impacts]
    theirs = accuracy(
        truth, *(np.array([getattr(each, name) for each in naive]) for name in ("change", "low", "high"))
    )
    shares = [np.mean([verdict == each for verdict in verdicts]) for each in EVALUATED]
    taken = float(np.median([ms for _, _, ms in found]))
    return [
        truth.mean() * POINTS,
        *ours,
        *shares,
        taken,
        theirs[0],
        theirs[2],
        np.mean([each.seems_to_help for each in naive]),
    ]


def accuracy(
    truth: np.ndarray, estimate: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[float, float, float]:
    """Return bias and root mean square error (points), and how often the range holds the truth."""
    error = (estimate - truth) * POINTS
    return error.mean(), np.sqrt((error**2).mean()), np.mean((low <= truth) & (truth <= high))


def cells(worlds: str) -> list[tuple[str, World]]:
    """Return the worlds of each table with their names."""
    main = [("main", World(treated=size, effect=effect)) for size in SIZES for effect in EFFECTS]
    stress = [
        (name, replace(world, effect=effect)) for name, world in STRESS.items() for effect in STRESS_EFFECTS
    ]
    return {"main": main, "stress": stress}.get(worlds, main + stress)


def main(schools: int, worlds: str) -> None:
    """Write the table."""
    sys.stdout.write(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}\n")
    for name, world in cells(worlds):
        figures = " | ".join(f"{figure:.2f}" for figure in cell(world, schools))
        sys.stdout.write(f"| {name} | {world.treated} | {world.effect:+.0f} | {figures} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    given = dict(enumerate(sys.argv))
    main(int(given.get(1, "100")), given.get(2, "both"))
