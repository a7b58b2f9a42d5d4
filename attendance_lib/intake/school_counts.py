"""What goes up from a school to its trust: one small file of counts, no row of it about a pupil. Its shape, written and read."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from attendance_lib.errors import InputError
from attendance_lib.intake.kept_json import read_json
from attendance_lib.rules.thresholds import SUPPRESSED

REMEDY = "Make it again in the school: attendance trust."
STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
LAYOUT = 3
Whole = Annotated[int, Field(ge=0)]
# A count, or ``c`` where the school withheld it.
Told = Whole | Literal["c"]
ToldRate = float | Literal["c"] | None
IsoDay = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Urn = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Words = Annotated[str, StringConstraints(min_length=1)]


@dataclass(frozen=True)
class Standing:
    """One school year to a day: whom the headline counts, and what they missed (counts of enrolments and sessions)."""

    __pydantic_config__ = STRICT

    date_from: IsoDay
    date_to: IsoDay
    enrolments: Told
    possible_sessions: Told
    absence_sessions: Told
    persistently_absent_enrolments: Told
    severely_absent_enrolments: Told


@dataclass(frozen=True)
class Practice:
    """An intervention that likely helped, by the school's own evaluation: for how many, and by how much (fractions)."""

    __pydantic_config__ = STRICT

    intervention: Words
    pupils: Told
    difference: ToldRate
    low: ToldRate
    high: ToldRate


@dataclass(frozen=True)
class Effect:
    """What an intervention of a school gives to a pool of several: pupils, estimate, its range (fractions) and its variance.

    ``not_pooled`` is why it gives nothing (empty where it gives something): its pupils are few, or those compared unlike them.
    """

    __pydantic_config__ = STRICT

    intervention: Words
    pupils: Told
    estimate: ToldRate
    low: ToldRate
    high: ToldRate
    variance: ToldRate
    not_pooled: str = ""


@dataclass(frozen=True)
class AsTheyAre:
    """The counts of a school as they are, for a trust that may see them; no paper reads them."""

    __pydantic_config__ = STRICT

    to_date: Standing
    year_before: Standing | None
    supported: Whole | None


@dataclass(frozen=True)
class SchoolCounts:
    """One school's file.

    Attributes
    ----------
    name, urn, phase : str
        The school.
    up_to : str
        The day up to which the counts were asked for; ``to_date`` ends with the last school day up to then.
    level : int
        The smallest count that it lets anybody see besides 0.
    to_date : Standing
        The school year to date.
    year_before : Standing or None
        The same point of the last school year; None where the exports do not reach so far.
    absence_mix, persistent_mix : float, "c" or None
        By what the school's mix alone raises England's figures (see ``rules.england_mix``).
    supported : int, "c" or None
        Of the severely absent those with support of their own on file; None where the school keeps no log.
    registers_due, registers_missed : int
        Registers of a form at a session at which marks were due, and those of them in which none was made.
    practice : tuple of Practice
        What likely helped.
    effects : tuple of Effect
        What each intervention gives to a pool of several schools.
    definitions : dict
        What the school's own rules say where schools may differ, by what they are about.
    as_they_are : AsTheyAre or None
        The same counts without anything withheld, only where the trust may see ``counts`` (see ``Trust``).
    made_from : str
        The SHA-256 of all that it was made from, so that it is made again only when that has changed.
    """

    __pydantic_config__ = STRICT

    name: Words
    urn: Urn
    phase: Literal["primary", "secondary", "special", "alternative_provision"]
    up_to: IsoDay
    level: Literal[5, 10]
    to_date: Standing
    year_before: Standing | None
    absence_mix: ToldRate
    persistent_mix: ToldRate
    supported: Told | None
    registers_due: Whole
    registers_missed: Whole
    practice: tuple[Practice, ...]
    effects: tuple[Effect, ...]
    definitions: dict[str, str]
    as_they_are: AsTheyAre | None = None
    made_from: str = ""
    layout: Literal[3] = LAYOUT


@dataclass(frozen=True)
class CountsAsked:
    """What a school's counts are asked by: its file, the cohorts, the day, what may be seen, and what it published before."""

    school_file: Path
    cohorts_file: Path
    to: date
    sees: str = "protected"
    history: tuple[Path, ...] = ()


@dataclass(frozen=True)
class NotThere:
    """A school of which there are no counts, and why in a few words that name no file and nobody."""

    __pydantic_config__ = STRICT

    name: Words
    why: Words


@dataclass(frozen=True)
class TrustCounts:
    """What a trust's folder of counts says of itself: the trust, the day, and the schools that are missing."""

    __pydantic_config__ = STRICT

    trust: Words
    date_to: IsoDay
    urns: list[Urn]
    missing: list[NotThere] = field(default_factory=list)
    layout: Literal[1] = 1

    @property
    def day(self) -> date:
        """The last day of the paper."""
        return date.fromisoformat(self.date_to)


SCHOOL, TRUST = TypeAdapter(SchoolCounts), TypeAdapter(TrustCounts)
LIST = "trust.json"
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def counts_file(folder: Path, urn: str) -> Path:
    """Return the file of a school's counts in a trust's folder."""
    return folder / f"{urn}.json"


def write_counts(told: SchoolCounts | TrustCounts, path: Path) -> None:
    """Write a file of counts whole: whoever reads finds the one before or this one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(told), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    half = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(half, FLAGS, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def read_counts(path: Path) -> SchoolCounts:
    """Return a school's counts.

    Raises
    ------
    InputError
        If the file is not there, damaged or of another form.
    """
    return read_json(path, SCHOOL, InputError, REMEDY)


def read_trust(folder: Path) -> tuple[TrustCounts, list[SchoolCounts]]:
    """Return what a trust's folder of counts says, and the counts of each of its schools in the order of its list.

    Raises
    ------
    InputError
        If a file of it is not there, damaged or of another form, or is another school's.
    """
    told = read_json(folder / LIST, TRUST, InputError, REMEDY)
    schools = [read_counts(counts_file(folder, urn)) for urn in told.urns]
    for urn, school in zip(told.urns, schools, strict=True):
        if school.urn != urn:
            raise InputError(f"{counts_file(folder, urn)} is of the school {school.urn}. {REMEDY}")
    return told, schools


def files_of(folder: Path) -> list[Path]:
    """Return every file that a trust's paper reads, the list first."""
    told = read_json(folder / LIST, TRUST, InputError, REMEDY)
    return [folder / LIST, *(counts_file(folder, urn) for urn in told.urns)]


def differing(schools: list[SchoolCounts]) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Yield each rule that schools have differently: what it is about, and the schools' names by what theirs says."""
    for about in dict.fromkeys(name for school in schools for name in school.definitions):
        held: dict[str, list[str]] = {}
        for school in schools:
            held.setdefault(school.definitions.get(about, "not said"), []).append(school.name)
        if len(held) > 1:
            yield about, held


def known(value: float | str | None) -> float | None:
    """Return a figure that was told; None where it was withheld or there is none.

    Examples
    --------
    >>> known(12), known("c"), known(None)
    (12, None, None)
    """
    return None if value is None or value == SUPPRESSED else value
