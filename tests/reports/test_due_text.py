"""A pack made while marks were missing is offered again once the exports hold them.

Ten pupils have two marks on each of the ten school days from 9 to 20 November 2026: of 200 marks four are 2 %, the limit.
"""

from datetime import date, timedelta

import pytest

from attendance_lib.intake import school as reading
from attendance_lib.intake.school_store import SchoolStore
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.reports import gate
from attendance_lib.reports.due import standing_on
from attendance_lib.reports.due_run import read_ahead
from attendance_lib.reports.due_text import mended
from attendance_lib.reports.gate import check_whole
from attendance_lib.reports.period import Period
from attendance_lib.reports.request import Job, RunRequest
from tests.reports.due_school import request_on, with_meeting, write_pack

NOVEMBER = (date(2026, 11, 9), date(2026, 11, 20))
DAYS = [NOVEMBER[0] + timedelta(days=day) for day in (*range(5), *range(7, 12))]


@pytest.fixture
def school(write_project, tmp_path):
    """A project whose exports are read."""
    return with_meeting(write_project(tmp_path / "project"))


def write_exports(project, missing):
    """Write the exports without the first session's marks of so many pupils."""
    pupils = [f"{number:02}" for number in range(10)]
    roll = "pupil_id,year_group,admission_date\n" + "".join(f"{pupil},7,2026-09-03\n" for pupil in pupils)
    (project.params / "pupils.csv").write_text(roll, encoding="utf-8")
    lost = {(pupil, NOVEMBER[0], "AM") for pupil in pupils[:missing]}
    rows = [
        f"{pupil},{day},{session},/\n"
        for pupil in pupils
        for day in DAYS
        for session in ("AM", "PM")
        if (pupil, day, session) not in lost
    ]
    (project.params / "marks_1.csv").write_text(
        "pupil_id,date,session,code\n" + "".join(rows), encoding="utf-8"
    )


def offers(project):
    return list(mended(standing_on(request_on(project))))


@pytest.mark.parametrize(("missing", "is_offered"), [(0, True), (4, True), (5, False)])
def test_a_pack_that_lacked_marks_is_offered_when_the_exports_hold_them(school, missing, is_offered):
    write_pack(school, "fortnightly", *map(str, NOVEMBER), missing=7)
    write_exports(school, missing)
    found = offers(school)
    assert len(found) == int(is_offered)
    if is_offered:
        assert (
            "fortnightly 2026-11-09 to 2026-11-20 was made when 7% of the marks due were missing" in found[0]
        )
        assert found[0].endswith("--replace")


def test_while_the_exports_are_refused_nothing_is_offered(school):
    write_pack(school, "fortnightly", *map(str, NOVEMBER), missing=7)
    assert offers(school) == []


def test_without_such_a_pack_no_export_is_read(school, monkeypatch):
    write_pack(school, "fortnightly", *map(str, NOVEMBER))
    monkeypatch.setattr(gate, "read_exported", None)
    assert offers(school) == []


def test_what_is_read_ahead_is_neither_read_nor_opened_by_a_paper(school, monkeypatch):
    write_exports(school, missing=0)
    out = school.root / "outputs"
    settings = standing_on(request_on(school)).settings
    read_ahead(settings, out)
    monkeypatch.setattr(reading, "read_school_checked", lambda settings: pytest.fail("read again"))
    monkeypatch.setattr(SchoolStore, "find", lambda *_: pytest.fail("opened again"))
    assert len(gate.read_exported(settings, gate.store_in(out)).pupils) == 10


def test_exports_that_were_read_before_are_not_read_for_an_offer(school, monkeypatch):
    write_pack(school, "fortnightly", *map(str, NOVEMBER), missing=7)
    write_exports(school, missing=0)
    assert len(offers(school)) == 1
    monkeypatch.setattr(
        reading, "read_school_checked", lambda settings: pytest.fail("the exports were read again")
    )
    assert len(offers(school)) == 1


@pytest.mark.parametrize(("missing", "percent"), [(4, 0), (5, 2), (8, 4)])
def test_the_receipt_says_what_was_missing_above_the_limit(school, missing, percent):
    """Of 200 marks four are the limit of 2 %, five are 2.5 %, eight are 4 %."""
    write_exports(school, missing)
    settings = load_settings(school.params / "demo.yml")
    request = RunRequest("fortnightly", school, school.params / "demo.yml", school.outputs)
    job = Job(request, settings, Period(*NOVEMBER), {})
    assert check_whole(gate.read_exports(settings).accepted(), job) == percent
