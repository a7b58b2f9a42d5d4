"""Records of earlier reports read back: what was published decides what must be withheld, so nothing in them is guessed at."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from attendance_lib.disclosure.record import LAYOUT, Earlier, Published, words_of
from attendance_lib.disclosure.sums import PARTED, Relation, relations_among, units_of
from attendance_lib.disclosure.tables import AFTER, AS_AT, TO, Key, Partition, Unit, key_of
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.kept_json import fault_of, read_json
from attendance_lib.rules.thresholds import SUPPRESSED

DAYS = {AS_AT, AFTER, TO, PARTED, "since"}
# The first day of all stands for the end of a period without a session.
ISO_DAY = re.compile(r"0001-01-01|20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
REMEDY = "Put the earlier report's folder back as it was made, from a backup, or make that report again with --replace."


def published_value(value: object) -> int | str | None:
    """Return a count as a report published it; missing where a rate tells only the least and the most that it can be.

    Raises
    ------
    ValueError
        If it is neither a count nor ``c``.

    Examples
    --------
    >>> published_value(12), published_value("c")
    (12, 'c')
    >>> published_value(-1)
    Traceback (most recent call last):
    ValueError: is neither a count nor c
    """
    if value is None or value == SUPPRESSED:
        return value
    if type(value) is not int or value < 0:
        raise ValueError(f"is neither a count nor {SUPPRESSED}")
    return value


def dated(coordinates: dict[str, str]) -> dict[str, str]:
    """Return coordinates, those of a span without a day.

    Raises
    ------
    ValueError
        If one that is a day is none: counts are held beside those of the same day.

    Examples
    --------
    >>> dated({"as_at": "2026-10-23", "after": "2026-09-02", "to": "2026-10-23", "sex": "F"})
    {'after': '2026-09-02', 'to': '2026-10-23', 'sex': 'F'}
    >>> dated({"as_at": "23 Oct"})
    Traceback (most recent call last):
    ValueError: holds 'as_at' that is no day written YYYY-MM-DD
    """
    for name in sorted(DAYS & coordinates.keys()):
        if not ISO_DAY.fullmatch(coordinates[name]):
            raise ValueError(f"holds {name!r} that is no day written YYYY-MM-DD")
    # Pupils with an intervention had a span and a day until the end of 2026: by the span alone they add up with what comes after.
    return {
        name: value
        for name, value in coordinates.items()
        if name != AS_AT or not {AFTER, TO} <= coordinates.keys()
    }


Word = Annotated[str, StringConstraints(min_length=1)]
Coordinates = Annotated[dict[Word, Word], AfterValidator(dated)]


class _Kept(BaseModel):
    """Part of a record: nothing is in it that this version does not write, and nothing is guessed at."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CountKept(_Kept):
    """One count: whom it is about, what was published, the enrolments it is part of, the pupils who have it.

    ``told`` are the least and the most that it can be by a rate that was published of it, where it does not follow itself.
    """

    coordinates: Coordinates
    value: Annotated[int | str | None, PlainValidator(published_value)]
    told: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)] | None
    unit: Annotated[Unit, Field(strict=False)]
    out_of: Coordinates | None
    none_hidden: bool
    pupils: Coordinates | None

    @property
    def published(self) -> Published:
        """The count as the disclosure step knows it.

        Examples
        --------
        >>> kept = {"value": "c", "told": None, "unit": "enrolments", "out_of": None, "none_hidden": False, "pupils": None}
        >>> published = CountKept.model_validate(kept | {"coordinates": {"sex": "F"}}).published
        >>> published.value, published.is_left_out
        (None, True)
        """
        base, pupils = (None if each is None else key_of(each) for each in (self.out_of, self.pupils))
        value, told = None if self.is_left_out else self.value, tuple(self.told) if self.told else None
        return Published(key_of(self.coordinates), value, base, self.unit, told, pupils, self.none_hidden)

    @property
    def is_left_out(self) -> bool:
        """Whether the report said nothing of it."""
        return self.value == SUPPRESSED

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.value is None) != (self.told is not None):
            raise ValueError(
                f"holds neither a count nor what its rate tells, or both: {self.value!r} and {self.told}"
            )
        if self.told and self.told[0] > self.told[1]:
            raise ValueError(f"holds a least that is more than the most: {self.told[0]}, {self.told[1]}")
        return self


class PartitionKept(_Kept):
    """A whole and its parts, and the day since which they add up, if not always."""

    whole: Coordinates
    parts: Annotated[list[Coordinates], Field(min_length=1)]
    since: Annotated[str, StringConstraints(pattern=rf"^(?:{ISO_DAY.pattern})$")] = ""


class Record(_Kept):
    """What a report published, as ``record_of`` writes it, and its figures fit one another."""

    layout: Literal[LAYOUT]
    level: Annotated[int, Field(ge=1)]
    partitions: list[PartitionKept]
    counts: list[CountKept]

    @property
    def earlier(self) -> Earlier:
        """The report as the disclosure step knows it."""
        counts = (each.published for each in self.counts)
        partitions = tuple(Partition(each.whole, tuple(each.parts), each.since) for each in self.partitions)
        return Earlier({count.key: count for count in counts}, partitions, self.level)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if fault := next(self._faults(self.earlier), None):
            what, key = fault
            raise ValueError(f"{what}: {words_of(key)}")
        return self

    def _faults(self, earlier: Earlier) -> Iterator[tuple[str, Key]]:
        """Yield in which ways its figures do not fit one another, each with the count of which that is so."""
        met = Counter(key_of(each.coordinates) for each in self.counts)
        yield from (("holds a count twice", key) for key, times in met.items() if times > 1)
        for each in filter(_has_equal_parts, self.partitions):
            yield "names one part of a whole twice", key_of(each.whole)
        for each in self.counts:
            if each.out_of and _is_of_other_days(each.coordinates, each.out_of):
                yield "holds a count that is out of enrolments of other days", key_of(each.coordinates)
        yield from _wrong_sums(earlier)


def _wrong_sums(earlier: Earlier) -> Iterator[tuple[str, Key]]:
    """Yield which counts of a report are larger than what they are part of, or not the sum of their parts."""
    counts = earlier.counts
    for key, count in counts.items():
        if _exceeds_its_base(count, counts):
            yield "holds a count that is larger than the enrolments it is part of", key
    sums = relations_among(units_of(counts), earlier.partitions)
    for each in sums:
        if _is_no_sum(each, counts):
            yield "holds parts that do not add up to their whole", each.whole


RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def read_record(path: Path) -> Record:
    """Read the file in which a report says what it published.

    Raises
    ------
    DisclosureError
        If it cannot be read, is of another form, or its counts do not fit one another.
    """
    return read_json(path, RECORD, DisclosureError, REMEDY)


def read_records(records: Iterable[dict | Record]) -> tuple[Earlier, ...]:
    """Return earlier reports as typed values, in the order given.

    Raises
    ------
    DisclosureError
        If a record has another form than this version writes: what was published would not be known.
    """
    return tuple(checked(record).earlier for record in records)


def checked(record: dict | Record) -> Record:
    """Return what a report published, from the JSON of its record.

    Raises
    ------
    DisclosureError
        If it has another form than this version writes.

    Examples
    --------
    >>> checked({"layout": 1, "level": 5, "partitions": [], "counts": []})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: record of an earlier report: 'layout' is not 2. Put the earlier report's folder back ...
    """
    if isinstance(record, Record):
        return record
    try:
        return RECORD.validate_python(record)
    except ValidationError as error:
        raise DisclosureError(f"record of an earlier report: {fault_of(error)}. {REMEDY}") from None


def _has_equal_parts(partition: PartitionKept) -> bool:
    return len({key_of(part) for part in partition.parts}) < len(partition.parts)


def _is_of_other_days(count: Coordinates, base: Coordinates) -> bool:
    """Whether the enrolments that a count is out of stand at a day, or have a span, that is not the count's.

    What was counted over a span may be out of the enrolments of a year to a later day, as a week's sessions are; what stands at a
    day may be out of those of a span up to then, as pupils evaluated are of those with the intervention.
    """
    days = {AS_AT, AFTER, TO}
    if both := days & count.keys() & base.keys():
        return any(count[day] != base[day] for day in both)
    if AS_AT in base and AFTER in count:
        return base[AS_AT] <= count[AFTER]
    if AS_AT in count and {AFTER, TO} <= base.keys():
        return not base[AFTER] < count[AS_AT] <= base[TO]
    return bool(days & (count.keys() | base.keys()))


def _exceeds_its_base(count: Published, counts: dict[Key, Published]) -> bool:
    base = counts[count.base].value if count.base in counts else None
    is_part = count.unit is Unit.ENROLMENTS and None not in (count.value, base)
    return is_part and count.value > base


def _is_no_sum(relation: Relation, counts: dict[Key, Published]) -> bool:
    """Whether what was published of a sum cannot be true: what is withheld of it may be any count."""
    whole, *parts = (_limits(counts.get(key)) for key in relation.keys)
    least, most = (sum(ends) for ends in zip(*parts, strict=True))
    return least > whole[1] or most < whole[0]


def _limits(count: Published | None) -> tuple[float, float]:
    """Return the least and the most that a count can be by what was published of it alone."""
    if count is None or count.is_left_out:
        return 0, math.inf
    return count.told or (count.value, count.value)
