"""The lessons paper on a small school of five periods, with what was planted and what must raise nothing."""

import pandas as pd
import pytest

from attendance_lib.intake.ledger import Finding, Severity
from attendance_lib.papers.lessons import pupils, subjects
from attendance_lib.papers.lessons.workings import lessons_of
from tests.papers.lessons.lesson_school import DAYS, MORNING, PUPILS, opened

# Of ten days: missing from P3 on six and from P5 on five, and there in every other lesson.
TRUANT = {("07", day, "P3"): "N" for day in DAYS[:6]} | {("07", day, "P5"): "N" for day in DAYS[5:]}
ONCE = {("11", DAYS[3], "P2"): "N", ("12", DAYS[9], "P1"): "N"}
NOT_TAKEN = {(pupil, DAYS[8], "P2"): None for pupil in PUPILS}


@pytest.fixture(scope="module")
def pack():
    return opened(TRUANT | ONCE | NOT_TAKEN)


def test_the_truant_of_periods_three_and_five_is_named_and_those_who_missed_once_are_not(pack):
    frame = pupils.truants(pack).frame
    assert frame[["pupil_id", "missed_lessons", "asked_lessons", "mostly"]].to_numpy().tolist() == [
        ["07", 11, 49, "P3 6 of 10, P5 5 of 10"]
    ]
    assert pupils.all_missed(pack).frame["pupil_id"].tolist() == ["11", "12"]


def test_the_page_opens_with_who_is_missing_today_and_where_last_seen(pack):
    # DAYS[9] is the last day: 07 missed P5 and was last seen in P4; 12 missed P1 and came back in P2.
    frame = pupils.missing_today(pack).frame.set_index("pupil_id")
    assert frame["missed"].to_dict() == {"07": "P5 French", "12": "P1 Music"}
    assert frame["last_seen"].to_dict() == {"07": "P4 Art", "12": "registered AM"}
    assert frame["back"].to_dict() == {"07": "not seen again", "12": "P2 English"}
    assert frame["period_missed_sessions"].to_dict() == {"07": 11, "12": 1}


def test_a_register_that_was_not_taken_is_told_with_whose_it_is_and_tells_of_nobody(pack):
    frame = subjects.registers_not_taken(pack).frame.set_index("name")
    assert frame.loc["P2", ["due_registers", "missing_registers"]].tolist() == [10, 1]
    assert frame["missing_registers"].sum() == 3  # once by period, once by weekday, once by subject
    (table,) = subjects.whose_registers(pack).tables
    assert table.frame[["teacher", "period", "class", "pupils"]].to_numpy().tolist() == [
        ["TF", "P2", "9/Fr", 30]
    ] or (table.frame["period"].tolist() == ["P2"] and table.frame["pupils"].tolist() == [30])
    # 30 pupils of 50 lessons each, less the 30 of the register that was not taken.
    assert len(lessons_of(pack).checkable) == 30 * 50 - 30


def test_absence_of_the_whole_half_day_is_no_missed_lesson():
    away = opened({}, {("03", day, half): "I" for day in DAYS[:4] for half in ("AM", "PM")})
    assert lessons_of(away).missed.empty
    assert (
        subjects.how_independent(away).items[-1]
        == "On 4 pupil days one code of absence fills every lesson: one fact, not several."
    )


def test_rows_of_which_nothing_is_known_are_told_with_what_that_costs():
    findings = [
        Finding("unknown_code_of_lessons", Severity.MUST, "", count=2),
        Finding("unknown_code_of_lessons", Severity.MUST, "", count=1),
        Finding("two_registers", Severity.MUST, "", count=4),
        Finding("unknown_code", Severity.MUST, "", count=9),  # of marks
    ]
    said = subjects.how_independent(opened({}, findings=findings)).items
    assert said[-1] == (
        "Rows of lessons left out: 3 with no register code and 4 with registers of one lesson that differ. Who missed one of these "
        "lessons is on no list here. Where they stand: `attendance check`."
    )
    assert not any("left out:" in each for each in subjects.how_independent(opened({})).items)


def test_who_came_after_the_register_closed_is_not_missing_from_the_first_lesson():
    late = opened({("04", DAYS[0], "P1"): "N", ("04", DAYS[0], "P2"): "N"}, {("04", DAYS[0], "AM"): "U"})
    assert lessons_of(late).missed["period"].tolist() == ["P2"]


@pytest.mark.parametrize(("session", "missed"), [("AM", 0), ("PM", 1), (None, 0)])
def test_a_lesson_in_an_absence_planned_for_its_half_of_the_day_is_not_missed(session, missed):
    planned = pd.DataFrame(
        {"pupil_id": ["05"], "date_from": pd.to_datetime(["2026-09-22"]), "date_to": pd.to_datetime([None]), "session": [session],
         "code": ["M"]}
    )  # fmt: skip
    assert len(lessons_of(opened({("05", DAYS[1], "P2"): "N"}, planned=planned)).missed) == missed


def test_in_which_half_a_period_lies_is_told_by_days_on_which_the_halves_differ_or_not_at_all():
    away = {(pupil, day, "PM"): "I" for pupil in PUPILS[:3] for day in DAYS}
    found = lessons_of(opened({}, away, said=((), ())))
    assert found.periods.set_index("period")["half"].to_dict() == dict.fromkeys(MORNING, "AM") | {
        "P4": "PM",
        "P5": "PM",
    }
    unclear = opened({("07", DAYS[0], "P2"): "N"}, said=((), ()))
    assert lessons_of(unclear).missed.empty
    assert "is not known, so that nothing is asked of it" in subjects.how_independent(unclear).items[1]


def test_without_lessons_the_paper_says_how_to_add_them():
    none = opened(None)
    for table in (pupils.missing_today(none), pupils.truants(none), subjects.subjects_and_periods(none)):
        assert table.frame.empty
        assert "exports, lessons" in table.empty_text
    assert "exports, lessons" in subjects.what_was_found(none).items[0]
