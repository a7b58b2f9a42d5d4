"""The end of the year beside the names of the priority list: what it says, whom it leaves out, and where nothing is shown."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.outlook import outlook
from attendance_lib.papers import chances
from attendance_lib.papers.fortnightly.priority import columns_with_year_end, later_words
from attendance_lib.rules.calendar import HalfTerm, Term
from tests.papers.outlook.two_years import (
    CALENDAR,
    CERTAIN,
    MARKS,
    NEW,
    TODAY,
    YEARS,
    opened,
    sessions_of,
    to_come,
    year_of,
)

ENDS = ["year_chance", "may_miss"]


@pytest.fixture(scope="module")
def pack():
    return opened()


def told(pack, *numbers):
    people = pd.DataFrame({"pupil_id": [f"{number:03d}" for number in numbers]})
    return chances.with_year_end(people, pack)[ENDS].to_numpy().tolist()


def shown(pack):
    return [column.name for column in columns_with_year_end(pack) if column.shown]


@pytest.mark.parametrize("number", [25, 29, 47])
def test_the_most_that_may_be_missed_is_counted_from_the_marks_and_the_calendar(pack, number):
    missed, possible = sessions_of(number, "2026-08-01", TODAY)
    left = to_come(YEARS[number], "2027-07-20")
    most = max(each for each in range(left + 1) if 10 * (missed + each) < possible + left)
    assert told(pack, number)[0][1] == f"{most} of {left}"


def test_the_chance_is_the_outlook_papers_own(pack):
    every = outlook.outlook_of(pack).told["year", "persistent"]
    rows = outlook.outlook_of(pack).school.rows_of(pd.Series(["025", "029", "033"]))
    assert [row[0] for row in told(pack, 25, 29, 33)] == [chances.chance_words(every, row) for row in rows]


def test_certain_new_and_unknown_pupils_are_told_as_such(pack):
    certain, new, unknown = told(pack, CERTAIN, NEW, 999)
    assert certain == ["certain", "too late"]
    assert new[0] == "cannot be given"
    assert unknown == ["cannot be given"] * 2


def test_the_page_shows_them_in_place_of_the_distance(pack):
    assert set(ENDS) <= set(shown(pack))
    assert "distance" not in shown(pack)
    assert "To or from" not in later_words(pack)
    assert "never a ground for a sanction" in chances.year_end_words(pack)


def assert_nothing_is_shown(pack, why):
    assert not set(ENDS) & set(shown(pack))
    assert "distance" in shown(pack)
    assert "To or from" in later_words(pack)
    assert chances.year_end_words(pack).endswith(f"is given: {why}.")
    people = pd.DataFrame({"pupil_id": ["025"]})
    assert list(chances.with_year_end(people, pack)) == ["pupil_id"]


def test_a_school_without_a_finished_year_is_shown_none():
    this_year = MARKS[MARKS["date"] > pd.Timestamp("2026-08-01")]
    assert_nothing_is_shown(opened(marks=this_year), "no finished year is held to try it on")


def test_where_a_simple_rule_was_better_last_year_none_is_shown(monkeypatch):
    monkeypatch.setattr(outlook, "best_of", lambda tried: "year_to_date")
    assert_nothing_is_shown(opened(), "last year it was no better here than a simple rule")


def test_where_the_school_s_average_was_as_good_none_is_shown(monkeypatch):
    monkeypatch.setattr(outlook, "is_better_than_average", lambda tried, by: False)
    assert_nothing_is_shown(opened(), "last year it was no better here than a simple rule")


def test_where_the_calendar_ends_before_the_year_does_none_is_shown():
    autumn = Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 12, 18)),))
    short = replace(CALENDAR, terms=(*year_of(2025), autumn))
    assert_nothing_is_shown(opened(calendar=short), "the calendar of the school file does not reach its end")
