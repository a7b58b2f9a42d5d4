"""The order in which to talk about pupils follows the rule that is printed."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.movement import crossings
from attendance_lib.analysis.priority import REASONS, priority_list, rule_in_words
from attendance_lib.pack.periods import Periods

FORTNIGHT = (date(2026, 11, 2), date(2026, 11, 13))
OCTOBER = ("2026-10-12", "2026-10-13", "2026-10-14", "2026-10-15", "2026-10-16")


def listed(make_register, *pupils, interventions=0):
    roll = Periods(make_register(*pupils), *FORTNIGHT)
    ids = roll.year_to_date.pupils["pupil_id"]
    support = pd.DataFrame(
        {"pupil_id": ids, "interventions_now": pd.array([interventions] * len(ids), dtype="Int64")}
    )
    return priority_list(roll, crossings(roll), support)


def away(*days, code="I"):
    return {"marks": dict.fromkeys(days, f"{code} {code}")}


def test_a_pupil_who_is_well_is_not_listed(make_register):
    assert listed(make_register, {}, away("2026-11-02")).empty


@pytest.mark.parametrize(
    ("pupil", "category", "points", "why"),
    [
        # 6 of 70 before, 10 of 90 now; 80 % in the period, 90 % in the six weeks before it: no fall of 20 points.
        (
            away(*OCTOBER[:3], "2026-11-02", "2026-11-03"),
            "New persistent absence",
            3 + 1 + 1,
            "5: now persistently absent +4; no support on file +1",
        ),
        # 10 of 70 before, 10 of 90 now; 100 % against 83 % is a rise of 17 points: not returning.
        (
            away(*OCTOBER),
            "Persistent absence",
            1 + 1,
            "2: persistently absent +1; no support on file +1",
        ),
        # 16 of 70 before (16 of 60 in the last six weeks), 16 of 90 now: a rise of 27 points.
        (
            away(*OCTOBER, "2026-10-19", "2026-10-20", "2026-10-21"),
            "Returning",
            1 + 1 - 2,
            "0: persistently absent +1; no support on file +1; rising −2",
        ),
        # 6 of 90 missed: (90 - 60) / 9 rounded up is 4 more in a row.
        (away(*OCTOBER[:3]), "About to become persistently absent", 3, "3: close to the line +3"),
        # 5 of 90: (90 - 50) / 9 is 5 more, and nothing else is the matter.
    ],
)
def test_reasons_points_and_category_are_those_of_the_rule(make_register, pupil, category, points, why):
    row = listed(make_register, pupil, {}).iloc[0]
    assert (row["category"], row["points"], row["why"]) == (category, points, why)


def test_being_five_sessions_away_is_not_near(make_register):
    pupil = {"marks": {"2026-10-12": "I I", "2026-10-13": "I I", "2026-10-14": "I \\"}}
    assert listed(make_register, pupil, {}).empty


def test_support_on_file_takes_its_point_away(make_register):
    assert listed(make_register, away(*OCTOBER), {}, interventions=1)["why"].tolist() == [
        "1: persistently absent +1"
    ]


def test_an_unknown_log_of_support_counts_against_nobody(make_register):
    assert (
        "no support"
        not in listed(make_register, away(*OCTOBER), {}, interventions=None)["why"].iloc[0].lower()
    )


def test_the_order_is_points_then_sessions_missed_in_the_period(make_register):
    nine_in_november = away(*OCTOBER, "2026-11-02") | {"child_in_need": True}
    pupils = [away(*OCTOBER), nine_in_november, away(*OCTOBER, "2026-11-02")]
    table = listed(make_register, *pupils)
    assert table["pupil_id"].tolist() == ["0001", "0002", "0000"]
    assert table["points"].is_monotonic_decreasing


def test_the_printed_rule_names_every_reason_with_its_points():
    rule = rule_in_words()
    assert rule.endswith("A chance, here or in the outlook paper, does not enter the order.")
    for reason in REASONS:
        sign = "+" if reason.points > 0 else "\N{MINUS SIGN}"
        assert f"{reason.words} {sign}{abs(reason.points)} ({reason.meaning})" in rule


def test_a_fall_of_exactly_twenty_points_is_a_fall(make_register):
    # 70 of 70 before and 16 of 20 now: 80 % less 100 %, which as floats falls just short of -0.2.
    row = listed(make_register, away("2026-11-02", "2026-11-03"), {}).iloc[0]
    assert (row["category"], row["why"]) == ("Falling fast", "2: falling +2")
