"""On which cohorts a report may be published, and on which not."""

import pytest

from attendance_lib.errors import DisclosureError
from attendance_lib.intake.settings import Cohort
from attendance_lib.sections.governors.cohorts import check_cohort


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"year_group": [11], "fsm": [True]},
        {"sen_status": ["K", "E"]},
        {"sex": ["F"], "young_carer": [True]},
    ],
    ids=["everyone", "a year group", "two kinds of need", "a sex"],
)
def test_a_cohort_of_declared_groups_may_be_published(where):
    cohort = Cohort(name="some", title="Some", where=where)
    assert check_cohort(cohort) is cohort


@pytest.mark.parametrize(
    "where", [{"form": ["7A"]}, {"ethnicity": ["WBRI"]}, {"year_group": [7], "key_adult": ["P. Wren"]}]
)
def test_a_cohort_of_any_other_column_is_refused_and_told_which_can_be(where):
    column = list(where)[-1]
    with pytest.raises(
        DisclosureError, match=f"cohort 'some' .* chosen by '{column}'.* by year_group, sex, sen_status, fsm,"
    ):
        check_cohort(Cohort(name="some", title="Some", where=where))


def test_a_cohort_that_counts_other_pupils_than_the_headline_is_refused():
    on_roll = {"title": "On roll", "basis": "current_roll"}
    with pytest.raises(DisclosureError, match="its basis is current_roll"):
        check_cohort(Cohort(name="on_roll", **on_roll))
    assert check_cohort(Cohort(name="all", **on_roll))


def test_a_report_on_a_form_is_not_made(make_report):
    with pytest.raises(DisclosureError, match="chosen by 'form'"):
        make_report(where={"form": ["7A"]})
