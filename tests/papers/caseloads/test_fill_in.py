"""What members of staff write on their own sheets is in the next packs, whatever became of the files: runs end to end."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from attendance_lib.analysis.contact_log import contacts_known
from attendance_lib.analysis.plans import plans_of
from attendance_lib.reports import handed
from attendance_lib.reports.project import Project
from attendance_lib.reports.verify import verify_pack
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

ACTION, PLAN, REVIEW, CALL = (
    ("actions", "action_id", "action"),
    ("plans", "plan_id", "pupil_name"),
    ("reviews", "pupil_id", "pupil_name"),
    ("calls", "pupil_id", "pupil_name"),
)
STAFF = """staff:
  - {role: Head of Year 7, name: Hal Seven, year_groups: [7]}
  - {role: SENCo, name: Sena Needs}
  - {role: Attendance lead, name: Lea All}
"""
LOGS = {
    "plans": (
        "plan_id,pupil_id,opened_on,lead,review_on",
        "SP1,0001,2026-09-08,Hal Seven,2026-09-17",
    ),
    "interventions": (
        "pupil_id,intervention,tier,start_date,lead,review_date,outcome,next_step",
        "0002,Club,2,2026-09-04,Hal Seven,2026-09-16,,",
    ),
    "contacts": ("contact_id,pupil_id,date,outcome", "C1,0004,2026-09-07,spoken to"),
}


@dataclass
class StaffSchool(CasebookSchool):
    """The casebook's school with staff, and logs of plans, interventions and contacts; 0001 misses every session."""

    logs: dict[str, list[str]] = field(
        default_factory=lambda: {name: list(rows) for name, rows in LOGS.items()}
    )

    def request(self, first, last, **asked):
        made = super().request(first, last, **asked)
        for name, rows in self.logs.items():
            self.name_table(name, "\n".join(rows) + "\n")
        with made.school_file.open("a", encoding="utf-8") as file:
            file.write(STAFF)
        return made

    def caseload(self, dates, of="hal-seven", **asked):
        """The workbook of a member's sheet in the pack of some days, which is made."""
        return self.make(*dates, report="caseloads", **asked).parent / "staff" / of / "caseload.xlsx"


@pytest.fixture
def school(tmp_path, monkeypatch):
    for name in ("write_html", "write_pdf"):
        monkeypatch.setattr(handed, name, lambda _, path: path.write_text("page") and ())
    made = school_in(tmp_path, monkeypatch, StaffSchool)
    made.never_comes("0001")
    made.take_notebook("caseloads")
    return made


def lead_s(path):
    """The lead's workbook of the pack that a member's workbook is in."""
    return path.parents[2] / "caseloads.xlsx"


def words_to_enter(path):
    """Every word on the lead's list of what is to be entered in a log."""
    return set(table_of(lead_s(path), "to_enter").to_numpy().ravel())


def words_of(path, sheet, key, row, name):
    return table_of(path, sheet).set_index(key).loc[row, name]


def test_a_fresh_sheet_holds_what_is_the_members_to_do(school):
    path = school.caseload(FIRST)
    held = {name: table_of(path, name) for name in ("actions", "plans", "reviews", "calls")}
    assert [key for key in held["plans"]["plan_id"] if key] == ["SP1"]
    reviews = [(row.pupil_id, row.reviewed) for row in held["reviews"].itertuples() if row.pupil_id]
    assert reviews == [("0002", "Club")]
    rung = [(row.pupil_id, row.made_by) for row in held["calls"].itertuples() if row.pupil_id]
    assert rung == [("0001", "Hal Seven")]
    assert set(held["actions"]["action_id"]) == {""}


def test_an_action_written_on_a_members_sheet_is_in_the_pastoral_pack_and_on_the_next_sheet(school):
    new = {"pupil_id": "0002", "action": "Ring the aunt", "owner": "Hal Seven", "due_date": "2026-09-25"}
    fill(school.caseload(FIRST), {}, [new], of=ACTION)
    pastoral = table_of(school.make(*SECOND)).set_index("action_id")
    assert pastoral.loc["2026-09-18/1", ["pupil_id", "action", "owner"]].tolist() == [
        "0002",
        "Ring the aunt",
        "Hal Seven",
    ]
    path = fill(
        school.caseload(SECOND),
        {("2026-09-18/1", "status"): "done", ("2026-09-18/1", "note"): "she came"},
        of=ACTION,
    )
    assert table_of(school.make(*THIRD)).set_index("action_id").loc["2026-09-18/1", ["status", "note"]].tolist() == [
        "done", "she came",
    ]  # fmt: skip
    assert verify_pack(path.parents[2], Project(school.root)).faults == ()
    told = (path.parents[2] / "receipt.json").read_text(encoding="utf-8")
    assert not [word for word in ("Surname", "Forename", "Ring the aunt", "she came") if word in told]


def test_a_review_of_a_plan_or_of_other_support_is_known_until_the_log_has_it(school):
    path = school.caseload(FIRST)
    fill(path, {("SP1", "outcome"): "partly met", ("SP1", "reviewed_on"): "2026-09-17"}, of=PLAN)
    fill(
        path,
        {("0002", "outcome"): "not met", ("0002", "reason_not_working"): "too late in the day"},
        of=REVIEW,
    )
    second = school.caseload(SECOND)
    pack = school.opened(SECOND)
    assert plans_of(pack)["outcome"].tolist() == ["partly met"]
    assert pack.school.interventions[["outcome", "reason_not_working"]].to_numpy().tolist() == [
        ["not met", "too late in the day"]
    ]
    assert {"not met", "partly met"} <= words_to_enter(second)
    school.logs["interventions"][1] = "0002,Club,2,2026-09-04,Hal Seven,2026-09-16,not met,"
    school.logs["plans"] = [
        f"{LOGS['plans'][0]},reviewed_on,outcome",
        f"{LOGS['plans'][1]},2026-09-17,partly met",
    ]
    left = words_to_enter(school.caseload(THIRD))
    assert "too late in the day" in left  # the log has no such column: it still says nothing of it
    assert not {"not met", "partly met"} & left


def test_a_log_that_says_otherwise_of_a_review_later_is_shown(school):
    fill(school.caseload(FIRST), {("0002", "outcome"): "not met"}, of=REVIEW)
    school.caseload(SECOND)
    school.logs["interventions"][1] = "0002,Club,2,2026-09-04,Hal Seven,2026-09-16,met after all,"
    school.caseload(THIRD)
    assert school.opened(THIRD).school.interventions["outcome"].tolist() == ["met after all"]


def test_a_try_counts_as_a_contact_of_the_day_written_by_whose_sheet_it_is(school):
    path = school.caseload(FIRST)
    fill(path, {("0001", "reached"): "spoken to", ("0001", "tried_on"): "21/09/2026"}, of=CALL)
    school.caseload(SECOND)
    told = contacts_known(school.opened(SECOND)).set_index("pupil_id").loc["0001"]
    assert (str(told["date"])[:10], told["made_by"], told["outcome"]) == (
        "2026-09-21",
        "Hal Seven",
        "spoken to",
    )


def test_two_people_who_wrote_differently_on_two_copies_are_shown_side_by_side(school):
    path = fill(school.caseload(FIRST), {("SP1", "next_step"): "close it"}, of=PLAN)
    copy = Path(shutil.copy(path, path.with_name("Copy of caseload.xlsx")))
    fill(later(copy), {("SP1", "next_step"): "go on"}, of=PLAN)
    (told,) = table_of(lead_s(school.caseload(SECOND)), "differing").to_dict("records")
    assert {told["shown"], told["others"].partition(" (")[0]} == {"close it", "go on"}


def test_two_copies_that_say_different_cells_are_merged(school):
    path = school.caseload(FIRST)
    copy = Path(shutil.copy(path, path.with_name("Copy of caseload.xlsx")))
    fill(path, {("SP1", "next_step"): "close it"}, of=PLAN)
    fill(later(copy), {("SP1", "note"): "rang twice"}, of=PLAN)
    school.caseload(SECOND)
    assert plans_of(school.opened(SECOND))[["next_step", "note"]].to_numpy().tolist() == [
        ["close it", "rang twice"]
    ]


def test_a_sheet_that_was_sorted_retyped_and_shortened_is_read_row_by_row(school):
    school.log[1:] = [
        row.replace("HoY 7", "Hal Seven").replace("SENCo", "Hal Seven") for row in school.log[1:]
    ]
    path = school.caseload(FIRST)
    said = {("A0021", "note"): "of 21", ("A0022", "note"): "of 22", ("A0021", "due_date"): "2 October 2026"}
    sheet = turned_round_without(fill(path, said, of=ACTION), "actions", "A0023")
    resaved(sheet)
    table = table_of(school.caseload(SECOND)).set_index("action_id")
    assert table.loc[["A0021", "A0022"], "note"].tolist() == ["of 21", "of 22"]
    assert table.loc["A0021", "due_date"] == "2026-10-02"
    assert table.loc["A0023", "action"] == "Order certificates"
    assert any("these rows are not in the file: A0023" in line for line in school.said)


def test_a_pack_that_is_made_again_keeps_what_was_filled_in(school):
    path = school.caseload(FIRST)
    fill(path, {("SP1", "note"): "kept"}, of=PLAN)
    fill(path, {("0001", "reached"): "no answer"}, of=CALL)
    again = school.caseload(FIRST, replace=True)
    assert words_of(again, "plans", "plan_id", "SP1", "note") == "kept"
    assert words_of(again, "calls", "pupil_id", "0001", "reached") == "no answer"
    assert list(again.parents[3].glob("kept/*/staff/hal-seven/caseload.xlsx"))


def test_a_casebook_that_was_lost_is_begun_again_from_the_sheets(school):
    path = fill(school.caseload(FIRST), {("SP1", "note"): "kept"}, of=PLAN)
    for book in school.root.glob("outputs/*/casebook-990002.sqlite*"):
        book.unlink()
    receipt = path.parents[2] / "receipt.json"
    told = receipt.read_text(encoding="utf-8")
    assert "staff/hal-seven/caseload.xlsx" in told
    receipt.write_text(told.replace('"revision": ', '"was_revision": '), encoding="utf-8")
    school.caseload(SECOND)
    assert plans_of(school.opened(SECOND))["note"].tolist() == ["kept"]


@needs_libreoffice
def test_copies_of_two_people_sorted_shortened_and_saved_by_libreoffice_lose_nothing(school, tmp_path):
    path = school.caseload(FIRST)
    copy = Path(shutil.copy(path, path.with_name("Copy of caseload.xlsx")))
    fill(path, {("0002", "outcome"): "met", ("0002", "next_step"): "close it"}, of=REVIEW)
    fill(path, {}, [{"pupil_id": "0003", "action": "Ring the aunt", "owner": "Hal Seven"}], of=ACTION)
    fill(copy, {("SP1", "note"): "typed", ("SP1", "reviewed_on"): "2026-09-17"}, of=PLAN)
    fill(copy, {("0002", "next_step"): "go on"}, of=REVIEW)
    saved_by_libreoffice(tmp_path, turned_round_without(path, "plans", "SP1"), copy)
    second = school.caseload(SECOND)
    known = plans_of(school.opened(SECOND))
    assert (known["note"].tolist(), str(known["reviewed_on"][0])[:10]) == (["typed"], "2026-09-17")
    assert "Ring the aunt" in set(table_of(second, "actions")["action"])
    (told,) = table_of(lead_s(second), "differing").to_dict("records")
    assert {told["shown"], told["others"].partition(" (")[0]} == {"close it", "go on"}
    assert "met" in words_to_enter(second)
