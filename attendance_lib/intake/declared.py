"""How a table that a school gives us is declared, and the columns that several tables have."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """How the values of a column are typed.

    ``TEXT`` keeps leading zeros; ``LABEL`` is text of few distinct values; ``CODE`` a register code;
    ``FLAG`` true, false or unknown; ``YEAR_GROUP`` a whole number with Reception 0 and nursery -1.
    """

    TEXT = "text"
    LABEL = "label"
    CODE = "code"
    SESSION = "session"
    DATE = "date"
    MOMENT = "date and time"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "flag"
    YEAR_GROUP = "year group"


@dataclass(frozen=True)
class Column:
    """One column: its type, unit, whether its value may be shown in a message, and its one definition.

    ``values`` lists what a LABEL may hold (anything if empty) and ``spellings`` how else systems write
    them; ``is_of_birth`` marks a date that is past for everyone; ``also_called`` the headings under which
    systems export it, compared without case, spaces and punctuation. A required column that ``may_be_blank``
    must be there, and an empty cell of it says something. ``unknown_codes_limit_rate`` is the share of rows, of those
    that should hold a register code, that are left out with a finding where they hold none; with more, the file is refused.
    Numbers are 0 or more, and ``most`` at most.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    is_personal: bool = False
    is_required: bool = False
    may_be_blank: bool = False
    unknown_codes_limit_rate: float = 0.0
    most: int | None = None
    is_of_birth: bool = False
    values: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()

    @property
    def is_free_text(self) -> bool:
        """Whether it holds names or what a person wrote, and no identifier.

        Examples
        --------
        >>> [Column(name, Kind.TEXT, "").is_free_text for name in ("surname", "pupil_id", "upn")]
        [True, False, False]
        """
        return self.kind is Kind.TEXT and not self.name.endswith("_id") and self.name != "upn"


@dataclass(frozen=True)
class Table:
    """A table: what one row is (``key``), and its columns in order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns, in order.

        Examples
        --------
        >>> Table("clubs", ("club",), (Column("club", TEXT, "Its name"), Column("held_on", DATE, "When"))).column_names
        ('club', 'held_on')
        """
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that a file must have.

        Examples
        --------
        >>> columns = (Column("club", TEXT, "Its name", is_required=True), Column("held_on", DATE, "When"))
        >>> Table("clubs", ("club",), columns).required
        ('club',)
        """
        return tuple(column.name for column in self.columns if column.is_required)

    def column(self, name: str) -> Column:
        """Return a column by its name.

        Raises
        ------
        KeyError
            If the table has no such column.

        Examples
        --------
        >>> Table("pupils", ("pupil_id",), (PUPIL_ID,)).column("pupil_id").kind
        <Kind.TEXT: 'text'>
        """
        return self._by_name()[name]

    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


TEXT, LABEL, DATE, FLAG, WHOLE, NUMBER = Kind.TEXT, Kind.LABEL, Kind.DATE, Kind.FLAG, Kind.WHOLE, Kind.NUMBER

PUPIL_NAMES = (
    "StudentId",
    "Student ID",
    "Student Number",
    "Pupil ID",
    "PersonID",
    "Person ID",
    "Adno",
    "Admission number",
)

PUPIL_ID = Column(
    "pupil_id",
    TEXT,
    "The pupil in this school's records, as text with its leading zeros",
    is_required=True,
    also_called=PUPIL_NAMES,
)
# Some systems name pupils in their marks by the unique pupil number alone; the roll knows whose it is.
MARKED_PUPIL = replace(PUPIL_ID, also_called=(*PUPIL_NAMES, "UPN"))
TIER = Column(
    "tier", LABEL, "How intensive support is: 1 for everyone, 2 for a group, 3 for one pupil",
    values=("1", "2", "3"), spellings=(("tier 1", "1"), ("tier 2", "2"), ("tier 3", "3")),
)  # fmt: skip
NOTE = Column(
    "note", TEXT, "What staff wrote", is_personal=True, also_called=("Notes", "Comment", "Comments")
)
