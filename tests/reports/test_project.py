"""Where a project's files are, and its paths as every machine writes them."""

import nbformat
import pytest

from attendance_lib.errors import RequestError
from attendance_lib.reports.project import find_project


def test_the_reports_are_the_notebooks_with_parameters(project):
    cells = [nbformat.v4.new_code_cell("1 + 1", metadata={"tags": ["hide-input"]})]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.root / "notebooks" / "explore.ipynb")
    assert project.reports() == ("tiny",)


def test_the_project_is_the_nearest_folder_with_notebooks(project):
    below = project.outputs / "deep"
    below.mkdir(parents=True)
    assert find_project(below) == find_project(project.root) == project


def test_outside_a_project_there_is_none(tmp_path):
    with pytest.raises(RequestError, match="is outside the project: no folder 'notebooks' here or above"):
        find_project(tmp_path)


@pytest.mark.parametrize("path", ["params/demo.yml", "../elsewhere/school.yml"])
def test_a_path_relative_to_the_project_leads_back_to_its_file(project, path):
    assert project.relative(project.root / path) == path
    assert project.absolute(path) == (project.root / path).resolve()
