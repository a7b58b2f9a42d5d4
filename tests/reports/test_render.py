"""The renderings' warnings reach the receipt, and the workbook tells of the notebook's own facts."""

import nbformat
import pytest

from attendance_lib.reports import render as rendering
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.printed import properties_of
from attendance_lib.reports.render import render


def test_the_warnings_of_page_and_paper_are_returned(tmp_path, monkeypatch):
    monkeypatch.setattr(rendering, "write_html", lambda notebook, path: ("a picture has no text",))
    monkeypatch.setattr(rendering, "write_pdf", lambda notebook, path: ("not tagged",))
    monkeypatch.setattr(rendering, "write_data", lambda notebook, target, is_published, pack_id: None)
    progress = Progress()
    monkeypatch.setattr(rendering, "write_draw", lambda notebook, folder: [])
    monkeypatch.setattr(rendering, "write_copies", lambda notebook, folder: [])
    assert render(None, tmp_path / "tiny", progress) == ["a picture has no text", "not tagged"]
    assert list(progress.seconds) == ["HTML", "PDF", "Workbook and tables"]


@pytest.mark.parametrize(("said", "expected"), [({}, "2026-11-20"), ({"date": "2026-11-22"}, "2026-11-22")])
def test_the_only_date_of_the_workbook_is_the_documents_or_the_last_day(said, expected):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Tiny pack")])
    notebook.metadata.update({"attendance": said, "papermill": {"parameters": {"date_to": "2026-11-20"}}})
    properties = properties_of(notebook)
    assert (properties.title, properties.date) == ("Tiny pack", expected)
