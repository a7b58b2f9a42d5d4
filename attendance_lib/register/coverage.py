"""What of the calendar the marks cover: sessions and days without marks, marks on closed days, half terms not reached."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.ledger import Finding, Severity
from attendance_lib.register.build import CLOSED_FOR_YEAR_GROUP, NO_SESSION, Placement
from attendance_lib.register.grid import CLOSED, FIRST_CODE, LETTER_OF_CELL, NOT_ON_ROLL, Register
from attendance_lib.rules.calendar import SATURDAY, SchoolCalendar, bank_holidays
from attendance_lib.rules.codes import CODES, code_in_force
from attendance_lib.rules.thresholds import LOSS_LIMIT_RATE, REGISTER_TAKEN_WORDS

# One kind of mark that is gone throughout: then the export is at fault, and no register

HALVES = {"AM": "morning", "PM": "afternoon"}
# Codes of which every school has some, and among how many marks one may be absent by chance. Late before the register closed
# are 2.8% of sessions in England's secondary schools, 1.1% in primary and 0.3% in the special schools of a tenth of local
# authorities (DfE, 2025/26): of 3,000 marks 8 at least are to be expected, so that none is no chance.
FEWEST_MARKS = {"/": 100, "L": 3_000, "I": 1_000}
# A school week of half days: over fewer, a register or two that was not taken looks the same.
FEWEST_SESSIONS = 5
MEANINGS = {code.letter: code.meaning.partition(",")[0].lower() for code in CODES}


def lost_half(sessions: pd.DataFrame) -> str:
    """Return AM or PM if a half or more of its marks are missing and hardly any of the other half, else empty text.

    They must be missing at most of its sessions, of which there is a school week's at least: a register or two that nobody
    took is no half that is gone.

    Parameters
    ----------
    sessions : pandas.DataFrame
        ``Coverage.sessions``.

    Examples
    --------
    >>> rows = [(half, 10, 10 if half == "PM" else 0) for _ in range(FEWEST_SESSIONS) for half in ("AM", "PM")]
    >>> lost_half(pd.DataFrame(rows, columns=["session", "due_marks", "missing_marks"]))
    'PM'
    >>> lost_half(pd.DataFrame(rows[:2], columns=["session", "due_marks", "missing_marks"]))  # one register that nobody took
    ''
    """
    counts = sessions.groupby("session", observed=True)[["missing_marks", "due_marks"]].sum()
    if set(counts.index) != set(HALVES):
        return ""
    rates = counts["missing_marks"] / counts["due_marks"].clip(lower=1)
    worse, better = ("AM", "PM") if rates["AM"] > rates["PM"] else ("PM", "AM")
    is_half = 2 * counts.loc[worse, "missing_marks"] >= counts.loc[worse, "due_marks"]
    missing = sessions.loc[sessions["session"] == worse, "missing_marks"] > 0
    is_spread = len(missing) >= FEWEST_SESSIONS and 2 * missing.sum() >= len(missing)
    return worse if is_half and is_spread and rates[better] <= LOSS_LIMIT_RATE else ""


def lost_kind_words(sessions: pd.DataFrame, codes: Collection[str], half: str = "") -> str:
    """Return what kind of mark is gone and what to do, empty text if none is.

    Parameters
    ----------
    sessions : pandas.DataFrame
        ``Coverage.sessions``, those that hold a mark.
    codes : collection of str
        The codes that the register holds.
    half : str
        ``lost_half`` of all sessions.

    Examples
    --------
    >>> mornings = pd.DataFrame({"session": ["AM", "PM"], "due_marks": [100, 100], "missing_marks": [100, 0]})
    >>> lost_kind_words(mornings, {"/"}, "AM").partition(",")[0]
    '100 of 100 marks due of mornings are missing and hardly any of the other half of the day'
    """
    if half:
        missing, due = sessions.loc[sessions["session"] == half, ["missing_marks", "due_marks"]].sum()
        of_half = counted(due, f"mark due of {HALVES[half]}s", f"marks due of {HALVES[half]}s")
        share = f"{missing:,} of {of_half} {in_number(missing, 'is', 'are')} missing"
        backslash = (
            " A backslash, the sign for present in the afternoon, is easily lost." if half == "PM" else ""
        )
        return (
            f"{share} and hardly any of the other half of the day, so that the export is at fault and no register."
            f"{backslash} Export the {HALVES[half]}s too."
        )
    gone = lost_codes(sessions, codes)
    if gone:
        named = ", ".join(f"{code} ({MEANINGS[code]})" for code in gone)
        out = in_number(len(gone), "that code", "those codes")
        return f"no mark at all is {named}, so that the export seems to leave {out} out. Export every code."
    return ""


def lost_codes(sessions: pd.DataFrame, codes: Collection[str]) -> list[str]:
    """Return the usual codes of which there is none among so many marks that chance does not explain it.

    ``sessions`` (counts of marks) and ``codes`` are as for ``lost_kind_words``.

    Examples
    --------
    >>> sessions = pd.DataFrame({"due_marks": [10_000_000], "missing_marks": [0]})
    >>> lost_codes(sessions, set(FEWEST_MARKS)), len(lost_codes(sessions, set())) == len(FEWEST_MARKS)
    ([], True)
    """
    held = int((sessions["due_marks"] - sessions["missing_marks"]).sum())
    return [code for code, fewest in FEWEST_MARKS.items() if code not in codes and held >= fewest]


@dataclass(frozen=True, eq=False)
class Coverage:
    """What of the calendar the marks cover.

    Attributes
    ----------
    sessions : pandas.DataFrame
        One row per open session from the first to the last with a mark: ``date``, ``session``, ``half_term``,
        ``due_marks`` (of pupils on roll for whom it was open), ``missing_marks`` (counts of marks) and
        ``missing_rate`` (fraction of due).
    closed : pandas.DataFrame
        One row per date and session on which marks were made although it was closed: ``date``, ``session``,
        ``reason`` and ``marks`` (a count).
    half_terms : pandas.DataFrame
        One row per half term of the calendar: ``half_term``, ``start_date``, ``end_date``, ``open_sessions``,
        ``marked_sessions`` (counts of sessions) and ``covered`` in words.
    codes : frozenset of str
        The register codes that occur.
    """

    sessions: pd.DataFrame
    closed: pd.DataFrame
    half_terms: pd.DataFrame
    codes: frozenset[str] = frozenset()

    @property
    def unmarked_sessions(self) -> pd.DataFrame:
        """The sessions (rows of ``sessions``) at which marks were due and none was made.

        Examples
        --------
        >>> sessions = pd.DataFrame({"session": ["AM", "PM"], "due_marks": [30, 0], "missing_marks": [30, 0]})
        >>> Coverage(sessions, pd.DataFrame(), pd.DataFrame()).unmarked_sessions["session"].tolist()  # no PM was due
        ['AM']
        """
        return self.sessions[
            (self.sessions["due_marks"] > 0) & (self.sessions["missing_marks"] == self.sessions["due_marks"])
        ]

    @property
    def unmarked_days(self) -> tuple[date, ...]:
        """The school days without any mark at either session, ascending.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-11-05", "2026-11-05", "2026-11-06", "2026-11-06"])
        >>> sessions = pd.DataFrame({"date": days, "due_marks": 30, "missing_marks": [30, 0, 30, 30]})
        >>> Coverage(sessions, pd.DataFrame(), pd.DataFrame()).unmarked_days  # the 5th has marks in the afternoon
        (datetime.date(2026, 11, 6),)
        """
        sessions = self.sessions[self.sessions["due_marks"] > 0]
        is_marked = (sessions["missing_marks"] < sessions["due_marks"]).groupby(sessions["date"]).any()
        return tuple(day.date() for day in is_marked.index[~is_marked.to_numpy(dtype=bool)])


def find_coverage(placement: Placement, calendar: SchoolCalendar) -> Coverage:
    """Return what of the calendar a school's marks cover.

    Parameters
    ----------
    placement : Placement
        The register and the marks that have no place in it.
    calendar : SchoolCalendar
        The calendar it was built with.

    Returns
    -------
    Coverage
        Counts by session, marks on closed sessions, and half terms.
    """
    sessions = session_counts(placement.register)
    return Coverage(
        sessions,
        closed_marks(placement.left_out_marks, calendar),
        half_term_counts(sessions, calendar),
        frozenset(LETTER_OF_CELL[cell] for cell in np.unique(placement.register.codes) if cell >= FIRST_CODE),
    )


def session_counts(register: Register) -> pd.DataFrame:
    """Return marks due and missing, one row per session (see ``Coverage.sessions``).

    Examples
    --------
    >>> codes = np.array([[FIRST_CODE, 0], [NOT_ON_ROLL, FIRST_CODE]], dtype=np.uint8)  # the second is not yet on roll
    >>> sessions = pd.DataFrame({"date": ["5 Nov", "5 Nov"], "session": ["AM", "PM"], "half_term": ["2", "2"]})
    >>> session_counts(Register(codes, pd.DataFrame(index=[0, 1]), sessions))[["due_marks", "missing_marks"]].values.tolist()
    [[1, 0], [2, 1]]
    """
    due = ((register.codes != NOT_ON_ROLL) & (register.codes != CLOSED)).sum(axis=0)
    missing = due - (register.codes >= FIRST_CODE).sum(axis=0)
    rate = np.divide(missing, due, out=np.zeros(len(due)), where=due > 0)
    return register.sessions[["date", "session", "half_term"]].assign(
        due_marks=due, missing_marks=missing, missing_rate=rate
    )


def closed_marks(left_out: pd.DataFrame, calendar: SchoolCalendar) -> pd.DataFrame:
    """Return the marks of closed sessions, one row per date and session, with why it was closed (see ``Coverage.closed``).

    Parameters
    ----------
    left_out : pandas.DataFrame
        ``Placement.left_out_marks``.
    calendar : SchoolCalendar
        The school's calendar.

    Examples
    --------
    >>> marks = pd.DataFrame({"date": pd.to_datetime(["2026-11-07"] * 3), "session": ["AM", "AM", "PM"], "reason": NO_SESSION})
    >>> closed_marks(marks, SchoolCalendar(()))[["session", "reason", "marks"]].values.tolist()
    [['AM', 'weekend', 2], ['PM', 'weekend', 1]]
    """
    closed = left_out[left_out["reason"].isin([NO_SESSION, CLOSED_FOR_YEAR_GROUP])]
    counts = (
        closed.groupby(["date", "session"], observed=True, sort=True).size().rename("marks").reset_index()
    )
    reasons = [
        closed_reason(day.date(), session, calendar)
        for day, session in zip(counts["date"], counts["session"], strict=True)
    ]
    counts.insert(2, "reason", pd.Series(reasons, dtype="str"))
    return counts


def closed_reason(day: date, session: str, calendar: SchoolCalendar) -> str:
    """Return in words why the calendar has a session closed.

    Examples
    --------
    >>> closed_reason(date(2026, 12, 25), "AM", SchoolCalendar(()))
    'bank holiday'
    """
    if day in calendar.inset:
        return "INSET day"
    if closures := calendar.closures_of(day, session):
        return "closure: " + "; ".join(dict.fromkeys(each.reason or "no reason given" for each in closures))
    if day in bank_holidays(day.year):
        return "bank holiday"
    return "weekend" if day.weekday() >= SATURDAY else "outside the terms"


def half_term_counts(sessions: pd.DataFrame, calendar: SchoolCalendar) -> pd.DataFrame:
    """Return sessions open and marked, one row per half term (see ``Coverage.half_terms``).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06"]), "half_term": "202627-autumn-2"})
    >>> taken = half_term_counts(days.assign(due_marks=30, missing_marks=[0, 30]), SimpleNamespace(open_sessions=days))
    >>> taken[["open_sessions", "marked_sessions", "covered"]].values.tolist()
    [[2, 1, 'to 2026-11-05']]
    """
    marked = sessions[sessions["missing_marks"] < sessions["due_marks"]]
    by_half_term = calendar.open_sessions.groupby("half_term", sort=False)["date"]
    table = by_half_term.agg(start_date="min", end_date="max", open_sessions="size").reset_index()
    counts = marked.groupby("half_term").size()
    table["marked_sessions"] = table["half_term"].map(counts).fillna(0).astype(int)
    first, last = (marked["date"].min(), marked["date"].max()) if len(marked) else (pd.NaT, pd.NaT)
    return table.assign(covered=[covered(row, first, last) for row in table.to_dict("records")])


def covered(half_term: Mapping[str, object], first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Return in words whether marks from a first to a last date cover a half term (a row of ``Coverage.half_terms``).

    Examples
    --------
    >>> begin, end = pd.Timestamp("2026-11-02"), pd.Timestamp("2026-12-18")
    >>> half = {"start_date": begin, "end_date": end, "open_sessions": 70, "marked_sessions": 30}
    >>> covered(half, begin, pd.Timestamp("2026-11-20")), covered(half | {"marked_sessions": 70}, begin, end)
    ('to 2026-11-20', 'yes')
    """
    if half_term["marked_sessions"] == half_term["open_sessions"]:
        return "yes"
    if half_term["end_date"] < first:
        return "no: before the first mark"
    if half_term["start_date"] > last:
        return "no: after the last mark"
    if not half_term["marked_sessions"]:
        return "no"
    starts = f"from {first.date()}" if first > half_term["start_date"] else ""
    ends = f"to {last.date()}" if last < half_term["end_date"] else ""
    return " ".join(filter(None, (starts, ends))) or "with gaps"


def coverage_findings(coverage: Coverage) -> list[Finding]:
    """Return what a reader of any figure must know of the coverage, as findings of the rank ``must`` but for a lost code's.

    Whole days first, then single sessions, then marks missing at the others (above the limit on lost rows),
    then a school year that begins before the first mark.
    """
    return [
        *gap_findings(coverage),
        *missing_findings(coverage),
        *late_findings(coverage),
    ]


def gap_findings(coverage: Coverage) -> Iterator[Finding]:
    """Yield findings about school days, and about sessions of other days, without any mark; they count the marks due.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-05", "2026-11-05", "2026-11-06", "2026-11-06"])
    >>> sessions = pd.DataFrame({"date": days, "session": ["AM", "PM"] * 2, "due_marks": 30, "missing_marks": [30, 30, 30, 0]})
    >>> [(each.rule, each.count) for each in gap_findings(Coverage(sessions, pd.DataFrame(), pd.DataFrame()))]
    [('unmarked_days', 60), ('unmarked_sessions', 30)]
    """
    unmarked = coverage.unmarked_sessions
    in_day = unmarked["date"].isin([pd.Timestamp(day) for day in coverage.unmarked_days])
    if in_day.any():
        days = coverage.unmarked_days
        has = in_number(len(days), "has", "have")
        what = f"{counted(len(days), 'school day')} between the first and the last mark {has} no mark at all"
        yield gap("unmarked_days", f"{what} (the first {days[0]})", unmarked[in_day])
    if not in_day.all():
        single = unmarked[~in_day]
        yield gap("unmarked_sessions", single_words(single, lost_half(coverage.sessions)), single)


def single_words(single: pd.DataFrame, lost: str) -> str:
    """Return in words which sessions (rows) of days with marks have none; ``lost`` is the half of the days that is lost, if one is.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06"]), "session": ["PM", "PM"]})
    >>> single_words(days, "")
    '2 sessions of days with marks have no mark at all (the first 2026-11-05 PM)'
    >>> single_words(days, "PM").rpartition(", ")[2]
    'all of them PM and no other: the export has left them out'
    """
    has = in_number(len(single), "has", "have")
    where = f"{single['date'].iloc[0].date()} {single['session'].iloc[0]}"
    what = f"{counted(len(single), 'session')} of days with marks {has} no mark at all (the first {where})"
    if lost and set(single["session"]) == {lost}:
        return f"{what}, all of them {lost} and no other: the export has left them out"
    return what


def gap(rule: str, what: str, sessions: pd.DataFrame) -> Finding:
    """Return the finding about sessions without any mark (rows of ``session_counts``), counted in marks due.

    Examples
    --------
    >>> gap("unmarked_sessions", "No mark on 5 Nov 26", pd.DataFrame({"due_marks": [30, 28]})).count
    58
    """
    message = f"{what}. Export them, or add them to closures in the school file if the school was shut."
    return Finding(rule, Severity.MUST, message, column="date", count=int(sessions["due_marks"].sum()))


def missing_findings(coverage: Coverage) -> Iterator[Finding]:
    """Yield a finding if more marks are missing, at sessions with a mark, than the limit on lost rows, or a code is gone.

    Examples
    --------
    >>> rows = [pd.DataFrame({"session": ["AM"], "due_marks": [1000], "missing_marks": [missing]}) for missing in (20, 21)]
    >>> found = [list(missing_findings(Coverage(each, None, None, frozenset("/LI")))) for each in rows]
    >>> [[each.message.partition(":")[0] for each in findings] for findings in found]  # 20 of 1,000 are within the limit
    [[], ['21 of 1,000 marks due are missing (2.1%, limit 2%)']]
    """
    others = coverage.sessions.drop(coverage.unmarked_sessions.index)
    missing, due = int(others["missing_marks"].sum()), int(others["due_marks"].sum())
    if due and missing / due > LOSS_LIMIT_RATE:
        rate = f"{missing / due:.1%}, limit {LOSS_LIMIT_RATE:.0%}"
        share = f"{missing:,} of {due:,} marks due {in_number(missing, 'is', 'are')} missing ({rate})"
        lost = lost_kind_words(others, coverage.codes, lost_half(coverage.sessions))
        what = lost or "Have the registers completed and export again."
        message = (
            f"{share}: {in_number(missing, 'it is', 'they are')} in no rate{'; ' if lost else '. '}{what}"
        )
        yield Finding("missing_marks", Severity.MUST, message, column="code", count=missing)
    elif missing and lost_codes(others, coverage.codes):
        # Few are late: all their marks may be gone, and the share of missing ones stays below the limit.
        lost = lost_kind_words(others, coverage.codes)
        share = f"{missing:,} of {due:,} marks due {in_number(missing, 'is', 'are')} missing"
        yield Finding("lost_code", Severity.SHOULD, f"{share}; {lost}", column="code", count=missing)


def late_findings(coverage: Coverage) -> Iterator[Finding]:
    """Yield a finding if the school year of the last mark begins before the first mark; it counts the marks due by then.

    Examples
    --------
    >>> half_terms = {"half_term": ["202627-autumn-1"], "start_date": pd.to_datetime(["2026-09-03"])}
    >>> half_terms = pd.DataFrame(half_terms | {"open_sessions": [70], "marked_sessions": [50]})
    >>> marked = pd.DataFrame({"date": pd.to_datetime(["2026-09-17"]), "half_term": ["202627-autumn-1"], "due_marks": [30]})
    >>> [finding.message.partition(":")[0] for finding in late_findings(Coverage(marked, pd.DataFrame(), half_terms))]
    ['the school year begins on 2026-09-03, the marks on 2026-09-17']
    >>> [finding.count for finding in late_findings(Coverage(marked, pd.DataFrame(), half_terms))]  # 20 sessions of 30 pupils
    [600]
    """
    if coverage.sessions.empty:
        return
    first, year = coverage.sessions.iloc[0], coverage.sessions["half_term"].iloc[-1].partition("-")[0]
    half_terms = coverage.half_terms[coverage.half_terms["half_term"].str.startswith(f"{year}-")]
    early = half_terms[half_terms["start_date"] < first["date"]]
    if len(early):
        message = (
            f"the school year begins on {early['start_date'].iloc[0].date()}, the marks on {first['date'].date()}: "
            "figures for the year to date leave out what is between. Export the marks from the first day."
        )
        sessions = int((early["open_sessions"] - early["marked_sessions"]).sum())
        yield Finding(
            "late_start", Severity.MUST, message, column="date", count=sessions * int(first["due_marks"])
        )


# Marks entered ahead of the last register: what they are, for whom and for when. They are in no rate

SPAN = {"marks": ("date", "size"), "first_date": ("date", "min"), "last_date": ("date", "max")}


def planned_by_code(planned: pd.DataFrame) -> pd.DataFrame:
    """Return marks entered ahead, one row per code.

    Parameters
    ----------
    planned : pandas.DataFrame
        ``School.planned_marks``.

    Returns
    -------
    pandas.DataFrame
        ``code``, its ``meaning``, ``marks`` and ``pupils`` (counts), ``first_date`` and ``last_date``; by code.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-23", "2026-11-24", "2026-11-24"])
    >>> ahead = pd.DataFrame({"pupil_id": ["1", "1", "2"], "date": days, "session": "AM", "code": ["V", "V", "V"]})
    >>> planned_by_code(ahead)[["code", "marks", "pupils"]].values.tolist()
    [['V', 3, 2]]
    """
    return _grouped(planned, ["code"]).assign(
        pupils=planned.groupby("code", observed=True)["pupil_id"].nunique().to_numpy() if len(planned) else []
    )


def planned_by_pupil(planned: pd.DataFrame) -> pd.DataFrame:
    """Return sessions entered ahead, one row per pupil and code: as ``planned_by_code``, without the count of pupils.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-23", "2026-11-24", "2026-11-24"])
    >>> ahead = pd.DataFrame({"pupil_id": ["1", "1", "2"], "date": days, "session": "AM", "code": ["V", "V", "V"]})
    >>> planned_by_pupil(ahead)[["pupil_id", "marks"]].values.tolist()
    [['1', 2], ['2', 1]]
    """
    return _grouped(planned, ["pupil_id", "code"])


def _grouped(planned: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    if planned.empty:
        return pd.DataFrame(columns=[*key, "meaning", *SPAN])
    rows = planned.groupby(key, observed=True, sort=True).agg(**SPAN).reset_index()
    rows = rows.astype({"code": object})
    meanings = [
        _meaning(code, last.date()) for code, last in zip(rows["code"], rows["last_date"], strict=True)
    ]
    return rows.assign(meaning=meanings)


def _meaning(letter: str, on: date) -> str:
    code = code_in_force(letter, on)
    return code.meaning if code else "Not in force on its date"


def last_register_words(day: str) -> str:
    """Return what the last register day is, in one sentence; ``day`` is how it is written.

    Examples
    --------
    >>> last_register_words("18 September 2026").partition(":")[0]
    'The last register day is 18 September 2026'
    """
    return (
        f"The last register day is {day}: the last school day with a session at which {REGISTER_TAKEN_WORDS} have a mark "
        "(pupils whose mark says that attendance was not possible or not required are left out of the count)."
    )


# The roll against the marks: who should have marks and has none, who joined and who left

COUNTS = (
    "enrolments",
    "expected_enrolments",
    "marked_enrolments",
    "unmarked_enrolments",
    "current_enrolments",
    "joined_enrolments",
    "left_enrolments",
)


def reconcile_by_form(register: Register) -> pd.DataFrame:
    """Return enrolments and those with marks of each year group and form.

    Parameters
    ----------
    register : Register
        The whole register, from its first to its last mark.

    Returns
    -------
    pandas.DataFrame
        One row per year group and form (``""`` where the roll names none), in that order, with counts of
        enrolments: all; ``expected_enrolments`` for whom at least one session was open while on roll;
        of these ``marked_enrolments`` with and ``unmarked_enrolments`` without any mark;
        ``current_enrolments`` on roll at the last session; those that joined after the first session and
        those that left before the last.
    """
    forms = register.pupils["form"].astype(object)
    table = enrolment_facts(register).assign(
        year_group=register.pupils["year_group"].to_numpy(), form=forms.where(forms.notna(), "").to_numpy()
    )
    return table.groupby(["year_group", "form"], sort=True, dropna=False)[list(COUNTS)].sum().reset_index()


def enrolment_facts(register: Register) -> pd.DataFrame:
    """Return what is counted of each enrolment, as 1 or 0 (one row per enrolment, columns ``COUNTS``), over the register's days.

    Examples
    --------
    >>> first, last = pd.to_datetime(["2026-11-06", None]), pd.to_datetime([None, "2026-11-05"])
    >>> cells = np.array([[NOT_ON_ROLL, 0], [FIRST_CODE, NOT_ON_ROLL]], dtype=np.uint8)  # one joins, the other leaves
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06"])})
    >>> facts = enrolment_facts(Register(cells, pd.DataFrame({"admission_date": first, "leaving_date": last}), days))
    >>> facts[["marked_enrolments", "unmarked_enrolments", "joined_enrolments", "left_enrolments"]].values.tolist()
    [[0, 1, 1, 0], [1, 0, 0, 1]]
    """
    days = register.sessions["date"].to_numpy()
    expected = ((register.codes != NOT_ON_ROLL) & (register.codes != CLOSED)).any(axis=1)
    marked = (register.codes >= FIRST_CODE).any(axis=1)
    first, last = (days[0], days[-1]) if len(days) else (np.datetime64("NaT"), np.datetime64("NaT"))
    admission = register.pupils["admission_date"].to_numpy()
    leaving = register.pupils["leaving_date"].to_numpy()
    facts = {
        "enrolments": np.ones(len(expected), dtype=bool),
        "expected_enrolments": expected,
        "marked_enrolments": expected & marked,
        "unmarked_enrolments": expected & ~marked,
        "current_enrolments": ~(admission > last) & ~(leaving < last),
        "joined_enrolments": (admission > first) & (admission <= last),
        "left_enrolments": (leaving >= first) & (leaving < last),
    }
    return pd.DataFrame({name: facts[name].astype(int) for name in COUNTS})
