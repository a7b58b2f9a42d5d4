"""CSV tables: every value can be recounted from them, and no spreadsheet evaluates one."""

import csv
import json
from datetime import date

import pandas as pd
import pytest

from attendance_lib.display.csv_tables import escaped, unescaped, write_tables
from attendance_lib.display.kinds import Column, Kind
from attendance_lib.display.model import Chart, Comparison, KeyFigure, KeyFigures, Table

FRAME = pd.DataFrame(
    {
        "pupil_id": ["007", "=1+1", "Zoë"],
        "absence_rate": [0.1 + 0.2, None, -0.5],
        "absence_sessions": [3.0, None, 0.0],
        "is_new": [True, False, None],
        "met_on": [date(2026, 11, 20), None, date(2026, 1, 2)],
        "weeks": [(0.94, 0.92, None, 0.88), (), (1.0,)],
    }
)
COLUMNS = (
    Column("pupil_id", "Pupil", meaning="The pupil.", personal=True),
    Column("absence_rate", "Absence", Kind.RATE),
    Column("absence_sessions", "Sessions", Kind.COUNT),
    Column("is_new", "New", Kind.FLAG),
    Column("met_on", "Met on", Kind.DATE),
    Column("weeks", "Weeks", Kind.SPARK),
)
TABLE = Table("priority", "Priority pupils", FRAME, COLUMNS, note="The first ten are the ten to talk about.")
FIGURES = KeyFigures(
    "headline",
    "This fortnight",
    (KeyFigure("rate", "Rate", 0.5, Kind.RATE, "1 of 2", (Comparison("Last", 0.25, Kind.RATE),)),),
)


def test_values_are_raw_and_missing_ones_empty(tmp_path):
    write_tables([TABLE.payload()], tmp_path)
    assert (tmp_path / "priority.csv").read_bytes().decode("utf-8-sig").split("\n") == [
        "pupil_id,absence_rate,absence_sessions,is_new,met_on,weeks",
        "007,0.30000000000000004,3,true,2026-11-20,0.94;0.92;;0.88",
        "'=1+1,,,false,,",
        "Zoë,-0.5,0,,2026-01-02,1.0",
        "",
    ]


def test_the_file_begins_with_a_byte_order_mark_and_pandas_recounts_it(tmp_path):
    write_tables([TABLE.payload()], tmp_path)
    assert (tmp_path / "priority.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(tmp_path / "priority.csv", encoding="utf-8-sig", dtype={"pupil_id": "str"})
    assert read["absence_sessions"].sum() == 3 + 0
    assert read["pupil_id"].map(unescaped).tolist() == ["007", "=1+1", "Zoë"]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@x", "'tis", "plain", "", "'"]
)
def test_an_escaped_text_comes_back_and_never_begins_like_a_formula(text):
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_key_figures_are_one_row_each_with_their_comparisons(tmp_path):
    write_tables([FIGURES.payload()], tmp_path)
    with (tmp_path / "headline.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["figure"], row["comparison"], row["value"], row["kind"]) for row in csv.DictReader(file)]
    assert rows == [("rate", "itself", "0.5", "rate"), ("rate", "Last", "0.25", "rate")]


def test_a_charts_table_is_written_unless_a_table_has_its_name(tmp_path):
    drawn = Table("by_week", "By week", FRAME, COLUMNS[:2])
    charts = [Chart("a", "A", "", "", drawn).payload(), Chart("b", "B", "", "", TABLE).payload()]
    index = write_tables([*charts, TABLE.payload()], tmp_path)
    assert [entry["file"] for entry in index] == ["by_week.csv", "priority.csv"]


def test_the_index_says_what_each_column_is_and_which_are_personal(tmp_path):
    index = write_tables([TABLE.payload(), FIGURES.payload()], tmp_path)
    text = (tmp_path / "index.json").read_bytes().decode()
    assert json.loads(text) == index
    assert text.endswith("]\n")
    assert list(index[0]) == ["name", "file", "title", "note", "rows", "personal", "reading", "columns"]
    assert index[0]["columns"][0] == {
        "name": "pupil_id", "heading": "Pupil", "unit": "text", "meaning": "The pupil.", "personal": True,
    }  # fmt: skip
    assert [(entry["rows"], entry["personal"]) for entry in index] == [(3, True), (2, False)]
    assert "remove one" in index[0]["reading"]


def test_two_writes_give_the_same_bytes(tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        write_tables([TABLE.payload(), FIGURES.payload()], folder)
    files = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders]
    assert files[0] == files[1]


def test_a_name_that_leaves_the_folder_is_refused(tmp_path):
    table = Table("../priority", "T", FRAME, COLUMNS)
    with pytest.raises(ValueError, match=r"A table is called '../priority', which is no file name"):
        write_tables([table.payload()], tmp_path)
