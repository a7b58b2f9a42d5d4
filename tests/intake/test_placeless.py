"""Rows that hold no mark are told of, and lines of marks under another delimiter count as lost."""

import pytest

from attendance_lib.errors import InputError

# The three pupils' other session, so that two lost lines of 206 are within the limit.
MANY = "".join(f"00{1 + day % 3},2026-09-{15 + day // 3:02},AM,/,\n" for day in range(9)) * 22


def test_a_line_under_the_table_is_told_of_and_no_mark_is_lost(read_changed):
    school = read_changed({"marks.csv": ("001,2026-09-14,AM", "Printed for Zoë,,,,\n001,2026-09-14,AM")})
    (finding,) = school.log.findings
    assert (finding.rule, finding.severity) == ("rows_without_mark", "should")
    assert (finding.count, finding.row) == (1, 2)
    assert "Zoë" not in str(finding)
    assert (school.log.rows_read, school.log.rows_dropped) == (6, 0)


def test_lines_under_another_delimiter_count_as_left_out(read_changed, school_folder):
    marks = (school_folder / "marks.csv").read_text(encoding="utf-8")
    school = read_changed({"marks.csv": f"{marks}{MANY}001;2026-09-17;AM;/;\n002;2026-09-17;AM;/;\n"})
    (finding,) = school.log.findings
    assert (finding.rule, finding.count, finding.row, finding.severity) == ("cut_up_rows", 2, 206, "must")
    assert (school.log.rows_read, school.log.rows_dropped) == (206, 2)


def test_more_of_them_than_the_limit_are_refused(read_changed):
    with pytest.raises(InputError, match="1 of 7 marks would be left out"):
        read_changed({"marks.csv": ("001,2026-09-14,AM", "001;2026-09-17;AM;/;\n001,2026-09-14,AM")})


def test_exports_of_which_nothing_can_be_used_say_why_and_show_the_value(read_changed):
    with pytest.raises(InputError) as refused:
        read_changed({"marks.csv": ("2026-09-14", "14/14/26")})
    assert refused.value.problems[0].startswith("6 of 6 marks would be left out (100.0%, limit 2%)")
    assert refused.value.problems[1:] == (
        "marks.csv, row 2, column 'date': 6 marks have no date that can be read, the first '14/14/26', and are left out. "
        "Export dates as 2026-11-20.",
    )
