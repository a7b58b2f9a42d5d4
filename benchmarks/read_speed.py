"""How long one million rows of each layout take to read, and how much memory at most.

Run from the project's folder with ``.venv/bin/python benchmarks/read_speed.py [marks]`` (1,000,000 if not given).
Every layout holds the same invented marks; a row is a mark, except that a weekly row holds ten, a grid's row a pupil's
and a record of Xporter's a pupil's. Each file is written and read in processes of their own, so that the peak is the
reader's: the largest resident size while reading, less that of the process with everything imported (a new process
begins with the peak of the one that started it). Trust the ratios, not the seconds.
"""

import csv
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import openpyxl

from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.marks import read_marks
from attendance_lib.intake.settings.sources import Source

MARKS = 1_000_000
SCHOOL_DAYS_A_YEAR = 190
MONDAY = date(2025, 9, 1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
HALVES = ("AM", "PM")
# A common code in most places and a rare one in every eleventh, thirteenth and seventeenth.
RARE = {17: "C2", 13: "I", 11: "L"}

Mark = tuple[str, date, str, str]


def invent(count: int) -> Iterator[Mark]:
    r"""Yield marks in the order of pupils and days.

    Examples
    --------
    >>> [f"{pupil} {day:%a} {half} {code}" for pupil, day, half, code in invent(12)][9:]
    ['000000 Fri PM \\', '000000 Mon AM /', '000000 Mon PM L']
    """
    days = [MONDAY + timedelta(days=7 * (number // 5) + number % 5) for number in range(SCHOOL_DAYS_A_YEAR)]
    for number in range(count):
        pupil, session = divmod(number, SCHOOL_DAYS_A_YEAR * len(HALVES))
        half = HALVES[session % len(HALVES)]
        yield f"{pupil:06}", days[session // len(HALVES)], half, code_of(number, half)


def code_of(number: int, half: str) -> str:
    """Return the code of the mark of a number, counted from 0: a rare one in its places, else present in that half of a day.

    Examples
    --------
    >>> code_of(1, "AM"), code_of(11, "PM"), code_of(11 * 17, "PM")  # where two are due, the rarer
    ('/', 'L', 'C2')
    """
    present = "/" if half == "AM" else "\\"
    return next((code for every, code in RARE.items() if number % every == 0), present)


def _rows(path: Path, heading: list[str], rows: Iterator[list[str]], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(heading)
        writer.writerows(rows)


def write_tidy(path: Path, count: int) -> None:
    """Write one row a mark."""
    rows = ([pupil, day.isoformat(), half, code, ""] for pupil, day, half, code in invent(count))
    _rows(path, ["pupil_id", "date", "session", "code", "minutes_late"], rows)


def write_go4schools(path: Path, count: int) -> None:
    """Write one row a mark with British dates and semicolons."""
    rows = (
        [f"A{pupil}", day.strftime("%d/%m/%Y"), half, code, ""] for pupil, day, half, code in invent(count)
    )
    _rows(path, ["UPN", "Date", "Session", "Session.Mark", "Session.Late.Minutes"], rows, ";")


def write_weekly(path: Path, count: int) -> None:
    """Write one row a pupil and week."""
    heading = ["StudentId", "CalendarStartDate", *(f"{day}{half}" for day in WEEKDAYS for half in HALVES)]
    weeks = groupby(invent(count), key=lambda mark: (mark[0], mark[1] - timedelta(days=mark[1].weekday())))
    rows = ([pupil, f"{monday}T00:00:00", *(mark[3] for mark in marks)] for (pupil, monday), marks in weeks)
    _rows(path, heading, ([*row, *[""] * (len(heading) - len(row))] for row in rows))


def write_sims(path: Path, count: int) -> None:
    """Write one element a mark."""
    with path.open("w", encoding="iso-8859-1") as stream:
        stream.write('<?xml version="1.0" encoding="iso-8859-1"?>\n<SessionAttendances>\n')
        for pupil, day, half, code in invent(count):
            stream.write(
                f"<SessionAttendance><PersonID>{pupil}</PersonID><AttendanceDate>{day}T09:00:00</AttendanceDate>"
                f"<SessionName>{half}</SessionName><AttendanceMark>{code}</AttendanceMark></SessionAttendance>\n"
            )
        stream.write("</SessionAttendances>\n")


def write_xporter(path: Path, count: int) -> None:
    """Write one object a pupil with a string of marks, weekends in it."""
    records = []
    for pupil, marks in groupby(invent(count), key=lambda mark: mark[0]):
        by_day = {(day, half): code for _, day, half, code in marks}
        last = max(day for day, _ in by_day)
        days = [MONDAY + timedelta(days=number) for number in range((last - MONDAY).days + 1)]
        codes = [by_day.get((day, half), "#") for day in days for half in HALVES]
        dates = {"AttStatsStartDate": str(MONDAY), "AttStatsEndDate": str(last)}
        records.append({"Id": pupil, **dates, "MarksCSV": ",".join(codes)})
    path.write_text(json.dumps({"StudentAttendance": records}), encoding="utf-8")


def write_wonde(path: Path, count: int) -> None:
    """Write one object a mark with the id of its code."""
    ids = {code: f"A{number}" for number, code in enumerate(("/", "\\", *RARE.values()))}
    marks = [
        {
            "student_id": pupil,
            "date": str(day),
            "session": half,
            "attendance_code_id": ids[code],
            "minutes_late": None,
        }
        for pupil, day, half, code in invent(count)
    ]
    codes = [{"id": identifier, "code": code} for code, identifier in ids.items()]
    path.write_text(json.dumps({"codes": codes, "marks": marks}), encoding="utf-8")


def write_workbook(path: Path, count: int) -> None:
    """Write one row a mark as a sheet, which holds little more than a million rows."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Marks")
    sheet.append(["pupil_id", "date", "session", "code"])
    for pupil, day, half, code in invent(count):
        sheet.append([pupil, day, half, code])
    book.save(path)


def write_grid(path: Path, count: int) -> None:
    """Write one row a pupil, one column a session."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    for number, (pupil, marks) in enumerate(groupby(invent(count), key=lambda mark: mark[0])):
        row = list(marks)
        if not number:
            sheet.append(["Adno", *(f"{day:%d/%m/%Y} {half}" for _, day, half, _ in row)])
        sheet.append([pupil, *(code for *_, code in row)])
    book.save(path)


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "tidy": write_tidy, "go4schools": write_go4schools, "weekly_wide": write_weekly, "sims_xml": write_sims,
    "xporter": write_xporter, "wonde_json": write_wonde, "tidy xlsx": write_workbook, "grid_xlsx": write_grid,
}  # fmt: skip


def measure(path: Path, told: multiprocessing.Queue) -> None:
    """Read a file and tell the marks read, the seconds and the peak memory in megabytes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, used = time.perf_counter(), time.process_time()
    ledger = Ledger()
    read = read_marks((Source("marks", 0, "", (Export(path),)),), ledger)
    wall, processor = time.perf_counter() - start, time.process_time() - used
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    told.put((0 if read is None else len(read.marks), wall, processor, peak, ledger.refusals))


def main() -> None:
    """Write each layout, read it, and print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MARKS
    processes = multiprocessing.get_context("spawn")
    sys.stdout.write(f"{'layout':<14}{'marks':>12}{'file MB':>10}{'wall s':>9}{'CPU s':>9}{'peak MB':>10}\n")
    with tempfile.TemporaryDirectory() as folder:
        for name, write in WRITERS.items():
            path = Path(folder) / name.replace(" ", "_")
            writer = processes.Process(target=write, args=(path, count))
            writer.start()
            writer.join()
            told = processes.Queue()
            process = processes.Process(target=measure, args=(path, told))
            process.start()
            marks, wall, processor, peak, refusals = told.get()
            process.join()
            size = path.stat().st_size / 1_000_000
            path.unlink()
            taken = f"{wall:>9.2f}{processor:>9.2f}{peak:>10.0f}"
            sys.stdout.write(f"{name:<14}{marks:>12,}{size:>10.1f}{taken}  {'; '.join(refusals)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
