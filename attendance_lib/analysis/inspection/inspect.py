"""The whole inspection: every check in turn, and what each found."""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection import class_habits, long_runs, missing_marks, misused_codes
from attendance_lib.analysis.inspection.class_habits import (
    long_after,
)
from attendance_lib.analysis.inspection.findings import in_year, no_findings, teachers_of, together
from attendance_lib.analysis.inspection.scope import Order, Scope, scope_of
from attendance_lib.analysis.measures import rate
from attendance_lib.analysis.penalty_notices import rules_of
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.grid import MISSING
from attendance_lib.rules.codes import NO_REASON_YET

# The sessions that registers should hold and do hold: of each pupil, form and year group

THOUSAND = 1000
COUNTS = ("pupils", "expected", "recorded", "missing_am", "missing_pm", "n_marks", "amended_late")


def sessions_expected(scope: Scope) -> pd.DataFrame:
    """Count the marks that the school year's registers should hold of each pupil, and those they hold.

    Two sessions are expected for each open day on which a pupil is on roll, less those closed for the year group.

    Parameters
    ----------
    scope : Scope
        What is inspected.

    Returns
    -------
    pandas.DataFrame
        One row per enrolment with a session expected: ``form``, ``year_group``, ``pupils`` (1), and in sessions
        ``expected``, ``recorded``, ``missing_am`` and ``missing_pm`` (expected is the sum of these three),
        ``n_marks`` (still N) and ``amended_late`` (marks amended after their fifth school day).
    """
    due, missing = scope.is_due, scope.year.codes == MISSING
    expected = due.sum(axis=1)
    counts = pd.DataFrame({
        "form": scope.form_names, "year_group": scope.year.pupils["year_group"].to_numpy(), "pupils": 1,
        "expected": expected, "recorded": expected - missing.sum(axis=1),
        "missing_am": (missing & scope.is_morning).sum(axis=1),
        "missing_pm": (missing & ~scope.is_morning).sum(axis=1),
        "n_marks": scope.holds(NO_REASON_YET).sum(axis=1),
        "amended_late": np.bincount(long_after(scope)["row"], minlength=len(due)),
    })  # fmt: skip
    return counts[expected > 0].reset_index(drop=True)


def of_groups(counts: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add up the counts of pupils by form or year group, and work out what share is missing, N and amended late.

    Parameters
    ----------
    counts : pandas.DataFrame
        What ``sessions_expected`` returns.
    column : str
        ``form`` or ``year_group``.

    Returns
    -------
    pandas.DataFrame
        One row per group, by year group: the column, COUNTS, ``missing_rate`` (a fraction of the sessions
        expected), ``n_per_thousand`` and ``amended_per_thousand`` (of those recorded).

    Examples
    --------
    >>> counts = pd.DataFrame({"form": ["10A", "9A", "9A"], "year_group": [10, 9, 9], **dict.fromkeys(COUNTS, 0)})
    >>> of_groups(counts.assign(pupils=1), "form")[["form", "pupils"]].values.tolist()  # by year, not by letter
    [['9A', 2], ['10A', 1]]
    """
    of_year = counts.assign(year=counts["year_group"])
    sums = of_year.groupby(column, as_index=False).agg({"year": "min", **dict.fromkeys(COUNTS, "sum")})
    return with_shares(sums.sort_values(["year", column], ignore_index=True).drop(columns="year"))


def with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of what is missing (a fraction of sessions), N, and amended late (per thousand marks); see ``of_groups``.

    Examples
    --------
    >>> counts = {"missing_am": [1], "missing_pm": [3], "expected": [200], "n_marks": [5], "recorded": [196], "amended_late": [0]}
    >>> with_shares(pd.DataFrame(counts))[["missing_rate", "amended_per_thousand"]].values.tolist()
    [[0.02, 0.0]]
    """
    return counts.assign(
        missing_rate=rate(counts["missing_am"] + counts["missing_pm"], counts["expected"]),
        n_per_thousand=THOUSAND * rate(counts["n_marks"], counts["recorded"]),
        amended_per_thousand=THOUSAND * rate(counts["amended_late"], counts["recorded"]),
    )


# In the order of the papers: musts first, then as the modules have them.
CHECKS = tuple(
    sorted(
        (*missing_marks.CHECKS, *misused_codes.CHECKS, *long_runs.CHECKS, *class_habits.CHECKS),
        key=lambda each: each.severity,
    )
)
CHECK_OF = {each.rule: each for each in CHECKS}
# What these find names no pupil; what those find is dated by a mark.
OF_NO_PUPIL = frozenset(each.rule for each in CHECKS if not each.names_pupil)
DATED_BY_MARK = frozenset(each.rule for each in CHECKS if each.is_dated_by_mark)
PLACE_OF = {each.rule: place for place, each in enumerate(CHECKS)}


def inspect_register(scope: Scope) -> pd.DataFrame:
    """Run every check.

    Parameters
    ----------
    scope : Scope
        What is inspected.

    Returns
    -------
    pandas.DataFrame
        One row per thing to fix, musts first, in the order of the rules and then of time: ``rule``,
        ``severity``, ``date`` and ``end_date`` (the same for a single session, missing where the thing is no one
        session's), ``session``, ``form``, ``teacher``, ``pupil_id``, ``detail``, ``what_to_do`` and ``known_date``
        (from when it was so).
    """
    findings = (
        together(find(scope) for find in dict.fromkeys(each.find for each in CHECKS))
        if len(scope.year.sessions)
        else no_findings()
    )
    dates = {name: findings[name].astype("datetime64[s]") for name in ("date", "end_date", "known_date")}
    findings = findings.assign(
        **dates,
        severity=[CHECK_OF[rule].severity.value for rule in findings["rule"]],
        what_to_do=[CHECK_OF[rule].what_to_do for rule in findings["rule"]],
        place=[PLACE_OF[rule] for rule in findings["rule"]],
    )
    ordered = findings.sort_values(
        ["place", "date", "session", "form", "pupil_id"], ignore_index=True, kind="stable"
    )
    return ordered.assign(teacher=teachers_of(scope, ordered)).drop(
        columns=["place", "taker"], errors="ignore"
    )


def unchecked(scope: Scope) -> dict[str, str]:
    """Return the rules that could not be checked, and why."""
    reasons = {each.rule: each.lacks(scope) for each in CHECKS if each.lacks}
    return {rule: reason for rule, reason in reasons.items() if reason}


# What each check of the inspection found: how many things, how many of them new, and where most

SHOWN_PLACES, SHOWN_EXAMPLES = 3, 3
DECLARED = ("rule", "check", "severity", "what_to_do", "source")
TO_FIX, CLEAR, NOT_CHECKED = "To fix", "Clear", "Not checked: "


def summarise(findings: pd.DataFrame, since: date, unchecked_rules: dict[str, str]) -> pd.DataFrame:
    """Say what each check found and where.

    Parameters
    ----------
    findings : pandas.DataFrame
        What ``inspect_register`` returns.
    since : datetime.date
        The first day of the period: what became so from then on is new.
    unchecked_rules : dict of str to str
        What ``unchecked`` returns.

    Returns
    -------
    pandas.DataFrame
        One row per rule, in their order: ``rule``, ``severity``, ``check``, ``what_to_do``, ``source``, ``things``
        and ``new_things`` (counts; missing where it could not be checked), ``result`` (in words), ``forms``,
        ``dates`` (those most concerned) and ``examples`` (identifiers).
    """
    of_rule, none = dict(list(findings.groupby("rule", sort=False))), findings.iloc[:0]
    rows = [summary_row(each.rule, of_rule.get(each.rule, none), since) for each in CHECKS]
    declared = pd.DataFrame([{name: getattr(each, name) for name in DECLARED} for each in CHECKS])
    table = declared.assign(severity=declared["severity"].astype(str)).merge(
        pd.DataFrame(rows), on="rule", validate="1:1"
    )
    is_checked = ~table["rule"].isin(list(unchecked_rules))
    reasons = [NOT_CHECKED + unchecked_rules.get(rule, "") for rule in table["rule"]]
    result = np.where(table["things"] > 0, TO_FIX, CLEAR)
    return table.assign(
        result=np.where(is_checked, result, reasons),
        things=table["things"].astype("Int64").where(is_checked),
        new_things=table["new_things"].astype("Int64").where(is_checked),
    )


def summary_row(rule: str, findings: pd.DataFrame, since: date) -> dict[str, object]:
    """Return what one check found, a row of ``summary_of``: how many, how many of them since a day, and where there are most.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-10-05", "2026-10-06"])
    >>> found = pd.DataFrame({"date": days, "known_date": days, "form": ["7A", "7A"], "pupil_id": ["1", "1"]})
    >>> row = summary_row("n_overdue", found, date(2026, 10, 6))
    >>> row["things"], row["new_things"], row["forms"]
    (2, 1, '7A (2)')
    """
    if findings.empty:  # of most checks, at most schools
        return {"rule": rule, "things": 0, "new_things": 0, "forms": "", "dates": "", "examples": ""}
    days = pd.Series([in_year(day) for day in findings["date"].dropna().to_numpy()], dtype=object)
    return {
        "rule": rule,
        "things": len(findings),
        "new_things": int((findings["known_date"] >= pd.Timestamp(since)).sum()),
        "forms": most(findings["form"]),
        "dates": most(days),
        "examples": ", ".join(
            findings.loc[findings["pupil_id"] != "", "pupil_id"].drop_duplicates().head(SHOWN_EXAMPLES)
        ),
    }


def most(places: pd.Series) -> str:
    """Return the commonest values with their counts, the first of equals first, and how many more there are.

    Examples
    --------
    >>> most(pd.Series(["9C", "8A", "9C", "", "7B", "7C"]))
    '9C (2), 8A (1), 7B (1) and 1 more'
    """
    counts = places[places != ""].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    shown = ", ".join(f"{place} ({count})" for place, count in counts.head(SHOWN_PLACES).items())
    return f"{shown} and {len(counts) - SHOWN_PLACES} more" if len(counts) > SHOWN_PLACES else shown


# Of a pack


@derived
def inspected(pack: Pack) -> Scope:
    """Return the registers of a pack's cohort in the school year, as the inspection sees them."""
    order = Order(pack.date_to, pack.cohort.where, rules_of(pack))
    return scope_of(pack.school, pack.register, pack.left_out_marks, order)


@derived
def findings_of(pack: Pack) -> pd.DataFrame:
    """Return what the inspection of a pack's registers found (one row per thing to fix, from its first to its last day)."""
    return inspect_register(inspected(pack))


@derived
def summary_of(pack: Pack) -> pd.DataFrame:
    """Return what each check of the inspection found in a pack's registers (one row per rule, counts of things since a day)."""
    return summarise(findings_of(pack), pack.date_from, unchecked(inspected(pack)))


@derived
def expected_of(pack: Pack) -> pd.DataFrame:
    """Return the marks (one a session) that registers of a pack's cohort should hold and those they hold; one row per enrolment."""
    return sessions_expected(inspected(pack))
