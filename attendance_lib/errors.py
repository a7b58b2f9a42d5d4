"""The errors a user can act on, each with the exit code a scheduler reads, and the words that messages share.

Anything else that is raised is a fault in this library and keeps its traceback.
Messages never hold a personal value: a row number stands for the person.
"""

import difflib
import errno
import os
from collections.abc import Iterable
from enum import StrEnum

# The exit code of a fault in this library: never 1, by which ``attendance verify`` says that a pack differs.
FAULT = 70


class AttendanceError(Exception):
    """An error that the user can put right; shown as one line without a traceback."""

    exit_code = 1


class RequestError(AttendanceError):
    """A command that cannot be carried out as given, such as an unknown report or a pack that is already there."""

    exit_code = 2


class SettingsError(AttendanceError):
    """A school file, parameter file or parameter that cannot be used."""

    exit_code = 10


class InputError(AttendanceError):
    """An export that was refused; ``problems`` holds one line for each reason."""

    exit_code = 11

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class CasebookError(AttendanceError):
    """A casebook that cannot be used as it is: damaged, older than a receipt says, of another school, or of a newer version."""

    exit_code = 11


class DisclosureError(AttendanceError):
    """A table that cannot be made safe to publish."""

    exit_code = 12


class ChangedInputsError(RequestError):
    """A pack cannot be made again: what it was made from has changed since."""

    exit_code = 14


class NotebookError(AttendanceError):
    """A notebook that stopped at a failing cell."""

    exit_code = 13


ELSEWHERE = "choose another folder: --out for packs, the environment variable TMPDIR for temporary files."
REFUSED = f"Let this account read and write there, or {ELSEWHERE}"
FULL = f"Free some space there, or {ELSEWHERE}"
IN_THE_WAY = f"Move away what stands in its place, or {ELSEWHERE}"
# By the names that errno has for them, since not every system has every one.
REMEDIES = {
    "ENOSPC": FULL,
    "EDQUOT": FULL,
    "EFBIG": f"Raise the limit on the size of files (ulimit -f), or {ELSEWHERE}",
    "EACCES": REFUSED,
    "EPERM": REFUSED,
    "EROFS": REFUSED,
    "EEXIST": IN_THE_WAY,
    "ENOTDIR": IN_THE_WAY,
    "EISDIR": IN_THE_WAY,
    "ENOENT": "Put it back or connect its drive, and run this again.",
    "ENAMETOOLONG": "Choose a folder with a shorter path.",
    "EMFILE": "Raise the limit on open files (ulimit -n), or close other programs.",
    "ENFILE": "Close other programs, and run this again.",
    "ENOMEM": "Close other programs, and run this again.",
}
CHECK_DRIVE = "Check the drive, and run this again."


def refused_by_system(error: OSError) -> RequestError:
    """Return the error to show for one of the operating system, such as a full disk: file, reason and remedy.

    Examples
    --------
    >>> str(refused_by_system(OSError(errno.EIO, "Input/output error", "outputs/a.html")))
    'outputs/a.html: Input/output error. Check the drive, and run this again.'
    """
    named = (
        error.filename if isinstance(error.filename, str | bytes) else "a file, or what this command prints"
    )
    return RequestError(f"{os.fsdecode(named)}: {system_reason(error)}. {system_remedy(error.errno)}")


def system_reason(error: OSError) -> str:
    """Return why the operating system refused, in its words.

    Examples
    --------
    >>> system_reason(OSError(13, "Permission denied")), system_reason(OSError())
    ('Permission denied', 'OSError')
    """
    return (error.strerror or str(error) or type(error).__name__).rstrip(".")


def system_remedy(number: int | None) -> str:
    """Return what to do about an error of the operating system, by its number.

    Examples
    --------
    >>> system_remedy(None) == system_remedy(0) == CHECK_DRIVE
    True
    """
    return REMEDIES.get(errno.errorcode.get(number or 0, ""), CHECK_DRIVE)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Return a sentence that names the nearest allowed word, or lists them all.

    Examples
    --------
    >>> nearest("dat_from", ["date_from", "date_to"])
    "Did you mean 'date_from'?"
    >>> nearest("x", ["date_from", "date_to"])
    'Use one of: date_from, date_to.'
    """
    choices = [str(choice) for choice in allowed]
    close = difflib.get_close_matches(str(word), choices, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Use one of: {', '.join(choices)}."


def quoted(value: object) -> str:
    r"""Return a text in quotation marks as it stands, a backslash as one; what cannot be seen is named by its number.

    Anything else than a text is written as Python writes it.

    Examples
    --------
    >>> print(quoted("\\"), quoted("O'Neill"), quoted("/\u200b"), quoted("a\nb"), quoted(2004))
    '\' "O'Neill" '/(U+200B)' 'a(U+000A)b' 2004
    """
    if not isinstance(value, str):
        return repr(value)
    text = "".join(map(_to_be_seen, value))
    mark = '"' if "'" in text and '"' not in text else "'"
    return f"{mark}{text}{mark}"


def _to_be_seen(sign: str) -> str:
    """Return one sign as it stands, or its number in Unicode if it cannot be seen."""
    return sign if sign.isprintable() else f"(U+{ord(sign):04X})"


def in_number(count: float, one: str, several: str = "") -> str:
    """Return the words that go with a count: those for one, or those for several, which by default end in s.

    Examples
    --------
    >>> in_number(1, "mark"), in_number(0, "mark"), in_number(2, "is", "are")
    ('mark', 'marks', 'are')
    """
    return one if count == 1 else several or f"{one}s"


def counted(count: float, one: str, several: str = "") -> str:
    """Return a count of whole things with thousands commas and with its words in the right number.

    Examples
    --------
    >>> counted(1, "mark holds", "marks hold"), counted(1200, "mark holds", "marks hold"), counted(0, "pupil")
    ('1 mark holds', '1,200 marks hold', '0 pupils')
    """
    return f"{count:,} {in_number(count, one, several)}"


class Severity(StrEnum):
    """How much a finding matters: a must is against the law or makes figures wrong, a should is good practice."""

    MUST = "must"
    SHOULD = "should"
