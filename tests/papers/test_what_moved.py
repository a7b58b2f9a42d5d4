"""The sentences of the front page: each number is one of a table's, and each says where."""

import pytest

from attendance_lib.display.format import format_percent
from attendance_lib.papers.fortnightly.codes import reasons
from attendance_lib.papers.fortnightly.front_page import (
    NOTHING_POSSIBLE,
    by_group,
    by_reason,
    compared_with_england,
    headline,
    over_the_line,
    overall,
    what_moved,
)


def test_the_worked_pack_is_told_in_five_sentences(worked_pack):
    assert what_moved(worked_pack).items == (
        # 72 of 78 after 80 of 80.
        "Attendance this period was 92.3%: down 7.7 percentage points on the period before (100.0%).",
        # Year 9: 36 of 40, two pupils: one pupil's absence is chance.
        "No year group, group of pupils or form moved by more than chance.",
        # 4 of 78; the N of the newest week are not said to have grown.
        "Of the reasons, illness grew by 5.1 points to 5.1% of sessions.",
        # 0001 came at exactly 10 of 100, 0003 went with 8 of 100, 0002 stayed at exactly 10 of 100.
        "2 pupils on roll are persistently absent, 0 of them severely; 1 crossed into it in this period and 1 out of it.",
        # 368 of 398, beside the 92.7169 % that DfE published for 8 September to 21 November 2025.
        "Year to date, attendance is 92.5%, 0.3 points below England's 92.7% (England, daily data, 8 Sep 2025 to "
        "21 Nov 2025; older than the period: it ends on 21 Nov 2025).",
    )


def test_the_sentences_say_what_the_tables_hold(worked_pack):
    attendance = headline(worked_pack).frame.set_index("measure").loc["Attendance"]
    assert format_percent(attendance["period_rate"]) in overall(worked_pack)
    assert format_percent(attendance["year_to_date_rate"]) in compared_with_england(worked_pack)
    illness = reasons(worked_pack).frame.set_index("reason").loc["Illness"]
    assert format_percent(illness["reason_rate"]) in by_reason(worked_pack)


def test_the_largest_moves_beyond_chance_are_named_with_where_they_led(make_pack):
    # Both of Year 9 miss the same two of ten days after none: −20 points for each, so no spread that chance could explain.
    absences = {pupil: {"I": ["2026-11-12", "2026-11-13"]} for pupil in ("0001", "0002")}
    assert by_group(make_pack(absences)) == "By more than chance moved: Year 9 (−20.0 points, to 80.0%)."


def test_a_reason_that_shrank_is_told(make_pack):
    assert (
        by_reason(make_pack({"0001": {"I": ["2026-11-04"]}}))
        == "Of the reasons, illness shrank by 2.5 points to 0.0% of sessions."
    )


def test_where_nothing_moved_no_reason_is_named(make_pack):
    pack = make_pack()
    assert by_reason(pack) == ""
    assert by_group(pack) == "No year group, group of pupils or form moved by more than chance."
    assert all(what_moved(pack).items)


def test_n_is_never_said_to_have_grown(make_pack):
    assert by_reason(make_pack({"0001": {"N": ["2026-11-18"]}})) == ""


def test_one_pupil_is_told_in_the_singular(first_pack):
    # 2 of 20: exactly a tenth.
    assert over_the_line(first_pack) == (
        "So far this year 1 pupil on roll missed a tenth or more and 0 half or more, of no more than 20 sessions each."
    )


def test_without_earlier_marks_nothing_is_compared(first_pack):
    assert (
        overall(first_pack) == "Attendance this period was 97.5%; there are no earlier marks to compare with."
    )


def test_a_cohort_without_a_pupil_is_told_in_a_sentence(nobody_pack):
    assert overall(nobody_pack) == NOTHING_POSSIBLE
    assert compared_with_england(nobody_pack) == ""


@pytest.mark.parametrize("name", ["worked_pack", "first_pack", "nobody_pack"])
def test_every_sentence_begins_and_ends_as_one(request, name):
    for item in what_moved(request.getfixturevalue(name)).items:
        assert item[0].isupper() or item[0].isdigit()
        assert item.endswith(".")
        assert "nan" not in item.lower().replace("finance", "")
