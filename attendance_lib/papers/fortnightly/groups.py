"""Groups and cohorts: rates, persistent absence and gaps with their counts; year groups week by week."""

from collections.abc import Sequence

import pandas as pd

from attendance_lib.analysis.first_weeks import is_early
from attendance_lib.analysis.groups import group_rates
from attendance_lib.analysis.headline import returned_of
from attendance_lib.analysis.weeks import attendance_by_week, weeks_beside_last_year
from attendance_lib.display import Chart, Column, Table
from attendance_lib.display.charts import weekly_attendance_chart, year_by_week_heatmap
from attendance_lib.display.columns import figure, hiding, shown
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.first_weeks import rates_words
from attendance_lib.papers.shared import enrolments_words
from attendance_lib.rules.groups import CHARACTERISTICS

ON_THE_PAGE = [column for column in CHARACTERISTICS if column != "form"]


def groups(pack: Pack) -> Table:
    """Return every group of every characteristic but form, one row each."""
    return _group_table(pack, ON_THE_PAGE, name="groups", title="Groups")


def forms(pack: Pack) -> Table:
    """Return the forms, lowest attendance in the period first."""
    table = _group_table(pack, ["form"], name="forms", title="Forms")
    return Table(
        **{
            **vars(table),
            "frame": table.frame.sort_values("period_attendance_rate", ignore_index=True, kind="stable"),
            "shown_rows": 12,
        }
    )


def _group_table(pack: Pack, columns: list[str], *, name: str, title: str) -> Table:
    pupils = pack.periods.register.pupils
    known = [column for column in columns if column in pupils and pupils[column].notna().any()]
    return Table(
        name=name,
        title=title,
        frame=_rates_of(known, pack),
        columns=without_flags(COLUMNS) if is_early(pack) else COLUMNS,
        row_header="group",
        grouped_by="characteristic" if len(known) > 1 else "",
        note="Rates are sessions over sessions, never means of pupils' rates. Gap: the group's attendance less that of "
        f"everyone outside it, year to date.{OUTSIDE_NOTE if pack.whom.left_out else ''} "
        "Where a group is small, a change of a few sessions moves its rate: read it with the enrolments."
        f"{rates_words(pack)}{enrolments_words(returned_of(pack))}",
        empty_text="No pupil of this paper has a possible session, or the pupils file holds none of these characteristics.",
    )


def _rates_of(columns: list[str], pack: Pack) -> pd.DataFrame:
    rows = [group_rates(pack.periods, column) for column in columns]
    rows += [outside_rates(pack, column) for column in columns if column in PLACES_IN_SCHOOL]
    return pd.concat([_no_groups(), *(each for each in rows if len(each))], ignore_index=True)


OF_FEW_SESSIONS = ("persistently_absent_enrolments", "persistent_absence_rate")


def without_flags(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns of a year's first weeks, in which how many are persistently absent stays in the workbook alone."""
    return hiding(columns, OF_FEW_SESSIONS)


# What tells everyone's place in a school, so that nobody is without a row.
PLACES_IN_SCHOOL = ("year_group", "form")
OUTSIDE = "outside the headline"
OUTSIDE_NOTE = (
    f" Year groups and forms {OUTSIDE}: pupils not aged 5 to 15 on 31 August, who are in none of the other rows and have "
    "no gap to them."
)


def outside_rates(pack: Pack, column: str) -> pd.DataFrame:
    """Return the rates, in [0, 1], of those whom the headline leaves out (one row per group, as ``group_rates``), without a gap."""
    if pack.outside is None:
        return _no_groups()
    rates = group_rates(pack.outside, column)
    return rates.assign(characteristic=rates["characteristic"] + f", {OUTSIDE}", gap_rate=float("nan"))


def _no_groups() -> pd.DataFrame:
    return pd.DataFrame(columns=[column.name for column in COLUMNS])


COLUMNS = (
    figure("characteristic", once=True),
    *shown("group", "enrolments", "period_attendance_rate", "change_rate"),
    figure("attendance_rate", meaning="Attendance, year to date"),
    figure("gap_rate"),
    figure("absence_sessions", meaning="Absence, year to date"),
    *shown("possible_sessions", "persistently_absent_enrolments", "persistent_absence_rate"),
)


def year_group_weeks(pack: Pack) -> Chart:
    """Return the heat map of attendance by year group and school week, of everyone enrolled, with its table."""
    cells = attendance_by_week(pack.enrolled.year_to_date, ("year_group",))
    title = "In which year groups and weeks was attendance low? This period is outlined."
    return year_by_week_heatmap(cells, title, places=1, since=pack.date_from)


def weekly_attendance(pack: Pack) -> Chart:
    """Return attendance by school week, this year beside last; no line for England, whose figures of single weeks are not held."""
    return weekly_attendance_chart(weeks_beside_last_year(pack.periods))
