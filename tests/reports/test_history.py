"""What was published is kept whole: every version, wherever it went; a gap is seen and can be mended."""

import pytest

from attendance_lib.errors import DisclosureError
from attendance_lib.reports.published import history_of


@pytest.fixture
def history(tmp_path):
    """The history of a school's reports, and a way to write what one published."""
    return history_of(tmp_path / "school.yml", "990004", "governors")


@pytest.fixture
def record(tmp_path):
    def write(text):
        path = tmp_path / f"{text}.json"
        path.write_text(text)
        return path

    return write


def texts(history):
    return [path.read_text() for path in history.records()]


def test_every_version_is_kept_in_the_order_in_which_it_left(history, record):
    for text in ("first", "second", "first again"):
        history.add(record(text))
    assert texts(history) == ["first", "second", "first again"]


def test_what_is_kept_already_is_not_kept_twice(history, record):
    for text in ("first", "second", "first"):
        history.add(record(text))
    assert texts(history) == ["first", "second"]


def test_it_is_found_by_urn_whatever_the_folder_of_packs_and_the_schools_name(tmp_path, history, record):
    history.add(record("first"))
    assert texts(history_of(tmp_path / "renamed.yml", "990004", "governors")) == ["first"]
    assert texts(history_of(tmp_path / "school.yml", "990005", "governors")) == []


@pytest.mark.parametrize("number", [1, 2])
def test_a_record_that_is_missing_stops_the_next_report_and_can_be_given(history, record, number):
    for text in ("first", "second", "third"):
        history.add(record(text))
    lost = history.records()[number - 1]
    text = lost.read_text()
    lost.unlink()
    missing = f"record {number} is missing from .* name the folder .* with --earlier"
    with pytest.raises(DisclosureError, match=missing):
        history.records()
    history.give([record(text)])
    assert texts(history) == ["first", "second", "third"]


def test_another_record_does_not_mend_a_gap(history, record):
    for text in ("first", "second", "third"):
        history.add(record(text))
    history.records()[1].unlink()
    with pytest.raises(DisclosureError, match="record 2 is missing"):
        history.give([record("another")])


def test_a_record_that_was_changed_is_a_gap(history, record):
    for text in ("first", "second"):
        history.add(record(text))
    history.records()[0].write_text("changed")
    with pytest.raises(DisclosureError, match="record 1 is missing .* or was changed"):
        history.records()


def test_a_report_from_elsewhere_can_be_given(history, record):
    history.give([record("elsewhere")])
    assert texts(history) == ["elsewhere"]
