"""Registers written in every layout that is read: what each system's export would hold of given marks.

A register here is ``{(pupil, day, session): code}``.
"""

import csv
import io
import json
from datetime import date, timedelta
from xml.sax.saxutils import escape

import openpyxl

HALVES = ("AM", "PM")


def delimited(rows, delimiter=",", encoding="utf-8"):
    """Return rows as delimited text in bytes, quoted where need be."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode(encoding)


def tidy(register):
    """One row a mark."""
    rows = [[pupil, day.isoformat(), half, code] for (pupil, day, half), code in register.items()]
    return delimited([["pupil_id", "date", "session", "code"], *rows])


def tidy_workbook(register):
    """One row a mark with typed dates, as a sheet."""
    return workbook(
        [["pupil_id", "date", "session", "code"], *([*key, code] for key, code in register.items())]
    )


def roll_call(register):
    """One row a mark, newest first, in Arbor's words, UTF-16 with tabs."""
    rows = [
        [pupil, "", day.strftime("%d %b %Y"), half, code, ""]
        for (pupil, day, half), code in reversed(register.items())
    ]
    return delimited(
        [["Student ID", "Student", "Record date", "Session", "Mark", "Minutes late"], *rows], "\t", "utf-16"
    )


def go4schools(register):
    """One row a mark with British dates and semicolons; a row that proves the order of day and month comes with it."""
    rows = [
        [pupil, "Ó B (7A)", day.strftime("%d/%m/%Y"), half, code]
        for (pupil, day, half), code in register.items()
    ]
    proof = ["x", "", "31/12/2026", "AM", ""]
    return delimited(
        [["GFSID", "Surname.Forename.Reg", "Date", "Session", "Session.Mark"], *rows, proof], ";", "cp1252"
    ).replace(b"GFSID", b"UPN")


def weekly(register):
    """One row a pupil and week."""
    slots = [(day, half) for day in range(5) for half in HALVES]
    weeks = sorted({(pupil, day - timedelta(days=day.weekday())) for pupil, day, _ in register})
    rows = [
        [
            pupil,
            f"{monday}T00:00:00",
            *(register.get((pupil, monday + timedelta(days=day), half), "") for day, half in slots),
        ]
        for pupil, monday in weeks
    ]
    names = [f"{name}{half}" for name in ("Mon", "Tue", "Wed", "Thu", "Fri") for half in HALVES]
    return delimited([["StudentId", "CalendarStartDate", *names], *rows], encoding="utf-8-sig")


def grid(register):
    """One row a pupil under titles, with totals around."""
    days = sorted({(day, half) for _, day, half in register})
    pupils = sorted({pupil for pupil, _, _ in register})
    body = [[pupil, "N", *(register.get((pupil, *slot), "") for slot in days), 1] for pupil in pupils]
    head = [["Register"], [], ["Adno", "Name", *(f"{day:%d %b %Y} {half}" for day, half in days), "Marks"]]
    return workbook([*head, *body, ["Total", "", *(2 for _ in days)]])


def workbook(rows):
    """Return rows as a workbook in bytes."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sims_xml(register):
    """One element a mark, in the encoding that SIMS declares."""
    marks = "".join(
        f"<SessionAttendance><PersonID>{escape(pupil)}</PersonID><AttendanceDate>{day}T09:00:00</AttendanceDate>"
        f"<SessionName>{half}</SessionName><AttendanceMark>{escape(code)}</AttendanceMark></SessionAttendance>\n"
        for (pupil, day, half), code in register.items()
    )
    text = f'<?xml version="1.0" encoding="iso-8859-1"?>\n<SessionAttendances>{marks}</SessionAttendances>'
    return text.encode("iso-8859-1")


def xporter(register):
    """One string a pupil, seven days a week, from the Sunday before the first mark to the last day of all."""
    first, last = min(day for _, day, _ in register), max(day for _, day, _ in register)
    sunday = first - timedelta(days=first.isoweekday() % 7)
    days = [sunday + timedelta(days=number) for number in range((last - sunday).days + 1)]
    blank = {day: "#" if day.weekday() > 4 else "-" for day in days}
    records = []
    for pupil in sorted({pupil for pupil, _, _ in register}):
        codes = [register.get((pupil, day, half), blank[day]) for day in days for half in HALVES]
        records.append({
            "Id": pupil, "AttStatsStartDate": sunday.isoformat(), "AttStatsEndDate": last.isoformat(),
            "Marks": "".join(code[0] for code in codes), "MarksCSV": ",".join(codes),
        })  # fmt: skip
    return json.dumps({"StudentAttendance": records}).encode()


def wonde(register):
    """One object a mark with the id of its code, and the list of codes."""
    codes = {code: f"A{number}" for number, code in enumerate(sorted(set(register.values())))}
    marks = [
        {
            "id": number,
            "student_id": pupil,
            "date": day.isoformat(),
            "session": half,
            "attendance_code_id": codes[code],
        }
        for number, ((pupil, day, half), code) in enumerate(register.items())
    ]
    listed = [{"id": identifier, "code": code} for code, identifier in codes.items()]
    return json.dumps({"attendance_codes": {"data": listed}, "attendance": {"data": marks}}).encode()


WRITERS = {
    writer.__name__: writer
    for writer in (tidy, tidy_workbook, roll_call, go4schools, weekly, grid, sims_xml, xporter, wonde)
}
MONDAY = date(2026, 9, 14)
