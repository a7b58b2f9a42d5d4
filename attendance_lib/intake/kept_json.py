"""JSON that one paper wrote and a later one reads back: in the very form it was written in, or refused in one line."""

import errno
import json
import re
from pathlib import Path
from typing import NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from attendance_lib.errors import AttendanceError, counted

Shape = TypeVar("Shape")

MAX_FILE_BYTES = 200_000_000
# What else is in the place of a key may be anything, so it is not shown.
PLAIN_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,60}")
NOT_JSON = "it is not JSON"
WRONG = {
    "missing": "is missing",
    "extra_forbidden": "does not belong there",
    "unexpected_keyword_argument": "does not belong there",
    "string_type": "is no text",
    "string_pattern_mismatch": "is not of the form that belongs there",
    "int_type": "is no whole number",
    "float_type": "is no number",
    "bool_type": "is neither true nor false",
    "list_type": "is no list",
    "dict_type": "is no set of names and values",
    "literal_error": "is not {expected}",
    "enum": "is not {expected}",
    "greater_than_equal": "is less than {ge}",
    "too_short": "holds too little",
    "value_error": "{error}",
}


def read_json(path: Path, shape: TypeAdapter[Shape], refused: type[AttendanceError], remedy: str) -> Shape:
    """Read a JSON file of one of our own forms, strictly: no other key, no other type, no key twice.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    shape : pydantic.TypeAdapter
        The form in which it was written.
    refused : type of AttendanceError
        What to raise.
    remedy : str
        What to do about a damaged file, as a sentence.

    Returns
    -------
    Shape
        What the file holds.

    Raises
    ------
    AttendanceError
        Of the kind given, if the file cannot be read or is of another form: one line with the file, the first thing that is
        wrong (never its value) and the remedy.
    """
    try:
        content = _bytes(path)
    except OSError as error:
        raise refused(f"{path} cannot be read ({error.strerror}). {remedy}") from None
    try:
        held = shape.validate_json(content, strict=True)
        json.loads(content, object_pairs_hook=_without_repeats)
    except ValidationError as error:
        _refuse(path, fault_of(error), refused, remedy)
    except (ValueError, RecursionError) as error:
        _refuse(path, str(error) if isinstance(error, RepeatedKeyError) else NOT_JSON, refused, remedy)
    return held


class RepeatedKeyError(ValueError):
    """A key that occurs twice in one place: which of the two counts would be a guess."""


def fault_of(error: ValidationError) -> str:
    """Return the first thing that is wrong with something of one of our forms, and how many more there are.

    Examples
    --------
    >>> try:
    ...     TypeAdapter(dict[str, list[int]]).validate_python({"counts": [1, "x", None]}, strict=True)
    ... except ValidationError as error:
    ...     fault_of(error)
    "'counts[1]' is no whole number, and 1 more fault"
    """
    first, *others = error.errors(include_url=False, include_input=False)
    more = f", and {counted(len(others), 'more fault')}" if others else ""
    return f"{_said(first)}{more}"


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_FILE_BYTES:,} bytes")
    return path.read_bytes()


def _refuse(path: Path, fault: str, refused: type[AttendanceError], remedy: str) -> NoReturn:
    raise refused(f"{path} is damaged, or another version wrote it: {fault}. {remedy}") from None


def _said(detail: ErrorDetails) -> str:
    if detail["type"] == "json_invalid":
        return NOT_JSON
    wrong = WRONG.get(detail["type"], "is not what belongs there").format(**detail.get("ctx", {}))
    place = _dotted(detail["loc"])
    return f"'{place}' {wrong}" if place else f"it {wrong}"


def _dotted(place: tuple[str | int, ...]) -> str:
    parts = (
        f"[{part}]" if isinstance(part, int) else f".{part if PLAIN_KEY.fullmatch(part) else '(a key)'}"
        for part in place
        if part != "[key]"
    )
    return "".join(parts).removeprefix(".")


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) < len(pairs):
        raise RepeatedKeyError("a key stands twice in one place")
    return held
