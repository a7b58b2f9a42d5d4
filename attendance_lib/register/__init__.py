"""The register as a grid of marks, and the one tally that everything is counted with."""

from attendance_lib.register.build import build_register
from attendance_lib.register.grid import CLOSED, MISSING, NOT_ON_ROLL, Register, cell_of
from attendance_lib.register.tally import count_codes, tally

__all__ = [
    "CLOSED",
    "MISSING",
    "NOT_ON_ROLL",
    "Register",
    "build_register",
    "cell_of",
    "count_codes",
    "tally",
]
