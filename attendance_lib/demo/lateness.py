"""Late arrivals: before the register closed (L) and after it (U), with minutes late."""

import numpy as np

from attendance_lib.demo.book import PLACE, PRESENT, Book

# Late marks as a share of sessions, and of them the afternoons.
LATE_SHARE, LATE_AFTERNOONS = 0.0338, 0.18
AFTER_CLOSE_SHARE, AFTER_CLOSE_AFTERNOONS = 0.0042, 0.12
LATE_TAIL = 0.55
"""Shape of the gamma distribution of pupils' lateness: the smaller, the more it is a few pupils' habit."""
BEFORE_CLOSE_MINUTES, AFTER_CLOSE_MINUTES = (1, 29), (31, 150)
TYPICAL_MINUTES = 7
NO_MINUTES_SHARE = 0.02


def write_lateness(book: Book, lasting: np.ndarray, fewer: np.ndarray, rng: np.random.Generator) -> None:
    """Write late arrivals (one per cell) over present marks, and the minutes of most of them.

    Parameters
    ----------
    book : Book
        The register, written into.
    lasting : numpy.ndarray
        Latent propensity of each enrolment to be away; who is away more is late more.
    fewer : numpy.ndarray
        For each day, the factor that a whole-school incentive leaves of lateness.
    rng : numpy.random.Generator
        Source of chance.
    """
    habit = rng.gamma(LATE_TAIL, 1 / LATE_TAIL, len(lasting)) * np.clip(0.7 + 4 * lasting, 0.7, 2)
    habit = (habit / habit.mean())[:, None]
    day_of_week = np.array([1.15, 0.95, 0.95, 0.95, 1.05])[book.timetable.weekdays]
    level = np.repeat(day_of_week * fewer, 2)[None, :] * np.minimum(habit, 11)
    before = rng.random(book.cells.shape) < level * LATE_SHARE * _halves(book, LATE_AFTERNOONS)
    after = rng.random(book.cells.shape) < level * AFTER_CLOSE_SHARE * _halves(book, AFTER_CLOSE_AFTERNOONS)
    book.put(before, "L", PRESENT)
    book.put(after, "U", PRESENT)


def write_minutes(book: Book, rng: np.random.Generator) -> None:
    """Write down how late each late arrival was; a few are left blank.

    Parameters
    ----------
    book : Book
        The register, written into.
    rng : numpy.random.Generator
        Source of chance.
    """
    for code, (least, most), scale in (
        ("L", BEFORE_CLOSE_MINUTES, TYPICAL_MINUTES),
        ("U", AFTER_CLOSE_MINUTES, 30),
    ):
        late = book.cells == PLACE[code]
        minutes = np.minimum(least + rng.exponential(scale, late.sum()).astype(int), most)
        book.minutes_late[late] = np.where(rng.random(late.sum()) < NO_MINUTES_SHARE, -1, minutes)


def _halves(book: Book, afternoons: float) -> np.ndarray:
    """Weights of mornings and afternoons with mean one, session by session."""
    return np.tile([2 * (1 - afternoons), 2 * afternoons], book.sessions // 2)[None, :]
