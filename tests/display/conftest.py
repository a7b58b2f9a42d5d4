"""A notebook as a run leaves it, with every display object and with names that try to break out."""

import nbformat
import openpyxl
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from attendance_lib.display import (
    Chart,
    Column,
    Comparison,
    Document,
    Highlight,
    KeyFigure,
    KeyFigures,
    Kind,
    Sentences,
    Table,
    Tone,
)
from attendance_lib.display.workbook.book import write_workbook
from tests.display.workbook_payloads import PROPERTIES, SAFE, WORKING

HOSTILE = (
    "<script>alert(1)</script>", '=HYPERLINK("x")', "#let x = 1", "$x$", "back\\slash", "\"quoted\" 'name'",
    "*bold* _it_ `raw` @ref <label>", "أحمد الحسن", "李小龙", "Ольга Ντίνα Łukasz Zoë",
)  # fmt: skip


@pytest.fixture
def pupils() -> Table:
    """Ten pupils whose names are hostile or in other scripts; every kind of column; half shown."""
    count = len(HOSTILE)
    frame = pd.DataFrame(
        {
            "pupil_id": [f"P{place}" for place in range(count)],
            "name": HOSTILE,
            "attendance_rate": [0.45, 0.9145, *[0.88] * (count - 3), None],
            "change": [-0.0125] * count,
            "weeks": [(0.9, None, 0.8)] * count,
            "absence_sessions": range(count),
            "review_date": [pd.Timestamp("2026-11-24"), *[None] * (count - 1)],
            "is_eligible": [True, False] * (count // 2),
        }
    )
    columns = (
        Column("pupil_id", "Pupil ID", shown=False),
        Column("name", "Pupil", personal=True),
        Column(
            "attendance_rate", "Attendance", Kind.RATE, highlights=(Highlight("at_most", 0.5, Tone.ALERT),)
        ),
        Column("change", "Change, points", Kind.POINTS),
        Column("weeks", "Last weeks", Kind.SPARK),
        Column("absence_sessions", "Sessions missed", Kind.COUNT),
        Column("review_date", "Review due", Kind.DATE),
        Column("is_eligible", "Free school meals", Kind.FLAG),
    )
    return Table(
        "priority_pupils", "Priority pupils", frame, columns, note="Sorted by need.", row_header="name"
    )


@pytest.fixture
def figures() -> KeyFigures:
    """Two key figures, one compared."""
    compared = (Comparison("Last fortnight", 0.9205, Kind.RATE), Comparison("Change", -0.006, Kind.POINTS))
    attendance = KeyFigure(
        "attendance", "Attendance <this> fortnight", 0.9145, Kind.RATE, "16,823 of 18,396", compared
    )
    return KeyFigures(
        "headline", "Headline", (attendance, KeyFigure("late", "Late", 1412, Kind.COUNT)), note="A note."
    )


@pytest.fixture
def chart() -> Chart:
    """A drawn square, with its table."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><path d="M0 0H9V9Z"/></svg>'
    table = Table("square", "Square", pd.DataFrame({"side": [9]}), (Column("side", "Side", Kind.COUNT),))
    return Chart("square", "How large is the square?", svg, 'A square, 9 by "9" units', table)


@pytest.fixture
def document() -> Document:
    """A pack's facts."""
    return Document(
        "document", "Fortnightly pastoral pack", "Larkmoor & Hill Academy", "9 to 20 November 2026", "2026-11-20",
        urn="990001", cohort="Year 9", audience="For the pastoral team", confidentiality="CONFIDENTIAL: names pupils",
    )  # fmt: skip


def shown(display_object) -> nbformat.NotebookNode:
    """Return an executed cell that shows an object."""
    data = display_object._repr_mimebundle_()
    return new_code_cell(
        "secret_input",
        execution_count=1,
        outputs=[new_output("execute_result", data=data, execution_count=1)],
    )


@pytest.fixture
def notebook(document, figures, pupils, chart) -> nbformat.NotebookNode:
    """A pack of three sections with every display object."""
    empty = Table(
        "actions",
        "Actions",
        pd.DataFrame({"action": []}),
        (Column("action", "Action"),),
        empty_text="None yet.",
    )
    return new_notebook(
        cells=[
            new_markdown_cell("# Fortnightly pastoral pack\n\nWho to talk about."),
            new_code_cell("school_file = 'secret.yml'", metadata={"tags": ["parameters"]}),
            shown(document),
            shown(Sentences("lead", ("Attendance was 91.5%.",), style="lead")),
            shown(figures),
            new_markdown_cell(
                "## Priority *pupils*\n\nSee [guidance](https://www.gov.uk/a) and <b>raw</b>.\n\n<script>x</script>"
            ),
            shown(pupils),
            new_markdown_cell("#### Detail"),
            shown(empty),
            shown(Sentences("points", ("One <b>.", "Two."), title="In short")),
            new_markdown_cell("## Charts"),
            shown(chart),
        ]
    )


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    path = tmp_path_factory.mktemp("working") / "pack.xlsx"
    write_workbook(WORKING, path, PROPERTIES)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def publication_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("publication") / "governors.xlsx"
    write_workbook(SAFE, path, PROPERTIES, "publication")
    return path


@pytest.fixture(scope="module")
def publication(publication_path):
    return openpyxl.load_workbook(publication_path)
