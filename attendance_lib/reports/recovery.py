"""What killed runs left behind: half-made packs with names in them, and packs moved aside that nobody would find."""

from collections.abc import Callable
from pathlib import Path

from attendance_lib.lock import HeldError, locked
from attendance_lib.reports.pack import PackPlace, recover

LEFTOVERS = (".building-", ".replaced-", ".lock-")


def recover_below(school: Path, say: Callable[[str], None]) -> None:
    """Clear what killed runs of any report left in a school's folder, and put back packs that they had moved aside.

    What staff had put into a pack that was being replaced is kept, and ``say`` is told where. What another run is making is
    left to it.
    """
    for place in left_behind(school):
        try:
            with locked(place.lock, str(place.pack)):
                recover(place, say)
        except HeldError:
            continue


def left_behind(school: Path) -> list[PackPlace]:
    """Return the places of packs beside which a run has left anything, or is at work."""
    found = {
        PackPlace(path.parent, path.name.removeprefix(sign))
        for sign in LEFTOVERS
        for path in school.glob(f"*/{sign}*")
    }
    return sorted(found, key=lambda place: place.pack)
