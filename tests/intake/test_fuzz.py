"""A few hundred spoiled files for every reader; ``benchmarks/fuzz_readers.py`` tries as many as one has time for."""

import pytest

from attendance_lib.errors import AttendanceError
from attendance_lib.intake.files import delimited, records
from benchmarks.fuzz_readers import Target, fuzz, marks_of, targets
from tests.intake.writers import MONDAY, WRITERS

INPUTS = 40
REGISTER = {("001", MONDAY, "AM"): "/", ("001", MONDAY, "PM"): "C2", ("002", MONDAY, "AM"): "L"}
TARGETS = targets()
WRITTEN = [Target(f"written {name}", write(REGISTER), marks_of) for name, write in WRITERS.items()]


@pytest.mark.parametrize("target", [*TARGETS, *WRITTEN], ids=lambda target: target.name)
def test_a_spoiled_file_is_read_or_refused_and_nothing_else(tmp_path, target):
    assert sum(fuzz(target, INPUTS, tmp_path).values()) == INPUTS


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_file_that_is_spoiled_is_good(tmp_path, target):
    path = tmp_path / "export.dat"
    path.write_bytes(target.seed)
    assert target.read(path) is not None


def test_seeds_are_long_enough_for_what_readers_do_with_many_records_alike():
    seeds = {target.name: target.seed for target in TARGETS}
    assert all(len(seeds[f"{name} long"]) > records.FIRST_CHARACTERS for name in ("sims_xml", "pupils xml"))
    assert seeds["wonde_json long"].count(b"student_id") > records.FEW
    assert seeds["tidy long"].count(b"\n") > delimited.SNIFF_ROWS


def test_an_error_that_is_not_ours_is_told_with_its_input(tmp_path):
    def fail(path):
        raise ZeroDivisionError

    def refuse(path):
        raise AttendanceError("refused")

    with pytest.raises(RuntimeError, match="tidy, input 0 of seed"):
        fuzz(TARGETS[0].__class__("tidy", b"abc", fail), 3, tmp_path)
    assert fuzz(TARGETS[0].__class__("tidy", b"abc", refuse), 3, tmp_path)["refused"] == 3
