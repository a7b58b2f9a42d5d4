"""The demo school's own reports, made by the command as a school makes them, attacked as those of invented schools are.

Run from the project's folder with ``python -m benchmarks.attack_demo`` once ``make demo`` has written the exports: two
minutes. Three half terms' reports, then those of two cohorts, then the last one made again from registers of which 40 marks
were changed. Each is worked out again beside, for the figures behind it: that it published the same is checked. Pupils join
and leave this school, so the reader is told what is behind each rate. What happens without a record is tried as well. Ends
with status 1 if anything was made out, or if nothing is where it must be.

The reports span two school years. ``python -m benchmarks.attack_demo 7 10`` does the same with a smaller school over both:
every seventh pupil of the demo's, withheld below 10 (below 5 if not given).
"""

import csv
import json
import random
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from attendance_lib.demo.files import write_workbook
from attendance_lib.pack.opening import open_pack
from attendance_lib.pack.pack import Pack
from tests.intruder.trial import Made, attack_series, make

HALF_TERMS = (("2026-04-13", "2026-05-22"), ("2026-06-01", "2026-07-17"), ("2026-09-03", "2026-10-23"))
COHORTS = ("send", "fsm")
MARKS = "outputs/demo_exports/marks_2026-27.csv"
CHANGED, DRAWN_BY = 40, 1
OF_MARKS_ONLY = ("amended_marks.csv", "register_times.csv")  # whose marks another file of the demo repeats
BYTE_ORDER_MARK = "utf-8-sig"


def main(every: int = 1, level: int = 5) -> int:
    """Make and attack the reports of every so manieth pupil's school; return how much went wrong."""
    with TemporaryDirectory() as folder:
        made, packs = publish(Path(folder), every, level)
    sessions = sessions_of(packs)
    size = len(packs[0].register.pupils)
    outcome = attack_series(made, size, sessions)
    for each in made:
        sys.stdout.write(
            f"{each.paper.last} {each.paper.cohort}: {each.withheld} of {each.counts} figures withheld, {each.seconds:.1f} s\n"
        )
    sys.stdout.write(
        f"{len(made)} reports: {outcome.attacked} figures attacked, {len(outcome.narrowed)} made out, "
        f"{len(outcome.blanks)} blanks {outcome.wrong}\n"
    )
    for found in (*outcome.narrowed, *outcome.blanks):
        sys.stdout.write(f"  {found}\n")
    forgotten = make(packs[1], "all", [], is_told=True)
    found = attack_series([made[0], forgotten], size, sessions).narrowed
    sys.stdout.write(f"the second without the record of the first: {len(found)} made out\n")
    return len(outcome.narrowed) + len(outcome.blanks) + bool(outcome.wrong) + (not found)


def publish(folder: Path, every: int, level: int) -> tuple[list[Made], list[Pack]]:
    """Make all reports by the command in a folder, and once more here, each knowing those before it.

    Raises
    ------
    SystemExit
        If the command published something else than what is made here.
    """
    # Without what reports made here before have published: later ones would be known to earlier ones.
    shutil.copytree("params", folder / "params", ignore=shutil.ignore_patterns("published"))
    shutil.copytree("outputs/demo_exports", folder / "outputs/demo_exports")
    cut(folder, every, level)
    wanted = [(days, "all") for days in HALF_TERMS] + [(HALF_TERMS[-1], cohort) for cohort in COHORTS]
    made: list[Made] = []
    packs: list[Pack] = []
    for days, cohort in (*wanted, (HALF_TERMS[-1], "all")):
        is_again = len(made) == len(wanted)
        if is_again:
            change_marks(folder)
        record = made_by_command(folder, days, cohort, again=is_again)
        packs.append(open_pack(str(folder / "params/demo.yml"), *days, cohort))
        made.append(make(packs[-1], cohort, [each.record for each in made], is_told=True))
        if record != counts_of(made[-1].record.model_dump(mode="json")):
            raise SystemExit(f"{days[1]} {cohort}: the command published something else.")
    return made, packs


def cut(folder: Path, every: int, level: int) -> None:
    """Leave every so manieth pupil in the exports, and set below how many a count is withheld."""
    exports = folder / "outputs/demo_exports"
    kept = set(sorted(pupils_of(exports / "pupils.csv"))[::every])
    for path in exports.glob("*.csv"):
        head, *rows = csv.reader(path.read_text(encoding=BYTE_ORDER_MARK).splitlines())
        with path.open("w", encoding=BYTE_ORDER_MARK, newline="") as file:
            csv.writer(file).writerows([head, *(row for row in rows if row[0] in kept)])
    logs = pd.read_excel(exports / "logs.xlsx", sheet_name=None, dtype={"pupil_id": str}, engine="openpyxl")
    write_workbook({name: log[log["pupil_id"].isna() | log["pupil_id"].isin(kept)] for name, log in logs.items()},
                   exports / "logs.xlsx")  # fmt: skip
    school_file = folder / "params/demo.yml"
    said = school_file.read_text(encoding="utf-8")
    school_file.write_text(
        said.replace("suppression_level: 5", f"suppression_level: {level}"), encoding="utf-8"
    )


def made_by_command(folder: Path, days: tuple[str, str], cohort: str, *, again: bool) -> list:
    """Make a report by the command and return what its record holds."""
    attendance = str(Path(sys.executable).with_name("attendance"))
    command = [attendance, "run", "governors", "--school", str(folder / "params/demo.yml"), "--out", str(folder / "packs"),
               "--to", days[1], "--cohort", cohort, *(["--replace"] if again else [])]  # fmt: skip
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    record = Path(told.splitlines()[-1]) / "tables/disclosure.json"
    return counts_of(json.loads(record.read_text(encoding="utf-8")))


def counts_of(record: dict) -> list:
    """Return the coordinates and figures of a record in an order of their own.

    Examples
    --------
    >>> one, other = ({"coordinates": {"sex": sex}, "value": 12, "told": None} for sex in ("F", "M"))
    >>> counts_of({"counts": [one, other]}) == counts_of({"counts": [other, one]})
    True
    """
    return sorted(
        [sorted(count["coordinates"].items()), str(count["value"]), str(count["told"])]
        for count in record["counts"]
    )


def change_marks(folder: Path) -> None:
    """Change 40 marks of illness of the last half term, into other absences or into presence."""
    path = folder / MARKS
    head, *rows = csv.reader(path.read_text(encoding=BYTE_ORDER_MARK).splitlines())
    first, last = map(date.fromisoformat, HALF_TERMS[-1])
    repeated = {pupil for name in OF_MARKS_ONLY for pupil in pupils_of(path.with_name(name))}
    ill = [
        (row, place)
        for row in rows
        for place, mark in enumerate(row)
        if mark == "I" and first <= date.fromisoformat(row[1][:10]) <= last and row[0] not in repeated
    ]
    for number, (row, place) in enumerate(random.Random(DRAWN_BY).sample(ill, min(CHANGED, len(ill)))):
        row[place] = ("M", "O", "\\" if head[place].endswith("PM") else "/")[number % 3]
    with path.open("w", encoding=BYTE_ORDER_MARK, newline="") as file:
        csv.writer(file).writerows([head, *rows])


def pupils_of(path: Path) -> set[str]:
    """Return the pupils of a file of marks, one row each."""
    with path.open(encoding=BYTE_ORDER_MARK, newline="") as file:
        return {row["pupil_id"] for row in csv.DictReader(file)}


def sessions_of(packs: list[Pack]) -> dict[date, int]:
    """Return how many sessions each day of the registers has."""
    found = [pack.register.sessions.groupby("date").size() for pack in packs]
    return {day.date(): int(count) for each in found for day, count in each.items()}


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:])) else 0)
