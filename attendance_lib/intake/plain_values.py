"""Unquoted YAML values: the few that are plain, and the traps that are refused with their remedy."""

import re
from datetime import date

from attendance_lib.errors import quoted

WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Control characters and halves of pairs, which XML and file names cannot hold, breaks of a line, and characters that turn
# the direction of what follows, so that a text reads as another.
UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
IN_QUOTES = "Write it in quotes"

# (pattern of the whole plain value, what is wrong with it, what to do); the first that fits is reported.
TRAPS = (
    (re.compile(r"~|null|Null|NULL|"), "is an empty value", "Give a value, or leave the key out"),
    (
        re.compile(r"True|TRUE|False|FALSE"),
        "is not how true and false are written here",
        "Write true or false in small letters",
    ),
    (
        re.compile(r"(?i:yes|no|on|off)"),
        "is read as true or false by YAML",
        "Write true or false, or the word in quotes: {quoted}",
    ),
    (re.compile(r"[-+]?0[0-9_]+"), "starts with a zero, so YAML reads another number", None),
    (re.compile(r"(?i:[-+]?0[xob][0-9a-f_]+)"), "is a hexadecimal, octal or binary number", None),
    (re.compile(r"[-+]?[0-9]+(:[0-9]{1,2})+(\.[0-9]*)?"), "is read as a number in base 60 by YAML", None),
    (re.compile(r"[-+]?[0-9][0-9.]*_[0-9._]*"), "has an underscore that YAML drops from a number", None),
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt ].*"),
        "is a date with a time",
        "Write the date alone, as in 2026-11-20",
    ),
    (
        re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{1,2}[- ]?[A-Za-z]{3,9}[- ]?[0-9]{4}"),
        "is not a date in ISO form",
        "Write year, month, day, as in 2026-11-20",
    ),
    (
        re.compile(r"(?i:[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?\.(inf|nan)|\.nan)"),
        "is not a plain number",
        "Write digits only, as in 12 or 0.5, or put text in quotes: {quoted}",
    ),
)


def plain_value(written: str) -> bool | int | float | date | str:
    """Return what an unquoted value means.

    Raises
    ------
    TrapError
        If YAML would read it as something else than it looks.
    ValueError
        If it has the form of a date that no calendar has.

    Examples
    --------
    >>> plain_value("12"), plain_value("2026-11-20"), plain_value("7A")
    (12, datetime.date(2026, 11, 20), '7A')
    """
    if written in ("true", "false"):
        return written == "true"
    for form, made in ((WHOLE_NUMBER, int), (DECIMAL, float), (ISO_DATE, date.fromisoformat)):
        if form.fullmatch(written):
            return made(written)
    for pattern, problem, remedy in TRAPS:
        if pattern.fullmatch(written):
            raise TrapError(problem, remedy)
    return written


def unwritable(text: str) -> str:
    r"""Return the first character of a text that a paper, a sheet or a file name cannot hold, by its number; "" if none.

    Examples
    --------
    >>> unwritable("Larkmoor\u202eAcademy"), unwritable("École 五年级")
    ('character U+202E', '')
    """
    found = UNWRITABLE.search(text)
    return f"character U+{ord(found[0]):04X}" if found else ""


class TrapError(Exception):
    """A plain value that YAML would read as something else."""

    def message(self, written: str, name: str = "") -> str:
        """Say what is wrong with the value of a key and how to write it."""
        problem, remedy = self.args
        as_text = f'{name}: "{written}"' if name else f'"{written}"'
        fix = remedy.format(quoted=as_text) if remedy else f"{IN_QUOTES}: {as_text}"
        return f"{quoted(written)} {problem}. {fix}."
