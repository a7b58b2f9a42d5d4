"""Work on many invented schools that goes on where it was stopped: what is found in each is written down as it is done."""

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

WORKERS = 2


def collect(
    tasks: list[tuple], work: Callable[[tuple], list[dict]], written: Path, workers: int = WORKERS
) -> dict[tuple, list]:
    """Return what is found of each task, working on those that are not written down yet.

    Parameters
    ----------
    tasks : list of tuple
        Of texts and numbers, such as a table and a seed.
    work : callable
        A function of a module, since other processes run it; what it returns must be plain JSON.
    written : Path
        Where it is written down, a line a task; named after the code that it comes from.
    workers : int
        Processes.
    """
    written.parent.mkdir(parents=True, exist_ok=True)
    lines = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
    done = {tuple(task): found for *task, found in map(json.loads, lines)}
    missing = [task for task in tasks if task not in done]
    with (
        multiprocessing.get_context("spawn").Pool(workers) as pool,
        written.open("a", encoding="utf-8") as out,
    ):
        told = pool.imap(work, missing)
        for task, found in tqdm(
            zip(missing, told, strict=True), total=len(missing), unit="school", mininterval=20
        ):
            done[task] = found
            out.write(json.dumps([*task, found]) + "\n")
            out.flush()
    return {task: done[task] for task in tasks}
