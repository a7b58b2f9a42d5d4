"""Pupils whose marks of 2026/27 are written by hand, to stand on the thresholds and beside them."""

from dataclasses import dataclass

import numpy as np

from attendance_lib.demo.amendments import MISSING_REGISTER
from attendance_lib.demo.book import PLACE, UNAUTHORISED, Book
from attendance_lib.rules.calendar import SESSIONS

FIRST_DAY = "2026-09-03"
CLEARED_FROM = "2025-09-03"
"""From this day on a planted pupil has no unauthorised absence but what is planted."""
UNREMARKABLE = (0.01, 0.05)
YEAR_7 = 7


@dataclass(frozen=True)
class Fact:
    """One planted pupil.

    Attributes
    ----------
    name : str
        What is true of the pupil.
    marks : dict of str to str
        For each code, where it stands: dates with ``AM``, ``PM`` or nothing for the whole day, parted by blanks.
    expected : dict of str to int
        Counts that a check must find.
    """

    name: str
    marks: dict[str, str]
    expected: dict[str, int]


TEN = "2026-09-21 2026-10-05 2026-10-12PM 2026-10-19 2026-11-09PM 2026-11-12"
FACTS = (
    Fact("exactly_ninety_percent", {"I": "2026-09-14 2026-09-15 2026-10-08 2026-11-05 2026-11-13"},
         {"possible_sessions": 100, "absence_sessions": 10}),
    Fact("one_session_above_ninety_percent", {"I": "2026-09-14 2026-09-15 2026-10-08 2026-11-05 2026-11-13AM"},
         {"possible_sessions": 100, "absence_sessions": 9, "sessions_to_persistent_absence": 2}),
    Fact("one_session_from_persistent_absence",
         {"I": "2026-09-10 2026-09-11 2026-10-01 2026-11-10 2026-11-18AM", "Y7": "2026-10-14AM"},
         {"possible_sessions": 99, "absence_sessions": 9, "sessions_to_persistent_absence": 1}),
    Fact("three_sessions_from_persistent_absence", {"I": "2026-09-24 2026-09-25 2026-11-03 2026-11-16"},
         {"possible_sessions": 100, "absence_sessions": 8, "sessions_to_persistent_absence": 3}),
    Fact("five_sessions_from_persistent_absence", {"I": "2026-09-29 2026-10-16 2026-11-19"},
         {"possible_sessions": 100, "absence_sessions": 6, "sessions_to_persistent_absence": 5}),
    Fact("exactly_ninety_five_percent", {"I": "2026-09-22 2026-10-20 2026-11-06PM"},
         {"possible_sessions": 100, "absence_sessions": 5}),
    Fact("exactly_fifty_percent",
         {"I": " ".join(f"2026-10-{day:02d}" for day in (1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 19, 20))
          + " 2026-11-09 2026-11-10 2026-11-11 2026-11-12 2026-11-13 2026-11-16 2026-11-17 2026-11-18 2026-11-19"
          " 2026-11-20 2026-11-06"},
         {"possible_sessions": 100, "absence_sessions": 50}),
    Fact("ten_unauthorised_in_ten_school_weeks", {"O": TEN}, {"most_in_ten_school_weeks": 10, "n_sessions": 0}),
    Fact("nine_unauthorised_in_ten_school_weeks", {"O": TEN.removesuffix("2026-11-12") + "2026-11-12AM", "I": "2026-11-16"},
         {"most_in_ten_school_weeks": 9, "n_sessions": 0}),
    Fact("ten_unauthorised_with_four_n", {"O": "2026-09-28 2026-10-13 2026-11-05", "N": "2026-11-17 2026-11-18"},
         {"most_in_ten_school_weeks": 10, "n_sessions": 4}),
    Fact("ten_unauthorised_but_over_eleven_school_weeks",
         {"O": "2026-09-04PM 2026-09-30 2026-10-07 2026-10-21 2026-11-18 2026-11-10PM"},
         {"most_in_ten_school_weeks": 9, "n_sessions": 0}),
    Fact("fourteen_over_two_terms",
         {"O": "2026-04-21 2026-04-22 2026-04-23 2026-09-17 2026-10-01 2026-10-22 2026-11-11"},
         {"most_in_ten_school_weeks": 8, "summer_term_sessions": 6, "autumn_term_sessions": 8}),
)  # fmt: skip


def reserve_pupils(
    book: Book, lasting: np.ndarray, taken: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Choose the pupils to plant, one row of the roll each: on roll throughout, unremarkable, and in nothing else.

    Parameters
    ----------
    book : Book
        The register; the pupils are marked as kept.
    lasting : numpy.ndarray
        Latent propensity of each enrolment.
    taken : numpy.ndarray
        Enrolments that something else happens to.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        One enrolment for each of `FACTS`.
    """
    low, high = UNREMARKABLE
    free = (
        book.roll.whole_time() & (lasting > low) & (lasting < high) & (book.roll.year_groups[:, -1] > YEAR_7)
    )
    free &= ~book.roll.has("form", MISSING_REGISTER[0])
    free[taken] = False
    chosen = rng.choice(np.flatnonzero(free), len(FACTS), replace=False)
    book.kept[chosen] = True
    return chosen


def write_planted(book: Book, enrolments: np.ndarray) -> list[dict[str, object]]:
    """Write the marks (sessions) of the planted pupils, one row of the register each.

    Parameters
    ----------
    book : Book
        The register, written into.
    enrolments : numpy.ndarray
        What `reserve_pupils` gives.

    Returns
    -------
    list of dict
        Name of each fact, the pupil's identifier and the counts to be found.
    """
    facts = []
    for fact, enrolment in zip(FACTS, enrolments, strict=True):
        _clear(book, enrolment)
        for code, where in fact.marks.items():
            book.cells[enrolment, _sessions(book, where)] = PLACE[code]
        facts.append(
            {"fact": fact.name, "pupil_id": book.roll.table["pupil_id"].iloc[enrolment], **fact.expected}
        )
    return facts


def _clear(book: Book, enrolment: int) -> None:
    """Make a pupil present all through 2026/27, and in the year before wherever the absence was unauthorised."""
    present = np.tile(np.array([PLACE["/"], PLACE["\\"]], dtype=np.uint8), book.sessions // 2)
    sessions = np.arange(book.sessions)
    this_year = sessions >= 2 * book.timetable.day(FIRST_DAY)
    before = (sessions >= 2 * book.timetable.day(CLEARED_FROM)) & book.holds(UNAUTHORISED)[enrolment]
    cleared = (this_year | before) & book.is_open()[enrolment]
    book.cells[enrolment, cleared] = present[cleared]


def _sessions(book: Book, where: str) -> list[int]:
    """Positions of the sessions that a planted fact names."""
    sessions = []
    for item in where.split():
        day, half = 2 * book.timetable.day(item[:10]), item[10:]
        sessions += [day + SESSIONS.index(half)] if half else [day, day + 1]
    return sessions
