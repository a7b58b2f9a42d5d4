"""The PDF of a report: a flow of blocks becomes data, and one Typst template sets the data.

Names are data from first to last: they reach Typst as JSON strings and are never read as markup.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

import typst

from attendance_lib.display.flow import Flow
from attendance_lib.display.fonts import FAMILIES, typst_fonts, uncovered
from attendance_lib.display.print_blocks import is_wide, print_block
from attendance_lib.display.row_heads import with_row_heads

STANDARD = "ua-1"
NAMED_CHARACTERS = 10


@dataclass(frozen=True)
class Pdf:
    """A finished PDF with what its reader should be warned of."""

    content: bytes
    warnings: tuple[str, ...]


def pdf_of(flow: Flow) -> Pdf:
    """Set a flow as a tagged PDF (PDF/UA-1), or untagged with a warning where that is refused.

    Parameters
    ----------
    flow : Flow
        The document's facts and blocks. Its date becomes the PDF's, so that the same flow gives the
        same bytes.

    Returns
    -------
    Pdf
        The file's bytes, and a warning for characters that no font draws or for missing tags.
    """
    report = print_data(flow)
    data = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    missing = font_warnings(data)
    try:
        return Pdf(with_row_heads(compiled(data, flow, [STANDARD]), head_places(report)), missing)
    except typst.TypstError as error:
        refusal = f"The PDF is not tagged for screen readers, because PDF/UA-1 was refused: {error.message}."
        return Pdf(compiled(data, flow, []), (*missing, refusal))


def compiled(data: str, flow: Flow, standards: list[str]) -> bytes:
    """Compile the template with its data."""
    return typst.compile(
        (files("attendance_lib.display") / "templates" / "report.typ").read_bytes(),
        format="pdf",
        font_paths=typst_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": data},
        pdf_standards=standards,
        timestamp=moment_of(flow),
    )


def head_places(report: dict) -> list[int]:
    """Return, for each table that has rows, the column whose cells head them.

    Examples
    --------
    >>> head_places({"blocks": [{"type": "table", "rows": [[1]], "heads": [False, True]}, {"type": "table", "rows": []}]})
    [1]
    """
    tables = [block for block in report["blocks"] if block["type"] == "table" and block["rows"]]
    return [block["heads"].index(True) if True in block["heads"] else -1 for block in tables]


def moment_of(flow: Flow) -> datetime:
    """Return the moment the PDF carries: noon of the document's date, or the epoch if it has none."""
    day = flow.document["date"] or "1970-01-01"
    return datetime.fromisoformat(day[:10]).replace(hour=12, tzinfo=UTC)


def print_data(flow: Flow) -> dict:
    """Return a flow as the data that the template reads."""
    return {
        "document": flow.document,
        "fonts": FAMILIES,
        "landscape": any(map(is_wide, flow.blocks)),
        "blocks": [print_block(block) for block in flow.blocks],
    }


def font_warnings(text: str) -> tuple[str, ...]:
    """Warn of characters that only a stand-in shows; by code point, since they may be part of a name."""
    missing = uncovered(text)
    if not missing:
        return ()
    points = ", ".join(f"U+{ord(letter):04X}" for letter in missing[:NAMED_CHARACTERS])
    return (f"The PDF shows stand-ins for {len(missing)} characters that no font has: {points}.",)
