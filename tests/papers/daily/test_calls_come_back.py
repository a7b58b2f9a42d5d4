"""What is written on a sheet of calls is in the next one and counts as a contact, whatever became of the file: runs end to end."""

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.casebook.staff_rows import sheet_number
from attendance_lib.cli import main
from attendance_lib.papers.daily.calls import BOXES
from tests.casebook_school import fill, later, resaved, school_in, table_of

MONDAY, TUESDAY, WEDNESDAY = "2026-09-14", "2026-09-15", "2026-09-16"
OF = ("calls", "call_id", "pupil_id")
SAID = {"tries": "2", "reached": "spoken to", "made_by": "KS", "outcome": "back tomorrow", "owner": "HoY 7"}


@pytest.fixture
def school(tmp_path, monkeypatch):
    """The casebook's four pupils: the first two N on Monday and Tuesday mornings, the third on Tuesday morning."""
    made = school_in(tmp_path, monkeypatch)
    made.take_notebook("daily")
    marks = made.root / "params" / "marks.csv"
    text = marks.read_text(encoding="utf-8")
    for pupil, day in (
        ("0001", MONDAY),
        ("0002", MONDAY),
        ("0001", TUESDAY),
        ("0002", TUESDAY),
        ("0003", TUESDAY),
    ):
        text = text.replace(f"{pupil},{day},AM,/", f"{pupil},{day},AM,N")
    marks.write_text(text, encoding="utf-8")
    return made


def make(school, day, **asked):
    return school.make(day, day, report="daily", **asked)


def key(pupil, day):
    return sheet_number("990002", day, pupil)


def written(pupil, day, said=None):
    return {(key(pupil, day), name): word for name, word in (said or SAID).items()}


def row(path, pupil):
    rows = table_of(path, "calls").replace({"NaT": "", "nan": ""})
    return rows.set_index("pupil_id").loc[pupil]


def entries(path):
    """The tries to be entered in the log of contacts, by their headings, which staff do not fill in."""
    names = {
        "Date": "date",
        "Pupil ID": "pupil_id",
        "How": "mode",
        "Tries": "tries",
        "Who": "made_by",
        "Outcome": "outcome",
    }
    return table_of(path, "contacts_to_enter").rename(columns=names)


def test_a_fresh_sheet_has_boxes_to_tick_and_nothing_written(school):
    path = make(school, MONDAY)
    assert table_of(path, "calls")["pupil_id"].tolist()[:2] == ["0001", "0002"]
    assert row(path, "0001")[list(SAID)].tolist() == [BOXES, "", "", "", ""]


def test_what_was_written_counts_as_a_contact_in_the_next_run(school):
    fill(make(school, MONDAY), written("0001", MONDAY), of=OF)
    path = make(school, TUESDAY)
    assert row(path, "0001")["last_reached"] == MONDAY
    assert row(path, "0002")["last_reached"] == ""
    told = entries(path)
    assert told[["date", "pupil_id", "mode", "tries", "made_by", "outcome"]].to_numpy().tolist() == [
        [MONDAY, "0001", "phone call", "2", "KS", "spoken to; back tomorrow"]
    ]
    # Today's row is another: its boxes are free.
    assert row(path, "0001")["tries"] == BOXES


def test_a_try_that_reached_nobody_is_a_contact_to_enter_and_no_day_on_which_home_was_reached(school):
    fill(make(school, MONDAY), written("0001", MONDAY, {"reached": "no answer", "made_by": "KS"}), of=OF)
    path = make(school, TUESDAY)
    assert row(path, "0001")["last_reached"] == ""
    assert entries(path)["outcome"].tolist() == ["no answer"]


def test_the_pastoral_pack_that_reads_the_casebook_has_it_as_the_last_contact_too(school):
    fill(make(school, MONDAY), written("0001", MONDAY), of=OF)
    make(school, TUESDAY)
    school.name_table(
        "contacts", "contact_id,pupil_id,date,outcome\nC1,0002,2026-09-04,spoke\nC2,0001,2026-09-07,spoke\n"
    )
    known = support_of(school.opened((TUESDAY, TUESDAY))).set_index("pupil_id")
    assert known.loc["0001", ["contacts_this_year", "last_contact_date"]].tolist() == [
        2,
        pd.Timestamp(MONDAY),
    ]
    assert known.loc["0002", ["contacts_this_year", "last_contact_date"]].tolist() == [
        1,
        pd.Timestamp("2026-09-04"),
    ]


def test_a_sheet_made_again_keeps_what_was_written_and_so_does_the_afternoon_s(school):
    fill(make(school, TUESDAY), written("0001", TUESDAY) | written("0003", TUESDAY, {"owner": "Head"}), of=OF)
    again = make(school, TUESDAY, replace=True)
    assert row(again, "0001")[list(SAID)].tolist() == list(SAID.values())
    assert row(again, "0003")["owner"] == "Head"
    assert list(again.parent.parent.glob("*kept*"))
    afternoon = make(school, TUESDAY, values={"session": "PM"})
    # Everybody came in the afternoon: nobody is called, and no word is lost.
    assert row(make(school, TUESDAY, replace=True), "0001")["outcome"] == "back tomorrow"
    assert "0001" in entries(afternoon)["pupil_id"].tolist()


def test_a_mark_put_right_before_the_sheet_is_made_again_takes_no_word_away(school):
    fill(make(school, TUESDAY), written("0001", TUESDAY), of=OF)
    marks = school.root / "params" / "marks.csv"
    text = marks.read_text(encoding="utf-8").replace(f"0001,{TUESDAY},AM,N", f"0001,{TUESDAY},AM,I")
    marks.write_text(text, encoding="utf-8")
    again = make(school, TUESDAY, replace=True)
    # Monday's N is open still, in a row of its own.
    rows = row(again, "0001").set_index("stands")["outcome"].to_dict()
    assert rows == {"Open from the day before": "", "Written on a sheet of the day": "back tomorrow"}


def test_a_sheet_that_was_sorted_and_saved_elsewhere_is_read_row_by_row(school):
    path = fill(make(school, TUESDAY), written("0002", TUESDAY), of=OF)
    book = openpyxl.load_workbook(path)
    sheet = book["Calls"]
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    first = next(at for at, line in enumerate(rows) if "row_mark" in line) + 2
    for number, line in enumerate(rows[first : first + 3][::-1], first + 1):
        for place, value in enumerate(line, 1):
            sheet.cell(number, place).value = value
    book.save(path)
    resaved(path)
    path = make(school, WEDNESDAY)
    assert entries(path)[["pupil_id", "made_by"]].to_numpy().tolist() == [["0002", "KS"]]


def test_two_copies_that_say_different_things_are_both_kept_and_told(school):
    path = fill(make(school, TUESDAY), written("0001", TUESDAY), of=OF)
    copy = Path(shutil.copy(path, path.with_name("Copy of daily.xlsx")))
    fill(later(copy), {(key("0001", TUESDAY), "outcome"): "no, on Friday"}, of=OF)
    path = make(school, WEDNESDAY)
    (told,) = table_of(path, "differing").to_dict("records")
    said = {told["shown"], told["others"].partition(" (")[0]}
    assert said == {"back tomorrow", "no, on Friday"}


def test_a_call_that_staff_added_is_a_contact_and_one_of_nobody_stays_to_be_put_right(school):
    added = [
        {"pupil_id": 4, "made_by": "KS", "outcome": "rang in"},
        {"pupil_id": "9999", "made_by": "KS", "outcome": "wrong number"},
    ]
    fill(make(school, TUESDAY), {}, added, of=("calls", "call_id", "pupil_id"))
    path = make(school, WEDNESDAY)
    assert entries(path)[["pupil_id", "outcome"]].to_numpy().tolist() == [["0004", "rang in"]]
    (wrong,) = table_of(path, "calls").query("pupil_id == '9999'").to_dict("records")
    assert wrong["stands"] == "No such pupil: correct the pupil ID"
    assert (wrong["pupil_id"], wrong["outcome"]) == ("9999", "wrong number")
    fill(path, {(wrong["call_id"], "pupil_id"): "0003"}, of=OF)
    assert sorted(entries(make(school, "2026-09-17"))["pupil_id"]) == ["0003", "0004"]


def test_a_word_in_no_column_of_ours_is_kept_and_told(school):
    path = make(school, TUESDAY)
    book = openpyxl.load_workbook(path)
    book["Calls"].cell(2, 40).value = "seen in town"
    book["Calls"]["A40"].value = "call grandmother"
    book.save(path)
    told = table_of(make(school, WEDNESDAY), "told_of_files")
    assert {"seen in town", "call grandmother"} <= set(told["It says"])


def test_what_was_written_of_a_pupil_can_be_erased(school):
    fill(make(school, MONDAY), written("0001", MONDAY) | written("0002", MONDAY), of=OF)
    make(school, TUESDAY)
    assert main(["casebook", "erase", "--school", "params/school.yml", "--pupil", "0001", "--yes"]) == 0
    assert main(["casebook", "check", "--school", "params/school.yml"]) == 0
    with sqlite3.connect(school.casebook) as store:
        held = store.execute("SELECT row_key, value FROM entry WHERE kind = 'set'").fetchall()
    assert {value for row_key, value in held if row_key == key("0001", MONDAY)} == {None}
    assert {value for row_key, value in held if row_key == key("0002", MONDAY)} == set(SAID.values())
    # Monday's workbook still lies there with the words, and is not read again.
    path = make(school, WEDNESDAY)
    assert entries(path)["pupil_id"].tolist() == ["0002"]


def test_the_number_of_a_row_says_nothing_of_the_pupil_and_is_the_same_every_time():
    assert sheet_number("990002", date(2026, 9, 14), "0001") == key("0001", MONDAY)
    assert len({key(f"{number:04}", MONDAY) for number in range(2000)}) == 2000
