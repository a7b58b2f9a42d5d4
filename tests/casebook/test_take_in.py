"""What becomes of what staff write, case by case: each test is one way in which a workbook comes back."""

from datetime import date

import pytest

from attendance_lib.casebook.sheets import (
    PrintedColumn,
    PrintedPack,
    PrintedRow,
    PrintedSheet,
    ReturnedFile,
    ReturnedRow,
    ReturnedSheet,
)
from tests.casebook.desk import COPY, P1, P2, URN, log, take


def test_12_a_pack_made_again_at_its_place_inherits_no_words(desk):
    """Words of the file that lay there before are not taken back because the new file lacks them."""
    desk.fill(P1, "A0021", note="first", owner="MP")
    desk.run()
    del desk.files[P1]
    desk.make(P1, day=date(2026, 9, 18))
    desk.fill(P1, "A0021", owner="TB")
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0021", "owner")) == (["first"], ["TB"])


def test_13_a_renamed_file_is_read_and_goes_on_where_it_was(desk):
    desk.fill(P1, "A0021", note="no reply", owner="MP")
    desk.run()
    desk.rename(P1, "kept/minutes of 24 Nov.xlsx")
    desk.run()
    desk.fill("kept/minutes of 24 Nov.xlsx", "A0021", note="rang back")
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0021", "owner")) == (["rang back"], ["MP"])


def test_19_a_shorter_pack_with_the_same_end_is_read_too(desk):
    desk.make(P2, day=date(2026, 9, 18))
    desk.fill(P1, "A0021", note="of the long one")
    desk.fill(P2, "A0022", owner="MP")
    desk.run()
    assert (desk.shown("A0021", "note"), desk.shown("A0022", "owner")) == ("of the long one", "MP")


def test_20_packs_under_an_earlier_number_are_read(desk):
    desk.files[P1].urn = "123456"
    desk.fill(P1, "A0021", note="from before")
    desk.run()
    assert desk.shown("A0021", "note") == "from before"


def test_21_an_action_raised_on_a_wrong_day_is_there_with_what_was_written(desk):
    desk.add(P1, action="Visit", pupil_id="002105", raised_on=date(2062, 11, 9))
    desk.run()
    row = desk.book.state().rows["actions"]["2026-09-18/1"]
    assert (row.value("raised_on"), row.value("action")) == ("2062-11-09", "Visit")
    assert (row.origin, row.date_to, row.cohort) == ("pack", "2026-09-18", "whole_school")


def test_22_an_action_without_a_pupil_says_in_which_cohort_it_was_raised(desk):
    desk.make(P2, cohort="year_11")
    desk.add(P2, action="Assembly on punctuality")
    desk.run()
    (row,) = (row for row in desk.book.state().rows["actions"].values() if row.origin == "pack")
    assert (row.value("pupil_id"), row.value("action"), row.cohort) == (
        "",
        "Assembly on punctuality",
        "year_11",
    )


def test_32_a_file_in_the_folder_handed_over_is_read(desk):
    desk.copy(P1, "/drive/fortnightly.xlsx")
    pack = desk.book.state().prints[-1]
    assert pack.pack_id == desk.files[P1].pack_id
    desk.fill("/drive/fortnightly.xlsx", "A0021", note="from the drive")
    desk.run()
    assert desk.said("A0021", "note") == ["from the drive"]


def test_32_two_fresh_copies_handed_over_are_two_files(desk):
    """Neither goes on where the other, or the pack itself, was: what one says is not typed over in another."""
    pack = desk.printed(desk.book.state(1), date(2026, 9, 18))
    assert pack.pack_id == desk.files[P1].pack_id
    for path in ("/drive/1.xlsx", "/drive/2.xlsx"):
        desk.copy(P1, path)
        desk.book.register_pack(pack, path, desk.files[path].returned(path).sha256, desk.tick())
    for path, note in (("/drive/1.xlsx", "one"), ("/drive/2.xlsx", "two")):
        desk.fill(path, "A0021", note=note)
        desk.fill(path, "A0022", owner="MP")
        desk.run()
    assert desk.said("A0021", "note") == ["two", "one"]


def test_33_a_folder_deleted_after_a_run_loses_nothing(desk):
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    del desk.files[P1]
    desk.make(P2)
    assert desk.said("A0021", "note") == ["no reply"]


def test_34_an_action_of_a_pupil_who_left_stays(desk):
    desk.fill(P1, "A0021", pupil_id="999999", note="moved away")
    desk.make(P2)
    assert (desk.shown("A0021", "pupil_id"), desk.shown("A0021", "note")) == ("999999", "moved away")


def test_35_an_action_gone_from_the_log_stays_and_is_told(desk):
    desk.fill(P1, "A0022", note="thrice")
    del desk.log["A0022"]
    desk.run()
    row = desk.book.state().rows["actions"]["A0022"]
    assert (row.value("note"), row.value("owner"), row.is_in_log) == ("thrice", "TB", False)
    assert "the log no longer has A0022; all that was said of them stays" in desk.told()
    desk.run()
    assert desk.last.notices == ()


def test_35_an_older_log_put_back_is_told_and_the_action_stays(desk):
    desk.log["A0021"]["status"] = "done"
    desk.log["A0024"] = {"pupil_id": "002106", "action": "Mentor", "status": "open"}
    desk.run()
    desk.log = log()
    desk.run()
    assert "the log is again as it was before" in desk.told()
    assert (desk.shown("A0021", "status"), desk.shown("A0024", "action")) == ("open", "Mentor")


def test_35_without_a_log_nothing_is_gone_from_it(desk):
    before = desk.book.state()
    desk.log = None
    desk.run()
    assert desk.book.state() == before


def test_37_another_schools_book_is_refused_and_not_stored(desk):
    desk.files[P1].urn = "990002"
    desk.fill(P1, "A0021", note="of the other school")
    before = desk.book.state()
    desk.run()
    assert desk.book.state() == before
    assert "workbook of the school with URN 990002, not of 990001, and was not read" in desk.told()


CARDS = (
    PrintedColumn("card_id", "Card"),
    PrintedColumn("intervention", "Intervention", is_editable=True),
    PrintedColumn("aim", "Aim", is_editable=True),
    PrintedColumn("review_date", "Review", is_editable=True),
)


def pack_of_cards(basis, day, *rows):
    """A pack whose workbook has these cards, each a number and its words."""
    lines = [PrintedRow(f"{at:03d}", key, (key or None, *cells)) for at, (key, *cells) in enumerate(rows, 1)]
    sheet = PrintedSheet("impact_card", CARDS, tuple(lines), "card_id", "intervention", "aim")
    return PrintedPack(URN, "impact", date(2026, 9, 1), day, "whole_school", basis, (sheet,))


def cards_come_back(printed, *rows):
    """The workbook of such a pack as it comes back with these cards."""
    tokens = map(printed.token_text, printed.sheets[0].rows)
    lines = [
        ReturnedRow(at, token, cells) for at, (token, cells) in enumerate(zip(tokens, rows, strict=True), 6)
    ]
    headings, names = zip(*((column.heading, column.name) for column in CARDS), strict=True)
    sheet = ReturnedSheet("impact_card", headings, tuple(lines), names)
    return ReturnedFile(f"{printed.pack_id}.xlsx", str(rows), (sheet,))


def test_38_cards_are_kept_in_the_same_way_by_number_not_by_name(desk):
    blank = ("", None, None, None)
    breakfast, mentor = ("Breakfast club", "4 points", "Easter"), ("Mentor", "fewer lates", None)
    first = pack_of_cards(0, date(2026, 10, 2), blank, blank)
    desk.book.register_pack(first, "i1.xlsx", "1", "2026-10-02")
    take(desk, cards_come_back(first, ("", *breakfast), ("", *mentor)))
    state = desk.book.state()
    one, two = state.rows["impact_card"]
    assert (one, two) == ("2026-10-02/1", "2026-10-02/2")
    second = pack_of_cards(state.basis, date(2026, 11, 6), (one, *breakfast), (two, *mentor))
    desk.book.register_pack(second, "i2.xlsx", "2", "2026-11-06")
    renamed = ("Breakfast club in the hall", "4 points", "May")
    take(desk, cards_come_back(second, (one, *renamed), (two, *mentor)))
    rows = desk.book.state().rows["impact_card"]
    assert [row.value("intervention") for row in rows.values()] == ["Breakfast club in the hall", "Mentor"]
    assert rows["2026-10-02/1"].value("review_date") == "May"


def test_a_file_of_no_pack_is_kept_and_told(desk):
    paper = desk.files[P1]
    desk.paste(P1)
    paper.headings = [f"H{at}" for at in range(len(paper.headings))]
    desk.run()
    assert "this file belongs to no pack that is known here; it is kept" in desk.told()


def test_a_second_run_writes_nothing(desk):
    desk.fill(P1, "A0021", note="no reply", status="soon")
    desk.add(P1, pupil_id="002105", action="Visit")
    desk.run()
    content = desk.book.path.read_bytes()
    desk.run()
    assert desk.book.path.read_bytes() == content


def test_a_pack_made_again_from_the_same_words_is_the_same_pack(desk):
    first = desk.printed(desk.book.state(), date(2026, 10, 2))
    desk.resave(P1)
    desk.run()
    assert desk.printed(desk.book.state(), date(2026, 10, 2)).pack_id == first.pack_id
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    assert desk.printed(desk.book.state(), date(2026, 10, 2)).pack_id != first.pack_id


# What is typed over, blanked, taken back or said again


def test_9_a_cleared_cell_is_blank(desk):
    desk.fill(P1, "A0022", note=None)
    desk.make(P2)
    assert desk.said("A0022", "note") == [""]
    assert desk.files[P2].row("A0022").cells["Note"] is None


def test_10_typed_read_and_blanked_with_other_words_there_is_blank(desk):
    desk.fill(P1, "A0021", note="no reply", owner="MP")
    desk.run()
    desk.fill(P1, "A0021", note=None)
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0021", "owner")) == ([""], ["MP"])
    assert desk.last.notices == ()


def test_10_blanked_and_typed_again_it_is_said_again(desk):
    desk.fill(P1, "A0021", note="no reply", owner="MP")
    for note in (None, "no reply"):
        desk.run()
        desk.fill(P1, "A0021", note=note)
    desk.run()
    assert desk.said("A0021", "note") == ["no reply"]


def test_11_typed_read_and_blanked_with_no_other_word_left_the_word_stays_and_it_is_told(desk):
    desk.fill(P1, "A0021", note="no reply")
    desk.run()
    desk.fill(P1, "A0021", note=None)
    desk.run()
    assert desk.said("A0021", "note") == ["no reply"]
    assert "taken back, or another copy was saved over it" in desk.told()
    assert "no reply" not in desk.told()
    desk.resave(P1)
    desk.run()
    assert desk.last.notices == ()


def test_11_typed_over_with_no_other_word_there_both_are_listed(desk):
    desk.fill(P1, "A0021", note="one")
    desk.run()
    desk.fill(P1, "A0021", note="two")
    desk.fill(P1, "A0022", owner="MP")
    desk.run()
    assert desk.said("A0021", "note") == ["two", "one"]
    desk.fill(P1, "A0021", note="three")
    desk.run()
    assert desk.said("A0021", "note") == ["three", "one"]


def test_11_another_copy_saved_over_a_file_takes_nothing_back(desk):
    desk.fill(P1, "A0022", owner="MP")
    desk.run()
    desk.copy(P1, COPY)
    desk.fill(P1, "A0021", note="from the one")
    desk.run()
    desk.copy(COPY, P1)
    desk.resave(P1)
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0022", "owner")) == (["from the one"], ["MP"])


def test_12_saved_again_and_made_twice_over_all_words_stay(desk):
    for number, (key, note) in enumerate([("A0021", "first"), ("A0023", "second")], 1):
        desk.fill(P1, key, note=note)
        desk.resave(P1)
        desk.run()
        desk.rename(P1, f"kept/{number}/fortnightly.xlsx")
        desk.make(P1, day=date(2026, 9, 18))
        assert desk.files[P1].row(key).cells["Note"] == note
    desk.run()
    assert (desk.said("A0021", "note"), desk.said("A0023", "note")) == (["first"], ["second"])


@pytest.mark.parametrize("before", ["Viist", ""])
def test_30_a_slip_mended_in_a_new_action_is_the_same_action(desk, before):
    row = desk.add(P1, pupil_id="002105", action=before, owner="KS")
    desk.run()
    row.cells["What"] = "Visit"
    desk.touch(P1)
    desk.run()
    assert [key for key in desk.rows() if "/" in key] == ["2026-09-18/1"]
    assert desk.said("2026-09-18/1", "action") == ["Visit"]
