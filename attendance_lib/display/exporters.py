"""The two ways a notebook becomes a paper: nbconvert exporters ``attendance_html`` and ``attendance_pdf``."""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, TemplateExporter
from traitlets import default

from attendance_lib.display.flow import flow_of
from attendance_lib.display.page import page_of
from attendance_lib.display.pdf import pdf_of

TEMPLATES = Path(__file__).parent / "templates"


class AttendanceHTMLExporter(TemplateExporter):
    """Write a notebook as one HTML file that asks nothing of the network and runs no script."""

    export_from_notebook = "Attendance report (HTML)"
    output_mimetype = "text/html"
    default_preprocessors: list[str] = []

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "attendance_html"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, dict]:
        """Return the page's text and the resources.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            An executed notebook.
        resources : dict, optional
            nbconvert's resources, returned with ``attendance`` added.
        **kwargs : Any
            Passed on to nbconvert.

        Returns
        -------
        tuple of (str, dict)
            The HTML and the resources; ``resources["attendance"]["warnings"]`` is a tuple of text.
        """
        said = {"attendance": {"page": page_of(flow_of(nb)), "warnings": ()}}
        return super().from_notebook_node(nb, {**(resources or {}), **said}, **kwargs)


class AttendancePDFExporter(Exporter):
    """Write a notebook as a tagged PDF through Typst."""

    export_from_notebook = "Attendance report (PDF)"
    output_mimetype = "application/pdf"
    default_preprocessors: list[str] = []

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict | None = None, **kwargs: Any
    ) -> tuple[bytes, dict]:
        """Return the PDF's bytes and the resources.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            An executed notebook.
        resources : dict, optional
            nbconvert's resources, returned with ``attendance`` added.
        **kwargs : Any
            Passed on to nbconvert.

        Returns
        -------
        tuple of (bytes, dict)
            The PDF and the resources; ``resources["attendance"]["warnings"]`` is a tuple of text for
            the receipt, empty when the PDF is tagged and every character has a font.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        pdf = pdf_of(flow_of(notebook))
        return pdf.content, {**resources, "attendance": {"warnings": pdf.warnings}}
