"""What sees to many schools: processes of this machine, or the workers of a Dask scheduler; the function is the same."""

import logging
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from attendance_lib.errors import RequestError
from attendance_lib.reports.many_schools import ENDED, Counting, SchoolDone, SchoolTask, cores, see_to

if TYPE_CHECKING:
    from distributed import Future

Job = Callable[[SchoolTask], SchoolDone]
# The exit code of a school whose worker was ended: as of a process that was killed.
KILLED = 137
# joblib works in this process where it has one worker, and what ended a worker would end the run: it gets two and one task.
FEWEST_PROCESSES = 2
AGAIN = "Give the same command again: what is made is not made again."
ANSWER_SECONDS = 10
LOGGERS = ("distributed", "distributed.client")  # the second has a level of its own


def ended(task: SchoolTask) -> SchoolDone:
    """Return what came of a school whose worker was ended, as the system does when memory is short.

    Examples
    --------
    >>> from datetime import date
    >>> from pathlib import Path
    >>> done = ended(SchoolTask(None, Path("larkmoor.yml"), Path("packs"), date.min, date.min, "protected", Path("counts")))
    >>> done.exit_code, done.said[0].partition(". ")[0]
    (137, 'larkmoor.yml: its worker was ended, as when memory is short')
    """
    line = f"{task.school_file}: its worker was ended, as when memory is short. {AGAIN}"
    return SchoolDone(str(task.school_file), task.school_file.stem, exit_code=KILLED, why=ENDED, said=(line,))


@dataclass(frozen=True)
class LocalProcesses:
    """Processes beside this one, so many at a time, each with one school at a time."""

    job: Job
    workers: int

    def __call__(self, tasks: Sequence[SchoolTask]) -> Iterator[SchoolDone]:
        """See to the schools; those whose worker was ended are tried once more, each alone, so that one of them stops no other."""
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        waiting = {str(task.school_file): task for task in tasks}
        try:
            for done in self._done(tasks):
                del waiting[done.school_file]
                yield done
        except TerminatedWorkerError:
            pass
        for task in waiting.values():
            yield self._alone(task)

    def _done(self, tasks: Sequence[SchoolTask]) -> Iterator[SchoolDone]:
        from joblib import Parallel, delayed

        parallel = Parallel(
            n_jobs=max(self.workers, FEWEST_PROCESSES), backend="loky", batch_size=1, pre_dispatch=self.workers,
            return_as="generator_unordered",
        )  # fmt: skip
        yield from parallel(delayed(self.job)(task) for task in tasks)

    def _alone(self, task: SchoolTask) -> SchoolDone:
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        try:
            return next(self._done([task]))
        except TerminatedWorkerError:
            return ended(task)


@dataclass(frozen=True)
class DaskWorkers:
    """The workers of a Dask scheduler at an address, which see this machine's files under the same paths."""

    job: Job
    address: str
    answer_seconds: int = ANSWER_SECONDS

    def __call__(self, tasks: Sequence[SchoolTask]) -> Iterator[SchoolDone]:
        """See to the schools; the scheduler gives those of a worker that was ended to another.

        Raises
        ------
        RequestError
            If Dask is not installed, or no scheduler answers or it goes away; schools that are done are done.
        """
        try:
            from distributed import Client, as_completed
        except ImportError:
            raise RequestError(
                "--scheduler needs Dask: python -m pip install 'attendance-workbook[cluster]', or leave it out."
            ) from None
        # What it would log of a scheduler that is gone, with its traceback, is reported below in one line.
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            client = Client(self.address, timeout=self.answer_seconds, set_as_default=False)
        except (OSError, TimeoutError, ValueError):
            raise RequestError(
                f"No scheduler answers at {self.address}. Start it (dask scheduler) or leave out --scheduler. {AGAIN}"
            ) from None
        with client:
            try:
                futures = {client.submit(self.job, task, pure=False): task for task in tasks}
                for future in as_completed(futures, loop=client.loop):
                    yield self._come(future, futures[future])
            except (OSError, TimeoutError, CancelledError):
                # Also while a result is fetched: that school is done, and the next run finds it so.
                raise RequestError(self._gone()) from None

    def _gone(self) -> str:
        return f"The scheduler at {self.address} went away before all schools were done. {AGAIN}"

    def _come(self, future: "Future", task: SchoolTask) -> SchoolDone:
        from distributed import KilledWorker

        if future.status == "finished":
            return future.result(timeout=self.answer_seconds)
        if future.status != "error":
            raise RequestError(self._gone())
        error = future.exception(timeout=self.answer_seconds)
        if isinstance(error, KilledWorker):
            return ended(task)
        raise RequestError(
            f"A worker of {self.address} could not see to {task.school_file} ({type(error).__name__}). Install this version there, "
            f"with its packages, and let it see these files under the same paths. {AGAIN}"
        )


def engine_for(
    ways: tuple[Counting, Callable[[], datetime]], workers: int | None, scheduler: str | None
) -> LocalProcesses | DaskWorkers:
    """Return what sees to schools: the workers of a scheduler where one is named, else so many processes or one a processor.

    ``ways`` are how a school's counts are made, and the clock.
    """
    counting, clock = ways
    job = partial(see_to, counting=counting, clock=clock)
    return DaskWorkers(job, scheduler) if scheduler else LocalProcesses(job, workers or cores())
