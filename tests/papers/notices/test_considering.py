"""The case-by-case consideration: filled in on the sheet of the paper on notices, read back, and heard by the gate."""

import shutil
import subprocess
from pathlib import Path

import nbformat
import openpyxl
import pytest

from attendance_lib.analysis.notice_cases import cases_of
from attendance_lib.pack.opening import open_pack
from tests.casebook_school import (
    FIRST,
    SECOND,
    THIRD,
    CasebookSchool,
    fill,
    later,
    resaved,
    table_of,
    without_kernel,
)
from tests.school_file import NATIONAL

ROOT = Path(__file__).resolve().parents[3]
OF = ("considered", "pupil_id", "pupil_name")
NEW = ("considered", "case_id", "pupil_id")
SAID = {
    ("0001", "considered_on"): "18/09/2026",
    ("0001", "considered_by"): "Lea All",
    ("0001", "support_appropriate"): "no",
}


class NoticeSchool(CasebookSchool):
    """The casebook's school under the national framework; 0001 misses every session without leave (O)."""

    considered = ""

    def request(self, first, last, **asked):
        made = super().request(first, last, **asked)
        text = made.school_file.read_text(encoding="utf-8")
        made.school_file.write_text(text + NATIONAL, encoding="utf-8")
        if self.considered:
            (self.root / "params" / "considered.csv").write_text(self.considered, encoding="utf-8")
            text = made.school_file.read_text(encoding="utf-8")
            named = text.replace("calendar:", '  considered: {path: "considered.csv"}\ncalendar:', 1)
            made.school_file.write_text(named, encoding="utf-8")
        return made

    def paper(self, dates, **asked):
        return self.make(*dates, report="notices", **asked)

    def case(self, dates, pupil="0001"):
        (book,) = self.root.glob("outputs/*/casebook-990002.sqlite")
        pack = open_pack("params/school.yml", *dates, casebook=str(book))
        return next(each for each in cases_of(pack) if each.pupil_id == pupil and each.rule.is_national)


@pytest.fixture
def school(tmp_path, monkeypatch):
    without_kernel(monkeypatch)
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    made = NoticeSchool(root)
    marks = (root / "params" / "marks.csv").read_text(encoding="utf-8").splitlines()
    missed = [line[:-1] + "O" if line.startswith("0001") else line for line in marks]
    (root / "params" / "marks.csv").write_text("\n".join(missed), encoding="utf-8")
    pupils = root / "params" / "pupils.csv"
    head, *rows = pupils.read_text(encoding="utf-8").splitlines()
    born = [f"{head},date_of_birth", *(f"{row},2014-10-15" for row in rows)]
    pupils.write_text("\n".join(born) + "\n", encoding="utf-8")
    notebook = nbformat.read(ROOT / "notebooks" / "notices.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    nbformat.write(notebook, root / "notebooks" / "notices.ipynb")
    return made


def to_do(case):
    return {check.name for check in case.gate.to_do}


def test_a_case_at_the_threshold_has_a_row_and_what_is_written_there_is_heard_by_the_gate(school):
    path = school.paper(FIRST)
    assert [pupil for pupil in table_of(path, "considered")["pupil_id"] if pupil.isdigit()] == ["0001"]
    assert {"considered", "support"} <= to_do(school.case(FIRST))
    fill(path, SAID, of=OF)
    second = school.paper(SECOND)
    case = school.case(SECOND)
    assert str(case.case.considered_on) == "2026-09-18"
    assert not {"considered", "support"} & to_do(case)  # support was recorded as not appropriate
    row = table_of(second, "considered").set_index("pupil_id").loc["0001"]
    assert row[["considered_on", "considered_by", "support_appropriate"]].tolist() == [
        "2026-09-18",
        "Lea All",
        "no",
    ]
    assert "2026-09-18" in table_of(second, "considered_to_enter").to_numpy()


def test_a_log_that_has_the_record_has_nothing_to_enter_and_its_words_are_shown(school):
    fill(school.paper(FIRST), SAID, of=OF)
    school.considered = (
        "pupil_id,parent,considered_on,considered_by,support_appropriate\n0001,,2026-09-18,The head,1\n"
    )
    second = school.paper(SECOND)
    assert "2026-09-18" not in table_of(second, "considered_to_enter").to_numpy()
    assert school.case(SECOND).case.support_appropriate is True


def test_a_row_without_a_day_is_no_record_and_is_not_lost(school):
    fill(school.paper(FIRST), {("0001", "note"): "ask the nurse"}, of=OF)
    second = school.paper(SECOND)
    assert "considered" in to_do(school.case(SECOND))
    assert table_of(second, "considered").set_index("pupil_id").loc["0001", "note"] == "ask the nurse"


def test_a_case_added_at_the_foot_by_a_number_without_its_zeros_is_the_pupils(school):
    fill(
        school.paper(FIRST),
        {},
        [{"pupil_id": 1, "considered_on": "2026-09-18", "disability_related": "yes"}],
        of=NEW,
    )
    second = school.paper(SECOND)
    assert school.case(SECOND).case.disability_related is True
    assert "Written before" in set(table_of(second, "considered")["answer"])


def test_two_copies_that_say_different_things_are_shown_side_by_side(school):
    path = school.paper(FIRST)
    copy = Path(shutil.copy(path, path.with_name("Copy of notices.xlsx")))
    fill(path, SAID, of=OF)
    fill(
        later(copy),
        SAID | {("0001", "support_appropriate"): "yes", ("0001", "note"): "asked for help"},
        of=OF,
    )
    second = school.paper(SECOND)
    (told,) = table_of(second, "differing").to_dict("records")
    assert {told["shown"], told["others"].partition(" (")[0]} == {"no", "yes"}
    assert table_of(second, "considered").set_index("pupil_id").loc["0001", "note"] == "asked for help"


def test_a_sheet_that_was_sorted_and_a_row_that_was_deleted_lose_nothing(school):
    path = fill(
        school.paper(FIRST), SAID, [{"pupil_id": "0002", "considered_on": "2026-09-17"}], of=NEW_OR_OLD
    )
    school.paper(SECOND)
    book = openpyxl.load_workbook(path)
    sheet = book["considered"]
    rows = [[each.value for each in line] for line in sheet.iter_rows()]
    first = next(at for at, line in enumerate(rows) if "row_mark" in line) + 2
    sheet.delete_rows(first + 1, len(rows) - first)
    for line in [line for line in rows[first:][::-1] if "0001" not in line]:
        sheet.append(line)
    book.save(path)
    resaved(path)
    third = table_of(school.paper(THIRD), "considered").set_index("pupil_id")
    assert third.loc[["0001", "0002"], "considered_on"].tolist() == ["2026-09-18", "2026-09-17"]


NEW_OR_OLD = ("considered", "pupil_id", "pupil_id")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_sheet_that_libreoffice_saved_again_says_what_was_typed(school, tmp_path):
    path = fill(school.paper(FIRST), SAID, of=OF)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path, path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shutil.copy(tmp_path / path.name, path)
    school.paper(SECOND)
    assert str(school.case(SECOND).case.considered_on) == "2026-09-18"
