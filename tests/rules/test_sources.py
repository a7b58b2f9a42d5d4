"""Where the rules stand: each with edition, paragraph and the day it was last checked."""

from datetime import date

import pytest

from attendance_lib.rules.sources import GUIDANCE_REISSUED, NEWEST_EDITION, QUOTED, REASON_FOR_N, SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.rule[:30])
def test_each_source_is_complete_and_was_checked_on_a_day(source):
    assert all((source.rule, source.title, source.edition, source.paragraph, source.how_read))
    assert date(2026, 1, 1) < source.checked_on <= date.today()


def test_each_rule_is_listed_once():
    assert len({source.rule for source in SOURCES}) == len(SOURCES)


def test_what_is_cited_of_the_newest_edition_was_read_as_others_quote_it():
    """The July 2026 edition could not be read in full: nothing cited of it may claim more."""
    assert {source.how_read for source in SOURCES if NEWEST_EDITION in source.edition} == {QUOTED}
    assert "July 2026" in GUIDANCE_REISSUED
    assert "could not be read in full" in GUIDANCE_REISSUED


def test_the_reason_for_n_is_by_school_days_as_the_regulation_has_it():
    assert "regulation 10(7) to (9)" in REASON_FOR_N.paragraph
    assert "407 to 409" in REASON_FOR_N.paragraph
    assert "five school days, which is what is applied" in GUIDANCE_REISSUED
