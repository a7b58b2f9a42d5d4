"""What staff wrote that somebody has to look at, as it stands in a table: who said what, where, and what to do."""

import pytest

from attendance_lib.casebook.state import Beside, CellState, Notice, Saying
from attendance_lib.display import Column
from attendance_lib.papers.staff_words import (
    beside_row,
    fields_of,
    frame_of,
    notice_row,
    others,
    said_in_words,
)


def saying(value, path="fortnightly/a/b.xlsx", by=""):
    return Saying(1, 1, 0, "workbook", value, path=path, said_by=by)


def cell(*values):
    return CellState("actions", "A1", "note", tuple(saying(value) for value in values), None)


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        (("rang",), []),
        (("rang", "rang"), []),
        (("rang", "wrote"), ["wrote"]),
        (("rang", "wrote", "rang", "wrote", "went"), ["wrote", "went"]),
        (("rang", ""), [""]),  # one who cleared the cell says something too
    ],
)
def test_what_else_was_written_stands_once_in_its_order(standing, found):
    assert [each.value for each in others(cell(*standing))] == found


@pytest.mark.parametrize(
    ("path", "by", "said"),
    [
        ("fortnightly/a/b.xlsx", "M. Okafor", "rang (M. Okafor, b.xlsx)"),
        ("fortnightly/a/b.xlsx", "", "rang (b.xlsx)"),
        ("", "", "rang (the log)"),
    ],
)
def test_a_statement_is_said_with_whose_it_is(path, by, said):
    assert said_in_words(saying("rang", path, by)) == said


def test_a_notice_says_the_place_by_the_row_s_own_number_or_else_by_where_it_stands():
    told = {"path": "a.xlsx", "what": "two rows of one number", "remedy": "Keep one."}
    told |= {"sheet": "Actions", "column": "Note"}
    assert notice_row(Notice(row_key="A1", row="row 7", **told))["place"] == "Actions, A1, Note"
    assert notice_row(Notice(row="row 7", **told)) == {
        "path": "a.xlsx", "place": "Actions, row 7, Note", "what": "two rows of one number", "words": "", "remedy": "Keep one.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "what"), [("", "written beside the table"), ("T. One", "written by T. One beside the table")]
)
def test_a_word_beside_the_table_says_who_wrote_it_and_where_it_would_be_shown(by, what):
    row = beside_row(Beside(1, "a.xlsx", "Actions", "", "H", "ask mum", by))
    assert (row["place"], row["what"], row["words"]) == ("Actions, H", what, "ask mum")
    assert row["remedy"] == "Write it under a heading of the table to have it shown there."


def test_only_columns_that_staff_fill_in_have_words_of_theirs():
    columns = (Column("pupil_id", "Pupil ID"), Column("note", "Note", editable=True))
    assert fields_of(columns) == {"note": "Note"}


def test_a_table_without_a_row_has_all_its_columns():
    assert list(frame_of([], (Column("a", "A"), Column("b", "B"))).columns) == ["a", "b"]
    assert frame_of([{"b": 1}], (Column("a", "A"), Column("b", "B")))["b"].tolist() == [1]
