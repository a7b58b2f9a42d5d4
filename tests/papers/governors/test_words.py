"""The first page's sentences: from published tables alone, and no chance called a change."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.display import Chart, Sentences
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers.governors import absence, casework, compliance, front_page, headline, pupils, words
from tests.papers.governors.conftest import FIRST, PUPILS, SECOND, school_days

SECTIONS = (
    front_page.masthead, front_page.purpose, front_page.key_figures, words.what_changed,
    headline.headline, pupils.weeks, headline.beside_words,
    headline.same_points, headline.whole_years, pupils.year_groups, pupils.groups, pupils.group_gaps, pupils.flows,
    pupils.bands, absence.reasons, absence.punctuality, absence.exceptions, casework.intervention_words,
    casework.interventions, casework.statutory_action, compliance.compliance_words, compliance.compliance,
    compliance.difference_words, compliance.reconciliation, compliance.definition_words, headline.disclosure,
    headline.data_notes, headline.sources,
)  # fmt: skip


def said(report):
    return " ".join(words.what_changed(report).items)


def test_the_first_page_says_what_changed_and_how_sure_that_is(report):
    assert 4 <= len(words.what_changed(report).items) <= 6


def test_a_withheld_figure_is_in_no_sentence(report):
    # Three of the eleven are severely absent: withheld, so that the sentence speaks of the eleven alone.
    text = said(report)
    assert "11 pupils (18.3%) are persistently absent" in text
    assert "severely" not in text


def test_a_withheld_figure_is_c_on_its_card_and_no_dash(report):
    """Three severely absent of sixty are withheld; a dash would say that there is no figure."""
    severe = front_page.key_figures(report).figures[4]
    assert (severe.value, severe.detail) == ("c", "withheld: too few pupils")


def test_codes_of_the_school_s_own_system_are_told_without_a_count(report_of):
    said_of_codes = (
        "Codes of the school's own system are read as the school file says: I01 as I and X06 as X."
    )
    assert said_of_codes in headline.data_notes(report_of(codes={"X06": "X", "I01": "I"})).items
    assert "own system" not in " ".join(headline.data_notes(report_of()).items)


def test_a_school_of_terms_is_told_of_its_term_where_how_attendance_moved_is_withheld():
    tables = {
        "spans": pd.DataFrame({"span": ["half_term"], "attendance_rate": [0.94]}),
        "changes": pd.DataFrame({"attendance_change_rate": ["c"]}),
    }
    report = SimpleNamespace(
        facts=SimpleNamespace(span="term"), tables=tables, row=lambda *_: tables["spans"].iloc[0]
    )
    assert words.attendance_words(report) == "Attendance this term was 94.0%; how it moved is withheld."


def test_other_reports_are_named_only_where_there_are_any(report, report_of, make_report):
    assert "from this report." in headline.disclosure(report).items[0]
    later = make_report(period=SECOND, earlier=[report_of(period=FIRST).record])
    assert "from this report or from 1 other report to governors." in headline.disclosure(later).items[0]


@pytest.mark.parametrize(("year_groups", "is_said"), [((9, 10), False), ((9, 10, 11), True)])
def test_year_11_and_its_study_leave_are_spoken_of_only_where_there_is_one(report, year_groups, is_said):
    school = SimpleNamespace(**{**vars(report.facts.school), "year_groups": year_groups})
    told = replace(report, facts=replace(report.facts, school=school))
    assert ("Year 11" in headline.whole_years(told).note) == is_said
    assert (
        "Year 11" not in pupils.flows(replace(told, facts=replace(told.facts, is_from_last_year=True))).note
    )


def test_who_is_past_the_ages_counted_is_not_said_to_have_left(report):
    """A sixth former of today was in last year's Year 11: no longer counted, and still on roll."""
    flows = pd.DataFrame({"line": "persistent", "move": ["stayed", "left"], "enrolments": [7, 9]})
    told = replace(report, tables=report.tables | {"flows": flows})
    assert "9 left it or are no longer counted" in words.flow_words(told)


def test_a_flow_that_is_withheld_is_in_no_sentence(report_of):
    # One pupil joins in the second half term beside the seven who stay: one is withheld, and what would tell it.
    joins = {PUPILS[40]: ("I", school_days("2026-11-02", "2026-11-13"))}
    stay = {pupil: ("I", school_days("2026-09-07", "2026-09-18")) for pupil in PUPILS[:7]}
    report = report_of(joins | stay)
    moves = report.tables["flows"].set_index(["line", "move"])["enrolments"]
    assert moves["persistent", "joined"] == "c"
    assert "newly in it" not in said(report)


def test_a_flow_that_is_published_is_told(report_of):
    # Six join and six stay.
    joins = {pupil: ("I", school_days("2026-11-02", "2026-11-13")) for pupil in PUPILS[40:46]}
    stay = {pupil: ("I", school_days("2026-09-07", "2026-09-18")) for pupil in PUPILS[:6]}
    told = "Of persistent absence since 23 October 2026: 6 stayed in it and 6 are newly in it."
    assert told in said(report_of(joins | stay))


def test_a_change_within_chance_is_said_to_be_so(report_of):
    # One pupil of sixty is away for a day more than before.
    text = said(report_of({PUPILS[0]: ("I", ["2026-11-02"])}))
    assert "within what chance alone would bring" in text
    assert "so it is not called a change" in text


def test_a_change_beyond_chance_is_said_to_be_so(report_of):
    # Half the school is away for the first week of November, having missed nothing before.
    away = {pupil: ("I", school_days("2026-11-02", "2026-11-06")) for pupil in PUPILS[::2]}
    assert "that is more than chance alone would bring" in said(report_of(away))


DATES = {"start_date": "datetime64[s]", "end_date": "datetime64[s]", "review_date": "datetime64[s]"}
NO_INTERVENTION = pd.DataFrame(columns=INTERVENTIONS.column_names).astype({"pupil_id": "str"} | DATES)
JUDGING = re.compile("improve|success|caused|proved|better|progress", re.IGNORECASE)


def test_no_sentence_judges(report, report_of):
    away = {pupil: ("I", school_days("2026-09-07", "2026-09-18")) for pupil in PUPILS[::2]}
    for each in (report, report_of(away)):
        told = (words.what_changed, casework.intervention_words, compliance.difference_words)
        assert [
            JUDGING.findall(item) for section in told for item in section(each).items if JUDGING.search(item)
        ] == []


def test_nothing_to_compare_with_is_said(report_of):
    # All of it illness: were three pupils alone away without leave, their number of sessions would take the total with it.
    ill = {pupil: ("I", school_days("2026-09-07", "2026-09-16")) for pupil in PUPILS[:8]}
    text = said(report_of(ill, period=FIRST))
    assert "there is nothing earlier to compare it with" in text


@pytest.mark.parametrize(
    "options",
    [
        {"period": FIRST},
        {"where": {"year_group": [11]}},
        {"where": {"fsm": [True]}},
        {"absences": {}},
        {"level": 10},
        {"interventions": NO_INTERVENTION},
    ],
    ids=["the first half term", "nobody", "a few", "nobody away", "a level of ten", "an empty log"],
)
def test_every_section_has_something_to_say_to_any_report(report_of, options):
    report = report_of(**options)
    for section in SECTIONS:
        shown = section(report)._repr_mimebundle_()
        assert shown["text/plain"].strip(), section.__name__
        assert "nan" not in re.findall(r"[a-z]+", shown["text/plain"].lower()), section.__name__


def test_a_chart_leaves_out_what_is_withheld(report_of):
    # Every second pupil is ill in November: of year groups and sexes enough are away to give their attendance.
    away = {pupil: ("I", school_days("2026-11-02", "2026-11-06")) for pupil in PUPILS[::2]}
    chart = pupils.group_gaps(report_of(away))
    assert isinstance(chart, Chart)
    drawn = chart.table.frame
    assert (drawn["enrolments"] >= 10).all()
    assert drawn["attendance_rate"].notna().all()


def test_nothing_is_drawn_of_fewer_than_ten(report_of):
    six = report_of(where={"sex": ["F"], "fsm": [True]})
    assert isinstance(pupils.group_gaps(six), Sentences)
    assert isinstance(pupils.weeks(six), Sentences)
