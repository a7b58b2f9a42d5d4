"""Every paper of the demo school, made as a user makes it, and Chromium to open it in (`make browser-test`)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from attendance_lib.reports.papers import CHECK, INCENTIVES, INSPECTION, MadeBy, papers_made_by

ROOT = Path(__file__).resolve().parents[1]
# Nothing of the browser's own may reach for the network, and CI runs it as root in a container.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
)  # fmt: skip
# The page that lists the papers; every run writes it anew.
DOOR = "index"
# The page of a draw that hangs on a wall: made once the list is written and the public value is known.
POSTER, PUBLIC_VALUE = "poster", "public_value=4 8 15"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


# Papers that are made in more than one way: what is asked for beyond the defaults.
ALSO = {
    "daily in the afternoon": ("daily", "--set", "session=PM"),
    "incentives of the prize pot": (
        "incentives",
        "--set",
        "draw=prize_pot",
        "--from",
        "2026-09-03",
        "--to",
        "2026-10-09",
    ),
}


def papers():
    """The names of all pages: of each pack that `attendance run` makes, of the check, the list of papers and the poster."""
    return (*papers_made_by(MadeBy.RUN), *ALSO, CHECK.name, DOOR, POSTER)


def attendance(*arguments):
    """Run the command line in the project's folder; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "attendance_lib", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"attendance {' '.join(map(str, arguments))}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def school_file(tmp_path_factory):
    """The demo school's file, beside exports of its own."""
    folder = tmp_path_factory.mktemp("demo_school")
    attendance("demo", folder / "exports")
    shutil.copytree(ROOT / "params" / "authorities", folder / "authorities")
    said = (ROOT / "params" / "demo.yml").read_text(encoding="utf-8")
    path = folder / "school.yml"
    path.write_text(said.replace("../outputs/demo_exports/", "exports/"), encoding="utf-8")
    return path


@pytest.fixture(scope="session", params=papers())
def paper(request, school_file):
    """The HTML file of one paper."""
    out = school_file.parent / ("packs_of_others" if request.param in ALSO else "packs")
    if request.param == CHECK.name:
        attendance("check", "--school", school_file, "--out", out)
    elif request.param == POSTER:
        out = school_file.parent / "packs_drawn"
        for value in ((), ("--set", PUBLIC_VALUE)):
            attendance("run", INCENTIVES.name, "--school", school_file, "--out", out, *value)
    elif request.param == DOOR:
        attendance("run", INSPECTION.name, "--school", school_file, "--out", out, "--replace")
    else:
        attendance("run", *ALSO.get(request.param, (request.param,)), "--school", school_file, "--out", out)
    # A pack may hold a page to publish, in a folder of its own.
    found = out.rglob(f"{request.param.split()[0]}.html")
    (path,) = [each for each in sorted(found) if each.parent.name != "published"]
    return path


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window, with a profile of its own."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, (named,) if named else BROWSERS)), None)
    assert found, (
        "Chromium is not here. `make browser-test` installs it on Debian; elsewhere set CHROMIUM to its path."
    )
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=found, args=list(FLAGS))
        yield opened
        opened.close()
