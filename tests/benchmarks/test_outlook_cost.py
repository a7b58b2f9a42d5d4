"""The outlook's cost is the sum of the least of each step, and the status says whether that is too much."""

import pytest

from benchmarks import outlook_cost


@pytest.mark.parametrize(("tables", "code", "total"), [(0.4, 0, "2.00"), (0.5, 1, "2.10")])
def test_the_least_of_each_step_counts_and_two_seconds_are_enough(monkeypatch, capsys, tables, code, total):
    # Three runs of four steps, no run the quickest in all: the least are 1.0, 0.4, 0.2 and that of the tables.
    taken = iter([1.0, 0.9, 0.2, tables, 3.0, 0.4, 0.9, 0.9, 1.5, 0.5, 0.3, 0.9])
    monkeypatch.setattr(outlook_cost, "open_pack", lambda *_: None)
    monkeypatch.setattr(outlook_cost, "seconds", lambda work, pack: next(taken))
    assert outlook_cost.main() == code
    said = f"chances 1.00, trial week by week 0.40, impact verdicts 0.20, tables {tables:.2f}."
    assert capsys.readouterr().out == f"{total} CPU seconds: {said}\n"


def test_a_pack_is_opened_anew_for_each_run_so_that_nothing_is_held_from_the_one_before(monkeypatch):
    packs = iter(["one", "two", "three"])
    asked = []
    monkeypatch.setattr(outlook_cost, "open_pack", lambda *_: next(packs))
    monkeypatch.setattr(outlook_cost, "seconds", lambda work, pack: asked.append(pack) or 0.1)
    outlook_cost.main()
    assert asked == [pack for pack in ("one", "two", "three") for _ in outlook_cost.STEPS]
