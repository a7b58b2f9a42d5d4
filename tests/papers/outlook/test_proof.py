"""What of last year's outlook came true, counted again one by one."""

import pandas as pd
import pytest

from attendance_lib.analysis.outlook.outlook import outlook_of
from attendance_lib.papers.outlook import proof
from tests.papers.outlook.two_years import opened, sessions_of


@pytest.fixture(scope="module")
def pack():
    return opened()


def test_the_list_of_last_year_is_counted_one_by_one(pack):
    past = proof.list_of_last_year(pack, 5)
    assert past.week_ends == pd.Timestamp("2025-11-20") + pd.Timedelta(days=1)
    ids = outlook_of(pack).school.persons.pupils["pupil_id"].tolist()
    crossed = 0
    for row in past.in_order[:5]:
        missed, possible = sessions_of(int(ids[row]), "2025-09-01", "2026-07-31")
        before, could = sessions_of(int(ids[row]), "2025-09-01", past.week_ends)
        assert 10 * before < could
        crossed += 10 * missed >= possible
    assert past.found(past.in_order) == crossed
    assert f" {crossed} crossed by the end of the year" in proof.list_words(past, pack)
