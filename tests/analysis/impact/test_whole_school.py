"""Schemes for everyone: the same weeks a year before, and the season they take out of a change."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.whole_school import (
    ONE_SCHOOL,
    evaluate_whole_school,
    gap_weeks,
    weeks_of_school,
)

WEEKS, MONDAY = 39, pd.Timestamp("2022-09-05")


def weeks_of(years):
    """The Mondays of school years of 39 weeks on end, each year 52 weeks after the one before."""
    days = [
        MONDAY + pd.Timedelta(days=364 * year + 7 * week) for year in range(years) for week in range(WEEKS)
    ]
    return pd.Series(days)


def gap_of(years, gap):
    return pd.DataFrame({"week_beginning": weeks_of(years), "gap": np.asarray(gap, dtype=float)})


def seasonal(years):
    """A school that gains 2 points on England from the twentieth week of every year."""
    return np.tile(np.where(np.arange(WEEKS) >= 20, 0.02, 0.0), years)


@pytest.mark.parametrize("effect", [0.0, 0.03])
def test_a_season_that_comes_every_year_is_no_effect_and_hides_none(effect):
    place = 2 * WEEKS + 20
    gap = gap_of(3, seasonal(3) + effect * (np.arange(3 * WEEKS) >= place))
    found = evaluate_whole_school(gap, gap["week_beginning"][place])
    # Twelve weeks of 0 before and of 2 points after, this year (and the effect) and the year before, all of which comes again.
    assert found.change == pytest.approx(0.02 + effect)
    assert (found.last_year_change, found.season) == pytest.approx((0.02, 0.02))
    assert (found.estimate, found.low, found.high) == pytest.approx((effect,) * 3, abs=1e-12)
    assert found.judgement.verdict is Verdict.HELPED or not effect


def test_a_start_on_a_thursday_is_a_start_in_its_week_and_a_year_before_is_a_monday():
    gap = gap_of(3, seasonal(3))
    thursday = gap["week_beginning"][2 * WEEKS + 20] + pd.Timedelta(days=3)
    assert evaluate_whole_school(gap, thursday).last_year_change == pytest.approx(0.02)


def test_weeks_that_only_one_year_had_are_left_out_of_the_year_before():
    # The sixth week after the start was a holiday the year before: eleven weeks tell instead of twelve.
    place = 2 * WEEKS + 20
    gap = gap_of(3, seasonal(3)).drop(index=WEEKS + 25).reset_index(drop=True)
    found = evaluate_whole_school(gap, weeks_of(3)[place])
    assert (found.change, found.last_year_change) == pytest.approx((0.02, 0.02))


def test_other_dates_do_not_look_across_the_true_one_this_year_or_the_year_before():
    # The change is at the twentieth week of the second of four years; twelve weeks count on each side.
    place = WEEKS + 20
    about = gap_weeks(gap_of(4, np.zeros(4 * WEEKS)), weeks_of(4)[place], 12)
    assert about.place == place
    assert [each for each in about.others if place - 12 < each < place + 12] == []
    clear = about.others_with_a_year_before
    # A year after the change the same weeks a year before look across it.
    assert [each for each in clear if place + WEEKS - 12 < each < place + WEEKS + 12] == []
    assert {place + WEEKS - 12, place + WEEKS + 12} <= set(clear.tolist())


def test_two_years_know_no_season_and_the_change_stands_as_it_is():
    place = WEEKS + 20
    gap = gap_of(2, seasonal(2) + 0.001 * np.random.default_rng(3).standard_normal(2 * WEEKS))
    found = evaluate_whole_school(gap, gap["week_beginning"][place])
    assert np.isnan(found.season)
    assert found.estimate == found.change
    # The season is a change like others in two years: nothing is claimed.
    assert found.judgement.verdict is Verdict.NO_CLEAR_EFFECT


def test_the_range_without_season_holds_nothing_in_nearly_all_schools_and_sees_two_points():
    # Three years; a season of three waves a year, spread 0.5 points; weeks that hang together (0.5), spread 0.6 points.
    random, place = np.random.default_rng(11), 2 * WEEKS + 18
    time = np.tile(np.arange(WEEKS) / 52, 3)
    found = []
    for _ in range(60):
        gap = np.zeros(3 * WEEKS)
        shocks = 0.006 * np.sqrt(0.75) * random.standard_normal(3 * WEEKS)
        for week in range(1, 3 * WEEKS):
            gap[week] = 0.5 * gap[week - 1] + shocks[week]
        for wave in (1, 2, 3):
            sine, cosine = 0.005 / np.sqrt(3) * random.standard_normal(2)
            gap += sine * np.sin(2 * np.pi * wave * time) + cosine * np.cos(2 * np.pi * wave * time)
        helped = gap + 0.02 * (np.arange(3 * WEEKS) >= place)
        start = weeks_of(3)[place]
        found.append([evaluate_whole_school(gap_of(3, each), start) for each in (gap, helped)])
    # Of 60 at 95 % fewer than 53 hold it in one case of 100; before, without the season taken out, 63 in 100 saw two points.
    assert sum(without.low <= 0 <= without.high for without, _ in found) >= 53
    assert sum(helped.judgement.verdict is Verdict.HELPED for _, helped in found) >= 48


def week_away(monday):
    """Absent in every session of a week."""
    return {str(day.date()): "O O" for day in pd.bdate_range(monday, periods=5)}


@pytest.mark.parametrize(("beside_england", "last_year", "this_year"), [(True, 0.5, 1.0), (False, 0.5, 0.5)])
def test_beside_england_the_school_s_weeks_count_who_was_of_dfe_s_ages_in_each_year(
    make_register, beside_england, last_year, this_year
):
    """The second was fifteen on 31 August 2025 and sixteen a year later: counted in 2025/26 and no more."""
    older = {"year_group": 12, "date_of_birth": "2010-01-15", "admission_date": "2024-09-02"}
    marks = week_away("2025-12-08") | week_away("2026-09-14")
    register = make_register({}, older | {"marks": marks}, first="2025-12-01", last="2026-09-25")
    weeks = weeks_of_school(register, beside_england=beside_england).set_index("week_beginning")[
        "school_rate"
    ]
    assert (weeks["2025-12-08"], weeks["2026-09-14"]) == (last_year, this_year)
    assert weeks["2025-12-15"] == weeks["2026-09-07"] == 1.0


def test_of_a_school_of_other_ages_no_week_is_known_beside_england(make_register):
    register = make_register({"year_group": 12, "date_of_birth": "2009-01-15"}, last="2026-09-25")
    assert weeks_of_school(register, beside_england=True)["school_rate"].isna().all()
    assert weeks_of_school(register, beside_england=False)["school_rate"].eq(1).all()


@pytest.mark.parametrize(
    ("step", "verdict"), [(0.0, Verdict.NO_CLEAR_EFFECT), (0.05, Verdict.HELPED), (-0.05, Verdict.WORSE)]
)
def test_a_whole_school_change_is_told_from_the_same_change_at_other_dates(step, verdict):
    weeks = pd.date_range("2024-09-02", periods=80, freq="7D")
    gap = 0.004 * np.random.default_rng(4).standard_normal(80) + step * (np.arange(80) >= 60)
    found = evaluate_whole_school(pd.DataFrame({"week_beginning": weeks, "gap": gap}), weeks[60])
    assert found.judgement.verdict is verdict
    assert found.low <= step <= found.high


def test_fewer_than_two_school_years_of_weeks_give_no_verdict():
    weeks = pd.date_range("2024-09-02", periods=75, freq="7D")
    found = evaluate_whole_school(
        pd.DataFrame({"week_beginning": weeks, "gap": np.arange(75) * 0.1}), weeks[50]
    )
    assert (found.judgement.verdict, found.judgement.reason) == (Verdict.TOO_FEW, ONE_SCHOOL)


def test_a_whole_school_change_is_seldom_seen_where_there_was_none():
    # Weekly gaps that hang together (0.5 from week to week, spread 0.6 points): two school years and a half.
    random = np.random.default_rng(8)
    weeks = pd.date_range("2024-09-02", periods=95, freq="7D")
    found = []
    for _ in range(150):
        shocks = 0.005 * random.standard_normal(95)
        gap = np.zeros(95)
        for week in range(1, 95):
            gap[week] = 0.5 * gap[week - 1] + shocks[week]
        found.append(evaluate_whole_school(pd.DataFrame({"week_beginning": weeks, "gap": gap}), weeks[70]))
    said = [each.judgement.verdict for each in found]
    # At most 5 in 100 of either kind are meant: 150 x 0.05 = 7.5, and 12 in one case of 20 by chance.
    assert said.count(Verdict.HELPED) + said.count(Verdict.WORSE) <= 12
    assert np.mean([each.low <= 0 <= each.high for each in found]) >= 0.92
