"""Every string of the big list of naughty strings, as a pupil's name, is text in HTML, PDF and xlsx."""

import io
import json
import re
from pathlib import Path
from unicodedata import bidirectional, category

import nbformat.v4 as nb
import openpyxl
import pandas as pd
import pypdf
import pytest
from bs4 import BeautifulSoup

from attendance_lib.display import Column, Document, Table
from attendance_lib.display.csv_tables import write_tables
from attendance_lib.display.exporters import AttendancePDFExporter
from attendance_lib.display.html import fragment
from attendance_lib.display.workbook.book import write_workbook
from attendance_lib.display.workbook.tables import WorkbookProperties
from tests.workbook_tabs import tab

NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad-input" / "blns.json"
pytestmark = pytest.mark.skipif(
    not NAUGHTY.is_file(), reason="the list lies outside the project and is not here"
)
# Controls, signs of format, halves of characters and what is no character: what a reader does not see (Unicode, 4.5).
UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
PLAIN = re.compile(r"[!-~]{4,24}")


@pytest.fixture(scope="module")
def names():
    return [name for name in json.loads(NAUGHTY.read_text(encoding="utf-8")) if name.strip()]


@pytest.fixture(scope="module")
def table(names):
    return Table("names", "Names", pd.DataFrame({"name": names}), (Column("name", "Pupil", personal=True),))


def folded(text):
    seen = (sign for sign in text if category(sign) not in UNSEEN and sign != "\N{REPLACEMENT CHARACTER}")
    return "".join("".join(seen).split())


def is_hostile(sign):
    return (
        (category(sign) == "Cc" and sign not in "\t\n")
        or category(sign) == "Cs"
        or bidirectional(sign) in TURNING
        or sign in "\u200b\u200e\u200f\ufeff"
    )


def test_every_name_is_text_of_the_page(table, names):
    page = BeautifulSoup(fragment(table.payload()), "html.parser")
    shown = [cell.get_text() for cell in page.select("tbody > tr > th")]
    assert len(shown) == len(names)
    # A name of which nothing can be seen is shown as a missing one.
    pairs = [(folded(name), folded(text)) for name, text in zip(names, shown, strict=True) if folded(name)]
    assert len(pairs) > len(names) - 8
    assert [pair for pair in pairs if pair[0] != pair[1]] == []
    assert page.select("script, img, iframe, a, svg, object, embed, meta, link") == []


def test_every_name_is_text_of_the_workbook(table, names, tmp_path):
    path = tmp_path / "names.xlsx"
    about = WorkbookProperties("Names", "School", "Period", "Confidential", "2026-11-20")
    write_workbook([table.payload()], path, about)
    first = [row[0] for row in tab(openpyxl.load_workbook(path), "names").iter_rows()]
    cells = [cell for cell in first if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    shown = {folded(cell.value) for cell in cells}
    assert [name for name in names if folded(name) and folded(name) not in shown] == []


def test_no_rendering_holds_a_sign_that_drives_turns_or_hides(table, names, tmp_path):
    assert sum(map(is_hostile, "".join(names))) > 60  # the list does hold them
    write_workbook(
        [table.payload()], tmp_path / "a.xlsx", WorkbookProperties("Names", "School", "", "", "2026-11-20")
    )
    write_tables([table.payload()], tmp_path)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = "".join(str(cell.value) for row in tab(book, "names").iter_rows() for cell in row)
    bundle = table._repr_mimebundle_()
    written = [
        *(bundle["text/html"], bundle["text/plain"], json.dumps(table.payload(), ensure_ascii=False), cells),
        (tmp_path / "names.csv").read_text(encoding="utf-8-sig"),
        (tmp_path / "index.json").read_text(encoding="utf-8"),
    ]
    for text in written:
        assert sorted(filter(is_hostile, set(text))) == []


def test_every_name_is_set_in_a_tagged_pdf(table, names):
    document = Document("document", "Names", "School", "Period", "2026-11-20")
    cells = [
        nb.new_code_cell(outputs=[nb.new_output("display_data", data=each._repr_mimebundle_())])
        for each in (document, table)
    ]
    made, _ = AttendancePDFExporter().from_notebook_node(nb.new_notebook(cells=cells))
    pdf = pypdf.PdfReader(io.BytesIO(made))
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    text = folded("".join(page.extract_text() for page in pdf.pages))
    # A letter drawn once beneath a heap of accents is read back with them wherever it stands: they are left out here.
    text = "".join(sign for sign in text if category(sign) != "Mn")
    # Other scripts are drawn with joined and mirrored signs, which reading back does not undo; plain ones must be there.
    plain = [name for name in names if PLAIN.fullmatch(name)]
    assert len(plain) > 90
    assert [name for name in plain if folded(name) not in text] == []
