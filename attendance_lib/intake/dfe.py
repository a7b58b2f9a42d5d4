"""DfE's published attendance data (``EES_ytd_data``, ``EES_weekly_data``) read as benchmarks.

The layout is that of the data files of DfE's attendance data dashboard and of Explore education statistics: one row
per area and phase, counts of sessions and DfE's own percentages. Only what is compared is read. Until September 2025
the phase was called ``school_type``, and until August 2024 there were fewer reasons for absence.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

import numpy as np

from attendance_lib.errors import InputError, quoted
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.settings.benchmarks import DfeFile
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import DFE_KEYS, dfe_files
from attendance_lib.intake.sheet import Sheet
from attendance_lib.intake.values import as_text
from attendance_lib.rules.benchmarks import WEEK, YEAR_TO_DATE, Benchmark, Level, Series, in_words
from attendance_lib.rules.calendar import school_year_of

KEYS = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "new_la_code",
    "la_name",
    "old_la_code",
    "education_phase",
)
POSSIBLE = "possible_sessions"
# Our measure, and DfE's own percentage of possible sessions.
PERCENTAGES = {
    "attendance_rate": "attendance_perc",
    "absence_rate": "overall_absence_perc",
    "authorised_absence_rate": "authorised_absence_perc",
    "unauthorised_absence_rate": "unauthorised_absence_perc",
    "late_after_close_rate": "unauth_late_registers_closed_perc",
}
# Not in files of weeks: persistent absence is a measure over time.
PERSISTENT = {"persistent_absence_rate": "pa_perc"}
# Our measure, and the sessions that DfE counts without making them a percentage.
COUNTS = {
    "late_before_close_rate": "reason_l_present_late_before_registers_closed",
    "late_rate": "late_sessions",
    "approved_activity_rate": "approved_educational_activity",
}
REASONS = {
    "I": "illness_perc", "M": "appointments_perc", "R": "auth_religious_perc", "S": "auth_study_perc",
    "T": "auth_mob_perc", "E": "auth_excluded_perc", "C1": "auth_performance_perc", "J1": "auth_interview_perc",
    "C2": "auth_part_time_perc", "C": "auth_other_perc", "G": "unauth_hol_perc",
    "U": "unauth_late_registers_closed_perc", "O": "unauth_oth_perc", "N": "unauth_not_yet_perc",
}  # fmt: skip
# Reasons that the register has had since 19 August 2024: older files have no column for them.
NEW_REASONS = ("C1", "J1", "C2")
# What columns were called in older files, by their name now.
ONCE_CALLED = {"education_phase": "school_type", "auth_mob_perc": "auth_grt_perc"}
# Of the file of days, whose rows repeat a week's name: a year to date or weeks are wanted.
DAY_COLUMNS = ("attendance_date", "day_number")
LATER = tuple(REASONS[letter] for letter in NEW_REASONS)
REQUIRED = tuple(
    name
    for name in dict.fromkeys([*KEYS, POSSIBLE, *PERCENTAGES.values(), *COUNTS.values(), *REASONS.values()])
    if name not in LATER
)

PHASES = {"Total": "all", "Primary": "primary", "Secondary": "secondary", "Special": "special"}
TERMS = {
    "Academic year": YEAR_TO_DATE,
    "Autumn term": "autumn term",
    "Spring term": "spring term",
    "Summer term": "summer term",
    "Autumn and spring term": "autumn and spring terms",
}
WEEK_NAME = re.compile(r"Week ([1-9]|[1-4][0-9]|5[0-3])")
FRIDAY = timedelta(days=4)
SCHOOL_YEAR, CALENDAR_YEAR = re.compile(r"20[0-9]{4}"), re.compile(r"20[0-9]{2}")
TAKE_AGAIN = "Take DfE's file again."
# DfE: confidential, not available, not applicable, low, rounds to nothing, of low reliability; nothing at all.
SYMBOLS = frozenset({"c", "x", "z", "low", "k", "u", ":", "~", "NA", ""})
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?")
WHOLE_PERCENT, PERCENT_SLACK = 100, Decimal("0.001")
DIGITS = Decimal("1.0000000000000")
LAYOUT_REMEDY = (
    "Take the file EES_ytd_data.csv (or EES_weekly_data.csv) of DfE's attendance data dashboard, or the data set of the "
    "same columns from Explore education statistics, Pupil attendance in schools"
)


@dataclass(frozen=True)
class Release:
    """One file as DfE published it; the days it covers are None if not known."""

    export: Export
    published: date
    first_date: date | None = None
    last_date: date | None = None

    @property
    def source(self) -> str:
        """Where the figures were published, for the acknowledgement.

        Examples
        --------
        >>> Release(Export(Path("EES_ytd_data.csv")), date(2026, 11, 5)).source
        'DfE, Pupil attendance in schools, file EES_ytd_data.csv published 5 Nov 2026'
        """
        return (
            f"DfE, Pupil attendance in schools, file {self.export.label} published {in_words(self.published)}"
        )


@dataclass(frozen=True)
class Row:
    """One row of a file: its number (from 1) and its cells as text, by column."""

    label: str
    number: int
    cells: dict[str, str]

    @property
    def is_national(self) -> bool:
        """Whether the row is of all England.

        Examples
        --------
        >>> [Row("a.csv", 2, {"geographic_level": level}).is_national for level in ("National", "Regional")]
        [True, False]
        """
        return self.cells["geographic_level"] == "National"

    def is_of(self, la_code: str) -> bool:
        """Return whether the row is of a local authority, by its new code or its old one.

        Examples
        --------
        >>> row = Row("a.csv", 2, {"new_la_code": "E06000023", "old_la_code": "801"})
        >>> row.is_of("801"), row.is_of("E06000022")
        (True, False)
        """
        return la_code in (self.cells["new_la_code"], self.cells["old_la_code"])

    def refusal(self, problem: str, column: str) -> InputError:
        """Return what is wrong with one cell, with file, row, column and value.

        Examples
        --------
        >>> print(Row("a.csv", 7, {"la_name": "Bath"}).refusal("is not there. Take the file again.", "la_name"))
        a.csv, row 7, column 'la_name': 'Bath' is not there. Take the file again.
        """
        value = self.cells.get(column, "")
        return InputError(f"{self.label}, row {self.number}, column '{column}': {quoted(value)} {problem}")

    def percent(self, column: str) -> Decimal | None:
        """Return a percentage; None where DfE has a symbol in its place.

        Raises
        ------
        InputError
            If it is neither.

        Examples
        --------
        >>> row = Row("a.csv", 2, {"attendance_perc": "93.4", "overall_absence_perc": "c"})
        >>> row.percent("attendance_perc"), row.percent("overall_absence_perc")
        (Decimal('93.4'), None)
        """
        value = self.number_in(column)
        if value is not None and value > WHOLE_PERCENT:
            raise self.refusal(f"is more than {WHOLE_PERCENT} per cent. {LAYOUT_REMEDY}.", column)
        return value

    def number_in(self, column: str) -> Decimal | None:
        """Return a number; None where DfE has a symbol in its place or the file has no such column.

        Raises
        ------
        InputError
            If it is neither.

        Examples
        --------
        >>> row = Row("a.csv", 2, {"possible": "1200", "missed": "z"})
        >>> row.number_in("possible"), row.number_in("missed"), row.number_in("no such column")
        (Decimal('1200'), None, None)
        """
        text = self.cells.get(column, "")
        if text in SYMBOLS:
            return None
        if not NUMBER.fullmatch(text):
            raise self.refusal(
                f"is neither a number nor one of DfE's symbols (c, x, z). {TAKE_AGAIN}", column
            )
        return Decimal(text)


def read_release(release: Release, la_code: str | None = None) -> tuple[Benchmark, ...]:
    """Read the figures of England, and of one local authority if its code is given, from a file of DfE's.

    Parameters
    ----------
    release : Release
        The file and what is known of it.
    la_code : str, optional
        A local authority's new code (nine characters) or old one (three digits).

    Returns
    -------
    tuple of Benchmark
        In the order of the file: for each area and phase the rates, and the rate of each reason (``"code"``). A figure
        that DfE withheld is left out.

    Raises
    ------
    InputError
        If the layout is another, a cell is neither a number nor a symbol of DfE's, there is no row for England, or the
        local authority is not in the file.
    """
    (sheet, *_) = release.export.sheets
    rows = list(rows_of(sheet))
    england = rows_of_england(rows, sheet.label)
    own = rows_of_authority(rows, la_code) if la_code else []
    figures = tuple(figure for row in (*england, *own) for figure in figures_of(row, release))
    refuse_repeats(sheet.label, figures)
    return figures


def rows_of(sheet: Sheet) -> Iterator[Row]:
    """Yield the rows below the header, which must have every column that is read.

    Raises
    ------
    InputError
        If columns are missing; names them. If it is the file of days.
    """
    header = header_of(sheet)
    wanted = {
        name: header.index(name) for name in (*REQUIRED, *LATER, *PERSISTENT.values()) if name in header
    }
    for number, cells in enumerate(sheet.cells[1:], start=2):
        if np.any(cells != ""):
            yield Row(sheet.label, number, {name: as_text(cells[place]) for name, place in wanted.items()})


def header_of(sheet: Sheet) -> list[str]:
    """Return the headings of a file by their names now, among them every column that is read.

    Raises
    ------
    InputError
        If columns are missing; names them. If it is the file of days.

    Examples
    --------
    >>> header_of(Sheet("old.csv", "", np.array([["school", "rate"]], dtype=object)))
    Traceback (most recent call last):
    ...
    attendance_lib.errors.InputError: old.csv, row 1: this is not the layout of EES_ytd_data; it has no column ...
    """
    header = [as_text(cell).removeprefix("\ufeff") for cell in sheet.cells[0]]
    _refuse_file_of_days(header, sheet.label)
    header = _as_called_now(header)
    if missing := [name for name in REQUIRED if name not in header]:
        raise InputError(
            f"{sheet.label}, row 1: this is not the layout of EES_ytd_data; it has no column {some_of(missing)}. {LAYOUT_REMEDY}."
        )
    return header


def _refuse_file_of_days(header: list[str], label: str) -> None:
    days = [name for name in DAY_COLUMNS if name in header]
    if days:
        raise InputError(
            f"{label}, row 1: this is DfE's file of days (column {days[0]!r}), and a school's figures stand beside a year "
            f"to date and weeks. {LAYOUT_REMEDY}."
        )


def _as_called_now(header: list[str]) -> list[str]:
    now = {old: name for name, old in ONCE_CALLED.items() if name not in header}
    return [now.get(name, name) for name in header]


def some_of(columns: list[str]) -> str:
    """Return the first three columns by name, and how many more there are.

    Examples
    --------
    >>> some_of(["la_name", "time_period", "attendance_perc", "reason_i", "reason_m"])
    "'la_name', 'time_period', 'attendance_perc' and 2 more"
    """
    more = len(columns) - SHOWN_COLUMNS
    shown = ", ".join(map(quoted, columns[:SHOWN_COLUMNS]))
    return f"{shown} and {more} more" if more > 0 else shown


SHOWN_COLUMNS = 3


def rows_of_england(rows: list[Row], label: str) -> list[Row]:
    """Return the rows of the whole country.

    Raises
    ------
    InputError
        If the file (``label`` in the message) has none.

    Examples
    --------
    >>> rows = [Row("a.csv", number, {"geographic_level": level}) for number, level in ((2, "Regional"), (3, "National"))]
    >>> [row.number for row in rows_of_england(rows, "a.csv")]
    [3]
    """
    england = [row for row in rows if row.is_national]
    if not england:
        raise InputError(
            f"{label}, column 'geographic_level': no row is National, so there is no figure for England. {LAYOUT_REMEDY}."
        )
    return england


def rows_of_authority(rows: list[Row], la_code: str) -> list[Row]:
    """Return the rows of a local authority, by its new code or its old one.

    Raises
    ------
    InputError
        If the file has none; names one that it has.

    Examples
    --------
    >>> rows = [Row("a.csv", 2, {"new_la_code": "E06000022", "old_la_code": "800", "la_name": "Bath"})]
    >>> len(rows_of_authority(rows, "800"))
    1
    """
    own = [row for row in rows if row.is_of(la_code)]
    if not own:
        raise InputError(
            f"{rows[0].label}, column 'new_la_code': no row is of the local authority {quoted(la_code)}. "
            f"{known_authority(rows)}Correct benchmarks.la_code in the school file."
        )
    return own


def known_authority(rows: list[Row]) -> str:
    """Return a sentence with one authority of the file as an example of its codes; empty where it has none.

    Examples
    --------
    >>> known_authority([Row("a.csv", 2, {"new_la_code": "E06000022", "old_la_code": "800", "la_name": "Bath"})])
    'Its codes are such as E06000022 or 800 (Bath). '
    """
    cells = next((row.cells for row in rows if row.cells["new_la_code"]), None)
    return (
        f"Its codes are such as {cells['new_la_code']} or {cells['old_la_code']} ({cells['la_name']}). "
        if cells
        else ""
    )


def figures_of(row: Row, release: Release) -> Iterator[Benchmark]:
    """Yield the figures of one row: its rates, then its reasons by code.

    Raises
    ------
    InputError
        If the phase or the time is not one of DfE's, attendance and absence do not make 100 per cent, or there are more sessions
        than were possible.
    """
    check_sum(row)
    make = maker(row, release)
    for measure, column, _ in _percentages_of(row, PERCENTAGES | PERSISTENT):
        yield make(("", ""), measure, row.cells[column])
    for measure, percent in _percentages_of_counts(row):
        yield make(("", ""), measure, percent)
    for letter, _, percent in _percentages_of(row, REASONS):
        yield make(("code", letter), "code_rate", f"{percent:f}")


def _percentages_of(row: Row, columns: Mapping[str, str]) -> Iterator[tuple[str, str, Decimal]]:
    """Yield each measure whose column has a percentage in this row, with the column and the percentage."""
    for measure, column in columns.items():
        if (percent := row.percent(column)) is not None:
            yield measure, column, percent


def _percentages_of_counts(row: Row) -> Iterator[tuple[str, str]]:
    """Yield each measure that a row has as sessions only, as a percentage of those that were possible."""
    possible = row.number_in(POSSIBLE)
    for measure, column in COUNTS.items():
        if possible and (sessions := row.number_in(column)) is not None:
            if sessions > possible:
                raise row.refusal(
                    f"is more than all sessions that were possible ({possible}). {TAKE_AGAIN}", column
                )
            yield measure, str((WHOLE_PERCENT * sessions / possible).quantize(DIGITS))


def maker(row: Row, release: Release) -> Callable[[tuple[str, str], str, str], Benchmark]:
    """Return what makes a benchmark of a percentage of this row, given the characteristic, the measure and the text.

    Raises
    ------
    InputError
        If the row is of no phase of DfE's, or its time cannot be read.

    Examples
    --------
    >>> release = Release(Export(Path("EES_ytd_data.csv")), date(2026, 11, 5))
    >>> maker(Row("a.csv", 2, {"education_phase": "Nursery"}), release)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: a.csv, row 2, column 'education_phase': 'Nursery' is no phase of DfE's (Total, Primary, ...
    """
    phase = PHASES.get(row.cells["education_phase"])
    if phase is None:
        raise row.refusal(f"is no phase of DfE's ({', '.join(PHASES)}). {LAYOUT_REMEDY}.", "education_phase")
    school_year, period, first, last = time_of(row, release)
    level, area = (
        (Level.ENGLAND, "England") if row.is_national else (Level.LOCAL_AUTHORITY, row.cells["la_name"])
    )

    def make(about: tuple[str, str], measure: str, percent: str) -> Benchmark:
        return Benchmark(
            Series.DAILY, phase, *about, measure, school_year, period, first, last,
            percent, release.source, release.published, level, area,
        )  # fmt: skip

    return make


def time_of(row: Row, release: Release) -> tuple[str, str, date | None, date | None]:
    """Return the school year, the period and the first and last day of a row.

    Raises
    ------
    InputError
        If the time is not written as DfE does.

    Examples
    --------
    >>> release = Release(Export(Path("EES_ytd_data.csv")), date(2026, 11, 5))
    >>> time_of(Row("a.csv", 2, {"time_identifier": "Autumn term", "time_period": "202627"}), release)
    ('202627', 'autumn term', None, None)
    >>> time_of(Row("a.csv", 2, {"time_identifier": "Week 37", "time_period": "202627"}), release)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: a.csv, row 2, column 'time_period': '202627' is not a year such as 2026. ...
    """
    name, year = row.cells["time_identifier"], row.cells["time_period"]
    week = WEEK_NAME.fullmatch(name)
    if not week and name not in TERMS:
        raise row.refusal(
            f"is none of {', '.join(TERMS)} or a week such as Week 37. {LAYOUT_REMEDY}.", "time_identifier"
        )
    if not (CALENDAR_YEAR if week else SCHOOL_YEAR).fullmatch(year):
        form = "a year such as 2026" if week else "a school year such as 202627"
        raise row.refusal(f"is not {form}. {LAYOUT_REMEDY}.", "time_period")
    if week:
        return week_of(row, int(year), int(week[1]))
    whole = name == "Academic year"
    return year, TERMS[name], release.first_date if whole else None, release.last_date if whole else None


def week_of(row: Row, year: int, week: int) -> tuple[str, str, date, date]:
    """Return the school year, "week", the Monday and the Friday of a week of the calendar year (ISO 8601).

    Raises
    ------
    InputError
        If the year has no such week.

    Examples
    --------
    >>> week_of(Row("a.csv", 2, {}), 2026, 37)
    ('202627', 'week', datetime.date(2026, 9, 7), datetime.date(2026, 9, 11))
    """
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise row.refusal(f"is no week of {year}. {TAKE_AGAIN}", "time_identifier") from None
    return school_year_of(monday), WEEK, monday, monday + FRIDAY


def check_sum(row: Row) -> None:
    """Refuse a row whose attendance and absence do not make 100 per cent, as when columns have slipped.

    Raises
    ------
    InputError
        If they differ from 100 by more than PERCENT_SLACK.

    Examples
    --------
    >>> check_sum(Row("a.csv", 2, {"attendance_perc": "93.4", "overall_absence_perc": "6.6"}))
    >>> check_sum(Row("a.csv", 3, {"attendance_perc": "93.4", "overall_absence_perc": "4.6"}))
    Traceback (most recent call last):
    ...
    attendance_lib.errors.InputError: a.csv, row 3, column 'attendance_perc': '93.4' and overall_absence_perc 4.6 do not make ...
    """
    attendance, absence = row.percent("attendance_perc"), row.percent("overall_absence_perc")
    if attendance is None or absence is None:
        return
    if abs(attendance + absence - WHOLE_PERCENT) > PERCENT_SLACK:
        raise row.refusal(
            f"and overall_absence_perc {absence} do not make 100. {TAKE_AGAIN}", "attendance_perc"
        )


# What a figure is of, when and where: a file has one of each.
IS_ABOUT = attrgetter("level", "phase", "value", "measure", "school_year", "period", "first_date")


def refuse_repeats(label: str, figures: tuple[Benchmark, ...]) -> None:
    """Refuse a file that gives one figure twice.

    Raises
    ------
    InputError
        At the first figure that is in two rows.

    Examples
    --------
    >>> about = (Series.DAILY, "secondary", "", "", "attendance_rate", "202627", YEAR_TO_DATE)
    >>> figure = Benchmark(*about, None, None, "93.5", "DfE", None, Level.ENGLAND, "England")
    >>> refuse_repeats("a.csv", (figure,))
    >>> refuse_repeats("a.csv", (figure, figure))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: a.csv: there are two rows for England, secondary schools, ...
    """
    seen = set()
    for figure in figures:
        key = IS_ABOUT(figure)
        if key in seen:
            raise InputError(
                f"{label}: there are two rows for {figure.area}, {figure.phase} schools, {figure.covers}. {TAKE_AGAIN}"
            )
        seen.add(key)


# The figures a school is compared with that come from outside the project: DfE's newer files, and those it entered

DATE_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})[-_]?([01][0-9])[-_]?([0-3][0-9])(?![0-9])")


def read_benchmarks(settings: Settings, ledger: Ledger) -> tuple[Benchmark, ...]:
    """Read DfE's files from where the school file puts them, and the figures that the school entered.

    Parameters
    ----------
    settings : Settings
        The school file.
    ledger : Ledger
        Where refusals are written.

    Returns
    -------
    tuple of Benchmark
        Those of the files by the name of the file, then the school's own in the order of the school file.
    """
    figures: list[Benchmark] = []
    for key in DFE_KEYS:
        for path in dfe_files(settings, key):
            try:
                figures += read_release(release_of(path, settings, key), settings.benchmarks.la_code)
            except InputError as error:
                ledger.refusals.extend(error.problems)
    return (*figures, *settings.benchmarks.entered())


def release_of(path: Path, settings: Settings, key: str) -> Release:
    """Return one of DfE's files with the day it was published, from its name or the school file.

    Raises
    ------
    InputError
        If neither has it, or the school file gives one date for several files.
    """
    place: DfeFile = getattr(settings.benchmarks, key)
    is_alone = len(dfe_files(settings, key)) == 1
    published = date_in(path.name) or (place.published if is_alone else None)
    if published is None:
        where = (
            f"or write benchmarks.{key}.published in the school file"
            if is_alone
            else "so that each file has its own"
        )
        raise InputError(
            f"{path.name}: nothing says on which day DfE published it. Put the day in its name, as in "
            f"{path.stem}_2026-11-05{path.suffix}, {where}."
        )
    known = (place.first_date, place.last_date) if is_alone else (None, None)
    return Release(Export(path), published, *known)


def date_in(name: str) -> date | None:
    """Return the day that a file's name holds, None where it holds none.

    Examples
    --------
    >>> date_in("EES_ytd_data_2026-11-05.csv"), date_in("ytd 20261105.csv"), date_in("EES_ytd_data.csv")
    (datetime.date(2026, 11, 5), datetime.date(2026, 11, 5), None)
    >>> date_in("week_2026_13_41.csv") is None
    True
    """
    found = DATE_IN_NAME.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
