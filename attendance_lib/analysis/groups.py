"""Groups of pupils: their rates, their persistent absence and the gap to everyone else."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import normal_quantile, t_quantile
from attendance_lib.analysis.measures import count_flags, pupil_totals, rate, with_rates
from attendance_lib.pack.periods import Periods
from attendance_lib.register.grid import Register
from attendance_lib.register.tally import tally
from attendance_lib.rules.groups import CHARACTERISTICS, GROUPS, Group
from attendance_lib.rules.pupils import year_name

# How far chance alone would move a rate, with pupils as the unit: sessions of one pupil are never taken as independent

CONFIDENCE = 0.95
NORMAL = normal_quantile((1 + CONFIDENCE) / 2)


@dataclass(frozen=True)
class Interval:
    """The values that chance leaves open, in the unit of what is estimated (fractions); missing where nothing is known."""

    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether no change at all is among them; an unknown range holds it.

        Examples
        --------
        >>> Interval(-0.01, 0.03).holds_zero, Interval(0.01, 0.03).holds_zero, NO_INTERVAL.holds_zero
        (True, False, True)
        """
        return not (self.low > 0 or self.high < 0)


NO_INTERVAL = Interval(float("nan"), float("nan"))


def wilson(count: int, whole: int) -> Interval:
    """Return Wilson's score interval for a share of pupils (fractions, 95 %).

    Source: Wilson (1927), Probable inference; recommended for small groups by Brown, Cai and DasGupta (2001).

    Examples
    --------
    >>> wilson(0, 10).high.__round__(4), wilson(5, 10).low.__round__(4)
    (0.2775, 0.2366)
    """
    if not whole:
        return NO_INTERVAL
    share, spread = count / whole, NORMAL * NORMAL / whole
    middle = (share + spread / 2) / (1 + spread)
    half = NORMAL * sqrt(share * (1 - share) / whole + spread / whole / 4) / (1 + spread)
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


def wilson_change(now: tuple[int, int], then: tuple[int, int]) -> Interval:
    """Return the interval for a share of pupils now less the share then, each given as count and whole.

    Notes
    -----
    Newcombe (1998), Interval estimation for the difference between independent proportions, method 10: made of the
    two Wilson intervals. Where many pupils are in both, the change is known better than it says; it errs
    on the side of not calling chance a change.

    Examples
    --------
    >>> change = wilson_change((56, 70), (48, 80))
    >>> round(change.low, 4), round(change.high, 4)
    (0.0524, 0.3339)
    """
    if not (now[1] and then[1]):
        return NO_INTERVAL
    here, there = wilson(*now), wilson(*then)
    share, before = now[0] / now[1], then[0] / then[1]
    change = share - before
    down = sqrt(np.square(share - here.low) + np.square(there.high - before))
    up = sqrt(np.square(here.high - share) + np.square(before - there.low))
    return Interval(change - down, change + up)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A rate, or a difference of rates, with what each pupil contributes to its uncertainty.

    ``pull`` is one number a pupil (index: the pupil's identifier): how far the rate would be from where it is if the
    pupil's sessions counted twice (scaled for small groups). Pupils in both of two rates cancel where they pull alike,
    so that a change in the same pupils' attendance is not judged as if they were strangers. ``pupils`` is the size
    of the smallest group that it rests on.
    """

    value: float
    pull: pd.Series
    pupils: int

    def __sub__(self, other: "Estimate") -> "Estimate":
        pull = self.pull.sub(other.pull, fill_value=0.0)
        return Estimate(self.value - other.value, pull, min(self.pupils, other.pupils))

    @property
    def interval(self) -> Interval:
        """The 95 % interval: Student's t on the pupils, from the spread of their pulls; unknown for fewer than two.

        Examples
        --------
        >>> Estimate(0.05, pd.Series([0.0]), 1).interval == NO_INTERVAL  # of one pupil nothing is known
        True
        >>> found = Estimate(0.05, pd.Series([0.003, -0.004]), 2).interval  # spread 0.005, Student's t of one pupil more: 12.7
        >>> round(found.low, 3), round(found.high, 3)
        (-0.014, 0.114)
        """
        return self.interval_among(1)

    def interval_among(self, looked_at: int) -> Interval:
        """Return the interval of one of so many figures looked at together (Bonferroni): all of them hold with 95 %.

        Examples
        --------
        >>> rate = Estimate(0.05, pd.Series([0.003, -0.004]), 2)
        >>> rate.interval_among(10).low < rate.interval.low  # the more are looked at, the wider
        True
        """
        if self.pupils <= 1 or not np.isfinite(self.value):
            return NO_INTERVAL
        tail = (1 - CONFIDENCE) / looked_at / 2
        half = t_quantile(1 - tail, self.pupils - 1) * sqrt(float((self.pull**2).sum()))
        return Interval(self.value - half, self.value + half)


# What a rate of attendance is made of.
TOTALS = ["attended_sessions", "possible_sessions"]


def attendance_estimate(counts: pd.DataFrame) -> Estimate:
    """Return the attendance of some pupils together: sessions over sessions, with each pupil's pull.

    Parameters
    ----------
    counts : pandas.DataFrame
        One row per enrolment: ``pupil_id``, ``attended_sessions`` and ``possible_sessions``.

    Returns
    -------
    Estimate
        Missing where nothing was possible. Two enrolments of one pupil pull together.

    Notes
    -----
    The linearised ratio of totals with pupils as clusters (Cochran, Sampling techniques, 6.4). It allows for as
    much more spread between pupils than coin tosses would show as there is, as a beta-binomial model does.

    Examples
    --------
    >>> of = pd.DataFrame({"pupil_id": ["a", "b"], "attended_sessions": [10, 6], "possible_sessions": [10, 10]})
    >>> estimate = attendance_estimate(of)
    >>> estimate.value, estimate.pull.round(4).tolist()
    (0.8, [0.1414, -0.1414])
    """
    by_pupil = counts.groupby("pupil_id")[TOTALS].sum()
    by_pupil = by_pupil[by_pupil["possible_sessions"] > 0]
    possible = float(by_pupil["possible_sessions"].sum())
    if not possible:
        return Estimate(float("nan"), pd.Series(dtype=float), 0)
    value, pupils = float(by_pupil["attended_sessions"].sum()) / possible, len(by_pupil)
    pull = (by_pupil["attended_sessions"] - value * by_pupil["possible_sessions"]) / possible
    return Estimate(value, pull * sqrt(pupils / max(pupils - 1, 1)), pupils)


# Groups of pupils against everyone else: the gap in a half term, how it moved and whether chance alone would move it so

YEAR_GROUPS = "Year group"


def groups_of(pupils: pd.DataFrame) -> Iterator[Group]:
    """Yield the year groups and then the published groups that the pupils file (one row per pupil) can tell.

    Examples
    --------
    >>> [group.label for group in groups_of(pd.DataFrame({"year_group": [8, 7, 8]}))]
    ['Year 7', 'Year 8']
    """
    yield from map(year_group_of, sorted(int(year) for year in pupils["year_group"].dropna().unique()))
    yield from (group for group in GROUPS if group.is_published and is_on_file(pupils, group))


def is_on_file(pupils: pd.DataFrame, group: Group) -> bool:
    """Whether the pupils file (one row per pupil) can tell a group: every column that it needs says anything of anybody.

    Examples
    --------
    >>> free_meals = next(group for group in GROUPS if group.columns == ("fsm",))
    >>> [is_on_file(pd.DataFrame({"fsm": said}), free_meals) for said in ([True, None], [None, None])]
    [True, False]
    """
    return all(column in pupils and pupils[column].notna().any() for column in group.columns)


def year_group_of(year: int) -> Group:
    """Return a year group as a group of pupils.

    Examples
    --------
    >>> year_group_of(0).name, year_group_of(11).value
    ('Reception', 11)
    """
    name = year_name(year)
    return Group("year_group", year, YEAR_GROUPS, name, name, name)


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


def group_gaps(spans: Spans, also: Collection[Group] = ()) -> pd.DataFrame:
    """Set every group beside everyone else.

    Parameters
    ----------
    spans : Spans
        The enrolments counted: in a half term and the one it is compared with, and in the years to their ends.
    also : collection of Group
        Groups that have a row though nobody is in them.

    Returns
    -------
    pandas.DataFrame
        One row per group with anybody in it or that is among ``also``: ``characteristic``, ``group``, ``label``, ``phrase``,
        ``column``, ``value`` (see ``Group``); ``enrolments``, ``persistently_absent_enrolments``,
        ``severely_absent_enrolments`` (year to date) and their rates; ``period_enrolments``, ``absence_sessions``,
        ``attendance_rate`` of the half term and ``gap_rate`` (its attendance less everyone else's); the same with ``compared_``
        for the other half term; ``gap_change_rate`` with ``gap_low`` and ``gap_high``, and ``persistent_change_rate`` with
        ``persistent_low`` and ``persistent_high`` (95 % intervals); ``gap_standing`` says whether the gap is wider than
        chance would make that of any of the groups (see ``Estimate.interval_among``). Rates are fractions, missing where
        not known.
    """
    groups = list(groups_of(spans.year_to_date))
    rows = [
        group_row(group, spans, len(groups)) | {"has_row": group in also}
        for group in sorted({*groups, *also}, key=place_of)
    ]
    # Without any pupil the columns are still those of a group that nobody is in.
    rows = rows or [group_row(GROUPS[0], spans, 1) | {"has_row": False}]
    table = pd.DataFrame(rows)
    held = table[(table["enrolments"] > 0) | table["has_row"]]
    return held.drop(columns="has_row").reset_index(drop=True)


def place_of(group: Group) -> tuple[int, int]:
    """Return where a group stands among others: year groups by their years, then the published groups as they are declared.

    Examples
    --------
    >>> sorted([GROUPS[1], year_group_of(8), GROUPS[0], year_group_of(7)], key=place_of) == [
    ...     year_group_of(7), year_group_of(8), GROUPS[0], GROUPS[1]]
    True
    """
    return (1, GROUPS.index(group)) if group in GROUPS else (0, int(group.value))


BEYOND_CHANCE, WITHIN_CHANCE = "Beyond chance", "Within chance"


def gap_standing(gap: Estimate, groups: int) -> str | None:
    """Return whether a gap is beyond what chance would bring, among so many groups looked at; None where it is not known.

    Examples
    --------
    >>> gap = Estimate(0.05, pd.Series([0.003, -0.004]), 31)  # t is about 2, so 0.05 is five times its range
    >>> gap_standing(gap, 1), gap_standing(Estimate(0.05, pd.Series([0.0]), 1), 1)
    ('Beyond chance', None)
    """
    interval = gap.interval_among(groups)
    if not np.isfinite(interval.low):
        return None
    return BEYOND_CHANCE if interval.low > 0 or interval.high < 0 else WITHIN_CHANCE


def group_row(group: Group, spans: Spans, groups: int) -> dict[str, object]:
    """Return one group's row of ``group_gaps``, of so many groups."""
    now, then = gap_estimate(group, spans.current), gap_estimate(group, spans.compared)
    moved = now - then
    named = {
        "characteristic": group.heading,
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


FORM = "form"


def moves_beyond_chance(current: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Return the year groups, published groups and forms whose attendance moved by more than chance would move any of them.

    Parameters
    ----------
    current, previous : pandas.DataFrame
        PUPIL_TOTALS of a period and of the one before, one row per enrolment.

    Returns
    -------
    pandas.DataFrame
        One row per group, the largest change first: ``phrase`` (what it is called in a sentence), ``attendance_rate`` of the
        period and ``change_rate`` on the one before (fractions). Every group looked at shares the chance of a false finding
        (see ``Estimate.interval_among``); a group that cannot be compared is none of them.
    """
    forms = sorted(current[FORM].dropna().unique()) if FORM in current else []
    looked_at = [
        *groups_of(current),
        *(Group(FORM, form, "Form", form, f"Form {form}", f"form {form}") for form in forms),
    ]
    # Of the columns of a pupil no more than are asked for: rows of all of them are taken for each group.
    asked = {"pupil_id", *TOTALS, *(column for group in looked_at for column in group.columns)}
    now_of, then_of = (totals.loc[:, totals.columns.isin(asked)] for totals in (current, previous))
    changes = [
        (group.phrase, now.value, now - attendance_estimate(of_group(group, then_of)))
        for group in looked_at
        for now in [attendance_estimate(of_group(group, now_of))]
    ]
    rows = [
        {"phrase": phrase, "attendance_rate": rate_now, "change_rate": change.value}
        for phrase, rate_now, change in changes
        if not change.interval_among(len(looked_at)).holds_zero
    ]
    found = pd.DataFrame(rows, columns=["phrase", "attendance_rate", "change_rate"])
    largest = found["change_rate"].abs().sort_values(ascending=False, kind="stable").index
    return found.loc[largest].reset_index(drop=True)


def sessions_of(totals: pd.DataFrame) -> dict[str, object]:
    """Return the enrolments counted in some rows of PUPIL_TOTALS, their absence (sessions) and their attendance.

    Examples
    --------
    >>> totals = pd.DataFrame({"pupil_id": ["1", "2"], "possible_sessions": [10, 0], "absence_sessions": [1, 0]})
    >>> figures = sessions_of(totals.assign(attended_sessions=[9, 0]))  # whoever was never expected is counted in nothing
    >>> figures["period_enrolments"], figures["absence_sessions"], figures["attendance_rate"]
    (1, 1, 0.9)
    """
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
    """Return the rows of PUPIL_TOTALS of a group (counts in sessions, one row per enrolment).

    Examples
    --------
    >>> of_group(year_group_of(8), pd.DataFrame({"year_group": [7, 8, None]})).index.tolist()
    [1]
    """
    return totals[group.members(totals)]


def gap_estimate(group: Group, totals: pd.DataFrame) -> Estimate:
    """Return the attendance of a group less that of everyone else counted (a difference of fractions).

    ``totals`` are PUPIL_TOTALS, one row per enrolment with its sessions.

    Examples
    --------
    >>> totals = {"pupil_id": ["1", "2", "3"], "year_group": [7, 8, 8], "attended_sessions": [9, 7, 9], "possible_sessions": 10}
    >>> round(gap_estimate(year_group_of(7), pd.DataFrame(totals)).value, 2)  # 9 of 10 less 16 of 20
    0.1
    """
    mine = group.members(totals)
    return attendance_estimate(totals[mine]) - attendance_estimate(totals[~mine])


def flag_counts(group: Group, spans: Spans) -> dict[str, object]:
    """Return a group's enrolments, how many are persistently and severely absent, and the change in the former.

    Examples
    --------
    >>> from attendance_lib.analysis.measures import flag_absence
    >>> now = flag_absence(pd.DataFrame({"year_group": 8, "possible_sessions": [100, 100], "absence_sessions": [10, 5]}))
    >>> counts = flag_counts(year_group_of(8), Spans(now, now.head(0), now, now.head(0)))  # nothing is held of the year before
    >>> counts["enrolments"], counts["persistent_absence_rate"], counts["persistent_change_rate"]
    (2, 0.5, nan)
    """
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
