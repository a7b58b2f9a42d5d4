"""Small pictures: gaps, scale, words."""

import pytest

from attendance_lib.display.sparkline import Scale, common_scale, describe_sparkline, points_of, sparkline_svg


@pytest.mark.parametrize(
    ("series", "low"),
    [
        ([(0.94, 0.88)], 0.8),
        ([(0.94,), (0.31, None)], 0.3),
        ([(0.99, 1.0)], 0.9),
        ([(0.0,)], 0.0),
        ([None, (None,)], 0.5),
        ([(1.0,)], 0.9),
    ],
)
def test_a_column_shares_one_scale_down_to_its_lowest_tenth(series, low):
    assert common_scale(series).low == low


def test_a_missing_week_is_a_gap_and_never_a_zero():
    svg = sparkline_svg((0.9, None, 0.8), Scale(0.0))
    assert svg.count("<circle") == 2
    assert svg.count("M") == 4  # the rules at 100% and at the foot, and the line begun anew after the gap


def test_full_attendance_is_at_the_top_and_the_scale_s_foot_at_the_bottom():
    (_, top), (_, bottom) = points_of((1.0, 0.5), Scale(0.5))
    assert (top, bottom) == (3, 17)


def test_the_latest_week_is_the_larger_dot():
    assert [part[:3] for part in sparkline_svg((0.9, 0.8), Scale(0.5)).split(' r="')[1:]] == ["1.1", "2.2"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((0.94, 0.92, None, 0.88), "4 weeks, oldest first: 94, 92, –, 88%; down 6 points"),
        ((None, 0.5, 0.75), "3 weeks, oldest first: –, 50, 75%; up 25 points"),
        ((0.9, 0.9), "2 weeks, oldest first: 90, 90%; no change"),
        ((None, None), "2 weeks without a session"),
    ],
)
def test_words_say_the_values_and_the_drift(values, words):
    assert describe_sparkline(values) == words


def test_inside_html_the_picture_carries_its_words():
    assert 'role="img" aria-label="2 weeks, oldest first: 90, 80%; down 10 points"' in sparkline_svg(
        (0.9, 0.8), Scale(0.5)
    )


def test_as_a_file_the_picture_names_its_language():
    assert sparkline_svg((0.9,), Scale(0.5), standalone=True).startswith(
        '<svg xmlns="http://www.w3.org/2000/svg"'
    )
