"""How a command ends that does not end well: by a signal, for want of a reader or of a disk, or by a fault of ours."""

import os
import signal
import sys
import traceback
from contextlib import suppress
from types import FrameType, TracebackType
from typing import NoReturn, Self

import click

from attendance_lib.errors import FAULT, RequestError, refused_by_system

# As shells have it: 128 and the number of the signal, of an interrupt and of a pipe whose reader has gone.
STOPPED, INTERRUPTED, NO_READER = 128, 130, 141
SIGNALS = ("SIGTERM", "SIGHUP")


class StoppedError(SystemExit):
    """The process was asked to end by a signal; what it was making is cleared on the way out."""


def stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - what a handler is given
    """End the command as if it had asked to end itself.

    Raises
    ------
    StoppedError
        Always.

    Examples
    --------
    >>> stop(15, None)
    Traceback (most recent call last):
    attendance_lib.endings.StoppedError: 143
    """
    raise StoppedError(STOPPED + number)


class Ending:
    """A block with an exit code, ``code``, that is right however the block ends: in a line, silently, or with a traceback.

    During the block a signal to end, or a closed terminal, lets what is being made be cleared. A fault of ours keeps its
    traceback, but not Python's exit code for it, by which ``attendance verify`` says that a pack differs.
    """

    code: int = 0

    def __enter__(self) -> Self:
        """Let signals end the block rather than the process, but for those that it was started to ignore, as by nohup."""
        numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        heeded = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
        self._before = {number: signal.signal(number, stop) for number in heeded}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Tell what ended the block, if anything did, and settle the exit code."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if error is not None:
            self.code = exit_code_of(error)
        return True


def exit_code_of(error: BaseException) -> int:
    """Tell what ended a command, where there is anyone to tell, and return its exit code.

    Examples
    --------
    >>> [exit_code_of(error) for error in (StoppedError(143), KeyboardInterrupt(), click.Abort())]
    [143, 130, 130]
    """
    if isinstance(error, StoppedError):
        return int(error.code)
    # Click takes a file that ends too early for a person who pressed Ctrl-D; no command of ours asks anything.
    if isinstance(error, click.Abort) and isinstance(error.__cause__, EOFError):
        error = error.__cause__
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    # Click's own way out when the reader of a pipe has gone is to exit.
    if isinstance(error, BrokenPipeError | SystemExit):
        silence()
        return NO_READER
    if isinstance(error, OSError):
        return exit_code_of_refusal(error)
    if isinstance(error, MemoryError):
        click.echo("Memory ran out. Close other programs, and run this again.", err=True)
        return RequestError.exit_code
    traceback.print_exception(error)
    return FAULT


def exit_code_of_refusal(error: OSError) -> int:
    """Tell what the operating system refused, and return the exit code."""
    refusal = refused_by_system(error)
    with suppress(OSError):
        click.echo(str(refusal), err=True)
    try:
        sys.stdout.flush()
    except OSError:
        silence()
    return refusal.exit_code


def silence() -> None:
    """Let what is still to be printed go nowhere, or Python would complain of it as it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
