"""Our measures give DfE's published percentages from DfE's counts: on every row of its file, and on rows quoted here."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.measures import flag_absence, rate, with_rates
from attendance_lib.intake.dfe import PERCENTAGES, REASONS
from attendance_lib.rules.benchmarks import benchmark
from attendance_lib.rules.codes import CODES, OLD_CODES_TO, Category, categories_on
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SEVERE_ABSENCE, band_of

ROOT = Path(__file__).parents[2]
QUOTED = ROOT / "tests" / "rules" / "data"
SHARED = ROOT.parent / "shared" / "data"
DFE_FILE = SHARED / "dfe-attendance" / "EES_ytd_data_2026-07-23.csv"
BANDS_FILE = SHARED / "dfe-absence-bands" / "england_bands_by_characteristic.csv"
BAND_ROWS_FILE = SHARED / "dfe-absence-bands" / "absence_bands_distributions_national_rows.csv"
SUPPRESSED = "c"
LAST_DAY = np.datetime64("2026-07-10")

OURS = {
    "possible_sessions": "possible_sessions",
    "present_sessions": "present_sessions",
    "overall_attendance": "attended_sessions",
    "approved_educational_activity": "approved_activity_sessions",
    "overall_absence": "absence_sessions",
    "authorised_absence": "authorised_absence_sessions",
    "unauthorised_absence": "unauthorised_absence_sessions",
}
# The file is written with 15 significant digits.
PUBLISHED_DIGITS = 1e-13


def read_dfe_file():
    """Every row of DfE's file, numbers as numbers; rows DfE suppressed are left out and counted by a test below."""
    rows = pd.read_csv(DFE_FILE, dtype=str)
    rows = rows[rows["possible_sessions"] != SUPPRESSED]
    figures = [
        name
        for name in rows
        if name.startswith("reason_") or name.endswith("_perc") or name in [*OURS, "late_sessions"]
    ]
    return rows.assign(**rows[figures].apply(pd.to_numeric)).reset_index(drop=True)


def read_quoted():
    return (
        pd.read_csv(QUOTED / "dfe_national_2025_26.csv", index_col="figure")
        .T.rename_axis("education_phase")
        .reset_index()
    )


@pytest.fixture(params=["quoted", "file"], scope="module")
def dfe(request):
    if request.param == "file" and not DFE_FILE.exists():
        pytest.skip("DfE's whole file lies beside the project (../shared) and is not here")
    return read_dfe_file() if request.param == "file" else read_quoted()


def sessions_by_code(dfe):
    """DfE's reason columns under our letters: one column per code."""
    letters = {name: re.match(r"reason_([a-z]\d?)_", name) for name in dfe}
    named = {match[1].upper(): dfe[name] for name, match in letters.items() if match}
    return pd.DataFrame({"/": dfe["reason_present_am"], "\\": dfe["reason_present_pm"], **named})


def category_of(letter):
    """How a code counts at the end of the year; a withdrawn one, of which DfE's file has a few, as it did while in force."""
    days = np.array([LAST_DAY, np.datetime64(OLD_CODES_TO)])
    now, before = categories_on(days)[[code.letter for code in CODES].index(letter)]
    return Category(before if now == Category.UNCLASSIFIED else now)


def sessions_in(dfe, category):
    by_code = sessions_by_code(dfe)
    return by_code[[letter for letter in by_code if category_of(letter) is category]].sum(axis=1)


def assert_as_published(ours, published):
    np.testing.assert_allclose(100 * ours, published.astype(float), rtol=PUBLISHED_DIGITS, atol=0)


# Percentages


@pytest.mark.parametrize(("ours", "published"), PERCENTAGES.items())
def test_our_rates_are_the_published_percentages(dfe, ours, published):
    late_after_close = sessions_by_code(dfe)["U"]
    measures = with_rates(dfe.rename(columns=OURS).assign(late_after_close_sessions=late_after_close))
    assert_as_published(measures[ours], dfe[published])


@pytest.mark.parametrize(("letter", "published"), REASONS.items())
def test_the_rate_of_each_reason_is_the_published_percentage(dfe, letter, published):
    assert_as_published(rate(sessions_by_code(dfe)[letter], dfe["possible_sessions"]), dfe[published])


# Counts, rebuilt from the codes through the categories of rules.codes


def test_our_present_codes_make_the_published_present_sessions(dfe):
    assert (sessions_in(dfe, Category.PRESENT) == dfe["present_sessions"]).all()


def test_our_approved_activity_codes_make_the_published_ones(dfe):
    assert (sessions_in(dfe, Category.APPROVED_ACTIVITY) == dfe["approved_educational_activity"]).all()


def test_our_unauthorised_codes_make_the_published_unauthorised_absence(dfe):
    assert (sessions_in(dfe, Category.UNAUTHORISED_ABSENCE) == dfe["unauthorised_absence"]).all()


def test_our_attended_sessions_are_the_published_attendance(dfe):
    attended = sessions_in(dfe, Category.PRESENT) + sessions_in(dfe, Category.APPROVED_ACTIVITY)
    assert (attended == dfe["overall_attendance"]).all()


def test_attended_and_absent_make_the_possible_sessions(dfe):
    assert (dfe["overall_attendance"] + dfe["overall_absence"] == dfe["possible_sessions"]).all()
    assert (dfe["authorised_absence"] + dfe["unauthorised_absence"] == dfe["overall_absence"]).all()


def test_late_sessions_are_those_of_our_late_codes(dfe):
    late = [code.letter for code in CODES if code.is_late]
    assert (sessions_by_code(dfe)[late].sum(axis=1) == dfe["late_sessions"]).all()


def test_no_code_of_the_file_lies_outside_the_possible_sessions(dfe):
    counted = {
        Category.PRESENT,
        Category.APPROVED_ACTIVITY,
        Category.AUTHORISED_ABSENCE,
        Category.UNAUTHORISED_ABSENCE,
    }
    assert {category_of(letter) for letter in sessions_by_code(dfe)} == counted


def test_our_authorised_codes_make_the_published_authorised_absence_but_for_a_withdrawn_code(dfe):
    """The one place where DfE's file does not add up from its own columns.

    Published authorised absence is above the sum of its reasons by at most 106 of 110,576,083 sessions
    (England): too few for any code in force. It looks like withdrawn F, which has no column in the file.
    """
    left_over = dfe["authorised_absence"] - sessions_in(dfe, Category.AUTHORISED_ABSENCE)
    assert left_over.between(0, 106).all()
    england = dfe[dfe["reason_present"] == dfe["reason_present"].max()].index
    assert left_over[england].tolist() == [106]


# Facts about the whole file


needs_file = pytest.mark.skipif(
    not DFE_FILE.exists(), reason="DfE's whole file is not beside the project (../shared)"
)


@needs_file
def test_the_file_has_647_rows_of_which_four_are_suppressed():
    assert (len(pd.read_csv(DFE_FILE)), len(read_dfe_file())) == (647, 643)


@needs_file
def test_authorised_absence_adds_up_from_its_reasons_on_all_but_51_rows():
    dfe = read_dfe_file()
    left_over = dfe["authorised_absence"] - sessions_in(dfe, Category.AUTHORISED_ABSENCE)
    assert ((left_over == 0).sum(), (left_over > 0).sum()) == (592, 51)


@needs_file
def test_the_quoted_rows_are_the_national_rows_of_the_file():
    quoted = read_quoted().set_index("education_phase")
    file = read_dfe_file()
    national = file[file["geographic_level"] == "National"].set_index("education_phase")
    pd.testing.assert_frame_equal(
        national.loc[quoted.index, quoted.columns].astype(float),
        quoted.astype(float),
        check_names=False,
        rtol=0,
    )


# Persistent and severe absence from DfE's bands, 2016/17 to 2022/23 (2019/20 was not published)

LOWER_EDGES = [5 * number for number in range(11)]
BAND_COLUMNS = [f"band_{edge}" for edge in LOWER_EDGES]


def read_bands():
    return pd.read_csv(
        QUOTED / "dfe_absence_bands.csv", dtype={"school_year": str, "pa_pct": str, "sa_pct": str}
    )


def percent_meeting(threshold, bands):
    """Percent of enrolments in the bands that lie on or above the limit, as text with two decimals."""
    met = [
        column for edge, column in zip(LOWER_EDGES, BAND_COLUMNS, strict=True) if threshold.is_met(edge, 100)
    ]
    return (100 * bands[met].sum(axis=1) / bands[BAND_COLUMNS].sum(axis=1)).map("{:.2f}".format)


def two_decimals(published):
    return published.map(lambda text: f"{float(text):.2f}")


@pytest.mark.parametrize(
    ("threshold", "published"), [(PERSISTENT_ABSENCE, "pa_pct"), (SEVERE_ABSENCE, "sa_pct")]
)
def test_six_years_of_absence_follow_from_the_bands(threshold, published):
    bands = read_bands()
    assert bands["school_year"].nunique() == 6
    assert percent_meeting(threshold, bands).tolist() == two_decimals(bands[published]).tolist()


def test_no_enrolment_is_lost_between_the_bands():
    bands = read_bands()
    assert bands[BAND_COLUMNS].sum(axis=1).tolist() == bands["enrolments"].tolist()


def test_our_flags_take_an_enrolment_at_each_lower_edge_as_dfe_does():
    flags = flag_absence(pd.DataFrame({"absence_sessions": LOWER_EDGES, "possible_sessions": 100}))
    assert flags["is_persistently_absent"].tolist() == [False, False] + [True] * 9
    assert flags["is_severely_absent"].tolist() == [False] * 10 + [True]
    assert flags["band"].tolist() == [band_of(edge, 100).name for edge in LOWER_EDGES]


@pytest.mark.parametrize(
    ("measure", "threshold"),
    [("persistent_absence_rate", PERSISTENT_ABSENCE), ("severe_absence_rate", SEVERE_ABSENCE)],
)
def test_the_census_benchmarks_follow_from_the_bands(measure, threshold):
    bands = read_bands()
    phases = bands["phase"].str.lower().replace("total", "all")
    years = zip(phases, bands["school_year"], strict=True)
    quoted = [benchmark("census", phase, measure, year) for phase, year in years]
    ours = percent_meeting(threshold, bands)
    known = [figure is not None for figure in quoted]
    assert sum(known) == 5 * 4
    assert [figure.percent for figure in quoted if figure] == ours[known].tolist()


@pytest.mark.skipif(
    not BANDS_FILE.exists(), reason="DfE's bands lie beside the project (../shared) and are not here"
)
def test_every_group_of_the_published_bands_has_its_bands_add_up():
    """Shares are published to 0.01, so the sum of four of them is within 0.02 of the published one."""
    bands = pd.read_csv(BANDS_FILE)
    lower = {
        "band_0_5": 0,
        "band_5_10": 5,
        "band_10_15": 10,
        "band_15_20": 15,
        "band_20_50": 20,
        "band_50_100": 50,
    }
    for threshold, published in [(PERSISTENT_ABSENCE, "pa_pct"), (SEVERE_ABSENCE, "sa_pct")]:
        met = [name for name, edge in lower.items() if threshold.is_met(edge, 100)]
        assert (bands[met].sum(axis=1) - bands[published]).abs().max() < 0.02 + 1e-9


@pytest.mark.skipif(
    not BAND_ROWS_FILE.exists(), reason="DfE's band rows lie beside the project (../shared) and are not here"
)
def test_the_quoted_bands_are_the_sums_of_dfes_rows():
    phases = {"Special": "Special", "State-funded primary": "Primary", "State-funded secondary": "Secondary"}
    rows = pd.read_csv(BAND_ROWS_FILE, header=None, encoding="utf-8-sig", dtype={1: str})
    summed = rows.assign(phase=rows[10].map(phases)).groupby([1, "phase"])[list(range(15, 26))].sum()
    quoted = read_bands().set_index(["school_year", "phase"])[BAND_COLUMNS]
    assert summed.to_numpy().tolist() == quoted.loc[summed.index].to_numpy().tolist()
