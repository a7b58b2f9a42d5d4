"""A row that staff fill in: of each cell the log's word or theirs, and the newest pack's words of what was printed."""

from datetime import date
from types import SimpleNamespace

import pytest

from attendance_lib.casebook.staff_rows import printed_rows, sheet_number, shown_cell
from attendance_lib.casebook.state import CellState, RowState, Saying


def row(value, source="workbook", logged="rang"):
    saying = Saying(1, 1, 0, source, value)
    return RowState("plans", "SP1", "log", {"note": CellState("plans", "SP1", "note", (saying,), logged)})


@pytest.mark.parametrize(
    ("logged", "known", "shown"),
    [
        ({"note": "rang"}, None, "rang"),
        ({"note": None}, None, None),
        ({"note": "rang"}, row("went"), "went"),
        ({"note": "rang"}, row(""), None),  # staff cleared it
        ({"note": "rang again"}, row("rang", source="log"), "rang again"),  # as the log is now
        ({"note": "rang"}, row("wrote", source="log"), "wrote"),  # a word that only an earlier pack prints
        (None, row("went"), "went"),
        (None, None, None),
    ],
)
def test_what_staff_wrote_is_shown_and_else_the_log_as_it_is_now(logged, known, shown):
    assert shown_cell("note", logged, known) == shown


@pytest.mark.parametrize(("text", "day"), [("24/11/26", date(2026, 11, 24)), ("soon", None), ("", None)])
def test_a_day_that_cannot_be_read_is_none(text, day):
    assert shown_cell("note", None, row(text), is_date=True) == day


def test_rows_are_those_of_the_reports_asked_for_as_the_newest_pack_printed_them():
    def pack(report, **cells):
        return SimpleNamespace(report=report, cells={"calls": cells})

    packs = [pack("daily", a={"date": "1"}), pack("plan", b={"date": "2"})]
    known = SimpleNamespace(prints=[*packs, pack("daily", a={"date": "3"}, c={"date": "4"})])
    assert printed_rows(known, "calls", "daily") == {"a": {"date": "3"}, "c": {"date": "4"}}
    assert printed_rows(known, "actions", "daily") == printed_rows(None, "calls", "daily") == {}


def test_a_row_s_number_tells_schools_days_and_pupils_apart_and_names_nobody():
    numbers = [
        sheet_number("1", "2026-11-20", "002104"),
        sheet_number("2", "2026-11-20", "002104"),
        sheet_number("1", "2026-11-23", "002104"),
        sheet_number("1", "2026-11-20", "2104"),
    ]
    assert len(set(numbers)) == 4
    assert not [number for number in numbers if "2104" in number.partition(" ")[0]]
