"""The ranking of interventions by what is known, and its strip in the fortnightly pack."""

from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers.impact import front_page
from attendance_lib.papers.impact_ranking import impact_strip
from tests.papers.impact_papers import ROWS, impact_of


def test_the_strip_of_the_fortnightly_pack_says_what_the_paper_says(make_pack, make_log):
    log = make_log(*ROWS, columns=INTERVENTIONS.column_names)
    strip = impact_strip(make_pack(interventions=log))
    assert strip.frame["intervention"].tolist() == ["Mentor", "Home visit"]
    ended = make_log(
        *[row | {"end_date": "2026-11-13"} for row in ROWS[:2]], columns=INTERVENTIONS.column_names
    )
    assert impact_strip(make_pack(interventions=ended)).frame["intervention"].tolist() == []
    assert impact_strip(make_pack()).empty_text == "Not known."


def test_the_ranking_says_what_the_first_six_weeks_say_where_that_is_another_finding(open_paper, monkeypatch):
    paper = open_paper()
    monkeypatch.setattr(type(paper), "six_weeks", {name: impact_of(Verdict.WORSE) for name in paper.names})
    told = front_page.impact_ranking(paper).frame["at_first"]
    assert set(told) == {"likely worse over the first six school weeks"}
