"""Penalty notice thresholds: how many unauthorised sessions within how long, from when, by whose rule.

Meeting the national threshold means that the school must consider the case; it never means that it must fine. A local
rule is the trigger at which its authority asks for a referral, and no more.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from attendance_lib.errors import counted
from attendance_lib.rules.codes import NO_END, NO_REASON_YET
from attendance_lib.rules.sources import FRAMEWORK

LOCAL = "The school's own settings, after its local authority's code of conduct"

NATIONAL_FROM = date(2024, 8, 19)
NATIONAL_SESSIONS, NATIONAL_WEEKS = 10, 10
UNAUTHORISED_CODES = ("G", "N", "O", "U")

# Ours, not the law's: with three sessions to go (7 of 10), one more day and a half would meet the threshold.
NEAR_SESSIONS = 3

MUST_CONSIDER = (
    "Meeting the national threshold means the school must consider a penalty notice for each parent of each child, case by "
    "case; it does not mean it must issue one. Support comes first, unless it is not appropriate (such as for a holiday in term "
    "time)."
)
LOCAL_TRIGGER = (
    "A local rule is a referral trigger, from the local authority's code of conduct as the school file has it: it says when the "
    "authority wants to hear of a case. The duty to consider a notice comes with the national threshold alone."
)

# No notice where two were issued to that parent for that child in the three years that end on the day a third is proposed,
# counted from the first day of the national framework; what was withdrawn does not count.
MOST_NOTICES, NOTICE_YEARS = 2, 3
OFFENCES = ("first", "second in three years", "third in three years: no penalty notice, another measure")
OFFENCE_NOTE = (
    "Notices count for each parent and child. The first is £160 within 28 days of its receipt, or £80 within 21; a second in "
    "three years is £160 within 28; after two in the three years up to the day of a further one there is no third, and another "
    "measure is considered. Counted over all years of the log, from 19 August 2024 and for absence since then, without those "
    "withdrawn; another school's or authority's notices are not in it."
)


class NoticeKind(StrEnum):
    """What an entry of the notices log is; only a penalty notice uses sessions up."""

    PENALTY_NOTICE = "penalty notice"
    NOTICE_TO_IMPROVE = "notice to improve"
    CONTRACT = "attendance contract"
    OTHER = "other"


# How people write them, in the order in which they are looked for: "notice to improve before a penalty notice" is the first.
WORDS_OF_KINDS = (
    (NoticeKind.NOTICE_TO_IMPROVE, re.compile(r"improve|\bnti\b")),
    (NoticeKind.PENALTY_NOTICE, re.compile(r"penalty|\bf?pns?\b")),
    (NoticeKind.CONTRACT, re.compile(r"contract")),
)
# Where a notice stands that was never issued, and where one that counts as if it had not been. "Referred to the LA" is the
# first, "unpaid, referred for prosecution" is not; "withdrawn by the LA" is the second.
NEVER_ISSUED = re.compile(r"\s*(not (yet )?issued|draft|proposed|requested|referred|declined)\b")
WITHDRAWN = re.compile(r"(?<!not )\b(withdrawn|cancell?ed)\b")


def was_issued(status: str) -> bool:
    """Return whether an entry of the notices log was ever issued, from where the school says that it stands.

    Examples
    --------
    >>> was_issued("Paid"), was_issued("Withdrawn by the LA"), was_issued("draft"), was_issued("Not yet issued")
    (True, True, False, False)
    """
    return not NEVER_ISSUED.match(status.lower())


def still_counts(status: str) -> bool:
    """Return whether an entry of the notices log was issued and not withdrawn.

    Examples
    --------
    >>> still_counts("Unpaid"), still_counts("withdrawn 12 October"), still_counts("Referred to LA"), still_counts("")
    (True, False, False, True)
    """
    return was_issued(status) and not WITHDRAWN.search(status.lower())


# What the log says of a notice to improve that is over; any other word says nothing of how it ended.
OUTCOMES = {"met": True, "improved": True, "not met": False, "not improved": False, "failed": False}


def was_met(status: str) -> bool | None:
    """Return whether a notice to improve was met, from where the school says that it stands; None where that says nothing.

    Examples
    --------
    >>> was_met("Met"), was_met("not met "), was_met("active"), was_met("closed")
    (True, False, None, None)
    """
    return OUTCOMES.get(status.strip().lower())


def notice_kind(written: str) -> NoticeKind:
    """Return what an entry of the notices log is, from how the school writes its kind.

    Examples
    --------
    >>> [notice_kind(each).value for each in ("Penalty Notice (2nd)", "PN", "NTI", "Parenting contract", "Letter")]
    ['penalty notice', 'penalty notice', 'notice to improve', 'attendance contract', 'other']
    """
    lowered = written.lower()
    return next((kind for kind, words in WORDS_OF_KINDS if words.search(lowered)), NoticeKind.OTHER)


def counts_to_limit(issued_on: date, about: date | None, on: date) -> bool:
    """Return whether a penalty notice that was not withdrawn counts towards the two in the three years that end on a day.

    Parameters
    ----------
    issued_on : datetime.date
        When it was issued.
    about : datetime.date or None
        The last absence that it was issued for; None where the log does not say, and the day of issue stands for it.
    on : datetime.date
        The day on which a further one is proposed.

    Notes
    -----
    The day three years before is outside. Absence before the national framework was dealt with under the old law, whenever
    the notice came. Source: ``sources.NOTICE_LIMIT``.

    Examples
    --------
    >>> counts_to_limit(date(2024, 11, 20), None, date(2027, 11, 20)), counts_to_limit(date(2024, 11, 21), None, date(2027, 11, 20))
    (False, True)
    """
    since = on - relativedelta(years=NOTICE_YEARS)
    return since < issued_on <= on and min(issued_on, about or issued_on) >= NATIONAL_FROM


def offence_in_words(notices: int) -> str:
    """Return what a further notice would be after so many in three years.

    Examples
    --------
    >>> offence_in_words(0), offence_in_words(3)
    ('first', 'third in three years: no penalty notice, another measure')
    """
    return OFFENCES[min(notices, MOST_NOTICES)]


class Span(StrEnum):
    """What a window is counted in; the value is the column of the register's sessions."""

    SCHOOL_WEEKS = "school_week"
    TERMS = "term"


@dataclass(frozen=True)
class NoticeRule:
    """So many sessions of these codes within ``length`` school weeks or consecutive terms.

    A school week is a week with at least one session. Marks before ``from_date`` or after ``to_date`` do
    not count, and the rule is in force between them.
    """

    name: str
    sessions: int
    length: int
    span: Span
    from_date: date
    to_date: date = NO_END
    codes: tuple[str, ...] = UNAUTHORISED_CODES
    source: str = LOCAL

    @property
    def is_national(self) -> bool:
        """Whether it is the national framework's, with which the duty to consider comes; else it is a local trigger.

        Examples
        --------
        >>> NoticeRule("Ours", 20, 2, Span.TERMS, date(2026, 9, 1)).is_national, national_framework(date(2024, 8, 19)).is_national
        (False, True)
        """
        return self.span is Span.SCHOOL_WEEKS

    @property
    def counts_n(self) -> bool:
        """Whether a session without a reason yet (N) counts.

        Examples
        --------
        >>> national_framework().counts_n, national_framework(count_n=False).counts_n
        (True, False)
        """
        return NO_REASON_YET in self.codes

    @property
    def near_from(self) -> int:
        """The number of sessions from which a pupil is near the threshold; at least one.

        Examples
        --------
        >>> national_framework().near_from
        7
        """
        return max(self.sessions - NEAR_SESSIONS, 1)

    @property
    def in_words(self) -> str:
        """The threshold in words.

        Examples
        --------
        >>> national_framework().in_words
        '10 sessions in 10 school weeks'
        """
        if self.span is Span.SCHOOL_WEEKS:
            return f"{self.sessions} sessions in {counted(self.length, 'school week')}"
        return f"{self.sessions} sessions in {f'{self.length} consecutive terms' if self.length > 1 else 'a term'}"

    def is_in_force(self, on: date) -> bool:
        """Whether the rule is applied on a day.

        Examples
        --------
        >>> national_framework().is_in_force(date(2024, 8, 18))
        False
        """
        return self.from_date <= on <= self.to_date


def national_framework(from_date: date = NATIONAL_FROM, *, count_n: bool = True) -> NoticeRule:
    """Return the national threshold: 10 unauthorised sessions in a rolling 10 school weeks.

    Parameters
    ----------
    from_date : datetime.date
        From when the school applies it; marks before 19 August 2024 never count.
    count_n : bool
        Whether N counts, as it does in the national framework; some authorities leave it out.

    Examples
    --------
    >>> national_framework(date(2020, 1, 1), count_n=False).codes, national_framework(date(2020, 1, 1)).from_date
    (('G', 'O', 'U'), datetime.date(2024, 8, 19))
    """
    codes = tuple(code for code in UNAUTHORISED_CODES if count_n or code != NO_REASON_YET)
    return NoticeRule(
        "National framework",
        NATIONAL_SESSIONS,
        NATIONAL_WEEKS,
        Span.SCHOOL_WEEKS,
        max(from_date, NATIONAL_FROM),
        codes=codes,
        source=FRAMEWORK.cited,
    )
