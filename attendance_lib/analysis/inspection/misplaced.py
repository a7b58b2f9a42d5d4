"""Marks without a place in the register, and what reading the exports brought to light."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import COLUMNS, no_things, one_thing, only, together
from attendance_lib.analysis.inspection.words import in_marks, in_pupils
from attendance_lib.register.build import OFF_ROLL

# How the findings and repairs of the intake are called here.
FINDINGS = {
    "unknown_code": "unknown_code",
    "conflicting_marks": "conflicting_rows",
    "undecided_marks": "conflicting_rows",
    "overruled_marks": "sources_differ",
    "marks_without_pupil": "pupil_not_listed",
}
REPAIRS = ("repeated_rows", "code_spelling")
# Ours: beyond so many it is the export that is to be corrected, not each mark.
MOST_LISTED = 1000


def misplaced_marks(scope: Scope) -> pd.DataFrame:
    """Return the marks before admission or after leaving, a row a pupil, and those on closed sessions, a row a session."""
    first, last = pd.Timestamp(scope.year.first_date), pd.Timestamp(scope.on)
    marks = scope.left_out_marks[scope.left_out_marks["date"].between(first, last)]
    marks = marks.astype({"pupil_id": str, "session": str, "code": str})
    off_roll = marks["reason"] == OFF_ROLL
    return together([marks_off_roll(scope, marks[off_roll]), marks_when_closed(scope, marks[~off_roll])])


def marks_off_roll(scope: Scope, marks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pupil with marks outside every enrolment."""
    if marks.empty:
        return no_things()
    grouped = marks.groupby("pupil_id", as_index=False)
    found = grouped.agg(
        date=("date", "min"), end_date=("date", "max"), marks=("code", "size"), codes=("code", join)
    )
    found = found.assign(session="", form=found["pupil_id"].map(form_of(scope)))
    detail = [
        f"{in_marks(count)} ({codes})" for count, codes in zip(found["marks"], found["codes"], strict=True)
    ]
    return as_things("mark_off_roll", found, detail)


def marks_when_closed(scope: Scope, marks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per session that was closed and has marks; the pupil is named where there is only one."""
    if marks.empty:
        return no_things()
    marks = marks.assign(form=marks["pupil_id"].map(form_of(scope)))
    grouped = marks.groupby(["date", "session"], as_index=False)
    found = grouped.agg(
        pupils=("pupil_id", "nunique"),
        pupil_id=("pupil_id", only),
        form=("form", only),
        marks=("code", "size"),
        codes=("code", join),
    )
    texts = zip(found["marks"], found["codes"], found["pupils"], strict=True)
    detail = [f"{in_marks(count)} ({codes}) of {in_pupils(pupils)}" for count, codes, pupils in texts]
    return as_things("mark_when_closed", found.assign(end_date=found["date"]), detail)


def as_things(rule: str, found: pd.DataFrame, detail: list[str]) -> pd.DataFrame:
    """Return what was found as things to fix."""
    return found.assign(rule=rule, detail=detail, known_date=found["end_date"])[list(COLUMNS)]


def form_of(scope: Scope) -> dict[str, str]:
    """Return the form of each pupil identifier."""
    return dict(zip(scope.pupil_ids, scope.form_names, strict=True))


def join(codes: pd.Series) -> str:
    """Return the distinct codes of a column, in order, as one text."""
    return ", ".join(sorted(set(codes)))


def intake_things(scope: Scope) -> pd.DataFrame:
    """Return what reading found of codes and rows: a row a mark, a finding where its marks are not known or very many."""
    counts = scope.doubtful_marks["rule"].value_counts()
    listed = [rule for rule, count in counts.items() if count <= MOST_LISTED]
    return together([doubtful_things(scope, listed), *intake_findings(scope, listed)])


def doubtful_things(scope: Scope, rules: list[str]) -> pd.DataFrame:
    """Return one row per doubtful mark of the school year by these findings of the intake."""
    marks, first = scope.doubtful_marks, pd.Timestamp(scope.year.first_date)
    marks = marks[marks["rule"].isin(rules) & marks["date"].between(first, pd.Timestamp(scope.on))]
    if marks.empty:
        return no_things()
    ids = marks["pupil_id"].astype(str)
    found = marks.assign(
        pupil_id=ids, form=ids.map(form_of(scope)).fillna(""), rule=marks["rule"].map(FINDINGS),
        end_date=marks["date"], known_date=marks["date"], detail=marks["found"],
    )  # fmt: skip
    return found[list(COLUMNS)]


def intake_findings(scope: Scope, listed: list[str]) -> Iterator[pd.DataFrame]:
    """Yield a thing to fix for each finding and repair of the log that the inspection knows and that is not listed mark by mark."""
    for finding in scope.log.findings:
        if finding.rule in FINDINGS and finding.rule not in listed:
            yield one_thing(FINDINGS[finding.rule], str(finding))
    for each in scope.log.repairs:
        if each.rule in REPAIRS:
            where = f"{each.file}: " if each.file else ""
            yield one_thing(each.rule, f"{where}{each.count:,} {each.message}")
