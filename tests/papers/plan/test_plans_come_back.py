"""What is written on a sheet of plans is in the next pack, whatever became of the file: runs end to end."""

import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from attendance_lib.analysis.plans import plans_of, running_plans
from attendance_lib.casebook.book import state_at
from attendance_lib.cli import main
from attendance_lib.papers import links
from attendance_lib.reports import handed
from attendance_lib.reports.receipt import read_receipt
from tests.casebook_school import (
    FIRST,
    SECOND,
    THIRD,
    CasebookSchool,
    fill,
    later,
    needs_libreoffice,
    resaved,
    saved_by_libreoffice,
    school_in,
    table_of,
    turned_round_without,
)

OF = ("plans", "plan_id", "pupil_id")
LOGGED = (
    "plan_id,pupil_id,opened_on,lead,target_sessions,target_from,target_to,review_on",
    "SP1,0001,2026-09-08,SENCo,4,2026-09-14,2026-10-16,2026-10-16",
    "SP2,0002,2026-09-09,HoY 7,3,2026-09-14,2026-10-09,2026-10-09",
)


@dataclass
class PlanSchool(CasebookSchool):
    """The casebook's school with a log of plans; none where ``plans`` is empty."""

    plans: list[str] = field(default_factory=lambda: list(LOGGED))

    def request(self, first, last, **asked):
        made = super().request(first, last, **asked)
        if self.plans:
            self.name_table("plans", "\n".join(self.plans) + "\n")
        return made

    def plan(self, dates, **asked):
        return self.make(*dates, report="plan", **asked)


@pytest.fixture
def school(tmp_path, monkeypatch):
    monkeypatch.setattr(handed, "write_document", lambda *_: [])
    made = school_in(tmp_path, monkeypatch, PlanSchool)
    made.take_notebook("plan")
    return made


def cell(path, plan, name):
    return table_of(path, "plans").set_index("plan_id").loc[plan, name]


def test_a_fresh_sheet_says_what_the_log_does(school):
    path = school.plan(FIRST)
    assert [cell(path, "SP1", name) for name in ("pupil_id", "review_on", "outcome")] == [
        "0001",
        "2026-10-16",
        "",
    ]
    assert float(cell(path, "SP1", "target_sessions")) == 4


def test_what_was_written_is_in_the_next_pack_and_to_be_entered_in_the_log(school):
    said = {
        ("SP1", "reviewed_on"): "16/09/2026",
        ("SP1", "outcome"): "partly met",
        ("SP1", "next_step"): "try mornings",
    }
    fill(school.plan(FIRST), said, of=OF)
    path = school.plan(SECOND)
    assert [cell(path, "SP1", name) for name in ("reviewed_on", "outcome", "next_step")] == [
        "2026-09-16", "partly met", "try mornings",
    ]  # fmt: skip
    assert set(
        table_of(path, "to_enter")["row_key" if "row_key" in table_of(path, "to_enter") else "Number"]
    ) == {"SP1"}


def test_a_log_that_says_it_too_has_nothing_to_enter(school):
    fill(school.plan(FIRST), {("SP1", "lead"): "HoY 8", ("SP1", "target_sessions"): 5}, of=OF)
    school.plans[1] = school.plans[1].replace("SENCo,4", "HoY 8,5")
    path = school.plan(SECOND)
    assert (cell(path, "SP1", "lead"), float(cell(path, "SP1", "target_sessions"))) == ("HoY 8", 5)
    assert "SP1" not in table_of(path, "to_enter").to_numpy()


def test_a_log_that_changes_a_run_later_is_shown_and_the_words_before_stay_in_the_casebook(school):
    fill(school.plan(FIRST), {("SP2", "lead"): "written by hand"}, of=OF)
    assert cell(school.plan(SECOND), "SP2", "lead") == "written by hand"
    school.plans[2] = school.plans[2].replace("HoY 7", "ELSA")
    assert cell(school.plan(THIRD), "SP2", "lead") == "ELSA"
    assert main(["casebook", "export", "--school", "params/school.yml"]) == 0
    held = "".join(
        path.read_text(encoding="utf-8-sig") for path in school.root.glob("outputs/*/casebook/*.csv")
    )
    assert "written by hand" in held


def test_a_plan_that_staff_added_gets_a_number_and_takes_the_place_of_the_one_before(school):
    added = [
        {
            "pupil_id": 1,
            "target_sessions": 2,
            "target_from": "2026-09-21",
            "target_to": "2026-10-16",
            "school_does": "Rings",
        }
    ]
    fill(school.plan(FIRST), {("SP1", "outcome"): "met", ("SP1", "reviewed_on"): "2026-09-18"}, added, of=OF)
    path = school.plan(SECOND)
    known = plans_of(school.opened(SECOND)).set_index("plan_id")
    assert known.loc["2026-09-18/1", ["pupil_id", "version", "is_running"]].tolist() == ["0001", 2, True]
    assert known.loc["2026-09-18/1", "history"] == "SP1 of 8 Sep: met, reviewed 18 Sep"
    assert "SP1" not in set(table_of(path, "plans")["plan_id"])
    # The number stays, and so does the plan in the pack after.
    assert cell(school.plan(THIRD), "2026-09-18/1", "school_does") == "Rings"


def test_a_plan_begun_for_a_pupil_without_one_is_known_from_the_first_word(school):
    path = school.plan(FIRST, values={"pupil": "0003"})
    (row,) = [each for each in table_of(path, "plans").to_dict("records") if each["pupil_id"] == "0003"]
    fill(path, {(row["plan_id"], "lead"): "ELSA"}, of=OF)
    school.plan(SECOND)
    plan = running_plans(school.opened(SECOND)).loc["0003"]
    assert (plan["plan_id"], plan["lead"]) == (row["plan_id"], "ELSA")
    assert str(plan["opened_on"])[:10] == "2026-09-18"


def test_two_copies_that_say_different_things_are_shown_side_by_side(school):
    path = fill(school.plan(FIRST), {("SP1", "next_step"): "close it"}, of=OF)
    copy = Path(shutil.copy(path, path.with_name("Copy of plan.xlsx")))
    fill(later(copy), {("SP1", "next_step"): "go on"}, of=OF)
    (told,) = table_of(school.plan(SECOND), "differing").to_dict("records")
    assert {told["shown"], told["others"].partition(" (")[0]} == {"close it", "go on"}


def test_a_sheet_that_was_sorted_and_saved_elsewhere_is_read_row_by_row(school):
    path = fill(school.plan(FIRST), {("SP1", "note"): "of SP1", ("SP2", "note"): "of SP2"}, of=OF)
    book = openpyxl.load_workbook(path)
    sheet = book["Plans"]
    rows = [[each.value for each in line] for line in sheet.iter_rows()]
    first = next(at for at, line in enumerate(rows) if "row_mark" in line) + 2
    for number, line in enumerate(rows[first : first + 2][::-1], first + 1):
        for place, value in enumerate(line, 1):
            sheet.cell(number, place).value = value
    book.save(path)
    resaved(path)
    path = school.plan(SECOND)
    assert (cell(path, "SP1", "note"), cell(path, "SP2", "note")) == ("of SP1", "of SP2")


@needs_libreoffice
def test_copies_of_two_people_sorted_shortened_and_saved_by_libreoffice_lose_nothing(school, tmp_path):
    path = school.plan(FIRST)
    copy = Path(shutil.copy(path, path.with_name("Copy of plan.xlsx")))
    fill(path, {("SP1", "next_step"): "close it"}, [{"pupil_id": "0003", "school_does": "Rings"}], of=OF)
    said = {("SP1", "next_step"): "go on", ("SP2", "note"): "of SP2", ("SP2", "review_on"): "2026-10-14"}
    fill(copy, said, [{"pupil_id": "0004", "school_does": "Writes"}], of=OF)
    saved_by_libreoffice(tmp_path, turned_round_without(path, "plans", "SP2"), copy)
    second = school.plan(SECOND)
    plans = table_of(second, "plans").set_index("plan_id")
    assert plans.loc["SP2", ["note", "review_on"]].tolist() == ["of SP2", "2026-10-14"]
    assert dict(zip(plans["pupil_id"], plans["school_does"], strict=True)) | {"": ""} == {
        "0001": "", "0002": "", "0003": "Rings", "0004": "Writes", "": "",
    }  # fmt: skip
    (told,) = table_of(second, "differing").to_dict("records")
    assert {told["shown"], told["others"].partition(" (")[0]} == {"close it", "go on"}


def test_a_row_that_was_deleted_stays_with_all_that_was_said_of_it(school):
    path = fill(school.plan(FIRST), {("SP1", "note"): "kept"}, of=OF)
    school.plan(SECOND)
    book = openpyxl.load_workbook(path)
    sheet = book["Plans"]
    (at,) = [line[0].row for line in sheet.iter_rows() if "SP1" in [each.value for each in line]]
    sheet.delete_rows(at)
    book.save(path)
    path = school.plan(THIRD)
    assert cell(path, "SP1", "note") == "kept"
    assert any("these rows are not in the file: SP1" in line for line in school.said)


def test_packs_without_a_log_of_plans_keep_what_staff_began(school):
    school.plans = []
    fill(school.plan(FIRST), {}, [{"pupil_id": "0004", "school_does": "Rings"}], of=OF)
    path = school.plan(SECOND)
    assert table_of(path, "plans").set_index("pupil_id").loc["0004", "school_does"] == "Rings"
    again = school.plan(SECOND, replace=True)
    assert table_of(again, "plans").set_index("pupil_id").loc["0004", "school_does"] == "Rings"


def test_what_was_written_of_a_pupil_s_plan_can_be_erased_and_everybody_else_s_stays(school):
    fill(school.plan(FIRST), {("SP1", "note"): "of SP1", ("SP2", "note"): "of SP2"}, of=OF)
    school.plan(SECOND)
    assert main(["casebook", "erase", "--school", "params/school.yml", "--pupil", "0001", "--yes"]) == 0
    with sqlite3.connect(school.casebook) as store:
        held = {value for (value,) in store.execute("SELECT value FROM entry WHERE kind = 'set'")}
    assert "of SP2" in held
    assert "of SP1" not in held


def test_a_pack_made_again_leads_to_the_plans_made_since_and_the_one_before_is_made_as_it_was(school):
    def written_from(path):
        return read_receipt(path.parent).casebook["revision"]

    def pages(revision):
        return links.plan_pages(SimpleNamespace(casebook=state_at(school.casebook, revision, ("990002",))))

    school.plan(FIRST)
    before = written_from(school.make(*SECOND))
    assert written_from(school.make(*SECOND, replace=True)) == before
    assert pages(before)["SP1"] == "../../plan/2026-09-07_2026-09-18/plan.html#plan-sp1"
    school.plan(SECOND)
    after = written_from(school.make(*SECOND, replace=True))
    assert pages(after)["SP1"] == "../../plan/2026-09-21_2026-10-02/plan.html#plan-sp1"
    assert pages(before)["SP1"] == "../../plan/2026-09-07_2026-09-18/plan.html#plan-sp1"
