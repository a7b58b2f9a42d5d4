"""How a chance is said beside a pupil's name, in any paper: of ten pupils like this one, and what would have to happen."""

from math import floor

import pandas as pd

from attendance_lib.analysis.outlook.outlook import Told, year_told_of
from attendance_lib.analysis.outlook.school import weeks_of
from attendance_lib.display import Column
from attendance_lib.display.format import format_count
from attendance_lib.pack.pack import Pack

# Whole per cents below and above which a tenth says too much.
FEW, MANY = 5, 95
NOT_TOLD = "cannot be given"


def of_ten(percent: int) -> str:
    """Return a chance in whole per cents as how many of ten pupils.

    Examples
    --------
    >>> [of_ten(each) for each in (2, 5, 44, 45, 95, 97)]
    ['fewer than 1 of 20', '1 of 10', '4 of 10', '5 of 10', '9 of 10', 'more than 19 of 20']
    """
    if percent < FEW:
        return "fewer than 1 of 20"
    if percent > MANY:
        return "more than 19 of 20"
    return f"{min(max(floor(percent / 10 + 0.5), 1), 9)} of 10"


def chance_words(told: Told, row: int) -> str:
    """Return the chance of one person (position) of ending at 10 % or more missed; what arithmetic settles first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> told = SimpleNamespace(need=[0, 41, 4, 4], left=[40] * 4, cannot=[False, False, True, False], chance=[100, 0, 0, 44])
    >>> [chance_words(told, row) for row in range(4)]
    ['certain', 'cannot any more', 'cannot be given', '4 of 10']
    """
    if told.need[row] <= 0:
        return "certain"
    if told.need[row] > told.left[row]:
        return "cannot any more"
    return NOT_TOLD if told.cannot[row] else of_ten(int(told.chance[row]))


def would_have_to_happen(need: int, left: int) -> str:
    """Say what keeps a pupil under a line, or brings one back, in sessions.

    Examples
    --------
    >>> would_have_to_happen(4, 40), would_have_to_happen(1, 40)
    ('misses no more than 3 of the next 40', 'misses none of the next 40')
    >>> would_have_to_happen(0, 40), would_have_to_happen(41, 40)
    ('no longer possible', 'under it whatever happens')
    """
    if need <= 0:
        return "no longer possible"
    if need > left:
        return "under it whatever happens"
    most = need - 1
    return (
        f"misses {f'no more than {format_count(most)}' if most else 'none'} of the next {format_count(left)}"
    )


def may_still_miss(need: int, left: int) -> str:
    """Return the same in a few words: how many of the sessions to come may be missed.

    Examples
    --------
    >>> [may_still_miss(*each) for each in ((4, 40), (1, 40), (0, 40), (41, 40))]
    ['3 of 40', 'none of 40', 'too late', 'all of 40']
    """
    if need <= 0:
        return "too late"
    most = min(need - 1, left)
    return f"{'all' if most == left else format_count(most) if most else 'none'} of {format_count(left)}"


# The end of the year beside the names of other papers, where it is proved

YEAR_END = (
    Column(
        "year_chance", "Over 10% at year end",
        meaning="Of ten pupils like this one, how many end the school year at 10% or more missed: no part of any order",
        personal=True, width=9,
    ),
    Column(
        "may_miss", "May still miss",
        meaning="Of the sessions that are left of the year, the most that the pupil may miss and end it below 10%",
        personal=True, width=9,
    ),
)  # fmt: skip


def year_end_columns(pack: Pack) -> tuple[Column, ...]:
    """Return the columns of the chance and of what would have to happen; none where the chances are not proved at this school.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> packs = [SimpleNamespace(results={year_told_of: SimpleNamespace(is_proved=proved)}) for proved in (True, False)]
    >>> [len(year_end_columns(pack)) for pack in packs]
    [2, 0]
    """
    told = year_told_of(pack)
    return YEAR_END if told is not None and told.is_proved else ()


def with_year_end(people: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Add to pupils (one row each) the texts of ``year_end_columns``, chances and sessions; as given where nothing is proved."""
    if not year_end_columns(pack):
        return people
    told, rows = year_told_of(pack), weeks_of(pack).rows_of(people["pupil_id"])
    return people.assign(
        year_chance=[chance_words(told, row) if row >= 0 else NOT_TOLD for row in rows],
        may_miss=[may_still_miss(told.need[row], told.left[row]) if row >= 0 else NOT_TOLD for row in rows],
    )


def year_end_words(pack: Pack) -> str:
    """Say what the two columns are, or why there are none: a sentence or two with a blank before.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> year_end_words(SimpleNamespace(results={year_told_of: SimpleNamespace(is_proved=False, tried=[])}))
    ' No chance of ending the year at 10% or more is given: no finished year is held to try it on.'
    """
    told = year_told_of(pack)
    if told is None:
        return " No chance of ending the year at 10% or more is given: the calendar of the school file does not reach its end."
    if told.is_proved:
        return (
            " Over 10% at year end: of ten pupils like this one, how many end the school year at 10% or more missed; how often "
            "that was right at this school is in the outlook paper. A chance is a reason to talk, never a ground for a sanction."
        )
    why = (
        "last year it was no better here than a simple rule"
        if told.tried
        else "no finished year is held to try it on"
    )
    return f" No chance of ending the year at 10% or more is given: {why}."
