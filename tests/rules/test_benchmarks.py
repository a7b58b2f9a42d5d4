"""England's figures: quoted exactly, never mixed between series, and said to be what they are."""

from datetime import date
from decimal import Decimal

import pytest

from attendance_lib.rules.benchmarks import (
    LICENCE,
    PERIODS,
    PHASES,
    Series,
    acknowledgement,
    benchmark,
    benchmarks,
)
from attendance_lib.rules.codes import code_in_force

OVERALL, PERSISTENT, SEVERE = "absence_rate", "persistent_absence_rate", "severe_absence_rate"


def of_groups(series, characteristic, measure, school_year):
    """The table's figures for the groups of a characteristic in a school year, by the group."""
    wanted = (series, characteristic, measure, school_year)
    return {
        figure.value: figure
        for figure in benchmarks()
        if (figure.series, figure.characteristic, figure.measure, figure.school_year) == wanted
    }


def two_decimals(figure):
    return str(Decimal(figure.percent).quantize(Decimal("0.01"))) if figure else None


@pytest.mark.parametrize(
    ("series", "phase", "school_year", "overall", "persistent", "severe"),
    [
        ("census", "all", "202425", "6.78", "18.14", "2.39"),
        ("census", "primary", "202425", "5.20", "12.99", "0.93"),
        ("census", "secondary", "202425", "8.44", "23.37", "3.88"),
        ("census", "special", "202425", "12.76", "35.26", "6.91"),
        ("census", "all", "201819", "4.73", "10.86", "0.85"),
        ("census", "all", "201920", None, None, None),
        ("daily", "all", "202526", "6.88", "18.78", None),
        ("daily", "primary", "202526", "5.28", "13.77", None),
        ("daily", "secondary", "202526", "8.49", "23.77", None),
        ("daily", "special", "202526", "13.17", "36.06", None),
        ("daily", "all", "202425", "6.87", "18.70", None),
        ("daily", "all", "202223", "7.53", "22.31", None),
    ],
)
def test_the_figures_are_dfes(series, phase, school_year, overall, persistent, severe):
    figures = [benchmark(series, phase, measure, school_year) for measure in (OVERALL, PERSISTENT, SEVERE)]
    assert [two_decimals(figure) for figure in figures] == [overall, persistent, severe]


@pytest.mark.parametrize(("series", "newest"), [("daily", "202526"), ("census", "202425")])
def test_without_a_school_year_the_newest_is_given(series, newest):
    assert benchmark(series, "secondary", OVERALL).school_year == newest


@pytest.mark.parametrize("series", Series)
@pytest.mark.parametrize("measure", [OVERALL, PERSISTENT])
def test_a_figure_is_of_the_series_asked_for(series, measure):
    assert benchmark(series, "all", measure).series is series


def test_the_same_year_differs_between_the_series():
    assert [
        two_decimals(benchmark(series, "all", PERSISTENT, "202425")) for series in ("census", "daily")
    ] == ["18.14", "18.70"]


def test_a_series_must_be_named():
    with pytest.raises(ValueError, match="'quick' is not a valid Series"):
        benchmark("quick", "all", OVERALL)


@pytest.mark.parametrize("phase", ["alternative_provision", "Secondary", ""])
def test_a_phase_dfe_has_no_figure_for_has_none(phase):
    assert benchmark("daily", phase, OVERALL) is None


def test_the_newest_daily_figure_says_its_dates():
    figure = benchmark("daily", "secondary", OVERALL)
    assert figure.label == "England, daily data, 8 Sep 2025 to 10 Jul 2026"
    assert (figure.first_date, figure.last_date) == (date(2025, 9, 8), date(2026, 7, 10))
    assert figure.published == date(2026, 7, 23)


@pytest.mark.parametrize(
    ("figure", "label"),
    [
        (benchmark("census", "all", OVERALL), "England, census, school year 2024/25"),
        (benchmark("daily", "all", OVERALL, "202324"), "England, daily data, school year 2023/24"),
        (of_groups("daily", "fsm", OVERALL, "202526")["True"], "England, daily data, autumn term 2025/26"),
    ],
)
def test_a_label_names_the_series_and_the_time(figure, label):
    assert figure.label == label


def test_a_rate_is_a_fraction_of_the_published_percentage():
    assert benchmark("census", "all", PERSISTENT, "202425").rate == 0.1814


def test_the_years_of_covid_are_comparable_with_no_other():
    comparable = {figure.school_year for figure in benchmarks() if figure.is_comparable}
    assert not {"202021", "202122"} & comparable
    assert {"201819", "202223"} < comparable


# Groups


def test_every_year_group_has_a_census_figure():
    groups = of_groups("census", "year_group", SEVERE, "202223")
    assert list(groups) == [str(year) for year in range(1, 12)]
    assert groups["11"].percent == "4.71"


# Reasons


def reasons_of(phase, series="daily"):
    """Each code's newest figure in the table, by its letter."""
    found = [
        figure
        for figure in benchmarks()
        if (figure.series, figure.phase, figure.characteristic) == (series, phase, "code")
    ]
    return {figure.value: figure for figure in sorted(found, key=lambda figure: figure.newness)}


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (
            "primary",
            {
                "I": "2.79",
                "M": "0.27",
                "C": "0.37",
                "C2": "0.17",
                "E": "0.04",
                "G": "0.53",
                "O": "0.79",
                "N": "0.05",
            },
        ),
        (
            "secondary",
            {
                "I": "3.63",
                "M": "0.38",
                "C": "0.43",
                "C2": "0.32",
                "E": "0.29",
                "G": "0.31",
                "O": "2.61",
                "N": "0.05",
            },
        ),
        (
            "all",
            {
                "I": "3.21",
                "M": "0.33",
                "C": "0.42",
                "C2": "0.27",
                "E": "0.15",
                "G": "0.43",
                "O": "1.65",
                "N": "0.05",
            },
        ),
    ],
)
def test_reasons_are_dfes(phase, expected):
    mix = reasons_of(phase)
    assert {letter: two_decimals(mix[letter]) for letter in expected} == expected


@pytest.mark.parametrize("phase", PHASES)
def test_reasons_add_up_to_the_absence_of_the_phase(phase):
    """DfE's rate by reason leaves out a few hundred sessions of withdrawn codes in 2.4 thousand million."""
    total = sum(figure.rate for figure in reasons_of(phase).values())
    overall = benchmark("daily", phase, OVERALL).rate
    assert 0 <= overall - total < 0.000_002


# The table itself


def test_no_figure_is_quoted_twice():
    keys = [
        (f.series, f.phase, f.characteristic, f.value, f.measure, f.school_year, f.period)
        for f in benchmarks()
    ]
    assert len(keys) == len(set(keys)) == 462


def is_sound(figure):
    return (
        0 <= Decimal(figure.percent) <= 100
        and figure.phase in PHASES
        and figure.period in PERIODS
        and figure.source.startswith("DfE, ")
        and (figure.first_date is None or figure.first_date < figure.last_date)
        and (figure.characteristic != "code" or code_in_force(figure.value, figure.last_date) is not None)
    )


def test_every_figure_is_a_percentage_of_a_known_kind_with_a_source():
    assert [figure for figure in benchmarks() if not is_sound(figure)] == []


@pytest.mark.parametrize(
    "school_year", ["201718", "201819", "202021", "202122", "202223", "202324", "202425"]
)
@pytest.mark.parametrize("phase", PHASES)
def test_authorised_and_unauthorised_make_the_overall_absence_to_the_last_digit_or_so(phase, school_year):
    overall, *parts = (
        Decimal(benchmark("census", phase, f"{kind}absence_rate", school_year).percent)
        for kind in ("", "authorised_", "unauthorised_")
    )
    assert abs(overall - sum(parts)) <= Decimal("0.01")


def test_severe_absence_is_only_in_the_census():
    assert {figure.series for figure in benchmarks() if figure.measure == SEVERE} == {Series.CENSUS}


def test_figures_shown_are_acknowledged_with_each_source_once():
    figures = [benchmark("daily", "all", measure) for measure in (OVERALL, PERSISTENT)]
    assert acknowledgement(figures) == f"{figures[0].source}. {LICENCE}"
    assert acknowledgement([]) == ""
