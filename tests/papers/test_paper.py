"""What the impact paper is asked about: which interventions, whose starts, and what the log says of them."""

import numpy as np
import pytest

from attendance_lib.analysis.impact.paper import Criteria
from attendance_lib.errors import SettingsError


@pytest.mark.parametrize(
    ("criteria", "where", "names"),
    [
        (Criteria(), None, ["Home visit", "Mentor"]),
        (Criteria(tier=2), None, ["Mentor"]),
        (Criteria(tier=3), None, ["Home visit"]),
        (Criteria(tier=1), None, []),
        (Criteria(intervention="home VISIT"), None, ["Home visit"]),
        (Criteria(term="202627-autumn"), None, ["Home visit", "Mentor"]),
        (Criteria(), {"year_group": [10]}, ["Home visit"]),
    ],
)
def test_only_what_is_asked_about_is_evaluated(open_paper, criteria, where, names):
    assert open_paper(criteria=criteria, where=where).names == names


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        (Criteria(tier=4), "'tier': 4 is no tier. Use 1, 2 or 3, or 0 for all"),
        (Criteria(intervention="Mentr"), "no intervention 'Mentr'. Did you mean 'Mentor'?"),
        (Criteria(term="autumn"), "no term 'autumn' in the calendar"),
    ],
)
def test_what_is_not_known_is_refused_with_what_to_do(open_paper, criteria, message):
    with pytest.raises(SettingsError, match=message.replace("?", r"\?")):
        open_paper(criteria=criteria).names  # noqa: B018 - it is asked for to be refused


def test_a_start_that_is_not_asked_about_still_keeps_its_pupil_from_being_compared(open_paper):
    paper = open_paper(criteria=Criteria(tier=3), where={"year_group": [10]})
    mentor = paper.starts.of("Mentor").set_index("pupil_id")
    assert mentor.loc["0001", "left_out"] == "pupil outside the cohort asked for"
    first = paper.starts.first_weeks("Mentor", paper.register.pupils["pupil_id"])
    assert (first < np.iinfo(np.int32).max).sum() == 2


def test_the_log_s_facts_are_counted_by_hand(open_paper):
    facts = open_paper().facts.set_index("intervention")
    assert facts.loc["Mentor", "pupils_in_log"] == 2
    assert facts.loc["Mentor", "start_days"] == 2
    assert facts.loc["Mentor", "running"] == 2
    # From Mon 5 Oct to Fri 20 Nov without half term: weeks of 5, 12, 19 Oct, 2, 9, 16 Nov; the other one week.
    assert facts.loc["Mentor", "median_weeks"] == (6 + 1) / 2
    assert facts.loc["Home visit", "tiers"] == "3"
