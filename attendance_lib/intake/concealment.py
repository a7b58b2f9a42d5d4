"""The last guard of what reading says: no value of a personal column of the roll, wherever in a file it stood.

Readers do not show personal columns. But a name may stand in a column that is none, after a stray comma or a
wrong mapping, and readers show what they find there. So every quoted value is compared with the roll.
"""

import re
from dataclasses import replace

import pandas as pd

from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.schema import PUPILS, Kind
from attendance_lib.rules.codes import KNOWN_LETTERS

# What stands between two quotation marks of a kind, which are not taken up, so that an apostrophe upsets nothing.
QUOTED = (re.compile(r"(?<=')[^']*(?=')"), re.compile(r'(?<=")[^"]*(?=")'))
# A workbook may have a sheet for each pupil, with an apostrophe in its name.
SHEET = re.compile(r"(?<=sheet ').+?(?='(?:[,:.]| cannot|$))")
WORD = re.compile(r"\w+")
CONCEALED = "(personal)"


def conceal(ledger: Ledger, pupils: pd.DataFrame | None) -> None:
    """Take the roll's personal values out of everything that a ledger says.

    Parameters
    ----------
    ledger : Ledger
        Its refusals, findings and repairs are written anew.
    pupils : pandas.DataFrame or None
        PUPILS; nothing is known to be personal without it.
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
    """Return the texts and dates of the roll's personal columns, in lower case, but for what is a register code."""
    columns = [column for column in PUPILS.columns if column.is_personal]
    texts = [pupils[column.name].dropna() for column in columns if column.kind is Kind.TEXT]
    days = [pupils[column.name].dropna() for column in columns if column.kind is Kind.DATE]
    dates = (day.dt.strftime(form) for day in days for form in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"))
    values = {str(value).casefold() for column in (*texts, *dates) for value in column.unique()}
    return values - {letter.casefold() for letter in KNOWN_LETTERS}


def concealed(line: str, secrets: set[str]) -> str:
    """Return a line without the quoted values that are secret.

    Examples
    --------
    >>> concealed("the pupil's 'Siân' is no code, 'x' neither.", {"siân"})
    "the pupil's '(personal)' is no code, 'x' neither."
    """
    line = SHEET.sub(lambda found: concealed_sheet(found[0], secrets), line)
    for quoted in QUOTED:
        line = quoted.sub(
            lambda found: CONCEALED if found[0].strip().casefold() in secrets else found[0], line
        )
    return line


def concealed_sheet(name: str, secrets: set[str]) -> str:
    """Return the name of a sheet, unless a secret stands in it.

    Examples
    --------
    >>> concealed_sheet("Ó Briain, Siân", {"siân"}), concealed_sheet("Autumn", {"siân"})
    ('(personal)', 'Autumn')
    """
    words = f" {_words(name)} "
    return CONCEALED if any(f" {_words(secret)} " in words for secret in secrets if _words(secret)) else name


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))
