"""The roll against the marks: who should have marks and has none, who joined and who left."""

import numpy as np
import pandas as pd

from attendance_lib.register.grid import CLOSED, FIRST_CODE, NOT_ON_ROLL, Register

COUNTS = (
    "enrolments",
    "expected_enrolments",
    "marked_enrolments",
    "unmarked_enrolments",
    "current_enrolments",
    "joined_enrolments",
    "left_enrolments",
)


def reconcile_by_form(register: Register) -> pd.DataFrame:
    """Return enrolments and those with marks of each year group and form.

    Parameters
    ----------
    register : Register
        The whole register, from its first to its last mark.

    Returns
    -------
    pandas.DataFrame
        One row per year group and form (``""`` where the roll names none), in that order, with counts of
        enrolments: all; ``expected_enrolments`` for whom at least one session was open while on roll;
        of these ``marked_enrolments`` with and ``unmarked_enrolments`` without any mark;
        ``current_enrolments`` on roll at the last session; those that joined after the first session and
        those that left before the last.
    """
    forms = register.pupils["form"].astype(object)
    table = enrolment_facts(register).assign(
        year_group=register.pupils["year_group"].to_numpy(), form=forms.where(forms.notna(), "").to_numpy()
    )
    return table.groupby(["year_group", "form"], sort=True, dropna=False)[list(COUNTS)].sum().reset_index()


def enrolment_facts(register: Register) -> pd.DataFrame:
    """Return what is counted of each enrolment, as 1 or 0 (one row per enrolment, columns ``COUNTS``), over the register's days."""
    days = register.sessions["date"].to_numpy()
    expected = ((register.codes != NOT_ON_ROLL) & (register.codes != CLOSED)).any(axis=1)
    marked = (register.codes >= FIRST_CODE).any(axis=1)
    first, last = (days[0], days[-1]) if len(days) else (np.datetime64("NaT"), np.datetime64("NaT"))
    admission = register.pupils["admission_date"].to_numpy()
    leaving = register.pupils["leaving_date"].to_numpy()
    facts = {
        "enrolments": np.ones(len(expected), dtype=bool),
        "expected_enrolments": expected,
        "marked_enrolments": expected & marked,
        "unmarked_enrolments": expected & ~marked,
        "current_enrolments": ~(admission > last) & ~(leaving < last),
        "joined_enrolments": (admission > first) & (admission <= last),
        "left_enrolments": (leaving >= first) & (leaving < last),
    }
    return pd.DataFrame({name: facts[name].astype(int) for name in COUNTS})
