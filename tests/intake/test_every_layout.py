"""Every layout is declared once, and whatever knows layouts knows each of them."""

import ast
import importlib
import pkgutil
import re
from functools import cache
from pathlib import Path

import pytest

from attendance_lib.intake import layouts
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.layouts import LAYOUTS
from attendance_lib.intake.layouts.reading import Layout
from attendance_lib.intake.layouts.tidy import TIDY
from attendance_lib.intake.marks import detect
from attendance_lib.intake.schema import MARKS
from attendance_lib.intake.settings.loading import load_settings
from tests.intake.writers import MONDAY, WRITERS

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "attendance_lib"
REGISTER = {(pupil, MONDAY, half): "/" for pupil in ("001", "002") for half in ("AM", "PM")}
OF_MARKS = [layout for layout in LAYOUTS.values() if layout.holds_marks]
# Tables other than marks are read as tidy rows, and say so in the list of files read.
NAMED_ELSEWHERE = {TIDY.name: {"intake/tables.py"}}


def declared():
    """Every layout that a module of the package declares itself, with the module's name."""
    modules = [module.name for module in pkgutil.iter_modules(layouts.__path__)]
    for name in modules:
        module = importlib.import_module(f"{layouts.__name__}.{name}")
        yield from ((name, each) for each in vars(module).values() if isinstance(each, Layout))


def test_every_layout_that_is_declared_is_tried_under_the_name_of_its_module():
    assert sorted(name for name, _ in declared()) == sorted(LAYOUTS)
    assert all(LAYOUTS[name] is layout and layout.name == name for name, layout in declared())


def test_every_layout_of_marks_has_an_example_that_is_recognised_as_it(tmp_path):
    found = set()
    for name, write in WRITERS.items():
        (tmp_path / name).write_bytes(write(REGISTER))
        found.add(detect(Export(tmp_path / name), "")[0].name)
    assert found == {layout.name for layout in OF_MARKS}


@pytest.mark.parametrize("layout", OF_MARKS, ids=lambda layout: layout.name)
def test_a_school_file_may_state_a_layout_and_map_all_of_its_columns(school_folder, layout):
    columns = ", ".join(f"{name}: Heading" for name in layout.table.column_names)
    path = school_folder / "school.yml"
    stated = f'path: "marks*.csv", layout: {layout.name}, columns: {{{columns}}}'
    path.write_text(path.read_text(encoding="utf-8").replace('path: "marks*.csv"', stated), encoding="utf-8")
    (source,) = load_settings(path).exports.marks
    assert (source.layout, set(source.columns)) == (layout.name, set(layout.table.column_names))


@pytest.mark.parametrize("layout", OF_MARKS, ids=lambda layout: layout.name)
def test_what_stands_below_a_heading_is_a_required_column_of_a_table(layout):
    """A message shows the cell in which a mark lacks something, and finds it by these headings."""
    assert set(layout.headed) <= set(MARKS.column_names)
    assert set(layout.headed.values()) <= set(layout.table.required)


@cache
def code_of(path):
    """A module's code, without docstrings: an example may be of any layout."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = [*node.body[1:], ast.Pass()]
    return ast.unparse(tree)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_no_other_file_of_the_library_knows_a_layout_by_name(layout):
    own = {f"intake/layouts/{layout.name}.py", "intake/layouts/__init__.py"}
    # As a text, as a module and as the object; tidy is an English word too.
    name = re.compile(rf"""["'`.]{layout.name}\b|\b{layout.name.upper()}\b""")
    naming = {
        path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.py") if name.search(code_of(path))
    }
    assert naming - own == NAMED_ELSEWHERE.get(layout.name, set())


def test_the_readme_names_every_layout_of_marks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [layout.name for layout in OF_MARKS if f"`{layout.name}`" not in readme] == []
