"""What a notebook makes of a date as papermill and JupyterLab's scheduler hand it over: the day meant, or a refusal."""

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from papermill.cli import papermill

from attendance_lib.errors import SettingsError
from attendance_lib.pack.opening import iso_date, refuse_unknown_parameters

NOTEBOOKS = [
    path
    for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
    if "date_to: str" in json.dumps(json.loads(path.read_text(encoding="utf-8")))
]


def sources(path, injected=None):
    """The code cells of a notebook; with what a scheduler puts in place after the parameters cell."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            yield cell.source
            if injected and "parameters" in cell.metadata.get("tags", ()):
                yield injected


def injected_by_papermill(tmp_path, *options):
    """The cell that papermill's command writes, without running it."""
    made = tmp_path / "made.ipynb"
    asked = [str(NOTEBOOKS[0]), str(made), "--prepare-only", "--no-progress-bar", *options]
    done = CliRunner().invoke(papermill, asked, catch_exceptions=False)
    assert done.exit_code == 0
    cells = nbformat.read(made, as_version=4).cells
    return next(cell.source for cell in cells if "injected-parameters" in cell.metadata.get("tags", ()))


def value_of(source):
    namespace = {}
    exec(source, namespace)
    return namespace["date_to"]


@pytest.mark.parametrize(
    "options",
    [
        ("-p", "date_to", "2025-11-10"),
        ("-r", "date_to", "2025-11-10"),
        ("-y", "{date_to: 2025-11-10}"),
        ("-y", "{date_to: '2025-11-10'}"),
        ("-r", "date_to", "20251110"),
    ],
)
def test_papermill_hands_over_the_day_that_is_meant(tmp_path, options):
    assert str(iso_date(value_of(injected_by_papermill(tmp_path, *options)), "date_to")) == "2025-11-10"


def test_a_date_that_papermill_takes_for_a_number_is_refused(tmp_path):
    value = value_of(injected_by_papermill(tmp_path, "-p", "date_to", "20251110"))
    with pytest.raises(
        SettingsError, match="Parameter 'date_to': 20251110 is not a date. Write it in quotes"
    ):
        iso_date(value, "date_to")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["date_to", "date_from"])
def test_a_date_typed_without_quotes_into_jupyterlabs_scheduler_stops_the_notebook_before_it_reads_anything(
    path, name, tmp_path, monkeypatch
):
    """jupyter-scheduler writes what was typed as it is: ``date_to = 2025-11-10``, which is 2004."""
    monkeypatch.chdir(tmp_path)
    cells = "\n".join(sources(path, f"{name} = 2025-11-10"))
    with pytest.raises(SettingsError, match=f"Parameter '{name}': 2004 is not a date. Write it in quotes"):
        exec(cells, {})


def test_a_date_typed_in_quotes_is_the_day():
    assert str(iso_date(value_of('date_to = "2025-11-10"'), "date_to")) == "2025-11-10"
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_parameter_that_the_notebook_does_not_declare_is_refused_with_the_nearest(path, tmp_path):
    given = nbformat.read(path, as_version=4).cells
    cells = [cell.source for cell in given if cell.cell_type == "code"]
    misspelt = injected_by_papermill(tmp_path, "-p", "date_form", "2026-10-01")
    with pytest.raises(SettingsError, match="Unknown parameter 'date_form'. Did you mean 'date_from'?"):
        refuse_unknown_parameters([*cells[:1], misspelt, *cells[1:]])
    rightly = injected_by_papermill(tmp_path, "-p", "date_from", "2026-10-01")
    refuse_unknown_parameters(["", "%matplotlib inline", *cells[:1], rightly, *cells[1:]])


def test_papermill_itself_stops_at_a_misspelt_parameter(tmp_path):
    """In a kernel, where the cells that have run are IPython's."""
    asked = [str(NOTEBOOKS[0]), str(tmp_path / "out.ipynb"), "--no-progress-bar"]
    asked += ["-p", "date_form", "2026-10-01"]
    done = CliRunner().invoke(papermill, asked)
    assert done.exit_code == 1
    assert "Unknown parameter 'date_form'. Did you mean 'date_from'?" in str(done.exception)
