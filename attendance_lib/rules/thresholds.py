"""Limits of absence, kept as two integers so that the limit itself is exact."""

from dataclasses import dataclass
from datetime import date

from attendance_lib.rules import sources

METHODOLOGY = sources.ABSENCE_THRESHOLDS.cited


@dataclass(frozen=True)
class Threshold:
    """A share of possible sessions at or above which something is so.

    Examples
    --------
    >>> PERSISTENT_ABSENCE.is_met(3, 30), PERSISTENT_ABSENCE.is_met(2, 30), PERSISTENT_ABSENCE.is_met(0, 0)
    (True, False, False)
    """

    name: str
    missed: int
    out_of: int
    from_date: date
    source: str

    def is_met(self, absence_sessions: int, possible_sessions: int) -> bool:
        """Whether absence is at or above the limit; False where nothing was possible.

        Works on integers and, element by element, on integer columns (sessions).
        """
        return (absence_sessions * self.out_of >= possible_sessions * self.missed) & (possible_sessions > 0)

    def is_passed(self, absence_sessions: int, possible_sessions: int) -> bool:
        """Whether absence is above the limit: what "below 90 %" asks, which leaves out exactly 90.0 %.

        Not DfE's definition; only for saying how many enrolments that mistake leaves out. Works as ``is_met``.

        Examples
        --------
        >>> PERSISTENT_ABSENCE.is_passed(3, 30), PERSISTENT_ABSENCE.is_passed(4, 30), PERSISTENT_ABSENCE.is_passed(0, 0)
        (False, True, False)
        """
        return (absence_sessions * self.out_of > possible_sessions * self.missed) & (possible_sessions > 0)

    def sessions_until_met(self, absence_sessions: int, possible_sessions: int) -> int:
        """Return how many more sessions missed in a row would meet the limit (0 if it is met).

        The smallest k with ``out_of * (absence + k) >= missed * (possible + k)``, in sessions; 1 where nothing
        was possible yet, since a first session missed meets every limit.

        Examples
        --------
        >>> PERSISTENT_ABSENCE.sessions_until_met(4, 60)
        3
        """
        short = possible_sessions * self.missed - absence_sessions * self.out_of
        return -(-short // (self.out_of - self.missed)) * (short > 0) + (possible_sessions == 0)

    def sessions_to_leave(self, absence_sessions: int, possible_sessions: int) -> int:
        """Return how many sessions attended in a row would bring absence below the limit (0 if it is below).

        The smallest n with ``out_of * absence < missed * (possible + n)``, in sessions.

        Examples
        --------
        >>> PERSISTENT_ABSENCE.sessions_to_leave(7, 60)
        11
        """
        over = absence_sessions * self.out_of - possible_sessions * self.missed
        return (over // self.missed + 1) * self.is_met(absence_sessions, possible_sessions)


PERSISTENT_ABSENCE = Threshold("Persistent absence", 1, 10, date(2015, 9, 1), METHODOLOGY)
SEVERE_ABSENCE = Threshold("Severe absence", 1, 2, date(2015, 9, 1), METHODOLOGY)
AT_RISK = Threshold("At risk of persistent absence", 1, 20, date(2022, 9, 1), sources.AT_RISK.cited)

# A pupil with few possible sessions may have a high rate by chance of the calendar; DfE sets no minimum,
# so such enrolments are counted and flagged, never left out.
SHORT_ENROLMENT_SESSIONS = 20

# A register counts as taken at a session when so many of those expected have a mark: one of two. Codes are entered ahead for
# single pupils, and for a year group on study leave or two, but never for half a school.
REGISTER_TAKEN, OUT_OF = 1, 2
REGISTER_TAKEN_WORDS = "half of those on roll"

# The shared limit on rows that may be dropped before a report is refused (DESIGN.md, loss budget).
LOSS_LIMIT_RATE = 0.02

# Ours: no paper is made of a period of which more than one in ten marks due is missing (and as many at least as four pupils have
# in a week), or at the end of which pupils who had marks have none for a week: more than one in fifty of them, and four at least.
# Less is told beside the figures.
MISSING_REFUSED, MISSING_REFUSED_OUT_OF, FEWEST_MISSING = 1, 10, 40
BREAKS_OFF, BREAKS_OFF_OUT_OF, FEWEST_BROKEN_OFF = 1, 50, 4
WEEK_OF_SCHOOL_DAYS = 5
