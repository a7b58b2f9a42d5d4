"""JSON that the program reads back: its own form, or one line of refusal."""

import errno
import json
import os

import pytest
from pydantic import TypeAdapter

from attendance_lib.errors import DisclosureError
from attendance_lib.intake import kept_json
from attendance_lib.intake.kept_json import read_json

COUNTS = TypeAdapter(dict[str, list[int]])


def read(path):
    return read_json(path, COUNTS, DisclosureError, "Make it again.")


def test_a_file_of_the_form_is_read(tmp_path):
    (tmp_path / "a.json").write_text('{"one": [1, 2]}')
    assert read(tmp_path / "a.json") == {"one": [1, 2]}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "it is not JSON"),
        (b'{"one": [1, 2', "it is not JSON"),
        (b"\xff\xfe{}", "it is not JSON"),
        (b'\xef\xbb\xbf{"one": [1]}', "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"null", "it is no set of names and values"),
        (b'{"one": [1, "2"]}', "'one[1]' is no whole number"),
        (b'{"one": [1.0, true, null]}', "'one[0]' is no whole number, and 2 more faults"),
        (b'{"one": [1], "one": [2]}', "a key stands twice in one place"),
        (b'{"\\u001b[2J": 1}', "'(a key)' is no list"),
    ],
)
def test_any_other_is_refused_in_one_line_with_what_is_wrong_and_the_remedy(tmp_path, content, what):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(DisclosureError) as refused:
        read(path)
    assert str(refused.value) == f"{path} is damaged, or another version wrote it: {what}. Make it again."


def test_a_value_is_never_shown(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"one": ["O'Neill"], "Zoë O'Neill": "Zoë"}))
    with pytest.raises(DisclosureError) as refused:
        read(tmp_path / "a.json")
    assert "Neill" not in str(refused.value)


def test_a_file_that_cannot_be_opened_or_is_far_too_large_is_refused(tmp_path, monkeypatch):
    gone = rf"a.json cannot be read \({os.strerror(errno.ENOENT)}\). Make it"
    with pytest.raises(DisclosureError, match=gone):
        read(tmp_path / "a.json")
    monkeypatch.setattr(kept_json, "MAX_FILE_BYTES", 3)
    (tmp_path / "a.json").write_text("{  }")
    with pytest.raises(
        DisclosureError, match=r"cannot be read \(it is larger than 3 bytes\). Make it again."
    ):
        read(tmp_path / "a.json")
