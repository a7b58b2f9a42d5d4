"""What changed since last time: what happened, and what was only written differently."""

import pytest

from attendance_lib.papers.fortnightly.changes import (
    FIRST_PERIOD,
    change_sentence,
    crossed_pupils,
    crossing_counts,
    edits,
)

FIVE_DAYS = [f"2026-09-{day:02d}" for day in range(7, 12)]


@pytest.fixture(scope="module")
def edited(make_pack):
    """0002 has 10 of 80 before the period; two of the five days were marked present until 16 November.

    So on 6 November it was 6 of 80, at risk; the edit alone made it persistent absence. 0001's N became I by the 9th.
    """
    absences = {"0001": {"I": ["2026-11-05"]}, "0002": {"O": FIVE_DAYS}}
    history = [
        ("0002", "2026-09-07", "/", "2026-11-16"),
        ("0002", "2026-09-08", "/", "2026-11-16"),
        ("0001", "2026-11-05", "N", "2026-11-09"),
        ("0003", "2026-10-01", "O", "2026-10-02"),
    ]
    return make_pack(absences, edits=history)


def counts(pack):
    return crossing_counts(pack).frame.set_index("line").to_numpy().tolist()


def test_lines_crossed_are_counted_by_joining_and_leaving(worked_pack):
    # Columns: joined, left, new, joined by edits, left by edits, now.
    assert counts(worked_pack) == [[0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 2], [1, 1, 0, 0, 0, 1]]


def test_who_crossed_is_named_the_worse_first(worked_pack):
    frame = crossed_pupils(worked_pack).frame
    assert frame[
        ["pupil_name", "direction", "absence_sessions", "possible_sessions"]
    ].to_numpy().tolist() == [
        ["Abara, Ada", "↓ worse", 10, 100],
        ["Cole, Cy", "↑ better", 8, 100],
    ]


def test_a_pupil_who_stays_on_exactly_ten_percent_crossed_nothing(worked_pack):
    assert "Byrne, Bo" not in crossed_pupils(worked_pack).frame["pupil_name"].tolist()


def test_the_sentence_counts_the_rows_of_the_table(worked_pack):
    assert change_sentence(worked_pack).items == (
        "1 pupil moved down over a line and 1 pupil up over one through sessions in this period; "
        "0 pupils moved by later edits of earlier marks.",
    )


def test_a_line_crossed_by_an_edit_alone_is_kept_apart(edited):
    assert counts(edited) == [[0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 1], [0, 0, 0, 0, 1, 0]]
    assert crossed_pupils(edited).frame["cause"].tolist() == ["edits to earlier marks"]
    assert change_sentence(edited).items[0].endswith("; 1 pupil moved by later edits of earlier marks.")


def test_edits_are_counted_by_what_they_did_if_made_since(edited):
    # The edit of 2 October was known last time.
    frame = edits(edited).frame
    assert frame.to_numpy().tolist() == [
        ["a reason was found for N", 2, 1],
        ["attendance became absence", 4, 1],
    ]
    assert edits(edited).note == ""


def test_an_export_without_history_says_so(worked_pack):
    assert edits(worked_pack).note.startswith("The export carries no history of edits")
    assert "cannot be told apart from what happened since" in crossing_counts(worked_pack).note


def test_the_first_period_of_a_year_has_nothing_to_compare_with(first_pack):
    assert change_sentence(first_pack).items == (FIRST_PERIOD,)
    assert crossing_counts(first_pack).note.startswith(FIRST_PERIOD)
    assert crossed_pupils(first_pack).payload()["rows"] == []


def test_nobody_who_crossed_is_said(make_pack):
    table = crossed_pupils(make_pack())
    assert (table.payload()["rows"], table.empty_text) == ([], "Nobody crossed a line since the last period.")


@pytest.mark.parametrize("name", ["pupil_name", "pupil_id", "was", "now"])
def test_what_tells_of_one_pupil_is_personal(worked_pack, name):
    assert next(column for column in crossed_pupils(worked_pack).columns if column.name == name).personal
