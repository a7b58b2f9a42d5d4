"""A sixth form in the governors' report: said at the top, in rows of its own, and as safe as everything else."""

from dataclasses import replace

import pytest

from attendance_lib.papers.governors.casework import interventions
from attendance_lib.papers.governors.compliance import compliance, reconciliation
from attendance_lib.papers.governors.front_page import key_figures, purpose
from attendance_lib.papers.governors.headline import headline
from attendance_lib.papers.governors.published import OUTSIDE
from attendance_lib.papers.governors.pupils import year_groups

SIXTH_FORM = [f"{number:04d}" for number in range(41, 61)]
ABSENT = ("I", ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"])


@pytest.fixture(scope="module")
def mixed(report_of):
    """Twenty of the sixty in Year 12, of whom twelve miss four of the twenty days of the half term, 8 of 110 sessions."""
    return report_of(dict.fromkeys(SIXTH_FORM[:12], ABSENT), older=SIXTH_FORM)


def test_the_top_says_who_is_left_out(mixed):
    (said,) = purpose(mixed).items
    assert said.endswith(
        "Counted as DfE counts: pupils aged 5 to 15 on 31 August, leavers to their leaving date. 20 of the 60 pupils on roll "
        "are left out by their age: Year 12, in rows of their own."
    )


def test_the_headline_is_of_the_others(mixed):
    assert key_figures(mixed).figures[3].detail == "0 of 40 pupils"
    assert key_figures(mixed).figures[0].value == 1.0


def test_year_12_has_a_row_without_a_gap(mixed):
    """Of 40 sessions twelve pupils miss 8: 20 * 40 possible, 96 missed."""
    rows = year_groups(mixed).frame.set_index("label")
    row = rows.loc["Year 12 (outside the headline)"]
    assert (row["enrolments"], row["attendance_rate"], row["persistently_absent_enrolments"]) == (20, 0.88, 0)
    assert row[["gap_rate"]].isna().all()


def test_a_row_that_nobody_is_in_is_left_out_and_one_that_is_withheld_is_not(mixed):
    other = "Other year groups, by the pupils' ages"
    assert mixed.row(OUTSIDE, "label", other)["enrolments"] == 0
    assert other not in year_groups(mixed).frame["label"].tolist()
    table = mixed.tables[OUTSIDE].astype(object)
    table.loc[table["label"] == other, "enrolments"] = "c"
    withheld = replace(mixed, tables=mixed.tables | {OUTSIDE: table})
    assert other in year_groups(withheld).frame["label"].tolist()


def test_what_counts_the_sixth_form_too_says_so(mixed, report_of):
    """Marks are inspected and interventions counted of everyone; the headline above leaves Year 12 out."""
    for section in (interventions, compliance):
        assert section(mixed).note.count("Pupils of every age count here.") == 1
        assert "every age" not in section(report_of({})).note


def test_a_few_in_the_sixth_form_are_withheld(report_of):
    """Three of sixty: their count is c wherever it could be worked out, and the top names no number."""
    few = report_of({}, older=SIXTH_FORM[:3])
    assert (
        year_groups(few).frame.set_index("label").loc["Year 12 (outside the headline)", "enrolments"] == "c"
    )
    assert "Pupils on roll of other ages are left out: Year 12" in purpose(few).items[0]


def test_a_school_without_a_sixth_form_has_no_such_row(report_of):
    report = report_of({})
    assert year_groups(report).frame["label"].tolist() == ["Year 9", "Year 10"]
    assert purpose(report).items[0].endswith("leaving date; every pupil on roll is among them.")


@pytest.fixture(scope="module")
def sixth_form(report_of):
    return report_of(dict.fromkeys(SIXTH_FORM[:12], ABSENT), older=SIXTH_FORM, where={"year_group": (12,)})


def test_a_report_on_the_sixth_form_has_its_own_headline_beside_nothing_of_england_s(sixth_form):
    assert key_figures(sixth_form).figures[3].detail == "0 of 20 pupils"
    assert "None of these pupils was aged 5 to 15" in purpose(sixth_form).items[0]
    assert not {"england_rate", "local_authority_rate"} & set(headline(sixth_form).frame)


def test_its_definitions_stand_in_the_whole_school_s_report(sixth_form):
    table = reconciliation(sixth_form)
    assert (len(table.frame), table.empty_text) == (0, "Given in the whole school's report only.")


def test_definitions_begin_with_the_school_s_own_headline(report_of):
    """All sixty are of Year 12, and none aged 5 to 15."""
    college = report_of({}, older=[f"{number:04d}" for number in range(1, 61)])
    rows = reconciliation(college).frame
    assert rows["label"].iloc[0] == "Everyone enrolled (our headline)"
    assert rows["enrolments"].tolist()[:3] == [60, 0, 60]
