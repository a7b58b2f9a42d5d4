"""Lesson registers as schools export them: shared classes, two registers of one lesson, periods outside the day."""

import pandas as pd
import pytest

HEAD = "pupil_id,date,period,subject,class,teacher,code\n"
LESSONS = [("exports:\n", 'exports:\n  lessons: {path: "lessons.csv"}\n')]
PERIODS = [*LESSONS, ("calendar:", 'lessons: {morning: ["1", "2"], afternoon: ["3"]}\ncalendar:')]


def rules(checked):
    return [finding.rule for finding in checked.log.findings]


def test_a_class_of_two_teachers_is_one_lesson(read_changed):
    rows = "001,2026-09-14,1,Art,7/Ar,A. One,/\n001,2026-09-14,1,Art,7/Ar,B. Two,/\n"
    school = read_changed({"lessons.csv": HEAD + rows}, LESSONS)
    assert school.lessons[["period", "code"]].to_numpy().tolist() == [["1", "/"]]
    assert [repair.count for repair in school.log.repairs if repair.rule == "shared_lessons"] == [1]


def test_of_two_registers_that_differ_none_is_believed(checked_changed):
    rows = "001,2026-09-14,1,Art,7/Ar,A. One,/\n001,2026-09-14,2,Art,7/Ar,A. One,/\n001,2026-09-14,1,Art,7/Ar,B. Two,N\n"
    checked = checked_changed({"lessons.csv": HEAD + rows}, LESSONS)
    (finding,) = [each for each in checked.log.findings if each.rule == "two_registers"]
    assert (finding.count, finding.row) == (2, 2)
    assert "two registers of one lesson say different things (1 lesson)" in finding.message
    lessons = checked.school.lessons.set_index("period")["code"]
    assert lessons.isna().to_dict() == {"1": True, "2": False}


def test_an_empty_code_is_a_register_that_was_not_taken(read_changed):
    school = read_changed({"lessons.csv": HEAD + "001,2026-09-14,1,Art,7/Ar,A. One,\n"}, LESSONS)
    assert school.lessons["code"].isna().tolist() == [True]
    assert "unreadable_code" not in rules(school)


@pytest.mark.parametrize("text", ["-", "?", " "])
def test_so_is_what_a_system_shows_where_no_mark_was_made(read_changed, text):
    school = read_changed({"lessons.csv": HEAD + f"001,2026-09-14,1,Art,7/Ar,A. One,{text}\n"}, LESSONS)
    assert school.lessons["code"].isna().tolist() == [True]


def many(count, *odd):
    """The rows of so many lessons with a mark of presence, and after them some with other codes."""
    codes = ["/"] * count + list(odd)
    days = pd.bdate_range("2026-09-07", periods=len(codes))
    return "".join(
        f"001,{day:%Y-%m-%d},1,Art,7/Ar,A. One,{code}\n" for day, code in zip(days, codes, strict=True)
    )


def test_a_row_whose_code_is_none_is_named_and_left_out(checked_changed):
    checked = checked_changed({"lessons.csv": HEAD + many(99, "Q9")}, LESSONS)
    assert checked.problems == ()
    assert len(checked.school.lessons) == 99
    (finding,) = [each for each in checked.log.findings if each.rule == "unknown_code_of_lessons"]
    assert (finding.file, finding.row, finding.column, finding.count) == ("lessons.csv", 101, "code", 1)
    assert finding.message == (
        "1 row holds what is no register code ('Q9' 1 time) and is left out. These look like codes of your system's own: say in "
        'the school file, beside the path, which register code each stands for, as in codes: {Q9: "Q"}.'
    )


def test_of_two_rows_of_one_lesson_the_one_with_a_code_holds(checked_changed):
    again = "001,2026-09-07,1,Art,7/Ar,B. Two,Amelia\n"
    checked = checked_changed({"lessons.csv": HEAD + many(60) + again}, LESSONS)
    assert checked.school.lessons["code"].tolist() == ["/"] * 60
    assert "two_registers" not in rules(checked)


@pytest.mark.parametrize(("good", "is_refused"), [(98, False), (97, True)])
def test_more_than_two_in_a_hundred_of_them_refuse_the_file(checked_changed, good, is_refused):
    """2 of 100 are the limit of marks of sessions too; 2 of 99 are more. Blank cells are no marks, and count on neither side."""
    blank = "".join(f"002,2026-09-07,{period},Art,7/Ar,A. One,\n" for period in range(1, 50))
    checked = checked_changed({"lessons.csv": HEAD + many(good, "A1B", "Samuel") + blank}, LESSONS)
    assert bool(checked.problems) is is_refused
    if is_refused:
        (line,) = checked.problems
        assert line.startswith(
            "lessons.csv, row 99, column 'code': 2 rows hold what is no register code ('A1B' 1 time, a text of 6 characters 1 "
            "time) and are too many of 99 to leave out (limit 2%). Correct the register and export again"
        )


def test_a_code_of_a_system_s_own_is_read_as_the_school_file_says(read_changed):
    settings = [(old, new.replace('"}', '", codes: {Q9: "N"}}')) for old, new in LESSONS]
    school = read_changed({"lessons.csv": HEAD + many(1, "q9")}, settings)
    assert school.lessons["code"].tolist() == ["/", "N"]


def test_a_taken_register_beside_an_empty_row_of_it_holds(read_changed):
    rows = "001,2026-09-14,1,Art,7/Ar,A. One,\n001,2026-09-14,1,Art,7/Ar,B. Two,/\n"
    assert read_changed({"lessons.csv": HEAD + rows}, LESSONS).lessons["code"].tolist() == ["/"]


def test_a_file_without_periods_is_refused_with_the_column(checked_changed):
    checked = checked_changed({"lessons.csv": "pupil_id,date,subject,code\n001,2026-09-14,Art,/\n"}, LESSONS)
    assert any("lessons.csv" in line and "period" in line for line in checked.problems)


def test_a_period_outside_the_day_is_named_with_its_row(checked_changed):
    rows = "001,2026-09-14,1,Art,7/Ar,A. One,/\n001,2026-09-14,9,Art,7/Ar,A. One,/\n"
    checked = checked_changed({"lessons.csv": HEAD + rows}, PERIODS)
    (finding,) = [each for each in checked.log.findings if each.rule == "period_outside_day"]
    assert (finding.count, finding.row) == (1, 3)
    assert "('9')" in finding.message
    assert "under morning or afternoon" in finding.message


def test_pupils_whom_the_roll_does_not_have_are_left_out_and_named(checked_changed):
    rows = "001,2026-09-14,1,Art,7/Ar,A. One,/\nZZZ,2026-09-14,1,Art,7/Ar,A. One,/\n"
    checked = checked_changed({"lessons.csv": HEAD + rows}, LESSONS)
    assert checked.school.lessons["pupil_id"].tolist() == ["001"]
    (finding,) = [each for each in checked.log.findings if each.rule == "unknown_pupil_of_lessons"]
    assert finding.row == 3


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "Lesson.ID,Lesson,Teacher,Room,UPN,GFSID,Surname.Forename.Reg,Surname,Forename,Gender,Year.Group,Reg,Date,Subject,"
            "Class,Lesson.Mark,Lesson.Label,Lesson.Late.Minutes,Lesson.Notes",
            "88,Mon:1,A. One,R1,{upn},7,x,x,x,F,7,7A,14/09/2026,Art,7/Ar,L,Late,4,",
        ),
        (
            "StudentId,Date,PeriodDisplayName,Subject,Class,Teacher,Mark,Minutes late",
            "001,2026-09-14,1,Art,7/Ar,A. One,L,4",
        ),
        (
            "PersonID,AttendanceDate,EventInstanceID,EmployeeID,AttendanceMark,MinsLate",
            "001,2026-09-14,551,9,l,4",
        ),
        (
            "student,startDatetime,endDatetime,event,attendanceMark,minutesLate,recordNote,isRedundant",
            "001,2026-09-14T09:00:00,2026-09-14T10:00:00,7/Ar,L,4,,false",
        ),
    ],
    ids=["go4schools", "bromcom", "sims", "arbor"],
)
def test_columns_as_systems_call_them_are_known(read_changed, head, row):
    upn = read_changed().pupils.set_index("pupil_id")["upn"]["001"]
    settings = [(old, new.replace('"}', '", date_order: day_first}')) for old, new in LESSONS]
    school = read_changed({"lessons.csv": f"{head}\n{row.format(upn=upn)}\n"}, settings)
    lesson = school.lessons.iloc[0]
    assert (lesson["pupil_id"], str(lesson["date"].date()), lesson["code"], lesson["minutes_late"]) == (
        "001", "2026-09-14", "L", 4,
    )  # fmt: skip


ARBOR = "student,startDatetime,endDatetime,event,attendanceMark,isRedundant\n"
AT_NINE = 'lessons: {morning: ["09:00", "10:00"], afternoon: ["13:10"]}\ncalendar:'


def arbor(read, *rows):
    lines = "".join(f"{row}\n" for row in rows)
    return read({"lessons.csv": ARBOR + lines}, [*LESSONS, ("calendar:", AT_NINE)])


def test_arbor_s_records_have_the_time_at_which_they_begin_as_their_period(read_changed):
    school = arbor(
        read_changed,
        "001,2026-09-14T09:00:00,2026-09-14T10:00:00,7/Ar,/,0",
        "001,2026-09-14T09:00:00Z,2026-09-14T10:00:00Z,7/Ma,N,0",  # ten o'clock in Britain's summer
        "001,14/09/2026 13:10,14/09/2026 14:10,7/Hi,L,",
    )
    found = school.lessons.set_index("period")[["class", "code"]]
    assert found.to_numpy().tolist() == [["7/Ar", "/"], ["7/Ma", "N"], ["7/Hi", "L"]]
    assert found.index.tolist() == ["09:00", "10:00", "13:10"]
    assert "period_outside_day" not in rules(school)


def test_a_record_that_arbor_calls_redundant_is_left_out(read_changed):
    begins = "2026-09-14T09:00:00,2026-09-14T10:00:00"
    school = arbor(read_changed, f"001,{begins},7/Ar,N,true", f"001,{begins},7/Ar,/,false")
    assert school.lessons["code"].tolist() == ["/"]
    assert [repair.count for repair in school.log.repairs if repair.rule == "redundant_lessons"] == [1]


def test_a_record_of_arbor_s_without_a_time_is_refused_with_its_row(checked_changed):
    checked = arbor(checked_changed, "001,2026-09-14T09:00:00,,7/Ar,/,0", "001,2026-09-14,,7/Ar,/,0")
    assert any(
        line.startswith("lessons.csv, row 3, column 'period'") and "is empty" in line
        for line in checked.problems
    )


def test_a_time_outside_the_periods_of_the_school_file_is_named_with_its_row(checked_changed):
    checked = arbor(checked_changed, "001,2026-09-14T09:00:00,,7/Ar,/,0", "001,2026-09-14T15:30:00,,Club,/,0")
    (finding,) = [each for each in checked.log.findings if each.rule == "period_outside_day"]
    assert (finding.row, "15:30" in finding.message) == (3, True)
