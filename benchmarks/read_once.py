"""What a paper costs when its school is read from the exports, read and kept, or opened as it was kept.

Run from the project's folder with ``.venv/bin/python -m benchmarks.read_once [rounds] [checkout]``, once ``make demo`` has
written the demo school's exports. Every paper is made in each way in turn, each time into a folder of its own; the order
turns round from one round to the next. CPU seconds are of the command and all its processes. Of another checkout (with
exports of its own, such as one from before there was a store) papers are made beside ours, with the same interpreter.
Trust the ratios, not the seconds.

- *without*: nothing can be kept, since a file stands where the store's folder would be;
- *cold*: nothing is kept yet, as for the first paper of a morning;
- *warm*: another paper has been made from the same exports.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from attendance_lib.intake.school_store import STORE_FOLDER
from benchmarks.same_bytes import PAPERS, say

ROOT = Path(__file__).parents[1]
WITHOUT, COLD, WARM, OTHER = "without", "cold", "warm", "the other checkout"
ROUNDS = 2


def cpu_seconds(root: Path, paper: str, out: Path) -> float:
    """Return the CPU seconds of making a paper, of all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "attendance_lib", "run", paper, *PAPERS[paper], "--out", str(out)]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"PYTHONPATH": str(root)}
    subprocess.run(
        command, cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def prepared(way: str, out: Path, kept: Path) -> Path:
    """Return a folder for packs in which there is of the store what a way begins with."""
    out.mkdir()
    if way == WITHOUT:
        (out / STORE_FOLDER).touch()
    elif way == WARM:
        shutil.copytree(kept, out / STORE_FOLDER)
    return out


def measure(rounds: int, other: Path | None) -> None:
    """Print the CPU seconds of every paper, way and round, then each paper's medians and their ratios to the first way's."""
    ways = [*([OTHER] if other else []), WITHOUT, COLD, WARM]
    for paper in PAPERS:
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(rounds):
            with TemporaryDirectory() as folder:
                kept = Path(folder) / "first" / STORE_FOLDER
                cpu_seconds(ROOT, paper, kept.parent)
                for way in ways[number % len(ways) :] + ways[: number % len(ways)]:
                    root = other if way == OTHER else ROOT
                    out = prepared(way, Path(folder) / way.replace(" ", "_"), kept)
                    taken[way].append(cpu_seconds(root, paper, out))
                    say(f"{paper}, {way}: {taken[way][-1]:.2f}")
        first = statistics.median(taken[ways[0]])
        told = (
            f"{way} {statistics.median(taken[way]):.2f} ({statistics.median(taken[way]) / first:.2f})"
            for way in ways
        )
        say(f"{paper}: {', '.join(told)}")


if __name__ == "__main__":
    given = sys.argv[1:]
    measure(int(given[0]) if given else ROUNDS, Path(given[1]).resolve() if len(given) > 1 else None)
