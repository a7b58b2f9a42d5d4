"""A document for one reader is held against what that reader may see, kind by kind; a fault is told without its value."""

import nbformat
import pytest

from attendance_lib.display.kinds import HANDED_MIME
from attendance_lib.errors import DisclosureError
from attendance_lib.reports.handed import not_allowed, take_documents, write_documents


def document(*payloads, seen=None):
    return {"folder": "tutor", "name": "sheet", "reader": "T. One", "seen": seen, "payloads": list(payloads)}


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
