import json

import pytest

from attendance_lib.errors import InputError

# Sunday 13 September 2026: two marks for the Sunday, then Monday to Wednesday.
START = {"AttStatsStartDate": "2026-09-13", "AttStatsEndDate": "2026-09-16"}
XPORTER = [(', layout: "x"', "")]


def record(pupil="001", **fields):
    return {"Id": pupil, "MIS_ID": pupil, **START} | fields


def exported(*records):
    return {"marks.csv": json.dumps({"StudentAttendance": list(records)})}


def test_a_string_is_two_marks_a_day_and_seven_days_a_week(read_changed, codes_of):
    school = read_changed(exported(record(MarksCSV="#,#,/,\\,C2,-,L")))
    assert codes_of(school) == {
        ("001", "09-14", "AM"): "/", ("001", "09-14", "PM"): "\\", ("001", "09-15", "AM"): "C2", ("001", "09-16", "AM"): "L",
    }  # fmt: skip
    assert (school.log.files[-1].layout, school.log.missing_marks) == ("xporter", 1)


def test_a_blank_at_the_beginning_of_a_string_moves_no_mark(read_changed, codes_of):
    monday = {"AttStatsStartDate": "2026-09-14"}
    school = read_changed(
        exported(record(Marks=" \\/\\ ", **monday), record("002", Marks=" \\", MarksCSV=",\\", **monday))
    )
    assert codes_of(school) == {
        ("001", "09-14", "PM"): "\\", ("001", "09-15", "AM"): "/", ("001", "09-15", "PM"): "\\", ("002", "09-14", "PM"): "\\",
    }  # fmt: skip


def test_marks_in_full_go_before_marks_cut_short(read_changed, codes_of):
    school = read_changed(exported(record(Marks="##/\\C", MarksCSV="#,#,/,\\,C2")))
    assert codes_of(school)["001", "09-15", "AM"] == "C2"
    assert school.log.findings[0].rule != "cut_codes"


def test_a_pupil_may_begin_on_another_day(read_changed, codes_of):
    later = {**record("002", MarksCSV="/,\\"), "AttStatsStartDate": "2026-09-15"}
    assert set(codes_of(read_changed(exported(record(MarksCSV="#,#,/"), later)))) == {
        ("001", "09-14", "AM"), ("002", "09-15", "AM"), ("002", "09-15", "PM"),
    }  # fmt: skip


def test_a_c_cut_short_counts_and_is_reported(read_changed, codes_of):
    school = read_changed(exported(record(Marks="##/\\CC")))
    cut = next(finding for finding in school.log.findings if finding.rule == "cut_codes")
    assert (cut.count, cut.row, "'C', which may stand for C1, C2" in cut.message) == (2, 2, True)
    assert codes_of(school)["001", "09-15", "AM"] == "C"


@pytest.mark.parametrize(
    ("start", "end"),
    [("13/09/26", "16/09/26"), ("13/09/2026", "16/09/2026"), ("13-Sep-26", "16-Sep-26"), ("13.09.26", ""), ("09/13/26", "09/16/26"),
     ("2026-09-12T23:00:00Z", "2026-09-15T23:00:00Z")],
)  # fmt: skip
def test_a_start_date_in_another_dress_is_the_day_it_means(read_changed, codes_of, start, end):
    """Of dates in figures the whole column tells the order: 13 is no month."""
    dates = {"AttStatsStartDate": start, "AttStatsEndDate": end}
    school = read_changed(exported(record(MarksCSV="#,#,/,\\") | dates))
    assert codes_of(school) == {("001", "09-14", "AM"): "/", ("001", "09-14", "PM"): "\\"}


def test_a_start_date_that_could_be_two_is_refused_and_the_school_file_settles_it(checked_changed):
    records = exported(record(MarksCSV="#,#,/,\\", AttStatsStartDate="06/09/26", AttStatsEndDate="09/09/26"))
    (problem,) = checked_changed(records).problems[:1]
    assert "dates such as 03/09/2026 could have the day or the month first" in problem
    settled = checked_changed(records, [("marks*.csv", 'marks*.csv", date_order: "day_first')])
    assert sorted({str(day.date()) for day in settled.school.marks["date"]}) == ["2026-09-07"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"Marks": "##/\\Y"},
            "row 2, column 'Marks': 1 mark is cut to 'Y', which may stand for Y1, Y2, Y3",
        ),
        ({"Marks": "##J"}, "cut to 'J', which may stand for J1. Export the field MarksCSV"),
        (
            {"Marks": "/\\/\\/\\/"},
            "1 of 1 string has marks on Saturdays or Sundays. A string should hold 14 marks a week",
        ),
        ({"MarksCSV": "#,#,/,\\,/,\\,/,\\,/,\\"}, "1 string runs past AttStatsEndDate"),
        ({"Marks": "##/", "MarksCSV": "#,#,L"}, "Marks and MarksCSV do not tell the same marks"),
        (
            {"Marks": "##/", "AttStatsStartDate": "32/09/2026"},
            "column 'AttStatsStartDate': this is not a date such as",
        ),
    ],
)
def test_a_string_that_cannot_be_trusted_is_refused(read_changed, fields, message):
    with pytest.raises(InputError, match=message):
        read_changed(exported(record(**fields)))


def test_old_codes_of_one_character_are_no_cut_codes(read_changed):
    old = {"AttStatsStartDate": "2024-07-15", "AttStatsEndDate": "2024-07-19"}
    with pytest.raises(InputError) as refusal:
        read_changed(exported({**record(Marks="/\\JY"), **old}))
    assert "cut to" not in str(refusal.value)
