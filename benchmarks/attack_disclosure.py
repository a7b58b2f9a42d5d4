"""How much of governors' reports disclosure control costs, and whether anything can be won back by attack.

Run from the project's folder with ``make attack``, or in shares, side by side or one after the other, with
``python -m benchmarks.attack_disclosure [first seed] [last seed] [half terms] [results]`` (1, 200, 6 and build/attack.jsonl if not
given; each share has a file of results of its own, named attack*.jsonl). Each school is invented (15 to 700 pupils,
``tests/intruder``); its reports of so many half terms are published one after the other, every third school's at level 10, then
those of two cohorts, then the last one made again from edited registers, and all are attacked together. Fixed seeds, one process;
seconds are the processor's. Each school is added to the file of results when it is done, and schools that any such file beside it
holds are not attacked again, so that it can be stopped and resumed. At its end what all these files hold is written between the two
marks of docs/disclosure_attack.md, and its status is 1 if anything was made out in them.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from tests.intruder.schools import HALVES, invent
from tests.intruder.trial import Outcome, run_series

SIZES = ((15, 50), (50, 150), (150, 400), (400, 701))
COHORTS = ("send", "fsm")
EVERY_THIRD = 3
RESULTS, PAGE = Path("build/attack.jsonl"), Path("docs/disclosure_attack.md")
BEGIN, END = "<!-- figures begin -->\n", "<!-- figures end -->\n"
HEAD = (
    "| level | pupils | schools | reports | stopped | figures attacked | made out | to what c says | wrong | withheld "
    "| seconds a report | at most |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)
ROW = "| {} | {} | {} | {} | {} | {:,} | {} | {} | {} | {:.0f} % | {:.1f} | {:.1f} |\n"


@dataclass(frozen=True)
class Attacked:
    """One school: its seed, its level and what came of its series."""

    seed: int
    level: int
    outcome: Outcome


def main(first: int = 1, last: int = 200, half_terms: int = len(HALVES), results: Path = RESULTS) -> int:
    """Attack the schools of some seeds, write what came of all so far, and return how many figures were made out."""
    results.parent.mkdir(parents=True, exist_ok=True)
    for seed in range(first, last + 1):
        if seed not in read_results(results.parent):
            each = attacked(seed, half_terms)
            keep(results, each)
            tell(each)
    done = read_results(results.parent).values()
    write_page(done)
    return sum(len(each.outcome.narrowed) + len(each.outcome.blanks) for each in done)


def attacked(seed: int, half_terms: int) -> Attacked:
    """Publish and attack one school's series."""
    level = 10 if seed % EVERY_THIRD == 0 else 5
    return Attacked(
        seed, level, run_series(invent(seed, level=level), range(half_terms), COHORTS, again=True)
    )


def tell(each: Attacked) -> None:
    """Say which school is done and what was found."""
    outcome = each.outcome
    sys.stdout.write(
        f"seed {each.seed}: {outcome.size} pupils, level {each.level}: {outcome.attacked} attacked, "
        f"{len(outcome.narrowed)} made out, {len(outcome.stopped)} stopped {outcome.wrong}\n"
    )
    for found in (*outcome.narrowed, *outcome.blanks, *outcome.stopped):
        sys.stdout.write(f"  {found}\n")
    sys.stdout.flush()


def keep(results: Path, each: Attacked) -> None:
    """Add a school to the file of results."""
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(each)) + "\n")


def read_results(folder: Path) -> dict[int, Attacked]:
    """Return the schools of all files of results in a folder by their seeds; none if there is no file yet."""
    files = sorted(folder.glob("attack*.jsonl"))
    held = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return {line["seed"]: Attacked(line["seed"], line["level"], Outcome(**line["outcome"])) for line in held}


def write_page(done: Iterable[Attacked]) -> None:
    """Put the table of results between the marks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}{table_of(list(done))}{END}{after}", encoding="utf-8", newline="\n")


def table_of(done: list[Attacked]) -> str:
    """Return one Markdown row per level and size of school."""
    rows = [
        row_of(level, f"{low} to {high - 1}", here)
        for level in (5, 10)
        for low, high in SIZES
        if (here := outcomes_at(done, level, range(low, high)))
    ]
    return HEAD + "".join(rows)


def outcomes_at(done: list[Attacked], level: int, sizes: range) -> list[Outcome]:
    """Return what came of the attacks on schools of some sizes (pupils) at a level of protection.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> done = [Attacked(seed, level, SimpleNamespace(size=size)) for seed, level, size in ((1, 5, 49), (2, 5, 50), (3, 10, 20))]
    >>> [each.size for each in outcomes_at(done, 5, range(15, 50))]
    [49]
    """
    return [each.outcome for each in done if each.level == level and each.outcome.size in sizes]


def row_of(level: int, name: str, outcomes: list[Outcome]) -> str:
    """Return the figures of some schools as a Markdown row.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = {"attacked": 8, "as_c_says": 2, "withheld": 10, "printed": 40}
    >>> school = SimpleNamespace(seconds=[1.0, 3.0], stopped=[], narrowed=[], blanks=[], wrong={}, **counts)
    >>> row_of(5, "50 to 149", [school]).strip()
    '| 5 | 50 to 149 | 1 | 2 | 0 | 8 | 0 | 2 | 0 | 25 % | 2.0 | 3.0 |'
    """
    times = [second for each in outcomes for second in each.seconds]
    counted = ("stopped", "narrowed", "blanks")
    stopped, narrowed, blanks = (sum(len(getattr(each, name)) for each in outcomes) for name in counted)
    added = ("attacked", "as_c_says", "withheld", "printed")
    attacked, as_c_says, withheld, printed = (sum(getattr(each, name) for each in outcomes) for name in added)
    return ROW.format(
        level,
        name,
        len(outcomes),
        len(times) + stopped,
        stopped,
        attacked,
        narrowed + blanks,
        as_c_says,
        sum(bool(each.wrong) for each in outcomes),
        100 * withheld / max(1, printed),
        mean(times or [0]),
        max(times, default=0),
    )


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:4]), *map(Path, sys.argv[4:])) else 0)
