"""However a command ends, its exit code is the one that schedulers are told, and a person reads why."""

import errno
import signal

import click
import pytest

from attendance_lib.endings import INTERRUPTED, NO_READER, Ending, StoppedError, exit_code_of, stop
from attendance_lib.errors import FAULT


@pytest.fixture(autouse=True)
def nothing_is_silenced(monkeypatch):
    """Or the test run itself would print no more."""
    monkeypatch.setattr("attendance_lib.endings.silence", lambda: None)


def code_of(error):
    with Ending() as ending:
        raise error
    return ending.code


def test_a_command_that_ends_well_has_no_code():
    with Ending() as ending:
        pass
    assert ending.code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), INTERRUPTED),
        (click.Abort(), INTERRUPTED),
        (BrokenPipeError(), NO_READER),
        (SystemExit(1), NO_READER),
        (StoppedError(143), 143),
        (MemoryError(), 2),
        (ZeroDivisionError(), FAULT),
    ],
)
def test_each_way_to_end_has_its_code(error, code):
    assert code_of(error) == code


def test_a_signal_ends_a_command_with_its_number_and_lets_it_clear_up():
    cleared = []
    with Ending() as ending:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            cleared.append("what was being made")
    assert ending.code == 128 + signal.SIGTERM
    assert cleared


def test_signals_are_as_they_were_once_it_has_ended():
    before = signal.getsignal(signal.SIGTERM)
    with Ending():
        assert signal.getsignal(signal.SIGTERM) is stop
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_signal_that_was_ignored_from_the_start_goes_on_being_ignored():
    """As by nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Ending() as ending:
            signal.raise_signal(signal.SIGHUP)
        assert (ending.code, signal.getsignal(signal.SIGHUP)) == (0, signal.SIG_IGN)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_the_system_refuses_is_said_in_a_line_without_a_traceback(capsys):
    assert exit_code_of(OSError(errno.ENOSPC, "No space left on device")) != 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_a_fault_of_ours_keeps_its_traceback(capsys):
    exit_code_of(ZeroDivisionError("division by zero"))
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_a_file_that_ends_too_early_is_a_fault_and_no_person_who_gave_up():
    """Click takes the one for the other."""
    error = click.Abort()
    error.__cause__ = EOFError()
    assert exit_code_of(error) == FAULT
