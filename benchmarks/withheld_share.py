"""How much of governors' reports is withheld, by size of school: the share of all printed figures that read ``c``.

Run from the project's folder with ``python -m benchmarks.withheld_share``. Of each size the same invented schools as ever
(``tests/intruder``), three reports of half terms in a row, each knowing those before it. What is compared between two states
of the program is the same schools and the same reports; fixed seeds, one process, a few minutes.
"""

import sys

from tests.intruder.schools import invent
from tests.intruder.trial import series_of

HALF_TERMS = 3
SEEDS = (1, 2, 3)
SIZES = ((24, 5), (55, 5), (55, 10), (100, 5), (190, 5), (350, 5))
HEAD = "| pupils | level | reports | withheld | seconds a report |\n|---|---|---|---|---|\n"
ROW = "| {} | {} | {} | {:.1f} % | {:.1f} |\n"


def main() -> None:
    """Print one Markdown row per size and level as soon as it is known."""
    sys.stdout.write(HEAD)
    for size, level in SIZES:
        sys.stdout.write(row_of(size, level))
        sys.stdout.flush()


def row_of(size: int, level: int) -> str:
    """Publish the reports of some schools of a size (pupils) and return the share withheld of their figures as a row."""
    made = [each for seed in SEEDS for each in series_of(invent(seed, size, level), range(HALF_TERMS))[0]]
    printed, withheld = (sum(getattr(each, name) for each in made) for name in ("counts", "withheld"))
    seconds = sum(each.seconds for each in made) / max(1, len(made))
    return ROW.format(size, level, len(made), 100 * withheld / max(1, printed), seconds)


if __name__ == "__main__":
    main()
