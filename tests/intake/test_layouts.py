"""What web pages, spreadsheets and systems put into cells, in every layout: unseen characters, and codes of a system's own."""

from datetime import timedelta

import pytest

from attendance_lib.errors import InputError
from tests.intake.writers import MONDAY, WRITERS

DAYS = (MONDAY, MONDAY + timedelta(days=1))
REGISTER = {
    (pupil, day, half): code
    for pupil in ("001", "002", "003")
    for day in DAYS
    for half, code in (("AM", "L"), ("PM", "I"))
}
EXPECTED = {(pupil, f"{day:%m-%d}", half): code for (pupil, day, half), code in REGISTER.items()}
# One character a mark cannot hold more, and ISO-8859-1 holds none of these; pupils are named in it as they are.
BOUND = ("xporter", "sims_xml", "go4schools", "roll_call")


def changed(write, codes):
    """The register with other codes in its cells, as a layout writes it."""
    return write({key: codes.get(code, code) for key, code in REGISTER.items()})


@pytest.mark.parametrize("name", [name for name in WRITERS if name not in BOUND])
@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u200e", "\u00ad", "\u2060", "\u200d"])
def test_characters_that_cannot_be_seen_are_taken_out_of_codes_and_counted(
    read_changed, codes_of, name, sign
):
    school = read_changed({"marks.csv": changed(WRITERS[name], {"L": f"L{sign}", "I": f"{sign}I"})})
    assert codes_of(school) == EXPECTED
    unseen = [each for each in school.log.repairs if each.rule == "unseen_characters"]
    # With Wonde the list of codes holds them, not the marks.
    assert sum(each.count for each in unseen) == (0 if name == "wonde" else len(REGISTER))


def test_they_are_taken_out_of_identifiers_sessions_dates_and_the_roll(read_changed, codes_of):
    marks = "pupil_id,date,session,code\n\u200b001,2026-09-14\ufeff,AM\u00ad,/\n"
    pupils = (
        "pupil_id,surname,year_group,form,fsm\n001\u200b,Ze\u200dta,7\u2060,7A\ufeff,1\u200b\n002,B,7,7A,0\n"
    )
    school = read_changed({"marks.csv": marks, "pupils.csv": pupils})
    assert codes_of(school) == {("001", "09-14", "AM"): "/"}
    first = school.pupils.iloc[0]
    assert (first["pupil_id"], first["year_group"], first["form"], first["fsm"]) == ("001", 7, "7A", True)
    # A name stays as it was written.
    assert first["surname"] == "Ze\u200dta"
    assert {(each.count, each.file) for each in school.log.repairs} == {(1, "pupils.csv"), (1, "marks.csv")}


OWN = [('path: "marks*.csv"', 'path: "marks*.csv", codes: {L7: L, I01: I}')]


@pytest.mark.parametrize("name", list(WRITERS))
def test_codes_of_a_system_s_own_are_read_as_the_school_file_says(read_changed, codes_of, name):
    if name == "xporter":
        pytest.skip("the string of one character a mark would not agree with codes of three")
    content = changed(WRITERS[name], {"L": "L7", "I": "i01"})
    school = read_changed({"marks.csv": content}, OWN)
    assert codes_of(school) == EXPECTED
    (repair,) = [each for each in school.log.repairs if each.rule == "own_codes"]
    assert (repair.count, repair.message.endswith("'L7' as 'L' 6 times, 'i01' as 'I' 6 times")) == (12, True)


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "xporter"])
def test_codes_of_a_system_s_own_are_refused_with_the_setting_that_names_them(read_changed, name):
    remedy = r"These look like codes of your system's own: .* as in codes: {I01: .I., L7: .L.}\."
    with pytest.raises(InputError, match=f"(?s)12 of 12 marks would be left out.*{remedy}"):
        read_changed({"marks.csv": changed(WRITERS[name], {"L": "L7", "I": "I01"})})


def test_what_is_no_sub_code_may_be_the_register_s_fault(read_changed):
    marks = "pupil_id,date,session,code\n001,2026-09-14,AM,A\n002,2026-09-14,AM,Q9\n003,2026-09-14,AM,A\n"
    remedy = r"Correct the register and export again; of codes of your system's own say .* as in codes: {Q9: .Q.}\."
    with pytest.raises(InputError, match=rf"(?s)\('A' 2 times, 'Q9' 1 time\) and are left out\. {remedy}"):
        read_changed({"marks.csv": marks})


def test_own_codes_serve_what_a_mark_was_before_and_lessons(read_changed, school_folder):
    marks = "pupil_id,date,session,code,amended_from,amended_on\n001,2026-09-14,AM,I01,L7,2026-09-15\n"
    (school_folder / "lessons.csv").write_text(
        "pupil_id,date,period,code\n001,2026-09-14,1,L7\n", encoding="utf-8"
    )
    lessons = ("calendar:", '  lessons: {path: "lessons.csv", codes: {L7: L}}\ncalendar:')
    school = read_changed({"marks.csv": marks}, [*OWN, lessons])
    assert school.marks[["code", "amended_from"]].astype(str).to_numpy().tolist() == [["I", "L"]]
    assert school.lessons["code"].tolist() == ["L"]


@pytest.mark.parametrize("name", ["tidy", "tidy_workbook", "weekly", "grid"])
def test_two_marks_in_a_cell_are_told_as_that_in_every_layout(read_changed, name):
    with pytest.raises(
        InputError, match="(?s)12 cells hold two marks, .*Export one row or one column for each session"
    ):
        read_changed({"marks.csv": changed(WRITERS[name], {"L": "/\\", "I": "I\\"})})


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("R", 0),
        ("N2", -1),
        ("n1", -2),
        ("E2", -3),
        ("E1", -4),
        ("N", -1),
        ("nursery", -1),
        ("14", 14),
        ("X", None),
        ("x", None),
    ],
)
def test_year_groups_of_the_census_are_known(read_changed, written, year):
    pupils = f"pupil_id,year_group\n001,{written}\n002,8\n003,8\n"
    school = read_changed({"pupils.csv": pupils}, [("year_groups: [7, 8]", "year_groups: [-4, 8, 14]")])
    found = school.pupils["year_group"].tolist()[0]
    assert (None if school.pupils["year_group"].isna()[0] else found) == year


def test_a_pupil_in_no_year_group_is_in_the_roll_and_in_no_year_of_the_check(read_changed):
    school = read_changed({"pupils.csv": ("Zoë,7,", "Zoë,X,")})
    assert school.pupils["year_group"].isna().sum() == 1
    assert [(each.rule, each.count) for each in school.log.repairs] == [("without_year_group", 1)]
    assert not [each for each in school.log.findings if "year" in each.rule]


def test_a_closed_year_group_s_session_stays_open_to_a_pupil_in_none(checked_changed):
    closed = (
        "calendar:\n",
        "calendar:\n  closures:\n    - {date: 2026-09-14, session: AM, year_groups: [7]}\n",
    )
    checked = checked_changed({"pupils.csv": ("Zoë,7,", "Zoë,X,")}, [closed])
    assert checked.log.rows_dropped == 0
