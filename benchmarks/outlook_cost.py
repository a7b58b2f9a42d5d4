"""What the outlook of one school costs beyond reading it: CPU seconds of the chances and of the trial on the demo school.

Run from the project's folder with ``.venv/bin/python -m benchmarks.outlook_cost``, once ``make demo`` has written the demo school's
exports. It ends with 1 if the two take more than two seconds. The impact paper's verdicts, which the list of those supported
shows too, are the impact paper's cost and told apart.
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

MOST_SECONDS, NAMED = 2.0, 25
LISTS = (
    pupils.reached_in_time,
    pupils.could_come_back,
    pupils.cannot_be_told,
    proof.trial_by_half_term,
    proof.by_group,
)


def seconds(work: Callable[[Pack], object], pack: Pack) -> float:
    """Return the CPU seconds that something takes of a pack."""
    begin = time.process_time()
    work(pack)
    return time.process_time() - begin


def main() -> int:
    """Measure, say what was found, and return 0 if chances and trial take no more than MOST_SECONDS."""
    pack = open_pack("params/demo.yml", "2026-11-09", "2026-11-20")
    told, tried = seconds(outlook_of, pack), seconds(trial_of, pack)
    shown = seconds(
        lambda each: [front_page.what_to_know(each, NAMED), *(section(each) for section in LISTS)], pack
    )
    verdicts = seconds(lambda each: impact_so_far(each).impacts, pack)
    say(
        f"Chances {told:.2f}, trial week by week {tried:.2f}, tables {shown:.2f} CPU seconds; "
        f"impact verdicts {verdicts:.2f} besides."
    )
    return int(told + tried > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
