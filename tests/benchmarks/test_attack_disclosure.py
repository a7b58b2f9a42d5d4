"""The table of attacks: what is summed over schools of a size, what is kept to go on from, and the status."""

import pytest

from benchmarks import attack_disclosure
from benchmarks.attack_disclosure import (
    BEGIN,
    END,
    Attacked,
    keep,
    read_results,
    row_of,
    table_of,
    write_page,
)
from tests.intruder.trial import Outcome

QUIET = Outcome(40, attacked=120, as_c_says=2, printed=400, withheld=100, seconds=[1.0, 3.0])
LOUD = Outcome(
    45, attacked=80, narrowed=["a count"], blanks=["a blank", "another"], wrong="a rate", stopped=["one report"], printed=100,
    withheld=100, seconds=[8.0],
)  # fmt: skip


def test_a_row_sums_schools_counts_reports_with_those_stopped_and_shares_of_all_figures():
    # Three reports made and one stopped; 200 of 500 figures withheld; (1 + 3 + 8) / 3 seconds a report, 8 at most.
    assert (
        row_of(5, "15 to 49", [QUIET, LOUD])
        == "| 5 | 15 to 49 | 2 | 4 | 1 | 200 | 3 | 2 | 1 | 40 % | 4.0 | 8.0 |\n"
    )


def test_schools_of_which_no_report_could_be_made_have_a_row_too():
    stopped = Outcome(20, stopped=["too small"] * 2)
    assert (
        row_of(10, "15 to 49", [stopped])
        == "| 10 | 15 to 49 | 1 | 2 | 2 | 0 | 0 | 0 | 0 | 0 % | 0.0 | 0.0 |\n"
    )


def test_each_level_and_size_that_any_school_has_is_a_row_with_the_first_size_in_and_the_last_out():
    sizes = [(5, 49), (5, 50), (10, 700), (10, 701)]
    done = [Attacked(seed, level, Outcome(pupils)) for seed, (level, pupils) in enumerate(sizes)]
    rows = table_of(done).removeprefix(attack_disclosure.HEAD).splitlines()
    named = [" | ".join(row.split(" | ")[:3]) for row in rows]
    assert named == ["| 5 | 15 to 49 | 1", "| 5 | 50 to 149 | 1", "| 10 | 400 to 700 | 1"]


def test_what_was_found_is_read_back_from_every_share_s_file(tmp_path):
    one, other = Attacked(1, 5, LOUD), Attacked(102, 10, QUIET)
    keep(tmp_path / "attack.jsonl", one)
    keep(tmp_path / "attack_second.jsonl", other)
    assert read_results(tmp_path) == {1: one, 102: other}
    assert read_results(tmp_path / "nowhere") == {}


@pytest.fixture
def page(tmp_path, monkeypatch):
    path = tmp_path / "page.md"
    path.write_text(f"Before.\n\n{BEGIN}old figures\n{END}\nAfter.\n", encoding="utf-8")
    monkeypatch.setattr(attack_disclosure, "PAGE", path)
    return path


def test_the_table_takes_the_place_between_the_marks_of_the_page(page):
    write_page([Attacked(1, 5, QUIET)])
    assert (
        page.read_text(encoding="utf-8")
        == f"Before.\n\n{BEGIN}{table_of([Attacked(1, 5, QUIET)])}{END}\nAfter.\n"
    )


@pytest.mark.parametrize(("outcome", "made_out"), [(QUIET, 0), (LOUD, 6)])
def test_schools_done_before_are_not_attacked_again_and_all_that_was_made_out_is_counted(
    page, tmp_path, monkeypatch, outcome, made_out
):
    attacked, results = [], tmp_path / "build" / "attack.jsonl"
    attack = lambda seed, halves: attacked.append(seed) or Attacked(seed, 5, outcome)  # noqa: E731 - in place of hours
    monkeypatch.setattr(attack_disclosure, "attacked", attack)
    assert attack_disclosure.main(1, 1, 2, results) == made_out / 2
    assert attack_disclosure.main(1, 2, 2, results) == made_out
    assert attacked == [1, 2]
    assert "| 5 | 15 to 49 | 2 |" in page.read_text(encoding="utf-8")


def test_every_third_school_is_withheld_below_ten(monkeypatch):
    asked = []
    monkeypatch.setattr(attack_disclosure, "invent", lambda seed, level: asked.append(level))
    monkeypatch.setattr(attack_disclosure, "run_series", lambda *_, **__: QUIET)
    assert (
        [attack_disclosure.attacked(seed, 2).level for seed in range(1, 7)] == [5, 5, 10, 5, 5, 10] == asked
    )
