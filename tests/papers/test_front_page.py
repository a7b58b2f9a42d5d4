"""The first page of a pack worked out by hand (see ``worked_pack``)."""

import pytest

from attendance_lib.papers.fortnightly.front_page import (
    FIRST_TEN,
    first_ten,
    headline,
    key_figures,
    period_facts,
)
from attendance_lib.papers.fortnightly.priority import priority_pupils
from attendance_lib.papers.shared import masthead


def figures_of(pack):
    return {figure.name: figure for figure in key_figures(pack).figures}


def compared(figure):
    return {each.label: each.value for each in figure.comparisons}


def test_the_masthead_says_school_period_and_cohort(worked_pack):
    facts = masthead(worked_pack)
    assert (facts.school, facts.urn, facts.cohort, facts.date) == (
        "Tiny School",
        "990003",
        "Chosen",
        "2026-11-20",
    )
    assert facts.period == "9 November 2026 to 20 November 2026"
    assert facts.confidentiality.startswith("Confidential: personal data")


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        # 80 sessions less 2 without a mark; 4 I and 2 N missed.
        ("period_attendance_rate", (80 - 2 - 6) / (80 - 2), "72 of 78 sessions"),
        ("period_unauthorised_absence_rate", 2 / 78, "2 of 78 sessions"),
        ("year_to_date_attendance_rate", (400 - 2 - 30) / (400 - 2), "368 of 398 sessions"),
        ("persistent_absence_rate", 2 / 4, "2 of 4 enrolments"),
        ("severe_absence_rate", 0 / 4, "0 of 4 enrolments"),
        ("late_rate", 2 / 78, "2 before closing (L), 0 after (U)"),
    ],
)
def test_each_key_figure_stands_with_its_counts(worked_pack, name, value, detail):
    figure = figures_of(worked_pack)[name]
    assert (figure.value, figure.detail) == (value, detail)


def test_key_figures_are_compared_with_the_two_weeks_before(worked_pack):
    figures = figures_of(worked_pack)
    assert compared(figures["period_attendance_rate"])["on the period before"] == 72 / 78 - 80 / 80
    assert compared(figures["persistent_absence_rate"])["enrolments before the period"] == 2  # 0002 and 0003
    assert compared(figures["late_rate"])["in the period before"] == 0


def test_what_there_was_not_is_left_out_and_the_note_says_why(first_pack, worked_pack):
    figures = key_figures(first_pack).payload()["figures"]
    own = [
        each["label"]
        for figure in figures
        for each in figure["comparisons"]
        if not each["label"].startswith("England")
    ]
    assert own == []
    table = headline(first_pack)
    assert {column.name for column in table.columns if not column.shown} == {
        "change_rate",
        "change_on_last_year_rate",
        "year_change_rate",
    }
    assert "No change on the period before: there are no earlier marks to compare with." in table.note
    assert "No change on last year: the exports hold no marks of the same weeks." in table.note
    assert {column.name for column in headline(worked_pack).columns if not column.shown} == {
        "change_on_last_year_rate",
        "year_change_rate",
    }
    assert "No change on the period before" not in headline(worked_pack).note


def test_headline_rates_are_those_of_the_key_figures(worked_pack):
    rows = headline(worked_pack).frame.set_index("measure")
    figures = figures_of(worked_pack)
    assert rows.loc["Attendance", "period_rate"] == figures["period_attendance_rate"].value
    assert rows.loc["Attendance", "year_to_date_rate"] == figures["year_to_date_attendance_rate"].value
    assert rows.loc["Persistent absence (10% or more missed)", "year_to_date_rate"] == 2 / 4
    assert rows.loc["Authorised absence", "period_rate"] == 4 / 78


def test_persistent_absence_is_never_shown_for_a_fortnight(worked_pack):
    rows = headline(worked_pack).frame.set_index("measure").filter(like="10% or more", axis=0)
    assert rows[["period_rate", "change_rate", "change_on_last_year_rate"]].isna().all(axis=None)


def test_england_s_figures_are_dated_where_they_stand(worked_pack):
    assert (
        "Beside the year to date: England, daily data, 8 Sep 2025 to 21 Nov 2025 (older than the period: it ends on "
        "21 Nov 2025)." in headline(worked_pack).note
    )


def test_england_stands_beside_the_year_to_date_as_far_into_its_own_year(worked_pack):
    """Secondary schools to 21 November 2025 (release of 4 December); of persistent absence DfE has none before January."""
    figures = figures_of(worked_pack)
    cards = [figures[name] for name in ("year_to_date_attendance_rate", "persistent_absence_rate")]
    beside = {label: value for card in cards for label, value in compared(card).items() if "England" in label}
    assert beside == {"England, daily, to 21 Nov 2025": pytest.approx(0.927169)}
    rows = headline(worked_pack).frame.set_index("measure")["england_rate"]
    assert rows["Unauthorised absence"] == pytest.approx(0.026496)
    assert rows.filter(like="ersistent absence").isna().all()
    assert rows.filter(like="Severe absence").isna().all()


def test_the_period_is_told_with_missing_marks_and_unresolved_n(worked_pack):
    # The N of the 12th was to be explained by the 19th; the missing mark of the 13th by the 20th, which is not past.
    assert period_facts(worked_pack).items == (
        "2 school weeks, 20 sessions. Marks run to 20 November 2026. This period has 2 missing marks and 2 sessions "
        "still N (no reason yet). Of the year to date, 0 missing marks and 2 N marks are more than five school days old.",
    )


def test_the_newest_edit_is_told_where_the_export_knows_of_edits(make_pack):
    pack = make_pack(
        edits=[("0001", "2026-11-02", "N", "2026-11-17"), ("0002", "2026-11-03", "N", "2026-11-04")]
    )
    assert "; the newest edit is of 17 November 2026." in period_facts(pack).items[0]


def test_the_first_ten_are_the_head_of_the_priority_list(worked_pack, make_pack):
    every_day = [f"2026-10-{day}" for day in range(12, 24)]
    pack = make_pack({pupil: {"I": every_day} for pupil in ("0001", "0002", "0003")})
    for each in (worked_pack, pack):
        names = priority_pupils(each).frame["pupil_name"].tolist()
        assert first_ten(each).frame["pupil_name"].tolist() == names[:FIRST_TEN]


def test_nobody_to_talk_about_is_said(make_pack):
    table = first_ten(make_pack())
    assert (table.payload()["rows"], table.empty_text) == (
        [],
        "Nobody is over a line, near one or falling fast.",
    )
