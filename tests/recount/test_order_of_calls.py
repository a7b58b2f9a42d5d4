"""The order of the daily paper's calls, of pupils written into export files so that each place turns on one fact; counted by hand.

In the demo school nobody has some of the flags, and whoever is over a line has a plan as well.
"""

from datetime import date, timedelta

import pytest

from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.daily import calls, moment

# 25 school days before a Monday: with its morning 51 sessions, 50 of who was registered elsewhere (D) for one.
FIRST, TODAY = date(2026, 9, 7), date(2026, 10, 12)
DAYS = [
    FIRST + timedelta(days) for days in range((TODAY - FIRST).days) if (FIRST + timedelta(days)).weekday() < 5
]
FLAGS = (
    "child_protection", "looked_after", "child_in_need", "youth_justice", "previously_looked_after", "missing_history",
    "medical_risk", "travels_alone",
)  # fmt: skip
# Each has N this morning, which is one session missed, and came on the last school day before but for "two days".
# pupil: (place, flags, other sessions missed, sessions elsewhere)
PUPILS = {
    "nothing": (7, (), 0, 0),
    "protected": (1, ("child_protection",), 0, 0),
    "looked after": (1, ("looked_after",), 0, 0),
    "social worker": (1, ("child_in_need",), 0, 0),
    "youth justice": (1, ("youth_justice",), 0, 0),
    "youth justice alone": (1, ("youth_justice", "travels_alone"), 30, 0),
    "was looked after": (7, ("previously_looked_after",), 0, 0),
    "went missing": (2, ("missing_history", "medical_risk"), 0, 0),
    "cannot call": (3, ("medical_risk", "travels_alone"), 0, 0),
    "alone": (4, ("travels_alone",), 30, 0),
    "two days": (5, (), 30, 0),
    "under a tenth": (7, (), 4, 0),  # 5 of 51
    "a tenth": (6, (), 4, 1),  # 5 of 50
    "under a half": (6, (), 24, 0),  # 25 of 51
    "a half": (6, (), 24, 1),  # 25 of 50
    "nearly always": (6, (), 40, 0),
}
SCHOOL = """\
school:
  name: Called
  urn: "990009"
  phase: secondary
  year_groups: [9]
  registers: {AM: {opens: "08:45", closes: "09:15"}, PM: {opens: "13:00", closes: "13:30"}}
exports:
  pupils: {path: pupils.csv}
  marks: {path: marks.csv}
calendar:
  terms:
    - {school_year: "202627", name: autumn, half_terms: [{start: 2026-09-07, end: 2026-10-23}]}
rules: {notices: {national_framework: {from: 2024-08-19, count_n: true}}}
"""


def codes_of(who):
    """The code of each day and half: N today, and absence and sessions elsewhere from the first day on."""
    _, _, missed, elsewhere = PUPILS[who]
    sessions = [(day, half) for day in DAYS for half in ("AM", "PM")]
    early = ["I"] * missed + ["D"] * elsewhere
    codes = dict(zip(sessions, early + ["/"] * (len(sessions) - len(early)), strict=True))
    if who == "two days":
        codes |= {(DAYS[-1], half): "O" for half in ("AM", "PM")}
    return codes | {(TODAY, "AM"): "N"}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("called")
    pupils = [
        ",".join(("pupil_id", "surname", "year_group", "form", "date_of_birth", "admission_date", *FLAGS))
    ]
    marks = ["pupil_id,date,session,code"]
    for who, (_, flags, *_) in PUPILS.items():
        told = ["1" if flag in flags else "0" for flag in FLAGS]
        pupils.append(",".join((who, who, "9", "9A", "2013-01-15", "2024-09-02", *told)))
        marks += [f"{who},{day},{half},{code}" for (day, half), code in codes_of(who).items()]
    for name, lines in (("pupils.csv", pupils), ("marks.csv", marks), ("school.yml", SCHOOL.splitlines())):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    whole = open_pack(str(folder / "school.yml"), str(TODAY), str(TODAY), cohorts_file="params/cohorts.yml")
    return moment.at_session(whole, "AM")


def test_each_pupil_has_the_place_that_the_files_give(pack):
    found = calls.calls_of(pack).set_index("pupil_id")["order"]
    assert found.to_dict() == {who: place for who, (place, *_) in PUPILS.items()}


def test_they_are_called_in_that_order(pack):
    assert calls.calls_of(pack)["order"].tolist() == sorted(place for place, *_ in PUPILS.values())
