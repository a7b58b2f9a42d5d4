"""What the cost of packs is made of: ways taken in turn, medians and ratios, and the exit code of the daily paper."""

import json

import pytest

# What commands took of the processor is not to be had on Windows.
pytest.importorskip("resource")

from benchmarks import pack_cost
from benchmarks.pack_cost import COLD, DAILY, OTHER, PAIR, PAPER, WARM, WITHOUT


def test_each_way_s_median_is_told_beside_the_pair_s(capsys):
    pack_cost.tell_medians({PAIR: [10.0, 30.0, 20.0], COLD: [5.0, 15.0, 4.0], WARM: [2.0, 2.0, 90.0]})
    said = capsys.readouterr().out
    assert (
        said
        == f"CPU seconds, and beside the pair's: {PAIR} 20.00 (1.000), cold 5.00 (0.250), warm 2.00 (0.100)\n"
    )


def test_the_order_of_the_ways_turns_round_and_each_has_a_folder_of_its_own(tmp_path, capsys):
    taken = []
    pack_cost.compare((PAIR, COLD, WARM), lambda way, out: taken.append((way, out.name)) or 1.0, 3, tmp_path)
    assert [way for way, _ in taken] == [PAIR, COLD, WARM, COLD, WARM, PAIR, WARM, PAIR, COLD]
    assert len({folder for _, folder in taken}) == 9
    assert capsys.readouterr().out.endswith(f"{PAIR} 1.00 (1.000), cold 1.00 (1.000), warm 1.00 (1.000)\n")


@pytest.mark.parametrize(("daily", "code", "share"), [(3.0, 0, "0.30"), (3.4, 1, "0.34")])
def test_the_daily_paper_may_take_a_third_of_the_pack(monkeypatch, capsys, daily, code, share):
    seconds = {PAPER: 10.0, DAILY: daily}
    monkeypatch.setattr(pack_cost, "cpu_seconds", lambda root, paper, out: seconds[paper])
    monkeypatch.setattr(pack_cost, "prepared", lambda way, out, kept: out)
    assert pack_cost.measure_daily(2) == code
    assert f"takes {share} of the pack's CPU time" in capsys.readouterr().out


@pytest.mark.parametrize("way", [WITHOUT, COLD, WARM])
def test_a_folder_for_packs_begins_with_what_its_way_says(tmp_path, way):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "read").touch()
    store = pack_cost.prepared(way, tmp_path / "out", kept) / pack_cost.STORE_FOLDER
    assert store.is_file() is (way == WITHOUT)
    assert (store / "read").is_file() is (way == WARM)
    assert store.exists() is (way != COLD)


def test_the_pair_is_given_a_paper_s_parameters_without_what_led_to_earlier_ones():
    receipt = {
        "parameters": {"date_to": "2026-11-20", "casebook": "a.sqlite@3", "previous_pack": "b", "named": 25}
    }
    told = {"date_to": "2026-11-20", "casebook": "", "previous_pack": "", "named": 25}
    assert pack_cost.parameters_of(receipt) == told


def test_a_morning_is_one_command_and_the_pair_for_each_paper_it_made(monkeypatch, capsys):
    def command(commands, **_):
        out = commands[0][-1]
        for report in ("daily", "fortnightly"):
            folder = pack_cost.Path(out) / report
            folder.mkdir(parents=True)
            (folder / pack_cost.RECEIPT).write_text(json.dumps({"report": report, "parameters": {}}))
        return 30.0

    monkeypatch.setattr(pack_cost, "seconds_of", command)
    monkeypatch.setattr(
        pack_cost, "pair_seconds", lambda paper, *_: {"daily": 15.0, "fortnightly": 25.0}[paper]
    )
    pack_cost.measure_morning(1)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "2 papers in 30.00: daily, fortnightly"
    assert said[-1].endswith(f"{PAIR} 40.00 (1.000), morning 30.00 (0.750)")


def test_every_paper_is_told_beside_the_first_way(monkeypatch, capsys):
    monkeypatch.setattr(pack_cost, "PAPERS", {PAPER: ()})
    seconds = {OTHER: [8.0, 12.0], WITHOUT: [6.0, 6.0], COLD: [5.0, 5.0], WARM: [1.0, 4.0]}

    def turn(paper, number, taken, other):
        for way, each in taken.items():
            each.append(seconds[way][number])

    monkeypatch.setattr(pack_cost, "measure_turn", turn)
    pack_cost.measure_ways(2, "elsewhere")
    assert capsys.readouterr().out == (
        "fortnightly: the other checkout 10.00 (1.00), without 6.00 (0.60), cold 5.00 (0.50), warm 2.50 (0.25)\n"
    )


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ([], ("", 3)),
        (["2"], ("", 2)),
        (["2", "impact"], ("", 2, "impact")),
        (["--daily"], ("--daily", 2)),
        (["--ways", "1", "x"], ("--ways", 1, "x")),
    ],
)
def test_what_is_asked_for_is_measured_so_many_rounds_and_its_exit_code_returned(monkeypatch, given, asked):
    kept = []
    measures = {
        name: (lambda *of, name=name: kept.append((name, *of)) or (1 if name == "--daily" else None), rounds)
        for name, (_, rounds) in pack_cost.MEASURES.items()
    }
    monkeypatch.setattr(pack_cost, "MEASURES", measures)
    assert pack_cost.main(given) == (1 if "--daily" in given else 0)
    assert kept == [asked]
