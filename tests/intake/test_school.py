import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance_lib.errors import InputError, SettingsError
from tests.intake.findings import rules

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad-input" / "blns.json"


def test_a_good_school_is_read_without_a_finding(read_changed, codes_of):
    school = read_changed()
    assert codes_of(school)[("002", "09-14", "PM")] == "N"
    assert (school.log.findings, school.log.repairs, school.log.rows_read) == ((), (), 6)
    assert (school.lessons, school.interventions, school.notices) == (None, None, None)


def test_the_log_says_what_each_file_held(read_changed):
    pupils, marks = read_changed().log.files
    assert (pupils.rows, pupils.pupils, marks.rows, marks.pupils) == (3, 3, 6, 3)
    assert (str(marks.first_date), marks.layout, len(marks.sha256)) == ("2026-09-14", "tidy", 64)
    assert (pupils.sessions, marks.sessions) == (0, 2)


def test_a_file_s_sessions_are_those_with_a_mark(read_changed):
    *_, marks = read_changed({"marks.csv": ("PM,", "PM,-,")}).log.files
    assert marks.sessions == 1


@pytest.mark.parametrize(
    "dates",
    [("2026-09-14", "14/09/2026"), ("2026-09-14", "14 Sep 2026"), ("2026-09-14", "2026-09-14T08:40:00")],
)
def test_a_date_may_be_written_in_any_plain_way(read_changed, codes_of, dates):
    assert codes_of(read_changed({"marks.csv": dates}))[("001", "09-14", "AM")] == "/"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"marks.csv": "a,b\n1,2\n"},
            r"marks.csv: this is in none of the layouts we read \(.*tidy, weekly_wide, grid_xlsx\)",
        ),
        ({"marks.csv": ""}, "marks.csv: the file is empty"),
        ({"marks.csv": "pupil_id,date,session,code\n"}, "there are no marks in the exports"),
        (
            {"pupils.csv": ("year_group", "yeargrp")},
            "pupils.csv, row 1: there is no column 'year_group'. Did you mean 'yeargrp'",
        ),
        ({"pupils.csv": ("forename", "surname")}, "the heading 'surname' occurs 2 times"),
        ({"pupils.csv": ("Zoë,7,", "Zoë,7x,")}, "row 2, column 'year_group': '7x' is not a year group"),
        (
            {"pupils.csv": ("Zoë,7,", "Zoë,Nullina,")},
            "row 2, column 'year_group': a text of 7 characters is not a year group",
        ),
        ({"pupils.csv": ("001,A1", ",A1")}, "row 2, column 'pupil_id': a value is empty, but it is required"),
        (
            {"pupils.csv": ("2026-09-07,", "2026-09-07,2026-09-01")},
            "row 2: leaving_date is before admission_date",
        ),
        ({"pupils.csv": ("003,A3", "002,A3")}, "row 4: the pupil_id stands in another row too"),
        (
            {"pupils.csv": ("001,A1", "001,A1,X,Y,7,7A,2015-01-02,F,1,2025-09-03,2026-09-07\n001,A1")},
            "the two are on roll at the same time",
        ),
        ({"marks.csv": ("14,AM", "14,AM/PM")}, r"3 of 6 marks would be left out \(50.0%, limit 2%\)"),
        ({"marks.csv": (",I,", ",ill,")}, "(?s)2 of 6 marks.*'ill' 2 times"),
        (
            {"marks.csv": ("003,", "009,")},
            "(?s)2 of 6.*marks.csv, row 6, column 'pupil_id': 2 marks .* not in the pupils file .the first '009'",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_place(read_changed, change, message):
    with pytest.raises(InputError, match=message):
        read_changed(change)


def test_an_ambiguous_order_of_day_and_month_is_refused(read_changed):
    with pytest.raises(
        InputError, match="column 'date': dates such as 03/09/2026 could have the day or the month first"
    ):
        read_changed({"marks.csv": ("2026-09-14", "08/09/2026")})


def test_the_school_file_settles_an_ambiguous_order(read_changed, codes_of):
    order = [('path: "marks*.csv"', 'path: "marks*.csv", date_order: day_first')]
    assert ("001", "09-08", "AM") in codes_of(
        read_changed({"marks.csv": ("2026-09-14", "08/09/2026")}, order)
    )


def test_mixed_orders_are_refused(read_changed):
    with pytest.raises(InputError, match="some dates have the day first and some the month first"):
        read_changed({"marks.csv": "pupil_id,date,session,code\n001,14/09/2026,AM,/\n001,09/15/2026,AM,/\n"})


def test_problems_of_all_files_are_told_at_once(read_changed):
    with pytest.raises(InputError, match=r"(?s)pupils.csv.*marks.csv"):
        read_changed({"pupils.csv": ("year_group", "x"), "marks.csv": "a,b\n1,2\n"})


def test_a_missing_file_is_refused_by_name(read_changed):
    with pytest.raises(SettingsError, match=r"exports.marks: there is no file 'nowhere\*.csv'"):
        read_changed(settings=[("marks*.csv", "nowhere*.csv")])


@pytest.mark.parametrize(
    ("change", "rule", "count"),
    [
        ({"marks.csv": (",N,", ",J,")}, "code_not_in_force", 1),
        ({"marks.csv": (",AM,/,", ",AM,#,")}, "closed_when_open", 1),
        ({"pupils.csv": ("2015-01-02", "1965-01-02")}, "impossible_age", 1),
        ({"pupils.csv": ("2015-01-02", "2011-01-02")}, "age_against_year", 1),
        ({"pupils.csv": ("Zoë,7,", "Zoë,9,")}, "year_group_elsewhere", 1),
        ({"pupils.csv": ("7A,2015-01-02", "7A,2015-02-30")}, "unreadable_date_of_birth", 1),
        ({"pupils.csv": ("M,0", "Q,0")}, "unreadable_sex", 1),
        ({"marks.csv": (",8\n", ",soon\n")}, "unreadable_minutes_late", 1),
        (
            {"pupils.csv": ("001,A1", "004,A4,X,Y,7,7A,2015-01-02,F,1,2026-09-07,\n001,A1")},
            "pupils_without_marks",
            1,
        ),
    ],
)
def test_a_doubtful_value_is_a_finding_with_its_count(read_changed, change, rule, count):
    assert rules(read_changed(change)).get(rule) == count


@pytest.mark.parametrize(
    ("change", "rule", "count", "place"),
    [
        ({"marks.csv": ("2026-09-14,AM,/", "2026-09-19,AM,/")}, "marked_when_closed", 1, "marks.csv, row 2, column 'date'"),
        ({"marks.csv": ("003,2026-09-14,PM", "003,2062-09-14,PM")}, "marked_when_closed", 1, "marks.csv, row 7, column 'date'"),
        ({"pupils.csv": ("2026-09-07,", "2026-09-15,")}, "marked_off_roll", 2, "marks.csv, row 2, column 'date'"),
        ({"pupils.csv": ("Zoë,7,7A,2015-01-02,F,1,2026-09-07,", "Zoë,7,7A,2015-01-02,F,1,2025-09-07,2026-07-17")},
         "marked_off_roll", 2, "marks.csv, row 2, column 'date'"),
    ],
)  # fmt: skip
def test_a_mark_without_a_place_is_left_out_and_counted_with_its_row(
    checked_changed, change, rule, count, place
):
    checked = checked_changed(change)
    (finding,) = [each for each in checked.log.findings if each.rule == rule]
    assert (finding.count, checked.log.rows_dropped, checked.log.rows_read) == (count, count, 6)
    assert str(finding).startswith(place)
    assert any(str(finding) == problem for problem in checked.problems)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            ["2026-07-15", "2026-07-16"],
            "2 marks are of 2025/26, before the calendar's first day (2026-09-07), and are left out; the first is of 2026-07-15. "
            "Add the terms of that year under 'calendar'",
        ),
        (
            ["2026-07-15", "2026-07-16", "2026-09-06", "2027-01-05"],
            "4 marks are of 2025/26 and 2026/27, before the calendar's first day (2026-09-07) or after the calendar's last day "
            "(2026-12-18), and are left out",
        ),
        (
            ["2027-09-03"] * 20,
            "20 marks are of 2027/28, after the calendar's last day (2026-12-18), and are left out",
        ),
        # One day with few marks is a mistyped date.
        (["2027-09-03"] * 19, ""),
    ],
)
def test_marks_that_the_calendar_does_not_reach_are_told_with_the_year_whose_terms_are_missing(
    checked_changed, days, words
):
    pupils = (
        [f"{number:03}" for number in range(10, 10 + len(days))]
        if len(set(days)) == 1
        else ["001"] * len(days)
    )
    rolls = "".join(f"{pupil},,,,7,,,,,2025-09-07,\n" for pupil in dict.fromkeys(pupils) if pupil != "001")
    rows = "".join(f"{pupil},{day},AM,/,\n" for pupil, day in zip(pupils, days, strict=True))
    checked = checked_changed(
        {
            "pupils.csv": ("001,A1,Ó Briain,Zoë,7,7A,2015-01-02,F,1,2026-09-07,\n",
                           "001,A1,Ó Briain,Zoë,7,7A,2015-01-02,F,1,2025-09-07,\n" + rolls),
            "marks.csv": (MARKS_HEAD, MARKS_HEAD + rows),
        }
    )  # fmt: skip
    found = [each for each in checked.log.findings if each.rule == "outside_calendar"]
    assert [each.message[: len(words)] for each in found] == ([words] if words else [])
    assert checked.log.rows_dropped == len(days)


def test_a_closed_year_group_s_marks_are_left_out_and_counted(checked_changed):
    closed = "  closures:\n    - {date: 2026-09-14, session: AM, year_groups: [7], reason: visit}\n"
    checked = checked_changed({}, [("calendar:\n", f"calendar:\n{closed}")])
    # Year 7 is one pupil with one mark that morning; the others of that session stay.
    assert [(each.rule, each.count) for each in checked.log.findings] == [("marked_when_closed", 1)]
    assert checked.log.rows_dropped == 1


def test_no_message_shows_a_personal_value(read_changed):
    school = read_changed({"pupils.csv": ("2015-01-02,F,1", "30/02/1965,Q,perhaps")})
    said = " ".join(str(finding) for finding in school.log.findings)
    assert "column 'date_of_birth': a value is not a date" in said
    assert "1965" not in said


def test_marks_never_made_are_counted_and_kept_apart(read_changed):
    school = read_changed({"marks.csv": (",I,", ",-,")})
    assert (school.log.missing_marks, school.log.rows_read, len(school.marks)) == (2, 4, 4)


def test_repaired_codes_are_counted(read_changed, codes_of):
    school = read_changed({"marks.csv": (",I,", ",c 2,")})
    (repair,) = school.log.repairs
    assert (codes_of(school)[("003", "09-14", "AM")], repair.count) == ("C2", 2)
    assert "'c 2' as 'C2' 2 times" in repair.message


@pytest.mark.parametrize(("used", "rule"), [("1,2026", "leading_zeros"), ("A1,2026", "by_upn")])
def test_a_pupil_named_in_another_way_is_found(read_changed, codes_of, used, rule):
    school = read_changed({"marks.csv": ("001,2026", used)})
    assert ("001", "09-14", "AM") in codes_of(school)
    assert [repair.rule for repair in school.log.repairs] == [rule]


def test_a_pupil_who_came_back_has_two_enrolments(read_changed):
    again = ("001,A1", "002,A2,O'Neill,Null,7,7A,2014-01-02,M,0,2024-09-03,2025-07-18\n001,A1")
    assert read_changed({"pupils.csv": again}).pupils["pupil_id"].tolist() == ["001", "002", "002", "003"]


@pytest.mark.parametrize(("good", "is_refused"), [(49, False), (48, True)])
def test_the_loss_limit_is_two_in_a_hundred(read_changed, good, is_refused):
    # Monday to Friday of six weeks: more than 49 marks of one session a day.
    days = [f"{day:%Y-%m-%d}" for day in pd.bdate_range("2026-09-14", "2026-10-23") for _ in range(3)]
    rows = [f"00{1 + place % 3},{day},AM,/" for place, day in enumerate(days)][:good]
    marks = "\n".join(["pupil_id,date,session,code", *rows, "001,2026-11-02,AM,A"])
    if is_refused:
        with pytest.raises(InputError, match=r"1 of 49 marks would be left out \(2.0%, limit 2%\)"):
            read_changed({"marks.csv": marks})
    else:
        assert read_changed({"marks.csv": marks}).log.loss_rate == 1 / 50


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), cut=st.integers(1, 5))
def test_order_of_rows_and_files_changes_nothing(read_changed, codes_of, school_folder, order, cut):
    heading, *rows = "pupil_id,date,session,code,minutes_late\n001,2026-09-14,AM,/,\n001,2026-09-14,AM,N,\n" \
        "002,2026-09-14,AM,L,8\n002,2026-09-14,AM,L,\n003,2026-09-14,AM,I,\n003,2026-09-14,PM,\\,".split("\n")  # fmt: skip
    shuffled = [rows[place] for place in order]
    school = read_changed(
        {
            "marks.csv": "\n".join([heading, *shuffled[:cut]]),
            "marks_2.csv": "\n".join([heading, *shuffled[cut:]]),
        }
    )
    assert codes_of(school) == {
        ("001", "09-14", "AM"): "/", ("002", "09-14", "AM"): "L", ("003", "09-14", "AM"): "I", ("003", "09-14", "PM"): "\\",
    }  # fmt: skip
    assert (rules(school)["undecided_marks"], school.marks["minutes_late"].dropna().tolist()) == (1, [8])


@pytest.mark.skipif(not BLNS.is_file(), reason="the naughty strings lie outside the project and are not here")
def test_every_naughty_string_survives_as_a_name(read_changed):
    names = [
        text.replace('"', '""') for text in json.loads(BLNS.read_text(encoding="utf-8")) if "\0" not in text
    ]
    rows = "".join(f'P{number},"{name}",7\n' for number, name in enumerate(names))
    pupils = read_changed(
        {
            "pupils.csv": "pupil_id,surname,year_group\n" + rows,
            "marks.csv": "pupil_id,date,session,code\nP0,2026-09-14,AM,/\n",
        }
    ).pupils
    kept = {row.pupil_id: row.surname for row in pupils.itertuples()}
    expected = [name.replace('""', '"').replace("\u00a0", " ").strip() for name in names]
    assert all(kept[f"P{number}"] == name for number, name in enumerate(expected) if name)


def test_a_pupil_none_of_whose_marks_is_within_an_enrolment_is_an_error_of_the_roll(checked_changed):
    checked = checked_changed({"pupils.csv": ("F,1,2026-09-07,", "F,1,2027-09-07,")})
    (finding,) = [each for each in checked.log.findings if each.rule == "never_on_roll"]
    assert str(finding).startswith(
        "pupils.csv, row 2: 1 row is of a pupil all of whose marks are before admission_date"
    )
    assert str(finding.severity) == "must"


def test_a_pupil_admitted_a_second_time_is_none(checked_changed):
    again = "001,A1,Ó Briain,Zoë,7,7A,2015-01-02,F,1,2026-09-28,\n001,A1,Ó Briain,Zoë,7,7A,2015-01-02,F,1,2026-09-07,2026-09-18"
    checked = checked_changed({"pupils.csv": ("001,A1,Ó Briain,Zoë,7,7A,2015-01-02,F,1,2026-09-07,", again)})
    assert not [each for each in checked.log.findings if each.rule == "never_on_roll"]


MARKS_HEAD = "pupil_id,date,session,code,minutes_late\n"
ROLL_HEAD = "pupil_id,year_group,date_of_birth,leaving_date\n"


@pytest.mark.parametrize(
    ("births", "words"),
    [
        # On 31 August 2026 a pupil of Year 7 is 11, born from 1 September 2014 to 31 August 2015; three of four are enough.
        (
            ("2014-08-31", "2013-09-01", "2014-01-01", "2014-08-31", "2015-08-31"),
            "4 of 5 pupils are a year older",
        ),
        (
            ("2014-08-31",) * 4,
            "4 of 4 pupils are a year older than their year group: the roll seems to be of before",
        ),
        (
            ("2015-09-01",) * 4,
            "4 of 4 pupils are a year younger than their year group: the roll seems to be of after",
        ),
        # Five of seven are fewer than three of four; two years, or both ways, are no roll-over; three pupils are too few.
        (("2014-08-31",) * 5 + ("2015-08-31",) * 2, ""),
        (("2013-08-31",) * 4, ""),
        (("2014-08-31", "2015-09-01") * 3, ""),
        (("2014-08-31",) * 3, ""),
    ],
)
def test_a_roll_of_another_school_year_is_noticed(checked_changed, births, words):
    rows = "".join(f"00{number},7,{born},\n" for number, born in enumerate(births, 1))
    checked = checked_changed({"pupils.csv": ROLL_HEAD + rows})
    said = " ".join(each.message for each in checked.log.findings if each.rule == "roll_of_another_year")
    assert said.startswith(words)
    assert bool(said) == bool(words)


@pytest.mark.parametrize("form", ["07-Jan", "Jan-07", "2026-01-07", "7.00E+01"])
def test_forms_that_a_spreadsheet_made_into_dates_are_worth_putting_right(read_changed, form):
    school = read_changed({"pupils.csv": (",7A,", f",{form},")})
    (finding,) = school.log.findings
    assert (finding.rule, str(finding.severity), finding.count, finding.row) == (
        "form_as_date",
        "should",
        1,
        2,
    )
    assert "Format the column as text" in finding.message


def test_a_teaching_group_in_a_log_is_told_as_forms_are(read_changed, school_folder):
    lessons = "pupil_id,date,period,class,code\n001,2026-09-14,1,07-Jan,/\n002,2026-09-14,1,8x2,/\n"
    (school_folder / "lessons.csv").write_text(lessons, encoding="utf-8")
    school = read_changed(settings=[("calendar:", '  lessons: {path: "lessons.csv"}\ncalendar:')])
    assert [(each.rule, each.count) for each in school.log.findings] == [("class_as_date", 1)]


@pytest.mark.parametrize("column", ["pupil_id", "date", "session"])
def test_nothing_is_never_told_as_a_value(checked_changed, column):
    cells = {"pupil_id": "001", "date": "2026-09-14", "session": "AM", "code": "/"} | {column: ""}
    checked = checked_changed({"marks.csv": f"{','.join(cells)}\n{','.join(cells.values())}\n"})
    said = " ".join([*checked.problems, *map(str, checked.log.findings)])
    assert "the first cell is empty" in said
    assert "nothing" not in said


def test_an_empty_cell_of_a_required_column_is_called_a_value(checked_changed, school_folder):
    (school_folder / "actions.csv").write_text("action_id,raised_on,action\nA1,,Call\n", encoding="utf-8")
    checked = checked_changed(settings=[("calendar:", '  actions: {path: "actions.csv"}\ncalendar:')])
    (problem,) = checked.problems
    assert problem.startswith(
        "actions.csv, row 2, column 'raised_on': a value is empty, but it is required (1 row)."
    )


def test_a_backslash_is_shown_once(checked_changed):
    checked = checked_changed({"marks.csv": (",I,", ",\\\\\\Q,")})
    said = " ".join([*checked.problems, *map(str, checked.log.findings)])
    assert "no register code (" in said
    checked = checked_changed({"marks.csv": "pupil_id,date,session,code\n001,2026-09-14,AM\\PM,/\n"})
    assert "the first 'AM\\PM'" in " ".join(checked.problems)
