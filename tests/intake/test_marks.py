"""Which blank cells count as missing marks: Tiny School, pupils 001 (Year 7, from 7 September 2026) and 002 (Year 8)."""

import pytest

HEAD = "StudentId,CalendarStartDate,MonAM,MonPM,TueAM\n"


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ("001,2026-09-14,,\\,/", 1),
        ("001,2026-09-14,-,\\,/", 1),
        ("001,2026-09-14,#,\\,/", 0),
        ("001,2026-08-31,,,", 0),
        ("002,2026-10-26,,,", 0),
        ("009,2026-09-14,,,", 0),
    ],
    ids=["blank", "no mark", "closed", "before admission", "half-term holiday", "not on the roll"],
)
def test_a_blank_is_missing_only_where_a_mark_was_due(read_changed, row, missing):
    school = read_changed({"marks.csv": f"{HEAD}{row}\n003,2026-11-02,/,\\,/\n"})
    assert school.log.missing_marks == missing


def test_a_blank_that_another_file_fills_is_not_missing(read_changed):
    files = {
        "marks.csv": f"{HEAD}001,2026-09-14,,\\,/\n",
        "marks_late.csv": "pupil_id,date,session,code\n001,2026-09-14,AM,L\n",
    }
    assert read_changed(files).log.missing_marks == 0


def test_a_session_closed_to_the_pupil_s_year_group_needs_no_mark(read_changed):
    closure = [
        ("calendar:", 'calendar:\n  closures:\n    - {date: 2026-09-14, reason: "trip", year_groups: [7]}')
    ]
    rows = "001,2026-09-14,,,/\n002,2026-09-14,,\\,/\n"
    assert read_changed({"marks.csv": HEAD + rows}, closure).log.missing_marks == 1
