"""What is asked for is checked whole before anything is read."""

import json
from datetime import date

import nbformat
import pytest

from attendance_lib.errors import CasebookError, RequestError, SettingsError
from attendance_lib.reports import run
from attendance_lib.reports.run import run_report


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"report": "tinny"}, RequestError, r"'tinny' is not a report. Did you mean 'tiny'\?"),
        (
            {"cohort": "year_77"},
            SettingsError,
            r"cohorts.yml: there is no cohort 'year_77'. Did you mean 'year_7'\?",
        ),
        ({"date_from": date(2026, 11, 20), "date_to": date(2026, 11, 9)}, RequestError, "is after --to"),
        ({"date_to": date(2027, 11, 9)}, SettingsError, "outside the school calendar"),
        (
            {"earlier": "outputs/casebook-990002.sqlite@3"},
            CasebookError,
            r"casebook-990002.sqlite has 0 revisions and no revision 3",
        ),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_by_name(request_for, asked, error, message):
    with pytest.raises(error, match=message):
        run_report(request_for(**asked))


@pytest.mark.usefixtures("no_kernel")
def test_a_misspelt_key_is_refused_by_name(project, request_for):
    path = project.params / "demo.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("phase:", "phaze:"), encoding="utf-8")
    with pytest.raises(SettingsError, match="phaze"):
        run_report(request_for())


@pytest.mark.usefixtures("no_kernel")
def test_a_notebook_without_a_common_parameter_is_refused(project, request_for):
    declare(project, "", instead_of='cohort: str = "all"  # a cohort\'s name\n')
    with pytest.raises(SettingsError, match=r"tiny.ipynb: unknown parameter 'cohort'"):
        run_report(request_for())


@pytest.mark.usefixtures("no_kernel")
def test_a_default_that_no_date_can_be_is_refused(project, request_for):
    declare(project, "date_until: str = 'tomorrow'")
    with pytest.raises(SettingsError, match=r"tiny.ipynb: parameter 'date_until': 'tomorrow' is not a date"):
        run_report(request_for())


def declare(project, line, instead_of=""):
    """Write a line into the parameters cell of the tiny notebook, instead of another or at its end."""
    path = project.notebook("tiny")
    notebook = nbformat.read(path, as_version=4)
    source = notebook.cells[1].source
    notebook.cells[1].source = source.replace(instead_of, line) if instead_of else f"{source}\n{line}"
    nbformat.write(notebook, path)


@pytest.fixture
def made_without_a_kernel(monkeypatch):
    """Let a run leave a workbook in place of what a kernel would make."""

    def build(job, place, folder, progress):
        (folder / "tiny.xlsx").write_text("staff write here")
        return run.Built([])

    monkeypatch.setattr(run, "build", build)


@pytest.mark.usefixtures("made_without_a_kernel")
@pytest.mark.parametrize(
    ("values", "tier", "name"),
    [
        ({}, 0, "2026-11-09_2026-11-20"),
        ({"tier": 0}, 0, "2026-11-09_2026-11-20"),
        ({"tier": 2}, 2, "2026-11-09_2026-11-20_tier-2"),
    ],
)
def test_a_parameter_of_the_notebooks_own_keeps_its_default_unless_set(
    project, request_for, values, tier, name
):
    declare(project, "tier: int = 0  # a tier, or 0 for all")
    pack = run_report(request_for(values=values))
    receipt = json.loads((pack / "receipt.json").read_text(encoding="utf-8"))
    assert (pack.name, receipt["parameters"]["tier"]) == (name, tier)
