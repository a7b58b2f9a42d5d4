"""The finished page and the finished PDF, as a browser and a reader take them."""

import re
from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pypdf import PdfReader

from attendance_lib.display import Column, Heading, Kind, Sentences, Table
from attendance_lib.display.exporters import AttendanceHTMLExporter, AttendancePDFExporter
from tests.display.conftest import shown


@pytest.fixture
def page(notebook):
    return AttendanceHTMLExporter().from_notebook_node(notebook)[0]


@pytest.fixture
def pdf(notebook):
    content, resources = AttendancePDFExporter().from_notebook_node(notebook)
    assert resources["attendance"]["warnings"] == ()
    return PdfReader(BytesIO(content))


def tags(element, found):
    """Collect the structure elements below one."""
    element = element.get_object()
    for child in element if isinstance(element, list) else [element]:
        child = child.get_object()
        if isinstance(child, dict):
            found.extend([child] if "/S" in child else [])
            tags(child.get("/K", []), found)
    return found


@pytest.fixture
def structure(pdf):
    return tags(pdf.root_object["/StructTreeRoot"]["/K"], [])


def read(page):
    return BeautifulSoup(page, "html.parser")


def test_the_page_forbids_scripts_and_requests(page):
    (policy,) = read(page).select('meta[http-equiv="Content-Security-Policy"]')
    assert policy["content"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_the_page_names_no_address_on_the_network(page):
    assert re.findall(r"(?:https?:)?//(?!www\.w3\.org)[\w.]+", page) == []
    assert read(page).select("script, link, iframe, object, [onclick]") == []


def test_the_page_says_its_language_and_title(page):
    root = read(page)
    assert root.html["lang"] == "en-GB"
    assert (
        root.head.title.get_text()
        == "Fortnightly pastoral pack – Larkmoor & Hill Academy – 9 to 20 November 2026"
    )


def test_headings_of_the_page_stand_in_order(page):
    headings = [(each.name, each.get_text()) for each in read(page).select("h1, h2, h3, h4")]
    assert headings == [
        ("h1", "Fortnightly pastoral pack"),
        ("h2", "Priority pupils"),
        ("h3", "Detail"),
        ("h2", "Charts"),
    ]


def test_contents_lead_to_the_parts(page):
    root = read(page)
    targets = [link["href"].removeprefix("#") for link in root.select("nav a")]
    assert [root.find(id=target).get_text() for target in targets] == [
        "Priority pupils",
        "Charts",
    ]


def test_what_stands_under_a_heading_that_folds_is_in_its_fold_and_nothing_else(document):
    """Up to the next heading as high as it, with the headings below it; the place that links lead to is inside."""
    said = [
        shown(part)
        for name in ("one", "two")
        for part in (
            Heading(name, anchor=f"of-{name}", folds=True),
            Heading("below", 4),
            Sentences(f"words_{name}", (f"Said of {name}.",)),
        )
    ]
    cells = [new_markdown_cell("## Part"), *said, new_markdown_cell("## After")]
    page = read(AttendanceHTMLExporter().from_notebook_node(new_notebook(cells=[shown(document), *cells]))[0])
    folds = page.select("main > details.fold-part")
    assert [fold.summary.get_text() for fold in folds] == ["one", "two"]
    assert [fold.select_one(".att-place")["id"] for fold in folds] == ["of-one", "of-two"]
    assert [fold.select_one(".att-place").get_text(" ", strip=True) for fold in folds] == [
        "below Said of one.",
        "below Said of two.",
    ]
    assert [head.get_text() for head in page.select("main > h2")] == ["Part", "After"]


def test_ids_of_the_page_are_unique(page):
    ids = [each["id"] for each in read(page).select("[id]")]
    assert len(ids) == len(set(ids))


def test_input_cells_are_left_out(page):
    assert "secret" not in page


def test_the_page_says_how_to_keep_it(page):
    assert page.count("CONFIDENTIAL: names pupils") == 2


def test_the_page_is_the_same_twice(notebook, page):
    assert AttendanceHTMLExporter().from_notebook_node(notebook)[0] == page


def test_the_pdf_is_tagged_titled_and_in_english(pdf):
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert (root["/Lang"], pdf.metadata.title) == (
        "en-GB",
        "Fortnightly pastoral pack, 9 to 20 November 2026",
    )
    assert pdf.metadata.creation_date.date().isoformat() == "2026-11-20"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_bookmarks_of_the_pdf_are_the_headings(pdf):
    titles = [
        entry.title if not isinstance(entry, list) else [inner.title for inner in entry]
        for entry in pdf.outline
    ]
    assert titles == ["Priority pupils", ["Detail"], "Charts"]


def test_pictures_of_the_pdf_have_words(structure):
    words = [element.get("/Alt") for element in structure if element["/S"] == "/Figure"]
    assert words.count('A square, 9 by "9" units') == 1
    assert words.count("3 weeks, oldest first: 90, –, 80%; down 10 points") == 10


def test_columns_and_rows_of_the_pdf_have_heads(structure):
    scopes = [element["/A"][0]["/Scope"] for element in structure if element["/S"] == "/TH"]
    assert (scopes.count("/Column"), scopes.count("/Row")) == (7, 10)


def test_names_in_the_pdf_stay_text(pdf):
    text = "".join(sheet.extract_text() for sheet in pdf.pages)
    spaceless = re.sub(r"\s", "", text)
    expected = ("<script>alert(1)</script>", '=HYPERLINK("x")', "#letx=1", "$x$")
    expected += ("back\\slash", "*bold*_it_`raw`@ref<label>")
    assert [name for name in expected if name not in spaceless] == []


def test_every_page_says_how_to_keep_it_and_how_many_there_are(pdf):
    for number, sheet in enumerate(pdf.pages, start=1):
        text = sheet.extract_text()
        assert "CONFIDENTIAL: names pupils" in text
        assert f"Page {number} of {len(pdf.pages)}" in text


def sections_of_many_lengths(document):
    """A paper of thirty sections whose pages end at other places in each: a heading, what is said under it, and a table."""
    cells = [new_markdown_cell("# Paper"), shown(document)]
    for number in range(30):
        few = pd.DataFrame({"what": [f"row {number} {place}" for place in range(1, 6)]})
        cells += [
            new_markdown_cell(f"## Section {number}\n\nTold of {number}."),
            shown(Sentences(f"note_{number}", (f"Noted of {number}.",), style="note")),
            shown(Table(f"table_{number}", f"Table {number}", few, (Column("what", "What"),))),
            *(new_markdown_cell(f"Filling {line}.") for line in range(number % 7)),
        ]
    return new_notebook(cells=cells)


def test_no_heading_and_nothing_said_under_it_stands_alone_at_a_page_s_foot(document):
    content, _ = AttendancePDFExporter().from_notebook_node(sections_of_many_lengths(document))
    pages = [sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages]
    ends = [re.findall(r"Section (\d+)|row (\d+) 1\b", page)[-1] for page in pages]
    assert len(pages) > 8
    assert [end for end in ends if end[0]] == []


# With these columns a table is too wide to be set in two parts beside each other.
WIDE = ("first", "second")


def rows_of(number):
    return 11 + number % 7


def grouped_tables_of_many_lengths(document):
    """A paper of sixty tables in groups of three rows, each begun wherever the one before it ended."""
    cells = [new_markdown_cell("# Paper"), shown(document)]
    for number in range(60):
        rows = range(rows_of(number))
        frame = pd.DataFrame(
            {
                "what": [f"row {number} {row}" for row in rows],
                "group": [f"group {number} {row // 3}" for row in rows],
                "how_many": list(rows),
                **{name: ["Words as wide as a third of a page"] * len(rows) for name in WIDE},
            }
        )
        columns = (
            Column("group", "Group"),
            Column("how_many", "Count", Kind.COUNT),
            Column("what", "What"),
            *(Column(name, name) for name in WIDE),
        )
        cells.append(
            shown(
                Table(f"t{number}", f"Table {number}", frame, columns, row_header="what", grouped_by="group")
            )
        )
    return new_notebook(cells=cells)


@pytest.fixture
def grouped(document):
    content, _ = AttendancePDFExporter().from_notebook_node(grouped_tables_of_many_lengths(document))
    return PdfReader(BytesIO(content))


def test_a_parted_table_has_six_rows_or_more_on_its_last_page_and_no_group_s_words_at_a_page_s_foot(grouped):
    pages = [re.findall(r"(group|row) (\d+) (\d+)", sheet.extract_text()) for sheet in grouped.pages]
    assert len(pages) > 15
    assert [said for said in pages if said[-1][0] == "group"] == []
    for number in range(60):
        rows = [sum(each[:2] == ("row", str(number)) for each in said) for said in pages]
        assert sum(rows) == rows_of(number)
        assert [count for count in rows if count][-1] >= min(6, rows_of(number))


def test_in_a_grouped_table_too_each_row_has_its_own_head(grouped):
    lines = [each for each in tags(grouped.root_object["/StructTreeRoot"]["/K"], []) if each["/S"] == "/TR"]
    cells = [[cell.get_object() for cell in line["/K"]] for line in lines]
    rows = [line for line in cells if len(line) == 4 and line[0]["/A"][0].get("/Scope") != "/Column"]
    assert len(rows) == sum(rows_of(number) for number in range(60))
    assert {tuple(cell["/S"] for cell in row) for row in rows} == {("/TD", "/TH", "/TD", "/TD")}


def test_on_an_upright_page_the_school_and_period_stand_on_one_line_below_the_title(document):
    """The words of how to keep it are long, and stand beside the title alone."""
    long = replace(
        document,
        confidentiality="Confidential: personal data. For the pastoral team and senior leaders only.",
    )
    cells = [new_markdown_cell("# Paper"), shown(long)]
    content, _ = AttendancePDFExporter().from_notebook_node(new_notebook(cells=cells))
    lines = PdfReader(BytesIO(content)).pages[0].extract_text().splitlines()
    assert "Larkmoor & Hill Academy · 9 to 20 November 2026 · Year 9 · For the pastoral team" in lines


def test_the_pdf_is_the_same_twice(notebook):
    first, second = (AttendancePDFExporter().from_notebook_node(notebook)[0] for _ in range(2))
    assert first == second


def test_a_character_without_a_font_still_makes_a_tagged_pdf_with_a_warning(notebook):
    notebook.cells.append(new_markdown_cell("ஆதி"))
    content, resources = AttendancePDFExporter().from_notebook_node(notebook)
    (warning,) = resources["attendance"]["warnings"]
    assert warning == "The PDF shows stand-ins for 3 characters that no font has: U+0B86, U+0BA4, U+0BBF."
    assert PdfReader(BytesIO(content)).root_object["/MarkInfo"]["/Marked"]


def test_a_pdf_that_the_standard_refuses_is_made_without_tags(notebook, chart):
    silent = chart.payload() | {"alt": None}
    output = new_output("display_data", data={"application/vnd.attendance+json": silent})
    notebook.cells.append(new_code_cell("x", outputs=[output]))
    content, resources = AttendancePDFExporter().from_notebook_node(notebook)
    (warning,) = resources["attendance"]["warnings"]
    assert warning.startswith("The PDF is not tagged for screen readers, because PDF/UA-1 was refused: ")
    assert content.startswith(b"%PDF")


def test_a_failed_cell_is_shown_in_both(notebook):
    notebook.cells.append(
        new_code_cell("x", outputs=[new_output("error", ename="InputError", evalue="<row 3>", traceback=[])])
    )
    page, _ = AttendanceHTMLExporter().from_notebook_node(notebook)
    content, _ = AttendancePDFExporter().from_notebook_node(notebook)
    assert "InputError: &lt;row 3&gt;" in page
    assert "InputError: <row 3>" in "".join(
        sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages
    )
