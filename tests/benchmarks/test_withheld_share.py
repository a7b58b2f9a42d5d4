"""The share of figures withheld is of all reports of a size together."""

from types import SimpleNamespace

import pytest

from benchmarks import withheld_share


@pytest.fixture
def made(monkeypatch):
    """Three schools, of which the second publishes one report, with what was asked of each."""
    asked = []
    reports = {
        1: [
            SimpleNamespace(counts=100, withheld=10, seconds=1.0),
            SimpleNamespace(counts=300, withheld=0, seconds=2.0),
        ],
        2: [SimpleNamespace(counts=100, withheld=40, seconds=6.0)],
        3: [],
    }
    monkeypatch.setattr(withheld_share, "invent", lambda *of: asked.append(of) or of[0])
    monkeypatch.setattr(withheld_share, "series_of", lambda seed, halves: (reports[seed], list(halves)))
    return asked


def test_the_share_is_of_all_figures_printed_not_the_mean_of_reports(made):
    # 50 of 500 figures, and nine seconds for three reports; the mean of the reports' shares would be 16.7 %.
    assert withheld_share.row_of(55, 10) == "| 55 | 10 | 3 | 10.0 % | 3.0 |\n"
    assert made == [(1, 55, 10), (2, 55, 10), (3, 55, 10)]


def test_a_size_of_which_no_report_could_be_made_has_a_row_too(monkeypatch):
    monkeypatch.setattr(withheld_share, "invent", lambda *_: None)
    monkeypatch.setattr(withheld_share, "series_of", lambda *_: ([], []))
    assert withheld_share.row_of(24, 5) == "| 24 | 5 | 0 | 0.0 % | 0.0 |\n"


@pytest.mark.usefixtures("made")
def test_each_size_and_level_is_a_row_of_one_table(capsys):
    withheld_share.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [f"| {size}" for size, _ in withheld_share.SIZES]
    assert {line.count("|") for line in lines} == {6}
