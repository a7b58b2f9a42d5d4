"""What a shown value is: each kind has a unit, each tone a shape and a word, each column a heading."""

import pytest

from attendance_lib.display.format import FORMATS
from attendance_lib.display.kinds import (
    DRAW_MIME,
    MIME,
    NUMERIC,
    RECORD_MIME,
    TONE_MARKS,
    TONE_WORDS,
    UNITS,
    Column,
    Kind,
    Tone,
)


def test_every_kind_has_a_unit_and_a_format():
    assert UNITS.keys() == set(Kind) == FORMATS.keys()


def test_figures_are_aligned_and_words_are_not():
    assert {Kind.TEXT, Kind.DATE, Kind.FLAG, Kind.SPARK}.isdisjoint(NUMERIC)
    assert {Kind.COUNT, Kind.RATE, Kind.POINTS, Kind.NUMBER} == NUMERIC


def test_nothing_is_said_by_colour_alone():
    assert TONE_MARKS.keys() == TONE_WORDS.keys() == set(Tone)
    for words in (TONE_MARKS, TONE_WORDS):
        assert len(set(words.values())) == len(Tone)


def test_outputs_of_a_notebook_are_told_apart():
    assert len({MIME, RECORD_MIME, DRAW_MIME}) == 3


@pytest.mark.parametrize("heading", ["", " ", "\t"])
def test_a_column_without_a_heading_is_a_fault(heading):
    with pytest.raises(ValueError, match="Column 'note' has no heading"):
        Column("note", heading)
