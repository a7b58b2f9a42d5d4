"""The whole school's weeks, with England's."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.display.charts import whole_school_chart


@pytest.mark.parametrize("england", [[np.nan, np.nan], [0.93, 0.94]])
def test_the_whole_school_is_drawn_with_and_without_england(england):
    rates = {"school_rate": [0.95, 0.92], "england_rate": england}
    begin = pd.to_datetime(["2026-09-07", "2026-09-14"])
    weeks = pd.DataFrame({"week_beginning": begin} | rates)
    chart = whole_school_chart(weeks, {"Raffle": date(2026, 9, 14)})
    assert chart.alt == (
        "Line chart of attendance in 2 school weeks, from 92.0% to 95.0%. Raffle begins on 14 September 2026."
    )
    assert len(re.findall("stroke-dasharray: 7.4", chart.svg)) == int(not np.isnan(england[0]))
