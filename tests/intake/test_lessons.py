"""Lesson registers as schools export them: shared classes, two registers of one lesson, periods outside the day."""

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
    (finding,) = [each for each in checked.log.findings if each.rule == "unknown_pupil"]
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
