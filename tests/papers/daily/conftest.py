"""What the tests of daily share."""

import pytest

from tests.papers.daily.daily_school import opened


@pytest.fixture(scope="module")
def pack():
    return opened()
