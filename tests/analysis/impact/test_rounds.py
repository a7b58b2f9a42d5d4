"""Rounds and pools: small ones are joined, those compared stay everyone, and a pool is as sure as its rounds."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact import evaluate as engine
from attendance_lib.analysis.impact.courses import ABOVE, BEFORE, BELOW, LATE, LATER, SOON, WITHIN, study_of
from attendance_lib.analysis.impact.evaluate import evaluate_all, pupil_ranges
from attendance_lib.analysis.impact.pools import NOT_COMPARABLE, difference_between, pool_rounds
from attendance_lib.analysis.impact.rounds import (
    BARRIER,
    DOSE,
    FSM,
    LEAD,
    SEND,
    TIER,
    TYPE,
    doses_within,
    impact_among,
    lead_times,
    pools,
    rounds_of,
    sets_among,
    split_in_rounds,
)
from attendance_lib.analysis.impact.self_test import SelfTest
from attendance_lib.analysis.impact.verdicts import (
    FEW_PUPILS,
    FEW_SIMILAR,
    RANGE_TOO_WIDE,
    SELF_TEST_OFF,
    Verdict,
)
from tests.analysis.impact.simulate import SCHEME, World, invent

# Splitting


def courses_in(**terms):
    """So many courses in each term, one week after the other."""
    names = [term for term, count in terms.items() for _ in range(count)]
    return pd.DataFrame({"term": names, "week": range(len(names)), "enrolment": range(len(names))})


@pytest.mark.parametrize(
    ("terms", "rounds"),
    [
        ({"a": 8, "b": 9, "c": 8}, [("a", 8), ("b", 9), ("c", 8)]),
        # A small term waits for the next; a small last one joins the one before.
        ({"a": 3, "b": 5, "c": 8, "d": 8}, [("a to b", 8), ("c", 8), ("d", 8)]),
        ({"a": 8, "b": 8, "c": 8, "d": 7}, [("a", 8), ("b", 8), ("c to d", 15)]),
        # Two rounds are taken as one, and so is all there is where there are fewer than eight.
        ({"a": 20, "b": 20}, [("a to b", 40)]),
        ({"a": 2, "b": 1}, [("a to b", 3)]),
        ({"a": 30}, [("a", 30)]),
    ],
)
def test_terms_are_rounds_where_each_has_eight_pupils(terms, rounds):
    found = split_in_rounds(courses_in(**terms).sample(frac=1, random_state=1))
    assert [(name, len(part)) for name, part in found] == rounds


# Pooling


def rounds_table(*rows):
    """Rounds from (estimate, standard error, pupils) or with why they are not comparable."""
    whole = [row if len(row) == 4 else (*row, "") for row in rows]
    return pd.DataFrame(
        {
            "intervention": "Mentor",
            "estimate": [row[0] for row in whole],
            "se": [row[1] for row in whole],
            "low": [row[0] - 2 * row[1] for row in whole],
            "high": [row[0] + 3 * row[1] for row in whole],
            "possible_sessions": [100 * len(row[2]) for row in whole],
            "not_comparable": [row[3] for row in whole],
            "pupil_ids": [tuple(row[2]) for row in whole],
        }
    )


def pool(*rows):
    return pool_rounds(rounds_table(*rows), ["intervention"]).iloc[0]


def test_rounds_that_agree_add_up():
    found = pool((0.03, 0.02, "abcdefgh"), (0.03, 0.02, "ijklmnop"), (0.03, 0.02, "qrstuvwx"))
    # 0.02 / sqrt(3) = 0.011547; 1.959964 of these are 0.022632.
    assert found[["estimate", "low", "high"]].tolist() == pytest.approx([0.03, 0.007368, 0.052632], abs=1e-6)
    assert (found["verdict"], found["rounds"], found["pupils"]) == (Verdict.HELPED, 3, 24)
    assert (found["between_sd"], found["i_squared"], found["possible_sessions"]) == (0, 0, 2400)
    # (1.959964 + 0.841621) of the error; and the estimate drawn to nothing by 9 / (9 + 1.3333).
    assert found["smallest_effect"] == pytest.approx(2.801585 * 0.011547, abs=1e-5)
    assert found["cautious_estimate"] == pytest.approx(0.03 * 9 / (9 + 4 / 3), abs=1e-6)


def test_rounds_that_differ_widen_the_range():
    found = pool((0.09, 0.01, "abcdefgh"), (0.03, 0.01, "ijklmnop"), (-0.03, 0.01, "qrstuvwx"))
    # Q = (36 + 0 + 36) / 1 in hundredths squared = 72 on 2 degrees; tau squared = (72 - 2) / 2 hundredths squared = 0.0035.
    assert found["between_sd"] == pytest.approx(0.0035**0.5)
    assert found["i_squared"] == pytest.approx(70 / 72)
    # Hartung and Knapp: sqrt(0.0072 / 2 / 3) = 0.034641 times t(0.975, 2) = 4.302653.
    assert found["high"] - found["estimate"] == pytest.approx(0.034641 * 4.302653, abs=1e-5)
    assert (found["verdict"], found["reason"]) == (Verdict.TOO_FEW, RANGE_TOO_WIDE)


def test_a_single_round_keeps_its_own_range():
    found = pool((0.04, 0.01, "abcdefgh"))
    assert found[["low", "high", "rounds"]].tolist() == pytest.approx([0.02, 0.07, 1])


def test_a_round_without_anyone_like_it_is_in_no_pool_and_counted():
    one = (0.03, 0.01, "abcdefgh")
    found = pool(one, (0.50, 0.01, "ghij", FEW_SIMILAR))
    assert found["estimate"] == pytest.approx(0.03)
    # g and h are pooled by their other round; i and j are left out.
    assert found[["pupils", "rounds_left_out", "pupils_left_out"]].tolist() == [8, 1, 2]
    alone = pool((0.50, 0.01, "abcdefgh", FEW_SIMILAR))
    assert (alone["verdict"], alone["reason"], alone["rounds"]) == (Verdict.TOO_FEW, NOT_COMPARABLE, 0)
    assert np.isnan(alone["estimate"])


def test_a_pupil_in_two_rounds_is_one_pupil():
    found = pool((0.03, 0.001, "abcd"), (0.03, 0.001, "abcd"), (0.03, 0.001, "abc"))
    assert (found["pupils"], found["verdict"], found["reason"]) == (4, Verdict.TOO_FEW, FEW_PUPILS)


def test_nothing_to_pool_gives_no_row():
    assert pool_rounds(rounds_table(), ["intervention"]).empty


# On an invented school


@pytest.fixture(scope="module")
def study():
    school = invent(World(treated=30, effect=5.0, pupils=400), 7)
    sessions = school.register.sessions
    week = sessions.groupby("school_year")["school_week"].transform(lambda weeks: weeks - weeks.min())
    term = np.select([week < 11, week < 17], ["autumn", "spring"], "summer")
    register = type(school.register)(
        school.register.codes,
        school.register.pupils,
        sessions.assign(term=sessions["school_year"] + "-" + term),
    )
    log = school.interventions.assign(tier="2", barrier=np.where(school.interventions.index % 2, "sleep", ""))
    return study_of(register, log)


def evaluation_of(study):
    return next(each for each in study.evaluations if each.impact.intervention == SCHEME)


def test_all_of_those_treated_give_the_estimate_of_the_whole(study):
    whole = evaluation_of(study)
    treated = whole.expectation.sets.enrolment[whole.expectation.sets.is_treated]
    found = impact_among(whole, treated)
    assert (found.estimate, found.low, found.high) == (
        whole.impact.estimate,
        whole.impact.low,
        whole.impact.high,
    )


def test_those_compared_stay_everyone_of_the_same_start_weeks(study):
    sets = evaluation_of(study).expectation.sets
    treated = sets.enrolment[sets.is_treated & (sets.week <= np.median(sets.week))][:5]
    found = sets_among(sets, treated)
    weeks = set(sets.week[sets.is_treated & np.isin(sets.enrolment, treated)])
    compared = sum(
        not treats and week in weeks for treats, week in zip(sets.is_treated, sets.week, strict=True)
    )
    assert (found.pupils, int((~found.is_treated).sum())) == (5, compared)
    assert found.left_out == {}


def test_the_rounds_of_each_kind_hold_every_pupil_once(study):
    courses, rounds = study.courses, rounds_of(study)
    whole = rounds.of_everyone().set_index("intervention").loc[[SCHEME]]
    kinds = courses["is_fsm"].map({True: "yes", False: "no"})
    parts = rounds.by_kind(kinds).set_index("intervention").loc[[SCHEME]]
    evaluated = courses[(courses["intervention"] == SCHEME) & (courses["landed"] != "")]
    assert sorted(each for ids in parts["pupil_ids"] for each in ids) == sorted(evaluated["pupil_id"])
    assert whole["pupils"].sum() == parts["pupils"].sum() == len(evaluated)
    fsm = parts[parts["kind"] == "yes"]
    assert fsm["pupils"].sum() == evaluated["is_fsm"].sum()


def test_a_course_of_no_kind_is_in_no_round(study):
    kinds = pd.Series(np.where(study.courses["intervention"] == SCHEME, "it", None), study.courses.index)
    assert set(rounds_of(study).by_kind(kinds)["intervention"]) == {SCHEME}


def test_the_same_pupils_are_estimated_once(study):
    rounds = rounds_of(study)
    first = rounds.of_everyone()
    known = len(rounds.known)
    assert (
        rounds.by_kind(pd.Series("Tier 2", study.courses.index))["estimate"].tolist()
        == first["estimate"].tolist()
    )
    assert len(rounds.known) == known


def test_a_courses_sessions_are_those_of_the_single_pupil_ranges(study):
    ranges = pupil_ranges(evaluation_of(study)).set_index("pupil_id")
    courses = study.courses[study.courses["intervention"] == SCHEME].set_index("pupil_id")
    courses = courses[courses["landed"] != ""]
    assert sorted(ranges.index) == sorted(courses.index)
    for pupil_id, row in ranges.iterrows():
        course = courses.loc[pupil_id]
        assert course["possible_sessions"] == row["possible_sessions"]
        assert course["attended_sessions"] == round(row["actual_rate"] * row["possible_sessions"])
        assert course["expected_sessions"] == pytest.approx(row["expected_rate"] * row["possible_sessions"])
        landed = BELOW if row["is_below"] else ABOVE if row["is_above"] else WITHIN
        assert course["landed"] == landed


def test_every_way_of_grouping_is_pooled_with_false_discoveries_over_all_rows(study):
    found = pools(rounds_of(study))
    assert list(dict.fromkeys(found["group"])) == [TYPE, TIER, BARRIER, FSM, SEND, LEAD, DOSE]
    whole = found[(found["group"] == TIER)].iloc[0]
    by_type = found[found["group"] == TYPE]
    assert (whole["value"], whole["rounds"]) == ("Tier 2", by_type["rounds"].sum())
    assert found.loc[found["group"] == BARRIER, "value"].tolist() == ["Not recorded", "sleep"]
    # Benjamini and Yekutieli: the least p times m (1 + 1/2 + ... + 1/m) bounds the least q from above.
    known = found["p_value"].dropna()
    harmonic = sum(1 / (place + 1) for place in range(len(known)))
    assert found["q_value"].min() <= min(1.0, known.min() * len(known) * harmonic) + 1e-12


def test_one_band_of_dose_is_no_comparison(study):
    assert doses_within(rounds_of(study)).empty


def test_doses_are_compared_within_one_intervention(study):
    # Half of those in the scheme stop after two weeks.
    mine = study.log["intervention"] == SCHEME
    stopped = study.log["start_date"] + pd.Timedelta(days=11)
    log = study.log.assign(end_date=stopped.where(mine & (study.log.index % 2 == 0)))
    found = doses_within(rounds_of(study_of(study.register, log)))
    assert found["intervention"].unique().tolist() == [SCHEME]
    assert found["value"].tolist() == ["ran in up to 3 school weeks", "ran in 7 school weeks or more"]


# Lead times and differences


def test_lead_times_are_counted_by_band():
    courses = pd.DataFrame(
        [
            ("Mentor", BEFORE, None),
            ("Mentor", SOON, 4),
            ("Mentor", LATE, 40),
            ("Visit", LATER, 12),
            ("Visit", "", None),
        ],
        columns=["intervention", "lead_band", "lead_days"],
    ).astype({"lead_days": "Int64"})
    found = lead_times(courses).set_index("intervention")
    assert found.loc["Mentor"].tolist() == [3, 1, 1, 0, 1, 22]
    assert found.loc["Visit"].tolist() == [1, 0, 0, 1, 0, 12]
    assert found.loc["All"].tolist() == [4, 1, 1, 1, 1, 12]
    assert list(found.index) == ["Mentor", "Visit", "All"]


def test_two_pools_differ_by_more_than_either_is_unsure_of():
    first = {"estimate": 0.05, "low": 0.02, "high": 0.08}
    second = {"estimate": 0.01, "low": -0.03, "high": 0.05}
    # Half ranges of 3 and 4 make 5.
    assert difference_between(first, second) == pytest.approx((0.04, -0.01, 0.09))


def test_a_study_without_an_estimate_has_no_pool(study):
    bare = study_of(study.register, study.log.iloc[:0])
    assert bare.courses.empty
    assert pools(rounds_of(bare)).empty
    assert doses_within(rounds_of(bare)).empty
    assert lead_times(bare.courses).empty
    assert evaluate_all(bare.counts, bare.starts, 12) == []


def test_a_pupil_in_several_interventions_counts_once_in_a_pool_of_them(study):
    # All who had the scheme begin another two weeks later, in the same tier.
    mine = study.log[study.log["intervention"] == SCHEME]
    again = mine.assign(intervention="Again", start_date=mine["start_date"] + pd.Timedelta(weeks=2))
    several = study_of(study.register, pd.concat([mine, again], ignore_index=True))
    found = pools(rounds_of(several)).set_index(["group", "value"])
    treated = several.evaluations[1].impact
    assert found.loc[(TYPE, SCHEME), "pupils"] == treated.likeness.pupils
    tier = found.loc[(TIER, "Tier 2")]
    # Each counts with the first of the two; before, both came in, and every session of the second twice.
    assert tier["possible_sessions"] == treated.possible_sessions
    assert tier["pupils"] == treated.likeness.pupils


def test_a_round_of_a_finding_that_the_self_test_took_back_is_in_no_pool(study, monkeypatch):
    log = study.log[study.log["intervention"] == SCHEME]
    monkeypatch.setattr(engine, "self_test", lambda *_: SelfTest(60, 9, 0, 0.01, 0.85))
    found = rounds_of(study_of(study.register, log))
    assert set(found.of_everyone()["not_comparable"]) == {SELF_TEST_OFF}
    pool = pool_rounds(found.of_everyone(), ["intervention"]).iloc[0]
    assert (pool["verdict"], pool["reason"]) == (Verdict.TOO_FEW, SELF_TEST_OFF)
