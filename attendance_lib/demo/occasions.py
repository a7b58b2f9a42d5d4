"""Reasons other than illness and unauthorised absence: trips, leave, suspensions, provision elsewhere."""

from dataclasses import dataclass

import numpy as np

from attendance_lib.demo.book import PLACE, PRESENT, Book, spell_days

# Days on which part of the school was away on a visit: date, year group, form letters.
VISITS = (
    ("2025-09-26", 7, "ABCD"), ("2025-10-14", 10, "AB"), ("2025-11-20", 9, "CD"), ("2025-12-10", 8, "ABC"),
    ("2026-02-05", 11, "DEF"), ("2026-03-12", 9, "ABEF"), ("2026-06-17", 7, "EFG"), ("2026-06-30", 8, "DEFG"),
    ("2026-07-08", 10, "CDE"), ("2026-09-25", 7, "ABCDEFG"), ("2026-10-15", 10, "ABC"), ("2026-11-12", 8, "AB"),
)  # fmt: skip
WORK_EXPERIENCE = ("2026-06-22", "2026-06-26", 10)
EXAMINATIONS = ("2026-05-11", "2026-06-30", 0.025)
AFTER_EXAMINATIONS = ("2026-07-01", "2026-07-01")
INTERVIEWS = ("2025-11-10", "2026-03-20", 0.3)
SNOW_DAY = "2026-01-08"
FAITH_DAYS = (("2026-03-20", 0.10), ("2026-09-21", 0.006))
"""Eid al-Fitr and Yom Kippur, with the share of pupils who keep them."""
BUS_FAILURE = ("2026-10-08", 22)
WITHOUT_TRANSPORT = ("2026-09-14", 9)
MEDICAL_SHARE, SPORTS_TEAMS_SHARE, PLAYING_SHARE = 0.0045, 0.12, 0.1
WEDNESDAY, YEAR_9, YEAR_11 = 2, 9, 11


@dataclass(frozen=True)
class Spells:
    """How often something that lasts for days happens, and to whom.

    Attributes
    ----------
    code : str
        The register code.
    number : int
        Spells in the two school years.
    days : tuple of int
        Shortest and longest spell, in school days.
    risk : float
        How strongly the spells go to pupils who are often away: 0 not at all.
    """

    code: str
    number: int
    days: tuple[int, int]
    risk: float


LEAVE = Spells("C", 450, (1, 4), 0.3)
SUSPENSIONS = Spells("E", 330, (1, 3), 1.3)
LONG_SUSPENSIONS = Spells("E", 14, (4, 5), 1.3)
TRAVELLING = Spells("T", 6, (8, 20), 0.0)
PART_TIME = Spells("C2", 68, (25, 55), 1.4)
HOLIDAYS = Spells("G", 175, (2, 7), 0.2)


def write_occasions(book: Book, lasting: np.ndarray, rng: np.random.Generator) -> None:
    """Write every other reason into the register; ``lasting`` has the shape (enrolments,).

    Parameters
    ----------
    book : Book
        The register, written into.
    lasting : numpy.ndarray
        Latent propensity of each enrolment, a share of days.
    rng : numpy.random.Generator
        Source of chance.
    """
    _write_single_sessions(book, lasting, rng)
    for kind in (LEAVE, SUSPENSIONS, LONG_SUSPENSIONS):
        _write_spells(book, kind, lasting, rng)
    _write_holidays(book, lasting, rng)
    _write_part_time(book, lasting, rng)
    _write_elsewhere(book, rng)
    _write_travelling(book, rng)
    _write_faith_days(book, rng)
    _write_year_11(book, rng)
    _write_visits(book)
    _write_closed_and_stranded(book, rng)


def _who(book: Book, kind: Spells, lasting: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw whose spells they are."""
    weight = lasting**kind.risk * book.roll.is_on_roll.mean(axis=1)
    return rng.choice(len(lasting), kind.number, p=weight / weight.sum())


def _write_spells(book: Book, kind: Spells, lasting: np.ndarray, rng: np.random.Generator) -> None:
    """Write spells that begin on any day."""
    enrolments = _who(book, kind, lasting, rng)
    last = len(book.timetable.days) - 1
    starts = rng.integers(0, last + 1, kind.number)
    lengths = rng.integers(kind.days[0], kind.days[1] + 1, kind.number)
    spells, days = spell_days(starts, lengths, last)
    book.put_days(enrolments[spells], days, kind.code)


def _write_single_sessions(book: Book, lasting: np.ndarray, rng: np.random.Generator) -> None:
    """Write medical appointments and sports fixtures."""
    chance = rng.random(book.cells.shape)
    poorly = np.clip(0.7 + 4 * lasting, 0.7, 1.6)[:, None]
    book.put(chance < MEDICAL_SHARE * poorly, "M", PRESENT)
    sporty = rng.random((len(lasting), 1)) < SPORTS_TEAMS_SHARE
    fixture = (book.timetable.weekdays == WEDNESDAY) & (np.arange(len(book.timetable.days)) % 2 == 0)
    afternoons = np.stack([np.zeros_like(fixture), fixture], axis=1).reshape(-1)
    book.put(sporty & afternoons & (chance > 1 - PLAYING_SHARE), "P", PRESENT)


def _write_holidays(book: Book, lasting: np.ndarray, rng: np.random.Generator) -> None:
    """Write holidays that were not granted: two in three run up to a school holiday or follow one."""
    enrolments = _who(book, HOLIDAYS, lasting, rng)
    last = len(book.timetable.days) - 1
    lengths = rng.integers(HOLIDAYS.days[0], HOLIDAYS.days[1] + 1, HOLIDAYS.number)
    ends = rng.choice(book.timetable.last_days(), HOLIDAYS.number)
    before, after = ends - lengths + 1, ends + 1
    anywhen = rng.integers(0, last + 1, HOLIDAYS.number)
    starts = np.select(
        [rng.random(HOLIDAYS.number) < share for share in (0.45, 0.4)], [before, after], anywhen
    )
    spells, days = spell_days(starts, lengths, last)
    book.put_days(enrolments[spells], days, HOLIDAYS.code)


def _write_part_time(book: Book, lasting: np.ndarray, rng: np.random.Generator) -> None:
    """Write part-time timetables: afternoons at home for some weeks."""
    enrolments = _who(book, PART_TIME, lasting, rng)
    last = len(book.timetable.days) - 1
    lengths = rng.integers(PART_TIME.days[0], PART_TIME.days[1] + 1, PART_TIME.number)
    spells, days = spell_days(rng.integers(0, last - 10, PART_TIME.number), lengths, last)
    where = np.zeros(book.cells.shape, dtype=bool)
    where[enrolments[spells], 2 * days + 1] = True
    book.put(where, PART_TIME.code, (*PRESENT, "L"))


def _write_elsewhere(book: Book, rng: np.random.Generator) -> None:
    """Write alternative provision arranged by the school (B) or the authority (K), and a dual registration (D)."""
    ks4 = np.flatnonzero(book.roll.whole_time() & (book.roll.year_groups[:, 0] >= YEAR_9))
    chosen = rng.choice(ks4, 16, replace=False)
    weekdays = book.timetable.weekdays
    for place, enrolment in enumerate(chosen[:12]):
        _write_weekdays(book, enrolment, "B", weekdays % 5 >= 3 - place % 2)
    for enrolment in chosen[12:15]:
        _write_weekdays(book, enrolment, "K", weekdays >= 1)
    _write_weekdays(book, chosen[15], "D", weekdays <= WEDNESDAY)


def _write_weekdays(book: Book, enrolment: int, code: str, days: np.ndarray) -> None:
    """Write provision elsewhere over the present marks of one pupil on some days."""
    where = np.zeros(book.cells.shape, dtype=bool)
    where[enrolment] = np.repeat(days, 2)
    book.put(where, code, (*PRESENT, "L") if code != "D" else None)


def _write_travelling(book: Book, rng: np.random.Generator) -> None:
    """Write the travelling of families who live by it, in spring and summer."""
    families = np.flatnonzero(book.roll.has("ethnicity", "WIRT") | book.roll.has("ethnicity", "WROM"))
    first, last = book.timetable.day("2026-04-13"), book.timetable.day("2026-07-17")
    starts = rng.integers(first, last, TRAVELLING.number)
    lengths = rng.integers(TRAVELLING.days[0], TRAVELLING.days[1] + 1, TRAVELLING.number)
    spells, days = spell_days(starts, lengths, last)
    book.put_days(rng.choice(families, TRAVELLING.number)[spells], days, TRAVELLING.code)


def _write_faith_days(book: Book, rng: np.random.Generator) -> None:
    """Write days of religious observance; the same families keep the same day."""
    observant = rng.random(len(book.cells))
    for day, share in FAITH_DAYS:
        keeping = np.flatnonzero(observant < share)
        book.put_days(keeping, np.full(len(keeping), book.timetable.day(day)), "R")


def _write_year_11(book: Book, rng: np.random.Generator) -> None:
    """Write study leave and college interviews of Year 11, and work experience of Year 10."""
    year_11 = (np.repeat(book.roll.year_groups, 2, axis=1) == YEAR_11) & ~book.holds(("I", "O", "E"))
    chance = rng.random(book.cells.shape)
    start, end, share = EXAMINATIONS
    book.put(year_11 & book.sessions_between(start, end) & (chance < share), "S", PRESENT)
    book.put(year_11 & book.sessions_between(*AFTER_EXAMINATIONS), "S")
    start, end, share = INTERVIEWS
    share = share / book.sessions_between(start, end).sum()
    book.put(year_11 & book.sessions_between(start, end) & (chance < share), "J1", PRESENT)
    start, end, year_group = WORK_EXPERIENCE
    away = (np.repeat(book.roll.year_groups, 2, axis=1) == year_group) & book.sessions_between(start, end)
    book.put(away, "W", PRESENT)


def _write_visits(book: Book) -> None:
    """Write visits of whole forms; who is away for another reason stays away."""
    letters = book.roll.table["form"].str[-1].to_numpy()
    for on, year_group, forms in VISITS:
        day = book.timetable.day(on)
        going = np.isin(letters, list(forms)) & (book.roll.year_groups[:, day] == year_group)
        book.put(going[:, None] & book.sessions_between(on, on)[None, :], "V", PRESENT)


def _write_closed_and_stranded(book: Book, rng: np.random.Generator) -> None:
    """Write the snow day, a bus that did not come, and a week without the authority's transport."""
    whole_time = np.flatnonzero(book.roll.whole_time())
    riders = rng.choice(whole_time, BUS_FAILURE[1], replace=False)
    book.cells[riders, 2 * book.timetable.day(BUS_FAILURE[0])] = PLACE["Y1"]
    start = book.timetable.day(WITHOUT_TRANSPORT[0])
    stranded = np.full(WITHOUT_TRANSPORT[1], rng.choice(whole_time))
    book.put_days(stranded, start + np.arange(len(stranded)), "Q")
    book.put(np.broadcast_to(book.sessions_between(SNOW_DAY, SNOW_DAY), book.cells.shape), "Y4")
