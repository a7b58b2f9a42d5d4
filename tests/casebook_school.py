"""A school of four pupils whose packs are made in this process, filled in as staff fill them in, and made again."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from attendance_lib.display.charts import drawing
from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.pack.opening import open_pack
from attendance_lib.pack.pack import Pack
from attendance_lib.reports import render, run
from attendance_lib.reports.project import Project
from attendance_lib.reports.request import RunRequest
from attendance_lib.reports.run import Run, run_report
from tests.notebook_in_process import executed
from tests.school_file import autumn, details
from tests.workbook_tabs import tab

PARAMETERS = """
school_file: str = "params/school.yml"
date_from: str = "2026-09-07"
date_to: str = "2026-09-18"
cohort: str = "all"
cohorts_file: str = "params/cohorts.yml"
casebook: str = ""
""".strip()
OPEN = """
from attendance_lib.papers.fortnightly import actions
from attendance_lib.papers import shared
from attendance_lib.pack.opening import open_pack

pack = open_pack(school_file, date_from, date_to, cohort, cohorts_file=cohorts_file, casebook=casebook)
shared.masthead(pack)
""".strip()
KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
SHOWN = (
    "actions.action_counts(pack)",
    "actions.actions(pack)",
    "actions.differing_actions(pack)",
    "actions.actions_to_enter(pack)",
    "actions.told_of_files_since(pack)",
)
CARDS_OPEN = """
from attendance_lib.papers.impact import card_sheet, front_page
from attendance_lib.analysis.impact.paper import Criteria, impact_paper
from attendance_lib.pack.opening import open_pack

pack = open_pack(school_file, date_from, date_to, cohort, cohorts_file=cohorts_file, casebook=casebook)
paper = impact_paper(pack, Criteria())
front_page.impact_masthead(paper)
""".strip()
CARDS_SHOWN = (
    "card_sheet.impact_card_words(paper)",
    "card_sheet.impact_card_sheet(paper)",
    "card_sheet.differing_cards(paper)",
    "card_sheet.told_of_cards(paper)",
)
COHORTS = 'all: {title: "Whole school"}\nyear_7: {title: "Year 7", where: {year_group: [7]}}\n'
PUPILS = "pupil_id,surname,forename,year_group,form,admission_date\n" + "".join(
    f"{number:04},Surname{number},Forename{number},{7 if number < 3 else 8},{7 if number < 3 else 8}A,2026-09-01\n"
    for number in (1, 2, 3, 4)
)
LOG = (
    "action_id,pupil_id,raised_on,action,owner,due_date,status,completed_on,note",
    "A0021,0001,2026-09-04,Ring home,HoY 7,2026-09-25,open,,",
    "A0022,0002,2026-09-04,Home visit,HoY 7,2026-10-30,in progress,,left a card",
    "A0023,0003,2026-09-04,Order certificates,SENCo,,open,,",
)
FIRST, SECOND, THIRD = (
    ("2026-09-07", "2026-09-18"),
    ("2026-09-21", "2026-10-02"),
    ("2026-10-05", "2026-10-16"),
)
ROOT = Path(__file__).resolve().parents[1]
HALF_TERM = (date(2026, 10, 26), date(2026, 10, 30))
MONDAY = datetime(2026, 9, 21, 8, tzinfo=UTC)
# What was first made of a school's files in this process: the folder of a copy, the pack's place, and what was told.
FIRST_PACKS: dict[tuple, tuple[Path, Path, tuple[str, ...]]] = {}


def files_below(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """Every file below a folder with its bytes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)


@dataclass
class CasebookSchool:
    """The project; ``said`` is what the last run told, ``log`` the rows of the school's log of actions."""

    root: Path
    log: list[str] = field(default_factory=lambda: list(LOG))
    said: list[str] = field(default_factory=list)
    name: str = "St Mary's"
    urn: str = "990002"
    more: str = ""
    more_at_end: str = ""
    runs: int = 0

    def __post_init__(self) -> None:
        for folder in ("notebooks", "params"):
            (self.root / folder).mkdir(parents=True)
        for report, shown in (("fortnightly", (OPEN, *SHOWN)), ("impact", (CARDS_OPEN, *CARDS_SHOWN))):
            first = new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
            cells = [new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(shown)]
            notebook = new_notebook(cells=[first, *cells], metadata=KERNEL)
            nbformat.write(notebook, self.root / "notebooks" / f"{report}.ipynb")
        (self.root / "params" / "cohorts.yml").write_text(COHORTS, encoding="utf-8")
        (self.root / "params" / "pupils.csv").write_text(PUPILS, encoding="utf-8")
        term = (date(2026, 9, 3) + timedelta(number) for number in range(110))
        days = [day for day in term if day.weekday() < 5 and not HALF_TERM[0] <= day <= HALF_TERM[1]]
        marks = [
            f"{number:04},{day},{half},/" for number in (1, 2, 3, 4) for day in days for half in ("AM", "PM")
        ]
        (self.root / "params" / "marks.csv").write_text(
            "\n".join(["pupil_id,date,session,code", *marks]), encoding="utf-8"
        )

    @property
    def packs(self) -> Path:
        """The folder of packs under the school's present name."""
        (folder,) = (path for path in (self.root / "outputs").iterdir() if (path / "fortnightly").is_dir())
        return folder / "fortnightly"

    def request(self, first: str, last: str, **asked: object) -> RunRequest:
        """Write what the school is now, and return the request of a pack."""
        text = details(self.name, self.urn, marks=' {path: "marks.csv"}\n  actions: {path: "actions.csv"}')
        text = text.replace("  phase:", f"{self.more}  phase:", 1) + autumn("2026-09-03") + self.more_at_end
        (self.root / "params" / "school.yml").write_text(text, encoding="utf-8")
        (self.root / "params" / "actions.csv").write_text("\n".join(self.log) + "\n", encoding="utf-8")
        dates = {"date_from": date.fromisoformat(first), "date_to": date.fromisoformat(last)}
        project = Project(self.root)
        places = {"school_file": self.root / "params" / "school.yml", "out": project.outputs}
        return RunRequest(**{"report": "fortnightly", "project": project} | places | dates | asked)

    def make(self, first: str, last: str, **asked: object) -> Path:
        """Make a pack and return its workbook."""
        self.runs += 1
        self.said = []
        moment = MONDAY + timedelta(hours=self.runs)
        request = self.request(first, last, **asked)
        run_of_it = Run(say=self.said.append, clock=lambda: moment)
        is_first = self.runs == 1 and asked.keys() <= {"report", "values"} and not request.out.exists()
        pack = self.first_pack(request, run_of_it, asked) if is_first else run_report(request, run_of_it)
        return pack / f"{request.report}.xlsx"

    def first_pack(self, request: RunRequest, first: Run, asked: Mapping[str, object]) -> Path:
        """Make the first pack, or put down what was made of the very same files for a test before: most tests begin with it."""
        key = request.date_from, request.date_to, repr(sorted(asked.items())), files_below(self.root)
        outputs = self.root / "outputs"
        if key not in FIRST_PACKS:
            pack = run_report(request, first)
            ignored = shutil.ignore_patterns(STORE_FOLDER)
            kept = self.root.with_name(f"first_pack_of_{self.root.name}")
            shutil.copytree(outputs, kept, ignore=ignored)
            FIRST_PACKS[key] = kept, pack.relative_to(self.root), tuple(self.said)
        else:
            shutil.copytree(FIRST_PACKS[key][0], outputs)
            # What was read of the exports is kept by the place of the school file, which is another here.
            open_school(load_settings(request.school_file), SchoolStore(outputs / STORE_FOLDER), keeps=True)
        _, pack, said = FIRST_PACKS[key]
        self.said = list(said)
        return self.root / pack

    @property
    def casebook(self) -> Path:
        """The file of the casebook."""
        (book,) = self.root.glob(f"outputs/*/casebook-{self.urn}.sqlite")
        return book

    def opened(self, dates: tuple[str, str]) -> Pack:
        """The pack of some days with all that the casebook knows."""
        return open_pack("params/school.yml", *dates, casebook=str(self.casebook))

    def take_notebook(self, report: str) -> None:
        """Let the school make one of the project's own papers."""
        notebook = nbformat.read(ROOT / "notebooks" / f"{report}.ipynb", as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        nbformat.write(notebook, self.root / "notebooks" / f"{report}.ipynb")

    def never_comes(self, pupil: str) -> None:
        """Let a pupil miss every session without leave (O)."""
        marks = self.root / "params" / "marks.csv"
        lines = marks.read_text(encoding="utf-8").splitlines()
        missed = [line[:-1] + "O" if line.startswith(pupil) else line for line in lines]
        marks.write_text("\n".join(missed), encoding="utf-8")

    def name_table(self, name: str, text: str) -> None:
        """Export a table more, which the school file names."""
        (self.root / "params" / f"{name}.csv").write_text(text, encoding="utf-8")
        school_file = self.root / "params" / "school.yml"
        said = school_file.read_text(encoding="utf-8")
        named = said.replace("calendar:", f'  {name}: {{path: "{name}.csv"}}\ncalendar:', 1)
        school_file.write_text(named, encoding="utf-8")


def execute_here(execution, progress):
    """Execute a notebook in this process, in place of a kernel."""
    notebook = executed(nbformat.read(execution.notebook, as_version=4), execution.parameters)
    notebook.metadata["papermill"] = {"parameters": execution.parameters | execution.shown}
    nbformat.write(notebook, execution.output)
    return notebook


def without_kernel(patch) -> None:
    """Make packs in this process, without a page, a PDF and pictures: a chart is drawn and not saved."""
    patch.setattr(run, "execute", execute_here)
    patch.setattr(drawing, "to_svg", lambda _: "<svg/>")
    patch.setattr(render, "write_html", lambda notebook, path: path.write_text("page") and ())
    patch.setattr(render, "write_pdf", lambda notebook, path: path.write_text("paper") and ())


def school_in(folder: Path, patch, kind: type[CasebookSchool] = CasebookSchool) -> CasebookSchool:
    """Put the school into a folder, which becomes the working directory; its packs are made in this process."""
    without_kernel(patch)
    root = folder / "project"
    root.mkdir()
    patch.chdir(root)
    return kind(root)


# What staff do with a workbook


def table_of(path: Path, sheet: str = "actions") -> pd.DataFrame:
    """Return a sheet by our column names, blank cells as empty text, dates as ISO text; ``sheet`` is our name of it."""
    book = openpyxl.load_workbook(path)
    rows = list(tab(book, sheet).iter_rows(values_only=True))
    at = next((number for number, row in enumerate(rows) if "row_mark" in row), None)
    top, first = (at, at + 2) if at is not None else (next(n for n, row in enumerate(rows) if row[1]), 0)
    found = pd.DataFrame(rows[first or top + 1 :], columns=list(rows[top]))
    return found.map(
        lambda value: (
            "" if pd.isna(value) else value.date().isoformat() if isinstance(value, datetime) else str(value)
        )
    )


def fill(
    path: Path,
    cells: Mapping[tuple[str, str], object],
    added: Iterable[Mapping[str, object]] = (),
    of: tuple[str, str, str] = ("actions", "action_id", "action"),
) -> Path:
    """Fill in cells (key and column to value) and rows at the foot of a sheet (name, key and a column that every row has)."""
    book = openpyxl.load_workbook(path)
    name_of_sheet, key, always = of
    sheet = tab(book, name_of_sheet)
    names = next(
        row
        for row in sheet.iter_rows()
        if row[-1].value == "row_mark" or "row_mark" in [cell.value for cell in row]
    )
    column = {cell.value: cell.column for cell in names}
    below = range(names[0].row + 2, sheet.max_row + 1)
    row = {sheet.cell(number, column[key]).value: number for number in reversed(below)}
    for (action, name), value in cells.items():
        sheet.cell(row[action], column[name]).value = value
    free = (number for number in below if sheet.cell(number, column[always]).value is None)
    for values in added:
        number = next(free)
        for name, value in values.items():
            sheet.cell(number, column[name]).value = value
    book.save(path)
    return path


def resaved(path: Path, to: Path | None = None) -> Path:
    """Save a workbook as LibreOffice does: every cell's value, and nothing of formats, panes, lists and hidden rows."""
    old, new = openpyxl.load_workbook(path), openpyxl.Workbook()
    new.remove(new.active)
    for sheet in old:
        copy = new.create_sheet(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            copy.append(row)
    new.save(to or path)
    return to or path


needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def saved_by_libreoffice(folder: Path, *paths: Path) -> None:
    """Open workbooks of different names in LibreOffice, started once, and save each again in its place.

    ``folder`` takes its profile and what it writes. Each has then been saved a minute after the one before.
    """
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, *paths],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for minutes, path in enumerate(paths):
        later(Path(shutil.copy(folder / path.name, path)), minutes)


def turned_round_without(path: Path, name: str, word: str) -> Path:
    """Turn the rows of a sheet round, last first, without those that hold a word."""
    book = openpyxl.load_workbook(path)
    sheet = tab(book, name)
    rows = [[each.value for each in line] for line in sheet.iter_rows()]
    first = next(at for at, line in enumerate(rows) if "row_mark" in line) + 2
    sheet.delete_rows(first + 1, len(rows) - first)
    for line in rows[first:][::-1]:
        if word not in line:
            sheet.append(line)
    book.save(path)
    return path


def later(path: Path, minutes: int = 1) -> Path:
    """Let a file have been changed some minutes after now."""
    moment = path.stat().st_mtime + 60 * minutes
    os.utime(path, (moment, moment))
    return path
