"""A document that people edit in Word: headings that are headings, tables whose heads repeat, and the same bytes each time."""

import io
import zipfile

import docx
import pandas as pd
import pytest

from attendance_lib.display import Column, Document, Heading, Sentences, Table
from attendance_lib.display.docx import characters_of, docx_of
from attendance_lib.display.shown import shown_table

MASTHEAD = Document(
    "plan",
    "Our plan for Ada",
    school="Tiny School",
    period="Autumn",
    confidentiality="For Ada's family.",
    date="2026-11-20",
)
TABLE = Table("steps", "Who does what", pd.DataFrame({"who": ["Ada"], "what": ["Packs & <checks> a bag"]}),
              (Column("who", "Who"), Column("what", "What")))  # fmt: skip


def made(*parts):
    content = docx_of(MASTHEAD.payload(), [part.payload() for part in parts])
    return content, docx.Document(io.BytesIO(content))


def test_the_masthead_comes_first_with_who_may_read_it():
    _, document = made()
    texts = [each.text for each in document.paragraphs]
    assert texts[0] == "Our plan for Ada"
    assert "Tiny School" in texts[1]
    assert texts[2] == "For Ada's family."


def test_headings_are_headings_and_a_table_s_head_repeats_on_the_next_page():
    content, document = made(Heading("What happens next"), TABLE)
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert {"What happens next", "Who does what"} <= set(headings)
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Who", "What"],
        ["Ada", "Packs & <checks> a bag"],
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.read("word/document.xml").decode().count("<w:tblHeader") == 1


def test_sentences_are_there_in_their_order():
    _, document = made(Sentences("a", ("One.", "Two."), title="Signing"))
    texts = [each.text for each in document.paragraphs]
    assert texts.index("Signing") < texts.index("One.") < texts.index("Two.")


def test_the_same_document_is_the_same_bytes_and_has_its_day_and_language():
    content, document = made(TABLE)
    assert made(TABLE)[0] == content
    assert document.core_properties.created.date().isoformat() == "2026-11-20"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert 'w:val="en-GB"' in parts.read("word/styles.xml").decode()


@pytest.mark.parametrize("day", ["2026-11-20", ""])
def test_a_document_without_a_day_is_dated_by_none_of_today(day):
    payload = MASTHEAD.payload() | {"date": day}
    document = docx.Document(io.BytesIO(docx_of(payload, [])))
    assert document.core_properties.created.year == (2026 if day else 1980)


def test_columns_share_the_page_by_their_texts_one_with_most_and_one_to_be_filled_in_by_what_is_declared():
    rows = {"who": ["Ada", "School"], "what": ["Packs a bag " * 20, "x"]}
    rows |= {"day": ["Mon 2 Nov", ""], "why": ["\xa0", "\xa0"]}
    widths = {"who": 16, "what": 60, "day": 12, "why": 30}
    columns = tuple(Column(name, name.capitalize(), width=width) for name, width in widths.items())
    payload = Table("steps", "Who does what", pd.DataFrame(rows), columns).payload()
    # Three characters for a cell's edges: who 8 at least, what 44 at most, Mon 2 Nov 9, why as declared.
    assert characters_of(shown_table(payload), payload["columns"]) == [11, 44, 12, 33]
