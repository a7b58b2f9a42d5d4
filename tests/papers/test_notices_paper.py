"""The paper on penalty notices as its readers see it: the officer's table, a parent's sheet, and a draft."""

from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from attendance_lib.analysis.notice_cases import cases_of
from attendance_lib.display import Sentences
from attendance_lib.intake.schema import CONSIDERED, CONTACTS, INTERVENTIONS, NOTICES, PARENTS
from attendance_lib.papers.notices import evidence, gate_page, improvement
from attendance_lib.papers.notices.evidence_tables import day_of_clock
from attendance_lib.reports.papers import NOTICES as PAPER
from attendance_lib.rules.notice_gate import Answer

ROOT = Path(__file__).resolve().parents[2]
WEEK = [f"2026-10-{day:02d}" for day in range(5, 10)]
ABSENT = {"0001": {"G": WEEK, "": ["2026-11-16 AM"]}, "0003": {"G": WEEK, "L": ["2026-09-08"]}}


@pytest.fixture
def pack(make_pack, make_log):
    """0001 has ten G and a morning without a mark; 0003 ten G, two parents, and a notice to the father."""
    people = [
        ("P1", "0001", "A. Abara", "mother", 1),
        ("P3", "0003", "C. Cole", "mother", 1),
        ("P4", "0003", "D. Cole", "father", 1),
    ]
    parents = [
        dict(zip(("parent_id", "pupil_id", "name", "relation", "addresses"), row, strict=True))
        for row in people
    ]
    notice = {
        "notice_id": "N1", "pupil_id": "0003", "parent": "D. Cole", "kind": "penalty notice", "issued_on": "2025-11-10",
        "received_on": "2025-11-12", "status": "paid", "acted_on_through_date": "2025-10-31",
    }  # fmt: skip
    decided = {"considered_on": "2026-11-16", "support_appropriate": False, "disability_related": False}
    return make_pack(
        ABSENT,
        parents=make_log(*parents, columns=PARENTS.column_names),
        notices=make_log(notice, columns=NOTICES.column_names),
        considered=make_log({"pupil_id": "0003"} | decided, columns=CONSIDERED.column_names),
        interventions=make_log(columns=INTERVENTIONS.column_names),
        contacts=make_log(
            {"pupil_id": "0003", "date": "2026-10-12", "mode": "letter"}, columns=CONTACTS.column_names
        ),
        people={"0003": {"sen_status": "N"}},
    )


def test_what_could_go_comes_first_and_parents_for_whom_all_is_the_same_share_a_row(pack):
    rows = gate_page.gate_table(pack).frame
    assert rows[["pupil_id", "parent", "answer"]].values.tolist() == [
        ["0003", "C. Cole; D. Cole", Answer.COULD_GO.value],
        ["0001", "A. Abara", Answer.RESOLVE.value],
    ]
    assert rows["of_needed_text"].tolist() == ["10 of 10, all G"] * 2
    assert rows["first_to_do"].tolist() == ["Decide, case by case.", "Enter 1 missing mark of the window."]
    assert rows["also_to_do"].tolist() == ["", "considered"]


def test_the_answers_add_up_to_the_cases(pack):
    rows = gate_page.answers(pack).frame
    assert rows[["kind_of_answer", "cases", "case_pupils"]].values.tolist() == [
        [Answer.COULD_GO.value, 2, 1],
        [Answer.RESOLVE.value, 1, 1],
    ]


def test_nothing_says_that_a_notice_should_be_issued(pack):
    said = [*gate_page.what_to_know(pack).items, *gate_page.what_it_means(pack).items, PAPER.confidentiality]
    said += [*gate_page.gate_table(pack).frame["first_to_do"], *Answer, *gate_page.MEANS.values()]
    assert not any(
        word in text.lower() for text in said for word in (" fine", "should issue", "must issue a")
    )
    assert "must consider a notice, case by case" in PAPER.confidentiality


def test_the_workbook_has_each_thing_to_do_with_where_its_rule_is(pack):
    (table,) = gate_page.what_is_missing(pack).tables
    national = table.frame[
        (table.frame["rule"] == "National framework") & (table.frame["pupil_id"] == "0001")
    ]
    assert national["about"].tolist() == ["missing marks", "considered"]
    assert national["source"].str.contains("paragraph").all()


def sheets_of(pack, pupil):
    return evidence.evidence_sheets(pack, pupil)


def test_the_sheet_of_one_parent_holds_nothing_of_the_other(pack):
    """The notice to the father is in his sheet alone."""
    shown = sheets_of(pack, "0003").shown
    fathers = next(number for number, part in enumerate(shown) if "D. Cole" in getattr(part, "text", ""))
    of_notices = [part for part in shown if getattr(part, "name", "") == "evidence_notices"]
    assert [len(table.frame) for table in of_notices] == [0, 1]
    mothers = [str(part.payload()) for part in shown[:fathers]]
    assert not any(
        "D. Cole" in text or "penalty notice" in text.lower().replace("penalty notice for each", "")
        for text in mothers[2:9]
    )


def test_a_sheet_follows_the_order_of_the_authority_s_reader(pack):
    parts = [part.title for part in sheets_of(pack, "0003").shown if hasattr(part, "frame")]
    assert [title.partition(". ")[0] for title in parts] == list("12345678") * 2
    own = [title.partition(". ")[2].partition(" (")[0] for title in parts]
    assert [title.split(",")[0].split(" and ")[0] for title in own[:5]] == [
        "The sessions", "Registration certificate", "Contacts", "Support", "Notice to improve",
    ]  # fmt: skip
    # Whoever goes by the tables of the page is told whose each one is.
    assert len(set(parts)) == len(parts)


def test_the_page_of_one_pupil_is_limited_to_the_sheets_and_drafts(pack):
    """So nobody else is named on what may go to the authority."""
    assert gate_page.notices_masthead(pack).shows == ()
    assert gate_page.notices_masthead(pack, "0003").shows == (
        "Evidence sheets",
        "Drafts of notices to improve",
    )
    notebook = nbformat.read(ROOT / "notebooks" / "notices.ipynb", as_version=4)
    heads = [cell.source.removeprefix("## ") for cell in notebook.cells if cell.source.startswith("## ")]
    assert set(gate_page.OF_ONE_PUPIL) < set(heads)
    first = next(number for number, cell in enumerate(notebook.cells) if cell.source.startswith("## "))
    before = [cell.source for cell in notebook.cells[:first] if cell.cell_type == "code"]
    assert before[-1].endswith("gate_page.notices_masthead(pack, pupil)")


def test_the_sessions_stand_by_date_and_code(pack):
    table = next(
        part for part in sheets_of(pack, "0003").shown if getattr(part, "name", "") == "evidence_sessions"
    )
    assert table.frame["date"].dt.date.tolist() == [date(2026, 10, day) for day in range(5, 10)]
    assert set(table.frame["am_code"]) == set(table.frame["pm_code"]) == {"G"}


def test_the_registration_certificate_has_each_week_and_what_is_missing(pack):
    """0001: ten weeks; G in the fifth, and a morning without a mark in the last."""
    table = next(
        part
        for part in sheets_of(pack, "0001").shown
        if getattr(part, "name", "") == "registration_certificate"
    )
    assert len(table.frame) == 10
    assert table.frame["unauthorised_in_week"].tolist() == [0, 0, 0, 0, 10, 0, 0, 0, 0, 0]
    assert table.frame["missing_in_week"].tolist() == [0] * 9 + [1]
    assert table.frame["mon"].iloc[-1] == "no mark /"
    assert table.frame["mon"].iloc[4] == "G G"


def test_the_workbook_has_one_certificate_of_each_pupil(pack):
    tables = {table.name: table for table in sheets_of(pack, "0003").tables}
    assert len(tables["registration_certificate"].frame) == 10
    assert len(tables["evidence_sessions"].frame) == 10


@pytest.mark.parametrize(("days", "last"), [(21, date(2025, 12, 2)), (28, date(2025, 12, 9))])
def test_the_clocks_begin_with_the_day_of_receipt(days, last):
    """Received on 12 November 2025, which is day 1: day 21 is 2 December, day 28 is 9 December."""
    assert day_of_clock(date(2025, 11, 12), days) == last


def test_a_receipt_that_is_not_known_is_said(pack, make_pack, make_log):
    father = [
        part for part in sheets_of(pack, "0003").shown if getattr(part, "name", "") == "evidence_notices"
    ][1]
    assert father.frame["what_came"].tolist() == [
        "paid; for absence to 31 October 2025; received 12 November 2025; day 21 2 December 2025, day 28 9 December 2025"
    ]


def test_a_pupil_who_is_not_at_a_threshold_is_told(pack):
    assert sheets_of(pack, "0002") == Sentences(
        "evidence_sheets",
        ("No pupil 0002 of this cohort is at a threshold. Check the pupil ID.",),
        style="note",
    )


def test_a_draft_holds_the_eight_things_and_decides_nothing(pack):
    shown = improvement.improvement_drafts(pack, "0001").shown
    (draft,) = (part for part in shown if getattr(part, "title", ""))
    assert [item.partition(". ")[0] for item in draft.items[:8]] == list("12345678")
    assert "10 sessions were missed without permission (10 of G)" in draft.items[0]
    assert "section 7" in draft.items[1]
    assert "not a decision" in draft.title
    assert "The authority's own length is not in its profile." in draft.items[5]


def test_without_a_pupil_no_draft_is_made_and_the_way_to_one_is_told(pack):
    assert "--set pupil=" in improvement.improvement_drafts(pack, "").items[0]


def test_what_is_not_exported_is_said(make_pack):
    said = gate_page.what_to_know(make_pack(ABSENT)).items
    assert any("who the parents are (exports, parents)" in text for text in said)
    assert any("name its profile" in text for text in said)
    assert {each.parent for each in cases_of(make_pack(ABSENT))} == {"Parent not on file"}


def test_nobody_at_a_threshold_is_one_sentence(make_pack):
    pack = make_pack()
    assert gate_page.what_to_know(pack).items[0] == "Nobody is at a threshold."
    assert gate_page.gate_table(pack).frame.empty
    assert isinstance(evidence.evidence_sheets(pack, ""), Sentences)
    assert pd.DataFrame(gate_page.authority_table(pack).frame)["says"].eq("not known").all()
