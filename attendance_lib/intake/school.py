"""A school as its exports tell it: settings, calendar, roll, marks, logs and the account of how they were read."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number
from attendance_lib.intake.benchmarks import read_benchmarks
from attendance_lib.intake.blanks import count_missing
from attendance_lib.intake.concealment import conceal
from attendance_lib.intake.doubts import doubtful_marks
from attendance_lib.intake.gate import refusal_of, refuse_empty, refuse_loss, refuse_outside_calendar
from attendance_lib.intake.identify import identify
from attendance_lib.intake.ledger import Finding, IntakeLog, Ledger, Repair, Severity
from attendance_lib.intake.logs import read_logs
from attendance_lib.intake.marks import read_marks
from attendance_lib.intake.openness import Openness, find_openness, is_on_roll
from attendance_lib.intake.plain_words import shown_plainly
from attendance_lib.intake.pupils import check_ages, read_pupils, without_marks
from attendance_lib.intake.reconcile import Reconciled, no_doubt
from attendance_lib.intake.settings import Settings
from attendance_lib.intake.sources import check_files, find_sources
from attendance_lib.intake.tables import TableRead
from attendance_lib.rules.benchmarks import Benchmark
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.codes import CODES, Category, categories_on

CLOSED_CODES = ("#", "Z")


@dataclass(frozen=True, eq=False)
class School:
    """Everything a paper is made from. Tables are those of ``schema.py``; an optional one is None where there is none.

    ``benchmarks`` are the figures from outside that the school file leads to or holds; the project's own are in ``rules``.
    ``doubtful_marks`` are the sessions whose marks could not be taken as they stand (see ``reconcile.Reconciled``).
    """

    settings: Settings
    calendar: SchoolCalendar
    pupils: pd.DataFrame
    marks: pd.DataFrame
    lessons: pd.DataFrame | None
    interventions: pd.DataFrame | None
    actions: pd.DataFrame | None
    contacts: pd.DataFrame | None
    notices: pd.DataFrame | None
    log: IntakeLog
    benchmarks: tuple[Benchmark, ...] = ()
    doubtful_marks: pd.DataFrame = field(default_factory=no_doubt)


@dataclass(frozen=True, eq=False)
class CheckedSchool:
    """What became of a reading, whether or not it may be used.

    ``school`` is None where reading had to stop; ``problems`` holds every reason to refuse, one line each,
    and is empty for a school that may be used.
    """

    settings: Settings
    school: School | None
    log: IntakeLog
    problems: tuple[str, ...]

    def accepted(self) -> School:
        """Return the school.

        Raises
        ------
        InputError
            If anything refuses it: the first 20 problems and a count.
        """
        if self.school is None or self.problems:
            raise refusal_of(self.problems)
        return self.school


def read_school(settings: Settings) -> School:
    """Read and check every export that the school file names.

    Parameters
    ----------
    settings : Settings
        The school file, from ``load_settings``.

    Returns
    -------
    School
        Typed tables, ordered whatever the order of files and rows, and the log.

    Raises
    ------
    SettingsError
        If a path leads to no file.
    InputError
        If a file is refused or too many marks would be left out: one line for each problem of all files
        (the first 20 and a count), without any personal value.
    """
    return read_school_checked(settings).accepted()


def read_school_checked(settings: Settings) -> CheckedSchool:
    """Read every export and say what refuses it, instead of raising: the one place where exports are refused.

    Parameters
    ----------
    settings : Settings
        The school file, from ``load_settings``.

    Returns
    -------
    CheckedSchool
        The school as far as it could be read, the log and all problems.

    Raises
    ------
    SettingsError
        If a path leads to no file.
    """
    check_files(settings)
    ledger = Ledger()
    roll = read_pupils(find_sources(settings, "pupils"), ledger)
    tables = _read_tables(settings, roll, ledger)
    benchmarks = read_benchmarks(settings, ledger)
    conceal(ledger, None if roll is None else roll.rows)
    log = ledger.close()
    school = (
        School(settings, settings.build_calendar(), **tables, log=log, benchmarks=benchmarks)
        if tables
        else None
    )
    return CheckedSchool(settings, school, log, tuple(ledger.refusals))


def _read_tables(
    settings: Settings, roll: TableRead | None, ledger: Ledger
) -> dict[str, pd.DataFrame | None] | None:
    """Return the tables of a school by name; None if a file was refused, so that no table can be trusted."""
    calendar = settings.build_calendar()
    read = read_marks(find_sources(settings, "marks"), ledger, calendar.school_days)
    logs = read_logs(settings, pd.Series(dtype="str") if roll is None else roll.rows["pupil_id"], ledger)
    refuse_empty(settings, {"pupils": roll and roll.rows, "marks": read and read.marks}, ledger)
    if roll is None or read is None or ledger.refusals:
        return None
    marks = _agreed_with_calendar(_on_the_roll(read, roll, ledger), roll, ledger, calendar)
    ledger.missing_marks = count_missing(read.blanks, marks, roll.rows, calendar)
    _check_marks(marks, roll, settings, ledger)
    refuse_loss(ledger)
    refuse_outside_calendar(settings, marks, ledger)
    return {
        "pupils": roll.rows.astype({"year_group": "int64"}),
        "marks": marks.astype({"pupil_id": "str"}),
        "doubtful_marks": doubtful_marks(read, roll.rows),
        **logs,
    }


def _on_the_roll(read: Reconciled, roll: TableRead, ledger: Ledger) -> pd.DataFrame:
    """Give each mark the roll's identifier, and leave out marks of pupils whom the roll does not have."""
    marks = read.marks
    used = marks["pupil_id"].cat.categories
    found = identify(used, roll.rows)
    ledger.repair(
        Repair("by_upn", "", found.by_upn, "pupils of the marks were found by their unique pupil number")
    )
    ledger.repair(
        Repair("leading_zeros", "", found.by_zeros, "identifiers in the marks had lost their leading zeros")
    )
    known = np.array([name in found.pupil_id for name in used], dtype=bool)
    is_known = known[marks["pupil_id"].cat.codes]
    lost = int((~is_known).sum())
    if lost:
        (file, row), first = min((read.named_at[name], name) for name in used[~known])
        message = (
            f"{counted(lost, 'mark belongs', 'marks belong')} to "
            f"{counted(int((~known).sum()), 'pupil who is', 'pupils who are')} not in the pupils file "
            f"(the first {shown_plainly(first)}) and {in_number(lost, 'is', 'are')} left out. "
            "Export every pupil of the period, leavers too."
        )
        ledger.drop(Finding("marks_without_pupil", Severity.MUST, message, file, "pupil_id", lost, row))
    kept = marks[is_known].reset_index(drop=True)
    renamed = kept["pupil_id"].cat.remove_unused_categories()
    return _without_double(kept.assign(pupil_id=_renamed(renamed, found.pupil_id)), ledger)


def _renamed(column: pd.Series, names: dict[str, str]) -> pd.Categorical:
    """Return a column of categories under other names, of which several may become one."""
    names_now = pd.Index([names[name] for name in column.cat.categories], dtype="str")
    distinct = pd.Index(sorted(set(names_now)), dtype="str")
    return pd.Categorical.from_codes(distinct.get_indexer(names_now)[column.cat.codes], categories=distinct)


def _without_double(marks: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Keep one mark where a pupil was named in two ways; what the two say must agree."""
    key = ["pupil_id", "date", "session"]
    if marks["pupil_id"].cat.codes.is_monotonic_increasing:
        return marks
    ordered = marks.sort_values([*key, "code"], kind="stable", ignore_index=True)
    differ = ordered.duplicated(key) & ~ordered.duplicated([*key, "code"])
    if differ.any():
        count = int(differ.sum())
        message = (
            f"{counted(count, 'pupil session has', 'pupil sessions have')} several codes under two names of one pupil; "
            "the first by code was taken. Export the marks under one of the two."
        )
        ledger.find(Finding("undecided_marks", Severity.MUST, message, column="code", count=count))
    return ordered.drop_duplicates(key, ignore_index=True)


def _agreed_with_calendar(
    marks: pd.DataFrame, roll: TableRead, ledger: Ledger, calendar: SchoolCalendar
) -> pd.DataFrame:
    """Leave out closure marks where calendar or roll say the same, and report marks that contradict them."""
    openness = find_openness(marks, calendar)
    on_roll = is_on_roll(marks, roll.rows)
    says_closed = marks["code"].isin(CLOSED_CODES).to_numpy()
    agreed = says_closed & ((openness == Openness.CLOSED) | ~on_roll)
    message = "closure marks (#, Z) agree with the calendar or the roll and are not kept"
    ledger.repair(Repair("closed_sessions", "", int(agreed.sum()), message))
    for rule, where, verb, what in (
        (
            "closed_when_open", says_closed & on_roll & (openness == Openness.OPEN), ("says", "say"),
            "closed (#, Z) when the calendar has the session open",
        ),
        (
            "marked_when_closed", ~says_closed & (openness == Openness.CLOSED), ("was", "were"),
            "made when the calendar has the session closed",
        ),
        ("marked_off_roll", ~says_closed & ~on_roll, ("was", "were"), "made before admission or after leaving"),
    ):  # fmt: skip
        if where.any():
            day = marks["date"].to_numpy()[np.argmax(where)].astype("datetime64[D]")
            count = int(where.sum())
            marks_are = f"{counted(count, 'mark')} {in_number(count, *verb)}"
            where_first = f"{in_number(count, 'it is', 'the first is')} on {day}"
            message = f"{marks_are} {what}; {where_first}. Correct the register, the roll or the calendar."
            ledger.find(Finding(rule, Severity.MUST, message, column="date", count=count))
    return marks[~agreed].reset_index(drop=True)


def _check_marks(marks: pd.DataFrame, roll: TableRead, settings: Settings, ledger: Ledger) -> None:
    finding = without_marks(roll, marks["pupil_id"].cat.remove_unused_categories().cat.categories)
    if finding:
        ledger.find(finding)
    if len(marks):
        check_ages(roll, marks["date"].max().date(), settings.school.year_groups, ledger)
        _report_not_in_force(marks, ledger)


def _report_not_in_force(marks: pd.DataFrame, ledger: Ledger) -> None:
    """Report codes that the code set of their date does not have; the register shows them as unclassified."""
    days, day = np.unique(marks["date"].to_numpy().astype("datetime64[D]"), return_inverse=True)
    row_of = {code.letter: row for row, code in reversed(list(enumerate(CODES)))}
    rows = np.array([row_of[letter] for letter in marks["code"].cat.categories])[marks["code"].cat.codes]
    outside = pd.Series(marks["code"].astype(object)[categories_on(days)[rows, day] == Category.UNCLASSIFIED])
    for letter, count in outside.value_counts().sort_index().items():
        message = (
            f"{counted(count, 'mark holds', 'marks hold')} the code {letter!r} on {in_number(count, 'a date', 'dates')} when it "
            f"was not in force; {in_number(count, 'it is', 'they are')} shown as unclassified. Correct the register."
        )
        ledger.find(Finding("code_not_in_force", Severity.MUST, message, column="code", count=int(count)))
