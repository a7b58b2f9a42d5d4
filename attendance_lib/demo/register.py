"""The register of the demo school while it is being filled in."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from attendance_lib.demo.roll import Roll
from attendance_lib.demo.timetable import Timetable
from attendance_lib.rules.codes import Category, code_in_force

CODES = (
    "", "/", "\\", "L", "U", "I", "M", "C", "C1", "C2", "E", "R", "S", "T", "J1", "G", "N", "O", "B", "K", "P", "V",
    "W", "D", "Q", "Y1", "Y4", "Y7", "H", "J", "#", "X",
)  # fmt: skip
"""Codes that the demo school writes, the blank first; a cell holds the position of its code."""
PLACE = {code: place for place, code in enumerate(CODES)}
PRESENT = ("/", "\\")
_RULES_OF = date(2026, 11, 20)


def _codes_of(*categories: Category) -> tuple[str, ...]:
    """The codes of the demo school that count in some way today."""
    in_force = {code: code_in_force(code, _RULES_OF) for code in CODES}
    return tuple(code for code, rule in in_force.items() if rule and rule.category in categories)


AUTHORISED = _codes_of(Category.AUTHORISED_ABSENCE)
UNAUTHORISED = _codes_of(Category.UNAUTHORISED_ABSENCE)
ATTENDING = _codes_of(Category.PRESENT, Category.APPROVED_ACTIVITY)


@dataclass
class DemoRegister:
    """A grid of codes, enrolments down and sessions across, that later steps write over.

    Attributes
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.
    cells : numpy.ndarray
        ``uint8``, positions in `CODES`; AM and PM of each day in turn.
    minutes_late : numpy.ndarray
        ``int16``, minutes late of each cell; -1 where none were written down.
    kept : numpy.ndarray
        Enrolments whose marks are planted: steps that scatter marks leave them alone.
    """

    timetable: Timetable
    roll: Roll
    cells: np.ndarray
    minutes_late: np.ndarray = field(init=False)
    kept: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.minutes_late = np.full(self.cells.shape, -1, dtype=np.int16)
        self.kept = np.zeros(len(self.cells), dtype=bool)

    @property
    def sessions(self) -> int:
        """How many sessions the grid has."""
        return self.cells.shape[1]

    def holds(self, codes: tuple[str, ...]) -> np.ndarray:
        """Say for each cell whether it holds one of the codes (boolean, shape (enrolments, sessions)).

        Examples
        --------
        >>> register = DemoRegister(None, None, np.array([[PLACE["/"], PLACE["I"], PLACE["M"]]]))
        >>> register.holds(("I", "M")).tolist()
        [[False, True, True]]
        """
        wanted = np.zeros(len(CODES), dtype=bool)
        wanted[[PLACE[code] for code in codes]] = True
        return wanted[self.cells]

    def is_open(self) -> np.ndarray:
        """Say for each cell whether the pupil was on roll and the session took place (boolean, shape (enrolments, sessions)).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> roll = SimpleNamespace(year_groups=np.array([[11], [11]]), is_on_roll=np.array([[True], [False]]))
        >>> timetable = SimpleNamespace(closed={11: np.array([True, False])})
        >>> DemoRegister(timetable, roll, np.zeros((2, 2))).is_open().tolist()
        [[False, True], [False, False]]
        """
        return np.repeat(self.roll.is_on_roll, 2, axis=1) & ~self.closed()

    def closed(self) -> np.ndarray:
        """Say for each cell whether the session did not happen for the year group (boolean, shape (enrolments, sessions)).

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> timetable = SimpleNamespace(closed={11: np.array([True, False])})  # one morning, for year 11
        >>> register = DemoRegister(timetable, SimpleNamespace(year_groups=np.array([[7], [11]])), np.zeros((2, 2)))
        >>> register.closed().tolist()
        [[False, False], [True, False]]
        """
        years = np.repeat(self.roll.year_groups, 2, axis=1)
        closed = np.zeros(self.cells.shape, dtype=bool)
        for year_group, shut in self.timetable.closed.items():
            closed |= (years == year_group) & shut[None, :]
        return closed

    def put(self, where: np.ndarray, code: str, over: tuple[str, ...] | None = None) -> None:
        """Write a code into cells (boolean, one row per enrolment, one column per session), or only over those of ``over``.

        Examples
        --------
        >>> register = DemoRegister(None, None, np.array([[PLACE["/"], PLACE["I"]]]))
        >>> register.put(np.array([[True, True]]), "L", over=PRESENT)
        >>> [CODES[cell] for cell in register.cells[0]]
        ['L', 'I']
        """
        self.cells[where if over is None else where & self.holds(over)] = PLACE[code]

    def put_days(self, enrolments: np.ndarray, days: np.ndarray, code: str) -> None:
        """Write a code into both sessions of single days: positions of enrolments and of days, one per row of both.

        Examples
        --------
        >>> register = DemoRegister(None, None, np.zeros((2, 4), dtype=np.uint8))
        >>> register.put_days(np.array([0, 1]), np.array([1, 0]), "E")
        >>> register.holds(("E",)).tolist()
        [[False, False, True, True], [True, True, False, False]]
        """
        self.cells[enrolments, 2 * days] = PLACE[code]
        self.cells[enrolments, 2 * days + 1] = PLACE[code]

    def sessions_between(self, start: str, end: str) -> np.ndarray:
        """Say for each session whether its date is from ``start`` to ``end``, both included (boolean, shape (sessions,)).

        Examples
        --------
        >>> days = np.array(["2026-11-06", "2026-11-09", "2026-11-10"], dtype="datetime64[D]")
        >>> timetable = Timetable(days, np.array(["202627"] * 3), np.array([1, 1, 1]), {}, (), ())
        >>> DemoRegister(timetable, None, np.zeros((1, 6))).sessions_between("2026-11-07", "2026-11-09").tolist()
        [False, False, True, True, False, False]
        """
        days = self.timetable.days
        return np.repeat((days >= np.datetime64(start)) & (days <= np.datetime64(end)), 2)


def blank_book(timetable: Timetable, roll: Roll) -> DemoRegister:
    """Open a register in which everybody attended every session.

    Parameters
    ----------
    timetable : Timetable
        The open days.
    roll : Roll
        The enrolments.

    Returns
    -------
    DemoRegister
        Present marks everywhere; cells off roll and closed sessions are stamped last, by the exports.
    """
    row = np.tile(np.array([PLACE["/"], PLACE["\\"]], dtype=np.uint8), len(timetable.days))
    return DemoRegister(timetable, roll, np.tile(row, (len(roll.table), 1)))


def spell_days(starts: np.ndarray, lengths: np.ndarray, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Lay out spells of whole days, one per row, cut off at the last day.

    Parameters
    ----------
    starts, lengths : numpy.ndarray
        First day of each spell and its length in school days.
    last : int
        Position of the last day there is.

    Returns
    -------
    tuple of numpy.ndarray
        For each day of each spell, the number of the spell and the position of the day.

    Examples
    --------
    >>> spells, days = spell_days(np.array([3, 8]), np.array([2, 3]), last=9)
    >>> spells.tolist(), days.tolist()
    ([0, 0, 1, 1], [3, 4, 8, 9])
    """
    spells = np.repeat(np.arange(len(starts)), lengths)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    days = starts[spells] + offsets
    return spells[days <= last], days[days <= last]


# Late arrivals: before the register closed (L) and after it (U), with minutes late

# Late marks as a share of sessions, and of them the afternoons.
LATE_SHARE, LATE_AFTERNOONS = 0.0338, 0.18
AFTER_CLOSE_SHARE, AFTER_CLOSE_AFTERNOONS = 0.0042, 0.12
LATE_TAIL = 0.55
"""Shape of the gamma distribution of pupils' lateness: the smaller, the more it is a few pupils' habit."""
BEFORE_CLOSE_MINUTES, AFTER_CLOSE_MINUTES = (1, 29), (31, 150)
TYPICAL_MINUTES = 7
NO_MINUTES_SHARE = 0.02


def write_lateness(
    register: DemoRegister, propensity: np.ndarray, fewer: np.ndarray, rng: np.random.Generator
) -> None:
    """Write late arrivals (one per cell) over present marks, and the minutes of most of them.

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    propensity : numpy.ndarray
        Latent propensity of each enrolment to be away; who is away more is late more.
    fewer : numpy.ndarray
        For each day, the factor that a whole-school incentive leaves of lateness.
    rng : numpy.random.Generator
        Source of chance.
    """
    habit = rng.gamma(LATE_TAIL, 1 / LATE_TAIL, len(propensity)) * np.clip(0.7 + 4 * propensity, 0.7, 2)
    habit = (habit / habit.mean())[:, None]
    day_of_week = np.array([1.15, 0.95, 0.95, 0.95, 1.05])[register.timetable.weekdays]
    level = np.repeat(day_of_week * fewer, 2)[None, :] * np.minimum(habit, 11)
    before = rng.random(register.cells.shape) < level * LATE_SHARE * _halves(register, LATE_AFTERNOONS)
    after = rng.random(register.cells.shape) < level * AFTER_CLOSE_SHARE * _halves(
        register, AFTER_CLOSE_AFTERNOONS
    )
    register.put(before, "L", PRESENT)
    register.put(after, "U", PRESENT)


def write_minutes(register: DemoRegister, rng: np.random.Generator) -> None:
    """Write down how late each late arrival was; a few are left blank.

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    rng : numpy.random.Generator
        Source of chance.
    """
    for code, (least, most), scale in (
        ("L", BEFORE_CLOSE_MINUTES, TYPICAL_MINUTES),
        ("U", AFTER_CLOSE_MINUTES, 30),
    ):
        late = register.cells == PLACE[code]
        minutes = np.minimum(least + rng.exponential(scale, late.sum()).astype(int), most)
        register.minutes_late[late] = np.where(rng.random(late.sum()) < NO_MINUTES_SHARE, -1, minutes)


def _halves(register: DemoRegister, afternoons: float) -> np.ndarray:
    """Weights of mornings and afternoons with mean one, session by session."""
    return np.tile([2 * (1 - afternoons), 2 * afternoons], register.sessions // 2)[None, :]


# Reasons other than illness and unauthorised absence: trips, leave, suspensions, provision elsewhere

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


def write_occasions(register: DemoRegister, propensity: np.ndarray, rng: np.random.Generator) -> None:
    """Write every other reason into the register; ``propensity`` has the shape (enrolments,).

    Parameters
    ----------
    register : DemoRegister
        The register, written into.
    propensity : numpy.ndarray
        Latent propensity of each enrolment, a share of days.
    rng : numpy.random.Generator
        Source of chance.
    """
    _write_single_sessions(register, propensity, rng)
    for kind in (LEAVE, SUSPENSIONS, LONG_SUSPENSIONS):
        _write_spells(register, kind, propensity, rng)
    _write_holidays(register, propensity, rng)
    _write_part_time(register, propensity, rng)
    _write_elsewhere(register, rng)
    _write_travelling(register, rng)
    _write_faith_days(register, rng)
    _write_year_11(register, rng)
    _write_visits(register)
    _write_closed_and_stranded(register, rng)


def _who(
    register: DemoRegister, kind: Spells, propensity: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw whose spells they are."""
    weight = propensity**kind.risk * register.roll.is_on_roll.mean(axis=1)
    return rng.choice(len(propensity), kind.number, p=weight / weight.sum())


def _write_spells(
    register: DemoRegister, kind: Spells, propensity: np.ndarray, rng: np.random.Generator
) -> None:
    """Write spells that begin on any day."""
    enrolments = _who(register, kind, propensity, rng)
    last = len(register.timetable.days) - 1
    starts = rng.integers(0, last + 1, kind.number)
    lengths = rng.integers(kind.days[0], kind.days[1] + 1, kind.number)
    spells, days = spell_days(starts, lengths, last)
    register.put_days(enrolments[spells], days, kind.code)


def _write_single_sessions(register: DemoRegister, propensity: np.ndarray, rng: np.random.Generator) -> None:
    """Write medical appointments and sports fixtures."""
    chance = rng.random(register.cells.shape)
    poorly = np.clip(0.7 + 4 * propensity, 0.7, 1.6)[:, None]
    register.put(chance < MEDICAL_SHARE * poorly, "M", PRESENT)
    sporty = rng.random((len(propensity), 1)) < SPORTS_TEAMS_SHARE
    fixture = (register.timetable.weekdays == WEDNESDAY) & (np.arange(len(register.timetable.days)) % 2 == 0)
    afternoons = np.stack([np.zeros_like(fixture), fixture], axis=1).reshape(-1)
    register.put(sporty & afternoons & (chance > 1 - PLAYING_SHARE), "P", PRESENT)


def _write_holidays(register: DemoRegister, propensity: np.ndarray, rng: np.random.Generator) -> None:
    """Write holidays that were not granted: two in three run up to a school holiday or follow one."""
    enrolments = _who(register, HOLIDAYS, propensity, rng)
    last = len(register.timetable.days) - 1
    lengths = rng.integers(HOLIDAYS.days[0], HOLIDAYS.days[1] + 1, HOLIDAYS.number)
    ends = rng.choice(register.timetable.last_days(), HOLIDAYS.number)
    before, after = ends - lengths + 1, ends + 1
    anywhen = rng.integers(0, last + 1, HOLIDAYS.number)
    starts = np.select(
        [rng.random(HOLIDAYS.number) < share for share in (0.45, 0.4)], [before, after], anywhen
    )
    spells, days = spell_days(starts, lengths, last)
    register.put_days(enrolments[spells], days, HOLIDAYS.code)


def _write_part_time(register: DemoRegister, propensity: np.ndarray, rng: np.random.Generator) -> None:
    """Write part-time timetables: afternoons at home for some weeks."""
    enrolments = _who(register, PART_TIME, propensity, rng)
    last = len(register.timetable.days) - 1
    lengths = rng.integers(PART_TIME.days[0], PART_TIME.days[1] + 1, PART_TIME.number)
    spells, days = spell_days(rng.integers(0, last - 10, PART_TIME.number), lengths, last)
    where = np.zeros(register.cells.shape, dtype=bool)
    where[enrolments[spells], 2 * days + 1] = True
    register.put(where, PART_TIME.code, (*PRESENT, "L"))


def _write_elsewhere(register: DemoRegister, rng: np.random.Generator) -> None:
    """Write alternative provision arranged by the school (B) or the authority (K), and a dual registration (D)."""
    ks4 = np.flatnonzero(register.roll.whole_time() & (register.roll.year_groups[:, 0] >= YEAR_9))
    chosen = rng.choice(ks4, 16, replace=False)
    weekdays = register.timetable.weekdays
    for place, enrolment in enumerate(chosen[:12]):
        _write_weekdays(register, enrolment, "B", weekdays % 5 >= 3 - place % 2)
    for enrolment in chosen[12:15]:
        _write_weekdays(register, enrolment, "K", weekdays >= 1)
    _write_weekdays(register, chosen[15], "D", weekdays <= WEDNESDAY)


def _write_weekdays(register: DemoRegister, enrolment: int, code: str, days: np.ndarray) -> None:
    """Write provision elsewhere over the present marks of one pupil on some days."""
    where = np.zeros(register.cells.shape, dtype=bool)
    where[enrolment] = np.repeat(days, 2)
    register.put(where, code, (*PRESENT, "L") if code != "D" else None)


def _write_travelling(register: DemoRegister, rng: np.random.Generator) -> None:
    """Write the travelling of families who live by it, in spring and summer."""
    families = np.flatnonzero(register.roll.has("ethnicity", "WIRT") | register.roll.has("ethnicity", "WROM"))
    first, last = register.timetable.day("2026-04-13"), register.timetable.day("2026-07-17")
    starts = rng.integers(first, last, TRAVELLING.number)
    lengths = rng.integers(TRAVELLING.days[0], TRAVELLING.days[1] + 1, TRAVELLING.number)
    spells, days = spell_days(starts, lengths, last)
    register.put_days(rng.choice(families, TRAVELLING.number)[spells], days, TRAVELLING.code)


def _write_faith_days(register: DemoRegister, rng: np.random.Generator) -> None:
    """Write days of religious observance; the same families keep the same day."""
    observant = rng.random(len(register.cells))
    for day, share in FAITH_DAYS:
        keeping = np.flatnonzero(observant < share)
        register.put_days(keeping, np.full(len(keeping), register.timetable.day(day)), "R")


def _write_year_11(register: DemoRegister, rng: np.random.Generator) -> None:
    """Write study leave and college interviews of Year 11, and work experience of Year 10."""
    year_11 = (np.repeat(register.roll.year_groups, 2, axis=1) == YEAR_11) & ~register.holds(("I", "O", "E"))
    chance = rng.random(register.cells.shape)
    start, end, share = EXAMINATIONS
    register.put(year_11 & register.sessions_between(start, end) & (chance < share), "S", PRESENT)
    register.put(year_11 & register.sessions_between(*AFTER_EXAMINATIONS), "S")
    start, end, share = INTERVIEWS
    share = share / register.sessions_between(start, end).sum()
    register.put(year_11 & register.sessions_between(start, end) & (chance < share), "J1", PRESENT)
    start, end, year_group = WORK_EXPERIENCE
    away = (np.repeat(register.roll.year_groups, 2, axis=1) == year_group) & register.sessions_between(
        start, end
    )
    register.put(away, "W", PRESENT)


def _write_visits(register: DemoRegister) -> None:
    """Write visits of whole forms; who is away for another reason stays away."""
    letters = register.roll.table["form"].str[-1].to_numpy()
    for on, year_group, forms in VISITS:
        day = register.timetable.day(on)
        going = np.isin(letters, list(forms)) & (register.roll.year_groups[:, day] == year_group)
        register.put(going[:, None] & register.sessions_between(on, on)[None, :], "V", PRESENT)


def _write_closed_and_stranded(register: DemoRegister, rng: np.random.Generator) -> None:
    """Write the snow day, a bus that did not come, and a week without the authority's transport."""
    whole_time = np.flatnonzero(register.roll.whole_time())
    riders = rng.choice(whole_time, BUS_FAILURE[1], replace=False)
    register.cells[riders, 2 * register.timetable.day(BUS_FAILURE[0])] = PLACE["Y1"]
    start = register.timetable.day(WITHOUT_TRANSPORT[0])
    stranded = np.full(WITHOUT_TRANSPORT[1], rng.choice(whole_time))
    register.put_days(stranded, start + np.arange(len(stranded)), "Q")
    register.put(np.broadcast_to(register.sessions_between(SNOW_DAY, SNOW_DAY), register.cells.shape), "Y4")
