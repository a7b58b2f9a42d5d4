"""What is left out because so few pupils are behind it."""

import pandas as pd
import pytest

from attendance_lib.disclosure import Count, PublicTable, Rate, Unit, rows_by
from tests.disclosure.small_tables import ABSENCE, NOW, THEN, published, table, years


@pytest.mark.parametrize(
    ("absent", "level", "shown"),
    [(0, 5, 0), (1, 5, "c"), (4, 5, "c"), (5, 5, 5), (9, 10, "c"), (10, 10, 10)],
)
def test_a_count_below_the_level_is_left_out_and_a_true_zero_stays(absent, level, shown):
    frame = published([table([None], [100], [absent])], (ABSENCE,), level)["year_groups"]
    assert frame["absent"].tolist() == [shown]


def test_the_rate_goes_with_its_count():
    frame = published([table([None], [100], [4])], (ABSENCE,))["year_groups"]
    assert frame.loc[0, ["enrolments", "absent", "absent_rate"]].tolist() == [100, "c", "c"]


def test_where_there_is_no_rate_of_what_is_left_out_it_reads_c_too():
    # Why there is none may tell the count, even where no group has one: a range there is not of one pupil.
    given = table(["7", "8", None], [40, 40, 80], [1, 1, 2])
    frame = published([given.with_frame(given.frame.assign(absent_rate=None))], years("78"))["year_groups"]
    assert frame["absent_rate"].tolist() == ["c", "c", "c"]


def test_no_rate_beside_enrolments_that_are_left_out_is_c():
    # All three of Year 7 have left before the half term: a blank would say so.
    frame = pd.DataFrame(
        {
            "group": ["7", "8"],
            "enrolments": [3, 60],
            "here": [0, 60],
            "missed": [0, 90],
            "rate": [None, 0.025],
        }
    )
    counts = (
        Count("enrolments"),
        Count("here", {"as_at": THEN}, is_shown=False),
        Count("missed", {"as_at": THEN, "measure": "missed"}, "here", Unit.SESSIONS, is_shown=False),
    )
    rows = rows_by(frame, {"group": "year_group"}, {"as_at": NOW})
    given = PublicTable("groups", "groups", frame, rows, counts, (Rate("rate", ("missed",), "here"),))
    assert published([given], ())["groups"]["rate"].tolist() == ["c", 0.025]


def test_a_rate_of_what_is_not_counted_stays_blank():
    given = table(["7", "8", None], [3, 97, 100], [None, None, None])
    assert published([given], years("78"))["year_groups"]["absent_rate"].isna().all()


@pytest.mark.parametrize("absent", [0, 3, 6, 9])
def test_nothing_is_said_of_a_group_of_nine_not_even_none_or_all(absent):
    given = table(["7", "8", None], [9, 91, 100], [absent, 40, 40 + absent])
    frame = published([given], years(["7", "8"]))["year_groups"]
    assert frame.loc[0, ["enrolments", "absent", "absent_rate"]].tolist() == [9, "c", "c"]


def test_all_of_a_group_of_ten_may_be_said():
    frame = published([table([None], [10], [10])], (ABSENCE,))["year_groups"]
    assert frame.loc[0, ["enrolments", "absent", "absent_rate"]].tolist() == [10, 10, 1.0]


def test_none_of_a_small_group_stays_where_the_whole_school_has_none():
    given = table(["7", "8", None], [9, 91, 100], [0, 0, 0])
    frame = published([given], years(["7", "8"]))["year_groups"]
    assert frame["absent"].tolist() == [0, 0, 0]
    assert frame["absent_rate"].tolist() == ["c", 0.0, 0.0]


def test_sessions_of_few_pupils_are_left_out_however_many():
    frame = pd.DataFrame({"suspended": [40], "pupils": [2], "enrolments": [900]})
    counts = (
        Count("suspended", {"measure": "suspended"}, "enrolments", Unit.SESSIONS, people="pupils"),
        Count("pupils", {"measure": "suspended_pupils"}, "enrolments", is_shown=False),
        Count("enrolments"),
    )
    shown = published([PublicTable("suspensions", "", frame, ({"as_at": NOW},), counts)], ())["suspensions"]
    assert list(shown) == ["suspended", "enrolments"]
    assert shown["suspended"].tolist() == ["c"]
