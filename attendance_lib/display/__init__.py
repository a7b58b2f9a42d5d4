"""How a table, a chart and a sentence look. Public names for sections and notebooks."""

from attendance_lib.display.kinds import MIME, Column, Highlight, Kind, Tone
from attendance_lib.display.model import (
    Chart,
    Comparison,
    DisclosureNote,
    Document,
    DrawNote,
    Handed,
    HandedNote,
    Heading,
    KeyFigure,
    KeyFigures,
    Parts,
    PassedTable,
    Sentences,
    Table,
)

__all__ = [
    "MIME", "Chart", "Column", "Comparison", "DisclosureNote", "Document", "DrawNote", "Handed", "HandedNote", "Heading",
    "Highlight",
    "KeyFigure", "KeyFigures", "Kind", "Parts", "PassedTable", "Sentences", "Table", "Tone",
]  # fmt: skip
