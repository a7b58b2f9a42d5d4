"""What the daily paper costs beside the fortnightly pack, the school having been read before: the ratio of one run.

Run from the project's folder with ``.venv/bin/python -m benchmarks.daily_cost [rounds]``, once ``make demo`` has written the demo
school's exports. The school is read and kept first; then both papers are made in turn, each time into a folder of its own. CPU
seconds are of the command and all its processes, those of starting Python and a kernel too. It ends with 1 if the daily paper
takes more than a third of the pack's. Trust the ratio, not the seconds.
"""

import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from attendance_lib.intake.school_store import STORE_FOLDER
from benchmarks.read_once import ROOT, WARM, cpu_seconds, prepared
from benchmarks.same_bytes import say

PACK, DAILY = "fortnightly", "daily"
MOST, ROUNDS = 1 / 3, 2


def whole_runs(rounds: int) -> float:
    """Print the CPU seconds of both papers as commands, and return the daily paper's share of the pack's."""
    taken: dict[str, list[float]] = {PACK: [], DAILY: []}
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "first" / STORE_FOLDER
        cpu_seconds(ROOT, DAILY, kept.parent)
        for number in range(rounds):
            for paper in (PACK, DAILY) if number % 2 else (DAILY, PACK):
                out = prepared(WARM, Path(folder) / f"{paper}_{number}", kept)
                taken[paper].append(cpu_seconds(ROOT, paper, out))
                say(f"{paper}: {taken[paper][-1]:.2f} CPU seconds")
    return statistics.median(taken[DAILY]) / statistics.median(taken[PACK])


def main() -> int:
    """Measure, say what was found, and return 0 if the daily paper costs a third of the pack or less."""
    started = time.perf_counter()
    share = whole_runs(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
    say(
        f"The daily paper takes {share:.2f} of the pack's CPU time ({time.perf_counter() - started:.0f} s in all)."
    )
    return int(share > MOST)


if __name__ == "__main__":
    sys.exit(main())
