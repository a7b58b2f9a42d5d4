"""A register as a grid: pupils down, sessions across, one small integer a cell.

A cell is ``MISSING`` (a mark was due and there is none), ``NOT_ON_ROLL`` (before admission or after
leaving), ``CLOSED`` (the session did not take place for this pupil's year group) or a code. The four
are never confused: only a code can be part of a rate.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.rules.codes import CODES, Category, categories_on

MISSING, NOT_ON_ROLL, CLOSED = 0, 1, 2
FIRST_CODE = 3

CELL_OF_LETTER = {code.letter: FIRST_CODE + position for position, code in enumerate(CODES)}
LETTER_OF_CELL = {cell: letter for letter, cell in CELL_OF_LETTER.items()}


def cell_of(letter: str) -> int:
    """Return the cell value of a code's letter.

    Examples
    --------
    >>> LETTER_OF_CELL[cell_of("C2")]
    'C2'
    """
    return CELL_OF_LETTER[letter]


def categories_of_cells(days: np.ndarray) -> np.ndarray:
    """Return how each cell value counts on each day: Category numbers (uint8), shape (cell values, days).

    Examples
    --------
    >>> old, new = categories_of_cells(np.array(["2024-07-01", "2026-07-01"], dtype="datetime64[D]")).T
    >>> [Category(how[CELL_OF_LETTER["J"]]).name for how in (old, new)]
    ['APPROVED_ACTIVITY', 'UNCLASSIFIED']
    """
    fixed = np.repeat([[Category.MISSING], [Category.NOT_ON_ROLL], [Category.CLOSED]], len(days), axis=1)
    return np.vstack([fixed, categories_on(days)]).astype(np.uint8)


@dataclass(frozen=True, eq=False, repr=False)
class Register:
    """Marks of a school over a run of open sessions.

    Attributes
    ----------
    codes : numpy.ndarray
        Cell values (uint8), shape (pupils, sessions).
    pupils : pandas.DataFrame
        One row per enrolment, in the order of the grid's rows; ``year_group`` is that of
        ``reference_year``, the school year of the enrolment's last session.
    sessions : pandas.DataFrame
        One row per open session, in the order of the grid's columns (see ``SchoolCalendar.open_sessions``).
    amendments : pandas.DataFrame
        One row per mark known to have been changed: ``row``, ``column`` (positions in the grid),
        ``amended_from`` (cell value) and ``amended_on`` (date). Empty where the export has no history.

    Examples
    --------
    >>> cells = np.array([[cell_of("/"), cell_of("I"), cell_of("N")]], dtype=np.uint8)
    >>> days = pd.to_datetime(["2026-07-17", "2026-09-03", "2026-09-04"])
    >>> sessions = pd.DataFrame({"date": days, "school_year": ["202526", "202627", "202627"]})
    >>> pupils = pd.DataFrame({"pupil_id": ["1"], "year_group": [8], "reference_year": [2026]})
    >>> register = Register(cells, pupils, sessions)
    >>> register.between(date(2026, 7, 17), date(2026, 9, 3)).days.astype(str).tolist()
    ['2026-07-17', '2026-09-03']
    >>> register.in_school_year("202526").pupils["year_group"].tolist()  # in Year 8 now, so in Year 7 then
    [7]
    >>> [register.year_to_date(date(2026, *day)).days.astype(str).tolist() for day in ((8, 20), (9, 3))]
    [['2026-07-17'], ['2026-09-03']]
    >>> amended = {"row": [0], "column": [1], "amended_from": [cell_of("N")], "amended_on": pd.to_datetime(["2026-09-08"])}
    >>> then = replace(register, amendments=pd.DataFrame(amended)).as_known_on(date(2026, 9, 7))
    >>> [LETTER_OF_CELL[cell] for cell in then.codes[0]]
    ['/', 'N', 'N']
    """

    codes: np.ndarray
    pupils: pd.DataFrame
    sessions: pd.DataFrame
    amendments: pd.DataFrame = field(default_factory=lambda: no_amendments())
    has_history: bool = False

    def __repr__(self) -> str:
        """Say how much it holds and what its columns are called; never anything of a pupil."""
        days = f", {self.first_date} to {self.last_date}" if len(self.sessions) else ""
        return (
            f"Register of {len(self.pupils):,} enrolments and {len(self.sessions):,} sessions{days}. "
            f"pupils: {', '.join(self.pupils)}. sessions: {', '.join(self.sessions)}."
        )

    @cached_property
    def categories(self) -> np.ndarray:
        """How each cell counts, by the code set in force on its date: Category numbers, shape (pupils, sessions).

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-05"])})
        >>> cells = np.array([[cell_of("L"), cell_of("U")]], dtype=np.uint8)  # late before the register closed, and after it
        >>> [Category(how).name for how in Register(cells, pd.DataFrame(index=[0]), sessions).categories[0]]
        ['PRESENT', 'UNAUTHORISED_ABSENCE']
        """
        return categories_of_cells(self.days)[self.codes, np.arange(len(self.days))]

    @cached_property
    def days(self) -> np.ndarray:
        """The date of each session: datetime64[D], shape (sessions,).

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-05"])})
        >>> Register(np.zeros((0, 2), dtype=np.uint8), pd.DataFrame(), sessions).days.astype(str).tolist()
        ['2026-11-05', '2026-11-05']
        """
        return self.sessions["date"].to_numpy().astype("datetime64[D]")

    @cached_property
    def by_session(self) -> np.ndarray:
        """The cell values with the marks of one session side by side, as the tally adds them: shape (sessions, pupils).

        Examples
        --------
        >>> register = Register(np.zeros((3, 2), dtype=np.uint8), pd.DataFrame(index=range(3)), pd.DataFrame(index=range(2)))
        >>> register.by_session.shape
        (2, 3)
        """
        return np.ascontiguousarray(self.codes.T)

    @cached_property
    def groupings(self) -> dict:
        """The groups of pupils and of sessions that were asked for, kept so that each is numbered once."""
        return {}

    @property
    def first_date(self) -> date:
        """The date of the first session.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06"])})
        >>> register = Register(np.zeros((0, 2), dtype=np.uint8), pd.DataFrame(), sessions)
        >>> register.first_date.isoformat()
        '2026-11-05'
        """
        return self.sessions["date"].iloc[0].date()

    @property
    def last_date(self) -> date:
        """The date of the last session.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06"])})
        >>> register = Register(np.zeros((0, 2), dtype=np.uint8), pd.DataFrame(), sessions)
        >>> register.last_date.isoformat()
        '2026-11-06'
        """
        return self.sessions["date"].iloc[-1].date()

    def where_sessions(self, keep: np.ndarray) -> "Register":
        """Return the register of the sessions kept (boolean, one per session).

        Examples
        --------
        >>> sessions = pd.DataFrame({"session": ["AM", "PM"]})
        >>> register = Register(np.zeros((1, 2), dtype=np.uint8), pd.DataFrame(index=[0]), sessions)
        >>> register.where_sessions(register.sessions["session"] == "PM").codes.shape
        (1, 1)
        """
        keep = np.asarray(keep, dtype=bool)
        position = np.cumsum(keep) - 1
        changed = self.amendments[keep[self.amendments["column"].to_numpy()]]
        changed = changed.assign(column=position[changed["column"].to_numpy()])
        sessions = self.sessions[keep].reset_index(drop=True)
        return replace(self, codes=self.codes[:, keep], sessions=sessions, amendments=changed)

    def where_pupils(self, keep: np.ndarray) -> "Register":
        """Return the register of the enrolments kept (boolean, one per enrolment), all sessions of each.

        Examples
        --------
        >>> register = Register(np.zeros((2, 1), dtype=np.uint8), pd.DataFrame({"pupil_id": ["1", "2"]}), pd.DataFrame(index=[0]))
        >>> register.where_pupils(np.array([False, True])).pupils["pupil_id"].tolist()
        ['2']
        """
        keep = np.asarray(keep, dtype=bool)
        position = np.cumsum(keep) - 1
        changed = self.amendments[keep[self.amendments["row"].to_numpy()]]
        changed = changed.assign(row=position[changed["row"].to_numpy()])
        return replace(
            self, codes=self.codes[keep], pupils=self.pupils[keep].reset_index(drop=True), amendments=changed
        )

    def between(self, date_from: date, date_to: date) -> "Register":
        """Return the sessions from one date to another, both included.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-06", "2026-11-09"])})
        >>> register = Register(np.zeros((1, 3), dtype=np.uint8), pd.DataFrame(index=[0]), sessions)
        >>> register.between(date(2026, 11, 6), date(2026, 11, 8)).days.astype(str).tolist()  # the 8th is a Sunday
        ['2026-11-06']
        """
        days = self.sessions["date"]
        return self.where_sessions((days >= pd.Timestamp(date_from)) & (days <= pd.Timestamp(date_to)))

    def in_school_year(self, school_year: str) -> "Register":
        """Return one school year's sessions, with each pupil's year group as it was in that year."""
        kept = self.where_sessions(self.sessions["school_year"] == school_year)
        years_ago = kept.pupils["reference_year"] - int(school_year[:4])
        return replace(kept, pupils=kept.pupils.assign(year_group=kept.pupils["year_group"] - years_ago))

    def year_to_date(self, day: date) -> "Register":
        """Return the sessions of the day's school year up to and including the day.

        The school year is that of the latest session up to the day; no sessions where there is none.

        Examples
        --------
        >>> sessions = pd.DataFrame({"date": pd.to_datetime(["2026-07-17", "2026-09-03"]), "school_year": ["202526", "202627"]})
        >>> register = Register(np.full((1, 2), 3), pd.DataFrame({"year_group": [8], "reference_year": [2026]}), sessions)
        >>> days = [register.year_to_date(date(2026, *day)).days.astype(str).tolist() for day in ((7, 16), (8, 20), (9, 3))]
        >>> days  # before the first session, in the summer holidays, and on the new year's first day
        [[], ['2026-07-17'], ['2026-09-03']]
        """
        upto = self.sessions[self.sessions["date"] <= pd.Timestamp(day)]
        if upto.empty:
            return self.where_sessions(np.zeros(len(self.sessions), dtype=bool))
        return self.between(self.first_date, day).in_school_year(upto["school_year"].iloc[-1])

    def as_known_on(self, day: date) -> "Register":
        """Return the register as it stood at the end of a day: later amendments are taken back.

        Examples
        --------
        >>> change = {"row": [0], "column": [0], "amended_from": [cell_of("N")], "amended_on": pd.to_datetime(["2026-11-09"])}
        >>> register = Register(np.array([[cell_of("I")]]), pd.DataFrame(), pd.DataFrame(), pd.DataFrame(change))
        >>> [LETTER_OF_CELL[register.as_known_on(date(2026, 11, day)).codes[0, 0]] for day in (8, 9)]
        ['N', 'I']
        """
        later = self.amendments[self.amendments["amended_on"] > pd.Timestamp(day)]
        codes = self.codes.copy()
        codes[later["row"].to_numpy(), later["column"].to_numpy()] = later["amended_from"].to_numpy()
        return replace(self, codes=codes)

    def is_on_roll(self, day: date) -> np.ndarray:
        """Whether each enrolment is on roll on a day: boolean, shape (pupils,).

        Examples
        --------
        >>> pupils = pd.DataFrame({"admission_date": [pd.NaT], "leaving_date": pd.to_datetime(["2026-11-06"])})
        >>> register = Register(np.zeros((1, 0), dtype=np.uint8), pupils, pd.DataFrame())
        >>> [register.is_on_roll(date(2026, 11, day)).tolist() for day in (6, 7)]  # the leaving date itself is a day on roll
        [[True], [False]]
        """
        return on_roll(self.pupils, pd.Series([pd.Timestamp(day)]))[:, 0]


def on_roll(pupils: pd.DataFrame, days: pd.Series) -> np.ndarray:
    """Return whether each enrolment is on roll on each day, from admission to leaving date, both included.

    Parameters
    ----------
    pupils : pandas.DataFrame
        PUPILS, with ``admission_date`` and ``leaving_date`` (missing means always and still).
    days : pandas.Series
        Dates.

    Returns
    -------
    numpy.ndarray
        Boolean, shape (pupils, days).

    Examples
    --------
    >>> first, last = pd.to_datetime(["2026-09-08", None]), pd.to_datetime([None, "2026-09-07"])
    >>> pupils = pd.DataFrame({"admission_date": first, "leaving_date": last})
    >>> on_roll(pupils, pd.Series(pd.to_datetime(["2026-09-07", "2026-09-08"]))).tolist()
    [[False, True], [True, False]]
    """
    dates = days.to_numpy().astype("datetime64[D]")[None, :]
    admission = pupils["admission_date"].to_numpy().astype("datetime64[D]")[:, None]
    leaving = pupils["leaving_date"].to_numpy().astype("datetime64[D]")[:, None]
    return ((admission <= dates) | np.isnat(admission)) & ((dates <= leaving) | np.isnat(leaving))


def no_amendments() -> pd.DataFrame:
    """Return the empty table of amendments: no row, the columns of ``Register.amendments``, the day of each among them.

    Examples
    --------
    >>> list(no_amendments())
    ['row', 'column', 'amended_from', 'amended_on']
    """
    empty = np.empty(0, dtype=np.int64)
    return pd.DataFrame(
        {
            "row": empty,
            "column": empty,
            "amended_from": empty.astype(np.uint8),
            "amended_on": empty.astype("datetime64[s]"),
        }
    )


def with_earlier_enrolments(register: Register, keep: np.ndarray) -> Register:
    """Return the enrolments kept, each with the sessions of the same pupil's other enrolments.

    Parameters
    ----------
    register : Register
        Every enrolment.
    keep : numpy.ndarray
        Which to keep (boolean, one per enrolment), at most one of a pupil.

    Returns
    -------
    Register
        One row per person: cells of sessions on which an enrolment kept was not on roll are those of the others.

    Examples
    --------
    >>> cells = np.array([[cell_of("I"), NOT_ON_ROLL], [NOT_ON_ROLL, cell_of("/")]], dtype=np.uint8)
    >>> register = Register(cells, pd.DataFrame({"pupil_id": ["1", "1"]}), pd.DataFrame(index=[0, 1]))
    >>> person = with_earlier_enrolments(register, np.array([False, True]))  # who left after the first session and came back
    >>> [LETTER_OF_CELL[cell] for cell in person.codes[0]]
    ['I', '/']
    """
    kept = register.where_pupils(keep)
    ids = register.pupils["pupil_id"].astype(str)
    again = ids.duplicated(keep=False).to_numpy() & ids.isin(ids[keep]).to_numpy() & ~keep
    if not again.any():
        return kept
    row_of = pd.Series(np.arange(int(keep.sum())), index=ids[keep])
    codes = kept.codes.copy()
    rows = row_of.loc[ids[again]].to_numpy()
    for row, other in zip(rows, register.codes[again], strict=True):
        codes[row] = np.where(codes[row] == NOT_ON_ROLL, other, codes[row])
    return replace(kept, codes=codes, amendments=_amendments(register, kept, again, rows))


def _amendments(register: Register, kept: Register, again: np.ndarray, rows: np.ndarray) -> pd.DataFrame:
    """Return the amendments of the enrolments kept and, under their rows, those of the others."""
    place = np.full(len(again), -1)
    place[again] = rows
    theirs = register.amendments[again[register.amendments["row"].to_numpy(dtype=np.int64)]]
    theirs = theirs.assign(row=place[theirs["row"].to_numpy(dtype=np.int64)])
    return pd.concat([kept.amendments, theirs], ignore_index=True) if len(theirs) else kept.amendments


def count_returned(register: Register, pupil_ids: pd.Series) -> int:
    """Return how many of some pupils (rows) were on roll in more than one enrolment over a register's sessions.

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "1", "2"]})
    >>> cells = np.array([[3, NOT_ON_ROLL], [NOT_ON_ROLL, 3], [3, 3]], dtype=np.uint8)
    >>> count_returned(Register(cells, pupils, pd.DataFrame()), pd.Series(["1", "2"]))
    1
    """
    was_here = (register.codes != NOT_ON_ROLL).any(axis=1)
    enrolments = register.pupils["pupil_id"].astype(str)[was_here].value_counts()
    return int((enrolments.reindex(pupil_ids.astype(str).unique()).fillna(0) > 1).sum())
