"""One school of many: what stops it is told without a pupil, counts that it sent are taken in, and what is there is kept."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from attendance_lib.errors import DisclosureError, InputError, RequestError, SettingsError
from attendance_lib.intake.school_counts import read_counts, write_counts
from attendance_lib.reports import many_schools
from attendance_lib.reports.many_schools import (
    SENT_REFUSED,
    WHY,
    SchoolDone,
    SchoolTask,
    is_kept,
    keep_record,
    linux_peak,
    peak_mb,
    see_to,
    stopped,
)
from attendance_lib.reports.project import Project
from tests.papers.trust.trusts import school

ON = date(2026, 1, 30)
ELM = SchoolDone("params/elm.yml", "elm")


def task(school_file, tmp_path, memory=0):
    return SchoolTask(
        Project(Path()), school_file, tmp_path / "out", ON, ON, "protected", tmp_path / "counts", memory
    )


def refuses(error):
    """A way of counting that fails."""

    def count(_):
        raise error

    return count


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RequestError("elm.yml: no memory"), 2),
        (SettingsError("elm.yml: not one"), 10),
        (InputError("elm.yml: no marks"), 11),
        (DisclosureError("elm.yml: not safe"), 12),
    ],
    ids=["system", "settings", "input", "disclosure"],
)
def test_what_stops_a_school_is_told_with_its_exit_code_and_why_in_words_that_name_no_file(error, code):
    done = stopped(ELM, error)
    assert (done.exit_code, done.why, done.said) == (code, WHY[code], (str(error),))
    assert "elm.yml" not in done.why


def test_of_a_fault_of_ours_the_kind_is_told_and_no_word_of_its_message():
    done = stopped(ELM, None, "KeyError")
    assert (done.exit_code, done.why) == (70, "A fault of this program")
    assert done.said == ("params/elm.yml: stopped by KeyError, a fault of the library.",)


def test_a_paper_that_failed_before_keeps_its_exit_code_and_no_line_is_told_twice():
    before = SchoolDone("params/elm.yml", "elm", exit_code=13, said=("failed fortnightly", "no marks"))
    done = stopped(before, InputError("no marks\nno roll"))
    assert (done.exit_code, done.said) == (13, ("failed fortnightly", "no marks", "no roll"))


def test_counts_that_a_school_sent_are_taken_in_under_its_number(tmp_path):
    told = school("300007", "Elm Primary")
    write_counts(told, tmp_path / "from_elm.json")
    done = see_to(task(tmp_path / "from_elm.json", tmp_path), refuses(AssertionError), None)
    assert (done.exit_code, done.name, done.urn, done.counts) == (0, "Elm Primary", "300007", "taken in")
    assert read_counts(tmp_path / "counts/300007.json") == told


def test_counts_sent_up_to_another_day_are_refused_with_the_command_that_makes_them(tmp_path):
    write_counts(school(up_to="2026-01-23"), tmp_path / "from_elm.json")
    done = see_to(task(tmp_path / "from_elm.json", tmp_path), refuses(AssertionError), None)
    assert (done.exit_code, done.why, done.counts) == (11, SENT_REFUSED, "")
    assert done.said[0].endswith("Ask the school for those: attendance impact export --to 2026-01-30")
    assert not (tmp_path / "counts").exists()


def test_a_school_file_that_is_not_there_stops_that_school_alone(tmp_path):
    done = see_to(task(tmp_path / "elm.yml", tmp_path), refuses(AssertionError), None)
    assert (done.exit_code, done.name, done.why) == (10, "elm", WHY[10])


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (MemoryError(), 2, "needs more than the memory of a worker. Raise --memory."),
        (ValueError("Ségolène Surname"), 70, "stopped by ValueError, a fault of the library."),
    ],
    ids=["memory", "fault"],
)
def test_whatever_fails_on_the_way_is_returned_and_not_raised(tmp_path, monkeypatch, error, code, line):
    monkeypatch.setattr(many_schools, "load_settings", refuses(error))
    done = see_to(task(tmp_path / "elm.yml", tmp_path), None, None)
    assert done.exit_code == code
    assert done.said == (f"{tmp_path / 'elm.yml'}: {line}",)


def test_counts_are_kept_only_if_they_are_there_from_the_very_same(tmp_path):
    path = tmp_path / "300001.json"
    assert not is_kept(path, "ab12")
    write_counts(school(made_from="ab12"), path)
    assert is_kept(path, "ab12")
    assert not is_kept(path, "ab13")
    # What cannot be read has no key, and an old file without one is no match for it.
    write_counts(school(made_from=""), path)
    assert not is_kept(path, "")


def test_a_record_passes_through_a_file_of_this_account_that_does_not_stay(tmp_path):
    half, seen = tmp_path / "counts/.300001.record", []
    keep_record(half, {"school": "Elm‮"}, lambda path: seen.append(path.read_text(encoding="utf-8")))
    assert json.loads(seen[0]) == {"school": "Elm‮"}
    assert "‮" not in seen[0]
    assert not half.exists()


def test_a_record_that_could_not_be_added_does_not_stay_either(tmp_path):
    half = tmp_path / ".300001.record"
    with pytest.raises(OSError, match="disk"):
        keep_record(half, {}, refuses(OSError("the disk is full")))
    assert not half.exists()


def test_the_greatest_memory_is_what_linux_says_in_megabytes(tmp_path, monkeypatch):
    status = tmp_path / "status"
    monkeypatch.setattr(many_schools, "STATUS", status)
    assert linux_peak() == 0
    status.write_text(
        "Name:\tpython\nVmPeak:\t  900000 kB\nVmHWM:\t  205823 kB\nVmRSS:\t  100 kB\n", encoding="ascii"
    )
    # 200 megabytes are 204,800 kilobytes, 201 are 205,824.
    assert linux_peak() == 200


@pytest.mark.skipif(
    many_schools.resource is None, reason="the system does not say how much memory a process took"
)
def test_papers_count_only_where_there_were_any(monkeypatch):
    usage = {many_schools.resource.RUSAGE_SELF: 1, many_schools.resource.RUSAGE_CHILDREN: 2**40}
    monkeypatch.setattr(many_schools, "linux_peak", lambda: 50)
    monkeypatch.setattr(many_schools.resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=usage[who]))
    assert peak_mb(had_papers=False) == 50
    assert peak_mb(had_papers=True) >= 2**20
