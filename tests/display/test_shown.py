"""What a reader sees of a table: its first rows, its tones, and what is said of the rest."""

from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.display.kinds import Column, Highlight, Kind, Tone
from attendance_lib.display.model import Table
from attendance_lib.display.shown import TAB_LIMIT, TABS, shown_table, tab_of, tone_of

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
        "First 2 of 3; the rest is in the workbook, sheet Pupils.",
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


LISTED = pd.DataFrame(
    {"year": [9, 8, 9, 9], "name": list("abcd"), "rule": ["first"] * 4, "met": ["yes", "no", "yes", "yes"]}
)
LISTED_COLUMNS = (
    Column("year", "Year", Kind.COUNT),
    Column("name", "Pupil"),
    Column("rule", "Rule", once=True),
    Column("met", "Met", once=True),
)


def listed(**changes):
    return shown_table(
        Table("listed", "Listed", LISTED, LISTED_COLUMNS, row_header="name", **changes).payload()
    )


def test_rows_stand_together_by_what_they_have_in_common_and_keep_their_order_in_it():
    table = listed(grouped_by="year")
    assert [(group.title, group.count) for group in table.groups] == [("Year 8", 1), ("Year 9", 3)]
    assert [row[0].text for row in table.rows] == ["b", "a", "c", "d"]
    assert {at: group.title for at, group in table.group_at.items()} == {0: "Year 8", 1: "Year 9"}
    # The rows are those that come first in the table, whatever their group.
    assert [row[0].text for row in listed(grouped_by="year", shown_rows=1).rows] == ["a"]


def test_what_every_row_says_is_said_once_and_what_most_say_is_left_blank_from_four_fifths_on():
    table = listed()
    assert [column.heading for column in table.columns] == ["Year", "Pupil", "Met"]
    # Three of four rows are fewer than eight of ten.
    assert [row[2].text for row in table.rows] == ["yes", "no", "yes", "yes"]
    assert table.remarks == ("In every row: rule first.",)
    more = pd.concat([LISTED, LISTED.iloc[[0]]])
    blank = shown_table(Table("listed", "Listed", more, LISTED_COLUMNS).payload())
    assert [row[2].text for row in blank.rows] == ["", "no", "", "", ""]
    assert blank.remarks == ("In every row: rule first. Where blank: met yes.",)


def test_a_table_left_to_the_workbook_says_how_many_rows_it_has_and_not_that_it_is_empty():
    table = listed(shown_rows=0)
    assert (table.rows, table.remarks) == ((), ("4 rows, in the workbook, sheet Listed.",))


PAPERS = Path(__file__).resolve().parents[2] / "attendance_lib"
SOURCES = "".join(
    path.read_text(encoding="utf-8")
    for room in ("papers", "display/charts", "casebook")
    for path in sorted(PAPERS.joinpath(room).rglob("*.py"))
)


@pytest.mark.parametrize("name", TABS)
def test_each_short_name_is_of_a_table_that_there_is_and_fits_on_a_tab(name):
    assert f'"{name}"' in SOURCES
    assert len(TABS[name]) <= TAB_LIMIT


def test_no_two_short_names_are_alike():
    assert len({short.casefold() for short in TABS.values()}) == len(TABS)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Who leads what", "Who leads what"),
        ("Is it chance?", "Is it chance"),
        ("What of the whole school, by week and by year group", "What of the whole school"),
        ("A title that nobody can say in one breath and that is cut", "A title that nobody can say"),
    ],
)
def test_a_tab_is_the_title_if_it_fits_else_its_first_clause_else_its_first_words(title, said):
    assert tab_of({"name": "listed", "title": title, "columns": []}) == said
