"""How fast the grid's tally is against pandas on long rows, side by side in one run.

Run from the project's folder with ``.venv/bin/python benchmarks/tally_speed.py [pupils]`` (1,000 pupils if not given).
One school year of invented marks, the same on both sides; each question is asked of both in turn and
their answers are compared before any time is believed. Trust the ratios, not the milliseconds.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from attendance_lib.register.grid import LETTER_OF_CELL, Register, cell_of
from attendance_lib.register.tally import count_codes, tally
from attendance_lib.rules.codes import CODES, Category

ROUNDS = 15
SESSIONS_A_YEAR = 380
SESSIONS_A_WEEK = 10
PUPILS_A_FORM = 30
SEED = 20260907
LETTERS = ["/", "\\", "L", "I", "M", "O", "N", "G", "U", "C", "V", "B", "D", "E", "C2"]
SHARES = [
    0.44,
    0.44,
    0.025,
    0.035,
    0.004,
    0.024,
    0.002,
    0.003,
    0.003,
    0.004,
    0.008,
    0.003,
    0.002,
    0.003,
    0.004,
]

Question = tuple[str, Callable[[], pd.Series], Callable[[], pd.Series]]


def invent_register(pupils: int) -> Register:
    """Return a register of invented marks: pupils in forms of thirty, one school year of sessions."""
    random = np.random.default_rng(SEED)
    cells = np.array([cell_of(letter) for letter in LETTERS], dtype=np.uint8)
    codes = random.choice(cells, size=(pupils, SESSIONS_A_YEAR), p=np.array(SHARES) / sum(SHARES))
    days = pd.bdate_range("2025-09-01", periods=SESSIONS_A_YEAR // 2).astype("datetime64[s]")
    sessions = pd.DataFrame({"date": days.repeat(2), "session": ["AM", "PM"] * len(days)})
    roll = pd.DataFrame({"pupil_id": [f"{number:06d}" for number in range(pupils)]})
    return Register(
        codes,
        roll.assign(form=[f"{number // PUPILS_A_FORM:03d}" for number in range(pupils)]),
        sessions.assign(school_week=np.arange(SESSIONS_A_YEAR) // SESSIONS_A_WEEK + 1),
    )


def as_long_rows(register: Register) -> pd.DataFrame:
    """Return the same marks as one row per pupil and session, with text as categories to be fair to pandas."""
    row, column = np.indices(register.codes.shape).reshape(2, -1)
    letters = [code.letter for code in CODES]
    position = register.codes.ravel() - min(LETTER_OF_CELL)
    return pd.DataFrame(
        {
            "pupil_id": pd.Categorical.from_codes(row, register.pupils["pupil_id"]),
            "form": pd.Categorical(register.pupils["form"].to_numpy()[row]),
            "school_week": register.sessions["school_week"].to_numpy()[column],
            "code": pd.Categorical.from_codes(position, letters),
            "date": register.sessions["date"].to_numpy()[column],
        }
    )


def classify(rows: pd.DataFrame) -> pd.DataFrame:
    """Add whether each row is a possible session and an absence, by its code."""
    kind = rows["code"].map({code.letter: code.category for code in CODES}).astype("int8")
    absent = kind.isin([Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE])
    possible = absent | kind.isin([Category.PRESENT, Category.APPROVED_ACTIVITY])
    return rows.assign(possible=possible, absent=absent)


def absence_on_grid(register: Register, by_pupil: list[str], by_session: list[str]) -> pd.Series:
    """Return absence by group from the tally, as fractions of possible sessions."""
    counts = tally(register, by_pupil, by_session)
    return counts["absence_sessions"] / counts["possible_sessions"]


def absence_on_rows(rows: pd.DataFrame, by: list[str]) -> pd.Series:
    """Return absence by group from long rows, as fractions of possible sessions."""
    counts = rows.groupby(by, observed=True)[["absent", "possible"]].sum()
    return counts["absent"] / counts["possible"]


def questions(register: Register) -> list[Question]:
    """Return what is asked of both sides: its name, and how the grid and pandas answer it."""
    rows = as_long_rows(register)
    ready = classify(rows)
    forms, weeks = ["form"], ["school_week"]
    return [
        (
            "classify the marks and count each pupil",
            lambda: absence_on_grid(replace(register), ["pupil_id"], []),
            lambda: absence_on_rows(classify(rows), ["pupil_id"]),
        ),
        (
            "absence of each pupil",
            lambda: absence_on_grid(register, ["pupil_id"], []),
            lambda: absence_on_rows(ready, ["pupil_id"]),
        ),
        (
            "absence of each form in each week",
            lambda: absence_on_grid(register, forms, weeks),
            lambda: absence_on_rows(ready, forms + weeks),
        ),
        (
            "sessions of each code by form",
            lambda: count_codes(register, forms)["sessions"].sort_values(),
            lambda: ready.groupby([*forms, "code"], observed=True).size().sort_values(),
        ),
    ]


def milliseconds(answer: Callable[[], pd.Series]) -> float:
    """Return how long one answer took."""
    start = time.process_time()
    answer()
    return (time.process_time() - start) * 1000


def compare(question: Question) -> str:
    """Return one line: the medians of both sides, asked in turn, and their ratio."""
    name, grid, rows = question
    if not np.allclose(grid().to_numpy(), rows().to_numpy()):
        raise ValueError(f"the grid and pandas do not agree on: {name}")
    taken = [(milliseconds(grid), milliseconds(rows)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(side) for side in zip(*taken, strict=True))
    return f"{name:42}{ours:9.1f}{theirs:9.1f}{theirs / ours:9.1f}\n"


def main(pupils: int) -> None:
    """Ask every question and write one line for each."""
    register = invent_register(pupils)
    sys.stdout.write(f"{register.codes.size:,} marks; processor milliseconds, median of {ROUNDS}\n")
    sys.stdout.write(f"{'':42}{'grid':>9}{'pandas':>9}{'ratio':>9}\n")
    for question in questions(register):
        sys.stdout.write(compare(question))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
