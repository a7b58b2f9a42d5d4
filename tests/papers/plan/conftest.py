"""Logs of plans for small packs (see ``tests/papers/conftest.py``)."""

import pandas as pd
import pytest

from attendance_lib.casebook.plans import DATES
from attendance_lib.intake.support_tables import PLANS
from attendance_lib.papers.plan.opening import open_plans
from tests.papers.plan.one_plan import AWAY


@pytest.fixture(scope="session")
def plan_log():
    """A log of plans from rows of a few cells."""

    def make(*rows):
        table = pd.DataFrame(list(rows)).reindex(columns=list(PLANS.column_names))
        days = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in DATES}
        texts = table.astype(object).where(table.notna(), None)
        return texts.assign(**days, target_sessions=table["target_sessions"].astype("Int64"))

    return make


@pytest.fixture
def opened(make_pack, plan_log):
    """The plans of a pack from a log of them."""

    def make(*rows, pupil="", **more):
        return open_plans(make_pack(AWAY, plans=plan_log(*rows), **more), pupil)

    return make
