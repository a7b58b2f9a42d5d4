"""Whether the list and the chances are as good for every group of pupils: for the attendance lead alone, never published."""

from collections.abc import Iterator
from math import floor, sqrt

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import normal_quantile
from attendance_lib.analysis.outlook.backtest import OURS, Tried
from attendance_lib.analysis.outlook.outlook import outlook_of
from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.outlook.proof import NOT_TRIED, is_listed, tried_last_year
from attendance_lib.rules.groups import GROUPS

HELD = 0.05


def by_group(pack: Pack) -> Table:
    """Return for groups of pupils how many would have been listed in this week of last year, found, and said beside what came."""
    found = tried_last_year(pack)
    pupils = outlook_of(pack).school.persons.pupils
    groups = [each for each in GROUPS if each.is_published and set(each.columns) <= set(pupils.columns)]
    rows = (
        [] if found is None else list(group_rows(found[1], [(each, each.members(pupils)) for each in groups]))
    )
    return Table(
        name="outlook_groups",
        title="Is it as good for every group?",
        frame=pd.DataFrame(rows, columns=[column.name for column in GROUP_COLUMNS]),
        columns=GROUP_COLUMNS,
        row_header="group",
        note="For the attendance lead, never published. In this week of last year. Nothing of a pupil but the register is looked "
        "at, so a group is listed more where it is away more. Likely and came are of all on roll; chance alone leaves what came "
        "within the range for all groups together in 95 of 100 schools.",
        empty_text=NOT_TRIED,
    )


def group_rows(tried: Tried, groups: list) -> Iterator[tuple]:
    """Yield one row a group with anybody in it: GROUP_COLUMNS."""
    held = [
        (group, members & tried.is_asked) for group, members in groups if (members & tried.is_asked).any()
    ]
    reach_of = normal_quantile(1 - HELD / 2 / max(len(held), 1))
    for group, here in held:
        counts = (*_list_counts(tried, here), *_said_and_came(tried, here, reach_of))
        yield (group.heading, group.name, int(here.sum()), *counts)


def _list_counts(tried: Tried, here: np.ndarray) -> tuple[int, float, int, int]:
    """How many of a group not over the line were listed, as a share too, how many crossed it, and how many are both."""
    under = here & tried.is_under
    crossed, chosen = under & tried.came, under & is_listed(tried)
    share = chosen.sum() / max(int(under.sum()), 1)
    return int(chosen.sum()), share, int(crossed.sum()), int((chosen & crossed).sum())


def _said_and_came(tried: Tried, here: np.ndarray, reach_of: float) -> tuple[float, int, str, str]:
    """How many of a group were said to come over the line, how many did, the range of chance, and on which side of it they are."""
    chance = tried.said[OURS][here]
    said, came = float(chance.sum()), int(tried.came[here].sum())
    width = reach_of * sqrt(float((chance * (1 - chance)).sum()))
    low, high = max(floor(said - width + 0.5), 0), floor(said + width + 0.5)
    beyond = "" if low <= came <= high else "more came" if came > high else "fewer came"
    return said, came, f"{format_count(low)} to {format_count(high)}", beyond


GROUP_COLUMNS = (
    figure("characteristic", heading="By", width=16),
    figure("group", width=18),
    figure("pupils", meaning="Pupils on roll then"),
    Column(
        "listed",
        "Listed",
        Kind.COUNT,
        meaning="Not over the line then and on the list, with or without support",
    ),
    Column("listed_rate", "Share listed", Kind.RATE, meaning="Of those not over the line then"),
    figure("crossed"),
    Column("found", "Of them listed", Kind.COUNT, meaning="Of those who crossed, how many were on the list"),
    figure("likely", meaning="Chances of all on roll added up"),
    figure("came", meaning="How many of all on roll ended at 10% or more"),
    Column("by_chance", "Chance alone", meaning="Where what came lies if the chances are right", width=12),
    Column("beyond", "Beyond chance", meaning="Where what came lies outside it", width=12),
)
