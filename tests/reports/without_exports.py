"""Runs of a project whose exports are not read: how far their registers go is known, and that nothing is missing from them."""

from datetime import date
from types import SimpleNamespace

from attendance_lib.reports import gate

NEWEST_MARK = date(2026, 11, 20)


def without_exports(patch):
    """Let the gate know a school without reading it."""
    known = SimpleNamespace(last_register_day=NEWEST_MARK, actions=None, plans=None, interventions=None)
    patch.setattr(gate, "read_exported", lambda settings, store: known)
    patch.setattr(gate, "check_whole", lambda school, job: 0)
