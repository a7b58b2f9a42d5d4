"""Exports read once: the gate keeps what it read, the kernel opens that, and figures are the same either way."""

import os
import subprocess
from datetime import date
from pathlib import Path

import nbformat
import pytest

from attendance_lib.intake import school as reading
from attendance_lib.intake import school_store
from attendance_lib.intake.school import read_school
from attendance_lib.intake.school_store import STORE_FOLDER, STORE_VARIABLE, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.pack.opening import open_pack
from attendance_lib.register import held
from attendance_lib.reports import run
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.papers import PAPERS, MadeBy, Span, papers_made_by
from attendance_lib.reports.project import Project
from attendance_lib.reports.request import RunRequest
from attendance_lib.reports.run import Run, rerun_differences, run_report
from tests.casebook_school import CasebookSchool, execute_here
from tests.notebook_in_process import run_here
from tests.odd_schools import ODD

ROOT = Path(__file__).parents[2]
SMALL = ODD["five terms"]
COHORTS = ROOT / "params" / "cohorts.yml"
FORTNIGHT = {"date_from": "2026-11-02", "date_to": "2026-11-13"}
# Of the odd schools' terms.
PERIODS = {
    Span.DAY: {"date_from": "2026-11-13", "date_to": "2026-11-13"},
    Span.WEEK: {"date_from": "2026-11-02", "date_to": "2026-11-06"},
    Span.FORTNIGHT: FORTNIGHT,
    Span.HALF_TERM: {"date_from": "2026-09-07", "date_to": "2026-11-13"},
    Span.WHOLE_RECORD: {"date_from": "2025-09-07", "date_to": "2026-11-13"},
}
# Opens a pack in a kernel in which no export can be read, or, if the file "may_read" is there, says that it was read.
OPEN = """
from pathlib import Path

from attendance_lib.intake import school as reading
from attendance_lib.pack.opening import open_pack

read, was_read = reading.read_school, []


def told(settings):
    if not Path("may_read").exists():
        raise KeyError("the kernel read the exports")
    Path("was_read").touch()
    return read(settings)


reading.read_school = told
if Path("change").exists():
    marks = Path("params/marks.csv")
    marks.write_text(marks.read_text() + Path("change").read_text())
pack = open_pack(school_file, date_from, date_to, cohort, cohorts_file=cohorts_file)
""".strip()


@pytest.fixture
def school(tmp_path):
    """A small project whose one notebook opens its pack in a kernel."""
    made = CasebookSchool(tmp_path / "project")
    made.request("2026-09-07", "2026-09-18")
    notebook = nbformat.read(made.root / "notebooks" / "fortnightly.ipynb", as_version=4)
    notebook.cells = [notebook.cells[0], nbformat.v4.new_code_cell(OPEN)]
    nbformat.write(notebook, made.root / "notebooks" / "tiny.ipynb")
    return made


@pytest.fixture
def school_here(school, monkeypatch):
    """The same project, its notebook executed in this process."""
    monkeypatch.chdir(school.root)
    monkeypatch.setattr(run, "execute", kernel_here(monkeypatch))
    return school


def kernel_here(monkeypatch, *, is_forked=False):
    """Executes a notebook in this process, with the environment that a kernel would have.

    As in a kernel that was started, which has nothing of what the run holds, or in one forked from the run.
    """

    def execute(execution, progress):
        with monkeypatch.context() as patch:
            patch.setattr(reading, "read_school", reading.read_school)  # a cell may replace it
            if not is_forked:
                patch.setattr(school_store, "_HELD", {})
                patch.setattr(held, "_HELD", [])
            for name, value in execution.environment.items():
                patch.setenv(name, value)
            return execute_here(execution, progress)

    return execute


def request_of(school, **asked):
    dates = {"date_from": date(2026, 9, 7), "date_to": date(2026, 9, 18)}
    places = {"school_file": school.root / "params" / "school.yml", "out": school.root / "outputs"}
    return RunRequest(**{"report": "tiny", "project": Project(school.root)} | places | dates | asked)


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# In a run


@pytest.mark.parametrize("out", ["outputs", "elsewhere/packs"])
def test_a_kernel_reads_no_export_wherever_packs_go(school, out, monkeypatch):
    monkeypatch.chdir(school.root)
    pack = run_report(request_of(school, out=Path(out)))
    assert (pack / "receipt.json").is_file()
    assert len(list((school.root / out / STORE_FOLDER).iterdir())) == 1
    # Nothing in the pack says where that is.
    assert STORE_FOLDER not in "".join(path.read_text() for path in pack.glob("*.ipynb"))


def test_the_next_paper_s_gate_reads_none_either(school_here, monkeypatch):
    run_report(request_of(school_here))
    monkeypatch.setattr(reading, "read_school", lambda settings: pytest.fail("the gate read the exports"))
    assert run_report(request_of(school_here, replace=True)).is_dir()


def test_a_run_whose_store_cannot_be_written_is_made_without(school_here):
    (school_here.root / "outputs").mkdir()
    (school_here.root / "outputs" / STORE_FOLDER).write_text("in the way")
    (school_here.root / "may_read").touch()
    assert run_report(request_of(school_here)).is_dir()
    assert (school_here.root / "was_read").exists()


def test_exports_that_change_between_gate_and_kernel_are_read_anew_and_the_run_is_refused(school_here):
    """As it was before there was a store: the figures would be of other exports than those in the receipt."""
    for name, text in (("may_read", ""), ("change", "\n0001,2026-12-21,AM,/\n")):
        (school_here.root / name).write_text(text)
    with pytest.raises(Exception, match=r"marks\.csv changed while the report was made"):
        run_report(request_of(school_here))
    assert (school_here.root / "was_read").exists()


def test_a_pack_made_again_to_verify_it_reads_the_exports(school_here, monkeypatch):
    """Otherwise it would show that the store is the same, not that the exports give the same."""
    pack, read = run_report(request_of(school_here)), []
    monkeypatch.setattr(
        reading, "read_school", lambda settings: read.append(settings) or read_school(settings)
    )
    assert rerun_differences(pack, Project(school_here.root), Run()) == []
    assert len(read) == 1


def test_a_notebook_opened_by_hand_opens_what_a_run_read_and_writes_nothing(school, monkeypatch):
    settings = load_settings(school.root / "params" / "school.yml")
    open_school(settings, SchoolStore(school.root / "outputs" / STORE_FOLDER), keeps=True)
    before = files_in(school.root)
    monkeypatch.delenv(STORE_VARIABLE, raising=False)
    read = []
    monkeypatch.setattr(
        reading, "read_school", lambda settings: read.append(settings) or read_school(settings)
    )
    for folder in (school.root, school.root / "notebooks", Path("/")):
        monkeypatch.chdir(folder)
        given = "params/school.yml" if folder != Path("/") else str(school.root / "params" / "school.yml")
        open_pack(given, "2026-09-07", "2026-09-18", cohorts_file=str(school.root / "params" / "cohorts.yml"))
    assert (read, files_in(school.root)) == ([], before)
    for path in (school.root / "outputs" / STORE_FOLDER).iterdir():
        path.unlink()
    (school.root / "outputs" / STORE_FOLDER).rmdir()
    open_pack(given, "2026-09-07", "2026-09-18", cohorts_file=str(school.root / "params" / "cohorts.yml"))
    assert (
        len(read),
        (school.root / "outputs").exists(),
        (school.root / "outputs" / STORE_FOLDER).exists(),
    ) == (1, True, False)


# The same papers


WHOLE = "punctuality"  # made whole below


@pytest.mark.parametrize("report", [name for name in papers_made_by(MadeBy.RUN) if name != WHOLE])
def test_a_paper_shows_the_same_whether_its_school_is_read_or_opened(report, tmp_path, monkeypatch):
    school_file = SMALL.write(tmp_path)
    store = SchoolStore(tmp_path / "kept")
    given = {"school_file": str(school_file), "cohorts_file": str(COHORTS)} | PERIODS[PAPERS[report].span]
    monkeypatch.setenv(STORE_VARIABLE, str(store.folder))
    read = run_here(report, **given)
    assert not store.folder.exists()
    open_school(load_settings(school_file), store, keeps=True)
    monkeypatch.setattr(reading, "read_school", lambda settings: pytest.fail("read again"))
    opened = run_here(report, **given)
    shown = [[cell.get("outputs") for cell in notebook.cells] for notebook in (read, opened)]
    assert sum(map(bool, shown[0])) > 3
    assert shown[0] == shown[1]


def made_in(out, school_file, monkeypatch, *, is_forked=False):
    """Make a pack with its cells run here; return its files, but the receipt, which tells the time."""
    dates = {name: date.fromisoformat(day) for name, day in PERIODS[PAPERS[WHOLE].span].items()}
    request = RunRequest(WHOLE, Project(ROOT), school_file, out, **dates)
    with monkeypatch.context() as patch:
        patch.setattr(run, "execute", kernel_here(monkeypatch, is_forked=is_forked))
        patch.chdir(ROOT)
        pack = run_report(request)
    return {name: digest for name, digest in hashes_below(pack).items() if name != "receipt.json"}


def test_a_pack_has_the_same_bytes_with_the_store_cold_warm_and_absent_and_with_the_school_held(
    tmp_path, monkeypatch
):
    read = []
    monkeypatch.setattr(
        reading, "read_school", lambda settings: read.append(settings) or read_school(settings)
    )
    school_file = SMALL.write(tmp_path)
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent" / STORE_FOLDER).write_text("in the way")
    absent = made_in(tmp_path / "absent", school_file, monkeypatch)
    assert len(read) == 2
    cold = made_in(tmp_path / "cold", school_file, monkeypatch)
    assert len(read) == 3
    (tmp_path / "warm").mkdir()
    (tmp_path / "cold" / STORE_FOLDER).rename(tmp_path / "warm" / STORE_FOLDER)
    warm = made_in(tmp_path / "warm", school_file, monkeypatch)
    assert len(read) == 3
    forked = made_in(tmp_path / "forked", school_file, monkeypatch, is_forked=True)
    assert len(read) == 4
    assert {f"{WHOLE}.html", f"{WHOLE}.pdf", f"{WHOLE}.xlsx", "tables/index.json"} < absent.keys()
    assert absent == cold
    assert absent == warm
    assert absent == forked


# Private


def test_git_ignores_it_wherever_packs_go():
    for place in (f"outputs/{STORE_FOLDER}/a.school", f"params/mine/{STORE_FOLDER}/a.school"):
        asked = ["git", "check-ignore", "--no-index", "-q", place]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False, env=os.environ)
        if done.returncode == 128:
            pytest.skip("there is no git here")
        assert done.returncode == 0, place
