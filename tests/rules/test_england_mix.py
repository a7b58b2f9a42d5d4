"""DfE's bands by phase, year group, free meals and needs, counted again from the file; and the widths that they give."""

import csv
import math

import pytest

from attendance_lib.rules.benchmarks import benchmark
from attendance_lib.rules.england_mix import BANDS, cells_of, england_of, half_width, like, mix_of

PHASES = ("primary", "secondary", "special")


def rows(phase):
    with BANDS.open(encoding="utf-8", newline="") as file:
        return [list(row.values()) for row in csv.DictReader(file) if row["phase"] == phase]


@pytest.mark.parametrize("phase", ["primary", "secondary"])
def test_the_bands_give_the_persistent_absence_that_dfe_published_for_the_year(phase):
    published = benchmark("census", phase, "persistent_absence_rate", "202223").rate
    assert england_of(phase).persistent_rate == pytest.approx(published, abs=0.0006)


@pytest.mark.parametrize("phase", PHASES)
def test_no_cell_is_lost_or_counted_twice(phase):
    counts = [int(value) for row in rows(phase) for value in row[4:]]
    assert england_of(phase).size == sum(counts)
    assert len(cells_of(phase)) == len(rows(phase))


def test_mean_and_spread_are_those_of_pupils_in_the_middle_of_their_bands():
    middles = [0.025, 0.075, 0.125, 0.175, 0.225, 0.275, 0.325, 0.375, 0.425, 0.475, 0.75]
    counts = [map(int, row[4:]) for row in rows("special")]
    held = [pair for row in counts for pair in zip(middles, row, strict=True)]
    size = sum(count for _, count in held)
    mean = sum(middle * count for middle, count in held) / size
    spread = math.sqrt(sum(count * (middle - mean) ** 2 for middle, count in held) / size)
    assert england_of("special").absence_rate == pytest.approx(mean)
    assert england_of("special").spread == pytest.approx(spread)


def test_a_pupil_of_whom_less_is_known_is_like_all_who_fit():
    year = [row for row in rows("primary") if row[1] == "4"]
    assert like("primary", (4, "", "")).size == sum(int(value) for row in year for value in row[4:])
    free = [row for row in year if row[2] == "yes"]
    assert like("primary", (4, "yes", "")).size == sum(int(value) for row in free for value in row[4:])


def test_a_mix_is_what_pupils_like_these_miss_beside_the_phase():
    """Two pupils of Year 8: of 100 like the one and of 100 like the other so many miss 10 % or more, by hand from the file."""
    cells = {tuple(row[1:4]): [int(value) for value in row[4:]] for row in rows("secondary")}
    first, second = cells["8", "yes", "no"], cells["8", "no", "no"]
    expected = (sum(first[2:]) / sum(first) + sum(second[2:]) / sum(second)) / 2
    everyone = [sum(column) for column in zip(*cells.values(), strict=True)]
    mix = mix_of("secondary", [(8, "yes", "no"), (8, "no", "no")])
    assert mix.persistent == pytest.approx(expected / (sum(everyone[2:]) / sum(everyone)))


def test_reception_is_taken_for_year_1_and_a_sixth_form_for_nothing():
    assert mix_of("primary", [(0, "no", "no")]) == mix_of("primary", [(1, "no", "no")])
    assert mix_of("secondary", [(12, "no", "no"), (8, "yes", "no")]) == mix_of(
        "secondary", [(8, "yes", "no")]
    )
    assert mix_of("alternative_provision", [(9, "no", "no")]) is None


@pytest.mark.parametrize(
    ("phase", "pupils", "points"),
    [
        ("primary", 30, 3.0),
        ("primary", 210, 1.1),
        ("primary", 420, 0.8),
        ("secondary", 60, 3.6),
        ("secondary", 900, 0.9),
    ],
)
def test_pupils_are_the_unit_of_chance(phase, pupils, points):
    """As worked out beforehand from the same bands by somebody else."""
    assert 100 * half_width(phase, pupils) == pytest.approx(points, abs=0.12)


def test_nothing_is_chance_without_pupils_or_without_figures():
    assert half_width("primary", 0) is None
    assert half_width("alternative_provision", 90) is None
