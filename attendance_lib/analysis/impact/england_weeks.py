"""England's attendance week by week, from DfE's weekly file where the school file leads to one."""

from collections.abc import Iterable

import pandas as pd

from attendance_lib.rules.benchmarks import WEEK, Benchmark, Level, Series

MEASURE = "attendance_rate"


def england_weeks(figures: Iterable[Benchmark], phase: str) -> pd.DataFrame:
    """Return England's attendance in each week that is known.

    Parameters
    ----------
    figures : iterable of Benchmark
        What the school file leads to (``School.benchmarks``).
    phase : str
        The school's phase, whose pupils it is compared with.

    Returns
    -------
    pandas.DataFrame
        One row per week, in order: ``week_beginning`` (its Monday) and ``attendance_rate`` (a fraction); no row where no
        weekly file is named. Of several releases of a week the newest counts.
    """
    weekly = [
        each
        for each in figures
        if (each.series, each.level, each.period, each.measure)
        == (Series.DAILY, Level.ENGLAND, WEEK, MEASURE)
        and each.phase == phase
        and not each.characteristic
        and each.first_date
    ]
    oldest_first = sorted(weekly, key=lambda each: (each.first_date, str(each.published or "")))
    rates = {each.first_date: each.rate for each in oldest_first}
    return pd.DataFrame(
        {
            "week_beginning": pd.to_datetime(list(rates)).astype("datetime64[s]"),
            "attendance_rate": pd.Series(list(rates.values()), dtype=float),
        }
    )
