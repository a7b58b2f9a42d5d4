from datetime import date, datetime

import pytest

from attendance_lib.intake.values import Order, complete_years, resolve_dates

THIRD = date(2026, 9, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-03", "2026-09-03T00:00:00", "2026-09-03T00:00:00+01:00", "2026-09-03 08:40:00Z", "3 Sep 2026", "03 September 2026",
        "Thu 3rd Sept 2026", "03-Sep-2026", "2026-Sep-03 00:00:00", "03-Sep-26", "3/Sep/2026", "20260903",
        datetime(2026, 9, 3, 8, 40), THIRD, " 2026-09-03 ",
    ],
)  # fmt: skip
def test_a_date_that_can_be_read_in_one_way_is_read(written):
    assert resolve_dates([written]).found[written] == THIRD


@pytest.mark.parametrize(
    "written",
    [
        "", "2026", "46268", "03/09/26", "31/02/2026", "2026-13-01", "3 Septembre 2026", "20261303", "2026090", "3 Sep 202",
        46268.0, None,
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_found(written):
    assert written not in resolve_dates([written]).found


@pytest.mark.parametrize(
    ("column", "expected", "order"),
    [
        (["03/09/2026", "14/09/2026"], THIRD, Order.DAY_FIRST),
        (["03.09.2026", "14.09.2026"], THIRD, Order.DAY_FIRST),
        (["03/09/2026", "09/14/2026"], date(2026, 3, 9), Order.MONTH_FIRST),
        (["03/09/2026", "2026-09-14", "31/12/2026 08:40"], THIRD, Order.DAY_FIRST),
    ],
)
def test_the_whole_column_tells_day_and_month_apart(column, expected, order):
    dates = resolve_dates(column)
    assert (dates.found[column[0]], dates.order) == (expected, order)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # Midnight in Britain, of summer and of winter, in other zones.
        ("2026-09-02T23:00:00.000Z", THIRD),
        ("2026-09-03T01:00:00+02:00", THIRD),
        ("2026-09-02 19:00:00-04:00", THIRD),
        ("02/09/2026 23:00:00 +00:00", THIRD),
        ("02/09/2026 11:00:00 PM +00:00", THIRD),
        ("2 Sep 2026 23:00 UTC", THIRD),
        ("2026-01-14T00:00:00Z", date(2026, 1, 14)),
        ("2026-01-13T23:30:00-00:30", date(2026, 1, 14)),
        # The night on which the clocks go forward, and that after it.
        ("2026-03-29T00:00:00Z", date(2026, 3, 29)),
        ("2026-03-29T23:00:00Z", date(2026, 3, 30)),
        # Midnight of its own zone stays, whatever it is in Britain, and so does any other time of day.
        ("2026-09-03T00:00:00Z", THIRD),
        ("2026-09-03T00:00:00+02:00", THIRD),
        ("2026-09-03T23:30:00Z", THIRD),
        ("2026-09-03T23:00:00", THIRD),
        ("2026-12-03T23:00:00Z", date(2026, 12, 3)),
        ("2026-09-03T99:00:00Z", THIRD),
    ],
)
def test_an_instant_is_the_day_that_begins_with_it_in_britain(written, expected):
    assert resolve_dates([written], Order.DAY_FIRST).found[written] == expected


@pytest.mark.parametrize(
    ("written", "latest", "expected"),
    [
        ("14/09/26", None, date(2026, 9, 14)),
        ("14.9.26", 2027, date(2026, 9, 14)),
        ("14-09-27", 2027, date(2027, 9, 14)),
        ("14/09/28", 2027, date(1928, 9, 14)),
        ("14-Sep-98", 2027, date(1998, 9, 14)),
        ("14-Sep-98", None, date(2098, 9, 14)),
        ("14/09/1998", 2027, date(1998, 9, 14)),
    ],
)
def test_a_year_of_two_digits_is_of_this_century_or_of_the_past(written, latest, expected):
    assert resolve_dates([written], latest=latest).found[written] == expected


def test_years_of_two_and_four_digits_prove_one_order():
    dates = resolve_dates(["03/09/26", "14/09/2026"])
    assert (dates.found["03/09/26"], dates.order) == (THIRD, Order.DAY_FIRST)


def test_a_column_that_cannot_tell_stays_open():
    dates = resolve_dates(["03/09/2026", "04/09/2026"])
    assert (dates.is_open, dates.found) == (True, {})


def test_a_stated_order_settles_an_open_column():
    assert resolve_dates(["03/09/2026"], Order.DAY_FIRST).found["03/09/2026"] == THIRD


def test_a_column_that_proves_both_orders_is_mixed():
    assert resolve_dates(["14/09/2026", "09/14/2026"]).is_mixed


def test_a_date_that_is_the_same_in_either_order_needs_no_proof():
    assert resolve_dates(["03/03/2026"]).found["03/03/2026"] == date(2026, 3, 3)


@pytest.mark.parametrize("written", ["2026-09-03T09:00{}x", "3 Sep 2026 9:00{}x", "03/09/2026 09:00{}x"])
def test_text_far_longer_than_a_date_is_none_at_once(written):
    """Ten thousand blanks took a pattern a minute, and a field may hold ten times as many."""
    assert resolve_dates([written.format(" " * 1_000_000)]).found == {}


@pytest.mark.parametrize("written", ["9999-12-31", "0001-01-01", "31/12/9999", datetime(9999, 12, 31)])
def test_what_systems_write_for_no_date_is_none(written):
    assert resolve_dates([written]).found.get(written) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["14 Sep"], None),
        (["Mon 14 Sep"], date(2026, 9, 14)),
        (["14 Sep", "16/9"], date(2026, 9, 14)),
        (["13 Sep"], None),
    ],
    ids=["either year", "by its weekday", "by its neighbour", "never a school day"],
)
def test_a_day_without_a_year_is_read_only_where_one_school_year_fits(written, expected):
    school_days = [date(2025, 9, 14), date(2025, 9, 15), date(2026, 9, 14), date(2026, 9, 16)]
    found = complete_years(written, school_days)
    assert (found[written[0]] if found else None) == expected
