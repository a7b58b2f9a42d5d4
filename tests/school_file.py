"""The school file of the small schools that tests write: what all of them say, and what each has of its own."""

DETAILS = """\
school:
  name: "{name}"
  urn: "{urn}"
  phase: secondary
  year_groups: [7, 8]
  registers:
    AM: {{opens: "08:40", closes: "09:10"}}
    PM: {{opens: "13:10", closes: "13:40"}}
exports:
  pupils: {{path: "pupils.csv"}}
  marks:{marks}
"""
AUTUMN = """\
calendar:
  terms:
    - school_year: "202627"
      name: autumn
      half_terms:
        - {{start: {first_day}, end: 2026-10-23}}
        - {{start: 2026-11-02, end: 2026-12-18}}
"""
NATIONAL = """\
rules:
  notices:
    national_framework: {from: 2024-08-19, count_n: true}
"""


def details(name="Tiny School", urn="990003", marks=' {path: "marks.csv"}'):
    """The school, and its files of pupils and marks; further exports, two spaces in, may follow."""
    return DETAILS.format(name=name, urn=urn, marks=marks)


def autumn(first_day="2026-09-07"):
    """An autumn term of two half terms."""
    return AUTUMN.format(first_day=first_day)
