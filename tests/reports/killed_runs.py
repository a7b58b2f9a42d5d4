"""Runs that are killed at any moment."""

import os
import sys

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
ASKS = ("os.", "open", "shutil.", "fcntl.", "tempfile.")


def killed_at(moment, work):
    """Do the work in a copy of this process, killed when it asks the system for the nth thing; whether it was."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    left = [moment]

    def count(event, arguments):
        if event.startswith(ASKS):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), 9)

    sys.addaudithook(count)
    work()
    os._exit(0)
