"""Whom tickets fall on, and a chance under four fifths."""

import pandas as pd
import pytest

from attendance_lib.papers.incentives import fairness
from attendance_lib.papers.incentives.opening import open_draw
from tests.papers.incentives.incentive_school import PUPILS, WEEK, held, opened


def test_fairness_counts_tickets_a_pupil_and_withholds_few(raffle):
    frame = fairness.fairness(raffle).frame.set_index("group")
    support = frame.loc["SEN support"]
    # 00 to 05: 10, 9, 9, 5, 6 and 10 tickets; the other 18 have 9 + 0 + 10 + 9 + 140 = 168 and 06 to 09 among them.
    assert (support["pupils"], support["tickets"]) == (6, 49)
    assert support["others_per_100"] == pytest.approx(100 * (217 - 49) / 18)
    assert support["finding"] == ""
    plan = frame.loc["Education, health and care plan"]
    assert plan["finding"] == "withheld: few pupils"
    assert plan[["pupils", "tickets", "tickets_per_100", "others_per_100", "ratio_rate"]].isna().all()


def test_a_chance_under_four_fifths_is_flagged_with_its_cause():
    # SEN support late on two of ten sessions: 8 beside 10 is exactly four fifths, and stands; a third is under it.
    late = {key: code for pupil in PUPILS[:6] for key, code in held(pupil, WEEK[:2], "L", "\\").items()}
    assert finding_of(late) == ""
    assert finding_of(late | held("00", WEEK[:3], "L", "\\")) == "under 80%: lateness"


def finding_of(marked):
    draw = open_draw(opened(marked, overrides=None), "raffle")
    return fairness.fairness(draw).frame.set_index("group")["finding"].loc["SEN support"]


def test_the_notes_say_what_the_largest_trial_found(raffle):
    said = " ".join(fairness.what_is_known(raffle).items)
    assert "15,329 pupils" in said
    assert "Robinson" in said


@pytest.mark.parametrize(("least", "is_withheld"), [(5, False), (4, True)])
def test_a_group_beside_few_others_is_withheld_as_a_small_one_is(least, is_withheld):
    """All but so many girls: whoever knows the school's tickets would have those few boys' by taking away."""
    for few in ("F", "M"):
        others = "M" if few == "F" else "F"
        sexes = [few] * least + [others] * (24 - least)
        frame = fairness.fairness(open_draw(opened({}, sex=sexes), "raffle")).frame.set_index("group")
        for name in ("Girls", "Boys"):
            assert (frame["finding"].loc[name] == "withheld: few pupils") is is_withheld, (few, name)
            assert bool(pd.isna(frame["tickets"].loc[name])) is is_withheld


def test_of_whom_a_group_is_not_known_is_counted_on_neither_side():
    # Twelve girls, six boys and six of whom nothing is known, who were late on every session.
    late = {key: code for pupil in PUPILS[18:] for key, code in held(pupil, WEEK, "L").items()}
    sexes = ["F"] * 12 + ["M"] * 6 + [None] * 6
    frame = fairness.fairness(open_draw(opened(late, sex=sexes), "raffle")).frame.set_index("group")
    assert frame.loc["Girls", ["pupils", "tickets", "others_per_100"]].tolist() == [12, 120, 1000]
    assert frame.loc["Boys", ["pupils", "tickets", "others_per_100"]].tolist() == [6, 60, 1000]
