"""The demo school's export files, written once for all tests, and a school file beside a copy of them."""

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.pack.opening import PACKS
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


def read_demo_school(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the school file of a demo school that was read once for all tests, to be read only.

    Opening it takes a seventh of the time that reading its exports takes. Tests of reading itself, and those that change an
    export, copy the exports instead.
    """
    exports = demo_exports(tmp_path_factory, worker_id)
    return (
        made_once("demo_school", tmp_path_factory, worker_id, partial(read_and_keep, exports)) / "school.yml"
    )


def read_and_keep(exports: Path, folder: Path) -> None:
    """Copy the exports, read them and keep what was read where a paper looks for it."""
    school_file = copy_demo_school(exports, folder)
    store = SchoolStore(folder / PACKS / STORE_FOLDER)
    open_school(load_settings(school_file), store, keeps=True)
    assert any(store.folder.iterdir())
