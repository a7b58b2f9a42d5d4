"""Several things shown by one cell: the page has each in order, the workbook and the CSV one table for all."""

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from attendance_lib.display import MIME, Chart, Column, Heading, Kind, Parts, Sentences, Table
from attendance_lib.display.exporters import page_of
from attendance_lib.display.notebook import flow_of, payloads_of


def table(name: str, pupils: int) -> Table:
    frame = pd.DataFrame({"pupils": [pupils]})
    return Table(name, f"Table {name}", frame, (Column("pupils", "Pupils", Kind.COUNT),))


CARDS = (
    Heading("Mentor <1>"),
    Sentences("mentor", ("Twelve pupils.",), style="note"),
    Chart("weeks", "Weeks", "<svg/>", "A line.", table("weeks", 3)),
    Heading("Who", level=4),
    table("mentor_pupils", 12),
)


@pytest.fixture
def notebook_with():
    def made(parts: Parts) -> nbformat.NotebookNode:
        output = new_output("execute_result", data=parts._repr_mimebundle_(), execution_count=1)
        return new_notebook(
            cells=[new_markdown_cell("# Paper\n\n## Cards"), new_code_cell("cards", outputs=[output])]
        )

    return made


def test_the_page_shows_every_part_in_order_with_headings_under_the_cell_s(notebook_with):
    flow = flow_of(notebook_with(Parts("cards", CARDS)))
    assert [block["type"] for block in flow.blocks] == [
        "heading", "heading", "sentences", "chart", "heading", "table",
    ]  # fmt: skip
    assert [(block["level"], block["text"]) for block in flow.headings] == [
        (2, "Cards"), (3, "Mentor <1>"), (4, "Who"),
    ]  # fmt: skip
    assert '<h3 id="part-2">Mentor &lt;1&gt;</h3>' in page_of(flow).parts


@pytest.mark.parametrize(
    ("tables", "names"),
    [
        ((table("all_pupils", 40),), ["mentor", "all_pupils"]),
        ((), ["mentor", "weeks", "mentor_pupils"]),
    ],
)
def test_the_workbook_takes_the_tables_for_all_cards_or_else_those_shown(notebook_with, tables, names):
    kept = [
        payload["name"]
        for payload in payloads_of(notebook_with(Parts("cards", CARDS, tables)))
        if payload["name"]
    ]
    assert kept == names


def test_in_jupyterlab_each_part_is_shown_and_in_plain_text_too():
    shown = Parts("cards", CARDS)._repr_mimebundle_()
    assert "<h3>Mentor &lt;1&gt;</h3>" in shown["text/html"]
    assert (
        "Mentor <1>\n\nTwelve pupils.\n\nWeeks\nA line.\n\nWho\n\nTable mentor_pupils" in shown["text/plain"]
    )
    assert shown[MIME]["type"] == "parts"
