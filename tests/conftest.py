"""Options for the whole suite; fixtures live beside the tests that use them."""

import os

from hypothesis import settings

from attendance_lib.reports.lean import lean_imports

# As in a report's kernel, and before numpy is imported: threads of two workers on two cores only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# As a report does, before any test imports it the slow way.
with lean_imports():
    import nbformat  # noqa: F401

# The same examples on every run, and no deadline: two shared cores are not a stopwatch.
settings.register_profile("workbook", derandomize=True, deadline=None)
settings.load_profile("workbook")
