"""A reason to refuse a file, taken apart again: where it is, what is wrong, and what to do."""

import re
from dataclasses import dataclass

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
    what, remedy = what_and_remedy(found["message"] if found else line)
    if not found:
        return Problem(what, remedy)
    row = int(found["row"]) if found["row"] else None
    return Problem(what, remedy, found["file"] or "", row, found["column"] or "")


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
