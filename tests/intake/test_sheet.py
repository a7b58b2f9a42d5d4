"""A layout reads a file by what any reader of files could tell of it, and asks nothing besides."""

from types import SimpleNamespace

import numpy as np
import pytest

from attendance_lib.intake.files.export import Export
from attendance_lib.intake.layouts import files_of, layout_of
from attendance_lib.intake.layouts.reading import Reading
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.sheet import OpenedFile, Sheet
from tests.intake.writers import MONDAY, WRITERS

REGISTER = {(pupil, MONDAY, half): "/" for pupil in ("001", "002") for half in ("AM", "PM")}


@pytest.mark.parametrize("write", WRITERS.values(), ids=list(WRITERS))
def test_a_layout_asks_of_a_file_no_more_than_is_declared(tmp_path, write):
    (tmp_path / "marks").write_bytes(write(REGISTER))
    export = Export(tmp_path / "marks")
    file = SimpleNamespace(**{name: getattr(export, name) for name in OpenedFile.__annotations__})
    layout = layout_of(file.sheets[0], file)
    reading = Reading(file, file.sheets[0], Ledger(), (file,))
    assert layout.read(reading).code.cells().tolist().count("/") == len(REGISTER)
    assert not reading.own_codes.names("/")
    assert files_of(file) == files_of(export)


def test_a_sheet_shows_so_many_rows_as_a_title_and_headings_may_take():
    rows = np.arange(100, dtype=object).reshape(50, 2)
    assert Sheet("a.csv", "", rows).sample.tolist() == rows[:40].tolist()
    assert Sheet("a.csv", "", rows[:3]).sample.tolist() == rows[:3].tolist()
