"""Who is evaluated, who is compared with whom, and who is left out and why."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.impact import risk_sets, weeks
from attendance_lib.analysis.impact.evaluate import evaluate
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.analysis.impact.workings import OTHER_TOO, without_others
from attendance_lib.register.grid import NOT_ON_ROLL
from tests.analysis.impact.invented_log import MONDAY, PLACE, left_out, log_of
from tests.analysis.impact.simulate import SCHEME


def pupil_who(school, column, *, has):
    """The first pupil with an unusual date of joining or leaving, or without one."""
    pupils = school.register.pupils
    unusual = {
        "admission_date": pupils["admission_date"] > pd.Timestamp("2025-09-01"),
        "leaving_date": pupils["leaving_date"].notna(),
    }
    chosen = unusual[column] if has else ~(unusual["admission_date"] | unusual["leaving_date"])
    return pupils.loc[chosen, "pupil_id"].iloc[0]


def test_one_who_had_left_is_not_on_roll_at_the_start(school, counts):
    leaver = pupil_who(school, "leaving_date", has=True)
    found = place_starts(log_of((leaver, "2026-04-27", None)), counts).table
    assert found["left_out"].tolist() == [weeks.NOT_ON_ROLL]


def test_of_two_starts_by_one_pupil_the_first_counts_and_the_other_is_counted(counts):
    log = log_of(("00001", "2025-12-01", None), ("00001", MONDAY, None))
    found = place_starts(log, counts).table
    assert found["left_out"].tolist() == ["", weeks.HAD_IT_BEFORE]
    assert found["week"].iloc[0] == PLACE


def test_one_who_leaves_soon_after_the_start_has_too_few_sessions(school, counts):
    leaver = pupil_who(school, "leaving_date", has=True)
    assert left_out(counts, (leaver, "2026-03-02", None)) == {risk_sets.LITTLE_AFTER: 1}


def test_one_who_has_just_joined_has_too_few_sessions_before(school, counts):
    joiner = pupil_who(school, "admission_date", has=True)
    assert left_out(counts, (joiner, "2025-10-13", None)) == {risk_sets.LITTLE_BEFORE: 1}


def test_one_still_running_is_evaluated_over_the_weeks_that_have_passed(school, counts):
    stays = pupil_who(school, "leaving_date", has=False)
    # The register ends with week 38 of the year, that of 18 May 2026: from 27 April four weeks, from 11 May two.
    found = evaluate(Question(counts, place_starts(log_of((stays, "2026-04-27", None)), counts), SCHEME))
    assert found.expectation.sets.possible_sessions[found.expectation.sets.is_treated].tolist() == [40]
    assert left_out(counts, (stays, "2026-05-11", None)) == {risk_sets.LITTLE_AFTER: 1}


def test_whoever_cannot_be_evaluated_is_still_compared_with_nobody(school, counts):
    joiner = pupil_who(school, "admission_date", has=True)
    stays = pupil_who(school, "leaving_date", has=False)
    log = log_of((stays, MONDAY, None), (joiner, "2025-10-13", None))
    sets = risk_sets.build_risk_sets(Question(counts, place_starts(log, counts), SCHEME))
    assert school.register.pupils["pupil_id"].tolist().index(joiner) not in sets.enrolment.astype(int)


def test_every_row_of_the_log_is_evaluated_or_left_out(school, counts):
    leaver, stays = (pupil_who(school, "leaving_date", has=has) for has in (True, False))
    begun = [(stays, MONDAY), (stays, "2026-01-12"), (leaver, "2026-03-02"), ("99999", MONDAY)]
    rows = [(*each, None) for each in begun]
    found = evaluate(Question(counts, place_starts(log_of(*rows), counts), SCHEME)).impact
    assert found.likeness.pupils + sum(found.left_out.values()) == len(rows)
    assert found.left_out == {weeks.HAD_IT_BEFORE: 1, risk_sets.LITTLE_AFTER: 1, weeks.NOT_IN_REGISTER: 1}


def test_a_pupil_in_two_interventions_at_once_stays_known_to_have_the_other_and_can_be_left_out(
    school, counts
):
    stays = pupil_who(school, "leaving_date", has=False)
    other = log_of((stays, "2025-10-20", None)).assign(intervention="Another scheme")
    log = pd.concat([log_of((stays, MONDAY, None), ("00002", MONDAY, None)), other], ignore_index=True)
    question = Question(counts, place_starts(log, counts), SCHEME)
    sets = risk_sets.build_risk_sets(question)
    treated = np.flatnonzero(sets.is_treated)
    assert sets.features[treated, -1].sum() == 1
    assert without_others(question).of(SCHEME)["left_out"].tolist().count(OTHER_TOO) == 1


LEFT, BACK = 38 + 12, 38 + 13


@pytest.fixture(scope="module")
def returned(school):
    """The register with its first pupil who stays gone after twelve weeks, and back, in another row, a week later."""
    stays = pupil_who(school, "leaving_date", has=False)
    row = school.register.pupils["pupil_id"].tolist().index(stays)
    week = school.register.sessions["school_week"].to_numpy() - 1
    codes = np.vstack([school.register.codes, school.register.codes[row]])
    codes[row, week >= LEFT] = NOT_ON_ROLL
    codes[-1, week < BACK] = NOT_ON_ROLL
    mondays = pd.to_datetime(count_weeks(school.register).weeks["week_beginning"])
    again = school.register.pupils.iloc[[row]].assign(admission_date=mondays[BACK])
    pupils = pd.concat([school.register.pupils, again], ignore_index=True)
    pupils.loc[row, "leaving_date"] = mondays[LEFT] - pd.Timedelta(days=3)
    return count_weeks(replace(school.register, codes=codes, pupils=pupils)), row, stays


@pytest.mark.parametrize("began", [MONDAY, "2025-12-08"], ids=["before leaving", "after coming back"])
def test_one_who_left_and_came_back_is_compared_with_nobody_who_had_the_same(returned, began):
    counts, row, stays = returned
    # Another pupil begins in February, when the returner's second row has ten weeks behind it.
    later = counts.pupils["pupil_id"].iloc[row + 5]
    log = log_of((stays, began, None), (later, "2026-02-09", None))
    sets = risk_sets.build_risk_sets(Question(counts, place_starts(log, counts), SCHEME))
    february = sets.week == sets.week.max()
    assert (february & sets.is_treated).sum() == 1
    assert len(counts.pupils) - 1 not in sets.enrolment[february]


def test_one_who_came_back_and_never_had_it_is_compared_in_both_rows(returned):
    counts, row, _ = returned
    later = counts.pupils["pupil_id"].iloc[row + 5]
    log = log_of((later, "2026-02-09", None))
    sets = risk_sets.build_risk_sets(Question(counts, place_starts(log, counts), SCHEME))
    assert len(counts.pupils) - 1 in sets.enrolment[~sets.is_treated]


def test_what_one_had_before_leaving_is_known_of_the_pupil_who_came_back(returned):
    counts, row, stays = returned
    other = log_of((stays, "2025-11-17", None)).assign(intervention="Another scheme")
    later = counts.pupils["pupil_id"].iloc[row + 5]
    log = pd.concat([log_of((later, "2026-01-12", None)), other], ignore_index=True)
    sets = risk_sets.build_risk_sets(Question(counts, place_starts(log, counts), SCHEME))
    back = sets.enrolment == len(counts.pupils) - 1
    assert sets.features[back, -1].tolist() == [1.0]


def test_one_who_began_while_away_is_compared_with_nobody(returned):
    counts, row, stays = returned
    later = counts.pupils["pupil_id"].iloc[row + 5]
    # The Saturday between the two enrolments.
    log = log_of((stays, "2025-11-22", None), (later, "2026-02-09", None))
    placed = place_starts(log, counts)
    assert placed.table.set_index("pupil_id").loc[stays, "left_out"] == weeks.NOT_ON_ROLL
    sets = risk_sets.build_risk_sets(Question(counts, placed, SCHEME))
    assert len(counts.pupils) - 1 not in sets.enrolment
