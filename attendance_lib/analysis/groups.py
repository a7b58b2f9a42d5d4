"""Groups of pupils: their rates, their persistent absence and the gap to everyone else."""

import pandas as pd

from attendance_lib.analysis.measures import count_flags, pupil_totals, rate, with_rates
from attendance_lib.analysis.periods import Periods
from attendance_lib.register import tally
from attendance_lib.rules.year_groups import year_name

# What a school groups by: pupil column, heading, and what its values are called.
CHARACTERISTICS: dict[str, tuple[str, dict]] = {
    "year_group": ("Year group", {}),
    "form": ("Form", {}),
    "sex": ("Sex", {"F": "Female", "M": "Male"}),
    "fsm": ("Free school meals", {True: "Eligible", False: "Not eligible"}),
    "pupil_premium": ("Pupil premium", {True: "Yes", False: "No"}),
    "sen_status": ("Special educational needs", {"N": "No SEN", "K": "SEN support", "E": "EHC plan"}),
    "eal": ("English as an additional language", {True: "Yes", False: "No"}),
    "looked_after": ("Looked after", {True: "Yes", False: "No"}),
}


def group_rates(periods: Periods, column: str) -> pd.DataFrame:
    """Set the groups of one characteristic side by side.

    Parameters
    ----------
    periods : Periods
        Of the pupils in question.
    column : str
        A pupil column, such as ``"fsm"``.

    Returns
    -------
    pandas.DataFrame
        One row per group, ascending: ``characteristic``, ``group`` (text), ``enrolments``,
        ``possible_sessions`` and ``absence_sessions`` (year to date), ``attendance_rate`` (year to date),
        ``gap_rate`` (the group's attendance less that of everyone not in it), ``period_attendance_rate``,
        ``change_rate`` (the period less the period before), ``persistently_absent_enrolments`` and
        ``persistent_absence_rate``. Rates are fractions, totals over totals.
    """
    year = tally(periods.year_to_date, [column])
    table = with_rates(year).merge(
        count_flags(pupil_totals(periods.year_to_date), [column]).pipe(_named, column), on=column, how="left"
    )
    table = table[table["enrolments"].fillna(0) > 0]
    for name, register in (("period", periods.current), ("previous", periods.previous)):
        rates = with_rates(tally(register, [column]))[[column, "attendance_rate"]]
        table = table.merge(
            rates.rename(columns={"attendance_rate": f"{name}_attendance_rate"}), on=column, how="left"
        )
    heading, labels = CHARACTERISTICS[column]
    return table.assign(
        characteristic=heading,
        group=[group_label(column, labels, value) for value in table[column]],
        enrolments=table["enrolments"].astype(int),
        gap_rate=gaps(table),
        change_rate=table["period_attendance_rate"] - table["previous_attendance_rate"],
    )[GROUP_COLUMNS].reset_index(drop=True)


GROUP_COLUMNS = [
    "characteristic", "group", "enrolments", "possible_sessions", "absence_sessions", "attendance_rate", "gap_rate",
    "period_attendance_rate", "change_rate", "persistently_absent_enrolments", "persistent_absence_rate",
]  # fmt: skip


def _named(counts: pd.DataFrame, column: str) -> pd.DataFrame:
    return counts.assign(
        **{column: counts[column].astype(object).where(counts[column].notna(), "Not recorded")}
    )


def gaps(counts: pd.DataFrame) -> pd.Series:
    """Return each row's attendance less that of all the other rows together (difference of fractions).

    Examples
    --------
    >>> gaps(pd.DataFrame({"attended_sessions": [9, 36], "possible_sessions": [10, 40]})).tolist()
    [0.0, 0.0]
    """
    attended, possible = counts["attended_sessions"], counts["possible_sessions"]
    others = rate(attended.sum() - attended, possible.sum() - possible)
    return rate(attended, possible) - others


def group_label(column: str, labels: dict, value: object) -> str:
    """Return what a group is called.

    Examples
    --------
    >>> group_label("year_group", {}, 7), group_label("fsm", {True: "Eligible"}, True)
    ('Year 7', 'Eligible')
    """
    if column == "year_group" and isinstance(value, int):
        return year_name(value)
    return str(labels.get(value, value))
