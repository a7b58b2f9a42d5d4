"""When compulsory school age begins and ends."""

import pandas as pd
import pytest

from attendance_lib.rules.pupils import compulsory_from, compulsory_to


def one(born):
    return pd.Series(pd.to_datetime([born])).astype("datetime64[s]")


@pytest.mark.parametrize(
    ("born", "first"),
    [
        ("2021-01-01", "2026-03-31"),
        ("2021-03-31", "2026-03-31"),
        ("2021-04-01", "2026-08-31"),
        ("2021-08-31", "2026-08-31"),
        ("2021-09-01", "2026-12-31"),
        ("2021-12-31", "2026-12-31"),
        ("2020-02-29", "2025-03-31"),
    ],
)
def test_it_begins_on_the_prescribed_day_on_or_after_the_fifth_birthday(born, first):
    assert compulsory_from(one(born)).astype(str).tolist() == [first]


@pytest.mark.parametrize(
    ("born", "last"),
    [
        ("2009-09-01", "2026-06-26"),
        ("2010-08-31", "2026-06-26"),
        ("2010-09-01", "2027-06-25"),
        ("2007-10-10", "2024-06-28"),
        ("2008-07-01", "2024-06-28"),
        ("2001-09-01", "2018-06-29"),
    ],
)
def test_it_ends_on_the_last_friday_in_june_of_the_school_year_of_the_sixteenth_birthday(born, last):
    assert compulsory_to(one(born)).astype(str).tolist() == [last]
    assert pd.Timestamp(last).day_of_week == 4


def test_it_is_not_known_without_a_date_of_birth():
    assert pd.isna(compulsory_from(one(None))).all()
    assert pd.isna(compulsory_to(one(None))).all()
