"""A file is opened by what it holds, within bounds."""

import tracemalloc

import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.files import delimited, export, records
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.files.records import read_json_records


def test_more_cells_than_any_export_are_refused(monkeypatch):
    monkeypatch.setattr(records, "MAX_CELLS", 5)
    with pytest.raises(InputError, match="2 fields in 3 records"):
        read_json_records('[{"a": 1, "b": 2}, {}, {}]', "a.json")


def hostile(path, content):
    """Write a file and return the most memory that refusing it took, in bytes."""
    path.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(InputError):
        _ = Export(path).sheets
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize(
    ("begun", "again"),
    [(b"", b"a"), (b"", b","), (b"a,b\n" * 9, b"x"), (b"a,b,c,d,e,f,g\n", b"\n"), (b'a,"', b"x")],
    ids=["one field", "one row", "a late line", "empty lines", "a quotation mark"],
)  # fmt: skip
def test_a_line_without_end_costs_no_more_than_a_few_copies_of_the_file(tmp_path, begun, again):
    # Made here: as parameters the five would be a hundred megabytes of every worker from beginning to end.
    content = begun + again * 20_000_000
    assert hostile(tmp_path / "a.csv", content) < 8 * len(content)


def test_a_file_beyond_the_limit_is_refused_without_being_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        # A sparse file: two gigabytes in one line, nothing on the disk.
        stream.truncate(export.MAX_FILE_BYTES * 4)
    tracemalloc.start()
    with pytest.raises(InputError, match="2,000,000,000 bytes is more than the limit of 500,000,000"):
        _ = Export(path).content
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_the_limit_on_lines_holds_for_narrow_files_too(monkeypatch):
    monkeypatch.setattr(delimited, "MAX_LINES", 3)
    with pytest.raises(InputError, match="5 lines of 2 fields are more than any export"):
        delimited.read_delimited("a,b\n" * 4, "a.csv")
