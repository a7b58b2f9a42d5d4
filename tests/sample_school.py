"""The sample school of ``../shared/samples``: its school file, written once for every test that reads it."""

from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
WHY_SKIPPED = "the sample school lies outside the project and is not here"

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
  pupils: {{path: "{samples}/{pupils}"}}
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
"""


def write_school(folder, marks="tidy_marks.csv", pupils="pupils.csv", more=""):
    """Write the school file of the sample school for one export of its marks, and return its path."""
    path = folder / "school.yml"
    path.write_text(
        SCHOOL.format(samples=SAMPLES.as_posix(), marks=marks, pupils=pupils) + more, encoding="utf-8"
    )
    return path
