"""Whose tickets are in the draw: punctuality for the raffle, attendance and improvement for the prize pot; by counts alone."""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.lateness import could_be_on_time, is_late
from attendance_lib.errors import InputError, SettingsError, nearest
from attendance_lib.intake.settings.incentives import DrawRule
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.register.grid import CLOSED, NOT_ON_ROLL, Register, cell_of, with_earlier_enrolments
from attendance_lib.rules.codes import ABSENT, POSSIBLE
from attendance_lib.rules.draw import DRAWS
from attendance_lib.rules.occasions import PRIZE_POT, RAFFLE, Occasion

# Absence that costs no ticket: illness and medical appointments, religious observance, a part-time timetable (which follows from
# a health need), and a parent's travelling for work. Source: Equality Act 2010, ss. 13, 15, 19 and 20.
NEUTRAL_CODES = ("I", "M", "R", "C2", "T")
LOOK_BACK_WEEKS = 6


NAMES = {RAFFLE: "raffle", PRIZE_POT: "prize pot"}


def known_draw(draw: str) -> str:
    """Return a kind of draw by the name that a parameter gives it.

    Raises
    ------
    SettingsError
        If there is none of the name.

    Examples
    --------
    >>> known_draw("raffle")
    'raffle'
    """
    if draw not in DRAWS:
        raise SettingsError(f"Parameter 'draw': there is no draw {draw!r}. {nearest(draw, DRAWS)}")
    return draw


def rule_of(pack: Pack, draw: str) -> DrawRule:
    """Return the rule in force: the newest whose first day is on or before the period's.

    Raises
    ------
    SettingsError
        If the school file has none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> settings = SimpleNamespace(file="ash.yml", incentives=SimpleNamespace(rule_on=lambda draw, day: None))
    >>> pack = SimpleNamespace(school=SimpleNamespace(settings=settings), date_from=date(2026, 11, 2))
    >>> rule_of(pack, RAFFLE)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: ash.yml: there is no rule of the raffle from 2026-11-02 or before. Write one ...
    """
    settings = pack.school.settings
    rule = settings.incentives.rule_on(draw, pack.date_from)
    if rule is None:
        raise SettingsError(
            f"{settings.file}: there is no rule of the {NAMES[draw]} from {pack.date_from} or before. Write one under incentives, "
            f"{draw}, before a period begins: it holds for the periods that begin on its day 'from' or later."
        )
    return rule


def occasion_of(pack: Pack, draw: str) -> Occasion:
    """Return the draw that the calendar has for the period.

    Raises
    ------
    SettingsError
        If it has none: whoever may choose the days may choose the winner.
    InputError
        If the registers do not reach its last day.
    """
    occasions = pack.school.settings.occasions()
    asked = list({RAFFLE: occasions.raffle, PRIZE_POT: occasions.prize_pot}[draw]())
    days = [each for each in pack.school.calendar.school_days if pack.date_from <= each <= pack.date_to]
    ends = [*days[:1], *days[-1:]]
    found = next((each for each in asked if [each.first, each.last] == ends), None)
    if found is None:
        raise SettingsError(
            f"{pack.date_from} to {pack.date_to} is not a period of the {NAMES[draw]}: the school's calendar and 'papers' in its "
            f"school file fix them. {_one_to_ask_for(asked, pack.date_to)}"
        )
    last = pack.school.last_register_day
    if last is not None and last < found.last:
        raise InputError(
            f"the last register taken is of {last}, and this draw counts to {found.last}. Export the marks again."
        )
    return found


def _one_to_ask_for(asked: list[Occasion], day: date) -> str:
    past = [each for each in asked if each.last <= day] or asked
    return f"Ask for one of those, such as --from {past[-1].first} --to {past[-1].last}." if past else ""


def last_weeks_before(pack: Pack) -> Register:
    """Return the last six school weeks before the period, of everyone on roll; fewer early in the record."""
    register = pack.roll.register
    first = pack.roll.current.sessions["school_week"].iloc[0]
    week = register.sessions["school_week"]
    kept = register.where_sessions(((week >= first - LOOK_BACK_WEEKS) & (week < first)).to_numpy(dtype=bool))
    # Whoever is on roll at the end of the period, in that order, and not those who were so then.
    on_roll = pack.roll.selection.members(register.year_to_date(pack.date_to))
    return with_earlier_enrolments(kept, on_roll)


def is_excused(register: Register, overrides: pd.DataFrame | None) -> np.ndarray:
    """Return which sessions fall into a logged override of the pupil's (boolean, shape (pupils, sessions)).

    Parameters
    ----------
    register : Register
        One row per person.
    overrides : pandas.DataFrame or None
        OVERRIDES: agreed adjustments, the authority's transport, young carers, medical reasons, from one day to another.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"])})
    >>> register = Register(np.zeros((2, 3), dtype=np.uint8), pd.DataFrame({"pupil_id": ["1", "2"]}), days)
    >>> row = {"pupil_id": "2", "date_from": pd.Timestamp(2026, 11, 6), "date_to": pd.NaT}  # without an end it goes on
    >>> is_excused(register, pd.DataFrame([row])).tolist()
    [[False, False, False], [False, True, True]]
    """
    excused = np.zeros(register.codes.shape, dtype=bool)
    if overrides is None:
        return excused
    rows = pd.Series(np.arange(len(register.pupils)), index=register.pupils["pupil_id"].astype(str))
    days = register.sessions["date"]
    own = overrides[overrides["pupil_id"].isin(rows.index)]
    for pupil, first, last in zip(own["pupil_id"], own["date_from"], own["date_to"], strict=True):
        until = last if pd.notna(last) else days.max()
        excused[rows[pupil]] |= ((days >= first) & (days <= until)).to_numpy()
    return excused


def on_time(register: Register, overrides: pd.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the sessions to which each pupil came on time, or excused, and those to which each came; shapes (pupils,).

    Examples
    --------
    >>> cells = np.array([[cell_of(code) for code in "/LUI"]], dtype=np.uint8)
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 4)})
    >>> register = Register(cells, pd.DataFrame({"pupil_id": ["1"]}), days)
    >>> [counts.tolist() for counts in on_time(register, None)]  # absence is neither rewarded nor punished
    [[1], [3]]
    """
    came = could_be_on_time(register)
    late = is_late(register) & ~is_excused(register, overrides)
    return (came & ~late).sum(axis=1), came.sum(axis=1)


def counted_absence(register: Register, overrides: pd.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the sessions missed that cost a ticket, and the possible sessions: counts, each of shape (pupils,).

    Illness, medical appointments, religious observance and whatever falls into an override are neither.

    Examples
    --------
    >>> cells = np.array([[cell_of(code) for code in "/IOG"]], dtype=np.uint8)
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"] * 4)})
    >>> register = Register(cells, pd.DataFrame({"pupil_id": ["1"]}), days)
    >>> [counts.tolist() for counts in counted_absence(register, None)]  # illness is left out of both
    [[2], [3]]
    """
    neutral = np.isin(register.codes, [cell_of(code) for code in NEUTRAL_CODES]) | (
        np.isin(register.categories, ABSENT) & is_excused(register, overrides)
    )
    missed = np.isin(register.categories, ABSENT) & ~neutral
    possible = np.isin(register.categories, POSSIBLE) & ~neutral
    return missed.sum(axis=1), possible.sum(axis=1)


# Why a pupil has not as many tickets as the period's own share of sessions on time would give, or not all.
BY_EARLIER, NEVER_CAME = "came to no session: by the six weeks before", "came to no session in seven weeks"
JOINED, WAS_LATE = "joined within the period", "late"


@derived
def raffle_tickets(pack: Pack) -> pd.DataFrame:
    """Count the raffle's tickets.

    Returns
    -------
    pandas.DataFrame
        One row per pupil on roll, by identifier: the roll's columns, ``on_time_sessions``, ``came_sessions``,
        ``is_by_earlier_weeks``, ``tickets`` and ``why`` (words, where it is not the period's own share).

    Notes
    -----
    Tickets are the whole tickets in the share of sessions on time, of those to which the pupil came: absence is neither
    rewarded nor punished. Who came to none is judged by the last six weeks; who joined within the period has as many as the
    part of it on roll allows, rounded up. All by whole numbers.
    """
    rule, register = rule_of(pack, RAFFLE), pack.roll.current
    overrides = pack.school.overrides
    good, came = on_time(register, overrides)
    earlier_good, earlier_came = on_time(last_weeks_before(pack), overrides)
    is_earlier = came == 0
    part = np.where(is_earlier, earlier_good, good)
    whole = np.where(is_earlier, earlier_came, came)
    due, on_roll = _sessions_on_roll(register)
    share = rule.most_tickets * part // np.maximum(whole, 1)
    tickets = np.where(whole > 0, -(-share * on_roll // np.maximum(due, 1)), 0)
    cases = [is_earlier & (whole > 0), whole == 0, on_roll < due, part < whole]
    why = np.select(cases, [BY_EARLIER, NEVER_CAME, JOINED, WAS_LATE], default="")
    frame = register.pupils.assign(
        on_time_sessions=part, came_sessions=whole, is_by_earlier_weeks=is_earlier, tickets=tickets, why=why
    )
    return frame.sort_values("pupil_id", kind="stable", ignore_index=True)


def _sessions_on_roll(register: Register) -> tuple[np.ndarray, np.ndarray]:
    """Return how many sessions were open to each pupil, and on how many of them the pupil was on roll (counts)."""
    is_open = register.codes != CLOSED
    return is_open.sum(axis=1), (is_open & (register.codes != NOT_ON_ROLL)).sum(axis=1)


@derived
def prize_tickets(pack: Pack) -> pd.DataFrame:
    """Count the prize pot's tickets: one for the school's rule, one for an improvement on the pupil's own six weeks before.

    Returns
    -------
    pandas.DataFrame
        One row per pupil on roll, by identifier: the roll's columns, ``missed_sessions`` (that cost a ticket),
        ``countable_sessions``, ``earlier_missed_sessions``, ``earlier_countable_sessions``, ``meets_rule``, ``is_improved`` and
        ``tickets`` (0 to 2).
    """
    rule, overrides = rule_of(pack, PRIZE_POT), pack.school.overrides
    missed, possible = counted_absence(pack.roll.current, overrides)
    before_missed, before_possible = counted_absence(last_weeks_before(pack), overrides)
    # All of it illness: there is nothing to judge by, and no ticket is lost by it.
    meets = missed * rule.out_of <= rule.missed * possible
    # Without a session on either side both products are 0, and there is no improvement.
    improved = missed * before_possible < before_missed * possible
    frame = pack.roll.current.pupils.assign(
        missed_sessions=missed,
        countable_sessions=possible,
        earlier_missed_sessions=before_missed,
        earlier_countable_sessions=before_possible,
        meets_rule=meets,
        is_improved=improved,
        tickets=meets.astype(int) + improved.astype(int),
    )
    return frame.sort_values("pupil_id", kind="stable", ignore_index=True)
