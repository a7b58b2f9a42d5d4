"""What like pupils did without the intervention, worked out again pupil by pupil and session by session."""

import numpy as np
import pytest

from attendance_lib.analysis.impact.evaluate import evaluate, like_pupils_change
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.rules.codes import Category
from tests.analysis.impact.simulate import SCHEME, World, invent

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
