"""One pupil's weeks as a picture and in words: the worst week, the weeks without absence, and a school that was shut."""

import pandas as pd
from matplotlib.figure import Figure

from attendance_lib.display.charts.pupil_weeks import describe_pupil_weeks, draw_weeks, pupil_weeks_chart


def weeks(*rows):
    table = pd.DataFrame(rows, columns=["week_beginning", "missed", "possible", "of_target"])
    return table.assign(week_beginning=pd.to_datetime(table["week_beginning"]))


THREE = weeks(("2026-11-02", 2, 10, False), ("2026-11-09", 6, 10, True), ("2026-11-16", 0, 8, True))


def test_the_words_count_all_weeks_and_name_the_worst():
    assert describe_pupil_weeks(THREE) == (
        "Sessions missed in 3 school weeks: 8 of 28 possible. Most in the week beginning 9 Nov: 6 of 10. "
        "None in 1 week."
    )


def test_of_two_worst_weeks_the_first_is_named():
    assert "week beginning 2 Nov: 3 of 10" in describe_pupil_weeks(
        weeks(("2026-11-02", 3, 10, False), ("2026-11-09", 3, 10, False))
    )


def drawn(table):
    axes = Figure().subplots()
    draw_weeks(axes, table)
    return axes


def test_a_figure_stands_above_each_week_with_absence_alone():
    assert [text.get_text() for text in drawn(THREE).texts] == ["2", "6"]


def test_each_week_of_the_target_has_a_bar_below_it_and_that_is_explained():
    axes = drawn(THREE)
    assert [line.get_xdata().mean() for line in axes.lines] == [1, 2]
    assert "it has days of the target" in axes.get_title(loc="left")
    assert "target" not in drawn(THREE.head(1)).get_title(loc="left")


def test_without_a_week_there_is_a_picture_of_nothing_that_says_so():
    chart = pupil_weeks_chart(THREE.head(0), "weeks", "Weeks")
    assert chart.alt == "No school week so far."


def test_a_week_in_which_nothing_was_possible_can_be_drawn():
    """All of it study leave: the axis still has a height."""
    assert pupil_weeks_chart(weeks(("2026-11-02", 0, 0, False)), "weeks", "Weeks").alt.startswith(
        "Sessions missed in 1 school week: 0 of 0 possible."
    )
