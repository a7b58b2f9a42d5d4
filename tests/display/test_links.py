"""Words in a cell that lead to the page of another pack: in HTML, PDF and workbook alike, and nowhere but to packs beside."""

import pandas as pd
import pytest
from openpyxl import load_workbook

from attendance_lib.display import Column, Document, Heading, Table
from attendance_lib.display.html import to_html
from attendance_lib.display.notebook import Flow, with_levels
from attendance_lib.display.pdf import pdf_of
from attendance_lib.display.shown import ADDRESS, shown_table
from attendance_lib.display.text import to_text
from attendance_lib.display.workbook.book import write_workbook
from tests.display.workbook_payloads import PROPERTIES

PLAN, GATE = (
    "../../plan/2026-11-09_2026-11-20/plan.html#plan-sp1",
    "../../notices/2026-11-09_2026-11-20/notices.html",
)


def table(*rows):
    columns = ("support", "plan_id", "plan_page", "gate", "gate_page")
    return Table(
        name="listed",
        title="Listed",
        frame=pd.DataFrame(rows, columns=columns, dtype=object),
        columns=(
            Column("support", "Support", links=(("plan_id", "plan_page"), ("gate", "gate_page"))),
            Column("plan_id", "Plan", links=(("", "plan_page"),)),
            *(Column(name, name, shown=False) for name in columns[2:]),
        ),
    )


BOTH = ("Plan <SP1>; gate: 2 to do; none", "<SP1>", PLAN, "gate: 2 to do", GATE)


def pieces(*rows):
    return [[cell.pieces for cell in row] for row in shown_table(table(*rows).payload()).rows]


def test_words_lead_where_their_row_says():
    assert pieces(BOTH) == [
        [
            (("Plan ", ""), ("<SP1>", PLAN), ("; ", ""), ("gate: 2 to do", GATE), ("; none", "")),
            (("<SP1>", PLAN),),
        ]
    ]


@pytest.mark.parametrize(
    "row",
    [
        ("Plan SP1", "SP1", None, None, GATE),  # no address; an address without words
        ("Plan SP2", "SP1", PLAN, "gate", GATE),  # words that are not in the cell
    ],
)
def test_words_without_an_address_or_an_address_without_words_are_words(row):
    assert pieces(row)[0][0] == ((row[0], ""),)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/plan.html", "//example.org/a/plan.html", "javascript:alert(1)", "plan.html", "/etc/a/plan.html",
        "../../plan/a/plan.xlsx", "../../../../plan/../a/plan.html", "../../plan/a/plan.html?x", '../../plan/a"/plan.html',
    ],
)  # fmt: skip
def test_an_address_that_is_no_page_beside_is_no_link(address):
    assert not ADDRESS.fullmatch(address)
    assert "<a " not in to_html(table(("Plan SP1", "SP1", address, None, None)).payload())


def test_the_page_the_text_and_the_pdf_say_the_same_words():
    payload = table(BOTH).payload()
    html = to_html(payload)
    assert f'Plan <a href="{PLAN}">&lt;SP1&gt;</a>; <a href="{GATE}">gate: 2 to do</a>; none' in html
    assert "Plan <SP1>; gate: 2 to do; none" in to_text(payload)
    document = Document("document", "Links", "Tiny School", "November", "2026-11-20").payload()
    pdf = pdf_of(Flow(document | {"is_large_print": "", "folded_from": ""}, [payload]))
    assert pdf.warnings == ()  # still tagged for screen readers
    assert pdf.content.count(b"/URI(" + PLAN.encode()) == 2
    assert pdf.content.count(b"/URI(" + GATE.encode()) == 1


def test_a_cell_of_the_workbook_leads_to_the_first(tmp_path):
    path = tmp_path / "links.xlsx"
    write_workbook([table(BOTH, ("none", None, None, None, None)).payload()], path, PROPERTIES)
    sheet = next(each for each in load_workbook(path) if each.title == "Listed")
    linked = [cell for row in sheet for cell in row if cell.hyperlink and cell.hyperlink.target]
    found = {cell.value: cell.hyperlink.target for cell in linked}
    assert found == {BOTH[0]: PLAN, "<SP1>": PLAN}


def test_a_table_without_links_is_declared_as_before():
    plain = Table("a", "A", pd.DataFrame({"b": [1]}), (Column("b", "B"),))
    assert "links" not in plain.payload()["columns"][0]


def test_a_heading_is_found_by_its_anchor_and_no_two_by_one():
    blocks = with_levels([Heading("Ada", anchor=name).payload() for name in ("plan-sp1", "", "plan-sp1")])
    assert [block["id"] for block in blocks] == ["plan-sp1", "part-2", "part-3"]
