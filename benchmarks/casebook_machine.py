"""Whether anything that staff write is ever lost: 10,000 operations in random order, held against a slow model; then mutants.

``make casebook-trial`` runs it and writes ``docs/casebook_trial.md``. A look at fewer:
``.venv/bin/python -m benchmarks.casebook_machine 500`` (operations; without mutants). Fixed seeds; two processes.
A mutant is the casebook with one rule broken. The tests of the cases and the trial each ought to see it; a mutant that both let
live is a rule that nothing holds. Seconds are the processor's.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "casebook_trial.md"
OPERATIONS, STEPS = 10_000, 50
TRIED, LOOKED = 40, 900  # sequences a mutant may live through; seconds that the tests of the cases may take
# What holds a module is tried on it; the trial knows nothing of files, forks and erasure.
CASES = {
    "disk": ("test_disk.py", "test_book.py"),
    "forks": ("test_forks.py",),
    "erasing": ("test_erasing.py", "test_forks.py"),
}
OTHERS = (
    "test_take_in.py",
    "test_hearing.py",
    "test_matching.py",
    "test_rule.py",
    "test_spelling.py",
    "test_forks.py",
)


@dataclass(frozen=True)
class Mutant:
    """One rule broken: in which module, what stands there, and what is put in its place."""

    what: str
    module: str
    good: str
    bad: str


RULES = Path(__file__).with_name("casebook_mutants.txt")
BLOCK = re.compile(r"^== (\w+): ([^\n]+)\n(.*?)\n-- becomes\n(.*?)\n*(?=^== |\Z)", re.MULTILINE | re.DOTALL)


def mutants() -> list[Mutant]:
    """Return the rules to break, as written beside this module.

    Examples
    --------
    >>> sorted({mutant.module for mutant in mutants()})
    ['disk', 'erasing', 'forks', 'hearing', 'ledger', 'matching', 'rule', 'spelling', 'take_in']
    """
    return [
        Mutant(what, module, good, bad)
        for module, what, good, bad in BLOCK.findall(RULES.read_text(encoding="utf-8"))
    ]


# The trial


def play(seed: int, steps: int = STEPS) -> tuple[Counter, float, str]:
    """Play one sequence; return how often each operation was done, seconds, and what went wrong (empty: nothing)."""
    from tests.casebook.trial import Trial

    dice, started, told = random.Random(seed), time.process_time(), ""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), dice.randrange)
        try:
            for _ in range(steps):
                trial.act()
            trial.run()
        except (AssertionError, LookupError, ValueError, TypeError, AttributeError) as error:
            told = f"seed {seed}: {type(error).__name__}"
        checked = trial.desk.book.check()
    return trial.done, time.process_time() - started, told or "".join(checked)


def sequences(operations: int) -> Iterator[tuple[Counter, float, str]]:
    """Play sequences until so many operations were done."""
    done = 0
    with ProcessPoolExecutor(2) as pool:
        for played in pool.map(play, range(1, operations)):
            yield played
            done += played[0].total()
            if done >= operations:
                pool.shutdown(wait=False, cancel_futures=True)
                return


def trial_page(operations: int) -> str:
    """Play so many operations; return what came of them as Markdown."""
    played = list(sequences(operations))
    done = sum((each[0] for each in played), Counter())
    wrong = [each[2] for each in played if each[2]]
    rows = "".join(f"| {name.replace('_', ' ')} | {count:,} |\n" for name, count in done.most_common())
    return (
        f"{len(played):,} schools, {done.total():,} operations, {sum(each[1] for each in played):.0f} seconds of one processor: "
        f"{len(played) - len(wrong):,} held to the end, {len(wrong):,} did not.\n\n"
        f"{''.join(f'- {each}' + chr(10) for each in wrong)}"
        f"| Operation | Done |\n|---|---|\n{rows}"
    )


# Mutants


def try_mutant(mutant: Mutant) -> tuple[str, str]:
    """Break one rule in a copy of the house; return what the tests of the cases, and the trial, say of it.

    Raises
    ------
    ValueError
        If what the mutant replaces is not in the code, or not once.
    """
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder)
        for name in ("attendance_lib", "tests/casebook", "benchmarks"):
            shutil.copytree(ROOT / name, house / name, ignore=shutil.ignore_patterns("__pycache__"))
        module = house / "attendance_lib" / "casebook" / f"{mutant.module}.py"
        source = module.read_text(encoding="utf-8")
        if source.count(mutant.good) != 1:
            raise ValueError(
                f"{RULES.name}: '{mutant.what}' no longer fits the code. Say anew what stands there."
            )
        module.write_text(source.replace(mutant.good, mutant.bad), encoding="utf-8")
        cases = CASES.get(mutant.module, OTHERS)
        return seen_by_cases(house, cases), "not tried" if mutant.module in CASES else seen_by_trial(house)


def seen_by_cases(house: Path, cases: tuple[str, ...]) -> str:
    """Run the tests of the cases until one fails; return its name."""
    command = [
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
    ]
    told = in_house(house, [*command, *(f"tests/casebook/{name}" for name in cases)])
    failed = [line for line in told.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].partition("::")[2].partition(" - ")[0].partition("[")[0] if failed else ""


def seen_by_trial(house: Path) -> str:
    """Play sequences until one goes wrong; return which."""
    told = in_house(house, ["-m", "benchmarks.casebook_machine", "--until-wrong"]).strip().splitlines()
    return told[-1] if told else ""


def in_house(house: Path, command: list[str]) -> str:
    """Run Python in a copy of the house; return what it prints.

    Raises
    ------
    RuntimeError
        If a signal ended it.
    """
    found = subprocess.run(
        [sys.executable, *command],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=LOOKED,
        check=False,
    )
    if found.returncode < 0:
        raise RuntimeError(
            f"{command[-1]} was stopped from outside (signal {-found.returncode}): nothing was tried"
        )
    return found.stdout or (f"ended with status {found.returncode}" if found.returncode else "")


def until_wrong() -> str:
    """Play sequences; return the first that goes wrong, empty if none of TRIED does."""
    return next((told for seed in range(1, TRIED + 1) if (told := play(seed)[2])), "")


def mutants_page() -> str:
    """Try every mutant; return what became of each as Markdown."""
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(try_mutant, tried := mutants()))
    rows = "".join(
        f"| {mutant.what} | `{mutant.module}` | {cases or 'lived'} | {trial or 'lived'} |\n"
        for mutant, (cases, trial) in zip(tried, found, strict=True)
    )
    lived = sum(not cases and trial in ("", "not tried") for cases, trial in found)
    tried_by_trial = [trial for _, trial in found if trial != "not tried"]
    return (
        f"{len(tried)} mutants: {len(tried) - lived} caught, {lived} lived. Of the {len(tried_by_trial)} tried on it the trial "
        f"alone catches {len(list(filter(None, tried_by_trial)))}.\n\n"
        f"| Rule broken | Module | First case that sees it | Trial |\n|---|---|---|---|\n{rows}"
    )


HEAD = """# Trial of the casebook

Whether a word that staff write can be lost, tried by doing everything to workbooks in random order. `make casebook-trial` writes
this page; `tests/casebook/trial.py` is the model, `benchmarks/casebook_machine.py` what runs it.

## What is done, and what must hold

A school with a log makes packs; staff fill in, type over, clear and take back cells, add, mend, double and delete rows, use rows as
templates, write of actions that a pack did not print, sort with and without the hidden column, reword, add and delete columns,
convert and paste tables, copy files, save one over another, rename, hand over and delete them, return them late; the log changes,
loses rows and goes back to an older export. At every run the casebook must say of every cell exactly what the model says, in
its order; every word in a file is an entry, none stands there twice, each added row has the number that the model gives it; a
second run writes nothing; old revisions stand as they were; the chain is whole. The model knows who said what, and what they
had before their eyes, as sets of statements; it shares nothing with the casebook but the sheets.

## What came of it

"""


def main(operations: int = OPERATIONS, *, with_mutants: bool = True) -> None:
    """Run the trial, and the mutants if asked, and write the page (a look at fewer is only printed)."""
    page = HEAD + trial_page(operations)
    sys.stdout.write(page)
    sys.stdout.flush()
    if with_mutants:
        PAGE.write_text(f"{page}\n## Mutants\n\n{mutants_page()}", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--until-wrong"]:
        sys.stdout.write(until_wrong())
    elif sys.argv[1:]:
        main(int(sys.argv[1]), with_mutants=False)
    else:
        main()
