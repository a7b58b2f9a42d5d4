"""What says which pack a workbook is and which row is which is found again in what spreadsheets make of it."""

import pytest

from attendance_lib.rules.pack_marks import HEADING, PACK_ID, TOKEN, heading_of, mark_of, token_of

PACK = "pk0123456789ab"


@pytest.mark.parametrize("number", [1, 17, 999, 1000, 12345])
def test_a_row_s_token_is_known_as_one(number):
    token = token_of(PACK, mark_of(number))
    assert TOKEN.fullmatch(token)
    assert token.partition("/")[::2] == (PACK, f"{number:03}")
    assert PACK_ID.search(token)[0] == PACK


@pytest.mark.parametrize(("urn", "found"), [("990001", "990001"), ("", None)])
def test_the_line_above_a_sheet_tells_the_pack_and_the_school(urn, found):
    assert HEADING.fullmatch(heading_of(PACK, urn)).groups() == (PACK, found)


@pytest.mark.parametrize(
    "text", ["pk0123456789a", "pk0123456789abc", "PK0123456789AB", "xpk0123456789ab", "pk0123456789ag"]
)
def test_what_only_looks_like_a_pack_s_number_is_none(text):
    assert PACK_ID.search(text) is None


@pytest.mark.parametrize("text", [f"{PACK}/17", f"{PACK}/", f"{PACK} 017", f"{PACK}/017 "])
def test_what_only_looks_like_a_token_is_none(text):
    assert TOKEN.fullmatch(text) is None
