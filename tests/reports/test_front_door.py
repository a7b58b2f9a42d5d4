"""The list of a school's papers at the door of its packs: what is due, links that lead somewhere, published papers apart."""

import re
from datetime import date
from urllib.parse import unquote

import pytest

from attendance_lib.reports.due import UNLISTED
from attendance_lib.reports.front_door import IN_SIGHT, PAGE, keep_front_door
from tests.reports.due_school import SCHOOL, request_on, with_meeting, write_pack

HREF = re.compile(r'href="([^"#]*)"')


@pytest.fixture
def school(project):
    return with_meeting(project)


def page_of(school, on=date(2026, 11, 23)):
    return keep_front_door(request_on(school, on), pytest.fail).read_text(encoding="utf-8")


def part(page, title):
    """What stands between a heading and the next one."""
    return page.partition(f"<h2>{title}")[2].partition("<h2>")[0]


def test_every_pack_has_its_links_and_each_leads_to_a_file(school):
    pack = write_pack(school, "fortnightly", "2026-11-09", "2026-11-20")
    (pack / "fortnightly.pdf").write_bytes(b"%PDF")
    write_pack(school, "governors", "2026-09-03", "2026-10-23", personal=False)
    links = [unquote(link) for link in HREF.findall(page_of(school))]
    assert links == [
        "fortnightly/2026-11-09_2026-11-20/fortnightly.html",
        "fortnightly/2026-11-09_2026-11-20/fortnightly.pdf",
        "governors/2026-09-03_2026-10-23/governors.html",
    ]
    assert all((school.outputs / SCHOOL / link).is_file() for link in links)


def test_published_papers_stand_apart_from_those_with_names(school):
    write_pack(school, "fortnightly", "2026-11-09", "2026-11-20")
    write_pack(school, "governors", "2026-09-03", "2026-10-23", personal=False)
    page = page_of(school)
    assert HREF.findall(part(page, "Papers with names")) == [
        "fortnightly/2026-11-09_2026-11-20/fortnightly.html"
    ]
    assert HREF.findall(part(page, "Published papers")) == ["governors/2026-09-03_2026-10-23/governors.html"]


def test_what_is_due_was_missed_and_comes_next_is_said_first(school):
    write_pack(school, "fortnightly", "2026-10-19", "2026-11-06")
    due = part(page_of(school), "Due now")
    # The meetings are every second Tuesday from 8 September: on 24 November the pack of 9 to 20 November is needed.
    assert "pack for the pastoral meeting on 24 November 2026</td><td>due" in due
    assert "pack for the pastoral meeting on 8 December 2026</td><td>7 December 2026" in due
    assert page_of(school).index("<h2>Due now") < page_of(school).index("<h2>Papers with names")


def test_the_newest_comes_first_and_the_eleventh_is_folded(school):
    for day in range(1, IN_SIGHT + 2):
        write_pack(school, "inspection", f"2026-11-{day:02}", f"2026-11-{day:02}")
    made = part(page_of(school), "Papers with names")
    in_sight, folded = made.partition("<details>")[::2]
    assert [name[11:21] for name in HREF.findall(in_sight)] == [
        f"2026-11-{day:02}" for day in range(11, 1, -1)
    ]
    assert "<summary>1 earlier one</summary>" in folded
    assert [name[11:21] for name in HREF.findall(folded)] == ["2026-11-01"]


def test_the_page_is_for_the_account_alone_and_runs_and_fetches_nothing(school):
    write_pack(school, "fortnightly", "2026-11-09", "2026-11-20")
    path = keep_front_door(request_on(school), pytest.fail)
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert "<script" not in text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".index")] == []


def test_what_was_asked_for_is_in_words_and_no_default_is(school):
    handed = {"draw": "prize_pot", "public_value": "", "list_hash": "0c2f7153"}
    pack = write_pack(school, "incentives", "2026-09-03", "2026-10-09", parameters=handed)
    pack.rename(pack.with_name(f"{pack.name}_draw-prize_pot"))
    assert "<td>Whole school, draw prize pot</td>" in page_of(school)


def test_of_two_that_begin_on_one_day_the_shorter_is_superseded_unless_it_was_published(school):
    for report, personal in (("impact", True), ("governors", False)):
        for end in ("2026-10-23", "2026-11-20"):
            write_pack(school, report, "2026-09-03", end, personal=personal)
    write_pack(school, "fortnightly", "2026-10-19", "2026-11-06")
    write_pack(school, "fortnightly", "2026-11-09", "2026-11-20")
    rows = [row for row in page_of(school).split("<tr>") if "superseded" in row]
    assert [HREF.findall(row) for row in rows] == [["impact/2026-09-03_2026-10-23/impact.html"]]


def test_a_name_is_no_markup(school):
    pack = write_pack(school, "fortnightly", "2026-11-09", "2026-11-20", parameters={"tag": "<b>x</b>"})
    pack.rename(pack.with_name(f"{pack.name}_tag-b-x-b"))
    assert "<b>x" not in page_of(school)


def test_what_stops_the_page_is_said_and_stops_nothing(school):
    write_pack(school, "fortnightly", "2026-11-09", "2026-11-20")
    (school.params / "demo.yml").write_text("school: [")
    said = []
    assert keep_front_door(request_on(school), said.append) is None
    assert said[0].startswith("The list of papers was not written: ")


def test_a_command_whose_paper_another_lists_writes_no_page(school, monkeypatch):
    pack = write_pack(school, "fortnightly", "2026-11-09", "2026-11-20")
    monkeypatch.setenv(UNLISTED, "1")
    assert keep_front_door(request_on(school), pytest.fail) is None
    assert not (pack.parents[1] / PAGE).exists()
    monkeypatch.delenv(UNLISTED)
    assert keep_front_door(request_on(school), pytest.fail) == pack.parents[1] / PAGE


def test_a_school_without_a_pack_has_no_page(school):
    assert keep_front_door(request_on(school), pytest.fail) is None
    assert not (school.outputs / SCHOOL).exists()
