import json
from pathlib import Path

import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.files import records
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.files.records import read_json_records, read_xml_records

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad-input" / "blns.json"
BOMB = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><R><S><T>&b;</T></S></R>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><R><S><T>&x;</T></S></R>'


def test_an_absent_element_is_an_empty_cell():
    text = "<R><P><A>1</A></P><P><B>2</B><A/></P></R>"
    assert read_xml_records(text, "a.xml")[0].cells.tolist() == [["A", "B"], ["1", ""], ["", "2"]]


def test_a_schema_before_the_records_and_a_prefix_change_nothing():
    text = '<s:R xmlns:s="urn:x"><xs:schema><xs:element/></xs:schema><s:P><A>1 &amp; 2</A></s:P><s:P><A>3</A></s:P></s:R>'
    first = read_xml_records(text, "a.xml")[0]
    assert (first.name, first.cells.tolist()) == ("P", [["A"], ["1 & 2"], ["3"]])


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "utf-16", "windows-1252", "x-nobody"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "utf-16"])
def test_what_a_file_declares_of_its_encoding_is_not_believed(tmp_path, declared, encoding):
    path = tmp_path / "a.xml"
    path.write_bytes(
        f'<?xml version="1.0" encoding="{declared}"?>\n<R><P><Forename>Siân</Forename></P></R>'.encode(
            encoding
        )
    )
    assert Export(path).sheets[0].cells.tolist() == [["Forename"], ["Siân"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "a.xml: the file declares a document type"),
        (OUTSIDE, "declares a document type"),
        ("<R><P><A>1</A></P>", "not well-formed XML .* at line 1"),
        ("<R><P><A>&nobody;</A></P></R>", "not well-formed XML"),
        ("<R><P><A>1</A><A>2</A></P></R>", "names the field 'A' twice"),
        ("<R><P><A>" + "x" * 1_100_000, "a field is longer than 1,000,000 characters"),
        ("<R b='" + "x" * 10_000_000, "a tag is longer than 1,000,000 characters"),
        ("<R>" + "<a>" * 200, "more than 100 deep"),
        (
            "<R>" + "".join(f"<P><F{number}/></P>" for number in range(600)) + "</R>",
            "501 fields in 501 records",
        ),
    ],
)
def test_xml_that_no_system_exports_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        read_xml_records(text, "a.xml")


@pytest.mark.parametrize(
    ("document", "name", "cells"),
    [
        ([{"a": 1}, {"b": None}], "", [["a", "b"], [1, ""], ["", ""]]),
        ({"data": [{"a": "x"}], "meta": {"page": 1}}, "", [["a"], ["x"]]),
        (
            {"marks": {"data": [{"a": {"data": {"id": "7", "n": {"m": True}}}}]}},
            "marks",
            [["a.id", "a.n.m"], ["7", True]],
        ),
        ({"a": "x"}, "", [["a"], ["x"]]),
    ],
)
def test_the_objects_of_a_list_are_records(document, name, cells):
    first = read_json_records(json.dumps(document), "a.json")[0]
    assert (first.name, first.cells.tolist()) == (name, cells)


def test_several_lists_are_told_apart_and_the_longest_comes_first():
    lists = read_json_records('{"codes": [{"id": 1}], "marks": [{"m": 1}, {"m": 2}]}', "a.json")
    assert [found.name for found in lists] == ["marks", "codes"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "a.json: this file is nested more deeply"),
        ('[{"a": 1},', "is not JSON .*line 1, character 11"),
        ('[{"a": ' + "9" * 5_000 + "}]", "a number of thousands of digits"),
        ('[{"a": "\\ud800"}]', "half a character"),
        ("[{" + ",".join(f'"k{number}": 1' for number in range(600)) + "}]", "a record has 600 fields"),
    ],
)
def test_json_that_no_system_exports_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        read_json_records(text, "a.json")


def test_more_json_than_any_export_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(records, "MAX_PARTS", 10)
    with pytest.raises(InputError, match="and 12 values are more than any export"):
        read_json_records("[" + "1," * 11 + "1]", "a.json")


@pytest.mark.skipif(
    not BLNS.is_file(), reason="the list of naughty strings lies outside the project and is not here"
)
def test_naughty_strings_come_out_of_json_as_they_went_in():
    strings = [text for text in json.loads(BLNS.read_text(encoding="utf-8")) if text]
    cells = read_json_records(json.dumps([{"surname": text} for text in strings]), "a.json")[0].cells
    assert cells[1:, 0].tolist() == strings


def test_a_million_lines_of_indented_xml_are_no_long_field():
    record = "  <P>\n    <A>1</A>\n    <B>/</B>\n  </P>\n"
    text = f"<R>\n{record * 400_000}</R>\n"
    assert text.count("\n") == 1_600_002
    (records,) = read_xml_records(text, "a.xml")
    assert records.cells.shape == (400_001, 2)
    assert set(records.cells[1:, 0]) == {"1"}


def test_what_is_wrong_after_a_million_lines_is_told_with_its_line():
    text = "<R>\n" + "<P>\n<A>1</A>\n</P>\n" * 400_000 + "<P><A>1</P></R>\n"
    with pytest.raises(InputError, match="goes wrong at line 1200002"):
        read_xml_records(text, "a.xml")
