"""Suspensions, illness, unauthorised absence and arrangements that last too long, counted by the school's calendar."""

import pandas as pd
import pytest

HOLIDAY_EVE = "2026-10-19"  # Monday to Friday, a week's holiday, an INSET Monday, then Tuesday 3 November
NO_EDUCATION = ["suspension_sixth_day"]


def rules_of(things):
    return [rule for rule, *_ in things]


# Suspensions


@pytest.mark.parametrize(("days", "rules"), [(5, []), (6, NO_EDUCATION), (9, NO_EDUCATION)])
def test_e_is_found_from_the_sixth_school_day_in_a_row_over_a_holiday(found, on_days, days, rules):
    assert rules_of(found({"marks": on_days(HOLIDAY_EVE, days, "E E")}, {})) == rules


def test_a_long_suspension_is_one_thing_and_says_when_education_was_due(inspect, on_days):
    things = inspect({"marks": on_days("2026-10-20", 7, "E E")}, {})
    # 20, 21, 22, 23 October, 3, 4 (the sixth) and 5 November.
    assert things["detail"].tolist() == ["E for 7 school days in a row; education was due from 4 Nov 26"]
    assert things[["date", "end_date"]].to_numpy().astype("datetime64[D]").astype(str).tolist() == [
        ["2026-10-20", "2026-11-05"]
    ]


@pytest.mark.parametrize("sixth", ["K K", "B B", "D D", "/ \\", "- -"])
def test_provision_or_a_day_in_school_ends_a_suspension(found, on_days, sixth):
    marks = on_days("2026-09-14", 5, "E E") | {"2026-09-21": sixth} | on_days("2026-09-22", 5, "E E")
    assert "suspension_sixth_day" not in rules_of(found({"marks": marks}, {}))


def test_a_planned_closure_does_not_end_a_suspension(found, on_days):
    marks = on_days("2026-09-14", 5, "E E") | {"2026-09-21": "Y4 Y4"} | on_days("2026-09-22", 1, "E E")
    assert rules_of(found({"marks": marks}, {"marks": {"2026-09-21": "Y4 Y4"}})) == NO_EDUCATION


@pytest.mark.parametrize(("last_day", "rules"), [("/ \\", []), ("E \\", ["suspension_year"])])
def test_more_than_45_days_of_e_in_a_year_is_found(inspect, on_days, last_day, rules):
    # Forty-five whole days in nine spells of five, a day of provision after each; then half a day.
    spells = [on_days(start, 5, "E E") for start in WEEKS]
    assert len(set().union(*spells)) == 45
    things = inspect(
        {"marks": dict(pair for spell in spells for pair in spell.items()) | {"2027-01-18": last_day}},
        {},
        last="2027-01-22",
    )
    assert things["rule"].tolist() == rules
    assert things["detail"].tolist() == ["E in 91 sessions (45.5 school days)"][: len(rules)]


WEEKS = (
    "2026-09-07",
    "2026-09-15",
    "2026-09-23",
    "2026-10-01",
    "2026-10-12",
    "2026-10-20",
    "2026-11-10",
    "2026-11-18",
    "2026-11-26",
)


# Illness


@pytest.mark.parametrize(("half", "rules"), [("I \\", []), ("I I", ["illness_return"])])
def test_illness_of_15_days_in_the_year_is_found_in_a_row_or_not(inspect, on_days, half, rules):
    marks = on_days("2026-09-07", 7, "I I") | on_days("2026-09-16", 14, "I \\", step=2) | {"2026-11-12": half}
    # 14 + 14 sessions, and one or two more: 29 or 30.
    things = inspect({"marks": marks}, {})
    assert things["rule"].tolist() == rules
    assert things["detail"].tolist() == ["I in 30 sessions (15 school days)"][: len(rules)]


@pytest.mark.parametrize(("days", "rules"), [(14, []), (15, ["illness_return"])])
def test_fifteen_whole_days_of_illness_are_found(found, on_days, days, rules):
    assert rules_of(found({"marks": on_days("2026-10-12", days, "I I")}, {})) == rules


def test_illness_of_two_years_does_not_add_up(found, on_days):
    marks = on_days("2026-07-06", 10, "I I") | on_days("2026-09-07", 10, "I I")
    assert found({"marks": marks}, {}, first="2026-06-01") == []


# Unauthorised absence


@pytest.mark.parametrize(("days", "rules"), [(9, []), (10, ["unauthorised_return"])])
def test_ten_days_of_unauthorised_absence_in_a_row_are_found_over_a_holiday(found, on_days, days, rules):
    assert rules_of(found({"marks": on_days("2026-10-15", days, "G O")}, {})) == rules


@pytest.mark.parametrize("between", ["/ O", "I I", "O -", "L O"])
def test_a_day_not_wholly_unauthorised_ends_the_run(found, on_days, between):
    marks = on_days("2026-09-07", 12, "G G") | {"2026-09-14": between}
    assert "unauthorised_return" not in rules_of(
        found({"marks": marks}, {}, minutes={("0000", "2026-09-14", "AM"): 4})
    )


def test_a_run_that_began_last_year_is_found_when_it_reaches_into_this_one(found, on_days):
    away = {"marks": on_days("2026-07-08", 8, "O O") | on_days("2026-09-07", 2, "O O")}
    assert found(away, {}, first="2026-06-01") == [
        ("unauthorised_return", "0000", "2026-07-08", "2026-09-08", "")
    ]


def test_a_run_of_last_year_alone_is_not_this_years(found, on_days):
    assert found({"marks": on_days("2026-07-02", 12, "O O")}, {}, first="2026-06-01") == []


# Duties that are owed to pupils of compulsory school age


OWED = {
    "illness_return": ("I I", 15),
    "unauthorised_return": ("O O", 10),
    "suspension_sixth_day": ("E E", 6),
}


@pytest.mark.parametrize("rule", OWED)
@pytest.mark.parametrize(
    ("pupil", "is_owed"),
    [
        ({}, True),
        # Four years old, and seventeen: neither is of compulsory school age in the autumn.
        ({"year_group": 0, "date_of_birth": "2022-04-01"}, False),
        ({"year_group": 12, "date_of_birth": "2009-11-15"}, False),
        ({"year_group": 12, "date_of_birth": None}, False),
    ],
)
def test_returns_and_education_from_the_sixth_day_are_owed_to_pupils_of_school_age(
    found, on_days, rule, pupil, is_owed
):
    codes, days = OWED[rule]
    things = found(pupil | {"marks": on_days("2026-09-14", days, codes)}, {})
    assert rules_of(things) == [rule] * is_owed


@pytest.mark.parametrize("rule", OWED)
@pytest.mark.parametrize(("last_day", "is_owed"), [("2026-12-18", False), ("2027-01-04", True)])
def test_who_comes_of_school_age_while_it_lasts_is_owed_it(found, on_days, rule, last_day, is_owed):
    # Five on 15 November 2026: of age from 31 December, and back at school on 4 January.
    codes, days = OWED[rule]
    away = [day for day in on_days("2026-09-07", 200, codes) if day <= last_day][-days:]
    child = {"year_group": 0, "date_of_birth": "2021-11-15", "marks": on_days(away[0], days, codes)}
    assert rules_of(found(child, {}, last="2027-01-22")) == [rule] * is_owed


def test_education_is_due_at_the_earliest_from_the_day_of_school_age(inspect, on_days):
    marks = on_days("2026-12-08", 15, "E E")  # the sixth day is 15 December; of age from 31 December
    things = inspect({"year_group": 0, "date_of_birth": "2021-11-15", "marks": marks}, {}, last="2027-01-22")
    assert things["detail"].tolist() == ["E for 15 school days in a row; education was due from 31 Dec 26"]


@pytest.mark.parametrize("rule", OWED)
def test_what_was_owed_before_school_age_ended_stays_owed(found, on_days, rule):
    # Sixteen in the school year 2026/27: of age to Friday 25 June 2027; the last of the days is that Friday.
    codes, days = OWED[rule]
    away = [day for day in on_days("2026-09-07", 200, codes) if day <= "2027-06-25"][-days:]
    leaver = {"year_group": 11, "date_of_birth": "2011-01-15"}
    owed = leaver | {"marks": on_days(away[0], days + 3, codes)}
    late = leaver | {"marks": on_days(away[1], days + 3, codes)}
    assert rules_of(found(owed, {}, last="2027-07-20")) == [rule]
    assert rules_of(found(late, {}, last="2027-07-20")) == []


@pytest.mark.parametrize(
    ("code", "after", "rule"), [("I", 7, "illness_return"), ("E", 38, "suspension_year")]
)
@pytest.mark.parametrize("one_short", [False, True])
def test_days_before_a_pupil_left_and_after_coming_back_add_up(
    inspect, on_days, code, after, rule, one_short
):
    # Eight school days to 16 September, away from 26 September to 4 October, and the rest since: 15 of I, 46 of E.
    days = after - one_short
    before = {"leaving_date": "2026-09-25", "marks": on_days("2026-09-07", 8, f"{code} {code}")}
    again = on_days("2026-10-12", days, f"{code} {code}")
    back = {"pupil_id": "0000", "admission_date": "2026-10-05", "marks": again}
    things = inspect(before, back, {}, last="2027-01-22")
    of_rule = things[things["rule"] == rule]
    assert of_rule["pupil_id"].tolist() == ["0000"] * (not one_short)
    assert of_rule["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-09-07"] * (not one_short)


# Single days, and leave

SINGLE = {"R": "religious_days", "J1": "interview_days"}


@pytest.mark.parametrize("code", ["R", "J1"])
@pytest.mark.parametrize(
    ("days", "codes", "is_found"),
    [(1, "{0} {0}", False), (2, "{0} {0}", True), (2, "{0} \\", True), (3, "/ {0}", True)],
)
def test_r_and_j1_are_found_from_the_second_school_day_in_a_row(found, on_days, code, days, codes, is_found):
    marks = on_days("2026-10-23", days, codes.format(code))  # a Friday; the next school day is in November
    assert rules_of(found({"marks": marks}, {})) == [SINGLE[code]] * is_found


def test_r_on_two_days_apart_is_in_order(found, on_days):
    assert found({"marks": on_days("2026-09-14", 2, "R R", step=2)}, {}) == []


@pytest.mark.parametrize(("days", "details"), [(9, []), (10, ["C on 10 school days in a row"])])
def test_leave_of_two_school_weeks_is_found(inspect, on_days, days, details):
    things = inspect({"marks": on_days("2026-09-14", days, "C C")}, {})
    assert things["detail"].tolist() == details
    assert set(things["rule"]) <= {"leave_long"}


# Arrangements


@pytest.mark.parametrize("code", ["B", "C2", "D", "K", "Y7"])
@pytest.mark.parametrize(("days", "is_found"), [(19, False), (20, True)])
def test_an_arrangement_of_20_school_days_is_found(found, on_days, code, days, is_found):
    things = found({"marks": on_days("2026-09-14", days, f"{code} \\")}, {})
    assert ("arrangement_unreviewed" in rules_of(things)) == is_found


def test_one_day_a_week_is_a_run_and_one_a_fortnight_is_not(inspect, on_days):
    things = inspect(
        {"marks": on_days("2026-09-11", 5, "B B", step=5)},
        {"marks": on_days("2026-09-11", 4, "B B", step=10)},
    )
    assert things[["pupil_id", "detail"]].to_numpy().tolist() == [["0000", "B on 5 of 21 school days"]]


def reviewed(*days, pupil="0000"):
    return pd.DataFrame(
        {"pupil_id": pupil, "review_date": pd.to_datetime(list(days)).astype("datetime64[s]")}
    )


@pytest.mark.parametrize(
    ("review", "rules"),
    [
        # The run is of 30 school days, 7 September to 16 October; its last 20 begin on 21 September.
        ("2026-09-18", ["arrangement_unreviewed"]),
        ("2026-09-21", []),
        ("2026-12-01", []),
    ],
)
def test_a_part_time_timetable_reviewed_in_its_last_20_days_is_in_order(found, on_days, review, rules):
    pupil = {"marks": on_days("2026-09-07", 30, "/ C2")}
    assert rules_of(found(pupil, {}, interventions=reviewed(review))) == rules
    assert rules_of(found(pupil, {}, interventions=reviewed(review, pupil="0001"))) == [
        "arrangement_unreviewed"
    ]


def test_a_review_of_support_says_nothing_of_another_school(found, on_days):
    pupil = {"marks": on_days("2026-09-07", 30, "D D")}
    assert "arrangement_unreviewed" in rules_of(found(pupil, {}, interventions=reviewed("2026-10-12")))


def part_time(*rows):
    """A log of part-time timetables of the first pupil: each row changes a complete one of 7 September to 16 October."""
    whole = {
        "pupil_id": "0000", "date_from": "2026-09-07", "date_to": "2026-10-16", "hours": 15.0, "ambition": "full time",
        "review_date": "2026-11-20", "agreed_by": "mother", "agreed_on": "2026-09-04", "authority_told_on": "2026-09-07",
    }  # fmt: skip
    table = pd.DataFrame([whole | row for row in rows], columns=[*whole, "note"])
    dated = {
        name: pd.to_datetime(table[name]).astype("datetime64[s]")
        for name in table
        if name.endswith(("_on", "_date"))
    }
    return table.assign(
        **dated,
        **{name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in ("date_from", "date_to")},
    )


@pytest.mark.parametrize(
    ("rows", "detail"),
    [
        ([{}], None),
        ([], "C2: no part-time timetable of these days is on file"),
        ([{"pupil_id": "0001"}], "C2: no part-time timetable of these days is on file"),
        (
            [{"date_from": "2026-10-19", "date_to": None}],
            "C2: no part-time timetable of these days is on file",
        ),
        ([{"agreed_by": None, "hours": None}], "C2: lacks hours; the parent's agreement"),
        ([{"date_to": "2026-10-15"}], "C2: went on after its end, 15 Oct 26"),
        ([{"date_to": "2026-12-18", "review_date": "2026-10-01"}], "C2: its review of 1 Oct 26 is past"),
        # Of two that cover the run the newer counts.
        ([{"hours": None}, {"date_from": "2026-09-21"}], None),
    ],
)
def test_a_part_time_timetable_has_a_complete_agreement_on_file(inspect, on_days, rows, detail):
    """The run is of 7 September to 16 October, judged on the last day of the register, 20 November."""
    things = inspect({"marks": on_days("2026-09-07", 30, "/ C2")}, {}, part_time=part_time(*rows))
    told = things[things["rule"] == "part_time_incomplete"]["detail"].tolist()
    assert told == ([] if detail is None else [detail])


def test_where_no_log_of_them_is_exported_nothing_is_said_of_part_time_timetables(found, on_days):
    things = found({"marks": on_days("2026-09-07", 30, "/ C2")}, {}, part_time=None)
    assert "part_time_incomplete" not in rules_of(things)
