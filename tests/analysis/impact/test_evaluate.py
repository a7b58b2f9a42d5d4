"""The estimate on invented schools: it finds what is there, and nothing that should not matter matters."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact.evaluate import evaluate, impact_table, like_pupils_change, pupil_ranges
from attendance_lib.analysis.impact.log import cost_of
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.self_test import self_test
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.weeks import HAD_IT_BEFORE, NOT_IN_REGISTER, count_weeks, place_starts
from attendance_lib.analysis.impact.workings import balance, event_study, over_six_weeks, robustness
from attendance_lib.rules.codes import Category
from tests.analysis.impact.simulate import SCHEME, World, invent


def ask(register, log, name=SCHEME):
    counts = count_weeks(register)
    return Question(counts, place_starts(log, counts), name)


def effect_of(register, log, name=SCHEME):
    return evaluate(ask(register, log, name)).impact


@pytest.fixture(scope="module")
def school():
    return invent(World(treated=30, effect=5.0, pupils=400), 7)


@pytest.fixture(scope="module")
def evaluation(school):
    return evaluate(ask(school.register, school.interventions))


def figures(impact):
    return [impact.estimate, impact.low, impact.high, impact.smallest_effect]


def test_names_of_pupils_do_not_matter(school, evaluation):
    ids = school.register.pupils["pupil_id"]
    other = dict(zip(ids, np.random.default_rng(1).permutation([f"x{each}" for each in ids]), strict=True))
    pupils = school.register.pupils.assign(pupil_id=ids.map(other))
    log = school.interventions.assign(pupil_id=school.interventions["pupil_id"].map(other))
    found = effect_of(replace(school.register, pupils=pupils), log)
    assert figures(found) == pytest.approx(figures(evaluation.impact), abs=1e-9)


def test_order_of_rows_does_not_matter(school, evaluation):
    order = np.random.default_rng(2).permutation(len(school.register.pupils))
    pupils = school.register.pupils.iloc[order].reset_index(drop=True)
    register = replace(school.register, codes=school.register.codes[order], pupils=pupils)
    found = effect_of(register, school.interventions.sample(frac=1, random_state=3))
    assert figures(found) == pytest.approx(figures(evaluation.impact), abs=1e-9)


def test_an_unrelated_intervention_after_the_windows_moves_nothing(school, evaluation):
    later = pd.DataFrame(
        {"intervention": "Later", "pupil_id": ["00001", "00002"], "start_date": pd.Timestamp("2026-05-18")}
    )
    found = effect_of(school.register, pd.concat([school.interventions, later], ignore_index=True))
    assert figures(found) == figures(evaluation.impact)


def test_an_unrelated_intervention_at_the_same_time_moves_next_to_nothing(school, evaluation):
    mine = set(school.interventions["pupil_id"])
    ids = [each for each in school.register.pupils["pupil_id"] if each not in mine]
    who = np.random.default_rng(6).choice(ids, 20, replace=False)
    chess = pd.DataFrame({"intervention": "Chess", "pupil_id": who, "start_date": pd.Timestamp("2025-11-03")})
    found = effect_of(school.register, pd.concat([school.interventions, chess], ignore_index=True))
    assert found.estimate == pytest.approx(evaluation.impact.estimate, abs=0.003)
    assert found.verdict is evaluation.impact.verdict


def test_two_halves_of_an_intervention_say_together_what_the_whole_says(school, evaluation):
    log = school.interventions
    mine = log["intervention"] == SCHEME
    half = mine & (log["start_date"] > log.loc[mine, "start_date"].median())
    split = log.assign(intervention=log["intervention"].mask(half, "Second half"))
    first, second = (effect_of(school.register, split, name) for name in (SCHEME, "Second half"))
    pupils = np.array([each.likeness.pupils for each in (first, second)])
    assert pupils.sum() == evaluation.impact.likeness.pupils
    both = np.average([first.estimate, second.estimate], weights=pupils)
    assert both == pytest.approx(evaluation.impact.estimate, abs=0.012)


def test_who_is_left_out_is_counted_with_the_reason(school):
    mine = school.interventions[school.interventions["intervention"] == SCHEME].iloc[[0]]
    again = mine.assign(start_date=mine["start_date"] + pd.Timedelta(weeks=2))
    stranger = mine.assign(pupil_id="nobody")
    found = effect_of(school.register, pd.concat([school.interventions, again, stranger], ignore_index=True))
    assert found.left_out[HAD_IT_BEFORE] == 1
    assert found.left_out[NOT_IN_REGISTER] == 1


def test_everyone_treated_leaves_no_verdict(school):
    log = pd.DataFrame(
        {
            "intervention": SCHEME,
            "pupil_id": school.register.pupils["pupil_id"],
            "start_date": pd.Timestamp("2025-11-03"),
        }
    )
    assert effect_of(school.register, log).verdict is Verdict.TOO_FEW


def test_the_tables_behind_an_estimate_agree_with_it(evaluation):
    impact = evaluation.impact
    people, weeks = pupil_ranges(evaluation), event_study(evaluation)
    assert (people["actual_rate"] - people["expected_rate"]).mean() == pytest.approx(
        impact.estimate, abs=0.01
    )
    assert weeks["week"].tolist() == list(range(-6, 12))
    assert weeks.loc[weeks["week"] >= 0, "gap"].mean() == pytest.approx(impact.estimate, abs=0.02)
    assert abs(balance(evaluation).iloc[0]["after"]) < abs(balance(evaluation).iloc[0]["before"])
    assert robustness(evaluation, over_six_weeks(evaluation)).iloc[0]["estimate"] == impact.estimate
    assert impact.sessions_regained == pytest.approx(impact.estimate * impact.possible_sessions)
    assert cost_of(evaluation).total == 50 * impact.likeness.pupils
    assert impact_table([impact])["pupils"].tolist() == [impact.likeness.pupils]


def test_pretend_interventions_seldom_seem_to_help(evaluation):
    found = self_test(evaluation.expectation, evaluation.neighbours, runs=20)
    assert found.helped + found.worse <= 3
    assert abs(found.mean_estimate) < 0.02


ATTENDED = (Category.PRESENT, Category.APPROVED_ACTIVITY)
ABSENT = (Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE)


def rate(register, enrolment, weeks):
    """One enrolment's attendance in some school weeks, cell by cell."""
    held = [
        register.categories[enrolment, at]
        for at, week in enumerate(register.sessions["school_week"])
        if week in weeks
    ]
    attended, absent = (sum(each in classes for each in held) for classes in (ATTENDED, ABSENT))
    return attended / (attended + absent) if attended + absent else np.nan


def test_like_pupils_change_is_the_mean_over_pupils_of_the_mean_over_those_like_them():
    school = invent(World(treated=12, effect=0.0, pupils=250), 3)
    counts = count_weeks(school.register)
    found = evaluate(Question(counts, place_starts(school.interventions, counts), SCHEME))
    sets, numbers = found.expectation.sets, sorted(school.register.sessions["school_week"].unique())
    means = []
    for rows, size in zip(found.neighbours.rows, found.neighbours.sizes, strict=True):
        changes = []
        for row in rows[:size]:
            week, enrolment = int(sets.week[row]), int(sets.enrolment[row])
            before, after = numbers[week - 6 : week], numbers[week : week + 6]
            changes.append(rate(school.register, enrolment, after) - rate(school.register, enrolment, before))
        means.append(np.nanmean(changes))
    assert like_pupils_change(found) == pytest.approx(np.mean(means))
    assert like_pupils_change(found) > 0, "pupils in a bad spell are those whose attendance comes back"
