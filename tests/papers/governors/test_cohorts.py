"""On which cohorts a report may be published, and on which not."""

import json
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.disclosure.protect import UnsafeError
from attendance_lib.disclosure.sums import relations_among
from attendance_lib.disclosure.tables import Unit
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.settings.school_file import WHOLE_SCHOOL, Cohort, check_published
from attendance_lib.papers.governors import compliance, opening, pupils
from attendance_lib.papers.governors.sums import of_cohort, of_nested_groups
from attendance_lib.reports.project import Project
from attendance_lib.reports.request import RunRequest, check_cohort
from tests.papers.governors import conftest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"year_group": [11], "fsm": [True]},
        {"sen_status": ["K", "E"]},
        {"sex": ["F"], "young_carer": [True]},
    ],
    ids=["everyone", "a year group", "two kinds of need", "a sex"],
)
def test_a_cohort_of_declared_groups_may_be_published(where):
    cohort = Cohort(name="some", title="Some", where=where)
    assert check_published(cohort, {}) is cohort


@pytest.mark.parametrize(
    "where", [{"form": ["7A"]}, {"ethnicity": ["WBRI"]}, {"year_group": [7], "key_adult": ["P. Wren"]}]
)
def test_a_cohort_of_any_other_column_is_refused_and_told_which_can_be(where):
    column = list(where)[-1]
    with pytest.raises(
        DisclosureError, match=f"cohort 'some' .* chosen by '{column}'.* by year_group, sex, sen_status, fsm,"
    ):
        check_published(Cohort(name="some", title="Some", where=where), {})


def test_a_cohort_that_counts_other_pupils_than_the_whole_schools_report_is_refused():
    on_roll = Cohort(name="on_roll", title="On roll", basis="current_roll")
    with pytest.raises(
        DisclosureError, match="its basis is current_roll, and the whole school's dfe_comparable"
    ):
        check_published(on_roll, {})


def test_where_the_whole_school_is_counted_otherwise_its_basis_is_asked_of_every_cohort():
    everyone = WHOLE_SCHOOL.model_copy(update={"basis": "current_roll"})
    girls = Cohort(name="girls", title="Girls", where={"sex": ["F"]})
    assert check_published(everyone, {"all": everyone}) is everyone
    with pytest.raises(
        DisclosureError, match="its basis is dfe_comparable, and the whole school's current_roll"
    ):
        check_published(girls, {"all": everyone, "girls": girls})


def test_the_gate_refuses_with_the_same_words_and_other_papers_are_on_any_cohort(tmp_path):
    cohorts = tmp_path / "cohorts.yml"
    cohorts.write_text("form_7a: {title: 7A, where: {form: [7A]}}\n", encoding="utf-8")
    asked = {
        report: RunRequest(
            report,
            Project(tmp_path),
            tmp_path / "school.yml",
            tmp_path,
            cohort="form_7a",
            cohorts_file=cohorts,
        )
        for report in ("governors", "fortnightly")
    }
    with pytest.raises(
        DisclosureError, match="cohort 'form_7a' can be published, because it is chosen by 'form'"
    ):
        check_cohort(asked["governors"])
    check_cohort(asked["fortnightly"])


def test_a_report_on_a_form_is_not_made(make_report):
    with pytest.raises(DisclosureError, match="chosen by 'form'"):
        make_report(where={"form": ["7A"]})


def test_what_lies_within_another_in_a_cohort_is_said_of_that_cohort_alone():
    # All ten girls with free school meals are among the fifteen with the pupil premium; of the boys nothing is known.
    girls = pd.DataFrame({"fsm": [True] * 10 + [False] * 10, "pupil_premium": [True] * 15 + [False] * 5})
    (found,) = of_nested_groups(girls, {"sex": "F"})
    assert found.whole == {"sex": "F", "pupil_premium": "yes"}
    assert found.parts == (
        {"sex": "F", "fsm": "yes"},
        {"sex": "F", "less": "pupil_premium=yes but not fsm=yes"},
    )


def test_what_lies_within_another_this_year_alone_is_said_of_this_year_alone():
    # This year's ten in Year 1 are girls, and all with free meals have the premium; last year one of Year 1 was a boy.
    now = pd.DataFrame({"year_group": [1] * 10 + [2] * 10, "sex": ["F"] * 15 + ["M"] * 5})
    now = now.assign(fsm=[True] * 10 + [False] * 10, pupil_premium=[True] * 12 + [False] * 8)
    then = now.assign(year_group=[1] * 4 + [2] * 12 + [1] * 4)
    found = of_nested_groups(now, {}, [then], "2026-07-31")
    assert {(*each.whole.items(), *each.parts[0].items()): each.since for each in found} == {
        (("sex", "F"), ("year_group", "1")): "2026-07-31",
        (("sex", "F"), ("fsm", "yes")): "",
        (("sex", "F"), ("pupil_premium", "yes")): "",
        (("pupil_premium", "yes"), ("fsm", "yes")): "",
        (("pupil_premium", "yes"), ("year_group", "1")): "2026-07-31",
        (("fsm", "yes"), ("year_group", "1")): "2026-07-31",
        (("year_group", "1"), ("fsm", "yes")): "2026-07-31",
    }


NEEDS = ["K"] * 12 + ["E"] * 3 + ["N"] * 45  # the fifteen with a need are all in Year 9


def test_a_cohorts_report_without_rows_of_its_groups_is_made_where_their_rows_tell_too_much(
    make_report, monkeypatch
):
    """Every section can be shown, and says which tables are withheld; the whole school's is refused as before."""
    safe = opening.protect

    def refused_with_groups(tables, *rest):
        if any(table.name == "groups" for table in tables):
            raise UnsafeError((("as_at", "2026-11-27"), ("sex", "F")), ("groups",))
        return safe(tables, *rest)

    monkeypatch.setattr(opening, "protect", refused_with_groups)
    need = make_report(sen=NEEDS, where={"sen_status": ["K", "E"]})
    assert [len(need.tables[name]) for name in ("year_groups", "groups")] == [0, 0]
    assert need.withheld == ("Year groups", "Groups of pupils")
    notebook = json.loads((ROOT / "notebooks" / "governors.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    sections = [source for source in sources if source.endswith("(report)")]
    assert len(sections) > 20
    for source in sections:
        if "open_governors" not in source:
            room, name = source.removesuffix("(report)").split(".")
            getattr(import_module(f"attendance_lib.papers.governors.{room}"), name)(need)
    with pytest.raises(DisclosureError):
        make_report(sen=NEEDS)


def test_a_cohorts_report_calls_its_own_pupils_so_and_leaves_the_leavers_to_the_whole_schools(make_report):
    """ "Whole school 89.8%" stood over the line of a cohort's own attendance, and leavers read as not entered."""
    days = conftest.school_days("2026-11-02", "2026-11-27")
    ill = {pupil: ("I", days[: 1 + number % 4]) for number, pupil in enumerate(conftest.PUPILS)}
    boards = [
        make_report(ill, sen=NEEDS, where={"sen_status": ["K", "E"]}),
        make_report(ill, sen=NEEDS),
    ]
    titles = [pupils.group_gaps(report).title for report in boards]
    assert titles == [
        "Which groups attend less than all pupils of this report?",
        "Which groups attend less than the whole school?",
    ]
    leavers = [compliance.pupils_who_left(report).empty_text for report in boards]
    assert leavers[0] == "Given in the whole school's report only."
    assert leavers[1].startswith("Not entered")


def test_what_is_counted_of_a_cohort_by_no_group_is_a_part_of_the_schools():
    """Late in all was told (62 pupils, level 10): nobody of it was late after close, and the school late at most 25 times."""
    cohort = Cohort(name="send", title="SEND", where={"sen_status": ["K", "E"]})
    partitions = list(of_cohort(SimpleNamespace(pack=SimpleNamespace(cohort=cohort))))
    late = (("measure", "late_before_close_sessions"),)
    of_send = (*late, ("sen_status", "E+K"))
    relations = relations_among({late: Unit.SESSIONS, of_send: Unit.SESSIONS}, partitions)
    assert [of_send in each.parts for each in relations if each.whole == late] == [True]
