"""One disclosure step for the whole report: what is small is withheld everywhere, and only there."""

import errno
import os
from dataclasses import fields

import pandas as pd
import pytest

from attendance_lib.disclosure.protect import UnsafeError, protect
from attendance_lib.disclosure.read_back import read_record
from attendance_lib.errors import DisclosureError
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.governors import opening
from attendance_lib.papers.governors.compliance import checks, compliance_words
from attendance_lib.papers.governors.front_page import key_figures
from attendance_lib.papers.governors.headline import disclosure
from attendance_lib.papers.governors.published import Facts, Published
from attendance_lib.papers.governors.words import what_changed
from tests.papers.governors.conftest import PERSISTENT, PLANTED, PUPILS


def row(report, table, label):
    frame = report.tables[table]
    return frame[frame["label"] == label].iloc[0]


def test_small_counts_are_withheld_with_the_rates_made_from_them(report):
    # Two and three of Year 10 and 9 are severely and persistently absent: 9 of Year 9 (six and the three), 2 of Year 10.
    year_10 = row(report, "year_groups", "Year 10")
    assert year_10["persistently_absent_enrolments"] == "c"
    assert year_10["persistent_absence_rate"] == "c"
    assert row(report, "year_groups", "Year 9")["severely_absent_enrolments"] == "c"


def test_a_change_is_withheld_with_the_counts_that_it_is_made_from(report_of):
    # Four are persistently absent, then and now: a change of nothing and its range would be of four in sixty alone.
    four = report_of({pupil: PLANTED[pupil] for pupil in PERSISTENT[:4]})
    changes = four.tables["changes"].iloc[0]
    assert four.row("spans", "span", "year_to_date")["persistently_absent_enrolments"] == "c"
    assert changes[["persistent_change_rate", "persistent_low", "persistent_high"]].tolist() == ["c"] * 3
    assert changes["enrolments"] == 60


def test_a_gap_is_withheld_where_it_would_tell_of_everyone_else(report_of):
    # One of Year 9 misses a day: of Year 10 nobody is away, so that its gap would be what Year 9 missed.
    year_10 = row(report_of({"0001": ("I", ["2026-11-02"])}), "year_groups", "Year 10")
    assert year_10["attendance_rate"] == 1
    assert year_10[["gap_rate", "gap_standing"]].tolist() == ["c", "c"]


def test_what_was_put_right_before_a_report_is_made_again_is_not_told(make_report):
    # Of one day no reason was known for long; in the registers as they are now it is known.
    first = make_report(PLANTED | {"0060": ("N", ["2026-11-02"])})
    again = make_report(PLANTED | {"0060": ("I", ["2026-11-02"])}, earlier=[first.record])
    was, now = (checks(each).set_index("rule").loc["n_overdue"] for each in (first, again))
    assert (was["year_things"], now["year_things"]) == ("c", "c")
    assert now.to_dict() == was.to_dict()
    assert compliance_words(again).items == compliance_words(first).items


def test_a_change_of_attendance_that_is_withheld_is_not_said_to_be_none(report_of):
    # Nobody was away before the half term but one pupil, for a day.
    away = dict.fromkeys(PUPILS[9:30], ("I", ["2026-11-02"])) | {"0001": ("I", ["2026-09-07"])}
    said = what_changed(report_of(away)).items[0]
    assert said == "Attendance this half term was 98.3%; how it moved is withheld."


def test_a_true_nought_of_a_large_group_stays(report_of):
    nobody_away = report_of({})
    assert row(nobody_away, "year_groups", "Year 10")["persistently_absent_enrolments"] == 0


def test_nothing_is_said_of_the_rates_of_fewer_than_ten(report_of):
    nine = report_of(where={"sex": ["F"], "fsm": [True]})
    # Six pupils: a count of six may stand, but no rate.
    spans = nine.tables["spans"].set_index("span")
    assert spans.loc["half_term", "enrolments"] == 6
    assert spans.loc["half_term", "attendance_rate"] == "c"


def test_a_key_figure_that_is_withheld_says_so(report_of):
    six = key_figures(report_of(where={"sex": ["F"], "fsm": [True]}))
    year = six.figures[1]
    assert (year.name, year.value, year.detail) == (
        "year_to_date_attendance_rate", "c", "withheld: too few pupils"
    )  # fmt: skip


def test_a_level_of_ten_withholds_more(report_of):
    # Eleven are persistently absent in all; the nine of Year 9 only a level of ten withholds.
    strict = report_of(level=10)
    assert row(strict, "year_groups", "Year 9")["persistently_absent_enrolments"] == "c"


def test_rates_are_published_to_one_decimal_of_a_per_cent(report):
    for name, table in report.tables.items():
        for column in table.columns[table.columns.str.endswith("_rate")]:
            values = pd.to_numeric(table[column], errors="coerce").dropna()
            assert (values.round(3) == values).all(), (name, column)


def test_weeks_of_sixty_pupils_are_given_in_whole_per_cents(report):
    weeks = pd.to_numeric(report.tables["weekly_attendance"]["attendance_rate"], errors="coerce").dropna()
    assert len(weeks) > 0
    assert ((weeks * 100).round(6) % 1 == 0).all()


def test_no_week_is_given_of_fewer_than_fifty(report_of):
    # Year 9 are thirty.
    thirty = report_of(where={"year_group": [9]})
    assert thirty.tables["weekly_attendance"]["attendance_rate"].isna().all()


def test_sixty_pupils_are_shown_a_few_reasons_whether_or_not_they_were_used(report, report_of):
    # Illness and unauthorised absence alone are planted; that the others were not used is a nought of each.
    reasons = report.tables["reasons"].set_index("group")
    assert reasons["codes"].to_dict() == {
        "All other authorised": "C1, J1, C, H, F, S, C2, T, R, E",
        "Medical appointment": "M",
        "Illness": "I",
        "Unauthorised holiday": "G",
        "All other unauthorised": "N, O, U",
    }
    assert reasons.loc["Medical appointment", "year_rate"] == 0
    strict = report_of(level=10).tables["reasons"].set_index("group")
    assert strict["codes"].to_dict() == {
        "All other authorised": "C1, J1, C, H, F, M, S, C2, T, R, E",
        "Illness": "I",
        "All other unauthorised": "G, N, O, U",
    }


def test_where_few_are_behind_a_range_it_is_withheld_and_never_blank(report):
    groups = pd.concat([report.tables["groups"], report.tables["year_groups"]])
    assert groups["gap_low"].notna().all()


def test_a_cohort_of_several_groups_is_the_sum_of_theirs(report, make_report):
    both = make_report(where={"year_group": [9, 10]}, earlier=[report.record])
    whole = {"whole": {"year_group": "10+9"}, "parts": [{"year_group": "10"}, {"year_group": "9"}]}
    assert whole in both.record["partitions"]
    assert both.tables["flows"].empty


def test_a_report_that_cannot_be_made_safe_says_which_table_and_what_to_do(report, make_report, monkeypatch):
    def refuse(*_):
        raise UnsafeError(
            (("as_at", "2026-11-27"), ("measure", "severely_absent"), ("year_group", "9")), ("year_groups",)
        )

    monkeypatch.setattr(opening, "protect", refuse)
    words = "In the table 'Year groups' a withheld number .*: severely absent pupils, among Year 9, to 27 November 2026. "
    with pytest.raises(
        DisclosureError, match=f"{words}Was a cohort's report of this half term made before it?"
    ):
        make_report()
    with pytest.raises(DisclosureError, match=f"{words}Make the report of the whole school and not of this"):
        make_report(where={"year_group": [9, 10]})
    with pytest.raises(DisclosureError, match="The report that governors hold for this half term stands"):
        make_report(earlier=[report.record])


def test_a_table_that_cannot_be_made_safe_is_withheld_as_a_whole_and_named(make_report, monkeypatch):
    tried = []

    def refuse_bands(*given):
        tried.append(given[4])
        if "bands" not in given[4]:
            raise UnsafeError((("as_at", "2026-11-27"), ("band", "severe")), ("bands", "year_groups"))
        return protect(*given)

    monkeypatch.setattr(opening, "protect", refuse_bands)
    report = make_report()
    assert tried == [(), ("bands",)]
    # Where nobody is in a band a nought stays.
    assert set(report.tables["bands"]["enrolments"]) <= {"c", 0}
    assert row(report, "year_groups", "Year 9")["enrolments"] == 30
    assert "Nothing is given of Attendance bands, year to date" in " ".join(disclosure(report).items)


def test_sections_are_given_nothing_of_a_pupil(report):
    """A section reads a Published: safe tables, facts in words and dates, and figures for England."""
    held = [getattr(report, each.name) for each in fields(Published)]
    held += [getattr(report.facts, each.name) for each in fields(Facts)]
    assert not any(isinstance(value, Pack) for value in held)
    columns = {column for table in report.tables.values() for column in table.columns}
    assert not columns & {"pupil_id", "upn", "surname", "forename", "date_of_birth", "form", "key_adult"}


def test_hidden_counts_are_in_no_table(report):
    columns = {column for table in report.tables.values() for column in table.columns}
    hidden = ("absence_sessions", "earlier_sessions", "compared_absence_sessions", "both_enrolments")
    assert not columns & {*hidden, "period_enrolments"}


def test_the_record_says_of_each_count_what_was_published(report):
    assert report.record["level"] == 5
    assert len(report.record["counts"]) == report.counts
    withheld = [each for each in report.record["counts"] if each["value"] == "c"]
    assert len(withheld) == report.suppressed_counts > 0


def test_an_earlier_report_counts_among_those_that_readers_hold(report, make_report):
    assert make_report(earlier=[report.record]).earlier == 1


def test_an_earlier_report_without_its_record_is_refused(tmp_path):
    with pytest.raises(
        DisclosureError, match=rf"disclosure.json cannot be read \({os.strerror(errno.ENOENT)}"
    ):
        read_record(tmp_path / "disclosure.json")
