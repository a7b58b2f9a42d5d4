"""Groups of pupils against everyone else: the gap in a half term, how it moved and whether chance alone would move it so."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.chance import Estimate, Interval, attendance_estimate, wilson_change
from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.register import Register
from attendance_lib.rules.ethnic_groups import NOT_KNOWN, ORDER, OTHER, ethnic_group
from attendance_lib.rules.year_groups import year_name

YEAR_GROUPS = "Year group"


@dataclass(frozen=True)
class Group:
    """A group of pupils: its characteristic's heading, its name and what tells its pupils (a column and its value).

    ``label`` names the group where no heading stands beside it, ``phrase`` its pupils in a sentence.
    """

    characteristic: str
    name: str
    column: str
    value: object
    label: str
    phrase: str

    def members(self, pupils: pd.DataFrame) -> np.ndarray:
        """Return which pupils belong to the group (boolean, one per row of PUPILS)."""
        if self.column == SOCIAL_WORKER:
            return np.logical_or.reduce([is_so(pupils[column]) for column in SOCIAL_CARE])
        if self.column == "ethnicity":
            return (ethnic_groups(pupils) == self.value).to_numpy(dtype=bool)
        return (pupils[self.column].astype(object) == self.value).fillna(value=False).to_numpy(dtype=bool)


SOCIAL_WORKER = "social_worker"
SOCIAL_CARE = ("child_in_need", "child_protection")
PLAN = "education, health and care plan"
UNKNOWN = "ethnic group not known"
ETHNIC_LABELS = {name: f"Ethnic group: {name}" for name in ORDER} | {NOT_KNOWN: UNKNOWN.capitalize()}
ETHNIC_PHRASES = {name: f"{name} pupils" for name in ORDER} | {
    OTHER: "pupils of other ethnic groups",
    NOT_KNOWN: f"pupils whose {UNKNOWN.replace('not', 'is not')}",
}
GROUPS = (
    Group("Sex", "Girls", "sex", "F", "Girls", "girls"),
    Group("Sex", "Boys", "sex", "M", "Boys", "boys"),
    Group(
        "Free school meals", "Yes", "fsm", True,  # noqa: FBT003 - a value of the column
        "Eligible for free school meals", "pupils eligible for free school meals",
    ),
    Group("Pupil premium", "Yes", "pupil_premium", True, "Pupil premium", "pupils who attract the pupil premium"),  # noqa: FBT003
    Group("SEN", "SEN support", "sen_status", "K", "SEN support", "pupils with SEN support"),
    Group("SEN", "EHC plan", "sen_status", "E", PLAN.capitalize(), f"pupils with an {PLAN}"),
    Group(
        "EAL", "Yes", "eal", True,  # noqa: FBT003
        "English as an additional language", "pupils with English as an additional language",
    ),
    Group("Looked after", "Yes", "looked_after", True, "Looked after", "looked-after children"),  # noqa: FBT003
    Group(
        "Social worker", "Yes", SOCIAL_WORKER, True,  # noqa: FBT003
        "Social worker (in need or protection plan)", "pupils with a social worker",
    ),
    *(Group("Ethnic group", name, "ethnicity", name, ETHNIC_LABELS[name], ETHNIC_PHRASES[name]) for name in ORDER),
)  # fmt: skip


def is_so(flags: pd.Series) -> np.ndarray:
    """Return where a flag is true; unknown is not true (boolean, one per row).

    Examples
    --------
    >>> is_so(pd.Series([True, False, None])).tolist()
    [True, False, False]
    """
    return (flags.astype(object) == True).to_numpy(dtype=bool)  # noqa: E712 - unknown is neither


def ethnic_groups(pupils: pd.DataFrame) -> pd.Series:
    """Return the published ethnic group of each pupil (text, one per row)."""
    written = pupils["ethnicity"].astype(object).where(pupils["ethnicity"].notna(), "")
    # Every group asks this of all pupils, who have written a dozen ethnicities between them.
    return written.map({text: ethnic_group(str(text)) for text in written.unique()})


def groups_of(pupils: pd.DataFrame) -> Iterator[Group]:
    """Yield the year groups and then the groups of each characteristic that the pupils file (one row per pupil) holds."""
    years = sorted(int(year) for year in pupils["year_group"].dropna().unique())
    names = {year: year_name(year) for year in years}
    yield from (Group(YEAR_GROUPS, name, "year_group", year, name, name) for year, name in names.items())
    for group in GROUPS:
        columns = SOCIAL_CARE if group.column == SOCIAL_WORKER else (group.column,)
        if all(column in pupils and pupils[column].notna().any() for column in columns):
            yield group


@dataclass(frozen=True, eq=False)
class Spans:
    """PUPIL_TOTALS over each span that groups are compared over; an earlier one may hold no enrolment."""

    current: pd.DataFrame
    compared: pd.DataFrame
    year_to_date: pd.DataFrame
    compared_to_date: pd.DataFrame

    @classmethod
    def of(
        cls, current: Register, compared: Register, year_to_date: Register, compared_to_date: Register
    ) -> "Spans":
        """Count every enrolment over every span, once."""
        return cls(
            *(pupil_totals(register) for register in (current, compared, year_to_date, compared_to_date))
        )


def group_gaps(spans: Spans) -> pd.DataFrame:
    """Set every group beside everyone else.

    Parameters
    ----------
    spans : Spans
        The enrolments counted: in a half term and the one it is compared with, and in the years to their ends.

    Returns
    -------
    pandas.DataFrame
        One row per group with anybody in it: ``characteristic``, ``group``, ``label``, ``phrase``, ``column``, ``value``
        (see ``Group``); ``enrolments``, ``persistently_absent_enrolments``, ``severely_absent_enrolments`` (year to
        date) and their rates; ``period_enrolments``, ``absence_sessions``, ``attendance_rate`` of the half term
        and ``gap_rate`` (its attendance less everyone else's); the same with ``compared_`` for the other half
        term; ``gap_change_rate`` with ``gap_low`` and ``gap_high``, and ``persistent_change_rate`` with
        ``persistent_low`` and ``persistent_high`` (95 % intervals); ``gap_standing`` says whether the gap is wider than
        chance would make that of any of the groups (see ``Estimate.interval_among``). Rates are fractions, missing where
        not known.
    """
    groups = list(groups_of(spans.year_to_date))
    rows = [group_row(group, spans, len(groups)) for group in groups]
    # Without any pupil the columns are still those of a group that nobody is in.
    rows = rows or [group_row(GROUPS[0], spans, 1)]
    table = pd.DataFrame(rows)
    return table[table["enrolments"] > 0].reset_index(drop=True)


BEYOND_CHANCE, WITHIN_CHANCE = "Beyond chance", "Within chance"


def gap_standing(gap: Estimate, groups: int) -> str | None:
    """Return whether a gap is beyond what chance would bring, among so many groups looked at; None where it is not known."""
    interval = gap.interval_among(groups)
    if not np.isfinite(interval.low):
        return None
    return BEYOND_CHANCE if interval.low > 0 or interval.high < 0 else WITHIN_CHANCE


def group_row(group: Group, spans: Spans, groups: int) -> dict[str, object]:
    """Return one group's row of ``group_gaps``, of so many groups."""
    now, then = gap_estimate(group, spans.current), gap_estimate(group, spans.compared)
    moved = now - then
    named = {
        "characteristic": group.characteristic,
        "group": group.name,
        "label": group.label,
        "phrase": group.phrase,
        "column": group.column,
        "value": group.value,
    }
    gaps = {
        "gap_rate": now.value,
        "gap_standing": gap_standing(now, groups),
        "compared_gap_rate": then.value,
        "gap_change_rate": moved.value,
        "gap_low": moved.interval.low,
        "gap_high": moved.interval.high,
    }
    here, there = (of_group(group, totals) for totals in (spans.current, spans.compared))
    return named | flag_counts(group, spans) | sessions_of(here) | with_prefix(sessions_of(there)) | gaps


def sessions_of(totals: pd.DataFrame) -> dict[str, object]:
    """Return the enrolments counted in some rows of PUPIL_TOTALS, their absence (sessions) and their attendance."""
    return {
        "period_enrolments": len(counted(totals)),
        "absence_sessions": int(totals["absence_sessions"].sum()),
        "attendance_rate": attendance_estimate(totals).value,
    }


def with_prefix(figures: dict[str, object]) -> dict[str, object]:
    """Return figures by their names with ``compared_`` before them.

    Examples
    --------
    >>> with_prefix({"enrolments": 30})
    {'compared_enrolments': 30}
    """
    return {f"compared_{name}": value for name, value in figures.items()}


def of_group(group: Group, totals: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of PUPIL_TOTALS of a group (counts in sessions, one row per enrolment)."""
    return totals[group.members(totals)]


def gap_estimate(group: Group, totals: pd.DataFrame) -> Estimate:
    """Return the attendance of a group less that of everyone else counted (a difference of fractions).

    ``totals`` are PUPIL_TOTALS, one row per enrolment with its sessions.
    """
    mine = group.members(totals)
    return attendance_estimate(totals[mine]) - attendance_estimate(totals[~mine])


def flag_counts(group: Group, spans: Spans) -> dict[str, object]:
    """Return a group's enrolments, how many are persistently and severely absent, and the change in the former."""
    now, then = (counted(of_group(group, totals)) for totals in (spans.year_to_date, spans.compared_to_date))
    persistent, severe = (int(now[flag].sum()) for flag in ("is_persistently_absent", "is_severely_absent"))
    before = int(then["is_persistently_absent"].sum())
    change: Interval = wilson_change((persistent, len(now)), (before, len(then)))
    return {
        "enrolments": len(now),
        "persistently_absent_enrolments": persistent,
        "severely_absent_enrolments": severe,
        "persistent_absence_rate": share(persistent, len(now)),
        "severe_absence_rate": share(severe, len(now)),
        "compared_enrolments": len(then),
        "compared_persistently_absent_enrolments": before,
        "persistent_change_rate": share(persistent, len(now)) - share(before, len(then)),
        "persistent_low": change.low,
        "persistent_high": change.high,
    }


def counted(totals: pd.DataFrame) -> pd.DataFrame:
    """Return the enrolments (one row each) with at least one possible session.

    Examples
    --------
    >>> counted(pd.DataFrame({"possible_sessions": [0, 40]})).index.tolist()
    [1]
    """
    return totals[totals["possible_sessions"] > 0]


def share(count: int, whole: int) -> float:
    """Return a share of enrolments (a fraction); missing of none.

    Examples
    --------
    >>> share(1, 4), share(0, 0)
    (0.25, nan)
    """
    return count / whole if whole else float("nan")
