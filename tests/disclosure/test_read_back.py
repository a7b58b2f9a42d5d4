"""The record of an earlier report: what is not as a report writes it, or does not fit together, is refused."""

import json

import pytest

from attendance_lib.disclosure.read_back import read_record, read_records
from attendance_lib.disclosure.record import record_of
from attendance_lib.disclosure.tables import Unit
from attendance_lib.errors import DisclosureError

ABSENT = {"measure": "persistently_absent"}


AUTUMN = {"after": "2026-07-31", "to": "2026-12-20"}
HALVES = ({"after": "2026-07-31", "to": "2026-11-01"}, {"after": "2026-11-01", "to": "2026-12-20"})


def count(coordinates, value, out_of=None, unit="enrolments", told=None, pupils=None):
    return {
        "coordinates": coordinates, "value": value, "unit": unit, "out_of": out_of, "told": told, "pupils": pupils,
        "none_hidden": False,
    }  # fmt: skip


def sessions(span, value, told=None, **more):
    """Absent sessions of a span, of which a rate may tell only the least and the most."""
    return count({"measure": "absence", **span}, value, unit="sessions", told=told, **more)


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
    return {"layout": 2, "level": 5, "partitions": [sexes], "counts": counts}


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
        (record() | {"layout": 1}, "'layout' is not 2"),
        (record() | {"level": "5"}, "'level' is no whole number"),
        (record() | {"level": 0}, "'level' is less than 1"),
        (record() | {"more": 1}, "'more' does not belong there"),
        ({name: each for name, each in record().items() if name != "level"}, "'level' is missing"),
        (record(boys="40"), r"'counts\[2\].value' is neither a count nor c"),
        (record(boys=40.0), r"'counts\[2\].value' is neither a count nor c"),
        (record(boys=True), r"'counts\[2\].value' is neither a count nor c"),
        (record(boys=None), r"'counts\[2\]' holds neither a count nor what its rate tells"),
        (record(sessions(AUTUMN, 70, told=[69, 71])), r"'counts\[6\]' holds neither a count nor what its rate tells, or both"),
        (record(sessions(AUTUMN, "c", told=[69, 71])), r"'counts\[6\]' holds neither"),
        (record(sessions(AUTUMN, None, told=[71, 69])), r"'counts\[6\]' holds a least that is more than the most"),
        (record(sessions(AUTUMN, None, told=[-1, 69])), r"'counts\[6\].told\[0\]' is less than 0"),
        (record(sessions(AUTUMN, None, told=[69])), r"'counts\[6\].told' holds too little"),
        (record(sessions({"after": "2026-7-31", "to": "2026-12-20"}, 7)), "holds 'after' that is no day written"),
        (record(sessions({"after": "2026-07-31", "to": "20/12/2026"}, 7)), "holds 'to' that is no day written"),
        (record(sessions(AUTUMN, 70), sessions(HALVES[0], 40), sessions(HALVES[1], 31)), "do not add up to their whole"),
        (record(sessions(AUTUMN, 70), sessions(HALVES[0], None, [40, 45]), sessions(HALVES[1], 31)), "do not add up to their"),
        (record(sessions(AUTUMN, None, [60, 70]), sessions(HALVES[0], 71)), "do not add up to their whole"),
        (record(sessions(HALVES[1], 7, out_of=HALVES[0])), "out of enrolments of other days"),
        (record(sessions(HALVES[1], 7, out_of={"as_at": "2026-11-01"})), "out of enrolments of other days"),
        (record(boys=-1), r"'counts\[2\].value' is neither a count nor c"),
        (record(count({"sex": 7}, 1)), r"'counts\[6\].coordinates.sex' is no text"),
        (record(count({"sex": "X"}, 1, unit="people")), r"'counts\[6\].unit' is not 'enrolments', 'sessions' or 'pupils'"),
        (record(count({"sex": "F"}, 60)), "it holds a count twice"),
        (record(count({"as_at": "2026-10-5"}, 1)), "holds 'as_at' that is no day written"),
        (record(count({"as_at": "2026-10-05"}, 1, {"as_at": "2026-10-06"})), "out of enrolments of other days"),
        (record(count({"as_at": "2026-12-21"}, 1, AUTUMN)), "out of enrolments of other days"),
        (record(count({"as_at": "2026-07-31"}, 1, AUTUMN)), "out of enrolments of other days"),
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


def test_the_day_since_which_parts_add_up_is_kept_and_is_a_day():
    within = {
        "whole": {"sex": "F"},
        "parts": [{"year_group": "1"}, {"less": "other girls"}],
        "since": "2026-07-31",
    }
    kept = record() | {"partitions": [within]}
    (earlier,) = read_records([kept])
    assert [each.since for each in earlier.partitions] == ["2026-07-31"]
    written = record_of({}, set(), earlier.partitions, 5)["partitions"]
    assert written == [within]
    for day in ("July", "about 2026-07-31", "2026-07-31T00:00"):
        with pytest.raises(DisclosureError, match="since' is not of the form"):
            read_records([kept | {"partitions": [within | {"since": day}]}])


def test_what_is_withheld_may_be_any_count():
    assert read_records([record(boys="c")])[0].counts[(("sex", "M"),)].value is None
    assert len(read_records([record(girls="c", boys="c")])) == 1


def test_sessions_may_be_more_than_the_enrolments_they_are_of():
    assert read_records([record()])[0].counts[(("measure", "absence"), ("sex", "F"))].value == 700


def test_what_a_rate_tells_and_the_pupils_behind_a_count_are_read():
    (earlier,) = read_records(
        [
            record(
                sessions(AUTUMN, None, told=[68, 72], out_of={"as_at": "2026-12-18"}),
                sessions(HALVES[0], 40, pupils={"measure": "absentees", **HALVES[0]}),
                sessions(HALVES[1], "c"),
            )
        ]
    )
    whole, first, second = list(earlier.counts.values())[-3:]
    assert (whole.value, whole.told, whole.is_left_out) == (None, (68, 72), False)
    assert first.pupils == (("after", "2026-07-31"), ("measure", "absentees"), ("to", "2026-11-01"))
    assert (second.value, second.told, second.is_left_out) == (None, None, True)


def test_a_period_without_a_session_ends_before_all_others():
    assert len(read_records([record(count({"as_at": "0001-01-01"}, 0))])) == 1


def test_what_has_a_span_is_read_without_the_day_that_older_records_give_it(tmp_path):
    """A club that nine had been to by Christmas: its count had a day beside its span."""
    had = {"club": "chess", **AUTUMN}
    kept = [count(had | {"as_at": "2026-12-18"}, 9, unit="pupils")]
    kept += [count({"club": "chess", "as_at": "2026-12-18"}, 6, had | {"as_at": "2026-12-18"})]
    path = tmp_path / "disclosure.json"
    path.write_text(json.dumps(record(*kept)))
    *_, whole, part = read_record(path).counts
    assert (whole.coordinates, part.out_of) == (had, had)
    assert part.coordinates == {"club": "chess", "as_at": "2026-12-18"}
