"""The workbook in both profiles, read back with openpyxl."""

import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from attendance_lib.display.kinds import Column, Highlight, Kind, Tone
from attendance_lib.display.model import Chart, Comparison, KeyFigure, KeyFigures, Sentences, Table
from attendance_lib.display.workbook import WorkbookProperties, write_workbook
from attendance_lib.display.workbook.sheet import fit_page
from attendance_lib.errors import DisclosureError

PROPERTIES = WorkbookProperties(
    "Fortnightly pastoral pack",
    "Larkmoor & Hay Academy",
    "9 to 20 November 2026",
    "Confidential",
    "2026-11-20",
    "990001",
    "pk00000000ab12",
)
DANGEROUS = ['=HYPERLINK("http://example.org","x")', "+44 20", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "#N/A"]
STATUSES = ("open", "in progress", "done")
GROUP_COLUMNS = (
    Column("group", "Group", meaning="Whom the row counts."),
    Column("enrolments", "Enrolments", Kind.COUNT),
    Column("attendance_rate", "Attendance", Kind.RATE, "Attended sessions of possible sessions."),
    Column("change", "Change", Kind.POINTS),
    Column("is_small", "Small group", Kind.FLAG),
    Column("last_six_weeks", "Last six weeks", Kind.SPARK),
    Column("extracted_on", "Extracted", Kind.DATE),
)
GROUPS = Table(
    "groups",
    "Attendance by group",
    pd.DataFrame(
        {
            "group": ["Year 7", "007"],
            "enrolments": [200.0, None],
            "attendance_rate": [0.923, None],
            "change": [-0.021, 0.07],
            "is_small": [True, False],
            "last_six_weeks": [(0.94, 0.925, 0.88, None, 0.9, 0.85), ()],
            "extracted_on": [date(2026, 11, 20), None],
        }
    ),
    GROUP_COLUMNS,
    note="Rates are of possible sessions.",
)
ACTIONS = Table(
    "actions",
    "Actions",
    pd.DataFrame(
        {
            "action_id": [f"{n:03}" for n in range(len(DANGEROUS))],
            "action": DANGEROUS,
            "attendance_rate": [0.9] * len(DANGEROUS),
            "due_date": [date(2026, 11, 20)] * len(DANGEROUS),
            "status": ["open"] * len(DANGEROUS),
        }
    ),
    (
        Column("action_id", "Action number", personal=True),
        Column("action", "Action agreed", editable=True),
        Column(
            "attendance_rate", "Attendance", Kind.RATE, highlights=(Highlight("at_most", 0.9, Tone.ALERT),)
        ),
        Column("due_date", "Due", Kind.DATE, editable=True),
        Column("status", "Status", meaning="Where it stands.", editable=True, choices=STATUSES),
    ),
    blank_rows=5,
)
EMPTY = Table(
    "crossed", "Who crossed a line", GROUPS.frame.iloc[:0], GROUP_COLUMNS, empty_text="Nobody crossed."
)
FIGURES = KeyFigures(
    "headline",
    "This fortnight",
    (
        KeyFigure(
            "attendance",
            "Attendance",
            0.923,
            Kind.RATE,
            "12 of 13",
            (Comparison("Last year", 0.93, Kind.RATE),),
        ),
        KeyFigure("lates", "Lates", 412, Kind.COUNT),
    ),
)
SENTENCES = Sentences("lead", ("Attendance fell.", "=1+1"), title="First")
CHART = Chart(
    "heat", "Heat", "<svg/>", "A picture.", Table("heat_map", "By week", GROUPS.frame, GROUP_COLUMNS[:3])
)
WORKING = [part.payload() for part in (SENTENCES, FIGURES, ACTIONS, GROUPS, EMPTY, CHART)]
SAFE = [part.payload() for part in (SENTENCES, FIGURES, GROUPS, EMPTY, CHART)]


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    path = tmp_path_factory.mktemp("working") / "pack.xlsx"
    write_workbook(WORKING, path, PROPERTIES)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def publication_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("publication") / "governors.xlsx"
    write_workbook(SAFE, path, PROPERTIES, "publication")
    return path


@pytest.fixture(scope="module")
def publication(publication_path):
    return openpyxl.load_workbook(publication_path)


def row_under(worksheet, heading, below=1):
    header = next(row for row in worksheet.iter_rows() if heading in [cell.value for cell in row])
    cells = worksheet[header[0].row + below]
    return {head.value: cell for head, cell in zip(header, cells, strict=True)}


def test_a_sheet_stands_for_each_table_with_the_read_me_first_and_the_columns_hidden(working):
    assert working.sheetnames == [
        "Read me",
        "summary",
        "actions",
        "groups",
        "crossed",
        "heat_map",
        "notes",
        "columns",
    ]
    assert [sheet.title for sheet in working if sheet.sheet_state != "visible"] == ["columns"]


@pytest.mark.parametrize(
    ("heading", "value", "number_format"),
    [
        ("Enrolments", 200, "#,##0"),
        ("Attendance", 0.923, "0.0%"),
        ("Change", -2.1, r"+0.0;\−0.0;0.0"),
        ("Small group", "yes", "@"),
        ("Last six weeks", "94 93 88 – 90 85", "@"),
    ],
)
def test_a_cell_is_typed_and_formatted_by_its_kind(working, heading, value, number_format):
    cell = row_under(working["groups"], "Enrolments")[heading]
    assert (cell.value, cell.number_format) == (value, number_format)


def test_a_date_is_a_real_date(working):
    cell = row_under(working["groups"], "Extracted")["Extracted"]
    assert (cell.is_date, cell.value.date(), cell.number_format) == (True, date(2026, 11, 20), "dd mmm yyyy")


def test_an_identifier_keeps_its_leading_zeros_and_a_missing_value_is_blank(working):
    cells = row_under(working["groups"], "Group", below=2)
    assert (cells["Group"].value, cells["Group"].data_type) == ("007", "s")
    assert [cells[heading].value for heading in ("Enrolments", "Attendance", "Small group", "Extracted")] == [
        None
    ] * 4


@pytest.mark.parametrize("n", range(len(DANGEROUS)))
def test_text_like_a_formula_or_an_error_stays_text(working, n):
    cell = row_under(working["actions"], "Status", below=n + 1)["Action agreed"]
    assert cell.data_type == "s"
    assert cell.value == DANGEROUS[n].replace("\r", "\n")
    assert cell.quotePrefix is (not DANGEROUS[n].startswith("#"))


def test_no_cell_of_the_workbook_is_a_formula(working):
    assert not [
        cell for sheet in working for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]


def test_the_summary_types_each_figure_by_its_own_kind(working):
    cells = [row_under(working["summary"], "Figure", below)["Value"] for below in (1, 2)]
    assert [(cell.value, cell.number_format) for cell in cells] == [(0.923, "0.0%"), (412, "#,##0")]
    assert row_under(working["summary"], "Figure")["Last year"].value == 0.93


def test_the_notes_hold_the_sentences_and_the_meanings(working):
    notes = [cell.value for cell in working["notes"]["D"]]
    assert {"Attendance fell.", "=1+1", "Attended sessions of possible sessions."} <= set(notes)


def test_filters_cover_the_table_and_panes_freeze_under_the_header(working):
    # Title, the note, then the header in row 3 and two rows.
    assert working["groups"].auto_filter.ref == "A3:G5"
    assert working["groups"].freeze_panes == "B4"


def test_a_sheet_to_fill_in_says_which_pack_it_is_and_marks_its_rows_out_of_sight(working):
    sheet = working["actions"]
    assert sheet["A2"].value == "Pack pk00000000ab12 of school 990001"
    assert [cell.value for cell in sheet[4]] == [
        "action_id",
        "action",
        "attendance_rate",
        "due_date",
        "status",
        "row_mark",
    ]
    # Seven actions and five blank rows, each marked, in a column that is sorted and filtered with the others.
    marks = [f"pk00000000ab12/{number:03}" for number in range(1, 13)]
    assert [cell.value for cell in sheet["F"]][4:] == ["Row mark", *marks]
    assert sheet.auto_filter.ref == "A5:F17"
    assert sheet.row_dimensions[4].hidden
    assert sheet.column_dimensions["F"].hidden
    assert not sheet.row_dimensions[5].hidden
    assert not sheet.column_dimensions["E"].hidden


def test_the_document_too_says_which_pack_it_is(working):
    assert working.properties.identifier == "pk00000000ab12"
    assert working.custom_doc_props["attendance_pack"].value == "pk00000000ab12"
    assert working.defined_names["attendance_pack"].attr_text == '"pk00000000ab12"'


def test_marks_go_on_over_the_sheets_of_a_workbook(tmp_path):
    payloads = [replace(ACTIONS, name=name).payload() for name in ("actions", "more")]
    write_workbook(payloads, tmp_path / "a.xlsx", PROPERTIES)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["more"]
    assert [sheet["F6"].value, sheet["F17"].value] == ["pk00000000ab12/013", "pk00000000ab12/024"]


def test_a_workbook_of_no_pack_bears_no_marks(tmp_path):
    write_workbook([ACTIONS.payload()], tmp_path / "a.xlsx", replace(PROPERTIES, pack_id=""))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [cell.value for cell in book["actions"][3]] == [column.heading for column in ACTIONS.columns]
    assert (book.properties.identifier, list(book.defined_names)) == (None, [])


def test_a_sheet_that_is_not_filled_in_bears_no_marks(working):
    assert [cell.value for cell in working["groups"][3]] == [column.heading for column in GROUP_COLUMNS]
    assert [name for name, row in working["groups"].row_dimensions.items() if row.hidden] == []


def test_a_table_without_rows_says_so_above_its_header(working):
    assert [cell.value for cell in working["crossed"]["A"]] == [
        "Who crossed a line",
        "Nobody crossed.",
        "Group",
    ]


def test_drop_downs_and_dates_cover_the_rows_and_the_blank_rows(working):
    rules = {rule.type: rule for rule in working["actions"].data_validations.dataValidation}
    # Title, the pack's number, what to fill in, names and headings; seven actions from row 6 and five blank rows: to row 17.
    assert (rules["list"].formula1, str(rules["list"].sqref)) == ('"open,in progress,done"', "E6:E17")
    assert (rules["date"].operator, rules["date"].formula1, str(rules["date"].sqref)) == (
        "greaterThanOrEqual",
        "36526",
        "D6:D17",
    )


@pytest.mark.parametrize(
    ("address", "is_shaded"), [("A6", False), ("B6", True), ("E17", True), ("A17", False)]
)
def test_cells_to_fill_in_are_shaded(working, address, is_shaded):
    assert (working["actions"][address].fill.fill_type == "solid") is is_shaded


def test_a_highlight_is_bold_and_has_a_symbol_and_leaves_blank_cells_alone(working):
    (rules,) = working["actions"].conditional_formatting
    assert str(rules.sqref) == "C6:C17"
    assert rules.rules[0].formula == ["AND(ISNUMBER(C6),C6<=0.9)"]
    assert (rules.rules[0].dxf.font.b, rules.rules[0].dxf.numFmt.formatCode) == (True, '"▲ "0.0%')


def test_a_sheet_prints_on_a4_one_page_wide_with_its_header_repeated(working):
    sheet = working["groups"]
    assert int(sheet.page_setup.paperSize) == 9
    assert (
        sheet.page_setup.fitToWidth,
        sheet.page_setup.fitToHeight,
        sheet.sheet_properties.pageSetUpPr.fitToPage,
    ) == (1, 0, True)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.left.text == "Confidential"
    assert sheet.oddHeader.right.text.startswith("Larkmoor && Hay Academy")


@pytest.mark.parametrize(
    ("width", "orientation"), [(26, "portrait"), (90, "portrait"), (91, "landscape"), (200, "landscape")]
)
def test_a_sheet_stands_upright_where_it_is_narrow_enough_to_be_read(width, orientation):
    sheet = openpyxl.Workbook().active
    fit_page(sheet, width)
    assert sheet.page_setup.orientation == orientation
    assert sheet.page_margins.left + sheet.page_margins.right < 1


def test_a_sheet_s_orientation_is_that_of_its_columns(working):
    # Five columns of 11 to 14 characters and one of 19 are 82; the sheet that says how to read the workbook is wider.
    assert sum(working["groups"].column_dimensions[letter].width for letter in "ABCDEFG") <= 90
    assert working["groups"].page_setup.orientation == "portrait"
    assert working.worksheets[0].page_setup.orientation == "landscape"


def test_figures_do_not_touch_the_words_of_the_next_column(working):
    row = row_under(working["groups"], "Enrolments")
    assert (row["Enrolments"].alignment.horizontal, row["Group"].alignment.horizontal) == ("right", "left")
    assert (row["Enrolments"].alignment.indent, row["Group"].alignment.indent) == (0, 1)


def test_the_hidden_sheet_names_each_column(working):
    rows = list(working["columns"].iter_rows(values_only=True))
    assert rows[0] == ("sheet", "heading", "name", "editable", "meaning")
    assert ("actions", "Status", "status", "yes", "Where it stands.") in rows


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


def test_an_illegal_character_is_replaced_and_a_long_text_is_cut(tmp_path):
    frame = pd.DataFrame({"note": ["a\x00b\x0bc\uffff", "x" * 40_000]})
    write_workbook(
        [Table("long", "Long", frame, (Column("note", "Note"),)).payload()], tmp_path / "a.xlsx", PROPERTIES
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["long"]
    assert sheet["A3"].value == "a�b\nc�"
    assert len(sheet["A4"].value) == 32_767


def test_repeated_and_long_names_become_distinct_sheets(tmp_path):
    tables = [Table("x" * 31 + end, "T", GROUPS.frame, GROUP_COLUMNS).payload() for end in ("a", "b")]
    write_workbook(tables, tmp_path / "a.xlsx", PROPERTIES)
    names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert names[1:3] == ["x" * 31, "x" * 29 + "_2"]


def test_two_different_tables_of_one_name_are_a_fault():
    other = Table("groups", "Other", GROUPS.frame.iloc[:1], GROUP_COLUMNS).payload()
    with pytest.raises(ValueError, match="Two different tables are called 'groups'"):
        write_workbook([GROUPS.payload(), other], None, PROPERTIES)


def test_choices_too_long_for_a_drop_down_are_a_fault():
    column = Column("status", "Status", editable=True, choices=("a, b", "c"))
    table = Table("actions", "Actions", pd.DataFrame({"status": ["c"]}), (column,))
    with pytest.raises(ValueError, match="Column 'status': 6 characters of choices do not fit"):
        write_workbook([table.payload()], None, PROPERTIES)


def test_the_publication_begins_with_cover_contents_and_notes(publication):
    assert publication.sheetnames == [
        "cover",
        "contents",
        "notes",
        "summary",
        "groups",
        "crossed",
        "heat_map",
    ]
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
