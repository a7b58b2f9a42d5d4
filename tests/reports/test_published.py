"""A paper that leaves the school: what is refused, and what the papers after it are told."""

import json
from dataclasses import replace

import nbformat
import openpyxl
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from attendance_lib.display import Column, DisclosureNote, Kind, Sentences, Table
from attendance_lib.display.notebook import PACKED
from attendance_lib.errors import DisclosureError, RequestError
from attendance_lib.reports import gate, receipt
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.files import hashes_below
from attendance_lib.reports.gate import checked_record, readable_packs
from attendance_lib.reports.published import (
    check_published,
    drop_warnings,
    published_packs,
    record_of,
    write_record,
)
from attendance_lib.reports.render import render
from attendance_lib.reports.request import Job

NOTE = DisclosureNote("withheld", ("1 of 4 counts is withheld.",), record={"level": 5, "counts": []})


def showing(*shown):
    """An executed notebook whose cells showed some values."""
    outputs = [
        new_output("execute_result", data=each._repr_mimebundle_(), execution_count=1) for each in shown
    ]
    cells = [new_code_cell("x", outputs=[each], execution_count=1) for each in outputs]
    notebook = new_notebook(cells=cells)
    notebook.metadata.update(
        {"papermill": {"parameters": {"date_to": "2026-10-23"}}, "attendance": {"title": "Tiny"}}
    )
    return nbformat.from_dict(json.loads(nbformat.writes(notebook)))


def table(*, personal):
    columns = (
        Column("group", "Group"),
        Column("surname", "Surname", personal=personal),
        Column("count", "Count", Kind.COUNT),
    )
    return Table("tiny", "Tiny", pd.DataFrame({"group": ["a"], "surname": ["b"], "count": ["c"]}), columns)


def test_a_safe_paper_passes(tmp_path):
    check_published(showing(table(personal=False), NOTE), tmp_path / "governors")


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ((table(personal=True), NOTE), r"governors.xlsx, table 'tiny', column 'surname' holds personal data"),
        ((Sentences("said", ("A.",), personal=True), NOTE), r"sentences 'said' holds personal data"),
        ((table(personal=False),), r"governors: the disclosure step was passed 0 times, not once"),
        ((NOTE, NOTE), r"the disclosure step was passed 2 times, not once"),
    ],
    ids=["a personal column", "a personal sentence", "no record", "two records"],
)
def test_what_must_not_leave_is_refused_by_name(tmp_path, shown, message):
    with pytest.raises(DisclosureError, match=message):
        check_published(showing(*shown), tmp_path / "governors")


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stdout", text="Zoe O'Neill"),
        new_output("display_data", data={"text/plain": "<pupils>"}),
        new_output("error", ename="E", evalue="Zoe", traceback=[]),
    ],
    ids=["printed", "shown by itself", "an error"],
)
def test_anything_that_no_section_made_is_refused_by_its_cell(tmp_path, output):
    notebook = showing(NOTE)
    notebook.cells.append(new_code_cell("y", outputs=[output]))
    with pytest.raises(DisclosureError, match=r"governors, cell 1: it printed or shows something") as refused:
        check_published(notebook, tmp_path / "governors")
    assert "Zoe" not in str(refused.value)


def test_what_cells_wrote_to_stderr_is_dropped_from_the_notebook_and_its_file(tmp_path):
    notebook, path = showing(NOTE), tmp_path / "governors.ipynb"
    notebook.cells[0].outputs.append(new_output("stream", name="stderr", text="RuntimeWarning: O'Neill"))
    drop_warnings(notebook, path)
    assert [output["output_type"] for output in notebook.cells[0].outputs] == ["execute_result"]
    text = path.read_text(encoding="utf-8")
    assert "Neill" not in text
    assert PACKED not in text


def test_the_refusal_is_exit_12():
    assert DisclosureError.exit_code == 12


def test_nothing_is_rendered_of_a_paper_that_is_refused(tmp_path):
    with pytest.raises(DisclosureError):
        render(showing(table(personal=True), NOTE), tmp_path / "governors", Progress(), is_published=True)
    assert list(tmp_path.iterdir()) == []


def test_a_published_paper_has_the_publication_workbook_and_its_record(tmp_path):
    render(showing(table(personal=False), NOTE), tmp_path / "governors", Progress(), is_published=True)
    book = openpyxl.load_workbook(tmp_path / "governors.xlsx")
    assert book.sheetnames == ["cover", "contents", "notes", "tiny"]
    assert book["tiny"].cell(book["tiny"].max_row, 3).value == "[c]"
    assert json.loads((tmp_path / "tables" / "disclosure.json").read_text()) == NOTE.record
    assert ",c\n" in (tmp_path / "tables" / "tiny.csv").read_text(encoding="utf-8-sig")


def test_the_record_is_written_the_same_whatever_its_order(tmp_path):
    for name, record in (("a", {"x": 1, "y": 2}), ("b", {"y": 2, "x": 1})):
        (tmp_path / name).mkdir()
        write_record(showing(DisclosureNote("withheld", ("A.",), record=record)), tmp_path / name)
    assert (tmp_path / "a" / "disclosure.json").read_bytes() == (
        tmp_path / "b" / "disclosure.json"
    ).read_bytes()


# --- The other papers that the same readers hold ---


@pytest.fixture
def packs(tmp_path, write_receipt):
    """Two papers of a school that was renamed between them, the later one first, and one of another school."""
    for name, last in (
        ("new-name-990004/governors/2026-09-03_2026-10-23_year_11", "2026-10-23"),
        ("old-name-990004/governors/2026-06-01_2026-07-17", "2026-07-17"),
        ("old-name-990005/governors/2026-06-01_2026-07-17", "2026-07-17"),
    ):
        write_receipt(tmp_path / name, last)
    return lambda: published_packs(tmp_path.glob("*-990004/governors"))


@pytest.fixture
def write_receipt():
    """Writes a pack of a receipt and a record."""

    def write(pack, last):
        (pack / "tables").mkdir(parents=True)
        (pack / "tables" / "disclosure.json").write_text("{}")
        made = hashes_below(pack)
        receipt.write_receipt(
            receipt.Receipt("governors", {}, "2026-06-01", last, "all", {}, {}, made, [], {}, []), pack
        )

    return write


def test_all_papers_count_the_oldest_first_whatever_their_cohort_and_the_schools_name(packs):
    assert [pack.name for pack in packs()] == ["2026-06-01_2026-07-17", "2026-09-03_2026-10-23_year_11"]


def test_a_paper_whose_record_is_gone_is_not_passed_over(packs):
    (packs()[0] / "tables" / "disclosure.json").unlink()
    with pytest.raises(RequestError, match=r"2026-06-01_2026-07-17 holds no tables/disclosure.json"):
        packs()


def test_a_paper_whose_record_was_edited_is_refused_whatever_it_says_now(packs):
    (packs()[0] / "tables" / "disclosure.json").write_text("{ }")
    with pytest.raises(
        DisclosureError, match=r"17/tables/disclosure.json has changed since it was made.*Put its folder back"
    ):
        packs()


def test_the_records_named_are_inputs(packs, request_for):
    request = request_for(report="governors")
    names = [request.project.relative(pack) for pack in packs()]
    job = Job(request, None, None, {"previous_pack": ";".join(names)})
    assert gate.records_read(job) == [record_of(pack) for pack in packs()]


# --- Packs whose records tell no days ---


def relayed(pack, layout):
    """Let a pack's record be of a layout, as it was made."""
    (pack / "tables" / "disclosure.json").write_text(json.dumps({"layout": layout}))
    made = {name: sha for name, sha in hashes_below(pack).items() if name != "receipt.json"}
    kept = receipt.read_receipt(pack)
    receipt.write_receipt(replace(kept, outputs=made), pack)


def test_reports_of_an_earlier_version_are_made_again_oldest_first(packs):
    first, second = packs()
    for pack in (first, second):
        relayed(pack, 1)
    with pytest.raises(
        DisclosureError, match=f"{first.name} was made by an earlier version.* with --replace.* oldest"
    ):
        readable_packs(packs(), "2026-11-02_2026-12-18")
    with pytest.raises(DisclosureError, match=f"{first.name} was made by an earlier version"):
        readable_packs(packs(), second.name)
    assert readable_packs(packs(), first.name) == []
    relayed(first, 2)
    assert readable_packs(packs(), second.name) == [first]
    relayed(second, 2)
    assert readable_packs(packs(), "2026-11-02_2026-12-18") == [first, second]


def test_a_report_made_again_under_the_schools_new_name_stands_for_the_old_one(packs, write_receipt):
    first = packs()[0]
    relayed(first, 1)
    new = first.parents[2] / "new-name-990004" / "governors" / first.name
    write_receipt(new, "2026-07-17")
    relayed(new, 2)
    assert first not in readable_packs(packs(), "2026-11-02_2026-12-18")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no JSON", "is no record of a published report"),
        ('{"layout": 2}', "is no record of a published report"),
        ('{"layout": 1, "level": 5, "partitions": [], "counts": []}', "was made by an earlier version"),
    ],
)
def test_a_file_that_is_no_record_is_not_kept_among_them(tmp_path, text, fault):
    path = tmp_path / "given.json"
    path.write_text(text)
    with pytest.raises(DisclosureError, match=fault):
        checked_record(path)
