"""Flows in and out of the lines, on seven enrolments worked out by hand."""

import pandas as pd

from attendance_lib.analysis.movement import Standing, flows


def standing(rows):
    """Rows of pupil, counted, persistent, severe."""
    table = pd.DataFrame(rows, columns=["pupil_id", "counted", "persistent", "severe"]).assign(
        admission_date=pd.Timestamp("2025-09-01")
    )
    return Standing(table.set_index(["pupil_id", "admission_date"]))


THEN = standing(
    [
        ("stays", True, True, True),
        ("leaves", True, True, False),
        ("goes", True, True, True),
        ("joins", True, False, False),
        ("never", True, False, False),
        ("worsens", True, True, False),
    ]
)
NOW = standing(
    [
        ("stays", True, True, True),
        ("leaves", True, False, False),
        ("goes", False, False, False),
        ("joins", True, True, False),
        ("never", True, False, False),
        ("worsens", True, True, True),
        ("new", True, True, True),
    ]
)


def test_each_enrolment_makes_one_move():
    table = flows(THEN, NOW).set_index("line")
    persistent, severe = table.iloc[0].to_dict(), table.iloc[1].to_dict()
    assert persistent == {"before": 4, "stayed": 2, "left": 1, "gone": 1, "joined": 1, "new": 1, "after": 4}
    assert severe == {"before": 2, "stayed": 1, "left": 0, "gone": 1, "joined": 1, "new": 1, "after": 3}


def test_the_moves_add_up():
    table = flows(THEN, NOW)
    assert (table["before"] == table["stayed"] + table["left"] + table["gone"]).all()
    assert (table["after"] == table["stayed"] + table["joined"] + table["new"]).all()


def test_an_enrolment_that_ended_is_gone_though_the_pupil_came_back():
    again = standing([("stays", True, True, True)])
    again.table.index = pd.MultiIndex.from_tuples(
        [("stays", pd.Timestamp("2026-10-05"))], names=again.table.index.names
    )
    counted = flows(standing([("stays", True, True, True)]), again).iloc[0]
    assert (counted["stayed"], counted["gone"], counted["new"]) == (0, 1, 1)
