"""Writing the demo school's exports, the same bytes every time."""

import io
import json
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font

from attendance_lib.demo.register import ATTENDING, AUTHORISED, CODES, UNAUTHORISED, DemoRegister
from attendance_lib.demo.roll import SCHOOL_YEARS
from attendance_lib.rules.calendar import SESSIONS

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
WRITTEN_AT = datetime(2026, 11, 20, 17, 0)
"""The time of the export, written into workbooks in place of the clock's."""
DATE_FORMAT = "yyyy-mm-dd"


def by_weeks(register: DemoRegister, school_year: str) -> pd.DataFrame:
    """Lay one school year's register out by weeks, as Bromcom exports it.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    school_year : str
        Such as ``"202526"``.

    Returns
    -------
    pandas.DataFrame
        One row per pupil and week in which the pupil was on roll: ``StudentId``, ``CalendarStartDate`` and ten
        columns of codes. ``#`` where the school was closed to the pupil, blank where there is no mark.
    """
    timetable = register.timetable
    days = np.flatnonzero(timetable.school_years == school_year)
    weeks, week_of_day = np.unique(timetable.mondays[days], return_inverse=True)
    grid = np.full((len(register.cells), len(weeks), 2 * len(WEEKDAYS)), CODES.index("#"), dtype=np.uint8)
    # Off roll is blank on closed days as well.
    on_roll = np.repeat(_on_roll(register, weeks), 2, axis=2)
    grid[~on_roll] = 0
    for half in range(len(SESSIONS)):
        grid[:, week_of_day, 2 * timetable.weekdays[days] + half] = register.cells[:, 2 * days + half]
    rows, numbers = np.nonzero(on_roll.any(axis=2))
    marks = np.array(CODES)[grid[rows, numbers]]
    names = [day + half for day in WEEKDAYS for half in SESSIONS]
    wide = pd.DataFrame(marks, columns=names)
    wide.insert(0, "CalendarStartDate", np.char.add(weeks.astype(str), "T00:00:00")[numbers])
    wide.insert(0, "StudentId", register.roll.table["pupil_id"].to_numpy()[rows])
    return wide.sort_values(["StudentId", "CalendarStartDate"], ignore_index=True)


def _on_roll(register: DemoRegister, weeks: np.ndarray) -> np.ndarray:
    """Whether each enrolment was on roll on each weekday of each week; enrolments by weeks by weekdays."""
    days = (weeks[:, None] + np.arange(len(WEEKDAYS)))[None, :, :]
    admitted = register.roll.table["admission_date"].to_numpy(dtype="datetime64[D]")[:, None, None]
    left = register.roll.table["leaving_date"].fillna(pd.Timestamp("2099-12-31"))
    return (admitted <= days) & (days <= left.to_numpy(dtype="datetime64[D]")[:, None, None])


def late_arrivals(register: DemoRegister) -> pd.DataFrame:
    """List the late arrivals with minutes late.

    Parameters
    ----------
    register : DemoRegister
        The finished register.

    Returns
    -------
    pandas.DataFrame
        One row per L and U, in order of pupil, date and session; ``minutes_late`` is missing where it was not
        written down.
    """
    rows, sessions = np.nonzero(register.holds(("L", "U")))
    minutes = pd.array(register.minutes_late[rows, sessions], dtype="Int16")
    return pd.DataFrame({
        "pupil_id": register.roll.table["pupil_id"].to_numpy()[rows],
        "date": register.timetable.days[sessions // 2].astype(str), "session": np.array(SESSIONS)[sessions % 2],
        "code": np.array(CODES)[register.cells[rows, sessions]],
        "minutes_late": pd.Series(minutes).mask(minutes < 0),
    }).sort_values(["pupil_id", "date", "session"], ignore_index=True)  # fmt: skip


def write_csv(table: pd.DataFrame, path: Path, *, with_mark: bool = False) -> None:
    """Write a table as CSV in UTF-8, with a byte-order mark if the system that is imitated writes one.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table, with one line for each of its rows; dates become ISO dates (days).
    path : pathlib.Path
        The file.
    with_mark : bool
        Whether a byte-order mark comes first.
    """
    encoding = "utf-8-sig" if with_mark else "utf-8"
    table.to_csv(path, index=False, encoding=encoding, lineterminator="\n", date_format="%Y-%m-%d")


def write_truth(truth: dict[str, object], path: Path) -> None:
    """Write the truth as JSON.

    Parameters
    ----------
    truth : dict
        Text, numbers, lists and dictionaries.
    path : pathlib.Path
        The file.
    """
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def write_workbook(sheets: dict[str, pd.DataFrame], path: Path) -> None:
    """Write tables as sheets of a workbook: heads in the first row, dates as dates, identifiers as text.

    Parameters
    ----------
    sheets : dict of str to pandas.DataFrame
        Name of each sheet and its table.
    path : pathlib.Path
        The file; the same tables give the same bytes.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "Larkmoor Academy"
    workbook.properties.created = WRITTEN_AT
    for name, table in sheets.items():
        sheet = workbook.create_sheet(name)
        sheet.append(list(table.columns))
        for row in zip(*(table[column] for column in table), strict=True):
            sheet.append([_cell(value) for value in row])
        sheet.freeze_panes = "A2"
        _format(sheet)
    stream = io.BytesIO()
    workbook.save(stream)
    path.write_bytes(_timeless(stream.getvalue()))


def _cell(value: object) -> object:
    """A value as openpyxl takes it: days as dates, blanks as empty cells."""
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if value == "" or pd.isna(value) else value.item() if isinstance(value, np.generic) else value


def _format(sheet: object) -> None:
    """Bold heads, and ISO dates in the cells that hold dates."""
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, date):
                cell.number_format = DATE_FORMAT


def _timeless(workbook: bytes) -> bytes:
    """The same workbook with the time of the export in place of the clock's, inside and on the zip's members."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"\d{4}-\d\d-\d\dT[\d:.]+Z", WRITTEN_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content
                )
            member = zipfile.ZipInfo(name, WRITTEN_AT.timetuple()[:6])
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(member, content)
    return stream.getvalue()


# Figures of the demo school that a check can count again


def calendar_figures(register: DemoRegister) -> dict[str, dict[str, int]]:
    """Count open days, school weeks and the sessions of each year group, by school year.

    Parameters
    ----------
    register : DemoRegister
        The finished register.

    Returns
    -------
    dict
        One entry per school year; sessions under ``year_<year group>``.
    """
    timetable, figures = register.timetable, {}
    for year in SCHOOL_YEARS:
        days = timetable.school_years == year
        open_sessions = {
            f"year_{g}": int((~shut[np.repeat(days, 2)]).sum()) for g, shut in timetable.closed.items()
        }
        weeks = len(np.unique(timetable.mondays[days]))
        figures[year] = {"open_days": int(days.sum()), "school_weeks": weeks, **open_sessions}
    return figures


def latent_figures(register: DemoRegister, propensity: np.ndarray) -> dict[str, float]:
    """Sum up the latent propensities (shape (enrolments,)): a share of school days, before season and interventions.

    Parameters
    ----------
    register : DemoRegister
        The finished register.
    propensity : numpy.ndarray
        Latent propensity of each enrolment.

    Returns
    -------
    dict
        Mean, mean with and without free school meals, and some quantiles.
    """
    shares = {f"quantile_{q}": float(np.quantile(propensity, q / 100)) for q in (10, 25, 50, 75, 90, 95)}
    fsm = register.roll.has("fsm")
    groups = {
        "fsm_mean": propensity[fsm].mean(),
        "not_fsm_mean": propensity[~fsm].mean(),
        "mean": propensity.mean(),
    }
    return {name: round(float(value), 4) for name, value in {**groups, **shares}.items()}


def totals(register: DemoRegister) -> dict[str, dict[str, int]]:
    """Count possible, absence, late and N sessions of each school year.

    Parameters
    ----------
    register : DemoRegister
        The finished register.

    Returns
    -------
    dict
        One entry per school year, counts in sessions.
    """
    years = np.repeat(register.timetable.school_years, 2)
    kinds = {
        "possible_sessions": (*ATTENDING, *AUTHORISED, *UNAUTHORISED), "authorised_absence_sessions": AUTHORISED,
        "unauthorised_absence_sessions": UNAUTHORISED, "late_before_close_sessions": ("L",),
        "late_after_close_sessions": ("U",), "n_sessions": ("N",),
    }  # fmt: skip
    return {
        year: {name: int(register.holds(codes)[:, years == year].sum()) for name, codes in kinds.items()}
        for year in SCHOOL_YEARS
    }


def defects_before(happened: dict[str, object]) -> dict[str, list[dict[str, str]]]:
    """Say where the inspection must find what happened to the marks after they were made.

    Parameters
    ----------
    happened : dict
        The truth of what happened to the marks.

    Returns
    -------
    dict of str to list
        For each check, where it must find something; of late edits, at least at one of the places.

    Examples
    --------
    >>> mark = {"pupil_id": "1", "date": "2026-09-14", "session": "AM"}
    >>> happened = {"missing_register": ("7A", "2026-09-14"), "missing_marks": [mark], "forgotten_n": [mark], "obsolete_codes": {},
    ...     "late_edits": [], "late_edits_of_u": []}
    >>> found = defects_before(happened)
    >>> len(found["mark_missing"]), found["n_overdue"] == [mark]  # the marks of a register that is missing are counted with it
    (0, True)
    """
    form, day = happened["missing_register"]
    this_year = f"{SCHOOL_YEARS[-1][:4]}-09"
    return {
        "register_missing": [{"form": form, "date": day, "session": session} for session in SESSIONS],
        "mark_missing": [mark for mark in happened["missing_marks"] if mark["date"] != day],
        "n_overdue": [mark for mark in happened["forgotten_n"] if mark["date"] >= this_year],
        "obsolete_code": [mark for marks in happened["obsolete_codes"].values() for mark in marks],
        "late_after_close": happened["late_edits_of_u"],
        "edit_near_threshold": happened["late_edits"],
    }
