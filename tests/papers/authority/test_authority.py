"""The paper for the meeting with the authority: pupils, flags and what is asked, worked out by hand; and the page without names."""

import pytest

from attendance_lib.display import Handed
from attendance_lib.errors import DisclosureError
from attendance_lib.papers.authority import front_page, pupils
from attendance_lib.reports import handed
from tests.papers.authority.conftest import TWO_WEEKS


def flags(pack, pupil):
    row = pupils.cases_of(pack).set_index("pupil_id").loc[pupil]
    return {ask.flag for ask in pupils.ASKS if row[ask.flag]}


def test_severely_absent_pupils_stand_one_by_one_with_plan_lead_and_what_was_tried(pack):
    table = pupils.severe_pupils(pack)
    frame = table.frame.set_index("pupil_id")
    assert frame.index.tolist() == ["0001", "0002"]  # 50 of 100 each
    assert frame.loc["0001", ["plan", "lead", "barrier", "early_help"]].tolist() == [
        "SP2 since 20 Oct, review 17 Nov; before it SP1 of 21 Sep: not met, reviewed 19 Oct, closed 19 Oct", "None named", "sleep",
        "offered 20 Oct, no answer yet",
    ]  # fmt: skip
    assert frame.loc["0002", ["plan", "lead", "barrier", "agencies", "tried"]].tolist() == [
        "No plan", "None named", "friendships", "", "Club 14 Sep to 2 Oct",
    ]  # fmt: skip
    assert table.note == (
        "2 pupils missed half or more of their possible sessions this school year; 1 of them has no support plan that runs."
    )


def test_what_is_asked_follows_from_what_is_on_file(pack):
    assert flags(pack, "0001") == {
        "lacks_lead",
        "is_review_overdue",
        "lacks_agency",
        "is_waiting",
        "is_long_ill",
    }
    assert flags(pack, "0002") == {"lacks_plan", "is_incomplete"}
    assert flags(pack, "0003") == {"has_several", "is_lost"}
    assert flags(pack, "0004") == {"is_past_review"}
    asked = pupils.cases_of(pack).set_index("pupil_id")["asked"]
    assert asked["0003"] == (
        "School: visit, and make the return to the authority. Local authority: bring the agencies together, with one lead "
        "practitioner; check with other services where the pupil is (children missing education)"
    )
    counts = pupils.what_is_asked(pack).frame
    assert counts["pupils"].tolist() == [1] * 11
    assert counts["of"].tolist() == ["School"] * 6 + ["Lead practitioner"] + ["Local authority"] * 4


def test_one_agency_written_in_two_ways_is_one(pack):
    table = pupils.several_agencies(pack).frame
    assert table[["pupil_id", "agencies"]].to_numpy().tolist() == [["0003", "CAMHS; Family hub"]]


def test_only_absence_that_reaches_the_last_register_is_of_a_pupil_whom_nobody_has_seen(pack, make_pack):
    assert pupils.missing_education(pack).frame[["pupil_id", "what"]].to_numpy().tolist() == [
        ["0001", "Ill for 15 school days or more"], ["0003", "Unauthorised for 10 school days in a row"],
    ]  # fmt: skip
    back = make_pack(
        {"0003": {"O": [*TWO_WEEKS[:-1], "2026-11-06"]}}
    )  # ten days in a row, but here on the last
    assert pupils.missing_education(back).frame.empty


def test_part_time_timetables_are_those_in_force_with_what_they_lack(pack):
    frame = pupils.part_time_timetables(pack).frame
    assert frame["pupil_id"].tolist() == ["0002", "0004"]
    assert frame["lacks"].tolist() == [
        "an end; what it is meant to reach; a review date; the parent's agreement; the day of the agreement; the day the local "
        "authority was told",
        "",
    ]


def test_the_first_page_counts_what_is_to_be_settled(pack, make_pack):
    assert front_page.what_to_settle(pack).items[:4] == (
        "2 pupils are severely absent; 1 without a support plan that runs.",
        "1 other pupil is persistently absent with two agencies or more.",
        "1 pupil is absent without authority for ten school days or more, up to the last register.",
        "2 part-time timetables are in force; 1 lacks what guidance asks for.",
    )
    assert front_page.what_to_settle(make_pack()).items[:4] == (
        "No pupil is severely absent; none without a support plan that runs.",
        "No other pupil is persistently absent with two agencies or more.",
        "No pupil is absent without authority for ten school days or more, up to the last register.",
        "The school exports no log of part-time timetables.",
    )
    agenda = front_page.agenda(pack).frame
    assert agenda["minutes"].sum() == 60
    assert agenda["pupils"].dropna().tolist() == [2, 1, 4]


def test_trends_are_the_schools_own_beside_last_year(pack):
    # 100 + 20 of 400 sessions missed, 70 of them O; 3 of 4 pupils persistently, 2 severely absent. There is no last year.
    frame = front_page.trends(pack).frame
    assert frame["year_to_date_rate"].tolist() == [280 / 400, 70 / 400, 3 / 4, 2 / 4]
    assert frame["last_year_rate"].isna().all()


def test_a_personal_table_is_on_no_page_without_names(pack, tmp_path):
    parts = (front_page.authority_masthead(pack), pupils.severe_pupils(pack))
    document = Handed("a", "b", "anybody", parts, seen=None, leaves_school=True).payload()
    with pytest.raises(
        DisclosureError, match="table 'severe_pupils', column 'pupil_name' holds personal data"
    ):
        handed.write_documents([document], tmp_path)
