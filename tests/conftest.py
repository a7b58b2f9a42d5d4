"""Options for the whole suite; fixtures live beside the tests that use them."""

from hypothesis import settings

# The same examples on every run, and no deadline: two shared cores are not a stopwatch.
settings.register_profile("workbook", derandomize=True, deadline=None)
settings.load_profile("workbook")
