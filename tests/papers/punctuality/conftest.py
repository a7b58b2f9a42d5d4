"""What the tests of punctuality share."""

import pytest

from tests.papers.punctuality.late_school import APART, BUS, HABIT, HERE_AND_THERE, TOGETHER, UNKNOWN, opened


@pytest.fixture(scope="module")
def late():
    return HERE_AND_THERE | HABIT | BUS | TOGETHER | APART | UNKNOWN


@pytest.fixture(scope="module")
def pack(late):
    return opened(late)
