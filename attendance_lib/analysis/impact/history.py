"""What was known about every pupil at the beginning of a school week: rates of absence, shrunk, and a few facts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.impact.exact_products import product_over_columns
from attendance_lib.analysis.impact.least_squares import coefficients
from attendance_lib.analysis.impact.weeks import WeekCounts

RECENT_WEEKS, EARLIER_RECENT_WEEKS = 3, 6
OTHER_WEEKS = 8
# So few sessions' rates are drawn towards the longer history that they count as this many sessions of it.
RECENT_SHRINKAGE, YEAR_SHRINKAGE = 10.0, 20.0
FINAL_YEARS = (6.0, 11.0, 13.0)
MOST = 0.5
HISTORY_SESSIONS, RECENT_SESSIONS = 30, 10

FEATURES = (
    "absence_rate_weeks_1_to_3",
    "absence_rate_weeks_4_to_6",
    "absence_rate_earlier_this_year",
    "absence_rate_last_year",
    "has_no_last_year",
    "other_than_illness_rate_weeks_1_to_6",
    "other_than_illness_rate_year_to_date",
    "year_group",
    "is_final_year",
    "is_fsm",
    "has_sen",
    "has_other_intervention",
)
LAST_YEAR = slice(3, 5)


@dataclass(frozen=True, eq=False)
class History:
    """What was known at the beginning of a week.

    ``features`` has a column for each of FEATURES, shape (enrolments, features); ``recent_rate`` is the absence rate
    of the last six weeks and ``dip`` how far it stands above the year to date (fractions, shape (enrolments,)).
    """

    features: np.ndarray
    recent_rate: np.ndarray
    dip: np.ndarray


def shrunk(part: np.ndarray, whole: np.ndarray, towards: tuple[np.ndarray | float, float]) -> np.ndarray:
    """Return part / whole drawn towards a rate as if that had been seen over so many sessions more (fractions, shape of ``part``).

    Examples
    --------
    >>> shrunk(np.array([5.0, 0.0]), np.array([10.0, 0.0]), (0.1, 10.0)).tolist()
    [0.3, 0.1]
    """
    rate, sessions = towards
    return (part + sessions * rate) / (whole + sessions)


def known_at(counts: WeekCounts, week: int, others: pd.DataFrame) -> History:
    """Gather what was known about each enrolment at the beginning of a week.

    Parameters
    ----------
    counts : WeekCounts
        The register by weeks.
    week : int
        Position of the week in ``counts.weeks``.
    others : pandas.DataFrame
        ``enrolment`` and ``week`` of the starts of other interventions (``Starts.other_weeks``).

    Returns
    -------
    History
        In the order of the register's rows. Nothing from the week itself or after is used, but that another
        intervention begins in the same week, which is known.
    """
    begin = counts.year_start(week)
    year = rates_of_year(counts, begin, week)
    recent = shrunk_absence(counts, (week - EARLIER_RECENT_WEEKS, week), year)
    last_year, has_none = last_year_rates(counts, begin, year)
    year_group = counts.year_group(week)
    other_year = shrunk(
        *other_than_illness(counts, begin, week), (school_rate(counts, begin, week), YEAR_SHRINKAGE)
    )
    columns = [
        shrunk_absence(counts, (week - RECENT_WEEKS, week), year),
        shrunk_absence(counts, (week - EARLIER_RECENT_WEEKS, week - RECENT_WEEKS), year),
        shrunk_absence(counts, (begin, max(week - EARLIER_RECENT_WEEKS, begin)), last_year),
        last_year,
        has_none,
        shrunk(
            *other_than_illness(counts, week - EARLIER_RECENT_WEEKS, week), (other_year, RECENT_SHRINKAGE)
        ),
        other_year,
        year_group,
        np.isin(year_group, FINAL_YEARS).astype(float),
        counts.is_fsm,
        counts.has_sen,
        begun_lately(others, week, len(counts.pupils)),
    ]
    return History(np.column_stack(columns), recent, recent - year)


def shrunk_absence(counts: WeekCounts, span: tuple[int, int], towards: np.ndarray) -> np.ndarray:
    """Return each enrolment's absence over a span of weeks, drawn towards its longer history (fractions, shape (enrolments,)).

    Examples
    --------
    >>> counts = WeekCounts(None, None, {"absence": np.array([[0, 6], [0, 0]]), "possible": np.array([[0, 10], [0, 0]])})
    >>> shrunk_absence(counts, (0, 1), np.array([0.2, 0.2])).tolist()  # (6 + 10 x 0.2) / (10 + 10); of no session the history
    [0.4, 0.2]
    """
    part, whole = counts.total("absence", *span), counts.total("possible", *span)
    return shrunk(part, whole, (towards, RECENT_SHRINKAGE))


def rates_of_year(counts: WeekCounts, begin: int, week: int) -> np.ndarray:
    """Return each enrolment's absence rate this year before a week, drawn towards the school's (shape (enrolments,)).

    In the first weeks of a year the last six weeks, which then lie in the year before, are what is drawn on.

    Examples
    --------
    >>> running = {"absence": np.array([[0] * 6 + [8], [0] * 7]), "possible": np.array([[0] * 6 + [20]] * 2)}
    >>> rates_of_year(WeekCounts(None, None, running), 0, 6).tolist()  # 8 of 20 and none, drawn half way to the school's 8 of 40
    [0.3, 0.1]
    """
    begin = min(begin, week - EARLIER_RECENT_WEEKS)
    part, whole = counts.total("absence", begin, week), counts.total("possible", begin, week)
    return shrunk(part, whole, (mean_rate(part, whole), YEAR_SHRINKAGE))


def last_year_rates(counts: WeekCounts, begin: int, year: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return last year's absence rate, and 1.0 where there is none and this year's stands for it (shape (enrolments,)).

    Examples
    --------
    >>> counts = WeekCounts(None, pd.DataFrame({"school_year": ["202526", "202627"]}), {})
    >>> counts.running.update({"absence": np.array([[0, 2, 2], [0, 0, 0]]), "possible": np.array([[0, 20, 40], [0, 0, 20]])})
    >>> last, has_none = last_year_rates(counts, 1, np.array([0.0, 0.3]))  # the second pupil came this year
    >>> last.tolist(), has_none.tolist()
    ([0.1, 0.3], [0.0, 1.0])
    """
    since = counts.year_start(begin - 1) if begin > 0 else 0
    part, whole = counts.total("absence", since, begin), counts.total("possible", since, begin)
    has_none = whole == 0
    return np.where(
        has_none, year, shrunk(part, whole, (mean_rate(part, whole), YEAR_SHRINKAGE))
    ), has_none.astype(float)


def other_than_illness(counts: WeekCounts, first: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return absence other than illness and possible sessions over a span of weeks (sessions, shape (enrolments,)).

    Examples
    --------
    >>> running = {name: np.array([[0, sessions]]) for name, sessions in (("absence", 5), ("illness", 3), ("possible", 10))}
    >>> [part.tolist() for part in other_than_illness(WeekCounts(pd.DataFrame(), pd.DataFrame(), running), 0, 1)]
    [[2.0], [10.0]]
    """
    absence = counts.total("absence", first, stop) - counts.total("illness", first, stop)
    return absence, counts.total("possible", first, stop)


def school_rate(counts: WeekCounts, first: int, stop: int) -> float:
    """Return the school's rate of absence other than illness over a span of weeks (a fraction).

    Examples
    --------
    >>> running = {name: np.array([[0, sessions]]) for name, sessions in (("absence", 5), ("illness", 3), ("possible", 10))}
    >>> school_rate(WeekCounts(pd.DataFrame(), pd.DataFrame(), running), 0, 1)
    0.2
    """
    return mean_rate(*other_than_illness(counts, first, stop))


def mean_rate(part: np.ndarray, whole: np.ndarray) -> float:
    """Return the pooled rate of all rows (a fraction); 0 where nothing was possible.

    Examples
    --------
    >>> mean_rate(np.array([1.0, 2.0]), np.array([10.0, 20.0])), mean_rate(np.zeros(2), np.zeros(2))
    (0.1, 0.0)
    """
    return float(part.sum() / whole.sum()) if whole.sum() > 0 else 0.0


def begun_lately(others: pd.DataFrame, week: int, enrolments: int) -> np.ndarray:
    """Return 1.0 where another intervention began in the week or the eight before (shape (enrolments,)).

    Examples
    --------
    >>> others = pd.DataFrame({"enrolment": [0, 2], "week": [19, 5]})
    >>> begun_lately(others, 20, 3).tolist()  # the one of week 5 is long ago
    [1.0, 0.0, 0.0]
    """
    flags = np.zeros(enrolments)
    begun = others["week"].to_numpy()
    flags[others["enrolment"].to_numpy()[(begun <= week) & (begun >= week - OTHER_WEEKS)]] = 1.0
    return flags


def has_history(counts: WeekCounts, week: int) -> np.ndarray:
    """Return which enrolments have enough sessions before a week, and enough of them lately (boolean, shape (enrolments,)).

    Examples
    --------
    >>> counts = WeekCounts(None, None, {"possible": np.array([[0, 20, 20, 20, 20, 20, 30], [0, 10, 20, 20, 20, 20, 29]])})
    >>> has_history(counts, 6).tolist()  # 30 sessions are enough, 29 are not
    [True, False]
    """
    before = counts.total("possible", 0, week) >= HISTORY_SESSIONS
    return before & (counts.total("possible", week - EARLIER_RECENT_WEEKS, week) >= RECENT_SESSIONS)


def standardised(features: np.ndarray, compared: np.ndarray) -> np.ndarray:
    """Return features in standard deviations from the mean of those compared (the unit of each column; shape of ``features``).

    Examples
    --------
    >>> standardised(np.array([[4.0]]), np.array([[1.0], [3.0]])).tolist()
    [[2.0]]
    """
    return (features - compared.mean(axis=0)) / compared.std(axis=0)


def useful(features: np.ndarray) -> np.ndarray:
    """Return which columns of FEATURES can tell pupils apart: boolean, shape (features,).

    Last year's rate is used where most have one, and a column in which all are alike never.

    Examples
    --------
    >>> features = np.zeros((4, LAST_YEAR.stop + 1))
    >>> features[:, -1] = [1, 2, 3, 4]  # only here do pupils differ
    >>> np.flatnonzero(useful(features)).tolist() == [LAST_YEAR.stop]
    True
    """
    kept = features.std(axis=0) > np.finfo(np.float32).eps
    if features[:, LAST_YEAR.start + 1].mean() > MOST:
        kept[LAST_YEAR] = False
    return kept


# What those who begin later were heading for: comparison pupils until their own start, expectation from then on

ABSENCES = ("absence", "illness", "unauthorised")
# Fewer rows than this for a column teach nothing: who begins later is then compared with nobody.
FEWEST_ROWS_A_COLUMN = 3


def expected_after_starts(
    counts: WeekCounts, first: np.ndarray, stops: dict[int, int], histories: dict[int, History]
) -> dict[int, np.ndarray]:
    """Return what pupils were heading for from their own start to the end of windows they begin in.

    Parameters
    ----------
    counts : WeekCounts
        The register by weeks.
    first : numpy.ndarray
        The week in which each enrolment first began (``Question.first_weeks``).
    stops : dict of int to int
        For each start week to be evaluated the position after its window's last week.
    histories : dict of int to History
        What was known at each week in which somebody began.

    Returns
    -------
    dict of int to numpy.ndarray
        For each end of a window the expected ABSENCES, in sessions, from each enrolment's own start up to it: shape
        (enrolments, 3). Nothing for those who do not begin before it; NaN where nobody teaches what to expect.
    """
    rest = {stop: np.zeros((len(first), len(ABSENCES))) for stop in stops.values()}
    for week in later_weeks(first, stops)[::-1]:
        columns = history_columns(histories[week].features, (first > week) & has_history(counts, week))
        begins = first == week
        for stop in {stop for start, stop in stops.items() if start < week < stop}:
            rest[stop][begins] = heading_for(counts, (week, stop), (first, rest[stop]), columns)[begins]
    return rest


def later_weeks(first: np.ndarray, stops: dict[int, int]) -> list[int]:
    """Return the weeks, ascending, in which somebody begins within the window of another start week.

    ``first`` is each enrolment's first week (shape (enrolments,)); ``stops`` the week in which the window of a start week ends.

    Examples
    --------
    >>> later_weeks(np.array([3, 5, 20]), {3: 15, 5: 17, 20: 32})
    [5]
    """
    weeks = [int(week) for week in np.unique(first)]
    return [week for week in weeks if any(start < week < stop for start, stop in stops.items())]


def history_columns(features: np.ndarray, teaches: np.ndarray) -> np.ndarray:
    """Return an intercept and what was known of every enrolment, in standard units of those who teach (one row each).

    Examples
    --------
    >>> history_columns(np.array([[0.2], [0.4]]), np.array([False, False])).tolist()  # where nobody teaches, all are alike
    [[1.0], [1.0]]
    """
    if not teaches.any():
        return np.ones((len(features), 1))
    kept = useful(features[teaches])
    return np.column_stack(
        [np.ones(len(features)), standardised(features[:, kept], features[teaches][:, kept])]
    )


def heading_for(
    counts: WeekCounts, span: tuple[int, int], begun: tuple[np.ndarray, np.ndarray], columns: np.ndarray
) -> np.ndarray:
    """Return the ABSENCES expected over a span of a pupil who begins at its first week (sessions, shape (enrolments, 3))."""
    (week, stop), (first, rest) = span, begun
    possible = counts.total("possible", week, stop)
    absences = until_own_start(counts, span, first) + rest
    teaches = (first > week) & has_history(counts, week) & (possible > 0) & np.isfinite(absences).all(axis=1)
    if teaches.sum() < FEWEST_ROWS_A_COLUMN * columns.shape[1]:
        return np.full_like(rest, np.nan)
    rates = absences[teaches] / possible[teaches, None]
    fitted = product_over_columns(columns, coefficients(columns[teaches], rates, possible[teaches]))
    return np.clip(fitted, 0, 1) * possible[:, None]


def until_own_start(counts: WeekCounts, span: tuple[int, int], first: np.ndarray) -> np.ndarray:
    """Return each enrolment's ABSENCES over a span of weeks, up to its own start (sessions, shape (enrolments, 3)).

    Examples
    --------
    >>> counts = WeekCounts(None, None, dict.fromkeys(ABSENCES, np.array([[0, 2, 5, 9], [0, 2, 5, 9]])))
    >>> until_own_start(counts, (0, 3), np.array([99, 1]))[:, 0].tolist()  # the second begins in week 1
    [9.0, 2.0]
    """
    week, stop = span
    until, rows = np.clip(first, week, stop), np.arange(len(first))
    upto = [counts.running[name] for name in ABSENCES]
    return np.column_stack([total[rows, until] - total[:, week] for total in upto]).astype(float)
