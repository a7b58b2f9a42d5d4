"""A log of a simulated school, and why its rows are left out."""

import pandas as pd

from attendance_lib.analysis.impact.evaluate import evaluate
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.weeks import place_starts
from tests.analysis.impact.simulate import SCHEME

# Weeks count from Monday 2 September 2024; that of Monday 3 November 2025 is the tenth of the second 38.
MONDAY, PLACE = "2025-11-03", 38 + 9


def log_of(*rows):
    table = pd.DataFrame(rows, columns=["pupil_id", "start_date", "end_date"])
    dates = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in ("start_date", "end_date")}
    return table.assign(intervention=SCHEME, cost=10.0, **dates)


def left_out(counts, *rows):
    return evaluate(Question(counts, place_starts(log_of(*rows), counts), SCHEME)).impact.left_out
