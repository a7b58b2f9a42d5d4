"""What a published table counts, said in coordinates, and what is known to add up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from numbers import Real

import pandas as pd

from attendance_lib.errors import DisclosureError
from attendance_lib.intake.schema import TABLES
from attendance_lib.rules.groups import GROUPS
from attendance_lib.rules.signs import harmless

Coordinates = Mapping[str, str]
Key = tuple[tuple[str, str], ...]

# A span of days: every school day later than the one and not later than the other (ISO dates; see `spans`); and a year to a day.
AFTER, TO, AS_AT = "after", "to", "as_at"


class Unit(StrEnum):
    """What a count counts, and so what it does over time.

    ``ENROLMENTS`` stand at a date. ``SESSIONS`` are whatever adds up from one span of days to the next: sessions, and
    notices or things alike. ``PUPILS`` are the different pupils of a span: those of two spans are fewer than their sum
    by those in both.
    """

    ENROLMENTS = "enrolments"
    SESSIONS = "sessions"
    PUPILS = "pupils"


def key_of(coordinates: Coordinates) -> Key:
    """Return coordinates in the one order in which they are compared, their values as they are printed.

    >>> key_of({"year_group": "7", "as_at": "2026-10-23"})
    (('as_at', '2026-10-23'), ('year_group', '7'))
    """
    return tuple(sorted((name, harmless(str(value))) for name, value in coordinates.items()))


@dataclass(frozen=True)
class Partition:
    """A whole and the parts that add up to it, in every row of coordinates in which they occur.

    ``whole`` and each of ``parts`` are the coordinates in which they differ; all other coordinates are the
    same on both sides. An empty ``whole`` is everyone. No pupil is in two parts and each is in one. Of what adds up only
    ``since`` a day (YYYY-MM-DD, itself left out) no count of days up to then is such a row.

    Examples
    --------
    >>> fsm = Partition({}, ({"fsm": "yes"}, {"fsm": "no"}))
    >>> severe = Partition(
    ...     {"measure": "persistently_absent"},
    ...     ({"measure": "severely_absent"}, {"measure": "persistently_not_severely_absent"}),
    ... )
    >>> premium = Partition({"pupil_premium": "yes"}, ({"fsm": "yes"}, {"pupil_premium": "yes", "fsm": "no"}))
    """

    whole: Coordinates
    parts: tuple[Coordinates, ...]
    since: str = ""


@dataclass(frozen=True)
class Count:
    """A column of counts: what it counts, beside what its row says.

    Parameters
    ----------
    column : str
        The column of the frame, of whole numbers (missing where there is nothing to count).
    coordinates : mapping
        What every value of the column counts, such as ``{"measure": "persistently_absent"}``.
    out_of : str, optional
        The column with the enrolments of which, or of whose sessions, this is a part. In a group of fewer
        than ten enrolments such a count is left out whatever it is: the rate would follow from it.
    unit : Unit
        Enrolments or sessions.
    is_shown : bool
        False for a count that is not printed but from which a printed rate is made: a rate to one decimal
        place with its denominator tells the count, so it is protected as if it were printed.
    worth : float
        How much dearer than usual it is to leave one out as well, for the sake of others: 0.1 for a detail such
        as who joined and left. Counts of the whole school are a hundred times as dear by themselves.
    people : str, optional
        The column with how many pupils are behind a count of sessions, notices or the like, where these may be
        far fewer than ``out_of``: 40 sessions of suspension of 2 pupils are left out as the 2 are. It need not be
        published.
    told : tuple of str, optional
        Two columns, not published, with the least and the most that the count can be by the rate that is printed of
        it: one rounded so far that the count does not follow from it.
    by_row : tuple of mapping, optional
        What it counts row by row, where that is not alike for all columns of counts.
    is_none_hidden : bool
        Whether a 0 of it may be left out for the sake of others, as of who moved between two groups whose sizes were told:
        elsewhere a 0 stays. ``c`` of such a count may then be 0.
    alone : str
        Why it adds up with nothing else that is published, if so: because ...; else a sum must hold it.
    """

    column: str
    coordinates: Coordinates = field(default_factory=dict)
    out_of: str | None = None
    unit: Unit = Unit.ENROLMENTS
    is_shown: bool = True
    worth: float = 1.0
    people: str | None = None
    told: tuple[str, str] | None = None
    alone: str = ""
    by_row: tuple[Coordinates, ...] = ()
    is_none_hidden: bool = False

    def at(self, row: int) -> Coordinates:
        """Return what the count in a row counts, beside what the row itself says.

        Examples
        --------
        >>> Count("left", {"measure": "left"}, by_row=({"sex": "F"}, {"sex": "M"})).at(1)
        {'sex': 'M', 'measure': 'left'}
        """
        return {**(self.by_row[row] if self.by_row else {}), **self.coordinates}

    def without(self, columns: Collection[str]) -> "Count":
        """Return the same count where some columns are not at hand.

        Examples
        --------
        >>> Count("absent", out_of="enrolments").without({"enrolments"}).out_of is None
        True
        """
        return replace(
            self,
            out_of=None if self.out_of in columns else self.out_of,
            people=None if self.people in columns else self.people,
            told=None,
        )

    @property
    def aids(self) -> tuple[str, ...]:
        """The columns that say something of it and are not published for its sake.

        Examples
        --------
        >>> Count("suspended_sessions", people="suspended", told=("least", "most")).aids
        ('least', 'most', 'suspended')
        """
        return (*(self.told or ()), *((self.people,) if self.people else ()))


@dataclass(frozen=True)
class Rate:
    """A column of figures worked out from counts of the same row, left out with any of them.

    Parameters
    ----------
    column : str
        The column of the frame: a rate, a gap, a change, an interval, a verdict.
    counts : tuple of str
        The columns of counts (shown or not) that it is made from.
    out_of : str
        The column with the enrolments behind it; of fewer than ten nothing is said.
    """

    column: str
    counts: tuple[str, ...]
    out_of: str

    def without(self, columns: Collection[str]) -> "Rate":
        """Return the same rate where some columns are not at hand.

        Examples
        --------
        >>> Rate("absence_rate", ("absent", "possible"), "enrolments").without({"possible"}).counts
        ('absent',)
        """
        return replace(self, counts=tuple(column for column in self.counts if column not in columns))


@dataclass(frozen=True)
class PublicTable:
    """A table as it would be published if no group were small.

    Parameters
    ----------
    name, title : str
        What it is called in files and by readers.
    frame : pandas.DataFrame
        One row per group, period or both.
    rows : tuple of mapping
        For each row of the frame, in its order, whom and when its counts are about, such as
        ``{"as_at": "2026-10-23", "year_group": "7"}``; a coordinate left out means everyone
        (see `rows_by`).
    counts, rates : tuple
        Every column that is made from counts of this school's pupils or their sessions.
    plain : mapping of str to str
        Columns of numbers in which no pupil of this school is counted, such as England's rate or the number of a
        week, each with why none is. They are published as they are, like text and dates; any other number is refused.
    """

    name: str
    title: str
    frame: pd.DataFrame
    rows: tuple[Coordinates, ...]
    counts: tuple[Count, ...]
    rates: tuple[Rate, ...] = ()
    plain: Mapping[str, str] = field(default_factory=dict)

    @property
    def count_by_column(self) -> dict[str, Count]:
        """The counts by the name of their column.

        Examples
        --------
        >>> table = PublicTable("t", "T", pd.DataFrame({"pupils": [40]}), ({},), (Count("pupils"),))
        >>> list(table.count_by_column)
        ['pupils']
        """
        return {count.column: count for count in self.counts}

    def key(self, row: int, count: Count) -> Key:
        """Return the coordinates of one count.

        Examples
        --------
        >>> count = Count("pupils", {"measure": "on_roll"})
        >>> PublicTable("t", "T", pd.DataFrame({"pupils": [40]}), ({"sex": "F"},), (count,)).key(0, count)
        (('measure', 'on_roll'), ('sex', 'F'))
        """
        return key_of({**self.rows[row], **count.at(row)})

    def with_frame(self, frame: pd.DataFrame) -> "PublicTable":
        """Return the same table with another frame of as many rows."""
        return replace(self, frame=frame)

    def as_shown(self) -> "PublicTable":
        """Return the same table without the counts that are not shown, as its readers have it.

        Examples
        --------
        >>> frame = pd.DataFrame({"pupils": [40], "possible": [4000]})
        >>> table = PublicTable("t", "T", frame, ({},), (Count("pupils"), Count("possible", is_shown=False)))
        >>> list(table.as_shown().frame)
        ['pupils']
        """
        shown = {count.column for count in self.counts if count.is_shown}
        hidden = {count.column for count in self.counts} - shown
        hidden |= {column for count in self.counts for column in count.aids} - shown
        return replace(
            self,
            frame=self.frame.drop(columns=list(hidden)),
            counts=tuple(count.without(hidden) for count in self.counts if count.is_shown),
            rates=tuple(rate.without(hidden) for rate in self.rates if rate.out_of not in hidden),
        )


@dataclass(frozen=True)
class Protected:
    """Tables that may be published together, and what the next reports must know of them.

    ``tables`` are those given, in their order, with ``c`` (`rules.disclosure.SUPPRESSED`) in place of what is
    left out and without the counts that are not shown. ``record`` is JSON: the coordinates and published
    value, or ``c``, of every count, and what adds up. ``counts`` and ``suppressed_counts`` are how many
    different counts the tables hold and how many were left out, ``corrected_counts`` of how many of these an earlier report
    gave a figure: the registers were corrected since, and the difference would tell too much. ``withheld`` are the names
    of tables that were withheld as a whole.
    """

    tables: tuple[PublicTable, ...]
    record: dict
    counts: int
    suppressed_counts: int
    corrected_counts: int = 0
    withheld: tuple[str, ...] = ()


def rows_by(
    frame: pd.DataFrame, columns: Mapping[str, str], also: Coordinates | None = None
) -> tuple[dict, ...]:
    """Return the coordinates of each row from columns of the frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table.
    columns : mapping
        Coordinate of each key column, such as ``{"year_group": "year_group"}``. A row with a missing value is
        about everyone in that coordinate.
    also : mapping, optional
        Coordinates of every row, such as ``{"as_at": "2026-10-23"}``.

    Examples
    --------
    >>> rows_by(pd.DataFrame({"year": [7, None]}, dtype="Int64"), {"year": "year_group"}, {"as_at": "2026-10-23"})
    ({'as_at': '2026-10-23', 'year_group': '7'}, {'as_at': '2026-10-23'})
    """
    fixed = dict(also or {})
    named = [(coordinate, frame[column]) for column, coordinate in columns.items()]
    return tuple(
        fixed | {name: str(values.iloc[row]) for name, values in named if pd.notna(values.iloc[row])}
        for row in range(len(frame))
    )


def characteristic(name: str, values: Iterable[object]) -> Partition:
    """Return the partition of everyone by one characteristic; ``values`` must be all there are.

    >>> characteristic("fsm", ["yes", "no"]).parts
    ({'fsm': 'yes'}, {'fsm': 'no'})
    """
    return Partition({}, tuple({name: str(value)} for value in values))


# Which columns a published table may have: none about one person, and no number that nothing is said of

# What identifies one pupil or one event of one pupil, though the schema does not call its value personal.
IDENTIFIERS = frozenset({"pupil_id", "action_id", "contact_id", "notice_id", "form", "key_adult"})
OF_ONE_PERSON = IDENTIFIERS.union(
    column.name for table in TABLES.values() for column in table.columns if column.is_personal
)

# A group is no person: these are published as groups, counted and suppressed like any other.
GROUPED = frozenset({group.column for group in GROUPS} | {"sen_need", "barrier"})


def personal_columns(table: PublicTable) -> list[str]:
    """Return the columns of a table that hold something of one person, in its order.

    A characteristic that the schema calls personal may be what the rows are grouped by, but then its column
    stands among the coordinates of the rows; as any other column it is personal too.

    Examples
    --------
    >>> frame = pd.DataFrame({"pupil_id": ["003401"], "pupils": [40]})
    >>> personal_columns(PublicTable("t", "T", frame, ({},), (Count("pupils"),)))
    ['pupil_id']
    """
    grouped_by = GROUPED.intersection(chain.from_iterable(table.rows))
    return [name for name in map(str, table.frame.columns) if name in OF_ONE_PERSON - grouped_by]


def unsaid_numbers(table: PublicTable) -> list[str]:
    """Return the columns of numbers that are declared neither as counts nor as rates nor as plain.

    Examples
    --------
    >>> frame = pd.DataFrame({"week": [3], "pupils": [40], "note": ["snow"]})
    >>> unsaid_numbers(PublicTable("t", "T", frame, ({},), (Count("pupils"),)))
    ['week']
    """
    said = _declared(table)
    return [name for name, values in table.frame.items() if name not in said and _holds_numbers(values)]


def _declared(table: PublicTable) -> set[str]:
    """Return the columns of counts with their aids, of rates, and those that are plain."""
    aids = {column for count in table.counts for column in count.aids}
    return {each.column for each in (*table.counts, *table.rates)} | aids | set(table.plain)


def _holds_numbers(values: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(values):
        return False
    is_mixed = values.dtype == object
    return any(_is_number(value) for value in values) if is_mixed else pd.api.types.is_numeric_dtype(values)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


AS_AT = "as_at"


def untied_columns(table: PublicTable, partitions: Iterable[Partition]) -> list[str]:
    """Return the columns of counts of which nobody says what they add up with, nor that they add up with nothing.

    A count adds up over time if it has a span, is at most what it is out of, and else adds up over what tells it apart: each
    of its coordinates but the date is one of a partition's.

    Examples
    --------
    >>> counts = [Count("late", {"route": "bus"}, alone=why) for why in ("", "because no other route is published")]
    >>> frame = pd.DataFrame({"late": [12]})
    >>> [untied_columns(PublicTable("late", "Late", frame, ({},), (count,)), []) for count in counts]
    [['late'], []]
    """
    named = {name for each in partitions for side in (each.whole, *each.parts) for name in side}
    return [
        count.column
        for count in table.counts
        if not (count.alone or count.out_of or _adds_up(table, count, named | {AS_AT, AFTER, TO}))
    ]


def _adds_up(table: PublicTable, count: Count, named: set[str]) -> bool:
    keys = [dict(table.key(row, count)) for row in range(len(table.rows))]
    over_time = count.unit is not Unit.ENROLMENTS and all({AFTER, TO} <= key.keys() for key in keys)
    return over_time or all(key.keys() <= named for key in keys)


def check_tied(table: PublicTable, partitions: Iterable[Partition]) -> PublicTable:
    """Return a table of which it is said what each count adds up with.

    Raises
    ------
    DisclosureError
        If it is not said of a column: what nobody declares is not guarded.

    Examples
    --------
    >>> table = PublicTable("late", "Late", pd.DataFrame({"late": [12]}), ({},), (Count("late", {"route": "bus"}),))
    >>> check_tied(table, [])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: table 'late': nothing says what column 'late' adds up with. Declare a partition ...
    """
    if found := untied_columns(table, partitions):
        raise DisclosureError(
            f"table {table.name!r}: nothing says what column {found[0]!r} adds up with. Declare a partition or a span of it, "
            "or why there is none (alone)."
        )
    return table


def check_columns(table: PublicTable) -> PublicTable:
    """Return a table whose columns may be published once its small counts are left out.

    Raises
    ------
    DisclosureError
        If a column is about one person, or holds numbers that are declared neither as counts of pupils or
        sessions, nor as made from such counts, nor as plain: they would pass unprotected.

    Examples
    --------
    >>> check_columns(PublicTable("late", "Late", pd.DataFrame({"pupil_id": ["12"]}), ({},), ()))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: table 'late': column 'pupil_id' is about one person and cannot be published. ...
    >>> check_columns(PublicTable("late", "Late", pd.DataFrame({"late": [3]}), ({},), ()))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: table 'late': column 'late' holds numbers, and nothing says what they count. ...
    """
    if found := personal_columns(table):
        raise DisclosureError(
            f"table {table.name!r}: column {found[0]!r} is about one person and cannot be published. "
            "Leave it out of the table."
        )
    if found := unsaid_numbers(table):
        raise DisclosureError(
            f"table {table.name!r}: column {found[0]!r} holds numbers, and nothing says what they count. Declare "
            "it as a count or as a rate; or as plain, if no pupil of this school is counted in it."
        )
    return table
