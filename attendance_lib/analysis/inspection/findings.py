"""Things to fix as rows: a mark, a pupil's run of marks, or a class's sessions, each with where it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import ARRANGEMENT_GAP_DAYS, Scope, holds, is_skipped
from attendance_lib.errors import counted
from attendance_lib.register.grid import Register
from attendance_lib.rules.calendar import SESSIONS, short_date

# Runs: cells or days that follow one another, over nights, weekends and holidays


def find_runs(hit: np.ndarray, skip: np.ndarray, gap: int = 0) -> pd.DataFrame:
    """Find where hits follow one another in each row.

    Parameters
    ----------
    hit, skip : numpy.ndarray
        Boolean, shape (rows, places); places to skip neither lengthen nor break a run.
    gap : int
        How many places without a hit a run may bridge.

    Returns
    -------
    pandas.DataFrame
        One row per run, in order of row and place: ``row``, ``first`` and ``last`` (places of its first and
        last hit), ``hits`` (how many) and ``length`` (places from first to last, without those skipped).

    Examples
    --------
    >>> hit, skip = (np.array([[int(sign) for sign in signs]], dtype=bool) for signs in ("1101011", "0010000"))
    >>> find_runs(hit, skip).to_numpy().tolist()
    [[0, 0, 3, 3, 3], [0, 5, 6, 2, 2]]
    >>> find_runs(hit, skip, gap=1).to_numpy().tolist()
    [[0, 0, 6, 5, 6]]
    """
    place = np.cumsum(~skip, axis=1)
    row, column = np.nonzero(hit & ~skip)
    at = place[row, column]
    starts = np.ones(len(row), dtype=bool)
    starts[1:] = (np.diff(row) != 0) | (np.diff(at) > gap + 1)
    first = np.flatnonzero(starts)
    last = np.append(first[1:], len(row)) - 1 if len(row) else first
    return pd.DataFrame(
        {
            "row": row[first],
            "first": column[first],
            "last": column[last],
            "hits": last - first + 1,
            "length": at[last] - at[first] + 1,
        }
    )


@dataclass(frozen=True, eq=False)
class SchoolDays:
    """A register by school days: a day is of a code if it was so in every session that was school for the pupil.

    Examples
    --------
    >>> from attendance_lib.register.grid import cell_of
    >>> cells = np.array([[cell_of(letter) for letter in "II/I"]], dtype=np.uint8)  # a day of illness, then an afternoon
    >>> days = pd.to_datetime(["2026-11-05", "2026-11-05", "2026-11-06", "2026-11-06"])
    >>> school = SchoolDays(Register(cells, pd.DataFrame({"pupil_id": ["1"]}), pd.DataFrame({"date": days})))
    >>> school.starts.tolist(), school.ends.tolist(), school.count(cells == cell_of("I")).tolist()
    ([0, 2], [1, 3], [[2, 1]])
    >>> school.whole(["I"])[["first", "last", "length"]].values.tolist()  # the first day alone
    [[0, 1, 1]]
    >>> school.partly(["I"], 0)[["first", "last", "length"]].values.tolist()  # both days
    [[0, 3, 2]]
    """

    register: Register

    @cached_property
    def starts(self) -> np.ndarray:
        """The column of each day's first session."""
        days = self.register.sessions["date"].to_numpy()
        return np.flatnonzero(np.append(True, days[1:] != days[:-1]))

    @cached_property
    def ends(self) -> np.ndarray:
        """The column of each day's last session."""
        return np.append(self.starts[1:], len(self.register.sessions)) - 1

    @cached_property
    def due(self) -> np.ndarray:
        """How many sessions of each day were school for each pupil: shape (pupils, days).

        Examples
        --------
        >>> from attendance_lib.register.grid import cell_of
        >>> day = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-05"])})
        >>> SchoolDays(Register(np.array([[cell_of("I"), cell_of("Y4")]]), pd.DataFrame(), day)).due.tolist()  # in Y4 it was shut
        [[1]]
        """
        return self.count(~is_skipped(self.register))

    def count(self, cells: np.ndarray) -> np.ndarray:
        """Count cells (boolean, shape (pupils, sessions)) of each day: shape (pupils, days)."""
        return np.add.reduceat(cells, self.starts, axis=1, dtype=np.int8)

    def whole(self, letters: Sequence[str]) -> pd.DataFrame:
        """Find runs of days wholly of these codes: ``first`` and ``last`` are columns of sessions, ``length`` is in school days."""
        of_code = self.count(holds(self.register, letters))
        return self._in_columns(find_runs((of_code == self.due) & (self.due > 0), self.due == 0))

    def partly(self, letters: Sequence[str], gap: int) -> pd.DataFrame:
        """Find runs of days with at least one session of these codes, bridging so many days without one: rows as of ``whole``."""
        of_code = self.count(holds(self.register, letters))
        return self._in_columns(find_runs(of_code > 0, self.due == 0, gap))

    def _in_columns(self, runs: pd.DataFrame) -> pd.DataFrame:
        return runs.assign(first=self.starts[runs["first"]], last=self.ends[runs["last"]])

    def nth(self, runs: pd.DataFrame, day: int) -> np.ndarray:
        """Return the date of the ``day``-th school day of each run (datetime64[D], shape (runs,)).

        Examples
        --------
        >>> from attendance_lib.register.grid import cell_of
        >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09", "2026-11-10"])})
        >>> school = SchoolDays(Register(np.array([[cell_of(code) for code in "E#EE"]]), pd.DataFrame(), days))
        >>> school.nth(school.whole(["E"]), 2).astype(str).tolist()  # on the 6th the school was shut
        ['2026-11-09']
        """
        dates = self.register.sessions["date"].to_numpy().astype("datetime64[D]")[self.starts]
        place = np.cumsum(self.due > 0, axis=1)
        first = np.searchsorted(self.starts, runs["first"].to_numpy())
        at = place[runs["row"], first] + day - 1
        found = [np.searchsorted(place[row], wanted) for row, wanted in zip(runs["row"], at, strict=True)]
        return dates[np.array(found, dtype=np.int64)]


# Who to ask about a thing to fix: who took the register where lessons tell, else the key adult, else the head of year


def teachers_of(scope: Scope, findings: pd.DataFrame) -> np.ndarray:
    """Return the teacher of each thing to fix (text, one per row).

    A lesson is a register where its period begins with AM or PM. Where there is none, the pupil's key adult
    stands in; a thing of a whole form has the key adult that all of the form share, if any. Without one it is who has the form
    or its year group in the school file. What a check found of one teacher's registers is that teacher's (``taker``).
    """
    by_pupil, by_form = key_adults(scope)
    heads = {form: head_of(scope, form) for form in scope.forms[1]}
    who = zip(findings["pupil_id"], findings["form"], strict=True)
    stands_in = np.array(
        [by_pupil.get(pupil) or by_form.get(form) or heads.get(form, "") for pupil, form in who], dtype=object
    )
    taker = takers_of(scope, findings)
    if "taker" in findings:
        taker = np.where(taker == "", findings["taker"].fillna(""), taker)
    return np.where(taker == "", stands_in, taker)


def takers_of(scope: Scope, marks: pd.DataFrame) -> np.ndarray:
    """Return who took the register of each mark, by its pupil, date and session; empty where no lesson says (text, one per row).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> lessons = pd.DataFrame({"pupil_id": ["1"], "date": ["5 Oct"], "period": ["AM reg"], "teacher": ["Ms A"]})
    >>> marks = pd.DataFrame({"pupil_id": ["1", "1"], "date": ["5 Oct", "5 Oct"], "session": ["AM", "PM"]})
    >>> takers_of(SimpleNamespace(lessons=lessons), marks).tolist()
    ['Ms A', '']
    """
    takers = register_takers(scope.lessons)
    if takers.empty:
        return np.full(len(marks), "", dtype=object)
    key = pd.MultiIndex.from_frame(
        marks[["pupil_id", "date", "session"]].astype({"pupil_id": str, "session": str})
    )
    return takers.reindex(key).fillna("").to_numpy(dtype=object)


def key_adults(scope: Scope) -> tuple[dict[str, str], dict[str, str]]:
    """Return the key adult of each pupil, and of each form whose pupils of this school year all have the same.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "2", "3"], "key_adult": ["Ms A", "Ms A", "Mr B"]})
    >>> of_form = {"forms": (np.array([0, 0, 0]), ["7A"]), "is_of_year": np.array([True, True, False])}  # the third had left
    >>> key_adults(SimpleNamespace(register=SimpleNamespace(pupils=pupils), **of_form))
    ({'1': 'Ms A', '2': 'Ms A', '3': 'Mr B'}, {'7A': 'Ms A'})
    """
    pupils, (numbers, names) = scope.register.pupils, scope.forms
    if "key_adult" not in pupils:
        return {}, {}
    adult = pupils["key_adult"].astype(object).fillna("").astype(str)
    here = scope.is_of_year
    shared = (
        adult[here].groupby(numbers[here]).agg(lambda each: each.iloc[0] if len(each.unique()) == 1 else "")
    )
    of_form = {names[number]: each for number, each in shared.items()}
    return dict(zip(pupils["pupil_id"].astype(str), adult, strict=True)), of_form


def head_of(scope: Scope, form: str) -> str:
    """Return who has a form, else its year group, in the school file, with the role; empty if nobody is named for either.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> staff = [SimpleNamespace(name="Ms Okafor", role="Head of Year 8", forms=[], year_groups=[8])]
    >>> year = SimpleNamespace(pupils=pd.DataFrame({"year_group": [8, 9]}))
    >>> scope = SimpleNamespace(form_names=np.array(["8A", "9A"]), is_of_year=np.array([True, True]), year=year, staff=staff)
    >>> head_of(scope, "8A"), head_of(scope, "9A")
    ('Ms Okafor (Head of Year 8)', '')
    """
    of_form = (scope.form_names == form) & scope.is_of_year
    years = set(scope.year.pupils["year_group"][of_form].dropna().astype(int))
    named = [each for each in scope.staff if form in each.forms]
    named += [each for each in scope.staff if years and years <= set(each.year_groups)]
    return f"{named[0].name} ({named[0].role})" if named else ""


def register_takers(lessons: pd.DataFrame | None) -> pd.Series:
    """Return the teacher of each lesson that is a register, with pupil, date and session as its index; empty without lessons.

    Examples
    --------
    >>> lessons = {"pupil_id": "1", "date": "5 Oct", "period": ["AM reg", "P1"], "teacher": ["Ms A", "Mr B"]}
    >>> register_takers(pd.DataFrame(lessons)).to_dict()
    {('1', '5 Oct', 'AM'): 'Ms A'}
    """
    if lessons is None or "teacher" not in lessons:
        return pd.Series(dtype=object)
    period = lessons["period"].astype(str).str.upper().str[: len(SESSIONS[0])]
    taken = lessons.assign(session=period, pupil_id=lessons["pupil_id"].astype(str))[
        period.isin(SESSIONS).to_numpy()
    ]
    first = taken.dropna(subset=["teacher"]).drop_duplicates(["pupil_id", "date", "session"])
    return first.set_index(["pupil_id", "date", "session"])["teacher"].astype(object)


# Counts and dates as the detail of a thing to fix says them


def in_sessions(count: int) -> str:
    """Return a number of sessions in words.

    Examples
    --------
    >>> in_sessions(1), in_sessions(12)
    ('1 session', '12 sessions')
    """
    return counted(count, "session")


def in_marks(count: int) -> str:
    """Return a number of marks in words.

    Examples
    --------
    >>> in_marks(1), in_marks(1200)
    ('1 mark', '1,200 marks')
    """
    return counted(count, "mark")


def in_pupils(count: int) -> str:
    """Return a number of pupils in words.

    Examples
    --------
    >>> in_pupils(1), in_pupils(30)
    ('1 pupil', '30 pupils')
    """
    return counted(count, "pupil")


def in_days(count: int) -> str:
    """Return a number of school days in words.

    Examples
    --------
    >>> in_days(1), in_days(46)
    ('1 school day', '46 school days')
    """
    return counted(count, "school day")


def in_minutes(count: int) -> str:
    """Return a number of minutes in words.

    Examples
    --------
    >>> in_minutes(1), in_minutes(35)
    ('1 minute', '35 minutes')
    """
    return counted(count, "minute")


def in_year(day: date | np.datetime64) -> str:
    """Return a date as tables have it.

    Examples
    --------
    >>> in_year(np.datetime64("2026-10-05"))
    '5 Oct 26'
    """
    return short_date(np.datetime64(day, "D").astype(object))


COLUMNS = ("rule", "date", "end_date", "session", "form", "pupil_id", "detail", "known_date")
BOTH = " and ".join(SESSIONS)
WHOLE_SCHOOL = "Whole school"
# From Monday afternoon to the next Monday afternoon there are nine sessions between.
GAP_SESSIONS = len(SESSIONS) * ARRANGEMENT_GAP_DAYS + 1


EMPTY = pd.DataFrame(
    {name: pd.Series(dtype="datetime64[s]" if name.endswith("date") else object) for name in COLUMNS}
)


def no_findings() -> pd.DataFrame:
    """Return the table of things to fix without a row: COLUMNS, those of dates as days.

    Examples
    --------
    >>> len(no_findings()), list(no_findings())[:3]
    (0, ['rule', 'date', 'end_date'])
    """
    return EMPTY.copy()


def together(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return what several checks found, one row per thing to fix, in the order of the checks; its dates are days.

    Examples
    --------
    >>> together([one_finding("a", "first"), no_findings(), one_finding("b", "second")])["rule"].tolist()
    ['a', 'b']
    """
    tables = [table for table in found if len(table)]
    return pd.concat(tables, ignore_index=True) if tables else no_findings()


def finding_rows(scope: Scope, rule: str, spans: pd.DataFrame, detail: Sequence[str] | str) -> pd.DataFrame:
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
        return no_findings()
    row = spans["row"].to_numpy()
    return placed(scope, rule, spans).assign(
        form=scope.form_names[row], pupil_id=scope.pupil_ids[row], detail=detail
    )[list(COLUMNS)]


def placed(scope: Scope, rule: str, spans: pd.DataFrame) -> pd.DataFrame:
    """Return where in time spans are, one row per span: its first and last day, and the session if both are one day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sessions = pd.DataFrame({"date": ["5 Nov", "5 Nov", "6 Nov"], "session": ["AM", "PM", "AM"]})
    >>> scope, spans = SimpleNamespace(register=SimpleNamespace(sessions=sessions)), [(0, 0), (0, 1), (1, 2)]
    >>> placed(scope, "bulk_code", pd.DataFrame(spans, columns=["first", "last"]))["session"].tolist()
    ['AM', 'AM and PM', '']
    """
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
        return no_findings()
    row, column = np.nonzero(cells)
    place = column + scope.before
    return finding_rows(scope, rule, pd.DataFrame({"row": row, "first": place, "last": place}), detail)


def runs_found(scope: Scope, rule: str, cells: np.ndarray, what: str) -> pd.DataFrame:
    """Return a thing to fix for each run of a pupil's cells of the year, ``what`` being the code; its sessions are counted.

    Less than a school week without it is bridged: every afternoon, or one day a week, is one thing.
    """
    if not cells.any():
        return no_findings()
    runs = find_runs(cells, ~scope.is_due, GAP_SESSIONS)
    detail = [f"{what} in {in_sessions(hits)}" for hits in runs["hits"]]
    return finding_rows(scope, rule, in_register(scope, runs), detail)


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
        return no_findings()
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
    return form_findings(scope, rule, runs, detail).assign(
        pupil_id=[who[0] if len(who) == 1 else "" for who in pupils]
    )


def form_runs(scope: Scope, found: np.ndarray) -> pd.DataFrame:
    """Find runs of a form's sessions of the year (boolean, shape (forms, sessions)), over those closed for the form."""
    return find_runs(found, scope.by_form(scope.is_due) == 0)


def form_findings(scope: Scope, rule: str, runs: pd.DataFrame, detail: Sequence[str]) -> pd.DataFrame:
    """Return a thing to fix for each run of a form's sessions (columns of the year)."""
    if runs.empty:
        return no_findings()
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


def one_finding(rule: str, detail: str) -> pd.DataFrame:
    """Return one row: a thing to fix that has no place in the register, so that its days are missing.

    Examples
    --------
    >>> one_finding("code_spelling", "3 codes in small letters")[["rule", "detail"]].values.tolist()
    [['code_spelling', '3 codes in small letters']]
    """
    return no_findings().reindex([0]).assign(rule=rule, session="", form="", pupil_id="", detail=detail)


def minutes_late(scope: Scope) -> str:
    """Return why a check of minutes late cannot be made; empty if it can.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [minutes_late(SimpleNamespace(minutes=np.array([[np.nan, late]]))) for late in (np.nan, 5.0)]  # one is enough
    ['no minutes late are exported', '']
    """
    return "no minutes late are exported" if np.isnan(scope.minutes).all() else ""
