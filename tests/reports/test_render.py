"""The renderings' warnings reach the receipt, and the workbook tells of the notebook's own facts."""

from attendance_lib.reports import render as rendering
from attendance_lib.reports.execute import Progress
from attendance_lib.reports.render import render


def test_the_warnings_of_page_and_paper_are_returned(tmp_path, monkeypatch):
    monkeypatch.setattr(rendering, "write_html", lambda notebook, path: ("a picture has no text",))
    monkeypatch.setattr(rendering, "write_pdf", lambda notebook, path: ("not tagged",))
    monkeypatch.setattr(rendering, "write_data", lambda notebook, target, is_published, pack_id: None)
    progress = Progress()
    monkeypatch.setattr(rendering, "write_draw", lambda notebook, folder: [])
    assert render(None, tmp_path / "tiny", progress) == ["a picture has no text", "not tagged"]
    assert list(progress.seconds) == ["HTML", "PDF", "Workbook and tables"]
