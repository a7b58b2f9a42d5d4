"""What an analyst asks for that cannot be drawn is refused, with what was met and what to do."""

import pandas as pd
import pytest

from attendance_lib.display.asked import asked_table
from attendance_lib.display.charts.asked import asked_chart
from attendance_lib.errors import SettingsError


def asked(**columns):
    return asked_table("asked", "What was asked", pd.DataFrame(columns))


def test_a_column_in_which_nothing_was_counted_is_named():
    table = asked(form=["7A", "7B"], attendance_rate=[None, float("nan")])
    with pytest.raises(
        SettingsError, match=r"^Nothing was counted in 'Attendance rate', .* Choose other pupils"
    ):
        asked_chart(table, ["form"], "")


def test_more_lines_than_there_are_colours_are_counted():
    table = asked(form=list("ABCDEFG") * 2, week=[1] * 7 + [2] * 7, attendance_rate=[0.9] * 14)
    with pytest.raises(SettingsError, match="^7 lines cannot be told apart; at most 6 can"):
        asked_chart(table, ["form", "week"], "week")


def test_a_group_without_a_figure_has_no_bar():
    chart = asked_chart(asked(form=["7A", "7B"], attendance_rate=[0.9, None]), ["form"], "")
    assert chart.alt.startswith("1 value, from 90.0% (7A) to 90.0% (7A).")
