"""What a table tells its reader: cells of what may not be known of a pupil are empty, columns of such cells alone left out."""

import pandas as pd
import pytest

from attendance_lib.display import Column, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.papers.caseloads.caseload import for_reader, own_table
from attendance_lib.rules.readers import Fact

# Of 1 everything may be told, of 2 the name and the count, of 3 nothing.
SEEN = {fact: frozenset() for fact in Fact} | {
    Fact.WHO: frozenset({"1", "2"}),
    Fact.COUNTS: frozenset({"1", "2"}),
    Fact.PLAN: frozenset({"1"}),
}
COLUMNS = (
    *shown("pupil_name", "form"),
    figure("absence_sessions"),
    figure("plan"),
    Column("needs", "Needs", personal=True),
)
FRAME = pd.DataFrame(
    {
        "pupil_id": ["1", "2", "3"],
        "pupil_name": ["Ann One", "Bo Two", "Cy Three"],
        "form": ["9A", "9B", "9C"],
        "absence_sessions": [20, 30, 40],
        "plan": ["Mentor", "Club", "Contract"],
        "needs": ["SEN support"] * 3,
    }
)


def test_each_cell_is_told_by_what_may_be_known_of_its_own_pupil():
    told, _ = for_reader(FRAME, COLUMNS, SEEN)
    assert told["pupil_name"].tolist() == ["Ann One", "Bo Two", None]
    assert told["absence_sessions"].tolist() == [20, 30, None]
    assert told["plan"].tolist() == ["Mentor", None, None]


def test_a_column_of_which_nothing_may_be_told_is_left_out_and_the_others_keep_their_order():
    _, kept = for_reader(FRAME, COLUMNS, SEEN)
    assert [column.name for column in kept] == ["pupil_name", "form", "absence_sessions", "plan"]


def test_a_table_without_a_row_keeps_every_column():
    told, kept = for_reader(FRAME[:0], COLUMNS, SEEN)
    assert (len(told), kept) == (0, COLUMNS)


@pytest.mark.parametrize(("header", "left"), [("pupil_name", "pupil_name"), ("needs", "")])
def test_a_table_is_headed_by_its_column_unless_that_is_left_out(header, left):
    table = own_table(Table("cases", "Cases", FRAME, COLUMNS, row_header=header), SEEN)
    assert table.row_header == left
    assert "needs" not in [column.name for column in table.columns]
    assert table.frame["plan"].tolist() == ["Mentor", None, None]
