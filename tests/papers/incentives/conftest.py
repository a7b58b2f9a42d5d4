"""What the tests of incentives share."""

import pytest

from attendance_lib.papers.incentives.opening import open_draw
from tests.papers.incentives.incentive_school import BLOCK, POT_MARKS, RAFFLE_MARKS, WEEK, opened


@pytest.fixture(scope="module")
def raffle_pack():
    return opened(RAFFLE_MARKS, joined={"04": WEEK[2]})


@pytest.fixture(scope="module")
def raffle(raffle_pack):
    return open_draw(raffle_pack, "raffle")


@pytest.fixture(scope="module")
def pot():
    return open_draw(opened(POT_MARKS, BLOCK), "prize_pot")
