"""What a register inspection looks for: each check with its words, its weight, what to do and where it comes from.

A must is against the law or makes figures wrong; a should is good practice or worth a question. This is how a
local authority sets out what it recommends after inspecting a school's registers.
"""

from dataclasses import dataclass

from attendance_lib.errors import Severity
from attendance_lib.rules import sources
from attendance_lib.rules.codes import REGULATIONS_2024

GUIDANCE, SUSPENSIONS = sources.GUIDANCE.cited, sources.SUSPENSIONS.cited
WORK_EXPERIENCE, SCHOOL_YEAR = sources.WORK_EXPERIENCE.cited, sources.SCHOOL_YEAR.cited
CHECKLIST = "Local authorities' register inspection checklists (good practice, no rule of law)"
OURS = "Ours: a line beyond which it is worth a look, not a rule of law"


@dataclass(frozen=True)
class InspectionRule:
    """One check: its name in the tables, its words for a reader, its weight, what to do, and its source."""

    rule: str
    check: str
    severity: Severity
    what_to_do: str
    source: str = CHECKLIST


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
RULES: tuple[InspectionRule, ...] = (
    InspectionRule(
        "register_missing", "Register not taken", MUST,
        "Ask who should have taken it, enter the marks from what is known and record why it was late.", REGULATIONS_2024,
    ),
    InspectionRule(
        "mark_missing", "Mark missing", MUST,
        "Establish whether the pupil was there, and enter what was so; only an absence for which no reason can be established "
        "is O. Check that the pupil was safe.",
        REGULATIONS_2024,
    ),
    InspectionRule(
        "pupil_unmarked", "Pupil on roll without any mark", MUST,
        "Add the pupil to a register and enter the marks, or correct the admission or leaving date.", CHECKLIST,
    ),
    InspectionRule(
        "marks_stop", "Marks begin late or end early for a pupil on roll", MUST,
        "Enter the leaving date, or correct the admission date; else enter the marks. A pupil who is gone without a known "
        "school is reported to the local authority.",
        CHECKLIST,
    ),
    InspectionRule(
        "n_overdue", "N beyond five school days", MUST,
        "Enter the code of the reason; if none can be established, O.", sources.REASON_FOR_N.cited,
    ),
    InspectionRule(
        "obsolete_code", "Code not in force on its date", MUST,
        "Replace it by the code in force; until then the session is in no rate.", REGULATIONS_2024,
    ),
    InspectionRule(
        "unknown_code", "Not a register code", MUST,
        "Correct it in the register and export again; such marks are left out.", REGULATIONS_2024,
    ),
    InspectionRule(
        "wrong_half_day", "/ in the afternoon or \\ in the morning", MUST,
        "Use / in the morning and \\ in the afternoon; if every afternoon has /, correct the export.", REGULATIONS_2024,
    ),
    InspectionRule(
        "closure_code_open", "# or Z on an open session", MUST,
        "Enter the mark, or add the closure to the calendar or correct the admission date.", REGULATIONS_2024,
    ),
    InspectionRule(
        "mark_off_roll", "Mark before admission or after leaving", MUST,
        "Correct the admission or leaving date, or remove the marks.", REGULATIONS_2024,
    ),
    InspectionRule(
        "pupil_not_listed", "Marks of a pupil who is not in the pupils file", MUST,
        "Export every pupil of the period, leavers too; until then these marks are left out.", CHECKLIST,
    ),
    InspectionRule(
        "mark_when_closed", "Mark on a closed session", MUST,
        "Remove the marks, or correct the calendar.", CHECKLIST,
    ),
    InspectionRule(
        "conflicting_rows", "Two codes for one session", MUST,
        "Find out which is right, and correct the register or the export.", CHECKLIST,
    ),
    InspectionRule(
        "x_of_school_age", "X for a pupil of compulsory school age", MUST,
        "Use the code of the real reason; a part-time timetable is C2.", REGULATIONS_2024,
    ),
    InspectionRule(
        "c2_not_of_school_age", "C2 for a pupil not of compulsory school age", MUST,
        "Use X for sessions that the pupil is not required to attend.", REGULATIONS_2024,
    ),
    InspectionRule(
        "work_experience_year", "W below Year 10", MUST,
        "Use B if the activity qualifies; work experience is for the last two years of compulsory schooling.", WORK_EXPERIENCE,
    ),
    InspectionRule(
        "suspension_sixth_day", "E beyond five school days in a row", MUST,
        "Arrange education from the sixth school day, and code where the pupil is (such as K, B or D).", SUSPENSIONS,
    ),
    InspectionRule(
        "suspension_year", "E for more than 45 school days in the year", MUST,
        "No pupil may be suspended for longer in a school year: check the record and tell the head teacher.", SUSPENSIONS,
    ),
    InspectionRule(
        "illness_return", "Illness of 15 school days or more in the year", MUST,
        "Make the sickness return to the local authority, and agree support.", sources.SICKNESS_RETURN.cited,
    ),
    InspectionRule(
        "unauthorised_return", "Unauthorised for 10 school days in a row", MUST,
        "Make the attendance return to the local authority, and check that the pupil is safe.",
        sources.ATTENDANCE_RETURN.cited,
    ),
    InspectionRule(
        "late_after_close", "L later than the register closed", MUST,
        "Use U, or the code of the reason; or correct the minutes.", GUIDANCE,
    ),
    InspectionRule(
        "late_before_close", "U earlier than the register closed", MUST,
        "Use L; or correct the minutes.", GUIDANCE,
    ),
    InspectionRule(
        "register_late", "Register taken late", SHOULD,
        "Ask what kept it, and see that registers are taken when the session begins.", CHECKLIST,
    ),
    InspectionRule(
        "late_without_minutes", "L or U without minutes late", SHOULD,
        "Enter how late the pupil came.", CHECKLIST,
    ),
    InspectionRule(
        "study_leave_year", "S below Year 11", SHOULD,
        "Use the code of the real reason; study leave is for pupils in Year 11 and above.", GUIDANCE,
    ),
    InspectionRule(
        "study_leave_season", "S outside April to July", SHOULD,
        "Check that a public examination was being prepared for.", GUIDANCE,
    ),
    InspectionRule(
        "religious_days", "R on more than one school day in a row", SHOULD,
        "Check that the religious body sets each day apart; other days are leave, which the school may or may not grant.",
        GUIDANCE,
    ),
    InspectionRule(
        "interview_days", "J1 on more than one school day in a row", SHOULD,
        "Check that there was an interview on each day; use the code of the real reason for the others.", GUIDANCE,
    ),
    InspectionRule(
        "travelling", "T needs evidence", SHOULD,
        "Have on file that the parent travels for his or her trade or business on these days and the pupil with them.",
        REGULATIONS_2024,
    ),
    InspectionRule(
        "leave_long", "C for two school weeks or more", SHOULD,
        "Check that leave of this length was granted, for exceptional circumstances, before it was taken.", OURS,
    ),
    InspectionRule(
        "n_before_holiday", "N on the last day before a holiday", SHOULD,
        "Ask for the reason soon: leave that was not granted is G.", CHECKLIST,
    ),
    InspectionRule(
        "n_often", "N far more often than in other forms", SHOULD,
        "Ask how reasons reach the register: who rings home, and who enters what the office learns.", CHECKLIST,
    ),
    InspectionRule(
        "whole_site_closed", "Y4 while others were present", SHOULD,
        "Y4 is for the whole site closed; where part of it was, use Y3, or the code of the real reason.", REGULATIONS_2024,
    ),
    InspectionRule(
        "dual_tally", "Sessions at the other school to be agreed (D)", SHOULD,
        "Send the dates to the other school and agree them: it must have marked the pupil in each of these sessions.", CHECKLIST,
    ),
    InspectionRule(
        "dual_status", "D for a pupil not recorded as dual registered", SHOULD,
        "If dual registered then, correct the enrolment status; else enter the code of the real reason: D is in no rate.",
        REGULATIONS_2024,
    ),
    InspectionRule(
        "dual_without_d", "Dual registered, but without D for 20 school days", SHOULD,
        "Check where the pupil was due: sessions at the other school are D; if there are none any more, correct the status.",
        CHECKLIST,
    ),
    InspectionRule(
        "arrangement_unreviewed", "Long run of B, C2, D, K or Y7", SHOULD,
        "B, D and K: check with the provider that the pupil attends and is safe. C2: set an end and a review date. "
        "Y7: review the cause.",
        OURS,
    ),
    InspectionRule(
        "bulk_code", "One code for a whole class", SHOULD,
        "Check that it was so for each pupil (a visit may be), and not filled in at once.", CHECKLIST,
    ),
    InspectionRule(
        "full_class", "Nobody absent or late for 10 sessions", SHOULD,
        "Check that the register was taken with the pupils in front of the teacher.", OURS,
    ),
    InspectionRule(
        "minutes_rounded", "Minutes late in round numbers or all alike", SHOULD,
        "Check that the minutes are read off the clock as pupils come, and not filled in afterwards.", CHECKLIST,
    ),
    InspectionRule(
        "amended_together", "Many marks amended on one day, long after", SHOULD,
        "Check who amended them, why, and what shows it: the original, the reason, the date and the person must be on record.",
        REGULATIONS_2024,
    ),
    InspectionRule(
        "amended_often", "Marks amended late far more often than in other forms", SHOULD,
        "Ask why these marks are so often wrong at first, and check that each amendment has its reason on record.",
        REGULATIONS_2024,
    ),
    InspectionRule(
        "edit_near_threshold", "Unauthorised mark removed near a notice threshold", SHOULD,
        "Check that the reason, the person and the date of the amendment are on record.", REGULATIONS_2024,
    ),
    InspectionRule(
        "sources_differ", "Sources give different codes", SHOULD,
        "Export both at one time; until then the later one in the school file holds.", OURS,
    ),
    InspectionRule(
        "repeated_rows", "Rows repeated", SHOULD,
        "Export each mark once; rows that agree were counted once.", CHECKLIST,
    ),
    InspectionRule(
        "code_spelling", "Codes spelled in another way", SHOULD,
        "They were read by their plain meaning; enter codes as the regulations write them.", CHECKLIST,
    ),
    InspectionRule(
        "year_sessions", "School year not of 380 sessions", SHOULD,
        "Correct terms, INSET days and closures in the school file; sessions lost to what could not be avoided may stay lost.",
        SCHOOL_YEAR,
    ),
)  # fmt: skip
RULE_OF = {each.rule: each for each in RULES}

# What these find is a class, a register, a file or the calendar, and never a pupil.
OF_NO_PUPIL = frozenset({
    "register_missing", "register_late", "bulk_code", "full_class", "n_often",
    "amended_together", "amended_often", "minutes_rounded", "repeated_rows", "code_spelling",
    "year_sessions",
})  # fmt: skip
# Each thing that these find is a mark and dated by it: what was found by a date stays found, and spans of time add up. What
# the others find is open at a date: a run of one code, or an illness of so many days, is dated anew as it grows.
DATED_BY_MARK = frozenset({
    "mark_missing", "obsolete_code", "n_before_holiday", "late_after_close", "late_before_close", "late_without_minutes",
})  # fmt: skip
