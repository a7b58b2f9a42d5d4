"""How much of a governors' report disclosure control costs, and whether anything can be won back by attack.

Run from the project's folder with ``.venv/bin/python -m benchmarks.attack_disclosure [schools] [level] [first seed]`` (300
schools, level 5 and seed 1 if not given). Each school is invented (20 to 1,500 pupils); two reports in a row are
protected, the second knowing the first, and both are attacked together (``tests/analysis/disclosure_attacker.py``). Fixed
seeds, one process; seconds are the processor's. Ends with status 1 if any protected count is narrowed too far.
"""

import sys
from statistics import mean

from tests.analysis.disclosure_trial import Trial, run_trial
from tests.analysis.invented_reports import EVERY_FIFTH

SIZES = ((20, 50), (50, 150), (150, 400), (400, 1501))
ROW = "| {} | {} | {} | {} | {:.0f} % | {:.1f} | {:.1f} |\n"
HEAD = "| pupils | schools | counts attacked | narrowed | left out | seconds a report | at most |\n|---|---|---|---|---|---|---|\n"


def main(schools: int = 300, level: int = 5, start: int = 1) -> int:
    """Attack the schools, print one Markdown row per size, and return how many counts were narrowed too far."""
    trials = []
    for seed in seeds(schools, start):
        trial = run_trial(seed, level)
        trials.append(trial)
        for found in trial.found:
            sys.stdout.write(f"seed {seed}: {found}\n")
    sys.stdout.write(HEAD)
    for low, high in SIZES:
        if here := [trial for trial in trials if low <= trial.pupils < high]:
            sys.stdout.write(row_of(f"{low} to {high - 1}", here))
    sys.stdout.write(row_of("all", trials))
    return sum(len(trial.found) for trial in trials)


def seeds(schools: int, start: int) -> list[int]:
    """The first seeds whose registers are not edited between the reports: only then do both tell of one world."""
    return [seed for seed in range(start, start + 2 * schools) if seed % EVERY_FIFTH][:schools]


def row_of(name: str, trials: list[Trial]) -> str:
    """Return the figures of some schools as a Markdown row."""
    times = [second for trial in trials for second in trial.seconds]
    return ROW.format(
        name,
        len(trials),
        sum(trial.attacked for trial in trials),
        sum(len(trial.found) for trial in trials),
        100 * sum(trial.suppressed for trial in trials) / sum(trial.counts for trial in trials),
        mean(times),
        max(times),
    )


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:])) else 0)
