"""Why sessions were missed, lateness, suspensions and part-time timetables, with the pupils behind each."""

from collections.abc import Collection, Mapping

import pandas as pd

from attendance_lib.analysis.measures import count_flags, pupil_totals, rate
from attendance_lib.analysis.reasons import absence_codes, use_of_codes
from attendance_lib.disclosure.tables import Count, PublicTable, Rate, Unit
from attendance_lib.pack.pack import was_enrolled
from attendance_lib.papers.governors.workings import Workings, table_of_report
from attendance_lib.register.grid import Register
from attendance_lib.rules.codes import CODES, Category
from attendance_lib.rules.thresholds import FEWEST_FOR_REASONS, is_small_school

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
PUPILS_WITH = {"measure": "pupils_with_codes"}


@table_of_report(place=90)
def public_reasons(workings: Workings) -> PublicTable:
    """Return the rate of absence for each group of codes, used or not, in the half term and the year to date."""
    return code_table(workings, REASONS, "Reasons for absence", reason_groups(workings))


# What a small school is shown by itself, and what the other codes of absence are together: of 55 pupils a handful have each of
# eleven reasons, so that most would read ``c``, and of 25 few have any but the commonest.
OF_FEW, OF_FEWEST = ("Illness", "Medical appointment", "Unauthorised holiday"), ("Illness",)
THE_REST = {
    Category.AUTHORISED_ABSENCE: "All other authorised",
    Category.UNAUTHORISED_ABSENCE: "All other unauthorised",
}


def reason_groups(workings: Workings) -> dict[str, tuple[str, ...]]:
    """Return the codes of absence by the reason that the report gives: each by itself, or in a school of few pupils some together.

    It goes by the whole school's enrolments of the year to date, so that a cohort is shown as the whole school is.
    """
    enrolments = int(was_enrolled(workings.pack.register.year_to_date(workings.periods.date_to)).sum())
    if enrolments >= FEWEST_FOR_REASONS:
        return absence_codes()
    return reasons_together(OF_FEWEST if is_small_school(enrolments, workings.level) else OF_FEW)


def reasons_together(alone: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the codes of absence by reason, where only some reasons stand alone.

    Examples
    --------
    >>> reasons_together(OF_FEW)["All other unauthorised"]
    ('N', 'O', 'U')
    """
    category = {code.letter: code.category for code in CODES}
    found: dict[str, tuple[str, ...]] = {}
    for group, letters in absence_codes().items():
        name = group if group in alone else THE_REST[category[letters[0]]]
        found[name] = (*found.get(name, ()), *letters)
    return found


@table_of_report(place=100)
def public_lateness(workings: Workings) -> PublicTable:
    """Return the rate of late sessions before and after the register closed and together."""
    return code_table(workings, LATENESS, "Punctuality", LATE_CODES)


@table_of_report(place=110)
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
        other counts only if ``is_shown``.
    """
    parts = [code_columns(register, groups, when) for when, register in registers_of(workings).items()]
    codes = pd.DataFrame(
        {"group": list(groups), "codes": [", ".join(letters) for letters in groups.values()]}
    )
    return PublicTable(
        name=name,
        title=title,
        frame=pd.concat([codes, *parts], axis=1),
        rows=tuple(codes_coordinate(letters) for letters in groups.values()),
        counts=code_counts(workings, is_shown=is_shown),
        rates=CODE_RATES,
    )


def registers_of(workings: Workings) -> dict[str, Register]:
    """Return the register of each of PERIODS; that before the first half term of a year has no session."""
    periods = workings.periods
    return dict(zip(PERIODS, (periods.current, periods.year_to_previous, periods.year_to_date), strict=True))


def codes_coordinate(letters: tuple[str, ...]) -> dict[str, str]:
    """Return the coordinate of the sessions with some codes.

    Examples
    --------
    >>> codes_coordinate(("L", "U"))
    {'codes': 'L+U'}
    """
    return {"codes": "+".join(letters)}


def code_columns(register: Register, groups: Mapping[str, tuple[str, ...]], when: str) -> pd.DataFrame:
    """Return the columns of ``code_table`` for one period: sessions, pupils, enrolments, a rate (fraction); one row per group."""
    used = use_of_codes(register, groups)
    columns = pd.DataFrame(
        {
            f"{when}_sessions": used["sessions"],
            f"{when}_pupils": used["pupils"],
            f"{when}_enrolments": int(count_flags(pupil_totals(register))["enrolments"].iloc[0]),
            f"{when}_rate": rate(used["sessions"], used["possible_sessions"]),
        }
    )
    return columns.drop(columns="earlier_rate", errors="ignore")


def code_counts(workings: Workings, *, is_shown: bool) -> tuple[Count, ...]:
    """Return what the columns of a table of codes count; pupils are counted in their own right only where they are shown."""
    counts = []
    for when, register in registers_of(workings).items():
        shown, span, base = is_shown and when != "earlier", workings.over(register), f"{when}_enrolments"
        counts += [
            Count(
                f"{when}_sessions",
                SESSIONS_WITH | span,
                base,
                Unit.SESSIONS,
                is_shown=shown,
                people=f"{when}_pupils",
            ),
            Count(base, workings.enrolled(register) | EVERY_CODE, is_shown=False),
        ]
        if is_shown:
            counts.append(Count(f"{when}_pupils", PUPILS_WITH | span, base, Unit.PUPILS, is_shown=shown))
    return tuple(counts)


EVERY_CODE = {"codes": "any"}
CODE_RATES = tuple(
    Rate(f"{when}_rate", (f"{when}_sessions",), f"{when}_enrolments") for when in PERIODS if when != "earlier"
)
