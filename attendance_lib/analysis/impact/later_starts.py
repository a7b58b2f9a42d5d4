"""What those who begin later were heading for: comparison pupils until their own start, expectation from then on.

To leave out whoever begins within the window would look into the future: those who dip again are the ones chosen next,
so that the pupils left would look better than the treated had any reason to. (Left out, the estimate was up to 0.7
points too low in ``docs/impact_calibration.md``'s schools.) So they stay, with their own attendance up to their own
start, and from there to the window's end with what was expected of them then: the regression of pupils with the same
history who had not begun, solved from the last start week back to the first, as each is one of the comparison pupils
of the start before (the iterated conditional expectation of Robins 1986; Bang and Robins, Biometrics 61 (2005) 962-972).
"""

import numpy as np

from attendance_lib.analysis.impact.exact_products import product_over_columns
from attendance_lib.analysis.impact.history import History, has_history, standardised, useful
from attendance_lib.analysis.impact.least_squares import coefficients
from attendance_lib.analysis.impact.week_counts import WeekCounts

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
    """Return an intercept and what was known of every enrolment, in standard units of those who teach (one row each)."""
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
    """Return each enrolment's ABSENCES over a span of weeks, up to its own start (sessions, shape (enrolments, 3))."""
    week, stop = span
    until, rows = np.clip(first, week, stop), np.arange(len(first))
    upto = [counts.running[name] for name in ABSENCES]
    return np.column_stack([total[rows, until] - total[:, week] for total in upto]).astype(float)
