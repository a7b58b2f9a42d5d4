"""The gate: what refuses a school's exports as a whole, once each file has been read by itself."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from attendance_lib.errors import counted
from attendance_lib.intake.ledger import Ledger, Severity
from attendance_lib.intake.placing import SchoolOpen, find_school_open
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.rules.thresholds import LOSS_LIMIT_RATE

DROPPING = (
    "unreadable_pupil_id",
    "unreadable_date",
    "unreadable_session",
    "unknown_code",
    "cut_up_rows",
    "marks_without_pupil",
    "outside_calendar",
    "marked_when_closed",
    "marked_off_roll",
    "marked_long_before",
)


def refuse_empty(settings: Settings, tables: dict[str, pd.DataFrame | None], ledger: Ledger) -> None:
    """Refuse exports that hold no pupil or no mark, unless another refusal gives the reason: above all that none can be used.

    Parameters
    ----------
    settings : Settings
        The school file, which the message names.
    tables : dict of str to pandas.DataFrame or None
        The required tables by name, one row a pupil or a session of a pupil; None where no file could be read.
    ledger : Ledger
        Where the refusal is written.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ledger = Ledger()
    >>> refuse_empty(SimpleNamespace(file="larkmoor.yml"), {"pupils": pd.DataFrame({"pupil_id": ["12"]}), "marks": None}, ledger)
    >>> ledger.refusals
    ['larkmoor.yml: there are no marks in the exports. Export them again.']
    """
    empty = [name for name, rows in tables.items() if rows is None or rows.empty]
    if not empty or ledger.refusals:
        return
    refuse_loss(ledger)
    if not ledger.refusals:
        files = ", ".join(Path(file.path).name for file in ledger.files if file.kind == empty[0])
        held = f" ({files})" if files else ""
        ledger.refusals.append(
            f"{settings.file}: there are no {empty[0]} in the exports{held}. Export them again."
        )


def refuse_loss(ledger: Ledger) -> None:
    """Refuse when more marks would be left out than the limit allows, and name what they are left out for.

    Examples
    --------
    >>> ledger = Ledger(rows_read=1000, rows_dropped=21)
    >>> refuse_loss(ledger)
    >>> ledger.refusals
    ['21 of 1,000 marks would be left out (2.1%, limit 2%). Correct these and export again:']
    """
    log = ledger.close()
    if log.loss_rate <= LOSS_LIMIT_RATE:
        return
    limit = f"{log.loss_rate:.1%}, limit {LOSS_LIMIT_RATE:.0%}"
    share = f"{log.rows_dropped:,} of {counted(log.rows_read, 'mark')} would be left out ({limit})"
    ledger.refusals.append(f"{share}. Correct these and export again:")
    ledger.refusals.extend(
        str(finding)
        for finding in log.findings
        if finding.severity is Severity.MUST and finding.rule in DROPPING
    )


def refuse_untaken(marks: pd.DataFrame, last_day: date | None, ledger: Ledger) -> None:
    """Refuse marks of which none is a register's: all are closed, or are of pupils not on roll.

    Parameters
    ----------
    marks : pandas.DataFrame
        MARKS of pupils on the roll, one row a session.
    last_day : datetime.date or None
        The last register day.
    ledger : Ledger
        Where the refusal is written.

    Examples
    --------
    >>> ledger = Ledger()
    >>> refuse_untaken(pd.DataFrame({"code": ["#", "#"]}), None, ledger)
    >>> ledger.refusals[0].partition(":")[0]
    'none of the 2 marks is of a pupil on roll and says anything but closed (#, Z)'
    """
    if last_day is None and not ledger.refusals:
        ledger.refusals.append(
            f"none of the {counted(len(marks), 'mark')} is of a pupil on roll and says anything but closed (#, Z): "
            "no register was taken. Export the marks of registers."
        )


def refuse_outside_calendar(settings: Settings, marks: pd.DataFrame, ledger: Ledger) -> None:
    """Refuse marks of which none falls on a session that the calendar has open: no figure could be made of them.

    Parameters
    ----------
    settings : Settings
        The school file with its calendar.
    marks : pandas.DataFrame
        MARKS of pupils on the roll, one row a session.
    ledger : Ledger
        Where the refusal is written.
    """
    calendar = settings.build_calendar()
    if ledger.refusals or marks.empty or (find_school_open(marks, calendar) != SchoolOpen.CLOSED).any():
        return
    days = marks["date"]
    span = f"{days.min().date()} to {days.max().date()}"
    terms = f"{calendar.school_days[0]} to {calendar.school_days[-1]}" if calendar.school_days else "none"
    ledger.refusals.append(
        f"{settings.file}: none of the {counted(len(marks), 'mark')} ({span}) is of a session that the calendar has open "
        f"(school days {terms}). Add their terms under 'calendar', or export the marks of these."
    )


# A reason to refuse a file, taken apart again: where it is, what is wrong, and what to do

# The one form of every message: <file>, row <n>, column '<name>': <what is wrong>. <What to do>.
PLACE = re.compile(
    r"(?:(?P<file>(?!row \d|column ')(?:(?!: ).)+?)(?:, |(?=: )))?"
    r"(?:row (?P<row>\d+)(?:, |(?=: )))?"
    r"(?:column '(?P<column>[^']*)')?: (?P<message>.+)"
)
LAST_SENTENCE = re.compile(r"(?P<what>.+[.:]) (?P<remedy>[A-Z][^.]*(?:\.\S[^.]*)*[.:])")


@dataclass(frozen=True)
class Problem:
    """One reason to refuse; ``file``, ``row`` and ``column`` are empty where the message names none."""

    what: str
    remedy: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""


def problem_of(line: str) -> Problem:
    """Return a message as its parts.

    Examples
    --------
    >>> problem_of("marks.csv, row 3, column 'date': 'x' is not a date (2 rows). Correct the export.")
    Problem(what="'x' is not a date (2 rows).", remedy='Correct the export.', file='marks.csv', row=3, column='date')
    >>> problem_of("2 of 6 marks would be left out (33.3%, limit 2%). Correct these and export again:").file
    ''
    """
    found = PLACE.fullmatch(line)
    if not found:
        return Problem(*what_and_remedy(line))
    said = found.groupdict(default="")
    row = int(said["row"]) if said["row"] else None
    return Problem(*what_and_remedy(said["message"]), said["file"], row, said["column"])


def what_and_remedy(message: str) -> tuple[str, str]:
    """Return what is wrong and what to do, which is the last sentence; a message of one sentence names no remedy.

    Examples
    --------
    >>> what_and_remedy("3 dates such as 1.2.2026 are open. They are left out. Write 2026-02-01 in marks.csv.")
    ('3 dates such as 1.2.2026 are open. They are left out.', 'Write 2026-02-01 in marks.csv.')
    >>> what_and_remedy("3 marks are missing.")
    ('3 marks are missing.', '')
    """
    found = LAST_SENTENCE.fullmatch(message)
    return (found["what"], found["remedy"]) if found else (message, "")
