"""A school of three pupils over one week, written as files that a test may spoil."""

from pathlib import Path

import pytest

from attendance_lib.intake.school import read_school_checked
from attendance_lib.intake.settings.loading import load_settings
from tests.school_file import autumn, details

SCHOOL = details(marks='\n    - {path: "marks*.csv"}') + autumn()
PUPILS = """\
pupil_id,upn,surname,forename,year_group,form,date_of_birth,sex,fsm,admission_date,leaving_date
001,A1,Ó Briain,Zoë,7,7A,2015-01-02,F,1,2026-09-07,
002,A2,O'Neill,Null,8,8A,2014-01-02,M,0,2025-09-03,
003,A3,李,True,8,8A,2014-05-06,F,,2025-09-03,
"""
MARKS = """\
pupil_id,date,session,code,minutes_late
001,2026-09-14,AM,/,
001,2026-09-14,PM,\\,
002,2026-09-14,AM,L,8
002,2026-09-14,PM,N,
003,2026-09-14,AM,I,
003,2026-09-14,PM,I,
"""


@pytest.fixture
def school_folder(tmp_path: Path) -> Path:
    """The folder of a school whose files are all good."""
    (tmp_path / "school.yml").write_text(SCHOOL, encoding="utf-8")
    (tmp_path / "pupils.csv").write_text(PUPILS, encoding="utf-8")
    (tmp_path / "marks.csv").write_text(MARKS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def read_changed(checked_changed):
    """Read the school after changes: file name to new text (or bytes), or to (old, new) to replace."""

    def read(changes=None, settings=()):
        return checked_changed(changes, settings).accepted()

    return read


@pytest.fixture
def checked_changed(school_folder):
    """Check the school after changes, given as to ``read_changed``, also where it is refused."""

    def check(changes=None, settings=()):
        for name, change in (changes or {}).items():
            path = school_folder / name
            if isinstance(change, tuple):
                change = path.read_text(encoding="utf-8").replace(*change)
            path.write_bytes(change if isinstance(change, bytes) else change.encode("utf-8"))
        path = school_folder / "school.yml"
        text = path.read_text(encoding="utf-8")
        for old, new in settings:
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return read_school_checked(load_settings(path))

    return check


@pytest.fixture
def codes_of():
    """Say a school's marks as ``{(pupil, "MM-DD", session): code}``."""

    def codes(school):
        marks = school.marks
        keys = zip(marks["pupil_id"], marks["date"].dt.strftime("%m-%d"), marks["session"], strict=True)
        return dict(zip(keys, marks["code"], strict=True))

    return codes


@pytest.fixture
def changed(school_folder):
    def load(*changes):
        path = school_folder / "school.yml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return load_settings(path)

    return load
