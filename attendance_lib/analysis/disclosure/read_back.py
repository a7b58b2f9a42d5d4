"""Records of earlier reports read back: what was published decides what must be withheld, so nothing in them is guessed at."""

import re
from collections.abc import Iterable
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

from attendance_lib.analysis.disclosure.model import Key, Partition, Unit, key_of
from attendance_lib.analysis.disclosure.record import LAYOUT, Earlier, Published
from attendance_lib.analysis.disclosure.relations import Relation, relations_among
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.kept_json import fault_of, read_json
from attendance_lib.rules.disclosure import SUPPRESSED

AS_AT = "as_at"
DAYS = {AS_AT, "since"}
ISO_DAY = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
REMEDY = "Put the earlier report's folder back as it was made, from a backup, or make that report again with --replace."


def published_value(value: object) -> int | None:
    """Return a count as a report published it, missing where it was withheld.

    Raises
    ------
    ValueError
        If it is neither a count nor ``c``.
    """
    if value == SUPPRESSED:
        return None
    if type(value) is not int or value < 0:
        raise ValueError(f"is neither a count nor {SUPPRESSED}")
    return value


def dated(coordinates: dict[str, str]) -> dict[str, str]:
    """Return coordinates as they are.

    Raises
    ------
    ValueError
        If one that is a day is none: counts are held beside those of the same day.
    """
    for name in sorted(DAYS & coordinates.keys()):
        if not ISO_DAY.fullmatch(coordinates[name]):
            raise ValueError(f"holds an {name!r} that is no day written YYYY-MM-DD")
    return coordinates


Word = Annotated[str, StringConstraints(min_length=1)]
Coordinates = Annotated[dict[Word, Word], AfterValidator(dated)]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CountKept(_Kept):
    """One count: whom it is about, what was published, the enrolments it is part of."""

    coordinates: Coordinates
    value: Annotated[int | None, PlainValidator(published_value)]
    unit: Annotated[Unit, Field(strict=False)]
    out_of: Coordinates | None

    @property
    def published(self) -> Published:
        """The count as the disclosure step knows it."""
        base = None if self.out_of is None else key_of(self.out_of)
        return Published(key_of(self.coordinates), self.value, base, self.unit)


class PartitionKept(_Kept):
    """A whole and its parts."""

    whole: Coordinates
    parts: Annotated[list[Coordinates], Field(min_length=1)]


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
        partitions = tuple(Partition(each.whole, tuple(each.parts)) for each in self.partitions)
        return Earlier({count.key: count for count in counts}, partitions, self.level)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        earlier = self.earlier
        if len(earlier.counts) < len(self.counts):
            raise ValueError("holds a count twice")
        if any(map(_has_equal_parts, self.partitions)):
            raise ValueError("names one part of a whole twice")
        if any(each.out_of and each.out_of.get(AS_AT) != each.coordinates.get(AS_AT) for each in self.counts):
            raise ValueError("holds a count that is out of enrolments of another day")
        if any(_exceeds_its_base(count, earlier.counts) for count in earlier.counts.values()):
            raise ValueError("holds a count that is larger than the enrolments it is part of")
        sums = relations_among(earlier.counts, earlier.partitions)
        if any(_is_no_sum(each, earlier.counts) for each in sums):
            raise ValueError("holds parts that do not add up to their whole")
        return self


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
    return tuple(_checked(record).earlier for record in records)


def _checked(record: dict | Record) -> Record:
    try:
        return RECORD.validate_python(record)
    except ValidationError as error:
        raise DisclosureError(f"record of an earlier report: {fault_of(error)}. {REMEDY}") from None


def _has_equal_parts(partition: PartitionKept) -> bool:
    return len({key_of(part) for part in partition.parts}) < len(partition.parts)


def _exceeds_its_base(count: Published, counts: dict[Key, Published]) -> bool:
    base = counts[count.base].value if count.base in counts else None
    is_part = count.unit is Unit.ENROLMENTS and None not in (count.value, base)
    return is_part and count.value > base


def _is_no_sum(relation: Relation, counts: dict[Key, Published]) -> bool:
    """Whether what was published of a sum cannot be true: what is withheld of it may be any count."""
    whole, *parts = (counts[key].value if key in counts else None for key in relation.keys)
    shown = sum(part for part in parts if part is not None)
    return whole is not None and (shown > whole or (None not in parts and shown < whole))
