"""DfE's newer files: every figure as DfE publishes it, and whatever is not its layout refused with the fix."""

import csv
from datetime import date
from pathlib import Path

import pytest

from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake.dfe import COUNTS, PERCENTAGES, PERSISTENT, REASONS, Release, read_release
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.settings.sources import check_files, export_files
from attendance_lib.rules.benchmarks import Level
from tests.intake.dfe_files import LEEDS, quoted_rows, write_dfe_file

DFE_FILE = Path(__file__).parents[3] / "shared" / "data" / "dfe-attendance" / "EES_ytd_data_2026-07-23.csv"
PUBLISHED = date(2026, 11, 5)


def read(path, la_code=None, **known):
    return read_release(Release(Export(path), PUBLISHED, **known), la_code)


def written(tmp_path, rows):
    return write_dfe_file(tmp_path / "EES_ytd_data_2026-11-05.csv", rows)


def percent(figures, phase, measure, value="", level=Level.ENGLAND):
    (found,) = [
        each.percent
        for each in figures
        if (each.phase, each.measure, each.value, each.level) == (phase, measure, value, level)
    ]
    return float(found)


# Figures


@pytest.fixture(params=["quoted", "file"])
def published(request, tmp_path):
    """DfE's national rows: those quoted in the project, and the whole file where it lies beside the project."""
    if request.param == "file" and not DFE_FILE.exists():
        pytest.skip("DfE's whole file lies beside the project (../shared) and is not here")
    path = DFE_FILE if request.param == "file" else written(tmp_path, quoted_rows())
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["geographic_level"] == "National"]
    return read(path), {
        {"Total": "all"}.get(row["education_phase"], row["education_phase"].lower()): row for row in rows
    }


@pytest.mark.parametrize("phase", ["all", "primary", "secondary", "special"])
def test_each_figure_is_dfes_own_percentage(published, phase):
    figures, rows = published
    for measure, column in (PERCENTAGES | PERSISTENT).items():
        assert percent(figures, phase, measure) == float(rows[phase][column])
    for letter, column in REASONS.items():
        assert percent(figures, phase, "code_rate", letter) == float(rows[phase][column])
    for measure, column in COUNTS.items():
        sessions, possible = float(rows[phase][column]), float(rows[phase]["possible_sessions"])
        assert percent(figures, phase, measure) == pytest.approx(100 * sessions / possible, rel=1e-12)


def test_secondary_schools_of_2025_26_in_words_of_dfes_commentary(published):
    """DOMAIN 5.3, read in DfE's commentary of the release: 8.49, 5.22, 3.27, 23.77; late 2.79, 0.30, 3.09; I 3.63."""
    figures, _ = published
    expected = {
        "absence_rate": 8.49, "authorised_absence_rate": 5.22, "unauthorised_absence_rate": 3.27,
        "persistent_absence_rate": 23.77, "late_before_close_rate": 2.79, "late_after_close_rate": 0.30, "late_rate": 3.09,
    }  # fmt: skip
    assert {name: round(percent(figures, "secondary", name), 2) for name in expected} == expected
    assert round(percent(figures, "secondary", "code_rate", "I"), 2) == 3.63


def test_a_figure_says_where_it_stands_and_what_it_covers(tmp_path):
    path = written(tmp_path, quoted_rows())
    days = {"first_date": date(2026, 9, 7), "last_date": date(2026, 10, 23)}
    bare, dated = (read(path, **known)[0] for known in ({}, days))
    assert bare.label == "England, daily data, school year 2026/27 to date, published 5 Nov 2026"
    assert dated.label == "England, daily data, 7 Sep 2026 to 23 Oct 2026"
    assert bare.source == (
        "DfE, Pupil attendance in schools, file EES_ytd_data_2026-11-05.csv published 5 Nov 2026"
    )


@pytest.mark.parametrize("code", ["E08000035", "383"])
def test_the_school_s_own_authority_is_read_by_either_code(tmp_path, code):
    leeds = [row | LEEDS | {"pa_perc": "25.5"} for row in quoted_rows()[:1]]
    other = [row | LEEDS | {"new_la_code": "E08000034", "old_la_code": "382"} for row in quoted_rows()]
    figures = read(written(tmp_path, quoted_rows() + leeds + other), code)
    of_leeds = [each for each in figures if each.level is Level.LOCAL_AUTHORITY]
    assert {each.area for each in of_leeds} == {"Leeds"}
    assert {each.phase for each in of_leeds} == {quoted_rows()[0]["education_phase"].lower()}
    assert percent(figures, of_leeds[0].phase, "persistent_absence_rate", level=Level.LOCAL_AUTHORITY) == 25.5
    assert of_leeds[0].label.startswith("Leeds, daily data, ")


def test_a_figure_that_dfe_withheld_is_left_out(tmp_path):
    rows = quoted_rows()
    withheld = (
        rows[0]
        | LEEDS
        | dict.fromkeys([name for name in rows[0] if name.endswith(("_perc", "_sessions"))], "c")
    )
    withheld |= {
        name: "c" for name in rows[0] if name.startswith(("reason_", "overall_", "authorised", "approved"))
    }
    figures = read(written(tmp_path, [*rows, withheld]), "383")
    assert [each for each in figures if each.level is Level.LOCAL_AUTHORITY] == []
    assert len(figures) == 4 * (len(PERCENTAGES) + len(PERSISTENT) + len(COUNTS) + len(REASONS))


def test_a_file_of_weeks_gives_each_week_with_its_monday_and_friday(tmp_path):
    rows = [
        {name: value for name, value in row.items() if name != "pa_perc"}
        | {"time_period": str(year), "time_identifier": f"Week {week}"}
        for row in quoted_rows()[1:2]
        for year, week in ((2026, 37), (2026, 53), (2027, 1))
    ]
    figures = [each for each in read(written(tmp_path, rows)) if each.measure == "attendance_rate"]
    assert [(str(each.first_date), str(each.last_date)) for each in figures] == [
        ("2026-09-07", "2026-09-11"), ("2026-12-28", "2027-01-01"), ("2027-01-04", "2027-01-08")
    ]  # fmt: skip
    assert {(each.school_year, each.period) for each in figures} == {("202627", "week")}


def test_terms_are_told_from_the_year(tmp_path):
    rows = [row | {"time_identifier": "Autumn term"} for row in quoted_rows()]
    figures = read(written(tmp_path, rows), last_date=date(2026, 10, 23))
    assert {(each.period, each.last_date) for each in figures} == {("autumn term", None)}


# Refusals


def spoilt(rows, **cells):
    return [rows[0] | cells, *rows[1:]]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"attendance_perc": "?"}, r"row 2, column 'attendance_perc': '\?' is neither a number nor one of DfE's symbols"),
        ({"attendance_perc": "931.1"}, "row 2, column 'attendance_perc': '931.1' is more than 100 per cent"),
        ({"attendance_perc": "90.0"}, "row 2, column 'attendance_perc': '90.0' and overall_absence_perc .* do not make 100"),
        ({"pa_perc": "lots"}, "row 2, column 'pa_perc': 'lots' is neither"),
        # More than all there were, and so many that no rate of them can be written.
        *(({"possible_sessions": "200", "late_sessions": count}, "more than all sessions that were possible")
          for count in ("201", "9" * 40)),
        ({"education_phase": "Nursery"}, r"row 2, column 'education_phase': 'Nursery' is no phase of DfE's \(Total, Primary"),
        ({"time_identifier": "Half term 1"}, "row 2, column 'time_identifier': 'Half term 1' is none of Academic year"),
        ({"time_identifier": "Week 54"}, "'Week 54' is none of"),
        ({"time_identifier": "Week 53", "time_period": "2025"}, "'Week 53' is no week of 2025"),
        ({"time_period": "2026"}, "row 2, column 'time_period': '2026' is not a school year such as 202627"),
        ({"time_identifier": "Week 40"}, "'202627' is not a year such as 2026"),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_dfes_is_refused_with_its_place_and_value(tmp_path, cells, message):
    with pytest.raises(InputError, match=message):
        read(written(tmp_path, spoilt(quoted_rows(), **cells)))


def test_another_layout_is_refused_with_the_columns_it_lacks_and_where_the_right_one_is(tmp_path):
    rows = [
        {name: value for name, value in row.items() if name not in ("late_sessions", "possible_sessions")}
        for row in quoted_rows()
    ]
    with pytest.raises(
        InputError, match="row 1: this is not the layout of EES_ytd_data; it has no column"
    ) as told:
        read(written(tmp_path, rows))
    assert "'possible_sessions', 'late_sessions'. Take the file EES_ytd_data.csv" in str(told.value)


def test_a_file_without_england_is_refused(tmp_path):
    with pytest.raises(InputError, match="no row is National, so there is no figure for England"):
        read(written(tmp_path, [row | LEEDS for row in quoted_rows()]))


def test_an_authority_that_is_not_in_the_file_is_refused_with_how_codes_look(tmp_path):
    rows = quoted_rows() + [row | LEEDS for row in quoted_rows()]
    with pytest.raises(
        InputError, match=r"'384'\. Its codes are such as E08000035 or 383 \(Leeds\)\. Correct benchmarks"
    ):
        read(written(tmp_path, rows), "384")


def test_a_figure_told_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match="there are two rows for England"):
        read(written(tmp_path, quoted_rows() * 2))


# The place that the school file names


def said(text):
    return [("calendar:", f"benchmarks: {{{text}}}\ncalendar:")]


@pytest.mark.parametrize(
    "place", ["dfe", "dfe/EES_ytd_data_*.csv", "dfe/EES_ytd_data_2026-11-05.csv", "dfe/"]
)
def test_a_newer_file_put_where_the_school_file_says_is_read(school_folder, read_changed, place):
    write_dfe_file(school_folder / "dfe" / "EES_ytd_data_2026-11-05.csv", quoted_rows())
    school = read_changed(settings=said(f'dfe_file: "{place}"'))
    assert percent(school.benchmarks, "secondary", "absence_rate") == 8.4897819092997
    assert {str(each.published) for each in school.benchmarks} == {"2026-11-05"}
    assert "EES_ytd_data_2026-11-05.csv" in [path.name for path in export_files(school.settings)]


@pytest.mark.parametrize("place", ["dfe", "dfe/*.csv"])
def test_a_place_may_be_empty_until_a_file_is_put_there(school_folder, read_changed, place):
    (school_folder / "dfe").mkdir()
    assert read_changed(settings=said(f'dfe_file: "{place}"')).benchmarks == ()


@pytest.mark.parametrize("place", ["dfe/EES_ytd_data.csv", "dfe/*.csv"])
def test_a_place_that_is_not_there_is_refused(read_changed, place):
    with pytest.raises(
        SettingsError, match=r"benchmarks\.dfe_file: there is no file or folder .*Put DfE's file there"
    ):
        check_files(read_changed(settings=said(f'dfe_file: "{place}"')).settings)


def test_the_day_of_publishing_comes_from_the_school_file_where_the_name_has_none(
    school_folder, read_changed
):
    write_dfe_file(school_folder / "EES_ytd_data.csv", quoted_rows())
    known = 'dfe_file: {path: "EES_ytd_data.csv", published: 2026-11-05, last_date: 2026-10-23}'
    figure = read_changed(settings=said(known)).benchmarks[0]
    assert (str(figure.published), str(figure.last_date)) == ("2026-11-05", "2026-10-23")
    assert figure.covers == "school year 2026/27 to date, to 23 Oct 2026"


def test_without_any_day_of_publishing_the_file_is_refused(school_folder, read_changed):
    write_dfe_file(school_folder / "EES_ytd_data.csv", quoted_rows())
    with pytest.raises(
        InputError,
        match=r"EES_ytd_data.csv: nothing says on which day .*EES_ytd_data_2026-11-05.csv, or write",
    ):
        read_changed(settings=said('dfe_file: "EES_ytd_data.csv"'))


def test_several_files_need_a_day_each(school_folder, read_changed):
    for name in ("EES_ytd_data_a.csv", "EES_ytd_data_2026-11-05.csv"):
        write_dfe_file(school_folder / "dfe" / name, quoted_rows())
    with pytest.raises(InputError, match=r"EES_ytd_data_a.csv: nothing says .*so that each file has its own"):
        read_changed(settings=said('dfe_file: {path: "dfe", published: 2026-11-05}'))


def test_what_is_wrong_with_a_file_refuses_the_school_with_everything_else(school_folder, read_changed):
    (school_folder / "dfe_2026-11-05.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    changes = {"marks.csv": ("2026-09-14,PM,N", "2026-13-14,PM,N")}
    with pytest.raises(InputError) as told:
        read_changed(changes, said('dfe_file: "dfe_2026-11-05.csv"'))
    assert {problem.partition(",")[0] for problem in told.value.problems} >= {
        "marks.csv",
        "dfe_2026-11-05.csv",
    }


def as_of_2023(rows):
    """Rows as DfE wrote them in 2023: the phase a school type, Travellers by the old name, no reasons of the 2024 codes."""
    names = {"education_phase": "school_type", "auth_mob_perc": "auth_grt_perc"}
    later = {REASONS[letter] for letter in ("C1", "J1", "C2")}
    return [
        {names.get(name, name): value for name, value in row.items() if name not in later} for row in rows
    ]


def test_a_file_of_before_september_2025_is_read(tmp_path):
    figures = read(written(tmp_path, as_of_2023(quoted_rows())))
    now = read(written(tmp_path / "now", quoted_rows()))
    newer = [each for each in now if each.value not in ("C1", "J1", "C2")]
    assert [(each.phase, each.measure, each.value, each.percent) for each in figures] == [
        (each.phase, each.measure, each.value, each.percent) for each in newer
    ]


@pytest.mark.parametrize("column", ["attendance_date", "day_number"])
def test_a_file_of_days_is_called_that(tmp_path, column):
    rows = [
        {column: "2022-09-12"} | row | {"time_identifier": "Week 37", "time_period": "2022"}
        for row in as_of_2023(quoted_rows())
    ]
    with pytest.raises(
        InputError, match=f"this is DfE's file of days .column '{column}'.*year to date and weeks"
    ):
        read(written(tmp_path, rows))
