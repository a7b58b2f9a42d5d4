import os
import sys

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.intake.settings.sources import check_files, find_sources


def test_a_path_that_leads_to_no_file_is_refused_by_name(changed):
    settings = changed(("pupils.csv", "puples.csv"))
    with pytest.raises(SettingsError, match=r"exports.pupils: there is no file 'puples.csv'"):
        check_files(settings)


def test_the_files_of_a_pattern_come_by_name(changed, school_folder):
    for name in ("marks_b.csv", "marks_a.csv"):
        (school_folder / name).touch()
    (source,) = find_sources(changed(), "marks")
    assert [export.path.name for export in source.exports] == ["marks.csv", "marks_a.csv", "marks_b.csv"]


@pytest.mark.skipif(
    os.name != "posix" or sys.platform == "darwin", reason="only there may a name hold any bytes"
)
def test_a_file_whose_name_is_no_text_is_refused_in_words_that_can_be_printed(changed, school_folder):
    (school_folder / os.fsdecode(b"marks_\xff.csv")).touch()
    with pytest.raises(
        SettingsError, match=r"marks_�.csv: its name holds bytes that are no text.* Rename it.$"
    ):
        check_files(changed())
