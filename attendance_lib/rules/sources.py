"""Where each rule stands: the text, its edition and paragraph, how it was read, and the day it was last checked.

What was read only as others quote it, or whose paragraph is not known, says so: a reader can then check the original.
"""

from dataclasses import dataclass
from datetime import date

CHECKED = date(2026, 11, 29)
WORKING_TOGETHER = "Working together to improve school attendance"
IN_FORCE = "in force from 19 August 2024"
NEWEST_EDITION = "July 2026 edition"
NOT_KNOWN = "paragraph not known"
QUOTED, IN_EXCERPTS, KNOWN = "as others quote it", "in excerpts", "not read for this: general knowledge"
GUIDANCE_REISSUED = (
    "Working together to improve school attendance was issued again in July 2026 (gov.uk, 9 July 2026). That edition could not be "
    "read in full when this was written: what is cited of it was read as others quote it. Where a rule matters, read the edition "
    "that gov.uk has now; page 20 of the July 2026 edition says five working days for a reason, and the regulations say five "
    "school days, which is what is applied here."
)


@dataclass(frozen=True)
class Source:
    """Where a rule stands: what it says there in a few words, the text, its edition, the paragraph and how it was read."""

    rule: str
    title: str
    edition: str
    paragraph: str
    how_read: str
    checked_on: date = CHECKED

    @property
    def cited(self) -> str:
        """The source as it is cited beside a rule.

        Examples
        --------
        >>> SICKNESS_RETURN.cited
        'Working together to improve school attendance (2024 edition, paragraph not known; last checked 2026-11-29)'
        """
        return f"{self.title} ({self.edition}, {self.paragraph}; last checked {self.checked_on})"


REGISTER_CODES = Source(
    "Register codes and how each counts",
    "School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208)",
    IN_FORCE,
    "regulation 10, tables 1 to 3",
    IN_EXCERPTS,
)
OLD_CODES = Source(
    "Register codes before 19 August 2024",
    "Education (Pupil Registration) (England) Regulations 2006 (SI 2006/1751)",
    "in force to 18 August 2024",
    "regulation 6",
    IN_EXCERPTS,
)
REASON_FOR_N = Source(
    "A reason for N by the fifth school day, else O",
    "School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208); " + WORKING_TOGETHER,
    f"{IN_FORCE}; {NEWEST_EDITION}",
    "regulation 10(7) to (9); paragraphs 407 to 409 (page 96)",
    QUOTED,
)
LATE_AFTER_N = Source(
    "N becomes U, or a better code, where the pupil comes after the register closed",
    WORKING_TOGETHER,
    NEWEST_EDITION,
    "page 82",
    QUOTED,
)
TAKING_REGISTERS = Source(
    "Registers at the start of each morning and once each afternoon, open for 30 minutes at most",
    WORKING_TOGETHER,
    NEWEST_EDITION,
    "paragraph 32",
    QUOTED,
)
FRAMEWORK = Source(
    "National penalty notice threshold: 10 sessions of G, N, O or U in 10 school weeks",
    "Education (Penalty Notices) (England) (Amendment) Regulations 2024 (SI 2024/210); " + WORKING_TOGETHER,
    f"{IN_FORCE}; national framework for penalty notices, 2024 edition",
    NOT_KNOWN,
    QUOTED,
)
NOTICE_LIMIT = Source(
    "At most two penalty notices for a parent and child in three years; £160, £80 if paid within 21 days",
    "Education (Penalty Notices) (England) (Amendment) Regulations 2024 (SI 2024/210); local authorities' codes of conduct",
    IN_FORCE,
    NOT_KNOWN,
    QUOTED,
)
NOTICE_TO_IMPROVE = Source(
    "A notice to improve is support before a penalty notice, usually of three to six weeks",
    WORKING_TOGETHER,
    "2024 edition",
    NOT_KNOWN,
    QUOTED,
)
CONSIDERING = Source(
    "At the threshold the school must consider a penalty notice, case by case, and whether support has been tried",
    WORKING_TOGETHER,
    "national framework for penalty notices, 2024 edition",
    NOT_KNOWN,
    QUOTED,
)
IMPROVEMENT_CONTENTS = Source(
    "The eight things that a notice to improve holds",
    WORKING_TOGETHER,
    "2024 edition, as Nottinghamshire's template lists them",
    NOT_KNOWN,
    QUOTED,
)
EQUALITY_ACT = Source(
    "No notice where it would be unfair because of a disability or a need that is not met; adjustments come first",
    "Equality Act 2010; " + WORKING_TOGETHER,
    "as amended; 2024 edition",
    "sections 15 and 20; paragraph not known",
    KNOWN,
)
SICKNESS_RETURN = Source(
    "Sickness return: 15 school days of illness in the year, at compulsory school age",
    WORKING_TOGETHER,
    "2024 edition",
    NOT_KNOWN,
    QUOTED,
)
ATTENDANCE_RETURN = Source(
    "Attendance return: 10 school days in a row unauthorised, at compulsory school age",
    WORKING_TOGETHER,
    "2024 edition",
    NOT_KNOWN,
    QUOTED,
)
GUIDANCE = Source(
    "Other guidance on codes and registers", WORKING_TOGETHER, "2024 edition", NOT_KNOWN, QUOTED
)
ABSENCE_THRESHOLDS = Source(
    "Persistent (10%) and severe absence (50%), and the ages that are counted",
    "DfE, Pupil absence in schools in England: methodology",
    "edition not dated in what was read",
    "persistent and severe absence",
    IN_EXCERPTS,
)
AT_RISK = Source(
    "At risk of persistent absence: attendance of 90 to 95 per cent",
    WORKING_TOGETHER,
    "2024 edition",
    NOT_KNOWN,
    QUOTED,
)
SUSPENSIONS = Source(
    "Suspensions: at most 45 days a year, education from the sixth day at compulsory school age",
    "Education Act 2002; Education and Inspections Act 2006; suspension guidance",
    "as amended",
    "section 51A; section 100",
    KNOWN,
)
WORK_EXPERIENCE = Source(
    "Work experience in the last two years of compulsory schooling",
    "Education Act 1996",
    "as amended",
    "section 560",
    KNOWN,
)
SCHOOL_YEAR = Source(
    "A school year of 380 sessions",
    "Education (School Day and School Year) (England) Regulations 1999",
    "as amended",
    NOT_KNOWN,
    QUOTED,
)
SCHOOL_AGE = Source(
    "Compulsory school age",
    "Education Act 1996; Education (Start of Compulsory School Age) Order 1998; School Leaving Date Order 1997", "as amended",
    "section 8", KNOWN,
)  # fmt: skip
SOURCES = (
    REGISTER_CODES, OLD_CODES, REASON_FOR_N, LATE_AFTER_N, TAKING_REGISTERS, ABSENCE_THRESHOLDS, AT_RISK, FRAMEWORK, NOTICE_LIMIT,
    NOTICE_TO_IMPROVE, CONSIDERING, IMPROVEMENT_CONTENTS, EQUALITY_ACT, SICKNESS_RETURN, ATTENDANCE_RETURN,
    SUSPENSIONS, WORK_EXPERIENCE, SCHOOL_YEAR, SCHOOL_AGE, GUIDANCE,
)  # fmt: skip
# Those that matter only where the national framework is applied.
NOTICE_SOURCES = (
    FRAMEWORK,
    NOTICE_LIMIT,
    NOTICE_TO_IMPROVE,
    CONSIDERING,
    IMPROVEMENT_CONTENTS,
    EQUALITY_ACT,
)
