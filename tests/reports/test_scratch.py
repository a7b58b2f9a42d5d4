"""The scratch folder of a run: private, and cleared once its run is over."""

import os
import stat
import tempfile
from pathlib import Path

from attendance_lib.reports.scratch import scratch
from tests.reports.killed_runs import killed_at, needs_fork


@needs_fork
def test_the_scratch_folder_of_a_killed_command_goes_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def write_names():
        with scratch() as folder:
            (folder / "names.csv").write_text("Ada")
            os.kill(os.getpid(), 9)

    assert killed_at(0, write_names)
    assert len(list(tmp_path.glob("attendance-*/*/names.csv"))) == 1
    with scratch() as folder:
        assert [path.name for path in tmp_path.iterdir()] == [folder.parent.name]
    assert list(tmp_path.iterdir()) == []


@needs_fork
def test_a_command_killed_at_any_moment_leaves_nothing_in_its_scratch_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def write_names():
        with scratch() as folder:
            (folder / "names.csv").write_text("Ada")

    for moment in range(1, 1000):
        if not killed_at(moment, write_names):
            break
        with scratch():
            pass
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    assert moment > 10


def test_a_scratch_folder_in_use_is_left_alone_and_so_is_a_link(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    elsewhere = tmp_path / "elsewhere"
    for folder in (tmp_path / "temporary", elsewhere / "work"):
        folder.mkdir(parents=True)
    for name in (".lock", "work/mine.txt"):
        (elsewhere / name).write_text("")
    (tmp_path / "temporary" / "attendance-link").symlink_to(elsewhere)
    with scratch() as one:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
        with scratch() as other:
            assert one.is_dir()
        assert one != other
    assert (elsewhere / ".lock").exists()
    assert (elsewhere / "work" / "mine.txt").exists()


def test_temporary_files_of_the_block_are_in_the_scratch_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch() as folder:
        assert Path(tempfile.mkdtemp()).parent == folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert tempfile.gettempdir() == str(tmp_path)
