"""What each check of the inspection found: how many things, how many of them new, and where most."""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.words import in_year
from attendance_lib.rules.inspection import RULES

SHOWN_PLACES, SHOWN_EXAMPLES = 3, 3
TO_FIX, CLEAR, NOT_CHECKED = "To fix", "Clear", "Not checked: "


def summarise(things: pd.DataFrame, since: date, unchecked_rules: dict[str, str]) -> pd.DataFrame:
    """Say what each check found and where.

    Parameters
    ----------
    things : pandas.DataFrame
        What ``inspect_register`` returns.
    since : datetime.date
        The first day of the period: what became so from then on is new.
    unchecked_rules : dict of str to str
        What ``unchecked`` returns.

    Returns
    -------
    pandas.DataFrame
        One row per rule, in their order: ``rule``, ``severity``, ``check``, ``what_to_do``, ``source``, ``things``
        and ``new_things`` (counts; missing where it could not be checked), ``result`` (in words), ``forms``,
        ``dates`` (those most concerned) and ``examples`` (identifiers).
    """
    rows = [summary_row(each.rule, things[things["rule"] == each.rule], since) for each in RULES]
    declared = pd.DataFrame([vars(each) for each in RULES])
    table = declared.assign(severity=declared["severity"].astype(str)).merge(
        pd.DataFrame(rows), on="rule", validate="1:1"
    )
    is_checked = ~table["rule"].isin(list(unchecked_rules))
    reasons = [NOT_CHECKED + unchecked_rules.get(rule, "") for rule in table["rule"]]
    result = np.where(table["things"] > 0, TO_FIX, CLEAR)
    return table.assign(
        result=np.where(is_checked, result, reasons),
        things=table["things"].astype("Int64").where(is_checked),
        new_things=table["new_things"].astype("Int64").where(is_checked),
    )


def summary_row(rule: str, things: pd.DataFrame, since: date) -> dict[str, object]:
    """Return what one check found: counts, and the forms and dates most concerned."""
    days = pd.Series([in_year(day) for day in things["date"].dropna().to_numpy()], dtype=object)
    return {
        "rule": rule,
        "things": len(things),
        "new_things": int((things["known_date"] >= pd.Timestamp(since)).sum()),
        "forms": most(things["form"]),
        "dates": most(days),
        "examples": ", ".join(
            things.loc[things["pupil_id"] != "", "pupil_id"].drop_duplicates().head(SHOWN_EXAMPLES)
        ),
    }


def most(places: pd.Series) -> str:
    """Return the commonest values with their counts, the first of equals first, and how many more there are.

    Examples
    --------
    >>> most(pd.Series(["9C", "8A", "9C", "", "7B", "7C"]))
    '9C (2), 8A (1), 7B (1) and 1 more'
    """
    counts = places[places != ""].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    shown = ", ".join(f"{place} ({count})" for place, count in counts.head(SHOWN_PLACES).items())
    return f"{shown} and {len(counts) - SHOWN_PLACES} more" if len(counts) > SHOWN_PLACES else shown
