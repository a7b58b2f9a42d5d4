"""Which characters the packages' fonts can show, and that Typst finds the fonts."""

import pytest

from attendance_lib.display.look import FAMILIES, typst_fonts, uncovered


def test_typst_finds_every_family_in_the_packages():
    assert set(FAMILIES) <= set(typst_fonts().families())


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O’Brien",
        "Łukasz Wójcik",
        "أحمد الحسن",
        "李小龙",
        "Ольга",
        "Ντίνα",
        "שרה",
        "Nguyễn",
        "김민준",
        "▲◆●−–",
    ],
)
def test_names_of_many_scripts_are_covered(name):
    assert uncovered(name) == []


def test_an_uncovered_character_is_named_once():
    assert uncovered("abc ஆஆ") == ["ஆ"]
