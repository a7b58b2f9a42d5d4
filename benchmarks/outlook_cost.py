"""What the outlook of one school costs beyond reading it: CPU seconds of everything that it shows, on the demo school.

Run from the project's folder with ``.venv/bin/python -m benchmarks.outlook_cost``, once ``make demo`` has written the demo school's
exports. It ends with 1 if all of it takes more than two seconds. Each is the least of several runs, since what else the
machine does costs time of the processor too.
"""

import sys
import time
from collections.abc import Callable

from attendance_lib.analysis.impact.paper import impact_so_far
from attendance_lib.analysis.outlook.outlook import outlook_of, trial_of
from attendance_lib.pack.opening import open_pack
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.outlook import front_page, proof, pupils
from benchmarks.same_bytes import say

MOST_SECONDS, NAMED, RUNS = 2.0, 25, 3
LISTS = (
    pupils.reached_in_time,
    pupils.supported_already,
    pupils.could_come_back,
    pupils.cannot_be_told,
    proof.trial_by_half_term,
    proof.trial_by_week,
    proof.said_and_seen,
    proof.by_group,
)


def verdicts(pack: Pack) -> object:
    """Work out the impact paper's verdicts, which stand beside the support of those who have some."""
    return impact_so_far(pack).impacts


def tables(pack: Pack) -> object:
    """Make the paper's sections of what is worked out."""
    return [front_page.what_to_know(pack, NAMED), *(section(pack) for section in LISTS)]


STEPS = {"chances": outlook_of, "trial week by week": trial_of, "impact verdicts": verdicts, "tables": tables}


def seconds(work: Callable[[Pack], object], pack: Pack) -> float:
    """Return the CPU seconds that something takes of a pack."""
    begin = time.process_time()
    work(pack)
    return time.process_time() - begin


def main() -> int:
    """Measure, say what was found, and return 0 if everything takes no more than MOST_SECONDS."""
    runs = []
    for _ in range(RUNS):
        pack = open_pack("params/demo.yml", "2026-11-09", "2026-11-20")
        runs.append([seconds(work, pack) for work in STEPS.values()])
    least = [min(each) for each in zip(*runs, strict=True)]
    told = ", ".join(f"{name} {each:.2f}" for name, each in zip(STEPS, least, strict=True))
    say(f"{sum(least):.2f} CPU seconds: {told}.")
    return int(sum(least) > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
