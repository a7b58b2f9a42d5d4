import pytest

HEAD = '<?xml version="1.0" encoding="iso-8859-1"?>\n'
MARKS = HEAD + (
    "<SessionAttendances>"
    "<SessionAttendance><PersonID>001</PersonID><BaseGroupID/><AttendanceDate>2026-09-14T09:00:00</AttendanceDate>"
    "<SessionName>AM</SessionName><AttendanceMark>L</AttendanceMark><MinsLate>8</MinsLate></SessionAttendance>"
    "<SessionAttendance><PersonID>001</PersonID><AttendanceDate>2026-09-14T13:00:00</AttendanceDate>"
    "<SessionName>PM</SessionName><AttendanceMark>\\</AttendanceMark></SessionAttendance>"
    "</SessionAttendances>"
)
PUPILS = HEAD.replace("iso-8859-1", "utf-8") + (
    "<SuperStarReport>"
    "<Record><Adno>001</Adno><Legal_x0020_Surname>Ó Briain</Legal_x0020_Surname><Forename>Siân</Forename><Year>Year  7</Year>"
    "<Reg>07A</Reg><DOB>2015-05-06T00:00:00+01:00</DOB></Record>"
    "<Record><Adno>002</Adno><UPN>A2</UPN><Year>Year  8</Year><Reg>8A</Reg><DOB>2014-01-02T00:00:00</DOB></Record>"
    "<Record><Adno>003</Adno><Year>Year  7</Year><Reg>7A</Reg><DOB>2014-11-02T00:00:00Z</DOB></Record>"
    "</SuperStarReport>"
)


def test_marks_keep_their_minutes_and_an_absent_element_is_missing(read_changed):
    school = read_changed({"marks.csv": MARKS})
    assert school.log.files[-1].layout == "sims_xml"
    assert school.marks["code"].tolist() == ["L", "\\"]
    assert school.marks["minutes_late"].tolist()[0] == 8
    assert school.marks["minutes_late"].isna().tolist() == [False, True]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_the_roll_comes_from_a_report_whatever_its_encoding(read_changed, encoding):
    pupils = read_changed({"pupils.csv": PUPILS.encode(encoding)}).pupils
    assert pupils["surname"].tolist()[0] == "Ó Briain"
    assert pupils["year_group"].tolist() == [7, 8, 7]


def test_a_date_of_birth_with_a_zone_stays_on_its_day(read_changed):
    born = read_changed({"pupils.csv": PUPILS}).pupils["date_of_birth"]
    assert born.dt.strftime("%Y-%m-%d").tolist() == ["2015-05-06", "2014-01-02", "2014-11-02"]


def test_a_form_spelled_with_and_without_a_leading_zero_is_one_form(read_changed):
    school = read_changed({"pupils.csv": PUPILS})
    assert school.pupils["form"].tolist() == ["7A", "8A", "7A"]
    assert [repair.count for repair in school.log.repairs if repair.rule == "form_spelling"] == [1]


def test_forms_that_all_have_the_zero_keep_it(read_changed):
    school = read_changed(
        {"pupils.csv": PUPILS.replace("<Reg>7A", "<Reg>07A").replace("<Reg>8A", "<Reg>08A")}
    )
    assert school.pupils["form"].tolist() == ["07A", "08A", "07A"]
