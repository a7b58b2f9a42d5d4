"""What ``attendance check`` says, in the order in which a person acts on it."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from attendance_lib.display import Column, Document, KeyFigure, KeyFigures, Kind, Sentences, Table
from attendance_lib.display.format import format_count, format_date
from attendance_lib.display.shown import ShownTable, first_rows, remainder_text, shown_table
from attendance_lib.display.text import grid_lines, to_text, width_of
from attendance_lib.errors import SettingsError, counted
from attendance_lib.intake.gate import problem_of
from attendance_lib.intake.ledger import IntakeLog
from attendance_lib.papers.check import tables
from attendance_lib.papers.check.tables import REMEDY, SHOWN, WHAT
from attendance_lib.papers.check.verdict import Judgement, Verdict, good_sentence, judge
from attendance_lib.reports.papers import CHECK
from attendance_lib.reports.period import newest_weeks

if TYPE_CHECKING:
    from attendance_lib.intake.checked_school import CheckedSchool
    from attendance_lib.register.coverage import Coverage


@dataclass(frozen=True, eq=False)
class Check:
    """A reading and what roll and calendar say about it; ``coverage`` and ``forms`` are None where nothing could be placed.

    ``register_musts`` are the things that the inspection of the registers says must be put right.
    """

    checked: "CheckedSchool"
    coverage: "Coverage | None"
    forms: "pd.DataFrame | None"
    judgement: Judgement
    register_musts: int = 0

    @property
    def log(self) -> IntakeLog:
        """The account of the reading."""
        return self.checked.log


@dataclass(frozen=True)
class Part:
    """One part of the page: its heading ("" for the opening) and what it shows."""

    heading: str
    shown: tuple[Sentences | KeyFigures | Table, ...]


def check_of(read: "CheckedSchool", named: Callable[[Path], str]) -> Check:
    """Return a reading with its coverage of the calendar, its roll against its marks, and the verdict.

    Messages name the school file as ``named`` says, so that every machine writes the same page.
    """
    from attendance_lib.register.broken_off import problems_of_period
    from attendance_lib.register.build import build_register
    from attendance_lib.register.coverage import coverage_findings, find_coverage, reconcile_by_form

    file = read.settings.file
    checked = replace(read, problems=tuple(line.replace(str(file), named(file)) for line in read.problems))
    school = checked.school
    placement = build_register(school.pupils, school.marks, school.calendar) if school else None
    if placement is None or placement.register.sessions.empty:
        return Check(checked, None, None, judge(checked, ()))
    if not checked.problems:
        problems = problems_of_period(
            placement.register, *newest_weeks(school.calendar, school.last_register_day)
        )
        checked = replace(checked, problems=tuple(problems))
    coverage = find_coverage(placement, school.calendar)
    forms = reconcile_by_form(placement.register)
    return Check(checked, coverage, forms, judge(checked, coverage_findings(coverage)))


def with_register_musts(check: Check, count: int) -> Check:
    """Return a check with so many things that must be put right in the registers: nothing above them may say that nothing must.

    Examples
    --------
    >>> with_register_musts(Check(None, None, None, Judgement(Verdict.GOOD, "Good.", ())), 2).judgement.sentence
    'Good: every report can be made; 2 entries must be put right in the registers (below).'
    """
    is_good = count and check.judgement.verdict is Verdict.GOOD
    sentence = good_sentence(check.judgement.findings, count) if is_good else check.judgement.sentence
    return replace(check, register_musts=count, judgement=replace(check.judgement, sentence=sentence))


def days_known(log: IntakeLog) -> tuple[date, date] | None:
    """Return the first and the last day that any file of marks names; None if none does.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pupils = SimpleNamespace(first_date=None, last_date=None)
    >>> marks = SimpleNamespace(first_date=date(2026, 9, 3), last_date=date(2026, 11, 20))
    >>> days_known(SimpleNamespace(files=[pupils, marks])), days_known(SimpleNamespace(files=[pupils]))
    ((datetime.date(2026, 9, 3), datetime.date(2026, 11, 20)), None)
    """
    firsts = [file.first_date for file in log.files if file.first_date]
    lasts = [file.last_date for file in log.files if file.last_date]
    return (min(firsts), max(lasts)) if firsts else None


def days_marked(check: Check) -> tuple[date, date] | None:
    """Return the first and the last school day with a mark, else what the files name."""
    if check.coverage is None:
        return days_known(check.log)
    days = check.coverage.sessions["date"]
    return days.iloc[0].date(), days.iloc[-1].date()


def document_of(check: Check, named: Callable[[Path], str]) -> Document:
    """Return what the page is: the school, the days with marks, and how it may be kept."""
    settings, days = check.checked.settings, days_marked(check)
    last = days[1] if days else settings.build_calendar().school_days[-1]
    return Document(
        name="check",
        title=CHECK.title,
        school=settings.school.name,
        urn=settings.school.urn,
        period=f"marks of {format_date(days[0])} to {format_date(days[1])}" if days else "no marks",
        date=last.isoformat(),
        cohort=f"school file {named(settings.file)}",
        confidentiality=CHECK.confidentiality,
        folded_from=CHECK.folded_from,
    )


def parts_of(check: Check, named: Callable[[Path], str]) -> list[Part]:
    """Return the page's parts in order; ``named`` says how a path is shown."""
    opening = Sentences("verdict", (check.judgement.sentence,), "lead")
    log = check.log
    findings = tables.findings_table(check.judgement.findings, log, nothing_words(check))
    read = (tables.files_table(log, named), tables.repairs_table(log), tables.loss_table(log))
    return [
        Part("", (opening, *figures(check))),
        *refusals(check),
        Part("What to put right", (findings, *settings_notes(check))),
        Part("What was read", read),
        *register_parts(check),
        Part("Optional logs", (tables.logs_table(check.checked),)),
    ]


def nothing_words(check: Check) -> str:
    """Return what stands in place of findings where there are none, without a word against what else is on the page.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> nothing_words(SimpleNamespace(checked=SimpleNamespace(problems=("marks.csv is empty.",)), register_musts=0))
    'Nothing beside the reasons to refuse above.'
    """
    if check.checked.problems:
        return "Nothing beside the reasons to refuse above."
    if check.register_musts:
        return "Nothing in the files, the roll and the calendar; what must be put right in the registers is below."
    return "Nothing."


def refusals(check: Check) -> Iterator[Part]:
    """Yield the part that tells every refusal, if there is any."""
    if check.checked.problems:
        yield Part("Why the exports are refused", (tables.problems_table(check.checked.problems),))


def settings_notes(check: Check) -> Iterator[Sentences]:
    """Yield what the school file allows but guidance does not."""
    notes = check.checked.settings.caveats()
    if notes:
        yield Sentences("settings_notes", notes, "points", "In the school file")


def register_parts(check: Check) -> Iterator[Part]:
    """Yield the parts on roll and calendar, where marks could be placed."""
    if check.coverage is None or check.forms is None:
        return
    yield Part("Roll and marks", (tables.roll_table(check.forms, check.log), tables.forms_table(check.forms)))
    calendar = check.checked.settings.build_calendar()
    half_terms = tables.half_terms_table(check.coverage, calendar)
    others = (tables.unmarked_table, tables.closed_table, tables.sessions_table)
    yield Part("Calendar", (*last_register(check), half_terms, *(table(check.coverage) for table in others)))


def last_register(check: Check) -> Iterator[Sentences | Table]:
    """Yield up to when registers are taken, by what rule, and what is entered ahead of that."""
    from attendance_lib.register.coverage import last_register_words, planned_by_code

    school = check.checked.school
    if school is None or school.last_register_day is None:
        return
    words = last_register_words(format_date(school.last_register_day))
    yield Sentences("last_register", (words,), "note")
    yield tables.planned_table(planned_by_code(school.planned_marks))


def figures(check: Check) -> Iterator[KeyFigures]:
    """Yield the figures that a person compares with what the school's system says."""
    if check.coverage is None or check.forms is None:
        return
    log, sessions = check.log, check.coverage.sessions
    total = check.forms.sum(numeric_only=True).astype(int)
    due, missing = int(sessions["due_marks"].sum()), int(sessions["missing_marks"].sum())
    days, bare = sessions["date"].nunique(), len(check.coverage.unmarked_days)
    lost = f"{format_count(log.rows_dropped)} of {format_count(log.rows_read)} read"
    enrolments = f"of {format_count(total['enrolments'], 'enrolment')} in the file"
    rate, of_days = missing / due if due else None, f"of {days} from first to last"
    told = (
        KeyFigure("current", "On roll", int(total["current_enrolments"]), Kind.COUNT, enrolments),
        KeyFigure("days", "School days with marks", days - bare, Kind.COUNT, of_days),
        KeyFigure("marks", "Marks in their place", due - missing, Kind.COUNT, f"of {due:,} due"),
        KeyFigure("missing", "Missing marks", rate, Kind.RATE, format_count(missing, "mark")),
        KeyFigure("lost", "Marks left out", log.loss_rate, Kind.RATE, lost),
    )
    yield KeyFigures("figures", "In figures", told)


# The page of ``attendance check`` where the school file cannot be used or a path in it leads to no file: nothing was read

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
        title=CHECK.title,
        school=name,
        urn=urn,
        period="nothing read",
        date=NO_DATE,
        cohort=f"school file {file}",
        confidentiality=CHECK.confidentiality,
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

    Examples
    --------
    >>> error = SettingsError("/home/ash/ash.yml: no URN is given. Add it.")
    >>> opening, to_do = settings_parts(error, Path("/home/ash/ash.yml"), lambda path: path.name)
    >>> opening.shown[0].items[0].partition(" in the ")[0]
    'Refused, so no report can be made and no export was read: 1 problem must be put right'
    >>> to_do.shown[0].frame[["file", "what", "remedy"]].values.tolist()
    [['ash.yml', 'no URN is given.', 'Add it.']]
    """
    lines = str(error).replace(str(file), named(file)).splitlines()
    verdict = (
        f"Refused, so no report can be made and no export was read: {counted(len(lines), 'problem')} must be put right in the "
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


# The page of ``attendance check`` as plain text of at most 80 columns

WIDTH = 80
INDENT = "  "
HANGING = " " * 5
SHOWN_ROWS = 20
ADVICE = ("refusals", "findings")
NOTHING = ("", "–")


def page_text(title: str, parts: Iterable[Part]) -> str:
    """Return the page as text, parts apart by a blank line.

    Parameters
    ----------
    title : str
        The first line: what this is and of which school.
    parts : iterable of Part
        The page's parts in order.

    Returns
    -------
    str
        Lines of at most 80 columns, but for words longer than that.

    Examples
    --------
    >>> page_text("Check of Ash", [Part("What was read", (Sentences("read", ("Nothing.",), "note"),))]).splitlines()
    ['Check of Ash', '', '', 'WHAT WAS READ', '', 'Nothing.']
    """
    lines = [*wrapped(title), ""]
    for part in parts:
        if part.heading:
            lines += ["", part.heading.upper(), ""]
        for shown in part.shown:
            lines += [*shown_lines(shown.payload()), ""]
    return "\n".join(lines).rstrip()


def shown_lines(payload: dict) -> Iterator[str]:
    """Yield what is shown as lines; of a table at most the first 20 rows."""
    if payload["type"] == "table":
        short = payload | {"shown_rows": min(payload["shown_rows"] or SHOWN_ROWS, SHOWN_ROWS)}
        yield from advice_lines(short) if payload["name"] in ADVICE else table_lines(short)
    else:
        for line in to_text(payload).splitlines():
            yield from wrapped(line, "", INDENT if payload["type"] == "key_figures" else "")


def advice_lines(payload: dict) -> Iterator[str]:
    """Yield the rows of a table of what to do as messages: how serious, where, what, and what to do."""
    if not payload["rows"]:
        yield from wrapped(payload["empty_text"])
    names = [column["name"] for column in payload["columns"]]
    for number, row in enumerate(first_rows(payload), 1):
        yield from wrapped(message_of(dict(zip(names, row, strict=True))), f"{number:>3}. ", HANGING)
    yield from wrapped(remainder_text(payload), INDENT)


def message_of(row: dict) -> str:
    """Return one row of what to do as a message.

    Examples
    --------
    >>> message_of({"severity": "must", "file": "a.csv", "row": 3, "column": "date", "what": "It is odd.", "remedy": "Look."})
    "Must: a.csv, row 3, column 'date': It is odd. Look."
    """
    number = f"row {row['row']}" if row["row"] else ""
    column = f"column '{row['column']}'" if row["column"] else ""
    place = ", ".join(filter(None, (row["file"], number, column)))
    heads = filter(
        None, (row.get("severity", "").capitalize(), place, f"{row['what']} {row['remedy']}".strip())
    )
    return ": ".join(heads)


def table_lines(payload: dict) -> Iterator[str]:
    """Yield a table: as a grid where it fits, else row by row.

    Examples
    --------
    >>> closed = Table("closed", "Marks on closed days", pd.DataFrame({"date": []}), (Column("date", "Date"),), empty_text="None.")
    >>> list(table_lines(closed.payload()))
    ['Marks on closed days: none.']
    """
    table = shown_table(payload)
    if not table.rows:
        yield from wrapped(f"{table.title}: {table.empty_text[:1].lower()}{table.empty_text[1:]}")
        return
    yield from wrapped(table.title)
    grid = [INDENT + line for line in grid_lines(table)]
    yield from grid if max(map(width_of, grid)) <= WIDTH else record_lines(table)
    for remark in table.remarks:
        yield from wrapped(remark, INDENT)


def record_lines(table: ShownTable) -> Iterator[str]:
    """Yield the rows of a wide table, each as its first value and after it the others with their headings.

    Examples
    --------
    >>> columns = (Column("file", "File"), Column("rows", "Rows", Kind.COUNT), Column("sheet", "Sheet"))
    >>> files = pd.DataFrame({"file": ["marks.csv"], "rows": [1200], "sheet": [""]})
    >>> list(record_lines(shown_table(Table("files", "Files", files, columns, row_header="file").payload())))  # a blank is left out
    ['  1. marks.csv: Rows 1,200']
    """
    for number, row in enumerate(table.rows, 1):
        cells = list(zip(row, table.columns, strict=True))
        head = next((cell.text for cell, column in cells if column.heads_row), cells[0][0].text)
        values = [
            f"{column.heading} {cell.text}".strip()
            for cell, column in cells
            if not column.heads_row and cell.text not in NOTHING
        ]
        yield from wrapped(f"{head}: {', '.join(values)}", f"{number:>3}. ", HANGING)


def wrapped(text: str, first: str = "", later: str | None = None) -> list[str]:
    """Return text in lines of at most 80 columns: indents of the first line and of the later ones.

    Examples
    --------
    >>> wrapped("Export the marks again.", " 1. ", "    ")
    [' 1. Export the marks again.']
    """
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
