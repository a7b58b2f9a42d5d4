"""England's year to date through each year: as published, in step with the whole years, and matched to the right point."""

from datetime import date
from decimal import Decimal

import pytest

from attendance_lib.rules.benchmarks import (
    BREAK_IN_SERIES,
    PHASES,
    Benchmark,
    Series,
    at_same_point,
    benchmark,
    england_to_date,
    series_notes,
)
from attendance_lib.rules.calendar import school_year_of

MEASURES = (
    "absence_rate", "authorised_absence_rate", "unauthorised_absence_rate", "persistent_absence_rate",
    "late_before_close_rate", "late_after_close_rate", "late_rate",
)  # fmt: skip


def released(phase, measure):
    return [each for each in england_to_date() if (each.phase, each.measure) == (phase, measure)]


def one(phase, measure, last):
    return next(each for each in released(phase, measure) if each.last_date == date.fromisoformat(last))


def hundredths(figure):
    return str(Decimal(figure.percent).quantize(Decimal("0.01")))


@pytest.mark.parametrize(
    ("phase", "overall", "authorised", "unauthorised"),
    [
        ("all", "5.90", None, None),
        ("primary", "4.56", "3.18", "1.38"),
        ("secondary", "7.17", "4.55", "2.62"),
        ("special", "12.01", "8.71", "3.31"),
    ],
)
def test_october_2025_is_as_others_read_it_in_dfes_release(phase, overall, authorised, unauthorised):
    """Attendance Matters, weekly summary of 20 October 2025, quoting the year to date of 8 September to 24 October."""
    found = [hundredths(one(phase, measure, "2025-10-24")) for measure in MEASURES[:3]]
    expected = (overall, authorised, unauthorised)
    assert [each for each, known in zip(found, expected, strict=True) if known] == [
        known for known in expected if known
    ]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("school_year", ["202324", "202425", "202526"])
def test_the_last_release_of_a_year_is_its_year_to_date(school_year, phase, measure):
    """The whole years were read elsewhere (DfE's dashboard through DOMAIN 5.3) and to two decimals."""
    last = [each for each in released(phase, measure) if each.school_year == school_year][-1]
    whole = benchmark("daily", phase, measure, school_year)
    assert abs(Decimal(last.percent) - Decimal(whole.percent)) <= Decimal("0.0051")


@pytest.mark.parametrize("phase", PHASES)
def test_authorised_and_unauthorised_make_the_absence_and_with_attendance_all(phase):
    parts = ("attendance_rate", *MEASURES[:3])
    for attendance, absence, authorised, unauthorised in zip(
        *(released(phase, measure) for measure in parts), strict=True
    ):
        percent = [Decimal(each.percent) for each in (attendance, absence, authorised, unauthorised)]
        assert abs(percent[1] - percent[2] - percent[3]) <= Decimal("0.0001")
        assert abs(percent[0] + percent[1] - 100) <= Decimal("0.0001")


def test_a_release_ends_on_a_friday_two_weeks_or_more_before_it_is_published():
    releases = list(dict.fromkeys((each.last_date, each.published) for each in england_to_date()))
    assert len(releases) == 67
    assert releases == sorted(releases)
    assert len({last for last, _ in releases}) == len(releases)
    assert {last.weekday() for last, _ in releases} == {4}
    assert all((published - last).days >= 12 for last, published in releases)


def test_every_figure_is_of_the_school_year_it_ends_in_and_of_the_daily_series():
    assert all(each.school_year == school_year_of(each.last_date) for each in england_to_date())
    assert {each.series for each in england_to_date()} == {Series.DAILY}


def test_persistent_absence_is_not_published_before_january():
    months = {each.published.month for each in england_to_date() if each.measure == "persistent_absence_rate"}
    assert months == {1, 2, 3, 4, 5, 6, 7, 8}


@pytest.mark.parametrize(
    ("day", "measure", "ends"),
    [
        ("2025-10-24", "absence_rate", "2025-10-24"),  # the very day
        ("2025-10-30", "absence_rate", "2025-10-24"),  # the nearest
        ("2026-07-20", "absence_rate", "2026-07-10"),  # its own year, not 18 July of the year before
        ("2026-10-23", "absence_rate", "2025-10-24"),  # nothing of its year yet: the same point a year before
        ("2027-10-22", "absence_rate", "2025-10-24"),  # or two
        ("2026-07-31", "absence_rate", "2026-07-10"),
        ("2025-10-24", "persistent_absence_rate", "2026-01-09"),  # 11 weeks off, and as near as there is
        ("2023-09-12", "absence_rate", "2023-09-15"),
        ("2023-07-21", "absence_rate", None),  # before the first year held
    ],
)
def test_a_figure_stands_beside_the_same_point_of_the_year(day, measure, ends):
    found = at_same_point(released("secondary", measure), date.fromisoformat(day))
    assert (found and found.last_date.isoformat()) == ends


def figure(school_year, last_date, published=None, percent="5.0"):
    last, out = (date.fromisoformat(each) if each else None for each in (last_date, published))
    return Benchmark(
        Series.DAILY, "all", "", "", "absence_rate", school_year, "year to date", None, last, percent, "DfE, x", out
    )  # fmt: skip


def test_the_own_year_comes_first_only_where_it_is_near():
    before, own = figure("202526", "2025-10-24"), figure("202627", "2026-12-04")
    assert at_same_point([before, own], date(2026, 10, 23)) == own  # 42 days off
    assert at_same_point([before, own], date(2026, 10, 22)) == before  # 43 days off


def test_a_file_that_does_not_say_its_last_day_ends_when_it_was_published():
    own = figure("202627", None, "2026-11-05")
    assert at_same_point([figure("202526", "2025-10-24"), own], date(2026, 10, 23)) == own
    assert own.label == "England, daily data, school year 2026/27 to date, published 5 Nov 2026"


@pytest.mark.parametrize(
    ("held", "beside", "words"),
    [
        (figure("202627", "2026-10-23"), ("2026-09-03", "2026-10-23"), ""),
        (figure("202627", "2026-11-06"), ("2026-09-03", "2026-10-23"), ""),
        (figure("202627", "2026-10-09"), ("2026-09-03", "2026-10-23"), "ends on 9 Oct 2026, before the period does"),
        (figure("202627", "2026-10-23"), ("2026-11-02", "2026-12-18"), "older than the period: it ends on 23 Oct 2026"),
        (figure("202526", "2025-10-24"), ("2026-09-03", "2026-10-23"), "older than the period: it ends on 24 Oct 2025"),
        (figure("202627", None, "2026-10-22"), ("2026-09-03", "2026-10-23"),
         "was published on 22 Oct 2026, before the period ends"),
        (figure("202627", None, "2026-11-05"), ("2026-09-03", "2026-10-23"), ""),
        (figure("202526", None, "2026-11-05"), ("2026-09-03", "2026-10-23"), "older than the period: it is of school year 2025/26"),
        (figure("202425", None), ("2026-09-03", "2026-10-23"), "older than the period: it is of school year 2024/25"),
    ],
)  # fmt: skip
def test_a_figure_older_than_the_period_says_so(held, beside, words):
    assert held.age_beside(*map(date.fromisoformat, beside)) == words


def test_the_break_in_the_series_is_told_where_a_figure_is_from_before_it():
    after, before = figure("202526", "2025-10-24"), figure("202425", "2024-10-25")
    census = benchmark("census", "all", "absence_rate", "202425")
    assert series_notes([after, census]) == []
    assert series_notes([after, before]) == [BREAK_IN_SERIES]
    assert "8 September 2025" in BREAK_IN_SERIES
