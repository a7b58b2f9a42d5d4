"""What staff write is in the next pack, whatever became of the file that they wrote it in: runs from end to end."""

import io
import shutil
import stat
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest

from attendance_lib.cli import main
from attendance_lib.errors import CasebookError
from attendance_lib.reports.due import DueRequest, standing_on
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.project import Project
from attendance_lib.reports.receipt import read_receipt
from attendance_lib.reports.run import Run, rerun_differences, run_report
from tests.casebook_school import (
    FIRST,
    SECOND,
    THIRD,
    CasebookSchool,
    fill,
    later,
    resaved,
    school_in,
    table_of,
)


@pytest.fixture
def school(tmp_path, monkeypatch):
    return school_in(tmp_path, monkeypatch)


def shown(path, action, *columns):
    row = table_of(path).set_index("action_id").loc[action]
    return [row[name] for name in columns]


def words_in(path):
    """All text of a workbook."""
    book = openpyxl.load_workbook(path)
    return {
        str(value)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    }


# Nothing that staff put into a pack's folder is deleted, and all of it is read


def test_replacing_a_pack_keeps_what_staff_put_there_and_the_new_workbook_holds_their_words(school):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang on Monday"})
    copy = shutil.copy(pack, pack.with_name("Copy of fortnightly.xlsx"))
    fill(later(copy), {("A0022", "next_step"): "visit again"})
    (pack.parent / "minutes.docx").write_text("minutes")
    again = school.make(*FIRST, replace=True)
    assert shown(again, "A0021", "note") == ["rang on Monday"]
    assert shown(again, "A0022", "next_step") == ["visit again"]
    kept = again.parents[1] / "kept" / f"{again.parent.name}_1"
    assert sorted(hashes_below(kept)) == ["Copy of fortnightly.xlsx", "fortnightly.xlsx", "minutes.docx"]
    assert sum("it is kept as" in line for line in school.said) == 3


def test_a_workbook_merely_saved_again_says_nothing_and_hides_nothing(school):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang on Monday"})
    school.make(*FIRST, replace=True)
    resaved(pack)
    school.make(*FIRST, replace=True)
    resaved(pack)
    basis = read_receipt(pack.parent).casebook["basis"]
    third = school.make(*SECOND)
    assert read_receipt(third.parent).casebook["basis"] == basis
    assert shown(third, "A0021", "note") == ["rang on Monday"]
    assert table_of(third, "differing").query("cell != ''").empty


def test_every_copy_under_every_name_is_read_and_what_differs_stands_side_by_side(school):
    pack = school.make(*FIRST)
    names = ("fortnightly (1).xlsx", "Copy of fortnightly.xlsx", "fortnightly-PC7.xlsx")
    for number, name in enumerate(names):
        later(fill(shutil.copy(pack, pack.with_name(name)), {("A0021", "note"): f"word {number}"}), number)
    second = school.make(*SECOND)
    assert shown(second, "A0021", "note") == ["word 2"]
    (row,) = table_of(second, "differing").query("cell != ''").to_dict("records")
    assert (row["row_key"], row["field"], row["shown"]) == ("A0021", "Note", "word 2")
    assert row["others"] == "word 1 (Copy of fortnightly.xlsx); word 0 (fortnightly (1).xlsx)"


def test_once_somebody_settles_it_one_word_is_left(school):
    pack = school.make(*FIRST)
    for name in ("one.xlsx", "two.xlsx"):
        fill(shutil.copy(pack, pack.with_name(name)), {("A0021", "note"): name})
    fill(school.make(*SECOND), {("A0021", "note"): "both rang"})
    third = school.make(*THIRD)
    assert shown(third, "A0021", "note") == ["both rang"]
    assert table_of(third, "differing").query("cell != ''").empty


# No workbook is passed over


def test_packs_of_overlapping_periods_all_count(school):
    fill(school.make("2026-09-07", "2026-09-18"), {("A0021", "note"): "first"})
    fill(school.make("2026-09-14", "2026-09-25"), {("A0022", "note"): "second"})
    third = school.make("2026-09-21", "2026-10-02")
    assert shown(third, "A0021", "note") + shown(third, "A0022", "note") == ["first", "second"]


def test_words_written_after_the_next_pack_was_made_are_in_the_one_after(school):
    pack = school.make(*FIRST)
    school.make(*SECOND)
    fill(pack, {("A0021", "note"): "late"})
    assert shown(school.make(*THIRD), "A0021", "note") == ["late"]


def test_a_shorter_later_pack_with_the_same_end_hides_nothing(school):
    fill(school.make("2026-09-07", "2026-09-18"), {("A0021", "note"): "of the long one"})
    school.make("2026-09-14", "2026-09-18")
    assert shown(school.make(*SECOND), "A0021", "note") == ["of the long one"]


def test_a_school_under_a_new_name_reads_what_was_written_under_the_old(school):
    fill(school.make(*FIRST), {("A0021", "note"): "before"})
    school.name = "Blessed Mary's"
    assert shown(school.make(*SECOND), "A0021", "note") == ["before"]


def test_a_school_with_a_new_number_reads_its_former_packs_once_the_school_file_names_them(school):
    fill(school.make(*FIRST), {("A0021", "note"): "before"})
    school.name, school.urn = "Mary's Academy", "990003"
    school.more = '  formerly: [{name: "St Mary\'s", urn: "990002"}]\n'
    assert shown(school.make(*SECOND), "A0021", "note") == ["before"]


@pytest.mark.parametrize("urn", ["990002", "990003"])
def test_a_school_file_of_another_name_loses_no_word_and_with_another_number_the_packs_before_are_told(
    school, urn
):
    fill(school.make(*FIRST), {("A0021", "note"): "before"})
    school.name, school.urn = "Mary's Academy", urn
    request = school.request(*SECOND)
    renamed = request.school_file.rename(request.school_file.with_name("academy.yml"))
    said = []
    pack = run_report(replace(request, school_file=renamed), Run(say=said.append))
    is_same = urn == "990002"
    assert (shown(pack / "fortnightly.xlsx", "A0021", "note") == ["before"]) == is_same
    told = [line for line in said if line.startswith("st-marys-990002 holds packs of St Mary's (URN 990002)")]
    assert len(told) == (not is_same)
    assert all("made from the same exports" in line and "in params/academy.yml" in line for line in told)


def test_what_is_written_in_a_pack_handed_over_is_read(school, tmp_path):
    pack = school.make(*FIRST)
    drive = tmp_path / "drive" / pack.parents[2].name / "fortnightly" / pack.parent.name
    shutil.copytree(pack.parent, drive)
    fill(drive / "fortnightly.xlsx", {("A0021", "note"): "on the drive"})
    request = school.request(*SECOND)
    request.school_file.write_text(request.school_file.read_text() + "hand_over: {personal: '../../drive'}\n")
    assert shown(run_report(request, Run()) / "fortnightly.xlsx", "A0021", "note") == ["on the drive"]


# Which words win


def test_a_newer_log_beats_an_older_word_of_a_workbook(school):
    fill(school.make(*FIRST), {("A0021", "owner"): "Tutor"})
    assert shown(school.make(*SECOND), "A0021", "owner") == ["Tutor"]
    school.log[1] = school.log[1].replace("HoY 7", "Head")
    assert shown(school.make(*THIRD), "A0021", "owner") == ["Head"]


def test_an_action_closed_only_in_a_workbook_stays_closed_with_its_note(school):
    fill(school.make(*FIRST), {("A0021", "status"): "done", ("A0021", "note"): "all well"})
    second = school.make(*SECOND)
    assert shown(second, "A0021", "standing", "note") == ["Done since last time", "all well"]
    assert "A0021" not in table_of(school.make(*THIRD))["action_id"].tolist()


def test_an_action_that_staff_open_again_is_open_with_its_note(school):
    school.log[1] = school.log[1].replace("open,,", "done,2026-09-18,")
    first = school.make(*FIRST)
    assert shown(first, "A0021", "standing") == ["Done since last time"]
    fill(first, {("A0021", "status"): "open", ("A0021", "note"): "not done after all"})
    assert shown(school.make(*SECOND), "A0021", "status", "note") == ["open", "not done after all"]


@pytest.mark.parametrize("day", ["2026-09-18", "2026-09-19", "2026-09-20"])
def test_an_action_done_on_the_last_day_or_the_weekend_after_counts_as_done_since(school, day):
    fill(school.make(*FIRST), {("A0021", "status"): "done", ("A0021", "completed_on"): day})
    assert shown(school.make(*SECOND), "A0021", "standing") == ["Done since last time"]


@pytest.mark.parametrize("raised", ["31/31/2026", "2026-11-30", None])
def test_an_added_action_is_listed_whatever_day_it_says_it_was_raised(school, raised):
    row = {"pupil_id": "0004", "action": "Meet the family", "raised_on": raised}
    fill(school.make(*FIRST), {}, [row])
    actions = table_of(school.make(*SECOND))
    (found,) = actions[actions["action"] == "Meet the family"].to_dict("records")
    assert (found["pupil_name"], found["standing"]) == ("Surname4, Forename4", "To do")
    # Without a day that can be read it is of the meeting's pack.
    assert found["raised_on"] == ("2026-11-30" if raised == "2026-11-30" else "2026-09-18")


def test_an_added_action_keeps_its_number(school):
    fill(school.make(*FIRST), {}, [{"action": "Meet the family"}])
    numbers = [
        table_of(path).query("action == 'Meet the family'")["action_id"].tolist()
        for path in (school.make(*SECOND), school.make(*THIRD))
    ]
    assert numbers[0] == numbers[1]
    assert len(numbers[0]) == 1


def test_a_cell_that_was_cleared_stays_blank(school):
    fill(school.make(*FIRST), {("A0022", "note"): None})
    assert shown(school.make(*SECOND), "A0022", "note") == [""]
    assert shown(school.make(*THIRD), "A0022", "note") == [""]


# What is odd is kept and told


def test_an_action_without_a_pupil_is_in_its_cohort_s_pack_and_the_school_s(school):
    fill(school.make(*FIRST, cohort="year_7"), {}, [{"action": "Assembly on attendance"}])
    for cohort in ("year_7", "all"):
        assert "Assembly on attendance" in table_of(school.make(*SECOND, cohort=cohort))["action"].tolist()


def change_sheet(path, change):
    book = openpyxl.load_workbook(path)
    change(book["Actions"])
    book.save(path)


def heading(sheet, name):
    return next(cell for row in sheet.iter_rows() for cell in row if cell.value == name)


def test_a_reworded_heading_is_found(school):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang home"})
    change_sheet(pack, lambda sheet: setattr(heading(sheet, "Note"), "value", "Update 24 Nov"))
    assert shown(school.make(*SECOND), "A0021", "note") == ["rang home"]


def test_an_extra_column_and_a_deleted_row_are_told_by_name(school):
    pack = school.make(*FIRST)

    def change(sheet):
        top = heading(sheet, "Row mark")
        sheet.cell(top.row, top.column + 1).value = "Parent said"
        sheet.cell(top.row + 1, top.column + 1).value = "will ring"
        sheet.delete_rows(next(cell.row for cell in sheet["A"] if cell.value == "A0023"))

    change_sheet(pack, change)
    second = school.make(*SECOND)
    assert "A0023" in table_of(second)["action_id"].tolist()
    told = " ".join(school.said)
    assert "Parent said" in told
    assert "A0023" in " ".join(words_in(second))
    assert "will ring" not in told
    assert "will ring" in " ".join(words_in(second))


def test_a_number_typed_in_small_letters_is_the_same_action(school):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "rang home", ("A0021", "action_id"): "a0021"})
    second = school.make(*SECOND)
    assert shown(second, "A0021", "note") == ["rang home"]
    assert len(table_of(second).query("action == 'Ring home'")) == 1
    assert pack.exists()


def test_a_file_that_cannot_be_opened_is_told_and_stops_nothing(school):
    pack = school.make(*FIRST)
    (pack.parent / "locked.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 900)
    second = school.make(*SECOND)
    assert any("locked.xlsx" in line and "password" in line for line in school.said)
    assert any("password" in word for word in words_in(second))


def test_a_workbook_of_another_school_is_told_and_not_read(school, tmp_path):
    pack = school.make(*FIRST)
    other = CasebookSchool(tmp_path / "other", name="Larkmoor", urn="990001")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(other.root)
        strange = fill(other.make(*FIRST), {("A0021", "note"): "of another school"})
    shutil.copy(strange, pack.with_name("larkmoor.xlsx"))
    second = school.make(*SECOND)
    assert "of another school" not in words_in(second)
    assert any("990001" in line for line in school.said)


# All of it together


def test_three_people_saving_copying_renaming_and_replacing_lose_no_word(school):
    pack = school.make(*FIRST)
    shelf = pack.parent
    ann = {("A0021", "note"): "Ann: rang home", ("A0021", "status"): "done"}
    fill(pack, ann, [{"action": "Ann adds this", "pupil_id": "0003"}])
    ben = {("A0022", "note"): "Ben: no reply", ("A0021", "note"): "Ben: spoke to gran"}
    bens = fill(shutil.copy(pack, shelf / "fortnightly (1).xlsx"), ben)
    resaved(later(bens))
    cara = {("A0023", "next_step"): "Cara: ask the office"}
    caras = fill(shutil.copy(bens, shelf / "Cara.xlsx"), cara, [{"action": "Cara adds that"}])
    resaved(later(caras, 5))
    pack.rename(shelf / "last week's meeting.xlsx")
    school.make(*FIRST, replace=True)
    (shelf / "minutes.docx").write_text("minutes")
    second = school.make(*SECOND)
    words = " ".join(words_in(second))
    written = {"Ann adds this", "Cara adds that", *ann.values(), *ben.values(), *cara.values()} - {"done"}
    assert len(written) == 6
    assert [word for word in sorted(written) if word not in words] == []


def weeks_and_fortnights():
    """Thirteen weeks and six fortnights of the autumn, by their last day; 26 October is half term."""
    mondays = [date(2026, 9, 7) + timedelta(weeks=week) for week in range(14) if week != 7]
    periods = [(monday, monday + timedelta(days=4)) for monday in mondays]
    periods += [(monday, monday + timedelta(days=11)) for monday in mondays[:6]]
    return sorted(periods, key=lambda period: (period[1], period[0]))


def write_into(pack, number, first):
    """Write into the pack of a number; return what was written into cells, and what action, if any, was added."""
    said = {}
    if number % 5 == 4:  # a colleague's copy, made before, says something else of another action
        said["A0021", "next_step"] = f"copy {number}"
        later(fill(shutil.copy(pack, pack.with_name("copy.xlsx")), dict(said)), -1)
    word = {(f"A002{1 + number % 3}", "note"): f"word {number} for {first}"}
    added = [f"added in {number}"] if number % 3 == 0 else []
    fill(pack, word, [{"action": each, "pupil_id": "0004", "status": "open"} for each in added])
    return said | word, added


def test_after_as_many_packs_as_a_year_has_every_word_is_there(school):
    """Nineteen packs, weekly and fortnightly, each filled in: the newest word is shown, and none is missing anywhere."""
    written, last, added = set(), {}, []
    for number, (first, end) in enumerate(weeks_and_fortnights()):
        pack = school.make(first.isoformat(), end.isoformat())
        said, new = write_into(pack, number, first)
        written |= set(said.values())
        last |= said
        added += new
    final = school.make("2026-12-14", "2026-12-16")
    for (action, column), word in last.items():
        assert shown(final, action, column) == [word]
    actions = table_of(final)["action"]
    assert sorted(actions[actions.str.startswith("added in")], key=len) == added
    assert added == [f"added in {number}" for number in range(0, 19, 3)]
    folder = school.root / "out"
    assert main(["casebook", "export", "--school", "params/school.yml", "--out", str(folder)]) == 0
    kept = "\n".join(path.read_text(encoding="utf-8-sig") for path in folder.rglob("*.csv"))
    assert [word for word in sorted(written) if word not in kept] == []


def test_a_pack_made_again_from_its_receipt_reads_the_casebook_as_it_was_then(school):
    fill(school.make(*FIRST), {("A0021", "note"): "rang home"})
    second = school.make(*SECOND)
    fill(second, {("A0021", "note"): "and again"})
    school.make(*THIRD)
    receipt = read_receipt(second.parent)
    assert receipt.casebook["revision"] > 0
    assert f"Pack {receipt.casebook['pack_id']} of school 990002" in words_in(second)
    assert rerun_differences(second.parent, Project(school.root), Run()) == []


def test_the_same_words_give_the_same_bytes(school):
    fill(school.make(*FIRST), {("A0021", "note"): "rang home"})
    before = hashes_below(school.make(*SECOND).parent)
    after = hashes_below(school.make(*SECOND, replace=True).parent)
    assert {name for name in before if before[name] != after[name]} == {"receipt.json"}


def test_the_same_exports_give_the_same_bytes_in_whatever_folder(school):
    packs = [school.make(*FIRST, out=school.root / name).parent for name in ("here", "there")]
    before, after = map(hashes_below, packs)
    assert {name for name in before if before[name] != after[name]} == {"receipt.json"}


def test_a_casebook_that_a_receipt_names_and_that_is_gone_stops_the_run(school):
    school.make(*FIRST)
    next(school.packs.parent.glob("casebook-*.sqlite")).unlink()
    with pytest.raises(CasebookError, match="is not there"):
        school.make(*SECOND)


def test_packs_from_before_the_casebook_are_taken_in_on_the_first_run(school):
    said = {("A0021", "note"): "before", ("A0022", "status"): "done"}
    pack = fill(school.make(*FIRST), said, [{"action": "Added before"}])
    as_before_the_casebook(pack.parent)
    second = school.make(*SECOND)
    assert shown(second, "A0021", "note") == ["before"]
    assert shown(second, "A0022", "standing") == ["Done since last time"]
    assert "Added before" in table_of(second)["action"].tolist()


def as_before_the_casebook(pack):
    """Take out of a pack, and from beside it, what there was not before the casebook."""
    import json

    for path in pack.parents[1].glob("casebook-*"):
        path.unlink()
    receipt = json.loads((pack / "receipt.json").read_text())
    del receipt["casebook"]
    (pack / "receipt.json").write_text(json.dumps(receipt))
    book = openpyxl.load_workbook(pack / "fortnightly.xlsx")
    for sheet in book:
        for row in list(sheet.iter_rows()):
            for cell in row:
                if isinstance(cell.value, str) and (
                    "row_mark" in cell.value or cell.value.startswith(("pk", "Pack pk", "Row mark"))
                ):
                    cell.value = None
    book.save(pack / "fortnightly.xlsx")


# Impact cards come back as actions do

CARD = ("impact_card", "card_id", "intervention")
CLUB = {"intervention": "Breakfast club", "aim": "4 points by Easter", "written_on": date(2026, 9, 7)}


def cards_of(path):
    table = table_of(path, "impact_card")
    return table[table["intervention"].replace("nan", "") != ""].set_index("intervention")


def test_impact_cards_filled_in_by_two_people_are_in_the_next_impact_pack_with_their_numbers(school):
    first = school.make(*FIRST, report="impact")
    other = shutil.copy(first, first.with_name("Copy of impact.xlsx"))
    fill(first, {}, [CLUB], CARD)
    later(fill(other, {}, [{"intervention": "Mentoring", "for_whom": "Year 9"}], CARD))
    second = school.make(*SECOND, report="impact")
    cards = cards_of(second)
    assert set(cards.index) == {"Breakfast club", "Mentoring"}
    assert list(cards.loc["Breakfast club", ["aim", "written_on"]]) == ["4 points by Easter", "2026-09-07"]
    assert cards["card_id"].nunique() == 2
    number = cards.loc["Breakfast club", "card_id"]
    fill(
        second, {(number, "aim"): "5 points by Easter", (number, "review_date"): date(2027, 3, 26)}, (), CARD
    )
    third = cards_of(school.make(*THIRD, report="impact"))
    row = third.loc["Breakfast club", ["card_id", "aim", "review_date"]]
    assert list(row) == [number, "5 points by Easter", "2027-03-26"]
    assert third.loc["Mentoring", "for_whom"] == "Year 9"


def test_an_impact_pack_made_again_over_filled_in_cards_keeps_them_and_what_differs_stands_side_by_side(
    school,
):
    first = school.make(*FIRST, report="impact")
    fill(first, {}, [CLUB], CARD)
    second = school.make(*SECOND, report="impact")
    number = cards_of(second).loc["Breakfast club", "card_id"]
    for at, name in enumerate(("one.xlsx", "two.xlsx")):
        copy = shutil.copy(second, second.with_name(name))
        later(fill(copy, {(number, "aim"): name}, (), CARD), at + 1)
    again = school.make(*SECOND, report="impact", replace=True)
    assert cards_of(again).loc["Breakfast club", "aim"] == "two.xlsx"
    (row,) = table_of(again, "differing").query("cell != '' and cell != 'nan'").to_dict("records")
    assert (row["field"], row["shown"], row["others"]) == ("Aim", "two.xlsx", "one.xlsx (one.xlsx)")


# The casebook by itself


def test_the_casebook_is_written_out_for_this_account_alone_and_proved_whole(school, capsys):
    fill(school.make(*FIRST), {("A0021", "note"): "rang home"})
    second = school.make(*SECOND)
    named = ("--school", "params/school.yml")
    assert main(["casebook", "check", *named]) == 0
    assert "whole" in capsys.readouterr().out
    assert main(["casebook", "export", *named]) == 0
    folder = second.parents[2] / "casebook"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert "rang home" in (folder / "entries.csv").read_text(encoding="utf-8-sig")
    assert "rang home" in words_in(folder / "casebook.xlsx")
    # What was written out is no file that staff fill in.
    school.make(*THIRD)
    assert not [line for line in school.said if "casebook/" in line]


def test_a_pupil_s_entries_are_erased_when_asked_and_what_still_names_the_pupil_is_said(school, capsys):
    pack = fill(school.make(*FIRST), {("A0021", "note"): "secret words"})
    fill(pack, {("A0022", "note"): "other words"})
    school.make(*SECOND)
    (path,) = (school.root / "outputs").glob("*/casebook-*.sqlite")
    (kept,) = (school.root / "outputs" / ".exports_read").iterdir()
    assert b"0001" in kept.read_bytes()
    assert main(["casebook", "erase", "--school", "params/school.yml", "--pupil", "0001", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "emptied in" in told
    assert ("Removed: what was kept of the exports" in told, kept.exists()) == (True, False)
    assert "0001" not in told
    assert f"{pack.parent.name}/fortnightly.xlsx" in told
    content = path.read_bytes()
    assert (b"secret words" in content, b"other words" in content) == (False, True)
    assert main(["casebook", "check", "--school", "params/school.yml"]) == 0
    third = school.make(*THIRD)
    # The school's own log still exports its row.
    assert shown(third, "A0021", "note") == [""]
    assert shown(third, "A0022", "note") == ["other words"]


def test_nothing_is_erased_before_it_is_confirmed_or_of_a_number_that_nobody_has(school, capsys, monkeypatch):
    fill(school.make(*FIRST), {("A0021", "note"): "secret words"})
    school.make(*SECOND)
    (path,) = (school.root / "outputs").glob("*/casebook-*.sqlite")
    before = path.read_bytes()
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert main(["casebook", "erase", "--school", "params/school.yml", "--pupil", "0001"]) != 0
    assert main(["casebook", "erase", "--school", "params/school.yml", "--pupil", " ", "--yes"]) == 11
    assert path.read_bytes() == before
    assert main(["casebook", "erase", "--school", "params/school.yml", "--pupil", "0009", "--yes"]) == 0
    assert "holds nothing about a pupil of that number" in capsys.readouterr().out
    assert b"secret words" in path.read_bytes()


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_casebook_that_is_damaged_or_gone_is_refused_with_the_remedy(school, capsys, damage):
    school.make(*FIRST)
    (path,) = (school.root / "outputs").glob("*/casebook-*.sqlite")
    content = path.read_bytes()
    path.unlink()
    if damage == "changed":
        at = content.index(b"Ring home")
        path.write_bytes(content[:at] + b"R" + content[at + 1 :].replace(b"ing home", b"ong home", 1))
    assert main(["casebook", "check", "--school", "params/school.yml"]) == 11
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert path.name in said


def test_a_lost_casebook_is_begun_anew_when_asked_and_its_workbooks_are_read_again(school, capsys):
    fill(school.make(*FIRST), {("A0021", "note"): "rang home"})
    fill(school.make(*SECOND), {("A0021", "owner"): "Mrs Pike"})
    (path,) = (school.root / "outputs").glob("*/casebook-*.sqlite")
    path.unlink()
    with pytest.raises(
        CasebookError, match="was written from revision .* is not there.*`attendance casebook accept-loss`"
    ):
        school.make(*THIRD)
    named = ("--school", "params/school.yml")
    assert main(["casebook", "check", *named]) == 11
    assert "`attendance casebook accept-loss`" in capsys.readouterr().err
    assert main(["casebook", "accept-loss", *named]) == 0
    assert main(["casebook", "check", *named]) == 0
    row = words_in(school.make(*THIRD))
    assert {"rang home", "Mrs Pike"} <= row
    assert main(["casebook", "check", *named]) == 0


def test_what_is_due_knows_the_packs_that_were_made_under_a_former_name(school):
    school.more_at_end = "meetings:\n  pastoral: {first: 2026-09-22, every_school_weeks: 2}\n"
    school.make("2026-09-07", "2026-09-18")
    school.name = "Blessed Mary's"
    request = school.request("2026-09-07", "2026-09-18")
    standing = standing_on(DueRequest(request.project, request.school_file, request.out, date(2026, 9, 21)))
    assert [each.status.value for each in standing.asked if each.report == "fortnightly"] == ["made"]
