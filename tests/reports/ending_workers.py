"""Workers that end while they count a school: what they count was counted before, so that each starts with little to import."""

import os
import pickle
import signal
from pathlib import Path

from attendance_lib.intake.school_counts import CountsAsked, SchoolCounts

KILLS, KILLS_ALWAYS = "beech_primary", "cedar_primary"


def counted_file(school_file: Path) -> Path:
    """Where a school's counts and the record of what they tell are kept for ``counted_before``."""
    return school_file.with_suffix(".counted")


def counted_before(asked: CountsAsked) -> tuple[SchoolCounts, dict]:
    """Return what was counted of a school before."""
    return pickle.loads(counted_file(asked.school_file).read_bytes())


def kills_once(asked: CountsAsked) -> tuple[SchoolCounts, dict]:
    """Count a school, but end the worker the first time that a certain one is asked of."""
    sign = asked.school_file.with_suffix(".killed")
    if asked.school_file.stem == KILLS and not sign.exists():
        sign.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return counted_before(asked)


def kills_one_always_and_one_once(asked: CountsAsked) -> tuple[SchoolCounts, dict]:
    """End the worker each time that a certain school is asked of, and the first time that another is."""
    if asked.school_file.stem == KILLS_ALWAYS:
        os.kill(os.getpid(), signal.SIGKILL)
    return kills_once(asked)
