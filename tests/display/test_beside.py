"""Shares beside each other: every figure in words, and what is withheld or not known in place of its bar."""

import pandas as pd
import pytest

from attendance_lib.display.charts.beside import beside_chart, describe_beside

SERIES = {"now": "This year", "then": "Last year"}


def rows(*lines):
    return pd.DataFrame(lines, columns=["label", "now", "then"])


TWO = rows(("Persistent absence", 0.2, 0.25), ("Severe absence", "c", None))


def test_every_figure_is_said_line_by_line():
    assert describe_beside(TWO, SERIES) == (
        "Bar chart, % of pupils. Persistent absence: This year 20.0%, Last year 25.0%. "
        "Severe absence: This year withheld, Last year not known."
    )


def test_a_share_of_nothing_is_a_figure_and_not_unknown():
    assert "This year 0.0%" in describe_beside(rows(("Severe absence", 0.0, None)), SERIES)


@pytest.mark.parametrize("table", [TWO, TWO.head(0)], ids=["two lines", "none"])
def test_the_picture_has_its_words_and_a_table_of_the_same_figures(table):
    chart = beside_chart("flags", "How many?", table, SERIES, of="sessions")
    assert chart.alt == describe_beside(table, SERIES, "sessions")
    assert [column.heading for column in chart.table.columns] == ["Line", "This year", "Last year"]
    assert chart.table.frame["now"].tolist() == table["now"].tolist()
