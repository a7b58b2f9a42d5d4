"""The demo school's files, written once for all tests and read the slow, plain way."""

import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import openpyxl
import pytest

from tests.demo_exports import demo_exports

HALVES = [day + half for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for half in ("AM", "PM")]


@cache
def _weekdays(monday: str) -> list[str]:
    """The five days from a Monday, ISO."""
    return [str(date.fromisoformat(monday) + timedelta(further)) for further in range(5)]


@dataclass(frozen=True)
class DemoFiles:
    """The folder of exports, as a stranger would read it."""

    folder: Path

    @cached_property
    def truth(self) -> dict:
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))

    @cached_property
    def pupils(self) -> list[dict[str, str]]:
        return self.rows("pupils.csv")

    @cached_property
    def late(self) -> list[dict[str, str]]:
        return self.rows("late_arrivals.csv")

    @cached_property
    def amended(self) -> list[dict[str, str]]:
        return self.rows("amended_marks.csv")

    @cached_property
    def marks(self) -> dict[tuple[str, str, str], str]:
        """Every cell of the weekly files by pupil, date and session, blanks and closures included."""
        cells = {}
        for name in ("marks_2025-26.csv", "marks_2026-27.csv"):
            for row in self.rows(name):
                days = _weekdays(row["CalendarStartDate"][:10])
                for place, half in enumerate(HALVES):
                    key = (row["StudentId"], days[place // 2], half[3:])
                    assert key not in cells, key
                    cells[key] = row[half]
        return cells

    @cached_property
    def held(self) -> dict[tuple[str, str, str], str]:
        """The same cells as they hold: the list of late arrivals stands later in the school file than the weekly files."""
        return self.marks | {(row["pupil_id"], row["date"], row["session"]): row["code"] for row in self.late}

    def defect(self, rule: str) -> tuple[str, str, str]:
        """Pupil, date and session of the one mark in which a check has something to find."""
        (place,) = self.truth["defects"][rule]
        return place["pupil_id"], place["date"], place.get("session", "AM")

    @cached_property
    def by_pupil(self) -> dict[str, dict[tuple[str, str], str]]:
        """The same cells, by pupil."""
        cells = defaultdict(dict)
        for (pupil, day, half), code in self.marks.items():
            cells[pupil][day, half] = code
        return cells

    @cached_property
    def open_days(self) -> list[str]:
        """Days with a mark for more than one pupil; one pupil has a mark on an INSET day."""
        marked = Counter(
            day for (_, day, half), code in self.marks.items() if half == "AM" and code not in ("", "#")
        )
        return sorted(day for day, pupils in marked.items() if pupils > 1)

    def of(self, pupil_id: str, start: str, end: str = "2026-11-20") -> dict[tuple[str, str], str]:
        """One pupil's cells between two dates."""
        return {
            (day, half): code for (day, half), code in self.by_pupil[pupil_id].items() if start <= day <= end
        }

    @cached_property
    def workbook(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(self.folder / "logs.xlsx")

    def sheet(self, name: str) -> list[dict[str, object]]:
        """One sheet of the logs, values as Excel holds them."""
        heads, *rows = self.workbook[name].iter_rows(values_only=True)
        return [dict(zip(heads, row, strict=True)) for row in rows]

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> DemoFiles:
    return DemoFiles(demo_exports(tmp_path_factory, worker_id))
