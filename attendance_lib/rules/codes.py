"""The attendance and absence codes, the dates they hold and how each counts in DfE's statistics.

A mark is classified by the code set in force on its own date: ``J`` was attendance before
19 August 2024, ``J1`` is authorised absence since.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np

from attendance_lib.rules.sources import OLD_CODES, REGISTER_CODES

REGULATIONS_2024, REGULATIONS_2006 = REGISTER_CODES.cited, OLD_CODES.cited

NEW_CODES_FROM = date(2024, 8, 19)
OLD_CODES_TO = date(2024, 8, 18)
RECORDS_BEGIN = date(2006, 9, 1)
NO_END = date(9999, 12, 31)
ONE_DAY = timedelta(days=1)


class Category(IntEnum):
    """How a mark counts. The numbers are what the register's tally counts by.

    ``PRESENT`` and ``APPROVED_ACTIVITY`` are attendance, the two absences are absence, and these four
    make up the possible sessions. Everything else is outside the rates and counted on its own.
    """

    MISSING = 0
    NOT_ON_ROLL = 1
    CLOSED = 2
    UNCLASSIFIED = 3
    PRESENT = 4
    APPROVED_ACTIVITY = 5
    AUTHORISED_ABSENCE = 6
    UNAUTHORISED_ABSENCE = 7
    NOT_POSSIBLE = 8


@dataclass(frozen=True)
class AttendanceCode:
    """One code over the dates it was in force, with the group a reader sees it under.

    ``is_late`` is DfE's late session (L and U). ``is_uncommon`` marks codes whose use is worth a look.
    """

    letter: str
    meaning: str
    category: Category
    group: str
    from_date: date = RECORDS_BEGIN
    to_date: date = NO_END
    source: str = REGULATIONS_2024
    is_late: bool = False
    is_uncommon: bool = False


PRESENT, ACTIVITY = Category.PRESENT, Category.APPROVED_ACTIVITY
AUTHORISED, UNAUTHORISED = Category.AUTHORISED_ABSENCE, Category.UNAUTHORISED_ABSENCE
# What counts as attending, and what as absence; a session that is either was possible.
ATTENDED, ABSENT = (PRESENT, ACTIVITY), (AUTHORISED, UNAUTHORISED)
POSSIBLE = (*ATTENDED, *ABSENT)
NOT_POSSIBLE = Category.NOT_POSSIBLE


def new(letter: str, meaning: str, category: Category, group: str, **more: bool) -> AttendanceCode:
    """Return a code that came into force on 19 August 2024.

    Examples
    --------
    >>> new("Q", "No access arrangements", Category.NOT_POSSIBLE, "Not required").from_date
    datetime.date(2024, 8, 19)
    """
    return AttendanceCode(letter, meaning, category, group, from_date=NEW_CODES_FROM, **more)


def old(letter: str, meaning: str, category: Category, group: str) -> AttendanceCode:
    """Return a code that was withdrawn on 19 August 2024.

    Examples
    --------
    >>> old("H", "Agreed family holiday", Category.AUTHORISED_ABSENCE, "Holiday").to_date
    datetime.date(2024, 8, 18)
    """
    return AttendanceCode(letter, meaning, category, group, to_date=OLD_CODES_TO, source=REGULATIONS_2006)


CODES: tuple[AttendanceCode, ...] = (
    AttendanceCode("/", "Present in the morning", PRESENT, "Present"),
    AttendanceCode("\\", "Present in the afternoon", PRESENT, "Present"),
    AttendanceCode("L", "Late, before the register closed", PRESENT, "Present", is_late=True),
    new("K", "Education provision arranged by the local authority", ACTIVITY, "Approved activity", is_uncommon=True),
    AttendanceCode("V", "Educational visit or trip", ACTIVITY, "Approved activity"),
    AttendanceCode("P", "Approved sporting activity", ACTIVITY, "Approved activity"),
    AttendanceCode("W", "Work experience", ACTIVITY, "Approved activity"),
    AttendanceCode("B", "Other approved educational activity off site", ACTIVITY, "Approved activity", is_uncommon=True),
    AttendanceCode("D", "Dual registered at another school", NOT_POSSIBLE, "Not a possible session", is_uncommon=True),
    new("C1", "Leave for a regulated performance or employment abroad", AUTHORISED, "Leave granted"),
    AttendanceCode("M", "Medical or dental appointment", AUTHORISED, "Medical appointment"),
    new("J1", "Leave for an interview", AUTHORISED, "Leave granted"),
    AttendanceCode("S", "Study leave for a public examination", AUTHORISED, "Study leave"),
    AttendanceCode("X", "Not of compulsory school age and not required", NOT_POSSIBLE, "Not a possible session", is_uncommon=True),
    new("C2", "Temporary part-time timetable", AUTHORISED, "Part-time timetable", is_uncommon=True),
    AttendanceCode("C", "Leave for exceptional circumstances", AUTHORISED, "Leave granted"),
    AttendanceCode("T", "Parent travelling for occupational purposes", AUTHORISED, "Other authorised"),
    AttendanceCode("R", "Religious observance", AUTHORISED, "Other authorised"),
    AttendanceCode("I", "Illness", AUTHORISED, "Illness"),
    AttendanceCode("E", "Suspended or permanently excluded", AUTHORISED, "Suspended or excluded", is_uncommon=True),
    new("Q", "Unable to attend: no access arrangements", NOT_POSSIBLE, "Not a possible session"),
    new("Y1", "Unable to attend: usual transport not available", NOT_POSSIBLE, "Not a possible session"),
    new("Y2", "Unable to attend: widespread disruption to travel", NOT_POSSIBLE, "Not a possible session"),
    new("Y3", "Unable to attend: part of the premises closed", NOT_POSSIBLE, "Not a possible session"),
    new("Y4", "Unable to attend: whole site unexpectedly closed", NOT_POSSIBLE, "Not a possible session"),
    new("Y5", "Unable to attend: in criminal justice detention", NOT_POSSIBLE, "Not a possible session"),
    new("Y6", "Unable to attend: public health guidance or law", NOT_POSSIBLE, "Not a possible session"),
    new("Y7", "Unable to attend: other unavoidable cause", NOT_POSSIBLE, "Not a possible session", is_uncommon=True),
    AttendanceCode("G", "Holiday not granted by the school", UNAUTHORISED, "Unauthorised holiday"),
    AttendanceCode("N", "Reason not yet established", UNAUTHORISED, "No reason yet"),
    AttendanceCode("O", "Absent in other or unknown circumstances", UNAUTHORISED, "Other unauthorised"),
    AttendanceCode("U", "Arrived after the register closed", UNAUTHORISED, "Late after the register closed", is_late=True),
    AttendanceCode("Z", "Prospective pupil, not yet on the admission register", NOT_POSSIBLE, "Not a possible session"),
    AttendanceCode("#", "Planned whole-school closure", NOT_POSSIBLE, "Not a possible session"),
    old("J", "Interview (approved educational activity)", ACTIVITY, "Approved activity"),
    old("H", "Family holiday agreed by the school", AUTHORISED, "Leave granted"),
    AttendanceCode(
        "F", "Extended family holiday agreed by the school", AUTHORISED, "Leave granted",
        to_date=date(2013, 8, 31), source=REGULATIONS_2006,
    ),
    old("Y", "Unable to attend in exceptional circumstances", NOT_POSSIBLE, "Not a possible session"),
)  # fmt: skip

# The days from which a set of codes holds: a code began on it, or was withdrawn on the day before.
CODE_SETS_FROM = sorted(
    {code.from_date for code in CODES} | {code.to_date + ONE_DAY for code in CODES if code.to_date < NO_END}
)
KNOWN_LETTERS: frozenset[str] = frozenset(code.letter for code in CODES)
LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE, NO_REASON_YET = "L", "U", "N"
DUAL_REGISTERED, SITE_CLOSED = "D", "Y4"


def code_in_force(letter: str, on: date) -> AttendanceCode | None:
    """Return the code with this letter that is in force on a date, or None.

    Examples
    --------
    >>> code_in_force("J", date(2024, 8, 18)).category.name
    'APPROVED_ACTIVITY'
    >>> code_in_force("J", date(2024, 8, 19)) is None
    True
    """
    return next(
        (code for code in CODES if code.letter == letter and code.from_date <= on <= code.to_date), None
    )


def categories_on(days: np.ndarray) -> np.ndarray:
    """Return how each code counts on each day.

    Parameters
    ----------
    days : numpy.ndarray
        Dates (datetime64[D]), shape (days,).

    Returns
    -------
    numpy.ndarray
        Category numbers, shape (codes, days); UNCLASSIFIED where a code is not in force.

    Examples
    --------
    >>> j = [code.letter for code in CODES].index("J")
    >>> table = categories_on(np.array(["2024-08-16", "2024-09-02"], "datetime64[D]"))
    >>> [Category(n).name for n in table[j]]
    ['APPROVED_ACTIVITY', 'UNCLASSIFIED']
    """
    table = np.full((len(CODES), len(days)), Category.UNCLASSIFIED, dtype=np.uint8)
    for row, code in enumerate(CODES):
        in_force = (days >= np.datetime64(code.from_date)) & (days <= np.datetime64(code.to_date))
        table[row, in_force] = code.category
    return table


def code_set_on(days: np.ndarray) -> np.ndarray:
    """Return a number for the set of codes in force on each day: days with the same number are classified alike.

    Parameters
    ----------
    days : numpy.ndarray
        Dates (datetime64[D]), shape (days,).

    Returns
    -------
    numpy.ndarray
        Whole numbers that grow with time, shape (days,).

    Examples
    --------
    >>> sets = code_set_on(np.array(["2024-07-19", "2024-08-18", "2024-08-19", "2026-09-07"], "datetime64[D]"))
    >>> (sets - sets[0]).tolist()
    [0, 0, 1, 1]
    """
    return np.searchsorted(np.array(CODE_SETS_FROM, "datetime64[D]"), days, side="right")
