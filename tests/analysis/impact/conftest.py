"""What the tests of impact share."""

import pytest

from attendance_lib.analysis.impact.weeks import count_weeks
from tests.analysis.impact.simulate import World, invent


@pytest.fixture(scope="module")
def school():
    return invent(World(treated=0, pupils=120, others=0), 11)


@pytest.fixture(scope="module")
def counts(school):
    return count_weeks(school.register)
