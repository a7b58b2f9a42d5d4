"""How the outlook's calibration counts: slope, widest gap, skill, and who was found among those named."""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import expit, logit

from attendance_lib.analysis.outlook.backtest import CHECK, OURS
from benchmarks import calibrate_outlook
from benchmarks.calibrate_outlook import (
    KINDS,
    PERCENTS,
    calibration,
    choice_figures,
    list_table,
    of_some,
    slope_of,
    tasks_of,
    worst_tenth,
)
from benchmarks.outlook_predictors import skill

CHANCE = np.arange(PERCENTS) / 100


def counts(**pupils):
    """Pupils by the percentage that was said of them: p20=100 is a hundred at 20 per cent."""
    told = np.zeros(PERCENTS)
    for percent, number in pupils.items():
        told[int(percent[1:])] = number
    return told


def test_the_slope_is_one_where_all_came_as_it_was_said():
    told = np.full(PERCENTS, 200.0)
    assert slope_of(told, told * CHANCE) == pytest.approx(1)


def test_the_slope_is_a_half_where_the_odds_moved_half_as_far_on_their_log_scale():
    told = np.full(PERCENTS, 200.0)
    came = expit(0.5 * logit(np.clip(CHANCE, 0.01, 0.99)))
    assert slope_of(told, told * came) == pytest.approx(0.5)


def test_who_was_certain_has_no_odds_and_does_not_move_the_slope():
    told = np.full(PERCENTS, 200.0)
    came = told * CHANCE
    told[[0, -1]], came[[0, -1]] = 1000, 500
    assert slope_of(told, came) == pytest.approx(1)


def test_the_widest_gap_is_that_of_a_tenth_with_its_sign():
    # 100 at 20 %, of whom 30 came, and 100 at 80 %, of whom 75 did: said less seen is -10 and +5 points.
    assert worst_tenth(counts(p20=100, p80=100), counts(p20=30, p80=75)) == pytest.approx(-10)


def test_a_gap_in_one_tenth_is_not_thinned_by_the_next():
    told = counts(**{f"p{percent}": 100 for percent in range(5, 100, 10)})
    seen = told * CHANCE + counts(p35=10)
    assert worst_tenth(told, seen) == pytest.approx(-10)


def test_percentages_next_to_each_other_are_one_tenth_of_the_pupils():
    # Of 1,000 pupils the 50 at 10 % and the 50 at 11 % are one tenth: 10.5 said of 100, 15 came.
    told, seen = counts(p10=50, p11=50, p50=900), counts(p10=15, p11=0, p50=450)
    assert worst_tenth(told, seen) == pytest.approx(10.5 - 15)


def test_the_mean_gap_is_pooled_over_schools():
    schools = [
        {"is_asked": {"told": counts(p20=100, p80=0), "seen": counts(p20=30)}},
        {"is_asked": {"told": counts(p80=100), "seen": counts(p80=80)}},
    ]
    # 100 said of 200 pupils, 110 came.
    slope, worst, gap = calibration(schools, "is_asked")
    assert (worst, gap) == (pytest.approx(-10), pytest.approx(-5))
    assert slope < 1


def school(found, named=20, came=40, misses=(0.1, 0.2)):
    """What is found in one school in one week: so many of those who came by our method, half as many by the curve, and misses."""
    ours, curve = misses
    return {
        "week": 14, "horizon": "year", "named": named, "found_year_to_date": found // 2, "found_both": 0, f"found_{OURS}": found,
        "is_under": {"came": came}, "is_shown_ours": ours < curve,
        "is_asked": {"pupils": 100, "brier": {OURS: ours, "year_to_date": curve, "shown": min(misses), CHECK: curve}},
    }  # fmt: skip


def test_those_found_are_told_a_school_and_of_those_who_came_and_of_those_named(monkeypatch):
    monkeypatch.setattr(calibrate_outlook, "KINDS", ("demo",))
    monkeypatch.setattr(calibrate_outlook, "WEEKS_TRIED", (14,))
    done = {("demo", "main", 1): [school(10)], ("demo", "main", 2): [school(6, came=24)]}
    done[("demo", "200 on roll", 1)] = [school(20)]
    *_, line = list_table(done).splitlines()
    # 16 found in two schools: 8 each, of 64 who came a quarter, of 40 named two in five; by the curve 5 and 3.
    assert line == "| demo | 14 | 20 | 32 | 8.0 (25 %, 40 %) | 4.0 (12 %, 20 %) | 0.0 (0 %, 0 %) |"


def test_skill_is_of_the_mean_misses_and_its_error_that_of_a_ratio():
    # Misses of 0.1 and 0.3 beside 0.2 and 0.4: two thirds, so a third better. What is left of each, ours less two thirds of
    # theirs, is -1/30 and 1/30: a standard deviation of 0.0471, over the root of two and over the mean of 0.3.
    better, error = skill(
        [school(1, misses=(0.1, 0.2)), school(1, misses=(0.3, 0.4))], "is_asked", OURS, "year_to_date"
    )
    assert better == pytest.approx(100 / 3)
    assert error == pytest.approx(100 * (1 / 30) / 0.3)


def test_schools_without_a_pupil_asked_of_have_no_part_in_the_skill():
    empty = school(0, misses=(0.0, 0.0))
    empty["is_asked"]["pupils"] = 0
    better, error = skill([school(1), empty], "is_asked", OURS, "year_to_date")
    assert better == pytest.approx(50)
    assert np.isnan(error)


def test_how_often_a_school_falls_back_and_what_that_saves():
    rows = [
        school(1, misses=(0.1, 0.2)),
        school(1, misses=(0.1, 0.2)),
        school(1, misses=(0.1, 0.2)),
        school(1, misses=(0.3, 0.2)),
    ]
    beaten, fell_back, ours, shown, check = choice_figures(rows)
    assert (beaten, fell_back) == ("25 %", "25 %")
    # Mean misses: ours 0.15, what was shown 0.125, the curve 0.2.
    assert [each.split(" ")[0] for each in (ours, shown, check)] == ["25.0", "37.5", "0.0"]


def test_misses_and_counts_are_of_the_pupils_asked_of_alone():
    tried = SimpleNamespace(came=np.array([True, False, True]))
    said = {OURS: np.array([0.5, 0.2, 0.9])}
    found = of_some(tried, said, np.array([True, True, False]))
    assert (found["pupils"], found["came"]) == (2, 1)
    assert found["brier"][OURS] == pytest.approx((0.25 + 0.04) / 2)
    assert {percent: count for percent, count in enumerate(found["told"]) if count} == {20: 1, 50: 1}
    assert {percent: count for percent, count in enumerate(found["seen"]) if count} == {50: 1}


def test_of_a_hundred_schools_of_each_kind_fewer_are_of_other_worlds_and_none_has_two_seeds_alike():
    tasks = tasks_of(100)
    counts = Counter(name for _, name, _ in tasks)
    assert counts["main"] == 100 * len(KINDS)
    assert all(2 * len(KINDS) <= count <= counts["main"] for count in counts.values())
    assert len(set(tasks)) == len(tasks)
