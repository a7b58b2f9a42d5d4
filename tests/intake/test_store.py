"""Exports that lie in a store: copied, fetched again when they change there, and refused in one line."""

import os

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.intake.files import store
from attendance_lib.intake.files.store import fetched
from attendance_lib.papers.trust.from_school import counts_from
from attendance_lib.reports.many_schools import see_to
from attendance_lib.reports.trust import schools_named
from tests.test_trust import clock, task_of
from tests.trust_schools import TRUST, write_school

SCHOOL = TRUST[2]


@pytest.fixture
def bucket():
    """A store in the memory of this process."""
    system = MemoryFileSystem()
    system.store.clear()
    yield system
    system.store.clear()


@pytest.fixture
def school_file(tmp_path, bucket):
    """A school whose exports lie in the store and nowhere else."""
    path = write_school(tmp_path / "schools", SCHOOL)
    for name in ("pupils.csv", "marks.csv"):
        export = path.parent / SCHOOL.urn / name
        bucket.pipe_file(f"/exports/{name}", export.read_bytes())
        export.unlink()
    path.write_text(path.read_text().replace(f'"{SCHOOL.urn}/', '"memory://exports/'))
    return path


def test_a_school_s_counts_are_those_of_its_exports_on_a_disk(school_file, tmp_path):
    on_disk = see_to(task_of(tmp_path / "a", write_school(tmp_path / "b", SCHOOL)), counts_from, clock)
    stored = see_to(task_of(tmp_path / "c", school_file), counts_from, clock)
    assert (on_disk.exit_code, stored.exit_code) == (0, 0)
    here, there = (
        (tmp_path / name / "counts" / f"{SCHOOL.urn}.json").read_text().splitlines() for name in ("a", "c")
    )
    assert [line for line in here if "made_from" not in line] == [
        line for line in there if "made_from" not in line
    ]


def test_what_has_not_changed_is_not_fetched_again_and_what_has_is(bucket, tmp_path, monkeypatch):
    fetches = []
    get_file = MemoryFileSystem.get_file
    monkeypatch.setattr(
        MemoryFileSystem, "get_file", lambda *asked: fetches.append(asked[1]) or get_file(*asked)
    )
    bucket.pipe_file("/exports/marks_a.csv", b"one")
    bucket.pipe_file("/exports/marks_b.csv", b"two")
    named = "memory://exports/marks_*.csv", tmp_path / "school.yml"
    first = list(fetched(*named))
    assert [path.read_bytes() for path in fetched(*named)] == [b"one", b"two"]
    assert (len(fetches), [path.name for path in first]) == (2, ["marks_a.csv", "marks_b.csv"])
    bucket.pipe_file("/exports/marks_b.csv", b"three")
    assert [path.read_bytes() for path in fetched(*named)] == [b"one", b"three"]
    assert len(fetches) == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_copies_are_for_this_account_alone(bucket, tmp_path):
    bucket.pipe_file("/exports/marks.csv", b"one")
    (path,) = fetched("memory://exports/marks.csv", tmp_path / "school.yml")
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nowhere://exports/marks.csv", "install python -m pip"),
        ("memory://exports/../marks.csv", "leads out"),
    ],
)
def test_a_store_that_cannot_be_read_is_told_in_a_line(bucket, tmp_path, written, said):
    bucket.store["/exports/../marks.csv"] = bucket.open("/marks.csv", "wb")
    with pytest.raises(SettingsError, match=said) as refused:
        list(fetched(written, tmp_path / "school.yml"))
    assert str(refused.value).count("\n") == 0


def error_of(name, module):
    """A kind of error as a package would define it."""
    return type(name, (Exception,), {"__module__": module})


@pytest.mark.parametrize(
    "kind",
    [
        RuntimeError,
        ConnectionResetError,
        error_of("AzureError", "azure.core.exceptions"),
        error_of("RefreshError", "google.auth.exceptions"),
        error_of("SSHException", "paramiko.ssh_exception"),
    ],
)
def test_what_a_driver_raises_is_told_by_its_kind_alone(bucket, tmp_path, monkeypatch, kind):
    def fails(*asked):
        raise kind("key AKIA1234")

    monkeypatch.setattr(MemoryFileSystem, "info", fails)
    with pytest.raises(SettingsError, match=rf"cannot be read \({kind.__name__}\)") as refused:
        list(fetched("memory://exports/marks.csv", tmp_path / "school.yml"))
    assert "AKIA" not in str(refused.value)


@pytest.mark.parametrize(
    "kind", [KeyError, KeyboardInterrupt, error_of("RuleError", "attendance_lib.rules.codes")]
)
def test_a_fault_and_a_stop_are_not_taken_for_what_a_driver_raises(bucket, tmp_path, monkeypatch, kind):
    def fails(*asked):
        raise kind

    monkeypatch.setattr(MemoryFileSystem, "info", fails)
    with pytest.raises(kind):
        list(fetched("memory://exports/marks.csv", tmp_path / "school.yml"))


def test_an_export_that_is_too_large_is_not_fetched(bucket, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "MAX_FILE_BYTES", 2)
    bucket.pipe_file("/exports/marks.csv", b"one")
    with pytest.raises(SettingsError, match="larger than 2 bytes"):
        list(fetched("memory://exports/marks.csv", tmp_path / "school.yml"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_counts_that_schools_sent_to_a_store_are_taken_with_a_trust_file_and_school_files_are_not(
    bucket, tmp_path
):
    bucket.pipe_file("/sent/300001.json", b"{}")
    trust_file = tmp_path / "trust.yml"
    trust_file.write_text('name: "Copse"\nschools: ["memory://sent/*.json"]\n')
    assert schools_named(trust_file, ())[1] == (tmp_path / "fetched" / "memory" / "sent" / "300001.json",)
    for asked, file in (("memory://sent/*.json", None), ("memory://sent/*.yml", trust_file)):
        with pytest.raises(RequestError, match="School files lie on a disk"):
            schools_named(file, (asked,))
