"""The page on penalty notices as the officer reads it: who could go, and what each case lacks."""

from pathlib import Path

import nbformat
import pandas as pd

from attendance_lib.analysis.notice_cases import cases_of
from attendance_lib.display import Sentences
from attendance_lib.papers.notices import evidence, gate_page
from attendance_lib.reports.papers import NOTICES as PAPER
from attendance_lib.rules.notice_gate import Answer
from tests.papers.notices.conftest import ABSENT

ROOT = Path(__file__).resolve().parents[3]


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


def test_the_page_of_one_pupil_is_limited_to_the_sheets_and_drafts(pack):
    """So nobody else is named on what may go to the authority."""
    assert gate_page.notices_masthead(pack).shows == ()
    of_one = ("Evidence sheets", "Drafts of notices to improve")
    assert gate_page.notices_masthead(pack, "0003").shows == of_one
    notebook = nbformat.read(ROOT / "notebooks" / "notices.ipynb", as_version=4)
    heads = [cell.source.removeprefix("## ") for cell in notebook.cells if cell.source.startswith("## ")]
    assert set(gate_page.OF_ONE_PUPIL) < set(heads)
    first = next(number for number, cell in enumerate(notebook.cells) if cell.source.startswith("## "))
    before = [cell.source for cell in notebook.cells[:first] if cell.cell_type == "code"]
    assert before[-1].endswith("gate_page.notices_masthead(pack, pupil)")


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
