"""The pages of a notebook: HTML and PDF."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


def write_html(notebook: "NotebookNode", path: Path) -> tuple[str, ...]:
    """Write the HTML, one file that fetches nothing; return the exporter's warnings."""
    from attendance_lib.display.exporters import AttendanceHTMLExporter

    text, resources = AttendanceHTMLExporter().from_notebook_node(notebook)
    path.write_text(text, encoding="utf-8", newline="\n")
    return resources["attendance"]["warnings"]


def write_pdf(notebook: "NotebookNode", path: Path) -> tuple[str, ...]:
    """Write the PDF; return the exporter's warnings, such as that it could not be tagged."""
    from attendance_lib.display.exporters import AttendancePDFExporter

    content, resources = AttendancePDFExporter().from_notebook_node(notebook)
    path.write_bytes(content)
    return resources["attendance"]["warnings"]
