"""Why sessions were missed, lateness, suspensions and part-time timetables, with the pupils behind each."""

from collections.abc import Mapping

import pandas as pd

from attendance_lib.analysis.code_use import absence_codes, use_of_codes
from attendance_lib.analysis.disclosure.model import Count, PublicTable, Rate, Unit
from attendance_lib.analysis.measures import count_flags, pupil_totals, rate
from attendance_lib.register import Register
from attendance_lib.rules.disclosure import SUPPRESSED
from attendance_lib.sections.governors.workings import Workings

REASONS, EXCEPTIONS, LATENESS = "reasons", "suspensions_and_part_time", "lateness"
LATE_CODES = {
    "Late, before the register closed (L)": ("L",),
    "Late, after the register closed (U)": ("U",),
    "Late in all (L and U)": ("L", "U"),
}
EXCEPTION_CODES = {
    "Suspended or permanently excluded (E)": ("E",),
    "Temporary part-time timetable (C2)": ("C2",),
}
# The half term; the year before it, which nobody is shown but a reader could subtract; and the year to date.
PERIODS = ("period", "earlier", "year")
SESSIONS_WITH = {"measure": "sessions_with_codes"}
SPAN_OF = {"period": {"span": "half_term"}, "earlier": {"span": "before_the_half_term"}, "year": {}}


def public_reasons(workings: Workings) -> PublicTable:
    """Return the rate of absence for each group of codes that was used, in the half term and the year to date."""
    table = code_table(workings, REASONS, "Reasons for absence", absence_codes())
    used = (table.frame["year_pupils"] > 0).to_numpy()
    rows = tuple(row for row, is_used in zip(table.rows, used, strict=True) if is_used)
    return PublicTable(
        table.name, table.title, table.frame[used].reset_index(drop=True), rows, table.counts, table.rates
    )


def public_lateness(workings: Workings) -> PublicTable:
    """Return the rate of late sessions before and after the register closed and together."""
    return code_table(workings, LATENESS, "Punctuality", LATE_CODES)


def public_exceptions(workings: Workings) -> PublicTable:
    """Return the sessions missed to suspension and on part-time timetables, and the pupils concerned, as counts."""
    return code_table(
        workings, EXCEPTIONS, "Suspensions and part-time timetables", EXCEPTION_CODES, is_shown=True
    )


def code_table(
    workings: Workings,
    name: str,
    title: str,
    groups: Mapping[str, tuple[str, ...]],
    *,
    is_shown: bool = False,
) -> PublicTable:
    """Return the use of groups of codes over the half term, the year before it and the year to date.

    Returns
    -------
    PublicTable
        One row per group: ``group``, ``codes`` and for each of PERIODS ``_sessions`` and ``_pupils`` (counts),
        ``_enrolments`` and ``_rate`` (fraction of possible sessions; none of the earlier year, which is never shown);
        other counts only if ``is_shown``. Sessions of fewer pupils than the level are ``c`` from the first.
    """
    periods = workings.periods
    registers = dict(
        zip(PERIODS, (periods.current, periods.year_to_previous, periods.year_to_date), strict=True)
    )
    level = workings.level
    parts = [code_columns(register, groups, when, level) for when, register in registers.items()]
    codes = pd.DataFrame(
        {"group": list(groups), "codes": [", ".join(letters) for letters in groups.values()]}
    )
    rows = tuple(codes_coordinate(letters) | workings.at_end for letters in groups.values())
    return PublicTable(
        name, title, pd.concat([codes, *parts], axis=1), rows, code_counts(is_shown=is_shown), CODE_RATES
    )


def codes_coordinate(letters: tuple[str, ...]) -> dict[str, str]:
    """Return the coordinate of the sessions with some codes.

    Examples
    --------
    >>> codes_coordinate(("L", "U"))
    {'codes': 'L+U'}
    """
    return {"codes": "+".join(letters)}


def code_columns(
    register: Register, groups: Mapping[str, tuple[str, ...]], when: str, level: int
) -> pd.DataFrame:
    """Return the columns of ``code_table`` for one period: sessions, pupils, enrolments, a rate (fraction); one row per group."""
    used = use_of_codes(register, groups)
    few = (used["pupils"] > 0) & (used["pupils"] < level)
    columns = pd.DataFrame(
        {
            f"{when}_sessions": used["sessions"].astype(object).mask(few, SUPPRESSED),
            f"{when}_pupils": used["pupils"],
            f"{when}_enrolments": int(count_flags(pupil_totals(register))["enrolments"].iloc[0]),
            f"{when}_rate": rate(used["sessions"], used["possible_sessions"]),
        }
    )
    return columns.drop(columns="earlier_rate", errors="ignore")


def code_counts(*, is_shown: bool) -> tuple[Count, ...]:
    """Return what the columns of a table of codes count."""
    counts = []
    for when, span in SPAN_OF.items():
        shown = is_shown and when != "earlier"
        sessions = SESSIONS_WITH | span
        pupils = {"measure": "pupils_with_codes"} | span
        everyone = span | EVERY_CODE
        counts += [
            Count(f"{when}_sessions", sessions, f"{when}_enrolments", Unit.SESSIONS, is_shown=shown),
            Count(f"{when}_pupils", pupils, f"{when}_enrolments", is_shown=shown),
            Count(f"{when}_enrolments", everyone, is_shown=False),
        ]
    return tuple(counts)


EVERY_CODE = {"codes": "any"}
CODE_RATES = tuple(
    Rate(f"{when}_rate", (f"{when}_sessions", f"{when}_pupils"), f"{when}_enrolments")
    for when in PERIODS
    if when != "earlier"
)
