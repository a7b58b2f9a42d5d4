"""Attendance by school week, this year beside last."""

import pandas as pd

from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate
from attendance_lib.analysis.measures import count_flags, pupil_totals
from attendance_lib.analysis.weeks import weeks_beside_last_year
from attendance_lib.sections.governors.workings import Workings

WEEKS = "weekly_attendance"


def public_weeks(workings: Workings) -> PublicTable:
    """Return attendance in each school week of the year to date beside the same week last year.

    The enrolments behind each year's weeks are those of its year to date; they are not shown.
    """
    periods = workings.periods
    now, then = (
        int(count_flags(pupil_totals(register))["enrolments"].iloc[0])
        for register in (periods.year_to_date, periods.last_year_to_date)
    )
    weeks = weeks_beside_last_year(periods)
    frame = weeks.assign(
        enrolments=now,
        last_year_enrolments=pd.Series([then or None] * len(weeks), dtype=float),
    )
    return PublicTable(
        name=WEEKS,
        title="Attendance by school week",
        frame=frame,
        rows=tuple(workings.at_end for _ in range(len(frame))),
        counts=(
            Count("enrolments", is_shown=False),
            Count("last_year_enrolments", workings.then(periods.last_year_to_date), is_shown=False),
        ),
        rates=(
            Rate("attendance_rate", ("enrolments",), "enrolments"),
            Rate("last_year_rate", ("last_year_enrolments",), "last_year_enrolments"),
        ),
        plain=("school_week",),
    )
