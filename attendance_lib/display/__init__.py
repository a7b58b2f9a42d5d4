"""How a table, a chart and a sentence look. Public names for sections and notebooks."""

from attendance_lib.display.model import (
    MIME,
    Chart,
    Column,
    Comparison,
    CopiesNote,
    DisclosureNote,
    Document,
    DrawNote,
    Heading,
    Highlight,
    KeyFigure,
    KeyFigures,
    Kind,
    Parts,
    Sentences,
    Table,
    Tone,
)

__all__ = [
    "MIME", "Chart", "Column", "Comparison", "CopiesNote", "DisclosureNote", "Document", "DrawNote", "Heading", "Highlight",
    "KeyFigure", "KeyFigures", "Kind", "Parts", "Sentences", "Table", "Tone",
]  # fmt: skip
