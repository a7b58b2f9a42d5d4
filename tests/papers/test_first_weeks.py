"""The first weeks of a school year: last year's final rates and support in place of rates of a few days.

Last year has 40 sessions and this one 20 by the end of the fortnight; what each pupil missed, and had, is worked out by hand:

==== ============== ==================== ====================================================
id   last year      this year            support
==== ============== ==================== ====================================================
0001 24 I: severe   none                 a mentor last year, to 5 June
0002 4 O: a tenth   10 O: half           none
0003 none           10 I: half           none
0004 none           none                 none
==== ============== ==================== ====================================================
"""

from datetime import date

import pytest

from attendance_lib.papers.data_notes import definitions
from attendance_lib.papers.fortnightly.actions import pupils_without_plan
from attendance_lib.papers.fortnightly.changes import crossed_pupils, crossing_counts
from attendance_lib.papers.fortnightly.front_page import first_ten, headline, key_figures, over_the_line
from attendance_lib.papers.fortnightly.groups import groups
from attendance_lib.papers.fortnightly.priority import priority_counts, priority_pupils
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

SEPTEMBER = HalfTerm(date(2025, 9, 8), date(2025, 9, 19))
JUNE = HalfTerm(date(2026, 6, 1), date(2026, 6, 12))
AUTUMN = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
THIS_YEAR = Term("202627", "autumn", AUTUMN)
TWO_YEARS = SchoolCalendar(
    (Term("202526", "autumn", (SEPTEMBER,)), Term("202526", "summer", (JUNE,)), THIS_YEAR)
)
FORTNIGHT = (date(2026, 9, 7), date(2026, 9, 18))
NEXT_FORTNIGHT = (date(2026, 9, 21), date(2026, 10, 2))
LAST_SEPTEMBER = [f"2025-09-{day:02}" for day in (*range(8, 13), *range(15, 20))]
A_WEEK = [f"2026-09-{day:02}" for day in range(7, 12)]
ABSENCES = {
    "0001": {"I": [*LAST_SEPTEMBER, "2026-06-01", "2026-06-02"]},
    "0002": {"O": [*LAST_SEPTEMBER[:2], *A_WEEK]},
    "0003": {"I": A_WEEK},
}


@pytest.fixture(scope="module")
def early(make_pack, make_log):
    mentor = make_log(
        {
            "pupil_id": "0001",
            "intervention": "Mentor",
            "tier": "2",
            "start_date": "2025-09-15",
            "end_date": "2026-06-05",
        },
        columns=("pupil_id", "intervention", "tier", "start_date", "end_date", "review_date", "outcome", "next_step"),
    )  # fmt: skip

    def make(period=FORTNIGHT, calendar=TWO_YEARS):
        return make_pack(ABSENCES, period=period, calendar=calendar, interventions=mentor)

    return make


@pytest.fixture(scope="module")
def pack(early):
    return early()


def rows(table, *names):
    return table.frame[list(names)].to_numpy().tolist()


def test_who_was_severely_absent_last_year_stands_first_though_others_have_more_points(pack):
    # 0002: persistent 2, half missed 2 and a tenth 1, unauthorised 1, no support 1; 0003: the latter without the first and O.
    assert rows(priority_pupils(pack), "pupil_id", "points", "why", "category") == [
        ["0001", 4 + 2, "6: severe last year +6", "Severe absence last year"],
        [
            "0002",
            2 + 3 + 1 + 1,
            "7: persistent last year +2; half missed so far +3; unauthorised absence +1; no support on file +1",
            "Persistent absence last year",
        ],
        ["0003", 3 + 1, "4: half missed so far +3; no support on file +1", "Half or more missed so far"],
    ]


def test_the_list_shows_last_year_s_final_rate_and_support(pack):
    table = priority_pupils(pack)
    assert rows(
        table, "last_year_attendance_rate", "last_year_absence_sessions", "last_year_possible_sessions"
    ) == [[16 / 40, 24, 40], [36 / 40, 4, 40], [1, 0, 40]]
    assert rows(table, "last_year_support_text") == [["Mentor 15 Sep 2025 to 5 Jun"], [""], [""]]
    shown = {column.name for column in table.columns if column.shown}
    assert {
        "last_year_attendance_rate",
        "last_year_support_text",
        "absence_sessions",
        "possible_sessions",
    } <= shown
    assert "no pupil's rate is of more than 20 sessions" in table.note


def test_the_first_ten_show_last_year_in_place_of_the_year_to_date(pack):
    table = first_ten(pack)
    names = [column.name for column in table.columns]
    assert "attendance_rate" not in names
    assert "last_year_attendance_rate" in names
    assert rows(table, "pupil_id", "support_text")[0] == ["0001", "last year: Mentor 15 Sep 2025 to 5 Jun"]


def test_the_rule_that_is_printed_is_that_of_the_first_weeks(pack, early):
    first, later = (priority_counts(each).items[1] for each in (pack, early(LATER)))
    assert first.startswith(
        "Order, in the first weeks of a school year: whoever was severely absent in all of last year"
    )
    assert later.startswith("Order: the points of every reason that holds are added up")


@pytest.mark.parametrize(
    ("measure", "value", "detail"),
    [
        (
            "persistent_absence",
            2 / 4,
            "2 of 4 enrolments; this year so far 2 of 4 enrolments, from no more than 20 sessions each",
        ),
        (
            "severe_absence",
            1 / 4,
            "1 of 4 enrolments; this year so far 2 of 4 enrolments, from no more than 20 sessions each",
        ),
    ],
)
def test_the_largest_type_is_last_year_s_final_rate(pack, measure, value, detail):
    figure = figure_of(pack, measure)
    assert (figure.value, figure.detail, figure.comparisons) == (value, detail, ())
    assert figure.label.endswith("in all of 2025/26")


def figure_of(pack, measure):
    return {each.name: each for each in key_figures(pack).figures}[f"{measure}_rate"]


def test_without_last_year_no_rate_of_a_few_days_stands_in_its_place(early):
    figure = figure_of(early(calendar=SchoolCalendar((THIS_YEAR,))), "persistent_absence")
    assert figure.value is None
    assert figure.detail == (
        "too early to say: this year so far 2 of 4 enrolments, from no more than 20 sessions each"
    )


def test_the_sentence_tells_last_year_and_how_few_sessions_there_are(pack):
    assert over_the_line(pack) == (
        "2 pupils now on roll were persistently absent in all of 2025/26, 1 of them severely. So far this year 2 pupils on roll "
        "missed a tenth or more and 2 half or more, of no more than 20 sessions each."
    )


def test_every_table_with_such_rates_says_on_how_few_sessions_they_rest(early):
    pack = early(NEXT_FORTNIGHT)
    said = (
        "Persistent and severe absence of the year to date are from no more than 40 sessions each so far; in all of 2025/26 they "
        "came to 50.0% and 25.0%."
    )
    assert [said in table.note for table in (headline(pack), crossing_counts(pack), groups(pack))] == [
        True
    ] * 3


def test_how_many_of_a_group_are_persistently_absent_is_for_the_workbook_alone(early):
    shown = [
        {column.name for column in groups(each).columns if column.shown} for each in (early(), early(LATER))
    ]
    assert ["persistent_absence_rate" in names for names in shown] == [False, True]
    assert {"persistent_absence_rate"} <= {column.name for column in groups(early()).columns}


def test_who_crossed_a_line_is_shown_with_last_year(early):
    # 10 of 20, then 10 of 40: out of severe absence.
    table = crossed_pupils(early(NEXT_FORTNIGHT))
    assert rows(table, "pupil_id", "last_year_attendance_rate") == [["0002", 36 / 40], ["0003", 1]]


def test_who_has_no_plan_is_told_by_last_year_s_lines(pack):
    assert rows(pupils_without_plan(pack), "pupil_id", "lines") == [
        ["0001", "Severe absence last year"],
        ["0002", "Persistent absence last year, notice threshold, local referral trigger"],
        ["0003", "Half or more missed so far"],
    ]


def test_the_definitions_say_what_the_first_weeks_are(early):
    said = [
        any("its first 60 sessions" in each for each in definitions(pack).items)
        for pack in (early(), early(LATER))
    ]
    assert said == [True, False]


# Six weeks of ten sessions end on 16 October.
LAST_EARLY, LATER = (date(2026, 10, 5), date(2026, 10, 15)), (date(2026, 10, 5), date(2026, 10, 16))


@pytest.mark.parametrize(
    ("period", "label"),
    [(LAST_EARLY, "Persistent absence in all of 2025/26"), (LATER, "Persistent absence year to date")],
)
def test_the_first_weeks_end_with_the_sixtieth_session(early, period, label):
    pack = early(period)
    assert figure_of(pack, "persistent_absence").label == label
    names = [column.name for column in priority_pupils(pack).columns]
    assert ("last_year_attendance_rate" in names) == (period == LAST_EARLY)
