"""How often the pool of one intervention over several schools is right, over invented trusts whose true effect is known.

``make calibrate`` runs it after the impact of one school, whose invented schools it uses. Every school is evaluated once for
each setting and written down as it is done (``build/calibration``), so that a run that was stopped goes on; trusts are dealt
from them. The tables go to the section of their own in ``docs/impact_calibration.md``. Fewer schools for a look:
``.venv/bin/python -m benchmarks.calibrate_pooled 60``.
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import t_quantile
from attendance_lib.analysis.impact.evaluate import Evaluation, evaluate
from attendance_lib.analysis.impact.pools import CONFIDENCE, spread_about
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.schools import SHARED_ERROR, Pooled, pool_schools
from attendance_lib.analysis.impact.verdicts import Verdict, lack
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.analysis.impact.workings import shares_by_certainty, variance_by_chance, weighted_line
from benchmarks.calibrate_impact import (
    BUILD,
    DOCUMENT,
    ENGINE,
    NOBODY_TREATED,
    POINTS,
    POOLED_SECTION,
    ROOT,
    STRESS,
    counts_without,
    known_or_none,
    mean_or_none,
    percent,
    recounted,
    shared_by,
)
from benchmarks.resumable import collect
from tests.analysis.impact.simulate import SCHEME, World, invent, plan_school

# Of other schools than those on which the weights of pupils were chosen (seed 20290101).
SEED, SCHOOLS = 20310101, 6_000
EFFECTS = (0.0, 2.0)
# How much true effects differ from school to school where they do: a standard deviation, in points.
SPREAD = 2.0
SIZES = (8, 10, 15, 20, 30, 60)
TRUST_SIZES, TRUSTS = (3, 5, 10, 30), 800
# In a stress world there are fewer schools, and trusts of this size alone.
STRESS_SIZE = 10
# How many schools each part has, as a share of those of the main one.
PARTS = {"main": 1.0, "hetero": 0.2, "mixed": 0.06, "stress": 0.02}
# What the schools of a part are made of; the pool has no part in it, so that another pool is tried on the same schools.
MAKERS = (
    "evaluate",
    "expectation",
    "history",
    "risk_sets",
    "least_squares",
    "exact_products",
    "weeks",
    "workings",
    "verdicts",
)


@dataclass(frozen=True)
class Setting:
    """A world, the mean true effect and its spread from school to school (points of attendance)."""

    world: str
    effect: float
    spread: float = 0.0


def worlds_of(part: str, seed: int) -> dict[str, tuple[World, float]]:
    """Return the worlds of a part by name, each with the spread of true effects; schools of mixed sizes take theirs in turn.

    Examples
    --------
    >>> [next(iter(worlds_of("mixed", seed).values()))[0].treated for seed in range(len(SIZES))] == list(SIZES)
    True
    """
    if part == "stress":
        # Worlds that share their pupils follow one another, so that these are invented once.
        return {
            name: (world, 0.0)
            for name, world in sorted(STRESS.items(), key=lambda each: str(shared_by(each[1])))
        }
    if part == "mixed":
        return {"8 to 60 pupils": (World(treated=SIZES[seed % len(SIZES)]), 0.0)}
    return {"15 pupils": (World(treated=15), SPREAD if part == "hetero" else 0.0)}


def schools_as_rows(task: tuple[str, int]) -> list[dict]:
    """Return what one invented school gives to a pool in each world and effect of a part, as plain rows."""
    part, seed = task
    return [
        {"world": name, "effect": effect, "spread": spread} | school_row(world, effect, spread, seed)
        for name, (world, spread) in worlds_of(part, seed).items()
        for effect in EFFECTS
    ]


def school_row(world: World, effect: float, spread: float, seed: int) -> dict[str, object]:
    """Evaluate one school: what it gives to a pool, beside what the headline would, each with its truth (fractions)."""
    own = float(effect + spread * np.random.default_rng([seed, 77]).standard_normal())
    plan = plan_school(world, seed)
    counts = counts_without(replace(NOBODY_TREATED, **shared_by(world)), seed)
    rows = np.array(sorted({pupil for pupil, _ in plan.chosen}), dtype=int)
    changed = invent(replace(world, effect=own), seed, rows)
    starts = place_starts(plan.interventions, counts)
    evaluation = evaluate(Question(recounted(counts, count_weeks(changed.register), rows), starts, SCHEME))
    lacking = lack(evaluation.measured.likeness)
    told = {"own": own, "pupils": evaluation.measured.likeness.pupils, "lack": lacking}
    return told if lacking else told | figures_of(evaluation, changed.gains)


def figures_of(evaluation: Evaluation, gains: np.ndarray) -> dict[str, float | None]:
    """Return the line that is pooled and the headline, each with its variance and its truth (fractions; ``gains`` one per row)."""
    expectation, line = evaluation.expectation, weighted_line(evaluation)
    gained = gains[expectation.sets.enrolment[expectation.sets.is_treated].astype(int)]
    shares = shares_by_certainty(expectation, evaluation.neighbours)
    headline = variance_by_chance(evaluation.chance)
    return {
        "estimate": known_or_none(line.estimate), "variance": known_or_none(line.variance),
        "truth": mean_or_none(gained * shares), "headline": known_or_none(evaluation.measured.estimate),
        "headline_variance": known_or_none(headline), "headline_truth": mean_or_none(gained),
    }  # fmt: skip


def tasks_of(schools: int) -> list[tuple[str, int]]:
    """Return the tasks, all parts going on together so that a run that is stopped leaves something of each.

    Examples
    --------
    >>> tasks = tasks_of(100)
    >>> {part: sum(name == part for name, _ in tasks) for part in PARTS}
    {'main': 100, 'hetero': 20, 'mixed': 6, 'stress': 2}
    """
    numbered = [
        ((number + 0.5) / (schools * share), part, SEED + number)
        for part, share in PARTS.items()
        for number in range(round(schools * share))
    ]
    return [(part, seed) for _, part, seed in sorted(numbered)]


def fingerprint() -> str:
    """Return a mark of what the schools come from: the code that evaluates one, the invented schools and the settings."""
    files = [ENGINE / f"{name}.py" for name in MAKERS] + [
        ROOT / "tests" / "analysis" / "impact" / "simulate.py"
    ]
    told = b"".join(path.read_bytes() for path in files) + repr((EFFECTS, SPREAD, SIZES, STRESS)).encode()
    return hashlib.sha256(told).hexdigest()[:12]


def found_in(schools: int) -> pd.DataFrame:
    """Return what so many schools show (one row per school, world, effect and spread; fractions), running what is not."""
    done = collect(tasks_of(schools), schools_as_rows, BUILD / f"pooled-{fingerprint()}.jsonl")
    return pd.DataFrame(
        [{"part": part, "seed": seed} | row for (part, seed), rows in done.items() for row in rows]
    )


# Trusts dealt from the schools


def deal(schools: pd.DataFrame, size: int, trusts: int) -> Iterator[pd.DataFrame]:
    """Yield trusts of so many different schools (rows): all are dealt out, then shuffled and dealt again, until it is enough.

    Examples
    --------
    >>> schools = pd.DataFrame({"school": range(5)})
    >>> trusts = list(deal(schools, size=2, trusts=2))  # of five schools one is in neither
    >>> len(pd.concat(trusts)["school"].unique())
    4
    """
    random, dealt = np.random.default_rng([SEED, size]), 0
    while dealt < trusts:
        order = random.permutation(len(schools))
        for first in range(0, len(order) - size + 1, size):
            if dealt == trusts:
                return
            dealt += 1
            yield schools.iloc[order[first : first + size]]


@dataclass(frozen=True)
class Trial:
    """What the pool of one trust says (``Pooled``), the truth, and Hartung and Knapp's range alone (fractions)."""

    pooled: Pooled
    truth: float
    plain: tuple[float, float]
    next_truth: float


def trial(trust: pd.DataFrame, mean: float | None, next_truth: float) -> Trial:
    """Pool a trust (a row per school; fractions). ``mean`` is the mean true effect of all schools, where true effects differ."""
    found = pool_schools(trust)
    truth = float(trust["truth"].mean()) if mean is None else mean
    if not np.isfinite(found.estimate):
        return Trial(found, truth, (float("nan"), float("nan")), next_truth)
    weight = 1 / (trust["variance"].to_numpy(dtype=float) + found.between_sd**2)
    freedom = len(trust) - 1
    error = sqrt(spread_about(trust["estimate"].to_numpy(dtype=float), weight) / freedom / weight.sum())
    reach = error * t_quantile((1 + CONFIDENCE) / 2, freedom)
    return Trial(found, truth, (found.estimate - reach, found.estimate + reach), next_truth)


HEADINGS = ("schools", "trusts", "truth", "bias", "rmse", "cover", "helped", "worse", "no clear effect", "too few",
            "HK alone: cover", "HK alone: helped", "next school")  # fmt: skip


def row_of(schools: pd.DataFrame, size: int) -> list[str]:
    """Return the figures of one cell of the table: HEADINGS. Of schools that give nothing to a pool there is no figure."""
    usable = schools[schools["lack"] == ""]
    if len(usable) < max(size + 1, len(schools) / 2):
        nothing = f"none: {percent(1 - len(usable) / len(schools))} of schools give nothing"
        return [str(size), nothing, *["–"] * 11]
    tried, apart = trials_of(usable, size), len(usable) // size
    return [str(size), f"{len(tried)} of {apart}", *errors_in_words(tried), *hits_in_words(tried, apart)]


def trials_of(usable: pd.DataFrame, size: int) -> list[Trial]:
    """Return trusts of so many schools (one row each, fractions) pooled, each with the true effect of one further school."""
    mean = float(usable["truth"].mean()) if usable["spread"].iloc[0] else None
    random = np.random.default_rng([SEED, size, 1])
    further = usable["truth"].to_numpy()[random.integers(0, len(usable), TRUSTS)]
    dealt = zip(deal(usable, size, TRUSTS), further, strict=True)
    return [trial(trust, mean, other) for trust, other in dealt]


def errors_in_words(tried: list[Trial]) -> list[str]:
    """Return the mean true effect of trusts, the mean error of their pools and its root mean square (percentage points).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> errors_in_words([Trial(SimpleNamespace(estimate=estimate), 0.02, (0, 0), 0) for estimate in (0.01, 0.05)])
    ['+2.00', '+1.00', '2.24']
    >>> errors_in_words([Trial(SimpleNamespace(estimate=-0.00002), 0.0, (0, 0), 0)])  # nought is never written as less than nought
    ['+0.00', '+0.00', '0.00']
    """
    error = np.array([each.pooled.estimate - each.truth for each in tried]) * POINTS
    truth = np.mean([each.truth for each in tried]) * POINTS
    return [f"{truth:+z.2f}", f"{error.mean():+z.2f}", f"{np.sqrt((error**2).mean()):.2f}"]


def hits_in_words(tried: list[Trial], apart: int) -> list[str]:
    """Return how often ranges hold the truth, each verdict is given, and a further school is as foretold (``share``)."""
    pools = [each.pooled for each in tried]
    verdicts = [
        share([pool.judgement.verdict is verdict for pool in pools], apart)
        for verdict in (Verdict.HELPED, Verdict.WORSE, Verdict.NO_CLEAR_EFFECT, Verdict.TOO_FEW)
    ]
    foretold = [each.pooled.next_low <= each.next_truth <= each.pooled.next_high for each in tried]
    return [
        share([each.pooled.low <= each.truth <= each.pooled.high for each in tried], apart),
        *verdicts,
        share([each.plain[0] <= each.truth <= each.plain[1] for each in tried], apart),
        share([each.plain[0] > 0 for each in tried], apart),
        share(foretold, apart) if np.isfinite(pools[0].next_low) else "–",
    ]


def share(hits: list[bool], apart: int) -> str:
    """Return a share in percent with its standard error: that of so many trusts that have no school in common, or of those dealt.

    Examples
    --------
    >>> share([True] * 5 + [False] * 95, apart=25)
    '5.0 % ± 4.4'
    """
    known = float(np.mean(hits))
    return f"{percent(known)} ± {POINTS * sqrt(known * (1 - known) / min(apart, len(hits))):.1f}"


def table(found: pd.DataFrame, part: str, sizes: tuple[int, ...]) -> str:
    """Return a Markdown table of a part, a row for each world, effect and size of trust."""
    lines = [f"| school | effect | {' | '.join(HEADINGS)} |", "|---|" + "---:|" * (len(HEADINGS) + 1)]
    here = found[found["part"] == part]
    for world in dict.fromkeys(here["world"]):
        for effect in EFFECTS:
            cell = here[(here["world"] == world) & (here["effect"] == effect)]
            lines += [f"| {world} | {effect:+.0f} | {' | '.join(row_of(cell, size))} |" for size in sizes]
    return "\n".join(lines)


def section(found: pd.DataFrame) -> str:
    """Return the section for the documentation."""
    text = (Path(__file__).parent / "calibrate_pooled.md").read_text(encoding="utf-8")
    tables = {part: table(found, part, (STRESS_SIZE,) if part == "stress" else TRUST_SIZES) for part in PARTS}
    headline = found.assign(
        estimate=found["headline"], variance=found["headline_variance"], truth=found["headline_truth"]
    )
    counted = found.groupby("part")["seed"].nunique()
    return text.format(
        seed=SEED, section=POOLED_SECTION, spread=SPREAD, shared=SHARED_ERROR * POINTS,
        trusts=TRUSTS, sizes=", ".join(map(str, SIZES)),
        headline=table(headline, "main", (STRESS_SIZE,)), **tables, **{f"{part}_schools": counted[part] for part in PARTS},
    )  # fmt: skip


def main(schools: int) -> None:
    """Run the schools and write the section: to the documentation if these are enough, to the screen otherwise."""
    told = section(found_in(schools))
    if schools >= SCHOOLS:
        page = DOCUMENT.read_text(encoding="utf-8").partition(POOLED_SECTION)[0].rstrip("\n")
        DOCUMENT.write_text(f"{page}\n\n{told}", encoding="utf-8", newline="\n")
    sys.stdout.write(told)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SCHOOLS)
