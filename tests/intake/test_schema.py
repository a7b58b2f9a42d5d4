"""What is read is typed as the schema says."""

from tests.intake.findings import rules


def test_marks_are_typed_as_the_schema_says(read_changed):
    marks = read_changed().marks
    assert [str(kind) for kind in marks.dtypes] == ["str", "datetime64[s]", "category", "category", "Int16"]
    assert marks["minutes_late"].dropna().tolist() == [8]


def test_pupils_are_typed_as_the_schema_says(read_changed):
    pupils = read_changed().pupils
    assert pupils["pupil_id"].tolist() == ["001", "002", "003"]
    assert pupils["fsm"].tolist()[:2] == [True, False]
    assert pupils["fsm"].isna().tolist() == [False, False, True]
    assert pupils["surname"].tolist() == ["Ó Briain", "O'Neill", "李"]
    assert pupils["young_carer"].isna().all()


def test_the_enrolment_status_is_read_in_its_letter_and_in_the_words_of_a_system(read_changed):
    rows = (
        "001,7,Current (single registration at this school)",
        "002,8,main - dual registration",
        "003,8,S",
        "004,8,twice",
    )
    school = read_changed({"pupils.csv": "\n".join(["pupil_id,year_group,EnrolStatus", *rows]) + "\n"})
    assert school.pupils["enrolment_status"].fillna("").tolist() == ["C", "M", "S", ""]
    assert rules(school)["unreadable_enrolment_status"] == 1
