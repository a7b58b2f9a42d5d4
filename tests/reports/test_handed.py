"""A document for one reader is held against what that reader may see, kind by kind; a fault is told without its value."""

import nbformat
import pytest

from attendance_lib.display import Document, Handed
from attendance_lib.display.kinds import HANDED_MIME, OF_ITS_PUPIL
from attendance_lib.errors import DisclosureError
from attendance_lib.reports import handed
from attendance_lib.reports.handed import not_allowed, take_documents, write_documents


def document(*payloads, seen=None, **more):
    made = Handed("tutor", "sheet", "T. One", (), seen, **more).payload()
    return made | {"payloads": list(payloads)}


def table(*rows, columns=("pupil_id", "band"), personal=False):
    return {
        "type": "table",
        "name": "own",
        "columns": [{"name": name, "personal": personal} for name in columns],
        "rows": rows,
    }


ADA = {"name and form": ["1"], "band of attendance": ["1"]}


def test_a_table_of_pupils_whom_the_reader_may_be_told_about_passes():
    assert list(not_allowed(document(table(["1", "95% or above"]), seen=ADA))) == []


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (table(["2", ""]), "table 'own', row 1 tells name and form in column 'pupil_id'."),
        (
            table(["1", "x"], columns=("pupil_id", "religion")),
            "column 'religion' is in no row of the table of who sees what.",
        ),
        ({"type": "chart", "name": "weeks"}, "holds a chart, of which it cannot be checked what it tells."),
        ({"type": "sentences", "name": "who", "items": ["Ada"], "personal": True}, "holds personal data."),
    ],
)
def test_what_may_not_be_told_is_named_with_its_reader_and_without_its_value(payload, fault):
    (line,) = not_allowed(document(payload, seen=ADA))
    assert line.startswith("tutor, for T. One: ")
    assert line.endswith(fault)
    assert "Ada" not in line


FIGURES = {"type": "key_figures", "name": "now", "figures": []}
WEEKS = {"type": "chart", "name": "weeks"}


@pytest.mark.parametrize(
    ("payload", "leaves", "fault"),
    [
        (table(["1", "x"], columns=("pupil_id", "religion"), personal=True), False, None),
        (table(["1", "x"], personal=True), True, None),
        (WEEKS, False, None),
        (WEEKS, True, "holds a chart"),
        (FIGURES, True, "holds a key_figures"),
    ],
)
def test_a_pupil_s_own_document_may_hold_all_of_it_but_only_what_can_be_read_again_if_it_leaves(
    payload, leaves, fault
):
    lines = list(not_allowed(document(payload, seen=OF_ITS_PUPIL, leaves_school=leaves)))
    assert [fault in line for line in lines] == ([True] if fault else [])


def test_a_document_about_no_pupil_may_hold_no_personal_column():
    assert list(not_allowed(document(table(["1", "x"], personal=False)))) == []
    (line, *_) = not_allowed(document(table(["1", "x"], personal=True)))
    assert "column 'pupil_id' holds personal data" in line


def test_of_several_documents_none_is_written_if_one_is_wrong(tmp_path):
    good, wrong = (
        document(table(["1", ""]), seen=ADA),
        document({"type": "chart", "name": "weeks"}) | {"folder": "other"},
    )
    with pytest.raises(DisclosureError, match="other, for T. One"):
        write_documents([good, wrong], tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seen", [None, OF_ITS_PUPIL])
def test_the_page_of_any_document_that_leaves_is_read_again(tmp_path, monkeypatch, seen):
    monkeypatch.setattr(handed, "write_html", lambda _, page: page.write_text("<p>Ada</p>") and ())
    monkeypatch.setattr(handed, "write_pdf", lambda *_: ())
    masthead = Document("document", "Sheet", "School", "May", "2026-05-01").payload()
    with pytest.raises(DisclosureError, match=r"sheet.html says 1 thing besides"):
        write_documents([document(masthead, seen=seen, leaves_school=True)], tmp_path)


def test_documents_are_taken_out_of_the_notebook_and_out_of_its_file(tmp_path):
    kept = {HANDED_MIME: {"documents": [document(table(["1", "Ada"]), seen=ADA)]}, "text/plain": "1 sheet"}
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", kept)])
    path = tmp_path / "a.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert [each["folder"] for each in take_documents(notebook, path)] == ["tutor"]
    assert "Ada" not in path.read_text(encoding="utf-8")
    assert "1 sheet" in path.read_text(encoding="utf-8")


def test_a_notebook_without_a_document_is_left_as_it_is(tmp_path):
    assert take_documents(nbformat.v4.new_notebook(), tmp_path / "a.ipynb") == []
    assert list(tmp_path.iterdir()) == []
