"""Things to fix as rows: a mark, a pupil's run of marks, or a class's sessions, each with where it is."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.runs import find_runs
from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.words import in_marks, in_pupils, in_sessions
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.inspection import ARRANGEMENT_GAP_DAYS

COLUMNS = ("rule", "date", "end_date", "session", "form", "pupil_id", "detail", "known_date")
BOTH = " and ".join(SESSIONS)
WHOLE_SCHOOL = "Whole school"
# From Monday afternoon to the next Monday afternoon there are nine sessions between.
GAP_SESSIONS = len(SESSIONS) * ARRANGEMENT_GAP_DAYS + 1


EMPTY = pd.DataFrame(
    {name: pd.Series(dtype="datetime64[s]" if name.endswith("date") else object) for name in COLUMNS}
)


def no_things() -> pd.DataFrame:
    """Return the table of things to fix without a row."""
    return EMPTY.copy()


def together(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return what several checks found, one below the other."""
    tables = [table for table in found if len(table)]
    return pd.concat(tables, ignore_index=True) if tables else no_things()


def things_of(scope: Scope, rule: str, spans: pd.DataFrame, detail: Sequence[str] | str) -> pd.DataFrame:
    """Return a thing to fix for each span of a pupil's sessions.

    Parameters
    ----------
    scope : Scope
        What is inspected.
    rule : str
        The check that found them.
    spans : pandas.DataFrame
        ``row`` (an enrolment), ``first`` and ``last`` (columns of the whole register).
    detail : sequence of str or str
        What was found, one a span or the same for all.

    Returns
    -------
    pandas.DataFrame
        One row per span: COLUMNS. ``session`` is AM, PM or both on one day, and empty over several days;
        ``known_date`` the day from which it was so.
    """
    if spans.empty:
        return no_things()
    row = spans["row"].to_numpy()
    return placed(scope, rule, spans).assign(
        form=scope.form_names[row], pupil_id=scope.pupil_ids[row], detail=detail
    )[list(COLUMNS)]


def placed(scope: Scope, rule: str, spans: pd.DataFrame) -> pd.DataFrame:
    """Return where in time spans are (one row per span)."""
    sessions = scope.register.sessions
    first, last = spans["first"].to_numpy(), spans["last"].to_numpy()
    date, end = sessions["date"].to_numpy()[first], sessions["date"].to_numpy()[last]
    half = sessions["session"].astype(object).to_numpy()
    session = np.select([first == last, date == end], [half[first], BOTH], default="")
    return pd.DataFrame({"rule": rule, "date": date, "end_date": end, "session": session, "known_date": end})


def first_to_last(rows: np.ndarray, cells: np.ndarray) -> pd.DataFrame:
    """Return the span from the first to the last cell found of each row.

    Parameters
    ----------
    rows : numpy.ndarray
        What the spans are of: enrolments, or forms.
    cells : numpy.ndarray
        Sessions of the year found, boolean, shape (rows, sessions); at least one in each row.

    Returns
    -------
    pandas.DataFrame
        One row per row: ``row``, ``first`` and ``last`` (columns of the year).

    Examples
    --------
    >>> cells = np.array([[0, 1, 0, 1, 0]], dtype=bool)
    >>> first_to_last(np.array([7]), cells).to_numpy().tolist()
    [[7, 1, 3]]
    """
    last = cells.shape[1] - 1 - cells[:, ::-1].argmax(axis=1)
    return pd.DataFrame({"row": rows, "first": cells.argmax(axis=1), "last": last})


def in_register(scope: Scope, spans: pd.DataFrame) -> pd.DataFrame:
    """Return spans of the year's columns as spans of the whole register's."""
    return spans.assign(first=spans["first"] + scope.before, last=spans["last"] + scope.before)


def marks_found(scope: Scope, rule: str, cells: np.ndarray, detail: np.ndarray | str) -> pd.DataFrame:
    """Return a thing to fix for each cell of the year found (boolean, shape (pupils, sessions)).

    ``detail`` is one text for all, or an array of texts, one a cell found in order of rows.
    """
    if not cells.any():
        return no_things()
    row, column = np.nonzero(cells)
    place = column + scope.before
    return things_of(scope, rule, pd.DataFrame({"row": row, "first": place, "last": place}), detail)


def runs_found(scope: Scope, rule: str, cells: np.ndarray, what: str) -> pd.DataFrame:
    """Return a thing to fix for each run of a pupil's cells of the year, ``what`` being the code; its sessions are counted.

    Less than a school week without it is bridged: every afternoon, or one day a week, is one thing.
    """
    if not cells.any():
        return no_things()
    runs = find_runs(cells, ~scope.is_due, GAP_SESSIONS)
    detail = [f"{what} in {in_sessions(hits)}" for hits in runs["hits"]]
    return things_of(scope, rule, in_register(scope, runs), detail)


def forms_found(scope: Scope, rule: str, found: np.ndarray, what: str) -> pd.DataFrame:
    """Return a thing to fix for each run of a form's sessions in which cells were found.

    Parameters
    ----------
    scope : Scope
        What is inspected.
    rule : str
        The check.
    found : numpy.ndarray
        Cells of the year, boolean, shape (pupils, sessions).
    what : str
        What the cells hold.

    Returns
    -------
    pandas.DataFrame
        One row per run; the pupil is named where there is only one.
    """
    if not found.any():
        return no_things()
    numbers = scope.forms[0]
    runs = form_runs(scope, scope.by_form(found) > 0)
    counted = [
        found[np.ix_(numbers == row, np.arange(first, last + 1))].sum(axis=1)
        for row, first, last in zip(runs["row"], runs["first"], runs["last"], strict=True)
    ]
    pupils = [
        scope.pupil_ids[numbers == row][marks > 0] for row, marks in zip(runs["row"], counted, strict=True)
    ]
    detail = [
        f"{what} in {in_marks(int(marks.sum()))} of {in_pupils(len(who))}"
        for marks, who in zip(counted, pupils, strict=True)
    ]
    return form_things(scope, rule, runs, detail).assign(
        pupil_id=[who[0] if len(who) == 1 else "" for who in pupils]
    )


def form_runs(scope: Scope, found: np.ndarray) -> pd.DataFrame:
    """Find runs of a form's sessions of the year (boolean, shape (forms, sessions)), over those closed for the form."""
    return find_runs(found, scope.by_form(scope.is_due) == 0)


def form_things(scope: Scope, rule: str, runs: pd.DataFrame, detail: Sequence[str]) -> pd.DataFrame:
    """Return a thing to fix for each run of a form's sessions (columns of the year)."""
    if runs.empty:
        return no_things()
    form = np.array(scope.forms[1], dtype=object)[runs["row"].to_numpy()]
    return placed(scope, rule, in_register(scope, runs)).assign(form=form, pupil_id="", detail=detail)[
        list(COLUMNS)
    ]


def only(names: Iterable[str]) -> str:
    """Return the one distinct name, or nothing where there are several.

    Examples
    --------
    >>> only(["9A", "9A"]), only(["9A", "9B"])
    ('9A', '')
    """
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else ""


def one_thing(rule: str, detail: str) -> pd.DataFrame:
    """Return one thing to fix that has no place in the register."""
    return no_things().reindex([0]).assign(rule=rule, session="", form="", pupil_id="", detail=detail)
