"""Lateness that many share: a bus that was late, a form kept back, brothers and sisters who come together."""

from itertools import combinations

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import chance_of_more, is_beyond_chance
from attendance_lib.analysis.lateness import could_be_on_time, in_half, is_late
from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.shared import framed, listed, pupil_names
from attendance_lib.rules.calendar import SESSIONS

# What pupils may share on the way to school, by the column that says so.
SHARED = {"transport": "Way to school", "postcode_area": "Postcode area", "form": "Form"}
FEWEST_TOGETHER, FEWEST_MORNINGS = 4, 3


@derived
def shared_mornings(pack: Pack) -> pd.DataFrame:
    """Find the mornings of the period on which more of one bus, area or form were late than the school's own rate explains.

    Returns
    -------
    pandas.DataFrame
        One row per morning (day) and group, the least likely first: ``date``, ``shared`` (what they share, in words), ``group``,
        ``late_pupils``, ``there_pupils`` and ``expected_pupils`` (at the rate of the others that morning).
    """
    register = in_half(pack.roll.current, SESSIONS[0])
    late, there = is_late(register), could_be_on_time(register)
    found = _mornings_of_groups(register.pupils, late, there)
    all_late, all_there = late.sum(axis=0), there.sum(axis=0)
    number, here = found["number"].to_numpy(), found[["late_pupils", "there_pupils"]].to_numpy()
    others = all_there[number] - here[:, 1]
    # Beside the others of the same morning, so that a day of snow does not name every bus.
    late_others = all_late[number] - here[:, 0]
    share = np.divide(late_others, others, out=np.ones(len(found)), where=others > 0)
    is_named = is_beyond_chance(here[:, 0], here[:, 1], share, questions=len(found))
    is_named &= (found["late_pupils"] >= FEWEST_TOGETHER).to_numpy()
    named = found.assign(
        chance=chance_of_more(here[:, 0] - 1, here[:, 1], share),
        expected_pupils=found["there_pupils"] * share,
        date=register.sessions["date"].to_numpy()[found["number"]],
        shared=found["column"].map(SHARED),
    )[is_named]
    return named.sort_values(["chance", "date", "shared", "group"], kind="stable", ignore_index=True)


def _groups(values: pd.Series) -> list[tuple[str, np.ndarray]]:
    known = sorted(values.dropna().astype(str).unique())
    return [(value, (values.astype(object) == value).to_numpy()) for value in known]


def _mornings_of_groups(pupils: pd.DataFrame, late: np.ndarray, there: np.ndarray) -> pd.DataFrame:
    """How many of each group of SHARED were late and there on each morning (its number), one row each where anybody was."""
    rows = [
        (number, column, group, int((late[:, number] & here).sum()), int((there[:, number] & here).sum()))
        for column in SHARED
        if column in pupils
        for group, here in _groups(pupils[column])
        for number in range(late.shape[1])
    ]
    found = pd.DataFrame(rows, columns=["number", "column", "group", "late_pupils", "there_pupils"])
    return found[found["there_pupils"] > 0].reset_index(drop=True)


def _mornings_of_two(late: np.ndarray, there: np.ndarray) -> tuple[int, int, int, int]:
    """On how many mornings both of two pupils (rows) were late, both were there, and of these one was late, and the other."""
    both_there = there.all(axis=0)
    first, second = late & both_there
    return int((first & second).sum()), int(both_there.sum()), int(first.sum()), int(second.sum())


@derived
def shared_causes(pack: Pack) -> pd.DataFrame:
    """Return the late marks of shared mornings, one row each: ``pupil_id``, ``date`` and ``session``."""
    register = in_half(pack.roll.current, SESSIONS[0])
    late = is_late(register)
    found = np.zeros(late.shape, dtype=bool)
    mornings = shared_mornings(pack)
    for number, column, group in zip(mornings["number"], mornings["column"], mornings["group"], strict=True):
        here = (register.pupils[column].astype(object) == group).to_numpy()
        found[:, number] |= late[:, number] & here
    rows, columns = np.nonzero(found)
    return pd.DataFrame(
        {
            "pupil_id": register.pupils["pupil_id"].astype(str).to_numpy()[rows],
            "date": register.sessions["date"].to_numpy()[columns],
            "session": np.full(len(rows), SESSIONS[0], dtype=object),
        }
    )


@derived
def families_of(pack: Pack) -> pd.DataFrame:
    """Find brothers and sisters who are late on the same mornings of the year more often than each alone explains.

    Returns
    -------
    pandas.DataFrame
        One row per pair, those most often late together first: ``pupils`` (names), ``pair_forms``, ``together_sessions`` (mornings
        both were late), ``there_sessions`` (both came), ``late_sessions`` (either late) and ``expected_mornings``.
    """
    register = in_half(pack.roll.year_to_date, SESSIONS[0])
    if "family_id" not in register.pupils:
        return _families([])
    late, there = is_late(register), could_be_on_time(register)
    families = register.pupils.groupby(register.pupils["family_id"].astype(object)).indices
    pairs = [pair for _, rows in sorted(families.items()) for pair in combinations(rows.tolist(), 2)]
    counts = [_mornings_of_two(late[list(pair)], there[list(pair)]) for pair in pairs]
    together, days, first, second = np.array(counts, dtype=np.int64).reshape(-1, 4).T
    share = np.divide(first * second, days * days, out=np.zeros(len(pairs)), where=days > 0)
    is_named = is_beyond_chance(together, days, share, questions=len(pairs)) & (together >= FEWEST_MORNINGS)
    names, forms = pupil_names(register.pupils), register.pupils["form"].fillna("").astype(str)
    return _families(
        [
            (
                f"{names[pairs[row][0]]}; {names[pairs[row][1]]}",
                " and ".join(filter(None, (forms[place] for place in pairs[row]))),
                together[row],
                first[row] + second[row] - together[row],
                days[row],
                days[row] * share[row],
            )
            for row in np.flatnonzero(is_named)
        ]
    )


FAMILY_COLUMNS = (
    Column("pupils", "Brothers and sisters", meaning="Pupils of one family", personal=True, width=40),
    Column("pair_forms", "Forms", meaning="Their registration groups", width=14),
    Column("together_sessions", "Late together", Kind.COUNT, meaning="Mornings of the year on which both were late"),
    Column("late_sessions", "Late at all", Kind.COUNT, meaning="Mornings on which either was late, both having come"),
    Column("there_sessions", "of mornings", Kind.COUNT, meaning="Mornings to which both came"),
    Column("expected_mornings", "Expected", Kind.NUMBER, meaning="Late together if each were late by himself"),
)  # fmt: skip


def _families(rows: list[tuple]) -> pd.DataFrame:
    frame = framed(rows, FAMILY_COLUMNS)
    return frame.sort_values(
        ["together_sessions", "pupils"], ascending=[False, True], kind="stable", ignore_index=True
    )


def families_late_together(pack: Pack) -> Table:
    """Return the families whose children are late together.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> roll = SimpleNamespace(current=SimpleNamespace(pupils=pd.DataFrame({"family_id": [None]})))
    >>> nothing = pd.DataFrame(columns=[column.name for column in FAMILY_COLUMNS])
    >>> families_late_together(SimpleNamespace(roll=roll, results={families_of: nothing})).empty_text
    'The pupils file says of nobody to which family he or she belongs (family_id), so this is not known.'
    """
    asked = "family_id" in pack.roll.current.pupils and pack.roll.current.pupils["family_id"].notna().any()
    return Table(
        name="families_late_together",
        title="Families whose children are late together",
        frame=families_of(pack),
        columns=FAMILY_COLUMNS,
        note="One conversation with the family, not two with the pupils. By chance alone one paper in ten would name one pair.",
        empty_text="No two brothers or sisters are late together more often than chance explains."
        if asked
        else "The pupils file says of nobody to which family he or she belongs (family_id), so this is not known.",
    )


def buses_and_forms(pack: Pack) -> Table:
    """Return the mornings on which many of one bus, area or form were late.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> roll = SimpleNamespace(current=SimpleNamespace(pupils=pd.DataFrame({"pupil_id": ["0001"]})))
    >>> nothing = pd.DataFrame(columns=[column.name for column in TOGETHER_COLUMNS])
    >>> said = buses_and_forms(SimpleNamespace(roll=roll, results={shared_mornings: nothing})).empty_text
    >>> said.partition(". ")[2]
    'Not known of anybody: way to school, postcode area and form.'
    """
    missing = [
        name.lower()
        for column, name in SHARED.items()
        if column not in pack.roll.current.pupils or pack.roll.current.pupils[column].isna().all()
    ]
    unknown = f" Not known of anybody: {listed(missing)}." if missing else ""
    return Table(
        name="late_together",
        title="Mornings on which many were late together",
        frame=shared_mornings(pack),
        columns=TOGETHER_COLUMNS,
        row_header="group",
        note="Likely transport, or a form that was kept back, and not pupils: these late arrivals are in every count, but "
        f"nobody is named for them.{unknown}",
        empty_text=f"On no morning were more of one bus or form late than the others that day explain.{unknown}",
    )


TOGETHER_COLUMNS = (
    Column("date", "Morning", Kind.DATE, meaning="The day"),
    Column("shared", "Shared", meaning="What the pupils share", width=14),
    figure("group", heading="Which", meaning="The bus, area or form", width=14),
    Column("late_pupils", "Late", Kind.COUNT, meaning="Of these pupils, late that morning (L or U)"),
    Column("there_pupils", "of who came", Kind.COUNT, meaning="Of these pupils, in school that morning"),
    Column("expected_pupils", "Expected", Kind.NUMBER, meaning="At the rate of everyone else that morning"),
)


def together_words(pack: Pack) -> str:
    """Return how many mornings many shared and how many families come late together, as a sentence; empty if there are none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> mornings = pd.DataFrame({"date": ["2026-11-05", "2026-11-05"], "group": ["Bus 4", "8A"]})  # one morning, two groups
    >>> together_words(SimpleNamespace(results={shared_mornings: mornings, families_of: ["a pair"]})).split("; ")[1]
    '1 pair of brothers and sisters often comes late together.'
    """
    mornings, pairs = shared_mornings(pack)["date"].nunique(), len(families_of(pack))
    said = [
        f"on {format_count(mornings, 'morning')} many of one bus or form were late together (likely transport)"
        if mornings
        else "",
        f"{format_count(pairs, 'pair')} of brothers and sisters often {in_number(pairs, 'comes', 'come')} late together"
        if pairs
        else "",
    ]
    words = "; ".join(filter(None, said))
    return f"{words[0].upper()}{words[1:]}." if words else ""
