"""The spans of a half term, on two and a bit school years of one pupil a year group."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.pack.cohorts import Selection
from attendance_lib.pack.periods import HalfTerms, Periods, census_year
from attendance_lib.register.grid import Register, cell_of
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term


def year(start):
    """A school year of six half terms of one week each."""
    weeks = [
        (start, 9, 7),
        (start, 11, 2),
        (start + 1, 1, 11),
        (start + 1, 3, 1),
        (start + 1, 4, 19),
        (start + 1, 6, 7),
    ]
    days = [date(*each) for each in weeks]
    mondays = [day.fromordinal(day.toordinal() - day.weekday()) for day in days]
    halves = [HalfTerm(day, day.fromordinal(day.toordinal() + 4)) for day in mondays]
    name = f"{start}{(start + 1) % 100:02d}"
    return [
        Term(name, term, tuple(halves[2 * place : 2 * place + 2]))
        for place, term in enumerate(("autumn", "spring", "summer"))
    ]


CALENDAR = SchoolCalendar(tuple(term for start in (2024, 2025, 2026) for term in year(start)))
NAMES = {"a": 9, "b": 11, "c": 12}


def register(last):
    """Everyone present to a day; ``year_group`` is that of 2026/27."""
    sessions = CALENDAR.sessions()
    sessions = sessions[sessions["date"] <= pd.Timestamp(last)].reset_index(drop=True)
    pupils = pd.DataFrame(
        {
            "pupil_id": list(NAMES),
            "year_group": pd.array(list(NAMES.values()), dtype="Int16"),
            "reference_year": 2026,
            "date_of_birth": pd.NaT,
            "admission_date": pd.Timestamp("2020-09-01"),
            "leaving_date": pd.NaT,
        }
    )
    return Register(np.full((3, len(sessions)), cell_of("/"), dtype=np.uint8), pupils, sessions)


def half_terms(first, last):
    return HalfTerms(
        Periods(register(last), date.fromisoformat(first), date.fromisoformat(last), Selection())
    )


@pytest.fixture(scope="module")
def second():
    """The second half term of 2026/27."""
    return half_terms("2026-11-02", "2026-11-06")


def test_the_half_term_before_is_the_last_one_that_was(second):
    assert (second.previous.first_date, second.previous.last_date) == (date(2026, 9, 7), date(2026, 9, 11))


def test_the_half_term_before_a_first_one_is_of_last_year_with_its_year_groups():
    before = half_terms("2026-09-07", "2026-09-11").previous
    assert before.sessions["half_term"].unique().tolist() == ["202526-summer-2"]
    # In 2025/26 a was in Year 8, b in Year 10 and c in Year 11, all of them counted.
    assert before.pupils["year_group"].tolist() == [8, 10, 11]


def test_the_rates_of_a_first_half_term_have_none_before_them():
    """In each year group then were other children; last year's same half term stands beside it instead."""
    assert half_terms("2026-09-07", "2026-09-11").previous_of_year.sessions.empty


def test_there_is_none_before_the_first_half_term_known():
    assert half_terms("2024-09-02", "2024-09-06").previous.sessions.empty


def test_the_same_half_term_of_earlier_years_comes_latest_first(second):
    found = [each.current.sessions["half_term"].iloc[0] for each in second.earlier_years]
    assert found == ["202526-autumn-2", "202425-autumn-2"]


def test_whole_years_are_those_held_from_first_to_last_half_term(second):
    assert list(second.whole_years) == ["202526", "202425"]


def test_the_year_under_way_is_no_whole_year():
    assert list(half_terms("2025-10-27", "2025-10-31").whole_years) == ["202425"]


def test_the_census_leaves_out_year_11_in_the_last_half_term(second):
    year = second.periods.register.in_school_year("202526")
    counted = pupil_totals(census_year(year))["possible_sessions"].tolist()
    whole = pupil_totals(year)["possible_sessions"].tolist()
    late = int(year.sessions["half_term"].eq("202526-summer-2").sum())
    assert late > 0
    assert counted == [whole[0], whole[1], whole[2] - late]


SIX = ("Term 1", "Term 2", "Term 3", "Term 4", "Term 5", "Term 6")


def six_terms(start, names):
    """The same half terms, each a term of its own."""
    halves = [half for term in year(start) for half in term.half_terms]
    code = f"{start}{(start + 1) % 100:02d}"
    return [Term(code, name, (half,)) for name, half in zip(names, halves, strict=True)]


@pytest.fixture
def six(monkeypatch):
    """Six terms a year, whose names were written in another way the year before."""
    earlier = [name.lower().replace(" ", "_") for name in SIX]
    calendar = SchoolCalendar((*six_terms(2025, earlier), *six_terms(2026, SIX)))
    monkeypatch.setattr(f"{__name__}.CALENDAR", calendar)
    return half_terms("2026-11-02", "2026-11-06")


def test_a_school_of_six_terms_has_last_year_s_half_term_and_whole_years(six):
    assert six.periods.last_year.sessions["half_term"].unique().tolist() == ["202526-term_2-1"]
    assert list(six.whole_years) == ["202526"]


def test_the_census_leaves_out_year_11_after_the_spring_bank_holiday_however_terms_are_called(six):
    last_year = six.periods.register.in_school_year("202526")
    counted = pupil_totals(census_year(last_year))["possible_sessions"].tolist()
    # Six half terms of five days: 60 sessions, 10 of them after 25 May; c was in Year 11.
    assert counted == [60, 60, 50]
