"""The examples in the benchmarks' docstrings, which are collected with no room of the library, say what is so."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
WITH_EXAMPLES = [
    path.stem for path in sorted(BENCHMARKS.glob("*.py")) if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_benchmark_hold(name):
    found = doctest.testmod(import_module(f"benchmarks.{name}"))
    assert found.attempted
    assert found.failed == 0
