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

        Examples
        --------
        >>> [PERSISTENT_ABSENCE.is_met(*counts) for counts in ((10, 100), (9, 100), (39, 390), (0, 0))]  # 10 % exactly is met
        [True, False, True, False]
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

# Ours: the first weeks of a school year are its first 60 sessions, six school weeks of ten. A pupil's rate of so few is moved
# over a line by one cold, so that papers show last year's final rate instead, and of how many sessions this year's is.
FIRST_WEEKS_SESSIONS = 60


def is_in_first_weeks(sessions: int) -> bool:
    """Whether a school year that has held so many sessions is still in its first weeks.

    Examples
    --------
    >>> is_in_first_weeks(59), is_in_first_weeks(60)
    (True, False)
    """
    return sessions < FIRST_WEEKS_SESSIONS


# A register counts as taken at a session when so many of those expected have a mark: one of two. Codes are entered ahead for
# single pupils, and for a year group on study leave or two, but never for half a school.
REGISTER_TAKEN, OUT_OF = 1, 2
REGISTER_TAKEN_WORDS = "half of those on roll"

# The shared limit on rows that may be dropped before a report is refused (DESIGN.md, loss budget).
LOSS_LIMIT_RATE = 0.02

# Ours: no paper is made of a period of which more than one in ten marks due is missing (and as many at least as four pupils have
# in a week), or at the end of which pupils who had marks have none for a week: more than one in fifty of them, and four at least.
# Less is stated next to the figures.
MISSING_REFUSED, MISSING_REFUSED_OUT_OF, FEWEST_MISSING = 1, 10, 40
BREAKS_OFF, BREAKS_OFF_OUT_OF, FEWEST_BROKEN_OFF = 1, 50, 4
WEEK_OF_SCHOOL_DAYS = 5


# Attendance bands. The edges follow DfE's absence bands, which are inclusive of their lower absence edge

ABSENCE_BANDS = "DfE, Pupil absence in schools in England: absence bands 0 to 4.99, 5 to 9.99, 10 to 14.99 per cent and so on"


@dataclass(frozen=True)
class Band:
    """A band of absence from ``lower`` (inclusive) up to the next band's lower edge."""

    name: str
    label: str
    lower: Threshold


def edge(missed: int, out_of: int) -> Threshold:
    """Return a band's lower edge as a share of possible sessions missed.

    Examples
    --------
    >>> edge(1, 10).is_met(10, 100), edge(1, 10).is_met(9, 100)
    (True, False)
    """
    return Threshold(f"{missed} in {out_of}", missed, out_of, date(2006, 9, 1), ABSENCE_BANDS)


BANDS: tuple[Band, ...] = (
    Band("above_95", "Above 95%", edge(0, 1)),
    Band("at_risk", "Above 90% to 95%", AT_RISK),
    Band("above_85", "Above 85% to 90%", PERSISTENT_ABSENCE),
    Band("above_80", "Above 80% to 85%", edge(3, 20)),
    Band("above_50", "Above 50% to 80%", edge(1, 5)),
    Band("severe", "50% or below", SEVERE_ABSENCE),
)


def band_of(absence_sessions: int, possible_sessions: int) -> Band | None:
    """Return the band of an enrolment from its counts of sessions; None where nothing was possible.

    Examples
    --------
    >>> [band_of(absent, 100).label for absent in (4, 5, 10, 50)]
    ['Above 95%', 'Above 90% to 95%', 'Above 85% to 90%', '50% or below']
    """
    met = [band for band in BANDS if band.lower.is_met(absence_sessions, possible_sessions)]
    return met[-1] if met else None


# What may be said of few pupils in a paper that leaves the school

# DfE's sign for a figure left out because so few pupils are behind it (Explore Education Statistics).
SUPPRESSED = "c"

# Counts from 1 to the level less 1 are left out; a school may choose 10 (school file, ``suppression_level``).
SUPPRESSION_LEVEL = 5

# No rate is given of fewer enrolments than this, nor the counts it could be worked out from.
SMALLEST_RATE_BASE = 10

# Ours: within a school year a group does not change by more than a quarter, and ten pupils, from one half term to the next.
ANOTHER_SIZE, ANOTHER_SIZE_OUT_OF, FEWEST_OF_ANOTHER_SIZE = 1, 4, 10


def is_another_size(now: int, before: int) -> bool:
    """Whether a group (enrolments) is of quite another size than it was.

    Examples
    --------
    >>> is_another_size(65, 34), is_another_size(36, 34), is_another_size(12, 4), is_another_size(50, 40)
    (True, False, False, False)
    """
    change = abs(now - before)
    return change >= FEWEST_OF_ANOTHER_SIZE and change * ANOTHER_SIZE_OUT_OF > before * ANOTHER_SIZE


# Weekly rates in tenths of a per cent from so many enrolments on.
PER_MILLE_FROM = 500

# Ours: a school of fewer enrolments than these, at a level of 5 and of 10, is given no weekly rates and the fewest reasons for
# absence; the reasons group by group are given from so many of the whole school on.
SMALL, SMALL_AT_TEN = 50, 100
FEWEST_FOR_REASONS = 100


def is_small(value: int | None, level: int) -> bool:
    """Whether a count is from 1 to the level less 1.

    Examples
    --------
    >>> is_small(0, 5), is_small(1, 5), is_small(4, 5), is_small(5, 5)
    (False, True, True, False)
    """
    return value is not None and 0 < value < level


def is_small_school(enrolments: int, level: int) -> bool:
    """Whether a school has too few enrolments for rates of a week.

    Examples
    --------
    >>> is_small_school(49, level=5), is_small_school(50, level=5), is_small_school(99, level=10)
    (True, False, True)
    """
    return enrolments < (SMALL if level <= SUPPRESSION_LEVEL else SMALL_AT_TEN)
