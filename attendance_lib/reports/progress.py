"""How far a run has come: a line on a terminal, nothing anywhere else, and the seconds of each step for the receipt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter


@dataclass
class Progress:
    """The steps of one run; ``seconds`` holds what each took."""

    shown: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show a step while it runs and note how long it took, in seconds."""
        from tqdm import tqdm

        start = perf_counter()
        with tqdm(desc=name, bar_format="{desc} ...", leave=False, disable=not self.shown):
            yield
        self.seconds[name] = round(perf_counter() - start, 2)

    def cells(self, name: str) -> dict[str, object] | bool:
        """Return what papermill is to show while it executes cells."""
        return {"desc": name, "leave": False} if self.shown else False
