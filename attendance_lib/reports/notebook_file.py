"""A notebook file read: of the form that Jupyter writes, or refused in one line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from attendance_lib.errors import SettingsError
from attendance_lib.intake.kept_json import read_json

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARAMETERS_TAG = "parameters"
NAMES_CELLS = 5  # since nbformat 4.5 every cell has an id
REMEDY = "Put the notebook back as it was, or save it again in JupyterLab."


class _Kept(BaseModel):
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
