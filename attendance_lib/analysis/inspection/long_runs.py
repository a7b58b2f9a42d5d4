"""What lasts too long: suspensions, illness, unauthorised absence, and arrangements that nobody reviewed."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.findings import (
    SchoolDays,
    finding_rows,
    first_to_last,
    in_days,
    in_register,
    in_sessions,
    in_year,
    no_findings,
    together,
)
from attendance_lib.analysis.inspection.scope import (
    ARRANGEMENT_CODES,
    ARRANGEMENT_DAYS,
    ARRANGEMENT_GAP_DAYS,
    GUIDANCE,
    ILLNESS_DAYS,
    LEAVE_DAYS,
    LONGEST_SUSPENSION_DAYS,
    MOST_SUSPENDED_DAYS,
    MUST,
    OURS,
    SHOULD,
    SUSPENSIONS,
    UNAUTHORISED_DAYS,
    Check,
    Scope,
)
from attendance_lib.analysis.part_time import part_time_on
from attendance_lib.rules import sources
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.notices import UNAUTHORISED_CODES
from attendance_lib.rules.pupils import compulsory_from

SUSPENDED, ILL, PART_TIME, LEAVE = "E", "I", "C2", "C"
SINGLE_DAYS = (("religious_days", "R"), ("interview_days", "J1"))


def of_year(scope: Scope, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs (rows) that reach into the school year; they may have begun before it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> runs = pd.DataFrame({"first": [0, 1], "last": [1, 2]})
    >>> of_year(SimpleNamespace(before=2), runs).values.tolist()  # two sessions before the school year: one run reaches into it
    [[1, 2]]
    """
    return runs[runs["last"] >= scope.before].reset_index(drop=True)


def owed_from(scope: Scope, days: SchoolDays, runs: pd.DataFrame, day: int) -> pd.DataFrame:
    """Return the runs (rows) of at least ``day`` school days by pupils who were of compulsory school age from that day on.

    Who was of age on neither that day nor the last is owed nothing by a duty towards pupils of that age.
    """
    long = runs[runs["length"] >= day]
    reached = np.searchsorted(scope.days, days.nth(long, day))
    of_age = (scope.is_of_age[long["row"], at] for at in (reached, long["last"]))
    return long[np.logical_or(*of_age)]


def long_suspensions(scope: Scope) -> pd.DataFrame:
    """Return each run of E of more than five school days: from the sixth, education must be arranged.

    It is owed to pupils of compulsory school age.
    """
    days = SchoolDays(scope.register)
    runs = owed_from(scope, days, of_year(scope, days.whole([SUSPENDED])), LONGEST_SUSPENSION_DAYS + 1)
    sixth = days.nth(runs, LONGEST_SUSPENSION_DAYS + 1)
    of_age = compulsory_from(scope.register.pupils["date_of_birth"])[runs["row"]]
    detail = [
        f"E for {in_days(length)} in a row; education was due from {in_year(day)}"
        for length, day in zip(runs["length"], np.fmax(sixth, of_age), strict=True)
    ]
    return finding_rows(scope, "suspension_sixth_day", runs, detail)


def year_of_suspensions(scope: Scope) -> pd.DataFrame:
    """Return one row per pupil with E for more than 45 school days of the year; two sessions make a day."""
    return with_many_sessions(scope, "suspension_year", (SUSPENDED, len(SESSIONS) * MOST_SUSPENDED_DAYS + 1))


def year_of_illness(scope: Scope) -> pd.DataFrame:
    """Return each pupil ill for 15 school days or more of the year, in a row or not; two sessions make a day.

    The sickness return is of pupils of compulsory school age: who was not at any illness from the fifteenth day on is in none.
    """
    of_age = scope.is_of_age[:, scope.before :]
    return with_many_sessions(scope, "illness_return", (ILL, len(SESSIONS) * ILLNESS_DAYS), of_age)


def with_many_sessions(
    scope: Scope, rule: str, limit: tuple[str, int], matters: np.ndarray | None = None
) -> pd.DataFrame:
    """Return each pupil with a code in at least so many sessions of the year, from the first to the last of them.

    ``limit`` is the code and the number; ``matters`` at which sessions having had so many matters (boolean, shape
    (pupils, sessions)), None where it does at all. A pupil who left and came back is one, in the later enrolment's row.
    """
    letter, sessions = limit
    held = in_last_enrolments(scope, scope.holds(letter))
    count = held.sum(axis=1)
    reached = held & (held.cumsum(axis=1) >= sessions)
    row = np.flatnonzero((reached if matters is None else reached & matters).any(axis=1))
    if not len(row):
        return no_findings()
    detail = [
        f"{letter} in {in_sessions(each)} ({each / len(SESSIONS):g} school days)" for each in count[row]
    ]
    return finding_rows(scope, rule, in_register(scope, first_to_last(row, held[row])), detail)


def in_last_enrolments(scope: Scope, cells: np.ndarray) -> np.ndarray:
    """Return cells (boolean, shape (pupils, sessions)) with those of a pupil's several enrolments all in the last one's row.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = np.array([[True, False], [False, True], [False, False]])
    >>> in_last_enrolments(SimpleNamespace(pupil_ids=["1", "1", "2"]), cells).tolist()  # pupil 1 left and came back
    [[False, False], [True, True], [False, False]]
    """
    pupils = pd.Series(scope.pupil_ids)
    if pupils.is_unique:
        return cells
    last = pupils.drop_duplicates(keep="last")
    row_of = pd.Series(last.index, index=last.to_numpy())
    joined = np.zeros_like(cells)
    np.logical_or.at(joined, row_of.loc[pupils].to_numpy(), cells)
    return joined


def unauthorised_runs(scope: Scope) -> pd.DataFrame:
    """Return each run of 10 school days or more wholly of unauthorised absence (G, N, O and U).

    The attendance return is of pupils of compulsory school age.
    """
    days = SchoolDays(scope.register)
    runs = owed_from(scope, days, of_year(scope, days.whole(UNAUTHORISED_CODES)), UNAUTHORISED_DAYS)
    return finding_rows(
        scope, "unauthorised_return", runs, [f"{in_days(length)} in a row" for length in runs["length"]]
    )


def days_in_a_row(scope: Scope) -> pd.DataFrame:
    """Return one row per run of more than one school day with R, and with J1: both are for single days."""
    days = SchoolDays(scope.register)
    return together([repeated_in_a_row(scope, days, rule, letter, 2) for rule, letter in SINGLE_DAYS])


def long_leave(scope: Scope) -> pd.DataFrame:
    """Return one row per run of two school weeks or more with C."""
    return repeated_in_a_row(scope, SchoolDays(scope.register), "leave_long", LEAVE, LEAVE_DAYS)


def repeated_in_a_row(scope: Scope, days: SchoolDays, rule: str, letter: str, least: int) -> pd.DataFrame:
    """Return one row per run of at least so many school days with a code in one of their sessions."""
    runs = of_year(scope, days.partly([letter], gap=0))
    runs = runs[runs["length"] >= least]
    return finding_rows(
        scope, rule, runs, [f"{letter} on {in_days(length)} in a row" for length in runs["length"]]
    )


def long_arrangements(scope: Scope) -> pd.DataFrame:
    """Return each run of 20 school days or more with B, C2, D, K or Y7, less part-time timetables that were reviewed.

    A run lasts from its first to its last day with the code; less than a school week without it is bridged,
    so that one day a week elsewhere is a run.
    """
    days = SchoolDays(scope.register)
    return together([arrangements(scope, days, letter) for letter in ARRANGEMENT_CODES])


def arrangements(scope: Scope, days: SchoolDays, letter: str) -> pd.DataFrame:
    """Return the long runs of one code, one row each; ``length`` is in school days."""
    runs = of_year(scope, days.partly([letter], ARRANGEMENT_GAP_DAYS))
    runs = runs[runs["length"] >= ARRANGEMENT_DAYS]
    if letter == PART_TIME:
        runs = runs[~is_reviewed(scope, days, runs)]
    detail = [
        f"{letter} on {hits} of {in_days(length)}{no_review(letter)}"
        for hits, length in zip(runs["hits"], runs["length"], strict=True)
    ]
    return finding_rows(scope, "arrangement_unreviewed", runs, detail)


def no_review(letter: str) -> str:
    """Return what is missing: a review date for a part-time timetable; no export tells of the others.

    Examples
    --------
    >>> no_review("C2"), no_review("B")
    ('; no review date in its last 20 school days', '')
    """
    return f"; no review date in its last {in_days(ARRANGEMENT_DAYS)}" if letter == PART_TIME else ""


def is_reviewed(scope: Scope, days: SchoolDays, runs: pd.DataFrame) -> np.ndarray:
    """Return which runs have a review date of the pupil's in their last 20 school days or later (boolean, one per run)."""
    logs = [log for log in (scope.interventions, scope.part_time) if log is not None]
    if not logs:
        return np.zeros(len(runs), dtype=bool)
    dates = scope.days[days.starts]
    last = np.searchsorted(days.starts, runs["last"].to_numpy(), side="right") - 1
    since = np.maximum(
        scope.days[runs["first"].to_numpy()], dates[np.maximum(last - ARRANGEMENT_DAYS + 1, 0)]
    )
    latest = latest_reviews(logs)
    ids = scope.pupil_ids[runs["row"].to_numpy()]
    return latest.reindex(ids).to_numpy().astype("datetime64[D]") >= since


def latest_reviews(logs: list[pd.DataFrame]) -> pd.Series:
    """Return each pupil's latest review date on file in some logs, by pupil identifier.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-10-01", "2026-11-02", None])
    >>> log = pd.DataFrame({"pupil_id": ["1", "1", "2"], "review_date": days})
    >>> latest_reviews([log]).dt.day.to_dict()
    {'1': 2}
    """
    dated = pd.concat([log[["pupil_id", "review_date"]] for log in logs])
    known = dated.dropna(subset=["pupil_id", "review_date"])
    return (
        known.assign(pupil_id=known["pupil_id"].astype(str))
        .groupby("pupil_id")["review_date"]
        .max()
        .astype("datetime64[s]")
    )


def part_time_runs(scope: Scope) -> pd.DataFrame:
    """Return whose part-time timetable (C2) is not on file, lacks what guidance asks for, or has ended.

    One thing for each pupil and fault, from the first day with the code to the last; runs bridge less than a school week
    without it, as those of ``long_arrangements`` do.
    """
    if scope.part_time is None:
        return no_findings()
    days = SchoolDays(scope.register)
    runs = of_year(scope, days.partly([PART_TIME], ARRANGEMENT_GAP_DAYS))
    on_file = part_time_on(scope.part_time, pd.Timestamp(scope.on))
    pupils = on_file["pupil_id"].astype(str)
    found = [
        wrong_with(on_file[pupils == scope.pupil_ids[run["row"]]], scope, (run["first"], run["last"]))
        for run in runs.to_dict("records")
    ]
    wrong = runs.assign(what=pd.Series(found, index=runs.index, dtype=object)).query("what != ''")
    spans = wrong.groupby(["row", "what"], as_index=False, sort=False).agg(
        first=("first", "min"), last=("last", "max")
    )
    return finding_rows(scope, "part_time_incomplete", spans, ("C2: " + spans["what"]).tolist())


def wrong_with(own: pd.DataFrame, scope: Scope, run: tuple[int, int]) -> str:
    """Return what is wrong with a run of C2 beside the pupil's own arrangements (rows, oldest first); empty if nothing is.

    ``run`` are the positions of its first and last day among those of the scope.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scope = SimpleNamespace(days=np.array(["2026-11-05", "2026-11-20"], dtype="datetime64[D]"))
    >>> days = {"date_from": pd.to_datetime(["2026-11-02"]), "date_to": pd.to_datetime(["2026-11-13"]), "review_date": pd.NaT}
    >>> own = pd.DataFrame(days).assign(lacks="hours", is_review_overdue=False)
    >>> wrong_with(own, scope, (0, 1)), wrong_with(own.head(0), scope, (0, 1))
    ('lacks hours; went on after its end, 13 Nov 26', 'no part-time timetable of these days is on file')
    """
    first, last = (pd.Timestamp(scope.days[at]) for at in run)
    covering = own[(own["date_from"] <= last) & ~(own["date_to"] < first)]
    if covering.empty:
        return "no part-time timetable of these days is on file"
    newest = covering.iloc[-1]
    past_end = pd.notna(newest["date_to"]) and newest["date_to"] < last
    told = [
        f"lacks {newest['lacks']}" if newest["lacks"] else "",
        f"went on after its end, {in_year(newest['date_to'].to_datetime64())}" if past_end else "",
        f"its review of {in_year(newest['review_date'].to_datetime64())} is past"
        if newest["is_review_overdue"]
        else "",
    ]
    return "; ".join(filter(None, told))


def part_time_on_file(scope: Scope) -> str:
    """Return why part-time timetables cannot be checked; empty if they can.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [part_time_on_file(SimpleNamespace(part_time=log)) for log in (None, pd.DataFrame())]  # an empty log says: none
    ['no log of part-time timetables is exported', '']
    """
    return "" if scope.part_time is not None else "no log of part-time timetables is exported"


CHECKS = (
    Check(
        "suspension_sixth_day", "E beyond five school days in a row", MUST,
        "Arrange education from the sixth school day, and code where the pupil is (such as K, B or D).",
        SUSPENSIONS, find=long_suspensions,
    ),
    Check(
        "suspension_year", "E for more than 45 school days in the year", MUST,
        "No pupil may be suspended for longer in a school year: check the record and tell the head teacher.",
        SUSPENSIONS, find=year_of_suspensions,
    ),
    Check(
        "illness_return", "Illness of 15 school days or more in the year", MUST,
        "Make the sickness return to the local authority, and agree support.",
        sources.SICKNESS_RETURN.cited, find=year_of_illness,
    ),
    Check(
        "unauthorised_return", "Unauthorised for 10 school days in a row", MUST,
        "Make the attendance return to the local authority, and check that the pupil is safe.",
        sources.ATTENDANCE_RETURN.cited, find=unauthorised_runs,
    ),
    Check(
        "religious_days", "R on more than one school day in a row", SHOULD,
        "Check that the religious body sets each day apart; other days are leave, which the school may or may not grant.",
        GUIDANCE, find=days_in_a_row,
    ),
    Check(
        "interview_days", "J1 on more than one school day in a row", SHOULD,
        "Check that there was an interview on each day; use the code of the real reason for the others.",
        GUIDANCE, find=days_in_a_row,
    ),
    Check(
        "leave_long", "C for two school weeks or more", SHOULD,
        "Check that leave of this length was granted, for exceptional circumstances, before it was taken.",
        OURS, find=long_leave,
    ),
    Check(
        "arrangement_unreviewed", "Long run of B, C2, D, K or Y7", SHOULD,
        "B, D and K: check with the provider that the pupil attends and is safe. C2: set an end and a review date. "
        "Y7: review the cause.",
        OURS, find=long_arrangements,
    ),
    Check(
        "part_time_incomplete", "C2 without a complete agreement", SHOULD,
        "Write down start, end, hours, what it is to reach, the next review, the parent's agreement and when the authority was "
        "told; or use the code of the real reason.",
        GUIDANCE, find=part_time_runs, lacks=part_time_on_file,
    ),
)  # fmt: skip
