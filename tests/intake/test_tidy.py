"""One row a mark, under the schema's names or their usual variants."""

import pytest

from attendance_lib.errors import InputError


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_delimiter_and_encoding_change_nothing(read_changed, codes_of, school_folder, separator, encoding):
    plain = codes_of(read_changed())
    text = (
        (school_folder / "marks.csv")
        .read_text(encoding="utf-8")
        .replace(",", separator)
        .replace("\n", "\r\n")
    )
    assert codes_of(read_changed({"marks.csv": text.encode(encoding)})) == plain


def test_other_headings_are_read_by_their_usual_names(read_changed, codes_of):
    school = read_changed(
        {"marks.csv": ("pupil_id,date,session,code", "Student ID,Record date,Session,Mark")}
    )
    assert len(codes_of(school)) == 6


def test_a_mapping_overrides_the_headings(read_changed, codes_of):
    marks = "pupil_id,Kind,date,session,code\nx,003,2026-09-14,AM,I\n"
    mapping = [('path: "marks*.csv"', 'path: "marks*.csv", columns: {pupil_id: "Kind"}')]
    assert codes_of(read_changed({"marks.csv": marks}, mapping)) == {("003", "09-14", "AM"): "I"}


def test_a_stated_layout_that_is_not_so_is_refused(read_changed):
    stated = [('path: "marks*.csv"', 'path: "marks*.csv", layout: weekly_wide')]
    with pytest.raises(
        InputError, match="not in the layout 'weekly_wide' that the school file states. It looks like 'tidy'"
    ):
        read_changed(settings=stated)
