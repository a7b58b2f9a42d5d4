"""Notebooks are thin and read as prose (STYLE 2.8): the library computes, a notebook only shows."""

import ast
import io
import math
import re
import statistics
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from attendance_lib.reports.papers import MadeBy, papers_made_by
from attendance_lib.starter import INDEX

ROOT = Path(__file__).parents[1]
PAPERS = sorted(path for path in ROOT.glob("notebooks/*.ipynb") if path.stem != INDEX)
NOTEBOOKS = [*PAPERS, *sorted(ROOT.glob("notebooks/own_papers/*.ipynb"))]
AD_HOC = set(papers_made_by(MadeBy.HAND))

# Every report has the six common parameters; the impact paper is also asked by tier, type, term and window.
MEDIAN_LINES, P90_LINES, LONGEST_LINES, NOTEBOOK_LINES, PARAMETER_LINES = 3, 6, 10, 60, 12
CHECKED_CELLS = range(2, 6)
PARAMETERS, CHECKED = "parameters", "nbval-check-output"
TAGS = {PARAMETERS, CHECKED, "hide-input", "remove-cell", "new-page"}
LIBRARIES = {"attendance_lib"}
AD_HOC_LIBRARIES = LIBRARIES | {"pandas", "seaborn", "matplotlib"}
PARAMETER_TYPES = {"str": str, "int": int, "float": float, "bool": bool}
RUN_TRACES = {"papermill", "execution"}

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
CONTROL_FLOW = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match)
THICK = DEFINITIONS + COMPREHENSIONS + CONTROL_FLOW
IMPORTS = (ast.Import, ast.ImportFrom)
FIGURE = re.compile(
    r"\d[\d,.]*\s*(?:%|per ?cent|percentage|pupils?|sessions?|days?|weeks?|enrolments?)", re.IGNORECASE
)

Faults = Iterator[str]


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags_of(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def tree_of(cell: NotebookNode) -> ast.Module:
    return ast.parse(cell.source)


def lines_in(cell: NotebookNode) -> int:
    """Lines that are neither blank nor a comment of their own."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in cell.source.splitlines())


def place(cell: NotebookNode) -> str:
    return repr(cell.source.splitlines()[0] if cell.source.strip() else "an empty cell")


# One function a rule; each yields what is wrong.


def length_faults(notebook: NotebookNode, _: str) -> Faults:
    lines = sorted(lines_in(cell) for cell in code_cells(notebook))
    if not lines:
        yield "there is no code cell"
        return
    p90 = lines[math.ceil(0.9 * len(lines)) - 1]
    limits = {
        "the median cell": (statistics.median(lines), MEDIAN_LINES),
        "nine cells in ten": (p90, P90_LINES),
        "the longest cell": (lines[-1], LONGEST_LINES),
        "the notebook": (sum(lines), NOTEBOOK_LINES),
    }
    yield from (
        f"{what} has {found} lines, limit {most}" for what, (found, most) in limits.items() if found > most
    )


def empty_faults(notebook: NotebookNode, _: str) -> Faults:
    yield from ("an empty cell" for cell in notebook.cells if not cell.source.strip())


def thin_faults(notebook: NotebookNode, _: str) -> Faults:
    for cell in code_cells(notebook):
        thick = {type(node).__name__ for node in ast.walk(tree_of(cell)) if isinstance(node, THICK)}
        yield from (f"{place(cell)} holds {name}" for name in sorted(thick))


def shown_faults(notebook: NotebookNode, _: str) -> Faults:
    """Only the last statement of a cell may be a value to show."""
    for cell in code_cells(notebook):
        if any(isinstance(statement, ast.Expr) for statement in tree_of(cell).body[:-1]):
            yield f"{place(cell)} shows more than its last expression"


def import_faults(notebook: NotebookNode, name: str) -> Faults:
    allowed = AD_HOC_LIBRARIES if name in AD_HOC else LIBRARIES
    cells = [
        cell
        for cell in code_cells(notebook)
        if any(isinstance(node, IMPORTS) for node in ast.walk(tree_of(cell)))
    ]
    if len(cells) != 1:
        yield f"{len(cells)} cells import, not one"
    for cell in cells:
        if not all(isinstance(statement, IMPORTS) for statement in tree_of(cell).body):
            yield f"{place(cell)} does more than import"
        libraries = {library for statement in tree_of(cell).body for library in libraries_of(statement)}
        yield from (f"{library} is imported" for library in sorted(libraries - allowed))


def libraries_of(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Import):
        return {alias.name.partition(".")[0] for alias in statement.names}
    return {(statement.module or "").partition(".")[0]} if isinstance(statement, ast.ImportFrom) else set()


def parameter_faults(notebook: NotebookNode, _: str) -> Faults:
    cells = [cell for cell in notebook.cells if PARAMETERS in tags_of(cell)]
    if len(cells) != 1:
        yield f"{len(cells)} cells are tagged {PARAMETERS}, not one"
    for cell in cells:
        if cell is not code_cells(notebook)[0]:
            yield "the parameters are not in the first code cell"
        if not 1 <= lines_in(cell) <= PARAMETER_LINES:
            yield f"the parameters cell has {lines_in(cell)} lines, limits 1 and {PARAMETER_LINES}"
        remarked = commented_lines(cell.source)
        for statement in tree_of(cell).body:
            if not is_plain_parameter(statement):
                yield f"{ast.unparse(statement)!r} is not `name: str|int|float|bool = literal`"
            if statement.end_lineno not in remarked:
                yield f"{ast.unparse(statement)!r} has no trailing comment"


def is_plain_parameter(statement: ast.stmt) -> bool:
    """Whether papermill can read the statement as a parameter, with its own value of its own type."""
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.annotation, ast.Name)):
        return False
    value = statement.value.operand if isinstance(statement.value, ast.UnaryOp) else statement.value
    wanted = PARAMETER_TYPES.get(statement.annotation.id)
    return isinstance(value, ast.Constant) and type(value.value) is wanted


def commented_lines(source: str) -> set[int]:
    """Lines of code that a comment ends."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    return {
        token.start[0]
        for token in tokens
        if token.type == tokenize.COMMENT
        and token.line[: token.start[1]].strip()
        and token.string.strip("# ")
    }


def prose_faults(notebook: NotebookNode, _: str) -> Faults:
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    if (
        not notebook.cells
        or notebook.cells[0].cell_type != "markdown"
        or not notebook.cells[0].source.startswith("# ")
    ):
        yield "the first cell is not the title"
    if len(prose) < len(code_cells(notebook)):
        yield f"{len(prose)} cells of prose for {len(code_cells(notebook))} of code"


def literal_faults(notebook: NotebookNode, name: str) -> Faults:
    """Numbers have meaning, and meaning lives in the library or in the parameters."""
    if name in AD_HOC:
        return
    for cell in code_cells(notebook):
        if PARAMETERS in tags_of(cell):
            continue
        numbers = [node.value for node in ast.walk(tree_of(cell)) if isinstance(node, ast.Constant)]
        yield from (f"{place(cell)} holds the number {n}" for n in numbers if type(n) in {int, float})


def figure_faults(notebook: NotebookNode, name: str) -> Faults:
    """A figure in prose cannot follow the data; sentences with figures are written by the library."""
    if name in AD_HOC:
        return
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from (f"the prose holds the figure {figure!r}" for figure in FIGURE.findall(cell.source))


def tag_faults(notebook: NotebookNode, _: str) -> Faults:
    for cell in notebook.cells:
        yield from (f"{place(cell)} has the tag {tag!r}" for tag in sorted(tags_of(cell) - TAGS))
    checked = sum(CHECKED in tags_of(cell) for cell in notebook.cells)
    if checked not in CHECKED_CELLS:
        yield f"{checked} cells are checked by nbval, limits {CHECKED_CELLS[0]} and {CHECKED_CELLS[-1]}"


def output_faults(notebook: NotebookNode, _: str) -> Faults:
    for cell in code_cells(notebook):
        if CHECKED in tags_of(cell):
            if not cell.outputs or cell.execution_count is None:
                yield f"{place(cell)} is checked but stores no output with its execution count"
        elif cell.outputs or cell.execution_count is not None:
            yield f"{place(cell)} stores an output that nothing checks"
        if any(output.output_type in {"error", "stream"} for output in cell.outputs):
            yield f"{place(cell)} stores an error or printed text"


def trace_faults(notebook: NotebookNode, _: str) -> Faults:
    kept = [notebook.metadata, *(cell.metadata for cell in notebook.cells)]
    yield from (
        f"a run left {trace!r} in the metadata"
        for metadata in kept
        for trace in sorted(RUN_TRACES & set(metadata))
    )


RULES = (
    length_faults,
    empty_faults,
    thin_faults,
    shown_faults,
    import_faults,
    parameter_faults,
    prose_faults,
    literal_faults,
    figure_faults,
    tag_faults,
    output_faults,
    trace_faults,
)


# The notebooks as they are


def test_there_is_a_notebook_for_each_paper_that_one_makes_and_no_other():
    declared = {name for maker in (MadeBy.RUN, MadeBy.HAND, MadeBy.TRUST) for name in papers_made_by(maker)}
    assert {path.stem for path in PAPERS} == declared
    assert {"fortnightly", "explore"} <= declared


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__.removesuffix("_faults"))
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_the_rule(path, rule):
    notebook = nbformat.read(path, as_version=4)
    assert list(rule(notebook, path.stem)) == []


def test_the_index_leads_to_every_notebook():
    (cell,) = nbformat.read(ROOT / "notebooks" / f"{INDEX}.ipynb", as_version=4).cells
    linked = set(re.findall(r"\]\(([^)]+)\)", cell.source))
    assert linked == {path.relative_to(ROOT / "notebooks").as_posix() for path in NOTEBOOKS}


# The rules themselves, on notebooks that break them


def code(source: str, *tags: str, **stored: object) -> NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags)}, **stored)


def shown(text: str) -> dict:
    return {
        "outputs": [new_output("execute_result", {"text/plain": text}, execution_count=3)],
        "execution_count": 3,
    }


def notebook_of(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells))


def good_notebook() -> NotebookNode:
    return notebook_of(
        new_markdown_cell("# A paper"),
        code('date_from: str = "2026-11-09"  # first day', PARAMETERS),
        code("from attendance_lib.papers import sections"),
        new_markdown_cell("## Groups"),
        code("sections.groups(date_from)", CHECKED, **shown("7A")),
        new_markdown_cell("Who is away most?"),
        code("pack = sections.weeks(date_from)\npack", CHECKED, **shown("7B")),
        new_markdown_cell("Notes"),
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_breaks_no_rule(rule):
    assert list(rule(good_notebook(), "paper")) == []


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([2, 4, 5], "the median cell has 4 lines, limit 3"),
        ([1] * 8 + [7, 7], "nine cells in ten has 7 lines, limit 6"),
        ([1] * 10 + [11], "the longest cell has 11 lines, limit 10"),
        ([3] * 21, "the notebook has 63 lines, limit 60"),
        ([], "there is no code cell"),
    ],
)
def test_long_cells_are_found(lines, fault):
    assert list(length_faults(notebook_of(*(code("a\n" * count) for count in lines)), "")) == [fault]


def test_blank_lines_and_comments_are_no_lines():
    assert lines_in(code("# why\n\na = 1\n\nb  # too\n")) == 2


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("def f(): pass", "FunctionDef"),
        ("class C: pass", "ClassDef"),
        ("f(lambda x: x)", "Lambda"),
        ("[x for x in y]", "ListComp"),
        ("f(x for x in y)", "GeneratorExp"),
        ("{x: x for x in y}", "DictComp"),
        ("if x: y", "If"),
        ("x if y else z", "IfExp"),
        ("for x in y: z", "For"),
        ("while x: y", "While"),
        ("try:\n    x\nexcept KeyError:\n    y", "Try"),
    ],
)
def test_a_thick_cell_is_found(source, held):
    assert [fault.split()[-1] for fault in thin_faults(notebook_of(code(source)), "")] == [held]


def test_a_cell_that_shows_two_things_is_found():
    assert len(list(shown_faults(notebook_of(code("a = 1\nb\nc")), ""))) == 1
    assert list(shown_faults(notebook_of(code("a = 1\nc")), "")) == []


@pytest.mark.parametrize(
    ("cells", "name", "faults"),
    [
        (["import pandas"], "fortnightly", ["pandas is imported"]),
        (["import pandas as pd\nimport seaborn"], "explore", []),
        (["import numpy"], "explore", ["numpy is imported"]),
        (["from os import path"], "explore", ["os is imported"]),
        (
            ["from attendance_lib import a", "from attendance_lib import b"],
            "explore",
            ["2 cells import, not one"],
        ),
        (["x"], "explore", ["0 cells import, not one"]),
        (["import attendance_lib\nx = 1"], "explore", ["'import attendance_lib' does more than import"]),
    ],
)
def test_imports_are_in_one_cell_and_of_the_library(cells, name, faults):
    assert list(import_faults(notebook_of(*map(code, cells)), name)) == faults


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('a: str = "x"  # what', 0),
        ("a: int = -1  # what", 0),
        ("a: bool = True  # what", 0),
        ("a: float = 0.5  # what", 0),
        ('a: str = "x"', 1),
        ('a: str = "# x"', 1),
        ('a: str = "x"  #', 1),
        ("a = 1  # what", 1),
        ("a: str = 1  # what", 1),
        ("a: int = True  # what", 1),
        ("a: float = 1  # what", 1),
        ("a: int | None = None  # what", 1),
        ("a: list = []  # what", 1),
        ("a: int = 1 + 1  # what", 1),
        ("\n".join(f"a{n}: int = 1  # what" for n in range(13)), 1),
        ("# nothing", 1),
    ],
)
def test_a_parameter_is_an_annotated_literal_with_a_comment(source, count):
    assert len(list(parameter_faults(notebook_of(code(source, PARAMETERS)), ""))) == count


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ([code("x")], "0 cells are tagged parameters, not one"),
        (
            [code("x"), code("a: int = 1  # what", PARAMETERS)],
            "the parameters are not in the first code cell",
        ),
    ],
)
def test_parameters_come_first_and_once(cells, fault):
    assert list(parameter_faults(notebook_of(*cells), "")) == [fault]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ([new_markdown_cell("# T"), code("x"), code("y")], "1 cells of prose for 2 of code"),
        ([code("x"), new_markdown_cell("# T")], "the first cell is not the title"),
        ([new_markdown_cell("A paper"), code("x")], "the first cell is not the title"),
    ],
)
def test_prose_leads(cells, fault):
    assert list(prose_faults(notebook_of(*cells), "")) == [fault]


BROKEN: list[tuple[Callable, NotebookNode, str]] = [
    (empty_faults, code(" "), "an empty cell"),
    (literal_faults, code("f(pack, 10)"), "'f(pack, 10)' holds the number 10"),
    (literal_faults, code("x > 0.9"), "'x > 0.9' holds the number 0.9"),
    (figure_faults, new_markdown_cell("About 94.5 % were in."), "the prose holds the figure '94.5 %'"),
    (
        figure_faults,
        new_markdown_cell("At 10 sessions we write."),
        "the prose holds the figure '10 sessions'",
    ),
    (tag_faults, code("x", "hide-cell"), "'x' has the tag 'hide-cell'"),
    (output_faults, code("x", CHECKED), "'x' is checked but stores no output with its execution count"),
    (output_faults, code("x", **shown("1")), "'x' stores an output that nothing checks"),
    (output_faults, code("x", execution_count=1), "'x' stores an output that nothing checks"),
    (
        trace_faults,
        new_markdown_cell("x", metadata={"papermill": {}}),
        "a run left 'papermill' in the metadata",
    ),
]


@pytest.mark.parametrize(("rule", "cell", "fault"), BROKEN, ids=[fault for _, _, fault in BROKEN])
def test_a_broken_rule_is_found(rule, cell, fault):
    assert fault in list(rule(notebook_of(cell), "fortnightly"))


def test_printed_text_is_never_stored():
    printed = code("x", CHECKED, outputs=[new_output("stream", text="a")], execution_count=1)
    assert list(output_faults(notebook_of(printed), "")) == ["'x' stores an error or printed text"]


@pytest.mark.parametrize(("count", "is_right"), [(1, False), (2, True), (5, True), (6, False)])
def test_two_to_five_cells_are_checked_by_nbval(count, is_right):
    assert (list(tag_faults(notebook_of(*(code("x", CHECKED) for _ in range(count))), "")) == []) == is_right


@pytest.mark.parametrize("rule", [literal_faults, figure_faults])
def test_an_ad_hoc_notebook_may_hold_numbers(rule):
    assert list(rule(notebook_of(code("f(10)"), new_markdown_cell("10 sessions")), "explore")) == []


@pytest.mark.parametrize("prose", ["Years 7 to 11", "Section 2", "10 in 10 is explained below"])
def test_a_number_without_a_unit_is_no_figure(prose):
    assert list(figure_faults(notebook_of(new_markdown_cell(prose)), "fortnightly")) == []
