"""The page of the check: where it goes, what it replaces, and what it says where there is nothing to say."""

import pytest

from attendance_lib.reports.project import Project
from tests.papers.checked_schools import SCHOOL


def test_the_page_goes_below_the_school_by_the_last_day_with_marks(check, folder):
    page = check(argv=("--out", "there"))
    assert page.folder == folder / "there" / "tiny-school-990003" / "check" / "2026-09-11"
    assert sorted(path.name for path in page.folder.glob("[!.]*")) == ["check.html", "check.xlsx"]
    assert str(page.folder) in page.out


def test_the_page_replaces_the_earlier_one_whole(check):
    old = check().folder / "old.txt"
    old.write_text("old")
    page = check({"marks.csv": (",L,", ",/,")})
    assert not old.exists()
    assert sorted(path.name for path in page.folder.parent.iterdir()) == ["2026-09-11", "kept"]
    kept = page.folder.parent / "kept" / "2026-09-11_1" / "old.txt"
    assert kept.read_text() == "old"
    assert f"old.txt is not part of the pack: it is kept as {kept}." in page.out


def test_the_page_names_files_as_every_machine_does(check, folder):
    page = check({"marks.csv": "pupil_id,date,session,code\n"})
    assert page.sheets["refusals"][-1][2] == "params/demo.yml"
    assert page.says(str(folder))[1:] == (False, False)


def test_the_page_on_the_settings_names_every_line_and_key(check):
    page = check({"demo.yml": SCHOOL.replace("phase: secondary", "phaze: secondary").replace("boiler", " ")})
    rows = page.sheets["settings_problems"]
    where = [row[0] for row in rows if row[0] and str(row[0]).startswith("params/demo.yml, line ")]
    assert len(where) == len(page.err.splitlines()) >= 2
    assert any("key 'school.phaze'" in place for place in where)


def test_the_page_on_the_settings_goes_where_it_is_told_and_is_the_same_twice(check, folder):
    broken = {"demo.yml": "school: ["}
    first = check(broken, ("--out", "there")).folder
    assert first == folder / "there" / "demo" / "check" / "no-marks"
    once = {path.name: path.read_bytes() for path in first.iterdir()}
    assert {
        path.name: path.read_bytes() for path in check(broken, ("--out", "there")).folder.iterdir()
    } == once


def test_a_school_file_that_is_not_there_is_on_the_page_too(check, folder):
    page = check(argv=("--school", "params/elsewhere.yml"))
    assert (page.code, page.folder) == (10, folder / "outputs" / "elsewhere" / "check" / "no-marks")
    assert page.says("there is no such file") == (True, True, True)


def test_where_the_page_cannot_be_written_either_the_settings_are_told_first(check, folder):
    (folder / "outputs").write_text("a file")
    page = check({"demo.yml": "school: ["})
    assert (page.code, page.out, page.folder) == (10, "", None)
    assert "this cannot be read" in page.err


def test_a_page_starts_no_kernel(check, monkeypatch):
    from attendance_lib.reports import run

    monkeypatch.setattr(run, "execute", lambda *_: pytest.fail("a kernel was started"))
    assert check().code == 0


def test_the_page_is_written_where_the_registers_cannot_be_inspected(folder):
    from attendance_lib.errors import SettingsError
    from attendance_lib.papers.check.check import CheckRequest, check_exports
    from attendance_lib.reports.execute import Progress

    def fails(school):
        raise SettingsError("There is no such week.")

    request = CheckRequest(Project(folder), folder / "params" / "demo.yml", folder / "outputs")
    done = check_exports(request, Progress(), fails)
    assert "The registers could not be inspected: There is no such week." in done.text
    assert (done.folder / "check.html").is_file()
