"""Reading a school: every export that its school file names, read, checked and put together."""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.errors import counted, in_number, quoted
from attendance_lib.intake.checked_school import CheckedSchool, School
from attendance_lib.intake.dfe import read_benchmarks
from attendance_lib.intake.gate import refuse_empty, refuse_loss, refuse_outside_calendar, refuse_untaken
from attendance_lib.intake.ledger import Finding, Ledger, Repair, Severity, no_doubt
from attendance_lib.intake.lessons import read_lessons
from attendance_lib.intake.logs import read_logs
from attendance_lib.intake.marks import read_marks
from attendance_lib.intake.misread import moved_holidays, swapped_files
from attendance_lib.intake.placing import (
    Identified,
    Placed,
    Registers,
    Whereabouts,
    find_school_open,
    identify,
    is_on_roll,
    is_open_to,
    last_day_of,
    place_marks,
    session_numbers,
)
from attendance_lib.intake.planned import report_contradictions
from attendance_lib.intake.privacy import conceal, for_message
from attendance_lib.intake.pupils import (
    RollYear,
    check_ages,
    never_on_roll,
    read_pupils,
    with_plain_years,
    without_marks,
)
from attendance_lib.intake.reconcile import Reconciled, doubted
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import check_files, find_sources
from attendance_lib.intake.tables import TableRead
from attendance_lib.rules.calendar import SchoolCalendar, short_date
from attendance_lib.rules.codes import CODES, Category, categories_on

# Which blank cells are missing marks: those of a session that was open, of a pupil on roll, with no mark from elsewhere


def count_missing(
    blank_cells: pd.DataFrame,
    marks: pd.DataFrame,
    pupils: pd.DataFrame,
    calendar: SchoolCalendar,
    registers: Registers,
) -> int:
    """Return how many pupil sessions the files leave blank that should have a mark (``blank_cells`` has one row per blank cell).

    Parameters
    ----------
    blank_cells : pandas.DataFrame
        Pupil, date and session of each blank cell, the pupil as the file names him or her.
    marks : pandas.DataFrame
        MARKS, with ``pupil_id`` as a category of the roll's identifiers.
    pupils : pandas.DataFrame
        PUPILS.
    calendar : SchoolCalendar
        The school's calendar.
    registers : Registers
        How far registers reach.

    Returns
    -------
    int
        Pupil sessions. Cells of sessions closed to the pupil's year group, of pupils not on roll that day, and
        of those after the last register or before the first are rightly blank.
    """
    if blank_cells.empty or registers.last is None:
        return 0
    names = identify(blank_cells["pupil_id"].cat.categories, pupils).pupil_id
    known = blank_cells.assign(pupil_id=blank_cells["pupil_id"].astype(object).map(names).astype("category"))
    numbers = session_numbers(known["date"], known["session"])
    is_within = (numbers <= registers.last) & (numbers >= (registers.first or 0))
    known = known[known["pupil_id"].notna() & is_within]
    is_open = is_open_to(known, pupils, calendar, find_school_open(known, calendar))
    due = known[is_on_roll(known, pupils) & is_open]
    return int((~_named(due).isin(_named(marks))).sum())


def _named(rows: pd.DataFrame) -> pd.Index:
    """Return pupil and session of each row as one key."""
    numbers = session_numbers(rows["date"], rows["session"])
    return pd.MultiIndex.from_arrays([np.asarray(rows["pupil_id"], dtype=object), numbers])


# The marks that could not be used as they are, one row each, so that a person can put each right

KEY = ["pupil_id", "date", "session"]


def doubtful_marks(read: Reconciled, pupils: pd.DataFrame) -> pd.DataFrame:
    """Return what is doubtful, under the roll's identifiers.

    Parameters
    ----------
    read : Reconciled
        The marks of all files and what was doubtful in them, the pupils as the files name them.
    pupils : pandas.DataFrame
        PUPILS.

    Returns
    -------
    pandas.DataFrame
        One row per doubtful session, or per pupil whom the roll does not have: ``pupil_id`` (the file's own where
        the roll has none), ``date`` (the first), ``session`` (empty for a pupil), ``rule`` (the finding's) and
        ``found`` (in words).
    """
    named = read.doubtful["pupil_id"].astype(str)
    used = [*read.marks["pupil_id"].cat.categories, *named.unique()]
    names = identify(dict.fromkeys(used), pupils).pupil_id
    renamed = read.doubtful.assign(pupil_id=[names.get(name, name) for name in named])
    return pd.concat(
        [renamed, twice_named(read.marks, names), strangers(read.marks, names)], ignore_index=True
    )


def twice_named(marks: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return the sessions (one row each) with several codes under two names of one pupil (see ``school._without_double``).

    Examples
    --------
    >>> marks = pd.DataFrame({"pupil_id": ["7", "007"], "date": pd.Timestamp("2026-11-09"), "session": "AM", "code": ["/", "I"]})
    >>> twice_named(marks, {"7": "007", "007": "007"})["found"].tolist()
    ['/ was taken; another row has I']
    """
    counts = pd.Series(list(names.values()), dtype=object).value_counts()
    several = {name for name, pupil in names.items() if counts[pupil] > 1}
    both = marks[marks["pupil_id"].isin(several)]
    if both.empty:
        return no_doubt()
    both = both.assign(pupil_id=both["pupil_id"].astype(object).map(names)).sort_values([*KEY, "code"])
    first = both.drop_duplicates(KEY).set_index(KEY)["code"].astype(object)
    other = both[~both.duplicated([*KEY, "code"]) & both.duplicated(KEY)].drop_duplicates(KEY).set_index(KEY)
    found = first.reindex(other.index) + " was taken; another row has " + other["code"].astype(object)
    return doubted(found.rename("found").reset_index(), "undecided_marks")


def strangers(marks: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return one row per pupil of the marks whom the roll does not have, with the first day and how many marks, in words.

    Examples
    --------
    >>> marks = pd.DataFrame({"pupil_id": pd.Categorical(["1", "9", "9"]), "date": pd.Timestamp("2026-11-09")})
    >>> strangers(marks, {"1": "001"})[["pupil_id", "found"]].to_numpy().tolist()
    [['9', '2 marks, to 9 Nov 26']]
    """
    unknown = [name for name in marks["pupil_id"].cat.categories if name not in names]
    theirs = marks[marks["pupil_id"].isin(unknown)].astype({"pupil_id": object})
    if theirs.empty:
        return no_doubt()
    found = theirs.groupby("pupil_id")["date"].agg(["min", "max", "size"]).reset_index()
    words = [
        f"{count} {in_number(count, 'mark')}, to {short_date(last.date())}"
        for count, last in zip(found["size"], found["max"], strict=True)
    ]
    return doubted(found.assign(date=found["min"], session="", found=words), "marks_without_pupil")


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
    """Read every export and return what refuses it, instead of raising: the one place where exports are refused.

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
    roll = read_pupils(find_sources(settings, "pupils"), ledger, settings.build_calendar().school_days)
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
) -> dict[str, pd.DataFrame | date | None] | None:
    """Return a school's tables by name and its last register day; None if a file was refused, so that no table can be trusted."""
    read = read_marks(find_sources(settings, "marks"), ledger, settings.build_calendar().school_days)
    logs, lessons = _read_others(settings, roll, ledger)
    refuse_empty(settings, {"pupils": roll and roll.rows, "marks": read and read.marks}, ledger)
    if roll is None or read is None:
        ledger.refusals[:0] = swapped_files(settings)
    if roll is None or read is None or ledger.refusals:
        return None
    roll, placed = _placed_on_the_roll(read, roll, settings, ledger)
    report_contradictions(logs["planned"], placed.marks, ledger)
    return {
        "pupils": with_plain_years(roll.rows),
        "marks": placed.marks.astype({"pupil_id": "str"}),
        "planned_marks": placed.planned.astype({"pupil_id": "str"}),
        "last_register_day": placed.last_day,
        "doubtful_marks": doubtful_marks(read, roll.rows),
        "lessons": lessons,
        **{name: None if log is None else log.rows for name, log in logs.items()},
    }


def _read_others(
    settings: Settings, roll: TableRead | None, ledger: Ledger
) -> tuple[dict[str, TableRead | None], pd.DataFrame | None]:
    """Return the logs and the lessons, which need the roll: without one there are no lessons, and no pupil of a log is known."""
    if roll is None:
        return read_logs(settings, pd.Series(dtype="str"), ledger), None
    logs = read_logs(settings, roll.rows["pupil_id"], ledger)
    return logs, read_lessons(find_sources(settings, "lessons"), roll.rows, settings.lessons, ledger)


def _placed_on_the_roll(
    read: Reconciled, roll: TableRead, settings: Settings, ledger: Ledger
) -> tuple[TableRead, Placed]:
    """Return the roll of the year of the marks, and the marks where they belong; refuse marks that fit the school nowhere."""
    calendar = settings.build_calendar()
    names = identify(read.marks["pupil_id"].cat.categories, roll.rows)
    marks = _on_the_roll(read, names, ledger)
    roll = _of_the_marks_year(roll, marks, read, settings, ledger)
    placed = place_marks(marks, roll.rows, calendar, Whereabouts(read, names.pupil_id), ledger)
    ledger.missing_marks = count_missing(
        read.blank_cells, placed.marks, roll.rows, calendar, placed.registers
    )
    _check_marks(marks, placed, roll, settings, ledger)
    refuse_outside_calendar(settings, placed.marks, ledger)
    if not ledger.refusals:
        refuse_loss(ledger)
    refuse_untaken(placed.marks, placed.last_day, ledger)
    return roll, placed


def _of_the_marks_year(
    roll: TableRead, marks: pd.DataFrame, read: Reconciled, settings: Settings, ledger: Ledger
) -> TableRead:
    """Return the roll with the year groups of the school year in which the marks end, or refuse it."""
    last = last_day_of(marks, roll.rows, settings.build_calendar())
    if last is None:
        return roll
    newest = read.marks["date"].max().date()
    strangers = len(read.marks["pupil_id"].cat.categories) - marks["pupil_id"].nunique()
    return RollYear(roll, last, settings.school.year_groups, marks, newest, strangers).settle(ledger)


def _on_the_roll(read: Reconciled, found: Identified, ledger: Ledger) -> pd.DataFrame:
    """Give each mark the roll's identifier, and leave out marks of pupils whom the roll does not have."""
    marks = read.marks
    used = marks["pupil_id"].cat.categories
    for rule, count, message in (
        ("by_upn", found.by_upn, "pupils of the marks were found by their unique pupil number"),
        ("leading_zeros", found.by_zeros, "identifiers in the marks had lost their leading zeros"),
    ):
        ledger.repair(Repair(rule, "", count, message))
    known = np.array([name in found.pupil_id for name in used], dtype=bool)
    is_known = known[marks["pupil_id"].cat.codes]
    lost = int((~is_known).sum())
    if lost:
        (file, row), first = min((read.named_at[name], name) for name in used[~known])
        message = (
            f"{counted(lost, 'mark belongs', 'marks belong')} to "
            f"{counted(int((~known).sum()), 'pupil who is', 'pupils who are')} not in the pupils file "
            f"(the first {for_message(first)}) and {in_number(lost, 'is', 'are')} left out. "
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
    """Keep one mark where a pupil was named in two ways; the two must agree."""
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


def _check_marks(
    marks: pd.DataFrame, placed: Placed, roll: TableRead, settings: Settings, ledger: Ledger
) -> None:
    marked = marks["pupil_id"].cat.remove_unused_categories().cat.categories
    for finding in (without_marks(roll, marked), never_on_roll(roll, placed.never_on_roll)):
        if finding:
            ledger.find(finding)
    if placed.last_day:
        check_ages(roll, placed.last_day, settings.school.year_groups, ledger)
        _report_not_in_force(marks, ledger)
        if any(finding.rule == "marked_when_closed" for finding in ledger.findings):
            moved = moved_holidays(marks, roll.rows, settings.build_calendar(), placed.last_day)
            ledger.refusals.extend(f"{settings.file}: {problem}" for problem in moved)


def _report_not_in_force(marks: pd.DataFrame, ledger: Ledger) -> None:
    """Report codes that the code set of their date does not have; the register shows them as unclassified."""
    days, day = np.unique(marks["date"].to_numpy().astype("datetime64[D]"), return_inverse=True)
    row_of = {code.letter: row for row, code in reversed(list(enumerate(CODES)))}
    rows = np.array([row_of[letter] for letter in marks["code"].cat.categories])[marks["code"].cat.codes]
    outside = pd.Series(marks["code"].astype(object)[categories_on(days)[rows, day] == Category.UNCLASSIFIED])
    for letter, count in outside.value_counts().sort_index().items():
        message = (
            f"{counted(count, 'mark holds', 'marks hold')} the code {quoted(letter)} "
            f"on {in_number(count, 'a date', 'dates')} when it was not in force; "
            f"{in_number(count, 'it is', 'they are')} shown as unclassified. Correct the register."
        )
        ledger.find(Finding("code_not_in_force", Severity.MUST, message, column="code", count=int(count)))
