"""Absence of the invented school is like a secondary school's."""

from collections import Counter

import pandas as pd
import pytest

# DOMAIN 1.1, written out again so that the count does not rest on the library's own rules.
AUTHORISED = {"I", "M", "C", "C1", "C2", "E", "R", "S", "T", "J1"}
UNAUTHORISED = {"G", "N", "O", "U"}
ATTENDING = {"/", "\\", "L", "B", "K", "P", "V", "W"}


@pytest.fixture(scope="session")
def pupil_totals(demo):
    """Possible, absent and unauthorised sessions of each pupil in each school year."""
    counts = {}
    for (pupil, day, _), code in demo.marks.items():
        absent, possible = code in AUTHORISED | UNAUTHORISED, code in AUTHORISED | UNAUTHORISED | ATTENDING
        row = counts.setdefault(("2025/26" if day < "2026-08-01" else "2026/27", pupil), [0, 0, 0])
        row[0], row[1], row[2] = row[0] + possible, row[1] + absent, row[2] + (code in UNAUTHORISED)
    index = pd.MultiIndex.from_tuples(counts, names=["school_year", "pupil_id"])
    return pd.DataFrame(list(counts.values()), index, columns=["possible", "absent", "unauthorised"])


@pytest.fixture(scope="session")
def codes_2025_26(demo):
    return Counter(code for (_, day, _), code in demo.marks.items() if day < "2026-08-01")


@pytest.mark.parametrize(
    ("year", "measure", "low", "high"),
    [
        ("2025/26", "absent", 0.080, 0.092),
        ("2025/26", "unauthorised", 0.029, 0.037),
        ("2026/27", "absent", 0.065, 0.085),
        ("2026/27", "unauthorised", 0.025, 0.037),
    ],
)
def test_absence_is_like_a_secondary_school_s(pupil_totals, year, measure, low, high):
    totals = pupil_totals.loc[year].sum()
    assert low <= totals[measure] / totals["possible"] <= high


@pytest.mark.parametrize(("year", "low", "high"), [("2025/26", 0.22, 0.26), ("2026/27", 0.20, 0.26)])
def test_persistent_absence_is_like_a_secondary_school_s(pupil_totals, year, low, high):
    totals = pupil_totals.loc[year].query("possible > 0")
    assert low <= (10 * totals["absent"] >= totals["possible"]).mean() <= high


def test_severe_absence_is_like_a_secondary_school_s(pupil_totals):
    totals = pupil_totals.loc["2025/26"].query("possible > 0")
    assert 0.025 <= (2 * totals["absent"] >= totals["possible"]).mean() <= 0.045


# DOMAIN 5.3, secondary column, percent of possible sessions; half as much again or a third less is near enough.
@pytest.mark.parametrize(
    ("code", "national"),
    [("I", 3.63), ("M", 0.38), ("C", 0.43), ("C2", 0.32), ("E", 0.29), ("R", 0.06), ("G", 0.31), ("O", 2.61),
     ("N", 0.05), ("L", 2.79), ("U", 0.30), ("J1", 0.016)],
)  # fmt: skip
def test_the_mix_of_codes_is_near_the_national_one(codes_2025_26, code, national):
    possible = sum(
        count for letter, count in codes_2025_26.items() if letter in AUTHORISED | UNAUTHORISED | ATTENDING
    )
    assert national / 1.5 <= 100 * codes_2025_26[code] / possible <= national * 1.5


@pytest.mark.parametrize(
    ("column", "more", "less", "gap"),
    [
        ("fsm", "1", "0", 0.04),
        ("sen_status", "K", "N", 0.025),
        ("sen_status", "E", "N", 0.03),
        ("year_group", "11", "8", 0.01),
    ],
)
def test_groups_differ_as_they_do_nationally(demo, pupil_totals, column, more, less, gap):
    value = {row["pupil_id"]: row[column] for row in demo.pupils}
    groups = pupil_totals.loc["2025/26"].groupby(value).sum()
    rate = groups["absent"] / groups["possible"]
    assert gap <= rate[more] - rate[less] <= 0.12


def test_absence_is_highest_on_fridays(demo):
    absent, possible = Counter(), Counter()
    for (_, day, _), code in demo.marks.items():
        absent[day] += code in AUTHORISED | UNAUTHORISED
        possible[day] += code in AUTHORISED | UNAUTHORISED | ATTENDING
    days = pd.DataFrame({"absent": absent, "possible": possible})
    weekdays = days.groupby(pd.to_datetime(days.index).day_name()).sum()
    rate = weekdays["absent"] / weekdays["possible"]
    assert 0.008 <= rate["Friday"] - rate.drop("Friday").mean() <= 0.022
