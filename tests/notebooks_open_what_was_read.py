"""A plugin for the notebooks' own run: the demo school is read once, and every notebook opens what was read.

As after a report, which keeps what it read of the exports; notebooks that open another school read it. Without this plugin
each reads the same exports again.
"""

import os
from pathlib import Path

import pytest

from attendance_lib.intake.school_store import STORE_VARIABLE, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Read the school before any kernel starts, and say to all where it is kept."""
    store = SchoolStore(ROOT / "build" / "exports_read")
    open_school(load_settings(ROOT / "params" / "demo.yml"), store, keeps=True)
    os.environ[STORE_VARIABLE] = str(store.folder)
