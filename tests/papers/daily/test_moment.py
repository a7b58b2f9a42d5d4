"""A morning knows nothing of the afternoon, and a first day of no day before."""

import pytest

from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake.settings.school_file import Cohort
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.daily import calls, front_page, lists, moment, registers
from tests.papers.daily.daily_school import DAYS, opened, school_of


def test_a_morning_knows_nothing_of_the_afternoon_s_marks():
    with_afternoon, alone = opened(), opened(upto="AM")
    for find in (
        front_page.what_to_know,
        calls.calls,
        lists.today,
        registers.headcount,
        front_page.daily_masthead,
    ):
        assert find(with_afternoon).payload() == find(alone).payload()


def test_an_afternoon_tells_only_what_is_new():
    pack = opened("PM")
    (now,) = calls.calls(pack).shown
    # 01 is unexplained still; 02 came to the desk at two; 17 was here in the morning.
    assert now.frame["pupil_id"].tolist() == ["17"]
    assert now.note.startswith("1 pupil stands on the morning's sheet and is unexplained still")
    sheet = calls.calls(pack).tables[0].frame
    assert sheet["pupil_id"].tolist() == ["17", "01"]
    assert set(sheet["stands"]) == {"Unexplained now"}
    today = lists.today_of(pack)[["pupil_id", "what"]].to_numpy().tolist()
    assert today == [["27", "Planned and marked otherwise"]]


def test_the_other_session_is_refused_where_there_are_no_marks_of_it():
    with pytest.raises(
        InputError,
        match=r"no afternoon marks of 2026-11-04; the exports hold morning of that day\. Export",
    ):
        opened("PM", upto="AM")
    with pytest.raises(
        SettingsError, match=r"Parameter 'session': 'noon' is not known\. Write \"AM\" or \"PM\""
    ):
        opened("noon")


def test_the_first_day_of_a_year_has_no_day_before():
    first = moment.at_session(
        pack_of(school_of(codes={}), (DAYS[0], DAYS[0]), Cohort(name="all", title="Whole school")), "AM"
    )
    assert calls.still_open(first).empty
    assert lists.today_of(first).empty
