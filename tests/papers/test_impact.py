"""The impact paper of a school of four, where hardly anything can be told, and what it is asked about."""

import re
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.paper import Asked, ImpactPaper, impact_paper
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import MIME
from attendance_lib.errors import SettingsError
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers import impact_ranking
from attendance_lib.papers.impact import card, card_sheet, front_page, method, whole_school
from attendance_lib.papers.impact.card import at_first_in_words
from attendance_lib.papers.impact.not_working import NOBODY_LIKE
from attendance_lib.papers.impact_ranking import impact_strip

SECTIONS = (
    front_page.impact_masthead,
    front_page.impact_lead,
    front_page.effects,
    front_page.impact_ranking,
    front_page.left_out_of_impact,
    card.impact_cards,
    whole_school.whole_school_schemes,
    whole_school.whole_school_weeks,
    method.method,
    method.limits,
    method.stronger_evidence,
    card_sheet.impact_card_form,
    card_sheet.impact_card_words,
    card_sheet.impact_card_sheet,
)
ROWS = (
    {"pupil_id": "0001", "intervention": "Mentor", "tier": "2", "start_date": "2026-10-05", "cost": 20},
    {"pupil_id": "0002", "intervention": "Mentor", "tier": "2", "start_date": "2026-11-16", "end_date": "2026-11-20"},
    {"pupil_id": "9999", "intervention": "Mentor", "tier": "2", "start_date": "2026-10-05"},
    {"pupil_id": "0003", "intervention": "Home visit", "tier": "3", "start_date": "2026-11-10"},
    {"pupil_id": None, "intervention": "Raffle", "tier": "1", "start_date": "2026-09-14"},
)  # fmt: skip
EVERYTHING = Asked()
WHOLE = (date(2026, 9, 7), date(2026, 11, 20))


@pytest.fixture
def open_paper(make_pack, make_log):
    """Opens the paper of the four pupils, with a log of ROWS unless told otherwise."""

    def opened(rows=ROWS, asked=EVERYTHING, where=None):
        log = None if rows is None else make_log(*rows, columns=INTERVENTIONS.column_names)
        return impact_paper(make_pack(interventions=log, period=WHOLE, where=where), asked)

    return opened


@pytest.mark.parametrize(
    "rows", [None, (), ROWS, ROWS[-1:], ROWS[:3]], ids=["no log", "empty", "some", "tier 1", "tier 2"]
)
def test_every_section_says_something_of_a_school_where_little_can_be_told(open_paper, rows):
    paper = open_paper(rows)
    for section in SECTIONS:
        shown = section(paper)._repr_mimebundle_()
        # Without a log the first page alone says so, and what to do.
        assert shown["text/plain"].strip() or rows is None, section.__name__
        assert shown[MIME]["type"], section.__name__


def test_two_pupils_are_too_few_and_those_left_out_are_counted_with_the_reason(open_paper):
    paper = open_paper()
    table = impact_ranking.ranking_frame(paper).set_index("intervention")
    assert set(table["verdict"]) == {"too few to tell"}
    assert table.loc["Mentor", "left_out"] == 2
    left = front_page.left_out_counts(paper).set_index("reason")["rows"].to_dict()
    assert left == {
        "pupil not in the register": 1,
        "too few sessions after the start so far, or left": 2,
    }


def test_a_scheme_for_everyone_cannot_be_told_from_one_school(open_paper):
    told = whole_school.whole_school_schemes(open_paper()).frame
    assert told["intervention"].tolist() == ["Raffle"]
    assert told["said"].str.startswith("cannot be told from one school").all()
    assert (
        "nothing can be told of 1 scheme for everyone"
        in front_page.impact_lead(open_paper()).items[0].lower()
    )


@pytest.mark.parametrize(
    ("asked", "where", "names"),
    [
        (Asked(), None, ["Home visit", "Mentor"]),
        (Asked(tier=2), None, ["Mentor"]),
        (Asked(tier=3), None, ["Home visit"]),
        (Asked(tier=1), None, []),
        (Asked(intervention="home VISIT"), None, ["Home visit"]),
        (Asked(term="202627-autumn"), None, ["Home visit", "Mentor"]),
        (Asked(), {"year_group": [10]}, ["Home visit"]),
    ],
)
def test_only_what_is_asked_about_is_evaluated(open_paper, asked, where, names):
    assert open_paper(asked=asked, where=where).names == names


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(tier=4), "'tier': 4 is no tier. Use 1, 2 or 3, or 0 for all"),
        (Asked(intervention="Mentr"), "no intervention 'Mentr'. Did you mean 'Mentor'?"),
        (Asked(term="autumn"), "no term 'autumn' in the calendar"),
    ],
)
def test_what_is_not_known_is_refused_with_what_to_do(open_paper, asked, message):
    with pytest.raises(SettingsError, match=message.replace("?", r"\?")):
        open_paper(asked=asked).names  # noqa: B018 - it is asked for to be refused


def test_a_start_that_is_not_asked_about_still_keeps_its_pupil_from_being_compared(open_paper):
    paper = open_paper(asked=Asked(tier=3), where={"year_group": [10]})
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


def test_a_paper_in_which_nothing_can_be_told_shows_one_part_and_the_data_notes(open_paper):
    assert front_page.impact_masthead(open_paper()).shows == ("What is known", "Data notes")


def test_it_says_what_changed_since_the_half_term_before_and_what_is_wanting(open_paper):
    """To 23 October a mentor alone had begun, for 0001; 0002's of November has too few sessions, so that it is one pupil still."""
    items = front_page.impact_lead(open_paper()).items
    assert items[0].endswith("nothing can be told of 1 scheme for everyone (Raffle).")
    assert (
        "Since the evaluation to 23 October 2026 1 intervention began (Home visit), and none that had begun has more pupils "
        "evaluated; nothing could be told then either."
    ) in items
    assert items[-1].startswith("Nothing else is printed")


def test_the_first_evaluation_says_that_it_is_the_first(open_paper):
    paper = open_paper()
    first = ImpactPaper(paper.pack, EVERYTHING, date(2026, 11, 2))
    assert front_page.changed_in_words(first) == "This is the first evaluation of these days."


def test_the_one_table_shows_how_many_pupils_are_wanting_and_keeps_the_rest_for_the_workbook(open_paper):
    table = front_page.impact_ranking(open_paper())
    assert [column.name for column in table.columns if column.shown] == [
        *("intervention", "tiers", "said", "pupils", "pupils_needed", "pupils_before"),
    ]
    assert {column.name for column in impact_ranking.RANKING_COLUMNS} < {
        column.name for column in table.columns
    }


def test_those_that_lack_the_fewest_pupils_stand_first(open_paper, monkeypatch):
    ranking = pd.DataFrame(
        {
            "intervention": ["Home visit", "Mentor", "Choir"],
            "pupils": [2, 30, 4],
            "pupils_needed": [np.nan, 40, 20],
        }
    )
    table = front_page.pupils_wanting(open_paper(), ranking)
    assert table.frame["intervention"].tolist() == ["Mentor", "Choir", "Home visit"]


CARDS = pd.DataFrame(
    {
        "intervention": ["mentor", "Mentor", "Home visit", "Mentor", "Breakfast club"],
        "for_whom": None,
        "aim": ["4 points more", None, "2 points more", None, None],
        "measure": None,
        "comparison": ["by lot", None, None, None, None],
        "start_date": pd.to_datetime([None, None, None, "2026-11-09", None]),
        "review_date": pd.to_datetime(["2026-11-20", None, "2026-12-01", None, None]),
        "written_on": pd.to_datetime(["2026-10-05", "2026-10-06", None, "2026-10-06", "2026-11-01"]),
        "written_by": None,
    }
)


def test_a_card_written_after_the_start_is_marked_so(open_paper):
    opened = open_paper()
    paper = ImpactPaper(opened.pack, opened.asked, opened.first_day, CARDS)
    table = card_sheet.impact_card_sheet(paper).frame
    assert table["standing"].tolist() == [
        "written before the start",
        "written after the start",
        "no day written: counted as after the start",
        "written before the start",
        "written, not started yet",
    ]
    nothing = "too few to tell: 0.0 points (range 0.0 to 0.0)"
    assert table["result"].tolist() == [nothing, nothing, "too few to tell", nothing, "not evaluated"]
    said = card_sheet.impact_card_words(paper).items
    assert said[1].startswith(
        "5 impact cards read back: 2 written before the start, 1 written after the start"
    )
    assert said[2:] == (
        "Review was due on 20 November 2026. mentor, aimed at: 4 points more (written before the start). "
        f"Now: {nothing}.",
    )


def test_the_strip_of_the_fortnightly_pack_says_what_the_paper_says(make_pack, make_log):
    log = make_log(*ROWS, columns=INTERVENTIONS.column_names)
    strip = impact_strip(make_pack(interventions=log))
    assert strip.frame["intervention"].tolist() == ["Mentor", "Home visit"]
    ended = make_log(
        *[row | {"end_date": "2026-11-13"} for row in ROWS[:2]], columns=INTERVENTIONS.column_names
    )
    assert impact_strip(make_pack(interventions=ended)).frame["intervention"].tolist() == []
    assert impact_strip(make_pack()).empty_text == "Not known."


def test_wherever_lots_or_a_waiting_list_are_advised_what_is_never_delayed_is_said(open_paper):
    advised = {
        section.__name__: section(open_paper())._repr_mimebundle_()["text/plain"] for section in SECTIONS
    }
    advised |= {"helped": front_page.NEXT[Verdict.HELPED], "nobody like them": NOBODY_LIKE}
    found = {name for name, text in advised.items() if ADVICE.search(text)}
    assert found >= {
        "helped",
        "nobody like them",
        "stronger_evidence",
        "impact_card_form",
        "impact_card_words",
    }
    assert {name for name in found if "never delayed" not in " ".join(advised[name].split())} == set()


ADVICE = re.compile(r"\bby lot\b|\bwaiting list\b")


def impact_of(verdict, estimate=0.011, low=-0.012, high=0.034, said=None):
    """An evaluation whose self-test leaves of a verdict what is said."""
    measured = SimpleNamespace(verdict=verdict, estimate=estimate, low=low, high=high, window_weeks=12)
    impact = SimpleNamespace(**(vars(measured) | {"verdict": said or verdict}))
    return SimpleNamespace(measured=measured, impact=impact)


def test_a_finding_of_the_first_six_weeks_is_said_in_the_sentence_of_the_verdict():
    early = impact_of(Verdict.HELPED, 0.044, 0.012, 0.076)
    assert at_first_in_words(impact_of(Verdict.NO_CLEAR_EFFECT), early) == (
        " over all 12 school weeks, though likely helped over the first six school weeks (+4.4 points, range +1.2 to +7.6): "
        "helped at first, no longer to be seen over the whole"
    )
    taken_back = impact_of(Verdict.HELPED, 0.044, 0.012, 0.076, Verdict.TOO_FEW)
    assert at_first_in_words(impact_of(Verdict.NO_CLEAR_EFFECT), taken_back).endswith(
        "helped at first perhaps, but the self-test of those weeks is far off, and no longer to be seen over the whole"
    )
    assert at_first_in_words(early, early) == ""
    assert at_first_in_words(early, impact_of(Verdict.TOO_FEW)) == ""


def test_the_ranking_says_what_the_first_six_weeks_say_where_that_is_another_finding(open_paper, monkeypatch):
    paper = open_paper()
    monkeypatch.setattr(type(paper), "six_weeks", {name: impact_of(Verdict.WORSE) for name in paper.names})
    told = front_page.impact_ranking(paper).frame["at_first"]
    assert set(told) == {"likely worse over the first six school weeks"}
