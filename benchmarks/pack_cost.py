"""What papers cost beside plain ``papermill`` and ``jupyter nbconvert --to html`` of the same notebooks: ratios of one run.

Run from the project's folder with ``.venv/bin/python -m benchmarks.pack_cost [rounds] [paper]`` (3 rounds of the fortnightly
pack if not given), or with ``--morning [rounds]``, once ``make demo`` has written the demo school's exports. The pair makes
HTML alone; ``attendance`` checks the exports, and makes HTML, PDF, workbook, tables and receipt. *Cold* is the first paper of a
morning; *warm* finds the exports read before, by another paper; *unforked* is cold where no process can be forked. A *morning*
makes every paper that falls due on a Monday by one command, from nothing, and the pair makes each with the parameters that its
receipt names. The sides take turns, and their order turns round. CPU seconds are of each command and all its processes. Before
a paper is timed each side is run once, so that every module that either imports lies compiled; a morning is for after that.
Trust the ratios, not the seconds.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from attendance_lib.intake.school_store import STORE_FOLDER
from benchmarks.read_once import COLD, ROOT, WARM, cpu_seconds, prepared
from benchmarks.same_bytes import PAPERS, RECEIPT, say

PAIR, MORNING, UNFORKED = "papermill and nbconvert", "morning", "unforked"
PAPER, ROUNDS = "fortnightly", 3
# The Monday after the demo school's last marks, and since when what falls due counts: the weekend before it. The sheets of that
# day are refused, for want of its marks.
DAY, SINCE = "2026-11-23", "2026-11-21"
# Parameters by which a paper reads what earlier ones left; the pair is given none, and so has less to do.
EARLIER = ("casebook", "previous_pack")


def seconds_of(commands: list[list[str]], *, may_refuse: bool = False) -> float:
    """Return the CPU seconds of modules of Python run one after the other as commands, and of all their processes."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": str(ROOT)},
            check=not may_refuse,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pair_seconds(paper: str, out: Path, parameters: dict[str, object] | None = None) -> float:
    """Return the CPU seconds of executing a paper's notebook with papermill and rendering it with nbconvert, as commands."""
    out.mkdir(exist_ok=True)
    executed, given = out / f"{paper}.ipynb", out / f"{paper}.yml"
    given.write_text(json.dumps(parameters or {}))  # JSON is YAML
    source = f"notebooks/{paper}.ipynb"
    return seconds_of(
        [
            ["papermill", source, str(executed), "-f", str(given)],
            ["jupyter", "nbconvert", "--to", "html", str(executed)],
        ]
    )


# One paper


def measure_paper(rounds: int, paper: str) -> None:
    """Print the CPU seconds of every way and round, then the medians and their ratios to the pair's."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "first" / STORE_FOLDER
        cpu_seconds(ROOT, paper, kept.parent)
        pair_seconds(paper, Path(folder) / "compiled")

        def taken(way: str, out: Path) -> float:
            if way == PAIR:
                return pair_seconds(paper, out)
            if way == UNFORKED:
                return seconds_of([["benchmarks.unforked", "run", paper, *PAPERS[paper], "--out", str(out)]])
            return cpu_seconds(ROOT, paper, prepared(way, out, kept))

        compare((PAIR, COLD, WARM, UNFORKED), taken, rounds, Path(folder))


def compare(ways: tuple[str, ...], taken: Callable[[str, Path], float], rounds: int, folder: Path) -> None:
    """Take each way in turn, each time into a folder of its own, and print the medians and their ratios to the pair's."""
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(rounds):
        turn = number % len(ways)
        for way in ways[turn:] + ways[:turn]:
            seconds[way].append(taken(way, folder / f"{number} {way}".replace(" ", "_")))
            say(f"{way}: {seconds[way][-1]:.2f}")
    tell_medians(seconds)


def tell_medians(seconds: dict[str, list[float]]) -> None:
    """Print the median of each way, and its ratio to the first way's."""
    medians = {way: statistics.median(each) for way, each in seconds.items()}
    told = (f"{way} {median:.2f} ({median / medians[PAIR]:.3f})" for way, median in medians.items())
    say(f"CPU seconds, and beside the pair's: {', '.join(told)}")


# A morning


def measure_morning(rounds: int) -> None:
    """Print the CPU seconds of a morning's papers as one command, and of the pair for each, then their medians and ratio."""
    seconds: dict[str, list[float]] = {PAIR: [], MORNING: []}
    with TemporaryDirectory() as folder:
        for number in range(rounds):
            out = Path(folder) / str(number)
            seconds[MORNING].append(seconds_of([morning(out)], may_refuse=True))
            receipts = [json.loads(path.read_bytes()) for path in sorted(out.rglob(RECEIPT))]
            say(
                f"{len(receipts)} papers in {seconds[MORNING][-1]:.2f}: {', '.join(each['report'] for each in receipts)}"
            )
            pairs = [pair_seconds(each["report"], out / PAIR, parameters_of(each)) for each in receipts]
            seconds[PAIR].append(sum(pairs))
            say(f"the pair for each: {', '.join(f'{each:.2f}' for each in pairs)}")
    tell_medians(seconds)


def morning(out: Path) -> list[str]:
    """Return the command that makes what falls due on the day."""
    return ["attendance_lib", "due", "--run", "--on", DAY, "--since", SINCE, "--out", str(out)]


def parameters_of(receipt: dict) -> dict[str, object]:
    """Return the parameters that a paper was made with, without what led to earlier papers."""
    return {name: "" if name in EARLIER else value for name, value in receipt["parameters"].items()}


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["--morning"]:
        measure_morning(int(given[1]) if given[1:] else 1)
    else:
        measure_paper(int(given[0]) if given else ROUNDS, given[1] if given[1:] else PAPER)
