"""A notebook's cells run here, without a kernel: what each shows, as a kernel would keep it."""

import ast
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

ROOT = Path(__file__).resolve().parents[1]


def run_here(report: str, **parameters: str) -> nbformat.NotebookNode:
    """Return a report's notebook executed in this process; parameters not given are as the notebook has them."""
    return executed(nbformat.read(ROOT / "notebooks" / f"{report}.ipynb", as_version=4), parameters)


def executed(notebook: nbformat.NotebookNode, parameters: Mapping[str, object]) -> nbformat.NotebookNode:
    """Return a notebook with its cells executed, in place; parameters not given are as the notebook has them."""
    names: dict[str, object] = {}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count, shown = number, value_of(cell.source, names)
        cell.outputs = [] if shown is None else [output_of(shown, number)]
        if "parameters" in cell.metadata.get("tags", ()):
            unknown = parameters.keys() - names.keys()
            assert not unknown, f"the notebook has no parameter {unknown}"
            names.update(parameters)
    return notebook


def value_of(source: str, names: dict[str, object]) -> object:
    """Run a cell and return the value of its last line, if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


def output_of(shown: object, number: int) -> nbformat.NotebookNode:
    """What a kernel keeps of a shown value."""
    return new_output("execute_result", data=shown._repr_mimebundle_(), execution_count=number)
