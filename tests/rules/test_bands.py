"""A band belongs to the absence it starts with, as DfE's bands do."""

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.rules.thresholds import AT_RISK, BANDS, PERSISTENT_ABSENCE, SEVERE_ABSENCE, band_of

SPEC = pd.read_csv(
    Path(__file__).parents[1] / "spec" / "absence.txt",
    sep=r"\s*\|\s*",
    engine="python",
    keep_default_na=False,
)


@pytest.mark.parametrize(
    ("absent", "possible", "label"), SPEC[["absent", "possible", "band"]].to_numpy().tolist()
)
def test_an_enrolment_is_in_the_band_the_table_says(absent, possible, label):
    band = band_of(absent, possible)
    assert (band.label if band else "") == label


@pytest.mark.parametrize(
    ("percent_attended", "label"),
    [
        ("100", "Above 95%"), ("95.01", "Above 95%"), ("95.00", "Above 90% to 95%"), ("94.99", "Above 90% to 95%"),
        ("90.01", "Above 90% to 95%"), ("90.00", "Above 85% to 90%"), ("89.99", "Above 85% to 90%"),
        ("50.01", "Above 50% to 80%"), ("50.00", "50% or below"), ("49.99", "50% or below"), ("0", "50% or below"),
    ],
)  # fmt: skip
def test_the_edges_of_attendance_to_a_hundredth_of_a_percent(percent_attended, label):
    attended = int(Fraction(percent_attended) * 100)
    assert band_of(10_000 - attended, 10_000).label == label


def test_without_a_possible_session_there_is_no_band():
    assert band_of(0, 0) is None


def test_the_bands_ascend_and_start_at_no_absence():
    edges = [Fraction(band.lower.missed, band.lower.out_of) for band in BANDS]
    assert edges == [0, Fraction(1, 20), Fraction(1, 10), Fraction(3, 20), Fraction(1, 5), Fraction(1, 2)]


def test_dfes_limits_are_edges_of_bands():
    assert {AT_RISK, PERSISTENT_ABSENCE, SEVERE_ABSENCE} < {band.lower for band in BANDS}


def test_every_possible_count_is_in_exactly_one_band():
    for possible in range(1, 101):
        for absent in range(possible + 1):
            share = Fraction(absent, possible)
            starts = [Fraction(band.lower.missed, band.lower.out_of) for band in BANDS]
            expected = BANDS[sum(start <= share for start in starts) - 1]
            assert band_of(absent, possible) is expected
