"""Whom to call first, for how long each has been away, and what is still open of yesterday."""

from datetime import date

from attendance_lib.papers.daily import calls, lists
from tests.papers.daily.daily_school import PUPILS, TODAY, last, on_list, opened, planted, roll, table


def test_the_order_of_calls_is_the_printed_one(pack):
    frame = calls.calls_of(pack)
    assert frame[["pupil_id", "order", "mark", "day"]].to_numpy().tolist() == [
        ["01", 1, "N", 5],
        ["02", 4, "N", 1],
        ["03", 7, "no mark", 1],
    ]


def test_a_spell_is_counted_in_school_days_over_a_weekend_and_a_holiday(pack):
    # 22 and 23 October, then, after the holiday, 2, 3 and 4 November.
    assert calls.calls_of(pack).set_index("pupil_id")["since"].dt.date["01"] == date(2026, 10, 22)


def test_a_day_without_a_mark_neither_lengthens_nor_ends_a_spell():
    gone = planted() | {("01", last(2)[0], half): "" for half in ("AM", "PM")}
    assert calls.calls_of(opened(codes=gone)).set_index("pupil_id")["day"]["01"] == 4


def test_a_flag_that_is_not_exported_is_unknown_and_never_no(pack):
    said = " ".join(calls.order_of_calls(pack).items)
    assert (
        "unknown of everybody and never taken for no: child protection plan, social worker (child in need), youth justice, "
        in said
    )
    assert "cannot call for help" in said.partition("never taken for no: ")[2]
    not_known = calls.calls_of(pack).set_index("pupil_id")["not_known"]
    assert "child protection plan" in not_known["03"]
    assert "travels alone" not in not_known["03"]


def test_each_flag_raises_its_pupil_to_its_place():
    places = {
        "child_protection": 1, "child_in_need": 1, "youth_justice": 1, "missing_history": 2, "medical_risk": 3, "travels_alone": 4,
    }  # fmt: skip
    for flag, place in places.items():
        frame = calls.calls_of(opened(pupils=roll(**{flag: ["03"]}))).set_index("pupil_id")
        assert frame["order"]["03"] == place, flag


def test_nobody_reached_on_an_earlier_day_of_the_spell_comes_before_those_over_a_line():
    pupils = roll(looked_after=None)
    columns = ("contact_id", "pupil_id", "date", "mode", "made_by", "person_contacted", "outcome")
    order = {}
    for outcome in ("no answer", "will be back on Monday"):
        log = table(("C1", "01", "2026-11-02", "phone call", "A", "mother", outcome), columns=columns)
        order[outcome] = int(
            calls.calls_of(opened(pupils=pupils, contacts=log)).set_index("pupil_id")["order"]["01"]
        )
    # Reached since 22 October, but 9 of 75 sessions missed: persistent absence.
    assert order == {"no answer": 5, "will be back on Monday": 6}


def test_within_a_place_a_primary_calls_the_youngest_first():
    both = planted() | {("27", TODAY, "AM"): "N", ("03", TODAY, "AM"): "N"}
    of_place = {}
    for phase in ("primary", "secondary"):
        pupils = roll().assign(year_group=[1 if pupil == "27" else 2 for pupil in PUPILS])
        of_place[phase] = calls.calls_of(opened(codes=both, phase=phase, pupils=pupils))["pupil_id"].tolist()
    assert of_place == {"primary": ["01", "02", "27", "03"], "secondary": ["01", "02", "03", "27"]}


def test_who_signed_in_is_not_called_and_has_a_code_to_put_right(pack):
    assert on_list(pack, lists.signed_in_with_n) == {"04": "at the desk 09:20"}
    assert "04" not in calls.calls_of(pack)["pupil_id"].tolist()


def test_yesterday_s_unexplained_is_still_open_with_an_owner(pack):
    now, still = calls.calls(pack).shown
    assert still.frame[["pupil_id", "owner"]].to_numpy().tolist() == [["07", "P. Wren"]]
    assert still.title == "Still open from Tue 3 Nov (1)"
    assert "07" not in now.frame["pupil_id"].tolist()


def test_without_a_key_adult_the_owner_is_who_has_the_form_or_its_year_group(pack):
    """Only 07 has a key adult, and only Year 7 a head: 17, of Year 8, is nobody's until somebody is written."""
    late = planted() | {("17", last(2)[0], "PM"): "N", ("06", last(2)[0], "PM"): "N"}
    (sheet,) = calls.calls(opened(codes=late)).tables
    owners = sheet.frame.set_index("pupil_id")["owner"]
    assert owners[["01", "06", "07"]].tolist() == ["T. Head", "T. Head", "P. Wren"]
    assert owners[["17"]].isna().tolist() == [True]
