"""What a check of a register inspection is, and the lines beyond which something is worth a look.

A must is against the law or makes figures wrong; a should is good practice or worth a question. This is how a
local authority sets out what it recommends after inspecting a school's registers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from attendance_lib.errors import Severity
from attendance_lib.rules import sources

if TYPE_CHECKING:
    from attendance_lib.analysis.inspection.scope import Scope

GUIDANCE, SUSPENSIONS = sources.GUIDANCE.cited, sources.SUSPENSIONS.cited
WORK_EXPERIENCE, SCHOOL_YEAR = sources.WORK_EXPERIENCE.cited, sources.SCHOOL_YEAR.cited
CHECKLIST = "Local authorities' register inspection checklists (good practice, no rule of law)"
OURS = "Ours: a line beyond which it is worth a look, not a rule of law"


@dataclass(frozen=True)
class Check:
    """One check of a register inspection, declared beside the function that finds what is wrong.

    ``rule`` names it in tables, ``check`` says it to a reader; then its weight, what to do, and where it comes from. ``find``
    returns one row per thing to fix, of this check or of several that one look finds. ``lacks`` says why a register cannot be
    checked for it, and is empty text where it can.

    What a check without ``names_pupil`` finds is a class, a register, a file or the calendar, and never a pupil. Each thing
    that one ``is_dated_by_mark`` finds is a mark and dated by it: what was found by a date stays found, and spans of time add
    up. What the others find is open at a date: a run of one code, or an illness of so many days, is dated anew as it grows.
    """

    rule: str
    check: str
    severity: Severity
    what_to_do: str
    source: str
    find: Callable[["Scope"], pd.DataFrame]
    lacks: Callable[["Scope"], str] | None = None
    names_pupil: bool = True
    is_dated_by_mark: bool = False


# A suspension: provision is due from the sixth school day in a row; 45 school days a school year are the most.
LONGEST_SUSPENSION_DAYS, MOST_SUSPENDED_DAYS = 5, 45
# Sickness return and attendance return to the local authority.
ILLNESS_DAYS, UNAUTHORISED_DAYS = 15, 10
# A school meets for 380 sessions in a school year; ten more are the five INSET days that a calendar forgot.
YEAR_SESSIONS, TOO_MANY_SESSIONS = 380, 390
# Ours: leave for exceptional circumstances is short; two school weeks are worth a question.
LEAVE_DAYS = 10
# April to July; from Year 11; and work experience in the last two years of compulsory schooling.
EXAM_MONTHS = (4, 7)
STUDY_LEAVE_FROM_YEAR, WORK_EXPERIENCE_FROM_YEAR = 11, 10
# Ours: four school weeks without a review, bridging gaps of less than a week (one day a week at another place is a run).
ARRANGEMENT_CODES = ("B", "C2", "D", "K", "Y7")
ARRANGEMENT_DAYS, ARRANGEMENT_GAP_DAYS = 20, 4
# Ours: a class small enough may well be all ill, or all there for a week.
BULK_PUPILS, FULL_CLASS_PUPILS, FULL_CLASS_SESSIONS = 5, 10, 10
# Ours: so many school days without a mark at the beginning or end of being on roll are a wrong date, not forgotten marks.
UNMARKED_DAYS = 5
# Ours: a class does something far more often than others from ten times on, for three pupils, and at three times their rate.
FAR_MORE_TIMES, FAR_MORE_PUPILS, FAR_MORE_OFTEN = 10, 3, 3
# Ours: amendments of a class made on one day, long after; fewer, or of fewer pupils, is one pupil's reason found late.
AMENDED_MARKS, AMENDED_PUPILS = 10, 3
# Ours: minutes late of which nine in ten are multiples of five, or one figure, were not read off a clock.
ROUND_MINUTES, ROUNDED_MARKS, ROUNDED_IN_TEN = 5, 20, 9
# Codes that a whole class has for good reason: present, a closure, or travel and premises that fail for all.
WHOLE_CLASS_CODES = ("/", "\\", "#", "Z", "Y2", "Y3", "Y4", "Y6")

MUST, SHOULD = Severity.MUST, Severity.SHOULD
