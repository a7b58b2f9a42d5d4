"""What truth.json says is planted is in the files, counted again the slow way."""

from datetime import date, timedelta

import pytest

from attendance_lib.demo.defects import FACTS
from tests.demo.planted import THIS_YEAR, UNAUTHORISED

NOT_POSSIBLE = ("", "#", "Y7")


def fact(demo, name):
    return next(each for each in demo.truth["planted"] if each["fact"] == name)


def most_in_ten_school_weeks(demo, pupil_id):
    """The most unauthorised sessions in any ten consecutive weeks that had a session."""
    weeks = sorted({monday(day) for day in demo.open_days})
    missed = [
        monday(day) for (day, _), code in demo.of(pupil_id, "2025-09-01").items() if code in UNAUTHORISED
    ]
    return max(sum(week in weeks[place : place + 10] for week in missed) for place in range(len(weeks)))


def monday(day):
    return date.fromisoformat(day) - timedelta(date.fromisoformat(day).weekday())


def test_every_fact_is_about_a_pupil_of_its_own(demo):
    assert [each["fact"] for each in demo.truth["planted"]] == [each.name for each in FACTS]
    assert len({each["pupil_id"] for each in demo.truth["planted"]}) == len(FACTS)


@pytest.mark.parametrize("name", [each.name for each in FACTS if "possible_sessions" in each.expected])
def test_planted_pupils_stand_where_the_truth_says(demo, name):
    planted = fact(demo, name)
    codes = demo.of(planted["pupil_id"], THIS_YEAR).values()
    possible = sum(code not in NOT_POSSIBLE for code in codes)
    absent = sum(code in ("I", *UNAUTHORISED) for code in codes)
    assert (possible, absent) == (planted["possible_sessions"], planted["absence_sessions"])
    assert set(codes) <= {"/", "\\", "I", "Y7", "#"}


@pytest.mark.parametrize(
    "name", [each.name for each in FACTS if "sessions_to_persistent_absence" in each.expected]
)
def test_so_many_more_sessions_make_the_pupil_persistently_absent(demo, name):
    planted = fact(demo, name)
    absent, possible, more = (
        planted[key] for key in ("absence_sessions", "possible_sessions", "sessions_to_persistent_absence")
    )
    assert 10 * (absent + more) >= possible + more
    assert 10 * (absent + more - 1) < possible + more - 1


@pytest.mark.parametrize("name", [each.name for each in FACTS if "most_in_ten_school_weeks" in each.expected])
def test_unauthorised_sessions_fall_in_the_window_as_the_truth_says(demo, name):
    planted = fact(demo, name)
    assert most_in_ten_school_weeks(demo, planted["pupil_id"]) == planted["most_in_ten_school_weeks"]
    codes = list(demo.of(planted["pupil_id"], THIS_YEAR).values())
    assert codes.count("N") == planted.get("n_sessions", 0)


def test_fourteen_sessions_fall_in_two_consecutive_terms(demo):
    planted = fact(demo, "fourteen_over_two_terms")
    summer = demo.of(planted["pupil_id"], "2026-04-13", "2026-07-31").values()
    autumn = demo.of(planted["pupil_id"], THIS_YEAR).values()
    assert sum(code in UNAUTHORISED for code in summer) == planted["summer_term_sessions"] == 6
    assert sum(code in UNAUTHORISED for code in autumn) == planted["autumn_term_sessions"] == 8


def test_missing_marks_are_blank_and_there_are_no_others(demo):
    spells = {}
    for row in demo.pupils:
        spells.setdefault(row["pupil_id"], []).append((row["admission_date"], row["leaving_date"] or "9999"))
    blank = {
        (pupil, day, half) for (pupil, day, half), code in demo.marks.items()
        if code == "" and any(first <= day <= last for first, last in spells[pupil])
    }  # fmt: skip
    never, gone = (days_of(demo, rule) for rule in ("pupil_unmarked", "marks_stop"))
    # Who left on Wednesday 1 July is on roll to Friday 17: 12 school days. No later week of hers was exported.
    assert (len(never), len(gone)) == (8, 24)
    assert {day for _, day, _ in blank & gone} == {"2026-07-02", "2026-07-03"}
    assert {code for key, code in demo.marks.items() if key in gone} == {""}
    listed = (
        never
        | (blank & gone)
        | {(mark["pupil_id"], mark["date"], mark["session"]) for mark in demo.truth["missing_marks"]}
    )
    assert blank == listed
    assert 0.0005 < len(listed) / len(demo.marks) < 0.002


def days_of(demo, rule):
    """Every session of the pupil and the days of a defect."""
    (place,) = demo.truth["defects"][rule]
    return {
        (place["pupil_id"], day, half)
        for day in demo.open_days if place["date"] <= day <= place["end_date"] for half in ("AM", "PM")
    }  # fmt: skip


def test_one_form_has_no_register_on_one_day(demo):
    form, day = demo.truth["missing_register"]
    members = {row["pupil_id"] for row in demo.pupils if row["form"] == form and not row["leaving_date"]
               and row["admission_date"] <= day}  # fmt: skip
    assert len(members) > 20
    assert {code for (pupil, on, _), code in demo.marks.items() if pupil in members and on == day} == {""}


def test_obsolete_codes_are_where_the_truth_says_and_nowhere_else(demo):
    for code in ("H", "J"):
        listed = {
            (mark["pupil_id"], mark["date"], mark["session"]) for mark in demo.truth["obsolete_codes"][code]
        }
        assert listed == {key for key, mark in demo.marks.items() if mark == code} != set()
        assert all(day > "2026-01-01" for _, day, _ in listed)


def test_some_reasons_are_unknown_for_long_and_some_only_since_this_week(demo):
    unknown = {key for key, code in demo.marks.items() if code == "N"}
    forgotten = {(mark["pupil_id"], mark["date"], mark["session"]) for mark in demo.truth["forgotten_n"]}
    planted = {fact(demo, "ten_unauthorised_with_four_n")["pupil_id"]}
    assert forgotten < unknown
    assert {day[:4] for _, day, _ in forgotten} == {"2025", "2026"}
    of_one_form = {
        (mark["pupil_id"], mark["date"], mark["session"]) for mark in demo.truth["unexplained_in_one_form"]
    }
    assert of_one_form < unknown
    known = forgotten | of_one_form | {demo.defect("n_before_holiday")}
    recent = [key for key in unknown - known if key[0] not in planted]
    assert len(recent) > 20
    assert all(day >= "2026-11-09" for _, day, _ in recent)


def test_the_pupil_away_at_another_school_and_the_pupil_said_to_be_are_two(demo):
    (away,), (said,) = (demo.truth["defects"][rule] for rule in ("dual_status", "dual_without_d"))
    status = {row["pupil_id"]: row["enrolment_status"] for row in demo.pupils}
    assert {pupil for (pupil, *_), code in demo.held.items() if code == "D"} == {away["pupil_id"]}
    assert [pupil for pupil, value in status.items() if value == "M"] == [said["pupil_id"]]
    assert set(status.values()) == {"C", "M"}


def test_one_pupil_s_bus_that_did_not_come_was_called_a_closed_site(demo):
    pupil, day, half = demo.defect("whole_site_closed")
    codes = [code for (_, on, session), code in demo.marks.items() if (on, session) == (day, half)]
    assert (demo.marks[pupil, day, half], codes.count("Y4"), codes.count("Y1")) == ("Y4", 1, 21)


def test_the_calendar_figures_are_those_of_the_register(demo):
    for year, start, end in (("202526", "2025-09-01", "2026-07-31"), ("202627", THIS_YEAR, "2026-11-20")):
        open_days = {day for day in demo.open_days if start <= day <= end}
        figures = demo.truth["calendar"][year]
        assert figures["open_days"] == len(open_days)
        assert figures["school_weeks"] == len({monday(day) for day in open_days})


def test_a_pupil_on_roll_throughout_has_the_calendar_s_sessions(demo):
    stayed = [row for row in demo.pupils if row["year_group"] == "10" and not row["leaving_date"]]
    pupil = min(stayed, key=lambda row: row["admission_date"])["pupil_id"]
    this_year = [code for code in demo.of(pupil, THIS_YEAR).values() if code != "#"]
    assert len(this_year) == demo.truth["calendar"]["202627"]["year_10"] == 100


def test_the_totals_are_those_of_the_register(demo):
    for year, start, end in (("202526", "2025-09-01", "2026-07-31"), ("202627", THIS_YEAR, "2026-11-20")):
        codes = [code for (_, day, _), code in demo.held.items() if start <= day <= end]
        totals = demo.truth["totals"][year]
        assert totals["unauthorised_absence_sessions"] == sum(code in UNAUTHORISED for code in codes)
        assert totals["late_before_close_sessions"] == codes.count("L")
        assert totals["late_after_close_sessions"] == codes.count("U")
        assert totals["n_sessions"] == codes.count("N")
