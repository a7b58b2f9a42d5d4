"""A school's export files read the slow, plain way: csv, openpyxl, yaml and dates. Nothing of the library is used."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import openpyxl
import yaml

# gov.uk, bank holidays in England on weekdays of term in the two school years of the demo school.
BANK_HOLIDAYS = {
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2027, 3, 26),
    date(2027, 3, 29),
    date(2027, 5, 3),
    date(2027, 5, 31),
}
# Written in registers before 2024 or by habit, and in no set of codes that the demo school's dates know.
NO_CODES = ("A",)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


@dataclass(frozen=True)
class Session:
    """Half a school day; ``week`` is its Monday and ``half_term`` such as ("202627", "autumn", 1)."""

    day: date
    half: str
    half_term: tuple[str, str, int]
    closed_for: frozenset[int] = frozenset()

    @property
    def key(self) -> tuple[date, str]:
        return self.day, self.half

    @property
    def week(self) -> date:
        return self.day - timedelta(self.day.weekday())

    @property
    def school_year(self) -> str:
        return self.half_term[0]

    @property
    def term(self) -> tuple[str, str]:
        return self.half_term[:2]


@dataclass
class School:
    """What the files say: one dictionary per enrolment, marks and edits by pupil and (day, half)."""

    pupils: list[dict]
    marks: dict[str, dict[tuple[date, str], str]]
    sessions: list[Session]
    edits: dict[str, dict[tuple[date, str], tuple[str, date]]] = field(default_factory=dict)
    logs: dict[str, list[dict]] = field(default_factory=dict)
    # What a recount has looked up of a pupil's marks, by session; a copy with fewer sessions looks it up no more.
    codes: dict[str, dict[tuple[date, str], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the sessions from the first to the last mark that is neither # nor Z, and date the year groups."""
        taken = {
            key for marks in self.marks.values() for key, code in marks.items() if code not in ("", "#", "Z")
        }
        first = min(place for place, session in enumerate(self.sessions) if session.key in taken)
        last = max(place for place, session in enumerate(self.sessions) if session.key in taken)
        self.school_days = sorted({session.day for session in self.sessions})
        self.sessions = self.sessions[first : last + 1]
        for pupil in self.pupils:
            pupil["year_group_of"] = self.last_school_year(pupil)

    def last_school_year(self, pupil: dict) -> str:
        """The school year of the last session of an enrolment, for which its year group is stated."""
        end = pupil["leaving_date"] or date.max
        known = [session.school_year for session in self.sessions if session.day <= end]
        return known[-1] if known else self.sessions[0].school_year


def read_school(school_file: Path) -> School:
    """Read what a school file names."""
    said = yaml.safe_load(school_file.read_text(encoding="utf-8"))
    exports, here = said["exports"], school_file.parent
    marks, edits = defaultdict(dict), defaultdict(dict)
    for source in exports["marks"] if isinstance(exports["marks"], list) else [exports["marks"]]:
        for path in sorted(here.glob(source["path"]) if "*" in source["path"] else [here / source["path"]]):
            (read_weekly if source.get("layout") == "weekly_wide" else read_tidy)(path, marks, edits)
    logs = {
        kind: read_sheet(here / exports[kind]["path"], exports[kind]["sheet"])
        for kind in ("interventions", "notices")
        if kind in exports
    }
    return School(
        read_pupils(here / exports["pupils"]["path"]), marks, sessions_of(said["calendar"]), edits, logs
    )


@lru_cache(maxsize=1)
def read_unchanged(school_file: Path) -> School:
    """Read a school file that no test changes, once for all tests; what is read is not to be changed either."""
    return read_school(school_file)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def read_pupils(path: Path) -> list[dict]:
    """One dictionary per enrolment: dates as dates, the year group as a number, the rest as found."""
    dated = ("date_of_birth", "admission_date", "leaving_date")
    return [
        row
        | {name: day_or_none(row[name]) for name in dated}
        | {"year_group": int(row["year_group"]), "enrolment": place}
        for place, row in enumerate(rows_of(path))
    ]


def day_or_none(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def read_weekly(path: Path, marks: dict, edits: dict) -> None:
    """Ten columns a week, from a Monday; a small letter is its capital, and what is no code is no mark."""
    for row in rows_of(path):
        monday = date.fromisoformat(row["CalendarStartDate"][:10])
        for further, name in enumerate(WEEKDAYS):
            for half in ("AM", "PM"):
                code = row[name + half].upper()
                if code and code not in NO_CODES:
                    marks[row["StudentId"]][monday + timedelta(further), half] = code


def read_tidy(path: Path, marks: dict, edits: dict) -> None:
    """One row a mark; a later file's code wins, and an edit is kept."""
    for row in rows_of(path):
        key = date.fromisoformat(row["date"]), row["session"]
        marks[row["pupil_id"]][key] = row["code"]
        if row.get("amended_on"):
            edits[row["pupil_id"]][key] = row["amended_from"], date.fromisoformat(row["amended_on"])


def read_sheet(path: Path, sheet: str) -> list[dict]:
    """One sheet of a workbook; moments become days."""
    heads, *rows = sheets_of(path, path.stat().st_mtime_ns)[sheet]
    days = (
        {
            head: value.date() if isinstance(value, datetime) else value
            for head, value in zip(heads, row, strict=True)
        }
        for row in rows
    )
    return list(days)


@lru_cache(maxsize=4)
def sheets_of(path: Path, written: int) -> dict[str, list[tuple]]:
    """The rows of every sheet of a workbook as it was written at a moment, read once however many ask for one."""
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)}


def sessions_of(calendar: dict) -> list[Session]:
    """Every session open to at least one year group, in order."""
    closures, inset = calendar.get("closures", ()), set(calendar.get("inset", ()))
    found = []
    for term in sorted(calendar["terms"], key=lambda each: each["half_terms"][0]["start"]):
        for number, half_term in enumerate(term["half_terms"], start=1):
            day = half_term["start"]
            while day <= half_term["end"]:
                if day.weekday() < 5 and day not in inset and day not in BANK_HOLIDAYS:
                    found += halves_of(day, (term["school_year"], term["name"], number), closures)
                day += timedelta(1)
    return found


def halves_of(day: date, half_term: tuple, closures: list[dict]) -> list[Session]:
    """The open halves of a day; a closure without year groups shuts everyone out."""
    halves = []
    for half in ("AM", "PM"):
        here = [each for each in closures if each["date"] == day and each.get("session", half) == half]
        if all(each.get("year_groups") for each in here):
            halves.append(
                Session(
                    day, half, half_term, frozenset(year for each in here for year in each["year_groups"])
                )
            )
    return halves
