"""What a reader sees of a table: its first rows, its tones, and what is said of the rest."""

import pandas as pd
import pytest

from attendance_lib.display.kinds import Column, Highlight, Kind, Tone
from attendance_lib.display.model import Table
from attendance_lib.display.shown import shown_table, tone_of

LOW = (Highlight("at_most", 0.5, Tone.ALERT), Highlight("at_most", 0.9, Tone.CAUTION))
COLUMNS = (
    Column("name", "Pupil"),
    Column("rate", "Attendance", Kind.RATE, highlights=LOW),
    Column("hours", "Hours", Kind.NUMBER),
    Column("weeks", "Weeks", Kind.SPARK),
    Column("note", "Note", shown=False),
)  # fmt: skip
FRAME = pd.DataFrame(
    {
        "name": ["A", "B", "C"],
        "rate": [0.5, 0.9, 0.95],
        "hours": [1.0, 2.5, 3.0],
        "weeks": [(0.9, 0.8), (), (0.7, None)],
        "note": ["x", "y", "z"],
    }
)


def shown(**changes):
    return shown_table(Table("pupils", "Pupils", FRAME, COLUMNS, **changes).payload())


def texts(table, column):
    return [row[column].text for row in table.rows]


def test_columns_kept_to_the_workbook_are_not_drawn_and_the_row_header_is_known():
    table = shown(row_header="name")
    assert [column.heading for column in table.columns] == ["Pupil", "Attendance", "Hours", "Weeks"]
    assert [column.heads_row for column in table.columns] == [True, False, False, False]
    assert [column.is_numeric for column in table.columns] == [False, True, True, False]


def test_a_value_has_the_tone_of_the_first_highlight_that_it_meets():
    assert [row[1].tone for row in shown().rows] == [Tone.ALERT, Tone.CAUTION, None]


@pytest.mark.parametrize("value", [None, "c"])
def test_what_is_missing_or_left_out_has_no_tone(value):
    assert tone_of(value, ({"when": "at_most", "value": 1, "tone": "alert"},)) is None


def test_numbers_of_a_column_stand_with_their_points_under_each_other():
    assert texts(shown(), 2) == ["1.0", "2.5", "3.0"]
    # Of the rows that are shown alone: the first has no tenths.
    assert texts(shown(shown_rows=1), 2) == ["1"]


def test_what_is_left_to_the_workbook_is_said_and_which_marks_are_used():
    table = shown(shown_rows=2, note="Sorted by need.")
    assert texts(table, 0) == ["A", "B"]
    assert table.remarks == (
        "First 2 of 3; the rest is in the workbook, sheet pupils.",
        "Marks: ▲ act now, ◆ watch.",
        "Sorted by need.",
    )
    assert shown(shown_rows=3).remarks == ("Marks: ▲ act now, ◆ watch.",)


def test_small_pictures_of_a_column_have_one_scale_and_blank_ones_none():
    table = shown()
    assert [row[3].series for row in table.rows] == [(0.9, 0.8), (), (0.7, None)]
    assert table.columns[3].scale is not None
    assert table.columns[1].scale is None


def test_a_table_without_a_row_says_so():
    table = shown_table(Table("none", "None", FRAME.head(0), COLUMNS, empty_text="Nobody.").payload())
    assert (table.rows, table.remarks, table.empty_text) == ((), (), "Nobody.")
