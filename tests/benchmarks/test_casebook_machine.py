"""What the casebook's trial says of sequences that were played, and when enough are."""

from collections import Counter
from contextlib import nullcontext
from types import SimpleNamespace

from benchmarks import casebook_machine


def test_operations_are_summed_over_schools_commonest_first_and_what_failed_is_listed(monkeypatch):
    played = [
        (Counter(run=30, fill_in=1200), 4.0, ""),
        (Counter(run=50, copy_a_file=1), 3.4, "seed 2: KeyError"),
        (Counter(), 0.2, ""),
    ]
    monkeypatch.setattr(casebook_machine, "sequences", lambda operations: iter(played))
    assert casebook_machine.trial_page(1) == (
        "3 schools, 1,281 operations, 8 seconds of one processor: 2 held to the end, 1 did not.\n\n"
        "- seed 2: KeyError\n"
        "| Operation | Done |\n|---|---|\n| fill in | 1,200 |\n| run | 80 |\n| copy a file | 1 |\n"
    )


def test_no_more_is_played_once_so_many_operations_were_done(monkeypatch):
    """Played in this process; what was still to be played is called off."""
    stopped = []
    pool = SimpleNamespace(map=map, shutdown=lambda **how: stopped.append(how))
    monkeypatch.setattr(casebook_machine, "ProcessPoolExecutor", lambda workers: nullcontext(pool))
    monkeypatch.setattr(casebook_machine, "play", lambda seed: (Counter(run=40), 1.0, str(seed)))
    assert [seed for *_, seed in casebook_machine.sequences(100)] == ["1", "2", "3"]
    assert stopped == [{"wait": False, "cancel_futures": True}]
