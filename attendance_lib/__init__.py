"""The attendance workbook: an English school's registers turned into the papers its people meet over."""

import os
from importlib import import_module

__version__ = "0.1.0"
__all__ = ["open_school"]

# openpyxl writes other bytes where lxml is installed, as it is with python-docx; a pack is the same on every machine.
os.environ["OPENPYXL_LXML"] = "False"


def __getattr__(name: str) -> object:
    """Find what an analyst asks for once it is asked for: no command needs it, and pandas takes a second to import."""
    if name == "open_school":
        return import_module("attendance_lib.analyst").open_school
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
