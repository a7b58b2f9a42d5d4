"""A paper of four invented interventions, without a register: one of each verdict."""

from types import SimpleNamespace

import pandas as pd

from attendance_lib.analysis.impact.courses import ABOVE, BELOW, LATE, SOON, TOO_EARLY, WITHIN
from attendance_lib.analysis.impact.evaluate import Evaluation, no_impact
from attendance_lib.analysis.impact.rounds import (
    BARRIER,
    DOSE,
    ELIGIBLE,
    FSM,
    NOT_ELIGIBLE,
    READINGS,
    SAME,
    TIER,
    TYPE,
    Suggestions,
)
from attendance_lib.analysis.impact.verdicts import FEW_SIMILAR, RANGE_TOO_WIDE, Judgement, Verdict


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
