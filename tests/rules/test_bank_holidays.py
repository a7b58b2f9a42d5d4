"""Bank holidays worked out against the list that gov.uk publishes."""

import json
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.rules.calendar import bank_holidays, first_monday, last_monday

ROOT = Path(__file__).parents[2]
GOV_UK = ROOT.parent / "shared" / "data" / "bank-holidays" / "govuk_bank-holidays_2026-08-21.json"
QUOTED = pd.read_csv(Path(__file__).parent / "data" / "bank_holidays.csv", parse_dates=["date"])[
    "date"
].dt.date
YEARS = range(2019, 2029)


@pytest.mark.parametrize("year", YEARS)
def test_the_bank_holidays_are_those_of_gov_uk(year):
    assert bank_holidays(year) == {day for day in QUOTED if day.year == year}


@pytest.mark.skipif(not GOV_UK.exists(), reason="gov.uk's file is not beside the project (../shared)")
def test_the_quoted_list_is_gov_uks():
    years = json.loads(GOV_UK.read_text(encoding="utf-8"))["divisions"][
        "common.nations.england-and-wales_slug"
    ]
    published = {
        datetime.strptime(event["date"], "%d/%m/%Y").date() for year in YEARS for event in years[str(year)]
    }
    assert published == set(QUOTED)
    assert len(QUOTED) == 83


@pytest.mark.parametrize("year", range(1990, 2051))
def test_no_bank_holiday_is_at_a_weekend(year):
    assert all(day.weekday() < 5 for day in bank_holidays(year))


@pytest.mark.parametrize("year", range(2029, 2051))
def test_a_year_without_proclamations_has_eight(year):
    assert len(bank_holidays(year)) == 8


@pytest.mark.parametrize(
    ("year", "month", "first", "last"),
    [
        (2026, 5, date(2026, 5, 4), date(2026, 5, 25)),
        (2023, 5, date(2023, 5, 1), date(2023, 5, 29)),
        (2020, 8, date(2020, 8, 3), date(2020, 8, 31)),
        (2026, 12, date(2026, 12, 7), date(2026, 12, 28)),
    ],
)
def test_the_first_and_last_monday_of_a_month(year, month, first, last):
    assert (first_monday(year, month), last_monday(year, month)) == (first, last)
