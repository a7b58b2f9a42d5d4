"""A sixth form and Reception: who is in the headline is said, and who is not has rows and a headline of their own."""

from attendance_lib.papers.data_notes import left_out, two_bases
from attendance_lib.papers.fortnightly.changes import crossing_counts
from attendance_lib.papers.fortnightly.codes import uncommon, unexplained_sessions, unexplained_summary
from attendance_lib.papers.fortnightly.front_page import headline, key_figures, period_facts
from attendance_lib.papers.fortnightly.groups import forms, groups, weekly_attendance, year_group_weeks
from attendance_lib.papers.shared import whom_it_counts

OUTSIDE = "Year group, outside the headline"


def test_the_top_says_whom_the_headline_counts_and_how_many_it_leaves_out(all_through_pack):
    (said,) = whom_it_counts(all_through_pack).items
    assert said.startswith(
        "The headline figures count 2 of the 4 pupils on roll: those aged 5 to 15 on 31 August, as DfE's do. "
        "The other 2 on roll, 1 of Reception and 1 of Year 12, have rows of their own"
    )


def test_where_everyone_is_of_the_ages_that_is_said(worked_pack):
    (said,) = whom_it_counts(worked_pack).items
    assert said == (
        "The headline figures count all 4 pupils on roll; each was aged 5 to 15 on 31 August, as in DfE's figures."
    )


def test_leavers_who_are_counted_are_told(make_pack):
    (said,) = whom_it_counts(make_pack(people={"0002": {"leaving_date": "2026-09-30"}})).items
    assert "count all 3 pupils on roll" in said
    assert said.endswith(", and 1 who left in the school year.")


def test_the_headline_has_those_of_the_ages_alone(all_through_pack):
    """Two pupils, 20 sessions each in the fortnight, who miss none."""
    attendance = key_figures(all_through_pack).figures[0]
    assert (attendance.value, attendance.detail) == (1.0, "40 of 40 sessions")


EVERYONE = "Everyone enrolled is counted here, whatever their age."


def test_counts_of_everyone_beside_the_headline_say_so(all_through_pack, worked_pack):
    """Marks to explain and codes to look at are of all four; the headline above them of two."""
    for section in (period_facts, unexplained_summary):
        assert EVERYONE in " ".join(section(all_through_pack).items)
        assert EVERYONE not in " ".join(section(worked_pack).items)
    assert EVERYONE in uncommon(all_through_pack).note
    assert EVERYONE not in uncommon(worked_pack).note
    assert "Everyone on roll is counted here, whatever their age." in crossing_counts(all_through_pack).note
    assert "whatever their age" not in crossing_counts(worked_pack).note


def test_year_groups_that_are_left_out_have_rows_of_their_own_without_a_gap(all_through_pack):
    """Year 12: 18 possible sessions in the fortnight, 8 missed; 98 in the year."""
    rows = groups(all_through_pack).frame.set_index(["characteristic", "group"])
    assert rows.loc[OUTSIDE].index.tolist() == ["Reception", "Year 12"]
    twelve = rows.loc[(OUTSIDE, "Year 12")]
    assert (twelve["absence_sessions"], twelve["possible_sessions"]) == (8, 98)
    assert twelve["period_attendance_rate"] == 10 / 18
    assert rows.loc[OUTSIDE, "gap_rate"].isna().all()
    assert rows.loc["Year group"].index.tolist() == ["Year 9"]


def test_their_forms_and_weeks_are_there_too(all_through_pack):
    assert set(forms(all_through_pack).frame["group"]) == {"9A", "9B", "RA", "12A"}
    weeks = year_group_weeks(all_through_pack)
    assert set(weeks.table.frame["year_group"]) == {0, 9, 12}
    assert ">Reception<" in weeks.svg or "Reception" in weeks.alt + weeks.svg


def test_their_missing_marks_are_to_be_explained_as_everyone_s_are(all_through_pack):
    found = unexplained_sessions(all_through_pack).frame
    assert found["pupil_id"].tolist() == ["0004", "0004"]


def test_what_is_left_out_is_counted_in_the_data_notes(all_through_pack):
    rows = left_out(all_through_pack).frame.set_index("what")["count"]
    assert rows["Pupils on roll whom the headline figures leave out, by their age on 31 August"] == 2
    assert two_bases(all_through_pack).frame["enrolments"].tolist() == [2, 4]


def test_a_cohort_of_year_12_has_a_headline_of_its_own_pupils(year_12_pack):
    attendance = key_figures(year_12_pack).figures[0]
    assert (attendance.value, attendance.detail) == (10 / 18, "10 of 18 sessions")
    assert key_figures(year_12_pack).figures[3].detail == "0 of 1 enrolment"
    (said,) = whom_it_counts(year_12_pack).items
    assert said.startswith("None of these pupils was aged 5 to 15 on 31 August")


def test_nothing_of_england_s_stands_beside_it(year_12_pack):
    """DfE's figures count nobody of Year 12."""
    assert headline(year_12_pack).frame["england_rate"].isna().all()
    assert "England" not in str([figure.comparisons for figure in key_figures(year_12_pack).figures])
    assert "benchmark" not in "".join(weekly_attendance(year_12_pack).table.frame.columns)


def test_a_cohort_without_a_pupil_says_so(nobody_pack):
    assert whom_it_counts(nobody_pack).items == ("No pupil of this paper is on roll.",)
