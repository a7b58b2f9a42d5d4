"""The lists: whom support would reach in time, who has support, who may come back, whom nobody can tell; and how each is said."""

from dataclasses import replace
from math import floor

import numpy as np
import pandas as pd

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.impact.paper import impact_so_far
from attendance_lib.analysis.impact.weeks import of_categories
from attendance_lib.analysis.outlook.backtest import CHECK, OURS
from attendance_lib.analysis.outlook.chances import CERTAIN
from attendance_lib.analysis.outlook.marks import Known
from attendance_lib.analysis.outlook.outlook import Outlook, Told, outlook_of
from attendance_lib.analysis.outlook.rules import RULES
from attendance_lib.analysis.outlook.school import HORIZON_WORDS, Horizon
from attendance_lib.analysis.patterns import absence_patterns
from attendance_lib.analysis.support import own_interventions, short_day
from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date, format_percent
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.chances import MANY, NOT_TOLD, chance_words, of_ten, would_have_to_happen
from attendance_lib.papers.impact_words import verdict_words
from attendance_lib.papers.shared import pupil_names
from attendance_lib.rules.codes import ABSENT, Category
from attendance_lib.rules.thresholds import FIRST_WEEKS_SESSIONS, PERSISTENT_ABSENCE

SHOWN_ROWS = 15
# Nobody is put before a meeting whose line is as good as safe, or as good as crossed: there a meeting saves least.
LEAST_LISTED = 15
NO_LAST_END = (
    "The calendar of the school file holds no session after this day, so there is no chance to give."
)


@derived
def people_of(pack: Pack) -> pd.DataFrame:
    """Return the pupils of a pack's cohort on roll who had a session this year, with what is told of each.

    Returns
    -------
    pandas.DataFrame
        One row per pupil: those of the pupils file, ``row`` (position in the outlook), ``is_over`` (the line of 10 %, so far),
        ``is_decided`` (by arithmetic), ``percent`` and the words of each end, ``needed``, ``expected``, ``best_quarter``,
        ``could_be_saved`` (sessions), ``facts``, ``base`` and the columns of support.
    """
    outlook = outlook_of(pack)
    known = outlook.known
    register = pack.roll.year_to_date
    pupils = register.pupils.astype({"pupil_id": str})
    patterns = absence_patterns(register, pack.roll.register.year_to_date(pack.date_to))["pattern"]
    people = pupils.assign(row=outlook.school.rows_of(pupils["pupil_id"]), pattern=patterns.to_numpy())
    people = people[people["row"] >= 0]
    people = people[known.is_here[people["row"].to_numpy()]].reset_index(drop=True)
    rows = people["row"].to_numpy()
    over = PERSISTENT_ABSENCE.is_met(known.absent_so_far, known.possible_so_far)
    said = facts(outlook) if len(rows) else []
    people = people.assign(
        pupil_name=pupil_names(people), is_over=over[rows],
        facts=["; ".join(filter(None, (said[row], pattern))) for row, pattern in zip(rows, people["pattern"], strict=True)],
        expected=outlook.expected[rows], best_quarter=outlook.best_quarter[rows],
        could_be_saved=outlook.could_be_saved[rows], **words_of(outlook, people),
    )  # fmt: skip
    return people.merge(support_of(pack), on="pupil_id", how="left", validate="m:1")


def words_of(outlook: Outlook, people: pd.DataFrame) -> dict[str, object]:
    """Return the columns (one value per row) that say each person's chances (per cent) to every end, and what decides the lists."""
    rows, columns = people["row"].tolist(), {}
    for (kind, line), told in outlook.told.items():
        if line == "severe":
            columns[f"{kind}_severe"] = [severe_words(told, row) for row in rows]
            continue
        columns[f"{kind}_chance"] = [chance_words(told, row) for row in rows]
        columns[f"{kind}_back"] = [back_words(told, row) for row in rows]
        columns |= {"percent": told.chance[rows], "is_told": told.is_told[rows], "cannot": told.cannot[rows]}
        columns["is_decided"] = (told.need[rows] <= 0) | (told.need[rows] > told.left[rows])
        columns["is_certain"] = told.need[rows] <= 0
        columns["needed"] = [would_have_to_happen(int(told.need[row]), int(told.left[row])) for row in rows]
        columns["base"] = base_words(told, people)
    return columns


def listed(pack: Pack) -> pd.DataFrame:
    """Return the pupils not yet over the line for whom it is open, in the order of the sessions that could still be saved.

    Those of one number stand by chance, then by identifier. One row per pupil, as ``people_of``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"pupil_id": list("1234"), "percent": [14, 15, 96, 50], "could_be_saved": [9, 4, 9, 6]})
    >>> people = people.assign(is_told=True, is_over=False)
    >>> listed(SimpleNamespace(results={people_of: people}))["pupil_id"].tolist()  # from 15 to 95 in 100, the most to save first
    ['4', '2']
    """
    people = people_of(pack)
    if "is_told" not in people:
        return people.iloc[:0]
    open_ = people["is_told"] & ~people["is_over"] & people["percent"].between(LEAST_LISTED, MANY)
    return in_order(people[open_])


def in_order(people: pd.DataFrame) -> pd.DataFrame:
    """Return pupils (rows) by the sessions that could still be saved, then by chance, then by identifier.

    Examples
    --------
    >>> people = pd.DataFrame({"pupil_id": ["1", "2", "3"], "could_be_saved": [4, 9, 4], "percent": [30, 20, 60]})
    >>> in_order(people)["pupil_id"].tolist()
    ['2', '3', '1']
    """
    order = ["could_be_saved", "percent", "pupil_id"]
    return people.sort_values(order, ascending=[False, False, True], ignore_index=True)


def has_support(people: pd.DataFrame) -> pd.Series:
    """Return who has support of the pupil's own on file this year (boolean, one per row).

    Examples
    --------
    >>> has_support(pd.DataFrame({"has_support": pd.array([True, None], dtype="boolean")})).tolist()
    [True, False]
    """
    return people["has_support"].fillna(value=False).astype(bool)


def reached_in_time(pack: Pack) -> Table:
    """Return whom support would reach in time: not over the line, the line open, none of the pupil's own on file."""
    people = listed(pack)
    return Table(
        name="outlook_reach",
        title="Whom support would reach in time",
        frame=people[~has_support(people)].reset_index(drop=True),
        columns=(*columns_of(pack), *SUPPORT_COLUMNS, *LATER),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note=ORDER,
        empty_text=empty_text(
            pack, "Nobody without support is near enough to the line for a chance to be given."
        ),
    )


ORDER = (
    f"Not yet over 10%, between {LEAST_LISTED} and {MANY} in 100 to end over it. Order: sessions that could still be saved (what "
    "the pupil is expected to miss to the last end named, less what the best quarter of pupils like this one miss), then chance. "
    "A chance is a reason to talk, not a ground for a sanction, a notice or a refusal."
)


def supported_already(pack: Pack) -> Table:
    """Return those for whom the line is open who have support already, with what the impact paper says of that kind."""
    people = listed(pack)
    people = people[has_support(people)].reset_index(drop=True)
    return Table(
        name="outlook_supported",
        title="Supported already",
        frame=people.assign(verdicts=verdicts_of(pack, people)),
        columns=(*columns_of(pack), *SUPPORT_COLUMNS[:1], VERDICT, *SUPPORT_COLUMNS[1:], *LATER),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note="The same rule and order. Pupils helped last year are in what the chances were learned from: a chance says nothing of "
        "what the support does. What can be said of its kind is the impact paper's, of all who began it.",
        empty_text=empty_text(
            pack, "Nobody with support is near enough to the line for a chance to be given."
        ),
    )


def verdicts_of(pack: Pack, people: pd.DataFrame) -> list[str]:
    """Return what the impact paper says of the kinds of support that each pupil (row) has on the last day (one text each)."""
    if pack.school.interventions is None or people.empty:
        return [""] * len(people)
    found = impact_so_far(pack).impacts.to_dict("records")
    said = {
        row["intervention"]: verdict_words(row["verdict"], row["reason"], stands=row["stands_among_many"])
        for row in found
    }
    log = own_interventions(pack.school.interventions, pack.date_to)
    of_pupils = log[log["is_running"]].groupby("pupil_id")["intervention"]
    running = of_pupils.agg(lambda names: sorted(set(names)))
    held = [running.get(pupil, []) for pupil in people["pupil_id"]]
    return ["; ".join(f"{name}: {said[name]}" for name in names if name in said) for names in held]


def could_come_back(pack: Pack) -> Table:
    """Return who is over the line and may still end below it, and what would have to happen."""
    people = people_of(pack)
    if "is_told" in people:
        people = in_order(
            people[people["is_told"] & people["is_over"] & (people["percent"] <= CERTAIN - LEAST_LISTED)]
        )
    return Table(
        name="outlook_back",
        title="Over the line, and could still end below it",
        frame=people if "is_told" in people else people.iloc[:0],
        columns=(*columns_of(pack, "back"), *severe_columns(pack), *SUPPORT_COLUMNS, *LATER),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note=f"Of ten pupils like this one, so many end below 10%; {LEAST_LISTED} in 100 or more by the last end. The order is "
        "that of the first list. Half or more missed is said in words: it is too rare at one school for tenths.",
        empty_text=empty_text(pack, "Nobody over the line is likely enough to end below it."),
    )


def cannot_be_told(pack: Pack) -> Table:
    """Return of whom no chance can be stated, and why.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"pupil_id": ["1", "2"], "cannot": ["", "new this term"], "year_group": 7, "form": "7A"})
    >>> results = {people_of: people, outlook_of: SimpleNamespace(told={"year": "told"})}
    >>> table = cannot_be_told(SimpleNamespace(results=results))
    >>> table.frame["pupil_id"].tolist(), table.note  # one reason of all is said once
    (['2'], 'Why not: new this term.')
    """
    people = people_of(pack)
    if "cannot" not in people:
        people = people.iloc[:0].assign(cannot="")
    people = people[people["cannot"] != ""].sort_values(["year_group", "form", "pupil_id"], ignore_index=True)
    reasons = sorted(set(people["cannot"]))
    is_one = len(reasons) == 1
    who = (*shown("pupil_name", "form"), figure("year_group", shown=True))
    return Table(
        name="outlook_cannot_be_told",
        title="For whom no chance can be given yet",
        frame=people,
        columns=(*who, FACTS, replace(REASON, shown=not is_one), figure("pupil_id")),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        note=f"Why not: {reasons[0]}." if is_one else "",
        empty_text=empty_text(pack, "A chance can be given for everybody on roll."),
    )


def empty_text(pack: Pack, otherwise: str) -> str:
    """Return what a list without a row says.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> packs = [SimpleNamespace(results={outlook_of: SimpleNamespace(told=told)}) for told in ({"year": "told"}, {})]
    >>> [empty_text(pack, "Nobody is near enough.").partition(",")[0] for pack in packs]
    ['Nobody is near enough.', 'The calendar of the school file holds no session after this day']
    """
    return otherwise if outlook_of(pack).told else NO_LAST_END


def columns_of(pack: Pack, words: str = "chance") -> tuple[Column, ...]:
    """Return the columns of a list: the pupil, a chance to every end, what would have to happen, and what stands behind it."""
    meaning = {
        "chance": "Of ten pupils like this one, how many end at 10% or more of the year so far missed",
        "back": "Of ten pupils like this one, how many end below 10% of the year so far missed",
    }
    side = {"chance": "over", "back": "below"}[words]
    ends = [
        Column(
            f"{each.kind}_{words}", f"{side.capitalize()} 10% by {short_day(each.last_day)}",
            meaning=f"{meaning[words]}, at the end of the {HORIZON_WORDS[each.kind]}", personal=True, width=12,
        )
        for each in outlook_of(pack).horizons
    ]  # fmt: skip
    return (*shown("pupil_name", "form"), *ends, BASE, NEEDED, FACTS, SAVED)


def severe_columns(pack: Pack) -> tuple[Column, ...]:
    """Return the column that says in a word how likely half or more is missed by the last end."""
    last = outlook_of(pack).horizons[-1:]
    return tuple(
        Column(
            f"{each.kind}_severe",
            "Half or more missed",
            meaning="In words, by the last end named",
            personal=True,
            width=10,
        )
        for each in last
    )


BASE = Column(
    "base",
    "Its year group",
    meaning="Of 100 pupils of the year group, how many are likely to be over it at the last end",
    width=9,
)
NEEDED = Column(
    "needed", "Stays or comes below it if", meaning="What keeps the pupil below 10%, or brings the pupil below it, by the last end",
    personal=True, width=22,
)  # fmt: skip
FACTS = Column(
    "facts",
    "What is behind it",
    meaning="Sessions missed so far, last year and lately; a weekday that stands out",
    personal=True,
    width=38,
)
SAVED = Column(
    "could_be_saved", "Could be saved", Kind.COUNT, width=9,
    meaning="Sessions expected to be missed to the last end, less what the best quarter of pupils like this one miss",
)  # fmt: skip
VERDICT = Column(
    "verdicts",
    "What is known of its kind",
    meaning="The impact paper's verdict on each kind that runs now",
    personal=True,
    width=26,
)
REASON = Column("cannot", "Why not", meaning="Why no chance is given", personal=True, width=44)
SUPPORT_COLUMNS = (
    figure("support_text", heading="What was tried", width=26),
    figure("key_adult", shown=False),
)
LATER = (
    Column(
        "percent",
        "In 100",
        Kind.COUNT,
        meaning="Pupils of 100 like this one over 10% at the last end",
        personal=True,
        shown=False,
    ),
    Column(
        "expected",
        "Expected to miss",
        Kind.COUNT,
        meaning="Sessions, to the last end",
        personal=True,
        shown=False,
    ),
    Column(
        "best_quarter",
        "Best quarter",
        Kind.COUNT,
        meaning="Sessions that one in four like this one does not exceed",
        shown=False,
    ),
    *shown("year_group", "pupil_id"),
)


# How a chance is said: what would have to happen, and the facts behind it. No score, no "will"


# Of half the sessions a school has too few pupils for tenths: words, from so many per cent on.
POSSIBLE_FROM, LIKELY_FROM = 10, 50
RECENT_WEEKS, FEWEST_IN_A_ROW = 3, 4
MOSTLY, MOSTLY_OF = 3, 4


def back_words(told: Told, row: int) -> str:
    """Return the chance of one person (position) of ending below 10 % missed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> told = SimpleNamespace(need=[0, 41, 4, 4], left=[40] * 4, cannot=[False, False, True, False], chance=[100, 0, 0, 44])
    >>> [back_words(told, row) for row in range(4)]
    ['cannot any more', 'certain', 'cannot be given', '6 of 10']
    """
    if told.need[row] <= 0:
        return "cannot any more"
    if told.need[row] > told.left[row]:
        return "certain"
    return NOT_TOLD if told.cannot[row] else of_ten(CERTAIN - int(told.chance[row]))


def severe_words(told: Told, row: int) -> str:
    """Return in a word how likely one person (position) is to miss half or more; no tenths, of which nobody could know.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> told = SimpleNamespace(need=[0, 41, 4, 4, 4], left=[40] * 5, cannot=[False] * 5, chance=[100, 0, 9, 10, 50])
    >>> [severe_words(told, row) for row in range(5)]
    ['certain', 'cannot', 'unlikely', 'possible', 'likely']
    """
    if told.need[row] <= 0:
        return "certain"
    if told.need[row] > told.left[row]:
        return "cannot"
    if told.cannot[row]:
        return NOT_TOLD
    return likelihood_word(int(told.chance[row]))


def likelihood_word(percent: int) -> str:
    """Return a chance that is neither certain nor past, in per cent, as a word.

    Examples
    --------
    >>> [likelihood_word(percent) for percent in (POSSIBLE_FROM - 1, POSSIBLE_FROM, LIKELY_FROM)]
    ['unlikely', 'possible', 'likely']
    """
    return "unlikely" if percent < POSSIBLE_FROM else "possible" if percent < LIKELY_FROM else "likely"


def end_words(horizon: Horizon) -> str:
    """Return what an end is and when.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> end_words(SimpleNamespace(kind="term", last_day=date(2026, 12, 18)))
    'end of the term, 18 December 2026'
    """
    return f"end of the {HORIZON_WORDS[horizon.kind]}, {format_date(horizon.last_day)}"


def told_by_words(by: str) -> str:
    """Return what chances are worked out by, in words that a meeting can use.

    Examples
    --------
    >>> told_by_words(OURS)
    "the pupil's own weeks of this year and last"
    """
    if by == OURS:
        return "the pupil's own weeks of this year and last"
    if by == CHECK:
        return "sessions missed this year and a quarter of last year's, drawn to the school's average"
    return f"a simple rule: {RULES[by].words}"


# The two or three facts behind each


def facts(outlook: Outlook) -> list[str]:
    """Return what stands behind each person's chance, in counts of sessions (one text per person)."""
    known = outlook.known
    recent = np.flatnonzero(known.is_this_year & (np.arange(len(known.years)) <= known.week))[-RECENT_WEEKS:]
    late = known.absent[:, recent].sum(axis=1), known.possible[:, recent].sum(axis=1)
    in_a_row, ill = last_in_a_row(outlook), known.ill[:, known.is_this_year].sum(axis=1)
    return [
        fact(known, row, (late[0][row], late[1][row]), in_a_row[row], ill[row]) for row in range(len(ill))
    ]


def fact(known: Known, row: int, late: tuple[int, int], in_a_row: int, ill: int) -> str:
    """Return the facts of one person (position): so far and why, last year, and the last weeks or a spell in progress.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> known = SimpleNamespace(absent_so_far=[9], possible_so_far=[90], possible_last_year=[380], absent_last_year=[38])
    >>> fact(known, 0, (3, 30), in_a_row=0, ill=8)
    '9 of 90 missed, mostly ill; last year 10% of 380; last 3 weeks 3 of 30'
    >>> fact(known, 0, (5, 30), in_a_row=4, ill=5)
    '9 of 90 missed; last year 10% of 380; away the last 4'
    """
    absent, possible = int(known.absent_so_far[row]), int(known.possible_so_far[row])
    parts = [
        f"{format_count(absent)} of {format_count(possible)} missed{reason_words(int(ill), absent)}",
        last_year_words(known, row),
    ]
    if in_a_row >= FEWEST_IN_A_ROW:
        parts.append(f"away the last {format_count(in_a_row)}")
    elif late[1]:
        parts.append(f"last {RECENT_WEEKS} weeks {format_count(late[0])} of {format_count(late[1])}")
    return "; ".join(parts)


def reason_words(ill: int, absent: int) -> str:
    """Say whether illness is most of what was missed, or hardly any; nothing in between or of few sessions.

    Examples
    --------
    >>> reason_words(9, 10), reason_words(1, 10), reason_words(5, 10)
    (', mostly ill', ', hardly any of it ill', '')
    """
    if absent < FEWEST_IN_A_ROW:
        return ""
    if ill * MOSTLY_OF >= absent * MOSTLY:
        return ", mostly ill"
    return ", hardly any of it ill" if ill * MOSTLY_OF <= absent * (MOSTLY_OF - MOSTLY) else ""


def last_year_words(known: Known, row: int) -> str:
    """Return what one person (position) missed last year, where that is held.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> known = SimpleNamespace(possible_last_year=[59, 60], absent_last_year=[6, 6])
    >>> last_year_words(known, 0), last_year_words(known, 1)
    ('no last year here', 'last year 10% of 60')
    """
    possible = int(known.possible_last_year[row])
    if possible < FIRST_WEEKS_SESSIONS:
        return "no last year here"
    absent = int(known.absent_last_year[row])
    return f"last year {format_percent(absent / possible, 0)} of {format_count(possible)}"


def last_in_a_row(outlook: Outlook) -> np.ndarray:
    """Return how many of each person's last possible sessions were missed one after the other (shape (persons,)).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> away, here, closed = Category.AUTHORISED_ABSENCE, Category.PRESENT, Category.CLOSED
    >>> persons = SimpleNamespace(categories=np.array([[away, here, away, closed, away]]))
    >>> last_in_a_row(SimpleNamespace(school=SimpleNamespace(persons=persons))).tolist()  # a closed day does not end it
    [2]
    """
    how = outlook.school.persons.categories
    absent, present = (
        of_categories(how, ABSENT),
        of_categories(how, (Category.PRESENT, Category.APPROVED_ACTIVITY)),
    )
    last = np.where(present.any(axis=1), how.shape[1] - 1 - present[:, ::-1].argmax(axis=1), -1)
    return (absent & (np.arange(how.shape[1]) > last[:, None])).sum(axis=1)


def base_words(told: Told, people: pd.DataFrame) -> list[str]:
    """Return of each year group how many in 100 are likely to end over the line: the base beside each chance.

    ``people`` are those on roll (one row each), with ``row`` and ``year_group``; one text per row.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"row": [0, 1, 2], "year_group": [7, 7, 8]})
    >>> base_words(SimpleNamespace(chance=np.array([10, 30, 50])), people)
    ['20 in 100', '20 in 100', '50 in 100']
    """
    said = pd.Series(told.chance[people["row"].to_numpy()] / CERTAIN, index=people.index)
    usual = said.groupby(people["year_group"].astype(object).fillna("")).transform("mean")
    return [f"{format_count(floor(100 * each + 0.5))} in 100" for each in usual]
