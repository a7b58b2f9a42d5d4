"""What a school publishes of its own: counts worked by hand on the sixty, and nothing that the governors' report betrays.

In the second half term of twenty days three of Year 9 (two girls, one boy, all with free school meals) miss every session.
"""

import json

import pytest

from attendance_lib.errors import DisclosureError, SettingsError
from attendance_lib.papers.governors.asked import published
from attendance_lib.papers.governors.past import PAST
from tests.papers.governors.conftest import PLANTED, school_days


@pytest.fixture(scope="module")
def pack(make_pack_of_sixty):
    return make_pack_of_sixty()


def rows(safe, name):
    (frame,) = (each.frame for each in safe.tables if each.name == name)
    return frame.to_numpy().tolist()


def test_each_weekday_of_each_group_is_counted(pack):
    # A weekday is four days, eight sessions of each pupil: 240 of Year 9's thirty, of which three miss 24.
    safe = published(pack, {"by_day": ("year_group", "weekday")}, "").safe
    assert rows(safe, "by_day") == [
        [year, day, 30, rate]
        for year, rate in (("Year 9", 0.9), ("Year 10", 1.0))
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    ]


def test_the_columns_stand_in_the_order_asked_and_a_group_is_told_in_words(pack):
    # Thirty girls have 30 x 40 sessions, of which two miss 80; thirty boys, of whom one does, 40.
    safe = published(pack, {"by_sex": ("weekday", "sex"), "sexes": ("sex",)}, "").safe
    assert rows(safe, "by_sex")[:2] == [["Monday", "Female", 30, 0.933], ["Monday", "Male", 30, 0.967]]
    assert rows(safe, "sexes") == [["Female", 30, 0.933], ["Male", 30, 0.967]]


MEALS = {"meals": ("year_group", "fsm")}
# Six of each year group without free school meals are ill for five days: else a nought would tell who missed all of it.
ILL = PLANTED | {
    f"{number:04d}": ("I", school_days("2026-11-02", "2026-11-06"))
    for number in (*range(21, 27), *range(41, 47))
}


@pytest.fixture(scope="module")
def meals(make_pack_of_sixty):
    return make_pack_of_sixty(ILL)


def test_small_groups_are_withheld(meals):
    # Ten of Year 9 and two of Year 10 have free meals. Of 10 x 40 sessions three miss 120; of 20 x 40 and 28 x 40 six miss 60.
    safe = published(meals, MEALS, "").safe
    assert rows(safe, "meals") == [
        ["Year 9", "Eligible", 10, 0.7],
        ["Year 9", "Not eligible", 20, 0.925],
        ["Year 10", "Eligible", "c", "c"],
        ["Year 10", "Not eligible", 28, 0.946],
    ]


def test_what_the_governors_report_would_betray_is_withheld_too(meals, make_report, tmp_path):
    """It told governors that twelve have free school meals and thirty are in Year 10: less the ten, or the 28, two are left."""
    record = tmp_path / "0001.json"
    record.write_text(json.dumps(make_report(ILL).record), encoding="utf-8")
    safe = published(meals, MEALS, str(record)).safe
    assert [row[2] for row in rows(safe, "meals")] == ["c", "c", "c", "c"]


def test_what_earlier_reports_left_out_is_counted_again_beside_it(meals, make_report, tmp_path):
    """Two of the three who miss every session do so without leave: so many sessions of so few are to stay as uncertain."""
    record = tmp_path / "0001.json"
    record.write_text(json.dumps(make_report(ILL).record), encoding="utf-8")
    (past,) = (each for each in published(meals, MEALS, str(record)).safe.tables if each.name == PAST)
    assert "N+O+U" in {row.get("codes") for row in past.rows}
    assert not len(past.as_shown().frame.columns)


def test_the_report_to_governors_withholds_what_would_betray_it(meals, make_report):
    """It would tell that twelve have free school meals and thirty are in Year 10: less the ten, or the 28, two are left."""
    before = published(meals, MEALS, "").safe.record
    told = make_report(ILL, earlier=[before]).tables
    of_meals = told["groups"].query("characteristic == 'Free school meals'")["enrolments"].tolist()
    assert "c" in [*of_meals, *told["year_groups"]["enrolments"]]


def test_only_the_whole_school_and_declared_groups_are_published(pack, make_pack_of_sixty):
    with pytest.raises(SettingsError, match="Nothing can be published by 'form'"):
        published(pack, {"forms": ("form",)}, "")
    with pytest.raises(
        DisclosureError, match="the whole school, not the cohort '.*'. Make it without --cohort"
    ):
        published(make_pack_of_sixty(where={"sex": ["F"]}), {"days": ("weekday",)}, "")


def test_a_column_with_blanks_is_refused(pack):
    with pytest.raises(DisclosureError, match="leaves 'sen_status' blank for some"):
        published(pack, {"needs": ("sen_status",)}, "")


def test_a_table_that_was_not_asked_for_is_refused_and_the_others_say_whom_they_count(pack):
    asked = published(pack, MEALS, "")
    with pytest.raises(SettingsError, match="No table 'meal' was asked for. Did you mean 'meals'"):
        asked.table("meal", "Meals")
    table = asked.table("meals", "Free school meals")
    assert [column.heading for column in table.columns] == [
        "Year group",
        "Free school meals",
        "Enrolments",
        "Attendance",
    ]
    assert table.note.startswith("DfE-comparable")
    assert table.note.endswith("c: withheld so that no pupil can be recognised.")
