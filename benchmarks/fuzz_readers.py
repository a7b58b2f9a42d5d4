"""Whether a spoiled file can make a reader fail in any way but our own errors.

Run from the project's folder with ``.venv/bin/python -m benchmarks.fuzz_readers [inputs for each reader] [seed]``.
Every reader starts from a small good file; each input is that file with a few random changes. A reader may read
the result or refuse it; anything else that is raised ends the run with the reader, the number of the input and
the seed, from which the same bytes come again.
"""

import io
import json
import random
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pandas as pd

from attendance_lib.errors import AttendanceError
from attendance_lib.intake.census import read_census_counts
from attendance_lib.intake.files import workbook
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.lessons import read_lessons
from attendance_lib.intake.logs import read_log
from attendance_lib.intake.marks import read_marks
from attendance_lib.intake.pupils import RollYear, check_ages, read_pupils
from attendance_lib.intake.settings.school_file import LessonSettings
from attendance_lib.intake.settings.sources import Source
from benchmarks import kept_files

OWN = {"I01": "I", "X06": "X"}
SEED = 20260914
INPUTS = 2_000
MOST_CHANGES = 6
LONGEST_SLICE = 40
LONG = 30
SMALL_PIECE_BYTES = 300
NO_MARKS = pd.DataFrame({"pupil_id": pd.Series(dtype="str"), "date": pd.Series(dtype="datetime64[s]")})
SCHOOL_DAYS = tuple(date(2026, 9, 14) + timedelta(days=day) for day in range(5))
# What has broken readers before, here or elsewhere.
TOKENS = [
    b"", b"\0", b'"', b"'", b",", b";", b"\t", b"\n", b"\r\n", b"\r", b"\\", b"/", b"#", b"-",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xa0", b"<", b">", b"&", b"&amp;", b"&#0;", b"&#xD800;", b"]]>",
    b"<![CDATA[", b"<!--", b"-->", b"<!DOCTYPE x>", b"<?x?>", b"xmlns:a='b' ", b"[", b"]", b"{", b"}",
    b"null", b"true", b"NaN", b"1e999", b"-1e-999", b'"\\ud800"', b"\\u0000", b"[[[[", b'{"data":',
    b'"id":1,', b"99999999999999999999", b"0000-00-00", b"9999-12-31", b"0001-01-01", b"31/02/2026",
    b"02/13/2026", b"14/09/2026", b"46279", b"29 Feb 2025", b"Mon 14 Sep", b"2026-09-14T99:99:99+99:99",
    b"AM", b"PM", b"C2", b"Y7", b"Total", b"1904", b't="e"',
    b"T23:00:00.000Z", b"-99:99", b"07/09/26", b"14-Sep-98", b"\xe2\x80\x8b", b"\xe2\x80\x8d",
    b"I01", b"E1", b"X", b"September 2026", b"Mon 14", b"<html>", b"urn:schemas-microsoft-com:office:spreadsheet", b"{\\rtf",
    b"XFD1048576", b"sep=|", b"\xc3\x28",
]  # fmt: skip
WORD = re.compile(rb"[A-Za-z0-9\\/:_.#-]+")
MARKUP = set(b'<>&"[]{}\\\0\xff')
PLAIN_TOKENS = [token for token in TOKENS if not set(token) & MARKUP] + [
    b"0",
    b"-1",
    b"1e5",
    b"003",
    b"Adno",
    b"date",
]
MARKS = [
    ("001", "AM", "/"),
    ("001", "PM", "\\"),
    ("002", "AM", "L"),
    ("002", "PM", "C2"),
    ("003", "AM", "I"),
    ("003", "PM", "-"),
]
TIDY = "pupil_id,date,session,code,minutes_late,recorded_at,amended_from,amended_on\n" + "".join(
    f"{pupil},2026-09-1{day},{session},{code},8,2026-09-14 08:51,N,2026-09-15\n"
    for day in (4, 5)
    for pupil, session, code in MARKS
)
ROLL = (
    "pupil_id,upn,surname,forename,year_group,form,date_of_birth,sex,fsm,sen_status,admission_date,leaving_date\n"
    "001,A1,Ó Briain,Zoë,7,7A,2015-01-02,F,1,N,2026-09-07,\n"
    "002,A2,O'Neill,Null,Year  8,08A,02/03/2014,M,T,K,14/09/2025,2026-10-01\n"
)
# What the papers of the day need of the roll: flags of three kinds, a count, and whom a pupil comes and lives with.
ROLL_OF_THE_DAY = (
    "pupil_id,surname,year_group,form,youth_justice,previously_looked_after,missing_history,travels_alone,medical_risk,"
    "young_carer,no_publicity,transport,postcode_area,contact_numbers,family_id\n"
    "001,Ó Briain,7,7A,Yes,N,,1,false,,0,Bus 12,CV1,3,F01\n002,O'Neill,8,8A,no,,y,0,TRUE,1,,on foot,,0,F01\n"
    "003,李,8,8A,,,,,,,,,,,\n"
)
SIMS_MARKS = "".join(
    f"<SessionAttendance><PersonID>{pupil}</PersonID><AttendanceDate>2026-09-14T09:00:00</AttendanceDate>"
    f"<SessionName>{session}</SessionName><AttendanceMark>{code}</AttendanceMark>"
    f"<MinsLate>8</MinsLate></SessionAttendance>\n"
    for pupil, session, code in MARKS
)
REPORT_PUPILS = (
    "<Record><Adno>001</Adno><Legal_x0020_Surname>Siân</Legal_x0020_Surname>"
    "<Year>Year  7</Year><Reg>07A</Reg><DOB>2015-05-06T00:00:00+01:00</DOB></Record><Record><Adno>002</Adno><Year>Year  8</Year>"
    "<Reg>7A</Reg><UPN/></Record>"
)


# UTC midnights, codes of a system's own, characters that cannot be seen, and notes with line breaks.
ODD = "pupil_id,date,session,code,comment\n" + "".join(
    f'{pupil},2026-09-13T23:00:00.000Z,{session},{code},"rang home,\nno answer"\n'
    for pupil, session, code in (
        ("001", "AM", "I01"),
        ("001", "PM", "\\"),
        ("002", "AM", "/\u200b"),
        ("002\ufeff", "PM", "X06"),
    )
)
ODD_ROLL = (
    "pupil_id,surname,year_group,form,date_of_birth,admission_date,leaving_date\n"
    "001,Ó Briain,E1,07-Jan,28/02/22,07/09/26,\n002,O'Neill,X,7.00E+01,02/03/14,2025-09-13T23:00:00Z,\n003,李,N2,Elm,13-Sep-98,,\n"
)


# The logs that staff keep; dates and flags as they are written by hand.
LOGS = {
    "interventions": "pupil_id,intervention,tier,start_date,end_date,cost,review_date,outcome\n"
    "001,Mentor,2,07/09/26,,£20.50,14/09/2026,better\n,Assembly,1,2026-09-07,,,,\n",
    "actions": "action_id,pupil_id,raised_on,action,owner,due_date,status,completed_on,note\n"
    'A1,001,14/09/26,"Ring home,\nthen visit",B. Lead,2026-09-21,open,,\n',
    "contacts": "contact_id,pupil_id,date,mode,made_by,person_contacted,outcome\n"
    "C1,001,2026-09-13T23:00:00Z,phone,E. Office,mother,no answer\nC2,002,14 Sep 2026,,,,\n",
    "notices": "notice_id,pupil_id,parent,kind,issued_on,status,acted_on_through_date\n"
    "N1,001,A. Byrne,Penalty Notice,14/09/26,withdrawn,\nN2,002,B. Cole,NTI,2026-09-15,active,2026-09-11\n"
    "N3,002,,PN,2026-09-15,,\n",
    "parents": "parent_id,pupil_id,name,relation,lives_with,addresses,interpreter\nR1,001,Ó Briain,mother,yes,2,\n"
    "R1,002,O'Neill,,N,-1,Polish\n",
    "considered": "pupil_id,parent,considered_on,considered_by,support_appropriate,disability_related,leave_refused_on,note\n"
    '001,R1,14/09/26,E. Office,no,,2026-09-10,"rang,\nno answer"\n002,,2026-09-15,,maybe,yes,,\n',
    "planned": "pupil_id,date_from,date_to,session,code,expected_back,note\n001,14/09/26,,AM,M,2026-09-14,dentist\n"
    "002,2026-09-14,2026-09-18,,C,21/09/26,\n",
    "sign_ins": "pupil_id,time,direction\n001,2026-09-14T09:31:00,in\n002,14/09/2026 13:40,signed out\n",
    "overrides": "pupil_id,date_from,date_to,reason\n001,14/09/26,,young carer\n002,2026-09-14,2026-09-18,bus\n",
    "redraws": "draw,place,reason,date\nraffle 2026-09-07 2026-09-11,2,moved away,14/09/26\n",
    "plans": "plan_id,pupil_id,opened_on,lead,target_sessions,target_from,target_to,parent_does,adjustment_answer,"
    "review_on,outcome\n"
    'P1,001,14/09/26,B. Lead,4,2026-09-14,23/10/2026,"Rings by 8.30,\nevery time",yes,2026-10-23,partly\n'
    "P2,002,2026-09-15,,four,,,,,soon,\n",
    "part_time": "pupil_id,date_from,date_to,hours,review_date,agreed_by,authority_told_on\n"
    "001,14/09/26,2026-10-09,12.5,,mother,\n",
}
# Two teachers of one class, and a register that was not taken.
LESSONS = (
    "UPN,Date,Lesson,Subject,Class,Teacher,Lesson.Mark,Lesson.Late.Minutes\n001,2026-09-14,P1,Maths,8/Ma,T. Wren,/,\n"
    "001,2026-09-14,P1,Maths,8/Ma,B. Lead,/,\n002,14/09/26,P2,,,,L,8\n002,14/09/26,P3,Art,,,,\n"
)  # fmt: skip
LESSONS_ARBOR = (
    "student,startDatetime,endDatetime,event,attendanceMark,minutesLate,isRedundant\n001,2026-09-14T08:00:00Z,,8/Ma,/,,false\n"
    "001,2026-09-14T09:00:00,2026-09-14T10:00:00,8/Ma,L,4,true\n002,14/09/26 13:10,,8/Ar,N,,0\n"
)
LESSONS_BROMCOM = "StudentId,Date,PeriodDisplayName,Subject,Class,Teacher,Export Marks\n001,14 Sep 2026,Mon:1,Art,7/Ar,A. One,C2\n"
LESSONS_SIMS = "PersonID,AttendanceDate,EventInstanceID,EmployeeID,AttendanceMark,MinsLate\n001,2026-09-14T00:00:00,551,9,l,4\n"
ROLL_IDS = pd.Series(["001", "002"])
LESSON_ROLL = pd.DataFrame({"pupil_id": ["001", "002"], "upn": ["A1", None]})
PERIODS = LessonSettings(morning=("P1", "P2"), afternoon=("P4",))


def sims(times: int = 1) -> str:
    """Return SIMS session attendances, the same marks so many times."""
    return f'<?xml version="1.0" encoding="iso-8859-1"?>\n<SessionAttendances>{SIMS_MARKS * times}</SessionAttendances>'


def sims_report(times: int = 1) -> str:
    """Return a SIMS report of pupils, the same two so many times."""
    return f'<?xml version="1.0" encoding="utf-8"?><SuperStarReport>{REPORT_PUPILS * times}</SuperStarReport>'


XPORTER = json.dumps(
    {"StudentAttendance": [
        {"Id": pupil, "AttStatsStartDate": "2026-09-13", "AttStatsEndDate": "2026-09-18", "Marks": "##/\\CL-",
         "MarksCSV": "#,#,/,\\,C2,L,-"}
        for pupil in ("001", "002")
    ]}
)  # fmt: skip


def wonde(times: int = 1) -> str:
    """Return marks as Wonde gives them beside their codes, the same marks so many times."""
    return json.dumps(
        {"codes": {"data": [{"id": f"A{number}", "code": code} for number, (_, _, code) in enumerate(MARKS)]},
         "marks": [{"student_id": pupil, "date": "2026-09-14", "session": session, "attendance_code_id": f"A{number}",
                    "minutes_late": None}
                   for number, (pupil, session, _) in enumerate(MARKS)] * times}
    )  # fmt: skip


def wonde_objects() -> str:
    """Return marks whose dates are objects and whose pupils and codes come inside."""
    day = {"date": "2026-09-13 23:00:00.000000", "timezone_type": 3, "timezone": "UTC"}
    return json.dumps(
        {"data": [{"date": day, "session": session, "student": {"data": {"id": pupil}},
                   "attendance_code": {"data": {"id": f"A{number}", "code": code}}}
                  for number, (pupil, session, code) in enumerate(MARKS)]}
    )  # fmt: skip


WEEKLY = (
    "StudentId,CalendarStartDate,MonAM,MonPM,FriPM\n001,2026-09-14T00:00:00,/,\\,C2\n002,2026-09-14,L,,#\n"
)
GO4SCHOOLS = (
    "UPN;Surname.Forename.Reg;Date;Session;Session.Mark;Session.Late.Minutes\n"
    "A1;X (7A);03/09/2026;AM;/;\nA2;Y;14/09/2026;PM;L;8\n"
)
CENSUS = "pupilonrolltableid,NativeId,sessions,attendancereason\np1,S,48.0,/\np1,S,7,I\np2,S,3,H\n"
CENSUS_ROLL = "pupilonrolltableid,upn,ncyearactual,termlysessionspossible\np1,A1,7,55.0\np2,A2,R,\n"

Reader = Callable[[Path], object]


@dataclass(frozen=True)
class Target:
    """A reader, the good file it starts from, and whether its changes are made inside the parts of a zip archive."""

    name: str
    seed: bytes
    read: Reader
    inside: bool = False


def grid() -> bytes:
    """Return a small printed register as a workbook."""
    return workbook_of(
        ["Register"], ["Adno", "Name", "14/09/2026 AM", "14/09/2026 PM", date(2026, 9, 15), 46281, "Total"],
        [None, None, None, None, "AM", "PM"],
        ["001", "Siân", "/", "\\", "C2", "I", 1.5], ["002", "Null", "L", "#N/A", "-", 7, "=1+1"], ["Total", 2],
    )  # fmt: skip


def month_grid() -> bytes:
    """Return a small register whose headings stand over three rows."""
    return workbook_of(
        ["Adno", "Name", "September 2026"], [None, None, "Mon 14", None, "Tue 15"], [None, None, "AM", "PM", "AM", "PM"],
        ["001", "Siân", "/", "\\", "C2", "I"], ["002", "Null", "L", "\\", "/", "\\"],
    )  # fmt: skip


def workbook_of(*rows: list[object]) -> bytes:
    """Return rows as a workbook in bytes."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def marks_of(path: Path) -> object:
    """Read a file as marks; a refusal in the ledger counts as one raised."""
    ledger = Ledger()
    read = read_marks((Source("marks", 0, "", (Export(path, codes=OWN),)),), ledger, SCHOOL_DAYS)
    return _unless_refused(read, ledger)


def roll_of(path: Path) -> object:
    """Read a file as pupils and check their ages."""
    ledger = Ledger()
    read = read_pupils((Source("pupils", 0, "", (Export(path),)),), ledger, SCHOOL_DAYS)
    if read is not None and not ledger.refusals:
        check_ages(read, SCHOOL_DAYS[0], (7, 8), ledger)
        RollYear(read, SCHOOL_DAYS[0], (7, 8), NO_MARKS, SCHOOL_DAYS[0]).settle(ledger)
    return _unless_refused(read, ledger)


def log_of(name: str) -> Reader:
    """Return the reader of one of the logs that staff keep."""

    def read(path: Path) -> object:
        ledger = Ledger()
        rows = read_log(name, (Source(name, 0, "", (Export(path),)),), ROLL_IDS, ledger)
        return _unless_refused(rows, ledger)

    return read


def lessons_of(path: Path) -> object:
    """Read a file as lesson registers."""
    ledger = Ledger()
    found = read_lessons((Source("lessons", 0, "", (Export(path),)),), LESSON_ROLL, PERIODS, ledger)
    return _unless_refused(found, ledger)


def in_small_pieces(path: Path) -> object:
    """Read a workbook as marks in pieces of a few rows, as a large one is read in."""
    whole, workbook.PIECE_BYTES = workbook.PIECE_BYTES, SMALL_PIECE_BYTES
    try:
        return marks_of(path)
    finally:
        workbook.PIECE_BYTES = whole


def census_of(path: Path) -> object:
    """Read a file as census counts, beside a good table of pupils."""
    roll = path.with_name("census_roll.csv")
    roll.write_text(CENSUS_ROLL, encoding="utf-8")
    return read_census_counts(Export(roll), Export(path), SCHOOL_DAYS[0])


def _unless_refused(read: object, ledger: Ledger) -> object:
    if ledger.refusals:
        raise AttendanceError(*ledger.refusals)
    ledger.close()
    return read


def targets() -> list[Target]:
    """Return every reader with its good file."""
    texts = {
        "tidy": (TIDY, marks_of), "weekly_wide": (WEEKLY, marks_of), "go4schools": (GO4SCHOOLS, marks_of),
        "sims_xml": (sims(), marks_of), "xporter": (XPORTER, marks_of), "wonde_json": (wonde(), marks_of),
        "pupils csv": (ROLL, roll_of), "pupils xml": (sims_report(), roll_of), "census_counts": (CENSUS, census_of),
        "tidy odd": (ODD, marks_of), "pupils odd": (ODD_ROLL, roll_of),
        "pupils of the day": (ROLL_OF_THE_DAY, roll_of), "wonde objects": (wonde_objects(), marks_of),
    }  # fmt: skip
    texts |= {name: (text, log_of(name)) for name, text in LOGS.items()} | {
        "lessons": (LESSONS, lessons_of), "lessons arbor": (LESSONS_ARBOR, lessons_of),
        "lessons bromcom": (LESSONS_BROMCOM, lessons_of), "lessons sims": (LESSONS_SIMS, lessons_of),
    }  # fmt: skip
    # Long enough for what readers do with many records alike: see xml_records, json_records and delimited.
    texts |= {
        "sims_xml long": (sims(LONG), marks_of), "pupils xml long": (sims_report(LONG), roll_of),
        "wonde_json long": (wonde(LONG), marks_of), "tidy long": (TIDY + TIDY.partition("\n")[2] * LONG, marks_of),
    }  # fmt: skip
    plain = [Target(name, text.encode("utf-8"), read) for name, (text, read) in texts.items()]
    return [
        *plain, Target("tidy utf-16", TIDY.encode("utf-16"), marks_of), Target("grid_xlsx", grid(), marks_of),
        Target("grid_xlsx months", month_grid(), marks_of, inside=True),
        Target("grid_xlsx parts", grid(), marks_of, inside=True),
        Target("grid_xlsx pieces", grid(), in_small_pieces, inside=True),
        *kept_targets(),
    ]  # fmt: skip


def kept_targets() -> list[Target]:
    """Return the readers of what the program reads back or is given beside exports; workbooks are spoiled without and within."""
    plain = [Target(name, text.encode("utf-8"), read) for name, (text, read) in kept_files.texts().items()]
    return plain + [
        Target(f"{name} xlsx{' parts' if inside else ''}", book, read, inside)
        for name, (book, read) in kept_files.books().items()
        for inside in (False, True)
    ]


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few random changes: in half of the inputs only words are changed, so that most stay well formed."""
    if chance.random() < 0.5:  # noqa: PLR2004 - half
        words = [match.span() for match in WORD.finditer(content)]
        for start, end in sorted(
            chance.sample(words, min(chance.randint(1, MOST_CHANGES), len(words))), reverse=True
        ):
            content = content[:start] + chance.choice(PLAIN_TOKENS) + content[end:]
        return content
    return torn(content, chance)


def torn(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with bits turned, slices cut or doubled, and awkward tokens put in anywhere."""
    for _ in range(chance.randint(1, MOST_CHANGES)):
        start = chance.randrange(len(content) + 1)
        end = min(start + chance.randrange(LONGEST_SLICE), len(content))
        piece = content[start:end]
        kind = chance.randrange(6)
        if kind == 0:
            piece = bytes(byte ^ (1 << chance.randrange(8)) for byte in piece[:1]) + piece[1:]
        elif kind == 1:
            piece = b""
        elif kind == 2:  # noqa: PLR2004 - six kinds of change
            piece = piece * chance.randint(2, 5)
        elif kind == 3:  # noqa: PLR2004
            end = len(content) if chance.random() < 0.1 else end  # noqa: PLR2004 - a cut to the end is one change in ten
            piece = b""
        else:
            piece = chance.choice(TOKENS) + (piece if chance.random() < 0.5 else b"")  # noqa: PLR2004 - put in or put over
        content = content[:start] + piece + content[end:]
    return content


def spoiled_inside(content: bytes, chance: random.Random) -> bytes:
    """Return a zip archive with one of its parts spoiled."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    chosen = chance.choice([*sheets, *sheets, *parts])
    parts[chosen] = spoiled(parts[chosen], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def fuzz(target: Target, inputs: int, folder: Path, seed: int = SEED) -> Counter:
    """Give a reader a number of spoiled files and count those read and those refused.

    Raises
    ------
    RuntimeError
        If anything but our own errors comes out.
    """
    outcomes = Counter(read=0, refused=0)
    path = folder / "export.dat"
    for number in range(inputs):
        chance = random.Random(f"{seed} {target.name} {number}")
        path.write_bytes((spoiled_inside if target.inside else spoiled)(target.seed, chance))
        try:
            with Spoiled(f"{target.name}, input {number} of seed {seed}"):
                target.read(path)
            outcomes["read"] += 1
        except AttendanceError:
            outcomes["refused"] += 1
    return outcomes


@dataclass(frozen=True)
class Spoiled:
    """One spoiled file while it is read: whatever comes out of it but our own errors comes out under its name."""

    name: str

    def __enter__(self) -> None:
        """Begin to read."""

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        """Name the file if it made a reader fail."""
        if error is None or isinstance(error, AttendanceError) or not isinstance(error, Exception):
            return
        raise RuntimeError(self.name) from error


def main() -> None:
    """Fuzz every reader and print what came of it."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED  # noqa: PLR2004 - the second argument
    total: Counter = Counter()
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{'reader':<22}{'inputs':>8}{'read':>8}{'refused':>9}{'seconds':>9}\n")
        for target in targets():
            start = time.perf_counter()
            outcome = fuzz(target, inputs, Path(folder), seed)
            total += outcome
            sys.stdout.write(_line(target.name, outcome) + f"{time.perf_counter() - start:>9.1f}\n")
            sys.stdout.flush()
    sys.stdout.write(_line("all", total) + "\n")


def _line(name: str, outcome: Counter) -> str:
    return f"{name:<22}{sum(outcome.values()):>8,}{outcome['read']:>8,}{outcome['refused']:>9,}"


if __name__ == "__main__":
    main()
