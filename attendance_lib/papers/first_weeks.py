"""How papers speak in the first weeks of a school year: last year's final figures, and on how few sessions this year's rest."""

from collections.abc import Iterable, Sequence

import pandas as pd

from attendance_lib.analysis.first_weeks import is_early, last_year_of, sessions_so_far, with_last_year
from attendance_lib.display import Column, Kind
from attendance_lib.display.format import format_count, format_percent
from attendance_lib.pack.pack import Pack


def from_few(sessions: int) -> str:
    """Say how few sessions stand behind each rate of a school year, as the end of a phrase.

    Examples
    --------
    >>> from_few(14)
    'from no more than 14 sessions each'
    """
    return f"from no more than {format_count(sessions, 'session')} each"


def so_far(detail: str, sessions: int) -> str:
    """Return this year's counts as a card of the first weeks tells them under last year's rate.

    Examples
    --------
    >>> so_far("3 of 40 enrolments", 14)
    'this year so far 3 of 40 enrolments, from no more than 14 sessions each'
    """
    return f"this year so far {detail}, {from_few(sessions)}"


def first_weeks_words(pack: Pack) -> str:
    """Say what stands in place of this year's rates, as a sentence with a blank before it; empty once the first weeks are over.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> early = SimpleNamespace(results={sessions_so_far: 59, last_year_of: SimpleNamespace(words="2025/26")})
    >>> first_weeks_words(early).partition(":")[2]
    " no pupil's rate is of more than 59 sessions, so that last year's final rate and support (2025/26) stand beside it."
    >>> first_weeks_words(SimpleNamespace(results={sessions_so_far: 60}))
    ''
    """
    if not is_early(pack):
        return ""
    final = last_year_of(pack)
    told = f" First weeks of the school year: no pupil's rate is of more than {format_count(sessions_so_far(pack), 'session')}"
    if final is None:
        return f"{told}, and the exports do not hold last year as a whole, which would stand here."
    return f"{told}, so that last year's final rate and support ({final.words}) stand beside it."


def rates_words(pack: Pack) -> str:
    """Say in the first weeks on how few sessions this year's absence flags rest and what they came to last year; else empty.

    A sentence with a blank before it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> final = SimpleNamespace(words="2025/26", figures={"persistent_absence_rate": 0.2, "severe_absence_rate": 0.025})
    >>> rates_words(SimpleNamespace(results={sessions_so_far: 14, last_year_of: final})).partition(";")[2]
    ' in all of 2025/26 they came to 20.0% and 2.5%.'
    """
    if not is_early(pack):
        return ""
    final = last_year_of(pack)
    told = f" Persistent and severe absence of the year to date are {from_few(sessions_so_far(pack))} so far"
    if final is None:
        return f"{told}."
    persistent, severe = (final.figures[f"{line}_absence_rate"] for line in ("persistent", "severe"))
    return f"{told}; in all of {final.words} they came to {format_percent(persistent)} and {format_percent(severe)}."


LAST_YEAR_RATE = Column(
    "last_year_attendance_rate", "Last year", Kind.RATE, meaning="Attended sessions out of possible ones, all of last school year"
)  # fmt: skip
LAST_YEAR_SUPPORT = Column(
    "last_year_support_text", "Support last year",
    meaning="Interventions, contacts and notices of last school year, as they stood on its last day", personal=True, width=36,
)  # fmt: skip
LAST_YEAR_COUNTS = (
    Column(
        "last_year_absence_sessions", "Missed last year", Kind.COUNT,
        meaning="Sessions of absence, all of last school year", shown=False,
    ),
    Column(
        "last_year_possible_sessions", "Possible last year", Kind.COUNT,
        meaning="Possible sessions, all of last school year", shown=False,
    ),
)  # fmt: skip


def columns_of(
    pack: Pack, columns: Sequence[Column], *, before: str, at_the_end: Iterable[Column] = ()
) -> tuple[Column, ...]:
    """Return the columns of a list of pupils: in the first weeks with last year's rate before one, and last year's support.

    Parameters
    ----------
    pack : Pack
        Whose list.
    columns : sequence of Column
        As they are in the rest of the year.
    before : str
        The name of the column before which last year's rate stands.
    at_the_end : iterable of Column
        What follows in any week.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> columns = Column("pupil_name", "Pupil"), Column("rate", "Rate", Kind.RATE)
    >>> early, later = (SimpleNamespace(results={sessions_so_far: sessions}) for sessions in (14, 60))
    >>> columns_of(early, columns, before="rate")[1] == LAST_YEAR_RATE, columns_of(later, columns, before="rate") == columns
    (True, True)
    """
    if not is_early(pack):
        return (*columns, *at_the_end)
    place = [column.name for column in columns].index(before)
    return (
        *columns[:place],
        LAST_YEAR_RATE,
        *columns[place:],
        LAST_YEAR_SUPPORT,
        *LAST_YEAR_COUNTS,
        *at_the_end,
    )


def severe_last_year_first(people: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Add last year's final figures to a list of pupils in the first weeks, those severely absent then first; else as given.

    Parameters
    ----------
    people : pandas.DataFrame
        One row per pupil in the order of the list, with ``pupil_id``.
    pack : Pack
        Whose list.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"pupil_id": ["1", "2", "3"], "was_severely_absent": [False, True, False]})
    >>> severe_last_year_first(people, SimpleNamespace(results={sessions_so_far: 14}))["pupil_id"].tolist()
    ['2', '1', '3']
    """
    if not is_early(pack):
        return people
    known = people if "was_severely_absent" in people else with_last_year(people, pack)
    return known.sort_values("was_severely_absent", ascending=False, kind="stable", ignore_index=True)


def of_both_years(people: pd.DataFrame) -> list[str]:
    """Return the support of this year and of last year as one text a pupil (row), where a list has room for one column.

    Examples
    --------
    >>> of_both_years(pd.DataFrame({"support_text": ["", "Mentor since 7 Sep"], "last_year_support_text": ["3 contacts", ""]}))
    ['last year: 3 contacts', 'Mentor since 7 Sep']
    """
    last_year = [f"last year: {text}" if text else "" for text in people["last_year_support_text"]]
    return [
        "; ".join(filter(None, both))
        for both in zip(people["support_text"].fillna(""), last_year, strict=True)
    ]
