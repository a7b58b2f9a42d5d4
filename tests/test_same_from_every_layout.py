"""One school, exported in three layouts: the pack is the same whichever file it is made from."""

from pathlib import Path

import pytest

from attendance_lib.display.payloads import payloads_of
from tests.notebook_in_process import run_here

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the sample school lies outside the project and is not here"
)
LAYOUTS = {
    "tidy": "tidy_marks.csv",
    "weekly_wide": "bromcom_weekly.csv",
    "grid_xlsx": "register_grid.xlsx",
}
# Open sessions are those with a tidy mark: 3 September 2025 to 13 February 2026 without two INSET days.
SCHOOL = """\
school:
  name: "Sample Academy"
  urn: "990002"
  phase: secondary
  year_groups: [7, 8, 9, 10, 11]
  registers:
    AM: {{opens: "08:40", closes: "09:10"}}
    PM: {{opens: "13:10", closes: "13:40"}}
exports:
  pupils: {{path: "{samples}/pupils.csv"}}
  marks: {{path: "{samples}/{marks}"}}
calendar:
  terms:
    - school_year: "202526"
      name: autumn
      half_terms:
        - {{start: 2025-09-03, end: 2025-10-24}}
        - {{start: 2025-11-03, end: 2025-12-19}}
    - school_year: "202526"
      name: spring
      half_terms:
        - {{start: 2026-01-05, end: 2026-02-13}}
  inset: [2025-11-28, 2026-01-05]
rules:
  notices:
    national_framework: {{from: 2024-08-19, count_n: true}}
    local:
      - {{name: "10 sessions in a term", sessions: 10, terms: 1, from: 2025-09-01}}
"""
PERIOD = {"date_from": "2026-02-02", "date_to": "2026-02-13"}
# What tells one export from another, and nothing else may.
TELLS_THE_FILE = {"files_read"}


@pytest.fixture(scope="module")
def payloads(tmp_path_factory):
    """What each layout's pack shows, by name."""
    found = {}
    for layout, marks in LAYOUTS.items():
        school_file = tmp_path_factory.mktemp(layout) / "school.yml"
        school_file.write_text(SCHOOL.format(samples=SAMPLES.as_posix(), marks=marks), encoding="utf-8")
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
