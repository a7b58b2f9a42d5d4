"""A pack's workbook written, filled in as staff fill it in, and read back."""

import shutil
import subprocess
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from attendance_lib.display.kinds import Kind
from attendance_lib.display.model import Column, Table
from attendance_lib.display.workbook import WorkbookProperties, write_workbook
from attendance_lib.errors import InputError
from attendance_lib.intake.pack_workbook import ACTION_COLUMNS, ACTION_STATUSES, read_pack_actions

SOFFICE = shutil.which("soffice")
HEADER = 3  # title, what to fill in, header
FIRST_ADDED = 7  # after three actions
FRAME = pd.DataFrame(
    {
        "action_id": ["001", "002", "003"],
        "pupil_id": ["0101", "0102", None],
        "pupil": ["One Pupil", "Two Pupil", None],
        "raised_on": [date(2026, 11, 6)] * 3,
        "action": ["Ring home", "=meet the form tutor", "Order certificates"],
        "owner": ["Head of Year 7"] * 3,
        "due_date": [date(2026, 11, 20), date(2026, 11, 13), None],
        "status": ["open", "in progress", "done"],
        "completed_on": [None, None, date(2026, 11, 12)],
        "note": [None, "-", None],
        "next_step": [None] * 3,
    }
)
ACTIONS = Table(
    "actions",
    "Actions",
    FRAME,
    (
        Column("action_id", "No.", personal=True),
        Column("pupil_id", "Pupil number", personal=True),
        Column("pupil", "Pupil", personal=True),
        Column("raised_on", "Raised on", Kind.DATE),
        Column("action", "What we agreed", editable=True),
        Column("owner", "Who", editable=True),
        Column("due_date", "Due", Kind.DATE, editable=True),
        Column("status", "Status", editable=True, choices=ACTION_STATUSES),
        Column("completed_on", "Completed on", Kind.DATE, editable=True),
        Column("note", "Note", editable=True),
        Column("next_step", "Next step", editable=True),
    ),
    blank_rows=3,
)
AT = {column.name: letter for column, letter in zip(ACTIONS.columns, "ABCDEFGHIJK", strict=True)}


@pytest.fixture
def pack(tmp_path):
    path = tmp_path / "fortnightly.xlsx"
    properties = WorkbookProperties(
        "Pack", "Larkmoor Academy", "9 to 20 November 2026", "Confidential", "2026-11-20"
    )
    write_workbook([ACTIONS.payload()], path, properties)
    return path


def edit(path, entries):
    """Type entries (name, row, value) into the sheet of actions and save."""
    book = openpyxl.load_workbook(path)
    for name, row, value in entries:
        cell = book["actions"][f"{AT[name]}{row}"]
        cell.value = value
        if isinstance(value, str) and not value.startswith("=formula"):
            cell.data_type = "s"
    book.save(path)


def resave(path):
    """Save a workbook again with LibreOffice, as a member of staff would."""
    folder = path.parent / "again"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", folder, path],
        check=True,
        capture_output=True,
    )
    return folder / path.name


def test_an_untouched_workbook_comes_back_as_it_was_written(pack):
    actions = read_pack_actions(pack)
    assert list(actions.columns) == [*ACTION_COLUMNS, "source_row"]
    assert actions["action_id"].tolist() == ["001", "002", "003"]
    assert actions["action"].tolist() == FRAME["action"].tolist()
    assert actions["due_date"].tolist()[:2] == [pd.Timestamp("2026-11-20"), pd.Timestamp("2026-11-13")]
    assert actions.isna().sum().to_dict() == {
        "action_id": 0, "pupil_id": 1, "raised_on": 0, "action": 0, "owner": 0, "due_date": 1, "status": 0,
        "completed_on": 2, "note": 2, "next_step": 3, "source_row": 0,
    }  # fmt: skip
    assert actions["source_row"].tolist() == [4, 5, 6]


def test_dates_are_dates_and_identifiers_text_even_where_all_are_missing(pack):
    types = read_pack_actions(pack).dtypes.astype(str)
    assert types[["raised_on", "due_date", "completed_on"]].tolist() == ["datetime64[s]"] * 3
    assert types[["action_id", "pupil_id", "next_step"]].tolist() == ["str"] * 3


def test_what_staff_filled_in_is_read(pack):
    edit(pack, [("status", 4, "Done"), ("completed_on", 4, "19/11/2026"), ("note", 4, " Spoke. ")])
    first = read_pack_actions(pack).iloc[0]
    assert (first["status"], first["completed_on"], first["note"]) == (
        "done",
        pd.Timestamp("2026-11-19"),
        "Spoke.",
    )


def test_a_row_that_staff_added_has_no_action_id(pack):
    edit(
        pack,
        [
            ("pupil_id", FIRST_ADDED, "0103"),
            ("action", FIRST_ADDED, "=visit"),
            ("status", FIRST_ADDED, " IN  Progress"),
        ],
    )
    added = read_pack_actions(pack).iloc[3]
    assert pd.isna(added["action_id"])
    assert (added["pupil_id"], added["action"], added["status"], added["source_row"]) == (
        "0103",
        "=visit",
        "in progress",
        7,
    )


def test_rows_and_columns_inserted_deleted_and_filtered_are_borne(pack):
    book = openpyxl.load_workbook(pack)
    sheet = book["actions"]
    sheet.insert_rows(5)
    sheet.insert_cols(3)
    sheet["C3"] = "Our own remark"
    sheet.row_dimensions[4].hidden = True
    sheet.insert_rows(1, 2)
    sheet.delete_rows(8)
    book.save(pack)
    actions = read_pack_actions(pack)
    assert (actions["action_id"].tolist(), actions["source_row"].tolist()) == (["001", "003"], [6, 8])


def test_sorted_rows_are_read_in_their_new_order(pack):
    moved = [
        (name, row, None if pd.isna(value) else value)
        for row, at in ((4, 2), (6, 0))
        for name, value in FRAME.loc[at].items()
    ]
    edit(pack, moved)
    assert read_pack_actions(pack)["action_id"].tolist() == ["003", "002", "001"]


@pytest.mark.parametrize(
    "headings", [{}, {"A3": "ACTION ID", "E3": "action  agreed", "F3": "Owner", "G3": "due by"}]
)
def test_columns_are_found_by_their_headings_where_the_hidden_sheet_was_lost(pack, headings):
    book = openpyxl.load_workbook(pack)
    del book["columns"]
    for address, heading in ({"A3": "Action number", "E3": "Action"} | headings).items():
        book["actions"][address] = heading
    book.save(pack)
    actions = read_pack_actions(pack)
    assert actions["action_id"].tolist() == ["001", "002", "003"]
    assert actions["due_date"].notna().sum() == 2


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("24/11/2026", "2026-11-24"),
        ("3.2.26", "2026-02-03"),
        ("2026-11-24", "2026-11-24"),
        ("24 November 2026", "2026-11-24"),
        (46350, "2026-11-24"),
        (datetime(2026, 11, 24, 9, 30), "2026-11-24"),
    ],
)
def test_a_date_is_read_in_each_form_that_staff_type(pack, typed, expected):
    edit(pack, [("due_date", 4, typed)])
    assert read_pack_actions(pack)["due_date"].iloc[0] == pd.Timestamp(expected)


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        (
            "status",
            "dun",
            r"row 4, column 'Status': 'dun' is not a status. Use one of: open, in progress, done, cancelled\.",
        ),
        (
            "due_date",
            "31/02/2026",
            r"row 4, column 'Due': '31/02/2026' is not a date. Type day, month and year",
        ),
        ("due_date", "11/24/2026", r"'11/24/2026' is not a date"),
        ("completed_on", "next week", r"column 'Completed on': 'next week' is not a date"),
        ("due_date", "24/11/1926", r"'24/11/1926' is not between 2000 and 2099. Correct the year"),
        (
            "action",
            None,
            r"row 4, column 'What we agreed': is blank. Write the action, or clear the whole row",
        ),
        ("note", "#REF!", r"column 'Note': holds the error #REF!"),
        ("note", "=formula(1)", r"column 'Note': holds a formula without its result. Type the value itself"),
        ("action_id", "002", r"row 5, column 'No\.': '002' is also in row 4. Delete one of the rows"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place_and_remedy(pack, name, typed, message):
    edit(pack, [(name, 4, typed)])
    with pytest.raises(InputError, match=r"fortnightly\.xlsx, sheet 'actions', .*" + message):
        read_pack_actions(pack)


def test_all_problems_are_told_at_once_in_the_order_of_the_rows(pack):
    edit(pack, [("due_date", 6, "soon"), ("status", 4, "dun"), ("completed_on", 5, "32/1/2026")])
    with pytest.raises(InputError, match="dun") as caught:
        read_pack_actions(pack)
    assert [problem.split("row ")[1][0] for problem in caught.value.problems] == ["4", "5", "6"]


def test_no_message_tells_what_staff_wrote_about_a_pupil(pack):
    edit(pack, [("action", 4, None), ("note", 4, "Secret"), ("status", 5, "dun")])
    with pytest.raises(InputError, match="is blank") as caught:
        read_pack_actions(pack)
    assert "Secret" not in str(caught.value)
    assert "One Pupil" not in str(caught.value)


def test_a_name_alone_in_a_blank_row_is_not_lost(pack):
    edit(pack, [("pupil", FIRST_ADDED, "Three Pupil")])
    with pytest.raises(InputError, match="row 7, column 'What we agreed': is blank"):
        read_pack_actions(pack)


def test_a_sheet_or_a_column_that_is_missing_is_named(pack):
    book = openpyxl.load_workbook(pack)
    book["actions"]["H3"] = "What happened"
    book.save(pack)
    with pytest.raises(InputError, match="row 3: there is no column 'status'. Put its heading back"):
        read_pack_actions(pack)
    book["actions"].title = "action"
    book.save(pack)
    with pytest.raises(InputError, match="there is no sheet 'actions'. Did you mean 'action'"):
        read_pack_actions(pack)


def test_a_sheet_without_headings_is_refused(pack):
    book = openpyxl.load_workbook(pack)
    book["actions"].delete_rows(HEADER)
    book.save(pack)
    with pytest.raises(InputError, match="there is no row of headings. Put the headings back"):
        read_pack_actions(pack)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda content: content[:-200], "the workbook is cut short or damaged. Open it, save it as .xlsx"),
        (lambda _: b"", "the workbook is cut short or damaged"),
        (lambda _: b"name,date\n", "the workbook is cut short or damaged"),
        (
            lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + b"locked",
            "the workbook has a password, .* take the password off",
        ),
    ],
    ids=["cut short", "empty", "csv", "password"],
)
def test_a_workbook_that_cannot_be_opened_is_refused_with_a_remedy(pack, spoil, message):
    pack.write_bytes(spoil(pack.read_bytes()))
    with pytest.raises(InputError, match=rf"fortnightly.xlsx: {message}"):
        read_pack_actions(pack)


def test_a_missing_workbook_is_refused(tmp_path):
    with pytest.raises(
        InputError,
        match=r"gone.xlsx: the file cannot be read \(No such file or directory\). Check that it is there",
    ):
        read_pack_actions(tmp_path / "gone.xlsx")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_workbook_saved_again_by_libreoffice_reads_the_same(pack):
    edit(
        pack,
        [
            ("status", 4, "done"),
            ("completed_on", 4, date(2026, 11, 19)),
            ("note", 5, "=1+1"),
            ("owner", 6, "0012"),
        ],
    )
    pd.testing.assert_frame_equal(read_pack_actions(resave(pack)), read_pack_actions(pack))
