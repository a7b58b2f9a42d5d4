"""The tiny school as tables and as a register (see tests/tiny_school/README.md)."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.register.build import build_register
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term

TINY_SCHOOL = Path(__file__).parents[1] / "tiny_school"
AUTUMN = Term("202627", "autumn", (HalfTerm(date(2026, 9, 3), date(2026, 10, 23)),))
SENT_HOME = Closure(date(2026, 9, 16), "no heating", year_groups=(8,), session="PM")


@pytest.fixture(scope="session")
def read_table():
    """Reads an ASCII table of the tiny school as text, empty cells as missing."""
    return lambda name: pd.read_csv(TINY_SCHOOL / f"{name}.txt", sep=r"\s*\|\s*", engine="python", dtype=str)


@pytest.fixture(scope="session")
def tiny_pupils(read_table):
    pupils = read_table("pupils")
    dates = ["date_of_birth", "admission_date", "leaving_date"]
    return pupils.assign(
        year_group=pupils["year_group"].astype("Int16"),
        fsm=pupils["fsm"].map({"True": True, "False": False}).astype("boolean"),
        **pupils[dates].apply(pd.to_datetime),
    )


@pytest.fixture(scope="session")
def tiny_marks(read_table):
    marks = read_table("register").melt(["date", "session"], var_name="pupil_id", value_name="code").dropna()
    return marks.assign(date=pd.to_datetime(marks["date"])).reset_index(drop=True)


@pytest.fixture(scope="session")
def tiny_calendar():
    return SchoolCalendar(
        (AUTUMN,), closures=(SENT_HOME,), week_labels={date(2026, 9, 7): "A", date(2026, 9, 14): "B"}
    )


@pytest.fixture(scope="session")
def tiny_school(tiny_pupils, tiny_marks, tiny_calendar):
    """The register and the marks left out of it."""
    return build_register(tiny_pupils, tiny_marks, tiny_calendar)
