"""Codes used where they do not belong: withdrawn, in the wrong half of the day, or for a pupil or season they are not for."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.findings import (
    SchoolDays,
    finding_rows,
    first_to_last,
    forms_found,
    in_days,
    in_marks,
    in_pupils,
    in_register,
    in_sessions,
    in_year,
    marks_found,
    minutes_late,
    no_findings,
    one_finding,
    only,
    placed,
    runs_found,
    together,
)
from attendance_lib.analysis.inspection.scope import (
    ARRANGEMENT_DAYS,
    CHECKLIST,
    EXAM_MONTHS,
    GUIDANCE,
    MUST,
    SCHOOL_YEAR,
    SHOULD,
    STUDY_LEAVE_FROM_YEAR,
    TOO_MANY_SESSIONS,
    WORK_EXPERIENCE,
    WORK_EXPERIENCE_FROM_YEAR,
    YEAR_SESSIONS,
    Check,
    Scope,
)
from attendance_lib.register.grid import LETTER_OF_CELL
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import (
    CODES,
    DUAL_REGISTERED,
    LATE_AFTER_CLOSE,
    LATE_BEFORE_CLOSE,
    RECORDS_BEGIN,
    REGULATIONS_2024,
    SITE_CLOSED,
    Category,
)
from attendance_lib.rules.pupils import DUAL, SINGLE

# Pupils registered at two schools: what one school's register can tell of the other's (D)

STATUS = "enrolment_status"


def knows_status(scope: Scope) -> bool:
    """Whether the pupils file says whose registration is single and whose dual."""
    return STATUS in scope.register.pupils and bool(scope.register.pupils[STATUS].notna().any())


def has_status(scope: Scope, *statuses: str) -> np.ndarray:
    """Return which enrolments have one of these statuses in the pupils file (boolean, shape (pupils,)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> statuses = ([SINGLE, DUAL[0], None], [None, None, None])  # of a file that says nothing, nobody has any
    >>> registers = [SimpleNamespace(pupils=pd.DataFrame({STATUS: each})) for each in statuses]
    >>> [has_status(SimpleNamespace(register=each), SINGLE).tolist() for each in registers]
    [[True, False, False], [False, False, False]]
    """
    if not knows_status(scope):
        return np.zeros(len(scope.register.pupils), dtype=bool)
    return scope.register.pupils[STATUS].isin(statuses).to_numpy(dtype=bool)


def dual_tallies(scope: Scope) -> pd.DataFrame:
    """Return each enrolment with D in the year: how many sessions the other school must have marked.

    The other school's register is not known here, so the count is the school's own half of the tally.
    """
    held = scope.holds(DUAL_REGISTERED)
    row = np.flatnonzero(held.any(axis=1))
    if not len(row):
        return no_findings()
    mornings = (held[row] & scope.is_morning).sum(axis=1)
    total = held[row].sum(axis=1)
    detail = [
        f"D in {in_sessions(count)}: {morning:,} {SESSIONS[0]}, {count - morning:,} {SESSIONS[1]}"
        for count, morning in zip(total, mornings, strict=True)
    ]
    return finding_rows(scope, "dual_tally", in_register(scope, first_to_last(row, held[row])), detail)


def wrong_statuses(scope: Scope) -> pd.DataFrame:
    """Return one row per run of D (school days) of an enrolment that the pupils file has as the pupil's only one."""
    cells = scope.holds(DUAL_REGISTERED) & has_status(scope, SINGLE)[:, None]
    return runs_found(scope, "dual_status", cells, "D")


def dual_without_d(scope: Scope) -> pd.DataFrame:
    """Return one row per dual registered enrolment with no D in its last 20 school days or more of the year."""
    row = np.flatnonzero(has_status(scope, *DUAL))
    held = scope.holds(DUAL_REGISTERED)[row]
    later = ~np.logical_or.accumulate(held[:, ::-1], axis=1)[:, ::-1]
    since = later & scope.is_due[row]
    days = (SchoolDays(scope.year).count(since) > 0).sum(axis=1)
    is_long = days >= ARRANGEMENT_DAYS
    spans = in_register(scope, first_to_last(row[is_long], since[is_long]))
    return finding_rows(
        scope, "dual_without_d", spans, [f"No D on the last {in_days(count)}" for count in days[is_long]]
    )


# Late marks against the minutes late and the time the register closed


def wrong_late_codes(scope: Scope) -> pd.DataFrame:
    """Return one row per L with more minutes than the register was open, and per U with fewer; as many may be either."""
    minutes = scope.minutes[:, scope.before :]
    after = scope.holds(LATE_BEFORE_CLOSE) & (minutes > scope.closes_after)
    before = scope.holds(LATE_AFTER_CLOSE) & (minutes < scope.closes_after)
    return together(
        [
            marks_found(scope, rule, cells, in_minutes(scope, letter, cells))
            for rule, letter, cells in (
                ("late_after_close", LATE_BEFORE_CLOSE, after),
                ("late_before_close", LATE_AFTER_CLOSE, before),
            )
        ]
    )


def in_minutes(scope: Scope, letter: str, cells: np.ndarray) -> np.ndarray:
    """Return the detail of each cell: its code, minutes late and when the register closed; shape (cells,).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scope = SimpleNamespace(minutes=np.array([[np.nan, 35.0]]), before=1, closes_after=np.array([30.0]))
    >>> in_minutes(scope, "L", np.array([[True]])).tolist()
    ['L with 35 minutes; the register closed after 30']
    """
    minutes = scope.minutes[:, scope.before :][cells]
    closes = np.broadcast_to(scope.closes_after, cells.shape)[cells]
    texts = (
        f"{letter} with {late:.0f} minutes; the register closed after {close:.0f}"
        for late, close in zip(minutes, closes, strict=True)
    )
    return np.array(list(texts), dtype=object)


def late_without_minutes(scope: Scope) -> pd.DataFrame:
    """Return one row per L and U without minutes late; one row only where no minutes are exported at all.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scope = SimpleNamespace(minutes=np.full((1, 2), np.nan), before=0, holds=lambda *_: np.array([[True, True]]))
    >>> late_without_minutes(scope)["detail"].tolist()  # one row, not one a mark
    ['No minutes late are exported: 2 marks of L and U']
    """
    rule = "late_without_minutes"
    late = scope.holds(LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE)
    unknown = late & np.isnan(scope.minutes[:, scope.before :])
    if not unknown.any():
        return no_findings()
    if (unknown == late).all():
        return one_finding(rule, f"No minutes late are exported: {in_marks(int(late.sum()))} of L and U")
    after = scope.holds(LATE_AFTER_CLOSE)[unknown]
    return marks_found(scope, rule, unknown, np.where(after, "U without minutes", "L without minutes"))


MORNING, AFTERNOON = "/", "\\"


def obsolete_codes(scope: Scope) -> pd.DataFrame:
    """Return one row per session whose code was not in force on its day, and when it was."""
    found = scope.year.categories == Category.UNCLASSIFIED
    letters = [LETTER_OF_CELL[cell] for cell in scope.year.codes[found]]
    return marks_found(
        scope, "obsolete_code", found, np.array([in_force(letter) for letter in letters], dtype=object)
    )


def in_force(letter: str) -> str:
    """Say when a code was or is in force.

    Examples
    --------
    >>> in_force("H"), in_force("C2")
    ('H, in force to 18 Aug 24', 'C2, in force from 19 Aug 24')
    """
    code = next(each for each in CODES if each.letter == letter)
    if code.from_date > RECORDS_BEGIN:
        return f"{letter}, in force from {in_year(code.from_date)}"
    return f"{letter}, in force to {in_year(code.to_date)}"


def wrong_half_days(scope: Scope) -> pd.DataFrame:
    r"""Return each form's sessions with ``/`` in the afternoon or ``\`` in the morning.

    One thing only where the export never tells them apart, for then it is the export that is to be corrected.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scope = SimpleNamespace(is_morning=np.array([True, False]), holds=lambda code: np.array([[code == "/"] * 2]))
    >>> wrong_half_days(scope)["detail"].tolist()
    ['The export has / in mornings and afternoons alike: 1 mark']
    """
    rule, morning, afternoon = "wrong_half_day", scope.holds(MORNING), scope.holds(AFTERNOON)
    wrong = (morning & ~scope.is_morning) | (afternoon & scope.is_morning)
    if wrong.any() and not (morning.any() and afternoon.any()):
        used = MORNING if morning.any() else AFTERNOON
        return one_finding(
            rule, f"The export has {used} in mornings and afternoons alike: {in_marks(int(wrong.sum()))}"
        )
    return together(
        [
            forms_found(scope, rule, wrong & morning, MORNING),
            forms_found(scope, rule, wrong & afternoon, AFTERNOON),
        ]
    )


def closure_codes(scope: Scope) -> pd.DataFrame:
    """Return one row per form's session marked closed (#) or not yet on roll (Z) though open, for pupils on roll."""
    return forms_found(scope, "closure_code_open", scope.holds("#", "Z"), "# or Z")


def sites_closed(scope: Scope) -> pd.DataFrame:
    """Return one row per session with Y4, the whole site closed, in which others were present; who is alone in either is named."""
    closed, present = scope.holds(SITE_CLOSED), scope.holds(MORNING, AFTERNOON, LATE_BEFORE_CLOSE)
    shut, there = closed.sum(axis=0), present.sum(axis=0)
    (column,) = np.nonzero((shut > 0) & (there > 0))
    if not len(column):
        return no_findings()
    spans = pd.DataFrame({"first": column, "last": column})
    fewer = [min(closed[:, at], present[:, at], key=np.sum) for at in column]
    return placed(scope, "whole_site_closed", in_register(scope, spans)).assign(
        form=[only(scope.form_names[rows]) for rows in fewer],
        pupil_id=[only(scope.pupil_ids[rows]) for rows in fewer],
        detail=[f"Y4 for {in_pupils(shut[at])}; {in_pupils(there[at])} present" for at in column],
    )


def wrong_ages(scope: Scope) -> pd.DataFrame:
    """Return one row per run (school days) of X for a pupil of compulsory school age, and of C2 for one who is not."""
    of_age = scope.is_of_age[:, scope.before :]
    x = runs_found(scope, "x_of_school_age", scope.holds("X") & of_age, "X")
    c2 = runs_found(scope, "c2_not_of_school_age", scope.holds("C2") & ~of_age, "C2")
    return together([x, c2])


def wrong_years(scope: Scope) -> pd.DataFrame:
    """Return one row per run of W below Year 10, of S below Year 11, and of S outside April to July; runs are of school days."""
    study, first, last = scope.holds("S"), *EXAM_MONTHS
    in_season = scope.year.sessions["date"].dt.month.between(first, last).to_numpy()
    young = below_year(scope, STUDY_LEAVE_FROM_YEAR)
    work = scope.holds("W") & below_year(scope, WORK_EXPERIENCE_FROM_YEAR)
    return together(
        [
            runs_found(scope, "work_experience_year", work, "W"),
            runs_found(scope, "study_leave_year", study & young, "S"),
            runs_found(scope, "study_leave_season", study & ~young & ~in_season, "S"),
        ]
    )


def travelling(scope: Scope) -> pd.DataFrame:
    """Return one row per run (school days) of T: a parent's travelling for work is for the school to have evidence of."""
    return runs_found(scope, "travelling", scope.holds("T"), "T")


def below_year(scope: Scope, year_group: int) -> np.ndarray:
    """Return which enrolments are below a year group; an unknown one is not (boolean, shape (pupils, 1)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pupils = pd.DataFrame({"year_group": pd.array([10, 11, None], dtype="Int64")})
    >>> below_year(SimpleNamespace(year=SimpleNamespace(pupils=pupils)), 11).tolist()
    [[True], [False], [False]]
    """
    below = (scope.year.pupils["year_group"] < year_group).fillna(value=False)
    return below.to_numpy(dtype=bool)[:, None]


# The school year by the calendar against the 380 sessions for which a school must meet

AUTUMN_MONTHS, SUMMER_MONTHS = (8, 9), (6, 7)


def planned(scope: Scope) -> pd.DataFrame:
    """Return the open sessions that the calendar has in the school year inspected, later ones too (one row per session)."""
    sessions = scope.calendar.open_sessions
    return sessions[sessions["school_year"].isin(scope.year.sessions["school_year"].unique())]


def is_whole(scope: Scope) -> bool:
    """Whether the calendar runs from the autumn into the summer, so that the sessions of the year can be counted.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-09-03", "2027-06-30"]), "school_year": "202627"})
    >>> calendars = [SimpleNamespace(open_sessions=sessions.head(known)) for known in (1, 2)]  # the autumn alone, or the summer too
    >>> [is_whole(SimpleNamespace(calendar=each, year=SimpleNamespace(sessions=sessions))) for each in calendars]
    [False, True]
    """
    months = planned(scope)["date"].dt.month
    return bool(months.isin(AUTUMN_MONTHS).any() and months.isin(SUMMER_MONTHS).any())


def school_year_sessions(scope: Scope) -> pd.DataFrame:
    """Return one thing for each number of sessions that is not 380 and that some year groups have in the calendar.

    More than 380 are a school's own choice, but from 390 on the five INSET days may have been forgotten.
    """
    if not is_whole(scope):
        return together([])
    counts = sessions_of_year_groups(scope)
    wrong = counts[(counts < YEAR_SESSIONS) | (counts >= TOO_MANY_SESSIONS)]
    return together(
        one_finding(
            "year_sessions", f"{in_sessions(count)} in the calendar for {in_year_groups(groups.index)}"
        )
        for count, groups in wrong.groupby(wrong)
    )


def sessions_of_year_groups(scope: Scope) -> pd.Series:
    """Return how many sessions of the year the calendar has open to each year group with pupils, which is the index.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sessions = pd.DataFrame({"school_year": "202627", "closed_year_groups": [(), (7,)]})
    >>> year = SimpleNamespace(sessions=sessions, pupils=pd.DataFrame({"year_group": [7, 8]}))
    >>> calendar, is_due = SimpleNamespace(open_sessions=sessions), np.array([[True], [True]])
    >>> sessions_of_year_groups(SimpleNamespace(calendar=calendar, year=year, is_due=is_due)).to_dict()
    {7: 1, 8: 2}
    """
    closed = planned(scope)["closed_year_groups"]
    of_year = scope.year.pupils.loc[scope.is_due.any(axis=1), "year_group"]
    groups = sorted(of_year.dropna().astype(int).unique())
    return pd.Series({group: sum(group not in shut for shut in closed) for group in groups}, dtype=int)


def in_year_groups(groups: pd.Index) -> str:
    """Return year groups in words.

    Examples
    --------
    >>> in_year_groups(pd.Index([8])), in_year_groups(pd.Index([8, 9]))
    ('Year 8', 'Years 8, 9')
    """
    return f"Year{'s' if len(groups) > 1 else ''} {', '.join(str(group) for group in groups)}"


def all_terms(scope: Scope) -> str:
    """Return why the sessions of the school year cannot be checked; empty if they can."""
    return "" if is_whole(scope) else "the school file has not all terms of this school year"


def statuses(scope: Scope) -> str:
    """Return why dual registration cannot be checked; empty if it can.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> files = (pd.DataFrame({"pupil_id": ["1"]}), pd.DataFrame({STATUS: [None, SINGLE]}))
    >>> [statuses(SimpleNamespace(register=SimpleNamespace(pupils=each))) for each in files]
    ['the pupils file has no enrolment status', '']
    """
    return "" if knows_status(scope) else "the pupils file has no enrolment status"


CHECKS = (
    Check(
        "obsolete_code", "Code not in force on its date", MUST,
        "Replace it by the code in force; until then the session is in no rate.",
        REGULATIONS_2024, find=obsolete_codes, is_dated_by_mark=True,
    ),
    Check(
        "wrong_half_day", "/ in the afternoon or \\ in the morning", MUST,
        "Use / in the morning and \\ in the afternoon; if every afternoon has /, correct the export.",
        REGULATIONS_2024, find=wrong_half_days,
    ),
    Check(
        "closure_code_open", "# or Z on an open session", MUST,
        "Enter the mark, or add the closure to the calendar or correct the admission date.",
        REGULATIONS_2024, find=closure_codes,
    ),
    Check(
        "x_of_school_age", "X for a pupil of compulsory school age", MUST,
        "Use the code of the real reason; a part-time timetable is C2.",
        REGULATIONS_2024, find=wrong_ages,
    ),
    Check(
        "c2_not_of_school_age", "C2 for a pupil not of compulsory school age", MUST,
        "Use X for sessions that the pupil is not required to attend.",
        REGULATIONS_2024, find=wrong_ages,
    ),
    Check(
        "work_experience_year", "W below Year 10", MUST,
        "Use B if the activity qualifies; work experience is for the last two years of compulsory schooling.",
        WORK_EXPERIENCE, find=wrong_years,
    ),
    Check(
        "late_after_close", "L later than the register closed", MUST,
        "Use U, or the code of the reason; or correct the minutes.",
        GUIDANCE, find=wrong_late_codes, lacks=minutes_late, is_dated_by_mark=True,
    ),
    Check(
        "late_before_close", "U earlier than the register closed", MUST,
        "Use L; or correct the minutes.",
        GUIDANCE, find=wrong_late_codes, lacks=minutes_late, is_dated_by_mark=True,
    ),
    Check(
        "late_without_minutes", "L or U without minutes late", SHOULD,
        "Enter how late the pupil came.",
        CHECKLIST, find=late_without_minutes, is_dated_by_mark=True,
    ),
    Check(
        "study_leave_year", "S below Year 11", SHOULD,
        "Use the code of the real reason; study leave is for pupils in Year 11 and above.",
        GUIDANCE, find=wrong_years,
    ),
    Check(
        "study_leave_season", "S outside April to July", SHOULD,
        "Check that a public examination was being prepared for.",
        GUIDANCE, find=wrong_years,
    ),
    Check(
        "travelling", "T needs evidence", SHOULD,
        "Have on file that the parent travels for his or her trade or business on these days and the pupil with them.",
        REGULATIONS_2024, find=travelling,
    ),
    Check(
        "whole_site_closed", "Y4 while others were present", SHOULD,
        "Y4 is for the whole site closed; where part of it was, use Y3, or the code of the real reason.",
        REGULATIONS_2024, find=sites_closed,
    ),
    Check(
        "dual_tally", "Sessions at the other school to be agreed (D)", SHOULD,
        "Send the dates to the other school and agree them: it must have marked the pupil in each of these sessions.",
        CHECKLIST, find=dual_tallies,
    ),
    Check(
        "dual_status", "D for a pupil not recorded as dual registered", SHOULD,
        "If dual registered then, correct the enrolment status; else enter the code of the real reason: D is in no rate.",
        REGULATIONS_2024, find=wrong_statuses, lacks=statuses,
    ),
    Check(
        "dual_without_d", "Dual registered, but without D for 20 school days", SHOULD,
        "Check where the pupil was due: sessions at the other school are D; if there are none any more, correct the status.",
        CHECKLIST, find=dual_without_d, lacks=statuses,
    ),
    Check(
        "year_sessions", "School year not of 380 sessions", SHOULD,
        "Correct terms, INSET days and closures in the school file; sessions lost to what could not be avoided may stay lost.",
        SCHOOL_YEAR, find=school_year_sessions, lacks=all_terms, names_pupil=False,
    ),
)  # fmt: skip
