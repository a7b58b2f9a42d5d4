"""A notebook that cannot be read is told by name, to whoever asks for its report and to nobody else."""

import json

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.reports.parameters import has_parameters, own_defaults, read_notebook


def change(path, **changes):
    held = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(held | changes), encoding="utf-8")


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "not JSON", '{"cells": 1}', '{"cells": [{"cell_type": "code"}]}']
)
def test_a_damaged_notebook_is_refused_in_one_line(project, content):
    path = project.notebook("tiny")
    path.write_text(content, encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"tiny.ipynb is damaged, or another version wrote it: .*JupyterLab.$"
    ):
        read_notebook(path)


def test_a_notebook_of_an_older_format_is_refused(project):
    change(project.notebook("tiny"), nbformat=3)
    with pytest.raises(SettingsError, match=r"'nbformat' is not 4"):
        read_notebook(project.notebook("tiny"))


def test_a_damaged_notebook_stops_no_other_report(project):
    (project.root / "notebooks" / "draft.ipynb").write_text("{", encoding="utf-8")
    (project.root / "notebooks" / "plain.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}), encoding="utf-8"
    )
    assert project.reports() == ("draft", "tiny")
    assert has_parameters(project.notebook("tiny"))


def test_a_notebook_without_a_kernel_is_refused(project):
    change(project.notebook("tiny"), metadata={})
    with pytest.raises(
        SettingsError, match=r"tiny.ipynb: the notebook names no kernel for Python. Open it in JupyterLab"
    ):
        own_defaults(project.notebook("tiny"))


def test_a_default_that_is_worked_out_is_refused(project):
    path = project.notebook("tiny")
    held = json.loads(path.read_text(encoding="utf-8"))
    held["cells"][1]["source"] = ["tier: int = len('x')"]
    path.write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"parameter 'tier' has no plain default. Write it as tier: int = 2"
    ):
        own_defaults(path)
