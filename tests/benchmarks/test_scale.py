"""What the scale benchmark counts and extrapolates: chunks beside a count mark by mark, schools round and round, trusts of all."""

import re

import numpy as np
import pandas as pd
import pytest

from attendance_lib.register.grid import cell_of
from benchmarks import scale
from tests.papers.trust.trusts import school


@pytest.fixture
def small(monkeypatch):
    """Chunks of two schools with six pupils in all, for the half of a school year."""
    monkeypatch.setattr(scale, "SCHOOLS_A_CHUNK", 2)
    monkeypatch.setattr(scale, "PUPILS_OF_ENGLAND", 3 * scale.SCHOOLS_OF_ENGLAND)
    monkeypatch.setattr(scale, "SESSIONS_A_YEAR", 190)


COUNTED = "absence_sessions possible_sessions enrolments persistently_absent severely_absent".split()


@pytest.mark.usefixtures("small")
def test_a_chunk_s_figures_are_what_counting_its_marks_one_by_one_gives():
    register = scale.invent_chunk(3)
    letters = {cell_of(letter): letter for letter in scale.LETTERS}
    rows = {name: [0, 0, 0, 0, 0] for name in register.pupils["school"]}
    for pupil, name in zip(register.codes, register.pupils["school"], strict=True):
        # Illness, a medical appointment and leave are authorised absence, O is unauthorised; V is an educational visit.
        away = sum(letters[cell] in "IOMC" for cell in pupil)
        met = (away, len(pupil), 1, 10 * away >= len(pupil), 2 * away >= len(pupil))
        rows[name] = [held + more for held, more in zip(rows[name], met, strict=True)]
    found = scale.count_chunk(3)
    assert {name: row.tolist() for name, row in found.schools[COUNTED].iterrows()} == rows
    assert found.marks == 6 * 190


@pytest.mark.usefixtures("small")
def test_weeks_that_do_not_add_up_are_refused_with_the_schools(monkeypatch):
    def loses_a_week(register, by, by_session=()):
        counts = tally(register, by, by_session)
        return counts[counts["school_week"] > 0] if by_session else counts

    tally = scale.tally
    monkeypatch.setattr(scale, "tally", loses_a_week)
    with pytest.raises(ValueError, match=r"weeks do not add up to pupils at schools \[.*\] of chunk 3"):
        scale.count_chunk(3)


def test_schools_are_counted_round_and_round_from_one_on(monkeypatch):
    monkeypatch.setattr(scale, "counts_timed", lambda file: (file, 0.5))
    in_turn = lambda work: [call(*given, **more) for call, given, more in work]  # noqa: E731 - joblib's, in one process
    assert scale.counted(in_turn, ["a", "b", "c"], 2, 5) == [(file, 0.5) for file in "cabca"]


def test_a_trust_s_school_has_the_figures_that_were_tallied_and_none_of_the_school_it_is_like():
    row = {"enrolments": 340, "possible_sessions": 129_200, "absence_sessions": 9_000, "persistently_absent": 70,
           "severely_absent": 6}  # fmt: skip
    told = scale.like_but_for(school("300000", supported=3), 4, row)
    assert (told.name, told.urn, told.year_before, told.supported) == ("School 4", "300004", None, None)
    now = told.to_date
    assert (now.enrolments, now.possible_sessions, now.absence_sessions) == (340, 129_200, 9_000)
    assert (now.persistently_absent_enrolments, now.severely_absent_enrolments) == (70, 6)


def test_trusts_of_all_england_cost_the_median_of_those_made_on_two_cores(monkeypatch, capsys):
    taken = iter([1.0, 9.0, 2.0])
    monkeypatch.setattr(scale, "trust_table", lambda *_: next(taken))
    scale.measure_trusts(pd.DataFrame({"enrolments": np.ones(30, dtype=int)}))
    said = capsys.readouterr().out
    # Thirty schools are two trusts of twelve and a rest; all England is 24,000 schools, 2,000 trusts: 2 s each on two cores.
    assert said.startswith("3 trusts summed in ")
    assert "of 12 schools: 2.00 CPU s (median of 3)" in said
    assert "all 2,000 trusts: 2000 s of 2 cores" in said


def test_a_share_of_england_is_extrapolated_and_said_to_be(monkeypatch, capsys):
    chunk = scale.Chunk(pd.DataFrame({"enrolments": [100]}), 38_000, 0.1, 0.2, 0.1)
    asked = []
    monkeypatch.setattr(scale, "count_chunk", lambda number: asked.append(number) or chunk)
    monkeypatch.setattr(
        scale, "Parallel", lambda **_: lambda work: [call(*given, **more) for call, given, more in work]
    )
    monkeypatch.setattr(scale, "measure_trusts", lambda schools: None)
    scale.measure_england(0.01)
    said = capsys.readouterr().out
    # 400 chunks of 60 schools are all; of a hundredth four chunks, 0.3 s of counting each: 1.2 s on two cores, 60 s for all.
    assert asked == [0, 1, 2, 3]
    assert "4 schools, 400 pupils, 152,000 marks" in said
    assert re.search(r"inventing 0\.4, tallying 0\.8, flagging 0\.4", said)
    assert "1 s of 2 cores for the tally and the flags; extrapolated to all schools 60 s" in said
