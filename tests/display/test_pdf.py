"""Row heads put into tags without moving a byte."""

import pytest

from attendance_lib.display.pdf import with_row_heads

FIRST = b"<</Type/StructElem/S/TD/P 96 0 R/A[<</O/Table/Headers[(U1x0y0)]>>]/K[61]>>"
SECOND = b"<</Type/StructElem/S/TD/P 96 0 R/A[<</O/Table/Headers[(U1x10y0)]>>]/K[62]>>"


def test_the_heading_cell_gets_its_scope_and_the_file_keeps_its_length():
    changed = with_row_heads(FIRST, [0])
    assert changed == FIRST.replace(b"/TD", b"/TH").replace(b"/Headers[(U1x0y0)]", b"/Scope/Row        ")
    assert len(changed) == len(FIRST)


@pytest.mark.parametrize("cell", [FIRST, SECOND])
def test_other_cells_are_left_to_both_scopes(cell):
    changed = with_row_heads(cell, [3])
    assert b"/S/TD" in changed
    assert b"/Headers" not in changed
    assert len(changed) == len(cell)
