"""The executed notebook as a pack holds it: small, and nothing of it lost."""

import nbformat
import pandas as pd
import pytest

from attendance_lib.display import MIME, Column, Table
from attendance_lib.display.notebook import PACKED, notebook_text, payloads_of

ROWS = 200


@pytest.fixture(scope="module")
def notebook():
    names = [f"Ségolène {number}" for number in range(ROWS)]
    table = Table("people", "People", pd.DataFrame({"name": names}), (Column("name", "Name"),), shown_rows=3)
    output = nbformat.v4.new_output("execute_result", table._repr_mimebundle_(), execution_count=1)
    cell = nbformat.v4.new_code_cell("people", outputs=[output], execution_count=1, id="people")
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# People", id="title"), cell])


def read_back(notebook, *, is_packed):
    text = notebook_text(notebook, is_packed=is_packed)
    found = nbformat.reads(text, as_version=4)
    nbformat.validate(found)
    return text, found


@pytest.mark.parametrize("is_packed", [True, False])
def test_all_of_it_can_be_read_back(notebook, is_packed):
    before = nbformat.writes(notebook)
    _, found = read_back(notebook, is_packed=is_packed)
    assert payloads_of(found) == payloads_of(notebook)
    (was,), (now,) = notebook.cells[1].outputs, found.cells[1].outputs
    assert {kind: now.data[kind] for kind in now.data if kind != MIME} == {
        kind: was.data[kind] for kind in was.data if kind != MIME
    }
    assert nbformat.writes(notebook) == before


def test_what_only_our_program_reads_is_packed_but_not_where_it_leaves_the_school(notebook):
    personal, published = (read_back(notebook, is_packed=is_packed)[0] for is_packed in (True, False))
    assert PACKED in personal
    assert f"Ségolène {ROWS - 1}" not in personal
    assert PACKED not in published
    assert f"Ségolène {ROWS - 1}" in published
    assert len(personal) < len(published) < len(nbformat.writes(notebook))
    assert len(personal) < len(nbformat.writes(notebook)) / 2
