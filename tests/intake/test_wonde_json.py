import json

import pytest

from attendance_lib.errors import InputError

CODES = {
    "data": [
        {"id": "A1", "code": "/", "type": "present"},
        {"id": "A2", "code": "\\"},
        {"id": "A3", "code": "C2"},
    ]
}
WITH_FOLDER = [("marks*.csv", "marks*.json")]


def mark(code, session="AM", **more):
    return {"student_id": "001", "date": "2026-09-14", "session": session, "attendance_code_id": code, **more}


def test_ids_of_codes_are_looked_up_in_the_list_of_the_same_file(read_changed, codes_of):
    files = {
        "marks.csv": json.dumps(
            {"codes": CODES, "marks": [mark("A1", minutes_late=None), mark("A3", "PM", comment="x")]}
        )
    }
    school = read_changed(files)
    assert codes_of(school) == {("001", "09-14", "AM"): "/", ("001", "09-14", "PM"): "C2"}
    assert school.log.files[-1].layout == "wonde_json"


def test_the_list_of_codes_may_be_a_file_of_its_own_beside_pages_of_marks(read_changed, codes_of):
    pages = {
        "marks1.json": json.dumps({"data": [mark("A1")]}),
        "marks2.json": json.dumps({"data": [mark("A2", "PM")]}),
    }
    school = read_changed({**pages, "marks_codes.json": json.dumps(CODES)}, WITH_FOLDER)
    assert codes_of(school) == {("001", "09-14", "AM"): "/", ("001", "09-14", "PM"): "\\"}


def test_a_code_that_comes_inside_the_mark_needs_no_list(read_changed, codes_of):
    inside = {"student": {"data": {"id": "001"}}, "session": "AM"}
    inside |= {"attendance_code": {"data": {"id": "A9", "code": "I"}}}
    marks = [inside | {"date": f"2026-09-{day}"} for day in (14, 15)]
    found = codes_of(read_changed({"marks.csv": json.dumps({"data": marks})}))
    assert found == {("001", "09-14", "AM"): "I", ("001", "09-15", "AM"): "I"}


def test_marks_without_the_list_of_codes_are_refused(read_changed):
    with pytest.raises(
        InputError, match="marks here are ids of attendance codes, and no list says which code is which"
    ):
        read_changed({"marks.csv": json.dumps([mark("A1")])})


def test_an_id_that_the_list_does_not_have_is_no_register_code(read_changed):
    marks = [mark("A1"), mark("A7", "PM")]
    with pytest.raises(InputError, match=r"(?s)1 of 2 marks would be left out.*'A7' 1 time\)"):
        read_changed({"marks.csv": json.dumps({"codes": CODES, "marks": marks})})


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("2026-09-14 00:00:00.000000", "Europe/London"),
        ("2026-09-13 23:00:00.000000", "UTC"),
        ("2026-09-14 00:00:00.000000", "+01:00"),
        ("2026-09-13 22:00:00.000000", "-01:00"),
    ],
)
@pytest.mark.parametrize("code", [{"id": "C1", "code": "I"}, {"code": "I"}])
def test_a_date_that_is_an_object_is_read_without_a_mapping(read_changed, codes_of, written, zone, code):
    """The fields of the code come inside the mark, with an id or without."""
    moment = {"date": written, "timezone_type": 3, "timezone": zone}
    inside = {"student": {"data": {"id": "001"}}, "attendance_code": {"data": code}}
    records = [{"date": moment, "session": session, **inside} for session in ("AM", "PM")]
    school = read_changed({"marks.csv": json.dumps({"data": records})})
    assert codes_of(school) == {("001", "09-14", "AM"): "I", ("001", "09-14", "PM"): "I"}
