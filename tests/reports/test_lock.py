"""Locks of runs: whoever holds one keeps others out, and a killed run nobody."""

from attendance_lib import lock
from attendance_lib.lock import locked
from tests.reports.pack_folders import make, names


def test_a_lock_file_whose_run_was_killed_holds_nobody_up(place):
    place.folder.mkdir()
    place.lock.write_text("")
    make(place, "new")
    assert names(place) == [place.name]


def test_a_lock_taken_on_a_file_that_is_gone_is_taken_again(place, monkeypatch):
    place.folder.mkdir()
    lock_file = lock.lock
    removed = []

    def lock_after_removal(descriptor):
        if not removed:
            removed.append(place.lock.unlink())
        lock_file(descriptor)

    monkeypatch.setattr(lock, "lock", lock_after_removal)
    with locked(place.lock, "one"):
        assert place.lock.exists()
