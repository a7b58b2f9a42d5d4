"""How far a run has come: a line on a terminal, nothing anywhere else, and the seconds of each step for the receipt."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TextIO


@dataclass
class Progress:
    """The steps of one run; ``seconds`` holds what each took."""

    shown: bool = False
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show a step while it runs and note how long it took, in seconds."""
        start = perf_counter()
        self._show(f"{name} ...")
        try:
            yield
        finally:
            self.seconds[name] = round(perf_counter() - start, 2)
            self._show("")

    def cells(self, name: str) -> dict | bool:
        """Return what papermill is to show while it executes cells."""
        return {"desc": name, "leave": False, "file": self.stream} if self.shown else False

    def _show(self, text: str) -> None:
        if self.shown:
            self.stream.write(f"\r\x1b[2K{text}")
            self.stream.flush()
