"""A published table as it is shown: its sign explained where it stands, and only there."""

import pandas as pd
import pytest

from attendance_lib.display import Column, Kind
from attendance_lib.papers.published_tables import WITHHELD, published_table, without_signs

COLUMNS = (Column("group", "Group"), Column("enrolments", "Pupils", Kind.COUNT))


@pytest.mark.parametrize(
    ("counts", "note"),
    [([12, 7], "Year to date."), ([12, "c"], f"Year to date. {WITHHELD}"), ([], "Year to date.")],
)
def test_what_c_means_is_said_where_one_is_shown(counts, note):
    frame = pd.DataFrame(
        {"group": ["Girls", "Boys"][: len(counts)], "enrolments": pd.Series(counts, dtype=object)}
    )
    assert published_table("groups", "Groups", frame, COLUMNS, "Year to date.").note == note


def test_a_c_in_a_column_that_is_not_shown_is_not_explained():
    frame = pd.DataFrame({"group": ["Girls"], "enrolments": [12], "unused": ["c"]})
    assert published_table("groups", "Groups", frame, COLUMNS).note == ""


def test_the_first_column_heads_the_rows_and_rows_are_numbered_anew():
    frame = pd.DataFrame({"group": ["Girls", "Boys"], "enrolments": [12, 7]}, index=[5, 9])
    table = published_table("groups", "Groups", frame, COLUMNS, empty_text="Nobody.")
    assert (table.row_header, table.frame.index.tolist(), table.empty_text) == ("group", [0, 1], "Nobody.")


def test_a_withheld_figure_is_a_gap_in_a_chart_and_a_nought_is_none():
    told = without_signs(pd.Series([0.0, "c", 0.9], dtype=object))
    assert told.isna().tolist() == [False, True, False]
    assert told.iloc[[0, 2]].tolist() == [0.0, 0.9]
