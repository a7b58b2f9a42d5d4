"""The case-by-case consideration: filled in on the sheet of the paper on notices, read back, and heard by the gate."""

import shutil
from pathlib import Path

import pytest

from attendance_lib.analysis.notice_cases import cases_of
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
from tests.school_file import NATIONAL

OF = ("considered", "pupil_id", "pupil_name")
NEW = ("considered", "case_id", "pupil_id")
SAID = {
    ("0001", "considered_on"): "18/09/2026",
    ("0001", "considered_by"): "Lea All",
    ("0001", "support_appropriate"): "no",
}


class NoticeSchool(CasebookSchool):
    """The casebook's school under the national framework; 0001 misses every session without leave (O)."""

    considered = ""

    def request(self, first, last, **asked):
        made = super().request(first, last, **asked)
        with made.school_file.open("a", encoding="utf-8") as file:
            file.write(NATIONAL)
        if self.considered:
            self.name_table("considered", self.considered)
        return made

    def paper(self, dates, **asked):
        return self.make(*dates, report="notices", **asked)

    def case(self, dates, pupil="0001"):
        return next(
            each for each in cases_of(self.opened(dates)) if each.pupil_id == pupil and each.rule.is_national
        )


@pytest.fixture
def school(tmp_path, monkeypatch):
    made = school_in(tmp_path, monkeypatch, NoticeSchool)
    made.never_comes("0001")
    pupils = made.root / "params" / "pupils.csv"
    head, *rows = pupils.read_text(encoding="utf-8").splitlines()
    born = [f"{head},date_of_birth", *(f"{row},2014-10-15" for row in rows)]
    pupils.write_text("\n".join(born) + "\n", encoding="utf-8")
    made.take_notebook("notices")
    return made


def to_do(case):
    return {check.name for check in case.gate.to_do}


def test_a_case_at_the_threshold_has_a_row_and_what_is_written_there_is_heard_by_the_gate(school):
    path = school.paper(FIRST)
    assert [pupil for pupil in table_of(path, "considered")["pupil_id"] if pupil.isdigit()] == ["0001"]
    assert {"considered", "support"} <= to_do(school.case(FIRST))
    fill(path, SAID, of=OF)
    second = school.paper(SECOND)
    case = school.case(SECOND)
    assert str(case.case.considered_on) == "2026-09-18"
    assert not {"considered", "support"} & to_do(case)  # support was recorded as not appropriate
    row = table_of(second, "considered").set_index("pupil_id").loc["0001"]
    assert row[["considered_on", "considered_by", "support_appropriate"]].tolist() == [
        "2026-09-18",
        "Lea All",
        "no",
    ]
    assert "2026-09-18" in table_of(second, "considered_to_enter").to_numpy()


def test_a_log_that_has_the_record_has_nothing_to_enter_and_its_words_are_shown(school):
    fill(school.paper(FIRST), SAID, of=OF)
    school.considered = (
        "pupil_id,parent,considered_on,considered_by,support_appropriate\n0001,,2026-09-18,The head,1\n"
    )
    second = school.paper(SECOND)
    assert "2026-09-18" not in table_of(second, "considered_to_enter").to_numpy()
    assert school.case(SECOND).case.support_appropriate is True


def test_a_row_without_a_day_is_no_record_and_is_not_lost(school):
    fill(school.paper(FIRST), {("0001", "note"): "ask the nurse"}, of=OF)
    second = school.paper(SECOND)
    assert "considered" in to_do(school.case(SECOND))
    assert table_of(second, "considered").set_index("pupil_id").loc["0001", "note"] == "ask the nurse"


def test_a_case_added_at_the_foot_by_a_number_without_its_zeros_is_the_pupils(school):
    fill(
        school.paper(FIRST),
        {},
        [{"pupil_id": 1, "considered_on": "2026-09-18", "disability_related": "yes"}],
        of=NEW,
    )
    second = school.paper(SECOND)
    assert school.case(SECOND).case.disability_related is True
    assert "Written before" in set(table_of(second, "considered")["answer"])


def test_two_copies_that_say_different_things_are_shown_side_by_side(school):
    path = school.paper(FIRST)
    copy = Path(shutil.copy(path, path.with_name("Copy of notices.xlsx")))
    fill(path, SAID, of=OF)
    fill(
        later(copy),
        SAID | {("0001", "support_appropriate"): "yes", ("0001", "note"): "asked for help"},
        of=OF,
    )
    second = school.paper(SECOND)
    (told,) = table_of(second, "differing").to_dict("records")
    assert {told["shown"], told["others"].partition(" (")[0]} == {"no", "yes"}
    assert table_of(second, "considered").set_index("pupil_id").loc["0001", "note"] == "asked for help"


def test_a_sheet_that_was_sorted_and_a_row_that_was_deleted_lose_nothing(school):
    path = fill(
        school.paper(FIRST), SAID, [{"pupil_id": "0002", "considered_on": "2026-09-17"}], of=NEW_OR_OLD
    )
    school.paper(SECOND)
    resaved(turned_round_without(path, "considered", "0001"))
    third = table_of(school.paper(THIRD), "considered").set_index("pupil_id")
    assert third.loc[["0001", "0002"], "considered_on"].tolist() == ["2026-09-18", "2026-09-17"]


NEW_OR_OLD = ("considered", "pupil_id", "pupil_id")


@needs_libreoffice
def test_copies_of_two_people_sorted_shortened_and_saved_by_libreoffice_lose_nothing(school, tmp_path):
    path = school.paper(FIRST)
    copy = Path(shutil.copy(path, path.with_name("Copy of notices.xlsx")))
    fill(path, {}, [{"pupil_id": "0002", "considered_on": "2026-09-17", "note": "of 0002"}], of=NEW_OR_OLD)
    fill(copy, SAID | {("0001", "note"): "asked"}, of=OF)
    saved_by_libreoffice(tmp_path, turned_round_without(path, "considered", "0001"), copy)
    second = table_of(school.paper(SECOND), "considered").set_index("pupil_id")
    assert second.loc[["0001", "0002"], "considered_on"].tolist() == ["2026-09-18", "2026-09-17"]
    assert second.loc[["0001", "0002"], "note"].tolist() == ["asked", "of 0002"]
    assert str(school.case(SECOND).case.considered_on) == "2026-09-18"
