"""The tables of ``attendance check``: counts, places and dates only, never a pupil."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from attendance_lib.display import Column, Highlight, Kind, Table, Tone
from attendance_lib.display.columns import figure
from attendance_lib.intake.gate import DROPPING, Problem, problem_of, what_and_remedy
from attendance_lib.intake.ledger import FileRead, Finding, IntakeLog, Repair
from attendance_lib.intake.logs import LOGS
from attendance_lib.intake.schema import LESSONS, TABLES
from attendance_lib.intake.schema import Kind as Typed
from attendance_lib.papers.check.verdict import share
from attendance_lib.rules.pupils import year_name
from attendance_lib.rules.thresholds import LOSS_LIMIT_RATE

if TYPE_CHECKING:
    from attendance_lib.intake.checked_school import CheckedSchool
    from attendance_lib.register.coverage import Coverage
    from attendance_lib.rules.calendar import SchoolCalendar


SHOWN = 20
SHOWN_SESSIONS = 10
HASH_LENGTH = 12
NO_FORM = "(no form)"

PLACE_COLUMNS = (
    figure("file", width=24),
    Column("row", "Row", Kind.COUNT, meaning="Row of the file, from 1; the first where there are several"),
    Column("column", "Column", meaning="The column, by its tidy name", width=16),
)
WEIGHT = "must: wrong in law or in the figures; should: good practice"
WHAT = Column("what", "What is wrong", meaning="What was found; personal values are never shown", width=48)
REMEDY = figure("remedy")
TONES = (Highlight("equals", "must", Tone.ALERT), Highlight("equals", "should", Tone.CAUTION))
FINDING_COLUMNS = (
    figure("severity", meaning=WEIGHT, highlights=TONES, width=11),
    WHAT,
    REMEDY,
    figure("count", meaning="Rows or marks concerned"),
    figure("share_rate", meaning="Of the rows of that file, or of all marks"),
    *PLACE_COLUMNS,
)
PLANNED_COLUMNS = (
    figure("code", meaning="The register code", width=8),
    figure("meaning"),
    figure("marks", meaning="Marks entered ahead"),
    figure("pupils", meaning="Pupils they are for"),
    figure("first_date", width=14),
    figure("last_date", width=14),
)


def problems_table(problems: Iterable[str]) -> Table:
    """Return every reason to refuse, one row each, with its place and what to do."""
    return Table(
        name="refusals",
        title="Each refusal, in the order read",
        frame=records([vars(problem_of(line)) for line in problems], Problem),
        columns=(WHAT, REMEDY, *PLACE_COLUMNS),
        shown_rows=SHOWN,
    )


def findings_table(findings: Iterable[Finding], log: IntakeLog, nothing: str = "Nothing.") -> Table:
    """Return the findings in the order given, with how many rows each touches; ``nothing`` stands where there are none."""
    rows = [
        vars(each)
        | dict(zip(("what", "remedy"), what_and_remedy(each.message), strict=True))
        | {"severity": str(each.severity), "share_rate": share(each, log)}
        for each in findings
    ]
    return Table(
        name="findings",
        title="Findings, most weighty first",
        frame=frame(rows, FINDING_COLUMNS),
        columns=FINDING_COLUMNS,
        row_header="what",
        shown_rows=SHOWN,
        empty_text=nothing,
    )


def files_table(log: IntakeLog, named: Callable[[Path], str]) -> Table:
    """Return the files read, each with its layout and what it held; ``named`` says how a path is shown."""
    columns = (
        figure("file", width=40),
        figure("kind", meaning="The table it was read for"),
        figure("layout", meaning="The layout it was recognised as"),
        figure("rows", meaning="Rows of data"),
        figure("pupils", meaning="Pupils in it"),
        Column("sessions", "Sessions", Kind.COUNT, meaning="Dates and sessions with a mark"),
        figure("first_date", meaning="Earliest date of its marks", width=14),
        figure("last_date", meaning="Latest date of its marks", width=14),
        Column("sha256", "SHA-256", meaning="The first twelve signs of the file's digest", width=15),
    )
    rows = [vars(each) | file_words(each, named) for each in log.files]
    return Table("files", "Files read", frame(rows, columns), columns)


def file_words(file: FileRead, named: Callable[[Path], str]) -> dict[str, object]:
    """Return how a file is shown: its name with the sheet, a short digest, and no count of sessions where none can be.

    Examples
    --------
    >>> week = FileRead("marks", "marks.xlsx", "Week 3", "grid", 30, 30, None, None, "0123456789abcdef" * 4)
    >>> file_words(week, str)
    {'file': "marks.xlsx, sheet 'Week 3'", 'sha256': '0123456789ab', 'sessions': None}
    """
    name = named(Path(file.path))
    return {
        "file": f"{name}, sheet '{file.sheet}'" if file.sheet else name,
        "sha256": file.sha256[:HASH_LENGTH],
        "sessions": file.sessions or None,
    }


def repairs_table(log: IntakeLog) -> Table:
    """Return the repairs made on reading, each with how many values it touched."""
    columns = (
        Column("message", "What was done", meaning="The repair", width=80),
        Column("count", "Times", Kind.COUNT, meaning="Values or rows changed"),
        figure("file", meaning="The file; empty where it concerns several"),
    )
    return Table(
        "repairs", "Repaired on reading", records([vars(each) for each in log.repairs], Repair), columns
    )


def loss_table(log: IntakeLog) -> Table:
    """Return the loss budget: marks left out by reason, in all, and the limit.

    Examples
    --------
    >>> from attendance_lib.errors import Severity
    >>> left_out = Finding("unknown_code", Severity.MUST, "3 cells hold no register code. Correct them.", count=3)
    >>> log = IntakeLog((), (), (left_out,), rows_read=200, rows_dropped=3, missing_marks=0)
    >>> loss_table(log).frame.values.tolist()[-2:]  # 1.5% of 200 marks, and 4 would still be read
    [['Marks read', 200, 1.0], ['Limit, above which the exports are refused', 4, 0.02]]
    """
    counts = [
        *((what_and_remedy(each.message)[0], each.count) for each in log.findings if each.rule in DROPPING),
        ("Marks left out in all", log.rows_dropped),
        ("Marks read", log.rows_read),
    ]
    rows = [(what, count, count / log.rows_read if log.rows_read else None) for what, count in counts]
    limit = (
        "Limit, above which the exports are refused",
        int(log.rows_read * LOSS_LIMIT_RATE),
        LOSS_LIMIT_RATE,
    )
    columns = (
        Column("what", "Marks", meaning="What became of marks in the files", width=70),
        Column("marks", "Count", Kind.COUNT, meaning="Marks"),
        figure("share_rate", meaning="Of the marks read"),
    )  # fmt: skip
    table = pd.DataFrame([*rows, limit], columns=["what", "marks", "share_rate"], dtype=object)
    return Table("loss", "Marks left out", table, columns)


FORM_COLUMNS = (
    figure("form", meaning="Registration or tutor group", width=12),
    Column("year", "Year", meaning="National curriculum year", width=12),
    Column("current_enrolments", "On roll", Kind.COUNT, meaning="On roll on the last day with marks"),
    Column("expected_enrolments", "Expected", Kind.COUNT, meaning="On roll at an open session of the time covered"),
    Column("marked_enrolments", "Marked", Kind.COUNT, meaning="Of these, with at least one mark"),
    Column(
        "unmarked_enrolments", "Unmarked", Kind.COUNT, meaning="Of these, without any mark",
        highlights=(Highlight("at_least", 1, Tone.ALERT),),
    ),
    Column("joined_enrolments", "Joined", Kind.COUNT, meaning="Admitted after the first day with marks"),
    Column("left_enrolments", "Left", Kind.COUNT, meaning="Left before the last day with marks"),
)  # fmt: skip


def forms_table(forms: pd.DataFrame) -> Table:
    """Return the roll against the marks, one row per form (see ``register/coverage.py``), forms without marks first."""
    named = forms.assign(form=forms["form"].replace("", NO_FORM))
    ordered = named.sort_values(
        ["unmarked_enrolments", "year_group", "form"], ascending=[False, True, True], kind="stable"
    )
    years = ["" if pd.isna(year) else year_name(int(year)) for year in ordered["year_group"]]
    return Table("forms", "Enrolments by form", ordered.assign(year=years), FORM_COLUMNS)


def roll_table(forms: pd.DataFrame, log: IntakeLog) -> Table:
    """Return the roll against the marks of the whole school, as counts of enrolments and of marks (one row each)."""
    total = forms.sum(numeric_only=True)
    strangers = sum(each.count for each in log.findings if each.rule == "marks_without_pupil")
    rows = [
        ("Enrolments in the pupils file", total["enrolments"]),
        ("On roll on the last day with marks", total["current_enrolments"]),
        ("Expected to have marks (on roll at an open session)", total["expected_enrolments"]),
        ("Of these, with marks", total["marked_enrolments"]),
        ("Of these, without any mark", total["unmarked_enrolments"]),
        ("Joined after the first day with marks", total["joined_enrolments"]),
        ("Left before the last day with marks", total["left_enrolments"]),
        ("Marks whose pupil is not in the pupils file (left out)", strangers),
    ]
    columns = (
        Column("what", "What", meaning="What is counted", width=60),
        figure("count", meaning="Enrolments, or marks where it says so"),
    )
    return Table("roll", "The whole school", pd.DataFrame(rows, columns=["what", "count"]), columns)


def half_terms_table(coverage: "Coverage", calendar: "SchoolCalendar") -> Table:
    """Return how far the marks cover each half term of the calendar, as the school calls it."""
    columns = (
        Column("half_term", calendar.span_word.capitalize(), meaning="What the school calls it", width=36),
        Column("start_date", "From", Kind.DATE, meaning="First open day", width=14),
        Column("end_date", "To", Kind.DATE, meaning="Last open day", width=14),
        Column("open_sessions", "Open", Kind.COUNT, meaning="Sessions open to at least one year group"),
        Column("marked_sessions", "Marked", Kind.COUNT, meaning="Of these, with at least one mark"),
        Column("covered", "Covered", meaning="How far marks reach", width=26),
    )
    title = f"Sessions of each {calendar.span_word}"
    return Table(
        "half_terms",
        title,
        coverage.half_terms.assign(half_term=coverage.half_terms["half_term"].map(calendar.half_term_names)),
        columns,
    )


def unmarked_table(coverage: "Coverage") -> Table:
    """Return the open sessions without any mark."""
    columns = (
        *SESSION_COLUMNS,
        Column("due_marks", "Marks due", Kind.COUNT, meaning="Pupils on roll for whom it was open"),
    )
    title, empty = (
        "Open sessions without any mark",
        "None: every open session from the first to the last mark has marks.",
    )
    return Table(
        "unmarked_sessions", title, coverage.unmarked_sessions, columns, shown_rows=SHOWN, empty_text=empty
    )


def closed_table(coverage: "Coverage") -> Table:
    """Return the closed sessions on which marks were made."""
    columns = (
        *SESSION_COLUMNS,
        Column("reason", "Closed because", meaning="What the calendar says", width=36),
        figure("marks", meaning="Marks made all the same, without # and Z"),
    )
    title = "Marks on closed days and sessions"
    return Table("closed_sessions", title, coverage.closed, columns, shown_rows=SHOWN)


def planned_table(planned: pd.DataFrame) -> Table:
    """Return the codes entered ahead of the last register, with their days, one row each (``coverage.planned_by_code``)."""
    note = "They are in no rate, and no mark is missing there." if len(planned) else ""
    title = "Planned: codes entered ahead of the last register"
    return Table("planned", title, planned, PLANNED_COLUMNS, note=note)


def sessions_table(coverage: "Coverage") -> Table:
    """Return the share of marks missing at each session, most first."""
    columns = (
        *SESSION_COLUMNS,
        Column("due_marks", "Due", Kind.COUNT, meaning="Pupils on roll for whom it was open"),
        Column("missing_marks", "Missing", Kind.COUNT, meaning="Of these, without a mark"),
        Column("missing_rate", "Share", Kind.RATE, meaning="Missing out of due"),
    )
    ordered = coverage.sessions.sort_values(
        ["missing_rate", "date", "session"], ascending=[False, True, True]
    )
    title = "Marks missing by session, most first"
    return Table("sessions", title, ordered, columns, shown_rows=SHOWN_SESSIONS)


SESSION_COLUMNS = (
    Column("date", "Date", Kind.DATE, meaning="The day", width=16),
    figure("session", width=10),
)


def logs_table(checked: "CheckedSchool") -> Table:
    """Return what the optional logs hold: rows, pupils and dates of each."""
    columns = (
        Column("log", "Log", meaning="The optional table", width=16),
        Column("held", "Held", meaning="Whether the school file names it", width=34),
        figure("rows"),
        figure("pupils", meaning="Pupils named in it"),
        figure("first_date", meaning="Earliest of its first column of dates", width=14),
        figure("last_date", meaning="Latest of its first column of dates", width=14),
    )
    return Table(
        "logs",
        "What each log holds",
        frame([log_row(name, checked) for name in (LESSONS.name, *LOGS)], columns),
        columns,
    )


def log_row(name: str, checked: "CheckedSchool") -> dict[str, object]:
    """Return what one log holds.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> read, named = IntakeLog((), (), (), 0, 0, 0), SimpleNamespace(contacts=None, plans="plans.csv")
    >>> [log_row(log, SimpleNamespace(log=read, settings=SimpleNamespace(exports=named)))["held"] for log in ("contacts", "plans")]
    ['not named in the school file', 'could not be read']
    """
    files = [file for file in checked.log.files if file.kind == name]
    if not files:
        named = getattr(checked.settings.exports, name) is not None
        return {"log": name, "held": "could not be read" if named else "not named in the school file"}
    row = {"log": name, "held": "read", "rows": sum(file.rows for file in files)}
    rows, days = getattr(checked.school, name, None), days_column(name)
    if rows is None or days is None:
        return row
    return row | {
        "pupils": rows["pupil_id"].nunique() if "pupil_id" in rows else None,
        "first_date": rows[days].min(),
        "last_date": rows[days].max(),
    }


def days_column(log: str) -> str | None:
    """Return the first column of a log that holds days or moments; None where it has none.

    Examples
    --------
    >>> days_column("interventions")
    'start_date'
    """
    return next(
        (column.name for column in TABLES[log].columns if column.kind in (Typed.DATE, Typed.MOMENT)), None
    )


def frame(rows: Sequence[dict], columns: Iterable[Column]) -> pd.DataFrame:
    """Return rows as a table of the columns declared, values as they are; a value not given is missing.

    Examples
    --------
    >>> frame([{"file": "a.csv"}], [Column("file", "File"), Column("row", "Row", Kind.COUNT)]).values.tolist()
    [['a.csv', None]]
    """
    names = [column.name for column in columns]
    return pd.DataFrame([[row.get(name) for name in names] for row in rows], columns=names, dtype=object)


def records(rows: Sequence[dict], kind: type) -> pd.DataFrame:
    """Return dataclass values as a table of the dataclass's fields (one row each), also where there is no row.

    Examples
    --------
    >>> records([], Problem).columns.tolist()
    ['what', 'remedy', 'file', 'row', 'column']
    """
    return pd.DataFrame(rows, columns=list(kind.__dataclass_fields__), dtype=object)
