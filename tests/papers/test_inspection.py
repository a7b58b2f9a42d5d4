"""The register inspection as the attendance officer reads it."""

from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.headline import returned_of
from attendance_lib.analysis.inspection.inspect import expected_of, findings_of, summary_of
from attendance_lib.papers.inspection import (
    inspection_musts,
    inspection_summary,
    inspection_words,
    registers_by_form,
    registers_by_year,
    things_to_fix,
    whom_to_ask,
)

SUMMARY = pd.DataFrame(
    {
        "rule": ["mark_missing", "obsolete_code", "bulk_code", "edit_near_threshold"],
        "severity": ["must", "must", "should", "should"],
        "check": [
            "Mark missing",
            "Code not in force on its date",
            "One code for a whole class",
            "Unauthorised mark removed",
        ],
        "what_to_do": ["Enter it.", "Replace it.", "Check it.", "Check it."],
        "source": "a source",
        "things": pd.array([3, 0, 1, None], dtype="Int64"),
        "new_things": pd.array([1, 0, 0, None], dtype="Int64"),
        "result": ["To fix", "Clear", "To fix", "Not checked: the export has no history of amendments"],
        "forms": ["9A (3)", "", "9B (1)", ""],
        "dates": ["16 Sep 26 (3)", "", "17 Sep 26 (1)", ""],
        "examples": ["0001", "", "", ""],
    }
)
DAYS = pd.to_datetime(["2026-09-16", "2026-11-10", "2026-09-17"]).astype("datetime64[s]")
THINGS = pd.DataFrame(
    {
        "rule": ["mark_missing", "mark_missing", "bulk_code"],
        "severity": ["must", "must", "should"],
        "date": DAYS,
        "end_date": DAYS.where([True, True, False], pd.Timestamp("2026-09-18")),
        "session": ["AM", "PM", ""],
        "form": ["9A", "9A", "9B"],
        "teacher": "P. Wren",
        "pupil_id": ["0001", "0002", ""],
        "detail": ["No mark", "No mark", "V for all 28 pupils in 3 sessions"],
        "what_to_do": ["Enter it.", "Enter it.", "Check it."],
        "known_date": DAYS,
    }
)
# A row a pupil: 1,000 sessions expected of Year 9, 10 of Year 10.
EXPECTED = pd.DataFrame(
    {
        "form": ["9A", "9B", "10A"],
        "year_group": pd.array([9, 9, 10], dtype="Int8"),
        "pupils": 1,
        "expected": [500, 500, 10],
        "recorded": [497, 500, 10],
        "missing_am": [1, 0, 0],
        "missing_pm": [2, 0, 0],
        "n_marks": [0, 5, 0],
        "amended_late": [0, 0, 1],
    }
)


@pytest.fixture
def pack(make_pack):
    real = make_pack()
    return SimpleNamespace(
        date_from=real.date_from,
        date_to=real.date_to,
        register=real.register,
        cohort=SimpleNamespace(title="Whole school"),
        results={expected_of: EXPECTED, summary_of: SUMMARY, returned_of: 0, findings_of: THINGS},
    )


def test_the_words_count_musts_and_shoulds_and_name_what_was_not_checked(pack):
    assert inspection_words(pack).items == (
        "3 entries must be put right, 1 of them new; most often: Mark missing (3).",
        "1 entry should be put right, 0 of them new; most often: One code for a whole class (1).",
        "Expected, two for each open day on roll: 1,010 sessions; 1,007 have a mark, 3 have none.",
        "Not checked: Unauthorised mark removed (the export has no history of amendments).",
        "Inspected: pupils of every age, school year to 20 November 2026. New: since 9 November 2026.",
    )


def test_the_words_say_so_when_there_is_nothing(pack):
    pack.results[summary_of] = SUMMARY.assign(things=0, new_things=0, result="Clear")
    assert inspection_words(pack).items[:2] == ("Nothing must be put right.", "Nothing should be put right.")


def test_checks_that_could_not_be_made_for_one_reason_are_named_together(pack):
    minutes, history = "Not checked: no minutes", "Not checked: no history"
    pack.results[summary_of] = SUMMARY.assign(result=[minutes, "Clear", history, minutes])
    assert inspection_words(pack).items[3] == (
        "Not checked: Mark missing and Unauthorised mark removed (no minutes); One code for a whole class (no history)."
    )


def test_the_words_say_so_when_no_mark_is_missing(pack):
    pack.results[expected_of] = EXPECTED.assign(recorded=EXPECTED["expected"])
    assert inspection_words(pack).items[2] == (
        "Expected, two for each open day on roll: 1,010 sessions; every one has a mark."
    )


def test_what_registers_hold_is_told_by_year_group_and_of_all(pack):
    frame = registers_by_year(pack).frame
    assert frame[["group", "pupils", "expected", "recorded", "n_marks"]].to_numpy().tolist() == [
        ["Year 9", 2, 1000, 997, 5],
        ["Year 10", 1, 10, 10, 0],
        ["Whole school", 3, 1010, 1007, 5],
    ]
    assert frame["missing_rate"].tolist() == pytest.approx([3 / 1000, 0, 3 / 1010])
    assert frame["n_per_thousand"].tolist() == pytest.approx([5000 / 997, 0, 5000 / 1007])
    assert frame["amended_per_thousand"].tolist() == pytest.approx([0, 100, 1000 / 1007])


def test_what_registers_hold_is_told_by_form_in_order_of_year(pack):
    assert registers_by_form(pack).frame["form"].tolist() == ["9A", "9B", "10A"]


def test_who_is_to_be_asked_most_is_first_and_nobody_last(pack):
    pack.results[findings_of] = pd.concat(
        [THINGS, THINGS.assign(teacher=""), THINGS.head(1).assign(teacher="R. Lark")]
    )
    frame = whom_to_ask(pack).frame
    assert frame[["teacher", "musts", "shoulds", "gaps", "is_new"]].to_numpy().tolist() == [
        ["P. Wren", 2, 1, 2, 1],
        ["R. Lark", 1, 0, 1, 0],
        ["Not known", 2, 1, 2, 1],
    ]


def test_what_is_to_be_put_right_comes_first_and_rules_that_found_nothing_are_said_to_be_clear_below(pack):
    table = inspection_summary(pack)
    assert table.grouped_by == "standing"
    assert table.frame[["severity", "result", "standing"]].head(3).to_numpy().tolist() == [
        ["Must", "To fix", "Must be put right"],
        ["Should", "To fix", "Should be put right"],
        ["Must", "Clear", "Clear"],
    ]
    # Each check once, and the order of the checks is kept among those that are clear.
    clear = table.frame.query("standing == 'Clear'")["severity"].tolist()
    assert clear == ["Must"] * clear.count("Must") + ["Should"] * clear.count("Should")
    assert table.frame["rule"].is_unique


def test_the_fortnightly_pack_has_only_the_musts_to_fix(pack):
    assert inspection_musts(pack).frame["rule"].tolist() == ["mark_missing"]


def test_every_thing_is_a_row_new_musts_first_and_pupils_are_named(pack):
    frame = things_to_fix(pack).frame
    assert frame[["severity", "is_new", "pupil_name", "check"]].fillna("").to_numpy().tolist() == [
        ["Must", True, "Byrne, Bo", "Mark missing"],
        ["Must", False, "Abara, Ada", "Mark missing"],
        ["Should", False, "", "One code for a whole class"],
    ]


def test_only_a_run_over_several_days_has_a_last_day(pack):
    assert things_to_fix(pack).frame["last_date"].dt.strftime("%d").fillna("").tolist() == ["", "", "18"]


SECTIONS = [
    inspection_summary, inspection_musts, things_to_fix, registers_by_year, registers_by_form, whom_to_ask,
]  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS)
def test_a_table_shows_itself_as_page_and_text(pack, section):
    payload = section(pack).payload()
    assert payload["columns"]
    assert len(payload["rows"]) == len(section(pack).frame)


def test_what_the_check_shows_of_the_musts_is_not_personal(pack):
    assert not [column.name for column in inspection_musts(pack).columns if column.personal]


def test_what_names_a_pupil_is_personal(pack):
    personal = {column.name for column in things_to_fix(pack).columns if column.personal}
    assert {"pupil_name", "pupil_id", "detail"} <= personal
    assert "examples" in {column.name for column in inspection_summary(pack).columns if column.personal}


def test_the_pack_inspects_itself(make_pack):
    real = make_pack({"0001": {"J": ["2026-09-16"]}})
    settings = real.school.settings
    settings.school.registers = SimpleNamespace(AM=opened("08:40", "09:10"), PM=opened("13:10", "13:40"))
    settings.staff = ()
    real.school.log = SimpleNamespace(findings=(), repairs=())
    found = findings_of(real)[findings_of(real)["rule"] == "obsolete_code"]
    assert found[["pupil_id", "session"]].to_numpy().tolist() == [["0001", "AM"], ["0001", "PM"]]


def opened(*times):
    opens, closes = (pd.Timestamp(f"2026-01-01 {clock}").time() for clock in times)
    return SimpleNamespace(opens=opens, closes=closes)
