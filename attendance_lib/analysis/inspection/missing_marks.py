"""Gaps: registers not taken, marks missing, and sessions whose reason was never entered."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.findings import (
    COLUMNS,
    WHOLE_SCHOOL,
    finding_rows,
    first_to_last,
    form_findings,
    form_runs,
    in_marks,
    in_pupils,
    in_register,
    in_sessions,
    in_year,
    marks_found,
    no_findings,
    one_finding,
    only,
    together,
)
from attendance_lib.analysis.inspection.scope import (
    CHECKLIST,
    MUST,
    OURS,
    SHOULD,
    UNMARKED_DAYS,
    Check,
    Scope,
)
from attendance_lib.analysis.reasons import unexplained
from attendance_lib.register.build import OFF_ROLL
from attendance_lib.register.grid import FIRST_CODE, MISSING
from attendance_lib.rules import sources
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import NO_REASON_YET, REGULATIONS_2024

# What taking a register writes; other codes may have been entered ahead by the office.
TAKEN_CODES = ("/", "\\", "L", "N")
# One pupil without a mark is a missing mark, not a register.
FEWEST = 2


def untaken(scope: Scope) -> np.ndarray:
    """Return which registers were not taken: boolean, shape (forms, sessions).

    Nobody in the form has a mark that taking a register makes, and at least two pupils and half of those due have
    none at all.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> codes = np.array([[MISSING, MISSING], [MISSING, MISSING], [FIRST_CODE, MISSING]])  # a form of three pupils
    >>> held = {"holds": lambda *_: codes == FIRST_CODE, "by_form": lambda cells: cells.sum(axis=0)[None]}
    >>> untaken(SimpleNamespace(year=SimpleNamespace(codes=codes), is_due=codes >= 0, **held)).tolist()  # one present: it was taken
    [[False, True]]
    """
    missing, due = scope.by_form(scope.year.codes == MISSING), scope.by_form(scope.is_due)
    taken = scope.by_form(scope.holds(*TAKEN_CODES))
    return (missing >= FEWEST) & (2 * missing >= due) & (taken == 0)


def missing_registers(scope: Scope) -> pd.DataFrame:
    """Return each form's session of which the register was not taken; one row where no form's was."""
    rule, gone = "register_missing", untaken(scope)
    missing, due = scope.by_form(scope.year.codes == MISSING), scope.by_form(scope.is_due)
    nobody = (gone | (due == 0)).all(axis=0) & (gone.sum(axis=0) > 1)
    row, column = np.nonzero(gone & ~nobody)
    runs = pd.DataFrame({"row": row, "first": column, "last": column})
    detail = [f"{in_marks(missing[at])} missing of {due[at]} due" for at in zip(row, column, strict=True)]
    everywhere = form_runs(scope, np.where(np.arange(len(gone))[:, None] == 0, nobody, False))  # noqa: FBT003
    spans = zip(everywhere["first"], everywhere["last"], strict=True)
    total = [
        f"No form has a register: {in_marks(missing[:, first : last + 1].sum())} missing"
        for first, last in spans
    ]
    whole = form_findings(scope, rule, everywhere, total).assign(form=WHOLE_SCHOOL)
    return together([whole, form_findings(scope, rule, runs, detail)])


def missing_marks(scope: Scope) -> pd.DataFrame:
    """Return one row per session without a mark where the rest of the register was taken."""
    before, after = unmarked_ends(scope)
    gone = forgotten(scope) & ~before & ~after
    gone[unmarked(scope)] = False
    return marks_found(scope, "mark_missing", gone, "No mark")


def forgotten(scope: Scope) -> np.ndarray:
    """Return which marks are missing from registers that were taken (boolean, shape (pupils, sessions))."""
    numbers, _ = scope.forms
    return (scope.year.codes == MISSING) & ~untaken(scope)[numbers]


def unmarked(scope: Scope) -> np.ndarray:
    """Return which enrolments have not one mark in the year though registers were taken (boolean, shape (pupils,))."""
    return forgotten(scope).any(axis=1) & ~(scope.year.codes >= FIRST_CODE).any(axis=1)


def unmarked_pupils(scope: Scope) -> pd.DataFrame:
    """Return each enrolment that is on roll and in no register of the year: one row from its first session due to its last."""
    row = np.flatnonzero(unmarked(scope))
    due = scope.is_due[row]
    detail = [f"No mark in {in_sessions(count)}" for count in due.sum(axis=1)]
    return finding_rows(scope, "pupil_unmarked", in_register(scope, first_to_last(row, due)), detail)


def unmarked_ends(scope: Scope) -> tuple[np.ndarray, np.ndarray]:
    """Return which missing marks come before an enrolment's first mark of the year, and which after its last.

    Boolean, shape (pupils, sessions) each; none where they are of fewer than five school days, or where the
    enrolment has no mark at all. Registers that were not taken say nothing of a pupil.
    """
    gone, marked = forgotten(scope), scope.year.codes >= FIRST_CODE
    has_begun = np.logical_or.accumulate(marked, axis=1)
    goes_on = np.logical_or.accumulate(marked[:, ::-1], axis=1)[:, ::-1]
    ends = (gone & ~has_begun & goes_on, gone & has_begun & ~goes_on)
    return tuple(end & (end.sum(axis=1) >= len(SESSIONS) * UNMARKED_DAYS)[:, None] for end in ends)


def unmarked_beginnings_and_ends(scope: Scope) -> pd.DataFrame:
    """Return one row per enrolment on roll for five school days or more before its first mark of the year, or after its last."""
    found = []
    for cells, when in zip(unmarked_ends(scope), ("before the first", "after the last"), strict=True):
        row = np.flatnonzero(cells.any(axis=1))
        spans = in_register(scope, first_to_last(row, cells[row]))
        detail = [
            f"No mark in {in_sessions(count)}, {when} mark of the year" for count in cells[row].sum(axis=1)
        ]
        found.append(finding_rows(scope, "marks_stop", spans, detail))
    return together(found)


def overdue_reasons(scope: Scope) -> pd.DataFrame:
    """Return one row per session still N after the fifth school day, the day of the session being day 0."""
    due = unexplained(scope.year, scope.calendar, scope.on)
    late = due[(due["what"] == NO_REASON_YET) & due["is_overdue"]]
    place = late["column"].to_numpy() + scope.before
    spans = pd.DataFrame({"row": late["row"].to_numpy(), "first": place, "last": place})
    detail = [f"N; a reason was due by {in_year(day)}" for day in late["deadline_date"].to_numpy()]
    return finding_rows(scope, "n_overdue", spans, detail).assign(known_date=late["deadline_date"].to_numpy())


def reasons_before_holiday(scope: Scope) -> pd.DataFrame:
    """Return one row per session with N on the last day of a half term."""
    last_days = scope.calendar.open_sessions.groupby("half_term")["date"].max()
    is_last = scope.year.sessions["date"].isin(last_days).to_numpy()
    detail = f"N on the last day of a {scope.calendar.span_word}"
    return marks_found(scope, "n_before_holiday", scope.holds(NO_REASON_YET) & is_last, detail)


# Marks without a place in the register, and what reading the exports brought to light

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
    """Return one row per pupil with marks outside every enrolment, from the first such day to the last.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scope = SimpleNamespace(pupil_ids=["1", "2"], form_names=["7A", "7B"])
    >>> marks = pd.DataFrame({"pupil_id": "1", "date": pd.to_datetime(["2026-09-04", "2026-09-03"]), "code": ["N", "/"]})
    >>> marks_off_roll(scope, marks)[["date", "end_date", "form", "detail"]].astype(str).values.tolist()
    [['2026-09-03', '2026-09-04', '7A', '2 marks (/, N)']]
    """
    if marks.empty:
        return no_findings()
    grouped = marks.groupby("pupil_id", as_index=False)
    found = grouped.agg(
        date=("date", "min"), end_date=("date", "max"), marks=("code", "size"), codes=("code", join)
    )
    found = found.assign(session="", form=found["pupil_id"].map(form_of(scope)))
    detail = [
        f"{in_marks(count)} ({codes})" for count, codes in zip(found["marks"], found["codes"], strict=True)
    ]
    return as_findings("mark_off_roll", found, detail)


def marks_when_closed(scope: Scope, marks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per session that was closed and has marks; the pupil is named where there is only one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scope = SimpleNamespace(pupil_ids=["1", "2"], form_names=["7A", "7B"])
    >>> marks = pd.DataFrame({"pupil_id": ["1", "2"], "date": pd.Timestamp("2026-11-07"), "session": "AM", "code": ["/", "N"]})
    >>> marks_when_closed(scope, marks)[["form", "pupil_id", "detail"]].values.tolist()  # of neither form nor pupil alone
    [['', '', '2 marks (/, N) of 2 pupils']]
    """
    if marks.empty:
        return no_findings()
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
    return as_findings("mark_when_closed", found.assign(end_date=found["date"]), detail)


def as_findings(rule: str, found: pd.DataFrame, detail: list[str]) -> pd.DataFrame:
    """Return what was found as things to fix, one row each; a thing is known from its last day on."""
    return found.assign(rule=rule, detail=detail, known_date=found["end_date"])[list(COLUMNS)]


def form_of(scope: Scope) -> dict[str, str]:
    """Return the form of each pupil identifier."""
    return dict(zip(scope.pupil_ids, scope.form_names, strict=True))


def join(codes: pd.Series) -> str:
    """Return the distinct codes of a column, in order, as one text.

    Examples
    --------
    >>> join(pd.Series(["N", "I", "N"]))
    'I, N'
    """
    return ", ".join(sorted(set(codes)))


def found_by_intake(scope: Scope) -> pd.DataFrame:
    """Return what reading found of codes and rows, a row a mark (its day and session).

    A finding is one row where its marks are not known or very many.
    """
    counts = scope.doubtful_marks["rule"].value_counts()
    listed = [rule for rule, count in counts.items() if count <= MOST_LISTED]
    return together([doubtful_findings(scope, listed), *intake_findings(scope, listed)])


def doubtful_findings(scope: Scope, rules: list[str]) -> pd.DataFrame:
    """Return one row per doubtful mark of the school year by these findings of the intake."""
    marks, first = scope.doubtful_marks, pd.Timestamp(scope.year.first_date)
    marks = marks[marks["rule"].isin(rules) & marks["date"].between(first, pd.Timestamp(scope.on))]
    if marks.empty:
        return no_findings()
    ids = marks["pupil_id"].astype(str)
    found = marks.assign(
        pupil_id=ids, form=ids.map(form_of(scope)).fillna(""), rule=marks["rule"].map(FINDINGS),
        end_date=marks["date"], known_date=marks["date"], detail=marks["found"],
    )  # fmt: skip
    return found[list(COLUMNS)]


def intake_findings(scope: Scope, listed: list[str]) -> Iterator[pd.DataFrame]:
    """Yield one row per finding and repair of the log that the inspection knows and that is not listed mark by mark.

    It stands on no day and is of no session.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> repair = SimpleNamespace(rule="code_spelling", file="marks.csv", count=1200, message="codes in small letters")
    >>> scope = SimpleNamespace(log=SimpleNamespace(findings=[], repairs=[repair]))
    >>> [found["detail"].tolist() for found in intake_findings(scope, [])]
    [['marks.csv: 1,200 codes in small letters']]
    """
    for finding in scope.log.findings:
        if finding.rule in FINDINGS and finding.rule not in listed:
            yield one_finding(FINDINGS[finding.rule], str(finding))
    for each in scope.log.repairs:
        if each.rule in REPAIRS:
            where = f"{each.file}: " if each.file else ""
            yield one_finding(each.rule, f"{where}{each.count:,} {each.message}")


# Registers taken after they closed, as far as the export says when marks were made

LATEST = np.iinfo(np.int64).max


def taken_at(scope: Scope) -> np.ndarray:
    """Return which marks of the year tell when their register was taken (boolean, shape (pupils, sessions)).

    A mark that taking a register makes, with the moment at which it was made. Other codes may be entered ahead
    or long after, by the office.
    """
    return scope.holds(*TAKEN_CODES) & ~np.isnat(scope.recorded_at[:, scope.before :])


def knows_when_taken(scope: Scope) -> np.ndarray:
    """Return which registers tell when they were taken: boolean, shape (forms, sessions).

    At least two of their marks and half of them do; the moments of a few amended marks say nothing of a register.
    """
    known, taken = scope.by_form(taken_at(scope)), scope.by_form(scope.holds(*TAKEN_CODES))
    return (known >= FEWEST) & (2 * known >= taken)


def late_registers(scope: Scope) -> pd.DataFrame:
    """Return one row per form's session of which not one mark was made before the register closed."""
    moments = np.where(taken_at(scope), scope.recorded_at[:, scope.before :].astype(np.int64), LATEST)
    first = scope.reduce_forms(np.minimum, moments, np.int64)
    closes = closing_moments(scope)
    late = knows_when_taken(scope) & (first > closes.astype(np.int64))
    row, column = np.nonzero(late)
    begun = first[late].astype("datetime64[s]")
    detail = [
        f"First mark {in_words(at, closed)}; the register closed at {clock(closed)}"
        for at, closed in zip(begun, closes[column], strict=True)
    ]
    return form_findings(
        scope, "register_late", pd.DataFrame({"row": row, "first": column, "last": column}), detail
    )


def closing_moments(scope: Scope) -> np.ndarray:
    """Return when each session of the year's register closed (datetime64[s], shape (sessions,))."""
    after_midnight = {
        session: np.timedelta64(at.hour * 3600 + at.minute * 60 + at.second, "s")
        for session, at in scope.closes_at.items()
    }
    days = scope.days[scope.before :].astype("datetime64[s]")
    return days + np.array(
        [after_midnight[each] for each in scope.year.sessions["session"]], "timedelta64[s]"
    )


def in_words(at: np.datetime64, closed: np.datetime64) -> str:
    """Return when a register was begun: the time alone on its own day.

    Examples
    --------
    >>> in_words(np.datetime64("2026-10-06T09:26:10"), np.datetime64("2026-10-06T09:10:00"))
    'at 09:26'
    """
    is_same_day = at.astype("datetime64[D]") == closed.astype("datetime64[D]")
    return f"at {clock(at)}" if is_same_day else f"on {in_year(at)} at {clock(at)}"


def clock(at: np.datetime64) -> str:
    """Return the time of a moment, to the minute.

    Examples
    --------
    >>> clock(np.datetime64("2026-11-20T08:55:30"))
    '08:55'
    """
    return str(at.astype("datetime64[m]"))[-5:]


def times_of_taking(scope: Scope) -> str:
    """Return why it cannot be checked when registers were taken; empty if it can."""
    return "" if knows_when_taken(scope).any() else "the export does not say when registers were taken"


CHECKS = (
    Check(
        "register_missing", "Register not taken", MUST,
        "Ask who should have taken it, enter the marks from what is known and record why it was late.",
        REGULATIONS_2024, find=missing_registers, names_pupil=False,
    ),
    Check(
        "mark_missing", "Mark missing", MUST,
        "Establish whether the pupil was there, and enter what was so; only an absence for which no reason can be established "
        "is O. Check that the pupil was safe.",
        REGULATIONS_2024, find=missing_marks, is_dated_by_mark=True,
    ),
    Check(
        "pupil_unmarked", "Pupil on roll without any mark", MUST,
        "Add the pupil to a register and enter the marks, or correct the admission or leaving date.",
        CHECKLIST, find=unmarked_pupils,
    ),
    Check(
        "marks_stop", "Marks begin late or end early for a pupil on roll", MUST,
        "Enter the leaving date, or correct the admission date; else enter the marks. A pupil who is gone without a known "
        "school is reported to the local authority.",
        CHECKLIST, find=unmarked_beginnings_and_ends,
    ),
    Check(
        "n_overdue", "N beyond five school days", MUST,
        "Enter the code of the reason; if none can be established, O.",
        sources.REASON_FOR_N.cited, find=overdue_reasons,
    ),
    Check(
        "unknown_code", "Not a register code", MUST,
        "Correct it in the register and export again; such marks are left out.",
        REGULATIONS_2024, find=found_by_intake,
    ),
    Check(
        "mark_off_roll", "Mark before admission or after leaving", MUST,
        "Correct the admission or leaving date, or remove the marks.",
        REGULATIONS_2024, find=misplaced_marks,
    ),
    Check(
        "pupil_not_listed", "Marks of a pupil who is not in the pupils file", MUST,
        "Export every pupil of the period, leavers too; until then these marks are left out.",
        CHECKLIST, find=found_by_intake,
    ),
    Check(
        "mark_when_closed", "Mark on a closed session", MUST,
        "Remove the marks, or correct the calendar.",
        CHECKLIST, find=misplaced_marks,
    ),
    Check(
        "conflicting_rows", "Two codes for one session", MUST,
        "Find out which is right, and correct the register or the export.",
        CHECKLIST, find=found_by_intake,
    ),
    Check(
        "register_late", "Register taken late", SHOULD,
        "Ask what kept it, and see that registers are taken when the session begins.",
        CHECKLIST, find=late_registers, lacks=times_of_taking, names_pupil=False,
    ),
    Check(
        "n_before_holiday", "N on the last day before a holiday", SHOULD,
        "Ask for the reason soon: leave that was not granted is G.",
        CHECKLIST, find=reasons_before_holiday, is_dated_by_mark=True,
    ),
    Check(
        "sources_differ", "Sources give different codes", SHOULD,
        "Export both at one time; until then the later one in the school file holds.",
        OURS, find=found_by_intake,
    ),
    Check(
        "repeated_rows", "Rows repeated", SHOULD,
        "Export each mark once; rows that agree were counted once.",
        CHECKLIST, find=found_by_intake, names_pupil=False,
    ),
    Check(
        "code_spelling", "Codes spelled in another way", SHOULD,
        "They were read by their plain meaning; enter codes as the regulations write them.",
        CHECKLIST, find=found_by_intake, names_pupil=False,
    ),
)  # fmt: skip
