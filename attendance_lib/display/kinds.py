"""What a shown value is, how loudly it speaks, and the names of our data in a notebook's outputs."""

from dataclasses import dataclass
from enum import StrEnum

MIME = "application/vnd.attendance+json"
# What a published paper withheld and showed, for the papers that come after; beside the words that a reader sees.
RECORD_MIME = "application/vnd.attendance.disclosure+json"

# By this a table of a published paper is known to have passed the disclosure step: the record of what passed with it.
PASSED_MIME = "application/vnd.attendance.passed+json"

# A list of tickets with what was drawn from it, and the words of its poster; beside the words that a reader sees.
DRAW_MIME = "application/vnd.attendance.draw+json"

# Documents that are each for one reader, with what that reader may see; taken out of the notebook before a pack keeps it.
HANDED_MIME = "application/vnd.attendance.handed+json"
# What the reader of such a document may see, where that is all that the school knows of the one pupil whom it is about.
OF_ITS_PUPIL = "all of one pupil"


class Kind(StrEnum):
    """What a value is, which decides its format, its alignment and its unit.

    ``RATE`` and ``POINTS`` are fractions (0 to 1) shown as percent and as percentage points;
    ``SPARK`` is a short tuple of fractions, oldest first, ``None`` where nothing was possible.
    """

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    RATE = "rate"
    POINTS = "points"
    DATE = "date"
    FLAG = "flag"
    SPARK = "spark"


UNITS = {
    Kind.TEXT: "text",
    Kind.COUNT: "count",
    Kind.NUMBER: "number",
    Kind.RATE: "fraction 0 to 1",
    Kind.POINTS: "difference of fractions",
    Kind.DATE: "ISO date",
    Kind.FLAG: "true or false",
    Kind.SPARK: "fractions 0 to 1, oldest first",
}

NUMERIC = frozenset({Kind.COUNT, Kind.NUMBER, Kind.RATE, Kind.POINTS})


class Tone(StrEnum):
    """How loudly a value speaks; always said in words or shape as well as colour."""

    ALERT = "alert"
    CAUTION = "caution"
    GOOD = "good"


# A shape and a word for each tone, so that nothing is said by colour alone.
TONE_MARKS = {Tone.ALERT: "▲", Tone.CAUTION: "◆", Tone.GOOD: "●"}
TONE_WORDS = {Tone.ALERT: "act now", Tone.CAUTION: "watch", Tone.GOOD: "going well"}


@dataclass(frozen=True)
class Highlight:
    """Values to set off: ``when`` is ``at_least``, ``at_most`` or ``equals`` the given value."""

    when: str
    value: float | str | bool
    tone: Tone


@dataclass(frozen=True)
class Column:
    """One column of a shown table.

    ``meaning`` is the column's definition (printed in ``tables/index.json`` and the workbook's notes);
    ``personal`` marks values that may never reach a governor; ``shown`` False keeps a column to the
    workbook and the CSV; ``editable`` columns are filled in by staff, from ``choices`` where given;
    ``width`` is a hint in characters; ``once`` says that what most rows shown have in common is said once, above them.
    ``links`` are pairs of further columns of its table: the words in this one that lead somewhere (empty for all of them), and
    the relative address that they lead to; they are words alone in a row where either is missing.
    """

    name: str
    heading: str
    kind: Kind = Kind.TEXT
    meaning: str = ""
    personal: bool = False
    shown: bool = True
    editable: bool = False
    choices: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    width: int | None = None
    once: bool = False
    links: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a column without a heading: a screen reader reads the heading before each cell (WCAG 2.2, 1.3.1)."""
        if not self.heading.strip():
            raise ValueError(f"Column {self.name!r} has no heading. Give it one, however short.")
