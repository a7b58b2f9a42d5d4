"""The workbook in both profiles, read back with openpyxl."""

import zipfile
from xml.etree import ElementTree

import pytest

from attendance_lib.display.model import Chart, Sentences
from attendance_lib.display.workbook.book import write_workbook
from attendance_lib.errors import DisclosureError
from tests.display.workbook_payloads import ACTIONS, PROPERTIES, SAFE, WORKING, row_under


def test_the_document_too_says_which_pack_it_is(working):
    assert working.properties.identifier == "pk00000000ab12"
    assert working.custom_doc_props["attendance_pack"].value == "pk00000000ab12"
    assert working.defined_names["attendance_pack"].attr_text == '"pk00000000ab12"'


@pytest.mark.parametrize("profile", ["working", "publication"])
def test_two_writes_give_the_same_bytes(tmp_path, profile):
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_workbook(WORKING if profile == "working" else SAFE, path, PROPERTIES, profile)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_every_date_in_the_file_is_that_of_the_properties(publication_path):
    with zipfile.ZipFile(publication_path) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2026, 11, 20, 0, 0, 0)}
        core = ElementTree.fromstring(archive.read("docProps/core.xml"))
    assert {node.text for node in core if node.tag.endswith(("created", "modified"))} == {
        "2026-11-20T00:00:00Z"
    }


def test_the_publication_begins_with_cover_contents_and_notes(publication):
    names = ["cover", "contents", "notes", "summary", "groups", "crossed", "heat_map"]
    assert publication.sheetnames == names
    assert publication["cover"]["A1"].value == "Fortnightly pastoral pack"


def test_a_published_table_is_an_excel_table_with_unique_headings_from_column_a_and_no_filter_button(
    publication,
):
    for sheet in publication.worksheets[1:]:
        (table,) = sheet.tables.values()
        headings = [cell.value for cell in sheet[table.ref][0]]
        assert table.ref.startswith("A")
        assert table.column_names == headings
        assert len(set(headings)) == len(headings)
        assert table.autoFilter is None
        assert sheet.auto_filter.ref is None


def test_a_published_workbook_hides_merges_and_freezes_nothing(publication):
    for sheet in publication:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert not [
            size
            for size in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
            if size.hidden
        ]


def test_a_published_table_has_no_blank_cell(publication):
    for sheet in publication.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert None not in [cell.value for row in sheet[table.ref] for cell in row]
    assert row_under(publication["groups"], "Group", 2)["Attendance"].value == "[x]"
    assert row_under(publication["groups"], "Group", 2)["Small group"].value == "no"


def test_the_contents_link_every_table_with_its_rows(publication):
    sheet = publication["contents"]
    rows = {row[0].value: (row[0].hyperlink.location, row[2].value) for row in sheet.iter_rows(min_row=4)}
    assert rows["groups"] == ("'groups'!A1", 2)
    assert rows["crossed"] == ("'crossed'!A1", 0)
    assert list(rows) == publication.sheetnames[2:]


def test_the_cursor_is_at_a1_and_only_the_first_sheet_is_active(publication):
    assert publication.active.title == "cover"
    assert [sheet.sheet_view.tabSelected for sheet in publication] == [True] + [False] * 6
    assert {sheet.sheet_view.selection[0].activeCell for sheet in publication} == {"A1"}


def test_the_document_says_what_it_is_and_in_which_language(publication):
    about = publication.properties
    assert (about.title, about.creator, about.language) == (PROPERTIES.title, PROPERTIES.school, "en-GB")
    assert about.subject == "Larkmoor & Hay Academy, 9 to 20 November 2026"


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        (ACTIONS.payload(), "table 'actions', column 'action_id'"),
        (Chart("c", "C", "", "", ACTIONS).payload(), "table 'actions', column 'action_id'"),
        (Sentences("first_ten", ("A name.",), personal=True).payload(), "sentences 'first_ten'"),
    ],
)
def test_nothing_personal_is_published(tmp_path, payload, place):
    with pytest.raises(DisclosureError, match=rf"governors.xlsx, {place} holds personal data"):
        write_workbook([*SAFE, payload], tmp_path / "governors.xlsx", PROPERTIES, "publication")
    assert not list(tmp_path.iterdir())
