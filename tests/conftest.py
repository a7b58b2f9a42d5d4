"""Options for the whole suite; fixtures live beside the tests that use them."""

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the long files, so that no worker is left with one at the end while the other has nothing to do."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))
