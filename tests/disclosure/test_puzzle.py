"""The puzzle of what a reader can work out, and its solver."""

import ctypes
import os

import pytest

from attendance_lib.disclosure.puzzle import hushed


@pytest.mark.skipif(os.name != "posix", reason="only there is it thrown away")
def test_what_the_solver_writes_to_standard_output_reaches_no_report(capfd):
    library = ctypes.CDLL(None)
    with hushed():
        library.puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
    library.puts(b"said afterwards")
    library.fflush(None)
    assert capfd.readouterr().out == "said afterwards\n"
