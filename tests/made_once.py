"""Things that take seconds to make, made once however many workers run the tests."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE_SECONDS = 600
DONE, FAILED = "done", "failed"


def made_once(
    name: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str, make: Callable[[Path], None]
) -> Path:
    """Return a folder that `make` has filled, by the first worker to ask for it; the others wait.

    As pytest-xdist's documentation advises ("Making session-scoped fixtures execute only once"), the workers meet
    in the folder above their own. Making a folder either succeeds or fails at once, and so serves as the lock.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / name
    try:
        folder.mkdir()
    except FileExistsError:
        return waited_for(folder)
    sign = folder.with_name(f"{name}.sign")
    try:
        make(folder)
    except BaseException:
        sign.write_text(FAILED)
        raise
    sign.write_text(DONE)
    return folder


def waited_for(folder: Path) -> Path:
    """Return a folder once the worker that makes it is done."""
    sign = folder.with_name(f"{folder.name}.sign")
    until = time.monotonic() + PATIENCE_SECONDS
    while not sign.exists() or not sign.read_text():
        if time.monotonic() > until:
            pytest.fail(f"{folder.name} was not made within {PATIENCE_SECONDS} seconds")
        time.sleep(0.2)
    if sign.read_text() == FAILED:
        pytest.fail(f"{folder.name} could not be made; the worker that tried says why")
    return folder
