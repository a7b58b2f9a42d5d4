"""Year groups as whole numbers, and what the School Census calls those before Year 1.

Source: DfE, Common Basic Data Set, national curriculum year group: E1 and E2 early first and second year, N1 and N2
nursery first and second year, R Reception, X not following the national curriculum by year.
"""

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
