"""Attack on a school with a sixth form: year groups that the headline leaves out, and reports on them as cohorts."""

from functools import cache

from attendance_lib.papers.governors import outside
from tests.intruder.schools import Invented, invent
from tests.intruder.trial import Made, attack_series, make, pack_at

SIXTH_FORM = (9, 10, 11, 12, 13)
COHORTS = ("year_12", "sixth_form")


@cache
def school() -> Invented:
    return invent(1, 55, years=SIXTH_FORM)


def reports(school: Invented, cohorts: tuple[str, ...]) -> list[Made]:
    made: list[Made] = []
    for cohort in ("all", *cohorts):
        made.append(make(pack_at(school, 0, 0, cohort), cohort, [each.record for each in made]))
    return made


def test_nothing_is_made_out_from_cohorts_that_the_headline_leaves_out():
    outcome = attack_series(reports(school(), COHORTS), school().size)
    assert outcome.attacked > 50
    assert (outcome.narrowed, outcome.blanks, outcome.wrong) == ([], [], "")


def test_a_cohort_that_is_not_tied_to_its_row_outside_the_headline_is_found(monkeypatch):
    here = invent(4, 70, years=SIXTH_FORM)
    assert attack_series(reports(here, COHORTS), here.size).narrowed == []
    monkeypatch.setattr(outside, "of_a_cohort", lambda *_: iter(()))
    assert attack_series(reports(here, COHORTS), here.size).narrowed


def test_the_year_groups_of_the_headline_are_all_of_it_where_it_leaves_out_others():
    # Year 10 and Year 11 have all the sessions of the headline: nobody is in Year 12 there.
    small = invent(6, 60, 10, years=(10, 11, 12, 13))
    outcome = attack_series(reports(small, ()), small.size)
    assert (outcome.narrowed, outcome.wrong) == ([], "")
