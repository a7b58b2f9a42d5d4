"""How a pupil is named in a list, and the columns that every list of pupils shares."""

import numpy as np
import pandas as pd

from attendance_lib.display import Column, Kind
from attendance_lib.errors import counted

NAME = Column("pupil_name", "Pupil", meaning="Surname, forename", personal=True, width=24)
PUPIL_ID = Column(
    "pupil_id", "Pupil ID", meaning="The pupil in the school's records", personal=True, shown=False, width=10
)
FORM = Column("form", "Form", meaning="Registration group", width=7)
YEAR_GROUP = Column(
    "year_group", "Year", Kind.COUNT, meaning="National curriculum year group", shown=False, width=6
)
YEAR_TO_DATE = Column(
    "attendance_rate", "Year to date", Kind.RATE,
    meaning="Attended sessions out of possible sessions, this school year to the end of the period"
)  # fmt: skip
MISSED = Column(
    "absence_sessions", "Sessions missed", Kind.COUNT, meaning="Sessions of authorised and unauthorised absence, year to date"
)  # fmt: skip
POSSIBLE = Column("possible_sessions", "Possible", Kind.COUNT, meaning="Possible sessions, year to date")

FLAGS = {
    "fsm": "FSM",
    "pupil_premium": "PP",
    "eal": "EAL",
    "looked_after": "Looked after",
    "child_in_need": "CIN",
    "child_protection": "CP",
    "young_carer": "Young carer",
}
FLAGS_MEANING = (
    "FSM eligible for free school meals, PP pupil premium, EAL English as an additional language, CIN child in need, "
    "CP child protection plan, SEN K support or E plan"
)
SEN = {"K": "SEN K", "E": "SEN E"}


def pupil_names(pupils: pd.DataFrame) -> pd.Series:
    """Return each pupil's name as "Surname, Forename"; the identifier where neither is known (text, one per row)."""
    parts = pupils[["surname", "forename"]].fillna("").astype(str)
    both = (parts["surname"] + ", " + parts["forename"]).str.strip(", ")
    return both.where(both != "", pupils["pupil_id"].astype(str)).astype(object)


def returned_words(returned: int) -> str:
    """Return, as a sentence with a blank before it, how pupils who left and came back stand in a list; empty if there are none.

    Examples
    --------
    >>> returned_words(0), returned_words(2).partition(" here")[0]
    ('', ' 2 pupils who left and came back are one person each')
    """
    if not returned:
        return ""
    who = counted(
        returned,
        "pupil who left and came back is one person",
        "pupils who left and came back are one person each",
    )
    return f" {who} here, with all sessions of the year; rates count each enrolment, as DfE does."


def enrolments_words(returned: int) -> str:
    """Return, as a sentence with a blank before it, how they stand in a table of rates or registers; empty if there are none.

    Examples
    --------
    >>> enrolments_words(0), enrolments_words(1)
    ('', ' 1 pupil who left and came back is two enrolments here, as DfE counts, and one person in lists of pupils.')
    """
    if not returned:
        return ""
    who = counted(
        returned,
        "pupil who left and came back is two enrolments",
        "pupils who left and came back are two enrolments each",
    )
    last = "one person" if returned == 1 else "one person each"
    return f" {who} here, as DfE counts, and {last} in lists of pupils."


def returned_things(returned: int) -> str:
    """Return, as a sentence with a blank before it, what is found of pupils who left and came back; empty if there are none.

    Examples
    --------
    >>> returned_things(0), returned_things(1)[:72]
    ('', ' Of 1 pupil who left and came back each enrolment is inspected; illness ')
    """
    if not returned:
        return ""
    who = counted(returned, "pupil who left and came back", "pupils who left and came back")
    return f" Of {who} each enrolment is inspected; illness and suspensions are added up over the whole year."


def pupil_flags(pupils: pd.DataFrame) -> list[str]:
    """Return each pupil's flags as a text such as "FSM, PP, SEN K" (one per row)."""
    held = np.column_stack([pupils[column].fillna(value=False).astype(bool) for column in FLAGS])
    sen = pupils["sen_status"].astype(object).map(SEN).fillna("")
    words = list(FLAGS.values())
    return [
        ", ".join([*(word for word, yes in zip(words, row, strict=True) if yes), *filter(None, [need])])
        for row, need in zip(held, sen, strict=True)
    ]
