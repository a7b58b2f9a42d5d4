"""Reports to governors that the command refuses to make, as a user sees it: exit 12, and what to do."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.odd_schools import ODD

ROOT = Path(__file__).resolve().parents[2]


def ask(folder: Path, last: str, *more: str) -> subprocess.CompletedProcess:
    """Ask the command for a report of the school in a folder, to a last day."""
    command = ["run", "governors", "--school", folder / "school.yml", "--out", folder / "packs", "--to", last]
    return subprocess.run(
        [sys.executable, "-m", "attendance_lib", *map(str, command), *more],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small primary of which a cohort's report was published before the whole school's."""
    folder = tmp_path_factory.mktemp("refused")
    ODD["nursery"].write(folder)
    first = ask(folder, "2026-09-18", "--cohort", "fsm")
    assert first.returncode == 0, first.stderr
    return folder


def test_a_whole_school_s_report_after_a_cohort_s_that_it_would_give_away_is_refused(school):
    refused = ask(school, "2026-09-18")
    assert (refused.returncode, refused.stdout) == (12, "")
    assert re.search("In the table '.+' a withheld number could be worked out whatever else", refused.stderr)
    assert "among pupils eligible for free school meals" in refused.stderr
    assert "Was a cohort's report of this half term made before it?" in refused.stderr
    assert "in the pupils file, join " in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_record_that_is_missing_stops_the_report_until_its_folder_is_given(school, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(school, folder)
    assert ask(folder, "2026-11-13", "--cohort", "fsm").returncode == 0
    (pack,) = (folder / "packs").glob("*/governors/2026-09-07_*_fsm")
    shutil.move(pack, tmp_path / pack.name)
    (record,) = (folder / "published").glob("*/governors/0001_*.json")
    record.unlink()
    for book in (folder / "packs").glob("*/casebook*"):
        book.unlink()
    refused = ask(folder, "2026-11-13", "--cohort", "fsm", "--replace")
    assert refused.returncode == 12
    assert "record 1 is missing from" in refused.stderr
    assert "name the folder of that earlier report with --earlier" in refused.stderr
    given = ask(folder, "2026-11-13", "--cohort", "fsm", "--replace", "--earlier", str(tmp_path / pack.name))
    assert given.returncode == 0, given.stderr
