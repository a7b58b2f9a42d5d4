"""Which days a report covers when some are left out, and which are refused."""

from datetime import date

import pytest

from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.reports.papers import Span
from attendance_lib.reports.period import Period, read_iso_date, settle_period
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

# School weeks: 12 Oct, 19 Oct, (holiday), 2 Nov, 9 Nov, 16 Nov; Monday 2 November is an INSET day.
CALENDAR = SchoolCalendar(
    (
        Term(
            "202627",
            "autumn",
            (
                HalfTerm(date(2026, 10, 12), date(2026, 10, 23)),
                HalfTerm(date(2026, 11, 2), date(2026, 11, 20)),
            ),
        ),
    ),
    inset=(date(2026, 11, 2),),
)


def november(day):
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (november(20), (november(9), november(20))),
        (november(18), (november(9), november(18))),  # made on a Wednesday: last week and this one so far
        (
            november(15),
            (november(3), november(13)),
        ),  # a Sunday: the week that has ended; the INSET Monday is no school day
        (november(6), (date(2026, 10, 19), november(6))),  # the holiday between is stepped over
        (date(2026, 12, 25), (november(9), november(20))),
        (
            date(2026, 10, 13),
            (date(2026, 10, 12), date(2026, 10, 13)),
        ),  # the calendar's first week has none before it
    ],
)
def test_without_dates_it_is_two_school_weeks_to_the_last_school_day_with_marks(newest, expected):
    assert settle_period(CALENDAR, newest, None, None) == Period(*expected)


def test_with_the_last_day_alone_it_is_the_two_school_weeks_that_end_then():
    assert settle_period(CALENDAR, november(20), None, november(12)) == Period(november(3), november(12))


def test_with_the_first_day_alone_it_runs_to_the_last_school_day_with_marks():
    assert settle_period(CALENDAR, november(18), november(4), None) == Period(november(4), november(18))


def test_both_dates_are_taken_as_given():
    assert settle_period(CALENDAR, november(20), november(7), november(15)) == Period(
        november(7), november(15)
    )


@pytest.mark.parametrize(
    ("newest", "asked", "expected"),
    [
        (november(6), None, (date(2026, 10, 12), date(2026, 10, 23))),  # the newest that has ended
        (november(20), None, (november(3), november(20))),  # its first Monday is an INSET day
        (november(20), november(12), (november(3), november(12))),
        (november(20), date(2026, 10, 30), (date(2026, 10, 12), date(2026, 10, 30))),  # a day of the holiday
        (date(2026, 10, 14), None, (date(2026, 10, 12), date(2026, 10, 14))),  # none has ended yet
    ],
)
def test_a_half_terms_paper_covers_the_half_term_of_its_last_day(newest, asked, expected):
    assert settle_period(CALENDAR, newest, None, asked, Span.HALF_TERM) == Period(*expected)


def test_a_whole_records_paper_runs_from_the_calendars_first_day_to_the_newest_mark():
    expected = Period(date(2026, 10, 12), november(18))
    assert settle_period(CALENDAR, november(18), None, None, Span.WHOLE_RECORD) == expected


@pytest.mark.parametrize(
    ("newest", "dates", "error", "message"),
    [
        (20, (november(10), november(9)), RequestError, r"--from 2026-11-10 is after --to 2026-11-09"),
        (
            6,
            (november(9), None),
            SettingsError,
            r"no register from 2026-11-09 on: the last one taken is of 2026-11-06",
        ),
        (
            20,
            (date(2026, 10, 11), None),
            SettingsError,
            r"--from 2026-10-11 is outside the school calendar \(2026-10-12 to 2026-11-20\)",
        ),
        (20, (None, november(21)), SettingsError, r"--to 2026-11-21 is outside the school calendar"),
        (20, (november(14), november(15)), SettingsError, r"has no school day"),
        (
            12,
            (november(13), november(20)),
            SettingsError,
            r"no register from 2026-11-13 on: the last one taken is of 2026-11-12",
        ),
    ],
)
def test_a_period_that_cannot_be_is_refused(newest, dates, error, message):
    with pytest.raises(error, match=message):
        settle_period(CALENDAR, november(newest), *dates)


def test_marks_from_before_the_calendar_are_refused():
    with pytest.raises(
        SettingsError, match=r"last register taken \(2026-07-17\) is before the first school day"
    ):
        settle_period(CALENDAR, date(2026, 7, 17), None, None)


@pytest.mark.parametrize("text", ["20261109", "2026-W46-1", "9/11/2026", "2026-11-9", "", "2026-11-09 "])
def test_a_date_written_otherwise_is_refused(text):
    with pytest.raises(ValueError, match="is not a date. Write it as YYYY-MM-DD"):
        read_iso_date(text)


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="'2026-02-29' is not a day that exists"):
        read_iso_date("2026-02-29")
