"""Penalty notice thresholds: how many unauthorised sessions within how long, from when, by whose rule.

Meeting a threshold means that the school must consider the case; it never means that it must fine.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from attendance_lib.errors import counted
from attendance_lib.rules.codes import NO_END, NO_REASON_YET

FRAMEWORK = "Working together to improve school attendance: national framework for penalty notices"
REGULATIONS_2024 = "Education (Penalty Notices) (England) (Amendment) Regulations 2024 (SI 2024/210)"
LOCAL = "The school's own settings, after its local authority's code of conduct"

NATIONAL_FROM = date(2024, 8, 19)
NATIONAL_SESSIONS, NATIONAL_WEEKS = 10, 10
UNAUTHORISED_CODES = ("G", "N", "O", "U")

# Ours, not the law's: with three sessions to go (7 of 10), one more day and a half would meet the threshold.
NEAR_SESSIONS = 3

MUST_CONSIDER = (
    "Meeting a threshold means the school must consider a penalty notice for each parent of each child, case by case; "
    "it does not mean it must issue one. Support comes first, unless it is not appropriate (such as for a holiday in term time)."
)


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
    def counts_n(self) -> bool:
        """Whether a session without a reason yet (N) counts."""
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
        source=f"{FRAMEWORK}; {REGULATIONS_2024}",
    )
