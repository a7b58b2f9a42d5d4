import numpy as np
import pytest

from attendance_lib.intake.encoded import Encoded
from attendance_lib.intake.marks import repair_codes
from attendance_lib.intake.privacy import code_for_message
from attendance_lib.intake.register_codes import CodeState, read_code
from attendance_lib.rules.codes import KNOWN_LETTERS


@pytest.mark.parametrize("letter", sorted(KNOWN_LETTERS))
def test_every_known_code_is_kept_as_found(letter):
    assert read_code(letter) == (read_code(letter).__class__)(letter, CodeState.AS_FOUND)


@pytest.mark.parametrize(
    ("cell", "letter"),
    [
        (" i ", "I"),
        ("c2", "C2"),
        ("C-1", "C1"),
        ("C 1", "C1"),
        ("Y_7", "Y7"),
        ("\\\\", "\\"),
        ("'\\", "\\"),
        ("／", "/"),
        ("\u00a0L", "L"),
    ],
)
def test_a_plain_misspelling_is_repaired(cell, letter):
    found = read_code(cell)
    assert (found.letter, found.state) == (letter, CodeState.REPAIRED)


@pytest.mark.parametrize("cell", ["", " ", "-", "?", "*", "@", "!", "–", None])
def test_a_placeholder_is_no_mark(cell):
    assert read_code(cell).state == CodeState.NO_MARK


@pytest.mark.parametrize("cell", ["A", "C3", "//", "1", 1.0, "Present", "/\\", True])
def test_anything_else_is_unknown(cell):
    assert read_code(cell).state == CodeState.UNKNOWN


def test_long_text_in_a_code_column_is_not_shown():
    assert code_for_message("Zoë Ó Briain") == "a text of 12 characters"


def test_cells_that_a_message_shows_alike_are_counted_each():
    """Two texts of six characters are one line of the message, and three marks left out."""
    cells = np.array(["Amelia", "Samuel", "Samuel", "A", "/"], dtype=object)
    assert repair_codes(Encoded.of(cells)).unknown == {"a text of 6 characters": 3, "'A'": 1}
