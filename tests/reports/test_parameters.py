"""A notebook and its values agree, in names both ways and in types."""

from pathlib import Path

import nbformat
import pytest
from papermill.iorw import read_yaml_file

from attendance_lib.errors import SettingsError
from attendance_lib.reports.parameters import (
    check_parameters,
    declared_parameters,
    own_defaults,
    read_values,
)


@pytest.fixture
def notebook(tmp_path):
    """A notebook of four annotated parameters."""
    return write(
        tmp_path,
        'school: str = "a"\ncount: int = 1\nshare: float = 0.5\ndate_from: str = "2026-11-09"\nquiet: bool = True',
    )


def write(folder, source):
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    path = folder / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), path)
    return path


GOOD = {"school": "a", "count": 2, "share": 0.1, "date_from": "2026-11-02", "quiet": False}


def test_the_types_are_those_annotated(notebook):
    assert declared_parameters(notebook) == {
        "school": "str",
        "count": "int",
        "share": "float",
        "date_from": "str",
        "quiet": "bool",
    }


def test_values_that_agree_pass(notebook):
    check_parameters(notebook, GOOD)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            GOOD | {"date_form": "2026-11-02"},
            r"small.ipynb: unknown parameter 'date_form'. Did you mean 'date_from'\?",
        ),
        (
            {name: value for name, value in GOOD.items() if name != "count"},
            r"small.ipynb: parameter 'count' was given no value",
        ),
        (
            GOOD | {"school": 12345},
            r"parameter 'school': 12345 is int, but str is declared. Write it in quotes.",
        ),
        (GOOD | {"count": True}, r"parameter 'count': True is bool, but int is declared"),
        (GOOD | {"count": "2"}, r"parameter 'count': '2' is str, but int is declared"),
        (GOOD | {"share": 1}, r"parameter 'share': 1 is int, but float is declared. Write it with a point"),
        (GOOD | {"quiet": 0}, r"parameter 'quiet': 0 is int, but bool is declared"),
        (GOOD | {"date_from": "9.11.2026"}, r"parameter 'date_from': '9.11.2026' is not a date"),
        (GOOD | {"date_from": "2026-11-31"}, r"parameter 'date_from': '2026-11-31' is not a day that exists"),
    ],
)
def test_a_difference_is_refused_by_name(notebook, values, message):
    with pytest.raises(SettingsError, match=message):
        check_parameters(notebook, values)


def test_all_differences_are_told_at_once(notebook):
    with pytest.raises(SettingsError) as caught:
        check_parameters(
            notebook,
            {"school": 1, "extra": 2} | {name: GOOD[name] for name in ("share", "date_from", "quiet")},
        )
    assert [line.split("'")[1] for line in str(caught.value).splitlines()] == ["extra", "count", "school"]


def test_a_parameter_without_annotation_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="parameter 'count' is not annotated"):
        declared_parameters(write(tmp_path, "count = 1"))


def test_each_reports_parameter_file_agrees_with_its_notebook_as_papermill_reads_it():
    root = Path(__file__).parents[2]
    files = [
        path
        for path in (root / "params").glob("*.yml")
        if (root / "notebooks" / f"{path.stem}.ipynb").is_file()
    ]
    assert "fortnightly" in {path.stem for path in files}
    for path in files:
        check_parameters(root / "notebooks" / f"{path.stem}.ipynb", read_yaml_file(str(path)))


# Values written on the command line


def test_what_is_written_is_read_as_the_type_declared(notebook):
    written = ["school=0012=3", "count=7", "share=1", "quiet=false"]
    assert read_values(notebook, written) == {"school": "0012=3", "count": 7, "share": 1.0, "quiet": False}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("count", r"--set 'count' has no value. Write it as NAME=VALUE"),
        ("counts=1", r"unknown parameter 'counts'. Did you mean 'count'\?"),
        ("date_from=2026-11-09", r"--set 'date_from' is not for it. Give the option of its own"),
        ("count=two", r"parameter 'count': 'two' cannot be read as int. Write a whole number, such as 2"),
        ("share=half", r"parameter 'share': 'half' cannot be read as float. Write a number"),
        ("quiet=yes", r"parameter 'quiet': 'yes' cannot be read as bool. Write true or false"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(notebook, written, message):
    with pytest.raises(SettingsError, match=message):
        read_values(notebook, [written])


def test_a_notebooks_own_defaults_are_those_of_its_cell(notebook):
    assert own_defaults(notebook) == {"school": "a", "count": 1, "share": 0.5, "quiet": True}


@pytest.mark.parametrize(("text", "number"), [("a\x1bb", "001B"), ("a\u202eb", "202E"), ("a\udcffb", "DCFF")])
def test_a_character_that_no_paper_can_show_is_refused_by_its_number(notebook, text, number):
    with pytest.raises(
        SettingsError, match=f"parameter 'school' holds character U\\+{number}, which papers cannot show"
    ):
        read_values(notebook, [f"school={text}"])
