"""The demo school's files, written once for all tests and read the slow, plain way."""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from attendance_lib.demo import write_demo

HALVES = [day + half for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for half in ("AM", "PM")]


@dataclass(frozen=True)
class DemoFiles:
    """The folder of exports, as a stranger would read it."""

    folder: Path

    @cached_property
    def truth(self) -> dict:
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))

    @cached_property
    def pupils(self) -> list[dict[str, str]]:
        return self._rows("pupils.csv")

    @cached_property
    def late(self) -> list[dict[str, str]]:
        return self._rows("late_arrivals.csv")

    @cached_property
    def amended(self) -> list[dict[str, str]]:
        return self._rows("amended_marks.csv")

    @cached_property
    def marks(self) -> dict[tuple[str, str, str], str]:
        """Every cell of the weekly files by pupil, date and session, blanks and closures included."""
        cells = {}
        for name in ("marks_2025-26.csv", "marks_2026-27.csv"):
            for row in self._rows(name):
                monday = pd.Timestamp(row["CalendarStartDate"][:10])
                for place, half in enumerate(HALVES):
                    day = str((monday + pd.Timedelta(days=place // 2)).date())
                    key = (row["StudentId"], day, half[3:])
                    assert key not in cells, key
                    cells[key] = row[half]
        return cells

    def of(self, pupil_id: str, start: str, end: str = "2026-11-20") -> dict[tuple[str, str], str]:
        """One pupil's cells between two dates."""
        return {(day, half): code for (who, day, half), code in self.marks.items() if who == pupil_id and start <= day <= end}

    def sheet(self, name: str) -> list[dict[str, object]]:
        """One sheet of the logs, values as Excel holds them."""
        rows = openpyxl.load_workbook(self.folder / "logs.xlsx")[name].iter_rows(values_only=True)
        heads = next(rows)
        return [dict(zip(heads, row, strict=True)) for row in rows]

    def _rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return DemoFiles(folder)
