"""Compulsory school age: from when to when a child must be in education, by the date of birth.

Source: Education Act 1996, section 8; Education (Start of Compulsory School Age) Order 1998; School Leaving Date Order 1997.
"""

import numpy as np
import pandas as pd

# How a pupil is registered at a school, as the school census records it

SINGLE = "C"
DUAL = ("M", "S")
# Guest, further education college, other provider, and a registration that has ended.
OTHERS = ("G", "F", "O", "P")
ENROLMENT_STATUSES = (SINGLE, *DUAL, *OTHERS)


# The five ethnic groups that statistics are published by, from the census's finer codes or their names

ASIAN, BLACK, MIXED, WHITE, OTHER = "Asian", "Black", "Mixed", "White", "Other"
NOT_KNOWN = "Not known"
CODE_LENGTH = 4
# The codes of those who declined or have not been asked.
UNKNOWN_CODES = frozenset({"REFU", "NOBT", "UNCL"})
CHINESE = "CHNE"
OF_FIRST_LETTER = {"A": ASIAN, "B": BLACK, "M": MIXED, "W": WHITE, "O": OTHER}
# Said in full, the group's own word comes first, as in "White - Irish" or "Any other ethnic group".
OF_FIRST_WORD = {
    "asian": ASIAN, "chinese": ASIAN, "indian": ASIAN, "pakistani": ASIAN, "bangladeshi": ASIAN,
    "black": BLACK, "caribbean": BLACK, "african": BLACK, "mixed": MIXED, "white": WHITE,
    "gypsy": WHITE, "gypsy/roma": WHITE, "traveller": WHITE, "arab": OTHER, "other": OTHER,
}  # fmt: skip
ORDER = (ASIAN, BLACK, MIXED, WHITE, OTHER, NOT_KNOWN)


def ethnic_group(written: str) -> str:
    """Return the published group of an ethnicity as the census records it or as a system spells it out.

    Examples
    --------
    >>> [ethnic_group(each) for each in ("WBRI", "CHNE", "REFU", "White - Irish", "Any other black background", "")]
    ['White', 'Asian', 'Not known', 'White', 'Black', 'Not known']
    """
    code = written.strip().upper()
    if code in UNKNOWN_CODES or not code:
        return NOT_KNOWN
    if code == CHINESE:
        return ASIAN
    if len(code) == CODE_LENGTH and code.isalpha() and code[0] in OF_FIRST_LETTER:
        return OF_FIRST_LETTER[code[0]]
    words = written.strip().lower().removeprefix("any other ").split()
    if words[:1] == ["ethnic"]:
        return OTHER
    return OF_FIRST_WORD.get(words[0].rstrip(",:-"), NOT_KNOWN) if words else NOT_KNOWN


STARTS_AT, ENDS_AT = 5, 16
# A child is of compulsory school age from the prescribed day on or after the fifth birthday.
PRESCRIBED_DAYS = {3: "03-31", 8: "08-31", 12: "12-31"}
# A child who turns 16 from September on leaves in the June after.
SEPTEMBER = 9
FRIDAY, DAYS_IN_WEEK = 4, 7
# 1 January 1970, the day from which numpy counts, was a Thursday.
FIRST_WEEKDAY = 3


def compulsory_from(dates_of_birth: pd.Series) -> np.ndarray:
    """Return the first day of compulsory school age (datetime64[D], one per child); missing where birth is not known.

    Examples
    --------
    >>> compulsory_from(pd.Series(pd.to_datetime(["2021-08-31", "2021-09-01", "2021-01-01"]))).astype(str).tolist()
    ['2026-08-31', '2026-12-31', '2026-03-31']
    """
    year, month = dates_of_birth.dt.year + STARTS_AT, dates_of_birth.dt.month
    days = [f"{int(y)}-{prescribed(int(m))}" if m > 0 else "NaT" for y, m in zip(year, month, strict=True)]
    return np.array(days, dtype="datetime64[D]")


def prescribed(month: int) -> str:
    """Return the prescribed day on or after a birthday in a month.

    Examples
    --------
    >>> prescribed(3), prescribed(4), prescribed(9)
    ('03-31', '08-31', '12-31')
    """
    return next(day for last, day in PRESCRIBED_DAYS.items() if month <= last)


def compulsory_to(dates_of_birth: pd.Series) -> np.ndarray:
    """Return the school leaving date, the last Friday in June (datetime64[D], one per child).

    It lies in the school year in which the child turns 16; missing where the date of birth is not known.

    Examples
    --------
    >>> compulsory_to(pd.Series(pd.to_datetime(["2010-08-31", "2010-09-01"]))).astype(str).tolist()
    ['2026-06-26', '2027-06-25']
    """
    year = dates_of_birth.dt.year + ENDS_AT + (dates_of_birth.dt.month >= SEPTEMBER)
    ends = np.array([f"{int(y)}-06-30" if y > 0 else "NaT" for y in year], dtype="datetime64[D]")
    past_friday = (ends.astype(np.int64) + FIRST_WEEKDAY - FRIDAY) % DAYS_IN_WEEK
    return ends - np.where(np.isnat(ends), 0, past_friday).astype("timedelta64[D]")


def is_of_compulsory_age(dates_of_birth: pd.Series, days: np.ndarray, stands_in: np.ndarray) -> np.ndarray:
    """Return whether each child is of compulsory school age on each day.

    Parameters
    ----------
    dates_of_birth : pandas.Series
        One per child.
    days : numpy.ndarray
        Dates (datetime64[D]), shape (days,).
    stands_in : numpy.ndarray
        Boolean, shape (children,): what holds where the date of birth is not known.

    Returns
    -------
    numpy.ndarray
        Boolean, shape (children, days); the first and the last day of compulsory school age are of it.

    Examples
    --------
    >>> born = pd.Series(pd.to_datetime(["2010-08-31", None]))
    >>> days = np.array(["2026-06-26", "2026-06-27"], "datetime64[D]")
    >>> is_of_compulsory_age(born, days, np.array([False, True])).tolist()
    [[True, False], [True, True]]
    """
    start, end = compulsory_from(dates_of_birth)[:, None], compulsory_to(dates_of_birth)[:, None]
    return ((start <= days) & (days <= end)) | (np.isnat(start) & stands_in[:, None])


# Year groups as whole numbers, and what the School Census calls those before Year 1

RECEPTION = 0
CENSUS_CODES = {"r": 0, "n2": -1, "n1": -2, "e2": -3, "e1": -4}
FIRST_YEAR_GROUP, LAST_YEAR_GROUP = -4, 14
# Children of the early years are there by age of months, so that nobody is out of step with these.
LAST_EARLY_YEAR = CENSUS_CODES["e2"]
WITHOUT_YEAR = "x"
NAMES = {
    0: "Reception",
    -1: "Nursery",
    -2: "Nursery, first year",
    -3: "Early second year",
    -4: "Early first year",
}


def year_name(year: int) -> str:
    """Return what a year group is called.

    Examples
    --------
    >>> year_name(7), year_name(0), year_name(-1), year_name(-4)
    ('Year 7', 'Reception', 'Nursery', 'Early first year')
    """
    return f"Year {year}" if year > RECEPTION else NAMES.get(year, "Nursery")
