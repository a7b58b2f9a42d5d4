"""Who crossed a line, and whether it was what happened or a later edit."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.movement import BY_EDIT, SINCE, count_crossings, count_new, crossings, late_edits
from attendance_lib.pack.periods import Periods

# 26 October to 30 October is the holiday: from 7 September to 23 October there are 35 days, 70 sessions.
NOVEMBER = (date(2026, 11, 2), date(2026, 11, 13))


def found(register):
    table = crossings(Periods(register, *NOVEMBER))
    return table.drop(columns="row").to_dict("records")


def absent(*days, code="I"):
    return {"marks": dict.fromkeys(days, f"{code} {code}")}


def test_sessions_in_the_period_carry_a_pupil_over_the_line(make_register):
    # Before: 6 of 70 missed (8.6 %). After: 10 of 90 (11.1 %).
    pupil = absent("2026-09-07", "2026-09-08", "2026-09-09", "2026-11-02", "2026-11-03")
    assert found(make_register(pupil)) == [
        {"cause": SINCE, "was": "at_risk", "now": "persistent", "is_worse": True}
    ]


def test_attending_carries_a_pupil_back(make_register):
    # Before: 7 of 70 missed, exactly 10 %. After: 7 of 90 (7.8 %).
    pupil = absent("2026-09-07", "2026-09-08", "2026-09-09") | {}
    pupil["marks"]["2026-09-10"] = "I \\"
    assert found(make_register(pupil)) == [
        {"cause": SINCE, "was": "persistent", "now": "at_risk", "is_worse": False}
    ]


def test_an_edit_of_an_old_mark_is_told_apart_from_what_happened(make_register):
    # As known on 23 October: 7 of 70 missed. An edit on 9 November made two of them attendance: 5 of 70 (7.1 %),
    # and with the period's own 20 sessions attended 5 of 90 (5.6 %): at risk on both counts.
    pupil = absent("2026-09-07", "2026-09-08")
    pupil["marks"]["2026-09-10"] = "I \\"
    edits = [("0000", "2026-09-09", session, "O", "2026-11-09") for session in ("AM", "PM")]
    assert found(make_register(pupil, edits=edits)) == [
        {"cause": BY_EDIT, "was": "persistent", "now": "at_risk", "is_worse": False}
    ]


def test_an_edit_made_before_the_period_is_no_late_edit(make_register):
    edits = [("0000", "2026-09-09", "AM", "O", "2026-10-23")]
    register = make_register({}, edits=edits)
    assert late_edits(Periods(register, *NOVEMBER).year_to_previous).empty


@pytest.mark.parametrize(
    ("now", "before", "kind"),
    [
        ("I", "N", "a reason was found for N"),
        ("/", "O", "unauthorised absence became attendance"),
        ("I", "O", "unauthorised absence became authorised"),
        ("/", "I", "absence became attendance"),
        ("O", "/", "attendance became absence"),
        ("O", "I", "any other change"),
    ],
)
def test_an_edit_is_named_by_how_the_mark_counted_before_and_after(make_register, now, before, kind):
    register = make_register(
        {"marks": {"2026-09-09": f"{now} \\"}}, edits=[("0000", "2026-09-09", "AM", before, "2026-11-05")]
    )
    assert late_edits(Periods(register, *NOVEMBER).year_to_previous).values.tolist() == [[kind, 1, 1]]


def test_the_first_period_of_a_year_has_no_crossing(make_register):
    register = make_register(absent("2026-09-08"), first="2025-09-08")
    assert crossings(Periods(register, date(2026, 9, 7), date(2026, 9, 18))).empty


def test_severe_absence_is_persistent_absence_too():
    rows = [("at_risk", "severe", True), ("severe", "persistent", False), ("persistent", "at_risk", False)]
    table = pd.DataFrame(rows, columns=["was", "now", "is_worse"]).assign(cause=SINCE, row=range(3))
    counted = count_crossings(table).query("cause == @SINCE").set_index("line")[["joined", "left"]]
    assert counted.loc["severe"].tolist() == [1, 1]
    assert counted.loc["persistent"].tolist() == [1, 1]
    assert counted.loc["at_risk"].tolist() == [1, 1]


def test_a_new_pupil_over_a_line_crossed_nothing_and_is_counted_as_new(make_register):
    """Admitted on 2 November and away on seven of the ten days to 13 November: 14 of 20, severe and persistent."""
    days = ["02", "03", "04", "05", "06", "09", "10"]
    new = {"admission_date": "2026-11-02", "marks": {f"2026-11-{day}": "I I" for day in days}}
    periods = Periods(make_register(new, {}), *NOVEMBER)
    assert crossings(periods).empty
    assert count_new(periods).to_dict() == {"severe": 1, "persistent": 1, "at_risk": 0}


def test_nobody_is_new_in_a_year_s_first_period(make_register):
    first = Periods(make_register({}), date(2026, 9, 7), date(2026, 9, 18))
    assert count_new(first).to_dict() == {"severe": 0, "persistent": 0, "at_risk": 0}
