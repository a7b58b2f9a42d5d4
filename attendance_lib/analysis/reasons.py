"""Which codes were used: reasons for absence by share, unexplained absence, and codes that are worth a look."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import rate
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.grid import MISSING, Register, cell_of
from attendance_lib.register.tally import count_codes, tally
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.codes import ABSENT, CODES, NO_REASON_YET, Category

# How many sessions some codes were used for, and how many enrolments are behind them


def absence_codes() -> dict[str, tuple[str, ...]]:
    """Return the codes of absence by the group that a reader sees them under, authorised groups first.

    Examples
    --------
    >>> absence_codes()["Leave granted"]
    ('C1', 'J1', 'C', 'H', 'F')
    """
    ordered = sorted((code for code in CODES if code.category in ABSENT), key=lambda code: code.category)
    found: dict[str, tuple[str, ...]] = {}
    for code in ordered:
        found[code.group] = (*found.get(code.group, ()), code.letter)
    return found


def use_of_codes(register: Register, groups: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Count the use of each group of codes.

    Parameters
    ----------
    register : Register
        The sessions and enrolments counted.
    groups : mapping of str to tuple of str
        Codes by what they are called together.

    Returns
    -------
    pandas.DataFrame
        One row per group in the order given: ``group``, ``sessions`` (with one of its codes), ``pupils``
        (enrolments with any such session) and ``possible_sessions`` (of the whole register). A code that is not in
        force on its date counts for nothing, as in every rate.

    Examples
    --------
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 3)})
    >>> register = Register(np.array([[cell_of(letter) for letter in "/IJ"]]), pd.DataFrame({"pupil_id": ["1"]}), sessions)
    >>> use_of_codes(register, {"Illness": ("I",), "Interview": ("J",)}).values.tolist()  # J has not been in force since 2024
    [['Illness', 1, 1, 2], ['Interview', 0, 0, 2]]
    """
    possible = int(tally(register)["possible_sessions"].iloc[0])
    is_in_force = register.categories != Category.UNCLASSIFIED
    used = [
        np.isin(register.codes, [cell_of(letter) for letter in letters]) & is_in_force
        for letters in groups.values()
    ]
    return pd.DataFrame(
        {
            "group": list(groups),
            "sessions": [int(each.sum()) for each in used],
            "pupils": [int(each.any(axis=1).sum()) for each in used],
            "possible_sessions": possible,
        }
    )


# A reason must be entered no later than five school days after the session. Source: Working together to improve
# school attendance; the day of the session is day 0.
DAYS_TO_EXPLAIN = 5

GROUP_OF = {code.letter: code.group for code in CODES}
MEANING_OF = {code.letter: code.meaning for code in CODES}


def absence_by_reason(register: Register) -> pd.DataFrame:
    """Count absence by group of codes.

    Returns
    -------
    pandas.DataFrame
        One row per group of absence codes that occurs, most sessions first: ``reason``, ``codes`` (the
        letters), ``is_authorised``, ``sessions`` (a count), ``possible_sessions`` (of the whole register) and
        ``reason_rate`` (fraction of possible sessions, as DfE shows reasons).

    Examples
    --------
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 5)})
    >>> register = Register(np.array([[cell_of(letter) for letter in "//IIN"]]), pd.DataFrame({"pupil_id": ["1"]}), sessions)
    >>> absence_by_reason(register)[["reason", "is_authorised", "sessions", "reason_rate"]].values.tolist()
    [['Illness', True, 2, 0.4], ['No reason yet', False, 1, 0.2]]
    """
    counts = count_codes(register)
    absent = counts[counts["category"].isin(ABSENT)]
    absent = absent.assign(
        reason=absent["code"].map(GROUP_OF), is_authorised=absent["category"] == Category.AUTHORISED_ABSENCE
    )
    grouped = absent.groupby(["reason", "is_authorised"], as_index=False).agg(
        codes=("code", join_codes), sessions=("sessions", "sum")
    )
    possible = int(tally(register)["possible_sessions"].iloc[0])
    grouped = grouped.assign(possible_sessions=possible).pipe(
        lambda table: table.assign(reason_rate=rate(table["sessions"], table["possible_sessions"]))
    )
    order = ["reason", "codes", "is_authorised", "sessions", "possible_sessions", "reason_rate"]
    return grouped.sort_values(["sessions", "reason"], ascending=[False, True], ignore_index=True)[order]


def join_codes(letters: pd.Series) -> str:
    """Return the distinct letters of a column, in order, as one text.

    Examples
    --------
    >>> join_codes(pd.Series(["M", "I", "M"]))
    'I, M'
    """
    return ", ".join(sorted(set(letters)))


def reasons_compared(current: Register, previous: Register, year_to_date: Register) -> pd.DataFrame:
    """Set the reasons for absence of a period beside those of the period before and the year to date.

    Returns
    -------
    pandas.DataFrame
        One row per reason, most sessions in the period first: ``reason``, ``codes``, ``is_authorised``,
        ``sessions``, ``reason_rate``, ``previous_rate``, ``change_rate`` and ``year_to_date_rate``
        (fractions of possible sessions; 0 where the reason did not occur, missing where nothing was possible).
    """
    now, before, year = (absence_by_reason(each) for each in (current, previous, year_to_date))
    key = ["reason", "is_authorised"]
    table = year[[*key, "codes", "reason_rate"]].rename(columns={"reason_rate": "year_to_date_rate"})
    table = table.merge(now[[*key, "sessions", "reason_rate"]], on=key, how="left")
    table = table.merge(
        before[[*key, "reason_rate"]].rename(columns={"reason_rate": "previous_rate"}), on=key, how="left"
    )
    # A period in which nobody was absent has a rate of 0; one without a possible session has none.
    known = {
        name: 0.0
        for name, register in (("reason_rate", current), ("previous_rate", previous))
        if is_any_possible(register)
    }
    table = table.fillna({"sessions": 0} | known)
    table = table.assign(
        sessions=table["sessions"].astype(int), change_rate=table["reason_rate"] - table["previous_rate"]
    )
    return table.sort_values(["sessions", "year_to_date_rate"], ascending=False, ignore_index=True)


def is_any_possible(register: Register) -> bool:
    """Whether a register has a possible session.

    Examples
    --------
    >>> sessions, pupils = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])}), pd.DataFrame({"pupil_id": ["1"]})
    >>> [is_any_possible(Register(np.array([[cell_of(code)]]), pupils, sessions)) for code in ("I", "Y1")]  # Y1: no transport
    [True, False]
    """
    return bool(tally(register)["possible_sessions"].iloc[0])


def uncommon_codes(current: Register, year_to_date: Register) -> pd.DataFrame:
    """Count the codes whose use is worth a look (B, C2, D, E, K, X, Y7).

    Returns
    -------
    pandas.DataFrame
        One row per such code that occurs in the year to date: ``code``, ``meaning``, ``sessions`` and
        ``enrolments`` in the period, ``year_to_date_sessions`` and ``year_to_date_enrolments`` (counts).

    Examples
    --------
    >>> current, year = (Register(np.array([[cell_of(letter)]]), pd.DataFrame(), pd.DataFrame()) for letter in "/B")
    >>> uncommon_codes(current, year)[["code", "sessions", "year_to_date_sessions"]].values.tolist()
    [['B', 0, 1]]
    """
    letters = [code.letter for code in CODES if code.is_uncommon]
    rows = [
        (letter, MEANING_OF[letter], *code_use(current, letter), *code_use(year_to_date, letter))
        for letter in letters
    ]
    names = ["code", "meaning", "sessions", "enrolments", "year_to_date_sessions", "year_to_date_enrolments"]
    table = pd.DataFrame(rows, columns=names)
    return table[table["year_to_date_sessions"] > 0].reset_index(drop=True)


def code_use(register: Register, letter: str) -> tuple[int, int]:
    """Return the sessions and the enrolments with a code.

    Examples
    --------
    >>> cells = np.array([[cell_of(letter) for letter in row] for row in ("BB/", "///")])
    >>> code_use(Register(cells, pd.DataFrame(), pd.DataFrame()), "B")
    (2, 1)
    """
    used = register.codes == cell_of(letter)
    return int(used.sum()), int(used.any(axis=1).sum())


def unexplained(register: Register, calendar: SchoolCalendar, on: date) -> pd.DataFrame:
    """List the sessions for which no reason is known yet (N) and those without a mark.

    Parameters
    ----------
    register : Register
        The year to date.
    calendar : SchoolCalendar
        Counts the five school days.
    on : datetime.date
        The day on which a deadline counts as passed.

    Returns
    -------
    pandas.DataFrame
        One row per mark, oldest first: ``row``, ``column`` (positions in the register), ``date``, ``session``,
        ``what`` ("N" or "missing"), ``deadline_date`` and ``is_overdue``.

    Examples
    --------
    >>> from attendance_lib.rules.calendar import HalfTerm, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> day = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"]), "session": "AM"})
    >>> register = Register(np.array([[cell_of("N")]]), pd.DataFrame(), day)  # due on the fifth school day after it
    >>> [unexplained(register, calendar, date(2026, 11, on))["is_overdue"].tolist() for on in (12, 13)]
    [[False], [True]]
    """
    found = [
        (what, *np.nonzero(register.codes == cell))
        for what, cell in ((NO_REASON_YET, cell_of(NO_REASON_YET)), ("missing", MISSING))
    ]
    rows = pd.concat(
        [pd.DataFrame({"row": row, "column": column, "what": what}) for what, row, column in found]
    )
    when = register.sessions[["date", "session"]].iloc[rows["column"].to_numpy()].reset_index(drop=True)
    table = pd.concat([rows.reset_index(drop=True), when], axis=1)
    deadlines = {
        day: calendar.school_days_after(day.date(), DAYS_TO_EXPLAIN) for day in table["date"].unique()
    }
    deadline = pd.to_datetime(table["date"].map(deadlines)).astype("datetime64[s]")
    table = table.assign(deadline_date=deadline, is_overdue=deadline < pd.Timestamp(on))
    return table.sort_values(["date", "session", "row"], ignore_index=True)


def code_groups_text(register: Register) -> list[str]:
    """Return each enrolment's reasons for absence as a text such as "Illness 8, No reason yet 2", most first.

    Examples
    --------
    >>> cells = np.array([[cell_of("I"), cell_of("N"), cell_of("I")]], dtype=np.uint8)
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-18", "2026-11-19", "2026-11-20"])})
    >>> code_groups_text(Register(cells, pd.DataFrame(index=[0]), sessions))
    ['Illness 2, No reason yet 1']
    """
    numbered = register.pupils.assign(enrolment=np.arange(len(register.pupils)))
    counts = count_codes(Register(register.codes, numbered, register.sessions), ["enrolment"])
    absent = counts[counts["category"].isin(ABSENT)]
    grouped = (
        absent.assign(reason=absent["code"].map(GROUP_OF))
        .groupby(["enrolment", "reason"], as_index=False)["sessions"]
        .sum()
    )
    grouped = grouped.sort_values(["sessions", "reason"], ascending=[False, True])
    texts = (
        (grouped["reason"] + " " + grouped["sessions"].astype(str))
        .groupby(grouped["enrolment"])
        .agg(", ".join)
    )
    return texts.reindex(range(len(register.pupils)), fill_value="").tolist()


@derived
def unexplained_of(pack: Pack) -> pd.DataFrame:
    """Return the missing marks and the N marks of everyone's year to date in a pack (one row per mark)."""
    return unexplained(pack.enrolled.year_to_date, pack.school.calendar, pack.date_to)
