"""Laws of reading: whatever the layout, the order of rows or the number of files, the register is the one written."""

import csv
import io
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.marks import read_marks
from attendance_lib.intake.pupils import read_pupils
from attendance_lib.intake.settings.sources import Source
from attendance_lib.rules.codes import CODES, NO_END
from tests.intake.writers import MONDAY, WRITERS, delimited

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad-input" / "blns.json"
LETTERS = sorted(code.letter for code in CODES if code.to_date == NO_END)
PUPILS = ["001", "0010", "010", "7A", "Ü-9", "A958667946125"]
DAYS = [MONDAY + timedelta(days=7 * week + day) for week in range(3) for day in range(5)]
REGISTERS = st.dictionaries(
    st.tuples(st.sampled_from(PUPILS), st.sampled_from(DAYS), st.sampled_from(["AM", "PM"])),
    st.sampled_from(LETTERS),
    min_size=2,
    max_size=40,
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_back(folder, *contents):
    """Read files as one source; return their marks as a register and the ledger."""
    paths = [folder / f"part{number}.dat" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    ledger = Ledger()
    read = read_marks((Source("marks", 0, "", tuple(Export(path) for path in paths)),), ledger)
    assert ledger.refusals == []
    marks = read.marks
    keys = zip(marks["pupil_id"], marks["date"].dt.date, marks["session"], strict=True)
    return dict(zip(keys, marks["code"], strict=True)), ledger


@pytest.mark.parametrize("layout", WRITERS)
@given(register=REGISTERS)
@QUICK
def test_writing_and_reading_back_is_the_identity(tmp_path, layout, register):
    found, ledger = read_back(tmp_path, WRITERS[layout](register))
    assert found == register
    assert ledger.rows_dropped == 0


@pytest.mark.parametrize("layout", ["tidy", "tidy_workbook", "roll_call", "sims_xml", "wonde"])
@given(register=REGISTERS, seed=st.integers(0, 2**16))
@QUICK
def test_shuffling_rows_changes_nothing(tmp_path, layout, register, seed):
    rows = list(register.items())
    random.Random(seed).shuffle(rows)
    assert read_back(tmp_path, WRITERS[layout](dict(rows)))[0] == register


@pytest.mark.parametrize("layout", WRITERS)
@given(register=REGISTERS, seed=st.integers(0, 2**16))
@QUICK
def test_splitting_into_files_that_overlap_changes_nothing(tmp_path, layout, register, seed):
    keys = list(register)
    random.Random(seed).shuffle(keys)
    half = len(keys) // 2
    parts = [{key: register[key] for key in part} for part in (keys[: half + 1], keys[half - 1 :] or keys)]
    found, ledger = read_back(tmp_path, *(WRITERS[layout](part) for part in parts))
    assert found == register
    assert not ledger.findings


@given(register=REGISTERS, first=st.sampled_from(sorted(WRITERS)), second=st.sampled_from(sorted(WRITERS)))
@QUICK
def test_files_of_two_layouts_agree(tmp_path, register, first, second):
    assert read_back(tmp_path, WRITERS[first](register), WRITERS[second](register))[0] == register


@pytest.mark.skipif(
    not BLNS.is_file(), reason="the list of naughty strings lies outside the project and is not here"
)
@pytest.mark.parametrize("layout", ["csv", "xml", "json"])
def test_every_naughty_string_survives_as_a_surname(tmp_path, layout):
    names = json.loads(BLNS.read_text(encoding="utf-8"))
    written, content = ROLLS[layout](names)
    path = tmp_path / "pupils.dat"
    path.write_bytes(content)
    ledger = Ledger()
    roll = read_pupils((Source("pupils", 0, "", (Export(path),)),), ledger).rows
    assert ledger.refusals == []
    assert roll["surname"].fillna("").tolist() == [stripped(name) for name in written]


def stripped(name):
    """Return a name as it is kept: outer blanks are not part of a name."""
    return name.replace("\u00a0", " ").strip()


def csv_roll(names):
    # A carriage return alone inside quotation marks, and a NUL, are not what a CSV can carry.
    kept = [name.replace("\r", "").replace("\0", "") for name in names]
    return kept, delimited(
        [["pupil_id", "surname", "year_group"], *([f"{n:04}", name, 7] for n, name in enumerate(kept))]
    )


def xml_roll(names):
    allowed = [
        name
        for name in names
        if all(sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff") for sign in name)
    ]
    stream = io.StringIO()
    for number, name in enumerate(allowed):
        safe = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        surname = f"<Legal_x0020_Surname>{safe}</Legal_x0020_Surname>"
        stream.write(f"<Record><Adno>{number:04}</Adno>{surname}<Year>Year  7</Year></Record>")
    return allowed, f"<SuperStarReport>{stream.getvalue()}</SuperStarReport>".encode()


def json_roll(names):
    return names, json.dumps(
        [{"pupil_id": f"{n:04}", "surname": name, "year_group": 7} for n, name in enumerate(names)]
    ).encode()


ROLLS = {"csv": csv_roll, "xml": xml_roll, "json": json_roll}


def test_what_the_csv_writer_of_these_tests_writes_is_what_it_was_given():
    rows = [["a", 'b"c', "d,e\nf"], ["", " x ", "\\"]]
    assert list(csv.reader(io.StringIO(delimited(rows).decode(), newline=""))) == rows
