"""What was asked at a meeting with the authority and whether it was done: filled in, read back and printed at the next one."""

import shutil
from pathlib import Path

import pytest

from attendance_lib.papers.authority.asks import asked_before
from tests.casebook_school import (
    FIRST,
    SECOND,
    THIRD,
    fill,
    later,
    needs_libreoffice,
    resaved,
    saved_by_libreoffice,
    school_in,
    table_of,
    turned_round_without,
)

OF = ("asks", "ask_id", "what")
PLAN = "Agree a plan with the family and name its lead practitioner"
EWO = {
    "of": "Local authority",
    "what": "Send the officer to see the family",
    "by_date": "2026-10-01",
    "pupil_id": "0001",
}


@pytest.fixture
def school(tmp_path, monkeypatch):
    """0001 misses every session and has no plan, so the files ask the school for one."""
    made = school_in(tmp_path, monkeypatch)
    made.never_comes("0001")
    made.take_notebook("authority")
    return made


def paper(school, dates, **asked):
    return school.make(*dates, report="authority", **asked)


def asked(path):
    """The rows of the sheet: where each stands, who is asked, what, and whether it was done."""
    rows = table_of(path, "asks")
    return [(row.stands, row.of, row.what, row.done) for row in rows.itertuples() if row.ask_id]


def number_of(path, what):
    rows = table_of(path, "asks").set_index("what")
    return rows.loc[what, "ask_id"]


def test_what_the_files_ask_stands_on_the_sheet_of_the_meeting(school):
    assert ("For this meeting", "School", PLAN, "") in asked(paper(school, FIRST))


def test_the_next_paper_says_what_was_asked_and_whether_it_was_done_and_the_one_after_only_what_is_open(
    school,
):
    path = paper(school, FIRST)
    fill(
        path,
        {
            (number_of(path, PLAN), "done"): "done",
            (number_of(path, PLAN), "came_of_it"): "agreed with mother",
        },
        [EWO],
        of=OF,
    )
    second = paper(school, SECOND)
    assert ("Asked before", "School", PLAN, "done") in asked(second)
    assert table_of(second, "asks").set_index("what").loc[PLAN].iloc[0]["came_of_it"] == "agreed with mother"
    assert ("Asked before", "Local authority", EWO["what"], "") in asked(second)
    fill(second, {(number_of(second, EWO["what"]), "done"): "not done"}, of=OF)
    third = asked(paper(school, THIRD))
    assert ("Asked before", "Local authority", EWO["what"], "not done") in third
    assert not [row for row in third if row[2] == PLAN and row[3] == "done"]


def test_what_is_open_from_before_is_not_asked_a_second_time(school):
    paper(school, FIRST)
    rows = [row for row in asked(paper(school, SECOND)) if row[2] == PLAN]
    assert rows == [("Asked before", "School", PLAN, "")]


def test_two_copies_that_say_different_things_are_shown_side_by_side_and_others_are_merged(school):
    path = paper(school, FIRST)
    number = number_of(path, PLAN)
    copy = Path(shutil.copy(path, path.with_name("Copy of authority.xlsx")))
    fill(path, {(number, "done"): "done"}, of=OF)
    fill(later(copy), {(number, "done"): "not done", (number, "came_of_it"): "nobody came"}, of=OF)
    second = paper(school, SECOND)
    (told,) = table_of(second, "differing").to_dict("records")
    assert {told["shown"], told["others"].partition(" (")[0]} == {"done", "not done"}
    assert "nobody came" in set(table_of(second, "asks")["came_of_it"])


def test_a_sheet_that_was_sorted_and_shortened_keeps_every_ask(school):
    path = paper(school, FIRST)
    fill(path, {(number_of(path, PLAN), "came_of_it"): "rang"}, [EWO], of=OF)
    paper(school, SECOND)
    resaved(turned_round_without(path, "asks", PLAN))
    third = paper(school, THIRD)
    assert {EWO["what"], PLAN} <= {row[2] for row in asked(third)}
    assert "rang" in set(table_of(third, "asks")["came_of_it"])


def test_the_page_says_what_was_asked_and_that_nobody_said_whether_it_was_done(school):
    paper(school, FIRST)
    paper(school, SECOND)
    rows = asked_before(school.opened(SECOND)).frame.set_index("what")
    assert rows.loc[PLAN, ["of", "done", "pupils", "pupils_now"]].tolist() == ["School", "No word yet", 1, 1]


def test_a_paper_that_is_made_again_keeps_what_was_added(school):
    fill(paper(school, FIRST), {}, [EWO], of=OF)
    again = asked(paper(school, FIRST, replace=True))
    assert ("For this meeting", "Local authority", EWO["what"], "") in again


@needs_libreoffice
def test_copies_of_two_people_sorted_shortened_and_saved_by_libreoffice_lose_nothing(school, tmp_path):
    path = paper(school, FIRST)
    number = number_of(path, PLAN)
    copy = Path(shutil.copy(path, path.with_name("Copy of authority.xlsx")))
    fill(path, {}, [EWO], of=OF)
    fill(later(copy), {(number, "by_date"): "2026-10-01", (number, "came_of_it"): "rang"}, of=OF)
    saved_by_libreoffice(tmp_path, turned_round_without(path, "asks", PLAN), copy)
    rows = table_of(paper(school, SECOND), "asks").set_index("what")
    assert rows.loc[[PLAN, EWO["what"]], "by_date"].tolist() == ["2026-10-01", "2026-10-01"]
    assert rows.loc[PLAN, "came_of_it"] == "rang"
