"""Pupils whose names are code in some language: in every file of a pack they are names and nothing else.

The pack is made without a kernel: the notebook's cells run here and the real renderers write the files.
"""

import csv
import json
import re
from base64 import b64decode
from io import StringIO
from unicodedata import category, normalize

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from attendance_lib.display.csv_tables import unescaped
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.render import render
from tests.notebook_in_process import run_here
from tests.school_file import NATIONAL, autumn, details

OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe"  # never ended
ESCAPES = "Red\x1b[31m\x9b2J"
HIDDEN = "O'\u200bNe\u200dill\ufeff\u2066"
PERSIAN = "می\u200cخواهم"  # cannot be written without its non-joiner
# Surname, forename: as they stand in pupils.csv.
NAMES = (
    ("<script>alert(1)</script>", "Ada"),
    ('=HYPERLINK("http://x","y")', "Bo"),
    ("O'Brien-Smith", "Cy"),
    ("#let x = 1", "Di"),
    ("*bold* [a](http://b)", "Ed"),
    ("李小龙", "布鲁斯"),
    ("محمد", "علي"),
    (OVERRIDE, "Flo"),
    ("@SUM(1+1)*cmd|' /C calc'!A0", "Gus"),
    ("-2+3", "+44"),
    ("{{ 7*7 }} ${x} %s", "Hal"),
    ('"&amp;\' onmouseover="x', "Ivy"),
    ("$ sum_(i=0)^n $ @ref \\u{41}", "Jo"),
    (ESCAPES, "Kit"),
    (HIDDEN, "Lu"),
    (PERSIAN, "Mia"),
)
# What drives a terminal, turns the direction of writing or hides is taken out; all else stays as the school has it.
TAKEN_OUT = {OVERRIDE: "gpj.exe", ESCAPES: "Red�[31m�2J", HIDDEN: "O'Neill"}
SURNAMES = tuple(TAKEN_OUT.get(surname, surname) for surname, _ in NAMES)
SHOWN = tuple(f"{surname}, {forename}" for surname, (_, forename) in zip(SURNAMES, NAMES, strict=True))
TEXTS = {".html", ".csv", ".json", ".ipynb"}
LOGS = """\
  interventions: {path: "interventions.csv"}
  actions: {path: "actions.csv"}
"""
SCHOOL = details("<b>St Mary's</b> & #All *Saints*", "990009") + LOGS + autumn("2026-10-05") + NATIONAL
DAYS = tuple(
    f"2026-{month}-{day:02d}"
    for month, days in ((10, (*range(5, 10), *range(12, 17), *range(19, 24))), (11, (*range(2, 7), *range(9, 14), *range(16, 21))))
    for day in days
)  # fmt: skip


def write_rows(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def write_school(folder):
    """Sixteen pupils of two forms; all miss every Monday with O, and a Friday is still N."""
    (folder / "school.yml").write_text(SCHOOL, encoding="utf-8")
    heads = "pupil_id,surname,forename,year_group,form,date_of_birth,sex,admission_date,key_adult".split(",")
    people = [
        (f"{number:03d}", *name, 7, "<i>7A</i>", "2015-01-02", "F", "2026-09-01", name[0])
        for number, name in enumerate(NAMES, start=1)
    ]
    write_rows(folder / "pupils.csv", [heads, *people])
    marks = [
        (
            pupil[0],
            day,
            half,
            "O" if place % 5 == 0 else "N" if place == 29 else "/" if half == "AM" else "\\",
        )
        for pupil in people
        for place, day in enumerate(DAYS)
        for half in ("AM", "PM")
    ]
    write_rows(folder / "marks.csv", [("pupil_id", "date", "session", "code"), *marks])
    what = [(pupil[0], name[0], 2, "2026-11-09", name[0]) for pupil, name in zip(people, NAMES, strict=True)]
    write_rows(
        folder / "interventions.csv", [("pupil_id", "intervention", "tier", "start_date", "lead"), *what[::2]]
    )
    agreed = [
        (f"A{pupil[0]}", pupil[0], "2026-11-02", name[0], name[1], "2026-11-13", "open", name[0])
        for pupil, name in zip(people, NAMES, strict=True)
    ]
    write_rows(
        folder / "actions.csv",
        ["action_id pupil_id raised_on action owner due_date status note".split(), *agreed],
    )


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The folder of a pack about them."""
    folder = tmp_path_factory.mktemp("hostile")
    write_school(folder)
    notebook = run_here(
        "fortnightly", school_file=str(folder / "school.yml"), date_from="2026-11-09", date_to="2026-11-20"
    )
    made = folder / "pack"
    made.mkdir()
    nbformat.write(notebook, made / "fortnightly.ipynb")
    (made / "warnings.json").write_text(json.dumps(render(notebook, made / "fortnightly", Progress())))
    return made


@pytest.fixture(scope="module")
def page(pack):
    return BeautifulSoup((pack / "fortnightly.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def book(pack):
    return openpyxl.load_workbook(pack / "fortnightly.xlsx")


def without_isolates(text):
    """A text without the marks that keep its direction to itself."""
    return re.sub("[\N{FIRST STRONG ISOLATE}\N{LEFT-TO-RIGHT ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", text)


@pytest.mark.parametrize("name", SHOWN)
def test_a_name_is_the_text_of_a_cell_on_the_page(page, name):
    cells = {without_isolates(cell.get_text()) for cell in page.select("tbody th, tbody td")}
    assert name in cells


def test_no_name_became_an_element_or_an_attribute(page):
    assert page.select("script, b script, a[href^='http'], [onmouseover], i") == []
    assert "<b>St Mary's</b> & #All *Saints*" in page.get_text()
    assert not page.find("em", string=re.compile("bold"))


def test_nothing_was_worked_out(page):
    text = page.get_text()
    assert "{{ 7*7 }} ${x} %s" in text
    assert "49 ${x}" not in text


def test_a_name_written_from_right_to_left_is_kept_to_itself(page):
    cells = [cell for cell in page.select("tbody th, tbody td") if "محمد" in cell.get_text()]
    assert cells
    assert [
        cell for cell in cells if "محمد" not in "".join(each.get_text() for each in cell.find_all("bdi"))
    ] == []


def hostile_signs(text):
    """The signs of a text that drive a terminal, turn the direction of writing or hide, but for PERSIAN's joiner."""
    signs = set(text.replace(PERSIAN, "")) - {"\n", "\t"}
    return sorted(
        sign
        for sign in signs
        if category(sign) in ("Cc", "Cs") or sign in "\u200b\u200c\u200d\u200e\u200f\u202e\u2066\ufeff"
    )


def test_no_file_of_the_pack_holds_a_sign_that_drives_turns_or_hides(pack, book):
    # What the notebook's own cells say of the parameters is no output of ours.
    written = {
        path.name: path.read_text(encoding="utf-8-sig") for path in pack.rglob("*") if path.suffix in TEXTS
    }
    assert len(written) > 10
    written["fortnightly.xlsx"] = "".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
    )
    written["fortnightly.pdf"] = "".join(
        page.extract_text() for page in PdfReader(pack / "fortnightly.pdf").pages
    )
    pictures = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", written["fortnightly.html"])
    assert pictures
    written |= {f"picture {at}": b64decode(each).decode() for at, each in enumerate(pictures)}
    assert {name: found for name, text in written.items() if (found := hostile_signs(text))} == {}


@pytest.fixture(scope="module")
def printed(pack):
    """All text of the PDF without spaces, ligatures and presentation forms undone."""
    text = "".join(page.extract_text() for page in PdfReader(pack / "fortnightly.pdf").pages)
    return re.sub(r"\s", "", normalize("NFKC", text))


@pytest.mark.parametrize(
    "surname", [surname for surname in SURNAMES if surname.isascii() or surname == "李小龙"]
)
def test_a_name_is_text_of_the_paper(printed, surname):
    assert re.sub(r"\s", "", normalize("NFKC", surname)) in printed.replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )


def test_an_arabic_name_is_text_of_the_paper(printed):
    assert "محمد" in printed or "محمد"[::-1] in printed


def test_the_paper_is_tagged_all_the_same_and_warns_of_nothing(pack):
    assert json.loads((pack / "warnings.json").read_text()) == []
    assert PdfReader(pack / "fortnightly.pdf").root_object["/MarkInfo"]["/Marked"]


def test_the_paper_links_nowhere(pack):
    paper = PdfReader(pack / "fortnightly.pdf")
    notes = [note.get_object() for each in paper.pages for note in each.get("/Annots", ())]
    assert [note for note in notes if "/URI" in note.get("/A", {})] == []


def test_every_name_is_a_text_cell_of_the_workbook(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    found = {cell.value: cell.data_type for cell in cells if isinstance(cell.value, str)}
    assert {name: found.get(name) for name in SHOWN} == dict.fromkeys(SHOWN, "s")


def test_a_cell_that_looks_like_a_formula_is_marked_as_text(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value[:1] in "=+-@" and cell.value:
                    assert cell.quotePrefix or cell.number_format == "@", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None or not cell.hyperlink.target


@pytest.mark.parametrize("table", ["priority_pupils", "actions", "notice_windows"])
def test_names_come_back_from_the_tables_as_they_were(pack, table):
    text = (pack / "tables" / f"{table}.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert {unescaped(row["pupil_name"]) for row in rows} == set(SHOWN)


def test_no_field_of_a_table_would_be_evaluated_by_a_spreadsheet(pack):
    for path in (pack / "tables").glob("*.csv"):
        for row in csv.reader(StringIO(path.read_text(encoding="utf-8-sig"))):
            for field in row:
                is_number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", field)
                assert is_number or field[:1] not in ("=", "+", "-", "@", "\t", "\r"), path.name


def test_what_staff_wrote_stays_text_too(book, page):
    values = {cell.value for row in book["Actions"].iter_rows() for cell in row}
    assert set(SURNAMES) <= values
    assert "#let x = 1" in {cell.get_text() for cell in page.select("td")}
