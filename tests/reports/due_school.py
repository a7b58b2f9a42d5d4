"""The tiny project with a pastoral meeting, and packs put in place without making them."""

import json
import shutil
from datetime import date

from attendance_lib.reports.due import DueRequest
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.receipt import Receipt, write_receipt

SCHOOL = "st-marys-990002"
# Without them there is nothing to evaluate, and no evaluation is due.
INTERVENTIONS = '  interventions: {path: "interventions.csv"}\n'
MEETING = "meetings:\n  pastoral: {first: 2026-09-08, every_school_weeks: 2}\n"
MONDAY = date(2026, 11, 23)


def with_meeting(project, more="", reports=("fortnightly", "governors")):
    """Give a project's school a meeting and what else is wanted, and the project notebooks of some names."""
    path = project.params / "demo.yml"
    said = path.read_text(encoding="utf-8").replace("calendar:", f"{INTERVENTIONS}calendar:", 1)
    path.write_text(said + MEETING + more, encoding="utf-8")
    log = "pupil_id,intervention,start_date\n1,Breakfast club,2026-09-14\n"
    (project.params / "interventions.csv").write_text(log, encoding="utf-8")
    for report in reports:
        shutil.copy(project.notebook("tiny"), project.notebook(report))
    return project


def request_on(project, on=MONDAY, since=None):
    return DueRequest(project, project.params / "demo.yml", project.outputs, on, since)


def write_pack(
    project,
    report,
    first,
    last,
    *,
    name=None,
    personal=True,
    made="2026-11-23T06:30:00+00:00",
    missing=0,
    marks_to="",
    parameters=None,
):
    """Put a pack in place, its receipt true but for what no test here reads."""
    pack = project.outputs / SCHOOL / report / (name or f"{first}_{last}")
    (pack / "tables").mkdir(parents=True, exist_ok=True)
    (pack / f"{report}.html").write_text("<p>", encoding="utf-8")
    column = {"name": "pupil", "heading": "Pupil", "unit": "text", "meaning": "", "personal": personal}
    about = {"name": "people", "file": "people.csv", "title": "", "note": "", "rows": 0, "reading": ""}
    table = about | {"personal": personal, "columns": [column]}
    (pack / "tables" / "index.json").write_text(json.dumps([table]), encoding="utf-8")
    (pack / "receipt.json").unlink(missing_ok=True)
    told = {each: {} for each in ("school", "inputs", "versions")} | {"parameters": parameters or {}}
    receipt = Receipt(
        report,
        date_from=first,
        date_to=last,
        cohort="all",
        rules=[],
        warnings=[],
        outputs=hashes_below(pack),
        **told,
        missing_percent=missing,
        marks_to=marks_to,
        times={"started": made},
    )
    write_receipt(receipt, pack)
    return pack
