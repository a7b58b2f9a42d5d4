"""The tables as programs read them: types, keys and missing values beside the CSVs, and identifiers that stay text."""

import json

import pandas as pd
import pytest

from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.csv_tables import write_tables

PANDAS = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "boolean", "date": "str"}


@pytest.fixture
def package(tmp_path):
    """What is written beside the CSVs of two tables: of pupils, and a published one of year groups and terms."""
    pupils = pd.DataFrame(
        {
            "pupil_id": ["003461", "000012"],
            "absence_rate": [0.25, None],
            "reviewed": [True, None],
            "review_date": [pd.Timestamp("2026-11-20"), None],
            "weeks": [(0.9, None), (1.0, 0.5)],
        }
    )
    groups = pd.DataFrame(
        {
            "group": ["Year 7", "Year 7", "Year 8"],
            "term": ["Autumn", "Spring", "Autumn"],
            "pupils": [12, "c", 30],
            "mean": [2.5, 3.0, "c"],
        }
    )
    tables = (
        Table(
            "late_pupils",
            "Late",
            pupils,
            (
                Column("pupil_id", "Pupil ID", personal=True),
                Column("absence_rate", "Absence", Kind.RATE, "Missed out of possible"),
                Column("reviewed", "Reviewed", Kind.FLAG),
                Column("review_date", "Review", Kind.DATE),
                Column("weeks", "Weeks", Kind.SPARK),
            ),
        ),
        Table(
            "groups",
            "Groups",
            groups,
            (
                Column("group", "Group"),
                Column("term", "Term"),
                Column("pupils", "Pupils", Kind.COUNT),
                Column("mean", "Mean", Kind.COUNT),
            ),
        ),
    )
    write_tables([table.payload() for table in tables], tmp_path)
    return json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))


def fields(package, number):
    return {field["name"]: field for field in package["resources"][number]["schema"]["fields"]}


def test_each_column_has_its_type_unit_and_whether_it_is_personal(package):
    assert {name: field["type"] for name, field in fields(package, 0).items()} == {
        "pupil_id": "string",
        "absence_rate": "number",
        "reviewed": "boolean",
        "review_date": "date",
        "weeks": "string",
    }
    assert fields(package, 0)["absence_rate"] == {
        "name": "absence_rate",
        "title": "Absence",
        "type": "number",
        "description": "Missed out of possible",
        "unit": "fraction 0 to 1",
        "personal": False,
    }
    assert [field["personal"] for field in fields(package, 0).values()] == [True, False, False, False, False]
    assert [each["personal"] for each in package["resources"]] == [True, False]


def test_a_count_is_whole_unless_a_value_is_not_and_what_is_withheld_is_no_value(package):
    assert {name: field["type"] for name, field in fields(package, 1).items()} == {
        "group": "string",
        "term": "string",
        "pupils": "integer",
        "mean": "number",
    }
    assert [each["schema"]["missingValues"] for each in package["resources"]] == [[""], ["", "c"]]


def test_the_fewest_columns_that_tell_rows_apart_are_the_key(package):
    assert [each["schema"]["primaryKey"] for each in package["resources"]] == [
        ["pupil_id"],
        ["group", "term"],
    ]


def test_pandas_reads_identifiers_as_text_by_these_types(package, tmp_path):
    for number, resource in enumerate(package["resources"]):
        types = {name: PANDAS[field["type"]] for name, field in fields(package, number).items()}
        read = pd.read_csv(
            tmp_path / resource["path"],
            dtype=types,
            na_values=resource["schema"]["missingValues"],
            keep_default_na=False,
            encoding="utf-8-sig",
        )
        assert list(read) == list(types)
        if number == 0:
            assert read["pupil_id"].tolist() == ["003461", "000012"]
            assert read["absence_rate"].isna().tolist() == [False, True]
        else:
            assert read["pupils"].isna().tolist() == [False, True, False]


def test_a_pupil_is_told_apart_by_the_identifier_and_never_by_a_name_or_a_column_that_has_gaps(tmp_path):
    frame = pd.DataFrame(
        {
            "pupil_name": ["Smith, Jo", "Smith, Jo", "Ali, Bo"],
            "form": ["7A", "7A", "7B"],
            "ended": [None, "May", "June"],
            "rule": ["Ten in ten weeks", "Ten in a term", "Ten in a term"],
            "pupil_id": ["1", "1", "2"],
        }
    )
    columns = tuple(Column(name, name) for name in frame)
    write_tables([Table("at_a_rule", "At a rule", frame, columns).payload()], tmp_path)
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    assert resource["schema"]["primaryKey"] == ["pupil_id", "rule"]


def test_a_table_whose_rows_nothing_tells_apart_has_no_key(tmp_path):
    frame = pd.DataFrame({"what": ["a", "a"], "sessions": [1, 2]})
    columns = (Column("what", "What"), Column("sessions", "Sessions", Kind.COUNT))
    write_tables([Table("things", "Things", frame, columns).payload()], tmp_path)
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    assert "primaryKey" not in resource["schema"]
