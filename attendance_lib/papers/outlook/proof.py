"""How good the chances were on the school's own past: the list of last year, the trial by week, what came, and of which groups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import normal_quantile
from attendance_lib.analysis.outlook.backtest import (
    CHECK,
    ON_EQUAL_TERMS,
    OURS,
    Tried,
    brier,
    mean_of,
)
from attendance_lib.analysis.outlook.chances import CERTAIN
from attendance_lib.analysis.outlook.outlook import Told, outlook_of, reach, trial_of
from attendance_lib.analysis.outlook.rules import RULES
from attendance_lib.analysis.outlook.school import HORIZON_WORDS
from attendance_lib.display import Chart, Column, Kind, Table
from attendance_lib.display.charts.reliability import reliability_chart
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date, format_percent
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.chances import MANY
from attendance_lib.papers.outlook.pupils import LEAST_LISTED
from attendance_lib.papers.shared import framed
from attendance_lib.rules.groups import GROUPS

NOT_TRIED = "No finished year is held, on which it could be tried."
WITHOUT_A_YEAR = " The chances of that week were worked out without a year before it, which is not held; with one they say more."
# Sums of chances are shown as whole pupils; further places would only tell one machine's last bits from another's.
PLACES = 6


# The list, as it would have been about this week of last year


@dataclass(frozen=True, eq=False)
class PastList:
    """Who would have been listed in the same week of last year, and who crossed.

    ``week_ends`` is the last school day of the week; ``tried`` what was said; ``in_order`` the positions of those listed, in the
    list's order; ``named`` how many of them a school can take on.
    """

    week_ends: object
    tried: Tried
    in_order: np.ndarray
    named: int

    @property
    def crossers(self) -> int:
        """How many of those not yet over the line ended over it.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> tried = SimpleNamespace(came=np.array([True, True, False]), is_under=np.array([False, True, True]))
        >>> PastList(None, tried, np.array([1, 2]), 2).crossers  # the first was over the line already
        1
        """
        return int((self.tried.came & self.tried.is_under).sum())

    def found(self, order: np.ndarray) -> int:
        """Return how many of the first named of an order (positions, shape (n,)) crossed by the last day.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> past = PastList(None, SimpleNamespace(came=np.array([True, True, False])), np.array([1, 2]), named=2)
        >>> past.found(np.array([2, 0, 1])), past.found(np.array([0, 1, 2]))
        (1, 2)
        """
        return int(self.tried.came[order[: self.named]].sum())


@derived
def tried_last_year(pack: Pack) -> tuple[int, Tried, np.ndarray] | None:
    """Return the same week of last year: its position, what was said to the year's end, and the sessions to save (one each)."""
    outlook = outlook_of(pack)
    marks, before = outlook.school.marks, outlook.school.marks.same_week_last_year(outlook.known)
    if before is None or not outlook.told:
        return None
    then, end = marks.at(before), marks.end_last_year(outlook.known, len(marks.years))
    expected, best = reach(marks, then, end)
    return before, outlook.tried(before, end), np.maximum(expected - best, 0)


def list_of_last_year(pack: Pack, named: int) -> PastList | None:
    """Return the list of the same week of last year; None where no finished year is held."""
    found = tried_last_year(pack)
    if found is None:
        return None
    before, tried, saved = found
    rows = np.flatnonzero(is_listed(tried))
    order = np.lexsort((rows, -tried.said[OURS][rows], -saved[rows]))
    return PastList(outlook_of(pack).school.weeks["last_date"].iloc[before], tried, rows[order], named)


def is_listed(tried: Tried) -> np.ndarray:
    """Return who would have been on the list of that day, with or without support (boolean, shape (persons,)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> said = np.array([0.14, 0.15, 0.95, 0.96, 0.5])
    >>> under = np.array([True, True, True, True, False])  # the last is over the line
    >>> is_listed(SimpleNamespace(said={OURS: said}, is_under=under, is_open=np.ones(5, dtype=bool))).tolist()
    [False, True, True, False, False]
    """
    percent = np.rint(CERTAIN * tried.said[OURS])
    return tried.is_under & tried.is_open & (percent >= LEAST_LISTED) & (percent <= MANY)


def by_rate(pack: Pack, past: PastList) -> np.ndarray:
    """Return the positions (n_under,) of those not over the line then by their share of sessions missed: a list without a model.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> then = SimpleNamespace(absent_so_far=np.array([4, 9, 0, 30]), possible_so_far=np.array([40, 60, 0, 60]))
    >>> outlook = SimpleNamespace(school=SimpleNamespace(marks=SimpleNamespace(at=lambda week: then)))
    >>> past = SimpleNamespace(tried=SimpleNamespace(week=3, is_under=np.array([True, True, True, False])))
    >>> by_rate(SimpleNamespace(results={outlook_of: outlook}), past).tolist()
    [1, 0, 2]
    """
    marks = outlook_of(pack).school.marks
    then = marks.at(past.tried.week)
    rate = then.absent_so_far / np.maximum(then.possible_so_far, 1)
    rows = np.flatnonzero(past.tried.is_under)
    return rows[np.lexsort((rows, -rate[rows]))]


def list_words(past: PastList | None, pack: Pack) -> str:
    """Say how many of the list of last year crossed, beside a list by absence so far; empty where it could not be tried."""
    if past is None:
        return NOT_TRIED
    named = min(past.named, len(past.in_order))
    simple, likely = past.found(by_rate(pack, past)), named_in(pack, past.tried, past.named)[1]
    return (
        f"In the same week of last year ({format_date(past.week_ends)}), of {format_count(named)} named in the first list's order "
        f"{format_count(past.found(past.in_order))} crossed by the end of the year; of the most likely {format_count(likely)}, "
        f"of those with the highest absence so far {format_count(simple)}. {format_count(past.crossers)} crossed in all."
        f"{WITHOUT_A_YEAR if past.tried.had_hindsight else ''}"
    )


def skill_words(told: Told) -> str:
    """Say by how much less the chances missed than the best simple rule and than the average about this week of last year."""
    if not told.tried:
        return ""
    best, its = best_simple(told.tried)
    ours = brier(told.tried, told.by)
    gain = 1 - ours / its if told.by in (OURS, CHECK) else 0.0
    over_average = 1 - ours / average_miss(told.tried)
    beside = (
        f"{format_percent(gain, 0)} less than the best simple rule ({rule_words(best)}) and " if floor(100 * gain + 0.5) > 0
        else f"no less than the best simple rule ({rule_words(best)}) and "
    )  # fmt: skip
    return (
        f"Tried about this week of last year from what was known then, the chances missed by {beside}"
        f"{format_percent(over_average, 0)} less than the school's average for everybody."
    )


def rule_words(name: str) -> str:
    """Return what a rule looks at.

    Examples
    --------
    >>> rule_words("check")
    'the check'
    """
    return RULES[name].words if name in RULES else "the check"


def best_simple(tried: Iterable[Tried]) -> tuple[str, float]:
    """Return the simple rule that missed least in some weeks, and its mean square miss."""
    held = list(tried)
    misses = {name: brier(held, name) for name in RULES if all(name in each.said for each in held)}
    name = min(misses, key=lambda each: round(misses[each], 12))
    return name, misses[name]


def average_miss(tried: Iterable[Tried]) -> float:
    """Return the mean square miss of telling everybody the share of those who came to cross.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> week = SimpleNamespace(came=np.array([True, False, False, False]), is_asked=np.ones(4, dtype=bool))
    >>> average_miss([week])  # a quarter said of each: one misses by three quarters, three by a quarter
    0.1875
    """
    came = [each.came[each.is_asked].astype(float) for each in tried]
    return mean_of(np.concatenate([np.square(each - mean_of(each)) for each in came]))


# The trial by half term and by week


def trial_by_half_term(pack: Pack) -> Table:
    """Return how the chances did in each half term of the past, to each end, beside the best simple rule and the average."""
    rows = [trial_row(name, group) for name, group in grouped_trial(pack).items()]
    return Table(
        name="outlook_trial",
        title="What would have been said, and what came",
        frame=framed(rows, TRIAL_COLUMNS),
        columns=TRIAL_COLUMNS,
        note="Each week from what was known then, marks changed later taken back, of pupils given a chance. "
        "Better: by how much less the square of chance less outcome (Brier score) was. Where no year before was held, simple "
        "rules are given shares of that same year, which flatters them; on equal terms our chances have that too.",
        empty_text=NOT_TRIED,
    )


def grouped_trial(pack: Pack) -> dict[tuple[str, str], list[Tried]]:
    """Return the weeks of the trial by the half term that lies ahead of them and the end that they tell."""
    weeks, names = outlook_of(pack).school.weeks, pack.school.calendar.half_term_names
    found: dict[tuple[str, str], list[Tried]] = {}
    for horizon, tried in ((each, tried) for each, tried in trial_of(pack) if tried.is_asked.any()):
        ahead = names[weeks["half_term"].iloc[tried.week + 1]]
        found.setdefault((ahead, HORIZON_WORDS[horizon.kind]), []).append(tried)
    return found


def trial_row(name: tuple[str, str], group: list[Tried]) -> tuple:
    """Return one row of the trial (TRIAL_COLUMNS) of weeks in which something would have been stated."""
    asked = sum(int(each.is_asked.sum()) for each in group)
    best, its = best_simple(group)
    ours, equal, average = brier(group, OURS), brier(group, ON_EQUAL_TERMS), average_miss(group)
    said = sum(float(each.said[OURS][each.is_asked].sum()) for each in group) / len(group)
    came = sum(int(each.came[each.is_asked].sum()) for each in group) / len(group)
    counts = (len(group), round(asked / len(group), PLACES), round(said, PLACES), round(came, PLACES))
    return (*name, *counts, gain(ours, average), RULES[best].words, gain(ours, its), gain(equal, its))


def named_by_half_term(pack: Pack, named: int) -> Table:
    """Return what naming so many pupils a week would have found: those most likely by us, and those with most absence so far."""
    found = [
        (name, [named_in(pack, each, named) for each in group]) for name, group in grouped_trial(pack).items()
    ]
    rows = [(*name, *counts) for name, weeks in found if (counts := named_row(weeks)) is not None]
    return Table(
        name="outlook_named",
        title=f"If {format_count(named)} had been named each week",
        frame=framed(rows, NAMED_COLUMNS),
        columns=NAMED_COLUMNS,
        note="Of pupils not yet over 10% and given a chance: those most likely to cross, beside those with the "
        "highest absence so far. All counts are a week's, on average.",
        empty_text=NOT_TRIED,
    )


def words_of_this_year(pack: Pack, named: int) -> str:
    """Say what naming so many a week found to the end of the last half term of this year that is over; empty where none is."""
    weeks, years = outlook_of(pack).school.weeks, outlook_of(pack).school.marks.years
    own = [
        (each, tried)
        for each, tried in trial_of(pack)
        if years[tried.week] == years[-1] and tried.is_asked.any()
    ]
    if not own:
        return ""
    last = max(each.stop for each, _ in own)
    found = [named_in(pack, tried, named) for each, tried in own if each.stop == last]
    could, ours, simple, crossed = (sum(each) / len(found) for each in zip(*found, strict=True))
    ended = format_date(weeks["last_date"].iloc[last - 1])
    return (
        f"In the {pack.school.calendar.span_word} that ended on {ended}, with last year known: of the {format_count(could)} most "
        f"likely each week {format_count(ours)} crossed by its end, of those with the highest absence so far "
        f"{format_count(simple)}; {format_count(crossed)} crossed in all, a week on average."
    )


def named_in(pack: Pack, tried: Tried, named: int) -> tuple[int, int, int, int]:
    """Return of one week how many could be named, how many of them crossed by chance and by rate so far, and crossed in all."""
    then = outlook_of(pack).school.marks.at(tried.week)
    rate = then.absent_so_far / np.maximum(then.possible_so_far, 1)
    rows = np.flatnonzero(tried.is_under)
    orders = [np.lexsort((rows, -rate[rows], *more)) for more in ((-tried.said[OURS][rows],), ())]
    ours, simple = (int(tried.came[rows[order[:named]]].sum()) for order in orders)
    return min(named, len(rows)), ours, simple, int(tried.came[rows].sum())


def named_row(weeks: list[tuple[int, int, int, int]]) -> tuple | None:
    """Return the counts a week and shares of some weeks of ``named_in``; None where nobody crossed or could be named.

    Examples
    --------
    >>> named_row([(20, 12, 8, 16), (20, 10, 10, 24)])
    (20.0, 20.0, 11.0, 9.0, 0.55, 0.45, 0.55, 0.45)
    >>> named_row([(20, 0, 0, 0)]) is None
    True
    """
    named, ours, simple, crossed = (sum(each) for each in zip(*weeks, strict=True))
    if not (named and crossed):
        return None
    by_week = [each / len(weeks) for each in (named, crossed, ours, simple)]
    return (*by_week, ours / crossed, simple / crossed, ours / named, simple / named)


NAMED_COLUMNS = (
    Column("half_term", "Given in", meaning="Part of the year that the first week ahead lies in", width=24),
    Column("end", "To the end of the", meaning="The end that the chance is of", width=11),
    figure("named", meaning="Pupils named a week"),
    Column(
        "crossed_a_week", "Crossed", Kind.NUMBER, meaning="Pupils not over the line then who ended over it"
    ),
    Column("ours", "Crossed, of most likely", Kind.NUMBER, meaning="Of those most likely, how many crossed"),
    Column(
        "simple",
        "Crossed, of most absent so far",
        Kind.NUMBER,
        meaning="Of those with the highest absence so far, how many crossed",
    ),
    Column(
        "found_rate", "Found", Kind.RATE, meaning="Of those who crossed, how many were named (sensitivity)"
    ),
    Column(
        "simple_found_rate",
        "Found by absence so far",
        Kind.RATE,
        meaning="The same by the highest absence so far",
    ),
    Column(
        "right_rate",
        "Right",
        Kind.RATE,
        meaning="Of those named, how many crossed (positive predictive value)",
    ),
    Column(
        "simple_right_rate",
        "Right by absence so far",
        Kind.RATE,
        meaning="The same by the highest absence so far",
    ),
)


def gain(ours: float, theirs: float) -> float:
    """Return by how much less we missed (a fraction, to four places so that no last bit shows); missing where they never missed.

    Examples
    --------
    >>> gain(0.09, 0.12), gain(0.1, 0.0)  # a quarter less
    (0.25, nan)
    """
    return round(1 - ours / theirs, 4) if theirs else float("nan")


TRIAL_COLUMNS = (
    Column("half_term", "Given in", meaning="Part of the year that the first week ahead lies in", width=24),
    Column("end", "To the end of the", meaning="The end that the chance is of", width=11),
    Column("weeks", "Weeks", Kind.COUNT, meaning="Weeks pooled"),
    figure("pupils", meaning="Pupils asked about, a week"),
    figure("likely", meaning="Chances added up, a week: how many were said to end at 10% or more"),
    figure("came", meaning="How many did, a week"),
    Column(
        "over_average",
        "Better than the average",
        Kind.RATE,
        meaning="Less missed than by giving everybody the school's share",
    ),
    Column("best", "Best simple rule", meaning="The simple rule that missed least", width=22),
    Column(
        "over_best",
        "Better than it",
        Kind.RATE,
        meaning="Less missed than by it; less than nothing: more missed",
    ),
    Column(
        "on_equal_terms",
        "On equal terms",
        Kind.RATE,
        meaning="The same, where ours too had the year's own shares",
    ),
)


def trial_by_week(pack: Pack) -> Table:
    """Return the same week by week, to the end of the year."""
    weeks = outlook_of(pack).school.weeks
    told = [(each, tried) for each, tried in trial_of(pack) if tried.is_asked.any()]
    rows = [
        (weeks["first_date"].iloc[tried.week], *trial_row(("", HORIZON_WORDS[each.kind]), [tried])[1:])
        for each, tried in told
    ]
    columns = (figure("week_beginning", meaning="First school day of the week"), *TRIAL_COLUMNS[1:])
    return Table(
        name="outlook_trial_weeks",
        title="Week by week",
        frame=framed(rows, columns).drop(columns="weeks"),
        columns=tuple(column for column in columns if column.name != "weeks"),
        shown_rows=SHOWN_WEEKS,
        empty_text=NOT_TRIED,
    )


SHOWN_WEEKS = 0
# From so many per cent to so many: the tenths that lists say.
BANDS = (
    (0, 5),
    (5, 15),
    (15, 25),
    (25, 35),
    (35, 45),
    (45, 55),
    (55, 65),
    (65, 75),
    (75, 85),
    (85, 95),
    (95, 101),
)


def said_and_seen(pack: Pack) -> Chart:
    """Return the chart of what was said beside what came, over every week of the trial."""
    return reliability_chart(pd.DataFrame(list(reliability_rows(pack)), columns=RELIABILITY))


RELIABILITY = ["said", "forecasts", "said_rate", "came_rate"]


def reliability_rows(pack: Pack) -> Iterator[tuple]:
    """Yield for each band of chances how often it was said, of what chance on average, and how often it came (fractions)."""
    said, came = said_and_came(pack)
    percent = np.rint(CERTAIN * said)
    for low, high in BANDS:
        here = (percent >= low) & (percent < high)
        if here.any():
            yield (
                f"{low} to {high - 1} in 100",
                int(here.sum()),
                mean_of(said[here]),
                mean_of(came[here].astype(float)),
            )


def said_and_came(pack: Pack) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance (fraction) of every pupil and week of the trial in which one was asked for, and whether it came."""
    told = [(tried, tried.is_open & tried.is_asked) for _, tried in trial_of(pack)]
    if not told:
        return np.zeros(0), np.zeros(0)
    said = np.concatenate([tried.said[OURS][asked] for tried, asked in told])
    return said, np.concatenate([tried.came[asked] for tried, asked in told])


# Whether the list and the chances are as good for every group of pupils: for the attendance lead alone, never published


HELD = 0.05


def by_group(pack: Pack) -> Table:
    """Return for groups of pupils how many would have been listed in this week of last year, found, and said beside what came."""
    found = tried_last_year(pack)
    pupils = outlook_of(pack).school.persons.pupils
    groups = [each for each in GROUPS if each.is_published and set(each.columns) <= set(pupils.columns)]
    rows = (
        [] if found is None else list(group_rows(found[1], [(each, each.members(pupils)) for each in groups]))
    )
    return Table(
        name="outlook_groups",
        title="Is it as good for every group?",
        frame=framed(rows, GROUP_COLUMNS),
        columns=GROUP_COLUMNS,
        row_header="group",
        note="For the attendance lead, never published. In this week of last year. Nothing of a pupil but the register is looked "
        "at, so a group is listed more where it is away more. Likely and came are of all on roll; chance alone leaves what came "
        "within the range for all groups together in 95 of 100 schools.",
        empty_text=NOT_TRIED,
    )


def group_rows(tried: Tried, groups: list) -> Iterator[tuple]:
    """Yield one row a group with anybody in it: GROUP_COLUMNS."""
    held = [
        (group, members & tried.is_asked) for group, members in groups if (members & tried.is_asked).any()
    ]
    reach_of = normal_quantile(1 - HELD / 2 / max(len(held), 1))
    for group, here in held:
        counts = (*_list_counts(tried, here), *_said_and_came(tried, here, reach_of))
        yield (group.heading, group.name, int(here.sum()), *counts)


def _list_counts(tried: Tried, here: np.ndarray) -> tuple[int, float, int, int]:
    """How many of a group not over the line were listed, as a share too, how many crossed it, and how many are both."""
    under = here & tried.is_under
    crossed, chosen = under & tried.came, under & is_listed(tried)
    share = chosen.sum() / max(int(under.sum()), 1)
    return int(chosen.sum()), share, int(crossed.sum()), int((chosen & crossed).sum())


def _said_and_came(tried: Tried, here: np.ndarray, reach_of: float) -> tuple[float, int, str, str]:
    """How many of a group were said to come over the line, how many did, the range of chance, and on which side of it they are."""
    chance = tried.said[OURS][here]
    said, came = float(chance.sum()), int(tried.came[here].sum())
    width = reach_of * sqrt(float((chance * (1 - chance)).sum()))
    low, high = max(floor(said - width + 0.5), 0), floor(said + width + 0.5)
    beyond = "" if low <= came <= high else "more came" if came > high else "fewer came"
    return said, came, f"{format_count(low)} to {format_count(high)}", beyond


GROUP_COLUMNS = (
    figure("characteristic", heading="By", width=16),
    figure("group", width=18),
    figure("pupils", meaning="Pupils on roll then"),
    Column(
        "listed",
        "Listed",
        Kind.COUNT,
        meaning="Not over the line then and on the list, with or without support",
    ),
    Column("listed_rate", "Share listed", Kind.RATE, meaning="Of those not over the line then"),
    figure("crossed"),
    Column("found", "Of them listed", Kind.COUNT, meaning="Of those who crossed, how many were on the list"),
    figure("likely", meaning="Chances of all on roll added up"),
    figure("came", meaning="How many of all on roll ended at 10% or more"),
    Column("by_chance", "Chance alone", meaning="Where what came lies if the chances are right", width=12),
    Column("beyond", "Beyond chance", meaning="Where what came lies outside it", width=12),
)
