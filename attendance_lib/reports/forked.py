"""Processes forked from this one, which start with all that it has imported; where that is not safe there are none.

A process that has opened a socket of ZeroMQ, run an event loop or begun a thread must not be forked: what is forked from it waits
for ever for what only the other has. So a kernel is forked before papermill begins, and waits for word of what it is to run; and a
command that makes several papers forks one process for each before any opens anything. Only Linux forks without such doubts.
"""

import gc
import json
import logging
import os
import select
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

# What must be settled before Python starts, or numpy or matplotlib is imported, where kernels are forked. These could make two runs
# differ: the order of sets, a window for figures. And the order of sums: small matrices are multiplied on one thread, which is also
# many times as fast where a core is shared.
SETTLED = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
}
MAKES_PAPERS = (["run"], ["due"])
# How long a kernel may take until it can be asked: as long as Jupyter waits for one.
PATIENCE_SECONDS = 60
THREADS, DESCRIPTORS = Path("/proc/self/task"), Path("/proc/self/fd")
FIRST_OWN = 3  # the first descriptor after those of what is read, written and said


def settle(arguments: Sequence[str]) -> None:
    """Begin a command of ours that makes papers again in an environment from which kernels can be forked, if the system forks.

    Python reads how it orders sets when it starts, and in a report's kernel the order is settled.
    """
    if (
        list(arguments[:1]) in MAKES_PAPERS
        and sys.platform == "linux"
        and not SETTLED.items() <= os.environ.items()
    ):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | SETTLED)


def can_fork() -> bool:
    """Whether this process can be forked: on Linux, with an order of sets that is settled, and with one thread."""
    is_settled = sys.platform == "linux" and not sys.flags.hash_randomization
    return is_settled and THREADS.is_dir() and len(list(THREADS.iterdir())) == 1


class Forked:
    """A process forked from this one, with as much of ``subprocess.Popen`` as Jupyter asks of a kernel's."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, None

    def poll(self) -> int | None:
        """Return how the process ended; None if it runs."""
        return self._ended(os.WNOHANG)

    def wait(self) -> int:
        """Wait for the process and return how it ended."""
        return self._ended(0)

    def _ended(self, how: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, how)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal unless the process has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)


def forked(run: Callable[[], int], kept: Sequence[int]) -> Forked:
    """Return a process that runs something and ends with the code it returns, with none of our descriptors but those to keep.

    Locks that this process holds on files stay its own, and it is asked to end as any process is.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    # What is there now is never collected: looking through it would copy every page that the two share.
    gc.freeze()
    pid = os.fork()
    if pid:
        gc.unfreeze()
        return Forked(pid)
    code = 1
    try:
        leave_parent(kept)
        code = run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        # It ends here, whatever happened, as Python ends a process: what called us is the other's.
        if sys.exc_info()[0]:
            sys.excepthook(*sys.exc_info())
        with suppress(OSError, ValueError):  # nobody reads any more
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def leave_parent(kept: Sequence[int]) -> None:
    """Let go of what belongs to the process that this one was forked from: descriptors, and what it does when told to end."""
    # Those that are open: a container may allow a thousand million, and to close each of these takes minutes.
    for descriptor in [int(each.name) for each in DESCRIPTORS.iterdir()]:
        if descriptor >= FIRST_OWN and descriptor not in kept:
            with suppress(OSError):  # that of the folder listed is closed already
                os.close(descriptor)
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        number = getattr(signal, name)
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)


def opened_onto(path: Path | str, flags: int, *descriptors: int) -> None:
    """Let descriptors lead to a file."""
    opened = os.open(path, flags, 0o600)
    for descriptor in descriptors:
        os.dup2(opened, descriptor)
    os.close(opened)


# A kernel, forked before anything is open, that waits for word of what it is to be


class WaitingKernel:
    """A kernel that waits for its command and environment; ``start`` gives it these, ``dismiss`` ends it if it never got them."""

    def __init__(self) -> None:
        asked, self._ask = os.pipe()
        self._answer, answered = os.pipe()
        self.process = forked(lambda: become_kernel(asked, answered), (asked, answered))
        os.close(asked)
        os.close(answered)

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], cwd: str, words: Path
    ) -> Forked | None:
        """Return the process once it can be asked; None, and it is ended, if that takes too long or it ends first.

        Parameters
        ----------
        command : sequence of str
            Of a kernel: what stands after the name of the module is for it.
        environment : mapping of str to str
            All of its environment.
        cwd : str
            The folder that it works in.
        words : pathlib.Path
            A file for what it writes.
        """
        told = {"command": list(command), "environment": dict(environment), "cwd": cwd, "words": str(words)}
        with suppress(BrokenPipeError):
            os.write(self._ask, json.dumps(told).encode() + b"\n")
        ready, _, _ = select.select([self._answer], [], [], PATIENCE_SECONDS)
        if ready and os.read(self._answer, 1):
            self._close()
            return self.process
        self.dismiss()
        return None

    def dismiss(self) -> None:
        """End the process unless it was started."""
        if self._ask is not None:
            self._close()
            self.process.kill()
            self.process.wait()

    def _close(self) -> None:
        os.close(self._ask)
        os.close(self._answer)
        self._ask = None


def become_kernel(asked: int, answered: int) -> int:
    """Wait for word, then be the kernel that it tells of; return 0 once that ends, or if no word comes."""
    # Whoever stops the command from a terminal stops the command, which ends its kernel.
    os.setsid()
    with os.fdopen(asked, encoding="utf-8") as stream:
        line = stream.readline()
    if not line:
        return 0
    told = json.loads(line)
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["environment"])
    opened_onto(os.devnull, os.O_RDONLY, 0)
    opened_onto(told["words"], os.O_WRONLY | os.O_CREAT, 1, 2)
    as_started(told["environment"].get("PYTHONPATH", ""), told["command"])

    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(told["command"][told["command"].index("-f") :])
    os.write(answered, b"1")
    os.close(answered)
    app.start()
    return 0


def as_started(search_path: str, command: Sequence[str]) -> None:
    """Let what Python took from the process before be as if it had just started with a command."""
    import tempfile

    own = search_path.split(os.pathsep)
    inherited = sys.path if sys.flags.safe_path else sys.path[1:]
    sys.path[:] = [*own, *(each for each in inherited if each not in own)]
    sys.argv[:] = list(command)
    tempfile.tempdir = None
    logging.captureWarnings(False)  # noqa: FBT003 - as logging has it


# A command of ours in a process of its own


def forked_command(run: Callable[[], int], folder: Path, said: int) -> Forked:
    """Return a process that runs a command in a folder: it reads nothing, and what it says goes to a descriptor.

    Warnings, which are of libraries, go to a log that nobody keeps.
    """

    def command() -> int:
        os.chdir(folder)
        opened_onto(os.devnull, os.O_RDWR, 0, 1)
        os.dup2(said, 2)
        os.close(said)
        logging.captureWarnings(True)  # noqa: FBT003 - as logging has it
        return run()

    return forked(command, (said,))
