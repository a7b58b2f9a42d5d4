"""JupyterLab as an analyst has it: the page that says what each notebook is for, and notebooks that run to their end."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import TimeoutError as NotInTime

from attendance_lib.reports.papers import MadeBy, papers_made_by

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN, BEGINS_WITHIN, RUNS_WITHIN = 180, 10, 400  # seconds, on two slow cores
NOTEBOOKS = ("explore.ipynb", "own_papers/fridays.ipynb", "punctuality.ipynb")
SHOTS = ROOT / "build" / "lab"


@pytest.fixture(scope="session")
def project(school_file, tmp_path_factory):
    """A project as `attendance init` lays one out, whose demo school has its exports."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "params"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("published", ".ipynb_checkpoints")
        )
    path = folder / "params" / "demo.yml"
    said = path.read_text(encoding="utf-8")
    path.write_text(
        said.replace("../outputs/demo_exports", str(school_file.parent / "exports")), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="session")
def lab(project, tmp_path_factory):
    """The address of a JupyterLab started as `make lab` starts it, with settings of its own."""
    (options,) = re.findall(r"\$\(BIN\)/jupyter lab (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = tmp_path_factory.mktemp("jupyter")
    places = {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyter", "lab", *shlex.split(options)]
    here = ["--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token="]
    with subprocess.Popen(
        [*command, *here],
        cwd=project,
        env=os.environ | places,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(f"{address}/api"), STARTS_WITHIN)
        yield address
        server.terminate()


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_for(happens, seconds):
    ends = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < ends, "JupyterLab took too long"
        time.sleep(0.5)


@pytest.fixture
def window(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(STARTS_WITHIN * 1000)
    yield context.new_page()
    context.close()


def test_it_opens_with_a_page_that_leads_to_each_notebook(lab, window):
    window.goto(lab, wait_until="load")
    page = window.locator(".jp-RenderedMarkdown").first
    explore = page.get_by_role("link", name="explore", exact=True).first
    explore.wait_for()
    SHOTS.mkdir(parents=True, exist_ok=True)
    window.screenshot(path=SHOTS / "index.png")
    linked = set(page.get_by_role("link").all_inner_texts())
    assert {
        name for maker in (MadeBy.RUN, MadeBy.HAND, MadeBy.TRUST) for name in papers_made_by(maker)
    } <= linked
    explore.click()
    window.get_by_role("tab", name="explore.ipynb").wait_for()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_to_its_end_without_an_error(lab, project, window, name):
    path = project / "notebooks" / name
    for cell in (notebook := nbformat.read(path, as_version=4)).cells:
        cell.pop("outputs", None)
        cell.update({"outputs": [], "execution_count": None} if cell.cell_type == "code" else {})
    nbformat.write(notebook, path)
    window.goto(f"{lab}/lab/tree/{name}?reset", wait_until="load")
    window.locator(".jp-Notebook").wait_for()
    wait_for(lambda: has_begun(window), STARTS_WITHIN)
    SHOTS.mkdir(parents=True, exist_ok=True)
    try:
        wait_for(lambda: ran_whole(window, path), RUNS_WITHIN)
    finally:
        window.screenshot(path=SHOTS / f"{path.stem}.png")
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert kinds <= {"execute_result", "display_data"}
    assert sum(bool(cell.outputs) for cell in cells) > len(cells) / 2


def has_begun(window):
    """Ask to run all cells, and say whether a cell runs: JupyterLab drops what it is asked before its kernel is connected."""
    window.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    window.get_by_role("menuitem", name="Run", exact=True).click()
    window.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    numbered = window.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]")).first
    try:
        numbered.wait_for(state="attached", timeout=BEGINS_WITHIN * 1000)
    except NotInTime:
        return False
    return True


def ran_whole(window, path):
    """Whether the last cell has run, or one has failed, by the notebook as saved now."""
    window.keyboard.press("Control+s")
    time.sleep(2)
    try:
        held = nbformat.read(path, as_version=4)
    except nbformat.reader.NotJSONError:  # it is being saved
        return False
    cells = [cell for cell in held.cells if cell.cell_type == "code"]
    failed = any(output.output_type == "error" for cell in cells for output in cell.outputs)
    return failed or cells[-1].execution_count is not None
