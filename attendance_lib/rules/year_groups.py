"""What year groups are called."""


def year_name(year: int) -> str:
    """Return what a year group is called.

    Examples
    --------
    >>> year_name(7), year_name(0), year_name(-1)
    ('Year 7', 'Reception', 'Nursery')
    """
    return f"Year {year}" if year > 0 else "Reception" if year == 0 else "Nursery"
