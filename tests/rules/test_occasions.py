"""When each paper is asked for, on calendars worked out by hand.

October       November       January 2027
Mo  5 12 19   Mo  2  9 16    Mo  .  11
Tu  6 13 20   Tu  3 10 17    Tu  5  12
We  7 14 21   We  4 11 18    We  6  13
Th  8 15 22   Th  5 12 19    Th  7  14
Fr  9 16 23   Fr  6 13 20    Fr  8  15
week  1 2 3        4 5 6          7 8
"""

from dataclasses import replace
from datetime import date, time

import pytest

from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term, days_between
from attendance_lib.rules.occasions import CannotCountError, Occasions, Rhythm

AUTUMN = Term(
    "202627",
    "autumn",
    (HalfTerm(date(2026, 10, 5), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 11, 20))),
)
SPRING = Term("202627", "spring", (HalfTerm(date(2027, 1, 5), date(2027, 1, 15)),))
# Two weeks of the school year before.
SUMMER = Term("202526", "summer", (HalfTerm(date(2026, 7, 6), date(2026, 7, 17)),))
TUESDAY = date(2026, 10, 6)


def occasions(*terms, rhythm=None, **more):
    return Occasions(SchoolCalendar(terms or (AUTUMN, SPRING), **more), rhythm or Rhythm(TUESDAY))


def day(written):
    """A day of these months: before August is 2027."""
    month, number = (int(part) for part in written.split("-"))
    return date(2026 if month > 3 else 2027, month, number)


def written(*days):
    return tuple(f"{each:%m-%d}" for each in days)


def packs(school):
    return [written(each.due, each.first, each.last, each.meeting) for each in school.pastoral()]


def spans(found):
    return [written(each.due, each.first, each.last) for each in found]


# The pastoral meeting and its pack


def test_meetings_are_every_second_school_week_over_holidays_and_the_new_year():
    assert [written(held)[0] for _, held in occasions().meetings()] == ["10-06", "10-20", "11-10", "01-05"]


def test_a_pack_is_due_the_school_day_before_its_meeting_and_covers_the_whole_weeks_since_the_last():
    assert packs(occasions()) == [
        ("10-19", "10-05", "10-16", "10-20"),
        ("11-09", "10-19", "11-06", "11-10"),
        ("01-04", "11-09", "11-20", "01-05"),
    ]


def test_a_pack_is_never_due_before_its_last_day_is_over():
    """Two school days before Tuesday 20 October is Friday the 16th, the last day that the pack covers."""
    first = next(iter(occasions(rhythm=Rhythm(TUESDAY, pack_days_before=2)).pastoral()))
    assert (first.last, first.due, first.marks_to) == (day("10-16"), day("10-17"), day("10-16"))


@pytest.mark.parametrize(("days_before", "due"), [(0, "01-05"), (1, "01-04"), (2, "01-01"), (3, "12-31")])
def test_over_a_holiday_the_days_before_a_meeting_are_weekdays(days_before, due):
    """A pack for Tuesday 5 January, the first day of term, is not made six weeks before, when term ended."""
    last = list(occasions(rhythm=Rhythm(TUESDAY, pack_days_before=days_before)).pastoral())[-1]
    assert written(last.due, last.meeting) == (due, "01-05")


@pytest.mark.parametrize(
    ("closed", "meetings"),
    [
        # The week of a meeting: held a week later, the next one as planned.
        (("10-19", "10-23"), ["10-06", "11-03", "11-10", "01-05"]),
        # A week between two: no meeting moves.
        (("10-12", "10-16"), ["10-06", "10-20", "11-10", "01-05"]),
    ],
)
def test_a_week_closed_later_moves_one_meeting(closed, meetings):
    snow = tuple(Closure(each, "snow") for each in days_between(*map(day, closed)))
    school = occasions(closures=snow)
    assert [written(held)[0] for _, held in school.meetings()] == meetings


def test_packs_around_a_closed_week_cover_the_days_that_are_left():
    snow = tuple(Closure(each, "snow") for each in days_between(day("10-19"), day("10-23")))
    assert packs(occasions(closures=snow)) == [
        ("11-02", "10-05", "10-16", "11-03"),
        ("11-09", "11-02", "11-06", "11-10"),
        ("01-04", "11-09", "11-20", "01-05"),
    ]


def test_of_weekly_meetings_the_one_of_a_closed_week_is_not_held():
    snow = tuple(Closure(each, "snow") for each in days_between(day("10-12"), day("10-16")))
    weekly = packs(occasions(rhythm=Rhythm(TUESDAY, meeting_every_weeks=1), closures=snow))
    assert weekly[0] == ("10-19", "10-05", "10-09", "10-20")


@pytest.mark.parametrize(
    ("first", "left"),
    [
        # The meeting of 7 July has no pack: everything from its week on is left.
        (date(2026, 7, 7), [("07-18", "07-06", "07-17")]),
        # That of 14 July has one of the week before.
        (date(2026, 7, 14), [("07-18", "07-13", "07-17")]),
        (TUESDAY, []),
        (None, []),
    ],
)
def test_the_last_weeks_of_a_school_year_have_a_pack_of_their_own(first, left):
    """Autumn and spring end no school year, so what is left after the last meeting of this calendar waits for the next terms."""
    assert spans(occasions(SUMMER, AUTUMN, SPRING, rhythm=Rhythm(first)).last_weeks()) == left


def test_a_calendar_that_ends_with_a_school_year_is_told():
    assert occasions(SUMMER, rhythm=Rhythm(date(2026, 7, 7))).year_that_ends() == (day("07-06"), day("07-17"))
    assert occasions(SUMMER, AUTUMN).year_that_ends() is None
    assert occasions().year_that_ends() is None


@pytest.mark.parametrize("terms", [(SUMMER,), (SUMMER, AUTUMN, SPRING)])
def test_the_last_report_of_a_school_year_is_due_when_term_ends(terms):
    """Whether the next terms are typed in or not: nobody corrects a register over the summer."""
    assert spans(occasions(*terms).governors())[0] == ("07-18", "07-06", "07-17")


def test_the_packs_cover_every_school_day_between_the_first_and_the_last_once():
    school = occasions()
    covered = [each for pack in school.pastoral() for each in days_between(pack.first, pack.last)]
    assert [each for each in covered if each in school.calendar.school_days] == [
        each for each in school.calendar.school_days if each <= day("11-20")
    ]


@pytest.mark.parametrize(
    ("days_before", "due"), [(0, "10-20"), (1, "10-19"), (2, "10-17"), (9, "10-17"), (99, "10-17")]
)
def test_the_days_before_a_meeting_are_school_days(days_before, due):
    """Two school days before Tuesday 20 October is Friday the 16th, whose marks the pack needs."""
    rhythm = Rhythm(TUESDAY, pack_days_before=days_before)
    assert packs(occasions(rhythm=rhythm))[0][0] == due


def test_a_meeting_every_week_has_a_pack_of_one_week():
    weekly = packs(occasions(rhythm=Rhythm(TUESDAY, meeting_every_weeks=1)))
    assert weekly[:3] == [
        ("10-12", "10-05", "10-09", "10-13"),
        ("10-19", "10-12", "10-16", "10-20"),
        ("11-02", "10-19", "10-23", "11-03"),
    ]
    assert len(weekly) == 7


def test_a_first_meeting_in_a_holiday_is_held_in_the_next_school_week():
    """Tuesday 27 October is in the half-term holiday."""
    rhythm = Rhythm(date(2026, 10, 27))
    assert packs(occasions(rhythm=rhythm)) == [
        ("11-02", "10-12", "10-23", "11-03"),
        ("11-16", "11-02", "11-13", "11-17"),
        ("01-11", "11-16", "01-08", "01-12"),
    ]


@pytest.mark.parametrize(
    ("first", "closed", "held", "due"),
    [
        (TUESDAY, ["11-10"], "11-11", "11-09"),
        (TUESDAY, ["11-10", "11-11", "11-12", "11-13"], "11-09", "11-07"),
        (TUESDAY, ["11-09"], "11-10", "11-07"),
        (date(2026, 10, 9), ["11-13"], "11-12", "11-11"),
        (date(2026, 10, 5), ["11-09"], "11-10", "11-07"),
    ],
)
def test_a_meeting_on_a_day_without_school_moves_within_its_week(first, closed, held, due):
    school = occasions(rhythm=Rhythm(first), inset=tuple(day(each) for each in closed))
    pack = list(school.pastoral())[1]
    assert written(pack.meeting, pack.due, pack.first, pack.last) == (held, due, "10-19", "11-06")


def test_a_week_of_nothing_but_inset_is_stepped_over_and_a_day_closed_to_one_year_group_is_not():
    inset = tuple(days_between(day("10-12"), day("10-16")))
    school = occasions(inset=inset, closures=(Closure(day("11-03"), "trip", (7,)),))
    assert packs(school)[0] == ("11-02", "10-05", "10-23", "11-03")


def test_a_snow_day_at_the_end_of_a_week_ends_the_period_a_day_earlier():
    school = occasions(closures=(Closure(day("10-16"), "snow"),))
    assert packs(school)[0] == ("10-19", "10-05", "10-15", "10-20")


def test_a_pack_does_not_reach_into_the_school_year_before():
    """Week 3 is the first of 202627: its meeting has nothing to read; that of week 5 has two weeks."""
    school = occasions(SUMMER, AUTUMN, SPRING, rhythm=Rhythm(date(2026, 7, 7)))
    assert [written(held)[0] for _, held in school.meetings()] == [
        "07-07",
        "10-06",
        "10-20",
        "11-10",
        "01-05",
    ]
    assert packs(school)[0] == ("10-19", "10-05", "10-16", "10-20")
    shifted = occasions(SUMMER, AUTUMN, SPRING, rhythm=Rhythm(date(2026, 7, 14)))
    assert packs(shifted)[:2] == [
        ("07-13", "07-06", "07-10", "07-14"),
        ("10-12", "10-05", "10-09", "10-13"),
    ]


def test_without_a_meeting_there_is_no_pack():
    assert packs(occasions(rhythm=Rhythm())) == []


@pytest.mark.parametrize("first", [date(2026, 10, 2), date(2027, 1, 18)])
def test_a_first_meeting_outside_the_calendar_cannot_be_counted_from(first):
    with pytest.raises(CannotCountError):
        list(occasions(rhythm=Rhythm(first)).pastoral())


def test_the_weeks_first_monday_may_be_a_holiday():
    """Monday 4 January is in the week of the first school day, Tuesday the 5th."""
    assert len(list(occasions(SPRING, rhythm=Rhythm(date(2027, 1, 4))).meetings())) == 1


# Half terms


def test_the_evaluation_is_due_the_day_after_each_half_term():
    assert spans(occasions(SUMMER, AUTUMN, SPRING).impact()) == [
        ("07-18", "07-06", "07-17"),
        ("10-24", "10-05", "10-23"),
        ("11-21", "11-02", "11-20"),
        ("01-16", "01-05", "01-15"),
    ]


@pytest.mark.parametrize(
    ("wait", "settled"),
    [
        (0, ["07-17", "10-23", "11-20", "01-15"]),
        (5, ["07-17", "11-06", "01-11"]),
        (8, ["07-17", "11-11", "01-14"]),
        (9, ["07-17", "11-12", "01-15"]),
        (10, ["07-17", "11-13"]),
        (16, ["07-17", "01-05"]),
    ],
)
def test_the_report_waits_for_school_days_not_weekdays_but_not_over_the_summer(wait, settled):
    """Over the half-term holiday and over Christmas, and not over the summer; none where the calendar ends before."""
    school = occasions(SUMMER, AUTUMN, SPRING, rhythm=Rhythm(settled_days=wait))
    found = list(school.governors())
    assert [written(each.marks_to)[0] for each in found] == settled
    assert all((each.due - each.marks_to).days == 1 for each in found)


def test_an_inset_day_settles_no_register():
    school = occasions(AUTUMN, SPRING, inset=(day("11-02"),))
    assert spans(school.governors())[0] == ("11-10", "10-05", "10-23")


def test_a_half_term_that_ends_with_inset_ends_on_its_last_school_day():
    school = occasions(inset=(day("10-23"),))
    assert spans(school.impact())[0] == ("10-23", "10-05", "10-22")


@pytest.mark.parametrize(
    ("on", "start"),
    [
        ("10-01", "10-05"), ("10-05", "10-05"), ("10-23", "10-05"), ("10-30", "10-05"), ("11-02", "11-02"),
        ("12-25", "11-02"), ("01-05", "01-05"), ("03-01", "01-05"),
    ],
)  # fmt: skip
def test_a_holiday_belongs_to_the_half_term_before_it(on, start):
    assert occasions().half_term_start(day(on)) == day(start)


# Sheets of staff, and the meeting with the local authority


def test_staff_get_their_sheets_with_each_pastoral_pack():
    assert [each.kind for each in occasions().caseloads()] == ["caseloads"] * len(packs(occasions()))
    assert spans(occasions().caseloads()) == spans(occasions().pastoral())


def test_the_paper_for_the_authority_is_about_the_school_year_since_the_meeting_before():
    # Mondays 19 October and 16 November; a meeting in the holiday; one on the first day of all, before which nothing was.
    days = tuple(day(each) for each in ("11-16", "10-19", "10-28", "10-05"))
    found = list(occasions(rhythm=Rhythm(authority_meetings=days)).authority())
    assert [written(each.due, each.first, each.last, each.meeting) for each in found] == [
        ("10-17", "10-05", "10-16", "10-19"),
        ("10-24", "10-19", "10-23", "10-28"),
        ("11-14", "11-02", "11-13", "11-16"),
    ]


def test_without_a_meeting_with_the_authority_no_paper_is_asked_for():
    assert list(occasions().authority()) == []


# Raffle and prize pot


def test_the_raffle_is_weekly_in_school_weeks():
    assert spans(occasions().raffle())[2:5] == [
        ("10-24", "10-19", "10-23"),
        ("11-07", "11-02", "11-06"),
        ("11-14", "11-09", "11-13"),
    ]
    assert len(list(occasions().raffle())) == 8


def test_the_prize_pot_is_of_six_school_weeks_and_begins_afresh_each_school_year():
    assert spans(occasions().prize_pot()) == [("11-21", "10-05", "11-20")]
    assert spans(occasions(SUMMER, AUTUMN, SPRING).prize_pot()) == [("11-21", "10-05", "11-20")]


def test_weeks_that_make_no_whole_block_have_no_prize_pot():
    rhythm = Rhythm(prize_pot_every_weeks=3)
    assert spans(occasions(rhythm=rhythm).prize_pot()) == [
        ("10-24", "10-05", "10-23"),
        ("11-21", "11-02", "11-20"),
    ]


# Punctuality, lessons and the sheets of the day


def test_punctuality_and_lessons_are_of_so_many_school_weeks_and_of_none_by_default():
    assert [*occasions().punctuality(), *occasions().lessons()] == []
    asked = occasions(rhythm=Rhythm(punctuality_every_weeks=3, lessons_every_weeks=6))
    assert spans(asked.punctuality()) == [("10-24", "10-05", "10-23"), ("11-21", "11-02", "11-20")]
    assert spans(asked.lessons()) == [("11-21", "10-05", "11-20")]


def test_each_half_of_a_school_day_has_a_sheet_from_its_time_on():
    at = {"AM": time(9, 20), "PM": time(13, 50)}
    midday = (Closure(date(2026, 10, 6), "boiler", session="PM"),)
    asked = occasions(rhythm=Rhythm(daily_at=at), closures=midday)
    first = [
        (each.due.day, each.first == each.last == each.marks_to == each.due, each.at)
        for each in asked.mornings()
    ][:3]
    assert first == [(5, True, time(9, 20)), (6, True, time(9, 20)), (7, True, time(9, 20))]
    assert [each.due.day for each in asked.afternoons()][:3] == [5, 7, 8]
    assert len(list(asked.mornings())) == len(asked.calendar.school_days)
    only = occasions(rhythm=Rhythm(daily_at={"AM": time(9, 20)}))
    assert [*only.afternoons(), *occasions().mornings()] == []


# Notices to improve


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        ([date(2026, 11, 13)], [("11-14", "11-02", "11-13")]),
        ([date(2026, 11, 6)], [("11-07", "10-19", "11-06")]),  # two school weeks, over half term
        ([date(2026, 10, 28)], [("10-29", "10-12", "10-23")]),  # ends in the holiday
        ([date(2026, 10, 30), date(2026, 10, 28)], [("10-29", "10-12", "10-23")]),  # two of one holiday
        ([date(2026, 9, 1), date(2027, 6, 1)], []),  # before and after the calendar
    ],
)
def test_a_paper_on_notices_is_asked_for_on_the_day_after_one_ends(ends, found):
    school = replace(occasions(), improvement_ends=tuple(ends))
    assert spans(school.notice_ends()) == found


# Reviews of support plans: the autumn has school from 7 September to 23 October and from 2 November


@pytest.mark.parametrize(
    ("reviews", "found"),
    [
        (
            [date(2026, 11, 12)],
            [("11-09", "10-19", "11-06")],
        ),  # a Thursday: on that Monday, up to the Friday before it
        ([date(2026, 11, 14)], [("11-16", "11-02", "11-13")]),  # a Saturday: it is held on the Monday
        ([date(2026, 10, 28)], [("11-02", "10-12", "10-23")]),  # in the holiday: on the first day after it
        (
            [date(2026, 11, day) for day in (9, 10, 12, 13)],
            [("11-09", "10-19", "11-06")],
        ),  # one for all of a week
        (
            [date(2026, 11, 13), date(2026, 11, 16)],
            [("11-09", "10-19", "11-06"), ("11-16", "11-02", "11-13")],
        ),
        ([date(2026, 9, 1), date(2027, 6, 1)], []),  # before and after the calendar
    ],
)
def test_the_paper_on_plans_is_asked_for_once_in_each_week_with_reviews_on_its_first_school_day(
    reviews, found
):
    school = replace(occasions(), reviews=tuple(reviews))
    assert spans(school.plan_reviews()) == found


def test_in_the_first_week_of_a_school_year_the_paper_on_plans_waits_for_a_day_to_tell_of():
    first, second, third, *_ = occasions().calendar.school_days
    school = replace(occasions(), reviews=(third, second))
    assert [(each.due, each.first, each.last) for each in school.plan_reviews()] == [(second, first, first)]


def test_a_review_on_the_first_school_day_of_all_has_no_day_before_it_to_tell_of():
    school = replace(occasions(), reviews=(occasions().calendar.school_days[0],))
    assert list(school.plan_reviews()) == []
