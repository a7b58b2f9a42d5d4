"""How fast the grid's tally is beside pandas, polars and duckdb on long rows, side by side in one run.

``make tally-speed`` installs polars and duckdb and runs this, as does ``.venv/bin/python -m benchmarks.tally_speed [pupils]``
(1,000 pupils if not given). One school year of invented marks, the same on all sides and loaded beforehand: the register of the
grid with its groups numbered; rows with text as categories, and how each mark counts ready in columns of their own, for the
others, in memory of their own kind. One thread each. Every question is asked of all in turn, and their answers are compared,
count by count, before any time is believed. *First ask* is a register that was never asked anything: it turns its grid and
numbers its groups.

The three questions are asked for all counts of a tally, as the grid always gives them, and again for two of them, absence and
possible sessions, which is less work for the others alone. The codes of each form are counted another way and are shown besides.
It ends with 1 where the grid, asked for all counts, is not at least 5 times as fast as polars and 3 times as fast as duckdb.
Trust the ratios, not the milliseconds.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from attendance_lib.register.grid import (
    CELL_OF_LETTER,
    LETTER_OF_CELL,
    Register,
    categories_of_cells,
    cell_of,
)
from attendance_lib.register.tally import CATEGORY_COLUMNS, CODE_COLUMNS, FIELD_COLUMNS, count_codes, tally
from attendance_lib.rules.codes import ABSENT, POSSIBLE
from benchmarks.same_bytes import say

ROUNDS = 15
LEAST = {"polars": 5, "duckdb": 3}
ASKED = ("first ask", "grid", "pandas", "polars", "duckdb")
RATE = ("absence_sessions", "possible_sessions")
CODES_COUNTED = ("sessions",)
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


@dataclass(frozen=True)
class Question:
    """What is asked of every side: which counts, by which columns of the pupils and of the sessions."""

    name: str
    by_pupil: tuple[str, ...]
    by_session: tuple[str, ...] = ()
    counts: tuple[str, ...] = FIELD_COLUMNS

    @property
    def is_of_codes(self) -> bool:
        """Whether each code is counted by itself."""
        return self.counts == CODES_COUNTED

    @property
    def by(self) -> list[str]:
        """The columns grouped by."""
        return [*self.by_pupil, *self.by_session, *(["code"] if self.is_of_codes else [])]


THREE = (
    Question("each pupil", ("pupil_id",)),
    Question("each form in each week", ("form",), ("school_week",)),
    Question("each pupil in each week", ("pupil_id",), ("school_week",)),
)
QUESTIONS = (
    *THREE,
    *(replace(each, name=f"{each.name}, absence alone", counts=RATE) for each in THREE),
    Question("codes of each form", ("form",), counts=CODES_COUNTED),
)


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
    """Return the same marks as one row per pupil and session: its groups as categories, and whether it is in each count."""
    row, column = np.indices(register.codes.shape).reshape(2, -1)
    cells = register.codes.ravel()
    how = categories_of_cells(register.days[:1])[:, 0][cells]
    fields = {name: how == category for name, category in CATEGORY_COLUMNS.items()}
    fields |= {name: cells == cell_of(letter) for name, letter in CODE_COLUMNS.items()}
    groups = {
        "pupil_id": pd.Categorical.from_codes(row, register.pupils["pupil_id"]),
        "form": pd.Categorical(register.pupils["form"].to_numpy()[row]),
        "school_week": register.sessions["school_week"].to_numpy(dtype=np.int16)[column],
        "code": pd.Categorical.from_codes(cells - min(LETTER_OF_CELL), list(CELL_OF_LETTER)),
    }
    rate = dict(zip(RATE, (np.isin(how, ABSENT), np.isin(how, POSSIBLE)), strict=True))
    return pd.DataFrame(groups | fields | rate)


def ask_grid(register: Register, question: Question) -> pd.DataFrame:
    """Return the grid's answer: one row per group, counts of sessions."""
    counting = count_codes if question.is_of_codes else tally
    return counting(register, question.by_pupil, question.by_session)


def ask_pandas(rows: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Return the answer of pandas: one row per group, counts of sessions."""
    groups = rows.groupby(question.by, observed=True)
    found = groups.size().rename("sessions") if question.is_of_codes else groups[list(question.counts)].sum()
    return found.reset_index()


def ask_polars(rows: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Return the answer of polars: one row per group, counts of sessions."""
    counts = [pl.len().alias("sessions")] if question.is_of_codes else [pl.col(question.counts).sum()]
    return rows.lazy().group_by(question.by).agg(counts).collect()


def ask_duckdb(connection: duckdb.DuckDBPyConnection, question: Question) -> dict[str, np.ndarray]:
    """Return the answer of duckdb by column: groups, and their counts of sessions."""
    by = ", ".join(question.by)
    sums = ", ".join(f"sum({name}) AS {name}" for name in question.counts)
    counts = "count(*) AS sessions" if question.is_of_codes else sums
    return connection.execute(f"SELECT {by}, {counts} FROM rows GROUP BY {by}").fetchnumpy()


def in_polars(rows: pd.DataFrame) -> pl.DataFrame:
    """Return the rows as polars holds them best: its own categories, small numbers and truth values."""

    def as_held(column: pd.Series) -> pl.Series:
        if isinstance(column.dtype, pd.CategoricalDtype):
            names = column.cat.categories.to_list()
            return pl.Series(names, dtype=pl.Enum(names)).gather(
                column.cat.codes.to_numpy().astype(np.uint32)
            )
        return pl.Series(column.to_numpy())

    return pl.DataFrame({name: as_held(rows[name]) for name in rows})


def in_duckdb(rows: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that holds the rows, with enumerations and small numbers."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET enable_progress_bar = false")
    connection.register("given", rows.astype(dict.fromkeys(rows.select_dtypes("bool"), np.int8)))
    connection.execute("CREATE TABLE rows AS SELECT * FROM given")
    connection.unregister("given")
    return connection


def in_order(answer: pd.DataFrame | pl.DataFrame | dict, question: Question) -> pd.DataFrame:
    """Return an answer's groups (as text) and counts of sessions, one row each, in order of the groups."""
    if isinstance(answer, pl.DataFrame):
        answer = {column.name: column.to_numpy() for column in answer}
    table = pd.DataFrame(answer)
    texts = table[question.by].astype(str)
    counts = table[list(question.counts)].astype(np.int64)
    return pd.concat([texts, counts], axis=1).sort_values(question.by, ignore_index=True)


def milliseconds(answer: Callable[[], object]) -> float:
    """Return how long one answer took, in milliseconds of the processor."""
    start = time.process_time()
    answer()
    return (time.process_time() - start) * 1000


def medians_of(asked: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Ask every side ROUNDS times in turn, and return the median milliseconds of each."""
    taken = [{engine: milliseconds(ask) for engine, ask in asked.items()} for _ in range(ROUNDS)]
    return {engine: statistics.median(each[engine] for each in taken) for engine in asked}


def compare(question: Question, asked: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Ask every side in turn, print one line and return how many times the grid's median each of the others takes.

    Raises
    ------
    ValueError
        If the answers differ.
    """
    first, *others = (in_order(ask(), question) for ask in asked.values())
    if not all(first.equals(other) for other in others):
        raise ValueError(f"not all agree on: {question.name}")
    medians = medians_of(asked)
    ratios = {engine: medians[engine] / medians["grid"] for engine in ASKED[2:]}
    of_each = "".join(f"{medians[engine]:10.2f}" for engine in ASKED)
    say(f"{question.name:40}{of_each}" + "".join(f"{ratio:9.1f}" for ratio in ratios.values()))
    return ratios


def main(pupils: int) -> int:
    """Ask every question, print one line for each, and return 1 if the grid was not as fast as it should be."""
    register = invent_register(pupils)
    rows = as_long_rows(register)
    loaded, database = in_polars(rows), in_duckdb(rows)
    say(
        f"{register.codes.size:,} marks; milliseconds of the processor, median of {ROUNDS}; then as multiples of the grid's"
    )
    say(" " * 40 + "".join(f"{each:>10}" for each in ASKED) + "".join(f"{each:>9}" for each in ASKED[2:]))
    is_slow = False
    for question in QUESTIONS:
        ratios = compare(
            question,
            {
                "first ask": lambda asked=question: ask_grid(replace(register), asked),
                "grid": lambda asked=question: ask_grid(register, asked),
                "pandas": lambda asked=question: ask_pandas(rows, asked),
                "polars": lambda asked=question: ask_polars(loaded, asked),
                "duckdb": lambda asked=question: ask_duckdb(database, asked),
            },
        )
        is_slow |= question in THREE and is_too_slow(ratios)
    return int(is_slow)


def is_too_slow(ratios: dict[str, float]) -> bool:
    """Whether an engine took less than LEAST times what the grid took."""
    return any(ratios[engine] < least for engine, least in LEAST.items())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
