"""Small registers for analysis: a fortnight's worth of marks written as text, a pupil a line."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.register.build import build_register
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.groups import YES_OR_NO

# Last year's and this year's first two half terms; 2 November 2026 is a Monday, and so is 3 November 2025.
TERMS = tuple(
    Term(
        year,
        "autumn",
        tuple(HalfTerm(date.fromisoformat(start), date.fromisoformat(end)) for start, end in halves),
    )
    for year, halves in (
        ("202526", (("2025-09-08", "2025-10-24"), ("2025-11-03", "2025-12-19"))),
        ("202627", (("2026-09-07", "2026-10-23"), ("2026-11-02", "2026-12-18"))),
    )
)
FIRST_PUPIL = {
    "surname": "Ames",
    "forename": "Ada",
    "year_group": 9,
    "form": "9A",
    "date_of_birth": "2013-01-15",
    "sex": "F",
    "sen_status": "N",
    **dict.fromkeys(YES_OR_NO, False),
    "admission_date": "2024-09-02",
    "leaving_date": None,
    "key_adult": "Tutor",
}
DATES = ("date_of_birth", "admission_date", "leaving_date")


@pytest.fixture(scope="session")
def calendar():
    """Two autumn terms, 2025 and 2026."""
    return SchoolCalendar(TERMS)


@pytest.fixture(scope="session")
def make_register(calendar):
    """Builds a register: each pupil is a dictionary of ``marks`` ({date: "AM PM" codes}) and of what differs from FIRST_PUPIL.

    Between its first and last date a pupil is present in every session that is not given.
    """

    def build(*pupils, first="2026-09-07", last="2026-11-13", edits=()):
        people, marks = [], []
        for number, pupil in enumerate(pupils):
            pupil_id = f"{number:04d}"
            people.append(
                {"pupil_id": pupil_id}
                | FIRST_PUPIL
                | {key: value for key, value in pupil.items() if key != "marks"}
            )
            marks.extend(marks_of(calendar, pupil_id, pupil.get("marks", {}), (first, last)))
        table = pd.DataFrame(people)
        table = table.assign(**{name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in DATES})
        rows = pd.DataFrame(marks, columns=["pupil_id", "date", "session", "code"])
        return build_register(table, with_edits(rows, edits), calendar).register

    return build


def marks_of(calendar, pupil_id, given, span):
    """Every open session of a span: the given codes ("I I", one for AM and one for PM), otherwise present."""
    sessions = calendar.sessions()
    for row in sessions[sessions["date"].between(*span)].itertuples():
        codes = given.get(row.date.date().isoformat(), "/ \\").split()
        code = codes[row.session == "PM"]
        if code != "-":
            yield pupil_id, row.date, row.session, code


def with_edits(rows, edits):
    """Add what some marks were before: (pupil_id, date, session, amended_from, amended_on)."""
    if not edits:
        return rows
    changed = pd.DataFrame(edits, columns=["pupil_id", "date", "session", "amended_from", "amended_on"])
    changed = changed.assign(
        date=pd.to_datetime(changed["date"]).astype("datetime64[s]"),
        amended_on=pd.to_datetime(changed["amended_on"]).astype("datetime64[s]"),
    )
    return rows.merge(changed, how="left", on=["pupil_id", "date", "session"])
