"""The punctuality paper on a small school whose late arrivals are written down here, and counted by hand."""

from fractions import Fraction
from math import comb

import pytest

from attendance_lib.papers.punctuality import front_page, pupils
from tests.papers.punctuality.late_school import BUS, PERIOD, PUPILS, opened


def tail(count, of, share):
    """The chance of so many or more, as an exact fraction."""
    return sum(comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(count, of + 1))


def test_the_pupil_with_a_habit_is_named_and_those_on_the_bus_are_not(pack):
    named = pupils.pupils_who_stand_out(pack).frame
    assert named["pupil_id"].tolist() == ["00"]
    assert named["stands_out"].iloc[0].startswith("5 of 10 mornings in the period (")
    assert named[["late_before_close_sessions", "late_minutes", "year_late_sessions"]].iloc[0].tolist() == [
        5,
        50,
        6,
    ]


def test_who_is_named_is_decided_as_exact_fractions_decide(pack, late):
    # Mornings of everybody: 20 days of 40 pupils, all of whom came; those of the bus count, but name nobody.
    mornings = [key for key in late if key[2] == "AM"]
    share = Fraction(len(mornings), 800)
    tests = 40 * (
        1 + 1 + 2
    ) + sum(  # the two halves of the day and two weeks, then the weekdays of those who were late
        5 for pupil in PUPILS if any(key[0] == pupil and key not in BUS for key in mornings)
    )
    counts = {
        pupil: sum(key[0] == pupil and key[1] >= PERIOD[0] for key in mornings if key not in BUS)
        for pupil in PUPILS
    }
    exact = {
        pupil
        for pupil, count in counts.items()
        if count >= 3 and tail(count, 10, share) < Fraction(1, 10 * tests)
    }
    assert exact == {"00"}
    assert f"{tests} questions were asked" in pupils.rule_in_words(pack)


def test_minutes_are_those_written_down_and_none_is_assumed(pack):
    frame = front_page.minutes_late(pack).frame.set_index("band")
    # In the period: five of 10 minutes, ten of 20, one L and one U without, one U of 45.
    assert frame["late_before_close_sessions"].tolist() == [0, 5, 10, 0, 1]
    assert frame["late_after_close_sessions"].tolist() == [0, 0, 0, 1, 1]
    hours = next(each for each in front_page.key_figures(pack).figures if each.name == "late_hours")
    assert hours.value == pytest.approx(250 / 60)
    assert (
        hours.detail
        == "250 minutes of 15 arrivals, or 0.8 of the school's days of 300 taught minutes; 1 without minutes"
    )


def test_l_and_u_stand_apart_by_weekday_half_year_and_form(pack):
    frame = front_page.where_and_when(pack).frame.set_index("group")
    counts = frame[["possible_sessions", "late_before_close_sessions", "late_after_close_sessions"]]
    # DAYS[10] is Monday 21 September: the habit is on days 10, 12, 14, 16, 18; the bus on 12; an afternoon on 15; U on 16 and 17.
    assert counts.loc["Monday"].tolist() == [160, 2, 0]
    assert counts.loc["Wednesday"].tolist() == [160, 11, 1]
    assert counts.loc["Afternoon"].tolist() == [400, 1, 0]
    assert counts.loc["Year 9"].tolist() == [800, 16, 2]
    forms = front_page.forms(pack).frame.set_index("group")["late_before_close_sessions"]
    assert forms.to_dict() == {"9A": 11, "9B": 5}


def test_the_paper_says_what_it_could_not_look_at(pack):
    (said,) = front_page.left_out_words(pack).items
    assert "postcode areas (pupils, postcode_area)" in said
    assert "first lessons (exports, lessons)" in said
    assert "buses" not in said


def test_a_fortnight_without_a_late_mark_says_so():
    quiet = opened({})
    assert front_page.what_to_know(quiet).items == ("Nobody was late in the period.",)
    assert pupils.late_pupils(quiet).frame.empty
