"""What is not working, and strategy, as a reader sees them: the words, the guards and what is never claimed."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.impact.courses import ABOVE, BELOW, FAIR_NO_EFFECT, LATE, SOON, TOO_EARLY, WITHIN
from attendance_lib.analysis.impact.evaluate import Evaluation, no_impact
from attendance_lib.analysis.impact.paper import impact_so_far
from attendance_lib.analysis.impact.pools import (
    BARRIER,
    DOSE,
    ELIGIBLE,
    FSM,
    NOT_ELIGIBLE,
    OTHER,
    READINGS,
    SAME,
    TIER,
    TYPE,
    Suggestions,
)
from attendance_lib.analysis.impact.verdicts import FEW_SIMILAR, RANGE_TOO_WIDE, Judgement, Verdict
from attendance_lib.analysis.intervention_log import NO_CHANGE
from attendance_lib.display import Chart, Sentences
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers.impact import front_page, not_working, sequences, strategy, whole_school

FORBIDDEN = re.compile(r"\b(caus\w*|prov(e|es|ed|en|ing)\b|proof\w*|success\w*|fail\w*)", re.IGNORECASE)
SECTIONS = (
    not_working.not_working_lead,
    not_working.interventions_not_working,
    not_working.pupils_not_working,
    not_working.what_is_recorded,
    not_working.suggestions_lead,
    not_working.suggestions,
    sequences.sequences_lead,
    sequences.sequences,
    strategy.strategy_lead,
    strategy.pools_picture,
    strategy.pooled,
    strategy.rounds_table,
    strategy.lead_time_table,
    strategy.dose_warning,
    strategy.doses,
)


def course(pupil_id, intervention, start, **more):
    """A course with a fair trial whose pupil missed 20 of 100 sessions, as pupils like them do."""
    plain = {
        "pupil_id": pupil_id,
        "intervention": intervention,
        "tier": "2",
        "start_date": start,
        "end_date": None,
        "lead": "SENCo",
        "barrier": "sleep",
        "outcome": None,
        "reason_not_working": None,
        "next_step": None,
        "enrolment": 0,
        "week": 1,
        "left_out": "",
        "school_year": "202627",
        "term": "202627-autumn",
        "is_fsm": False,
        "has_sen": False,
        "weeks_since": 12,
        "weeks_run": 8,
        "possible_sessions": 100,
        "absence_sessions": 20,
        "attended_sessions": 80,
        "expected_sessions": 78.0,
        "low_sessions": 60.0,
        "high_sessions": 95.0,
        "landed": WITHIN,
        "usual_weeks": 8.0,
        "not_fair": "",
        "is_fair_trial": True,
        "trigger_date": "2026-09-18",
        "lead_days": 4,
        "lead_band": SOON,
    }
    return plain | more


def table_of(*courses):
    rows = pd.DataFrame(list(courses)).astype({"lead_days": "Int64"})
    dated = {
        name: pd.to_datetime(rows[name]).astype("datetime64[s]") for name in rows if name.endswith("_date")
    }
    return rows.assign(**dated)


COURSES = table_of(
    course("0001", "Mentor", "2026-09-14", landed=BELOW),
    course("0002", "Mentor", "2026-09-14", outcome="met", next_step="close", landed=WITHIN),
    course("0002", "Card", "2026-10-12", landed="", left_out=TOO_EARLY, is_fair_trial=False, expected_sessions=None),
    course(
        "0003", "Card", "2026-09-14", outcome="not met", reason_not_working="too late", next_step="escalate", lead_band=LATE,
        lead_days=40,
    ),
    course("0004", "Mentor", "2026-09-14", landed=ABOVE),
)  # fmt: skip


def pool_row(group, value, verdict, **more):
    plain = {
        "group": group,
        "value": value,
        "verdict": str(verdict),
        "reason": "",
        "rounds": 3,
        "pupils": 40,
        "estimate": 0.01,
        "low": -0.02,
        "high": 0.04,
        "cautious_estimate": 0.008,
        "smallest_effect": 0.04,
        "between_sd": 0.0,
        "i_squared": 0.0,
        "possible_sessions": 4000,
        "rounds_left_out": 0,
        "pupils_left_out": 0,
        "p_value": 0.5,
        "q_value": 1.0,
        "stands_among_many": False,
    }
    return plain | more


NOT_KNOWN = dict.fromkeys(
    ("estimate", "low", "high", "smallest_effect", "between_sd", "i_squared"), float("nan")
)
POOLS = pd.DataFrame(
    [
        pool_row(TYPE, "Mentor", Verdict.HELPED, estimate=0.04, low=0.01, high=0.07, stands_among_many=True),
        pool_row(TYPE, "Card", Verdict.TOO_FEW, reason=RANGE_TOO_WIDE, low=-0.09, high=0.11),
        pool_row(
            TYPE,
            "Return",
            Verdict.TOO_FEW,
            reason=FEW_SIMILAR,
            rounds=0,
            pupils=0,
            pupils_left_out=5,
            **NOT_KNOWN,
        ),
        pool_row(TIER, "Tier 2", Verdict.NO_CLEAR_EFFECT, between_sd=0.03, i_squared=0.4),
        pool_row(BARRIER, "sleep", Verdict.NO_CLEAR_EFFECT),
        pool_row(FSM, ELIGIBLE, Verdict.HELPED, estimate=0.05, low=0.02, high=0.08),
        pool_row(FSM, NOT_ELIGIBLE, Verdict.NO_CLEAR_EFFECT, estimate=0.01, low=-0.03, high=0.05),
        pool_row(DOSE, "ran in up to 3 school weeks", Verdict.NO_CLEAR_EFFECT),
    ]
)
SUGGESTED = Suggestions(
    POOLS.iloc[[0, 1]].assign(
        barrier=["sleep", "sleep"], intervention=["Club", "Card"], basis=[SAME, SAME],
        reading=[READINGS[(SAME, Verdict.HELPED)], READINGS[(SAME, Verdict.TOO_FEW)]],
    )
)  # fmt: skip


def evaluation(name, verdict, reason="", **figures):
    """An evaluation with a verdict, without its workings."""
    question = SimpleNamespace(intervention=name, window_weeks=12)
    plain = no_impact(question, {})
    return Evaluation(
        type(plain)(**(vars(plain) | {"judgement": Judgement(verdict, reason)} | figures)), question
    )


EVALUATIONS = [
    evaluation("Mentor", Verdict.NO_CLEAR_EFFECT, high=0.056),
    evaluation("Card", Verdict.WORSE),
    evaluation("Return", Verdict.TOO_FEW, FEW_SIMILAR),
    evaluation("Club", Verdict.HELPED),
]
IMPACTS = pd.DataFrame(
    [
        {
            "intervention": each.impact.intervention,
            "verdict": str(each.impact.verdict),
            "reason": each.impact.judgement.reason,
            "pupils": 40,
            "estimate": 0.02,
            "low": -0.01,
            "high": each.impact.high,
            "smallest_effect": 0.05,
            "barriers": "sleep",
            "stands_among_many": False,
        }
        for each in EVALUATIONS
    ]
)


def paper_of(pack, courses=COURSES, suggestions=SUGGESTED):
    rounds = pd.DataFrame(
        [("Mentor", "202526-spring to 202627-autumn", 20, 300, 0.04, 0.0, 0.08, 0.02, 2000, "", ("0001",))],
        columns=[
            "intervention", "round", "pupils", "comparison_pupils", "estimate", "low", "high", "se", "possible_sessions",
            "not_comparable", "pupil_ids",
        ],
    )  # fmt: skip
    by_dose = rounds.assign(kind="ran in 7 school weeks or more", p_value=0.04)
    both = pd.concat([by_dose, by_dose.assign(kind="ran in up to 3 school weeks")], ignore_index=True)
    study = SimpleNamespace(courses=courses)
    return SimpleNamespace(
        pack=pack,
        school=SimpleNamespace(interventions=pd.DataFrame()),
        asked=SimpleNamespace(window_weeks=12),
        names=["Card", "Mentor"],
        study=study,
        rounds=SimpleNamespace(study=study, of_everyone=lambda: rounds, by_kind=lambda kinds: both),
        pools=POOLS,
        suggestions=suggestions,
        impacts=IMPACTS,
        ranked=EVALUATIONS,
    )


@pytest.fixture
def paper(make_pack):
    return paper_of(make_pack())


# What is not working


def test_each_intervention_that_did_not_help_says_what_to_do(paper):
    frame = not_working.interventions_not_working(paper).frame.set_index("intervention")
    assert frame["said"].to_dict() == {
        # Of its four courses, three had a fair trial, and eight are needed.
        "Mentor": "no clear effect, but too few had a fair trial",
        "Card": "likely worse, but may be the luck of looking at many",
        "Return": "too few to tell: too few similar pupils",
    }
    assert frame["fair_trials"].to_dict() == {"Mentor": 3, "Card": 1, "Return": 0}
    assert frame.loc["Card", "what_to_do"].startswith("Stop or change it")
    assert "waiting list" in frame.loc["Return", "what_to_do"]


def test_after_eight_fair_trials_the_gain_that_is_not_ruled_out_is_said(make_pack):
    eight = table_of(*(course(f"{number:04d}", "Mentor", "2026-09-14") for number in range(8)))
    frame = not_working.interventions_not_working(paper_of(make_pack(), eight)).frame.set_index(
        "intervention"
    )
    assert frame.loc["Mentor", "said"] == FAIR_NO_EFFECT
    assert frame.loc["Mentor", "what_to_do"].endswith("a gain of up to 5.6 points is not ruled out")


def test_pupils_are_listed_with_what_is_recorded_and_what_has_begun(paper):
    frame = not_working.pupils_not_working(paper).frame
    assert frame[
        ["pupil_name", "intervention", "as_like_pupils", "recorded", "what_next"]
    ].to_numpy().tolist() == [
        ["Abara, Ada", "Mentor", "lower than pupils like them", "", NO_CHANGE],
        ["Byrne, Bo", "Mentor", "as pupils like them", "met", "close; Card from 12 Oct 26"],
        ["Cole, Cy", "Card", "as pupils like them", "not met: too late", "escalate; nothing begun since"],
    ]
    assert frame["window_attendance_rate"].tolist() == [0.8, 0.8, 0.8]
    assert frame["expected_attendance_rate"].tolist() == pytest.approx([0.78, 0.78, 0.78])


def test_a_suggestion_carries_the_strength_of_its_evidence(paper):
    found = not_working.pupils_not_working(paper).frame["suggestion"].unique().tolist()
    assert found == [
        "Club: likely helped pupils with this barrier (+4.0 points, range +1.0 to +7.0; 40 pupils in 3 rounds)"
    ]


def test_without_anything_that_helped_there_is_no_suggestion_and_no_column(make_pack):
    unsure = Suggestions(SUGGESTED.table.iloc[[1]])
    table = not_working.pupils_not_working(paper_of(make_pack(), suggestions=unsure))
    assert table.frame["suggestion"].unique().tolist() == [""]
    assert [column.shown for column in table.columns if column.name == "suggestion"] == [False]


def test_the_sentences_count_pupils_changes_and_outcomes(paper):
    items = not_working.not_working_lead(paper).items
    assert items[0] == (
        "No clear effect, but too few had a fair trial: Mentor; likely worse: Card. Of 1 there are too few to tell, which is no "
        "sign that they do not work."
    )
    assert items[1].startswith("3 pupils on roll had a fair trial")
    assert items[2].startswith("1 of these has no change recorded")
    assert items[3] == "For 1 a next step is written, but nothing has begun since."
    assert items[4].startswith("For 1 the outcome is written down as met")


def test_what_is_recorded_is_counted(paper):
    frame = not_working.what_is_recorded(paper).frame
    assert frame[frame["recorded"] == "Next step"].to_numpy().tolist() == [
        ["Next step", NO_CHANGE, 1, 1],
        ["Next step", "close", 1, 1],
        ["Next step", "escalate", 1, 1],
    ]


# Suggestions


def test_evidence_without_an_estimate_says_how_many_had_nobody_like_them():
    row = POOLS.iloc[2].to_dict()
    assert not_working.evidence_words(row) == "no estimate; 5 pupils without enough pupils like them"


def test_the_suggestions_name_what_helped_and_how_many_are_not_known(paper):
    assert not_working.suggestions_lead(paper).items == (
        "Likely to have helped pupils with the same barrier: sleep: Club.",
        "Of 1 of the 2 pairs of barrier and intervention that were tried, there are too few to tell: they are neither suggested "
        "nor advised against.",
    )


def test_what_helped_with_other_barriers_is_said_to_be_that(make_pack):
    elsewhere = Suggestions(SUGGESTED.table.assign(basis=[OTHER, SAME]))
    items = not_working.suggestions_lead(paper_of(make_pack(), suggestions=elsewhere)).items
    assert items[0].startswith("As yet nothing in the log is likely to have helped pupils with the barrier")
    assert (
        items[1] == "For barriers with nothing of their own, Club likely helped pupils with other barriers."
    )


# Sequences


def test_a_sequence_shows_sessions_expected_and_attended_and_why_there_is_no_expectation(paper):
    frame = sequences.sequences(paper).frame
    assert frame[["pupil_name", "order", "intervention", "attended_sessions"]].to_numpy().tolist() == [
        ["Byrne, Bo", "1 of 2", "Mentor", 80],
        ["Byrne, Bo", "2 of 2", "Card", 80],
    ]
    assert frame["expected_sessions"].fillna(-1).tolist() == [78.0, -1.0]
    assert frame["as_like_pupils"].tolist() == ["as pupils like them", TOO_EARLY]


def test_pupils_with_most_interventions_come_first_and_none_is_cut_in_two(make_pack):
    many = [course("0003", name, f"2026-09-{day}") for name, day in (("A", 14), ("B", 21), ("C", 28))]
    paper = paper_of(make_pack(), table_of(*COURSES.to_dict("records"), *many))
    frame = sequences.sequences(paper).frame
    assert frame["pupil_name"].tolist() == ["Cole, Cy"] * 4 + ["Byrne, Bo"] * 2
    steps = pd.DataFrame({"step": [1, 2, 3] * 20, "steps": [3] * 60})
    assert sequences.whole_pupils(steps) == 39


def test_two_interventions_of_one_day_are_said_to_be_that(make_pack):
    both = table_of(
        course("0003", "A", "2026-09-14"),
        course("0003", "B", "2026-09-14"),
        course("0003", "C", "2026-09-21"),
    )
    assert sequences.sequences(paper_of(make_pack(), both)).frame["order"].tolist() == [
        "1 of 3", "2 of 3, same day", "3 of 3",
    ]  # fmt: skip


def test_the_sentences_say_which_changes_cannot_be_told_apart(paper):
    assert sequences.sequences_lead(paper).items == (
        "1 pupil on roll has had more than one intervention, the most 2.",
        "In 1 of 1 change the next began while the weeks of the one before were still being counted: what came of the two cannot "
        "be told apart for that pupil.",
    )


# Strategy


def test_strategy_says_what_types_tiers_and_groups_come_to(paper):
    assert strategy.strategy_lead(paper).items == (
        "What the next round may be expected to come to, pooled over terms and years: likely helped Mentor; of 2 of 3 types "
        "there are still too few to tell.",
        "Tier 2: no clear effect, +1.0 points (range −2.0 to +4.0), 40 pupils in 3 rounds.",
        # 5 less 1 points; half ranges of 3 and 4 make 5.
        "Pupils eligible for free school meals against pupils who are not: a difference between the two of +4.0 points "
        "(range −1.0 to +9.0); they cannot be told apart.",
        "Of 5 starts, 0 came before the pupil was persistently absent and 1 more than 30 school days after; half of those after "
        "it within 4 school days.",
    )


def test_groups_of_which_one_has_too_few_are_not_told_apart(paper):
    few = POOLS.assign(verdict=POOLS["verdict"].mask(POOLS["value"] == NOT_ELIGIBLE, str(Verdict.TOO_FEW)))
    assert strategy.compared_in_words(few, FSM).endswith("too few to tell them apart.")
    far = POOLS.assign(estimate=POOLS["estimate"].mask(POOLS["value"] == ELIGIBLE, 0.09))
    assert strategy.compared_in_words(far, FSM).endswith("they can be told apart.")
    assert strategy.compared_in_words(POOLS[POOLS["value"] != ELIGIBLE], FSM) == ""


def test_pools_carry_their_guards_in_words(paper):
    frame = strategy.pooled(paper).frame.set_index("value")
    assert frame.loc["Card", "said"] == "too few to tell: range too wide"
    assert frame.loc["Return", ["span", "agreement"]].tolist() == ["–", ""]
    assert (
        frame.loc["Tier 2", "agreement"] == "differ by about 3.0 points beyond chance (40% of their spread)"
    )


def test_the_chart_leaves_a_row_without_an_estimate_unmarked_and_says_so(paper):
    chart = strategy.pools_picture(paper)
    assert isinstance(chart, Chart)
    assert chart.alt.startswith(
        "Dot and line chart of 6 pools. Type, Mentor: likely helped, +4.0 points, range +1.0 to +7.0."
    )
    assert "Type, Return: too few to tell, no range." in chart.alt
    assert chart.table.frame["value"].tolist() == [
        "Mentor",
        "Card",
        "Return",
        "Tier 2",
        ELIGIBLE,
        NOT_ELIGIBLE,
    ]


def test_rounds_and_doses_are_shown_in_words(paper):
    assert strategy.rounds_table(paper).frame["term"].tolist() == ["Spring 2025/26 to autumn 2026/27"]
    found = strategy.doses(paper).frame
    assert found["value"].tolist() == ["ran in up to 3 school weeks", "ran in 7 school weeks or more"]


def test_the_dose_warning_says_which_way_it_misleads(paper):
    told = " ".join(strategy.dose_warning(paper).items)
    assert "looks worse than it is" in told
    assert "make every long dose look good" in told


# All of them


def texts_of(shown):
    """Everything a section says, apart from pupils' names and what staff wrote."""
    if isinstance(shown, Sentences):
        return list(shown.items)
    if isinstance(shown, Chart):
        return [shown.title, shown.alt, *texts_of(shown.table)]
    words = [part for column in shown.columns for part in (column.heading, column.meaning)]
    own = [column.name for column in shown.columns if column.kind.value == "text" and not column.personal]
    cells = [str(cell) for name in own for cell in shown.frame[name]]
    return [shown.title, shown.note, shown.empty_text, *words, *cells]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_nothing_says_that_anything_was_the_doing_of_an_intervention(section, paper):
    assert [text for text in texts_of(section(paper)) if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_column_has_a_meaning_and_pupils_are_personal(section, paper):
    shown = section(paper)
    if isinstance(shown, Sentences):
        return
    columns = (shown.table if isinstance(shown, Chart) else shown).columns
    assert [column.name for column in columns if not column.meaning] == []
    assert [
        column.name for column in columns if column.name in ("pupil_name", "pupil_id") and not column.personal
    ] == []


ELSEWHERE = (
    front_page.effects,
    front_page.impact_ranking,
    front_page.left_out_of_impact,
    whole_school.whole_school_schemes,
    whole_school.whole_school_weeks,
)


def test_a_log_that_is_not_exported_is_said_once_with_what_to_do(make_pack):
    """The first page says it; every other section has nothing to show, and no note on columns that are not there."""
    paper = impact_so_far(make_pack())
    (said,) = front_page.impact_lead(paper).items
    assert said.startswith("No log of interventions is exported. To add it, name its file under exports")
    for section in (*SECTIONS, *ELSEWHERE):
        shown = section(paper)
        told = shown.items if isinstance(shown, Sentences) else (shown.empty_text, shown.note)
        assert told == (() if isinstance(shown, Sentences) else ("Not known.", "")), section.__name__


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_a_log_of_which_nothing_can_be_evaluated_gives_no_figure(section, make_pack, make_log):
    row = {"pupil_id": "0001", "intervention": "Mentor", "tier": "2", "start_date": "2026-11-16"}
    log = make_log(row, columns=INTERVENTIONS.column_names)
    shown = section(impact_so_far(make_pack(interventions=log)))
    assert shown._repr_mimebundle_()["text/plain"]
