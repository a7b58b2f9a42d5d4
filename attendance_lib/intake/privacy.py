"""Values of files that a message may show: codes, numbers, dates and sessions, but nothing that could be a name.

A stray comma, a wrong mapping or a pasted column moves names and dates of birth into other columns.
"""

import re
from dataclasses import replace
from datetime import date

import pandas as pd

from attendance_lib.errors import counted, quoted
from attendance_lib.intake.declared import Kind
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.schema import PUPILS
from attendance_lib.intake.values import MONTHS, as_text
from attendance_lib.rules.codes import KNOWN_LETTERS

# The last guard of what is reported about the files: no value of a personal column of the roll, wherever in a file it was

# Text between two quotation marks of a kind, which are not taken up, so that an apostrophe upsets nothing.
QUOTED = (re.compile(r"(?<=')[^']*(?=')"), re.compile(r'(?<=")[^"]*(?=")'))
# A workbook may have a sheet for each pupil, with an apostrophe in its name.
SHEET = re.compile(r"(?<=sheet ').+?(?='(?:[,:.]| cannot|$))")
ANY_WORD = re.compile(r"\w+")
CONCEALED = "(personal)"
WRITTEN_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y")


def conceal(ledger: Ledger, pupils: pd.DataFrame | None) -> None:
    """Take the roll's personal values out of everything that is in a ledger.

    Parameters
    ----------
    ledger : Ledger
        Its refusals, findings and repairs are written anew.
    pupils : pandas.DataFrame or None
        PUPILS, one row an enrolment; nothing is known to be personal without it.

    Examples
    --------
    >>> ledger = Ledger(refusals=["roll.csv, row 2: 'Archer' is no form."])
    >>> conceal(ledger, pd.DataFrame({"upn": None, "surname": ["Archer"], "forename": None, "date_of_birth": pd.NaT}))
    >>> ledger.refusals
    ["roll.csv, row 2: '(personal)' is no form."]
    """
    secrets = set() if pupils is None else personal_values(pupils)
    ledger.refusals[:] = [concealed(line, secrets) for line in ledger.refusals]
    for said in (ledger.findings, ledger.repairs):
        said[:] = [
            replace(each, message=concealed(each.message, secrets), file=concealed(each.file, secrets))
            for each in said
        ]
    ledger.files[:] = [replace(file, sheet=concealed_sheet(file.sheet, secrets)) for file in ledger.files]


def personal_values(pupils: pd.DataFrame) -> set[str]:
    """Return the texts and dates (days) of the roll's personal columns, in lower case, but for what is a register code.

    Examples
    --------
    A surname that is a register code is none: it would take every such code out of what is said.

    >>> born = pd.to_datetime(["2014-03-02", None])
    >>> pupils = pd.DataFrame({"upn": None, "surname": ["Archer", "B"], "forename": ["Zoë", None], "date_of_birth": born})
    >>> sorted(personal_values(pupils))
    ['02/03/14', '02/03/2014', '2014-03-02', 'archer', 'zoë']
    """
    values: set[object] = set()
    for column in (each for each in PUPILS.columns if each.is_personal):
        if column.kind is Kind.TEXT:
            values.update(pupils[column.name].dropna().unique())
        elif column.kind is Kind.DATE:
            days = pupils[column.name].dropna().drop_duplicates()
            values.update(*(days.dt.strftime(form) for form in WRITTEN_DATES))
    return {str(value).casefold() for value in values} - {letter.casefold() for letter in KNOWN_LETTERS}


def concealed(line: str, secrets: set[str]) -> str:
    """Return a line without the quoted values that are secret.

    Examples
    --------
    >>> concealed("the pupil's 'Siân' is no code, 'x' neither.", {"siân"})
    "the pupil's '(personal)' is no code, 'x' neither."
    """
    line = SHEET.sub(lambda found: concealed_sheet(found[0], secrets), line)
    for pattern in QUOTED:
        line = pattern.sub(
            lambda found: CONCEALED if found[0].strip().casefold() in secrets else found[0], line
        )
    return line


def concealed_sheet(name: str, secrets: set[str]) -> str:
    """Return the name of a sheet, unless there is a secret in it.

    Examples
    --------
    >>> concealed_sheet("Ó Briain, Siân", {"siân"}), concealed_sheet("Autumn", {"siân"})
    ('(personal)', 'Autumn')
    """
    words = f" {_words(name)} "
    return CONCEALED if any(f" {_words(secret)} " in words for secret in secrets if _words(secret)) else name


def _words(text: str) -> str:
    return " ".join(ANY_WORD.findall(text.casefold()))


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


def for_message(value: object) -> str:
    """Return a value in quotation marks, or what kind of value it is where it could be personal.

    Examples
    --------
    >>> for_message("31/02/26"), for_message("Lesson 1"), for_message(46279.0)
    ("'31/02/26'", "'Lesson 1'", "'46279'")
    >>> for_message("Amy Li"), for_message("12 Zoë Rd, PM"), for_message("")
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


def code_for_message(cell: object) -> str:
    """Return a cell of codes as a message shows it; what may be a name or a date of birth is not shown.

    Examples
    --------
    >>> code_for_message("A"), code_for_message("Present"), code_for_message("Amelia"), code_for_message("06/04/2015")
    ("'A'", "'Present'", 'a text of 6 characters', 'a date')
    """
    return "a date" if is_a_date(cell) else for_message(cell)
