"""The demo school's export files, written once for all tests, and a school file beside a copy of them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made_once import made_once

ROOT = Path(__file__).resolve().parents[1]


def demo_exports(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder of the exports, to be read only, as `attendance demo` writes them."""
    return made_once("demo_exports", tmp_path_factory, worker_id, write_exports)


def write_exports(folder: Path) -> None:
    """Write the exports as a user does, in the project's folder."""
    command = [sys.executable, "-m", "attendance_lib", "demo", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def copy_demo_school(exports: Path, folder: Path) -> Path:
    """Copy the exports to `folder`/exports, where they may be changed; return the school file written beside them."""
    shutil.copytree(exports, folder / "exports")
    shutil.copytree(ROOT / "params" / "authorities", folder / "authorities", dirs_exist_ok=True)
    said = (ROOT / "params" / "demo.yml").read_text(encoding="utf-8")
    school_file = folder / "school.yml"
    school_file.write_text(said.replace("../outputs/demo_exports/", "exports/"), encoding="utf-8")
    return school_file
