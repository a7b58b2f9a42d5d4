"""The files of the invented school are the same for the same seed."""

from pathlib import Path

from attendance_lib.demo import write_demo


def test_the_same_seed_gives_the_same_bytes(demo, tmp_path: Path):
    summary = write_demo(tmp_path)
    assert sorted(summary.files) == sorted(file.name for file in demo.folder.iterdir())
    for name in summary.files:
        assert (tmp_path / name).read_bytes() == (demo.folder / name).read_bytes(), name


def test_another_seed_gives_another_school(demo, tmp_path: Path):
    write_demo(tmp_path, seed=7)
    for name in ("pupils.csv", "marks_2026-27.csv", "logs.xlsx"):
        assert (tmp_path / name).read_bytes() != (demo.folder / name).read_bytes(), name
