"""Options for the whole suite; fixtures live beside the tests that use them."""

import gc
import os

import pytest
from hypothesis import settings

from attendance_lib.imports import imports_without_slow_checker

# As in a report's kernel, and before numpy is imported: threads of two workers on two cores only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# As a report does, before any test imports it the slow way.
with imports_without_slow_checker():
    import nbformat  # noqa: F401

# The same examples on every run, and no deadline: two shared cores are not a stopwatch.
settings.register_profile("workbook", derandomize=True, deadline=None)
settings.load_profile("workbook")

# The files that take longest, longest first.
LONG = (
    "test_governors.py",
    "test_fortnightly.py",
    "test_disclosure_attack.py",
    "test_check.py",
    "test_words.py",
    "test_impact_paper.py",
    "test_pack.py",
    "test_round_trips.py",
)

# Ten thousand tests and the modules they come from stay to the end: looking through them for what could go, again and again,
# took a sixth of the time of collecting them and a twelfth of that of a file of papers' tests.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for what can go from here on, among what tests make and not among the tests."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the long files, so that no worker is left with one at the end while the other has nothing to do."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))
