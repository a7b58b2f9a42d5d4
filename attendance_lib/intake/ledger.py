"""What happened while files were read: files, repairs, findings, refusals and rows dropped. Never a personal value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from attendance_lib.errors import InputError, Severity, counted

MAX_PROBLEMS = 20


@dataclass(frozen=True)
class FileRead:
    """One file or sheet as it was read; ``rows`` are its rows of data, dates and ``sessions`` (a count) those of its marks."""

    kind: str
    path: str
    sheet: str
    layout: str
    rows: int
    pupils: int
    first_date: date | None
    last_date: date | None
    sha256: str
    sessions: int = 0


@dataclass(frozen=True)
class Repair:
    """A change made on reading, and to how many values."""

    rule: str
    file: str
    count: int
    message: str


@dataclass(frozen=True)
class Finding:
    """Something a person should look at: the rule, how many rows, and the row number of the first."""

    rule: str
    severity: Severity
    message: str
    file: str = ""
    column: str = ""
    count: int = 1
    row: int | None = None

    def __str__(self) -> str:
        """Write the finding as one line: where, then what."""
        row = f"row {self.row}" if self.row else ""
        column = f"column '{self.column}'" if self.column else ""
        where = ", ".join(filter(None, (self.file, row, column)))
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True)
class IntakeLog:
    """The account of one reading of all files; counts are rows of marks unless stated otherwise."""

    files: tuple[FileRead, ...]
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]
    rows_read: int
    rows_dropped: int
    missing_marks: int

    @property
    def loss_rate(self) -> float:
        """Marks dropped as a fraction of marks read (0 to 1).

        Examples
        --------
        >>> IntakeLog((), (), (), rows_read=200, rows_dropped=3, missing_marks=0).loss_rate
        0.015
        """
        return self.rows_dropped / self.rows_read if self.rows_read else 0.0


@dataclass
class Ledger:
    """Where readers write down what they meet, so that all problems of all files are reported at once."""

    files: list[FileRead] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    rows_read: int = 0
    rows_dropped: int = 0
    missing_marks: int = 0

    def refuse(self, finding: Finding) -> None:
        """Write down a reason to refuse the files.

        Examples
        --------
        >>> ledger = Ledger()
        >>> ledger.refuse(Finding("unreadable", Severity.MUST, "the dates are of two kinds.", "marks.csv", "date", row=7))
        >>> ledger.refusals
        ["marks.csv, row 7, column 'date': the dates are of two kinds."]
        """
        self.refusals.append(str(finding))

    def find(self, finding: Finding) -> None:
        """Write down a finding."""
        self.findings.append(finding)

    def repair(self, repair: Repair) -> None:
        """Write down a repair, unless it touched nothing.

        Examples
        --------
        >>> ledger = Ledger()
        >>> for count in (0, 3):
        ...     ledger.repair(Repair("leading_zeros", "marks.csv", count, "identifiers had lost their leading zeros"))
        >>> [repair.count for repair in ledger.repairs]
        [3]
        """
        if repair.count:
            self.repairs.append(repair)

    def drop(self, finding: Finding) -> None:
        """Write down a finding whose rows are left out; they count against the loss limit.

        Examples
        --------
        >>> ledger = Ledger(rows_read=10)
        >>> ledger.drop(Finding("unknown_code", Severity.MUST, "2 cells hold no register code.", count=2))
        >>> ledger.close().loss_rate
        0.2
        """
        self.rows_dropped += finding.count
        self.find(finding)

    def close(self) -> IntakeLog:
        """Return the account, which no longer changes."""
        return IntakeLog(
            tuple(self.files), tuple(self.repairs), tuple(self.findings),
            self.rows_read, self.rows_dropped, self.missing_marks,
        )  # fmt: skip


def refusal_of(problems: Sequence[str]) -> InputError:
    """Return the error that lists problems: the first 20 and a count.

    Examples
    --------
    >>> refusal_of([f"problem {number}" for number in range(23)]).problems[-2:]
    ('problem 19', '... and 3 more problems like these.')
    """
    more = len(problems) - MAX_PROBLEMS
    tail = [f"... and {counted(more, 'more problem')} like these."] if more > 0 else []
    return InputError(*problems[:MAX_PROBLEMS], *tail)


DOUBTFUL = ("pupil_id", "date", "session", "rule", "found")


def no_doubt() -> pd.DataFrame:
    """Return the table of doubtful marks without a row: pupil, date, session, rule of the finding, and what was found.

    Examples
    --------
    >>> len(no_doubt()), list(no_doubt())
    (0, ['pupil_id', 'date', 'session', 'rule', 'found'])
    """
    empty = {name: pd.Series(dtype=object) for name in DOUBTFUL}
    return pd.DataFrame(empty | {"date": pd.Series(dtype="datetime64[s]")})
