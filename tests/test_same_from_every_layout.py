"""One school, exported in three layouts: the pack is the same whichever file it is made from."""

import pytest

from attendance_lib.display.notebook import payloads_of
from tests.notebook_in_process import run_here
from tests.sample_school import SAMPLES, WHY_SKIPPED, write_school

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=WHY_SKIPPED)
LAYOUTS = {
    "tidy": "tidy_marks.csv",
    "weekly_wide": "bromcom_weekly.csv",
    "grid_xlsx": "register_grid.xlsx",
}
LOCAL_RULE = """\
rules:
  notices:
    national_framework: {from: 2024-08-19, count_n: true}
    local:
      - {name: "10 sessions in a term", sessions: 10, terms: 1, from: 2025-09-01}
"""
PERIOD = {"date_from": "2026-02-02", "date_to": "2026-02-13"}
# What tells one export from another, and nothing else may.
TELLS_THE_FILE = {"files_read"}


@pytest.fixture(scope="module")
def payloads(tmp_path_factory):
    """What each layout's pack shows, by name."""
    found = {}
    for layout, marks in LAYOUTS.items():
        school_file = write_school(tmp_path_factory.mktemp(layout), marks, more=LOCAL_RULE)
        notebook = run_here("fortnightly", school_file=str(school_file), cohort="all", **PERIOD)
        found[layout] = {payload["name"]: payload for payload in payloads_of(notebook)}
    return found


def test_each_pack_was_made_from_its_own_layout(payloads):
    for layout, shown in payloads.items():
        (marks,) = [row for row in shown["files_read"]["rows"] if row[1] == "marks"]
        assert (marks[0], marks[2]) == (LAYOUTS[layout], layout)


def test_there_is_something_to_compare(payloads):
    rows = {name: len(shown["rows"]) for name, shown in payloads["tidy"].items() if shown["type"] == "table"}
    assert min(rows[name] for name in ("priority_pupils", "groups", "reasons", "notice_windows")) > 2


@pytest.mark.parametrize("layout", ["weekly_wide", "grid_xlsx"])
def test_the_pack_is_the_same_as_from_the_tidy_layout(payloads, layout):
    tidy, other = payloads["tidy"], payloads[layout]
    assert list(other) == list(tidy)
    assert [name for name in tidy if other[name] != tidy[name]] == sorted(TELLS_THE_FILE)
