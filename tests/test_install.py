"""Wheel and source distribution, built from the sources and used as a user does: in an empty folder, in a fresh environment."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from attendance_lib.starter import NAMES

ROOT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "outputs", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
)
BUILD = "import sys, setuptools.build_meta as meta; print(getattr(meta, sys.argv[1])(sys.argv[2]))"
SCRIPTS, SUFFIX = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")


def built(what, sources, into):
    """Build a distribution as pip does, and return its file."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, f"build_{what}", str(into)],
        cwd=sources,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return into / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """The source distribution of a copy of the sources, and the wheel made of that source distribution alone."""
    place = tmp_path_factory.mktemp("install")
    shutil.copytree(ROOT, place / "sources", ignore=LEFT_OUT)
    sdist = built("sdist", place / "sources", place)
    with tarfile.open(sdist) as packed:
        packed.extractall(place / "unpacked", filter="data")
    (unpacked,) = (place / "unpacked").iterdir()
    return sdist, built("wheel", unpacked, place)


@pytest.fixture(scope="module")
def command(distributions, tmp_path_factory):
    """Runs the installed `attendance` in an environment that has this project's dependencies, and of this project the wheel."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    base = {"base": str(place), "platbase": str(place), "installed_base": str(place)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=base))
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    python = place / SCRIPTS / f"python{SUFFIX}"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
    ]
    done = subprocess.run([*install, str(distributions[1])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    def run(folder, *words):
        program = [str(place / SCRIPTS / f"attendance{SUFFIX}"), *words]
        return subprocess.run(
            program, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )

    return run


def test_the_wheel_holds_what_a_project_is_laid_out_from_and_no_more_of_it(distributions):
    with zipfile.ZipFile(distributions[1]) as wheel:
        names = wheel.namelist()
    start = "attendance_lib/starter/"
    assert {name.removeprefix(start) for name in names if name.startswith(start)} == set(NAMES)
    assert "attendance_lib/py.typed" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "attendance_lib",
        "attendance_workbook",
    }


def test_the_wheel_says_who_it_is_for_and_where_to_read_on(distributions, tmp_path):
    with zipfile.ZipFile(distributions[1]) as wheel:
        wheel.extractall(tmp_path)
    told = PathDistribution(next(tmp_path.glob("*.dist-info"))).metadata
    assert "Intended Audience :: Education" in told.get_all("Classifier")
    assert told.get_all("Project-URL")
    assert {"Provides-Extra", "Requires-Dist", "License-Expression"} <= set(told.keys())


def test_the_demo_s_pack_is_made_in_an_empty_folder(command, tmp_path):
    laid_out, demo = command(tmp_path, "init"), command(tmp_path, "demo")
    assert (laid_out.returncode, demo.returncode) == (0, 0), laid_out.stderr + demo.stderr
    made = command(tmp_path, "run", "punctuality")
    assert made.returncode == 0, made.stderr
    pack = Path(made.stdout.strip())
    assert tmp_path in pack.parents
    assert {"punctuality.html", "punctuality.pdf", "punctuality.xlsx", "receipt.json"} <= {
        each.name for each in pack.iterdir()
    }


def test_from_any_folder_when_the_school_file_is_named(command, tmp_path):
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    command(project, "init")
    assert command(elsewhere, "due", "--on", "2026-11-24").returncode == 2
    found = command(elsewhere, "due", "--on", "2026-11-24", "--school", str(project / "params" / "demo.yml"))
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("Larkmoor Academy on 2026-11-24: ")
