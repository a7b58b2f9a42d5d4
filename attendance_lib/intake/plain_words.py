"""Values of files that a message may show: codes, numbers, dates and sessions, but nothing that could be a name.

A stray comma, a wrong mapping or a pasted column moves names and dates of birth into other columns.
"""

import re
from datetime import date

from attendance_lib.errors import counted, quoted
from attendance_lib.intake.dates import MONTHS
from attendance_lib.intake.values import as_text

WORD = re.compile(r"[^\W\d_]+")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d).*")
WEEKDAYS = (
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday"
)
SESSIONS = "reg register registration lesson period session tutor morning afternoon noon midday am pm"
SPANS = "day whole all full half lunch break"
ROLL = "year yr group form tier reception rec nursery maybe yes sen support"
TIMES = "soon ongoing never today tomorrow later tbc tba asap"
CODES = "present absent late ill illness holiday unknown none null nan true false mark code name ref value div num error"
PLAIN_WORDS = frozenset(
    [
        *MONTHS,
        *WEEKDAYS.split(),
        *SESSIONS.split(),
        *SPANS.split(),
        *ROLL.split(),
        *TIMES.split(),
        *CODES.split(),
    ]
)
# More letters than a code has, or digits than a date's serial number, could be a name's or a person's number.
MOST_LETTERS, MOST_DIGITS = 2, 8
LONGEST = 24
DAY_OF_MONTH = re.compile(r"\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{1,2}")
POWER = re.compile(r"\d(?:\.\d+)?E\+\d+")


def shown_plainly(value: object) -> str:
    """Return a value in quotation marks, or what kind of value it is where it could be personal.

    Examples
    --------
    >>> shown_plainly("31/02/26"), shown_plainly("Lesson 1"), shown_plainly(46279.0)
    ("'31/02/26'", "'Lesson 1'", "'46279'")
    >>> shown_plainly("Amy Li"), shown_plainly("12 Zoë Rd, PM"), shown_plainly("")
    ('a text of 6 characters', 'a text of 13 characters', 'nothing')
    """
    text = as_text(value)
    if not text:
        return "nothing"
    others = [word for word in WORD.findall(text) if word.lower() not in PLAIN_WORDS]
    digits = sum(sign.isdigit() for sign in text)
    letters = "".join(others)
    is_plain = (
        letters.isascii() and len(letters) <= MOST_LETTERS and digits <= MOST_DIGITS and len(text) <= LONGEST
    )
    return (
        quoted(value if isinstance(value, str) else text)
        if is_plain
        else f"a text of {counted(len(text), 'character')}"
    )


def looks_changed(value: object) -> bool:
    """Whether a label is what a spreadsheet program makes of one such as 7-1 or 7E1: a date, or a number in powers of ten.

    Examples
    --------
    >>> [looks_changed(value) for value in ("07-Jan", "Jan-07", date(2026, 1, 7), "7.00E+01", "7-1", "7A", "May", "12/1")]
    [True, True, True, True, False, False, False, False]
    """
    text = as_text(value)
    is_day = bool(DAY_OF_MONTH.fullmatch(text)) and any(word.lower() in MONTHS for word in WORD.findall(text))
    return is_a_date(value) or is_day or bool(POWER.fullmatch(text))


def is_a_date(value: object) -> bool:
    """Whether a value is a date or has the form of one, which where no date is wanted may be a date of birth.

    Examples
    --------
    >>> is_a_date(date(2015, 4, 6)), is_a_date("06-04-2015"), is_a_date("C1")
    (True, True, False)
    """
    return isinstance(value, date) or bool(DATE.fullmatch(as_text(value)))
