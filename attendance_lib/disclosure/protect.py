"""The one step that every published table of a report passes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from attendance_lib.disclosure.primary import primary_cells, required_widths
from attendance_lib.disclosure.puzzle import Puzzle, build_puzzle
from attendance_lib.disclosure.read_back import Record, read_records
from attendance_lib.disclosure.readings import Readings, Standing
from attendance_lib.disclosure.record import Cells, Earlier, Published, gather_cells, record_of, words_of
from attendance_lib.disclosure.secondary import Choice, Task, choose, choose_further, that_can_have
from attendance_lib.disclosure.sums import Relation, inclusions, relations_among, units_of
from attendance_lib.disclosure.tables import (
    Count,
    Key,
    Partition,
    Protected,
    PublicTable,
    Rate,
    Unit,
    check_columns,
)
from attendance_lib.errors import DisclosureError
from attendance_lib.rules.thresholds import SMALLEST_RATE_BASE, SUPPRESSED, is_small

# Put ``c`` in place of what is left out


def suppress(table: PublicTable, suppressed: set[Key]) -> PublicTable:
    """Return a table with ``c`` in place of its suppressed counts and of the rates made from them.

    Parameters
    ----------
    table : PublicTable
        As it would be without suppression.
    suppressed : set of Key
        Coordinates of the counts to leave out.

    Returns
    -------
    PublicTable
        The columns that are shown, in their order. A column that holds a ``c`` has dtype ``object``; all
        others keep theirs. A rate is also ``c`` where fewer than ten enrolments are behind it. Where there is none though its
        counts are there (one pupil has no spread, a group that is everybody no gap), that tells of the counts: it is ``c`` as
        if there were one, and also where any enrolments of its row are left out.

    Examples
    --------
    >>> frame, rows = pd.DataFrame({"pupils": [3, 40]}), ({"sex": "F"}, {"sex": "M"})
    >>> table = PublicTable("pupils", "Pupils", frame, rows, (Count("pupils"),))
    >>> suppress(table, {table.key(0, table.counts[0])}).frame["pupils"].tolist()
    ['c', 40]
    """
    left_out = {count.column: _count_left_out(table, count, suppressed) for count in table.counts}
    rates = {rate.column: _rate_left_out(table, rate, left_out) for rate in table.rates}
    shown = table.as_shown()
    marked = {
        column: _marked(table.frame[column], where)
        for column, where in {**left_out, **rates}.items()
        if column in shown.frame
    }
    return shown.with_frame(shown.frame.assign(**marked))


def _count_left_out(table: PublicTable, count: Count, suppressed: set[Key]) -> pd.Series:
    """Return in which rows of a table a count is left out."""
    return _where(
        pd.notna(value) and table.key(row, count) in suppressed
        for row, value in enumerate(table.frame[count.column])
    )


def _where(flags: object) -> pd.Series:
    return pd.Series(list(flags), dtype=bool)


def _rate_left_out(table: PublicTable, rate: Rate, left_out: dict[str, pd.Series]) -> pd.Series:
    columns = list(dict.fromkeys((*rate.counts, rate.out_of)))
    base = pd.to_numeric(table.frame[rate.out_of], errors="coerce").reset_index(drop=True)
    few = (base > 0) & (base < SMALLEST_RATE_BASE)
    given = few | pd.concat([left_out[column] for column in columns], axis=1).any(axis=1)
    is_blank = table.frame[rate.column].isna().reset_index(drop=True)
    is_counted = table.frame[columns].notna().all(axis=1).reset_index(drop=True)
    sizes = [left_out[count.column] for count in table.counts if count.out_of is None]
    beside = pd.concat(sizes, axis=1).any(axis=1)
    return given.where(~is_blank, is_counted & (given | beside))


def _marked(values: pd.Series, where: pd.Series) -> pd.Series:
    mask = where.to_numpy()
    return values.astype(object).mask(mask, SUPPRESSED) if mask.any() else values


# What stops a report that cannot be made safe


class UnsafeError(DisclosureError):
    """A protected count that could be worked out whatever else is left out, and the tables that it stands in or beside."""

    def __init__(self, key: Key, tables: tuple[str, ...]) -> None:
        self.key, self.tables = key, tables
        where = f"table {tables[0]!r}: " if tables else ""
        super().__init__(
            f"{where}the protected count of {words_of(key)} could be worked out from this report and "
            "those before it, whatever else is left out. Leave out the table, or join its groups."
        )


# A report that is being made, beside those before it: what a reader of all could work out, and what to leave out

# How much dearer a count of the whole school is than one of a group.
HEADLINE = 100.0


@dataclass(frozen=True)
class Report:
    """The counts of a report that is being made, beside those of the reports before it."""

    cells: Cells
    level: int
    partitions: tuple[Partition, ...]
    earlier: tuple[Earlier, ...]
    withheld: frozenset[str] = frozenset()

    @cached_property
    def relations(self) -> list[Relation]:
        """All that adds up among the counts of all the reports."""
        counts = {key: count for each in self.earlier for key, count in each.counts.items()} | self.cells
        known = [*self.partitions, *(partition for each in self.earlier for partition in each.partitions)]
        sums = relations_among(units_of(counts), _different(known))
        return [*sums, *inclusions(counts, sums)]

    @cached_property
    def hidden(self) -> set[Key]:
        """The counts that are left out by themselves, or with all of a table that is withheld."""
        of_tables = {
            key
            for key, cell in self.cells.items()
            if self.withheld.intersection(cell.tables) and (cell.value or cell.is_none_hidden)
        }
        return of_tables | primary_cells(self.cells, self.level, self.relations, self.printed_zeros)

    @cached_property
    def printed_zeros(self) -> set[Key]:
        """The counts that an earlier report printed as 0.

        Examples
        --------
        >>> key = (("year_group", "7"),)
        >>> said = [Earlier({key: Published(key, value, None, Unit.ENROLMENTS)}, (), 5) for value in (0, None, 12)]
        >>> [bool(Report({}, 5, (), (each,)).printed_zeros) for each in said]
        [True, False, False]
        """
        return {key for each in self.earlier for key, count in each.counts.items() if count.value == 0}

    @cached_property
    def readings(self) -> Readings:
        """How each count stands in the reports."""
        return Readings(self.cells, self.hidden, self.earlier, tuple(self.relations))

    @cached_property
    def puzzle(self) -> Puzzle:
        """What a reader of all the reports has before him."""
        return build_puzzle(self.readings, self.relations)

    @cached_property
    def present(self) -> dict[Key, int]:
        """The position in the puzzle of each count as this report would give it."""
        return {key: self._place(key) for key in self.cells}

    def _place(self, key: Key) -> int:
        return self.puzzle.place[self.readings.name(key, len(self.earlier))]

    def suppressed(self) -> set[Key]:
        """Return the counts to leave out.

        Raises
        ------
        UnsafeError
            If no choice of counts to leave out makes the tables safe; it names the first that stays unsafe.
        """
        if not self.cells:
            return set()
        choice = self._choice()
        if choice.unsafe:
            raise self._trouble(choice.unsafe[0])
        return {key for key, place in self.present.items() if choice.is_open[place]}

    def corrected(self, suppressed: Collection[Key]) -> set[Key]:
        """Return the counts left out of which an earlier report gave a figure: the registers were corrected since.

        Examples
        --------
        >>> key = (("year_group", "7"),)
        >>> said = [Earlier({key: Published(key, value, None, Unit.ENROLMENTS)}, (), 5) for value in (12, None)]
        >>> [bool(Report({}, 5, (), (each,)).corrected({key})) for each in said]
        [True, False]
        """
        return {key for each in self.earlier for key in suppressed if is_printed(each.counts.get(key))}

    def _choice(self) -> Choice:
        """Choose among enrolments first: the sessions of a group go with its enrolments, which they would tell."""
        hidden, is_sessions = self._stands(Standing.HIDDEN), self._is_sessions()
        people = self._choice_among(~is_sessions, hidden)
        told, may_choose = np.zeros(len(hidden), dtype=bool), self._stands(Standing.CHOICE)
        for session, base in self._bases().items():
            told[session] = people.is_open[base] and may_choose[session]
        return self._choice_among(is_sessions, people.is_open | told, people.unsafe)

    def _choice_among(self, these: np.ndarray, hidden: np.ndarray, unsafe: tuple[int, ...] = ()) -> Choice:
        found = self._found(self.puzzle, these, hidden)
        narrowed = self._narrowed(found)
        if narrowed and self.puzzle.sums.any():
            further = self._found(self.puzzle.in_force, these, found.is_open, narrowed)
            return Choice(
                further.is_open, (*unsafe, *found.unsafe, *further.unsafe, *self._narrowed(further))
            )
        return Choice(found.is_open, (*unsafe, *found.unsafe, *narrowed))

    def _found(
        self, puzzle: Puzzle, these: np.ndarray, hidden: np.ndarray, only: Collection[int] | None = None
    ) -> Choice:
        """Choose what to leave out for some protected counts' sake, from groups first and then from the whole school's."""
        widths, yielding = self._widths()
        wanted = {place: width for place, width in widths.items() if these[place]}
        if only is not None:
            wanted = {place: wanted[place] for place in only}
        task = Task(puzzle, hidden, wanted, yielding, self.level, self._modest())
        price = np.where(these, self._price(), np.inf)
        found = choose(task, np.where(price >= HEADLINE, np.inf, price))
        return choose_further(task, price, found) if found.unsafe else found

    def _narrowed(self, found: Choice) -> tuple[int, ...]:
        """Of the counts that have fewer values than is enough, those that the earlier reports alone leave more."""
        more = {place: width + 1 for place, width in found.meagre.items()}
        is_open = self._stands(Standing.HIDDEN) | self.unsaid
        return tuple(that_can_have(self.before, is_open, more)) if more else ()

    def _modest(self) -> frozenset[int]:
        """The sessions of small groups of which it is not counted how many pupils have them."""
        return frozenset(
            self.present[key]
            for key, cell in self.cells.items()
            if cell.unit is Unit.SESSIONS and cell.people is None
        )

    @cached_property
    def _is_of_cohort(self) -> bool:
        """Whether the report is of a part of the school, whose report bounds each count of it from above.

        Of such a part any nought may be withheld, but those that say which of its groups have a row.
        """
        parts = [cell for cell in self.cells.values() if cell.base]
        return bool(parts) and all(cell.is_none_hidden for cell in parts)

    @cached_property
    def unsaid(self) -> np.ndarray:
        """Which counts (of pupils or sessions) of the puzzle only this report says anything of (bool, shape (m,))."""
        return np.array(
            [self.readings.is_of_this_report_alone(column.name) for column in self.puzzle.columns], dtype=bool
        )

    @cached_property
    def before(self) -> Puzzle:
        """What a reader of the earlier reports alone has before him, who cannot know which sums edits have put out since."""
        return self.puzzle.in_force.without(self.unsaid)

    def _is_sessions(self) -> np.ndarray:
        """Whether each count of the puzzle is of sessions: sessions add up to sessions."""
        _, label = connected_components(abs(self.puzzle.rows).T @ abs(self.puzzle.rows), directed=False)
        return np.isin(
            label, label[[place for place, column in enumerate(self.puzzle.columns) if column.is_sessions]]
        )

    def _widths(self) -> tuple[dict[int, int], frozenset[int]]:
        """How many values each protected count needs, and of which an earlier report may have said too much."""
        required = required_widths(self.cells, self.level, self.relations, self.printed_zeros)
        unprinted = self._unprinted_widths()
        own = {self.present[key]: width for key, width in required.items()}
        widths = unprinted | self._left_out_widths() | own
        past = {self.present[key] for each in self.earlier for key in each.counts if key in self.cells}
        told_first = frozenset() if self._is_of_cohort else own.keys() - past
        return widths, frozenset(widths.keys() - told_first)

    def _stands(self, standing: Standing) -> np.ndarray:
        return np.array([column.standing is standing for column in self.puzzle.columns])

    def _left_out_widths(self) -> dict[int, int]:
        """Counts that earlier reports left out."""
        return {
            self._place(key): each.level
            for each in self.earlier
            for key, count in each.counts.items()
            if count.is_left_out
        }

    def _unprinted_widths(self) -> dict[int, int]:
        """Small counts that no table prints but that follow from what the tables would print."""
        puzzle, known = self.puzzle, set(self.cells) | {key for each in self.earlier for key in each.counts}
        return {
            place: self.level
            for place, column in enumerate(puzzle.columns)
            if self._is_unprinted(column.name[0], known)
            and puzzle.is_certain[place]
            and is_small(int(puzzle.truth[place]), self.level)
        }

    def _is_unprinted(self, key: Key, printed: set[Key]) -> bool:
        """Whether no table gives a count, or only as ``c``."""
        return key not in printed or (key in self.cells and self.cells[key].value is None)

    def _price(self) -> np.ndarray:
        """What is lost with each count that may be left out; with enrolments go their sessions."""
        may_choose, parts = self._stands(Standing.CHOICE), self._parts()
        price = np.where(self._stands(Standing.HIDDEN), 0.0, np.inf)
        for key, cell in self.cells.items():
            if may_choose[self.present[key]]:
                price[self.present[key]] = (1.0 if (cell.base or key) in parts else HEADLINE) * cell.worth
        for session, base in self._bases().items():
            price[base] += price[session] if may_choose[session] else 0
        return price

    def _bases(self) -> dict[int, int]:
        """The enrolments of each count of sessions, by their positions."""
        return {
            self.present[key]: self.present[cell.base]
            for key, cell in self.cells.items()
            if cell.unit is Unit.SESSIONS and cell.base in self.present
        }

    def _parts(self) -> set[Key]:
        return {part for relation in self.relations for part in relation.parts}

    def _trouble(self, place: int) -> UnsafeError:
        key = self.puzzle.columns[place].name[0]
        beside = {each for relation in self.relations if key in relation.keys for each in relation.keys}
        return UnsafeError(key, tuple(dict.fromkeys([*self._tables_with({key}), *self._tables_with(beside)])))

    def _tables_with(self, keys: set[Key]) -> list[str]:
        """The tables in which some counts stand, in the order of the counts of all tables."""
        return [name for key, cell in self.cells.items() if key in keys for name in cell.tables]


def is_printed(count: Published | None) -> bool:
    """Whether a report gave a figure of a count.

    Examples
    --------
    >>> [is_printed(each) for each in (Published((), 12, None, Unit.ENROLMENTS), Published((), None, None, Unit.ENROLMENTS), None)]
    [True, False, False]
    """
    return count is not None and not count.is_left_out


def _different(partitions: Iterable[Partition]) -> list[Partition]:
    found: list[Partition] = []
    for partition in partitions:
        if partition not in found:
            found.append(partition)
    return found


def protect(
    tables: Iterable[PublicTable],
    level: int,
    partitions: Iterable[Partition],
    earlier: Iterable[dict | Record] = (),
    withheld: Collection[str] = (),
) -> Protected:
    """Make all tables of one report safe to publish together.

    Parameters
    ----------
    tables : iterable of PublicTable
        Every table of the report with counts of this school's pupils or sessions. They must come together: what
        one of them shows another may betray.
    level : int
        The smallest count shown besides 0: 5 or 10 (school file, ``suppression_level``).
    partitions : iterable of Partition
        What adds up to what.
    earlier : iterable of dict or Record
        ``record`` of each earlier report that the same readers hold, oldest first.
    withheld : collection of str
        Names of tables of which no count is shown, but one of nought that may not be withheld, or that readers hold.

    Returns
    -------
    Protected
        The tables in the order given, and the record for the next report.

    Raises
    ------
    DisclosureError
        If a table has a column that may not be published, or cannot be made safe; the message names it.
    """
    checked = [check_columns(table) for table in tables]
    report = Report(
        gather_cells(checked), level, tuple(partitions), read_records(earlier), frozenset(withheld)
    )
    suppressed = report.suppressed()
    return Protected(
        tables=tuple(suppress(table, suppressed) for table in checked),
        record=record_of(report.cells, suppressed, report.partitions, level),
        counts=len(report.cells),
        suppressed_counts=len(suppressed),
        corrected_counts=len(report.corrected(suppressed)),
        withheld=tuple(withheld),
    )
