"""What papers cost: beside plain ``papermill`` and ``nbconvert``, beside each other, and by how their school is read.

Run from the project's folder, once ``make demo`` has written the demo school's exports:

- ``.venv/bin/python -m benchmarks.pack_cost [rounds] [paper]`` (3 rounds of the fortnightly pack if not given): a paper beside
  plain ``papermill`` and ``jupyter nbconvert --to html`` of its notebook. The pair makes HTML alone; ``attendance`` checks the
  exports, and makes HTML, PDF, workbook, tables and receipt.
- ``--morning [rounds]``: every paper that falls due on a Monday by one command, from nothing, and the pair for each, with the
  parameters that its receipt names.
- ``--daily [rounds]``: the daily paper beside the fortnightly pack, the school having been read before. It ends with 1 if the daily
  paper takes more than a third of the pack's.
- ``--ways [rounds] [checkout]``: every paper in each way, and of another checkout (with exports of its own, such as one from before
  there was a store) beside ours, with the same interpreter.

The ways: *without*, nothing can be kept, since a file stands where the store's folder would be; *cold*, nothing is kept yet, as for
the first paper of a morning; *warm*, another paper has been made from the same exports; *unforked*, cold where no process can be
forked.

Each way is taken in turn, each time into a folder of its own, and the order turns round from one round to the next. CPU seconds are
of each command and all its processes. Before a paper is timed beside the pair each side is run once, so that every module that
either imports lies compiled; a morning is for after that. Trust the ratios, not the seconds.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from attendance_lib.intake.school_store import STORE_FOLDER
from benchmarks.same_bytes import PAPERS, RECEIPT, say

ROOT = Path(__file__).parents[1]
PAIR, MORNING = "papermill and nbconvert", "morning"
WITHOUT, COLD, WARM, OTHER = "without", "cold", "warm", "the other checkout"
UNFORKED = "unforked"
PAPER, DAILY = "fortnightly", "daily"
ROUNDS, ROUNDS_OF_ALL = 3, 2
# Of the pack's CPU time, how much the daily paper may take.
MOST = 1 / 3
# The Monday after the demo school's last marks, and since when what falls due counts: the weekend before it. The sheets of that
# day are refused, for want of its marks.
DAY, SINCE = "2026-11-23", "2026-11-21"
# Parameters by which a paper reads what earlier ones left; the pair is given none, and so has less to do.
EARLIER = ("casebook", "previous_pack")


def seconds_of(commands: list[list[str]], root: Path = ROOT, *, may_refuse: bool = False) -> float:
    """Return the CPU seconds of modules of Python run one after the other as commands, and of all their processes."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", *command],
            cwd=root,
            env=environment | {"PYTHONPATH": str(root)},
            check=not may_refuse,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_seconds(root: Path, paper: str, out: Path) -> float:
    """Return the CPU seconds of making a paper with a checkout's code, of all its processes."""
    return seconds_of([["attendance_lib", "run", paper, *PAPERS[paper], "--out", str(out)]], root)


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


def prepared(way: str, out: Path, kept: Path) -> Path:
    """Return a folder for packs in which there is of the store what a way begins with."""
    out.mkdir()
    if way == WITHOUT:
        (out / STORE_FOLDER).touch()
    elif way == WARM:
        shutil.copytree(kept, out / STORE_FOLDER)
    return out


# One paper


def measure_paper(rounds: int, paper: str = PAPER) -> None:
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
    """Return the parameters that a paper was made with, without what led to earlier papers.

    Examples
    --------
    >>> parameters_of({"parameters": {"cohort": "all", "casebook": "casebook-990001.sqlite@12"}})
    {'cohort': 'all', 'casebook': ''}
    """
    return {name: "" if name in EARLIER else value for name, value in receipt["parameters"].items()}


# Every paper, in each way


def measure_ways(rounds: int, checkout: str = "") -> None:
    """Print the CPU seconds of every paper, way and round, then each paper's medians and their ratios to the first way's."""
    other = Path(checkout).resolve() if checkout else None
    for paper in PAPERS:
        taken: dict[str, list[float]] = {
            way: [] for way in (*([OTHER] if other else []), WITHOUT, COLD, WARM)
        }
        for number in range(rounds):
            measure_turn(paper, number, taken, other)
        first, *_ = (statistics.median(each) for each in taken.values())
        told = (
            f"{way} {statistics.median(each):.2f} ({statistics.median(each) / first:.2f})"
            for way, each in taken.items()
        )
        say(f"{paper}: {', '.join(told)}")


def measure_turn(paper: str, number: int, taken: dict[str, list[float]], other: Path | None) -> None:
    """Make a paper once in each way, and put down the CPU seconds that it took."""
    turn, ways = number % len(taken), list(taken)
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "first" / STORE_FOLDER
        cpu_seconds(ROOT, paper, kept.parent)
        for way in ways[turn:] + ways[:turn]:
            out = prepared(way, Path(folder) / way.replace(" ", "_"), kept)
            taken[way].append(cpu_seconds(other if way == OTHER else ROOT, paper, out))
            say(f"{paper}, {way}: {taken[way][-1]:.2f}")


# The daily paper beside the pack


def measure_daily(rounds: int) -> int:
    """Print the CPU seconds of both papers and the daily paper's share of the pack's, and return 1 if that is over MOST."""
    taken: dict[str, list[float]] = {PAPER: [], DAILY: []}
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "first" / STORE_FOLDER
        cpu_seconds(ROOT, DAILY, kept.parent)
        for number in range(rounds):
            for paper in (PAPER, DAILY) if number % 2 else (DAILY, PAPER):
                out = prepared(WARM, Path(folder) / f"{paper}_{number}", kept)
                taken[paper].append(cpu_seconds(ROOT, paper, out))
                say(f"{paper}: {taken[paper][-1]:.2f} CPU seconds")
    share = statistics.median(taken[DAILY]) / statistics.median(taken[PAPER])
    say(f"The daily paper takes {share:.2f} of the pack's CPU time.")
    return int(share > MOST)


def main(given: list[str]) -> int:
    """Measure what is asked for, and return the exit code."""
    asked, *more = given if given and given[0] in MEASURES else ["", *given]
    measure, rounds = MEASURES[asked]
    return measure(int(more[0]) if more else rounds, *more[1:]) or 0


MEASURES = {
    "": (measure_paper, ROUNDS),
    "--morning": (measure_morning, 1),
    "--ways": (measure_ways, ROUNDS_OF_ALL),
    "--daily": (measure_daily, ROUNDS_OF_ALL),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
