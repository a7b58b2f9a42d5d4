"""Which pupils were late more than chance explains: against the school's own rate, with few false alarms."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import chance_of_more, is_beyond_chance
from attendance_lib.analysis.lateness import could_be_on_time, in_half, is_late, late_marks
from attendance_lib.analysis.patterns import WEEKDAYS
from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_number, format_weekday
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.punctuality.together import shared_causes
from attendance_lib.papers.shared import pupil_names
from attendance_lib.register.grid import MISSING, Register
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import LATE_BEFORE_CLOSE

# A list of people for a meeting is not made of single late arrivals, however unlikely.
FEWEST_TIMES = 3
HALF_NAMES = {"AM": ("morning", "mornings"), "PM": ("afternoon", "afternoons")}


@dataclass(frozen=True, eq=False)
class Question:
    """One thing asked of every pupil: how often late of how often there, and what the school's own rate would make of it.

    ``counts``, ``of`` (sessions) and ``share`` (a fraction) have one value a pupil; ``words`` says it of one.
    """

    counts: np.ndarray
    of: np.ndarray
    share: np.ndarray
    noun: tuple[str, str]
    where: str

    @cached_property
    def chance(self) -> np.ndarray:
        """The chance of so many or more at the school's own rate (a fraction, one per pupil).

        Examples
        --------
        >>> asked = Question(np.array([0, 1, 2]), np.array([2, 2, 2]), np.array([0.5] * 3), HALF_NAMES["AM"], "in the period")
        >>> asked.chance.round(4).tolist()  # so many late mornings of two, or more
        [1.0, 0.75, 0.25]
        """
        return chance_of_more(self.counts - 1, self.of, self.share)

    def words(self, row: int) -> str:
        """Return what a pupil did, what would be expected and how rare that is.

        Examples
        --------
        >>> asked = Question(np.array([2]), np.array([2]), np.array([0.5]), HALF_NAMES["AM"], "in the period")
        >>> asked.words(0)
        '2 of 2 mornings in the period (1 expected, by chance one in 4)'
        """
        expected = format_number(self.of[row] * self.share[row])
        count, of = int(self.counts[row]), int(self.of[row])
        rare = one_in(self.chance[row])
        return f"{count} of {of} {in_number(of, *self.noun)} {self.where} ({expected} expected, by chance {rare})"


RAREST = 1_000_000


def one_in(chance: float) -> str:
    """Return a small chance in words, to two digits.

    Examples
    --------
    >>> one_in(0.000602), one_in(1e-9), one_in(0.0)
    ('one in 1,700', 'one in more than 1,000,000', 'one in more than 1,000,000')
    """
    if chance * RAREST < 1:
        return f"one in more than {format_count(RAREST)}"
    return f"one in {format_count(int(float(f'{1 / chance:.2g}')))}"


def school_rate(pack: Pack, half: str) -> float:
    """Return the share of the school's sessions of one half of the day to which those who came were late, year to date.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.register.grid import cell_of
    >>> codes = np.array([[cell_of(code) for code in "/LUIL"]], dtype=np.uint8)
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 5), "session": ["AM"] * 4 + ["PM"]})
    >>> register = Register(codes, pd.DataFrame({"pupil_id": ["1"]}), days)
    >>> round(school_rate(SimpleNamespace(enrolled=SimpleNamespace(year_to_date=register)), "AM"), 3)  # 2 of the 3 that came
    0.667
    """
    everyone = in_half(pack.enrolled.year_to_date, half)
    there = int(could_be_on_time(everyone).sum())
    return int(is_late(everyone).sum()) / there if there else 0.0


@derived
def questions(pack: Pack) -> list[Question]:
    """Return what is asked of each pupil on roll: the period, each of its weeks, and each weekday of the year to date."""
    asked: list[Question] = []
    for half in SESSIONS:
        share, noun = school_rate(pack, half), HALF_NAMES[half]
        asked.append(
            _of(without_shared(pack, in_half(pack.roll.current, half)), share, noun, "in the period")
        )
    mornings = without_shared(pack, in_half(pack.roll.current, SESSIONS[0]))
    rate, noun = school_rate(pack, SESSIONS[0]), HALF_NAMES[SESSIONS[0]]
    for monday in mornings.sessions["week_beginning"].unique():
        week = mornings.where_sessions((mornings.sessions["week_beginning"] == monday).to_numpy())
        asked.append(
            _of(week, rate, noun, f"in the week of {format_weekday(pd.Timestamp(monday).date())[4:]}")
        )
    return [*asked, *weekday_questions(pack)]


def times_asked(pack: Pack) -> int:
    """Return how many questions were asked in all: each of the pupils who came to any of its sessions.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> asked = [SimpleNamespace(of=np.array([10, 0, 4])), SimpleNamespace(of=np.array([5, 5, 0]))]
    >>> times_asked(SimpleNamespace(results={questions: asked}))
    4
    """
    return sum(int((each.of > 0).sum()) for each in questions(pack))


def _of(register: Register, share: float, noun: tuple[str, str], where: str) -> Question:
    there = could_be_on_time(register).sum(axis=1)
    return Question(is_late(register).sum(axis=1), there, np.full(len(there), share), noun, where)


def _rates_of_weekdays(register: Register) -> list[float]:
    """How often pupils are late on each weekday of those on which they could be on time (fractions, from Monday)."""
    weekday = register.sessions["date"].dt.day_of_week.to_numpy()
    late, there = is_late(register), could_be_on_time(register)
    return [
        late[:, weekday == day].sum() / max(int(there[:, weekday == day].sum()), 1)
        for day in range(len(WEEKDAYS))
    ]


def weekday_questions(pack: Pack) -> list[Question]:
    """Ask whether a pupil's late mornings of the year keep to a weekday more than the school's do."""
    mornings = without_shared(pack, in_half(pack.roll.year_to_date, SESSIONS[0]))
    everyone = in_half(pack.enrolled.year_to_date, SESSIONS[0])
    late, there = is_late(mornings), could_be_on_time(mornings)
    weekday = mornings.sessions["date"].dt.day_of_week.to_numpy()
    rates = _rates_of_weekdays(everyone)
    weights = np.column_stack([there[:, weekday == day].sum(axis=1) * rate for day, rate in enumerate(rates)])
    total = weights.sum(axis=1)
    noun = ("late morning", "late mornings")
    return [
        Question(
            late[:, weekday == day].sum(axis=1),
            late.sum(axis=1),
            np.divide(weights[:, day], total, out=np.zeros(len(total)), where=total > 0),
            noun,
            f"of the year on a {name}",
        )
        for day, name in enumerate(WEEKDAYS)
    ]


def without_shared(pack: Pack, register: Register) -> Register:
    """Return a register of pupils on roll without the late marks of mornings that many shared: a bus's, not theirs."""
    shared = shared_causes(pack)
    if shared.empty:
        return register
    marks = pd.MultiIndex.from_frame(shared[["pupil_id", "date", "session"]].drop_duplicates())
    rows, columns = np.nonzero(is_late(register))
    keys = pd.MultiIndex.from_arrays(
        [
            register.pupils["pupil_id"].astype(str).to_numpy()[rows],
            register.sessions["date"].to_numpy()[columns],
            register.sessions["session"].to_numpy()[columns],
        ]
    )
    is_shared = keys.isin(marks)
    codes = register.codes.copy()
    codes[rows[is_shared], columns[is_shared]] = MISSING
    return replace(register, codes=codes)


@derived
def late_pupils_of(pack: Pack) -> pd.DataFrame:
    """Return every pupil on roll who was late in the period.

    Returns
    -------
    pandas.DataFrame
        One row per pupil, those of whom chance does not explain it first, the least likely of them before the others:
        identifiers, ``late_before_close_sessions``, ``late_after_close_sessions``, ``without_minutes_sessions``,
        ``late_minutes`` (of those written down), ``year_late_sessions``, ``shared_sessions`` (of shared mornings),
        ``stands_out`` (words; empty where chance explains it), ``chance`` (of the least likely of it, a fraction; 1 where
        chance explains it) and ``is_named``.
    """
    pupils = pack.roll.current.pupils
    shared = pupils["pupil_id"].astype(str).map(shared_causes(pack)["pupil_id"].value_counts())
    stands_out, chance = _what_stands_out(pack)
    frame = pupils.assign(
        **_late_counts(late_marks(pack.roll.current, pack.school), len(pupils)),
        year_late_sessions=is_late(pack.roll.year_to_date).sum(axis=1),
        shared_sessions=shared.fillna(0).astype(int),
        stands_out=stands_out,
        chance=chance,
        pupil_name=pupil_names(pupils),
    )
    frame = frame.assign(is_named=frame["stands_out"] != "")
    order = ["chance", "late_sessions", "year_late_sessions", "pupil_id"]
    return frame[frame["late_sessions"] > 0].sort_values(
        order, ascending=[True, False, False, True], kind="stable", ignore_index=True
    )


def _late_counts(late: pd.DataFrame, pupils: int) -> pd.DataFrame:
    """Count the late marks (see ``late_marks``) of each of so many pupils: one row per pupil."""
    is_before = late["code"] == LATE_BEFORE_CLOSE
    marks = late.assign(
        late_sessions=1,
        late_before_close_sessions=is_before,
        late_after_close_sessions=~is_before,
        late_minutes=late["minutes_late"].fillna(0),
        without_minutes_sessions=late["minutes_late"].isna(),
    )
    return marks.groupby("row")[LATE_COUNTS].sum().reindex(range(pupils), fill_value=0).astype(int)


LATE_COUNTS = [
    "late_sessions", "late_before_close_sessions", "late_after_close_sessions", "late_minutes", "without_minutes_sessions",
]  # fmt: skip


def _what_stands_out(pack: Pack) -> tuple[list[str], np.ndarray]:
    """Say of each pupil on roll what chance does not explain (empty where it explains all), and the chance of the rarest of it."""
    told: list[list[str]] = [[] for _ in range(len(pack.roll.current.pupils))]
    rarest = np.ones(len(told))
    asked = times_asked(pack)
    for question in questions(pack):
        is_beyond = is_beyond_chance(question.counts, question.of, question.share, questions=asked)
        for row in np.flatnonzero(is_beyond & (question.counts >= FEWEST_TIMES)):
            told[row].append(question.words(row))
            rarest[row] = min(rarest[row], question.chance[row])
    return ["; ".join(words) for words in told], rarest


STANDS_OUT = Column(
    "stands_out", "What stands out", meaning="How often late of how often there", personal=True, width=52
)


def pupils_who_stand_out(pack: Pack) -> Table:
    """Return the pupils whose lateness chance does not explain, and what they did."""
    found = late_pupils_of(pack)
    named = found[found["is_named"]].reset_index(drop=True)
    return Table(
        name="late_pupils_who_stand_out",
        title="Pupils whose lateness is not chance",
        frame=named,
        columns=(figure("pupil_name"), figure("form"), STANDS_OUT, *COUNT_COLUMNS),
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note=rule_in_words(pack),
        empty_text="No pupil was late more often than chance explains at the school's own rate.",
    )


def late_pupils(pack: Pack) -> Table:
    """Return every pupil who was late in the period, for the workbook; the first rows on the page."""
    return Table(
        name="late_pupils",
        title="Everyone who was late",
        frame=late_pupils_of(pack).sort_values(
            ["late_sessions", "pupil_id"], ascending=[False, True], kind="stable", ignore_index=True
        ),
        columns=(*shown("pupil_name", "form"), *COUNT_COLUMNS, *shown("pupil_id", "year_group")),
        row_header="pupil_name",
        shown_rows=SHOWN_SHORT,
        note="Counts are of late arrivals, not of sessions missed: L is present. Once or twice in a fortnight is what chance does.",
        empty_text="Nobody was late in the period.",
    )


def rule_in_words(pack: Pack) -> str:
    """Say when a pupil is named, at which rates, and how often by chance."""
    rates = " and ".join(
        f"one {HALF_NAMES[half][0]} in {format_count(1 / rate) if rate else '…'}"
        for half in SESSIONS
        if (rate := school_rate(pack, half))
    )
    return (
        f"Those who come are late to {rates or 'no session'} at this school (year to date); a pupil is named where so many "
        f"late arrivals are too unlikely at that rate{_in_a_week(school_rate(pack, SESSIONS[0]))}. "
        f"{format_count(times_asked(pack))} questions were asked (the period, each week, each weekday of the year); if nobody "
        "differed from the school's rate, one such paper in ten would name one pupil. Mornings on which many of one bus or form "
        "were late are left out."
    )


def _in_a_week(rate: float) -> str:
    """How rare two and three late mornings in a week of five are at a school's rate."""
    if not rate:
        return ""
    two, three = (
        one_in(chance_of_more(np.array([more]), np.array([5]), np.array([rate]))[0]) for more in (1, 2)
    )
    return f" (two late mornings in a week: {two} pupil-weeks, noise; three: {three})"


SHOWN_ROWS, SHOWN_SHORT = 25, 10
COUNT_COLUMNS = (
    Column("late_before_close_sessions", "L", Kind.COUNT, meaning="Late before the register closed, in the period", width=6),
    Column("late_after_close_sessions", "U", Kind.COUNT, meaning="Late after the register closed, in the period", width=6),
    Column("late_minutes", "Minutes", Kind.COUNT, meaning="Minutes late that were written down, L and U", width=9),
    Column(
        "without_minutes_sessions", "Without", Kind.COUNT, width=9,
        meaning="Late arrivals of which no minutes were written down",
    ),
    Column("year_late_sessions", "Year", Kind.COUNT, meaning="Late arrivals, L and U, year to date", width=7),
    Column(
        "shared_sessions", "Shared", Kind.COUNT, width=8,
        meaning="Of those in the period, on mornings when many of one bus or form were late",
    ),
)  # fmt: skip
