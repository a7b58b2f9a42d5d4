"""What the casebook knows at a revision, asked in the ways in which papers ask it."""

import pytest

from attendance_lib.casebook.state import CellState, EarlierPrint, Notice, RowState, Saying, State, natural


def said(value, entry=1, source="workbook"):
    return Saying(entry, entry, 0, source, value)


def cell(*values, logged=None):
    return CellState(
        "actions", "A1", "note", tuple(said(value, place) for place, value in enumerate(values)), logged
    )


def printed(revision, date_to, report="fortnightly", cohort="all"):
    return EarlierPrint(revision, f"pk{revision}", report, cohort, "2026-09-01", date_to, 0, {})


def state(*prints):
    return State(9, "", 9, 9, {}, prints=prints)


@pytest.mark.parametrize(
    ("standing", "logged", "differs", "to_enter"),
    [
        (("rang",), None, False, False),
        (("rang",), "rang", False, False),
        (("rang",), "", False, True),
        (("rang", "rang"), "rang", False, False),
        (("rang", "wrote"), "rang", True, False),
        (("",), "rang", False, True),
    ],
)
def test_a_cell_says_what_differs_and_what_the_log_lacks(standing, logged, differs, to_enter):
    found = cell(*standing, logged=logged)
    assert (found.value, found.is_differing, found.is_to_enter) == (standing[0], differs, to_enter)


def test_a_row_says_nothing_of_a_column_of_which_nothing_was_ever_said():
    row = RowState("actions", "A1", "log", {"note": cell("rang")})
    assert (row.value("note"), row.value("owner")) == ("rang", "")


def test_a_notice_says_where_in_one_line_and_never_what_stands_there():
    told = Notice("p1/a.xlsx", "two words", "Settle it", "actions", "row 4", "note", value="Zoë is ill")
    assert told.line == "p1/a.xlsx, sheet 'actions', row 4, column 'note': two words. Settle it"
    assert Notice("p1/a.xlsx", "cannot be opened").line == "p1/a.xlsx: cannot be opened."


def test_the_last_print_is_of_the_same_report_and_cohort():
    first, other, second = (
        printed(1, "2026-10-02"),
        printed(2, "2026-10-16", cohort="year_7"),
        printed(3, "2026-10-16"),
    )
    known = state(first, other, second)
    assert known.print_before("fortnightly", "all", "2026-10-30") is second
    assert known.print_before("fortnightly", "year_7", "2026-10-30") is other
    assert known.print_before("impact", "all", "2026-10-30") is None


def test_a_pack_made_again_never_sees_itself_nor_what_came_after():
    early, late, again = printed(1, "2026-10-02"), printed(2, "2026-10-16"), printed(3, "2026-10-02")
    known = state(early, late, again)
    assert known.print_before("fortnightly", "all", "2026-10-02") is None
    # Of two for the same days the one registered last.
    assert known.print_before("fortnightly", "all", "2026-10-16") is again
    assert known.print_before("fortnightly", "all", "2026-10-17") is late


def test_numbers_within_keys_stand_in_the_order_of_numbers():
    assert sorted(["A10", "A9", "B1", "A9/2", "A9/10"], key=natural) == ["A9", "A9/2", "A9/10", "A10", "B1"]
