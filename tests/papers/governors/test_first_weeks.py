"""The governors' report in the first weeks of a year: no rate of a few days in the largest type, or beside others' years."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from attendance_lib.papers.governors import front_page, headline, pupils, words
from attendance_lib.rules.benchmarks import Benchmark, Level, Series
from tests.papers.governors.conftest import PUPILS

FIRST_FORTNIGHT = (date(2026, 9, 7), date(2026, 9, 18))
ILL = ("I", ["2026-09-07", "2026-09-08"])
FLAGS = ["Persistent absence (10% or more missed)", "Severe absence (50% or more missed)"]


@pytest.fixture(scope="module")
def early(make_report):
    """Twelve of sixty missed 4 of 20 sessions; the exports begin with this school year."""
    return make_report(absences=dict.fromkeys(PUPILS[:12], ILL), period=FIRST_FORTNIGHT)


@pytest.fixture(scope="module")
def with_last_year(early):
    year = pd.DataFrame({"span": ["202526"], "persistent_absence_rate": [0.25], "severe_absence_rate": ["c"]})
    return replace(early, tables=early.tables | {"whole_years": year})


def cards(report):
    return front_page.key_figures(report).figures[3:]


def test_the_largest_type_is_last_year_s_rate_as_the_census_counts(with_last_year):
    persistent, severe = cards(with_last_year)
    assert (persistent.label, persistent.value) == ("Persistent absence, 2025/26", 0.25)
    assert persistent.detail == (
        "as the census counts; this year so far 12 of 60 pupils, from no more than 20 sessions each"
    )
    assert severe.value == "c"


def test_without_last_year_there_is_no_rate_in_the_largest_type(early):
    persistent, _ = cards(early)
    assert (persistent.value, persistent.comparisons) == (None, ())
    assert persistent.detail == (
        "too early to say: this year so far 12 of 60 pupils, from no more than 20 sessions each"
    )


def test_the_sentence_begins_with_last_year(early, with_last_year):
    assert words.persistent_words(with_last_year).startswith(
        "In all of 2025/26 25.0% of pupils were persistently absent, as the census counts. So far this year 12 pupils (20.0%) "
        "are persistently absent"
    )
    assert words.persistent_words(early).startswith(
        "So far this year 12 pupils (20.0%) are persistently absent"
    )
    assert "from no more than 20 sessions each" in words.persistent_words(early)


def test_last_year_as_a_whole_does_not_flow_into_a_few_days(early):
    flows = pd.DataFrame({"line": "persistent", "move": ["stayed", "left"], "enrolments": [7, 9]})
    told = replace(early, tables=early.tables | {"flows": flows})
    late = replace(told, facts=replace(told.facts, since=date(2026, 7, 17), year_sessions=60))
    few = replace(told, facts=replace(told.facts, since=date(2026, 7, 17)))
    assert [bool(words.flow_words(each)) for each in (late, few)] == [True, False]
    assert ["stayed in persistent absence" in words.questions(each) for each in (late, few)] == [True, False]


def test_nothing_of_others_stands_beside_such_a_rate(early):
    """The authority's figures of last July stand beside attendance alone; once six weeks are over, beside both."""
    beside = replace(early, comparators=replace(early.comparators, figures=AUTHORITY))
    late = replace(beside, facts=replace(beside.facts, year_sessions=60))
    assert authority_rates(beside) == {"Attendance": 0.9, FLAGS[0]: None}
    assert authority_rates(late) == {"Attendance": 0.9, FLAGS[0]: 0.2}


AUTHORITY = tuple(
    Benchmark(
        Series.DAILY, "", "", "", measure, "202526", "year to date", None, date(2026, 7, 17), percent, "Invented", None,
        Level.LOCAL_AUTHORITY, "Ourshire",
    )
    for measure, percent in (("attendance_rate", "90"), ("persistent_absence_rate", "20"))
)  # fmt: skip


def authority_rates(report):
    rates = headline.headline(report).frame.set_index("measure")["local_authority_rate"]
    return {name: None if pd.isna(rates[name]) else rates[name] for name in ("Attendance", FLAGS[0])}


def test_each_table_with_such_rates_says_on_how_few_sessions_they_rest(early, report):
    few = "Persistent and severe absence of this year are from no more than 20 sessions each so far."
    tables = (headline.headline, pupils.year_groups, pupils.groups, pupils.flows)
    assert [few in table(early).note for table in tables] == [True] * len(tables)
    assert not any("sessions each so far" in table(report).note for table in tables)
