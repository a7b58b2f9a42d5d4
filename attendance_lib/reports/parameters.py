"""The contract between a report and its notebook: the same names both ways, each value of the type declared.

Papermill only logs an unknown parameter, and guesses types; both are refused here instead.
"""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from attendance_lib.errors import SettingsError, nearest, quoted
from attendance_lib.imports import imports_without_slow_checker
from attendance_lib.intake.kept_json import read_json
from attendance_lib.intake.settings.yaml import unwritable
from attendance_lib.reports.period import read_iso_date

if TYPE_CHECKING:
    from nbformat import NotebookNode


# A notebook file read: of the form that Jupyter writes, or refused in one line

PARAMETERS_TAG = "parameters"
NAMES_CELLS = 5  # since nbformat 4.5 every cell has an id
REMEDY = "Put the notebook back as it was, or save it again in JupyterLab."


class _Kept(BaseModel):
    """What is read of a notebook, whatever else other programs keep there."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)


class CellMetadata(_Kept):
    """What is asked of a cell's metadata."""

    tags: list[str] = []


class Cell(_Kept):
    """What is asked of any cell."""

    metadata: CellMetadata
    source: str | list[str]
    id: str | None = None


class ProseCell(Cell):
    """A cell of text."""

    cell_type: Literal["markdown", "raw"]


class CodeCell(Cell):
    """A cell of code, with what it showed."""

    cell_type: Literal["code"]
    outputs: list[dict]
    execution_count: int | None


class NotebookFile(_Kept):
    """What is asked of a notebook (nbformat 4); whatever else it holds is Jupyter's business."""

    nbformat: Literal[4]
    nbformat_minor: Annotated[int, Field(ge=0)]
    metadata: dict
    cells: list[Annotated[CodeCell | ProseCell, Field(discriminator="cell_type")]]

    @model_validator(mode="after")
    def _names_its_cells(self) -> Self:
        if self.nbformat_minor >= NAMES_CELLS and any(cell.id is None for cell in self.cells):
            raise ValueError("holds a cell without an id")
        return self


NOTEBOOK = TypeAdapter(NotebookFile)


def read_notebook(path: Path) -> "NotebookNode":
    """Return a notebook.

    Raises
    ------
    SettingsError
        If it cannot be read, or is none.
    """
    import nbformat

    read_json(path, NOTEBOOK, SettingsError, REMEDY)
    return nbformat.read(path, as_version=4)


def has_parameters(path: Path) -> bool:
    """Whether a notebook has a cell tagged ``parameters``.

    One that cannot be read counts, so that whoever asks for its report is told what is wrong with it.
    """
    try:
        cells = read_json(path, NOTEBOOK, SettingsError, REMEDY).cells
    except SettingsError:
        return True
    return any(PARAMETERS_TAG in cell.metadata.tags for cell in cells)


TYPES = {"str": str, "int": int, "float": float, "bool": bool}


# What a report may read of earlier ones: what staff wrote, or what other published papers told; each where it declares it.
CASEBOOK = "casebook"
EARLIER = (CASEBOOK, "previous_pack")
# What every report is given from its options and its period; a notebook may declare more.
COMMON = ("school_file", "date_from", "date_to", "cohort", "cohorts_file", *EARLIER)


def declared_parameters(notebook: Path) -> dict[str, str]:
    """Return the parameters a notebook declares, name to annotated type, in the order of its cell.

    Raises
    ------
    SettingsError
        If a parameter has no annotation of str, int, float or bool.
    """
    types = {name: found["inferred_type_name"] for name, found in inspected(notebook).items()}
    refuse(notebook, (f"parameter '{name}' is not annotated. Write it as {name}: str = ... (or int, float, bool)."
                      for name, declared in types.items() if declared not in TYPES))  # fmt: skip
    return types


def inspected(notebook: Path) -> dict[str, dict[str, str]]:
    """Return what papermill finds in the parameters cell: for each name its type and its default as written.

    Raises
    ------
    SettingsError
        If the notebook cannot be read, or names no kernel for Python.
    """
    with imports_without_slow_checker():
        import papermill
        from papermill.exceptions import PapermillException

        held = read_notebook(notebook)
        try:
            return papermill.inspect_notebook(held)
        except (ValueError, PapermillException):
            # The ways in which papermill says that it does not know the notebook's kernel or its language.
            raise SettingsError(
                f"{notebook.name}: the notebook names no kernel for Python. Open it in JupyterLab, choose one and save it."
            ) from None


def own_defaults(notebook: Path) -> dict[str, object]:
    """Return the default of each parameter that a notebook declares beyond the common ones.

    Raises
    ------
    SettingsError
        If a default is worked out rather than written, or the notebook cannot be read.
    """
    found = {name: each["default"] for name, each in inspected(notebook).items() if name not in COMMON}
    refuse(notebook, (f"parameter '{name}' has no plain default. Write it as {name}: int = 2, or in quotes."
                      for name, written in found.items() if not is_plain(written)))  # fmt: skip
    return {name: ast.literal_eval(written) for name, written in found.items()}


def is_plain(written: str) -> bool:
    """Whether a default is a value as written, and no expression.

    Examples
    --------
    >>> is_plain("2"), is_plain("'a'"), is_plain("len(x)"), is_plain("(")
    (True, True, False, False)
    """
    try:
        ast.literal_eval(written)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return False
    return True


def values_in_words(parameters: Mapping[str, object]) -> str:
    """Return the values of a notebook's own parameters as one text, by which packs of one period are distinguished.

    Examples
    --------
    >>> values_in_words({"cohort": "all", "tier": 2, "intervention": ""})
    'intervention= tier=2'
    """
    return " ".join(f"{name}={value}" for name, value in sorted(parameters.items()) if name not in COMMON)


def earlier_parameter(notebook: Path) -> str:
    """Return the parameter by which a notebook is told of earlier papers; empty if it declares none."""
    declared = inspected(notebook)
    return next((name for name in EARLIER if name in declared), "")


def read_values(notebook: Path, written: Iterable[str]) -> dict[str, object]:
    """Read values of a notebook's own parameters as they are written on the command line: NAME=VALUE.

    Raises
    ------
    SettingsError
        One line for each that has no equals sign, names no parameter of the notebook's own, or is not of its type.
    """
    declared = {name: kind for name, kind in declared_parameters(notebook).items() if name not in COMMON}
    pairs = [each.partition("=") for each in written]
    refuse(notebook, [problem for pair in pairs for problem in value_problems(pair, declared)])
    return {name: READ[declared[name]](text) for name, _, text in pairs}


def value_problems(pair: tuple[str, str, str], declared: Mapping[str, str]) -> list[str]:
    """Return what is wrong with one NAME=VALUE, as a list of one problem or none.

    Examples
    --------
    >>> value_problems(("tier", "=", "2"), {"tier": "int"})
    []
    >>> value_problems(("tier", "", ""), {"tier": "int"})
    ["--set 'tier' has no value. Write it as NAME=VALUE."]
    """
    name, equals, text = pair
    odd = unwritable(text)
    if odd:
        return [f"parameter '{name}' holds {odd}, which papers cannot show. Remove it."]
    if not equals:
        return [f"--set {quoted(name)} has no value. Write it as NAME=VALUE."]
    if name in COMMON:
        return [
            f"--set {quoted(name)} is not for it. Give the option of its own; attendance run --help lists them."
        ]
    if name not in declared:
        return unknown(declared, [name])
    try:
        READ[declared[name]](text)
    except (ValueError, KeyError):
        return [
            f"parameter '{name}': {quoted(text)} cannot be read as {declared[name]}. {AS_SET[declared[name]]}"
        ]
    return []


def check_parameters(notebook: Path, values: Mapping[str, object]) -> None:
    """Refuse values that differ from what the notebook declares, in name or in type.

    Raises
    ------
    SettingsError
        One line for each unknown, missing or mistyped parameter.
    """
    declared = declared_parameters(notebook)
    refuse(notebook, [*unknown(declared, values), *missing(declared, values), *mistyped(declared, values)])


def unknown(declared: Mapping[str, str], values: Iterable[str]) -> list[str]:
    """Return a problem for each value that the notebook does not declare.

    Examples
    --------
    >>> unknown({"date_from": "str"}, ["date_form"])
    ["unknown parameter 'date_form'. Did you mean 'date_from'?"]
    """
    return [
        f"unknown parameter '{name}'. {nearest(name, declared)}" for name in values if name not in declared
    ]


def missing(declared: Mapping[str, str], values: Mapping[str, object]) -> list[str]:
    """Return a problem for each declared parameter that has no value.

    Examples
    --------
    >>> missing({"cohort": "str", "term": "str"}, {"cohort": "all"})
    ["parameter 'term' was given no value. Use one of: cohort."]
    """
    return [
        f"parameter '{name}' was given no value. {nearest(name, values)}"
        for name in declared
        if name not in values
    ]


def mistyped(declared: Mapping[str, str], values: Mapping[str, object]) -> list[str]:
    """Return a problem for each value of another type than declared, and for each date not written YYYY-MM-DD.

    Examples
    --------
    >>> mistyped({"tier": "int"}, {"tier": 2}), mistyped({"tier": "int"}, {"tier": "2"})[0].partition(". ")[0]
    ([], "parameter 'tier': '2' is str, but int is declared")
    """
    both = [(name, values[name], TYPES[kind]) for name, kind in declared.items() if name in values]
    wrong = [f"parameter '{name}': {quoted(value)} is {type(value).__name__}, but {kind.__name__} is declared. {AS_WRITTEN[kind]}"
             for name, value, kind in both if type(value) is not kind]  # fmt: skip
    return wrong + [f"parameter '{name}': {problem}" for name, value, kind in both if is_date(name) and type(value) is kind is str
                    for problem in date_problems(value)]  # fmt: skip


READ = {"str": str, "int": int, "float": float, "bool": {"true": True, "false": False}.__getitem__}
AS_SET = {
    "int": "Write a whole number, such as 2.",
    "float": "Write a number, such as 0.5.",
    "bool": "Write true or false.",
}
AS_WRITTEN = {
    str: "Write it in quotes.",
    int: "Write it without quotes or a point.",
    float: "Write it with a point, such as 1.0.",
    bool: "Write true or false.",
}


def is_date(name: str) -> bool:
    """Whether a parameter's name says that it is a date.

    Examples
    --------
    >>> is_date("date_from"), is_date("review_date"), is_date("update")
    (True, True, False)
    """
    return name == "date" or name.startswith("date_") or name.endswith("_date")


def date_problems(text: str) -> list[str]:
    """Return what is wrong with a date, as a list of one problem or none.

    Examples
    --------
    >>> date_problems("2026-11-20")
    []
    """
    try:
        read_iso_date(text)
    except ValueError as error:
        return [str(error)]
    return []


def refuse(notebook: Path, problems: Iterable[str]) -> None:
    """Raise all problems at once, one line each, if there are any.

    Raises
    ------
    SettingsError
        With every problem, each on its line after the notebook's name.

    Examples
    --------
    >>> refuse(Path("notebooks/impact.ipynb"), ["there is no parameter 'teir'."])
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: impact.ipynb: there is no parameter 'teir'.
    """
    lines = [f"{notebook.name}: {problem}" for problem in problems]
    if lines:
        raise SettingsError("\n".join(lines))
