"""Flows in and out of the lines, on seven enrolments worked out by hand."""

import pandas as pd

from attendance_lib.analysis.movement import Standing, flows


def standing(rows):
    """Rows of pupil, persistent, severe."""
    table = pd.DataFrame(rows, columns=["pupil_id", "persistent", "severe"]).assign(
        admission_date=pd.Timestamp("2025-09-01")
    )
    return Standing(table.set_index(["pupil_id", "admission_date"]))


THEN = standing(
    [
        ("stays", True, True),
        ("leaves", True, False),
        ("goes", True, True),
        ("joins", False, False),
        ("never", False, False),
        ("worsens", True, False),
    ]
)
NOW = standing(
    [
        ("stays", True, True),
        ("leaves", False, False),
        ("goes", False, False),
        ("joins", True, False),
        ("never", False, False),
        ("worsens", True, True),
        ("new", True, True),
    ]
)


def test_each_enrolment_makes_one_move():
    table = flows(THEN, NOW).set_index("line")
    persistent, severe = table.iloc[0].to_dict(), table.iloc[1].to_dict()
    assert persistent == {"before": 4, "stayed": 2, "left": 2, "joined": 2, "after": 4}
    assert severe == {"before": 2, "stayed": 1, "left": 1, "joined": 2, "after": 3}


def test_the_moves_add_up():
    table = flows(THEN, NOW)
    assert (table["before"] == table["stayed"] + table["left"]).all()
    assert (table["after"] == table["stayed"] + table["joined"]).all()


def test_an_enrolment_that_ended_x_the_pupil_came_back():
    again = standing([("stays", True, True)])
    again.table.index = pd.MultiIndex.from_tuples(
        [("stays", pd.Timestamp("2026-10-05"))], names=again.table.index.names
    )
    counted = flows(standing([("stays", True, True)]), again).iloc[0]
    assert (counted["stayed"], counted["left"], counted["joined"]) == (0, 1, 1)
