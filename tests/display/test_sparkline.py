"""Small pictures: gaps, scale, words."""

import pytest

from attendance_lib.display.sparkline import Scale, common_scale, points_of, sparkline_svg


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


def test_inside_html_the_picture_carries_its_words():
    words = "90 & 80%; down 10 points"
    assert 'role="img" aria-label="90 &amp; 80%; down 10 points"' in sparkline_svg(
        (0.9, 0.8), Scale(0.5), words
    )


def test_as_a_file_the_picture_names_its_language():
    assert sparkline_svg((0.9,), Scale(0.5)).startswith('<svg xmlns="http://www.w3.org/2000/svg"')
