"""The log of the scheduler's runs: one line an event, with its time, and nothing about any pupil."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from attendance_lib.rules.signs import harmless


@dataclass(frozen=True)
class EventLog:
    """A text file that only grows; delete it when it is too long."""

    path: Path
    clock: Callable[[], datetime]

    def write(self, event: str) -> None:
        """Add a line: the time, and the event harmless and with its line breaks taken out."""
        line = f"{self.clock().isoformat(timespec='seconds')} {' '.join(harmless(event).split())}\n"
        with self.path.open("a", encoding="utf-8", newline="\n") as log:
            log.write(line)
