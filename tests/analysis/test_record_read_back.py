"""The record of an earlier report: what is not as a report writes it, or does not fit together, is refused."""

import json

import pytest

from attendance_lib.analysis.disclosure.model import Unit
from attendance_lib.analysis.disclosure.read_back import read_record, read_records
from attendance_lib.errors import DisclosureError

ABSENT = {"measure": "persistently_absent"}


def count(coordinates, value, out_of=None, unit="enrolments"):
    return {"coordinates": coordinates, "value": value, "unit": unit, "out_of": out_of}


def record(*more, girls=60, boys=40):
    """A report of 100 pupils, 60 of them girls, of whom 12 are persistently absent and a few of the boys."""
    counts = [
        count({}, 100),
        count({"sex": "F"}, girls),
        count({"sex": "M"}, boys),
        count({"sex": "F", **ABSENT}, 12, {"sex": "F"}),
        count({"sex": "M", **ABSENT}, "c", {"sex": "M"}),
        count({"sex": "F", "measure": "absence"}, 700, {"sex": "F"}, "sessions"),
        *more,
    ]
    sexes = {"whole": {}, "parts": [{"sex": "F"}, {"sex": "M"}]}
    return {"layout": 1, "level": 5, "partitions": [sexes], "counts": counts}


def test_a_record_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "disclosure.json"
    path.write_text(json.dumps(record()))
    (earlier,) = read_records([read_record(path)])
    assert earlier.level == 5
    assert [each.value for each in earlier.counts.values()] == [100, 60, 40, 12, None, 700]
    assert earlier.counts[(("sex", "F"),)].unit is Unit.ENROLMENTS
    assert earlier.counts[(("measure", "persistently_absent"), ("sex", "F"))].base == (("sex", "F"),)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (record() | {"layout": 2}, "'layout' is not 1"),
        (record() | {"level": "5"}, "'level' is no whole number"),
        (record() | {"level": 0}, "'level' is less than 1"),
        (record() | {"more": 1}, "'more' does not belong there"),
        ({name: each for name, each in record().items() if name != "level"}, "'level' is missing"),
        (record(boys="40"), r"'counts\[2\].value' is neither a count nor c"),
        (record(boys=40.0), r"'counts\[2\].value' is neither a count nor c"),
        (record(boys=True), r"'counts\[2\].value' is neither a count nor c"),
        (record(boys=None), r"'counts\[2\].value' is neither a count nor c"),
        (record(boys=-1), r"'counts\[2\].value' is neither a count nor c"),
        (record(count({"sex": 7}, 1)), r"'counts\[6\].coordinates.sex' is no text"),
        (record(count({"sex": "X"}, 1, unit="pupils")), r"'counts\[6\].unit' is not 'enrolments' or 'sessions'"),
        (record(count({"sex": "F"}, 60)), "it holds a count twice"),
        (record(count({"as_at": "2026-10-5"}, 1)), "holds an 'as_at' that is no day written"),
        (record(count({"as_at": "2026-10-05"}, 1, {"as_at": "2026-10-06"})), "out of enrolments of another day"),
        (record(boys=39), "it holds parts that do not add up to their whole"),
        (record(boys="c", girls=101), "it holds parts that do not add up to their whole"),
        (record(count({"sex": "M", "eal": "yes"}, 41, {"sex": "M"})), "it holds a count that is larger than the enrol"),
        (record() | {"partitions": [{"whole": {}, "parts": []}]}, r"'partitions\[0\].parts' holds too little"),
        (record() | {"partitions": [{"whole": {}, "parts": [{"a": "1"}, {"a": "1"}]}]}, "names one part of a whole twice"),
    ],
)  # fmt: skip
def test_what_is_of_another_type_or_does_not_fit_together_is_refused(tmp_path, changed, fault):
    path = tmp_path / "disclosure.json"
    path.write_text(json.dumps(changed))
    with pytest.raises(DisclosureError, match=fault) as refused:
        read_record(path)
    assert str(refused.value).startswith(f"{path} is damaged, or another version wrote it: ")
    assert "\n" not in str(refused.value)


def test_what_is_withheld_may_be_any_count():
    assert read_records([record(boys="c")])[0].counts[(("sex", "M"),)].value is None
    assert len(read_records([record(girls="c", boys="c")])) == 1


def test_sessions_may_be_more_than_the_enrolments_they_are_of():
    assert read_records([record()])[0].counts[(("measure", "absence"), ("sex", "F"))].value == 700
