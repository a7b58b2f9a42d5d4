"""Markdown read into blocks without any markup of its own."""

import pytest

from attendance_lib.display.notebook import blocks_of_markdown, plain_text


def texts(source):
    return [plain_text(block["spans"]) for block in blocks_of_markdown(source)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("See [guidance](https://www.gov.uk/a).", "See guidance (www.gov.uk/a)."),
        ("[www.gov.uk/a](https://www.gov.uk/a)", "www.gov.uk/a"),
        ("[run](javascript:alert(1))", "run"),
        ("![a chart](x.png)", "a chart"),
        ("Inline <b>html</b> and **bold *both***", "Inline <b>html</b> and bold both"),
        ("one\ntwo", "one two"),
        ("`code`", "code"),
    ],
)
def test_a_paragraph_is_read_as_text(source, text):
    assert texts(source) == [text]


def test_raw_html_becomes_text_to_be_seen():
    assert blocks_of_markdown("<script>x</script>\n") == [{"type": "code", "text": "<script>x</script>"}]


def test_a_list_keeps_its_order_and_its_inner_list():
    (block,) = blocks_of_markdown("1. one\n   - inner\n2. two")
    assert block["is_ordered"]
    assert [inner["type"] for inner in block["items"][0]] == ["paragraph", "list"]


def test_a_quotation_holds_blocks():
    (block,) = blocks_of_markdown("> said")
    assert block["blocks"][0]["type"] == "paragraph"
