"""What stands beside a school's figure: the right series, the right point of the year, the newest file, the school's own."""

from dataclasses import replace
from datetime import date

import pytest

from attendance_lib.analysis.comparators import Comparators, known_figures
from attendance_lib.analysis.impact.whole_school import weekly_gap, weeks_of_school
from attendance_lib.intake.dfe import Release, read_release
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.settings.benchmarks import EnteredFigure, Target, Targets, benchmark_of
from attendance_lib.rules.benchmarks import WEEK, YEAR_TO_DATE, Benchmark, Level, Series
from tests.intake.dfe_files import LEEDS, quoted_rows, write_dfe_file

OCTOBER = date(2026, 10, 23)
WEEK_38 = Benchmark(
    Series.DAILY, "secondary", "", "", "attendance_rate", "202627", WEEK,
    date(2026, 9, 14), date(2026, 9, 18), "93.4", "DfE", date(2026, 10, 1),
)  # fmt: skip
WEEK_37 = replace(WEEK_38, first_date=date(2026, 9, 7), last_date=date(2026, 9, 11), percent="94.1")
OTHERS = (
    replace(WEEK_38, phase="primary", percent="1"),
    replace(WEEK_38, measure="absence_rate", percent="2"),
    replace(WEEK_38, period=YEAR_TO_DATE, percent="3"),
    replace(WEEK_38, level=Level.LOCAL_AUTHORITY, percent="4"),
    replace(WEEK_38, characteristic="fsm", value="True", percent="5"),
)
MEASURES = (
    "attendance_rate",
    "absence_rate",
    "authorised_absence_rate",
    "unauthorised_absence_rate",
    "late_rate",
)


@pytest.fixture
def newer(tmp_path):
    """The figures of a file that DfE published on 5 November 2026, for England and for Leeds."""
    rows = quoted_rows()
    path = write_dfe_file(tmp_path / "EES_ytd_data_2026-11-05.csv", [*rows, *(row | LEEDS for row in rows)])
    return read_release(Release(Export(path), date(2026, 11, 5), None, date(2026, 10, 23)), "383")


def comparators(*more, phase="secondary", targets=None):
    return Comparators(phase, known_figures(more), targets or Targets())


@pytest.mark.parametrize("phase", ["primary", "secondary", "special"])
@pytest.mark.parametrize("measure", MEASURES)
def test_in_the_year_england_is_of_the_daily_series_and_the_same_point(phase, measure):
    found = comparators(phase=phase).in_year(measure, OCTOBER)
    assert (found.series, found.phase, str(found.last_date)) == (Series.DAILY, phase, "2025-10-24")


def test_a_newer_file_of_dfes_stands_in_the_place_of_the_older_figure(newer):
    found = comparators(*newer).in_year("absence_rate", OCTOBER)
    assert found.percent == "8.4897819092997"
    assert found.label == "England, daily data, school year 2026/27 to date, to 23 Oct 2026"
    assert found.age_beside(date(2026, 9, 3), OCTOBER) == ""


def test_an_older_figure_says_that_it_is_older():
    found = comparators().in_year("absence_rate", OCTOBER)
    assert found.age_beside(date(2026, 9, 3), OCTOBER) == "older than the period: it ends on 24 Oct 2025"


def test_the_year_before_keeps_its_own_figure_beside_a_newer_file(newer):
    assert str(comparators(*newer).in_year("absence_rate", date(2025, 10, 24)).last_date) == "2025-10-24"


def test_severe_absence_has_no_figure_in_the_year_and_one_for_a_full_year():
    assert comparators().in_year("severe_absence_rate", OCTOBER) is None
    assert comparators().full_year("severe_absence_rate", "202425").percent == "3.88"


@pytest.mark.parametrize(
    ("school_year", "percent"),
    [("202223", "26.52"), ("202324", "25.56"), ("202425", "23.37"), ("202526", None)],
)
def test_a_full_year_stands_beside_the_census_alone(school_year, percent):
    """DOMAIN 5.1, secondary; the census of 2025/26 is not out, and the daily series does not stand in for it."""
    found = comparators().full_year("persistent_absence_rate", school_year)
    assert (found and found.percent) == percent


@pytest.mark.parametrize("phase", ["primary", "secondary", "special"])
@pytest.mark.parametrize("school_year", ["202223", "202324", "202425"])
def test_three_full_years_have_every_measure(school_year, phase):
    names = ("absence", "authorised_absence", "unauthorised_absence", "persistent_absence", "severe_absence")
    found = [comparators(phase=phase).full_year(f"{name}_rate", school_year) for name in names]
    assert {figure and figure.series for figure in found} == {Series.CENSUS}


def test_no_figure_is_held_twice():
    keys = [
        (
            f.series,
            f.level,
            f.phase,
            f.characteristic,
            f.value,
            f.measure,
            f.school_year,
            f.period,
            f.last_date,
        )
        for f in known_figures(())
    ]
    assert len(keys) == len(set(keys))


def test_an_alternative_provision_has_no_figure_of_england():
    assert comparators(phase="alternative_provision").in_year("absence_rate", OCTOBER) is None


def test_the_local_authority_comes_from_the_file_of_the_school_s_phase(newer):
    found = comparators(*newer).in_year("persistent_absence_rate", OCTOBER, Level.LOCAL_AUTHORITY)
    assert (found.area, found.phase, found.percent) == ("Leeds", "secondary", "23.7680342651037")
    assert comparators().in_year("persistent_absence_rate", OCTOBER, Level.LOCAL_AUTHORITY) is None


@pytest.mark.parametrize(
    ("series", "period", "last", "in_year", "full_year"),
    [
        ("daily", "year to date", date(2026, 10, 9), "91.2", None),
        ("daily", "autumn term", date(2025, 12, 19), "91.2", None),
        ("census", "full year", date(2025, 7, 22), None, "91.2"),
        ("census", "autumn term", date(2025, 12, 19), None, None),
    ],
)
def test_what_a_school_enters_stands_where_its_series_may(series, period, last, in_year, full_year):
    entered = EnteredFigure(
        measure="attendance", percent=91.2, series=series, period=period, last_date=last, source="Tool"
    )
    held = comparators(benchmark_of(entered, Level.SIMILAR_SCHOOLS, "Similar schools"))
    found = held.in_year("attendance_rate", OCTOBER, Level.SIMILAR_SCHOOLS)
    whole = held.full_year("attendance_rate", "202425", Level.SIMILAR_SCHOOLS)
    assert ((found and found.percent), (whole and whole.percent)) == (in_year, full_year)


def test_reasons_are_all_of_one_release(newer):
    before, after = comparators().reasons(OCTOBER), comparators(*newer).reasons(OCTOBER)
    assert (before["I"].percent, str(before["I"].last_date)) == ("3.62695632312563", "2026-07-10")
    assert {str(each.last_date) for each in before.values()} == {"2026-07-10"}
    assert {str(each.last_date) for each in after.values()} == {"2026-10-23"}
    assert set(after) == set("I M R S T E C1 J1 C2 C G U O N".split())


def test_targets_are_the_school_s_own():
    held = comparators(targets=Targets(persistent_absence=Target(percent=20.0, source="Plan")))
    assert held.target("persistent_absence_rate").percent == 20.0
    assert held.target("attendance_rate") is None


def weeks_file(tmp_path, day, attendance):
    """A file of weeks 37 and 38 of 2026 with one attendance throughout."""
    rows = [
        row
        | {"time_period": "2026", "time_identifier": f"Week {week}", "attendance_perc": str(attendance)}
        | {"overall_absence_perc": str(100 - attendance)}
        for row in quoted_rows()
        for week in (37, 38)
    ]
    path = write_dfe_file(tmp_path / f"EES_weekly_data_{day}.csv", rows)
    return read_release(Release(Export(path), date.fromisoformat(day)))


def test_the_weeks_of_the_phase_come_in_order_and_nothing_else():
    found = comparators(*OTHERS, WEEK_38, WEEK_37).england_weeks()
    assert found["week_beginning"].dt.date.tolist() == [date(2026, 9, 7), date(2026, 9, 14)]
    assert found["attendance_rate"].tolist() == [0.941, 0.934]


def test_of_two_releases_of_a_week_the_newer_counts():
    newer = replace(WEEK_38, percent="93.6", published=date(2026, 10, 15))
    for figures in ((WEEK_38, newer), (newer, WEEK_38)):
        assert comparators(*figures).england_weeks()["attendance_rate"].tolist() == [0.936]


def test_weeks_of_england_stand_beside_the_school_s_weeks(tmp_path, make_register):
    older, newer = weeks_file(tmp_path, "2026-10-08", 92), weeks_file(tmp_path, "2026-10-22", 93)
    weeks = comparators(*newer, *older).england_weeks()
    assert weeks["week_beginning"].dt.strftime("%Y-%m-%d").tolist() == ["2026-09-07", "2026-09-14"]
    assert weeks["attendance_rate"].tolist() == [0.93, 0.93]
    own = weeks_of_school(make_register({}, last="2026-09-25"), beside_england=True)
    gap = weekly_gap(own, weeks)
    assert gap["gap"].round(12).tolist() == [0.07, 0.07]


def test_without_files_of_weeks_there_is_no_week():
    assert comparators().england_weeks().empty
