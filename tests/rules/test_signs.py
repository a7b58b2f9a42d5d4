"""What becomes of signs that drive a terminal, turn the direction of writing or hide; what people write stays."""

import json
import sys
from unicodedata import bidirectional, category

import pytest

from attendance_lib.rules.signs import escaped_in_json, harmless, one_line

TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O'Neill-Łukasz", "Zoe\u0308", "Nguyễn Thị Ánh", "Ольга", "李小龙", "محمد علي", "שׁרה", "می\u200cخواهم",
        "ශ්\u200dරී", "क्\u200dष", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "❤\ufe0f", "two\nlines\tand a tab", "no\u00a0break", "co\u00adoperate", "",
    ],
)  # fmt: skip
def test_what_people_write_stays(name):
    assert harmless(name) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[2J\x1b]0;title\x07", "�[2J�]0;title�"),
        ("\x9b31m", "�31m"),
        ("a\x00b\x7fc", "a�b�c"),
        ("\ud83d half", "� half"),
        ("\ufdd0\ufffe\uffff", "���"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("O'\u200bNe\u2060ill\ufeff", "O'Neill"),
        ("Ann\u200de \u200cBo\u200d", "Anne Bo"),
        ("\U000e0041hidden\U000e007f", "hidden"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
    ],
)
def test_what_drives_turns_or_hides_goes(text, expected):
    assert harmless(text) == expected


def test_of_all_signs_none_that_is_harmful_is_left():
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    left = set(harmless(every))
    assert [sign for sign in left if category(sign) == "Cc"] in (["\t", "\n"], ["\n", "\t"])
    assert [sign for sign in left if category(sign) == "Cs" or bidirectional(sign) in TURNING] == []
    assert {sign for sign in every if category(sign)[0] in "LMNPS"} - left == set()


def test_a_text_made_harmless_stays_as_it_is():
    for text in (
        "\x1b\u202e\u200d\u200da",
        "a\u200e\u200db",
        "\r\r\n\u2028",
        "ع\u200d\u202e\u200cع",
        "\U000e0020🏴",
    ):
        assert harmless(harmless(text)) == harmless(text)


def test_a_name_of_a_file_takes_one_line():
    assert one_line("marks.csv\nmarks.csv, row 3: forged.\x1b[A") == "marks.csv marks.csv, row 3: forged.�[A"


def test_json_says_the_same_and_holds_none_of_them():
    held = {"a\u202eb": "\x9b\x7f\u200b\ufeff Zoë می\u200cخواهم \u2028"}
    text = escaped_in_json(json.dumps(held, ensure_ascii=False))
    assert json.loads(text) == held
    assert "Zoë" in text
    assert [sign for sign in text if category(sign) in ("Cc", "Cs") or bidirectional(sign) in TURNING] == []
