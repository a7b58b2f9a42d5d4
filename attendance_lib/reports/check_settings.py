"""The page of ``attendance check`` where the school file cannot be used or a path in it leads to no file: nothing was read."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from attendance_lib.display import Column, Document, Sentences, Table
from attendance_lib.errors import SettingsError, counted
from attendance_lib.intake.problems import problem_of
from attendance_lib.reports.check_page import PRIVACY, TITLE, Part
from attendance_lib.reports.check_tables import REMEDY, SHOWN, WHAT

# Nothing is known of any day, and the same school file gives the same page: the first day that a workbook can be dated by.
NO_DATE = "1980-01-01"
COLUMNS = (
    Column("file", "Where", meaning="The school file, its line and the key", width=48),
    WHAT,
    REMEDY,
)


def settings_document(school: tuple[str, str], file: str) -> Document:
    """Return what the page is: the school (name and URN), and which school file cannot be used."""
    name, urn = school
    return Document(
        name="check",
        title=TITLE,
        school=name,
        urn=urn,
        period="nothing read",
        date=NO_DATE,
        cohort=f"school file {file}",
        confidentiality=PRIVACY,
    )


def settings_parts(error: SettingsError, file: Path, named: Callable[[Path], str]) -> list[Part]:
    """Return the page's parts: that nothing was read and why, then each thing to put right in the school file.

    Parameters
    ----------
    error : SettingsError
        One line for each problem.
    file : pathlib.Path
        The school file; messages name it as ``named`` says, so that every machine writes the same page.
    named : callable
        How a path is shown.
    """
    lines = str(error).replace(str(file), named(file)).splitlines()
    verdict = (
        f"Refused, so no report can be made and no export was read: {counted(len(lines), 'thing')} must be put right in the "
        "school file, or where its paths lead."
    )
    table = Table(
        name="settings_problems",
        title="What must be put right first",
        frame=pd.DataFrame([vars(problem_of(line)) for line in lines]),
        columns=COLUMNS,
        row_header="file",
        shown_rows=SHOWN,
        note="Put these right, and run attendance check again: what is in the exports is looked at then.",
    )
    return [Part("", (Sentences("verdict", (verdict,), "lead"),)), Part("What to put right", (table,))]
