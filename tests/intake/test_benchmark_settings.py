"""Figures and targets that a school enters: typed, named and refused with the remedy."""

from pathlib import Path

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.intake.settings.loading import DEMO_URN, load_settings
from attendance_lib.rules.benchmarks import Level, Series

ENTERED = """\
benchmarks:
  la_code: "383"
  local_authority:
    - {measure: persistent_absence, percent: 21.4, series: daily, period: year to date, last_date: 2026-07-17,
       source: "Leeds, attendance bulletin, July 2026"}
  similar_schools:
    - {measure: attendance, percent: 92, series: census, period: full year, last_date: 2025-07-22, source: "DfE tool"}
  targets:
    attendance: {percent: 93.5, by: 2027-07-20, source: "School improvement plan"}
    overall_absence: {percent: 6.5, source: "School improvement plan"}
    abie: {percent: 92.8, source: "DfE, November 2026"}
calendar:"""


def entered(*change):
    return [("calendar:", ENTERED.replace(*change) if change else ENTERED)]


def test_entered_figures_become_benchmarks_that_say_what_they_are(read_changed):
    authority, similar = read_changed(settings=entered()).benchmarks
    assert (authority.level, authority.measure, authority.rate) == (
        Level.LOCAL_AUTHORITY,
        "persistent_absence_rate",
        0.214,
    )
    assert authority.label == (
        "Local authority, daily data, school year 2025/26 to date, to 17 Jul 2026, from Leeds, attendance bulletin, July 2026"
    )
    assert (similar.level, similar.series, similar.school_year) == (
        Level.SIMILAR_SCHOOLS,
        Series.CENSUS,
        "202425",
    )
    assert similar.label == "Similar schools, census, school year 2024/25, from DfE tool"
    assert similar.source == "DfE tool"


def test_targets_go_by_the_names_of_our_measures(read_changed):
    targets = read_changed(settings=entered()).settings.benchmarks.targets
    assert {name: target.percent for name, target in targets.by_measure().items()} == {
        "attendance_rate": 93.5,
        "absence_rate": 6.5,
    }
    assert (targets.abie.percent, targets.abie.source) == (92.8, "DfE, November 2026")


def test_all_of_it_may_be_left_out(read_changed):
    school = read_changed()
    assert school.benchmarks == ()
    assert school.settings.benchmarks.targets.by_measure() == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "percent: 21.4",
            "percent: 121.4",
            r"benchmarks.local_authority\[0\].percent': 121.4 must be at most 100",
        ),
        ("percent: 21.4", 'percent: "21.4"', "'21.4' .*valid number"),
        (
            "percent: 92,",
            "percent: 0.92,",
            r"attendance of 0.92 per cent, which looks like a fraction. Write 92\.",
        ),
        ("percent: 92.8", "percent: 0.928", r"fraction. Write 92.8\."),
        ("measure: attendance", "measure: presence", "'presence' must be 'attendance', 'overall_absence'"),
        ("series: daily", "series: quick", "'quick' must be 'daily' or 'census'"),
        ("series: daily", "series: census", "but the census covers whole terms or years"),
        ("period: full year", "period: half term", "'half term' must be 'autumn term'"),
        ("last_date: 2026-07-17", "last_date: soon", "'soon' must be a date"),
        (', source: "DfE tool"', "", r"similar_schools\[0\].source': it is missing. Add it"),
        ('la_code: "383"', 'la_code: "Leeds"', "'Leeds' does not have the form"),
        ("abie:", "abi:", "there is no such setting. Did you mean 'abie'"),
        ("local_authority:", "dfe_fil: x\n  local_authority:", "Did you mean 'dfe_file'"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(read_changed, old, new, message):
    with pytest.raises(SettingsError, match=message) as told:
        read_changed(settings=entered(old, new))
    assert "school.yml, line " in str(told.value)


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("Leeds, attendance bulletin, July 2026", r"local_authority\[0\]"),
        ("DfE tool", r"similar_schools\[0\]"),
        ("DfE, November 2026", r"targets.abie"),
    ],
)
def test_figures_of_the_demo_school_are_refused_in_any_other(read_changed, source, key):
    changed = entered(f'source: "{source}"', 'source: "Invented: a bulletin"')
    with pytest.raises(
        SettingsError,
        match=rf"benchmarks.{key}.source': 'Invented: a bulletin' is a figure of the demo school's",
    ):
        read_changed(settings=changed)
    assert read_changed(settings=[('urn: "990003"', 'urn: "990001"')]).benchmarks


def test_only_the_demo_s_own_file_holds_such_figures():
    demo = load_settings(Path(__file__).parents[2] / "params" / "demo.yml")
    assert demo.school.urn == DEMO_URN
    assert {source.partition(":")[0] for _, source in demo.benchmarks.typed()} == {"Invented"}
