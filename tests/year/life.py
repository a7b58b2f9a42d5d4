"""A year lived: each day the exports stand as on the evening before, the scheduler runs, and staff fill in what it made."""

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from attendance_lib.errors import AttendanceError
from attendance_lib.reports.due import DueRequest, Standing, standing_on
from attendance_lib.reports.due_run import Hands, Made, make_in_a_process, make_missing
from attendance_lib.reports.due_text import standing_notes
from attendance_lib.reports.project import Project
from attendance_lib.reports.receipt import RECEIPT
from attendance_lib.reports.request import RunRequest
from attendance_lib.reports.run import Run, run_report
from tests.casebook_school import COHORTS, KERNEL, OPEN, PARAMETERS, SHOWN, fill, table_of, without_kernel
from tests.notebook_in_process import ROOT
from tests.year import governors, story
from tests.year.governors import Readers
from tests.year.school import ONE_DAY, School
from tests.year.story import SECONDARY, Story

# The year groups of whom the pack's register holds this year: what every table by year group is made from.
GROUPS = """
from attendance_lib.display import Column, Kind, Table

register = pack.enrolled.year_to_date
years = register.pupils[(register.codes > 2).any(axis=1)]["year_group"].value_counts().rename_axis("year_group")
Table(
    name="year_groups", title="Year groups", frame=years.rename("enrolments").reset_index(), row_header="year_group",
    columns=(Column("year_group", "Year", Kind.COUNT, "Year group"), Column("enrolments", "Enrolments", Kind.COUNT, "Count")),
)
""".strip()
CASEBOOK = 'casebook: str = ""\n'
EARLIER = 'previous_pack: str = ""'


@dataclass(frozen=True)
class Day:
    """What came of one day's run."""

    day: date
    exit_code: int
    said: str
    made: tuple[tuple[str, str, str], ...]
    standing: Standing
    notes: tuple[str, ...]
    seconds: float


@dataclass
class Life:
    """The school's project, its days so far, and what staff wrote: the words and when.

    ``is_whole`` has the project's own papers made, each by the command in a process of its own.
    """

    root: Path
    story: Story = SECONDARY
    is_whole: bool = False
    days: list[Day] = field(default_factory=list)
    written: list[tuple[date, str]] = field(default_factory=list)
    readers: Readers = field(default_factory=Readers)

    def __post_init__(self) -> None:
        for folder in ("notebooks", "params"):
            (self.root / folder).mkdir(parents=True)
        self.school = School(self.root, self.story)
        if self.is_whole:
            for report in ("fortnightly", "impact", "governors"):
                shutil.copy(ROOT / "notebooks" / f"{report}.ipynb", self.root / "notebooks")
            shutil.copy(ROOT / "params" / "cohorts.yml", self.root / "params")
            return
        write_notebook(self.root, "fortnightly", PARAMETERS, [OPEN, *SHOWN, GROUPS])
        write_notebook(
            self.root,
            "impact",
            PARAMETERS.replace(CASEBOOK.strip(), ""),
            [OPEN.replace("casebook=casebook", ""), GROUPS],
        )
        write_notebook(self.root, "governors", PARAMETERS.replace(CASEBOOK.strip(), EARLIER), governors.CELLS)
        (self.root / "params" / "cohorts.yml").write_text(COHORTS, encoding="utf-8")

    @property
    def project(self) -> Project:
        return Project(self.root)

    def live(self) -> None:
        """Live every Monday and the other days of the story, in order, within the project's folder."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.root)
            self.readers.take_in(patch)
            if not self.is_whole:
                without_kernel(patch)
            self.live_days()

    def live_days(self) -> None:
        whole = (story.BEGINS + ONE_DAY * number for number in range((story.ENDS - story.BEGINS).days + 1))
        mondays = [day for day in whole if day.weekday() == 0]
        lived = {*mondays, *self.story.other_days, self.story.outage[1] + ONE_DAY, self.story.since[0]}
        for day in sorted(lived):
            is_off = any(first <= day <= last for first, last in (self.story.outage, story.OFF))
            if not is_off and day > story.FIRST_DAY:
                self.live_day(day)

    def live_day(self, day: date) -> None:
        """Write what stands, run, and let staff fill in what was made."""
        self.school.write_school_file(day)
        stale, since = self.story.stale
        self.school.write(since if day == stale else day - ONE_DAY)
        if day == self.story.broken:
            self.school.break_off()
        said, before, begun = [], self.made(), time.process_time()
        since = self.story.since[1] if day == self.story.since[0] else None
        request = DueRequest(self.project, self.school.school_file(day), self.root / "outputs", day, since)
        hands = Hands(
            make_in_a_process if self.is_whole else self.make,
            said.append,
            lambda _: None,
            lambda: datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC),
        )
        code = make_missing(request, hands)
        seconds = time.process_time() - begun
        standing = standing_on(request)
        made = tuple(pack for pack in self.made() if pack not in before)
        notes = tuple(standing_notes(standing))
        self.days.append(Day(day, code, " ".join(said), made, standing, notes, seconds))
        for report, first, last in made:
            if report == "fortnightly":
                self.meet(self.pack(report, first, last), day)
            if report == "governors" and self.is_whole:
                self.readers.read_again(self.pack(report, first, last), self.school.school_file(day))

    def make(self, arguments: list[str], _: Path) -> Made:
        """Make a pack in this process."""
        asked = dict(zip(arguments[2::2], arguments[3::2], strict=True))
        dates = {name: date.fromisoformat(asked[flag]) for name, flag in FLAGS.items() if flag in asked}
        request = RunRequest(
            arguments[1], self.project, Path(asked["--school"]), Path(asked["--out"]), **dates
        )
        lines: list[str] = []
        try:
            run_report(request, Run(say=lines.append))
        except AttendanceError as error:
            return Made(error.exit_code, tuple(str(error).splitlines()))
        return Made(0, tuple(lines))

    def made(self) -> list[tuple[str, str, str]]:
        """Every pack that is there under any name of the school: report, first and last day."""
        packs = sorted((self.root / "outputs").glob(f"*/*/[!.]*/{RECEIPT}"))
        return [
            (path.parent.parent.name, *path.parent.name.split("_"))
            for path in packs
            if "check" not in path.parts
        ]

    def pack(self, report: str, first: str, last: str) -> Path:
        (found,) = (self.root / "outputs").glob(f"*/{report}/{first}_{last}")
        return found

    def meet(self, pack: Path, day: date) -> None:
        """Fill in a pack as staff do at its meeting: a note on an action, and a new one; the log gets one of its own."""
        workbook = pack / "fortnightly.xlsx"
        note, agreed = f"note of {day}", f"agreed on {day}"
        listed = [key for key in table_of(workbook)["action_id"] if key]
        cells = {(listed[0], "note"): note} if listed else {}
        fill(
            workbook,
            cells,
            [{"pupil_id": "0702", "action": agreed, "owner": "Head of Year 7", "status": "open"}],
        )
        os.utime(workbook)
        self.written += [(day, word) for word in (agreed, *([note] if listed else []))]
        self.school.agreed.append((day, f"in the log on {day}"))


FLAGS = {"date_from": "--from", "date_to": "--to", "marks_to": "--marks-to"}


def write_notebook(root: Path, report: str, parameters: str, cells: Sequence[str]) -> None:
    """Write a short paper."""
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[first, *map(new_code_cell, cells)], metadata=KERNEL)
    nbformat.write(notebook, root / "notebooks" / f"{report}.ipynb")
