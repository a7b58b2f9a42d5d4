"""What the register inspection found, as counts, and persistent absence under each definition in use."""

from collections.abc import Iterable

import pandas as pd

from attendance_lib.analysis.inspection.inspect import DATED_BY_MARK, OF_NO_PUPIL, findings_of, summary_of
from attendance_lib.analysis.reconciliation import COUNTS
from attendance_lib.disclosure.tables import Count, PublicTable, Rate, Unit
from attendance_lib.errors import DisclosureError
from attendance_lib.papers.governors.absence_counts import PERIODS, registers_of
from attendance_lib.papers.governors.published import CHECKS_TABLE, RECONCILIATION, REGISTER_CHECKS
from attendance_lib.papers.governors.workings import MEASURE_OF, Workings, table_of_report

# Not the result in words, which would tell a nought that is withheld since an earlier report gave no count.
CHECK_WORDS = ("rule", "severity", "check")
OPEN_AT_A_DATE = "because no two checks find the same, and what is open at a date is dated anew at the next"
# Another definition's count of the whole school is no dearer than one of a group; the headline's own is dear by its other tables.
OF_A_DEFINITION = 0.01
NAMES_NO_PUPIL = (
    "because what these checks find is a class, a register, a file or the calendar, and never a pupil"
)


@table_of_report(place=140, whole_school_only=True)
def public_checks(workings: Workings) -> PublicTable:
    """Return the checks whose findings are of pupils, with how many things they found.

    ``year_things`` in the year to date, ``period_things`` of these in the half term; those before it and the pupils
    concerned are not shown. Of checks that find marks these are the marks: what is of a whole file stands among
    ``public_register_checks``, lest what is counted be another thing once the registers are put right.
    """
    things = findings_of(workings.pack)
    checks = check_counts(workings, things[~is_of_a_file(things)])
    frame = checks[~checks["rule"].isin(OF_NO_PUPIL)].reset_index(drop=True)
    return PublicTable(
        name=CHECKS_TABLE,
        title="Register compliance",
        frame=frame,
        rows=tuple({"check": rule} for rule in frame["rule"]),
        counts=tuple(things_count(workings, when, frame["rule"].isin(DATED_BY_MARK)) for when in PERIODS),
    )


def things_count(workings: Workings, when: str, are_dated: Iterable[bool]) -> Count:
    """Return how many findings each check made in one of PERIODS, as a count to protect; ``are_dated`` says which find marks."""
    return Count(
        f"{when}_things",
        {"measure": "things"},
        unit=Unit.SESSIONS,
        is_shown=when != "earlier",
        people=f"{when}_pupils",
        alone=OPEN_AT_A_DATE,
        by_row=tuple(thing_span(workings, when, is_dated=is_dated) for is_dated in are_dated),
    )


def is_of_a_file(things: pd.DataFrame) -> pd.Series:
    """Whether a check that finds marks found a whole file: one that never has the minutes anybody was late (boolean, one a row).

    ``things`` are those of ``findings_of``.

    Examples
    --------
    >>> things = pd.DataFrame({"rule": [sorted(DATED_BY_MARK)[0]] * 2, "known_date": pd.to_datetime([None, "2026-10-05"])})
    >>> is_of_a_file(things).tolist()
    [True, False]
    """
    return things["rule"].isin(DATED_BY_MARK) & things["known_date"].isna()


def thing_span(workings: Workings, when: str, *, is_dated: bool) -> dict[str, str]:
    """Return the coordinates of what a check found in one of PERIODS: its days, or by what date it is open if it is not dated.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> workings = SimpleNamespace(at_end={"as_at": "2026-10-23"})
    >>> [thing_span(workings, when, is_dated=False) for when in ("year", "period")]
    [{'as_at': '2026-10-23'}, {'as_at': '2026-10-23', 'known': 'period'}]
    """
    if is_dated:
        return workings.over(registers_of(workings)[when])
    return workings.at_end | ({} if when == "year" else {"known": when})


@table_of_report(place=150, whole_school_only=True)
def public_register_checks(workings: Workings) -> PublicTable:
    """Return the checks whose findings are registers, classes or files and name no pupil: counts of no pupils, as they are.

    Raises
    ------
    DisclosureError
        If one of them found something of a pupil after all.
    """
    things = findings_of(workings.pack)
    of_file = is_of_a_file(things)
    checks = check_counts(workings, things[of_file | things["rule"].isin(OF_NO_PUPIL)])
    found = checks[checks["rule"].isin({*OF_NO_PUPIL, *things.loc[of_file, "rule"]})]
    if (found["year_pupils"] > 0).any():
        raise DisclosureError(
            f"table {REGISTER_CHECKS!r}: a check that is taken to name no pupil found something of one. "
            "It cannot be published: tell whoever looks after the attendance workbook."
        )
    frame = found[[*CHECK_WORDS, "year_things", "period_things"]]
    return PublicTable(
        name=REGISTER_CHECKS,
        title="Register compliance",
        frame=frame.reset_index(drop=True),
        rows=({},) * len(frame),
        counts=(),
        plain=dict.fromkeys(("year_things", "period_things"), NAMES_NO_PUPIL),
    )


def check_counts(workings: Workings, things: pd.DataFrame) -> pd.DataFrame:
    """Count how many of some findings (one a row, with the day known) are each check's, and the pupils named, in each of PERIODS.

    One row per rule that could be checked.
    """
    summary = summary_of(workings.pack)
    is_new = things["known_date"] >= pd.Timestamp(workings.pack.date_from)
    held = {"year": things, "period": things[is_new], "earlier": things[~is_new]}
    counts = {}
    for when, found in held.items():
        named = found[found["pupil_id"] != ""]
        counts[f"{when}_things"] = found.groupby("rule").size()
        counts[f"{when}_pupils"] = named.groupby("rule")["pupil_id"].nunique()
    checked = summary.loc[summary["things"].notna(), list(CHECK_WORDS)]
    rules = checked["rule"]
    return checked.assign(
        **{name: rules.map(count).fillna(0).astype(int) for name, count in counts.items()}
    ).reset_index(drop=True)


@table_of_report(place=160, whole_school_only=True)
def public_reconciliation(workings: Workings) -> PublicTable:
    """Return persistent and severe absence under each definition, and how many enrolments make each difference.

    The first definition is the headline's, so that its counts are those of every other table. For the others a
    count is the headline's plus those added less those removed; ``both_`` holds those in both and is not shown.
    """
    frame = compared_only(workings.reconciled)
    return PublicTable(
        name=RECONCILIATION,
        title="Persistent absence under each definition in use",
        frame=frame,
        rows=tuple(
            ({"definition": name} if place else {}) | workings.at_end
            for place, name in enumerate(frame["definition"])
        ),
        counts=(
            Count("enrolments", worth=OF_A_DEFINITION),
            *(
                Count(column, {"measure": measure}, "enrolments", worth=OF_A_DEFINITION)
                for column, measure in MEASURE_OF.items()
            ),
            *(moved(move, name) for name in COUNTS for move in ("added", "removed", "both")),
        ),
        rates=(
            Rate("persistent_absence_rate", ("persistently_absent_enrolments",), "enrolments"),
            Rate("severe_absence_rate", ("severely_absent_enrolments",), "enrolments"),
        ),
    )


def moved(move: str, name: str) -> Count:
    """Return the enrolments that a definition adds to a count of the headline's, removes from it or has in both, to protect."""
    return Count(
        f"{move}_{name}",
        {"difference_in": name, "against": move},
        None if move == "removed" else "enrolments",
        is_shown=move != "both",
        is_none_hidden=True,
    )


def compared_only(table: pd.DataFrame) -> pd.DataFrame:
    """Add how many enrolments are in both, and leave the headline, which differs from nothing, without differences.

    One row per definition; ``both_``, ``added_`` and ``removed_`` columns are counts of enrolments (Int64).

    Examples
    --------
    >>> counts = {name: [40, 45] for name in COUNTS} | {f"added_{name}": [0, 8] for name in COUNTS}
    >>> table = pd.DataFrame(counts | {f"removed_{name}": [0, 3] for name in COUNTS})  # the headline, and 40 + 8 - 3 = 45
    >>> compared_only(table)[["both_enrolments", "added_enrolments"]].values.tolist()
    [[<NA>, <NA>], [37, 8]]
    """
    is_other = table.index > 0
    moves = {
        f"{move}_{name}": table[f"{move}_{name}"].astype("Int64").where(is_other)
        for name in COUNTS
        for move in ("added", "removed")
    }
    both = {
        f"both_{name}": (table[name] - table[f"added_{name}"]).astype("Int64").where(is_other)
        for name in COUNTS
    }
    return table.assign(**moves, **both)
