"""How each count stands in the reports: shown, left out, or worked out only; and what ``c`` can mean there.

A count that is published again for the same date may differ, because registers are edited. Each report's figure
is then a reading of its own, and the sums are looked at report by report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from attendance_lib.disclosure.record import Cell, Cells, Earlier, Published
from attendance_lib.disclosure.sums import Relation, parts_within
from attendance_lib.disclosure.tables import Key, Unit
from attendance_lib.rules.thresholds import SMALLEST_RATE_BASE, is_small

EVERY_REPORT = -1
Name = tuple[Key, int]


class Standing(Enum):
    """What a reader sees of a count: the figure, nothing for certain, or as the choice falls."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """One count of the puzzle; ``truth`` is missing where this school's present figures do not say.

    ``told`` is what a reader knows of it, the least and the most, where it is shown by no more than a coarse rate.
    """

    name: Name
    standing: Standing
    truth: int | None
    floor: int
    is_sessions: bool
    told: tuple[int, int] | None = None


@dataclass(frozen=True)
class Readings:
    """Every count with what each report says of it.

    Parameters
    ----------
    cells : Cells
        The counts of the report that is being made.
    hidden : set of Key
        Those that are left out by themselves.
    earlier : tuple of Earlier
        The reports already published, oldest first.
    relations : tuple of Relation
        What adds up: a 0 that follows from a wider 0 says nothing of its group.
    """

    cells: Cells
    hidden: set[Key]
    earlier: tuple[Earlier, ...]
    relations: tuple[Relation, ...] = ()

    @cached_property
    def _reports(self) -> dict[Key, list[int]]:
        """The reports that hold a count, in order; the one being made comes last."""
        found: dict[Key, list[int]] = {}
        for number, keys in enumerate([*(each.counts for each in self.earlier), self.cells]):
            for key in keys:
                found.setdefault(key, []).append(number)
        return found

    @cached_property
    def _revised(self) -> set[Key]:
        return {key for key, reports in self._reports.items() if self._is_revised(key, reports)}

    def _is_revised(self, key: Key, reports: list[int]) -> bool:
        """Whether no one number fits what all the reports say of a count."""
        values, told = self._values(key, reports), self._told(key, reports)
        return len(values) > 1 or (
            told is not None and not all(told[0] <= each <= told[1] for each in values or told)
        )

    def _values(self, key: Key, reports: list[int]) -> set[int]:
        return {value for number in reports if (value := self._value(key, number)) is not None}

    def _value(self, key: Key, number: int) -> int | None:
        return self._counts(number)[key].value

    def _told(self, key: Key, reports: list[int]) -> tuple[int, int] | None:
        """The least and the most that reports tell of a count by coarse rates; None if none does."""
        told = [each for number in reports if (each := self._counts(number)[key].told)]
        if not told:
            return None
        lows, highs = zip(*told, strict=True)
        return max(lows), min(highs)

    def _is_present(self, number: int) -> bool:
        return number == len(self.earlier)

    @property
    def names(self) -> list[Name]:
        """The names of all counts that any report holds.

        Examples
        --------
        A count that was corrected since is read in each report as it has it.

        >>> key = (("year_group", "7"),)
        >>> now = {key: Cell(key, 13, Unit.ENROLMENTS, None, None, 1.0, ())}
        >>> said = [Earlier({key: Published(key, value, None, Unit.ENROLMENTS)}, (), 5) for value in (12, 13)]
        >>> [[report for _, report in Readings(now, set(), (each,)).names] for each in said]
        [[0, 1], [-1]]
        """
        return [
            name
            for key, reports in self._reports.items()
            for name in (
                [(key, number) for number in reports] if key in self._revised else [(key, EVERY_REPORT)]
            )
        ]

    def name(self, key: Key, number: int) -> Name:
        """Return the reading of a count that a reader takes for one report: its own, or the last before it.

        Examples
        --------
        >>> key = (("year_group", "7"),)
        >>> now = {key: Cell(key, 13, Unit.ENROLMENTS, None, None, 1.0, ())}
        >>> first, second = Earlier({key: Published(key, 12, None, Unit.ENROLMENTS)}, (), 5), Earlier({}, (), 5)
        >>> [Readings(now, set(), (first, second)).name(key, report)[1] for report in range(3)]  # the second says nothing of it
        [0, 0, 2]
        """
        if key not in self._revised:
            return (key, EVERY_REPORT)
        reports = self._reports[key]
        return (key, max((each for each in reports if each <= number), default=reports[0]))

    def sums_of(self, relation: Relation) -> Iterator[tuple[Name, ...]]:
        """Give the names in a sum, the whole first, once for each report that revised one of them."""
        revised = [key for key in relation.keys if key in self._revised]
        for number in sorted({each for key in revised for each in self._reports[key]} or {EVERY_REPORT}):
            yield tuple(self.name(key, number) for key in relation.keys)

    def column(self, name: Name) -> Column:
        """Return one count of the puzzle.

        Examples
        --------
        >>> keys = {value: (("year_group", str(value)),) for value in (0, 3, 12)}
        >>> counts = {key: Cell(key, value, Unit.ENROLMENTS, None, None, 1.0, ()) for value, key in keys.items()}
        >>> readings = Readings(counts, {keys[3]}, ())
        >>> {value: readings.column((key, EVERY_REPORT)).standing.value for value, key in keys.items()}
        {0: 'shown', 3: 'hidden', 12: 'choice'}
        """
        key, number = name
        reports = self._reports.get(key, [])
        mine = [number] if number != EVERY_REPORT else reports
        values = self._values(key, mine)
        truth = min(values) if values else None
        floor = max((max(self._floor(key, number), self._pupils(key, number)) for number in mine), default=0)
        return Column(
            name,
            self._standing(key, mine, truth),
            truth,
            floor if truth is None else min(floor, truth),
            is_sessions=bool(mine) and self._counts(mine[0])[key].unit is not Unit.ENROLMENTS,
            told=None if self._is_exact(key, mine) else self._told(key, mine),
        )

    def _is_exact(self, key: Key, mine: list[int]) -> bool:
        """Whether a report shows a count itself, or the one being made would."""
        shown = (self._counts(number)[key] for number in mine)
        return any(count.value is not None and count.told is None for count in shown)

    def _counts(self, number: int) -> Mapping[Key, Cell | Published]:
        return self.cells if number == len(self.earlier) else self.earlier[number].counts

    def _standing(self, key: Key, mine: list[int], truth: int | None) -> Standing:
        past = self._past(key, mine)
        if any(not count.is_left_out for count in past):
            return Standing.SHOWN
        if not mine or past or key in self.hidden or self.was_left_out(key):
            return Standing.HIDDEN
        return Standing.SHOWN if truth == 0 and not self.cells[key].is_none_hidden else Standing.CHOICE

    def _past(self, key: Key, mine: list[int]) -> list[Published]:
        """What those of some reports published of a count that were made before."""
        return [self.earlier[each].counts[key] for each in mine if not self._is_present(each)]

    def is_of_this_report_alone(self, name: Name) -> bool:
        """Whether a reading is one that only the report being made has, or would have.

        Examples
        --------
        >>> key = (("year_group", "7"),)
        >>> now = {key: Cell(key, 13, Unit.ENROLMENTS, None, None, 1.0, ())}
        >>> before = Earlier({key: Published(key, 13, None, Unit.ENROLMENTS)}, (), 5)
        >>> [Readings(now, set(), earlier).is_of_this_report_alone((key, EVERY_REPORT)) for earlier in ((), (before,))]
        [True, False]
        """
        key, number = name
        mine = [number] if number != EVERY_REPORT else self._reports.get(key, [])
        return bool(mine) and all(map(self._is_present, mine))

    def was_left_out(self, key: Key) -> bool:
        """Whether an earlier report left a count out; it then stays out for its date.

        Examples
        --------
        >>> key = (("year_group", "7"),)
        >>> said = [Earlier({key: Published(key, value, None, Unit.ENROLMENTS)}, (), 5) for value in (None, 12)]
        >>> [Readings({}, set(), (each,)).was_left_out(key) for each in said]
        [True, False]
        """
        return any(key in each.counts and each.counts[key].is_left_out for each in self.earlier)

    def _floor(self, key: Key, number: int) -> int:
        """The least that a reader of one report allows a count that it leaves out to be."""
        counts = self._counts(number)
        if counts[key].is_none_hidden:
            return 0
        value, base = counts[key].value, counts[key].base
        if base is None or base not in counts:
            return self._least_base(value, key in self._bases[number])
        of = counts[base].value
        if of is None:
            return int(base in self._bases[number])
        return int(not is_small(of, SMALLEST_RATE_BASE))

    def _pupils(self, key: Key, number: int) -> int:
        """How many pupils a report shows to have what a count counts: one each at least; 0 where it does not say."""
        counts = self._counts(number)
        pupils = counts[key].pupils
        is_shown = pupils in counts and not (self._is_present(number) and pupils in self.hidden)
        return (counts[pupils].value or 0) if is_shown else 0

    def _least_base(self, value: int | None, is_counted: bool) -> int:  # noqa: FBT001 - said by its name
        large = value is None or value >= SMALLEST_RATE_BASE
        return SMALLEST_RATE_BASE if is_counted and large else 1

    @cached_property
    def _bases(self) -> list[set[Key]]:
        """For each report, the enrolments of which it gives a count, be it 0: there are ten of them or more.

        Fewer have no count but a 0 that follows from another. A reader must not be thought to know what is not so:
        no worlds might fit it, and then nothing would be proved.
        """
        present = {key: cell for key, cell in self.cells.items() if key not in self.hidden}
        return [self._counted(counts) for counts in (*(each.counts for each in self.earlier), present)]

    def _counted(self, counts: Mapping[Key, Cell | Published]) -> set[Key | None]:
        following = parts_within((key for key, count in counts.items() if count.value == 0), self.relations)
        shown = (key for key, count in counts.items() if count.value is not None or count.told)
        return {counts[key].base for key in shown if key not in following}
