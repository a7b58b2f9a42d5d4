"""What the tally is timed on and how its answers are compared; neither polars nor duckdb is needed for it."""

import sys
from importlib import import_module
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

ENGINES = {"duckdb": ("DuckDBPyConnection",), "polars": ("DataFrame", "Series")}


@pytest.fixture
def speed(monkeypatch):
    """The benchmark, where its engines are not installed with names alone in place of them."""
    for name, kinds in ENGINES.items():
        try:
            import_module(name)
        except ImportError:
            engine = ModuleType(name)
            for kind in kinds:
                setattr(engine, kind, type(kind, (), {}))
            monkeypatch.setitem(sys.modules, name, engine)
    monkeypatch.delitem(sys.modules, "benchmarks.tally_speed", raising=False)
    yield import_module("benchmarks.tally_speed")
    sys.modules.pop("benchmarks.tally_speed", None)


@pytest.fixture
def register(speed):
    return speed.invent_register(35)


def test_pupils_are_in_forms_of_thirty_and_the_year_in_weeks_of_ten_sessions(register):
    assert register.codes.shape == (35, 380)
    assert register.pupils["form"].value_counts().to_dict() == {"000": 30, "001": 5}
    assert set(register.sessions["school_week"].value_counts()) == {10}
    assert len(register.sessions["date"].unique()) == 190


def test_every_question_has_one_answer_from_the_grid_and_from_long_rows(speed, register):
    rows = speed.as_long_rows(register)
    assert len(rows) == 35 * 380
    for question in speed.QUESTIONS:
        answers = speed.ask_grid(register, question), speed.ask_pandas(rows, question)
        grid, long = (speed.in_order(answer, question) for answer in answers)
        assert grid.equals(long), question.name
        # Each mark is one session of one group.
        if question.is_of_codes:
            assert grid["sessions"].sum() == 35 * 380


def test_absence_by_the_rows_is_that_of_the_letters_one_by_one(speed, register):
    rows = speed.as_long_rows(register)
    letters = np.array(list(map(speed.LETTER_OF_CELL.get, register.codes.ravel())))
    # I, M, O, N, G, U, C, E and C2 are absence; holidays in term (G) and no reason (N) among them.
    assert (
        rows["absence_sessions"].sum()
        == np.isin(letters, ["I", "M", "O", "N", "G", "U", "C", "E", "C2"]).sum()
    )


def test_the_grid_is_too_slow_if_either_engine_takes_less_than_its_multiple(speed):
    assert not speed.is_too_slow({"pandas": 1.0, "polars": 5.0, "duckdb": 3.0})
    assert speed.is_too_slow({"pandas": 9.0, "polars": 4.99, "duckdb": 3.0})
    assert speed.is_too_slow({"pandas": 9.0, "polars": 5.0, "duckdb": 2.99})


def test_each_engine_is_told_as_a_multiple_of_the_grid(speed, monkeypatch, capsys):
    question = speed.Question("each form", ("form",), counts=("absence_sessions",))
    answer = pd.DataFrame({"form": ["9A"], "absence_sessions": [3]})
    medians = {"first ask": 3.0, "grid": 2.0, "pandas": 40.0, "polars": 12.0, "duckdb": 7.0}
    monkeypatch.setattr(speed, "medians_of", lambda asked: medians)
    ratios = speed.compare(question, dict.fromkeys(speed.ASKED, lambda: answer))
    assert ratios == {"pandas": 20, "polars": 6, "duckdb": 3.5}
    told = capsys.readouterr().out.removeprefix("each form").split()
    assert told == ["3.00", "2.00", "40.00", "12.00", "7.00", "20.0", "6.0", "3.5"]


def test_no_time_is_told_where_the_answers_differ(speed):
    question = speed.Question("each form", ("form",), counts=("absence_sessions",))
    answers = [pd.DataFrame({"form": ["9A"], "absence_sessions": [count]}) for count in (3, 3, 4)]
    asked = {name: lambda each=each: each for name, each in zip(speed.ASKED, answers, strict=False)}
    with pytest.raises(ValueError, match="not all agree on: each form"):
        speed.compare(question, asked)


def test_the_median_is_of_rounds_in_which_every_side_was_asked_in_turn(speed, monkeypatch):
    asked, taken = [], iter([5.0, 50.0, 0.0, 10.0, 3.0, 90.0])
    monkeypatch.setattr(speed, "ROUNDS", 3)
    monkeypatch.setattr(speed, "milliseconds", lambda ask: asked.append(ask()) or next(taken))
    medians = speed.medians_of({"grid": lambda: "grid", "pandas": lambda: "pandas"})
    assert medians == {"grid": 3.0, "pandas": 50.0}
    assert asked == ["grid", "pandas"] * 3
