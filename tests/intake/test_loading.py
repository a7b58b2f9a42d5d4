"""A school file is read whole: every setting is known, typed and said by name where it cannot be used."""

import re
from datetime import date

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.intake.settings.loading import load_settings


def test_the_school_file_becomes_frozen_settings_and_a_calendar(changed):
    settings = changed()
    assert (settings.school.urn, settings.exports.pupils[0].path, settings.file.name) == (
        "990003",
        "pupils.csv",
        "school.yml",
    )
    assert settings.build_calendar().school_days[0] == date(2026, 9, 7)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("phase:", "fase:", "line 4, key 'school.fase': there is no such setting. Did you mean 'phase'"),
        ('urn: "990003"', "urn: 990003", "990003 must be text. Write it in quotes: urn: \"990003\""),
        ('"990003"', '"12345"', "'12345' does not have the form"),
        ("secondary", "college", "'college' must be 'primary', 'secondary'"),
        ("[7, 8]", "seven", "'seven' must be a list"),
        ("[7, 8]", "[]", "empty list"),
        ("[7, 8]", '["7"]', r"key 'school.year_groups\[0\]': '7' must be a whole number"),
        ("[7, 8]", "[99]", "99 must be at most 14"),
        ('"08:40"', '"8:40"', "'8:40' must be a time of day as HH:MM"),
        ('"08:40"', '"09:40"', "opens at 09:40 and closes at 09:10"),
        ('path: "pupils.csv"', 'pth: "pupils.csv"', r"pth': there is no such setting. Did you mean 'path'"),
        ('path: "marks*.csv"', 'path: "marks*.csv", layout: tidi', "no layout 'tidi'. Did you mean 'tidy'"),
        ('path: "marks*.csv"', 'path: "m.csv", columns: {cod: "Mark"}', "marks has no column 'cod'. Did you mean 'code'"),
        ('path: "marks*.csv"', 'path: "m.csv", codes: {I01: J9}', "codes.I01': 'J9' is no register code. Write one of #, /"),
        ('path: "marks*.csv"', 'path: "m.csv", codes: {I01: 1}', "codes.I01': 1 must be text. Write it in quotes"),
        ('path: "pupils.csv"', 'path: "p.csv", codes: {I01: I}', "codes': pupils have no register codes. Leave the key out."),
        ("2026-09-07", '"2026-09-07"', "'2026-09-07' must be a date"),
        ("start: 2026-09-07", "start: 2026-10-30", "starts on 2026-10-30, after its end"),
        ("end: 2026-10-23", "end: 2026-11-02", "the half term before it ends on 2026-11-02"),
        ("end: 2026-10-23", "end: 2026-11-10", "starts on 2026-11-02, but the half term before it ends on 2026-11-10"),
        ('"202627"', '"202526"', r"does not lie in school year '202526'.*school_year: \"202627\""),
        ("calendar:", "calendar:\n  closures: [{date: 2026-10-28}]", "2026-10-28 lies in no half term"),
        ("calendar:", "calendar:\n  week_labels: {A: [2026-09-08]}", "2026-09-08 is a Tuesday"),
        ("calendar:", "calendar:\n  week_labels: {A: [2026-09-07], B: [2026-09-07]}", "labelled 'A' already"),
        ("calendar:", "rules: {suppression_level: 3}\ncalendar:", "3 must be 5 or 10. Write one of these"),
        ("calendar:", "rules: {short_enrolment_sessions: -1}\ncalendar:", "-1 must be at least 0"),
        ("exports:", "staff: [{role: Head}]\nexports:", r"key 'staff\[0\].name': it is missing"),
        ("calendar:", "rules: 5\ncalendar:", "5 must be a set of 'key: value' lines"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_refused_by_name(changed, old, new, message):
    with pytest.raises(SettingsError, match=message):
        changed((old, new))


def test_two_terms_of_one_name_are_refused(changed):
    again = '    - school_year: "202627"\n      name: autumn\n      half_terms: [{start: 2027-01-04, end: 2027-02-12}]\n'
    with pytest.raises(SettingsError, match="two terms called 'autumn'"):
        changed(("end: 2026-12-18}\n", "end: 2026-12-18}\n" + again))


@pytest.mark.parametrize(("closes", "caveats"), [("09:10", 0), ("09:11", 1)])
def test_a_register_open_for_more_than_thirty_minutes_is_a_caveat(changed, closes, caveats):
    assert len(changed(("09:10", closes)).caveats()) == caveats


@pytest.mark.parametrize(("length", "refused"), [(120, False), (121, True), (255, True)])
def test_a_schools_name_fits_in_a_folder_and_in_the_head_of_a_page(school_folder, length, refused):
    path = school_folder / "school.yml"
    named = re.sub(r"name: .*", f'name: "{"x" * length}"', path.read_text(encoding="utf-8"), count=1)
    path.write_text(named, encoding="utf-8")
    if not refused:
        assert len(load_settings(path).school.name) == length
        return
    said = r"key 'school.name': 'x+' is longer than 120 characters. Shorten it"
    with pytest.raises(SettingsError, match=said):
        load_settings(path)
