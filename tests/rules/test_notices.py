"""Notice rules as the law and a school state them."""

from datetime import date

import pytest

from attendance_lib.rules.notices import LOCAL, NATIONAL_FROM, NoticeRule, Span, national_framework


def test_the_national_framework_is_ten_sessions_in_ten_school_weeks():
    rule = national_framework()
    assert (rule.sessions, rule.length, rule.span, rule.codes) == (
        10,
        10,
        Span.SCHOOL_WEEKS,
        ("G", "N", "O", "U"),
    )


@pytest.mark.parametrize(
    ("chosen", "held"),
    [(date(2020, 9, 1), NATIONAL_FROM), (NATIONAL_FROM, NATIONAL_FROM), (date(2025, 9, 1), date(2025, 9, 1))],
)
def test_no_school_can_apply_the_framework_before_it_came_into_force(chosen, held):
    assert national_framework(chosen).from_date == held == max(chosen, date(2024, 8, 19))


@pytest.mark.parametrize(
    ("on", "is_in_force"),
    [("2025-08-31", False), ("2025-09-01", True), ("2026-07-31", True), ("2026-08-01", False)],
)
def test_a_rule_is_in_force_from_its_first_to_its_last_day(on, is_in_force):
    rule = NoticeRule("local", 10, 1, Span.TERMS, date(2025, 9, 1), date(2026, 7, 31))
    assert rule.is_in_force(date.fromisoformat(on)) == is_in_force


@pytest.mark.parametrize(("count_n", "codes"), [(True, ("G", "N", "O", "U")), (False, ("G", "O", "U"))])
def test_n_is_counted_unless_a_school_leaves_it_out(count_n, codes):
    rule = national_framework(count_n=count_n)
    assert (rule.codes, rule.counts_n) == (codes, count_n)


@pytest.mark.parametrize(("sessions", "near"), [(14, 11), (10, 7), (4, 1), (2, 1)])
def test_near_is_three_sessions_short_and_never_none_at_all(sessions, near):
    assert NoticeRule("local", sessions, 1, Span.TERMS, date(2025, 9, 1)).near_from == near


def test_every_rule_names_its_source():
    assert "SI 2024/210" in national_framework().source
    assert NoticeRule("local", 10, 1, Span.TERMS, date(2025, 9, 1)).source == LOCAL


@pytest.mark.parametrize(
    ("length", "span", "words"),
    [
        (1, Span.TERMS, "10 sessions in a term"),
        (2, Span.TERMS, "10 sessions in 2 consecutive terms"),
        (1, Span.SCHOOL_WEEKS, "10 sessions in 1 school week"),
        (10, Span.SCHOOL_WEEKS, "10 sessions in 10 school weeks"),
    ],
)
def test_a_threshold_is_told_in_words(length, span, words):
    assert NoticeRule("local", 10, length, span, date(2025, 9, 1)).in_words == words
