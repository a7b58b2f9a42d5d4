"""How single values are typed: text with its leading zeros, whole numbers, flags, year groups, sessions."""

import re
from datetime import date, datetime

import pandas as pd
from pandas.api.typing import NAType

from attendance_lib.rules.year_groups import CENSUS_CODES, WITHOUT_YEAR

YES = frozenset({"1", "t", "true", "y", "yes"})
NO = frozenset({"0", "f", "false", "n", "no"})
NO_BREAK_SPACE = "\u00a0"
YEAR_NAMES = (
    CENSUS_CODES
    | dict.fromkeys(("reception", "rec", "year r", "yr r"), 0)
    | dict.fromkeys(("n", "nursery", "year n"), -1)
)
YEAR_WORDS = re.compile(r"(?:year|yr|y)?\s*(-?\d{1,2})", re.IGNORECASE)
# Fifteen digits are what a spreadsheet's number holds in full; more are no count, amount or minutes.
WHOLE = re.compile(r"-?\d{1,15}(?:\.0+)?")
DECIMAL = re.compile(r"-?\d{1,15}(?:\.\d+)?")
MORNING = frozenset({"am", "a", "morning", "a.m."})
AFTERNOON = frozenset({"pm", "p", "afternoon", "p.m."})


def as_text(value: object) -> str:
    """Return a cell as text without surrounding spaces; a spreadsheet's 3400.0 is 3400.

    Examples
    --------
    >>> as_text(" 003400 "), as_text(3400.0), as_text(None)
    ('003400', '3400', '')
    """
    if isinstance(value, str):
        return value.replace(NO_BREAK_SPACE, " ").strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - only NaN differs from itself


def as_flag(value: object) -> bool | None:
    """Return true or false, None if it is neither.

    Examples
    --------
    >>> as_flag("T"), as_flag(0.0), as_flag("maybe")
    (True, False, None)
    """
    text = as_text(value).lower()
    return True if text in YES else False if text in NO else None


def as_whole(value: object) -> int | None:
    """Return a whole number, None if it is not one.

    Examples
    --------
    >>> as_whole("8.0"), as_whole("8.5"), as_whole("9" * 400)
    (8, None, None)
    """
    text = as_text(value)
    return int(float(text)) if WHOLE.fullmatch(text) else None


def as_number(value: object) -> float | None:
    """Return a number, None if it is not one; a pound sign and thousands' commas are dropped.

    Examples
    --------
    >>> as_number("£1,250.50")
    1250.5
    """
    text = as_text(value).replace("£", "").replace(",", "").strip()
    return float(text) if DECIMAL.fullmatch(text) else None


def as_year_group(value: object) -> int | NAType | None:
    """Return a year group as a whole number, Reception 0 and nursery -1; NA of a pupil in none, None if it is no year group.

    Examples
    --------
    >>> [as_year_group(value) for value in ("Year  7", "R", "N1", 11.0, "7A", "X")]
    [7, 0, -2, 11, None, <NA>]
    """
    text = as_text(value).lower()
    if text == WITHOUT_YEAR:
        return pd.NA
    if text in YEAR_NAMES:
        return YEAR_NAMES[text]
    match = YEAR_WORDS.fullmatch(text)
    return int(match[1]) if match else None


def as_session(value: object) -> str | None:
    """Return AM or PM, None if it is neither.

    Examples
    --------
    >>> as_session("am"), as_session("Afternoon"), as_session("1")
    ('AM', 'PM', None)
    """
    text = as_text(value).lower()
    return "AM" if text in MORNING else "PM" if text in AFTERNOON else None
