"""Subjects that the same pupils miss more than their other lessons."""

import numpy as np

from attendance_lib.papers.lessons import pupils, subjects
from attendance_lib.papers.lessons.workings import lessons_of
from tests.papers.lessons.lesson_school import DAYS, PERIODS, PUPILS, SUBJECTS, opened


def test_a_school_where_everybody_is_in_every_lesson_raises_nothing():
    clean = opened({})
    assert pupils.truants(clean).frame.empty
    assert pupils.missing_today(clean).frame.empty
    frame = subjects.subjects_and_periods(clean).frame
    assert set(frame.loc[frame["what"] != "Weekday", "verdict"]) == {"chance"}


def test_a_period_whose_register_is_the_sessions_own_contradicts_nothing():
    late = {(pupil, DAYS[int(pupil) % 10], "PM"): "L" for pupil in PUPILS}
    copied = opened({("06", DAYS[2], "P4"): "N"}, late, copied=("P4",))
    said = subjects.how_independent(copied).items[0]
    # 30 late afternoons that agree, and one lesson that was put right since.
    assert said.startswith("P4 is the afternoon's own register: 30 of 31 late or unexplained marks agree.")
    assert lessons_of(copied).missed.empty


def test_a_subject_that_the_same_pupils_miss_more_is_found_and_drawn_towards_nothing():
    # Every second pupil misses every French lesson, and no other: 15 pupils of 10 lessons.
    french = {
        (pupil, day, PERIODS[number]): "N"
        for pupil in PUPILS[::2]
        for place, day in enumerate(DAYS)
        for number in range(5)
        if SUBJECTS[(number + place) % 5] == "French"
    }
    frame = subjects.subjects_and_periods(opened(french)).frame
    french_row = frame[frame["name"] == "French"].iloc[0]
    assert french_row["verdict"] == "missed more"
    assert (french_row["pupils"], french_row["lessons"], french_row["missed_lessons"]) == (30, 300, 150)
    # Half of the pupils at 1 above their other lessons, half at 0: one half before it is drawn in.
    assert 0.3 < french_row["difference_rate"] < 0.5
    assert set(frame.loc[frame["what"] == "Period", "verdict"]) == {"chance"}


def gap_one_by_one(missed, subject):
    """How much oftener a subject's lessons are missed than the others of the same pupil and day, lesson by lesson."""
    gaps = []
    for pupil in PUPILS:
        for place, day in enumerate(DAYS):
            names = [SUBJECTS[(number + place) % 5] for number in range(5)]
            out = dict(zip(names, [(pupil, day, period) in missed for period in PERIODS], strict=True))
            gaps.append(out.pop(subject) - sum(out.values()) / len(out))
    return sum(gaps) / len(gaps)


def test_the_contrast_is_the_mean_within_pupils_and_days_counted_one_by_one():
    rng = np.random.default_rng(3)
    share = {subject: 0.4 if subject == "French" else 0.2 for subject in SUBJECTS}
    missed = {
        (pupil, day, period): "N"
        for pupil in PUPILS
        for place, day in enumerate(DAYS)
        for number, period in enumerate(PERIODS)
        if rng.random() < share[SUBJECTS[(number + place) % 5]]
    }
    found = lessons_of(opened(missed))
    table = subjects.contrasts(found.checkable, "subject").set_index("name")
    # What is shown is drawn towards nothing, never past it and never further out.
    for subject in SUBJECTS:
        gap, shown = gap_one_by_one(missed, subject), table.loc[subject, "difference_rate"]
        assert abs(shown) <= abs(gap) + 1e-12
        assert shown > 0.1 or subject != "French"
        assert shown * gap >= 0
