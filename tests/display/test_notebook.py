"""A notebook as one flow: order, levels, what is left out, what is not trusted."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from attendance_lib.display.notebook import flow_of, payloads_of


def test_payloads_come_in_the_order_of_the_cells(notebook):
    names = [payload["name"] for payload in payloads_of(notebook)]
    assert names == ["document", "lead", "headline", "priority_pupils", "actions", "points", "square"]


def test_headings_start_at_two_and_skip_no_level(notebook):
    headings = [(block["level"], block["text"]) for block in flow_of(notebook).headings]
    assert headings == [(2, "Priority pupils"), (3, "Detail"), (2, "Charts")]


def test_the_facts_come_from_the_document(notebook):
    flow = flow_of(notebook)
    assert (flow.document["title"], flow.document["cohort"]) == ("Fortnightly pastoral pack", "Year 9")
    assert all(block["type"] != "document" for block in flow.blocks)


def test_without_a_document_the_first_heading_is_the_title_and_metadata_is_read():
    notebook = new_notebook(
        cells=[new_markdown_cell("# A *title*")], metadata={"attendance": {"confidentiality": "SECRET"}}
    )
    document = flow_of(notebook).document
    assert (document["title"], document["confidentiality"], document["school"]) == ("A title", "SECRET", "")


def test_an_empty_notebook_still_has_a_title():
    assert flow_of(new_notebook()).document["title"] == "Attendance report"


@pytest.mark.parametrize(
    ("output", "block"),
    [
        (new_output("stream", text="a <b>"), {"type": "code", "text": "a <b>"}),
        (
            new_output("display_data", data={"text/html": "<script>", "text/plain": "plain"}),
            {"type": "code", "text": "plain"},
        ),
        (
            new_output("error", ename="InputError", evalue="\x1b[31mrow 3\x1b[0m", traceback=["secret"]),
            {"type": "failure", "text": "InputError: row 3"},
        ),
    ],
)
def test_what_is_not_ours_is_plain_text(output, block):
    assert flow_of(new_notebook(cells=[new_code_cell("x", outputs=[output])])).blocks == [block]


def test_a_cell_tagged_remove_cell_is_left_out():
    hidden = new_markdown_cell("working", metadata={"tags": ["remove-cell"]})
    assert flow_of(new_notebook(cells=[hidden])).blocks == []
