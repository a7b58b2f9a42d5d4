"""Marks without a place in the register, and what reading the exports brought to light."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import COLUMNS, no_things, one_thing, together
from attendance_lib.analysis.inspection.words import in_marks, in_pupils
from attendance_lib.register.build import OFF_ROLL

# How the findings and repairs of the intake are called here.
FINDINGS = {
    "unknown_code": "unknown_code",
    "conflicting_marks": "conflicting_rows",
    "undecided_marks": "conflicting_rows",
    "overruled_marks": "sources_differ",
}
REPEATED = "repeated_rows"


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
    numbers, names = scope.forms
    return {
        pupil: names[number]
        for pupil, number in zip(scope.register.pupils["pupil_id"].astype(str), numbers, strict=True)
    }


def only(values: pd.Series) -> str:
    """Return the one distinct value of a column, or nothing where there are several."""
    return values.iloc[0] if len(values.unique()) == 1 else ""


def join(codes: pd.Series) -> str:
    """Return the distinct codes of a column, in order, as one text."""
    return ", ".join(sorted(set(codes)))


def intake_things(scope: Scope) -> pd.DataFrame:
    """Return what the intake log says of codes and rows, one row a finding."""
    return together(intake_findings(scope))


def intake_findings(scope: Scope) -> Iterator[pd.DataFrame]:
    """Yield a thing to fix for each finding of the log that the inspection knows."""
    for finding in scope.log.findings:
        if finding.rule in FINDINGS:
            yield one_thing(FINDINGS[finding.rule], str(finding))
    # Several sources may overlap on purpose, such as a register and a list of late arrivals.
    if scope.sources == 1:
        yield from (
            one_thing(REPEATED, f"{each.count:,} {each.message}")
            for each in scope.log.repairs
            if each.rule == REPEATED
        )
