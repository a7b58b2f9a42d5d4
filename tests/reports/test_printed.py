"""What a pack prints for staff to fill in, and what its workbook says of itself."""

import nbformat
import pytest

from attendance_lib.reports.printed import properties_of


@pytest.mark.parametrize(("said", "expected"), [({}, "2026-11-20"), ({"date": "2026-11-22"}, "2026-11-22")])
def test_the_only_date_of_the_workbook_is_the_documents_or_the_last_day(said, expected):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Tiny pack")])
    notebook.metadata.update({"attendance": said, "papermill": {"parameters": {"date_to": "2026-11-20"}}})
    properties = properties_of(notebook)
    assert (properties.title, properties.date) == ("Tiny pack", expected)
