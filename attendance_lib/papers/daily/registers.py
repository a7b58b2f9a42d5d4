"""Which registers are not in yet, what is unknown until they are, and how many are here beside the same weekday's usual."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.findings import head_of, key_adults, register_takers
from attendance_lib.analysis.inspection.missing_marks import untaken
from attendance_lib.display import Column, Kind, Parts, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_number, format_percent
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.daily.moment import at_last_session, is_here, scope_at, session_of
from attendance_lib.register.grid import CLOSED, MISSING, NOT_ON_ROLL, Register
from attendance_lib.register.tally import tally
from attendance_lib.rules.pupils import year_name

SHOWN_FORMS = 8
# Ours: as many of the same weekday as there are in half a term or so.
USUAL_WEEKS = 6


@derived
def forms_not_taken(pack: Pack) -> pd.DataFrame:
    """Return the forms whose register of the session was not taken.

    Returns
    -------
    pandas.DataFrame
        One row per form: ``form``, ``pupils`` (without a mark, a count), ``due`` (a count) and ``teacher`` (whom to ask; empty
        where nothing says). A register not taken is what the register inspection calls so, and one of which more than half the
        marks are missing: the desk enters who came late while the teacher has not begun.
    """
    scope = scope_at(pack)
    missing = scope.by_form(scope.year.codes == MISSING)[:, -1]
    due = scope.by_form(scope.is_due)[:, -1]
    at = np.flatnonzero(untaken(scope)[:, -1] | (2 * missing > due))
    names = [scope.forms[1][place] for place in at]
    return pd.DataFrame(
        {
            "form": pd.Series(names, dtype=object),
            "pupils": missing[at],
            "due": due[at],
            "teacher": pd.Series([_whom_to_ask(pack, name) for name in names], dtype=object),
        }
    )


def _whom_to_ask(pack: Pack, form: str) -> str:
    """The teacher of the form's register lesson that day, else the key adult all of it share, else who has the year group."""
    scope = scope_at(pack)
    ids = scope.pupil_ids[scope.form_names == form]
    takers = register_takers(scope.lessons)
    if len(takers):
        keys = [(pupil, pd.Timestamp(pack.date_to), session_of(pack)) for pupil in ids]
        named = takers.reindex(pd.MultiIndex.from_tuples(keys)).dropna()
        if len(named):
            return str(named.iloc[0])
    return key_adults(scope)[1].get(form) or head_of(scope, form)


@derived
def not_registered(pack: Pack) -> frozenset[str]:
    """Return the pupils without a mark in forms whose register was not taken: nothing is known of them."""
    scope = scope_at(pack)
    missing = (scope.year.codes[:, -1] == MISSING) & np.isin(scope.form_names, forms_not_taken(pack)["form"])
    return frozenset(scope.pupil_ids[missing])


def registers_not_taken(pack: Pack) -> Table | Parts:
    """Return the registers not taken yet, with whom to ask and how many pupils nothing is known of; no table if all are in.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> forms = pd.DataFrame({"form": ["8A", "9B"], "pupils": [3, 25], "due": [28, 25], "teacher": ""})
    >>> registers_not_taken(SimpleNamespace(results={forms_not_taken: forms})).frame["form"].tolist()  # most unknown first
    ['9B', '8A']
    """
    if forms_not_taken(pack).empty:
        return Parts("registers_in", ())
    frame = forms_not_taken(pack).sort_values(["pupils", "form"], ascending=[False, True], kind="stable")
    return Table(
        name="registers_not_taken",
        title="Registers not taken yet",
        frame=frame.reset_index(drop=True),
        columns=(
            figure("form", width=10),
            figure("pupils", heading="No mark", meaning="Pupils of the form without a mark", width=8),
            Column("due", "of", Kind.COUNT, "Pupils of the form for whom a mark is due", width=6),
            figure("teacher", meaning="Who takes the register, else the form's key adult, else who has the year group", width=30),
        ),
        shown_rows=SHOWN_FORMS,
        note="Until these are in, nothing below is complete.",
    )  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """Attendance of one session: sessions attended and possible as far as marks tell, and marks that are missing (counts)."""

    attended: int
    possible: int
    missing: int

    @property
    def low(self) -> float | None:
        """Attendance if nobody without a mark came (a fraction); None where nothing was possible.

        Examples
        --------
        >>> Bounds(90, 96, 4).low, Bounds(0, 0, 0).low
        (0.9, None)
        """
        whole = self.possible + self.missing
        return self.attended / whole if whole else None

    @property
    def high(self) -> float | None:
        """Attendance if everybody without a mark came.

        Examples
        --------
        >>> Bounds(90, 96, 4).high, Bounds(0, 0, 4).high
        (0.94, 1.0)
        """
        whole = self.possible + self.missing
        return (self.attended + self.missing) / whole if whole else None

    @property
    def words(self) -> str:
        """The attendance in words: two ends while marks are missing, never a figure between them.

        Examples
        --------
        >>> Bounds(90, 96, 4).words
        '90.0% to 94.0%, 4 pupils not registered'
        >>> Bounds(90, 100, 0).words
        '90.0%, 90 of 100 pupils'
        """
        if self.low is None:
            return "no register"
        if self.missing:
            low, high = format_percent(self.low), format_percent(self.high)
            return f"{low} to {high}, {format_count(self.missing, 'pupil')} not registered"
        return f"{format_percent(self.low)}, {format_count(self.attended)} of {format_count(self.possible, 'pupil')}"


@derived
def bounds_of(pack: Pack) -> Bounds:
    """Return the attendance of the session, of everyone enrolled whatever their age.

    Notes
    -----
    The ends hold whatever the missing marks turn out to be: a session that was not possible leaves the rate between them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.register.grid import Register, cell_of
    >>> codes = np.array([[cell_of("/")], [cell_of("I")], [MISSING]], dtype=np.uint8)
    >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"]), "session": ["AM"]})
    >>> current = Register(codes, pd.DataFrame({"pupil_id": ["1", "2", "3"]}), sessions)
    >>> bounds_of(SimpleNamespace(enrolled=SimpleNamespace(current=current), results={}))
    Bounds(attended=1, possible=2, missing=1)
    """
    counts = tally(at_last_session(pack.enrolled.current)).iloc[0]
    return Bounds(
        *(int(counts[name]) for name in ("attended_sessions", "possible_sessions", "missing_sessions"))
    )


def headcount(pack: Pack) -> Parts:
    """Return how many of each year group are here, beside the same weekday's usual: in a line, and as a table in the workbook.

    Here are those present, late, or come after the register closed; who is out for school is not on site.
    """
    year = pack.enrolled.year_to_date
    alike = _same_weekday(year.sessions)
    frame = _heads(year, alike)
    table = Table(
        name="headcount",
        title="Headcount",
        frame=frame,
        columns=HEADCOUNT_COLUMNS,
        row_header="group",
        note=f"Here: present, late, or come after the register closed. Usual: the middle of the last {len(alike)} of the same "
        "weekday and session of this school year."
        if len(alike)
        else "There is no earlier session of the same weekday in this school year.",
    )
    *years, everybody = frame.itertuples()
    told = (f"{row.group} {_count_words(row)}" for row in years)
    said = f"{format_count(everybody.here)} here of {format_count(everybody.due)} on roll{_beside(everybody)}: {'; '.join(told)}."
    words = Sentences(name="headcount_words", title="Headcount", style="note", items=(said, table.note))
    return Parts("headcount_parts", (words,), (table,))


def _heads(year: Register, alike: np.ndarray) -> pd.DataFrame:
    """Count who is due, here and without a mark at the last session, and who usually is: one row per year group, the last all."""
    here, last = is_here(year), year.codes[:, -1]
    due = (last != NOT_ON_ROLL) & (last != CLOSED)
    groups = year.pupils["year_group"].astype(object)
    known = sorted(set(map(int, groups[due].dropna())))
    rows = [(year_name(each), (groups == each).to_numpy(dtype=bool)) for each in known]
    if (due & groups.isna().to_numpy()).any():
        rows.append(("No year group", groups.isna().to_numpy()))
    rows.append(("All", np.ones(len(groups), dtype=bool)))
    counted = (due, here[:, -1], last == MISSING)
    return pd.DataFrame(
        [
            (name, *(int((each & of).sum()) for each in counted), _usual(here[of][:, alike]))
            for name, of in rows
        ],
        columns=["group", "due", "here", "missing", "usual"],
    )


def _count_words(row: object) -> str:
    usual = "" if pd.isna(row.usual) else f" ({format_number(row.usual)})"
    return f"{format_count(row.here)}{usual}{f', {format_count(row.missing)} without a mark' if row.missing else ''}"


def _beside(row: object) -> str:
    return "" if pd.isna(row.usual) else f" (usual in brackets, {format_number(row.usual)} in all)"


HEADCOUNT_COLUMNS = (
    figure("group", heading="Year group", meaning="Year group of the pupils", width=14),
    Column("due", "On roll", Kind.COUNT, "Pupils for whom a mark is due", width=8),
    Column("here", "Here", Kind.COUNT, "Present, late, or come after the register closed", width=8),
    Column("missing", "No mark", Kind.COUNT, "Pupils without a mark", width=8),
    Column("usual", "Usual", Kind.NUMBER, "Median of those here on the same weekday and session before", width=8),
)  # fmt: skip


def _same_weekday(sessions: pd.DataFrame) -> np.ndarray:
    """The columns of the last sessions like the last one: of its weekday and half of the day, the latest weeks."""
    last = sessions.iloc[-1]
    is_like = (sessions["date"].dt.day_of_week == last["date"].day_of_week) & (
        sessions["session"] == last["session"]
    )
    return np.flatnonzero(is_like & (sessions["date"] < last["date"]))[-USUAL_WEEKS:]


def _usual(here: np.ndarray) -> float | None:
    counts = here.sum(axis=0)
    return float(np.median(counts)) if len(counts) else None
