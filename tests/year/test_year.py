"""Fourteen months at a small school, lived in short: the exports of each day, few and light papers, everything else as it is.

`make year` lives the other schools too, and with whole papers.
"""

import pytest

from tests.year.checks import CHECKS
from tests.year.life import Life
from tests.year.story import SECONDARY


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    lived = Life(tmp_path_factory.mktemp("year") / "project", SECONDARY)
    lived.live()
    return lived


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_what_must_hold_of_a_year(life, check):
    assert check(life) == []
