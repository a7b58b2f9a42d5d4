"""Who crossed a line since last time, with later edits of old marks kept apart from what happened since."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.pack.periods import Periods
from attendance_lib.register.grid import LETTER_OF_CELL, Register
from attendance_lib.rules.codes import NO_REASON_YET, Category

# Who joined, left and stayed in persistent and severe absence between two points in time, as counts of pupils

FLOW_LINES = {
    "persistent": ("Persistent absence (10% or more missed)", "is_persistently_absent"),
    "severe": ("Severe absence (50% or more missed)", "is_severely_absent"),
}


@dataclass(frozen=True)
class Standing:
    """Where each enrolment stood at one time: one flag a line, by pupil and admission."""

    table: pd.DataFrame

    @classmethod
    def at(cls, register: Register) -> "Standing":
        """Return where the enrolments of a year to date stand at its end."""
        totals = pupil_totals(register)
        flags = {name: totals[column].to_numpy(dtype=bool) for name, (_, column) in FLOW_LINES.items()}
        key = pd.MultiIndex.from_frame(totals[["pupil_id", "admission_date"]])
        return cls(pd.DataFrame(flags, index=key))


def flows(then: Standing, now: Standing) -> pd.DataFrame:
    """Set two points in time, each the end of a year to date, beside each other, enrolment by enrolment.

    Parameters
    ----------
    then, now : Standing
        At the end of the last half term and of this one.

    Returns
    -------
    pandas.DataFrame
        One row per line, persistent then severe: ``line`` (in words) and counts of enrolments: ``before``,
        ``stayed``, ``left`` (no longer at the limit, or no longer counted at this school), ``joined`` (newly at the
        limit, or first counted since) and ``after``. ``before`` is stayed and left; ``after`` is stayed and joined.

    Notes
    -----
    Who is new to the school, or gone from it, is not counted apart: of the few who come and go within a year everybody knows
    how many they are, so that a count of those at the limit would speak of each of them.

    Examples
    --------
    >>> then = Standing(pd.DataFrame({"persistent": [True, False], "severe": False}, index=["1", "2"]))
    >>> now = Standing(pd.DataFrame({"persistent": [True, True], "severe": False}, index=["2", "3"]))  # 1 has gone, 3 is new
    >>> flows(then, now)[["before", "stayed", "left", "joined", "after"]].values.tolist()[0]
    [1, 0, 1, 2, 2]
    """
    return pd.DataFrame([{"line": FLOW_LINES[name][0]} | _moves(then, now, name) for name in FLOW_LINES])


def _moves(then: Standing, now: Standing, name: str) -> dict[str, int]:
    sides = [side.table[[name]].add_suffix(f"_{when}") for side, when in ((then, "then"), (now, "now"))]
    both = sides[0].join(sides[1], how="outer").astype("boolean").fillna(value=False).astype(bool)
    was, is_now = both[f"{name}_then"], both[f"{name}_now"]
    found = {
        "before": was,
        "stayed": was & is_now,
        "left": was & ~is_now,
        "joined": ~was & is_now,
        "after": is_now,
    }
    return {what: int(rows.sum()) for what, rows in found.items()}


STANDINGS = ("none", "above_95", "at_risk", "persistent", "severe")
STANDING_LABELS = {
    "none": "No sessions yet",
    "above_95": "Above 95%",
    "at_risk": "At risk (above 90% to 95%)",
    "persistent": "Persistent absence (90% or below)",
    "severe": "Severe absence (50% or below)",
}
SINCE, BY_EDIT = "sessions since", "edits to earlier marks"


def standing(totals: pd.DataFrame) -> np.ndarray:
    """Return where each enrolment stands: the position in STANDINGS (shape (rows,)), worse is higher.

    Decided on counts of sessions, year to date; see ``measures.flag_absence``.

    Examples
    --------
    >>> flags = {"is_severely_absent": [False, False, True], "is_persistently_absent": [False, True, True]}
    >>> totals = pd.DataFrame({"possible_sessions": [0, 100, 100], "is_at_risk": [False, True, True], **flags})
    >>> standing(totals).tolist()
    [0, 3, 4]
    """
    return np.select(
        [
            totals["possible_sessions"] == 0,
            totals["is_severely_absent"],
            totals["is_persistently_absent"],
            totals["is_at_risk"],
        ],
        [0, 4, 3, 2],
        default=1,
    )


def crossings(periods: Periods) -> pd.DataFrame:
    """Find every enrolment that crossed a line in the period, and why.

    Parameters
    ----------
    periods : Periods
        Of the pupils in question.

    Returns
    -------
    pandas.DataFrame
        One row per crossing, worst first: ``row`` (position among the pupils), ``cause`` (SINCE or
        BY_EDIT), ``was`` and ``now`` (of STANDINGS) and ``is_worse``. SINCE compares the marks before the
        period, as they stand today, with the year to date; BY_EDIT compares the marks before the period as
        known on the last day before it with the same marks today. Empty in a year's first period.
    """
    before = periods.year_to_previous
    if before.sessions.empty:
        return no_crossings()
    corrected = standing(pupil_totals(before))
    known_then = standing(pupil_totals(before.as_known_on(before.last_date)))
    now = standing(pupil_totals(periods.year_to_date))
    found = pd.concat([_crossed(corrected, now, SINCE), _crossed(known_then, corrected, BY_EDIT)])
    return found.sort_values(
        ["cause", "now_rank", "row"], ascending=[False, False, True], ignore_index=True
    ).drop(columns="now_rank")


def _crossed(was: np.ndarray, now: np.ndarray, cause: str) -> pd.DataFrame:
    moved = np.flatnonzero((was != now) & (was > 0) & (now > 0))
    names = np.array(STANDINGS)
    return pd.DataFrame(
        {
            "row": moved,
            "cause": cause,
            "was": names[was[moved]],
            "now": names[now[moved]],
            "is_worse": now[moved] > was[moved],
            "now_rank": now[moved],
        }
    )


def no_crossings() -> pd.DataFrame:
    """Return the empty table of crossings (no row; counts are of sessions).

    Examples
    --------
    >>> len(no_crossings()), int(count_crossings(no_crossings())["joined"].sum())
    (0, 0)
    """
    empty = np.zeros(0, dtype=np.int64)
    return _crossed(empty, empty, SINCE).drop(columns="now_rank")


def count_crossings(found: pd.DataFrame) -> pd.DataFrame:
    """Count the crossings of each line.

    Returns
    -------
    pandas.DataFrame
        One row per line in the order severe, persistent, at risk and cause: ``line``, ``cause``,
        ``joined`` and ``left`` (enrolments). A pupil who falls from above 95 % to persistent absence joins
        persistent absence only; one who leaves severe for persistent absence leaves severe only.

    Examples
    --------
    >>> found = {"cause": SINCE, "was": ["above_95", "severe"], "now": ["persistent", "persistent"]}
    >>> counts = count_crossings(pd.DataFrame(found))
    >>> counts[counts["cause"] == SINCE][["line", "joined", "left"]].values.tolist()
    [['severe', 0, 1], ['persistent', 1, 0], ['at_risk', 0, 0]]
    """
    rows = []
    for line in LINES:
        for cause in (SINCE, BY_EDIT):
            here = found[found["cause"] == cause]
            rows.append((line, cause, (_joins(here, line)).sum(), (_leaves(here, line)).sum()))
    return pd.DataFrame(rows, columns=["line", "cause", "joined", "left"])


def count_new(periods: Periods) -> pd.Series:
    """Count the enrolments over each line who had no session before the period: new pupils, who crossed nothing.

    Returns
    -------
    pandas.Series
        Counts of enrolments by line, in the order severe, persistent, at risk; 0 in a year's first period, in which
        nobody has a period before.
    """
    before = periods.year_to_previous
    if before.sessions.empty:
        return pd.Series(0, index=list(LINES))
    is_new = standing(pupil_totals(before)) == 0
    now = pd.Series(np.array(STANDINGS)[standing(pupil_totals(periods.year_to_date))][is_new])
    return pd.Series({line: int(_over(now, line).sum()) for line in LINES})


LINES = ("severe", "persistent", "at_risk")


def _over(standings: pd.Series, line: str) -> pd.Series:
    # Severe absence is persistent absence too, so the line is crossed by rank; at risk is a band of its own.
    rank = standings.map(STANDINGS.index)
    return rank == STANDINGS.index(line) if line == "at_risk" else rank >= STANDINGS.index(line)


def _joins(found: pd.DataFrame, line: str) -> pd.Series:
    return _over(found["now"], line) & ~_over(found["was"], line)


def _leaves(found: pd.DataFrame, line: str) -> pd.Series:
    return _over(found["was"], line) & ~_over(found["now"], line)


EDIT_KINDS = (
    "a reason was found for N",
    "unauthorised absence became attendance",
    "unauthorised absence became authorised",
    "absence became attendance",
    "attendance became absence",
    "any other change",
)


def late_edits(register: Register) -> pd.DataFrame:
    """Count the marks of a register that were changed after its last day, by what the change did.

    Parameters
    ----------
    register : Register
        The year to the last day before the period.

    Returns
    -------
    pandas.DataFrame
        One row per kind of edit that occurs, in the order of EDIT_KINDS: ``edit``, ``marks`` and
        ``enrolments`` (counts). Empty where the export has no history of edits.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> change = {"row": [0], "column": [0], "amended_from": [cell_of("N")], "amended_on": pd.to_datetime(["2026-11-09"])}
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-06"])})
    >>> late_edits(Register(np.array([[cell_of("I")]]), pd.DataFrame(), days, pd.DataFrame(change))).values.tolist()
    [['a reason was found for N', 1, 1]]
    """
    later = register.amendments
    later = (
        later[later["amended_on"] > pd.Timestamp(register.last_date)]
        if len(register.sessions)
        else later.iloc[:0]
    )
    kinds = later.assign(edit=_edit_kinds(register, later))
    counted = kinds.groupby("edit")["row"].agg(marks="size", enrolments="nunique")
    return counted.reindex([kind for kind in EDIT_KINDS if kind in counted.index]).reset_index()


def _edit_kinds(register: Register, edits: pd.DataFrame) -> np.ndarray:
    row, column = edits["row"].to_numpy(), edits["column"].to_numpy()
    before_codes = register.codes.copy()
    before_codes[row, column] = edits["amended_from"].to_numpy()
    was = Register(before_codes, register.pupils, register.sessions).categories[row, column]
    now = register.categories[row, column]
    was_n = edits["amended_from"].map(LETTER_OF_CELL).to_numpy() == NO_REASON_YET
    unauthorised, authorised = Category.UNAUTHORISED_ABSENCE, Category.AUTHORISED_ABSENCE
    attended = np.isin(now, [Category.PRESENT, Category.APPROVED_ACTIVITY])
    had_attended = np.isin(was, [Category.PRESENT, Category.APPROVED_ACTIVITY])
    absent = np.isin(now, [unauthorised, authorised])
    had_absence = np.isin(was, [unauthorised, authorised])
    return np.select(
        [
            was_n,
            (was == unauthorised) & attended,
            (was == unauthorised) & (now == authorised),
            had_absence & attended,
            had_attended & absent,
        ],
        EDIT_KINDS[:-1],
        default=EDIT_KINDS[-1],
    )


@derived
def crossings_of(pack: Pack) -> pd.DataFrame:
    """Return the pupils on roll who crossed a line in a pack's period (one row per crossing, counts in sessions)."""
    return crossings(pack.roll)
