"""How much of a governors' report disclosure control costs, and whether anything can be won back by attack.

Run from the project's folder with
``.venv/bin/python -m benchmarks.attack_disclosure [schools] [level] [first seed] [results]`` (300 schools, level 5, seed 1
and no file if not given). Each school is invented (20 to 1,500 pupils); two reports in a row are protected, the second
knowing the first, and both are attacked together (``tests/analysis/disclosure_attacker.py``). Fixed seeds, one process;
seconds are the processor's. With a file of results each school is added to it when it is done, schools that it holds
are not attacked again, and the table is of all that it holds. Ends with status 1 if any protected count is narrowed
too far. docs/disclosure_attack.md holds the last full run.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import mean

from attendance_lib.errors import DisclosureError
from tests.analysis.disclosure_trial import Trial, invented, protected, run_trial
from tests.analysis.invented_reports import EVERY_FIFTH

SIZES = ((20, 50), (50, 150), (150, 400), (400, 1501))
HEAD = (
    "| pupils | schools | stopped | counts attacked | narrowed | to what c says | left out | seconds a report | at most |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)
ROW = "| {} | {} | {} | {:,} | {} | {} | {:.0f} % | {:.1f} | {:.1f} |\n"


def main(schools: int = 300, level: int = 5, start: int = 1, results: Path | None = None) -> int:
    """Attack the schools, print one Markdown row per size, and return how many counts were narrowed too far."""
    trials = read_trials(results)
    for seed in seeds(schools, start):
        if seed not in trials:
            trials[seed] = trial_of(seed, level)
            keep(results, seed, trials[seed])
    for seed, trial in trials.items():
        for found in trial.found:
            sys.stdout.write(f"seed {seed}: {found}\n")
    sys.stdout.write(table_of(list(trials.values())))
    return sum(len(trial.found) for trial in trials.values())


def trial_of(seed: int, level: int) -> Trial:
    """Attack one school; a report that cannot be made safe is no report, and nothing of it can be attacked."""
    try:
        return run_trial(seed, level)
    except DisclosureError:
        return Trial(len(invented(seed)[0].pupils), 0, (), 0, 0, 0, ())
    finally:
        invented.cache_clear()
        protected.cache_clear()


def seeds(schools: int, start: int) -> list[int]:
    """The first seeds whose registers are not edited between the reports: only then do both tell of one world."""
    return [seed for seed in range(start, start + 2 * schools) if seed % EVERY_FIFTH][:schools]


def keep(results: Path | None, seed: int, trial: Trial) -> None:
    """Add a school to the file of results, if there is one."""
    if results:
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"seed": seed, **asdict(trial)}) + "\n")


def read_trials(results: Path | None) -> dict[int, Trial]:
    """The schools of a file of results by their seeds; none if there is no file yet."""
    if not results or not results.exists():
        return {}
    lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    return {line.pop("seed"): Trial(**line) for line in lines}


def table_of(trials: list[Trial]) -> str:
    """Return one Markdown row per size of school, and one of all."""
    of_size = {
        f"{low} to {high - 1:,}": [trial for trial in trials if low <= trial.pupils < high]
        for low, high in SIZES
    }
    return HEAD + "".join(row_of(name, here) for name, here in {**of_size, "all": trials}.items() if here)


def row_of(name: str, trials: list[Trial]) -> str:
    """Return the figures of some schools as a Markdown row."""
    times = [second for trial in trials for second in trial.seconds]
    return ROW.format(
        name,
        len(trials),
        sum(not trial.counts for trial in trials),
        sum(trial.attacked for trial in trials),
        sum(len(trial.found) for trial in trials),
        sum(trial.as_c_says for trial in trials),
        100 * sum(trial.suppressed for trial in trials) / max(1, sum(trial.counts for trial in trials)),
        mean(times or [0]),
        max(times, default=0),
    )


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:4]), *map(Path, sys.argv[4:])) else 0)
