"""What is said of a report that is not made because its groups are not those of the report before."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.disclosure.read_back import checked
from attendance_lib.disclosure.tables import Count, PublicTable
from attendance_lib.errors import DisclosureError
from attendance_lib.papers.governors.refused import ANY_GROUPS, changed_sizes, to_join
from tests.papers.governors import conftest
from tests.papers.governors.conftest import FIRST, SECOND

ROLL = conftest.pupils_table


def of_year_groups(*year_groups):
    """The sixty pupils, in these year groups in order."""
    return lambda: ROLL().assign(year_group=list(year_groups))


@pytest.fixture
def refused(make_report, monkeypatch):
    """Say what is said of the second half term's report, made from another pupils file beside the first one's."""

    def refuse(*year_groups):
        first = [make_report(period=FIRST).record]
        monkeypatch.setattr(conftest, "pupils_table", of_year_groups(*year_groups))
        with pytest.raises(DisclosureError) as told:
            make_report(period=SECOND, earlier=first)
        return str(told.value)

    return refuse


def test_who_promoted_the_roll_is_told_the_sizes_of_the_last_report(refused):
    # Year 9 and Year 10 had thirty each.
    assert refused(*[10] * 58, *[11] * 2).startswith(
        "Year 9 had 30 in the report to 23 October 2026, now none; Year 10 had 30, now 58. If that cannot be, the pupils file is "
        "of another school year, or its groups are not what they were: correct it and make this report again. This report to "
        "governors cannot be made safe"
    )


def test_of_a_size_of_few_only_that_is_said(refused):
    assert refused(*[9] * 8, *[10] * 50, *[11] * 2).startswith(
        "Year 9 had 30 in the report to 23 October 2026, now fewer than 10; Year 10 had 30, now 50."
    )


def test_groups_that_changed_a_little_are_not_named(refused):
    # Year 9 lost seven of thirty, which is less than a quarter; two of them make a year group of their own, which is refused.
    assert refused(*[9] * 23, *[10] * 35, *[11] * 2).startswith(
        "This report to governors cannot be made safe"
    )


def test_a_report_of_last_school_year_is_of_other_children(make_report):
    first = [checked(make_report(period=FIRST).record)]
    assert changed_sizes([], first, date(2026, 11, 27)).startswith("Year 9 had 30")
    assert changed_sizes([], first, date(2027, 10, 22)) == changed_sizes([], [], date(2026, 11, 27)) == ""


def test_which_groups_to_join_is_said_by_name_and_by_no_number():
    """Of the kinds of need three and twelve are the smallest; of a count of no group the characteristic with the smallest two."""
    groups = [
        {"sen_status": "E"},
        {"sen_status": "K"},
        {"sen_status": "N"},
        {"ethnicity": "Asian"},
        {"ethnicity": "Black"},
    ]
    day = date(2026, 11, 27)
    table = PublicTable(
        "groups",
        "Groups",
        pd.DataFrame({"enrolments": [3, 12, 45, 20, 40]}),
        tuple({"as_at": day.isoformat()} | group for group in groups),
        (Count("enrolments"),),
    )
    need = "pupils with an education, health and care plan with pupils with SEN support"
    assert to_join((("as_at", day.isoformat()), ("sen_status", "K")), [table], day) == need
    assert to_join((("as_at", day.isoformat()),), [table], day) == need
    assert to_join((("ethnicity", "Asian"),), [table], day) == "Asian pupils with Black pupils"
    assert to_join((), [], day) == ANY_GROUPS
